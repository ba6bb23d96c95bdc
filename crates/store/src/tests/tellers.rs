//! Who tells of a machine.

use interdict_model::ObservationSource::{DebPackages, Programs};

use super::{NOW, day, header, observation, scan};
use crate::{BatchHeader, Claim, JoinRule, LastTold, MachineName, Store, ToldSource};

/// Imports what a tool told of the only machine on a day.
fn import(store: &mut Store, number: u32, format: &str, keeps_days: Option<u32>) {
    let file = BatchHeader {
        file: format!("{format}.json"),
        sha256: format!("{format} {number}"),
        bytes: 1,
        format: format.to_owned(),
        encoding: None,
        layers: Vec::new(),
        made: None,
        imported: NOW.to_owned(),
        keeps_days,
    };
    let mut batch = store.begin_batch(&file).expect("begins");
    let claim = Claim {
        tool_id: Some("42".to_owned()),
        serial: Some("ABC".to_owned()),
        hostname: Some("host-m1.example".to_owned()),
        ..Claim::default()
    };
    let told = [observation(Programs, "x", "1")];
    batch.record(&header("m1", number), NOW, &[], &told, &[], (&claim, JoinRule::Hostname)).expect("records");
    batch.finish(1, 0, &[]).expect("finishes");
}

#[test]
fn each_tells_with_its_age_and_what_it_may_keep() {
    let mut store = Store::open_in_memory().expect("opens");
    import(&mut store, 9, "defender", Some(30));
    import(&mut store, 5, "glpi-json", None);
    import(&mut store, 7, "glpi-json", None);
    scan(&mut store, 2, &[DebPackages], &[], &[]).expect("records");
    scan(&mut store, 3, &[], &[observation(DebPackages, "x", "1")], &[]).expect("records");
    let told = |origin: &str, number, keeps_days| LastTold { origin: origin.to_owned(), at: day(number), keeps_days };
    let all = store.last_told().expect("reads");
    assert_eq!(all["m1"], [told("interdict", 3, None), told("defender", 9, Some(30)), told("glpi-json", 7, None)]);
    let tellers = store.tellers_of("m1").expect("reads");
    let brief: Vec<_> = tellers.iter().map(|teller| (teller.origin.as_str(), teller.scans)).collect();
    assert_eq!(brief, [("interdict", 2), ("defender", 1), ("glpi-json", 2)]);
    let source =
        |source, told, whole: Option<u32>| ToldSource { source, last_told: day(told), last_whole: whole.map(day) };
    assert_eq!(tellers[0].sources, [source(DebPackages, 3, Some(2))]);
    assert_eq!((&tellers[0].joined, tellers[0].source_label.as_str()), (&None, "this computer"));
    assert_eq!(tellers[2].sources, [source(Programs, 7, None)]);
    assert_eq!(tellers[2].joined, Some(("hostname".to_owned(), "host-m1.example".to_owned())));
    assert_eq!(store.tellers_of("m2").expect("reads"), []);
    let name = |kind: &str, value: &str| MachineName { kind: kind.to_owned(), value: value.to_owned() };
    assert_eq!(
        store.names_of("m1").expect("reads"),
        [
            name("fqdn", "host-m1.example"),
            name("hostname", "host-m1"),
            name("serial", "abc"),
            name("tool:defender", "42"),
            name("tool:glpi-json", "42"),
        ]
    );
    let scans = store.scans_of("m1", 3).expect("reads");
    let brief: Vec<_> = scans.iter().map(|(origin, scan)| (origin.as_str(), scan.started.clone())).collect();
    assert_eq!(brief, [("defender", day(9)), ("glpi-json", day(7)), ("glpi-json", day(5))]);
}
