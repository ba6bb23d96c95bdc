//! The running processes of a host: `/proc` in one answer, or `ps` where there is none.

use std::collections::{BTreeMap, BTreeSet};

use super::listing::Style;
use super::script::Call;
use super::shell::Shell;
use crate::host::{ExecutableLink, HostError, Process};

/// How much of a command line is read: what stands first is the program.
const LONGEST_COMMAND_LINE: usize = 16 << 10;
/// How much all links together may be.
const MOST_LINKS: usize = 64 << 20;

/// The processes of a Linux system.
pub(super) fn linux(shell: &mut Shell<'_>) -> Result<Vec<Process>, HostError> {
    shell.call(Call::new("processes").with(LONGEST_COMMAND_LINE.to_string()))?;
    let mut found: BTreeMap<u32, (Vec<u8>, Vec<u8>)> = BTreeMap::new();
    loop {
        let (named, status) = shell.part(4096)?;
        if status != "." {
            break;
        }
        let (cmdline, _) = shell.part(LONGEST_COMMAND_LINE)?;
        let at = named.iter().position(|byte| *byte == b' ').unwrap_or(named.len());
        let (pid, name) = named.split_at(at);
        // One that ended while it was looked at has neither.
        if let Some(pid) = std::str::from_utf8(pid).ok().and_then(|pid| pid.parse().ok())
            && (name.len() > 1 || !cmdline.is_empty())
        {
            found.insert(pid, (name[name.len().min(1)..].to_vec(), cmdline));
        }
    }
    let (bytes, _, complaint) = shell.told(MOST_LINKS)?;
    let targets = targets(shell.style, &bytes);
    let denied = denied(&complaint);
    let processes = found.into_iter().map(|(pid, (comm, cmdline))| {
        let executable = match targets.get(&pid) {
            Some(target) => ExecutableLink::Target(target.clone()),
            None if denied.contains(&pid) => ExecutableLink::Denied,
            None => ExecutableLink::None,
        };
        Process { pid, comm, cmdline, executable }
    });
    Ok(processes.collect())
}

/// The running programs of macOS: `ps` prints the whole path of each as its `comm`.
pub(super) fn macos(shell: &mut Shell<'_>) -> Result<Vec<Process>, HostError> {
    shell.call(Call::new("applications"))?;
    let (bytes, _, _) = shell.told(MOST_LINKS)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.lines().filter_map(application).collect())
}

fn application(line: &str) -> Option<Process> {
    let (pid, path) = line.trim_start().split_once(' ')?;
    let path = path.trim();
    let name = path.rsplit('/').next().unwrap_or(path);
    let executable = if path.starts_with('/') { ExecutableLink::Target(path.to_owned()) } else { ExecutableLink::None };
    Some(Process {
        pid: pid.parse().ok()?,
        comm: format!("{name}\n").into_bytes(),
        cmdline: format!("{path}\0").into_bytes(),
        executable,
    })
}

/// The files that processes run, by the id of the process.
fn targets(style: Style, bytes: &[u8]) -> BTreeMap<u32, String> {
    let text = String::from_utf8_lossy(bytes);
    let mut targets = BTreeMap::new();
    let mut put = |link: &str, target: &str| {
        if let Some(pid) = pid(link).filter(|_| !target.is_empty()) {
            targets.entry(pid).or_insert_with(|| target.to_owned());
        }
    };
    if style == Style::Printf {
        let mut fields = text.split('\0');
        while let (Some(link), Some(target)) = (fields.next(), fields.next()) {
            put(link, target);
        }
        return targets;
    }
    for line in text.lines().filter(|line| line.starts_with('l')) {
        if let Some((before, target)) = line.split_once(" -> ") {
            put(before.rsplit(' ').next().unwrap_or_default(), target);
        }
    }
    targets
}

/// The id in `/proc/12/exe`.
fn pid(link: &str) -> Option<u32> {
    link.strip_prefix("/proc/")?.strip_suffix("/exe")?.parse().ok()
}

/// The processes whose link may not be read; the complaints name it in quotes or without.
fn denied(complaint: &[u8]) -> BTreeSet<u32> {
    let text = String::from_utf8_lossy(complaint);
    let lines = text.lines().filter(|line| line.trim_end().ends_with("Permission denied"));
    lines.filter_map(|line| line.split(['\'', ':', ' ', '`', '"']).find_map(pid)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_in_both_forms() {
        let printf = targets(Style::Printf, b"/proc/1/exe\0/usr/lib/systemd/systemd\0/proc/2/exe\0\0/proc/x/exe\0/a\0");
        assert_eq!(printf, BTreeMap::from([(1, "/usr/lib/systemd/systemd".to_owned())]));
        let ls = "lrwxrwxrwx    1 0        0                0 Nov 22 12:00 /proc/1/exe -> /opt/a b (deleted)\n\
            lrwxrwxrwx    1 0        0                0 Nov 22 12:00 /proc/2/exe\n";
        assert_eq!(targets(Style::Stat, ls.as_bytes()), BTreeMap::from([(1, "/opt/a b (deleted)".to_owned())]));
        let complaint = "find: '/proc/7/exe': Permission denied\nls: /proc/8/exe: Permission denied\n\
            ls: cannot read symbolic link '/proc/9/exe': No such file or directory\n";
        assert_eq!(denied(complaint.as_bytes()), BTreeSet::from([7, 8]));
    }

    #[test]
    fn programs_of_macos_are_paths() {
        let process = application("  331 /Applications/Kaspersky Security.app/Contents/MacOS/kav ").expect("a process");
        assert_eq!(process.pid, 331);
        assert_eq!(process.comm, b"kav\n");
        let path = "/Applications/Kaspersky Security.app/Contents/MacOS/kav".to_owned();
        assert_eq!(process.executable, ExecutableLink::Target(path));
        assert_eq!(application("x y"), None);
    }
}
