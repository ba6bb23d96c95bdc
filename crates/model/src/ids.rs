//! Identifiers, opaque and never renamed. Which ids exist is the catalogue's knowledge.

use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::vocabulary::Origin;

macro_rules! id {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps a word that is known, or about to be checked, to be an id.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id as written in files and JSON.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(&self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }
    )+};
}

id! {
    /// A vendor, such as `kaspersky`.
    VendorId;
    /// A product: the vendor's id, a dot and a short name, such as `kaspersky.kes-linux`.
    ProductId;
    /// A restriction, such as `us-bis-icts-2024-kaspersky`.
    RestrictionId;
    /// An authority, such as `us-bis`.
    IssuerId;
    /// A profile, such as `us-private`.
    ProfileId;
    /// A legal entity of a vendor, such as `ao-kaspersky-lab`.
    EntityId;
    /// A person of a vendor, such as `eugene-kaspersky`.
    PersonId;
}

impl RestrictionId {
    /// What the ids of an organisation's own restrictions begin with, and no other's.
    pub const OWN: &'static str = "own-";

    /// Whose restriction it is.
    #[must_use]
    pub fn origin(&self) -> Origin {
        if self.0.starts_with(Self::OWN) { Origin::Own } else { Origin::Catalogue }
    }
}
