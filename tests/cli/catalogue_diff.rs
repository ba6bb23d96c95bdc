//! `catalogue diff`: what another catalogue changes, in words and in JSON, with an inventory and without.

use std::fs;

use interdict_tests::checkout;
use serde_json::{Value, json};

use crate::schemas::holds;
use crate::snapshot;
use crate::support::Home;

const DAY: &str = "2026-11-22";
const DIRECTION: &str = "new/restrictions/au/au-pspf-002-2025-kaspersky.md";
/// A restriction on what the prepared system has beside Kaspersky.
const ON_WAZUH: &str = r#"```toml
id = "au-wazuh"
issuer = "au-home-affairs"
short-title = "Wazuh removed"
instrument = "directive"
announced = 2026-10-01
verification = "primary"

[[standing]]
from = 2026-10-01
is = "in-force"

[scope]
vendors = ["wazuh"]

[[effect]]
force = "requires"
activities = ["remove"]
from = 2026-11-01
binds = ["au-commonwealth"]
measure = "removal-ordered"
says = "Commonwealth entities take Wazuh off their systems."
```
# Australia removes Wazuh

A made-up direction.
"#;

/// A copy of the checkout's catalogue in the folder `new`.
fn copied(home: &Home) {
    for file in checkout::read(|path| path.starts_with("catalogue/")) {
        home.file(&file.path.replacen("catalogue/", "new/", 1), file.text);
    }
}

fn edit(home: &Home, path: &str, from: &str, to: &str) {
    let text = fs::read_to_string(home.path(path)).unwrap();
    assert!(text.contains(from), "{from} is not in {path}");
    fs::write(home.path(path), text.replace(from, to)).unwrap();
}

/// A copy in which the removal of Kaspersky is ordered a month later, Wazuh is to be removed, and a listing is withdrawn.
fn changed(home: &Home) {
    copied(home);
    edit(home, DIRECTION, "from = 2025-04-01", "from = 2025-05-01");
    home.file("new/restrictions/au/au-wazuh.md", ON_WAZUH);
    let listing = "new/restrictions/us/us-ofac-2024-06-kaspersky-leadership.md";
    edit(home, listing, "announced = 2024-06-21", "announced = 2024-06-21\nwithdrawn = 2026-11-20");
}

fn rows_of<'a>(document: &'a Value, group: &str) -> Vec<&'a Value> {
    document["changes"].as_array().unwrap().iter().filter(|row| row["group"] == group).collect()
}

#[test]
fn the_same_catalogue_changes_nothing_and_makes_nothing() {
    let home = Home::new();
    let ran = home.line("catalogue diff builtin builtin --profile us-private").ended_with(0);
    assert!(ran.stdout.contains("In short: the catalogues say the same."), "{}", ran.shown());
    assert_eq!(ran.stderr, "");
    copied(&home);
    let ran = home.line("catalogue diff builtin new --format json").ended_with(0).json();
    holds("catalogue-diff", &ran);
    assert_eq!((&ran["changes"], &ran["inventory"]), (&json!([]), &Value::Null));
    assert_eq!(home.line("catalogue diff builtin new --format jsonl").ended_with(0).stdout, "");
    assert!(!home.has_data());
}

#[test]
fn changes_are_told_in_words_with_why_they_bind() {
    let home = Home::new();
    changed(&home);
    let ran = home.line(&format!("catalogue diff builtin new --profile au-commonwealth --as-of {DAY}")).ended_with(0);
    for words in [
        "Australia: removal ordered from 2026-11-01; names Wazuh; affects us.",
        "Binds you because you are an Australian Commonwealth entity: Commonwealth entities take Wazuh",
        "Australia: use by public bodies now barred from 2025-05-01, was 2025-04-01",
        "United States: withdrawn as a mistake on 2026-11-20.",
        "without an inventory",
    ] {
        assert!(ran.stdout.contains(words), "{words}\n{}", ran.stdout);
    }
    assert!(!home.has_data(), "no database is made");
    let version = |text: &str| text.lines().next().unwrap().to_owned();
    let other = home.line(&format!("catalogue diff builtin new --profile de-private --as-of {DAY}")).ended_with(0);
    assert!(other.stdout.contains("Nothing of it affects you."), "{}", other.stdout);
    assert!(other.stdout.contains("touches au-commonwealth"), "{}", other.stdout);
    assert_eq!(version(&ran.stdout), version(&other.stdout));
}

#[test]
fn what_is_installed_is_judged_with_both() {
    let home = Home::new();
    let root = home.prepared_root();
    home.run(["audit", "--root", &root, "--profile", "au-commonwealth"]).ended_with(0);
    changed(&home);
    let asked = format!("--profile au-commonwealth --as-of {DAY}");
    let ran = home.line(&format!("catalogue diff builtin new {asked}")).ended_with(0);
    snapshot!(home, ran, "catalogue-diff-au-commonwealth");
    let document = home.line(&format!("catalogue diff builtin new {asked} --format json")).ended_with(0).json();
    holds("catalogue-diff", &document);
    assert_eq!((&document["old"]["name"], &document["new"]["name"]), (&json!("builtin"), &json!("new")));
    let products = document["inventory"]["changed_products"].as_array().unwrap();
    let agent = products.iter().find(|product| product["id"] == "wazuh.agent").unwrap();
    assert_eq!(
        *agent,
        json!({ "id": "wazuh.agent", "title": "Wazuh Agent", "machines": 1, "was": "none", "is": "required" })
    );
    assert!(products.iter().all(|product| product["id"].as_str().unwrap().starts_with("wazuh.")), "{products:?}");
    // The machine is to be cleaned of Kaspersky with either, so its worst tier stays what it is.
    assert_eq!(document["inventory"]["changed_machines"], json!([]));
    let added = rows_of(&document, "restrictions-added");
    assert_eq!((&added[0]["id"], &added[0]["machines"]), (&json!("au-wazuh"), &json!(1)));
    assert_eq!(added[0]["touches"][0]["profile"], "au-commonwealth");
    let removed = rows_of(&document, "restrictions-removed");
    assert_eq!(removed[0]["says"], "withdrawn as a mistake on 2026-11-20");
    // While the ban on use counts with the old one only, the duty to remove stands with both.
    let line = "catalogue diff builtin new --profile au-commonwealth --as-of 2025-04-15 --format json";
    let machines = home.line(line).ended_with(0).json()["inventory"]["changed_machines"].clone();
    assert_eq!((&machines[0]["was"], &machines[0]["is"]), (&json!("prohibited"), &json!("required")));
    let backwards = home.line(&format!("catalogue diff new builtin {asked} --format json")).ended_with(0).json();
    assert_eq!(backwards["inventory"]["changed_products"][0]["is"], "none");
    assert_eq!(rows_of(&backwards, "restrictions-added").len(), 1, "the withdrawn one is back");
}

#[test]
fn a_machine_whose_worst_tier_changes_is_counted() {
    let home = Home::new();
    let root = home.prepared_root();
    home.run(["audit", "--root", &root, "--profile", "au-commonwealth"]).ended_with(0);
    copied(&home);
    for file in checkout::read(|path| path.starts_with("catalogue/restrictions/") && path.contains("kaspersky")) {
        fs::remove_file(home.path(&file.path.replacen("catalogue/", "new/", 1))).unwrap();
    }
    // Vendors' statements speak of the removed instruments.
    edit(&home, "new/vendors/kaspersky.toml", "about = ", "# about = ");
    let line = "catalogue diff new builtin --profile au-commonwealth --as-of 2026-11-22";
    let document = home.line(&format!("{line} --format json")).ended_with(0).json();
    let changed = &document["inventory"]["changed_machines"];
    assert_eq!(changed.as_array().unwrap().len(), 1, "{changed:#}");
    assert_eq!(changed[0]["is"], "prohibited");
    assert_ne!(changed[0]["was"], "prohibited");
    let ran = home.line(line).ended_with(0);
    assert!(ran.stdout.contains("1 of 1 machine has another worst tier."), "{}", ran.stdout);
    home.line(&format!("{line} --fail-on prohibited")).ended_with(10);
    home.line("catalogue diff new builtin --profile de-private --fail-on prohibited").ended_with(0);
}

#[test]
fn one_file_stands_in_the_other_catalogue() {
    let home = Home::new();
    let path = "catalogue/restrictions/au/au-pspf-002-2025-kaspersky.md";
    let text = checkout::read(|file| file == path).remove(0).text;
    let name = "au-pspf-002-2025-kaspersky.md";
    home.file(name, text.replace("from = 2025-04-01", "from = 2025-05-01"));
    home.file("old/au-pspf-002-2025-kaspersky.md", &text);
    for line in [format!("builtin {name}"), format!("old/{name} {name}")] {
        let document = home.line(&format!("catalogue diff {line} --format json")).ended_with(0).json();
        // The ban on use and the report of completion count from the same day.
        assert_eq!(document["counts"], json!({ "effects-moved": 2 }), "{line}: {document:#}");
        assert_eq!(document["changes"][0]["jurisdiction"], "au");
        assert_eq!(document["changes"][0]["effect_from"], "2025-05-01");
    }
    let backwards = home.line(&format!("catalogue diff {name} builtin --format jsonl")).ended_with(0).lines();
    assert_eq!(backwards[0]["effect_from"], "2025-04-01");
}

#[test]
fn rows_are_the_documents_and_lists_name_what_is_counted() {
    let home = Home::new();
    changed(&home);
    edit(&home, "new/vendors/wazuh.toml", "value = \"wazuh-agent\"", "value = \"wazuh-agent-renamed\"");
    let document = home.line("catalogue diff builtin new --format json").ended_with(0).json();
    let lines = home.line("catalogue diff builtin new --format jsonl").ended_with(0).lines();
    assert_eq!(Value::from(lines), document["changes"]);
    let csv = home.line("catalogue diff builtin new --format csv").ended_with(0).stdout;
    assert_eq!(
        csv.lines().next(),
        Some("group,kind,id,title,jurisdiction,says,effect_from,effect_until,touches,machines,origin")
    );
    assert_eq!(csv.lines().count(), document["changes"].as_array().unwrap().len() + 1);
    let prints = rows_of(&document, "fingerprints");
    assert!(!prints.is_empty(), "{document:#}");
    let names = prints[0]["names"].as_array().unwrap();
    assert!(names.iter().any(|name| name.as_str().unwrap().contains("wazuh-agent-renamed")), "{names:?}");
    let with_names = home.line("catalogue diff builtin new --names").ended_with(0).stdout;
    assert!(with_names.contains("wazuh-agent-renamed"), "{with_names}");
    assert!(!home.line("catalogue diff builtin new").ended_with(0).stdout.contains("wazuh-agent-renamed"));
}

#[test]
fn own_rules_are_compared_as_they_lie_over_the_catalogue() {
    let home = Home::new();
    home.file("rules/catalogue.d/vendors/tiny.toml", "id = \"tiny\"\nname = \"Tiny\"\n");
    let document = home.line("catalogue diff builtin rules/catalogue.d --format json").ended_with(0).json();
    assert_eq!(document["changes"].as_array().unwrap().len(), 1);
    assert_eq!(document["changes"][0]["origin"], "own");
}

#[test]
fn what_cannot_be_compared_is_told() {
    let home = Home::new();
    home.line("catalogue diff builtin nowhere").complains_of(1, &["error[app/file]", "nowhere"]);
    home.line("catalogue diff builtin").complains_of(2, &["<NEW>"]);
    changed(&home);
    edit(&home, DIRECTION, "vendors = [\"kaspersky\"]", "vendors = [\"kaspersy\"]");
    home.line("catalogue diff builtin new").complains_of(1, &["error[app/catalogue]", "did you mean \"kaspersky\"?"]);
    home.line("catalogue diff builtin builtin --profile us-privat").complains_of(2, &["did you mean us-private"]);
    home.line("catalogue diff builtin builtin --db none.db").complains_of(1, &["error[cli/no-inventory]"]);
    home.file("broken.md", "no head");
    home.line("catalogue diff builtin broken.md").complains_of(1, &["error[catalogue/no-head]"]);
}
