//! What instruments say over time: the lanes of the timeline and the days on which something changes.

use std::collections::{BTreeMap, BTreeSet};

use interdict_catalogue::Catalogue;
use interdict_model::{Activity, Day, Effect, Restriction, RestrictionId, Subject, Tier};

use crate::circumstances::Circumstances;
use crate::coverage::{Coverage, coverage};
use crate::phase::{announced, phase};
use crate::sentence::says;
use crate::touch::Touch;

/// One instrument over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// The instrument.
    pub restriction: RestrictionId,
    /// Whether any of its effects touches somebody of these capacities.
    pub touches: bool,
    /// Its spans, by first day.
    pub spans: Vec<Span>,
}

/// Some days on which one effect has one tier, `[from, until)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: Day,
    /// The day after the last one; open when absent.
    pub until: Option<Day>,
    /// The tier for whom it touches.
    pub tier: Tier,
    /// Which activities.
    pub activities: BTreeSet<Activity>,
    /// One sentence.
    pub says: String,
}

/// The lanes of every instrument that reaches the subject, by first day. Those that touch the asker come as such; a lane
/// that touches nobody here shows what it says to those it binds.
#[must_use]
pub fn lanes(catalogue: &Catalogue, subject: &Subject, circumstances: &Circumstances) -> Vec<Lane> {
    let mut lanes: Vec<Lane> = catalogue
        .restrictions()
        .iter()
        .filter_map(|restriction| lane(catalogue, restriction, subject, circumstances))
        .collect();
    lanes.sort_by_key(|lane| lane.spans.first().map(|span| span.from));
    lanes
}

fn lane(
    catalogue: &Catalogue,
    restriction: &Restriction,
    subject: &Subject,
    circumstances: &Circumstances,
) -> Option<Lane> {
    let (capacities, day) = (&circumstances.capacities, circumstances.as_of);
    let mut spans = Vec::new();
    let mut touches = false;
    for effect in &restriction.effects {
        let is_near = match coverage(catalogue, restriction, effect, subject, day) {
            Coverage::NotAbout | Coverage::NotCovered(_) => continue,
            Coverage::PeopleOnly { .. } | Coverage::OwnersOnly(_) | Coverage::Predecessor(_) => true,
            // What only touches those it may reach is no lane of everybody's timeline.
            Coverage::Unclear(_) if Touch::of(effect, capacities).is_none() => continue,
            Coverage::Covered { .. } | Coverage::Unclear(_) | Coverage::ReportedEmbedded(_) => false,
        };
        touches |= Touch::of(effect, capacities).is_some();
        spans.extend(effect_spans(restriction, effect).into_iter().map(|mut span| {
            if is_near {
                span.tier = Tier::Watch;
            }
            span
        }));
    }
    if spans.is_empty() {
        return None;
    }
    Some(Lane { restriction: restriction.id.clone(), touches, spans: merged(spans) })
}

/// The spans of one effect: its tier between every two days on which it may change.
#[must_use]
pub fn effect_spans(restriction: &Restriction, effect: &Effect) -> Vec<Span> {
    let days: Vec<Day> = change_days(restriction, effect).into_iter().collect();
    let mut spans: Vec<Span> = Vec::new();
    for (at, from) in days.iter().enumerate() {
        let Some(phase) = phase(restriction, effect, *from) else { continue };
        let until = days.get(at + 1).copied();
        match spans.last_mut() {
            Some(last) if last.tier == phase.tier && last.until == Some(*from) => last.until = until,
            _ => spans.push(Span {
                from: *from,
                until,
                tier: phase.tier,
                activities: effect.activities.iter().copied().collect(),
                says: says(effect).to_owned(),
            }),
        }
    }
    spans
}

/// Spans of the same days and tier as one, with the activities and sentences of all.
fn merged(spans: Vec<Span>) -> Vec<Span> {
    let mut by_days: BTreeMap<(Day, Option<Day>, Tier), Span> = BTreeMap::new();
    for span in spans {
        match by_days.get_mut(&(span.from, span.until, span.tier)) {
            Some(known) => {
                known.activities.extend(&span.activities);
                if !known.says.contains(&span.says) {
                    known.says = format!("{} {}", known.says, span.says);
                }
            }
            None => {
                by_days.insert((span.from, span.until, span.tier), span);
            }
        }
    }
    by_days.into_values().collect()
}

/// The days on which the phase of an effect may change.
pub(crate) fn change_days(restriction: &Restriction, effect: &Effect) -> BTreeSet<Day> {
    let mut days = BTreeSet::from([
        announced(restriction, effect),
        effect.from.possible_from(effect.from_precision),
        effect.from.certain_from(effect.from_precision),
    ]);
    if let Some(until) = effect.until {
        days.insert(until.possible_from(effect.until_precision));
        days.insert(until.certain_from(effect.until_precision));
    }
    days.extend(restriction.standing.iter().map(|span| span.from));
    days
}

/// The days on which some effect of the catalogue begins or ends, with the restriction and the sentence of the effect.
#[must_use]
pub fn effect_days(catalogue: &Catalogue) -> BTreeMap<Day, Vec<(RestrictionId, String)>> {
    let mut days: BTreeMap<Day, Vec<(RestrictionId, String)>> = BTreeMap::new();
    for restriction in catalogue.restrictions() {
        for effect in &restriction.effects {
            let mut add = |day: Day, text: String| {
                let events = days.entry(day).or_default();
                if !events.iter().any(|(id, known)| *id == restriction.id && *known == text) {
                    events.push((restriction.id.clone(), text));
                }
            };
            add(effect.from.certain_from(effect.from_precision), says(effect).to_owned());
            if let Some(until) = effect.until {
                add(until.certain_from(effect.until_precision), format!("Ends: {}", says(effect)));
            }
        }
    }
    days
}
