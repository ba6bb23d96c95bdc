//! Services that something other than systemd starts: scripts of System V and `OpenRC`, jobs of Upstart, and the folders
//! that runit and s6 supervise.
//!
//! What is enabled is in the links around a script, so the links are read. Where systemd runs the system it starts the
//! scripts of System V, and neither those of `OpenRC` nor jobs of Upstart. A script beside a systemd unit of its name is
//! left out, as systemd leaves it out. Scripts in the manner of BSD (Slackware) are not read.

use std::collections::{BTreeMap, BTreeSet};

use interdict_formats::start_script::{ScriptKind, parse_start_script, parse_upstart};
use interdict_formats::unix_command::program_of_script;
use interdict_model::{Observation, ObservationSource, raw_key};

use crate::collector::{Collected, Collector, Gathering, Needs, Request};
use crate::host::{EntryKind, Host, HostError};
use crate::linux::programs::note_program;
use crate::linux::{LINUX_FILES, MOST_ENTRIES, SMALL_FILE};

/// Where start scripts lie; on most systems one of them is a link to the other.
pub(super) const SCRIPT_FOLDERS: &[&str] = &["/etc/init.d", "/etc/rc.d/init.d"];
/// Folders of links that start scripts at a run level; one for each level lies below.
const LEVEL_FOLDERS: &[&str] = &["/etc", "/etc/rc.d", "/etc/init.d"];
/// The run levels at which a system works.
const LEVELS: &[&str] = &["rcS.d", "rc2.d", "rc3.d", "rc4.d", "rc5.d"];
/// The same of `OpenRC`: a folder for each level.
const RUNLEVELS: &str = "/etc/runlevels";
/// Jobs of Upstart.
const UPSTART: &str = "/etc/init";
/// Folders of units that are there before the system runs: a script of a unit's name is not used.
const UNIT_FOLDERS: &[&str] =
    &["/etc/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];
/// Folders each of whose folders is a service that is kept running.
const SUPERVISED: &[&str] = &[
    "/etc/service",
    "/var/service",
    "/service",
    "/etc/runit/runsvdir/current",
    "/etc/runit/runsvdir/default",
    "/etc/services.d",
    "/etc/s6-overlay/s6-rc.d",
];
/// Folders of services that are only at hand.
const AVAILABLE: &[&str] = &["/etc/sv", "/etc/runit/sv", "/etc/s6/sv"];
/// The services of s6-overlay that are started, as files named after them.
const S6_CONTENTS: &str = "/etc/s6-overlay/s6-rc.d/user/contents.d";

/// Reads start scripts.
pub(crate) struct InitScripts;

impl Collector for InitScripts {
    fn name(&self) -> &'static str {
        "linux/init-scripts"
    }

    fn looks_at(&self) -> &'static str {
        "start scripts and supervised services"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Services]
    }

    fn needs(&self) -> Needs {
        LINUX_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let mut gathering = Gathering::default();
        let mut reading = Reading {
            host,
            gathering: &mut gathering,
            units: BTreeSet::new(),
            under_systemd: is_run_by_systemd(host),
            seen: BTreeSet::new(),
        };
        reading.read_units();
        reading.read_upstart();
        reading.read_scripts();
        reading.read_supervised();
        gathering.finish()
    }
}

/// Whether systemd is what starts the system.
fn is_run_by_systemd(host: &dyn Host) -> bool {
    if host.is_live() {
        return host.look("/run/systemd/system").is_ok();
    }
    host.canonical("/sbin/init").is_ok_and(|init| init.ends_with("/systemd"))
}

struct Reading<'a> {
    host: &'a dyn Host,
    gathering: &'a mut Gathering,
    /// Names of services that have a unit.
    units: BTreeSet<String>,
    under_systemd: bool,
    /// Names of services that were found.
    seen: BTreeSet<String>,
}

impl Reading<'_> {
    /// The entries of a folder that need not exist.
    fn entries(&mut self, folder: &str) -> Vec<crate::host::Entry> {
        match self.host.list(folder, MOST_ENTRIES) {
            Ok(entries) => {
                self.gathering.has_read();
                entries
            }
            Err(error) => {
                self.gathering.failed(&error);
                Vec::new()
            }
        }
    }

    /// Folders by where they really are, each once.
    fn distinct(&mut self, folders: impl Iterator<Item = String>) -> Vec<String> {
        let mut distinct = Vec::new();
        for folder in folders {
            if let Some(place) = self.gathering.ok(self.host.canonical(&folder))
                && !distinct.contains(&place)
            {
                distinct.push(place);
            }
        }
        distinct
    }

    fn read_units(&mut self) {
        for folder in self.distinct(UNIT_FOLDERS.iter().map(|folder| (*folder).to_owned())) {
            let entries = self.entries(&folder);
            let services = entries.iter().filter_map(|entry| entry.name.strip_suffix(".service"));
            self.units.extend(services.map(str::to_owned));
        }
    }

    fn read_upstart(&mut self) {
        for entry in self.entries(UPSTART) {
            let Some(name) = entry.name.strip_suffix(".conf") else { continue };
            let path = format!("{UPSTART}/{}", entry.name);
            if self.units.contains(name) {
                continue;
            }
            let Some(bytes) = self.gathering.ok(self.host.read(&path, SMALL_FILE)) else { continue };
            let overriding = self.gathering.ok(self.host.read(&format!("{UPSTART}/{name}.override"), SMALL_FILE));
            let job = parse_upstart(&bytes, overriding.as_deref());
            let starters = if job.starts && !self.under_systemd { vec!["upstart".to_owned()] } else { Vec::new() };
            self.observe(name, &path, job.description, job.program.as_deref(), &starters);
        }
    }

    fn read_scripts(&mut self) {
        let levels = self.read_levels();
        let runlevels = self.read_runlevels();
        for folder in self.distinct(SCRIPT_FOLDERS.iter().map(|folder| (*folder).to_owned())) {
            let entries = self.entries(&folder);
            let scripts = entries.iter().filter(|entry| {
                entry.kind == EntryKind::File && !self.units.contains(entry.name.trim_end_matches(".sh"))
            });
            self.host.expect_read(&scripts.map(|entry| format!("{folder}/{}", entry.name)).collect::<Vec<_>>());
            for entry in entries {
                let name = entry.name.as_str();
                if entry.kind == EntryKind::Folder || name.starts_with('.') || name.ends_with('~') {
                    continue;
                }
                // Scripts of the shell are named without their ending where systemd looks for a unit.
                let unit = name.strip_suffix(".sh").unwrap_or(name);
                if self.units.contains(unit) || self.seen.contains(name) {
                    continue;
                }
                let path = format!("{folder}/{name}");
                let Some(bytes) = self.gathering.ok(self.host.read(&path, SMALL_FILE)) else { continue };
                let script = parse_start_script(&bytes, name);
                if script.provides.iter().any(|provided| self.units.contains(provided)) && self.under_systemd {
                    continue;
                }
                let links = match script.kind {
                    ScriptKind::None => continue,
                    ScriptKind::SystemV => levels.get(name),
                    ScriptKind::OpenRc if self.under_systemd => None,
                    ScriptKind::OpenRc => runlevels.get(name),
                };
                let starters: Vec<String> = links.into_iter().flatten().map(|link| link.level.clone()).collect();
                self.observe(name, &path, script.description, script.program.as_deref(), &starters);
            }
        }
        self.note_broken_links(&levels);
        self.note_broken_links(&runlevels);
    }

    /// The links that start scripts of System V, by the name of the script.
    fn read_levels(&mut self) -> BTreeMap<String, Vec<LevelLink>> {
        let mut links: BTreeMap<String, Vec<LevelLink>> = BTreeMap::new();
        let folders =
            LEVEL_FOLDERS.iter().flat_map(|folder| LEVELS.iter().map(move |level| format!("{folder}/{level}")));
        for folder in self.distinct(folders) {
            let level = folder.rsplit('/').next().unwrap_or_default().to_owned();
            for entry in self.entries(&folder) {
                let Some(name) =
                    entry.name.strip_prefix('S').map(|rest| rest.trim_start_matches(|one: char| one.is_ascii_digit()))
                else {
                    continue;
                };
                let link = LevelLink { level: level.clone(), path: format!("{folder}/{}", entry.name) };
                links.entry(name.to_owned()).or_default().push(link);
            }
        }
        links
    }

    /// The links that start scripts of `OpenRC`, by the name of the script.
    fn read_runlevels(&mut self) -> BTreeMap<String, Vec<LevelLink>> {
        let mut links: BTreeMap<String, Vec<LevelLink>> = BTreeMap::new();
        for level in self.entries(RUNLEVELS) {
            let folder = format!("{RUNLEVELS}/{}", level.name);
            for entry in self.entries(&folder) {
                let link = LevelLink { level: level.name.clone(), path: format!("{folder}/{}", entry.name) };
                links.entry(entry.name).or_default().push(link);
            }
        }
        links
    }

    /// Links to a script that is gone: what an uninstaller left.
    fn note_broken_links(&mut self, links: &BTreeMap<String, Vec<LevelLink>>) {
        for (name, links) in links {
            let Some(link) = links.first().filter(|_| !self.seen.contains(name) && !self.units.contains(name)) else {
                continue;
            };
            let found = self.host.look(&link.path);
            if let Err(error) = &found {
                self.gathering.failed(error);
            }
            if matches!(found, Err(HostError::NotFound { .. })) {
                self.observe(name, &link.path, None, None, &[]);
                if let Some(last) = self.gathering.observations.last_mut() {
                    last.raw.insert(raw_key::KIND.to_owned(), "broken-link".to_owned());
                }
            }
        }
    }

    fn read_supervised(&mut self) {
        let started: BTreeSet<String> = self.entries(S6_CONTENTS).into_iter().map(|entry| entry.name).collect();
        let mut places = BTreeSet::new();
        for (folders, supervised) in [(SUPERVISED, true), (AVAILABLE, false)] {
            for folder in self.distinct(folders.iter().map(|folder| (*folder).to_owned())) {
                for entry in self.entries(&folder) {
                    if entry.name.starts_with('.') || !matches!(entry.kind, EntryKind::Folder | EntryKind::Link) {
                        continue;
                    }
                    let Some(place) = self.gathering.ok(self.host.canonical(&format!("{folder}/{}", entry.name)))
                    else {
                        continue;
                    };
                    if !places.insert(place.clone()) || (!supervised && self.units.contains(&entry.name)) {
                        continue;
                    }
                    let run = format!("{place}/run");
                    let Some(bytes) = self.gathering.ok(self.host.read(&run, SMALL_FILE)) else { continue };
                    let is_down = self.host.look(&format!("{place}/down")).is_ok();
                    let of_s6 = S6_CONTENTS.starts_with(&format!("{folder}/"));
                    let starts = supervised && !is_down && (!of_s6 || started.contains(&entry.name));
                    let starters = if starts { vec![folder.clone()] } else { Vec::new() };
                    self.observe(&entry.name, &run, None, program_of_script(&bytes).as_deref(), &starters);
                }
            }
        }
    }

    fn observe(
        &mut self,
        name: &str,
        path: &str,
        description: Option<String>,
        program: Option<&str>,
        starters: &[String],
    ) {
        let mut observation = Observation::new(ObservationSource::Services);
        observation.name = Some(name.to_owned());
        observation.display_name = description;
        observation.identifier = Some(path.to_owned());
        observation.raw.insert(raw_key::AUTO_START.to_owned(), (!starters.is_empty()).to_string());
        if !starters.is_empty() {
            observation.raw.insert(raw_key::ENABLED_BY.to_owned(), starters.join(" "));
        }
        if let Some(program) = program {
            note_program(self.host, program, &mut observation, self.gathering);
        }
        self.seen.insert(name.to_owned());
        self.gathering.observations.push(observation);
    }
}

/// A link that starts a script.
struct LevelLink {
    level: String,
    path: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, rows};
    use interdict_model::{CollectorStatus, Probes};

    fn collect(host: &FixtureHost) -> Collected {
        InitScripts.collect(host, &Request::of(&Probes::default()))
    }

    fn services(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            let raw = |key| one.raw(key).unwrap_or("-");
            format!(
                "{} {} exists:{} starts:{} by:{} {}",
                one.name.as_deref().unwrap_or("-"),
                one.path.as_deref().unwrap_or("-"),
                raw(raw_key::EXECUTABLE_EXISTS),
                raw(raw_key::AUTO_START),
                raw(raw_key::ENABLED_BY),
                raw(raw_key::KIND),
            )
        })
    }

    #[test]
    fn each_fixture_yields_what_it_is_named_for() {
        let program = "/opt/kaspersky/klnagent64/sbin/klnagent";
        let table: [(&str, &[String]); 7] = [
            ("enabled", &[format!("klnagent64 {program} exists:true starts:true by:rc2.d rc3.d -")]),
            ("disabled", &[format!("klnagent64 {program} exists:true starts:false by:- -")]),
            ("beside-a-unit", &[]),
            ("broken-link", &["klnagent64 - exists:- starts:false by:- broken-link".to_owned()]),
            ("openrc", &["agent /opt/agent/agent exists:false starts:true by:default -".to_owned()]),
            ("upstart", &["agent /opt/agent/agent exists:true starts:true by:upstart -".to_owned()]),
            (
                "runit",
                &[
                    "agent /opt/agent/agent exists:true starts:true by:/var/service -".to_owned(),
                    "other /opt/agent/other exists:false starts:false by:- -".to_owned(),
                ],
            ),
        ];
        for (name, expected) in table {
            let collected = collect(&fixture("linux/init-scripts", name));
            assert_eq!(services(&collected), expected, "{name}");
            assert_eq!(collected.status, CollectorStatus::Complete, "{name}: {:?}", collected.reason);
        }
    }

    #[test]
    fn a_script_says_what_it_is_and_where_that_was_read() {
        let collected = collect(&fixture("linux/init-scripts", "enabled"));
        assert_eq!(collected.observations[0].display_name.as_deref(), Some("Kaspersky Network Agent"));
        assert_eq!(collected.observations[0].identifier.as_deref(), Some("/etc/rc.d/init.d/klnagent64"));
    }

    #[test]
    fn where_systemd_runs_the_system_openrc_and_upstart_start_nothing() {
        for name in ["openrc", "upstart"] {
            let host = fixture("linux/init-scripts", name).link("/sbin/init", "/lib/systemd/systemd");
            let host = host.executable("/lib/systemd/systemd");
            let rows = services(&collect(&host));
            assert!(rows.iter().all(|row| row.contains("starts:false")), "{name}: {rows:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let host = fixture("linux/init-scripts", "enabled").unreadable("/etc/rc.d/init.d/klnagent64");
        let collected = collect(&host);
        assert_eq!(collected.status, CollectorStatus::Partial);
        assert_eq!(collected.reason.as_deref(), Some("/etc/rc.d/init.d/klnagent64 may not be read as uid 65534"));
    }
}
