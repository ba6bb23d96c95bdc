//! The lists: machines, software, findings, vendors; as documents, lines and comma-separated values.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::Home;

const ASKED: &str = "--profile us-private --as-of 2026-11-22";

/// A home with the prepared system in its inventory.
fn audited() -> Home {
    let home = Home::new();
    let root = home.prepared_root();
    home.run(["audit", "--root", &root, "--quiet"]).ended_with(0);
    home
}

#[test]
fn every_list_in_every_format() {
    let home = audited();
    for (list, rows) in [("machines", 1), ("software", 11), ("findings", 2), ("vendors", 3)] {
        let document = home.line(&format!("{list} {ASKED} --format json")).ended_with(0).json();
        assert_eq!(document["schema"], format!("interdict/{list}/v1"));
        assert_eq!(document["as_of"], "2026-11-22");
        assert_eq!(document["profiles"], json!(["us-private"]));
        assert_eq!(document[list].as_array().unwrap().len(), rows, "{list}");
        let lines = home.line(&format!("{list} {ASKED} --format jsonl")).ended_with(0).lines();
        assert_eq!(Value::from(lines), document[list], "the rows alone");
        let csv = home.line(&format!("{list} {ASKED} --format csv")).ended_with(0).stdout;
        assert_eq!(csv.lines().count(), rows + 1, "{list}:\n{csv}");
        let text = home.line(&format!("{list} {ASKED}")).ended_with(0).stdout;
        assert!(text.contains("us-private") && text.contains("tier"), "{text}");
    }
}

#[test]
fn software_is_identified_and_the_unknown_says_so() {
    let home = audited();
    let rows = home.line(&format!("software {ASKED} --format jsonl")).ended_with(0).lines();
    let row = |name: &str| rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{name}"));
    assert_eq!(
        row("kesl"),
        &json!({
            "name": "kesl", "version": "12.1.0-1508", "publisher": "AO Kaspersky Lab <support@kaspersky.com>",
            "vendor": "kaspersky", "product": "kaspersky.kes-linux", "category": "endpoint-protection", "machines": 1,
            "tier": "restricted",
        })
    );
    assert_eq!(row("clamav")["tier"], "none");
    assert_eq!(row("python3-panda3d-viewer")["vendor"], Value::Null);
    assert_eq!(row("python3-panda3d-viewer")["tier"], "undetermined");
}

#[test]
fn filters_and_pages() {
    let home = audited();
    let count = |call: &str| home.line(&format!("{call} {ASKED} --format jsonl")).ended_with(0).lines().len();
    assert_eq!(count("software --vendor kaspersky"), 2);
    assert_eq!(count("software --tier restricted"), 2);
    assert_eq!(count("software --tier prohibited"), 0);
    assert_eq!(count("findings --tier prohibited"), 0);
    assert_eq!(count("findings --vendor cisco"), 0);
    assert_eq!(count("machines --tier restricted"), 1);
    assert_eq!(count("machines --vendor cisco"), 0);
    assert_eq!(count("vendors --tier watch"), 1);
    let first = home.line(&format!("findings {ASKED} --limit 1 --format jsonl")).ended_with(0);
    assert_eq!(first.lines()[0]["id"], "kaspersky.kes-linux:live");
    assert_eq!(first.stderr, "1 more rows; continue with --after kaspersky.kes-linux:live\n");
    let second = home.line(&format!("findings {ASKED} --after kaspersky.kes-linux:live --format jsonl"));
    assert_eq!(second.ended_with(0).lines()[0]["id"], "kaspersky.nagent:residue");
    home.line("findings --after nothing").complains_of(2, &["error[cli/unknown-row]"]);
}

#[test]
fn machines_without_a_category_and_those_of_which_nobody_knows() {
    let home = audited();
    home.file(
        "WEB-01.txt",
        "||/ Name  Version       Architecture  Description\n\
         +++-=====-=============-=============-===========\n\
         ii  vim   2:9.0.1378-2  amd64         Vi IMproved\n",
    );
    home.line("import WEB-01.txt --from dpkg-l").ended_with(0);
    let without = |more: &str| {
        let rows = home.line(&format!("machines {ASKED} --format jsonl {more}")).ended_with(0).lines();
        rows.iter().map(|row| row["lack"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(without(""), [Value::Null, Value::Null]);
    let not_read = json!({"answer": "not-looked-at", "reasons": [{
        "reason": "never-read",
        "sources": ["deb_packages", "rpm_packages", "apk_packages", "pacman_packages"],
    }]});
    assert_eq!(
        without("--without-category endpoint-protection"),
        std::slice::from_ref(&not_read),
        "the other one has some"
    );
    let nothing = json!({"answer": "nothing-there", "reasons": []});
    assert_eq!(without("--without-category browser"), [nothing.clone(), not_read]);
    assert_eq!(without("--without-category browser --without-answer nothing-there"), [nothing]);
    let stale =
        home.line("machines --as-of 2027-02-01 --without-category browser --format jsonl").ended_with(0).lines();
    assert_eq!(stale[0]["lack"]["reasons"][0]["reason"], "stale");
    home.line("machines --without-category endpoint-protection").ended_with(0).tells("1 machine without any");
    home.line("machines --without-category anti-virus").complains_of(2, &["antivirus"]);
    home.line("machines --without-answer nothing-there").complains_of(2, &["--without-category"]);
}

#[test]
fn software_page_by_page_is_software_as_a_whole() {
    let home = audited();
    let whole = home.line("software --format jsonl").ended_with(0).lines();
    let mut pages = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let mut arguments = vec!["software", "--format", "jsonl", "--limit", "3"];
        arguments.extend(after.iter().flat_map(|after| ["--after", after.as_str()]));
        let page = home.run(&arguments).ended_with(0).lines();
        let Some(last) = page.last() else { break };
        after = Some(["name", "version", "publisher"].map(|field| last[field].as_str().unwrap_or_default()).join("\t"));
        pages.extend(page);
    }
    assert_eq!(pages, whole);
    let rest = home.run(["software", "--format", "jsonl", "--after", "kesl"]).ended_with(0).lines();
    assert_eq!(rest[0]["name"], "klnagent64", "a name alone stands for all its versions");
}

#[test]
fn the_findings_of_a_profile_that_must_act() {
    let home = audited();
    let document =
        home.line("findings --profile us-federal-civilian --as-of 2026-11-22 --format json").ended_with(0).json();
    let tiers: BTreeSet<&str> =
        document["findings"].as_array().unwrap().iter().map(|finding| finding["tier"].as_str().unwrap()).collect();
    assert_eq!(tiers, BTreeSet::from(["prohibited"]));
    let finding = &document["findings"][0];
    assert_eq!(finding["state"], "open");
    assert_eq!(finding["machines"], 1);
    let machines =
        home.line("machines --profile us-federal-civilian --as-of 2026-11-22 --format json").ended_with(0).json();
    assert_eq!(machines["machines"][0]["findings"]["prohibited"], 2);
}

/// A scan of a machine whose software has names that a spreadsheet or a terminal would act on.
const HOSTILE: &str = concat!(
    r#"{"schema":"interdict/scan/v1","machine":{"id":"m1","hostname":"=HYPERLINK(\"http://x\")","os":{"family":"linux","name":"X","version":"1"},"arch":"x"},"started":"2026-11-22T10:00:00Z","probes":{"catalogue_version":"2026.47.2","count":0},"collectors":[{"name":"linux/dpkg","status":"complete","count":4}],"tool_version":"0.1.0"}"#,
    "\n",
    r#"{"source":"deb_packages","name":"=cmd|' /C calc'!A1","version":"+1","publisher":"@SUM(1)"}"#,
    "\n",
    r#"{"source":"deb_packages","name":"-2+3","version":"\t1","publisher":"plain"}"#,
    "\n",
    r#"{"source":"deb_packages","name":"red\u001b[31m\u0007\u202etext","version":"1\n2"}"#,
    "\n",
    "not a line\n",
);

#[test]
fn names_of_others_neither_calculate_nor_steer() {
    let home = Home::new();
    let file = home.file("hostile.jsonl", HOSTILE);
    let ran = home.run(["import", &file]).ended_with(0);
    assert!(ran.stderr.contains("hostile.jsonl:5: error[app/scan-line]"), "{}", ran.shown());
    assert!(ran.stdout.contains("3 observations of =HYPERLINK") && ran.stdout.contains("1 record could not be used"));
    let csv = home.line("software --format csv").ended_with(0).stdout;
    for cell in ["'=cmd|' /C calc'!A1,'+1,'@SUM(1)", "'-2+3,'\t1,plain"] {
        assert!(csv.contains(cell), "{csv}");
    }
    assert!(home.line("machines --format csv").ended_with(0).stdout.contains("\"'=HYPERLINK(\"\"http://x\"\")\""));
    let text = home.line("software").ended_with(0).stdout;
    assert!(text.contains("red\\u{1b}[31m\\u{7}\\u{202e}text") && text.contains("1\\u{a}2"), "{text}");
    assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']));
}
