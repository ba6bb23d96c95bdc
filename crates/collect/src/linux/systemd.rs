//! systemd services: what each runs, whether that exists, and what starts it.
//!
//! A unit is enabled by links beside the unit files, not by what its file says, so the links are read. Started counts
//! also what an enabled timer, socket or path unit of the service starts, and a link that gives a service another
//! name. What other units pull in by `Wants=` in their text and presets are not followed. Units of users are read by
//! `user_units`.

use std::collections::{BTreeMap, BTreeSet};

use interdict_formats::systemd::{Unit, apply_drop_in, parse_unit};
use interdict_model::{Observation, ObservationSource, raw_key};

use crate::collector::{Collected, Collector, Gathering, Needs, Request};
use crate::host::{EntryKind, Host, HostError};
use crate::linux::init_scripts::SCRIPT_FOLDERS;
use crate::linux::programs::note_program;
use crate::linux::{LINUX_FILES, MOST_ENTRIES, SMALL_FILE};

/// Where units lie on any system, the strongest first (systemd.unit(5), "unit file load path").
const FOLDERS: &[(&str, Present)] = &[
    ("/run/systemd/transient", Present::WhileRunning),
    ("/run/systemd/generator.early", Present::WhileRunning),
    ("/etc/systemd/system", Present::Always),
    ("/run/systemd/system", Present::WhileRunning),
    ("/run/systemd/generator", Present::WhileRunning),
    ("/usr/local/lib/systemd/system", Present::Always),
    ("/usr/lib/systemd/system", Present::Always),
    ("/lib/systemd/system", Present::Always),
    // The services of System V start scripts.
    (GENERATED_FROM_SCRIPTS, Present::WhileRunning),
];
/// Where systemd puts the units it makes from start scripts (systemd-sysv-generator(8)).
const GENERATED_FROM_SCRIPTS: &str = "/run/systemd/generator.late";
/// The link that says that a unit must not be started.
const MASK: &str = "/dev/null";
const SERVICE: &str = ".service";
/// Units that start the service of the same name.
const STARTERS: &[&str] = &[".timer", ".socket", ".path"];
/// The raw kind of a unit that is masked.
const KIND_MASKED: &str = "masked";
/// The raw kind of a link to a unit that does not exist.
const KIND_BROKEN_LINK: &str = "broken-link";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Present {
    Always,
    WhileRunning,
}

/// Reads systemd services.
pub(crate) struct Systemd;

impl Collector for Systemd {
    fn name(&self) -> &'static str {
        "linux/systemd"
    }

    fn looks_at(&self) -> &'static str {
        "systemd services"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Services]
    }

    fn needs(&self) -> Needs {
        LINUX_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let mut gathering = Gathering::default();
        let folders = FOLDERS.iter().filter(|(_, present)| *present == Present::Always || host.is_live());
        let units = Units::read(host, folders.map(|(folder, _)| (*folder).to_owned()), &mut gathering);
        let is_wanted = |service: &str, file: &UnitFile| !stands_for_a_script(host, service, file);
        let services = units.services(host, &is_wanted, &mut gathering);
        gathering.observations.extend(services);
        gathering.finish()
    }
}

/// Everything the unit folders say, by the name of the unit.
#[derive(Default)]
pub(super) struct Units {
    /// The files of each unit, the strongest first.
    files: BTreeMap<String, Vec<UnitFile>>,
    /// What starts each unit.
    started_by: BTreeMap<String, BTreeSet<String>>,
    /// The links that start a unit, for those that lead to nothing.
    links: BTreeMap<String, String>,
    /// Drop-in files of each unit.
    drop_ins: BTreeMap<String, Vec<String>>,
    /// The home of the user whose units they are: what `%h` stands for.
    home: Option<String>,
}

#[derive(Clone)]
pub(super) struct UnitFile {
    path: String,
    kind: EntryKind,
}

impl Units {
    /// The units of some folders, the strongest first.
    pub(super) fn read(host: &dyn Host, folders: impl Iterator<Item = String>, gathering: &mut Gathering) -> Self {
        let mut units = Self::of_folders(host, folders, gathering);
        units.follow_starters(host, gathering);
        units.follow_aliases(host, gathering);
        units
    }

    /// The units of one user. What the user starts or changes of those that are there for everybody is among them.
    pub(super) fn read_of_user(
        host: &dyn Host,
        home: &str,
        folders: impl Iterator<Item = String>,
        of_everybody: &Self,
        gathering: &mut Gathering,
    ) -> Self {
        let mut units = Self::of_folders(host, folders, gathering);
        units.home = Some(home.to_owned());
        units.adopt(of_everybody);
        units.follow_starters(host, gathering);
        units.adopt(of_everybody);
        units.follow_aliases(host, gathering);
        units
    }

    fn of_folders(host: &dyn Host, folders: impl Iterator<Item = String>, gathering: &mut Gathering) -> Self {
        let mut units = Self::default();
        let mut seen = BTreeSet::new();
        for folder in folders {
            // On most systems /lib is a link to /usr/lib.
            let Some(folder) = gathering.ok(host.canonical(&folder)) else { continue };
            if seen.insert(folder.clone()) {
                units.read_folder(host, &folder, gathering);
            }
        }
        let files = units.files.values().flatten().map(|file| &file.path);
        host.expect_read(&files.chain(units.drop_ins.values().flatten()).cloned().collect::<Vec<_>>());
        units
    }

    /// Takes the files of units that are started or changed here and lie elsewhere.
    fn adopt(&mut self, of_everybody: &Self) {
        let changed = self.started_by.keys().chain(self.drop_ins.keys());
        let missing: BTreeSet<String> = changed.filter(|name| !self.files.contains_key(*name)).cloned().collect();
        for name in missing {
            if let Some(files) = of_everybody.files.get(&name) {
                self.files.insert(name.clone(), files.clone());
                let drop_ins = of_everybody.drop_ins.get(&name).cloned().unwrap_or_default();
                let own = self.drop_ins.remove(&name).unwrap_or_default();
                self.drop_ins.insert(name, [drop_ins, own].concat());
            }
        }
    }

    /// The services among them that are wanted, and what is left of those that are gone.
    pub(super) fn services(
        &self,
        host: &dyn Host,
        is_wanted: &dyn Fn(&str, &UnitFile) -> bool,
        gathering: &mut Gathering,
    ) -> Vec<Observation> {
        let mut services = Vec::new();
        for (name, files) in &self.files {
            if let Some(service) = name.strip_suffix(SERVICE)
                && files.first().is_none_or(|file| is_wanted(service, file))
            {
                services.push(self.service(host, service, files, gathering));
            }
        }
        services.extend(self.broken_links());
        services
    }

    fn read_folder(&mut self, host: &dyn Host, folder: &str, gathering: &mut Gathering) {
        let Some(entries) = gathering.ok(host.list(folder, MOST_ENTRIES)) else { return };
        gathering.has_read();
        let folders = entries.iter().filter(|entry| entry.kind == EntryKind::Folder);
        host.expect(&folders.map(|entry| format!("{folder}/{}/", entry.name)).collect::<Vec<_>>());
        for entry in entries {
            let path = format!("{folder}/{}", entry.name);
            let name = entry.name.as_str();
            if let Some(target) = name.strip_suffix(".wants").or_else(|| name.strip_suffix(".requires")) {
                self.read_links(host, &path, target, gathering);
            } else if let Some(unit) = name.strip_suffix(".d").filter(|unit| unit.ends_with(SERVICE)) {
                let drop_ins = gathering.ok(host.list(&path, MOST_ENTRIES)).unwrap_or_default();
                let drop_ins = drop_ins.into_iter().filter(|drop_in| drop_in.name.strip_suffix(".conf").is_some());
                let paths = drop_ins.map(|drop_in| format!("{path}/{}", drop_in.name));
                self.drop_ins.entry(unit.to_owned()).or_default().extend(paths);
            } else if name.ends_with(SERVICE) || starter(name).is_some() {
                self.files.entry(entry.name).or_default().push(UnitFile { path, kind: entry.kind });
            }
        }
    }

    /// Reads the links by which a unit starts others.
    fn read_links(&mut self, host: &dyn Host, folder: &str, target: &str, gathering: &mut Gathering) {
        for link in gathering.ok(host.list(folder, MOST_ENTRIES)).unwrap_or_default() {
            self.started_by.entry(link.name.clone()).or_default().insert(target.to_owned());
            self.links.entry(link.name.clone()).or_insert_with(|| format!("{folder}/{}", link.name));
        }
    }

    /// An enabled timer, socket or path unit starts its service.
    fn follow_starters(&mut self, host: &dyn Host, gathering: &mut Gathering) {
        let enabled: Vec<String> = self.started_by.keys().filter(|name| starter(name).is_some()).cloned().collect();
        for name in enabled {
            let Some(file) = self.files.get(&name).and_then(|files| files.first()) else { continue };
            if is_masked(host, file) {
                continue;
            }
            let Some(bytes) = gathering.ok(host.read(&file.path, SMALL_FILE)) else { continue };
            let own = starter(&name).map(|stem| format!("{stem}{SERVICE}"));
            let service = parse_unit(&bytes, &file.path).0.starts.or(own).unwrap_or_default();
            self.started_by.entry(service).or_default().insert(name);
        }
    }

    /// A link of another name to a unit is that unit: what starts the one starts the other. A link of that kind is made
    /// only when the unit is enabled.
    fn follow_aliases(&mut self, host: &dyn Host, gathering: &mut Gathering) {
        let mut aliases = Vec::new();
        for (name, files) in &self.files {
            let Some(file) = files.first().filter(|file| file.kind == EntryKind::Link) else { continue };
            let Some(target) = gathering.ok(host.canonical(&file.path)) else { continue };
            let unit = target.rsplit('/').next().unwrap_or_default();
            if unit != name && unit.ends_with(SERVICE) && name.ends_with(SERVICE) {
                aliases.push((name.clone(), unit.to_owned(), is_enabling(&file.path)));
            }
        }
        for (alias, unit, enables) in aliases {
            let of_alias = self.started_by.get(&alias).cloned().unwrap_or_default();
            let of_unit = self.started_by.entry(unit).or_default();
            of_unit.extend(of_alias);
            if enables {
                of_unit.insert(alias.clone());
            }
            let both = of_unit.clone();
            self.started_by.insert(alias, both);
        }
    }

    fn service(&self, host: &dyn Host, service: &str, files: &[UnitFile], gathering: &mut Gathering) -> Observation {
        let name = format!("{service}{SERVICE}");
        let mut observation = Observation::new(ObservationSource::Services);
        observation.name = Some(service.to_owned());
        let masked = files.first().is_some_and(|file| is_masked(host, file));
        // A mask hides a unit; what the unit would run is still to be said.
        let file = files.iter().find(|file| !is_masked(host, file));
        observation.identifier = file.or(files.first()).map(|file| file.path.clone());
        let mut started_by = if masked { None } else { Some(self.started_by(&name)) };
        if let Some(file) = file {
            match host.read(&file.path, SMALL_FILE) {
                Ok(bytes) => {
                    let unit = self.unit(host, &name, file, &bytes, gathering);
                    describe(host, &unit, self.home.as_deref(), &mut observation, gathering);
                }
                Err(HostError::NotFound { .. }) => {
                    started_by = None;
                    observation.raw.insert(raw_key::KIND.to_owned(), KIND_BROKEN_LINK.to_owned());
                }
                Err(error) => gathering.failed(&error),
            }
        }
        if masked {
            observation.raw.insert(raw_key::KIND.to_owned(), KIND_MASKED.to_owned());
        }
        let started_by = started_by.unwrap_or_default();
        observation.raw.insert(raw_key::AUTO_START.to_owned(), (!started_by.is_empty()).to_string());
        if !started_by.is_empty() {
            let starters: Vec<&str> = started_by.into_iter().collect();
            observation.raw.insert(raw_key::ENABLED_BY.to_owned(), starters.join(" "));
        }
        observation
    }

    fn unit(&self, host: &dyn Host, name: &str, file: &UnitFile, bytes: &[u8], gathering: &mut Gathering) -> Unit {
        let (mut unit, diagnostics) = parse_unit(bytes, &file.path);
        gathering.diagnostics.extend(diagnostics);
        for path in self.drop_ins.get(name).into_iter().flatten() {
            if let Some(bytes) = gathering.ok(host.read(path, SMALL_FILE)) {
                gathering.diagnostics.extend(apply_drop_in(&mut unit, &bytes, path));
            }
        }
        unit
    }

    /// What starts a unit; for a template, what starts any instance of it.
    fn started_by(&self, name: &str) -> BTreeSet<&str> {
        let own = self.started_by.get(name).into_iter().flatten();
        let prefix = name.strip_suffix("@.service").map(|stem| format!("{stem}@"));
        let instances = self.started_by.iter().filter(|(other, _)| {
            prefix.as_ref().is_some_and(|prefix| other.starts_with(prefix.as_str()) && other.ends_with(SERVICE))
        });
        own.chain(instances.flat_map(|(_, starters)| starters)).map(String::as_str).collect()
    }

    /// Links that would start a service which has no unit file: what an uninstaller left.
    fn broken_links(&self) -> Vec<Observation> {
        let broken = self.links.iter().filter(|(name, _)| {
            let template = name.split_once('@').map(|(stem, _)| format!("{stem}@{SERVICE}"));
            !self.files.contains_key(*name) && template.is_none_or(|template| !self.files.contains_key(&template))
        });
        let services = broken.filter_map(|(name, link)| Some((name.strip_suffix(SERVICE)?, link)));
        services
            .map(|(service, link)| {
                let mut observation = Observation::new(ObservationSource::Services);
                observation.name = Some(service.to_owned());
                observation.identifier = Some(link.clone());
                observation.raw.insert(raw_key::AUTO_START.to_owned(), false.to_string());
                observation.raw.insert(raw_key::KIND.to_owned(), KIND_BROKEN_LINK.to_owned());
                observation
            })
            .collect()
    }
}

fn describe(
    host: &dyn Host,
    unit: &Unit,
    home: Option<&str>,
    observation: &mut Observation,
    gathering: &mut Gathering,
) {
    observation.display_name.clone_from(&unit.description);
    let Some(executable) = unit.exec_start.first() else { return };
    let executable = home.map_or_else(|| executable.clone(), |home| executable.replace("%h", home));
    // Any other specifier stands for something that only the running manager knows.
    if executable.contains('%') {
        observation.path = Some(executable);
    } else {
        note_program(host, &executable, observation, gathering);
    }
}

/// Whether a link lies where links of another name are made only to enable a unit.
fn is_enabling(path: &str) -> bool {
    path.starts_with("/etc/") || path.contains("/.config/systemd/user/")
}

/// Whether a unit was made by systemd from a start script, which is looked at for itself.
fn stands_for_a_script(host: &dyn Host, service: &str, file: &UnitFile) -> bool {
    file.path.starts_with(GENERATED_FROM_SCRIPTS)
        && SCRIPT_FOLDERS.iter().any(|folder| {
            let script = format!("{folder}/{service}");
            host.look(&script).is_ok_and(|found| found.kind.is_file())
        })
}

/// The name without its ending, of a unit that starts a service.
fn starter(name: &str) -> Option<&str> {
    STARTERS.iter().find_map(|ending| name.strip_suffix(ending))
}

/// An empty file masks as well as a link to nothing does.
fn is_masked(host: &dyn Host, file: &UnitFile) -> bool {
    match file.kind {
        EntryKind::Link => host.read_link(&file.path).is_ok_and(|target| target == MASK),
        EntryKind::File => host.look(&file.path).is_ok_and(|found| found.size == 0),
        EntryKind::Folder | EntryKind::Special => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, rows};
    use interdict_model::CollectorStatus;
    use interdict_model::Probes;

    fn collect(host: &FixtureHost) -> Collected {
        Systemd.collect(host, &Request::of(&Probes::default()))
    }

    fn services(collected: &Collected) -> Vec<String> {
        let raw = |one: &Observation, key| one.raw(key).unwrap_or("-").to_owned();
        rows(collected, |one| {
            format!(
                "{} {} exists:{} starts:{} by:{} {}",
                one.name.as_deref().unwrap_or("-"),
                one.path.as_deref().unwrap_or("-"),
                raw(one, raw_key::EXECUTABLE_EXISTS),
                raw(one, raw_key::AUTO_START),
                raw(one, raw_key::ENABLED_BY),
                raw(one, raw_key::KIND)
            )
        })
    }

    #[test]
    fn each_fixture_yields_what_it_is_named_for() {
        let table: [(&str, &[&str]); 9] = [
            ("enabled", &["kesl /opt/kaspersky/kesl/libexec/kesl exists:true starts:true by:multi-user.target -"]),
            ("disabled", &["kesl /opt/kaspersky/kesl/libexec/kesl exists:true starts:false by:- -"]),
            (
                "executable-gone",
                &["kesl /opt/kaspersky/kesl/libexec/kesl exists:false starts:true by:multi-user.target -"],
            ),
            ("masked", &["kesl /opt/kaspersky/kesl/libexec/kesl exists:true starts:false by:- masked"]),
            ("broken-wants-link", &["kesl - exists:- starts:false by:- broken-link"]),
            ("lib-linked", &["kesl /opt/kaspersky/kesl/libexec/kesl exists:false starts:false by:- -"]),
            ("timer", &["scan /usr/bin/scan exists:true starts:true by:nightly.timer -"]),
            ("template", &["agent@ /opt/agent/%i exists:- starts:true by:multi-user.target -"]),
            (
                "alias",
                &[
                    "display-manager /usr/sbin/gdm exists:true starts:true by:display-manager.service -",
                    "gdm /usr/sbin/gdm exists:true starts:true by:display-manager.service -",
                ],
            ),
        ];
        for (name, expected) in table {
            let collected = collect(&fixture("linux/systemd", name));
            assert_eq!(services(&collected), expected, "{name}");
            assert_eq!(collected.status, CollectorStatus::Complete, "{name}: {:?}", collected.reason);
        }
    }

    #[test]
    fn a_service_says_what_it_is_and_where_that_was_read() {
        let collected = collect(&fixture("linux/systemd", "enabled"));
        let one = &collected.observations[0];
        assert_eq!(one.source, ObservationSource::Services);
        assert_eq!(one.display_name.as_deref(), Some("Kaspersky Endpoint Security"));
        assert_eq!(one.identifier.as_deref(), Some("/usr/lib/systemd/system/kesl.service"));
    }

    #[test]
    fn a_drop_in_changes_what_runs() {
        let host = fixture("linux/systemd", "enabled").file(
            "/etc/systemd/system/kesl.service.d/10-local.conf",
            "[Service]\nExecStart=\nExecStart=/opt/other/run\n",
        );
        assert_eq!(services(&collect(&host)), ["kesl /opt/other/run exists:false starts:true by:multi-user.target -"]);
    }

    #[test]
    fn a_unit_of_the_administrator_is_stronger() {
        let host = fixture("linux/systemd", "enabled")
            .file("/etc/systemd/system/kesl.service", "[Service]\nExecStart=/usr/local/bin/mine\n");
        assert_eq!(
            services(&collect(&host)),
            ["kesl /usr/local/bin/mine exists:false starts:true by:multi-user.target -"]
        );
    }

    #[test]
    fn an_executable_without_a_folder_is_looked_for() {
        let host = FixtureHost::new()
            .file("/etc/systemd/system/a.service", "[Service]\nExecStart=agent --x\n")
            .executable("/usr/bin/agent");
        assert_eq!(services(&collect(&host)), ["a /usr/bin/agent exists:true starts:false by:- -"]);
    }

    #[test]
    fn units_of_the_running_system_count_only_while_it_runs() {
        let host = FixtureHost::new()
            .file(
                "/run/systemd/generator.late/klnagent64.service",
                "[Service]\nExecStart=/etc/init.d/klnagent64 start\n",
            )
            .link("/run/systemd/generator.late/multi-user.target.wants/klnagent64.service", "../klnagent64.service");
        assert_eq!(services(&collect(&host)), Vec::<String>::new());
        assert_eq!(
            services(&collect(&host.running(Vec::new()))),
            ["klnagent64 /etc/init.d/klnagent64 exists:false starts:true by:multi-user.target -"]
        );
    }

    #[test]
    fn what_cannot_be_read_is_said_and_the_service_kept() {
        let enabled = fixture("linux/systemd", "enabled");
        let unit = collect(&enabled.clone().unreadable("/usr/lib/systemd/system/kesl.service"));
        assert_eq!(services(&unit), ["kesl - exists:- starts:true by:multi-user.target -"]);
        assert_eq!(unit.status, CollectorStatus::Partial);
        let hidden = collect(&enabled.clone().unreadable("/opt/kaspersky"));
        assert_eq!(
            services(&hidden),
            ["kesl /opt/kaspersky/kesl/libexec/kesl exists:- starts:true by:multi-user.target -"]
        );
        assert_eq!(hidden.reason.as_deref(), Some("/opt/kaspersky/kesl/libexec/kesl may not be read as uid 65534"));
        let folder = collect(&enabled.unreadable("/usr/lib/systemd/system"));
        assert_eq!(folder.status, CollectorStatus::Partial);
        assert_eq!(folder.reason.as_deref(), Some("/usr/lib/systemd/system may not be read as uid 65534"));
    }
}
