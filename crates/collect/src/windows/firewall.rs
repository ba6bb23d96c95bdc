//! Who plugs into the Windows Filtering Platform, and firewall rules that are left of known programs.
//!
//! Providers that outlast a restart are kept in the registry, in a form nobody documents: of each, its texts are read (a name,
//! a description, the service it belongs to; any may be missing). While Windows runs it is also asked for those of the moment. Of the
//! firewall's rules only those are listed whose program lies where a probe looks, each program once.

use std::collections::BTreeSet;

use interdict_formats::firewall_rule::parse_rule;
use interdict_formats::registry::RegistryData;
use interdict_formats::wide_texts::marshalled_texts;
use interdict_model::{Observation, ObservationSource, Probes, Scope, raw_key};

use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::{Host, HostError, RunningWindows};
use crate::registry::Registry;
use crate::windows::services::{SERVICES, Service, System};
use crate::windows::{Environment, WINDOWS_FILES, subkeys, values, without_registry};

const PROVIDERS: &str = r"HKLM\SYSTEM\CurrentControlSet\Services\BFE\Parameters\Policy\Persistent\Provider";
/// Where rules are kept: the machine's own, and those of policies.
const RULES: &[&str] = &[
    r"HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules",
    r"HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall\FirewallRules",
];
/// How many programs with rules are listed.
const MOST_PROGRAMS: usize = 2_000;

/// Reads the firewall's providers and the rules left of known programs.
pub(crate) struct Firewall;

impl Collector for Firewall {
    fn name(&self) -> &'static str {
        "windows/firewall"
    }

    fn looks_at(&self) -> &'static str {
        "providers of the firewall platform and firewall rules of known programs"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::WfpProviders]
    }

    fn needs(&self) -> Needs {
        WINDOWS_FILES
    }

    fn collect(&self, host: &dyn Host, request: &Request<'_>) -> Collected {
        let Some(registry) = host.registry() else { return without_registry() };
        let mut gathering = Gathering::default();
        let mut system = System::of(host, registry, &mut gathering);
        let mut known = BTreeSet::new();
        for (identifier, texts) in kept_providers(registry, &mut gathering) {
            let provider = provider(&identifier, &texts, registry, &mut system, &mut gathering);
            known.extend(provider.name.as_deref().map(str::to_lowercase));
            gathering.observations.push(provider);
        }
        match host.running_windows().map(RunningWindows::firewall_providers) {
            Some(Ok(names)) => {
                let others = names.iter().filter(|name| known.insert(name.to_lowercase()));
                gathering.observations.extend(others.map(|name| observation(name)));
            }
            Some(Err(HostError::NotFound { .. })) | None => {}
            Some(Err(error)) => gathering.failed(&error),
        }
        rules(registry, request.probes, &mut system, &mut gathering);
        system.files.account("the firewall's providers and rules", &mut gathering);
        gathering.finish()
    }
}

fn observation(name: &str) -> Observation {
    let mut observation = Observation::new(ObservationSource::WfpProviders);
    observation.name = Some(name.to_owned());
    observation.scope = Some(Scope::Machine);
    observation
}

/// The providers that the registry keeps: what stands for each, and its texts.
fn kept_providers(registry: &dyn Registry, gathering: &mut Gathering) -> Vec<(String, Vec<String>)> {
    let mut providers = Vec::new();
    let mut push = |identifier: &str, data: &RegistryData| {
        if let RegistryData::Binary { bytes, .. } = data {
            providers.push((identifier.to_owned(), marshalled_texts(bytes)));
        }
    };
    for value in values(registry, PROVIDERS, gathering).unwrap_or_default().0 {
        push(&value.name, &value.data);
    }
    for name in subkeys(registry, PROVIDERS, gathering) {
        for value in values(registry, &format!(r"{PROVIDERS}\{name}"), gathering).unwrap_or_default().0 {
            push(&name, &value.data);
        }
    }
    providers
}

/// A provider by its texts; with the program of its service, if one of the texts names one.
fn provider(
    identifier: &str,
    texts: &[String],
    registry: &dyn Registry,
    system: &mut System<'_>,
    gathering: &mut Gathering,
) -> Observation {
    // Windows' own have references to texts in files (`@FirewallAPI.dll,-23501`) for names.
    let name = texts.iter().find(|text| !text.starts_with('@'));
    let mut provider = observation(name.map_or(identifier, String::as_str));
    provider.identifier = Some(identifier.to_owned());
    let names = texts.iter().filter(|text| text.len() <= 256 && !text.contains(['\\', ' ', '@']));
    for name in names {
        if registry.values(&format!(r"{SERVICES}\{name}")).is_err() {
            continue;
        }
        let Ok(Some(service)) = Service::read(registry, name, gathering) else { continue };
        let service = service.observation(system, gathering);
        provider.path = service.path;
        let exists = service.raw.get_key_value(raw_key::EXECUTABLE_EXISTS);
        provider.raw.extend(exists.map(|(key, value)| (key.clone(), value.clone())));
        break;
    }
    provider
}

/// The rules whose program lies where a probe looks, each program once.
fn rules(registry: &dyn Registry, probes: &Probes, system: &mut System<'_>, gathering: &mut Gathering) {
    let environment = Environment::of(Some(registry));
    let places = places(probes, &environment);
    let mut seen = BTreeSet::new();
    for key in RULES {
        for value in values(registry, key, gathering).unwrap_or_default().0 {
            let Some(rule) = value.data.text().and_then(parse_rule) else { continue };
            let Some(path) = rule.app.map(|app| environment.file(app)) else { continue };
            let small = path.to_lowercase();
            if !places.iter().any(|place| place.holds(&small)) || !seen.insert(small) {
                continue;
            }
            if seen.len() > MOST_PROGRAMS {
                let what = format!("more than the {MOST_PROGRAMS} programs with firewall rules that are listed");
                gathering.shortfall(Cause::Broken, what);
                return;
            }
            let mut observation = observation(rule.name.unwrap_or(value.name.as_str()));
            if let Some(exists) = system.files.look(&path).known() {
                observation.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), exists.to_string());
            }
            observation.path = Some(path);
            observation.raw.insert(raw_key::KIND.to_owned(), "rule".to_owned());
            gathering.observations.push(observation);
        }
    }
}

/// Where a probe looks, as the begin of a path in small letters.
struct Place {
    begin: String,
    /// Whether the begin ends within a name.
    is_open: bool,
}

impl Place {
    fn holds(&self, path: &str) -> bool {
        path.strip_prefix(self.begin.as_str())
            .is_some_and(|rest| self.is_open || rest.is_empty() || rest.starts_with('\\'))
    }
}

/// The places of the machine that the probes name; of a pattern, what stands before its first `*`, if that is more than a
/// folder that programs share.
fn places(probes: &Probes, environment: &Environment) -> Vec<Place> {
    let mut places = Vec::new();
    for probe in &probes.paths {
        let also =
            probe.get(..14).filter(|start| start.eq_ignore_ascii_case("%ProgramFiles%")).and_then(|_| probe.get(14..));
        let also = also.map(|rest| format!("%ProgramFiles(x86)%{rest}"));
        for probe in std::iter::once(probe.clone()).chain(also) {
            let (begin, is_open) = match probe.split_once('*') {
                Some((begin, _)) if begin.ends_with('\\') => continue,
                Some((begin, _)) => (begin, true),
                None => (probe.as_str(), false),
            };
            let begin = environment.expand(begin).to_lowercase();
            if begin.get(1..3) == Some(r":\") {
                places.push(Place { begin, is_open });
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RecordedWindows;
    use crate::testing::{probes, rows, windows_fixture};
    use interdict_model::CollectorStatus;

    #[test]
    fn providers_and_rules_of_known_programs_are_listed() {
        let recorded = RecordedWindows {
            firewall_providers: vec!["Vendor Firewall".to_owned(), "Other VPN".to_owned()],
            ..RecordedWindows::default()
        };
        let host = windows_fixture("windows/firewall", "provider-with-service").running_windows(recorded);
        let probes = probes(
            |probes| &mut probes.paths,
            &[r"%ProgramFiles%\Vendor", r"%ProgramFiles%\*\a.exe", r"%ProgramFiles(x86)%\Agent 2*"],
        );
        let collected = Firewall.collect(&host, &Request::of(&probes));
        let rows = rows(&collected, |one| {
            let raw = |key| one.raw(key).unwrap_or("-");
            let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
            format!(
                "{} {} {} {} {}",
                text(&one.name),
                text(&one.identifier),
                text(&one.path),
                raw(raw_key::EXECUTABLE_EXISTS),
                raw(raw_key::KIND)
            )
        });
        assert_eq!(
            rows,
            [
                r"Vendor Firewall {00000000-0000-4000-8000-000000000001} C:\Program Files\Vendor\fw.exe true -",
                "Other VPN - - - -",
                r"Vendor rule - C:\Program Files\Vendor\gone.exe false rule",
                r"{3} - C:\Program Files (x86)\Agent 2024\x.exe false rule",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete, "{:?}", collected.reason);
    }
}
