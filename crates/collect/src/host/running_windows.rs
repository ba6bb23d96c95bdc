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

/// A product registered with Security Center (`root\SecurityCenter2`, or its own interface).
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
    /// `pathToSignedReportingExe`: what reports for it; the interface's remediation path.
    pub reporting_path: Option<String>,
    /// `productState`: a number whose bytes say whether it is on and current.
    pub state: u32,
    /// `timestamp`, as written.
    pub timestamp: Option<String>,
}

impl SecurityProduct {
    /// What two ways of asking Security Center say together: management (WMI) says more of a product, its own interface
    /// also answers where management is disabled. Each product once; an error only where neither answers.
    pub fn together(managed: Result<Vec<Self>, HostError>, listed: Option<Vec<Self>>) -> Result<Vec<Self>, HostError> {
        match (managed, listed) {
            (Ok(mut products), listed) => {
                for product in listed.unwrap_or_default() {
                    let same = |known: &Self| {
                        known.kind == product.kind && known.instance.eq_ignore_ascii_case(&product.instance)
                    };
                    if !products.iter().any(same) {
                        products.push(product);
                    }
                }
                Ok(products)
            }
            (Err(_), Some(listed)) => Ok(listed),
            (Err(error), None) => Err(error),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn product(instance: &str, name: &str) -> SecurityProduct {
        SecurityProduct {
            kind: SecurityProductKind::AntiVirus,
            name: name.to_owned(),
            instance: instance.to_owned(),
            product_path: None,
            reporting_path: None,
            state: 0,
            timestamp: None,
        }
    }

    #[test]
    fn each_product_stands_once_and_one_answer_is_enough() {
        let managed = || vec![product("{A}", "as management says")];
        let listed = || vec![product("{a}", "as the interface says"), product("{B}", "only there")];
        let lost = || HostError::NotAtHand { path: "x".to_owned(), why: "disabled".to_owned() };
        let names = |products: Result<Vec<SecurityProduct>, HostError>| -> Vec<String> {
            products.expect("an answer").into_iter().map(|product| product.name).collect()
        };
        assert_eq!(
            names(SecurityProduct::together(Ok(managed()), Some(listed()))),
            ["as management says", "only there"]
        );
        assert_eq!(names(SecurityProduct::together(Ok(managed()), None)), ["as management says"]);
        assert_eq!(names(SecurityProduct::together(Err(lost()), Some(listed()))).len(), 2);
        assert!(SecurityProduct::together(Err(lost()), None).is_err());
    }
}
