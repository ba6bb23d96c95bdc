//! Trusted certificates as observations, wherever they were read.

use interdict_formats::certificate::Certificate;
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

/// The raw kind of a certificate that somebody added.
pub(crate) const KIND_ADDED: &str = "added";
/// The raw kind of one that the system or its distribution brings.
pub(crate) const KIND_DISTRIBUTION: &str = "distribution";
/// The raw kind of one in a browser's database.
pub(crate) const KIND_BROWSER: &str = "browser";

/// A certificate that is trusted, or lies where trusted ones do.
pub(crate) fn trusted(certificate: Certificate, path: &str, kind: &str, scope: &Scope) -> Observation {
    let mut observation = Observation::new(ObservationSource::Certificates);
    // A subject without a common name goes by its unit or organisation, as the system's own tools show it.
    let Certificate { common_name, organisation, unit, subject, fingerprint, .. } = certificate;
    observation.display_name = common_name.or(unit).or_else(|| organisation.clone()).or(Some(subject));
    observation.publisher = organisation;
    observation.identifier = Some(fingerprint);
    observation.path = Some(path.to_owned());
    observation.scope = Some(scope.clone());
    observation.raw.insert(raw_key::KIND.to_owned(), kind.to_owned());
    observation
}
