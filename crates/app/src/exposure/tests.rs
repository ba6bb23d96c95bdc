//! What is counted from sets, held against every detection looked at one by one.

use std::collections::{BTreeMap, BTreeSet};

use interdict_assess::{Circumstances, lanes};
use interdict_model::{
    CollectorReport, CollectorStatus, Detection, Evidence, Machine, ObservationSource, OperatingSystem, OsFamily,
    Presence, ProbesStamp, ProductId, RestrictionId, ScanHeader, Tier, VendorId,
};
use interdict_store::{DetectionFilter, DetectionRow, EndedBy, Span, Store};
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::findings::Finding;
use crate::history::{Change, ChangeKind, Chronicle, HistoryPoint, SeenHere};
use crate::inventory::{Inventory, MachineStanding};

/// Who asks for which day.
const ASKED: [(&str, &str); 6] = [
    ("us-private", "2024-06-30"),
    ("us-private", "2024-09-28"),
    ("us-private", "2024-09-29"),
    ("us-federal-civilian", "2026-11-22"),
    ("de-critical", "2026-11-22"),
    ("research", "2026-11-22"),
];

/// Found on the machines of made-up fleets: some restricted, some warned of, one nobody speaks of, one not in the catalogue.
const FOUND: [(&str, Option<&str>); 8] = [
    ("kaspersky", Some("kaspersky.kes-win")),
    ("kaspersky", Some("kaspersky.kpm")),
    ("kaspersky", None),
    ("huawei", None),
    ("dahua", None),
    ("bytedance", None),
    ("avast", None),
    ("nobody-knows", Some("nothing")),
];

fn second(instant: &str) -> &str {
    instant.get(..19).unwrap_or(instant)
}

fn asked(workbench: &Workbench, (profile, day): (&str, &str)) -> Circumstances {
    workbench.circumstances(&[profile.to_owned()], day.parse().expect("a day")).expect("a profile")
}

/// Vendors by what of theirs touches who asks, by machine and one by one.
fn plain_vendors(inventory: &Inventory) -> Vec<ExposedVendor> {
    let mut vendors: BTreeMap<&VendorId, (&str, BTreeMap<&str, Tier>)> = BTreeMap::new();
    for finding in inventory.spoken_of().filter(|finding| finding.tier() != Tier::None) {
        let (_, machines) = vendors.entry(&finding.vendor.id).or_insert((&finding.vendor.name, BTreeMap::new()));
        for row in &finding.rows {
            let worst = machines.entry(&row.machine_id).or_insert(Tier::None);
            *worst = worst.worst(finding.tier());
        }
    }
    let mut exposed: Vec<(Tier, ExposedVendor)> = Vec::new();
    for (vendor, (name, machines)) in vendors {
        let mut tiers: BTreeMap<Tier, usize> = BTreeMap::new();
        for tier in machines.values() {
            *tiers.entry(*tier).or_default() += 1;
        }
        let worst = machines.values().copied().fold(Tier::None, Tier::worst);
        let (vendor, name) = (vendor.clone(), name.to_owned());
        exposed.push((worst, ExposedVendor { vendor, name, machines: machines.len(), tiers }));
    }
    exposed.sort_by(|(left_tier, left), (right_tier, right)| {
        (right_tier.rank(), right.machines).cmp(&(left_tier.rank(), left.machines)).then(left.name.cmp(&right.name))
    });
    exposed.into_iter().map(|(_, exposed)| exposed).collect()
}

fn plain_standing(inventory: &Inventory, vendor: &VendorId) -> (usize, usize, Tier) {
    let here: Vec<&Finding> = inventory.findings.iter().filter(|finding| finding.vendor.id == *vendor).collect();
    let machines: BTreeSet<&str> =
        here.iter().flat_map(|finding| &finding.rows).map(|row| row.machine_id.as_str()).collect();
    let products: BTreeSet<&str> =
        here.iter().filter_map(|finding| finding.product.as_ref()).map(|product| product.id.as_str()).collect();
    let installed = here.iter().map(|finding| finding.tier()).fold(Tier::None, Tier::worst);
    (products.len(), machines.len(), installed)
}

fn plain_by_restriction(
    workbench: &Workbench,
    inventory: &Inventory,
    circumstances: &Circumstances,
) -> BTreeMap<RestrictionId, usize> {
    let mut machines: BTreeMap<RestrictionId, BTreeSet<&str>> = BTreeMap::new();
    for finding in inventory.spoken_of() {
        for lane in lanes(workbench.catalogue(), &finding.subject, circumstances) {
            let ids = finding.rows.iter().map(|row| row.machine_id.as_str());
            machines.entry(lane.restriction).or_default().extend(ids);
        }
    }
    machines.into_iter().map(|(id, machines)| (id, machines.len())).collect()
}

fn plain_seen(finding: &Finding) -> SeenHere {
    let mut rows: Vec<&DetectionRow> = finding.rows.iter().collect();
    rows.sort_by(|left, right| {
        (&right.last_seen, &right.detection.version).cmp(&(&left.last_seen, &left.detection.version))
    });
    let mut versions: Vec<String> = Vec::new();
    for version in rows.iter().filter_map(|row| row.detection.version.as_ref()) {
        if !versions.contains(version) {
            versions.push(version.clone());
        }
    }
    let first = rows.iter().map(|row| row.first_seen.clone()).min().unwrap_or_default();
    let last = rows.iter().map(|row| row.last_seen.clone()).max().unwrap_or_default();
    SeenHere { first, last, versions }
}

/// Every interval but those a catalogue ended.
fn plain_stays(store: &Store) -> Vec<DetectionRow> {
    let filter = DetectionFilter { span: Span::All, ..DetectionFilter::default() };
    let mut rows = store.detections(&filter).expect("reads");
    rows.retain(|row| row.ended_by != Some(EndedBy::Catalogue));
    rows
}

/// Every machine at the last scan of each day, one by one.
fn plain_history(workbench: &Workbench, store: &Store, circumstances: &Circumstances) -> Vec<HistoryPoint> {
    let mut days: BTreeMap<String, String> = BTreeMap::new();
    let mut known_from: BTreeMap<String, String> = BTreeMap::new();
    for scan in store.scans().expect("reads") {
        known_from.entry(scan.machine_id).or_insert_with(|| scan.started.clone());
        days.insert(scan.started.get(..10).unwrap_or_default().to_owned(), scan.started);
    }
    let findings = workbench.findings_of(plain_stays(store), circumstances);
    let point = |at: String| {
        let now = second(&at);
        let known = known_from.iter().filter(|(_, from)| second(from) <= now);
        let mut worst: BTreeMap<&str, Tier> = known.map(|(machine, _)| (machine.as_str(), Tier::None)).collect();
        for finding in &findings {
            for row in &finding.rows {
                let is_there =
                    second(&row.first_seen) <= now && row.gone.as_deref().is_none_or(|gone| second(gone) > now);
                if let Some(tier) = worst.get_mut(row.machine_id.as_str()).filter(|_| is_there) {
                    *tier = tier.worst(finding.tier());
                }
            }
        }
        let mut machines: BTreeMap<Tier, usize> = BTreeMap::new();
        for tier in worst.into_values() {
            *machines.entry(tier).or_default() += 1;
        }
        HistoryPoint { at, machines }
    };
    days.into_values().map(point).collect()
}

/// What the newest scan of each machine changed, one by one; every host is named.
fn plain_changes(workbench: &Workbench, store: &Store, circumstances: &Circumstances) -> Vec<Change> {
    let machines = store.machines().expect("reads");
    let newest = |row: &DetectionRow, at: Option<&str>| {
        let machine = machines.iter().find(|machine| machine.machine.id == row.machine_id);
        let machine = machine.filter(|machine| machine.scans > 1);
        machine.is_some_and(|machine| at.map(second) == Some(second(&machine.last_seen)))
    };
    let rows = plain_stays(store);
    let appeared = rows.iter().filter(|row| row.gone.is_none() && newest(row, Some(&row.first_seen))).cloned();
    let left = rows.iter().filter(|row| newest(row, row.gone.as_deref())).cloned();
    let mut changes: Vec<Change> = Vec::new();
    for (kind, rows) in [(ChangeKind::New, appeared.collect()), (ChangeKind::Gone, left.collect())] {
        let mut of_kind: BTreeMap<(String, String), Change> = BTreeMap::new();
        for finding in workbench.findings_of(rows, circumstances).iter().filter(|finding| finding.is_spoken_of()) {
            for row in &finding.rows {
                let at = row.gone.as_ref().unwrap_or(&row.first_seen);
                let day = at.get(..10).unwrap_or_default().to_owned();
                let change = of_kind.entry((finding.id.clone(), day)).or_insert_with(|| Change {
                    kind,
                    title: finding.title(),
                    hostnames: Vec::new(),
                    machines: 0,
                    at: at.clone(),
                    finding: Some(finding.id.clone()),
                });
                change.hostnames.push(row.hostname.clone());
                change.machines += 1;
                change.at = change.at.clone().max(at.clone());
            }
        }
        changes.extend(of_kind.into_values());
    }
    changes.extend(machines.iter().filter(|machine| machine.scans == 1).map(|machine| Change {
        kind: ChangeKind::Machine,
        title: machine.machine.hostname.clone(),
        hostnames: Vec::new(),
        machines: 0,
        at: machine.last_seen.clone(),
        finding: None,
    }));
    changes.sort_by(|left, right| (&right.at, left.kind, &left.title).cmp(&(&left.at, right.kind, &right.title)));
    changes
}

/// The same with the first five of its hosts.
fn named(mut change: Change) -> Change {
    change.hostnames.sort_by_key(|hostname| hostname.to_ascii_lowercase());
    change.hostnames.truncate(5);
    change
}

/// Everything that is counted from sets, against the same over every detection.
fn compare(workbench: &Workbench, store: &Store, who: (&str, &str)) {
    let circumstances = asked(workbench, who);
    let inventory = workbench.inventory(store, &circumstances).expect("reads");
    let exposure = workbench.exposure(store, &circumstances).expect("reads");
    let chronicle = Chronicle::read(store).expect("reads");

    let plain: Vec<_> = inventory.findings.iter().map(|one| (&one.id, one.tier(), one.machine_count())).collect();
    let sets: Vec<_> = exposure.findings.iter().map(|one| (&one.id, one.tier(), one.machine_count())).collect();
    assert_eq!(sets, plain, "{who:?}");
    for (of_sets, finding) in exposure.findings.iter().zip(&inventory.findings) {
        compare_finding(store, &chronicle, of_sets, finding);
    }
    compare_machines(store, &exposure, &inventory);
    for machine in &inventory.machines {
        let id = machine.machine.id.as_str();
        let number = store.named_machine(id).expect("reads").expect("is there").number;
        let of_one = exposure.clone().of_machines(u32::try_from(number).into_iter().collect());
        let on_one: BTreeMap<&str, usize> =
            of_one.findings.iter().map(|finding| (finding.id.as_str(), finding.machine_count())).collect();
        let plain = rows_on(&inventory, id);
        assert_eq!(on_one, plain.into_iter().map(|(id, rows)| (id, rows.len())).collect(), "{id}");
    }

    assert_eq!(exposure.exposed_vendors(), plain_vendors(&inventory), "{who:?}");
    for standing in workbench.vendor_standings(&exposure, &circumstances) {
        let of_sets = (standing.products_here, standing.machines, standing.installed);
        assert_eq!(of_sets, plain_standing(&inventory, &standing.vendor), "{who:?} {}", standing.vendor);
    }
    let by_restriction = workbench.machines_by_restriction(&exposure, &circumstances);
    let counted: BTreeMap<RestrictionId, usize> =
        by_restriction.into_iter().map(|(id, machines)| (id, machines.len())).collect();
    assert_eq!(counted, plain_by_restriction(workbench, &inventory, &circumstances), "{who:?}");

    assert_eq!(
        workbench.history(&chronicle, &circumstances),
        plain_history(workbench, store, &circumstances),
        "{who:?}"
    );
    let changes: Vec<Change> = plain_changes(workbench, store, &circumstances).into_iter().map(named).collect();
    for most in [1, 3, 8, 1_000] {
        let told = workbench.changes(store, &chronicle, &circumstances, most).expect("reads");
        assert_eq!(told, changes.get(..most.min(changes.len())).unwrap_or_default(), "{who:?}");
    }
}

/// What is found on a machine: the finding and its rows.
fn rows_on<'i>(inventory: &'i Inventory, id: &str) -> BTreeMap<&'i str, Vec<&'i DetectionRow>> {
    let on = |finding: &'i Finding| finding.rows.iter().filter(|row| row.machine_id == id).collect();
    let found = inventory.findings.iter().map(|finding| (finding.id.as_str(), on(finding)));
    found.filter(|(_, rows): &(&str, Vec<&DetectionRow>)| !rows.is_empty()).collect()
}

fn compare_finding(store: &Store, chronicle: &Chronicle, of_sets: &FleetFinding, finding: &Finding) {
    assert_eq!(chronicle.seen(of_sets), plain_seen(finding), "{}", finding.id);
    let surest = chronicle.sureness(of_sets);
    let confidence = finding.rows.iter().map(|row| row.detection.confidence).fold(0.0, f64::max);
    let traces = finding.rows.iter().map(|row| row.detection.evidence.len()).max().unwrap_or_default();
    let versions: BTreeSet<String> = finding.rows.iter().filter_map(|row| row.detection.version.clone()).collect();
    assert_eq!(of_sets.versions(store).expect("reads"), versions, "{}", finding.id);
    assert!((surest.confidence - confidence).abs() < 1e-9 && surest.traces == traces, "{surest:?}");
    let mut rows: Vec<&DetectionRow> = finding.rows.iter().collect();
    rows.sort_by_key(|row| (row.hostname.to_ascii_lowercase(), row.machine_id.clone()));
    let mut paged = Vec::new();
    for offset in (0..rows.len()).step_by(2) {
        let page = of_sets.places(store, offset, 2).expect("reads");
        assert!(page.len() <= 2);
        paged.extend(page);
    }
    assert_eq!(paged.iter().collect::<Vec<_>>(), rows, "{}", finding.id);
}

fn compare_machines(store: &Store, exposure: &Exposure, inventory: &Inventory) {
    let standings = inventory.machine_standings();
    let mut tiers: BTreeMap<Tier, usize> = BTreeMap::new();
    for standing in &standings {
        *tiers.entry(standing.tier).or_default() += 1;
    }
    assert_eq!(exposure.machine_tiers(), tiers);
    let number = |standing: &MachineStanding<'_>| {
        let machine = store.named_machine(&standing.machine.machine.id).expect("reads").expect("is there");
        u32::try_from(machine.number).expect("a number")
    };
    let each: BTreeMap<u32, Tier> = standings.iter().map(|standing| (number(standing), standing.tier)).collect();
    assert_eq!(exposure.each_tier(), each);
    let exposed: Vec<_> = standings.iter().filter(|one| one.tier != Tier::None).collect();
    for most in [0, 1, 3, 10, 1_000] {
        let worst = exposure.worst_machines(store, most).expect("reads");
        assert_eq!(worst.len(), most.min(exposed.len()));
        for (of_sets, plain) in worst.iter().zip(&exposed) {
            assert_eq!((&of_sets.machine.machine_id, of_sets.tier), (&plain.machine.machine.id, plain.tier));
            let ids: Vec<&str> = of_sets.findings.iter().map(|finding| finding.id.as_str()).collect();
            assert_eq!(ids, plain.findings.iter().map(|finding| finding.id.as_str()).collect::<Vec<_>>());
        }
    }
}

#[test]
fn the_sample_is_the_same_counted_from_sets() {
    let workbench = Workbench::builtin().expect("the built-in catalogue");
    let mut store = Store::open_in_memory().expect("opens");
    workbench.build_sample(&mut store, "2026-11-22T12:00:00Z").expect("builds");
    for who in ASKED {
        compare(&workbench, &store, who);
    }
}

#[test]
fn the_worst_machines_come_in_the_order_of_the_number_shown_beside_them() {
    let workbench = Workbench::builtin().expect("the built-in catalogue");
    let mut store = Store::open_in_memory().expect("opens");
    workbench.build_sample(&mut store, "2026-11-22T12:00:00Z").expect("builds");
    for who in ASKED {
        let exposure = workbench.exposure(&store, &asked(&workbench, who)).expect("reads");
        let touching = |machine: &ExposedMachine<'_>| {
            machine.findings.iter().filter(|finding| finding.tier() != Tier::None).count()
        };
        let worst = exposure.worst_machines(&store, 1_000).expect("reads");
        let order: Vec<(u8, usize)> = worst.iter().map(|one| (one.tier.rank(), touching(one))).collect();
        assert!(order.is_sorted_by(|left, right| left >= right), "{who:?} {order:?}");
    }
}

/// What one scan finds: which thing, in which presence and version.
type Finds = Vec<(usize, usize, Option<u8>)>;

fn finds() -> impl Strategy<Value = Finds> {
    vec((0..FOUND.len(), 0..Presence::ALL.len(), proptest::option::of(0..4_u8)), 0..6)
}

fn record(store: &mut Store, machine: usize, hour: u32, day: u32, (finds, is_covered): &(Finds, bool)) {
    let os = OperatingSystem { family: OsFamily::Linux, name: "Debian".to_owned(), version: "13".to_owned() };
    // Two machines share a name, as they do in real fleets.
    let hostname = format!("Host-{}", machine / 2);
    let header = ScanHeader {
        swept: Vec::new(),
        read_as: None,
        schema: ScanHeader::SCHEMA.to_owned(),
        machine: Machine { id: format!("m{machine}"), hostname, os, arch: "x86_64".to_owned() },
        started: format!("2026-10-{day:02}T{hour:02}:00:00Z"),
        probes: ProbesStamp { catalogue_version: "2026.11".to_owned(), count: 1 },
        collectors: vec![CollectorReport {
            name: "linux/dpkg".to_owned(),
            status: if *is_covered { CollectorStatus::Complete } else { CollectorStatus::Partial },
            reason: None,
            count: 0,
        }],
        tool_version: "0.1.0".to_owned(),
    };
    let mut once = BTreeSet::new();
    let detections: Vec<Detection> = finds
        .iter()
        .filter(|(found, ..)| once.insert(*found))
        .map(|(found, presence, version)| detection(FOUND[*found], Presence::ALL[*presence], *version))
        .collect();
    let covered: &[ObservationSource] = if *is_covered { &[ObservationSource::DebPackages] } else { &[] };
    store.record_scan(&header, &header.started, "this computer", covered, &[], &detections).expect("records");
}

fn detection((vendor, product): (&str, Option<&str>), presence: Presence, version: Option<u8>) -> Detection {
    let trace = || Evidence {
        source: ObservationSource::DebPackages,
        title: "a package".to_owned(),
        path: None,
        says: "installed".to_owned(),
        matched: Vec::new(),
    };
    Detection {
        vendor: VendorId::new(vendor),
        product: product.map(ProductId::new),
        version: version.map(|version| format!("1.{version}")),
        presence,
        confidence: 0.5 + f64::from(version.unwrap_or_default()) / 10.0,
        evidence: (0..=version.unwrap_or_default()).map(|_| trace()).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_made_up_fleet_is_the_same_counted_from_sets(
        fleet in vec(vec((1..28_u32, 0..3_u32, (finds(), proptest::bool::weighted(0.8))), 1..5), 1..7)
    ) {
        let workbench = Workbench::builtin().expect("the built-in catalogue");
        for (vendor, product) in &FOUND[..FOUND.len() - 1] {
            prop_assert!(workbench.catalogue().vendor(&VendorId::new(*vendor)).is_some(), "{}", vendor);
            prop_assert!(product.is_none_or(|id| workbench.catalogue().product(&ProductId::new(id)).is_some()));
        }
        let mut store = Store::open_in_memory().expect("opens");
        for (machine, mut scans) in fleet.into_iter().enumerate() {
            // A source is recorded in the order of its scans.
            scans.sort_by_key(|(day, hour, _)| (*day, *hour));
            scans.dedup_by_key(|(day, hour, _)| (*day, *hour));
            for (day, hour, found) in &scans {
                record(&mut store, machine, *hour, *day, found);
            }
        }
        for who in ASKED {
            compare(&workbench, &store, who);
        }
    }
}
