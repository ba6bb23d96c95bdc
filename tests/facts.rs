//! The built-in facts against tables written from the sources: what is recognised, and what an instrument says to whom.

use std::collections::BTreeSet;

use interdict_catalogue::{Catalogue, builtin};
use interdict_identify::Identifier;
use interdict_model::{ProductId, VendorId};
use interdict_tests::{checkout, scenario, score};
use serde_json::Value;

fn catalogue() -> Catalogue {
    builtin().0
}

#[test]
fn every_scenario_is_as_the_sources_say() {
    let catalogue = catalogue();
    let rows = scenario::rows(&checkout::root().join("tests/scenarios")).expect("the tables are well-formed");
    assert!(rows.len() >= 300, "only {} rows", rows.len());
    let outcomes: Vec<scenario::Outcome> = rows.iter().map(|row| scenario::ask(&catalogue, row)).collect();
    let differences: Vec<&String> = outcomes.iter().flat_map(|outcome| &outcome.differences).collect();
    let questions: usize = outcomes.iter().map(|outcome| outcome.questions).sum();
    let told: Vec<&str> = differences.iter().map(|text| text.as_str()).collect();
    assert!(differences.is_empty(), "{} differences in {questions} questions:\n{}", told.len(), told.join("\n"));
}

#[test]
fn every_observation_is_recognised_as_the_tables_say() {
    let catalogue = catalogue();
    let identifier = Identifier::new(&catalogue);
    let rows = score::matching_rows(&checkout::root().join("tests/matching")).expect("the tables are well-formed");
    let mut differences = Vec::new();
    for row in &rows {
        let found = identifier.identify(&row.observation);
        let vendor = found.vendor.as_ref().map(VendorId::as_str);
        let product = found.product.as_ref().map(ProductId::as_str);
        let is_other_product = row.product.is_some() && row.product.as_deref() != product;
        if row.vendor.as_deref() != vendor || is_other_product {
            let rules: Vec<&str> = found.matched.iter().map(|matched| matched.rule.as_str()).collect();
            differences.push(format!(
                "{}: {:?} ({}): expected {:?} {:?}, found {vendor:?} {product:?} by {rules:?}",
                row.file,
                row.observation.title(),
                row.why,
                row.vendor,
                row.product
            ));
        }
    }
    assert!(differences.is_empty(), "{} of {} rows:\n{}", differences.len(), rows.len(), differences.join("\n"));
}

/// A vendor whose recognition nobody wrote a row for is a vendor that nobody would miss.
#[test]
fn every_vendor_has_a_row() {
    let rows = score::matching_rows(&checkout::root().join("tests/matching")).expect("the tables are well-formed");
    let named: BTreeSet<&str> = rows.iter().filter_map(|row| row.vendor.as_deref()).collect();
    let catalogue = catalogue();
    let without: Vec<&str> =
        catalogue.vendors().iter().map(|vendor| vendor.id.as_str()).filter(|id| !named.contains(id)).collect();
    assert!(without.is_empty(), "no row in tests/matching/ is about {without:?}");
}

#[test]
fn recognition_of_the_public_records_reaches_its_shares() {
    let catalogue = catalogue();
    let identifier = Identifier::new(&catalogue);
    let (classes, skipped) = score::classes(&catalogue).expect("the data is what it should be");
    for place in skipped {
        println!("skipped: no test data at {place}");
    }
    for class in &classes {
        let score = score::score(&catalogue, &identifier, class);
        assert!(
            score.is_reached(),
            "{}: recall {:.4}, precision {:.4}\n{}",
            score.name,
            score.recall(),
            score.precision(),
            score.misses.join("\n")
        );
    }
}

#[test]
fn every_repository_that_a_source_names_stands_in_the_notice() {
    let catalogue = catalogue();
    let facts = serde_json::to_value((catalogue.vendors(), catalogue.restrictions())).expect("facts are plain data");
    let mut named = BTreeSet::new();
    collect_repositories(&facts, false, &mut named);
    assert!(named.len() >= 50, "only {} repositories", named.len());
    let notice = checkout::read(|path| path == "NOTICE");
    let lines = notice.iter().flat_map(|file| file.text.lines());
    let listed: BTreeSet<&str> = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    let missing: Vec<&str> = named.iter().map(String::as_str).filter(|name| !listed.contains(name)).collect();
    assert!(missing.is_empty(), "add to NOTICE, with what was seen there and the licence: {missing:?}");
}

/// Adds the repositories that the sources anywhere in a value begin with.
fn collect_repositories(value: &Value, is_source: bool, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if is_source => found.extend(repository(text)),
        Value::Array(items) => {
            for item in items {
                collect_repositories(item, is_source, found);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                collect_repositories(field, matches!(key.as_str(), "source" | "url"), found);
            }
        }
        _ => {}
    }
}

/// `owner/name`, where a source begins with it or with its address on GitHub.
fn repository(source: &str) -> Option<String> {
    let path = ["https://github.com/", "https://raw.githubusercontent.com/"]
        .iter()
        .find_map(|address| source.strip_prefix(address))
        .unwrap_or(source);
    let (owner, rest) = path.split_once('/')?;
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let name = rest.split(|letter| !is_of_name(letter)).next()?;
    let is_owner = !owner.is_empty() && owner.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    (is_owner && !name.is_empty()).then(|| format!("{owner}/{name}"))
}
