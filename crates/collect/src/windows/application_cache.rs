//! Programs that Windows remembers in its application cache (`Amcache.hve`): what its inventory found installed, some of it
//! long removed.
//!
//! The cache is a hive that Windows keeps open and puts into no registry, so it is read only of systems that lie still. What
//! it remembers is a trace and says nothing of presence; a program whose folder was looked for and is gone is left out.
//! Single files that were run are not listed here, nor devices. The values of newer versions have names; those of Windows 8
//! have numbers (Blanche Lagny, "Analysis of the `AmCache`", ANSSI 2019).

use std::collections::BTreeSet;

use interdict_formats::registry::RegistryData;
use interdict_model::{Observation, ObservationSource, OsFamily, Scope};

use crate::collector::{Collected, Collector, Gathering, Needs, NeedsSystem, Request};
use crate::host::Host;
use crate::registry::Values;
use crate::windows::environment::Environment;
use crate::windows::existence::{Existence, Files};
use crate::windows::{subkeys, values, without_registry};

/// A layout of the cache: the key, and what its values are called.
struct Layout {
    key: &'static str,
    name: &'static str,
    version: &'static str,
    publisher: &'static str,
    folder: &'static str,
}

/// The layouts, the newer one first: a program that both remember is said once.
const LAYOUTS: &[Layout] = &[
    Layout {
        key: r"HKLM\Amcache\Root\InventoryApplication",
        name: "Name",
        version: "Version",
        publisher: "Publisher",
        folder: "RootDirPath",
    },
    Layout { key: r"HKLM\Amcache\Root\Programs", name: "0", version: "1", publisher: "2", folder: "d" },
];

/// Reads the application cache.
pub(crate) struct ApplicationCache;

impl Collector for ApplicationCache {
    fn name(&self) -> &'static str {
        "windows/application-cache"
    }

    fn looks_at(&self) -> &'static str {
        "programs that Windows remembers"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Registry]
    }

    fn needs(&self) -> Needs {
        Needs { os: &[OsFamily::Windows], system: NeedsSystem::Still }
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let Some(registry) = host.registry() else { return without_registry() };
        let mut gathering = Gathering::default();
        let environment = Environment::of(Some(registry));
        let mut files = Files::of(host);
        let mut known = BTreeSet::new();
        for layout in LAYOUTS {
            for id in subkeys(registry, layout.key, &mut gathering) {
                if !known.insert(id.to_lowercase()) {
                    continue;
                }
                let key = format!(r"{}\{id}", layout.key);
                let Some(values) = values(registry, &key, &mut gathering) else { continue };
                let remembered = remembered(layout, key, &values, &environment, &mut files);
                gathering.observations.extend(remembered);
            }
        }
        files.account("programs that Windows remembers", &mut gathering);
        gathering.finish()
    }
}

/// A program that is remembered; nothing for one of which nothing is known or whose folder is gone.
fn remembered(
    layout: &Layout,
    key: String,
    values: &Values,
    environment: &Environment,
    files: &mut Files<'_>,
) -> Option<Observation> {
    let mut observation = Observation::new(ObservationSource::Registry);
    observation.display_name = values.text(layout.name);
    observation.version = values.text(layout.version);
    observation.publisher = values.text(layout.publisher);
    let folder = values.get(layout.folder).and_then(folder);
    observation.install_location = folder.map(|folder| environment.expand(&folder));
    observation.path = Some(key);
    observation.scope = Some(Scope::Machine);
    let is_gone = observation.install_location.as_deref().is_some_and(|folder| files.look(folder) == Existence::Gone);
    let is_known = [&observation.display_name, &observation.publisher, &observation.install_location]
        .into_iter()
        .any(Option::is_some);
    (is_known && !is_gone).then_some(observation)
}

/// The folder; of several the one above the others.
fn folder(data: &RegistryData) -> Option<String> {
    let folders: Vec<&str> = match data {
        RegistryData::Text(folder) => vec![folder],
        RegistryData::Texts(folders) => folders.iter().map(String::as_str).collect(),
        RegistryData::Number(_) | RegistryData::Binary { .. } => Vec::new(),
    };
    let named = folders.into_iter().map(str::trim).filter(|folder| !folder.is_empty());
    named.min_by_key(|folder| folder.len()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::tests::quiet;
    use crate::testing::{rows, windows_fixture};
    use crate::{FixtureHost, MapRegistry, RecordedWindows};
    use interdict_model::{CollectorStatus, Probes};

    fn collect(host: &FixtureHost) -> Collected {
        ApplicationCache.collect(host, &Request::of(&Probes::default()))
    }

    fn row(observation: &Observation) -> String {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let [name, version] = [&observation.display_name, &observation.version].map(text);
        format!("{name}|{version}|{}|{}", text(&observation.publisher), text(&observation.install_location))
    }

    #[test]
    fn what_both_layouts_remember_is_said_once_and_what_is_gone_is_not() {
        let collected = collect(&windows_fixture("windows/application-cache", "both-layouts"));
        assert_eq!(
            rows(&collected, row),
            [
                r"FileInsight||McAfee Inc.|C:\Program Files (x86)\fileinsight",
                "Folder without a name|2.0||",
                "||Nobody|",
                "No folder|||",
                r"Old tool|1.0|Vendor|c:\tools\old",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete);
        let path = collected.observations[0].path.as_deref();
        assert_eq!(path, Some(r"HKLM\Amcache\Root\InventoryApplication\0000a"));
    }

    #[test]
    fn a_system_without_a_cache_has_nothing_remembered_and_one_whose_cache_is_missing_was_not_looked_at() {
        let without = FixtureHost::windows(MapRegistry::default());
        assert_eq!(collect(&without).status, CollectorStatus::Complete);
        let missing = FixtureHost::windows(MapRegistry::default().missing(r"HKLM\Amcache"));
        assert_eq!(collect(&missing).status, CollectorStatus::NotPossible);
    }

    #[test]
    fn a_running_system_is_not_asked() {
        let ran = |host: &FixtureHost| {
            quiet(host).header.collectors.iter().any(|report| report.name == "windows/application-cache")
        };
        let host = FixtureHost::windows(MapRegistry::default());
        assert!(ran(&host));
        assert!(!ran(&host.running_windows(RecordedWindows::default())));
    }
}
