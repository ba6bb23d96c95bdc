//! Keys of vendors in the registry that the probes name, of the machine and of every user, and what some makers of security
//! software note there of versions, definitions and licences.
//!
//! A key is a trace by existing; what is below it is not listed. Both halves of the registry are looked at, that of
//! programs for this system and that of 32-bit ones. A `*` stands for part of one name.

use std::collections::BTreeMap;

use interdict_formats::security_products::{NOTED, NotedKey, Says, eset_licence_end};
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::any::{SMALL_FILE, matches};
use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::Host;
use crate::registry::{Registry, RegistryUser};
use crate::windows::{Environment, WINDOWS_FILES, subkeys, user_key, users, values, without_registry};

/// How many keys a probe with `*` may stand for.
const MOST_EXPANDED: usize = 1_000;
/// Where programs keep their keys, and where 32-bit ones do.
const SOFTWARE: &str = r"HKLM\SOFTWARE";
const HALF: &str = "WOW6432Node";

/// Looks for the keys that the probes name.
pub(crate) struct VendorKeys;

impl Collector for VendorKeys {
    fn name(&self) -> &'static str {
        "windows/vendor-keys"
    }

    fn looks_at(&self) -> &'static str {
        "known registry keys of vendors"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Registry]
    }

    fn needs(&self) -> Needs {
        WINDOWS_FILES
    }

    fn collect(&self, host: &dyn Host, request: &Request<'_>) -> Collected {
        let Some(registry) = host.registry() else { return without_registry() };
        let mut gathering = Gathering::default();
        let users = users(registry, &mut gathering);
        let mut found: BTreeMap<String, Observation> = BTreeMap::new();
        for probe in &request.probes.registry_keys {
            for (key, scope) in places(probe, &users) {
                for key in expanded(registry, &key, &mut gathering) {
                    if values(registry, &key, &mut gathering).is_some() {
                        found.entry(key.to_lowercase()).or_insert_with(|| observation(key, scope.clone()));
                    }
                }
            }
        }
        let environment = Environment::of(Some(registry));
        for noted in NOTED {
            for key in halves(&format!(r"{SOFTWARE}\{}", noted.key)) {
                for key in expanded(registry, &key, &mut gathering) {
                    if let Some(read) = read(host, registry, noted, &key, &environment, &mut gathering) {
                        found.insert(key.to_lowercase(), read);
                    }
                }
            }
        }
        gathering.observations.extend(found.into_values());
        gathering.finish()
    }
}

fn observation(key: String, scope: Scope) -> Observation {
    let mut observation = Observation::new(ObservationSource::Registry);
    observation.path = Some(key);
    observation.scope = Some(scope);
    observation
}

/// The keys a probe stands for: of the machine, or of every user.
fn places(probe: &str, users: &[RegistryUser]) -> Vec<(String, Scope)> {
    let below = |root: &str| {
        let (start, rest) = probe.split_at_checked(root.len())?;
        start.eq_ignore_ascii_case(root).then_some(rest)
    };
    if let Some(rest) = [r"HKCU\", r"HKEY_CURRENT_USER\"].iter().find_map(|root| below(root)) {
        let of = |user: &RegistryUser| {
            let scope = Scope::User(user.name.clone());
            halves(&user_key(user, rest)).into_iter().map(move |key| (key, scope.clone()))
        };
        return users.iter().flat_map(of).collect();
    }
    let Some(rest) = [r"HKLM\", r"HKEY_LOCAL_MACHINE\"].iter().find_map(|root| below(root)) else { return Vec::new() };
    halves(&format!(r"HKLM\{rest}")).into_iter().map(|key| (key, Scope::Machine)).collect()
}

/// A key below `Software` in both halves of the registry; any other key as it is.
fn halves(key: &str) -> Vec<String> {
    let small = key.to_lowercase();
    let Some(at) = small.find(r"\software\").map(|at| at + r"\software\".len()) else { return vec![key.to_owned()] };
    // Only directly below a root: a vendor may have a key of that name, too.
    if small[..at].matches('\\').count() > 3 || !key.is_char_boundary(at) {
        return vec![key.to_owned()];
    }
    let (root, below) = key.split_at(at);
    let below = match below.split_at_checked(HALF.len() + 1) {
        Some((half, rest)) if half.eq_ignore_ascii_case(&format!(r"{HALF}\")) => rest,
        _ => below,
    };
    vec![format!("{root}{below}"), format!(r"{root}{HALF}\{below}")]
}

/// The keys a key with `*` stands for, whether or not the last part exists.
fn expanded(registry: &dyn Registry, key: &str, gathering: &mut Gathering) -> Vec<String> {
    if !key.contains('*') {
        return vec![key.to_owned()];
    }
    let mut keys = vec![String::new()];
    for part in key.split('\\') {
        let mut longer = Vec::new();
        for key in &keys {
            let separator = if key.is_empty() { "" } else { "\\" };
            if part.contains('*') {
                let names = subkeys(registry, key, gathering).into_iter();
                let pattern = part.to_lowercase();
                let fitting = names.filter(|name| matches(&pattern, &name.to_lowercase()));
                longer.extend(fitting.map(|name| format!("{key}{separator}{name}")));
            } else {
                longer.push(format!("{key}{separator}{part}"));
            }
        }
        if longer.len() > MOST_EXPANDED {
            longer.truncate(MOST_EXPANDED);
            gathering.shortfall(
                Cause::Broken,
                format!("{key} stands for more than the {MOST_EXPANDED} keys that are looked at"),
            );
        }
        keys = longer;
    }
    keys
}

/// What a maker notes at a key; nothing where it notes nothing.
fn read(
    host: &dyn Host,
    registry: &dyn Registry,
    noted: &NotedKey,
    key: &str,
    environment: &Environment,
    gathering: &mut Gathering,
) -> Option<Observation> {
    let said = noted.read(&values(registry, key, gathering)?.0);
    if said.is_empty() {
        return None;
    }
    let mut observation = observation(key.to_owned(), Scope::Machine);
    for (says, text) in said {
        let (field, text) = match says {
            Says::Name => {
                observation.display_name = Some(text);
                continue;
            }
            Says::Version => {
                observation.version = Some(text);
                continue;
            }
            Says::DataFolder => {
                let file = format!(r"{}\License\license.lf", environment.file(&text).trim_end_matches('\\'));
                let licence = gathering.ok(host.read(&file, SMALL_FILE)).unwrap_or_default();
                let Some(end) = eset_licence_end(&licence) else { continue };
                (raw_key::LICENCE_END, end)
            }
            Says::EngineVersion => (raw_key::ENGINE_VERSION, text),
            Says::DefinitionsVersion => (raw_key::DEFINITIONS_VERSION, text),
            Says::DefinitionsDate => (raw_key::DEFINITIONS_DATE, text),
        };
        observation.raw.insert(field.to_owned(), text);
    }
    Some(observation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{probes, rows, windows_fixture};
    use interdict_model::CollectorStatus;

    #[test]
    fn keys_are_found_in_both_halves_and_for_every_user_with_what_is_noted_there() {
        let licence: Vec<u8> = "<ESET><ACTIVE_PRODUCT EXPIRATION_DATE=\"2026-11-17T12:00:00Z\"/></ESET>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let host = windows_fixture("windows/vendor-keys", "both-halves-and-users")
            .file(r"C:\ProgramData\ESET\ESET Security\License\license.lf", licence);
        let probes = probes(
            |probes| &mut probes.registry_keys,
            &[
                r"HKLM\SOFTWARE\KasperskyLab",
                r"HKLM\SOFTWARE\WOW6432Node\KasperskyLab\protected\K*\environment",
                r"HKCU\Software\Vendor",
                r"HKLM\SOFTWARE\None",
                r"HKLM\SYSTEM\Vendor",
            ],
        );
        let collected = VendorKeys.collect(&host, &Request::of(&probes));
        let rows = rows(&collected, |one| {
            let raw: Vec<String> = one.raw.iter().map(|(key, value)| format!("{key}={value}")).collect();
            let scope = one.scope.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{scope} {} {}", one.path.as_deref().unwrap_or_default(), raw.join(" "))
        });
        assert_eq!(
            rows,
            [
                r"machine HKLM\SOFTWARE\ESET\ESET Security\CurrentVersion\Info engine_version=29000 licence_end=2026-11-17T12:00:00Z",
                r"machine HKLM\SOFTWARE\KasperskyLab ",
                r"machine HKLM\SOFTWARE\WOW6432Node\KasperskyLab ",
                r"machine HKLM\SOFTWARE\WOW6432Node\KasperskyLab\protected\KES21\Data definitions_date=2024-06-01T00:00:00Z",
                r"machine HKLM\SOFTWARE\WOW6432Node\KasperskyLab\protected\KES21\environment ",
                r"user:ada HKU\S-1-5-21-1-2-3-1001\Software\Vendor ",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete, "{:?}", collected.reason);
    }

    #[test]
    fn a_key_is_looked_for_in_the_half_it_names_and_in_the_other() {
        for (key, expected) in [
            (r"HKLM\SOFTWARE\X", &[r"HKLM\SOFTWARE\X", r"HKLM\SOFTWARE\WOW6432Node\X"][..]),
            (r"HKLM\SOFTWARE\Wow6432Node\X", &[r"HKLM\SOFTWARE\X", r"HKLM\SOFTWARE\WOW6432Node\X"]),
            (r"HKU\S-1\Software\X", &[r"HKU\S-1\Software\X", r"HKU\S-1\Software\WOW6432Node\X"]),
            (r"HKLM\SYSTEM\CurrentControlSet\X\Software\Y", &[r"HKLM\SYSTEM\CurrentControlSet\X\Software\Y"]),
        ] {
            assert_eq!(halves(key), expected, "{key}");
        }
    }
}
