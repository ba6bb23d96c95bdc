//! The Machines screen: pages of a list that may be long.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Context, Tier};

/// Which machines are wanted, in which order. An empty list of values allows every one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MachinesQuery {
    /// Letters of the host name.
    pub text: String,
    /// Operating-system families: `linux`, `windows`, `macos`.
    pub systems: Vec<String>,
    /// Worst tiers.
    pub tiers: Vec<Tier>,
    /// How long ago it was seen: `day`, `week`, `month`, `older`.
    pub seen: Vec<String>,
    /// Who told of it: `interdict`, or the format of another tool's export.
    pub told_by: Vec<String>,
    /// Only machines without any product of these categories; every machine when none is named.
    pub without: Vec<String>,
    /// How sure it is that they have none: `nothing-there`, `not-looked-at`.
    pub answers: Vec<String>,
    /// `tier`, `name`, `system`, `findings`, `installations`, `last-seen`, `first-seen`.
    pub sort: String,
    /// Whether the order is turned around.
    pub descending: bool,
}

/// A part of the list of machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MachinesRequest {
    /// Who asks, for which day.
    pub context: Context,
    /// Which machines.
    pub query: MachinesQuery,
    /// The place of the first row wanted.
    pub offset: u32,
    /// At most so many rows.
    pub limit: u32,
}

/// A part of the list of machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MachinesPage {
    /// The rows from the offset asked for.
    pub rows: Vec<MachineRow>,
    /// How many machines the filters choose.
    pub total: u32,
    /// How many there are.
    pub all: u32,
    /// How many of all have a finding that needs attention.
    pub attention: u32,
    /// What each value of each filter would choose.
    pub facets: MachineFacets,
}

/// One machine as a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MachineRow {
    /// Its id.
    pub id: String,
    /// Its host name.
    pub hostname: String,
    /// `linux`, `windows`, `macos`.
    pub family: String,
    /// Its operating system with version.
    pub system: String,
    /// Its processor architecture.
    pub arch: String,
    /// The worst tier of what is on it.
    pub tier: Tier,
    /// How many findings have which tier, worst first.
    pub findings: Vec<TierFindings>,
    /// How many installations are on it.
    pub installations: u32,
    /// How many scans there are of it.
    pub scans: u32,
    /// When its oldest scan began.
    pub first_seen: String,
    /// When its newest scan began.
    pub last_seen: String,
    /// `day`, `week`, `month`, `older`.
    pub seen: String,
    /// Who told of it, for people.
    pub told_by: Vec<String>,
    /// How sure it is that it has nothing of the categories asked for; null where none was.
    pub lack: Option<Lack>,
}

/// What is known of a machine that has nothing of some categories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Lack {
    /// `nothing-there`, `not-looked-at`.
    pub answer: String,
    /// Why it is not known.
    pub reasons: Vec<LackReason>,
}

/// Why it is not known whether a machine has something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LackReason {
    /// `never-read`, `stale`, `unidentified-product`, `unknown-system`.
    pub reason: String,
    /// The sources it is about, for people; any one of them would do.
    pub sources: Vec<String>,
}

/// How many have a tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TierFindings {
    /// The tier.
    pub tier: Tier,
    /// How many.
    pub count: u32,
}

/// A value of a filter and how many it would choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FacetValue {
    /// The value as it is asked for.
    pub value: String,
    /// For people, where the window has no word of its own for it.
    pub label: String,
    /// How many.
    pub count: u32,
}

/// The values of the filters of the machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MachineFacets {
    /// Operating-system families.
    pub systems: Vec<FacetValue>,
    /// Tiers.
    pub tiers: Vec<FacetValue>,
    /// How long ago.
    pub seen: Vec<FacetValue>,
    /// By whom.
    pub told_by: Vec<FacetValue>,
    /// Of those without some categories, by how sure that is.
    pub answers: Vec<FacetValue>,
}
