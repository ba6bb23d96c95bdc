//! The `interdict` command: arguments in, one answer out.
//!
//! The answer goes to standard output and nothing else does; notes, warnings, progress and errors go to standard error.
//! What is worked out is worked out by `interdict-app`. This crate owns the arguments, the words around an answer, and
//! the JSON that other programs rely on (`wire`).

#![expect(clippy::disallowed_methods, reason = "the command line reads and writes the files it is told to")]

mod arguments;
mod asked;
mod commands;
mod error;
mod interrupt;
mod nearest_day;
mod output;
mod session;
mod wire;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{ColorChoice, CommandFactory as _, FromArgMatches as _};

use crate::arguments::Arguments;
pub use crate::error::CODES as ERROR_CODES;
use crate::error::report;
use crate::session::Session;
pub use crate::wire::schemas;

/// What a command came to, besides its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Done, with nothing at or above `--fail-on`.
    Done,
    /// Something is at or above `--fail-on`.
    Findings,
    /// The answer was given, and it is that something is wrong.
    NotGood,
    /// What was to be verified is not so.
    NotVerified,
}

impl Outcome {
    const fn exit_code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::NotGood => 1,
            Self::Findings | Self::NotVerified => 10,
        }
    }
}

/// The whole command line as data, for manual pages and shell completions.
#[must_use]
pub fn command() -> clap::Command {
    Arguments::command()
}

/// Runs the command with the arguments of the process.
#[must_use]
pub fn run() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let plain = arguments.iter().any(|argument| argument == "--no-color");
    let command = if plain { command().color(ColorChoice::Never) } else { command() };
    let parsed = command.try_get_matches_from(arguments).and_then(|matches| Arguments::from_arg_matches(&matches));
    match parsed {
        Ok(arguments) => run_parsed(arguments),
        Err(error) => {
            // Help and version are an answer like any other: whoever closes the pipe has read enough.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
    }
}

fn run_parsed(arguments: Arguments) -> ExitCode {
    let (globals, command) = arguments.taken_apart();
    let session = Session::new(globals);
    match commands::run(&session, command) {
        Ok(outcome) => ExitCode::from(outcome.exit_code()),
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            report(session.notes, &error);
            ExitCode::from(if error.is_usage() { 2 } else { 1 })
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_arguments_are_sound() {
        super::command().debug_assert();
    }
}
