//! Programs that nobody installed by a package: `AppImages` where people put them, and the menu entries of single users.
//!
//! Only usual folders are looked at, each without what lies deeper; downloads and the desktop also under the names the
//! user's language gives them. A menu entry stands for the program it starts, and for itself where that is gone.

use std::collections::BTreeSet;

use interdict_formats::appimage::{START, is_appimage, parse_name};
use interdict_formats::desktop_entry::{parse_desktop_entry, parse_user_folders};
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::any::homes::{Home, homes};
use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::{EntryKind, Host, HostError};
use crate::linux::programs::note_program;
use crate::linux::{LINUX_FILES, MOST_ENTRIES, SMALL_FILE};

/// Where people put such programs for all users.
const FOLDERS: &[&str] = &["/opt", "/usr/local/bin", "/Applications"];
/// The same below a home.
const HOME_FOLDERS: &[&str] = &["Applications", ".local/bin", "bin", "AppImages", "Downloads", "Desktop"];
/// Menu entries of all users that no package of the distribution brings.
const ENTRIES: &str = "/usr/local/share/applications";
/// The same of one user.
const HOME_ENTRIES: &str = ".local/share/applications";
/// Where the names of folders stand that are translated.
const USER_FOLDERS: &str = ".config/user-dirs.dirs";
/// How many files are opened to see what they are.
const MOST_OPENED: usize = 5_000;

/// Reads programs that nobody installed.
pub(crate) struct UserPrograms;

impl Collector for UserPrograms {
    fn name(&self) -> &'static str {
        "linux/user-programs"
    }

    fn looks_at(&self) -> &'static str {
        "AppImages and menu entries of users"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Files]
    }

    fn needs(&self) -> Needs {
        LINUX_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let mut gathering = Gathering::default();
        let mut reading = Reading { host, gathering: &mut gathering, left: MOST_OPENED, seen: BTreeSet::new() };
        for folder in FOLDERS {
            reading.read_appimages(folder, &Scope::Machine);
        }
        reading.read_entries(ENTRIES, &Scope::Machine);
        for home in homes(host, reading.gathering) {
            for folder in reading.folders_of(&home) {
                reading.read_appimages(&home.below(&folder), &home.scope());
            }
            reading.read_entries(&home.below(HOME_ENTRIES), &home.scope());
        }
        if reading.left == 0 {
            let message = format!("more than the {MOST_OPENED} files that are opened might be AppImages");
            gathering.shortfall(Cause::Broken, message);
        }
        gathering.finish()
    }
}

struct Reading<'a> {
    host: &'a dyn Host,
    gathering: &'a mut Gathering,
    /// How many more files are opened.
    left: usize,
    /// The programs that were found.
    seen: BTreeSet<String>,
}

impl Reading<'_> {
    /// The folders of a home in which programs may lie.
    fn folders_of(&mut self, home: &Home) -> BTreeSet<String> {
        let translated = self.gathering.ok(self.host.read(&home.below(USER_FOLDERS), SMALL_FILE)).unwrap_or_default();
        let usual = HOME_FOLDERS.iter().map(|folder| (*folder).to_owned());
        usual.chain(parse_user_folders(&translated)).collect()
    }

    fn read_appimages(&mut self, folder: &str, scope: &Scope) {
        let Some(entries) = self.gathering.ok(self.host.list(folder, MOST_ENTRIES)) else { return };
        self.gathering.has_read();
        for entry in entries {
            // One may go without its ending, but not by that of something else.
            let ending = entry.name.rsplit_once('.').map_or("", |(_, ending)| ending);
            let may_be = ending.eq_ignore_ascii_case("appimage") || !ending.chars().any(char::is_alphabetic);
            if !may_be || self.left == 0 || !matches!(entry.kind, EntryKind::File | EntryKind::Link) {
                continue;
            }
            let path = format!("{folder}/{}", entry.name);
            match self.host.look(&path) {
                Ok(found) if found.kind.is_file() => {}
                Err(error @ (HostError::Denied { .. } | HostError::NotAtHand { .. })) => {
                    self.gathering.failed(&error);
                    continue;
                }
                // A folder, or a link that leads nowhere.
                Ok(_) | Err(_) => continue,
            }
            self.left -= 1;
            let Some(start) = self.gathering.ok(self.host.read_start(&path, START)) else { continue };
            if !is_appimage(&start) || !self.seen.insert(path.clone()) {
                continue;
            }
            let named = parse_name(&entry.name);
            let mut observation = file(&path, "executable", scope);
            observation.display_name = Some(named.name).filter(|name| !name.is_empty());
            observation.version = named.version;
            observation.arch = named.arch;
            self.gathering.observations.push(observation);
        }
    }

    fn read_entries(&mut self, folder: &str, scope: &Scope) {
        let Some(entries) = self.gathering.ok(self.host.list(folder, MOST_ENTRIES)) else { return };
        self.gathering.has_read();
        for entry in entries {
            if entry.name.strip_suffix(".desktop").is_none() || entry.kind == EntryKind::Folder {
                continue;
            }
            let path = format!("{folder}/{}", entry.name);
            let Some(bytes) = self.gathering.ok(self.host.read(&path, SMALL_FILE)) else { continue };
            let entry = parse_desktop_entry(&bytes);
            if !entry.is_application || entry.hidden {
                continue;
            }
            let mut observation = file(&path, "file", scope);
            if let Some(program) = entry.program {
                note_program(self.host, &program, &mut observation, self.gathering);
                if observation.raw.remove(raw_key::EXECUTABLE_EXISTS).as_deref() == Some("true") {
                    observation.raw.insert(raw_key::KIND.to_owned(), "executable".to_owned());
                } else {
                    observation.path = Some(path.clone());
                }
            }
            observation.identifier = Some(path);
            observation.display_name = entry.name;
            self.gathering.observations.push(observation);
        }
    }
}

fn file(path: &str, kind: &str, scope: &Scope) -> Observation {
    let mut observation = Observation::new(ObservationSource::Files);
    observation.path = Some(path.to_owned());
    observation.scope = Some(scope.clone());
    observation.raw.insert(raw_key::KIND.to_owned(), kind.to_owned());
    observation
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, rows};
    use interdict_model::{CollectorStatus, Probes};

    /// What an `AppImage` begins with.
    const APPIMAGE: &[u8] = b"\x7fELF\x02\x01\x01\0AI\x02\0\0";

    fn found(host: &FixtureHost) -> (Vec<String>, Collected) {
        let collected = UserPrograms.collect(host, &Request::of(&Probes::default()));
        let row = |one: &Observation| {
            let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
            let scope = one.scope.as_ref().map(ToString::to_string).unwrap_or_default();
            let kind = one.raw(raw_key::KIND).unwrap_or("-");
            format!("{scope} {} {} {kind} {}", or_none(&one.display_name), or_none(&one.version), or_none(&one.path))
        };
        (rows(&collected, row), collected)
    }

    #[test]
    fn appimages_are_found_where_people_put_them() {
        let host = FixtureHost::new()
            .file("/opt/Agent-1.2-x86_64.AppImage", APPIMAGE)
            .file("/home/ada/.config/user-dirs.dirs", "XDG_DOWNLOAD_DIR=\"$HOME/Загрузки\"\n")
            .file("/home/ada/Загрузки/Chat.AppImage", APPIMAGE)
            .file("/home/ada/Загрузки/report.pdf", APPIMAGE)
            .file("/home/ada/Загрузки/Text.AppImage", "no")
            .file("/home/ada/.local/bin/tool", APPIMAGE)
            .folder("/home/ada/Desktop/folder")
            .link("/home/ada/Desktop/loop", "loop");
        let (found, collected) = found(&host);
        assert_eq!(
            found,
            [
                "machine Agent 1.2 executable /opt/Agent-1.2-x86_64.AppImage",
                "user:ada tool - executable /home/ada/.local/bin/tool",
                "user:ada Chat - executable /home/ada/Загрузки/Chat.AppImage",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete, "{:?}", collected.reason);
    }

    #[test]
    fn menu_entries_of_users_stand_for_their_programs() {
        let (found, _) = found(&fixture("linux/user-programs", "menu-entries"));
        assert_eq!(
            found,
            [
                "user:ada Chat - executable /home/ada/chat/run",
                "user:ada Gone - file /home/ada/.local/share/applications/gone.desktop",
            ]
        );
    }
}
