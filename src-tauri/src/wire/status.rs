//! The frame: what the application knows of itself, settings, search, and the audit with its progress.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CollectorStatus, RestrictionRef, ToldCount};

/// Everything the frame needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AppStatus {
    /// The program's version.
    pub app_version: String,
    /// The catalogue in use.
    pub catalogue: CatalogueInfo,
    /// Today, from the clock.
    pub today: String,
    /// What the person chose.
    pub settings: Settings,
    /// The open database.
    pub database: DatabaseInfo,
    /// Every profile there is.
    pub profiles: Vec<ProfileInfo>,
    /// Days on which some effect begins or ends: the ticks of the slider.
    pub effect_dates: Vec<EffectDate>,
}

/// The catalogue in use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CatalogueInfo {
    /// Its version.
    pub version: String,
    /// The day of its facts.
    pub date: String,
    /// How many restrictions it holds.
    pub restrictions: u32,
    /// How many vendors.
    pub vendors: u32,
    /// How many products.
    pub products: u32,
}

/// What the person chose; kept in the main database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Settings {
    /// Profiles; null when the questions were never answered nor skipped.
    pub profiles: Option<Vec<String>>,
    /// `system`, `light` or `dark`.
    pub theme: Theme,
}

/// Colours of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the system says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// A change of settings; what is null stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettingsPatch {
    /// New profiles; an empty list is the answer "skipped".
    pub profiles: Option<Vec<String>>,
    /// New theme.
    pub theme: Option<Theme>,
}

/// The open database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DatabaseInfo {
    /// Where the file is.
    pub path: String,
    /// Whether it holds made-up sample data.
    pub sample: bool,
    /// Machines in it.
    pub machines: u32,
    /// Software installed on them now.
    pub installations: u32,
    /// Distinct titles.
    pub titles: u32,
    /// Things that tools tell of without saying on which machines.
    pub told: u32,
    /// When the newest scan began.
    pub last_scan: Option<String>,
    /// The newest entry of its log; null where somebody emptied it.
    pub log_head: Option<LogHead>,
}

/// The newest entry of the log: whoever notes it can tell later whether anything before it was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogHead {
    /// Its number, a colon and the first digits of its hash.
    pub short: String,
    /// Its hash: SHA-256, 64 hexadecimal digits.
    pub hash: String,
}

/// A profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProfileInfo {
    /// Its id.
    pub id: String,
    /// What it stands for.
    pub title: String,
    /// Lower-case country code, `eu`, or null.
    pub jurisdiction: Option<String>,
    /// `private`, `contractor`, `government` or `none`.
    pub government: String,
    /// The capacities it holds.
    pub capacities: Vec<String>,
}

/// A day on which some effect begins or ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EffectDate {
    /// The day.
    pub date: String,
    /// What happens on it.
    pub events: Vec<EffectEvent>,
}

/// What happens on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EffectEvent {
    /// The instrument.
    pub restriction: RestrictionRef,
    /// One sentence.
    pub says: String,
}

/// What to look for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SearchRequest {
    /// Some letters of a name.
    pub query: String,
}

/// What was found, best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SearchReply {
    /// At most 20.
    pub items: Vec<SearchItem>,
}

/// One thing to go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SearchItem {
    /// `vendor`, `product`, `restriction`, `person` or `machine`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The vendor whose dossier shows it, where there is one.
    pub vendor: Option<String>,
    /// Its name.
    pub title: String,
    /// What it is.
    pub subtitle: String,
    /// What tools tell of it without saying on which machines; nothing where nobody does.
    pub told: Option<ToldCount>,
}

/// An audit to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AuditRequest {
    /// Chosen by the caller, to cancel it by.
    pub id: String,
}

/// An audit to cancel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AuditCancelRequest {
    /// As given with the start.
    pub id: String,
}

/// Progress of an audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum AuditEvent {
    /// A collector began.
    CollectorStarted {
        /// Its name.
        name: String,
        /// Which one, from 0.
        index: u32,
        /// Of how many.
        of: u32,
    },
    /// A collector ended.
    CollectorFinished {
        /// How it fared.
        collector: CollectorLine,
        /// Which one, from 0.
        index: u32,
        /// Of how many.
        of: u32,
    },
    /// Everything is read; now it is identified.
    Identifying {
        /// How many observations.
        observations: u32,
    },
    /// Now it is stored.
    Storing,
}

/// How a collector fared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CollectorLine {
    /// Its name, such as `linux/dpkg`.
    pub name: String,
    /// How it went.
    pub status: CollectorStatus,
    /// Why, for everything but complete.
    pub reason: Option<String>,
    /// Observations made.
    pub count: u32,
}

/// What an audit came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AuditOutcome {
    /// True when it was cancelled: then nothing was kept.
    pub cancelled: bool,
    /// Host name of the machine.
    pub hostname: String,
    /// Observations read.
    pub observations: u32,
    /// Products and vendors identified.
    pub detections: u32,
    /// How each collector fared.
    pub collectors: Vec<CollectorLine>,
}

/// A document to open in the browser; only addresses of the catalogue's sources are opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SourceOpenRequest {
    /// Its address.
    pub url: String,
}

/// Where a report was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReportWritten {
    /// The file.
    pub path: String,
}
