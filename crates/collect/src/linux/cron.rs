//! Tasks that cron, anacron and at run.
//!
//! A task is named after its file or its program. Scripts of the daily and other folders stand for the program they
//! start, where they name one by its path. Timers of systemd start services and are told with those; whether a cron
//! daemon runs is not weighed.

use std::collections::{BTreeMap, BTreeSet};

use interdict_formats::crontab::{Table, parse_crontab};
use interdict_formats::unix_command::program_of_script;
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::{EntryKind, Host, HostError};
use crate::linux::programs::note_program;
use crate::linux::{LINUX_FILES, MOST_ENTRIES, SMALL_FILE};

/// The system's own tables.
const TABLES: &[(&str, Table)] = &[("/etc/crontab", Table::OfSystem), ("/etc/anacrontab", Table::OfAnacron)];
/// More tables of the system, one for each package that brings one.
const TABLE_FOLDER: &str = "/etc/cron.d";
/// Tables of users, each named after its user: of the Red Hat family, Debian, SUSE, and busybox.
const SPOOLS: &[&str] = &["/var/spool/cron", "/var/spool/cron/crontabs", "/var/spool/cron/tabs", "/etc/crontabs"];
/// Folders of programs that run every so often.
const PERIODIC: &[&str] = &[
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
];
/// Jobs that run once: of Debian and of the Red Hat family.
const ONCE: &[&str] = &["/var/spool/cron/atjobs", "/var/spool/at", "/var/spool/atjobs"];
/// How much of a script is looked at.
const SCRIPT_START: usize = 1 << 18;
/// How many tasks are listed.
const MOST_TASKS: usize = 50_000;

/// Reads scheduled tasks.
pub(crate) struct Cron;

impl Collector for Cron {
    fn name(&self) -> &'static str {
        "linux/cron"
    }

    fn looks_at(&self) -> &'static str {
        "scheduled tasks (cron, anacron, at)"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::ScheduledTasks]
    }

    fn needs(&self) -> Needs {
        LINUX_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let mut gathering = Gathering::default();
        let mut reading = Reading { host, gathering: &mut gathering, tasks: BTreeMap::new() };
        for (path, table) in TABLES {
            reading.read_table(path, *table, None, &Scope::Machine);
        }
        for name in reading.files(TABLE_FOLDER) {
            reading.read_table(&format!("{TABLE_FOLDER}/{name}"), Table::OfSystem, Some(&name), &Scope::Machine);
        }
        let mut seen = BTreeSet::new();
        for spool in SPOOLS {
            let Some(place) = reading.gathering.ok(host.canonical(spool)) else { continue };
            if seen.insert(place) {
                for user in reading.files(spool) {
                    let scope = Scope::User(user.clone());
                    reading.read_table(&format!("{spool}/{user}"), Table::OfUser, None, &scope);
                }
            }
        }
        for folder in PERIODIC.iter().chain(ONCE) {
            for name in reading.files(folder) {
                reading.read_script(folder, &name);
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
}

impl Reading<'_> {
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
        files.map(|entry| entry.name).collect()
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
        Cron.collect(host, &Request::of(&Probes::default()))
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
    fn a_spool_that_may_not_be_read_is_said_with_the_user() {
        let host = fixture("linux/cron", "everywhere").unreadable("/var/spool/cron/crontabs");
        let collected = collect(&host);
        assert_eq!(collected.status, CollectorStatus::Partial);
        assert_eq!(collected.reason.as_deref(), Some("/var/spool/cron/crontabs may not be read as uid 65534"));
        assert_eq!(collected.observations.len(), 5);
    }
}
