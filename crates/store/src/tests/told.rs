//! What is told of without a machine: each thing once, the newest telling of each tool, gone with the import.

use interdict_model::{Observation, ObservationSource};

use super::{NOW, day};
use crate::{BatchHeader, BatchTitle, ForgetScope, Store, Telling, Tellings, Trial};

fn title(name: &str, version: &str, devices: Option<u64>) -> BatchTitle {
    let mut observation = Observation::new(ObservationSource::Import);
    observation.name = Some(name.to_owned());
    observation.version = Some(version.to_owned()).filter(|version| !version.is_empty());
    observation.publisher = Some("АО «Лаборатория Касперского»".to_owned());
    BatchTitle { observation, devices }
}

/// Imports a list as it was on a day.
fn import(store: &mut Store, format: &str, of: u32, titles: &[BatchTitle]) -> i64 {
    let header = BatchHeader {
        file: format!("{format}-{of}.csv"),
        sha256: format!("{format}{of}"),
        bytes: 1,
        format: format.to_owned(),
        encoding: None,
        layers: Vec::new(),
        made: Some(day(of)),
        imported: NOW.to_owned(),
        keeps_days: None,
    };
    let mut batch = store.begin_batch(&header).expect("begins");
    for title in titles {
        batch.title(title).expect("keeps");
    }
    batch.finish(titles.len() as u64, 0, &[]).expect("finishes")
}

/// Everything told, as `name version: tool count @day +newer`.
fn told(store: &Store) -> Vec<String> {
    let mut ids = Vec::new();
    store.each_told(|told| ids.push(told.id)).expect("reads");
    let telling = |telling: &Telling| {
        let devices = telling.devices.map_or_else(|| "-".to_owned(), |devices| devices.to_string());
        format!("{} {devices} @{} +{}", telling.origin, &telling.at[8..10], telling.newer)
    };
    let titles = store.told_titles(&ids).expect("reads");
    assert_eq!(titles.iter().map(|title| title.id).collect::<Vec<_>>(), ids, "in the order asked for");
    let line = |title: &crate::ToldTitle| {
        let tellings: Vec<String> = title.tellings.iter().map(telling).collect();
        format!("{} {}: {}", title.name, title.version.as_deref().unwrap_or("?"), tellings.join(", "))
    };
    titles.iter().map(line).collect()
}

#[test]
fn the_newest_telling_of_each_tool_counts_and_an_undo_brings_back_the_one_before() {
    let mut store = Store::open_in_memory().expect("opens");
    import(&mut store, "intune-aggregate", 1, &[title("Kaspersky", "12", Some(5)), title("7-Zip", "", Some(40))]);
    let newest = import(&mut store, "intune-aggregate", 9, &[title("Kaspersky", "12", Some(3))]);
    // An older list that comes later says nothing newer.
    let late = import(&mut store, "intune-aggregate", 4, &[title("Kaspersky", "12", Some(4))]);
    let bought = import(&mut store, "snipe-it", 5, &[title("Kaspersky", "12", None)]);
    assert_eq!(
        told(&store),
        ["7-Zip ?: intune-aggregate 40 @01 +2", "Kaspersky 12: intune-aggregate 3 @09 +0, snipe-it - @05 +0"]
    );
    store.undo_batch(newest, NOW).expect("undoes");
    assert_eq!(
        told(&store),
        ["7-Zip ?: intune-aggregate 40 @01 +1", "Kaspersky 12: snipe-it - @05 +0, intune-aggregate 4 @04 +0"]
    );
    store.undo_batch(late, NOW).expect("undoes");
    store.undo_batch(bought, NOW).expect("undoes");
    assert_eq!(told(&store), ["7-Zip ?: intune-aggregate 40 @01 +0", "Kaspersky 12: intune-aggregate 5 @01 +0"]);
    assert!(store.check().expect("checks").is_sound());
}

#[test]
fn what_an_import_alone_told_of_is_gone_with_it() {
    let mut store = Store::open_in_memory().expect("opens");
    let id = import(&mut store, "fleet", 1, &[title("Kaspersky", "12", Some(5))]);
    assert_eq!(store.told_with_words("касперск").expect("asks").len(), 1, "by its publisher, in any script");
    assert_eq!(store.told_named("Kaspersky", "АО «Лаборатория Касперского»").expect("asks").len(), 1);
    store.undo_batch(id, NOW).expect("undoes");
    assert_eq!(told(&store), [""; 0]);
    assert_eq!(store.told_with_words("kaspersky").expect("asks"), [] as [i64; 0]);
    assert!(store.check().expect("checks").is_sound());
    import(&mut store, "fleet", 1, &[title("Kaspersky", "12", Some(5))]);
    assert_eq!(store.told_with_words("kaspersky gmbh").expect("asks").len(), 0);
    assert_eq!(store.told_with_words("kaspersky").expect("asks").len(), 1);
}

#[test]
fn a_file_that_lists_a_thing_twice_has_the_sum() {
    let mut store = Store::open_in_memory().expect("opens");
    let rows = [
        title("a", "1", Some(5)),
        title("a", "1", Some(7)),
        title("a", "1", None),
        title("A", "1", None),
        title("A", "1", Some(2)),
        title("b", "1", Some(u64::MAX)),
        title("b", "1", Some(u64::MAX)),
        title("c", "1", None),
    ];
    let id = import(&mut store, "table", 1, &rows);
    assert_eq!(store.batch(id).expect("reads").expect("known").titles, 8, "records are counted as they are");
    let most = (1_u64 << 63) - 2;
    assert_eq!(
        told(&store),
        [
            "A 1: table 2 @01 +0".to_owned(),
            "a 1: table 12 @01 +0".to_owned(),
            format!("b 1: table {most} @01 +0"),
            "c 1: table - @01 +0".to_owned()
        ]
    );
}

#[test]
fn what_names_no_machine_outlives_forgetting_and_can_still_be_undone() {
    let mut store = Store::open_in_memory().expect("opens");
    let id = import(&mut store, "fleet", 1, &[title("Kaspersky", "12", Some(5))]);
    store.forget("2026-11-24T00:00:00Z", ForgetScope::UNSEEN_MACHINES, Trial::Done, NOW).expect("forgets");
    assert_eq!(told(&store), ["Kaspersky 12: fleet 5 @01 +0"]);
    store.undo_batch(id, NOW).expect("nothing was before it");
    assert_eq!(told(&store), [""; 0]);
}

#[test]
fn what_was_told_before_the_day_is_forgotten_where_that_is_asked_for_and_nothing_else() {
    let mut store = Store::open_in_memory().expect("opens");
    let first = import(&mut store, "fleet", 1, &[title("Kaspersky", "12", Some(5)), title("7-Zip", "", Some(40))]);
    import(&mut store, "snipe-it", 2, &[title("7-Zip", "", None), title("Kaspersky", "12", None)]);
    let newest = import(&mut store, "fleet", 4, &[title("Kaspersky", "12", Some(3))]);
    let before = told(&store);
    let scope = ForgetScope { tellings: Tellings::ForgetOld, ..ForgetScope::PAST };
    let at_its_hour = day(4);
    let head = store.log_head().expect("reads");
    let tried = store.forget(&at_its_hour, scope, Trial::Tried, NOW).expect("tries");
    assert_eq!((tried.tellings, tried.told_titles), (4, 1), "of Kaspersky somebody has told since");
    assert_eq!((told(&store), store.log_head().expect("reads")), (before.clone(), head), "only tried");
    let kept = store.forget(&at_its_hour, ForgetScope::UNSEEN_MACHINES, Trial::Done, NOW).expect("forgets");
    assert_eq!((kept.tellings, kept.told_titles, told(&store)), (0, 0, before), "not asked for");

    assert_eq!(store.forget(&at_its_hour, scope, Trial::Done, NOW).expect("forgets"), tried);
    assert_eq!(told(&store), ["Kaspersky 12: fleet 3 @04 +0"], "told at that very second is not before it");
    assert_eq!(store.told_with_words("7-zip").expect("asks"), [] as [i64; 0]);
    assert!(store.check().expect("checks").is_sound());
    let entry = store.log_entries(0, None).expect("reads").pop().expect("an entry");
    assert!(entry.body.contains(r#""old_tellings":true"#) && entry.body.contains(r#""tellings":4"#), "{}", entry.body);

    store.undo_batch(newest, NOW).expect("undoes");
    assert_eq!(told(&store), [""; 0], "what was before is forgotten, and does not come back");
    store.undo_batch(first, NOW).expect("what has nothing left can be undone, too");
    assert_eq!(store.told_with_words("kaspersky").expect("asks"), [] as [i64; 0]);
    assert!(store.check().expect("checks").is_sound());
    import(&mut store, "fleet", 1, &[title("Kaspersky", "12", Some(5))]);
    assert_eq!(told(&store), ["Kaspersky 12: fleet 5 @01 +0"], "and imported again");
}

#[test]
fn what_was_told_before_this_version_stays_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("interdict.db");
    let mut connection = rusqlite::Connection::open(&path).expect("opens");
    connection.pragma_update(None, "application_id", crate::schema::APPLICATION_ID).expect("sets");
    crate::schema::migrate(&mut connection, &crate::schema::MIGRATIONS[..8]).expect("migrates");
    connection
        .execute_batch(
            "INSERT INTO batch (id, file, sha256, bytes, format, layers, made, imported, used, rejected, machines, titles)
                 VALUES (1, 'x.csv', 'a', 1, 'fleet', '[]', '2026-11-03T08:00:00Z', '2026-11-22T18:00:00Z', 4, 0, 0, 4);
             INSERT INTO batch_title (batch, ord, source, name, version, publisher, identifier, devices) VALUES
                 (1, 0, 'import', 'Kaspersky', '12', 'AO Kaspersky Lab', NULL, 5),
                 (1, 1, 'import', 'Kaspersky', '12', 'AO Kaspersky Lab', NULL, 2),
                 (1, 2, 'import', NULL, NULL, NULL, 'cpe:/a:kaspersky:x', NULL),
                 (1, 3, 'import', 'kaspersky', '12', 'AO Kaspersky Lab', NULL, NULL);",
        )
        .expect("fills");
    drop(connection);
    let store = Store::open(&path, NOW).expect("upgrades");
    assert_eq!(
        told(&store),
        ["cpe:/a:kaspersky:x ?: fleet - @03 +0", "Kaspersky 12: fleet 7 @03 +0", "kaspersky 12: fleet - @03 +0"]
    );
    assert_eq!(store.told_with_words("lab kasper").expect("asks").len(), 2);
    assert!(store.check().expect("checks").is_sound());
}
