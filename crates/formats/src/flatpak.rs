//! What a deployed Flatpak says of itself: its `metadata` key file, and the AppStream file with its name for people, its
//! developer and its releases.
//!
//! Of a key file single values are looked up (flatpak-metadata(5)); permissions are not read. Of an AppStream file
//! (<https://www.freedesktop.org/software/appstream/docs/>) the untranslated name, the developer and the version of the
//! first release are taken; the descriptions of releases are stepped over. The commit's own data (`deploy`) and the
//! repository are not read.

use interdict_model::Diagnostic;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::notes::{Notes, lines};

/// The codes of this module's diagnostics.
pub mod code {
    /// An AppStream file is not the XML it should be.
    pub const MALFORMED: &str = "formats/appstream-malformed";
}

/// How deep the elements of an AppStream file may lie.
const DEEPEST: usize = 64;
/// How long a name may be.
const LONGEST_TEXT: usize = 4096;

/// What an AppStream file says of a component.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Component {
    /// Its id, such as `org.gimp.GIMP`.
    pub id: Option<String>,
    /// Its name for people.
    pub name: Option<String>,
    /// Who develops it.
    pub developer: Option<String>,
    /// The version of the release named first, which by convention is the latest.
    pub version: Option<String>,
}

/// The value of a key in a group of a key file, such as `command` of `Application`.
#[must_use]
pub fn key_file_value(bytes: &[u8], group: &str, key: &str) -> Option<String> {
    let mut is_in_group = false;
    for line in lines(bytes) {
        let line = line.trim_ascii();
        if let Some(name) = line.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]")) {
            // `[Installation "name"]` is of the group `Installation`.
            let rest = name.strip_prefix(group.as_bytes());
            is_in_group = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b" \""));
        } else if is_in_group && let Some(at) = memchr::memchr(b'=', line) {
            let (found, value) = (line[..at].trim_ascii(), line[at + 1..].trim_ascii());
            if found == key.as_bytes() && !value.is_empty() {
                return Some(String::from_utf8_lossy(value).into_owned());
            }
        }
    }
    None
}

/// Reads an AppStream file. What stood before a break is kept.
#[must_use]
pub fn parse_component(bytes: &[u8], file_name: &str) -> (Component, Vec<Diagnostic>) {
    let mut notes = Notes::new(file_name);
    let mut reading = Reading::default();
    let text = notes.text(1, "an AppStream file", bytes);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = true;
    let why = loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => {
                reading.begin(&element);
                if reading.way.len() > DEEPEST {
                    break Some(format!("its elements lie deeper than the {DEEPEST} that are read"));
                }
            }
            Ok(Event::Empty(element)) => {
                reading.begin(&element);
                reading.end();
            }
            Ok(Event::End(_)) => reading.end(),
            Ok(Event::Text(text)) => reading.text(&text),
            Ok(Event::CData(text)) => reading.text(&text),
            Ok(Event::GeneralRef(name)) => reading.reference(&name),
            Ok(Event::Eof) if !reading.way.is_empty() => break Some("it ends within its XML".to_owned()),
            Ok(Event::Eof) => break None,
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
            Err(error) => break Some(format!("it is not well-formed XML: {error}")),
        }
    };
    let why = why.or_else(|| (!reading.is_component).then(|| "it has no component".to_owned()));
    if let Some(why) = why {
        let before = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX).min(text.len());
        let line = memchr::memchr_iter(b'\n', &text.as_bytes()[..before]).count().saturating_add(1);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        notes.push(line, Diagnostic::warning(code::MALFORMED, format!("an AppStream file cannot be used: {why}")));
    }
    (reading.component, notes.finish())
}

/// The place in the file, and what was found on the way.
#[derive(Default)]
struct Reading {
    way: Vec<String>,
    /// Whether the text of the element at hand is one of the wanted ones.
    wanted: Option<Wanted>,
    text: String,
    is_component: bool,
    component: Component,
}

#[derive(Clone, Copy)]
enum Wanted {
    Id,
    Name,
    Developer,
}

impl Reading {
    fn begin(&mut self, element: &BytesStart<'_>) {
        self.way.push(element.local_name().as_ref().to_owned());
        self.wanted = None;
        self.text.clear();
        let way: Vec<&str> = self.way.iter().map(String::as_str).collect();
        match way.as_slice() {
            // The root of files from before AppStream 0.6 is an application.
            ["component" | "application"] => self.is_component = true,
            [_, "releases", "release"] if self.component.version.is_none() => {
                self.component.version = attribute(element, "version");
            }
            _ if has_attribute(element, "xml:lang") => {}
            [_, "id"] => self.wanted = Some(Wanted::Id),
            [_, "name"] => self.wanted = Some(Wanted::Name),
            [_, "developer_name"] | [_, "developer", "name"] => self.wanted = Some(Wanted::Developer),
            _ => {}
        }
    }

    fn end(&mut self) {
        self.way.pop();
        let Some(wanted) = self.wanted.take() else { return };
        let text = std::mem::take(&mut self.text);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let field = match wanted {
            Wanted::Id => &mut self.component.id,
            Wanted::Name => &mut self.component.name,
            Wanted::Developer => &mut self.component.developer,
        };
        if field.is_none() && !text.is_empty() && self.is_component {
            *field = Some(text);
        }
    }

    fn text(&mut self, text: &str) {
        if self.wanted.is_some() && self.text.len() + text.len() <= LONGEST_TEXT {
            self.text.push_str(text);
        }
    }

    /// One of the five names that XML knows, or a character by its number; names that the file itself defines are not
    /// followed.
    fn reference(&mut self, name: &BytesRef<'_>) {
        let character = match name.resolve_char_ref() {
            Ok(Some(character)) => Some(character),
            _ => match &**name {
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                "apos" => Some('\''),
                "quot" => Some('"'),
                _ => None,
            },
        };
        if let Some(character) = character {
            self.text(character.encode_utf8(&mut [0; 4]));
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().with_checks(false).filter_map(Result::ok).find(|one| one.key.as_ref() == name)?;
    let value = found.value.trim().to_owned();
    (!value.is_empty() && value.len() <= LONGEST_TEXT).then_some(value)
}

fn has_attribute(element: &BytesStart<'_>, name: &str) -> bool {
    element.attributes().with_checks(false).filter_map(Result::ok).any(|one| one.key.as_ref() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment with <name>no name</name> -->
<component type="desktop">
  <id>org.example.Agent</id>
  <name xml:lang="de">Vertreter</name>
  <name>Agent &amp; &#67;o
  &undefined;</name>
  <developer id="org.example"><name xml:lang="de">Wer</name><name>Example <![CDATA[<Limited>]]></name></developer>
  <developer_name>Older</developer_name>
  <branding><name>No</name></branding>
  <releases><release version="1.2" date="2024-05-02"><description><name>No</name></description></release>
  <release version="1.1"/></releases>
</component>"#;

    fn read(text: &str) -> (Component, Vec<String>) {
        let (component, diagnostics) = parse_component(text.as_bytes(), "f");
        (component, diagnostics.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_untranslated_name_the_developer_and_the_first_version_are_taken() {
        let (component, diagnostics) = read(SOUND);
        assert_eq!(component.id.as_deref(), Some("org.example.Agent"));
        assert_eq!(component.name.as_deref(), Some("Agent & Co"));
        assert_eq!(component.developer.as_deref(), Some("Example <Limited>"));
        assert_eq!(component.version.as_deref(), Some("1.2"));
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
    }

    #[test]
    fn what_cannot_be_used_is_said_and_what_stood_before_is_kept() {
        let table = [
            ("", None, "it has no component"),
            ("hello world\n\nexit\n", None, "it has no component"),
            (
                "<component><name>A</name>\n<releases>",
                Some("A"),
                "f:2: warning[formats/appstream-malformed]: an AppStream file cannot be used: it ends within",
            ),
            ("<component><name>A</name></wrong>", Some("A"), "not well-formed"),
            ("<html><name>A</name></html>", None, "it has no component"),
        ];
        for (text, name, says) in table {
            let (component, diagnostics) = read(text);
            assert_eq!(component.name.as_deref(), name, "{text:?}");
            assert!(diagnostics.iter().any(|one| one.contains(says)), "{text:?}: {diagnostics:?}");
        }
        let deep = format!("<component>{}", "<a>".repeat(1000));
        assert!(read(&deep).1[0].contains("deeper"));
    }

    #[test]
    fn names_that_a_file_defines_are_not_followed() {
        let laughs =
            r#"<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><component><name>x&b;</name></component>"#;
        assert_eq!(read(laughs).0.name.as_deref(), Some("x"));
    }

    #[test]
    fn values_of_a_key_file_are_found_by_group_and_key() {
        let text =
            b"# c\n[Application]\nname=org.example.Agent\nruntime = org.gnome.Platform/x86_64/45\r\ncommand=agent\n\
            [Context]\ncommand=no\n[Installation \"extra\"]\nPath=/mnt/extra\nEmpty=\n\
            [Desktop Entry]\nName[de]=Vertreter\nName=An agent\n";
        for (group, key, expected) in [
            ("Application", "runtime", Some("org.gnome.Platform/x86_64/45")),
            ("Application", "command", Some("agent")),
            ("Installation", "Path", Some("/mnt/extra")),
            ("Installation", "Empty", None),
            ("Desktop Entry", "Name", Some("An agent")),
            ("Runtime", "name", None),
        ] {
            assert_eq!(key_file_value(text, group, key).as_deref(), expected, "{group} {key}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = (parse_component(&bytes, "f"), key_file_value(&bytes, "a", "b"));
        }

        #[test]
        fn no_change_of_a_sound_file_makes_it_panic(position in 0_usize..900, byte: u8, cut in 0_usize..900) {
            let mut bytes = SOUND.as_bytes().to_vec();
            let length = bytes.len();
            bytes[position % length] = byte;
            bytes.truncate(cut);
            let _ = parse_component(&bytes, "f");
        }
    }
}
