//! The developer's commands: `cargo xtask run`, `cargo xtask test` and their smaller siblings.
//!
//! Everything here is a program started with a list of arguments; there is no shell in between, so the same commands work
//! on Linux, macOS and Windows. What the product does is not here: these commands build it, check it and open it.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "talking to the developer is what these commands do")]
#![expect(clippy::disallowed_methods, reason = "starts programs, reads the environment and writes generated files")]

mod bench;
mod fuzz;
mod generate;
mod portable;
mod prerequisites;
mod program;
mod run;
mod test;
mod ui;
mod windows;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{test::Selection, workspace::Workspace};

/// The developer's commands of Interdict.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing, build, and open the desktop app; without a display, audit this machine instead.
    Run,
    /// Run everything CI runs and end with one line `N passed, N failed`.
    Test {
        /// Also run the long work: ignored tests, benches, big data.
        #[arg(long)]
        long: bool,
        /// Run these steps alone, without the steps they need.
        #[arg(long, value_name = "STEP", num_args = 1..)]
        only: Vec<String>,
        /// Name the steps and stop.
        #[arg(long)]
        list: bool,
    },
    /// Write the generated files again.
    Generate {
        /// Write nothing; fail when a committed file differs from what would be generated.
        #[arg(long)]
        check: bool,
        /// Run these generators alone.
        #[arg(long, value_name = "GENERATOR", num_args = 1..)]
        only: Vec<String>,
    },
    /// Measure and compare with the limits; a missed limit is a failure. Figures belong into `docs/performance.md`.
    Bench {
        /// What to measure.
        #[arg(value_enum)]
        what: bench::Measured,
        /// How many installations the made-up fleet has, such as 10000000; without it 1000000.
        #[arg(long, value_name = "N")]
        rows: Option<u64>,
    },
    /// Feed a reader of foreign bytes made-up ones until it breaks or the time is over.
    Fuzz {
        /// The target; without one every target in turn.
        target: Option<String>,
        /// How long, for each target.
        #[arg(long, value_name = "N", default_value_t = 60)]
        seconds: u32,
    },
    /// Build the command as one file that needs nothing of the system it is carried to: the portable collector.
    Portable,
    /// On Linux, build for Windows and try it under Wine.
    Windows {
        /// What to do.
        #[command(subcommand)]
        what: windows::Command,
    },
    /// Identify labelled records and print, per class, recall, precision and every miss; figures belong into
    /// `docs/quality.md`.
    Score,
    /// Look after the catalogue: new files, what is due, collisions; `cargo xtask catalogue --help` says more.
    #[command(disable_help_flag = true)]
    Catalogue {
        /// What the keeper's tools are asked.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
        arguments: Vec<String>,
    },
    /// Write the typed bindings between window and Rust again: `generate --only bindings`.
    Bindings,
}

fn main() -> ExitCode {
    match execute(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(command: Command) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::load()?;
    match command {
        Command::Run => run::run(&workspace).map(|()| ExitCode::SUCCESS),
        Command::Test { long, only, list } => test::test(&workspace, &Selection { long, only }, list),
        Command::Generate { check: false, only } => generate::write(&workspace, &only).map(|()| ExitCode::SUCCESS),
        Command::Generate { check: true, only } => generate::check(&workspace, &only).map(|_| ExitCode::SUCCESS),
        Command::Bench { what, rows } => bench::bench(&workspace, what, rows).map(|()| ExitCode::SUCCESS),
        Command::Fuzz { target, seconds } => {
            fuzz::fuzz(&workspace, target.as_deref(), seconds).map(|()| ExitCode::SUCCESS)
        }
        Command::Portable => portable::build(&workspace).map(|_| ExitCode::SUCCESS),
        Command::Windows { what } => windows::windows(&workspace, what).map(|()| ExitCode::SUCCESS),
        Command::Score => {
            let score = ["run", "--quiet", "--package", "interdict-tests", "--bin", "score"];
            workspace.cargo(score).must_succeed().map(|()| ExitCode::SUCCESS)
        }
        Command::Catalogue { arguments } => Ok(keeper(&workspace, arguments)),
        Command::Bindings => generate::write(&workspace, &["bindings".to_owned()]).map(|()| ExitCode::SUCCESS),
    }
}

/// Starts the keeper's tools, which are compiled with the catalogue and so apart from these commands. What was wrong they
/// have said themselves.
fn keeper(workspace: &Workspace, arguments: Vec<String>) -> ExitCode {
    let program = workspace.cargo(["run", "--quiet", "--package", "xtask", "--example", "catalogue", "--"]);
    match program.args(arguments).run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
