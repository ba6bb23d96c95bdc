//! What somebody decided about which machine a device of another tool's exports is; later imports follow it.
//!
//! A decision is about what one tool calls a device: that it is a certain machine, or that it is not. It is kept beside the
//! names of the machine, goes with the machine, and changes nothing of what was imported before.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use serde_json::json;

use crate::error::StoreError;
use crate::instant;
use crate::log::{self, LogKind, NewLogEntry};
use crate::names::Claim;
use crate::store::Store;
use crate::upkeep::Trial;

/// What is decided about a device and a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MachineDecision {
    /// They are the same.
    Same,
    /// They are not the same.
    Apart,
    /// Nothing any more: the usual rule holds again.
    Open,
}

impl MachineDecision {
    /// As it is told and stands in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Apart => "not-same",
            Self::Open => "open",
        }
    }
}

/// A decision as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The format of the exports.
    pub format: String,
    /// What they call the device.
    pub told: String,
    /// The machine's id.
    pub machine_id: String,
    /// The machine's name.
    pub hostname: String,
    /// What holds from now on.
    pub decision: MachineDecision,
}

/// The kind of a decision among the names of machines.
pub(crate) fn kind_of_same(format: &str) -> String {
    format!("same:{format}")
}

/// Likewise, of what is not the machine.
pub(crate) fn kind_of_apart(format: &str) -> String {
    format!("apart:{format}")
}

/// What a decision calls a device.
pub(crate) fn device(claim: &Claim) -> Option<String> {
    let told = claim.hostname.as_deref().or(claim.tool_id.as_deref())?;
    Some(told.trim().to_lowercase()).filter(|told| !told.is_empty())
}

/// The machine that a device was decided to be.
pub(crate) fn same(connection: &Connection, format: &str, device: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT m.machine_id FROM machine_name n JOIN machine m ON m.id = n.machine \
               WHERE n.kind = ?1 AND n.value = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([&*kind_of_same(format), device], |row| row.get(0)).optional()?)
}

/// What was decided about a device and the machine that it was taken for.
pub(crate) fn about(
    connection: &Connection,
    (format, told): (&str, &str),
    machine_id: &str,
) -> Result<Option<MachineDecision>, StoreError> {
    let sql = "SELECT n.kind FROM machine_name n JOIN machine m ON m.id = n.machine \
               WHERE n.kind IN (?1, ?2) AND n.value = ?3 AND m.machine_id = ?4";
    let (same, apart) = (kind_of_same(format), kind_of_apart(format));
    let values = params![same, apart, told.trim().to_lowercase(), machine_id];
    let kind: Option<String> = connection.prepare_cached(sql)?.query_row(values, |row| row.get(0)).optional()?;
    Ok(kind.map(|kind| if kind == same { MachineDecision::Same } else { MachineDecision::Apart }))
}

impl Store {
    /// Keeps what was decided about a device that an import tells of, with an entry of the log. `machine_id` is the machine it
    /// is about. A device is one machine at most: that it is one replaces what was decided of it before. What is only tried is not
    /// kept.
    pub fn decide_machine(
        &mut self,
        format: &str,
        told: &str,
        machine_id: &str,
        decision: MachineDecision,
        (now, trial): (&str, Trial),
    ) -> Result<Decided, StoreError> {
        instant::check(now)?;
        let transaction = self.write()?;
        let decided = decide(&transaction, (format, told), machine_id, decision, now)?;
        match trial {
            Trial::Done => transaction.commit()?,
            Trial::Tried => transaction.rollback()?,
        }
        Ok(decided)
    }
}

/// Keeps a decision within a transaction, with its entry of the log.
pub(crate) fn decide(
    transaction: &Transaction<'_>,
    (format, told): (&str, &str),
    machine_id: &str,
    decision: MachineDecision,
    now: &str,
) -> Result<Decided, StoreError> {
    let sql = "SELECT id, hostname FROM machine WHERE machine_id = ?1";
    let found = transaction.query_row(sql, [machine_id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((machine, hostname)): Option<(i64, String)> = found else {
        return Err(StoreError::UnknownMachine { id: machine_id.to_owned() });
    };
    let device = told.trim().to_lowercase();
    let (same, apart) = (kind_of_same(format), kind_of_apart(format));
    transaction.execute("DELETE FROM machine_name WHERE kind = ?1 AND value = ?2", [&same, &device])?;
    transaction.execute(
        "DELETE FROM machine_name WHERE kind = ?1 AND value = ?2 AND (machine = ?3 OR ?4)",
        params![apart, device, machine, decision == MachineDecision::Open],
    )?;
    let kind = match decision {
        MachineDecision::Same => Some(&same),
        MachineDecision::Apart => Some(&apart),
        MachineDecision::Open => None,
    };
    if let Some(kind) = kind {
        let sql = "INSERT INTO machine_name (kind, value, machine) VALUES (?1, ?2, ?3)";
        transaction.execute(sql, params![kind, device, machine])?;
    }
    let body = json!({
        "format": format,
        "told": told,
        "machine": machine_id,
        "hostname": hostname,
        "decision": decision.as_str(),
    });
    log::append(transaction, &NewLogEntry { instant: now.to_owned(), kind: LogKind::MachineDecided, body })?;
    Ok(Decided {
        format: format.to_owned(),
        told: told.to_owned(),
        machine_id: machine_id.to_owned(),
        hostname,
        decision,
    })
}
