//! The table of tiers says what `assess` says: over the built-in catalogue, and over made-up ones full of owners who come
//! and go, lists that rules extend, conditions, carve-outs and unsure days.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use interdict_assess::{Circumstances, TierTable, assess};
use interdict_catalogue::{Catalogue, SourceFile, builtin, parse};
use interdict_model::{Activity, Condition, Day, Precision, ProfileId, Subject};
use proptest::prelude::*;

/// Compares tiers and headlines of one question.
#[track_caller]
fn assert_alike(
    catalogue: &Catalogue,
    table: &TierTable,
    askers: &[Circumstances],
    subject: &Subject,
    asker: usize,
    day: Day,
) {
    let verdict = assess(catalogue, subject, &askers[asker].clone().on(day));
    let row = table.subject(subject).unwrap_or_else(|| panic!("{subject:?} is not in the table"));
    let tiers = row.on(asker, day).unwrap_or_else(|| panic!("no tiers of {subject:?} for {asker}"));
    let told = || format!("{subject:?} on {day} for {:?}", askers[asker]);
    for activity in Activity::ALL {
        assert_eq!(tiers.of(*activity), verdict.activities[activity].tier, "{activity} of {}", told());
    }
    assert_eq!(tiers.headline, verdict.headline, "{}", told());
    assert_eq!(tiers.worst(), verdict.tier, "{}", told());
}

fn subjects(catalogue: &Catalogue) -> Vec<Subject> {
    let vendors = catalogue.vendors().iter().map(|vendor| Subject::Vendor { vendor: vendor.id.clone() });
    let products = catalogue
        .products()
        .map(|product| Subject::Product { vendor: product.vendor.clone(), product: product.id.clone() });
    vendors.chain(products).collect()
}

/// Each profile by itself, some together, and some that know more.
fn askers(catalogue: &Catalogue) -> Vec<Circumstances> {
    let ids: Vec<ProfileId> = catalogue.profiles().iter().map(|profile| profile.id.clone()).collect();
    let of = |ids: &[ProfileId]| Circumstances::of_profiles(catalogue, ids, Day::UNKNOWN);
    let mut askers: Vec<Circumstances> = ids.chunks(1).map(of).collect();
    askers.extend(ids.chunks(3).map(of));
    askers.push(of(&ids));
    for condition in Condition::ALL {
        askers.push(of(&ids).knowing(*condition, true));
        askers.push(of(&ids).knowing(*condition, false));
    }
    askers
}

/// Every day on which anything may change, with the days around it.
fn days(catalogue: &Catalogue) -> Vec<Day> {
    let mut days = BTreeSet::new();
    for restriction in catalogue.restrictions() {
        days.insert(restriction.announced);
        days.extend(restriction.standing.iter().map(|span| span.from));
        for effect in &restriction.effects {
            days.extend(effect.announced);
            for (day, precision) in [(Some(effect.from), effect.from_precision), (effect.until, effect.until_precision)]
            {
                days.extend(day.map(|day| day.possible_from(precision)));
                days.extend(day.map(|day| day.certain_from(precision)));
            }
        }
    }
    let relations = catalogue.vendors().iter().flat_map(|vendor| &vendor.relations);
    days.extend(relations.flat_map(|relation| relation.from.into_iter().chain(relation.until)));
    days.iter().flat_map(|day| [day.previous(), *day, day.next()]).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Every subject of the built-in catalogue; for which askers and days goes round, so that each comes up with many subjects.
#[test]
fn the_table_says_what_assess_says_of_the_built_in_catalogue() {
    let (catalogue, _) = builtin();
    let (askers, days) = (askers(&catalogue), days(&catalogue));
    let table = TierTable::new(&catalogue, &askers);
    let mut turn = 0_usize;
    for subject in subjects(&catalogue) {
        let vendor = match &subject {
            Subject::Vendor { vendor } | Subject::Product { vendor, .. } => vendor,
            Subject::Party { .. } => continue,
        };
        let is_spoken_of = catalogue.restrictions_of(vendor).next().is_some();
        let is_owned = catalogue.vendor(vendor).is_some_and(|vendor| !vendor.relations.is_empty());
        for _ in 0..if is_spoken_of || is_owned { 120 } else { 12 } {
            // Strides without a common divisor with most lengths visit everything in time.
            turn += 1;
            let (asker, day) = (turn * 37 % askers.len(), days[turn * 101 % days.len()]);
            assert_alike(&catalogue, &table, &askers, &subject, asker, day);
        }
    }
}

/// The founding vendor: every product for every profile, on every third day, so that three profiles meet every day.
#[test]
#[ignore = "long: a million verdicts"]
fn the_table_says_what_assess_says_of_the_founding_vendor() {
    let (catalogue, _) = builtin();
    let (askers, days) = (askers(&catalogue), days(&catalogue));
    let table = TierTable::new(&catalogue, &askers);
    let of_kaspersky = |subject: &Subject| match subject {
        Subject::Vendor { vendor } | Subject::Product { vendor, .. } => vendor.as_str() == "kaspersky",
        Subject::Party { .. } => false,
    };
    for subject in subjects(&catalogue).into_iter().filter(of_kaspersky) {
        for asker in 0..catalogue.profiles().len() {
            for day in days.iter().skip(asker % 3).step_by(3) {
                assert_alike(&catalogue, &table, &askers, &subject, asker, *day);
            }
        }
    }
}

#[test]
fn who_is_not_in_the_table_is_nobody() {
    let (catalogue, _) = builtin();
    let table = TierTable::new(&catalogue, &[]);
    assert!(table.subject(&Subject::Vendor { vendor: "nobody".into() }).is_none());
    let kaspersky = table.subject(&Subject::Vendor { vendor: "kaspersky".into() }).expect("the founding vendor");
    assert!(kaspersky.on(0, Day::UNKNOWN).is_none(), "there is no asker");
}

// --- made-up catalogues ---

const DAYS: [&str; 6] = ["2020-02-10", "2020-07-01", "2021-01-01", "2021-12-31", "2022-03-15", "2023-06-30"];
const VENDORS: [&str; 4] = ["acme", "bolt", "crux", "dyne"];
/// Stands for a source.
const KNOWN: &str = "confidence = \"known\"\n";

/// One of some words, or nothing where nothing is among them.
fn word(words: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(words)
}

fn day() -> impl Strategy<Value = &'static str> {
    word(&DAYS)
}

fn vendor_name() -> impl Strategy<Value = &'static str> {
    word(&VENDORS)
}

/// A relation to another vendor, for some time.
fn relation() -> impl Strategy<Value = String> {
    let kind = word(&["owned-by", "owned-by", "owned-by", "successor-of", "split-from"]);
    (kind, vendor_name(), prop::option::of(day()), prop::option::of(day())).prop_map(|(kind, vendor, from, until)| {
        let from = from.map_or(String::new(), |day| format!("from = {day}\n"));
        let until = until.map_or(String::new(), |day| format!("until = {day}\n"));
        format!("[[relation]]\nkind = \"{kind}\"\nvendor = \"{vendor}\"\n{from}{until}says = \"So it is.\"\n{KNOWN}")
    })
}

/// A vendor with a company, a person, three products, and some of all that a scope may ask for.
fn vendor(id: &'static str) -> impl Strategy<Value = SourceFile> {
    let goods = word(&[
        "",
        "",
        "[[goods]]\nkind = \"foreign-software\"\nbelongs = true\nsays = \"It is.\"\nconfidence = \"known\"\n",
        "[[goods]]\nkind = \"foreign-software\"\nbelongs = false\nsays = \"It is not.\"\nconfidence = \"known\"\n",
        "[[goods]]\nkind = \"consumer-router\"\nbelongs = true\nsays = \"It is.\"\nconfidence = \"known\"\n",
    ]);
    let classes =
        word(&["[\"anti-virus\"]", "[\"backup\"]", "[\"anti-virus\", \"backup\"]", "[]", "[\"threat-intelligence\"]"]);
    let is_router = any::<bool>();
    let embeds = prop::option::of(vendor_name());
    (prop::collection::vec(relation(), 0..3), goods, prop::collection::vec(classes, 2), is_router, embeds).prop_map(
        move |(relations, goods, classes, is_router, embeds)| {
            let mut text = format!("id = \"{id}\"\nname = \"{id}\"\n");
            text += &relations.concat();
            text += goods;
            for what in ["legal-entity", "person"] {
                let role = if what == "person" { "role = \"chief\"\n" } else { "" };
                let _ = write!(text, "[[{what}]]\nid = \"{id}-{what}\"\nname = \"{id} {what}\"\n{role}{KNOWN}");
            }
            for (name, classes) in ["one", "two"].iter().zip(classes) {
                let _ = write!(text, "[[product]]\nid = \"{id}.{name}\"\nname = \"{name}\"\n");
                let _ = write!(text, "classes = {classes}\ncategory = \"other\"\n");
            }
            if is_router {
                text += "goods = [\"consumer-router\"]\n";
            }
            if let Some(engine) = embeds {
                let _ = write!(text, "[[embeds]]\nproduct = \"{id}.one\"\nengine-vendor = \"{engine}\"\n");
                let _ = write!(text, "says = \"It is said to.\"\n{KNOWN}");
            }
            SourceFile::new(format!("vendors/{id}.toml"), text)
        },
    )
}

fn effect() -> impl Strategy<Value = String> {
    let does = word(&[
        "force = \"forbids\"\nactivities = [\"use\", \"buy\", \"deal-with\"]\nbinds = [\"us-person\"]\n",
        "force = \"forbids\"\nactivities = [\"use\", \"update\"]\nbinds = [\"ca-federal\"]\nwhen = [\"device:mobile\"]\n",
        "force = \"forbids\"\nactivities = [\"deal-with\", \"resell\"]\nbinds = [\"vendor-group\"]\ncounterparty = [\"us-person\"]\n",
        "force = \"limits\"\nactivities = [\"export-to\", \"use\"]\nbinds = [\"anyone\"]\n",
        "force = \"requires\"\nactivities = [\"report\"]\nbinds = [\"us-person\"]\ntrigger = \"when found\"\n",
        "force = \"requires\"\nactivities = [\"remove\"]\nbinds = [\"ca-federal\"]\n",
        "force = \"warns\"\nactivities = [\"use\", \"renew\"]\naddressed = [\"de-entity\"]\n",
    ]);
    let narrows = word(&[
        "",
        "",
        "",
        "product-classes = [\"backup\"]\n",
        "vendors = [\"bolt\"]\n",
        "entities = [\"acme-legal-entity\"]\n",
        "goods = [\"consumer-router\"]\n",
        "persons = [\"crux-person\"]\n",
        "embedded = \"covered\"\n",
        "verification = \"unverified\"\n",
    ]);
    let precision = word(&["day", "month", "year"]);
    (does, day(), prop::option::of(day()), precision, narrows).prop_map(|(does, from, until, precision, narrows)| {
        let until = until.map_or(String::new(), |day| format!("until = {day}\nuntil-precision = \"{precision}\"\n"));
        format!(
            "[[effect]]\n{does}from = {from}\nfrom-precision = \"{precision}\"\n{until}{narrows}measure = \"warning\"\n"
        )
    })
}

fn restriction(id: String) -> impl Strategy<Value = SourceFile> {
    let scope = word(&[
        "vendors = [\"acme\"]\n",
        "vendors = [\"bolt\", \"crux\"]\nproduct-classes = [\"anti-virus\"]\nembedded = \"covered\"\n",
        "vendors = [\"dyne\"]\nexcept-classes = [\"threat-intelligence\"]\nembedded = \"not-covered\"\n",
        "entities = [\"acme-legal-entity\", \"crux-legal-entity\"]\n",
        "entities = [\"bolt-legal-entity\"]\npersons = [{ id = \"bolt-person\" }]\n",
        "persons = [{ id = \"crux-person\" }, { id = \"dyne-person\" }]\n",
        "goods = [\"foreign-software\"]\n",
        "goods = [\"consumer-router\"]\n",
        "extends = [\"entity-list\"]\n",
    ]);
    let instrument = word(&["rule", "entity-list"]);
    let standing = prop::option::of((day(), word(&["suspended", "ended", "contested"])));
    let effects = prop::collection::vec(effect(), 1..4);
    (scope, instrument, day(), standing, effects).prop_map(move |(scope, instrument, announced, standing, effects)| {
        let later = standing.map_or(String::new(), |(day, is)| format!("[[standing]]\nfrom = {day}\nis = \"{is}\"\n"));
        let head = format!(
            "id = \"{id}\"\nissuer = \"us-x\"\ninstrument = \"{instrument}\"\nverification = \"primary\"\nannounced = {announced}\n"
        );
        let stands = "[[standing]]\nfrom = 2020-01-01\nis = \"in-force\"\n";
        let text = format!("```toml\n{head}{stands}{later}[scope]\n{scope}{}```\n# Test\nText.\n", effects.concat());
        SourceFile::new(format!("restrictions/us/{id}.md"), text)
    })
}

fn catalogue_files() -> impl Strategy<Value = Vec<SourceFile>> {
    let restrictions: Vec<_> = (0..5).map(|number| restriction(format!("us-test-{number}"))).collect();
    (VENDORS.map(vendor), restrictions).prop_map(|(vendors, restrictions)| {
        let profile = |id: &str, more: &str| {
            SourceFile::new(format!("profiles/{id}.toml"), format!("id = \"{id}\"\ntitle = \"{id}\"\n{more}\n"))
        };
        let mut files = vec![
            SourceFile::new("catalogue.toml", "format = 1\nversion = \"t\"\ndate = 2026-01-01\n"),
            SourceFile::new(
                "issuers/us-x.toml",
                "id = \"us-x\"\nname = \"X\"\nshort-name = \"X\"\njurisdiction = \"us\"\n",
            ),
            profile("us-private", "capacities = [\"us-person\", \"anyone\"]"),
            profile("ca-federal", "capacities = [\"ca-federal\", \"anyone\"]\npurchase-activities = [\"update\"]"),
            profile("de-private", "capacities = [\"de-entity\", \"anyone\"]"),
            profile("research", "capacities = []"),
        ];
        files.extend(vendors);
        files.extend(restrictions);
        files
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_table_says_what_assess_says_of_any_catalogue(files in catalogue_files()) {
        let (catalogue, found) = parse(&files);
        // Days the wrong way round and owners in circles are complained of; such a catalogue is judged all the same.
        let expected = ["catalogue/span-order", "catalogue/standing-order", "catalogue/circular-owner"];
        let unexpected: Vec<_> = found.iter().filter(|one| !expected.contains(&one.code.as_ref())).collect();
        prop_assert!(unexpected.is_empty(), "{unexpected:?}");
        let askers = askers(&catalogue);
        let table = TierTable::new(&catalogue, &askers);
        let mut turn = 0_usize;
        for subject in subjects(&catalogue) {
            for text in DAYS {
                let day: Day = text.parse().expect("a day");
                let unsure = [day.possible_from(Precision::Month), day.certain_from(Precision::Year)];
                for day in [day.previous(), day, day.next()].into_iter().chain(unsure) {
                    turn += 1;
                    for asker in [turn % askers.len(), turn % 4] {
                        assert_alike(&catalogue, &table, &askers, &subject, asker, day);
                    }
                }
            }
        }
    }
}
