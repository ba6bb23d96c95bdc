//! What can go wrong at this edge, and how every error becomes the wire's.

use std::error::Error;

use interdict_app::AppError;
use interdict_app::store::StoreError;
use interdict_model::Fault;

use crate::wire::WireError;

/// What can go wrong between the window and the use cases.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// A second audit or import was asked for while one runs.
    #[error("another audit or import is running")]
    Busy,
    /// A text that should be a day and is not.
    #[error("\"{0}\" is not a day")]
    NotADay(String),
    /// A finding that is not in the inventory.
    #[error("there is no finding \"{0}\" here")]
    UnknownFinding(String),
    /// A product or title that is not in the inventory.
    #[error("there is no software \"{0}\" here")]
    UnknownTitle(String),
    /// A file that this program did not write.
    #[error("\"{0}\" was not written here")]
    NotOurFile(String),
    /// The system's file manager could not be opened.
    #[error("the folder could not be opened")]
    Folder(#[source] tauri_plugin_opener::Error),
    /// An address that no source of the catalogue has.
    #[error("\"{0}\" is not the address of a source of the catalogue")]
    UnknownSource(String),
    /// A file that nobody chose or dropped.
    #[error("there is no file {0} here")]
    UnknownFile(u32),
    /// The system's browser could not be started.
    #[error("the browser could not be opened")]
    Browser(#[source] tauri_plugin_opener::Error),
    /// A bug of ours.
    #[error("the program failed at this")]
    Unexpected(#[source] Box<dyn Error + Send + Sync>),
}

/// Every code of this crate with what it means, for the documentation and the test that no code exists twice.
pub const CODES: &[(&str, &str)] = &[
    ("desktop/busy", "A second audit or import was asked for while one runs."),
    ("desktop/not-a-day", "A text that should be a day, such as 2026-11-22, is none."),
    ("desktop/unknown-finding", "A finding that is not in the inventory; it may be gone since the newest scan."),
    ("desktop/unknown-title", "A product or title that no machine has; it may be gone since the newest scan."),
    ("desktop/not-our-file", "A file that the window did not write; no other is shown in its folder."),
    ("desktop/folder", "The system's file manager could not be opened."),
    ("desktop/unknown-source", "An address that no source of the catalogue has; no other is opened."),
    ("desktop/unknown-file", "A file to import that nobody chose or dropped since the window was opened."),
    ("desktop/browser", "The system's browser could not be opened."),
    ("desktop/unexpected", "A bug of ours."),
];

impl Fault for DeskError {
    fn code(&self) -> &'static str {
        match self {
            Self::Busy => "desktop/busy",
            Self::NotADay(_) => "desktop/not-a-day",
            Self::UnknownFinding(_) => "desktop/unknown-finding",
            Self::UnknownTitle(_) => "desktop/unknown-title",
            Self::NotOurFile(_) => "desktop/not-our-file",
            Self::Folder(_) => "desktop/folder",
            Self::UnknownSource(_) => "desktop/unknown-source",
            Self::UnknownFile(_) => "desktop/unknown-file",
            Self::Browser(_) => "desktop/browser",
            Self::Unexpected(_) => "desktop/unexpected",
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Busy => "wait until it is done, or cancel it",
            Self::NotADay(_) => "write it as 2026-11-22",
            Self::UnknownFinding(_) => "go back to the findings; the newest scan may not have found it any more",
            Self::UnknownTitle(_) => "go back to the software; the newest scan may not have found it any more",
            Self::NotOurFile(_) | Self::Folder(_) => "open the folder yourself",
            Self::UnknownSource(_) => "copy the address and open it yourself, if you trust it",
            Self::UnknownFile(_) => "choose it again",
            Self::Browser(_) => "copy the address and open it yourself",
            Self::Unexpected(_) => "try again; if it stays, report it with the details below",
        };
        Some(hint.to_owned())
    }
}

impl From<DeskError> for WireError {
    fn from(error: DeskError) -> Self {
        wire(&error)
    }
}

impl From<AppError> for WireError {
    fn from(error: AppError) -> Self {
        wire(&error)
    }
}

impl From<StoreError> for WireError {
    fn from(error: StoreError) -> Self {
        wire(&error)
    }
}

/// An error when the person's database is opened: here nobody types commands, so the way out is another one.
pub(crate) fn opening(error: &StoreError) -> WireError {
    let begin_anew = "Move the file away and try again to begin with an empty database, or start Interdict with --db \
                      and another file. The file was left as it is.";
    let mut wire = wire(error);
    match error.code() {
        "store/not-a-database" | "store/corrupt" => wire.hint = Some(begin_anew.to_owned()),
        "store/newer-schema" => wire.hint = Some(format!("Update Interdict. Or: {begin_anew}")),
        _ => {}
    }
    wire
}

/// Any error as the window gets it.
pub(crate) fn wire(error: &dyn Fault) -> WireError {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    WireError {
        code: error.code().to_owned(),
        message: sentence(&error.to_string()),
        hint: hint_without_commands(error.code())
            .map(str::to_owned)
            .or_else(|| error.hint().map(|hint| sentence(&hint))),
        detail: (!causes.is_empty()).then(|| causes.join("\n")),
    }
}

/// What to try where the command line would name an option that the window does not have.
fn hint_without_commands(code: &str) -> Option<&'static str> {
    match code {
        "import/unknown-format" => {
            Some("Export it again as CSV, JSON or a workbook, with the titles of the columns in it.")
        }
        "store/locked" => Some("Close the other Interdict, or try again when its scan or import is done."),
        _ => None,
    }
}

/// A message of ours (lower case, no full stop) as a sentence.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.trim().chars();
    let mut sentence: String =
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
    if sentence.ends_with(char::is_alphanumeric) || sentence.ends_with(['"', ')', '`']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_reaches_the_window_whole() {
        let error = AppError::File {
            doing: "read",
            path: "a.jsonl".into(),
            source: std::io::Error::new(std::io::ErrorKind::PermissionDenied, "not yours"),
        };
        let wire = WireError::from(error);
        assert_eq!(wire.code, "app/file");
        assert_eq!(wire.message, "Could not read \"a.jsonl\".");
        assert_eq!(wire.hint.as_deref(), Some("Check who may read or write it."));
        assert_eq!(wire.detail.as_deref(), Some("not yours"));
    }

    #[test]
    fn codes_are_listed_and_named_for_this_crate() {
        let errors = [
            DeskError::Busy,
            DeskError::NotADay(String::new()),
            DeskError::UnknownFinding(String::new()),
            DeskError::UnknownTitle(String::new()),
            DeskError::NotOurFile(String::new()),
            DeskError::UnknownSource(String::new()),
            DeskError::UnknownFile(0),
            DeskError::Unexpected("x".into()),
        ];
        for error in errors {
            assert!(CODES.iter().any(|(code, _)| *code == error.code()), "{}", error.code());
            assert!(error.hint().is_some());
        }
        assert!(CODES.iter().all(|(code, _)| code.starts_with("desktop/")));
    }
}
