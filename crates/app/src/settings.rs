//! What the person chose, kept in the database.

use interdict_store::{Store, StoreError};

/// What the person chose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// The profiles; nothing when the questions were never answered nor skipped, empty when they were skipped.
    pub profiles: Option<Vec<String>>,
    /// The window's colours.
    pub theme: Theme,
}

/// The window's colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

const PROFILES: &str = "profiles";
const THEME: &str = "theme";

impl Settings {
    /// Reads them; a value this version does not understand counts as not set.
    pub fn read(store: &Store) -> Result<Self, StoreError> {
        let profiles = store.setting(PROFILES)?.and_then(|text| serde_json::from_str(&text).ok());
        let theme = match store.setting(THEME)?.as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            Some(_) | None => Theme::System,
        };
        Ok(Self { profiles, theme })
    }

    /// Writes them.
    pub fn write(&self, store: &mut Store) -> Result<(), StoreError> {
        if let Some(profiles) = &self.profiles {
            let list: Vec<serde_json::Value> = profiles.iter().map(|id| id.as_str().into()).collect();
            store.set_setting(PROFILES, &serde_json::Value::from(list).to_string())?;
        }
        let theme = match self.theme {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        store.set_setting(THEME, theme)
    }
}
