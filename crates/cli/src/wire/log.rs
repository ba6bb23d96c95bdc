//! `interdict/log/v1` and `interdict/log-verify/v1`.

use interdict_app::store::{HeadAnswer, HeadCheck, LogEntry, LogFault, LogFaultKind, LogHead, Verification};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::output::Row;

/// The newest entry of a log.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct LogHeadOut {
    number: i64,
    /// SHA-256, 64 hexadecimal digits.
    hash: String,
    /// As it is printed, and as `interdict log verify --head` takes it: the number, a colon, the first 12 digits.
    short: String,
}

impl From<&LogHead> for LogHeadOut {
    fn from(head: &LogHead) -> Self {
        Self { number: head.number, hash: head.hash.clone(), short: head.to_string() }
    }
}

/// The entries of the log.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct LogList {
    #[schemars(extend("const" = "interdict/log/v1"))]
    schema: &'static str,
    /// The newest entry; null where somebody emptied the log.
    head: Option<LogHeadOut>,
    /// Oldest first.
    log: Vec<LogRow>,
}

impl LogList {
    pub(crate) fn new(head: Option<&LogHead>, log: Vec<LogRow>) -> Self {
        Self { schema: "interdict/log/v1", head: head.map(LogHeadOut::from), log }
    }
}

/// An entry of the log.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct LogRow {
    pub(crate) number: i64,
    /// When it was written: RFC 3339, UTC.
    pub(crate) instant: String,
    /// `log-begun`, `scan`, `catalogue-changed`, `own-rules-changed`, `setting-changed`, `forgotten`, `restored`; more in
    /// later versions.
    pub(crate) kind: String,
    /// The particulars, an object of its kind; a text where somebody put something there that is no JSON.
    body: Value,
    /// The hash of the entry before; of entry 1: 64 zeros.
    previous: String,
    hash: String,
    /// The body as it is written, which the hash is made over.
    #[serde(skip)]
    text: String,
    /// In a sentence.
    #[serde(skip)]
    pub(crate) says: String,
}

impl From<LogEntry> for LogRow {
    fn from(entry: LogEntry) -> Self {
        Self {
            says: interdict_app::log_sentence(&entry),
            number: entry.number,
            instant: entry.instant,
            kind: entry.kind,
            body: serde_json::from_str(&entry.body).unwrap_or_else(|_| Value::from(entry.body.as_str())),
            previous: entry.previous,
            hash: entry.hash,
            text: entry.body,
        }
    }
}

impl LogRow {
    /// The first digits of its hash.
    pub(crate) fn short_hash(&self) -> &str {
        self.hash.get(..12).unwrap_or(&self.hash)
    }
}

impl Row for LogRow {
    const COLUMNS: &'static [&'static str] = &["number", "instant", "kind", "body", "previous", "hash"];

    fn values(&self) -> Vec<String> {
        vec![
            self.number.to_string(),
            self.instant.clone(),
            self.kind.clone(),
            self.text.clone(),
            self.previous.clone(),
            self.hash.clone(),
        ]
    }
}

/// Whether the log is whole and holds the heads that were given.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct LogVerify {
    #[schemars(extend("const" = "interdict/log-verify/v1"))]
    schema: &'static str,
    /// Whether nothing is wrong and every head that was given is confirmed.
    good: bool,
    database: String,
    /// How many entries there are.
    entries: i64,
    /// The last entry up to which everything is as it was written; 0 where already the first is not.
    intact: i64,
    /// The newest entry, as it stands there.
    head: Option<LogHeadOut>,
    /// The first thing that is wrong.
    fault: Option<FaultOut>,
    /// What became of each head that was given.
    heads: Vec<HeadOut>,
}

/// Something wrong with the log.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct FaultOut {
    /// The first entry that is missing or not as it was written.
    entry: i64,
    #[schemars(extend("enum" = LogFaultKind::WORDS))]
    kind: &'static str,
    /// In words.
    says: String,
}

impl From<&LogFault> for FaultOut {
    fn from(fault: &LogFault) -> Self {
        Self { entry: fault.entry, kind: fault.kind.as_str(), says: fault.to_string() }
    }
}

/// A head that was given.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct HeadOut {
    /// As it was given.
    head: String,
    #[schemars(extend("enum" = HeadAnswer::WORDS))]
    answer: &'static str,
    /// In words.
    says: String,
}

impl From<&HeadCheck> for HeadOut {
    fn from(check: &HeadCheck) -> Self {
        Self { head: check.head.to_string(), answer: check.answer.as_str(), says: check.to_string() }
    }
}

impl LogVerify {
    pub(crate) fn new(verification: &Verification, database: String) -> Self {
        Self {
            schema: "interdict/log-verify/v1",
            good: verification.is_good(),
            database,
            entries: verification.entries,
            intact: verification.intact,
            head: verification.head.as_ref().map(LogHeadOut::from),
            fault: verification.fault.as_ref().map(FaultOut::from),
            heads: verification.heads.iter().map(HeadOut::from).collect(),
        }
    }

    /// One row for the chain, and one for each head.
    pub(crate) fn rows(&self) -> Vec<LogVerifyRow> {
        let chain = LogVerifyRow {
            check: "chain",
            head: self.head.as_ref().map(|head| head.short.clone()).unwrap_or_default(),
            answer: self.fault.as_ref().map_or("good", |fault| fault.kind),
            says: self.fault.as_ref().map_or_else(|| "nothing is wrong".to_owned(), |fault| fault.says.clone()),
        };
        let head = |head: &HeadOut| LogVerifyRow {
            check: "head",
            head: head.head.clone(),
            answer: head.answer,
            says: head.says.clone(),
        };
        std::iter::once(chain).chain(self.heads.iter().map(head)).collect()
    }
}

/// One check of the log.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LogVerifyRow {
    check: &'static str,
    head: String,
    answer: &'static str,
    says: String,
}

impl Row for LogVerifyRow {
    const COLUMNS: &'static [&'static str] = &["check", "head", "answer", "says"];

    fn values(&self) -> Vec<String> {
        vec![self.check.to_owned(), self.head.clone(), self.answer.to_owned(), self.says.clone()]
    }
}
