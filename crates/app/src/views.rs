//! Saved views: filters of a list under a name, kept in the database. The address stays the truth: a view is an address.

use interdict_store::{Store, StoreError};
use serde::{Deserialize, Serialize};

/// The setting they are kept in.
const VIEWS: &str = "views";
/// At most so many are kept, and letters of a name and of an address.
const MOST: usize = 200;
const LONGEST_NAME: usize = 100;
const LONGEST_SEARCH: usize = 4_000;

/// Filters of a list under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Which list: the first part of its address.
    pub list: String,
    /// Its name.
    pub name: String,
    /// The part of the address after the `?`.
    pub search: String,
}

/// All saved views, by list and name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ViewList {
    /// The views.
    pub views: Vec<View>,
}

impl ViewList {
    /// Reads them; what this version does not understand counts as none.
    pub fn read(store: &Store) -> Result<Self, StoreError> {
        let views = store.setting(VIEWS)?.and_then(|text| serde_json::from_str(&text).ok());
        Ok(Self { views: views.unwrap_or_default() })
    }

    /// Saves a view. One of the same list and name is replaced; one without filters is taken away.
    pub fn put(&mut self, list: &str, name: &str, search: &str) {
        let name: String = name.trim().chars().take(LONGEST_NAME).collect();
        self.views.retain(|view| view.list != list || view.name != name);
        let fits = !search.is_empty() && !name.is_empty() && search.len() <= LONGEST_SEARCH;
        if fits && self.views.len() < MOST {
            self.views.push(View { list: list.to_owned(), name, search: search.to_owned() });
        }
        self.views.sort_by(|left, right| {
            (&left.list, left.name.to_lowercase()).cmp(&(&right.list, right.name.to_lowercase()))
        });
    }

    /// Keeps them. They change no answer, so that the log says nothing of them.
    pub fn write(&self, store: &mut Store) -> Result<(), StoreError> {
        let text = serde_json::to_string(&self.views).unwrap_or_default();
        store.set_setting(VIEWS, &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_are_kept_replaced_and_taken_away() {
        let mut store = Store::open_in_memory().expect("opens");
        let mut views = ViewList::read(&store).expect("reads");
        views.put("software", " Unknown ", "identified=no");
        views.put("machines", "old ones", "seen=older");
        views.put("software", "Unknown", "identified=no&sort=-machines");
        views.put("software", "", "identified=no");
        views.write(&mut store).expect("writes");
        let read = ViewList::read(&store).expect("reads");
        let told: Vec<(&str, &str, &str)> =
            read.views.iter().map(|view| (view.list.as_str(), view.name.as_str(), view.search.as_str())).collect();
        assert_eq!(
            told,
            [("machines", "old ones", "seen=older"), ("software", "Unknown", "identified=no&sort=-machines")]
        );
        views.put("machines", "old ones", "");
        assert_eq!(views.views.len(), 1);
        store.set_setting(VIEWS, "of another version").expect("writes");
        assert!(ViewList::read(&store).expect("reads").views.is_empty());
    }
}
