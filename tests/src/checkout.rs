//! The checkout under test: its root, its files and what cargo says about it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// One file of the checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path below the root, with forward slashes.
    pub path: String,
    /// The text; bytes that are not UTF-8 are replaced.
    pub text: String,
}

impl SourceFile {
    /// A file that exists on paper only.
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }
}

/// The root of the checkout.
///
/// # Panics
/// When this package does not lie in a folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or_else(|| panic!("{} has no parent", here.display())).to_owned()
}

/// A program of the development profile, as cargo built it beside the running test.
///
/// # Panics
/// When the running test does not lie in a build folder.
pub fn built(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap_or_else(|error| panic!("the running test has no path: {error}"));
    // <target>/debug/deps/<test>
    let profile = test.ancestors().nth(2).unwrap_or_else(|| panic!("{} is in no build folder", test.display()));
    profile.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// What `cargo metadata --no-deps` says.
///
/// # Panics
/// When cargo cannot be started or fails.
pub fn metadata() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--format-version", "1", "--no-deps", "--offline"];
    let output = Command::new(cargo).args(arguments).current_dir(root()).output();
    let output = output.unwrap_or_else(|error| panic!("cannot start cargo: {error}"));
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("cargo metadata gave no JSON: {error}"))
}

/// The paths of all files that are or would be committed, sorted.
///
/// Git knows; where there is no git, the folders are walked without what is built or installed.
pub fn files() -> Vec<String> {
    let mut files = from_git().unwrap_or_else(|| walk(&root(), ""));
    files.retain(|path| root().join(path).is_file());
    files.sort();
    files.dedup();
    files
}

/// The files whose path is wanted, with their text.
///
/// # Panics
/// When one of them cannot be read.
pub fn read(wanted: impl Fn(&str) -> bool) -> Vec<SourceFile> {
    let read = |path: String| {
        let bytes = fs::read(root().join(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        SourceFile { text: String::from_utf8_lossy(&bytes).into_owned(), path }
    };
    files().into_iter().filter(|path| wanted(path)).map(read).collect()
}

fn from_git() -> Option<Vec<String>> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").args(arguments).current_dir(root()).output().ok()?;
    let paths = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| paths.split_terminator('\0').map(str::to_owned).collect())
}

/// Folders that hold what is built, installed or git's own.
const NOT_COMMITTED: [&str; 4] = [".git", "target", "node_modules", "dist"];

fn walk(root: &Path, below: &str) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join(below)).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        if !entry.path().is_dir() {
            files.push(path);
        } else if !NOT_COMMITTED.contains(&name.as_str()) {
            files.extend(walk(root, &path));
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checkout_holds_this_file() {
        assert!(files().contains(&"tests/src/checkout.rs".to_owned()));
        assert!(walk(&root(), "").contains(&"tests/src/checkout.rs".to_owned()));
        assert!(read(|path| path == "tests/src/checkout.rs")[0].text.starts_with("//! The checkout under test"));
    }

    #[test]
    fn what_is_built_is_not_in_it() {
        assert!(walk(&root(), "").iter().all(|path| !path.starts_with("target/") && !path.starts_with(".git/")));
    }
}
