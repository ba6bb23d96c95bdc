//! Files to catalogue: reads every file, then checks that they fit together.
//!
//! All problems of all files are reported at once. A catalogue is always returned, made of what could be read; whether it
//! may be used when there are errors is the caller's decision (the built-in one has none, a test sees to that).

use std::collections::HashMap;

use interdict_model::{CatalogueStamp, Day, Diagnostic, Location, Severity};

use crate::catalogue::{Beside, Catalogue, Facts};
use crate::cross_check;
use crate::source_file::{FileKind, SourceFile};
use crate::{restriction_file, small_files, vendor_file};

/// Reads a whole catalogue. The diagnostics are ordered by file, line and column.
#[must_use]
pub fn parse(files: &[SourceFile]) -> (Catalogue, Vec<Diagnostic>) {
    let mut facts = Facts::default();
    let mut diagnostics = Vec::new();
    for file in files {
        read_file(file, &mut facts, &mut diagnostics);
    }
    if facts.stamp.is_none() && files.len() > 1 {
        let message = "catalogue.toml with format, version and date is missing";
        diagnostics.push(Diagnostic::error("catalogue/no-stamp", message).at(Location::file("catalogue.toml")));
    }
    let paths: HashMap<&str, &SourceFile> = files.iter().map(|file| (file.stem(), file)).collect();
    diagnostics.extend(cross_check::check(&facts, &paths));
    sort(&mut diagnostics);
    (Catalogue::new(facts, unnamed()), diagnostics)
}

/// Reads one file over a catalogue: it takes the place of the entry of its id, or stands beside the others.
#[must_use]
pub fn parse_over(base: Catalogue, file: &SourceFile) -> (Catalogue, Vec<Diagnostic>) {
    let (mut facts, beside) = base.taken_apart();
    let mut read = Facts::default();
    let mut diagnostics = Vec::new();
    read_file(file, &mut read, &mut diagnostics);
    for mut restriction in read.restrictions {
        let known = facts.restrictions.iter().position(|entry| entry.id == restriction.id);
        if let Some(known) = known.map(|at| facts.restrictions.remove(at)) {
            restriction.jurisdiction = known.jurisdiction;
        }
        facts.restrictions.push(restriction);
    }
    put(&mut facts.vendors, read.vendors, |entry| entry.id.as_str());
    put(&mut facts.issuers, read.issuers, |entry| entry.id.as_str());
    put(&mut facts.profiles, read.profiles, |entry| entry.id.as_str());
    facts.stamp = read.stamp.or(facts.stamp);
    diagnostics.extend(cross_check::check(&facts, &HashMap::from([(file.stem(), file)])));
    sort(&mut diagnostics);
    let withdrawn = beside.withdrawn;
    let catalogue = Catalogue::new(facts, unnamed());
    let beside =
        Beside { withdrawn: catalogue.withdrawn().clone().into_iter().chain(withdrawn).collect(), ..Beside::default() };
    (catalogue.beside(beside), diagnostics)
}

/// Puts entries among others, in the place of those that have their ids.
fn put<T>(among: &mut Vec<T>, entries: Vec<T>, id: impl Fn(&T) -> &str) {
    for entry in entries {
        among.retain(|known| id(known) != id(&entry));
        among.push(entry);
    }
}

/// Reads one file by itself: its own problems only, no references to other files.
#[must_use]
pub fn parse_alone(file: &SourceFile) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    read_file(file, &mut Facts::default(), &mut diagnostics);
    sort(&mut diagnostics);
    diagnostics
}

/// Whether any of the diagnostics is an error.
#[must_use]
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// By file, line and column.
pub(crate) fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|left, right| (&left.location, &left.code).cmp(&(&right.location, &right.code)));
}

/// Stands for a stamp that is missing.
pub(crate) fn unnamed() -> CatalogueStamp {
    CatalogueStamp { version: "unnamed".to_owned(), date: Day::UNKNOWN }
}

/// Reads one file into the facts.
pub(crate) fn read_file(file: &SourceFile, facts: &mut Facts, diagnostics: &mut Vec<Diagnostic>) {
    let found = match FileKind::of(file) {
        FileKind::Stamp => {
            let (stamp, found) = small_files::read_stamp(file);
            facts.stamp = stamp.or(facts.stamp.take());
            found
        }
        FileKind::Issuer => {
            let (issuer, found) = small_files::read_issuer(file);
            facts.issuers.extend(issuer);
            found
        }
        FileKind::Profile => {
            let (profiles, found) = small_files::read_profiles(file);
            facts.profiles.extend(profiles);
            found
        }
        FileKind::Restriction => {
            let (restriction, found) = restriction_file::read(file);
            facts.restrictions.extend(restriction);
            found
        }
        FileKind::Vendor => {
            let (vendor, found) = vendor_file::read(file);
            facts.vendors.extend(vendor);
            found
        }
        FileKind::Prose => Vec::new(),
        FileKind::Unknown => {
            let hint = "a file belongs to issuers/, profiles/, vendors/ (.toml) or restrictions/<jurisdiction>/ (.md)";
            let diagnostic = Diagnostic::error("catalogue/unknown-file", "this file has no place in a catalogue");
            vec![diagnostic.hint(hint).at(Location::file(&file.path))]
        }
    };
    diagnostics.extend(found);
}
