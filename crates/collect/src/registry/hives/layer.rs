//! One hive, and the way to a key in it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use interdict_formats::hive::{Damage, Hive, Key, Listed};
use interdict_formats::registry::{RegistryData, RegistryValue};
use interdict_model::Diagnostic;

use super::CURRENT;
use super::kind::is_control_set;
use crate::registry::same;

/// How many names of subkeys are remembered for the next look.
const MOST_REMEMBERED: usize = 500_000;
/// The values that say which control set is the current one, in the order they are asked.
const SELECTED: &[&str] = &["Current", "Default", "LastKnownGood"];

/// A hive that is open.
#[derive(Debug)]
pub(crate) struct Layer {
    name: String,
    hive: Hive,
    root: u32,
    /// What `CurrentControlSet` is in it.
    current: Option<String>,
    remembered: Mutex<Remembered>,
}

#[derive(Debug, Default)]
struct Remembered {
    children: HashMap<u32, Arc<Children>>,
    names: usize,
}

/// The subkeys of a key.
#[derive(Debug, Default)]
pub(super) struct Children {
    /// By name in small letters: where, and whether it is a link.
    by_name: HashMap<String, (u32, bool)>,
    pub(super) damage: Vec<Damage>,
}

impl Children {
    /// Where they are.
    pub(super) fn places(&self) -> impl Iterator<Item = u32> {
        self.by_name.values().map(|(place, _)| *place)
    }
}

/// Where a path leads.
pub(super) enum Step {
    /// To a key.
    There(u32),
    /// Nowhere: it is not in the hive.
    Nowhere,
    /// Over a link, to this path.
    Link(String),
}

impl Layer {
    pub(super) fn new(name: String, hive: Hive) -> Self {
        let root = hive.root().map_or(0, |root| root.place());
        let current = current_control_set(&hive);
        Self { name, hive, root, current, remembered: Mutex::default() }
    }

    /// What people call its file.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The hive itself.
    pub(crate) const fn hive(&self) -> &Hive {
        &self.hive
    }

    pub(super) fn notes(&self) -> &[Diagnostic] {
        self.hive.notes()
    }

    pub(super) fn size(&self) -> usize {
        self.hive.size()
    }

    /// Where a path from the root leads.
    pub(super) fn find(&self, path: &[&str]) -> Result<Step, Damage> {
        let mut place = self.root;
        for (index, name) in path.iter().enumerate() {
            let children = self.children(place)?;
            let mut found = children.by_name.get(&name.to_lowercase());
            if let (0, None, Some(current)) = (index, found, self.current.as_ref().filter(|_| same(name, CURRENT))) {
                found = children.by_name.get(&current.to_lowercase());
            }
            match (found, children.damage.first()) {
                (Some((link, true)), _) => {
                    let target = self.hive.key_at(*link)?.link()?.unwrap_or_default();
                    let rest = path[index + 1..].iter().map(|name| format!("\\{name}"));
                    return Ok(Step::Link(rest.fold(target, |path, name| path + &name)));
                }
                (Some((next, false)), _) => place = *next,
                (None, Some(damage)) => return Err(*damage),
                (None, None) => return Ok(Step::Nowhere),
            }
        }
        Ok(Step::There(place))
    }

    /// The subkeys of a key.
    pub(super) fn children(&self, place: u32) -> Result<Arc<Children>, Damage> {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(children) = remembered.children.get(&place) {
            return Ok(Arc::clone(children));
        }
        let Listed { found, damage } = self.hive.key_at(place)?.subkeys();
        let mut children = Children { by_name: HashMap::with_capacity(found.len()), damage };
        for key in found {
            match children.by_name.entry(key.name().to_lowercase()) {
                Entry::Vacant(free) => drop(free.insert((key.place(), key.is_link()))),
                Entry::Occupied(_) => children.damage.push(key.damage("a key has the name of another one beside it")),
            }
        }
        if remembered.names + children.by_name.len() > MOST_REMEMBERED {
            *remembered = Remembered::default();
        }
        remembered.names += children.by_name.len();
        let children = Arc::new(children);
        remembered.children.insert(place, Arc::clone(&children));
        Ok(children)
    }

    /// Whether a key is the root above the control sets, one of which is the current one.
    pub(super) fn has_current_control_set(&self, place: u32) -> bool {
        place == self.root && self.current.is_some()
    }

    pub(super) fn key_name(&self, place: u32) -> Option<String> {
        self.hive.key_at(place).ok().map(|key| key.name())
    }

    pub(super) fn values(&self, place: u32) -> Result<Listed<RegistryValue>, Damage> {
        Ok(self.hive.key_at(place)?.values())
    }

    pub(super) fn value(&self, place: u32, name: &str) -> Result<Option<RegistryData>, Damage> {
        self.hive.key_at(place)?.value(name)
    }
}

/// The control set that `Select` names, else the first there is; nothing in a hive that has none.
fn current_control_set(hive: &Hive) -> Option<String> {
    let root = hive.root().ok()?;
    let mut sets: Vec<String> =
        root.subkeys().found.iter().map(Key::name).filter(|name| is_control_set(name)).collect();
    sets.sort_unstable();
    let select = root.subkey("Select").ok().flatten();
    let selected = select.into_iter().flat_map(|select| {
        let number = move |name: &&str| select.value(name).ok().flatten().and_then(|data| data.number());
        SELECTED.iter().filter_map(number).map(|number| format!("ControlSet{number:03}"))
    });
    let mut there = selected.filter(|name| sets.iter().any(|set| same(set, name)));
    there.next().or_else(|| sets.first().cloned())
}
