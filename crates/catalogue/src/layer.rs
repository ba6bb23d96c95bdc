//! The organisation's own rules over a catalogue.
//!
//! Own files have the catalogue's formats, and two more: an approval, and an addition to a vendor. A file with an error is
//! left out and everything else is used: a slip in one rule must not take the others, let alone the law, out of force. Own
//! entries are added beside the catalogue's; nothing of the catalogue is ever changed or hidden by them.

mod checks;
mod own_file;
mod parted;
#[cfg(test)]
mod tests;

use interdict_model::{Approval, Diagnostic, Fingerprint, Issuer, IssuerId, Location, Severity, Vendor};

use crate::addition_file::{Addition, is_addition};
use crate::catalogue::{Beside, Catalogue, EntryKind, Facts, OwnMarks};
use crate::lint::lint_alone;
use crate::parse::sort;
use crate::source_file::SourceFile;

use own_file::OwnFile;

/// The issuer of own restrictions that name no other: the organisation.
const ORGANISATION: &str = "own-organisation";

/// What the strict linter asks of claims about others and not of an organisation's word about itself, and what it cannot
/// tell of one file alone.
const NOT_OF_OWN: &[&str] = &[
    "lint/unsupported-claim",
    "lint/verification",
    "lint/no-citation",
    "lint/loaded-word",
    "lint/unknown-holder",
    "lint/outside-scope",
    "lint/superseded",
    "lint/withdrawn-reference",
];

/// A catalogue with the organisation's own rules over it.
#[derive(Debug, Clone)]
pub struct Layered {
    /// The catalogue.
    pub catalogue: Catalogue,
    /// Everything that is wrong with own files, by file.
    pub diagnostics: Vec<Diagnostic>,
    /// The own files that are used.
    pub used: Vec<String>,
    /// The own files that are not.
    pub left_out: Vec<String>,
}

/// Puts own files over a catalogue. Without any, the catalogue is returned as it is.
#[must_use]
pub fn layer(base: Catalogue, files: &[SourceFile]) -> Layered {
    let mut own: Vec<OwnFile<'_>> = files.iter().filter_map(OwnFile::read).collect();
    own.sort_by(|left, right| left.file.path.cmp(&right.file.path));
    let (mut facts, beside) = base.taken_apart();
    checks::check(&facts, &mut own);
    let mut diagnostics: Vec<Diagnostic> =
        own.iter_mut().flat_map(|file| std::mem::take(&mut file.diagnostics)).collect();
    sort(&mut diagnostics);
    let (used, left_out): (Vec<OwnFile<'_>>, Vec<OwnFile<'_>>) = own.into_iter().partition(|file| file.is_used);
    let paths = |files: &[OwnFile<'_>]| files.iter().map(|file| file.file.path.clone()).collect();
    let (used_paths, left_out) = (paths(&used), paths(&left_out));
    if !used.is_empty() {
        let digest = digest(used.iter().map(|file| file.file));
        if let Some(stamp) = &mut facts.stamp {
            stamp.version = format!("{}+own.{digest:08x}", stamp.version);
        }
    }
    let catalogue = merged(facts, beside, used);
    Layered { catalogue, diagnostics, used: used_paths, left_out }
}

/// What the strict linter has against the own files that are used, beyond what [`layer`] says: the same as of any
/// catalogue, but for the sources of a claim, since an organisation is the source of its own rules.
#[must_use]
pub fn lint_layer(files: &[SourceFile], layered: &Layered) -> Vec<Diagnostic> {
    let used = files.iter().filter(|file| layered.used.contains(&file.path));
    let mut found: Vec<Diagnostic> = used.flat_map(lint_file).collect();
    found.extend(layered.catalogue.approvals().iter().filter(|approval| approval.until.is_none()).map(open_approval));
    sort(&mut found);
    found
}

/// What the strict linter says of an own file that can be read.
fn lint_file(file: &SourceFile) -> Vec<Diagnostic> {
    let is_addition = file.path.starts_with("vendors/") && is_addition(file);
    let strict = if is_addition {
        // To the linter an addition is a vendor of which little is said; the padding keeps lines and columns.
        lint_alone(&SourceFile::new(&file.path, file.text.replace("extends", "id     ")))
    } else if let Some(name) = file.path.strip_prefix("restrictions/").filter(|name| !name.contains('/')) {
        lint_alone(&SourceFile::new(format!("restrictions/{}/{name}", own_file::JURISDICTION), &file.text))
    } else if file.path.starts_with("approvals/") {
        Vec::new()
    } else {
        lint_alone(file)
    };
    let concerns = |code: &str| {
        code.starts_with("lint/") && !NOT_OF_OWN.contains(&code) && !(is_addition && code == "lint/no-classes")
    };
    let mut found: Vec<Diagnostic> = strict.into_iter().filter(|found| concerns(&found.code)).collect();
    for place in found.iter_mut().filter_map(|found| found.location.as_mut()) {
        place.file.clone_from(&file.path);
    }
    found
}

fn open_approval(approval: &Approval) -> Diagnostic {
    Diagnostic::warning("lint/open-approval", "the approval has no \"until\": nobody will look at it again")
        .hint("write the day it is to be looked at again, as in until = 2027-06-30")
        .at(Location::file(format!("approvals/{}.toml", approval.id)))
}

/// Base and own files as one catalogue.
fn merged(mut facts: Facts, mut beside: Beside, used: Vec<OwnFile<'_>>) -> Catalogue {
    let mut own = OwnMarks::default();
    for file in used {
        let OwnFile { facts: added, approval, addition, .. } = file;
        mark(&mut own, &added);
        if added.restrictions.iter().any(|entry| entry.issuer.as_str() == ORGANISATION) {
            add_organisation(&mut facts, &mut own);
        }
        if added.issuers.iter().any(|issuer| issuer.id.as_str() == ORGANISATION) {
            facts.issuers.retain(|issuer| issuer.id.as_str() != ORGANISATION);
        }
        facts.issuers.extend(added.issuers);
        facts.profiles.extend(added.profiles);
        facts.restrictions.extend(added.restrictions);
        facts.vendors.extend(added.vendors);
        if let Some(approval) = approval {
            own.mark(EntryKind::Approval, &approval.id);
            beside.approvals.push(approval);
        }
        if let Some(addition) = addition {
            add(&mut facts.vendors, addition, &mut own);
        }
    }
    beside.own = own;
    let fallback = facts.stamp.clone().unwrap_or_else(crate::parse::unnamed);
    Catalogue::new(facts, fallback).beside(beside)
}

fn mark(own: &mut OwnMarks, added: &Facts) {
    added.issuers.iter().for_each(|entry| own.mark(EntryKind::Issuer, &entry.id));
    added.profiles.iter().for_each(|entry| own.mark(EntryKind::Profile, &entry.id));
    added.restrictions.iter().for_each(|entry| own.mark(EntryKind::Restriction, &entry.id));
    for vendor in &added.vendors {
        own.mark(EntryKind::Vendor, &vendor.id);
        vendor.products.iter().for_each(|product| own.mark(EntryKind::Product, &product.id));
    }
}

/// The organisation as an issuer, unless a file describes it.
fn add_organisation(facts: &mut Facts, own: &mut OwnMarks) {
    if facts.issuers.iter().any(|issuer| issuer.id.as_str() == ORGANISATION) {
        return;
    }
    own.mark(EntryKind::Issuer, &ORGANISATION);
    facts.issuers.push(Issuer {
        id: IssuerId::new(ORGANISATION),
        name: "Your organisation".to_owned(),
        short_name: "Own rule".to_owned(),
        jurisdiction: own_file::JURISDICTION.to_owned(),
        website: None,
    });
}

fn add(vendors: &mut [Vendor], addition: Addition, own: &mut OwnMarks) {
    let Some(vendor) = vendors.iter_mut().find(|vendor| addition.vendor.as_ref() == Some(&vendor.id)) else { return };
    vendor.aliases.extend(addition.aliases);
    add_fingerprints(&mut vendor.fingerprints, addition.fingerprints, &vendor.id, own);
    for (id, fingerprints) in addition.product_fingerprints {
        if let Some(product) = vendor.products.iter_mut().find(|product| product.id == id) {
            add_fingerprints(&mut product.fingerprints, fingerprints, &id, own);
        }
    }
    for product in addition.products {
        own.mark(EntryKind::Product, &product.id);
        vendor.products.push(product);
    }
}

/// Adds what is not there already: what the catalogue knows stays the catalogue's.
fn add_fingerprints(to: &mut Vec<Fingerprint>, added: Vec<Fingerprint>, holder: &impl ToString, own: &mut OwnMarks) {
    for fingerprint in added {
        let is_same = |known: &Fingerprint| {
            (known.field, known.kind, &known.value) == (fingerprint.field, fingerprint.kind, &fingerprint.value)
        };
        if !to.iter().any(is_same) {
            own.mark_fingerprint(holder, &fingerprint);
            to.push(fingerprint);
        }
    }
}

/// Changes whenever a used file does, so that what was worked out with other rules is worked out anew (FNV-1a).
fn digest<'f>(files: impl Iterator<Item = &'f SourceFile>) -> u32 {
    let texts = files.flat_map(|file| [file.path.bytes(), file.text.bytes()]);
    texts
        .flat_map(|bytes| bytes.chain([0xff]))
        .fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Whether any of a file's complaints keeps it from being used.
fn is_broken(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|found| found.severity == Severity::Error)
}
