//! What Homebrew keeps of what it installed: the receipts of formulas and casks, and casks' own definitions.
//!
//! Receipts and definitions are JSON of which some values are taken as they go by; older definitions are Ruby, of which
//! single lines of well-known stanzas are read and nothing is run (<https://docs.brew.sh/Cask-Cookbook>). What a cask would
//! uninstall, its checks and its dependencies are not read.

use chrono::{DateTime, NaiveDateTime, SecondsFormat};
use interdict_model::Diagnostic;

use crate::json::{self, leads};
use crate::notes::{Notes, lines};

/// The codes of this module's diagnostics.
pub mod code {
    /// A receipt or definition is not the JSON it should be.
    pub const NOT_JSON: &str = "formats/homebrew-not-json";
    /// A receipt or definition ends within its JSON.
    pub const TRUNCATED: &str = "formats/homebrew-truncated";
}

/// How many apps of one cask are taken.
const MOST_APPS: usize = 1000;

/// What the receipt of a formula or cask says (`INSTALL_RECEIPT.json`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// When it was installed: RFC 3339, UTC.
    pub installed: Option<String>,
    /// Where it comes from, such as `homebrew/core`.
    pub tap: Option<String>,
    /// The processor architecture it was installed for.
    pub arch: Option<String>,
}

/// What the definition of a cask says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cask {
    /// Its name for people.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Where it comes from, such as `homebrew/cask`.
    pub tap: Option<String>,
    /// The apps it puts into the folder for apps.
    pub apps: Vec<String>,
}

/// Reads a receipt.
#[must_use]
pub fn parse_receipt(bytes: &[u8], file_name: &str) -> (Receipt, Vec<Diagnostic>) {
    let mut receipt = Receipt::default();
    let read = json::values(bytes, &mut |way, value| {
        if leads(way, &["time"]) {
            let instant = value.seconds().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            receipt.installed = instant.map(|instant| instant.to_rfc3339_opts(SecondsFormat::Secs, true));
        } else if leads(way, &["source", "tap"]) {
            receipt.tap = Some(value.text());
        } else if leads(way, &["arch"]) {
            receipt.arch = Some(value.text());
        }
    });
    (receipt, said(read, file_name))
}

/// Reads a cask's definition in JSON.
#[must_use]
pub fn parse_cask_json(bytes: &[u8], file_name: &str) -> (Cask, Vec<Diagnostic>) {
    let mut cask = Cask::default();
    let read = json::values(bytes, &mut |way, value| {
        if leads(way, &["name", "*"]) {
            cask.name.get_or_insert_with(|| value.text());
        } else if leads(way, &["version"]) {
            cask.version = Some(value.text());
        } else if leads(way, &["tap"]) {
            cask.tap = Some(value.text());
        } else if leads(way, &["artifacts", "*", "app", "*"]) && cask.apps.len() < MOST_APPS {
            cask.apps.push(value.text());
        } else if leads(way, &["artifacts", "*", "app", "*", "target"]) {
            // What it is called once installed, where that is not what it is called in the download.
            cask.apps.pop();
            cask.apps.push(value.text());
        }
    });
    (cask, said(read, file_name))
}

/// Reads a cask's definition in Ruby.
#[must_use]
pub fn parse_cask_ruby(bytes: &[u8]) -> Cask {
    let mut cask = Cask::default();
    for line in lines(bytes) {
        let line = String::from_utf8_lossy(line);
        let Some((stanza, rest)) = line.trim().split_once(' ') else { continue };
        let Some(first) = quoted(rest) else { continue };
        match stanza {
            "name" => {
                cask.name.get_or_insert(first);
            }
            "version" => {
                cask.version.get_or_insert(first);
            }
            "app" if cask.apps.len() < MOST_APPS => {
                let target = rest.split_once("target:").and_then(|(_, target)| quoted(target));
                cask.apps.push(target.unwrap_or(first));
            }
            _ => {}
        }
    }
    cask
}

/// Where a cask's apps were put, as its `config.json` says: what the person asked for before what is usual.
#[must_use]
pub fn parse_app_folder(bytes: &[u8]) -> Option<String> {
    let mut found: [Option<String>; 3] = Default::default();
    // A configuration that cannot be read says nothing, and then the usual folder is not taken for the right one.
    let read = json::values(bytes, &mut |way, value| {
        for (place, part) in found.iter_mut().zip(["explicit", "env", "default"]) {
            if leads(way, &[part, "appdir"]) {
                *place = Some(value.text());
            }
        }
    });
    read.ok().and_then(|()| found.into_iter().flatten().next())
}

/// The instant that a folder with a cask's definition is named for (`20240131120000.123`): RFC 3339, UTC.
#[must_use]
pub fn parse_folder_instant(name: &str) -> Option<String> {
    let (whole, _) = name.split_once('.')?;
    let instant = NaiveDateTime::parse_from_str(whole, "%Y%m%d%H%M%S").ok()?;
    Some(instant.and_utc().to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// The text between the first quotation marks, unless it is put together from others.
fn quoted(text: &str) -> Option<String> {
    let begin = text.find(['"', '\''])?;
    let mark = text.get(begin..)?.chars().next()?;
    let rest = text.get(begin + 1..)?;
    let text = rest.get(..rest.find(mark)?)?;
    (!text.is_empty() && !text.contains("#{")).then(|| text.to_owned())
}

fn said(read: Result<(), json::Unread>, file_name: &str) -> Vec<Diagnostic> {
    let mut notes = Notes::new(file_name);
    if let Err(unread) = read {
        let code = match unread {
            json::Unread::Truncated { .. } => code::TRUNCATED,
            json::Unread::Malformed { .. } => code::NOT_JSON,
        };
        let (line, what) = unread.said();
        notes.push(line, Diagnostic::warning(code, what));
    }
    notes.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receipts_say_when_and_from_where() {
        let text = br#"{"homebrew_version":"4.2.5","used_options":[],"time":1706702400,"source":{"path":"/x","tap":"homebrew/core",
            "versions":{"stable":"1.2"}},"arch":"arm64","runtime_dependencies":[{"full_name":"x","arch":"no"}]}"#;
        let (receipt, diagnostics) = parse_receipt(text, "f");
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let expected = Receipt {
            installed: Some("2024-01-31T12:00:00Z".to_owned()),
            tap: Some("homebrew/core".to_owned()),
            arch: Some("arm64".to_owned()),
        };
        assert_eq!(receipt, expected);
        let (none, _) = parse_receipt(br#"{"time":null,"source":{"tap":null},"arch":null}"#, "f");
        assert_eq!(none, Receipt::default());
    }

    #[test]
    fn a_damaged_receipt_gives_what_stands_before_the_damage() {
        for (text, expected) in [("{\"time\":1,\n", code::TRUNCATED), ("{\"time\":1,\n]", code::NOT_JSON)] {
            let (receipt, diagnostics) = parse_receipt(text.as_bytes(), "f");
            assert_eq!(receipt.installed.as_deref(), Some("1970-01-01T00:00:01Z"));
            assert!(diagnostics[0].to_string().starts_with("f:2: ") && diagnostics[0].code == expected);
        }
    }

    #[test]
    fn casks_say_what_they_are_and_which_apps_they_have() {
        let text = r#"{"token":"agent","tap":"vendor/tap","name":["Agent","Older name"],"version":"1.2,345","artifacts":[
            {"app":["Agent.app"]},{"app":["In Download.app",{"target":"Other.app"}]},{"zap":[{"trash":"x"}]},
            {"uninstall":[{"quit":"y"}]}]}"#;
        let expected = Cask {
            name: Some("Agent".to_owned()),
            version: Some("1.2,345".to_owned()),
            tap: Some("vendor/tap".to_owned()),
            apps: vec!["Agent.app".to_owned(), "Other.app".to_owned()],
        };
        assert_eq!(parse_cask_json(text.as_bytes(), "f"), (expected.clone(), Vec::new()));
        let ruby = b"cask \"agent\" do\n  version \"1.2,345\"\n  sha256 :no_check\n\n  url \"https://example.org/#{version}.dmg\"\n\
            \x20 name 'Agent'\n  name \"Older name\"\n  desc \"An agent\"\n\n  app \"Agent.app\"\n\
            \x20 app \"In Download.app\", target: \"Other.app\"\n  app \"Agent #{version.major}.app\"\n  zap trash: \"x\"\nend\n";
        assert_eq!(parse_cask_ruby(ruby), Cask { tap: None, ..expected });
    }

    #[test]
    fn the_folder_of_apps_is_the_one_asked_for() {
        for (text, expected) in [
            (r#"{"default":{"appdir":"/Applications"},"env":{},"explicit":{}}"#, Some("/Applications")),
            (r#"{"default":{"appdir":"/Applications"},"env":{"appdir":"/e"},"explicit":{"appdir":"/x"}}"#, Some("/x")),
            (r#"{"default":{"appdir":"/Applications"}"#, None),
            ("{}", None),
        ] {
            assert_eq!(parse_app_folder(text.as_bytes()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_folders_name_is_an_instant() {
        assert_eq!(parse_folder_instant("20240131120000.123").as_deref(), Some("2024-01-31T12:00:00Z"));
        assert_eq!(parse_folder_instant("20241331120000.123"), None);
        assert_eq!(parse_folder_instant("Casks"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = (parse_receipt(&bytes, "f"), parse_cask_json(&bytes, "f"), parse_cask_ruby(&bytes), parse_app_folder(&bytes));
        }

        #[test]
        fn no_lines_make_it_panic(text in "((name|app|version) ['\"a-z#{}é,: ]{0,20}\n){0,6}", name in "[0-9é.]{0,20}") {
            let _ = (parse_cask_ruby(text.as_bytes()), parse_folder_instant(&name));
        }
    }
}
