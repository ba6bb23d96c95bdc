//! Files and folders that the probes name: traces of software that no database may know of.
//!
//! Only named paths are looked at; the disk is not searched. Of a folder it is said whether a program is in it, found by
//! a walk that is bounded in depth and length. A `*` in a probe stands for any part of one name, a `~` at its begin for
//! each user's home; on Windows a placeholder stands for a folder of the system or of each user. Programs that only set up or remove software do not
//! count as programs there.

use std::collections::{BTreeSet, VecDeque};

use interdict_formats::windows_command::is_installer;
use interdict_model::{Diagnostic, Location, Observation, ObservationSource, Scope, raw_key};

use crate::any::homes::homes;
use crate::any::{MOST_ENTRIES, matches};
use crate::collector::{Cause, Collected, Collector, Gathering, INCOMPLETE, Needs, Request};
use crate::host::{EntryKind, Host, HostError, Kind};
use crate::linux::LINUX_FILES;
use crate::linux::package_files::is_library;
use crate::macos::{MACOS_FILES, begin};
use crate::windows::{Environment, WINDOWS_FILES};

/// What a user's home stands for at the begin of a probe.
const HOME: &str = "~/";
/// How deep a folder is searched for a program.
const DEEPEST: usize = 4;
/// How many entries are looked at for it.
const MOST_ENTRIES_WALKED: usize = 2_000;
/// How many paths a probe with `*` may stand for.
const MOST_EXPANDED: usize = 1_000;

/// Looks for the files and folders that the probes name, on one family of systems.
pub(crate) struct InstallFolders {
    name: &'static str,
    needs: Needs,
    ways: Ways,
}

impl InstallFolders {
    /// On Linux.
    pub(crate) const LINUX: Self = Self { name: "linux/install-folders", needs: LINUX_FILES, ways: Ways::Unix };
    /// On macOS.
    pub(crate) const MACOS: Self = Self { name: "macos/install-folders", needs: MACOS_FILES, ways: Ways::Unix };
    /// On Windows.
    pub(crate) const WINDOWS: Self =
        Self { name: "windows/install-folders", needs: WINDOWS_FILES, ways: Ways::Windows };
}

/// How a family of systems writes paths, and how it tells what can be executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ways {
    Unix,
    Windows,
}

impl Ways {
    const fn separator(self) -> char {
        match self {
            Self::Unix => '/',
            Self::Windows => '\\',
        }
    }

    /// Whether a probe is one for this family.
    fn knows(self, probe: &str) -> bool {
        match self {
            Self::Unix => probe.starts_with('/') || probe.starts_with(HOME),
            Self::Windows => probe.starts_with('%') || probe.get(1..2) == Some(":"),
        }
    }

    fn matches(self, pattern: &str, name: &str) -> bool {
        match self {
            Self::Unix => matches(pattern, name),
            Self::Windows => matches(&pattern.to_lowercase(), &name.to_lowercase()),
        }
    }

    /// What a file is that can be executed: on Windows a program, whatever its rights.
    fn kind(self, path: &str, kind: Kind) -> Kind {
        match (self, kind) {
            (Self::Windows, Kind::File | Kind::Executable) => {
                if path.to_lowercase().ends_with(".exe") {
                    Kind::Executable
                } else {
                    Kind::File
                }
            }
            (Self::Windows | Self::Unix, kind) => kind,
        }
    }

    /// Whether a file in a folder is a program, and not part of one.
    fn is_program(self, host: &dyn Host, path: &str) -> bool {
        match self {
            Self::Unix => !is_library(path) && host.look(path).is_ok_and(|found| found.kind == Kind::Executable),
            Self::Windows => self.kind(path, Kind::File) == Kind::Executable && !is_installer(path),
        }
    }
}

/// A place to look at, and whose it is.
struct Place {
    path: String,
    scope: Option<Scope>,
}

impl Collector for InstallFolders {
    fn name(&self) -> &'static str {
        self.name
    }

    fn looks_at(&self) -> &'static str {
        "known files and folders of products"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Files]
    }

    fn needs(&self) -> Needs {
        self.needs
    }

    fn collect(&self, host: &dyn Host, request: &Request<'_>) -> Collected {
        let mut gathering = begin(host);
        let mut elsewhere = Elsewhere::default();
        let mut seen = BTreeSet::new();
        for place in self.places(host, request, &mut gathering) {
            for path in expanded_as(host, self.ways, &place.path, &mut gathering, &mut elsewhere) {
                if !seen.insert(path.clone()) {
                    continue;
                }
                match host.look(&path) {
                    Ok(found) => {
                        gathering.has_read();
                        let kind = self.ways.kind(&path, found.kind);
                        let found = observation(host, self.ways, &path, kind, &mut gathering);
                        let scope = place.scope.clone().or_else(|| owner(&path));
                        gathering.observations.push(Observation { scope, ..found });
                    }
                    // To know that it is not there is to have looked.
                    Err(HostError::NotFound { .. }) => gathering.has_read(),
                    Err(error) => elsewhere.failed(&error, &mut gathering),
                }
            }
        }
        elsewhere.account(&mut gathering);
        gathering.finish()
    }
}

impl InstallFolders {
    /// The places that the probes name on this family of systems, each once.
    fn places(&self, host: &dyn Host, request: &Request<'_>, gathering: &mut Gathering) -> Vec<Place> {
        let probes = request.probes.paths.iter().filter(|probe| self.ways.knows(probe));
        match self.ways {
            Ways::Unix => unix_places(host, &probes.collect::<Vec<_>>(), gathering),
            Ways::Windows => {
                let probes: Vec<&str> = probes.map(String::as_str).collect();
                windows_places(host, &probes, gathering)
            }
        }
    }
}

/// The places of other systems: `~` stands for each user's home.
fn unix_places(host: &dyn Host, probes: &[&String], gathering: &mut Gathering) -> Vec<Place> {
    let of_users: Vec<&str> = probes.iter().filter_map(|probe| probe.strip_prefix(HOME)).collect();
    let homes = if of_users.is_empty() { Vec::new() } else { homes(host, gathering) };
    let in_homes = homes
        .iter()
        .flat_map(|home| of_users.iter().map(|below| Place { path: home.below(below), scope: Some(home.scope()) }));
    let others = probes.iter().filter(|probe| !probe.starts_with(HOME));
    others.map(|probe| Place { path: (*probe).clone(), scope: None }).chain(in_homes).collect()
}

/// The user in whose home a path of any system but Windows lies, by the usual folders for homes.
fn owner(path: &str) -> Option<Scope> {
    let below = ["/Users/", "/home/"].iter().find_map(|homes| path.strip_prefix(homes))?;
    let (name, _) = below.split_once('/')?;
    (!name.is_empty() && name != "Shared").then(|| Scope::User(name.to_owned()))
}

/// The places of Windows with what placeholders stand for: folders of the system, and of each user.
fn windows_places(host: &dyn Host, probes: &[&str], gathering: &mut Gathering) -> Vec<Place> {
    let machine = Environment::of(host.registry());
    let users: Vec<(Environment, Scope)> =
        homes(host, gathering).iter().map(|home| (machine.of_profile(&home.path), home.scope())).collect();
    let mut places: Vec<Place> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut push = |path: String, scope: Option<Scope>| {
        if path.get(1..2) == Some(":") && seen.insert(path.to_lowercase()) {
            places.push(Place { path, scope });
        }
    };
    for probe in probes {
        if Environment::names_a_profile(probe) {
            for (environment, scope) in &users {
                push(environment.expand(probe), Some(scope.clone()));
            }
            continue;
        }
        push(machine.expand(probe), None);
        // Where programs of 32 bits went that say `%ProgramFiles%`.
        if let Some((_, rest)) = probe
            .split_at_checked("%ProgramFiles%".len())
            .filter(|(start, _)| start.eq_ignore_ascii_case("%ProgramFiles%"))
        {
            push(machine.expand(&format!("%ProgramFiles(x86)%{rest}")), None);
        }
    }
    places
}

/// Places that are no part of what can be looked at: counted, since they may be all of them.
#[derive(Default)]
struct Elsewhere {
    count: usize,
    example: Option<String>,
}

impl Elsewhere {
    fn failed(&mut self, error: &HostError, gathering: &mut Gathering) {
        if let HostError::NotAtHand { .. } = error {
            self.count += 1;
            self.example.get_or_insert_with(|| error.with_cause());
        } else {
            gathering.failed(error);
        }
    }

    fn account(self, gathering: &mut Gathering) {
        if let Some(example) = self.example {
            let what = match self.count {
                1 => example,
                count => format!("{count} known places cannot be looked at, such as this: {example}"),
            };
            gathering.shortfall(Cause::NotAllowed, what);
        }
    }
}

fn observation(host: &dyn Host, ways: Ways, path: &str, kind: Kind, gathering: &mut Gathering) -> Observation {
    let mut observation = Observation::new(ObservationSource::Files);
    let word = match kind {
        Kind::Folder => "folder",
        Kind::Executable => "executable",
        Kind::File | Kind::Special => "file",
    };
    if kind == Kind::Folder
        && let Some(executable) = executable_below(host, ways, path, gathering)
    {
        observation.raw.insert(raw_key::EXECUTABLE_BELOW.to_owned(), executable);
    }
    observation.path = Some(path.to_owned());
    observation.raw.insert(raw_key::KIND.to_owned(), word.to_owned());
    observation
}

/// A program below a folder, one near the top before one further down. Links are not followed.
fn executable_below(host: &dyn Host, ways: Ways, folder: &str, gathering: &mut Gathering) -> Option<String> {
    let mut left = MOST_ENTRIES_WALKED;
    let mut unreadable = None;
    let mut ahead = VecDeque::from([(folder.to_owned(), 1)]);
    while let Some((folder, depth)) = ahead.pop_front() {
        let entries = match host.list(&folder, MOST_ENTRIES) {
            Ok(entries) => entries,
            Err(error) => {
                unreadable.get_or_insert(error);
                continue;
            }
        };
        for entry in entries {
            if left == 0 {
                break;
            }
            left -= 1;
            let path = format!("{folder}{}{}", ways.separator(), entry.name);
            match entry.kind {
                EntryKind::Folder if depth < DEEPEST => ahead.push_back((path, depth + 1)),
                EntryKind::File if ways.is_program(host, &path) => return Some(path),
                EntryKind::Folder | EntryKind::File | EntryKind::Link | EntryKind::Special => {}
            }
        }
        if left == 0 {
            break;
        }
    }
    // Only when no program was found does it matter what was left out.
    if let Some(error) = unreadable {
        gathering.failed(&error);
    }
    if left == 0 {
        let message =
            format!("{folder}: no program among the first {MOST_ENTRIES_WALKED} entries; the rest was not looked at");
        gathering.shortfall(Cause::Broken, message.as_str());
        gathering.diagnostics.push(Diagnostic::warning(INCOMPLETE, message).at(Location::file(folder)));
    }
    None
}

/// The paths of Linux or macOS that a pattern stands for: itself, unless it has a `*`.
pub(crate) fn expanded(host: &dyn Host, pattern: &str, gathering: &mut Gathering) -> Vec<String> {
    let mut elsewhere = Elsewhere::default();
    let paths = expanded_as(host, Ways::Unix, pattern, gathering, &mut elsewhere);
    elsewhere.account(gathering);
    paths
}

/// The paths a probe stands for: itself, unless it has a `*`.
fn expanded_as(
    host: &dyn Host,
    ways: Ways,
    probe: &str,
    gathering: &mut Gathering,
    elsewhere: &mut Elsewhere,
) -> Vec<String> {
    if !probe.contains('*') {
        return vec![probe.to_owned()];
    }
    // A drive stands at the begin as it is; on other systems everything stands below `/`.
    let (mut paths, parts) = match (ways, probe.split_once(ways.separator())) {
        (Ways::Windows, Some((drive, rest))) => (vec![drive.to_owned()], rest),
        (Ways::Windows | Ways::Unix, _) => (vec![String::new()], probe),
    };
    let separator = ways.separator();
    for part in parts.split(separator).filter(|part| !part.is_empty()) {
        let mut longer = Vec::new();
        for path in &paths {
            if part.contains('*') {
                // A drive by itself is no folder.
                let folder = if path.len() <= 2 { format!("{path}{separator}") } else { path.clone() };
                let listed = match host.list(&folder, MOST_ENTRIES) {
                    Ok(listed) => listed,
                    Err(HostError::NotFound { .. }) => {
                        gathering.has_read();
                        Vec::new()
                    }
                    Err(error) => {
                        elsewhere.failed(&error, gathering);
                        Vec::new()
                    }
                };
                let names = listed.into_iter().filter(|entry| ways.matches(part, &entry.name));
                longer.extend(names.map(|entry| format!("{path}{separator}{}", entry.name)));
            } else {
                longer.push(format!("{path}{separator}{part}"));
            }
        }
        if longer.len() > MOST_EXPANDED {
            longer.truncate(MOST_EXPANDED);
            gathering.shortfall(
                Cause::Broken,
                format!("{probe} stands for more than the {MOST_EXPANDED} paths that are looked at"),
            );
        }
        paths = longer;
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, probes, rows, windows_fixture};
    use interdict_model::CollectorStatus;

    fn collect(host: &FixtureHost, paths: &[&str]) -> Collected {
        InstallFolders::LINUX.collect(host, &Request::of(&probes(|probes| &mut probes.paths, paths)))
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            format!(
                "{} {} {}",
                one.path.as_deref().unwrap_or("-"),
                one.raw(raw_key::KIND).unwrap_or("-"),
                one.raw(raw_key::EXECUTABLE_BELOW).unwrap_or("-")
            )
        })
    }

    #[test]
    fn what_exists_is_said_with_its_kind() {
        let host = fixture("linux/install-folders", "left-over");
        let collected = collect(
            &host,
            &[
                "/opt/kaspersky/kesl",
                "/opt/agent",
                "/etc/opt/kesl.conf",
                "/opt/agent/bin/agent",
                "/opt/none",
                r"C:\Program Files\x",
            ],
        );
        assert_eq!(
            found(&collected),
            [
                "/etc/opt/kesl.conf file -",
                "/opt/agent folder /opt/agent/bin/agent",
                "/opt/agent/bin/agent executable -",
                "/opt/kaspersky/kesl folder -",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete);
    }

    #[test]
    fn libraries_and_what_lies_too_deep_are_no_programs() {
        let host = FixtureHost::new().executable("/opt/a/lib/liba.so.1").executable("/opt/a/1/2/3/4/deep");
        assert_eq!(found(&collect(&host, &["/opt/a"])), ["/opt/a folder -"]);
        let host = host.executable("/opt/a/1/2/3/run");
        assert_eq!(found(&collect(&host, &["/opt/a"])), ["/opt/a folder /opt/a/1/2/3/run"]);
    }

    #[test]
    fn a_folder_too_full_to_search_is_said() {
        let full = (0..=MOST_ENTRIES_WALKED)
            .fold(FixtureHost::new(), |host, number| host.file(&format!("/opt/a/{number}"), ""));
        let collected = collect(&full, &["/opt/a"]);
        assert_eq!((found(&collected).len(), collected.status), (1, CollectorStatus::Partial));
        assert!(
            collected
                .reason
                .is_some_and(|reason| reason.starts_with("/opt/a: no program among the first 2000 entries"))
        );
    }

    #[test]
    fn an_unreadable_folder_is_kept_and_named() {
        let host = fixture("linux/install-folders", "left-over").unreadable("/opt/agent");
        let collected = collect(&host, &["/opt/agent", "/opt/none"]);
        assert_eq!(found(&collected), ["/opt/agent folder -"]);
        assert_eq!(collected.status, CollectorStatus::Partial);
        assert_eq!(collected.reason.as_deref(), Some("/opt/agent may not be read as uid 65534"));
        let hidden = collect(&fixture("linux/install-folders", "left-over").unreadable("/opt"), &["/opt/agent"]);
        assert_eq!(hidden.status, CollectorStatus::NotPossible);
    }

    #[test]
    fn a_star_stands_for_part_of_a_name() {
        let host = FixtureHost::new().folder("/home/ada/.agent").folder("/home/bob").folder("/opt/agent-12");
        assert_eq!(
            found(&collect(&host, &["/home/*/.agent", "/opt/agent-*", "/none/*/x"])),
            ["/home/ada/.agent folder -", "/opt/agent-12 folder -"]
        );
    }

    #[test]
    fn a_home_is_looked_at_for_each_user() {
        let host = FixtureHost::macos()
            .folder("/Users/ada/Library/Agent")
            .folder("/Users/bob/Library/Agent")
            .folder("/Users/Shared/Agent");
        let paths = ["~/Library/Agent", "/Users/*/Agent", "/Users/bob/Library/Agent"];
        let probes = probes(|probes| &mut probes.paths, &paths);
        let collected = InstallFolders::MACOS.collect(&host, &Request::of(&probes));
        let rows = rows(&collected, |one| {
            let scope = one.scope.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
            format!("{scope} {}", one.path.as_deref().unwrap_or("-"))
        });
        assert_eq!(
            rows,
            ["- /Users/Shared/Agent", "user:bob /Users/bob/Library/Agent", "user:ada /Users/ada/Library/Agent",]
        );
    }

    #[test]
    fn on_windows_placeholders_stand_for_folders_of_the_system_and_of_each_user() {
        let host = windows_fixture("windows/install-folders", "left-in-profiles");
        let probes = probes(
            |probes| &mut probes.paths,
            &[
                r"%ProgramFiles%\Vendor\Agent",
                r"%ProgramData%\Vendor*",
                r"%AppData%\Vendor\portable.exe",
                r"%UserProfile%\AppData\Local\Vendor",
                r"C:\Agent_*",
                r"%SystemRoot%\agent.sys",
                r"%Nowhere%\x",
                "/opt/agent",
            ],
        );
        let collected = InstallFolders::WINDOWS.collect(&host, &Request::of(&probes));
        let rows = rows(&collected, |one| {
            let raw = |key| one.raw(key).unwrap_or("-");
            let scope = one.scope.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
            let path = one.path.as_deref().unwrap_or("-");
            format!("{scope} {path} {} {}", raw(raw_key::KIND), raw(raw_key::EXECUTABLE_BELOW))
        });
        assert_eq!(
            rows,
            [
                r"user:bob C:\Users\bob\AppData\Roaming\Vendor\portable.exe executable -",
                r"- C:\ProgramData\VENDOR Ltd folder -",
                r"- C:\Program Files (x86)\Vendor\Agent folder C:\Program Files (x86)\Vendor\Agent\bin\agent.exe",
                r"- C:\Windows\agent.sys file -",
                r"user:ada C:\Users\ada\AppData\Local\Vendor folder -",
                r"- C:\Agent_2020 folder -",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete, "{:?}", collected.reason);
    }
}
