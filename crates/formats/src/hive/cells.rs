//! Numbers, cells and lists of a hive: what keys and values are made of.

use super::header::BASE_BLOCK;
use super::{Damage, Hive, Listed};

/// What stands for "no cell".
pub(super) const NOWHERE: u32 = u32::MAX;
/// What it costs to look at a cell, in bytes of reading.
const CELL_EFFORT: usize = 64;

/// A number of 32 bits.
pub(super) fn number(bytes: &[u8], offset: usize) -> Option<u32> {
    let found = bytes.get(offset..offset.checked_add(4)?)?;
    Some(u32::from_le_bytes([found[0], found[1], found[2], found[3]]))
}

/// A number of 16 bits.
pub(super) fn short(bytes: &[u8], offset: usize) -> Option<u16> {
    let found = bytes.get(offset..offset.checked_add(2)?)?;
    Some(u16::from_le_bytes([found[0], found[1]]))
}

impl Hive {
    /// What a cell holds, which must lie in the hive and be in use.
    pub(super) fn cell(&self, place: u32) -> Result<&[u8], Damage> {
        self.spend(CELL_EFFORT)?;
        let damage = |what| Err(Damage::at(place, what));
        let blocks = &self.bytes[BASE_BLOCK..BASE_BLOCK + self.length];
        let at = place as usize;
        let Some(size) = number(blocks, at) else { return damage("a cell lies outside of the file") };
        if !at.is_multiple_of(8) {
            return damage("a cell does not begin where cells do");
        }
        // The size counts itself; one that is in use is written below zero.
        if size.cast_signed() >= 0 {
            return damage("a cell is free that is still in use");
        }
        let size = size.cast_signed().unsigned_abs() as usize;
        match blocks.get(at + 4..at.saturating_add(size)) {
            Some(cell) if size >= 8 => Ok(cell),
            Some(_) => damage("a cell is too small"),
            None => damage("a cell reaches beyond the end of the file"),
        }
    }

    /// The places of a key's subkeys, each once.
    pub(super) fn subkey_places(&self, list: u32) -> Listed<u32> {
        let mut places = Listed::default();
        match self.cell(list) {
            Ok(cell) if cell.starts_with(b"ri") => {
                for part in self.elements(list, cell, 4, &mut places) {
                    match self.cell(part) {
                        Ok(cell) if cell.starts_with(b"ri") => {
                            places.note(Damage::at(part, "a list of lists lists another one"));
                        }
                        Ok(cell) => self.leaf(part, cell, &mut places),
                        Err(damage) => places.note(damage),
                    }
                }
            }
            Ok(cell) => self.leaf(list, cell, &mut places),
            Err(damage) => places.note(damage),
        }
        once(list, &mut places);
        places
    }

    fn leaf(&self, list: u32, cell: &[u8], places: &mut Listed<u32>) {
        let width = match cell.get(..2) {
            // With the first letters or a hash of each name.
            Some(b"lf" | b"lh") => 8,
            Some(b"li") => 4,
            _ => return places.note(Damage::at(list, "a list of subkeys does not begin as one does")),
        };
        let found = self.elements(list, cell, width, places);
        places.found.extend(found);
    }

    /// The first number of each element of a list that begins with its kind and count.
    fn elements(&self, list: u32, cell: &[u8], width: usize, places: &mut Listed<u32>) -> Vec<u32> {
        let count = short(cell, 2).map_or(0, usize::from);
        let elements = cell.get(4..).unwrap_or_default();
        self.numbers(list, elements, count, width, places)
    }

    /// The first number of each of so many elements.
    pub(super) fn numbers(
        &self,
        list: u32,
        elements: &[u8],
        count: usize,
        width: usize,
        noted: &mut Listed<u32>,
    ) -> Vec<u32> {
        let there = elements.len() / width;
        if count > there {
            noted.note(Damage::at(list, "a list is longer than the cell it lies in"));
        }
        let count = count.min(there);
        if let Err(damage) = self.spend(count * width) {
            noted.note(damage);
            return Vec::new();
        }
        elements.chunks_exact(width).take(count).filter_map(|element| number(element, 0)).collect()
    }
}

/// Leaves out what is listed a second time.
pub(super) fn once(list: u32, places: &mut Listed<u32>) {
    let mut sorted = places.found.clone();
    sorted.sort_unstable();
    if sorted.windows(2).all(|pair| pair[0] != pair[1]) {
        return;
    }
    let mut seen = std::collections::HashSet::new();
    places.found.retain(|place| seen.insert(*place));
    places.note(Damage::at(list, "a list names the same cell twice"));
}
