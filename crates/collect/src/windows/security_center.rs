//! Products registered with Windows Security Center, as it says while it runs and as the registry keeps it.
//!
//! Servers have no Security Center. A registration often outlives its product, so the programs it names are looked for. The
//! registry's copy is undocumented; what it says beyond names, programs and state is not read.

use std::collections::BTreeSet;

use interdict_formats::security_center::product_state;
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::{Host, HostError, RunningWindows, SecurityProduct, SecurityProductKind};
use crate::registry::Registry;
use crate::windows::environment::{Environment, is_on_a_drive};
use crate::windows::existence::{Existence, Files};
use crate::windows::{VERSION, WINDOWS_FILES, subkeys, values};

/// Where the registry keeps the products, and as what they are registered there.
const PROVIDERS: &str = r"HKLM\SOFTWARE\Microsoft\Security Center\Provider";
const KINDS: &[(&str, SecurityProductKind)] = &[
    ("Av", SecurityProductKind::AntiVirus),
    ("As", SecurityProductKind::AntiSpyware),
    ("Fw", SecurityProductKind::Firewall),
];
/// Said of a system that has none.
pub(crate) const NO_SECURITY_CENTER: &str = "this Windows has no Security Center (servers do not)";

/// Reads Security Center.
pub(crate) struct SecurityCenter;

impl Collector for SecurityCenter {
    fn name(&self) -> &'static str {
        "windows/security-center"
    }

    fn looks_at(&self) -> &'static str {
        "Windows Security Center"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Wsc]
    }

    fn needs(&self) -> Needs {
        WINDOWS_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let mut gathering = Gathering::default();
        let registry = host.registry();
        let mut products = match host.running_windows().map(RunningWindows::security_products) {
            Some(Ok(products)) => {
                gathering.has_read();
                products
            }
            Some(Err(HostError::NotAtHand { .. })) if registry.is_some_and(is_server) => {
                return kept(host, registry, NO_SECURITY_CENTER);
            }
            // A client has one: that it does not answer leaves open what it would say.
            Some(Err(HostError::NotAtHand { why, .. })) => {
                return kept(host, registry, &format!("Windows Security Center does not answer: {why}"));
            }
            Some(Err(error)) => {
                gathering.failed(&error);
                Vec::new()
            }
            None if registry.is_some_and(is_server) => return kept(host, registry, NO_SECURITY_CENTER),
            None => Vec::new(),
        };
        match registry {
            Some(registry) => products.extend(registered(registry, &mut gathering)),
            None if host.running_windows().is_none() => return super::without_registry(),
            None => {}
        }
        observe(host, registry, products, &mut gathering);
        gathering.finish()
    }
}

/// What the registry keeps on a system that has no Security Center; mostly nothing.
fn kept(host: &dyn Host, registry: Option<&dyn Registry>, why: &str) -> Collected {
    // What is read here does not make it possible to ask what is not there.
    let mut aside = Gathering::default();
    let products = registry.map(|registry| registered(registry, &mut aside)).unwrap_or_default();
    let mut gathering = Gathering::default();
    gathering.shortfall(Cause::NotAllowed, why);
    observe(host, registry, products, &mut gathering);
    gathering.finish()
}

/// Whether the system is a server, as it says itself.
fn is_server(registry: &dyn Registry) -> bool {
    let kind = registry.value(VERSION, "InstallationType").ok().flatten();
    kind.as_ref().and_then(|kind| kind.text()).is_some_and(|kind| kind.starts_with("Server"))
}

/// The products that the registry keeps.
fn registered(registry: &dyn Registry, gathering: &mut Gathering) -> Vec<SecurityProduct> {
    let mut products = Vec::new();
    for (folder, kind) in KINDS {
        let key = format!(r"{PROVIDERS}\{folder}");
        for instance in subkeys(registry, &key, gathering) {
            let Some(values) = values(registry, &format!(r"{key}\{instance}"), gathering) else { continue };
            let state = values.number("STATE").and_then(|state| u32::try_from(state).ok());
            products.push(SecurityProduct {
                kind: *kind,
                name: values.text("DISPLAYNAME").unwrap_or_default(),
                instance,
                product_path: values.text("PRODUCTEXE"),
                reporting_path: values.text("REPORTINGEXE"),
                state: state.unwrap_or(u32::MAX),
                timestamp: None,
            });
        }
    }
    products
}

/// Each product once, as first said.
fn observe(
    host: &dyn Host,
    registry: Option<&dyn Registry>,
    products: Vec<SecurityProduct>,
    gathering: &mut Gathering,
) {
    let environment = Environment::of(registry);
    let mut files = Files::of(host);
    let mut seen = BTreeSet::new();
    for product in products {
        if seen.insert((product.kind, product.instance.to_lowercase())) {
            gathering.observations.push(observation(&product, &environment, &mut files));
        }
    }
    files.account("products registered with Security Center", gathering);
}

fn observation(product: &SecurityProduct, environment: &Environment, files: &mut Files<'_>) -> Observation {
    let mut observation = Observation::new(ObservationSource::Wsc);
    observation.name = Some(product.name.clone()).filter(|name| !name.is_empty());
    observation.identifier = Some(product.instance.clone());
    observation.scope = Some(Scope::Machine);
    // What reports for the product is a program of it; what opens its window may be an address.
    let written = [&product.reporting_path, &product.product_path];
    let programs: Vec<String> = written.into_iter().flatten().map(|path| environment.file(path)).collect();
    let on_drives: Vec<String> = programs.iter().filter(|path| is_on_a_drive(path)).cloned().collect();
    let (existence, path) = files.first_of(&on_drives);
    observation.path = path.or_else(|| product.product_path.clone());
    let raw = &mut observation.raw;
    if let Some(exists) = Existence::known(existence) {
        raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), exists.to_string());
    }
    let says = product_state(product.state);
    if let Some(state) = says.state {
        raw.insert(raw_key::STATE.to_owned(), state.to_owned());
    }
    // A firewall has no definitions.
    if let Some(current) = says.up_to_date.filter(|_| product.kind != SecurityProductKind::Firewall) {
        raw.insert(raw_key::UP_TO_DATE.to_owned(), current.to_string());
    }
    let kind = match product.kind {
        SecurityProductKind::AntiVirus => "anti-virus",
        SecurityProductKind::AntiSpyware => "anti-spyware",
        SecurityProductKind::Firewall => "firewall",
    };
    raw.insert(raw_key::KIND.to_owned(), kind.to_owned());
    observation
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{rows, windows_fixture};
    use crate::{FixtureHost, MapRegistry, RecordedWindows};
    use interdict_model::{CollectorStatus, Probes};

    fn collect(host: &FixtureHost) -> Collected {
        SecurityCenter.collect(host, &Request::of(&Probes::default()))
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            let raw = |key| one.raw(key).unwrap_or("-");
            format!(
                "{} {} {} {} exists:{} {} current:{}",
                raw(raw_key::KIND),
                one.name.as_deref().unwrap_or("-"),
                one.identifier.as_deref().unwrap_or("-"),
                one.path.as_deref().unwrap_or("-"),
                raw(raw_key::EXECUTABLE_EXISTS),
                raw(raw_key::STATE),
                raw(raw_key::UP_TO_DATE),
            )
        })
    }

    #[test]
    fn what_the_registry_keeps_is_read_from_a_still_system_too() {
        let collected = collect(&windows_fixture("windows/security-center", "kept-by-the-registry"));
        assert_eq!(
            found(&collected),
            [
                r"anti-virus Gone Antivirus {0001} C:\Program Files\Gone\report.exe exists:false snoozed current:false",
                r"anti-virus Windows Defender {0002} C:\Program Files\Windows Defender\MsMpeng.exe exists:true on current:true",
                r"firewall - {0003} - exists:- - current:-",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete);
    }

    #[test]
    fn what_is_said_while_it_runs_goes_before_what_is_kept() {
        let said = SecurityProduct {
            kind: SecurityProductKind::AntiVirus,
            name: "Gone Antivirus".to_owned(),
            instance: "{0001}".to_owned(),
            product_path: Some("gone://open".to_owned()),
            reporting_path: None,
            state: 0x04_1000,
            timestamp: None,
        };
        let recorded = RecordedWindows { security_products: Some(vec![said]), ..RecordedWindows::default() };
        let host = windows_fixture("windows/security-center", "kept-by-the-registry").running_windows(recorded);
        let collected = collect(&host);
        assert_eq!(found(&collected)[0], "anti-virus Gone Antivirus {0001} gone://open exists:- on current:true");
        assert_eq!(collected.observations.len(), 3);
    }

    #[test]
    fn a_system_without_security_center_says_so() {
        let without = RecordedWindows::default();
        let server = "REGEDIT4\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion]\n\"InstallationType\"=\"Server Core\"\n";
        let running = FixtureHost::windows_from(server, "").running_windows(without.clone());
        let still = FixtureHost::windows_from(server, "");
        for host in [running, still] {
            let collected = collect(&host);
            assert_eq!(collected.status, CollectorStatus::NotPossible);
            assert_eq!(collected.reason.as_deref(), Some(NO_SECURITY_CENTER));
        }
        let silent = collect(&FixtureHost::windows(MapRegistry::default()).running_windows(without));
        assert_eq!(silent.status, CollectorStatus::NotPossible);
        assert_ne!(silent.reason.as_deref(), Some(NO_SECURITY_CENTER), "a client that does not answer is no server");
        let client = collect(&FixtureHost::windows(MapRegistry::default()));
        assert_eq!((client.status, client.observations.len()), (CollectorStatus::Complete, 0));
        let missing = collect(&FixtureHost::windows(MapRegistry::default().missing(r"HKLM\SOFTWARE")));
        assert_eq!(missing.status, CollectorStatus::NotPossible);
    }
}
