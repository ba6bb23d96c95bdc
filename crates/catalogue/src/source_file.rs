//! A file of the catalogue as text, and which kind its path makes it.

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
