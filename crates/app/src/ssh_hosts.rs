//! Many machines read over ssh, some of them at a time, each into a file of its own.
//!
//! A file appears when its machine was read to the end, never before, so what is there is complete; a machine that cannot
//! be read does not keep the others out. Started again, machines whose file is there are passed over. Nothing is stored in
//! the inventory: the files are imported.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use interdict_collect::{SshDestination, SshTarget, not_looked_at};
use interdict_model::{Diagnostic, Machine};

use crate::audit::{ScanOptions, Target};
use crate::error::AppError;
use crate::scan_file::write_scan_file;
use crate::workbench::Workbench;

/// What became of one machine.
#[derive(Debug)]
pub struct HostScan {
    /// Whom it was to be read from.
    pub target: SshTarget,
    /// Where its file is, or would be.
    pub file: PathBuf,
    /// How long it took.
    pub took: Duration,
    /// How it ended.
    pub end: HostEnd,
}

/// How one machine ended.
#[derive(Debug)]
pub enum HostEnd {
    /// It was read, and its file is there.
    Scanned {
        /// Who it is.
        machine: Machine,
        /// How many observations there are.
        observations: usize,
        /// What looks wrong in them, and what was hidden.
        diagnostics: Vec<Diagnostic>,
        /// What was not looked at, in sentences.
        not_looked_at: Vec<String>,
    },
    /// Its file was there already.
    Skipped,
    /// It could not be read, or its file not be written.
    Failed(AppError),
    /// The person cancelled before it was read.
    Cancelled,
}

/// How many machines there are and how to read them.
#[derive(Debug, Clone)]
pub struct HostsRun<'a> {
    /// The machines; each is read once, however often it stands there.
    pub targets: &'a [SshTarget],
    /// Where their files go; made when it is not there.
    pub folder: &'a Path,
    /// How many are read at a time.
    pub parallel: usize,
    /// Whether machines whose file is there are read all the same.
    pub again: bool,
}

/// Reads a list of machines: one `[user@]host[:port]` a line, with comments after `#`.
pub fn read_hosts(path: &Path) -> Result<Vec<SshDestination>, AppError> {
    let failed = |source| AppError::File { doing: "read", path: path.to_owned(), source };
    let text = fs::read_to_string(path).map_err(failed)?;
    let wrong = |line, problem| AppError::HostsFile { path: path.to_owned(), line, problem };
    let mut hosts = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let host = line.split('#').next().unwrap_or_default().trim();
        if !host.is_empty() {
            hosts.push(
                host.parse().map_err(|error: interdict_collect::SshArgumentError| wrong(number, error.to_string()))?,
            );
        }
    }
    if hosts.is_empty() { Err(wrong(1, "it names no host".to_owned())) } else { Ok(hosts) }
}

impl Workbench {
    /// Reads machines, some at a time. `told` hears of each as it ends, on the thread that read it.
    pub fn scan_hosts(
        &self,
        run: &HostsRun<'_>,
        told: &(dyn Fn(&HostScan) + Sync),
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<HostScan>, AppError> {
        let failed = |source| AppError::File { doing: "write", path: run.folder.to_owned(), source };
        fs::create_dir_all(run.folder).map_err(failed)?;
        let mut seen = BTreeSet::new();
        let targets: Vec<&SshTarget> =
            run.targets.iter().filter(|target| seen.insert(target.destination.to_string())).collect();
        let next = AtomicUsize::new(0);
        let ended = Mutex::new(Vec::new());
        let work = || {
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(target) = targets.get(at) else { return };
                let scan = self.scan_host(run, target, cancelled);
                told(&scan);
                ended.lock().unwrap_or_else(PoisonError::into_inner).push((at, scan));
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..run.parallel.clamp(1, targets.len().max(1)) {
                scope.spawn(work);
            }
        });
        let mut ended = ended.into_inner().unwrap_or_else(PoisonError::into_inner);
        ended.sort_by_key(|(at, _)| *at);
        Ok(ended.into_iter().map(|(_, scan)| scan).collect())
    }

    fn scan_host(&self, run: &HostsRun<'_>, target: &SshTarget, cancelled: &dyn Fn() -> bool) -> HostScan {
        let begun = Instant::now();
        let file = run.folder.join(file_name(&target.destination));
        let end = if cancelled() {
            HostEnd::Cancelled
        } else if file.is_file() && !run.again {
            HostEnd::Skipped
        } else {
            self.scan_into(target, &file, cancelled)
        };
        HostScan { target: target.clone(), file, took: begun.elapsed(), end }
    }

    fn scan_into(&self, target: &SshTarget, file: &Path, cancelled: &dyn Fn() -> bool) -> HostEnd {
        let scan = match self.scan(&Target::Ssh(target.clone()), &ScanOptions::default(), &mut |_| {}, cancelled) {
            Ok(scan) => scan,
            Err(AppError::Cancelled) => return HostEnd::Cancelled,
            Err(error) => return HostEnd::Failed(error),
        };
        match write_scan_file(&scan, file) {
            Ok(()) => HostEnd::Scanned {
                observations: scan.observations.len(),
                not_looked_at: not_looked_at(&scan.header.collectors),
                machine: scan.header.machine,
                diagnostics: scan.diagnostics,
            },
            Err(error) => HostEnd::Failed(error),
        }
    }
}

/// The name of a machine's file: the destination as it was given. A colon, which some file systems do not take, becomes an
/// underscore.
fn file_name(destination: &SshDestination) -> String {
    format!("{}.jsonl", destination.to_string().replace([':', '[', ']', '%'], "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_comments_and_names_its_wrong_lines() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("hosts");
        let read = |text: &str| {
            fs::write(&path, text).expect("written");
            read_hosts(&path).map(|hosts| hosts.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        let hosts = read("# servers\nada@web-01  # the first\n\n  root@[::1]:2222\r\n").expect("a list");
        assert_eq!(hosts, ["ada@web-01", "root@[::1]:2222"]);
        for (text, line) in [("web-01\n-oProxyCommand=x\n", 2), ("# nothing\n", 1), ("a b\n", 1)] {
            let error = read(text).expect_err("wrong");
            assert!(matches!(error, AppError::HostsFile { line: at, .. } if at == line), "{error}");
        }
    }

    #[test]
    fn names_of_files_are_names_on_any_system() {
        for (destination, name) in [
            ("ada@web-01.example.org", "ada@web-01.example.org.jsonl"),
            ("ada@web-01:2222", "ada@web-01_2222.jsonl"),
            ("root@[fe80::1%eth0]:22", "root@_fe80__1_eth0__22.jsonl"),
        ] {
            assert_eq!(file_name(&destination.parse().expect("a destination")), name);
        }
    }
}
