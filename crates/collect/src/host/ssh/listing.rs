//! What the host says of files and folders: the output of `find -printf`, `stat -c` or `ls -ln`, whichever it has.
//!
//! Names may hold anything but `/` and NUL, line ends too. `find` ends each name with NUL. With the other two a record is
//! known by its begin, and what does not begin a record continues the name before it; who makes up a name that looks like
//! one more record only adds an entry to a folder of his own.

use std::collections::BTreeMap;

use crate::host::EntryKind;

/// What an entry is itself, links not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) kind: EntryKind,
    /// Whether somebody may execute it.
    pub(super) executable: bool,
    /// Its size in bytes.
    pub(super) size: u64,
    /// Where a link points to, as written.
    pub(super) target: Option<String>,
}

/// The entries of a folder by name.
pub(super) type Entries = BTreeMap<String, Node>;

/// Which program describes files there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `find -printf`, of GNU.
    Printf,
    /// `stat -c`, of busybox and GNU.
    Stat,
    /// `ls -ln`, which every system has.
    Ls,
}

impl Style {
    /// The style of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "printf" => Some(Self::Printf),
            "stat" => Some(Self::Stat),
            "ls" => Some(Self::Ls),
            _ => None,
        }
    }

    /// The entries of a folder, which was asked for by this path.
    pub(super) fn entries(self, bytes: &[u8], folder: &str) -> Entries {
        let mut entries = match self {
            Self::Printf => printf(bytes),
            Self::Stat => stat(bytes, &format!("{folder}/./")),
            Self::Ls => ls(bytes, ""),
        };
        entries.retain(|name, _| is_name(name));
        entries
    }

    /// What one path is; the path as it was asked for.
    pub(super) fn itself(self, bytes: &[u8], path: &str) -> Option<Node> {
        let found = match self {
            Self::Printf => printf(bytes),
            Self::Stat => stat(bytes, path),
            Self::Ls => ls(bytes, path),
        };
        found.into_values().next()
    }
}

/// One of many folders that were described at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Described {
    /// As it was asked for.
    pub(super) path: String,
    pub(super) may_be_listed: bool,
    pub(super) may_be_entered: bool,
    pub(super) entries: Entries,
}

/// The folders that `find -printf` described at once: each begins with `rx PATH/.`, with `-` for a right that lacks.
pub(super) fn folders(bytes: &[u8]) -> Vec<Described> {
    let mut folders: Vec<Described> = Vec::new();
    for (record, target) in printf_records(bytes) {
        let begin = record.split_once(' ').filter(|(rights, _)| matches!(*rights, "rx" | "r-" | "-x" | "--"));
        if let Some((rights, path)) = begin {
            folders.push(Described {
                path: path.strip_suffix("/.").unwrap_or(path).to_owned(),
                may_be_listed: rights.starts_with('r'),
                may_be_entered: rights.ends_with('x'),
                entries: Entries::new(),
            });
        } else if let (Some(folder), Some((name, node))) = (folders.last_mut(), printf_node(&record, &target))
            && is_name(&name)
        {
            folder.entries.insert(name, node);
        }
    }
    folders
}

/// What no folder has, however it is described.
fn is_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains('/')
}

fn printf(bytes: &[u8]) -> Entries {
    printf_records(bytes).filter_map(|(record, target)| printf_node(&record, &target)).collect()
}

/// Pairs of fields, each ended by NUL.
fn printf_records(bytes: &[u8]) -> impl Iterator<Item = (String, String)> {
    let mut fields = bytes.split(|byte| *byte == 0).map(|field| String::from_utf8_lossy(field).into_owned());
    std::iter::from_fn(move || Some((fields.next()?, fields.next()?)))
}

/// `%y %m %s %f` and `%l` (find(1)).
fn printf_node(record: &str, target: &str) -> Option<(String, Node)> {
    let mut words = record.splitn(4, ' ');
    let (letter, rights, size, name) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let kind = kind(letter.bytes().next()?);
    let node = Node {
        kind,
        executable: u32::from_str_radix(rights, 8).is_ok_and(|rights| rights & 0o111 != 0),
        size: size.parse().unwrap_or_default(),
        target: (kind == EntryKind::Link).then(|| target.to_owned()),
    };
    Some((name.to_owned(), node))
}

/// `%f %s %N` (stat(1)): rights and type in hexadecimal, size, path; of a link `'path' -> 'target'`.
fn stat(bytes: &[u8], prefix: &str) -> Entries {
    let mut entries = Entries::new();
    let mut last: Option<(u32, u64, String)> = None;
    let mut put = |record: Option<(u32, u64, String)>| {
        let Some((mode, size, path)) = record else { return };
        let kind = match mode & 0o170_000 {
            0o040_000 => EntryKind::Folder,
            0o100_000 => EntryKind::File,
            0o120_000 => EntryKind::Link,
            _ => EntryKind::Special,
        };
        let linked =
            path.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).and_then(|rest| rest.split_once("' -> '"));
        let (path, target) = match linked {
            Some((path, target)) if kind == EntryKind::Link => (path.to_owned(), Some(target.to_owned())),
            _ => (path, None),
        };
        let name = path.strip_prefix(prefix).unwrap_or_default().to_owned();
        entries.insert(name, Node { kind, executable: mode & 0o111 != 0, size, target });
    };
    for line in String::from_utf8_lossy(bytes).split_terminator('\n') {
        match stat_record(line, prefix) {
            Some(record) => put(last.replace(record)),
            None => continued(last.as_mut().map(|(_, _, path)| path), line),
        }
    }
    put(last);
    entries
}

fn stat_record(line: &str, prefix: &str) -> Option<(u32, u64, String)> {
    let mut words = line.splitn(3, ' ');
    let mode = u32::from_str_radix(words.next()?, 16).ok()?;
    let size = words.next()?.parse().ok()?;
    let path = words.next()?;
    let begins = path.starts_with(prefix) || path.strip_prefix('\'').is_some_and(|path| path.starts_with(prefix));
    begins.then(|| (mode, size, path.to_owned()))
}

/// `ls -ln`: type and rights, links, owner, group, size or device, three words of a date, name, of a link ` -> target`.
fn ls(bytes: &[u8], prefix: &str) -> Entries {
    let mut entries = Entries::new();
    let mut last: Option<(Node, String)> = None;
    let mut put = |record: Option<(Node, String)>| {
        let Some((mut node, path)) = record else { return };
        let (path, target) = match path.split_once(" -> ") {
            Some((path, target)) if node.kind == EntryKind::Link => (path.to_owned(), Some(target.to_owned())),
            _ => (path, None),
        };
        node.target = target;
        entries.insert(path.strip_prefix(prefix).unwrap_or(&path).to_owned(), node);
    };
    for line in String::from_utf8_lossy(bytes).split_terminator('\n') {
        match ls_record(line, prefix) {
            Some(record) => put(last.replace(record)),
            None => continued(last.as_mut().map(|(_, path)| path), line),
        }
    }
    put(last);
    entries
}

fn ls_record(line: &str, prefix: &str) -> Option<(Node, String)> {
    let (mode, rest) = line.split_once(' ')?;
    let rights = mode.as_bytes();
    let is_mode = (10..=11).contains(&rights.len())
        && b"-dlpscbDw".contains(&rights[0])
        && rights[1..10].iter().all(|byte| b"rwxsStTlL-".contains(byte));
    if !is_mode {
        return None;
    }
    let kind = kind(if rights[0] == b'-' { b'f' } else { rights[0] });
    let mut rest = rest;
    let mut word = || {
        let trimmed = rest.trim_start_matches(' ');
        let (word, after) = trimmed.split_once(' ')?;
        rest = after;
        Some(word)
    };
    // Links, owner, group; a device has two numbers in the place of its size.
    for _ in 0..3 {
        word()?.parse::<u64>().ok()?;
    }
    let size = word()?;
    let size = match size.strip_suffix(',') {
        Some(_) => word().map(|_| 0)?,
        None => size.parse().ok()?,
    };
    for _ in 0..3 {
        word()?;
    }
    let executable = [3, 6, 9].iter().any(|at| b"xst".contains(&rights[*at]));
    rest.starts_with(prefix).then(|| (Node { kind, executable, size, target: None }, rest.to_owned()))
}

/// A line that begins no record is the rest of a name with a line end in it.
fn continued(path: Option<&mut String>, line: &str) {
    if let Some(path) = path {
        path.push('\n');
        path.push_str(line);
    }
}

/// The kind by the letter of find(1) and ls(1).
fn kind(letter: u8) -> EntryKind {
    match letter {
        b'd' => EntryKind::Folder,
        b'f' => EntryKind::File,
        b'l' => EntryKind::Link,
        _ => EntryKind::Special,
    }
}

/// Why something could not be looked at, from what the host's programs complain of. Their words differ, the system's own at
/// the end of the line do not (`strerror(3)` in the C locale).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// It does not exist.
    NotFound,
    /// The rights do not reach.
    Denied,
    /// There is more than is read.
    TooLarge,
    /// Anything else, in the host's words.
    Other(String),
}

/// The longest passage of the host's words.
const LONGEST: usize = 300;

impl Failure {
    pub(super) fn of(complaint: &[u8]) -> Self {
        let text = String::from_utf8_lossy(complaint);
        let line = text.lines().map(str::trim_end).rfind(|line| !line.is_empty()).unwrap_or_default();
        let ends = |phrases: &[&str]| phrases.iter().any(|phrase| line.ends_with(phrase));
        if ends(&["No such file or directory", "Not a directory"]) {
            Self::NotFound
        } else if ends(&["Permission denied", "Operation not permitted"]) {
            Self::Denied
        } else {
            let words: String = line.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
            Self::Other(if words.is_empty() { "the host does not say why".to_owned() } else { words })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(entries: &Entries) -> Vec<String> {
        let show = |(name, node): (&String, &Node)| {
            let target = node.target.as_deref().unwrap_or("-");
            format!("{name:?} {:?} {} {} {target:?}", node.kind, node.executable, node.size)
        };
        entries.iter().map(show).collect()
    }

    const EXPECTED: [&str; 5] = [
        r#""a\nb c" File true 12 "-""#,
        r#""a -> b" File false 0 "-""#,
        r#""dev" Special false 0 "-""#,
        r#""lib" Link true 7 "usr/lib""#,
        r#""sub" Folder true 4096 "-""#,
    ];

    #[test]
    fn each_style_says_the_same() {
        let printf = b"f 644 0 a -> b\0\0f 755 12 a\nb c\0\0c 666 0 dev\0\0l 777 7 lib\0usr/lib\0d 2755 4096 sub\0\0";
        assert_eq!(shown(&Style::Printf.entries(printf, "/x")), EXPECTED);
        let stat = "81a4 0 /x/./a -> b\n81ed 12 /x/./a\nb c\n21b6 0 /x/./dev\na1ff 7 '/x/./lib' -> 'usr/lib'\n\
            45ed 4096 /x/./sub\n";
        assert_eq!(shown(&Style::Stat.entries(stat.as_bytes(), "/x")), EXPECTED);
        let ls = "total 8\n-rw-r--r--  1 0 0    0 Jan  1  2024 a -> b\n-rwxr-xr-x@ 1 0 0   12 Jan  1 12:00 a\nb c\n\
            crw-rw-rw-  1 0 0 1, 3 Jan  1 12:00 dev\nlrwxrwxrwx  1 0 0    7 Jan  1 12:00 lib -> usr/lib\n\
            drwxr-sr-x+ 2 0 0 4096 Jan  1 12:00 sub\n";
        assert_eq!(shown(&Style::Ls.entries(ls.as_bytes(), "/x")), EXPECTED);
    }

    #[test]
    fn many_folders_are_told_apart() {
        let bytes = b"rx /.\0\0d 755 1 etc\0\0-x /root/.\0\0r- /a b/.\0\0f 644 2 rx x\0\0l 777 1 l\0t\0f 644 cut";
        let folders = folders(bytes);
        let show = |one: &Described| {
            format!("{} {} {} {:?}", one.path, one.may_be_listed, one.may_be_entered, shown(&one.entries))
        };
        assert_eq!(
            folders.iter().map(show).collect::<Vec<_>>(),
            [
                r#" true true ["\"etc\" Folder true 1 \"-\""]"#,
                "/root false true []",
                r#"/a b true false ["\"l\" Link true 1 \"t\"", "\"rx x\" File false 2 \"-\""]"#,
            ]
        );
    }

    #[test]
    fn one_path_is_described_alone() {
        for (style, text) in [
            (Style::Printf, "l 777 7 lib\0usr/lib\0"),
            (Style::Stat, "a1ff 7 '/x y/lib' -> 'usr/lib'\n"),
            (Style::Ls, "lrwxrwxrwx 1 0 0 7 Jan  1 12:00 /x y/lib -> usr/lib\n"),
        ] {
            let node = style.itself(text.as_bytes(), "/x y/lib").expect("described");
            assert_eq!((node.kind, node.target.as_deref()), (EntryKind::Link, Some("usr/lib")), "{style:?}");
            assert_eq!(style.itself(b"", "/x y/lib"), None);
        }
    }

    #[test]
    fn names_that_no_folder_has_are_left_out() {
        let hostile = b"f 644 1 ../etc/passwd\0\0f 644 1 .\0\0f 644 1 \0\0f 644 1 ok\0\0d 755";
        assert_eq!(Style::Printf.entries(hostile, "/x").into_keys().collect::<Vec<_>>(), ["ok"]);
        for style in [Style::Printf, Style::Stat, Style::Ls] {
            for bytes in [&b"\xff\xfe\0\0\n\n"[..], b"-rwx", b"drwxr-xr-x 1 2 3", b"81a4 1", b"\0", b"l 777 3 a"] {
                assert!(style.entries(bytes, "/x").is_empty(), "{style:?} {bytes:?}");
            }
        }
    }

    #[test]
    fn the_systems_own_words_say_why() {
        for (complaint, failure) in [
            ("find: '/none/.': No such file or directory\n", Failure::NotFound),
            ("ls: /etc/passwd/x: Not a directory\n", Failure::NotFound),
            ("head: cannot open '/a No such file or directory' for reading: Permission denied", Failure::Denied),
            ("ls: /Library/x: Operation not permitted\n\n", Failure::Denied),
            (
                "head: error reading '/x': Input/output error",
                Failure::Other("head: error reading '/x': Input/output error".to_owned()),
            ),
            ("", Failure::Other("the host does not say why".to_owned())),
        ] {
            assert_eq!(Failure::of(complaint.as_bytes()), failure);
        }
    }
}
