//! Generated files: written by `cargo xtask generate`, compared by `cargo xtask generate --check`.
//!
//! A generator is told an empty folder that stands for the root of the repository and puts its files there at their place.
//! The usual one is an example of the package that knows the facts, with a name of its own (`cargo run --example bindings --
//! FOLDER`), so that these commands need not be compiled with the whole product. Files are committed; a check that finds a
//! difference says which, and the cure is always the same command.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::workspace::Workspace;

/// Makes files below the folder.
type Make = fn(&Workspace, &Path) -> anyhow::Result<Made>;

/// One source of generated files.
struct Generator {
    name: &'static str,
    /// Folders and files that hold nothing but what this generator makes; what it no longer makes is left over there.
    owns: &'static [&'static str],
    make: Make,
}

/// Every generator. To add one: a line here, and the example in the package that makes the files.
const GENERATORS: &[Generator] = &[
    Generator {
        name: "command-line",
        owns: &["docs/man", "docs/completions", "docs/schemas"],
        make: |workspace, folder| by_example(workspace, ("interdict-cli", "command_line"), folder),
    },
    Generator {
        name: "catalogue-schemas",
        owns: &["docs/schemas/catalogue"],
        make: |workspace, folder| {
            let program = workspace.cargo(["run", "--quiet", "--package", "xtask", "--example", "catalogue", "--"]);
            program.args(["schemas".to_owned(), folder.to_string_lossy().into_owned()]).must_succeed()?;
            Ok(Made::Files)
        },
    },
    Generator {
        name: "bindings",
        owns: &["ui/src/ipc/bindings.ts"],
        make: |workspace, folder| by_example(workspace, ("interdict-desktop", "bindings"), folder),
    },
];

/// How a generator ended.
#[derive(Debug, PartialEq, Eq)]
enum Made {
    Files,
    NotThereYet(String),
}

/// Writes the generated files into the checkout.
pub(crate) fn write(workspace: &Workspace, only: &[String]) -> anyhow::Result<()> {
    for generator in chosen(only)? {
        let folder = empty_folder(workspace, generator)?;
        if let Made::NotThereYet(why) = (generator.make)(workspace, &folder)? {
            println!("{}: {why}", generator.name);
            continue;
        }
        for change in changes(&workspace.root, &folder, generator.owns)? {
            println!("{}: {change}", generator.name);
            change.apply(&workspace.root, &folder)?;
        }
    }
    Ok(())
}

/// Fails when a committed file differs from what would be generated; gives what could not be compared yet.
pub(crate) fn check(workspace: &Workspace, only: &[String]) -> anyhow::Result<Vec<String>> {
    let mut different = Vec::new();
    let mut not_there_yet = Vec::new();
    for generator in chosen(only)? {
        let folder = empty_folder(workspace, generator)?;
        match (generator.make)(workspace, &folder)? {
            Made::NotThereYet(why) => not_there_yet.push(format!("{}: {why}", generator.name)),
            Made::Files => {
                let changes = changes(&workspace.root, &folder, generator.owns)?;
                println!("{}: {} to change", generator.name, changes.len());
                different.extend(changes.iter().map(|change| format!("  {}: {change}", generator.name)));
            }
        }
    }
    for line in &not_there_yet {
        println!("{line}");
    }
    if !different.is_empty() {
        bail!("generated files are not up to date, run `cargo xtask generate`:\n{}", different.join("\n"));
    }
    Ok(not_there_yet)
}

fn chosen(only: &[String]) -> anyhow::Result<Vec<&'static Generator>> {
    let names: Vec<_> = GENERATORS.iter().map(|generator| generator.name).collect();
    if let Some(unknown) = only.iter().find(|name| !names.contains(&name.as_str())) {
        bail!("there is no generator `{unknown}`; there are: {}", names.join(", "));
    }
    let wanted = |generator: &&Generator| only.is_empty() || only.iter().any(|name| name == generator.name);
    Ok(GENERATORS.iter().filter(wanted).collect())
}

/// Runs an example of a package.
fn by_example(workspace: &Workspace, (package, example): (&str, &str), folder: &Path) -> anyhow::Result<Made> {
    if !workspace.has_target(package, "example", example) {
        return Ok(Made::NotThereYet(format!("{package} has no example `{example}` yet")));
    }
    let program = workspace.cargo(["run", "--quiet", "--package", package, "--example", example, "--"]);
    program.args([folder.to_string_lossy()]).must_succeed()?;
    Ok(Made::Files)
}

fn empty_folder(workspace: &Workspace, generator: &Generator) -> anyhow::Result<PathBuf> {
    let folder = workspace.target.join("generated").join(generator.name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// What has to happen to one file of the checkout, by its path below the root.
#[derive(Debug, PartialEq, Eq)]
enum Change {
    Add(PathBuf),
    Replace(PathBuf),
    Remove(PathBuf),
}

impl Change {
    fn apply(&self, root: &Path, generated: &Path) -> anyhow::Result<()> {
        match self {
            Self::Add(path) | Self::Replace(path) => {
                let to = root.join(path);
                if let Some(folder) = to.parent() {
                    std::fs::create_dir_all(folder)?;
                }
                std::fs::copy(generated.join(path), &to).map(|_| ())
            }
            Self::Remove(path) => std::fs::remove_file(root.join(path)),
        }
        .with_context(|| format!("cannot write: {self}"))
    }
}

impl std::fmt::Display for Change {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Add(path) => write!(formatter, "{} is missing", path.display()),
            Self::Replace(path) => write!(formatter, "{} differs", path.display()),
            Self::Remove(path) => write!(formatter, "{} is left over", path.display()),
        }
    }
}

/// Compares the generated folder with the checkout, in the order of paths.
fn changes(root: &Path, generated: &Path, owns: &[&str]) -> anyhow::Result<Vec<Change>> {
    let made = files_below(generated, Path::new(""))?;
    let mut changes = Vec::new();
    for path in &made {
        match std::fs::read(root.join(path)) {
            Err(_) => changes.push(Change::Add(path.clone())),
            Ok(have) if have != std::fs::read(generated.join(path))? => changes.push(Change::Replace(path.clone())),
            Ok(_) => {}
        }
    }
    for owned in owns {
        let there = files_below(root, Path::new(owned))?;
        let is_left_over = |path: &PathBuf| !made.contains(path) && !is_another(owned, path);
        changes.extend(there.into_iter().filter(is_left_over).map(Change::Remove));
    }
    Ok(changes)
}

/// Whether a file below an owned folder belongs to another generator, which owns a folder within it.
fn is_another(owned: &str, path: &Path) -> bool {
    let others = GENERATORS.iter().flat_map(|generator| generator.owns).filter(|other| **other != owned);
    others.into_iter().any(|other| Path::new(other).starts_with(owned) && path.starts_with(other))
}

/// The files at or below a path, as paths below the root, sorted.
fn files_below(root: &Path, below: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let start = root.join(below);
    if start.is_file() {
        return Ok(vec![below.to_owned()]);
    }
    if !start.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&start).with_context(|| format!("cannot list {}", start.display()))? {
        files.extend(files_below(root, &below.join(entry?.file_name()))?);
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that goes away with the test.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("interdict-xtask-{name}-{}", std::process::id()));
            std::fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }

        fn with(self, path: &str, text: &str) -> Self {
            let path = self.0.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
            self
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn what_differs_is_found_and_writing_cures_it() {
        let root = Folder::new("root")
            .with("docs/man/same.1", "a")
            .with("docs/man/old.1", "b")
            .with("docs/man/left-over.1", "c")
            .with("docs/by-hand.md", "d");
        let generated = Folder::new("generated")
            .with("docs/man/same.1", "a")
            .with("docs/man/old.1", "new")
            .with("docs/man/new.1", "e");
        let found = changes(&root.0, &generated.0, &["docs/man"]).unwrap();
        assert_eq!(
            found,
            [
                Change::Add("docs/man/new.1".into()),
                Change::Replace("docs/man/old.1".into()),
                Change::Remove("docs/man/left-over.1".into()),
            ]
        );
        for change in &found {
            change.apply(&root.0, &generated.0).unwrap();
        }
        assert_eq!(changes(&root.0, &generated.0, &["docs/man"]).unwrap(), []);
        assert!(root.0.join("docs/by-hand.md").exists());
    }

    #[test]
    fn a_folder_within_anothers_is_left_to_its_own_generator() {
        let root = Folder::new("within")
            .with("docs/schemas/old-v1.json", "a")
            .with("docs/schemas/catalogue/vendor.schema.json", "b");
        let generated = Folder::new("within-generated").with("docs/other", "c");
        let left_over = |owns| changes(&root.0, &generated.0, owns).unwrap().into_iter().skip(1).collect::<Vec<_>>();
        assert_eq!(left_over(&["docs/schemas"]), [Change::Remove("docs/schemas/old-v1.json".into())]);
        assert_eq!(
            left_over(&["docs/schemas/catalogue"]),
            [Change::Remove("docs/schemas/catalogue/vendor.schema.json".into())]
        );
    }

    #[test]
    fn an_unknown_generator_is_named_with_those_there_are() {
        let error = chosen(&["pictures".to_owned()]).err().unwrap().to_string();
        assert!(error.contains("`pictures`") && error.contains("bindings"), "{error}");
        assert_eq!(chosen(&["bindings".to_owned()]).unwrap().len(), 1);
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = GENERATORS.iter().map(|generator| generator.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), GENERATORS.len());
    }
}
