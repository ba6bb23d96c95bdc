//! Files that are too large to be read as a whole: bytes from an offset on, asked for one piece at a time.
//!
//! The pure crates open no files, so whoever calls them hands over how to read. This module knows no format.

/// Bytes of a file from an offset on: fewer than asked for where the file ends, nothing where it cannot be read.
pub type ReadAt<'a> = dyn Fn(u64, usize) -> Option<Vec<u8>> + 'a;

/// As many bytes as asked for, or nothing.
pub(crate) fn exactly(read: &ReadAt<'_>, offset: u64, length: usize) -> Option<Vec<u8>> {
    let mut bytes = read(offset, length)?;
    bytes.truncate(length);
    (bytes.len() == length).then_some(bytes)
}

/// A 16-bit number, least significant byte first.
pub(crate) fn u16_le(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A 32-bit number, least significant byte first.
pub(crate) fn u32_le(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A 32-bit number, most significant byte first.
pub(crate) fn u32_be(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A 64-bit number, most significant byte first.
pub(crate) fn u64_be(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A file that lies in memory.
pub fn from_memory(bytes: &[u8]) -> impl Fn(u64, usize) -> Option<Vec<u8>> + '_ {
    |offset, length| {
        let from = usize::try_from(offset).ok()?.min(bytes.len());
        Some(bytes[from..from.saturating_add(length).min(bytes.len())].to_vec())
    }
}
