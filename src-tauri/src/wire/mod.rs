//! What crosses between the window and Rust: the wire's own types, from which the TypeScript is generated.
//!
//! Days are `YYYY-MM-DD`, instants RFC 3339 UTC, field names `snake_case`. These types hold answers ready to be shown;
//! they judge nothing and never appear outside this crate.

mod changes;
mod dossier;
mod findings;
mod imports;
mod machine;
mod machines;
mod overview;
mod restrictions;
mod software;
mod status;
mod watch;

pub use changes::*;
pub use dossier::*;
pub use findings::*;
pub use imports::*;
pub use machine::*;
pub use machines::*;
pub use overview::*;
pub use restrictions::*;
pub use software::*;
pub use status::*;
pub use watch::*;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What every question is asked with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Context {
    /// Profile ids; empty means `research`.
    pub profiles: Vec<String>,
    /// The day asked about.
    pub as_of: String,
}

/// Nothing to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Nothing {}

/// How an error reaches the window: it branches on the code and shows the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WireError {
    /// Stable code, such as `store/locked`.
    pub code: String,
    /// What failed.
    pub message: String,
    /// What to try.
    pub hint: Option<String>,
    /// The chain of causes.
    pub detail: Option<String>,
}

/// The answer for an activity, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Cannot lawfully take place.
    Prohibited,
    /// A duty in force.
    Required,
    /// Lawful with something taken away or a condition.
    Restricted,
    /// A warning addressed to this profile.
    Advisory,
    /// Announced, proposed, contested, or close by.
    Watch,
    /// Something needed is not known.
    Undetermined,
    /// No known restriction.
    None,
}

/// What somebody may want to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Activity {
    /// Run or keep using it.
    Use,
    /// Take it off.
    Remove,
    /// Tell an authority.
    Report,
    /// Enter into a new agreement.
    Buy,
    /// Extend a licence.
    Renew,
    /// Receive updates.
    Update,
    /// Sell it on.
    Resell,
    /// Build it in.
    Embed,
    /// Export to the vendor.
    ExportTo,
    /// Deal with the vendor.
    DealWith,
}

/// Whether software is really there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// Executable exists and something starts it.
    Live,
    /// Executable exists, nothing starts it.
    Dormant,
    /// Traces only.
    Residue,
    /// Registration without files.
    Ghost,
}

/// How well an entry is supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Verification {
    /// Official text read.
    Primary,
    /// Official list read through a copy.
    Mirror,
    /// Law firm or press.
    Secondary,
    /// Nothing read.
    Unverified,
}

/// How a collector fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum CollectorStatus {
    /// Everything read.
    Complete,
    /// Something not read.
    Partial,
    /// Not possible here.
    NotPossible,
    /// Failed.
    Failed,
}

/// A tier of one activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ActivityTier {
    /// The activity.
    pub activity: Activity,
    /// Its tier.
    pub tier: Tier,
}

/// A name in some script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ScriptName {
    /// The name.
    pub text: String,
    /// `latin`, `cyrillic`, `han` ...
    pub script: String,
}

/// A restriction, named for a narrow place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RestrictionRef {
    /// Its id.
    pub id: String,
    /// Its short title.
    pub short_title: String,
    /// Lower-case country code, or `eu`.
    pub jurisdiction: String,
}

/// A vendor, by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub struct VendorRef {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A company of a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NamedCompany {
    /// Its name.
    pub name: String,
    /// ISO country code.
    pub country: Option<String>,
    /// The vendor it belongs to.
    pub vendor: VendorRef,
}

/// A person of a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ListedPersonRow {
    /// The name.
    pub name: String,
    /// In which role.
    pub role: Option<String>,
    /// The list's own number for the person.
    pub list_id: Option<String>,
    /// What a reader should know.
    pub note: Option<String>,
    /// Less well supported than the rest of the list: the reader should look at the issuer's list.
    pub uncertain: bool,
    /// The vendor the person belongs to.
    pub vendor: VendorRef,
}
