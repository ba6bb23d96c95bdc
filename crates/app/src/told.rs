//! Products of which tools tell without saying on which machines, and of which some instrument speaks.
//!
//! They are no findings: a finding is on a machine. They stand beside the findings, so that what a tool knows of a tenant as
//! a whole is not silent, and they count for no machine. Which of the known machines it is about nobody can say.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Deref;

use interdict_assess::Circumstances;
use interdict_model::{ObservationSource, Product, ProductId, VendorId};
use interdict_store::{PassingTold, Store, StoreError, Telling, ToldTitle};

use crate::findings::{JudgedSubject, KnownVerdicts};
use crate::title_list::TitleIdentity;
use crate::versions::VersionPlace;
use crate::workbench::Workbench;

/// Everything that is told of without a machine and of which the vendor is known: by vendor and product, if that is known,
/// the numbers of what is told.
#[derive(Debug, Default)]
pub struct ToldGroups {
    groups: BTreeMap<(VendorId, Option<ProductId>), Vec<i64>>,
}

/// A product, or a vendor without a known product, that is told of without a machine.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldFinding {
    /// What it is and what it means; read through this.
    pub about: JudgedSubject,
    /// What is told, by name and version, and who tells it; never none.
    pub titles: Vec<ToldTitle>,
}

impl Deref for ToldFinding {
    type Target = JudgedSubject;

    fn deref(&self) -> &JudgedSubject {
        &self.about
    }
}

impl ToldFinding {
    /// Who tells of it, the newest first.
    #[must_use]
    pub fn tellers(&self) -> Vec<Teller> {
        tellers(&self.titles)
    }
}

/// What tools tell of one vendor without saying on which machines, whether or not any instrument speaks of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldVendor {
    /// The vendor.
    pub vendor: VendorId,
    /// What is told: products by id, each by name and version, then what no product is known of; never none.
    pub titles: Vec<(Option<ProductId>, ToldTitle)>,
}

impl ToldVendor {
    /// How many products are told of.
    #[must_use]
    pub fn products(&self) -> usize {
        self.titles.iter().filter_map(|(product, _)| product.as_ref()).collect::<BTreeSet<_>>().len()
    }

    /// Who tells of it, the newest first.
    #[must_use]
    pub fn tellers(&self) -> Vec<Teller> {
        tellers(self.titles.iter().map(|(_, title)| title))
    }

    /// The same counted.
    #[must_use]
    pub fn count(&self) -> ToldCount {
        ToldCount { titles: self.titles.len(), tellers: self.tellers() }
    }
}

/// The newest word of one tool on several titles: what the newest of its imports that tells of any of them says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Teller {
    /// The name of the format.
    pub origin: String,
    /// When it was so: RFC 3339, UTC.
    pub at: String,
    /// Of how many of them that import tells.
    pub titles: usize,
    /// The least and the most machines that the tool counts of a title; nothing where it does not count. Machines that have
    /// several titles are counted with each, so that no sum is made of them.
    pub counted: Option<(u64, u64)>,
    /// How many newer imports of that tool tell of things without a machine, but of none of these.
    pub newer: usize,
}

impl Teller {
    fn of(telling: &Telling) -> Self {
        Self {
            origin: telling.origin.clone(),
            at: telling.at.clone(),
            titles: 1,
            counted: telling.devices.map(|devices| (devices, devices)),
            newer: telling.newer,
        }
    }

    /// Takes another word of the same tool in: the newer one counts, and two of one import together.
    fn join(&mut self, other: Self) {
        if other.newer < self.newer {
            *self = other;
        } else if other.newer == self.newer {
            self.titles += other.titles;
            self.counted = match (self.counted, other.counted) {
                (Some((least, most)), Some((other_least, other_most))) => {
                    Some((least.min(other_least), most.max(other_most)))
                }
                (counted, other) => counted.or(other),
            };
        }
    }
}

/// What tools tell of a vendor or a product without saying on which machines, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldCount {
    /// How many titles; never none.
    pub titles: usize,
    /// Who tells of them, the newest first.
    pub tellers: Vec<Teller>,
}

/// The same of every vendor and product that is told of.
#[derive(Debug, Default)]
pub struct ToldCounts {
    groups: BTreeMap<(VendorId, Option<ProductId>), ToldCount>,
}

impl ToldCounts {
    /// What is told of a vendor, with all of its products; nothing where nobody tells of any.
    #[must_use]
    pub fn of_vendor(&self, vendor: &VendorId) -> Option<ToldCount> {
        let counts = || of_vendor(&self.groups, vendor).map(|(_, count)| count);
        let titles = counts().map(|count| count.titles).sum();
        (titles > 0).then(|| ToldCount { titles, tellers: joined(counts().flat_map(|count| count.tellers.clone())) })
    }

    /// What is told of a product; nothing where nobody tells of it.
    #[must_use]
    pub fn of_product(&self, product: &Product) -> Option<&ToldCount> {
        self.groups.get(&(product.vendor.clone(), Some(product.id.clone())))
    }
}

/// What there is of a vendor, by product: what no product is known of first.
fn of_vendor<'t, T>(
    groups: &'t BTreeMap<(VendorId, Option<ProductId>), T>,
    vendor: &'t VendorId,
) -> impl Iterator<Item = (Option<&'t ProductId>, &'t T)> {
    let of = groups.range((vendor.clone(), None)..).take_while(move |((other, _), _)| other == vendor);
    of.map(|((_, product), value)| (product.as_ref(), value))
}

/// What is told under these numbers, which go by name; each name by version, the lowest first.
fn in_order(store: &Store, ids: &[i64]) -> Result<Vec<ToldTitle>, StoreError> {
    let mut titles = store.told_titles(ids)?;
    for same in titles.chunk_by_mut(|left, right| left.name == right.name) {
        same.sort_by_cached_key(|title| VersionPlace::of(title.version.as_deref().unwrap_or_default()));
    }
    Ok(titles)
}

/// Who tells of some titles, the newest first.
fn tellers<'t>(titles: impl IntoIterator<Item = &'t ToldTitle>) -> Vec<Teller> {
    joined(titles.into_iter().flat_map(|title| &title.tellings).map(Teller::of))
}

/// Words of tools, one for each of them, the newest first.
fn joined(words: impl IntoIterator<Item = Teller>) -> Vec<Teller> {
    let mut newest: BTreeMap<String, Teller> = BTreeMap::new();
    for word in words {
        match newest.get_mut(&word.origin) {
            Some(known) => known.join(word),
            None => drop(newest.insert(word.origin.clone(), word)),
        }
    }
    let mut tellers: Vec<Teller> = newest.into_values().collect();
    tellers.sort_by(|left, right| right.at.cmp(&left.at));
    tellers
}

/// What things of one name are identified as: they follow each other, and which version it is says nothing of whose it is.
#[derive(Debug, Default)]
pub(crate) struct ToldIdentities {
    name: String,
    known: HashMap<(String, ObservationSource, String), TitleIdentity>,
}

impl ToldIdentities {
    /// What something is, each combination of name, publisher, source and identifier once.
    pub(crate) fn of(&mut self, workbench: &Workbench, told: &PassingTold<'_>) -> TitleIdentity {
        if self.name != told.name {
            told.name.clone_into(&mut self.name);
            self.known.clear();
        }
        let key = (told.publisher.to_owned(), told.source, told.identifier.to_owned());
        let identify = || {
            let found = workbench.identifier().identify(&told.observation());
            TitleIdentity { vendor: found.vendor, product: found.product }
        };
        self.known.entry(key).or_insert_with(identify).clone()
    }
}

impl Workbench {
    /// Reads and identifies everything that is told of without a machine.
    pub fn read_told(&self, store: &Store) -> Result<ToldGroups, StoreError> {
        let (mut identities, mut told) = (ToldIdentities::default(), ToldGroups::default());
        store.each_told(|title| {
            if let TitleIdentity { vendor: Some(vendor), product } = identities.of(self, &title) {
                told.groups.entry((vendor, product)).or_default().push(title.id);
            }
        })?;
        Ok(told)
    }

    /// What is told of without a machine and some instrument speaks of, worst first.
    pub fn told_findings(
        &self,
        store: &Store,
        told: &ToldGroups,
        circumstances: &Circumstances,
    ) -> Result<Vec<ToldFinding>, StoreError> {
        let (mut findings, mut verdicts) = (Vec::new(), KnownVerdicts::new());
        for ((vendor, product), ids) in &told.groups {
            let judged = self.judge_subject((vendor, product.as_ref()), &mut verdicts, circumstances);
            if let Some(about) = judged.filter(JudgedSubject::is_spoken_of) {
                findings.push(ToldFinding { about, titles: in_order(store, ids)? });
            }
        }
        findings.sort_by(|left, right| {
            let weight = |finding: &ToldFinding| (finding.tier().rank(), finding.verdict.tier.rank());
            weight(right).cmp(&weight(left)).then_with(|| left.title().cmp(&right.title()))
        });
        Ok(findings)
    }

    /// How much is told of each vendor and product without a machine, and by whom.
    pub fn count_told(&self, store: &Store, told: &ToldGroups) -> Result<ToldCounts, StoreError> {
        let mut counts = ToldCounts::default();
        for (subject, ids) in &told.groups {
            let titles = store.told_titles(ids)?;
            counts.groups.insert(subject.clone(), ToldCount { titles: titles.len(), tellers: tellers(&titles) });
        }
        Ok(counts)
    }

    /// What is told of a vendor without a machine; nothing where nobody tells of any of it.
    pub fn told_of_vendor(
        &self,
        store: &Store,
        told: &ToldGroups,
        vendor: &VendorId,
    ) -> Result<Option<ToldVendor>, StoreError> {
        let (mut titles, mut of_no_product) = (Vec::new(), Vec::new());
        for (product, ids) in of_vendor(&told.groups, vendor) {
            let known = if product.is_some() { &mut titles } else { &mut of_no_product };
            known.extend(in_order(store, ids)?.into_iter().map(|title| (product.cloned(), title)));
        }
        titles.append(&mut of_no_product);
        Ok((!titles.is_empty()).then(|| ToldVendor { vendor: vendor.clone(), titles }))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use interdict_model::Observation;
    use interdict_store::{BatchHeader, BatchTitle};

    use super::*;

    /// Imports a list of titles by name, version and the tool's count, which names no machine.
    pub(crate) fn tell(store: &mut Store, titles: &[(&str, &str, Option<u64>)]) {
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
        for &(name, version, devices) in titles {
            let mut observation = Observation::new(ObservationSource::Import);
            observation.name = Some(name.to_owned());
            observation.version = Some(version.to_owned());
            batch.title(&BatchTitle { observation, devices }).expect("keeps");
        }
        batch.finish(titles.len() as u64, 0, &[]).expect("finishes");
    }

    /// A title and who tells of it: tool, day, count, newer imports.
    fn title(tellings: &[(&str, &str, Option<u64>, usize)]) -> ToldTitle {
        let telling = |(origin, at, devices, newer): &(&str, &str, Option<u64>, usize)| Telling {
            origin: (*origin).to_owned(),
            batch: 1,
            file: "list.csv".to_owned(),
            at: (*at).to_owned(),
            devices: *devices,
            newer: *newer,
        };
        ToldTitle {
            id: 1,
            name: "Kaspersky".to_owned(),
            version: None,
            publisher: None,
            source: ObservationSource::Import,
            identifier: None,
            tellings: tellings.iter().map(telling).collect(),
        }
    }

    #[test]
    fn of_each_tool_its_newest_import_speaks_and_counts_are_never_added() {
        let titles = [
            title(&[("fleet", "2026-11-09", Some(17), 0), ("snipe-it", "2026-11-05", None, 2)]),
            title(&[("fleet", "2026-11-01", Some(90), 1)]),
            title(&[("fleet", "2026-11-09", None, 0)]),
            title(&[("fleet", "2026-11-09", Some(3), 0)]),
        ];
        let words: Vec<String> = tellers(&titles)
            .into_iter()
            .map(|teller| {
                let Teller { origin, at, titles, counted, newer } = teller;
                format!("{origin} {at} {titles} {counted:?} +{newer}")
            })
            .collect();
        assert_eq!(words, ["fleet 2026-11-09 3 Some((3, 17)) +0", "snipe-it 2026-11-05 1 None +2"]);
        assert_eq!(tellers(&titles[..0]), []);
    }
}
