//! Running processes: their names and executables.
//!
//! Of those on this machine it is also said which hold fanotify or eBPF, as security software does. Threads of the kernel are left out. Where the rights do not reach to another user's executable, the first word of
//! its command line stands in for it, which a process may set as it likes; the reason says for how many.

use std::collections::{BTreeMap, BTreeSet};

use interdict_formats::process::{full_name, parse_cmdline, parse_comm, parse_exe};
use interdict_model::{Observation, ObservationSource, raw_key};

use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::{ExecutableLink, Holding, Host, HostError, Process};
use crate::linux::LINUX_RUNNING;

/// Reads running processes.
pub(crate) struct Processes;

impl Collector for Processes {
    fn name(&self) -> &'static str {
        "linux/processes"
    }

    fn looks_at(&self) -> &'static str {
        "running processes"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Processes]
    }

    fn needs(&self) -> Needs {
        LINUX_RUNNING
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let mut gathering = Gathering::default();
        let processes = gathering.ok(host.processes()).unwrap_or_default();
        let user = host.describe_user();
        if processes.is_empty() {
            gathering.shortfall(Cause::Broken, "/proc names no process");
        } else if user != "root" && !processes.iter().any(|process| process.pid == 1) {
            // The first process always runs; /proc can be mounted so that it shows only the user's own (hidepid).
            gathering.shortfall(Cause::NotAllowed, format!("the processes of other users are hidden from {user}"));
        }
        let hidden = processes.iter().filter(|process| is_hidden(process)).count();
        if hidden > 0 {
            gathering.shortfall(
                Cause::NotAllowed,
                format!(
                    "the executable of {hidden} of the processes cannot be seen as {user}; the command line was used instead"
                ),
            );
        }
        // Several processes of one program are one observation, which holds what any of them does.
        let mut distinct: BTreeMap<_, (Observation, BTreeSet<Holding>)> = BTreeMap::new();
        let mut hidden = 0;
        for process in &processes {
            let Some(observation) = observation(process) else { continue };
            let key = (observation.name.clone(), observation.path.clone());
            let (_, holdings) = distinct.entry(key).or_insert_with(|| (observation, BTreeSet::new()));
            match host.holdings(process.pid) {
                Ok(more) => holdings.extend(more),
                Err(HostError::Denied { .. } | HostError::TooLarge { .. }) => hidden += 1,
                // It has ended, or this is not asked for.
                Err(_) => {}
            }
        }
        if hidden > 0 {
            gathering.shortfall(
                Cause::NotAllowed,
                format!("whether {hidden} of the processes hold fanotify or eBPF cannot be seen as {user}"),
            );
        }
        for (mut observation, holdings) in distinct.into_values() {
            if !holdings.is_empty() {
                let words: Vec<&str> = holdings.into_iter().map(word).collect();
                observation.raw.insert(raw_key::HOLDS.to_owned(), words.join(","));
            }
            gathering.observations.push(observation);
        }
        gathering.finish()
    }
}

const fn word(holding: Holding) -> &'static str {
    match holding {
        Holding::Fanotify => "fanotify",
        Holding::Bpf => "bpf",
    }
}

fn is_hidden(process: &Process) -> bool {
    process.executable == ExecutableLink::Denied && !process.cmdline.is_empty()
}

/// What a process is; nothing for a thread of the kernel or a process that has ended.
fn observation(process: &Process) -> Option<Observation> {
    let (path, exists) = match &process.executable {
        ExecutableLink::Target(target) => {
            let executable = parse_exe(target);
            (Some(executable.path), Some(!executable.deleted))
        }
        // Both have no command line; a process that hides its own has at least a name.
        ExecutableLink::None | ExecutableLink::Denied if process.cmdline.is_empty() => return None,
        ExecutableLink::None | ExecutableLink::Denied => {
            let command = parse_cmdline(&process.cmdline).into_iter().next();
            (command.filter(|word| word.starts_with('/') && !word.contains(' ')), None)
        }
    };
    let mut observation = Observation::new(ObservationSource::Processes);
    let comm = parse_comm(&process.comm);
    observation.name = Some(full_name(&comm, path.as_deref()).to_owned());
    observation.path = path;
    observation.raw.insert(raw_key::PID.to_owned(), process.pid.to_string());
    if let Some(exists) = exists {
        observation.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), exists.to_string());
    }
    Some(observation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::rows;
    use interdict_model::CollectorStatus;
    use interdict_model::Probes;

    fn process(pid: u32, comm: &str, cmdline: &str, executable: ExecutableLink) -> Process {
        Process { pid, comm: format!("{comm}\n").into_bytes(), cmdline: cmdline.as_bytes().to_vec(), executable }
    }

    fn runs(path: &str) -> ExecutableLink {
        ExecutableLink::Target(path.to_owned())
    }

    fn collect(processes: Vec<Process>, user: &str) -> Collected {
        Processes.collect(&FixtureHost::new().read_as(user).running(processes), &Request::of(&Probes::default()))
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            format!(
                "{} {} {} {}",
                one.name.as_deref().unwrap_or("-"),
                one.path.as_deref().unwrap_or("-"),
                one.raw(raw_key::PID).unwrap_or("-"),
                one.raw(raw_key::EXECUTABLE_EXISTS).unwrap_or("-")
            )
        })
    }

    #[test]
    fn each_distinct_process_is_named_once() {
        let collected = collect(
            vec![
                process(1, "systemd", "/sbin/init\0", runs("/usr/lib/systemd/systemd")),
                process(2, "kthreadd", "", ExecutableLink::None),
                process(30, "kesl", "/opt/kesl\0", runs("/opt/kaspersky/kesl/libexec/kesl")),
                process(31, "kesl", "/opt/kesl\0", runs("/opt/kaspersky/kesl/libexec/kesl")),
                process(40, "old", "old\0", runs("/opt/old (deleted)")),
                process(50, "systemd-journal", "x\0", runs("/usr/lib/systemd/systemd-journald")),
            ],
            "root",
        );
        assert_eq!(
            found(&collected),
            [
                "kesl /opt/kaspersky/kesl/libexec/kesl 30 true",
                "old /opt/old 40 false",
                "systemd /usr/lib/systemd/systemd 1 true",
                "systemd-journald /usr/lib/systemd/systemd-journald 50 true",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete);
    }

    #[test]
    fn without_rights_the_command_line_stands_in_and_is_counted() {
        let collected = collect(
            vec![
                process(1, "systemd", "/sbin/init\0", ExecutableLink::Denied),
                process(2, "kthreadd", "", ExecutableLink::Denied),
                process(3, "agent", "agent: idle\0", ExecutableLink::Denied),
            ],
            "uid 1000",
        );
        assert_eq!(found(&collected), ["agent - 3 -", "systemd /sbin/init 1 -"]);
        assert_eq!(collected.status, CollectorStatus::Partial);
        assert!(collected.reason.is_some_and(|reason| {
            reason.starts_with("the executable of 2 of the processes cannot be seen as uid 1000")
        }));
    }

    #[test]
    fn what_a_process_holds_is_said_once_for_all_of_a_kind() {
        let kesl = |pid| process(pid, "kesl", "/opt/kesl\0", runs("/opt/kaspersky/kesl/libexec/kesl"));
        let host = FixtureHost::new()
            .read_as("root")
            .running(vec![kesl(30), kesl(31), process(40, "sh", "sh\0", runs("/bin/sh"))])
            .holds(30, &[Holding::Fanotify])
            .holds(31, &[Holding::Bpf]);
        let collect = |host: &FixtureHost| Processes.collect(host, &Request::of(&Probes::default()));
        let held = |collected: &Collected| rows(collected, |one| one.raw(raw_key::HOLDS).unwrap_or("-").to_owned());
        let collected = collect(&host);
        assert_eq!(held(&collected), ["fanotify,bpf", "-"]);
        assert_eq!(collected.status, CollectorStatus::Complete);
        let hidden = collect(&host.unreadable("/proc/31/fd"));
        assert_eq!(held(&hidden), ["fanotify", "-"]);
        let reason = "whether 1 of the processes hold fanotify or eBPF cannot be seen as root";
        assert_eq!(hidden.reason.as_deref(), Some(reason));
    }

    #[test]
    fn processes_that_are_hidden_altogether_are_said() {
        let collected = collect(vec![process(70, "bash", "bash\0", runs("/usr/bin/bash"))], "uid 1000");
        assert_eq!(collected.reason.as_deref(), Some("the processes of other users are hidden from uid 1000"));
    }
}
