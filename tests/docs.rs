//! What the guides for keepers of the catalogue show is what the tools take: files, rows and settings of their examples.

#![expect(clippy::disallowed_methods, reason = "writes the examples where the readers of tables look")]

use std::fs;

use interdict_catalogue::{SourceFile, lint, parse};
use interdict_identify::Identifier;
use interdict_model::Measure;
use interdict_tests::{checkout, scenario, score};

const GUIDES: [&str; 2] = ["docs/add-a-restriction.md", "docs/add-a-product.md"];

/// A fenced example: language, the file it stands for where it names one, and its text.
#[derive(Debug)]
struct Example {
    language: String,
    file: Option<String>,
    text: String,
}

fn guide(path: &str) -> String {
    checkout::read(|found| found == path).into_iter().next().unwrap_or_else(|| panic!("{path} is not there")).text
}

fn examples() -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    for path in GUIDES {
        let text = guide(path);
        let mut open: Option<(String, Example)> = None;
        for line in text.lines() {
            match &mut open {
                Some((fence, _)) if line == fence => examples.extend(open.take().map(|(_, example)| example)),
                Some((_, example)) => example.text.extend([line, "\n"]),
                None if line.starts_with("```") => {
                    let fence: String = line.chars().take_while(|letter| *letter == '`').collect();
                    let mut words = line.trim_start_matches('`').split(' ');
                    let language = words.next().unwrap_or_default().to_owned();
                    open =
                        Some((fence, Example { language, file: words.next().map(str::to_owned), text: String::new() }));
                }
                None => {}
            }
        }
        assert!(open.is_none(), "{path}: an example has no end");
    }
    examples
}

/// The catalogue that the guides make: their own files, and the profiles there are.
fn files() -> Vec<SourceFile> {
    let below = |path: &str| path.strip_prefix("catalogue/").map(str::to_owned);
    let shown =
        examples().into_iter().filter_map(|example| Some(SourceFile::new(below(&example.file?)?, example.text)));
    let there = checkout::read(|path| path == "catalogue/catalogue.toml" || path.starts_with("catalogue/profiles/"));
    let there = there.into_iter().filter_map(|file| Some(SourceFile::new(below(&file.path)?, file.text)));
    shown.chain(there).collect()
}

#[test]
fn the_example_files_are_a_clean_catalogue() {
    let files = files();
    for kind in ["issuers/", "restrictions/", "vendors/"] {
        assert!(files.iter().any(|file| file.path.starts_with(kind)), "no example of {kind}");
    }
    let found: Vec<String> = lint(&files).iter().map(ToString::to_string).collect();
    assert_eq!(found.join("\n"), "");
}

#[test]
fn the_example_rows_come_out_as_they_say() {
    let (catalogue, _) = parse(&files());
    let folder = tempfile::tempdir().unwrap();
    for example in examples() {
        if let Some(path) = example.file.filter(|path| path.starts_with("tests/")) {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, example.text).unwrap();
        }
    }
    let rows = scenario::rows(&folder.path().join("tests/scenarios")).unwrap();
    assert!(rows.len() > 5);
    let differences: Vec<String> = rows.iter().flat_map(|row| scenario::ask(&catalogue, row).differences).collect();
    assert_eq!(differences.join("\n"), "");
    let identifier = Identifier::new(&catalogue);
    let rows = score::matching_rows(&folder.path().join("tests/matching")).unwrap();
    assert!(rows.len() > 2);
    for row in rows {
        let found = identifier.identify(&row.observation);
        assert_eq!(found.vendor.map(|id| id.to_string()), row.vendor, "{}", row.why);
        assert_eq!(found.product.map(|id| id.to_string()), row.product, "{}", row.why);
    }
}

#[test]
fn every_other_example_can_be_read() {
    let examples = examples();
    assert!(examples.len() > 15, "{}", examples.len());
    for example in examples {
        match example.language.as_str() {
            "toml" => {
                example.text.parse::<toml::Table>().unwrap_or_else(|error| panic!("{error}:\n{}", example.text));
            }
            "json" => {
                serde_json::from_str::<serde_json::Value>(&example.text).unwrap_or_else(|error| panic!("{error}"));
            }
            "sh" => assert!(example.text.lines().all(|line| !line.is_empty()), "{}", example.text),
            "markdown" => assert!(example.file.is_some()),
            other => panic!("an example in \"{other}\""),
        }
    }
}

/// The words of the closed lists and the codes that the guides name are there, and none is left out.
#[test]
fn the_guide_explains_every_measure() {
    let text = guide(GUIDES[0]);
    let explained: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | ")).map(|(word, _)| word).collect();
    for measure in Measure::WORDS {
        assert!(explained.contains(measure), "{measure} has no row in the table of measures");
    }
}

/// Links within and between the guides lead to headings.
#[test]
fn links_lead_somewhere() {
    let anchors = |path: &str| -> Vec<String> {
        let text = guide(path);
        let headings = text.lines().filter_map(|line| line.strip_prefix("## ").or_else(|| line.strip_prefix("# ")));
        let anchor = |heading: &str| heading.to_lowercase().replace(' ', "-").replace(['?', ','], "");
        headings.map(anchor).collect()
    };
    for path in GUIDES {
        let text = guide(path);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let file = if file.is_empty() { path.to_owned() } else { format!("docs/{file}") };
            assert!(GUIDES.contains(&file.as_str()), "{path}: {link}");
            assert!(anchor.is_empty() || anchors(&file).iter().any(|known| known == anchor), "{path}: {link}");
        }
    }
}
