//! A layered catalogue's vendors apart again: the catalogue's own ones, and what the organisation added.
//!
//! Who recognises software asks the catalogue first and the organisation's additions only where the catalogue knows
//! nothing, so that no own entry can hide what the catalogue recognises.

use interdict_model::{Fingerprint, Origin, Product, Vendor};

use crate::catalogue::{Catalogue, EntryKind, Facts};

impl Catalogue {
    /// The vendors without what the organisation added, and what it added alone; nothing when it added nothing.
    #[must_use]
    pub fn parted(&self) -> Option<(Self, Self)> {
        if !self.has_own() {
            return None;
        }
        let below = self.vendors().iter().filter_map(|vendor| self.part(vendor, Origin::Catalogue)).collect();
        let added = self.vendors().iter().filter_map(|vendor| self.part(vendor, Origin::Own)).collect();
        let of_vendors = |vendors| {
            let facts = Facts { vendors, ..Facts::default() };
            Self::new(facts, self.stamp().clone())
        };
        Some((of_vendors(below), of_vendors(added)))
    }

    /// What of a vendor comes from there. Of a vendor that is another's, only what recognises it.
    fn part(&self, vendor: &Vendor, origin: Origin) -> Option<Vendor> {
        let is_its = self.origin(EntryKind::Vendor, vendor.id.as_str()) == origin;
        let prints = |product: Option<&Product>, all: &[Fingerprint]| -> Vec<Fingerprint> {
            let comes = |print: &&Fingerprint| self.fingerprint_origin(vendor, product, print) == origin;
            all.iter().filter(comes).cloned().collect()
        };
        let product = |product: &Product| {
            let fingerprints = prints(Some(product), &product.fingerprints);
            let stays = self.origin(EntryKind::Product, product.id.as_str()) == origin || !fingerprints.is_empty();
            stays.then(|| Product { fingerprints, ..product.clone() })
        };
        let fingerprints = prints(None, &vendor.fingerprints);
        let products: Vec<Product> = vendor.products.iter().filter_map(product).collect();
        if is_its {
            return Some(Vendor { fingerprints, products, ..vendor.clone() });
        }
        (!fingerprints.is_empty() || !products.is_empty()).then(|| Vendor {
            fingerprints,
            products,
            // Its names and companies recognise it already, where they belong.
            name: String::new(),
            names: Vec::new(),
            website: None,
            entities: Vec::new(),
            ..vendor.clone()
        })
    }
}
