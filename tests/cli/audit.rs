//! `audit` and `scan` of the prepared system, and what they keep.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use interdict_tests::prepared_root::{HOSTNAME, INSTALLED_PACKAGES};
use serde_json::{Value, json};

use crate::snapshot;
use crate::support::{Home, from_output};
use crate::trouble::filler;

const ASKED: [&str; 4] = ["--profile", "us-private", "--as-of", "2026-11-22"];

fn audit(home: &Home, root: &str, more: &[&str]) -> Value {
    let arguments = ["audit", "--root", root, "--format", "json"];
    home.run(arguments.iter().chain(&ASKED).chain(more)).ended_with(0).json()
}

#[test]
fn the_prepared_system_twice() {
    let home = Home::new();
    let root = home.prepared_root();
    let first = audit(&home, &root, &[]);
    assert_eq!(first["machine"]["hostname"], HOSTNAME);
    let findings: Vec<[&str; 3]> = first["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| ["product", "presence", "tier"].map(|field| finding[field].as_str().unwrap()))
        .collect();
    assert_eq!(
        findings,
        [["kaspersky.kes-linux", "live", "restricted"], ["kaspersky.nagent", "residue", "restricted"]],
        "and neither the Wazuh agent, which carries a file named after Kaspersky, nor ClamAV, nor Panda3D"
    );
    let packages = first["collectors"].as_array().unwrap().iter().find(|one| one["name"] == "linux/dpkg").unwrap();
    assert_eq!(packages["count"], INSTALLED_PACKAGES + 1, "one of them is no longer installed");
    let counts: usize = collected(&first);
    assert_eq!(first["summary"]["observations"], counts);
    // The file named after Kaspersky is a product of its own, of Wazuh.
    assert_eq!(first["summary"]["products"], 5);
    assert_eq!(first["summary"]["vendors"], 3);
    let by_tier = json!({
        "prohibited": 0, "required": 0, "restricted": 2, "advisory": 0, "watch": 0, "undetermined": 0, "none": 3,
    });
    assert_eq!(first["summary"]["by_tier"], by_tier);
    assert_eq!(first["changes"]["new_installations"], counts);
    assert_eq!(first["changes"]["new_detections"], 5);
    let kes = &first["findings"][0];
    assert!(kes["evidence"].as_array().unwrap().iter().any(|evidence| evidence["path"] == "/opt/kaspersky/kesl"));
    assert!(!kes["next_steps"].as_array().unwrap().is_empty());

    let second = audit(&home, &root, &[]);
    assert_eq!(
        second["changes"],
        json!({ "new_installations": 0, "gone_installations": 0, "new_detections": 0, "gone_detections": 0 })
    );
    assert_eq!(second["findings"], first["findings"]);
    let machines = home.line("machines --format json").ended_with(0).json();
    assert_eq!(machines["machines"].as_array().unwrap().len(), 1);
}

fn collected(document: &Value) -> usize {
    let counts = document["collectors"].as_array().unwrap().iter();
    counts.map(|collector| usize::try_from(collector["count"].as_u64().unwrap()).unwrap()).sum()
}

#[test]
fn what_was_removed_is_gone_and_said_to_be() {
    let home = Home::new();
    let root = home.prepared_root();
    audit(&home, &root, &[]);
    for path in ["root/opt/kaspersky", "root/var/opt/kaspersky"] {
        fs::remove_dir_all(home.path(path)).unwrap();
    }
    for unit in ["kesl", "klnagent64"] {
        fs::remove_file(home.path(&format!("root/usr/lib/systemd/system/{unit}.service"))).unwrap();
        fs::remove_file(home.path(&format!("root/etc/systemd/system/multi-user.target.wants/{unit}.service"))).unwrap();
    }
    let status = fs::read_to_string(home.path("root/var/lib/dpkg/status")).unwrap();
    let kept: Vec<&str> = status.split("\n\n").filter(|record| !record.contains("aspersky")).collect();
    fs::write(home.path("root/var/lib/dpkg/status"), kept.join("\n\n")).unwrap();
    let again = audit(&home, &root, &[]);
    assert_eq!(again["findings"], json!([]));
    assert_eq!(again["changes"]["gone_detections"], 2);
}

#[test]
fn the_answer_for_people_and_its_report() {
    let home = Home::new();
    let root = home.prepared_root();
    let report = home.argument("report.html");
    let ran = home.run(["audit", "--root", &root, "--report", &report].iter().copied().chain(ASKED));
    snapshot!(home, ran, "audit-us-private");
    let html = fs::read_to_string(&report).unwrap();
    assert!(html.contains(HOSTNAME) && html.contains("Kaspersky Endpoint Security for Linux"));
    let ran = home.run(["audit", "--root", &root, "--as-of", "2026-11-22"]);
    snapshot!(home, ran, "audit-research");
}

#[test]
fn a_report_that_cannot_be_written_takes_nothing_away() {
    let home = Home::new();
    let root = home.prepared_root();
    home.file("not-a-folder", "");
    let report = home.argument("not-a-folder/report.html");
    let ran = home.run(["audit", "--root", &root, "--report", &report, "--format", "json"]);
    let ran = ran.complains_of(1, &["error[app/file]: could not write", "not-a-folder"]);
    assert_eq!(ran.json()["findings"].as_array().unwrap().len(), 2);
    home.line("findings").ended_with(0);
}

#[test]
fn fail_on_compares_with_the_installed_headline() {
    let home = Home::new();
    let root = home.prepared_root();
    for (tier, code) in [("prohibited", 0), ("required", 0), ("restricted", 10), ("watch", 10), ("none", 10)] {
        home.run(["audit", "--root", &root, "--fail-on", tier].iter().copied().chain(ASKED)).ended_with(code);
        home.run(["findings", "--fail-on", tier].iter().copied().chain(ASKED)).ended_with(code);
    }
    home.run(["audit", "--root", &root, "--profile", "research", "--fail-on", "undetermined"]).ended_with(0);
}

#[test]
fn what_needs_no_database_makes_none() {
    let home = Home::new();
    let root = home.prepared_root();
    home.line("assess --vendor kaspersky").ended_with(0);
    home.line("assess --vendor kaspersky --db own.db").ended_with(0);
    home.given("{\"source\":\"programs\",\"name\":\"x\"}\n", "identify --db own.db").ended_with(0);
    home.run(["scan", "--root", &root]).ended_with(0);
    home.run(["scan", "--root", &root, "--db", "own.db", "--out", "scan.jsonl"]).ended_with(0);
    for call in ["list", "lint", "show kaspersky"] {
        home.line(&format!("catalogue {call} --db own.db")).ended_with(0);
    }
    assert!(!home.has_data() && !home.path("own.db").exists());
    for list in ["machines", "software", "findings", "vendors"] {
        home.line(&format!("{list} --db own.db")).complains_of(1, &["error[cli/no-inventory]", "interdict audit"]);
    }
    assert!(!home.has_data() && !home.path("own.db").exists());
    home.run(["audit", "--root", &root]).ended_with(0);
    assert!(home.has_data());
}

#[test]
fn a_scan_carried_elsewhere_says_the_same() {
    let here = Home::new();
    let root = here.prepared_root();
    let audited = audit(&here, &root, &[]);
    let ran = here.run(["scan", "--root", &root, "--out", "scan.jsonl"]).ended_with(0);
    assert_eq!(ran.stdout, "");
    let there = Home::new();
    let file = here.argument("scan.jsonl");
    let imported = there.run(["import", &file, "--format", "json"]).ended_with(0).json();
    assert_eq!(imported["import"][0]["observations"], audited["summary"]["observations"]);
    let ids = |home: &Home| {
        let findings =
            home.line("findings --profile us-private --as-of 2026-11-22 --format jsonl").ended_with(0).lines();
        findings.iter().map(|row| row["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&here), ids(&there));
    assert_eq!(ids(&there), [json!("kaspersky.kes-linux:live"), json!("kaspersky.nagent:residue")]);
}

#[test]
fn an_older_scan_stays_until_the_new_one_is_complete() {
    let home = Home::new();
    home.file("scan.jsonl", "old");
    home.run(["scan", "--root", "nowhere", "--out", "scan.jsonl"]).complains_of(1, &["error[collect/not-found]"]);
    assert_eq!(fs::read_to_string(home.path("scan.jsonl")).unwrap(), "old");
    let root = home.prepared_root();
    home.run(["scan", "--root", &root, "--out", "scan.jsonl"]).ended_with(0);
    assert!(fs::read_to_string(home.path("scan.jsonl")).unwrap().starts_with("{\"schema\":\"interdict/scan/v1\""));
    home.run(["scan", "--root", &root, "--out", "no/such/folder.jsonl"]).complains_of(1, &["error[app/file]"]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_nothing() {
    let home = Home::new();
    let root = home.prepared_root();
    // Enough to read that the signal comes while it is being read.
    fs::write(home.path("root/var/lib/dpkg/status"), filler(250_000)).unwrap();
    let mut command = home.command();
    command.args(["audit", "--root", &root, "--db", "own.db"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    // The database is opened after Ctrl-C is taken over and before the machine is looked at.
    while !home.path("own.db").exists() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(1));
    }
    std::thread::sleep(Duration::from_millis(50));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let ran = from_output(&child.wait_with_output().unwrap());
    let ran = ran.complains_of(1, &["error[app/cancelled]: cancelled; nothing was kept"]);
    assert_eq!(ran.stdout, "");
    let machines = home.line("machines --db own.db --format json").ended_with(0).json();
    assert_eq!(machines["machines"], json!([]));
}
