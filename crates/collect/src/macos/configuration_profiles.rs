//! Configuration profiles: what management has set, and which developers and programs it lets through.
//!
//! A rule that lets a vendor's extension load, or its program read all files, is often left when the product is not; and
//! where the product is, it is how it could be installed without anybody agreeing. A profile is kept with who made it,
//! and each rule as an observation of its own, under the program's identifier and the developer's team.
//!
//! The running system lists its profiles by a tool (those of the whole machine only to root). The files in which it keeps
//! them are read, too, as far as they are property lists. Of managed settings only the names of their files are taken:
//! they are the identifiers of the programs that are managed. Apple's own are left out.

use std::collections::BTreeSet;

use interdict_formats::apple::configuration_profile::{
    Allowance, ConfigurationProfile, parse_privacy_overrides, parse_profiles,
};
use interdict_formats::apple::is_team_identifier;
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::any::MOST_ENTRIES;
use crate::any::expected::is_file_or_link;
use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::programs::PROFILES;
use crate::host::{EntryKind, Host};
use crate::macos::{MACOS_FILES, begin, note, var};

/// Where profiles are kept, below `/var`.
const FOLDERS: &[&str] =
    &["db/ConfigurationProfiles/Settings", "db/ConfigurationProfiles/Store", "db/ConfigurationProfiles/Setup"];
/// What profiles let through to data, as the system keeps it.
const PRIVACY: &str = "/Library/Application Support/com.apple.TCC/MDMOverrides.plist";
/// Managed settings: of the machine, and of each user in a folder of that name.
const MANAGED: &str = "/Library/Managed Preferences";
/// How large a file of profiles may be.
const LARGEST: u64 = 32 << 20;
/// The raw kind of managed settings.
const MANAGED_SETTINGS: &str = "managed-settings";
/// The raw kind of a profile.
const PROFILE: &str = "profile";
/// What Apple's own identifiers begin with.
const APPLES: &str = "com.apple.";

/// Reads configuration profiles.
pub(crate) struct ConfigurationProfiles;

impl Collector for ConfigurationProfiles {
    fn name(&self) -> &'static str {
        "macos/configuration-profiles"
    }

    fn looks_at(&self) -> &'static str {
        "configuration profiles"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::ConfigurationProfiles]
    }

    fn needs(&self) -> Needs {
        MACOS_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let mut gathering = begin(host);
        let mut seen = BTreeSet::new();
        let mut keep = |observations: Vec<Observation>, gathering: &mut Gathering| {
            for observation in observations {
                let key = (observation.identifier.clone(), observation.signer.clone(), observation.raw.clone());
                if seen.insert((key, observation.scope.clone())) {
                    gathering.observations.push(observation);
                }
            }
        };
        let listed = listed(host, &mut gathering);
        keep(listed, &mut gathering);
        for folder in FOLDERS {
            let kept = kept(host, &var(host, folder), &mut gathering);
            keep(kept, &mut gathering);
        }
        let allowed = privacy(host, &mut gathering);
        keep(allowed, &mut gathering);
        let managed = managed(host, &mut gathering);
        keep(managed, &mut gathering);
        gathering.finish()
    }
}

/// What the running system's tool lists.
fn listed(host: &dyn Host, gathering: &mut Gathering) -> Vec<Observation> {
    if !host.is_live() {
        return Vec::new();
    }
    let user = host.describe_user();
    if user != "root" {
        let message = format!("the profiles of the whole machine are not listed to {user}");
        gathering.shortfall(Cause::NotAllowed, message);
    }
    let Some(printed) = gathering.ok(host.output_of(&PROFILES)) else { return Vec::new() };
    gathering.has_read();
    read(&printed, &PROFILES.line(), gathering)
}

/// What the system keeps in files. Only root may read them on a running system, and only what is a property list can be.
fn kept(host: &dyn Host, folder: &str, gathering: &mut Gathering) -> Vec<Observation> {
    let Some(entries) = gathering.ok(host.list(folder, MOST_ENTRIES)) else { return Vec::new() };
    gathering.has_read();
    let mut found = Vec::new();
    for entry in entries {
        let endings = [".plist", ".mobileconfig", ".binary"];
        if !endings.iter().any(|ending| entry.name.ends_with(ending)) {
            continue;
        }
        let path = format!("{folder}/{}", entry.name);
        if is_file_or_link(&entry, &path, gathering)
            && let Some(bytes) = gathering.ok(host.read(&path, LARGEST))
        {
            found.extend(read(&bytes, &path, gathering));
        }
    }
    found
}

fn read(bytes: &[u8], path: &str, gathering: &mut Gathering) -> Vec<Observation> {
    let (profiles, diagnostics) = parse_profiles(bytes, path);
    note(gathering, diagnostics);
    profiles.iter().flat_map(|profile| observations(profile, path)).collect()
}

fn observations(profile: &ConfigurationProfile, path: &str) -> Vec<Observation> {
    let scope = Some(profile.user.clone().map_or(Scope::Machine, Scope::User));
    let mut whole = Observation::new(ObservationSource::ConfigurationProfiles);
    whole.name.clone_from(&profile.display_name);
    whole.identifier.clone_from(&profile.identifier);
    whole.publisher.clone_from(&profile.organisation);
    whole.install_date.clone_from(&profile.installed);
    whole.path = Some(path.to_owned());
    whole.scope.clone_from(&scope);
    whole.raw.insert(raw_key::KIND.to_owned(), PROFILE.to_owned());
    let rules = profile.allowances.iter().map(|allowed| {
        let mut rule = allowance(allowed, path);
        rule.scope.clone_from(&scope);
        rule
    });
    std::iter::once(whole).chain(rules).collect()
}

/// A rule, under the program it lets through; under the developer's team, where it lets all of it through.
pub(super) fn allowance(allowed: &Allowance, path: &str) -> Observation {
    let mut rule = Observation::new(ObservationSource::ConfigurationProfiles);
    rule.identifier = allowed.program.clone().or_else(|| allowed.team.clone());
    // The team stands where the signature of the program would have it.
    rule.signer = allowed.team.clone().filter(|team| is_team_identifier(team));
    rule.path = Some(path.to_owned());
    rule.scope = Some(Scope::Machine);
    if let Some(program) = allowed.program.as_ref().filter(|program| program.starts_with('/')) {
        rule.install_location = Some(program.clone());
    }
    rule.raw.insert(raw_key::KIND.to_owned(), allowed.kind.word().to_owned());
    rule
}

fn privacy(host: &dyn Host, gathering: &mut Gathering) -> Vec<Observation> {
    let Some(bytes) = gathering.ok(host.read(PRIVACY, LARGEST)) else { return Vec::new() };
    gathering.has_read();
    let (allowed, diagnostics) = parse_privacy_overrides(&bytes, PRIVACY);
    note(gathering, diagnostics);
    allowed.iter().map(|allowed| allowance(allowed, PRIVACY)).collect()
}

fn managed(host: &dyn Host, gathering: &mut Gathering) -> Vec<Observation> {
    let Some(entries) = gathering.ok(host.list(MANAGED, MOST_ENTRIES)) else { return Vec::new() };
    gathering.has_read();
    let mut found = Vec::new();
    for entry in entries {
        let path = format!("{MANAGED}/{}", entry.name);
        if entry.kind == EntryKind::Folder {
            let scope = Scope::User(entry.name);
            let of_user = gathering.ok(host.list(&path, MOST_ENTRIES)).unwrap_or_default();
            let settings = of_user.iter().filter_map(|inner| managed_settings(&path, &inner.name));
            found.extend(settings.map(|one| Observation { scope: Some(scope.clone()), ..one }));
        } else {
            found.extend(managed_settings(MANAGED, &entry.name));
        }
    }
    found
}

fn managed_settings(folder: &str, name: &str) -> Option<Observation> {
    let identifier = name.strip_suffix(".plist").filter(|identifier| !identifier.starts_with(APPLES))?;
    let mut observation = Observation::new(ObservationSource::ConfigurationProfiles);
    observation.identifier = Some(identifier.to_owned());
    observation.path = Some(format!("{folder}/{name}"));
    observation.scope = Some(Scope::Machine);
    observation.raw.insert(raw_key::KIND.to_owned(), MANAGED_SETTINGS.to_owned());
    Some(observation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, rows};
    use interdict_model::{CollectorStatus, Probes};

    fn collect(host: &FixtureHost) -> Collected {
        ConfigurationProfiles.collect(host, &Request::of(&Probes::default()))
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            let scope = one.scope.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
            format!(
                "{} {} {} {scope}",
                one.raw(raw_key::KIND).unwrap_or("-"),
                one.identifier.as_deref().unwrap_or("-"),
                one.signer.as_deref().unwrap_or("-")
            )
        })
    }

    #[test]
    fn what_the_system_keeps_is_read() {
        let collected = collect(&fixture("macos/configuration-profiles", "kept"));
        assert_eq!(
            found(&collected),
            [
                "profile com.example.profile - machine",
                "allows-system-extension AAAAAAAAAA AAAAAAAAAA machine",
                "allows-system-extension com.example.on AAAAAAAAAA machine",
                "allows-access-to-data /Library/Agent/tool - machine",
                "allows-access-to-data com.example.agent AAAAAAAAAA machine",
                "managed-settings com.example.user - user:ada",
                "managed-settings com.example.agent - machine",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete, "{:?}", collected.reason);
        let profile = &collected.observations[0];
        assert_eq!((profile.name.as_deref(), profile.publisher.as_deref()), (Some("Agent"), Some("Example")));
        assert_eq!(collected.observations[3].install_location.as_deref(), Some("/Library/Agent/tool"));
    }

    #[test]
    fn a_running_system_lists_its_profiles_all_of_them_to_root() {
        let printed = fixture("macos/configuration-profiles", "listed").read("/printed.xml", LARGEST).expect("there");
        let host = FixtureHost::macos().running(Vec::new()).prints(&PROFILES, printed);
        let expected = [
            "profile com.example.profile - machine",
            "allows-kernel-extension AAAAAAAAAA AAAAAAAAAA machine",
            "profile com.example.of-ada - user:ada",
        ];
        let root = collect(&host.clone().read_as("root"));
        assert_eq!((found(&root), root.status), (expected.map(str::to_owned).to_vec(), CollectorStatus::Complete));
        let user = collect(&host);
        assert_eq!(user.status, CollectorStatus::Partial);
        assert_eq!(user.reason.as_deref(), Some("the profiles of the whole machine are not listed to uid 65534"));
    }
}
