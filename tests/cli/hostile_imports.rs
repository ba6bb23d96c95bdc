//! Exports that are broken or made to do harm, through the real command: each ends soon with an error that has its exact
//! code and says why, holds little memory whatever the file's size, and leaves the inventory as it was.
//!
//! Files are written piece by piece, 64 MiB of what has no end in the usual run and 1 GiB by `cargo xtask test --long`.

use std::fs::{self, File};
use std::io::{BufWriter, Seek, Write};
use std::time::Duration;

use crate::support::{Home, measured, skipped};

/// Most of what an import may hold of memory, in KiB, where the file is far larger.
const MOST_MEMORY: u64 = 300 * 1024;
/// When an import is taken to go on for ever, of a program that is not optimised, on a machine that may do much else.
const LONGEST: Duration = Duration::from_mins(10);
/// The titles of a table.
const TITLES: &str = "Hostname,Software name,Version\n";
/// A row of it, as long as a row usually is.
const ROW: &str = "PC-1,7-Zip 24.05 (x64),24.05\n";
/// What begins a GLPI inventory, up to the value of a name.
const GLPI: &str = r#"{"deviceid":"x","itemtype":"Computer","content":{"versionclient":"v","softwares":[{"name":"#;
/// What begins a `FusionInventory` inventory, up to its software.
const FUSION: &str = "<?xml version=\"1.0\"?><REQUEST><DEVICEID>x</DEVICEID><CONTENT><BIOS/><SOFTWARES>";

/// The parts of a workbook but for its sheet and its texts. It has a link to another workbook elsewhere.
const WORKBOOK: &[(&str, &str)] = &[
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink" TargetMode="External" Target="http://192.0.2.1/x.xlsx"/></Relationships>"#,
    ),
];
/// The beginning of a sheet, with its titles and a row.
const SHEET: &str = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row><c t="inlineStr"><is><t>Hostname</t></is></c><c t="inlineStr"><is><t>Software name</t></is></c></row><row><c t="inlineStr"><is><t>PC-1</t></is></c><c t="inlineStr"><is><t>7-Zip</t></is></c></row>"#;
/// The beginning of the texts that sheets share.
const TEXTS: &str = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#;

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packed {
    Not,
    Gzip,
    Zip,
    /// As the sheet of a workbook.
    Sheet,
    /// As the texts that the sheets of a workbook share.
    Texts,
}

/// A file: its beginning, what follows again and again, its end, and what comes of it.
struct Hostile {
    name: &'static str,
    begins: String,
    repeated: String,
    ends: &'static str,
    /// How often what is repeated stands there; until the file is as large as asked for where it is not said.
    times: Option<usize>,
    packed: Packed,
    code: &'static str,
    says: &'static str,
}

impl Hostile {
    /// A file without an end.
    fn endless(name: &'static str, begins: String, repeated: &str, (code, says): (&'static str, &'static str)) -> Self {
        let repeated = repeated.to_owned();
        Self { name, begins, repeated, ends: "", times: None, packed: Packed::Not, code, says }
    }

    fn times(self, times: usize, ends: &'static str) -> Self {
        Self { times: Some(times), ends, ..self }
    }

    fn packed(self, packed: Packed) -> Self {
        Self { packed, ..self }
    }

    fn write(&self, home: &Home, size: usize) {
        let file = BufWriter::new(File::create(home.path(self.name)).unwrap());
        match self.packed {
            Packed::Not => self.write_into(file, size),
            Packed::Gzip => {
                let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::best());
                self.write_into(&mut encoder, size);
                encoder.finish().unwrap().flush().unwrap();
            }
            Packed::Zip => {
                let mut archive = zip::ZipWriter::new(file);
                let options = zip::write::SimpleFileOptions::default();
                archive.start_file("export", options).unwrap();
                self.write_into(&mut archive, size);
                archive.finish().unwrap();
            }
            Packed::Sheet | Packed::Texts => self.write_workbook(file, size),
        }
    }

    fn write_workbook(&self, file: impl Write + Seek, size: usize) {
        let mut archive = zip::ZipWriter::new(file);
        let mut part = |name: &str, content: &dyn Fn(&mut dyn Write)| {
            archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            content(&mut archive);
        };
        for (name, text) in WORKBOOK {
            part(name, &|part| part.write_all(text.as_bytes()).unwrap());
        }
        for (name, packed, harmless) in [
            ("xl/worksheets/sheet1.xml", Packed::Sheet, format!("{SHEET}</sheetData></worksheet>")),
            ("xl/sharedStrings.xml", Packed::Texts, format!("{TEXTS}</sst>")),
        ] {
            part(name, &|part| {
                if self.packed == packed {
                    self.write_into(part, size);
                } else {
                    part.write_all(harmless.as_bytes()).unwrap();
                }
            });
        }
        archive.finish().unwrap();
    }

    fn write_into(&self, mut file: impl Write, size: usize) {
        file.write_all(self.begins.as_bytes()).unwrap();
        let times = self.times.unwrap_or(size / self.repeated.len().max(1));
        // In pieces of about a mebibyte.
        let at_once = ((1 << 20) / self.repeated.len().max(1)).clamp(1, times.max(1));
        let piece = self.repeated.repeat(at_once);
        for _ in 0..times / at_once {
            file.write_all(piece.as_bytes()).unwrap();
        }
        file.write_all(self.repeated.repeat(times % at_once).as_bytes()).unwrap();
        file.write_all(self.ends.as_bytes()).unwrap();
        file.flush().unwrap();
    }
}

/// More rows than a file is told by.
fn table() -> String {
    format!("{TITLES}{}", ROW.repeat(5_000))
}

fn tables() -> Vec<Hostile> {
    let endless = Hostile::endless;
    vec![
        endless("nothing-but-nuls.csv", String::new(), "\0", ("import/unknown-format", "binary data")),
        endless("one-line.csv", String::new(), "x", ("import/unknown-format", "a line of more than 65536 bytes")),
        endless("one-line-in-a-table.csv", table() + "PC-1,", "x", ("import/too-large", "line 5002")),
        endless(
            "unclosed-quote.csv",
            table() + "PC-1,\"never closed,1\n",
            ROW,
            ("import/too-large", "is a quote never closed?"),
        ),
        endless("titles.csv", "c".to_owned(), ",c", ("import/unknown-format", "a line of more than 65536 bytes"))
            .times(100_000, "\n1,2\n"),
        endless("columns.csv", table(), "a,", ("import/unreadable", "a row of more than 16384 columns (line 5002)"))
            .times(100_000, "\n"),
        endless("columns-without-end.csv", table(), "a,", ("import/unreadable", "more than 16384 columns")),
    ]
}

fn documents() -> Vec<Hostile> {
    let endless = Hostile::endless;
    let bill = |member: &str| format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.5",{member}"#);
    vec![
        endless("deep.json", String::new(), "[", ("import/unknown-format", "JSON")).times(10_000, ""),
        endless("deep-in-glpi.json", GLPI.to_owned(), "[", ("import/unreadable", "line 1")).times(10_000, ""),
        endless("name-without-end.json", GLPI.to_owned() + "\"", "a", ("import/unreadable", "cut short")),
        endless(
            "component-without-end.json",
            bill(r#""components":[{"type":"library","name":""#),
            "a",
            ("import/too-large", "8388608 bytes"),
        ),
        endless("member-without-end.json", bill("\"x\":\""), "a", ("import/too-large", "8388608 bytes")),
        endless("blanks-without-end.json", bill("\"components\":["), " ", ("import/too-large", "8388608 bytes")),
        endless("name-without-end.xml", format!("{FUSION}<NAME>"), "a", ("import/too-large", "8388608 bytes")),
        endless("attribute-without-end.xml", format!("{FUSION}<NAME a=\""), "a", ("import/too-large", "8388608 bytes")),
        endless("deep.xml", FUSION.to_owned(), "<a>", ("import/unreadable", "128 deep")),
        endless(
            "package.status",
            "Package: kesl\nVersion: 1\nDescription: x\n".to_owned(),
            " a line more of it\n",
            ("import/too-large", "the record that begins on line 1"),
        ),
    ]
}

fn bombs() -> Vec<Hostile> {
    let endless = Hostile::endless;
    let laughs: String = (1..10).fold("<!DOCTYPE l [<!ENTITY l0 \"lol\">".to_owned(), |text, level| {
        text + &format!("<!ENTITY l{level} \"{}\">", format!("&l{};", level - 1).repeat(10))
    });
    vec![
        endless("bomb.json.gz", GLPI.to_owned() + "\"x\"}", " ", ("import/bomb", "made to fill memory or disk"))
            .times(300 << 20, "")
            .packed(Packed::Gzip),
        endless("bomb.zip", TITLES.to_owned(), " ", ("import/too-large", "line 2"))
            .times(300 << 20, "")
            .packed(Packed::Zip),
        endless("json.zip", GLPI.to_owned() + "\"x\"}", " ", ("import/bomb", "made to fill memory or disk"))
            .times(300 << 20, "")
            .packed(Packed::Zip),
        endless(
            "laughs-without-end.xml",
            format!(
                "<?xml version=\"1.0\"?>{laughs}]><REQUEST><DEVICEID>x</DEVICEID><CONTENT><BIOS/><SOFTWARES><NAME>"
            ),
            "&l9;",
            ("import/too-large", "8388608 bytes"),
        ),
        endless(
            "cell.xlsx",
            format!("{SHEET}<row><c t=\"inlineStr\"><is><t>"),
            "a",
            ("import/too-large", "a text in the part xl/worksheets/sheet1.xml"),
        )
        .packed(Packed::Sheet),
        endless("cells.xlsx", format!("{SHEET}<row>"), "<c><v>1</v></c>", ("import/unreadable", "16384 columns"))
            .times(100_000, "</row></sheetData></worksheet>")
            .packed(Packed::Sheet),
        endless(
            "laughs.xlsx",
            format!("{laughs}]>{SHEET}<row><c t=\"inlineStr\"><is><t>"),
            "&l9;",
            ("import/unreadable", "a declaration"),
        )
        .packed(Packed::Sheet),
        endless(
            "text.xlsx",
            format!("{TEXTS}<si><t>"),
            "a",
            ("import/too-large", "a text in the part xl/sharedStrings.xml"),
        )
        .packed(Packed::Texts),
        endless("empty.csv", String::new(), "", ("import/empty", "the file is empty")).times(0, ""),
        endless("blanks.csv", String::new(), " \n", ("import/empty", "the file is empty")).times(1_000, ""),
        endless(
            "picture.csv",
            "\u{89}PNG\r\n\x1a\n\0\0\0\0IHDR\0\0\0\0".to_owned(),
            "\0",
            ("import/unknown-format", "binary"),
        )
        .times(500, ""),
    ]
}

/// As many texts as a workbook may share, each of which takes more memory than it is long. They are packed to no less than
/// honest ones are, so that nobody takes them for a bomb.
#[test]
#[ignore = "long: five million texts"]
fn a_workbook_of_countless_texts_is_read_within_bounds() {
    let home = home();
    let mut random = 1_u32;
    let mut digit = || {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 24) % 10
    };
    let texts: String = (0..4_000).fold(String::new(), |texts, _| texts + &format!("<si><t>{}</t></si>", digit()));
    let file = Hostile::endless("texts.xlsx", TEXTS.to_owned(), &texts, ("", "")).times(0, "</sst>");
    let file = Hostile { times: Some((79 << 20) / texts.len()), ..file }.packed(Packed::Texts);
    file.write(&home, 0);
    let mut command = home.command();
    command.args(["import", file.name]);
    let outcome = measured(&home, &mut command, LONGEST);
    outcome.ran.ended_with(0).tells("1 observation of PC-1");
    assert!(outcome.memory < MOST_MEMORY, "it took {} KiB", outcome.memory);
}

/// All that must stay as it is.
fn inventory(home: &Home) -> Vec<String> {
    let asked = ["machines", "imports list", "log list"];
    asked.iter().map(|line| home.line(&format!("{line} --format jsonl")).ended_with(0).stdout).collect()
}

/// A home with an inventory of one machine.
fn home() -> Home {
    let home = Home::new();
    home.file("first.csv", format!("{TITLES}{ROW}"));
    home.line("import first.csv").ended_with(0);
    home
}

fn each_leaves_the_inventory_as_it_was(files: &[Hostile], size: usize) {
    let home = home();
    let before = inventory(&home);
    let mut is_measured = true;
    for file in files {
        file.write(&home, size);
        let mut command = home.command();
        command.args(["import", file.name]);
        let outcome = measured(&home, &mut command, LONGEST);
        let name = file.name;
        outcome.ran.complains_of(1, &[&format!("error[{}", file.code), name, file.says, "hint: "]);
        assert!(outcome.memory < MOST_MEMORY, "{name} took {} KiB", outcome.memory);
        is_measured &= outcome.memory > 0;
        assert_eq!(inventory(&home), before, "{name} left something");
        fs::remove_file(home.path(name)).unwrap();
    }
    if !is_measured {
        skipped("how much memory was held is not known here");
    }
    home.line("database check").ended_with(0);
}

#[test]
fn tables_made_to_do_harm_are_refused_within_bounds() {
    each_leaves_the_inventory_as_it_was(&tables(), 64 << 20);
}

#[test]
fn documents_made_to_do_harm_are_refused_within_bounds() {
    each_leaves_the_inventory_as_it_was(&documents(), 64 << 20);
}

#[test]
fn bombs_and_what_is_no_export_are_refused_within_bounds() {
    each_leaves_the_inventory_as_it_was(&bombs(), 64 << 20);
}

#[test]
#[ignore = "long: files of a gibibyte each"]
fn files_of_a_gibibyte_are_refused_within_bounds() {
    // What is read as a whole is refused once it is larger than anything of its kind, before its end.
    let too_large = |file: Hostile| match file.name {
        "name-without-end.json" => Hostile { code: "import/too-large", says: "134217728 bytes", ..file },
        _ => file,
    };
    // Of what fits, only the record that is no record is rejected.
    let registry = Hostile::endless(
        "registry.reg",
        "Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\\
         Uninstall\\x]\n\"DisplayName\"=\""
            .to_owned(),
        "a",
        ("import/too-large", "134217728 bytes"),
    );
    let files = tables().into_iter().chain(documents()).chain(bombs()).map(too_large);
    let files: Vec<Hostile> = files.chain([registry]).collect();
    each_leaves_the_inventory_as_it_was(&files, 1 << 30);
}

/// What is read although much of it is bad takes no more either: every record that is rejected is told, and most kept.
#[test]
fn a_table_of_nothing_but_bad_rows_takes_no_memory() {
    let home = home();
    let rows = 200_000;
    home.file("bad.csv", format!("{TITLES}{ROW}{}", "PC-1,a,1,2,3,4,5\n".repeat(rows)));
    let mut command = home.command();
    command.args(["import", "bad.csv", "--quiet", "--format", "json"]);
    let outcome = measured(&home, &mut command, LONGEST);
    let document = outcome.ran.ended_with(0).json();
    assert_eq!(document["import"][0]["rejected"].as_u64(), Some(rows as u64), "{document}");
    assert!(outcome.memory < MOST_MEMORY, "it took {} KiB", outcome.memory);
}

/// Places that are no files, or not to be read.
#[test]
fn folders_pipes_devices_and_what_may_not_be_read_are_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = home();
    let before = inventory(&home);
    fs::create_dir(home.path("folder")).unwrap();
    let is_pipe = crate::support::system("mkfifo", &[home.path("pipe").as_os_str()]);
    let mut cases =
        vec![("folder", "it is a folder"), ("/dev/zero", "it is no regular file"), ("absent.csv", "absent.csv")];
    if is_pipe {
        cases.push(("pipe", "it is no regular file"));
    }
    if !crate::support::is_root() {
        home.file("secret.csv", format!("{TITLES}{ROW}"));
        fs::set_permissions(home.path("secret.csv"), fs::Permissions::from_mode(0o000)).unwrap();
        cases.push(("secret.csv", "who may read"));
    }
    for (place, says) in cases {
        let mut command = home.command();
        command.args(["import", place]);
        let outcome = measured(&home, &mut command, LONGEST);
        outcome.ran.complains_of(1, &["error[app/file]", place, says]);
        assert!(outcome.memory < MOST_MEMORY, "{place} took {} KiB", outcome.memory);
        assert_eq!(inventory(&home), before, "{place} left something");
    }
}
