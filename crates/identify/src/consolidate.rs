//! One machine's observations to detections: grouped by product, with presence, version and evidence.

use std::collections::BTreeMap;

use interdict_model::{Detection, Evidence, Observation, ProductId, VendorId};

use crate::identifier::{Identification, Identifier};
use crate::presence::{Trace, presence, says, trace};

/// At most so many observations are kept as evidence of one detection; the strongest stay.
const EVIDENCE_LIMIT: usize = 40;

/// The products, and vendors without a known product, that a machine's observations come to; by vendor and product.
///
/// A trace that names only the vendor (such as its folder) supports that vendor's products on the machine without saying
/// anything of their presence; only where there is none does it stand by itself.
#[must_use]
pub fn consolidate(identifier: &Identifier, observations: &[Observation]) -> Vec<Detection> {
    let mut groups: BTreeMap<(VendorId, Option<ProductId>), Group<'_>> = BTreeMap::new();
    for observation in observations {
        let identification = identifier.identify(observation);
        if let Some(vendor) = identification.vendor.clone() {
            let group = groups.entry((vendor, identification.product.clone())).or_default();
            group.members.push((observation, identification));
        }
    }
    fold_vendor_traces(&mut groups);
    groups.into_iter().map(|((vendor, product), group)| group.detection(vendor, product)).collect()
}

/// What was identified alike.
#[derive(Default)]
struct Group<'o> {
    members: Vec<(&'o Observation, Identification)>,
    /// Traces of the vendor that only support.
    beside: Vec<(&'o Observation, Identification)>,
}

/// Moves traces of a vendor alone beside its products, where it has any here.
fn fold_vendor_traces(groups: &mut BTreeMap<(VendorId, Option<ProductId>), Group<'_>>) {
    let vendors: Vec<VendorId> =
        groups.keys().filter(|(_, product)| product.is_none()).map(|(vendor, _)| vendor.clone()).collect();
    for vendor in vendors {
        let product = groups
            .iter()
            .filter(|((owner, product), _)| *owner == vendor && product.is_some())
            .max_by_key(|(_, group)| group.members.len())
            .map(|(key, _)| key.clone());
        let Some(product) = product else { continue };
        let Some(group) = groups.remove(&(vendor.clone(), None)) else { continue };
        let (registered, traces): (Vec<_>, Vec<_>) =
            group.members.into_iter().partition(|(observation, _)| observation.source.is_registration());
        if let Some(home) = groups.get_mut(&product) {
            home.beside.extend(traces);
        }
        if !registered.is_empty() {
            groups.insert((vendor, None), Group { members: registered, beside: Vec::new() });
        }
    }
}

impl Group<'_> {
    fn detection(mut self, vendor: VendorId, product: Option<ProductId>) -> Detection {
        let traces: Vec<Trace> = self.members.iter().map(|(observation, _)| trace(observation)).collect();
        self.members.sort_by(|left, right| right.1.confidence.total_cmp(&left.1.confidence));
        let registered = |observation: &&Observation| observation.source.is_registration();
        let version = self
            .members
            .iter()
            .map(|(observation, _)| *observation)
            .filter(registered)
            .find_map(|observation| observation.version.clone())
            .or_else(|| self.members.iter().find_map(|(observation, _)| observation.version.clone()));
        let confidence = self.members.iter().map(|(_, found)| found.confidence).fold(0.0, f64::max);
        let evidence = self.members.iter().chain(&self.beside).take(EVIDENCE_LIMIT).map(evidence).collect();
        Detection { product, vendor, version, presence: presence(&traces), confidence, evidence }
    }
}

fn evidence((observation, identification): &(&Observation, Identification)) -> Evidence {
    Evidence {
        source: observation.source,
        title: observation.title().to_owned(),
        path: observation.path.clone().or_else(|| observation.install_location.clone()),
        says: says(observation),
        matched: identification.matched.clone(),
    }
}
