//! One instrument of one issuer: what it says, of whom, from when, and who is bound.

use serde::{Deserialize, Serialize};

use crate::capacity::Capacity;
use crate::day::Day;
use crate::ids::{EntityId, IssuerId, PersonId, ProductId, RestrictionId, VendorId};
use crate::vocabulary::{
    Activity, Condition, Embedded, Force, Goods, Ground, Instrument, Measure, Precision, ProductClass, SourceKind,
    Standing, Supports, Verification,
};

/// One instrument of one issuer, with citations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restriction {
    /// Its id.
    pub id: RestrictionId,
    /// Who issued it.
    pub issuer: IssuerId,
    /// Folder it stands in: a lower-case country code, or `eu`.
    pub jurisdiction: String,
    /// Its title.
    pub title: String,
    /// Its title for narrow places.
    pub short_title: String,
    /// What it does, in plain sentences.
    pub text: String,
    /// Its legal form.
    pub instrument: Instrument,
    /// What gives the issuer the power.
    pub authority: Vec<String>,
    /// How it is cited.
    pub citations: Vec<String>,
    /// When it first became public.
    pub announced: Day,
    /// How exactly that day is known.
    pub announced_precision: Precision,
    /// Why an effect counts from before it was public.
    pub announced_note: Option<String>,
    /// When it was officially published.
    pub published: Option<Day>,
    /// How well this entry is supported.
    pub verification: Verification,
    /// What was not checked, and where sources disagree.
    pub verification_note: Option<String>,
    /// Why the issuer acted.
    pub grounds: Vec<Ground>,
    /// What replaced it.
    pub superseded_by: Option<RestrictionId>,
    /// The entry was a mistake, and since when we know.
    pub withdrawn: Option<Day>,
    /// Where it stood, ascending by day.
    pub standing: Vec<StandingSpan>,
    /// Who and what it is about.
    pub scope: RestrictionScope,
    /// What it does.
    pub effects: Vec<Effect>,
    /// Who is expressly left alone.
    pub not_bound: Vec<NotBound>,
    /// What is left alone.
    pub not_covered: Vec<NotCovered>,
    /// Where all this stands.
    pub sources: Vec<Source>,
}

impl Restriction {
    /// Where the instrument stood on a day; nothing before its first span.
    #[must_use]
    pub fn standing_on(&self, day: Day) -> Option<&StandingSpan> {
        self.standing.iter().rev().find(|span| span.from <= day)
    }
}

/// Where an instrument stood from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingSpan {
    /// From this day, until the next span.
    pub from: Day,
    /// What it was.
    pub is: Standing,
    /// What a reader should know.
    pub note: Option<String>,
}

/// Who and what an instrument is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestrictionScope {
    /// Whole groups: parents, subsidiaries, successors.
    pub vendors: Vec<VendorId>,
    /// Only these companies.
    pub entities: Vec<EntityId>,
    /// These persons.
    pub persons: Vec<ListedPerson>,
    /// Classes of goods, instead of vendors.
    pub goods: Vec<Goods>,
    /// Of a rule: the kinds of lists whose companies' affiliates it reaches as well.
    pub extends: Vec<Instrument>,
    /// Of the named vendors only these products; all when empty.
    pub products: Vec<ProductId>,
    /// Product classes it reaches; all when empty.
    pub product_classes: Vec<ProductClass>,
    /// Product classes it leaves alone.
    pub except_classes: Vec<ProductClass>,
    /// Whether it reaches other vendors' products that hold the code.
    pub embedded: Option<Embedded>,
    /// Where that answer comes from.
    pub embedded_note: Option<String>,
}

/// A person an instrument names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedPerson {
    /// Who.
    pub id: PersonId,
    /// In which role.
    pub role: Option<String>,
    /// The list's own number for the person.
    pub list_id: Option<String>,
    /// What a reader should know.
    pub note: Option<String>,
    /// How well this listing is supported, when less well than the entry.
    pub verification: Option<Verification>,
}

/// One dated consequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// What it does to the activities.
    pub force: Force,
    /// Which activities.
    pub activities: Vec<Activity>,
    /// From which day.
    pub from: Day,
    /// How exactly that day is known.
    pub from_precision: Precision,
    /// Until the day before this one.
    pub until: Option<Day>,
    /// How exactly that day is known.
    pub until_precision: Precision,
    /// The event it ends with.
    pub until_event: Option<String>,
    /// When this effect first became public, when not with the instrument.
    pub announced: Option<Day>,
    /// Who must obey.
    pub binds: Vec<Capacity>,
    /// In dealing with whom.
    pub counterparty: Vec<Capacity>,
    /// Whom a warning is meant for.
    pub addressed: Vec<Capacity>,
    /// Conditions that must all hold.
    pub when: Vec<Condition>,
    /// What sets off a duty.
    pub trigger: Option<String>,
    /// What it demands.
    pub measure: Measure,
    /// The same in one sentence.
    pub says: Option<String>,
    /// Where it rests on the catalogue's reading of the text.
    pub reading: Option<String>,
    /// Narrows the scope's answer for this effect.
    pub embedded: Option<Embedded>,
    /// Narrows the scope to these products.
    pub products: Vec<ProductId>,
    /// Narrows the scope to these product classes.
    pub product_classes: Vec<ProductClass>,
    /// Narrows the scope to these vendors.
    pub vendors: Vec<VendorId>,
    /// Narrows the scope to these classes of goods.
    pub goods: Vec<Goods>,
    /// Narrows the scope to these companies.
    pub entities: Vec<EntityId>,
    /// Narrows the scope to these persons.
    pub persons: Vec<PersonId>,
    /// How well this effect is supported, when less well than the entry.
    pub verification: Option<Verification>,
}

/// Who is expressly left alone in what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotBound {
    /// In which activity.
    pub activity: Activity,
    /// Who.
    pub who: Vec<Capacity>,
    /// The same in one sentence.
    pub says: String,
}

/// What an instrument leaves alone, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotCovered {
    /// What.
    pub says: String,
    /// How well supported, when less well than the entry.
    pub verification: Option<Verification>,
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// What kind of document.
    pub kind: SourceKind,
    /// Where.
    pub url: String,
    /// What it supports.
    pub supports: Vec<Supports>,
    /// When it was last looked at.
    pub checked: Day,
    /// What a reader should know.
    pub note: Option<String>,
}
