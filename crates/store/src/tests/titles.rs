//! Titles: found in any script, ordered, counted, and who has them and who has not.

use interdict_model::{Observation, ObservationSource};

use super::{NOW, day, header, observation, package};
use crate::{BatchHeader, Claim, ForgetScope, JoinRule, Page, Store, TitleQuery, TitleRow, TitleSort, Trial, Who};

use ObservationSource::{DebPackages, Programs};

fn program(name: &str, version: &str, publisher: &str) -> Observation {
    let mut program = observation(Programs, name, version);
    program.publisher = Some(publisher.to_owned());
    program
}

fn record(store: &mut Store, machine: &str, day_of_month: u32, observations: &[Observation]) {
    let header = header(machine, day_of_month);
    store.record_scan(&header, &day(day_of_month), "x", &[Programs, DebPackages], observations, &[]).expect("records");
}

fn fleet() -> Store {
    let mut store = Store::open_in_memory().expect("opens");
    let seven_zip = program("7-Zip", "24.09", "Igor Pavlov");
    let kaspersky = program("Kaspersky Endpoint Security", "12.1", "AO Kaspersky Lab");
    let cyrillic = program("Антивирус Касперского", "11", "Лаборатория Касперского");
    let chinese = program("360安全卫士", "13", "360安全中心");
    record(&mut store, "m1", 1, &[seven_zip.clone(), kaspersky.clone(), package("kesl")]);
    record(&mut store, "m2", 1, &[seven_zip.clone(), cyrillic, program("7-Zip", "23.01", "Igor Pavlov")]);
    record(&mut store, "m3", 1, &[seven_zip, chinese]);
    store
}

fn names(page: &Page<TitleRow>) -> Vec<String> {
    let told = |row: &TitleRow| {
        let software = &row.software;
        format!("{} {} {}", software.name, software.version.as_deref().unwrap_or_default(), software.machines)
    };
    page.rows.iter().map(told).collect()
}

fn ask(store: &Store, query: &TitleQuery) -> Vec<String> {
    let page = store.titles(query, 0, 100).expect("reads");
    assert_eq!(page.total, page.rows.len(), "{query:?}");
    // Every page of every size is a piece of the same list.
    for size in 1..=page.total {
        let pieces =
            (0..page.total).step_by(size).flat_map(|offset| store.titles(query, offset, size).expect("reads").rows);
        assert_eq!(pieces.collect::<Vec<_>>(), page.rows, "{query:?} in pages of {size}");
    }
    names(&page)
}

#[test]
fn words_are_found_in_any_script() {
    let store = fleet();
    for (text, expected) in [
        ("Касперск", vec!["kesl 1.0 1", "Kaspersky Endpoint Security 12.1 1", "Антивирус Касперского 11 1"]),
        ("kaspersk", vec!["kesl 1.0 1", "Kaspersky Endpoint Security 12.1 1", "Антивирус Касперского 11 1"]),
        ("KASPERSKY lab endp", vec!["Kaspersky Endpoint Security 12.1 1"]),
        ("安全", vec!["360安全卫士 13 1"]),
        ("anquan", vec![]),
        ("7-zip", vec!["7-Zip 23.01 1", "7-Zip 24.09 3"]),
        ("pavlov", vec!["7-Zip 23.01 1", "7-Zip 24.09 3"]),
        ("...", vec![]),
        ("\" OR 1=1 --", vec![]),
    ] {
        let query = TitleQuery { text: Some(text.to_owned()), ..TitleQuery::default() };
        let mut found = ask(&store, &query);
        let mut expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn every_order_and_its_opposite_and_every_filter() {
    let store = fleet();
    let by = |sort| TitleQuery { sort, ..TitleQuery::default() };
    for sort in [TitleSort::Name, TitleSort::Machines, TitleSort::Publisher] {
        let mut backwards = ask(&store, &TitleQuery { is_descending: true, ..by(sort) });
        backwards.reverse();
        assert_eq!(ask(&store, &by(sort)), backwards, "{sort:?}");
    }
    let most = ask(&store, &TitleQuery { is_descending: true, ..by(TitleSort::Machines) });
    assert_eq!(most.first().map(String::as_str), Some("7-Zip 24.09 3"));
    assert_eq!(ask(&store, &by(TitleSort::Name)).first().map(String::as_str), Some("360安全卫士 13 1"));
    let of_publisher = TitleQuery { publisher: Some("Igor Pavlov".to_owned()), ..TitleQuery::default() };
    assert_eq!(ask(&store, &of_publisher), ["7-Zip 23.01 1", "7-Zip 24.09 3"]);
    let on_machine = TitleQuery { on_machine: Some("m3".to_owned()), ..TitleQuery::default() };
    assert_eq!(ask(&store, &on_machine), ["360安全卫士 13 1", "7-Zip 24.09 3"]);
    let both = TitleQuery { text: Some("zip".to_owned()), ..on_machine };
    assert_eq!(ask(&store, &both), ["7-Zip 24.09 3"]);
    let nowhere = TitleQuery { on_machine: Some("m9".to_owned()), ..TitleQuery::default() };
    assert_eq!(ask(&store, &nowhere), Vec::<String>::new());
}

#[test]
fn who_has_a_title_and_who_has_not() {
    let mut store = fleet();
    let query = TitleQuery { text: Some("7-zip".to_owned()), ..TitleQuery::default() };
    let titles = store.titles(&query, 0, 10).expect("reads").rows;
    let (old, new) = (titles[0].id, titles[1].id);
    let hosts = |store: &Store, titles: &[i64], who| -> Vec<String> {
        let page = store.machines_with(titles, who, 0, 10).expect("reads");
        assert_eq!(page.total, page.rows.len());
        page.rows.into_iter().map(|machine| machine.hostname).collect()
    };
    assert_eq!(hosts(&store, &[old], Who::Has), ["host-m2"]);
    assert_eq!(hosts(&store, &[old], Who::HasNot), ["host-m1", "host-m3"]);
    assert_eq!(hosts(&store, &[old, new], Who::HasNot), Vec::<String>::new());
    assert_eq!(store.machines_with(&[new], Who::Has, 1, 1).expect("reads").rows[0].hostname, "host-m2");
    let versions = store.versions_of(new).expect("reads");
    assert_eq!(versions.iter().map(|row| row.id).collect::<Vec<_>>(), [old, new]);
    // What is gone is nobody's, and is not found any more.
    record(&mut store, "m2", 2, &[]);
    assert_eq!(hosts(&store, &[old], Who::Has), Vec::<String>::new());
    assert_eq!(ask(&store, &query), ["7-Zip 24.09 2"]);
    assert_eq!(store.title(old).expect("reads").map(|row| row.software.machines), Some(0));
    record(&mut store, "m2", 3, &[program("7-Zip", "23.01", "Igor Pavlov")]);
    assert_eq!(ask(&store, &query), ["7-Zip 23.01 1", "7-Zip 24.09 2"]);
    assert_eq!(store.check().expect("checks").problems, Vec::<String>::new());
}

/// A title on one machine under two registrations, told by two tools: it goes with the last of them.
#[test]
fn sets_follow_what_is_open_through_imports_undoing_and_forgetting() {
    let mut store = Store::open_in_memory().expect("opens");
    let import = |store: &mut Store, sha256: &str, format: &str, day_of_month: u32, programs: &[Observation]| {
        let batch = BatchHeader {
            file: "x".to_owned(),
            sha256: sha256.to_owned(),
            bytes: 1,
            format: format.to_owned(),
            encoding: None,
            layers: Vec::new(),
            made: None,
            imported: NOW.to_owned(),
            keeps_days: None,
        };
        let mut batch = store.begin_batch(&batch).expect("begins");
        for machine in ["m1", "m2"] {
            let header = header(machine, day_of_month);
            let claim = Claim { hostname: Some(header.machine.hostname.clone()), ..Claim::default() };
            batch.record(&header, NOW, &[Programs], programs, &[], (&claim, JoinRule::New)).expect("records");
        }
        batch.finish(1, 0, &[]).expect("finishes")
    };
    let all = TitleQuery::default();
    let zip = [program("7-Zip", "24.09", "Igor Pavlov")];
    import(&mut store, "a", "fleet", 1, &zip);
    import(&mut store, "b", "glpi-json", 2, &zip);
    assert_eq!(ask(&store, &all), ["7-Zip 24.09 2"]);
    let third = import(&mut store, "c", "fleet", 3, &[program("Other", "1", "x")]);
    assert_eq!(ask(&store, &all), ["7-Zip 24.09 2", "Other 1 2"], "the other tool still tells of it");
    import(&mut store, "d", "glpi-json", 4, &[]);
    assert_eq!(ask(&store, &all), ["Other 1 2"]);
    assert!(store.undo_batch(third, NOW).is_err(), "the fourth builds on it");
    let fourth = store.batches().expect("reads")[0].id;
    store.undo_batch(fourth, NOW).expect("undoes");
    store.undo_batch(third, NOW).expect("undoes");
    assert_eq!(ask(&store, &all), ["7-Zip 24.09 2"]);
    assert_eq!(store.check().expect("checks").problems, Vec::<String>::new());
    record(&mut store, "m2", 20, &[]);
    store.forget(&day(10), ForgetScope::UNSEEN_MACHINES, Trial::Done, NOW).expect("forgets");
    assert_eq!(ask(&store, &all), ["7-Zip 24.09 1"]);
    assert_eq!(store.check().expect("checks").problems, Vec::<String>::new());
    let words: i64 = store.connection.query_row("SELECT count(*) FROM title", [], |row| row.get(0)).expect("counts");
    assert_eq!(words, 1, "titles that are nowhere are forgotten");
}
