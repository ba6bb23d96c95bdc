//! launchd jobs: what each runs, whether that exists, and whether the system starts it.
//!
//! A job is started by the system when its file has something that starts it (see the reader) and it is not switched
//! off. What is switched off stands in files of overrides, which count more than the job's own word: one for the system,
//! one for each user by number. An agent of the whole machine is off when it is off for every user that has such a file;
//! one in a user's home when it is off for that user, where the account's number is known, else likewise. Jobs within
//! applications (`Contents/Library`) run only once the application has registered them, which stands in a database that
//! is not read (`BackgroundItems`), so they do not count as started. A shell or `open` that starts something else stands
//! for what it starts. Tools in `/Library/PrivilegedHelperTools` that no job names are kept as jobs that nothing starts:
//! they are installed under their label. So are start scripts for systems before macOS 10.10, which later ones leave
//! alone.

use std::collections::{BTreeMap, BTreeSet};

use interdict_formats::apple::launchd::{LaunchdJob, parse_job, parse_overrides};
use interdict_formats::apple::system::parse_user_number;
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::any::expected::leads_to_file;
use crate::any::homes::{Home, homes};
use crate::any::{MOST_ENTRIES, SMALL_FILE};
use crate::collector::{Collected, Collector, Gathering, Needs, Request};
use crate::host::{EntryKind, Host, HostError};
use crate::macos::applications::applications;
use crate::macos::{MACOS_FILES, begin, has_ending, note, signature, var};

/// The folders of the machine's jobs.
const FOLDERS: &[(&str, Domain)] = &[
    ("/Library/LaunchDaemons", Domain::System),
    ("/Library/LaunchAgents", Domain::EveryUser),
    ("/System/Library/LaunchDaemons", Domain::System),
    ("/System/Library/LaunchAgents", Domain::EveryUser),
    ("/Library/Apple/System/Library/LaunchDaemons", Domain::System),
    ("/Library/Apple/System/Library/LaunchAgents", Domain::EveryUser),
];
/// The folder of a user's jobs.
const OF_USER: &str = "Library/LaunchAgents";
/// The folders of jobs within an application.
const WITHIN: &[&str] = &["Contents/Library/LaunchDaemons", "Contents/Library/LaunchAgents"];
/// Where the overrides lie, below `/var`.
const OVERRIDES: &str = "db/com.apple.xpc.launchd";
/// Where the accounts lie, below `/var`.
const ACCOUNTS: &str = "db/dslocal/nodes/Default/users";
/// The first number of accounts of people; those below are of daemons.
const FIRST_USER: u32 = 500;
/// Where a program named without a folder is looked for.
const PROGRAM_FOLDERS: &[&str] = &["/usr/bin", "/bin", "/usr/sbin", "/sbin"];
/// Where the system's own programs lie that may start others.
const STARTERS: &[&str] = &["/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/"];
/// Folders of start scripts, one for each product: macOS before 10.10 ran them.
const START_ITEMS: &str = "/Library/StartupItems";
/// Tools that run with the rights of the system.
const HELPERS: &str = "/Library/PrivilegedHelperTools";

/// Reads launchd jobs.
pub(crate) struct Launchd;

impl Collector for Launchd {
    fn name(&self) -> &'static str {
        "macos/launchd"
    }

    fn looks_at(&self) -> &'static str {
        "launch daemons and agents"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Launchd]
    }

    fn needs(&self) -> Needs {
        MACOS_FILES
    }

    fn collect(&self, host: &dyn Host, request: &Request<'_>) -> Collected {
        let mut gathering = begin(host);
        let overrides = Overrides::read(host, &mut gathering);
        for (folder, domain) in FOLDERS {
            jobs_in(host, folder, &Place { domain: *domain, home: None, bundle: None }, &overrides, &mut gathering);
        }
        for home in homes(host, &mut gathering) {
            let folder = home.below(OF_USER);
            let place = Place { domain: Domain::OneUser, home: Some(&home), bundle: None };
            jobs_in(host, &folder, &place, &overrides, &mut gathering);
        }
        // What cannot be searched for applications is said by the collector of applications.
        let found = applications(host, request.cancelled, &mut Gathering::default());
        for (application, scope, _) in found.iter().filter(|(_, _, is_trash)| !is_trash) {
            for folder in WITHIN {
                let place = Place { domain: Domain::Unregistered, home: None, bundle: Some((application, scope)) };
                jobs_in(host, &format!("{application}/{folder}"), &place, &overrides, &mut gathering);
            }
        }
        unaccounted_helpers(host, &mut gathering);
        start_items(host, &mut gathering);
        gathering.finish()
    }
}

/// For whom launchd loads the jobs of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Domain {
    /// For the system.
    System,
    /// For every user who logs in.
    EveryUser,
    /// For the user whose home it is.
    OneUser,
    /// For nobody, until the application registers them.
    Unregistered,
}

/// Where a job lies.
struct Place<'a> {
    domain: Domain,
    home: Option<&'a Home>,
    bundle: Option<(&'a String, &'a Scope)>,
}

/// What is switched off, and for whom.
#[derive(Default)]
struct Overrides {
    system: BTreeMap<String, bool>,
    users: BTreeMap<u32, BTreeMap<String, bool>>,
    /// The number of each account that is known.
    numbers: BTreeMap<String, u32>,
}

impl Overrides {
    fn read(host: &dyn Host, gathering: &mut Gathering) -> Self {
        let mut overrides = Self::default();
        let folder = var(host, OVERRIDES);
        for entry in gathering.ok(host.list(&folder, MOST_ENTRIES)).unwrap_or_default() {
            let Some(whose) = entry.name.strip_prefix("disabled.").and_then(|name| name.strip_suffix("plist")) else {
                continue;
            };
            let path = format!("{folder}/{}", entry.name);
            let Some(bytes) = gathering.ok(host.read(&path, SMALL_FILE)) else { continue };
            let (entries, diagnostics) = parse_overrides(&bytes, &path);
            note(gathering, diagnostics);
            match whose.strip_suffix('.').map(str::parse) {
                None => overrides.system = entries,
                Some(Ok(number)) if number >= FIRST_USER => {
                    overrides.users.insert(number, entries);
                }
                // Of accounts of daemons, and of users whose number cannot be read from the name.
                Some(_) => {}
            }
        }
        overrides.numbers = numbers(host, gathering);
        overrides
    }

    /// Whether a job is switched off.
    fn switch_off(&self, label: &str, job: &LaunchdJob, place: &Place<'_>) -> bool {
        let own = || job.disabled;
        let of = |entries: &BTreeMap<String, bool>| entries.get(label).copied();
        let everybodys = || {
            let mut words = self.users.values().map(|entries| of(entries).unwrap_or(job.disabled));
            if self.users.is_empty() { job.disabled } else { words.all(|off| off) }
        };
        match place.domain {
            Domain::System => of(&self.system).unwrap_or_else(own),
            Domain::EveryUser => everybodys(),
            Domain::OneUser => {
                let number = place.home.and_then(|home| self.numbers.get(&home.name));
                match number.and_then(|number| self.users.get(number)) {
                    Some(entries) => of(entries).unwrap_or_else(own),
                    None if number.is_some() => own(),
                    None => everybodys(),
                }
            }
            Domain::Unregistered => true,
        }
    }
}

/// The numbers of accounts. Only root may read them, and without them the rule is only less exact; that anything else
/// stands in the way is said.
fn numbers(host: &dyn Host, gathering: &mut Gathering) -> BTreeMap<String, u32> {
    let folder = var(host, ACCOUNTS);
    let mut known = |error: &HostError| {
        if !matches!(error, HostError::Denied { .. }) {
            gathering.failed(error);
        }
    };
    let entries = host.list(&folder, MOST_ENTRIES).inspect_err(&mut known).unwrap_or_default();
    let mut number = |name: &str| {
        let bytes = host.read(&format!("{folder}/{name}.plist"), SMALL_FILE).inspect_err(&mut known).ok()?;
        parse_user_number(&bytes)
    };
    let names = entries.iter().filter_map(|entry| entry.name.strip_suffix(".plist"));
    let people = names.filter(|name| !name.starts_with('_'));
    people.filter_map(|name| Some((name.to_owned(), number(name)?))).collect()
}

fn jobs_in(host: &dyn Host, folder: &str, place: &Place<'_>, overrides: &Overrides, gathering: &mut Gathering) {
    let Some(entries) = gathering.ok(host.list(folder, MOST_ENTRIES)) else { return };
    gathering.has_read();
    for entry in entries.iter().filter(|entry| entry.kind != EntryKind::Folder && has_ending(&entry.name, ".plist")) {
        let path = format!("{folder}/{}", entry.name);
        // A link that leads nowhere is a job that is not there.
        let Some(bytes) = gathering.ok(host.read(&path, SMALL_FILE)) else { continue };
        let (job, diagnostics) = parse_job(&bytes, &path);
        note(gathering, diagnostics);
        let observation = observation(host, &job, &path, place, overrides, gathering);
        gathering.observations.push(observation);
    }
}

fn observation(
    host: &dyn Host,
    job: &LaunchdJob,
    path: &str,
    place: &Place<'_>,
    overrides: &Overrides,
    gathering: &mut Gathering,
) -> Observation {
    let stem = path.rsplit('/').next().unwrap_or(path);
    let stem = stem.strip_suffix(".plist").unwrap_or(stem);
    let label = job.label.as_deref().unwrap_or(stem);
    let mut observation = Observation::new(ObservationSource::Launchd);
    observation.name = Some(label.to_owned());
    observation.identifier = Some(path.to_owned());
    observation.scope = Some(match (place.home, place.bundle) {
        (Some(home), _) => home.scope(),
        (None, Some((_, scope))) => scope.clone(),
        (None, None) => Scope::Machine,
    });
    let started_by = job.started_by.filter(|_| !overrides.switch_off(label, job, place));
    observation.raw.insert(raw_key::AUTO_START.to_owned(), started_by.is_some().to_string());
    if let Some(key) = started_by {
        observation.raw.insert(raw_key::ENABLED_BY.to_owned(), key.to_owned());
    }
    let Some(program) = program(host, job, place) else { return observation };
    match host.look(&program) {
        Ok(found) => {
            observation.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), true.to_string());
            if found.kind.is_file() {
                signature::sign(host, &program, &mut observation, gathering);
            }
        }
        Err(HostError::NotFound { .. }) => {
            observation.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), false.to_string());
        }
        Err(error) => gathering.failed(&error),
    }
    observation.path = Some(program);
    observation
}

/// What a job really runs.
fn program(host: &dyn Host, job: &LaunchdJob, place: &Place<'_>) -> Option<String> {
    let named = job.program.as_deref()?;
    let program = match place.bundle {
        Some((bundle, _)) if job.is_within_bundle => format!("{bundle}/{named}"),
        _ => located(host, named),
    };
    if !STARTERS.iter().any(|folder| program.starts_with(folder)) {
        return Some(program);
    }
    let started = job.arguments.windows(2).find_map(|pair| path_in(&pair[1], pair[0] == "-c"));
    Some(started.unwrap_or(program))
}

/// The path of something installed in an argument: the argument itself, or a word of it where it is a script.
fn path_in(argument: &str, is_script: bool) -> Option<String> {
    let bare = |word: &str| word.trim_matches(['"', '\'', ';', '&', '(', ')']).to_owned();
    let is_path = |word: &String| word.starts_with('/') && is_installed(word);
    if is_script {
        argument.split_whitespace().map(bare).find(is_path)
    } else {
        Some(argument.to_owned()).filter(is_path)
    }
}

/// Whether a path is one of installed software, not of the system or of what it writes.
fn is_installed(path: &str) -> bool {
    let others = ["/dev/", "/tmp/", "/private/tmp/", "/var/log/", "/private/var/", "/var/", "/etc/", "/System/"];
    !STARTERS.iter().chain(&others).any(|folder| path.starts_with(folder))
}

fn located(host: &dyn Host, program: &str) -> String {
    if program.contains('/') {
        return program.to_owned();
    }
    // Where nobody can look it may lie; who looks at that place learns why.
    let may_be_there = |place: &String| match host.look(place) {
        Ok(found) => found.kind.is_file(),
        Err(error) => !matches!(error, HostError::NotFound { .. }),
    };
    let mut places = PROGRAM_FOLDERS.iter().map(|folder| format!("{folder}/{program}"));
    places.find(may_be_there).unwrap_or_else(|| program.to_owned())
}

/// Tools with the rights of the system that no job names any more.
fn unaccounted_helpers(host: &dyn Host, gathering: &mut Gathering) {
    let Some(entries) = gathering.ok(host.list(HELPERS, MOST_ENTRIES)) else { return };
    let named: BTreeSet<String> = gathering.observations.iter().filter_map(|job| job.path.clone()).collect();
    for entry in entries {
        let path = format!("{HELPERS}/{}", entry.name);
        if named.contains(&path) || !leads_to_file(host, &entry, &path, gathering) {
            continue;
        }
        let mut observation = Observation::new(ObservationSource::Launchd);
        observation.scope = Some(Scope::Machine);
        observation.name = Some(entry.name);
        observation.raw.insert(raw_key::AUTO_START.to_owned(), false.to_string());
        observation.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), true.to_string());
        signature::sign(host, &path, &mut observation, gathering);
        observation.path = Some(path);
        gathering.observations.push(observation);
    }
}

/// Start scripts of products for old systems. Those since macOS 10.10 leave them alone.
fn start_items(host: &dyn Host, gathering: &mut Gathering) {
    for entry in gathering.ok(host.list(START_ITEMS, MOST_ENTRIES)).unwrap_or_default() {
        if entry.kind != EntryKind::Folder {
            continue;
        }
        let mut observation = Observation::new(ObservationSource::Launchd);
        observation.scope = Some(Scope::Machine);
        let path = format!("{START_ITEMS}/{0}/{0}", entry.name);
        let exists = host.look(&path).is_ok_and(|found| found.kind.is_file());
        observation.name = Some(entry.name);
        observation.path = Some(path);
        observation.raw.insert(raw_key::AUTO_START.to_owned(), false.to_string());
        observation.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), exists.to_string());
        gathering.observations.push(observation);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, rows};
    use interdict_model::{CollectorStatus, Probes};

    fn collect(host: &FixtureHost) -> Collected {
        Launchd.collect(host, &Request::of(&Probes::default()))
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            let raw = |key| one.raw(key).unwrap_or("-");
            format!(
                "{} {} exists:{} by:{}",
                one.name.as_deref().unwrap_or("-"),
                one.path.as_deref().unwrap_or("-"),
                raw(raw_key::EXECUTABLE_EXISTS),
                raw(raw_key::ENABLED_BY)
            )
        })
    }

    #[test]
    fn each_fixture_yields_what_it_is_named_for() {
        let table: [(&str, &[&str]); 5] = [
            (
                "started",
                &[
                    "com.example.by-hand /Library/Agent/daemon exists:true by:-",
                    "com.example.daemon /Library/Agent/daemon exists:true by:KeepAlive",
                    "com.example.agent /Library/Agent/agent exists:true by:MachServices",
                    "com.example.user /Users/ada/agent exists:true by:StartInterval",
                ],
            ),
            (
                "switched-off",
                &[
                    "com.example.off /Library/Agent/daemon exists:true by:-",
                    "com.example.on-again /Library/Agent/daemon exists:true by:RunAtLoad",
                    "com.example.own-word /Library/Agent/daemon exists:true by:-",
                    "com.example.off-for-all /Library/Agent/daemon exists:true by:-",
                    "com.example.off-for-one /Library/Agent/daemon exists:true by:RunAtLoad",
                    "com.example.of-ada /Library/Agent/daemon exists:true by:-",
                    "com.example.of-bob /Library/Agent/daemon exists:true by:RunAtLoad",
                ],
            ),
            (
                "through-others",
                &[
                    "com.example.open /Applications/Two Words.app exists:true by:RunAtLoad",
                    "com.example.plain /usr/bin/touch exists:true by:RunAtLoad",
                    "com.example.shell /Library/Agent/gone exists:false by:RunAtLoad",
                ],
            ),
            (
                "helper-left",
                &[
                    "com.example.helper /Library/PrivilegedHelperTools/com.example.helper exists:true by:MachServices",
                    "com.example.left /Library/PrivilegedHelperTools/com.example.left exists:true by:-",
                ],
            ),
            (
                "within-application",
                &["com.example.within /Applications/Agent.app/Contents/MacOS/daemon exists:true by:-"],
            ),
        ];
        for (name, expected) in table {
            let collected = collect(&fixture("macos/launchd", name));
            assert_eq!(found(&collected), expected, "{name}");
            assert_eq!(collected.status, CollectorStatus::Complete, "{name}: {:?}", collected.reason);
        }
    }

    #[test]
    fn a_job_names_its_file_and_its_user() {
        let collected = collect(&fixture("macos/launchd", "started"));
        let one = &collected.observations[3];
        assert_eq!(one.identifier.as_deref(), Some("/Users/ada/Library/LaunchAgents/com.example.user.plist"));
        assert_eq!(one.scope, Some(Scope::User("ada".to_owned())));
    }

    #[test]
    fn a_start_script_of_an_old_system_is_kept_and_not_started() {
        let host = FixtureHost::macos()
            .executable("/Library/StartupItems/Agent/Agent")
            .file("/Library/StartupItems/Gone/StartupParameters.plist", "{}");
        assert_eq!(
            found(&collect(&host)),
            [
                "Agent /Library/StartupItems/Agent/Agent exists:true by:-",
                "Gone /Library/StartupItems/Gone/Gone exists:false by:-"
            ]
        );
    }

    #[test]
    fn a_job_without_a_label_goes_by_its_file_and_is_said() {
        let collected = collect(&fixture("macos/launchd", "no-label"));
        assert_eq!(found(&collected), ["com.example.nameless /Library/Agent/gone exists:false by:RunAtLoad"]);
        assert_eq!(collected.status, CollectorStatus::Partial);
    }

    #[test]
    fn without_the_accounts_an_agent_is_off_only_where_it_is_for_everybody() {
        let host = fixture("macos/launchd", "switched-off").unreadable("/private/var/db/dslocal");
        let ada = collect(&host).observations.into_iter().find(|one| one.name.as_deref() == Some("com.example.of-ada"));
        assert_eq!(ada.expect("kept").raw(raw_key::AUTO_START), Some("true"));
        let hidden = collect(&host.unreadable("/private/var/db/com.apple.xpc.launchd"));
        assert_eq!(hidden.status, CollectorStatus::Partial);
    }
}
