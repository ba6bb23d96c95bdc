//! Transaction logs: what takes one state of a hive to the next.

use super::layout::{seal, to_u32};

/// How long the header of a hive is, and the pages of entries.
const BLOCK: usize = 4096;
/// How long the header of a log is, and the pages of the older format.
const SECTOR: usize = 512;

/// Makes a hive look as if the write that leads to the next sequence number had not ended.
pub fn make_dirty(bytes: &mut [u8]) {
    let sequence = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
    bytes[4..8].copy_from_slice(&(sequence + 1).to_le_bytes());
    seal(bytes);
}

/// A log of Windows 8.1 and later: one entry for each step from one state of the hive to the next. The first entry has the
/// sequence number at which the first state ends.
#[must_use]
pub fn entry_log(states: &[&[u8]]) -> Vec<u8> {
    let mut log = header(states[0], 6);
    let first = u32::from_le_bytes([states[0][8], states[0][9], states[0][10], states[0][11]]);
    for (sequence, pair) in (first..).zip(states.windows(2)) {
        let (before, after) = (&pair[0][BLOCK..], &pair[1][BLOCK..]);
        let changed: Vec<(usize, &[u8])> = after
            .chunks(BLOCK)
            .enumerate()
            .map(|(page, bytes)| (page * BLOCK, bytes))
            .filter(|(at, bytes)| before.get(*at..at + bytes.len()) != Some(*bytes))
            .collect();
        let mut entry = b"HvLE".to_vec();
        for number in [0, 0, sequence, to_u32(after.len()), to_u32(changed.len()), 0, 0, 0, 0] {
            entry.extend(number.to_le_bytes());
        }
        for (at, bytes) in &changed {
            entry.extend(to_u32(*at).to_le_bytes());
            entry.extend(to_u32(bytes.len()).to_le_bytes());
        }
        entry.extend(changed.iter().flat_map(|(_, bytes)| *bytes));
        entry.resize(entry.len().next_multiple_of(SECTOR), 0);
        let size = to_u32(entry.len());
        entry[4..8].copy_from_slice(&size.to_le_bytes());
        log.extend(entry);
    }
    seal_entries(&mut log);
    log
}

/// Sets the hashes of a log's entries, as far as it has sound lengths.
pub fn seal_entries(log: &mut [u8]) {
    let mut at = SECTOR;
    while let Some(entry) = log.get_mut(at..).filter(|rest| rest.starts_with(b"HvLE") && rest.len() >= 40) {
        let size = u32::from_le_bytes([entry[4], entry[5], entry[6], entry[7]]) as usize;
        let Some(entry) = entry.get_mut(..size).filter(|entry| entry.len() >= 40) else { return };
        let data = hash(&entry[40..]);
        entry[24..32].copy_from_slice(&data.to_le_bytes());
        let own = hash(&entry[..32]);
        entry[32..40].copy_from_slice(&own.to_le_bytes());
        at += size;
    }
}

/// A log of the older format that takes a hive to its next state.
#[must_use]
pub fn page_log(before: &[u8], after: &[u8]) -> Vec<u8> {
    let mut log = header(before, 1);
    let length = to_u32(after.len() - BLOCK);
    log[40..44].copy_from_slice(&length.to_le_bytes());
    seal(&mut log);
    let (before, after) = (&before[BLOCK..], &after[BLOCK..]);
    let pages = || after.chunks(SECTOR).enumerate();
    let is_dirty = |page: usize, bytes: &[u8]| before.get(page * SECTOR..page * SECTOR + SECTOR) != Some(bytes);
    let mut bitmap = vec![0_u8; after.len().div_ceil(SECTOR).div_ceil(8)];
    for (page, _) in pages().filter(|(page, bytes)| is_dirty(*page, bytes)) {
        bitmap[page / 8] |= 1 << (page % 8);
    }
    log.extend(b"DIRT");
    log.extend(bitmap);
    log.resize(log.len().next_multiple_of(SECTOR), 0);
    log.extend(pages().filter(|(page, bytes)| is_dirty(*page, bytes)).flat_map(|(_, bytes)| bytes));
    log
}

/// The header of a log: that of the hive, of another kind, with the sequence number at which the hive ends.
fn header(hive: &[u8], kind: u32) -> Vec<u8> {
    let mut header = hive[..SECTOR].to_vec();
    header.copy_within(8..12, 4);
    header[28..32].copy_from_slice(&kind.to_le_bytes());
    seal(&mut header);
    header
}

/// The hash of entries: Marvin32 with a seed of its own.
fn hash(bytes: &[u8]) -> u64 {
    let (mut first, mut second) = (0x7a4e_55c5_u32, 0x82ef_4d88_u32);
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(4) + 4, 0);
    for word in padded.chunks_exact(4) {
        first = first.wrapping_add(u32::from_le_bytes([word[0], word[1], word[2], word[3]]));
        second ^= first;
        first = first.rotate_left(20).wrapping_add(second);
        second = second.rotate_left(9) ^ first;
        first = first.rotate_left(27).wrapping_add(second);
        second = second.rotate_left(19);
    }
    (u64::from(second) << 32) | u64::from(first)
}
