//! The use cases: audit a machine, assess a subject, ask the inventory.
//!
//! This is the rim around the pure crates: it owns the clock, the folders, progress and cancelling, and it joins what they
//! work out. It draws nothing and prints nothing; the command line and the desktop window do.

#![expect(clippy::disallowed_methods, reason = "the use cases own the clock and the folders")]

mod advice;
mod audit;
mod catalogue_changes;
mod catalogue_source;
mod clock;
mod comma_separated;
mod database;
mod differences;
mod disagreements;
mod distinct;
mod error;
mod exposure;
mod findings;
mod folders;
mod freshness;
mod history;
mod import_progress;
mod imports;
mod installations;
mod intake;
#[cfg(test)]
mod inventory;
mod lacking;
mod listing;
mod lists;
mod log;
mod machine_decisions;
mod machine_list;
mod machine_page;
mod outlook;
mod own_rules;
mod pairing;
mod probes;
mod recognised;
mod refresh;
mod removal;
mod removal_report;
mod report;
mod restrictions;
mod sample;
mod scan_file;
mod search;
mod settings;
mod spool;
mod ssh_hosts;
mod standing;
mod table_file;
mod things;
mod title_list;
mod told;
mod verdicts;
mod versions;
mod views;
mod watch;
mod workbench;

pub use advice::next_steps;
pub use audit::{AuditOutcome, AuditProgress, ScanOptions, Target};
pub use catalogue_changes::{
    CatalogueChanges, CatalogueName, ChangeHere, Comparison, InventoryChange, MachineChange, ProductChange,
    ProfileTouch,
};
pub use catalogue_source::{look_at_catalogue_files, read_catalogue_files};
pub use clock::{now, today};
pub use comma_separated::{inert, write_comma_separated, write_import_rejects};
pub use database::{BackupMade, back_up, forget, restore};
pub use differences::{
    Breadth, Difference, DifferenceCounts, DifferenceKind, DifferenceOf, DifferenceQuery, DifferenceSummary, Newness,
};
pub use disagreements::{Disagreement, DisagreementKind, Side};
pub use error::{AppError, CODES as ERROR_CODES};
pub use exposure::{ExposedMachine, ExposedVendor, Exposure, FleetFinding, machines_with};
pub use findings::{Finding, Judged, JudgedSubject, VendorStanding};
pub use folders::{default_database, own_rules_folder, reports_folder, sample_database};
pub use freshness::{Age, FRESH_DAYS, Freshness, MachineFreshness, OriginFreshness, STALE_DAYS};
pub use history::{Change, ChangeKind, Chronicle, HistoryPoint, SeenHere};
pub use import_progress::ImportProgress;
pub use imports::{ImportOutcome, ImportRequest, MachineImport, mapping_key, preview_import};
pub use installations::{MachineInstallations, installations};
pub use lacking::{ENDPOINT_PROTECTION, Holdings, Lack, LackAnswer, LackReason, Lacking};
pub use lists::{ChosenMachines, ChosenTitles, Lists};
pub use log::log_sentence;
pub use machine_decisions::{Choice, DecisionOutcome, Joining, other_tellers};
pub use machine_list::{
    Among, Fleet, FleetMachine, FleetTiers, MachineFacets, MachineQuery, MachineSelection, MachineSort, MachineTiers,
    OWN_SCAN, Seen,
};
pub use machine_page::{MachinePage, RecentChanges, Removable, TellerStanding};
pub use outlook::Coming;
pub use own_rules::{OWN_FOLDER, OwnFiles, lint_own_rules, read_own_files};
pub use pairing::{Direction, FieldChange};
pub use probes::probes;
pub use removal::{ClassAnswer, ClassState, FoundBefore, MachineRemoval, Removal, RemovalTrace};
pub use report::in_words as source_in_words;
pub use restrictions::{
    EffectState, RestrictionStanding, RestrictionState, activities as activities_of, effect_state, effect_tier,
    standing as restriction_standing, touches as effect_touches,
};
pub use sample::open_sample;
pub use scan_file::{write_scan, write_scan_file};
pub use search::{Found, FoundKind};
pub use settings::{Settings, Theme, WatchedFolder};
pub use ssh_hosts::{HostEnd, HostScan, HostsRun, read_hosts};
pub use standing::{Standing, VendorCount};
pub use table_file::{Cell, TableFile, TableFormat, free_place, write_table};
pub use title_list::{
    Family, ShownTitle, SoftwareFacets, SoftwareQuery, SoftwareSelection, SoftwareSort, TitleIdentity, TitleTiers,
    Titles, VersionHeld, Whereabouts, in_latin,
};
pub use told::{Teller, ToldCount, ToldCounts, ToldFinding, ToldGroups, ToldVendor};
pub use versions::{VersionPlace, each_version, in_version_order};
pub use views::{View, ViewList};
pub use watch::{
    LeftWhy, SystemClock, WATCH_PATIENCE, Watch, WatchClock, WatchEvent, WatchPace, WatchSummary, WatchUntil,
    WatchedFile,
};
pub use workbench::{OwnRules, Workbench};

pub use interdict_assess as assess;
pub use interdict_catalogue as catalogue;
pub use interdict_collect as collect;
pub use interdict_identify as identify;
pub use interdict_import as import;
pub use interdict_model as model;
pub use interdict_store as store;
