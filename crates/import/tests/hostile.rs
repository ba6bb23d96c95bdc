//! Files that were cut, bent or made to do harm: an import ends with what it could read or with an error that says why,
//! never with a panic, and never takes more memory or time than the file is worth.
#![expect(clippy::disallowed_methods, clippy::expect_used, reason = "a test reads the fixtures it is about")]

mod support;

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use interdict_import::{FORMATS, ImportError, Options, import};
use proptest::prelude::*;
use support::{Gathered, gather};

/// Every fixture: its name and bytes.
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures"))];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                found.push((name(&entry), fs::read(&entry).expect("readable")));
            }
        }
    }
    found.sort();
    assert!(found.len() > 20, "the fixtures are found");
    found
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("writes");
    encoder.finish().expect("ends")
}

/// Imports bytes as every format there is, asked for by name.
fn as_every_format(bytes: &[u8]) {
    for format in FORMATS {
        let options = Options { format: Some(format.name.to_owned()), ..Options::default() };
        let _ = import(&mut Cursor::new(bytes), "x", &options, &mut Gathered::default());
    }
}

#[test]
fn a_fixture_cut_anywhere_ends_well() {
    for (name, bytes) in fixtures() {
        let step = (bytes.len() / 150).max(1);
        for end in (0..bytes.len()).step_by(step) {
            let _ = gather(bytes.get(..end).expect("shorter"), &name);
        }
    }
}

/// What is cut in the middle of its one value must never pass for a smaller whole.
#[test]
fn a_document_cut_short_is_never_taken_for_a_whole() {
    for (name, bytes) in fixtures() {
        let is_document = matches!(bytes.first(), Some(b'{' | b'[' | b'<')) && !name.ends_with("jsonl");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let is_lines = text.lines().filter(|line| line.starts_with('{')).count() > 1;
        if !is_document || is_lines {
            continue;
        }
        let half = text.floor_char_boundary(text.trim_end().len() * 2 / 3);
        let outcome = gather(text.get(..half).expect("shorter").as_bytes(), &name);
        assert!(outcome.is_err(), "{name} cut at {half} is imported");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_bytes_end_well(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = gather(&bytes, "x");
        as_every_format(&bytes);
    }

    #[test]
    fn bent_fixtures_end_well(
        which in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let fixtures = fixtures();
        let (name, mut bytes) = fixtures[which.index(fixtures.len())].clone();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let _ = gather(&bytes, &name);
        as_every_format(&bytes);
    }
}

/// Ends in so much time, which is far more than any of these takes and far less than one that grows without bounds.
fn soon<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let outcome = work();
    assert!(begun.elapsed() < Duration::from_secs(30), "{what} took {:?}", begun.elapsed());
    outcome
}

#[test]
fn json_ten_thousand_levels_deep() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
    let texts = [
        deep("[", "]"),
        deep("{\"a\":", "}"),
        format!(
            r#"{{"data":{{"affected_items":[{{"name":"x","agent_id":"1","scan":{{"id":0}},"deep":{}}}]}}}}"#,
            deep("[", "]")
        ),
        format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","x":{},"components":[]}}"#, deep("{\"a\":", "}")),
        format!(r#"{{"deviceid":"d","content":{{"versionclient":"v","hardware":{{"name":{}}}}}}}"#, deep("[", "]")),
    ];
    for text in texts {
        soon("deep JSON", || {
            let _ = gather(text.as_bytes(), "x.json");
            as_every_format(text.as_bytes());
        });
    }
}

#[test]
fn a_file_is_known_by_its_content_whatever_it_is_called() {
    let bytes = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/glpi-xml/linux-antivirus.xml"));
    let gathered = gather(&gzip(&bytes.expect("readable")), "inventory.csv").expect("is imported");
    assert_eq!((gathered.imported.format, &*gathered.imported.layers), ("glpi-xml", &["gzip"][..]));
}

#[test]
fn what_is_empty_or_made_to_do_harm_is_an_error_that_says_so() {
    for empty in [&b""[..], b" \n\t\n", &gzip(b"")] {
        assert!(matches!(gather(empty, "x.json"), Err(ImportError::Empty)), "{empty:?}");
    }
    let bomb = gzip(&[br#"{"content":{"versionclient":"v","softwares":["#, vec![b' '; 300 << 20].as_slice()].concat());
    let error = soon("a bomb", || gather(&bomb, "x.json")).expect_err("is a bomb");
    assert!(matches!(error, ImportError::Bomb { .. }), "{error}");
    let piece = format!(r#"{{"deviceId":"d","softwareName":"x","y":[{{"z":"{}"}}]}}"#, "a".repeat(9 << 20));
    let error = gather(format!(r#"{{"value":[{piece}]}}"#).as_bytes(), "x.json").expect_err("too large");
    assert!(matches!(error, ImportError::TooLarge { .. }), "{error}");
    let element = format!("<REQUEST><CONTENT><BIOS/><SOFTWARES><NAME>{}", "a".repeat(9 << 20));
    let error = gather(element.as_bytes(), "x.xml").expect_err("too large");
    assert!(matches!(error, ImportError::TooLarge { .. }), "{error}");
}

#[test]
fn a_billion_laughs_are_none() {
    let mut text = String::from("<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\">");
    for level in 1..10 {
        let before = if level == 1 { "lol".to_owned() } else { format!("lol{}", level - 1) };
        let laughs = format!("&{before};").repeat(10);
        text.extend(["<!ENTITY lol", &level.to_string(), " \"", &laughs, "\">"]);
    }
    text.push_str("]><REQUEST><DEVICEID>d</DEVICEID><CONTENT><BIOS/><SOFTWARES><NAME>&lol9;</NAME></SOFTWARES></CONTENT></REQUEST>");
    let gathered = soon("laughing", || gather(text.as_bytes(), "x.xml")).expect("is imported");
    assert_eq!(gathered.observations[0].name.as_deref(), Some("&lol9;"), "an entity is never expanded");
}

#[test]
fn bills_whose_parts_depend_on_each_other_in_a_circle() {
    let circle: Vec<String> =
        (0..1_000).map(|at| format!(r#"{{"ref":"c{at}","dependsOn":["c{}"]}}"#, (at + 1) % 1_000)).collect();
    let parts: Vec<String> =
        (0..1_000).map(|at| format!(r#"{{"bom-ref":"c{at}","type":"library","name":"c{at}"}}"#)).collect();
    let text = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{}],"dependencies":[{}]}}"#,
        parts.join(","),
        circle.join(",")
    );
    let gathered = soon("a circle", || gather(text.as_bytes(), "bom.json")).expect("is imported");
    assert_eq!(gathered.titles.len(), 1_000);
}
