//! What a running Windows system says that stands in no file and no key.
//!
//! A small interface, so that what cannot be had everywhere (Security Center is missing on servers) is recorded once and
//! replayed in tests. That of the running system stands in the one file that calls Windows.

use super::HostError;

/// A running Windows system.
pub trait RunningWindows {
    /// The products registered with Security Center; [`HostError::NotAtHand`] where there is none, as on servers.
    fn security_products(&self) -> Result<Vec<SecurityProduct>, HostError>;
    /// The names of the services and drivers that run, as their keys are named.
    fn running_services(&self) -> Result<Vec<String>, HostError>;
    /// The names of the firewall's providers, also of those that last only until the next start.
    fn firewall_providers(&self) -> Result<Vec<String>, HostError>;
    /// Who signed a file, where Windows finds its signature good (in the file or in a catalog).
    fn verified_signer(&self, path: &str) -> Result<Option<String>, HostError>;
}

/// A product registered with Security Center (`root\SecurityCenter2`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityProduct {
    /// What it is registered as.
    pub kind: SecurityProductKind,
    /// `displayName`.
    pub name: String,
    /// `instanceGuid`.
    pub instance: String,
    /// `pathToSignedProductExe`: what opens its window; a path or an address.
    pub product_path: Option<String>,
    /// `pathToSignedReportingExe`: what reports for it.
    pub reporting_path: Option<String>,
    /// `productState`: a number whose bytes say whether it is on and current.
    pub state: u32,
    /// `timestamp`, as written.
    pub timestamp: Option<String>,
}

/// What a product is registered as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecurityProductKind {
    /// An `AntiVirusProduct`.
    AntiVirus,
    /// An `AntiSpywareProduct`.
    AntiSpyware,
    /// A `FirewallProduct`.
    Firewall,
}
