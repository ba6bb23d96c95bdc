//! What was there at a moment, and what differs between two.
//!
//! A moment is a second, or a scan of that second: everything that scans and imports up to it told counts. An installation
//! is there from the scan that saw it first until the one that no longer found it; what no scan looked for stays. Nothing
//! is said here of which new installation took the place of which.

use std::collections::{BTreeMap, BTreeSet};

use interdict_model::ObservationSource;
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::detections::{self, DetectionRow};
use crate::error::StoreError;
use crate::installations::{self, Interval};
use crate::instant;
use crate::moves::{self, Was};
use crate::store::Store;
use crate::value::{from_json, to_count, to_word};

/// A point in the history of an inventory; everything recorded up to it counts. Ordered by time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    second: String,
    /// The last scan of that second that counts.
    scan: i64,
}

impl Moment {
    /// After everything that began in the second of an instant: RFC 3339, UTC.
    pub fn at(instant: &str) -> Result<Self, StoreError> {
        instant::check(instant)?;
        Ok(Self { second: instant::second(instant).to_owned(), scan: i64::MAX })
    }

    fn key(&self) -> (&str, i64) {
        (&self.second, self.scan)
    }

    /// As an instant: RFC 3339, UTC.
    #[must_use]
    pub fn instant(&self) -> String {
        format!("{}Z", self.second)
    }
}

/// A scan or import of one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanOf {
    /// Its number in this database.
    pub id: i64,
    /// The machine's id.
    pub machine_id: String,
    /// The machine's present name.
    pub hostname: String,
    /// When it began.
    pub started: String,
    /// The moment after it.
    pub moment: Moment,
}

/// A machine and how much of it lies before and between two moments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineSpan {
    /// Its id.
    pub machine_id: String,
    /// Its present name.
    pub hostname: String,
    /// Scans and imports up to the earlier moment.
    pub scans_before: usize,
    /// Scans and imports between the two.
    pub scans_between: usize,
    /// When its first one up to the later moment began.
    pub first_seen: String,
    /// When its last one up to the later moment began.
    pub last_seen: String,
}

/// How the installations of a machine differ between two moments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InstallationChanges {
    /// There at the later moment only.
    pub new: Vec<Interval>,
    /// There at the earlier moment only.
    pub gone: Vec<Interval>,
    /// By origin and source: what of `new` was not looked at before, or never as a whole and never told of, so that
    /// nobody can say that it was not there.
    pub first_looks: BTreeSet<(String, ObservationSource)>,
    /// The sources that somebody had looked at as a whole up to the earlier moment.
    pub looked_at: BTreeSet<ObservationSource>,
}

/// A product or vendor that was found on a machine at one of two moments and not, or otherwise, at the other.
#[derive(Debug, Clone, PartialEq)]
pub struct DetectionChange {
    /// What was found at the earlier moment.
    pub before: Option<DetectionRow>,
    /// What was found at the later moment.
    pub after: Option<DetectionRow>,
    /// When the scan began that last found it otherwise, where it stayed.
    pub changed: Option<String>,
}

/// Machine, vendor and product.
pub(crate) type DetectionKey = (String, String, Option<String>);

/// The history of the inventory as it stands now: whatever is written meanwhile is not seen.
pub struct Past<'s> {
    transaction: Transaction<'s>,
}

impl Store {
    /// The history, for any number of questions.
    pub fn past(&self) -> Result<Past<'_>, StoreError> {
        Ok(Past { transaction: self.read()? })
    }
}

/// The scans of the machine `?1` up to the moment at the places that follow.
fn scans_until(second: usize) -> String {
    format!(
        "(SELECT id FROM scan WHERE machine = (SELECT id FROM machine WHERE machine_id = ?1) \
         AND (substr(started, 1, 19), id) <= (?{second}, ?{}))",
        second + 1
    )
}

/// What is there at the moment at a place.
fn is_there(second: usize) -> String {
    let until = scans_until(second);
    format!("i.first_seen IN {until} AND (i.gone IS NULL OR i.gone NOT IN {until})")
}

/// The detections that a scan between the moments at 2 and 4 found otherwise.
const MOVED_BETWEEN: &str = "(SELECT p.detection FROM detection_past p JOIN scan u ON u.id = p.until \
    WHERE (substr(u.started, 1, 19), u.id) > (?2, ?3) AND (substr(u.started, 1, 19), u.id) <= (?4, ?5))";

/// A detection as it was at a moment.
fn set_back_to(row: &mut DetectionRow, past: &[Was], moment: &Moment) {
    if let Some(was) = past.iter().find(|was| was.until() > moment.key()) {
        row.detection.version.clone_from(&was.version);
        row.detection.presence = was.presence;
    }
}

impl Past<'_> {
    /// What was found at two moments as it was then, and when the last scan between them found it otherwise.
    fn set_back(&self, change: &mut DetectionChange, since: &Moment, until: &Moment) -> Result<(), StoreError> {
        if let Some(before) = &mut change.before {
            let past = moves::of(&self.transaction, before.id)?;
            set_back_to(before, &past, since);
        }
        if let Some(after) = &mut change.after {
            let past = moves::of(&self.transaction, after.id)?;
            set_back_to(after, &past, until);
            if change.before.as_ref().is_some_and(|before| before.id == after.id) {
                let is_between = |was: &&Was| was.until() > since.key() && was.until() <= until.key();
                change.changed = past.iter().rfind(is_between).map(|was| was.started.clone());
            }
        }
        Ok(())
    }

    /// A scan by its number.
    pub fn scan(&self, id: i64) -> Result<ScanOf, StoreError> {
        let sql = "SELECT m.machine_id, m.hostname, s.started FROM scan s JOIN machine m ON m.id = s.machine \
                   WHERE s.id = ?1";
        let found = self.transaction.query_row(sql, [id], |row| {
            let started: String = row.get(2)?;
            let moment = Moment { second: instant::second(&started).to_owned(), scan: id };
            Ok(ScanOf { id, machine_id: row.get(0)?, hostname: row.get(1)?, started, moment })
        });
        let Some(scan) = found.optional()? else {
            let newest = self.transaction.query_row("SELECT max(id) FROM scan", [], |row| row.get(0))?;
            return Err(StoreError::UnknownScan { id, newest });
        };
        Ok(scan)
    }

    /// The day or instant before which what was gone is forgotten, where anything was.
    pub fn forgotten_before(&self) -> Result<Option<String>, StoreError> {
        let sql = "SELECT max(json_extract(body, '$.before')) FROM log WHERE kind = 'forgotten'";
        Ok(self.transaction.query_row(sql, [], |row| row.get(0))?)
    }

    /// Every machine that was known at the later moment, by name.
    pub fn machines(&self, since: &Moment, until: &Moment) -> Result<Vec<MachineSpan>, StoreError> {
        let sql = "SELECT m.machine_id, m.hostname, sum((substr(s.started, 1, 19), s.id) <= (?1, ?2)), count(*), \
                   min(s.started), max(s.started) FROM scan s JOIN machine m ON m.id = s.machine \
                   WHERE (substr(s.started, 1, 19), s.id) <= (?3, ?4) GROUP BY m.id \
                   ORDER BY m.hostname COLLATE NOCASE, m.machine_id";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let rows = statement.query_map(params![since.second, since.scan, until.second, until.scan], |row| {
            let (before, all) = (to_count(row.get(2)?), to_count(row.get(3)?));
            Ok(MachineSpan {
                machine_id: row.get(0)?,
                hostname: row.get(1)?,
                scans_before: before,
                scans_between: all.saturating_sub(before),
                first_seen: row.get(4)?,
                last_seen: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What stood on a machine at a moment, in the order of its first appearance.
    pub fn installations_at(&self, machine_id: &str, at: &Moment) -> Result<Vec<Interval>, StoreError> {
        installations::intervals_where(&self.transaction, &is_there(2), params![machine_id, at.second, at.scan])
    }

    /// How the installations of a machine differ between two moments.
    pub fn installation_changes(
        &self,
        machine_id: &str,
        since: &Moment,
        until: &Moment,
    ) -> Result<InstallationChanges, StoreError> {
        let values = params![machine_id, since.second, since.scan, until.second, until.scan];
        let (before, after) = (scans_until(2), scans_until(4));
        let new = format!("i.first_seen NOT IN {before} AND {}", is_there(4));
        let new = installations::intervals_where(&self.transaction, &new, values)?;
        let gone = format!("i.gone IN {after} AND i.gone NOT IN {before} AND i.first_seen IN {before}");
        let gone = installations::intervals_where(&self.transaction, &gone, values)?;
        if new.is_empty() {
            return Ok(InstallationChanges { gone, ..InstallationChanges::default() });
        }
        let covered = self.covered_until(machine_id, since)?;
        let first_looks = self.first_looks(machine_id, since, &new, &covered)?;
        let looked_at = covered.into_iter().map(|(_, source)| source).collect();
        Ok(InstallationChanges { new, gone, first_looks, looked_at })
    }

    /// Who had looked at which sources of a machine as a whole.
    fn covered_until(
        &self,
        machine_id: &str,
        moment: &Moment,
    ) -> Result<BTreeSet<(String, ObservationSource)>, StoreError> {
        let sql = "SELECT DISTINCT coalesce(o.name, 'interdict'), s.covered FROM scan s \
                   LEFT JOIN origin o ON o.id = s.origin \
                   WHERE s.machine = (SELECT id FROM machine WHERE machine_id = ?1) \
                   AND (substr(s.started, 1, 19), s.id) <= (?2, ?3)";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let mut rows = statement.query(params![machine_id, moment.second, moment.scan])?;
        let mut covered = BTreeSet::new();
        while let Some(row) = rows.next()? {
            let (origin, sources): (String, String) = (row.get(0)?, row.get(1)?);
            let sources: Vec<String> = from_json("covered sources", &sources)?;
            for source in sources {
                covered.insert((origin.clone(), to_word("a source", &source)?));
            }
        }
        Ok(covered)
    }

    /// Which origins and sources of what is new had not been looked at before.
    fn first_looks(
        &self,
        machine_id: &str,
        since: &Moment,
        new: &[Interval],
        covered: &BTreeSet<(String, ObservationSource)>,
    ) -> Result<BTreeSet<(String, ObservationSource)>, StoreError> {
        let mut first: BTreeSet<(String, ObservationSource)> =
            new.iter().map(|interval| (interval.origin.clone(), interval.observation.source)).collect();
        first.retain(|told| !covered.contains(told));
        if !first.is_empty() {
            // What was told of in part before was looked at.
            let told = format!("i.first_seen IN {}", scans_until(2));
            let values = params![machine_id, since.second, since.scan];
            let before = installations::sources_where(&self.transaction, &told, values)?;
            first.retain(|told| !before.contains(told));
        }
        Ok(first)
    }

    /// What was found on which machine, or on one, at one of two moments and not at the other, or otherwise, by the
    /// machine's id. What a catalogue no longer identifies was never there in its eyes.
    pub fn detection_changes(
        &self,
        machine_id: Option<&str>,
        since: &Moment,
        until: &Moment,
    ) -> Result<BTreeMap<String, Vec<DetectionChange>>, StoreError> {
        let there = |place: usize| {
            let moment = format!("(?{place}, ?{})", place + 1);
            format!(
                "((substr(f.started, 1, 19), f.id) <= {moment} \
                 AND (g.id IS NULL OR (substr(g.started, 1, 19), g.id) > {moment}))"
            )
        };
        let of_machines = "d.ended_by IS NOT 'catalogue' AND (?1 IS NULL OR m.machine_id = ?1)";
        let condition = format!("{of_machines} AND {} <> {}", there(2), there(4));
        let values = params![machine_id, since.second, since.scan, until.second, until.scan];
        let mut keyed: BTreeMap<DetectionKey, DetectionChange> = BTreeMap::new();
        for (row, is_after) in detections::rows_where(&self.transaction, &condition, values, &there(4))? {
            let product = row.detection.product.as_ref().map(ToString::to_string);
            let key = (row.machine_id.clone(), row.detection.vendor.to_string(), product);
            let change = keyed.entry(key).or_insert(DetectionChange { before: None, after: None, changed: None });
            if is_after {
                change.after = Some(row);
            } else {
                change.before = Some(row);
            }
        }
        if !keyed.is_empty() {
            // What an export tells of the past may begin within an interval of something else that was told.
            let condition = format!("{of_machines} AND {} AND {}", there(2), there(4));
            for key in detections::keys_where(&self.transaction, &condition, values)? {
                keyed.remove(&key);
            }
        }
        let moved = format!("{of_machines} AND {} AND {} AND d.id IN {MOVED_BETWEEN}", there(2), there(4));
        for (row, _) in detections::rows_where(&self.transaction, &moved, values, "1")? {
            let product = row.detection.product.as_ref().map(ToString::to_string);
            let key = (row.machine_id.clone(), row.detection.vendor.to_string(), product);
            keyed.insert(key, DetectionChange { before: Some(row.clone()), after: Some(row), changed: None });
        }
        let mut changes: BTreeMap<String, Vec<DetectionChange>> = BTreeMap::new();
        for ((machine, ..), mut change) in keyed {
            self.set_back(&mut change, since, until)?;
            changes.entry(machine).or_default().push(change);
        }
        Ok(changes)
    }
}
