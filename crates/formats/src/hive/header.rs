//! The header of a hive file, and the headers of the blocks (`hbin`) that follow it.

use interdict_model::Diagnostic;

use super::cells::number;
use super::{Damage, code};

/// How long the header is; everything else is counted from its end.
pub(super) const BASE_BLOCK: usize = 4096;
/// How much of the header is under the checksum, and is repeated in a log.
pub(super) const CHECKED: usize = 512;
/// The kind of file that a hive is.
pub(super) const PRIMARY: u32 = 0;
/// How many damaged blocks are named.
const MOST_NAMED: usize = 3;

/// What the header says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) first_sequence: u32,
    pub(super) second_sequence: u32,
    pub(super) written: [u8; 8],
    pub(super) minor: u32,
    pub(super) kind: u32,
    pub(super) root: u32,
    pub(super) length: u32,
    /// The size of the disk's sectors, in units of 512 bytes.
    pub(super) clustering: u32,
    pub(super) is_sound: bool,
}

impl Header {
    /// The header of a hive or of a log; of the latter only the first 512 bytes are there.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Damage> {
        let damage = |what| Damage { offset: 0, what };
        if !bytes.starts_with(b"regf") {
            return Err(damage("it does not begin as a hive does"));
        }
        let Some(checked) = bytes.get(..CHECKED) else { return Err(damage("it ends within its header")) };
        let at = |offset| number(checked, offset).unwrap_or_default();
        let mut written = [0; 8];
        written.copy_from_slice(&checked[12..20]);
        Ok(Self {
            first_sequence: at(4),
            second_sequence: at(8),
            written,
            minor: at(24),
            kind: at(28),
            root: at(36),
            length: at(40),
            clustering: at(44),
            is_sound: checksum(checked) == at(508),
        })
    }

    /// Whether the hive was not written to its end.
    pub(super) const fn is_dirty(&self) -> bool {
        !self.is_sound || self.first_sequence != self.second_sequence
    }
}

/// The kind of file, from its first bytes.
pub(super) fn kind(start: &[u8]) -> Option<u32> {
    number(start, 28)
}

/// The exclusive or of the first 127 numbers; 0 and -1 are taken by their neighbours.
pub(super) fn checksum(header: &[u8]) -> u32 {
    let words = header[..CHECKED - 4].chunks_exact(4);
    let sum = words.fold(0, |sum, word| sum ^ u32::from_le_bytes([word[0], word[1], word[2], word[3]]));
    match sum {
        0 => 1,
        u32::MAX => u32::MAX - 1,
        sum => sum,
    }
}

/// How much of what follows the header belongs to the hive.
pub(super) fn length(header: &Header, bytes: &[u8], notes: &mut Vec<Diagnostic>) -> usize {
    let there = bytes.len().saturating_sub(BASE_BLOCK);
    let said = header.length as usize;
    if !header.is_sound {
        notes.push(Diagnostic::error(code::HEADER, "the header's checksum is wrong; all of the file is read"));
        return there;
    }
    if said > there {
        let missing = said - there;
        notes.push(Diagnostic::error(code::TRUNCATED, format!("the last {missing} bytes of the hive are missing")));
    }
    said.min(there)
}

/// Looks at the header of every block. What lies in a block whose header is damaged is still read, if it is sound.
pub(super) fn check_bins(blocks: &[u8], notes: &mut Vec<Diagnostic>) {
    let mut damaged = Vec::new();
    let mut at = 0;
    while at < blocks.len() {
        let block = &blocks[at..];
        let size = number(block, 8).map_or(0, |size| size as usize);
        let is_here = number(block, 4).is_some_and(|offset| offset as usize == at);
        if block.starts_with(b"hbin") && is_here && size >= BASE_BLOCK && size.is_multiple_of(BASE_BLOCK) {
            at += size;
        } else {
            damaged.push(BASE_BLOCK + at);
            at += BASE_BLOCK;
        }
    }
    if damaged.is_empty() {
        return;
    }
    let named: Vec<String> = damaged.iter().take(MOST_NAMED).map(ToString::to_string).collect();
    let more = if damaged.len() > MOST_NAMED { " and later" } else { "" };
    let message = format!("{} blocks have no sound header, at byte {}{more}", damaged.len(), named.join(", "));
    notes.push(Diagnostic::error(code::BIN, message));
}

/// Sets a number of the header.
pub(super) fn set(bytes: &mut [u8], offset: usize, value: u32) {
    if let Some(place) = bytes.get_mut(offset..offset + 4) {
        place.copy_from_slice(&value.to_le_bytes());
    }
}
