//! Each kind of change, from text to words.

use super::{Change, Group, diff, place_name};
use crate::catalogue::Catalogue;
use crate::source_file::SourceFile;
use crate::{builtin, parse};

const STAMP: &str = "format = 1\nversion = \"1\"\ndate = 2026-01-01\n";
const ISSUER: &str = "id = \"au-home\"\nname = \"Home Affairs\"\nshort-name = \"Home\"\njurisdiction = \"au\"\n";
const PROFILE: &str = "id = \"au-commonwealth\"\ntitle = \"Entity\"\ncapacities = [\"au-commonwealth\"]\n";
const VENDOR: &str = r#"id = "acme"
name = "Acme"

[[legal-entity]]
id = "acme-ltd"
name = "Acme Ltd"
confidence = "known"

[[person]]
id = "jo-doe"
name = "Jo Doe"
role = "director"
confidence = "known"

[[product]]
id = "acme.guard"
name = "Acme Guard"
classes = ["anti-virus"]
category = "antivirus"
fingerprints = [
  { field = "deb-package", match = "exact", value = "acme-guard", confidence = "known" },
]
"#;
const RESTRICTION: &str = r#"```toml
id = "au-acme"
issuer = "au-home"
instrument = "directive"
announced = 2025-02-21
verification = "primary"

[[standing]]
from = 2025-02-21
is = "in-force"

[scope]
vendors = ["acme"]

[[effect]]
force = "requires"
activities = ["remove"]
from = 2025-05-01
binds = ["au-commonwealth"]
measure = "removal-ordered"

[[effect]]
force = "forbids"
activities = ["use"]
from = 2025-04-01
binds = ["au-commonwealth"]
measure = "no-government-use"
```
# Australia removes Acme

Acme goes.
"#;

/// The paths and texts of a catalogue, some of them changed.
fn catalogue(edits: &[(&str, &str, &str)]) -> Catalogue {
    let files = [
        ("catalogue.toml", STAMP),
        ("issuers/au-home.toml", ISSUER),
        ("profiles/au-commonwealth.toml", PROFILE),
        ("vendors/acme.toml", VENDOR),
        ("restrictions/au/au-acme.md", RESTRICTION),
    ];
    let edited = files.iter().map(|(path, text)| {
        let of_file = edits.iter().filter(|(edited, _, _)| edited == path);
        let text = of_file.fold((*text).to_owned(), |text, (_, from, to)| {
            assert!(text.contains(from), "{from} is not in {path}");
            text.replacen(from, to, 1)
        });
        SourceFile::new(*path, text)
    });
    let (catalogue, diagnostics) = parse(&edited.collect::<Vec<_>>());
    assert_eq!(diagnostics, [], "{edits:?}");
    catalogue
}

fn told(changes: &[Change]) -> Vec<String> {
    changes
        .iter()
        .map(|change| format!("{}: {}: {}", change.group().as_str(), change.entry.id, change.says()))
        .collect()
}

const LAW: &str = "restrictions/au/au-acme.md";
const MAKER: &str = "vendors/acme.toml";

#[test]
fn each_change_is_told_under_its_heading_in_plain_words() {
    for (file, from, to, words) in [
        (
            LAW,
            "2025-05-01",
            "2025-04-01",
            "effects-moved: au-acme: removal now ordered from 2025-04-01, was 2025-05-01",
        ),
        (
            LAW,
            "from = 2025-05-01",
            "from = 2025-05-01\nuntil = 2026-01-01",
            "effects-ended: au-acme: removal ordered only until 2026-01-01, was without an end",
        ),
        (
            LAW,
            "from = 2025-05-01",
            "from = 2025-05-01\nfrom-precision = \"month\"",
            "effects-moved: au-acme: removal now ordered from some day in 2025-05, was 2025-05-01",
        ),
        (
            LAW,
            "is = \"in-force\"",
            "is = \"in-force\"\n[[standing]]\nfrom = 2026-01-01\nis = \"ended\"",
            "standing: au-acme: ended from 2026-01-01",
        ),
        (LAW, "is = \"in-force\"", "is = \"contested\"", "standing: au-acme: contested from 2025-02-21, was in-force"),
        (
            LAW,
            "activities = [\"use\"]",
            "activities = [\"use\", \"buy\"]",
            "effects-changed: au-acme: use by public bodies barred from 2025-04-01: also for buy",
        ),
        (
            LAW,
            "vendors = [\"acme\"]",
            "vendors = [\"acme\"]\nentities = [\"acme-ltd\"]\npersons = [{ id = \"jo-doe\" }]",
            "listed: au-acme: names Acme Ltd, Jo Doe from now on",
        ),
        (
            LAW,
            "verification = \"primary\"",
            "verification = \"secondary\"",
            "restrictions-changed: au-acme: support is \"secondary\" now, was \"primary\"",
        ),
        (LAW, "Acme goes.", "Acme has to go.", "restrictions-changed: au-acme: described differently"),
        (
            LAW,
            "announced = 2025-02-21",
            "announced = 2025-02-21\nwithdrawn = 2026-03-01",
            "restrictions-removed: au-acme: withdrawn as a mistake on 2026-03-01",
        ),
        (
            MAKER,
            "value = \"acme-guard\"",
            "value = \"acme-guard2\"",
            "fingerprints: acme.guard: 1 fingerprint added, 1 fingerprint removed",
        ),
        (
            MAKER,
            "classes = [\"anti-virus\"]",
            "classes = [\"backup\"]",
            "products: acme.guard: belongs to backup; no longer belongs to anti-virus",
        ),
        (MAKER, "name = \"Acme\"", "name = \"Acme AG\"", "vendors: acme: called Acme AG now, was Acme"),
        (
            "profiles/au-commonwealth.toml",
            "[\"au-commonwealth\"]",
            "[\"au-commonwealth\", \"anyone\"]",
            "profiles: au-commonwealth: is now bound as anyone",
        ),
    ] {
        let found = diff(&catalogue(&[]), &catalogue(&[(file, from, to)]));
        assert_eq!(told(&found.changes), [words], "{from} -> {to}");
    }
}

#[test]
fn nothing_changed_tells_nothing_and_backwards_tells_the_opposite() {
    assert_eq!(told(&diff(&catalogue(&[]), &catalogue(&[])).changes), [""; 0]);
    let with_end = catalogue(&[(LAW, "from = 2025-05-01", "from = 2025-05-01\nuntil = 2026-01-01")]);
    assert_eq!(
        told(&diff(&with_end, &catalogue(&[])).changes),
        ["effects-ended: au-acme: removal ordered without an end now, was until 2026-01-01"]
    );
}

/// Two effects that demand the same of different people must not be taken for one another.
#[test]
fn effects_are_told_apart_by_whom_they_bind() {
    let second = "[[effect]]\nforce = \"requires\"\nactivities = [\"remove\"]\nfrom = 2025-06-01\nbinds = [\"us-person\"]\nmeasure = \"removal-ordered\"\n```";
    let both = |first: &str, other: &str| {
        catalogue(&[
            (LAW, "2025-05-01", first),
            (LAW, "```\n#", &format!("\n{}\n#", second.replace("2025-06-01", other))),
        ])
    };
    let found = diff(&both("2025-05-01", "2025-06-01"), &both("2025-06-01", "2025-05-01"));
    assert_eq!(
        told(&found.changes),
        [
            "effects-moved: au-acme: removal now ordered from 2025-06-01, was 2025-05-01",
            "effects-moved: au-acme: removal now ordered from 2025-05-01, was 2025-06-01",
        ]
    );
    let found = diff(&catalogue(&[]), &both("2025-05-01", "2025-06-01"));
    assert_eq!(told(&found.changes), ["effects-added: au-acme: removal ordered from 2025-06-01"]);
    let found = diff(&both("2025-05-01", "2025-06-01"), &catalogue(&[]));
    assert_eq!(told(&found.changes), ["effects-ended: au-acme: removal ordered from 2025-06-01: no longer"]);
}

#[test]
fn what_is_reported_is_not_told_as_fact() {
    let reported = |text: &str| text.replace("\"primary\"", "\"unverified\"").replace("in-force", "reported");
    let file = SourceFile::new("restrictions/au/au-other.md", reported(&RESTRICTION.replace("au-acme", "au-other")));
    let (new, diagnostics) = crate::parse_over(catalogue(&[]), &file);
    assert_eq!(diagnostics, []);
    assert_eq!(
        told(&diff(&catalogue(&[]), &new).changes),
        ["restrictions-added: au-other: reported, not verified by us: removal ordered from 2025-05-01; use by public \
          bodies barred from 2025-04-01; stands as reported; names Acme"]
    );
}

#[test]
fn wording_is_not_taken_for_a_change_of_law() {
    let is_wording = |edit| diff(&catalogue(&[]), &catalogue(&[edit])).changes.iter().all(Change::is_wording);
    assert!(is_wording((LAW, "Acme goes.", "Acme has to go.")));
    assert!(!is_wording((LAW, "2025-05-01", "2025-04-01")));
    assert!(!is_wording((LAW, "vendors = [\"acme\"]", "vendors = [\"acme\"]\nproduct-classes = [\"anti-virus\"]")));
}

#[test]
fn a_catalogue_from_nothing_and_to_nothing_names_everything() {
    let (full, _) = builtin();
    let empty = catalogue(&[]);
    let added = diff(&empty, &full).changes;
    let count = |changes: &[Change], group| changes.iter().filter(|change| change.group() == group).count();
    assert_eq!(count(&added, Group::RestrictionsAdded), full.restrictions().len());
    assert_eq!(count(&added, Group::RestrictionsRemoved), 1);
    let removed = diff(&full, &empty).changes;
    assert_eq!(count(&removed, Group::RestrictionsRemoved), full.restrictions().len());
    assert_eq!(count(&removed, Group::Vendors), full.vendors().len() + 1);
    for change in added.iter().chain(&removed) {
        let said = change.says();
        assert!(!said.is_empty() && !said.contains("  ") && !said.contains("names ;"), "{}: {said}", change.entry.id);
    }
}

#[test]
fn every_place_of_the_catalogue_has_a_name() {
    let (catalogue, _) = builtin();
    for restriction in catalogue.restrictions() {
        let name = place_name(&restriction.jurisdiction);
        assert_ne!(name, restriction.jurisdiction.to_uppercase(), "{}", restriction.id);
    }
}
