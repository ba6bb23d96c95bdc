//! What to do next about a finding, in order. Follows from the verdict and the presence; asks for nothing the verdict does
//! not ask for.

use interdict_model::{Activity, Force, Presence, Reason, Tier};

use crate::findings::Judged;

/// The next steps for a finding, most urgent first; at least one.
#[must_use]
pub fn next_steps(finding: &Judged) -> Vec<String> {
    let title = finding.title();
    let tier = |activity| finding.verdict.activities.get(&activity).map_or(Tier::None, |answer| answer.tier);
    let mut steps = Vec::new();
    let must_go = tier(Activity::Use) == Tier::Prohibited || tier(Activity::Remove) == Tier::Required;
    if must_go {
        steps.push(removal(finding, &title));
    }
    if let Some(reason) = decisive(finding, Activity::Report).filter(|_| tier(Activity::Report) == Tier::Required) {
        steps.push(format!("Check whether a report is due: {}", reason.because));
    }
    if let Some(condition) = decisive(finding, Activity::Use).and_then(|reason| reason.condition) {
        steps.push(format!("Find out: {} If so, use is prohibited there.", condition.question()));
    }
    let is_usable = matches!(finding.presence, Presence::Live | Presence::Dormant);
    if is_usable && !must_go && tier(Activity::Use) == Tier::Restricted && tier(Activity::Update) == Tier::Prohibited {
        steps.push(format!("Plan a replacement for {title}: it may be kept, but it gets no lawful updates."));
    }
    if [Activity::Buy, Activity::Renew].into_iter().any(|activity| tier(activity) == Tier::Prohibited) {
        steps.push("Do not buy or renew it; tell procurement.".to_owned());
    }
    if let Some(reason) = decisive(finding, Activity::Use).filter(|_| tier(Activity::Use) == Tier::Advisory) {
        steps.push(format!("Weigh the warning: {}", reason.because));
    }
    if let Some(reason) = decisive(finding, Activity::Use).filter(|reason| reason.tier == Tier::Watch) {
        steps.push(format!("Prepare for what is coming: {}", reason.because));
    }
    if finding.tier() == Tier::Undetermined {
        steps.push("Ask the supplier for what is missing: see the reasons.".to_owned());
    }
    steps.extend(presence_step(finding, must_go));
    if steps.is_empty() {
        steps.push("Nothing to do for this profile on this day.".to_owned());
    }
    steps
}

fn removal(finding: &Judged, title: &str) -> String {
    match finding.presence {
        Presence::Live => format!("Remove {title}: it is running or starts with the system."),
        Presence::Dormant => format!("Remove {title}: its files are there though nothing starts it."),
        Presence::Residue => format!("Remove what is left of {title}: see the paths."),
        Presence::Ghost => format!("Remove the registration of {title}: its files are gone already."),
    }
}

/// What the presence alone asks for, where the law does not already.
fn presence_step(finding: &Judged, must_go: bool) -> Option<String> {
    if must_go || !finding.is_spoken_of() {
        return None;
    }
    match finding.presence {
        Presence::Live | Presence::Dormant => None,
        Presence::Residue => Some("An earlier removal was not finished: clear the paths that are left.".to_owned()),
        Presence::Ghost => Some("Clear the stale registration, so that lists and scanners agree.".to_owned()),
    }
}

/// The reason that gives an activity its tier.
fn decisive(finding: &Judged, activity: Activity) -> Option<&Reason> {
    let answer = finding.verdict.activities.get(&activity)?;
    let binding = answer.reasons.iter().find(|reason| reason.force != Force::Warns && reason.tier == answer.tier);
    binding.or_else(|| answer.reasons.first())
}
