//! Every rule of the strict linter tried on a small catalogue that is clean until one thing in it is spoilt.

use interdict_model::{Diagnostic, Severity};
use proptest::prelude::*;

use super::{lint, lint_alone};
use crate::SourceFile;

const OLD: &str = r#"```toml
id = "us-old-rule"
issuer = "us-office"
short-title = "Old rule"
instrument = "rule"
citations = ["1 FR 1"]
announced = 2020-01-01
published = 2020-01-02
verification = "primary"
superseded-by = "us-new-rule"

[[standing]]
from = 2020-01-01
is = "in-force"

[[standing]]
from = 2024-01-01
is = "superseded"

[scope]
entities = ["acme-gmbh"]

[[effect]]
force = "forbids"
activities = ["buy", "renew"]
from = 2020-02-01
until = 2024-01-01
binds = ["us-person"]
entities = ["acme-gmbh"]
measure = "procurement-exclusion"
says = "US persons may not buy from Acme GmbH."

[[source]]
kind = "primary"
url = "https://example.org/old"
supports = ["announced", "published", "scope", "effect", "standing"]
checked = 2026-11-01
```
# An office bars purchases from Acme GmbH
It bars US persons from buying. Use is left alone.
"#;

const NEW: &str = r#"```toml
id = "us-new-rule"
issuer = "us-office"
short-title = "New rule"
instrument = "rule"
citations = ["2 FR 2"]
announced = 2023-12-01
announced-note = "The order was made public later than it counts from."
verification = "secondary"

[[standing]]
from = 2023-12-01
is = "in-force"

[scope]
vendors = ["acme"]
persons = [{ id = "ann-acme", role = "owner", list-id = "1" }]
goods = ["consumer-router"]
product-classes = ["anti-virus", "backup"]
except-classes = ["threat-intelligence"]

[[effect]]
force = "forbids"
activities = ["buy"]
from = 2024-01-01
binds = ["us-person"]
vendors = ["acme"]
entities = ["acme-gmbh"]
persons = ["ann-acme"]
goods = ["consumer-router"]
product-classes = ["backup"]
measure = "procurement-exclusion"
says = "US persons may not buy from the group."

[[effect]]
force = "requires"
activities = ["report"]
from = 2024-01-01
binds = ["us-person"]
trigger = "if found while a contract runs"
measure = "report-when-found"
says = "A finding is to be reported."

[[effect]]
force = "limits"
activities = ["export-to"]
from = 2024-01-01
announced = 2023-12-15
binds = ["anyone"]
measure = "licence-required"
says = "Exports need a licence."

[[not-bound]]
activity = "use"
who = ["us-person"]
says = "Use is left alone."

[[not-covered]]
says = "Training is left alone."

[[source]]
kind = "secondary"
url = "https://example.org/new"
supports = ["announced", "scope", "persons", "effect", "carve-out", "not-bound"]
checked = 2026-11-01
```
# An office bars purchases from the Acme group
It bars US persons from buying. Use is left alone.
"#;

const ACME: &str = r#"id = "acme"
name = "Acme"
names = [{ text = "Acme Old", script = "latin", from = 2001-01-01, until = 2010-01-01 }]
headquarters = { country = "DE", source = "https://example.org/acme" }

[[legal-entity]]
id = "acme-gmbh"
name = "Acme GmbH"
country = "DE"
confidence = "known"

[[person]]
id = "ann-acme"
name = "Ann Acme"
role = "owner"
confidence = "known"

[[statement]]
side = "issuer"
by = "The office"
date = 2024-01-01
quote = "A notorious maker."
about = "us-new-rule"
source = "https://example.org/said"
kind = "secondary"

[[fingerprint]]
field = "publisher"
match = "exact"
value = "Acme GmbH"
confidence = "known"

[[product]]
id = "acme.guard"
name = "Acme Guard"
classes = ["anti-virus"]
category = "antivirus"
platforms = ["windows"]
fingerprints = [
  { field = "display-name", match = "glob", value = "Acme Guard*", confidence = "known" },
  { field = "driver", match = "exact", value = "shrd.sys", confidence = "known", shared-with = ["bolt.lock"], note = "until 2019 Acme's, since then Bolt's" },
]

[[embeds]]
product = "acme.guard"
engine-vendor = "bolt"
says = "It was reported to hold Bolt's engine."
confidence = "seen"
source = ["https://example.org/engine"]
"#;

const BOLT: &str = r#"id = "bolt"
name = "Bolt"

[[product]]
id = "bolt.lock"
name = "Bolt Lock"
classes = ["backup"]
category = "backup"
platforms = ["linux"]
fingerprints = [
  { field = "deb-package", match = "exact", value = "bolt-lock", confidence = "known" },
  { field = "driver", match = "exact", value = "shrd.sys", confidence = "known", shared-with = ["acme"], note = "since 2019" },
  { field = "path", match = "prefix", value = "/opt/bolt", confidence = "known" },
]
"#;

const OLD_PATH: &str = "restrictions/us/us-old-rule.md";
const NEW_PATH: &str = "restrictions/us/us-new-rule.md";
const ACME_PATH: &str = "vendors/acme.toml";
const BOLT_PATH: &str = "vendors/bolt.toml";

fn small() -> Vec<SourceFile> {
    vec![
        SourceFile::new("catalogue.toml", "format = 1\nversion = \"1\"\ndate = 2026-11-22\n"),
        SourceFile::new(
            "issuers/us-office.toml",
            "id = \"us-office\"\nname = \"An office\"\nshort-name = \"Office\"\njurisdiction = \"us\"\nwebsite = \"https://example.org\"\n",
        ),
        SourceFile::new(OLD_PATH, OLD),
        SourceFile::new(NEW_PATH, NEW),
        SourceFile::new(ACME_PATH, ACME),
        SourceFile::new(BOLT_PATH, BOLT),
    ]
}

fn spoilt(path: &str, from: &str, to: &str) -> Vec<SourceFile> {
    let mut files = small();
    let file = files.iter_mut().find(|file| file.path == path).expect("a file of the small catalogue");
    assert!(file.text.contains(from), "{path} does not hold {from}");
    file.text = file.text.replacen(from, to, 1);
    files
}

fn shown(found: &[Diagnostic]) -> String {
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_small_catalogue_is_clean() {
    assert_eq!(shown(&lint(&small())), "");
    for file in small() {
        assert_eq!(shown(&lint_alone(&file)), "", "{}", file.path);
    }
}

/// One thing spoilt: file, what is replaced by what, the complaint's code, and the text its place points at.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

const ROWS: &[Row] = &[
    // What a reader is shown.
    (OLD_PATH, "\"Old rule\"", "\"A very long title that fits no lane\"", "lint/short-title", "\"A very long"),
    (OLD_PATH, "It bars US persons from buying. Use is left alone.\n", "", "lint/no-text", "# An office"),
    (OLD_PATH, "citations = [\"1 FR 1\"]\n", "", "lint/no-citation", "id = "),
    (OLD_PATH, "says = ", "# says = ", "lint/no-sentence", "[[effect]]"),
    (OLD_PATH, "It bars US", "This notorious maker bars US", "lint/loaded-word", "notorious"),
    (NEW_PATH, "Training is", "Shady training is", "lint/loaded-word", "\"Shady"),
    (OLD_PATH, "# An office", "# fill in: a title", "lint/fill-in", "fill in: a title"),
    (OLD_PATH, "\"Old rule\"", "\"fill in: 28 letters\"", "lint/fill-in", "\"fill in"),
    // Days.
    (OLD_PATH, "published = 2020-01-02", "published = 2019-12-31", "lint/published-before-announced", "2019-12-31"),
    (NEW_PATH, "announced = 2023-12-15", "announced = 2023-11-30", "lint/announced-before-instrument", "2023-11-30"),
    (OLD_PATH, "from = 2020-02-01", "from = 2019-02-01", "lint/announced-after-from", "2019-02-01"),
    (
        OLD_PATH,
        "from = 2020-02-01",
        "from = 2020-02-01\nannounced = 2020-03-01",
        "lint/announced-after-from",
        "2020-02-01",
    ),
    (NEW_PATH, "from = 2023-12-01\nis", "from = 2024-06-01\nis", "lint/standing-begins-late", "2024-06-01"),
    (ACME_PATH, "until = 2010-01-01", "until = 2000-01-01", "lint/span-order", "2000-01-01"),
    // Claims and sources.
    (OLD_PATH, "\"announced\", ", "", "lint/unsupported-claim", "2020-01-01"),
    (OLD_PATH, "\"published\", ", "", "lint/unsupported-claim", "2020-01-02"),
    (OLD_PATH, "\"scope\", ", "", "lint/unsupported-claim", "[scope]"),
    (OLD_PATH, "\"effect\", ", "", "lint/unsupported-claim", "[[effect]]"),
    (OLD_PATH, ", \"standing\"", "", "lint/unsupported-claim", "[[standing]]"),
    (NEW_PATH, "\"persons\", ", "", "lint/unsupported-claim", "[{ id = \"ann-acme\""),
    (NEW_PATH, "\"carve-out\", ", "", "lint/unsupported-claim", "[\"threat-intelligence\"]"),
    (NEW_PATH, ", \"not-bound\"", "", "lint/unsupported-claim", "[[not-bound]]"),
    (ACME_PATH, "source = [\"https://example.org/engine\"]\n", "", "lint/unsupported-claim", "[[embeds]]"),
    (NEW_PATH, "\"secondary\"\n\n[[standing", "\"primary\"\n\n[[standing", "lint/verification", "\"primary\""),
    (NEW_PATH, "list-id = \"1\"", "verification = \"unverified\"", "lint/unverified-person", "{ id = \"ann-acme\""),
    (OLD_PATH, "checked = 2026-11-01", "checked = 2026-11-23", "lint/checked-in-future", "2026-11-23"),
    (
        OLD_PATH,
        "[[source]]",
        "[[source]]\nkind = \"mirror\"\nurl = \"https://example.org/copy\"\nchecked = 2026-11-01\n\n[[source]]",
        "lint/idle-source",
        "[[source]]",
    ),
    (ACME_PATH, "https://example.org/said", "http://example.org/said", "lint/not-https", "\"http://"),
    ("issuers/us-office.toml", "https://example.org", "http://example.org", "lint/not-https", "\"http://"),
    // What an effect may narrow, and how measures are used.
    (NEW_PATH, "vendors = [\"acme\"]\nentities", "vendors = [\"bolt\"]\nentities", "lint/outside-scope", "\"bolt\""),
    (
        NEW_PATH,
        "goods = [\"consumer-router\"]\nproduct-classes = [\"backup\"]",
        "goods = [\"power-inverter\"]",
        "lint/outside-scope",
        "\"power-inverter\"",
    ),
    (NEW_PATH, "product-classes = [\"backup\"]", "product-classes = [\"vpn\"]", "lint/outside-scope", "\"vpn\""),
    (
        NEW_PATH,
        "persons = [{ id = \"ann-acme\", role = \"owner\", list-id = \"1\" }]\n",
        "",
        "lint/outside-scope",
        "\"ann-acme\"",
    ),
    (OLD_PATH, "entities = [\"acme-gmbh\"]", "vendors = [\"bolt\"]", "lint/outside-scope", "\"acme-gmbh\""),
    (
        NEW_PATH,
        "trigger = \"if found while a contract runs\"\n",
        "",
        "lint/no-trigger",
        "[[effect]]\nforce = \"requires\"",
    ),
    (NEW_PATH, "[\"export-to\"]", "[\"buy\"]", "lint/measure", "\"licence-required\""),
    (
        NEW_PATH,
        "binds = [\"anyone\"]",
        "binds = [\"us-person\"]",
        "lint/measure",
        "[\"us-person\"]\nmeasure = \"licence",
    ),
    (OLD_PATH, "\"procurement-exclusion\"", "\"no-subsidy-funds\"", "lint/measure", "[[effect]]"),
    // Successors and mistakes.
    (OLD_PATH, "from = 2024-01-01\nis", "from = 2024-01-02\nis", "lint/superseded", "2024-01-02\nis"),
    (OLD_PATH, "\n[[standing]]\nfrom = 2024-01-01\nis = \"superseded\"\n", "", "lint/superseded", "\"us-new-rule\""),
    (OLD_PATH, "superseded-by = \"us-new-rule\"\n", "", "lint/superseded", "[[standing]]\nfrom = 2024"),
    (
        OLD_PATH,
        "superseded-by = \"us-new-rule\"",
        "superseded-by = \"us-old-rule\"",
        "lint/superseded",
        "\"us-old-rule\"\n\n",
    ),
    (OLD_PATH, "superseded-by", "withdrawn = 2025-01-01\nsuperseded-by", "lint/withdrawn", "2025-01-01"),
    // Fingerprints.
    (ACME_PATH, "value = \"Acme GmbH\"", "value = \"A2\"", "lint/short-literal", "\"A2\""),
    (ACME_PATH, "value = \"Acme GmbH\"", "value = \"百度\"", "", ""),
    (ACME_PATH, "value = \"Acme GmbH\"", "value = \"百\"", "lint/short-literal", "\"百\""),
    (ACME_PATH, "\"Acme Guard*\"", "\"*Guard*\"", "lint/catch-all", "\"*Guard*\""),
    (ACME_PATH, "\"Acme Guard*\"", "\"*百度*\"", "", ""),
    (ACME_PATH, "\"Acme Guard*\"", "\"* Acme *\"", "", ""),
    (ACME_PATH, "\"Acme Guard*\"", "\"Endpoint Security*\"", "lint/general-literal", "\"Endpoint"),
    (BOLT_PATH, "\"/opt/bolt\"", "\"/opt\"", "lint/general-literal", "\"/opt\""),
    (BOLT_PATH, "\"bolt-lock\"", "\"acme-guard\"", "", ""),
    (ACME_PATH, "shared-with = [\"bolt.lock\"], ", "", "lint/undeclared-shared-identifier", "\"shrd.sys\""),
    (
        ACME_PATH,
        "note = \"until 2019 Acme's, since then Bolt's\"",
        "note = \"both have it\"",
        "lint/shared-without-period",
        "{ field = \"driver\"",
    ),
    (ACME_PATH, "note = \"until 2019 Acme's, since then Bolt's\"", "note = \"period not known\"", "", ""),
    (ACME_PATH, "[\"bolt.lock\"]", "[\"bolt.lock\", \"bolt.luck\"]", "lint/unknown-holder", "\"bolt.luck\""),
    (
        BOLT_PATH,
        "[\n",
        "[\n  { field = \"display-name\", match = \"exact\", value = \"Acme Guard Free\", confidence = \"known\" },\n",
        "lint/covers-another",
        "\"Acme Guard*\"",
    ),
    (ACME_PATH, "classes = [\"anti-virus\"]\n", "", "lint/no-classes", "[[product]]"),
];

#[test]
fn every_rule_speaks_of_what_it_is_about_and_of_nothing_else() {
    for (path, from, to, code, place) in ROWS {
        let files = spoilt(path, from, to);
        let found = lint(&files);
        let about = found.iter().filter(|found| found.location.as_ref().is_some_and(|place| !place.file.is_empty()));
        assert_eq!(about.count(), found.len(), "{}", shown(&found));
        if code.is_empty() {
            assert_eq!(shown(&found), "", "{from} -> {to}");
            continue;
        }
        let of_rule: Vec<&Diagnostic> = found.iter().filter(|found| found.code == *code).collect();
        let pointed: Vec<String> = of_rule.iter().map(|found| pointed_at(&files, found)).collect();
        assert!(pointed.iter().any(|text| text.starts_with(place)), "{code} at {place}, not:\n{}", shown(&found));
        assert!(of_rule.iter().all(|found| found.hint.is_some()), "{code} says what to do: {}", shown(&found));
    }
}

/// The text that a complaint's line and column point at.
fn pointed_at(files: &[SourceFile], found: &Diagnostic) -> String {
    let place = found.location.as_ref().expect("every complaint has its place");
    let file = files.iter().find(|file| file.path == place.file).expect("a file of the catalogue");
    let (line, column) = (place.line.expect("a line") as usize, place.column.expect("a column") as usize);
    let rest: Vec<&str> = file.text.lines().skip(line - 1).collect();
    rest.join("\n").chars().skip(column - 1).collect()
}

/// Every code of the linter is tried above, so that a new rule comes with its row.
#[test]
fn every_code_has_its_row() {
    let sources = [
        include_str!("effects.rs"),
        include_str!("fingerprints.rs"),
        include_str!("restriction.rs"),
        include_str!("sources.rs"),
        include_str!("succession.rs"),
        include_str!("vendor.rs"),
        include_str!("wording.rs"),
    ];
    let codes = sources.iter().flat_map(|text| text.split('"').filter(|piece| piece.starts_with("lint/")));
    for code in codes {
        let elsewhere = code == "lint/withdrawn-reference";
        assert!(elsewhere || ROWS.iter().any(|row| row.3 == code), "{code} has no row");
    }
}

#[test]
fn a_withdrawn_entry_is_named_by_nobody() {
    let files = spoilt(
        NEW_PATH,
        "verification = \"secondary\"",
        "withdrawn = 2025-01-01\nverification-note = \"There is none.\"\nverification = \"secondary\"",
    );
    let found = lint(&files);
    let places: Vec<String> = found
        .iter()
        .map(|found| format!("{} {}", found.code, pointed_at(&files, found).lines().next().unwrap_or_default()))
        .collect();
    assert_eq!(
        places,
        ["lint/withdrawn-reference \"us-new-rule\"", "lint/withdrawn-reference \"us-new-rule\""],
        "{}",
        shown(&found)
    );
}

#[test]
fn unverified_entries_need_no_sources_and_name_no_persons() {
    let mut files = spoilt(NEW_PATH, "verification = \"secondary\"", "verification = \"unverified\"");
    files[3].text = files[3]
        .text
        .replace("\"announced\", \"scope\", \"persons\", \"effect\", \"carve-out\", \"not-bound\"", "\"announced\"");
    let codes: Vec<String> = lint(&files).into_iter().map(|found| found.code.into_owned()).collect();
    assert_eq!(codes, ["lint/unverified-person"]);
}

/// Ten mistakes in several files, of the parser's and of the linter's kind: all are said at once, each at its place.
#[test]
fn ten_mistakes_at_once() {
    let mut files = small();
    for (path, from, to) in [
        (OLD_PATH, "issuer = \"us-office\"", "issuer = \"us-ofice\""),
        (OLD_PATH, "until = 2024-01-01", "until = 2020-01-01"),
        (OLD_PATH, "\"Old rule\"", "\"A very long title that fits no lane\""),
        (OLD_PATH, ", \"standing\"", ""),
        (NEW_PATH, "force = \"limits\"", "force = \"limit\""),
        (NEW_PATH, "vendors = [\"acme\"]\nentities", "vendors = [\"bolt\"]\nentities"),
        (NEW_PATH, "role = \"owner\"", "rolle = \"owner\""),
        (ACME_PATH, "date = 2024-01-01", "date = \"2024-01-01\""),
        (ACME_PATH, "value = \"Acme GmbH\"", "value = \"A2\""),
        (BOLT_PATH, "\"/opt/bolt\"", "\"/opt\""),
    ] {
        let file = files.iter_mut().find(|file| file.path == path).expect("a file");
        file.text = file.text.replacen(from, to, 1);
    }
    let found = lint(&files);
    let codes: Vec<&str> = found.iter().map(|found| found.code.as_ref()).collect();
    let expected = [
        "catalogue/unknown-word",
        "catalogue/unknown-key",
        "lint/outside-scope",
        "catalogue/unknown-reference",
        "lint/short-title",
        "lint/unsupported-claim",
        "catalogue/span-order",
        "catalogue/not-a-day",
        "lint/short-literal",
        "lint/general-literal",
    ];
    for code in expected {
        assert!(codes.contains(&code), "{code} is not said:\n{}", shown(&found));
    }
    assert!(found.iter().all(|found| found.severity == Severity::Error), "{}", shown(&found));
    assert!(found.iter().all(|found| !pointed_at(&files, found).is_empty()), "{}", shown(&found));
    assert_eq!(found.len(), 10, "nothing is said twice:\n{}", shown(&found));
}

/// What the parser must say of files that cannot be, with the text that each complaint points at.
#[test]
fn files_that_cannot_be_are_said_with_their_place() {
    let rows: &[Row] = &[
        (OLD_PATH, "until = 2024-01-01", "until = 2020-01-31", "catalogue/span-order", "2020-01-31"),
        (OLD_PATH, "citations", "citation", "catalogue/unknown-key", "citation ="),
        (OLD_PATH, "from = 2024-01-01\nis", "from = 2019-01-01\nis", "catalogue/standing-order", "2019-01-01"),
        (BOLT_PATH, "name = \"Bolt\"\n", "name = \"Bolt\"\nparent = \"bolt\"\n", "catalogue/circular-owner", ""),
        (BOLT_PATH, "\"bolt.lock\"", "\"acme.guard\"", "catalogue/duplicate-id", ""),
        (BOLT_PATH, "platforms = [\"linux\"]", "platforms = [\"linux]", "catalogue/syntax", ""),
        (BOLT_PATH, "id = \"bolt\"", "id = 7", "catalogue/wrong-kind", "7"),
        (BOLT_PATH, "id = \"bolt\"", "id = \"\u{0}\"", "catalogue/syntax", ""),
    ];
    for (path, from, to, code, place) in rows {
        let files = spoilt(path, from, to);
        let found = lint(&files);
        let of_code: Vec<&Diagnostic> = found.iter().filter(|found| found.code == *code).collect();
        assert!(!of_code.is_empty(), "{code} is not said:\n{}", shown(&found));
        assert!(of_code.iter().any(|found| pointed_at(&files, found).starts_with(place)), "{}", shown(&found));
    }
    let circle = "id = \"bolt\"\nname = \"Bolt\"\nparent = \"acme\"\n";
    let mut files = spoilt(BOLT_PATH, "id = \"bolt\"\nname = \"Bolt\"\n", circle);
    files[4].text = ACME.replace("name = \"Acme\"\n", "name = \"Acme\"\nparent = \"bolt\"\n");
    assert!(shown(&lint(&files)).contains("catalogue/circular-owner"), "{}", shown(&lint(&files)));
}

/// A value of ten million letters, wherever one can stand: a complaint that a person can read, soon.
#[test]
fn ten_million_letters_are_complained_of_in_a_few_words() {
    let long = format!("\"{}\"", "ab".repeat(5_000_000));
    for (path, from, key) in [
        (OLD_PATH, "\"rule\"", "instrument"),
        (OLD_PATH, "\"us-office\"", "issuer"),
        (OLD_PATH, "\"Old rule\"", "short-title"),
        (OLD_PATH, "citations", "a key"),
        (ACME_PATH, "\"acme-gmbh\"", "a company's id"),
        (ACME_PATH, "\"Acme Guard*\"", "a fingerprint"),
    ] {
        let files = spoilt(path, from, &long);
        for found in lint(&files).iter().chain(&lint_alone(&files[2])) {
            assert!(found.to_string().len() < 2_000, "{key}: {} letters", found.to_string().len());
        }
    }
}

#[test]
fn of_an_unfinished_file_only_the_places_to_fill_in_are_said() {
    let text = OLD
        .replace("issuer = \"us-office\"", "issuer = \"fill in: who issued it\"")
        .replace("announced = 2020-01-01", "announced = \"fill in: a day\"")
        .replace("instrument = \"rule\"", "instrument = \"fill in\"")
        .replace("It bars US persons from buying. Use is left alone.", "fill in: two or three sentences");
    let mut files = small();
    files[2].text = text;
    let found = lint(&files);
    let places: Vec<Option<u32>> =
        found.iter().map(|found| found.location.as_ref().and_then(|place| place.line)).collect();
    assert_eq!(places, [Some(3), Some(5), Some(7), Some(40)], "{}", shown(&found));
    assert!(found.iter().all(|found| found.code == "lint/fill-in" && found.hint.is_some()), "{}", shown(&found));
    assert!(found[1].hint.as_ref().is_some_and(|hint| hint.contains("final-determination")), "{}", shown(&found));
}

proptest! {
    /// A valid file with some of its bytes changed: neither parser nor linter panics, and places lie within the file.
    #[test]
    fn changed_bytes_never_make_it_panic(
        which in 2usize..6,
        changes in proptest::collection::vec((any::<usize>(), any::<u8>(), 0u8..3), 1..12),
    ) {
        let mut files = small();
        let mut bytes = files[which].text.clone().into_bytes();
        for (at, byte, how) in changes {
            let at = at % bytes.len();
            match how {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                _ => bytes.insert(at, byte),
            }
        }
        files[which].text = String::from_utf8_lossy(&bytes).into_owned();
        let lines = u32::try_from(files[which].text.lines().count()).unwrap_or(u32::MAX) + 1;
        let path = files[which].path.clone();
        for found in lint(&files).into_iter().chain(lint_alone(&files[which])) {
            let place = found.location.filter(|place| place.file == path);
            prop_assert!(place.and_then(|place| place.line).unwrap_or(1) <= lines);
        }
    }
}
