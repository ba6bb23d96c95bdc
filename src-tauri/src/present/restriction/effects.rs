//! What a restriction does, effect by effect, and whom it expressly leaves alone.

use interdict_app::assess::effect_spans;
use interdict_app::{EffectState, effect_state, effect_tier, effect_touches};
use interdict_model::{Capacity, Effect, Restriction};

use super::super::restrictions::vendor_ref;
use super::super::{Asked, capitalised};
use crate::error::sentence;
use crate::wire;

/// The effects, by first day.
pub(super) fn effects(asked: &Asked<'_>, restriction: &Restriction) -> Vec<wire::EffectRow> {
    let mut effects: Vec<&Effect> = restriction.effects.iter().collect();
    effects.sort_by_key(|effect| effect.from);
    effects.into_iter().map(|effect| row(asked, restriction, effect)).collect()
}

fn row(asked: &Asked<'_>, restriction: &Restriction, effect: &Effect) -> wire::EffectRow {
    let means = effect.measure.meaning().trim();
    wire::EffectRow {
        force: effect.force.to_string(),
        activities: effect.activities.iter().map(|activity| (*activity).into()).collect(),
        state: state_word(effect_state(restriction, effect, asked.as_of())).to_owned(),
        tier: effect_tier(restriction, effect, &asked.circumstances).into(),
        touches_us: effect_touches(effect, &asked.circumstances),
        from: effect.from.to_string(),
        from_precision: effect.from_precision.to_string(),
        until: effect.until.map(|day| day.to_string()),
        until_precision: effect.until_precision.to_string(),
        until_event: effect.until_event.clone(),
        announced: effect.announced.map(|day| day.to_string()),
        binds: capacities(asked, &effect.binds),
        counterparty: capacities(asked, &effect.counterparty),
        addressed: capacities(asked, &effect.addressed),
        conditions: effect.when.iter().map(|condition| condition.phrase().to_owned()).collect(),
        trigger: effect.trigger.as_deref().map(sentence),
        measure: effect.measure.to_string(),
        measure_means: means.to_owned(),
        says: sentence(&capitalised(effect.says.as_deref().unwrap_or(means))),
        reading: effect.reading.clone(),
        only: only(asked, effect),
        embedded: effect.embedded.map(|embedded| embedded.to_string()),
        verification: effect.verification.filter(|own| *own > restriction.verification).map(Into::into),
        bars: bars(restriction, effect),
    }
}

fn bars(restriction: &Restriction, effect: &Effect) -> Vec<wire::TimelineBar> {
    let bar = |span: interdict_app::assess::Span| wire::TimelineBar {
        from: span.from.to_string(),
        until: span.until.map(|until| until.to_string()),
        tier: span.tier.into(),
        activities: span.activities.into_iter().map(Into::into).collect(),
        says: span.says,
    };
    effect_spans(restriction, effect).into_iter().map(bar).collect()
}

/// Names, where the effect is about less than its instrument.
fn only(asked: &Asked<'_>, effect: &Effect) -> Vec<String> {
    let catalogue = asked.catalogue();
    let vendors = effect.vendors.iter().map(|id| vendor_ref(catalogue, id).name);
    let companies = effect
        .entities
        .iter()
        .map(|id| catalogue.entity(id).map_or_else(|| id.to_string(), |(_, entity)| entity.name.clone()));
    let people = effect
        .persons
        .iter()
        .map(|id| catalogue.person(id).map_or_else(|| id.to_string(), |(_, person)| person.name.clone()));
    let goods = effect.goods.iter().map(|goods| goods.phrase().to_owned());
    let classes = effect.product_classes.iter().map(|class| class.as_str().replace('-', " "));
    vendors.chain(companies).chain(people).chain(goods).chain(classes).collect()
}

fn capacities(asked: &Asked<'_>, list: &[Capacity]) -> Vec<wire::CapacityPhrase> {
    let phrase = |capacity: &Capacity| wire::CapacityPhrase {
        word: capacity.to_string(),
        phrase: noun(*capacity),
        ours: asked.circumstances.capacities.contains(capacity),
    };
    list.iter().map(phrase).collect()
}

/// The capacity as a noun by itself, not after "because you are".
fn noun(capacity: Capacity) -> String {
    if capacity == Capacity::ANYONE { "anyone".to_owned() } else { capacity.phrase() }
}

fn state_word(state: EffectState) -> &'static str {
    match state {
        EffectState::NotPublic => "not-public",
        EffectState::Ahead => "ahead",
        EffectState::InForce => "in-force",
        EffectState::Doubtful => "doubtful",
        EffectState::Over => "over",
    }
}

/// Who is expressly left alone in what.
pub(super) fn not_bound(asked: &Asked<'_>, restriction: &Restriction) -> Vec<wire::NotBoundRow> {
    let entry = |entry: &interdict_model::NotBound| wire::NotBoundRow {
        activity: entry.activity.into(),
        who: capacities(asked, &entry.who),
        says: entry.says.clone(),
    };
    restriction.not_bound.iter().map(entry).collect()
}
