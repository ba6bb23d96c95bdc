//! Comma-separated values that people open in a spreadsheet.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use interdict_store::{Store, StoreError};

use crate::error::AppError;

/// The value in a form that no spreadsheet takes for a formula: what looks like the beginning of one gets a `'` before it. So
/// does what looks like that with `'` before it already, so that taking one away gives back what it was.
#[must_use]
pub fn inert(value: &str) -> String {
    let is_active = value.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_active { format!("'{value}") } else { value.to_owned() }
}

/// Writes titles and rows as comma-separated values, none of them a formula.
pub fn write_comma_separated<V: AsRef<str>>(
    out: impl Write,
    titles: &[&str],
    rows: impl IntoIterator<Item = impl IntoIterator<Item = V>>,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(titles)?;
    for row in rows {
        writer.write_record(row.into_iter().map(|value| inert(value.as_ref())))?;
    }
    writer.flush()
}

/// Writes what of an import could not be used to a file; gives how many rows.
pub fn write_import_rejects(store: &Store, id: i64, path: &Path) -> Result<usize, AppError> {
    if store.batch(id)?.is_none() {
        return Err(StoreError::UnknownBatch { id }.into());
    }
    let rejects = store.batch_rejects(id)?;
    let failed = |source| AppError::File { doing: "write", path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let file = File::create(path).map_err(failed)?;
    let rows = rejects.iter().map(|reject| [&reject.place, &reject.reason, &reject.excerpt]);
    write_comma_separated(io::BufWriter::new(file), &["place", "reason", "excerpt"], rows).map_err(failed)?;
    Ok(rejects.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_is_a_formula() {
        let mut written = Vec::new();
        let rows = [
            ["=1+1", "+49"],
            ["-2", "@SUM(A1)"],
            ["\tx", "\rx"],
            ["a=b", "'s"],
            ["'=1", "''-2"],
            ["says \"x\"", "a,b"],
        ];
        write_comma_separated(&mut written, &["one", "two"], rows).expect("writes");
        let text = String::from_utf8(written).expect("UTF-8");
        assert_eq!(
            text,
            "one,two\n'=1+1,'+49\n'-2,'@SUM(A1)\n'\tx,\"'\rx\"\na=b,'s\n''=1,'''-2\n\"says \"\"x\"\"\",\"a,b\"\n"
        );
    }
}
