//! Extensions of browsers, the policies and programs that bring them, and the programs they may talk to.
//!
//! Browsers of the Chromium and the Firefox family are found by what their folders hold, not by a list of brands, in every
//! home and in the homes of sandboxes (snap, Flatpak). One observation stands for one extension of one profile, one
//! policy's demand for one, or one native messaging host. Add-ons that are part of a browser are left out, and so are
//! Safari's, which are parts of applications. What an extension may do and its code are not read.

mod chromium;
mod firefox;
mod policy_keys;
mod search;

use interdict_formats::browser::parse_native_host;
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::any::homes::homes;
use crate::collector::{Cause, Collected, Collector, Needs, Request};
use crate::host::{Host, HostError};
use crate::linux::LINUX_FILES;
use crate::macos::{MACOS_FILES, begin};
use crate::windows::WINDOWS_FILES;

use search::{Search, browser_of};

/// How large a manifest or policy may be.
const LARGEST_MANIFEST: u64 = 4 << 20;
/// How many extensions and hosts of one machine are listed.
const MOST_OBSERVATIONS: usize = 100_000;
/// The raw kind of what a policy demands, whether or not it is there.
const KIND_POLICY: &str = "policy";
/// The raw kind of an extension that a program of the machine brings to every profile.
const KIND_EXTERNAL: &str = "external";
/// The raw kind of an extension that is loaded from a folder of the user's choice.
const KIND_UNPACKED: &str = "unpacked";
/// The raw kind of a program that extensions may start.
const KIND_NATIVE_HOST: &str = "native-messaging-host";

/// Where the browsers of one family of systems keep what is read. Paths are patterns: a part that is `*` stands for any
/// folder.
pub(super) struct Places {
    /// Folders below a home in which browsers have theirs, one or two folders down.
    bases: &'static [&'static str],
    /// Folders below a home in which browsers of the Firefox family keep `profiles.ini`.
    firefox: &'static [&'static str],
    /// Folders of native messaging hosts below a home, beside those in the browsers' folders.
    user_hosts: &'static [&'static str],
    /// Folders of native messaging hosts for all users.
    hosts: &'static [&'static str],
    /// Folders of managed policies of the Chromium family.
    policies: &'static [&'static str],
    /// Folders of files that bring an extension to every profile of the Chromium family.
    external: &'static [&'static str],
    /// Policies of the Firefox family.
    firefox_policies: &'static [&'static str],
    /// Folders of add-ons for every profile of the Firefox family.
    distribution: &'static [&'static str],
}

/// Reads browser extensions, on one family of systems.
pub(crate) struct BrowserExtensions {
    name: &'static str,
    needs: Needs,
    places: &'static Places,
}

impl BrowserExtensions {
    /// On Linux.
    pub(crate) const LINUX: Self = Self {
        name: "linux/browser-extensions",
        needs: LINUX_FILES,
        places: &Places {
            bases: &[".config", ".var/app/*/config", "snap/*/common", "snap/*/current/.config"],
            firefox: &[
                ".mozilla/firefox",
                ".thunderbird",
                ".librewolf",
                ".waterfox",
                ".floorp",
                ".zen",
                "snap/*/common/.mozilla/firefox",
                "snap/*/common/.thunderbird",
                ".var/app/*/.mozilla/firefox",
                ".var/app/*/.thunderbird",
                ".var/app/*/.librewolf",
                ".var/app/*/.waterfox",
                ".var/app/*/.floorp",
                ".var/app/*/.zen",
            ],
            user_hosts: &[
                ".mozilla/native-messaging-hosts",
                ".librewolf/native-messaging-hosts",
                ".waterfox/native-messaging-hosts",
                ".config/mozilla/native-messaging-hosts",
            ],
            hosts: &[
                "/etc/*/native-messaging-hosts",
                "/etc/opt/*/native-messaging-hosts",
                "/etc/opt/*/*/native-messaging-hosts",
                "/usr/lib/mozilla/native-messaging-hosts",
                "/usr/lib64/mozilla/native-messaging-hosts",
                "/usr/share/mozilla/native-messaging-hosts",
            ],
            policies: &["/etc/*/policies/managed", "/etc/opt/*/policies/managed", "/etc/opt/*/*/policies/managed"],
            external: &["/usr/share/*/extensions", "/opt/*/extensions", "/opt/*/*/extensions"],
            firefox_policies: &[
                "/etc/*/policies/policies.json",
                "/usr/lib/*/distribution/policies.json",
                "/usr/lib64/*/distribution/policies.json",
                "/opt/*/distribution/policies.json",
            ],
            distribution: &[
                "/usr/lib/*/distribution/extensions",
                "/usr/lib64/*/distribution/extensions",
                "/opt/*/distribution/extensions",
                "/usr/lib/mozilla/extensions/*",
                "/usr/lib64/mozilla/extensions/*",
                "/usr/share/mozilla/extensions/*",
            ],
        },
    };
    /// On macOS.
    pub(crate) const MACOS: Self = Self {
        name: "macos/browser-extensions",
        needs: MACOS_FILES,
        places: &Places {
            bases: &["Library/Application Support"],
            firefox: &["Library/Application Support/Firefox", "Library/Thunderbird"],
            user_hosts: &[],
            hosts: &[
                "/Library/Google/Chrome/NativeMessagingHosts",
                "/Library/Microsoft/Edge/NativeMessagingHosts",
                "/Library/Application Support/*/NativeMessagingHosts",
                "/Library/Application Support/*/*/NativeMessagingHosts",
            ],
            policies: &["/Library/Managed Preferences", "/Library/Managed Preferences/*"],
            external: &["/Library/Application Support/*/*/External Extensions"],
            firefox_policies: &["/Applications/*/Contents/Resources/distribution/policies.json"],
            distribution: &[
                "/Applications/*/Contents/Resources/distribution/extensions",
                "/Library/Application Support/Mozilla/Extensions/*",
            ],
        },
    };
    /// On Windows.
    pub(crate) const WINDOWS: Self = Self {
        name: "windows/browser-extensions",
        needs: WINDOWS_FILES,
        places: &Places {
            bases: &["AppData/Local", "AppData/Roaming"],
            firefox: &["AppData/Roaming/Mozilla/Firefox", "AppData/Roaming/Thunderbird"],
            // Hosts are named in the registry, and so are policies.
            user_hosts: &[],
            hosts: &[],
            policies: &[],
            external: &[],
            firefox_policies: &[
                r"C:\Program Files\*\distribution\policies.json",
                r"C:\Program Files (x86)\*\distribution\policies.json",
            ],
            distribution: &[
                r"C:\Program Files\*\distribution\extensions",
                r"C:\Program Files (x86)\*\distribution\extensions",
            ],
        },
    };
}

impl Collector for BrowserExtensions {
    fn name(&self) -> &'static str {
        self.name
    }

    fn looks_at(&self) -> &'static str {
        "browser extensions"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::BrowserExtensions]
    }

    fn needs(&self) -> Needs {
        self.needs
    }

    fn collect(&self, host: &dyn Host, request: &Request<'_>) -> Collected {
        let mut gathering = begin(host);
        let mut search = Search::new(host, &mut gathering);
        let homes = homes(host, search.gathering);
        for home in &homes {
            if (request.cancelled)() {
                break;
            }
            let scope = home.scope();
            let folders = search.browser_folders(home, self.places);
            for folder in &folders.chromium {
                chromium::read_folder(&mut search, folder, &scope);
            }
            for root in &folders.firefox {
                firefox::read_root(&mut search, root, &scope);
            }
            for pattern in self.places.user_hosts {
                for folder in search.expand(&home.below(pattern)) {
                    read_native_hosts(&mut search, &folder, &browser_of(pattern), &scope);
                }
            }
        }
        self.read_machine(&mut search);
        policy_keys::read(&mut search);
        if search.gathering.observations.len() > MOST_OBSERVATIONS {
            search.gathering.observations.truncate(MOST_OBSERVATIONS);
            let message = format!("there are more than the {MOST_OBSERVATIONS} extensions that are listed");
            search.gathering.shortfall(Cause::Broken, message);
        }
        gathering.finish()
    }
}

impl BrowserExtensions {
    /// What is there for every user.
    fn read_machine(&self, search: &mut Search<'_>) {
        let places = self.places;
        let mut each = |patterns: &[&str], read: fn(&mut Search<'_>, &str)| {
            for pattern in patterns {
                for path in search.expand(pattern) {
                    read(search, &path);
                }
            }
        };
        each(places.hosts, |search, folder| read_native_hosts(search, folder, &browser_of(folder), &Scope::Machine));
        each(places.policies, chromium::read_policies);
        each(places.external, |search, folder| chromium::read_external(search, folder, &Scope::Machine));
        each(places.firefox_policies, firefox::read_policies);
        each(places.distribution, firefox::read_distribution);
    }
}

/// An observation of an extension.
fn extension(id: &str, browser: &str, scope: &Scope) -> Observation {
    let mut observation = Observation::new(ObservationSource::BrowserExtensions);
    observation.identifier = Some(id.to_owned());
    observation.scope = Some(scope.clone());
    observation.raw.insert(raw_key::BROWSER.to_owned(), browser.to_owned());
    observation
}

/// What a policy demands: the extension may be there or not.
fn demanded(id: &str, browser: &str, place: &str, scope: &Scope) -> Observation {
    let mut observation = extension(id, browser, scope);
    observation.path = Some(place.to_owned());
    observation.raw.insert(raw_key::KIND.to_owned(), KIND_POLICY.to_owned());
    observation
}

/// Notes where an extension or a host's program is, and whether it is there.
fn note_place(search: &mut Search<'_>, observation: &mut Observation, path: String) {
    let exists = match search.host.look(&path) {
        Ok(_) => Some(true),
        Err(HostError::NotFound { .. }) => Some(false),
        Err(error) => {
            search.gathering.failed(&error);
            None
        }
    };
    if let Some(exists) = exists {
        observation.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), exists.to_string());
    }
    observation.path = Some(path);
}

/// Reads a folder of native messaging hosts' manifests.
fn read_native_hosts(search: &mut Search<'_>, folder: &str, browser: &str, scope: &Scope) {
    for name in search.files(folder) {
        if let Some(stem) = name.strip_suffix(".json") {
            let path = search.below(folder, &name);
            read_native_host(search, &path, stem, browser, scope);
        }
    }
}

/// Reads the manifest of a native messaging host that goes by a name.
fn read_native_host(search: &mut Search<'_>, manifest: &str, name: &str, browser: &str, scope: &Scope) {
    let mut observation = extension(name, browser, scope);
    observation.raw.insert(raw_key::KIND.to_owned(), KIND_NATIVE_HOST.to_owned());
    observation.name = Some(name.to_owned());
    observation.path = Some(manifest.to_owned());
    let bytes = search.gathering.ok(search.host.read(manifest, LARGEST_MANIFEST));
    let (host, diagnostics) = bytes.map(|bytes| parse_native_host(&bytes, manifest)).unwrap_or_default();
    search.unreadable(manifest, diagnostics);
    if let Some(host) = host {
        if let Some(name) = host.name {
            observation.identifier = Some(name.clone());
            observation.name = Some(name);
        }
        observation.display_name = host.description;
        if !host.extensions.is_empty() {
            observation.raw.insert(raw_key::EXTENSIONS.to_owned(), host.extensions.join(","));
        }
        if let Some(program) = host.path {
            // Relative to the manifest, which only Windows allows.
            let is_whole = program.starts_with('/') || program.contains(':') || program.starts_with('\\');
            let folder = manifest.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder);
            let program = if is_whole { program } else { search.below(folder, &program) };
            note_place(search, &mut observation, program);
        }
    }
    search.gathering.observations.push(observation);
}

#[cfg(test)]
mod tests;
