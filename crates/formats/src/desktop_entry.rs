//! Desktop entries of Linux: what a menu or a login starts, and by which name
//! (<https://specifications.freedesktop.org/desktop-entry-spec/latest/>).
//!
//! Names are read in the language of the file, without translations. Whether an entry is shown on a given desktop is not
//! weighed.

use crate::notes::lines;
use crate::unix_command::program_of_line;

/// How many lines of a file are looked at.
const MOST_LINES: usize = 10_000;

/// What a desktop entry says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DesktopEntry {
    /// Its name.
    pub name: Option<String>,
    /// The program it starts, a shell or the like standing for what it runs.
    pub program: Option<String>,
    /// Whether it stands for an application, and not for a link or a folder of the menu.
    pub is_application: bool,
    /// Whether it is to be treated as deleted, or was switched off among what is started at login.
    pub hidden: bool,
}

/// Reads a desktop entry.
#[must_use]
pub fn parse_desktop_entry(bytes: &[u8]) -> DesktopEntry {
    let mut entry = DesktopEntry { is_application: true, ..DesktopEntry::default() };
    let mut within = false;
    for line in lines(bytes).take(MOST_LINES) {
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        if line.starts_with('[') {
            within = line == "[Desktop Entry]";
            continue;
        }
        let Some((key, value)) = line.split_once('=').filter(|_| within) else { continue };
        let value = value.trim();
        match key.trim_end() {
            "Name" => entry.name = Some(value.to_owned()).filter(|value| !value.is_empty()),
            "Exec" => entry.program = program_of_line(value),
            "Type" => entry.is_application = value == "Application",
            "Hidden" => entry.hidden |= value == "true",
            "X-GNOME-Autostart-enabled" => entry.hidden |= value == "false",
            _ => {}
        }
    }
    entry
}

/// The folders that `user-dirs.dirs` names for downloads and the desktop, relative to the home
/// (xdg-user-dirs: `XDG_DOWNLOAD_DIR="$HOME/Downloads"`). Others are left out.
#[must_use]
pub fn parse_user_folders(bytes: &[u8]) -> Vec<String> {
    let folder = |line: &[u8]| {
        let line = String::from_utf8_lossy(line);
        let (key, value) = line.trim().split_once('=')?;
        let below = value.trim_matches('"').strip_prefix("$HOME/")?.trim_end_matches('/').to_owned();
        let is_wanted = matches!(key, "XDG_DOWNLOAD_DIR" | "XDG_DESKTOP_DIR");
        (is_wanted && !below.is_empty() && !below.split('/').any(|part| part == "..")).then_some(below)
    };
    lines(bytes).take(MOST_LINES).filter_map(folder).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_says_what_it_starts() {
        let text = b"# comment\n[Desktop Entry]\nType=Application\nName=Agent\nName[de]=Agent, deutsch\nExec=env A=1 \"/opt/a b/agent\" --x %U\n\
            [Desktop Action New]\nName=no\nExec=/no\n";
        let entry = parse_desktop_entry(text);
        assert_eq!(entry.name.as_deref(), Some("Agent"));
        assert_eq!(entry.program.as_deref(), Some("/opt/a b/agent"));
        assert!(entry.is_application && !entry.hidden);
        assert!(parse_desktop_entry(b"[Desktop Entry]\nHidden=true\n").hidden);
        assert!(parse_desktop_entry(b"[Desktop Entry]\nX-GNOME-Autostart-enabled=false\n").hidden);
        assert!(!parse_desktop_entry(b"[Desktop Entry]\nType=Link\nURL=x\n").is_application);
    }

    #[test]
    fn folders_keep_their_own_names() {
        let text = "XDG_DESKTOP_DIR=\"$HOME/Рабочий стол\"\nXDG_DOWNLOAD_DIR=\"$HOME/Загрузки/\"\nXDG_MUSIC_DIR=\"$HOME/M\"\n\
            XDG_DOWNLOAD_DIR=\"/data\"\nXDG_DOWNLOAD_DIR=\"$HOME/../x\"\nXDG_DESKTOP_DIR=\"$HOME/\"\n";
        assert_eq!(parse_user_folders(text.as_bytes()), ["Рабочий стол", "Загрузки"]);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = (parse_desktop_entry(&bytes), parse_user_folders(&bytes));
        }
    }
}
