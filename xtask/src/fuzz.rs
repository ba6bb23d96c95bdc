//! `cargo xtask fuzz`: feeds a reader made-up bytes until it breaks or the time is over.
//!
//! The targets lie in `crates/formats/fuzz`, a workspace of its own. The compiler is the pinned stable one: cargo-fuzz asks
//! for instrumentation that only an unstable option gives, which `RUSTC_BOOTSTRAP` lets it have. There is no sanitizer:
//! the readers hold no unsafe code, so what is looked for is panics, endless loops and memory without bounds.

use std::fs;

use anyhow::{Context as _, bail};

use crate::{program::Program, workspace::Workspace};

/// The folder of the fuzz targets.
const FOLDER: &str = "crates/formats/fuzz";
/// The longest time one input may take, in seconds.
const PATIENCE: u32 = 10;
/// The most memory, in MiB.
const MEMORY: u32 = 2048;

/// The names of the targets: one file each.
pub(crate) fn targets(workspace: &Workspace) -> anyhow::Result<Vec<String>> {
    let folder = workspace.path(FOLDER).join("fuzz_targets");
    let files = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let names = files.flatten().map(|file| file.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter_map(|name| name.strip_suffix(".rs").map(str::to_owned)).collect();
    names.sort_unstable();
    Ok(names)
}

/// Whether cargo-fuzz is there.
pub(crate) fn is_installed() -> bool {
    Program::cargo(["fuzz", "--version"]).answer().is_some()
}

/// Fuzzes one target, or every one in turn, so many seconds each.
pub(crate) fn fuzz(workspace: &Workspace, target: Option<&str>, seconds: u32) -> anyhow::Result<()> {
    if !is_installed() {
        bail!("cargo-fuzz is not installed: `cargo install --locked cargo-fuzz`");
    }
    let known = targets(workspace)?;
    let asked = match target {
        None => known,
        Some(name) if known.iter().any(|known| known == name) => vec![name.to_owned()],
        Some(name) => bail!("there is no target {name}; there are {}", known.join(", ")),
    };
    for name in asked {
        run(workspace, &name, seconds)?;
    }
    Ok(())
}

fn run(workspace: &Workspace, name: &str, seconds: u32) -> anyhow::Result<()> {
    let folder = workspace.path(FOLDER);
    let corpus = folder.join("corpus").join(name);
    let seeds = folder.join("seeds").join(name);
    for folder in [&corpus, &seeds] {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let program = Program::cargo(["fuzz", "run", name, "--sanitizer", "none"])
        .args([corpus.to_string_lossy(), seeds.to_string_lossy()])
        .args(["--".to_owned(), format!("-max_total_time={seconds}"), format!("-timeout={PATIENCE}")])
        .args([format!("-rss_limit_mb={MEMORY}"), "-print_final_stats=1".to_owned()]);
    program.in_folder(&workspace.path("crates/formats")).with_environment("RUSTC_BOOTSTRAP", "1").must_succeed()
}
