//! `interdict identify`: one JSON line in, one JSON line out, in order and as they come.

use std::io::{self, BufRead, BufReader, Read as _, Write};

use interdict_app::identify::Identifier;
use interdict_model::{Diagnostic, Location, ScanHeader};
use serde::Deserialize;

use crate::Outcome;
use crate::arguments::Format;
use crate::error::CliError;
use crate::output::Answer;
use crate::session::Session;
use crate::wire::{Identified, ObservationLine};

/// The longest line that is read.
const LINE_LIMIT: u64 = 4 << 20;

pub(super) fn run(session: &Session) -> Result<Outcome, CliError> {
    if session.format() == Format::Csv {
        return Err(CliError::Format { command: "identify" });
    }
    let workbench = session.workbench()?;
    let identifier = workbench.identifier();
    let mut input = BufReader::with_capacity(1 << 16, io::stdin().lock());
    let mut output = Answer::raw();
    let (mut number, mut lines, mut bad) = (0, 0, 0);
    let mut line = Vec::new();
    while let Some(length) = next_line(&mut input, &mut line).map_err(CliError::Input)? {
        number += 1;
        if line.trim_ascii().is_empty() || number == 1 && is_header(&line) {
            continue;
        }
        lines += 1;
        let answer = answer(identifier, &line, length).unwrap_or_else(|problem| {
            bad += 1;
            let place = Location::line("standard input", number);
            session.notes.problem(&Diagnostic::error("cli/bad-line", problem).at(place));
            Identified::default()
        });
        serde_json::to_writer(&mut output, &answer).map_err(|error| CliError::Output(error.into()))?;
        output.write_all(b"\n").map_err(CliError::Output)?;
        // Whoever waits for an answer before asking again gets it.
        if input.buffer().is_empty() {
            output.flush().map_err(CliError::Output)?;
        }
    }
    output.flush().map_err(CliError::Output)?;
    if bad > 0 { Err(CliError::BadLines { count: bad, of: lines }) } else { Ok(Outcome::Done) }
}

fn answer(identifier: &Identifier, line: &[u8], length: u64) -> Result<Identified, String> {
    if length > LINE_LIMIT {
        return Err(format!("the line is longer than {LINE_LIMIT} bytes"));
    }
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let line: ObservationLine = serde_json::from_slice(line).map_err(|error| in_line(&error))?;
    Ok(Identified::from(&identifier.identify(&line.observation()?)))
}

/// The parser counts lines within what it is given, which is always one.
fn in_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once(" at line 1 column ") {
        Some((problem, column)) => format!("{problem} (column {column})"),
        None => text,
    }
}

/// Whether it is the first line of a scan file, which says who was looked at.
fn is_header(line: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Header {
        schema: String,
    }
    serde_json::from_slice(line).is_ok_and(|header: Header| header.schema == ScanHeader::SCHEMA)
}

/// Reads a line into the buffer, at most a little more than the limit of it; its whole length, or nothing at the end.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<u64>> {
    line.clear();
    let mut length = input.by_ref().take(LINE_LIMIT + 1).read_until(b'\n', line)? as u64;
    if length == 0 {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') && length > LINE_LIMIT {
        length += input.skip_until(b'\n')? as u64;
    }
    Ok(Some(length))
}
