//! Two machines that are one: all of one goes to the other, in one transaction.
//!
//! Whoever told of either tells of the one from then on. Where the same tool told of both, their intervals are brought
//! together (`joined_intervals.rs`); what tells of different tools stands side by side, as it always does. Nothing of the
//! past is lost, and nothing says afterwards which of the two something was told of: a join is not taken back. The work goes
//! with the two machines and not with the inventory.

use interdict_model::{Detection, Observation};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use serde_json::json;

use crate::decisions::{self, Decided, MachineDecision};
use crate::error::StoreError;
use crate::joined_intervals::{self, Conflict};
use crate::log::{self, LogKind, NewLogEntry};
use crate::rollup::Standing;
use crate::store::Store;
use crate::upkeep::Trial;
use crate::value::{from_count, to_count};
use crate::{detections, installations, instant, names, sides};

/// Which two are one, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JoinRequest<'a> {
    /// The id of the machine that goes.
    pub gone: &'a str,
    /// The id of the machine that stays.
    pub stays: &'a str,
    /// The format of the exports by which it was decided.
    pub format: &'a str,
    /// What they call the device.
    pub told: &'a str,
    /// The catalogue by which it is worked out anew what the machine comes to.
    pub catalogue_version: &'a str,
    /// Now: RFC 3339, UTC.
    pub now: &'a str,
}

/// What joining two machines did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Joined {
    /// The id of the machine from now on.
    pub machine_id: String,
    /// Its name until now: from now on it is that of the newer of the two.
    pub hostname: String,
    /// The id that nothing bears any more; it still means the machine.
    pub former_id: String,
    /// The name of the machine that went.
    pub former_hostname: String,
    /// Who told of the machine that went: names of formats, `interdict` for our own looking.
    pub tellers: Vec<String>,
    /// Scans and imports that are of the machine from now on.
    pub scans: usize,
    /// Installations that were on the machine that went.
    pub installations: usize,
    /// Those that were gone from it already: its past.
    pub past_installations: usize,
    /// Of the installations, those that the other one had, too, by the same tool: one interval from now on.
    pub united: usize,
    /// Installations that are gone, since the same tool looked at the other one later and found them no more.
    pub closed: usize,
    /// What was found on the machine that went and is there.
    pub detections: usize,
    /// What the machine comes to now and came to on neither.
    pub new_detections: usize,
    /// What was found on one of the two and is no longer.
    pub gone_detections: usize,
    /// Imports that cannot be undone any more: what was before them cannot be told apart.
    pub sealed_imports: Vec<i64>,
}

/// The two machines by their numbers.
pub(crate) struct Two {
    pub(crate) gone: i64,
    pub(crate) stays: i64,
}

impl Store {
    /// Who tells of a machine, and how they call it; nothing for our own looking. Nothing for an unknown machine.
    pub fn callers_of(&self, machine_id: &str) -> Result<Vec<(String, Option<String>)>, StoreError> {
        let Some(machine) = names::by_id(&self.connection, machine_id)? else { return Ok(Vec::new()) };
        Ok(sides::tellers(&self.connection, machine)?.into_iter().collect())
    }

    /// The id of the machine that bears an id, or bore it before it was joined with another.
    pub fn machine_by_id(&self, id: &str) -> Result<Option<String>, StoreError> {
        let machine = names::by_id(&self.connection, id)?;
        machine.map(|machine| names::id_of(&self.connection, machine)).transpose()
    }

    /// The ids of machines that share a name, UUID or serial number with one; the first few.
    pub fn namesakes_of(&self, machine_id: &str) -> Result<Vec<String>, StoreError> {
        match names::by_id(&self.connection, machine_id)? {
            Some(machine) => sides::namesakes(&self.connection, machine),
            None => Ok(Vec::new()),
        }
    }

    /// Makes one machine of two, and keeps that a device is that machine. All of it or nothing is done; what is only tried
    /// is worked out by doing and not keeping it. `come_to` says what observations come to.
    ///
    /// Refused with `store/both-scanned` where we looked at both ourselves: each has an id of its own, by which it comes back.
    pub fn join_machines(
        &mut self,
        request: &JoinRequest<'_>,
        trial: Trial,
        come_to: &dyn Fn(&[Observation]) -> Vec<Detection>,
    ) -> Result<(Decided, Joined), StoreError> {
        instant::check(request.now)?;
        // Each removed row would search whole tables for what refers to it; nothing does any more when it goes.
        self.connection.pragma_update(None, "foreign_keys", false)?;
        let outcome = join(&mut self.connection, request, trial, come_to);
        self.connection.pragma_update(None, "foreign_keys", true)?;
        outcome
    }
}

fn join(
    connection: &mut Connection,
    request: &JoinRequest<'_>,
    trial: Trial,
    come_to: &dyn Fn(&[Observation]) -> Vec<Detection>,
) -> Result<(Decided, Joined), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let number =
        |id: &str| names::by_id(&transaction, id)?.ok_or_else(|| StoreError::UnknownMachine { id: id.to_owned() });
    let two = Two { gone: number(request.gone)?, stays: number(request.stays)? };
    let mut joined = before(&transaction, &two)?;
    let standing = Standing::of(&transaction, &[two.gone, two.stays])?;
    let conflicts = Conflict::of(&transaction, &two)?;
    joined.past_installations = count_past(&transaction, two.gone)?;
    move_machine(&transaction, &two, &joined)?;
    let batches = joined_intervals::move_rows(&transaction, &two)?;
    let ended = joined_intervals::bring_together(&transaction, &two, &conflicts, &batches, &mut joined)?;
    let scans = transaction.execute("UPDATE scan SET machine = ?2 WHERE machine = ?1", [two.gone, two.stays])?;
    joined.scans = scans;
    let known = installations::told_of(&transaction, &joined.machine_id)?;
    let observations: Vec<Observation> = known.into_iter().map(|(_, observation)| observation).collect();
    let found = come_to(&observations);
    (joined.new_detections, joined.gone_detections) =
        detections::join(&transaction, (two.gone, two.stays), ended, request.catalogue_version, &found)?;
    let sql = "UPDATE machine SET installations = (SELECT count(*) FROM installation i WHERE i.machine = machine.id \
               AND i.gone IS NULL) WHERE id = ?1";
    transaction.execute(sql, [two.stays])?;
    standing.settle(&transaction)?;
    let device = (request.format, request.told);
    let mut decided = decisions::decide(&transaction, device, &joined.machine_id, MachineDecision::Same, request.now)?;
    decided.hostname.clone_from(&joined.hostname);
    log::append(&transaction, &log_entry(request, &joined))?;
    match trial {
        Trial::Done => transaction.commit()?,
        Trial::Tried => transaction.rollback()?,
    }
    Ok((decided, joined))
}

/// What is known of the two before anything moves; refuses what cannot be joined.
fn before(connection: &Connection, two: &Two) -> Result<Joined, StoreError> {
    let read = |machine: i64| -> Result<(String, String, usize, bool), StoreError> {
        let sql = "SELECT machine_id, hostname, installations, \
                   EXISTS (SELECT 1 FROM scan WHERE machine = machine.id AND origin = 0) FROM machine WHERE id = ?1";
        let mut statement = connection.prepare_cached(sql)?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, to_count(row.get(2)?), row.get(3)?));
        Ok(statement.query_row([machine], read)?)
    };
    let (gone_id, gone_name, installations, gone_is_scanned) = read(two.gone)?;
    let (stays_id, stays_name, _, stays_is_scanned) = read(two.stays)?;
    if two.gone == two.stays {
        return Err(StoreError::OneMachine { id: stays_id });
    }
    if gone_is_scanned && stays_is_scanned {
        return Err(StoreError::BothScanned { one: gone_name, other: stays_name });
    }
    let sql = "SELECT count(*) FROM detection WHERE machine = ?1 AND gone IS NULL";
    let found: i64 = connection.prepare_cached(sql)?.query_row([two.gone], |row| row.get(0))?;
    let mut tellers: Vec<String> =
        sides::tellers(connection, two.gone)?.into_iter().map(|(teller, _)| teller).collect();
    tellers.dedup();
    // Our own looking comes back by the id that it gave.
    let (machine_id, former_id) = if gone_is_scanned { (gone_id, stays_id) } else { (stays_id, gone_id) };
    Ok(Joined {
        machine_id,
        former_id,
        hostname: stays_name,
        former_hostname: gone_name,
        tellers,
        installations,
        detections: to_count(found),
        ..Joined::default()
    })
}

fn count_past(connection: &Connection, machine: i64) -> Result<usize, StoreError> {
    let sql = "SELECT count(*) FROM installation WHERE machine = ?1 AND gone IS NOT NULL";
    Ok(to_count(connection.prepare_cached(sql)?.query_row([machine], |row| row.get(0))?))
}

/// What is said of the machine itself: that of its newest scan, as always; its names are those of both.
fn move_machine(transaction: &Transaction<'_>, two: &Two, joined: &Joined) -> Result<(), StoreError> {
    let newest = "(SELECT max(substr(started, 1, 19)) FROM scan WHERE machine = ";
    let sql = format!(
        "UPDATE machine SET hostname = other.hostname, os_family = other.os_family, os_name = other.os_name, \
         os_version = other.os_version, arch = other.arch FROM machine other WHERE machine.id = ?2 AND other.id = ?1 \
         AND {newest} ?1) > {newest} ?2)"
    );
    transaction.execute(&sql, [two.gone, two.stays])?;
    transaction.execute("DELETE FROM machine WHERE id = ?1", [two.gone])?;
    transaction.execute("UPDATE machine SET machine_id = ?2 WHERE id = ?1", params![two.stays, joined.machine_id])?;
    let both = [two.gone, two.stays];
    transaction.execute("UPDATE OR IGNORE machine_name SET machine = ?2 WHERE machine = ?1", both)?;
    transaction.execute("DELETE FROM machine_name WHERE machine = ?1", [two.gone])?;
    names::note_former_id(transaction, two.stays, &joined.former_id)?;
    // A device that is one of the two and was not the other is the one now.
    let sql = "DELETE FROM machine_name AS apart WHERE machine = ?1 AND kind GLOB 'apart:*' AND EXISTS \
               (SELECT 1 FROM machine_name same WHERE same.kind = 'same:' || substr(apart.kind, 7) \
               AND same.value = apart.value AND same.machine = ?1)";
    transaction.execute(sql, [two.stays])?;
    Ok(())
}

fn log_entry(request: &JoinRequest<'_>, joined: &Joined) -> NewLogEntry {
    let body = json!({
        "format": request.format,
        "told": request.told,
        "machine": joined.machine_id,
        "hostname": joined.hostname,
        "former": joined.former_id,
        "former_hostname": joined.former_hostname,
        "scans": from_count(joined.scans),
        "installations": from_count(joined.installations),
        "past_installations": from_count(joined.past_installations),
        "united": from_count(joined.united),
        "closed": from_count(joined.closed),
        "new_detections": from_count(joined.new_detections),
        "gone_detections": from_count(joined.gone_detections),
        "sealed_imports": joined.sealed_imports,
    });
    NewLogEntry { instant: request.now.to_owned(), kind: LogKind::MachinesJoined, body }
}
