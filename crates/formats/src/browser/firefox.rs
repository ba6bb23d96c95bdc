//! What Firefox and its relatives, Thunderbird among them, write: `profiles.ini`, `extensions.json`, `policies.json`.
//!
//! Add-ons that are part of the program itself are left out.

use interdict_model::Diagnostic;
use serde::Deserialize;
use serde_json::Value;

use super::chromium::installed_by_settings;
use super::{MOST_EXTENSIONS, json, text, too_many};
use crate::notes::lines;

/// How many profiles one file may name.
const MOST_PROFILES: usize = 1_000;

/// The folder of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileFolder {
    /// The path, as written.
    pub path: String,
    /// Whether it is relative to the folder of `profiles.ini`.
    pub relative: bool,
}

/// The profiles that `profiles.ini` names.
#[must_use]
pub fn parse_profiles_ini(bytes: &[u8]) -> Vec<ProfileFolder> {
    let mut profiles = Vec::new();
    let mut path: Option<String> = None;
    let mut relative = true;
    let mut in_profile = false;
    let end = b"[]";
    for line in lines(bytes).chain([&end[..]]) {
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        if let Some(section) = line.strip_prefix('[') {
            if let Some(path) = path.take().filter(|_| profiles.len() < MOST_PROFILES) {
                profiles.push(ProfileFolder { path, relative });
            }
            in_profile = section.starts_with("Profile");
            relative = true;
        } else if let Some((key, value)) = line.split_once('=').filter(|_| in_profile) {
            match key {
                "Path" => path = Some(value.to_owned()).filter(|path| !path.is_empty()),
                "IsRelative" => relative = value != "0",
                _ => {}
            }
        }
    }
    profiles
}

/// An add-on of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddOn {
    /// Its id, such as `addon@vendor.example` or a GUID in braces.
    pub id: String,
    /// Its name in its default language.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Who made it.
    pub creator: Option<String>,
    /// Whether it is active; nothing where the file does not say.
    pub active: Option<bool>,
    /// Its file or folder, as an absolute path.
    pub path: Option<String>,
}

#[derive(Deserialize)]
struct AddOns {
    #[serde(default)]
    addons: Vec<Value>,
}

/// Reads a profile's `extensions.json`.
#[must_use]
pub fn parse_extensions(bytes: &[u8], file_name: &str) -> (Vec<AddOn>, Vec<Diagnostic>) {
    let (all, mut diagnostics) = json::<AddOns>(bytes, file_name);
    let all = all.map(|all| all.addons).unwrap_or_default();
    if all.len() > MOST_EXTENSIONS {
        diagnostics.push(too_many(file_name));
    }
    (all.iter().take(MOST_EXTENSIONS).filter_map(add_on).collect(), diagnostics)
}

fn add_on(value: &Value) -> Option<AddOn> {
    // `app-builtin`, `app-builtin-addons`, `app-system-defaults`, `app-system-addons`, `app-system-profile`.
    let location = value.get("location").and_then(Value::as_str).unwrap_or_default();
    if location.starts_with("app-builtin") || location.starts_with("app-system") {
        return None;
    }
    let words = value.get("defaultLocale");
    Some(AddOn {
        id: text(value.get("id"))?,
        name: words.and_then(|words| text(words.get("name"))),
        version: text(value.get("version")),
        creator: words.and_then(|words| text(words.get("creator"))),
        active: value.get("active").and_then(Value::as_bool),
        path: text(value.get("path")),
    })
}

/// What a `policies.json` installs (<https://mozilla.github.io/policy-templates/>): ids where they are given, else the
/// addresses or paths of the files.
#[must_use]
pub fn parse_policies(bytes: &[u8], file_name: &str) -> (Vec<String>, Vec<Diagnostic>) {
    let (value, diagnostics) = json::<Value>(bytes, file_name);
    let policies = value.as_ref().and_then(|value| value.get("policies"));
    let mut installed: Vec<String> =
        policies.and_then(|policies| policies.get("ExtensionSettings")).map(installed_by_settings).unwrap_or_default();
    let extensions = policies.and_then(|policies| policies.get("Extensions"));
    let files = extensions.and_then(|extensions| extensions.get("Install")).and_then(Value::as_array);
    let files = files.into_iter().flatten().filter_map(|file| text(Some(file)));
    installed.extend(files.take(MOST_EXTENSIONS));
    (installed, diagnostics)
}

/// The id of an add-on by the name of its file or folder among a profile's `extensions`.
#[must_use]
pub fn id_of_file(name: &str) -> Option<&str> {
    let id = name.strip_suffix(".xpi").unwrap_or(name);
    let is_id = id.contains('@') || (id.starts_with('{') && id.ends_with('}'));
    is_id.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_lie_beside_the_file_or_anywhere() {
        let text = b"[Install4F96D1932A9F858E]\r\nDefault=x.default\r\nPath=no\r\n\r\n[Profile1]\r\nName=a\r\nIsRelative=1\r\nPath=Profiles/a\r\n\
            [Profile0]\nIsRelative=0\nPath=/data/b\n[Profile2]\nName=none\n[General]\nVersion=2\n";
        let folders: Vec<(String, bool)> =
            parse_profiles_ini(text).into_iter().map(|one| (one.path, one.relative)).collect();
        assert_eq!(folders, [("Profiles/a".to_owned(), true), ("/data/b".to_owned(), false)]);
    }

    #[test]
    fn add_ons_of_the_user_are_read_and_those_of_the_program_are_not() {
        let text = r#"{"schemaVersion":36,"addons":[
            {"id":"a@b","version":"1.0","active":true,"location":"app-profile","path":"/p/extensions/a@b.xpi",
             "defaultLocale":{"name":"Shield","creator":"Vendor"}},
            {"id":"off@b","active":false,"location":"app-global"},
            {"id":"formautofill@mozilla.org","location":"app-builtin-addons"},
            {"id":"part@mozilla.org","location":"app-system-defaults"},
            {"version":"1"}, 7]}"#;
        let (add_ons, diagnostics) = parse_extensions(text.as_bytes(), "extensions.json");
        assert_eq!(add_ons.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["a@b", "off@b"]);
        assert_eq!(add_ons[0].name.as_deref(), Some("Shield"));
        assert_eq!(add_ons[0].creator.as_deref(), Some("Vendor"));
        assert_eq!((add_ons[0].active, add_ons[1].active), (Some(true), Some(false)));
        assert!(diagnostics.is_empty());
        assert_eq!(parse_extensions(br#"{"addons":7}"#, "x").1.len(), 1);
    }

    #[test]
    fn policies_install_by_id_and_by_address() {
        let text = r#"{"policies":{"ExtensionSettings":{"a@b":{"installation_mode":"force_installed"},"*":{"installation_mode":"blocked"}},
            "Extensions":{"Install":["https://example.org/a.xpi"]}}}"#;
        assert_eq!(parse_policies(text.as_bytes(), "x").0, ["a@b", "https://example.org/a.xpi"]);
    }

    #[test]
    fn files_are_named_after_ids() {
        for (name, expected) in [
            ("a@b.xpi", Some("a@b")),
            ("{11111111-2222-3333-4444-555555555555}", Some("{11111111-2222-3333-4444-555555555555}")),
            ("staged", None),
            ("a.txt", None),
        ] {
            assert_eq!(id_of_file(name), expected, "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, text in "(\\[Profile|\\]|Path=|\n|/|a){0,40}") {
            let _ = (parse_profiles_ini(&bytes), parse_profiles_ini(text.as_bytes()), parse_extensions(&bytes, "x"), parse_policies(&bytes, "x"));
        }
    }
}
