//! The answer for one subject, profile and date, per activity, with its reasons.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::capacity::Capacity;
use crate::day::Day;
use crate::ids::{ProductId, RestrictionId, VendorId};
use crate::vocabulary::{Activity, Condition, Force, Measure, Tier, Verification};

/// What a verdict is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Subject {
    /// A vendor without a product.
    Vendor {
        /// The vendor.
        vendor: VendorId,
    },
    /// A product.
    Product {
        /// Its vendor.
        vendor: VendorId,
        /// The product.
        product: ProductId,
    },
    /// A person or company.
    Party {
        /// The party: known or not.
        party: Party,
    },
}

/// Whether a party is a person or a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PartyKind {
    /// A person.
    Person,
    /// A company.
    Organisation,
    /// Nobody the catalogue knows.
    Unknown,
}

/// A person or company, and who lists it on the day asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The id, where the catalogue knows the party.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name: the catalogue's, or as asked when nobody is known by it.
    pub name: String,
    /// Person or company.
    pub kind: PartyKind,
    /// Roles at vendors, such as `chief operating officer of Kaspersky`.
    pub roles: Vec<String>,
    /// The vendor the party belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor: Option<VendorId>,
    /// Who lists it on that day.
    pub listed_by: Vec<ListedBy>,
}

/// One listing of a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedBy {
    /// By which instrument.
    pub restriction: RestrictionId,
    /// From when.
    pub from: Day,
    /// Until when, where it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// The role the listing gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The list's own number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_id: Option<String>,
    /// What a reader should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Why an activity has its tier, or what an instrument says to others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The instrument.
    pub restriction: RestrictionId,
    /// The tier this reason alone would give; `none` for what binds others or is not covered.
    pub tier: Tier,
    /// What the effect does.
    pub force: Force,
    /// When it became public.
    pub announced: Day,
    /// From when it counts.
    pub effect_from: Day,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect_until: Option<Day>,
    /// Who must obey.
    pub binds: Vec<Capacity>,
    /// Through which capacity it touches this profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<Capacity>,
    /// The plain sentence.
    pub because: String,
    /// The condition that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// What the effect demands.
    pub measure: Measure,
    /// Where it rests on the catalogue's reading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// How the instrument is cited.
    pub citation: Vec<String>,
    /// Where it stands.
    pub sources: Vec<String>,
    /// Why a covered-looking subject is not covered, or what part of it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_covered: Option<String>,
    /// It reaches a class of software to which the subject's vendor belongs, and names nobody.
    pub by_class: bool,
    /// How well the entry is supported.
    pub verification: Verification,
}

/// The answer for one activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityVerdict {
    /// The tier.
    pub tier: Tier,
    /// Why, worst first.
    pub reasons: Vec<Reason>,
    /// What instruments say to others about it.
    pub others: Vec<Reason>,
}

/// The two short answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    /// For who has it: the worst of use, remove and report.
    pub installed: Tier,
    /// For who would get it: the worst of buy, renew, deal-with and what the profile adds.
    pub purchase: Tier,
}

/// The answer for one subject, profile and date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// What it is about.
    pub subject: Subject,
    /// The worst of all activities.
    pub tier: Tier,
    /// The two short answers.
    pub headline: Headline,
    /// Per activity.
    pub activities: BTreeMap<Activity, ActivityVerdict>,
}
