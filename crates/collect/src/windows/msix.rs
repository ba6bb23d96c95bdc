//! App packages (MSIX, Appx): those of the machine and of every user, as the registry lists them.
//!
//! What a package is called, who signed it and which programs it has stands in its manifest, which is read where the
//! package's folder is at hand. Names in other languages are not looked up: then the package's own name stands. Packages
//! that were removed and only remembered are not listed.

use std::collections::BTreeMap;

use interdict_formats::app_package::{AppManifest, PackageName, parse_full_name, parse_manifest, plain_name};
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::collector::{Collected, Collector, Gathering, Needs, Request};
use crate::host::{Host, HostError};
use crate::registry::{Registry, Values};
use crate::windows::existence::{Existence, Files};
use crate::windows::{Environment, WINDOWS_FILES, subkeys, user_key, users, values, without_registry};

/// Where the packages of the machine and those registered for each user are listed.
const STORE: &str = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Appx\AppxAllUserStore";
const OF_THE_MACHINE: &[&str] = &["Applications", "InboxApplications", "Staged"];
/// Where a user's own part of the registry lists them; the classes may lie apart from the rest.
const REPOSITORY: &str = r"Local Settings\Software\Microsoft\Windows\CurrentVersion\AppModel\Repository\Packages";
/// How large a manifest may be.
const LARGEST_MANIFEST: u64 = 4 << 20;

/// Reads app packages.
pub(crate) struct Msix;

impl Collector for Msix {
    fn name(&self) -> &'static str {
        "windows/msix"
    }

    fn looks_at(&self) -> &'static str {
        "app packages"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Msix]
    }

    fn needs(&self) -> Needs {
        WINDOWS_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let Some(registry) = host.registry() else { return without_registry() };
        let mut gathering = Gathering::default();
        let mut packages = Packages::default();
        for folder in OF_THE_MACHINE {
            packages.read(registry, &format!(r"{STORE}\{folder}"), &Scope::Machine, &mut gathering);
        }
        let users = users(registry, &mut gathering);
        for id in subkeys(registry, STORE, &mut gathering).into_iter().filter(|name| name.starts_with("S-1-")) {
            let name = users.iter().find(|user| user.id.eq_ignore_ascii_case(&id)).map_or(&id, |user| &user.name);
            packages.read(registry, &format!(r"{STORE}\{id}"), &Scope::User(name.clone()), &mut gathering);
        }
        for user in &users {
            for key in [
                user_key(user, &format!(r"Software\Classes\{REPOSITORY}")),
                format!(r"HKU\{}_Classes\{REPOSITORY}", user.id),
            ] {
                // The second is another name of the first where that is not at hand.
                match registry.subkeys(&key) {
                    Err(HostError::NotAtHand { .. }) => {}
                    _ => packages.read(registry, &key, &Scope::User(user.name.clone()), &mut gathering),
                }
            }
        }
        let environment = Environment::of(Some(registry));
        let mut files = Files::of(host);
        for package in packages.0.into_values() {
            let observation = package.observation(host, &environment, &mut files, &mut gathering);
            gathering.observations.extend(observation);
        }
        files.account("app packages", &mut gathering);
        gathering.finish()
    }
}

/// A package as it is listed.
struct Package {
    full_name: String,
    key: String,
    scope: Scope,
    /// Its folder.
    root: Option<String>,
    display_name: Option<String>,
}

/// The packages by scope and full name in small letters.
#[derive(Default)]
struct Packages(BTreeMap<(String, String), Package>);

impl Packages {
    fn read(&mut self, registry: &dyn Registry, key: &str, scope: &Scope, gathering: &mut Gathering) {
        for name in subkeys(registry, key, gathering) {
            let below = format!(r"{key}\{name}");
            if parse_full_name(&name).is_some() {
                self.add(registry, &name, below, scope, gathering);
                continue;
            }
            // Staged packages stand below their family.
            for full_name in subkeys(registry, &below, gathering) {
                if parse_full_name(&full_name).is_some() {
                    let key = format!(r"{below}\{full_name}");
                    self.add(registry, &full_name, key, scope, gathering);
                }
            }
        }
    }

    fn add(&mut self, registry: &dyn Registry, full_name: &str, key: String, scope: &Scope, gathering: &mut Gathering) {
        let values = values(registry, &key, gathering).unwrap_or_default();
        let package = self.0.entry((scope.to_string(), full_name.to_lowercase())).or_insert_with(|| Package {
            full_name: full_name.to_owned(),
            key,
            scope: scope.clone(),
            root: None,
            display_name: None,
        });
        if package.root.is_none() {
            package.root = root(&values);
        }
        if package.display_name.is_none() {
            package.display_name = values.text("DisplayName").and_then(|name| plain_name(&name).map(str::to_owned));
        }
    }
}

/// The folder of a package: named itself, or that of its manifest. That of a bundle holds no program, but other packages do.
fn root(values: &Values) -> Option<String> {
    let of_manifest = |path: String| {
        let (folder, name) = path.rsplit_once('\\')?;
        name.eq_ignore_ascii_case("AppxManifest.xml").then(|| folder.to_owned())
    };
    values.text("PackageRootFolder").or_else(|| values.text("Path").and_then(of_manifest))
}

impl Package {
    fn observation(
        &self,
        host: &dyn Host,
        environment: &Environment,
        files: &mut Files<'_>,
        gathering: &mut Gathering,
    ) -> Option<Observation> {
        let name = parse_full_name(&self.full_name)?;
        let root = self.root.as_deref().map(|root| environment.file(root));
        let existence = root.as_deref().map_or(Existence::Unknown, |root| files.look(root));
        let manifest = match (&root, existence) {
            (Some(root), Existence::There(_)) => manifest(host, root, gathering),
            _ => AppManifest::default(),
        };
        let mut observation = self.described(&name, &manifest);
        let programs = manifest.programs.iter().filter_map(|program| Some(format!(r"{}\{program}", root.as_deref()?)));
        let (program, path) = files.first_of(&programs.collect::<Vec<_>>());
        let raw = &mut observation.raw;
        if let Existence::There(_) = program {
            raw.extend(path.map(|path| (raw_key::EXECUTABLE.to_owned(), path)));
        }
        // A package without programs of its own is as much there as its folder; nothing more can be looked for.
        let present = match (existence, program) {
            (Existence::Gone, _) => Some((1, 0)),
            (Existence::There(_), Existence::There(_)) => Some((2, 2)),
            (Existence::There(_), Existence::Gone) => Some((2, 1)),
            (Existence::There(_) | Existence::Unknown, _) => None,
        };
        if let Some((listed, present)) = present {
            raw.insert(raw_key::FILES_LISTED.to_owned(), listed.to_string());
            raw.insert(raw_key::FILES_PRESENT.to_owned(), present.to_string());
        }
        observation.install_location = root;
        Some(observation)
    }

    fn described(&self, name: &PackageName<'_>, manifest: &AppManifest) -> Observation {
        let mut observation = Observation::new(ObservationSource::Msix);
        let display_name = self.display_name.clone().or_else(|| manifest.display_name.clone());
        observation.name = Some(display_name.unwrap_or_else(|| name.name.to_owned()));
        observation.version = Some(name.version.to_owned());
        observation.arch = Some(name.arch.to_owned());
        observation.identifier = Some(name.family());
        observation.publisher.clone_from(&manifest.publisher_display_name);
        observation.signer.clone_from(&manifest.publisher);
        observation.path = Some(self.key.clone());
        observation.scope = Some(self.scope.clone());
        observation
    }
}

fn manifest(host: &dyn Host, root: &str, gathering: &mut Gathering) -> AppManifest {
    let file = format!(r"{}\AppxManifest.xml", root.trim_end_matches('\\'));
    let Some(bytes) = gathering.ok(host.read(&file, LARGEST_MANIFEST)) else { return AppManifest::default() };
    let (manifest, diagnostics) = parse_manifest(&bytes, &file);
    gathering.diagnostics.extend(diagnostics);
    manifest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{rows, windows_fixture};
    use interdict_model::{CollectorStatus, Probes};

    const MANIFEST: &str = r#"<Package><Identity Publisher="CN=Vendor, O=Vendor Ltd"/><Properties>
        <DisplayName>Vendor App</DisplayName><PublisherDisplayName>Vendor</PublisherDisplayName></Properties>
        <Applications><Application Executable="app.exe"/></Applications></Package>"#;

    #[test]
    fn packages_of_the_machine_and_of_users_are_read_with_their_manifests() {
        let root = r"C:\Program Files\WindowsApps\Vendor.App_1.2.3.4_x64__0123456789abc";
        let host = windows_fixture("windows/msix", "every-list").file(&format!(r"{root}\AppxManifest.xml"), MANIFEST);
        let collected = Msix.collect(&host, &Request::of(&Probes::default()));
        let rows = rows(&collected, |one| {
            let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
            let raw = |key| one.raw(key).unwrap_or("-");
            let scope = one.scope.as_ref().map(ToString::to_string).unwrap_or_default();
            format!(
                "{scope} | {} {} {} | {} | {} | {} | {} of {} {}",
                text(&one.name),
                text(&one.version),
                text(&one.arch),
                text(&one.identifier),
                text(&one.publisher),
                text(&one.signer),
                raw(raw_key::FILES_PRESENT),
                raw(raw_key::FILES_LISTED),
                raw(raw_key::EXECUTABLE).rsplit('\\').next().unwrap_or_default(),
            )
        });
        assert_eq!(
            rows,
            [
                "machine | Vendor.App 1.2.3.4 neutral | Vendor.App_0123456789abc | - | - | - of - -",
                "machine | Vendor.Gone 1.0.0.0 x64 | Vendor.Gone_0123456789abc | - | - | 0 of 1 -",
                "machine | Vendor.Inbox 1.0.0.0 neutral | Vendor.Inbox_0123456789abc | - | - | - of - -",
                "user:ada | Vendor App 1.2.3.4 x64 | Vendor.App_0123456789abc | Vendor | CN=Vendor, O=Vendor Ltd | 2 of 2 app.exe",
                "user:ada | Only for Ada 2.0.0.0 x64 | Vendor.Own_0123456789abc | - | - | - of - -",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete, "{:?}", collected.reason);
    }
}
