//! What the tests of the collectors share: fixtures from folders, probes, and rows to compare.
//!
//! A fixture is a folder that looks like the root of a system. What files in a repository cannot say on every platform
//! stands in its `fixture.txt`: `link PATH -> TARGET`, `executable PATH`, `folder PATH`, and `rename PATH -> PATH` for
//! names that not every platform allows. One of a Windows system is a registry export and a list of files.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use interdict_model::{Observation, Probes};

use crate::{Collected, FixtureHost};

/// The fixture of a collector by the one thing it is named for.
pub(crate) fn fixture(collector: &str, name: &str) -> FixtureHost {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(collector).join(name);
    let manifest = fs::read_to_string(root.join("fixture.txt")).unwrap_or_default();
    let lines: Vec<(&str, &str)> =
        manifest.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' ')).collect();
    let renamed = |path: &str| {
        let to = |(from, to): (&str, &str)| (from == path).then(|| to.to_owned());
        let names = lines.iter().filter(|(kind, _)| *kind == "rename");
        names.filter_map(|(_, names)| names.split_once(" -> ")).find_map(to).unwrap_or_else(|| path.to_owned())
    };
    let mut files = Vec::new();
    walk(&root, "", &mut files);
    assert!(!(files.is_empty() && manifest.is_empty()), "there is no fixture {}", root.display());
    let mut host = if collector.starts_with("macos/") { FixtureHost::macos() } else { FixtureHost::new() };
    for (path, bytes) in files {
        let path = renamed(&path);
        host = host.file(&path, bytes);
    }
    for (kind, rest) in lines {
        host = match (kind, rest.split_once(" -> ")) {
            ("link", Some((path, target))) => host.link(path, target),
            ("folder", None) => host.folder(rest),
            ("executable", None) => host.executable(rest),
            ("rename", Some(_)) => host,
            _ => panic!("fixture.txt of {name}: what is \"{kind} {rest}\"?"),
        };
    }
    host
}

/// The fixture of a collector for Windows: `machine.reg`, and the files of `files.txt` if it has one.
pub(crate) fn windows_fixture(collector: &str, name: &str) -> FixtureHost {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(collector).join(name);
    let registry = fs::read_to_string(root.join("machine.reg")).expect("a registry export");
    FixtureHost::windows_from(&registry, &fs::read_to_string(root.join("files.txt")).unwrap_or_default())
}

fn walk(folder: &Path, below: &str, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let path = format!("{below}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            walk(&entry.path(), &path, files);
        } else if path != "/fixture.txt" {
            files.push((path, fs::read(entry.path()).expect("readable")));
        }
    }
}

/// Probes of one kind.
pub(crate) fn probes(of: fn(&mut Probes) -> &mut BTreeSet<String>, names: &[&str]) -> Probes {
    let mut probes = Probes::default();
    of(&mut probes).extend(names.iter().map(|name| (*name).to_owned()));
    probes
}

/// One line for each observation, to compare with a table.
pub(crate) fn rows(collected: &Collected, row: impl Fn(&Observation) -> String) -> Vec<String> {
    collected.observations.iter().map(row).collect()
}
