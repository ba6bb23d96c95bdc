//! Linux kernel modules: the loaded ones of a running system, and the installed ones that did not come with the kernel.
//!
//! The thousands of modules that a kernel brings are not listed; of those only the ones that the probes name as a
//! service or driver. Of each that is listed, the file's own data and the name of its signer are read, unverified.
//! Modules that DKMS would build for the next kernel are listed with it.

use std::collections::{BTreeMap, BTreeSet};

use interdict_formats::kernel_module::{LARGEST, parse_module, unpacked};
use interdict_formats::kernel_modules::{
    is_third_party, module_name, modules_in_dep, modules_of_dkms, parse_modules_load, parse_proc_modules,
    third_party_folders,
};
use interdict_model::{Observation, ObservationSource, Probes, raw_key};

use crate::any::expected::{self, is_file_or_link, is_folder};
use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request, placed};
use crate::host::{Host, HostError};
use crate::linux::{LINUX_FILES, MOST_ENTRIES, SMALL_FILE};

const LOADED: &str = "/proc/modules";
/// One folder for each kernel that is installed.
const MODULES: &str = "/lib/modules";
/// Where modules are named that are loaded at every start (modules-load.d(5)).
const LOAD_FOLDERS: &[&str] = &["/etc/modules-load.d", "/usr/local/lib/modules-load.d", "/usr/lib/modules-load.d"];
/// The same, Debian's older way.
const LOAD_FILE: &str = "/etc/modules";
/// How large a kernel's list of modules may be.
const LARGEST_LIST: u64 = 64 << 20;
/// How deep, and how many entries, a folder of modules is walked.
const DEEPEST: usize = 6;
const MOST_WALKED: usize = 20_000;
/// How many bytes of modules are read in all, those counted that are unpacked.
const MOST_BYTES: u64 = 1 << 30;
/// Where DKMS keeps what it builds modules from (dkms(8)).
const DKMS: &str = "/var/lib/dkms";
/// How many modules and versions DKMS may have.
const MOST_REGISTERED: usize = 1_000;
/// The raw kind of a module that DKMS builds.
const KIND_DKMS: &str = "dkms";
/// How the signer of a module was read.
const SIGNATURE: &str = "embedded, not checked";

/// Reads kernel modules.
pub(crate) struct KernelModules;

impl Collector for KernelModules {
    fn name(&self) -> &'static str {
        "linux/kernel-modules"
    }

    fn looks_at(&self) -> &'static str {
        "kernel modules"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::KernelModules]
    }

    fn needs(&self) -> Needs {
        LINUX_FILES
    }

    fn collect(&self, host: &dyn Host, request: &Request<'_>) -> Collected {
        let probes = request.probes;
        let mut gathering = Gathering::default();
        let loaded = loaded(host, &mut gathering);
        let at_start = at_start(host, &mut gathering);
        let mut installed = BTreeMap::new();
        for kernel in gathering.ok(host.list(MODULES, MOST_ENTRIES)).unwrap_or_default() {
            let folder = format!("{MODULES}/{}", kernel.name);
            for (path, name) in installed_modules(host, &folder, probes, &mut gathering) {
                installed.insert(path, name);
            }
        }
        let with_file: BTreeSet<&String> = installed.values().collect();
        for name in loaded.iter().filter(|name| !with_file.contains(name)) {
            gathering.observations.push(observation(name, Starts::Yes));
        }
        let mut left = MOST_BYTES;
        for (path, name) in &installed {
            let starts = if loaded.contains(name) || at_start.contains(name) { Starts::Yes } else { Starts::No };
            let mut observation = observation(name, starts);
            // The list of modules is made when the kernel is installed; the file may be gone since.
            let exists = match host.look(path) {
                Ok(found) => Some(found.kind.is_file()),
                Err(HostError::NotFound { .. }) => Some(false),
                Err(error) => {
                    gathering.failed(&error);
                    None
                }
            };
            if let Some(exists) = exists {
                observation.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), exists.to_string());
            }
            if exists == Some(true) {
                describe(host, path, &mut left, &mut observation, &mut gathering);
            }
            observation.path = Some(path.clone());
            gathering.observations.push(observation);
        }
        registered_with_dkms(host, &mut gathering);
        gathering.finish()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Starts {
    Yes,
    No,
}

fn observation(name: &str, starts: Starts) -> Observation {
    let mut observation = Observation::new(ObservationSource::KernelModules);
    observation.name = Some(name.to_owned());
    observation.raw.insert(raw_key::AUTO_START.to_owned(), (starts == Starts::Yes).to_string());
    observation
}

/// Reads what a module's file says of itself, and who signed it.
fn describe(host: &dyn Host, path: &str, left: &mut u64, observation: &mut Observation, gathering: &mut Gathering) {
    let cap = LARGEST.min(*left);
    let bytes = match host.read(path, cap) {
        Ok(bytes) => bytes,
        Err(HostError::TooLarge { .. }) if cap < LARGEST => {
            *left = 0;
            let message = format!("{path} and what follows: only {MOST_BYTES} bytes of modules are read");
            gathering.shortfall(Cause::Broken, message);
            return;
        }
        Err(error) => return gathering.failed(&error),
    };
    gathering.has_read();
    let module = match unpacked(&bytes, path) {
        Ok(whole) => {
            *left = left.saturating_sub(whole.len() as u64);
            let (module, diagnostics) = parse_module(&whole);
            gathering.diagnostics.extend(placed(diagnostics, path));
            module
        }
        Err(diagnostic) => {
            // As much as it may have cost to find out.
            *left = left.saturating_sub(LARGEST);
            gathering.shortfall(Cause::Broken, format!("{path}: {}", diagnostic.message));
            gathering.diagnostics.extend(placed(vec![diagnostic], path));
            return;
        }
    };
    observation.version = module.version;
    observation.publisher = module.author;
    observation.display_name = module.description;
    if module.signer.is_some() {
        observation.raw.insert(raw_key::SIGNATURE.to_owned(), SIGNATURE.to_owned());
        observation.signer = module.signer;
    }
}

/// The modules that DKMS builds, whether or not there is one for a kernel yet.
fn registered_with_dkms(host: &dyn Host, gathering: &mut Gathering) {
    let mut left = MOST_REGISTERED;
    for package in folders(host, DKMS, gathering) {
        let of_package = format!("{DKMS}/{package}");
        // Links that name a kernel lead to what is built for it.
        for version in folders(host, &of_package, gathering).into_iter().filter(|name| !name.starts_with("kernel-")) {
            if left == 0 {
                let message = format!("{DKMS} has more than the {MOST_REGISTERED} entries that are looked at");
                return gathering.shortfall(Cause::Broken, message);
            }
            left -= 1;
            let folder = format!("{of_package}/{version}");
            let conf = gathering.ok(host.read(&format!("{folder}/source/dkms.conf"), SMALL_FILE));
            let mut names = modules_of_dkms(&conf.unwrap_or_default());
            if names.is_empty() {
                names.push(package.replace('-', "_"));
            }
            // Beside the sources lies a folder for each kernel that the module was built for.
            let is_built =
                folders(host, &folder, gathering).iter().any(|kernel| kernel != "source" && kernel != "build");
            for name in names {
                let mut observation = observation(&name, Starts::No);
                observation.version = Some(version.clone());
                observation.path = Some(folder.clone());
                observation.raw.insert(raw_key::KIND.to_owned(), KIND_DKMS.to_owned());
                observation.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), is_built.to_string());
                gathering.observations.push(observation);
            }
        }
    }
}

/// The names of the folders in a folder that need not exist.
fn folders(host: &dyn Host, folder: &str, gathering: &mut Gathering) -> Vec<String> {
    let entries = gathering.ok(host.list(folder, MOST_ENTRIES)).unwrap_or_default();
    expected::folders(host, folder, entries, gathering).into_iter().map(|entry| entry.name).collect()
}

/// The loaded modules; of a mounted system none.
fn loaded(host: &dyn Host, gathering: &mut Gathering) -> BTreeSet<String> {
    if !host.is_live() {
        return BTreeSet::new();
    }
    let bytes = gathering.ok(host.read(LOADED, LARGEST_LIST));
    if bytes.is_some() {
        gathering.has_read();
    }
    parse_proc_modules(&bytes.unwrap_or_default()).into_iter().collect()
}

/// The modules that are named to be loaded at every start.
fn at_start(host: &dyn Host, gathering: &mut Gathering) -> BTreeSet<String> {
    let mut files = vec![LOAD_FILE.to_owned()];
    for folder in LOAD_FOLDERS {
        let entries = gathering.ok(host.list(folder, MOST_ENTRIES)).unwrap_or_default();
        let lists = entries.into_iter().filter(|entry| entry.name.strip_suffix(".conf").is_some());
        files.extend(lists.map(|entry| format!("{folder}/{}", entry.name)));
    }
    let lists = files.iter().filter_map(|file| gathering.ok(host.read(file, SMALL_FILE)));
    lists.flat_map(|bytes| parse_modules_load(&bytes)).collect()
}

/// The modules of one kernel that are of interest, by path.
fn installed_modules(
    host: &dyn Host,
    folder: &str,
    probes: &Probes,
    gathering: &mut Gathering,
) -> BTreeMap<String, String> {
    let mut modules = BTreeMap::new();
    let dep = gathering.ok(host.read(&format!("{folder}/modules.dep"), LARGEST_LIST)).unwrap_or_default();
    for path in modules_in_dep(&dep) {
        let relative = path.strip_prefix(folder).map_or(path, |rest| rest.trim_start_matches('/'));
        let Some(name) = module_name(relative) else { continue };
        if is_third_party(relative) || probes.services.contains(&name) {
            modules.insert(format!("{folder}/{relative}"), name);
        }
    }
    // A module may lie there before the list is made anew.
    let mut left = MOST_WALKED;
    for third_party in third_party_folders() {
        walk(host, &format!("{folder}/{third_party}"), DEEPEST, &mut left, &mut modules, gathering);
    }
    if left == 0 {
        gathering.shortfall(Cause::Broken, format!("{folder} has more modules of third parties than are looked at"));
    }
    modules
}

fn walk(
    host: &dyn Host,
    folder: &str,
    deeper: usize,
    left: &mut usize,
    modules: &mut BTreeMap<String, String>,
    gathering: &mut Gathering,
) {
    for entry in gathering.ok(host.list(folder, MOST_ENTRIES)).unwrap_or_default() {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let path = format!("{folder}/{}", entry.name);
        if let Some(name) = module_name(&entry.name) {
            if is_file_or_link(&entry, &path, gathering) {
                modules.insert(path, name);
            }
        } else if is_folder(host, &entry, &path, gathering) {
            if deeper > 0 {
                walk(host, &path, deeper - 1, left, modules, gathering);
            } else {
                gathering.shortfall(Cause::Broken, format!("{path} lies deeper than modules are looked for"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, probes, rows};
    use interdict_model::CollectorStatus;

    fn modules(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            format!(
                "{} {} starts:{} exists:{}",
                one.name.as_deref().unwrap_or("-"),
                one.path.as_deref().unwrap_or("-"),
                one.raw(raw_key::AUTO_START).unwrap_or("-"),
                one.raw(raw_key::EXECUTABLE_EXISTS).unwrap_or("-")
            )
        })
    }

    #[test]
    fn installed_modules_of_others_are_found_with_and_without_a_list() {
        let collected =
            KernelModules.collect(&fixture("linux/kernel-modules", "third-party"), &Request::of(&Probes::default()));
        assert_eq!(
            modules(&collected),
            [
                "kfile /lib/modules/6.1.0-18-amd64/extra/kfile.ko starts:true exists:true",
                "gone /lib/modules/6.1.0-18-amd64/updates/dkms/gone.ko.xz starts:false exists:false",
                "snap_api /lib/modules/6.1.0-18-amd64/weak-updates/acronis/snap-api.ko starts:false exists:true",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete);
    }

    #[test]
    fn a_module_of_the_kernel_counts_when_it_is_probed() {
        let probed = probes(|probes| &mut probes.services, &["ext4"]);
        let collected = KernelModules.collect(&fixture("linux/kernel-modules", "third-party"), &Request::of(&probed));
        assert!(modules(&collected).iter().any(|row| row.starts_with("ext4 ")));
    }

    #[test]
    fn loaded_modules_count_while_the_system_runs() {
        let host = FixtureHost::new().file(LOADED, "kfile 4096 0 - Live 0x0 (OE)\nloop 4096 0 - Live 0x0\n");
        let host = host.file("/lib/modules/6.1/extra/kfile.ko", "");
        assert_eq!(
            modules(&KernelModules.collect(&host, &Request::of(&Probes::default()))),
            ["kfile /lib/modules/6.1/extra/kfile.ko starts:false exists:true"]
        );
        assert_eq!(
            modules(&KernelModules.collect(&host.running(Vec::new()), &Request::of(&Probes::default()))),
            ["loop - starts:true exists:-", "kfile /lib/modules/6.1/extra/kfile.ko starts:true exists:true"]
        );
    }

    #[test]
    fn a_modules_file_says_who_made_and_signed_it() {
        let host = FixtureHost::new()
            .file("/lib/modules/6.1/extra/kfile.ko", signed_module())
            .file("/lib/modules/6.1/extra/cut.ko.xz", [0xfd, b'7', b'z']);
        let collected = KernelModules.collect(&host, &Request::of(&Probes::default()));
        let row = |one: &Observation| {
            let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
            let signature = one.raw(raw_key::SIGNATURE).unwrap_or("-");
            format!("{} | {} | {signature}", or_none(&one.name), or_none(&one.signer))
        };
        let signed = "kfile | CN=Example Module Signing, O=Example Ltd | embedded, not checked";
        assert_eq!(rows(&collected, row), ["cut | - | -", signed]);
        let reason = collected.reason.expect("partial");
        assert!(reason.starts_with("/lib/modules/6.1/extra/cut.ko.xz: the module could not be unpacked"), "{reason}");
    }

    /// A module of nothing but its signature.
    fn signed_module() -> Vec<u8> {
        let signature = include_bytes!("../../../formats/tests/data/module-signature.p7s");
        let mut module = signature.to_vec();
        module.extend([0, 0, 2, 0, 0, 0, 0, 0]);
        module.extend(u32::try_from(signature.len()).expect("short").to_be_bytes());
        module.extend(b"~Module signature appended~\n");
        module
    }

    #[test]
    fn what_dkms_builds_is_listed_with_whether_it_was_built() {
        let collected =
            KernelModules.collect(&fixture("linux/kernel-modules", "dkms"), &Request::of(&Probes::default()));
        let versions = rows(&collected, |one| one.version.clone().unwrap_or_default());
        assert_eq!(
            modules(&collected),
            [
                "kesl_fanotify /var/lib/dkms/kesl/12.1 starts:false exists:true",
                "snap_api /var/lib/dkms/snap-api/0.8 starts:false exists:false",
            ]
        );
        assert_eq!(versions, ["12.1", "0.8"]);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let host = fixture("linux/kernel-modules", "third-party").unreadable("/lib/modules/6.1.0-18-amd64/extra");
        let collected = KernelModules.collect(&host, &Request::of(&Probes::default()));
        assert_eq!(collected.status, CollectorStatus::Partial);
        let nothing = KernelModules
            .collect(&FixtureHost::new().folder(MODULES).unreadable(MODULES), &Request::of(&Probes::default()));
        assert_eq!(nothing.status, CollectorStatus::NotPossible);
    }
}
