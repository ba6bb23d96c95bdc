//! The catalogue as one value, with the questions everybody asks of it.

use std::collections::{BTreeMap, HashMap};

use interdict_model::{
    CatalogueStamp, EntityId, Goods, Issuer, IssuerId, LegalEntity, Person, PersonId, Product, ProductId, Profile,
    ProfileId, Restriction, RestrictionId, RestrictionScope, Vendor, VendorId,
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
        };
        catalogue.by_vendor = catalogue.index_by_vendor();
        catalogue
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
