//! Programs as Windows lists them: the uninstall keys of the machine and of every user, and the products of Windows
//! Installer that hide from them.
//!
//! Whether a registered program is still there is looked for where its key says it is: the folder it was installed to,
//! the file of its icon, the program that removes it. What only says how to call Windows Installer names no file. Copies
//! that installers keep for themselves are no trace of the program. Keys without a name are kept under their key's name
//! when they have a publisher, version or uninstall command; keys without any of it belong to components of Windows.
//! Programs that no key names are not found here.

use std::collections::{BTreeMap, VecDeque};

use interdict_formats::product_code;
use interdict_formats::windows_command::{icon_file, is_host, is_installer, programs};
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::collector::{Collected, Collector, Gathering, Needs, Request};
use crate::host::{EntryKind, Host};
use crate::registry::{Registry, RegistryUser, Values};
use crate::windows::environment::{Environment, is_on_a_drive};
use crate::windows::existence::{Existence, Files};
use crate::windows::{WINDOWS_FILES, subkeys, user_key, users, values, without_registry};

/// Where the uninstall keys lie, of the machine and of a user: those of programs for this system, and those of 32-bit ones.
const KEYS: &[&str] = &[
    r"Software\Microsoft\Windows\CurrentVersion\Uninstall",
    r"Software\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall",
];
/// Where Windows Installer keeps what it installed, by the user it was installed for.
const INSTALLER: &str = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Installer\UserData";
/// Whom Windows Installer names for what is installed for all: the local system.
const FOR_ALL: &str = "S-1-5-18";
/// How deep a program's folder is searched for an executable, and how many entries are looked at.
const DEEPEST: usize = 3;
const MOST_ENTRIES_WALKED: usize = 500;

/// Reads the uninstall keys and Windows Installer's products.
pub(crate) struct Uninstall;

impl Collector for Uninstall {
    fn name(&self) -> &'static str {
        "windows/uninstall"
    }

    fn looks_at(&self) -> &'static str {
        "installed programs"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Programs]
    }

    fn needs(&self) -> Needs {
        WINDOWS_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let Some(registry) = host.registry() else { return without_registry() };
        let mut gathering = Gathering::default();
        let environment = Environment::of(Some(registry));
        let mut found = Programs::default();
        for key in KEYS {
            let key = format!(r"HKLM\{}", key.replacen("Software", "SOFTWARE", 1));
            found.read(registry, &key, &Scope::Machine, &mut gathering);
        }
        let users = users(registry, &mut gathering);
        for user in &users {
            for key in KEYS {
                found.read(registry, &user_key(user, key), &Scope::User(user.name.clone()), &mut gathering);
            }
        }
        found.read_installer(registry, &users, &mut gathering);
        let mut files = Files::of(host);
        for program in found.programs {
            let environment = match profile_of(&program.observation, &users) {
                Some(folder) => environment.of_profile(folder),
                None => environment.clone(),
            };
            let mut observation = program.observation;
            note_files(&environment, &program.names, &mut files, &mut observation);
            observation.install_location = observation.install_location.map(|folder| environment.expand(&folder));
            gathering.observations.push(observation);
        }
        files.account("registered programs", &mut gathering);
        gathering.finish()
    }
}

/// The profile of the user for whom it is installed.
fn profile_of<'u>(observation: &Observation, users: &'u [RegistryUser]) -> Option<&'u str> {
    let Some(Scope::User(name)) = &observation.scope else { return None };
    users.iter().find(|user| user.name == *name)?.profile.as_deref()
}

/// A registered program and what its key names.
struct Registered {
    observation: Observation,
    names: Named,
}

/// What a registration names that may be looked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Named {
    folder: Option<String>,
    icon: Option<String>,
    commands: Vec<String>,
}

/// The registered programs, in the order read.
#[derive(Default)]
struct Programs {
    programs: Vec<Registered>,
    /// Which is whose: scope and identifier in small letters.
    known: BTreeMap<(String, String), usize>,
}

impl Programs {
    fn read(&mut self, registry: &dyn Registry, key: &str, scope: &Scope, gathering: &mut Gathering) {
        for name in subkeys(registry, key, gathering) {
            let path = format!(r"{key}\{name}");
            let Some(values) = values(registry, &path, gathering) else { continue };
            if let Some(registered) = registered(&name, path, scope, &values) {
                self.push(registered);
            }
        }
    }

    fn push(&mut self, registered: Registered) {
        let identifier = registered.observation.identifier.as_deref().unwrap_or_default().to_lowercase();
        let scope = registered.observation.scope.as_ref().map(ToString::to_string).unwrap_or_default();
        self.known.entry((scope, identifier)).or_insert(self.programs.len());
        self.programs.push(registered);
    }

    /// The products of Windows Installer; one whose uninstall key is known only completes it.
    fn read_installer(&mut self, registry: &dyn Registry, users: &[RegistryUser], gathering: &mut Gathering) {
        for user in subkeys(registry, INSTALLER, gathering) {
            let scope = if user == FOR_ALL {
                Scope::Machine
            } else {
                let known = users.iter().find(|known| known.id.eq_ignore_ascii_case(&user));
                Scope::User(known.map_or(user.as_str(), |known| known.name.as_str()).to_owned())
            };
            let products = format!(r"{INSTALLER}\{user}\Products");
            for packed in subkeys(registry, &products, gathering) {
                let path = format!(r"{products}\{packed}\InstallProperties");
                let Some(values) = values(registry, &path, gathering) else { continue };
                let code = product_code::unpacked(&packed).unwrap_or(packed);
                let Some(product) = registered(&code, path, &scope, &values) else { continue };
                match self.known.get(&(scope.to_string(), code.to_lowercase())) {
                    Some(at) => self.programs[*at].complete(product),
                    None => self.push(product),
                }
            }
        }
    }
}

impl Registered {
    /// With what another registration of the same product says.
    fn complete(&mut self, other: Self) {
        let (own, other_observation) = (&mut self.observation, other.observation);
        let has_own_name = own.name.is_some() && own.name != own.identifier;
        if !has_own_name {
            own.name = other_observation.name;
        }
        own.version = own.version.take().or(other_observation.version);
        own.publisher = own.publisher.take().or(other_observation.publisher);
        own.install_location = own.install_location.take().or(other_observation.install_location);
        own.install_date = own.install_date.take().or(other_observation.install_date);
        self.names.folder = self.names.folder.take().or(other.names.folder);
        self.names.icon = self.names.icon.take().or(other.names.icon);
    }
}

/// What a key registers; nothing for one that registers no program.
fn registered(key: &str, path: String, scope: &Scope, values: &Values) -> Option<Registered> {
    let display_name = values.text("DisplayName");
    let publisher = values.text("Publisher");
    let version = values.text("DisplayVersion").or_else(|| packed_version(values));
    let commands: Vec<String> =
        ["UninstallString", "QuietUninstallString", "ModifyPath"].iter().filter_map(|name| values.text(name)).collect();
    if display_name.is_none() && publisher.is_none() && version.is_none() && commands.is_empty() {
        return None;
    }
    let folder = values.text("InstallLocation").map(|folder| folder.trim_matches('"').to_owned());
    let mut observation = Observation::new(ObservationSource::Programs);
    observation.name = Some(display_name.unwrap_or_else(|| key.to_owned()));
    observation.version = version;
    observation.publisher = publisher;
    observation.install_location = folder.clone().filter(|folder| !folder.is_empty());
    observation.install_date = values.text("InstallDate");
    observation.identifier = Some(key.to_owned());
    observation.path = Some(path);
    observation.scope = Some(scope.clone());
    let icon = values.text("DisplayIcon").and_then(|icon| icon_file(&icon).map(str::to_owned));
    Some(Registered { observation, names: Named { folder, icon, commands } })
}

/// The version as Windows Installer packs it: a byte each for major and minor, two for the build.
fn packed_version(values: &Values) -> Option<String> {
    let version = values.number("Version").filter(|version| *version > 0 && u32::try_from(*version).is_ok())?;
    Some(format!("{}.{}.{}", version >> 24, (version >> 16) & 0xff, version & 0xffff))
}

/// Looks for what a registration names, and notes how much of it is there and an executable of it.
fn note_files(environment: &Environment, names: &Named, files: &mut Files<'_>, observation: &mut Observation) {
    let mut tally = Tally::default();
    let folder = names.folder.as_deref().map(|folder| environment.expand(folder).replace('/', "\\"));
    let folder = folder.filter(|folder| is_own_folder(folder, environment));
    let icon = names.icon.as_deref().map(|icon| environment.file(icon)).filter(|icon| is_own_file(icon, environment));
    let icon_is_there = icon.as_deref().map(|icon| tally.add(files.look(icon)));
    let mut remover = None;
    let mut removers = Vec::new();
    for command in &names.commands {
        let candidates: Vec<String> = programs(command)
            .iter()
            .map(|program| environment.file(program))
            .filter(|program| is_on_a_drive(program) && is_own_file(program, environment))
            .collect();
        let starts_a_host = programs(command).first().is_none_or(|program| is_host(program));
        if candidates.is_empty() || starts_a_host || removers.contains(&candidates) {
            continue;
        }
        let (existence, path) = files.first_of(&candidates);
        if tally.add(existence) {
            remover = remover.or(path);
        }
        removers.push(candidates);
    }
    let folder_is_there = folder.as_deref().is_some_and(|folder| tally.add(files.look(folder)));
    // The program itself, before one that only removes it.
    let shown = icon.filter(|icon| icon_is_there == Some(true) && is_program(icon) && !is_installer(icon));
    let searched = folder.filter(|_| folder_is_there).or_else(|| parent(remover.as_deref()?, environment));
    let below = match (&shown, searched) {
        (None, Some(folder)) => program_below(files, &folder),
        (Some(_), _) | (None, None) => Below::Nothing,
    };
    if below == Below::Unknown {
        return;
    }
    let program = shown.or(below.program());
    // Where the folder was searched and nothing else is in it, what removes the program is all that is left of it.
    let executable = program.or_else(|| remover.filter(|_| !folder_is_there));
    tally.note(observation, executable);
}

/// How many of the places that a registration names exist.
#[derive(Default)]
struct Tally {
    listed: usize,
    present: usize,
    unknown: usize,
}

impl Tally {
    fn add(&mut self, existence: Existence) -> bool {
        match existence {
            Existence::There(_) => {
                self.listed += 1;
                self.present += 1;
            }
            Existence::Gone => self.listed += 1,
            Existence::Unknown => self.unknown += 1,
        }
        matches!(existence, Existence::There(_))
    }

    fn note(&self, observation: &mut Observation, executable: Option<String>) {
        let raw = &mut observation.raw;
        // What could not be looked for is not gone: without numbers the files count as not looked at.
        if self.listed > 0 && (self.unknown == 0 || self.present > 0) {
            raw.insert(raw_key::FILES_LISTED.to_owned(), self.listed.to_string());
            raw.insert(raw_key::FILES_PRESENT.to_owned(), self.present.to_string());
        }
        if let Some(executable) = executable {
            raw.insert(raw_key::EXECUTABLE.to_owned(), executable);
        }
    }
}

fn is_program(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("exe"))
}

/// Whether a folder can be one program's own: not a drive, nor a folder that all programs share.
fn is_own_folder(folder: &str, environment: &Environment) -> bool {
    let small = folder.trim_end_matches('\\').to_lowercase();
    let shared = [
        "systemdrive",
        "systemroot",
        "programfiles",
        "programfiles(x86)",
        "commonprogramfiles",
        "programdata",
        "public",
    ];
    is_on_a_drive(folder)
        && small.len() > 2
        && !shared.iter().any(|name| environment.get(name).eq_ignore_ascii_case(&small))
        && !small.ends_with(r"\system32")
        && !small.ends_with(r"\syswow64")
}

/// Whether a file is a program's own, and not a copy that an installer keeps to change or remove it later.
fn is_own_file(path: &str, environment: &Environment) -> bool {
    let small = path.to_lowercase();
    let caches = [
        format!(r"{}\installer\", environment.get("systemroot")),
        format!(r"{}\package cache\", environment.get("programdata")),
        format!(r"{}\installshield installation information\", environment.get("programfiles")),
        format!(r"{}\installshield installation information\", environment.get("programfiles(x86)")),
    ];
    !is_host(path) && !caches.iter().any(|cache| small.starts_with(&cache.to_lowercase()))
}

/// The folder of a file, if it can be one program's own.
fn parent(path: &str, environment: &Environment) -> Option<String> {
    let (folder, _) = path.rsplit_once('\\')?;
    is_own_folder(folder, environment).then(|| folder.to_owned())
}

/// What the search of a folder for a program comes to.
#[derive(Debug, PartialEq, Eq)]
enum Below {
    /// This one.
    Program(String),
    /// There is none.
    Nothing,
    /// The folder could not be listed, or has too much in it.
    Unknown,
}

impl Below {
    fn program(self) -> Option<String> {
        match self {
            Self::Program(path) => Some(path),
            Self::Nothing | Self::Unknown => None,
        }
    }
}

/// A program in a folder that does not set it up or remove it, one near the top first.
fn program_below(files: &mut Files<'_>, folder: &str) -> Below {
    let mut left = MOST_ENTRIES_WALKED;
    let mut all = true;
    let mut ahead = VecDeque::from([(folder.trim_end_matches('\\').to_owned(), 1)]);
    while let Some((folder, depth)) = ahead.pop_front() {
        let Some(entries) = files.list(&folder) else {
            all = false;
            continue;
        };
        for entry in entries {
            if left == 0 {
                return Below::Unknown;
            }
            left -= 1;
            let path = format!(r"{folder}\{}", entry.name);
            match entry.kind {
                EntryKind::Folder if depth < DEEPEST => ahead.push_back((path, depth + 1)),
                EntryKind::File if is_program(&path) && !is_installer(&entry.name) => return Below::Program(path),
                // What a link leads to is not searched, unless it leads to nothing.
                EntryKind::Link => all &= files.look(&path) == Existence::Gone,
                EntryKind::Folder | EntryKind::File | EntryKind::Special => {}
            }
        }
    }
    if all { Below::Nothing } else { Below::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{rows, windows_fixture};
    use crate::{FixtureHost, MapRegistry};
    use interdict_model::{CollectorStatus, Probes};

    fn collect(host: &FixtureHost) -> Collected {
        Uninstall.collect(host, &Request::of(&Probes::default()))
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
            let raw = |key| one.raw(key).unwrap_or("-");
            format!(
                "{} | {} {} {} | {} | {} of {} {}",
                one.scope.as_ref().map(ToString::to_string).unwrap_or_default(),
                text(&one.name),
                text(&one.version),
                text(&one.publisher),
                text(&one.identifier),
                raw(raw_key::FILES_PRESENT),
                raw(raw_key::FILES_LISTED),
                raw(raw_key::EXECUTABLE),
            )
        })
    }

    #[test]
    fn keys_of_the_machine_of_users_and_of_the_installer_are_read_together() {
        let collected = collect(&windows_fixture("windows/uninstall", "every-kind-of-key"));
        assert_eq!(
            found(&collected),
            [
                r"machine | NoName - Vendor | NoName | - of - -",
                r"machine | Agent of a vendor 1.2.3 Vendor Ltd | {11111111-2222-3333-4444-555555555555} | 1 of 1 C:\Program Files\Vendor\Agent\bin\agent.exe",
                r"machine | Старая программа - - | Old | 0 of 2 -",
                r"user:ada | Messenger - - | Messenger | 2 of 2 C:\Users\ada\AppData\Local\Messenger\messenger.exe",
                r"user:bob | Messenger - - | Messenger | - of - -",
                r"machine | Hidden component 11.2.772 - | {12345678-9ABC-DEF0-1234-56789ABCDEF0} | - of - -",
                r"user:bob | Hidden component - - | {12345678-9ABC-DEF0-1234-56789ABCDEF0} | - of - -",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete);
        let agent = &collected.observations[1];
        assert_eq!(agent.install_location.as_deref(), Some(r"C:\Program Files\Vendor\Agent\"));
        assert_eq!(agent.install_date.as_deref(), Some("20240601"));
        assert_eq!(
            agent.path.as_deref(),
            Some(r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\{11111111-2222-3333-4444-555555555555}")
        );
    }

    const KEY: &str = "REGEDIT4\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Agent]\n\
        \"DisplayName\"=\"Agent\"\n";

    fn with(values: &str, files: &str) -> String {
        found(&collect(&FixtureHost::windows_from(&format!("{KEY}{values}"), files)))
            .first()
            .and_then(|row| row.rsplit_once(" | ").map(|(_, files)| files.to_owned()))
            .unwrap_or_default()
    }

    #[test]
    fn what_a_key_names_is_looked_for_and_nothing_else_counts() {
        let location = "\"InstallLocation\"=\"C:\\\\Program Files\\\\Agent\"\n";
        let remover = "\"UninstallString\"=\"\\\"C:\\\\Program Files\\\\Agent\\\\uninstall.exe\\\"\"\n";
        let program = "C:\\Program Files\\Agent\\a.exe";
        let uninstaller = "C:\\Program Files\\Agent\\uninstall.exe";
        let both = format!("{program}\n{uninstaller}");
        let left = format!("{location}{remover}");
        let shared = "\"InstallLocation\"=\"C:\\\\Program Files\\\\\"\n";
        let library = "\"UninstallString\"=\"rundll32.exe C:\\\\Windows\\\\x.dll,Remove\"\n";
        let copies = "\"DisplayIcon\"=\"C:\\\\Windows\\\\Installer\\\\{1}\\\\a.exe\"\n\
            \"UninstallString\"=\"\\\"C:\\\\ProgramData\\\\Package Cache\\\\{1}\\\\a.exe\\\" /uninstall\"\n";
        let elsewhere = "\"InstallLocation\"=\"\\\\\\\\server\\\\share\"\n";
        for (what, values, files, expected) in [
            ("folder and program", location, program, r"1 of 1 C:\Program Files\Agent\a.exe"),
            ("an empty folder", location, r"C:\Program Files\Agent\", "1 of 1 -"),
            ("nothing left", &left, "", "0 of 2 -"),
            ("only the remover, in a folder that was searched", &left, uninstaller, "2 of 2 -"),
            ("only the remover is named", remover, uninstaller, r"1 of 1 C:\Program Files\Agent\uninstall.exe"),
            ("the remover stands beside the program", remover, &both, r"1 of 1 C:\Program Files\Agent\a.exe"),
            ("a folder of all programs says nothing", shared, r"C:\Program Files\b.exe", "- of - -"),
            ("a library that removes says nothing", library, "", "- of - -"),
            ("an installer's copy says nothing", copies, r"C:\Windows\Installer\{1}\a.exe", "- of - -"),
            ("what lies on another computer is not asked for", elsewhere, "", "- of - -"),
        ] {
            assert_eq!(with(values, files), expected, "{what}");
        }
    }

    #[test]
    fn what_cannot_be_looked_at_is_named_and_is_not_gone() {
        let key = format!("{KEY}\"InstallLocation\"=\"C:\\\\Hidden\\\\Agent\"\n");
        let hidden = FixtureHost::windows_from(&key, r"C:\Hidden\Agent\a.exe").unreadable(r"C:\Hidden");
        let collected = collect(&hidden);
        assert_eq!(found(&collected), ["machine | Agent - - | Agent | - of - -"]);
        assert_eq!(collected.status, CollectorStatus::Partial);
        let unlisted = FixtureHost::windows_from(&key, r"C:\Hidden\Agent\a.exe").unreadable(r"C:\Hidden\Agent");
        assert_eq!(found(&collect(&unlisted)), ["machine | Agent - - | Agent | - of - -"]);

        let registry = MapRegistry::from_text(KEY)
            .user("S-1-5-21-1", "ada", None)
            .missing(r"HKU\S-1-5-21-1")
            .user("S-1-5-21-2", "bob", None)
            .denied(r"HKU\S-1-5-21-2");
        let reason = collect(&FixtureHost::windows(registry)).reason;
        assert_eq!(
            reason.as_deref(),
            Some(
                r"the registry of the user ada could not be read: its hive is missing; the registry of the user bob could not be read: HKU\S-1-5-21-2 may not be read as a test"
            )
        );
        let without = collect(&FixtureHost::windows(MapRegistry::default().missing("HKLM\\SOFTWARE")));
        assert_eq!(without.status, CollectorStatus::NotPossible);
    }
}
