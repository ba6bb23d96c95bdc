//! The rows of the Machines screen, and what is asked for on it.

use interdict_app::store::ListedMachine;
use interdict_app::{
    ChosenMachines, Fleet, FleetTiers, Lack, LackAnswer, LackReason, MachineFacets, MachineQuery, MachineSort,
    MachineTiers, OWN_SCAN, Seen, source_in_words,
};
use interdict_model::Tier;

use super::words::asked_tier;
use super::{Asked, count};
use crate::wire;

/// At most so many rows in one answer.
const MOST_ROWS: usize = 500;

/// What the window asks for. Words that are not known choose nothing; an unknown order is the usual one.
pub(crate) fn machine_query(asked: &wire::MachinesQuery) -> MachineQuery {
    MachineQuery {
        text: asked.text.clone(),
        systems: asked.systems.clone(),
        tiers: asked.tiers.iter().map(|tier| asked_tier(*tier)).collect(),
        seen: Seen::ALL.into_iter().filter(|seen| asked.seen.iter().any(|word| word == seen.as_str())).collect(),
        told_by: asked.told_by.clone(),
        without: asked.without.iter().filter_map(|word| word.parse().ok()).collect(),
        answers: LackAnswer::ALL
            .into_iter()
            .filter(|answer| asked.answers.iter().any(|word| word == answer.as_str()))
            .collect(),
        sort: match asked.sort.as_str() {
            "name" => MachineSort::Name,
            "system" => MachineSort::System,
            "findings" => MachineSort::Findings,
            "installations" => MachineSort::Installations,
            "last-seen" => MachineSort::LastSeen,
            "first-seen" => MachineSort::FirstSeen,
            _ => MachineSort::Tier,
        },
        is_descending: asked.descending,
        ..MachineQuery::default()
    }
}

/// A part of the machines that were chosen.
pub(crate) fn machines(asked: &Asked<'_>, machines: &ChosenMachines, part: (u32, u32)) -> wire::MachinesPage {
    let (fleet, tiers, chosen) = machines;
    let places = page(&chosen.places, part);
    let needs_attention =
        |place: &usize| tiers.of(*place).is_some_and(|standing| standing.tier.rank() >= Tier::Advisory.rank());
    wire::MachinesPage {
        rows: places.iter().filter_map(|place| chosen_row(asked, machines, *place)).collect(),
        total: count(chosen.places.len()),
        all: count(fleet.len()),
        attention: count((0..fleet.len()).filter(needs_attention).count()),
        facets: facets(&chosen.facets),
    }
}

/// The places from an offset on.
pub(super) fn page<T>(places: &[T], (offset, limit): (u32, u32)) -> &[T] {
    let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let from = number(offset).min(places.len());
    let to = from.saturating_add(number(limit).min(MOST_ROWS)).min(places.len());
    places.get(from..to).unwrap_or_default()
}

/// The machine at a place of the fleet, with what is known of what it was asked to lack.
pub(super) fn chosen_row(
    asked: &Asked<'_>,
    (fleet, tiers, chosen): &ChosenMachines,
    place: usize,
) -> Option<wire::MachineRow> {
    let row = machine_row(asked, fleet, tiers, place)?;
    Some(wire::MachineRow { lack: fleet.machine(place).and_then(|listed| chosen.lack(listed)).map(lack), ..row })
}

fn lack(lack: Lack) -> wire::Lack {
    let reason = |reason: LackReason| wire::LackReason {
        reason: reason.as_str().to_owned(),
        sources: reason.sources().iter().map(|source| source_in_words(*source)).collect(),
    };
    wire::Lack { answer: lack.answer.as_str().to_owned(), reasons: lack.reasons.into_iter().map(reason).collect() }
}

/// The machine at a place of the fleet.
pub(crate) fn machine_row(
    asked: &Asked<'_>,
    fleet: &Fleet,
    tiers: &FleetTiers,
    place: usize,
) -> Option<wire::MachineRow> {
    let listed = fleet.machine(place)?;
    let standing = tiers.of(place)?;
    let machine = &listed.machine;
    Some(wire::MachineRow {
        id: machine.id.clone(),
        hostname: machine.hostname.clone(),
        family: machine.os.family.to_string(),
        system: system(listed),
        arch: machine.arch.clone(),
        tier: standing.tier.into(),
        findings: findings(standing),
        installations: count(listed.installations),
        scans: count(listed.scans),
        first_seen: listed.first_seen.clone(),
        last_seen: listed.last_seen.clone(),
        seen: Seen::of(&listed.last_seen, asked.today).as_str().to_owned(),
        told_by: told_by(listed),
        lack: None,
    })
}

/// The operating system with its version.
pub(super) fn system(listed: &ListedMachine) -> String {
    let os = &listed.machine.os;
    // Some names end with the version already.
    let version = if os.name.ends_with(&os.version) { "" } else { os.version.as_str() };
    // Everybody knows whose Windows is; the room is for which one.
    let name = os.name.strip_prefix("Microsoft ").unwrap_or(&os.name);
    format!("{name} {version}").trim().to_owned()
}

/// Who told of a machine, for people.
pub(super) fn told_by(listed: &ListedMachine) -> Vec<String> {
    let own = listed.is_own.then(|| teller(OWN_SCAN));
    own.into_iter().chain(listed.told_by.iter().map(|format| teller(format))).collect()
}

/// Who told, for people: a format by its title.
pub(super) fn teller(word: &str) -> String {
    if word == OWN_SCAN {
        return "Interdict".to_owned();
    }
    interdict_app::import::format_by_name(word).map_or_else(|| word.to_owned(), |format| format.title.to_owned())
}

fn findings(standing: &MachineTiers) -> Vec<wire::TierFindings> {
    standing
        .findings
        .iter()
        .map(|(tier, number)| wire::TierFindings { tier: (*tier).into(), count: count(*number) })
        .collect()
}

pub(super) fn facets(facets: &MachineFacets) -> wire::MachineFacets {
    wire::MachineFacets {
        systems: facets.systems.iter().map(|(word, number)| facet(word, word, *number)).collect(),
        tiers: facets.tiers.iter().map(|(tier, number)| facet(tier.as_str(), tier.as_str(), *number)).collect(),
        seen: facets.seen.iter().map(|(seen, number)| facet(seen.as_str(), seen.as_str(), *number)).collect(),
        told_by: facets.told_by.iter().map(|(word, number)| facet(word, &teller(word), *number)).collect(),
        answers: facets
            .answers
            .iter()
            .map(|(answer, number)| facet(answer.as_str(), answer.as_str(), *number))
            .collect(),
    }
}

/// One value of a filter.
pub(super) fn facet(value: &str, label: &str, number: usize) -> wire::FacetValue {
    wire::FacetValue { value: value.to_owned(), label: label.to_owned(), count: count(number) }
}
