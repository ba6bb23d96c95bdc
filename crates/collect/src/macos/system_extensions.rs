//! System extensions and kernel extensions, with their state.
//!
//! System extensions stand in the system's database with the application they came from; the copies that the system
//! runs lie below `/Library/SystemExtensions`. Where the database cannot be read, the running system's tool is asked.
//! What management lets load without asking stands in the same database and is kept as a trace of a configuration
//! profile: such a rule often outlives the product. Copies that the database does not name are kept, too.
//!
//! Kernel extensions are bundles in known folders; the running system says which are loaded. On one that lies still,
//! those that the system would load by itself (they match devices, or a disk needs them to start) count as started, unless
//! the database of consents has none for them. Consents are kept as traces, too. Both kinds of extensions are told apart
//! by [`raw_key::KIND`].

use std::collections::BTreeSet;

use interdict_formats::apple::configuration_profile::{Allowance, AllowanceKind};
use interdict_formats::apple::extension::{
    AllowedExtension, SystemExtension, SystemExtensions as Database, is_active, parse_extension_list,
    parse_loaded_kernel_extensions, parse_system_extensions,
};
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::any::{MOST_ENTRIES, expected};
use crate::collector::{Collected, Collector, Gathering, Needs, Request};
use crate::host::programs::{KEXTSTAT, KMUTIL, SYSTEM_EXTENSIONS};
use crate::host::{Host, HostError};
use crate::macos::bundle::{Bundle, Program, stem};
use crate::macos::configuration_profiles::allowance;
use crate::macos::kernel_policy::KernelPolicy;
use crate::macos::{MACOS_FILES, begin, has_ending, note};

/// The database.
const DATABASE: &str = "/Library/SystemExtensions/db.plist";
/// The folder of the copies, in folders of their own.
const STAGED: &str = "/Library/SystemExtensions";
/// How large the database may be.
const LARGEST_DATABASE: u64 = 16 << 20;
/// Where kernel extensions lie.
const KERNEL_FOLDERS: &[&str] = &[
    "/Library/Extensions",
    "/Library/StagedExtensions/Library/Extensions",
    "/Library/StagedExtensions/Applications",
    "/System/Library/Extensions",
];
/// What the categories of system extensions begin with.
const CATEGORY: &str = "com.apple.system_extension.";
/// The raw kind of a kernel extension.
const KERNEL_EXTENSION: &str = "kernel-extension";
/// The raw kind of a system extension whose category is not known.
const SYSTEM_EXTENSION: &str = "system-extension";

/// Reads system extensions and kernel extensions.
pub(crate) struct SystemExtensions;

impl Collector for SystemExtensions {
    fn name(&self) -> &'static str {
        "macos/system-extensions"
    }

    fn looks_at(&self) -> &'static str {
        "system extensions and kernel extensions"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::SystemExtensions, ObservationSource::ConfigurationProfiles]
    }

    fn needs(&self) -> Needs {
        MACOS_FILES
    }

    fn collect(&self, host: &dyn Host, request: &Request<'_>) -> Collected {
        let mut gathering = begin(host);
        let Database { extensions, allowed } = database(host, &mut gathering);
        let mut accounted = BTreeSet::new();
        for extension in &extensions {
            let staged = staged(host, extension, &mut gathering);
            let observation = observation(host, extension, staged.as_deref(), &mut gathering);
            accounted.extend(staged);
            gathering.observations.push(observation);
        }
        unaccounted(host, &accounted, &mut gathering);
        gathering.observations.extend(allowed.iter().map(rule));
        kernel_extensions(host, request.cancelled, &mut gathering);
        gathering.finish()
    }
}

/// The database; of a running system without one to read, what its tool lists.
fn database(host: &dyn Host, gathering: &mut Gathering) -> Database {
    let error = match host.read(DATABASE, LARGEST_DATABASE) {
        Ok(bytes) => {
            gathering.has_read();
            let (database, diagnostics) = parse_system_extensions(&bytes, DATABASE);
            note(gathering, diagnostics);
            return database;
        }
        Err(HostError::NotFound { .. }) => return Database::default(),
        Err(error) => error,
    };
    if host.is_live()
        && let Ok(printed) = host.output_of(&SYSTEM_EXTENSIONS)
    {
        gathering.has_read();
        return Database { extensions: parse_extension_list(&printed), allowed: Vec::new() };
    }
    gathering.failed(&error);
    Database::default()
}

/// The copy of an extension that the system runs.
fn staged(host: &dyn Host, extension: &SystemExtension, gathering: &mut Gathering) -> Option<String> {
    if let Some(staged) = &extension.staged {
        return Some(staged.clone());
    }
    let identifier = extension.identifier.as_deref()?;
    if let Some(unique) = &extension.unique {
        return Some(format!("{STAGED}/{unique}/{identifier}.systemextension"));
    }
    copies(host, gathering).into_iter().find(|copy| stem(copy) == identifier)
}

/// The copies below the folder for them.
fn copies(host: &dyn Host, gathering: &mut Gathering) -> Vec<String> {
    let folders = gathering.ok(host.list(STAGED, MOST_ENTRIES)).unwrap_or_default();
    let folders = expected::folders(host, STAGED, folders, gathering).into_iter();
    let mut copies = Vec::new();
    for folder in folders.map(|entry| format!("{STAGED}/{}", entry.name)) {
        let entries = gathering.ok(host.list(&folder, MOST_ENTRIES)).unwrap_or_default();
        let bundles = entries.into_iter().filter(|entry| is_system_extension(&entry.name));
        copies.extend(bundles.map(|entry| format!("{folder}/{}", entry.name)));
    }
    copies
}

fn is_system_extension(name: &str) -> bool {
    has_ending(name, ".systemextension") || has_ending(name, ".dext")
}

fn observation(
    host: &dyn Host,
    extension: &SystemExtension,
    staged: Option<&str>,
    gathering: &mut Gathering,
) -> Observation {
    let mut observation = match staged {
        Some(staged) => {
            let bundle = Bundle::read(host, staged, gathering);
            of_bundle(host, &bundle, gathering)
        }
        None => Observation::new(ObservationSource::SystemExtensions),
    };
    observation.scope = Some(Scope::Machine);
    if extension.identifier.is_some() {
        observation.name.clone_from(&extension.identifier);
        observation.identifier.clone_from(&extension.identifier);
    }
    observation.display_name = extension.display_name.clone().or(observation.display_name);
    observation.version = extension.version.clone().or(observation.version);
    observation.signer = observation.signer.or_else(|| extension.team.clone());
    observation.install_location.clone_from(&extension.container);
    let category = extension.categories.first().map(|category| category.strip_prefix(CATEGORY).unwrap_or(category));
    if let Some(category) = category {
        observation.raw.insert(raw_key::KIND.to_owned(), category.replace('_', "-"));
    }
    if let Some(state) = &extension.state {
        observation.raw.insert(raw_key::STATE.to_owned(), state.clone());
        if let Some(active) = is_active(state) {
            observation.raw.insert(raw_key::AUTO_START.to_owned(), active.to_string());
        }
    }
    observation
}

/// What a bundle of an extension says, under its identifier.
fn of_bundle(host: &dyn Host, bundle: &Bundle, gathering: &mut Gathering) -> Observation {
    let path = bundle.path.as_str();
    let mut observation = bundle.observation(host, ObservationSource::SystemExtensions, &Scope::Machine, gathering);
    let shown = observation.display_name.take().or_else(|| bundle.info.name.clone());
    let identifier = observation.identifier.clone().unwrap_or_else(|| stem(path).to_owned());
    observation.display_name = shown.filter(|name| *name != identifier);
    observation.name = Some(identifier);
    observation.raw.remove(raw_key::EXECUTABLE);
    observation.raw.insert(raw_key::KIND.to_owned(), SYSTEM_EXTENSION.to_owned());
    match &bundle.program {
        Program::Exists(_) => set(&mut observation, raw_key::EXECUTABLE_EXISTS, true),
        Program::Missing => set(&mut observation, raw_key::EXECUTABLE_EXISTS, false),
        Program::Unknown => {}
    }
    observation
}

fn set(observation: &mut Observation, key: &str, truth: bool) {
    observation.raw.insert(key.to_owned(), truth.to_string());
}

/// Copies that the database does not name: nothing runs them.
fn unaccounted(host: &dyn Host, accounted: &BTreeSet<String>, gathering: &mut Gathering) {
    for copy in copies(host, gathering).into_iter().filter(|copy| !accounted.contains(copy)) {
        let bundle = Bundle::read(host, &copy, gathering);
        let mut observation = of_bundle(host, &bundle, gathering);
        set(&mut observation, raw_key::AUTO_START, false);
        gathering.observations.push(observation);
    }
}

fn rule(allowed: &AllowedExtension) -> Observation {
    let allowed = Allowance {
        kind: AllowanceKind::SystemExtension,
        team: Some(allowed.team.clone()),
        program: allowed.identifier.clone(),
    };
    allowance(&allowed, DATABASE)
}

fn kernel_extensions(host: &dyn Host, cancelled: &dyn Fn() -> bool, gathering: &mut Gathering) {
    let loaded = loaded(host, gathering);
    let policy = KernelPolicy::read(host, gathering);
    gathering.observations.extend(policy.iter().flat_map(KernelPolicy::observations));
    let mut seen = BTreeSet::new();
    for folder in KERNEL_FOLDERS {
        let Some(entries) = gathering.ok(host.list(folder, MOST_ENTRIES)) else { continue };
        gathering.has_read();
        for entry in entries.iter().filter(|entry| has_ending(&entry.name, ".kext")) {
            if cancelled() {
                return;
            }
            let path = format!("{folder}/{}", entry.name);
            let observation = kernel_extension(host, &path, loaded.as_ref(), policy.as_ref(), gathering);
            seen.extend(observation.identifier.clone());
            gathering.observations.push(observation);
        }
    }
    // What is loaded from anywhere else, such as out of an application.
    for identifier in loaded.into_iter().flatten().filter(|identifier| !seen.contains(identifier)) {
        if identifier.starts_with("com.apple.") {
            continue;
        }
        let mut observation = Observation::new(ObservationSource::SystemExtensions);
        observation.scope = Some(Scope::Machine);
        observation.name = Some(identifier.clone());
        observation.identifier = Some(identifier);
        observation.raw.insert(raw_key::KIND.to_owned(), KERNEL_EXTENSION.to_owned());
        set(&mut observation, raw_key::AUTO_START, true);
        set(&mut observation, raw_key::EXECUTABLE_EXISTS, true);
        gathering.observations.push(observation);
    }
}

fn kernel_extension(
    host: &dyn Host,
    path: &str,
    loaded: Option<&BTreeSet<String>>,
    policy: Option<&KernelPolicy>,
    gathering: &mut Gathering,
) -> Observation {
    let bundle = Bundle::read(host, path, gathering);
    let mut observation = of_bundle(host, &bundle, gathering);
    observation.raw.insert(raw_key::KIND.to_owned(), KERNEL_EXTENSION.to_owned());
    let is_started = match loaded {
        Some(loaded) => observation.identifier.as_ref().is_some_and(|identifier| loaded.contains(identifier)),
        None => bundle.info.is_loaded_by_system && has_consent(&observation, policy),
    };
    set(&mut observation, raw_key::AUTO_START, is_started);
    observation
}

/// Apple's own need none, nor does any on systems that do not ask.
fn has_consent(extension: &Observation, policy: Option<&KernelPolicy>) -> bool {
    let identifier = extension.identifier.as_deref().unwrap_or_default();
    identifier.starts_with("com.apple.") || policy.is_none_or(|policy| policy.allows(identifier))
}

/// The identifiers of the kernel extensions that are loaded; nothing where that is not known.
fn loaded(host: &dyn Host, gathering: &mut Gathering) -> Option<BTreeSet<String>> {
    if !host.is_live() {
        return None;
    }
    // The newer tool first; the older one only tells to use the newer one where that exists.
    let printed = host.output_of(&KMUTIL).or_else(|_| host.output_of(&KEXTSTAT));
    let printed = gathering.ok(printed)?;
    Some(parse_loaded_kernel_extensions(&printed).map(|loaded| loaded.identifier).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, rows};
    use interdict_model::{CollectorStatus, Probes};

    fn collect(host: &FixtureHost) -> Collected {
        SystemExtensions.collect(host, &Request::of(&Probes::default()))
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            let raw = |key| one.raw(key).unwrap_or("-");
            format!(
                "{} {} {} starts:{} exists:{}",
                one.identifier.as_deref().unwrap_or("-"),
                raw(raw_key::KIND),
                raw(raw_key::STATE),
                raw(raw_key::AUTO_START),
                raw(raw_key::EXECUTABLE_EXISTS)
            )
        })
    }

    #[test]
    fn each_fixture_yields_what_it_is_named_for() {
        let table: [(&str, &[&str]); 4] = [
            (
                "states",
                &[
                    "com.example.on network-extension activated_enabled starts:true exists:true",
                    "com.example.waits network-extension activated_waiting_for_user starts:false exists:true",
                    "com.example.leaves network-extension terminated_waiting_to_uninstall_on_reboot starts:false exists:true",
                    "com.example.new network-extension validating starts:- exists:false",
                    "BBBBBBBBBB allows-system-extension - starts:- exists:-",
                    "com.example.on allows-system-extension - starts:- exists:-",
                ],
            ),
            ("copy-gone", &["com.example.on network-extension activated_enabled starts:true exists:false"]),
            ("copy-left", &["com.example.left system-extension - starts:false exists:true"]),
            (
                "kernel",
                &[
                    "com.example.gone kernel-extension - starts:true exists:false",
                    "com.example.idle kernel-extension - starts:false exists:true",
                    "com.example.matching kernel-extension - starts:true exists:true",
                    "com.apple.example kernel-extension - starts:false exists:true",
                ],
            ),
        ];
        for (name, expected) in table {
            let collected = collect(&fixture("macos/system-extensions", name));
            assert_eq!(found(&collected), expected, "{name}");
            assert_eq!(collected.status, CollectorStatus::Complete, "{name}: {:?}", collected.reason);
        }
    }

    #[test]
    fn an_extension_says_whose_it_is_and_what_it_belongs_to() {
        let collected = collect(&fixture("macos/system-extensions", "states"));
        let one = &collected.observations[0];
        assert_eq!(one.signer.as_deref(), Some("AAAAAAAAAA"));
        assert_eq!(one.install_location.as_deref(), Some("/Applications/Agent.app"));
        assert_eq!((one.display_name.as_deref(), one.version.as_deref()), (Some("Agent"), Some("1.0")));
        assert_eq!(one.path.as_deref(), Some("/Library/SystemExtensions/U1/com.example.on.systemextension"));
    }

    #[test]
    fn where_the_database_is_hidden_the_tool_is_asked() {
        let hidden = fixture("macos/system-extensions", "states").unreadable(DATABASE).running(Vec::new());
        let silent = collect(&hidden);
        assert_eq!(silent.status, CollectorStatus::Partial);
        assert!(silent.reason.is_some_and(|reason| reason.contains("db.plist may not be read")));
        let printed = "--- com.apple.system_extension.network_extension\n*\t*\tAAAAAAAAAA\tcom.example.on (1.0/1)\tAgent\t\
            [activated enabled]\n";
        let collected = collect(&hidden.prints(&SYSTEM_EXTENSIONS, printed).prints(&KMUTIL, ""));
        assert_eq!(found(&collected)[0], "com.example.on network-extension activated_enabled starts:true exists:true");
        assert_eq!(collected.status, CollectorStatus::Complete, "{:?}", collected.reason);
    }

    #[test]
    fn a_running_system_says_which_kernel_extensions_are_loaded() {
        let printed = "Index Refs Address Size Wired Name (Version) UUID <Linked Against>\n\
            1 0 0xff 0x1 0x1 com.example.idle (1.0) U <>\n2 0 0xff 0x1 0x1 com.example.elsewhere (1.0) U <>\n\
            3 0 0xff 0x1 0x1 com.apple.kpi.bsd (1.0) U <>\n";
        let host = fixture("macos/system-extensions", "kernel").running(Vec::new()).prints(&KEXTSTAT, printed);
        assert_eq!(
            found(&collect(&host)),
            [
                "com.example.gone kernel-extension - starts:false exists:false",
                "com.example.idle kernel-extension - starts:true exists:true",
                "com.example.matching kernel-extension - starts:false exists:true",
                "com.apple.example kernel-extension - starts:false exists:true",
                "com.example.elsewhere kernel-extension - starts:true exists:true",
            ]
        );
    }
}
