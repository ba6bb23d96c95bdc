//! What snapd keeps of snaps: its state, each snap's own `meta/snap.yaml`, and the assertions that say who publishes them.
//!
//! Of the state (`overlord/snapstate` in snapd) the part on snaps is taken as it goes by; tasks and changes are stepped
//! over. Of `snap.yaml` some members of the top level are taken, and the commands of apps, by a reader of the few forms of
//! YAML that `snapcraft` writes: what a general one refuses as a whole, such as a file that is cut off, still gives what it
//! has. Anchors, tags, flow mappings and documents in one file are not understood. Signatures of assertions are not
//! checked.

use std::collections::BTreeMap;

use interdict_model::Diagnostic;

use crate::json::{self, Scalar, Step, leads};
use crate::notes::{Notes, lines};

/// The codes of this module's diagnostics.
pub mod code {
    /// snapd's state is not the JSON it should be.
    pub const NOT_JSON: &str = "formats/snap-state-not-json";
    /// snapd's state ends within its JSON.
    pub const TRUNCATED: &str = "formats/snap-state-truncated";
    /// snapd's state has more snaps than are read.
    pub const TOO_MANY: &str = "formats/snap-state-too-many";
}

/// How many snaps are read.
const MOST_SNAPS: usize = 100_000;
/// How many commands of one snap are taken.
const MOST_COMMANDS: usize = 1000;
/// How many lines a value may be folded over.
const MOST_LINES: usize = 100;

/// What the state says of one snap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// `app`, `base`, `kernel`, `gadget`, `os` or `snapd`.
    pub kind: Option<String>,
    /// The revision that is used, such as `2015`, or `x1` for one that does not come from the store.
    pub revision: Option<String>,
    /// The channel it follows.
    pub channel: Option<String>,
    /// The store's id of the snap.
    pub snap_id: Option<String>,
    /// Whether it is used at all; a snap that is disabled is not.
    pub active: bool,
}

/// Reads snapd's state: what it says of each snap, by name.
#[must_use]
pub fn parse_state(bytes: &[u8], file_name: &str) -> (BTreeMap<String, State>, Vec<Diagnostic>) {
    let mut notes = Notes::new(file_name);
    let mut snaps: BTreeMap<String, State> = BTreeMap::new();
    let mut too_many = false;
    let read = json::values(bytes, &mut |way, value| {
        let [Step::Key(data), Step::Key(all), Step::Key(name), field @ ..] = way else { return };
        if data != "data" || all != "snaps" {
            return;
        }
        if !snaps.contains_key(name) {
            if snaps.len() >= MOST_SNAPS {
                too_many = true;
                return;
            }
            snaps.insert(name.clone(), State::default());
        }
        if let Some(state) = snaps.get_mut(name) {
            take(state, field, value);
        }
    });
    if too_many {
        let message = format!("there are more than the {MOST_SNAPS} snaps that are read");
        notes.push(1, Diagnostic::warning(code::TOO_MANY, message));
    }
    if let Err(unread) = read {
        let (line, what) = unread.said();
        let code = match unread {
            json::Unread::Truncated { .. } => code::TRUNCATED,
            json::Unread::Malformed { .. } => code::NOT_JSON,
        };
        notes.push(line, Diagnostic::warning(code, what));
    }
    (snaps, notes.finish())
}

fn take(state: &mut State, field: &[Step], value: Scalar<'_>) {
    let keep = |field: &mut Option<String>| *field = Some(value.text()).filter(|text| !text.is_empty());
    match field {
        [Step::Key(key)] => match key.as_str() {
            "type" => keep(&mut state.kind),
            "current" => keep(&mut state.revision),
            "channel" | "tracking-channel" => keep(&mut state.channel),
            "active" => state.active = value == Scalar::Truth(true),
            _ => {}
        },
        // Each revision that is kept; newer versions of snapd put components beside the snap.
        _ if leads(field, &["sequence", "*", "snap-id"]) || leads(field, &["sequence", "*", "snap", "snap-id"]) => {
            keep(&mut state.snap_id);
        }
        _ => {}
    }
}

/// What a snap says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meta {
    /// Its name.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Its name for people.
    pub title: Option<String>,
    /// Its kind, where it is not an app.
    pub kind: Option<String>,
    /// The architectures it is for.
    pub architectures: Vec<String>,
    /// The commands of its apps, as paths below the snap.
    pub commands: Vec<String>,
}

/// Reads a `snap.yaml`.
#[must_use]
pub fn parse_meta(bytes: &[u8]) -> Meta {
    let mut meta = Meta::default();
    let mut top = String::new();
    let mut ahead = lines(bytes).map(String::from_utf8_lossy).peekable();
    while let Some(line) = ahead.next() {
        let indent = line.len() - line.trim_start().len();
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let item = text.strip_prefix("- ").map(str::trim);
        let member = item.unwrap_or(text).split_once(':').filter(|(_, rest)| rest.is_empty() || rest.starts_with(' '));
        match (indent, item, member) {
            (0, None, Some((key, value))) => {
                top = unquoted(key);
                let mut value = value.trim().to_owned();
                let more = |next: &std::borrow::Cow<'_, str>| next.starts_with([' ', '\t']) || next.trim().is_empty();
                if matches!(top.as_str(), "name" | "version" | "title" | "type") && !value.is_empty() {
                    let block = value.starts_with(['|', '>']);
                    let mut folded: Vec<String> = if block { Vec::new() } else { vec![value] };
                    while folded.len() < MOST_LINES
                        && let Some(next) = ahead.next_if(more)
                    {
                        folded.push(next.trim().to_owned());
                    }
                    value = folded.join(" ");
                }
                meta.member(&top, value.trim());
            }
            (_, Some(item), _) if top == "architectures" => meta.architectures.push(scalar(item)),
            (1.., _, Some(("command", command))) if top == "apps" && meta.commands.len() < MOST_COMMANDS => {
                let command = scalar(command.trim());
                // Arguments are no part of the path.
                meta.commands.extend(command.split_whitespace().next().map(str::to_owned));
            }
            _ => {}
        }
    }
    meta
}

impl Meta {
    fn member(&mut self, key: &str, value: &str) {
        let field = match key {
            "name" => &mut self.name,
            "version" => &mut self.version,
            "title" => &mut self.title,
            "type" => &mut self.kind,
            "architectures" => {
                let list = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
                let items = list.into_iter().flat_map(|list| list.split(',')).map(|item| scalar(item.trim()));
                self.architectures.extend(items.filter(|item| !item.is_empty()));
                return;
            }
            _ => return,
        };
        if field.is_none() {
            *field = Some(scalar(value)).filter(|value| !value.is_empty());
        }
    }
}

/// A value without its quotation marks or the comment behind it.
fn scalar(written: &str) -> String {
    if written.starts_with(['"', '\'']) {
        return unquoted(written);
    }
    written.split(" #").next().unwrap_or_default().trim().to_owned()
}

fn unquoted(written: &str) -> String {
    if let Some(rest) = written.strip_prefix('\'') {
        // Within single quotation marks they are doubled.
        let (mut text, mut ahead) = (String::new(), rest.chars().peekable());
        while let Some(character) = ahead.next() {
            if character == '\'' && ahead.next_if_eq(&'\'').is_none() {
                break;
            }
            text.push(character);
        }
        return text;
    }
    let Some(rest) = written.strip_prefix('"') else { return written.to_owned() };
    let (mut text, mut ahead) = (String::new(), rest.chars());
    while let Some(character) = ahead.next() {
        match character {
            '"' => break,
            '\\' => text.extend(escaped(&mut ahead)),
            character => text.push(character),
        }
    }
    text
}

/// The character that stands behind a backslash.
fn escaped(ahead: &mut std::str::Chars<'_>) -> Option<char> {
    let digits = match ahead.next()? {
        'n' => return Some('\n'),
        't' => return Some('\t'),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        character => return Some(character),
    };
    let number: String = ahead.by_ref().take(digits).collect();
    u32::from_str_radix(&number, 16).ok().and_then(char::from_u32)
}

/// The headers of an assertion up to its first empty line; those that go over several lines are left out.
#[must_use]
pub fn parse_assertion(bytes: &[u8]) -> BTreeMap<String, String> {
    let headers = lines(bytes).take_while(|line| !line.is_empty()).take(MOST_LINES);
    let text = headers.filter_map(|line| std::str::from_utf8(line).ok()).filter(|line| !line.starts_with(' '));
    let pairs = text.filter_map(|line| line.split_once(": "));
    pairs.map(|(key, value)| (key.to_owned(), value.trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: &str = r#"{"data":{"api-download-tokens-secret":"x","snaps":{
        "core22":{"type":"base","sequence":[{"name":"core22","snap-id":"amcUKQILKXHHTlmSa7NMdnXSx02dNeeT","revision":"1122"},
            {"name":"core22","snap-id":"amcUKQILKXHHTlmSa7NMdnXSx02dNeeT","revision":"1380"}],"active":true,"current":"1380",
            "channel":"latest/stable"},
        "agent":{"type":"app","sequence":[{"name":"agent","revision":"x1"}],"current":"x1"},
        "odd":{"current":7,"active":"yes","channel":null,"sequence":{"a":[[{}]]}}}},
        "changes":{"1":{"snaps":{"no":1}}},"last-change-id":1}"#;

    #[test]
    fn the_state_of_each_snap_is_taken() {
        let (snaps, diagnostics) = parse_state(STATE.as_bytes(), "f");
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(snaps.keys().collect::<Vec<_>>(), ["agent", "core22", "odd"]);
        let core = State {
            kind: Some("base".to_owned()),
            revision: Some("1380".to_owned()),
            channel: Some("latest/stable".to_owned()),
            snap_id: Some("amcUKQILKXHHTlmSa7NMdnXSx02dNeeT".to_owned()),
            active: true,
        };
        assert_eq!(snaps["core22"], core);
        assert_eq!((snaps["agent"].revision.as_deref(), snaps["agent"].active), (Some("x1"), false));
        assert_eq!(snaps["odd"], State { revision: Some("7".to_owned()), ..State::default() });
    }

    #[test]
    fn a_damaged_state_gives_what_stands_before_the_damage() {
        let cut = &STATE[..STATE.find("\"odd\"").expect("there")];
        for (text, code) in [(cut.to_owned(), code::TRUNCATED), (format!("{cut}]"), code::NOT_JSON)] {
            let (snaps, diagnostics) = parse_state(text.as_bytes(), "/var/lib/snapd/state.json");
            assert_eq!(snaps.len(), 2);
            assert_eq!(diagnostics[0].code, code);
            assert!(diagnostics[0].to_string().starts_with("/var/lib/snapd/state.json:"));
        }
        assert_eq!(parse_state(b"", "f").1[0].code, code::TRUNCATED);
    }

    #[test]
    fn the_wanted_members_of_a_snap_are_taken() {
        let text = "name: agent\nversion: '1.10' # a comment\nsummary: An agent: it acts\ntitle: \"The \\\"Agent\\\" \\u00e9\"\n\
            description: |\n  name: not this\n  more\n\n  version: nor this\narchitectures:\n- amd64\n- arm64\nbase: core22\napps:\n  agent:\n\
            \x20   command: bin/agent --serve\n    daemon: simple\n  ctl:\n    command: 'bin/ctl'\nhooks:\n  x:\n    command: no\n";
        let expected = Meta {
            name: Some("agent".to_owned()),
            version: Some("1.10".to_owned()),
            title: Some("The \"Agent\" é".to_owned()),
            kind: None,
            architectures: vec!["amd64".to_owned(), "arm64".to_owned()],
            commands: vec!["bin/agent".to_owned(), "bin/ctl".to_owned()],
        };
        assert_eq!(parse_meta(text.as_bytes()), expected);
    }

    #[test]
    fn forms_of_values_are_understood() {
        let of = |text: &str| parse_meta(text.as_bytes());
        assert_eq!(of("architectures: [amd64, 'i386']\n").architectures, ["amd64", "i386"]);
        assert_eq!(of("architectures: [all]").architectures, ["all"]);
        assert_eq!(of("title: A title that\n  goes on\nname: x\n").title.as_deref(), Some("A title that goes on"));
        assert_eq!(of("title: >-\n  Folded\n  title\nname: x\n").title.as_deref(), Some("Folded title"));
        assert_eq!(of("name: x\nname: y\n").name.as_deref(), Some("x"));
        assert_eq!(of("name: it's\nversion: 'it''s'\n").version.as_deref(), Some("it's"));
        assert_eq!(of("name:x\nasdf\nlkjh\n"), Meta::default());
        assert_eq!(of("name: agent\nvers").name.as_deref(), Some("agent"));
    }

    #[test]
    fn headers_of_an_assertion_end_at_the_first_empty_line() {
        let text = b"type: snap-declaration\nauthority-id: canonical\nrevision: 9\nsnap-name: core\nplugs:\n  x: y\n  a: b\n\n\
            body: no\n\nsignature";
        let headers = parse_assertion(text);
        assert_eq!(headers.get("snap-name").map(String::as_str), Some("core"));
        assert_eq!(headers.len(), 4);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = (parse_state(&bytes, "f"), parse_meta(&bytes), parse_assertion(&bytes));
        }

        #[test]
        fn no_lines_make_it_panic(text in "((name|title|apps|architectures|  command|- )?:? ?['\">|\\\\ux0-9a-z \\[\\],#é-]{0,12}\n){0,12}") {
            let meta = parse_meta(text.as_bytes());
            proptest::prop_assert!(meta.architectures.len() <= text.len());
        }
    }
}
