//! Words of closed vocabularies and days, with their schemas.

use std::borrow::Cow;

use interdict_model::{
    Activity, Capacity, Category, CollectorStatus, Condition, Confidence, Day, Embedded, FingerprintField, Force,
    Goods, Ground, Instrument, MatchKind, Measure, ObservationSource, Origin, OsFamily, Platform, Precision, Presence,
    ProductClass, ProductStatus, Relation, RelationKind, SourceKind, Standing, Supports, Tier, Verification,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// A closed vocabulary of the model.
pub(crate) trait Vocabulary: Serialize {
    /// What its schema is called.
    const NAME: &'static str;
    /// Every word.
    const WORDS: &'static [&'static str];
}

macro_rules! vocabularies {
    ($($name:ident),+ $(,)?) => {$(
        impl Vocabulary for $name {
            const NAME: &'static str = stringify!($name);
            const WORDS: &'static [&'static str] = $name::WORDS;
        }
    )+};
}

vocabularies!(
    Activity,
    Category,
    CollectorStatus,
    Condition,
    Confidence,
    Embedded,
    FingerprintField,
    Force,
    Goods,
    Ground,
    Instrument,
    MatchKind,
    Measure,
    ObservationSource,
    Origin,
    OsFamily,
    Platform,
    Precision,
    Presence,
    ProductClass,
    ProductStatus,
    Relation,
    RelationKind,
    SourceKind,
    Standing,
    Supports,
    Tier,
    Verification,
);

/// A word of a closed vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Word<T>(pub(crate) T);

impl<T: Vocabulary> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<T: Vocabulary> JsonSchema for Word<T> {
    fn schema_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": T::WORDS })
    }
}

/// A day: `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date(pub(crate) Day);

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
    }
}

/// One way of being bound, such as `us-person`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bound(pub(crate) Capacity);

impl Serialize for Bound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl JsonSchema for Bound {
    fn schema_name() -> Cow<'static, str> {
        "Capacity".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "One way of being bound, such as `us-person`." })
    }
}
