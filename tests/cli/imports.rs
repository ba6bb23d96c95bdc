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

/// A list whose titles nobody knows and whose rows are not even is one all the same: what there is to say, and how.
#[test]
fn an_uneven_list_of_unknown_titles_is_told_how_it_can_be_read() {
    let home = Home::new();
    home.file("list.csv", "Kasten;Was;Stand\nA;7-Zip;24\nB;Kaspersky Endpoint Security;12\nC;ohne\n");
    let ran = home.line("import list.csv");
    let ran = ran.complains_of(1, &["error[import/needs-mapping]", "Kasten, Was, Stand", "--mapping"]);
    assert!(!ran.stderr.contains("unknown-format") && !home.has_data(), "{}", ran.shown());
    home.file(
        "columns.json",
        r#"{"schema":"interdict/mapping/v1","columns":{"device_name":"Kasten","name":"Was","version":"Stand"}}"#,
    );
    let ran = home.line("import list.csv --mapping columns.json --format json").ended_with(0).json();
    assert_eq!(
        (ran["import"][0]["observations"].as_u64(), ran["import"][0]["rejected"].as_u64()),
        (Some(3), Some(0)),
        "a row with too few columns misses the last ones"
    );
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
        ("wide.csv", format!("a,b\n{}\n", ",".repeat(100_000)).into_bytes(), "import/unknown-format"),
    ];
    for (name, bytes, code) in cases {
        fs::write(home.path(name), bytes).unwrap();
        home.run(["import", name]).complains_of(1, &[code, name]);
        assert!(!home.has_data(), "{name} made a database");
    }
    fs::create_dir(home.path("folder")).unwrap();
    home.line("import folder").complains_of(1, &["error[app/file]", "it is a folder"]);
}

/// A zip archive with these members.
fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A workbook of one sheet, which has a link to another workbook beside it; `declarations` stand before the sheet.
fn workbook(declarations: &str, version: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let row = |cells: [&str; 3]| {
        let cells = cells.map(|text| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"));
        format!("<row>{}</row>", cells.concat())
    };
    let rows = row(["Hostname", "Software name", "Version"]) + &row(["PC-1", "7-Zip", version]);
    let sheet = format!(
        "<?xml version=\"1.0\"?>{declarations}<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"
    );
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
    };
    let relations = |inner: &str| format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{inner}</Relationships>");
    let types = format!(
        "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
    );
    let outside = format!(
        "<Relationship Id=\"r2\" Type=\"{OFFICE}/externalLink\" TargetMode=\"External\" Target=\"http://192.0.2.1/x.xlsx\"/>"
    );
    zipped(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", relations(&relation("r1", "officeDocument", "xl/workbook.xml")).as_bytes()),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            )
            .as_bytes(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            relations(&format!("{}{outside}", relation("r1", "worksheet", "worksheets/sheet1.xml"))).as_bytes(),
        ),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

/// Files that a person did not mean badly, or that somebody did: each is refused with its reason, and nothing is kept.
#[test]
fn files_made_to_do_harm_are_refused_and_leave_nothing() {
    let home = Home::new();
    let titles = "Hostname,Software name,Version\n";
    let laughs: String = (1..10).fold("<!DOCTYPE l [<!ENTITY l0 \"lol\">".to_owned(), |text, level| {
        text + &format!("<!ENTITY l{level} \"{}\">", format!("&l{};", level - 1).repeat(10))
    });
    let rows = "PC-1,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,1\n".repeat(20_000);
    let bomb = zipped(&[(
        "list.csv",
        [titles.as_bytes(), " ".repeat(200 << 20).as_bytes(), rows.as_bytes()].concat().as_slice(),
    )]);
    let cases: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        (
            "quote.csv",
            format!("{titles}PC-1,\"never closed,1\nPC-1,x,1\n").into_bytes(),
            "import/unreadable",
            "never closed",
        ),
        ("nuls.csv", vec![0; 100_000], "import/unknown-format", "binary data"),
        (
            "line.csv",
            format!("{titles}{}", "x".repeat(8 << 20)).into_bytes(),
            "import/unknown-format",
            "a line of more than",
        ),
        (
            "columns.csv",
            format!("{titles}{}\n", ",".repeat(100_000)).into_bytes(),
            "import/unreadable",
            "16384 columns",
        ),
        ("deep.json", ["[".repeat(10_000), "]".repeat(10_000)].concat().into_bytes(), "import/unknown-format", "JSON"),
        ("bomb.zip", bomb, "import/too-large", "line 2"),
        ("laughs.xlsx", workbook(&format!("{laughs}]>"), "&l9;"), "import/unreadable", "declaration"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\0\0\0\0\rIHDR".to_vec(), "import/unknown-format", "binary data"),
    ];
    for (name, bytes, code, says) in cases {
        fs::write(home.path(name), bytes).unwrap();
        home.run(["import", name]).complains_of(1, &[code, name, says]);
        assert!(!home.has_data(), "{name} made a database");
    }
    #[cfg(unix)]
    if !crate::support::is_root() {
        use std::os::unix::fs::PermissionsExt as _;
        home.file("secret.csv", titles);
        fs::set_permissions(home.path("secret.csv"), fs::Permissions::from_mode(0o000)).unwrap();
        home.line("import secret.csv").complains_of(1, &["error[app/file]", "secret.csv", "who may read"]);
        assert!(!home.has_data());
    }
}

/// What only looks dangerous is read for what it says: nothing outside is touched or asked.
#[test]
fn what_only_looks_dangerous_is_read_for_what_it_says() {
    let home = Home::new();
    let titles = "Hostname,Software name,Version\n";
    let cases: Vec<(&str, Vec<u8>, u64)> = vec![
        ("inside/up.zip", zipped(&[("../../escaped.csv", format!("{titles}PC-1,7-Zip,24\n").as_bytes())]), 1),
        ("links.xlsx", workbook("", "24"), 1),
        ("nul.csv", format!("{titles}PC-1,a\0b,1\nPC-1,c,1\n").into_bytes(), 1),
        ("table.json", format!("{titles}PC-2,7-Zip,24\n").into_bytes(), 1),
        (
            "circle.json",
            br#"{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"component":{"type":"device","name":"pc-9"}},"components":[{"type":"library","name":"x","version":"1","bom-ref":"b"},{"type":"library","name":"y","version":"1","bom-ref":"c"}],"dependencies":[{"ref":"b","dependsOn":["c"]},{"ref":"c","dependsOn":["b","c"]}]}"#.to_vec(),
            2,
        ),
    ];
    fs::create_dir(home.path("inside")).unwrap();
    for (name, bytes, observations) in cases {
        fs::write(home.path(name), bytes).unwrap();
        let ran = home.run(["import", name, "--format", "json"]).ended_with(0).json();
        assert_eq!(ran["import"][0]["observations"].as_u64(), Some(observations), "{name}: {ran}");
    }
    for place in ["escaped.csv", "inside/escaped.csv"] {
        assert!(!home.path(place).exists(), "{place} was written");
    }
    home.line("imports rejects 3").ended_with(0).tells("NUL");
}

/// What `dpkg -l` prints, of one package.
fn package_list(version: &str) -> String {
    format!(
        "||/ Name  Version       Architecture  Description\n\
         +++-=====-=============-=============-===========\n\
         ii  vim   {version}     amd64         Vi IMproved\n"
    )
}

#[test]
fn what_is_decided_about_a_device_holds_for_later_imports() {
    let home = Home::new();
    home.file("list.csv", "Computer name,Software,Version\nPC-1,Example,1.0\n");
    home.line("import list.csv --from table").ended_with(0);
    let taken = |version: &str| {
        home.file("PC-1.txt", package_list(version));
        let number =
            home.line("import PC-1.txt --from dpkg-l --format json").ended_with(0).json()["import"][0]["number"]
                .as_i64()
                .expect("a number");
        let rows = home.line(&format!("imports machines {number} --format json")).ended_with(0).json();
        let row = &rows["machines"][0];
        (number, row["rule"].as_str().unwrap().to_owned(), row["id"].as_str().unwrap().to_owned())
    };
    let (second, rule, first_machine) = taken("1.0");
    assert_eq!(rule, "hostname", "the usual rule");
    let decided = home.line(&format!("imports decide {second} pc-1 --not-same --format json")).ended_with(0).json();
    assert_eq!(decided["decisions"][0]["decision"], "not-same");
    let listed = home.line(&format!("imports machines {second} --format json")).ended_with(0).json();
    assert_eq!(listed["machines"][0]["decision"], "not-same");
    home.line(&format!("imports undo {second}")).ended_with(0);
    let (_, rule, other_machine) = taken("1.0");
    assert_eq!(rule, "new");
    assert_ne!(other_machine, first_machine);
    let (third, rule, again) = taken("1.1");
    assert_eq!((rule.as_str(), &again), ("hostname", &other_machine), "it is the other one ever after");
    home.line(&format!("imports decide {third} PC-1 --same {first_machine} --later")).ended_with(0).tells("is PC-1");
    let (fourth, rule, again) = taken("1.2");
    assert_eq!((rule.as_str(), &again), ("decided", &first_machine));
    home.line(&format!("imports decide {fourth} PC-1 --forget")).ended_with(0).tells("by the usual rule");
    let (_, rule, _) = taken("1.3");
    assert_eq!(rule, "hostname", "of two that bear the name the one whose id it is, since this tool told of it");
    let log = home.line("log list --format jsonl").ended_with(0).lines();
    let decisions = log.iter().filter(|entry| entry["kind"] == "machine-decided").count();
    assert_eq!(decisions, 3);
    home.line("log verify").ended_with(0);
    home.line("database check").ended_with(0);
    home.line(&format!("imports decide {fourth} PC-2 --not-same"))
        .complains_of(2, &["error[app/unknown-id]", "no device"]);
    home.line("imports decide 99 PC-1 --not-same").complains_of(1, &["error[store/unknown-batch]"]);
    home.line("imports decide 1 PC-1").complains_of(2, &["--not-same"]);
}

/// What a GLPI agent writes of a machine that its server gave no id, of a name that another machine has, too.
fn glpi_of(uuid: &str, serial: &str, software: &str) -> String {
    format!(
        r#"{{"itemtype":"Computer","action":"inventory","content":{{"hardware":{{"name":"PC-1","uuid":"{uuid}"}},"bios":{{"ssn":"{serial}"}},"versionclient":"GLPI-Agent_v1.7","softwares":[{{"name":"{software}","publisher":"Somebody","version":"1","from":"registry"}}]}}}}"#
    )
}

/// Ids and names of the machines, and what is on each, as the command tells them.
fn software_by_machine(home: &Home) -> Vec<(String, Vec<String>)> {
    let machines = home.line("machines --format json").ended_with(0).json();
    let rows = home.line("installations --format json").ended_with(0).json();
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    for machine in machines["machines"].as_array().unwrap() {
        let id = machine["id"].as_str().unwrap().to_owned();
        let is_of = |row: &&serde_json::Value| row["machine"]["id"] == id.as_str();
        let on_it = rows["installations"].as_array().unwrap().iter().filter(is_of);
        let mut names: Vec<String> = on_it.map(|row| row["name"].as_str().unwrap().to_owned()).collect();
        names.sort_unstable();
        all.push((id, names));
    }
    all.sort();
    all
}

#[test]
fn two_devices_of_one_name_are_two_machines_and_stay_so() {
    let home = Home::new();
    home.file("first.json", glpi_of("4C4C4544-0042-3510-8052-AAAAAAAAAAAA", "S-ONE", "First"));
    home.file("second.json", glpi_of("4C4C4544-0042-3510-8052-BBBBBBBBBBBB", "S-TWO", "Second"));
    home.line("import first.json second.json").ended_with(0);
    let two = software_by_machine(&home);
    let second = "import:pc-1:4c4c4544-0042-3510-8052-bbbbbbbbbbbb";
    assert_eq!(
        two,
        [("import:pc-1".to_owned(), vec!["First".to_owned()]), (second.to_owned(), vec!["Second".to_owned()])]
    );
    let rules = home.line("imports machines 2 --format json").ended_with(0).json();
    assert_eq!(rules["machines"][0]["rule"], "namesake");

    // Another file of the same tool: each is who it was.
    home.file("third.json", glpi_of("4C4C4544-0042-3510-8052-BBBBBBBBBBBB", "S-TWO", "Third"));
    home.file("fourth.json", glpi_of("4C4C4544-0042-3510-8052-AAAAAAAAAAAA", "S-ONE", "Fourth"));
    home.line("import third.json fourth.json").ended_with(0);
    let names = software_by_machine(&home);
    assert_eq!(
        names,
        [("import:pc-1".to_owned(), vec!["Fourth".to_owned()]), (second.to_owned(), vec!["Third".to_owned()])]
    );

    // A tool that tells the name only: nothing says which of the two it means, now or the next time.
    for (file, version) in [("a.csv", "1"), ("b.csv", "2")] {
        home.file(file, format!("Computer name,Software,Version\nPC-1,Plain,{version}\n"));
        home.run(["import", file, "--from", "table"]).ended_with(0);
        let ids: Vec<String> = software_by_machine(&home).into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, ["import:pc-1", "import:pc-1:2", second], "{file}");
    }

    // One table, two devices of a name, known by their serial numbers, one of which is known already.
    for version in ["1", "2"] {
        let rows = format!("PC-1,S-TWO,Listed,{version}\nPC-1,S-NEW,Listed too,{version}\nPC-1,S-NEW,More,{version}\n");
        home.file("serials.csv", format!("Computer name,Serial number,Software,Version\n{rows}"));
        home.line("import serials.csv --from jamf").ended_with(0);
        let listed = software_by_machine(&home);
        let ids: Vec<&str> = listed.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["import:pc-1", "import:pc-1:2", second, "import:pc-1:s-new"]);
        assert!(listed[2].1.contains(&"Listed".to_owned()), "{listed:?}");
    }
    home.line("database check").ended_with(0);
    home.line("log verify").ended_with(0);
}

#[test]
fn devices_of_one_name_in_other_formats_are_two_machines_too() {
    let home = Home::new();
    let xml = |serial: &str, name: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><REQUEST><CONTENT><HARDWARE><NAME>PC-9</NAME></HARDWARE><BIOS><SSN>{serial}</SSN></BIOS><SOFTWARES><NAME>{name}</NAME><VERSION>1</VERSION><FROM>registry</FROM></SOFTWARES><VERSIONCLIENT>GLPI-Agent_v1.7</VERSIONCLIENT></CONTENT><QUERY>INVENTORY</QUERY></REQUEST>"
        )
    };
    home.file("one.xml", xml("S-ONE", "First"));
    home.file("two.xml", xml("S-TWO", "Second"));
    for _ in 0..2 {
        home.line("import one.xml two.xml --from glpi-xml").ended_with(0);
        let ids: Vec<String> = software_by_machine(&home).into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, ["import:pc-9", "import:pc-9:s-two"]);
    }
    home.line("database check").ended_with(0);
}

#[test]
fn two_machines_that_are_one_become_one() {
    let home = Home::new();
    let kes = "Kaspersky Endpoint Security for Windows";
    home.file("glpi.json", glpi("PC-7", &[kes, "Shared"]));
    home.file("list.csv", "Computer name,Software,Version\nBuero-7,Shared,1\nBuero-7,Own,1\nPC-8,Other,1\n");
    home.line("import glpi.json").ended_with(0);
    home.line("import list.csv --from table").ended_with(0);
    let of_glpi = home.line("imports machines 1 --format json").ended_with(0).json();
    let id = of_glpi["machines"][0]["id"].as_str().unwrap().to_owned();

    let tried = home.line("imports decide 2 buero-7 --same PC-7 --dry-run --format json").ended_with(0).json();
    holds("import-decision", &tried);
    assert_eq!((tried["done"].as_bool(), tried["joined"]["installations"].as_u64()), (Some(false), Some(2)));
    assert_eq!(home.line("machines --format json").ended_with(0).json()["machines"].as_array().unwrap().len(), 3);
    let text = home.line("imports decide 2 buero-7 --same PC-7 --dry-run").ended_with(0).stdout;
    for said in ["Buero-7 (import:buero-7) would become one with PC-7", "not taken apart again", "Nothing was changed"]
    {
        assert!(text.contains(said), "{text}");
    }
    let done = home.line("imports decide 2 buero-7 --same PC-7 --format json").ended_with(0).json();
    assert_eq!((done["done"].as_bool(), done["joined"]["id"].as_str()), (Some(true), Some(id.as_str())));
    let on_it = software_by_machine(&home);
    assert_eq!(on_it.iter().find(|(machine, _)| *machine == id).expect("is there").1, [kes, "Own", "Shared", "Shared"]);
    assert_eq!(on_it.len(), 2);
    let found = home.line("findings --profile us-private --as-of 2026-11-22 --format json").ended_with(0).json();
    assert_eq!(found["findings"][0]["vendor"], "kaspersky");

    // Later imports of the tool follow, and nothing is told twice.
    home.file("later.csv", "Computer name,Software,Version\nBuero-7,Newer,2\n");
    home.line("import later.csv --from table").ended_with(0);
    let rules = home.line("imports machines 3 --format json").ended_with(0).json();
    assert_eq!(
        (rules["machines"][0]["rule"].as_str(), rules["machines"][0]["id"].as_str()),
        (Some("decided"), Some(id.as_str()))
    );
    let kinds: Vec<String> = home
        .line("log list --format jsonl")
        .ended_with(0)
        .lines()
        .iter()
        .filter_map(|entry| entry["kind"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "machines-joined").count(), 1, "{kinds:?}");
    home.line("log verify").ended_with(0);
    home.line("database check").ended_with(0);

    // Where others tell of the machine that would go, it has to be said.
    home.line("imports decide 3 Buero-7 --same PC-8")
        .complains_of(1, &["error[app/told-by-others]", "glpi-json", "--join", "--later"]);
    home.line("imports decide 3 Buero-7 --same PC-8 --join").ended_with(0).tells("became one with");
    assert_eq!(software_by_machine(&home).len(), 1);
    home.line("imports undo 3").ended_with(0);
    home.line("database check").ended_with(0);
    home.line("imports decide 2 Buero-7 --join --forget").complains_of(2, &["--join", "--forget"]);
}
