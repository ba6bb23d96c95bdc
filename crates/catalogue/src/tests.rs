//! Tests of the built-in catalogue and of broken ones.

use interdict_model::{Diagnostic, Severity};
use proptest::prelude::*;

use crate::{SourceFile, builtin, builtin_files, lint, lint_alone, parse, parse_alone};

fn shown(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_built_in_catalogue_has_no_error() {
    let (_, diagnostics) = builtin();
    assert_eq!(shown(&diagnostics), "");
    let found = lint(&builtin_files());
    let errors: Vec<Diagnostic> = found.into_iter().filter(|found| found.severity == Severity::Error).collect();
    assert_eq!(shown(&errors), "");
}

#[test]
fn the_founding_case_is_whole() {
    let (catalogue, _) = builtin();
    let kaspersky = catalogue.vendor(&"kaspersky".into()).expect("the founding vendor");
    assert_eq!(catalogue.restrictions_of(&kaspersky.id).count(), 24, "every action that names it, one of them a draft");
    let leaders = catalogue.restriction(&"us-ofac-2024-06-kaspersky-leadership".into()).expect("the designation");
    assert_eq!(leaders.scope.persons.len(), 12);
    assert!(leaders.scope.persons.iter().all(|person| person.id.as_str() != "eugene-kaspersky"));
    assert!(leaders.scope.vendors.is_empty() && leaders.scope.entities.is_empty(), "the company is not listed");
    for security_vendor in [
        "microsoft",
        "eset",
        "sophos",
        "malwarebytes",
        "crowdstrike",
        "bitdefender",
        "trendmicro",
        "sentinelone",
        "wazuh",
        "cisco",
    ] {
        let vendor = catalogue.vendor(&security_vendor.into()).unwrap_or_else(|| panic!("no {security_vendor}"));
        let fingerprints: usize = vendor.products.iter().map(|product| product.fingerprints.len()).sum();
        assert!(fingerprints > 0, "{security_vendor} cannot be recognised");
    }
}

/// The example of the format's description is read as it stands.
#[test]
fn the_described_example_is_read() {
    let head = r#"
id = "us-bis-icts-2024-kaspersky"
issuer = "us-bis"
instrument = "final-determination"
authority = ["EO 13873", "15 CFR part 7 (since moved to part 791)"]
citations = ["89 FR 52434", "FR Doc. 2024-13532", "Case ICTS-2021-002"]
announced = 2024-06-20                    # first public; the default of every effect
published = 2024-06-24
verification = "primary"                  # primary | mirror | secondary | unverified
grounds = ["foreign-government-control", "privileged-access"]

[[standing]]
from = 2024-06-20
is = "in-force"

[scope]
vendors = ["kaspersky"]
product-classes = ["cybersecurity", "anti-virus"]
except-classes = ["threat-intelligence", "security-training", "informational-consulting"]
embedded = "covered"

[[effect]]
force = "forbids"
activities = ["buy", "renew"]
from = 2024-07-20
binds = ["vendor-group"]
counterparty = ["us-person"]
measure = "no-new-agreements"
reading = "A licence bought through a reseller is still a new agreement with the vendor."

[[not-bound]]
activity = "use"
who = ["us-person"]
says = "Continued use is not penalised; the issuer urges users to move."

[[source]]
kind = "primary"
url = "https://www.federalregister.gov/d/2024-13532"
supports = ["announced", "published", "scope", "effect"]
checked = 2026-11-22
"#;
    let text = format!("```toml{head}```\n# Commerce bars it\nTwo plain sentences. And this one.\n");
    let file = SourceFile::new("restrictions/us/us-bis-icts-2024-kaspersky.md", text);
    assert_eq!(shown(&parse_alone(&file)), "");
}

/// One file with ten mistakes: all ten are reported at once, each with its line and column.
const TEN_MISTAKES: &str = r#"```toml
id = "another-name"
issuer = "us-bis"
instrument = "final-determinaton"
announced = "2024-06-20"
verification = "primary"
colour = "red"

[[standing]]
from = 2024-06-20
is = "in-force"

[scope]

[[effect]]
force = "forbids"
activities = ["bye"]
from = 2024-07-20
until = 2024-07-19
binds = ["us-persons"]
measure = "no-new-agreements"

[[source]]
kind = "primary"
url = "http://example.org/"
```
# A title
"#;

#[test]
fn ten_mistakes_are_all_reported_with_their_places() {
    let file = SourceFile::new("restrictions/us/us-test.md", TEN_MISTAKES);
    insta::assert_snapshot!(shown(&parse_alone(&file)));
}

#[test]
fn broken_syntax_hides_nothing_of_the_rest() {
    let text = "id = \"us-test\nname = \"X\"\nshort-name = \"X\"\njurisdiction = \"us\"\ncolour = 1\n";
    let found = parse_alone(&SourceFile::new("issuers/us-test.toml", text));
    let codes: Vec<&str> = found.iter().map(|diagnostic| diagnostic.code.as_ref()).collect();
    assert!(codes.contains(&"catalogue/syntax") && codes.contains(&"catalogue/unknown-key"), "{}", shown(&found));
}

#[test]
fn references_that_lead_nowhere_and_ids_that_stand_twice() {
    let mut files = builtin_files();
    let at = files.iter().position(|file| file.path.ends_with("us-bis-icts-2024-kaspersky.md")).expect("the file");
    files[at].text = files[at].text.replace("vendors = [\"kaspersky\"]", "vendors = [\"kaspersy\"]");
    let copy = files.iter().find(|file| file.path == "vendors/acronis.toml").expect("the file").text.clone();
    files.push(SourceFile::new("vendors/acronis2.toml", copy));
    let (_, found) = parse(&files);
    let text = shown(&found);
    assert!(text.contains("there is no vendor \"kaspersy\"") && text.contains("did you mean \"kaspersky\"?"), "{text}");
    assert!(text.contains("the vendor \"acronis\" stands twice"), "{text}");
    assert!(found.iter().all(|diagnostic| diagnostic.location.is_some()), "{text}");
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,400}", path in "(issuers|vendors|profiles)/x\\.toml|restrictions/us/x\\.md|catalogue\\.toml") {
        let _ = parse_alone(&SourceFile::new(path, text));
    }

    /// A real file with a piece cut out or doubled: never a panic, and places stay within the file.
    #[test]
    fn no_damage_to_a_real_file_makes_parser_or_linter_panic(which in 0usize..1000, from in 0usize..20_000, length in 0usize..300) {
        let files = builtin_files();
        let file = &files[which % files.len()];
        let mut letters: Vec<char> = file.text.chars().collect();
        let from = from % letters.len();
        let until = (from + length).min(letters.len());
        letters.drain(from..until);
        let text: String = letters.into_iter().collect();
        let lines = u32::try_from(text.lines().count()).unwrap_or(u32::MAX) + 1;
        for found in lint_alone(&SourceFile::new(file.path.clone(), text)) {
            let line = found.location.and_then(|place| place.line).unwrap_or(1);
            prop_assert!(line <= lines);
        }
    }
}
