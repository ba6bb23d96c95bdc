//! JSON Schemas of the catalogue's files, for editors that complete and check TOML while it is written.
//!
//! They say what the parser says of keys and words. What needs other files or a second look is the linter's.

use serde_json::{Map, Value, json};

use super::format::{ISSUER, Key, Kind, Need, PROFILE, RESTRICTION, Table, VENDOR, Words};

/// Every schema with the name of its file.
pub(crate) fn schemas() -> Vec<(String, Value)> {
    [("restriction", &RESTRICTION), ("vendor", &VENDOR), ("issuer", &ISSUER), ("profile", &PROFILE)]
        .into_iter()
        .map(|(name, table)| (format!("{name}.schema.json"), schema(name, table)))
        .collect()
}

fn schema(name: &str, table: &Table) -> Value {
    let mut schema = object(table);
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!(format!("Interdict catalogue: {name}"));
    sorted(schema)
}

fn object(table: &Table) -> Value {
    let properties: Map<String, Value> = table.keys.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    let required: Vec<&str> = table.keys.iter().filter(|key| key.need == Need::Must).map(|key| key.name).collect();
    let mut object = json!({
        "type": "object",
        "description": table.says,
        "additionalProperties": false,
        "properties": properties,
        "required": required,
    });
    if !table.one_of.is_empty() {
        let each: Vec<Value> = table.one_of.iter().map(|name| json!({ "required": [name] })).collect();
        object["anyOf"] = json!(each);
    }
    object
}

fn property(key: &Key) -> Value {
    let text = || json!({ "type": "string", "minLength": 1 });
    let list = |items: Value| json!({ "type": "array", "items": items });
    let mut property = match key.kind {
        Kind::Text => text(),
        Kind::Texts => list(text()),
        Kind::Address => json!({ "type": "string", "pattern": "^https://" }),
        Kind::Country => json!({ "type": "string", "pattern": "^[A-Z]{2}$" }),
        Kind::Id(_) => identifier(),
        Kind::Ids(_) => list(identifier()),
        // Editors hand a TOML day to the schema as a text.
        Kind::Day => json!({ "type": "string", "format": "date", "pattern": "^\\d{4}-\\d{2}-\\d{2}$" }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Word(words) => one_of(words),
        Kind::ManyWords(words) => list(one_of(words)),
        Kind::Line(table) | Kind::One(table) => object(table),
        Kind::Many(table) | Kind::Lines(table) => list(object(table)),
    };
    property["description"] = json!(describe(key));
    property
}

fn identifier() -> Value {
    json!({ "type": "string", "pattern": "^[a-z0-9][a-z0-9.-]*$" })
}

fn one_of(words: Words) -> Value {
    let (names, meanings): (Vec<&str>, Vec<&str>) = (words.list)().into_iter().unzip();
    match words.pattern {
        Some(pattern) => json!({ "anyOf": [{ "enum": names }, { "type": "string", "pattern": pattern }] }),
        None => json!({ "enum": names, "x-taplo": { "docs": { "enumValues": meanings } } }),
    }
}

fn describe(key: &Key) -> String {
    let refers = match key.kind {
        Kind::Id(of) | Kind::Ids(of) => format!(" (id of a {of})"),
        Kind::Text
        | Kind::Texts
        | Kind::Address
        | Kind::Country
        | Kind::Day
        | Kind::Flag
        | Kind::Word(_)
        | Kind::ManyWords(_)
        | Kind::Line(_)
        | Kind::One(_)
        | Kind::Many(_)
        | Kind::Lines(_) => String::new(),
    };
    let example =
        if key.example.is_empty() { String::new() } else { format!("\n\nSuch as: {} = {}", key.name, key.example) };
    format!("{}{refers}{example}", key.says)
}

/// The same with every object's keys in alphabetical order, whichever kind of map the build chose.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by(|left, right| left.0.cmp(&right.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}
