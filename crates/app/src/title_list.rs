//! The list of software: every title with what it is identified as, judged for who asks, and who has which version of it.
//!
//! Like the list of machines it is read once and asked many times. Titles are identified by name, publisher and source, each
//! combination once; which version it is says nothing of whose it is.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use interdict_assess::Circumstances;
use interdict_identify::Identification;
use interdict_model::{Observation, ObservationSource, ProductId, Subject, Tier, VendorId};
use interdict_store::{SoftwareKey, SoftwareRow, Store, StoreError};

use crate::search::folded;
use crate::workbench::Workbench;

/// Every title, by name.
#[derive(Debug, Default)]
pub struct Titles {
    rows: Vec<Title>,
    identities: Vec<TitleIdentity>,
    families: HashMap<String, Vec<usize>>,
}

/// One title.
#[derive(Debug)]
pub struct Title {
    /// Its name, version and publisher, where it was read, and on how many machines it is.
    pub row: SoftwareRow,
    /// What is looked for in it: its name and publisher in lower case and Latin letters.
    folded: String,
    /// The place of what it is.
    identity: usize,
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
    /// Name, then version.
    Name,
    /// Version as written.
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
    /// By what they are sorted.
    pub sort: SoftwareSort,
    /// Whether the order is turned around.
    pub is_descending: bool,
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
    /// By publisher.
    pub publishers: HashMap<String, usize>,
    /// By vendor.
    pub vendors: HashMap<String, usize>,
    /// By source; a title counts for each.
    pub sources: BTreeMap<ObservationSource, usize>,
    /// By installed headline.
    pub tiers: BTreeMap<Tier, usize>,
    /// Of which the vendor is known.
    pub identified: usize,
    /// Of which it is not.
    pub unidentified: usize,
}

/// All versions of a product, or of a title that is not identified, and who has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// The places of its titles.
    pub titles: Vec<usize>,
    /// Its versions, the one that most machines have first; one without a version is "".
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
    /// Every title with its place.
    pub fn all(&self) -> impl Iterator<Item = &Title> {
        self.rows.iter()
    }

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

    /// The title at a place.
    #[must_use]
    pub fn title(&self, place: usize) -> Option<&SoftwareRow> {
        self.rows.get(place).map(|title| &title.row)
    }

    /// The place of a title.
    #[must_use]
    pub fn place_of(&self, key: &SoftwareKey) -> Option<usize> {
        // The order is that of the database: SQLite's NOCASE folds ASCII letters alone.
        let order = |name: &str, version: Option<&str>, publisher: Option<&str>| {
            let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
            (name.to_ascii_lowercase(), name.to_owned(), text(version), text(publisher))
        };
        let wanted = order(&key.name, key.version.as_deref(), key.publisher.as_deref());
        let of = |title: &Title| {
            order(&title.row.name, title.row.version.as_deref(), title.row.publisher.as_deref()).cmp(&wanted)
        };
        self.rows.binary_search_by(of).ok()
    }

    /// What the title at a place is.
    #[must_use]
    pub fn identity(&self, place: usize) -> Option<&TitleIdentity> {
        self.rows.get(place).and_then(|title| self.identities.get(title.identity))
    }

    /// The id of the family a title belongs to: its product, else its name and publisher. It stays the same when the
    /// database is filled anew.
    #[must_use]
    pub fn family_id(&self, place: usize) -> String {
        let Some(title) = self.rows.get(place) else { return String::new() };
        family_id(&title.row, self.identity(place))
    }

    /// All versions of a product or title, and who has them; nothing for an id that nothing here bears.
    pub fn family(&self, store: &Store, id: &str) -> Result<Option<Family>, StoreError> {
        let Some(titles) = self.families.get(id) else { return Ok(None) };
        let mut by_version: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for place in titles {
            let row = &self.rows[*place].row;
            let key =
                SoftwareKey { name: row.name.clone(), version: row.version.clone(), publisher: row.publisher.clone() };
            by_version
                .entry(row.version.clone().unwrap_or_default())
                .or_default()
                .extend(store.machines_with_title(&key)?);
        }
        let mut versions: Vec<VersionHeld> = by_version
            .into_iter()
            .map(|(version, mut machines)| {
                machines.sort_unstable();
                machines.dedup();
                VersionHeld { version, machines }
            })
            .collect();
        versions.sort_by_key(|held| std::cmp::Reverse(held.machines.len()));
        let mut on: HashMap<i64, Vec<usize>> = HashMap::new();
        for (place, version) in versions.iter().enumerate() {
            for machine in &version.machines {
                on.entry(*machine).or_default().push(place);
            }
        }
        let mut machines: Vec<i64> = on.keys().copied().collect();
        machines.sort_unstable();
        Ok(Some(Family { titles: titles.clone(), versions, machines, on }))
    }

    /// The titles that a query chooses, in its order.
    #[must_use]
    pub fn select(&self, workbench: &Workbench, tiers: &TitleTiers, query: &SoftwareQuery) -> SoftwareSelection {
        let words: Vec<String> = in_latin(&query.text).split_whitespace().map(str::to_owned).collect();
        let mut selection = SoftwareSelection::default();
        for (place, title) in self.rows.iter().enumerate() {
            if !words.iter().all(|word| title.folded.contains(word.as_str())) {
                continue;
            }
            let values =
                Values { title, identity: &self.identities[title.identity], tier: tiers.tiers[title.identity] };
            if values.count(query, &mut selection.facets) {
                selection.places.push(place);
            }
        }
        self.sort(workbench, tiers, query, &mut selection.places);
        selection
    }

    /// Places come in the order of names, and stay in it where the values are equal.
    fn sort(&self, workbench: &Workbench, tiers: &TitleTiers, query: &SoftwareQuery, places: &mut [usize]) {
        let tier = |place: usize| tiers.tiers[self.rows[place].identity];
        let weight = |place: usize| {
            // What is not identified comes after what is known to be free.
            let rank = tier(place).map_or(0, |tier| tier.rank() + 1);
            (rank, self.rows[place].row.machines)
        };
        let row = |place: usize| &self.rows[place].row;
        let vendor = |place: usize| {
            let id = self.identity(place).and_then(|identity| identity.vendor.as_ref());
            id.and_then(|id| workbench.catalogue().vendor(id)).map(|vendor| vendor.name.as_str())
        };
        // Absent values stand last.
        let text = |left: Option<&str>, right: Option<&str>| match (left, right) {
            (Some(left), Some(right)) => left.cmp(right),
            (left, right) => right.is_some().cmp(&left.is_some()),
        };
        let order = |left: usize, right: usize| -> Ordering {
            match query.sort {
                SoftwareSort::Name => left.cmp(&right),
                SoftwareSort::Tier => weight(right).cmp(&weight(left)),
                SoftwareSort::Machines => row(left).machines.cmp(&row(right).machines),
                SoftwareSort::Version => text(row(left).version.as_deref(), row(right).version.as_deref()),
                SoftwareSort::Publisher => text(row(left).publisher.as_deref(), row(right).publisher.as_deref()),
                SoftwareSort::Vendor => text(vendor(left), vendor(right)),
            }
        };
        places.sort_by(|left, right| {
            let ordering = order(*left, *right);
            if query.is_descending { ordering.reverse() } else { ordering }
        });
    }
}

fn family_id(row: &SoftwareRow, identity: Option<&TitleIdentity>) -> String {
    match identity.and_then(|identity| identity.product.as_ref()) {
        Some(product) => format!("product:{product}"),
        None => format!("title:{}\t{}", row.name, row.publisher.as_deref().unwrap_or_default()),
    }
}

/// A text as it is looked for: in lower case, without accents, in Latin letters, so that any script finds any other.
#[must_use]
pub fn in_latin(text: &str) -> String {
    let text = folded(text);
    if text.is_ascii() { text } else { any_ascii::any_ascii(&text).to_lowercase() }
}

/// What a title has to be filtered by.
struct Values<'t> {
    title: &'t Title,
    identity: &'t TitleIdentity,
    tier: Option<Tier>,
}

impl Values<'_> {
    /// Counts the title for each filter that it would pass if that one were not set; whether it passes all.
    fn count(&self, query: &SoftwareQuery, facets: &mut SoftwareFacets) -> bool {
        let row = &self.title.row;
        let vendor = self.identity.vendor.as_ref().map(VendorId::as_str);
        let passes = [
            query.publisher.as_deref().is_none_or(|publisher| row.publisher.as_deref() == Some(publisher)),
            query.vendor.as_deref().is_none_or(|id| vendor == Some(id)),
            query.sources.is_empty() || query.sources.iter().any(|source| row.sources.contains(source)),
            query.tiers.is_empty() || self.tier.is_some_and(|tier| query.tiers.contains(&tier)),
            query.is_identified.is_none_or(|is_identified| vendor.is_some() == is_identified),
        ];
        let failed = passes.iter().filter(|passes| !**passes).count();
        let counts = |filter: usize| failed == 0 || (failed == 1 && !passes[filter]);
        if counts(0)
            && let Some(publisher) = &row.publisher
        {
            add(&mut facets.publishers, publisher);
        }
        if counts(1)
            && let Some(vendor) = vendor
        {
            add(&mut facets.vendors, vendor);
        }
        if counts(2) {
            for source in &row.sources {
                *facets.sources.entry(*source).or_default() += 1;
            }
        }
        if counts(3)
            && let Some(tier) = self.tier
        {
            *facets.tiers.entry(tier).or_default() += 1;
        }
        if counts(4) {
            if vendor.is_some() {
                facets.identified += 1;
            } else {
                facets.unidentified += 1;
            }
        }
        failed == 0
    }
}

/// One more of a value; the value is copied only when it is new.
fn add(counts: &mut HashMap<String, usize>, value: &str) {
    if let Some(count) = counts.get_mut(value) {
        *count += 1;
    } else {
        counts.insert(value.to_owned(), 1);
    }
}

impl TitleTiers {
    /// The installed headline of the title at a place; nothing for what is not identified.
    #[must_use]
    pub fn of(&self, titles: &Titles, place: usize) -> Option<Tier> {
        titles.rows.get(place).and_then(|title| self.tiers.get(title.identity).copied().flatten())
    }
}

impl Workbench {
    /// Reads every title and identifies it.
    pub fn read_titles(&self, store: &Store) -> Result<Titles, StoreError> {
        let mut titles = Titles::default();
        let mut places: HashMap<TitleIdentity, usize> = HashMap::new();
        let mut known: HashMap<(String, Option<String>, Vec<ObservationSource>), usize> = HashMap::new();
        for row in store.software(None, None)? {
            let key = (row.name.clone(), row.publisher.clone(), row.sources.clone());
            let identity = *known.entry(key).or_insert_with(|| {
                let found = self.identified_title(&row);
                let identity = TitleIdentity { vendor: found.vendor, product: found.product };
                let next = places.len();
                *places.entry(identity).or_insert(next)
            });
            let folded = in_latin(&format!("{} {}", row.name, row.publisher.as_deref().unwrap_or_default()));
            titles.rows.push(Title { row, folded, identity });
        }
        let mut identities: Vec<(TitleIdentity, usize)> = places.into_iter().collect();
        identities.sort_by_key(|(_, place)| *place);
        titles.identities = identities.into_iter().map(|(identity, _)| identity).collect();
        for (place, title) in titles.rows.iter().enumerate() {
            let id = family_id(&title.row, titles.identities.get(title.identity));
            titles.families.entry(id).or_default().push(place);
        }
        Ok(titles)
    }

    /// What the first of a title's registrations that says something is identified as.
    fn identified_title(&self, row: &SoftwareRow) -> Identification {
        let identified = |source: &ObservationSource| {
            let mut observation = Observation::new(*source);
            observation.name = Some(row.name.clone());
            observation.version.clone_from(&row.version);
            observation.publisher.clone_from(&row.publisher);
            self.identifier().identify(&observation)
        };
        row.sources.iter().map(identified).find(|found| found.vendor.is_some()).unwrap_or_default()
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
mod tests {
    use super::*;

    fn sample() -> (Workbench, Store, Circumstances) {
        let workbench = Workbench::builtin().expect("the built-in catalogue");
        let mut store = Store::open_in_memory().expect("opens");
        workbench.build_sample(&mut store, "2026-11-22T12:00:00Z").expect("builds");
        let day = "2026-11-22".parse().expect("a day");
        let circumstances = workbench.circumstances(&["us-private".to_owned()], day).expect("a profile");
        (workbench, store, circumstances)
    }

    #[test]
    fn titles_are_found_in_any_script_and_filtered_together() {
        let (workbench, store, circumstances) = sample();
        let titles = workbench.read_titles(&store).expect("reads");
        let tiers = workbench.judge_titles(&titles, &circumstances);
        let ask = |query: &SoftwareQuery| titles.select(&workbench, &tiers, query);
        let all = ask(&SoftwareQuery::default());
        assert_eq!(all.places.len(), titles.len());
        assert_eq!(all.facets.identified + all.facets.unidentified, titles.len());
        let named = |text: &str| ask(&SoftwareQuery { text: text.to_owned(), ..SoftwareQuery::default() }).places;
        assert!(!named("kaspersk").is_empty());
        assert_eq!(named("Касперск"), named("kaspersk"));
        let of_vendor = ask(&SoftwareQuery { vendor: Some("kaspersky".to_owned()), ..SoftwareQuery::default() });
        assert_eq!(all.facets.vendors.get("kaspersky"), Some(&of_vendor.places.len()));
        let unknown = ask(&SoftwareQuery { is_identified: Some(false), ..SoftwareQuery::default() });
        assert!(unknown.places.iter().all(|place| tiers.of(&titles, *place).is_none()));
        let restricted = ask(&SoftwareQuery { tiers: vec![Tier::Restricted], ..SoftwareQuery::default() });
        assert_eq!(all.facets.tiers.get(&Tier::Restricted), Some(&restricted.places.len()));
        assert_eq!(all.places[..restricted.places.len()].len(), restricted.places.len());
        assert!(restricted.places.iter().all(|place| tiers.of(&titles, *place) == Some(Tier::Restricted)));
    }

    #[test]
    fn a_family_is_every_version_and_who_has_it() {
        let (workbench, store, _) = sample();
        let titles = workbench.read_titles(&store).expect("reads");
        for place in (0..titles.len()).step_by(7) {
            let row = titles.title(place).expect("is there");
            let family = titles.family(&store, &titles.family_id(place)).expect("reads").expect("is known");
            assert!(family.titles.contains(&place));
            assert_eq!(titles.place_of(&row.key()), Some(place));
            let version = row.version.clone().unwrap_or_default();
            let held = family.versions.iter().find(|held| held.version == version).expect("its version");
            assert!(held.machines.len() >= row.machines, "{row:?}");
            assert!(family.machines.len() >= held.machines.len());
            assert!(family.machines.iter().all(|machine| family.on.contains_key(machine)));
        }
        assert_eq!(titles.family(&store, "title:nothing\t").expect("reads"), None);
    }
}
