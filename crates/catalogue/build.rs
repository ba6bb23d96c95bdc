//! Embeds the built-in catalogue: the list of its files, and what the parser makes of them.
//!
//! The parser's own modules are compiled into this script, so that the catalogue is read by the same code here and at run
//! time; a module that the parser newly uses needs a line here, for which the compiler asks. A catalogue with errors does not
//! stop the build: they are printed as warnings, nothing is compiled, the program refuses the catalogue when it starts, and
//! a test fails.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a build script reads files and may stop the build"
)]
#![expect(dead_code, unreachable_pub, reason = "the parser is used here as it is, and not all of it")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::compiled::Compiled;
use crate::source_file::SourceFile;

#[path = "src/catalogue.rs"]
mod catalogue;
#[path = "src/compiled.rs"]
mod compiled;
#[path = "src/cross_check.rs"]
mod cross_check;
#[path = "src/document.rs"]
mod document;
#[path = "src/nearest.rs"]
mod nearest;
#[path = "src/parse.rs"]
mod parse;
#[path = "src/restriction_file.rs"]
mod restriction_file;
#[path = "src/small_files.rs"]
mod small_files;
#[path = "src/source_file.rs"]
mod source_file;
#[path = "src/vendor_file.rs"]
mod vendor_file;

/// More complaints than these say nothing new.
const MOST_WARNINGS: usize = 20;

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../catalogue");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    collect(&root, "", &mut files);
    files.sort();
    fs::write(out.join("files.rs"), list(&files)).expect("the build folder can be written");
    fs::write(out.join("compiled.bin"), compile(&files)).expect("the build folder can be written");
}

/// The files as a constant of names and texts.
fn list(files: &[(String, PathBuf)]) -> String {
    let mut text = String::from("pub(crate) const FILES: &[(&str, &str)] = &[\n");
    for (name, path) in files {
        let _ = writeln!(text, "    ({name:?}, include_str!({:?})),", path.display().to_string());
    }
    text.push_str("];\n");
    text
}

/// What the parser makes of the files; nothing when it complains.
fn compile(files: &[(String, PathBuf)]) -> Vec<u8> {
    let read = |(name, path): &(String, PathBuf)| {
        SourceFile::new(name.as_str(), fs::read_to_string(path).expect("a file of the catalogue is UTF-8 text"))
    };
    let sources: Vec<SourceFile> = files.iter().map(read).collect();
    let (catalogue, diagnostics) = parse::parse(&sources);
    for diagnostic in diagnostics.iter().take(MOST_WARNINGS) {
        println!("cargo::warning=catalogue/{}", diagnostic.to_string().replace('\n', " "));
    }
    if diagnostics.len() > MOST_WARNINGS {
        println!("cargo::warning=catalogue: {} more complaints", diagnostics.len() - MOST_WARNINGS);
    }
    if !diagnostics.is_empty() {
        return Vec::new();
    }
    let compiled: Compiled = (
        catalogue.stamp().clone(),
        catalogue.issuers().cloned().collect(),
        catalogue.profiles().to_vec(),
        catalogue.restrictions().to_vec(),
        catalogue.vendors().to_vec(),
        catalogue.withdrawn().clone(),
    );
    postcard::to_allocvec(&compiled).expect("facts can be written down")
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) {
    for entry in fs::read_dir(folder).expect("the catalogue's folder can be read") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a UTF-8 name").to_owned();
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(&path, &format!("{prefix}{name}/"), files);
        } else if matches!(path.extension().and_then(|extension| extension.to_str()), Some("toml" | "md"))
            && name != "README.md"
        {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push((format!("{prefix}{name}"), path.canonicalize().expect("a real path")));
        }
    }
}
