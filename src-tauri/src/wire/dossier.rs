//! Vendors, and one vendor's dossier.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    ActivityAnswer, ActivityTier, Context, Presence, RestrictionRef, ScriptName, Tier, TimelineLane, ToldCount,
    VendorRef, VendorTitle, Verification,
};

/// All vendors of the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct VendorsReply {
    /// Worst and most used here first.
    pub rows: Vec<VendorRow>,
}

/// One vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VendorRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its name in other scripts.
    pub names: Vec<ScriptName>,
    /// ISO country code of its head office.
    pub country: Option<String>,
    /// Products of it that the catalogue recognises.
    pub products: u32,
    /// Machines here that have something of it.
    pub machines: u32,
    /// Products of it found here.
    pub products_here: u32,
    /// What tools tell of it without saying on which machines; nothing where nobody does. It is in no other count.
    pub told: Option<ToldCount>,
    /// The worst of all activities for us.
    pub tier: Tier,
    /// The purchase headline for us.
    pub purchase: Tier,
    /// Instruments that speak of it.
    pub restrictions: u32,
}

/// Which vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VendorRequest {
    /// Asked with.
    pub context: Context,
    /// The vendor's id.
    pub id: String,
}

/// Everything known of a vendor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct VendorDossier {
    /// The row of the list.
    pub row: VendorRow,
    /// Domain.
    pub website: Option<String>,
    /// City and country of the head office, as far as known.
    pub headquarters: Option<String>,
    /// What a reader should know.
    pub note: Option<String>,
    /// The vendors that own it on the day asked for, the nearest first.
    pub owners: Vec<VendorRef>,
    /// What it was, came from and belongs to.
    pub relations: Vec<RelationRow>,
    /// Other vendors that say they belong to it or came from it.
    pub related: Vec<RelationRow>,
    /// Classes of goods it makes or is said not to make.
    pub goods: Vec<GoodsRow>,
    /// How many instruments name it, its companies or its people.
    pub naming: u32,
    /// Where no instrument names it and none that touches us reaches it: what was compared, in one sentence or two.
    pub checked: Option<String>,
    /// One sentence that answers "May we buy it?".
    pub purchase_sentence: String,
    /// Per profile and activity; ours (all together) first, then each instrument-bearing profile.
    pub matrix: Vec<MatrixRow>,
    /// The answers behind the first row.
    pub answers: Vec<ActivityAnswer>,
    /// Effects by restriction.
    pub timeline: Vec<TimelineLane>,
    /// Columns of the families table.
    pub family_columns: Vec<RestrictionRef>,
    /// Product families.
    pub families: Vec<FamilyRow>,
    /// Companies.
    pub entities: Vec<PartyRow>,
    /// People: who is not listed by the issuer of the persons' list first.
    pub people: Vec<PartyRow>,
    /// Sentences that say who is not listed, such as "Eugene Kaspersky, chief executive, is not on the US list."
    pub not_listed: Vec<String>,
    /// How big it is.
    pub footprint: Vec<FootprintRow>,
    /// What both sides say.
    pub statements: Vec<StatementRow>,
    /// The instruments with their sources.
    pub sources: Vec<SourceRow>,
    /// Where it is used here: worst first, then by host name; at most a hundred.
    pub used_here: Vec<UsedHere>,
    /// In how many places it is used.
    pub used_total: u32,
    /// What tools tell of it without saying on which machines, by product, name and version; at most a hundred titles.
    pub told: Vec<VendorTitle>,
}

/// How a vendor stands to another company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RelationRow {
    /// `owned-by`, `renamed-from`, `successor-of`, `split-from` or `migrated-from`; of the other side among `related`.
    pub kind: String,
    /// The other, where it has a dossier.
    pub vendor: Option<VendorRef>,
    /// The other's name.
    pub name: String,
    /// From when.
    pub from: Option<String>,
    /// Until when.
    pub until: Option<String>,
    /// Whether it held on the day asked for.
    pub holds: bool,
    /// How much of it the other holds.
    pub share: Option<String>,
    /// The same in one sentence.
    pub says: String,
    /// Who says so; general knowledge when absent.
    pub source: Option<String>,
}

/// Whether a vendor belongs to a class of goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GoodsRow {
    /// The class, such as `consumer-router`.
    pub word: String,
    /// Whether it does.
    pub belongs: bool,
    /// The same in one sentence.
    pub says: String,
    /// Who says so; general knowledge when absent.
    pub source: Option<String>,
}

/// One line of "May we buy it?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MatrixRow {
    /// The profile's id; null for our own profiles together.
    pub profile: Option<String>,
    /// What it stands for.
    pub title: String,
    /// All ten activities in the fixed order.
    pub activities: Vec<ActivityTier>,
}

/// A family of products and what instruments say of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FamilyRow {
    /// Its name, such as "Anti-virus, endpoint, EDR".
    pub title: String,
    /// Its products.
    pub products: Vec<FamilyProduct>,
    /// One answer per column.
    pub coverage: Vec<Coverage>,
}

/// A product of a family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FamilyProduct {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// No longer made.
    pub discontinued: bool,
    /// The vendor whose product this is an integration for.
    pub made_for: Option<VendorRef>,
}

/// Whether an instrument covers a family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Coverage {
    /// `covered`, `carved-out`, `not-addressed` or `unclear`.
    pub answer: String,
    /// Why, in one sentence.
    pub says: String,
}

/// A person or company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PartyRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Other names and spellings.
    pub aliases: Vec<String>,
    /// ISO country code of a company.
    pub country: Option<String>,
    /// The role of a person.
    pub role: Option<String>,
    /// Who lists it on the day asked for.
    pub listed_by: Vec<ListingRow>,
    /// What a reader should know.
    pub note: Option<String>,
}

/// One listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ListingRow {
    /// The instrument.
    pub restriction: RestrictionRef,
    /// Who issued it.
    pub issuer: String,
    /// Since when.
    pub from: String,
    /// Until when.
    pub until: Option<String>,
    /// The list's own number.
    pub list_id: Option<String>,
    /// What a reader should know, such as "check the issuer's list".
    pub note: Option<String>,
    /// How well supported.
    pub verification: Verification,
    /// Less well supported than the rest of the list: the reader should look at the issuer's list.
    pub uncertain: bool,
}

/// A figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FootprintRow {
    /// Which figure, in words.
    pub label: String,
    /// The figure.
    pub value: String,
    /// Who says so.
    pub says: String,
    /// Of which day.
    pub as_of: Option<String>,
    /// Where.
    pub source: String,
}

/// What somebody said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StatementRow {
    /// `issuer`, `vendor` or `government`.
    pub side: String,
    /// Who speaks.
    pub by: String,
    /// When.
    pub date: Option<String>,
    /// The exact words.
    pub quote: Option<String>,
    /// A summary.
    pub says: Option<String>,
    /// The instrument it is about.
    pub about: Option<RestrictionRef>,
    /// Where.
    pub source: String,
}

/// An instrument with its sources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SourceRow {
    /// The instrument.
    pub restriction: RestrictionRef,
    /// Its full title.
    pub title: String,
    /// How it is cited.
    pub citations: Vec<String>,
    /// How well supported.
    pub verification: Verification,
    /// What was not checked.
    pub verification_note: Option<String>,
    /// When it was published, or announced.
    pub published: String,
    /// Where it can be read.
    pub urls: Vec<String>,
    /// When the sources were last looked at.
    pub checked: Option<String>,
    /// Where it stands on the day asked for, in the words of the list of restrictions.
    pub standing: String,
}

/// Where a vendor's product is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UsedHere {
    /// The finding's id.
    pub finding: String,
    /// The machine's host name.
    pub hostname: String,
    /// The product's name.
    pub title: String,
    /// Its version.
    pub version: Option<String>,
    /// Whether it is really there.
    pub presence: Presence,
    /// The installed headline.
    pub tier: Tier,
}
