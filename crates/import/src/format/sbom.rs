//! What the formats of bills of materials have in common: package URLs, what a component becomes, and waiting until it is
//! known what the bill is of.
//!
//! A bill of a device or of a container's image tells of software on that; a bill of an application tells of what is in
//! it, which is nowhere in particular: those come as titles. How components depend on each other is not read, so that
//! cycles in it cannot matter, and formulations are never looked at.

use std::borrow::Cow;

use interdict_model::{Observation, ObservationRef, ObservationSource, raw_key};

use crate::error::ImportError;
use crate::platform;
use crate::reading::Reading;
use crate::sink::{DeviceNumber, Place};

/// How many records may wait for the word of what they are of.
const LIMIT: usize = 2_000_000;

/// What matters of a package URL (<https://github.com/package-url/purl-spec>).
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct PackageUrl<'a> {
    /// Its kind, such as `deb`.
    pub(super) kind: &'a str,
    pub(super) arch: Option<Cow<'a, str>>,
    /// The source package of a binary package.
    pub(super) upstream: Option<Cow<'a, str>>,
}

impl<'a> PackageUrl<'a> {
    pub(super) fn parse(written: &'a str) -> Option<Self> {
        let rest = written.strip_prefix("pkg:")?.trim_start_matches('/');
        let (kind, rest) = rest.split_once('/')?;
        let rest = rest.split('#').next().unwrap_or_default();
        let qualifiers = rest.split_once('?').map(|(_, qualifiers)| qualifiers).unwrap_or_default();
        let value = |name: &str| {
            let found = qualifiers.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
            Some(decoded(found)).filter(|value| !value.is_empty())
        };
        // Some write the version of the source package behind it, rpm's the name of its file.
        let upstream = value("upstream").map(|upstream| match upstream.split_once('@') {
            Some((name, _)) => Cow::Owned(name.to_owned()),
            None => upstream,
        });
        Some(Self { kind, arch: value("arch"), upstream: upstream.filter(|name| !name.ends_with(".src.rpm")) })
    }
}

/// A part of a package URL without percent signs.
fn decoded(written: &str) -> Cow<'_, str> {
    if !written.contains('%') {
        return Cow::Borrowed(written);
    }
    let mut bytes = Vec::with_capacity(written.len());
    let mut rest = written.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digit = |at: usize| after.get(at).and_then(|&byte| char::from(byte).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (first, digit(0), digit(1)) {
            bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

/// A component as any of the formats tells of it.
#[derive(Debug, Default)]
pub(super) struct Component<'a> {
    pub(super) name: Option<&'a str>,
    /// What the name is to be read within, such as an organisation.
    pub(super) group: Option<&'a str>,
    pub(super) version: Option<&'a str>,
    pub(super) publisher: Option<&'a str>,
    pub(super) arch: Option<&'a str>,
    pub(super) path: Option<&'a str>,
    pub(super) url: Option<&'a str>,
    pub(super) cpe: Option<&'a str>,
    /// What it is of where the format says it and the package URL does not.
    pub(super) source: Option<ObservationSource>,
}

impl Component<'_> {
    /// As an observation; nothing where it has neither name nor identity.
    pub(super) fn observed<T>(&self, take: impl FnOnce(&ObservationRef<'_>) -> T) -> Option<T> {
        let url = self.url.and_then(PackageUrl::parse).unwrap_or_default();
        let source = match platform::source(url.kind) {
            ObservationSource::Import => self.source.unwrap_or(ObservationSource::Import),
            source => source,
        };
        let mut observation = ObservationRef::new(source);
        // Package managers know packages by their names alone; of the rest a CPE says most.
        observation.identifier = match source {
            ObservationSource::Import | ObservationSource::Programs | ObservationSource::Apps => self.cpe.or(self.url),
            _ => self.url.or(self.cpe),
        };
        observation.name = self.name;
        observation.name.or(observation.identifier).or(self.path)?;
        let qualified = self.group.zip(self.name).map(|(group, name)| format!("{group}/{name}"));
        observation.display_name = qualified.as_deref();
        observation.version = self.version;
        observation.publisher = self.publisher;
        observation.arch = self.arch.or(url.arch.as_deref());
        observation.path = self.path;
        if let Some(upstream) = url.upstream.as_deref().filter(|upstream| Some(*upstream) != self.name) {
            observation.raw.push((raw_key::SOURCE_PACKAGE, upstream));
        }
        Some(take(&observation))
    }
}

/// What a bill is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// Something that software is installed on.
    Device(DeviceNumber),
    /// Something else, such as an application.
    Title,
}

/// Records of a bill, which wait while it is not known what it is of.
#[derive(Default)]
pub(super) struct Records {
    subject: Option<Subject>,
    waiting: Vec<(Place, Observation)>,
}

impl Records {
    /// Takes a component.
    pub(super) fn put(
        &mut self,
        reading: &mut Reading<'_>,
        place: Place,
        component: &Component<'_>,
        bytes: &[u8],
    ) -> Result<(), ImportError> {
        let subject = self.subject;
        let outcome = component.observed(|observation| match subject {
            Some(subject) => hand_on(reading, subject, place, observation),
            None if self.waiting.len() >= LIMIT => {
                let what = "the number of components before what they are of".to_owned();
                Err(ImportError::TooLarge { what, limit: LIMIT as u64 })
            }
            None => {
                self.waiting.push((place, observation.to_observation()));
                Ok(())
            }
        });
        outcome.unwrap_or_else(|| reading.reject(place, "a component without a name", bytes))
    }

    /// Says what the bill is of; the first word counts.
    pub(super) fn are_of(&mut self, reading: &mut Reading<'_>, subject: Subject) -> Result<(), ImportError> {
        let subject = *self.subject.get_or_insert(subject);
        for (place, observation) in std::mem::take(&mut self.waiting) {
            hand_on(reading, subject, place, &ObservationRef::from(&observation))?;
        }
        Ok(())
    }

    /// The bill is over.
    pub(super) fn end(mut self, reading: &mut Reading<'_>) -> Result<(), ImportError> {
        self.are_of(reading, Subject::Title)
    }
}

fn hand_on(
    reading: &mut Reading<'_>,
    subject: Subject,
    place: Place,
    observation: &ObservationRef<'_>,
) -> Result<(), ImportError> {
    match subject {
        Subject::Device(device) => reading.observation(place, device, observation),
        Subject::Title => reading.title(place, observation, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_urls_give_up_what_matters() {
        let url = PackageUrl::parse("pkg:deb/debian/libcap2-bin@1%3A2.44?arch=amd64&upstream=libcap2%401%3A2.44#x");
        let url = url.expect("is one");
        assert_eq!((url.kind, url.arch.as_deref(), url.upstream.as_deref()), ("deb", Some("amd64"), Some("libcap2")));
        assert_eq!(PackageUrl::parse("pkg:npm/%40angular/core@1").expect("is one").kind, "npm");
        for text in ["", "pkg:", "pkg:deb", "http://x/y", "pkg:deb/%", "pkg:deb/x?arch=%4"] {
            let _ = PackageUrl::parse(text);
        }
        assert_eq!(decoded("a%2Bb%zz%"), "a+b%zz%");
    }
}
