//! `cargo xtask windows`: the command line built for Windows on Linux, the desktop type-checked for it, tests under Wine.
//!
//! A compiler with a standard library for Windows comes with few systems. Debian has one whose library can be built from
//! source; it is unpacked below the target folder and installed nowhere. What is built this way is for tests. Programs
//! that are given to anybody are built on Windows itself.

mod toolchain;
mod wine;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;

pub(crate) use self::toolchain::Toolchain;
pub(crate) use self::wine::Wine;
use crate::{program::Program, workspace::Workspace};

/// What is asked of `cargo xtask windows`.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum Command {
    /// Get the compiler, the linker, Wine and a Wine prefix; done before anything else in any case.
    Prepare,
    /// Build the command line.
    Build {
        /// Optimised.
        #[arg(long)]
        release: bool,
    },
    /// Let clippy look at the crates that have code for Windows.
    Lint,
    /// Type-check the desktop.
    CheckDesktop,
    /// Build, and run what is tested under Wine.
    Test,
}

/// Does what was asked; that something cannot be had here is an error.
pub(crate) fn windows(workspace: &Workspace, command: Command) -> anyhow::Result<()> {
    let toolchain = Toolchain::prepare(workspace)?;
    match command {
        Command::Prepare => Wine::prepare(workspace).map(|wine| println!("Wine prefix: {}", wine.prefix.display())),
        Command::Build { release } => {
            let build = build(&toolchain);
            let build = if release { build.args(["--release"]) } else { build };
            build.must_succeed()?;
            println!("built: {}", toolchain.built(if release { "release" } else { "debug" }).display());
            Ok(())
        }
        Command::Lint => lint(&toolchain).must_succeed(),
        Command::CheckDesktop => check_desktop(&toolchain).must_succeed(),
        Command::Test => {
            build(&toolchain).must_succeed()?;
            let wine = Wine::prepare(workspace)?;
            unit_tests(&toolchain, &wine).must_succeed()?;
            end_to_end(workspace, &toolchain, &wine).must_succeed()
        }
    }
}

/// Builds the command line.
pub(crate) fn build(toolchain: &Toolchain) -> Program {
    toolchain.cargo("build", &["--package", "interdict-cli", "--bin", "interdict"])
}

fn lint(toolchain: &Toolchain) -> Program {
    let ours = ["--package", "interdict-collect", "--package", "interdict-app", "--package", "interdict-cli"];
    toolchain.cargo("clippy", &["--all-targets"]).args(ours).args(["--", "--deny", "warnings"])
}

/// Type-checks the desktop.
pub(crate) fn check_desktop(toolchain: &Toolchain) -> Program {
    toolchain.cargo("check", &["--package", "interdict-desktop"])
}

/// The unit tests of the crate that reads machines, as a program of Windows. Those of the collectors for other systems
/// are left out: their files have names that Windows does not take.
pub(crate) fn unit_tests(toolchain: &Toolchain, wine: &Wine) -> Program {
    let tests = toolchain.cargo("test", &["--package", "interdict-collect", "--lib", "--no-fail-fast"]);
    let tests = tests.args(["--", "--skip", "linux::", "--skip", "macos::"]);
    wine.environment().fold(tests, |tests, (name, value)| tests.with_environment(name, value))
}

/// The package and the name of the test program that runs the command under Wine.
pub(crate) const END_TO_END: (&str, &str) = ("interdict-tests", "wine");

/// The tests that run the built command under Wine.
pub(crate) fn end_to_end(workspace: &Workspace, toolchain: &Toolchain, wine: &Wine) -> Program {
    let tests = workspace.cargo(["test", "--package", END_TO_END.0, "--test", END_TO_END.1, "--no-fail-fast"]);
    tests
        .with_environment("INTERDICT_WINE", wine.program.as_str())
        .with_environment("INTERDICT_WINE_PREFIX", wine.prefix.to_string_lossy())
        .with_environment("INTERDICT_WINDOWS_EXE", toolchain.built("debug").to_string_lossy())
}

/// A folder below the target folder, in which everything for Windows lies.
fn folder(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.target.join("windows").join(name)
}

/// Begins a folder anew.
fn emptied(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}
