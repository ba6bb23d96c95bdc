//! Receipts of installer packages, with whether their files are still there.
//!
//! macOS keeps a receipt after a product was removed by hand, so it is worth little without its files. Those stand in the
//! bill of materials beside it, which is read of every package but Apple's own; there are few, unlike on Linux. Of a
//! package of very many files a part is looked for, its programs first. Names for people come from the history of installations; what that names beyond the receipts is history, and no trace.

use std::collections::BTreeMap;

use interdict_formats::apple::bill_of_materials::parse_bill_of_materials;
use interdict_formats::apple::receipt::{Installation, Receipt, parse_history, parse_receipt};
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::any::{MOST_ENTRIES, SMALL_FILE};
use crate::collector::{Collected, Collector, Gathering, Needs, Request};
use crate::host::Host;
use crate::linux::package_files;
use crate::macos::{MACOS_FILES, begin, note, var};

/// Where receipts lie: those of packages below `/var`, those of Apple's own updates.
const BELOW_VAR: &str = "db/receipts";
const OF_APPLE: &str = "/Library/Apple/System/Library/Receipts";
/// The history of installations.
const HISTORY: &str = "/Library/Receipts/InstallHistory.plist";
/// How large the history may be.
const LARGEST_HISTORY: u64 = 64 << 20;
/// How large a bill of materials may be; those of the largest packages have some tens of megabytes.
const LARGEST_BILL: u64 = 128 << 20;
/// What the identifiers of Apple's packages begin with.
const APPLES: &str = "com.apple.";
/// How many files of one package are looked for. The largest packages have hundreds of thousands; whether the product is
/// there shows from a part of them.
const MOST_LOOKED_FOR: usize = 5_000;
/// Where the programs of bundles lie: looked for before anything else.
const PROGRAMS: &str = "/Contents/MacOS/";

/// Reads receipts.
pub(crate) struct Receipts;

impl Collector for Receipts {
    fn name(&self) -> &'static str {
        "macos/receipts"
    }

    fn looks_at(&self) -> &'static str {
        "receipts of installer packages"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::PkgReceipts]
    }

    fn needs(&self) -> Needs {
        MACOS_FILES
    }

    fn collect(&self, host: &dyn Host, request: &Request<'_>) -> Collected {
        let mut gathering = begin(host);
        let names = names(host, &mut gathering);
        for folder in [var(host, BELOW_VAR), OF_APPLE.to_owned()] {
            let Some(entries) = gathering.ok(host.list(&folder, MOST_ENTRIES)) else { continue };
            gathering.has_read();
            for entry in entries {
                if (request.cancelled)() {
                    break;
                }
                if let Some(stem) = entry.name.strip_suffix(".plist") {
                    let stem = format!("{folder}/{stem}");
                    read(host, &stem, &names, &mut gathering);
                }
            }
        }
        gathering.finish()
    }
}

/// The installation that last brought each package.
fn names(host: &dyn Host, gathering: &mut Gathering) -> BTreeMap<String, Installation> {
    let Some(bytes) = gathering.ok(host.read(HISTORY, LARGEST_HISTORY)) else { return BTreeMap::new() };
    let (history, diagnostics) = parse_history(&bytes, HISTORY);
    note(gathering, diagnostics);
    let of_packages = history.into_iter().flat_map(|installation| {
        let packages = installation.packages.clone();
        packages.into_iter().map(move |package| (package, installation.clone()))
    });
    of_packages.collect()
}

fn read(host: &dyn Host, stem: &str, names: &BTreeMap<String, Installation>, gathering: &mut Gathering) {
    let path = format!("{stem}.plist");
    let Some(bytes) = gathering.ok(host.read(&path, SMALL_FILE)) else { return };
    let (receipt, diagnostics) = parse_receipt(&bytes, &path);
    note(gathering, diagnostics);
    let mut observation = observation(&receipt, &path, names);
    let is_apples = observation.name.as_deref().is_some_and(|name| name.starts_with(APPLES));
    if !is_apples {
        check_files(host, stem, &receipt.prefix, &mut observation, gathering);
    }
    gathering.observations.push(observation);
}

fn observation(receipt: &Receipt, path: &str, names: &BTreeMap<String, Installation>) -> Observation {
    let mut observation = Observation::new(ObservationSource::PkgReceipts);
    let stem = path.rsplit('/').next().and_then(|name| name.strip_suffix(".plist")).map(str::to_owned);
    let identifier = receipt.identifier.clone().or(stem);
    let installation = identifier.as_ref().and_then(|identifier| names.get(identifier));
    observation.display_name = installation.and_then(|installation| installation.display_name.clone());
    observation.name.clone_from(&identifier);
    observation.identifier = identifier;
    observation.version.clone_from(&receipt.version);
    observation.install_date.clone_from(&receipt.installed);
    observation.path = Some(path.to_owned());
    observation.scope = Some(Scope::Machine);
    if receipt.prefix != "/" {
        observation.install_location = Some(receipt.prefix.clone());
    }
    observation
}

/// Looks which files of a package exist. Without a bill of materials that is not known, which is not the same as gone.
fn check_files(host: &dyn Host, stem: &str, prefix: &str, observation: &mut Observation, gathering: &mut Gathering) {
    let path = format!("{stem}.bom");
    let Some(bytes) = gathering.ok(host.read(&path, LARGEST_BILL)) else { return };
    let (files, diagnostics) = parse_bill_of_materials(&bytes, &path);
    let is_damaged = !diagnostics.is_empty();
    note(gathering, diagnostics);
    let prefix = prefix.trim_end_matches('/');
    let mut files: Vec<String> = files.into_iter().map(|file| format!("{prefix}/{file}")).collect();
    if files.len() > MOST_LOOKED_FOR {
        files.sort_by_key(|file| !file.contains(PROGRAMS));
        files.truncate(MOST_LOOKED_FOR);
    }
    if files.is_empty() {
        // A package of scripts, or one whose list could not be read: nothing to be looked for.
        return;
    }
    package_files::check(host, &files, observation, gathering);
    if is_damaged && observation.raw(raw_key::FILES_PRESENT) == Some("0") {
        // The files that could not be read of the list may be there.
        observation.raw.remove(raw_key::FILES_LISTED);
        observation.raw.remove(raw_key::FILES_PRESENT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, rows};
    use interdict_model::{CollectorStatus, Probes};

    fn collect(host: &FixtureHost) -> Collected {
        Receipts.collect(host, &Request::of(&Probes::default()))
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            let raw = |key| one.raw(key).unwrap_or("-");
            format!(
                "{} {} {}/{} {}",
                one.identifier.as_deref().unwrap_or("-"),
                one.version.as_deref().unwrap_or("-"),
                raw(raw_key::FILES_PRESENT),
                raw(raw_key::FILES_LISTED),
                raw(raw_key::EXECUTABLE)
            )
        })
    }

    #[test]
    fn each_fixture_yields_what_it_is_named_for() {
        let table = [
            (
                "files",
                "com.example.agent 1.0 1/2 /Applications/Agent.app/Contents/MacOS/Agent",
                CollectorStatus::Complete,
            ),
            ("files-gone", "com.example.agent 1.0 0/1 -", CollectorStatus::Complete),
            ("no-bill", "com.example.agent 1.0 -/- -", CollectorStatus::Complete),
            ("damaged-bill", "com.example.agent 1.0 -/- -", CollectorStatus::Partial),
            ("of-apple", "com.apple.pkg.Example 1.0 -/- -", CollectorStatus::Complete),
        ];
        for (name, expected, status) in table {
            let collected = collect(&fixture("macos/receipts", name));
            assert_eq!(found(&collected), [expected], "{name}");
            assert_eq!(collected.status, status, "{name}: {:?}", collected.reason);
        }
    }

    #[test]
    fn a_receipt_has_the_name_people_saw() {
        let collected = collect(&fixture("macos/whole-system", "kaspersky"));
        let one = &collected.observations[0];
        assert_eq!(one.display_name.as_deref(), Some("Kaspersky Internet Security for Mac"));
        assert_eq!(one.install_date.as_deref(), Some("2023-04-05T06:07:08Z"));
        assert_eq!(one.path.as_deref(), Some("/var/db/receipts/com.kaspersky.kav.core.plist"));
        let files = fixture("macos/receipts", "files");
        assert_eq!(collect(&files).observations[0].install_location.as_deref(), Some("/Applications"));
    }

    #[test]
    fn receipts_that_may_not_be_read_are_said() {
        let collected = collect(&fixture("macos/receipts", "files").unreadable("/private/var/db/receipts"));
        assert_eq!(collected.status, CollectorStatus::NotPossible);
        assert_eq!(collected.reason.as_deref(), Some("/var/db/receipts may not be read as uid 65534"));
    }
}
