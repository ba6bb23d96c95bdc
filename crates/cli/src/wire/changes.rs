//! `interdict/changes/v1`: what is new, gone or changed between two moments.

use std::cell::{Cell, RefCell};
use std::io;

use interdict_app::{Difference, DifferenceCounts, DifferenceSummary, FieldChange};
use interdict_model::{ObservationSource, Presence, Tier};
use schemars::JsonSchema;
use serde::ser::{Error as _, SerializeSeq as _};
use serde::{Serialize, Serializer};

use super::{Question, Word};
use crate::asked::Asked;
use crate::error::CliError;
use crate::output::Row;

/// What differs between two moments, by machine.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ChangeList<'a> {
    #[schemars(extend("const" = "interdict/changes/v1"))]
    schema: &'static str,
    #[serde(flatten)]
    question: Question,
    since: Point,
    until: Point,
    /// By machine, of each its machine row, its findings, its software.
    #[schemars(with = "Vec<ChangeRow>")]
    changes: Told<'a>,
    /// What all of it comes to, also what was not asked for.
    #[schemars(with = "Summary")]
    summary: Counted<'a>,
}

impl<'a> ChangeList<'a> {
    pub(crate) fn new(asked: &Asked, [since, until]: [Point; 2], told: &'a Telling<'a>) -> Self {
        Self {
            schema: "interdict/changes/v1",
            question: Question::from(asked),
            since,
            until,
            changes: Told(told),
            summary: Counted(told),
        }
    }
}

/// A moment.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Point {
    /// Everything that began up to this instant counts: RFC 3339, UTC.
    pub(crate) instant: String,
    /// The scan or import it is the moment after, where one was named.
    pub(crate) scan: Option<i64>,
}

type Write<'w> = dyn FnMut(&ChangeRow) -> Result<(), CliError> + 'w;
type Tell<'a> = dyn Fn(&mut Write<'_>) -> Result<DifferenceSummary, CliError> + 'a;

/// Differences that are written as they are worked out, so that a fleet's need not be held at once.
pub(crate) struct Telling<'a> {
    tell: Box<Tell<'a>>,
    summary: Cell<Option<Summary>>,
    failure: RefCell<Option<CliError>>,
}

impl<'a> Telling<'a> {
    pub(crate) fn new(tell: impl Fn(&mut Write<'_>) -> Result<DifferenceSummary, CliError> + 'a) -> Self {
        Self { tell: Box::new(tell), summary: Cell::new(None), failure: RefCell::new(None) }
    }

    /// What went wrong while it was told.
    pub(crate) fn into_failure(self) -> Option<CliError> {
        self.failure.into_inner()
    }
}

struct Told<'a>(&'a Telling<'a>);

impl Serialize for Told<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(None)?;
        let mut refused: Option<S::Error> = None;
        let told = (self.0.tell)(&mut |row| {
            rows.serialize_element(row).map_err(|error| {
                refused = Some(error);
                CliError::Output(io::Error::other("the row could not be written"))
            })
        });
        match (told, refused) {
            (_, Some(error)) => Err(error),
            (Ok(summary), None) => {
                self.0.summary.set(Some(Summary::from(&summary)));
                rows.end()
            }
            (Err(error), None) => {
                self.0.failure.replace(Some(error));
                Err(S::Error::custom("the differences could not be worked out"))
            }
        }
    }
}

/// The summary, which is known once everything was told: its field comes after that of the rows.
struct Counted<'a>(&'a Telling<'a>);

impl Serialize for Counted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.summary.take().unwrap_or_default().serialize(serializer)
    }
}

/// One difference.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ChangeRow {
    /// `new`, `gone`, `changed` or, of a machine of which nobody told since, `not-seen`.
    pub(crate) change: &'static str,
    /// `machine`, `finding` or `software`.
    pub(crate) of: &'static str,
    /// Of what is new: `new`; `first-look` where nobody had looked before; `recognised-since` where it was there and the
    /// catalogue knows it only since.
    pub(crate) newness: Option<&'static str>,
    /// The machine's id.
    pub(crate) machine: String,
    pub(crate) hostname: String,
    /// When the scan or import began that told of it; of a machine not seen when it last was: RFC 3339, UTC.
    pub(crate) at: String,
    pub(crate) title: String,
    /// At the later moment; of what is gone at the earlier one.
    pub(crate) version: Option<String>,
    /// Of what changed, at the earlier moment.
    pub(crate) was_version: Option<String>,
    /// `upgraded` or `downgraded`.
    pub(crate) direction: Option<&'static str>,
    pub(crate) presence: Option<Word<Presence>>,
    pub(crate) was_presence: Option<Word<Presence>>,
    pub(crate) vendor: Option<String>,
    pub(crate) product: Option<String>,
    /// The installed headline; undetermined where nobody knows what it is, null for a machine.
    pub(crate) tier: Option<Word<Tier>>,
    /// Where software was read.
    pub(crate) source: Option<Word<ObservationSource>>,
    /// Who told of software: the name of a format, `interdict` for its own looking.
    pub(crate) origin: Option<String>,
    /// Every field of software that changed.
    pub(crate) fields: Vec<FieldOut>,
}

/// A field that changed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct FieldOut {
    field: &'static str,
    was: Option<String>,
    is: Option<String>,
}

impl From<&FieldChange> for FieldOut {
    fn from(change: &FieldChange) -> Self {
        Self { field: change.field, was: change.was.clone(), is: change.is.clone() }
    }
}

impl From<&Difference> for ChangeRow {
    fn from(difference: &Difference) -> Self {
        Self {
            change: difference.kind.as_str(),
            of: difference.of.as_str(),
            newness: difference.newness.map(interdict_app::Newness::as_str),
            machine: difference.machine_id.clone(),
            hostname: difference.hostname.clone(),
            at: difference.at.clone(),
            title: difference.title.clone(),
            version: difference.version.clone(),
            was_version: difference.was_version.clone(),
            direction: difference.direction.map(interdict_app::Direction::as_str),
            presence: difference.presence.map(Word),
            was_presence: difference.was_presence.map(Word),
            vendor: difference.vendor.clone(),
            product: difference.product.clone(),
            tier: difference.tier.map(Word),
            source: difference.source.map(Word),
            origin: difference.origin.clone(),
            fields: difference.fields.iter().map(FieldOut::from).collect(),
        }
    }
}

impl Row for ChangeRow {
    const COLUMNS: &'static [&'static str] = &[
        "change",
        "of",
        "newness",
        "machine",
        "hostname",
        "at",
        "title",
        "version",
        "was_version",
        "direction",
        "presence",
        "was_presence",
        "vendor",
        "product",
        "tier",
        "source",
        "origin",
        "fields",
    ];

    fn values(&self) -> Vec<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let word = |word: Option<&'static str>| word.unwrap_or_default().to_owned();
        vec![
            self.change.to_owned(),
            self.of.to_owned(),
            word(self.newness),
            self.machine.clone(),
            self.hostname.clone(),
            self.at.clone(),
            self.title.clone(),
            text(&self.version),
            text(&self.was_version),
            word(self.direction),
            self.presence.map(|word| word.0.to_string()).unwrap_or_default(),
            self.was_presence.map(|word| word.0.to_string()).unwrap_or_default(),
            text(&self.vendor),
            text(&self.product),
            self.tier.map(|word| word.0.to_string()).unwrap_or_default(),
            self.source.map(|word| word.0.to_string()).unwrap_or_default(),
            text(&self.origin),
            self.fields.iter().map(|change| change.field).collect::<Vec<_>>().join(" "),
        ]
    }
}

/// What all differences come to.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub(crate) struct Summary {
    /// Machines that were compared.
    machines: usize,
    /// Of those, known at the later moment only.
    new_machines: usize,
    /// Of those, nobody told of in between.
    not_seen_machines: usize,
    findings: CountsOut,
    /// Installed software.
    software: CountsOut,
    /// Traces of software: services, processes, files and the like.
    traces: CountsOut,
    /// What was gone before this instant is forgotten and may be missing; null where that cannot matter.
    forgotten_before: Option<String>,
}

/// How many differences there are.
#[derive(Debug, Clone, Copy, Default, Serialize, JsonSchema)]
struct CountsOut {
    new: usize,
    /// Seen for the first time where nobody had looked before.
    first_look: usize,
    /// There before, and recognised since.
    recognised_since: usize,
    gone: usize,
    changed: usize,
    /// Of those that changed, to a higher version.
    upgraded: usize,
    /// Of those that changed, to a lower version.
    downgraded: usize,
}

impl From<&DifferenceCounts> for CountsOut {
    fn from(counts: &DifferenceCounts) -> Self {
        let DifferenceCounts { new, first_look, recognised_since, gone, changed, upgraded, downgraded } = *counts;
        Self { new, first_look, recognised_since, gone, changed, upgraded, downgraded }
    }
}

impl From<&DifferenceSummary> for Summary {
    fn from(summary: &DifferenceSummary) -> Self {
        Self {
            machines: summary.machines,
            new_machines: summary.new_machines,
            not_seen_machines: summary.not_seen_machines,
            findings: CountsOut::from(&summary.findings),
            software: CountsOut::from(&summary.software),
            traces: CountsOut::from(&summary.traces),
            forgotten_before: summary.forgotten_before.clone(),
        }
    }
}
