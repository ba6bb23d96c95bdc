//! Why a file could not be imported at all.

use interdict_model::Fault;

/// The codes of the diagnostics and errors of this crate.
pub const DIAGNOSTIC_CODES: &[&str] = &[
    "import/bad-mapping",
    "import/bomb",
    "import/cut-short",
    "import/damaged-archive",
    "import/device-count",
    "import/empty",
    "import/encoding",
    "import/encrypted",
    "import/machine-from-file-name",
    "import/mapping-does-not-fit",
    "import/needs-mapping",
    "import/no-titles",
    "import/not-looked-at",
    "import/nothing-inside",
    "import/read",
    "import/stopped",
    "import/too-large",
    "import/too-long",
    "import/unknown-format",
    "import/unreadable",
    "import/wrong-format",
];

/// A file that could not be imported. Nothing of it counts, whatever was handed on before.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The bytes could not be read.
    #[error("the file could not be read to its end")]
    Read {
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// No importer knows it.
    #[error("no importer knows this file: {found}")]
    UnknownFormat {
        /// What it looks like, in words.
        found: String,
    },
    /// It is a table, and which of its columns names software cannot be told.
    #[error("this is a table, but which of its columns names the software cannot be told: {columns}")]
    NeedsMapping {
        /// The titles of its columns.
        columns: String,
    },
    /// It is rows of columns, and nothing says what the columns are.
    #[error("this looks like a table of {columns} columns without a line of titles")]
    NoTitles {
        /// How many columns there are.
        columns: usize,
    },
    /// A mapping that cannot be used.
    #[error("the mapping cannot be used: {problem}")]
    BadMapping {
        /// Why.
        problem: String,
    },
    /// A mapping of other columns than there are.
    #[error("the mapping names columns that the table has not: {missing}; it has {columns}")]
    MappingDoesNotFit {
        /// The titles that are not there.
        missing: String,
        /// The titles that are.
        columns: String,
    },
    /// It is not what it was said to be.
    #[error("this is no {expected}: {found}")]
    WrongFormat {
        /// The format that was asked for, by its title.
        expected: &'static str,
        /// What is wrong with it.
        found: String,
    },
    /// It is of the format but cannot be read as that.
    #[error("{problem} ({place})")]
    Unreadable {
        /// What is wrong.
        problem: String,
        /// Where.
        place: String,
    },
    /// It unpacks to far more than it is.
    #[error(
        "unpacked it would be larger than {limit} bytes, {ratio} times what it is: this is made to fill memory or disk"
    )]
    Bomb {
        /// Where unpacking stopped.
        limit: u64,
        /// By how much it had grown by then.
        ratio: u64,
    },
    /// Something in it is larger than anything of its kind.
    #[error("{what} is larger than {limit} bytes")]
    TooLarge {
        /// What.
        what: String,
        /// The limit.
        limit: u64,
    },
    /// There are more of something in it than of anything of its kind.
    #[error("{what}: there are more than {limit}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// An archive that cannot be unpacked.
    #[error("the archive cannot be unpacked: {problem}")]
    DamagedArchive {
        /// Why.
        problem: String,
    },
    /// An archive with a password.
    #[error("the archive is encrypted")]
    Encrypted,
    /// An archive in which there is nothing to import.
    #[error("in the archive is no file that could be imported: {found}")]
    NothingInside {
        /// What there is.
        found: String,
    },
    /// Whoever takes the records wanted no more.
    #[error("the import was stopped")]
    Stopped,
}

impl Fault for ImportError {
    fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "import/read",
            Self::Empty => "import/empty",
            Self::UnknownFormat { .. } => "import/unknown-format",
            Self::NeedsMapping { .. } => "import/needs-mapping",
            Self::NoTitles { .. } => "import/no-titles",
            Self::BadMapping { .. } => "import/bad-mapping",
            Self::MappingDoesNotFit { .. } => "import/mapping-does-not-fit",
            Self::WrongFormat { .. } => "import/wrong-format",
            Self::Unreadable { .. } => "import/unreadable",
            Self::Bomb { .. } => "import/bomb",
            Self::TooLarge { .. } | Self::TooMany { .. } => "import/too-large",
            Self::DamagedArchive { .. } => "import/damaged-archive",
            Self::Encrypted => "import/encrypted",
            Self::NothingInside { .. } => "import/nothing-inside",
            Self::Stopped => "import/stopped",
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Read { .. } => "check the disk or the share it lies on, then try again",
            Self::Empty => "export it again; the tool wrote nothing",
            Self::UnknownFormat { .. } => "name the format with --from, or describe its columns with --mapping",
            Self::NeedsMapping { .. } => {
                "say which column is what with --mapping FILE (docs/import.md has an example), or name the format with --from"
            }
            Self::NoTitles { .. } => {
                "write what its columns are into a line above the first row, such as Computer,Name,Version, and import it again"
            }
            Self::BadMapping { .. } => "docs/import.md describes the file and has an example",
            Self::MappingDoesNotFit { .. } => {
                "correct the titles in the mapping, or leave --mapping out to have it suggested"
            }
            Self::WrongFormat { .. } => "leave --from out: the format is found by content",
            Self::Unreadable { .. } => "export it again; the file may have been cut short",
            Self::Bomb { .. } => "unpack it yourself and import what is inside, if you trust where it comes from",
            Self::TooLarge { .. } | Self::TooMany { .. } => {
                "export it again in smaller parts, or as lines of JSON or CSV"
            }
            Self::DamagedArchive { .. } => "fetch or export it again",
            Self::Encrypted => "unpack it with its password and import what is inside",
            Self::NothingInside { .. } => "unpack it and import the right file",
            Self::Stopped => return None,
        };
        Some(hint.to_owned())
    }
}

impl From<std::io::Error> for ImportError {
    /// What a layer below wrapped into an error of reading comes out again as what it was.
    fn from(error: std::io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(own) => own,
            Err(source) => Self::Read { source },
        }
    }
}

impl From<ImportError> for std::io::Error {
    fn from(error: ImportError) -> Self {
        Self::other(error)
    }
}

impl From<crate::sink::Stop> for ImportError {
    fn from(_: crate::sink::Stop) -> Self {
        Self::Stopped
    }
}
