//! `--sweep`: tools that nothing registers, found only where a person asks, and never gone because nobody asked again.

use std::fs;

use serde_json::Value;

use crate::executable_encoder::{Program, portable_executable, version_resource};
use crate::schemas::holds;
use crate::signature_encoder::{Certificate, Signed};
use crate::support::Home;

const DOWNLOADS: &str = "/home/ada/Downloads";
const NOT_ASKED: &str = "Programs that nothing registers: not looked for (ask with --sweep DIR).";

/// A removal tool as its vendor would make it, under another name than it was made with.
fn tool() -> Vec<u8> {
    let strings: &[(&str, &str)] = &[
        ("CompanyName", "AO Kaspersky Lab"),
        ("ProductName", "Kaspersky Virus Removal Tool"),
        ("OriginalFilename", "KVRT.exe"),
    ];
    let versions = vec![version_resource([20, 0, 13, 0], &[("040904b0", strings)])];
    let certificate = Certificate::of("AO Kaspersky Lab", "AO Kaspersky Lab");
    let program = Program { machine: 0x014c, wide: false, versions };
    portable_executable(&program, Some(&|digest| Signed::over(&certificate, digest).encode()))
}

/// A system with the tool in somebody's downloads.
fn system(home: &Home) -> String {
    let root = home.prepared_root();
    home.file("root/home/ada/Downloads/cleaner (1).exe", tool());
    home.file("root/home/ada/Downloads/letter.txt", "Dear Sir or Madam");
    root
}

fn finding(document: &Value) -> Option<&Value> {
    document["findings"].as_array().unwrap().iter().find(|finding| finding["product"] == "kaspersky.cleanup-tools")
}

#[test]
fn a_tool_that_nothing_registers_is_found_where_it_is_looked_for() {
    let home = Home::new();
    let root = system(&home);
    let without = home.line(&format!("scan --root {root}")).ended_with(0);
    assert!(without.stderr.contains(NOT_ASKED), "{}", without.shown());
    let swept = |line: &Value| line["raw"]["swept"] == DOWNLOADS;
    assert!(!without.lines().iter().any(swept));
    let with = home.line(&format!("scan --root {root} --sweep {DOWNLOADS}")).ended_with(0);
    assert!(!with.stderr.contains(NOT_ASKED), "{}", with.shown());
    holds("scan", &with.lines()[0]);
    assert_eq!(with.lines()[0]["swept"], serde_json::json!([DOWNLOADS]));
    let found: Vec<Value> = with.lines().into_iter().filter(swept).collect();
    assert_eq!(
        found,
        [serde_json::json!({
            "source": "files",
            "name": "cleaner (1).exe",
            "display_name": "Kaspersky Virus Removal Tool",
            "version": "20.0.13.0",
            "publisher": "AO Kaspersky Lab",
            "path": "/home/ada/Downloads/cleaner (1).exe",
            "signer": "CN=AO Kaspersky Lab, O=AO Kaspersky Lab, C=RU",
            "arch": "i386",
            "scope": "user:ada",
            "raw": {
                "kind": "executable",
                "original_file_name": "KVRT.exe",
                "signature": "embedded, digest matches",
                "swept": DOWNLOADS,
            },
        })]
    );
}

#[test]
fn it_is_not_gone_because_nobody_looked_again() {
    let home = Home::new();
    let root = system(&home);
    let audit = |more: &str| home.line(&format!("audit --root {root} --format json {more}")).ended_with(0).json();
    assert!(finding(&audit("")).is_none());
    let sweep = format!("--sweep {DOWNLOADS}");
    let with = audit(&sweep);
    let found = finding(&with).expect("it is found");
    assert_eq!((&found["presence"], &found["vendor"]), (&"dormant".into(), &"kaspersky".into()));
    assert!(finding(&audit("")).is_some(), "nobody looked");
    assert!(finding(&audit("--sweep /opt")).is_some(), "nobody looked there");
    fs::remove_file(home.path("root/home/ada/Downloads/cleaner (1).exe")).unwrap();
    assert!(finding(&audit("--sweep /home --sweep-bytes 0")).is_some(), "the search did not come so far");
    assert!(finding(&audit(&sweep)).is_none(), "it was looked for");
}

#[test]
fn a_search_that_ends_early_says_how_far_it_came() {
    let home = Home::new();
    let root = system(&home);
    let ended = home.line(&format!("scan --root {root} --sweep {DOWNLOADS} --sweep-bytes 1kB")).ended_with(0);
    let said = format!("looked at 1 files, 0 MB; stopped at {DOWNLOADS}/letter.txt");
    assert!(ended.stderr.contains(&said), "{}", ended.shown());
    let slip = home.line(&format!("scan --root {root} --sweep /none")).ended_with(0);
    assert!(slip.stderr.contains("/none does not exist"), "{}", slip.shown());
    home.line("scan --sweep-bytes 1GB").complains_of(2, &["--sweep <DIR>"]);
    home.line("scan --sweep /x --sweep-bytes much").complains_of(2, &["write a number of bytes, such as 500MB"]);
}
