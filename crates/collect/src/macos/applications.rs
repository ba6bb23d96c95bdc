//! Applications: bundles in the folders for them, of the machine and of each user, and what lies in a Trash.
//!
//! Folders within folders are searched, bundles within bundles only where they are started or loaded by themselves: login
//! items, and extensions of Safari (which come as browser extensions). An application that was thrown away and not yet
//! deleted is a trace, not an installation. Below `Application Support`, where products keep helpers of their own, only
//! the machine's folder is searched. Applications anywhere else are not looked for; one that was only copied somewhere
//! is no installation, unless it runs. The publisher is taken from the copyright line only where nobody signed.

use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::any::MOST_ENTRIES;
use crate::any::expected;
use crate::any::homes::homes;
use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::{Entry, EntryKind, Host, Kind};
use crate::macos::bundle::Bundle;
use crate::macos::{MACOS_FILES, begin, has_ending};

/// The folders of the machine, with how deep they are searched.
const FOLDERS: &[(&str, usize)] =
    &[("/Applications", 5), ("/System/Applications", 3), ("/Library/Application Support", 5)];
/// The same of each user.
const USER_FOLDERS: &[(&str, usize)] = &[("Applications", 5)];
/// Where a user's thrown-away files lie.
const TRASH: &str = ".Trash";
/// How many folders are searched below one of them.
const MOST_FOLDERS: usize = 20_000;
/// What is said of an application that was thrown away; see [`raw_key::STATUS`].
const IN_TRASH: &str = "in the trash";

/// Reads applications.
pub(crate) struct Applications;

impl Collector for Applications {
    fn name(&self) -> &'static str {
        "macos/applications"
    }

    fn looks_at(&self) -> &'static str {
        "applications"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Apps, ObservationSource::BrowserExtensions]
    }

    fn needs(&self) -> Needs {
        MACOS_FILES
    }

    fn collect(&self, host: &dyn Host, request: &Request<'_>) -> Collected {
        let mut gathering = begin(host);
        for (path, scope, is_trash) in applications(host, request.cancelled, &mut gathering) {
            let bundle = Bundle::read(host, &path, &mut gathering);
            let mut observation = bundle.observation(host, ObservationSource::Apps, &scope, &mut gathering);
            if is_trash {
                observation.raw.insert(raw_key::STATUS.to_owned(), IN_TRASH.to_owned());
            }
            gathering.observations.push(observation);
            if !is_trash {
                login_items(host, &path, &scope, &mut gathering);
                safari_extensions(host, &path, &scope, &mut gathering);
            }
        }
        gathering.finish()
    }
}

/// Every application with whose it is and whether it lies in a Trash, in the order of the folders.
pub(super) fn applications(
    host: &dyn Host,
    cancelled: &dyn Fn() -> bool,
    gathering: &mut Gathering,
) -> Vec<(String, Scope, bool)> {
    let mut found = Vec::new();
    let mut search = Search { host, cancelled, found: Vec::new(), left: 0 };
    for (folder, depth) in FOLDERS {
        search.folder(folder, *depth, gathering);
        found.extend(search.found.drain(..).map(|path| (path, Scope::Machine, false)));
    }
    for home in homes(host, gathering) {
        for (folder, depth) in USER_FOLDERS {
            search.folder(&home.below(folder), *depth, gathering);
            found.extend(search.found.drain(..).map(|path| (path, home.scope(), false)));
        }
        search.folder(&home.below(TRASH), 1, gathering);
        found.extend(search.found.drain(..).map(|path| (path, home.scope(), true)));
    }
    found
}

/// A search for applications below a folder.
struct Search<'a> {
    host: &'a dyn Host,
    cancelled: &'a dyn Fn() -> bool,
    found: Vec<String>,
    left: usize,
}

impl Search<'_> {
    fn folder(&mut self, folder: &str, depth: usize, gathering: &mut Gathering) {
        self.left = MOST_FOLDERS;
        self.below(folder, depth, gathering);
        if self.left == 0 {
            let message = format!("{folder} has more than the {MOST_FOLDERS} folders that are searched");
            gathering.shortfall(Cause::Broken, message);
        }
    }

    fn below(&mut self, folder: &str, depth: usize, gathering: &mut Gathering) {
        if self.left == 0 || (self.cancelled)() {
            return;
        }
        self.left -= 1;
        let Some(entries) = gathering.ok(self.host.list(folder, MOST_ENTRIES)) else { return };
        gathering.has_read();
        for Entry { name, kind } in entries {
            let path = format!("{folder}/{name}");
            match kind {
                EntryKind::Folder if has_ending(&name, ".app") => self.found.push(path),
                // Applications of the system may be links into its own volume; a link to another folder is not followed.
                EntryKind::Link => {
                    let found = gathering.ok(self.host.look(&path));
                    if has_ending(&name, ".app") && found.is_some_and(|found| found.kind == Kind::Folder) {
                        self.found.push(path);
                    }
                }
                EntryKind::Folder if depth > 1 && !has_ending(&name, ".framework") => {
                    self.below(&path, depth - 1, gathering);
                }
                EntryKind::Folder | EntryKind::File | EntryKind::Special => {}
            }
        }
    }
}

/// The helpers within an application that the system starts at login.
fn login_items(host: &dyn Host, application: &str, scope: &Scope, gathering: &mut Gathering) {
    for path in inner(host, &format!("{application}/Contents/Library/LoginItems"), ".app", gathering) {
        let bundle = Bundle::read(host, &path, gathering);
        let observation = bundle.observation(host, ObservationSource::Apps, scope, gathering);
        gathering.observations.push(observation);
    }
}

/// The extensions of Safari within an application. Whether one is switched on stands in Safari's own settings, which
/// are not read.
fn safari_extensions(host: &dyn Host, application: &str, scope: &Scope, gathering: &mut Gathering) {
    for path in inner(host, &format!("{application}/Contents/PlugIns"), ".appex", gathering) {
        let bundle = Bundle::read(host, &path, gathering);
        let point = bundle.info.extension_point.as_deref().unwrap_or_default();
        if !point.starts_with("com.apple.Safari.") {
            continue;
        }
        let mut observation: Observation =
            bundle.observation(host, ObservationSource::BrowserExtensions, scope, gathering);
        observation.raw.insert(raw_key::BROWSER.to_owned(), "safari".to_owned());
        gathering.observations.push(observation);
    }
}

fn inner(host: &dyn Host, folder: &str, ending: &str, gathering: &mut Gathering) -> Vec<String> {
    let entries = gathering.ok(host.list(folder, MOST_ENTRIES)).unwrap_or_default();
    let bundles = entries.into_iter().filter(|entry| has_ending(&entry.name, ending)).collect();
    expected::folders(host, folder, bundles, gathering)
        .into_iter()
        .map(|entry| format!("{folder}/{}", entry.name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, rows};
    use interdict_model::{CollectorStatus, Probes};

    fn collect(host: &FixtureHost) -> Collected {
        Applications.collect(host, &Request::of(&Probes::default()))
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            let raw = |key| one.raw(key).unwrap_or("-");
            let scope = one.scope.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
            let program = one.raw(raw_key::EXECUTABLE).and_then(|path| path.rsplit('/').next());
            format!(
                "{} {} {} {scope} {}",
                one.identifier.as_deref().unwrap_or("-"),
                one.name.as_deref().unwrap_or("-"),
                program.unwrap_or(raw(raw_key::EXECUTABLE_EXISTS)),
                raw(raw_key::STATUS)
            )
        })
    }

    #[test]
    fn each_fixture_yields_what_it_is_named_for() {
        let table: [(&str, &[&str], CollectorStatus); 6] = [
            ("no-executable", &["com.example.agent Agent false machine -"], CollectorStatus::Complete),
            ("wrapped", &["com.example.phone Phone Inner machine -"], CollectorStatus::Complete),
            (
                "of-users",
                &["com.example.agent Agent Agent user:ada -", "com.example.agent Agent Agent user:bob in the trash"],
                CollectorStatus::Complete,
            ),
            (
                "nested",
                &[
                    "com.example.suite Suite Suite machine -",
                    "com.example.suite.helper Helper Helper machine -",
                    "com.example.suite.safari Suite for Safari Safari machine -",
                ],
                CollectorStatus::Complete,
            ),
            ("truncated", &["com.example.agent Agent Agent machine -"], CollectorStatus::Partial),
            ("no-info", &["- Bare Bare machine -", "- Empty false machine -"], CollectorStatus::Complete),
        ];
        for (name, expected, status) in table {
            let collected = collect(&fixture("macos/applications", name));
            assert_eq!(found(&collected), expected, "{name}");
            assert_eq!(collected.status, status, "{name}: {:?}", collected.reason);
        }
    }

    #[test]
    fn an_extension_of_safari_belongs_to_the_browser() {
        let collected = collect(&fixture("macos/applications", "nested"));
        let suite = &collected.observations[0];
        assert_eq!((suite.name.as_deref(), suite.display_name.as_deref()), (Some("Suite"), Some("The Suite")));
        let extension = &collected.observations[2];
        assert_eq!(extension.source, ObservationSource::BrowserExtensions);
        assert_eq!(extension.raw(raw_key::BROWSER), Some("safari"));
    }

    #[test]
    fn the_publisher_is_the_holder_only_where_nobody_signed() {
        let collected = collect(&fixture("macos/whole-system", "kaspersky"));
        assert_eq!(collected.observations[0].publisher.as_deref(), Some("AO Kaspersky Lab"));
        assert_eq!(collected.observations[0].signer, None);
    }

    #[test]
    fn what_may_not_be_read_is_said_and_the_application_kept() {
        let host = fixture("macos/applications", "of-users")
            .unreadable("/Users/bob/.Trash")
            .unreadable("/Users/ada/Applications/Tools/Agent.app/Contents/Info.plist");
        let collected = collect(&host);
        assert_eq!(found(&collected), ["- Agent - user:ada -"]);
        assert_eq!(collected.status, CollectorStatus::Partial);
        let reason = collected.reason.expect("partial");
        assert!(reason.contains("/Users/bob/.Trash may not be read"), "{reason}");
    }

    #[test]
    fn a_disk_without_its_data_is_not_clean() {
        let system = FixtureHost::macos().file(crate::macos::SYSTEM_VOLUME, "").folder("/System/Applications/Mail.app");
        let collected = collect(&system);
        assert_eq!(collected.status, CollectorStatus::Partial);
        assert!(collected.reason.is_some_and(|reason| reason.contains("data volume")));
        assert_eq!(collect(&system.folder("/private/var/db")).status, CollectorStatus::Complete);
    }

    #[test]
    fn a_scan_that_is_cancelled_stops() {
        let probes = Probes::default();
        let request = Request { cancelled: &|| true, ..Request::of(&probes) };
        let collected = Applications.collect(&fixture("macos/applications", "nested"), &request);
        assert_eq!(collected.observations.len(), 0);
    }
}
