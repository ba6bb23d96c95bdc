//! "May we buy it?" in one sentence.

use std::fmt::Write as _;

use interdict_model::{Activity, Reason, Restriction, Tier, Verdict};

use super::{Asked, listing};
use crate::error::sentence;

/// The activities of a purchase, the plainest first.
const BUYING: [Activity; 6] =
    [Activity::Buy, Activity::Renew, Activity::DealWith, Activity::Resell, Activity::Embed, Activity::ExportTo];

/// One sentence or two: the headline's reason with its day and citation, in the catalogue's words.
pub(super) fn purchase_sentence(asked: &Asked<'_>, verdict: &Verdict) -> String {
    let tier = verdict.headline.purchase;
    let day = asked.as_of().for_reading();
    let lead = match tier {
        Tier::Prohibited | Tier::Required => "No",
        Tier::Restricted => "Only on conditions",
        Tier::Advisory => "A warning speaks against it",
        Tier::Watch => "Not barred by this on that day, to be watched",
        Tier::Undetermined => "Cannot be decided",
        Tier::None => return nothing_known(verdict, &day),
    };
    let answers = BUYING.iter().filter_map(|activity| Some((*activity, verdict.activities.get(activity)?)));
    let mut reasons =
        answers.flat_map(|(activity, answer)| answer.reasons.iter().map(move |reason| (activity, reason)));
    let Some((activity, reason)) = reasons.find(|(_, reason)| reason.tier == tier) else {
        return format!("{lead}.");
    };
    let restriction = asked.catalogue().restriction(&reason.restriction);
    let says = restriction.and_then(|restriction| says(restriction, activity, reason));
    let says = says.filter(|_| tier != Tier::Undetermined && !is_about_people(reason)).unwrap_or(&reason.because);
    let mut text = format!("{lead}: {}", says.trim_end_matches('.'));
    if !is_about_people(reason) && tier != Tier::Undetermined {
        let word = if reason.effect_from > asked.as_of() { "from" } else { "since" };
        let _ = write!(text, ", {word} {}", reason.effect_from.for_reading());
    }
    if let Some(citation) = reason.citation.first() {
        let _ = write!(text, " ({citation})");
    }
    text.push('.');
    if let Some(reading) = &reason.reading {
        let _ = write!(text, " {} (our reading).", reading.trim_end_matches('.'));
    }
    text
}

/// What the effect behind the reason says, without whom it binds.
fn says<'r>(restriction: &'r Restriction, activity: Activity, reason: &Reason) -> Option<&'r str> {
    let effect = restriction.effects.iter().find(|effect| {
        effect.measure == reason.measure && effect.from == reason.effect_from && effect.activities.contains(&activity)
    })?;
    effect.says.as_deref()
}

/// Listings of people give a watch whose sentence names them, not the effect's.
fn is_about_people(reason: &Reason) -> bool {
    reason.tier == Tier::Watch && reason.measure == interdict_model::Measure::BlockingOfPerson
}

fn nothing_known(verdict: &Verdict, day: &str) -> String {
    let others = match listing::others(verdict).len() {
        0 => String::new(),
        1 => "; one instrument binds others".to_owned(),
        count => format!("; {count} instruments bind others"),
    };
    sentence(&format!("no known restriction for you on {day}{others}"))
}
