//! `cargo xtask catalogue`: the tools for the people who keep the catalogue.
//!
//! It is an example of the package, so that the other commands need not be compiled with the catalogue: `cargo xtask
//! catalogue ...` starts it. Checking files is not here but in `interdict catalogue lint`, which everybody has.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "talking to the keeper is what these commands do")]
#![expect(clippy::disallowed_methods, reason = "reads and writes the catalogue's files, and asks for the day")]

mod collisions;
mod due;
mod files;
mod format;
mod new;
mod records;
mod schema;
mod skeleton;
mod table;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use interdict_model::Day;

/// The tools for the people who keep the catalogue.
#[derive(Parser)]
#[command(name = "cargo xtask catalogue", bin_name = "cargo xtask catalogue")]
struct Arguments {
    /// The catalogue's folder.
    #[arg(long, global = true, value_name = "DIR", default_value = "catalogue")]
    catalogue: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write a new file with every key explained and the places to fill in marked.
    New {
        /// What it is about.
        kind: NewKind,
        /// Its id, which is its file's name: `us-bis-2026-acme`, `acme`.
        id: String,
    },
    /// List what has to be looked at again, worst first.
    Due {
        /// Effects that begin or end within so many days, or did so that many days ago.
        #[arg(long, value_name = "DAYS", default_value_t = 30)]
        within: i64,
        /// Sources that were last read more than so many days ago.
        #[arg(long, value_name = "DAYS", default_value_t = 180)]
        older_than: i64,
        /// The day to count from; today when left out.
        #[arg(long, value_name = "DATE")]
        as_of: Option<Day>,
    },
    /// Try every fingerprint on public records and list what is taken for another vendor's.
    Collisions {
        /// The folder of records; `INTERDICT_TEST_DATA`, else ../shared/data beside the checkout.
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
    /// Write the JSON Schemas for editors below a folder that stands for the root: `cargo xtask generate` does.
    Schemas {
        /// That folder.
        folder: PathBuf,
    },
}

/// What a new file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum NewKind {
    /// One instrument of one issuer.
    Restriction,
    /// A vendor with its companies and products.
    Vendor,
}

fn main() -> ExitCode {
    match execute(&Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        Command::New { kind, id } => new::write(&arguments.catalogue, *kind, id)?,
        Command::Due { within, older_than, as_of } => {
            let as_of = as_of.map_or_else(files::today, Ok)?;
            let rhythm = due::Rhythm { as_of, within: *within, older_than: *older_than };
            print!("{}", due::list(&files::read(&arguments.catalogue)?, rhythm));
        }
        Command::Collisions { data } => {
            return collisions::run(&files::read(&arguments.catalogue)?, &files::data_folder(data.as_deref()));
        }
        Command::Schemas { folder } => files::write_schemas(folder)?,
    }
    Ok(ExitCode::SUCCESS)
}
