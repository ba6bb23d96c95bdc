//! Every installation, machine by machine: the whole inventory as rows, for files that others read and that can be
//! imported again. It says what is there now; nothing of the past and nothing of what it means.

use interdict_model::Observation;
use interdict_store::{MachineRow, Store};

use crate::error::AppError;
use crate::removal::machine_named;

/// What is on one machine now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineInstallations {
    /// The machine.
    pub machine: MachineRow,
    /// Who told of it, and what was seen; in an order that follows from the content alone, so that two lists of the same
    /// content are the same list.
    pub told: Vec<(String, Observation)>,
}

/// What is on the machines of these ids or host names, or on all of them where none is named, one machine after the
/// other: of a fleet only one machine is held at a time.
pub fn installations<'s>(
    store: &'s Store,
    machines: &[String],
) -> Result<impl Iterator<Item = Result<MachineInstallations, AppError>> + use<'s>, AppError> {
    let mut wanted = match machines {
        [] => store.machines()?,
        _ => machines.iter().map(|name| machine_named(store, name)).collect::<Result<Vec<_>, _>>()?,
    };
    wanted.sort_by(|left, right| key(left).cmp(&key(right)));
    wanted.dedup_by(|left, right| left.machine.id == right.machine.id);
    Ok(wanted.into_iter().map(|machine| {
        let mut told = store.told_of(&machine.machine.id)?;
        told.sort_by_cached_key(|(teller, observation)| (of(observation), teller.clone()));
        Ok(MachineInstallations { machine, told })
    }))
}

fn key(machine: &MachineRow) -> (&str, &str) {
    (&machine.machine.hostname, &machine.machine.id)
}

/// All that is known of an observation, its name first.
fn of(observation: &Observation) -> (String, Option<String>, String) {
    let name = observation.title().to_owned();
    let all = serde_json::to_string(observation).unwrap_or_default();
    (name, observation.version.clone(), all)
}
