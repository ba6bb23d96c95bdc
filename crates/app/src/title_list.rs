//! The list of software: every title with what it is identified as, judged for who asks, and who has which version of it.
//!
//! Like the list of machines it is read once and asked many times; of a title only numbers are kept, and its texts are read
//! when it is shown. Titles are identified by name, publisher and source, each combination once; which version it is says
//! nothing of whose it is.
//!
//! What tools tell of without saying on which machines is in the same list: beside the count of machines of a title that
//! some have, and as a title on no machine where none has it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use interdict_assess::Circumstances;
use interdict_identify::Identification;
use interdict_model::{Observation, ObservationSource, ProductId, Subject, Tier, VendorId};
use interdict_store::{MachineSet, PassingTitle, PassingTold, SoftwareRow, SourceSet, Store, StoreError, ToldTitle};

use crate::search::folded;
use crate::told::ToldIdentities;
use crate::versions::{VersionPlace, in_version_order};
use crate::workbench::Workbench;

/// What stands for a text that is absent: after all others.
const ABSENT: u32 = u32::MAX;

/// Every title, by name and version.
#[derive(Debug, Default)]
pub struct Titles {
    rows: Vec<Title>,
    /// The numbers of what is told of without a machine; those of a title follow each other.
    told: Vec<i64>,
    /// The place of the title of each of them by its number, in the order of numbers.
    by_told: Vec<(i64, u32)>,
    /// The place of each title by its number, in the order of numbers.
    by_id: Vec<(i64, u32)>,
    identities: Vec<TitleIdentity>,
    publishers: Vec<String>,
}

/// One title: what it is filtered and sorted by.
#[derive(Debug, Clone, Copy)]
struct Title {
    /// Its number in the database; of one that is only told of without a machine the number of that, less than nothing.
    id: i64,
    machines: u32,
    /// Where what is told of it without a machine begins, and how much it is.
    told: (u32, u32),
    sources: SourceSet,
    /// The place of its publisher among all, by text.
    publisher: u32,
    /// The place of its version among all, by what versions mean.
    version: u32,
    /// The place of what it is.
    identity: u32,
}

/// What some titles are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct TitleIdentity {
    /// The vendor, where it is known.
    pub vendor: Option<VendorId>,
    /// The product, where it is known.
    pub product: Option<ProductId>,
}

/// The installed headline of each identity; nothing for what is not identified.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct TitleTiers {
    tiers: Vec<Option<Tier>>,
}

/// What the titles are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SoftwareSort {
    /// Worst first, then by the number of machines.
    #[default]
    Tier,
    /// Name, then version, numbers by value.
    Name,
    /// Version: numbers by value, 2.0 before 10.0.
    Version,
    /// Publisher as written.
    Publisher,
    /// Vendor's name.
    Vendor,
    /// On how many machines it is.
    Machines,
}

/// Which titles are wanted, in which order. What is empty or absent allows every one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SoftwareQuery {
    /// Words that all occur in the name or the publisher.
    pub text: String,
    /// Of exactly this publisher.
    pub publisher: Option<String>,
    /// Of this vendor.
    pub vendor: Option<String>,
    /// Read from one of these.
    pub sources: Vec<ObservationSource>,
    /// Installed headlines.
    pub tiers: Vec<Tier>,
    /// Whether its vendor is known.
    pub is_identified: Option<bool>,
    /// Where it has to be.
    pub whereabouts: Option<Whereabouts>,
    /// By what they are sorted.
    pub sort: SoftwareSort,
    /// Whether the order is turned around.
    pub is_descending: bool,
}

/// Where a title is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// On machines that are known.
    OnMachines,
    /// A tool tells of it without saying on which machines; it may be on known ones, too.
    ToldWithoutMachine,
}

/// A title with its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownTitle {
    /// Its place in the list.
    pub place: usize,
    /// What it is, and on how many machines.
    pub software: SoftwareRow,
    /// What tools tell of it without saying on which machines.
    pub told: Vec<ToldTitle>,
}

/// The titles that a query chooses.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct SoftwareSelection {
    /// Places in the list, in the order asked for.
    pub places: Vec<usize>,
    /// How many titles each value of each filter would choose, the other filters being as they are.
    pub facets: SoftwareFacets,
}

/// Titles by the values of each filter.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct SoftwareFacets {
    /// By publisher: those of most titles first, at most two hundred.
    pub publishers: Vec<(String, usize)>,
    /// How many publishers there are.
    pub publisher_count: usize,
    /// By vendor.
    pub vendors: BTreeMap<VendorId, usize>,
    /// By source; a title counts for each.
    pub sources: BTreeMap<ObservationSource, usize>,
    /// By installed headline.
    pub tiers: BTreeMap<Tier, usize>,
    /// Of which the vendor is known.
    pub identified: usize,
    /// Of which it is not.
    pub unidentified: usize,
    /// That are on machines.
    pub on_machines: usize,
    /// Of which a tool tells without saying on which machines.
    pub told: usize,
}

/// All versions of a product, or of a title that is not identified, and who has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// Its titles, by name and version.
    pub titles: Vec<ShownTitle>,
    /// Its versions on machines, the lowest first; one without a version is "" and last.
    pub versions: Vec<VersionHeld>,
    /// The numbers of the machines that have any of them, in order.
    pub machines: Vec<i64>,
    /// The places of the versions that each machine has.
    pub on: HashMap<i64, Vec<usize>>,
}

impl Family {
    /// The numbers of the machines that have one of some versions, in order; of any, where none is named.
    #[must_use]
    pub fn machines_with(&self, versions: &[String]) -> Vec<i64> {
        if versions.is_empty() {
            return self.machines.clone();
        }
        let wanted = self.versions.iter().filter(|held| versions.contains(&held.version));
        let mut machines: Vec<i64> = wanted.flat_map(|held| held.machines.iter().copied()).collect();
        machines.sort_unstable();
        machines.dedup();
        machines
    }
}

/// A version and who has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionHeld {
    /// As written.
    pub version: String,
    /// The numbers of the machines that have it, in order.
    pub machines: Vec<i64>,
}

impl Titles {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The titles at some places, with their texts; those that are no more are left out.
    pub fn read(&self, store: &Store, places: &[usize]) -> Result<Vec<ShownTitle>, StoreError> {
        let titles = || places.iter().filter_map(|place| Some((*place, self.rows.get(*place)?)));
        let ids: Vec<i64> = titles().map(|(_, title)| title.id).filter(|id| *id > 0).collect();
        let read = store.titles_by_id(&ids)?;
        let mut on_machines: HashMap<i64, SoftwareRow> = read.into_iter().map(|row| (row.id, row.software)).collect();
        let told: Vec<i64> = titles().flat_map(|(_, title)| self.told_of(title)).copied().collect();
        let told = if told.is_empty() { Vec::new() } else { store.told_titles(&told)? };
        let mut told: HashMap<i64, ToldTitle> = told.into_iter().map(|told| (told.id, told)).collect();
        let shown = |(place, title): (usize, &Title)| {
            let told: Vec<ToldTitle> = self.told_of(title).iter().filter_map(|id| told.remove(id)).collect();
            let software = on_machines.remove(&title.id).or_else(|| only_told(&told))?;
            Some(ShownTitle { place, software, told })
        };
        Ok(titles().filter_map(shown).collect())
    }

    /// The place of the first title that comes after a name with all its versions, or after one version of it, or after
    /// that of one publisher; it need not be in the list.
    pub fn place_after(
        &self,
        store: &Store,
        (name, version, publisher): (&str, Option<&str>, Option<&str>),
    ) -> Result<usize, StoreError> {
        let key = |publisher: Option<&str>| (publisher.unwrap_or_default().is_empty(), publisher.map(str::to_owned));
        let is_after = |row: &SoftwareRow| {
            let by_name = in_name_order((&row.name, "", ""), (name, "", ""));
            let by_version =
                || version.map(|version| in_version_order(row.version.as_deref().unwrap_or_default(), version));
            let by_publisher = || publisher.map(|_| key(row.publisher.as_deref()).cmp(&key(publisher)));
            let order = by_name
                .then_with(|| by_version().unwrap_or(Ordering::Equal))
                .then_with(|| by_publisher().unwrap_or(Ordering::Equal));
            order.is_gt()
        };
        let (mut low, mut high) = (0, self.rows.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.read(store, &[middle])?.first() {
                Some(shown) if is_after(&shown.software) => high = middle,
                Some(_) | None => low = middle + 1,
            }
        }
        Ok(low)
    }

    /// The numbers of what is told of a title without a machine.
    fn told_of(&self, title: &Title) -> &[i64] {
        let (start, count) = title.told;
        self.told.get(index(start)..index(start) + index(count)).unwrap_or_default()
    }

    /// The place of the title of what is told of without a machine, by its number.
    fn place_of_told(&self, id: i64) -> Option<usize> {
        let found = self.by_told.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.by_told.get(found).map(|(_, place)| index(*place))
    }

    /// The place of a title, by its number.
    #[must_use]
    pub fn place_of(&self, id: i64) -> Option<usize> {
        let found = self.by_id.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.by_id.get(found).map(|(_, place)| index(*place))
    }

    /// What the title at a place is.
    #[must_use]
    pub fn identity(&self, place: usize) -> Option<&TitleIdentity> {
        self.rows.get(place).and_then(|title| self.identities.get(index(title.identity)))
    }

    /// The id of the family a title belongs to: its product, else its name and publisher. It stays the same when the
    /// database is filled anew.
    #[must_use]
    pub fn family_id(&self, place: usize, name: &str, publisher: Option<&str>) -> String {
        match self.identity(place).and_then(|identity| identity.product.as_ref()) {
            Some(product) => format!("product:{product}"),
            None => format!("title:{name}\t{}", publisher.unwrap_or_default()),
        }
    }

    /// The places of the titles of a family.
    fn places_of_family(&self, store: &Store, id: &str) -> Result<Vec<usize>, StoreError> {
        if let Some(product) = id.strip_prefix("product:") {
            let is_it = |identity: &TitleIdentity| identity.product.as_ref().is_some_and(|one| one.as_str() == product);
            let wanted: Vec<bool> = self.identities.iter().map(is_it).collect();
            let of = |(_, title): &(usize, &Title)| wanted.get(index(title.identity)).copied().unwrap_or_default();
            return Ok(self.rows.iter().enumerate().filter(of).map(|(place, _)| place).collect());
        }
        let Some((name, publisher)) = id.strip_prefix("title:").and_then(|rest| rest.split_once('\t')) else {
            return Ok(Vec::new());
        };
        let on_machines = store.titles_named(name, publisher)?.into_iter().filter_map(|id| self.place_of(id));
        let told = store.told_named(name, publisher)?.into_iter().filter_map(|id| self.place_of_told(id));
        let has_no_product = |place: &usize| self.identity(*place).is_some_and(|identity| identity.product.is_none());
        let places: BTreeSet<usize> = on_machines.chain(told).filter(has_no_product).collect();
        Ok(places.into_iter().collect())
    }

    /// All versions of a product or title, and who has them; nothing for an id that nothing here bears.
    pub fn family(&self, store: &Store, id: &str) -> Result<Option<Family>, StoreError> {
        let titles = self.read(store, &self.places_of_family(store, id)?)?;
        if titles.is_empty() {
            return Ok(None);
        }
        let mut by_version: BTreeMap<VersionPlace, MachineSet> = BTreeMap::new();
        for shown in &titles {
            let Some(title) = self.rows.get(shown.place).filter(|title| title.id > 0) else { continue };
            let having =
                by_version.entry(VersionPlace::of(shown.software.version.as_deref().unwrap_or_default())).or_default();
            *having |= &store.machines_having(title.id)?;
        }
        let numbers = |machines: &MachineSet| machines.iter().collect();
        let versions: Vec<VersionHeld> = by_version
            .into_iter()
            .map(|(version, machines)| VersionHeld { version: version.into_text(), machines: numbers(&machines) })
            .collect();
        let mut on: HashMap<i64, Vec<usize>> = HashMap::new();
        for (place, version) in versions.iter().enumerate() {
            for machine in &version.machines {
                on.entry(*machine).or_default().push(place);
            }
        }
        let mut machines: Vec<i64> = on.keys().copied().collect();
        machines.sort_unstable();
        Ok(Some(Family { titles, versions, machines, on }))
    }

    /// The titles that a query chooses, in its order.
    pub fn select(
        &self,
        store: &Store,
        workbench: &Workbench,
        tiers: &TitleTiers,
        query: &SoftwareQuery,
    ) -> Result<SoftwareSelection, StoreError> {
        let is_asked = self.with_words(store, &query.text)?;
        let wanted = Wanted::of(self, tiers, query);
        let mut counts = Counts::of(self);
        let mut places: Vec<u32> = Vec::new();
        for (place, title) in (0_u32..).zip(&self.rows) {
            if is_asked.as_ref().is_none_or(|asked| asked.get(index(place)).copied().unwrap_or_default())
                && counts.take(title, wanted.passes(title))
            {
                places.push(place);
            }
        }
        let places = self.sorted(workbench, tiers, query, &places);
        Ok(SoftwareSelection { places, facets: counts.facets(self, tiers) })
    }

    /// Which titles have the words of a text; nothing where all do, since there are none.
    fn with_words(&self, store: &Store, text: &str) -> Result<Option<Vec<bool>>, StoreError> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let mut is_asked = vec![false; self.rows.len()];
        let on_machines = store.titles_with_words(text)?.into_iter().filter_map(|id| self.place_of(id));
        let told = store.told_with_words(text)?.into_iter().filter_map(|id| self.place_of_told(id));
        for place in on_machines.chain(told) {
            if let Some(asked) = is_asked.get_mut(place) {
                *asked = true;
            }
        }
        Ok(Some(is_asked))
    }

    /// Places come in the order of names, and stay in it where the values are equal.
    fn sorted(&self, workbench: &Workbench, tiers: &TitleTiers, query: &SoftwareQuery, places: &[u32]) -> Vec<usize> {
        let weight = |title: &Title| {
            // What is not identified comes after what is known to be free.
            let rank = tiers.at(title.identity).map_or(0, |tier| u32::from(tier.rank()) + 1);
            // No fleet has as many machines as a number of 28 bits tells.
            !((rank << 28) | title.machines.min((1 << 28) - 1))
        };
        let vendors = if query.sort == SoftwareSort::Vendor { self.vendor_ranks(workbench) } else { Vec::new() };
        let value = |place: u32, title: &Title| match query.sort {
            SoftwareSort::Name => place,
            SoftwareSort::Tier => weight(title),
            SoftwareSort::Machines => title.machines,
            SoftwareSort::Version => title.version,
            SoftwareSort::Publisher => title.publisher,
            SoftwareSort::Vendor => vendors.get(index(title.identity)).copied().unwrap_or(ABSENT),
        };
        let key = |place: &u32| {
            let value = self.rows.get(index(*place)).map_or(ABSENT, |title| value(*place, title));
            (u64::from(if query.is_descending { !value } else { value }) << 32) | u64::from(*place)
        };
        let mut keys: Vec<u64> = places.iter().map(key).collect();
        keys.sort_unstable();
        // The lower half is the place.
        let place = |key: u64| usize::try_from(key & u64::from(u32::MAX)).unwrap_or(usize::MAX);
        keys.into_iter().map(place).collect()
    }

    /// The place of each identity's vendor among all vendors, by name.
    fn vendor_ranks(&self, workbench: &Workbench) -> Vec<u32> {
        let vendor = |identity: &TitleIdentity| {
            let id = identity.vendor.as_ref()?;
            workbench.catalogue().vendor(id).map(|vendor| vendor.name.clone())
        };
        let names: Vec<Option<String>> = self.identities.iter().map(vendor).collect();
        let mut sorted: Vec<&String> = names.iter().flatten().collect();
        sorted.sort_unstable();
        sorted.dedup();
        let rank = |name: &String| sorted.binary_search(&name).map_or(ABSENT, number);
        names.iter().map(|name| name.as_ref().map_or(ABSENT, rank)).collect()
    }
}

/// A text as it is looked for: in lower case, without accents, in Latin letters, so that any script finds any other.
#[must_use]
pub fn in_latin(text: &str) -> String {
    let text = folded(text);
    if text.is_ascii() { text } else { any_ascii::any_ascii(&text).to_lowercase() }
}

/// How many filters there are.
const FILTERS: usize = 6;
/// At most so many publishers are listed to choose from.
const MOST_PUBLISHERS: usize = 200;

/// What a query wants, in numbers.
struct Wanted<'q> {
    query: &'q SoftwareQuery,
    /// The publisher wanted, as titles have it; one that none has is [`ABSENT`].
    publisher: Option<u32>,
    sources: SourceSet,
    /// For each identity: of the vendor, of a tier, and identified or not as is wanted.
    identities: Vec<[bool; 3]>,
}

impl<'q> Wanted<'q> {
    fn of(titles: &Titles, tiers: &TitleTiers, query: &'q SoftwareQuery) -> Self {
        let publisher = query.publisher.as_ref();
        let passes = |(identity, tier): (&TitleIdentity, &Option<Tier>)| {
            let vendor = identity.vendor.as_ref().map(VendorId::as_str);
            [
                query.vendor.as_deref().is_none_or(|id| vendor == Some(id)),
                query.tiers.is_empty() || tier.is_some_and(|tier| query.tiers.contains(&tier)),
                query.is_identified.is_none_or(|is_identified| vendor.is_some() == is_identified),
            ]
        };
        Self {
            query,
            publisher: publisher.map(|name| titles.publishers.binary_search(name).map_or(ABSENT, number)),
            sources: query.sources.iter().copied().collect(),
            identities: titles.identities.iter().zip(&tiers.tiers).map(passes).collect(),
        }
    }

    /// Which filters a title passes.
    fn passes(&self, title: &Title) -> [bool; FILTERS] {
        let [vendor, tier, identified] = self.identities.get(index(title.identity)).copied().unwrap_or_default();
        [
            self.publisher.is_none_or(|publisher| publisher != ABSENT && title.publisher == publisher),
            vendor,
            self.query.sources.is_empty() || title.sources.meets(self.sources),
            tier,
            identified,
            match self.query.whereabouts {
                None => true,
                Some(Whereabouts::OnMachines) => title.machines > 0,
                Some(Whereabouts::ToldWithoutMachine) => title.told.1 > 0,
            },
        ]
    }
}

/// Titles by what they have, for each filter as if that one were not set.
struct Counts {
    publishers: Vec<usize>,
    /// By identity: for the filter of vendors, of tiers, and of what is identified.
    identities: Vec<[usize; 3]>,
    sources: HashMap<SourceSet, usize>,
    on_machines: usize,
    told: usize,
}

impl Counts {
    fn of(titles: &Titles) -> Self {
        Self {
            publishers: vec![0; titles.publishers.len()],
            identities: vec![[0; 3]; titles.identities.len()],
            sources: HashMap::new(),
            on_machines: 0,
            told: 0,
        }
    }

    /// Counts the title for each filter that it would pass if that one were not set; whether it passes all.
    fn take(&mut self, title: &Title, passes: [bool; FILTERS]) -> bool {
        let failed = passes.iter().filter(|passes| !**passes).count();
        let [publisher, vendor, source, tier, identified, whereabouts] =
            passes.map(|passes| failed == 0 || (failed == 1 && !passes));
        if let Some(count) = self.publishers.get_mut(index(title.publisher)).filter(|_| publisher) {
            *count += 1;
        }
        if let Some(counts) = self.identities.get_mut(index(title.identity)) {
            for (count, counts) in counts.iter_mut().zip([vendor, tier, identified]) {
                *count += usize::from(counts);
            }
        }
        if source {
            *self.sources.entry(title.sources).or_default() += 1;
        }
        self.on_machines += usize::from(whereabouts && title.machines > 0);
        self.told += usize::from(whereabouts && title.told.1 > 0);
        failed == 0
    }

    fn facets(self, titles: &Titles, tiers: &TitleTiers) -> SoftwareFacets {
        let mut facets = SoftwareFacets { on_machines: self.on_machines, told: self.told, ..SoftwareFacets::default() };
        let counted = titles.publishers.iter().zip(self.publishers);
        let mut publishers: Vec<(&String, usize)> = counted.filter(|(_, count)| *count > 0).collect();
        facets.publisher_count = publishers.len();
        publishers.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(right.0)));
        let first = publishers.into_iter().take(MOST_PUBLISHERS);
        facets.publishers = first.map(|(name, count)| (name.clone(), count)).collect();
        for ((identity, tier), [vendor, tiered, identified]) in
            titles.identities.iter().zip(&tiers.tiers).zip(self.identities)
        {
            if let Some(id) = identity.vendor.as_ref().filter(|_| vendor > 0) {
                *facets.vendors.entry(id.clone()).or_default() += vendor;
            }
            if let Some(tier) = tier.filter(|_| tiered > 0) {
                *facets.tiers.entry(tier).or_default() += tiered;
            }
            let side = if identity.vendor.is_some() { &mut facets.identified } else { &mut facets.unidentified };
            *side += identified;
        }
        for (sources, count) in self.sources {
            for source in sources.iter() {
                *facets.sources.entry(source).or_default() += count;
            }
        }
        facets
    }
}

impl TitleTiers {
    /// The installed headline of the title at a place; nothing for what is not identified.
    #[must_use]
    pub fn of(&self, titles: &Titles, place: usize) -> Option<Tier> {
        titles.rows.get(place).and_then(|title| self.at(title.identity))
    }

    fn at(&self, identity: u32) -> Option<Tier> {
        self.tiers.get(index(identity)).copied().flatten()
    }
}

/// Titles as they are read.
#[derive(Default)]
struct Reading {
    titles: Titles,
    versions: Distinct,
    publishers: Distinct,
    identities: HashMap<TitleIdentity, u32>,
    /// What those of the name at hand are identified as: they follow each other.
    name: String,
    known: Vec<(String, SourceSet, u32)>,
    /// Where the titles of each name begin.
    names: Vec<usize>,
    /// What is told of without a machine and has not yet passed by: the next one last.
    told: Vec<Told>,
}

/// Something told of without a machine, to be put in its place among the titles.
struct Told {
    id: i64,
    name: String,
    version: String,
    publisher: String,
    source: ObservationSource,
    identity: TitleIdentity,
}

/// Texts, each once, by the order in which they came; an empty one is absent.
#[derive(Default)]
struct Distinct(HashMap<String, u32>);

impl Distinct {
    fn place(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return ABSENT;
        }
        if let Some(place) = self.0.get(text) {
            return *place;
        }
        let place = number(self.0.len());
        self.0.insert(text.to_owned(), place);
        place
    }

    /// The texts in the order of what they stand for, and the place among them of each by the order in which it came.
    fn sorted<K: Ord>(self, mut by: impl FnMut(&str) -> K) -> (Vec<String>, Vec<u32>) {
        let mut texts: Vec<(String, u32)> = self.0.into_iter().collect();
        texts.sort_by_cached_key(|(text, _)| by(text));
        let mut ranks = vec![ABSENT; texts.len()];
        for (rank, (_, place)) in (0_u32..).zip(&texts) {
            if let Some(slot) = ranks.get_mut(index(*place)) {
                *slot = rank;
            }
        }
        (texts.into_iter().map(|(text, _)| text).collect(), ranks)
    }
}

impl Told {
    fn of(told: PassingTold<'_>, identity: TitleIdentity) -> Self {
        Self {
            id: told.id,
            name: told.name.to_owned(),
            version: told.version.to_owned(),
            publisher: told.publisher.to_owned(),
            source: told.source,
            identity,
        }
    }
}

impl Reading {
    fn take(&mut self, workbench: &Workbench, title: PassingTitle<'_>) {
        let key = (title.name, title.version, title.publisher);
        while let Some(told) = self.next_told(|told| in_name_order(told, key).is_lt()) {
            self.push_told(told);
        }
        if self.name != title.name {
            self.begin_name(title.name);
        }
        let is_same = |(publisher, sources, _): &&(String, SourceSet, u32)| {
            publisher.as_str() == title.publisher && *sources == title.sources
        };
        let mut identity = if let Some((_, _, identity)) = self.known.iter().find(is_same) {
            *identity
        } else {
            let found = workbench.identified_title(title);
            let identity = self.identity(TitleIdentity { vendor: found.vendor, product: found.product });
            self.known.push((title.publisher.to_owned(), title.sources, identity));
            identity
        };
        let start = self.titles.told.len();
        while let Some(told) = self.next_told(|told| told == key) {
            self.titles.told.push(told.id);
            // What is told may have an identifier by which it is known.
            if self.identities.get(&TitleIdentity::default()) == Some(&identity) {
                identity = self.identity(told.identity);
            }
        }
        self.titles.rows.push(Title {
            id: title.id,
            machines: number(title.machines),
            told: (number(start), number(self.titles.told.len() - start)),
            sources: title.sources,
            publisher: self.publishers.place(title.publisher),
            version: self.versions.place(title.version),
            identity,
        });
    }

    fn begin_name(&mut self, name: &str) {
        name.clone_into(&mut self.name);
        self.known.clear();
        self.names.push(self.titles.rows.len());
    }

    fn identity(&mut self, found: TitleIdentity) -> u32 {
        let next = number(self.identities.len());
        *self.identities.entry(found).or_insert(next)
    }

    fn next_told(&mut self, is_wanted: impl FnOnce((&str, &str, &str)) -> bool) -> Option<Told> {
        self.told.pop_if(|told| is_wanted((&told.name, &told.version, &told.publisher)))
    }

    /// Puts what is told of without a machine behind the titles that passed by, as one that no machine has.
    fn push_told(&mut self, first: Told) {
        if self.name != first.name {
            self.begin_name(&first.name);
        }
        let start = self.titles.told.len();
        self.titles.told.push(first.id);
        let (mut sources, mut identity) = (SourceSet::default(), first.identity);
        sources.insert(first.source);
        let key = (first.name.as_str(), first.version.as_str(), first.publisher.as_str());
        while let Some(told) = self.next_told(|told| told == key) {
            self.titles.told.push(told.id);
            sources.insert(told.source);
            if identity.vendor.is_none() {
                identity = told.identity;
            }
        }
        let identity = self.identity(identity);
        self.titles.rows.push(Title {
            id: -first.id,
            machines: 0,
            told: (number(start), number(self.titles.told.len() - start)),
            sources,
            publisher: self.publishers.place(&first.publisher),
            version: self.versions.place(&first.version),
            identity,
        });
    }

    fn end(mut self) -> Titles {
        while let Some(told) = self.next_told(|_| true) {
            self.push_told(told);
        }
        let mut titles = self.titles;
        let (publishers, publisher_ranks) = self.publishers.sorted(str::to_owned);
        let (_, version_ranks) = self.versions.sorted(VersionPlace::of);
        let rank = |ranks: &[u32], place: u32| ranks.get(index(place)).copied().unwrap_or(ABSENT);
        for title in &mut titles.rows {
            title.publisher = rank(&publisher_ranks, title.publisher);
            title.version = rank(&version_ranks, title.version);
        }
        for (at, start) in self.names.iter().enumerate() {
            let end = self.names.get(at + 1).copied().unwrap_or(titles.rows.len());
            if let Some(of_name) = titles.rows.get_mut(Range { start: *start, end }) {
                of_name.sort_by_key(|title| (title.version, title.publisher));
            }
        }
        titles.publishers = publishers;
        titles.by_id = (0_u32..).zip(&titles.rows).map(|(place, title)| (title.id, place)).collect();
        titles.by_id.sort_unstable();
        for (place, title) in (0_u32..).zip(&titles.rows) {
            titles.by_told.extend(titles.told_of(title).iter().map(|id| (*id, place)).collect::<Vec<_>>());
        }
        titles.by_told.sort_unstable();
        let mut identities: Vec<(TitleIdentity, u32)> = self.identities.into_iter().collect();
        identities.sort_by_key(|(_, place)| *place);
        titles.identities = identities.into_iter().map(|(identity, _)| identity).collect();
        titles
    }
}

/// A title on no machine, from what is told of it.
fn only_told(told: &[ToldTitle]) -> Option<SoftwareRow> {
    let first = told.first()?;
    let sources: SourceSet = told.iter().map(|told| told.source).collect();
    Some(SoftwareRow {
        name: first.name.clone(),
        version: first.version.clone(),
        publisher: first.publisher.clone(),
        sources: sources.iter().collect(),
        machines: 0,
    })
}

/// The order in which the database lists titles: by name without regard to the case of Latin letters, then as written.
fn in_name_order(left: (&str, &str, &str), right: (&str, &str, &str)) -> Ordering {
    fn folded(text: &str) -> impl Iterator<Item = u8> {
        text.bytes().map(|byte| byte.to_ascii_lowercase())
    }
    folded(left.0).cmp(folded(right.0)).then_with(|| left.cmp(&right))
}

fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl Workbench {
    /// Reads every title and identifies it.
    pub fn read_titles(&self, store: &Store) -> Result<Titles, StoreError> {
        let mut reading = Reading::default();
        let mut identities = ToldIdentities::default();
        store.each_told(|told| {
            let identity = identities.of(self, &told);
            reading.told.push(Told::of(told, identity));
        })?;
        reading.told.reverse();
        store.each_title(|title| reading.take(self, title))?;
        Ok(reading.end())
    }

    /// What the first of a title's registrations that says something is identified as.
    fn identified_title(&self, title: PassingTitle<'_>) -> Identification {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let identified = |source: ObservationSource| {
            let mut observation = Observation::new(source);
            observation.name = Some(title.name.to_owned());
            observation.version = text(title.version);
            observation.publisher = text(title.publisher);
            self.identifier().identify(&observation)
        };
        title.sources.iter().map(identified).find(|found| found.vendor.is_some()).unwrap_or_default()
    }

    /// Judges what the titles are: each product or vendor once.
    #[must_use]
    pub fn judge_titles(&self, titles: &Titles, circumstances: &Circumstances) -> TitleTiers {
        let judge = |identity: &TitleIdentity| {
            let vendor = identity.vendor.clone()?;
            let subject = match &identity.product {
                Some(product) => Subject::Product { vendor, product: product.clone() },
                None => Subject::Vendor { vendor },
            };
            Some(self.assess(&subject, circumstances).headline.installed)
        };
        TitleTiers { tiers: titles.identities.iter().map(judge).collect() }
    }
}

#[cfg(test)]
mod tests;
