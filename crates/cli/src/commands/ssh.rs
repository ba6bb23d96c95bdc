//! Machines elsewhere: which ones, what would be run there, and many of them in one run.

use std::path::Path;
use std::time::Duration;

use interdict_app::collect::{SshDestination, SshLimits, SshTarget, remote_commands};
use interdict_app::{AppError, HostEnd, HostScan, HostsRun, Target, now, read_hosts};

use crate::Outcome;
use crate::arguments::{ScanArguments, SshArguments};
use crate::commands::write_rows;
use crate::error::CliError;
use crate::interrupt;
use crate::output::{Answer, Column, Page, Progress, Table, plain};
use crate::session::Session;
use crate::wire::{HostList, HostRow};

/// What the run of many machines is written down in, beside their files.
const SUMMARY: &str = "summary.json";

/// What is to be looked at.
pub(super) fn target(root: Option<&Path>, hives: Option<&Path>, ssh: &SshArguments) -> Target {
    match (root, hives, targets(ssh, ssh.ssh.iter()).pop()) {
        (Some(root), _, _) => Target::Root(root.to_owned()),
        (None, Some(hives), _) => Target::Hives(hives.to_owned()),
        (None, None, Some(target)) => Target::Ssh(target),
        (None, None, None) => Target::ThisComputer,
    }
}

/// The machines with what was said of all of them.
pub(super) fn targets<'a>(
    arguments: &SshArguments,
    destinations: impl Iterator<Item = &'a SshDestination>,
) -> Vec<SshTarget> {
    let limits = SshLimits::default();
    let limits = arguments.timeout.map_or(limits, |seconds| limits.within(Duration::from_secs(seconds)));
    let target = |destination: &SshDestination| SshTarget {
        settings: arguments.settings.clone(),
        limits,
        ..SshTarget::of(destination.clone())
    };
    destinations.map(target).collect()
}

/// Says, before a machine elsewhere is connected to, where to see what is run there.
pub(super) fn announce(session: &Session, command: &str, target: &Target) {
    if let Target::Ssh(target) = target {
        session.notes.note(&format!(
            "Reading {target} over ssh; what is run there is shown by: interdict {command} --ssh {target} --show-commands"
        ));
    }
}

/// Shows what would be run, here and there.
pub(super) fn show_commands(targets: &[SshTarget]) -> Result<Outcome, CliError> {
    let lines: Vec<String> = targets.iter().map(|target| format!("{}\n", target.line())).collect();
    let text = format!(
        "# Started here, once for each machine and without a shell:\n{}\n{}",
        lines.concat(),
        remote_commands()
    );
    Answer::plain(&text)?;
    Ok(Outcome::Done)
}

/// Reads many machines into a folder.
pub(super) fn scan_hosts(session: &Session, arguments: &ScanArguments, list: &Path) -> Result<Outcome, CliError> {
    let destinations = read_hosts(list)?;
    let targets = targets(&arguments.ssh, destinations.iter());
    if arguments.ssh.show_commands {
        return show_commands(&targets);
    }
    let folder = arguments.out.as_deref().ok_or(CliError::NoFolder)?;
    let workbench = session.workbench()?;
    interrupt::watch();
    session.notes.note(&format!(
        "Reading the machines of {list} over ssh; what is run there is shown by: interdict scan --ssh-hosts {list} --show-commands",
        list = list.display()
    ));
    let started = now();
    let progress = Progress::new(session.notes);
    progress.say(format!("{} machines, {} at a time", targets.len(), arguments.hosts.parallel));
    let run = HostsRun {
        targets: &targets,
        folder,
        parallel: usize::from(arguments.hosts.parallel),
        again: arguments.hosts.again,
    };
    let told = |scan: &HostScan| progress.aside(|| tell(session, scan));
    let scans = workbench.scan_hosts(&run, &told, &interrupt::asked)?;
    drop(progress);
    let rows: Vec<HostRow> = scans.iter().map(HostRow::from).collect();
    let failed = rows.iter().filter(|row| !row.has_file()).count();
    let of = rows.len();
    let document = |rows| HostList::new(rows, started.clone(), now(), folder);
    write_summary(&document(rows.clone()), &folder.join(SUMMARY))?;
    write_rows(session, rows, document, page)?;
    if failed > 0 { Err(CliError::BadHosts { count: failed, of }) } else { Ok(Outcome::Done) }
}

/// Says how one machine ended.
fn tell(session: &Session, scan: &HostScan) {
    match &scan.end {
        HostEnd::Scanned { diagnostics, .. } => session.notes.diagnostics(diagnostics),
        HostEnd::Failed(error) => session.notes.fault(error),
        HostEnd::Skipped | HostEnd::Cancelled => {}
    }
}

fn write_summary(summary: &HostList, path: &Path) -> Result<(), CliError> {
    let failed = |source| AppError::File { doing: "write", path: path.to_owned(), source };
    let text = serde_json::to_string_pretty(summary).map_err(|error| failed(error.into()))?;
    // Written beside it first, so that nobody reads half of it.
    let beside = path.with_extension("json.new");
    std::fs::write(&beside, text + "\n").and_then(|()| std::fs::rename(&beside, path)).map_err(failed)?;
    Ok(())
}

fn page(page: &mut Page, rows: &[HostRow]) {
    let mut table = Table::new(&[
        Column::Fixed("host"),
        Column::Fixed("result"),
        Column::Number("seconds"),
        Column::Number("observations"),
        Column::Flexible("file, or why there is none"),
        Column::Flexible("what was not looked at"),
    ]);
    for row in rows {
        table.row(row.cells().into_iter().map(plain).collect());
    }
    page.table(&table);
    let count = |result: &str| rows.iter().filter(|row| row.result() == result).count();
    page.blank();
    page.line(&[plain(format!(
        "{} read, {} passed over, {} failed, {} cancelled",
        count(HostRow::SCANNED),
        count(HostRow::SKIPPED),
        count(HostRow::FAILED),
        count(HostRow::CANCELLED)
    ))]);
}
