//! What the observations of one machine come to: products and vendors with presence and evidence.

use serde::{Deserialize, Serialize};

use crate::ids::{ProductId, VendorId};
use crate::vocabulary::{ObservationSource, Presence};

/// Which rule matched which value of which field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Matched {
    /// The field of the observation, such as `publisher`.
    pub field: String,
    /// The value that matched, as it stood there.
    pub value: String,
    /// The rule: the holder of the fingerprint and the fingerprint, such as `kaspersky: publisher exact "AO Kaspersky Lab"`.
    pub rule: String,
}

/// One observation that supports a detection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    /// Where it was read.
    pub source: ObservationSource,
    /// What it is called there.
    pub title: String,
    /// File, folder or key, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What it says about presence, in words, such as `enabled unit, executable exists`.
    pub says: String,
    /// Why it counts as this product's.
    pub matched: Vec<Matched>,
}

/// A product, or a vendor without a known product, found on one machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// The product, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductId>,
    /// The vendor.
    pub vendor: VendorId,
    /// Version as written by the strongest registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Whether it is really there.
    pub presence: Presence,
    /// How sure the identification is, 0 to 1.
    pub confidence: f64,
    /// Everything that supports it, strongest first.
    pub evidence: Vec<Evidence>,
}
