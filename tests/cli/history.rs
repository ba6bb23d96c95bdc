//! What is new, gone or changed, how old answers are, and who says otherwise: through the real command.

use serde_json::{Value, json};

use crate::schemas::holds;
use crate::snapshot;
use crate::support::Home;

/// A scan of a Debian machine that looked at all of its packages.
fn scan(machine: &str, started: &str, packages: &[(&str, &str)]) -> String {
    let header = json!({
        "schema": "interdict/scan/v1",
        "machine": {
            "id": machine, "hostname": format!("host-{machine}"), "arch": "x86_64",
            "os": {"family": "linux", "name": "Debian GNU/Linux", "version": "13"},
        },
        "started": started,
        "probes": {"catalogue_version": "2026.47.2", "count": 0},
        "collectors": [{"name": "linux/dpkg", "status": "complete", "count": packages.len()}],
        "tool_version": "0.1.0",
    });
    let line = |(name, version): &(&str, &str)| json!({"source": "deb_packages", "name": name, "version": version});
    let lines = packages.iter().map(line);
    let lines: Vec<String> = std::iter::once(header).chain(lines).map(|line| line.to_string()).collect();
    lines.join("\n")
}

/// What GLPI's agent tells of the same machine.
fn glpi(logdate: &str, packages: &[(&str, &str)]) -> String {
    let software: Vec<Value> = packages
        .iter()
        .map(|(name, version)| json!({"name": name, "version": version, "arch": "amd64", "from": "deb"}))
        .collect();
    json!({
        "action": "inventory", "deviceid": "host-m1-2026-11-06-09-00-00", "itemtype": "Computer",
        "content": {
            "versionclient": "GLPI-Agent_v1.7",
            "hardware": {"name": "host-m1", "uuid": "4C4C4544-0042-3510-8052-B4C04F4A3132"},
            "operatingsystem": {"full_name": "Debian GNU/Linux 13", "name": "Debian GNU/Linux", "version": "13"},
            "accesslog": {"logdate": logdate},
            "softwares": software,
        },
    })
    .to_string()
}

/// A home whose inventory has a history: scans 1 to 3 of m1, 4 of m2, 5 of m3, and GLPI's export of m1 as 6.
fn with_history() -> Home {
    let home = Home::new();
    let scans = [
        ("m1", "2026-11-01T10:00:00Z", &[("vim", "9.0"), ("nano", "7.2")][..]),
        ("m1", "2026-11-05T10:00:00Z", &[("vim", "9.1"), ("kesl", "12.1.0-1508")]),
        ("m1", "2026-11-10T10:00:00Z", &[("vim", "9.1")]),
        ("m2", "2026-10-01T10:00:00Z", &[("vim", "9.0")]),
        ("m3", "2026-11-08T10:00:00Z", &[("kesl", "12.2.0-99")]),
    ];
    let mut call = vec!["import".to_owned(), "--quiet".to_owned()];
    for (number, (machine, started, packages)) in scans.into_iter().enumerate() {
        call.push(home.file(&format!("{number}.jsonl"), scan(machine, started, packages)));
    }
    let told = [("vim", "9.0"), ("kesl", "12.1.0-1508")];
    call.push(home.file("glpi.json", glpi("2026-11-06 09:00:00", &told)));
    home.run(call).ended_with(0);
    home
}

const ASKED: &str = "--profile us-private --as-of 2026-11-22";

/// The rows of a comparison, each as a few words.
fn told(home: &Home, call: &str) -> Vec<String> {
    let rows = home.line(&format!("changes {call} {ASKED} --format jsonl")).ended_with(0).lines();
    let word = |row: &Value| {
        let texts = ["hostname", "of", "change", "newness", "direction", "title", "was_version", "version"];
        texts.iter().filter_map(|field| row[field].as_str()).collect::<Vec<_>>().join(" ")
    };
    rows.iter().map(word).collect()
}

const KESL: &str = "Kaspersky Endpoint Security for Linux";

#[test]
fn days_and_scans_are_compared() {
    let home = with_history();
    assert_eq!(
        told(&home, "--since 2026-11-02"),
        [
            // GLPI told of it on the 6th and nobody since that it is gone there: kept, though our own scan lost it.
            format!("host-m1 finding new new {KESL} 12.1.0-1508"),
            "host-m2 machine not-seen host-m2".to_owned(),
            "host-m3 machine new host-m3".to_owned(),
            format!("host-m3 finding new first-look {KESL} 12.2.0-99"),
        ]
    );
    assert_eq!(
        told(&home, "--since 1 --until 2 --software"),
        [
            format!("host-m1 finding new new {KESL} 12.1.0-1508"),
            "host-m1 software new new kesl 12.1.0-1508".to_owned(),
            "host-m1 software gone nano 7.2".to_owned(),
            "host-m1 software changed upgraded vim 9.0 9.1".to_owned(),
        ]
    );
    assert_eq!(told(&home, "--since 1 --until 2 --software --only gone,changed").len(), 2);
    assert_eq!(
        told(&home, "--since 2026-11-11"),
        ["host-m1", "host-m2", "host-m3"].map(|host| format!("{host} machine not-seen {host}"))
    );
    assert_eq!(
        told(&home, "--since 2026-11-09 --until 2026-11-10 --all --machine HOST-M1"),
        ["host-m1 software gone kesl 12.1.0-1508"]
    );
    assert_eq!(
        told(&home, "--since 2026-11-05T10:00:00Z --until 2026-11-05T10:00:00Z --machine m1"),
        ["host-m1 machine not-seen host-m1"]
    );
}

#[test]
fn every_format_tells_the_same() {
    let home = with_history();
    let call = format!("changes --since 2026-11-02 --all {ASKED}");
    let document = home.line(&format!("{call} --format json")).ended_with(0).json();
    holds("changes", &document);
    assert_eq!(document["since"], json!({"instant": "2026-11-01T23:59:59Z", "scan": null}));
    let lines = home.line(&format!("{call} --format jsonl")).ended_with(0).lines();
    assert_eq!(document["changes"], Value::from(lines.clone()));
    assert_eq!(document["summary"]["machines"], 3);
    assert_eq!(document["summary"]["findings"]["first_look"], 1);
    let csv = home.line(&format!("{call} --format csv")).ended_with(0).stdout;
    assert_eq!(csv.lines().count(), lines.len() + 1, "{csv}");
    let by_scan = home.line("changes --since 1 --until 3 --format json").ended_with(0).json();
    holds("changes", &by_scan);
    assert_eq!(by_scan["until"]["scan"], 3);
    snapshot!(home, home.line(&call), "changes");
    snapshot!(home, home.line(&format!("changes --since 1 --until 2 {ASKED}")), "changes-of-scans");
}

#[test]
fn what_is_new_can_end_a_nightly_job() {
    let home = with_history();
    home.line(&format!("changes --since 2026-11-02 {ASKED} --fail-on restricted --format csv")).ended_with(10);
    home.line(&format!("changes --since 2026-11-02 {ASKED} --fail-on restricted --format json")).ended_with(10);
    home.line(&format!("changes --since 2026-11-02 {ASKED} --fail-on prohibited")).ended_with(0);
    home.line(&format!("changes --since 2026-11-09 {ASKED} --fail-on watch")).ended_with(0);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let home = with_history();
    for (call, words) in [
        ("--since 99", &["store/unknown-scan", "no scan number 99", "the newest is 6"][..]),
        ("--since yesterday", &["cli/moment", "neither a day"]),
        ("--since 2026-11-31", &["cli/moment", "did you mean 2026-11-30?"]),
        ("--since 2999-01-01", &["cli/day-ahead", "yet to come"]),
        ("--since 2026-11-01 --until 2999-01-01T00:00:00Z", &["cli/moment-ahead"]),
        ("--since 2026-11-10 --until 2026-11-09", &["cli/since-after-until", "exchange them"]),
        ("--since 3 --until 1", &["cli/since-after-until"]),
        ("--since 1 --until 4", &["cli/scan-of-other", "scan 4 is of host-m2"]),
        ("--since 1 --machine host-m2", &["cli/scan-of-other"]),
        ("--since 2026-11-01 --machine host-m9", &["app/unknown-id", "did you mean host-m"]),
        ("--since 2026-11-01 --only old", &["new", "not-seen"]),
        ("", &["--since"]),
    ] {
        home.line(&format!("changes {call}")).complains_of(2, words);
    }
    Home::new().line("changes --since 2026-11-01").complains_of(1, &["cli/no-inventory"]);
}

#[test]
fn what_was_forgotten_is_missed_aloud() {
    let home = with_history();
    home.line("database forget --before 2026-11-06 --quiet").ended_with(0);
    let document = home.line("changes --since 2026-11-02 --format json").ended_with(0).json();
    assert_eq!(document["summary"]["forgotten_before"], "2026-11-06T00:00:00Z");
    assert_eq!(
        home.line("changes --since 2026-11-07 --format json").ended_with(0).json()["summary"]["forgotten_before"],
        Value::Null
    );
    home.line("changes --since 2026-11-02").ended_with(0).tells("was forgotten");
}

#[test]
fn a_machine_is_shown_with_who_tells_of_it_and_who_says_otherwise() {
    let home = with_history();
    let document = home.line(&format!("machine host-m1 {ASKED} --format json")).ended_with(0).json();
    holds("machine", &document);
    let tellers: Vec<(&str, i64, &str)> = document["told_by"]
        .as_array()
        .unwrap()
        .iter()
        .map(|teller| {
            let text = |field: &str| teller[field].as_str().unwrap();
            (text("origin"), teller["age_days"].as_i64().unwrap(), text("freshness"))
        })
        .collect();
    assert_eq!(tellers, [("interdict", 12, "aging"), ("glpi-json", 16, "aging")]);
    let disagreements: Vec<String> = document["disagreements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let side = |side: &Value| format!("{} {} {}", side["origin"], side["is_told"], side["versions"]);
            let sides: Vec<String> = one["sides"].as_array().unwrap().iter().map(side).collect();
            format!("{} {}: {}", one["title"], one["about"], sides.join("; ")).replace('"', "")
        })
        .collect();
    assert_eq!(
        disagreements,
        [
            "kesl presence: interdict false []; glpi-json true [12.1.0-1508]",
            "vim version: interdict true [9.1]; glpi-json true [9.0]",
        ]
    );
    assert_eq!(document["recent"]["until"], 3);
    assert_eq!(document["scans"].as_array().unwrap().len(), 4);
    snapshot!(home, home.line(&format!("machine HOST-M1 {ASKED}")), "machine");
    home.line("machine m2").ended_with(0).tells("Who tells of it");
    home.line("machine host-m2 --format csv").ended_with(0).tells("m2,host-m2,2026-10-01T10:00:00Z");
    home.line("machine host-m").complains_of(2, &["app/unknown-id", "did you mean host-m"]);
    home.line(&format!("machine m3 {ASKED} --fail-on restricted")).ended_with(10);
}

#[test]
fn machines_have_a_freshness_on_the_day_asked_for() {
    let home = with_history();
    let freshness = |day: &str| -> Vec<(String, i64)> {
        let rows = home.line(&format!("machines --as-of {day} --format jsonl")).ended_with(0).lines();
        let mut rows: Vec<(String, String, i64)> = rows
            .iter()
            .map(|row| {
                let text = |field: &str| row[field].as_str().unwrap().to_owned();
                (text("id"), text("freshness"), row["age_days"].as_i64().unwrap())
            })
            .collect();
        rows.sort();
        rows.into_iter().map(|(_, freshness, days)| (freshness, days)).collect()
    };
    let row = |word: &str, days| (word.to_owned(), days);
    assert_eq!(freshness("2026-11-11"), [row("fresh", 1), row("stale", 41), row("fresh", 3)]);
    assert_eq!(freshness("2026-11-22"), [row("aging", 12), row("stale", 52), row("aging", 14)]);
    let kept = "AdvancedHunting.csv";
    let csv = "DeviceId,DeviceName,SoftwareVendor,SoftwareName,SoftwareVersion,OSPlatform\n\
               d1,host-d,kaspersky,endpoint_security,12.1,Windows11\n";
    let file = home.file(kept, csv);
    home.run(["import", &file, "--from", "defender-csv", "--quiet"]).ended_with(0);
    let rows = home.line("machines --format jsonl").ended_with(0).lines();
    let row = rows.iter().find(|row| row["hostname"] == "host-d").unwrap();
    assert_eq!((&row["freshness"], &row["told_by"][0]["keeps_days"]), (&json!("aging"), &json!(30)));
    assert!(row["told_by"][0]["may_be_gone_since"].is_string(), "{row}");
    holds("machines", &home.line("machines --format json").ended_with(0).json());
}
