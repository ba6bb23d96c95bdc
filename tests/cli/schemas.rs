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

/// Complains unless the schema of this name holds.
pub(crate) fn holds(name: &str, document: &Value) {
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
    for (call, schema) in [
        ("backup copy.db", "backup"),
        ("restore copy.db", "restore"),
        ("restore copy.db --db fresh.db", "restore"),
        ("database check", "database-check"),
        ("database compact", "database-compact"),
        ("database forget --before 2026-01-01 --dry-run", "database-forget"),
    ] {
        holds(schema, &home.line(&format!("{call} --format json")).ended_with(0).json());
    }
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

/// A file of the catalogue as editors hand it to a schema: days are texts.
fn as_json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(flag) => flag.into(),
        toml::Value::Datetime(day) => day.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(as_json).collect(),
        toml::Value::Table(entries) => entries.into_iter().map(|(key, value)| (key, as_json(value))).collect(),
    }
}

/// Complaints about the text of a catalogue's file, by the schema that editors have for its kind.
fn editor_complaints(kind: &str, text: &str) -> Vec<String> {
    let path = checkout::root().join(format!("docs/schemas/catalogue/{kind}.schema.json"));
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let head = text.strip_prefix("```toml\n").and_then(|rest| rest.split_once("\n```")).map_or(text, |(head, _)| head);
    let document = as_json(head.parse::<toml::Table>().unwrap().into());
    let validator = jsonschema::draft7::new(&schema).unwrap();
    validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn every_file_of_the_catalogue_is_as_its_editors_schema_says() {
    for (folder, kind) in
        [("restrictions", "restriction"), ("vendors", "vendor"), ("issuers", "issuer"), ("profiles", "profile")]
    {
        let files = checkout::read(|path| path.starts_with(&format!("catalogue/{folder}/")));
        assert!(files.len() > 20, "{folder}");
        for file in files {
            assert_eq!(editor_complaints(kind, &file.text), Vec::<String>::new(), "{}", file.path);
        }
    }
}

#[test]
fn an_editors_schema_complains_of_what_is_not_so() {
    let file = |path: &str| checkout::read(|found| found == path).remove(0).text;
    let icts = file("catalogue/restrictions/us/us-bis-icts-2024-kaspersky.md");
    let acronis = file("catalogue/vendors/acronis.toml");
    let issuer = file("catalogue/issuers/us-bis.toml");
    let profile = file("catalogue/profiles/us-private.toml");
    for (kind, text, from, to) in [
        ("restriction", &icts, "instrument = \"", "instrument = \"final-"),
        ("restriction", &icts, "measure = \"", "measures = \""),
        ("restriction", &icts, "announced = 2024-06-20", "announced = \"20 June\""),
        ("restriction", &icts, "\nfrom = 2024-07-20", ""),
        ("restriction", &icts, "[\"us-person\"]", "[\"us-persons\"]"),
        ("restriction", &icts, "https://", "http://"),
        ("restriction", &icts, "vendors = [\"kaspersky\"]", "vendors = \"kaspersky\""),
        ("restriction", &icts, "vendors = [\"kaspersky\"]\n", ""),
        ("vendor", &acronis, "name = ", "title = "),
        ("vendor", &acronis, "match = \"exact\"", "match = \"equal\""),
        ("vendor", &acronis, "country = \"CH\"", "country = \"Switzerland\""),
        ("issuer", &issuer, "short-name", "shortname"),
        ("profile", &profile, "\"us-person\"", "\"us-citizen\""),
        ("profile", &profile, "government = \"private\"", "government = true"),
    ] {
        assert!(text.contains(from), "the file no longer holds {from}");
        assert_ne!(editor_complaints(kind, &text.replacen(from, to, 1)), Vec::<String>::new(), "{kind}: {to}");
    }
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
