//! Which machine of the inventory a device of an export is.
//!
//! What somebody decided comes first (`decisions.rs`). Then, in this order, the first that decides: our own machine id; the exporting tool's id of it; the system's UUID; its serial
//! number; its fully qualified host name; its host name alone. A key that several machines bear decides nothing. A host
//! name joins only what contradicts itself in nothing: two different UUIDs, serial numbers or domains are two machines.
//! What nothing decides is a new machine.

use interdict_model::ScanHeader;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::decisions;
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

/// The id of the machine that a claim is taken for, with the rule; nothing for one that is new.
pub(crate) fn find(
    connection: &Connection,
    claim: &Claim,
    format: &str,
) -> Result<Option<(String, JoinRule)>, StoreError> {
    if let Some(id) = &claim.machine_id {
        let sql = "SELECT machine_id FROM machine WHERE machine_id = ?1";
        let found: Option<String> = connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
        return Ok(found.map(|id| (id, JoinRule::MachineId)));
    }
    let device = decisions::device(claim).unwrap_or_default();
    if let Some(id) = decisions::same(connection, format, &device)? {
        return Ok(Some((id, JoinRule::Decided)));
    }
    let keys = keys(claim, format);
    let sql = "SELECT n.machine, m.machine_id FROM machine_name n JOIN machine m ON m.id = n.machine \
               WHERE n.kind = ?1 AND n.value = ?2 AND NOT EXISTS (SELECT 1 FROM machine_name d \
               WHERE d.kind = ?3 AND d.value = ?4 AND d.machine = n.machine) LIMIT 2";
    let mut statement = connection.prepare_cached(sql)?;
    let apart = decisions::kind_of_apart(format);
    for (rule, kind, value) in &keys {
        let rows = statement
            .query_map([kind, value, &apart, &device], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
        let found: Vec<(i64, String)> = rows.collect::<Result<_, _>>()?;
        let [(machine, id)] = found.as_slice() else { continue };
        if *rule == JoinRule::ToolId || !contradicts(connection, *machine, &keys, *rule)? {
            return Ok(Some((id.clone(), *rule)));
        }
    }
    Ok(None)
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
pub(crate) fn note(connection: &Connection, machine_id: &str, claim: &Claim, format: &str) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO machine_name (kind, value, machine) \
               VALUES (?1, ?2, (SELECT id FROM machine WHERE machine_id = ?3))";
    let mut statement = connection.prepare_cached(sql)?;
    for (_, kind, value) in keys(claim, format) {
        statement.execute([kind.as_str(), value.as_str(), machine_id])?;
    }
    Ok(())
}

/// The machine that only exports told of so far and that a scan of ours is of: it takes the scan's id from now on.
pub(crate) fn adopt(connection: &Connection, scan: &ScanHeader) -> Result<Option<i64>, StoreError> {
    let claim = Claim { hostname: Some(scan.machine.hostname.clone()), ..Claim::default() };
    let Some((id, _)) = find(connection, &claim, "")? else { return Ok(None) };
    let sql = "UPDATE machine SET machine_id = ?2 WHERE machine_id = ?1 \
               AND NOT EXISTS (SELECT 1 FROM scan WHERE machine = machine.id AND origin = 0) RETURNING id";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([id.as_str(), scan.machine.id.as_str()], |row| row.get(0)).optional()?)
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
