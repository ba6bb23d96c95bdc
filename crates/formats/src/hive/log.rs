//! Transaction logs: what was to be written to a hive and did not get there.
//!
//! Two formats: that of Windows 8.1 and later, a row of entries (`HvLE`) each of which takes the hive from one sequence
//! number to the next, and the older one, a bitmap of changed pages (`DIRT`) and the pages. Both are applied as the kernel
//! does it, to the bytes in memory. As there, a row of entries that does not begin where the hive ends is not applied.

use interdict_model::Diagnostic;

use super::cells::number;
use super::code;
use super::header::{BASE_BLOCK, CHECKED, Header, checksum, set};

/// The kinds of file that logs are: two older ones, and the one with entries.
const OLD_KINDS: [u32; 2] = [1, 2];
const ENTRIES_KIND: u32 = 6;
/// How long pages of the older format are.
const PAGE: usize = 512;
/// How long the fixed part of an entry is.
const ENTRY: usize = 40;
/// The seed of the hashes in entries.
const SEED: u64 = 0x82ef_4d88_7a4e_55c5;

/// What a log wants to write.
struct Entry<'l> {
    sequence: u32,
    length: usize,
    /// Where, counted from the end of the header, and what.
    pages: Vec<(usize, &'l [u8])>,
}

/// Completes a hive that was not written to its end, and says how that went.
pub(super) fn apply(bytes: &mut Vec<u8>, header: &Header, logs: &[&[u8]], notes: &mut Vec<Diagnostic>) {
    let mut sound = Vec::new();
    for (log, bytes) in logs.iter().filter_map(|log| Some((Header::read(log).ok()?, *log))) {
        if log.is_sound {
            sound.push((log, bytes));
        }
    }
    let unusable = logs.iter().filter(|log| !log.is_empty()).count() - sound.len();
    if unusable > 0 {
        notes.push(Diagnostic::warning(code::LOG, format!("{unusable} transaction logs of the hive cannot be used")));
    }
    // Room for what the logs themselves bring, however much they say.
    let most = bytes.len() + logs.iter().map(|log| log.len()).sum::<usize>();
    let mut applied = 0;
    for entry in entries(header, &sound) {
        write(bytes, &entry, most);
        set(bytes, 4, entry.sequence);
        set(bytes, 8, entry.sequence);
        applied += 1;
    }
    if applied == 0 {
        applied = old_pages(bytes, header, &sound, most);
    }
    if applied == 0 {
        let what =
            "the hive was not written to its end and no transaction log completes it; the last changes may be missing";
        notes.push(Diagnostic::warning(code::DIRTY, what));
        return;
    }
    if !header.is_sound {
        restore(bytes, &sound);
    }
    set(bytes, 508, 0);
    let sum = checksum(bytes);
    set(bytes, 508, sum);
    notes.push(Diagnostic::warning(
        code::RECOVERED,
        format!("the hive was not written to its end; {applied} changes were taken from its transaction logs"),
    ));
}

/// The entries to apply, in order.
fn entries<'l>(header: &Header, logs: &[(Header, &'l [u8])]) -> Vec<Entry<'l>> {
    let with_entries = || logs.iter().filter(|(log, _)| log.kind == ENTRIES_KIND);
    let mut entries: Vec<Entry<'l>> = with_entries().flat_map(|(_, bytes)| entries_of(bytes)).collect();
    // A log that was switched to goes on where the other one ends.
    entries.sort_by_key(|entry| entry.sequence);
    // Where the header does not say where the hive ends, the last unbroken row is what was to be written last.
    let breaks = entries.windows(2).rposition(|pair| pair[0].sequence.wrapping_add(1) < pair[1].sequence);
    let start = breaks.map_or(0, |at| at + 1);
    let mut next = match entries.get(start) {
        Some(first) if !header.is_sound => first.sequence,
        _ => header.second_sequence,
    };
    entries.retain(|entry| {
        let is_next = entry.sequence == next;
        next = next.wrapping_add(u32::from(is_next));
        is_next
    });
    entries
}

/// The entries of one log, up to the first that is not whole or does not follow the one before.
fn entries_of(log: &[u8]) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut at = CHECKED;
    while let Some((entry, size)) = log.get(at..).and_then(entry) {
        if entries.last().is_some_and(|last| last.sequence.wrapping_add(1) != entry.sequence) {
            break;
        }
        entries.push(entry);
        at += size;
    }
    entries
}

/// The entry that bytes begin with, and its length.
fn entry(bytes: &[u8]) -> Option<(Entry<'_>, usize)> {
    if !bytes.starts_with(b"HvLE") {
        return None;
    }
    let size = number(bytes, 4)? as usize;
    if size < ENTRY || !size.is_multiple_of(CHECKED) {
        return None;
    }
    let whole = bytes.get(..size)?;
    let hash = |offset: usize| Some((u64::from(number(whole, offset + 4)?) << 32) | u64::from(number(whole, offset)?));
    if hash(24)? != marvin(SEED, &whole[ENTRY..]) || hash(32)? != marvin(SEED, &whole[..32]) {
        return None;
    }
    let count = number(whole, 20)? as usize;
    let references = whole.get(ENTRY..ENTRY.checked_add(count.checked_mul(8)?)?)?;
    let mut data = &whole[ENTRY + references.len()..];
    let mut pages = Vec::new();
    for reference in references.chunks_exact(8) {
        let (page, rest) = data.split_at_checked(number(reference, 4)? as usize)?;
        pages.push((number(reference, 0)? as usize, page));
        data = rest;
    }
    let length = number(whole, 16)? as usize;
    length.is_multiple_of(BASE_BLOCK).then_some((Entry { sequence: number(whole, 12)?, length, pages }, size))
}

/// Writes what a log wants written, as far as there is room.
fn write(bytes: &mut Vec<u8>, entry: &Entry<'_>, most: usize) {
    let whole = BASE_BLOCK.saturating_add(entry.length).min(most);
    if whole > bytes.len() {
        bytes.resize(whole, 0);
    }
    if let Ok(length) = u32::try_from(entry.length) {
        set(bytes, 40, length);
    }
    for (at, page) in &entry.pages {
        let at = BASE_BLOCK.saturating_add(*at);
        if let Some(place) = bytes.get_mut(at..at.saturating_add(page.len())) {
            place.copy_from_slice(page);
        }
    }
}

/// Applies the log of the older format that fits; how many pages it had.
fn old_pages(bytes: &mut Vec<u8>, header: &Header, logs: &[(Header, &[u8])], most: usize) -> usize {
    // Where the header is not to be believed, the first block repeats when it was written.
    let written = if header.is_sound { Some(&header.written[..]) } else { bytes.get(BASE_BLOCK + 20..BASE_BLOCK + 28) };
    let fits = |log: &Header| {
        let is_whole = log.first_sequence == log.second_sequence;
        OLD_KINDS.contains(&log.kind) && is_whole && written == Some(&log.written[..])
    };
    let fitting = logs.iter().filter(|(log, _)| fits(log)).max_by_key(|(log, _)| log.first_sequence);
    let Some(entry) = fitting.and_then(|(log, bytes)| dirty_pages(log, bytes)) else { return 0 };
    write(bytes, &entry, most);
    set(bytes, 4, entry.sequence);
    set(bytes, 8, entry.sequence);
    entry.pages.len()
}

/// The pages of a log of the older format.
fn dirty_pages<'l>(log: &Header, bytes: &'l [u8]) -> Option<Entry<'l>> {
    let sector = (log.clustering.clamp(1, 8) as usize) * PAGE;
    let bitmap_length = (log.length as usize / PAGE).div_ceil(8);
    let bitmap = bytes.get(sector..)?.strip_prefix(b"DIRT")?.get(..bitmap_length)?;
    let start = (sector + 4 + bitmap_length).next_multiple_of(sector);
    let pages = bytes.get(start..).unwrap_or_default().chunks_exact(PAGE);
    let bits = bitmap.iter().enumerate().flat_map(|(at, byte)| (0..8).map(move |bit| (at * 8 + bit, byte >> bit & 1)));
    let dirty = bits.filter(|(_, bit)| *bit == 1).map(|(page, _)| page * PAGE);
    Some(Entry { sequence: log.first_sequence, length: log.length as usize, pages: dirty.zip(pages).collect() })
}

/// Takes the header from the log that was written last.
fn restore(bytes: &mut [u8], logs: &[(Header, &[u8])]) {
    let Some((_, log)) = logs.iter().max_by_key(|(log, _)| log.second_sequence) else { return };
    // Sequence numbers and length are as the changes left them.
    let kept = bytes[4..12].to_vec();
    let length = bytes[40..44].to_vec();
    bytes[..CHECKED].copy_from_slice(&log[..CHECKED]);
    bytes[4..12].copy_from_slice(&kept);
    bytes[40..44].copy_from_slice(&length);
    set(bytes, 28, super::header::PRIMARY);
}

/// The Marvin32 hash of bytes.
pub(crate) fn marvin(seed: u64, bytes: &[u8]) -> u64 {
    let word = |bytes: &[u8]| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    let [mut low, mut high] = [seed, seed >> 32].map(|half| u32::try_from(half & 0xffff_ffff).unwrap_or_default());
    let mut mix = |value: u32| {
        low = low.wrapping_add(value);
        high ^= low;
        low = low.rotate_left(20).wrapping_add(high);
        high = high.rotate_left(9) ^ low;
        low = low.rotate_left(27).wrapping_add(high);
        high = high.rotate_left(19);
    };
    let words = bytes.chunks_exact(4);
    let mut last = [0_u8; 4];
    last[..words.remainder().len()].copy_from_slice(words.remainder());
    last[words.remainder().len()] = 0x80;
    words.for_each(|bytes| mix(word(bytes)));
    mix(u32::from_le_bytes(last));
    mix(0);
    (u64::from(high) << 32) | u64::from(low)
}
