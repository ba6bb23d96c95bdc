//! What cargo says about this checkout: where it is, where it builds to, which packages and targets exist.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::program::Program;

/// The checkout the commands work on.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The folder of the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Where cargo builds to; not always `target` below the root.
    pub(crate) target: PathBuf,
    targets: Vec<Target>,
}

/// One thing cargo can build.
#[derive(Debug)]
struct Target {
    package: String,
    kind: String,
    name: String,
}

impl Workspace {
    /// Asks cargo about the workspace of the current folder.
    pub(crate) fn load() -> anyhow::Result<Self> {
        let answer = Program::cargo(["metadata", "--format-version", "1", "--no-deps"])
            .answer()
            .context("`cargo metadata` failed; run from inside the checkout")?;
        Self::from_metadata(&serde_json::from_str(&answer).context("`cargo metadata` gave no JSON")?)
    }

    /// Reads the answer of `cargo metadata`.
    fn from_metadata(metadata: &Value) -> anyhow::Result<Self> {
        let (Some(root), Some(target)) = (metadata["workspace_root"].as_str(), metadata["target_directory"].as_str())
        else {
            bail!("`cargo metadata` names no workspace root");
        };
        let packages = metadata["packages"].as_array().into_iter().flatten();
        let targets = packages.flat_map(|package| {
            let targets = package["targets"].as_array().into_iter().flatten();
            targets.map(|target| Target {
                package: text(&package["name"]),
                kind: text(&target["kind"][0]),
                name: text(&target["name"]),
            })
        });
        Ok(Self { root: root.into(), target: target.into(), targets: targets.collect() })
    }

    /// Whether a package has a target of this kind (`test`, `bin`, `example` ...) and name.
    pub(crate) fn has_target(&self, package: &str, kind: &str, name: &str) -> bool {
        self.targets.iter().any(|target| target.package == package && target.kind == kind && target.name == name)
    }

    /// The names of a package's targets of one kind.
    pub(crate) fn target_names(&self, package: &str, kind: &str) -> Vec<&str> {
        let of_kind = self.targets.iter().filter(|target| target.package == package && target.kind == kind);
        of_kind.map(|target| target.name.as_str()).collect()
    }

    /// A program of the development profile.
    pub(crate) fn built(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// A path below the root.
    pub(crate) fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.root.join(below)
    }

    /// Cargo, started at the root.
    pub(crate) fn cargo<const N: usize>(&self, arguments: [&str; N]) -> Program {
        Program::cargo(arguments).in_folder(&self.root)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// A workspace that exists on paper only.
    pub(crate) fn made_up(root: &Path) -> Workspace {
        let metadata = json!({
            "workspace_root": root.to_str().unwrap(),
            "target_directory": root.join("target").to_str().unwrap(),
            "packages": [{ "name": "interdict-tests", "targets": [
                { "kind": ["lib"], "name": "interdict_tests" },
                { "kind": ["test"], "name": "window" },
                { "kind": ["test"], "name": "wine" },
                { "kind": ["test"], "name": "invariants" },
            ]}],
        });
        Workspace::from_metadata(&metadata).unwrap()
    }

    #[test]
    fn targets_are_known_by_package_kind_and_name() {
        let workspace = made_up(Path::new("/checkout"));
        assert!(workspace.has_target("interdict-tests", "test", "window"));
        assert!(!workspace.has_target("interdict-tests", "example", "window"));
        assert!(!workspace.has_target("interdict-cli", "test", "window"));
        assert_eq!(workspace.target_names("interdict-tests", "test"), ["window", "wine", "invariants"]);
    }

    #[test]
    fn metadata_without_a_root_is_an_error() {
        assert!(Workspace::from_metadata(&json!({})).is_err());
    }
}
