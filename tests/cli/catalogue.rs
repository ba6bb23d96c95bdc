//! `catalogue lint`, `list`, `show`.

use std::fs;

use interdict_tests::checkout;
use serde_json::{Value, json};

use crate::snapshot;
use crate::support::Home;

/// One file with ten mistakes.
const TEN_MISTAKES: &str = r#"```toml
id = "another-name"
issuer = "us-bis"
instrument = "final-determinaton"
announced = "2024-06-20"
verification = "primary"
colour = "red"

[[standing]]
from = 2024-06-20
is = "in-force"

[scope]

[[effect]]
force = "forbids"
activities = ["bye"]
from = 2024-07-20
until = 2024-07-19
binds = ["us-persons"]
measure = "no-new-agreements"

[[source]]
kind = "primary"
url = "http://example.org/"
```
# A title
"#;

/// A copy of the checkout's catalogue below the home folder.
fn copied(home: &Home) -> String {
    for file in checkout::read(|path| path.starts_with("catalogue/")) {
        home.file(&file.path, file.text);
    }
    home.argument("catalogue")
}

#[test]
fn all_mistakes_of_a_file_are_reported_at_once() {
    let home = Home::new();
    let file = home.file("us-test.md", TEN_MISTAKES);
    let ran = home.run(["catalogue", "lint", &file]).ended_with(1);
    assert!(ran.stdout.matches("error[").count() >= 10, "{}", ran.shown());
    snapshot!(home, ran, "catalogue-lint-ten-mistakes");
    let document = home.run(["catalogue", "lint", &file, "--format", "json"]).ended_with(1).json();
    assert_eq!(document["schema"], "interdict/catalogue-lint/v1");
    let diagnostics = document["diagnostics"].as_array().unwrap();
    assert_eq!(document["errors"], diagnostics.len());
    assert_eq!(document["warnings"], 0);
    assert!(diagnostics.iter().all(|found| found["file"] == file.as_str() && found["line"].is_u64()));
    let lines = home.run(["catalogue", "lint", &file, "--format", "jsonl"]).ended_with(1).lines();
    assert_eq!(Value::from(lines), document["diagnostics"]);
}

/// One file that is no text keeps nothing else from being said, of a folder as of a file.
#[test]
fn what_is_not_utf8_is_said_with_its_place_and_so_is_the_rest() {
    let home = Home::new();
    let catalogue = copied(&home);
    let broken = home.file("catalogue/issuers/us-broken.toml", b"id = \"us-broken\"\nname = \"Caf\xe9\"\n");
    let wrong = home.file("catalogue/issuers/us-wrong.toml", "id = \"us-wrong\"\nname = \"X\"\nshort-name = \"X\"\n");
    let ran = home.run(["catalogue", "lint", &catalogue]).ended_with(1);
    for expected in [
        format!("{broken}:2:12: error[catalogue/not-utf8]"),
        format!("{wrong}:1:1: error[catalogue/missing-key]: \"jurisdiction\" is missing"),
    ] {
        assert!(ran.stdout.contains(&expected), "{expected}:\n{}", ran.shown());
    }
    let ran = home.run(["catalogue", "lint", &broken]).ended_with(1);
    assert!(ran.stdout.contains(":2:12: error[catalogue/not-utf8]"), "{}", ran.shown());
    home.run(["assess", "--vendor", "kaspersky", "--catalogue", &catalogue]).complains_of(1, &["us-broken.toml"]);
}

/// The largest file that is read holds a value of ten million letters; what is said of it fits a screen.
#[test]
fn a_value_of_ten_million_letters_is_complained_of_in_a_few_words() {
    let home = Home::new();
    let long = "ab".repeat(5_000_000);
    let file = home.file("us-long.toml", format!("id = \"{long}\"\nshort-name = 7\n"));
    let ran = home.run(["catalogue", "lint", &file]).ended_with(1);
    assert!(ran.stdout.contains("catalogue/id-is-not-file-name") && ran.stdout.len() < 4_000, "{}", ran.stdout.len());
    let named = home.file("long.toml", format!("id = \"long\"\nname = \"{long}\"\n"));
    let ran = home.run(["catalogue", "lint", &named]).ended_with(1);
    let expected = "long.toml:2:8: error[catalogue/too-long]: \"name\" has 10000000 letters";
    assert!(ran.stdout.contains(expected) && ran.stdout.len() < 4_000, "{}", ran.stdout.len());
    let prose = "Word. ".repeat(1_000);
    let wordy = home.file("us-wordy.md", format!("```toml\nid = \"us-wordy\"\n```\n# Title\n{prose}\n"));
    let ran = home.run(["catalogue", "lint", &wordy]).ended_with(1);
    assert!(ran.stdout.contains("us-wordy.md:3:1: error[catalogue/too-long]"), "{}", ran.shown());
    let larger = home.file("us-larger.toml", "#".repeat((16 << 20) + 1));
    home.run(["catalogue", "lint", &larger]).complains_of(1, &["error[app/file]", "larger than"]);
}

#[test]
fn the_checkouts_catalogue_is_clean() {
    let home = Home::new();
    let folder = checkout::root().join("catalogue");
    let ran = home.run(["catalogue", "lint", folder.to_str().unwrap()]).ended_with(0);
    assert!(ran.stdout.lines().last().unwrap().starts_with("0 errors, "), "{}", ran.shown());
    home.line("catalogue lint").ended_with(0);
    let file = folder.join("vendors/acronis.toml");
    home.run(["catalogue", "lint", file.to_str().unwrap()]).ended_with(0);
}

#[test]
fn the_strict_checks_run_too_and_name_the_file_as_it_was_asked_for() {
    let home = Home::new();
    let catalogue = copied(&home);
    let path = home.path("catalogue/restrictions/us/us-bis-icts-2024-kaspersky.md");
    let text = fs::read_to_string(&path).unwrap().replacen(
        "short-title = \"",
        "short-title = \"A very long one that fits nowhere ",
        1,
    );
    fs::write(&path, text).unwrap();
    let file = path.to_str().unwrap();
    for asked in [catalogue.as_str(), file] {
        let ran = home.run(["catalogue", "lint", asked]).ended_with(1);
        assert!(ran.stdout.contains(&format!("{file}:4:15: error[lint/short-title]")), "{}", ran.shown());
    }
    // The strict checks do not keep a catalogue from being used.
    home.run(["assess", "--vendor", "kaspersky", "--catalogue", &catalogue]).ended_with(0);
}

#[test]
fn a_broken_catalogue_is_not_used_and_says_why() {
    let home = Home::new();
    let catalogue = copied(&home);
    let path = home.path("catalogue/restrictions/us/us-bis-icts-2024-kaspersky.md");
    let text = fs::read_to_string(&path).unwrap().replace("vendors = [\"kaspersky\"]", "vendors = [\"kaspersy\"]");
    fs::write(&path, text).unwrap();
    home.run(["assess", "--vendor", "kaspersky", "--catalogue", &catalogue]).complains_of(
        1,
        &[
            "error[app/catalogue]",
            "interdict catalogue lint",
            "there is no vendor \"kaspersy\"",
            "did you mean \"kaspersky\"?",
        ],
    );
    home.run(["catalogue", "lint", "--catalogue", &catalogue]).ended_with(1);
    home.line("catalogue lint nowhere").complains_of(1, &["error[app/file]: could not read \"nowhere\"", "cause: "]);
}

#[test]
fn every_kind_is_listed_with_its_fields() {
    let home = Home::new();
    let document = home.line("catalogue list --as-of 2026-11-22 --format json").ended_with(0).json();
    assert_eq!(document["schema"], "interdict/entries/v1");
    let entries = document["entries"].as_array().unwrap();
    for kind in ["restriction", "vendor", "product", "issuer", "profile"] {
        let of_kind: Vec<&Value> = entries.iter().filter(|entry| entry["kind"] == kind).collect();
        assert!(!of_kind.is_empty(), "{kind}");
        let alone = home.line(&format!("catalogue list --kind {kind} --as-of 2026-11-22 --format jsonl")).ended_with(0);
        assert_eq!(alone.lines().iter().collect::<Vec<_>>(), of_kind, "{kind}");
        assert!(of_kind.iter().all(|entry| entry["id"].is_string() && entry["title"].is_string()));
        assert!(of_kind.iter().all(|entry| (kind == "restriction") == entry["verification"].is_string()));
        assert!(of_kind.iter().all(|entry| (kind == "product") == entry["vendor"].is_string()));
    }
    let icts = |day: &str| {
        let lines = home.line(&format!("catalogue list --kind restriction --as-of {day} --format jsonl")).lines();
        lines.into_iter().find(|entry| entry["id"] == "us-bis-icts-2024-kaspersky").unwrap()["standing"].clone()
    };
    assert_eq!([icts("2024-06-19"), icts("2024-06-20")], [Value::Null, json!("in-force")]);
    home.line("catalogue list --kind law").complains_of(2, &["invalid value 'law'", "restriction, vendor"]);
}

#[test]
fn an_entry_is_shown_by_its_id() {
    let home = Home::new();
    snapshot!(home, home.line("catalogue show us-bis-icts-2024-kaspersky"), "catalogue-show-restriction");
    for id in ["kaspersky", "kaspersky.kes-linux", "us-bis", "us-private"] {
        home.line(&format!("catalogue show {id}")).ended_with(0);
        let document = home.line(&format!("catalogue show {id} --format json")).ended_with(0).json();
        assert_eq!(document["entry"]["id"], id);
    }
    home.line("catalogue show kasperski")
        .complains_of(2, &["error[cli/unknown-entry]: there is no entry \"kasperski\"", "did you mean kaspersky"]);
}
