//! Machines without any product of a category: which have none, and of which nobody can say.
//!
//! A machine has a category when a live or dormant product of it is there: what another tool lists as installed is dormant,
//! since nobody looked whether it runs. Residue and ghosts protect nothing. "Nothing there" is said only of a machine of
//! which everything was told, and not too long ago, that would have shown such a product; of all others it is said that
//! nobody looked, and what is missing. All of it is made of sets of machines.

use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Category, Day, ObservationSource, OsFamily, Presence};
use interdict_store::{MachineSet, Store, WholeReading};

use crate::error::AppError;
use crate::freshness::STALE_DAYS;
use crate::workbench::Workbench;

/// What protects a computer against malicious software: each of these does that work, so that whoever asks for
/// endpoint protection means any of them.
pub const ENDPOINT_PROTECTION: [Category; 4] =
    [Category::Antivirus, Category::EndpointProtection, Category::Edr, Category::WorkloadProtection];

/// Sources of which one suffices.
type Alternatives = &'static [ObservationSource];

const PROGRAMS: Alternatives = &[ObservationSource::Programs];
const SECURITY: Alternatives = &[ObservationSource::Services, ObservationSource::Wsc];
const PACKAGES: Alternatives = &[
    ObservationSource::DebPackages,
    ObservationSource::RpmPackages,
    ObservationSource::ApkPackages,
    ObservationSource::PacmanPackages,
];
const APPS: Alternatives = &[ObservationSource::Apps];
const EXTENSIONS: Alternatives = &[ObservationSource::BrowserExtensions];

/// Whether a machine without a category surely has nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LackAnswer {
    /// Everything that would show it was read, and it is not there.
    NothingThere,
    /// Nobody read all of that, or not lately.
    NotLookedAt,
}

impl LackAnswer {
    /// Both.
    pub const ALL: [Self; 2] = [Self::NothingThere, Self::NotLookedAt];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NothingThere => "nothing-there",
            Self::NotLookedAt => "not-looked-at",
        }
    }
}

/// Why it is not known whether a machine has something of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LackReason {
    /// Nobody ever told everything of any of these sources.
    NeverRead(&'static [ObservationSource]),
    /// The last who told everything of one of these sources did so more than 30 days before.
    Stale(&'static [ObservationSource]),
    /// Security Center names a product that the catalogue does not know.
    UnidentifiedProduct,
    /// What runs on the machine is not told, so that nobody knows where to look.
    UnknownSystem,
}

impl LackReason {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NeverRead(_) => "never-read",
            Self::Stale(_) => "stale",
            Self::UnidentifiedProduct => "unidentified-product",
            Self::UnknownSystem => "unknown-system",
        }
    }

    /// The sources it is about; one of them would do.
    #[must_use]
    pub const fn sources(self) -> &'static [ObservationSource] {
        match self {
            Self::NeverRead(sources) | Self::Stale(sources) => sources,
            Self::UnidentifiedProduct | Self::UnknownSystem => &[],
        }
    }
}

/// What is known of a machine that has nothing of a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// Whether it surely has nothing.
    pub answer: LackAnswer,
    /// Why that is not known; none where it is.
    pub reasons: Vec<LackReason>,
}

/// Who has which category, and who was looked at: everything from which is told who lacks what.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Holdings {
    having: BTreeMap<Category, MachineSet>,
    readings: BTreeMap<ObservationSource, WholeReading>,
    unidentified: MachineSet,
}

/// Who lacks all of some categories.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lacking {
    categories: BTreeSet<Category>,
    having: MachineSet,
    readings: BTreeMap<ObservationSource, WholeReading>,
    unidentified: MachineSet,
}

/// The categories that are meant by those asked for: endpoint protection stands for everything that does its work.
fn meant(asked: &[Category]) -> BTreeSet<Category> {
    let each = |category: &Category| match category {
        Category::EndpointProtection => ENDPOINT_PROTECTION.to_vec(),
        other => vec![*other],
    };
    asked.iter().flat_map(each).collect()
}

/// What has to be read of a system before "nothing there" is an answer; nothing where that is not known.
fn needed(family: OsFamily, category: Category) -> Option<&'static [Alternatives]> {
    if category == Category::BrowserExtension {
        return Some(&[EXTENSIONS]);
    }
    // What comes with Windows is no installed program: a service and Security Center tell of it.
    let is_security = ENDPOINT_PROTECTION.contains(&category) || category == Category::Firewall;
    match family {
        OsFamily::Windows if is_security => Some(&[PROGRAMS, SECURITY]),
        OsFamily::Windows => Some(&[PROGRAMS]),
        OsFamily::Linux => Some(&[PACKAGES]),
        OsFamily::Macos => Some(&[APPS]),
        OsFamily::Unknown => None,
    }
}

impl Workbench {
    /// Who has which category, and who was looked at, on a day.
    pub fn holdings(&self, store: &Store, as_of: Day) -> Result<Holdings, AppError> {
        let mut having: BTreeMap<Category, MachineSet> = BTreeMap::new();
        for row in store.subjects()? {
            let is_there = matches!(row.presence, Presence::Live | Presence::Dormant);
            let product = row.product.as_ref().and_then(|product| self.catalogue().product(product));
            if let Some(product) = product.filter(|_| is_there) {
                *having.entry(product.category).or_default() |= &row.machines;
            }
        }
        let mut unidentified = MachineSet::default();
        for (observation, machines) in store.software_of_source(ObservationSource::Wsc)? {
            if self.identifier().identify(&observation).product.is_none() {
                unidentified |= &machines;
            }
        }
        let oldest = as_of.date().checked_sub_days(chrono::Days::new(STALE_DAYS.unsigned_abs()));
        let oldest = oldest.map_or(as_of, Day::from);
        let readings = store.whole_readings(&format!("{oldest}T00:00:00Z"))?;
        Ok(Holdings { having, readings, unidentified })
    }
}

impl Holdings {
    /// Who lacks all of some categories.
    #[must_use]
    pub fn lacking(&self, categories: &[Category]) -> Lacking {
        let categories = meant(categories);
        let mut having = MachineSet::default();
        for machines in categories.iter().filter_map(|category| self.having.get(category)) {
            having |= machines;
        }
        let is_security = categories.iter().any(|category| ENDPOINT_PROTECTION.contains(category));
        let unidentified = if is_security { self.unidentified.clone() } else { MachineSet::default() };
        Lacking { categories, having, readings: self.readings.clone(), unidentified }
    }
}

impl Lacking {
    /// What is known of a machine, by its number and what runs on it; nothing where it has something of the categories.
    #[must_use]
    pub fn of(&self, machine: i64, family: OsFamily) -> Option<Lack> {
        if self.having.contains(machine) {
            return None;
        }
        let mut reasons = BTreeSet::new();
        if self.unidentified.contains(machine) {
            reasons.insert(LackReason::UnidentifiedProduct);
        }
        for category in &self.categories {
            let Some(needed) = needed(family, *category) else {
                reasons.insert(LackReason::UnknownSystem);
                continue;
            };
            reasons.extend(needed.iter().filter_map(|sources| self.unread(machine, sources)));
        }
        let answer = if reasons.is_empty() { LackAnswer::NothingThere } else { LackAnswer::NotLookedAt };
        Some(Lack { answer, reasons: reasons.into_iter().collect() })
    }

    /// Why none of some sources says that nothing is there.
    fn unread(&self, machine: i64, sources: Alternatives) -> Option<LackReason> {
        let readings = || sources.iter().filter_map(|source| self.readings.get(source));
        if readings().any(|reading| reading.since.contains(machine)) {
            None
        } else if readings().any(|reading| reading.ever.contains(machine)) {
            Some(LackReason::Stale(sources))
        } else {
            Some(LackReason::NeverRead(sources))
        }
    }
}

#[cfg(test)]
mod tests;
