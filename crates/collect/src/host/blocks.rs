//! A large file read here and there: in blocks, of which the last few are kept.
//!
//! [`Host::read_at`] opens the file each time. What follows the links within a database asks for small pieces that lie
//! near each other, so they are read once and together. How large a block is depends on how far apart they lie. The file is
//! assumed not to change while it is read.

use super::{Host, HostError};

/// How much is read at a time of a database.
const OF_A_DATABASE: u64 = 1 << 20;
/// How many blocks are kept.
const MOST_KEPT: usize = 8;

/// A file of a host, read in blocks.
pub(crate) struct Blocks<'h> {
    host: &'h dyn Host,
    path: &'h str,
    block: u64,
    read: u64,
    /// Begin and bytes of each block, the latest used one last.
    kept: Vec<(u64, Vec<u8>)>,
}

impl<'h> Blocks<'h> {
    pub(crate) const fn new(host: &'h dyn Host, path: &'h str) -> Self {
        Self::of_size(host, path, OF_A_DATABASE)
    }

    /// With blocks of another size.
    pub(crate) const fn of_size(host: &'h dyn Host, path: &'h str, block: u64) -> Self {
        Self { host, path, block, read: 0, kept: Vec::new() }
    }

    /// How many bytes were read of the file so far.
    pub(crate) const fn bytes_read(&self) -> u64 {
        self.read
    }

    fn fetch(&mut self, offset: u64, length: usize) -> Result<Vec<u8>, HostError> {
        let bytes = self.host.read_at(self.path, offset, length)?;
        self.read += bytes.len() as u64;
        Ok(bytes)
    }

    /// Bytes from an offset on; fewer than asked for where the file ends.
    pub(crate) fn read(&mut self, offset: u64, length: usize) -> Result<Vec<u8>, HostError> {
        let block = self.block;
        if length as u64 > block {
            return self.fetch(offset, length);
        }
        let begin = offset - offset % block;
        let mut bytes = self.within(begin, offset, length)?.to_vec();
        if bytes.len() < length && offset.saturating_add(length as u64) > begin.saturating_add(block) {
            let rest = length - bytes.len();
            bytes.extend_from_slice(self.within(begin + block, begin + block, rest)?);
        }
        Ok(bytes)
    }

    /// The part of these bytes that lies in one block.
    fn within(&mut self, begin: u64, offset: u64, length: usize) -> Result<&[u8], HostError> {
        let block = if let Some(index) = self.kept.iter().position(|(kept, _)| *kept == begin) {
            self.kept.remove(index)
        } else {
            // A block is smaller than any machine's memory.
            let size = usize::try_from(self.block).unwrap_or(usize::MAX);
            (begin, self.fetch(begin, size)?)
        };
        if self.kept.len() >= MOST_KEPT {
            self.kept.remove(0);
        }
        self.kept.push(block);
        let bytes = self.kept.last().map(|(_, bytes)| bytes.as_slice()).unwrap_or_default();
        let from = usize::try_from(offset - begin).unwrap_or(usize::MAX).min(bytes.len());
        Ok(&bytes[from..from.saturating_add(length).min(bytes.len())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;

    #[test]
    fn pieces_are_the_same_as_read_directly() {
        let size = usize::try_from(OF_A_DATABASE).expect("small") * 10 + 77;
        let bytes: Vec<u8> = (0..size).map(|at| u8::try_from(at * 31 % 251).expect("small")).collect();
        let host = FixtureHost::new().file("/f", bytes.clone());
        let mut blocks = Blocks::new(&host, "/f");
        let block = usize::try_from(OF_A_DATABASE).expect("small");
        for (offset, length) in
            [(0, 10), (block - 3, 10), (9 * block, 4096), (size - 5, 10), (size, 1), (size + block, 1), (3, block + 9)]
        {
            let expected = &bytes[offset.min(size)..(offset + length).min(size)];
            assert_eq!(blocks.read(offset as u64, length).expect("there"), expected, "{offset} {length}");
        }
        assert!(blocks.kept.len() <= MOST_KEPT);
        let mut small = Blocks::of_size(&host, "/f", 64);
        assert_eq!(small.read(60, 10).expect("there"), bytes[60..70]);
        assert_eq!(small.bytes_read(), 128);
        assert_eq!(small.read(u64::MAX, 10).expect("nothing there"), Vec::<u8>::new());
        assert!(Blocks::new(&host, "/none").read(0, 1).is_err());
    }
}
