//! The page of one machine.

use interdict_app::store::{InstalledRow, NewestScan};
use interdict_app::{
    Difference, DifferenceKind, Disagreement, Finding, Freshness, MachinePage, OWN_SCAN, RecentChanges, TellerStanding,
    TitleTiers, Titles, in_latin, source_in_words,
};
use interdict_model::{ObservationSource, Tier};

use super::machines::{page, teller};
use super::restrictions::vendor_ref;
use super::words::collector_line;
use super::{Asked, count};
use crate::wire;

/// So many changes are listed.
const MOST_CHANGES: usize = 200;

/// Everything about one machine but its installed software.
pub(crate) fn machine(
    asked: &Asked<'_>,
    page: &MachinePage,
    row: wire::MachineRow,
    newest: Option<NewestScan>,
) -> wire::MachineDetail {
    let name = |name: &interdict_app::store::MachineName| wire::MachineNameLine {
        kind: name.kind.clone(),
        value: name.value.clone(),
    };
    wire::MachineDetail {
        row,
        names: page.names.iter().map(name).collect(),
        freshness: freshness(page.freshness.freshness),
        days: u32::try_from(page.freshness.days).unwrap_or_default(),
        tellers: page.tellers.iter().map(teller_line).collect(),
        read_as: newest.and_then(|scan| scan.read_as),
        collectors: page.machine.collectors.iter().map(collector_line).collect(),
        findings: page.findings.iter().filter_map(|found| finding(asked, found)).collect(),
        disagreements: page.disagreements.iter().map(disagreement).collect(),
        scans: page
            .scans
            .iter()
            .map(|(origin, scan)| wire::ScanLine {
                name: teller(origin),
                at: scan.started.clone(),
                observations: count(scan.observations),
            })
            .collect(),
        recent: page.recent.as_ref().map(recent),
    }
}

fn freshness(freshness: Freshness) -> String {
    freshness.as_str().to_owned()
}

fn teller_line(standing: &TellerStanding) -> wire::TellerLine {
    wire::TellerLine {
        name: teller(&standing.teller.origin),
        last_told: standing.teller.last_told.clone(),
        source: standing.teller.source_label.clone(),
        scans: count(standing.teller.scans),
        keeps_days: standing.teller.keeps_days,
        freshness: freshness(standing.age.freshness),
    }
}

fn finding(asked: &Asked<'_>, found: &Finding) -> Option<wire::MachineFindingLine> {
    let row = found.rows.first()?;
    Some(wire::MachineFindingLine {
        id: found.id.clone(),
        title: found.title(),
        version: row.detection.version.clone(),
        vendor: vendor_ref(asked.catalogue(), &found.vendor.id),
        tier: found.tier().into(),
        presence: found.presence.into(),
        first_seen: row.first_seen.clone(),
        last_seen: row.last_seen.clone(),
    })
}

fn disagreement(about: &Disagreement) -> wire::DisagreementLine {
    let side = |side: &interdict_app::Side| wire::SideLine {
        name: teller(&side.origin),
        told: side.is_told,
        versions: side.versions.clone(),
        at: side.at.clone(),
    };
    wire::DisagreementLine {
        title: about.title.clone(),
        kind: about.kind.as_str().to_owned(),
        tier: about.tier.into(),
        sides: about.sides.iter().map(side).collect(),
    }
}

fn recent(recent: &RecentChanges) -> wire::RecentLine {
    let (findings, software) = (&recent.summary.findings, &recent.summary.software);
    let change = |difference: &Difference| wire::ChangeOnMachine {
        of: difference.of.as_str().to_owned(),
        kind: difference.kind.as_str().to_owned(),
        newness: difference.newness.map(|newness| newness.as_str().to_owned()),
        title: difference.title.clone(),
        version: difference.version.clone(),
        was_version: difference.was_version.clone(),
        tier: difference.tier.map(Tier::into),
    };
    let on_it = |difference: &&Difference| difference.kind != DifferenceKind::NotSeen;
    wire::RecentLine {
        since: recent.since.started.clone(),
        until: recent.until.started.clone(),
        new: count(findings.new + software.new),
        gone: count(findings.gone + software.gone),
        changed: count(findings.changed + software.changed),
        changes: recent.differences.iter().filter(on_it).take(MOST_CHANGES).map(change).collect(),
    }
}

/// A part of what is installed on a machine.
pub(crate) fn installed(
    titles: &Titles,
    tiers: &TitleTiers,
    mut rows: Vec<InstalledRow>,
    request: &wire::InstalledRequest,
) -> wire::InstalledPage {
    let all = rows.len();
    let words: Vec<String> = in_latin(&request.text).split_whitespace().map(str::to_owned).collect();
    if !words.is_empty() {
        rows.retain(|row| {
            let text = in_latin(&format!("{} {}", row.title.name, row.title.publisher.as_deref().unwrap_or_default()));
            words.iter().all(|word| text.contains(word.as_str()))
        });
    }
    // They come by name, and stay so where the values are equal.
    rows.sort_by(|left, right| match request.sort.as_str() {
        "version" => left.title.version.cmp(&right.title.version),
        "publisher" => left.title.publisher.cmp(&right.title.publisher),
        "first-seen" => left.first_seen.cmp(&right.first_seen),
        _ => std::cmp::Ordering::Equal,
    });
    if request.descending {
        rows.reverse();
    }
    let line = |row: &InstalledRow| {
        let place = titles.place_of(&row.title);
        wire::InstalledLine {
            family: place.map(|place| titles.family_id(place)),
            name: row.title.name.clone(),
            version: row.title.version.clone(),
            publisher: row.title.publisher.clone(),
            source: row.source.parse::<ObservationSource>().map_or_else(|_| row.source.clone(), source_in_words),
            first_seen: row.first_seen.clone(),
            told_by: teller(row.told_by.as_deref().unwrap_or(OWN_SCAN)),
            tier: place.and_then(|place| tiers.of(titles, place)).map(Tier::into),
        }
    };
    wire::InstalledPage {
        rows: page(&rows, (request.offset, request.limit)).iter().map(line).collect(),
        total: count(rows.len()),
        all: count(all),
    }
}
