//! Which Mac this is: the version of its system, its names, its hardware's id; and its processes as `ps` prints them.
//!
//! Each reader takes one small file, or what one program prints, and answers with what stands in it.

use interdict_model::Diagnostic;

use crate::notes::lines;
use crate::property_list::read_dictionary;

/// How many processes are read.
const MOST_PROCESSES: usize = 1 << 20;

/// `SystemVersion.plist`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SystemVersion {
    /// `ProductName`, such as `macOS`.
    pub name: Option<String>,
    /// `ProductVersion`, such as `14.6.1`.
    pub version: Option<String>,
    /// `ProductBuildVersion`, such as `23G93`.
    pub build: Option<String>,
}

/// Reads `/System/Library/CoreServices/SystemVersion.plist`.
#[must_use]
pub fn parse_system_version(bytes: &[u8], file_name: &str) -> (SystemVersion, Vec<Diagnostic>) {
    let (value, diagnostics) = read_dictionary(bytes, file_name);
    let version = SystemVersion {
        name: value.text_of("ProductName"),
        version: value.text_of("ProductVersion"),
        build: value.text_of("ProductBuildVersion"),
    };
    (version, diagnostics)
}

/// Reads `/Library/Preferences/SystemConfiguration/preferences.plist`: the name that was set for the network, else the
/// one for the local network, else the one people see.
#[must_use]
pub fn parse_host_name(bytes: &[u8], file_name: &str) -> (Option<String>, Vec<Diagnostic>) {
    let (value, diagnostics) = read_dictionary(bytes, file_name);
    let system = value.get("System");
    let names = system.and_then(|system| system.get("System"));
    let local = system.and_then(|system| system.get("Network")?.get("HostNames")?.text_of("LocalHostName"));
    let of = |key: &str| names.and_then(|names| names.text_of(key));
    (of("HostName").or(local).or_else(|| of("ComputerName")), diagnostics)
}

/// Reads the `IOPlatformUUID` out of what `ioreg -rd1 -c IOPlatformExpertDevice` prints.
#[must_use]
pub fn parse_platform_uuid(bytes: &[u8]) -> Option<String> {
    let line = lines(bytes).find(|line| memchr::memmem::find(line, b"\"IOPlatformUUID\"").is_some())?;
    let value = std::str::from_utf8(line).ok()?.split('"').nth(3)?;
    let is_id = value.len() == 36 && value.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    is_id.then(|| value.to_ascii_lowercase())
}

/// Reads the number of an account out of its file below `/var/db/dslocal`, where every value is a list of texts.
#[must_use]
pub fn parse_user_number(bytes: &[u8]) -> Option<u32> {
    read_dictionary(bytes, "").0.texts_of("uid").first()?.parse().ok()
}

/// A process as `ps -axo pid=,comm=` prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedProcess {
    /// Its id.
    pub pid: u32,
    /// Its executable, as a path where the kernel knows one, else its name.
    pub command: String,
}

/// Reads what `ps -axo pid=,comm=` prints. Names may hold spaces; lines that are no process are left out.
pub fn parse_ps(bytes: &[u8]) -> impl Iterator<Item = ListedProcess> {
    let process = |line: &[u8]| {
        let line = String::from_utf8_lossy(line);
        let (pid, command) = line.trim().split_once(' ')?;
        let command = command.trim();
        Some(ListedProcess { pid: pid.parse().ok()?, command: (!command.is_empty()).then(|| command.to_owned())? })
    };
    lines(bytes).filter_map(process).take(MOST_PROCESSES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::property_list::tests::xml;

    #[test]
    fn the_system_says_its_version() {
        let text = xml("<dict><key>ProductBuildVersion</key><string>23G93</string><key>ProductName</key>\
            <string>macOS</string><key>ProductVersion</key><string>14.6.1</string></dict>");
        let version = parse_system_version(&text, "f").0;
        assert_eq!((version.name.as_deref(), version.version.as_deref()), (Some("macOS"), Some("14.6.1")));
    }

    #[test]
    fn the_name_for_the_network_comes_first() {
        let of = |names: &str, local: &str| {
            let text = format!(
                "<dict><key>System</key><dict><key>System</key><dict>{names}</dict><key>Network</key><dict>\
                 <key>HostNames</key><dict>{local}</dict></dict></dict></dict>"
            );
            parse_host_name(&xml(&text), "f").0
        };
        let computer = "<key>ComputerName</key><string>A Mac</string>";
        let local = "<key>LocalHostName</key><string>A-Mac</string>";
        let host = "<key>HostName</key><string>mac-01.example</string>";
        assert_eq!(of(&format!("{computer}{host}"), local).as_deref(), Some("mac-01.example"));
        assert_eq!(of(computer, local).as_deref(), Some("A-Mac"));
        assert_eq!(of(computer, "").as_deref(), Some("A Mac"));
        assert_eq!(parse_host_name(&xml("<dict/>"), "f").0, None);
    }

    #[test]
    fn the_hardware_has_an_id() {
        let printed =
            b"+-o J1AP  <class IOPlatformExpertDevice>\n    {\n      \"IOPlatformSerialNumber\" = \"X\"\n      \
            \"IOPlatformUUID\" = \"01234567-89AB-CDEF-0123-456789ABCDEF\"\n    }\n";
        assert_eq!(parse_platform_uuid(printed).as_deref(), Some("01234567-89ab-cdef-0123-456789abcdef"));
        assert_eq!(parse_platform_uuid(b"\"IOPlatformUUID\" = \"x\"\n"), None);
        assert_eq!(parse_platform_uuid(b""), None);
    }

    #[test]
    fn an_account_has_a_number() {
        let text = xml("<dict><key>uid</key><array><string>501</string></array></dict>");
        assert_eq!(parse_user_number(&text), Some(501));
        assert_eq!(parse_user_number(&xml("<dict/>")), None);
    }

    #[test]
    fn processes_are_read_with_their_spaces() {
        let printed = b"    1 /sbin/launchd\n  340 /Applications/Two Words.app/Contents/MacOS/Two Words\n   77 (bash)\nno line\n 9 \n";
        let read: Vec<String> = parse_ps(printed).map(|one| format!("{} {}", one.pid, one.command)).collect();
        assert_eq!(read, ["1 /sbin/launchd", "340 /Applications/Two Words.app/Contents/MacOS/Two Words", "77 (bash)"]);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = (parse_system_version(&bytes, "f"), parse_host_name(&bytes, "f"), parse_platform_uuid(&bytes));
            let _ = (parse_ps(&bytes).count(), parse_user_number(&bytes));
        }
    }
}
