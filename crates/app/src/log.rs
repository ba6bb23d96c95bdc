//! The log of the inventory: what the use cases write to it beside scans, and its entries in words.

use interdict_store::{LogEntry, LogHead, LogKind, NewLogEntry, Store};
use serde_json::{Map, Value, json};

use crate::clock::now;
use crate::error::AppError;
use crate::own_rules::sha256;
use crate::workbench::Workbench;

impl Workbench {
    /// Says in the log that the organisation's own rules are others than when they were last used with this database.
    pub(crate) fn log_own_rules(&self, store: &mut Store) -> Result<(), AppError> {
        const OWN_RULES: &str = "own-rules";
        let files: Map<String, Value> =
            self.own_rules().digests.iter().map(|(file, digest)| (file.clone(), digest.as_str().into())).collect();
        let digest = (!files.is_empty()).then(|| sha256(Value::from(files.clone()).to_string().as_bytes()));
        if digest.is_none() && store.setting(OWN_RULES)?.is_none() {
            return Ok(());
        }
        store.record_setting(OWN_RULES, digest.as_deref().unwrap_or_default(), |before| {
            let before = before.filter(|before| !before.is_empty());
            let body = json!({ "from": before, "to": digest, "files": files });
            NewLogEntry { instant: now(), kind: LogKind::OwnRulesChanged, body }
        })?;
        Ok(())
    }
}

/// An entry of the log in one sentence without its full stop. What a newer version wrote is shown as it stands.
#[must_use]
pub fn log_sentence(entry: &LogEntry) -> String {
    let kind = LogKind::ALL.iter().find(|kind| kind.as_str() == entry.kind);
    let body: Option<Value> = serde_json::from_str(&entry.body).ok();
    kind.zip(body).and_then(|(kind, body)| sentence(*kind, &body)).unwrap_or_else(|| entry.body.clone())
}

/// The sentence for a body that is as this version writes it.
fn sentence(kind: LogKind, body: &Value) -> Option<String> {
    let text = |key: &str| body[key].as_str();
    let number = |key: &str| body[key].as_u64();
    Some(match kind {
        LogKind::LogBegun => match (number("machines")?, number("scans")?) {
            (0, 0) => "the log of an empty inventory began".to_owned(),
            (machines, scans) => {
                format!(
                    "the log began; {} of {} were there before it",
                    counted(scans, "scan"),
                    counted(machines, "machine")
                )
            }
        },
        LogKind::Scan => {
            let gaps = body["not_complete"].as_array()?.len() as u64;
            let host = text("hostname").filter(|host| !host.is_empty()).or_else(|| text("machine"))?;
            let observations = counted(number("observations")?, "observation");
            let gaps = if gaps == 0 { String::new() } else { format!(", {} not complete", counted(gaps, "collector")) };
            format!("scan {} of {host}: {observations} from {}{gaps}", number("scan")?, text("from")?)
        }
        LogKind::CatalogueChanged => {
            let machines = counted(number("machines")?, "machine");
            match text("from") {
                Some(from) => format!("{machines} identified anew with catalogue {}, before with {from}", text("to")?),
                None => format!("{machines} identified with catalogue {}", text("to")?),
            }
        }
        LogKind::OwnRulesChanged => match (text("from"), text("to")) {
            (_, None) => "own rules are no longer used".to_owned(),
            (None, Some(_)) => {
                format!("own rules are used: {}", counted(body["files"].as_object()?.len() as u64, "file"))
            }
            (Some(_), Some(_)) => {
                format!("own rules changed: {}", counted(body["files"].as_object()?.len() as u64, "file"))
            }
        },
        LogKind::Import => {
            let machines = counted(number("machines")?, "machine");
            let records = counted(number("used")?, "record");
            let rejected = match number("rejected")? {
                0 => String::new(),
                more => format!(", {more} not used"),
            };
            let format = text("format")?;
            format!("import {} of {} ({format}): {records} of {machines}{rejected}", number("import")?, text("file")?)
        }
        LogKind::ImportUndone => format!("import {} of {} was taken back", number("import")?, text("file")?),
        LogKind::MachineDecided => decided(body)?,
        LogKind::MachinesJoined => joined(body)?,
        LogKind::Forgotten => {
            let machines = counted(body["machines"].as_array()?.len() as u64, "machine");
            let [installations, scans] = [number("installations")?, number("scans")?];
            let told = number("tellings").filter(|tellings| *tellings > 0);
            let told = told.map(|tellings| counted(tellings, "telling") + " without a machine");
            let past = [counted(installations, "installation"), counted(scans, "scan"), machines];
            let what = past.into_iter().chain(told).collect::<Vec<_>>().join(", ");
            format!("what was over before {} was forgotten: {what}", text("before")?)
        }
        LogKind::Restored => {
            let replaced = match (body["replaced_head"]["number"].as_i64(), body["replaced_head"]["hash"].as_str()) {
                (Some(number), Some(hash)) => {
                    format!(", in the place of a log whose head was {}", LogHead { number, hash: hash.to_owned() })
                }
                _ => String::new(),
            };
            format!("the backup {} was restored{replaced}", text("from")?)
        }
        LogKind::SettingChanged => {
            format!("{} set to {}, before {}", text("setting")?, listed(&body["to"]), listed(&body["from"]))
        }
    })
}

fn decided(body: &Value) -> Option<String> {
    let text = |key: &str| body[key].as_str();
    let (told, host) = (text("told")?, text("hostname")?);
    let what = match text("decision")? {
        "same" => format!("is {host}"),
        "not-same" => format!("is not {host}"),
        _ => "is taken for a machine by the usual rule again".to_owned(),
    };
    Some(format!("decided: what {} calls {told} {what}", text("format")?))
}

fn joined(body: &Value) -> Option<String> {
    let [former, former_id, host, id] =
        ["former_hostname", "former", "hostname", "machine"].map(|key| body[key].as_str());
    let [scans, installations] = ["scans", "installations"].map(|key| body[key].as_u64());
    let what = [counted(scans?, "scan"), counted(installations?, "installation")].join(" and ");
    Some(format!("{} ({}) became one with {} ({}): {what}", former?, former_id?, host?, id?))
}

/// A setting's value for people.
fn listed(value: &Value) -> String {
    match value {
        Value::Null => "not set".to_owned(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(listed).collect::<Vec<_>>().join(", "),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_a_sentence_and_what_is_not_known_is_shown_as_it_stands() {
        for (kind, body, says) in [
            ("log-begun", r#"{"machines":0,"scans":0}"#, "the log of an empty inventory began"),
            ("log-begun", r#"{"machines":1,"scans":3}"#, "the log began; 3 scans of 1 machine were there before it"),
            (
                "scan",
                r#"{"scan":7,"machine":"m","hostname":"web-01","observations":1,"from":"x.jsonl","not_complete":[{}]}"#,
                "scan 7 of web-01: 1 observation from x.jsonl, 1 collector not complete",
            ),
            ("catalogue-changed", r#"{"from":null,"to":"2","machines":4}"#, "4 machines identified with catalogue 2"),
            (
                "catalogue-changed",
                r#"{"from":"1","to":"2","machines":4}"#,
                "4 machines identified anew with catalogue 2, before with 1",
            ),
            ("own-rules-changed", r#"{"from":null,"to":"a","files":{"x":"y"}}"#, "own rules are used: 1 file"),
            ("own-rules-changed", r#"{"from":"a","to":"b","files":{}}"#, "own rules changed: 0 files"),
            ("own-rules-changed", r#"{"from":"a","to":null,"files":{}}"#, "own rules are no longer used"),
            (
                "setting-changed",
                r#"{"setting":"profiles","from":null,"to":["a","b"]}"#,
                "profiles set to a, b, before not set",
            ),
            (
                "forgotten",
                r#"{"before":"2026-01-01T00:00:00Z","machines":[],"installations":1,"scans":2}"#,
                "what was over before 2026-01-01T00:00:00Z was forgotten: 1 installation, 2 scans, 0 machines",
            ),
            (
                "forgotten",
                r#"{"before":"2026-01-01T00:00:00Z","machines":[],"installations":0,"scans":0,"tellings":3,"told_titles":2}"#,
                "what was over before 2026-01-01T00:00:00Z was forgotten: 0 installations, 0 scans, 0 machines, 3 tellings \
                 without a machine",
            ),
            (
                "import",
                r#"{"import":3,"file":"fleet.json","format":"fleet","used":12,"rejected":1,"machines":2}"#,
                "import 3 of fleet.json (fleet): 12 records of 2 machines, 1 not used",
            ),
            ("import-undone", r#"{"import":3,"file":"fleet.json"}"#, "import 3 of fleet.json was taken back"),
            ("restored", r#"{"from":"a.db","replaced_head":null}"#, "the backup a.db was restored"),
            (
                "restored",
                r#"{"from":"a.db","replaced_head":{"number":7,"hash":"0123456789abcdef"}}"#,
                "the backup a.db was restored, in the place of a log whose head was 7:0123456789ab",
            ),
            ("scan", r#"{"scan":"x"}"#, r#"{"scan":"x"}"#),
            ("scan", "no JSON", "no JSON"),
            ("of-tomorrow", r#"{"a":1}"#, r#"{"a":1}"#),
        ] {
            let text = || String::new();
            let entry = LogEntry {
                number: 1,
                instant: text(),
                kind: kind.to_owned(),
                body: body.to_owned(),
                previous: text(),
                hash: text(),
            };
            assert_eq!(log_sentence(&entry), says);
        }
    }
}
