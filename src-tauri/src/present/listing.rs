//! The rows of the Findings screen.

use std::collections::{BTreeMap, BTreeSet};

use interdict_app::store::NamedMachine;
use interdict_app::{Chronicle, Exposure, FleetFinding, Judged, SeenHere, ToldFinding};
use interdict_model::{Activity, Force, Reason, RestrictionId, Subject, Tier, Verdict};

use super::overview::machine_finding;
use super::restrictions::{vendor_ref, words};
use super::software::told_findings;
use super::{Asked, activity_tiers, count, reference};
use crate::wire;

/// What the holder of something must or may not do.
const HOLDING: [Activity; 3] = [Activity::Use, Activity::Remove, Activity::Report];

/// All findings, worst first; with what is on one machine, where one is asked for.
pub(crate) fn findings(
    asked: &Asked<'_>,
    exposure: &Exposure,
    chronicle: &Chronicle,
    (told, machine): (&[ToldFinding], Option<&NamedMachine>),
) -> wire::FindingsReply {
    let mut today = Today::default();
    let row = |finding: &FleetFinding| row(asked, finding, chronicle.seen(finding), today.verdict(asked, finding));
    let rows: Vec<wire::FindingRow> = exposure.spoken_of().map(row).collect();
    let attention = exposure.spoken_of().filter(|finding| finding.needs_attention()).count();
    let others_only = rows.iter().filter(|row| row.tier == wire::Tier::None && row.others > 0).count();
    let on_machine = machine.map(|machine| wire::MachineExposure {
        id: machine.machine_id.clone(),
        hostname: machine.hostname.clone(),
        findings: exposure.on_machine(machine.number).map(machine_finding).collect(),
    });
    wire::FindingsReply {
        rows,
        attention: count(attention),
        others_only: count(others_only),
        told: told_findings(asked, exposure, told),
        on_machine,
    }
}

/// One finding as a row.
pub(super) fn row(asked: &Asked<'_>, finding: &FleetFinding, seen: SeenHere, today: &Verdict) -> wire::FindingRow {
    let leading = leading(&finding.verdict);
    wire::FindingRow {
        id: finding.id.clone(),
        product: finding.product.as_ref().map(|product| product.id.to_string()),
        title: finding.title(),
        versions: seen.versions,
        vendor: finding.vendor.id.to_string(),
        vendor_name: finding.vendor.name.clone(),
        category: finding.product.as_ref().map(|product| product.category.to_string()),
        presence: finding.presence.into(),
        tier: finding.tier().into(),
        purchase: finding.verdict.headline.purchase.into(),
        activities: activity_tiers(&finding.verdict),
        tier_today: today.headline.installed.into(),
        activities_today: activity_tiers(today),
        machines: count(finding.machine_count()),
        instrument: leading.map(|reason| reference(asked.catalogue(), &reason.restriction)),
        since: leading.map(|reason| since(asked, reason).to_string()),
        first_seen: seen.first,
        last_seen: seen.last,
        others: count(others(&finding.verdict).len()),
        restrictions: words(&asked.workbench.reaching(&finding.subject, &asked.circumstances)),
        made_for: finding
            .product
            .as_ref()
            .and_then(|product| product.made_for.as_ref())
            .map(|id| vendor_ref(asked.catalogue(), id)),
    }
}

/// Verdicts of today, each subject's once.
#[derive(Default)]
pub(super) struct Today {
    verdicts: BTreeMap<String, Verdict>,
}

impl Today {
    /// The same question for today.
    pub(super) fn verdict(&mut self, asked: &Asked<'_>, finding: &Judged) -> &Verdict {
        let key = match &finding.subject {
            Subject::Product { product, .. } => product.to_string(),
            Subject::Vendor { vendor } => vendor.to_string(),
            Subject::Party { party } => party.name.clone(),
        };
        self.verdicts.entry(key).or_insert_with(|| {
            if asked.as_of() == asked.today {
                finding.verdict.clone()
            } else {
                asked.workbench.assess(&finding.subject, &asked.circumstances.clone().on(asked.today))
            }
        })
    }
}

/// The reason behind the installed headline; else the worst that touches us elsewhere; else the weightiest that others
/// are told.
fn leading(verdict: &Verdict) -> Option<&Reason> {
    let installed = verdict.headline.installed;
    let holding = HOLDING.iter().filter_map(|activity| verdict.activities.get(activity));
    let behind = holding.flat_map(|answer| &answer.reasons).filter(|reason| reason.tier == installed);
    let all = || verdict.activities.values();
    let touching = all().flat_map(|answer| &answer.reasons).filter(|reason| reason.tier != Tier::None);
    let elsewhere = all().flat_map(|answer| &answer.others);
    let of_installed = if installed == Tier::None {
        None
    } else {
        // What holds for certain stands before what depends on a fact that is not known.
        behind.min_by_key(|reason| reason.condition.is_some())
    };
    of_installed
        .or_else(|| touching.min_by_key(|reason| (std::cmp::Reverse(reason.tier.rank()), reason.effect_from)))
        .or_else(|| all().flat_map(|answer| &answer.reasons).next())
        .or_else(|| elsewhere.min_by_key(|reason| (force_order(reason.force), reason.effect_from)))
}

fn force_order(force: Force) -> u8 {
    match force {
        Force::Forbids | Force::Requires => 0,
        Force::Limits => 1,
        Force::Warns => 2,
    }
}

/// Since when it says so: what is not in force yet, since it was announced.
fn since(asked: &Asked<'_>, reason: &Reason) -> interdict_model::Day {
    // Where only the month or year is known, the first certain day is the one to show.
    let restriction = asked.catalogue().restriction(&reason.restriction);
    let effects = restriction.into_iter().flat_map(|restriction| &restriction.effects);
    let from = effects
        .filter(|effect| effect.from == reason.effect_from && effect.measure == reason.measure)
        .map(|effect| effect.from.certain_from(effect.from_precision))
        .next()
        .unwrap_or(reason.effect_from);
    if from > asked.as_of() { reason.announced } else { from }
}

/// The instruments that speak to others alone.
pub(super) fn others(verdict: &Verdict) -> BTreeSet<&RestrictionId> {
    let answers = || verdict.activities.values();
    let ours: BTreeSet<&RestrictionId> =
        answers().flat_map(|answer| &answer.reasons).map(|reason| &reason.restriction).collect();
    let theirs = answers().flat_map(|answer| &answer.others).map(|reason| &reason.restriction);
    theirs.filter(|id| !ours.contains(id)).collect()
}
