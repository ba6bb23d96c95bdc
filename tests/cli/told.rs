//! Exports that name no machine, through the real command: shown wherever software is, and counted for no machine.

use serde_json::{Value, json};

use crate::schemas::holds;
use crate::support::Home;

const ASKED: &str = "--profile us-private --as-of 2026-11-22";

/// Intune's aggregate of discovered apps.
const INTUNE: &str = "\
ApplicationId,ApplicationKey,ApplicationName,ApplicationPublisher,ApplicationShortVersion,ApplicationVersion,DeviceCount,Platform\n\
f1,k1,Kaspersky Endpoint Security for Windows,AO Kaspersky Lab,,9.0.0.1,3,windows\n\
f2,k2,Kaspersky Endpoint Security for Windows,AO Kaspersky Lab,,12.4.0.467,17,windows\n\
f3,k3,Safari,Apple Inc.,,17.5,2,macOS\n\
f4,k4,Антивирус Касперского,,,,1,windows\n";

/// An application's bill of materials: no machine, no counts.
const BILL: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"timestamp":"2026-10-01T08:00:00Z",
    "component":{"type":"application","name":"shop"}},
    "components":[{"type":"library","name":"openssl","version":"3.0.15"},
    {"type":"application","name":"Kaspersky Endpoint Security for Windows","version":"12.4.0.467",
     "supplier":{"name":"AO Kaspersky Lab"}}]}"#;

fn rows(home: &Home, command: &str) -> Vec<Value> {
    home.line(&format!("{command} {ASKED} --format jsonl")).ended_with(0).lines()
}

/// Each title as `name version machines: tool count`.
fn titles(rows: &[Value]) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let told = |told: &Value| format!("{} {}", text(&told["origin"]), told["counted_by_tool"]);
    let line = |row: &Value| {
        let told: Vec<String> = row["told_without_machine"].as_array().into_iter().flatten().map(told).collect();
        format!("{} {} {}: {}", text(&row["name"]), text(&row["version"]), row["machines"], told.join(", "))
    };
    rows.iter().map(line).collect()
}

#[test]
fn software_that_is_told_of_without_a_machine_is_listed_and_found() {
    let home = Home::new();
    home.file("AppInvAggregate.csv", INTUNE);
    home.line("import AppInvAggregate.csv").ended_with(0).tells("4 titles of no machine");
    let list = home.line(&format!("software {ASKED} --format json")).ended_with(0).json();
    holds("software", &list);
    let all = rows(&home, "software");
    assert_eq!(
        titles(&all),
        [
            "Kaspersky Endpoint Security for Windows 9.0.0.1 0: intune-aggregate 3",
            "Kaspersky Endpoint Security for Windows 12.4.0.467 0: intune-aggregate 17",
            "Safari 17.5 0: intune-aggregate 2",
            "Антивирус Касперского  0: intune-aggregate 1",
        ]
    );
    assert_eq!(list["software"].as_array().unwrap(), &all);
    assert_eq!((all[0]["vendor"].as_str(), all[0]["tier"].as_str()), (Some("kaspersky"), Some("restricted")));
    assert_eq!(all[3]["vendor"], "kaspersky", "in its own script");
    let of_kaspersky = rows(&home, "software --search касперского");
    assert_eq!(titles(&of_kaspersky), ["Антивирус Касперского  0: intune-aggregate 1"]);
    assert_eq!(rows(&home, "software --tier restricted --vendor kaspersky").len(), 3);
    home.line(&format!("software {ASKED}")).ended_with(0).tells("none named").tells("17 by its count");
    let csv = home.line("software --format csv").ended_with(0).stdout;
    assert_eq!(
        csv.lines().next(),
        Some("name,version,publisher,vendor,product,category,machines,tier,told_without_machine")
    );
    let machines = home.line("machines --format json").ended_with(0).json();
    assert_eq!(machines["machines"], json!([]));

    // What a machine has, too, has both counts, each its own.
    let kes = "Kaspersky Endpoint Security for Windows,AO Kaspersky Lab,12.4.0.467";
    home.file("have.csv", format!("Computer,Software,Publisher,Version\nPC-1,{kes}\nPC-2,{kes}\n"));
    home.line("import have.csv").ended_with(0);
    assert_eq!(
        titles(&rows(&home, "software"))[1],
        "Kaspersky Endpoint Security for Windows 12.4.0.467 2: intune-aggregate 17"
    );
}

#[test]
fn a_restricted_vendor_told_of_without_a_machine_is_not_silent_and_counts_for_no_machine() {
    let home = Home::new();
    home.file("AppInvAggregate.csv", INTUNE);
    home.file("shop.cdx.json", BILL);
    home.line("import AppInvAggregate.csv shop.cdx.json").ended_with(0);
    let document = home.line(&format!("findings {ASKED} --format json")).ended_with(0).json();
    holds("findings", &document);
    assert_eq!(document["findings"], json!([]), "a finding is on a machine");
    let told = document["without_machine"].as_array().unwrap();
    let windows = told.iter().find(|told| told["titles"].as_array().unwrap().len() > 1).expect("the product");
    assert_eq!((windows["vendor"].as_str(), windows["tier"].as_str()), (Some("kaspersky"), Some("restricted")));
    assert_eq!(windows["machines_found"], 0);
    let tellers = |title: &Value| {
        let told = title["told_by"].as_array().unwrap().iter();
        let told = told.map(|told| (told["origin"].as_str().unwrap().to_owned(), told["counted_by_tool"].clone()));
        (title["version"].as_str().unwrap().to_owned(), told.collect::<Vec<_>>())
    };
    let intune = |count: u64| ("intune-aggregate".to_owned(), json!(count));
    let mut versions: Vec<_> = windows["titles"].as_array().unwrap().iter().map(tellers).collect();
    versions.sort_by_key(|(version, told)| (version.clone(), told.len()));
    versions.reverse();
    assert_eq!(versions[0].0, "9.0.0.1");
    assert_eq!(versions[0].1, [intune(3)]);
    assert!(versions[1..].iter().any(|(_, told)| told.contains(&("cyclonedx".to_owned(), Value::Null))));

    // A machine is not made of what names none; the exit code says that there is something all the same.
    home.line(&format!("findings {ASKED} --fail-on restricted")).ended_with(10).tells("Told of without a machine");
    home.line(&format!("findings {ASKED} --fail-on prohibited")).ended_with(0);
    home.line("findings --fail-on restricted --as-of 2026-11-22").ended_with(0);
    let lines = home.line(&format!("findings {ASKED} --format jsonl")).ended_with(0);
    assert_eq!(lines.stdout, "");
    assert!(lines.stderr.contains("told of without a machine"), "{}", lines.stderr);
    let others = home.line(&format!("findings {ASKED} --vendor acronis --format json")).ended_with(0).json();
    assert_eq!(others["without_machine"], json!([]));
}

/// The vendors that are told of without a machine, as `id, found on: tool: titles, least to most`.
fn vendors(document: &Value) -> Vec<String> {
    let teller = |told: &Value| {
        let counted = &told["counted_by_tool"];
        format!("{}: {}, {} to {}", told["origin"].as_str().unwrap(), told["titles"], counted["least"], counted["most"])
    };
    let line = |row: &Value| {
        let told: Vec<String> = row["told_by"].as_array().unwrap().iter().map(teller).collect();
        format!("{}, {}: {}", row["id"].as_str().unwrap(), row["machines_found"], told.join("; "))
    };
    document["without_machine"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn a_vendor_says_that_it_is_told_of_without_a_machine() {
    let home = Home::new();
    home.file("AppInvAggregate.csv", INTUNE);
    home.file("shop.cdx.json", BILL);
    home.line("import AppInvAggregate.csv shop.cdx.json").ended_with(0);
    let document = home.line(&format!("vendors {ASKED} --format json")).ended_with(0).json();
    holds("vendors", &document);
    assert_eq!(document["vendors"], json!([]), "nothing is on any machine");
    let told = vendors(&document);
    assert_eq!(told[0], "kaspersky, 0: intune-aggregate: 3, 1 to 17; cyclonedx: 1, null to null", "the worst first");
    assert!(
        told.contains(&"apple, 0: intune-aggregate: 1, 2 to 2".to_owned()),
        "also what nothing speaks of: {told:?}"
    );
    let titles = document["without_machine"][0]["titles"].as_array().unwrap();
    assert_eq!(titles.len(), 3);
    let kes = titles.iter().filter(|title| title["product"] == "kaspersky.kes-win");
    assert_eq!(kes.map(|title| &title["version"]).collect::<Vec<_>>(), ["9.0.0.1", "12.4.0.467"], "by their numbers");
    assert!(titles.iter().all(|title| title["product"].as_str().unwrap().starts_with("kaspersky.")), "{titles:?}");

    let page = home.line(&format!("vendors {ASKED}")).ended_with(0);
    page.tells("No vendors to list on any machine.").tells("1 to 17 a title");
    let page = home.line(&format!("vendors --vendor kaspersky {ASKED}")).ended_with(0);
    let page =
        page.tells("Kaspersky, prohibited").tells("Nothing of Kaspersky is on any known machine.").tells("17 by");
    assert!(!page.stdout.contains("Safari"), "{}", page.stdout);
    let none = home.line(&format!("vendors --vendor acronis {ASKED}")).ended_with(0);
    none.tells("Nothing of Acronis is on any known machine.").tells("No tool tells of anything of Acronis");
    home.line("vendors --vendor kasperski").complains_of(2, &["kaspersky"]);
    let rows = home.line(&format!("vendors {ASKED} --format csv")).ended_with(0);
    assert_eq!(rows.stdout, "id,name,products,machines,tier,installed\n");
    assert!(rows.stderr.contains("told of without a machine"), "{}", rows.stderr);
    home.line(&format!("vendors {ASKED} --fail-on prohibited")).ended_with(10);
    home.line(&format!("vendors --vendor apple {ASKED} --fail-on prohibited")).ended_with(0);
}

#[test]
fn a_vendor_on_machines_keeps_its_counts_whatever_tools_tell() {
    let home = Home::new();
    home.file("have.csv", "Computer,Software,Publisher,Version\nPC-1,Kaspersky Endpoint Security for Windows,AO Kaspersky Lab,12.4.0.467\n");
    home.line("import have.csv").ended_with(0);
    let before = rows(&home, "vendors");
    assert_eq!((before.len(), &before[0]["machines"]), (1, &json!(1)));
    home.file("first.csv", INTUNE);
    home.file("second.csv", "ApplicationId,ApplicationKey,ApplicationName,ApplicationPublisher,ApplicationShortVersion,ApplicationVersion,DeviceCount,Platform\nf3,k3,Safari,Apple Inc.,,17.5,2,macOS\n");
    home.line("import first.csv").ended_with(0);
    home.line("import second.csv").ended_with(0);
    assert_eq!(rows(&home, "vendors"), before, "the tools' counts are not ours");
    let document = home.line(&format!("vendors --vendor kaspersky {ASKED} --format json")).ended_with(0).json();
    assert_eq!(document["vendors"].as_array().unwrap(), &before);
    assert_eq!(vendors(&document), ["kaspersky, 1: intune-aggregate: 3, 1 to 17"]);
    assert_eq!(document["without_machine"][0]["told_by"][0]["newer_imports"], 1, "its newer list has nothing of it");
    let page = home.line(&format!("vendors {ASKED}")).ended_with(0);
    page.tells("1 to 17 a title").tells("not in its newer import");
}

#[test]
fn the_same_file_changes_nothing_a_newer_one_counts_and_an_undo_takes_it_away() {
    let home = Home::new();
    home.file("first.csv", INTUNE);
    home.line("import first.csv").ended_with(0);
    let first = titles(&rows(&home, "software"));
    home.line("import first.csv").ended_with(0).tells("the same file is import 1 already");
    assert_eq!(titles(&rows(&home, "software")), first);
    home.file(
        "second.csv",
        INTUNE.replace(",17,windows", ",5,windows").replace("f3,k3,Safari", "f3,k3,Safari Preview"),
    );
    home.line("import second.csv").ended_with(0);
    let second = rows(&home, "software");
    assert_eq!(
        titles(&second),
        [
            "Kaspersky Endpoint Security for Windows 9.0.0.1 0: intune-aggregate 3",
            "Kaspersky Endpoint Security for Windows 12.4.0.467 0: intune-aggregate 5",
            "Safari 17.5 0: intune-aggregate 2",
            "Safari Preview 17.5 0: intune-aggregate 2",
            "Антивирус Касперского  0: intune-aggregate 1",
        ]
    );
    let newer = |row: &Value| row["told_without_machine"][0]["newer_imports"].as_u64();
    assert_eq!((newer(&second[1]), newer(&second[2])), (Some(0), Some(1)), "its newest list no longer has it");
    let csv = home.line("software --format csv").ended_with(0);
    assert!(csv.stdout.contains("2 by its count, not in its newer import"), "{}", csv.stdout);
    home.line("database check").ended_with(0);
    home.line("backup copy.db").ended_with(0);
    assert_eq!(home.line("software --db copy.db --format jsonl").ended_with(0).lines().len(), 5);
    home.line("imports undo 2").ended_with(0);
    assert_eq!(titles(&rows(&home, "software")), first);
    home.line("imports undo 1").ended_with(0);
    assert_eq!(rows(&home, "software"), Vec::<Value>::new());
    home.line("database check").ended_with(0);
}

#[test]
fn what_was_told_before_a_day_is_forgotten_when_asked_for_and_that_is_logged() {
    let home = Home::new();
    home.file("AppInvAggregate.csv", INTUNE);
    home.file("shop.cdx.json", BILL);
    home.line("import AppInvAggregate.csv shop.cdx.json").ended_with(0);
    let before = titles(&rows(&home, "software"));
    // The bill, of which the application itself is a title, is of October; the list is of the day it was imported on.
    let forget = "database forget --before 2026-11-01";
    home.line(forget).ended_with(0).tells("Nothing to forget");
    home.line(&format!("{forget} --told --dry-run"))
        .ended_with(0)
        .tells("3 tellings without a machine")
        .tells("2 titles");
    let tried = home.line(&format!("{forget} --told --dry-run --format json")).ended_with(0).json();
    holds("database-forget", &tried);
    assert_eq!((&tried["done"], &tried["tellings"], &tried["told_titles"]), (&json!(false), &json!(3), &json!(2)));
    assert_eq!(titles(&rows(&home, "software")), before);
    home.line(&format!("{forget} --told")).ended_with(0);
    let left = titles(&rows(&home, "software"));
    assert_eq!(left.len(), 4);
    assert!(left.iter().all(|title| title.contains("intune-aggregate") && !title.contains("cyclonedx")), "{left:?}");
    home.line("log list").ended_with(0).tells("3 tellings without a machine");
    home.line("log verify").ended_with(0);
    home.line("database check").ended_with(0);

    // The file is known still; taken back, it can be imported again.
    home.line("import shop.cdx.json").ended_with(0).tells("the same file is import 2 already");
    home.line("imports undo 2").ended_with(0);
    home.line("import shop.cdx.json").ended_with(0);
    assert_eq!(titles(&rows(&home, "software")), before);
}
