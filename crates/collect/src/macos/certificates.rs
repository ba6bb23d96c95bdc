//! Certificates in the keychains of a Mac: of the system, where software puts the ones it wants trusted, and the roots
//! that Apple brings.
//!
//! Keychains of users are left alone: they are where people's secrets lie, and what watches over a Mac takes anybody who
//! opens them for a thief. Whether a certificate is really
//! trusted stands in settings beside the keychains, and is not weighed: a vendor's own certificate is a trace in any case.
//! Where a keychain cannot be read as a file, the running system's tool is asked for the certificates of the system.

use std::collections::BTreeSet;

use interdict_formats::apple::keychain::parse_keychain;
use interdict_formats::certificate::{Certificate, parse_certificates};
use interdict_model::{ObservationSource, Scope};

use crate::any::certificates::{KIND_ADDED, KIND_DISTRIBUTION, trusted};
use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::programs::SECURITY;
use crate::host::{Host, HostError};
use crate::macos::{MACOS_FILES, begin, note};

/// The keychain to which software adds what the whole machine shall trust.
const SYSTEM: &str = "/Library/Keychains/System.keychain";
/// What Apple brings.
const ROOTS: &str = "/System/Library/Keychains/SystemRootCertificates.keychain";
/// How large a keychain may be.
const LARGEST: u64 = 64 << 20;
/// How many certificates are listed.
const MOST_CERTIFICATES: usize = 20_000;

/// Reads certificates.
pub(crate) struct Certificates;

impl Collector for Certificates {
    fn name(&self) -> &'static str {
        "macos/certificates"
    }

    fn looks_at(&self) -> &'static str {
        "certificates in keychains"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Certificates]
    }

    fn needs(&self) -> Needs {
        MACOS_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let mut reading = Reading { gathering: begin(host), seen: BTreeSet::new() };
        reading.system(host);
        reading.keychain(host, ROOTS, KIND_DISTRIBUTION);
        let mut gathering = reading.gathering;
        if gathering.observations.len() >= MOST_CERTIFICATES {
            let message = format!("there are more than the {MOST_CERTIFICATES} certificates that are listed");
            gathering.shortfall(Cause::Broken, message);
        }
        gathering.finish()
    }
}

struct Reading {
    gathering: Gathering,
    /// The certificates that were told, by their fingerprints.
    seen: BTreeSet<String>,
}

impl Reading {
    fn system(&mut self, host: &dyn Host) {
        if host.is_live() && host.read(SYSTEM, LARGEST).is_err() {
            // Without a word about the file: what it holds is known.
            if let Ok(printed) = host.output_of(&SECURITY) {
                self.gathering.has_read();
                let (certificates, diagnostics) = parse_certificates(&printed, &SECURITY.line());
                note(&mut self.gathering, diagnostics);
                self.observe(certificates, SYSTEM, KIND_ADDED);
                return;
            }
        }
        self.keychain(host, SYSTEM, KIND_ADDED);
    }

    fn keychain(&mut self, host: &dyn Host, path: &str, kind: &str) {
        let bytes = match host.read(path, LARGEST) {
            Err(HostError::NotFound { .. }) => return,
            bytes => self.gathering.ok(bytes),
        };
        let Some(bytes) = bytes else { return };
        self.gathering.has_read();
        let (certificates, diagnostics) = parse_keychain(&bytes, path);
        note(&mut self.gathering, diagnostics);
        self.observe(certificates, path, kind);
    }

    fn observe(&mut self, certificates: Vec<Certificate>, path: &str, kind: &str) {
        for certificate in certificates {
            if self.gathering.observations.len() >= MOST_CERTIFICATES {
                return;
            }
            if self.seen.insert(certificate.fingerprint.clone()) {
                self.gathering.observations.push(trusted(certificate, path, kind, &Scope::Machine));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, rows};
    use interdict_model::{CollectorStatus, Probes};

    fn collect(host: &FixtureHost) -> Collected {
        Certificates.collect(host, &Request::of(&Probes::default()))
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            format!(
                "{} | {} {}",
                one.display_name.as_deref().unwrap_or("-"),
                one.scope.as_ref().map(ToString::to_string).unwrap_or_default(),
                one.path.as_deref().unwrap_or("-"),
            )
        })
    }

    const OF_SYSTEM: &str = "Agent Personal Root | machine /Library/Keychains/System.keychain";

    #[test]
    fn the_keychain_of_the_system_is_read_and_that_of_a_user_is_not() {
        let collected = collect(&fixture("macos/certificates", "added"));
        assert_eq!(found(&collected), [OF_SYSTEM]);
        assert_eq!(collected.status, CollectorStatus::Complete, "{:?}", collected.reason);
    }

    #[test]
    fn where_the_file_is_hidden_the_tool_is_asked() {
        let pem = fixture("linux/certificates", "added-and-in-the-bundle")
            .read("/usr/local/share/ca-certificates/agents/agent.crt", LARGEST)
            .expect("there");
        let hidden = FixtureHost::macos().file(SYSTEM, "kych").unreadable(SYSTEM).running(Vec::new());
        assert_eq!(collect(&hidden).status, CollectorStatus::NotPossible);
        let asked = collect(&hidden.prints(&SECURITY, pem));
        assert_eq!((found(&asked), asked.status), (vec![OF_SYSTEM.to_owned()], CollectorStatus::Complete));
    }

    #[test]
    fn a_keychain_that_cannot_be_read_is_said() {
        let collected = collect(&FixtureHost::macos().file(SYSTEM, "another format"));
        assert_eq!(collected.status, CollectorStatus::Partial);
        assert!(collected.reason.is_some_and(|reason| reason.contains("not a keychain")));
    }
}
