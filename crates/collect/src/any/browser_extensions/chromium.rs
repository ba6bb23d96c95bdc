//! Profiles, policies and external extensions of Chrome and its relatives.

use std::collections::{BTreeMap, BTreeSet};

use interdict_formats::browser::chromium::{
    Manifest, Origin, Setting, message_key, parse_manifest, parse_message, parse_policy, parse_policy_list,
    parse_preferences,
};
use interdict_model::{Observation, Scope, raw_key};

use super::search::{BrowserFolder, Search, browser_of};
use super::{KIND_EXTERNAL, KIND_UNPACKED, LARGEST_MANIFEST, demanded, extension, note_place, read_native_hosts};
use crate::collector::Cause;
use crate::host::{HostError, Kind};

/// How large a profile's preferences may be; most have less than a megabyte.
const LARGEST_PREFERENCES: u64 = 16 << 20;
/// How many extensions of one profile are looked at.
const MOST_EXTENSIONS: usize = 5_000;
/// A profile's two files of preferences: which of them says something of extensions depends on the system.
const PREFERENCES: &[&str] = &["Preferences", "Secure Preferences"];
/// The files of managed preferences of macOS that are browsers', by their bundle ids.
const MANAGED_PREFERENCES: &[&str] = &[
    "com.google.Chrome.plist",
    "org.chromium.Chromium.plist",
    "com.microsoft.Edge.plist",
    "com.brave.Browser.plist",
    "com.vivaldi.Vivaldi.plist",
    "ru.yandex.desktop.yandex-browser.plist",
];
/// The length of an extension's id: letters from `a` to `p`.
const ID_LENGTH: usize = 32;

/// Reads the folder of a browser: its profiles, and what stands beside them.
pub(super) fn read_folder(search: &mut Search<'_>, folder: &BrowserFolder, scope: &Scope) {
    // Opera's folder is the profile itself.
    read_profile(search, &folder.path, &folder.browser, scope);
    for name in search.folders(&folder.path) {
        let profile = search.below(&folder.path, &name);
        if search.may_be_entered(&profile) {
            read_profile(search, &profile, &folder.browser, scope);
        }
    }
    let hosts = search.below(&folder.path, "NativeMessagingHosts");
    read_native_hosts(search, &hosts, &folder.browser, scope);
    let external = search.below(&folder.path, "External Extensions");
    read_external(search, &external, scope);
}

fn read_profile(search: &mut Search<'_>, profile: &str, browser: &str, scope: &Scope) {
    let mut settings = read_settings(search, profile);
    let folder = search.below(profile, "Extensions");
    let names: BTreeSet<String> = search.folders(&folder).into_iter().filter(|name| is_id(name)).collect();
    let ids: BTreeSet<String> = names.into_iter().chain(settings.keys().cloned()).collect();
    if ids.len() > MOST_EXTENSIONS {
        let message = format!("{profile} has more than the {MOST_EXTENSIONS} extensions that are looked at");
        search.gathering.shortfall(Cause::Broken, message);
    }
    for id in ids.into_iter().take(MOST_EXTENSIONS) {
        let setting = settings.remove(&id);
        let place = place_of(search, &folder, &id, setting.as_ref());
        let observation = observe(search, &id, browser, scope, setting, place);
        search.gathering.observations.push(observation);
    }
}

/// What the profile's preferences say of its extensions.
fn read_settings(search: &mut Search<'_>, profile: &str) -> BTreeMap<String, Setting> {
    let mut settings = BTreeMap::new();
    for name in PREFERENCES {
        let path = search.below(profile, name);
        // Programs that are no browsers have folders of that name.
        if search.host.look(&path).is_ok_and(|found| found.kind == Kind::Folder) {
            continue;
        }
        let Some(bytes) = search.gathering.ok(search.host.read(&path, LARGEST_PREFERENCES)) else { continue };
        search.gathering.has_read();
        let (more, diagnostics) = parse_preferences(&bytes, &path);
        search.unreadable(&path, diagnostics);
        settings.extend(more);
    }
    settings
}

/// The folder of an extension's files: the one the preferences name, else that of the highest version.
fn place_of(search: &mut Search<'_>, extensions: &str, id: &str, setting: Option<&Setting>) -> Option<String> {
    let named = setting.and_then(|setting| setting.path.as_deref());
    let is_whole = named.is_some_and(|path| path.starts_with(['/', '\\']) || path.contains(':'));
    if is_whole {
        return named.map(str::to_owned);
    }
    let named = named.filter(|path| !path.split(['/', '\\']).any(|part| part == ".."));
    let named = named.map(|path| search.below(extensions, path));
    if let Some(path) = &named
        && search.exists(path)
    {
        return named;
    }
    let folder = search.below(extensions, id);
    let versions = search.folders(&folder);
    let highest = versions.into_iter().max_by_key(|version| numbers(version));
    highest.map(|version| search.below(&folder, &version)).or(named)
}

/// The numbers of a version, to compare: `1.10_0` is higher than `1.9_0`.
fn numbers(version: &str) -> Vec<u64> {
    version.split(['.', '_']).map(|part| part.parse().unwrap_or(0)).collect()
}

fn observe(
    search: &mut Search<'_>,
    id: &str,
    browser: &str,
    scope: &Scope,
    setting: Option<Setting>,
    place: Option<String>,
) -> Observation {
    let mut observation = extension(id, browser, scope);
    let manifest = place.as_deref().map(|place| read_manifest(search, place)).unwrap_or_default();
    if let Some(place) = place {
        note_place(search, &mut observation, place);
    }
    let kept = setting.as_ref().map(|setting| setting.manifest.clone()).unwrap_or_default();
    let is_plain = |name: &String| message_key(name).is_none();
    observation.name = kept.name.filter(is_plain).or(manifest.name).filter(is_plain);
    observation.version = manifest.version.or(kept.version);
    observation.publisher = manifest.author.or(kept.author);
    if let Some(setting) = setting {
        observation.raw.insert(raw_key::ENABLED.to_owned(), setting.enabled.to_string());
        let kind = match setting.origin {
            Origin::Unpacked => Some(KIND_UNPACKED),
            Origin::External => Some(KIND_EXTERNAL),
            Origin::User | Origin::Policy => None,
        };
        if let Some(kind) = kind {
            observation.raw.insert(raw_key::KIND.to_owned(), kind.to_owned());
        }
    }
    observation
}

/// The manifest in an extension's folder, with its name's message put in.
fn read_manifest(search: &mut Search<'_>, place: &str) -> Manifest {
    let path = search.below(place, "manifest.json");
    let Some(bytes) = search.gathering.ok(search.host.read(&path, LARGEST_MANIFEST)) else {
        return Manifest::default();
    };
    search.gathering.has_read();
    let (manifest, diagnostics) = parse_manifest(&bytes, &path);
    search.unreadable(&path, diagnostics);
    let mut manifest = manifest.unwrap_or_default();
    let key = manifest.name.as_deref().and_then(message_key).map(str::to_owned);
    if let Some(message) = key.and_then(|key| read_message(search, place, &manifest, &key)) {
        manifest.name = Some(message);
    }
    manifest
}

fn read_message(search: &mut Search<'_>, place: &str, manifest: &Manifest, key: &str) -> Option<String> {
    // The name of a folder, and nothing that leads elsewhere.
    let is_locale = |locale: &&str| locale.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '_' | '-'));
    let own = manifest.default_locale.as_deref().filter(is_locale);
    own.into_iter().chain(["en", "en_US"]).find_map(|locale| {
        let path = search.below(place, &format!("_locales/{locale}/messages.json"));
        let bytes = search.gathering.ok(search.host.read(&path, LARGEST_MANIFEST))?;
        let (message, diagnostics) = parse_message(&bytes, key, &path);
        search.gathering.diagnostics.extend(diagnostics);
        message
    })
}

fn is_id(name: &str) -> bool {
    name.len() == ID_LENGTH && name.bytes().all(|byte| matches!(byte, b'a'..=b'p'))
}

/// Reads a folder of managed policies: what they install.
pub(super) fn read_policies(search: &mut Search<'_>, folder: &str) {
    for name in search.files(folder) {
        let parse = if name.strip_suffix(".json").is_some() {
            parse_policy
        } else if MANAGED_PREFERENCES.contains(&name.as_str()) {
            parse_policy_list
        } else {
            continue;
        };
        let path = search.below(folder, &name);
        let Some(bytes) = search.gathering.ok(search.host.read(&path, LARGEST_MANIFEST)) else { continue };
        search.gathering.has_read();
        let (ids, diagnostics) = parse(&bytes, &path);
        search.unreadable(&path, diagnostics);
        let browser = browser_of(&path);
        let demands = ids.iter().map(|id| demanded(id, &browser, &path, &Scope::Machine));
        search.gathering.observations.extend(demands);
    }
}

/// Reads a folder of files, each named after an extension that it brings to every profile
/// (<https://developer.chrome.com/docs/extensions/how-to/distribute/install-extensions>).
pub(super) fn read_external(search: &mut Search<'_>, folder: &str, scope: &Scope) {
    let names = match search.host.list(folder, crate::any::MOST_ENTRIES) {
        Ok(entries) => entries.into_iter().map(|entry| entry.name),
        Err(HostError::NotFound { .. }) => return,
        Err(error) => return search.gathering.failed(&error),
    };
    for name in names {
        if let Some(id) = name.strip_suffix(".json").filter(|id| is_id(id)) {
            let mut observation = extension(id, &browser_of(folder), scope);
            observation.path = Some(search.below(folder, &name));
            observation.raw.insert(raw_key::KIND.to_owned(), KIND_EXTERNAL.to_owned());
            search.gathering.observations.push(observation);
        }
    }
}
