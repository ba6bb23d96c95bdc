//! Files and folders that the probes name: traces of software that no database may know of.
//!
//! Only named paths are looked at; the disk is not searched. Of a folder it is said whether a program is in it, found by
//! a walk that is bounded in depth and length. A `*` in a probe stands for any part of one name.

use std::collections::VecDeque;

use interdict_model::{Diagnostic, Location, Observation, ObservationSource, raw_key};

use crate::any::MOST_ENTRIES;
use crate::collector::{Cause, Collected, Collector, Gathering, INCOMPLETE, Needs, Request};
use crate::host::{EntryKind, Host, HostError, Kind};
use crate::linux::LINUX_FILES;
use crate::linux::package_files::is_library;
use crate::macos::MACOS_FILES;

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
}

impl InstallFolders {
    /// On Linux.
    pub(crate) const LINUX: Self = Self { name: "linux/install-folders", needs: LINUX_FILES };
    /// On macOS.
    pub(crate) const MACOS: Self = Self { name: "macos/install-folders", needs: MACOS_FILES };
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
        let probes = request.probes;
        let mut gathering = Gathering::default();
        for probe in probes.paths.iter().filter(|probe| probe.starts_with('/')) {
            for path in expanded(host, probe, &mut gathering) {
                match host.look(&path) {
                    Ok(found) => {
                        gathering.has_read();
                        let observation = observation(host, &path, found.kind, &mut gathering);
                        gathering.observations.push(observation);
                    }
                    // To know that it is not there is to have looked.
                    Err(HostError::NotFound { .. }) => gathering.has_read(),
                    Err(error) => gathering.failed(&error),
                }
            }
        }
        gathering.finish()
    }
}

fn observation(host: &dyn Host, path: &str, kind: Kind, gathering: &mut Gathering) -> Observation {
    let mut observation = Observation::new(ObservationSource::Files);
    let word = match kind {
        Kind::Folder => "folder",
        Kind::Executable => "executable",
        Kind::File | Kind::Special => "file",
    };
    if kind == Kind::Folder
        && let Some(executable) = executable_below(host, path, gathering)
    {
        observation.raw.insert(raw_key::EXECUTABLE_BELOW.to_owned(), executable);
    }
    observation.path = Some(path.to_owned());
    observation.raw.insert(raw_key::KIND.to_owned(), word.to_owned());
    observation
}

/// A program below a folder, one near the top before one further down. Links are not followed.
fn executable_below(host: &dyn Host, folder: &str, gathering: &mut Gathering) -> Option<String> {
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
            let path = format!("{folder}/{}", entry.name);
            match entry.kind {
                EntryKind::Folder if depth < DEEPEST => ahead.push_back((path, depth + 1)),
                EntryKind::File if !is_library(&path) => {
                    if host.look(&path).is_ok_and(|found| found.kind == Kind::Executable) {
                        return Some(path);
                    }
                }
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

/// The paths a probe stands for: itself, unless it has a `*`.
pub(crate) fn expanded(host: &dyn Host, probe: &str, gathering: &mut Gathering) -> Vec<String> {
    if !probe.contains('*') {
        return vec![probe.to_owned()];
    }
    let mut paths = vec![String::new()];
    for part in probe.split('/').filter(|part| !part.is_empty()) {
        let mut longer = Vec::new();
        for path in &paths {
            if part.contains('*') {
                let folder = if path.is_empty() { "/" } else { path };
                let listed = match host.list(folder, MOST_ENTRIES) {
                    Err(HostError::NotFound { .. }) => {
                        gathering.has_read();
                        Vec::new()
                    }
                    listed => gathering.ok(listed).unwrap_or_default(),
                };
                let names = listed.into_iter().filter(|entry| matches(part, &entry.name));
                longer.extend(names.map(|entry| format!("{path}/{}", entry.name)));
            } else {
                longer.push(format!("{path}/{part}"));
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

/// Whether a name fits a pattern in which `*` stands for anything.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let mut last = None;
    for part in parts {
        if let Some(middle) = last.replace(part) {
            let Some(at) = rest.find(middle) else { return false };
            rest = &rest[at + middle.len()..];
        }
    }
    last.map_or(rest.is_empty(), |last| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, probes, rows};
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
        for (pattern, name, expected) in [
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*b*c", "axbxc", true),
            ("a*b", "abc", false),
            ("*", "", true),
            ("aa*a", "aa", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
