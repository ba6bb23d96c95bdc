//! What another catalogue says that one does not: two catalogues to typed changes, each with its plain words.
//!
//! A change tells a fact of the catalogues and nothing of who asks or what is installed; whom it touches is worked out
//! where profiles and inventory are known. Entries are compared by id, which is never renamed. Effects have no ids: those
//! that are most alike are taken for one and the same.

mod effects;
mod restrictions;
#[cfg(test)]
mod tests;
mod vendors;
mod words;

use interdict_model::{
    Approval, CatalogueStamp, Day, Effect, Issuer, Origin, Profile, RestrictionId, Standing, StandingSpan, VendorId,
    Verification,
};

use crate::catalogue::{Catalogue, EntryKind};

pub use words::place_name;

/// Everything that another catalogue says differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// What is compared with.
    pub old: CatalogueStamp,
    /// What is compared.
    pub new: CatalogueStamp,
    /// By group, then by place and id.
    pub changes: Vec<Change>,
}

/// Under which heading a change is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Restrictions that are new.
    RestrictionsAdded,
    /// Restrictions that are gone, withdrawn ones among them.
    RestrictionsRemoved,
    /// Where instruments stand.
    Standing,
    /// Effects that are new.
    EffectsAdded,
    /// Effects that count from another day.
    EffectsMoved,
    /// Effects that end, on another day than before, or are gone.
    EffectsEnded,
    /// Effects that say something else.
    EffectsChanged,
    /// Whom and what an instrument names from now on.
    Listed,
    /// Whom and what an instrument no longer names.
    Delisted,
    /// What else is different about a restriction.
    RestrictionsChanged,
    /// Vendors.
    Vendors,
    /// Products.
    Products,
    /// How software is recognised.
    Fingerprints,
    /// Answers to "who are we".
    Profiles,
    /// Authorities.
    Issuers,
    /// What the organisation has approved.
    Approvals,
}

/// The entry that a change is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// Its id.
    pub id: String,
    /// Its name or title.
    pub title: String,
    /// Of a restriction, whose law it is: a lower-case country code, or `eu`.
    pub jurisdiction: Option<String>,
    /// Of a product, its vendor.
    pub vendor: Option<VendorId>,
    /// Of a restriction, how well it is supported.
    pub support: Option<Verification>,
    /// Whose entry it is.
    pub origin: Origin,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Of what.
    pub entry: Entry,
    /// Which.
    pub what: What,
}

/// What an instrument names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// A whole group.
    Vendor,
    /// A company.
    Company,
    /// A person.
    Person,
    /// A product.
    Product,
    /// A class of goods.
    Goods,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The restriction is new; where it stands, what it does, and whom it names.
    RestrictionAdded {
        /// Where it stands by its last day of change.
        standing: Option<Standing>,
        /// What it does.
        effects: Vec<Effect>,
        /// Whom it names.
        named: Vec<(Named, String)>,
    },
    /// The restriction is gone.
    RestrictionRemoved {
        /// Since when it is known to have been a mistake, where it was one.
        withdrawn: Option<Day>,
    },
    /// The instrument stands elsewhere from a day on.
    Standing {
        /// What was said of that day.
        was: Option<StandingSpan>,
        /// What is said of it.
        is: Option<StandingSpan>,
    },
    /// The effect is new.
    EffectAdded(Box<Effect>),
    /// The effect is gone.
    EffectRemoved(Box<Effect>),
    /// The effect counts from another day.
    EffectMoved {
        /// As it was.
        was: Box<Effect>,
        /// As it is.
        is: Box<Effect>,
    },
    /// The effect ends on another day, or no longer.
    EffectEnds {
        /// As it was.
        was: Box<Effect>,
        /// As it is.
        is: Box<Effect>,
    },
    /// The effect says something else.
    EffectChanged {
        /// As it is.
        is: Box<Effect>,
        /// What is different, each as a clause.
        parts: Vec<String>,
    },
    /// The instrument names these from now on.
    Listed(Vec<(Named, String)>),
    /// The instrument no longer names these.
    Delisted(Vec<(Named, String)>),
    /// The restriction is better or less well supported.
    Support {
        /// As it was.
        was: Verification,
        /// As it is.
        is: Verification,
    },
    /// Something else is different, each as a clause.
    Differs(Vec<String>),
    /// The entry is new; what belongs to it.
    Added(Vec<String>),
    /// The entry is gone.
    Removed,
    /// Software is recognised by more or by less, each as `field match "value"`.
    Fingerprints {
        /// By these from now on.
        added: Vec<String>,
        /// By these no longer.
        removed: Vec<String>,
    },
}

impl Change {
    /// Under which heading it is told.
    #[must_use]
    pub fn group(&self) -> Group {
        match &self.what {
            What::RestrictionAdded { .. } => Group::RestrictionsAdded,
            What::RestrictionRemoved { .. } => Group::RestrictionsRemoved,
            What::Standing { .. } => Group::Standing,
            What::EffectAdded(_) => Group::EffectsAdded,
            What::EffectMoved { .. } => Group::EffectsMoved,
            What::EffectRemoved(_) | What::EffectEnds { .. } => Group::EffectsEnded,
            What::EffectChanged { .. } => Group::EffectsChanged,
            What::Listed(_) => Group::Listed,
            What::Delisted(_) => Group::Delisted,
            What::Fingerprints { .. } => Group::Fingerprints,
            What::Support { .. } | What::Differs(_) | What::Added(_) | What::Removed => match self.entry.kind {
                EntryKind::Restriction => Group::RestrictionsChanged,
                EntryKind::Vendor => Group::Vendors,
                EntryKind::Product => Group::Products,
                EntryKind::Profile => Group::Profiles,
                EntryKind::Issuer => Group::Issuers,
                EntryKind::Approval => Group::Approvals,
            },
        }
    }

    /// Whether only words and sources are different, and nothing that anybody is judged by.
    #[must_use]
    pub fn is_wording(&self) -> bool {
        match &self.what {
            What::Differs(parts) | What::EffectChanged { parts, .. } => {
                parts.iter().all(|part| part == REWORDED || part == OTHER_SOURCES)
            }
            _ => false,
        }
    }

    /// The restriction it is about, where it is about one.
    #[must_use]
    pub fn restriction(&self) -> Option<RestrictionId> {
        (self.entry.kind == EntryKind::Restriction).then(|| RestrictionId::new(self.entry.id.as_str()))
    }

    /// The effect it is about, where it is about one alone; as it is, or as it was where it is gone.
    #[must_use]
    pub fn effect(&self) -> Option<&Effect> {
        match &self.what {
            What::EffectAdded(effect) | What::EffectRemoved(effect) => Some(effect),
            What::EffectMoved { is, .. } | What::EffectEnds { is, .. } | What::EffectChanged { is, .. } => Some(is),
            _ => None,
        }
    }
}

/// Said where only words are different.
const REWORDED: &str = "described differently";
/// Said where only sources are different.
const OTHER_SOURCES: &str = "sources or citations are different";

/// What a new catalogue says that an old one does not.
#[must_use]
pub fn diff(old: &Catalogue, new: &Catalogue) -> Changes {
    let mut changes = restrictions::changes(old, new);
    changes.extend(vendors::changes(old, new));
    changes.extend(compared(
        &Sides { old: old.profiles(), new: new.profiles() },
        |profile| profile.id.as_str(),
        |profile| entry(new, EntryKind::Profile, profile.id.as_str(), &profile.title),
        profile_differs,
    ));
    let issuers: [Vec<Issuer>; 2] = [old, new].map(|side| side.issuers().cloned().collect());
    changes.extend(compared(
        &Sides { old: &issuers[0], new: &issuers[1] },
        |issuer| issuer.id.as_str(),
        |issuer| entry(new, EntryKind::Issuer, issuer.id.as_str(), &issuer.name),
        |_, _| vec![REWORDED.to_owned()],
    ));
    changes.extend(compared(
        &Sides { old: old.approvals(), new: new.approvals() },
        |approval| approval.id.as_str(),
        |approval| entry(new, EntryKind::Approval, &approval.id, approval.subject()),
        approval_differs,
    ));
    changes.sort_by(|left, right| {
        let place = |change: &Change| (change.group(), change.entry.jurisdiction.clone(), change.entry.id.clone());
        place(left).cmp(&place(right))
    });
    Changes { old: old.stamp().clone(), new: new.stamp().clone(), changes }
}

/// An entry without law or vendor.
fn entry(catalogue: &Catalogue, kind: EntryKind, id: &str, title: &str) -> Entry {
    let origin = catalogue.origin(kind, id);
    let (id, title) = (id.to_owned(), title.to_owned());
    Entry { kind, id, title, jurisdiction: None, vendor: None, support: None, origin }
}

/// The entries of one kind in both catalogues.
struct Sides<'a, T> {
    old: &'a [T],
    new: &'a [T],
}

/// Entries that came, went or differ.
fn compared<T: PartialEq>(
    sides: &Sides<'_, T>,
    id: impl Fn(&T) -> &str,
    entry: impl Fn(&T) -> Entry,
    differs: impl Fn(&T, &T) -> Vec<String>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for is in sides.new {
        let what = match sides.old.iter().find(|was| id(was) == id(is)) {
            None => What::Added(Vec::new()),
            Some(was) if was == is => continue,
            Some(was) => What::Differs(differs(was, is)),
        };
        changes.push(Change { entry: entry(is), what });
    }
    for was in sides.old.iter().filter(|was| !sides.new.iter().any(|is| id(is) == id(was))) {
        changes.push(Change { entry: entry(was), what: What::Removed });
    }
    changes
}

fn profile_differs(was: &Profile, is: &Profile) -> Vec<String> {
    let mut parts = words::gained_and_lost("is now bound as", "is no longer bound as", &was.capacities, &is.capacities);
    if parts.is_empty() {
        parts.push(REWORDED.to_owned());
    }
    parts
}

fn approval_differs(was: &Approval, is: &Approval) -> Vec<String> {
    let mut parts = Vec::new();
    if was.subject() != is.subject() {
        parts.push(format!("is for {} now, was for {}", is.subject(), was.subject()));
    }
    if (was.from, was.until) != (is.from, is.until) {
        let span = |approval: &Approval| match approval.until {
            Some(until) => format!("from {} until {until}", approval.from),
            None => format!("from {} without an end", approval.from),
        };
        parts.push(format!("holds {} now, was {}", span(is), span(was)));
    }
    if parts.is_empty() {
        parts.push(REWORDED.to_owned());
    }
    parts
}

/// What is in one list and not in the other.
fn without<'a, T: PartialEq>(these: &'a [T], those: &[T]) -> Vec<&'a T> {
    these.iter().filter(|one| !those.contains(one)).collect()
}
