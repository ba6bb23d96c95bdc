//! Scan files: JSON lines, the first of which says who was looked at and how.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Write};
use std::path::Path;

use interdict_collect::Scan;
use interdict_model::ScanHeader;

use crate::error::AppError;

/// The longest line that is read.
const LINE_LIMIT: u64 = 4 << 20;

/// Writes a scan as JSON lines.
pub fn write_scan(scan: &Scan, mut to: impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut to, &scan.header)?;
    to.write_all(b"\n")?;
    for observation in &scan.observations {
        serde_json::to_writer(&mut to, observation)?;
        to.write_all(b"\n")?;
    }
    to.flush()
}

/// Writes a scan to a file, which is there as a whole or not at all: the scan is written beside it and put in its place
/// when it is complete. What is no regular file is written to.
pub fn write_scan_file(scan: &Scan, path: &Path) -> Result<(), AppError> {
    place(scan, path).map_err(|source| AppError::File { doing: "write", path: path.to_owned(), source })
}

fn place(scan: &Scan, path: &Path) -> io::Result<()> {
    if path.exists() && !path.is_file() {
        return write_scan(scan, BufWriter::new(File::create(path)?));
    }
    // A link stays a link: what it points to is replaced.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".interdict-scan-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    write_scan(scan, BufWriter::new(&mut file))?;
    file.flush()?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// Reads what a scan file says of itself.
pub(crate) fn read_scan_header(path: &Path) -> Result<ScanHeader, AppError> {
    let failed = |source| AppError::File { doing: "read", path: path.to_owned(), source };
    let mut line = Vec::new();
    read_line(&mut BufReader::new(File::open(path).map_err(failed)?), &mut line).map_err(failed)?;
    read_header(&line).map_err(|problem| AppError::NotAScan { path: path.to_owned(), problem })
}

/// Reads one line, without its end, into the buffer; whether there was one.
fn read_line(reader: &mut BufReader<File>, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let read = reader.by_ref().take(LINE_LIMIT).read_until(b'\n', line)?;
    if read as u64 == LINE_LIMIT && line.last() != Some(&b'\n') {
        let message = format!("a line is longer than {LINE_LIMIT} bytes");
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    Ok(read > 0)
}

fn read_header(line: &[u8]) -> Result<ScanHeader, String> {
    let header: ScanHeader = serde_json::from_slice(line).map_err(|error| format!("its first line: {error}"))?;
    if header.schema != ScanHeader::SCHEMA {
        return Err(format!("its schema is \"{}\", not \"{}\"", header.schema, ScanHeader::SCHEMA));
    }
    Ok(header)
}
