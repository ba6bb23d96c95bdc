//! `interdict scan`: looks at a machine and writes down what is there.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use interdict_app::collect::{Scan, not_looked_at};
use interdict_app::{AppError, Target, write_scan};

use crate::Outcome;
use crate::arguments::{Format, ScanArguments};
use crate::error::CliError;
use crate::interrupt;
use crate::output::{Answer, Progress};
use crate::session::Session;

pub(super) fn run(session: &Session, arguments: &ScanArguments) -> Result<Outcome, CliError> {
    if session.format() == Format::Csv {
        return Err(CliError::Format { command: "scan" });
    }
    let workbench = session.workbench()?;
    interrupt::watch();
    let progress = Progress::new(session.notes);
    let target = target(arguments.root.as_deref());
    let scan = workbench.scan(&target, &mut |event| progress.scan(&event), &interrupt::asked)?;
    drop(progress);
    session.notes.diagnostics(&scan.diagnostics);
    match &arguments.out {
        None => write_scan(&scan, Answer::raw()).map_err(CliError::Output)?,
        Some(path) => {
            write_file(&scan, path).map_err(|source| AppError::File { doing: "write", path: path.clone(), source })?;
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

/// What is to be looked at.
pub(super) fn target(root: Option<&Path>) -> Target {
    root.map_or(Target::ThisComputer, |root| Target::Root(root.to_owned()))
}

fn machine_name(scan: &Scan) -> &str {
    let machine = &scan.header.machine;
    if machine.hostname.is_empty() { &machine.id } else { &machine.hostname }
}

/// Writes the scan beside the file and puts it in its place when it is complete. What is no regular file is written to.
fn write_file(scan: &Scan, path: &Path) -> io::Result<()> {
    if path.exists() && !path.is_file() {
        return write_scan(scan, BufWriter::new(std::fs::File::create(path)?));
    }
    // A link stays a link: what it points to is replaced.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".interdict-scan-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    write_scan(scan, BufWriter::new(&mut file))?;
    file.flush()?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}
