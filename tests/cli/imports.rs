//! Other tools' exports through the real command: what is kept, what is told, what is taken back.

use std::fs;
use std::io::Write as _;

use crate::schemas::holds;
use crate::support::Home;

/// A full inventory of a Windows server, as a GLPI agent writes it, with the names of software given.
fn glpi(device: &str, software: &[&str]) -> String {
    let software: Vec<String> = software
        .iter()
        .map(|name| {
            let publisher = if name.starts_with("Kaspersky") { "AO Kaspersky Lab" } else { "Somebody" };
            format!(
                r#"{{"name":"{name}","publisher":"{publisher}","version":"12.1","arch":"x86_64","from":"registry"}}"#
            )
        })
        .collect();
    format!(
        r#"{{"deviceid":"{device}-2024-06-20-10-00-00","itemtype":"Computer","action":"inventory","content":{{"hardware":{{"name":"{device}","uuid":"4C4C4544-0042-3510-8052-{device}"}},"operatingsystem":{{"full_name":"Microsoft Windows Server 2022 Standard","kernel_name":"MSWin32"}},"versionclient":"GLPI-Agent_v1.7","softwares":[{}]}}}}"#,
        software.join(",")
    )
}

#[test]
fn an_export_is_kept_once_and_a_newer_one_closes_what_it_no_longer_tells() {
    let home = Home::new();
    let kes = "Kaspersky Endpoint Security for Windows";
    home.file("first.json", glpi("SRV1", &[kes, "7-Zip"]));
    let ran = home.line("import first.json --format json").ended_with(0).json();
    holds("import", &ran);
    let first = &ran["import"][0];
    assert_eq!((first["format"].as_str(), first["observations"].as_u64()), (Some("glpi-json"), Some(2)));
    let found = home.line("findings --profile us-private --as-of 2026-11-22 --format json").ended_with(0).json();
    assert_eq!(found["findings"][0]["vendor"], "kaspersky");

    let again = home.line("import first.json --format json").ended_with(0).json();
    assert_eq!(
        (again["import"][0]["known_before"].as_bool(), again["import"][0]["number"].as_u64()),
        (Some(true), Some(1))
    );
    home.line("import first.json").ended_with(0).tells("the same file is import 1 already; nothing changed");

    home.file("second.json", glpi("SRV1", &["7-Zip"]));
    let second = home.line("import second.json --format json").ended_with(0).json();
    assert_eq!(second["import"][0]["gone_installations"], 1);
    let found = home.line("findings --profile us-private --as-of 2026-11-22 --format json").ended_with(0).json();
    assert_eq!(found["findings"].as_array().unwrap().len(), 0);
    assert_eq!(home.line("machines --format json").ended_with(0).json()["machines"].as_array().unwrap().len(), 1);

    home.line("imports undo 1").complains_of(1, &["error[store/batch-built-upon]", "undo the later imports first"]);
    let undone = home.line("imports undo 2 --format json").ended_with(0).json();
    holds("import-undo", &undone);
    let found = home.line("findings --profile us-private --as-of 2026-11-22 --format json").ended_with(0).json();
    assert_eq!(found["findings"][0]["vendor"], "kaspersky", "as it was before");
    home.line("imports undo 1").ended_with(0).tells("1 machine known from it alone is gone");
    assert_eq!(home.line("machines --format json").ended_with(0).json()["machines"].as_array().unwrap().len(), 0);
    let list = home.line("imports list --format json").ended_with(0).json();
    holds("imports", &list);
    assert!(list["imports"].as_array().unwrap().iter().all(|batch| batch["undone"].is_string()));
    let kinds = home.line("log list --format jsonl").ended_with(0).lines();
    let kinds: Vec<&str> = kinds.iter().filter_map(|entry| entry["kind"].as_str()).collect();
    assert_eq!(kinds.iter().filter(|kind| kind.starts_with("import")).count(), 4, "{kinds:?}");
    home.line("log verify").ended_with(0);
}

#[test]
fn what_cannot_be_used_is_told_kept_and_listed() {
    let home = Home::new();
    home.file(
        "results.log",
        concat!(
            r#"{"name":"p","hostIdentifier":"srv-1","unixTime":1718841600,"columns":{"name":"Kaspersky Security Center","version":"15","publisher":"AO Kaspersky Lab"},"action":"added"}"#,
            "\nnonsense\n",
            r#"{"name":"p","hostIdentifier":"srv-1","unixTime":1718841600,"columns":{"name":"Gone","version":"1","publisher":"x"},"action":"removed"}"#,
            "\n",
        ),
    );
    let ran = home.line("import results.log").ended_with(0);
    assert!(ran.stderr.contains("results.log:2: error[app/import-record]"), "{}", ran.shown());
    assert!(
        ran.stdout.contains("1 left out, 1 record could not be used (interdict imports rejects 1)"),
        "{}",
        ran.shown()
    );
    let rejects = home.line("imports rejects 1 --format json").ended_with(0).json();
    holds("import-rejects", &rejects);
    assert_eq!(
        (rejects["rejects"][0]["place"].as_str(), rejects["rejects"][0]["excerpt"].as_str()),
        (Some("line 2"), Some("nonsense "))
    );
    let machines = home.line("imports machines 1 --format json").ended_with(0).json();
    holds("import-machines", &machines);
    assert_eq!(machines["machines"][0]["rule"], "new");
    home.line("imports rejects 7").complains_of(1, &["error[store/unknown-batch]", "interdict imports"]);
}

#[test]
fn a_machine_that_was_scanned_is_the_one_an_export_tells_of() {
    let home = Home::new();
    let root = home.prepared_root();
    let audited = home.run(["audit", "--root", &root, "--format", "json"]).ended_with(0).json();
    let hostname = audited["machine"]["hostname"].as_str().unwrap().to_uppercase();
    home.file("glpi.json", glpi(&hostname, &["7-Zip"]));
    home.line("import glpi.json").ended_with(0);
    let machines = home.line("machines --format json").ended_with(0).json();
    assert_eq!(machines["machines"].as_array().unwrap().len(), 1, "{machines}");
    let text = home.line("imports machines 1").ended_with(0).stdout;
    assert!(text.contains("hostname") && text.contains("by its host name alone"), "{text}");
}

#[test]
fn a_table_is_previewed_described_and_known_again() {
    let home = Home::new();
    let csv =
        "Where;What it is;Of;Ver\nPC-1;Kaspersky Endpoint Security;AO Kaspersky Lab;12.1\nPC-2;7-Zip;Igor Pavlov;24\n";
    home.file("list.csv", csv);
    let preview = home.line("import list.csv --preview --format json").ended_with(0).json();
    holds("import-preview", &preview);
    assert!(!home.has_data(), "a preview keeps nothing");
    assert_eq!(preview["previews"][0]["columns"].as_array().unwrap().len(), 4);
    home.file(
        "mapping.json",
        r#"{"schema":"interdict/mapping/v1","columns":{"device_name":"Where","name":"What it is","publisher":"Of","version":"Ver"},"os":"windows"}"#,
    );
    home.line("import list.csv --mapping mapping.json").ended_with(0).tells("2 observations of 2 machines");
    home.file("later.csv", csv.replace("PC-1", "PC-9"));
    home.line("import later.csv").ended_with(0).tells("2 observations of 2 machines");
    let machines = home.line("machines --format csv").ended_with(0).stdout;
    for name in ["PC-1", "PC-2", "PC-9"] {
        assert!(machines.contains(name), "{machines}");
    }
    home.file("broken.json", r#"{"schema":"interdict/mapping/v1","colums":{}}"#);
    home.line("import list.csv --mapping broken.json").complains_of(1, &["error[import/bad-mapping]"]);
}

#[test]
fn formats_are_listed_and_a_misspelt_one_is_told() {
    let home = Home::new();
    let formats = home.line("imports formats --format json").ended_with(0).json();
    holds("import-formats", &formats);
    assert!(formats["formats"].as_array().unwrap().len() > 5);
    home.file("x.json", "{}");
    home.line("import x.json --from glpi-jsn").complains_of(2, &["error[cli/unknown-format]", "glpi-json"]);
}

#[test]
fn hostile_and_broken_files_leave_nothing() {
    let home = Home::new();
    let bomb = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(br#"{"deviceid":"x","itemtype":"Computer","content":{"softwares":[{"name":"x"}"#).unwrap();
        for _ in 0..300 {
            encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
        }
        encoder.finish().unwrap()
    };
    let cut = glpi("SRV1", &["a", "b"]);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty.json", Vec::new(), "import/empty"),
        ("letter.txt", b"Dear colleagues\n".to_vec(), "import/unknown-format"),
        ("bomb.json.gz", bomb, "import/bomb"),
        ("cut.json", cut.as_bytes()[..cut.len() - 40].to_vec(), "import/unreadable"),
        (
            "deep.json",
            format!("{}{}", r#"{"deviceid":"x","content":{"softwares":"#, "[".repeat(10_000)).into_bytes(),
            "import/unreadable",
        ),
        ("wide.csv", format!("a,b\n{}\n", ",".repeat(100_000)).into_bytes(), "import/"),
    ];
    for (name, bytes, code) in cases {
        fs::write(home.path(name), bytes).unwrap();
        home.run(["import", name]).complains_of(1, &[code, name]);
        assert!(!home.has_data(), "{name} made a database");
    }
    fs::create_dir(home.path("folder")).unwrap();
    home.line("import folder").complains_of(1, &["error[app/file]", "it is a folder"]);
}
