//! What Homebrew installed: formulas in its Cellar and casks in its Caskroom, on macOS and on Linux.
//!
//! Looked at are the usual prefixes and those in users' homes. A formula says where it comes from and when it was
//! installed in its receipt; a cask, what it is called and which apps it put where, in the definition that was kept.
//! Whether those apps, or programs of a formula, are there is checked for each. Prefixes elsewhere, taps and caches are
//! not read, and no Ruby is run.

use interdict_formats::homebrew::{self, Cask, Receipt};
use interdict_model::{Observation, ObservationSource, OsFamily, Scope, raw_key};

use crate::any::expected;
use crate::any::homes::homes;
use crate::any::{MOST_ENTRIES, SMALL_FILE};
use crate::collector::{Collected, Collector, Gathering, Needs, Request};
use crate::host::{Entry, Host, HostError, Kind};
use crate::linux::LINUX_FILES;
use crate::macos::{self, MACOS_FILES};

/// Homebrew's name for a receipt.
const RECEIPT: &str = "INSTALL_RECEIPT.json";
/// How large a definition or receipt may be: receipts list all dependencies.
const LARGEST_FILE: u64 = 8 << 20;
/// Where programs of a formula lie, below it.
const PROGRAMS: [&str; 2] = ["bin", "sbin"];

/// Reads what Homebrew installed, on one family of systems.
pub(crate) struct Homebrew {
    name: &'static str,
    needs: Needs,
    /// The prefixes of the whole system.
    prefixes: &'static [&'static str],
    /// Those below a user's home.
    of_user: &'static [&'static str],
}

impl Homebrew {
    /// On Linux.
    pub(crate) const LINUX: Self = Self {
        name: "linux/homebrew",
        needs: LINUX_FILES,
        prefixes: &["/home/linuxbrew/.linuxbrew"],
        of_user: &[".linuxbrew"],
    };
    /// On macOS.
    pub(crate) const MACOS: Self = Self {
        name: "macos/homebrew",
        needs: MACOS_FILES,
        prefixes: &["/opt/homebrew", "/usr/local"],
        of_user: &["homebrew", ".homebrew"],
    };
}

impl Collector for Homebrew {
    fn name(&self) -> &'static str {
        self.name
    }

    fn looks_at(&self) -> &'static str {
        "Homebrew's formulas and casks"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Homebrew]
    }

    fn needs(&self) -> Needs {
        self.needs
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let mut gathering =
            if host.os_family() == Some(OsFamily::Macos) { macos::begin(host) } else { Gathering::default() };
        let mut prefixes: Vec<(String, Scope)> =
            self.prefixes.iter().map(|prefix| ((*prefix).to_owned(), Scope::Machine)).collect();
        for home in homes(host, &mut gathering) {
            prefixes.extend(self.of_user.iter().map(|below| (home.below(below), home.scope())));
        }
        let mut seen = Vec::new();
        for (prefix, scope) in prefixes {
            let Some(place) = gathering.ok(host.canonical(&prefix)) else { continue };
            if !seen.contains(&place) {
                Prefix { host, path: &prefix, scope: &scope }.read(&mut gathering);
                seen.push(place);
            }
        }
        gathering.finish()
    }
}

/// One place that Homebrew installs to.
struct Prefix<'p> {
    host: &'p dyn Host,
    path: &'p str,
    scope: &'p Scope,
}

impl Prefix<'_> {
    fn read(&self, gathering: &mut Gathering) {
        let cellar = format!("{}/Cellar", self.path);
        for formula in folders(self.host, &cellar, gathering) {
            let folder = format!("{cellar}/{}", formula.name);
            for version in folders(self.host, &folder, gathering) {
                let keg = format!("{folder}/{}", version.name);
                self.formula(&formula.name, &version.name, &keg, gathering);
            }
        }
        let caskroom = format!("{}/Caskroom", self.path);
        for cask in folders(self.host, &caskroom, gathering) {
            self.cask(&cask.name, &format!("{caskroom}/{}", cask.name), gathering);
        }
    }

    /// One version of a formula.
    fn formula(&self, name: &str, version: &str, keg: &str, gathering: &mut Gathering) {
        let path = format!("{keg}/{RECEIPT}");
        let receipt = self.receipt(&path, gathering);
        let mut observation = self.observation("formula", name, version, receipt.tap.as_deref());
        observation.install_date = receipt.installed;
        observation.arch = receipt.arch;
        observation.path = Some(path);
        observation.install_location = Some(keg.to_owned());
        let program = PROGRAMS.iter().find_map(|folder| self.program_in(&format!("{keg}/{folder}"), gathering));
        observation.raw.extend(program.map(|program| (raw_key::EXECUTABLE.to_owned(), program)));
        gathering.observations.push(observation);
    }

    /// A cask, in each version of which there is a folder or a definition.
    fn cask(&self, token: &str, folder: &str, gathering: &mut Gathering) {
        let metadata = format!("{folder}/.metadata");
        let receipt = self.receipt(&format!("{metadata}/{RECEIPT}"), gathering);
        let configuration = gathering.ok(self.host.read(&format!("{metadata}/config.json"), SMALL_FILE));
        let app_folder = configuration.as_deref().and_then(homebrew::parse_app_folder);
        let mut versions = folders(self.host, &metadata, gathering);
        versions.extend(folders(self.host, folder, gathering).into_iter().filter(|entry| entry.name != ".metadata"));
        versions.sort_unstable();
        versions.dedup();
        for version in versions {
            let (cask, path, instant) = self.definition(token, &format!("{metadata}/{}", version.name), gathering);
            let tap = receipt.tap.as_deref().or(cask.tap.as_deref());
            let mut observation = self.observation("cask", token, &version.name, tap);
            observation.display_name = cask.name;
            observation.install_date = receipt.installed.clone().or(instant);
            observation.install_location = Some(format!("{folder}/{}", version.name));
            observation.path = path.or_else(|| Some(folder.to_owned()));
            if let Some(app_folder) = app_folder.as_deref().filter(|_| !cask.apps.is_empty()) {
                self.check(app_folder, &cask.apps, &mut observation, gathering);
            }
            gathering.observations.push(observation);
        }
    }

    fn observation(&self, kind: &str, name: &str, version: &str, tap: Option<&str>) -> Observation {
        let mut observation = Observation::new(ObservationSource::Homebrew);
        observation.name = Some(name.to_owned());
        // What has no versions of its own is always the latest.
        observation.version = Some(version).filter(|version| *version != "latest").map(str::to_owned);
        observation.identifier = tap.map(|tap| format!("{tap}/{name}"));
        observation.scope = Some(self.scope.clone());
        observation.raw.insert(raw_key::KIND.to_owned(), kind.to_owned());
        observation
    }

    fn receipt(&self, path: &str, gathering: &mut Gathering) -> Receipt {
        let Some(bytes) = gathering.ok(self.host.read(path, LARGEST_FILE)) else { return Receipt::default() };
        let (receipt, diagnostics) = homebrew::parse_receipt(&bytes, path);
        gathering.diagnostics.extend(diagnostics);
        receipt
    }

    /// The latest definition of a version of a cask that was kept, where it lies, and when it was put there.
    fn definition(
        &self,
        token: &str,
        folder: &str,
        gathering: &mut Gathering,
    ) -> (Cask, Option<String>, Option<String>) {
        let Some(latest) = folders(self.host, folder, gathering).pop() else { return Default::default() };
        let instant = homebrew::parse_folder_instant(&latest.name);
        for ending in ["json", "rb"] {
            let path = format!("{folder}/{}/Casks/{token}.{ending}", latest.name);
            let Some(bytes) = gathering.ok(self.host.read(&path, LARGEST_FILE)) else { continue };
            let cask = if ending == "json" {
                let (cask, diagnostics) = homebrew::parse_cask_json(&bytes, &path);
                gathering.diagnostics.extend(diagnostics);
                cask
            } else {
                homebrew::parse_cask_ruby(&bytes)
            };
            return (cask, Some(path), instant);
        }
        (Cask::default(), None, instant)
    }

    /// Looks whether the apps of a cask are there, and for the program of one.
    fn check(&self, folder: &str, apps: &[String], observation: &mut Observation, gathering: &mut Gathering) {
        let (mut present, mut hidden) = (0, false);
        for app in apps {
            let path = if app.starts_with('/') { app.clone() } else { format!("{folder}/{app}") };
            match self.host.look(&path) {
                Ok(_) => {
                    present += 1;
                    if observation.raw(raw_key::EXECUTABLE).is_none()
                        && let Some(program) = self.program_in(&format!("{path}/Contents/MacOS"), gathering)
                    {
                        observation.raw.insert(raw_key::EXECUTABLE.to_owned(), program);
                    }
                }
                Err(HostError::NotFound { .. }) => {}
                Err(error) => {
                    hidden = true;
                    gathering.failed(&error);
                }
            }
        }
        // What cannot be seen is not gone: without numbers the apps count as not looked at.
        if !hidden {
            observation.raw.insert(raw_key::FILES_LISTED.to_owned(), apps.len().to_string());
            observation.raw.insert(raw_key::FILES_PRESENT.to_owned(), present.to_string());
        }
    }

    /// The first program in a folder.
    fn program_in(&self, folder: &str, gathering: &mut Gathering) -> Option<String> {
        let entries = gathering.ok(self.host.list(folder, MOST_ENTRIES)).unwrap_or_default();
        let paths = entries.iter().map(|entry| format!("{folder}/{}", entry.name));
        let mut is_program =
            |path: &String| gathering.ok(self.host.look(path)).is_some_and(|found| found.kind == Kind::Executable);
        paths.into_iter().find(|path| is_program(path))
    }
}

fn folders(host: &dyn Host, folder: &str, gathering: &mut Gathering) -> Vec<Entry> {
    let Some(entries) = gathering.ok(host.list(folder, MOST_ENTRIES)) else { return Vec::new() };
    gathering.has_read();
    expected::folders(host, folder, entries, gathering)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, rows};
    use interdict_model::{CollectorStatus, Probes};

    fn collect(collector: &Homebrew, host: &FixtureHost) -> Collected {
        collector.collect(host, &Request::of(&Probes::default()))
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            let of = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
            let raw = |key| one.raw(key).unwrap_or("-").to_owned();
            let scope = one.scope.as_ref().map(ToString::to_string).unwrap_or_default();
            [of(&one.identifier), of(&one.version), of(&one.install_date), scope, raw(raw_key::EXECUTABLE)].join("|")
        })
    }

    #[test]
    fn formulas_are_read_from_the_systems_and_the_users_prefix() {
        let collected = collect(&Homebrew::LINUX, &fixture("linux/homebrew", "two-prefixes"));
        let expected = [
            "homebrew/core/agent|1.2_1|2024-01-31T12:00:00Z|machine|/home/linuxbrew/.linuxbrew/Cellar/agent/1.2_1/bin/agent",
            "-|3.4|-|machine|-",
            "vendor/tap/agent|2.0|2024-02-01T12:00:00Z|user:ada|-",
        ];
        assert_eq!(found(&collected), expected);
        assert_eq!((collected.status, collected.reason), (CollectorStatus::Complete, None));
        let one = &collected.observations[0];
        assert_eq!((one.name.as_deref(), one.arch.as_deref()), (Some("agent"), Some("x86_64")));
        assert_eq!(one.raw(raw_key::KIND), Some("formula"));
        assert_eq!(one.install_location.as_deref(), Some("/home/linuxbrew/.linuxbrew/Cellar/agent/1.2_1"));
    }

    fn cask(metadata: &str) -> FixtureHost {
        let folder = "/opt/homebrew/Caskroom/agent";
        FixtureHost::macos()
            .folder(&format!("{folder}/1.2"))
            .file(&format!("{folder}/.metadata/config.json"), r#"{"default":{"appdir":"/Applications"},"explicit":{}}"#)
            .file(&format!("{folder}/.metadata/1.2/20240131120000.123/Casks/agent.json"), metadata)
            .file(
                &format!("{folder}/.metadata/1.2/20230131120000.123/Casks/agent.rb"),
                "cask \"agent\" do\n  name \"Old\"\nend\n",
            )
    }

    const METADATA: &str = r#"{"token":"agent","tap":"homebrew/cask","name":["The Agent"],"version":"1.2","artifacts":[{"app":["Agent.app"]}]}"#;

    #[test]
    fn a_cask_says_what_it_is_and_whether_its_app_is_there() {
        let host = cask(METADATA).executable("/Applications/Agent.app/Contents/MacOS/Agent");
        let collected = collect(&Homebrew::MACOS, &host);
        let program = "/Applications/Agent.app/Contents/MacOS/Agent";
        assert_eq!(found(&collected), [format!("homebrew/cask/agent|1.2|2024-01-31T12:00:00Z|machine|{program}")]);
        let one = &collected.observations[0];
        assert_eq!((one.display_name.as_deref(), one.raw(raw_key::KIND)), (Some("The Agent"), Some("cask")));
        assert_eq!((one.raw(raw_key::FILES_LISTED), one.raw(raw_key::FILES_PRESENT)), (Some("1"), Some("1")));
        assert_eq!((collected.status, collected.reason), (CollectorStatus::Complete, None));

        let gone = collect(&Homebrew::MACOS, &cask(METADATA));
        assert_eq!(gone.observations[0].raw(raw_key::FILES_PRESENT), Some("0"));
    }

    #[test]
    fn an_app_that_was_put_elsewhere_is_not_taken_for_gone() {
        let elsewhere = r#"{"default":{"appdir":"/Applications"},"explicit":{"appdir":"/Users/ada/Applications"}}"#;
        let folder = "/opt/homebrew/Caskroom/agent/.metadata/config.json";
        let host = cask(METADATA).file(folder, elsewhere).folder("/Users/ada/Applications/Agent.app");
        assert_eq!(collect(&Homebrew::MACOS, &host).observations[0].raw(raw_key::FILES_PRESENT), Some("1"));
        let unknown = collect(&Homebrew::MACOS, &cask(METADATA).file(folder, "{"));
        assert_eq!(unknown.observations[0].raw(raw_key::FILES_PRESENT), None);
    }

    #[test]
    fn a_damaged_definition_costs_only_itself() {
        let collected = collect(&Homebrew::MACOS, &cask("{\"name\":[\"The Agent\"],"));
        assert_eq!(found(&collected), ["-|1.2|2024-01-31T12:00:00Z|machine|-"]);
        assert_eq!(collected.observations[0].display_name.as_deref(), Some("The Agent"));
        assert_eq!(collected.diagnostics[0].code, "formats/homebrew-truncated");
        let without = FixtureHost::macos().folder("/usr/local/Caskroom/agent/latest");
        assert_eq!(found(&collect(&Homebrew::MACOS, &without)), ["-|-|-|machine|-"]);
    }

    #[test]
    fn what_may_not_be_read_is_not_taken_for_nothing() {
        assert_eq!(collect(&Homebrew::LINUX, &FixtureHost::new().folder("/etc")).status, CollectorStatus::Complete);
        let host = fixture("linux/homebrew", "two-prefixes");
        let hidden = collect(&Homebrew::LINUX, &host.unreadable("/home/linuxbrew/.linuxbrew/Cellar"));
        assert_eq!((hidden.status, hidden.observations.len()), (CollectorStatus::Partial, 1));
    }
}
