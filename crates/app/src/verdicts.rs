//! Verdicts on many subjects, each worked out once.

use std::collections::HashMap;

use interdict_assess::Circumstances;
use interdict_model::{Product, ProductId, Subject, Tier, Vendor, VendorId};

use crate::findings::is_spoken_of;
use crate::workbench::Workbench;

/// What is told of a product or vendor in a list.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    /// The product's name, or the vendor's.
    pub(crate) title: Option<String>,
    /// The installed headline; undetermined where nobody knows what it is.
    pub(crate) tier: Tier,
    /// Whether any instrument in force or announced speaks of it.
    pub(crate) is_spoken_of: bool,
}

/// The verdicts for some profiles and a day.
pub(crate) struct Verdicts<'w> {
    workbench: &'w Workbench,
    circumstances: &'w Circumstances,
    known: HashMap<(VendorId, Option<ProductId>), Told>,
}

impl<'w> Verdicts<'w> {
    pub(crate) fn new(workbench: &'w Workbench, circumstances: &'w Circumstances) -> Self {
        Self { workbench, circumstances, known: HashMap::new() }
    }

    /// The verdict on what something was identified as.
    pub(crate) fn of(&mut self, vendor: Option<&VendorId>, product: Option<&ProductId>) -> Told {
        let unknown = Told { title: None, tier: Tier::Undetermined, is_spoken_of: false };
        let Some(id) = vendor else { return unknown };
        let key = (id.clone(), product.cloned());
        if let Some(told) = self.known.get(&key) {
            return told.clone();
        }
        let catalogue = self.workbench.catalogue();
        let told = match catalogue.vendor(id) {
            None => unknown,
            Some(vendor) => self.told(vendor, product.and_then(|product| catalogue.product(product))),
        };
        self.known.insert(key, told.clone());
        told
    }

    fn told(&self, vendor: &Vendor, product: Option<&Product>) -> Told {
        let subject = match product {
            Some(product) => Subject::Product { vendor: vendor.id.clone(), product: product.id.clone() },
            None => Subject::Vendor { vendor: vendor.id.clone() },
        };
        let verdict = self.workbench.assess(&subject, self.circumstances);
        let title =
            product.map_or_else(|| format!("{}, product not known", vendor.name), |product| product.name.clone());
        Told { title: Some(title), tier: verdict.headline.installed, is_spoken_of: is_spoken_of(&verdict) }
    }
}
