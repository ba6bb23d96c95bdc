//! Walking the log from its first entry to its last: every hash worked out anew, every link followed, every head that is
//! given looked for. One entry and its successor are held at a time, however long the log.
//!
//! What is found first is named and classed; what lies behind it is no longer vouched for. A chain that somebody made anew
//! from some entry on is sound in itself: only a head that was printed before shows it.

use std::fmt;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::{ExpectedHead, LOG_GENESIS, LogHead, LogKind, encoding, text};
use crate::error::StoreError;
use crate::store::Store;

/// How many bytes are hashed at most to find out which entry a misplaced one was.
const SEARCH_BYTES: usize = 256 << 20;
/// Entries are looked for among as many numbers as there are, and so many more.
const SEARCH_BEYOND: i64 = 1_000;

/// What walking the log came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// How many entries there are.
    pub entries: i64,
    /// The last entry up to which everything is as it was written.
    pub intact: i64,
    /// The newest entry, as it stands there.
    pub head: Option<LogHead>,
    /// The first thing that is wrong.
    pub fault: Option<LogFault>,
    /// What became of each head that was given, in that order.
    pub heads: Vec<HeadCheck>,
}

impl Verification {
    /// Whether the log is whole, and holds every head that was given.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.fault.is_none() && self.heads.iter().all(|check| matches!(check.answer, HeadAnswer::Confirmed { .. }))
    }
}

/// Something wrong with the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFault {
    /// The first entry that is missing or not as it was written.
    pub entry: i64,
    /// What is wrong there.
    pub kind: LogFaultKind,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFaultKind {
    /// There is no entry at all, not even the first.
    Empty,
    /// It is not there, and perhaps more after it.
    Missing {
        /// The last of those that are not there.
        to: i64,
    },
    /// A number that no log has.
    Number,
    /// What stands here was written under another number.
    Moved {
        /// Under which.
        from: i64,
    },
    /// Its instant, kind or body is not what its hash was made over.
    Content,
    /// Its hash is not that of its content; the entry after it still has the right one.
    Hash,
    /// The hash of the entry before, as it keeps it, is another.
    Previous,
    /// Content and hash do not fit, and nothing after it tells which of the two was altered.
    ContentOrHash,
    /// It is whole and follows another entry than the one before it.
    Follows,
    /// It is no entry with which a log begins.
    Beginning,
    /// One of its values is no text.
    Unreadable,
}

impl LogFaultKind {
    /// The word in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Missing { .. } => "missing",
            Self::Number => "number",
            Self::Moved { .. } => "moved",
            Self::Content => "content",
            Self::Hash => "hash",
            Self::Previous => "previous",
            Self::ContentOrHash => "content-or-hash",
            Self::Follows => "follows",
            Self::Beginning => "beginning",
            Self::Unreadable => "unreadable",
        }
    }

    /// The words in JSON.
    pub const WORDS: &'static [&'static str] = &[
        "empty",
        "missing",
        "number",
        "moved",
        "content",
        "hash",
        "previous",
        "content-or-hash",
        "follows",
        "beginning",
        "unreadable",
    ];
}

impl fmt::Display for LogFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entry = self.entry;
        match self.kind {
            LogFaultKind::Empty => formatter.write_str("the log is gone: not even entry 1 is there"),
            LogFaultKind::Missing { to } if to == entry => write!(formatter, "entry {entry} is missing"),
            LogFaultKind::Missing { to } => write!(formatter, "entries {entry} to {to} are missing"),
            LogFaultKind::Number => write!(formatter, "there is an entry {entry}, which no log has"),
            LogFaultKind::Moved { from } => write!(
                formatter,
                "what stands as entry {entry} was written as entry {from}: entries were reordered, or some were removed \
                 and the rest renumbered"
            ),
            LogFaultKind::Content => write!(
                formatter,
                "entry {entry} was altered: its instant, kind or body is not what its hash was made over"
            ),
            LogFaultKind::Hash => {
                write!(formatter, "the hash of entry {entry} was altered: the entry after it still has the right one")
            }
            LogFaultKind::Previous => {
                write!(formatter, "entry {entry} was altered: it no longer keeps the hash of the entry before it")
            }
            LogFaultKind::ContentOrHash => {
                write!(formatter, "entry {entry} was altered: its content and its hash do not fit")
            }
            LogFaultKind::Follows => write!(
                formatter,
                "entry {entry} does not follow entry {}: that one was replaced, or everything from entry {entry} on",
                entry - 1
            ),
            LogFaultKind::Beginning => write!(formatter, "entry {entry} is not one with which a log begins"),
            LogFaultKind::Unreadable => write!(formatter, "entry {entry} holds a value that is no text"),
        }
    }
}

/// A head that was given, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadCheck {
    /// The head.
    pub head: ExpectedHead,
    /// Whether the log holds it.
    pub answer: HeadAnswer,
}

/// Whether the log holds a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadAnswer {
    /// It does: everything up to this entry is what it was when the head was printed.
    Confirmed {
        /// The entry.
        entry: i64,
    },
    /// The log ends before the entry that the head names.
    Truncated {
        /// Its last entry; 0 where there is none.
        last: i64,
    },
    /// The entry that the head names has another hash.
    Replaced {
        /// That entry.
        entry: i64,
    },
    /// No entry is the one that the head names.
    NotThere {
        /// The newest entry that another head confirms; 0 where none does.
        after: i64,
    },
    /// The entry is there, behind something that is wrong.
    BehindFault {
        /// The entry.
        entry: i64,
    },
}

impl HeadAnswer {
    /// The word in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed { .. } => "confirmed",
            Self::Truncated { .. } => "truncated",
            Self::Replaced { .. } => "replaced",
            Self::NotThere { .. } => "not-there",
            Self::BehindFault { .. } => "behind-fault",
        }
    }

    /// The words in JSON.
    pub const WORDS: &'static [&'static str] = &["confirmed", "truncated", "replaced", "not-there", "behind-fault"];
}

impl fmt::Display for HeadCheck {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = &self.head;
        match self.answer {
            HeadAnswer::Confirmed { entry } => {
                write!(formatter, "the head {head} is in the log: nothing up to entry {entry} was changed since")
            }
            HeadAnswer::Truncated { last } => write!(
                formatter,
                "the head {head} is not in the log: entries after {last} are missing; the log ends before the entry that \
                 the head names"
            ),
            HeadAnswer::Replaced { entry } => write!(
                formatter,
                "the head {head} is not in the log: entry {entry} has another hash, so it or an entry before it was \
                 replaced"
            ),
            HeadAnswer::NotThere { after: 0 } => {
                write!(formatter, "the head {head} is not in the log: entries are missing or were replaced")
            }
            HeadAnswer::NotThere { after } => {
                write!(
                    formatter,
                    "the head {head} is not in the log: entries after {after} are missing or were replaced"
                )
            }
            HeadAnswer::BehindFault { entry } => write!(
                formatter,
                "the head {head} stands at entry {entry}, behind what is wrong, so that it confirms nothing"
            ),
        }
    }
}

impl Store {
    /// Walks the whole log, and looks for heads that were printed before.
    pub fn verify_log(&self, expected: &[ExpectedHead]) -> Result<Verification, StoreError> {
        // Everything of one moment: somebody may be writing.
        let connection = self.read()?;
        let mut walk = Walk::new(expected);
        let tables = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'log'";
        if connection.query_row(tables, [], |row| row.get::<_, i64>(0))? > 0 {
            walk.all(&connection)?;
        }
        Ok(walk.finished())
    }
}

/// An entry as it is walked over.
struct Step {
    number: i64,
    /// Instant, kind, body and previous hash; nothing where one of them or the hash is no text.
    parts: Option<[Vec<u8>; 4]>,
    hash: String,
}

impl Step {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let mut parts = [const { Vec::new() }; 4];
        let mut is_text = matches!(row.get_ref(5)?, ValueRef::Text(_));
        for (position, part) in parts.iter_mut().enumerate() {
            match row.get_ref(position + 1)? {
                ValueRef::Text(bytes) => bytes.clone_into(part),
                ValueRef::Blob(_) | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Null => is_text = false,
            }
        }
        Ok(Self { number: row.get(0)?, parts: is_text.then_some(parts), hash: text(row, 5)? })
    }

    /// The hash that these parts have under a number.
    fn hash_as(number: i64, parts: &[Vec<u8>; 4]) -> String {
        encoding::hash(number, &parts.each_ref().map(Vec::as_slice))
    }
}

/// How far the walk is.
struct Walk {
    entries: i64,
    last: Option<LogHead>,
    fault: Option<LogFault>,
    /// The last entry before the fault, with its hash.
    intact: LogHead,
    heads: Vec<(ExpectedHead, Option<HeadAnswer>)>,
}

impl Walk {
    fn new(expected: &[ExpectedHead]) -> Self {
        Self {
            entries: 0,
            last: None,
            fault: None,
            intact: LogHead { number: 0, hash: LOG_GENESIS.to_owned() },
            heads: expected.iter().map(|head| (head.clone(), None)).collect(),
        }
    }

    fn all(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let numbers = "SELECT max(count(*), coalesce(max(number), 0)) FROM log";
        let highest: i64 = connection.query_row(numbers, [], |row| row.get(0))?;
        let sql = "SELECT number, instant, kind, body, previous, hash FROM log ORDER BY number";
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut next = rows.next()?.map(Step::read).transpose()?;
        while let Some(step) = next {
            next = rows.next()?.map(Step::read).transpose()?;
            self.step(step, next.as_ref(), highest);
        }
        Ok(())
    }

    fn step(&mut self, step: Step, next: Option<&Step>, highest: i64) {
        self.entries += 1;
        if self.fault.is_none() {
            self.fault = self.wrong_with(&step, next, highest);
        }
        let is_intact = self.fault.is_none();
        for (head, answer) in &mut self.heads {
            let has_hash = step.hash.starts_with(&head.hash);
            let found = match head.number {
                Some(number) if number != step.number => continue,
                Some(_) if !has_hash => HeadAnswer::Replaced { entry: step.number },
                None if !has_hash => continue,
                Some(_) | None if is_intact => HeadAnswer::Confirmed { entry: step.number },
                Some(_) | None => HeadAnswer::BehindFault { entry: step.number },
            };
            answer.get_or_insert(found);
        }
        let here = LogHead { number: step.number, hash: step.hash };
        if is_intact {
            self.intact = here.clone();
        }
        self.last = Some(here);
    }

    /// What is wrong with an entry that stands behind nothing wrong.
    fn wrong_with(&self, step: &Step, next: Option<&Step>, highest: i64) -> Option<LogFault> {
        let expected = self.intact.number + 1;
        let fault = |entry, kind| Some(LogFault { entry, kind });
        if step.number < expected {
            return fault(step.number, LogFaultKind::Number);
        }
        let Some(parts) = &step.parts else {
            let is_next = step.number == expected;
            let kind = if is_next { LogFaultKind::Unreadable } else { LogFaultKind::Missing { to: step.number - 1 } };
            return fault(expected, kind);
        };
        if Step::hash_as(step.number, parts) != step.hash {
            return match written_as(step, parts, highest) {
                Some(from) => fault(step.number, LogFaultKind::Moved { from }),
                None if step.number > expected => fault(expected, LogFaultKind::Missing { to: step.number - 1 }),
                None => fault(expected, self.altered(step, parts, next)),
            };
        }
        if step.number > expected {
            return fault(expected, LogFaultKind::Missing { to: step.number - 1 });
        }
        let [_, kind, _, previous] = parts;
        if expected == 1 && (*previous != LOG_GENESIS.as_bytes() || *kind != LogKind::LogBegun.as_str().as_bytes()) {
            return fault(1, LogFaultKind::Beginning);
        }
        if *previous != self.intact.hash.as_bytes() {
            return fault(expected, LogFaultKind::Follows);
        }
        None
    }

    /// Which part was altered of an entry that stands in its place and has another hash than its content.
    fn altered(&self, step: &Step, parts: &[Vec<u8>; 4], next: Option<&Step>) -> LogFaultKind {
        let [instant, kind, body, previous] = parts;
        let linked = [instant.clone(), kind.clone(), body.clone(), self.intact.hash.clone().into_bytes()];
        if *previous != self.intact.hash.as_bytes() && Step::hash_as(step.number, &linked) == step.hash {
            return LogFaultKind::Previous;
        }
        let kept = next.and_then(|next| next.parts.as_ref()).map(|[_, _, _, previous]| previous.as_slice());
        match kept {
            None => LogFaultKind::ContentOrHash,
            Some(kept) if kept == Step::hash_as(step.number, parts).as_bytes() => LogFaultKind::Hash,
            Some(_) => LogFaultKind::Content,
        }
    }

    fn finished(self) -> Verification {
        let nothing = (self.entries == 0).then_some(LogFault { entry: 1, kind: LogFaultKind::Empty });
        let last = self.last.as_ref().map_or(0, |last| last.number);
        let confirmed = self.heads.iter().filter_map(|(_, answer)| match answer {
            Some(HeadAnswer::Confirmed { entry }) => Some(*entry),
            _ => None,
        });
        let after = confirmed.max().unwrap_or(0);
        let missing = |head: &ExpectedHead| match head.number {
            Some(number) if number > last => HeadAnswer::Truncated { last },
            Some(_) | None => HeadAnswer::NotThere { after },
        };
        let check = |(head, answer): (ExpectedHead, Option<HeadAnswer>)| {
            let answer = answer.unwrap_or_else(|| missing(&head));
            HeadCheck { head, answer }
        };
        Verification {
            entries: self.entries,
            intact: self.intact.number,
            head: self.last,
            fault: self.fault.or(nothing),
            heads: self.heads.into_iter().map(check).collect(),
        }
    }
}

/// Under which other number an entry was written, where its hash tells.
fn written_as(step: &Step, parts: &[Vec<u8>; 4], highest: i64) -> Option<i64> {
    let length: usize = parts.iter().map(Vec::len).sum::<usize>() + 128;
    let affordable = i64::try_from(SEARCH_BYTES / length).unwrap_or(i64::MAX);
    let numbers = 1..=highest.saturating_add(SEARCH_BEYOND).min(affordable);
    numbers.into_iter().find(|number| Step::hash_as(*number, parts) == step.hash)
}
