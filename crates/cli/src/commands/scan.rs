//! `interdict scan`: looks at a machine and writes down what is there.

use std::path::PathBuf;
use std::time::Duration;

use interdict_app::collect::{Scan, Sweep, not_looked_at};
use interdict_app::{ScanOptions, Target, write_scan, write_scan_file};

use crate::Outcome;
use crate::arguments::{Format, ScanArguments, SweepArguments};
use crate::commands::ssh;
use crate::error::CliError;
use crate::interrupt;
use crate::output::{Answer, Progress};
use crate::session::Session;

pub(super) fn run(session: &Session, arguments: &ScanArguments) -> Result<Outcome, CliError> {
    if session.format() == Format::Csv {
        return Err(CliError::Format { command: "scan" });
    }
    if let Some(list) = &arguments.hosts.ssh_hosts {
        return ssh::scan_hosts(session, arguments, list);
    }
    if arguments.ssh.show_commands {
        return ssh::show_commands(&ssh::targets(&arguments.ssh, arguments.ssh.ssh.iter()));
    }
    let workbench = session.workbench()?;
    interrupt::watch();
    let target = ssh::target(arguments.root.as_deref(), arguments.hives.as_deref(), &arguments.ssh);
    ssh::announce(session, "scan", &target);
    let progress = Progress::new(session.notes);
    let options = options(&target, &arguments.sweep);
    let scan = workbench.scan(&target, &options, &mut |event| progress.scan(&event), &interrupt::asked)?;
    drop(progress);
    session.notes.diagnostics(&scan.diagnostics);
    match &arguments.out {
        None => write_scan(&scan, Answer::raw()).map_err(CliError::Output)?,
        Some(path) => {
            write_scan_file(&scan, path)?;
            session.notes.note(&format!(
                "{} observations of {} written to {}",
                scan.observations.len(),
                machine_name(&scan),
                path.display()
            ));
        }
    }
    for sentence in not_looked_at(&scan.header.collectors) {
        session.notes.note(&sentence);
    }
    Ok(Outcome::Done)
}

/// What is done on request only. On this computer folders may be named from where the person is.
pub(super) fn options(target: &Target, sweep: &SweepArguments) -> ScanOptions {
    let named = |folder: &PathBuf| match target {
        Target::ThisComputer => std::path::absolute(folder).unwrap_or_else(|_| folder.clone()),
        Target::Root(_) | Target::Hives(_) | Target::Ssh(_) => folder.clone(),
    };
    let folders: Vec<String> =
        sweep.folders.iter().map(|folder| named(folder).to_string_lossy().into_owned()).collect();
    let sweep = Sweep { folders, bytes: sweep.bytes, time: Duration::from_secs(sweep.seconds) };
    ScanOptions { sweep: Some(sweep).filter(|sweep| !sweep.folders.is_empty()) }
}

fn machine_name(scan: &Scan) -> &str {
    let machine = &scan.header.machine;
    if machine.hostname.is_empty() { &machine.id } else { &machine.hostname }
}
