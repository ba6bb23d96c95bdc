//! Products of which tools tell without saying on which machines, and of which some instrument speaks.
//!
//! They are no findings: a finding is on a machine. They stand beside the findings, so that what a tool knows of a tenant as
//! a whole is not silent, and they count for no machine. Which of the known machines it is about nobody can say.

use std::collections::{BTreeMap, HashMap};

use interdict_assess::Circumstances;
use interdict_model::{ObservationSource, Product, ProductId, Subject, Tier, Vendor, VendorId, Verdict};
use interdict_store::{PassingTold, Store, StoreError, ToldTitle};

use crate::findings::{is_spoken_of, title_of};
use crate::title_list::TitleIdentity;
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
    /// What it is about.
    pub subject: Subject,
    /// Its vendor.
    pub vendor: Vendor,
    /// The product, where it is known.
    pub product: Option<Product>,
    /// What it means.
    pub verdict: Verdict,
    /// What is told, by name and version, and who tells it; never none.
    pub titles: Vec<ToldTitle>,
}

impl ToldFinding {
    /// The product's name, or the vendor's.
    #[must_use]
    pub fn title(&self) -> String {
        title_of(&self.vendor, self.product.as_ref())
    }

    /// The id of the product, or of the vendor.
    #[must_use]
    pub fn subject_id(&self) -> &str {
        self.product.as_ref().map_or(self.vendor.id.as_str(), |product| product.id.as_str())
    }

    /// The installed headline.
    #[must_use]
    pub fn tier(&self) -> Tier {
        self.verdict.headline.installed
    }

    /// Who tells of it, with the day of the newest telling, the newest first: formats by name.
    #[must_use]
    pub fn tellers(&self) -> Vec<(&str, &str)> {
        let mut newest: BTreeMap<&str, &str> = BTreeMap::new();
        for telling in self.titles.iter().flat_map(|title| &title.tellings) {
            let at = newest.entry(&telling.origin).or_default();
            *at = (*at).max(&telling.at);
        }
        let mut tellers: Vec<(&str, &str)> = newest.into_iter().collect();
        tellers.sort_by(|left, right| right.1.cmp(left.1));
        tellers
    }
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
        let mut findings = Vec::new();
        for ((vendor, product), ids) in &told.groups {
            let Some(vendor) = self.catalogue().vendor(vendor).cloned() else { continue };
            let product = product.as_ref().and_then(|product| self.catalogue().product(product)).cloned();
            let subject = match &product {
                Some(product) => Subject::Product { vendor: vendor.id.clone(), product: product.id.clone() },
                None => Subject::Vendor { vendor: vendor.id.clone() },
            };
            let verdict = self.assess(&subject, circumstances);
            if is_spoken_of(&verdict) {
                findings.push(ToldFinding { subject, vendor, product, verdict, titles: store.told_titles(ids)? });
            }
        }
        findings.sort_by(|left, right| {
            let weight = |finding: &ToldFinding| (finding.tier().rank(), finding.verdict.tier.rank());
            weight(right).cmp(&weight(left)).then_with(|| left.title().cmp(&right.title()))
        });
        Ok(findings)
    }
}
