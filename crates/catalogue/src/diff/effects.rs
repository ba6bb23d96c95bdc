//! Which effect of an instrument is which, and what became of it.
//!
//! Effects have no ids. Two are taken for one when they demand the same or do the same to a common activity; of several
//! such pairs the most alike goes first, and of equally alike ones the one whose days are nearer.

use interdict_model::Effect;

use super::{REWORDED, What, words};

/// Everything that became of an instrument's effects.
pub(super) fn changes(old: &[Effect], new: &[Effect]) -> Vec<What> {
    let mut pairs: Vec<(u8, i64, usize, usize)> = Vec::new();
    for (before, was) in old.iter().enumerate() {
        for (after, is) in new.iter().enumerate() {
            if let Some(score) = likeness(was, is) {
                pairs.push((score, is.from.days_since(was.from).abs(), before, after));
            }
        }
    }
    pairs.sort_by(|left, right| (right.0, left.1, left.2, left.3).cmp(&(left.0, right.1, right.2, right.3)));
    let mut partner_of_old: Vec<Option<usize>> = vec![None; old.len()];
    let mut partner_of_new: Vec<Option<usize>> = vec![None; new.len()];
    for (_, _, before, after) in pairs {
        if partner_of_old[before].is_none() && partner_of_new[after].is_none() {
            partner_of_old[before] = Some(after);
            partner_of_new[after] = Some(before);
        }
    }
    let mut found = Vec::new();
    for (is, partner) in new.iter().zip(&partner_of_new) {
        match partner {
            Some(before) => found.extend(differences(&old[*before], is)),
            None => found.push(What::EffectAdded(Box::new(is.clone()))),
        }
    }
    let gone = old.iter().zip(&partner_of_old).filter(|(_, partner)| partner.is_none());
    found.extend(gone.map(|(was, _)| What::EffectRemoved(Box::new(was.clone()))));
    found
}

/// How alike two effects are; nothing when they cannot be one.
fn likeness(was: &Effect, is: &Effect) -> Option<u8> {
    if was == is {
        return Some(u8::MAX);
    }
    let common = was.activities.iter().any(|activity| is.activities.contains(activity));
    if !(was.measure == is.measure || (was.force == is.force && common)) {
        return None;
    }
    // Whom and what it is about says more of which effect it is than from when it counts.
    let points = [
        (was.measure == is.measure, 4),
        (was.force == is.force, 4),
        (was.activities == is.activities, 4),
        (common, 2),
        (was.binds == is.binds, 4),
        (was.counterparty == is.counterparty, 2),
        (was.addressed == is.addressed, 2),
        (was.when == is.when, 2),
        (narrowing(was) == narrowing(is), 4),
        (was.from == is.from, 3),
        (was.until == is.until, 1),
        (was.trigger == is.trigger, 1),
        (was.says == is.says, 1),
    ];
    Some(points.iter().filter(|(holds, _)| *holds).map(|(_, points)| points).sum())
}

/// Whom and what an effect is about alone, as words.
fn narrowing(effect: &Effect) -> Vec<String> {
    let vendors = effect.vendors.iter().map(ToString::to_string);
    let entities = effect.entities.iter().map(ToString::to_string);
    let persons = effect.persons.iter().map(ToString::to_string);
    let products = effect.products.iter().map(ToString::to_string);
    let goods = effect.goods.iter().map(ToString::to_string);
    let classes = effect.product_classes.iter().map(ToString::to_string);
    vendors.chain(entities).chain(persons).chain(products).chain(goods).chain(classes).collect()
}

/// What became of one effect.
fn differences(was: &Effect, is: &Effect) -> Vec<What> {
    let mut found = Vec::new();
    if (was.from, was.from_precision) != (is.from, is.from_precision) {
        found.push(What::EffectMoved { was: Box::new(was.clone()), is: Box::new(is.clone()) });
    }
    if (was.until, was.until_precision, &was.until_event) != (is.until, is.until_precision, &is.until_event) {
        found.push(What::EffectEnds { was: Box::new(was.clone()), is: Box::new(is.clone()) });
    }
    let parts = other_differences(was, is);
    if !parts.is_empty() {
        found.push(What::EffectChanged { is: Box::new(is.clone()), parts });
    }
    found
}

fn other_differences(was: &Effect, is: &Effect) -> Vec<String> {
    let mut parts = Vec::new();
    if was.force != is.force {
        parts.push(format!("{} now, {} before", is.force, was.force));
    }
    if was.measure != is.measure {
        parts.push(format!("the measure was \"{}\"", was.measure));
    }
    parts.extend(words::gained_and_lost("also for", "no longer for", &was.activities, &is.activities));
    parts.extend(words::gained_and_lost("now binds", "no longer binds", &was.binds, &is.binds));
    let (gained, lost) = ("now in dealing with", "no longer in dealing with");
    parts.extend(words::gained_and_lost(gained, lost, &was.counterparty, &is.counterparty));
    let (gained, lost) = ("now addressed to", "no longer addressed to");
    parts.extend(words::gained_and_lost(gained, lost, &was.addressed, &is.addressed));
    let phrases = |effect: &Effect| -> Vec<&str> { effect.when.iter().map(|when| when.phrase()).collect() };
    parts.extend(words::gained_and_lost("now only", "no longer only", &phrases(was), &phrases(is)));
    let (gained, lost) = ("is now about", "is no longer about");
    parts.extend(words::gained_and_lost(gained, lost, &narrowing(was), &narrowing(is)));
    if was.trigger != is.trigger {
        parts.push(match &is.trigger {
            Some(trigger) => format!("is set off {trigger}"),
            None => "is set off by nothing any more".to_owned(),
        });
    }
    if was.announced != is.announced
        && let Some(day) = is.announced
    {
        parts.push(format!("public since {day}"));
    }
    if was.verification != is.verification {
        parts.push("is supported by other sources".to_owned());
    }
    let reworded = (&was.says, &was.reading, was.embedded) != (&is.says, &is.reading, is.embedded);
    if parts.is_empty() && reworded {
        parts.push(REWORDED.to_owned());
    }
    parts
}
