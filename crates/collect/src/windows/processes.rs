//! Running processes of Windows: their names and executables.
//!
//! What has no executable, such as `System`, is the kernel's and left out. Of processes whose executable may not be seen,
//! such as protected ones, the name is kept, and they are counted. Command lines are not read.

use std::collections::BTreeMap;

use interdict_formats::process::parse_comm;
use interdict_model::{Observation, ObservationSource, OsFamily, raw_key};

use crate::collector::{Cause, Collected, Collector, Gathering, Needs, NeedsSystem, Request};
use crate::host::{ExecutableLink, Host, Process};
use crate::windows::existence::Files;

/// Reads running processes.
pub(crate) struct Processes;

impl Collector for Processes {
    fn name(&self) -> &'static str {
        "windows/processes"
    }

    fn looks_at(&self) -> &'static str {
        "running processes"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Processes]
    }

    fn needs(&self) -> Needs {
        Needs { os: &[OsFamily::Windows], system: NeedsSystem::Running }
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let mut gathering = Gathering::default();
        let processes = gathering.ok(host.processes()).unwrap_or_default();
        if processes.is_empty() {
            gathering.shortfall(Cause::Broken, "Windows names no process");
        }
        let hidden = processes.iter().filter(|process| process.executable == ExecutableLink::Denied).count();
        if hidden > 0 {
            let user = host.describe_user();
            gathering.shortfall(
                Cause::NotAllowed,
                format!("the executable of {hidden} of the processes cannot be seen as {user}"),
            );
        }
        let mut files = Files::of(host);
        let mut distinct = BTreeMap::new();
        for process in &processes {
            let Some(observation) = observation(process) else { continue };
            distinct.entry((observation.name.clone(), observation.path.clone())).or_insert(observation);
        }
        for mut observation in distinct.into_values() {
            if let Some(exists) = observation.path.as_deref().and_then(|path| files.look(path).known()) {
                observation.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), exists.to_string());
            }
            gathering.observations.push(observation);
        }
        files.account("running processes", &mut gathering);
        gathering.finish()
    }
}

fn observation(process: &Process) -> Option<Observation> {
    let path = match &process.executable {
        ExecutableLink::Target(path) => Some(path.clone()),
        ExecutableLink::Denied => None,
        ExecutableLink::None => return None,
    };
    let name = parse_comm(&process.comm);
    let of_path = path.as_deref().and_then(|path| path.rsplit('\\').next());
    let mut observation = Observation::new(ObservationSource::Processes);
    observation.name = Some(name).filter(|name| !name.is_empty()).or_else(|| of_path.map(str::to_owned));
    observation.path = path;
    observation.raw.insert(raw_key::PID.to_owned(), process.pid.to_string());
    Some(observation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::rows;
    use crate::{FixtureHost, MapRegistry};
    use interdict_model::{CollectorStatus, Probes};

    #[test]
    fn each_distinct_process_is_named_once_and_hidden_ones_are_counted() {
        let process = |pid, name: &str, executable| Process {
            pid,
            comm: name.as_bytes().to_vec(),
            cmdline: Vec::new(),
            executable,
        };
        let agent = || ExecutableLink::Target(r"C:\Program Files\Vendor\agent.exe".to_owned());
        let host = FixtureHost::windows(MapRegistry::default())
            .executable(r"C:\Program Files\Vendor\agent.exe")
            .running(vec![
                process(4, "System", ExecutableLink::None),
                process(8, "agent.exe", agent()),
                process(12, "agent.exe", agent()),
                process(16, "protected.exe", ExecutableLink::Denied),
                process(20, "", ExecutableLink::Target(r"C:\Gone\old.exe".to_owned())),
            ]);
        let collected = Processes.collect(&host, &Request::of(&Probes::default()));
        let rows = rows(&collected, |one| {
            let raw = |key| one.raw(key).unwrap_or("-");
            let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
            format!("{} {} {} {}", text(&one.name), text(&one.path), raw(raw_key::PID), raw(raw_key::EXECUTABLE_EXISTS))
        });
        assert_eq!(
            rows,
            [
                r"agent.exe C:\Program Files\Vendor\agent.exe 8 true",
                r"old.exe C:\Gone\old.exe 20 false",
                "protected.exe - 16 -",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Partial);
        let reason = collected.reason.expect("one is hidden");
        assert_eq!(reason, "the executable of 1 of the processes cannot be seen as uid 65534");
    }
}
