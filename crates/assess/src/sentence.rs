//! What is said about an effect: one plain paragraph that names the trigger, whom it binds and why, and since when.

use std::fmt::Write as _;

use interdict_catalogue::Catalogue;
use interdict_model::{
    Capacity, Condition, Day, Effect, Origin, PersonId, Precision, Restriction, Standing, Vendor, Verification,
};

use crate::coverage::people;
use crate::phase::{Why, announced, verification};
use crate::touch::Touch;

/// What the effect demands, in one sentence: the file's own, else the measure's meaning.
pub(crate) fn says(effect: &Effect) -> &str {
    effect.says.as_deref().unwrap_or_else(|| effect.measure.meaning().trim())
}

/// Why it would touch us if it reached the subject, which it does not.
pub(crate) fn would_bind(restriction: &Restriction, effect: &Effect, why: Why, touch: Touch) -> String {
    because(restriction, effect, why, touch, None).replacen("Binds", "Would bind", 1)
}

/// Why it touches us.
pub(crate) fn because(
    restriction: &Restriction,
    effect: &Effect,
    why: Why,
    touch: Touch,
    condition: Option<Condition>,
) -> String {
    let binds = match touch {
        Touch::Binds(Capacity::ANYONE) => "binds anyone".to_owned(),
        Touch::Binds(capacity) => format!("binds you because you are {}", capacity.phrase()),
        Touch::Counterparty(capacity) => {
            format!("binds the other side in dealing with you because you are {}", capacity.phrase())
        }
        Touch::Addressed(capacity) => {
            format!("binds nobody; it is addressed to you because you are {}", capacity.phrase())
        }
    };
    let mut text = match &effect.trigger {
        Some(trigger) => format!("{trigger}, it {binds}: {}", says(effect)),
        None => format!("{}: {}", capitalised(&binds), says(effect)),
    };
    if let Some(condition) = condition {
        let _ = write!(text, " It applies only {}, which is not known here.", condition.phrase());
    }
    push_time(&mut text, restriction, effect, why);
    text
}

/// What it says to others.
pub(crate) fn others(restriction: &Restriction, effect: &Effect, why: Why) -> String {
    let whom: Vec<String> = if effect.addressed.is_empty() { &effect.binds } else { &effect.addressed }
        .iter()
        .map(|capacity| capacity.phrase())
        .collect();
    let verb = if effect.addressed.is_empty() { "binds" } else { "is addressed to" };
    let beside = if effect.counterparty.is_empty() {
        String::new()
    } else {
        let whom: Vec<String> = effect.counterparty.iter().map(|capacity| capacity.phrase()).collect();
        format!(" in dealing with {}", whom.join(" or "))
    };
    let mut text = format!("Not you: it {verb} {}{beside}. {}", whom.join(" or "), says(effect));
    push_time(&mut text, restriction, effect, why);
    text
}

/// Officers are listed, the company is not (rule 6).
pub(crate) fn people_listed(
    catalogue: &Catalogue,
    restriction: &Restriction,
    effect: &Effect,
    vendor: &Vendor,
    listed: &[PersonId],
) -> String {
    let issuer = catalogue.issuer(&restriction.issuer).map_or("the issuer", |issuer| issuer.short_name.as_str());
    let verb = if listed.len() == 1 { "is" } else { "are" };
    let mut text = format!(
        "{} of {} {verb} listed by {issuer} since {}; the company is not.",
        capitalised(&people(listed.len())),
        vendor.name,
        effect.from.for_reading()
    );
    let spared: Vec<String> = vendor
        .people
        .iter()
        .filter(|person| !listed.contains(&person.id))
        .map(|person| format!("{} ({})", person.name, person.role))
        .collect();
    if !spared.is_empty() {
        let _ = write!(text, " Not listed either: {}.", spared.join(", "));
    }
    text
}

/// Adds what a reader must know of the time: not yet, not sure, not simply standing, public only later.
fn push_time(text: &mut String, restriction: &Restriction, effect: &Effect, why: Why) {
    let public = announced(restriction, effect);
    if verification(restriction, effect) == Verification::Unverified {
        text.insert_str(0, "Reported, not verified by us. ");
    }
    if restriction.id.origin() == Origin::Own {
        text.insert_str(0, "Your organisation's own rule. ");
    }
    match why {
        Why::InForce if public > effect.from => {
            let _ =
                write!(text, " Public since {}, in force since {}.", public.for_reading(), effect.from.for_reading());
        }
        Why::InForce | Why::Unverified => {}
        Why::Announced => {
            let from = approximate(effect.from, effect.from_precision);
            let _ = write!(text, " Announced on {}, in force from {from}.", public.for_reading());
        }
        Why::Uncertain => {
            let from = approximate(effect.from, effect.from_precision);
            let _ = write!(text, " In force from {from}; no source gives the day.");
        }
        Why::Standing(standing) => text.push_str(standing_sentence(standing)),
    }
}

fn standing_sentence(standing: Standing) -> &'static str {
    match standing {
        Standing::Proposed => " Proposed; nothing is in force.",
        Standing::Reported => " Reported by the press; no official text was seen.",
        Standing::Contested => " Contested; it may not stand.",
        Standing::Suspended => " Suspended on this day.",
        Standing::Unconfirmed => " Whether it stands on this day could not be confirmed.",
        Standing::InForce | Standing::Superseded | Standing::Ended | Standing::NotListed => "",
    }
}

/// A day as exactly as it is known: `20 Jul 2024`, `some day in Dec 2022`, `some day in 2025`.
pub(crate) fn approximate(day: Day, precision: Precision) -> String {
    let reading = day.for_reading();
    match precision {
        Precision::Day => reading,
        Precision::Month => format!("some day in {}", reading.split_once(' ').map_or("", |(_, rest)| rest)),
        Precision::Year => format!("some day in {}", reading.rsplit(' ').next().unwrap_or_default()),
    }
}

/// The text with a full stop at its end, unless it ends with one.
pub(crate) fn ended(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

/// The first letter as a capital.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
