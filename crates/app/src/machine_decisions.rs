//! Deciding whether a device of an export is a machine of the inventory: later imports of the same tool follow it.

use interdict_catalogue::nearest_all;
use interdict_store::{Decided, MachineDecision, MachineJoin, Store};

use crate::clock::now;
use crate::error::AppError;
use crate::removal::named;

/// What a person decides about a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// It is this machine, by id or host name.
    Same(String),
    /// It is not the machine that it was taken for.
    NotSame,
    /// What was decided is forgotten: the usual rule holds.
    Open,
}

/// Decides about a device of an import, by what the import calls it. A device that it does not tell of is an error that
/// names the nearest.
pub fn decide_machine(store: &mut Store, import: i64, told: &str, choice: &Choice) -> Result<Decided, AppError> {
    let batch = store.batch(import)?.ok_or(interdict_store::StoreError::UnknownBatch { id: import })?;
    let joins = store.batch_machines(import)?;
    let wanted = told.trim().to_lowercase();
    let is_it = |join: &&MachineJoin| join.told.trim().to_lowercase() == wanted;
    let Some(join) = joins.iter().find(is_it) else {
        let nearest = nearest_all(told, joins.iter().map(|join| join.told.as_str()));
        let nearest = nearest.into_iter().map(str::to_owned).collect();
        return Err(AppError::UnknownId { kind: "device in that import", id: told.to_owned(), nearest });
    };
    let (machine, decision) = match choice {
        Choice::Same(machine) => {
            let all = store.machines()?;
            (named(&all, machine)?.machine.id.clone(), MachineDecision::Same)
        }
        Choice::NotSame => (join.machine_id.clone(), MachineDecision::Apart),
        Choice::Open => (join.machine_id.clone(), MachineDecision::Open),
    };
    Ok(store.decide_machine(&batch.header.format, &join.told, &machine, decision, &now())?)
}
