//! Effects: a sentence each, days that are explained, a narrowing that stays within the scope, measures used alike.

use std::collections::BTreeMap;

use interdict_model::{
    Activity, Capacity, Condition, Diagnostic, Effect, EntityId, Force, Measure, Restriction, Vendor, VendorId,
};

use super::sheet::Sheet;

/// Which vendor's a company is.
pub(super) type Groups = BTreeMap<EntityId, VendorId>;

/// Which vendor each company belongs to.
pub(super) fn groups<'v>(vendors: impl Iterator<Item = &'v Vendor>) -> Groups {
    vendors.flat_map(|vendor| vendor.entities.iter().map(|entity| (entity.id.clone(), vendor.id.clone()))).collect()
}

/// Looks at every effect of one entry.
pub(super) fn check(sheet: &mut Sheet<'_>, entry: &Restriction, groups: &Groups) {
    // An effect without a day is not read; the positions of those after it would be wrong.
    if sheet.outline.count("effect") != entry.effects.len() {
        return;
    }
    for (at, effect) in entry.effects.iter().enumerate() {
        let number = at + 1;
        if effect.says.is_none() {
            let message = format!("effect {number} has no \"says\": one plain sentence a reader is shown");
            let hint = "write says = \"...\": who may not do what, from the issuer's text";
            sheet.complain(&format!("effect.{at}"), Diagnostic::error("lint/no-sentence", message).hint(hint));
        }
        check_days(sheet, entry, at);
        if effect.force == Force::Requires && effect.trigger.is_none() && effect.activities.contains(&Activity::Report)
        {
            let message = format!("effect {number} requires a report and names no trigger");
            let hint = "say what sets the duty off: trigger = \"if ...\"";
            sheet.complain(&format!("effect.{at}"), Diagnostic::warning("lint/no-trigger", message).hint(hint));
        }
        check_narrowing(sheet, entry, at, groups);
        check_measure(sheet, effect, at);
    }
}

fn check_days(sheet: &mut Sheet<'_>, entry: &Restriction, at: usize) {
    let effect = &entry.effects[at];
    let announced = effect.announced.unwrap_or(entry.announced);
    if announced > effect.from.certain_from(effect.from_precision) && entry.announced_note.is_none() {
        let message = format!("effect {} counts from {} but was announced on {announced}", at + 1, effect.from);
        let diagnostic = Diagnostic::error("lint/announced-after-from", message).hint("say why in announced-note");
        sheet.complain(&format!("effect.{at}.from"), diagnostic);
    }
}

/// A narrowing that names what the scope does not would widen it.
fn check_narrowing(sheet: &mut Sheet<'_>, entry: &Restriction, at: usize, groups: &Groups) {
    let effect = &entry.effects[at];
    let scope = &entry.scope;
    let mut outside: Vec<(String, String)> = Vec::new();
    let mut push =
        |key: &str, position: usize, what: String| outside.push((format!("effect.{at}.{key}.{position}"), what));
    for (position, vendor) in effect.vendors.iter().enumerate().filter(|(_, vendor)| !scope.vendors.contains(vendor)) {
        push("vendors", position, vendor.to_string());
    }
    for (position, entity) in effect.entities.iter().enumerate() {
        let in_group = groups.get(entity).is_some_and(|vendor| scope.vendors.contains(vendor));
        // A company nobody knows is the parser's business.
        if groups.contains_key(entity) && !in_group && !scope.entities.contains(entity) {
            push("entities", position, entity.to_string());
        }
    }
    for (position, person) in effect.persons.iter().enumerate() {
        if !scope.persons.iter().any(|listed| listed.id == *person) {
            push("persons", position, person.to_string());
        }
    }
    for (position, goods) in effect.goods.iter().enumerate().filter(|(_, goods)| !scope.goods.contains(goods)) {
        push("goods", position, goods.to_string());
    }
    for (position, product) in effect.products.iter().enumerate() {
        // A product's id begins with its vendor's.
        let in_group = scope.vendors.iter().any(|vendor| product.as_str().split('.').next() == Some(vendor.as_str()));
        let in_scope = if scope.products.is_empty() { in_group } else { scope.products.contains(product) };
        if !in_scope {
            push("products", position, product.to_string());
        }
    }
    for (position, class) in effect.product_classes.iter().enumerate() {
        let is_left_out = !scope.product_classes.is_empty() && !scope.product_classes.contains(class);
        if is_left_out || scope.except_classes.contains(class) {
            push("product-classes", position, class.to_string());
        }
    }
    for (path, what) in outside {
        let message = format!("effect {} is about \"{what}\", which the scope does not name", at + 1);
        let hint = "an effect only narrows: add it to [scope], or take it out here";
        // A class too much is judged as it stands there; a party too much would be listed nowhere.
        let is_class = path.contains(".product-classes.");
        let complaint = if is_class { Diagnostic::warning } else { Diagnostic::error };
        sheet.complain(&path, complaint("lint/outside-scope", message).hint(hint));
    }
}

/// How a measure is written, so that authors do not differ.
struct Usage {
    measure: Measure,
    /// Each force with the activities that may stand with it.
    forms: &'static [(Force, &'static [Activity])],
}

const EVERYTHING_BUT_USE: &[Activity] = &[
    Activity::Buy,
    Activity::Renew,
    Activity::Update,
    Activity::Resell,
    Activity::Embed,
    Activity::ExportTo,
    Activity::DealWith,
];
const ACQUIRE_AND_USE: &[Activity] = &[Activity::Use, Activity::Buy, Activity::Renew];

const USAGES: &[Usage] = &[
    Usage {
        measure: Measure::Blocking,
        forms: &[(Force::Forbids, EVERYTHING_BUT_USE), (Force::Limits, &[Activity::Use])],
    },
    Usage { measure: Measure::BlockingOfPerson, forms: &[(Force::Forbids, &[Activity::DealWith])] },
    Usage { measure: Measure::LicenceRequired, forms: &[(Force::Limits, &[Activity::ExportTo])] },
    Usage { measure: Measure::NoFederalUse, forms: &[(Force::Forbids, ACQUIRE_AND_USE)] },
    Usage {
        measure: Measure::RemovalOrdered,
        forms: &[(Force::Forbids, ACQUIRE_AND_USE), (Force::Requires, &[Activity::Remove])],
    },
    Usage { measure: Measure::NoContractingWithUsers, forms: &[(Force::Forbids, &[Activity::Use])] },
    Usage { measure: Measure::NoSubsidyFunds, forms: &[(Force::Limits, &[Activity::Buy, Activity::Renew])] },
    Usage {
        measure: Measure::NoEquipmentAuthorisation,
        forms: &[(Force::Limits, &[Activity::Embed, Activity::Resell])],
    },
    Usage { measure: Measure::GovernmentDeviceBan, forms: &[(Force::Forbids, &[Activity::Use])] },
    Usage { measure: Measure::Warning, forms: &[(Force::Warns, &[Activity::Use, Activity::Buy])] },
    Usage { measure: Measure::ReportWhenFound, forms: &[(Force::Requires, &[Activity::Report])] },
    Usage { measure: Measure::ReportCompletion, forms: &[(Force::Requires, &[Activity::Report])] },
    Usage { measure: Measure::PhaseOut, forms: &[(Force::Requires, &[Activity::Remove])] },
];

fn check_measure(sheet: &mut Sheet<'_>, effect: &Effect, at: usize) {
    let Some(usage) = USAGES.iter().find(|usage| usage.measure == effect.measure) else { return };
    let is_usual = usage.forms.iter().any(|(force, activities)| {
        *force == effect.force && effect.activities.iter().all(|one| activities.contains(one))
    });
    if !is_usual {
        let forms: Vec<String> =
            usage.forms.iter().map(|(force, activities)| format!("{force} {}", words(activities))).collect();
        let message = format!(
            "effect {} {} {}, which \"{}\" does not",
            at + 1,
            effect.force,
            words(&effect.activities),
            effect.measure
        );
        let hint =
            format!("\"{}\" {}; take the measure that fits, or split the effect", effect.measure, forms.join(", or "));
        sheet.complain(&format!("effect.{at}.measure"), Diagnostic::warning("lint/measure", message).hint(hint));
    }
    if effect.measure == Measure::LicenceRequired && !effect.binds.contains(&Capacity::ANYONE) {
        let message = format!("effect {} asks for a licence and does not bind anyone", at + 1);
        let hint = "an export rule follows the item: binds = [\"anyone\"]";
        sheet.complain(&format!("effect.{at}.binds"), Diagnostic::warning("lint/measure", message).hint(hint));
    }
    if effect.measure == Measure::NoSubsidyFunds && !effect.when.contains(&Condition::FundsUsf) {
        let message = format!("effect {} bars subsidies without the condition that they pay for it", at + 1);
        let hint = "add when = [\"funds:usf\"]";
        sheet.complain(&format!("effect.{at}"), Diagnostic::warning("lint/measure", message).hint(hint));
    }
}

fn words(activities: &[Activity]) -> String {
    activities.iter().map(|activity| activity.as_str()).collect::<Vec<_>>().join(", ")
}
