//! How far an import is: counted where the file is read, in pieces of many records, so that no record pays for it.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportProgress {
    /// The file is read.
    Reading {
        /// Bytes so far, of the file as it lies there.
        bytes: u64,
        /// Of how many.
        of: u64,
        /// Records so far, counted by the thousand.
        records: u64,
    },
    /// All is read and is being kept.
    Storing {
        /// Machines so far.
        done: usize,
        /// Of how many.
        of: usize,
    },
}

/// Counts the bytes that are read, and says so after each piece.
pub(crate) struct Counted<'p, R> {
    reader: R,
    bytes: u64,
    of: u64,
    records: &'p Cell<u64>,
    progress: &'p dyn Fn(ImportProgress),
}

impl<'p, R> Counted<'p, R> {
    pub(crate) fn new(reader: R, of: u64, records: &'p Cell<u64>, progress: &'p dyn Fn(ImportProgress)) -> Self {
        Self { reader, bytes: 0, of, records, progress }
    }
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        // An archive's list of contents is read beside its contents: never more than all.
        self.bytes = self.of.min(self.bytes + count as u64);
        (self.progress)(ImportProgress::Reading { bytes: self.bytes, of: self.of, records: self.records.get() });
        Ok(count)
    }
}

impl<R: Seek> Seek for Counted<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.reader.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io::Cursor;

    use super::*;

    #[test]
    fn what_is_read_is_counted_and_never_more_than_there_is() {
        let told = RefCell::new(Vec::new());
        let tell = |progress| told.borrow_mut().push(progress);
        let records = Cell::new(0);
        let mut counted = Counted::new(Cursor::new(b"0123456789"), 10, &records, &tell);
        let mut six = [0; 6];
        counted.read_exact(&mut six).expect("reads");
        records.set(2_000);
        counted.seek(SeekFrom::Start(0)).expect("goes back");
        counted.read_exact(&mut six).expect("reads");
        let at = |bytes, records| ImportProgress::Reading { bytes, of: 10, records };
        assert_eq!(*told.borrow(), [at(6, 0), at(10, 2_000)]);
    }
}
