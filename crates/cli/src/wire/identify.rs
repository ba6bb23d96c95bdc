//! The lines that `identify` answers with.

use interdict_app::identify::Identification;
use interdict_model::{Category, Matched};
use schemars::JsonSchema;
use serde::Serialize;

use super::Word;

/// What an observation is: nulls where that is not known.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub(crate) struct Identified {
    product: Option<String>,
    vendor: Option<String>,
    category: Option<Word<Category>>,
    /// How sure, 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    confidence: f64,
    /// Which rules matched which values, strongest first.
    matched: Vec<MatchedOut>,
}

/// Which rule matched which value of which field.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct MatchedOut {
    field: String,
    value: String,
    rule: String,
}

impl From<&Matched> for MatchedOut {
    fn from(matched: &Matched) -> Self {
        Self { field: matched.field.clone(), value: matched.value.clone(), rule: matched.rule.clone() }
    }
}

impl From<&Identification> for Identified {
    fn from(found: &Identification) -> Self {
        Self {
            product: found.product.as_ref().map(ToString::to_string),
            vendor: found.vendor.as_ref().map(ToString::to_string),
            category: found.category.map(Word),
            confidence: found.confidence,
            matched: found.matched.iter().map(MatchedOut::from).collect(),
        }
    }
}
