//! What Chrome and its relatives write: extensions' manifests and messages, profiles' preferences, managed policies.
//!
//! Preferences are read as far as they say which extensions a profile has, whether they are enabled and where they lie;
//! the parts of the browser itself that are kept as extensions ("component") are left out. Whether the browser would
//! still honour an entry (its hashes and the store's blocklist) is not weighed.

use std::collections::BTreeMap;

use interdict_model::Diagnostic;
use serde::Deserialize;
use serde_json::Value;

use super::{MOST_EXTENSIONS, json, text, too_many};
use crate::property_list;

/// What an extension's `manifest.json` says
/// (<https://developer.chrome.com/docs/extensions/reference/manifest>).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Its name; may stand for a message, see [`message_key`].
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Who wrote it, as that person says.
    pub author: Option<String>,
    /// The folder below `_locales` that holds its messages.
    pub default_locale: Option<String>,
}

/// Reads an extension's `manifest.json`; nothing when it is no JSON object.
#[must_use]
pub fn parse_manifest(bytes: &[u8], file_name: &str) -> (Option<Manifest>, Vec<Diagnostic>) {
    let (value, diagnostics) = json::<Value>(bytes, file_name);
    (value.filter(Value::is_object).map(|value| manifest(&value)), diagnostics)
}

fn manifest(value: &Value) -> Manifest {
    let author = value.get("author");
    Manifest {
        name: text(value.get("name")),
        version: text(value.get("version")),
        // An object with an address since manifests of version 3.
        author: text(author).or_else(|| text(author?.get("email"))),
        default_locale: text(value.get("default_locale")),
    }
}

/// The message that a text stands for: `appName` of `__MSG_appName__`.
#[must_use]
pub fn message_key(text: &str) -> Option<&str> {
    text.strip_prefix("__MSG_")?.strip_suffix("__").filter(|key| !key.is_empty())
}

/// The message of a key in a `messages.json`; keys are compared without regard to case.
#[must_use]
pub fn parse_message(bytes: &[u8], key: &str, file_name: &str) -> (Option<String>, Vec<Diagnostic>) {
    let (value, diagnostics) = json::<Value>(bytes, file_name);
    let messages = value.as_ref().and_then(Value::as_object);
    let found = messages.and_then(|messages| messages.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)));
    (found.and_then(|(_, message)| text(message.get("message"))), diagnostics)
}

/// What a profile's preferences say of one extension.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setting {
    /// Its folder: relative to the profile's `Extensions`, or absolute for one that lies elsewhere.
    pub path: Option<String>,
    /// Whether it is enabled.
    pub enabled: bool,
    /// How it came.
    pub origin: Origin,
    /// What the browser kept of its manifest, with messages put in.
    pub manifest: Manifest,
}

/// How an extension came to a profile (`ManifestLocation` of Chromium, `extensions/common/mojom/manifest.mojom`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Origin {
    /// The user installed it; also everything that is not known.
    #[default]
    User,
    /// Another program of the machine installed it.
    External,
    /// It lies in a folder of the user's choice and is loaded from there.
    Unpacked,
    /// A policy demands it.
    Policy,
}

#[derive(Deserialize, Default)]
struct Preferences {
    #[serde(default)]
    extensions: Option<Extensions>,
}

#[derive(Deserialize, Default)]
struct Extensions {
    #[serde(default)]
    settings: BTreeMap<String, Value>,
    // Opera's own place for the same.
    #[serde(default)]
    opsettings: BTreeMap<String, Value>,
}

/// Reads a profile's `Preferences` or `Secure Preferences`: its extensions by id.
#[must_use]
pub fn parse_preferences(bytes: &[u8], file_name: &str) -> (BTreeMap<String, Setting>, Vec<Diagnostic>) {
    let (preferences, mut diagnostics) = json::<Preferences>(bytes, file_name);
    let extensions = preferences.and_then(|preferences| preferences.extensions).unwrap_or_default();
    if extensions.settings.len() + extensions.opsettings.len() > MOST_EXTENSIONS {
        diagnostics.push(too_many(file_name));
    }
    let both = extensions.settings.into_iter().chain(extensions.opsettings).take(MOST_EXTENSIONS);
    (both.filter_map(|(id, value)| Some((id, setting(&value)?))).collect(), diagnostics)
}

/// One extension; nothing for a part of the browser, and for a note on one that is not installed.
fn setting(value: &Value) -> Option<Setting> {
    let origin = match value.get("location").and_then(Value::as_u64) {
        Some(5) => return None,
        Some(2 | 3 | 6 | 10) => Origin::External,
        Some(4 | 8) => Origin::Unpacked,
        Some(7 | 9) => Origin::Policy,
        _ => Origin::User,
    };
    let state = value.get("state").and_then(Value::as_u64);
    let manifest = value.get("manifest").map(manifest).unwrap_or_default();
    let path = text(value.get("path"));
    // 2 is what remains of one that another program brought and the user removed.
    if state == Some(2) || (path.is_none() && manifest == Manifest::default()) {
        return None;
    }
    let has_reasons = match value.get("disable_reasons") {
        Some(Value::Number(reasons)) => reasons.as_u64() != Some(0),
        Some(Value::Array(reasons)) => !reasons.is_empty(),
        _ => false,
    };
    Some(Setting { path, enabled: state != Some(0) && !has_reasons, origin, manifest })
}

/// The ids that a managed policy installs (<https://chromeenterprise.google/policies/#ExtensionInstallForcelist>,
/// `#ExtensionSettings`).
#[must_use]
pub fn parse_policy(bytes: &[u8], file_name: &str) -> (Vec<String>, Vec<Diagnostic>) {
    let (value, diagnostics) = json::<Value>(bytes, file_name);
    let Some(value) = value else { return (Vec::new(), diagnostics) };
    let list = value.get("ExtensionInstallForcelist").and_then(Value::as_array).into_iter().flatten();
    let mut ids: Vec<String> = list.filter_map(Value::as_str).filter_map(forced_id).map(str::to_owned).collect();
    ids.extend(value.get("ExtensionSettings").map(installed_by_settings).unwrap_or_default());
    (distinct(ids), diagnostics)
}

/// The ids that a managed policy of macOS, a property list, installs.
#[must_use]
pub fn parse_policy_list(bytes: &[u8], file_name: &str) -> (Vec<String>, Vec<Diagnostic>) {
    let (policy, diagnostics) = property_list::read_dictionary(bytes, file_name);
    let list = policy.texts_of("ExtensionInstallForcelist");
    let mut ids: Vec<String> = list.iter().filter_map(|entry| forced_id(entry)).map(str::to_owned).collect();
    let settings = policy.get("ExtensionSettings").and_then(property_list::Value::dictionary).into_iter().flatten();
    let installs = |value: &property_list::Value| is_installing(value.text_of("installation_mode").as_deref());
    ids.extend(settings.filter(|(id, value)| *id != "*" && installs(value)).map(|(id, _)| id.clone()));
    (distinct(ids), diagnostics)
}

/// The id in an entry of `ExtensionInstallForcelist`: `id` or `id;address`.
#[must_use]
pub fn forced_id(entry: &str) -> Option<&str> {
    let id = entry.split(';').next().unwrap_or_default().trim();
    (!id.is_empty()).then_some(id)
}

/// The ids that the value of `ExtensionSettings`, as text, installs: Windows keeps it as one value.
#[must_use]
pub fn parse_extension_settings(text: &str, place: &str) -> (Vec<String>, Vec<Diagnostic>) {
    let (value, diagnostics) = json::<Value>(text.as_bytes(), place);
    (value.as_ref().map(installed_by_settings).unwrap_or_default(), diagnostics)
}

pub(super) fn installed_by_settings(settings: &Value) -> Vec<String> {
    let all = settings.as_object().into_iter().flatten();
    let installs = |value: &Value| is_installing(value.get("installation_mode").and_then(Value::as_str));
    let forced = all.filter(|(id, value)| *id != "*" && installs(value));
    forced.take(MOST_EXTENSIONS).map(|(id, _)| id.clone()).collect()
}

/// Whether an installation mode of a policy installs.
#[must_use]
pub fn is_installing(mode: Option<&str>) -> bool {
    matches!(mode, Some("force_installed" | "normal_installed"))
}

fn distinct(mut ids: Vec<String>) -> Vec<String> {
    ids.truncate(MOST_EXTENSIONS);
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_may_name_a_message_instead_of_itself() {
        let (manifest, diagnostics) = parse_manifest(
            br#"{"name":"__MSG_appName__","version":"1.2.3","default_locale":"en","author":{"email":"a@example.org"}}"#,
            "manifest.json",
        );
        let manifest = manifest.expect("an object");
        assert_eq!(message_key(manifest.name.as_deref().expect("named")), Some("appName"));
        assert_eq!(manifest.author.as_deref(), Some("a@example.org"));
        assert!(diagnostics.is_empty());
        let (message, _) = parse_message(br#"{"APPNAME":{"message":"Web Shield"}}"#, "appName", "messages.json");
        assert_eq!(message.as_deref(), Some("Web Shield"));
        assert_eq!(parse_message(br#"{"other":{}}"#, "appName", "x").0, None);
        for plain in ["Web Shield", "__MSG___", "__MSG_x"] {
            assert_eq!(message_key(plain), None, "{plain}");
        }
    }

    #[test]
    fn preferences_say_where_an_extension_lies_and_whether_it_is_on() {
        let text = br#"{"extensions":{"settings":{
            "on":{"path":"on/1_0","location":1,"state":1,"manifest":{"name":"On","version":"1"}},
            "new":{"path":"new/1_0","location":2,"disable_reasons":[]},
            "off":{"path":"off/1_0","location":1,"state":0},
            "off-by-mask":{"path":"off/1_0","disable_reasons":1},
            "off-by-list":{"path":"off/1_0","disable_reasons":[8192]},
            "part":{"path":"/usr/lib/chromium/resources/pdf","location":5},
            "removed":{"path":"x/1_0","location":3,"state":2},
            "note":{"ack_external":true},
            "odd":7,
            "unpacked":{"path":"/home/ada/dev","location":4},
            "forced":{"path":"forced/1_0","location":7}},
            "opsettings":{"operas":{"path":"operas/1_0"}}},"other":[[[]]]}"#;
        let (settings, diagnostics) = parse_preferences(text, "Preferences");
        let row = |(id, one): (&String, &Setting)| format!("{id} {} {:?}", one.enabled, one.origin);
        assert_eq!(
            settings.iter().map(row).collect::<Vec<_>>(),
            [
                "forced true Policy",
                "new true External",
                "off false User",
                "off-by-list false User",
                "off-by-mask false User",
                "on true User",
                "operas true User",
                "unpacked true Unpacked",
            ]
        );
        assert_eq!(settings["on"].manifest.name.as_deref(), Some("On"));
        assert!(diagnostics.is_empty());
        let (none, diagnostics) = parse_preferences(&text[..200], "Preferences");
        assert!(none.is_empty());
        assert_eq!(diagnostics[0].code, super::super::code::TRUNCATED);
    }

    #[test]
    fn policies_name_what_they_install() {
        let (ids, _) = parse_policy(
            br#"{"ExtensionInstallForcelist":["aaaa;https://example.org/u","bbbb"," "],"ExtensionSettings":{
                "*":{"installation_mode":"blocked"},"cccc":{"installation_mode":"force_installed"},
                "dddd":{"installation_mode":"blocked"},"eeee":{"installation_mode":"normal_installed"}}}"#,
            "policy.json",
        );
        assert_eq!(ids, ["aaaa", "bbbb", "cccc", "eeee"]);
        let (ids, _) = parse_extension_settings(r#"{"cccc":{"installation_mode":"force_installed"}}"#, "key");
        assert_eq!(ids, ["cccc"]);
    }

    #[test]
    fn policies_of_macos_are_property_lists() {
        let text = br#"<?xml version="1.0"?><plist version="1.0"><dict>
            <key>ExtensionInstallForcelist</key><array><string>aaaa;https://example.org/u</string></array>
            <key>ExtensionSettings</key><dict><key>bbbb</key><dict><key>installation_mode</key><string>force_installed</string></dict>
            <key>cccc</key><dict><key>installation_mode</key><string>blocked</string></dict></dict></dict></plist>"#;
        assert_eq!(parse_policy_list(text, "com.google.Chrome.plist").0, ["aaaa", "bbbb"]);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, text in "(\\{|\\}|\\[|\\]|\"extensions\"|\"settings\"|\"a\"|:|,|1){0,40}") {
            for bytes in [bytes.as_slice(), text.as_bytes()] {
                let _ = (parse_manifest(bytes, "x"), parse_message(bytes, "a", "x"));
                let _ = (parse_preferences(bytes, "x"), parse_policy(bytes, "x"));
            }
        }
    }
}
