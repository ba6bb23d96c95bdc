//! The organisation's own rules: the folder `catalogue.d`, from the file to the answer.

use std::fs;
use std::os::unix::fs::symlink;

use interdict_tests::checkout;
use serde_json::Value;

use crate::support::{Home, Ran};

/// Below the home folder of a test: the data folder's own rules.
const FOLDER: &str = "data/interdict/catalogue.d";
const DAY: &str = "--as-of 2026-11-22";

/// The files that `docs/own-rules.md` shows, with their paths.
fn examples() -> Vec<(String, String)> {
    let page = &checkout::read(|path| path == "docs/own-rules.md")[0].text;
    let mut found = Vec::new();
    for part in page.split("<!-- file: ").skip(1) {
        let (path, rest) = part.split_once(" -->\n").unwrap();
        let fence: String = rest.chars().take_while(|letter| *letter == '`').collect();
        let (_, inner) = rest.split_once('\n').unwrap();
        let (text, _) = inner.split_once(&format!("\n{fence}\n")).unwrap_or_else(|| panic!("{path} has no end"));
        found.push((path.to_owned(), format!("{text}\n")));
    }
    found
}

/// A home with all examples in their places.
fn with_examples() -> Home {
    let home = Home::new();
    for (path, text) in examples() {
        home.file(&format!("{FOLDER}/{path}"), text);
    }
    home
}

fn identified(home: &Home, package: &str) -> Value {
    let line = format!("{{\"source\":\"deb_packages\",\"name\":\"{package}\"}}\n");
    home.given(line, "identify").ended_with(0).lines().remove(0)
}

fn reason(ran: &Ran, activity: &str) -> Value {
    ran.json()["activities"][activity]["reasons"][0].clone()
}

#[test]
fn the_examples_of_the_documentation_are_used_and_clean() {
    assert_eq!(examples().len(), 6);
    let home = with_examples();
    let ran = home.line("catalogue lint --own").ended_with(0);
    assert_eq!(ran.stdout, "0 errors, 0 warnings\n");
    let folder = home.argument(FOLDER);
    assert_eq!(home.run(["catalogue", "lint", &folder]).ended_with(0).stdout, "0 errors, 0 warnings\n");
    let ran = home.line("catalogue list --format jsonl").ended_with(0);
    assert_eq!(ran.stderr, "");
    let mut own: Vec<String> = ran
        .lines()
        .iter()
        .filter(|entry| entry["origin"] == "own")
        .map(|entry| format!("{} {}", entry["kind"].as_str().unwrap(), entry["id"].as_str().unwrap()))
        .collect();
    own.sort();
    assert_eq!(
        own,
        [
            "approval crowdstrike-servers",
            "issuer own-it-security",
            "issuer own-organisation",
            "product kaspersky.own-mail-gateway",
            "product own-tools.inventory-agent",
            "restriction own-no-acronis",
            "restriction own-remove-anydesk",
            "vendor own-tools",
        ]
    );
    for entry in own {
        let id = entry.split(' ').next_back().unwrap().to_owned();
        let shown = home.run(["catalogue", "show", &id]).ended_with(0);
        assert!(shown.stdout.starts_with("Your organisation's own entry"), "{}", shown.shown());
        let shown = home.run(["catalogue", "show", &id, "--format", "json"]).ended_with(0).json();
        assert_eq!((&shown["origin"], &shown["entry"]["id"]), (&Value::from("own"), &Value::from(id)));
    }
}

#[test]
fn an_own_ban_is_an_answer_and_says_whose_it_is() {
    let home = with_examples();
    let asked =
        |day: &str| home.line(&format!("assess --vendor acronis --profile us-private --as-of {day} --format json"));
    for (day, tier) in [("2026-01-14", "none"), ("2026-01-15", "watch"), ("2026-04-01", "prohibited")] {
        assert_eq!(asked(day).ended_with(0).json()["activities"]["use"]["tier"], tier, "{day}");
    }
    let ran = asked("2026-11-22");
    let reason = reason(&ran, "use");
    assert_eq!((&reason["origin"], &reason["restriction"]), (&Value::from("own"), &Value::from("own-no-acronis")));
    assert!(reason["because"].as_str().unwrap().starts_with("Your organisation's own rule. Binds anyone: "));
    assert!(ran.json()["catalogue"]["version"].as_str().unwrap().contains("+own."));
    let product = home.line(&format!("assess --product acronis.backup --profile us-private {DAY} --format json"));
    if product.code == Some(0) {
        assert_eq!(product.json()["activities"]["use"]["tier"], "none", "the carve-out holds");
    }
    // What the catalogue says of others keeps its own mark.
    let kaspersky = home.line(&format!("assess --vendor kaspersky --profile us-private {DAY} --format json"));
    let activities = kaspersky.json()["activities"].clone();
    let reasons = activities.as_object().unwrap().values().flat_map(|answer| answer["reasons"].as_array().unwrap());
    assert!(reasons.clone().count() > 0 && reasons.clone().all(|reason| reason["origin"] == "catalogue"));
    // Nobody in particular is bound by nothing.
    let research = home.line(&format!("assess --vendor acronis {DAY} --format json"));
    assert_eq!(research.json()["activities"]["use"]["tier"], "none");
}

#[test]
fn an_approval_is_shown_and_lowers_no_tier() {
    let home = with_examples();
    home.file(
        &format!("{FOLDER}/approvals/kaspersky.toml"),
        "subject = \"kaspersky.kes-linux\"\nby = \"Head of purchasing\"\nfrom = 2026-01-01\nuntil = 2026-12-01\n",
    );
    let plain = Home::new();
    let asked = |home: &Home, subject: &str, day: &str| {
        home.line(&format!("assess {subject} --profile us-federal-civilian --as-of {day} --format json"))
            .ended_with(0)
            .json()
    };
    for subject in ["--product kaspersky.kes-linux", "--vendor kaspersky", "--vendor crowdstrike"] {
        let (ours, theirs) = (asked(&home, subject, "2026-11-22"), asked(&plain, subject, "2026-11-22"));
        assert_eq!(ours["activities"], theirs["activities"], "{subject}");
        assert_eq!(ours["headline"], theirs["headline"], "{subject}");
        assert_eq!(theirs["approvals"].as_array().unwrap().len(), 0);
    }
    let by = |subject: &str, day: &str| -> Vec<String> {
        let approvals = asked(&home, subject, day)["approvals"].clone();
        assert!(approvals.as_array().unwrap().iter().all(|approval| approval["origin"] == "own"));
        approvals.as_array().unwrap().iter().map(|approval| approval["by"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(by("--product kaspersky.kes-linux", "2026-11-30"), ["Head of purchasing"]);
    assert!(by("--product kaspersky.kes-linux", "2026-12-01").is_empty(), "until is the first day it no longer holds");
    assert!(by("--vendor kaspersky", "2026-11-22").is_empty(), "a product's approval is not its vendor's");
    assert_eq!(by("--vendor crowdstrike", "2026-11-22"), ["Head of IT security"]);
    let text = home.line(&format!("assess --vendor crowdstrike --profile us-private {DAY}")).ended_with(0);
    assert!(
        text.stdout.contains("Approved by your organisation: by Head of IT security from 2026-01-15"),
        "{}",
        text.shown()
    );
    let root = home.prepared_root();
    let ran = home.run([
        "audit",
        "--root",
        &root,
        "--profile",
        "us-federal-civilian",
        "--as-of",
        "2026-11-22",
        "--format",
        "json",
    ]);
    let findings = ran.ended_with(0).json()["findings"].clone();
    let kes = findings
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["product"] == "kaspersky.kes-linux")
        .unwrap()
        .clone();
    assert_eq!(
        (&kes["tier"], &kes["approvals"][0]["by"]),
        (&Value::from("prohibited"), &Value::from("Head of purchasing"))
    );
}

#[test]
fn own_products_are_recognised_and_hide_nothing() {
    let home = with_examples();
    for (package, product) in
        [("example-inventory-agent", "own-tools.inventory-agent"), ("example-kesl-settings", "kaspersky.kes-linux")]
    {
        let found = identified(&home, package);
        assert_eq!(found["product"], product);
        assert!(found["matched"][0]["rule"].as_str().unwrap().ends_with(" (own)"), "{found}");
    }
    // Somebody tries to pass off the catalogue's products as an own one, in each way there is.
    home.file(
        &format!("{FOLDER}/vendors/aaa.toml"),
        r#"id = "aaa"
name = "Kaspersky"
[[product]]
id = "aaa.harmless"
name = "Kaspersky Endpoint Security for Linux"
made-for = "kaspersky"
classes = ["other"]
category = "other"
fingerprints = [
  { field = "deb-package", match = "exact", value = "kesl", confidence = "seen", source = ["here"] },
  { field = "publisher", match = "exact", value = "AO Kaspersky Lab", confidence = "seen", source = ["here"] },
]
[[person]]
id = "somebody"
name = "Andrei Tikhonov"
role = "director"
confidence = "known"
"#,
    );
    let plain = Home::new();
    for line in [
        r#"{"source":"deb_packages","name":"kesl"}"#,
        r#"{"source":"deb_packages","name":"kesl","publisher":"AO Kaspersky Lab"}"#,
        r#"{"source":"programs","name":"Kaspersky Endpoint Security for Windows","publisher":"Kaspersky"}"#,
        r#"{"source":"programs","name":"Something","publisher":"AO Kaspersky Lab"}"#,
    ] {
        let ours = home.given(line, "identify").ended_with(0);
        let theirs = plain.given(line, "identify").ended_with(0);
        assert_eq!(ours.stdout, theirs.stdout, "{line}");
        assert_eq!(ours.lines()[0]["vendor"], "kaspersky", "{line}");
    }
    let person = home.run(["assess", "--party", "Andrei Tikhonov", "--as-of", "2026-11-22", "--format", "json"]).json();
    assert_eq!(person["subject"]["party"]["id"], "andrei-tikhonov");
}

#[test]
fn one_broken_file_among_good_ones_costs_nothing_else() {
    let home = with_examples();
    let before = home.line("catalogue list --format json").json()["entries"].clone();
    home.file(&format!("{FOLDER}/vendors/broken.toml"), "id = \"broken\"\nname = \"Broken\"\ncolour = \"red\"\n");
    home.file(&format!("{FOLDER}/vendors/binary.toml"), b"id = \"binary\"\nname = \"\xff\xfe\"\n");
    home.file(&format!("{FOLDER}/restrictions/own-large.md"), vec![b'a'; 10_000_000]);
    home.file(&format!("{FOLDER}/restrictions/us/own-no-acronis.md"), examples()[0].1.clone());
    home.file(
        &format!("{FOLDER}/approvals/nobody.toml"),
        "subject = \"nobody-at-all\"\nby = \"CISO\"\nfrom = 2026-01-01\n",
    );
    home.file(&format!("{FOLDER}/catalogue.toml"), "version = \"1\"\n");
    let ran = home.line("catalogue list --format json").ended_with(0);
    assert_eq!(ran.json()["entries"], before);
    let folder = home.argument(FOLDER);
    for complaint in [
        format!("{folder}/vendors/broken.toml:3:1: warning[catalogue/unknown-key]: unknown key \"colour\""),
        format!("{folder}/vendors/binary.toml:2:9: warning[catalogue/not-utf8]"),
        format!("{folder}/restrictions/own-large.md: warning[app/own-too-large]"),
        format!("{folder}/restrictions/us/own-no-acronis.md:2:6: warning[catalogue/duplicate-id]"),
        format!("{folder}/approvals/nobody.toml:1:11: warning[catalogue/unknown-reference]"),
        format!("{folder}/catalogue.toml: warning[catalogue/unknown-file]"),
        "6 of 12 files of your own rules are not used; everything else is.".to_owned(),
    ] {
        assert!(ran.stderr.contains(&complaint), "{complaint}\n{}", ran.stderr);
    }
    assert_eq!(home.line("catalogue list --format json --quiet").ended_with(0).stderr, "");
    let lint = home.line("catalogue lint --own --format json").ended_with(1).json();
    assert_eq!(lint["errors"], 6, "{lint:#}");
    let one = home.run(["catalogue", "lint", &format!("{folder}/vendors/broken.toml")]).ended_with(1);
    assert!(one.stdout.starts_with(&format!("{folder}/vendors/broken.toml:3:1: error[")), "{}", one.shown());
    assert!(one.stdout.ends_with("1 error, 0 warnings\n"), "{}", one.shown());
    let good = home.run(["catalogue", "lint", &format!("{folder}/vendors/kaspersky.toml")]).ended_with(0);
    assert_eq!(good.stdout, "0 errors, 0 warnings\n");
    // The built-in catalogue's own check looks at no own file.
    assert_eq!(home.line("catalogue lint").stderr, "");
}

#[test]
fn links_are_followed_within_the_folder_only() {
    let home = with_examples();
    let secret = home.file("secret.toml", "id = \"outside\"\nname = \"Outside\"\n");
    let folder = home.path(FOLDER);
    symlink(&secret, folder.join("vendors/outside.toml")).unwrap();
    symlink(home.path(""), folder.join("away")).unwrap();
    symlink(folder.join("vendors"), folder.join("again")).unwrap();
    symlink("nowhere.toml", folder.join("vendors/nowhere.toml")).unwrap();
    fs::rename(folder.join("vendors/own-tools.toml"), folder.join("own-tools.txt")).unwrap();
    symlink(folder.join("own-tools.txt"), folder.join("vendors/own-tools.toml")).unwrap();
    let ran = home.line("catalogue list --kind vendor --format jsonl").ended_with(0);
    let ids: Vec<String> = ran.lines().iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect();
    assert!(ids.contains(&"own-tools".to_owned()) && !ids.contains(&"outside".to_owned()));
    assert_eq!(ran.stderr.matches("warning[app/own-link]").count(), 4, "{}", ran.stderr);
    assert!(!ran.stderr.contains("Outside"), "nothing of the file is shown");
}

#[test]
fn the_first_thousand_files_are_read() {
    let home = Home::new();
    for number in 0..1_003 {
        let id = format!("v{number:04}");
        home.file(&format!("{FOLDER}/vendors/{id}.toml"), format!("id = \"{id}\"\nname = \"Vendor {id}\"\n"));
    }
    let ran = home.line("catalogue list --kind vendor --format jsonl").ended_with(0);
    let own = ran.lines().into_iter().filter(|entry| entry["origin"] == "own").count();
    assert_eq!(own, 1_000);
    assert!(ran.stderr.contains("vendors/v1000.toml: warning[app/own-too-many]"), "{}", ran.stderr);
}

#[test]
fn the_folder_lies_beside_the_database_and_over_any_catalogue() {
    let home = with_examples();
    home.file("team/catalogue.d/vendors/team-tool.toml", "id = \"team-tool\"\nname = \"Team tool\"\n");
    home.line("catalogue show team-tool").ended_with(2);
    home.line("catalogue show team-tool --db team/inventory.db").ended_with(0);
    home.line("catalogue show own-tools --db team/inventory.db").ended_with(2);
    home.line("catalogue show own-tools --db elsewhere/inventory.db").ended_with(0);
    let catalogue = checkout::root().join("catalogue");
    home.run(["catalogue", "show", "own-tools", "--catalogue", catalogue.to_str().unwrap()]).ended_with(0);
    let without = Home::new();
    let ran = without.line("catalogue lint --own").ended_with(0);
    assert!(ran.stderr.contains("there are no own rules; they would stand in"), "{}", ran.shown());
    assert!(!without.has_data());
}

/// What was found with other rules is worked out anew as soon as a question is asked.
#[test]
fn a_new_rule_reaches_what_was_scanned_before() {
    let home = Home::new();
    let root = home.prepared_root();
    home.run(["audit", "--root", &root, "--profile", "us-private"]).ended_with(0);
    let findings = || home.line(&format!("findings --profile us-private {DAY} --format json")).ended_with(0).json();
    let has_vim = |found: &Value| found["findings"].as_array().unwrap().iter().any(|one| one["vendor"] == "vim-makers");
    assert!(!has_vim(&findings()));
    home.file(
        &format!("{FOLDER}/vendors/vim-makers.toml"),
        "id = \"vim-makers\"\nname = \"Makers of vim\"\n[[fingerprint]]\nfield = \"deb-package\"\nmatch = \"exact\"\nvalue = \"vim\"\nconfidence = \"known\"\n",
    );
    let ban = examples()[0].1.replace("own-no-acronis", "own-no-vim").replace("\"acronis\"", "\"vim-makers\"");
    home.file(&format!("{FOLDER}/restrictions/own-no-vim.md"), ban.replace("except-classes = [\"backup\"]\n", ""));
    let found = findings();
    assert!(has_vim(&found), "{found:#}");
    let vim = found["findings"].as_array().unwrap().iter().find(|one| one["vendor"] == "vim-makers").unwrap();
    assert_eq!(vim["tier"], "prohibited");
    assert_eq!(vim["activities"]["use"]["reasons"][0]["origin"], "own");
}
