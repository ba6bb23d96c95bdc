//! Small conversions between SQL values and ours. Words and JSON that cannot be read are errors, never skipped.

use std::str::FromStr;

use interdict_model::UnknownWord;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;

/// A count as SQL keeps it.
pub(crate) fn from_count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count as SQL kept it.
pub(crate) fn to_count(count: i64) -> usize {
    usize::try_from(count).unwrap_or_default()
}

/// A word of a closed vocabulary.
pub(crate) fn to_word<T: FromStr<Err = UnknownWord>>(what: &'static str, word: &str) -> Result<T, StoreError> {
    word.parse().map_err(|error: UnknownWord| StoreError::UnknownValue { what, source: error.into() })
}

/// A value kept as JSON.
pub(crate) fn to_json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Query { source: error.into() })
}

/// A value that was kept as JSON.
pub(crate) fn from_json<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::UnknownValue { what, source: error.into() })
}
