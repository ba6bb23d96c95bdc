//! Which values of an observation are compared with which kinds of fingerprints.

use std::borrow::Cow;

use interdict_model::{FingerprintField, Observation, ObservationSource, raw_key};

use crate::company::company_core;
use crate::normalise::{
    file_name, is_registry_key, normalise, normalise_publisher, normalise_registry_key, path_values,
};

/// One value to look up: the observation's field, the value as written, its normal form, the kinds it may match.
pub(crate) struct Value<'o> {
    pub(crate) field: &'static str,
    pub(crate) written: &'o str,
    pub(crate) normal: Cow<'o, str>,
    pub(crate) kinds: &'static [FingerprintField],
}

/// The values of an observation that fingerprints speak of.
pub(crate) fn values(observation: &Observation) -> Vec<Value<'_>> {
    let mut values = Vec::with_capacity(6);
    if let Some(name) = observation.name.as_deref() {
        let kinds = kinds_of_name(observation.source);
        if !kinds.is_empty() {
            let bare = without_suffix(observation.source, name);
            values.push(Value { field: "name", written: name, normal: normalise(bare), kinds });
        }
    }
    if let Some(display) = observation.display_name.as_deref() {
        let kinds = if observation.source == ObservationSource::Certificates { CERTIFICATE } else { DISPLAY };
        values.push(Value { field: "display_name", written: display, normal: normalise(display), kinds });
    }
    if let Some(publisher) = observation.publisher.as_deref() {
        push_company(&mut values, "publisher", publisher, PUBLISHER);
    }
    if let Some(signer) = observation.signer.as_deref() {
        push_signer(&mut values, signer);
    }
    if let Some(identifier) = observation.identifier.as_deref() {
        let kinds = kinds_of_identifier(observation.source);
        if !kinds.is_empty() {
            values.push(Value { field: "identifier", written: identifier, normal: normalise(identifier), kinds });
        }
    }
    if let Some(path) = observation.path.as_deref() {
        push_path(&mut values, "path", path, observation.source);
    }
    if let Some(location) = observation.install_location.as_deref() {
        push_path(&mut values, "install_location", location, observation.source);
    }
    // A program that only a vendor's own extension may start is the vendor's.
    for extension in observation.raw(raw_key::EXTENSIONS).into_iter().flat_map(|ids| ids.split(',')) {
        values.push(Value { field: "extensions", written: extension, normal: normalise(extension), kinds: EXTENSION });
    }
    values
}

const DISPLAY: &[FingerprintField] = &[FingerprintField::DisplayName];
const PUBLISHER: &[FingerprintField] = &[FingerprintField::Publisher];
const EXTENSION: &[FingerprintField] = &[FingerprintField::BrowserExtension];
const CERTIFICATE: &[FingerprintField] = &[FingerprintField::Certificate];
const PACKAGE: &[FingerprintField] = &[FingerprintField::DebPackage, FingerprintField::RpmPackage];

fn kinds_of_name(source: ObservationSource) -> &'static [FingerprintField] {
    match source {
        ObservationSource::DebPackages => &[FingerprintField::DebPackage],
        ObservationSource::RpmPackages => &[FingerprintField::RpmPackage],
        ObservationSource::ApkPackages | ObservationSource::PacmanPackages => PACKAGE,
        ObservationSource::Flatpak => &[FingerprintField::Flatpak, FingerprintField::DisplayName],
        ObservationSource::Snap => &[FingerprintField::Snap],
        ObservationSource::Homebrew => &[FingerprintField::HomebrewCask],
        ObservationSource::Programs
        | ObservationSource::Msix
        | ObservationSource::Wsc
        | ObservationSource::Apps
        | ObservationSource::BrowserExtensions
        | ObservationSource::ScheduledTasks
        | ObservationSource::WfpProviders
        | ObservationSource::ConfigurationProfiles => DISPLAY,
        ObservationSource::Import => {
            &[FingerprintField::DisplayName, FingerprintField::DebPackage, FingerprintField::RpmPackage]
        }
        ObservationSource::Services => &[FingerprintField::SystemdUnit, FingerprintField::Service],
        ObservationSource::Drivers | ObservationSource::Minifilters | ObservationSource::KernelModules => {
            &[FingerprintField::Driver]
        }
        ObservationSource::PkgReceipts => &[FingerprintField::PackageReceipt],
        ObservationSource::SystemExtensions => &[FingerprintField::BundleId],
        ObservationSource::Launchd => &[FingerprintField::LaunchdLabel],
        ObservationSource::Processes => &[FingerprintField::Process],
        ObservationSource::Certificates => CERTIFICATE,
        ObservationSource::Files | ObservationSource::Registry => &[],
    }
}

fn kinds_of_identifier(source: ObservationSource) -> &'static [FingerprintField] {
    match source {
        ObservationSource::Apps | ObservationSource::SystemExtensions => {
            &[FingerprintField::BundleId, FingerprintField::TeamId]
        }
        ObservationSource::ConfigurationProfiles => &[FingerprintField::BundleId, FingerprintField::TeamId],
        ObservationSource::PkgReceipts => &[FingerprintField::PackageReceipt],
        ObservationSource::BrowserExtensions => &[FingerprintField::BrowserExtension],
        ObservationSource::Programs | ObservationSource::Msix | ObservationSource::Import => {
            &[FingerprintField::WingetId, FingerprintField::BundleId, FingerprintField::Cpe]
        }
        ObservationSource::Flatpak => &[FingerprintField::Flatpak],
        ObservationSource::Homebrew => &[FingerprintField::HomebrewCask],
        ObservationSource::Launchd => &[FingerprintField::LaunchdLabel],
        ObservationSource::DebPackages
        | ObservationSource::RpmPackages
        | ObservationSource::ApkPackages
        | ObservationSource::PacmanPackages
        | ObservationSource::Snap
        | ObservationSource::Wsc
        | ObservationSource::Services
        | ObservationSource::Drivers
        | ObservationSource::Minifilters
        | ObservationSource::KernelModules
        | ObservationSource::Processes
        | ObservationSource::Certificates
        | ObservationSource::ScheduledTasks
        | ObservationSource::WfpProviders
        | ObservationSource::Registry
        | ObservationSource::Files => &[],
    }
}

/// Unit and driver names are compared without their suffix.
fn without_suffix(source: ObservationSource, name: &str) -> &str {
    match source {
        ObservationSource::Services => name.strip_suffix(".service").unwrap_or(name),
        ObservationSource::Drivers | ObservationSource::Minifilters | ObservationSource::KernelModules => {
            driver_stem(name)
        }
        _ => name,
    }
}

/// A driver's name without `.sys` or `.ko`, so that a key name and a file name compare alike.
pub(crate) fn driver_stem(name: &str) -> &str {
    let name = file_name(name);
    let suffixes = [".sys", ".SYS", ".Sys", ".ko", ".ko.xz", ".ko.zst", ".ko.gz"];
    suffixes.iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name)
}

/// A company as written, and the core of its name where that differs.
fn push_company<'o>(
    values: &mut Vec<Value<'o>>,
    field: &'static str,
    written: &'o str,
    kinds: &'static [FingerprintField],
) {
    let names = distinguished_names(written);
    for name in names.into_iter().flatten().chain(names.iter().all(Option::is_none).then_some(written)) {
        let normal = normalise_publisher(name);
        let core = company_core(&normal).filter(|core| *core != normal);
        values.push(Value { field, written, normal, kinds });
        values.extend(core.map(|core| Value { field, written, normal: Cow::Owned(core), kinds }));
    }
}

/// The organisation and the common name of a certificate's subject: `CN=AO Kaspersky Lab, O=AO Kaspersky Lab, C=RU`.
fn distinguished_names(subject: &str) -> [Option<&str>; 2] {
    if !subject.contains('=') {
        return [None, None];
    }
    let part = |key: &str| {
        let at = subject.match_indices(key).map(|(at, _)| at).find(|at| {
            subject.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with([' ', ',', '/', '+', ';']))
        })?;
        let rest = subject.get(at + key.len()..)?;
        let value = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next()?,
            None => rest.split([',', '/', '+', ';']).next()?,
        };
        Some(value.trim()).filter(|value| !value.is_empty())
    };
    let (organisation, common) = (part("O="), part("CN="));
    [organisation, common.filter(|common| Some(*common) != organisation)]
}

const SIGNER: &[FingerprintField] = &[FingerprintField::Signer, FingerprintField::TeamId];
const TEAM: &[FingerprintField] = &[FingerprintField::TeamId];

/// A signature's subject, and the team id that Apple writes behind it in parentheses.
fn push_signer<'o>(values: &mut Vec<Value<'o>>, signer: &'o str) {
    let subject = signer.strip_prefix("Developer ID Application: ").unwrap_or(signer);
    let parts = subject.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")).filter(|(_, team)| team.len() == 10);
    match parts {
        Some((company, team)) => {
            push_company(values, "signer", company, SIGNER);
            values.push(Value { field: "signer", written: signer, normal: normalise(team), kinds: TEAM });
        }
        None => push_company(values, "signer", subject, SIGNER),
    }
}

fn push_path<'o>(values: &mut Vec<Value<'o>>, field: &'static str, path: &'o str, source: ObservationSource) {
    if is_registry_key(path) {
        let normal = Cow::Owned(normalise_registry_key(path));
        values.push(Value { field, written: path, normal, kinds: &[FingerprintField::RegistryKey] });
        return;
    }
    let forms = path_values(path).into_iter();
    values.extend(forms.map(|form| Value {
        field,
        written: path,
        normal: Cow::Owned(form),
        kinds: &[FingerprintField::Path],
    }));
    let name = file_name(path.trim_matches('"'));
    let (name, kinds): (&str, &[FingerprintField]) = match source {
        ObservationSource::Drivers | ObservationSource::Minifilters | ObservationSource::KernelModules => {
            (driver_stem(name), &[FingerprintField::Driver])
        }
        ObservationSource::Processes => (name, &[FingerprintField::Process, FingerprintField::FileName]),
        _ => (name, &[FingerprintField::FileName]),
    };
    if !name.is_empty() {
        values.push(Value { field, written: path, normal: normalise(name), kinds });
    }
}
