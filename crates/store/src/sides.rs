//! A device of an export and the machines it may be, side by side: by what a person sees whether they are one.
//!
//! Only what was taken for a machine by its host name alone, and what is new and has a namesake, is worth a look. What the
//! export said of such a device is kept with the import, and what was known of the machine before; a namesake is shown as it
//! is known now. Nothing is judged here.

use std::collections::BTreeSet;

use interdict_model::ScanHeader;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use crate::decisions::{self, MachineDecision};
use crate::error::StoreError;
use crate::names::{Claim, JoinRule};
use crate::store::Store;
use crate::value::{from_count, from_json, to_count, to_json};

/// The most namesakes that are shown of a device.
const MOST_NAMESAKES: i64 = 8;

/// What is known of one of two that may be one. Lists are empty and texts missing where nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// The machine's id; nothing for a device as an export tells of it.
    pub machine_id: Option<String>,
    /// Its name as written.
    pub hostname: String,
    /// Full names, with a domain.
    pub full_names: Vec<String>,
    /// UUIDs of the system.
    pub uuids: Vec<String>,
    /// The manufacturer's serial numbers.
    pub serials: Vec<String>,
    /// Ids that tools gave it, each with the format of the tool's exports.
    pub tool_ids: Vec<(String, String)>,
    /// The operating system's name and version.
    pub os: String,
    /// When it was last told of: RFC 3339, UTC.
    pub last_seen: String,
    /// How many installations are told of it.
    pub installations: usize,
    /// Who tells of it: names of formats, `interdict` for our own looking.
    pub told_by: Vec<String>,
}

/// What is kept of both sides with an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sides {
    told: Side,
    known: Option<Side>,
}

/// A machine that a device may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What is known of it.
    pub side: Side,
    /// What somebody decided about the two.
    pub decision: Option<MachineDecision>,
}

/// A device of an import that is worth a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinReview {
    /// How the export calls it.
    pub told: String,
    /// The id of the machine that it was taken for, or that it became.
    pub machine_id: String,
    /// That machine's name.
    pub hostname: String,
    /// By which rule: `hostname` or `namesake`.
    pub rule: String,
    /// What the export said of it.
    pub device: Side,
    /// The machine that it was taken for, as it was before; or the namesakes of a new one, as they are now.
    pub candidates: Vec<Candidate>,
}

impl JoinReview {
    /// Whether nobody has decided yet.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let is_same = |candidate: &Candidate| candidate.decision == Some(MachineDecision::Same);
        !self.candidates.iter().any(is_same) && self.candidates.iter().any(|candidate| candidate.decision.is_none())
    }
}

/// What is kept of both sides, before the device is recorded; nothing where it is not worth a look.
pub(crate) fn kept(
    connection: &Connection,
    (claim, rule): (&Claim, JoinRule),
    (scan, installations, format): (&ScanHeader, usize, &str),
) -> Result<Option<String>, StoreError> {
    let known = match rule {
        JoinRule::Hostname => match of_machine(connection, &scan.machine.id) {
            Err(StoreError::UnknownMachine { .. }) => None,
            known => Some(known?),
        },
        JoinRule::Namesake => None,
        _ => return Ok(None),
    };
    let list = |text: &Option<String>| text.iter().cloned().collect::<Vec<_>>();
    let hostname = claim.hostname.as_deref().unwrap_or_default();
    let full_name = claim.domain.as_deref().filter(|domain| domain.contains('.') && !hostname.contains('.'));
    let told = Side {
        machine_id: None,
        hostname: scan.machine.hostname.clone(),
        full_names: full_name.map(|domain| format!("{hostname}.{domain}")).into_iter().collect(),
        uuids: list(&claim.uuid),
        serials: list(&claim.serial),
        tool_ids: claim.tool_id.iter().map(|id| (format.to_owned(), id.clone())).collect(),
        os: system(&scan.machine.os.name, &scan.machine.os.version),
        last_seen: scan.started.clone(),
        installations,
        told_by: vec![format.to_owned()],
    };
    to_json(&Sides { told, known }).map(Some)
}

fn system(name: &str, version: &str) -> String {
    format!("{name} {version}").trim().to_owned()
}

/// What is known of a machine now.
pub(crate) fn of_machine(connection: &Connection, machine_id: &str) -> Result<Side, StoreError> {
    let sql = "SELECT id, hostname, os_name, os_version, installations, \
               (SELECT max(started) FROM scan WHERE machine = machine.id) FROM machine WHERE machine_id = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([machine_id])?;
    let Some(row) = rows.next()? else { return Err(StoreError::UnknownMachine { id: machine_id.to_owned() }) };
    let number: i64 = row.get(0)?;
    let mut side = Side {
        machine_id: Some(machine_id.to_owned()),
        hostname: row.get(1)?,
        os: system(&row.get::<_, String>(2)?, &row.get::<_, String>(3)?),
        installations: to_count(row.get(4)?),
        last_seen: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
        ..Side::default()
    };
    let sql = "SELECT kind, value FROM machine_name WHERE machine = ?1 ORDER BY kind, value LIMIT 100";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([number])?;
    while let Some(row) = rows.next()? {
        let (kind, value): (String, String) = (row.get(0)?, row.get(1)?);
        match &*kind {
            "fqdn" => side.full_names.push(value),
            "uuid" => side.uuids.push(value),
            "serial" => side.serials.push(value),
            _ => side.tool_ids.extend(kind.strip_prefix("tool:").map(|format| (format.to_owned(), value))),
        }
    }
    side.told_by = tellers(connection, number)?
        .into_iter()
        .map(|(format, _)| format)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    Ok(side)
}

/// Who tells of a machine, and how they call it; nothing for our own looking.
pub(crate) fn tellers(connection: &Connection, machine: i64) -> Result<BTreeSet<(String, Option<String>)>, StoreError> {
    let sql = "SELECT DISTINCT coalesce(o.name, 'interdict'), CASE WHEN s.origin <> 0 THEN b.told END FROM scan s \
               LEFT JOIN origin o ON o.id = s.origin \
               LEFT JOIN batch_machine b ON b.batch = s.batch AND b.machine = s.machine WHERE s.machine = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([machine], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Store {
    /// The devices of an import that are worth a look, at most so many, by name; and how many there are.
    pub fn import_reviews(&self, batch: i64, limit: usize) -> Result<(Vec<JoinReview>, usize), StoreError> {
        let transaction = self.read()?;
        let of_batch = "FROM batch_machine b JOIN machine m ON m.id = b.machine JOIN batch ON batch.id = b.batch \
                        WHERE b.batch = ?1 AND b.rule IN ('hostname', 'namesake')";
        let sql = format!("SELECT count(*) {of_batch}");
        let count: i64 = transaction.query_row(&sql, [batch], |row| row.get(0))?;
        let sql = format!(
            "SELECT m.id, m.machine_id, m.hostname, b.rule, b.told, b.sides, batch.format {of_batch} \
             ORDER BY b.told COLLATE NOCASE, m.machine_id LIMIT ?2"
        );
        let mut statement = transaction.prepare_cached(&sql)?;
        let mut rows = statement.query(params![batch, from_count(limit)])?;
        let mut reviews = Vec::new();
        while let Some(row) = rows.next()? {
            let (machine, sides, format): (i64, Option<String>, String) = (row.get(0)?, row.get(5)?, row.get(6)?);
            let mut review = JoinReview {
                machine_id: row.get(1)?,
                hostname: row.get(2)?,
                rule: row.get(3)?,
                told: row.get(4)?,
                device: Side::default(),
                candidates: Vec::new(),
            };
            fill(&transaction, &mut review, machine, (&format, batch), sides.as_deref())?;
            reviews.push(review);
        }
        Ok((reviews, to_count(count)))
    }
}

fn fill(
    connection: &Connection,
    review: &mut JoinReview,
    machine: i64,
    (format, batch): (&str, i64),
    sides: Option<&str>,
) -> Result<(), StoreError> {
    let sides: Option<Sides> = sides.map(|sides| from_json("what is known of two machines", sides)).transpose()?;
    // What was imported before both sides were kept: its name is all that is known of it apart.
    let known = sides.as_ref().and_then(|sides| sides.known.clone());
    review.device = match sides {
        Some(sides) => sides.told,
        None => as_recorded(connection, review, machine, (format, batch))?,
    };
    let about = |id: &str| decisions::about(connection, (format, &review.told), id);
    let own = about(&review.machine_id)?;
    if review.rule == JoinRule::Hostname.as_str() || own.is_some() {
        let side = match known {
            Some(known) => Side { machine_id: Some(review.machine_id.clone()), ..known },
            None => of_machine(connection, &review.machine_id)?,
        };
        review.candidates.push(Candidate { side, decision: own });
        return Ok(());
    }
    for id in namesakes(connection, machine)? {
        review.candidates.push(Candidate { decision: about(&id)?, side: of_machine(connection, &id)? });
    }
    Ok(())
}

fn as_recorded(
    connection: &Connection,
    review: &JoinReview,
    machine: i64,
    (format, batch): (&str, i64),
) -> Result<Side, StoreError> {
    let sql = "SELECT started, observation_count FROM scan WHERE batch = ?1 AND machine = ?2 ORDER BY id LIMIT 1";
    let scan: Option<(String, i64)> =
        connection.prepare_cached(sql)?.query_row([batch, machine], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (last_seen, installations) = scan.unwrap_or_default();
    Ok(Side {
        hostname: review.told.clone(),
        last_seen,
        installations: to_count(installations),
        told_by: vec![format.to_owned()],
        ..Side::default()
    })
}

/// The ids of machines that share a name or number with one.
pub(crate) fn namesakes(connection: &Connection, machine: i64) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT DISTINCT m.machine_id FROM machine_name own CROSS JOIN machine_name other \
               JOIN machine m ON m.id = other.machine \
               WHERE own.machine = ?1 AND own.kind IN ('uuid', 'serial', 'fqdn', 'hostname') \
               AND other.kind = own.kind AND other.value = own.value AND other.machine <> ?1 LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([machine, MOST_NAMESAKES], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
