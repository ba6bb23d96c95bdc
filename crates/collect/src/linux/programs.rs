//! Programs that services and tasks name: where they are, and whether they exist.

use interdict_model::{Observation, raw_key};

use crate::collector::Gathering;
use crate::host::{Host, HostError};

/// Where a program named without a folder is looked for (systemd.exec(5)).
const PROGRAM_FOLDERS: &[&str] = &["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/// Notes the program of a service or task: its place, and whether there is one.
pub(crate) fn note_program(host: &dyn Host, program: &str, observation: &mut Observation, gathering: &mut Gathering) {
    let Some(place) = gathering.ok(placed(host, program)) else {
        observation.path = Some(program.to_owned());
        return;
    };
    let exists = if place.starts_with('/') {
        match host.look(&place) {
            Ok(found) => Some(found.kind.is_file()),
            Err(HostError::NotFound { .. }) => Some(false),
            Err(error) => {
                gathering.failed(&error);
                None
            }
        }
    } else {
        Some(false)
    };
    if let Some(exists) = exists {
        observation.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), exists.to_string());
    }
    observation.path = Some(place);
}

/// The whole path of a program that may be named without a folder; the bare name where it lies in none of them.
fn placed(host: &dyn Host, program: &str) -> Result<String, HostError> {
    if program.contains('/') {
        return Ok(program.to_owned());
    }
    let mut hidden = None;
    for place in PROGRAM_FOLDERS.iter().map(|folder| format!("{folder}/{program}")) {
        match host.look(&place) {
            Ok(found) if found.kind.is_file() => return Ok(place),
            Ok(_) | Err(HostError::NotFound { .. }) => {}
            Err(error) => hidden = hidden.or(Some(error)),
        }
    }
    // It may lie where nobody could look.
    hidden.map_or_else(|| Ok(program.to_owned()), Err)
}
