//! What the registry of Windows says of extensions: policies, programs that bring them, native messaging hosts.

use interdict_formats::browser::chromium::{forced_id, is_installing, parse_extension_settings};
use interdict_formats::registry::RegistryData;
use interdict_model::{OsFamily, Scope, raw_key};

use super::search::Search;
use super::{KIND_EXTERNAL, demanded, extension, note_place, read_native_host};
use crate::collector::{Cause, Gathering};
use crate::host::HostError;
use crate::registry::{Registry, Values};

/// Below `SOFTWARE`: keys whose `Extensions` and `NativeMessagingHosts` browsers read.
const BROWSER_KEYS: &[(&str, &str)] = &[
    (r"Google\Chrome", "Chrome"),
    ("Chromium", "Chromium"),
    (r"Microsoft\Edge", "Edge"),
    (r"BraveSoftware\Brave-Browser", "Brave"),
    ("Mozilla", "Firefox"),
];
/// Below `SOFTWARE\Policies`: keys of managed policies.
const POLICY_KEYS: &[(&str, &str)] = &[
    (r"Google\Chrome", "Chrome"),
    ("Chromium", "Chromium"),
    (r"Microsoft\Edge", "Edge"),
    (r"BraveSoftware\Brave", "Brave"),
    ("Vivaldi", "Vivaldi"),
    ("YandexBrowser", "Yandex Browser"),
    (r"Mozilla\Firefox", "Firefox"),
    (r"Mozilla\Thunderbird", "Thunderbird"),
];
/// Below `SOFTWARE`: keys that name the files of add-ons by id.
const ADD_ON_KEYS: &[(&str, &str)] =
    &[(r"Mozilla\Firefox\Extensions", "Firefox"), (r"Mozilla\Thunderbird\Extensions", "Thunderbird")];

/// Reads the registry, on a system that has one.
pub(super) fn read(search: &mut Search<'_>) {
    let Some(registry) = search.host.registry() else {
        if search.host.os_family() == Some(OsFamily::Windows) {
            let message = "the registry, with policies and native messaging hosts, is not at hand";
            search.gathering.shortfall(Cause::NotAllowed, message);
        }
        return;
    };
    let mut roots =
        vec![(r"HKLM\SOFTWARE".to_owned(), Scope::Machine), (r"HKLM\SOFTWARE\WOW6432Node".to_owned(), Scope::Machine)];
    for user in search.gathering.ok(registry.users()).unwrap_or_default() {
        roots.push((format!(r"HKU\{}\Software", user.id), Scope::User(user.name)));
    }
    for (root, scope) in roots {
        // A hive that is not at hand is named once, not for each of its keys.
        match registry.subkeys(&root) {
            Ok(_) => search.gathering.has_read(),
            Err(error) => {
                search.gathering.failed(&error);
                continue;
            }
        }
        for (key, browser) in BROWSER_KEYS {
            read_external(search, registry, &format!(r"{root}\{key}\Extensions"), browser, &scope);
            read_hosts(search, registry, &format!(r"{root}\{key}\NativeMessagingHosts"), browser, &scope);
        }
        for (key, browser) in POLICY_KEYS {
            read_policies(search, registry, &format!(r"{root}\Policies\{key}"), browser, &scope);
        }
        for (key, browser) in ADD_ON_KEYS {
            read_add_ons(search, registry, &format!(r"{root}\{key}"), browser, &scope);
        }
    }
}

/// Extensions that programs bring to every profile: one key each.
fn read_external(search: &mut Search<'_>, registry: &dyn Registry, key: &str, browser: &str, scope: &Scope) {
    for id in subkeys(search.gathering, registry, key) {
        let path = format!(r"{key}\{id}");
        let values = search.gathering.ok(Values::of(registry, &path)).unwrap_or_default();
        let mut observation = extension(&id, browser, scope);
        observation.version = values.text("version");
        match values.text("path") {
            Some(file) => note_place(search, &mut observation, file),
            None => observation.path = Some(path),
        }
        observation.raw.insert(raw_key::KIND.to_owned(), KIND_EXTERNAL.to_owned());
        search.gathering.observations.push(observation);
    }
}

/// Native messaging hosts: one key each, whose default value is the manifest.
fn read_hosts(search: &mut Search<'_>, registry: &dyn Registry, key: &str, browser: &str, scope: &Scope) {
    for name in subkeys(search.gathering, registry, key) {
        let path = format!(r"{key}\{name}");
        let manifest = search.gathering.ok(registry.value(&path, "")).flatten();
        let manifest = manifest.as_ref().and_then(RegistryData::text).map(str::to_owned);
        read_native_host(search, manifest.as_deref().unwrap_or(&path), &name, browser, scope);
    }
}

fn read_policies(search: &mut Search<'_>, registry: &dyn Registry, key: &str, browser: &str, scope: &Scope) {
    let mut ids = Vec::new();
    for list in ["ExtensionInstallForcelist", r"Extensions\Install"] {
        let values = search.gathering.ok(Values::of(registry, &format!(r"{key}\{list}"))).unwrap_or_default();
        let entries = values.0.iter().filter_map(|value| value.data.text());
        ids.extend(entries.filter_map(forced_id).map(str::to_owned));
    }
    let settings = format!(r"{key}\ExtensionSettings");
    for id in subkeys(search.gathering, registry, &settings) {
        let values = search.gathering.ok(Values::of(registry, &format!(r"{settings}\{id}"))).unwrap_or_default();
        if is_installing(values.text("installation_mode").as_deref()) {
            ids.push(id);
        }
    }
    let one_value = search.gathering.ok(registry.value(key, "ExtensionSettings")).flatten();
    let text = match &one_value {
        Some(RegistryData::Texts(lines)) => Some(lines.join("\n")),
        Some(data) => data.text().map(str::to_owned),
        None => None,
    };
    if let Some(text) = text {
        let (more, diagnostics) = parse_extension_settings(&text, &settings);
        search.unreadable(&settings, diagnostics);
        ids.extend(more);
    }
    search.gathering.observations.extend(ids.iter().map(|id| demanded(id, browser, key, scope)));
}

/// Add-ons of the Firefox family: one value each, the id and where it lies.
fn read_add_ons(search: &mut Search<'_>, registry: &dyn Registry, key: &str, browser: &str, scope: &Scope) {
    let values = search.gathering.ok(Values::of(registry, key)).unwrap_or_default();
    for value in values.0 {
        let Some(path) = value.data.text().filter(|_| !value.name.is_empty()) else { continue };
        let mut observation = extension(&value.name, browser, scope);
        note_place(search, &mut observation, path.to_owned());
        observation.raw.insert(raw_key::KIND.to_owned(), KIND_EXTERNAL.to_owned());
        search.gathering.observations.push(observation);
    }
}

/// The subkeys of a key that need not exist.
fn subkeys(gathering: &mut Gathering, registry: &dyn Registry, key: &str) -> Vec<String> {
    match registry.subkeys(key) {
        Ok(names) => names,
        Err(HostError::NotFound { .. }) => Vec::new(),
        Err(error) => {
            gathering.failed(&error);
            Vec::new()
        }
    }
}
