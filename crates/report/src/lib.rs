//! Views to HTML.
//!
//! A report is a function from plain values to one self-contained text: no script, no file, no network, nothing that is
//! not in the view. The crate does not ask the inventory, judge or write files; `interdict-app` fills the views
//! ([`AuditReport`]) and puts the text where it belongs.

mod audit;
mod coverage;
mod finding;
mod marks;
mod method;
mod removal;
mod text;
mod view;

#[cfg(test)]
mod tests;

pub use audit::audit_html;
pub use removal::removal_html;
pub use view::{
    AnswerView, AuditReport, CollectorView, CoverageView, EvidenceView, FindingView, FleetView, InstrumentView,
    KnownFact, LineView, LogHeadView, MOST_MACHINES, MOST_NAMED, MOST_PLACES, MachineView, MatchedView, NamesView,
    OtherView, PlaceView, ProfileView, RecognisedView, RemovalClassView, RemovalMachineView, RemovalReport,
    RemovalState, RemovalTraceView, SeenView, SourceView, TellerView, ToldView, UnreadView,
};
