//! Hives made by the encoder, sound and damaged at will.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::{Damage, Hive};
use crate::registry::RegistryData;
use crate::testing::hive::{
    Encoded, HiveKey, HiveValue, Layout, Lists, encode, encode_as, entry_log, make_dirty, offset, page_log, seal,
    seal_entries,
};

const UNINSTALL: &str = r"Microsoft\Windows\CurrentVersion\Uninstall";

/// A small hive with everything that names and values can be.
fn sample() -> HiveKey {
    let text = "Windows Registry Editor Version 5.00\n\n\
        [HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Scanner]\n\
        @=\"default\"\n\"DisplayName\"=\"Scanner\"\n\"Size\"=dword:0000000a\n\"Parts\"=hex(7):61,00,00,00,62,00,00,00,00,00\n\
        [HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Другой]\n\"DisplayName\"=\"Другой\"\n\
        [HKLM\\SOFTWARE\\WOW6432Node\\Café]\n\"Имя\"=\"x\"\n";
    let mut root = HiveKey::from_text(text, r"HKLM\SOFTWARE");
    root.at("Long").values.push(HiveValue::new("blob", 3, (0..=255_u8).cycle().take(40_000).collect::<Vec<_>>()));
    root.at("Long").values.push(HiveValue::new("empty", 1, []));
    root
}

/// Keys by path, with their values.
type Keys = BTreeMap<String, Vec<(String, RegistryData)>>;

/// Every key, and the damage met on the way.
fn content(hive: &Hive) -> (Keys, Vec<Damage>) {
    let mut path: Vec<String> = Vec::new();
    let mut keys = BTreeMap::new();
    let mut damage = Vec::new();
    let unreached = hive.walk(&mut |key, depth| {
        path.truncate(depth.saturating_sub(1));
        if depth > 0 {
            path.push(key.name());
        }
        let values = key.values();
        damage.extend(values.damage);
        let values = values.found.into_iter().map(|value| (value.name, value.data)).collect();
        keys.insert(path.join("\\"), values);
    });
    damage.extend(unreached);
    (keys, damage)
}

fn opened(bytes: Vec<u8>) -> Hive {
    Hive::open(bytes, &[]).expect("a hive")
}

fn codes(hive: &Hive) -> Vec<&str> {
    hive.notes().iter().map(|note| note.code.as_ref()).collect()
}

#[test]
fn every_kind_of_list_name_and_value_is_read() {
    let plain = content(&opened(encode(&sample()).bytes));
    assert_eq!(plain.1, []);
    let scanner = &plain.0[&format!("{UNINSTALL}\\Scanner")];
    let text = |text: &str| RegistryData::Text(text.to_owned());
    assert_eq!(scanner[0], (String::new(), text("default")));
    assert_eq!(scanner[2], ("Size".to_owned(), RegistryData::Number(10)));
    assert_eq!(scanner[3].1, RegistryData::Texts(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(plain.0[&format!("{UNINSTALL}\\Другой")][0].1, text("Другой"));
    assert_eq!(plain.0[r"WOW6432Node\Café"][0].0, "Имя");
    let RegistryData::Binary { bytes, .. } = &plain.0["Long"][0].1 else { panic!("{:?}", plain.0["Long"]) };
    assert_eq!((bytes.len(), bytes[30_000]), (40_000, 48));
    assert_eq!(plain.0["Long"][1].1, text(""));

    let layout = Layout::default();
    for other in [
        Layout { lists: Lists::Hinted, ..layout },
        Layout { lists: Lists::Bare, ..layout },
        Layout { most_in_list: 1, ..layout },
        Layout { most_in_list: 1, lists: Lists::Bare, ..layout },
        Layout { minor: 3, ..layout },
        Layout { wide_names: true, ..layout },
    ] {
        assert_eq!(content(&opened(encode_as(&sample(), other).bytes)), plain, "{other:?}");
    }
}

#[test]
fn keys_and_values_are_found_whatever_their_case() {
    let hive = opened(encode(&sample()).bytes);
    let key = hive.key(r"\microsoft\WINDOWS\CurrentVersion\uninstall\ДРУГОЙ\").expect("sound").expect("there");
    assert_eq!(key.name(), "Другой");
    assert_eq!(key.value("DISPLAYNAME").expect("sound"), Some(RegistryData::Text("Другой".to_owned())));
    assert_eq!(key.value("none"), Ok(None));
    assert!(key.last_written() > 0);
    assert_eq!(hive.key_at(key.place()).expect("sound").name(), "Другой");
    assert_eq!(hive.key(r"Microsoft\None\Windows").map(|key| key.is_some()), Ok(false));
    assert_eq!(hive.key(&"a\\".repeat(600)).map(|key| key.is_some()), Ok(false));
}

#[test]
fn a_link_says_where_it_leads() {
    let mut root = sample();
    let target = r"\Registry\Machine\Software\Classes";
    let link = root.at(r"WOW6432Node\Classes");
    link.flags = 0x10;
    let bytes: Vec<u8> = target.encode_utf16().flat_map(u16::to_le_bytes).collect();
    link.values.push(HiveValue::new("SymbolicLinkValue", 6, bytes));
    root.at("Broken").flags = 0x10;
    let hive = opened(encode(&root).bytes);
    let link_of = |path: &str| hive.key(path).expect("sound").expect("there").link();
    assert_eq!(link_of(r"WOW6432Node\Classes"), Ok(Some(target.to_owned())));
    assert_eq!(link_of("Microsoft"), Ok(None));
    assert!(link_of("Broken").is_err());
}

/// What one piece of damage does: which keys are left, and whether a look for what is behind it says so.
#[test]
fn damage_leaves_the_rest_and_is_never_taken_for_absence() {
    let scanner = format!("{UNINSTALL}\\Scanner");
    let sound = encode(&sample());
    let place = |path: &str| sound.place(path).clone();
    let (software, uninstall, product) = (place(""), place(UNINSTALL), place(&scanner));
    let elsewhere = place("Long").offset();
    let outside = 0x7fff_fff8;
    // What is broken, with what, and how many of the keys are left.
    let all = content(&opened(sound.bytes.clone())).0.len();
    let table: &[(&str, usize, u32, usize)] = &[
        ("a list's begin", uninstall.subkeys, 0x5858_0002, all - 2),
        ("a list beyond the file", uninstall.node + 28, outside, all - 2),
        ("a list that is nowhere", uninstall.node + 28, u32::MAX, all - 2),
        ("a list between cells", uninstall.node + 28, 0x21, all - 2),
        ("a list longer than its cell", uninstall.subkeys, u32::from_le_bytes(*b"lh\xff\xff"), all),
        ("a free cell", product.node - 4, 0x60, all - 1),
        ("a cell of no size", product.node - 4, 0xffff_ffff, all - 1),
        ("a cell beyond the file", product.node - 4, 0x8000_0000, all - 1),
        ("a key's begin", product.node, 0x5858_5858, all - 1),
        ("a name longer than its cell", product.node + 72, 0xffff, all - 1),
        ("a key of another parent", product.node + 16, elsewhere, all - 1),
        ("a key listed as its own subkey", uninstall.subkeys + 12, uninstall.offset(), all - 1),
        ("the root among the subkeys", uninstall.subkeys + 12, software.offset(), all - 1),
        ("a key of another branch", uninstall.subkeys + 12, elsewhere, all - 1),
        ("a list that is its own key's", uninstall.node + 28, uninstall.offset(), all - 2),
    ];
    for (what, at, number, left) in table {
        let hive = opened(sound.clone().put(*at, *number).bytes);
        let (keys, damage) = content(&hive);
        // The second element of a list that was broken is the other product.
        let lost = if keys.contains_key(&scanner) { format!("{UNINSTALL}\\Другой") } else { scanner.clone() };
        assert_eq!((keys.len(), damage.is_empty()), (*left, false), "{what}: {damage:?}");
        if *left < all {
            assert!(hive.key(&lost).is_err(), "{what}");
        }
        assert!(hive.key(&format!("{UNINSTALL}\\None")).is_err(), "{what}");
        assert!(matches!(hive.key(r"WOW6432Node\None"), Ok(None)), "{what}");
        assert!(matches!(hive.key(r"WOW6432Node\Café"), Ok(Some(_))), "{what}");
    }
}

#[test]
fn a_cycle_of_keys_ends() {
    // The root's list is also that of a key deep below, and that key's parent is what the root's subkeys name.
    let sound = encode(&sample());
    let all = content(&opened(sound.bytes.clone())).0.len();
    let root = sound.place("").clone();
    let deep = sound.place(&format!("{UNINSTALL}\\Scanner")).clone();
    let looped = sound.put(deep.node + 20, 3).put(deep.node + 28, offset(root.subkeys));
    let (keys, damage) = content(&opened(looped.bytes));
    assert!(keys.len() == all && !damage.is_empty(), "{damage:?}");
}

#[test]
fn shared_lists_and_values_cannot_make_a_small_file_large() {
    // Each of 40,000 keys has the same list of 10,000 values.
    let mut root = HiveKey::new("ROOT");
    root.subkeys = (0..40_000).map(|number| HiveKey::new(&number.to_string())).collect();
    root.at("0").values = (0..10_000).map(|_| HiveValue::text("DisplayName", "x")).collect();
    let mut encoded = encode(&root);
    let list = offset(encoded.place("0").values);
    let nodes: Vec<usize> = encoded.places.values().map(|place| place.node).collect();
    for node in nodes {
        encoded = encoded.put(node + 36, 10_000).put(node + 40, list);
    }
    let hive = opened(encoded.bytes);
    let mut found = 0;
    hive.walk(&mut |key, _| found += key.values().found.len());
    assert!(found < 10_000_000, "{found}");
    assert!(hive.key("0").is_err(), "the effort is spent");
}

#[test]
fn values_that_contradict_themselves_are_left_out() {
    let product = format!("{UNINSTALL}\\Scanner");
    let sound = encode(&sample());
    let place = sound.place(&product).clone();
    let long = sound.place("Long").clone();
    let table: &[(&str, usize, u32)] = &[
        ("a value's begin", place.value[1], 0x5858_5858),
        ("a name longer than its cell", place.value[1], u32::from_le_bytes(*b"vk\xff\xff")),
        ("data longer than its cell", place.value[1] + 4, 0x1000),
        ("data longer than is read", place.value[1] + 4, 0x7fff_ffff),
        ("data beyond the file", place.value[1] + 8, 0x7fff_fff8),
        ("more data in the value than fits", place.value[1] + 4, 0x8000_0005),
        ("a value beyond the file", place.values + 4, 0x7fff_fff8),
        ("a value listed twice", place.values + 4, offset(place.value[0])),
    ];
    for (what, at, number) in table {
        let hive = opened(sound.clone().put(*at, *number).bytes);
        let key = hive.key(&product).expect("sound").expect("there");
        let values = key.values();
        assert_eq!((values.found.len(), values.damage.len()), (3, 1), "{what}: {values:?}");
        assert!(key.value("DisplayName").is_err(), "{what}");
        assert_eq!(key.value("Size"), Ok(Some(RegistryData::Number(10))), "{what}");
    }
    for (what, at, number) in [
        ("the list of values beyond the file", place.node + 40, 0x7fff_fff8),
        ("the list of values nowhere", place.node + 40, u32::MAX),
    ] {
        let hive = opened(sound.clone().put(at, number).bytes);
        let key = hive.key(&product).expect("sound").expect("there");
        assert!(key.value("Size").is_err() && key.values().found.is_empty(), "{what}");
    }
    // The cell of the pieces: its count, and its list.
    let cell = sound.bytes[long.value[0] + 8..long.value[0] + 12].try_into().map(u32::from_le_bytes).expect("four");
    let cell = cell as usize + 4 + 4096;
    for (what, at, number) in [
        ("pieces missing", cell, u32::from_le_bytes(*b"db\x01\x00")),
        ("pieces beyond the file", cell + 4, 0x7fff_fff8),
    ] {
        let hive = opened(sound.clone().put(at, number).bytes);
        let values = hive.key("Long").expect("sound").expect("there").values();
        assert_eq!((values.found.len(), values.damage.len()), (1, 1), "{what}");
    }
}

#[test]
fn a_handle_in_the_place_of_values_is_not_read_as_values() {
    let mut root = sample();
    root.at("Handle").flags = 0x40;
    let encoded = encode(&root);
    let place = encoded.place("Handle").clone();
    let hive = opened(encoded.put(place.node + 36, 0x8000_0002).bytes);
    assert_eq!(hive.key("Handle").expect("sound").expect("there").values(), super::Listed::default());
}

#[test]
fn what_is_no_hive_or_has_no_root_is_an_error() {
    let sound = encode(&sample()).bytes;
    let no_root = Encoded { bytes: sound.clone(), ..encode(&sample()) }.put(4096 + 0x20 + 4, 0).bytes;
    for bytes in [vec![], b"regf".to_vec(), sound[..4095].to_vec(), sound[..4096].to_vec(), vec![0; 8192], no_root] {
        assert!(Hive::open(bytes, &[]).is_err());
    }
    assert!(Hive::is_hive(&sound[..64]) && !Hive::is_log(&sound[..64]));
    let log = entry_log(&[&sound, &sound]);
    assert!(Hive::is_log(&log[..64]) && !Hive::is_hive(&log[..64]));
    assert!(!Hive::is_hive(b"regf") || !Hive::is_log(b"regf"));
}

#[test]
fn a_truncated_hive_yields_what_is_left() {
    let mut root = HiveKey::new("ROOT");
    for number in 0..200 {
        root.at(&format!("key{number:03}")).values.push(HiveValue::text("text", &"x".repeat(100)));
    }
    let sound = encode(&root).bytes;
    let mut left = 201;
    for length in (8192..sound.len()).step_by(4096).collect::<Vec<_>>().into_iter().rev() {
        let hive = opened(sound[..length].to_vec());
        assert!(codes(&hive).contains(&"formats/hive-truncated"));
        assert!(hive.key("key199").is_err());
        let (keys, damage) = content(&hive);
        assert!(keys.len() < left && !damage.is_empty(), "{length}: {} of {left}", keys.len());
        left = keys.len();
    }
    assert!(left > 1, "the first block holds keys");
}

#[test]
fn a_damaged_header_is_said_and_worked_around() {
    let sound = encode(&sample()).bytes;
    let whole = content(&opened(sound.clone())).0;
    let broken = |at: usize, number: u32| Encoded { bytes: sound.clone(), ..encode(&sample()) }.put(at, number).bytes;
    // The length without the checksum, the place of the root, the checksum alone.
    for (at, number) in [(40, 0), (36, 0x7fff_fff8), (508, 7)] {
        let hive = opened(broken(at, number));
        assert_eq!(content(&hive).0, whole, "{at}");
        assert!(codes(&hive).contains(&"formats/hive-header"), "{at}: {:?}", codes(&hive));
        assert!(codes(&hive).contains(&"formats/hive-dirty"), "{at}: {:?}", codes(&hive));
    }
    let hive = opened(broken(4096, 0));
    assert_eq!((content(&hive).0, codes(&hive)), (whole, vec!["formats/hive-bin"]));
}

/// Three states of a hive, each with one key more and one value changed.
fn states() -> [Vec<u8>; 3] {
    let mut root = sample();
    let mut next = |name: &str| {
        let key = root.at(&format!("{UNINSTALL}\\{name}"));
        // Long, so that the hive grows by blocks.
        key.values.push(HiveValue::text("DisplayName", &name.repeat(3000)));
        encode(&root).bytes
    };
    [next("first"), next("second"), next("third")]
}

fn products(hive: &Hive) -> usize {
    hive.key(UNINSTALL).expect("sound").expect("there").subkeys().found.len()
}

/// What is tried, the logs, how many products there are then, and what is said.
type LogRow<'a> = (&'a str, &'a [&'a [u8]], usize, &'a [&'a str]);

#[test]
fn a_dirty_hive_is_completed_from_its_logs() {
    let [first, second, third] = states();
    let mut dirty = first.clone();
    make_dirty(&mut dirty);
    let both = entry_log(&[&first, &second, &third]);
    let begin = entry_log(&[&first, &second]);
    let mut later_state = second.clone();
    later_state[4..12].copy_from_slice(&[8, 0, 0, 0, 8, 0, 0, 0]);
    let rest = entry_log(&[&later_state, &third]);
    let mut bad_hash = both.clone();
    let last = bad_hash.len() - 1;
    bad_hash[last] ^= 1;
    let mut bad_header = both.clone();
    bad_header[100] ^= 1;
    let pages = page_log(&first, &third);
    let (done, some, none) = (["formats/hive-recovered"], ["formats/hive-recovered"], ["formats/hive-dirty"]);
    let table: &[LogRow<'_>] = &[
        ("no log", &[], 3, &none),
        ("empty logs", &[&[], &[]], 3, &none),
        ("one log", &[&both], 5, &done),
        ("two logs", &[&begin, &rest], 5, &done),
        ("two logs the other way round", &[&rest, &begin], 5, &done),
        ("a log that begins later", &[&rest], 3, &none),
        ("a log whose second entry is broken", &[&bad_hash], 4, &some),
        ("a log without a sound header", &[&bad_header], 3, &["formats/hive-log", "formats/hive-dirty"]),
        ("a log of the older format", &[&pages], 5, &done),
        ("something else", &[b"regf"], 3, &["formats/hive-log", "formats/hive-dirty"]),
    ];
    for (what, logs, expected, expected_codes) in table {
        let hive = Hive::open(dirty.clone(), logs).expect("a hive");
        assert_eq!((products(&hive), codes(&hive)), (*expected, expected_codes.to_vec()), "{what}");
        assert_eq!(content(&hive).1, [], "{what}");
    }
    // A hive that is not dirty needs no log, however new.
    assert_eq!(products(&Hive::open(first.clone(), &[&both]).expect("a hive")), 3);
    // One whose header is broken takes it from the log.
    let mut headless = dirty.clone();
    headless[36..44].fill(0xff);
    for log in [&both, &pages] {
        let hive = Hive::open(headless.clone(), &[log]).expect("a hive");
        assert_eq!((products(&hive), codes(&hive)), (5, done.to_vec()));
    }
}

#[test]
fn a_log_cannot_make_a_hive_larger_than_what_it_brings() {
    let [first, second, _] = states();
    let mut dirty = first.clone();
    make_dirty(&mut dirty);
    let mut log = entry_log(&[&first, &second]);
    log[512 + 16..512 + 20].copy_from_slice(&0xffff_f000_u32.to_le_bytes());
    seal_entries(&mut log);
    let hive = Hive::open(dirty.clone(), &[&log]).expect("a hive");
    assert!(hive.bytes.len() <= dirty.len() + log.len());
    assert_eq!(products(&hive), 4);
    let mut pages = page_log(&first, &second);
    pages[40..44].copy_from_slice(&0xffff_f000_u32.to_le_bytes());
    seal(&mut pages);
    assert_eq!(products(&Hive::open(dirty, &[&pages]).expect("a hive")), 3);
}

/// Vectors of the implementation in .NET: `System/MarvinTests.cs`.
#[test]
fn the_hash_is_marvin() {
    let seed = 0x004f_b61a_001b_dbcc;
    for (bytes, expected) in [
        (&[][..], 0x30ed_35c1_00cd_3c7d),
        (&[0xaf], 0x48e7_3fc7_7d75_ddc1),
        (&[0xe7, 0x0f], 0xb5f6_e1fc_485d_bff8),
        (&[0x37, 0xf4, 0x95], 0xf0b0_7c78_9b8c_f7e8),
        (&[0x86, 0x42, 0xdc, 0x59], 0x7008_f2e8_7e9c_f556),
    ] {
        assert_eq!(super::log::marvin(seed, bytes), expected, "{bytes:?}");
    }
}

/// Opens and walks whatever bytes these are.
fn exhaust(bytes: Vec<u8>, logs: &[&[u8]]) {
    let begun = bytes.len();
    if let Ok(hive) = Hive::open(bytes, logs) {
        let (keys, _) = content(&hive);
        // A tree of cells of at least 80 bytes each.
        assert!(keys.len() <= (begun + logs.iter().map(|log| log.len()).sum::<usize>()) / 80 + 1);
        let _ = hive.key(&format!("{UNINSTALL}\\Scanner"));
    }
}

/// The states, and the log that leads from one to the next: the same for every case, so they are made once.
static STATES: LazyLock<([Vec<u8>; 3], Vec<u8>)> = LazyLock::new(|| {
    let states = states();
    let log = entry_log(&[&states[0], &states[1], &states[2]]);
    (states, log)
});

proptest! {
    #[test]
    fn any_bytes_end(bytes in proptest::collection::vec(any::<u8>(), 0..10_000)) {
        exhaust(bytes.clone(), &[]);
        let mut hive = STATES.0[0].clone();
        let length = hive.len().min(4096 + bytes.len());
        hive[4096..length].copy_from_slice(&bytes[..length - 4096]);
        exhaust(hive, &[]);
    }

    #[test]
    fn any_mutation_ends(
        words in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..40),
        bytes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..40),
        end in any::<prop::sample::Index>(),
        log in any::<bool>(),
    ) {
        let (mut hive, mut entries) = (STATES.0[0].clone(), STATES.1.clone());
        make_dirty(&mut hive);
        let changed = if log { &mut entries } else { &mut hive };
        // A number of the file in another place leads to cells that exist: loops, and lists that are shared.
        for (from, to) in words {
            let (from, to) = (from.index(changed.len() / 4) * 4, to.index(changed.len() / 4) * 4);
            changed.copy_within(from..from + 4, to);
        }
        for (at, byte) in bytes {
            let at = at.index(changed.len());
            changed[at] = byte;
        }
        changed.truncate(changed.len().min(end.index(2 * changed.len())));
        seal_entries(&mut entries);
        if entries.len() >= 512 {
            seal(&mut entries);
        }
        exhaust(hive, &[&entries]);
    }
}
