//! Questions about the whole inventory.

use interdict_model::ObservationSource::{DebPackages, Processes, RpmPackages, Snap};
use interdict_model::{Observation, Presence, ProductId, VendorId};

use super::{day, detection, header, observation, package, scan};
use crate::{DetectionFilter, Span, Store, Totals};

fn fleet() -> Store {
    let mut store = Store::open_in_memory().expect("opens");
    let mut other_arch = package("kesl");
    other_arch.arch = Some("i386".to_owned());
    let mut from_rpm = package("kesl");
    from_rpm.source = RpmPackages;
    let nobody = |name: &str| {
        let mut observation = Observation::new(Snap);
        observation.name = Some(name.to_owned());
        observation
    };
    let machines = [
        ("m1", vec![package("kesl"), other_arch, package("Bash"), nobody("bash")]),
        ("m2", vec![from_rpm, observation(DebPackages, "kesl", "2.0"), observation(Processes, "kesl", "1.0")]),
        ("m3", vec![package("zsh"), package("kesl")]),
    ];
    for (machine, observations) in machines {
        let live = detection("kaspersky.kes-linux", Presence::Live, DebPackages);
        let found = if machine == "m3" { vec![] } else { vec![live] };
        let all = [DebPackages, RpmPackages, Processes, Snap];
        store.record_scan(&header(machine, 1), &day(1), "fleet", &all, &observations, &found).expect("records");
    }
    store.record_scan(&header("m3", 2), &day(2), "fleet", &[DebPackages], &[package("zsh")], &[]).expect("records");
    store
}

fn told(rows: &[crate::SoftwareRow]) -> Vec<String> {
    rows.iter()
        .map(|row| {
            let sources: Vec<&str> = row.sources.iter().map(|source| source.as_str()).collect();
            let version = row.version.as_deref().unwrap_or("-");
            format!("{} {version} {} on {}", row.name, sources.join("+"), row.machines)
        })
        .collect()
}

const TITLES: [&str; 5] = [
    "Bash 1.0 deb_packages on 1",
    "bash - snap on 1",
    "kesl 1.0 deb_packages+rpm_packages on 2",
    "kesl 2.0 deb_packages on 1",
    "zsh 1.0 deb_packages on 1",
];

#[test]
fn software_is_one_row_per_title_that_is_installed_now() {
    assert_eq!(told(&fleet().software(None, None).expect("reads")), TITLES);
}

#[test]
fn software_pages_join_without_gaps() {
    let store = fleet();
    for size in 1..=TITLES.len() + 1 {
        let mut rows = Vec::new();
        loop {
            let after = rows.last().map(crate::SoftwareRow::key);
            let page = store.software(Some(size), after.as_ref()).expect("reads");
            assert!(page.len() <= size);
            if page.is_empty() {
                break;
            }
            rows.extend(page);
        }
        assert_eq!(told(&rows), TITLES, "pages of {size}");
    }
    assert_eq!(store.software(Some(0), None).expect("reads"), []);
}

#[test]
fn a_page_of_software_walks_the_index_without_sorting() {
    let store = fleet();
    for place in ["1", crate::query::AFTER] {
        let sql = format!("EXPLAIN QUERY PLAN {}", crate::query::TITLES.replace("{place}", place));
        let mut statement = store.connection.prepare(&sql).expect("prepares");
        let count = statement.parameter_count();
        let plan: Vec<String> = statement
            .query_map(rusqlite::params_from_iter(vec!["1"; count]), |row| row.get(3))
            .expect("queries")
            .map(Result::unwrap)
            .collect();
        let plan = plan.join("\n");
        assert!(plan.contains("title_by_name") && plan.contains("software_by_title"), "{plan}");
        assert!(!plan.contains("FOR GROUP BY") && !plan.contains("FOR ORDER BY"), "{plan}");
    }
}

#[test]
fn machines_come_by_name_with_their_scans_and_collectors() {
    let machines = fleet().machines().expect("reads");
    let told: Vec<_> = machines
        .iter()
        .map(|row| (row.machine.id.as_str(), row.scans, row.installations, row.last_seen == day(2)))
        .collect();
    assert_eq!(told, [("m1", 1, 4, false), ("m2", 1, 3, false), ("m3", 2, 1, true)]);
    assert_eq!(machines[0].machine, header("m1", 1).machine);
    assert_eq!(machines[0].collectors, header("m1", 1).collectors);
}

#[test]
fn totals_count_what_is_there_now() {
    let expected = Totals { machines: 3, installations: 8, titles: 5, told: 0, scans: 4, last_scan: Some(day(2)) };
    assert_eq!(fleet().totals().expect("reads"), expected);
    let nothing = Totals { machines: 0, installations: 0, titles: 0, told: 0, scans: 0, last_scan: None };
    assert_eq!(Store::open_in_memory().expect("opens").totals().expect("reads"), nothing);
}

#[test]
fn a_filter_narrows_detections() {
    let store = fleet();
    let count = |filter: &DetectionFilter| store.detections(filter).expect("reads").len();
    let any = DetectionFilter::default();
    assert_eq!(count(&any), 2);
    assert_eq!(count(&DetectionFilter { machine_id: Some("m2".to_owned()), ..any.clone() }), 1);
    assert_eq!(count(&DetectionFilter { vendor: Some(VendorId::new("kaspersky")), ..any.clone() }), 2);
    assert_eq!(count(&DetectionFilter { vendor: Some(VendorId::new("eset")), ..any.clone() }), 0);
    let product = Some(ProductId::new("kaspersky.kes-linux"));
    assert_eq!(count(&DetectionFilter { product, machine_id: Some("m1".to_owned()), ..any.clone() }), 1);
    assert_eq!(count(&DetectionFilter { span: Span::All, ..any }), 2);
}

#[test]
fn evidence_is_stored_in_a_form_that_later_versions_must_read() {
    let mut store = Store::open_in_memory().expect("opens");
    let found = detection("kaspersky.kes-linux", Presence::Live, DebPackages);
    scan(&mut store, 1, &[], &[], &[found]).expect("records");
    let evidence: String =
        store.connection.query_row("SELECT traces FROM evidence", [], |row| row.get(0)).expect("evidence");
    let expected = r#"[{"source":"deb_packages","title":"kesl","path":"/opt/kaspersky","says":"executable exists","matched":[{"field":"name","value":"kesl","rule":"kaspersky.kes-linux: deb-package exact \"kesl\""}]}]"#;
    assert_eq!(evidence, expected);
}

#[test]
fn a_word_of_a_newer_version_is_an_error_and_not_skipped() {
    use interdict_model::Fault;
    let mut store = Store::open_in_memory().expect("opens");
    scan(&mut store, 1, &[], &[package("kesl")], &[]).expect("records");
    store.connection.execute("UPDATE software SET source = 'hologram'", []).expect("updates");
    assert_eq!(store.observations_of("m1").expect_err("is unknown").code(), "store/unknown-value");
}

#[test]
fn settings_are_kept_by_key() {
    let mut store = Store::open_in_memory().expect("opens");
    assert_eq!(store.setting("profile").expect("reads"), None);
    store.set_setting("profile", "us-private").expect("sets");
    store.set_setting("profile", "de-private").expect("sets");
    assert_eq!(store.setting("profile").expect("reads").as_deref(), Some("de-private"));
}

#[test]
fn scans_are_told_in_the_order_they_began() {
    let scans = fleet().scans().expect("reads");
    let told: Vec<String> =
        scans.iter().map(|scan| format!("{} {} {}", scan.machine_id, scan.started, scan.observations)).collect();
    assert_eq!(
        told,
        [
            format!("m1 {} 4", day(1)),
            format!("m2 {} 3", day(1)),
            format!("m3 {} 2", day(1)),
            format!("m3 {} 1", day(2)),
        ]
    );
}
