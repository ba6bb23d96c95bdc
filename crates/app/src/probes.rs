//! Compiles the probes of a scan from the catalogue's fingerprints.

use interdict_catalogue::Catalogue;
use interdict_model::{Fingerprint, FingerprintField, MatchKind, Probes};

/// What to look for beside what collectors list anyway. A probe is a name, a path or a key, in which `*` stands for part of
/// one name; a path of Windows may begin with a placeholder. Patterns that say nothing of where to begin are left out.
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
    let value = fingerprint.value.clone();
    match fingerprint.field {
        FingerprintField::Path => probes.paths.extend(path(&value)),
        FingerprintField::RegistryKey => {
            probes.registry_keys.insert(value.trim_end_matches(r"\*").to_owned());
        }
        FingerprintField::FileName if fingerprint.kind == MatchKind::Exact => {
            probes.file_names.insert(value.to_lowercase());
        }
        _ if fingerprint.kind == MatchKind::Glob => {}
        FingerprintField::DebPackage | FingerprintField::RpmPackage => {
            probes.packages.insert(value);
        }
        FingerprintField::SystemdUnit => {
            probes.services.insert(value.trim_end_matches(".service").to_owned());
        }
        _ => {}
    }
}

/// The place a path stands for. What lies anywhere in a folder is a trace of the folder; what may lie on any drive is looked
/// for only in users' profiles, where it says so.
fn path(value: &str) -> Option<String> {
    let place = [r"\*", "/*", r"\", "/"].iter().find_map(|end| value.strip_suffix(end)).unwrap_or(value);
    let in_profile = place.strip_prefix(r"*\AppData\").map(|below| format!(r"%UserProfile%\AppData\{below}"));
    let begins = |path: &str| path.starts_with(['/', '%']) || path.starts_with("~/") || path.get(1..3) == Some(r":\");
    in_profile.or_else(|| begins(place).then(|| place.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_probed_where_it_says_where_to_begin() {
        for (value, expected) in [
            ("/opt/agent/", Some("/opt/agent")),
            ("/Applications/Kaspersky*", Some("/Applications/Kaspersky*")),
            (r"%ProgramFiles%\Vendor\Agent (*)\*", Some(r"%ProgramFiles%\Vendor\Agent (*)")),
            ("~/Library/Agent/*", Some("~/Library/Agent")),
            (r"C:\Windows\agent.exe", Some(r"C:\Windows\agent.exe")),
            (r"*\AppData\Roaming\Agent\*", Some(r"%UserProfile%\AppData\Roaming\Agent")),
            (r"*\Vendor\Agent*", None),
            ("agent.exe", None),
        ] {
            assert_eq!(path(value).as_deref(), expected, "{value}");
        }
    }
}
