//! Public records of software, each as observations that do not name the publisher, with the publisher beside them.
//!
//! What the data is and whose stands in its own SOURCE.txt files. A part that is not there is named, never left out
//! silently; a line that cannot be read is an error, since it would be a record less.

use std::path::Path;

use anyhow::{Context as _, bail};
use interdict_model::{Observation, ObservationSource};
use serde_json::Value;

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    /// Where it comes from and what it is called there.
    pub(crate) title: String,
    /// What fingerprints may look at.
    pub(crate) seen: Vec<Observation>,
    /// Who is said to make it.
    pub(crate) publishers: Vec<String>,
    /// The domain of its home page.
    pub(crate) domain: Option<String>,
}

/// What was read, and which parts are not there.
#[derive(Debug, Default)]
pub(crate) struct Records {
    pub(crate) records: Vec<Record>,
    pub(crate) missing: Vec<String>,
}

/// One part of the data: its file, and how its text becomes records.
struct Part {
    file: &'static str,
    read: fn(&str) -> anyhow::Result<Vec<Record>>,
}

const PARTS: &[Part] = &[
    Part { file: "winget/packages-dev.jsonl", read: winget },
    Part { file: "homebrew-casks/casks-dev.json", read: casks },
    Part { file: "driver-altitudes/allocated-altitudes.csv", read: drivers },
    Part { file: "glpi-inventory/examples/computer_1.json", read: glpi_json },
    Part { file: "glpi-inventory/examples/computer_3.json", read: glpi_json },
    Part { file: "glpi-inventory/tests/data/1.xml", read: glpi_xml },
    Part { file: "glpi-inventory/tests/data/3.xml", read: glpi_xml },
    Part { file: "glpi-inventory/tests/data/4.xml", read: glpi_xml },
    Part { file: "other-tools-exports/wazuh-4.9.2-syscollector-packages-example.json", read: wazuh },
    Part { file: "other-tools-exports/licenses-sample.csv", read: licences },
];

/// Reads every part that is there.
pub(crate) fn read(folder: &Path) -> anyhow::Result<Records> {
    let mut read = Records::default();
    for part in PARTS {
        let path = folder.join(part.file);
        match std::fs::read_to_string(&path) {
            Ok(text) => read.records.extend((part.read)(&text).with_context(|| format!("{}", path.display()))?),
            Err(error) => read.missing.push(format!("{}: {error}", path.display())),
        }
    }
    Ok(read)
}

/// The publishers' labels that were made by hand: the package's id and the group it belongs to.
pub(crate) fn labels(folder: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let path = folder.join("winget/labels-dev.json");
    let Ok(text) = std::fs::read_to_string(&path) else { return Ok(Vec::new()) };
    let document: Value = serde_json::from_str(&text).with_context(|| format!("{}", path.display()))?;
    let groups = document["vendor_groups"].as_object().into_iter().flatten();
    Ok(groups
        .flat_map(|(group, packages)| {
            let ids = packages.as_array().into_iter().flatten().filter_map(|package| package["id"].as_str());
            ids.map(|id| (id.to_owned(), group.clone())).collect::<Vec<_>>()
        })
        .collect())
}

fn named(source: ObservationSource, name: &str) -> Observation {
    Observation { name: Some(name.to_owned()), ..Observation::new(source) }
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn winget(text: &str) -> anyhow::Result<Vec<Record>> {
    text.lines()
        .map(|line| {
            let package: Value = serde_json::from_str(line)?;
            let id = package["id"].as_str().context("a package without an id")?;
            let locales = || package["locales"].as_array().into_iter().flatten();
            let arp = || package["arp"].as_array().into_iter().flatten();
            let names = [&package["name"]].into_iter().chain(locales().map(|one| &one["name"]));
            let names = names.chain(arp().map(|one| &one["dn"])).filter_map(Value::as_str);
            let publishers = [&package["publisher"]].into_iter().chain(locales().map(|one| &one["publisher"]));
            let publishers = publishers.chain(arp().map(|one| &one["pub"])).filter_map(Value::as_str);
            Ok(Record {
                title: format!("winget {id}"),
                seen: names.map(|name| named(ObservationSource::Programs, name)).collect(),
                publishers: publishers.map(str::to_owned).collect(),
                domain: package["publisher_url"].as_str().and_then(domain),
            })
        })
        .collect()
}

fn casks(text: &str) -> anyhow::Result<Vec<Record>> {
    let casks: Vec<Value> = serde_json::from_str(text)?;
    let record = |cask: &Value| {
        let names = texts(&cask["names"]).chain(texts(&cask["apps"]).map(|app| app.trim_end_matches(".app")));
        let apps = names.map(|name| named(ObservationSource::Apps, name));
        let bundles = texts(&cask["quit"]).map(|id| {
            let identifier = Some(id.to_owned());
            Observation { identifier, ..Observation::new(ObservationSource::Apps) }
        });
        let receipts = texts(&cask["pkgutil"]).map(|id| {
            let identifier = Some(id.to_owned());
            Observation { identifier, ..Observation::new(ObservationSource::PkgReceipts) }
        });
        let labels = texts(&cask["launchctl"]).map(|label| named(ObservationSource::Launchd, label));
        let files = texts(&cask["delete"]).chain(texts(&cask["trash"])).map(|path| {
            let path = Some(path.replace('~', "/Users/user"));
            Observation { path, ..Observation::new(ObservationSource::Files) }
        });
        Record {
            title: format!("cask {}", cask["token"].as_str().unwrap_or_default()),
            seen: apps.chain(bundles).chain(receipts).chain(labels).chain(files).collect(),
            publishers: Vec::new(),
            domain: cask["homepage"].as_str().and_then(domain),
        }
    };
    Ok(casks.iter().map(record).collect())
}

fn drivers(text: &str) -> anyhow::Result<Vec<Record>> {
    rows(text, &["minifilter", "company"])?
        .into_iter()
        .map(|row| {
            let [driver, company] = row.as_slice() else { bail!("a row of {} cells", row.len()) };
            Ok(Record {
                title: format!("driver {driver}"),
                seen: vec![named(ObservationSource::Minifilters, driver)],
                publishers: vec![company.clone()],
                domain: None,
            })
        })
        .collect()
}

/// The cells of some columns, by the headings of the first row.
fn rows(text: &str, columns: &[&str]) -> anyhow::Result<Vec<Vec<String>>> {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings = reader.headers()?.clone();
    let positions: Option<Vec<usize>> =
        columns.iter().map(|column| headings.iter().position(|heading| heading == *column)).collect();
    let Some(positions) = positions else { bail!("not every column is there: {}", columns.join(", ")) };
    reader
        .into_records()
        .map(|record| {
            let record = record?;
            Ok(positions.iter().map(|at| record.get(*at).unwrap_or_default().trim().to_owned()).collect())
        })
        .collect()
}

fn licences(text: &str) -> anyhow::Result<Vec<Record>> {
    let rows = rows(text, &["Item name", "manufacturer"])?;
    Ok(rows.iter().filter_map(|row| software("licence", row.first()?, row.get(1).map(String::as_str))).collect())
}

fn wazuh(text: &str) -> anyhow::Result<Vec<Record>> {
    let document: Value = serde_json::from_str(text)?;
    let items = document["data"]["affected_items"].as_array().into_iter().flatten();
    Ok(items.filter_map(|item| software("wazuh", item["name"].as_str()?, item["vendor"].as_str())).collect())
}

fn glpi_json(text: &str) -> anyhow::Result<Vec<Record>> {
    let document: Value = serde_json::from_str(text)?;
    let items = document["content"]["softwares"].as_array().into_iter().flatten();
    Ok(items.filter_map(|item| software("glpi", item["name"].as_str()?, item["publisher"].as_str())).collect())
}

/// The flat elements of these exports hold no markup of their own, so that looking for the tags is enough.
fn glpi_xml(text: &str) -> anyhow::Result<Vec<Record>> {
    let inner = |block: &str, tag: &str| {
        let from = block.find(&format!("<{tag}>"))? + tag.len() + 2;
        let rest = block.get(from..)?;
        Some(rest.get(..rest.find(&format!("</{tag}>"))?)?.replace("&amp;", "&"))
    };
    if !text.contains("<REQUEST>") {
        bail!("no <REQUEST>: not an inventory in this form");
    }
    let blocks = text.split("<SOFTWARES>").skip(1).filter_map(|rest| rest.split("</SOFTWARES>").next());
    let records =
        blocks.filter_map(|block| software("glpi", &inner(block, "NAME")?, inner(block, "PUBLISHER").as_deref()));
    Ok(records.collect())
}

fn software(from: &str, name: &str, publisher: Option<&str>) -> Option<Record> {
    (!name.is_empty()).then(|| Record {
        title: format!("{from} {name}"),
        seen: vec![named(ObservationSource::Import, name)],
        publishers: publisher.into_iter().filter(|publisher| !publisher.is_empty()).map(str::to_owned).collect(),
        domain: None,
    })
}

/// The host of an address, without www.
fn domain(address: &str) -> Option<String> {
    let rest = address.split_once("://")?.1;
    let host = rest.split(['/', ':', '?']).next()?.to_lowercase();
    Some(host.strip_prefix("www.").map_or(host.clone(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_read_as_it_is_written() {
        let names = |records: Vec<Record>| -> Vec<String> {
            let shown = |record: Record| {
                let seen: Vec<&str> = record.seen.iter().map(Observation::title).collect();
                format!(
                    "{}: {} by {} at {:?}",
                    record.title,
                    seen.join(", "),
                    record.publishers.join(", "),
                    record.domain
                )
            };
            records.into_iter().map(shown).collect()
        };
        let package = r#"{"id":"A.B","name":"B","publisher":"A","publisher_url":"https://www.a.example/b","arp":[{"dn":"B 1","pub":"A Ltd"}]}"#;
        assert_eq!(names(winget(package).unwrap()), ["winget A.B: B, B 1 by A, A Ltd at Some(\"a.example\")"]);
        let cask = r#"[{"token":"b","names":["B"],"homepage":"https://a.example","apps":["B Pro.app"],"pkgutil":["x.b"],"trash":["~/b"]}]"#;
        assert_eq!(names(casks(cask).unwrap()), ["cask b: B, B Pro, x.b, /Users/user/b by  at Some(\"a.example\")"]);
        let csv = "load_order_group,minifilter,altitude,company\nx,b.sys,1,\"A, Inc.\"\n";
        assert_eq!(names(drivers(csv).unwrap()), ["driver b.sys: b.sys by A, Inc. at None"]);
        let xml = "<REQUEST><SOFTWARES><NAME>B &amp; C</NAME></SOFTWARES><SOFTWARES><NAME>D</NAME><PUBLISHER>A</PUBLISHER></SOFTWARES>";
        assert_eq!(names(glpi_xml(xml).unwrap()), ["glpi B & C: B & C by  at None", "glpi D: D by A at None"]);
        assert!(drivers("other,columns\n1,2\n").is_err());
        assert!(winget("{").is_err());
    }
}
