//! What a desktop starts when somebody logs in: entries of all users and of each.
//!
//! They are tasks that run at login, which is what they are to whoever looks for what starts by itself. An entry of a user
//! may switch off that of all users of the same file name; both are told.

use interdict_formats::desktop_entry::parse_desktop_entry;
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::any::homes::homes;
use crate::collector::{Collected, Collector, Gathering, Needs, Request};
use crate::host::{EntryKind, Host};
use crate::linux::programs::note_program;
use crate::linux::{LINUX_FILES, MOST_ENTRIES, SMALL_FILE};

/// Entries for all users.
const FOLDERS: &[&str] = &["/etc/xdg/autostart", "/usr/local/etc/xdg/autostart"];
/// Entries of one user, below the home.
const HOME_FOLDER: &str = ".config/autostart";
/// When they run.
const WHEN: &str = "login";

/// Reads what starts at login.
pub(crate) struct Autostart;

impl Collector for Autostart {
    fn name(&self) -> &'static str {
        "linux/autostart"
    }

    fn looks_at(&self) -> &'static str {
        "programs started at login"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::ScheduledTasks]
    }

    fn needs(&self) -> Needs {
        LINUX_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let mut gathering = Gathering::default();
        for folder in FOLDERS {
            read_folder(host, folder, &Scope::Machine, &mut gathering);
        }
        for home in homes(host, &mut gathering) {
            read_folder(host, &home.below(HOME_FOLDER), &home.scope(), &mut gathering);
        }
        gathering.finish()
    }
}

fn read_folder(host: &dyn Host, folder: &str, scope: &Scope, gathering: &mut Gathering) {
    let Some(entries) = gathering.ok(host.list(folder, MOST_ENTRIES)) else { return };
    gathering.has_read();
    for entry in entries {
        let Some(stem) = entry.name.strip_suffix(".desktop").filter(|_| entry.kind != EntryKind::Folder) else {
            continue;
        };
        let path = format!("{folder}/{}", entry.name);
        let mut observation = Observation::new(ObservationSource::ScheduledTasks);
        observation.name = Some(stem.to_owned());
        observation.identifier = Some(path.clone());
        observation.scope = Some(scope.clone());
        observation.raw.insert(raw_key::ENABLED_BY.to_owned(), WHEN.to_owned());
        if let Some(bytes) = gathering.ok(host.read(&path, SMALL_FILE)) {
            let entry = parse_desktop_entry(&bytes);
            observation.display_name = entry.name;
            observation.raw.insert(raw_key::ENABLED.to_owned(), (!entry.hidden).to_string());
            if let Some(program) = entry.program {
                note_program(host, &program, &mut observation, gathering);
            }
        }
        gathering.observations.push(observation);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, rows};
    use interdict_model::{CollectorStatus, Probes};

    fn found(host: &FixtureHost) -> (Vec<String>, Collected) {
        let collected = Autostart.collect(host, &Request::of(&Probes::default()));
        let row = |one: &Observation| {
            let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
            let raw = |key| one.raw(key).unwrap_or("-").to_owned();
            let scope = one.scope.as_ref().map(ToString::to_string).unwrap_or_default();
            let (on, there) = (raw(raw_key::ENABLED), raw(raw_key::EXECUTABLE_EXISTS));
            format!(
                "{scope} {} ({}) {} on:{on} there:{there}",
                or_none(&one.name),
                or_none(&one.display_name),
                or_none(&one.path)
            )
        };
        (rows(&collected, row), collected)
    }

    #[test]
    fn entries_of_everybody_and_of_users_are_read() {
        let (found, collected) = found(&fixture("linux/autostart", "everybody-and-ada"));
        assert_eq!(
            found,
            [
                "machine agent (Endpoint agent) /opt/agent/tray on:true there:true",
                "user:ada agent (Endpoint agent) - on:false there:-",
                "user:ada chat (Chat) /home/ada/chat/run on:true there:false",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete, "{:?}", collected.reason);
    }

    #[test]
    fn an_entry_that_may_not_be_read_is_kept() {
        let host = fixture("linux/autostart", "everybody-and-ada").unreadable("/etc/xdg/autostart/agent.desktop");
        let (found, collected) = found(&host);
        assert_eq!(found[0], "machine agent (-) - on:- there:-");
        assert_eq!(collected.status, CollectorStatus::Partial);
    }
}
