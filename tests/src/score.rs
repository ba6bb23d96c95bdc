//! Recognition as numbers: labelled records in, recall, precision and every miss out.
//!
//! The labels come from elsewhere: lists made by hand, the domain a package names as its publisher's, the company beside a
//! driver. A label never decides what the fingerprints are; where they disagree somebody looks. The records themselves are
//! public test data that lies outside the project (see [`crate::test_data`]).

mod casks;
mod companies;
mod drivers;
mod negatives;
mod rows;
mod tables;
mod winget;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use interdict_catalogue::Catalogue;
use interdict_identify::Identifier;
use interdict_model::{Observation, VendorId};

pub use rows::{Row, matching_rows};

/// One record with what is known of it from elsewhere.
#[derive(Debug, Clone)]
pub struct Labelled {
    /// Where the record comes from and what it is called there.
    pub title: String,
    /// The record as a collector would give it.
    pub observation: Observation,
    /// What is known of it.
    pub label: Label,
}

/// What is known of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {
    /// It is this vendor's.
    Vendor(VendorId),
    /// It is of no vendor of the catalogue.
    Nobody,
    /// It is of none of the vendors that the class is about.
    NoneOf(BTreeSet<VendorId>),
    /// Nobody says whose it is; an attribution must say so by the record's own words to count.
    Unknown,
}

/// A class of records and the shares it must reach.
#[derive(Debug, Clone)]
pub struct Class {
    /// What the records are.
    pub name: &'static str,
    /// The share of records with a vendor that must be found.
    pub recall: f64,
    /// The share of attributions that must be right.
    pub precision: f64,
    /// The records.
    pub records: Vec<Labelled>,
}

/// How a class came out.
#[derive(Debug, Clone)]
pub struct Score {
    /// What the records are.
    pub name: &'static str,
    /// How many records there are.
    pub records: usize,
    /// How many have a vendor by their label.
    pub labelled: usize,
    /// How many of those were attributed to it.
    pub found: usize,
    /// How many attributions there were.
    pub attributed: usize,
    /// How many of those were wrong.
    pub wrong: usize,
    /// Every record that was missed or wrong, in words.
    pub misses: Vec<String>,
    /// The shares that must be reached.
    pub targets: (f64, f64),
}

impl Score {
    /// The share of labelled records that were found; 1 where there is none.
    #[must_use]
    pub fn recall(&self) -> f64 {
        share(self.found, self.labelled)
    }

    /// The share of attributions that were right; 1 where there is none.
    #[must_use]
    pub fn precision(&self) -> f64 {
        share(self.attributed - self.wrong, self.attributed)
    }

    /// Whether both shares are reached.
    #[must_use]
    pub fn is_reached(&self) -> bool {
        self.recall() >= self.targets.0 && self.precision() >= self.targets.1
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of records are far below what a float holds exactly")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Every class whose data is at hand; what is not is named with the place it was looked for.
///
/// # Errors
/// When data is there and cannot be read as what it is.
pub fn classes(catalogue: &Catalogue) -> Result<(Vec<Class>, Vec<String>), String> {
    let mut found = Vec::new();
    let mut skipped = Vec::new();
    for read in [winget::classes, casks::classes, drivers::classes, negatives::classes, tables::classes] {
        match read(catalogue)? {
            Read::Classes(classes) => found.extend(classes),
            Read::Absent(place) => skipped.push(place),
        }
    }
    Ok((found, skipped))
}

/// What reading a source of labelled records came to.
enum Read {
    Classes(Vec<Class>),
    /// It is not there; where it was looked for.
    Absent(String),
}

/// Identifies every record of a class and counts.
#[must_use]
pub fn score(catalogue: &Catalogue, identifier: &Identifier, class: &Class) -> Score {
    let mut score = Score {
        name: class.name,
        records: class.records.len(),
        labelled: 0,
        found: 0,
        attributed: 0,
        wrong: 0,
        misses: Vec::new(),
        targets: (class.recall, class.precision),
    };
    for record in &class.records {
        let vendor = identifier.identify(&record.observation).vendor;
        count(catalogue, record, vendor.as_ref(), &mut score);
    }
    score
}

fn count(catalogue: &Catalogue, record: &Labelled, vendor: Option<&VendorId>, score: &mut Score) {
    let complain = |misses: &mut Vec<String>, what: String| misses.push(format!("{what}: {}", describe(record)));
    match (&record.label, vendor) {
        (Label::Vendor(expected), answer) => {
            score.labelled += 1;
            score.attributed += usize::from(answer.is_some());
            match answer {
                Some(answer) if companies::are_one_group(catalogue, answer, expected) => score.found += 1,
                Some(answer) => {
                    score.wrong += 1;
                    complain(&mut score.misses, format!("{answer} instead of {expected}"));
                }
                None => complain(&mut score.misses, format!("nothing instead of {expected}")),
            }
        }
        (Label::Nobody, Some(answer)) => {
            score.attributed += 1;
            score.wrong += 1;
            complain(&mut score.misses, format!("{answer}, and it is nobody's"));
        }
        (Label::NoneOf(vendors), Some(answer)) => {
            if vendors.contains(answer) {
                score.attributed += 1;
                score.wrong += 1;
                complain(&mut score.misses, format!("{answer}, which it is not"));
            }
        }
        (Label::Unknown, Some(answer)) => {
            score.attributed += 1;
            if !companies::is_named_in(catalogue, answer, &record.observation) {
                score.wrong += 1;
                complain(&mut score.misses, format!("{answer}, of which the record does not speak"));
            }
        }
        (Label::Nobody | Label::NoneOf(_) | Label::Unknown, None) => {}
    }
}

fn describe(record: &Labelled) -> String {
    let observation = &record.observation;
    let mut text = record.title.clone();
    let fields = [
        ("name", &observation.name),
        ("publisher", &observation.publisher),
        ("identifier", &observation.identifier),
        ("path", &observation.path),
    ];
    for (field, value) in fields {
        if let Some(value) = value {
            let _ = write!(text, "  {field} \"{value}\"");
        }
    }
    text
}
