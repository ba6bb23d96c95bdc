//! An observation that is only looked at: borrowed from the text it stands in, so that millions of them cost no copies.

use std::collections::BTreeMap;

use crate::observation::{Observation, Scope};
use crate::vocabulary::ObservationSource;

/// An [`Observation`] whose texts belong to somebody else. What is not known is absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservationRef<'a> {
    /// Where it was read.
    pub source: ObservationSource,
    /// Package, program, service, module or process name.
    pub name: Option<&'a str>,
    /// Version as written.
    pub version: Option<&'a str>,
    /// Publisher, vendor or maintainer as written.
    pub publisher: Option<&'a str>,
    /// Folder it was installed to.
    pub install_location: Option<&'a str>,
    /// Day or instant of installation as written.
    pub install_date: Option<&'a str>,
    /// Bundle id, product code, package id: whatever identifies it in its own world.
    pub identifier: Option<&'a str>,
    /// File or key it was read from or points to.
    pub path: Option<&'a str>,
    /// Subject of its code signature.
    pub signer: Option<&'a str>,
    /// Processor architecture as written.
    pub arch: Option<&'a str>,
    /// Name for people, where `name` is a key.
    pub display_name: Option<&'a str>,
    /// For whom it is installed.
    pub scope: Option<ScopeRef<'a>>,
    /// Fields that no other column holds and a rule may use; the keys are those of [`crate::raw_key`], each at most once.
    pub raw: Vec<(&'a str, &'a str)>,
}

/// A [`Scope`] whose user belongs to somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScopeRef<'a> {
    /// The whole machine.
    Machine,
    /// One user.
    User(&'a str),
}

impl ObservationRef<'_> {
    /// An observation of which only the source is known yet.
    #[must_use]
    pub const fn new(source: ObservationSource) -> Self {
        Self {
            source,
            name: None,
            version: None,
            publisher: None,
            install_location: None,
            install_date: None,
            identifier: None,
            path: None,
            signer: None,
            arch: None,
            display_name: None,
            scope: None,
            raw: Vec::new(),
        }
    }

    /// A copy that stands by itself.
    #[must_use]
    pub fn to_observation(&self) -> Observation {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Observation {
            source: self.source,
            name: owned(self.name),
            version: owned(self.version),
            publisher: owned(self.publisher),
            install_location: owned(self.install_location),
            install_date: owned(self.install_date),
            identifier: owned(self.identifier),
            path: owned(self.path),
            signer: owned(self.signer),
            arch: owned(self.arch),
            display_name: owned(self.display_name),
            scope: self.scope.map(|scope| match scope {
                ScopeRef::Machine => Scope::Machine,
                ScopeRef::User(name) => Scope::User(name.to_owned()),
            }),
            raw: self
                .raw
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect::<BTreeMap<_, _>>(),
        }
    }
}

impl<'a> From<&'a Observation> for ObservationRef<'a> {
    fn from(observation: &'a Observation) -> Self {
        Self {
            source: observation.source,
            name: observation.name.as_deref(),
            version: observation.version.as_deref(),
            publisher: observation.publisher.as_deref(),
            install_location: observation.install_location.as_deref(),
            install_date: observation.install_date.as_deref(),
            identifier: observation.identifier.as_deref(),
            path: observation.path.as_deref(),
            signer: observation.signer.as_deref(),
            arch: observation.arch.as_deref(),
            display_name: observation.display_name.as_deref(),
            scope: observation.scope.as_ref().map(|scope| match scope {
                Scope::Machine => ScopeRef::Machine,
                Scope::User(name) => ScopeRef::User(name),
            }),
            raw: observation.raw.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borrowed_and_copied_again_is_the_same() {
        let mut observation = Observation::new(ObservationSource::Programs);
        observation.name = Some("KES".to_owned());
        observation.scope = Some(Scope::User("ada".to_owned()));
        observation.raw.insert("kind".to_owned(), "root".to_owned());
        assert_eq!(ObservationRef::from(&observation).to_observation(), observation);
        let bare = Observation::new(ObservationSource::Wsc);
        assert_eq!(ObservationRef::from(&bare).to_observation(), bare);
    }
}
