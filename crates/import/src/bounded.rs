//! A reader that ends with an error when one piece of a document takes more than any honest one.
//!
//! Readers of JSON and XML keep a piece in memory until it ends; a piece that never ends would fill it. Whoever reads
//! grants an amount before each piece; what is only passed over needs no limit.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use crate::error::ImportError;

/// How much may still be read of the present piece, and on which line reading is.
#[derive(Debug, Clone)]
pub(crate) struct Allowance {
    left: Rc<Cell<u64>>,
    line: Rc<Cell<u64>>,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { left: Rc::new(Cell::new(u64::MAX)), line: Rc::new(Cell::new(1)) }
    }
}

impl Allowance {
    /// The next piece may take so many bytes, and what is read ahead.
    pub(crate) fn grant(&self, bytes: u64) {
        self.left.set(bytes + (1 << 17));
    }

    /// What follows is kept nowhere.
    pub(crate) fn lift(&self) {
        self.left.set(u64::MAX);
    }

    /// The line that reading has come to, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line.get()
    }

    fn take(&self, bytes: &[u8]) {
        self.left.set(self.left.get().saturating_sub(bytes.len() as u64));
        self.line.set(self.line.get() + memchr::memchr_iter(b'\n', bytes).count() as u64);
    }

    fn check(&self) -> io::Result<()> {
        if self.left.get() > 0 {
            return Ok(());
        }
        let what = format!("one piece of the document, near line {},", self.line());
        Err(ImportError::TooLarge { what, limit: crate::json::LONGEST as u64 }.into())
    }
}

/// Reads no more than was granted.
pub(crate) struct Bounded<R> {
    reader: R,
    allowance: Allowance,
}

impl<R: BufRead> Bounded<R> {
    pub(crate) const fn new(reader: R, allowance: Allowance) -> Self {
        Self { reader, allowance }
    }
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.allowance.check()?;
        let count = self.reader.read(buffer)?;
        self.allowance.take(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.allowance.check()?;
        self.reader.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is consumed lies in the buffer already, so that this reads nothing and cannot fail.
        if let Ok(buffer) = self.reader.fill_buf() {
            self.allowance.take(buffer.get(..amount).unwrap_or_default());
        }
        self.reader.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_that_never_ends_is_an_error_and_lines_are_counted() {
        let allowance = Allowance::default();
        let mut reader = Bounded::new(io::BufReader::new(io::repeat(b'\n')), allowance.clone());
        allowance.grant(0);
        let error = reader.read_to_end(&mut Vec::new()).expect_err("never ends");
        assert!(matches!(ImportError::from(error), ImportError::TooLarge { .. }));
        assert!(allowance.line() > 1 << 17);
        allowance.grant(10);
        reader.consume(4);
        assert!(reader.fill_buf().is_ok());
    }
}
