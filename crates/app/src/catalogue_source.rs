//! Reads a catalogue's files from a folder or a single file.

use std::fs;
use std::path::Path;
use std::string::FromUtf8Error;

use interdict_catalogue::SourceFile;
use interdict_model::{Diagnostic, Location};

use crate::error::AppError;

/// The largest file that can be part of a catalogue.
const FILE_LIMIT: u64 = 16 << 20;

/// The files of a catalogue: everything below a folder that has a catalogue's extension, or one file by itself.
pub fn read_catalogue_files(path: &Path) -> Result<Vec<SourceFile>, AppError> {
    read_bytes(path)?
        .into_iter()
        .map(|(name, bytes)| {
            let not_text = |error: FromUtf8Error| {
                let source = std::io::Error::new(std::io::ErrorKind::InvalidData, error.utf8_error());
                unreadable(&if path.is_dir() { path.join(&name) } else { path.to_owned() }, source)
            };
            String::from_utf8(bytes).map(|text| SourceFile::new(&name, text)).map_err(not_text)
        })
        .collect()
}

/// The same for somebody who mends them: what is not UTF-8 is complained of with its place, and the others are given.
pub fn look_at_catalogue_files(path: &Path) -> Result<(Vec<SourceFile>, Vec<Diagnostic>), AppError> {
    let mut files = Vec::new();
    let mut diagnostics = Vec::new();
    for (name, bytes) in read_bytes(path)? {
        match String::from_utf8(bytes) {
            Ok(text) => files.push(SourceFile::new(name, text)),
            Err(error) => diagnostics.push(not_text(&name, &error)),
        }
    }
    Ok((files, diagnostics))
}

/// The complaint about a file that is no text, at the first byte that is none.
pub(crate) fn not_text(name: &str, error: &FromUtf8Error) -> Diagnostic {
    let good = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
    let before = String::from_utf8_lossy(good);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let place = Location { file: name.to_owned(), line: u32::try_from(line).ok(), column: u32::try_from(column).ok() };
    Diagnostic::error("catalogue/not-utf8", "the file is not UTF-8 text from here on")
        .hint("save it as UTF-8 in the editor")
        .at(place)
}

/// Names below the path, ascending, with what the files hold.
fn read_bytes(path: &Path) -> Result<Vec<(String, Vec<u8>)>, AppError> {
    let mut files = Vec::new();
    let meta = fs::metadata(path).map_err(|source| unreadable(path, source))?;
    if meta.is_dir() {
        read_folder(path, "", &mut files)?;
        files.sort_by(|left, right| left.0.cmp(&right.0));
    } else {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        files.push(read_file(path, name)?);
    }
    Ok(files)
}

fn read_folder(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) -> Result<(), AppError> {
    let entries = fs::read_dir(folder).map_err(|source| unreadable(folder, source))?;
    for entry in entries {
        let entry = entry.map_err(|source| unreadable(folder, source))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let kind = entry.file_type().map_err(|source| unreadable(&entry.path(), source))?;
        if kind.is_dir() && prefix.matches('/').count() < 4 {
            read_folder(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else if matches!(Path::new(&name).extension().and_then(|extension| extension.to_str()), Some("toml" | "md")) {
            files.push(read_file(&entry.path(), format!("{prefix}{name}"))?);
        }
    }
    Ok(())
}

fn read_file(path: &Path, name: String) -> Result<(String, Vec<u8>), AppError> {
    let size = fs::metadata(path).map_err(|source| unreadable(path, source))?.len();
    if size > FILE_LIMIT {
        let message = format!("it is larger than {FILE_LIMIT} bytes");
        return Err(unreadable(path, std::io::Error::new(std::io::ErrorKind::FileTooLarge, message)));
    }
    fs::read(path).map(|bytes| (name, bytes)).map_err(|source| unreadable(path, source))
}

fn unreadable(path: &Path, source: std::io::Error) -> AppError {
    AppError::File { doing: "read", path: path.to_owned(), source }
}
