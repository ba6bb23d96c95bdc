//! Checks that the files of a catalogue fit together: every id that is named exists, and exists once.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Display;

use interdict_model::{Diagnostic, Location, RelationKind, Restriction, Vendor, VendorId};

use crate::catalogue::Facts;
use crate::nearest::nearest;
use crate::source_file::SourceFile;

/// Every reference that leads nowhere and every id that stands twice.
pub(crate) fn check(facts: &Facts, files: &HashMap<&str, &SourceFile>) -> Vec<Diagnostic> {
    let mut check = Check { files, diagnostics: Vec::new() };
    check.references(facts, &Known::of(facts));
    check.duplicates(facts);
    check.circles(&facts.vendors);
    check.diagnostics
}

/// Every reference of one file's facts that leads nowhere.
pub(crate) fn references(facts: &Facts, file: &SourceFile, known: &Known) -> Vec<Diagnostic> {
    let files = HashMap::from([(file.stem(), file)]);
    let mut check = Check { files: &files, diagnostics: Vec::new() };
    check.references(facts, known);
    check.diagnostics
}

/// Every vendor that owns itself, where the files are.
pub(crate) fn circles(vendors: &[Vendor], files: &HashMap<&str, &SourceFile>) -> Vec<Diagnostic> {
    let mut check = Check { files, diagnostics: Vec::new() };
    check.circles(vendors);
    check.diagnostics
}

/// Every id there is.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) issuers: BTreeSet<String>,
    pub(crate) restrictions: BTreeSet<String>,
    pub(crate) vendors: BTreeSet<String>,
    pub(crate) products: BTreeSet<String>,
    pub(crate) entities: BTreeSet<String>,
    pub(crate) persons: BTreeSet<String>,
}

impl Known {
    pub(crate) fn of(facts: &Facts) -> Self {
        let vendors = &facts.vendors;
        Self {
            issuers: words(&facts.issuers, |issuer| &issuer.id),
            restrictions: words(&facts.restrictions, |restriction| &restriction.id),
            vendors: words(vendors, |vendor| &vendor.id),
            products: words(vendors.iter().flat_map(|vendor| &vendor.products), |product| &product.id),
            entities: words(vendors.iter().flat_map(|vendor| &vendor.entities), |entity| &entity.id),
            persons: words(vendors.iter().flat_map(|vendor| &vendor.people), |person| &person.id),
        }
    }
}

fn words<'a, T: 'a, I: Display + 'a>(
    things: impl IntoIterator<Item = &'a T>,
    id: impl Fn(&'a T) -> &'a I,
) -> BTreeSet<String> {
    things.into_iter().map(|thing| id(thing).to_string()).collect()
}

/// Every vendor that is said to own this one, whenever that was.
fn owners(vendor: &Vendor) -> Vec<&VendorId> {
    let owned = vendor.relations.iter().filter(|relation| relation.kind == RelationKind::OwnedBy);
    vendor.parent.iter().chain(owned.filter_map(|relation| relation.vendor.as_ref())).collect()
}

/// Where the quoted id stands first in a file.
pub(crate) fn place_of(file: &SourceFile, id: &str) -> Location {
    let Some(at) = file.text.find(&format!("\"{id}\"")) else { return Location::file(&file.path) };
    let before = file.text.get(..at).unwrap_or_default();
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Location { file: file.path.clone(), line: u32::try_from(line).ok(), column: u32::try_from(column).ok() }
}

struct Check<'a> {
    files: &'a HashMap<&'a str, &'a SourceFile>,
    diagnostics: Vec<Diagnostic>,
}

impl Check<'_> {
    fn references(&mut self, facts: &Facts, known: &Known) {
        for restriction in &facts.restrictions {
            self.restriction(restriction, known);
        }
        for vendor in &facts.vendors {
            self.vendor(vendor, known);
        }
    }

    fn vendor(&mut self, vendor: &Vendor, known: &Known) {
        let file = vendor.id.as_str();
        if let Some(parent) = &vendor.parent {
            self.reference(file, "vendor", parent.as_str(), &known.vendors);
        }
        for other in vendor.relations.iter().filter_map(|relation| relation.vendor.as_ref()) {
            self.reference(file, "vendor", other.as_str(), &known.vendors);
        }
        for other in vendor.products.iter().filter_map(|product| product.made_for.as_ref()) {
            self.reference(file, "vendor", other.as_str(), &known.vendors);
        }
        for about in vendor.statements.iter().filter_map(|statement| statement.about.as_ref()) {
            self.reference(file, "restriction", about.as_str(), &known.restrictions);
        }
        for embeds in &vendor.embeds {
            self.reference(file, "product", embeds.product.as_str(), &known.products);
            self.reference(file, "vendor", embeds.engine_vendor.as_str(), &known.vendors);
        }
    }

    fn restriction(&mut self, restriction: &Restriction, known: &Known) {
        let file = restriction.id.as_str();
        self.reference(file, "issuer", restriction.issuer.as_str(), &known.issuers);
        if let Some(successor) = &restriction.superseded_by {
            self.reference(file, "restriction", successor.as_str(), &known.restrictions);
        }
        let narrowed = restriction.effects.iter().flat_map(|effect| &effect.vendors);
        for vendor in restriction.scope.vendors.iter().chain(narrowed) {
            self.reference(file, "vendor", vendor.as_str(), &known.vendors);
        }
        let narrowed = restriction.effects.iter().flat_map(|effect| &effect.products);
        for product in restriction.scope.products.iter().chain(narrowed) {
            self.reference(file, "product", product.as_str(), &known.products);
        }
        let narrowed = restriction.effects.iter().flat_map(|effect| &effect.entities);
        for entity in restriction.scope.entities.iter().chain(narrowed) {
            self.reference(file, "entity", entity.as_str(), &known.entities);
        }
        for listed in &restriction.scope.persons {
            self.reference(file, "person", listed.id.as_str(), &known.persons);
        }
        for person in restriction.effects.iter().flat_map(|effect| &effect.persons) {
            self.reference(file, "person", person.as_str(), &known.persons);
        }
    }

    fn reference(&mut self, stem: &str, kind: &str, id: &str, known: &BTreeSet<String>) {
        if id.is_empty() || known.contains(id) {
            return;
        }
        let mut diagnostic = Diagnostic::error("catalogue/unknown-reference", format!("there is no {kind} \"{id}\""))
            .at(self.place(stem, id));
        if let Some(near) = nearest(id, known.iter().map(String::as_str)) {
            diagnostic = diagnostic.hint(format!("did you mean \"{near}\"?"));
        }
        self.diagnostics.push(diagnostic);
    }

    /// Where the quoted id stands in the file that names it.
    fn place(&self, stem: &str, id: &str) -> Location {
        self.files.get(stem).map_or_else(|| Location::file(stem), |file| place_of(file, id))
    }

    fn duplicates(&mut self, facts: &Facts) {
        let vendors = &facts.vendors;
        self.once("issuer", facts.issuers.iter().map(|issuer| (issuer.id.to_string(), issuer.id.to_string())));
        self.once("profile", facts.profiles.iter().map(|profile| (profile.id.to_string(), profile.id.to_string())));
        self.once("restriction", facts.restrictions.iter().map(|entry| (entry.id.to_string(), entry.id.to_string())));
        self.once("vendor", vendors.iter().map(|vendor| (vendor.id.to_string(), vendor.id.to_string())));
        let inner = |vendor: &Vendor, id: &dyn Display| (vendor.id.to_string(), id.to_string());
        self.once("product", vendors.iter().flat_map(|v| v.products.iter().map(move |x| inner(v, &x.id))));
        self.once("entity", vendors.iter().flat_map(|v| v.entities.iter().map(move |x| inner(v, &x.id))));
        self.once("person", vendors.iter().flat_map(|v| v.people.iter().map(move |x| inner(v, &x.id))));
    }

    /// Vendors that own each other in a circle.
    fn circles(&mut self, vendors: &[Vendor]) {
        let owners: HashMap<&VendorId, Vec<&VendorId>> =
            vendors.iter().map(|vendor| (&vendor.id, owners(vendor))).collect();
        for vendor in vendors {
            let mut reached: BTreeSet<&VendorId> = BTreeSet::new();
            let mut next: Vec<&VendorId> = owners.get(&vendor.id).cloned().unwrap_or_default();
            while let Some(owner) = next.pop() {
                if reached.insert(owner) {
                    next.extend(owners.get(owner).into_iter().flatten());
                }
            }
            if reached.contains(&vendor.id) {
                let through = owners.get(&vendor.id).and_then(|own| own.iter().find(|owner| reached.contains(*owner)));
                let place = self.place(vendor.id.as_str(), through.map_or(vendor.id.as_str(), |owner| owner.as_str()));
                let message = format!("{} owns itself, by way of its owners", vendor.id);
                let diagnostic = Diagnostic::error("catalogue/circular-owner", message)
                    .hint("remove \"parent\" or an \"owned-by\" relation from one of them");
                self.diagnostics.push(diagnostic.at(place));
            }
        }
    }

    /// Complains of each id that stands twice; the pairs are file stem and id.
    fn once(&mut self, kind: &str, ids: impl Iterator<Item = (String, String)>) {
        let mut seen = BTreeSet::new();
        for (stem, id) in ids {
            if !id.is_empty() && !seen.insert(id.clone()) {
                let message = format!("the {kind} \"{id}\" stands twice");
                let place = self.place(&stem, &id);
                self.diagnostics.push(Diagnostic::error("catalogue/duplicate-id", message).at(place));
            }
        }
    }
}
