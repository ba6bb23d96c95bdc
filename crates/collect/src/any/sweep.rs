//! Programs that nothing registers: tools that are run from where they lie, such as those of a Downloads folder.
//!
//! Only run when a person names folders. Those are walked, near the top first, without following links; every regular file
//! is looked at by its first bytes, and what is a program is kept with what it says of itself and who signed it. Libraries
//! and scripts are kept only where the catalogue names them, since there are so many. Nothing is unpacked. How many bytes
//! are read and how long it takes is bounded; where that ends, the walk says how far it came. To read a file that a cloud
//! service keeps elsewhere fetches it, so folders of such services are better not named.

use std::collections::VecDeque;
use std::time::Instant;

use interdict_formats::executable::{BYTES, ExecutableKind, executable_kind};
use interdict_model::{Observation, ObservationSource, OsFamily, Scope, raw_key};

use crate::any::MOST_ENTRIES;
use crate::any::homes::{Home, homes};
use crate::any::program_file::{ProgramFile, read};
use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request, Sweep};
use crate::host::{EntryKind, Host, HostError, Kind};
use crate::linux::LINUX_FILES;
use crate::linux::package_files::is_library;
use crate::macos::MACOS_FILES;
use crate::windows::WINDOWS_FILES;

/// How deep folders are walked.
const DEEPEST: usize = 64;
/// How many folders may wait to be walked.
const MOST_AHEAD: usize = 1_000_000;
/// How many programs are kept.
const MOST_KEPT: usize = 200_000;
/// Digests are compared for files of at most this size.
const MOST_DIGESTED: u64 = 8 << 20;
/// What looks like folders of a disk on Linux and is none.
const NO_DISK: &[&str] = &["/proc", "/sys", "/dev"];

/// Walks the folders a person names, on one family of systems.
pub(crate) struct Sweeper {
    name: &'static str,
    needs: Needs,
}

impl Sweeper {
    /// On Linux.
    pub(crate) const LINUX: Self = Self { name: "linux/sweep", needs: LINUX_FILES };
    /// On Windows.
    pub(crate) const WINDOWS: Self = Self { name: "windows/sweep", needs: WINDOWS_FILES };
    /// On macOS.
    pub(crate) const MACOS: Self = Self { name: "macos/sweep", needs: MACOS_FILES };
}

/// Whether a collector of this name walks folders that a person named.
pub(crate) fn is_sweep(collector: &str) -> bool {
    collector.ends_with("/sweep")
}

impl Collector for Sweeper {
    fn name(&self) -> &'static str {
        self.name
    }

    fn looks_at(&self) -> &'static str {
        "programs that nothing registers"
    }

    /// None: what it does not see is not gone, since it only looks into some folders. The scan's header names those.
    fn sources(&self) -> &'static [ObservationSource] {
        &[]
    }

    fn needs(&self) -> Needs {
        self.needs
    }

    fn collect(&self, host: &dyn Host, request: &Request<'_>) -> Collected {
        let mut gathering = Gathering::default();
        if let Some(sweep) = request.sweep {
            let mut walk = Walk::of(host, request, sweep);
            for folder in &sweep.folders {
                walk.folder(folder, &mut gathering);
            }
        }
        gathering.finish()
    }
}

/// What one walk through the folders knows.
struct Walk<'w> {
    host: &'w dyn Host,
    request: &'w Request<'w>,
    sweep: &'w Sweep,
    homes: Vec<Home>,
    separator: char,
    begun: Instant,
    bytes: u64,
    files: usize,
    kept: usize,
}

impl<'w> Walk<'w> {
    fn of(host: &'w dyn Host, request: &'w Request<'w>, sweep: &'w Sweep) -> Self {
        Self {
            host,
            request,
            sweep,
            // Homes that may not be entered are no shortfall of this walk.
            homes: homes(host, &mut Gathering::default()),
            separator: if host.os_family() == Some(OsFamily::Windows) { '\\' } else { '/' },
            begun: Instant::now(),
            bytes: 0,
            files: 0,
            kept: 0,
        }
    }

    /// Walks a folder that was named. That it does not exist is most likely a slip, so it is said.
    fn folder(&mut self, named: &str, gathering: &mut Gathering) {
        match self.host.look(named) {
            Ok(found) if found.kind == Kind::Folder => {}
            Ok(_) => return gathering.shortfall(Cause::Broken, format!("{named} is no folder")),
            Err(error @ HostError::NotFound { .. }) => return gathering.shortfall(Cause::Broken, error.with_cause()),
            Err(error) => return gathering.failed(&error),
        }
        let mut ahead = VecDeque::from([(named.trim_end_matches(['/', '\\']).to_owned(), 1)]);
        while let Some((folder, depth)) = ahead.pop_front() {
            if NO_DISK.contains(&folder.as_str()) {
                continue;
            }
            let listed =
                if folder.is_empty() || folder.ends_with(':') { self.join(&folder, "") } else { folder.clone() };
            let Some(entries) = gathering.ok(self.host.list(&listed, MOST_ENTRIES)) else { continue };
            gathering.has_read();
            for entry in entries {
                let path = self.join(&folder, &entry.name);
                if (self.request.cancelled)() {
                    return;
                }
                if self.is_spent() {
                    return gathering.shortfall(Cause::Broken, self.how_far(&path));
                }
                match entry.kind {
                    EntryKind::Folder if depth == DEEPEST || ahead.len() == MOST_AHEAD => {
                        gathering.shortfall(Cause::Broken, format!("{path} lies deeper than is looked"));
                    }
                    EntryKind::Folder => ahead.push_back((path, depth + 1)),
                    EntryKind::File => self.file(&path, &entry.name, named, gathering),
                    EntryKind::Link | EntryKind::Special => {}
                }
            }
        }
    }

    fn join(&self, folder: &str, name: &str) -> String {
        format!("{folder}{}{name}", self.separator)
    }

    fn is_spent(&self) -> bool {
        self.bytes >= self.sweep.bytes || self.begun.elapsed() >= self.sweep.time || self.kept >= MOST_KEPT
    }

    fn how_far(&self, path: &str) -> String {
        format!("looked at {} files, {} MB; stopped at {path}", self.files, self.bytes / 1_000_000)
    }

    fn file(&mut self, path: &str, name: &str, named: &str, gathering: &mut Gathering) {
        let Some(start) = gathering.ok(self.host.read_start(path, BYTES)) else { return };
        self.files += 1;
        self.bytes += start.len() as u64;
        let is_named = || self.request.probes.file_names.contains(&name.to_lowercase());
        match executable_kind(&start) {
            None => return,
            Some(ExecutableKind::Script) if !is_named() => return,
            Some(_) if is_library(name) && !is_named() => return,
            Some(_) => {}
        }
        let Some(looked) = gathering.ok(read(self.host, path, MOST_DIGESTED)) else { return };
        self.bytes += looked.bytes;
        let Some(program) = looked.program else { return };
        if program.is_library && !is_named() {
            return;
        }
        self.kept += 1;
        gathering.observations.push(self.observation(path, name, named, program));
    }

    fn observation(&self, path: &str, name: &str, named: &str, program: ProgramFile) -> Observation {
        let version = program.version;
        let mut observation = Observation::new(ObservationSource::Files);
        let mut raw = |key: &str, value: &str| observation.raw.insert(key.to_owned(), value.to_owned());
        raw(raw_key::KIND, "executable");
        raw(raw_key::SWEPT, named);
        if let Some(original) = version.original_file_name.filter(|original| !original.eq_ignore_ascii_case(name)) {
            raw(raw_key::ORIGINAL_FILE_NAME, &original);
        }
        if let Some(signer) = program.signer {
            raw(raw_key::SIGNATURE, signer.how.words());
            observation.signer = Some(signer.subject);
        }
        observation.name = Some(name.to_owned());
        observation.display_name = version.product.or(version.description);
        observation.publisher = version.company;
        observation.version = version.product_version.or(version.file_version);
        observation.arch = program.architecture;
        observation.path = Some(path.to_owned());
        observation.scope = self.homes.iter().find(|home| self.is_below(path, &home.path)).map(Home::scope);
        observation.scope.get_or_insert(Scope::Machine);
        observation
    }

    fn is_below(&self, path: &str, folder: &str) -> bool {
        let folder = self.join(folder.trim_end_matches(self.separator), "");
        match self.separator {
            '\\' => path.get(..folder.len()).is_some_and(|start| start.eq_ignore_ascii_case(&folder)),
            _ => path.starts_with(&folder),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use super::*;
    use crate::executable_encoder::{MachPart, Program, mach_o, portable_executable, version_resource};
    use crate::signature_encoder::{Certificate, Signed};
    use crate::testing::rows;
    use crate::{FixtureHost, MapRegistry};
    use interdict_model::{CollectorStatus, Probes};

    fn sweep(folders: &[&str]) -> Sweep {
        let folders = folders.iter().map(|folder| (*folder).to_owned()).collect();
        Sweep { folders, bytes: 1 << 30, time: Duration::from_mins(1) }
    }

    fn collect(host: &FixtureHost, sweep: &Sweep) -> Collected {
        let probes = Probes { file_names: ["named.so".to_owned(), "named.sh".to_owned()].into(), ..Probes::default() };
        let request = Request { sweep: Some(sweep), ..Request::of(&probes) };
        Sweeper::WINDOWS.collect(host, &request)
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
            format!(
                "{} \"{}\" {} {} {} {}",
                text(&one.path),
                text(&one.display_name),
                text(&one.publisher),
                text(&one.version),
                text(&one.signer),
                one.scope.as_ref().expect("always known")
            )
        })
    }

    fn tool() -> Vec<u8> {
        let strings: &[(&str, &str)] =
            &[("CompanyName", "Test Company"), ("ProductName", "Removal Tool"), ("OriginalFilename", "TOOL.EXE")];
        let versions = vec![version_resource([20, 0, 13, 0], &[("040904b0", strings)])];
        let certificate = Certificate::of("Test Signing", "Test Signing");
        let program = Program { machine: 0x014c, wide: false, versions };
        portable_executable(&program, Some(&|digest| Signed::over(&certificate, digest).encode()))
    }

    fn elf(kind: u8) -> Vec<u8> {
        let mut bytes = vec![0; 64];
        bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
        bytes[16] = kind;
        bytes
    }

    #[test]
    fn tools_of_windows_are_found_whatever_they_are_called() {
        let host = FixtureHost::windows(MapRegistry::default())
            .folder(r"C:\Users\ada")
            .file(r"C:\Users\ada\Downloads\renamed.txt", tool())
            .file(r"C:\Users\ada\Downloads\letter.exe", "MZ, not a program")
            .file(r"C:\Tools\a\tool.exe", tool())
            .file(r"C:\Elsewhere\tool.exe", tool());
        let collected = collect(&host, &sweep(&[r"C:\Users\ada\Downloads\", r"c:\Tools"]));
        let who = "\"Removal Tool\" Test Company 20.0.13.0 CN=Test Signing, O=Test Signing, C=RU";
        assert_eq!(
            found(&collected),
            [
                format!(r"C:\Users\ada\Downloads\renamed.txt {who} user:ada"),
                format!(r"c:\Tools\a\tool.exe {who} machine"),
            ]
        );
        let raw = &collected.observations[0].raw;
        assert_eq!(raw.get(raw_key::ORIGINAL_FILE_NAME).map(String::as_str), Some("TOOL.EXE"));
        assert_eq!(raw.get(raw_key::SIGNATURE).map(String::as_str), Some("embedded, digest matches"));
        assert_eq!(raw.get(raw_key::SWEPT).map(String::as_str), Some(r"C:\Users\ada\Downloads\"));
        assert_eq!(raw.get(raw_key::KIND).map(String::as_str), Some("executable"));
        assert_eq!(collected.observations[1].raw(raw_key::ORIGINAL_FILE_NAME), None);
        assert_eq!(collected.status, CollectorStatus::Complete);
        // The whole of a drive is a folder, too.
        assert_eq!(collect(&host, &sweep(&[r"C:\"])).observations.len(), 3);
    }

    #[test]
    fn programs_of_every_system_are_kept_and_libraries_and_scripts_only_if_named() {
        let part = MachPart { cpu: 7, wide: true, swapped: true, identifier: "x", team: Some("ABCDE12345"), flags: 0 };
        let signed = Signed::by(&Certificate::of("Developer ID Application: Test (ABCDE12345)", "Test")).encode();
        let host = FixtureHost::new()
            .file("/media/stick/agent", elf(3))
            .file("/media/stick/lib.so", elf(3))
            .file("/media/stick/named.so", elf(3))
            .file("/media/stick/mac", mach_o(&part, Some(&signed)))
            .file("/media/stick/run.sh", "#!/bin/sh\n")
            .file("/media/stick/named.sh", "#!/bin/sh\n")
            .file("/media/stick/text", "text")
            .link("/media/stick/up", "/media")
            .file("/proc/agent", elf(2));
        let collected = collect(&host, &sweep(&["/"]));
        assert_eq!(
            found(&collected),
            [
                "/media/stick/agent \"-\" - - - machine",
                "/media/stick/mac \"-\" - - Developer ID Application: Test (ABCDE12345) machine",
                "/media/stick/named.sh \"-\" - - - machine",
                "/media/stick/named.so \"-\" - - - machine",
            ]
        );
    }

    #[test]
    fn what_was_not_looked_at_is_said() {
        let host = FixtureHost::new()
            .file("/a/1", elf(2))
            .file("/a/2", elf(2))
            .file("/a/3", elf(2))
            .file("/b/secret", elf(2))
            .unreadable("/b");
        let reason = |sweep: &Sweep| {
            let collected = collect(&host, sweep);
            (collected.status, collected.reason.unwrap_or_default())
        };
        let stopped = "looked at 2 files, 0 MB; stopped at /a/3".to_owned();
        assert_eq!(reason(&Sweep { bytes: 200, ..sweep(&["/a"]) }), (CollectorStatus::Partial, stopped));
        let (_, late) = reason(&Sweep { time: Duration::ZERO, ..sweep(&["/a"]) });
        assert_eq!(late, "looked at 0 files, 0 MB; stopped at /a/1");
        assert_eq!(reason(&sweep(&["/none"])), (CollectorStatus::Failed, "/none does not exist".to_owned()));
        assert_eq!(reason(&sweep(&["/a/1"])), (CollectorStatus::Failed, "/a/1 is no folder".to_owned()));
        let denied = "/b may not be read as uid 65534".to_owned();
        assert_eq!(reason(&sweep(&["/b"])), (CollectorStatus::NotPossible, denied));
    }

    #[test]
    fn it_stops_when_told_to() {
        let host = FixtureHost::new().file("/a/1", elf(2)).file("/a/2", elf(2)).file("/a/3", elf(2));
        let asked = Cell::new(0);
        let cancelled = || {
            asked.set(asked.get() + 1);
            asked.get() > 1
        };
        let (probes, sweep) = (Probes::default(), sweep(&["/a"]));
        let request = Request { probes: &probes, sweep: Some(&sweep), cancelled: &cancelled };
        assert_eq!(Sweeper::LINUX.collect(&host, &request).observations.len(), 1);
    }
}
