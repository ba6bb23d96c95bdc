//! Which machine a Windows system is, by its registry.

use interdict_formats::registry::RegistryData;

use crate::machine::Identity;
use crate::registry::{Registry, Values};
use crate::windows::VERSION;

/// The first build of Windows 11, which goes on calling itself Windows 10
/// (<https://learn.microsoft.com/windows/release-health/windows11-release-information>).
const FIRST_BUILD_OF_11: u64 = 22_000;
/// How Windows writes architectures, and how everybody else does.
const ARCHITECTURES: &[(&str, &str)] = &[("amd64", "x86_64"), ("arm64", "aarch64"), ("x86", "x86")];

/// The registry's word: the id that Windows is given when it is set up, the computer's name, the edition and its build.
pub(crate) fn identity(registry: &dyn Registry) -> Identity {
    let text = |key: &str, name: &str| {
        let data = registry.value(key, name).ok().flatten();
        data.as_ref().and_then(RegistryData::text).map(str::to_owned)
    };
    let guid = text(r"HKLM\SOFTWARE\Microsoft\Cryptography", "MachineGuid");
    let is_guid = |guid: &String| guid.len() == 36 && guid.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let control = r"HKLM\SYSTEM\CurrentControlSet\Control";
    let hostname = text(&format!(r"{control}\ComputerName\ComputerName"), "ComputerName")
        .or_else(|| text(r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters", "Hostname"));
    let arch = text(&format!(r"{control}\Session Manager\Environment"), "PROCESSOR_ARCHITECTURE");
    let version = Values::of(registry, VERSION).unwrap_or_default();
    Identity {
        id: guid.map(|guid| guid.to_lowercase()).filter(is_guid),
        hostname,
        os_name: name(&version),
        os_version: version_text(&version),
        arch: arch.map(|arch| {
            let small = arch.to_lowercase();
            let known = ARCHITECTURES.iter().find(|(windows, _)| *windows == small);
            known.map_or(small, |(_, name)| (*name).to_owned())
        }),
    }
}

/// `ProductName`, set right where Windows 11 calls itself 10. Servers of the same build name their year.
fn name(version: &Values) -> Option<String> {
    let name = version.text("ProductName")?;
    let build = build(version).and_then(|build| build.parse::<u64>().ok());
    let is_client = version.text("InstallationType").is_none_or(|kind| kind.eq_ignore_ascii_case("Client"));
    if is_client && build.is_some_and(|build| build >= FIRST_BUILD_OF_11) {
        return Some(name.replacen("Windows 10", "Windows 11", 1));
    }
    Some(name)
}

/// Such as `23H2 (22631.3007)`: what the release is called, and which build and update it is.
fn version_text(version: &Values) -> Option<String> {
    let number = || Some(format!("{}.{}", version.number("CurrentMajorVersionNumber")?, minor(version)));
    let release = version.text("DisplayVersion").or_else(|| version.text("ReleaseId")).or_else(number);
    let release = release.or_else(|| version.text("CurrentVersion"));
    let update = version.number("UBR").map(|update| format!(".{update}")).unwrap_or_default();
    let build = build(version).map(|build| format!("{build}{update}"));
    match (release, build) {
        (Some(release), Some(build)) => Some(format!("{release} ({build})")),
        (release, build) => release.or(build),
    }
}

fn minor(version: &Values) -> u64 {
    version.number("CurrentMinorVersionNumber").unwrap_or_default()
}

fn build(version: &Values) -> Option<String> {
    version.text("CurrentBuild").or_else(|| version.text("CurrentBuildNumber"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::machine;
    use crate::{FixtureHost, Host as _, MapRegistry};

    #[test]
    fn windows_says_in_its_registry_which_machine_it_is() {
        let host = FixtureHost::windows(MapRegistry::from_text(
            "REGEDIT4\n\
             [HKLM\\SOFTWARE\\Microsoft\\Cryptography]\n\"MachineGuid\"=\"0A1B2C3D-0000-4000-8000-0123456789AB\"\n\
             [HKLM\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName]\n\"ComputerName\"=\"WS-FIN-014\"\n\
             [HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment]\n\"PROCESSOR_ARCHITECTURE\"=\"AMD64\"\n\
             [HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion]\n\"ProductName\"=\"Windows 10 Pro\"\n\
             \"DisplayVersion\"=\"23H2\"\n\"CurrentVersion\"=\"6.3\"\n\"CurrentBuild\"=\"22631\"\n\"UBR\"=dword:00000bbf\n\
             \"InstallationType\"=\"Client\"\n",
        ));
        let (machine, _) = machine(&host, host.os_family(), &[]);
        assert_eq!(machine.id, "0a1b2c3d-0000-4000-8000-0123456789ab");
        assert_eq!((machine.hostname.as_str(), machine.arch.as_str()), ("WS-FIN-014", "x86_64"));
        assert_eq!((machine.os.name.as_str(), machine.os.version.as_str()), ("Windows 11 Pro", "23H2 (22631.3007)"));
    }

    #[test]
    fn every_windows_has_its_name_and_version() {
        type Row = (&'static [(&'static str, &'static str)], Option<&'static str>, Option<&'static str>);
        let table: &[Row] = &[
            (&[], None, None),
            (
                &[("ProductName", "Windows 7 Professional"), ("CurrentVersion", "6.1"), ("CurrentBuild", "7601")],
                Some("Windows 7 Professional"),
                Some("6.1 (7601)"),
            ),
            (
                &[("ProductName", "Windows 10 Enterprise"), ("ReleaseId", "1809"), ("CurrentBuildNumber", "17763")],
                Some("Windows 10 Enterprise"),
                Some("1809 (17763)"),
            ),
            (
                &[("ProductName", "Windows Server 2025"), ("CurrentBuild", "26100"), ("InstallationType", "Server")],
                Some("Windows Server 2025"),
                Some("26100"),
            ),
            (
                &[("ProductName", "Windows 10 Home"), ("CurrentBuild", "26100"), ("CurrentMajorVersionNumber", "10")],
                Some("Windows 11 Home"),
                Some("10.0 (26100)"),
            ),
        ];
        for (values, name, version) in table {
            let lines = values.iter().map(|(name, value)| format!("\"{name}\"=\"{value}\"\n"));
            let key = "[HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion]\n";
            let text = format!("REGEDIT4\n{key}{}", lines.collect::<String>());
            let identity = identity(&MapRegistry::from_text(&text));
            assert_eq!((identity.os_name.as_deref(), identity.os_version.as_deref()), (*name, *version), "{values:?}");
        }
    }
}
