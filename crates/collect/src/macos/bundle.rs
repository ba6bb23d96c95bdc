//! Bundles: folders that macOS treats as one thing, such as applications and extensions.
//!
//! What a bundle is stands in its `Info.plist`, at one of four places: in `Contents` as macOS has it, beside the program
//! as iOS has it, or, of an iOS application on a Mac, one wrapper further in.

use interdict_formats::apple::bundle::{BundleInfo, parse_info_plist};
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::any::MOST_ENTRIES;
use crate::collector::Gathering;
use crate::host::{EntryKind, Host, HostError};
use crate::macos::{has_ending, note, signature};

/// How large an `Info.plist` may be; the largest known ones have some hundred kilobytes.
const LARGEST_INFO: u64 = 8 << 20;

/// A bundle as it lies on the disk.
pub(super) struct Bundle {
    /// Its folder.
    pub(super) path: String,
    /// What it says of itself.
    pub(super) info: BundleInfo,
    /// Its program.
    pub(super) program: Program,
}

/// The program of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Program {
    /// It exists.
    Exists(String),
    /// It does not, though the bundle should have it there.
    Missing,
    /// It could not be looked for, or the bundle names none.
    Unknown,
}

impl Bundle {
    /// The bundle in a folder. One whose `Info.plist` is missing or unreadable is one all the same.
    pub(super) fn read(host: &dyn Host, path: &str, gathering: &mut Gathering) -> Self {
        for (info, programs) in places(host, path) {
            let bytes = match host.read(&info, LARGEST_INFO) {
                Err(HostError::NotFound { .. }) => continue,
                bytes => bytes,
            };
            let (info, diagnostics) = match gathering.ok(bytes) {
                Some(bytes) => parse_info_plist(&bytes, &info),
                None => return Self { path: path.to_owned(), info: BundleInfo::default(), program: Program::Unknown },
            };
            note(gathering, diagnostics);
            let program = program(host, &programs, info.executable.as_deref().unwrap_or(stem(path)), gathering);
            return Self { path: path.to_owned(), info, program };
        }
        // Without an Info.plist the program has the name of the bundle, if there is one left.
        let program = program(host, &format!("{path}/Contents/MacOS"), stem(path), gathering);
        Self { path: path.to_owned(), info: BundleInfo::default(), program }
    }

    /// What every observation of a bundle says: names, version, identifier, program and signature.
    pub(super) fn observation(
        &self,
        host: &dyn Host,
        source: ObservationSource,
        scope: &Scope,
        gathering: &mut Gathering,
    ) -> Observation {
        let mut observation = Observation::new(source);
        let BundleInfo { identifier, name, display_name, version, copyright, .. } = &self.info;
        let plain = name.as_ref().or(display_name.as_ref()).map_or_else(|| stem(&self.path), String::as_str);
        observation.name = Some(plain.to_owned());
        observation.display_name = display_name.clone().filter(|display| display != plain);
        observation.version.clone_from(version);
        observation.identifier.clone_from(identifier);
        observation.path = Some(self.path.clone());
        observation.scope = Some(scope.clone());
        match &self.program {
            Program::Exists(program) => {
                observation.raw.insert(raw_key::EXECUTABLE.to_owned(), program.clone());
                signature::sign(host, program, &mut observation, gathering);
            }
            Program::Missing => {
                observation.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), false.to_string());
            }
            Program::Unknown => {}
        }
        if observation.signer.is_none() {
            // What anybody can write is better than nothing, and says less than a signature.
            observation.publisher = copyright.as_deref().and_then(interdict_formats::apple::bundle::copyright_holder);
        }
        observation
    }
}

/// Where an `Info.plist` may lie, each with the folder of the programs that belong to it.
fn places(host: &dyn Host, path: &str) -> Vec<(String, String)> {
    let mut places = vec![(format!("{path}/Contents/Info.plist"), format!("{path}/Contents/MacOS"))];
    let wrapped = format!("{path}/WrappedBundle");
    places.push((format!("{wrapped}/Info.plist"), wrapped));
    // The link WrappedBundle leads here; it gets lost when a disk is copied without its links.
    let wrapper = format!("{path}/Wrapper");
    let inner = host.list(&wrapper, MOST_ENTRIES).unwrap_or_default();
    let inner = inner.into_iter().filter(|entry| entry.kind == EntryKind::Folder && has_ending(&entry.name, ".app"));
    places.extend(inner.take(1).map(|entry| {
        let folder = format!("{wrapper}/{}", entry.name);
        (format!("{folder}/Info.plist"), folder)
    }));
    places.push((format!("{path}/Info.plist"), path.to_owned()));
    places
}

fn program(host: &dyn Host, folder: &str, name: &str, gathering: &mut Gathering) -> Program {
    let path = format!("{folder}/{name}");
    match host.look(&path) {
        // A disk may be mounted in a way that shows no rights, so the right to execute it is not asked for.
        Ok(found) if found.kind.is_file() => Program::Exists(path),
        Ok(_) | Err(HostError::NotFound { .. }) => Program::Missing,
        Err(error) => {
            gathering.failed(&error);
            Program::Unknown
        }
    }
}

/// The name of a bundle's folder without what says which kind of bundle it is.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
