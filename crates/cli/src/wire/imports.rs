//! `interdict/imports/v1` and the documents about one import.

use interdict_app::import::Format;
use interdict_app::store::{BatchReject, Decided, Joined, MachineDecision, MachineJoin};
use schemars::JsonSchema;
use serde::Serialize;

use crate::output::Row;

macro_rules! document {
    ($(#[$meta:meta])* $name:ident, $schema:literal, $field:ident: $row:ident $(, $key:ident: $type:ty, $doc:literal)*) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Serialize, JsonSchema)]
        pub(crate) struct $name {
            #[schemars(extend("const" = $schema))]
            schema: &'static str,
            $(#[doc = $doc] $key: $type,)*
            $field: Vec<$row>,
        }

        impl $name {
            pub(crate) fn new($($key: $type,)* $field: Vec<$row>) -> Self {
                Self { schema: $schema, $($key,)* $field }
            }
        }
    };
}

document!(
    /// Every import, newest first.
    BatchList, "interdict/imports/v1", imports: BatchRow
);
document!(
    /// The formats that can be imported.
    FormatList, "interdict/import-formats/v1", formats: FormatRow
);
document!(
    /// What of an import could not be used, at most 10,000 rows.
    RejectList, "interdict/import-rejects/v1", rejects: RejectRow,
    number: i64, "The import.",
    rejected: u64, "How many there were."
);
document!(
    /// Which machines the devices of an import were taken for.
    ImportMachineList, "interdict/import-machines/v1", machines: ImportMachineRow,
    number: i64, "The import."
);
document!(
    /// What was decided.
    DecisionList, "interdict/import-decision/v1", decisions: DecisionRow,
    done: bool, "Whether it was done: with `--dry-run` nothing is.",
    joined: Option<JoinedOut>, "What joining two machines did, where two became one."
);
document!(
    /// What was taken back.
    UndoList, "interdict/import-undo/v1", undone: UndoRow
);

/// An import.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct BatchRow {
    pub(crate) number: i64,
    pub(crate) file: String,
    /// SHA-256 of the file as it lay there, in hexadecimal.
    pub(crate) sha256: String,
    pub(crate) bytes: u64,
    pub(crate) format: String,
    pub(crate) encoding: Option<String>,
    /// When the data was made, where the file says: RFC 3339, UTC.
    pub(crate) made: Option<String>,
    /// RFC 3339, UTC.
    pub(crate) imported: String,
    /// Records that were used.
    pub(crate) used: u64,
    /// Records that could not be used.
    pub(crate) rejected: u64,
    /// Records left out on purpose.
    pub(crate) skipped: u64,
    pub(crate) machines: usize,
    /// Records that name no machine.
    pub(crate) titles: usize,
    /// For how many days the tool may go on telling of what is gone.
    pub(crate) keeps_days: Option<u32>,
    /// When it was taken back: RFC 3339, UTC.
    pub(crate) undone: Option<String>,
}

impl From<interdict_app::store::BatchRow> for BatchRow {
    fn from(batch: interdict_app::store::BatchRow) -> Self {
        let header = batch.header;
        Self {
            number: batch.id,
            file: header.file,
            sha256: header.sha256,
            bytes: header.bytes,
            format: header.format,
            encoding: header.encoding,
            made: header.made,
            imported: header.imported,
            used: batch.used,
            rejected: batch.rejected,
            skipped: batch.skipped.iter().map(|(_, count)| count).sum(),
            machines: batch.machines,
            titles: batch.titles,
            keeps_days: header.keeps_days,
            undone: batch.undone,
        }
    }
}

impl Row for BatchRow {
    const COLUMNS: &'static [&'static str] = &[
        "number",
        "file",
        "sha256",
        "bytes",
        "format",
        "encoding",
        "made",
        "imported",
        "used",
        "rejected",
        "skipped",
        "machines",
        "titles",
        "keeps_days",
        "undone",
    ];

    fn values(&self) -> Vec<String> {
        vec![
            self.number.to_string(),
            self.file.clone(),
            self.sha256.clone(),
            self.bytes.to_string(),
            self.format.clone(),
            self.encoding.clone().unwrap_or_default(),
            self.made.clone().unwrap_or_default(),
            self.imported.clone(),
            self.used.to_string(),
            self.rejected.to_string(),
            self.skipped.to_string(),
            self.machines.to_string(),
            self.titles.to_string(),
            self.keeps_days.map(|days| days.to_string()).unwrap_or_default(),
            self.undone.clone().unwrap_or_default(),
        ]
    }
}

/// A format.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct FormatRow {
    /// What `--from` calls it.
    pub(crate) format: &'static str,
    pub(crate) title: &'static str,
    pub(crate) caveat: Option<&'static str>,
    /// For how many days the tool may go on telling of what is gone.
    pub(crate) keeps_days: Option<u32>,
}

impl From<&Format> for FormatRow {
    fn from(format: &Format) -> Self {
        Self { format: format.name, title: format.title, caveat: format.caveat, keeps_days: format.keeps_days }
    }
}

impl Row for FormatRow {
    const COLUMNS: &'static [&'static str] = &["format", "title", "caveat", "keeps_days"];

    fn values(&self) -> Vec<String> {
        vec![
            self.format.to_owned(),
            self.title.to_owned(),
            self.caveat.unwrap_or_default().to_owned(),
            self.keeps_days.map(|days| days.to_string()).unwrap_or_default(),
        ]
    }
}

/// Something that could not be used.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct RejectRow {
    /// Where it stands, such as `line 12`.
    pub(crate) place: String,
    pub(crate) reason: String,
    /// How it begins.
    pub(crate) excerpt: String,
}

impl From<BatchReject> for RejectRow {
    fn from(reject: BatchReject) -> Self {
        Self { place: reject.place, reason: reject.reason, excerpt: reject.excerpt }
    }
}

impl Row for RejectRow {
    const COLUMNS: &'static [&'static str] = &["place", "reason", "excerpt"];

    fn values(&self) -> Vec<String> {
        vec![self.place.clone(), self.reason.clone(), self.excerpt.clone()]
    }
}

/// A device of an import and the machine it was taken for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ImportMachineRow {
    /// How the export calls it.
    pub(crate) told: String,
    /// The machine's id.
    pub(crate) id: String,
    pub(crate) hostname: String,
    /// `new`, `namesake` (new, though another machine bears its name), `machine-id`, `decided`, `tool-id`, `uuid`, `serial`,
    /// `fqdn` or `hostname`.
    pub(crate) rule: String,
    /// What somebody decided about the two: `same` or `not-same`, for later imports.
    pub(crate) decision: Option<&'static str>,
}

impl From<MachineJoin> for ImportMachineRow {
    fn from(join: MachineJoin) -> Self {
        let decision = join.decision.map(MachineDecision::as_str);
        Self { told: join.told, id: join.machine_id, hostname: join.hostname, rule: join.rule, decision }
    }
}

impl Row for ImportMachineRow {
    const COLUMNS: &'static [&'static str] = &["told", "id", "hostname", "rule", "decision"];

    fn values(&self) -> Vec<String> {
        let decision = self.decision.unwrap_or_default().to_owned();
        vec![self.told.clone(), self.id.clone(), self.hostname.clone(), self.rule.clone(), decision]
    }
}

/// A decision about a device of an export.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct DecisionRow {
    /// The format of the exports that it holds for.
    pub(crate) format: String,
    /// What they call the device.
    pub(crate) told: String,
    /// The id of the machine that it is about.
    pub(crate) id: String,
    pub(crate) hostname: String,
    /// `same`, `not-same`, or `open`: the usual rule holds again.
    pub(crate) decision: &'static str,
}

impl From<Decided> for DecisionRow {
    fn from(decided: Decided) -> Self {
        Self {
            format: decided.format,
            told: decided.told,
            id: decided.machine_id,
            hostname: decided.hostname,
            decision: decided.decision.as_str(),
        }
    }
}

impl DecisionRow {
    /// One sentence for people.
    pub(crate) fn sentence(&self) -> String {
        let Self { format, told, hostname, .. } = self;
        match self.decision {
            "same" => format!("From now on what {format} calls {told} is {hostname}."),
            "not-same" => format!("From now on what {format} calls {told} is not {hostname}."),
            _ => format!("From now on what {format} calls {told} is taken for a machine by the usual rule."),
        }
    }
}

impl Row for DecisionRow {
    const COLUMNS: &'static [&'static str] = &["format", "told", "id", "hostname", "decision"];

    fn values(&self) -> Vec<String> {
        vec![self.format.clone(), self.told.clone(), self.id.clone(), self.hostname.clone(), self.decision.to_owned()]
    }
}

/// Two machines that became one.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct JoinedOut {
    /// The machine's id from now on.
    pub(crate) id: String,
    pub(crate) hostname: String,
    /// The id that nothing bears any more; it still means the machine.
    pub(crate) former_id: String,
    pub(crate) former_hostname: String,
    /// Who told of the machine that went: formats, `interdict` for our own looking.
    pub(crate) told_by: Vec<String>,
    /// Scans and imports that came to the machine.
    pub(crate) scans: usize,
    /// Installations that came to it, which are there.
    pub(crate) installations: usize,
    /// Installations that came to it, which are gone.
    pub(crate) past_installations: usize,
    /// Of these installations, those that both had by the same tool: one from now on.
    pub(crate) united: usize,
    /// Installations that are gone by the join: the same tool looked at the other machine later and found them no more.
    pub(crate) closed: usize,
    /// What was found on the machine that went.
    pub(crate) detections: usize,
    /// What the one comes to and neither came to.
    pub(crate) new_detections: usize,
    /// What was found on one of the two and is no longer.
    pub(crate) gone_detections: usize,
    /// Imports that can no longer be undone.
    pub(crate) sealed_imports: Vec<i64>,
}

impl From<Joined> for JoinedOut {
    fn from(joined: Joined) -> Self {
        Self {
            id: joined.machine_id,
            hostname: joined.hostname,
            former_id: joined.former_id,
            former_hostname: joined.former_hostname,
            told_by: joined.tellers,
            scans: joined.scans,
            installations: joined.installations,
            past_installations: joined.past_installations,
            united: joined.united,
            closed: joined.closed,
            detections: joined.detections,
            new_detections: joined.new_detections,
            gone_detections: joined.gone_detections,
            sealed_imports: joined.sealed_imports,
        }
    }
}

impl JoinedOut {
    /// Sentences for people: what was done, or would be.
    pub(crate) fn sentences(&self, is_done: bool) -> Vec<String> {
        let verb = if is_done { "became" } else { "would become" };
        let counted = |count: usize, what: &str| crate::output::counted(count, what);
        let mut sentences = vec![
            format!("{} ({}) {verb} one with {} ({}).", self.former_hostname, self.former_id, self.hostname, self.id),
            format!(
                "What came with it, told by {}: {}, {} that are there and {} of the past, {}.",
                self.told_by.join(", "),
                counted(self.scans, "scan"),
                counted(self.installations, "installation"),
                self.past_installations,
                counted(self.detections, "finding"),
            ),
        ];
        if self.united > 0 {
            sentences.push(format!("{} of these the same tool told of both: each is one.", self.united));
        }
        if self.closed > 0 {
            let closed = counted(self.closed, "installation");
            sentences.push(format!("Gone, since the same tool looked again later and found it no more: {closed}."));
        }
        if self.new_detections + self.gone_detections > 0 {
            let (new, gone) = (self.new_detections, self.gone_detections);
            sentences.push(format!("Seen together: {new} found that neither came to, {gone} found no more."));
        }
        if !self.sealed_imports.is_empty() {
            let numbers: Vec<String> = self.sealed_imports.iter().map(ToString::to_string).collect();
            sentences.push(format!("No longer to be undone: import {}.", numbers.join(", ")));
        }
        sentences.push(
            "Two machines that were joined are not taken apart again; a backup of before still has both.".to_owned(),
        );
        sentences
    }
}

/// An import that was taken back.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct UndoRow {
    pub(crate) number: i64,
    pub(crate) file: String,
    /// Machines it told of.
    pub(crate) machines: usize,
    /// Machines of which something else is known; the others are gone.
    pub(crate) machines_left: usize,
}

impl UndoRow {
    pub(crate) fn new(batch: &interdict_app::store::BatchRow, machines_left: usize) -> Self {
        Self { number: batch.id, file: batch.header.file.clone(), machines: batch.machines, machines_left }
    }

    /// One sentence for people.
    pub(crate) fn sentence(&self) -> String {
        let gone = self.machines.saturating_sub(self.machines_left);
        let gone = match gone {
            0 => "no machine was known from it alone".to_owned(),
            1 => "1 machine known from it alone is gone".to_owned(),
            more => format!("{more} machines known from it alone are gone"),
        };
        format!("Import {} ({}) is taken back; {gone}.", self.number, self.file)
    }
}

impl Row for UndoRow {
    const COLUMNS: &'static [&'static str] = &["number", "file", "machines", "machines_left"];

    fn values(&self) -> Vec<String> {
        vec![self.number.to_string(), self.file.clone(), self.machines.to_string(), self.machines_left.to_string()]
    }
}
