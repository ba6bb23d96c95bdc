//! Reads a catalogue's files from a folder or a single file.

use std::fs;
use std::path::Path;

use interdict_catalogue::SourceFile;
use interdict_model::Diagnostic;

use crate::error::AppError;

/// The largest file that can be part of a catalogue.
const FILE_LIMIT: u64 = 16 << 20;

/// The files of a catalogue: everything below a folder that has a catalogue's extension, or one file by itself.
pub fn read_catalogue_files(path: &Path) -> Result<Vec<SourceFile>, AppError> {
    let (files, complaints) = look_at_catalogue_files(path)?;
    let Some(complaint) = complaints.first() else { return Ok(files) };
    let name = complaint.location.as_ref().map(|place| place.file.as_str()).filter(|_| path.is_dir());
    let source = std::io::Error::new(std::io::ErrorKind::InvalidData, complaint.message.clone());
    Err(unreadable(&name.map_or_else(|| path.to_owned(), |name| path.join(name)), source))
}

/// The same for somebody who mends them: what is not UTF-8 is complained of with its place, and the others are given.
pub fn look_at_catalogue_files(path: &Path) -> Result<(Vec<SourceFile>, Vec<Diagnostic>), AppError> {
    let mut files = Vec::new();
    let mut diagnostics = Vec::new();
    for (name, bytes) in read_bytes(path)? {
        match SourceFile::from_bytes(name, bytes) {
            Ok(file) => files.push(file),
            Err(complaint) => diagnostics.push(complaint),
        }
    }
    Ok((files, diagnostics))
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
