//! The arguments of the program: which database, and which system to audit.

use std::ffi::OsString;
use std::path::PathBuf;

/// What `--help` says.
pub const HELP: &str = "\
Interdict, the desktop window

Usage: interdict-desktop [--db FILE] [--root FOLDER] [--exports FOLDER] [--open FILE]...

  --db FILE      keep the inventory in this file instead of the usual one
  --root FOLDER  audit the system mounted at this folder instead of this computer
  --exports FOLDER
                 write lists to this folder instead of asking where
  --open FILE    look at this export or scan; nothing of it is imported unasked
  --help         say this
  --version      say the version
";

/// What the program was asked to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arguments {
    /// The database, where one is named.
    pub database: Option<PathBuf>,
    /// The root of the system to audit, where it is not this computer.
    pub root: Option<PathBuf>,
    /// The files to look at.
    pub open: Vec<PathBuf>,
    /// The folder that lists are written to without asking.
    pub exports: Option<PathBuf>,
}

/// What to do with the arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Open the window.
    Window(Arguments),
    /// Say something and be done.
    Say(String),
}

/// Reads the arguments, without the program's name.
pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Asked, String> {
    let mut read = Arguments::default();
    let mut rest = arguments.into_iter();
    while let Some(argument) = rest.next() {
        let name = argument.to_string_lossy().into_owned();
        let (name, joined) = match name.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(OsString::from(value))),
            None => (name, None),
        };
        let mut value = || joined.clone().or_else(|| rest.next()).filter(|value| !value.is_empty());
        let place = match name.as_str() {
            "--help" | "-h" => return Ok(Asked::Say(HELP.to_owned())),
            "--version" | "-V" => return Ok(Asked::Say(format!("interdict-desktop {}\n", env!("CARGO_PKG_VERSION")))),
            "--db" => &mut read.database,
            "--root" => &mut read.root,
            "--open" => {
                read.open.push(value().ok_or_else(|| format!("{name} needs a path\n\n{HELP}"))?.into());
                continue;
            }
            "--exports" => &mut read.exports,
            other => return Err(format!("there is no argument \"{other}\"\n\n{HELP}")),
        };
        *place = Some(value().ok_or_else(|| format!("{name} needs a path\n\n{HELP}"))?.into());
    }
    Ok(Asked::Window(read))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arguments: &[&str]) -> Result<Asked, String> {
        read(arguments.iter().map(OsString::from))
    }

    #[test]
    fn paths_are_read_in_both_forms() {
        let both = Arguments {
            database: Some("a.db".into()),
            root: Some("/mnt".into()),
            exports: Some("/out".into()),
            open: Vec::new(),
        };
        assert_eq!(of(&["--db", "a.db", "--root=/mnt", "--exports", "/out"]), Ok(Asked::Window(both)));
        assert_eq!(of(&[]), Ok(Asked::Window(Arguments::default())));
        let two = Arguments { open: vec!["a.csv".into(), "b.csv".into()], ..Arguments::default() };
        assert_eq!(of(&["--open", "a.csv", "--open=b.csv"]), Ok(Asked::Window(two)));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for wrong in [&["--bd", "a.db"][..], &["--db"], &["--db="], &["file.db"], &["--open"]] {
            assert!(of(wrong).is_err_and(|error| error.contains("Usage")), "{wrong:?}");
        }
        assert!(matches!(of(&["--help"]), Ok(Asked::Say(text)) if text.contains("--root")));
    }
}
