//! The built-in facts against tables written from the sources: what is recognised, and what an instrument says to whom.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test stops at what it cannot read and says what it skips"
)]

use interdict_catalogue::{Catalogue, builtin};
use interdict_identify::Identifier;
use interdict_tests::{checkout, scenario, score};

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
        let vendor = found.vendor.as_ref().map(|id| id.as_str());
        let product = found.product.as_ref().map(|id| id.as_str());
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
