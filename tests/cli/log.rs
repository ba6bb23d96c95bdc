//! The log: what commands write to it, `log list`, and `log verify` with and without a head that was printed before.

use std::fs;
use std::process::Command;

use interdict_tests::checkout;
use rusqlite::Connection;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::schemas::holds;
use crate::support::{Home, Ran, from_output, skipped};

/// Where the database is, below the home folder.
const DATABASE: &str = "data/interdict/interdict.db";

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

fn entries(home: &Home) -> Vec<Value> {
    home.line("log list --format jsonl").ended_with(0).lines()
}

fn kinds(home: &Home) -> Vec<String> {
    entries(home).iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
}

/// A home with two scans in its inventory, and what the audits said.
fn audited() -> (Home, Vec<Value>) {
    let home = Home::new();
    let root = home.prepared_root();
    let audit = format!("audit --root {root} --report report.html --format json");
    let said = (0..2).map(|_| home.line(&audit).ended_with(0).json()).collect();
    (home, said)
}

/// Changes the log as somebody would who may write to the file.
fn tampered(home: &Home, sql: &str) {
    let database = Connection::open(home.path(DATABASE)).unwrap();
    let guards = "DROP TRIGGER log_stays_as_it_is; DROP TRIGGER log_stays_whole; DROP TRIGGER log_grows_at_its_end;";
    database.execute_batch(&format!("{guards} {sql}")).unwrap();
}

#[test]
fn what_is_recorded_and_changed_is_in_the_log() {
    let (home, _) = audited();
    assert_eq!(kinds(&home), ["log-begun", "scan", "scan"]);
    home.line("findings").ended_with(0);
    home.line("findings").ended_with(0);
    assert_eq!(kinds(&home).len(), 3, "it was identified with this catalogue");
    home.line("scan --root root --out scan.jsonl").ended_with(0);
    home.line("import scan.jsonl").ended_with(0);
    let rule = home.file("data/interdict/catalogue.d/vendors/own-x.toml", "id = \"own-x\"\nname = \"X\"\n");
    home.line("machines").ended_with(0);
    fs::remove_file(rule).unwrap();
    home.line("machines").ended_with(0);
    let all = entries(&home);
    assert_eq!(
        kinds(&home).split_off(3),
        ["scan", "import", "own-rules-changed", "catalogue-changed", "own-rules-changed", "catalogue-changed"]
    );
    let scan = fs::read_to_string(home.path("scan.jsonl")).unwrap();
    let (_, lines) = scan.split_once('\n').unwrap();
    let body = &all[3]["body"];
    assert_eq!(
        (body["from"].as_str(), body["observations"].as_u64()),
        (Some("scan.jsonl"), Some(lines.lines().count() as u64))
    );
    assert_eq!(body["observations_sha256"], sha256(lines.as_bytes()), "a scan file can be held against the log");
    let files = json!({ "vendors/own-x.toml": sha256(b"id = \"own-x\"\nname = \"X\"\n") });
    assert_eq!(all[5]["body"], json!({ "from": null, "to": sha256(files.to_string().as_bytes()), "files": files }));
    assert_eq!(all[7]["body"], json!({ "from": all[5]["body"]["to"], "to": null, "files": {} }));
    assert!(all[6]["body"]["from"].is_string() && all[6]["body"]["from"] != all[6]["body"]["to"], "{}", all[6]);
    assert_eq!(all[8]["body"]["to"], all[6]["body"]["from"]);
    home.line("log verify").ended_with(0);
    assert_eq!(entries(&home), all, "asking writes nothing");
}

#[test]
fn every_format_and_page_of_the_list() {
    let (home, said) = audited();
    let document = home.line("log list --format json").ended_with(0).json();
    holds("log", &document);
    assert_eq!(document["head"], said[1]["log_head"]);
    assert_eq!(document["log"], Value::from(entries(&home)));
    let csv = home.line("log list --format csv").ended_with(0).stdout;
    assert!(csv.starts_with("number,instant,kind,body,previous,hash\n1,") && csv.lines().count() == 4, "{csv}");
    let text = home.line("log list").ended_with(0).stdout;
    for words in ["the log of an empty inventory began", "scan 2 of ", " observations", "log-begun"] {
        assert!(text.contains(words), "{words}:\n{text}");
    }
    let page = home.line("log list --limit 1 --after 1 --format jsonl").ended_with(0);
    assert_eq!(page.lines()[0]["number"], 2);
    assert_eq!(page.stderr, "1 more row; continue with --after 2\n");
    assert_eq!(home.line("log list --after 3").ended_with(0).stdout, "No entries to list.\n");
    let nowhere = Home::new();
    nowhere.line("log list").complains_of(1, &["error[cli/no-inventory]"]);
    nowhere.line("log verify").complains_of(1, &["error[cli/no-inventory]"]);
    assert!(!nowhere.has_data());
}

#[test]
fn every_report_names_the_head_of_its_day_and_all_of_them_are_confirmed() {
    let (home, said) = audited();
    let short = said[1]["log_head"]["short"].as_str().unwrap().to_owned();
    let full = said[1]["log_head"]["hash"].as_str().unwrap().to_owned();
    let report = fs::read_to_string(home.path("report.html")).unwrap();
    assert!(report.contains(&short) && report.contains(&full), "{short}");
    let text = home.line("audit --root root").ended_with(0).stdout;
    assert!(text.contains("; the head of its log is 4:"), "{text}");
    let removal =
        home.line("verify-removed --vendor kaspersky --format json --report removal.html").ended_with(10).json();
    holds("verify-removed", &removal);
    let of_removal = removal["log_head"]["short"].as_str().unwrap();
    assert!(of_removal.starts_with("4:"), "asking adds no entry: {of_removal}");
    assert!(fs::read_to_string(home.path("removal.html")).unwrap().contains(of_removal));
    let text = home.line("verify-removed --vendor kaspersky").ended_with(10).stdout;
    assert!(text.contains(&format!("the head of the inventory's log is {of_removal}")), "{text}");

    let first = said[0]["log_head"]["hash"].as_str().unwrap();
    let call = format!("log verify --head {short} --head {full} --head {of_removal} --head {first}");
    let document = home.line(&format!("{call} --format json")).ended_with(0).json();
    holds("log-verify", &document);
    assert_eq!((&document["good"], &document["entries"], &document["intact"]), (&json!(true), &json!(4), &json!(4)));
    assert!(document["heads"].as_array().unwrap().iter().all(|head| head["answer"] == "confirmed"), "{document:#}");
    let text = home.line(&call).ended_with(0).stdout;
    assert!(text.contains("chain: 4 entries in an unbroken chain") && text.contains("nothing up to entry 2"), "{text}");
    assert!(home.line("log verify").ended_with(0).stdout.contains("give it with --head"));
    home.line("log verify --head 5:abc").complains_of(2, &["a head is written as 42:0123456789ab"]);
}

#[test]
fn tampering_is_found_and_the_entry_named() {
    for (sql, fault, words) in [
        (
            "UPDATE log SET body = replace(body, 'root', 'toor') WHERE number = 2",
            json!([2, "content"]),
            "entry 2 was altered",
        ),
        ("DELETE FROM log WHERE number = 2", json!([2, "missing"]), "entry 2 is missing"),
        (
            "UPDATE log SET number = 9 WHERE number = 2; UPDATE log SET number = 2 WHERE number = 3; UPDATE log SET number = 3 WHERE number = 9",
            json!([2, "moved"]),
            "was written as entry 3",
        ),
        ("DELETE FROM log", json!([1, "empty"]), "not even entry 1 is there"),
    ] {
        let (home, _) = audited();
        tampered(&home, sql);
        let document = home.line("log verify --format json").ended_with(10).json();
        holds("log-verify", &document);
        assert_eq!(json!([document["fault"]["entry"], document["fault"]["kind"]]), fault, "{sql}");
        let text = home.line("log verify").ended_with(10).stdout;
        assert!(text.contains("not good: ") && text.contains(words), "{text}");
        let rows = home.line("log verify --format jsonl").ended_with(10).lines();
        assert_eq!((&rows[0]["check"], &rows[0]["answer"]), (&json!("chain"), &fault[1]));
        holds("log", &home.line("log list --format json").ended_with(0).json());
    }
}

#[test]
fn what_was_cut_off_is_found_against_a_printed_head_only() {
    let (home, said) = audited();
    let head = |at: usize, field: &str| said[at]["log_head"][field].as_str().unwrap().to_owned();
    tampered(&home, "DELETE FROM log WHERE number = 3");
    home.line("log verify").ended_with(0);
    home.line(&format!("log verify --head {}", head(0, "short"))).ended_with(0);
    let call = format!("log verify --head {} --head {}", head(0, "short"), head(1, "hash"));
    let document = home.line(&format!("{call} --format json")).ended_with(10).json();
    holds("log-verify", &document);
    assert_eq!((&document["fault"], &document["heads"][1]["answer"]), (&Value::Null, &json!("not-there")));
    let text = home.line(&call).ended_with(10).stdout.replace('\n', " ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("is not in the log: entries after 2 are missing or were replaced"), "{text}");
    let ran = home.line(&format!("log verify --format csv --head {}", head(1, "short"))).ended_with(10);
    assert!(ran.stdout.contains(",truncated,"), "{}", ran.shown());
    // Going on as if nothing had happened makes it no better.
    home.line("audit --root root").ended_with(0);
    home.line(&format!("log verify --head {}", head(1, "short"))).ended_with(10);
}

#[test]
fn the_documentation_lists_every_kind() {
    let page = &checkout::read(|path| path == "docs/log.md")[0].text;
    let table =
        page.lines().skip_while(|line| !line.starts_with("| kind |")).skip(2).take_while(|line| line.starts_with('|'));
    let listed: Vec<&str> =
        table.filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|(kind, _)| kind).collect();
    let kinds: Vec<&str> = interdict_app::store::LogKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(listed, kinds);
}

/// The scripts that `docs/log.md` shows, in order.
fn scripts() -> Vec<String> {
    let page = &checkout::read(|path| path == "docs/log.md")[0].text;
    let scripts = page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default().to_owned());
    scripts.collect()
}

fn shell(home: &Home, script: &str) -> Ran {
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).current_dir(home.path("")).env("database", home.path(DATABASE));
    from_output(&shell.output().unwrap())
}

#[test]
fn a_stranger_verifies_a_log_as_the_documentation_says() {
    let has =
        |program: &str| Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !has("sha256sum") {
        return skipped("there is no sha256sum");
    }
    let [example, walk] = scripts().try_into().unwrap();
    let (home, said) = audited();
    let page = &checkout::read(|path| path == "docs/log.md")[0].text;
    let printed = shell(&home, &example).ended_with(0).stdout;
    assert!(page.contains(&format!("```text\n{printed}```")), "{printed}");
    if !Command::new("sqlite3").arg("--version").output().is_ok_and(|output| output.status.success()) {
        return skipped("there is no sqlite3");
    }
    let full = said[1]["log_head"]["hash"].as_str().unwrap();
    let good = shell(&home, &walk).ended_with(0);
    assert_eq!(good.stdout, format!("the head is 3:{full}\n"), "{}", good.shown());
    tampered(&home, "UPDATE log SET instant = '2026-01-01T00:00:00Z' WHERE number = 2");
    let bad = shell(&home, &walk).ended_with(1);
    assert_eq!(bad.stdout, "entry 2 is missing or not as it was written\n", "{}", bad.shown());
}
