//! What is written beside a file for whoever dropped it: why it was rejected, or which records of it were.

use std::ffi::OsStr;
use std::fmt::Write as _;

use interdict_model::Fault;
use interdict_store::BatchReject;

use crate::error::AppError;

/// Why a file was rejected, for people.
pub(super) fn reason_text(name: &OsStr, bytes: u64, error: &AppError, at: &str) -> String {
    let name = one_line(&name.to_string_lossy());
    let mut text = format!("\"{name}\" was not imported.\n\n");
    let mut line = |what: &str, said: &str| {
        // A string takes whatever is written to it.
        let _ = writeln!(text, "{what:<6}  {}", one_line(said));
    };
    line("code", error.code());
    let mut causes = causes(error);
    line("what", &causes.remove(0));
    for cause in causes {
        line("cause", &cause);
    }
    if let Some(hint) = error.hint() {
        line("try", &hint);
    }
    line("size", &format!("{bytes} bytes"));
    line("time", at);
    line("by", concat!("Interdict ", env!("CARGO_PKG_VERSION")));
    text.push_str("\nTo try again, move the file back into the folder that is watched.\n");
    text
}

/// What failed and why, outermost first; without the sentence that says only where the file lay meanwhile.
fn causes(error: &AppError) -> Vec<String> {
    let mut causes = Vec::new();
    let mut next: Option<&dyn std::error::Error> = match error {
        AppError::Import { source, .. } => Some(source),
        AppError::File { source, .. } => Some(source),
        AppError::NotAScan { problem, .. } => {
            causes.push(format!("it is not a scan file: {problem}"));
            None
        }
        other => Some(other),
    };
    while let Some(error) = next {
        let message = error.to_string();
        if causes.last() != Some(&message) {
            causes.push(message);
        }
        next = error.source();
    }
    causes
}

/// The records that could not be used as comma-separated values, which no spreadsheet takes for formulas.
pub(super) fn rejects_csv(rejects: &[BatchReject]) -> Vec<u8> {
    let mut text = String::from("place,reason,beginning\r\n");
    for BatchReject { place, reason, excerpt } in rejects {
        let values = [place, reason, excerpt].map(|value| quoted(value));
        text.push_str(&values.join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

fn quoted(value: &str) -> String {
    let is_active = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let inert = if is_active { "'" } else { "" };
    format!("\"{inert}{}\"", value.replace('"', "\"\""))
}

/// What a hostile file quotes of itself, without line ends and what steers a terminal.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use interdict_import::ImportError;

    use super::*;

    #[test]
    fn a_reason_says_what_and_what_to_try() {
        let source = ImportError::UnknownFormat { found: "it begins \"\u{1b}[31m\nPK\"".to_owned() };
        let error = AppError::Import { path: PathBuf::from("/srv/drop/working/a.bin"), source };
        let text = reason_text("a\n.bin".as_ref(), 7, &error, "2026-11-23T07:30:46.123Z");
        let expected = "\"a .bin\" was not imported.\n\n\
            code    import/unknown-format\n\
            what    no importer knows this file: it begins \" [31m PK\"\n\
            try     name the format with --from, or describe its columns with --mapping\n\
            size    7 bytes\n\
            time    2026-11-23T07:30:46.123Z\n";
        assert!(text.starts_with(expected), "{text}");
        assert!(text.ends_with("move the file back into the folder that is watched.\n"), "{text}");
    }

    #[test]
    fn rejects_are_a_table_without_formulas() {
        let reject = BatchReject {
            place: "line 2".to_owned(),
            reason: "a \"quote\", open".to_owned(),
            excerpt: "=cmd|' /C calc'!A0".to_owned(),
        };
        let text = String::from_utf8(rejects_csv(&[reject])).expect("UTF-8");
        let expected = "place,reason,beginning\r\n\"line 2\",\"a \"\"quote\"\", open\",\"'=cmd|' /C calc'!A0\"\r\n";
        assert_eq!(text, expected);
    }
}
