//! What the hash of an entry is made over, and how a body is written down. Neither ever changes: another form would be
//! another format tag.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use interdict_model::Observation;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::error::StoreError;

/// The first part of what is hashed.
const FORMAT: &str = "interdict-log/v1";

/// The hash of an entry: SHA-256 over the format, the number in decimal, the instant, the kind, the body and the previous
/// hash, each as a netstring (<https://cr.yp.to/proto/netstrings.txt>): its length in bytes, a colon, its bytes, a comma.
pub(super) fn hash(number: i64, [instant, kind, body, previous]: &[&[u8]; 4]) -> String {
    let mut hasher = Sha256::new();
    for part in [FORMAT.as_bytes(), number.to_string().as_bytes(), instant, kind, body, previous] {
        hasher.update(format!("{}:", part.len()));
        hasher.update(part);
        hasher.update(b",");
    }
    hexadecimal(&hasher.finalize())
}

/// A value as JSON in one form only: the keys of every object in the order of their bytes, no blank outside a text, and
/// texts with no more escapes than JSON needs.
pub(super) fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value);
    text
}

fn write(text: &mut String, value: &Value) {
    match value {
        Value::Object(fields) => {
            // The order of the map itself depends on which features of serde_json are built in.
            let sorted: BTreeMap<&String, &Value> = fields.iter().collect();
            text.push('{');
            for (position, (key, value)) in sorted.into_iter().enumerate() {
                separate(text, position);
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                write(text, value);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (position, value) in items.iter().enumerate() {
                separate(text, position);
                write(text, value);
            }
            text.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let _ = write!(text, "{value}");
        }
    }
}

fn separate(text: &mut String, position: usize) {
    if position > 0 {
        text.push(',');
    }
}

/// The SHA-256 of observations as JSON lines: of all lines of a scan file but its first.
pub(crate) fn observations_digest(observations: &[Observation]) -> Result<String, StoreError> {
    let mut hasher = Sha256::new();
    let mut line = Vec::new();
    for observation in observations {
        line.clear();
        serde_json::to_writer(&mut line, observation).map_err(|error| StoreError::Query { source: error.into() })?;
        line.push(b'\n');
        hasher.update(&line);
    }
    Ok(hexadecimal(&hasher.finalize()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_has_one_form() {
        let value = json!({ "b": [1, -2, true, null], "a": { "z": "\"\\\n\u{1}\u{7f}é/", "y": {} }, "B": [], "é": "" });
        let text = canonical(&value);
        assert_eq!(
            text,
            "{\"B\":[],\"a\":{\"y\":{},\"z\":\"\\\"\\\\\\n\\u0001\u{7f}é/\"},\"b\":[1,-2,true,null],\"é\":\"\"}"
        );
        assert_eq!(canonical(&serde_json::from_str(&text).expect("JSON")), text);
    }

    #[test]
    fn parts_that_run_together_have_other_hashes() {
        let hash = |number, parts: [&str; 4]| hash(number, &parts.map(str::as_bytes));
        let one = hash(1, ["a", "bc", "d", "e"]);
        assert_eq!(one.len(), 64);
        for other in [
            hash(1, ["ab", "c", "d", "e"]),
            hash(1, ["a", "b", "cd", "e"]),
            hash(1, ["a", "bc", "de", ""]),
            hash(2, ["a", "bc", "d", "e"]),
            hash(1, ["a,2:bc,1:d,1:e,", "", "", ""]),
        ] {
            assert_ne!(one, other);
        }
    }
}
