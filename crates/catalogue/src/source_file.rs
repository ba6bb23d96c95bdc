//! A file of the catalogue as text, and which kind its path makes it.

use interdict_model::{Diagnostic, Location};

/// A file of the catalogue: its path below the catalogue's folder, with `/`, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Such as `restrictions/us/us-bis-icts-2024-kaspersky.md`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl SourceFile {
    /// A file of the catalogue.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// A file of the catalogue from its bytes, or the complaint that they are no text, with the place where they cease to be.
    pub fn from_bytes(path: impl Into<String>, bytes: Vec<u8>) -> Result<Self, Diagnostic> {
        let path = path.into();
        // Some editors begin a file with a mark that is no part of its text.
        let marked = |text: String| text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        String::from_utf8(bytes).map(|text| Self::new(path.clone(), marked(text))).map_err(|error| {
            let good = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let before = String::from_utf8_lossy(good);
            let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            let place = Location { file: path, line: u32::try_from(line).ok(), column: u32::try_from(column).ok() };
            Diagnostic::error("catalogue/not-utf8", "the file is not UTF-8 text from here on")
                .hint("save it as UTF-8 in the editor")
                .at(place)
        })
    }

    /// The file's name without its extension: the id of what it holds.
    pub(crate) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum FileKind {
    /// `catalogue.toml`.
    Stamp,
    /// `issuers/<id>.toml`.
    Issuer,
    /// `profiles/<id>.toml`.
    Profile,
    /// `restrictions/<jurisdiction>/<id>.md`.
    Restriction,
    /// `vendors/<id>.toml`.
    Vendor,
    /// Text for people, such as `README.md`.
    Prose,
    /// Something that has no place here.
    Unknown,
}

impl FileKind {
    /// What the path makes of a file. A lone file (no folder) is known by its extension and content.
    pub(crate) fn of(file: &SourceFile) -> Self {
        let parts: Vec<&str> = file.path.split('/').collect();
        let extension = file.path.rsplit_once('.').map_or("", |(_, extension)| extension);
        match (parts.as_slice(), extension) {
            (["catalogue.toml"], _) => Self::Stamp,
            (["README.md"], _) => Self::Prose,
            (["issuers", _], "toml") => Self::Issuer,
            (["profiles", _], "toml") => Self::Profile,
            (["restrictions", _, _] | [_], "md") => Self::Restriction,
            ([_], "toml") if file.text.contains("capacities") => Self::Profile,
            ([_], "toml") if file.text.contains("short-name") => Self::Issuer,
            (["vendors", _] | [_], "toml") => Self::Vendor,
            _ => Self::Unknown,
        }
    }
}
