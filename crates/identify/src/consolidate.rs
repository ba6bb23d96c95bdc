//! One machine's observations to detections: grouped by product, with presence, version and evidence.

use std::borrow::Cow;
use std::collections::BTreeMap;

use interdict_model::{Detection, Evidence, Matched, Observation, ObservationSource, Presence, ProductId, VendorId};

use crate::identifier::{Identification, Identifier};
use crate::normalise::normalise_path;
use crate::presence::{Trace, presence, says, trace};

/// At most so many observations are kept as evidence of one detection; the strongest stay.
const EVIDENCE_LIMIT: usize = 40;

/// The products, and vendors without a known product, that a machine's observations come to; by vendor and product.
///
/// A trace that names only the vendor (such as its folder) supports that vendor's products on the machine without saying
/// anything of their presence; only where there is none does it stand by itself. What runs is never folded away like
/// that: beside a product that does not run itself, it stands by itself, too. What lies within an application of macOS
/// is of that product, unless it is another vendor's.
#[must_use]
pub fn consolidate(identifier: &Identifier, observations: &[Observation]) -> Vec<Detection> {
    consolidate_identified(
        observations.iter().map(|observation| (observation, Cow::Owned(identifier.identify(observation)))).collect(),
    )
}

/// [`consolidate`] for observations that were identified before, in the same order. Those of which
/// [`says_something`] is false may be left out.
#[must_use]
pub fn consolidate_identified(identified: Vec<(&Observation, Cow<'_, Identification>)>) -> Vec<Detection> {
    let mut groups: BTreeMap<(VendorId, Option<ProductId>), Group<'_>> = BTreeMap::new();
    let applications = Applications::among(&identified);
    for (observation, identification) in identified {
        let identification = applications.around(observation, &identification).map_or(identification, Cow::Owned);
        if let Some(vendor) = identification.vendor.clone() {
            let group = groups.entry((vendor, identification.product.clone())).or_default();
            group.members.push((observation, identification));
        }
    }
    fold_vendor_traces(&mut groups);
    groups.into_iter().map(|((vendor, product), group)| group.detection(vendor, product)).collect()
}

/// Whether an observation can say anything of what a machine comes to: it is somebody's, or may lie within an application
/// that is.
#[must_use]
pub fn says_something(observation: &Observation, identification: &Identification) -> bool {
    let is_within = |place: &Option<String>| {
        place.as_deref().is_some_and(|place| may_name_an_application(place) && normalise_path(place).contains(".app"))
    };
    identification.vendor.is_some() || is_within(&observation.path) || is_within(&observation.install_location)
}

/// Whether a path's normal form can hold `.app`: a look that spares most paths the work of finding that form.
fn may_name_an_application(path: &str) -> bool {
    let is_plain = path.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_control());
    !is_plain || path.as_bytes().windows(4).any(|letters| letters.eq_ignore_ascii_case(b".app"))
}

/// What was identified alike.
#[derive(Default)]
struct Group<'o> {
    members: Vec<(&'o Observation, Cow<'o, Identification>)>,
    /// Traces of the vendor that only support.
    beside: Vec<(&'o Observation, Cow<'o, Identification>)>,
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
        let mut alone = registered;
        if let Some(home) = groups.get_mut(&product) {
            let (running, rest): (Vec<_>, Vec<_>) =
                traces.into_iter().partition(|(observation, _)| trace(observation).started && !home.is_live());
            home.beside.extend(rest);
            alone.extend(running);
        }
        if !alone.is_empty() {
            groups.insert((vendor, None), Group { members: alone, beside: Vec::new() });
        }
    }
}

/// The applications of macOS whose product is known, by path.
struct Applications(BTreeMap<String, Identification>);

impl Applications {
    fn among(identified: &[(&Observation, Cow<'_, Identification>)]) -> Self {
        let known = identified.iter().filter(|(observation, identification)| {
            observation.source == ObservationSource::Apps && identification.product.is_some()
        });
        let by_path = known.filter_map(|(observation, identification)| {
            Some((normalise_path(observation.path.as_deref()?), identification.clone().into_owned()))
        });
        Self(by_path.collect())
    }

    /// What something is that lies within one of them, where it says nothing more of itself.
    fn around(&self, observation: &Observation, own: &Identification) -> Option<Identification> {
        if self.0.is_empty() || own.product.is_some() {
            return None;
        }
        let places = [("path", &observation.path), ("install_location", &observation.install_location)];
        let (field, place, application) = places
            .into_iter()
            .find_map(|(field, place)| Some((field, place.as_ref()?, self.holding(place.as_ref()?)?)))?;
        if own.vendor.is_some() && own.vendor != application.vendor {
            return None;
        }
        let product = application.product.as_ref()?;
        let rule = format!("{product}: lies within the application");
        let matched = Matched { field: field.to_owned(), value: place.clone(), rule };
        Some(Identification {
            matched: std::iter::once(matched).chain(own.matched.iter().cloned()).collect(),
            confidence: own.confidence.max(application.confidence * WITHIN),
            ..application.clone()
        })
    }

    fn holding(&self, path: &str) -> Option<&Identification> {
        let path = format!("{}/", normalise_path(path));
        let mut ends = path.match_indices(".app/").map(|(at, found)| at + found.len() - 1);
        ends.find_map(|end| self.0.get(path.get(..end)?))
    }
}

/// How sure it is that what lies within an application is part of it, compared with how sure the application is.
const WITHIN: f64 = 0.9;

impl Group<'_> {
    fn is_live(&self) -> bool {
        let traces: Vec<Trace> = self.members.iter().map(|(observation, _)| trace(observation)).collect();
        presence(&traces) == Presence::Live
    }

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

fn evidence((observation, identification): &(&Observation, Cow<'_, Identification>)) -> Evidence {
    Evidence {
        source: observation.source,
        title: observation.title().to_owned(),
        path: observation.path.clone().or_else(|| observation.install_location.clone()),
        says: says(observation),
        matched: identification.matched.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use interdict_catalogue::builtin;

    fn of(source: ObservationSource, fill: impl FnOnce(&mut Observation)) -> Observation {
        let mut observation = Observation::new(source);
        fill(&mut observation);
        observation
    }

    fn application(path: &str) -> Observation {
        of(ObservationSource::Apps, |one| {
            one.name = Some("Kaspersky Internet Security for Mac".to_owned());
            one.path = Some(path.to_owned());
            one.raw.insert("executable".to_owned(), format!("{path}/Contents/MacOS/a"));
        })
    }

    fn process(path: &str) -> Observation {
        of(ObservationSource::Processes, |one| one.path = Some(path.to_owned()))
    }

    fn extension(container: &str) -> Observation {
        of(ObservationSource::SystemExtensions, |one| {
            one.identifier = Some("com.kaspersky.kav.sysext".to_owned());
            one.install_location = Some(container.to_owned());
            one.raw.insert("executable_exists".to_owned(), "true".to_owned());
            one.raw.insert("auto_start".to_owned(), "true".to_owned());
        })
    }

    fn found(observations: &[Observation]) -> Vec<String> {
        let detections = consolidate(&Identifier::new(&builtin().0), observations);
        let product =
            |one: &Detection| one.product.as_ref().map_or_else(|| one.vendor.to_string(), ToString::to_string);
        detections.iter().map(|one| format!("{} {}", product(one), one.presence)).collect()
    }

    #[test]
    fn what_lies_within_an_application_is_of_its_product() {
        let path = "/Applications/Renamed.app";
        for (other, expected) in [
            (process("/applications/renamed.app/Contents/MacOS/helper"), "kaspersky.kis-mac live"),
            (extension(path), "kaspersky.kis-mac live"),
            (process("/Applications/Renamed.app2/a"), "kaspersky.kis-mac dormant"),
            (process("/usr/bin/a"), "kaspersky.kis-mac dormant"),
        ] {
            assert_eq!(found(&[application(path), other]), [expected]);
        }
    }

    #[test]
    fn a_part_of_another_vendor_within_an_application_stays_that_vendors() {
        let path = "/Applications/Renamed.app";
        let mut other = process("/Applications/Renamed.app/Contents/MacOS/helper");
        other.signer = Some("Developer ID Application: CrowdStrike Inc. (X9E956P446)".to_owned());
        let found = found(&[application(path), other]);
        assert!(found.iter().any(|one| one.starts_with("crowdstrike")), "{found:?}");
        assert!(found.contains(&"kaspersky.kis-mac dormant".to_owned()), "{found:?}");
    }

    #[test]
    fn what_runs_is_not_folded_into_a_product_that_does_not() {
        let trashed = of(ObservationSource::Apps, |one| {
            one.name = Some("Kaspersky Internet Security for Mac".to_owned());
            one.path = Some("/Users/ada/.Trash/Kaspersky.app".to_owned());
            one.raw.insert("status".to_owned(), "in the trash".to_owned());
        });
        let running = extension("/Applications/Gone.app");
        assert_eq!(found(&[trashed.clone(), running.clone()]), ["kaspersky live", "kaspersky.kis-mac residue"]);
        let live = of(ObservationSource::Launchd, |one| {
            one.name = Some("com.kaspersky.kav.autoupdater".to_owned());
            one.raw.insert("executable_exists".to_owned(), "true".to_owned());
            one.raw.insert("auto_start".to_owned(), "true".to_owned());
        });
        assert_eq!(found(&[trashed, running, live]), ["kaspersky.kis-mac live"]);
    }
}
