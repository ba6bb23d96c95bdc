//! Running processes: their names and executables, as `ps` lists them.
//!
//! `ps` prints a path for every process that has one; without it a process has only a name. It lists the processes of all
//! users to everybody.

use std::collections::BTreeMap;

use interdict_formats::process::parse_comm;
use interdict_model::{Observation, ObservationSource, raw_key};

use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::{ExecutableLink, Host, HostError, Process};
use crate::macos::{MACOS_RUNNING, scope_of};

/// Reads running processes.
pub(crate) struct Processes;

impl Collector for Processes {
    fn name(&self) -> &'static str {
        "macos/processes"
    }

    fn looks_at(&self) -> &'static str {
        "running processes"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Processes]
    }

    fn needs(&self) -> Needs {
        MACOS_RUNNING
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let mut gathering = Gathering::default();
        if let Some(processes) = gathering.ok(host.processes()) {
            if processes.is_empty() {
                gathering.shortfall(Cause::Broken, "ps lists no process");
            }
            let mut distinct = BTreeMap::new();
            for process in &processes {
                let observation = observation(host, process);
                distinct.entry((observation.name.clone(), observation.path.clone())).or_insert(observation);
            }
            gathering.observations.extend(distinct.into_values());
        }
        gathering.finish()
    }
}

fn observation(host: &dyn Host, process: &Process) -> Observation {
    let mut observation = Observation::new(ObservationSource::Processes);
    observation.name = Some(parse_comm(&process.comm));
    if let ExecutableLink::Target(path) = &process.executable {
        // A process that outlives its file runs on. Signatures are read of what lies on the disk, not of processes.
        let exists = match host.look(path) {
            Ok(_) => Some(true),
            Err(HostError::NotFound { .. }) => Some(false),
            Err(_) => None,
        };
        if let Some(exists) = exists {
            observation.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), exists.to_string());
        }
        observation.scope = scope_of(path);
        observation.path = Some(path.clone());
    }
    observation.raw.insert(raw_key::PID.to_owned(), process.pid.to_string());
    observation
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::rows;
    use interdict_model::{CollectorStatus, Probes};

    fn process(pid: u32, name: &str, executable: ExecutableLink) -> Process {
        Process { pid, comm: name.as_bytes().to_vec(), cmdline: Vec::new(), executable }
    }

    #[test]
    fn each_distinct_process_is_named_once() {
        let agent = "/Users/ada/Applications/Agent.app/Contents/MacOS/Agent";
        let processes = vec![
            process(1, "launchd", ExecutableLink::Target("/sbin/launchd".to_owned())),
            process(40, "Agent", ExecutableLink::Target(agent.to_owned())),
            process(41, "Agent", ExecutableLink::Target(agent.to_owned())),
            process(50, "gone", ExecutableLink::Target("/opt/gone".to_owned())),
            process(60, "(zombie)", ExecutableLink::None),
        ];
        let host = FixtureHost::macos().executable("/sbin/launchd").executable(agent).running(processes);
        let collected = Processes.collect(&host, &Request::of(&Probes::default()));
        let found = rows(&collected, |one| {
            let path = one.path.as_deref().unwrap_or("-");
            let exists = one.raw(raw_key::EXECUTABLE_EXISTS).unwrap_or("-");
            let scope = one.scope.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
            format!("{} {path} {exists} {scope}", one.title())
        });
        assert_eq!(
            found,
            [
                "(zombie) - - -".to_owned(),
                format!("Agent {agent} true user:ada"),
                "gone /opt/gone false -".to_owned(),
                "launchd /sbin/launchd true -".to_owned()
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete);
        let none = Processes.collect(&FixtureHost::macos().running(Vec::new()), &Request::of(&Probes::default()));
        assert_eq!(none.status, CollectorStatus::Failed);
    }
}
