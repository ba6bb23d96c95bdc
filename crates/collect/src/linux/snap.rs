//! Snaps: what snapd's state, the mounted snaps and the images on the disk say, put together by name.
//!
//! The state names revisions and channels and may be read by root alone; a snap's own description has its version and
//! title and is there only where the snap is mounted, as on a running system; the images are there on both. Who publishes
//! a snap stands in the assertions. Whether the image is there is checked for each, since there are few. Images are not
//! opened, so of a disk that is mounted elsewhere versions are not known. Users' data (`~/snap`) is not read.

use std::collections::{BTreeMap, BTreeSet};

use interdict_formats::snap::{self, Meta, State};
use interdict_model::{Diagnostic, Observation, ObservationSource, Scope, raw_key};

use crate::any::expected;
use crate::collector::{Cause, Collected, Collector, Gathering, INCOMPLETE, Needs, Request, placed};
use crate::host::{Host, HostError, Kind};
use crate::linux::{LINUX_FILES, MOST_ENTRIES, SMALL_FILE};

/// What snapd knows.
const STATE: &str = "/var/lib/snapd/state.json";
/// How large that may be; it has every change of the last days.
const LARGEST_STATE: u64 = 64 << 20;
/// The images, each named for its snap and revision.
const IMAGES: &str = "/var/lib/snapd/snaps";
/// Where snaps are mounted: the usual place, and that of Fedora and its kin.
const MOUNTS: &[&str] = &["/snap", "/var/lib/snapd/snap"];
/// What publishers and the store have signed.
const ASSERTIONS: &str = "/var/lib/snapd/assertions/asserts-v0";
/// What presence says of an image that no snap belongs to; see [`raw_key::STATUS`].
const NOT_INSTALLED: &str = "image left";

/// Reads snaps.
pub(crate) struct Snap;

impl Collector for Snap {
    fn name(&self) -> &'static str {
        "linux/snap"
    }

    fn looks_at(&self) -> &'static str {
        "snaps"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Snap]
    }

    fn needs(&self) -> Needs {
        LINUX_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let mut gathering = Gathering::default();
        let mounts = mounts(host, &mut gathering);
        let images = images(host, &mut gathering);
        let states = states(host, !images.is_empty(), &mut gathering);
        let mut names: BTreeSet<&String> = mounts.keys().chain(images.keys()).collect();
        names.extend(states.snaps.keys());
        if !names.is_empty() {
            gathering.has_read();
        }
        let publishers = if names.is_empty() { BTreeMap::new() } else { publishers(host, &mut gathering) };
        for name in names {
            let traces = Traces {
                is_state_whole: states.is_whole,
                state: states.snaps.get(name),
                mount: mounts.get(name).map(String::as_str),
                images: images.get(name).map(Vec::as_slice).unwrap_or_default(),
            };
            let mut observation = traces.observation(host, name, &mut gathering);
            observation.publisher = observation.name.as_ref().and_then(|name| publishers.get(name)).cloned();
            gathering.observations.push(observation);
        }
        gathering.finish()
    }
}

/// All that there is of one snap.
struct Traces<'t> {
    is_state_whole: bool,
    state: Option<&'t State>,
    /// The folder that its revisions are mounted in.
    mount: Option<&'t str>,
    /// The revisions of which there are images.
    images: &'t [String],
}

impl Traces<'_> {
    fn observation(&self, host: &dyn Host, name: &str, gathering: &mut Gathering) -> Observation {
        let used = self.mount.and_then(|mount| host.read_link(&format!("{mount}/current")).ok());
        let revision = self.state.and_then(|state| state.revision.clone()).or(used);
        let revision = revision.or_else(|| self.images.iter().max_by_key(|revision| rank(revision)).cloned());
        let meta = self.meta(host, revision.as_deref(), gathering);
        let mut observation = Observation::new(ObservationSource::Snap);
        // Several installations of one snap are parted by what follows an underscore; rules name the snap.
        observation.name = Some(name.split('_').next().unwrap_or(name).to_owned());
        observation.version = meta.version;
        observation.display_name = meta.title;
        observation.arch = Some(meta.architectures.join(",")).filter(|all| !all.is_empty());
        observation.scope = Some(Scope::Machine);
        observation.identifier = self.state.and_then(|state| state.snap_id.clone());
        let image = revision.as_ref().map(|revision| format!("{IMAGES}/{name}_{revision}.snap"));
        let mounted = self.mount.zip(revision.as_ref()).map(|(mount, revision)| format!("{mount}/{revision}"));
        let raw = [
            (raw_key::KIND, self.state.and_then(|state| state.kind.clone()).or(meta.kind)),
            (raw_key::CHANNEL, self.state.and_then(|state| state.channel.clone())),
            (raw_key::REVISION, revision),
            (raw_key::ENABLED, self.state.filter(|state| !state.active).map(|_| "false".to_owned())),
            (raw_key::STATUS, (self.is_state_whole && self.state.is_none()).then(|| NOT_INSTALLED.to_owned())),
        ];
        let known = raw.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
        observation.raw.extend(known);
        check(host, image.as_deref(), mounted.as_deref(), &meta.commands, &mut observation, gathering);
        observation.path = image.or_else(|| Some(STATE.to_owned()));
        observation.install_location = mounted;
        observation
    }

    fn meta(&self, host: &dyn Host, revision: Option<&str>, gathering: &mut Gathering) -> Meta {
        let Some(mount) = self.mount else { return Meta::default() };
        for place in [Some("current"), revision].into_iter().flatten() {
            let path = format!("{mount}/{place}/meta/snap.yaml");
            if let Some(bytes) = gathering.ok(host.read(&path, SMALL_FILE)) {
                return snap::parse_meta(&bytes);
            }
        }
        Meta::default()
    }
}

/// Revisions in order: those from the store by number, after those that are not.
fn rank(revision: &str) -> (u64, &str) {
    (revision.parse().unwrap_or_default(), revision)
}

/// Looks whether the image or the mounted snap is there, and for a program in it.
fn check(
    host: &dyn Host,
    image: Option<&str>,
    mounted: Option<&str>,
    commands: &[String],
    observation: &mut Observation,
    gathering: &mut Gathering,
) {
    let program =
        mounted.into_iter().flat_map(|mounted| commands.iter().map(move |command| format!("{mounted}/{command}")));
    let mut is_program =
        |path: &String| gathering.ok(host.look(path)).is_some_and(|found| found.kind == Kind::Executable);
    let program = program.into_iter().find(|path| is_program(path));
    let image = match image.map(|image| (host.look(image), image)) {
        Some((Ok(_), image)) => Some(image.to_owned()),
        Some((Err(HostError::NotFound { .. }), _)) | None => None,
        // An image that cannot be seen is not gone: without numbers it counts as not looked at.
        Some((Err(error), _)) if program.is_none() => return gathering.failed(&error),
        Some((Err(_), _)) => None,
    };
    // The programs of a snap that is not mounted are in its image.
    let executable = program.or(image);
    let present = if executable.is_some() { "1" } else { "0" };
    observation.raw.insert(raw_key::FILES_LISTED.to_owned(), "1".to_owned());
    observation.raw.insert(raw_key::FILES_PRESENT.to_owned(), present.to_owned());
    observation.raw.extend(executable.map(|executable| (raw_key::EXECUTABLE.to_owned(), executable)));
}

/// What the state says of each snap.
#[derive(Default)]
struct States {
    snaps: BTreeMap<String, State>,
    /// Whether it was read to its end, so that a snap it does not name is not installed.
    is_whole: bool,
}

fn states(host: &dyn Host, has_images: bool, gathering: &mut Gathering) -> States {
    let bytes = match host.read(STATE, LARGEST_STATE) {
        Ok(bytes) => bytes,
        // What is installed shows by its image, too; only channels stay unknown.
        Err(error @ HostError::Denied { .. }) if has_images => {
            let message = format!("{error}: snaps were listed by their images, their channels are not known");
            gathering.diagnostics.extend(placed(vec![Diagnostic::warning(INCOMPLETE, message)], STATE));
            return States::default();
        }
        Err(error) => {
            gathering.failed(&error);
            return States::default();
        }
    };
    let (snaps, diagnostics) = snap::parse_state(&bytes, STATE);
    for diagnostic in &diagnostics {
        gathering.shortfall(Cause::Broken, format!("{STATE}: {}", diagnostic.message));
    }
    let is_whole = diagnostics.is_empty();
    if is_whole {
        gathering.has_read();
    }
    gathering.diagnostics.extend(diagnostics);
    States { snaps, is_whole }
}

/// The folder of each snap that is mounted.
fn mounts(host: &dyn Host, gathering: &mut Gathering) -> BTreeMap<String, String> {
    let mut mounts = BTreeMap::new();
    for folder in MOUNTS {
        let entries = gathering.ok(host.list(folder, MOST_ENTRIES)).unwrap_or_default();
        // `bin` has links to the commands of all snaps.
        for entry in expected::folders(host, folder, entries, gathering).iter().filter(|entry| entry.name != "bin") {
            mounts.entry(entry.name.clone()).or_insert_with(|| format!("{folder}/{}", entry.name));
        }
    }
    mounts
}

/// The revisions of each snap of which there is an image.
fn images(host: &dyn Host, gathering: &mut Gathering) -> BTreeMap<String, Vec<String>> {
    let mut images: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in gathering.ok(host.list(IMAGES, MOST_ENTRIES)).unwrap_or_default() {
        let parts = entry.name.strip_suffix(".snap").and_then(|stem| stem.rsplit_once('_'));
        if let Some((name, revision)) = parts {
            images.entry(name.to_owned()).or_default().push(revision.to_owned());
        }
    }
    images
}

/// Who publishes each snap, by the snap's name: the name of the account, or its id where that is all there is.
fn publishers(host: &dyn Host, gathering: &mut Gathering) -> BTreeMap<String, String> {
    let accounts = assertions(host, &format!("{ASSERTIONS}/account"), gathering);
    let names: BTreeMap<&str, &str> = accounts
        .iter()
        .filter_map(|account| Some((account.get("account-id")?.as_str(), account.get("display-name")?.as_str())))
        .collect();
    // 16 is the series, of which there is one.
    let declarations = assertions(host, &format!("{ASSERTIONS}/snap-declaration/16"), gathering);
    let publishers = declarations.iter().filter_map(|declaration| {
        let account = declaration.get("publisher-id")?.as_str();
        Some((declaration.get("snap-name")?.clone(), (*names.get(account).unwrap_or(&account)).to_owned()))
    });
    publishers.collect()
}

/// The latest assertion in each folder.
fn assertions(host: &dyn Host, folder: &str, gathering: &mut Gathering) -> Vec<BTreeMap<String, String>> {
    let entries = gathering.ok(host.list(folder, MOST_ENTRIES)).unwrap_or_default();
    let mut all = Vec::new();
    for entry in expected::folders(host, folder, entries, gathering) {
        let folder = format!("{folder}/{}", entry.name);
        // One file for each format; the newest revision counts.
        let files = gathering.ok(host.list(&folder, MOST_ENTRIES)).unwrap_or_default();
        let active = files.iter().filter(|file| file.name == "active" || file.name.starts_with("active."));
        let read = active.filter_map(|file| gathering.ok(host.read(&format!("{folder}/{}", file.name), SMALL_FILE)));
        let parsed: Vec<_> = read.map(|bytes| snap::parse_assertion(&bytes)).collect();
        let revision = |headers: &BTreeMap<String, String>| {
            headers.get("revision").and_then(|revision| revision.parse::<u64>().ok()).unwrap_or_default()
        };
        all.extend(parsed.into_iter().max_by_key(revision));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, rows};
    use interdict_model::{CollectorStatus, Probes};

    fn collect(host: &FixtureHost) -> Collected {
        Snap.collect(host, &Request::of(&Probes::default()))
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            let of = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
            let raw = |key| one.raw(key).unwrap_or("-").to_owned();
            let executable = raw(raw_key::EXECUTABLE);
            [
                of(&one.name),
                of(&one.version),
                of(&one.publisher),
                raw(raw_key::REVISION),
                raw(raw_key::CHANNEL),
                executable,
            ]
            .join("|")
        })
    }

    #[test]
    fn a_running_system_and_its_disk_are_both_understood() {
        let running = collect(&fixture("linux/snap", "running"));
        let expected = [
            "agent|1.10|Example Limited|12|latest/edge|/snap/agent/12/bin/agent",
            "core22|20240111|canonical|1122|latest/stable|/var/lib/snapd/snaps/core22_1122.snap",
        ];
        assert_eq!(found(&running), expected);
        assert_eq!((running.status, running.reason), (CollectorStatus::Complete, None));
        assert_eq!(running.observations[0].display_name.as_deref(), Some("The Agent"));
        assert_eq!(running.observations[0].arch.as_deref(), Some("amd64"));
        assert_eq!(running.observations[1].raw(raw_key::KIND), Some("base"));

        let disk = collect(&fixture("linux/snap", "disk"));
        let expected = [
            "agent|-|-|12|latest/edge|/var/lib/snapd/snaps/agent_12.snap",
            "gone|-|-|3|-|-",
            "left|-|-|7|-|/var/lib/snapd/snaps/left_7.snap",
        ];
        assert_eq!(found(&disk), expected);
        assert_eq!((disk.status, disk.reason), (CollectorStatus::Complete, None));
        let of = |index: usize, key| disk.observations[index].raw(key);
        assert_eq!((of(0, raw_key::ENABLED), of(1, raw_key::ENABLED)), (None, Some("false")));
        assert_eq!((of(1, raw_key::FILES_PRESENT), of(2, raw_key::STATUS)), (Some("0"), Some("image left")));
    }

    #[test]
    fn without_rights_to_the_state_snaps_are_known_by_their_images() {
        let collected = collect(&fixture("linux/snap", "running").unreadable(STATE));
        assert_eq!(collected.status, CollectorStatus::Complete);
        let expected = [
            "agent|1.10|Example Limited|12|-|/snap/agent/12/bin/agent",
            "core22|20240111|canonical|1122|-|/var/lib/snapd/snaps/core22_1122.snap",
        ];
        assert_eq!(found(&collected), expected);
        assert!(collected.diagnostics[0].message.contains("their channels are not known"));
        let hidden = collect(&fixture("linux/snap", "running").unreadable("/var/lib/snapd"));
        assert_eq!((hidden.status, hidden.observations.len()), (CollectorStatus::Partial, 2));
        let all = fixture("linux/snap", "disk").unreadable("/var/lib/snapd");
        assert_eq!((collect(&all).status, collect(&all).observations.len()), (CollectorStatus::Partial, 1));
        let nothing_seen = FixtureHost::new().file(STATE, "{}").unreadable("/var/lib/snapd");
        assert_eq!(collect(&nothing_seen).status, CollectorStatus::NotPossible);
    }

    #[test]
    fn a_cut_state_is_partial_and_names_no_image_a_leftover() {
        let state = r#"{"data":{"snaps":{"agent":{"current":"12","active":true},"#;
        let host = fixture("linux/snap", "disk").file(STATE, state);
        let collected = collect(&host);
        assert_eq!(collected.status, CollectorStatus::Partial);
        let reason = collected.reason.as_deref();
        assert_eq!(reason, Some("/var/lib/snapd/state.json: the file ends within its JSON"));
        assert_eq!(collected.observations.len(), 2);
        assert!(collected.observations.iter().all(|one| one.raw(raw_key::STATUS).is_none()));
    }

    #[test]
    fn an_installation_beside_another_goes_by_the_snaps_name() {
        let state = r#"{"data":{"snaps":{"agent_work":{"current":"12","active":true}}}}"#;
        let collected = collect(&fixture("linux/snap", "running").file(STATE, state));
        let of_work = collected
            .observations
            .iter()
            .find(|one| one.raw(raw_key::ENABLED).is_none() && one.raw(raw_key::STATUS).is_none());
        let one = of_work.expect("installed");
        assert_eq!((one.name.as_deref(), one.publisher.as_deref()), (Some("agent"), Some("Example Limited")));
        assert_eq!(one.path.as_deref(), Some("/var/lib/snapd/snaps/agent_work_12.snap"));
    }

    #[test]
    fn nothing_is_complete() {
        assert_eq!(collect(&FixtureHost::new().folder("/etc")).status, CollectorStatus::Complete);
    }
}
