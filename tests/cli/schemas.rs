//! Real output against the published schemas.

use std::fs;

use interdict_tests::checkout;
use serde_json::Value;

use crate::support::Home;

/// Complaints about a document, by the schema of this name.
fn complaints(name: &str, document: &Value) -> Vec<String> {
    let path = checkout::root().join(format!("docs/schemas/{name}-v1.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let schema: Value = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn holds(name: &str, document: &Value) {
    assert_eq!(complaints(name, document), Vec::<String>::new(), "{name}: {document}");
}

#[test]
fn what_every_command_writes_is_what_its_schema_says() {
    let home = Home::new();
    let root = home.prepared_root();
    let asked = "--as-of 2026-11-22 --format json";
    for profile in ["us-private", "research", "ca-federal", "us-federal-contractor", "pl-person", "de-private"] {
        let audit = home.line(&format!("audit --root {root} --profile {profile} {asked} --report report.html"));
        holds("audit", &audit.ended_with(0).json());
        for subject in ["--vendor kaspersky", "--product acronis.cyber-protect", "--vendor acronis", "--party Nobody"] {
            let ran = home.line(&format!("assess {subject} --profile {profile} {asked}"));
            if ran.code == Some(0) {
                holds("assess", &ran.json());
            }
        }
        for list in ["machines", "software", "findings", "vendors"] {
            holds(list, &home.line(&format!("{list} --profile {profile} {asked}")).ended_with(0).json());
        }
    }
    for name in ["Eugene Kaspersky", "Andrei Tikhonov", "AO Kaspersky Lab"] {
        holds("assess", &home.run(["assess", "--party", name, "--format", "json"]).ended_with(0).json());
    }
    let scan = home.run(["scan", "--root", &root, "--out", "scan.jsonl"]).ended_with(0);
    assert_eq!(scan.stdout, "");
    let lines = fs::read_to_string(home.path("scan.jsonl")).unwrap();
    for (number, line) in lines.lines().enumerate() {
        holds(if number == 0 { "scan" } else { "observation" }, &serde_json::from_str(line).unwrap());
    }
    for line in home.given(&lines, "identify").ended_with(0).lines() {
        holds("identify", &line);
    }
    holds("import", &home.line("import scan.jsonl --db other.db --format json").ended_with(0).json());
}

#[test]
fn the_catalogue_too() {
    let home = Home::new();
    let entries = home.line("catalogue list --format json").ended_with(0).json();
    holds("entries", &entries);
    for entry in entries["entries"].as_array().unwrap().iter().filter(|entry| entry["kind"] != "product") {
        let id = entry["id"].as_str().unwrap();
        holds("catalogue-entry", &home.line(&format!("catalogue show {id} --format json")).ended_with(0).json());
    }
    holds("catalogue-entry", &home.line("catalogue show kaspersky.kes-linux --format json").ended_with(0).json());
    holds("catalogue-lint", &home.line("catalogue lint --format json").ended_with(0).json());
    let broken = home.file("us-x.toml", "id = 1\nshort-name = 2");
    holds("catalogue-lint", &home.run(["catalogue", "lint", &broken, "--format", "json"]).ended_with(1).json());
}

#[test]
fn a_schema_complains_of_what_is_not_so() {
    let home = Home::new();
    let mut document = home.line("assess --vendor kaspersky --format json").ended_with(0).json();
    document["tier"] = "banned".into();
    assert_eq!(complaints("assess", &document).len(), 1);
    document.as_object_mut().unwrap().remove("headline");
    assert_eq!(complaints("assess", &document).len(), 2);
}
