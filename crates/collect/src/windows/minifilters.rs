//! Minifilters: drivers that see every file operation, and their altitude, their place among one another.
//!
//! A driver is one when its key says with which instances it attaches, below the key itself or, in the newer style, below
//! its `Parameters` (<https://learn.microsoft.com/windows-hardware/drivers/ifs/creating-an-inf-file-for-a-minifilter-driver>).
//! Who owns an altitude is not known here. Which filters are attached right now is not asked for.

use interdict_formats::registry::RegistryData;
use interdict_model::{Observation, ObservationSource, raw_key};

use crate::collector::{Collected, Collector, Gathering, Needs, Request};
use crate::host::Host;
use crate::registry::{Registry, same};
use crate::windows::services::{SERVICES, Service, System};
use crate::windows::{WINDOWS_FILES, subkeys, values, without_registry};

/// Reads minifilters.
pub(crate) struct Minifilters;

impl Collector for Minifilters {
    fn name(&self) -> &'static str {
        "windows/minifilters"
    }

    fn looks_at(&self) -> &'static str {
        "file-system minifilters"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Minifilters]
    }

    fn needs(&self) -> Needs {
        WINDOWS_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let Some(registry) = host.registry() else { return without_registry() };
        let mut gathering = Gathering::default();
        let mut system = System::of(host, registry, &mut gathering);
        for name in subkeys(registry, SERVICES, &mut gathering) {
            let Ok(Some(service)) = Service::read(registry, &name, &mut gathering) else { continue };
            let altitudes = altitudes(registry, &service, &mut gathering);
            if altitudes.is_empty() {
                continue;
            }
            let found = service.observation(&mut system, &mut gathering);
            let mut observation = Observation { source: ObservationSource::Minifilters, ..found };
            observation.raw.insert(raw_key::ALTITUDE.to_owned(), altitudes.join(","));
            gathering.observations.push(observation);
        }
        system.files.account("minifilters", &mut gathering);
        gathering.finish()
    }
}

/// The altitudes of a driver's instances, each once, that of the default instance first.
fn altitudes(registry: &dyn Registry, service: &Service, gathering: &mut Gathering) -> Vec<String> {
    let mut altitudes = Vec::new();
    for (above, folder) in [("Instances", "Instances"), ("Parameters", r"Parameters\Instances")] {
        if !service.has_subkey(above) {
            continue;
        }
        let key = format!(r"{SERVICES}\{}\{folder}", service.name());
        let Some(values) = values(registry, &key, gathering) else { continue };
        let default = values.text("DefaultInstance");
        let mut instances = subkeys(registry, &key, gathering);
        instances.sort_by_key(|name| !default.as_deref().is_some_and(|default| same(default, name)));
        for instance in instances {
            let altitude = registry.value(&format!(r"{key}\{instance}"), "Altitude");
            let altitude = gathering.ok(altitude).flatten().and_then(|altitude| match altitude {
                RegistryData::Number(number) => Some(number.to_string()),
                altitude => altitude.text().map(str::to_owned),
            });
            altitudes.extend(altitude.filter(|altitude| !altitudes.contains(altitude)));
        }
    }
    altitudes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{rows, windows_fixture};
    use interdict_model::Probes;

    #[test]
    fn filters_are_told_by_their_instances_of_either_style() {
        let host = windows_fixture("windows/minifilters", "both-styles-of-instances");
        let collected = Minifilters.collect(&host, &Request::of(&Probes::default()));
        let rows = rows(&collected, |one| {
            let raw = |key| one.raw(key).unwrap_or("-");
            let name = one.name.as_deref().unwrap_or("-");
            format!(
                "{name} {} {} {}",
                raw(raw_key::ALTITUDE),
                raw(raw_key::AUTO_START),
                raw(raw_key::EXECUTABLE_EXISTS)
            )
        });
        assert_eq!(rows, ["new-style 328010 true true", "old-style 40700.5,389500 true false"]);
        assert!(collected.observations.iter().all(|one| one.source == ObservationSource::Minifilters));
        assert_eq!(collected.reason, None);
    }
}
