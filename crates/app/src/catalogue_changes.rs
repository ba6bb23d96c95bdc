//! What another catalogue changes for whoever asks: its changes, joined with profiles and inventory.
//!
//! Stored detections are judged with both catalogues as they are; nothing is looked at or identified anew, and nothing is
//! written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use interdict_assess::{Circumstances, bearing};
use interdict_catalogue::diff::{Change, diff};
use interdict_catalogue::{Catalogue, SourceFile, builtin_files, has_errors, layer, parse, parse_over};
use interdict_model::{
    Capacity, CatalogueStamp, Day, Diagnostic, Effect, ProfileId, Restriction, RestrictionId, Severity, Tier,
};
use interdict_store::{MachineSet, NamedMachine, Store};

use crate::catalogue_source::read_catalogue_files;
use crate::error::AppError;
use crate::exposure::{Exposure, FleetFinding};
use crate::own_rules::{OWN_FOLDER, read_own_files};
use crate::workbench::Workbench;

/// A catalogue by its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogueName {
    /// The one the program was built with.
    Builtin,
    /// A folder, a folder of own rules, or one file.
    Path(PathBuf),
}

impl CatalogueName {
    /// The name as a person gives it: a path, or the word `builtin`.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        if path.as_os_str() == "builtin" { Self::Builtin } else { Self::Path(path.to_owned()) }
    }
}

/// Two catalogues, ready to be compared.
pub struct Comparison {
    old: Workbench,
    new: Workbench,
}

/// What another catalogue changes.
#[derive(Debug, Clone)]
pub struct CatalogueChanges {
    /// What is compared with.
    pub old: CatalogueStamp,
    /// What is compared.
    pub new: CatalogueStamp,
    /// The day asked for.
    pub as_of: Day,
    /// Every change, by group.
    pub changes: Vec<ChangeHere>,
    /// What becomes of the inventory, where there is one.
    pub inventory: Option<InventoryChange>,
}

/// A change, and what it is to whoever asks.
#[derive(Debug, Clone)]
pub struct ChangeHere {
    /// The change.
    pub change: Change,
    /// The profiles asked with that it touches, and why.
    pub touches: Vec<ProfileTouch>,
    /// Of a restriction, which profiles of the catalogue it touches at all.
    pub profiles: Vec<ProfileId>,
    /// Of a restriction, how many machines have something that it speaks of; nothing without an inventory.
    pub machines: Option<usize>,
}

/// Why a change touches a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileTouch {
    /// The profile.
    pub profile: String,
    /// Since when and in what, one sentence per effect: "Binds you because you are ...".
    pub because: Vec<String>,
}

/// What becomes of the inventory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InventoryChange {
    /// How many machines there are.
    pub machines: usize,
    /// The machines whose worst tier is another, the worst first.
    pub changed_machines: Vec<MachineChange>,
    /// The products that have another tier, the worst first.
    pub changed_products: Vec<ProductChange>,
}

/// A machine whose worst tier is another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineChange {
    /// Its id.
    pub id: String,
    /// Its host name.
    pub hostname: String,
    /// With the old catalogue.
    pub was: Tier,
    /// With the new one.
    pub is: Tier,
}

/// A product, or vendor without a known product, that has another tier for who has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductChange {
    /// The product's id, or the vendor's.
    pub id: String,
    /// Its name.
    pub title: String,
    /// On how many machines it is.
    pub machines: usize,
    /// With the old catalogue; nothing where that does not know it.
    pub was: Option<Tier>,
    /// With the new one; nothing where that does not know it.
    pub is: Option<Tier>,
}

impl Comparison {
    /// Reads two catalogues. One file alone is read as the other catalogue with that file in it; of two files each is read
    /// as the built-in catalogue with that file in it.
    pub fn open(old: &CatalogueName, new: &CatalogueName) -> Result<Self, AppError> {
        let (old, new) = (Side::read(old)?, Side::read(new)?);
        let (old, new) = match (old, new) {
            (Side::Whole(old), Side::Whole(new)) => (*old, *new),
            (Side::Whole(old), Side::File(file)) => {
                let new = file.over((*old).clone())?;
                (*old, new)
            }
            (Side::File(file), Side::Whole(new)) => (file.over((*new).clone())?, *new),
            (Side::File(old), Side::File(new)) => {
                let builtin = builtin_with_history()?;
                (old.over(builtin.clone())?, new.over(builtin)?)
            }
        };
        Ok(Self { old: Workbench::of(old), new: Workbench::of(new) })
    }

    /// The old catalogue, ready to be asked.
    pub fn before(&self) -> &Workbench {
        &self.old
    }

    /// The new catalogue, ready to be asked.
    pub fn after(&self) -> &Workbench {
        &self.new
    }

    /// What changes for some profiles on a day, and for the inventory where there is one. A profile that one catalogue
    /// does not hold is taken from the other; one that neither holds is an error.
    pub fn changes(
        &self,
        profiles: &[String],
        as_of: Day,
        store: Option<&Store>,
    ) -> Result<CatalogueChanges, AppError> {
        let asked = self.circumstances(profiles, as_of)?;
        let apart: Vec<(String, Sides<Circumstances>)> = profiles
            .iter()
            .map(|profile| Ok((profile.clone(), self.circumstances(std::slice::from_ref(profile), as_of)?)))
            .collect::<Result<_, AppError>>()?;
        let exposures = match store {
            Some(store) => {
                Some(Sides { old: self.old.exposure(store, &asked.old)?, new: self.new.exposure(store, &asked.new)? })
            }
            None => None,
        };
        let machines = exposures.as_ref().map(|exposures| Sides {
            old: self.old.machines_by_restriction(&exposures.old, &asked.old),
            new: self.new.machines_by_restriction(&exposures.new, &asked.new),
        });
        let inventory = match (store, &exposures) {
            (Some(store), Some(exposures)) => Some(inventory_change(store, exposures)?),
            _ => None,
        };
        let found = diff(self.old.catalogue(), self.new.catalogue());
        let here = |change: Change| {
            let restriction = self.restriction(&change);
            let touches = restriction.map(|found| touches(&change, found, &apart)).unwrap_or_default();
            let profiles = restriction.map(|found| self.profiles_touched(&change, found)).unwrap_or_default();
            let machines = machines.as_ref().zip(change.restriction()).map(|(machines, id)| machines.count(&id));
            ChangeHere { change, touches, profiles, machines }
        };
        Ok(CatalogueChanges {
            old: found.old,
            new: found.new,
            as_of,
            changes: found.changes.into_iter().map(here).collect(),
            inventory,
        })
    }

    fn circumstances(&self, profiles: &[String], as_of: Day) -> Result<Sides<Circumstances>, AppError> {
        let new = self.new.circumstances(profiles, as_of);
        let old = self.old.circumstances(profiles, as_of);
        match (old, new) {
            (Ok(old), Ok(new)) => Ok(Sides { old, new }),
            (Ok(old), Err(_)) => Ok(Sides { new: old.clone(), old }),
            (Err(_), Ok(new)) => Ok(Sides { old: new.clone(), new }),
            (Err(_), Err(error)) => Err(error),
        }
    }

    /// The restriction a change is about: as it is, or as it was where it is gone.
    fn restriction(&self, change: &Change) -> Option<(Which, &Restriction)> {
        let id = change.restriction()?;
        let new = self.new.catalogue().restriction(&id).map(|found| (Which::New, found));
        new.or_else(|| self.old.catalogue().restriction(&id).map(|found| (Which::Old, found)))
    }

    /// The profiles of the catalogue that any effect a change is about touches, on whatever day.
    fn profiles_touched(&self, change: &Change, (which, restriction): (Which, &Restriction)) -> Vec<ProfileId> {
        let catalogue = match which {
            Which::Old => self.old.catalogue(),
            Which::New => self.new.catalogue(),
        };
        let effects = effects_of(change, restriction);
        let holds = |effect: &Effect, capacity: &Capacity| {
            let wanted = [&effect.binds, &effect.counterparty, &effect.addressed];
            wanted.into_iter().any(|wanted| wanted.contains(capacity))
        };
        let is_touched = |profile: &&interdict_model::Profile| {
            profile.capacities.iter().any(|capacity| effects.iter().any(|effect| holds(effect, capacity)))
        };
        catalogue.profiles().iter().filter(is_touched).map(|profile| profile.id.clone()).collect()
    }
}

/// The old and the new of something.
#[derive(Debug, Clone)]
struct Sides<T> {
    old: T,
    new: T,
}

impl Sides<BTreeMap<RestrictionId, MachineSet>> {
    /// How many machines have something that an instrument speaks of, in either catalogue.
    fn count(&self, id: &RestrictionId) -> usize {
        let mut machines = MachineSet::default();
        for side in [&self.new, &self.old] {
            machines |= side.get(id).unwrap_or(&MachineSet::default());
        }
        machines.len()
    }
}

/// Which catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Old,
    New,
}

/// What a name leads to.
enum Side {
    Whole(Box<Catalogue>),
    File(OneFile),
}

/// One file of a catalogue.
struct OneFile {
    path: PathBuf,
    source: SourceFile,
}

impl Side {
    fn read(name: &CatalogueName) -> Result<Self, AppError> {
        let CatalogueName::Path(path) = name else {
            return Ok(Self::Whole(Box::new(builtin_with_history()?)));
        };
        if path.is_dir() && path.file_name().is_some_and(|name| name == OWN_FOLDER) {
            let own = read_own_files(path);
            let layered = layer(builtin_with_history()?, &own.files);
            let problems = [own.problems, layered.diagnostics].concat();
            return Ok(Self::Whole(Box::new(checked(layered.catalogue, problems, path)?)));
        }
        let mut files = read_catalogue_files(path)?;
        if path.is_dir() {
            let (catalogue, diagnostics) = parse(&files);
            return Ok(Self::Whole(Box::new(checked(catalogue, diagnostics, path)?)));
        }
        let text = files.pop().map(|file| file.text).unwrap_or_default();
        Ok(Self::File(OneFile { path: path.clone(), source: SourceFile::new(place_in_catalogue(path), text) }))
    }
}

impl OneFile {
    /// A catalogue with this file in the place of its own entry.
    fn over(&self, base: Catalogue) -> Result<Catalogue, AppError> {
        let (catalogue, diagnostics) = parse_over(base, &self.source);
        checked(catalogue, diagnostics, &self.path)
    }
}

/// The built-in catalogue from its text, which alone tells what was withdrawn.
fn builtin_with_history() -> Result<Catalogue, AppError> {
    let (catalogue, diagnostics) = parse(&builtin_files());
    checked(catalogue, diagnostics, Path::new("built-in catalogue"))
}

fn checked(catalogue: Catalogue, diagnostics: Vec<Diagnostic>, path: &Path) -> Result<Catalogue, AppError> {
    if has_errors(&diagnostics) {
        let errors = diagnostics.into_iter().filter(|found| found.severity == Severity::Error).collect();
        return Err(AppError::Catalogue { path: path.to_owned(), diagnostics: errors });
    }
    Ok(catalogue)
}

/// A file's path below the catalogue it seems to come from: the folders say what it is and whose law it is.
fn place_in_catalogue(path: &Path) -> String {
    let parts: Vec<String> = path.iter().rev().take(3).map(|part| part.to_string_lossy().into_owned()).collect();
    match parts.as_slice() {
        [name, jurisdiction, kind] if kind == "restrictions" => format!("{kind}/{jurisdiction}/{name}"),
        [name, kind, ..] if ["vendors", "issuers", "profiles"].contains(&kind.as_str()) => format!("{kind}/{name}"),
        [name, ..] => name.clone(),
        [] => String::new(),
    }
}

/// The effects that a change is about: one, or all of the restriction.
fn effects_of<'a>(change: &'a Change, restriction: &'a Restriction) -> Vec<&'a Effect> {
    change.effect().map_or_else(|| restriction.effects.iter().collect(), |effect| vec![effect])
}

/// The profiles asked with that a change touches, and why.
fn touches(
    change: &Change,
    (which, restriction): (Which, &Restriction),
    apart: &[(String, Sides<Circumstances>)],
) -> Vec<ProfileTouch> {
    let effects = effects_of(change, restriction);
    let touch = |(profile, sides): &(String, Sides<Circumstances>)| {
        let circumstances = match which {
            Which::Old => &sides.old,
            Which::New => &sides.new,
        };
        let mut because: Vec<String> = Vec::new();
        for found in effects.iter().filter_map(|effect| bearing(restriction, effect, circumstances)) {
            if !because.contains(&found.because) {
                because.push(found.because);
            }
        }
        (!because.is_empty()).then(|| ProfileTouch { profile: profile.clone(), because })
    };
    apart.iter().filter_map(touch).collect()
}

/// What has another tier with the new catalogue.
fn inventory_change(store: &Store, exposures: &Sides<Exposure>) -> Result<InventoryChange, AppError> {
    let (before, after) = (exposures.old.each_tier(), exposures.new.each_tier());
    let was = |number: &u32| before.get(number).copied().unwrap_or(Tier::None);
    let changed: MachineSet =
        after.iter().filter(|(number, is)| was(number) != **is).map(|(number, _)| *number).collect();
    let change = |machine: NamedMachine| {
        let number = u32::try_from(machine.number).unwrap_or_default();
        let is = after.get(&number).copied().unwrap_or(Tier::None);
        MachineChange { id: machine.machine_id, hostname: machine.hostname, was: was(&number), is }
    };
    let mut changed_machines: Vec<MachineChange> = store.named(&changed)?.into_iter().map(change).collect();
    changed_machines.sort_by(|left, right| {
        (right.is.rank(), right.was.rank(), &left.hostname).cmp(&(left.is.rank(), left.was.rank(), &right.hostname))
    });
    Ok(InventoryChange { machines: after.len(), changed_machines, changed_products: changed_products(exposures) })
}

/// A product of the inventory as one catalogue judges it.
struct Judged {
    title: String,
    tier: Tier,
    machines: MachineSet,
}

fn judged(exposure: &Exposure) -> BTreeMap<String, Judged> {
    let mut found: BTreeMap<String, Judged> = BTreeMap::new();
    for finding in &exposure.findings {
        let id = subject_id(finding);
        let entry = found.entry(id).or_insert_with(|| Judged {
            title: finding.title(),
            tier: finding.tier(),
            machines: MachineSet::default(),
        });
        entry.machines |= &finding.machines;
    }
    found
}

/// What was detected, also where the catalogue no longer knows it as a product.
fn subject_id(finding: &FleetFinding) -> String {
    finding.id.split(':').next().unwrap_or_default().to_owned()
}

fn changed_products(exposures: &Sides<Exposure>) -> Vec<ProductChange> {
    let (before, after) = (judged(&exposures.old), judged(&exposures.new));
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changed = |id: &String| {
        let (was, is) = (before.get(id), after.get(id));
        let either = is.or(was)?;
        let mut machines = MachineSet::default();
        for judged in was.into_iter().chain(is) {
            machines |= &judged.machines;
        }
        let machines = machines.len();
        let (was, is) = (was.map(|judged| judged.tier), is.map(|judged| judged.tier));
        (was != is).then(|| ProductChange { id: id.clone(), title: either.title.clone(), machines, was, is })
    };
    let mut products: Vec<ProductChange> = ids.into_iter().filter_map(changed).collect();
    let rank = |tier: Option<Tier>| tier.map_or(0, Tier::rank);
    products.sort_by(|left, right| {
        (rank(right.is), rank(right.was), right.machines, &left.title).cmp(&(
            rank(left.is),
            rank(left.was),
            left.machines,
            &right.title,
        ))
    });
    products
}
