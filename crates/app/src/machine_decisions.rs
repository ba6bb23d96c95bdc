//! Deciding whether a device of an export is a machine of the inventory: later imports of the same tool follow it, and two
//! machines that are one by it become one.

use interdict_catalogue::nearest_all;
use interdict_identify::consolidate;
use interdict_store::{BatchRow, Decided, JoinRequest, Joined, MachineDecision, MachineJoin, Store, StoreError, Trial};

use crate::clock::now;
use crate::error::AppError;
use crate::removal::named;
use crate::workbench::Workbench;

/// What a person decides about a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// It is this machine, by id or host name.
    Same(String, Joining),
    /// It is not this machine, by id or host name; where none is named, not the one that it was taken for, or no namesake.
    NotSame(Option<String>),
    /// What was decided is forgotten: the usual rule holds.
    Open,
}

/// What becomes of the machine that a device was taken for, where it is another one than the one that the device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joining {
    /// The two become one where nobody else tells of it; else it is an error.
    WhereAlone,
    /// The two become one, whoever tells of it.
    Whole,
    /// Both stay: only later imports follow the decision.
    Never,
}

/// What came, or would come, of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionOutcome {
    /// What holds from now on, machine by machine.
    pub decided: Vec<Decided>,
    /// What joining two machines did.
    pub joined: Option<Joined>,
}

impl Workbench {
    /// Decides about a device of an import, by what the import calls it. A device that it does not tell of is an error that
    /// names the nearest. What is only tried is not kept.
    pub fn decide_machine(
        &self,
        store: &mut Store,
        (import, told): (i64, &str),
        choice: &Choice,
        trial: Trial,
    ) -> Result<DecisionOutcome, AppError> {
        let (batch, device) = device_of(store, import, told)?;
        let format = &batch.header.format;
        let (machines, decision) = match choice {
            Choice::Same(machine, joining) => {
                let machine = machine_called(store, machine)?;
                if machine != device.machine_id && *joining != Joining::Never {
                    return self.join(store, (format, &device), &machine, (*joining, trial));
                }
                (vec![machine], MachineDecision::Same)
            }
            Choice::NotSame(Some(machine)) => (vec![machine_called(store, machine)?], MachineDecision::Apart),
            Choice::NotSame(None) => (those_it_is_not(store, &device)?, MachineDecision::Apart),
            Choice::Open => (vec![device.machine_id.clone()], MachineDecision::Open),
        };
        let mut decided = Vec::new();
        for machine in machines {
            decided.push(store.decide_machine(format, &device.told, &machine, decision, (&now(), trial))?);
        }
        Ok(DecisionOutcome { decided, joined: None })
    }

    fn join(
        &self,
        store: &mut Store,
        (format, device): (&str, &MachineJoin),
        machine: &str,
        (joining, trial): (Joining, Trial),
    ) -> Result<DecisionOutcome, AppError> {
        if joining == Joining::WhereAlone {
            let others = other_tellers(store, format, device)?;
            if !others.is_empty() {
                return Err(AppError::ToldByOthers { machine: device.hostname.clone(), others });
            }
        }
        let request = JoinRequest {
            gone: &device.machine_id,
            stays: machine,
            format,
            told: &device.told,
            catalogue_version: &self.catalogue().stamp().version,
            now: &now(),
        };
        let come_to = |observations: &[_]| consolidate(self.identifier(), observations);
        let (decided, joined) = store.join_machines(&request, trial, &come_to)?;
        Ok(DecisionOutcome { decided: vec![decided], joined: Some(joined) })
    }
}

/// Who else tells of the machine that a device was taken for: formats, `interdict` for our own looking, and other devices of the
/// same tool by their names.
pub fn other_tellers(store: &Store, format: &str, device: &MachineJoin) -> Result<Vec<String>, AppError> {
    let is_it = |told: &str| told.trim().to_lowercase() == device.told.trim().to_lowercase();
    let callers = store.callers_of(&device.machine_id)?;
    let others = callers.into_iter().filter_map(|(teller, told)| match told {
        Some(told) if teller == format && is_it(&told) => None,
        Some(told) if teller == format => Some(format!("{teller} ({told})")),
        _ => Some(teller),
    });
    let mut others: Vec<String> = others.collect();
    others.dedup();
    Ok(others)
}

fn device_of(store: &Store, import: i64, told: &str) -> Result<(BatchRow, MachineJoin), AppError> {
    let batch = store.batch(import)?.ok_or(StoreError::UnknownBatch { id: import })?;
    let mut joins = store.batch_machines(import)?;
    let wanted = told.trim().to_lowercase();
    let Some(place) = joins.iter().position(|join| join.told.trim().to_lowercase() == wanted) else {
        let nearest = nearest_all(told, joins.iter().map(|join| join.told.as_str()));
        let nearest = nearest.into_iter().map(str::to_owned).collect();
        return Err(AppError::UnknownId { kind: "device in that import", id: told.to_owned(), nearest });
    };
    Ok((batch, joins.swap_remove(place)))
}

/// The id of a machine by its id, one that it had before, or its host name.
fn machine_called(store: &Store, machine: &str) -> Result<String, AppError> {
    if let Some(id) = store.machine_by_id(machine)? {
        return Ok(id);
    }
    let all = store.machines()?;
    Ok(named(&all, machine)?.machine.id.clone())
}

/// The machines that a device is not: a new one's namesakes, else the one that it was taken for.
fn those_it_is_not(store: &Store, device: &MachineJoin) -> Result<Vec<String>, AppError> {
    if device.rule == "namesake" && device.decision.is_none() {
        let namesakes = store.namesakes_of(&device.machine_id)?;
        if !namesakes.is_empty() {
            return Ok(namesakes);
        }
    }
    Ok(vec![device.machine_id.clone()])
}
