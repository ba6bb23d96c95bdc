//! The table of the format against the parser, the linter and the files there are.

use std::collections::BTreeSet;
use std::path::Path;

use clap::CommandFactory as _;
use interdict_catalogue::{FILL_IN, SourceFile, lint, lint_alone, parse_alone};
use interdict_model::Diagnostic;

use crate::Arguments;
use crate::format::{ISSUER, Key, Kind, Need, PROFILE, RESTRICTION, Table, VENDOR};
use crate::schema::schemas;
use crate::skeleton::{self, Places};

/// The kinds of files: the schema's name, the table, the path of an example.
const FILES: &[(&str, &Table, &str)] = &[
    ("restriction", &RESTRICTION, "restrictions/us/us-example-2026-acme.md"),
    ("vendor", &VENDOR, "vendors/acme.toml"),
    ("issuer", &ISSUER, "issuers/us-example.toml"),
    ("profile", &PROFILE, "profiles/us-private.toml"),
];

fn checkout() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn shown(found: &[Diagnostic]) -> String {
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// A table written out with every key's example; `leave_out` is the path of one that is not.
fn written(table: &Table, path: &str, leave_out: &str, stray: bool) -> String {
    let mut values = if stray { vec!["zzzzzzzz = 1\n".to_owned()] } else { Vec::new() };
    let mut tables = Vec::new();
    for key in table.keys.iter().filter(|key| format!("{path}{}", key.name) != leave_out) {
        let name = key.name;
        let inner = |table: &Table| written(table, &format!("{path}{name}."), leave_out, stray);
        let inline = |table: &Table| format!("{{ {} }}", inner(table).trim_end().replace('\n', ", "));
        match key.kind {
            Kind::Line(table) => values.push(format!("{name} = {}\n", inline(table))),
            Kind::Lines(table) => values.push(format!("{name} = [{}]\n", inline(table))),
            Kind::One(table) => tables.push(format!("[{name}]\n{}", inner(table))),
            Kind::Many(table) => tables.push(format!("[[{name}]]\n{}", inner(table))),
            Kind::Text
            | Kind::Texts
            | Kind::Address
            | Kind::Country
            | Kind::Id(_)
            | Kind::Ids(_)
            | Kind::Day
            | Kind::Flag
            | Kind::Word(_)
            | Kind::ManyWords(_) => values.push(format!("{name} = {}\n", key.example)),
        }
    }
    values.concat() + &tables.concat()
}

fn file(path: &str, toml: &str) -> SourceFile {
    let text = if path.starts_with("restrictions/") {
        format!("```toml\n{toml}```\n# A title\nText.\n")
    } else {
        toml.to_owned()
    };
    SourceFile::new(path, text)
}

fn tables<'t>(table: &'t Table, found: &mut Vec<&'t Table>) {
    found.push(table);
    for key in table.keys {
        if let Kind::Line(inner) | Kind::Lines(inner) | Kind::One(inner) | Kind::Many(inner) = key.kind {
            tables(inner, found);
        }
    }
}

/// The parser names the keys it asks for when it meets one it does not know; the table must have the same.
#[test]
fn the_table_has_the_keys_that_the_parser_asks_for() {
    for (name, table, path) in FILES {
        let mut expected = Vec::new();
        tables(table, &mut expected);
        let names = |table: &Table| table.keys.iter().map(|key| key.name.to_owned()).collect::<BTreeSet<String>>();
        let expected: BTreeSet<BTreeSet<String>> = expected.into_iter().map(names).collect();
        let found = parse_alone(&file(path, &written(table, "", "nothing", true)));
        let known = found.iter().filter(|found| found.code == "catalogue/unknown-key");
        let asked = known.filter_map(|found| found.hint.as_ref()?.strip_prefix("known here: ").map(str::to_owned));
        let asked: BTreeSet<BTreeSet<String>> =
            asked.map(|names| names.split(", ").map(str::to_owned).collect()).collect();
        assert_eq!(asked, expected, "{name}:\n{}", shown(&found));
    }
}

/// A key that must be there is one without which the parser complains, and no other is.
#[test]
fn what_must_be_there_is_what_the_parser_misses() {
    for (name, table, path) in FILES {
        let mut keys = Vec::new();
        every_key(table, "", &mut keys);
        let complaints = |leave_out: &str| {
            let found = parse_alone(&file(path, &written(table, "", leave_out, false)));
            found
                .into_iter()
                .filter(|found| ["catalogue/missing-key", "catalogue/no-head"].contains(&found.code.as_ref()))
                .count()
        };
        assert_eq!(complaints("nothing"), 0, "{name}");
        for (place, key) in keys {
            // The parser takes a file without a scope and says so by the linter's and the reader's need of one.
            let is_missed = complaints(&place) > 0;
            let is_must = key.need == Need::Must && place != "scope";
            assert_eq!(is_missed, is_must, "{name}: {place}");
        }
    }
}

fn every_key<'t>(table: &'t Table, path: &str, keys: &mut Vec<(String, &'t Key)>) {
    for key in table.keys {
        let place = format!("{path}{}", key.name);
        if let Kind::Line(inner) | Kind::Lines(inner) | Kind::One(inner) | Kind::Many(inner) = key.kind {
            every_key(inner, &format!("{place}."), keys);
        }
        keys.push((place, key));
    }
}

/// The catalogue that a new file is put into.
fn catalogue_with(path: &str, text: String) -> Vec<SourceFile> {
    let mut files = crate::files::read(&checkout().join("catalogue")).unwrap();
    files.push(SourceFile::new(path, text));
    files
}

/// Line and column of every mark in a text.
fn marks(text: &str) -> BTreeSet<(u32, u32)> {
    let in_line = |(at, line): (usize, &str)| {
        let is_comment = line.starts_with("# ") && !line.starts_with(&format!("# {FILL_IN}"));
        let places = line.match_indices(&format!("{FILL_IN}:")).map(|(column, _)| column).collect::<Vec<_>>();
        let column = |column: usize| {
            let is_quoted = line.get(..column).is_some_and(|lead| lead.ends_with('"'));
            // A text's place is its quotation mark.
            u32::try_from(line.get(..column).unwrap_or_default().chars().count() + 1 - usize::from(is_quoted)).unwrap()
        };
        let line_number = u32::try_from(at + 1).unwrap();
        let found: Vec<(u32, u32)> =
            if is_comment { Vec::new() } else { places.into_iter().map(|at| (line_number, column(at))).collect() };
        found
    };
    text.lines().enumerate().flat_map(in_line).collect()
}

#[test]
fn the_command_line_is_consistent() {
    Arguments::command().debug_assert();
}

#[test]
fn of_a_new_file_the_linter_names_every_place_to_fill_in_and_nothing_else() {
    for (path, text) in [
        ("restrictions/us/us-zz-2026-new.md", skeleton::restriction("us-zz-2026-new", Places::Marked)),
        ("vendors/zz-new.toml", skeleton::vendor("zz-new", Places::Marked)),
    ] {
        let expected = marks(&text);
        assert!(expected.len() > 10, "{text}");
        let found: Vec<Diagnostic> = lint(&catalogue_with(path, text.clone()))
            .into_iter()
            .filter(|found| found.location.as_ref().is_some_and(|place| place.file == path))
            .collect();
        let places: Vec<(u32, u32)> = found
            .iter()
            .filter_map(|found| found.location.as_ref())
            .map(|place| (place.line.unwrap(), place.column.unwrap()))
            .collect();
        assert_eq!(places, expected.into_iter().collect::<Vec<_>>(), "{}\n{text}", shown(&found));
        assert!(found.iter().all(|found| found.code == "lint/fill-in" && found.hint.is_some()), "{}", shown(&found));
    }
}

/// Every example is one that the linter has nothing against.
#[test]
fn a_file_filled_in_with_the_examples_is_clean() {
    for file in [
        SourceFile::new(
            "restrictions/us/us-example-2026-acme.md",
            skeleton::restriction("us-example-2026-acme", Places::Exemplified),
        ),
        SourceFile::new("vendors/acme.toml", skeleton::vendor("acme", Places::Exemplified)),
    ] {
        assert_eq!(shown(&lint_alone(&file)), "", "{}", file.text);
        assert!(!file.text.contains(&format!("{FILL_IN}:")), "{}", file.text);
    }
}

/// Optional keys stand in a new file as comments that hold when the comment sign is taken away.
#[test]
fn a_new_file_names_every_key_and_every_word() {
    for (text, table) in [
        (skeleton::restriction("us-x", Places::Marked), &RESTRICTION),
        (skeleton::vendor("x", Places::Marked), &VENDOR),
    ] {
        let mut keys = Vec::new();
        every_key(table, "", &mut keys);
        let words: BTreeSet<&str> =
            text.split(|letter: char| !(letter.is_alphanumeric() || "-:".contains(letter))).collect();
        for (place, key) in keys {
            assert!(words.contains(key.name), "{place} is not named");
            if let Kind::Word(list) | Kind::ManyWords(list) = key.kind {
                let missing: Vec<&str> =
                    (list.list)().into_iter().map(|(word, _)| word).filter(|word| !text.contains(word)).collect();
                assert_eq!(missing, Vec::<&str>::new(), "{place}");
            }
        }
    }
}

/// The committed schemas are those of the table; `cargo xtask generate` writes them.
#[test]
fn the_schemas_are_as_committed() {
    for (name, schema) in schemas() {
        let path = checkout().join("docs/schemas/catalogue").join(&name);
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        let text = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
        assert!(committed == text, "{} is not up to date: run `cargo xtask generate`", path.display());
    }
}
