//! Compiles the probes of a scan from the catalogue's fingerprints.

use interdict_catalogue::Catalogue;
use interdict_model::{Fingerprint, FingerprintField, MatchKind, Probes};

/// What to look for beside what collectors list anyway. Patterns and placeholders of other systems are left out: a probe is
/// a literal name or path.
#[must_use]
pub fn probes(catalogue: &Catalogue) -> Probes {
    let mut probes = Probes { catalogue_version: catalogue.stamp().version.clone(), ..Probes::default() };
    for vendor in catalogue.vendors() {
        let of_products = vendor.products.iter().flat_map(|product| &product.fingerprints);
        for fingerprint in vendor.fingerprints.iter().chain(of_products) {
            add(&mut probes, fingerprint);
        }
    }
    probes
}

fn add(probes: &mut Probes, fingerprint: &Fingerprint) {
    if fingerprint.kind == MatchKind::Glob {
        return;
    }
    let value = fingerprint.value.clone();
    match fingerprint.field {
        FingerprintField::Path if value.starts_with('/') => {
            probes.paths.insert(value.trim_end_matches('/').to_owned());
        }
        FingerprintField::DebPackage | FingerprintField::RpmPackage => {
            probes.packages.insert(value);
        }
        FingerprintField::SystemdUnit => {
            probes.services.insert(value.trim_end_matches(".service").to_owned());
        }
        FingerprintField::RegistryKey => {
            probes.registry_keys.insert(value);
        }
        _ => {}
    }
}
