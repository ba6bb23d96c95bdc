//! The JSON that other programs rely on: types of this crate alone, filled from the model's.
//!
//! Fields are added, never renamed or removed. `docs/schemas` holds their JSON Schemas, generated from these types; tests
//! hold real output against them.

mod assess;
mod audit;
mod catalogue;
mod changes;
mod database;
mod diff;
mod entry;
mod hosts;
mod identify;
mod import;
mod import_preview;
mod import_watch;
mod imports;
mod installations;
mod lists;
mod log;
mod machine;
mod scan;
mod verify_removed;
mod words;

pub(crate) use assess::Assess;
pub(crate) use audit::{Audit, Kept, versions};
pub(crate) use catalogue::{CatalogueEntry, EntryList, Lint};
pub(crate) use changes::{ChangeList, ChangeRow, Point, Telling};
pub(crate) use database::{Backup, DatabaseCheck, DatabaseCompact, DatabaseForget, Restore};
pub(crate) use diff::CatalogueDiff;
pub(crate) use entry::{Entry, EntryDocument, RestrictionEntry, VendorEntry};
pub(crate) use hosts::{HostList, HostRow};
pub(crate) use identify::Identified;
pub(crate) use import::{ImportList, ImportedFile};
pub(crate) use import_preview::{PreviewList, PreviewedFile};
pub(crate) use import_watch::{WatchList, WatchedRow};
pub(crate) use imports::{
    BatchList, BatchRow, DecisionList, DecisionRow, FormatList, FormatRow, ImportMachineList, ImportMachineRow,
    JoinedOut, RejectList, RejectRow, UndoList, UndoRow,
};
pub(crate) use installations::{InstallationList, InstallationRow};
pub(crate) use lists::{
    FindingList, FindingRow, MachineList, MachineRow, SoftwareList, SoftwareRow, ToldOut, VendorList, VendorRow,
    VendorTitleOut, VendorToldOut, WithoutMachineOut,
};
pub(crate) use log::{LogHeadOut, LogList, LogRow, LogVerify};
pub(crate) use machine::MachineDocument;
pub(crate) use scan::ObservationLine;
pub(crate) use verify_removed::VerifyRemoved;
pub(crate) use words::{Date, Word};

use interdict_model::{CatalogueStamp, Day};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

use crate::asked::Asked;

/// The JSON Schema of every document and line, by the name it has in `interdict/<name>/v1`.
#[must_use]
pub fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("assess", schema::<Assess>()),
        ("audit", schema::<Audit>()),
        ("backup", schema::<Backup>()),
        ("catalogue-diff", schema::<CatalogueDiff>()),
        ("catalogue-entry", schema::<EntryDocument>()),
        ("catalogue-lint", schema::<Lint>()),
        ("changes", schema::<ChangeList<'static>>()),
        ("database-check", schema::<DatabaseCheck>()),
        ("database-compact", schema::<DatabaseCompact>()),
        ("database-forget", schema::<DatabaseForget>()),
        ("entries", schema::<EntryList>()),
        ("findings", schema::<FindingList>()),
        ("identify", schema::<Identified>()),
        ("import", schema::<ImportList>()),
        ("log", schema::<LogList>()),
        ("log-verify", schema::<LogVerify>()),
        ("import-decision", schema::<DecisionList>()),
        ("import-formats", schema::<FormatList>()),
        ("import-machines", schema::<ImportMachineList>()),
        ("import-preview", schema::<PreviewList>()),
        ("import-rejects", schema::<RejectList>()),
        ("import-undo", schema::<UndoList>()),
        ("import-watch", schema::<WatchList>()),
        ("imports", schema::<BatchList>()),
        ("installations", schema::<InstallationList>()),
        ("machine", schema::<MachineDocument>()),
        ("machines", schema::<MachineList>()),
        ("observation", schema::<ObservationLine>()),
        ("restore", schema::<Restore>()),
        ("scan", schema::<scan::ScanLine>()),
        ("scan-hosts", schema::<HostList>()),
        ("software", schema::<SoftwareList>()),
        ("vendors", schema::<VendorList>()),
        ("verify-removed", schema::<VerifyRemoved>()),
    ]
}

fn schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

/// Which catalogue, and of which day.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Catalogue {
    version: String,
    date: Date,
}

impl From<&CatalogueStamp> for Catalogue {
    fn from(stamp: &CatalogueStamp) -> Self {
        Self { version: stamp.version.clone(), date: Date(stamp.date) }
    }
}

/// Who asks, for which day, with which catalogue.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Question {
    /// The day asked for.
    as_of: Date,
    /// The profiles asked with.
    profiles: Vec<String>,
    catalogue: Catalogue,
}

impl From<&Asked> for Question {
    fn from(asked: &Asked) -> Self {
        Self {
            as_of: Date(asked.as_of()),
            profiles: asked.profiles.clone(),
            catalogue: Catalogue::from(&asked.catalogue),
        }
    }
}

fn dates(day: Option<Day>) -> Option<Date> {
    day.map(Date)
}
