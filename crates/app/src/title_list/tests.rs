//! The list from numbers, held against the same over the texts of every title.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use interdict_store::{BatchHeader, BatchTitle, SoftwareKey};

use super::*;

fn sample() -> (Workbench, Store) {
    let workbench = Workbench::builtin().expect("the built-in catalogue");
    let mut store = Store::open_in_memory().expect("opens");
    workbench.build_sample(&mut store, "2026-11-22T12:00:00Z").expect("builds");
    tell(&mut store);
    (workbench, store)
}

/// What a tool tells of without a machine: of what machines have, too, and of what none has.
const TOLD: [(&str, &str, &str, &str, Option<u64>); 8] = [
    ("7-Zip 24.08 (x64)", "24.08", "Igor Pavlov", "", Some(40)),
    ("kaspersky free", "21.3", "", "", Some(3)),
    ("Kaspersky Endpoint Security for Windows", "9.0.0.1", "AO Kaspersky Lab", "", Some(3)),
    ("Kaspersky Endpoint Security for Windows", "10.3.0.6294", "AO Kaspersky Lab", "", Some(5)),
    ("Kaspersky Endpoint Security for Windows", "", "AO Kaspersky Lab", "", None),
    ("Kaspersky Endpoint Security for Windows", "10.3.0.6294", "AO Kaspersky Lab", "cpe:/a:kaspersky:x:10", Some(1)),
    ("zzz last of all", "1", "", "", None),
    ("秀丸 nobody has", "1", "有限会社サイトー企画", "", Some(1)),
];

fn tell(store: &mut Store) {
    let header = BatchHeader {
        file: "AppInvAggregate.csv".to_owned(),
        sha256: "told".to_owned(),
        bytes: 1,
        format: "intune-aggregate".to_owned(),
        encoding: None,
        layers: Vec::new(),
        made: None,
        imported: "2026-11-22T12:00:00Z".to_owned(),
        keeps_days: None,
    };
    let mut batch = store.begin_batch(&header).expect("begins");
    for (name, version, publisher, identifier, devices) in TOLD {
        let known = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let mut observation = Observation::new(ObservationSource::Import);
        observation.name = known(name);
        observation.version = known(version);
        observation.publisher = known(publisher);
        observation.identifier = known(identifier);
        batch.title(&BatchTitle { observation, devices }).expect("keeps");
    }
    batch.finish(TOLD.len() as u64, 0, &[]).expect("finishes");
}

fn asked(workbench: &Workbench, (profile, day): (&str, &str)) -> Circumstances {
    workbench.circumstances(&[profile.to_owned()], day.parse().expect("a day")).expect("a profile")
}

/// A title with all of its texts.
#[derive(Debug)]
struct Plain {
    row: SoftwareRow,
    identity: TitleIdentity,
    tier: Option<Tier>,
    is_told: bool,
}

/// What is on machines, and what is only told of without one; by name, and by version for each name.
fn plain(workbench: &Workbench, store: &Store, circumstances: &Circumstances) -> Vec<Plain> {
    let is_told = |row: &SoftwareRow| {
        let key = (row.version.as_deref().unwrap_or_default(), row.publisher.as_deref().unwrap_or_default());
        TOLD.iter().any(|told| told.0 == row.name && (told.1, told.2) == key)
    };
    let of = |row: SoftwareRow| {
        let identified = |source: &ObservationSource| {
            let mut observation = Observation::new(*source);
            observation.name = Some(row.name.clone());
            observation.version.clone_from(&row.version);
            observation.publisher.clone_from(&row.publisher);
            workbench.identifier().identify(&observation)
        };
        let found = row.sources.iter().map(identified).find(|found| found.vendor.is_some()).unwrap_or_default();
        let identity = TitleIdentity { vendor: found.vendor, product: found.product };
        let tier = identity.vendor.clone().map(|vendor| {
            let subject = match &identity.product {
                Some(product) => Subject::Product { vendor, product: product.clone() },
                None => Subject::Vendor { vendor },
            };
            workbench.assess(&subject, circumstances).headline.installed
        });
        Plain { is_told: is_told(&row), row, identity, tier }
    };
    let mut rows = store.software(None, None).expect("reads");
    for (name, version, publisher, ..) in TOLD {
        let known = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let (version, publisher) = (known(version), known(publisher));
        let is_same = |row: &SoftwareRow| row.name == name && row.version == version && row.publisher == publisher;
        if !rows.iter().any(is_same) {
            let sources = vec![ObservationSource::Import];
            rows.push(SoftwareRow { name: name.to_owned(), version, publisher, sources, machines: 0 });
        }
    }
    rows.sort_by(|left, right| {
        let name = |row: &SoftwareRow| (row.name.to_ascii_lowercase(), row.name.clone());
        let version = |row: &SoftwareRow| VersionPlace::of(row.version.as_deref().unwrap_or_default());
        // Without a publisher comes last among those of one name and version.
        let publisher = |row: &SoftwareRow| (row.publisher.is_none(), row.publisher.clone());
        (name(left), version(left), publisher(left)).cmp(&(name(right), version(right), publisher(right)))
    });
    rows.into_iter().map(of).collect()
}

/// Which filters a title passes, one by one.
fn passes(title: &Plain, query: &SoftwareQuery) -> [bool; FILTERS] {
    let vendor = title.identity.vendor.as_ref().map(VendorId::as_str);
    [
        query.publisher.as_deref().is_none_or(|publisher| title.row.publisher.as_deref() == Some(publisher)),
        query.vendor.as_deref().is_none_or(|id| vendor == Some(id)),
        query.sources.is_empty() || query.sources.iter().any(|source| title.row.sources.contains(source)),
        query.tiers.is_empty() || title.tier.is_some_and(|tier| query.tiers.contains(&tier)),
        query.is_identified.is_none_or(|is_identified| vendor.is_some() == is_identified),
        match query.whereabouts {
            None => true,
            Some(Whereabouts::OnMachines) => title.row.machines > 0,
            Some(Whereabouts::ToldWithoutMachine) => title.is_told,
        },
    ]
}

/// Whether every word asked for begins a word of the name or publisher, in Latin letters.
fn has_words(title: &Plain, text: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let latin = in_latin(text);
        let parts = latin.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    };
    let has = words(&format!("{} {}", title.row.name, title.row.publisher.as_deref().unwrap_or_default()));
    words(text).iter().all(|word| has.iter().any(|one| one.starts_with(word.as_str())))
}

fn order(workbench: &Workbench, query: &SoftwareQuery, left: &Plain, right: &Plain) -> Ordering {
    let weight = |title: &Plain| (title.tier.map_or(0, |tier| tier.rank() + 1), title.row.machines);
    let vendor = |title: &Plain| {
        let id = title.identity.vendor.as_ref()?;
        workbench.catalogue().vendor(id).map(|vendor| vendor.name.clone())
    };
    let text = |left: Option<String>, right: Option<String>| match (left, right) {
        (Some(left), Some(right)) => left.cmp(&right),
        (left, right) => right.is_some().cmp(&left.is_some()),
    };
    match query.sort {
        SoftwareSort::Name => Ordering::Equal,
        SoftwareSort::Tier => weight(right).cmp(&weight(left)),
        SoftwareSort::Machines => left.row.machines.cmp(&right.row.machines),
        SoftwareSort::Version => {
            let version = |title: &Plain| VersionPlace::of(title.row.version.as_deref().unwrap_or_default());
            version(left).cmp(&version(right))
        }
        SoftwareSort::Publisher => text(left.row.publisher.clone(), right.row.publisher.clone()),
        SoftwareSort::Vendor => text(vendor(left), vendor(right)),
    }
}

/// Titles chosen one by one, in order, with their counts.
fn plain_select(workbench: &Workbench, titles: &[Plain], query: &SoftwareQuery) -> (Vec<SoftwareRow>, SoftwareFacets) {
    let mut facets = SoftwareFacets::default();
    let mut publishers: BTreeMap<String, usize> = BTreeMap::new();
    let mut chosen: Vec<&Plain> = Vec::new();
    for title in titles.iter().filter(|title| query.text.trim().is_empty() || has_words(title, &query.text)) {
        let passes = passes(title, query);
        let failed = passes.iter().filter(|passes| !**passes).count();
        let counts = |filter: usize| failed == 0 || (failed == 1 && !passes[filter]);
        if let Some(publisher) = title.row.publisher.clone().filter(|_| counts(0)) {
            *publishers.entry(publisher).or_default() += 1;
        }
        if let Some(vendor) = title.identity.vendor.clone().filter(|_| counts(1)) {
            *facets.vendors.entry(vendor).or_default() += 1;
        }
        for source in title.row.sources.iter().filter(|_| counts(2)) {
            *facets.sources.entry(*source).or_default() += 1;
        }
        if let Some(tier) = title.tier.filter(|_| counts(3)) {
            *facets.tiers.entry(tier).or_default() += 1;
        }
        let is_identified = title.identity.vendor.is_some();
        facets.identified += usize::from(counts(4) && is_identified);
        facets.unidentified += usize::from(counts(4) && !is_identified);
        facets.on_machines += usize::from(counts(5) && title.row.machines > 0);
        facets.told += usize::from(counts(5) && title.is_told);
        if failed == 0 {
            chosen.push(title);
        }
    }
    facets.publisher_count = publishers.len();
    facets.publishers = publishers.into_iter().collect();
    facets.publishers.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    facets.publishers.truncate(MOST_PUBLISHERS);
    if query.sort == SoftwareSort::Name && query.is_descending {
        chosen.reverse();
    }
    chosen.sort_by(|left, right| {
        let ordering = order(workbench, query, left, right);
        if query.is_descending { ordering.reverse() } else { ordering }
    });
    (chosen.into_iter().map(|title| title.row.clone()).collect(), facets)
}

#[test]
fn every_order_and_filter_chooses_what_the_texts_say() {
    let (workbench, store) = sample();
    let titles = workbench.read_titles(&store).expect("reads");
    let usual = SoftwareQuery::default;
    let filters = [
        usual(),
        SoftwareQuery { publisher: Some("Igor Pavlov".to_owned()), ..usual() },
        SoftwareQuery { publisher: Some("nobody".to_owned()), tiers: vec![Tier::Restricted], ..usual() },
        SoftwareQuery { vendor: Some("kaspersky".to_owned()), ..usual() },
        SoftwareQuery { sources: vec![ObservationSource::Programs, ObservationSource::Apps], ..usual() },
        SoftwareQuery { sources: vec![ObservationSource::DebPackages], is_identified: Some(true), ..usual() },
        SoftwareQuery { tiers: vec![Tier::Restricted, Tier::Prohibited], ..usual() },
        SoftwareQuery { is_identified: Some(false), ..usual() },
        SoftwareQuery { text: "Касперск".to_owned(), ..usual() },
        SoftwareQuery { text: "kaspersky sec".to_owned(), is_identified: Some(true), ..usual() },
        SoftwareQuery { text: "no such thing".to_owned(), ..usual() },
        SoftwareQuery { text: "nobody has".to_owned(), ..usual() },
        SoftwareQuery { whereabouts: Some(Whereabouts::OnMachines), ..usual() },
        SoftwareQuery { whereabouts: Some(Whereabouts::ToldWithoutMachine), ..usual() },
        SoftwareQuery {
            whereabouts: Some(Whereabouts::ToldWithoutMachine),
            text: "kaspersky".to_owned(),
            sources: vec![ObservationSource::Import],
            ..usual()
        },
    ];
    let orders = [
        SoftwareSort::Tier,
        SoftwareSort::Name,
        SoftwareSort::Version,
        SoftwareSort::Publisher,
        SoftwareSort::Vendor,
        SoftwareSort::Machines,
    ];
    for who in [("us-private", "2024-06-30"), ("us-federal-civilian", "2026-11-22"), ("research", "2026-11-22")] {
        let circumstances = asked(&workbench, who);
        let tiers = workbench.judge_titles(&titles, &circumstances);
        let every = plain(&workbench, &store, &circumstances);
        assert_eq!(every.len(), titles.len());
        for (filter, sort) in filters.iter().flat_map(|filter| orders.map(|sort| (filter, sort))) {
            for is_descending in [false, true] {
                let query = SoftwareQuery { sort, is_descending, ..filter.clone() };
                let chosen = titles.select(&store, &workbench, &tiers, &query).expect("reads");
                let (rows, facets) = plain_select(&workbench, &every, &query);
                assert_eq!(chosen.facets, facets, "{query:?}");
                let read = titles.read(&store, &chosen.places).expect("reads");
                assert_eq!(read.iter().map(|shown| shown.place).collect::<Vec<_>>(), chosen.places);
                assert_eq!(read.into_iter().map(|shown| shown.software).collect::<Vec<_>>(), rows, "{query:?}");
            }
        }
        for (place, title) in every.iter().enumerate() {
            assert_eq!(titles.identity(place), Some(&title.identity));
            assert_eq!(tiers.of(&titles, place), title.tier);
        }
    }
}

#[test]
fn a_family_is_every_version_and_who_has_it() {
    let (workbench, store) = sample();
    let titles = workbench.read_titles(&store).expect("reads");
    let all: Vec<usize> = (0..titles.len()).collect();
    let read = titles.read(&store, &all).expect("reads");
    let id =
        |shown: &ShownTitle| titles.family_id(shown.place, &shown.software.name, shown.software.publisher.as_deref());
    for title in read.iter().step_by(7) {
        let family = titles.family(&store, &id(title)).expect("reads").expect("is known");
        let own: BTreeSet<usize> = family.titles.iter().map(|shown| shown.place).collect();
        let same: BTreeSet<usize> =
            read.iter().filter(|other| id(other) == id(title)).map(|shown| shown.place).collect();
        assert_eq!(own, same);
        let row = &title.software;
        if row.machines == 0 {
            continue;
        }
        let version = row.version.clone().unwrap_or_default();
        let held = family.versions.iter().find(|held| held.version == version).expect("its version");
        assert!(held.machines.len() >= row.machines, "{title:?}");
        assert!(family.machines.len() >= held.machines.len());
        assert!(family.machines.iter().all(|machine| family.on.contains_key(machine)));
        let key =
            SoftwareKey { name: row.name.clone(), version: row.version.clone(), publisher: row.publisher.clone() };
        let having = store.machines_with_title(&key).expect("reads");
        assert!(having.iter().all(|machine| held.machines.contains(machine)));
    }
    assert_eq!(titles.family(&store, "title:nothing\t").expect("reads"), None);
    assert_eq!(titles.family(&store, "product:nothing").expect("reads"), None);
    assert_eq!(titles.family(&store, "something else").expect("reads"), None);
}

#[test]
fn what_is_told_without_a_machine_stands_beside_what_machines_have() {
    let (workbench, store) = sample();
    let titles = workbench.read_titles(&store).expect("reads");
    let circumstances = asked(&workbench, ("us-private", "2026-11-22"));
    let tiers = workbench.judge_titles(&titles, &circumstances);
    let query = SoftwareQuery { whereabouts: Some(Whereabouts::ToldWithoutMachine), ..SoftwareQuery::default() };
    let chosen = titles.select(&store, &workbench, &tiers, &query).expect("reads");
    let mut lines: Vec<String> = Vec::new();
    for shown in titles.read(&store, &chosen.places).expect("reads") {
        let counts: Vec<String> = shown.told.iter().map(|told| format!("{:?}", told.tellings[0].devices)).collect();
        let version = shown.software.version.unwrap_or_default();
        lines.push(format!("{} {version}: {} {}", shown.software.name, shown.software.machines > 0, counts.join(" ")));
    }
    lines.sort();
    assert_eq!(
        lines,
        [
            "7-Zip 24.08 (x64) 24.08: true Some(40)",
            "Kaspersky Endpoint Security for Windows 10.3.0.6294: false Some(5) Some(1)",
            "Kaspersky Endpoint Security for Windows 9.0.0.1: false Some(3)",
            "Kaspersky Endpoint Security for Windows : false None",
            "kaspersky free 21.3: false Some(3)",
            "zzz last of all 1: false None",
            "秀丸 nobody has 1: false Some(1)",
        ]
    );
    let told = workbench.read_told(&store).expect("reads");
    let findings = workbench.told_findings(&store, &told, &circumstances).expect("reads");
    assert!(findings.iter().all(|finding| finding.vendor.id.as_str() == "kaspersky"), "7-Zip is nobody's finding");
    assert_eq!(findings.iter().map(|finding| finding.titles.len()).sum::<usize>(), 5);
    assert!(findings.iter().all(|finding| finding.tier() == Tier::Restricted));
    let tellers = findings[0].tellers();
    assert_eq!(
        tellers.iter().map(|teller| (&*teller.origin, &*teller.at)).collect::<Vec<_>>(),
        [("intune-aggregate", "2026-11-22T12:00:00Z")]
    );
    let machine = store.machines().expect("reads")[0].machine.id.clone();
    let report = |of: Option<&str>| {
        let profiles = ["us-private".to_owned()];
        workbench.audit_report(&store, &circumstances, &profiles, of, "2026-11-23T08:00:00Z").expect("is made").told
    };
    assert_eq!(report(None).iter().map(|told| told.told_as.len()).sum::<usize>(), 5);
    assert!(report(Some(&machine)).is_empty(), "nobody says that it is about this machine");
    let product = findings.iter().find_map(|finding| finding.product.as_ref()).expect("is known");
    let family = titles.family(&store, &format!("product:{}", product.id)).expect("reads").expect("is known");
    assert!(family.titles.iter().any(|shown| !shown.told.is_empty()));
    assert!(family.versions.iter().all(|held| !held.machines.is_empty()), "no version is made of what is only told");
    let alone = titles.family(&store, "title:zzz last of all\t").expect("reads").expect("is known");
    assert_eq!((alone.titles.len(), alone.machines.len(), alone.versions.len()), (1, 0, 0));
}
