//! Scan a machine, work out what is on it, keep it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use interdict_collect::{
    HivesHost, Host, Interrupted, LiveHost, Request, RootedHost, Scan, ScanProgress, SshHost, SshTarget, Sweep,
    sources_of,
};
use interdict_identify::consolidate;
use interdict_model::{CollectorStatus, Detection, Diagnostic, Observation, ObservationSource, ScanHeader};
use interdict_store::{RecordedScan, Store};

use crate::clock::now;
use crate::error::AppError;
use crate::probes::probes;
use crate::workbench::Workbench;

/// What the store calls our own looking.
const OWN_ORIGIN: &str = "interdict";

/// What is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// This computer, running.
    ThisComputer,
    /// A system mounted at a folder.
    Root(PathBuf),
    /// A machine elsewhere, over ssh.
    Ssh(SshTarget),
    /// A Windows system of which only registry hives are at hand, in a folder.
    Hives(PathBuf),
}

impl Target {
    /// For people.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::ThisComputer => "this computer".to_owned(),
            Self::Root(path) | Self::Hives(path) => path.display().to_string(),
            Self::Ssh(target) => format!("ssh {target}"),
        }
    }
}

/// What is done on request only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScanOptions {
    /// Folders to search for programs that nothing registers.
    pub sweep: Option<Sweep>,
}

/// How far an audit is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditProgress {
    /// A collector began or ended.
    Scan(ScanProgress),
    /// Everything is read; now it is identified.
    Identifying {
        /// How many observations.
        observations: usize,
    },
    /// Now it is stored.
    Storing,
}

/// What an audit came to.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditOutcome {
    /// Who was looked at, with which probes, and how each collector fared.
    pub header: ScanHeader,
    /// How many observations were read.
    pub observations: usize,
    /// What looked wrong in what was read.
    pub diagnostics: Vec<Diagnostic>,
    /// What the machine comes to.
    pub detections: Vec<Detection>,
    /// What the database did with it.
    pub recorded: RecordedScan,
}

impl Workbench {
    /// Looks at a machine. Cancelled, it keeps nothing.
    pub fn scan(
        &self,
        target: &Target,
        options: &ScanOptions,
        progress: &mut dyn FnMut(ScanProgress),
        cancelled: &dyn Fn() -> bool,
    ) -> Result<Scan, AppError> {
        let probes = probes(self.catalogue());
        let host: Box<dyn Host + '_> = match target {
            Target::ThisComputer => Box::new(LiveHost::new()),
            Target::Root(path) => Box::new(RootedHost::open(path).map_err(AppError::Host)?),
            Target::Ssh(target) => match SshHost::connect(target, &probes, cancelled) {
                Ok(host) => Box::new(host),
                Err(_) if cancelled() => return Err(AppError::Cancelled),
                Err(error) => return Err(AppError::Host(error)),
            },
            Target::Hives(path) => Box::new(HivesHost::open(path).map_err(AppError::Host)?),
        };
        let version = env!("CARGO_PKG_VERSION");
        let request = Request { cancelled, sweep: options.sweep.as_ref(), ..Request::of(&probes) };
        interdict_collect::scan(host.as_ref(), &request, now(), version, progress).map_err(interrupted)
    }

    /// Looks at a machine, identifies what is there and records it. Cancelled or failed, it keeps nothing.
    pub fn audit(
        &self,
        store: &mut Store,
        target: &Target,
        options: &ScanOptions,
        progress: &mut dyn FnMut(AuditProgress),
        cancelled: &dyn Fn() -> bool,
    ) -> Result<AuditOutcome, AppError> {
        let scan = self.scan(target, options, &mut |event| progress(AuditProgress::Scan(event)), cancelled)?;
        progress(AuditProgress::Identifying { observations: scan.observations.len() });
        let Scan { header, observations, diagnostics } = scan;
        let detections = self.detections(store, &header, &observations)?;
        if cancelled() {
            return Err(AppError::Cancelled);
        }
        progress(AuditProgress::Storing);
        self.begin_detections(store)?;
        self.log_own_rules(store)?;
        let recorded = record(store, &header, &target.label(), &observations, &detections)?;
        Ok(AuditOutcome { header, observations: observations.len(), diagnostics, detections, recorded })
    }

    /// What a machine comes to: this scan's observations, and earlier ones of sources that it could not fully look at.
    fn detections(
        &self,
        store: &Store,
        header: &ScanHeader,
        fresh: &[Observation],
    ) -> Result<Vec<Detection>, AppError> {
        let covered = covered_by(header);
        let is_replaced = |origin: &str, known: &Observation| {
            origin == OWN_ORIGIN && covered.contains(&known.source) && header.looked_where(known)
        };
        let kept: Vec<Observation> = store
            .told_of(&header.machine.id)?
            .into_iter()
            .filter(|(origin, known)| !is_replaced(origin, known))
            .map(|(_, known)| known)
            .filter(|known| !fresh.contains(known))
            .collect();
        if kept.is_empty() {
            return Ok(consolidate(self.identifier(), fresh));
        }
        let all: Vec<Observation> = fresh.iter().cloned().chain(kept).collect();
        Ok(consolidate(self.identifier(), &all))
    }
}

/// Why a scan was not finished.
fn interrupted(why: Interrupted) -> AppError {
    match why {
        Interrupted::Lost(error) => AppError::Host(error),
        _ => AppError::Cancelled,
    }
}

fn record(
    store: &mut Store,
    header: &ScanHeader,
    label: &str,
    observations: &[Observation],
    detections: &[Detection],
) -> Result<RecordedScan, AppError> {
    Ok(store.record_scan(header, &now(), label, &covered_by(header), observations, detections)?)
}

/// The sources that a scan fully looked at: those all of whose collectors were complete. Processes count also when some
/// could not be read: a process of an earlier scan says nothing of now, so a partial look replaces them all the same.
pub(crate) fn covered_by(header: &ScanHeader) -> Vec<ObservationSource> {
    let mut replaced: BTreeMap<ObservationSource, bool> = BTreeMap::new();
    for report in &header.collectors {
        for source in sources_of(&report.name) {
            let is_replaced = match report.status {
                CollectorStatus::Complete => true,
                CollectorStatus::Partial => *source == ObservationSource::Processes,
                CollectorStatus::NotPossible | CollectorStatus::Failed => false,
            };
            *replaced.entry(*source).or_insert(true) &= is_replaced;
        }
    }
    replaced.into_iter().filter(|(_, is_replaced)| *is_replaced).map(|(source, _)| source).collect()
}
