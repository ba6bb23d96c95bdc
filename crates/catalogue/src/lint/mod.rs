//! The strict linter: what the parser lets pass and a reviewer would not.
//!
//! Errors are claims without a source, spans that cannot be, references into the void, and literals that would hit what they
//! should not. Warnings are what a person should look at. Everything is said at once, with file, line, column and what to
//! do. Whether a source says what it is cited for is not known here; somebody has to read it.

mod effects;
mod fingerprints;
mod outline;
mod restriction;
mod sheet;
mod sources;
mod succession;
#[cfg(test)]
mod tests;
mod vendor;
mod wording;

use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Day, Diagnostic, Restriction, RestrictionId, Vendor};

use self::sheet::Sheet;
use crate::parse::{parse, parse_alone};
use crate::source_file::{FileKind, SourceFile};
use crate::{restriction_file, small_files, vendor_file};

pub use self::wording::FILL_IN;

/// Everything the parser and the strict linter have against a whole catalogue, by file, line and column.
#[must_use]
pub fn lint(files: &[SourceFile]) -> Vec<Diagnostic> {
    united(parse(files).1, strict(files))
}

/// The same for one file by itself: what it refers to in other files is not looked at.
#[must_use]
pub fn lint_alone(file: &SourceFile) -> Vec<Diagnostic> {
    united(parse_alone(file), strict(std::slice::from_ref(file)))
}

/// What the rules look at: every file with what could be read of it.
struct Reading<'f> {
    /// The day of the catalogue, where it has one.
    date: Option<Day>,
    restrictions: Vec<(Sheet<'f>, Restriction)>,
    vendors: Vec<(Sheet<'f>, Vendor)>,
    others: Vec<Sheet<'f>>,
}

impl<'f> Reading<'f> {
    fn of(files: &'f [SourceFile]) -> Self {
        let mut reading = Self { date: None, restrictions: Vec::new(), vendors: Vec::new(), others: Vec::new() };
        for file in files {
            let sheet = Sheet::new(file);
            match FileKind::of(file) {
                FileKind::Stamp => reading.date = small_files::read_stamp(file).0.map(|stamp| stamp.date),
                FileKind::Restriction => match restriction_file::read(file).0 {
                    Some(restriction) => reading.restrictions.push((sheet, restriction)),
                    None => reading.others.push(sheet),
                },
                FileKind::Vendor => match vendor_file::read(file).0 {
                    Some(vendor) => reading.vendors.push((sheet, vendor)),
                    None => reading.others.push(sheet),
                },
                FileKind::Issuer | FileKind::Profile => reading.others.push(sheet),
                FileKind::Prose | FileKind::Unknown => {}
            }
        }
        reading
    }

    /// Restrictions by id, withdrawn ones as well.
    fn by_id(&self) -> BTreeMap<RestrictionId, Restriction> {
        self.restrictions.iter().map(|(_, entry)| (entry.id.clone(), entry.clone())).collect()
    }

    fn into_found(self) -> Vec<Diagnostic> {
        let sheets = self.restrictions.into_iter().map(|(sheet, _)| sheet);
        let sheets = sheets.chain(self.vendors.into_iter().map(|(sheet, _)| sheet)).chain(self.others);
        sheets.flat_map(|sheet| sheet.found).collect()
    }
}

/// What the strict rules find.
fn strict(files: &[SourceFile]) -> Vec<Diagnostic> {
    let mut reading = Reading::of(files);
    let known = reading.by_id();
    let groups = effects::groups(reading.vendors.iter().map(|(_, vendor)| vendor));
    for (sheet, entry) in &mut reading.restrictions {
        wording::check(sheet);
        succession::check_withdrawn(sheet, entry);
        // Nobody is shown a withdrawn entry.
        if entry.withdrawn.is_none() {
            restriction::check(sheet, entry);
            sources::check(sheet, entry, reading.date);
            effects::check(sheet, entry, &groups);
            succession::check(sheet, entry, &known);
        }
    }
    for (sheet, vendor) in &mut reading.vendors {
        wording::check(sheet);
        vendor::check(sheet, vendor);
        succession::check_statements(sheet, vendor, &known);
        fingerprints::check_alone(sheet, vendor);
    }
    reading.others.iter_mut().for_each(wording::check);
    fingerprints::check_together(&mut reading.vendors);
    reading.into_found()
}

/// File and line.
type Line = (String, Option<u32>);

fn line(diagnostic: &Diagnostic) -> Line {
    diagnostic.location.as_ref().map_or((String::new(), None), |place| (place.file.clone(), place.line))
}

fn file(diagnostic: &Diagnostic) -> Option<&str> {
    diagnostic.location.as_ref().map(|place| place.file.as_str())
}

/// The complaints of both. Where the parser could not read a line, the rules have nothing to add about it; of a file that
/// is still being filled in, only the places to fill in and what the parser could not read are said.
fn united(parser: Vec<Diagnostic>, strict: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let (mut marks, mut strict): (Vec<_>, Vec<_>) = strict.into_iter().partition(wording::is_mark);
    let unfinished: BTreeSet<String> = marks.iter().filter_map(file).map(str::to_owned).collect();
    let unread: BTreeSet<Line> = parser.iter().map(line).collect();
    strict.retain(|found| !file(found).is_some_and(|file| unfinished.contains(file)) && !unread.contains(&line(found)));
    let mut others = Vec::new();
    for found in parser {
        // Several may stand in one line; what is complained of elsewhere in it follows from one of them.
        let exact = marks.iter().position(|mark| mark.location == found.location);
        match exact.or_else(|| marks.iter().position(|mark| line(mark) == line(&found))) {
            Some(at) if exact.is_some() => wording::take_advice(&mut marks[at], &found),
            Some(_) => {}
            None => others.push(found),
        }
    }
    let mut all = marks;
    all.extend(others);
    all.extend(strict);
    all.sort_by(|left, right| (&left.location, &left.code).cmp(&(&right.location, &right.code)));
    all.dedup();
    all
}
