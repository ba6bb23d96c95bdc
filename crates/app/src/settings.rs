//! What the person chose, kept in the database.

use interdict_store::{LogKind, NewLogEntry, Store, StoreError};
use serde_json::{Value, json};

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

/// The folder whose files are imported while the window is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedFolder {
    /// Where it is.
    pub folder: String,
    /// Whether it is watched now; it is remembered when it is not.
    pub is_on: bool,
}

const PROFILES: &str = "profiles";
const THEME: &str = "theme";
const WATCHED_FOLDER: &str = "watched_folder";

impl WatchedFolder {
    /// Reads it; nothing where none was chosen.
    pub fn read(store: &Store) -> Result<Option<Self>, StoreError> {
        let text = store.setting(WATCHED_FOLDER)?;
        let value: Value = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let folder = value.get("folder").and_then(Value::as_str).map(str::to_owned);
        let is_on = value.get("on").and_then(Value::as_bool).unwrap_or_default();
        Ok(folder.map(|folder| Self { folder, is_on }))
    }

    /// Writes it. What is imported stands in the log; that somebody watches changes no answer.
    pub fn write(&self, store: &mut Store) -> Result<(), StoreError> {
        store.set_setting(WATCHED_FOLDER, &json!({ "folder": self.folder, "on": self.is_on }).to_string())
    }
}

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

    /// Writes them. Other profiles are an entry of the log, since answers depend on them.
    pub fn write(&self, store: &mut Store, now: &str) -> Result<(), StoreError> {
        if let Some(profiles) = &self.profiles {
            let list: Vec<Value> = profiles.iter().map(|id| id.as_str().into()).collect();
            let list = Value::from(list);
            store.record_setting(PROFILES, &list.to_string(), |before| {
                let before: Value = before.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
                let body = json!({ "setting": PROFILES, "from": before, "to": list });
                NewLogEntry { instant: now.to_owned(), kind: LogKind::SettingChanged, body }
            })?;
        }
        let theme = match self.theme {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        store.set_setting(THEME, theme)
    }
}
