//! The frame.

use interdict_app::assess::effect_days;
use interdict_app::catalogue::Catalogue;
use interdict_app::store::{LogHead, Totals};
use interdict_app::{Settings, Theme};
use interdict_model::{Day, Profile};

use super::{count, reference};
use crate::wire;

/// What the frame needs to know.
pub(crate) fn status(
    catalogue: &Catalogue,
    today: Day,
    settings: &Settings,
    database: wire::DatabaseInfo,
) -> wire::AppStatus {
    let stamp = catalogue.stamp();
    wire::AppStatus {
        app_version: env!("CARGO_PKG_VERSION").to_owned(),
        catalogue: wire::CatalogueInfo {
            version: stamp.version.clone(),
            date: stamp.date.to_string(),
            restrictions: count(catalogue.restrictions().len()),
            vendors: count(catalogue.vendors().len()),
            products: count(catalogue.products().count()),
        },
        today: today.to_string(),
        settings: wire::Settings { profiles: settings.profiles.clone(), theme: theme(settings.theme) },
        database,
        profiles: catalogue.profiles().iter().map(profile).collect(),
        effect_dates: effect_dates(catalogue),
    }
}

/// The open database.
pub(crate) fn database(
    path: &std::path::Path,
    totals: &Totals,
    log_head: Option<&LogHead>,
    sample: bool,
) -> wire::DatabaseInfo {
    wire::DatabaseInfo {
        path: path.display().to_string(),
        sample,
        machines: count(totals.machines),
        installations: count(totals.installations),
        titles: count(totals.titles),
        told: count(totals.told),
        last_scan: totals.last_scan.clone(),
        log_head: log_head.map(|head| wire::LogHead { short: head.to_string(), hash: head.hash.clone() }),
    }
}

/// Changes what the patch names.
pub(crate) fn patch(settings: &mut Settings, patch: &wire::SettingsPatch) {
    if let Some(profiles) = &patch.profiles {
        settings.profiles = Some(profiles.clone());
    }
    settings.theme = match patch.theme {
        None => settings.theme,
        Some(wire::Theme::System) => Theme::System,
        Some(wire::Theme::Light) => Theme::Light,
        Some(wire::Theme::Dark) => Theme::Dark,
    };
}

fn theme(theme: Theme) -> wire::Theme {
    match theme {
        Theme::System => wire::Theme::System,
        Theme::Light => wire::Theme::Light,
        Theme::Dark => wire::Theme::Dark,
    }
}

fn profile(profile: &Profile) -> wire::ProfileInfo {
    wire::ProfileInfo {
        id: profile.id.to_string(),
        title: profile.title.clone(),
        // The catalogue writes "int" for nobody's jurisdiction.
        jurisdiction: profile.jurisdiction.clone().filter(|code| code != "int"),
        government: profile.government.to_string(),
        capacities: profile.capacities.iter().map(ToString::to_string).collect(),
    }
}

fn effect_dates(catalogue: &Catalogue) -> Vec<wire::EffectDate> {
    effect_days(catalogue)
        .into_iter()
        .map(|(day, events)| wire::EffectDate {
            date: day.to_string(),
            events: events
                .into_iter()
                .map(|(id, says)| wire::EffectEvent { restriction: reference(catalogue, &id), says })
                .collect(),
        })
        .collect()
}
