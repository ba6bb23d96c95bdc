//! The restrictions of the catalogue, and one of them in full.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    Activity, Context, ListedPersonRow, NamedCompany, Presence, RestrictionRef, Tier, TimelineBar, VendorRef,
    Verification,
};

/// All restrictions of the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RestrictionsReply {
    /// Worst for us first, then by what is found here, then the newest.
    pub rows: Vec<RestrictionRow>,
}

/// One restriction on the day asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RestrictionRow {
    /// Its id.
    pub id: String,
    /// Its title for narrow places.
    pub short_title: String,
    /// Its title.
    pub title: String,
    /// The issuer's id.
    pub issuer: String,
    /// Its name for narrow places.
    pub issuer_name: String,
    /// Lower-case country code, or `eu`.
    pub jurisdiction: String,
    /// Its legal form, such as `final-determination`.
    pub instrument: String,
    /// The worst it says to us about what it names.
    pub tier: Tier,
    /// The same today; differs from `tier` only when another day is asked for.
    pub tier_today: Tier,
    /// Whether any of its effects, on whatever day, speaks to us.
    pub touches_us: bool,
    /// Whether any of its effects is in force, to whomever.
    pub in_force: bool,
    /// Where it stands: `in-force`, `announced`, `not-public`, `ran-out`, `unverified`, `proposed` ...
    pub standing: String,
    /// The same today.
    pub standing_today: String,
    /// Vendors it names, or whose companies or people it names.
    pub vendors: Vec<VendorRef>,
    /// Classes of goods it speaks of instead.
    pub goods: Vec<String>,
    /// The kinds of lists whose companies' affiliates it reaches as well; of a rule.
    pub extends: Vec<String>,
    /// Activities it speaks of, in the fixed order.
    pub activities: Vec<Activity>,
    /// When it first became public.
    pub announced: String,
    /// `day`, `month` or `year`.
    pub announced_precision: String,
    /// The first day to come on which an effect begins or ends.
    pub next: Option<String>,
    /// The last day on which an effect began or ended.
    pub last: Option<String>,
    /// How well it is supported.
    pub verification: Verification,
    /// Machines here that have something it reaches on the day, itself or close by.
    pub machines: u32,
}

/// Which restriction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RestrictionRequest {
    /// Asked with.
    pub context: Context,
    /// Its id.
    pub id: String,
}

/// One restriction in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RestrictionDetail {
    /// The row of the list.
    pub row: RestrictionRow,
    /// What it does, in plain sentences; paragraphs are apart by an empty line.
    pub text: String,
    /// The issuer's full name.
    pub issuer: String,
    /// What gives the issuer the power.
    pub authority: Vec<String>,
    /// How it is cited.
    pub citations: Vec<String>,
    /// When it was officially published.
    pub published: Option<String>,
    /// Why an effect counts from before it was public.
    pub announced_note: Option<String>,
    /// Why the issuer acted, such as `privileged-access`.
    pub grounds: Vec<String>,
    /// What was not checked, and where sources disagree.
    pub verification_note: Option<String>,
    /// What replaced it.
    pub superseded_by: Option<RestrictionRef>,
    /// What it replaced.
    pub supersedes: Vec<RestrictionRef>,
    /// Where it stood, by day.
    pub standings: Vec<StandingRow>,
    /// What it does, by day.
    pub effects: Vec<EffectRow>,
    /// Who and what it is about.
    pub scope: RestrictionScope,
    /// Who is expressly left alone in what.
    pub not_bound: Vec<NotBoundRow>,
    /// What it leaves alone, in words.
    pub not_covered: Vec<NotCoveredRow>,
    /// Where all this stands.
    pub sources: Vec<RestrictionSource>,
    /// What is found here of what it reaches on the day.
    pub found: Vec<FoundHere>,
}

/// Where an instrument stood from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StandingRow {
    /// From this day.
    pub from: String,
    /// What it was.
    pub is: String,
    /// What a reader should know.
    pub note: Option<String>,
}

/// One dated consequence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct EffectRow {
    /// `forbids`, `requires`, `limits` or `warns`.
    pub force: String,
    /// Which activities.
    pub activities: Vec<Activity>,
    /// What it comes to on the day: `not-public`, `ahead`, `in-force`, `doubtful` or `over`.
    pub state: String,
    /// What it says to us on the day; none where it does not speak to us.
    pub tier: Tier,
    /// Whether it speaks to us, on whatever day.
    pub touches_us: bool,
    /// From which day.
    pub from: String,
    /// How exactly that day is known: `day`, `month` or `year`.
    pub from_precision: String,
    /// Until the day before this one.
    pub until: Option<String>,
    /// How exactly that day is known.
    pub until_precision: String,
    /// The event it ends with.
    pub until_event: Option<String>,
    /// When it first became public, when not with the instrument.
    pub announced: Option<String>,
    /// Who must obey.
    pub binds: Vec<CapacityPhrase>,
    /// In dealing with whom.
    pub counterparty: Vec<CapacityPhrase>,
    /// Whom a warning is meant for.
    pub addressed: Vec<CapacityPhrase>,
    /// Conditions that must all hold, as ends of a sentence.
    pub conditions: Vec<String>,
    /// What sets off a duty.
    pub trigger: Option<String>,
    /// What it demands, such as `no-new-agreements`.
    pub measure: String,
    /// What that measure means.
    pub measure_means: String,
    /// The effect in one sentence.
    pub says: String,
    /// Where it rests on our reading of the text.
    pub reading: Option<String>,
    /// Who and what it is about, where that is less than the instrument is about.
    pub only: Vec<String>,
    /// Its own answer on embedded code.
    pub embedded: Option<String>,
    /// How well it is supported, when less well than the entry.
    pub verification: Option<Verification>,
    /// Its days on the timeline.
    pub bars: Vec<TimelineBar>,
}

/// A way of being bound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CapacityPhrase {
    /// Its word, such as `us-person`.
    pub word: String,
    /// The noun phrase, such as "a US person".
    pub phrase: String,
    /// Whether we are that.
    pub ours: bool,
}

/// Who and what an instrument is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RestrictionScope {
    /// Whole groups: parents, subsidiaries, successors.
    pub vendors: Vec<VendorRef>,
    /// Only these companies.
    pub companies: Vec<NamedCompany>,
    /// Companies of the same vendors that are not named.
    pub companies_not_named: Vec<NamedCompany>,
    /// These persons.
    pub persons: Vec<ListedPersonRow>,
    /// People of the same vendors that are not listed.
    pub persons_not_listed: Vec<ListedPersonRow>,
    /// Classes of goods.
    pub goods: Vec<GoodsReach>,
    /// Product classes it reaches; all when empty.
    pub product_classes: Vec<String>,
    /// Product classes it leaves alone.
    pub except_classes: Vec<String>,
    /// Whether it reaches other vendors' products that hold the code: `covered`, `not-covered`, `silent`.
    pub embedded: Option<String>,
    /// Where that answer comes from.
    pub embedded_note: Option<String>,
}

/// A class of goods and the vendors of which the catalogue says something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GoodsReach {
    /// Its word, such as `consumer-router`.
    pub word: String,
    /// What it is, as the object of a sentence.
    pub phrase: String,
    /// Vendors that the catalogue says belong to it.
    pub vendors: Vec<VendorRef>,
}

/// Who is expressly left alone in what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NotBoundRow {
    /// In which activity.
    pub activity: Activity,
    /// Who.
    pub who: Vec<CapacityPhrase>,
    /// The same in one sentence.
    pub says: String,
}

/// What an instrument leaves alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NotCoveredRow {
    /// What.
    pub says: String,
    /// How well supported, when less well than the entry.
    pub verification: Option<Verification>,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RestrictionSource {
    /// `primary`, `issuer-page`, `mirror` or `secondary`.
    pub kind: String,
    /// Where.
    pub url: String,
    /// What it supports, such as `effect`.
    pub supports: Vec<String>,
    /// When it was last looked at.
    pub checked: String,
    /// What a reader should know.
    pub note: Option<String>,
}

/// A finding that an instrument reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FoundHere {
    /// The finding's id.
    pub finding: String,
    /// The product's or vendor's name.
    pub title: String,
    /// The vendor's name.
    pub vendor_name: String,
    /// Whether it is really there.
    pub presence: Presence,
    /// Machines that have it.
    pub machines: u32,
    /// Its tier.
    pub tier: Tier,
}
