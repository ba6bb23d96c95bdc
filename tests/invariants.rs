//! The invariants of the architecture (docs/architecture.md), read from `cargo metadata` and the sources.
//!
//! Each check is a function from text to complaints, so that it is tried twice: on the checkout, where it must find
//! nothing, and on something made up that breaks it, where it must speak.

use std::{collections::BTreeSet, path::Path};

use interdict_tests::{
    checkout::{self, SourceFile},
    rust_text,
};
use serde_json::{Value, json};

/// The crates, and the crates of ours that each may depend on. `tests` and `xtask` may depend on anything.
const EDGES: &[(&str, &[&str])] = &[
    ("crates/model", &[]),
    ("crates/catalogue", &["model"]),
    ("crates/formats", &["model"]),
    ("crates/identify", &["model", "catalogue"]),
    ("crates/assess", &["model", "catalogue"]),
    ("crates/screening", &["model"]),
    ("crates/collect", &["model", "formats"]),
    ("crates/import", &["model", "formats"]),
    ("crates/store", &["model"]),
    ("crates/report", &["model"]),
    ("crates/compile", &["model", "catalogue"]),
    (
        "crates/app",
        &[
            "model",
            "catalogue",
            "formats",
            "identify",
            "assess",
            "screening",
            "collect",
            "import",
            "store",
            "report",
            "compile",
        ],
    ),
    // The words of the domain are what `app` answers with.
    ("crates/cli", &["app", "model"]),
    ("src-tauri", &["app", "model"]),
];

/// The crates that touch no file, clock, process, environment or network.
const PURE: [&str; 9] =
    ["model", "catalogue", "formats", "identify", "assess", "screening", "import", "report", "compile"];

/// Where the live host of each platform is made, and the attribute that spares Windows a console window.
const PLATFORM_FILES: [&str; 6] = [
    "crates/collect/src/live.rs",
    "crates/collect/src/live/",
    "crates/collect/src/host/live.rs",
    "crates/collect/src/host/disk.rs",
    "crates/collect/src/host/windows.rs",
    "src-tauri/src/main.rs",
];

/// What may lie at the top.
const TOP_LEVEL: [&str; 28] = [
    ".cargo",
    ".ci",
    ".clippy.toml",
    ".editorconfig",
    ".gitattributes",
    ".github",
    ".gitignore",
    ".rustfmt.toml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "NOTICE",
    "README.md",
    "SECURITY.md",
    "catalogue",
    "crates",
    "deny.toml",
    "docs",
    "fuzz",
    "packaging",
    "rust-toolchain.toml",
    "src-tauri",
    "tests",
    "ui",
    "xtask",
];

// --- crates and what they depend on ---

#[test]
fn crates_depend_only_as_drawn() {
    assert_none(&undrawn_edges(&checkout::metadata()));
    let found = undrawn_edges(&workspace_of(&[
        ("crates/model", "interdict-model", json!([])),
        ("crates/store", "interdict-store", json!([{ "name": "interdict-model", "kind": null }])),
        ("crates/report", "interdict-report", json!([{ "name": "interdict-store", "kind": null }])),
        ("crates/identify", "interdict-identify", json!([{ "name": "interdict-store", "kind": "build" }])),
        ("crates/assess", "interdict-assess", json!([{ "name": "interdict-store", "kind": "dev" }])),
        ("crates/unheard", "interdict-unheard", json!([])),
        ("xtask", "xtask", json!([{ "name": "interdict-store", "kind": null }])),
    ]));
    assert_found(
        &found,
        &[
            "crates/report may not depend on interdict-store",
            "crates/identify may not depend on interdict-store",
            "crates/unheard is not drawn",
        ],
    );
}

fn undrawn_edges(metadata: &Value) -> Vec<String> {
    let packages = packages(metadata);
    let ours: BTreeSet<_> = packages.iter().map(|package| package.name.as_str()).collect();
    let mut complaints = Vec::new();
    for package in packages.iter().filter(|package| !may_depend_on_anything(&package.folder)) {
        let Some((_, allowed)) = EDGES.iter().find(|(folder, _)| *folder == package.folder) else {
            complaints.push(format!("{} is not drawn in docs/architecture.md", package.folder));
            continue;
        };
        let edges = package.dependencies.iter().filter(|on| on.kind != "dev" && ours.contains(on.name.as_str()));
        let undrawn = edges.filter(|on| !allowed.iter().any(|allowed| on.name == format!("interdict-{allowed}")));
        complaints.extend(undrawn.map(|on| format!("{} may not depend on {}", package.folder, on.name)));
    }
    complaints
}

#[test]
fn window_and_database_libraries_stay_in_their_crates() {
    assert_none(&misplaced_libraries(&checkout::metadata()));
    let found = misplaced_libraries(&workspace_of(&[
        ("src-tauri", "interdict-desktop", json!([{ "name": "tauri" }, { "name": "tauri-build", "kind": "build" }])),
        ("crates/app", "interdict-app", json!([{ "name": "tauri-plugin-opener" }])),
        ("crates/store", "interdict-store", json!([{ "name": "rusqlite" }, { "name": "rusqlite_migration" }])),
        ("crates/collect", "interdict-collect", json!([{ "name": "rusqlite" }])),
        ("crates/report", "interdict-report", json!([{ "name": "rusqlite", "kind": "dev" }])),
        ("crates/model", "interdict-model", json!([{ "name": "regex" }, { "name": "serde_json", "kind": "dev" }])),
        ("crates/assess", "interdict-assess", json!([{ "name": "chrono", "features": ["std", "clock"] }])),
    ]));
    assert_found(
        &found,
        &[
            "crates/app may not depend on tauri-plugin-opener",
            "crates/report may not depend on rusqlite",
            "crates/model may not depend on regex",
            "crates/assess may not have chrono's clock",
        ],
    );
}

fn misplaced_libraries(metadata: &Value) -> Vec<String> {
    let mut complaints = Vec::new();
    for package in packages(metadata).iter().filter(|package| !may_depend_on_anything(&package.folder)) {
        for on in &package.dependencies {
            let place = package.folder.as_str();
            let in_place = match on.name.as_str() {
                name if name == "tauri" || name.starts_with("tauri-") => place == "src-tauri",
                name if name.starts_with("rusqlite") => ["crates/store", "crates/collect"].contains(&place),
                "serde" | "chrono" | "thiserror" => true,
                _ => place != "crates/model" || on.kind == "dev",
            };
            if !in_place {
                complaints.push(format!("{place} may not depend on {}", on.name));
            }
            if on.name == "chrono" && on.clock && is_pure(&package.folder) {
                complaints.push(format!("{place} may not have chrono's clock"));
            }
        }
    }
    complaints
}

#[test]
fn packages_are_named_after_their_folders() {
    assert_none(&misnamed_packages(&checkout::metadata()));
    let found = misnamed_packages(&workspace_of(&[
        ("crates/model", "interdict-model", json!([])),
        ("crates/store", "store", json!([])),
        ("src-tauri", "interdict", json!([])),
        ("tests", "interdict-tests", json!([])),
    ]));
    assert_found(&found, &["crates/store is named store", "src-tauri is named interdict"]);
}

fn misnamed_packages(metadata: &Value) -> Vec<String> {
    let expected = |folder: &str| match folder {
        "src-tauri" => "interdict-desktop".to_owned(),
        "xtask" => "xtask".to_owned(),
        _ => format!("interdict-{}", folder.trim_start_matches("crates/").replace('/', "-")),
    };
    let packages = packages(metadata).into_iter().filter(|package| package.name != expected(&package.folder));
    packages.map(|package| format!("{} is named {}", package.folder, package.name)).collect()
}

#[test]
fn every_package_takes_the_lints_of_the_workspace() {
    assert_none(&manifests_without_lints(&checkout::read(|path| path.ends_with("/Cargo.toml"))));
    let found = manifests_without_lints(&[
        SourceFile::new("crates/a/Cargo.toml", "[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n"),
        SourceFile::new("crates/b/Cargo.toml", "[package]\nname = \"b\"\nversion.workspace = true\n"),
        SourceFile::new("crates/c/tests/fixtures/Cargo.toml", "[dependencies]\n"),
    ]);
    assert_found(&found, &["crates/b/Cargo.toml"]);
}

fn manifests_without_lints(manifests: &[SourceFile]) -> Vec<String> {
    let packages = manifests.iter().filter(|manifest| manifest.text.contains("[package]"));
    let without = packages.filter(|manifest| !manifest.text.contains("[lints]\nworkspace = true"));
    without.map(|manifest| format!("{} does not take the lints of the workspace", manifest.path)).collect()
}

#[test]
fn every_dependency_has_its_reason() {
    let reasons = checkout::read(|path| path == "docs/dependencies.md");
    let manifests = checkout::read(|path| path == "ui/package.json");
    let manifest = manifests.first().map_or(Value::Null, |file| serde_json::from_str(&file.text).unwrap());
    assert_none(&unreasoned_dependencies(&reasons[0].text, &checkout::metadata(), &manifest));
    let found = unreasoned_dependencies(
        "| `serde` | everywhere | one derive |\n| `react` | components |\n",
        &workspace_of(&[
            ("crates/model", "interdict-model", json!([{ "name": "serde" }])),
            (
                "crates/app",
                "interdict-app",
                json!([{ "name": "interdict-model" }, { "name": "left-pad", "kind": "dev" }]),
            ),
        ]),
        &json!({ "dependencies": { "react": "19" }, "devDependencies": { "vite": "8" } }),
    );
    assert_found(&found, &["left-pad has no line", "vite has no line"]);
}

fn unreasoned_dependencies(reasons: &str, metadata: &Value, manifest: &Value) -> Vec<String> {
    let packages = packages(metadata);
    let ours: BTreeSet<_> = packages.iter().map(|package| package.name.as_str()).collect();
    let rust = packages.iter().flat_map(|package| &package.dependencies).map(|on| on.name.as_str());
    let front_end = ["dependencies", "devDependencies"].into_iter().filter_map(|kind| manifest[kind].as_object());
    let names: BTreeSet<_> = rust.chain(front_end.flat_map(|names| names.keys().map(String::as_str))).collect();
    let unreasoned =
        names.into_iter().filter(|name| !ours.contains(name) && !reasons.contains(&format!("| `{name}` |")));
    unreasoned.map(|name| format!("{name} has no line in docs/dependencies.md")).collect()
}

// --- what sources may say ---

#[test]
fn pure_crates_touch_nothing_outside() {
    let sources = checkout::read(|path| {
        PURE.iter().any(|name| path.starts_with(&format!("crates/{name}/src/"))) && is_rust(path)
    });
    assert!(!sources.is_empty());
    assert_none(&impure_sources(sources));
    let found = impure_sources(vec![
        SourceFile::new(
            "a.rs",
            "//! Never calls std::fs::read.\nconst A: &str = \"std::net\";\nconst B: &str = env!(\"X\");",
        ),
        SourceFile::new("b.rs", "fn f() { std :: fs::read(\"x\"); }"),
        SourceFile::new("c.rs", "use std::{collections::BTreeMap, env};"),
        SourceFile::new("d.rs", "use std::{io::{self, Read}, time::{Duration, SystemTime}};"),
        SourceFile::new("e.rs", "fn f() -> i64 { chrono::Utc::now().timestamp() }"),
        SourceFile::new("f.rs", "#[cfg(test)]\nmod tests { fn f() { std::fs::read(\"x\").unwrap(); } }"),
        SourceFile::new("g.rs", "#![expect(clippy::disallowed_methods, reason = \"handy\")]"),
        SourceFile::new("h.rs", "#![cfg_attr(test, expect(clippy::disallowed_methods, reason = \"fixtures\"))]"),
        SourceFile::new("i.rs", "use std::process;\nuse std::net::TcpStream;\nfn f() { Local::now(); }"),
        SourceFile::new("j/lib.rs", "#[cfg(test)]\nmod tests;"),
        SourceFile::new("j/tests.rs", "use std::fs;"),
    ]);
    assert_found(
        &found,
        &[
            "b.rs says std::fs",
            "c.rs says std::env",
            "d.rs says SystemTime",
            "e.rs says Utc::now",
            "g.rs opts out",
            "i.rs says std::process",
            "i.rs says std::net",
            "i.rs says Local::now",
        ],
    );
}

fn impure_sources(sources: Vec<SourceFile>) -> Vec<String> {
    const MODULES: [&str; 4] = ["fs", "env", "process", "net"];
    const NAMES: [&str; 3] = ["SystemTime", "Utc::now", "Local::now"];
    let mut complaints = Vec::new();
    for file in rust_text::without_test_files(sources) {
        let code = squeezed(&rust_text::product_code(&file.text).without_strings);
        let grouped: Vec<_> = code.split("std::{").skip(1).flat_map(|rest| first_names(&format!("{{{rest}"))).collect();
        let modules = MODULES
            .iter()
            .filter(|module| has_path(&code, &format!("std::{module}")) || grouped.iter().any(|name| name == *module));
        complaints.extend(modules.map(|module| format!("{} says std::{module}", file.path)));
        let names = NAMES.iter().filter(|name| has_path(&code, name));
        complaints.extend(names.map(|name| format!("{} says {name}", file.path)));
        if code.contains("#![expect(clippy::disallowed_methods") {
            complaints.push(format!("{} opts out of the ban on input and output", file.path));
        }
    }
    complaints
}

/// Code without white space, except one blank between words.
fn squeezed(code: &str) -> String {
    let in_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut squeezed = String::with_capacity(code.len());
    for word in code.split_whitespace() {
        if squeezed.ends_with(in_name) && word.starts_with(in_name) {
            squeezed.push(' ');
        }
        squeezed.push_str(word);
    }
    squeezed
}

/// Whether a path occurs as whole names: `std::net` is not in `std::network`, nor `Utc::now` in `MyUtc::now`.
fn has_path(code: &str, path: &str) -> bool {
    let in_name = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(path)
        .any(|(at, _)| !code[..at].ends_with(in_name) && !code[at + path.len()..].starts_with(in_name))
}

/// The first name of each path in a braced list of imports.
fn first_names(list: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let top_level = rust_text::bracketed(list).unwrap_or_default().chars().filter(|c| {
        depth = if *c == '}' { depth.saturating_sub(1) } else { depth + usize::from(*c == '{') };
        depth == 0
    });
    let top_level: String = top_level.collect();
    top_level.split(',').filter_map(|path| path.split([':', ' ']).next()).map(str::to_owned).collect()
}

#[test]
fn platforms_are_told_apart_in_one_place() {
    let sources =
        checkout::read(|path| is_rust(path) && (path.starts_with("crates/") || path.starts_with("src-tauri/src/")));
    assert_none(&platform_sources(&sources));
    let found = platform_sources(&[
        SourceFile::new("crates/collect/src/live.rs", "#[cfg(windows)] mod registry;"),
        SourceFile::new("crates/collect/src/live/windows.rs", "#![cfg(target_os = \"windows\")]"),
        SourceFile::new("crates/collect/src/alive.rs", "#[cfg(target_os = \"macos\")] mod apps;"),
        SourceFile::new("crates/app/src/lib.rs", "fn f() -> bool { cfg!( all(windows, not(test)) ) }"),
        SourceFile::new(
            "crates/store/src/lib.rs",
            "#[cfg_attr(not(target_os=\"windows\"), expect(dead_code))] fn f() {}",
        ),
        SourceFile::new(
            "crates/report/src/lib.rs",
            "#[cfg_attr(test, expect(x, reason = \"windows\"))] // cfg(windows)\nfn f() {}",
        ),
        SourceFile::new("crates/model/src/lib.rs", "#[cfg(feature = \"x\")] fn windows() { windows(); }"),
    ]);
    assert_found(&found, &["crates/collect/src/alive.rs", "crates/app/src/lib.rs", "crates/store/src/lib.rs"]);
}

fn platform_sources(sources: &[SourceFile]) -> Vec<String> {
    let elsewhere = sources.iter().filter(|file| {
        !PLATFORM_FILES.iter().any(|place| file.path == *place || place.ends_with('/') && file.path.starts_with(place))
    });
    let telling = elsewhere.filter(|file| tells_platforms_apart(&rust_text::code(&file.text).with_strings));
    telling.map(|file| format!("{} tells platforms apart by cfg", file.path)).collect()
}

fn tells_platforms_apart(code: &str) -> bool {
    let conditions = ["cfg(", "cfg!(", "cfg_attr("].into_iter().flat_map(|start| {
        code.match_indices(start).filter_map(move |(at, _)| {
            let inside = rust_text::bracketed(&code[at + start.len() - 1..])?;
            // What follows the condition of a `cfg_attr` are attributes.
            Some(if start == "cfg_attr(" { first_argument(inside) } else { inside })
        })
    });
    let mut words = conditions.flat_map(|condition| condition.split(|c: char| !c.is_alphanumeric() && c != '_'));
    words.any(|word| word == "windows" || word == "macos")
}

fn first_argument(list: &str) -> &str {
    let mut depth = 0_usize;
    let comma = list.find(|c| {
        depth = if c == ')' { depth.saturating_sub(1) } else { depth + usize::from(c == '(') };
        depth == 0 && c == ','
    });
    comma.map_or(list, |at| &list[..at])
}

#[test]
fn the_window_reaches_rust_through_one_file() {
    assert_none(&stray_window_imports(&checkout::read(|path| path.starts_with("ui/src/"))));
    let found = stray_window_imports(&[
        SourceFile::new("ui/src/ipc/tauri.ts", "import { invoke } from '@tauri-apps/api/core';"),
        SourceFile::new("ui/src/features/findings/list.tsx", "import { open } from '@tauri-apps/plugin-dialog';"),
        SourceFile::new("ui/src/main.tsx", "import { backend } from './ipc/backend';"),
    ]);
    assert_found(&found, &["ui/src/features/findings/list.tsx"]);
}

fn stray_window_imports(files: &[SourceFile]) -> Vec<String> {
    let stray = files.iter().filter(|file| {
        file.path != "ui/src/ipc/tauri.ts" && !file.path.ends_with(".test.ts") && file.text.contains("@tauri-apps/")
    });
    stray.map(|file| format!("{} imports from @tauri-apps, which only ui/src/ipc/tauri.ts may", file.path)).collect()
}

#[test]
fn modules_open_by_saying_what_they_are() {
    let sources = checkout::read(|path| is_rust(path) && !path.contains("/fixtures/"));
    assert_none(&silent_modules(&sources));
    let found = silent_modules(&[
        SourceFile::new("crates/a/src/lib.rs", "//! Says what it is.\n"),
        SourceFile::new("crates/b/src/lib.rs", "use std::fmt;\n//! Too late.\n"),
        SourceFile::new("crates/c/src/lib.rs", ""),
    ]);
    assert_found(&found, &["crates/b/src/lib.rs", "crates/c/src/lib.rs"]);
}

fn silent_modules(sources: &[SourceFile]) -> Vec<String> {
    let silent = sources.iter().filter(|file| !file.text.starts_with("//!"));
    silent.map(|file| format!("{} does not open with `//!`", file.path)).collect()
}

// --- what is in the repository ---

#[test]
fn the_top_level_stays_short() {
    let files = checkout::files();
    assert_none(&crowded_top_level(files.iter().map(String::as_str)));
    assert_found(&crowded_top_level(["Cargo.toml", "PLAN.md", "crates/a/PLAN.md"].into_iter()), &["PLAN.md"]);
    let many: Vec<_> = (0..29).map(|number| format!("{number}.md")).collect();
    assert!(crowded_top_level(many.iter().map(String::as_str)).iter().any(|line| line.contains("29 entries")));
}

fn crowded_top_level<'a>(files: impl Iterator<Item = &'a str>) -> Vec<String> {
    let entries: BTreeSet<_> = files.filter_map(|path| path.split('/').next()).collect();
    let unexpected = entries.iter().filter(|entry| !TOP_LEVEL.contains(*entry));
    let mut complaints: Vec<_> = unexpected.map(|entry| format!("{entry} is not expected at the top level")).collect();
    if entries.len() > TOP_LEVEL.len() {
        complaints.push(format!("the top level has {} entries, {} at most", entries.len(), TOP_LEVEL.len()));
    }
    complaints
}

#[test]
fn the_project_speaks_of_itself_alone() {
    assert_none(&foreign_mentions(&checkout::read(|_| true)));
    // Put together here, so that this file does not hold what it forbids.
    let [work, farm, root] = FOREIGN_FOLDERS.map(|name| format!("/{name}/"));
    let lock = |host: &str| format!("{{ \"resolved\": \"https://{host}/react/-/react-19.2.0.tgz\" }}");
    let found = foreign_mentions(&[
        SourceFile::new("README.md", &format!("See {work}shared for more.")),
        SourceFile::new(".ci/run", &format!("cd \"{farm}a\"")),
        SourceFile::new("docs/a.md", &format!("{root}x")),
        SourceFile::new("docs/b.md", &format!("https://example.org{work}x and ..{work}x and $HOME{root}x")),
        SourceFile::new("crates/formats/fixtures/dpkg/list.txt", &format!("{root}.profile")),
        SourceFile::new("crates/collect/src/live.rs", &format!("const ROOTS_HOME: &str = \"{root}\";")),
        SourceFile::new("ui/package-lock.json", &lock("registry.npmjs.org")),
        SourceFile::new("docs/package-lock.json", &lock("mirror.example.org")),
        SourceFile::new("Cargo.lock", "source = \"registry+https://github.com/rust-lang/crates.io-index\""),
        SourceFile::new("fuzz/Cargo.lock", "source = \"sparse+https://mirror.example.org/index/\""),
    ]);
    assert_found(&found, &["README.md", ".ci/run", "docs/a.md", "docs/package-lock.json", "fuzz/Cargo.lock"]);
}

/// First folders of absolute paths that exist on somebody's machine only.
const FOREIGN_FOLDERS: [&str; 3] = ["work", "farm", "root"];

fn foreign_mentions(files: &[SourceFile]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files {
        let folders = FOREIGN_FOLDERS.iter().filter(|folder| {
            // The home of the superuser is a place that collectors look at and captures speak of.
            let may =
                **folder == "root" && (file.path.contains("/fixtures/") || file.path.starts_with("crates/collect/"));
            !may && has_absolute_path(&file.text, folder)
        });
        complaints.extend(folders.map(|folder| format!("{} names a path below /{folder} of some machine", file.path)));
        if let Some(line) = file.text.lines().find(|line| is_foreign_registry(&file.path, line)) {
            complaints.push(format!("{} names a registry of some machine: {}", file.path, line.trim()));
        }
    }
    complaints
}

fn has_absolute_path(text: &str, folder: &str) -> bool {
    let path = format!("/{folder}/");
    let goes_on = |c: char| c.is_alphanumeric() || "_-.~)}>*".contains(c);
    // `$HOME/x` and `example.org/x` go on from something; a path of a machine starts here.
    text.match_indices(&path).any(|(at, _)| !text[..at].ends_with(goes_on))
}

fn is_foreign_registry(path: &str, line: &str) -> bool {
    let line = line.trim();
    if path.ends_with("package-lock.json") {
        line.contains("\"resolved\":") && line.contains("://") && !line.contains("https://registry.npmjs.org/")
    } else {
        path.ends_with("Cargo.lock")
            && line.starts_with("source = ")
            && line != "source = \"registry+https://github.com/rust-lang/crates.io-index\""
    }
}

// --- helpers ---

/// A member of the workspace.
struct Package {
    name: String,
    folder: String,
    dependencies: Vec<Dependency>,
}

struct Dependency {
    name: String,
    kind: String,
    clock: bool,
}

/// The members of the workspace, from the answer of `cargo metadata`.
fn packages(metadata: &Value) -> Vec<Package> {
    let text = |value: &Value| value.as_str().unwrap_or_default().replace('\\', "/");
    let root = format!("{}/", text(&metadata["workspace_root"]));
    let dependency = |value: &Value| Dependency {
        name: text(&value["name"]),
        kind: text(&value["kind"]),
        clock: value["features"].as_array().into_iter().flatten().any(|feature| feature == "clock" || feature == "now"),
    };
    let packages = metadata["packages"].as_array().into_iter().flatten().map(|package| Package {
        name: text(&package["name"]),
        folder: text(&package["manifest_path"]).trim_start_matches(&root).trim_end_matches("/Cargo.toml").to_owned(),
        dependencies: package["dependencies"].as_array().into_iter().flatten().map(dependency).collect(),
    });
    let packages: Vec<_> = packages.collect();
    assert!(!packages.is_empty(), "cargo metadata names no packages");
    packages
}

/// A made-up answer of `cargo metadata`: folders, names and dependencies.
fn workspace_of(members: &[(&str, &str, Value)]) -> Value {
    let packages: Vec<_> = members
        .iter()
        .map(|(folder, name, dependencies)| {
            json!({ "name": name, "manifest_path": format!("/checkout/{folder}/Cargo.toml"), "dependencies": dependencies })
        })
        .collect();
    json!({ "workspace_root": "/checkout", "packages": packages })
}

fn may_depend_on_anything(folder: &str) -> bool {
    folder == "xtask" || folder == "tests" || folder.starts_with("tests/")
}

fn is_pure(folder: &str) -> bool {
    folder.strip_prefix("crates/").is_some_and(|name| PURE.contains(&name))
}

fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "rs")
}

/// The checkout gives no reason to complain.
#[track_caller]
fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// Something made up gives exactly these complaints, each starting with the words expected.
#[track_caller]
fn assert_found(complaints: &[String], expected: &[&str]) {
    let as_expected = complaints.iter().zip(expected).all(|(complaint, start)| complaint.starts_with(start));
    assert!(as_expected && complaints.len() == expected.len(), "\n{}\n", complaints.join("\n"));
}
