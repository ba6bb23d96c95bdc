//! Profiles, policies and distributed add-ons of Firefox and its relatives, Thunderbird among them.

use std::collections::BTreeSet;

use interdict_formats::browser::firefox::{AddOn, id_of_file, parse_extensions, parse_policies, parse_profiles_ini};
use interdict_model::{Observation, Scope, raw_key};

use super::search::{BrowserFolder, Search, browser_of};
use super::{LARGEST_MANIFEST, demanded, extension, note_place};
use crate::any::SMALL_FILE;
use crate::collector::Cause;
use crate::host::HostError;

/// How large `extensions.json` may be; most have less than a megabyte.
const LARGEST_LIST: u64 = 16 << 20;
/// How many profiles of one browser are looked at.
const MOST_PROFILES: usize = 1_000;

/// Reads the folder of a browser: the profiles it names, and those that lie there unnamed.
pub(super) fn read_root(search: &mut Search<'_>, root: &BrowserFolder, scope: &Scope) {
    let ini = search.below(&root.path, "profiles.ini");
    let named = search.gathering.ok(search.host.read(&ini, SMALL_FILE)).unwrap_or_default();
    let mut profiles: BTreeSet<String> = parse_profiles_ini(&named)
        .into_iter()
        .map(|profile| if profile.relative { search.below(&root.path, &profile.path) } else { profile.path })
        .collect();
    for folder in [root.path.clone(), search.below(&root.path, "Profiles")] {
        let names = search.folders(&folder);
        profiles.extend(names.into_iter().map(|name| search.below(&folder, &name)));
    }
    if profiles.len() > MOST_PROFILES {
        let message = format!("{} has more than the {MOST_PROFILES} profiles that are looked at", root.path);
        search.gathering.shortfall(Cause::Broken, message);
    }
    for profile in profiles.into_iter().take(MOST_PROFILES) {
        if search.may_be_entered(&profile) {
            read_profile(search, &profile, &root.browser, scope);
        }
    }
}

fn read_profile(search: &mut Search<'_>, profile: &str, browser: &str, scope: &Scope) {
    let list = search.below(profile, "extensions.json");
    let mut seen = BTreeSet::new();
    if let Some(bytes) = search.gathering.ok(search.host.read(&list, LARGEST_LIST)) {
        search.gathering.has_read();
        let (add_ons, diagnostics) = parse_extensions(&bytes, &list);
        search.unreadable(&list, diagnostics);
        for add_on in add_ons {
            seen.insert(add_on.id.clone());
            let observation = observe(search, add_on, profile, browser, scope);
            search.gathering.observations.push(observation);
        }
    }
    // What lies there is there, whatever the list says.
    let folder = search.below(profile, "extensions");
    read_files(search, &folder, browser, scope, &seen);
}

fn observe(search: &mut Search<'_>, add_on: AddOn, profile: &str, browser: &str, scope: &Scope) -> Observation {
    let mut observation = extension(&add_on.id, browser, scope);
    let own = [format!("extensions/{}.xpi", add_on.id), format!("extensions/{}", add_on.id)];
    let usual = own.map(|path| search.below(profile, &path));
    // A profile that was moved still names the place it came from.
    let mut places = add_on.path.iter().chain(&usual);
    // One that cannot be looked at is told from one that is not there.
    let may_be_there = |place: &&String| !matches!(search.host.look(place), Err(HostError::NotFound { .. }));
    let place = places.find(may_be_there).or(add_on.path.as_ref()).unwrap_or(&usual[0]).clone();
    note_place(search, &mut observation, place);
    observation.name = add_on.name;
    observation.version = add_on.version;
    observation.publisher = add_on.creator;
    if let Some(active) = add_on.active {
        observation.raw.insert(raw_key::ENABLED.to_owned(), active.to_string());
    }
    observation
}

/// Reads a folder of add-ons that are named after their ids.
fn read_files(search: &mut Search<'_>, folder: &str, browser: &str, scope: &Scope, seen: &BTreeSet<String>) {
    let entries = search.gathering.ok(search.host.list(folder, crate::any::MOST_ENTRIES)).unwrap_or_default();
    for entry in entries {
        if let Some(id) = id_of_file(&entry.name).filter(|id| !seen.contains(*id)) {
            let mut observation = extension(id, browser, scope);
            let path = search.below(folder, &entry.name);
            note_place(search, &mut observation, path);
            search.gathering.observations.push(observation);
        }
    }
}

/// Reads a `policies.json`: what it installs.
pub(super) fn read_policies(search: &mut Search<'_>, path: &str) {
    let Some(bytes) = search.gathering.ok(search.host.read(path, LARGEST_MANIFEST)) else { return };
    search.gathering.has_read();
    let (ids, diagnostics) = parse_policies(&bytes, path);
    search.unreadable(path, diagnostics);
    let browser = browser_of(path);
    search.gathering.observations.extend(ids.iter().map(|id| demanded(id, &browser, path, &Scope::Machine)));
}

/// Reads a folder of add-ons for every profile.
pub(super) fn read_distribution(search: &mut Search<'_>, folder: &str) {
    read_files(search, folder, &browser_of(folder), &Scope::Machine, &BTreeSet::new());
}
