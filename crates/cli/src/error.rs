//! What can go wrong in the command itself, and how any error is shown.

use std::io;
use std::path::PathBuf;

use interdict_app::AppError;
use interdict_app::store::StoreError;
use interdict_model::{Day, Fault};

use crate::output::Notes;

/// What can go wrong; each case has a stable code.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum CliError {
    /// A use case failed.
    #[error(transparent)]
    App(#[from] AppError),
    /// The answer could not be written to standard output.
    #[error("the answer could not be written")]
    Output(#[source] io::Error),
    /// Standard input could not be read.
    #[error("standard input could not be read")]
    Input(#[source] io::Error),
    /// `--as-of` is not a day.
    #[error("\"{text}\" is not a day")]
    Day {
        /// What was given.
        text: String,
        /// What was probably meant.
        nearest: Option<Day>,
    },
    /// A day that is yet to come, where only what is past can be meant.
    #[error("{day} is yet to come")]
    DayAhead {
        /// The day.
        day: Day,
    },
    /// What should be a day, an instant or the number of a scan.
    #[error("\"{text}\" is neither a day, nor an instant, nor the number of a scan")]
    Moment {
        /// What was given.
        text: String,
        /// The day that was probably meant.
        nearest: Option<Day>,
    },
    /// An instant that is yet to come, where only what is past can be meant.
    #[error("{text} is yet to come")]
    MomentAhead {
        /// The instant.
        text: String,
    },
    /// A span that ends before it begins.
    #[error("{since} is later than {until}")]
    SinceAfterUntil {
        /// Where it begins, as given.
        since: String,
        /// Where it ends, as given.
        until: String,
    },
    /// A scan of another machine than the one that is compared.
    #[error("scan {scan} is of {of}, and \"{other}\" is another machine")]
    ScanOfOther {
        /// The scan.
        scan: i64,
        /// Its machine.
        of: String,
        /// The machine that is compared.
        other: String,
    },
    /// A question about an inventory that does not exist.
    #[error("there is no inventory yet at \"{}\"", path.display())]
    NoInventory {
        /// Where it would be.
        path: PathBuf,
    },
    /// An id that no entry of the catalogue has.
    #[error("there is no entry \"{id}\" in the catalogue")]
    UnknownEntry {
        /// What was asked for.
        id: String,
        /// The nearest ids there are.
        nearest: Vec<String>,
    },
    /// `--after` names a row that is not in the list.
    #[error("there is no row \"{id}\" to continue after")]
    UnknownRow {
        /// What was given.
        id: String,
    },
    /// The command does not write this format.
    #[error("{command} writes JSON lines only")]
    Format {
        /// The command.
        command: &'static str,
    },
    /// Some lines could not be read; each was named when it was met.
    #[error("{count} of {of} lines could not be read")]
    BadLines {
        /// How many.
        count: usize,
        /// Of how many.
        of: usize,
    },
    /// A format that cannot be imported.
    #[error("there is no format \"{format}\" to import")]
    UnknownFormat {
        /// What was asked for.
        format: String,
        /// The nearest there are.
        nearest: Vec<String>,
    },
    /// Some files could not be imported; each was named when it was met.
    #[error("{count} of {of} files were not imported")]
    BadFiles {
        /// How many.
        count: usize,
        /// Of how many.
        of: usize,
    },
    /// One JSON document about something that has no end.
    #[error("watching has no end, and a JSON document needs one")]
    EndlessDocument,
    /// Some machines could not be read; each was named when it was met.
    #[error("{count} of {of} machines were not read")]
    BadHosts {
        /// How many.
        count: usize,
        /// Of how many.
        of: usize,
    },
    /// Many machines were asked for, and no folder for their files.
    #[error("--ssh-hosts needs a folder for the files of the machines")]
    NoFolder,
    /// The profile that is saved in the database cannot be read.
    #[error("the saved profile cannot be read")]
    SavedProfile(#[source] StoreError),
}

/// Every code of this crate with what it means, for the documentation and the test that no code exists twice.
pub const CODES: &[(&str, &str)] = &[
    ("cli/output", "The answer could not be written to standard output."),
    ("cli/input", "Standard input could not be read."),
    ("cli/day", "What was given with `--as-of` is not a day."),
    ("cli/day-ahead", "A day that is yet to come was given where only what is past can be meant."),
    (
        "cli/moment",
        "What was given with `--since` or `--until` is neither a day, nor an instant, nor the number of a scan.",
    ),
    ("cli/moment-ahead", "An instant that is yet to come was given with `--since` or `--until`."),
    ("cli/scan-of-other", "Two scans of different machines, or a scan and another machine, were to be compared."),
    ("cli/since-after-until", "What was given with `--since` is later than what was given with `--until`."),
    ("cli/no-inventory", "A list was asked for and there is no database yet."),
    ("cli/unknown-entry", "No entry of the catalogue has the id that was asked for."),
    ("cli/unknown-row", "The row named with `--after` is not in the list."),
    ("cli/format", "The command does not write the format that was asked for."),
    ("cli/bad-line", "A line of standard input could not be read."),
    ("cli/bad-lines", "Some lines of standard input could not be read; the others were answered."),
    ("cli/unknown-format", "The format named with `--from` is none that can be imported."),
    ("cli/bad-files", "Some files were not imported; the others were."),
    ("cli/endless-document", "One JSON document was asked for of a folder that is watched without end."),
    ("cli/bad-hosts", "Some machines were not read over ssh; the files of the others are there."),
    ("cli/no-folder", "Many machines were asked for, and no folder for their files."),
    ("cli/saved-profile", "The profile saved in the database cannot be read."),
];

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl CliError {
    /// Whether the call itself was wrong, rather than its execution.
    pub(crate) fn is_usage(&self) -> bool {
        match self {
            Self::App(error) => error.is_usage(),
            Self::Day { .. }
            | Self::DayAhead { .. }
            | Self::Moment { .. }
            | Self::MomentAhead { .. }
            | Self::SinceAfterUntil { .. }
            | Self::ScanOfOther { .. }
            | Self::UnknownEntry { .. }
            | Self::UnknownRow { .. }
            | Self::Format { .. }
            | Self::UnknownFormat { .. }
            | Self::EndlessDocument
            | Self::NoFolder => true,
            Self::Output(_)
            | Self::Input(_)
            | Self::NoInventory { .. }
            | Self::BadLines { .. }
            | Self::BadFiles { .. }
            | Self::BadHosts { .. }
            | Self::SavedProfile(_) => false,
        }
    }

    /// Whether the reader of the answer has closed it: that is no failure.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl Fault for CliError {
    fn code(&self) -> &'static str {
        match self {
            Self::App(error) => error.code(),
            Self::Output(_) => "cli/output",
            Self::Input(_) => "cli/input",
            Self::Day { .. } => "cli/day",
            Self::DayAhead { .. } => "cli/day-ahead",
            Self::Moment { .. } => "cli/moment",
            Self::MomentAhead { .. } => "cli/moment-ahead",
            Self::SinceAfterUntil { .. } => "cli/since-after-until",
            Self::ScanOfOther { .. } => "cli/scan-of-other",
            Self::NoInventory { .. } => "cli/no-inventory",
            Self::UnknownEntry { .. } => "cli/unknown-entry",
            Self::UnknownRow { .. } => "cli/unknown-row",
            Self::Format { .. } => "cli/format",
            Self::BadLines { .. } => "cli/bad-lines",
            Self::UnknownFormat { .. } => "cli/unknown-format",
            Self::BadFiles { .. } => "cli/bad-files",
            Self::EndlessDocument => "cli/endless-document",
            Self::BadHosts { .. } => "cli/bad-hosts",
            Self::NoFolder => "cli/no-folder",
            Self::SavedProfile(_) => "cli/saved-profile",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::App(error) => error.hint(),
            Self::Day { nearest: Some(day), .. } => Some(format!("write it as YYYY-MM-DD; did you mean {day}?")),
            Self::Day { nearest: None, .. } => Some("write it as YYYY-MM-DD, for example 2024-07-20".to_owned()),
            Self::DayAhead { .. } => Some("give today or an earlier day".to_owned()),
            Self::Moment { nearest: Some(day), .. } => Some(format!("write a day as YYYY-MM-DD; did you mean {day}?")),
            Self::Moment { nearest: None, .. } => Some(
                "write 2026-11-01, 2026-11-01T08:00:00Z, or a number that `interdict machine NAME` lists".to_owned(),
            ),
            Self::MomentAhead { .. } => Some("leave --until out to compare with now".to_owned()),
            Self::SinceAfterUntil { .. } => Some("--since is the earlier one: exchange them".to_owned()),
            Self::ScanOfOther { .. } => {
                Some("compare scans of one machine; `interdict machine NAME` lists their numbers".to_owned())
            }
            Self::NoInventory { .. } => {
                Some("fill it with `interdict audit` or `interdict import FILE`, or name another with --db".to_owned())
            }
            Self::UnknownEntry { nearest, .. } if nearest.is_empty() => {
                Some("list what there is with: interdict catalogue list".to_owned())
            }
            Self::UnknownEntry { nearest, .. } => Some(format!("did you mean {}?", nearest.join(", "))),
            Self::UnknownRow { .. } => Some("give the id of the last row of the page before".to_owned()),
            Self::Format { .. } => Some("leave --format out, or say --format jsonl".to_owned()),
            Self::SavedProfile(error) => {
                let advice = "say who you are with --profile";
                Some(error.hint().map_or_else(|| advice.to_owned(), |hint| format!("{advice}, or: {hint}")))
            }
            Self::EndlessDocument => Some("say --format jsonl, or --once".to_owned()),
            Self::BadHosts { .. } => {
                Some("start it again for those; machines whose file is there are passed over".to_owned())
            }
            Self::UnknownFormat { nearest, .. } if !nearest.is_empty() => {
                Some(format!("did you mean {}?", nearest.join(", ")))
            }
            Self::UnknownFormat { .. } => Some("list them with: interdict imports formats".to_owned()),
            Self::NoFolder => Some("name one with --out DIR".to_owned()),
            Self::Output(_) | Self::Input(_) | Self::BadLines { .. } | Self::BadFiles { .. } => None,
        }
    }
}

/// Shows an error on standard error: message, every cause, advice.
pub(crate) fn report(notes: Notes, error: &CliError) {
    notes.fault(error);
    if let CliError::App(AppError::Catalogue { diagnostics, .. }) = error {
        for diagnostic in diagnostics {
            notes.problem(diagnostic);
        }
    }
}
