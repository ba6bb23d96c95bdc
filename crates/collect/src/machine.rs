//! Whose machine was looked at: its id, name, system and processor.
//!
//! The id is one the system keeps for itself: `/etc/machine-id` on Linux, that of the hardware on a running Mac, the one
//! that Windows is given when it is set up. Without
//! one it is `hostname:<name>`, and for a mounted system without a name `root:<folder>`, which is not stable across
//! mounts. Serial numbers and addresses are not read.

use std::cell::RefCell;
use std::collections::BTreeMap;

use interdict_formats::apple::receipt::parse_history;
use interdict_formats::apple::system::{parse_host_name, parse_platform_uuid, parse_system_version};
use interdict_formats::system::{parse_dpkg_arch, parse_hostname, parse_machine_id, parse_os_release};
use interdict_model::{Diagnostic, Machine, Observation, ObservationSource, OperatingSystem, OsFamily};

use crate::collector::INCOMPLETE;
use crate::host::programs::IOREG;
use crate::host::{Host, HostError};

/// How large the files may be that say which machine this is.
const SMALL_FILE: u64 = 1 << 16;
/// How large the property lists of a Mac may be that say the same: settings, and the history of installations.
const LARGEST_LIST: u64 = 64 << 20;

/// What a system says of itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) id: Option<String>,
    pub(crate) hostname: Option<String>,
    pub(crate) os_name: Option<String>,
    pub(crate) os_version: Option<String>,
    pub(crate) arch: Option<String>,
}

/// The machine that was looked at, as far as it says who it is, and what of that could not be read.
pub(crate) fn machine(
    host: &dyn Host,
    family: Option<OsFamily>,
    observations: &[Observation],
) -> (Machine, Vec<Diagnostic>) {
    let reading = Reading { host, unread: RefCell::default() };
    let machine = reading.machine(family.unwrap_or(OsFamily::Linux), observations);
    (machine, reading.unread.into_inner())
}

/// A host, and what of it could not be read.
struct Reading<'h> {
    host: &'h dyn Host,
    unread: RefCell<Vec<Diagnostic>>,
}

impl Reading<'_> {
    fn machine(&self, family: OsFamily, observations: &[Observation]) -> Machine {
        let host = self.host;
        let identity = match family {
            OsFamily::Linux => self.linux(),
            OsFamily::Macos => self.macos(),
            OsFamily::Windows => host.registry().map(crate::windows::identity).unwrap_or_default(),
            OsFamily::Unknown => Identity::default(),
        };
        let hostname = host.live_hostname().or(identity.hostname);
        let named = hostname.as_ref().map(|name| format!("hostname:{name}"));
        Machine {
            id: identity.id.or(named).unwrap_or_else(|| format!("root:{}", host.label())),
            hostname: hostname.unwrap_or_default(),
            os: OperatingSystem {
                family,
                name: identity.os_name.unwrap_or_else(|| family.to_string()),
                version: identity.os_version.unwrap_or_default(),
            },
            arch: host
                .live_arch()
                .or(identity.arch)
                .or_else(|| parse_dpkg_arch(&self.read("/var/lib/dpkg/arch", SMALL_FILE)?))
                .or_else(|| commonest_arch(observations))
                .unwrap_or_else(|| "unknown".to_owned()),
        }
    }

    /// A file, if it is there and can be read.
    fn read(&self, path: &str, cap: u64) -> Option<Vec<u8>> {
        let note = |error: &HostError| {
            if !matches!(error, HostError::NotFound { .. }) {
                self.unread.borrow_mut().push(Diagnostic::warning(INCOMPLETE, error.with_cause()));
            }
        };
        self.host.read(path, cap).inspect_err(note).ok()
    }

    fn linux(&self) -> Identity {
        let release =
            ["/etc/os-release", "/usr/lib/os-release"].into_iter().find_map(|path| self.read(path, SMALL_FILE));
        let release = release.map(|bytes| parse_os_release(&bytes)).unwrap_or_default();
        let ids = ["/etc/machine-id", "/var/lib/dbus/machine-id"];
        Identity {
            id: ids.into_iter().find_map(|path| parse_machine_id(&self.read(path, SMALL_FILE)?)),
            hostname: self.read("/etc/hostname", SMALL_FILE).as_deref().and_then(parse_hostname),
            os_name: release.name,
            os_version: release.version,
            arch: None,
        }
    }

    /// The data volume of a Mac does not hold its system; what was installed last says which one it was.
    fn macos(&self) -> Identity {
        let host = self.host;
        let version = "/System/Library/CoreServices/SystemVersion.plist";
        let names = "/Library/Preferences/SystemConfiguration/preferences.plist";
        let version =
            self.read(version, SMALL_FILE).map(|bytes| parse_system_version(&bytes, version).0).unwrap_or_default();
        let (name, number) = match version.version {
            Some(number) => (version.name, Some(number)),
            None => self.last_system_of_mac().map_or((None, None), |(name, number)| (Some(name), Some(number))),
        };
        let uuid = if host.is_live() { host.output_of(&IOREG).ok() } else { None };
        Identity {
            id: uuid.as_deref().and_then(parse_platform_uuid),
            hostname: self.read(names, LARGEST_LIST).and_then(|bytes| parse_host_name(&bytes, names).0),
            os_name: name,
            os_version: number,
            arch: None,
        }
    }

    fn last_system_of_mac(&self) -> Option<(String, String)> {
        let path = "/Library/Receipts/InstallHistory.plist";
        let history = parse_history(&self.read(path, LARGEST_LIST)?, path).0;
        let system = |name: &str| {
            let (family, rest) =
                ["macOS ", "OS X ", "Mac OS X "].iter().find_map(|begin| Some((*begin, name.strip_prefix(begin)?)))?;
            let number = rest.split(' ').find(|word| word.starts_with(|letter: char| letter.is_ascii_digit()))?;
            Some((family.trim().to_owned(), number.to_owned()))
        };
        history.iter().rev().find_map(|installation| system(installation.display_name.as_deref()?))
    }
}

/// What packages that fit any architecture say: dpkg, rpm, apk and pacman in turn, and what rpm says of its keys.
const ANY_ARCH: &[&str] = &["all", "noarch", "any", "(none)"];

/// The architecture that most packages are for, leaving out those that fit any.
fn commonest_arch(observations: &[Observation]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for observation in observations {
        // Flatpaks, snaps and Homebrew's formulas may be for another architecture than the system, or name it otherwise.
        let is_package = matches!(
            observation.source,
            ObservationSource::DebPackages
                | ObservationSource::RpmPackages
                | ObservationSource::ApkPackages
                | ObservationSource::PacmanPackages
        );
        if let Some(arch) = observation.arch.as_deref().filter(|arch| is_package && !ANY_ARCH.contains(arch)) {
            *counts.entry(arch).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(arch, _)| arch.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::fixture;

    fn of(host: &FixtureHost) -> [String; 4] {
        let machine = machine(host, Some(OsFamily::Macos), &[]).0;
        [machine.id, machine.hostname, machine.os.name, machine.os.version]
    }

    #[test]
    fn a_mac_says_who_it_is_in_either_form() {
        for name in ["kaspersky", "binary"] {
            let host = fixture("macos/whole-system", name);
            assert_eq!(of(&host), ["hostname:mac-01.example", "mac-01.example", "macOS", "14.6.1"], "{name}");
        }
        let printed = "\"IOPlatformUUID\" = \"01234567-89AB-CDEF-0123-456789ABCDEF\"\n";
        let running = fixture("macos/whole-system", "kaspersky").running(Vec::new()).prints(&IOREG, printed);
        assert_eq!(of(&running)[0], "01234567-89ab-cdef-0123-456789abcdef");
    }

    #[test]
    fn a_data_volume_is_of_the_system_that_was_installed_last() {
        let history = |names: &[&str]| {
            let entries = names.join("</string></dict><dict><key>displayName</key><string>");
            let text = format!(
                "<plist version=\"1.0\"><array><dict><key>displayName</key><string>{entries}</string></dict></array></plist>"
            );
            FixtureHost::macos().file("/Library/Receipts/InstallHistory.plist", text)
        };
        assert_eq!(of(&history(&["macOS 13.1", "Agent", "macOS Sonoma 14.2", "XProtect"]))[2..], ["macOS", "14.2"]);
        assert_eq!(of(&history(&["Agent"])), ["root:fixture", "", "macos", ""]);
    }
}
