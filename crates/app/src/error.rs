//! What can go wrong in a use case.

use std::path::PathBuf;

use interdict_collect::HostError;
use interdict_model::{Diagnostic, Fault};
use interdict_store::StoreError;

/// What can go wrong in a use case; each case has a stable code.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppError {
    /// The system says nothing of where data goes.
    #[error("there is no folder for data: the system names no home folder")]
    NoDataFolder,
    /// An id that the catalogue does not hold.
    #[error("there is no {kind} \"{id}\"")]
    UnknownId {
        /// `profile`, `vendor`, `product` or `restriction`.
        kind: &'static str,
        /// What was asked for.
        id: String,
        /// The nearest ids there are.
        nearest: Vec<String>,
    },
    /// A machine was to become another, and others tell of it than the device that was decided about.
    #[error("others tell of {machine}, too: {}", .others.join(", "))]
    ToldByOthers {
        /// Its name.
        machine: String,
        /// Who: formats, perhaps with what they call it; `interdict` for our own looking.
        others: Vec<String>,
    },
    /// The catalogue that was named cannot be used.
    #[error("the catalogue \"{path}\" has {} errors", .diagnostics.len())]
    Catalogue {
        /// The folder or file.
        path: PathBuf,
        /// Every error.
        diagnostics: Vec<Diagnostic>,
    },
    /// A file or folder could not be read or written.
    #[error("could not {doing} \"{path}\"")]
    File {
        /// `read` or `write`.
        doing: &'static str,
        /// Which one.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file that is not a scan of ours.
    #[error("\"{path}\" is not a scan file: {problem}")]
    NotAScan {
        /// The file.
        path: PathBuf,
        /// What is wrong with its first line.
        problem: String,
    },
    /// A file that could not be imported.
    #[error("\"{path}\" could not be imported")]
    Import {
        /// The file.
        path: PathBuf,
        /// Why.
        source: interdict_import::ImportError,
    },
    /// A file that changed while it was read.
    #[error("\"{path}\" changed while it was read")]
    FileChanged {
        /// The file.
        path: PathBuf,
    },
    /// A folder that cannot be watched.
    #[error("\"{path}\" cannot be watched: {problem}")]
    WatchFolder {
        /// The folder, or what of it is in the way.
        path: PathBuf,
        /// Why.
        problem: &'static str,
    },
    /// A file at which the program was ended several times.
    #[error("the program ended {times} times while it imported \"{name}\"")]
    WatchAttempts {
        /// The file.
        name: String,
        /// How often.
        times: u8,
    },
    /// A removal cannot be verified of something that nothing is known to recognise by.
    #[error("the removal of {subject} cannot be verified: the catalogue has no fingerprint of it")]
    NoFingerprints {
        /// The product or vendor.
        subject: String,
    },
    /// A list of machines with a line that is none.
    #[error("line {line} of \"{path}\" is not a host: {problem}")]
    HostsFile {
        /// The file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// The person cancelled.
    #[error("cancelled; nothing was kept")]
    Cancelled,
    /// The machine could not be looked at.
    #[error("the machine cannot be looked at")]
    Host(#[source] HostError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Every code of this crate with what it means, for the documentation and the test that no code exists twice.
pub const CODES: &[(&str, &str)] = &[
    ("app/no-data-folder", "The system names no folder for data."),
    ("app/unknown-id", "A profile, vendor, product or restriction that the catalogue does not hold."),
    ("app/catalogue", "The catalogue that was named has errors and is not used."),
    ("app/file", "A file or folder could not be read or written."),
    ("app/not-a-scan", "A file is not a scan written by `interdict scan`."),
    ("app/scan-line", "A line of a scan file could not be used; the others were."),
    ("app/import-record", "A record of an imported file could not be used; the others were."),
    ("app/older-than-known", "Of a machine of an imported file newer data is known; the others were imported."),
    ("app/own-file", "A file or folder of own rules could not be read; everything else is used."),
    ("app/own-too-large", "A file of own rules is larger than is read; everything else is used."),
    ("app/own-too-many", "There are more files of own rules than are read; the first ones are used."),
    ("app/own-link", "A link among own rules leads elsewhere and is not followed."),
    ("app/file-changed", "A file changed while it was imported; nothing of it was kept."),
    ("app/watch-folder", "A folder cannot be watched: it is none, or something in it is in the way."),
    (
        "app/watch-attempts",
        "The program ended several times while it imported a file of a watched folder; it is not tried again.",
    ),
    ("app/no-fingerprints", "The catalogue knows nothing by which a scan could recognise the product or vendor."),
    ("app/hosts-file", "A line of a list of machines is not a host."),
    ("app/cancelled", "The person cancelled; nothing was kept."),
];

impl AppError {
    /// Whether the call itself was wrong (an unknown id, a list that is none), rather than its execution.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::UnknownId { .. } | Self::HostsFile { .. } | Self::Store(StoreError::UnknownScan { .. }))
    }
}

impl Fault for AppError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoDataFolder => "app/no-data-folder",
            Self::UnknownId { .. } => "app/unknown-id",
            Self::ToldByOthers { .. } => "app/told-by-others",
            Self::Catalogue { .. } => "app/catalogue",
            Self::File { .. } => "app/file",
            Self::NotAScan { .. } => "app/not-a-scan",
            Self::Import { source, .. } => source.code(),
            Self::FileChanged { .. } => "app/file-changed",
            Self::WatchFolder { .. } => "app/watch-folder",
            Self::WatchAttempts { .. } => "app/watch-attempts",
            Self::NoFingerprints { .. } => "app/no-fingerprints",
            Self::HostsFile { .. } => "app/hosts-file",
            Self::Cancelled => "app/cancelled",
            Self::Host(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::NoDataFolder => Some("set HOME, or name a database with --db FILE".to_owned()),
            Self::UnknownId { nearest, kind: "machine", .. } if nearest.is_empty() => {
                Some("list them with: interdict machines".to_owned())
            }
            Self::UnknownId { nearest, kind: "device in that import", .. } if nearest.is_empty() => {
                Some("list them with: interdict imports machines NUMBER".to_owned())
            }
            Self::UnknownId { nearest, kind, .. } if nearest.is_empty() => {
                Some(format!("list them with: interdict catalogue list --kind {kind}"))
            }
            Self::UnknownId { nearest, .. } => Some(format!("did you mean {}?", nearest.join(", "))),
            Self::ToldByOthers { .. } => Some(
                "join the two with all that is told of them: --join; or let only later imports follow: --later"
                    .to_owned(),
            ),
            Self::Catalogue { .. } => Some("see every problem with: interdict catalogue lint PATH".to_owned()),
            Self::File { source, .. } if source.kind() == std::io::ErrorKind::PermissionDenied => {
                Some("check who may read or write it".to_owned())
            }
            Self::NotAScan { .. } => {
                Some("scan files are what is read so far; write one with: interdict scan --out FILE.jsonl".to_owned())
            }
            Self::Import { source, .. } => source.hint(),
            Self::FileChanged { .. } => Some("import it again when whoever writes it is done".to_owned()),
            Self::WatchFolder { .. } => Some("give it a folder of its own, and let its sub-folders be".to_owned()),
            Self::WatchAttempts { .. } => {
                Some("import it alone to see what happens; it may need more memory than there is".to_owned())
            }
            Self::Host(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::NoFingerprints { .. } => {
                Some("add one in your own rules (docs/own-rules.md), scan again, and ask again".to_owned())
            }
            Self::HostsFile { .. } => Some("write one [user@]host[:port] a line; comments begin with #".to_owned()),
            Self::File { .. } | Self::Cancelled => None,
        }
    }
}
