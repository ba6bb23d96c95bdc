//! systemd unit files, as far as they say what a service runs and what starts it.
//!
//! Read are sections, settings, comments, continued lines and resets (systemd.syntax(7), systemd.service(5)). Specifiers
//! such as `%i` stay as written, conditions are not weighed, and whether a unit is enabled is not to be seen in its
//! file: that is in the links around it, which `interdict-collect` reads.

use interdict_model::Diagnostic;

use crate::notes::Notes;
use crate::unix_command::{is_runner, words};

/// The codes of this module's diagnostics.
pub mod code {
    /// A line is neither a section, a setting nor a comment.
    pub const LINE_OUTSIDE: &str = "formats/unit-line-outside";
}

/// How many values one setting may gather.
const MOST_VALUES: usize = 256;
/// What may stand before the executable (systemd.service(5), "special executable prefixes").
const PREFIXES: &[char] = &['@', '-', ':', '+', '!', '|'];

/// What a unit file says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unit {
    /// The description, for people.
    pub description: Option<String>,
    /// The executable of each start command, in order, without prefixes, quotes and arguments. Where that is only a
    /// shell, an interpreter or the like, it is the program it is told to run.
    pub exec_start: Vec<String>,
    /// The units that want this one once it is enabled.
    pub wanted_by: Vec<String>,
    /// The units that require this one once it is enabled.
    pub required_by: Vec<String>,
    /// Other names it gets once it is enabled.
    pub alias: Vec<String>,
    /// For a timer, socket or path unit: the unit it starts, where that is not the one of its own name.
    pub starts: Option<String>,
}

/// Reads a unit file.
#[must_use]
pub fn parse_unit(bytes: &[u8], file_name: &str) -> (Unit, Vec<Diagnostic>) {
    let mut unit = Unit::default();
    let diagnostics = apply_drop_in(&mut unit, bytes, file_name);
    (unit, diagnostics)
}

/// Reads a drop-in file on top of a unit: what it sets replaces or adds, what it sets to nothing is forgotten.
pub fn apply_drop_in(unit: &mut Unit, bytes: &[u8], file_name: &str) -> Vec<Diagnostic> {
    let mut notes = Notes::new(file_name);
    let mut section = String::new();
    for (number, line) in logical_lines(bytes) {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.clone_into(&mut section);
        } else if let Some((key, value)) = line.split_once('=') {
            set(unit, &section, key.trim_end(), value.trim_start());
        } else {
            let message = "a line is neither a section, a setting nor a comment";
            notes.push(number, Diagnostic::warning(code::LINE_OUTSIDE, message));
        }
    }
    notes.finish()
}

fn set(unit: &mut Unit, section: &str, key: &str, value: &str) {
    let words = || value.split_ascii_whitespace().map(str::to_owned);
    match (section, key) {
        ("Unit", "Description") => unit.description = Some(value.to_owned()).filter(|value| !value.is_empty()),
        ("Service", "ExecStart") => gather(&mut unit.exec_start, executable(value).into_iter()),
        ("Install", "WantedBy") => gather(&mut unit.wanted_by, words()),
        ("Install", "RequiredBy") => gather(&mut unit.required_by, words()),
        ("Install", "Alias") => gather(&mut unit.alias, words()),
        ("Timer" | "Path", "Unit") | ("Socket", "Service") => {
            unit.starts = Some(value.to_owned()).filter(|value| !value.is_empty());
        }
        _ => {}
    }
}

/// Adds to a list; setting it to nothing empties it.
fn gather(list: &mut Vec<String>, values: impl Iterator<Item = String>) {
    let before = list.len();
    list.extend(values);
    if list.len() == before {
        list.clear();
    }
    list.truncate(MOST_VALUES);
}

/// The executable of a command line: its first word, or what a shell or interpreter standing there is told to run.
fn executable(command: &str) -> Option<String> {
    let bare = command.trim_start_matches(PREFIXES);
    let names_itself = command[..command.len() - bare.len()].contains('@');
    let mut words = words(bare).into_iter();
    let program = words.next()?;
    if names_itself {
        words.next();
    }
    if !is_runner(&program) {
        return Some(program);
    }
    // `sh -c "exec /opt/agent/run --foreground"`: the first absolute path of all that follows.
    let told = words.flat_map(|word| word.split_ascii_whitespace().map(str::to_owned).collect::<Vec<_>>());
    Some(told.into_iter().find(|word| word.starts_with('/') && !word.starts_with("/dev/")).unwrap_or(program))
}

/// The lines of a unit file with continued ones joined and comments left out, each with the number of its first line.
fn logical_lines(bytes: &[u8]) -> Vec<(u32, String)> {
    let mut whole = Vec::new();
    let mut begun: Option<(u32, String)> = None;
    for (number, physical) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let text = String::from_utf8_lossy(physical);
        let text = text.trim_end();
        // A comment between continued lines does not end them.
        if text.trim_start().starts_with(['#', ';']) {
            continue;
        }
        let (text, goes_on) = text.strip_suffix('\\').map_or((text, false), |text| (text, true));
        let (start, mut line) = begun.take().unwrap_or((number, String::new()));
        line.push_str(text);
        if goes_on {
            line.push(' ');
            begun = Some((start, line));
        } else if !line.trim().is_empty() {
            whole.push((start, line));
        }
    }
    whole.extend(begun.filter(|(_, line)| !line.trim().is_empty()));
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_executable_is_found_behind_prefixes_quotes_and_shells() {
        let table = [
            ("/usr/sbin/sshd -D $SSHD_OPTS", "/usr/sbin/sshd"),
            ("-/usr/bin/agent", "/usr/bin/agent"),
            ("+!!/usr/bin/agent run", "/usr/bin/agent"),
            ("|/usr/bin/agent run", "/usr/bin/agent"),
            ("@/opt/a/agent agentd --x", "/opt/a/agent"),
            ("@/bin/sh /usr/bin/shown -c /opt/a/run", "/opt/a/run"),
            ("\"/opt/Vendor Name/agent\" --x", "/opt/Vendor Name/agent"),
            ("'/opt/a b/c'", "/opt/a b/c"),
            ("/opt/a\\ b/c d", "/opt/a b/c"),
            ("/bin/sh -c \"exec /opt/agent/run --foreground\"", "/opt/agent/run"),
            ("/usr/bin/env FOO=1 /opt/agent/run", "/opt/agent/run"),
            ("/usr/bin/python3 -u /opt/agent/run.py", "/opt/agent/run.py"),
            ("/bin/sh -c 'echo hello'", "/bin/sh"),
            ("agent --x", "agent"),
        ];
        for (command, expected) in table {
            assert_eq!(executable(command).as_deref(), Some(expected), "{command}");
        }
        for nothing in ["", "  ", "-", "\"\""] {
            assert_eq!(executable(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn settings_count_only_in_their_section() {
        let text = b"[Unit]\r\nDescription=Endpoint agent\r\n# ExecStart=/no\n[Service]\nExecStart=/opt/a/one \\\n  --x\n\
            ; comment\nExecStart=/opt/a/two\n[Install]\nWantedBy=multi-user.target graphical.target\nRequiredBy=x.target\n\
            Alias=other.service\n[X-Vendor]\nExecStart=/no\nDescription=no\n";
        let (unit, diagnostics) = parse_unit(text, "a.service");
        assert_eq!(unit.description.as_deref(), Some("Endpoint agent"));
        assert_eq!(unit.exec_start, ["/opt/a/one", "/opt/a/two"]);
        assert_eq!(unit.wanted_by, ["multi-user.target", "graphical.target"]);
        assert_eq!(unit.required_by, ["x.target"]);
        assert_eq!(unit.alias, ["other.service"]);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
    }

    #[test]
    fn a_drop_in_resets_and_replaces() {
        let (mut unit, _) = parse_unit(b"[Service]\nExecStart=/opt/a/old\n[Install]\nWantedBy=a.target\n", "a.service");
        let diagnostics = apply_drop_in(&mut unit, b"[Service]\nExecStart=\nExecStart=/opt/a/new\n", "a.conf");
        assert_eq!(unit.exec_start, ["/opt/a/new"]);
        assert_eq!(unit.wanted_by, ["a.target"]);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
    }

    #[test]
    fn a_comment_within_a_continued_line_is_skipped() {
        let (unit, _) = parse_unit(b"[Service]\nExecStart=\\\n# why\n/opt/a/run \\\n", "a.service");
        assert_eq!(unit.exec_start, ["/opt/a/run"]);
    }

    #[test]
    fn a_timer_may_start_a_unit_of_another_name() {
        assert_eq!(parse_unit(b"[Timer]\nUnit=b.service\n", "a.timer").0.starts.as_deref(), Some("b.service"));
        assert_eq!(parse_unit(b"[Socket]\nService=c.service\n", "a.socket").0.starts.as_deref(), Some("c.service"));
    }

    #[test]
    fn a_stray_line_is_named_with_its_number() {
        let (_, diagnostics) = parse_unit(b"[Service]\n\nwhat is this\n", "a.service");
        assert_eq!(diagnostics.len(), 1);
        assert!(diagnostics[0].to_string().starts_with("a.service:3: warning[formats/unit-line-outside]"));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = parse_unit(&bytes, "x.service");
        }

        #[test]
        fn no_unit_like_text_makes_it_panic(text in "(\\[(Unit|Service|Install)\\]|ExecStart=[@!\"' /\\\\a-z-]*|Alias=[ a]*|[#;]x|\\\\|\n){0,40}") {
            let _ = parse_unit(text.as_bytes(), "x.service");
        }
    }
}
