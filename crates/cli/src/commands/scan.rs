//! `interdict scan`: looks at a machine and writes down what is there.

use interdict_app::collect::{Scan, not_looked_at};
use interdict_app::{write_scan, write_scan_file};

use crate::Outcome;
use crate::arguments::{Format, ScanArguments};
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
    let target = ssh::target(arguments.root.as_deref(), &arguments.ssh);
    ssh::announce(session, "scan", &target);
    let progress = Progress::new(session.notes);
    let scan = workbench.scan(&target, &mut |event| progress.scan(&event), &interrupt::asked)?;
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

fn machine_name(scan: &Scan) -> &str {
    let machine = &scan.header.machine;
    if machine.hostname.is_empty() { &machine.id } else { &machine.hostname }
}
