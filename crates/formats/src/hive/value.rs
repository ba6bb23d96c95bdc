//! Values of a hive.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use super::cells::{number, once, short};
use super::{Damage, Hive, Listed};
use crate::registry::RegistryData;

/// How long the fixed part of a value is.
const FIXED: usize = 20;
/// The name is stored with one byte for each letter.
const IS_NARROW: u16 = 0x0001;
/// The data stands where its place would stand.
const IS_INLINE: u32 = 0x8000_0000;
/// Longer data is stored in pieces of this length, from version 1.4 on.
const PIECE: usize = 16_344;
/// The longest data that is read; Windows recommends to keep what is longer than a few kilobytes in files.
const MOST_DATA: usize = 16 << 20;

/// A value as it is stored.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'h> {
    place: u32,
    pub(super) name: StoredName<'h>,
    kind: u32,
    size: u32,
    data: [u8; 4],
}

impl<'h> Value<'h> {
    pub(super) fn read(hive: &'h Hive, place: u32) -> Result<Self, Damage> {
        let cell = hive.cell(place)?;
        let damage = |what| Err(Damage::at(place, what));
        if !cell.starts_with(b"vk") {
            return damage("a value does not begin as one does");
        }
        let length = short(cell, 2).map_or(0, usize::from);
        let Some(name) = cell.get(FIXED..FIXED + length) else {
            return damage("a value is longer than the cell it lies in");
        };
        let is_narrow = short(cell, 16).unwrap_or_default() & IS_NARROW != 0;
        let field = |offset| number(cell, offset).unwrap_or_default();
        Ok(Self {
            place,
            name: StoredName { bytes: name, is_narrow },
            kind: field(12),
            size: field(4),
            data: field(8).to_le_bytes(),
        })
    }

    /// What it holds.
    pub(super) fn data(&self, hive: &Hive) -> Result<RegistryData, Damage> {
        Ok(RegistryData::decode(self.kind, &self.bytes(hive)?))
    }

    fn bytes<'a>(&'a self, hive: &'a Hive) -> Result<Cow<'a, [u8]>, Damage> {
        let damage = |what| Err(Damage::at(self.place, what));
        let size = (self.size & !IS_INLINE) as usize;
        if self.size & IS_INLINE != 0 {
            return match self.data.get(..size) {
                Some(data) => Ok(Cow::Borrowed(data)),
                None => damage("a value holds more than fits into it"),
            };
        }
        if size == 0 {
            return Ok(Cow::Borrowed(&[]));
        }
        if size > MOST_DATA {
            return damage("a value is longer than is read");
        }
        hive.spend(size)?;
        let cell = hive.cell(u32::from_le_bytes(self.data))?;
        if size > PIECE && hive.minor >= 4 && cell.starts_with(b"db") {
            return hive.pieces(self.place, cell, size).map(Cow::Owned);
        }
        match cell.get(..size) {
            Some(data) => Ok(Cow::Borrowed(data)),
            None => damage("the data of a value is longer than the cell it lies in"),
        }
    }
}

impl Hive {
    /// The places of a key's values, each once.
    pub(super) fn value_places(&self, list: u32, cell: &[u8], count: usize) -> Listed<u32> {
        let mut places = Listed::default();
        places.found = self.numbers(list, cell, count, 4, &mut places);
        once(list, &mut places);
        places
    }

    /// Data that is stored in pieces.
    fn pieces(&self, value: u32, cell: &[u8], size: usize) -> Result<Vec<u8>, Damage> {
        let damage = |what| Err(Damage::at(value, what));
        let count = short(cell, 2).map_or(0, usize::from);
        let list = self.cell(number(cell, 4).unwrap_or_default())?;
        let mut bytes = Vec::new();
        for piece in list.chunks_exact(4).take(count) {
            let piece = self.cell(number(piece, 0).unwrap_or_default())?;
            let wanted = (size - bytes.len()).min(PIECE);
            let Some(data) = piece.get(..wanted) else { return damage("a piece of a value is too short") };
            bytes.extend_from_slice(data);
            if bytes.len() == size {
                return Ok(bytes);
            }
        }
        damage("pieces of a value are missing")
    }
}

/// The name of a key or value as it is stored.
#[derive(Debug, Clone, Copy)]
pub(super) struct StoredName<'h> {
    pub(super) bytes: &'h [u8],
    /// One byte for each letter (Latin-1), else two (UTF-16).
    pub(super) is_narrow: bool,
}

impl fmt::Display for StoredName<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_narrow {
            return self.bytes.iter().try_for_each(|byte| formatter.write_char(char::from(*byte)));
        }
        let units = self.bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        char::decode_utf16(units)
            .try_for_each(|letter| formatter.write_char(letter.unwrap_or(char::REPLACEMENT_CHARACTER)))
    }
}
