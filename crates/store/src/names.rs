//! Which machine of the inventory a device of an export is.
//!
//! What somebody decided comes first (`decisions.rs`). Then, in this order, the first that decides: our own machine id; the
//! exporting tool's id of it; the system's UUID; its serial number; its fully qualified host name; its host name alone. A key
//! that several machines bear decides nothing. A host name joins only what contradicts itself in nothing: two different UUIDs,
//! serial numbers or domains are two machines. What nothing decides is a new machine; where it has a namesake, by what the tool
//! told of it is remembered, so that the same telling is the same machine the next time.

use interdict_model::ScanHeader;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::decisions::{self, MachineDecision};
use crate::error::StoreError;

/// What an export says a device is called. Keys are compared without regard to case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claim {
    /// The id Interdict itself gave it.
    pub machine_id: Option<String>,
    /// The exporting tool's id of it.
    pub tool_id: Option<String>,
    /// The system's UUID.
    pub uuid: Option<String>,
    /// The manufacturer's serial number.
    pub serial: Option<String>,
    /// Host name, with or without a domain.
    pub hostname: Option<String>,
    /// Domain, where it is told apart.
    pub domain: Option<String>,
}

/// By what a device was taken for a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JoinRule {
    /// It was not known.
    New,
    /// It was not known, but a machine bears one of its names: several do, or it contradicts that one. Worth a look.
    Namesake,
    /// Our own id.
    MachineId,
    /// Somebody decided it.
    Decided,
    /// The tool's id.
    ToolId,
    /// The system's UUID.
    Uuid,
    /// The serial number.
    Serial,
    /// The fully qualified host name.
    Fqdn,
    /// The host name alone: worth a look.
    Hostname,
}

impl JoinRule {
    /// As it is stored and told.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Namesake => "namesake",
            Self::MachineId => "machine-id",
            Self::Decided => "decided",
            Self::ToolId => "tool-id",
            Self::Uuid => "uuid",
            Self::Serial => "serial",
            Self::Fqdn => "fqdn",
            Self::Hostname => "hostname",
        }
    }
}

/// The keys of a claim, strongest first.
fn keys(claim: &Claim, format: &str) -> Vec<(JoinRule, String, String)> {
    let lower =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_lowercase);
    let hostname = lower(&claim.hostname);
    let short = hostname.as_deref().map(short_name).map(str::to_owned);
    let fqdn = match (&hostname, lower(&claim.domain)) {
        (Some(hostname), _) if hostname.contains('.') => Some(hostname.clone()),
        // A workgroup is no domain: those have no point.
        (Some(hostname), Some(domain)) if domain.contains('.') => Some(format!("{hostname}.{domain}")),
        _ => None,
    };
    let all = [
        (JoinRule::ToolId, format!("tool:{format}"), lower(&claim.tool_id)),
        (JoinRule::Uuid, "uuid".to_owned(), lower(&claim.uuid)),
        (JoinRule::Serial, "serial".to_owned(), lower(&claim.serial)),
        (JoinRule::Fqdn, "fqdn".to_owned(), fqdn),
        (JoinRule::Hostname, "hostname".to_owned(), short),
    ];
    all.into_iter().filter_map(|(rule, kind, value)| Some((rule, kind, value?))).collect()
}

/// A host name up to its first point; an address has none to cut at.
fn short_name(hostname: &str) -> &str {
    let is_address = hostname.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_address { hostname } else { hostname.split('.').next().unwrap_or(hostname) }
}

/// All that an export without an id of the device says of it, in one text: by this the same telling is known again.
fn signature(claim: &Claim) -> Option<String> {
    let lower = |text: &Option<String>| text.as_deref().map(str::trim).unwrap_or_default().to_lowercase();
    let parts = [&claim.hostname, &claim.domain, &claim.uuid, &claim.serial].map(lower);
    (claim.tool_id.is_none() && parts.iter().any(|part| !part.is_empty())).then(|| parts.join("\u{1f}"))
}

/// The kind of a [`signature`] among the names of machines.
pub(crate) fn kind_of_called(format: &str) -> String {
    format!("called:{format}")
}

/// The kind of an id that a machine had before among the names of machines.
pub(crate) const FORMER_ID: &str = "machine-id";

/// The machine that bears an id, or bore it before it was joined with another.
pub(crate) fn by_id(connection: &Connection, id: &str) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT id FROM machine WHERE machine_id = ?1";
    if let Some(machine) = connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()? {
        return Ok(Some(machine));
    }
    let sql = "SELECT machine FROM machine_name WHERE kind = ?1 AND value = ?2";
    Ok(connection.prepare_cached(sql)?.query_row([FORMER_ID, id], |row| row.get(0)).optional()?)
}

pub(crate) fn id_of(connection: &Connection, machine: i64) -> Result<String, StoreError> {
    Ok(connection
        .prepare_cached("SELECT machine_id FROM machine WHERE id = ?1")?
        .query_row([machine], |row| row.get(0))?)
}

/// The id of the machine that a claim is taken for, and by which rule; no id for one that is new.
pub(crate) fn find(
    connection: &Connection,
    claim: &Claim,
    format: &str,
) -> Result<(Option<String>, JoinRule), StoreError> {
    if let Some(id) = &claim.machine_id {
        return Ok(match by_id(connection, id)? {
            Some(machine) => (Some(id_of(connection, machine)?), JoinRule::MachineId),
            None => (None, JoinRule::New),
        });
    }
    let device = decisions::device(claim).unwrap_or_default();
    if let Some(id) = decisions::same(connection, format, &device)? {
        return Ok((Some(id), JoinRule::Decided));
    }
    let keys = keys(claim, format);
    let mut has_namesake = false;
    for (rule, kind, value) in &keys {
        let found = bearers(connection, (kind, value), (format, &device))?;
        if let [(machine, id)] = found.as_slice()
            && (*rule == JoinRule::ToolId || !contradicts(connection, *machine, &keys, *rule)?)
        {
            return Ok((Some(id.clone()), *rule));
        }
        has_namesake |= !found.is_empty();
    }
    if !has_namesake {
        return Ok((None, JoinRule::New));
    }
    if let Some(signature) = signature(claim) {
        let found = bearers(connection, (&kind_of_called(format), &signature), (format, &device))?;
        if let [(_, id)] = found.as_slice() {
            return Ok((Some(id.clone()), JoinRule::Hostname));
        }
    }
    Ok((None, JoinRule::Namesake))
}

/// The machines that bear a key and that nobody decided a device not to be; the first two say whether there are several.
fn bearers(
    connection: &Connection,
    (kind, value): (&str, &str),
    (format, device): (&str, &str),
) -> Result<Vec<(i64, String)>, StoreError> {
    let sql = "SELECT n.machine, m.machine_id FROM machine_name n JOIN machine m ON m.id = n.machine \
               WHERE n.kind = ?1 AND n.value = ?2 AND NOT EXISTS (SELECT 1 FROM machine_name d \
               WHERE d.kind = ?3 AND d.value = ?4 AND d.machine = n.machine) LIMIT 2";
    let mut statement = connection.prepare_cached(sql)?;
    let apart = decisions::kind_of_apart(format);
    let rows = statement.query_map([kind, value, &apart, device], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// An id for the machine of a device that was found to be none: the given one where no machine bears it, else with what tells
/// the two apart, the UUID, the serial number or the full name, else with a number. Where the bearer is what the same tool
/// told of by this name, and nothing contradicts it, it is that machine; the second value says so.
pub(crate) fn new_id(
    connection: &Connection,
    claim: &Claim,
    format: &str,
    id: &str,
) -> Result<(String, bool), StoreError> {
    let device = decisions::device(claim).unwrap_or_default();
    let keys = keys(claim, format);
    let apart = |key: &&(JoinRule, String, String)| !matches!(key.0, JoinRule::ToolId | JoinRule::Hostname);
    let longer = keys.iter().find(apart).map_or_else(|| id.to_owned(), |(_, _, value)| format!("{id}:{value}"));
    let longer_ids = (longer != id).then(|| longer.clone());
    let numbered = (2_u32..).map(|number| format!("{longer}:{number}"));
    for id in [id.to_owned()].into_iter().chain(longer_ids).chain(numbered) {
        let Some(machine) = by_id(connection, &id)? else { return Ok((id, false)) };
        let bearer = id_of(connection, machine)?;
        let is_apart = decisions::about(connection, (format, &device), &bearer)? == Some(MachineDecision::Apart);
        if !is_apart
            && is_called(connection, machine, format, &device)?
            && !contradicts(connection, machine, &keys, JoinRule::Hostname)?
        {
            return Ok((bearer, true));
        }
    }
    Ok((longer, false))
}

/// Whether a tool told of a machine by this name.
fn is_called(connection: &Connection, machine: i64, format: &str, device: &str) -> Result<bool, StoreError> {
    let sql = "SELECT b.told FROM scan s JOIN origin o ON o.id = s.origin \
               JOIN batch_machine b ON b.batch = s.batch AND b.machine = s.machine WHERE s.machine = ?1 AND o.name = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![machine, format])?;
    while let Some(row) = rows.next()? {
        let told = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        if told.trim().to_lowercase() == device {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a machine is known by another UUID, serial number or full name than the claim's. A key weaker than the one that
/// joined does not count: machines are renamed.
fn contradicts(
    connection: &Connection,
    machine: i64,
    keys: &[(JoinRule, String, String)],
    joined: JoinRule,
) -> Result<bool, StoreError> {
    let sql = "SELECT count(*), coalesce(sum(value = ?3), 0) FROM machine_name WHERE machine = ?1 AND kind = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    for (_, kind, value) in keys.iter().filter(|(rule, ..)| *rule < joined && *rule != JoinRule::ToolId) {
        let (known, same): (i64, i64) =
            statement.query_row(params![machine, kind, value], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if known > 0 && same == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Remembers by what a machine is known.
pub(crate) fn note(
    connection: &Connection,
    machine_id: &str,
    (claim, rule): (&Claim, JoinRule),
    format: &str,
) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO machine_name (kind, value, machine) \
               VALUES (?1, ?2, (SELECT id FROM machine WHERE machine_id = ?3))";
    let mut statement = connection.prepare_cached(sql)?;
    for (_, kind, value) in keys(claim, format) {
        statement.execute([kind.as_str(), value.as_str(), machine_id])?;
    }
    if rule == JoinRule::Namesake
        && let Some(signature) = signature(claim)
    {
        statement.execute([kind_of_called(format).as_str(), &signature, machine_id])?;
    }
    Ok(())
}

/// The machine that only exports told of so far and that a scan of ours is of: it takes the scan's id from now on.
pub(crate) fn adopt(connection: &Connection, scan: &ScanHeader) -> Result<Option<i64>, StoreError> {
    let claim = Claim { hostname: Some(scan.machine.hostname.clone()), ..Claim::default() };
    let (Some(id), _) = find(connection, &claim, "")? else { return Ok(None) };
    let sql = "UPDATE machine SET machine_id = ?2 WHERE machine_id = ?1 \
               AND NOT EXISTS (SELECT 1 FROM scan WHERE machine = machine.id AND origin = 0) RETURNING id";
    let mut statement = connection.prepare_cached(sql)?;
    let adopted = statement.query_row([id.as_str(), scan.machine.id.as_str()], |row| row.get(0)).optional()?;
    if let Some(machine) = adopted {
        note_former_id(connection, machine, &id)?;
    }
    Ok(adopted)
}

/// Remembers an id that a machine does not bear any more: our own lists may still tell of it.
pub(crate) fn note_former_id(connection: &Connection, machine: i64, id: &str) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO machine_name (kind, value, machine) VALUES (?1, ?2, ?3)";
    connection.prepare_cached(sql)?.execute(params![FORMER_ID, id, machine])?;
    Ok(())
}

/// Remembers the host name of a machine.
pub(crate) fn note_hostname(connection: &Connection, machine: i64, hostname: &str) -> Result<(), StoreError> {
    let claim = Claim { hostname: Some(hostname.to_owned()), ..Claim::default() };
    let sql = "INSERT OR IGNORE INTO machine_name (kind, value, machine) VALUES (?1, ?2, ?3)";
    let mut statement = connection.prepare_cached(sql)?;
    for (_, kind, value) in keys(&claim, "") {
        statement.execute(params![kind, value, machine])?;
    }
    Ok(())
}
