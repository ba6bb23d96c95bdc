//! `interdict/backup/v1`, `interdict/restore/v1` and what `interdict database` answers.

use interdict_app::BackupMade;
use interdict_app::store::{Checked, Compacted, Content, Forgotten, ForgottenMachine, Restored};
use interdict_model::Day;
use schemars::JsonSchema;
use serde::Serialize;

use super::words::Date;
use crate::output::{Row, counted};

/// How much is in a database.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ContentOut {
    machines: usize,
    scans: usize,
    /// Installations that are there now.
    installations: usize,
    /// Installations that are gone.
    past_installations: usize,
    /// Products and vendors found on machines now.
    detections: usize,
    /// Those that are gone.
    past_detections: usize,
    /// When the oldest scan began; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_scan: Option<String>,
    /// When the newest scan began; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_scan: Option<String>,
}

impl From<&Content> for ContentOut {
    fn from(content: &Content) -> Self {
        let Content { machines, scans, installations, past_installations, detections, past_detections, .. } = *content;
        let (first_scan, last_scan) = (content.first_scan.clone(), content.last_scan.clone());
        Self { machines, scans, installations, past_installations, detections, past_detections, first_scan, last_scan }
    }
}

impl ContentOut {
    const COLUMNS: [&'static str; 8] = [
        "machines",
        "scans",
        "installations",
        "past_installations",
        "detections",
        "past_detections",
        "first_scan",
        "last_scan",
    ];

    fn values(&self) -> Vec<String> {
        let counts = [
            self.machines,
            self.scans,
            self.installations,
            self.past_installations,
            self.detections,
            self.past_detections,
        ];
        let scans = [&self.first_scan, &self.last_scan].map(|scan| scan.clone().unwrap_or_default());
        counts.iter().map(usize::to_string).chain(scans).collect()
    }

    /// In a few words, for people.
    pub(crate) fn words(&self) -> String {
        let machines = counted(self.machines, "machine");
        let scans = counted(self.scans, "scan");
        let newest = self.last_scan.as_ref().map(|scan| format!(", the newest of {scan}")).unwrap_or_default();
        format!("{machines}, {}, {scans}{newest}", counted(self.installations, "installation"))
    }
}

/// A copy of the database.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Backup {
    #[schemars(extend("const" = "interdict/backup/v1"))]
    schema: &'static str,
    /// The file that was written.
    pub(crate) file: String,
    /// The database.
    database: String,
    /// When the copy was begun; what was recorded later is not in it.
    pub(crate) at: String,
    /// The bytes of the file.
    pub(crate) bytes: u64,
    /// The number of its schema.
    pub(crate) database_schema: i64,
    /// It was read as a whole and is sound; a copy that is not is not kept.
    #[schemars(extend("const" = true))]
    checked: bool,
    #[serde(flatten)]
    pub(crate) content: ContentOut,
}

impl Backup {
    pub(crate) fn new(file: String, database: String, made: &BackupMade) -> Self {
        let BackupMade { at, backup } = made;
        Self {
            schema: "interdict/backup/v1",
            file,
            database,
            at: at.clone(),
            bytes: backup.bytes,
            database_schema: backup.schema,
            checked: true,
            content: ContentOut::from(&backup.content),
        }
    }
}

impl Row for Backup {
    const COLUMNS: &'static [&'static str] =
        &["file", "database", "at", "bytes", "database_schema", "machines", "scans"];

    fn values(&self) -> Vec<String> {
        vec![
            self.file.clone(),
            self.database.clone(),
            self.at.clone(),
            self.bytes.to_string(),
            self.database_schema.to_string(),
            self.content.machines.to_string(),
            self.content.scans.to_string(),
        ]
    }
}

/// A backup in the place of what was in the database.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Restore {
    #[schemars(extend("const" = "interdict/restore/v1"))]
    schema: &'static str,
    /// The backup.
    pub(crate) file: String,
    /// The database.
    pub(crate) database: String,
    /// The number of the schema it has now.
    pub(crate) database_schema: i64,
    /// The number of the backup's own schema; smaller where it was upgraded.
    pub(crate) backup_schema: i64,
    /// Where that is kept which was in the database before; absent where nothing was in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kept: Option<String>,
    #[serde(flatten)]
    pub(crate) content: ContentOut,
}

impl Restore {
    pub(crate) fn new(file: String, database: String, restored: &Restored) -> Self {
        Self {
            schema: "interdict/restore/v1",
            file,
            database,
            database_schema: restored.upgraded_to,
            backup_schema: restored.schema,
            kept: restored.kept.as_ref().map(|path| path.display().to_string()),
            content: ContentOut::from(&restored.content),
        }
    }
}

impl Row for Restore {
    const COLUMNS: &'static [&'static str] =
        &["file", "database", "database_schema", "backup_schema", "kept", "machines", "scans"];

    fn values(&self) -> Vec<String> {
        vec![
            self.file.clone(),
            self.database.clone(),
            self.database_schema.to_string(),
            self.backup_schema.to_string(),
            self.kept.clone().unwrap_or_default(),
            self.content.machines.to_string(),
            self.content.scans.to_string(),
        ]
    }
}

/// Whether a database is sound, and how much is in it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct DatabaseCheck {
    #[schemars(extend("const" = "interdict/database-check/v1"))]
    schema: &'static str,
    pub(crate) database: String,
    /// Whether nothing is wrong with it.
    pub(crate) sound: bool,
    /// What is wrong, in words; the first fifty.
    pub(crate) problems: Vec<String>,
    /// The number of its schema.
    pub(crate) database_schema: i64,
    /// How SQLite writes it: `wal` on a local disk, `delete` on a network drive.
    pub(crate) journal: String,
    /// The bytes of its file.
    pub(crate) bytes: u64,
    /// The bytes of the log beside it.
    pub(crate) log_bytes: u64,
    /// The bytes of the file that nothing uses any more.
    pub(crate) free_bytes: u64,
    /// How much is in it; absent where it is too damaged to be counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content: Option<ContentOut>,
}

impl DatabaseCheck {
    pub(crate) fn new(database: String, checked: &Checked) -> Self {
        Self {
            schema: "interdict/database-check/v1",
            database,
            sound: checked.is_sound(),
            problems: checked.problems.clone(),
            database_schema: checked.schema,
            journal: checked.journal.clone(),
            bytes: checked.bytes,
            log_bytes: checked.log_bytes,
            free_bytes: checked.free_bytes,
            content: checked.content.as_ref().map(ContentOut::from),
        }
    }
}

impl Row for DatabaseCheck {
    const COLUMNS: &'static [&'static str] = &[
        "database",
        "sound",
        "problems",
        "database_schema",
        "journal",
        "bytes",
        "log_bytes",
        "free_bytes",
        ContentOut::COLUMNS[0],
        ContentOut::COLUMNS[1],
        ContentOut::COLUMNS[2],
        ContentOut::COLUMNS[3],
        ContentOut::COLUMNS[4],
        ContentOut::COLUMNS[5],
        ContentOut::COLUMNS[6],
        ContentOut::COLUMNS[7],
    ];

    fn values(&self) -> Vec<String> {
        let mut values = vec![
            self.database.clone(),
            self.sound.to_string(),
            self.problems.join("; "),
            self.database_schema.to_string(),
            self.journal.clone(),
            self.bytes.to_string(),
            self.log_bytes.to_string(),
            self.free_bytes.to_string(),
        ];
        values.extend(
            self.content.as_ref().map_or_else(|| vec![String::new(); ContentOut::COLUMNS.len()], ContentOut::values),
        );
        values
    }
}

/// What compacting a database came to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct DatabaseCompact {
    #[schemars(extend("const" = "interdict/database-compact/v1"))]
    schema: &'static str,
    pub(crate) database: String,
    /// The bytes of the database and its log before.
    pub(crate) bytes_before: u64,
    /// The bytes of the database and its log afterwards.
    pub(crate) bytes_after: u64,
}

impl DatabaseCompact {
    pub(crate) fn new(database: String, compacted: Compacted) -> Self {
        let Compacted { bytes_before, bytes_after } = compacted;
        Self { schema: "interdict/database-compact/v1", database, bytes_before, bytes_after }
    }
}

impl Row for DatabaseCompact {
    const COLUMNS: &'static [&'static str] = &["database", "bytes_before", "bytes_after"];

    fn values(&self) -> Vec<String> {
        vec![self.database.clone(), self.bytes_before.to_string(), self.bytes_after.to_string()]
    }
}

/// What was forgotten, or would be.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct DatabaseForget {
    #[schemars(extend("const" = "interdict/database-forget/v1"))]
    schema: &'static str,
    pub(crate) database: String,
    /// What was over before this day is forgotten.
    pub(crate) before: Date,
    /// Whether it was done; false with `--dry-run`.
    pub(crate) done: bool,
    /// Machines that are forgotten as a whole.
    pub(crate) machines: Vec<MachineForgotten>,
    /// Installations, those of these machines among them.
    pub(crate) installations: usize,
    /// Products and vendors found on machines, those of these machines among them.
    pub(crate) detections: usize,
    pub(crate) scans: usize,
    /// Distinct software that is nowhere any more.
    pub(crate) software: usize,
    /// What imports told of without a machine before the day, one for each title of each import; none without `--told`.
    pub(crate) tellings: usize,
    /// Titles of which nobody has told since, and which are listed no more.
    pub(crate) told_titles: usize,
}

/// A machine that is forgotten as a whole.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct MachineForgotten {
    pub(crate) id: String,
    pub(crate) hostname: String,
    /// When its newest scan began.
    pub(crate) last_seen: String,
}

impl From<&ForgottenMachine> for MachineForgotten {
    fn from(machine: &ForgottenMachine) -> Self {
        let ForgottenMachine { machine_id, hostname, last_seen } = machine.clone();
        Self { id: machine_id, hostname, last_seen }
    }
}

impl DatabaseForget {
    pub(crate) fn new(database: String, before: Day, done: bool, forgotten: &Forgotten) -> Self {
        let Forgotten { machines, installations, detections, scans, software, tellings, told_titles } = forgotten;
        Self {
            schema: "interdict/database-forget/v1",
            database,
            before: Date(before),
            done,
            machines: machines.iter().map(MachineForgotten::from).collect(),
            installations: *installations,
            detections: *detections,
            scans: *scans,
            software: *software,
            tellings: *tellings,
            told_titles: *told_titles,
        }
    }

    /// Whether there is anything to forget.
    pub(crate) fn is_nothing(&self) -> bool {
        let past = self.installations + self.detections + self.scans + self.software;
        self.machines.is_empty() && past + self.tellings == 0
    }
}

impl Row for DatabaseForget {
    const COLUMNS: &'static [&'static str] = &[
        "database",
        "before",
        "done",
        "machines",
        "installations",
        "detections",
        "scans",
        "software",
        "tellings",
        "told_titles",
    ];

    fn values(&self) -> Vec<String> {
        vec![
            self.database.clone(),
            self.before.0.to_string(),
            self.done.to_string(),
            self.machines.len().to_string(),
            self.installations.to_string(),
            self.detections.to_string(),
            self.scans.to_string(),
            self.software.to_string(),
            self.tellings.to_string(),
            self.told_titles.to_string(),
        ]
    }
}
