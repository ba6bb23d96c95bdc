//! The catalogue as one value, with the questions everybody asks of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use interdict_model::{
    Approval, CatalogueStamp, Day, EntityId, Fingerprint, FingerprintField, Goods, Issuer, IssuerId, LegalEntity,
    Origin, Person, PersonId, Product, ProductId, Profile, ProfileId, Restriction, RestrictionId, RestrictionScope,
    Subject, Vendor, VendorId,
};

/// All facts, indexed. Made by [`crate::parse`]; never changed afterwards.
#[derive(Debug, Clone)]
pub struct Catalogue {
    stamp: CatalogueStamp,
    issuers: BTreeMap<IssuerId, Issuer>,
    profiles: Vec<Profile>,
    restrictions: Vec<Restriction>,
    vendors: Vec<Vendor>,
    vendor_index: HashMap<VendorId, usize>,
    product_index: HashMap<ProductId, (usize, usize)>,
    entity_index: HashMap<EntityId, (usize, usize)>,
    person_index: HashMap<PersonId, (usize, usize)>,
    restriction_index: HashMap<RestrictionId, usize>,
    /// Per vendor, the restrictions that speak of it, of one of its companies, of its people or of goods it makes.
    by_vendor: Vec<Vec<usize>>,
    /// The restrictions on classes of software or on affiliates, which any vendor may turn out to belong to.
    on_classes: Vec<usize>,
    beside: Beside,
}

/// What stands beside the facts and judges nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Beside {
    /// Entries that were mistakes, and since when that is known.
    pub(crate) withdrawn: BTreeMap<RestrictionId, Day>,
    /// What the organisation has approved.
    pub(crate) approvals: Vec<Approval>,
    /// Which entries are the organisation's own.
    pub(crate) own: OwnMarks,
}

/// What an entry is, since an id is unique among entries of its kind only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// An instrument of an issuer.
    Restriction,
    /// A vendor.
    Vendor,
    /// A product.
    Product,
    /// An authority.
    Issuer,
    /// An answer to "who are we".
    Profile,
    /// What an organisation has approved.
    Approval,
}

/// The organisation's own entries, and its own fingerprints of vendors and products that are not its own. The marks stand
/// beside the facts, so that an entry is one value wherever it comes from.
#[derive(Debug, Clone, Default)]
pub(crate) struct OwnMarks {
    entries: BTreeSet<(EntryKind, String)>,
    fingerprints: BTreeSet<(String, FingerprintField, String)>,
}

impl OwnMarks {
    /// Marks an entry.
    pub(crate) fn mark(&mut self, kind: EntryKind, id: &impl ToString) {
        self.entries.insert((kind, id.to_string()));
    }

    /// Marks a fingerprint of a vendor or product.
    pub(crate) fn mark_fingerprint(&mut self, holder: &impl ToString, fingerprint: &Fingerprint) {
        self.fingerprints.insert((holder.to_string(), fingerprint.field, fingerprint.value.clone()));
    }

    fn is_own(&self, kind: EntryKind, id: &str) -> bool {
        !self.entries.is_empty() && self.entries.contains(&(kind, id.to_owned()))
    }

    fn is_own_fingerprint(&self, holder: &str, fingerprint: &Fingerprint) -> bool {
        !self.fingerprints.is_empty()
            && self.fingerprints.contains(&(holder.to_owned(), fingerprint.field, fingerprint.value.clone()))
    }
}

/// The facts before they are indexed.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) stamp: Option<CatalogueStamp>,
    pub(crate) issuers: Vec<Issuer>,
    pub(crate) profiles: Vec<Profile>,
    pub(crate) restrictions: Vec<Restriction>,
    pub(crate) vendors: Vec<Vendor>,
}

impl Catalogue {
    /// Indexes the facts; restrictions that were withdrawn are left out.
    pub(crate) fn new(facts: Facts, fallback: CatalogueStamp) -> Self {
        let Facts { stamp, issuers, mut profiles, mut restrictions, mut vendors } = facts;
        let withdrawn = restrictions.iter().filter_map(|entry| Some((entry.id.clone(), entry.withdrawn?))).collect();
        restrictions.retain(|restriction| restriction.withdrawn.is_none());
        restrictions.sort_by(|left, right| (left.announced, &left.id).cmp(&(right.announced, &right.id)));
        vendors.sort_by(|left, right| left.id.cmp(&right.id));
        profiles.sort_by(|left, right| left.id.cmp(&right.id));
        let mut catalogue = Self {
            stamp: stamp.unwrap_or(fallback),
            issuers: issuers.into_iter().map(|issuer| (issuer.id.clone(), issuer)).collect(),
            profiles,
            restriction_index: restrictions.iter().enumerate().map(|(at, entry)| (entry.id.clone(), at)).collect(),
            vendor_index: vendors.iter().enumerate().map(|(at, vendor)| (vendor.id.clone(), at)).collect(),
            product_index: positions(&vendors, |vendor| &vendor.products, |product| product.id.clone()),
            entity_index: positions(&vendors, |vendor| &vendor.entities, |entity| entity.id.clone()),
            person_index: positions(&vendors, |vendor| &vendor.people, |person| person.id.clone()),
            by_vendor: Vec::new(),
            on_classes: on_classes(&restrictions),
            restrictions,
            vendors,
            beside: Beside { withdrawn, ..Beside::default() },
        };
        catalogue.by_vendor = catalogue.index_by_vendor();
        catalogue
    }

    /// The facts again and what stands beside them, to be made into another catalogue.
    pub(crate) fn taken_apart(self) -> (Facts, Beside) {
        let facts = Facts {
            stamp: Some(self.stamp),
            issuers: self.issuers.into_values().collect(),
            profiles: self.profiles,
            restrictions: self.restrictions,
            vendors: self.vendors,
        };
        (facts, self.beside)
    }

    /// The same with something else beside the facts.
    pub(crate) fn beside(mut self, beside: Beside) -> Self {
        self.beside = beside;
        self
    }

    fn index_by_vendor(&self) -> Vec<Vec<usize>> {
        let mut by_vendor = vec![Vec::new(); self.vendors.len()];
        for (at, restriction) in self.restrictions.iter().enumerate() {
            let scope = &restriction.scope;
            let mut touched: Vec<usize> = Vec::new();
            touched.extend(scope.vendors.iter().filter_map(|id| self.vendor_index.get(id)));
            touched.extend(scope.entities.iter().filter_map(|id| self.entity_index.get(id)).map(|(vendor, _)| vendor));
            let persons = scope.persons.iter().filter_map(|listed| self.person_index.get(&listed.id));
            touched.extend(persons.map(|(vendor, _)| vendor));
            if !scope.goods.is_empty() {
                let makers = self.vendors.iter().enumerate().filter(|(_, vendor)| makes(vendor, &scope.goods));
                touched.extend(makers.map(|(at, _)| at));
            }
            touched.sort_unstable();
            touched.dedup();
            for vendor in touched {
                by_vendor[vendor].push(at);
            }
        }
        by_vendor
    }

    /// Version and date.
    pub fn stamp(&self) -> &CatalogueStamp {
        &self.stamp
    }

    /// All issuers, by id.
    pub fn issuers(&self) -> impl Iterator<Item = &Issuer> {
        self.issuers.values()
    }

    /// An issuer.
    pub fn issuer(&self, id: &IssuerId) -> Option<&Issuer> {
        self.issuers.get(id)
    }

    /// All profiles, by id.
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// A profile.
    pub fn profile(&self, id: &ProfileId) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.id == *id)
    }

    /// All restrictions, by day of announcement.
    pub fn restrictions(&self) -> &[Restriction] {
        &self.restrictions
    }

    /// A restriction.
    pub fn restriction(&self, id: &RestrictionId) -> Option<&Restriction> {
        self.restriction_index.get(id).and_then(|at| self.restrictions.get(*at))
    }

    /// The restrictions that speak of a vendor, its companies, its people or goods it makes, by day of announcement.
    pub fn restrictions_of(&self, vendor: &VendorId) -> impl Iterator<Item = &Restriction> {
        let positions = self.vendor_index.get(vendor).and_then(|at| self.by_vendor.get(*at));
        positions.into_iter().flatten().filter_map(|at| self.restrictions.get(*at))
    }

    /// The restrictions that name a class of software, or the affiliates of listed companies, instead of vendors.
    pub fn restrictions_on_classes(&self) -> impl Iterator<Item = &Restriction> {
        self.on_classes.iter().filter_map(|at| self.restrictions.get(*at))
    }

    /// All vendors, by id.
    pub fn vendors(&self) -> &[Vendor] {
        &self.vendors
    }

    /// A vendor.
    pub fn vendor(&self, id: &VendorId) -> Option<&Vendor> {
        self.vendor_index.get(id).and_then(|at| self.vendors.get(*at))
    }

    /// All products, by vendor.
    pub fn products(&self) -> impl Iterator<Item = &Product> {
        self.vendors.iter().flat_map(|vendor| &vendor.products)
    }

    /// A product.
    pub fn product(&self, id: &ProductId) -> Option<&Product> {
        self.product_index.get(id).and_then(|(vendor, at)| self.vendors.get(*vendor)?.products.get(*at))
    }

    /// A legal entity and its vendor.
    pub fn entity(&self, id: &EntityId) -> Option<(&Vendor, &LegalEntity)> {
        let (vendor, at) = self.entity_index.get(id)?;
        let vendor = self.vendors.get(*vendor)?;
        Some((vendor, vendor.entities.get(*at)?))
    }

    /// The entries that were mistakes, and since when that is known; they judge nothing.
    pub fn withdrawn(&self) -> &BTreeMap<RestrictionId, Day> {
        &self.beside.withdrawn
    }

    /// What the organisation has approved, by id.
    pub fn approvals(&self) -> &[Approval] {
        &self.beside.approvals
    }

    /// The approvals of a vendor or product that hold on a day. Who approves a vendor approves its products.
    pub fn approvals_of(&self, subject: &Subject, day: Day) -> impl Iterator<Item = &Approval> {
        let (vendor, product) = match subject {
            Subject::Vendor { vendor } => (Some(vendor.clone()), None),
            Subject::Product { vendor, product } => (Some(vendor.clone()), Some(product.clone())),
            Subject::Party { .. } => (None, None),
        };
        let is_of = move |approval: &&Approval| {
            vendor.as_ref() == Some(&approval.vendor) && (approval.product.is_none() || approval.product == product)
        };
        self.beside.approvals.iter().filter(is_of).filter(move |approval| approval.holds_on(day))
    }

    /// Whether any entry is the organisation's own.
    pub(crate) fn has_own(&self) -> bool {
        !self.beside.own.entries.is_empty() || !self.beside.own.fingerprints.is_empty()
    }

    /// Whose entry it is.
    pub fn origin(&self, kind: EntryKind, id: &str) -> Origin {
        if self.beside.own.is_own(kind, id) { Origin::Own } else { Origin::Catalogue }
    }

    /// Whose a fingerprint is: the organisation's own when it added it, or the vendor or the product that holds it.
    pub fn fingerprint_origin(&self, vendor: &Vendor, product: Option<&Product>, fingerprint: &Fingerprint) -> Origin {
        let own = &self.beside.own;
        let holder = product.map_or(vendor.id.as_str(), |product| product.id.as_str());
        let is_own = own.is_own_fingerprint(holder, fingerprint)
            || own.is_own(EntryKind::Vendor, vendor.id.as_str())
            || own.is_own(EntryKind::Product, holder);
        if is_own { Origin::Own } else { Origin::Catalogue }
    }

    /// A person and the vendor.
    pub fn person(&self, id: &PersonId) -> Option<(&Vendor, &Person)> {
        let (vendor, at) = self.person_index.get(id)?;
        let vendor = self.vendors.get(*vendor)?;
        Some((vendor, vendor.people.get(*at)?))
    }
}

fn on_classes(restrictions: &[Restriction]) -> Vec<usize> {
    let names_classes =
        |scope: &RestrictionScope| !scope.extends.is_empty() || scope.goods.iter().any(|goods| goods.is_software());
    let found = restrictions.iter().enumerate().filter(|(_, restriction)| names_classes(&restriction.scope));
    found.map(|(at, _)| at).collect()
}

/// Whether a vendor, or one of its products, belongs to one of the classes of goods.
fn makes(vendor: &Vendor, goods: &[Goods]) -> bool {
    vendor.goods.iter().any(|claim| claim.belongs && goods.contains(&claim.kind))
        || vendor.products.iter().any(|product| product.goods.iter().any(|kind| goods.contains(kind)))
}

/// Where each inner thing of each vendor stands.
fn positions<T, K: std::hash::Hash + Eq>(
    vendors: &[Vendor],
    inner: impl Fn(&Vendor) -> &Vec<T>,
    key: impl Fn(&T) -> K,
) -> HashMap<K, (usize, usize)> {
    let mut index = HashMap::new();
    for (vendor_at, vendor) in vendors.iter().enumerate() {
        for (at, thing) in inner(vendor).iter().enumerate() {
            index.insert(key(thing), (vendor_at, at));
        }
    }
    index
}
