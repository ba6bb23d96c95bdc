//! The words of the domain, as types.
//!
//! Every other crate speaks in these: what was read from a machine ([`Observation`]), what it is ([`Product`], [`Vendor`]),
//! what an instrument says ([`Restriction`], [`Effect`]) and what follows from that ([`Verdict`]). The crate holds values
//! and the vocabularies they are made of. It does not read files, know the day, match names or judge; those are the
//! crates around it.

mod capacity;
mod catalogue;
mod day;
mod diagnostic;
mod fault;
mod ids;
mod inventory;
mod observation;
mod observation_ref;
mod restriction;
mod scan;
mod verdict;
pub mod vocabulary;

pub use capacity::{Capacity, FIXED as FIXED_CAPACITIES};
pub use catalogue::{
    Approval, CatalogueStamp, Embeds, Fingerprint, Footprint, GoodsClaim, Headquarters, Issuer, LegalEntity, Person,
    Product, Profile, ScriptName, Statement, Vendor, VendorRelation,
};
pub use day::{Day, DayError};
pub use diagnostic::{Diagnostic, Location, Severity};
pub use fault::Fault;
pub use ids::{EntityId, IssuerId, PersonId, ProductId, ProfileId, RestrictionId, VendorId};
pub use inventory::{Detection, Evidence, Matched};
pub use observation::{Observation, Scope, raw_key};
pub use observation_ref::{ObservationRef, ScopeRef};
pub use restriction::{
    Effect, ListedPerson, NotBound, NotCovered, Restriction, RestrictionScope, Source, StandingSpan,
};
pub use scan::{CollectorReport, Machine, OperatingSystem, Probes, ProbesStamp, ScanHeader};
pub use verdict::{ActivityVerdict, Headline, ListedBy, Party, PartyKind, Reason, Subject, Verdict};
pub use vocabulary::{
    Activity, Category, CollectorStatus, Condition, Confidence, Embedded, Figure, FingerprintField, Force, Goods,
    Ground, Instrument, MatchKind, Measure, ObservationSource, Origin, OsFamily, Platform, Precision, Presence,
    ProductClass, ProductStatus, Relation, RelationKind, Script, Side, SourceKind, Standing, Supports, Tier,
    UnknownWord, Verification,
};
