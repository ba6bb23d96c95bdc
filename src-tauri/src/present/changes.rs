//! What another catalogue changes, from the comparison to the wire.

use std::collections::BTreeMap;

use interdict_app::catalogue::diff::Group;
use interdict_app::{CatalogueChanges, ChangeHere};

use super::{Asked, capitalised, count};
use crate::error::sentence;
use crate::wire;

/// The changes under their headings, what affects us first.
pub(crate) fn catalogue_changes(asked: &Asked<'_>, path: &str, found: &CatalogueChanges) -> wire::CatalogueChanges {
    let mut groups: BTreeMap<Group, Vec<wire::ChangeLine>> = BTreeMap::new();
    for here in &found.changes {
        groups.entry(here.change.group()).or_default().push(line(asked, here));
    }
    let affecting = found.changes.iter().filter(|here| affects(here)).count();
    let inventory = found.inventory.as_ref();
    wire::CatalogueChanges {
        path: path.to_owned(),
        ours: found.old.version.clone(),
        ours_date: found.old.date.to_string(),
        other: found.new.version.clone(),
        other_date: found.new.date.to_string(),
        groups: groups.into_iter().map(|(group, changes)| heading(group, changes)).collect(),
        affecting: count(affecting),
        machines: inventory.map_or(0, |inventory| count(inventory.machines)),
        changed_machines: inventory
            .into_iter()
            .flat_map(|inventory| &inventory.changed_machines)
            .map(machine)
            .collect(),
        changed_products: inventory
            .into_iter()
            .flat_map(|inventory| &inventory.changed_products)
            .map(product)
            .collect(),
    }
}

fn heading(group: Group, mut changes: Vec<wire::ChangeLine>) -> wire::ChangeGroup {
    changes.sort_by_key(|change| change.because.is_empty());
    wire::ChangeGroup { word: group.as_str().to_owned(), changes }
}

/// Whether a change is more than words and touches a profile asked with.
fn affects(here: &ChangeHere) -> bool {
    !here.change.is_wording() && !here.touches.is_empty()
}

fn line(asked: &Asked<'_>, here: &ChangeHere) -> wire::ChangeLine {
    let entry = &here.change.entry;
    let mut because: Vec<String> = Vec::new();
    if affects(here) {
        for says in here.touches.iter().flat_map(|touch| &touch.because) {
            if !because.contains(says) {
                because.push(says.clone());
            }
        }
    }
    let id = here.change.restriction();
    let explanation = here.change.explanation().filter(|_| because.is_empty() && !here.change.is_wording());
    wire::ChangeLine {
        title: entry.title.clone(),
        id: entry.id.clone(),
        jurisdiction: entry.jurisdiction.clone(),
        restriction: id.is_some_and(|id| asked.catalogue().restriction(&id).is_some()),
        says: sentence(&capitalised(&here.change.says())),
        explanation: explanation.map(str::to_owned),
        because,
        machines: here.machines.map(count),
    }
}

fn machine(change: &interdict_app::MachineChange) -> wire::MachineShift {
    wire::MachineShift {
        id: change.id.clone(),
        hostname: change.hostname.clone(),
        was: change.was.into(),
        is: change.is.into(),
    }
}

fn product(change: &interdict_app::ProductChange) -> wire::ProductShift {
    wire::ProductShift {
        id: change.id.clone(),
        title: change.title.clone(),
        machines: count(change.machines),
        was: change.was.map(Into::into),
        is: change.is.map(Into::into),
    }
}
