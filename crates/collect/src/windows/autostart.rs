//! What Windows starts when somebody logs in: the `Run` keys of the machine and of every user, and their startup folders.
//!
//! They are tasks that run at login. Whether one was switched off stands apart from it, in a value whose first byte says so
//! (<https://learn.microsoft.com/windows/win32/setupapi/run-and-runonce-registry-keys> names the keys; that odd first bytes
//! mean off is observed, not documented). Of links in startup folders only the names are read, not where they lead.

use interdict_formats::registry::RegistryData;
use interdict_formats::scheduled_task::TaskCommand;
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::any::MOST_ENTRIES;
use crate::any::expected::leads_to_file;
use crate::any::homes::homes;
use crate::collector::{Collected, Collector, Gathering, Needs, Request};
use crate::host::{Host, HostError};
use crate::registry::{Registry, Values, same};
use crate::windows::existence::Files;
use crate::windows::scheduled_tasks::started;
use crate::windows::{Environment, WINDOWS_FILES, user_key, users, values, without_registry};

/// Below `Software`, or its half for 32-bit programs: the keys, and where it stands which of them are switched off.
const KEYS: &[(&str, &str)] = &[
    (r"Microsoft\Windows\CurrentVersion\Run", r"Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"),
    (
        r"WOW6432Node\Microsoft\Windows\CurrentVersion\Run",
        r"Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run32",
    ),
    (r"Microsoft\Windows\CurrentVersion\RunOnce", ""),
    (r"WOW6432Node\Microsoft\Windows\CurrentVersion\RunOnce", ""),
    (r"Microsoft\Windows\CurrentVersion\Policies\Explorer\Run", ""),
];
const STARTUP: &str = r"Microsoft\Windows\Start Menu\Programs\Startup";
/// When they run.
const WHEN: &str = "login";

/// Reads what starts at login.
pub(crate) struct Autostart;

impl Collector for Autostart {
    fn name(&self) -> &'static str {
        "windows/autostart"
    }

    fn looks_at(&self) -> &'static str {
        "programs started at login"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::ScheduledTasks]
    }

    fn needs(&self) -> Needs {
        WINDOWS_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let Some(registry) = host.registry() else { return without_registry() };
        let mut gathering = Gathering::default();
        let mut reading = Reading { registry, files: Files::of(host), gathering: &mut gathering };
        let machine = Environment::of(Some(registry));
        for (key, approved) in KEYS {
            let below = |key: &str| format!(r"HKLM\SOFTWARE\{key}");
            reading.key(&below(key), &below(approved), &machine, &Scope::Machine);
        }
        for user in users(registry, reading.gathering) {
            let environment = user.profile.as_deref().map_or_else(|| machine.clone(), |path| machine.of_profile(path));
            for (key, approved) in KEYS {
                let below = |key: &str| user_key(&user, &format!(r"Software\{key}"));
                reading.key(&below(key), &below(approved), &environment, &Scope::User(user.name.clone()));
            }
        }
        reading.folder(host, &machine.expand(&format!(r"%ProgramData%\{STARTUP}")), &Scope::Machine);
        for home in homes(host, reading.gathering) {
            reading.folder(host, &home.below(&format!(r"AppData\Roaming\{STARTUP}")), &home.scope());
        }
        reading.files.account("programs started at login", &mut gathering);
        gathering.finish()
    }
}

struct Reading<'r, 'h> {
    registry: &'h dyn Registry,
    files: Files<'h>,
    gathering: &'r mut Gathering,
}

impl Reading<'_, '_> {
    /// The values of a key, each a command line.
    fn key(&mut self, key: &str, approved: &str, environment: &Environment, scope: &Scope) {
        let Some(entries) = values(self.registry, key, self.gathering) else { return };
        let approved = values(self.registry, approved, self.gathering).unwrap_or_default();
        for entry in entries.0 {
            // What the default value holds is started by nobody.
            let Some(command) = entry.data.text().filter(|_| !entry.name.is_empty()) else { continue };
            let mut observation = named(&entry.name, scope);
            observation.identifier = Some(key.to_owned());
            let (existence, path) = started(&split(command), environment, &mut self.files);
            observation.path = path;
            let raw = &mut observation.raw;
            raw.insert(raw_key::ENABLED.to_owned(), (!is_off(&approved, &entry.name)).to_string());
            if let Some(exists) = existence.known() {
                raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), exists.to_string());
            }
            self.gathering.observations.push(observation);
        }
    }

    /// The links and programs of a startup folder.
    fn folder(&mut self, host: &dyn Host, folder: &str, scope: &Scope) {
        let entries = match host.list(folder, MOST_ENTRIES) {
            Ok(entries) => entries,
            Err(HostError::NotFound { .. }) => return,
            Err(error) => return self.gathering.failed(&error),
        };
        for entry in entries {
            let (stem, ending) = entry.name.rsplit_once('.').unwrap_or((&entry.name, ""));
            if ending.eq_ignore_ascii_case("ini") {
                continue;
            }
            let path = format!(r"{folder}\{}", entry.name);
            if !leads_to_file(host, &entry, &path, self.gathering) {
                continue;
            }
            let mut observation = named(stem, scope);
            observation.identifier = Some(path.clone());
            if ending.eq_ignore_ascii_case("exe") {
                observation.path = Some(path);
                observation.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), true.to_string());
                observation.raw.insert(raw_key::ENABLED.to_owned(), true.to_string());
            }
            self.gathering.observations.push(observation);
        }
    }
}

fn named(name: &str, scope: &Scope) -> Observation {
    let mut observation = Observation::new(ObservationSource::ScheduledTasks);
    observation.name = Some(name.to_owned());
    observation.scope = Some(scope.clone());
    observation.raw.insert(raw_key::ENABLED_BY.to_owned(), WHEN.to_owned());
    observation
}

/// A command line whole, and what stands behind its first word, for programs that run others.
fn split(command: &str) -> TaskCommand {
    let rest = command.split_once(' ').map(|(_, rest)| rest.to_owned());
    TaskCommand { program: command.to_owned(), arguments: rest }
}

/// Whether somebody switched it off.
fn is_off(approved: &Values, name: &str) -> bool {
    let value = approved.0.iter().find(|value| same(&value.name, name)).map(|value| &value.data);
    matches!(value, Some(RegistryData::Binary { bytes, .. }) if bytes.first().is_some_and(|first| first % 2 == 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{rows, windows_fixture};
    use interdict_model::{CollectorStatus, Probes};

    #[test]
    fn run_keys_and_startup_folders_of_the_machine_and_of_users_are_read() {
        let collected = Autostart
            .collect(&windows_fixture("windows/autostart", "one-switched-off"), &Request::of(&Probes::default()));
        let rows = rows(&collected, |one| {
            let raw = |key| one.raw(key).unwrap_or("-");
            format!(
                "{} {} {} on:{} there:{}",
                one.scope.as_ref().map(ToString::to_string).unwrap_or_default(),
                one.name.as_deref().unwrap_or("-"),
                one.path.as_deref().unwrap_or("-"),
                raw(raw_key::ENABLED),
                raw(raw_key::EXECUTABLE_EXISTS)
            )
        });
        assert_eq!(
            rows,
            [
                r"machine Agent C:\Program Files\Vendor\tray.exe on:true there:true",
                r"machine Library C:\Program Files\Vendor\gone.dll on:true there:false",
                r"machine Old C:\Program Files (x86)\Old\old.exe on:false there:false",
                r"user:ada Messenger C:\Users\ada\AppData\Roaming\Messenger\m.exe on:true there:true",
                "machine Vendor tools - on:- there:-",
                r"user:ada portable C:\Users\ada\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup\portable.exe on:true there:true",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete, "{:?}", collected.reason);
    }
}
