//! Own rules over the built-in catalogue: what is used, what is left out and why, whose it is.

use interdict_model::Origin;

use super::{Layered, layer, lint_layer};
use crate::builtin;
use crate::catalogue::EntryKind;
use crate::source_file::SourceFile;

const BAN: &str = r#"```toml
id = "own-no-acronis"
issuer = "own-organisation"
short-title = "No Acronis"
instrument = "directive"
announced = 2026-01-01
verification = "primary"

[[standing]]
from = 2026-01-01
is = "in-force"

[scope]
vendors = ["acronis"]

[[effect]]
force = "forbids"
activities = ["use"]
from = 2026-02-01
binds = ["anyone"]
measure = "own-rule"
says = "Acronis may not be used."
```
# No Acronis

The board decided so.
"#;
const VENDOR: &str = "id = \"acme-inhouse\"\nname = \"Acme in-house\"\n";
const APPROVAL: &str = "subject = \"acronis\"\nby = \"Head of IT security\"\nfrom = 2026-01-01\nuntil = 2027-01-01\n";
const ADDITION: &str = "extends = \"acronis\"\n[[fingerprint]]\nfield = \"deb-package\"\nmatch = \"exact\"\nvalue = \"acme-acronis\"\nconfidence = \"known\"\n";

fn layered(files: &[(&str, &str)]) -> Layered {
    layer(builtin().0, &sources(files))
}

fn sources(files: &[(&str, &str)]) -> Vec<SourceFile> {
    files.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect()
}

fn said(layered: &Layered) -> Vec<String> {
    layered.diagnostics.iter().map(ToString::to_string).collect()
}

#[test]
fn good_files_are_all_used_and_marked() {
    let files = [
        ("README.md", "for people"),
        ("restrictions/own-no-acronis.md", BAN),
        ("vendors/acme-inhouse.toml", VENDOR),
        ("vendors/acronis.toml", ADDITION),
        ("approvals/acronis.toml", APPROVAL),
    ];
    let layered = layered(&files);
    assert_eq!(said(&layered), [""; 0]);
    assert_eq!(layered.used.len(), 4);
    let catalogue = &layered.catalogue;
    for (kind, id, origin) in [
        (EntryKind::Restriction, "own-no-acronis", Origin::Own),
        (EntryKind::Issuer, "own-organisation", Origin::Own),
        (EntryKind::Vendor, "acme-inhouse", Origin::Own),
        (EntryKind::Approval, "acronis", Origin::Own),
        // The approval has the vendor's id; the vendor stays the catalogue's.
        (EntryKind::Vendor, "acronis", Origin::Catalogue),
        (EntryKind::Issuer, "us-bis", Origin::Catalogue),
    ] {
        assert_eq!(catalogue.origin(kind, id), origin, "{id}");
    }
    let acronis = catalogue.vendor(&"acronis".into()).expect("a vendor");
    let own = |value: &str| {
        let print = acronis.fingerprints.iter().find(|print| print.value == value).expect(value);
        catalogue.fingerprint_origin(acronis, None, print)
    };
    assert_eq!(own("acme-acronis"), Origin::Own);
    assert!(catalogue.restrictions_of(&"acronis".into()).any(|entry| entry.id.as_str() == "own-no-acronis"));
    assert!(catalogue.stamp().version.contains("+own."));
    assert_eq!(lint_layer(&sources(&files), &layered), []);
}

#[test]
fn nothing_of_the_catalogue_is_changed_by_own_files() {
    let (below, _) = builtin();
    let layered = layered(&[("restrictions/own-no-acronis.md", BAN), ("vendors/acronis.toml", ADDITION)]);
    for restriction in below.restrictions() {
        assert_eq!(layered.catalogue.restriction(&restriction.id), Some(restriction));
    }
    let (parted, added) = layered.catalogue.parted().expect("own entries");
    assert_eq!(parted.vendors(), below.vendors());
    assert_eq!(added.vendors().len(), 1);
    assert!(below.parted().is_none());
    assert_eq!(layer(builtin().0, &[]).catalogue.stamp(), below.stamp());
}

/// Every way to be wrong leaves out the file alone, and says where and what to do.
#[test]
fn a_file_that_is_wrong_is_left_out_alone() {
    let edited = |from: &str, to: &str| BAN.replacen(from, to, 1);
    for (path, text, code, words) in [
        ("vendors/x.toml", "id = \"x".to_owned(), "catalogue/syntax", "invalid basic string"),
        ("restrictions/own-b.md", "no head".to_owned(), "catalogue/no-head", "must begin with"),
        (
            "restrictions/no-acronis.md",
            edited("\"own-no-acronis\"", "\"no-acronis\""),
            "catalogue/own-id",
            "call it \"own-no-acronis\"",
        ),
        (
            "restrictions/own-b.md",
            edited("own-no-acronis", "own-b").replace("own-organisation", "us-bis"),
            "catalogue/own-issuer",
            "write issuer = \"own-organisation\"",
        ),
        (
            "restrictions/own-b.md",
            edited("own-no-acronis", "own-b").replace("[\"acronis\"]", "[\"acronsi\"]"),
            "catalogue/unknown-reference",
            "did you mean \"acronis\"?",
        ),
        ("restrictions/us/own-no-acronis.md", BAN.to_owned(), "catalogue/duplicate-id", "stands twice"),
        (
            "vendors/kaspersky.toml",
            "id = \"kaspersky\"\nname = \"Kaspersky\"\n".to_owned(),
            "catalogue/duplicate-id",
            "extends = \"kaspersky\"",
        ),
        (
            "vendors/nobody.toml",
            "extends = \"nobody\"\n".to_owned(),
            "catalogue/unknown-reference",
            "no vendor \"nobody\"",
        ),
        (
            "vendors/kaspersky.toml",
            "extends = \"kaspersky\"\n[[product]]\nextends = \"kaspersky.kes-linus\"\n".to_owned(),
            "catalogue/unknown-reference",
            "did you mean \"kaspersky.kes-linux\"?",
        ),
        (
            "vendors/kaspersky.toml",
            "extends = \"acronis\"\n".to_owned(),
            "catalogue/id-is-not-file-name",
            "is not the file's name",
        ),
        (
            "approvals/x.toml",
            "subject = \"nobody\"\nby = \"CISO\"\nfrom = 2026-01-01\n".to_owned(),
            "catalogue/unknown-reference",
            "no vendor",
        ),
        (
            "approvals/x.toml",
            "subject = \"acronis\"\nfrom = 2026-01-01\n".to_owned(),
            "catalogue/missing-key",
            "\"by\" is missing",
        ),
        (
            "approvals/x.toml",
            "subject = \"acronis\"\nby = \"CISO\"\nfrom = 2026-01-01\nuntil = 2025-01-01\n".to_owned(),
            "catalogue/span-order",
            "is not after",
        ),
        ("catalogue.toml", "version = \"1\"".to_owned(), "catalogue/unknown-file", "no place among own rules"),
        ("notes/x.toml", String::new(), "catalogue/unknown-file", "restrictions/"),
    ] {
        let files =
            [("restrictions/own-no-acronis.md", BAN), ("vendors/acme-inhouse.toml", VENDOR), (path, text.as_str())];
        let layered = layered(&files);
        assert_eq!(layered.left_out, [path], "{:?}", said(&layered));
        assert_eq!(layered.used.len(), 2, "{path}");
        assert!(layered.catalogue.restriction(&"own-no-acronis".into()).is_some(), "{path}");
        let found = layered.diagnostics.iter().find(|found| found.code == code);
        let found = found.unwrap_or_else(|| panic!("{code}: {:?}", said(&layered)));
        assert!(found.to_string().contains(words), "{found}");
        assert_eq!(found.location.as_ref().map(|place| place.file.as_str()), Some(path), "{found}");
    }
}

#[test]
fn what_needs_a_file_that_is_left_out_is_left_out_too() {
    let owned = |id: &str, parent: &str| format!("id = \"{id}\"\nname = \"{id} company\"\nparent = \"{parent}\"\n");
    let (first, second, third) = (owned("aaa", "bbb"), owned("bbb", "ccc"), owned("ccc", "nobody"));
    let files = [
        ("vendors/aaa.toml", first.as_str()),
        ("vendors/bbb.toml", second.as_str()),
        ("vendors/ccc.toml", third.as_str()),
        ("vendors/acme-inhouse.toml", VENDOR),
    ];
    let layered_files = layered(&files);
    assert_eq!(layered_files.used, ["vendors/acme-inhouse.toml"], "{:?}", said(&layered_files));
    assert_eq!(layered_files.diagnostics.len(), 3);

    let (first, second) = (owned("aaa", "bbb"), owned("bbb", "aaa"));
    let circle =
        layered(&[("vendors/aaa.toml", &first), ("vendors/bbb.toml", &second), ("vendors/acme-inhouse.toml", VENDOR)]);
    assert_eq!(circle.used, ["vendors/acme-inhouse.toml"], "{:?}", said(&circle));
}

#[test]
fn the_linter_looks_at_own_files_and_asks_no_source_of_them() {
    let without_sentence = BAN.replace("says = \"Acronis may not be used.\"\n", "");
    let open_approval = APPROVAL.replace("until = 2027-01-01\n", "");
    let files = [
        ("restrictions/own-no-acronis.md", without_sentence.as_str()),
        ("approvals/acronis.toml", open_approval.as_str()),
        ("vendors/acronis.toml", &ADDITION.replace("acme-acronis", "ac")),
    ];
    let layered = layered(&files);
    assert_eq!(said(&layered), [""; 0]);
    let found: Vec<String> = lint_layer(&sources(&files), &layered).iter().map(ToString::to_string).collect();
    for (file, code) in [
        ("restrictions/own-no-acronis.md", "lint/no-sentence"),
        ("approvals/acronis.toml", "lint/open-approval"),
        ("vendors/acronis.toml", "lint/short-literal"),
    ] {
        assert!(found.iter().any(|line| line.starts_with(file) && line.contains(code)), "{code}: {found:?}");
    }
    assert_eq!(found.len(), 3, "{found:?}");
}

/// What is worked out with other rules must be worked out anew, so the version tells them apart.
#[test]
fn the_version_follows_the_files() {
    let version = |files: &[(&str, &str)]| layered(files).catalogue.stamp().version.clone();
    let ban = ("restrictions/own-no-acronis.md", BAN);
    let later = BAN.replace("2026-02-01", "2026-03-01");
    let versions = [
        version(&[]),
        version(&[ban]),
        version(&[("restrictions/own-no-acronis.md", &later)]),
        version(&[ban, ("vendors/acme-inhouse.toml", VENDOR)]),
    ];
    for (at, version) in versions.iter().enumerate() {
        assert!(!versions[..at].contains(version), "{versions:?}");
    }
    assert_eq!(version(&[ban]), version(&[ban, ("vendors/broken.toml", "id =")]), "what is not used changes nothing");
}
