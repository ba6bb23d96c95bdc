//! Writes what follows from the command line's own declarations: manual pages, shell completions, JSON Schemas.
//!
//! Its one argument is a folder that stands for the root of the repository (docs/development.md, "Generated files").

#![expect(clippy::disallowed_methods, reason = "writes the generated files")]

use std::error::Error;
use std::fs;
use std::path::Path;

use clap_complete::Shell;

fn main() -> Result<(), Box<dyn Error>> {
    let root = std::env::args_os().nth(1).ok_or("give the folder that stands for the root of the repository")?;
    let docs = Path::new(&root).join("docs");
    manual(&docs.join("man"))?;
    completions(&docs.join("completions"))?;
    schemas(&docs.join("schemas"))
}

fn manual(folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    // Pages for the command `help` would say nothing that `--help` does not.
    clap_mangen::generate_to(interdict_cli::command().disable_help_subcommand(true), folder)?;
    Ok(())
}

fn completions(folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell] {
        clap_complete::generate_to(shell, &mut interdict_cli::command(), "interdict", folder)?;
    }
    Ok(())
}

fn schemas(folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    for (name, schema) in interdict_cli::schemas() {
        fs::write(folder.join(format!("{name}-v1.json")), format!("{}\n", serde_json::to_string_pretty(&schema)?))?;
    }
    Ok(())
}
