//! What the readers of RPM's two own kinds of database files share: how they get at bytes, and how they complain.
//!
//! A database may be larger than what should lie in memory, so its reader is given a way to read some bytes of it, and
//! hands over one header at a time. See [`rpm_bdb`](crate::rpm_bdb) and [`rpm_ndb`](crate::rpm_ndb).

use interdict_model::Diagnostic;

use crate::notes;

/// The codes of the diagnostics of both kinds.
pub mod code {
    /// A database contradicts itself.
    pub const MALFORMED: &str = "formats/rpm-database-malformed";
    /// A database ends too early.
    pub const TRUNCATED: &str = "formats/rpm-database-truncated";
}

/// How many packages are read.
pub const MOST_PACKAGES: usize = 1_000_000;

/// The longest header: what [`parse_header`](crate::rpm::parse_header) would take.
pub(crate) const LONGEST_HEADER: usize = 8 + 16 * 0xffff + 0x0fff_ffff;

/// How many complaints about one database are listed.
const MOST_COMPLAINTS: usize = 50;

/// A database file: its size, and how bytes of it are read. Fewer bytes than asked for mean that it ended.
pub struct DatabaseFile<'r, E> {
    /// How many bytes it has.
    pub size: u64,
    /// Reads so many bytes from an offset on.
    pub read: &'r mut dyn FnMut(u64, usize) -> Result<Vec<u8>, E>,
}

impl<E> DatabaseFile<'_, E> {
    /// Exactly so many bytes; nothing where the file ends before.
    pub(crate) fn exactly(&mut self, offset: u64, length: usize) -> Result<Option<Vec<u8>>, E> {
        let ends_in_time = offset.checked_add(length as u64).is_some_and(|end| end <= self.size);
        if !ends_in_time {
            return Ok(None);
        }
        let bytes = (self.read)(offset, length)?;
        Ok(Some(bytes).filter(|bytes| bytes.len() == length))
    }
}

/// What looks wrong in one database, bounded in number.
#[derive(Default)]
pub(crate) struct Complaints {
    diagnostics: Vec<Diagnostic>,
    left_out: usize,
}

impl Complaints {
    pub(crate) fn malformed(&mut self, message: String) {
        self.push(Diagnostic::warning(code::MALFORMED, message));
    }

    pub(crate) fn truncated(&mut self, message: String) {
        let hint = "packages that stood behind this place are not known";
        self.push(Diagnostic::warning(code::TRUNCATED, message).hint(hint));
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MOST_COMPLAINTS {
            self.diagnostics.push(diagnostic);
        } else {
            self.left_out += 1;
        }
    }

    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        if self.left_out > 0 {
            let message = format!("{} more diagnostics of this database are not listed", self.left_out);
            self.diagnostics.push(Diagnostic::warning(notes::MORE, message));
        }
        self.diagnostics
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_shorter_than_it_says_is_noticed() {
        let mut read = |_: u64, length: usize| Ok::<_, ()>(vec![0; length.min(3)]);
        let mut file = DatabaseFile { size: 10, read: &mut read };
        assert_eq!(file.exactly(0, 3), Ok(Some(vec![0; 3])));
        assert_eq!(file.exactly(0, 4), Ok(None), "it gave fewer bytes");
        assert_eq!(file.exactly(8, 3), Ok(None), "it has no more");
        assert_eq!(file.exactly(u64::MAX, 3), Ok(None));
    }

    #[test]
    fn a_flood_of_complaints_is_counted() {
        let mut complaints = Complaints::default();
        (0..MOST_COMPLAINTS + 2).for_each(|_| complaints.malformed("x".to_owned()));
        let diagnostics = complaints.finish();
        assert_eq!(diagnostics.len(), MOST_COMPLAINTS + 1);
        assert!(diagnostics[MOST_COMPLAINTS].message.starts_with("2 more"));
    }
}
