//! The page of one machine.

use std::path::Path;

use interdict_app::store::{InstalledRow, NewestScan};
use interdict_app::{
    ClassAnswer, ClassState, Difference, DifferenceKind, Disagreement, Finding, Freshness, MachinePage, MachineRemoval,
    OWN_SCAN, RecentChanges, RemovalTrace, TellerStanding, TitleTiers, Titles, in_latin, in_version_order,
    source_in_words,
};
use interdict_model::{ObservationSource, Presence, Tier};

use super::machines::{page, teller};
use super::restrictions::vendor_ref;
use super::words::collector_line;
use super::{Asked, count};
use crate::wire;

/// So many changes are listed.
const MOST_CHANGES: usize = 200;
/// So many traces of a class are listed.
const MOST_TRACES: usize = 50;

/// Everything about one machine but its installed software.
pub(crate) fn machine(
    asked: &Asked<'_>,
    page: &MachinePage,
    row: wire::MachineRow,
    newest: Option<NewestScan>,
    again: wire::LookAgain,
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
                id: u32::try_from(scan.id).unwrap_or_default(),
                name: teller(origin),
                at: scan.started.clone(),
                observations: count(scan.observations),
            })
            .collect(),
        recent: page.recent.as_ref().map(recent),
        removable: page
            .removable
            .iter()
            .map(|each| wire::RemovableLine {
                subject: each.subject.clone(),
                title: each.title.clone(),
                gone: each.is_gone,
            })
            .collect(),
        again,
    }
}

/// How a machine can be looked at again, by where its newest scan came from. `is_here` says that this program audits this
/// computer and that its own database is shown.
pub(crate) fn look_again(label: Option<&str>, tellers: &[TellerStanding], is_here: bool) -> wire::LookAgain {
    let again = |how: &str, what: String| wire::LookAgain { how: how.to_owned(), what };
    let is_own = tellers.iter().any(|standing| standing.teller.origin == OWN_SCAN);
    let label = label.filter(|_| is_own);
    let Some(label) = label else {
        let names: Vec<String> = tellers.iter().map(|standing| teller(&standing.teller.origin)).collect();
        return again("export", names.join(", "));
    };
    if label == "sample data" {
        again("sample", String::new())
    } else if label == "this computer" && is_here {
        again("here", String::new())
    } else if let Some(target) = label.strip_prefix("ssh ") {
        again("command", format!("interdict audit --ssh {target}"))
    } else if Path::new(label).is_absolute() {
        again("command", format!("interdict audit --root {label}"))
    } else {
        again("scan", label.to_owned())
    }
}

/// Whether something is gone from one machine.
pub(crate) fn removal(title: String, recognised_by: String, machine: &MachineRemoval) -> wire::RemovalReply {
    let trace = |trace: &RemovalTrace| match &trace.path {
        Some(path) => format!("{}: {path} ({})", trace.title, trace.says),
        None => format!("{} ({})", trace.title, trace.says),
    };
    let mut classes: Vec<&ClassAnswer> = machine.classes.iter().collect();
    classes.sort_by_key(|class| match class.state {
        ClassState::Present => 0,
        ClassState::NotLookedAt => 1,
        ClassState::Absent => 2,
    });
    let class = |class: &ClassAnswer| wire::RemovalClassLine {
        name: source_in_words(class.source),
        state: class.state.as_str().to_owned(),
        because: class.because.clone(),
        traces: class.traces.iter().take(MOST_TRACES).map(trace).collect(),
    };
    wire::RemovalReply {
        title,
        recognised_by,
        certified: machine.is_certain(),
        history: machine.history(),
        scanned: machine.scan.started.clone(),
        classes: classes.into_iter().map(class).collect(),
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

pub(crate) fn recent(recent: &RecentChanges) -> wire::RecentLine {
    let (findings, software) = (&recent.summary.findings, &recent.summary.software);
    let change = |difference: &Difference| wire::ChangeOnMachine {
        of: difference.of.as_str().to_owned(),
        kind: difference.kind.as_str().to_owned(),
        newness: difference.newness.map(|newness| newness.as_str().to_owned()),
        title: difference.title.clone(),
        version: difference.version.clone(),
        was_version: difference.was_version.clone(),
        presence: difference.presence.map(Presence::into),
        was_presence: difference.was_presence.map(Presence::into),
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

fn by_version(left: &InstalledRow, right: &InstalledRow) -> std::cmp::Ordering {
    let [left, right] = [left, right].map(|row| row.title.version.as_deref().unwrap_or_default());
    in_version_order(left, right)
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
    for versions in rows.chunk_by_mut(|left, right| left.title.name == right.title.name) {
        versions.sort_by(by_version);
    }
    // They come by name, and stay so where the values are equal.
    rows.sort_by(|left, right| match request.sort.as_str() {
        "version" => by_version(left, right),
        "publisher" => left.title.publisher.cmp(&right.title.publisher),
        "first-seen" => left.first_seen.cmp(&right.first_seen),
        _ => std::cmp::Ordering::Equal,
    });
    if request.descending {
        rows.reverse();
    }
    let line = |row: &InstalledRow| {
        let place = titles.place_of(row.title_id);
        let (name, publisher) = (row.title.name.as_str(), row.title.publisher.as_deref());
        wire::InstalledLine {
            family: place.map(|place| titles.family_id(place, name, publisher)),
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
