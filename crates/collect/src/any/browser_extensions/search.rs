//! Finding the folders of browsers, and what reading them has in common.

use std::collections::BTreeSet;

use interdict_model::{Diagnostic, OsFamily};

use super::Places;
use crate::any::MOST_ENTRIES;
use crate::any::expected::is_file_or_link;
use crate::any::homes::Home;
use crate::collector::{Cause, Gathering};
use crate::host::{Entry, EntryKind, Host, HostError};

/// How many folders of one home are looked into for those of a browser.
const MOST_CANDIDATES: usize = 20_000;
/// Any of these makes a folder that of a browser of the Chromium family; the paths lie below it.
const CHROMIUM_MARKS: &[&str] =
    &["Local State", "NativeMessagingHosts", "Extensions", "Default/Extensions", "Default/Preferences"];
/// This makes it one of the Firefox family.
const FIREFOX_MARK: &str = "profiles.ini";
/// The folder within a browser's that holds its profiles, where programs lie beside it.
const USER_DATA: &str = "User Data";
/// Folders in which no browser keeps its own, and which are large, or closed to everybody.
const PASSED_OVER: &[&str] = &["Temp", "Packages"];
/// Browsers by what a folder's name holds: the whole word, or how it begins where that is long enough to be sure.
const BROWSERS: &[(&str, &str)] = &[
    ("yandex", "Yandex Browser"),
    ("brave", "Brave"),
    ("vivaldi", "Vivaldi"),
    ("opera", "Opera"),
    ("edge", "Edge"),
    ("msedge", "Edge"),
    ("chromium", "Chromium"),
    ("chrome", "Chrome"),
    ("thunderbird", "Thunderbird"),
    ("librewolf", "LibreWolf"),
    ("waterfox", "Waterfox"),
    ("floorp", "Floorp"),
    ("zen", "Zen"),
    ("firefox", "Firefox"),
    ("mozilla", "Firefox"),
];

/// A host that is searched, and what is found.
pub(super) struct Search<'a> {
    pub(super) host: &'a dyn Host,
    pub(super) gathering: &'a mut Gathering,
    separator: char,
}

/// The folders of the browsers of one home.
#[derive(Default)]
pub(super) struct BrowserFolders {
    /// Those that hold profiles of the Chromium family.
    pub(super) chromium: Vec<BrowserFolder>,
    /// Those that hold `profiles.ini`.
    pub(super) firefox: Vec<BrowserFolder>,
}

/// A browser's folder.
pub(super) struct BrowserFolder {
    pub(super) path: String,
    pub(super) browser: String,
}

impl<'a> Search<'a> {
    pub(super) fn new(host: &'a dyn Host, gathering: &'a mut Gathering) -> Self {
        let separator = if host.os_family() == Some(OsFamily::Windows) { '\\' } else { '/' };
        Self { host, gathering, separator }
    }

    /// A path below a folder, given with `/` between its parts.
    pub(super) fn below(&self, folder: &str, path: &str) -> String {
        let path = if self.separator == '\\' { path.replace('/', "\\") } else { path.to_owned() };
        format!("{folder}{}{path}", self.separator)
    }

    /// The paths a pattern stands for, where a part that is `*` is any folder. The last part need not exist.
    pub(super) fn expand(&mut self, pattern: &str) -> Vec<String> {
        let mut paths = vec![String::new()];
        for (number, part) in pattern.split(['/', '\\']).enumerate() {
            let mut longer = Vec::new();
            for path in paths {
                if part == "*" {
                    longer.extend(self.folders(&path).into_iter().map(|name| self.below(&path, &name)));
                } else if number == 0 {
                    longer.push(part.to_owned());
                } else {
                    longer.push(format!("{path}{}{part}", self.separator));
                }
            }
            longer.truncate(MOST_CANDIDATES);
            paths = longer;
        }
        paths
    }

    /// The names of the folders in a folder, and of links, which may lead to one.
    pub(super) fn folders(&mut self, folder: &str) -> Vec<String> {
        self.entries(folder).into_iter().filter(may_be_folder).map(|entry| entry.name).collect()
    }

    /// The names of the files in a folder, and of links, which may lead to one.
    pub(super) fn files(&mut self, folder: &str) -> Vec<String> {
        let mut entries = self.entries(folder);
        entries.retain(|entry| is_file_or_link(entry, &self.below(folder, &entry.name), self.gathering));
        entries.into_iter().map(|entry| entry.name).collect()
    }

    fn entries(&mut self, folder: &str) -> Vec<Entry> {
        self.gathering.ok(self.host.list(folder, MOST_ENTRIES)).unwrap_or_default()
    }

    /// Whether something exists; that it may not be known is accounted for.
    pub(super) fn exists(&mut self, path: &str) -> bool {
        self.gathering.ok(self.host.look(path)).is_some()
    }

    /// Whether what is in a folder can be asked for; if not, the folder is named once.
    pub(super) fn may_be_entered(&mut self, folder: &str) -> bool {
        match self.host.look(&self.below(folder, "Preferences")) {
            Err(error @ HostError::Denied { .. }) => {
                self.gathering.failed(&error.about(folder));
                false
            }
            _ => true,
        }
    }

    /// Accounts for a file that was not what it should be.
    pub(super) fn unreadable(&mut self, path: &str, diagnostics: Vec<Diagnostic>) {
        if let Some(first) = diagnostics.first() {
            self.gathering.shortfall(Cause::Broken, format!("{path} could not be read: {}", first.message));
        }
        self.gathering.diagnostics.extend(diagnostics);
    }

    /// The folders of browsers in a home.
    pub(super) fn browser_folders(&mut self, home: &Home, places: &Places) -> BrowserFolders {
        let mut found = BrowserFolders::default();
        let mut seen = BTreeSet::new();
        for pattern in places.firefox {
            for path in self.expand(&home.below(pattern)) {
                if seen.insert(path.clone()) {
                    found.firefox.push(BrowserFolder { browser: browser_of(below_home(home, &path)), path });
                }
            }
        }
        for pattern in places.bases {
            for base in self.expand(&home.below(pattern)) {
                self.look_below(home, &base, &mut seen, &mut found);
            }
        }
        found
    }

    /// Looks for browsers' folders one and two down. Each is listed once: what lies in it says what it is.
    fn look_below(&mut self, home: &Home, base: &str, seen: &mut BTreeSet<String>, found: &mut BrowserFolders) {
        let mut left = MOST_CANDIDATES;
        let Some(entries) = self.gathering.ok(self.host.list(base, MOST_ENTRIES)) else { return };
        // That no browser is there is an answer, too.
        self.gathering.has_read();
        for name in entries.into_iter().filter(may_be_folder).map(|entry| entry.name) {
            // Apple's own folders are closed even to their owner.
            if PASSED_OVER.contains(&name.as_str()) || name.starts_with("com.apple.") {
                continue;
            }
            let folder = self.below(base, &name);
            let entries = self.entries(&folder);
            // What lies in a browser's folder are its profiles.
            if self.consider(home, &folder, &entries, seen, found) {
                continue;
            }
            for name in entries.into_iter().filter(may_be_folder).map(|entry| entry.name) {
                if left == 0 {
                    let message = format!("{base} has more than the {MOST_CANDIDATES} folders that are looked into");
                    self.gathering.shortfall(Cause::Broken, message);
                    return;
                }
                left -= 1;
                let below = self.below(&folder, &name);
                let entries = self.entries(&below);
                if !self.consider(home, &below, &entries, seen, found)
                    && entries.iter().any(|entry| entry.name == USER_DATA)
                {
                    let data = self.below(&below, USER_DATA);
                    let entries = self.entries(&data);
                    self.consider(home, &data, &entries, seen, found);
                }
            }
        }
    }

    /// Notes a folder if it is a browser's; says whether it is one of the Chromium family.
    fn consider(
        &self,
        home: &Home,
        path: &str,
        entries: &[Entry],
        seen: &mut BTreeSet<String>,
        found: &mut BrowserFolders,
    ) -> bool {
        if !seen.insert(path.to_owned()) {
            return false;
        }
        let has = |name: &str| entries.iter().any(|entry| entry.name == name);
        let folder = || BrowserFolder { browser: browser_of(below_home(home, path)), path: path.to_owned() };
        if has(FIREFOX_MARK) {
            found.firefox.push(folder());
        }
        let is_there = |mark: &&str| match mark.split_once('/') {
            Some((first, _)) => {
                has(first) && !matches!(self.host.look(&self.below(path, mark)), Err(HostError::NotFound { .. }))
            }
            None => has(mark),
        };
        let is_chromium = CHROMIUM_MARKS.iter().any(is_there);
        if is_chromium {
            found.chromium.push(folder());
        }
        is_chromium
    }
}

/// Whether it is a folder or may lead to one.
fn may_be_folder(entry: &Entry) -> bool {
    matches!(entry.kind, EntryKind::Folder | EntryKind::Link)
}

fn below_home<'p>(home: &Home, path: &'p str) -> &'p str {
    path.strip_prefix(home.path.as_str()).unwrap_or(path)
}

/// The browser whose folder or file it is, by the names on the path; else the last of them.
pub(super) fn browser_of(path: &str) -> String {
    let parts: Vec<&str> = path.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
    for part in parts.iter().rev() {
        let words = part.split(|character: char| !character.is_alphanumeric()).map(str::to_lowercase);
        let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
        let named = |word: &str| words.iter().any(|one| one == word || (word.len() > 4 && one.starts_with(word)));
        if let Some((_, browser)) = BROWSERS.iter().find(|(word, _)| named(word)) {
            return (*browser).to_owned();
        }
    }
    let own = parts.iter().rev().find(|part| !matches!(**part, "User Data" | "policies" | "managed"));
    (*own.unwrap_or(&"unknown")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_by_their_folders() {
        for (path, expected) in [
            (".config/google-chrome", "Chrome"),
            ("AppData\\Local\\Google\\Chrome\\User Data", "Chrome"),
            (".config/microsoft-edge-dev", "Edge"),
            (".config/BraveSoftware/Brave-Browser", "Brave"),
            ("Library/Application Support/com.operasoftware.Opera", "Opera"),
            ("/etc/opt/yandex/browser/policies/managed/x.json", "Yandex Browser"),
            ("AppData/Local/Yandex/YandexBrowser/User Data", "Yandex Browser"),
            (".var/app/io.github.ungoogled_software.ungoogled_chromium/config/chromium", "Chromium"),
            ("snap/firefox/common/.mozilla/firefox", "Firefox"),
            (".config/knowledge", "knowledge"),
            ("AppData/Local/360Chrome/Chrome/User Data", "Chrome"),
            ("AppData/Local/Tencent/QQBrowser/User Data", "QQBrowser"),
        ] {
            assert_eq!(browser_of(path), expected, "{path}");
        }
    }
}
