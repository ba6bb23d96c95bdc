//! This machine while Windows runs on it: its registry, processes and services, and what only Windows itself can say.
//!
//! The one file that calls Windows. Every call only asks; nothing is written, and nothing is asked over the network:
//! signatures are checked with the certificates that are there. What takes long is given up after a while. What a
//! Windows does not have, such as Security Center on servers, is said to be not at hand.

#![cfg(windows)]
#![expect(unsafe_code, reason = "Windows is asked through its C interface; each block says why it is sound")]
#![warn(clippy::undocumented_unsafe_blocks)]

use std::ffi::c_void;
use std::fs;
use std::io;
use std::mem::size_of;
use std::os::windows::io::AsRawHandle as _;
use std::sync::{OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use interdict_formats::registry::{RegistryData, RegistryValue};
use interdict_formats::security_center::number_of;
use interdict_model::Diagnostic;
use windows::Win32::Foundation::{
    ERROR_ACCESS_DENIED, ERROR_KEY_DELETED, ERROR_MORE_DATA, ERROR_NO_MORE_FILES, ERROR_NO_MORE_ITEMS,
    ERROR_SERVICE_DISABLED, ERROR_SUCCESS, HANDLE, HWND, TRUST_E_NOSIGNATURE, TRUST_E_PROVIDER_UNKNOWN,
    TRUST_E_SUBJECT_FORM_UNKNOWN, WIN32_ERROR,
};
use windows::Win32::NetworkManagement::WindowsFilteringPlatform::{
    FWPM_PROVIDER0, FwpmEngineClose0, FwpmEngineOpen0, FwpmFreeMemory0, FwpmProviderCreateEnumHandle0,
    FwpmProviderDestroyEnumHandle0, FwpmProviderEnum0,
};
use windows::Win32::Security::Cryptography::Catalog::{
    CATALOG_INFO, CryptCATAdminAcquireContext2, CryptCATAdminEnumCatalogFromHash, CryptCATAdminReleaseCatalogContext,
    CryptCATAdminReleaseContext, CryptCATCatalogInfoFromContext,
};
use windows::Win32::Security::Cryptography::{CERT_NAME_SIMPLE_DISPLAY_TYPE, CertGetNameStringW};
use windows::Win32::Security::WinTrust::{
    WINTRUST_ACTION_GENERIC_VERIFY_V2, WINTRUST_CATALOG_INFO, WINTRUST_DATA, WINTRUST_DATA_0,
    WINTRUST_DATA_UNION_CHOICE, WINTRUST_FILE_INFO, WTD_CACHE_ONLY_URL_RETRIEVAL, WTD_CHOICE_CATALOG, WTD_CHOICE_FILE,
    WTD_REVOKE_NONE, WTD_STATEACTION_CLOSE, WTD_STATEACTION_VERIFY, WTD_UI_NONE, WTHelperGetProvCertFromChain,
    WTHelperGetProvSignerFromChain, WTHelperProvDataFromStateData, WinVerifyTrust,
};
use windows::Win32::Security::{GetTokenInformation, TOKEN_ELEVATION, TOKEN_QUERY, TokenElevation};
use windows::Win32::Storage::FileSystem::GetDriveTypeW;
use windows::Win32::System::Com::{
    CLSCTX_INPROC_SERVER, COINIT_MULTITHREADED, CoCreateInstance, CoInitializeEx, CoSetProxyBlanket, CoUninitialize,
    EOAC_NONE, RPC_C_AUTHN_LEVEL_CALL, RPC_C_IMP_LEVEL_IMPERSONATE,
};
use windows::Win32::System::Diagnostics::ToolHelp::{
    CreateToolhelp32Snapshot, PROCESSENTRY32W, Process32FirstW, Process32NextW, TH32CS_SNAPPROCESS,
};
use windows::Win32::System::LibraryLoader::{GetProcAddress, LOAD_LIBRARY_SEARCH_SYSTEM32, LoadLibraryExW};
use windows::Win32::System::Registry::{
    HKEY, HKEY_LOCAL_MACHINE, HKEY_USERS, KEY_READ, KEY_WOW64_64KEY, RegEnumKeyExW, RegEnumValueW, RegOpenKeyExW,
};
use windows::Win32::System::Rpc::{RPC_C_AUTHN_WINNT, RPC_C_AUTHZ_NONE};
use windows::Win32::System::SecurityCenter::{
    IWSCProductList, IWscProduct, WSC_SECURITY_PROVIDER, WSC_SECURITY_PROVIDER_ANTISPYWARE,
    WSC_SECURITY_PROVIDER_ANTIVIRUS, WSC_SECURITY_PROVIDER_FIREWALL, WSCProductList,
};
use windows::Win32::System::Services::{
    ENUM_SERVICE_STATUS_PROCESSW, EnumServicesStatusExW, OpenSCManagerW, SC_ENUM_PROCESS_INFO, SC_MANAGER_CONNECT,
    SC_MANAGER_ENUMERATE_SERVICE, SERVICE_ACTIVE, SERVICE_DRIVER, SERVICE_WIN32,
};
use windows::Win32::System::SystemInformation::{ComputerNameDnsHostname, GetComputerNameExW};
use windows::Win32::System::Threading::{
    GetCurrentProcess, OpenProcess, OpenProcessToken, PROCESS_NAME_WIN32, PROCESS_QUERY_LIMITED_INFORMATION,
    QueryFullProcessImageNameW,
};
use windows::Win32::System::Variant::{VARIANT, VT_BSTR, VT_I4};
use windows::Win32::System::WindowsProgramming::{DRIVE_REMOTE, GetUserNameW};
use windows::Win32::System::Wmi::{
    IEnumWbemClassObject, IWbemClassObject, IWbemLocator, WBEM_E_ACCESS_DENIED, WBEM_E_INVALID_CLASS,
    WBEM_E_INVALID_NAMESPACE, WBEM_FLAG_CONNECT_USE_MAX_WAIT, WBEM_FLAG_FORWARD_ONLY, WBEM_FLAG_RETURN_IMMEDIATELY,
    WbemLocator,
};
use windows::core::{BSTR, HSTRING, Owned, PCWSTR, PWSTR, s, w};

use super::{
    ExecutableLink, HostError, LiveHost, Process, RunningWindows, SecurityProduct, SecurityProductKind, disk,
    windows_hives,
};
use crate::registry::{Absent, HiveRegistry, MOST_SUBKEYS, Profile, Registry, RegistryUser, profiles, same};

/// What follows a user's id in the name of that user's classes.
const CLASSES: &str = "_Classes";
/// The longest name of a key, and of a value, in UTF-16 units with the end
/// (<https://learn.microsoft.com/windows/win32/sysinfo/registry-element-size-limits>).
const LONGEST_KEY_NAME: usize = 256;
const LONGEST_VALUE_NAME: usize = 16_384;
/// The largest value that is read; of a larger one only the name and the type are kept.
const LARGEST_VALUE: usize = 16 << 20;
/// The longest path of Windows, in UTF-16 units.
const LONGEST_PATH: usize = 32_768;
/// How long Security Center and the filtering platform may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many objects are taken of each: no machine has as many.
const MOST_OBJECTS: usize = 10_000;
/// How many catalogs are asked for the signature of one file.
const MOST_CATALOGS: usize = 16;
/// Security Center's place in WMI (<https://learn.microsoft.com/windows/win32/wmisdk/wmi-start-page>), and what is
/// registered there. The classes are not documented; their properties are in their own description.
const SECURITY_CENTER: &str = r"root\SecurityCenter2";
const SECURITY_CLASSES: &[(&str, SecurityProductKind)] = &[
    ("AntiVirusProduct", SecurityProductKind::AntiVirus),
    ("AntiSpywareProduct", SecurityProductKind::AntiSpyware),
    ("FirewallProduct", SecurityProductKind::Firewall),
];
/// The same kinds in Security Center's own interface.
const SECURITY_PROVIDERS: &[(WSC_SECURITY_PROVIDER, SecurityProductKind)] = &[
    (WSC_SECURITY_PROVIDER_ANTIVIRUS, SecurityProductKind::AntiVirus),
    (WSC_SECURITY_PROVIDER_ANTISPYWARE, SecurityProductKind::AntiSpyware),
    (WSC_SECURITY_PROVIDER_FIREWALL, SecurityProductKind::Firewall),
];
/// The service behind the filtering platform; without it nothing of the platform answers.
const FILTERING_SERVICE: &str = "BFE";
/// What people call the filtering platform.
const FILTERING_PLATFORM: &str = "the Windows Filtering Platform";

/// The running Windows.
#[derive(Debug)]
pub(super) struct System {
    user: String,
    /// The hives of the users who are logged off, from the first time that one is asked for.
    logged_off: OnceLock<HiveRegistry>,
}

impl System {
    pub(super) fn new(user: &str) -> Self {
        Self { user: user.to_owned(), logged_off: OnceLock::new() }
    }

    #[expect(clippy::unnecessary_wraps, reason = "other systems have none")]
    pub(super) fn registry(&self) -> Option<&dyn Registry> {
        Some(self)
    }

    #[expect(clippy::unnecessary_wraps, reason = "other systems are not asked")]
    pub(super) fn running_windows(&self) -> Option<&dyn RunningWindows> {
        Some(self)
    }
}

// --- registry ---

/// A key of the running system, or the word that it is in no hive that is loaded.
enum Opened {
    Key(Owned<HKEY>),
    /// It belongs to a user who is logged off.
    LoggedOff,
}

impl System {
    fn open(&self, path: &str) -> Result<Opened, HostError> {
        let not_at_hand = |why: &str| HostError::NotAtHand { path: path.to_owned(), why: why.to_owned() };
        let (root, below) = path.split_once('\\').unwrap_or((path, ""));
        let first = below.split('\\').next().unwrap_or_default();
        let root = match root {
            _ if root.eq_ignore_ascii_case("HKLM") && same(first, "Amcache") => {
                return Err(not_at_hand("Windows keeps it open while it runs"));
            }
            _ if root.eq_ignore_ascii_case("HKLM") => HKEY_LOCAL_MACHINE,
            _ if root.eq_ignore_ascii_case("HKU") => HKEY_USERS,
            _ => return Err(not_at_hand("it is below no root that is read")),
        };
        // A name may hold a NUL or half a letter, which cannot be asked for: another key would answer.
        if below.contains(['\0', '\u{fffd}']) {
            return Err(not_at_hand("its name is no text"));
        }
        match open_key(root, below) {
            Ok(key) => Ok(Opened::Key(key)),
            // Who is logged on and has no classes has none.
            Err(error) if error.kind() == io::ErrorKind::NotFound && root == HKEY_USERS && !is_loaded(first) => {
                let user = first.len().checked_sub(CLASSES.len()).and_then(|length| first.split_at_checked(length));
                let has_classes = user.is_some_and(|(user, end)| end.eq_ignore_ascii_case(CLASSES) && is_loaded(user));
                if has_classes { Err(disk::on_path(path, error, &self.user)) } else { Ok(Opened::LoggedOff) }
            }
            Err(error) => Err(disk::on_path(path, error, &self.user)),
        }
    }

    /// The hives of the users who are logged off.
    fn logged_off(&self) -> &HiveRegistry {
        self.logged_off.get_or_init(|| {
            let mut registry = HiveRegistry::default();
            let host = LiveHost::new();
            // Why the users are not known is said to whoever asks for them.
            for Profile { id, folder } in profiles(self).unwrap_or_default() {
                match folder {
                    _ if is_loaded(&id) => {}
                    Some(folder) => windows_hives::profile(&mut registry, &host, &id, &folder),
                    None => {
                        let why = "the machine does not say where its profile is".to_owned();
                        registry.absent(&format!(r"HKU\{id}"), Absent::NotAtHand(why));
                    }
                }
            }
            registry
        })
    }

    fn failed(&self, path: &str, code: WIN32_ERROR) -> HostError {
        disk::on_path(path, win32(code), &self.user)
    }
}

impl Registry for System {
    fn subkeys(&self, key: &str) -> Result<Vec<String>, HostError> {
        let Opened::Key(open) = self.open(key)? else { return self.logged_off().subkeys(key) };
        let mut names = Vec::new();
        let mut name = vec![0; LONGEST_KEY_NAME];
        for index in 0.. {
            let mut length = units(LONGEST_KEY_NAME);
            // SAFETY: the key is open; the name has as many units as `length` says.
            let code = unsafe {
                RegEnumKeyExW(*open, index, Some(PWSTR(name.as_mut_ptr())), &raw mut length, None, None, None, None)
            };
            match code {
                ERROR_SUCCESS if names.len() >= MOST_SUBKEYS => {
                    return Err(HostError::TooLarge { path: key.to_owned(), cap: MOST_SUBKEYS as u64 });
                }
                ERROR_SUCCESS => names.push(String::from_utf16_lossy(&name[..length as usize])),
                ERROR_NO_MORE_ITEMS => break,
                code => return Err(self.failed(key, code)),
            }
        }
        Ok(names)
    }

    fn values(&self, key: &str) -> Result<Vec<RegistryValue>, HostError> {
        let Opened::Key(open) = self.open(key)? else { return self.logged_off().values(key) };
        let mut values = Vec::new();
        let mut name = vec![0; LONGEST_VALUE_NAME];
        let mut data = vec![0; 4096];
        for index in 0.. {
            match value(*open, index, &mut name, &mut data) {
                Ok(Some(_)) if values.len() >= MOST_SUBKEYS => {
                    return Err(HostError::TooLarge { path: key.to_owned(), cap: MOST_SUBKEYS as u64 });
                }
                Ok(Some(value)) => values.push(value),
                Ok(None) => break,
                Err(code) => return Err(self.failed(key, code)),
            }
        }
        Ok(values)
    }

    fn users(&self) -> Result<Vec<RegistryUser>, HostError> {
        let known = profiles(self)?.into_iter();
        // Named after the folder of the profile: to ask for the account's name may be to ask another computer.
        let mut users: Vec<RegistryUser> = known
            .map(|profile| RegistryUser { name: profile.name(), id: profile.id, profile: profile.folder })
            .collect();
        // Whoever is logged on has a part, with or without a profile that was set up as usual.
        let is_user = |id: &String| id.starts_with("S-1-") && !id.to_lowercase().ends_with("_classes");
        for id in self.subkeys("HKU")?.into_iter().filter(is_user) {
            if !users.iter().any(|user| same(&user.id, &id)) {
                users.push(RegistryUser { name: id.clone(), id, profile: None });
            }
        }
        Ok(users)
    }

    fn take_shortfalls(&self) -> Vec<String> {
        self.logged_off.get().map(HiveRegistry::take_shortfalls).unwrap_or_default()
    }

    fn diagnostics(&self) -> Vec<Diagnostic> {
        self.logged_off.get().map(HiveRegistry::diagnostics).unwrap_or_default()
    }
}

/// Whether a hive right below the users is loaded. One that may not be read is.
fn is_loaded(user: &str) -> bool {
    !matches!(open_key(HKEY_USERS, user), Err(error) if error.kind() == io::ErrorKind::NotFound)
}

fn open_key(root: HKEY, below: &str) -> io::Result<Owned<HKEY>> {
    let mut key = HKEY::default();
    let below = HSTRING::from(below);
    // SAFETY: the root is always open; `below` ends with a NUL and lives on; `key` is written to.
    let code = unsafe { RegOpenKeyExW(root, &below, None, KEY_READ | KEY_WOW64_64KEY, &raw mut key) };
    if code == ERROR_SUCCESS {
        // SAFETY: the key was opened here and is nobody else's.
        Ok(unsafe { Owned::new(key) })
    } else {
        Err(win32(code))
    }
}

/// The value at an index; nothing behind the last one. `data` grows with the largest value.
fn value(key: HKEY, index: u32, name: &mut [u16], data: &mut Vec<u8>) -> Result<Option<RegistryValue>, WIN32_ERROR> {
    loop {
        let (code, asked) = enumerate(key, index, name, Some(data));
        match code {
            ERROR_SUCCESS => {
                let data = RegistryData::decode(asked.kind, data.get(..asked.size).unwrap_or_default());
                return Ok(Some(RegistryValue { name: asked.name, data }));
            }
            ERROR_MORE_DATA if asked.size > LARGEST_VALUE => {
                let (code, asked) = enumerate(key, index, name, None);
                let data = RegistryData::Binary { kind: asked.kind, bytes: Vec::new() };
                let value = RegistryValue { name: asked.name, data };
                return if code == ERROR_SUCCESS { Ok(Some(value)) } else { Err(code) };
            }
            // It may grow while it is asked for.
            ERROR_MORE_DATA => data.resize(asked.size.max(data.len() * 2).min(LARGEST_VALUE), 0),
            ERROR_NO_MORE_ITEMS => return Ok(None),
            code => return Err(code),
        }
    }
}

/// What a key says of the value at an index.
struct Enumerated {
    name: String,
    kind: u32,
    size: usize,
}

/// Asks for the value at an index, with or without its data.
fn enumerate(key: HKEY, index: u32, name: &mut [u16], data: Option<&mut Vec<u8>>) -> (WIN32_ERROR, Enumerated) {
    let (mut name_length, mut kind, mut size) =
        (units(name.len()), 0, data.as_ref().map_or(0, |data| units(data.len())));
    let data = data.map(Vec::as_mut_ptr);
    let at = PWSTR(name.as_mut_ptr());
    // SAFETY: the key is open; name and data are as long as their lengths say, and nothing else looks at them.
    let code = unsafe {
        RegEnumValueW(key, index, Some(at), &raw mut name_length, None, Some(&raw mut kind), data, Some(&raw mut size))
    };
    let name = String::from_utf16_lossy(name.get(..name_length as usize).unwrap_or_default());
    (code, Enumerated { name, kind, size: size as usize })
}

// --- processes ---

impl System {
    /// The running processes, by id; the kernel's own have no executable.
    pub(super) fn processes(&self, _: &LiveHost) -> Result<Vec<Process>, HostError> {
        let failed = |error| self.refused("the list of processes", &error);
        // SAFETY: takes no memory of ours; the snapshot is nobody else's.
        let snapshot = unsafe { CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0).map(|handle| Owned::new(handle)) };
        let snapshot = snapshot.map_err(failed)?;
        let mut entry = PROCESSENTRY32W { dwSize: size::<PROCESSENTRY32W>(), ..Default::default() };
        let mut processes = Vec::new();
        // SAFETY: the snapshot is open and the entry says its own size.
        let mut next = unsafe { Process32FirstW(*snapshot, &raw mut entry) };
        while next.is_ok() {
            let name = nul_terminated(&entry.szExeFile);
            let (pid, executable) = (entry.th32ProcessID, executable(entry.th32ProcessID));
            processes.push(Process { pid, comm: name.into_bytes(), cmdline: Vec::new(), executable });
            // SAFETY: as before.
            next = unsafe { Process32NextW(*snapshot, &raw mut entry) };
        }
        match next {
            Err(error) if error.code() != ERROR_NO_MORE_FILES.to_hresult() => Err(failed(error)),
            _ => {
                processes.sort_unstable_by_key(|process| process.pid);
                Ok(processes)
            }
        }
    }
}

/// The executable of a process, as a path with a drive.
fn executable(pid: u32) -> ExecutableLink {
    // Idle and System; all others are multiples of four above.
    if pid <= 4 {
        return ExecutableLink::None;
    }
    // SAFETY: takes no memory of ours; the handle is nobody else's.
    let process =
        unsafe { OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, false, pid).map(|handle| Owned::new(handle)) };
    let path = process.and_then(|process| {
        filled(LONGEST_PATH, |buffer, length| {
            // SAFETY: the process is open; the buffer is as long as `length` says.
            unsafe { QueryFullProcessImageNameW(*process, PROCESS_NAME_WIN32, buffer, length) }
        })
    });
    match path {
        Ok(path) => ExecutableLink::Target(path),
        Err(error) if error.code() == ERROR_ACCESS_DENIED.to_hresult() => ExecutableLink::Denied,
        // It has ended, or is the kernel's, such as Registry and Memory Compression.
        Err(_) => ExecutableLink::None,
    }
}

// --- who and where ---

/// As whom this program runs: the account and whether it has the rights of an administrator.
pub(super) fn current_user() -> String {
    let name = filled(LONGEST_KEY_NAME + 1, |buffer, length| {
        // SAFETY: the buffer is as long as `length` says.
        unsafe { GetUserNameW(Some(buffer), length) }
    });
    // This length counts the end.
    let name = name.map(|name| name.trim_end_matches('\0').to_owned()).ok().filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| "this user".to_owned());
    match is_elevated() {
        Some(true) => format!("{name} (elevated)"),
        Some(false) => format!("{name} (not elevated)"),
        None => name,
    }
}

fn is_elevated() -> Option<bool> {
    let mut token = HANDLE::default();
    // SAFETY: `token` is written to; the process is this one.
    unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token).ok()? };
    // SAFETY: the token was opened here and is nobody else's.
    let token = unsafe { Owned::new(token) };
    let mut elevation = TOKEN_ELEVATION::default();
    let (size, mut returned) = (size::<TOKEN_ELEVATION>(), 0);
    // SAFETY: `elevation` is what is asked for and as large as `size` says.
    let asked = unsafe {
        GetTokenInformation(*token, TokenElevation, Some((&raw mut elevation).cast()), size, &raw mut returned)
    };
    asked.is_ok().then_some(elevation.TokenIsElevated != 0)
}

/// The name this machine goes by.
pub(super) fn hostname() -> Option<String> {
    let name = filled(LONGEST_KEY_NAME, |buffer, length| {
        // SAFETY: the buffer is as long as `length` says.
        unsafe { GetComputerNameExW(ComputerNameDnsHostname, Some(buffer), length) }
    });
    name.ok().filter(|name| !name.is_empty())
}

/// Whether a path with a drive lies on another computer.
pub(super) fn is_elsewhere(path: &str) -> bool {
    let drive = HSTRING::from(format!("{}\\", path.get(..2).unwrap_or_default()));
    // SAFETY: the text ends with a NUL and lives on.
    unsafe { GetDriveTypeW(&drive) == DRIVE_REMOTE }
}

// --- services ---

/// The names of the services and drivers that run.
fn services() -> windows::core::Result<Vec<String>> {
    let access = SC_MANAGER_CONNECT | SC_MANAGER_ENUMERATE_SERVICE;
    // SAFETY: takes no memory of ours; the handle is nobody else's.
    let manager = unsafe { OpenSCManagerW(PCWSTR::null(), PCWSTR::null(), access).map(|handle| Owned::new(handle))? };
    let mut names = Vec::new();
    let mut resume = 0;
    // As much as is handed over at a time, in words, since that is how the entries must lie.
    let mut words = vec![0_u64; 32 * 1024];
    while names.len() < MOST_SUBKEYS {
        let (mut needed, mut count) = (0, 0);
        let (bytes, kinds) = (as_bytes(&mut words), SERVICE_WIN32 | SERVICE_DRIVER);
        // SAFETY: the manager is open; the buffer knows its length; the numbers are written to.
        let asked = unsafe {
            EnumServicesStatusExW(
                *manager,
                SC_ENUM_PROCESS_INFO,
                kinds,
                SERVICE_ACTIVE,
                Some(bytes),
                &raw mut needed,
                &raw mut count,
                Some(&raw mut resume),
                PCWSTR::null(),
            )
        };
        let entries = words.as_ptr().cast::<ENUM_SERVICE_STATUS_PROCESSW>();
        for index in 0..count as usize {
            // SAFETY: so many entries were written to the buffer, which is aligned to words; the texts lie in it, too.
            names.push(unsafe { (*entries.add(index)).lpServiceName.to_string() }.unwrap_or_default());
        }
        match asked {
            Ok(()) => break,
            Err(error) if error.code() != ERROR_MORE_DATA.to_hresult() => return Err(error),
            // Not even one fitted.
            Err(error) if count == 0 => return Err(error),
            Err(_) => {}
        }
    }
    Ok(names)
}

// --- what only a running Windows says ---

impl RunningWindows for System {
    fn security_products(&self) -> Result<Vec<SecurityProduct>, HostError> {
        let user = self.user.clone();
        in_time("Security Center", move || {
            let managed = managed_products().map_err(|error| management_error(&error, &user));
            // A server has neither; why management does not answer says more than why the interface does not.
            SecurityProduct::together(managed, listed_products().ok())
        })
    }

    fn running_services(&self) -> Result<Vec<String>, HostError> {
        services().map_err(|error| self.refused("the list of running services", &error))
    }

    fn firewall_providers(&self) -> Result<Vec<String>, HostError> {
        let not_at_hand =
            |why: &str| Err(HostError::NotAtHand { path: FILTERING_PLATFORM.to_owned(), why: why.to_owned() });
        if !self.running_services()?.iter().any(|name| name.eq_ignore_ascii_case(FILTERING_SERVICE)) {
            return not_at_hand("its service BFE does not run");
        }
        let user = self.user.clone();
        in_time(FILTERING_PLATFORM, move || {
            providers().map_err(|code| disk::on_path(FILTERING_PLATFORM, win32(code), &user))
        })
    }

    fn verified_signer(&self, path: &str) -> Result<Option<String>, HostError> {
        let place = disk::place(path)?;
        let file = fs::File::open(&place).map_err(|error| disk::on_path(path, error, &self.user))?;
        let name = HSTRING::from(place.as_os_str());
        match in_the_file(&name, &file) {
            Signed::By(signer) => Ok(signer),
            Signed::Badly => Ok(None),
            Signed::Elsewhere => in_a_catalog(&name, &file).map_err(|why| match why {
                None => HostError::NotAtHand {
                    path: path.to_owned(),
                    why: "this Windows has no catalogs of signatures".to_owned(),
                },
                Some(error) => disk::on_path(path, error, &self.user),
            }),
        }
    }
}

impl System {
    fn refused(&self, what: &str, error: &windows::core::Error) -> HostError {
        disk::on_path(what, io_error(error), &self.user)
    }
}

/// Does something that asks other programs, on a thread of its own; an answer that does not come is not waited for.
fn in_time<T: Send + 'static>(
    whom: &str,
    ask: impl FnOnce() -> Result<T, HostError> + Send + 'static,
) -> Result<T, HostError> {
    let (answer, answered) = mpsc::channel();
    // Nobody may be there any more to hear the answer.
    let asked = thread::Builder::new().spawn(move || drop(answer.send(ask())));
    asked.map_err(|source| HostError::Other { path: whom.to_owned(), source })?;
    let none = |_| HostError::other(whom, io::ErrorKind::TimedOut, "no answer came in time");
    answered.recv_timeout(PATIENCE).map_err(none)?
}

// --- Windows Management Instrumentation ---

/// COM on this thread, until it is dropped.
struct Com;

impl Com {
    fn begin() -> windows::core::Result<Self> {
        // SAFETY: the thread is ours alone and has not begun it.
        unsafe { CoInitializeEx(None, COINIT_MULTITHREADED).ok()? };
        Ok(Self)
    }
}

impl Drop for Com {
    fn drop(&mut self) {
        // SAFETY: begun on this thread, and whatever came of it is gone: it was declared later.
        unsafe { CoUninitialize() };
    }
}

/// An object of WMI: the properties that are read.
#[derive(Debug, Default)]
struct Object {
    properties: Vec<(&'static str, Property)>,
}

#[derive(Debug)]
enum Property {
    Text(String),
    Number(u32),
}

/// The properties that are read.
const PROPERTIES: &[(PCWSTR, &str)] = &[
    (w!("displayName"), "displayName"),
    (w!("instanceGuid"), "instanceGuid"),
    (w!("pathToSignedProductExe"), "pathToSignedProductExe"),
    (w!("pathToSignedReportingExe"), "pathToSignedReportingExe"),
    (w!("productState"), "productState"),
    (w!("timestamp"), "timestamp"),
    // Of Windows itself; every Windows has one, Wine too.
    (w!("Caption"), "Caption"),
];

impl Object {
    fn text(&self, name: &str) -> Option<String> {
        self.properties.iter().find_map(|(known, property)| match property {
            Property::Text(text) if *known == name && !text.is_empty() => Some(text.clone()),
            Property::Text(_) | Property::Number(_) => None,
        })
    }

    fn number(&self, name: &str) -> Option<u32> {
        self.properties.iter().find_map(|(known, property)| match property {
            Property::Number(number) if *known == name => Some(*number),
            Property::Text(_) | Property::Number(_) => None,
        })
    }

    fn product(&self, kind: SecurityProductKind) -> SecurityProduct {
        SecurityProduct {
            kind,
            name: self.text("displayName").unwrap_or_default(),
            instance: self.text("instanceGuid").unwrap_or_default(),
            product_path: self.text("pathToSignedProductExe"),
            reporting_path: self.text("pathToSignedReportingExe"),
            state: self.number("productState").unwrap_or_default(),
            timestamp: self.text("timestamp"),
        }
    }
}

/// The objects of a class. To be asked on a thread of its own.
fn objects(namespace: &str, class: &str) -> windows::core::Result<Vec<Object>> {
    let _com = Com::begin()?;
    let enumerator = query(namespace, class)?;
    let mut objects = Vec::new();
    while objects.len() < MOST_OBJECTS {
        let mut next: [Option<IWbemClassObject>; 1] = [None];
        let mut returned = 0;
        let patience = i32::try_from(PATIENCE.as_millis()).unwrap_or(i32::MAX);
        // SAFETY: the enumerator lives; there is room for one object, which it hands over to us.
        let code = unsafe { enumerator.Next(patience, &mut next, &raw mut returned) };
        code.ok()?;
        let Some(object) = next[0].take() else { break };
        let properties = PROPERTIES.iter().filter_map(|(name, known)| Some((*known, property(&object, *name)?)));
        objects.push(Object { properties: properties.collect() });
    }
    Ok(objects)
}

/// The products registered with Security Center, as management has them.
fn managed_products() -> windows::core::Result<Vec<SecurityProduct>> {
    let mut products = Vec::new();
    for (class, kind) in SECURITY_CLASSES {
        products.extend(objects(SECURITY_CENTER, class)?.iter().map(|object| object.product(*kind)));
    }
    Ok(products)
}

fn query(namespace: &str, class: &str) -> windows::core::Result<IEnumWbemClassObject> {
    let none = BSTR::new();
    let (namespace, question) = (BSTR::from(namespace), BSTR::from(format!("SELECT * FROM {class}")));
    // SAFETY: COM has begun on this thread; the class makes what it is asked for.
    let locator: IWbemLocator = unsafe { CoCreateInstance(&WbemLocator, None, CLSCTX_INPROC_SERVER)? };
    let flags = WBEM_FLAG_CONNECT_USE_MAX_WAIT.0;
    // SAFETY: the texts live on.
    let services = unsafe { locator.ConnectServer(&namespace, &none, &none, &none, flags, &none, None)? };
    // SAFETY: the services are a proxy that lives; no texts or accounts are handed over.
    unsafe {
        CoSetProxyBlanket(
            &services,
            RPC_C_AUTHN_WINNT,
            RPC_C_AUTHZ_NONE,
            PCWSTR::null(),
            RPC_C_AUTHN_LEVEL_CALL,
            RPC_C_IMP_LEVEL_IMPERSONATE,
            None,
            EOAC_NONE,
        )?;
    }
    let flags = WBEM_FLAG_FORWARD_ONLY | WBEM_FLAG_RETURN_IMMEDIATELY;
    // SAFETY: the texts live on.
    unsafe { services.ExecQuery(&BSTR::from("WQL"), &question, flags, None) }
}

/// A property of an object, if it is there and a text or a number.
fn property(object: &IWbemClassObject, name: PCWSTR) -> Option<Property> {
    let mut value = VARIANT::default();
    // SAFETY: the object lives; the name is a constant; the value is ours and freed when it is dropped.
    unsafe { object.Get(name, 0, &raw mut value, None, None).ok()? };
    // SAFETY: what the union holds is what its kind says, and this part is there in every kind.
    let value = unsafe { &value.Anonymous.Anonymous };
    match value.vt {
        // SAFETY: the kind says that it is a text.
        VT_BSTR => Some(Property::Text(unsafe { value.Anonymous.bstrVal.to_string() })),
        // SAFETY: the kind says that it is a number; unsigned ones come as signed ones of the same bits.
        VT_I4 => Some(Property::Number(unsafe { value.Anonymous.lVal }.cast_unsigned())),
        _ => None,
    }
}

/// What an error of WMI means for Security Center.
fn management_error(error: &windows::core::Error, user: &str) -> HostError {
    let path = SECURITY_CENTER.to_owned();
    let not_at_hand = |why: &str| HostError::NotAtHand { path: path.clone(), why: why.to_owned() };
    let code = error.code().0;
    match code {
        _ if code == WBEM_E_INVALID_NAMESPACE.0 || code == WBEM_E_INVALID_CLASS.0 => {
            not_at_hand("it is not in Windows Management Instrumentation")
        }
        _ if error.code() == ERROR_SERVICE_DISABLED.to_hresult() => {
            not_at_hand("Windows Management Instrumentation is disabled")
        }
        _ if code == WBEM_E_ACCESS_DENIED.0 => HostError::Denied { path, user: user.to_owned() },
        _ => disk::on_path(SECURITY_CENTER, io_error(error), user),
    }
}

// --- Security Center's own interface ---

/// The products that Security Center lists itself
/// (<https://learn.microsoft.com/windows/win32/api/iwscapi/nn-iwscapi-iwscproductlist>). Newer systems no longer list
/// anti-spyware apart; that one kind is refused says nothing of the others.
fn listed_products() -> windows::core::Result<Vec<SecurityProduct>> {
    let _com = Com::begin()?;
    let answers: Vec<_> = SECURITY_PROVIDERS.iter().map(|(provider, kind)| listed(*provider, *kind)).collect();
    if answers.iter().all(Result::is_err) {
        return answers.into_iter().next().unwrap_or_else(|| Ok(Vec::new()));
    }
    Ok(answers.into_iter().filter_map(Result::ok).flatten().collect())
}

fn listed(provider: WSC_SECURITY_PROVIDER, kind: SecurityProductKind) -> windows::core::Result<Vec<SecurityProduct>> {
    // SAFETY: COM has begun on this thread; the class makes what it is asked for.
    let list: IWSCProductList = unsafe { CoCreateInstance(&WSCProductList, None, CLSCTX_INPROC_SERVER)? };
    // SAFETY: the list lives and was not asked for anything before.
    unsafe { list.Initialize(provider)? };
    // SAFETY: the list lives and knows of what it is.
    let count = unsafe { list.Count()? };
    let count = usize::try_from(count).unwrap_or_default().min(MOST_OBJECTS);
    // SAFETY: the list lives; the index is below its count.
    (0_u32..).take(count).map(|index| unsafe { list.get_Item(index) }.map(|product| said_of(&product, kind))).collect()
}

/// What the interface says of one product; what it does not say is not known.
fn said_of(product: &IWscProduct, kind: SecurityProductKind) -> SecurityProduct {
    let known =
        |text: windows::core::Result<BSTR>| text.ok().map(|text| text.to_string()).filter(|text| !text.is_empty());
    // SAFETY: the product lives; each call only hands out a value of ours.
    let (name, instance, path, timestamp) = unsafe {
        (product.ProductName(), product.ProductGuid(), product.RemediationPath(), product.ProductStateTimestamp())
    };
    // SAFETY: likewise.
    let (state, signatures) = unsafe { (product.ProductState(), product.SignatureStatus()) };
    SecurityProduct {
        kind,
        name: known(name).unwrap_or_default(),
        instance: known(instance).unwrap_or_default(),
        product_path: None,
        reporting_path: known(path),
        state: number_of(state.ok().map(|state| state.0), signatures.ok().map(|signatures| signatures.0)),
        timestamp: known(timestamp),
    }
}

// --- filtering platform ---

/// A session with the filtering platform, until it is dropped.
struct Engine(HANDLE);

impl Drop for Engine {
    fn drop(&mut self) {
        // SAFETY: opened by us and not closed before.
        unsafe { FwpmEngineClose0(self.0) };
    }
}

/// The names of the filtering platform's providers.
fn providers() -> Result<Vec<String>, WIN32_ERROR> {
    let mut handle = HANDLE::default();
    // SAFETY: the handle is written to; everything else is left to its default.
    checked(unsafe { FwpmEngineOpen0(PCWSTR::null(), RPC_C_AUTHN_WINNT, None, None, &raw mut handle) })?;
    let engine = Engine(handle);
    let mut list = HANDLE::default();
    // SAFETY: the engine is open; without a template every provider is meant.
    checked(unsafe { FwpmProviderCreateEnumHandle0(engine.0, None, &raw mut list) })?;
    let mut names = Vec::new();
    let ended = loop {
        let mut entries: *mut *mut FWPM_PROVIDER0 = std::ptr::null_mut();
        let mut count = 0;
        // SAFETY: engine and list are open; both numbers are written to.
        let asked = checked(unsafe { FwpmProviderEnum0(engine.0, list, 100, &raw mut entries, &raw mut count) });
        for index in 0..count as usize {
            // SAFETY: so many pointers were written, each to a provider whose texts live as long as the entries.
            let name = unsafe { (**entries.add(index)).displayData.name };
            // SAFETY: as before; the name may be missing.
            names.extend((!name.is_null()).then(|| unsafe { name.to_string() }.unwrap_or_default()));
        }
        if !entries.is_null() {
            // SAFETY: the platform's own memory, handed over above and not used any more.
            unsafe { FwpmFreeMemory0((&raw mut entries).cast::<*mut c_void>()) };
        }
        if asked.is_err() || count == 0 || names.len() >= MOST_OBJECTS {
            break asked;
        }
    };
    // SAFETY: made by us and not destroyed before.
    unsafe { FwpmProviderDestroyEnumHandle0(engine.0, list) };
    ended.map(|()| names)
}

// --- signatures ---

/// What is known of a file's signature.
enum Signed {
    /// A good one, and whose.
    By(Option<String>),
    /// One that does not hold.
    Badly,
    /// None in the file itself.
    Elsewhere,
}

/// The signature in a file.
fn in_the_file(name: &HSTRING, file: &fs::File) -> Signed {
    let mut subject = WINTRUST_FILE_INFO {
        cbStruct: size::<WINTRUST_FILE_INFO>(),
        pcwszFilePath: PCWSTR(name.as_ptr()),
        hFile: HANDLE(file.as_raw_handle()),
        ..Default::default()
    };
    verify(WTD_CHOICE_FILE, WINTRUST_DATA_0 { pFile: &raw mut subject })
}

/// The signature that a catalog of Windows has for a file. The error is none where there are no catalogs.
fn in_a_catalog(name: &HSTRING, file: &fs::File) -> Result<Option<String>, Option<io::Error>> {
    let hash_of = hash_of_file().ok_or(None)?;
    for algorithm in [w!("SHA256"), w!("SHA1")] {
        let catalogs = Catalogs::open(algorithm).map_err(|error| Some(io_error(&error)))?;
        let mut hash = [0_u8; 64];
        let mut length = units(hash.len());
        // SAFETY: catalogs and file are open; the hash is as long as `length` says.
        let hashed =
            unsafe { hash_of(catalogs.0, HANDLE(file.as_raw_handle()), &raw mut length, hash.as_mut_ptr(), 0) };
        // What no hash can be made of is in no catalog.
        let hash = if hashed.as_bool() { hash.get_mut(..length as usize) } else { None };
        let Some(hash) = hash else { continue };
        if let Signed::By(signer) = catalogs.signer(name, file, hash) {
            return Ok(signer);
        }
    }
    Ok(None)
}

/// How `CryptCATAdminCalcHashFromFileHandle2` is called.
type HashOfFile = unsafe extern "system" fn(isize, HANDLE, *mut u32, *mut u8, u32) -> windows::core::BOOL;

/// The function that hashes a file as catalogs do. Wine 8 has none, so it is looked for.
fn hash_of_file() -> Option<HashOfFile> {
    // SAFETY: a library of Windows' own folder, in use already.
    let library = unsafe { LoadLibraryExW(w!("wintrust.dll"), None, LOAD_LIBRARY_SEARCH_SYSTEM32).ok()? };
    // SAFETY: the library stays loaded, since this program is linked with it.
    let function = unsafe { GetProcAddress(library, s!("CryptCATAdminCalcHashFromFileHandle2"))? };
    // SAFETY: what the function of this name takes and returns (mscat.h).
    Some(unsafe { std::mem::transmute::<unsafe extern "system" fn() -> isize, HashOfFile>(function) })
}

/// The catalogs of Windows, until they are dropped.
struct Catalogs(isize);

impl Catalogs {
    fn open(algorithm: PCWSTR) -> windows::core::Result<Self> {
        let mut context = 0;
        // SAFETY: the context is written to; the algorithm is a constant.
        unsafe { CryptCATAdminAcquireContext2(&raw mut context, None, algorithm, None, None)? };
        Ok(Self(context))
    }

    /// The signer of a catalog that holds the hash and whose signature holds.
    fn signer(&self, name: &HSTRING, file: &fs::File, hash: &mut [u8]) -> Signed {
        let mut catalog = 0;
        for _ in 0..MOST_CATALOGS {
            // SAFETY: the catalogs are open; the one before, if any, is let go by this call.
            catalog = unsafe { CryptCATAdminEnumCatalogFromHash(self.0, hash, None, Some(&raw mut catalog)) };
            if catalog == 0 {
                return Signed::Elsewhere;
            }
            if let Signed::By(signer) = self.verify(catalog, name, file, hash) {
                self.release(catalog);
                return Signed::By(signer);
            }
        }
        self.release(catalog);
        Signed::Elsewhere
    }

    fn release(&self, catalog: isize) {
        // SAFETY: both are open, and the catalog is not used any more.
        let _ = unsafe { CryptCATAdminReleaseCatalogContext(self.0, catalog, 0) };
    }

    fn verify(&self, catalog: isize, name: &HSTRING, file: &fs::File, hash: &mut [u8]) -> Signed {
        let mut found = CATALOG_INFO { cbStruct: size::<CATALOG_INFO>(), ..Default::default() };
        // SAFETY: the catalog is open; what is written to says its own size.
        if unsafe { CryptCATCatalogInfoFromContext(catalog, &raw mut found, 0) }.is_err() {
            return Signed::Badly;
        }
        let tag = HSTRING::from(hexadecimal(hash));
        let mut subject = WINTRUST_CATALOG_INFO {
            cbStruct: size::<WINTRUST_CATALOG_INFO>(),
            pcwszCatalogFilePath: PCWSTR(found.wszCatalogFile.as_ptr()),
            pcwszMemberTag: PCWSTR(tag.as_ptr()),
            pcwszMemberFilePath: PCWSTR(name.as_ptr()),
            hMemberFile: HANDLE(file.as_raw_handle()),
            pbCalculatedFileHash: hash.as_mut_ptr(),
            cbCalculatedFileHash: units(hash.len()),
            hCatAdmin: self.0,
            ..Default::default()
        };
        verify(WTD_CHOICE_CATALOG, WINTRUST_DATA_0 { pCatalog: &raw mut subject })
    }
}

impl Drop for Catalogs {
    fn drop(&mut self) {
        // SAFETY: opened by us and not closed before.
        let _ = unsafe { CryptCATAdminReleaseContext(self.0, 0) };
    }
}

/// Asks Windows whether a signature holds. Nothing is shown, and neither revocations nor missing certificates are fetched.
fn verify(choice: WINTRUST_DATA_UNION_CHOICE, subject: WINTRUST_DATA_0) -> Signed {
    let mut data = WINTRUST_DATA {
        cbStruct: size::<WINTRUST_DATA>(),
        dwUIChoice: WTD_UI_NONE,
        fdwRevocationChecks: WTD_REVOKE_NONE,
        dwUnionChoice: choice,
        Anonymous: subject,
        dwStateAction: WTD_STATEACTION_VERIFY,
        dwProvFlags: WTD_CACHE_ONLY_URL_RETRIEVAL,
        ..Default::default()
    };
    let mut action = WINTRUST_ACTION_GENERIC_VERIFY_V2;
    let mut ask = |data: &mut WINTRUST_DATA| {
        // SAFETY: the data says its own size and kind; what it points to outlives this function.
        unsafe { WinVerifyTrust(HWND::default(), &raw mut action, (&raw mut *data).cast()) }
    };
    let answer = ask(&mut data);
    let signed = match answer {
        0 => Signed::By(signer(data.hWVTStateData)),
        code if [TRUST_E_NOSIGNATURE.0, TRUST_E_SUBJECT_FORM_UNKNOWN.0, TRUST_E_PROVIDER_UNKNOWN.0].contains(&code) => {
            Signed::Elsewhere
        }
        _ => Signed::Badly,
    };
    data.dwStateAction = WTD_STATEACTION_CLOSE;
    ask(&mut data);
    signed
}

/// The name in the certificate of whoever signed what was just found good.
fn signer(state: HANDLE) -> Option<String> {
    // SAFETY: the state is that of an answer that was not closed; each call says by null that there is nothing, and what
    // it points to lives as long as the state.
    let certificate = unsafe {
        let data = WTHelperProvDataFromStateData(state);
        let signer = (!data.is_null()).then(|| WTHelperGetProvSignerFromChain(data, 0, false, 0))?;
        let certificate = (!signer.is_null()).then(|| WTHelperGetProvCertFromChain(signer, 0))?;
        (!certificate.is_null()).then(|| (*certificate).pCert)?
    };
    let mut name = [0; LONGEST_KEY_NAME];
    // SAFETY: the certificate lives as long as the state; the name knows its length.
    unsafe { CertGetNameStringW(certificate, CERT_NAME_SIMPLE_DISPLAY_TYPE, 0, None, Some(&mut name)) };
    Some(nul_terminated(&name)).filter(|name| !name.is_empty())
}

// --- texts and errors ---

/// What a function writes into a buffer whose length it is given and which it sets to how much it wrote.
fn filled(
    most: usize,
    ask: impl FnOnce(PWSTR, *mut u32) -> windows::core::Result<()>,
) -> windows::core::Result<String> {
    let mut buffer = vec![0; most];
    let mut length = units(most);
    ask(PWSTR(buffer.as_mut_ptr()), &raw mut length)?;
    Ok(String::from_utf16_lossy(buffer.get(..length as usize).unwrap_or_default()))
}

/// The text before the first NUL.
fn nul_terminated(units: &[u16]) -> String {
    let length = units.iter().position(|unit| *unit == 0).unwrap_or(units.len());
    String::from_utf16_lossy(&units[..length])
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default().to_ascii_uppercase();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

/// The size of a structure, as Windows wants to be told.
fn size<T>() -> u32 {
    units(size_of::<T>())
}

/// A length, as Windows wants to be told; of more than it can be told, the most.
fn units(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn as_bytes(words: &mut [u64]) -> &mut [u8] {
    // SAFETY: any bytes are words and the other way round; the length is that of the same memory.
    unsafe { std::slice::from_raw_parts_mut(words.as_mut_ptr().cast(), size_of_val(words)) }
}

fn checked(code: u32) -> Result<(), WIN32_ERROR> {
    if code == ERROR_SUCCESS.0 { Ok(()) } else { Err(WIN32_ERROR(code)) }
}

fn win32(code: WIN32_ERROR) -> io::Error {
    // A key that was deleted while it was open is not there either.
    if code == ERROR_KEY_DELETED {
        io::ErrorKind::NotFound.into()
    } else {
        io::Error::from_raw_os_error(code.0.cast_signed())
    }
}

/// An error of COM; one that wraps an error of Windows as that error, so that a denial is known for one.
fn io_error(error: &windows::core::Error) -> io::Error {
    let code = error.code().0.cast_unsigned();
    if code >> 16 == 0x8007 { win32(WIN32_ERROR(code & 0xffff)) } else { io::Error::other(error.clone()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Host as _, LiveHost};

    #[test]
    fn the_registry_tells_what_is_not_there_from_what_is_not_loaded() {
        let host = LiveHost::new();
        let registry = host.registry().expect("Windows has one");
        let names = registry.subkeys(r"HKLM\SOFTWARE\Microsoft").expect("there");
        assert!(names.iter().any(|name| name.eq_ignore_ascii_case("Windows NT")), "{names:?}");
        let root = registry.value(r"hklm\SOFTWARE\Microsoft\Windows NT\CurrentVersion", "systemroot").expect("there");
        assert!(root.and_then(|root| root.text().map(|root| root.contains(":\\"))).unwrap_or_default());
        assert!(matches!(registry.subkeys(r"HKLM\SOFTWARE\None"), Err(HostError::NotFound { .. })));
        assert!(matches!(registry.values(r"HKU\S-1-5-21-1-1-1-9\Software"), Err(HostError::NotAtHand { .. })));
        assert!(matches!(registry.values(r"HKCR\.txt"), Err(HostError::NotAtHand { .. })));
        assert!(matches!(registry.values("HKLM\\SOFTWARE\\a\0b"), Err(HostError::NotAtHand { .. })));
    }

    #[test]
    fn processes_have_names_and_executables() {
        let host = LiveHost::new();
        let processes = host.processes().expect("named");
        let own = processes.iter().find(|process| process.pid == std::process::id()).expect("this one runs");
        let ExecutableLink::Target(path) = &own.executable else { panic!("{own:?}") };
        assert!(host.look(path).is_ok_and(|found| found.kind.is_file()), "{path}");
        assert!(path.to_lowercase().ends_with(&String::from_utf8_lossy(&own.comm).to_lowercase()), "{own:?}");
    }

    #[test]
    fn who_and_where_are_known() {
        let host = LiveHost::new();
        assert!(host.live_hostname().is_some());
        assert!(host.describe_user().ends_with("elevated)"), "{}", host.describe_user());
        let windows = r"C:\Windows";
        assert!(host.canonical(windows).expect("there").eq_ignore_ascii_case(windows));
        assert!(matches!(host.look(r"\\server\share\x.exe"), Err(HostError::NotAtHand { .. })));
        assert!(matches!(host.read("/etc/machine-id", 100), Err(HostError::NotFound { .. })));
    }

    #[test]
    fn services_are_listed_by_the_names_of_their_keys() {
        let host = LiveHost::new();
        let windows = host.running_windows().expect("it runs");
        let services = windows.running_services().expect("listed");
        let registry = host.registry().expect("Windows has one");
        let has_key =
            |name: &String| registry.values(&format!(r"HKLM\SYSTEM\CurrentControlSet\Services\{name}")).is_ok();
        assert!(services.iter().any(has_key), "{services:?}");
    }

    #[test]
    fn whoever_is_logged_on_is_a_user_whose_part_can_be_read() {
        let host = LiveHost::new();
        let registry = host.registry().expect("Windows has one");
        let users = registry.users().expect("listed");
        let of_user = |user: &RegistryUser| registry.subkeys(&format!(r"HKU\{}\Software", user.id)).is_ok();
        assert!(users.iter().any(|user| of_user(user) && user.profile.is_some()), "{users:?}");
        assert!(users.iter().all(|user| user.profile.as_deref().is_none_or(|path| !path.contains('%'))), "{users:?}");
    }

    #[test]
    fn management_answers_and_a_namespace_that_is_missing_is_not_at_hand() {
        let ask = |namespace: &'static str, class: &'static str| {
            in_time("a test", move || objects(namespace, class).map_err(|error| management_error(&error, "a test")))
        };
        let system = ask(r"root\CIMV2", "Win32_OperatingSystem").expect("every Windows has one");
        assert!(system.iter().any(|object| object.text("Caption").is_some()), "{system:?}");
        assert!(matches!(ask(r"root\None", "AntiVirusProduct"), Err(HostError::NotAtHand { .. })));
    }

    #[test]
    fn what_this_windows_lacks_is_said_and_never_an_error() {
        let host = LiveHost::new();
        let windows = host.running_windows().expect("it runs");
        let lacks = |error: Option<HostError>| error.is_none_or(|error| matches!(error, HostError::NotAtHand { .. }));
        assert!(lacks(windows.security_products().err()));
        assert!(lacks(windows.firewall_providers().err()));
        let own = std::env::current_exe().expect("known");
        let own = own.to_string_lossy();
        match windows.verified_signer(own.trim_start_matches(r"\\?\")) {
            Ok(None) | Err(HostError::NotAtHand { .. }) => {}
            other => panic!("a test is signed by nobody: {other:?}"),
        }
        assert!(matches!(windows.verified_signer(r"C:\none.exe"), Err(HostError::NotFound { .. })));
    }
}
