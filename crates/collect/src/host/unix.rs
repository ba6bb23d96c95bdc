//! This machine while Linux or macOS runs on it: its name, its processes, and as whom it is read.
//!
//! Linux says it in `/proc`, macOS by its own programs. Neither has a registry.

#![cfg(unix)]

use std::fs;

use interdict_formats::apple::system::{ListedProcess, parse_ps};
use interdict_formats::system::parse_hostname;
use interdict_model::OsFamily;

use super::programs::{ID, PS};
use super::{ExecutableLink, Host, HostError, LiveHost, Process, RunningWindows, disk};
use crate::registry::Registry;

/// The longest `comm` or `cmdline` that is read.
const LONGEST_COMMAND_LINE: u64 = 1 << 20;
/// The highest number of processes that is looked at (`pid_max` of 64-bit Linux).
const MOST_PROCESSES: usize = 1 << 22;

/// The running system.
#[derive(Debug)]
pub(super) struct System;

impl System {
    pub(super) const fn new(_user: &str) -> Self {
        Self
    }

    /// The running processes, by id.
    #[expect(clippy::unused_self, reason = "the system of Windows is asked the same way")]
    pub(super) fn processes(&self, host: &LiveHost) -> Result<Vec<Process>, HostError> {
        if host.os_family() == Some(OsFamily::Macos) {
            return Ok(parse_ps(&host.output_of(&PS)?).map(listed).collect());
        }
        let entries = host.list("/proc", MOST_PROCESSES)?;
        let mut pids: Vec<u32> = entries.iter().filter_map(|entry| entry.name.parse().ok()).collect();
        pids.sort_unstable();
        // A process that ends while it is looked at is no loss: it does not run.
        Ok(pids.into_iter().filter_map(|pid| process(host, pid)).collect())
    }

    #[expect(clippy::unused_self, reason = "the system of Windows is asked the same way")]
    pub(super) const fn registry(&self) -> Option<&dyn Registry> {
        None
    }

    #[expect(clippy::unused_self, reason = "the system of Windows is asked the same way")]
    pub(super) const fn running_windows(&self) -> Option<&dyn RunningWindows> {
        None
    }
}

/// Whether a path lies on another computer. What is mounted belongs to this one.
pub(super) const fn is_elsewhere(_path: &str) -> bool {
    false
}

/// The name this machine goes by, as the kernel has it.
pub(super) fn hostname() -> Option<String> {
    parse_hostname(&fs::read("/proc/sys/kernel/hostname").ok()?)
}

fn process(host: &LiveHost, pid: u32) -> Option<Process> {
    let comm = host.read(&format!("/proc/{pid}/comm"), LONGEST_COMMAND_LINE).ok()?;
    let cmdline = host.read(&format!("/proc/{pid}/cmdline"), LONGEST_COMMAND_LINE).unwrap_or_default();
    let executable = match host.read_link(&format!("/proc/{pid}/exe")) {
        Ok(target) => ExecutableLink::Target(target),
        Err(HostError::Denied { .. }) => ExecutableLink::Denied,
        Err(_) => ExecutableLink::None,
    };
    Some(Process { pid, comm, cmdline, executable })
}

/// A process as `ps` lists it: its command is a path, or a name where the kernel knows no path.
fn listed(process: ListedProcess) -> Process {
    let ListedProcess { pid, command } = process;
    let name = command.rsplit('/').next().unwrap_or(&command).as_bytes().to_vec();
    let executable = if command.starts_with('/') { ExecutableLink::Target(command) } else { ExecutableLink::None };
    Process { pid, comm: name, cmdline: Vec::new(), executable }
}

/// As whom this program runs.
pub(super) fn current_user() -> String {
    // The second number is the effective one (proc_pid_status(5)).
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ids = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    match ids.and_then(|ids| ids.split_ascii_whitespace().nth(1)) {
        Some("0") => "root".to_owned(),
        Some(id) => format!("uid {id}"),
        None => user_by_id().unwrap_or_else(|| "this user".to_owned()),
    }
}

/// As whom this program runs, where no file says so.
fn user_by_id() -> Option<String> {
    if std::env::consts::OS != "macos" {
        return None;
    }
    let printed = disk::run(&ID).ok()?;
    match std::str::from_utf8(&printed).ok()?.trim() {
        "0" => Some("root".to_owned()),
        id => Some(format!("uid {id}")),
    }
}
