//! Certificates that Windows trusts: roots, intermediates and publishers of the machine, of policies and of every user.
//!
//! Microsoft's own list is kept whole. What a certificate is trusted for, and whether it has expired or been distrusted, is
//! not weighed; personal certificates with their keys are not read.

use std::collections::BTreeSet;

use interdict_formats::certificate::parse_certificate;
use interdict_formats::certificate_store::certificate_of;
use interdict_formats::registry::RegistryData;
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::any::certificates::trusted;
use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::Host;
use crate::registry::{Registry, same};
use crate::windows::{WINDOWS_FILES, subkeys, user_key, users, values, without_registry};

/// The stores, and what a certificate in them is.
const STORES: &[(&str, &str)] =
    &[("ROOT", "root"), ("AuthRoot", "distribution"), ("CA", "intermediate"), ("TrustedPublisher", "publisher")];
/// Where stores lie: of the machine, of policies and of the organisation. Policies first, since they say most.
const OF_THE_MACHINE: &[&str] = &[
    r"HKLM\SOFTWARE\Policies\Microsoft\SystemCertificates",
    r"HKLM\SOFTWARE\Microsoft\EnterpriseCertificates",
    r"HKLM\SOFTWARE\Microsoft\SystemCertificates",
];
const OF_A_USER: &[&str] =
    &[r"Software\Policies\Microsoft\SystemCertificates", r"Software\Microsoft\SystemCertificates"];

/// Reads trusted certificates.
pub(crate) struct Certificates;

impl Collector for Certificates {
    fn name(&self) -> &'static str {
        "windows/certificates"
    }

    fn looks_at(&self) -> &'static str {
        "trusted certificates"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Certificates]
    }

    fn needs(&self) -> Needs {
        WINDOWS_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let Some(registry) = host.registry() else { return without_registry() };
        let mut gathering = Gathering::default();
        let mut seen = BTreeSet::new();
        for place in OF_THE_MACHINE {
            read(registry, place, &Scope::Machine, &mut seen, &mut gathering);
        }
        for user in users(registry, &mut gathering) {
            for place in OF_A_USER {
                read(registry, &user_key(&user, place), &Scope::User(user.name.clone()), &mut seen, &mut gathering);
            }
        }
        gathering.finish()
    }
}

/// The certificates of all stores at a place, each once for whom it is trusted.
fn read(
    registry: &dyn Registry,
    place: &str,
    scope: &Scope,
    seen: &mut BTreeSet<(Scope, String)>,
    gathering: &mut Gathering,
) {
    let present = subkeys(registry, place, gathering);
    for (store, kind) in STORES {
        if !present.iter().any(|name| same(name, store)) {
            continue;
        }
        let store = format!(r"{place}\{store}\Certificates");
        for name in subkeys(registry, &store, gathering) {
            let key = format!(r"{store}\{name}");
            let Some(values) = values(registry, &key, gathering) else { continue };
            let certificate = match values.get("Blob") {
                Some(RegistryData::Binary { bytes, .. }) => certificate_of(bytes).and_then(parse_certificate),
                _ => None,
            };
            let found = match certificate {
                Some(certificate) if !seen.insert((scope.clone(), certificate.fingerprint.clone())) => continue,
                Some(certificate) => trusted(certificate, &key, kind, scope),
                None => {
                    gathering.shortfall(Cause::Broken, format!("no certificate could be read at {key}"));
                    unread(name, key, kind, scope)
                }
            };
            gathering.observations.push(found);
        }
    }
}

/// A certificate of which nothing but the name of its key could be read.
fn unread(name: String, key: String, kind: &str, scope: &Scope) -> Observation {
    let mut observation = Observation::new(ObservationSource::Certificates);
    observation.identifier = Some(name);
    observation.path = Some(key);
    observation.scope = Some(scope.clone());
    observation.raw.insert(raw_key::KIND.to_owned(), kind.to_owned());
    observation
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{rows, windows_fixture};
    use interdict_model::{CollectorStatus, Probes};

    #[test]
    fn stores_of_the_machine_and_of_users_are_read_each_certificate_once() {
        let host = windows_fixture("windows/certificates", "one-in-two-stores");
        let collected = Certificates.collect(&host, &Request::of(&Probes::default()));
        let rows = rows(&collected, |one| {
            let scope = one.scope.as_ref().map(ToString::to_string).unwrap_or_default();
            let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
            format!(
                "{scope} {} {} {}",
                text(&one.display_name),
                text(&one.publisher),
                one.raw(raw_key::KIND).unwrap_or("-")
            )
        });
        assert_eq!(
            rows,
            ["machine Vendor Root Vendor Ltd root", "machine - - publisher", "user:ada Vendor Root Vendor Ltd root"]
        );
        assert_eq!(collected.status, CollectorStatus::Partial);
        let reason = collected.reason.expect("one is broken");
        assert!(reason.starts_with("no certificate could be read at HKLM"), "{reason}");
    }
}
