//! What browsers write of their extensions, of the programs those may talk to, and of the policies that force them.
//!
//! [`chromium`] and [`firefox`] read one family's files each; [`parse_native_host`] reads what both have in common: the
//! manifest of a native messaging host. What an extension may do (its permissions) and its code are not read.

pub mod chromium;
pub mod firefox;

use interdict_model::{Diagnostic, Location};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The codes of this module's diagnostics.
pub mod code {
    /// A file is not JSON, or not the JSON it should be.
    pub const NOT_JSON: &str = "formats/browser-not-json";
    /// A file ends within its JSON.
    pub const TRUNCATED: &str = "formats/browser-truncated";
    /// A file lists more extensions than are read.
    pub const TOO_MANY: &str = "formats/browser-too-many";
}

/// How many extensions one file may list.
const MOST_EXTENSIONS: usize = 10_000;
/// The longest text that is kept of a name or version.
const LONGEST_TEXT: usize = 1_000;

/// A program that extensions may start and talk to
/// (<https://developer.chrome.com/docs/extensions/develop/concepts/native-messaging>).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NativeHost {
    /// Its name, such as `com.vendor.product`.
    pub name: Option<String>,
    /// What it is for, in words.
    pub description: Option<String>,
    /// The program; on Windows it may be relative to the manifest.
    pub path: Option<String>,
    /// The ids of the extensions that may start it.
    pub extensions: Vec<String>,
}

/// Reads the manifest of a native messaging host; nothing when it is no JSON object.
#[must_use]
pub fn parse_native_host(bytes: &[u8], file_name: &str) -> (Option<NativeHost>, Vec<Diagnostic>) {
    let (value, diagnostics) = json::<Value>(bytes, file_name);
    let Some(value) = value.filter(Value::is_object) else { return (None, diagnostics) };
    let ids = |key: &str| {
        let list = value.get(key).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(Value::as_str).take(MOST_EXTENSIONS).map(id_of_origin).filter(|id| !id.is_empty())
    };
    let host = NativeHost {
        name: text(value.get("name")),
        description: text(value.get("description")),
        path: text(value.get("path")),
        extensions: ids("allowed_origins").chain(ids("allowed_extensions")).map(str::to_owned).collect(),
    };
    (Some(host), diagnostics)
}

/// The id in `chrome-extension://<id>/`; Firefox writes the bare id.
fn id_of_origin(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, rest)| rest).trim_end_matches('/')
}

/// A text that is not empty, trimmed and of bounded length.
fn text(value: Option<&Value>) -> Option<String> {
    let text = value?.as_str()?.trim();
    let end = text.char_indices().map(|(at, _)| at).nth(LONGEST_TEXT).unwrap_or(text.len());
    Some(text[..end].to_owned()).filter(|text| !text.is_empty())
}

/// A file of JSON as browsers take it: with a byte order mark and comments, if it has them. Bytes that are not UTF-8 are
/// replaced.
fn json<T: DeserializeOwned>(bytes: &[u8], file_name: &str) -> (Option<T>, Vec<Diagnostic>) {
    let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let first = serde_json::from_str(&text);
    let again = |error: serde_json::Error| {
        // Only where the plain reading fails: most files have none.
        if text.contains("//") || text.contains("/*") {
            serde_json::from_str(&without_comments(&text))
        } else {
            Err(error)
        }
    };
    match first.or_else(again) {
        Ok(value) => (Some(value), Vec::new()),
        Err(error) => {
            let (code, what) = if error.is_eof() {
                (code::TRUNCATED, "the file ends within its JSON")
            } else {
                (code::NOT_JSON, "the file is not the JSON it should be")
            };
            let place = Location::line(file_name, u32::try_from(error.line()).unwrap_or(u32::MAX));
            (None, vec![Diagnostic::warning(code, format!("{what}: {error}")).at(place)])
        }
    }
}

/// The text with comments turned into blanks; line breaks stay, so that lines keep their numbers.
fn without_comments(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut in_string = false;
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            ('\\', _) if in_string => {
                plain.push(character);
                plain.extend(characters.next());
                continue;
            }
            ('"', _) => in_string = !in_string,
            ('/', Some('/')) if !in_string => {
                while characters.next_if(|next| *next != '\n').is_some() {}
                continue;
            }
            ('/', Some('*')) if !in_string => {
                characters.next();
                let mut last = ' ';
                for next in characters.by_ref() {
                    if next == '\n' {
                        plain.push('\n');
                    }
                    if last == '*' && next == '/' {
                        break;
                    }
                    last = next;
                }
                continue;
            }
            _ => {}
        }
        plain.push(character);
    }
    plain
}

fn too_many(file_name: &str) -> Diagnostic {
    let message = format!("the file lists more than the {MOST_EXTENSIONS} extensions that are read");
    Diagnostic::warning(code::TOO_MANY, message).at(Location::file(file_name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_native_host_names_its_program_and_who_may_start_it() {
        let chromium =
            br#"{"name":"com.vendor.host","description":"Password vault","path":"/opt/vendor/host","type":"stdio",
            "allowed_origins":["chrome-extension://aaaabbbbccccddddeeeeffffgggghhhh/", 7]}"#;
        let (host, diagnostics) = parse_native_host(chromium, "com.vendor.host.json");
        let host = host.expect("an object");
        assert_eq!(host.name.as_deref(), Some("com.vendor.host"));
        assert_eq!(host.description.as_deref(), Some("Password vault"));
        assert_eq!(host.path.as_deref(), Some("/opt/vendor/host"));
        assert_eq!(host.extensions, ["aaaabbbbccccddddeeeeffffgggghhhh"]);
        assert!(diagnostics.is_empty());
        let firefox =
            br#"{"name":"x","path":"y.exe","allowed_extensions":["{11111111-2222-3333-4444-555555555555}","a@b"]}"#;
        let host = parse_native_host(firefox, "x").0.expect("an object");
        assert_eq!(host.extensions, ["{11111111-2222-3333-4444-555555555555}", "a@b"]);
    }

    #[test]
    fn comments_and_marks_are_taken_and_anything_else_is_named_with_its_line() {
        let (value, diagnostics) =
            json::<Value>(b"\xef\xbb\xbf// one\n{ /* two\n */ \"a\": \"http://x/*y*/\" }", "f.json");
        assert_eq!(value.expect("read")["a"], "http://x/*y*/");
        assert!(diagnostics.is_empty());
        for (bytes, code) in [
            (&b"{\n\"a\": 1,"[..], code::TRUNCATED),
            (b"", code::TRUNCATED),
            (b"{\n 1}", code::NOT_JSON),
            (b"\0\0", code::NOT_JSON),
        ] {
            let (value, diagnostics) = json::<Value>(bytes, "f.json");
            assert!(value.is_none());
            assert_eq!(diagnostics[0].code, code, "{diagnostics:?}");
        }
        assert!(json::<Value>(b"{\n 1}", "f.json").1[0].to_string().starts_with("f.json:2: "));
    }

    #[test]
    fn what_is_nested_too_deep_is_refused() {
        let deep = "[".repeat(100_000);
        assert!(json::<Value>(deep.as_bytes(), "f").0.is_none());
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, text in "[{}\\[\\]\":,/*\\\\ a\n]{0,60}") {
            let _ = (parse_native_host(&bytes, "x"), parse_native_host(text.as_bytes(), "x"));
        }
    }
}
