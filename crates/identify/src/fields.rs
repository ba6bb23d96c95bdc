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
        if observation.source == ObservationSource::Launchd && identifier.starts_with('/') {
            // The file that defines a job.
            push_path(&mut values, "identifier", identifier, observation.source);
        }
        let kinds = kinds_of_identifier(observation.source);
        if !kinds.is_empty() {
            values.push(Value { field: "identifier", written: identifier, normal: normalise(identifier), kinds });
        }
    }
    if let Some(path) = observation.path.as_deref() {
        push_path(&mut values, "path", path, observation.source);
    }
    if let Some(original) = observation.raw(raw_key::ORIGINAL_FILE_NAME) {
        // A program that was renamed still says what it was called.
        let kinds = &[FingerprintField::FileName];
        values.push(Value { field: "original_file_name", written: original, normal: normalise(original), kinds });
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
        // A task is named after the folders it stands in.
        ObservationSource::ScheduledTasks => file_name(name),
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
    let mut push = |normal: Cow<'o, str>| {
        let core = company_core(&normal).filter(|core| *core != normal);
        values.push(Value { field, written, normal, kinds });
        values.extend(core.map(|core| Value { field, written, normal: Cow::Owned(core), kinds }));
    };
    let names = distinguished_names(written);
    if names.is_empty() {
        push(normalise_publisher(written));
    }
    for name in names {
        push(Cow::Owned(normalise_publisher(&name).into_owned()));
    }
}

/// The organisation and the common name of a certificate's subject, as `CN=AO Kaspersky Lab, O=AO Kaspersky Lab, C=RU` or
/// `/C=RU/O=AO Kaspersky Lab`. What stands in quotes or behind a backslash separates nothing (RFC 4514); neither does a
/// comma that no key follows, since some tools write neither.
fn distinguished_names(subject: &str) -> Vec<String> {
    if !subject.contains('=') {
        return Vec::new();
    }
    let mut parts: Vec<(&str, String)> = Vec::new();
    for part in separated(subject) {
        match part.split_once('=') {
            Some((key, value)) => parts.push((key.trim(), value.to_owned())),
            None => {
                if let Some((_, value)) = parts.last_mut() {
                    value.push(',');
                    value.push_str(part);
                }
            }
        }
    }
    let mut names = Vec::new();
    for key in ["O", "CN"] {
        let value =
            parts.iter().find(|(own, _)| own.eq_ignore_ascii_case(key)).map(|(_, value)| unescaped(value.trim()));
        names.extend(value.filter(|value| !value.is_empty() && !names.contains(value)));
    }
    names
}

/// The parts of a subject.
fn separated(subject: &str) -> Vec<&str> {
    let (subject, separators): (&str, &[char]) = match subject.strip_prefix('/') {
        Some(rest) => (rest, &['/']),
        None => (subject, &[',', ';', '+']),
    };
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, letter) in subject.char_indices() {
        if escaped {
            escaped = false;
        } else if letter == '\\' {
            escaped = true;
        } else if letter == '"' {
            quoted = !quoted;
        } else if !quoted && separators.contains(&letter) {
            parts.push(&subject[start..at]);
            start = at + letter.len_utf8();
        }
    }
    parts.push(&subject[start..]);
    parts
}

/// A value of a subject without its quotes and backslashes.
fn unescaped(value: &str) -> String {
    let value = value.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(value);
    let mut plain = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        plain.push(if letter == '\\' { letters.next().unwrap_or(letter) } else { letter });
    }
    plain.trim().to_owned()
}

const SIGNER: &[FingerprintField] = &[FingerprintField::Signer, FingerprintField::TeamId];
const TEAM: &[FingerprintField] = &[FingerprintField::TeamId];
/// What Apple writes before the company in the common name of a certificate.
const APPLE: &[&str] = &[
    "Developer ID Application: ",
    "Developer ID Installer: ",
    "Apple Distribution: ",
    "3rd Party Mac Developer Application: ",
    "3rd Party Mac Developer Installer: ",
];

/// A signature's subject, and the team id that Apple writes behind it in parentheses.
fn push_signer<'o>(values: &mut Vec<Value<'o>>, signer: &'o str) {
    let subject = APPLE.iter().find_map(|prefix| signer.strip_prefix(prefix)).unwrap_or(signer);
    if subject != signer {
        values.push(Value { field: "signer", written: signer, normal: normalise_publisher(signer), kinds: SIGNER });
    }
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
        // Where the path is that of a program which is run.
        ObservationSource::Processes
        | ObservationSource::Services
        | ObservationSource::ScheduledTasks
        | ObservationSource::Wsc => (name, &[FingerprintField::Process, FingerprintField::FileName]),
        _ => (name, &[FingerprintField::FileName]),
    };
    if !name.is_empty() {
        values.push(Value { field, written: path, normal: normalise(name), kinds });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_company_is_found_in_a_subject_however_it_is_written() {
        let table: [(&str, &[&str]); 11] = [
            ("AO Kaspersky Lab", &[]),
            ("CN=AO Kaspersky Lab, O=AO Kaspersky Lab, L=Moscow, C=RU", &["AO Kaspersky Lab"]),
            (r"CN=Kaspersky Lab\, JSC, OU=IT, O=Kaspersky Lab\, JSC, C=RU", &["Kaspersky Lab, JSC"]),
            (r#"CN="Doctor Web, Ltd.", O="Doctor Web, Ltd.""#, &["Doctor Web, Ltd."]),
            ("CN=F-Secure, Inc., O=F-Secure Holding, Inc., C=FI", &["F-Secure Holding, Inc.", "F-Secure, Inc."]),
            ("/C=DK/O=Logpoint A/CN=x", &["Logpoint A", "x"]),
            ("CN=Logpoint A/S,O=Logpoint A/S", &["Logpoint A/S"]),
            ("cn=a+o=b; c=DE", &["b", "a"]),
            // What stands in a value is no part of its own.
            (r"CN=x O=AO Kaspersky Lab, O=y\, O=AO Kaspersky Lab", &["y, O=AO Kaspersky Lab", "x O=AO Kaspersky Lab"]),
            ("jurisdictionC=RU, OU=b", &[]),
            ("1 + 1 = 2", &[]),
        ];
        for (subject, expected) in table {
            assert_eq!(distinguished_names(subject), expected, "{subject}");
        }
    }

    #[test]
    fn a_renamed_program_has_the_name_it_was_made_with() {
        let mut observation = Observation::new(ObservationSource::Files);
        observation.path = Some(r"C:\Users\ada\Downloads\setup (1).exe".to_owned());
        observation.raw.insert(raw_key::ORIGINAL_FILE_NAME.to_owned(), "KVRT.exe".to_owned());
        let names =
            |value: &Value<'_>| value.kinds.contains(&FingerprintField::FileName).then(|| value.normal.to_string());
        let found: Vec<String> = values(&observation).iter().filter_map(names).collect();
        assert!(found.contains(&"kvrt.exe".to_owned()), "{found:?}");
    }

    #[test]
    fn a_signer_of_apple_is_a_company_and_a_team() {
        let mut observation = Observation::new(ObservationSource::Apps);
        observation.signer = Some("Developer ID Installer: Kaspersky Lab UK Limited (2Y8XE5CQ94)".to_owned());
        let normals: Vec<String> = values(&observation).iter().map(|value| value.normal.to_string()).collect();
        for expected in
            ["developer id installer: kaspersky lab uk limited (2y8xe5cq94)", "kaspersky lab uk limited", "2y8xe5cq94"]
        {
            assert!(normals.iter().any(|normal| normal == expected), "{normals:?}");
        }
    }
}
