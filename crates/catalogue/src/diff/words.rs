//! Changes in plain words, as what follows a colon: "removal now ordered from 2025-04-01, was 2025-05-01".

use std::collections::BTreeMap;
use std::fmt::Display;

use interdict_model::{Day, Effect, Measure, Precision, Standing, StandingSpan, Verification};

use super::{Change, Group, Named, What, without};
use crate::catalogue::EntryKind;

/// More names than these are counted.
const MOST_NAMES: usize = 4;

impl Change {
    /// The change in words, without the entry's name and without a full stop.
    #[must_use]
    pub fn says(&self) -> String {
        let said = self.said();
        let is_unverified = self.entry.support == Some(Verification::Unverified);
        if is_unverified && (self.effect().is_some() || self.group() == Group::RestrictionsAdded) {
            return format!("reported, not verified by us: {said}");
        }
        said
    }

    fn said(&self) -> String {
        match &self.what {
            What::RestrictionAdded { standing, effects, named } => restriction_added(*standing, effects, named),
            What::RestrictionRemoved { withdrawn: Some(day) } => format!("withdrawn as a mistake on {day}"),
            What::Standing { was, is } => standing(was.as_ref(), is.as_ref()),
            What::EffectAdded(effect) => sentence(effect),
            What::EffectRemoved(effect) => format!("{}: no longer", sentence(effect)),
            What::EffectMoved { was, is } => moved(was, is),
            What::EffectEnds { was, is } => ends(was, is),
            What::EffectChanged { is, parts } => format!("{}: {}", sentence(is), parts.join("; ")),
            What::Listed(named) => format!("names {} from now on", listed(named)),
            What::Delisted(named) => format!("no longer names {}", listed(named)),
            What::Support { was, is } => format!("support is \"{is}\" now, was \"{was}\""),
            What::Differs(parts) => parts.join("; "),
            What::Added(belongings) if belongings.is_empty() => "added".to_owned(),
            What::Added(belongings) => format!("added, with {}", belongings.join(", ")),
            What::Removed if self.entry.kind == EntryKind::Approval => "no longer approved".to_owned(),
            What::Removed | What::RestrictionRemoved { withdrawn: None } => "no longer in the catalogue".to_owned(),
            What::Fingerprints { added, removed } => fingerprints(added.len(), removed.len()),
        }
    }

    /// The names behind a count, for those who want them.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let signed = |sign: &str, names: &[String]| -> Vec<String> {
            names.iter().map(|name| format!("{sign} {name}")).collect()
        };
        match &self.what {
            What::RestrictionAdded { named, .. } => named.iter().map(|(_, name)| name.clone()).collect(),
            What::Fingerprints { added, removed } => [signed("+", added), signed("-", removed)].concat(),
            _ => Vec::new(),
        }
    }

    /// What an effect that it is about says in a whole sentence, where the catalogue has one.
    #[must_use]
    pub fn explanation(&self) -> Option<&str> {
        self.effect().and_then(|effect| effect.says.as_deref())
    }
}

/// `removal ordered from 2025-04-01`.
fn sentence(effect: &Effect) -> String {
    let (what, done) = measure(effect.measure);
    let until = effect.until.map(|until| format!(" until {}", day(until, effect.until_precision))).unwrap_or_default();
    format!("{what} {done} from {}{until}", day(effect.from, effect.from_precision))
}

fn moved(was: &Effect, is: &Effect) -> String {
    let (what, done) = measure(is.measure);
    let (now, before) = (day(is.from, is.from_precision), day(was.from, was.from_precision));
    format!("{what} now {done} from {now}, was {before}")
}

fn ends(was: &Effect, is: &Effect) -> String {
    let (what, done) = measure(is.measure);
    let end = |effect: &Effect| match (effect.until, &effect.until_event) {
        (Some(until), _) => Some(day(until, effect.until_precision)),
        (None, Some(event)) => Some(event.clone()),
        (None, None) => None,
    };
    match (end(was), end(is)) {
        (Some(before), Some(now)) => format!("{what} {done} until {now} now, was {before}"),
        (None, Some(now)) => format!("{what} {done} only until {now}, was without an end"),
        (Some(before), None) => format!("{what} {done} without an end now, was until {before}"),
        (None, None) => format!("{what} {done}: the end is told differently"),
    }
}

fn restriction_added(standing: Option<Standing>, effects: &[Effect], named: &[(Named, String)]) -> String {
    let mut clauses: Vec<String> = Vec::new();
    for clause in effects.iter().map(sentence) {
        if !clauses.contains(&clause) {
            clauses.push(clause);
        }
    }
    if clauses.is_empty() {
        clauses.push("without any effect".to_owned());
    }
    if let Some(standing) = standing.filter(|standing| *standing != Standing::InForce) {
        clauses.push(format!("stands as {standing}"));
    }
    if !named.is_empty() {
        clauses.push(format!("names {}", names(named)));
    }
    clauses.join("; ")
}

/// Some names as they are, more as counts by kind.
fn names(named: &[(Named, String)]) -> String {
    if named.len() <= MOST_NAMES {
        return named.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ");
    }
    let mut counts: BTreeMap<Named, usize> = BTreeMap::new();
    for (kind, _) in named {
        *counts.entry(*kind).or_default() += 1;
    }
    let clause = |(kind, count): (Named, usize)| {
        let (one, many) = kind_words(kind);
        counted(count, one, many)
    };
    counts.into_iter().map(clause).collect::<Vec<_>>().join(" and ")
}

const fn kind_words(kind: Named) -> (&'static str, &'static str) {
    match kind {
        Named::Vendor => ("vendor", "vendors"),
        Named::Company => ("company", "companies"),
        Named::Person => ("person", "persons"),
        Named::Product => ("product", "products"),
        Named::Goods => ("class of goods", "classes of goods"),
    }
}

/// Everybody and everything by name: a listing is about who is on it.
fn listed(named: &[(Named, String)]) -> String {
    let one = |(kind, name): &(Named, String)| match kind {
        Named::Vendor => format!("{name} (with its whole group)"),
        Named::Company | Named::Person | Named::Product | Named::Goods => name.clone(),
    };
    named.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn standing(was: Option<&StandingSpan>, is: Option<&StandingSpan>) -> String {
    match (was, is) {
        (Some(was), Some(is)) => format!("{} from {}, was {}", is.is, is.from, was.is),
        (None, Some(is)) => format!("{} from {}", is.is, is.from),
        (Some(was), None) => format!("no longer {} from {}", was.is, was.from),
        (None, None) => String::new(),
    }
}

fn fingerprints(added: usize, removed: usize) -> String {
    let clause = |count: usize, verb: &str| format!("{} {verb}", counted(count, "fingerprint", "fingerprints"));
    match (added, removed) {
        (_, 0) => clause(added, "added"),
        (0, _) => clause(removed, "removed"),
        _ => format!("{}, {}", clause(added, "added"), clause(removed, "removed")),
    }
}

/// `1 product`, `2 products`.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// What a list gained and lost, a clause for each.
pub(super) fn gained_and_lost<T: PartialEq + Display>(gained: &str, lost: &str, was: &[T], is: &[T]) -> Vec<String> {
    let clause = |lead: &str, items: Vec<&T>| {
        let items: Vec<String> = items.into_iter().map(ToString::to_string).collect();
        (!items.is_empty()).then(|| format!("{lead} {}", items.join(", ")))
    };
    [clause(gained, without(is, was)), clause(lost, without(was, is))].into_iter().flatten().collect()
}

/// A day as exactly as it is known.
fn day(day: Day, precision: Precision) -> String {
    let text = day.to_string();
    match precision {
        Precision::Day => text,
        Precision::Month => format!("some day in {}", text.get(..7).unwrap_or_default()),
        Precision::Year => format!("some day in {}", text.get(..4).unwrap_or_default()),
    }
}

/// What a measure is about, and what is done to it.
const fn measure(measure: Measure) -> (&'static str, &'static str) {
    match measure {
        Measure::NoNewAgreements => ("new agreements", "barred"),
        Measure::NoUpdatesAndNoCloudNetwork => ("updates and the cloud network", "barred"),
        Measure::UseWithoutUpdates => ("use", "left without lawful updates"),
        Measure::NoResaleIntegrationOrLicensing => ("resale, integration and licensing", "barred"),
        Measure::Blocking => ("property", "blocked and dealings barred"),
        Measure::BlockingOfPerson => ("property of a person", "blocked and dealings barred"),
        Measure::LicenceRequired => ("a licence", "required for exports"),
        Measure::NoFederalUse => ("use by federal bodies", "barred"),
        Measure::NoGovernmentUse => ("use by public bodies", "barred"),
        Measure::RemovalOrdered => ("removal", "ordered"),
        Measure::PhaseOut => ("phase-out", "ordered"),
        Measure::NoProvisionOrUseInContract => ("provision to the government and use in its contracts", "barred"),
        Measure::ReportWhenFound => ("a report of what is found", "required"),
        Measure::ReportCompletion => ("a report of what was removed", "required"),
        Measure::NoContractingWithUsers => ("government contracts with users of it", "barred"),
        Measure::ProcurementExclusion => ("supply to public buyers", "barred"),
        Measure::NoSubsidyFunds => ("public subsidies for it", "barred"),
        Measure::NoEquipmentAuthorisation => ("authorisation of equipment", "barred"),
        Measure::GovernmentDeviceBan => ("use on government devices", "barred"),
        Measure::AccessBlocked => ("access", "blocked"),
        Measure::ImportBarred => ("imports", "barred"),
        Measure::InvestmentBarred => ("investment", "barred"),
        Measure::Warning => ("a warning", "given"),
        Measure::NoDistribution => ("distribution by stores and hosts", "barred"),
        Measure::CeaseOperations => ("closure of its business", "ordered"),
        Measure::NoOperatorUse => ("use by operators", "barred"),
        Measure::OwnRule => ("your own rule", "set"),
    }
}

/// Places of the catalogue and what they are called.
const PLACES: &[(&str, &str)] = &[
    ("au", "Australia"),
    ("ca", "Canada"),
    ("cn", "China"),
    ("cz", "Czechia"),
    ("de", "Germany"),
    ("eu", "European Union"),
    ("in", "India"),
    ("it", "Italy"),
    ("lt", "Lithuania"),
    ("nl", "Netherlands"),
    ("own", "Your organisation"),
    ("pl", "Poland"),
    ("ro", "Romania"),
    ("ru", "Russia"),
    ("tw", "Taiwan"),
    ("ua", "Ukraine"),
    ("uk", "United Kingdom"),
    ("us", "United States"),
];

/// What a jurisdiction is called; its code in capitals where no name is known.
#[must_use]
pub fn place_name(jurisdiction: &str) -> String {
    let known = PLACES.iter().find(|(code, _)| *code == jurisdiction);
    known.map_or_else(|| jurisdiction.to_uppercase(), |(_, name)| (*name).to_owned())
}

impl Group {
    /// Every group, in the order in which they are told.
    pub const ALL: [Self; 16] = [
        Self::RestrictionsAdded,
        Self::RestrictionsRemoved,
        Self::Standing,
        Self::EffectsAdded,
        Self::EffectsMoved,
        Self::EffectsEnded,
        Self::EffectsChanged,
        Self::Listed,
        Self::Delisted,
        Self::RestrictionsChanged,
        Self::Vendors,
        Self::Products,
        Self::Fingerprints,
        Self::Profiles,
        Self::Issuers,
        Self::Approvals,
    ];

    /// The word that other programs read.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RestrictionsAdded => "restrictions-added",
            Self::RestrictionsRemoved => "restrictions-removed",
            Self::Standing => "standing",
            Self::EffectsAdded => "effects-added",
            Self::EffectsMoved => "effects-moved",
            Self::EffectsEnded => "effects-ended",
            Self::EffectsChanged => "effects-changed",
            Self::Listed => "listed",
            Self::Delisted => "delisted",
            Self::RestrictionsChanged => "restrictions-changed",
            Self::Vendors => "vendors",
            Self::Products => "products",
            Self::Fingerprints => "fingerprints",
            Self::Profiles => "profiles",
            Self::Issuers => "issuers",
            Self::Approvals => "approvals",
        }
    }

    /// So many changes of the group, for one sentence about all.
    #[must_use]
    pub fn counted(self, count: usize) -> String {
        let (one, many) = match self {
            Self::RestrictionsAdded => ("restriction added", "restrictions added"),
            Self::RestrictionsRemoved => ("restriction removed", "restrictions removed"),
            Self::Standing => ("change of standing", "changes of standing"),
            Self::EffectsAdded => ("effect added", "effects added"),
            Self::EffectsMoved => ("effect moved", "effects moved"),
            Self::EffectsEnded => ("effect ended", "effects ended"),
            Self::EffectsChanged => ("effect changed", "effects changed"),
            Self::Listed => ("instrument names more", "instruments name more"),
            Self::Delisted => ("instrument names fewer", "instruments name fewer"),
            Self::RestrictionsChanged => ("restriction told differently", "restrictions told differently"),
            Self::Vendors => ("change to a vendor", "changes to vendors"),
            Self::Products => ("change to a product", "changes to products"),
            Self::Fingerprints => ("change to fingerprints", "changes to fingerprints"),
            Self::Profiles => ("change to a profile", "changes to profiles"),
            Self::Issuers => ("change to an issuer", "changes to issuers"),
            Self::Approvals => ("change to an approval", "changes to approvals"),
        };
        counted(count, one, many)
    }

    /// The heading that people read.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::RestrictionsAdded => "Restrictions added",
            Self::RestrictionsRemoved => "Restrictions removed",
            Self::Standing => "Standing changed",
            Self::EffectsAdded => "Effects added",
            Self::EffectsMoved => "Effects moved",
            Self::EffectsEnded => "Effects ended",
            Self::EffectsChanged => "Effects changed",
            Self::Listed => "Persons, companies and others named",
            Self::Delisted => "Persons, companies and others no longer named",
            Self::RestrictionsChanged => "Restrictions told differently",
            Self::Vendors => "Vendors",
            Self::Products => "Products",
            Self::Fingerprints => "Fingerprints",
            Self::Profiles => "Profiles",
            Self::Issuers => "Issuers",
            Self::Approvals => "Approvals",
        }
    }
}
