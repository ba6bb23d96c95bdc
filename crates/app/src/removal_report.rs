//! The removal report: the answers about a removal, as the views of `interdict-report`, written to a file.

use std::path::Path;

use interdict_model::Scope;
use interdict_report::{
    RemovalClassView, RemovalMachineView, RemovalReport, RemovalState, RemovalTraceView, removal_html,
};

use crate::error::AppError;
use crate::removal::{ClassAnswer, ClassState, MachineRemoval, Removal, RemovalTrace};
use crate::report::{in_words, log_head_view, write_private};
use crate::workbench::Workbench;

impl Workbench {
    /// Writes the removal report as one HTML file, whole or not at all, for its owner alone.
    pub fn write_removal_report(&self, removal: &Removal, made_at: &str, path: &Path) -> Result<(), AppError> {
        let failed = |source| AppError::File { doing: "write", path: path.to_owned(), source };
        write_private(path, &removal_html(&self.removal_report(removal, made_at))).map_err(failed)
    }

    fn removal_report(&self, removal: &Removal, made_at: &str) -> RemovalReport {
        let stamp = self.catalogue().stamp();
        RemovalReport {
            subject: self.removal_title(&removal.subject),
            recognised_by: self.recognised_by(&removal.subject),
            made_at: made_at.to_owned(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            catalogue_version: stamp.version.clone(),
            catalogue_date: stamp.date,
            log_head: removal.log_head.as_ref().map(log_head_view),
            machines: removal.machines.iter().map(removal_machine).collect(),
        }
    }
}

fn removal_machine(removal: &MachineRemoval) -> RemovalMachineView {
    let machine = &removal.machine;
    let class = |answer: &ClassAnswer| RemovalClassView {
        name: in_words(answer.source),
        state: match answer.state {
            ClassState::Absent => RemovalState::Absent,
            ClassState::Present => RemovalState::Present,
            ClassState::NotLookedAt => RemovalState::NotLookedAt,
        },
        because: answer.because.clone(),
        traces: answer.traces.iter().map(removal_trace).collect(),
    };
    let mut classes: Vec<RemovalClassView> = removal.classes.iter().map(class).collect();
    // What needs somebody's attention stands first.
    classes.sort_by_key(|class| match class.state {
        RemovalState::Present => 0,
        RemovalState::NotLookedAt => 1,
        RemovalState::Absent => 2,
    });
    RemovalMachineView {
        name: if machine.hostname.is_empty() { machine.id.clone() } else { machine.hostname.clone() },
        id: machine.id.clone(),
        system: format!("{} {}", machine.os.name, machine.os.version).trim().to_owned(),
        scanned: removal.scan.started.clone(),
        read_as: removal.scan.read_as.clone(),
        scanned_from: removal.scan.source_label.clone(),
        history: removal.history(),
        certified: removal.is_certain(),
        classes,
    }
}

fn removal_trace(trace: &RemovalTrace) -> RemovalTraceView {
    RemovalTraceView {
        title: trace.title.clone(),
        place: trace.path.clone().unwrap_or_else(|| "no path is known".to_owned()),
        scope: trace.scope.as_ref().filter(|scope| **scope != Scope::Machine).map(ToString::to_string),
        says: trace.says.clone(),
    }
}
