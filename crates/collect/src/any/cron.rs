//! Tasks that cron, anacron and at run, on Linux and, with the tables of users and `periodic`, on macOS.
//!
//! A task is named after its file or its program. Scripts of the daily and other folders stand for the program they
//! start, where they name one by its path. Timers of systemd start services and are told with those; whether a cron
//! daemon runs is not weighed.

use std::collections::{BTreeMap, BTreeSet};

use interdict_formats::crontab::{Table, parse_crontab};
use interdict_formats::unix_command::program_of_script;
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::any::{MOST_ENTRIES, SMALL_FILE};
use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::{EntryKind, Host, HostError};
use crate::linux::LINUX_FILES;
use crate::linux::programs::note_program;
use crate::macos::{MACOS_FILES, begin};

/// Where one family of systems keeps its tasks.
struct Places {
    /// The system's own tables.
    tables: &'static [(&'static str, Table)],
    /// More tables of the system, one for each package that brings one.
    table_folders: &'static [&'static str],
    /// Tables of users, each named after its user.
    spools: &'static [&'static str],
    /// Folders of programs that run every so often.
    periodic: &'static [&'static str],
    /// Jobs that run once.
    once: &'static [&'static str],
}

const OF_LINUX: Places = Places {
    tables: &[("/etc/crontab", Table::OfSystem), ("/etc/anacrontab", Table::OfAnacron)],
    table_folders: &["/etc/cron.d"],
    // Of the Red Hat family, Debian, SUSE, and busybox.
    spools: &["/var/spool/cron", "/var/spool/cron/crontabs", "/var/spool/cron/tabs", "/etc/crontabs"],
    periodic: &[
        "/etc/cron.hourly",
        "/etc/cron.daily",
        "/etc/cron.weekly",
        "/etc/cron.monthly",
        "/etc/cron.yearly",
        "/etc/periodic/15min",
        "/etc/periodic/hourly",
        "/etc/periodic/daily",
        "/etc/periodic/weekly",
        "/etc/periodic/monthly",
    ],
    // Of Debian and of the Red Hat family.
    once: &["/var/spool/cron/atjobs", "/var/spool/at", "/var/spool/atjobs"],
};

const OF_MACOS: Places = Places {
    tables: &[("/etc/crontab", Table::OfSystem), ("/private/etc/crontab", Table::OfSystem)],
    table_folders: &[],
    // The same folder by different ways, of which a disk by itself may have lost some.
    spools: &["/usr/lib/cron/tabs", "/var/at/tabs", "/private/var/at/tabs"],
    periodic: &[
        "/etc/periodic/daily",
        "/etc/periodic/weekly",
        "/etc/periodic/monthly",
        "/usr/local/etc/periodic/daily",
        "/usr/local/etc/periodic/weekly",
        "/usr/local/etc/periodic/monthly",
    ],
    once: &["/usr/lib/cron/jobs", "/var/at/jobs", "/private/var/at/jobs"],
};

/// How much of a script is looked at.
const SCRIPT_START: usize = 1 << 18;
/// How many tasks are listed.
const MOST_TASKS: usize = 50_000;

/// Reads scheduled tasks, on one family of systems.
pub(crate) struct Cron {
    name: &'static str,
    needs: Needs,
    places: Places,
}

impl Cron {
    /// On Linux.
    pub(crate) const LINUX: Self = Self { name: "linux/cron", needs: LINUX_FILES, places: OF_LINUX };
    /// On macOS.
    pub(crate) const MACOS: Self = Self { name: "macos/cron", needs: MACOS_FILES, places: OF_MACOS };
}

impl Collector for Cron {
    fn name(&self) -> &'static str {
        self.name
    }

    fn looks_at(&self) -> &'static str {
        "scheduled tasks (cron, anacron, at)"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::ScheduledTasks]
    }

    fn needs(&self) -> Needs {
        self.needs
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let mut gathering = begin(host);
        let mut reading = Reading { host, gathering: &mut gathering, tasks: BTreeMap::new(), seen: BTreeSet::new() };
        let Places { tables, table_folders, spools, periodic, once } = &self.places;
        for (path, table) in *tables {
            if reading.is_new(path) {
                reading.read_table(path, *table, None, &Scope::Machine);
            }
        }
        for folder in *table_folders {
            for name in reading.files(folder) {
                reading.read_table(&format!("{folder}/{name}"), Table::OfSystem, Some(&name), &Scope::Machine);
            }
        }
        for spool in *spools {
            if reading.is_new(spool) {
                for user in reading.files(spool) {
                    let scope = Scope::User(user.clone());
                    reading.read_table(&format!("{spool}/{user}"), Table::OfUser, None, &scope);
                }
            }
        }
        for folder in periodic.iter().chain(*once) {
            if reading.is_new(folder) {
                for name in reading.files(folder) {
                    reading.read_script(folder, &name);
                }
            }
        }
        let tasks = reading.tasks;
        if tasks.len() >= MOST_TASKS {
            gathering.shortfall(Cause::Broken, format!("there are more than the {MOST_TASKS} tasks that are listed"));
        }
        gathering.observations.extend(tasks.into_values());
        gathering.finish()
    }
}

/// What tells tasks apart: their file, name, program and user.
type TaskKey = (String, Option<String>, Option<String>);

struct Reading<'a> {
    host: &'a dyn Host,
    gathering: &'a mut Gathering,
    tasks: BTreeMap<TaskKey, Observation>,
    /// The places that were read, by their real paths: several ways may lead to one.
    seen: BTreeSet<String>,
}

impl Reading<'_> {
    fn is_new(&mut self, place: &str) -> bool {
        let real = self.gathering.ok(self.host.canonical(place));
        real.is_some_and(|real| self.seen.insert(real))
    }

    /// The files of a folder, without those that editors and packages leave.
    fn files(&mut self, folder: &str) -> Vec<String> {
        let entries = match self.host.list(folder, MOST_ENTRIES) {
            Ok(entries) => entries,
            Err(HostError::NotFound { .. }) => return Vec::new(),
            Err(error) => {
                self.gathering.failed(&error);
                return Vec::new();
            }
        };
        self.gathering.has_read();
        let is_left_over = |name: &str| {
            let ends = ["~", ".rpmsave", ".rpmnew", ".rpmorig", ".dpkg-old", ".dpkg-dist", ".dpkg-new", ".swp"];
            name.starts_with('.') || ends.iter().any(|end| name.ends_with(end))
        };
        let files = entries.into_iter().filter(|entry| entry.kind != EntryKind::Folder && !is_left_over(&entry.name));
        let names: Vec<String> = files.map(|entry| entry.name).collect();
        self.host.expect_read(&names.iter().map(|name| format!("{folder}/{name}")).collect::<Vec<_>>());
        names
    }

    fn read_table(&mut self, path: &str, table: Table, name: Option<&str>, scope: &Scope) {
        let Some(bytes) = self.gathering.ok(self.host.read(path, SMALL_FILE)) else { return };
        self.gathering.has_read();
        let (tasks, diagnostics) = parse_crontab(&bytes, table, path);
        self.gathering.diagnostics.extend(diagnostics);
        for task in tasks {
            let program = task.program.as_deref();
            let called = program.and_then(|program| program.rsplit('/').next());
            // A line that runs nothing by name, such as the one that runs the scripts of a folder.
            let Some(name) = name.or(task.name.as_deref().filter(|_| program.is_some())).or(called) else { continue };
            self.observe(path, name, program, &task.when, scope);
        }
    }

    fn read_script(&mut self, folder: &str, name: &str) {
        let path = format!("{folder}/{name}");
        let when = folder.rsplit(['/', '.']).next().unwrap_or_default();
        let Some(bytes) = self.gathering.ok(self.host.read_start(&path, SCRIPT_START)) else { return };
        let program = if bytes.starts_with(b"#!") { program_of_script(&bytes) } else { None };
        self.observe(&path, name, Some(program.as_deref().unwrap_or(&path)), when, &Scope::Machine);
    }

    fn observe(&mut self, path: &str, name: &str, program: Option<&str>, when: &str, scope: &Scope) {
        if self.tasks.len() >= MOST_TASKS {
            return;
        }
        let mut observation = Observation::new(ObservationSource::ScheduledTasks);
        observation.name = Some(name.to_owned());
        observation.identifier = Some(path.to_owned());
        observation.scope = Some(scope.clone());
        observation.raw.insert(raw_key::ENABLED.to_owned(), true.to_string());
        observation.raw.insert(raw_key::ENABLED_BY.to_owned(), when.to_owned());
        if let Some(program) = program {
            note_program(self.host, program, &mut observation, self.gathering);
        }
        let key = (path.to_owned(), observation.name.clone(), observation.path.clone());
        self.tasks.entry(key).or_insert(observation);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, rows};
    use interdict_model::{CollectorStatus, Probes};

    fn collect(host: &FixtureHost) -> Collected {
        Cron::LINUX.collect(host, &Request::of(&Probes::default()))
    }

    fn tasks(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            format!(
                "{} {} exists:{} {} [{}] {}",
                one.name.as_deref().unwrap_or("-"),
                one.path.as_deref().unwrap_or("-"),
                one.raw(raw_key::EXECUTABLE_EXISTS).unwrap_or("-"),
                one.scope.as_ref().map(ToString::to_string).unwrap_or_default(),
                one.raw(raw_key::ENABLED_BY).unwrap_or("-"),
                one.identifier.as_deref().unwrap_or("-"),
            )
        })
    }

    #[test]
    fn tables_scripts_and_jobs_are_read() {
        let collected = collect(&fixture("linux/cron", "everywhere"));
        assert_eq!(
            tasks(&collected),
            [
                "agent-update /opt/agent/update exists:true machine [*/5 * * * *] /etc/cron.d/agent-update",
                "clean /opt/agent/clean exists:false machine [daily] /etc/cron.daily/clean",
                "tool /etc/cron.weekly/tool exists:true machine [weekly] /etc/cron.weekly/tool",
                "report /usr/bin/report exists:true machine [@reboot] /etc/crontab",
                "a00001 /opt/agent/once exists:false machine [atjobs] /var/spool/cron/atjobs/a00001",
                "run.sh /home/ada/run.sh exists:false user:ada [0 1 * * *] /var/spool/cron/crontabs/ada",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete, "{:?}", collected.reason);
    }

    #[test]
    fn tables_of_users_and_periodic_scripts_of_macos_are_read_once() {
        let host = FixtureHost::macos()
            .link("/var", "private/var")
            .link("/etc", "private/etc")
            .link("/usr/lib/cron", "/private/var/at")
            .file("/private/var/at/tabs/ada", "@reboot /Users/ada/agent\n")
            .file("/private/etc/crontab", "0 * * * * root /Library/Agent/gone\n")
            .file("/private/etc/periodic/daily/110.clean", "#!/bin/sh\n");
        let collected = Cron::MACOS.collect(&host, &Request::of(&Probes::default()));
        assert_eq!(
            tasks(&collected),
            [
                "gone /Library/Agent/gone exists:false machine [0 * * * *] /etc/crontab",
                "110.clean /etc/periodic/daily/110.clean exists:true machine [daily] /etc/periodic/daily/110.clean",
                "agent /Users/ada/agent exists:false user:ada [@reboot] /usr/lib/cron/tabs/ada",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete, "{:?}", collected.reason);
    }

    #[test]
    fn a_spool_that_may_not_be_read_is_said_with_the_user() {
        let host = fixture("linux/cron", "everywhere").unreadable("/var/spool/cron/crontabs");
        let collected = collect(&host);
        assert_eq!(collected.status, CollectorStatus::Partial);
        assert_eq!(collected.reason.as_deref(), Some("/var/spool/cron/crontabs may not be read as uid 65534"));
        assert_eq!(collected.observations.len(), 5);
    }
}
