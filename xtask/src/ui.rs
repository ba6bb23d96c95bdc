//! The front end's packages: whether they are those of the lock file, and npm's commands.
//!
//! `npm ci` throws `node_modules` away and fetches everything again, so it runs only when npm's own record of what it
//! installed differs from the committed lock file.

use std::path::PathBuf;

use anyhow::Context as _;
use serde_json::{Map, Value};

use crate::{program::Program, workspace::Workspace};

/// The front end's folder, or nothing as long as it has no manifest.
pub(crate) fn folder(workspace: &Workspace) -> Option<PathBuf> {
    let folder = workspace.path("ui");
    folder.join("package.json").exists().then_some(folder)
}

/// Installs the front end's packages when they are not those of the lock file.
pub(crate) fn install(workspace: &Workspace) -> anyhow::Result<()> {
    let folder = workspace.path("ui");
    let committed = folder.join("package-lock.json");
    let locked = std::fs::read(&committed).with_context(|| format!("cannot read {}", committed.display()))?;
    let locked: Value = serde_json::from_slice(&locked).context("ui/package-lock.json is not JSON")?;
    // Written by npm after every successful install.
    let installed = std::fs::read(folder.join("node_modules/.package-lock.json")).ok();
    let installed = installed.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    match installed.map_or(Some("nothing is installed".to_owned()), |installed| difference(&locked, &installed)) {
        None => {
            println!("front-end packages are those of ui/package-lock.json");
            Ok(())
        }
        Some(why) => {
            println!("front-end packages: {why}");
            Program::npm(["ci"]).in_folder(&folder).must_succeed()
        }
    }
}

/// A script of `ui/package.json`.
pub(crate) fn script(workspace: &Workspace, name: &str) -> Program {
    Program::npm(["run", name]).in_folder(&workspace.path("ui"))
}

/// The first difference between the lock file and npm's record of what it installed.
///
/// Optional packages are those of other platforms; npm leaves them out of its record.
fn difference(locked: &Value, installed: &Value) -> Option<String> {
    let nothing = Map::new();
    let locked = locked["packages"].as_object().unwrap_or(&nothing);
    let installed = installed["packages"].as_object().unwrap_or(&nothing);
    for (name, wanted) in locked.iter().filter(|(name, _)| !name.is_empty()) {
        match installed.get(name) {
            None if wanted["optional"] == true => {}
            None => return Some(format!("{name} is missing")),
            Some(have) if have["version"] != wanted["version"] || have["integrity"] != wanted["integrity"] => {
                return Some(format!("{name} is not the locked version"));
            }
            Some(_) => {}
        }
    }
    installed.keys().find(|name| !locked.contains_key(*name)).map(|name| format!("{name} is no longer wanted"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn packages_are_stale_when_they_differ_from_the_lock_file() {
        let locked = json!({ "packages": {
            "": { "name": "ui" },
            "node_modules/react": { "version": "19.2.0", "integrity": "sha512-a" },
            "node_modules/esbuild-windows": { "version": "1.0.0", "integrity": "sha512-b", "optional": true },
        }});
        let react = |version: &str| json!({ "version": version, "integrity": "sha512-a" });
        let with = |packages: Value| json!({ "packages": packages });
        for (installed, expected) in [
            (with(json!({ "node_modules/react": react("19.2.0") })), None),
            (with(json!({})), Some("node_modules/react is missing")),
            (
                with(json!({ "node_modules/react": react("19.1.0") })),
                Some("node_modules/react is not the locked version"),
            ),
            (
                with(json!({ "node_modules/react": react("19.2.0"), "node_modules/left": react("1.0.0") })),
                Some("node_modules/left is no longer wanted"),
            ),
            (json!({}), Some("node_modules/react is missing")),
        ] {
            assert_eq!(difference(&locked, &installed).as_deref(), expected, "{installed}");
        }
    }
}
