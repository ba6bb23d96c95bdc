//! pacman's database of installed packages (Arch): for each a folder with two files, `desc` and `files`.
//!
//! Both are sections of a name between percent signs and lines of values up to the next empty line (`lib/libalpm/be_local.c`
//! of pacman). Six sections of `desc` are taken. The checksums in `mtree`, install scripts and the databases of
//! repositories are not read.

use chrono::{DateTime, SecondsFormat};
use interdict_model::{Diagnostic, Observation, ObservationSource, raw_key};

use crate::notes::{Notes, lines};

/// The codes of this module's diagnostics.
pub mod code {
    /// A description has no package name.
    pub const NAMELESS: &str = "formats/pacman-nameless";
    /// A file ends within a section.
    pub const TRUNCATED: &str = "formats/pacman-truncated";
    /// A list of files is longer than is read.
    pub const LIST_TOO_LONG: &str = "formats/pacman-list-too-long";
}

/// How many files of one package are read.
pub const MOST_FILES: usize = 200_000;

/// Reads the description of one package; nothing if it has no name.
#[must_use]
pub fn parse_description(bytes: &[u8], file_name: &str) -> (Option<Observation>, Vec<Diagnostic>) {
    let mut notes = Notes::new(file_name);
    let mut observation = Observation::new(ObservationSource::PacmanPackages);
    observation.path = Some(file_name.to_owned());
    let mut base = None;
    for (line, section, value) in values(bytes) {
        let field = match section {
            b"NAME" => &mut observation.name,
            b"VERSION" => &mut observation.version,
            b"PACKAGER" => &mut observation.publisher,
            b"ARCH" => &mut observation.arch,
            b"INSTALLDATE" => &mut observation.install_date,
            b"BASE" => &mut base,
            _ => continue,
        };
        if field.is_none() {
            *field = Some(notes.text(line, &String::from_utf8_lossy(section), value));
        }
    }
    observation.install_date = observation.install_date.map(|written| instant(&written).unwrap_or(written));
    if let Some(base) = base.filter(|base| observation.name.as_ref().is_some_and(|name| name != base)) {
        observation.raw.insert(raw_key::SOURCE_PACKAGE.to_owned(), base);
    }
    let last = u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX).saturating_add(1);
    if let Some(cut) = cut(bytes, &observation) {
        notes.push(last, Diagnostic::warning(code::TRUNCATED, cut));
    }
    if observation.name.is_none() {
        notes.push(last, Diagnostic::warning(code::NAMELESS, "a package's description has no name and was left out"));
        return (None, notes.finish());
    }
    (Some(observation), notes.finish())
}

/// Reads the list of a package's files, without its folders.
#[must_use]
pub fn parse_file_list(bytes: &[u8], file_name: &str) -> (Vec<String>, Vec<Diagnostic>) {
    let mut notes = Notes::new(file_name);
    let mut files = Vec::new();
    let listed = values(bytes).filter(|(_, section, path)| *section == b"FILES" && !path.ends_with(b"/"));
    for (line, _, path) in listed {
        if files.len() >= MOST_FILES {
            let message = format!("more than {MOST_FILES} files are listed; the rest was left out");
            notes.push(line, Diagnostic::warning(code::LIST_TOO_LONG, message));
            break;
        }
        files.push(format!("/{}", notes.text(line, "FILES", path)));
    }
    (files, notes.finish())
}

/// Where `pacman.conf` says that the database is, if it says so (pacman.conf(5)).
#[must_use]
pub fn parse_database_path(configuration: &[u8]) -> Option<String> {
    let path = lines(configuration).find_map(|line| {
        let (key, value) = line.split_at(memchr::memchr(b'=', line)?);
        (key.trim_ascii() == b"DBPath").then(|| value[1..].trim_ascii())
    })?;
    let path = std::str::from_utf8(path).ok()?.trim_end_matches('/');
    path.starts_with('/').then(|| path.to_owned())
}

/// The values of all sections: their lines, the sections' names, and what stands there.
fn values(bytes: &[u8]) -> impl Iterator<Item = (u32, &[u8], &[u8])> {
    let mut section: &[u8] = b"";
    (1..).zip(lines(bytes)).filter_map(move |(line, text)| {
        if text.is_empty() {
            section = b"";
            return None;
        }
        let name = text.strip_prefix(b"%").and_then(|rest| rest.strip_suffix(b"%"));
        if let Some(name) = name.filter(|name| section.is_empty() && !name.is_empty()) {
            section = name;
            return None;
        }
        (!section.is_empty()).then_some((line, section, text))
    })
}

fn instant(seconds: &str) -> Option<String> {
    Some(DateTime::from_timestamp(seconds.parse().ok()?, 0)?.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// Why a description looks cut. Each of its sections ends with an empty line.
fn cut(bytes: &[u8], observation: &Observation) -> Option<&'static str> {
    if bytes.is_empty() {
        return Some("the file is empty");
    }
    if !bytes.ends_with(b"\n") {
        return Some("the file ends in the middle of a line");
    }
    observation.version.is_none().then_some("the file ends before the version")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESCRIPTION: &str = "%NAME%\nagent-libs\n\n%VERSION%\n1:1.2-3\n\n%BASE%\nagent\n\n%DESC%\nAn %ARCH%\n\n%ARCH%\nx86_64\n\n\
        %INSTALLDATE%\n1643279456\n\n%PACKAGER%\nAda <ada@example.org>\n\n%DEPENDS%\nsh\nglibc\n\n";

    #[test]
    fn the_wanted_sections_are_taken() {
        let (one, diagnostics) = parse_description(DESCRIPTION.as_bytes(), "/d/desc");
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let one = one.expect("named");
        assert_eq!((one.name.as_deref(), one.version.as_deref()), (Some("agent-libs"), Some("1:1.2-3")));
        assert_eq!((one.arch.as_deref(), one.publisher.as_deref()), (Some("x86_64"), Some("Ada <ada@example.org>")));
        assert_eq!(one.install_date.as_deref(), Some("2022-01-27T10:30:56Z"));
        assert_eq!((one.raw(raw_key::SOURCE_PACKAGE), one.path.as_deref()), (Some("agent"), Some("/d/desc")));
        let windows = DESCRIPTION.replace('\n', "\r\n");
        assert_eq!(parse_description(windows.as_bytes(), "/d/desc").0, Some(one));
    }

    #[test]
    fn a_damaged_description_is_said_and_kept_where_it_has_a_name() {
        let table: [(&str, Option<&str>, &[&str]); 6] = [
            ("", None, &[code::TRUNCATED, code::NAMELESS]),
            ("%NAME%\na\n", Some("a"), &[code::TRUNCATED]),
            ("%NAME%\na\n\n%VERSION%", Some("a"), &[code::TRUNCATED]),
            ("%NAME%\na\n\n%VERSION%\n1\n\n%DEPENDS%\nsh", Some("a"), &[code::TRUNCATED]),
            ("%NAME%\na\n\n%VERSION%\n1\n", Some("a"), &[]),
            ("%VERSION%\n1\n\nNAME\na\n", None, &[code::NAMELESS]),
        ];
        for (text, name, expected) in table {
            let (one, diagnostics) = parse_description(text.as_bytes(), "f");
            assert_eq!(one.and_then(|one| one.name).as_deref(), name, "{text:?}");
            assert_eq!(diagnostics.iter().map(|one| one.code.as_ref()).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }

    #[test]
    fn a_date_that_is_none_is_kept_as_written() {
        let (one, _) = parse_description(b"%NAME%\na\n\n%VERSION%\n1\n\n%INSTALLDATE%\nyesterday\n", "f");
        assert_eq!(one.expect("named").install_date.as_deref(), Some("yesterday"));
    }

    #[test]
    fn files_are_listed_without_folders_and_backups() {
        let list = b"%FILES%\nopt/\nopt/agent/\nopt/agent/agent\netc/agent.conf\n\n%BACKUP%\netc/agent.conf\t0123\n";
        assert_eq!(parse_file_list(list, "f"), (vec!["/opt/agent/agent".into(), "/etc/agent.conf".into()], Vec::new()));
    }

    #[test]
    fn the_database_may_lie_elsewhere() {
        for (text, expected) in [
            ("[options]\n#DBPath = /x\nDBPath      = /usr/lib/pacman/\n", Some("/usr/lib/pacman")),
            ("DBPath=relative\n", None),
            ("DBPathological = /x\n", None),
            ("", None),
        ] {
            assert_eq!(parse_database_path(text.as_bytes()).as_deref(), expected, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = (parse_description(&bytes, "f"), parse_file_list(&bytes, "f"), parse_database_path(&bytes));
        }

        #[test]
        fn a_name_is_never_lost(before in "(%[A-Z]{1,5}%\n([a-z%]{0,5}[a-z]\n){0,3}\n){0,4}", after in "[ -~\n]{0,60}") {
            let before = before.replace("%NAME%", "%MANE%");
            let (one, _) = parse_description(format!("{before}%NAME%\nagent\n\n{after}").as_bytes(), "f");
            proptest::prop_assert_eq!(one.and_then(|one| one.name), Some("agent".to_owned()));
        }
    }
}
