//! What another catalogue changes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Context, Tier};

/// Which other catalogue to ask the person for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CatalogueCompareRequest {
    /// Asked with.
    pub context: Context,
    /// Whether to ask for a folder; else for one file.
    pub folder: bool,
}

/// What another catalogue says that ours does not, and what becomes of us and of the inventory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CatalogueChanges {
    /// Where the other one is.
    pub path: String,
    /// The version of ours.
    pub ours: String,
    /// The day of its facts.
    pub ours_date: String,
    /// The version of the other.
    pub other: String,
    /// The day of its facts.
    pub other_date: String,
    /// The changes under their headings.
    pub groups: Vec<ChangeGroup>,
    /// How many changes affect us.
    pub affecting: u32,
    /// How many machines there are.
    pub machines: u32,
    /// Machines whose worst tier would be another, the worst first.
    pub changed_machines: Vec<MachineShift>,
    /// Products that would have another tier, the worst first.
    pub changed_products: Vec<ProductShift>,
}

/// Changes under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChangeGroup {
    /// The heading's word, such as `effects-moved`.
    pub word: String,
    /// The changes; what affects us first.
    pub changes: Vec<ChangeLine>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChangeLine {
    /// The entry's name or title.
    pub title: String,
    /// Its id.
    pub id: String,
    /// Of a restriction, whose law it is.
    pub jurisdiction: Option<String>,
    /// Whether our catalogue holds the restriction, so that it can be opened.
    pub restriction: bool,
    /// The change in words.
    pub says: String,
    /// What an effect it is about says, where nothing is said of us.
    pub explanation: Option<String>,
    /// Why it affects us, one sentence each.
    pub because: Vec<String>,
    /// Machines that have something the restriction speaks of.
    pub machines: Option<u32>,
}

/// A machine that would have another tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MachineShift {
    /// Its id.
    pub id: String,
    /// Its host name.
    pub hostname: String,
    /// With our catalogue.
    pub was: Tier,
    /// With the other.
    pub is: Tier,
}

/// A product that would have another tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProductShift {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Machines that have it.
    pub machines: u32,
    /// With our catalogue; null where that does not know it.
    pub was: Option<Tier>,
    /// With the other; null where that does not know it.
    pub is: Option<Tier>,
}
