//! Services and drivers: what they start, whether something starts them, and whether it exists.
//!
//! Both stand below one key and are told apart by their type
//! (<https://learn.microsoft.com/windows-hardware/drivers/install/hklm-system-currentcontrolset-services-registry-tree>).
//! Those of Windows itself are listed, too. For a service that runs within another program it is the library that is
//! looked for, since that the program exists says nothing of the service. Keys below it that start nothing, such as the
//! counters and protocols that other programs keep there, are left out. Signatures are not read here.

use std::collections::BTreeSet;

use interdict_formats::windows_command::{is_host, programs, stem};
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::collector::{Collected, Collector, Gathering, Needs, Request};
use crate::host::Host;
use crate::registry::{Registry, Values, same};
use crate::windows::environment::Environment;
use crate::windows::existence::{Existence, Files};
use crate::windows::{WINDOWS_FILES, subkeys, values, without_registry};

/// Where services and drivers are registered.
pub(super) const SERVICES: &str = r"HKLM\SYSTEM\CurrentControlSet\Services";
/// The bits of a type that make it a driver: of the kernel, of a file system, of an adapter, a recognizer.
const DRIVER: u64 = 0x0f;
/// Programs that run others as services and note which in `Parameters` (<https://nssm.cc/usage>; `srvany` of the Windows
/// Server 2003 Resource Kit).
const WRAPPERS: &[&str] = &["nssm", "nssm64", "srvany", "srvany-ng"];

/// Reads services and drivers.
pub(crate) struct Services;

impl Collector for Services {
    fn name(&self) -> &'static str {
        "windows/services"
    }

    fn looks_at(&self) -> &'static str {
        "services and drivers"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Services, ObservationSource::Drivers]
    }

    fn needs(&self) -> Needs {
        WINDOWS_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let Some(registry) = host.registry() else { return without_registry() };
        let mut gathering = Gathering::default();
        let mut system = System::of(host, registry, &mut gathering);
        for name in subkeys(registry, SERVICES, &mut gathering) {
            let observation = match Service::read(registry, &name, &mut gathering) {
                Ok(Some(service)) => service.observation(&mut system, &mut gathering),
                // A key that may not be read still has a name.
                Err(Unreadable) => only_named(&name),
                Ok(None) => continue,
            };
            gathering.observations.push(observation);
        }
        system.files.account("services and drivers", &mut gathering);
        gathering.finish()
    }
}

/// What it takes to say what a service is.
pub(super) struct System<'h> {
    registry: &'h dyn Registry,
    environment: Environment,
    /// The services and drivers that run, where the system runs and says so; in small letters.
    running: BTreeSet<String>,
    pub(super) files: Files<'h>,
}

impl<'h> System<'h> {
    pub(super) fn of(host: &'h dyn Host, registry: &'h dyn Registry, gathering: &mut Gathering) -> Self {
        let running = host.running_windows().and_then(|windows| gathering.ok(windows.running_services()));
        Self {
            registry,
            environment: Environment::of(Some(registry)),
            running: running.unwrap_or_default().into_iter().map(|name| name.to_lowercase()).collect(),
            files: Files::of(host),
        }
    }

    fn runs(&self, name: &str) -> bool {
        self.running.contains(&name.to_lowercase())
    }
}

/// The key of a service could not be read; why is accounted for.
pub(super) struct Unreadable;

/// A service or driver as its key says.
pub(super) struct Service {
    name: String,
    values: Values,
    subkeys: Vec<String>,
}

impl Service {
    /// The service of a name; nothing for a key that starts nothing.
    pub(super) fn read(
        registry: &dyn Registry,
        name: &str,
        gathering: &mut Gathering,
    ) -> Result<Option<Self>, Unreadable> {
        let key = format!(r"{SERVICES}\{name}");
        let Some(values) = values(registry, &key, gathering) else { return Err(Unreadable) };
        if values.get("Type").is_none() && values.get("ImagePath").is_none() {
            return Ok(None);
        }
        let subkeys = subkeys(registry, &key, gathering);
        Ok(Some(Self { name: name.to_owned(), values, subkeys }))
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn has_subkey(&self, name: &str) -> bool {
        self.subkeys.iter().any(|subkey| same(subkey, name))
    }

    fn is_driver(&self) -> bool {
        self.values.number("Type").is_some_and(|kind| kind & DRIVER != 0)
    }

    /// What is known of it, whichever kind it is.
    pub(super) fn observation(&self, system: &mut System<'_>, gathering: &mut Gathering) -> Observation {
        let source = if self.is_driver() { ObservationSource::Drivers } else { ObservationSource::Services };
        let mut observation = Observation::new(source);
        observation.name = Some(self.name.clone());
        observation.display_name = self.display_name();
        observation.scope = Some(Scope::Machine);
        let (existence, path) = self.executable(system, gathering);
        observation.path = path;
        if let Some(exists) = existence.known() {
            observation.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), exists.to_string());
        }
        if let Some(starts) = self.is_started(system) {
            observation.raw.insert(raw_key::AUTO_START.to_owned(), starts.to_string());
        }
        observation
    }

    /// Whether something starts it: the system at its start (0 boot, 1 system, 2 automatic), or an event; what is started
    /// by hand (3) or disabled (4) counts when it runs.
    fn is_started(&self, system: &System<'_>) -> Option<bool> {
        if system.runs(&self.name) {
            return Some(true);
        }
        match self.values.number("Start")? {
            0..=2 => Some(true),
            3 => Some(self.has_subkey("TriggerInfo")),
            _ => Some(false),
        }
    }

    /// The name for people, if it is one: a reference to a text in a file is not, but may have the text behind it.
    fn display_name(&self) -> Option<String> {
        let plain = |name: &str| {
            let text = self.values.text(name)?;
            match text.strip_prefix('@') {
                None => Some(text),
                // `@oem5.inf,%name%;Name` as the driver's own file would have it.
                Some(reference) => reference.split_once(';').map(|(_, text)| text.trim().to_owned()),
            }
        };
        plain("DisplayName").or_else(|| plain("Description")).filter(|text| !text.is_empty())
    }

    /// What it starts, and whether that exists.
    fn executable(&self, system: &mut System<'_>, gathering: &mut Gathering) -> (Existence, Option<String>) {
        let System { registry, environment, files, .. } = system;
        let Some(image) = self.values.text("ImagePath") else {
            if self.is_driver() {
                // What a driver without a path is loaded from.
                let file = environment.file(&format!(r"\SystemRoot\System32\drivers\{}.sys", self.name));
                return (files.look(&file), Some(file));
            }
            return (Existence::Unknown, None);
        };
        let candidates: Vec<String> = if self.is_driver() {
            vec![environment.file(&image)]
        } else {
            // Variables first: what they stand for may have spaces.
            programs(&environment.expand(&image)).iter().map(|program| environment.file(program)).collect()
        };
        let program = candidates.first().cloned().unwrap_or_default();
        if !self.is_driver() && (is_host(&program) || WRAPPERS.contains(&stem(&program).as_str())) {
            return match self.hosted(*registry, &program, gathering) {
                Some(library) => {
                    let library = environment.file(&library);
                    (files.look(&library), Some(library))
                }
                None => (Existence::Unknown, Some(program)),
            };
        }
        files.first_of(&candidates)
    }

    /// What a program that runs services of others is told to run: a library, or another program.
    fn hosted(&self, registry: &dyn Registry, program: &str, gathering: &mut Gathering) -> Option<String> {
        let parameters = values(registry, &format!(r"{SERVICES}\{}\Parameters", self.name), gathering);
        let parameter = |name: &str| parameters.as_ref()?.text(name);
        if stem(program) == "svchost" {
            return parameter("ServiceDll").or_else(|| self.values.text("ServiceDll"));
        }
        let application = parameter("Application")?;
        programs(&application).into_iter().next()
    }
}

/// A key of which nothing but the name may be read.
fn only_named(name: &str) -> Observation {
    let mut observation = Observation::new(ObservationSource::Services);
    observation.name = Some(name.to_owned());
    observation.scope = Some(Scope::Machine);
    observation
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{rows, windows_fixture};
    use crate::{FixtureHost, MapRegistry, RecordedWindows};
    use interdict_model::{CollectorStatus, Probes};

    fn collect(host: &FixtureHost) -> Collected {
        Services.collect(host, &Request::of(&Probes::default()))
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            format!(
                "{} {} \"{}\" {} starts:{} exists:{}",
                one.source,
                one.name.as_deref().unwrap_or("-"),
                one.display_name.as_deref().unwrap_or("-"),
                one.path.as_deref().unwrap_or("-"),
                one.raw(raw_key::AUTO_START).unwrap_or("-"),
                one.raw(raw_key::EXECUTABLE_EXISTS).unwrap_or("-"),
            )
        })
    }

    #[test]
    fn services_and_drivers_are_read_whatever_their_path_looks_like() {
        let collected = collect(&windows_fixture("windows/services", "every-spelling-of-a-path"));
        assert_eq!(
            found(&collected),
            [
                r#"services a-quoted "Vendor Agent" C:\Program Files\Vendor\agent.exe starts:true exists:true"#,
                r#"services b-unquoted "Repairs the agent" C:\Program Files\Vendor\agent.exe starts:false exists:true"#,
                r#"services c-triggered "-" C:\Program Files\Vendor\gone.dll starts:true exists:false"#,
                r#"services d-wrapped "-" C:\Program Files\Vendor\agent.exe starts:false exists:true"#,
                r#"services e-host-alone "-" C:\Windows\system32\svchost.exe starts:true exists:-"#,
                r#"drivers f-boot "Vendor filter" C:\Windows\system32\drivers\filter.sys starts:true exists:true"#,
                r#"drivers g-kernel "-" C:\Windows\System32\drivers\filter.sys starts:true exists:true"#,
                r#"drivers h-dos "-" C:\Windows\System32\drivers\filter.sys starts:false exists:true"#,
                r#"drivers i-pathless "-" C:\Windows\System32\drivers\i-pathless.sys starts:true exists:false"#,
                r#"services j-elsewhere "-" \\server\share\agent.exe starts:- exists:-"#,
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete);
    }

    #[test]
    fn what_runs_was_started() {
        let recorded = RecordedWindows { running_services: vec!["H-Dos".to_owned()], ..RecordedWindows::default() };
        let host = windows_fixture("windows/services", "every-spelling-of-a-path").running_windows(recorded);
        let starts = |name: &str| {
            let collected = collect(&host);
            let service = collected.observations.iter().find(|one| one.name.as_deref() == Some(name));
            service.and_then(|one| one.raw(raw_key::AUTO_START).map(str::to_owned))
        };
        assert_eq!(starts("h-dos").as_deref(), Some("true"));
        assert_eq!(starts("b-unquoted").as_deref(), Some("false"));
    }

    #[test]
    fn a_key_that_may_not_be_read_still_has_its_name() {
        let registry = MapRegistry::from_text(
            "REGEDIT4\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\agent]\n\"Type\"=dword:10\n",
        )
        .denied(r"HKLM\SYSTEM\CurrentControlSet\Services\agent");
        let collected = collect(&FixtureHost::windows(registry));
        assert_eq!(found(&collected), ["services agent \"-\" - starts:- exists:-"]);
        assert_eq!(collected.status, CollectorStatus::Partial);
        let reason = collected.reason.expect("partial");
        assert!(reason.contains(r"Services\agent may not be read as a test"), "{reason}");
        let missing = collect(&FixtureHost::windows(MapRegistry::default().missing(r"HKLM\SYSTEM")));
        assert_eq!(missing.status, CollectorStatus::NotPossible);
    }
}
