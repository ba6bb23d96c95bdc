//! What a collector is, and how it accounts for what it could not read.

use std::time::Duration;

use interdict_model::{CollectorStatus, Diagnostic, Location, Observation, ObservationSource, OsFamily, Probes};

use crate::host::{Host, HostError};

/// The code of the diagnostic that names one thing a collector could not read.
pub(crate) const INCOMPLETE: &str = "collect/incomplete";

/// How many things that could not be read a reason names before it only counts them.
const MOST_NAMED: usize = 3;
/// How many of them become diagnostics.
const MOST_NOTED: usize = 100;

/// Reads one kind of trace from a machine.
pub trait Collector: Sync {
    /// Its name, such as `linux/dpkg`; also that of its fixture folder.
    fn name(&self) -> &'static str;
    /// What it looks at, in words for people, such as `Debian packages`.
    fn looks_at(&self) -> &'static str;
    /// The sources of its observations: when it was complete, what it did not see of them is not there.
    fn sources(&self) -> &'static [ObservationSource];
    /// What it takes to run.
    fn needs(&self) -> Needs;
    /// Reads what there is. Never fails as a whole: what could not be read is in the status and the reason.
    fn collect(&self, host: &dyn Host, request: &Request<'_>) -> Collected;
    /// Completes what the collectors before it brought back, and how many of those it completed; nothing for a collector
    /// that brings back observations of its own.
    fn complete(
        &self,
        _host: &dyn Host,
        _request: &Request<'_>,
        _observations: &mut [Observation],
    ) -> Option<(Collected, usize)> {
        None
    }
}

/// What is asked of a collector beside what it lists anyway.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// What to look for.
    pub probes: &'a Probes,
    /// Folders to be searched for programs that nothing registers, if the person asked for that.
    pub sweep: Option<&'a Sweep>,
    /// Whether to stop; asked by collectors that take long.
    pub cancelled: &'a dyn Fn() -> bool,
}

impl<'a> Request<'a> {
    /// These probes and nothing else.
    #[must_use]
    pub fn of(probes: &'a Probes) -> Self {
        Self { probes, sweep: None, cancelled: &|| false }
    }
}

/// A search of folders for programs that nothing registers: opt-in, and bounded by bytes and time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sweep {
    /// The folders, as paths of the system looked at.
    pub folders: Vec<String>,
    /// How many bytes are read in all.
    pub bytes: u64,
    /// How long it may take.
    pub time: Duration,
}

/// What a collector takes to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// The families of operating systems it knows.
    pub os: &'static [OsFamily],
    /// Whether the system must be running.
    pub system: NeedsSystem,
}

/// Whether a system must be running to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeedsSystem {
    /// Its files are enough.
    Files,
    /// It must be running.
    Running,
    /// Its files are needed that it keeps to itself while it runs; then the collector is not run at all.
    Still,
}

/// What a collector brought back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collected {
    /// What was read.
    pub observations: Vec<Observation>,
    /// What looks wrong in it.
    pub diagnostics: Vec<Diagnostic>,
    /// How it went. A kind of database that this system does not have is complete, with nothing found.
    pub status: CollectorStatus,
    /// Why, for everything but complete.
    pub reason: Option<String>,
}

impl Collected {
    /// Nothing, because this system does not allow it.
    pub(crate) fn not_possible(reason: impl Into<String>) -> Self {
        Self {
            observations: Vec::new(),
            diagnostics: Vec::new(),
            status: CollectorStatus::NotPossible,
            reason: Some(reason.into()),
        }
    }
}

impl Collected {
    /// The same, knowing that some of what was read was read only in part: what was passed over.
    pub(crate) fn without(mut self, passed_over: Vec<String>) -> Self {
        if passed_over.is_empty() {
            return self;
        }
        if self.status == CollectorStatus::Complete {
            self.status = CollectorStatus::Partial;
        }
        let reasons: Vec<String> = self.reason.take().into_iter().chain(named(&passed_over)).collect();
        self.reason = Some(reasons.join("; "));
        if passed_over.len() > MOST_NAMED {
            let noted = passed_over.into_iter().take(MOST_NOTED);
            self.diagnostics.extend(noted.map(|what| Diagnostic::warning(INCOMPLETE, what)));
        }
        self
    }
}

/// The first of what could not be read, and how many more there are.
fn named(shortfalls: &[String]) -> Vec<String> {
    let mut named: Vec<String> = shortfalls.iter().take(MOST_NAMED).cloned().collect();
    if shortfalls.len() > MOST_NAMED {
        named.push(format!("and {} more", shortfalls.len() - MOST_NAMED));
    }
    named
}

/// Why something could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Rights, or a format that is not known yet: the system is sound, it just cannot be looked at.
    NotAllowed,
    /// It should have worked.
    Broken,
}

/// What a collector gathers while it runs.
#[derive(Default)]
pub(crate) struct Gathering {
    pub(crate) observations: Vec<Observation>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    shortfalls: Vec<(Cause, String)>,
    read_something: bool,
}

impl Gathering {
    /// Says that a source of this collector could be read, if only in part.
    pub(crate) const fn has_read(&mut self) {
        self.read_something = true;
    }

    /// Accounts for something that could not be read.
    pub(crate) fn shortfall(&mut self, cause: Cause, what: impl Into<String>) {
        self.shortfalls.push((cause, what.into()));
    }

    /// Accounts for a file or folder that could not be read. That it does not exist is no shortfall.
    pub(crate) fn failed(&mut self, error: &HostError) {
        let cause = match error {
            HostError::NotFound { .. } => return,
            HostError::Denied { .. } | HostError::NotAtHand { .. } => Cause::NotAllowed,
            HostError::TooLarge { .. }
            | HostError::NoHives { .. }
            | HostError::Unreachable { .. }
            | HostError::Lost { .. }
            | HostError::Other { .. } => Cause::Broken,
        };
        self.shortfall(cause, error.with_cause());
    }

    /// The value, or nothing and an account of why.
    pub(crate) fn ok<T>(&mut self, result: Result<T, HostError>) -> Option<T> {
        result.inspect_err(|error| self.failed(error)).ok()
    }

    /// Everything, with the status that follows from it.
    pub(crate) fn finish(self) -> Collected {
        let Self { observations, mut diagnostics, shortfalls, read_something } = self;
        let status = if shortfalls.is_empty() {
            CollectorStatus::Complete
        } else if read_something || !observations.is_empty() {
            CollectorStatus::Partial
        } else if shortfalls.iter().any(|(cause, _)| *cause == Cause::Broken) {
            CollectorStatus::Failed
        } else {
            CollectorStatus::NotPossible
        };
        let shortfalls: Vec<String> = shortfalls.into_iter().map(|(_, what)| what).collect();
        let named = named(&shortfalls);
        if shortfalls.len() > MOST_NAMED {
            let noted = shortfalls.into_iter().take(MOST_NOTED);
            diagnostics.extend(noted.map(|what| Diagnostic::warning(INCOMPLETE, what)));
        }
        let reason = (!named.is_empty()).then(|| named.join("; "));
        Collected { observations, diagnostics, status, reason }
    }
}

/// Puts the file's name to diagnostics that have no place yet.
pub(crate) fn placed(diagnostics: Vec<Diagnostic>, file: &str) -> impl Iterator<Item = Diagnostic> {
    diagnostics.into_iter().map(move |diagnostic| match diagnostic.location {
        Some(_) => diagnostic,
        None => diagnostic.at(Location::file(file)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denied(path: &str) -> HostError {
        HostError::Denied { path: path.to_owned(), user: "uid 65534".to_owned() }
    }

    #[test]
    fn the_status_follows_from_what_could_be_read() {
        let broken = HostError::TooLarge { path: "/b".to_owned(), cap: 1 };
        let absent = HostError::NotFound { path: "/c".to_owned() };
        let table: [(&[&HostError], bool, CollectorStatus); 6] = [
            (&[], false, CollectorStatus::Complete),
            (&[&absent], false, CollectorStatus::Complete),
            (&[&denied("/a")], false, CollectorStatus::NotPossible),
            (&[&denied("/a")], true, CollectorStatus::Partial),
            (&[&denied("/a"), &broken], false, CollectorStatus::Failed),
            (&[&broken], true, CollectorStatus::Partial),
        ];
        for (errors, read, expected) in table {
            let mut gathering = Gathering::default();
            for error in errors {
                gathering.failed(error);
            }
            if read {
                gathering.has_read();
            }
            let collected = gathering.finish();
            assert_eq!(collected.status, expected, "{errors:?}");
            assert_eq!(collected.reason.is_none(), expected == CollectorStatus::Complete, "{errors:?}");
        }
    }

    #[test]
    fn many_shortfalls_are_counted_and_listed_apart() {
        let mut gathering = Gathering::default();
        for number in 0..5 {
            gathering.failed(&denied(&format!("/{number}")));
        }
        let collected = gathering.finish();
        let reason = collected.reason.expect("not complete");
        assert!(
            reason.starts_with("/0 may not be read as uid 65534; ") && reason.ends_with("; and 2 more"),
            "{reason}"
        );
        assert_eq!(collected.diagnostics.len(), 5);
    }
}
