//! An audit: its progress and what it came to.

use interdict_app::collect::ScanProgress;
use interdict_app::{AuditOutcome, AuditProgress as Progress};

use super::count;
use super::words::collector_line;
use crate::wire;

/// Remembers which collector is at work, since only the start of one says which it is.
#[derive(Default)]
pub(crate) struct AuditProgress {
    index: u32,
    of: u32,
}

impl AuditProgress {
    /// What the window is told.
    pub(crate) fn event(&mut self, progress: Progress) -> wire::AuditEvent {
        match progress {
            Progress::Scan(ScanProgress::Started { collector, index, of }) => {
                (self.index, self.of) = (count(index), count(of));
                wire::AuditEvent::CollectorStarted { name: collector.to_owned(), index: self.index, of: self.of }
            }
            Progress::Scan(ScanProgress::Finished { report }) => wire::AuditEvent::CollectorFinished {
                collector: collector_line(&report),
                index: self.index,
                of: self.of,
            },
            Progress::Identifying { observations } => {
                wire::AuditEvent::Identifying { observations: count(observations) }
            }
            Progress::Storing => wire::AuditEvent::Storing,
        }
    }
}

/// What an audit came to.
pub(crate) fn outcome(outcome: &AuditOutcome) -> wire::AuditOutcome {
    wire::AuditOutcome {
        cancelled: false,
        hostname: outcome.header.machine.hostname.clone(),
        observations: count(outcome.observations),
        detections: count(outcome.detections.len()),
        collectors: outcome.header.collectors.iter().map(collector_line).collect(),
    }
}

/// Nothing was kept.
pub(crate) fn cancelled() -> wire::AuditOutcome {
    wire::AuditOutcome {
        cancelled: true,
        hostname: String::new(),
        observations: 0,
        detections: 0,
        collectors: Vec::new(),
    }
}
