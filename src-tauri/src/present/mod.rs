//! From the values of the use cases to those of the wire.
//!
//! Pure functions: they look up names, count and put sentences together. Nothing is judged here; every tier, every
//! "not you", every coverage comes from a verdict.

mod audit;
mod changes;
mod dossier;
mod export;
mod finding;
mod imports;
mod listing;
mod machine;
mod machines;
mod overview;
mod places;
mod purchase;
mod restriction;
mod restrictions;
mod search;
mod software;
mod status;
#[cfg(test)]
mod tests;
mod watch;
mod words;

pub(crate) use audit::{AuditProgress, cancelled, outcome};
pub(crate) use changes::catalogue_changes;
pub(crate) use dossier::{MOST_USED, dossier, source_addresses, vendors};
pub(crate) use export::{file_name, machine_cells, software_cells};
pub(crate) use finding::{FIRST_MACHINES, MOST_MACHINES as MOST_HITS, finding, finding_machines};
pub(crate) use imports::{
    formats, import_cancelled, import_decided, import_detail, import_preview, import_result, import_row, mapping_of,
    offered,
};
pub(crate) use listing::findings;
pub(crate) use machine::{installed, look_again, machine, recent, removal};
pub(crate) use machines::{machine_query, machine_row, machines};
pub(crate) use overview::{MOST_CHANGES, MOST_MACHINES, MOST_UNSEEN, Parts, overview};
pub(crate) use restriction::restriction;
pub(crate) use restrictions::restrictions;
pub(crate) use search::search;
pub(crate) use software::{family, holders, software, software_part, software_query, views};
pub(crate) use status::{database, patch, status};
pub(crate) use watch::{watched, wire_error};

use interdict_app::Workbench;
use interdict_app::assess::Circumstances;
use interdict_app::catalogue::Catalogue;
use interdict_model::{Activity, Day, Reason, RestrictionId, Tier, Verdict};

use crate::wire;

/// Who asks, for which day, and what day it is.
pub(crate) struct Asked<'a> {
    /// The catalogue and the engine.
    pub(crate) workbench: &'a Workbench,
    /// Who asks, and for which day.
    pub(crate) circumstances: Circumstances,
    /// The profiles that `circumstances` were made of.
    pub(crate) profiles: Vec<String>,
    /// Today, from the clock.
    pub(crate) today: Day,
}

impl Asked<'_> {
    fn catalogue(&self) -> &Catalogue {
        self.workbench.catalogue()
    }

    fn as_of(&self) -> Day {
        self.circumstances.as_of
    }
}

/// The first letter as a capital.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A count as the wire has it.
pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A restriction by its id, named for a narrow place.
fn reference(catalogue: &Catalogue, id: &RestrictionId) -> wire::RestrictionRef {
    let restriction = catalogue.restriction(id);
    wire::RestrictionRef {
        id: id.to_string(),
        short_title: restriction.map_or_else(|| id.to_string(), |restriction| restriction.short_title.clone()),
        jurisdiction: restriction.map_or_else(String::new, |restriction| restriction.jurisdiction.clone()),
    }
}

/// The tier of one activity.
fn tier_of(verdict: &Verdict, activity: Activity) -> Tier {
    verdict.activities.get(&activity).map_or(Tier::None, |answer| answer.tier)
}

/// All ten activities with their tiers, in the fixed order.
fn activity_tiers(verdict: &Verdict) -> Vec<wire::ActivityTier> {
    Activity::ALL
        .iter()
        .map(|activity| wire::ActivityTier { activity: (*activity).into(), tier: tier_of(verdict, *activity).into() })
        .collect()
}

/// All ten activities with their reasons.
fn answers(catalogue: &Catalogue, verdict: &Verdict) -> Vec<wire::ActivityAnswer> {
    let lines = |reasons: &[Reason]| reasons.iter().map(|reason| reason_line(catalogue, reason)).collect();
    Activity::ALL
        .iter()
        .filter_map(|activity| Some((activity, verdict.activities.get(activity)?)))
        .map(|(activity, answer)| wire::ActivityAnswer {
            activity: (*activity).into(),
            tier: answer.tier.into(),
            reasons: lines(&answer.reasons),
            others: lines(&answer.others),
        })
        .collect()
}

fn reason_line(catalogue: &Catalogue, reason: &Reason) -> wire::ReasonLine {
    wire::ReasonLine {
        restriction: reference(catalogue, &reason.restriction),
        tier: reason.tier.into(),
        because: capitalised(&reason.because),
        from: reason.effect_from.to_string(),
        until: reason.effect_until.map(|until| until.to_string()),
        not_covered: reason.not_covered.clone(),
    }
}

/// What instruments say of the subject over time.
fn timeline(asked: &Asked<'_>, subject: &interdict_model::Subject) -> Vec<wire::TimelineLane> {
    let bar = |span: interdict_app::assess::Span| wire::TimelineBar {
        from: span.from.to_string(),
        until: span.until.map(|until| until.to_string()),
        tier: span.tier.into(),
        activities: span.activities.into_iter().map(Into::into).collect(),
        says: span.says,
    };
    interdict_app::assess::lanes(asked.catalogue(), subject, &asked.circumstances)
        .into_iter()
        .map(|lane| wire::TimelineLane {
            restriction: reference(asked.catalogue(), &lane.restriction),
            touches_us: lane.touches,
            bars: lane.spans.into_iter().map(bar).collect(),
        })
        .collect()
}
