//! Reads the organisation's own rules from their folder.
//!
//! They are read file by file: one that cannot be read is told and keeps nothing else out. Nothing outside the folder is
//! read, whatever a link says.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use interdict_catalogue::{SourceFile, layer, lint_layer};
use interdict_model::{Diagnostic, Location};
use sha2::{Digest as _, Sha256};

use crate::workbench::Workbench;

/// The name of the folder of own rules.
pub const OWN_FOLDER: &str = "catalogue.d";
/// At most so many own files are read.
const OWN_FILES: usize = 1_000;
/// The largest own file.
const OWN_FILE_LIMIT: u64 = 1 << 20;
/// Own folders are read so deep: kind, jurisdiction, and one to spare.
const OWN_DEPTH: usize = 3;

/// The own files that could be read as text, and what is wrong with the others.
#[derive(Debug, Clone, Default)]
pub struct OwnFiles {
    /// By path below the folder.
    pub files: Vec<SourceFile>,
    /// One per file or folder that was not read.
    pub problems: Vec<Diagnostic>,
    /// The SHA-256 of every file whose bytes could be read, by path below the folder.
    pub digests: BTreeMap<String, String>,
}

/// Everything that is wrong with own rules over a catalogue; the place is the file below the folder.
#[must_use]
pub fn lint_own_rules(base: Workbench, folder: &Path) -> Vec<Diagnostic> {
    let OwnFiles { files, mut problems, .. } = read_own_files(folder);
    let layered = layer(base.into_catalogue(), &files);
    problems.extend(lint_layer(&files, &layered));
    problems.extend(layered.diagnostics);
    problems.sort_by(|left, right| left.location.cmp(&right.location));
    problems
}

/// Reads the folder of own rules. One that is not there holds none.
#[must_use]
pub fn read_own_files(folder: &Path) -> OwnFiles {
    let mut reading = OwnReading { root: folder.to_owned(), paths: Vec::new(), own: OwnFiles::default() };
    match fs::canonicalize(folder) {
        Ok(root) => reading.root = root,
        Err(error) if error.kind() == ErrorKind::NotFound => return OwnFiles::default(),
        Err(error) => {
            reading.problem("app/own-file", "", &format!("the folder of own rules could not be read: {error}"));
            return reading.own;
        }
    }
    let root = reading.root.clone();
    reading.folder(&root, "", 0);
    reading.paths.sort();
    if reading.paths.len() > OWN_FILES {
        let first = reading.paths[OWN_FILES].0.clone();
        let more = reading.paths.len() - OWN_FILES;
        let message = format!("only {OWN_FILES} own files are read; this one and {} after it are not", more - 1);
        reading.problem("app/own-too-many", &first, &message);
        reading.paths.truncate(OWN_FILES);
    }
    for (name, path) in std::mem::take(&mut reading.paths) {
        reading.file(name, &path);
    }
    reading.own
}

/// The SHA-256 of bytes, in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// The folder of own rules while it is read.
struct OwnReading {
    root: PathBuf,
    paths: Vec<(String, PathBuf)>,
    own: OwnFiles,
}

impl OwnReading {
    fn problem(&mut self, code: &'static str, name: &str, message: &str) {
        self.own.problems.push(Diagnostic::error(code, message).at(Location::file(name)));
    }

    /// Lists what a catalogue's file may be called. A link leads nowhere outside the folder, or is not followed.
    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                self.problem("app/own-file", prefix, &format!("the folder could not be read: {error}"));
                return;
            }
        };
        for entry in entries.filter_map(Result::ok) {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let is_text = matches!(entry.path().extension().and_then(|it| it.to_str()), Some("toml" | "md"));
            let Ok(kind) = entry.file_type() else { continue };
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if kind.is_symlink() {
                self.link(&entry.path(), name, is_text);
            } else if kind.is_dir() && depth < OWN_DEPTH {
                self.folder(&entry.path(), &format!("{name}/"), depth + 1);
            } else if kind.is_file() && is_text {
                self.paths.push((name, entry.path()));
            }
        }
    }

    fn link(&mut self, path: &Path, name: String, is_text: bool) {
        match fs::canonicalize(path) {
            Ok(real) if !real.starts_with(&self.root) => {
                self.problem("app/own-link", &name, "the link leads out of the folder and is not followed");
            }
            Ok(real) if real.is_file() && is_text => self.paths.push((name, real)),
            Ok(real) if real.is_dir() => {
                self.problem("app/own-link", &name, "the link leads to a folder and is not followed");
            }
            Ok(_) => {}
            Err(error) => self.problem("app/own-link", &name, &format!("the link cannot be followed: {error}")),
        }
    }

    fn file(&mut self, name: String, path: &Path) {
        let mut bytes = Vec::new();
        let read = fs::File::open(path).and_then(|file| file.take(OWN_FILE_LIMIT + 1).read_to_end(&mut bytes));
        match read {
            Err(error) => self.problem("app/own-file", &name, &format!("the file could not be read: {error}")),
            Ok(length) if length as u64 > OWN_FILE_LIMIT => {
                let message = format!("the file is larger than {OWN_FILE_LIMIT} bytes");
                let found = Diagnostic::error("app/own-too-large", message).at(Location::file(name));
                self.own.problems.push(found.hint("split it, or move what is no rule out of the folder"));
            }
            Ok(_) => {
                self.own.digests.insert(name.clone(), sha256(&bytes));
                match SourceFile::from_bytes(name, bytes) {
                    Ok(file) => self.own.files.push(file),
                    Err(complaint) => self.own.problems.push(complaint),
                }
            }
        }
    }
}
