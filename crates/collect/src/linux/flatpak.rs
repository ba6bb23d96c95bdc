//! Flatpaks: apps and runtimes of the whole system and of each user, as they are deployed.
//!
//! Looked at are the system's installation, those that `/etc/flatpak/installations.d` adds, and the one in each home.
//! Name, developer and version come from the app's AppStream file, the command from its metadata. Whether the command is
//! there is checked for each, since there are few. The data of apps (`~/.var/app`), remotes and the repository of
//! objects are not read.

use interdict_formats::flatpak::{self, Component};
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::any::expected;
use crate::any::homes::homes;
use crate::collector::{Collected, Collector, Gathering, Needs, Request};
use crate::host::{Entry, Host, HostError, Kind};
use crate::linux::{LINUX_FILES, MOST_ENTRIES, SMALL_FILE};

/// The installation of the whole system.
const SYSTEM: &str = "/var/lib/flatpak";
/// Where others are named.
const INSTALLATIONS: &str = "/etc/flatpak/installations.d";
/// The one of a user, below the home.
const OF_USER: &str = ".local/share/flatpak";
/// The kinds of what is deployed, which are also the names of their folders.
const KINDS: [&str; 2] = ["app", "runtime"];
/// Where in a deployed app its AppStream file may be.
const COMPONENT_FOLDERS: [&str; 3] = ["files/share/metainfo", "files/share/appdata", "export/share/metainfo"];
/// How large an AppStream file may be: those with many releases and languages have some hundred kilobytes.
const LARGEST_COMPONENT: u64 = 8 << 20;

/// Reads Flatpaks.
pub(crate) struct Flatpak;

impl Collector for Flatpak {
    fn name(&self) -> &'static str {
        "linux/flatpak"
    }

    fn looks_at(&self) -> &'static str {
        "Flatpaks"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Flatpak]
    }

    fn needs(&self) -> Needs {
        LINUX_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let mut gathering = Gathering::default();
        let mut installations = vec![(SYSTEM.to_owned(), Scope::Machine)];
        installations.extend(added(host, &mut gathering).into_iter().map(|path| (path, Scope::Machine)));
        let homes = homes(host, &mut gathering);
        installations.extend(homes.iter().map(|home| (home.below(OF_USER), home.scope())));
        let mut seen = Vec::new();
        for (path, scope) in installations {
            let Some(place) = gathering.ok(host.canonical(&path)) else { continue };
            if !seen.contains(&place) {
                read_installation(host, &path, &scope, &mut gathering);
                seen.push(place);
            }
        }
        gathering.finish()
    }
}

/// The installations that the administrator added (flatpak-installation(5)).
fn added(host: &dyn Host, gathering: &mut Gathering) -> Vec<String> {
    let entries = gathering.ok(host.list(INSTALLATIONS, MOST_ENTRIES)).unwrap_or_default();
    let files = entries.iter().filter(|entry| entry.name.strip_suffix(".conf").is_some());
    let texts = files.filter_map(|entry| {
        let path = format!("{INSTALLATIONS}/{}", entry.name);
        gathering.ok(host.read(&path, SMALL_FILE))
    });
    let paths = texts.filter_map(|text| flatpak::key_file_value(&text, "Installation", "Path"));
    paths.filter(|path| path.starts_with('/')).collect()
}

fn read_installation(host: &dyn Host, installation: &str, scope: &Scope, gathering: &mut Gathering) {
    for kind in KINDS {
        let all = format!("{installation}/{kind}");
        for id in folders(host, &all, gathering) {
            let of_id = format!("{all}/{}", id.name);
            // `current` is a link beside the architectures.
            for arch in folders(host, &of_id, gathering) {
                let of_arch = format!("{of_id}/{}", arch.name);
                for branch in folders(host, &of_arch, gathering) {
                    let deployed = format!("{of_arch}/{}", branch.name);
                    let mut observation = Observation::new(ObservationSource::Flatpak);
                    observation.name = Some(id.name.clone());
                    observation.identifier = Some(id.name.clone());
                    observation.arch = Some(arch.name.clone());
                    observation.scope = Some(scope.clone());
                    observation.raw.insert(raw_key::KIND.to_owned(), kind.to_owned());
                    describe(host, &deployed, &branch.name, &mut observation, gathering);
                    gathering.observations.push(observation);
                }
            }
        }
    }
}

fn folders(host: &dyn Host, folder: &str, gathering: &mut Gathering) -> Vec<Entry> {
    let Some(entries) = gathering.ok(host.list(folder, MOST_ENTRIES)) else { return Vec::new() };
    gathering.has_read();
    expected::folders(host, folder, entries, gathering)
}

/// What the deployed app says of itself, and whether it is there.
fn describe(host: &dyn Host, deployed: &str, branch: &str, observation: &mut Observation, gathering: &mut Gathering) {
    let active = format!("{deployed}/active");
    let id = observation.name.clone().unwrap_or_default();
    observation.install_location = Some(deployed.to_owned());
    let metadata = format!("{active}/metadata");
    let text = gathering.ok(host.read(&metadata, SMALL_FILE)).unwrap_or_default();
    observation.path = Some(metadata);
    let component = component(host, &active, &id, gathering);
    observation.display_name = component.name.or_else(|| {
        let entry = format!("{active}/export/share/applications/{id}.desktop");
        let text = gathering.ok(host.read(&entry, SMALL_FILE))?;
        flatpak::key_file_value(&text, "Desktop Entry", "Name")
    });
    observation.publisher = component.developer;
    // Runtimes are versioned by their branch, such as `23.08`; that of an app is `stable` or `master`.
    let is_runtime = observation.raw(raw_key::KIND) == Some("runtime");
    observation.version = component.version.or_else(|| is_runtime.then(|| branch.to_owned()));
    check(host, &active, flatpak::key_file_value(&text, "Application", "command"), observation, gathering);
}

fn component(host: &dyn Host, active: &str, id: &str, gathering: &mut Gathering) -> Component {
    let candidates = COMPONENT_FOLDERS
        .iter()
        .flat_map(|folder| ["metainfo.xml", "appdata.xml"].map(|ending| format!("{active}/{folder}/{id}.{ending}")));
    for path in candidates {
        match host.read(&path, LARGEST_COMPONENT) {
            Ok(bytes) => {
                let (component, diagnostics) = flatpak::parse_component(&bytes, &path);
                gathering.diagnostics.extend(diagnostics);
                return component;
            }
            Err(error) => gathering.failed(&error),
        }
    }
    Component::default()
}

/// Looks whether the command is there or, for what has none, anything at all.
fn check(
    host: &dyn Host,
    active: &str,
    command: Option<String>,
    observation: &mut Observation,
    gathering: &mut Gathering,
) {
    let files = format!("{active}/files");
    let command = command.filter(|command| !command.starts_with('/')).map(|command| format!("{files}/bin/{command}"));
    let looked_at = match command.map(|command| (host.look(&command), command)) {
        Some((Ok(found), command)) => {
            if found.kind == Kind::Executable {
                observation.raw.insert(raw_key::EXECUTABLE.to_owned(), command);
            }
            Ok(())
        }
        // A command may lie elsewhere, such as in the runtime.
        Some((Err(HostError::NotFound { .. }), _)) | None => host.look(&files).map(|_| ()),
        Some((Err(error), _)) => Err(error),
    };
    let present = match looked_at {
        Ok(()) if observation.raw(raw_key::EXECUTABLE).is_some() => "1",
        // There, without its program having been seen.
        Ok(()) => return,
        Err(HostError::NotFound { .. }) => "0",
        Err(error) => return gathering.failed(&error),
    };
    observation.raw.insert(raw_key::FILES_LISTED.to_owned(), "1".to_owned());
    observation.raw.insert(raw_key::FILES_PRESENT.to_owned(), present.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, rows};
    use interdict_model::{CollectorStatus, Probes};

    fn collect(host: &FixtureHost) -> Collected {
        Flatpak.collect(host, &Request::of(&Probes::default()))
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            let of = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
            let raw = |key| one.raw(key).unwrap_or("-").to_owned();
            let scope = one.scope.as_ref().map(ToString::to_string).unwrap_or_default();
            [
                of(&one.name),
                of(&one.version),
                of(&one.display_name),
                of(&one.publisher),
                scope,
                raw(raw_key::KIND),
                raw(raw_key::FILES_PRESENT),
            ]
            .join("|")
        })
    }

    #[test]
    fn each_fixture_yields_what_it_is_named_for() {
        let table: [(&str, &[&str]); 4] = [
            (
                "system-and-user",
                &[
                    "org.example.Agent|1.2|Agent|Example Limited|machine|app|1",
                    "org.example.Platform|23.08|-|-|machine|runtime|-",
                    "org.example.Agent|2.0|Agent|Example Limited|user:ada|app|1",
                ],
            ),
            ("no-appstream", &["org.example.Agent|-|Agent of the desktop|-|machine|app|1"]),
            ("not-deployed", &["org.example.Agent|-|-|-|machine|app|0"]),
            ("other-installation", &["org.example.Agent|-|-|-|machine|app|-"]),
        ];
        for (name, expected) in table {
            let collected = collect(&fixture("linux/flatpak", name));
            assert_eq!(found(&collected), expected, "{name}");
            assert_eq!((collected.status, collected.reason), (CollectorStatus::Complete, None), "{name}");
        }
    }

    #[test]
    fn the_places_are_those_of_the_deployed_app() {
        let collected = collect(&fixture("linux/flatpak", "system-and-user"));
        let one = &collected.observations[0];
        assert_eq!(one.identifier.as_deref(), Some("org.example.Agent"));
        assert_eq!(one.arch.as_deref(), Some("x86_64"));
        assert_eq!(one.install_location.as_deref(), Some("/var/lib/flatpak/app/org.example.Agent/x86_64/stable"));
        assert_eq!(
            one.raw(raw_key::EXECUTABLE),
            Some("/var/lib/flatpak/app/org.example.Agent/x86_64/stable/active/files/bin/agent")
        );
    }

    #[test]
    fn what_may_not_be_read_is_not_taken_for_nothing() {
        assert_eq!(collect(&FixtureHost::new().folder("/etc")).status, CollectorStatus::Complete);
        let host = fixture("linux/flatpak", "system-and-user");
        let hidden = collect(&host.clone().unreadable("/home/ada"));
        assert_eq!((hidden.status, hidden.observations.len()), (CollectorStatus::Partial, 2));
        assert_eq!(hidden.reason.as_deref(), Some("the home of ada, /home/ada, may not be read as uid 65534"));
        let app = collect(&host.unreadable("/var/lib/flatpak/app"));
        assert_eq!((app.status, app.observations.len()), (CollectorStatus::Partial, 2));
    }

    #[test]
    fn a_damaged_appstream_file_costs_only_itself() {
        let path = "/var/lib/flatpak/app/a.b.C/x86_64/stable/active/files/share/metainfo/a.b.C.metainfo.xml";
        let collected = collect(&FixtureHost::new().file(path, "<component><name>C</name><rel"));
        assert_eq!(found(&collected), ["a.b.C|-|C|-|machine|app|-"]);
        assert_eq!(collected.diagnostics[0].code, "formats/appstream-malformed");
    }
}
