//! Distinct rows of texts, each held once in one piece of memory and named by its number.
//!
//! An export of ten million rows says a few hundred thousand different things; what is kept per row is a number. All texts
//! of a row lie side by side, so that looking one up touches little memory.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

/// How the length of a text is written: in one byte below this, in four behind it.
const LONG: u8 = 254;
/// There is no text, which is not the same as an empty one.
const ABSENT: u8 = 255;

/// A row in one piece: each text behind its length.
#[derive(Debug, Default)]
pub(crate) struct RowText(Vec<u8>);

impl RowText {
    /// Begins another row in the same memory.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Adds a text; nothing for one of four gigabytes.
    pub(crate) fn push(&mut self, text: Option<&str>) -> Option<()> {
        match text {
            None => self.0.push(ABSENT),
            Some(text) => {
                match u8::try_from(text.len()) {
                    Ok(length) if length < LONG => self.0.push(length),
                    _ => {
                        self.0.push(LONG);
                        self.0.extend(u32::try_from(text.len()).ok()?.to_le_bytes());
                    }
                }
                self.0.extend_from_slice(text.as_bytes());
            }
        }
        Some(())
    }
}

/// Takes the first text off a row.
fn take<'r>(row: &mut &'r [u8]) -> Option<&'r str> {
    take_bytes(row).and_then(|text| std::str::from_utf8(text).ok())
}

/// The same without looking at the text.
fn take_bytes<'r>(row: &mut &'r [u8]) -> Option<&'r [u8]> {
    let (&first, rest) = row.split_first()?;
    let (length, rest) = match first {
        ABSENT => {
            *row = rest;
            return None;
        }
        LONG => {
            let (length, rest) = rest.split_first_chunk()?;
            (u32::from_le_bytes(*length) as usize, rest)
        }
        length => (usize::from(length), rest),
    };
    let (text, rest) = rest.split_at_checked(length)?;
    *row = rest;
    Some(text)
}

/// A row as it is found: half of its hash, so that a growing table need not look at the rows, its number and where it begins.
#[derive(Debug, Clone, Copy)]
struct Entry {
    hash: u32,
    number: u32,
    start: u64,
}

/// A hash as a table wants it, of which the half is kept: a table takes its bits from both ends.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

/// Half of a hash.
#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
const fn half(hash: u64) -> u32 {
    hash as u32
}

/// Distinct rows of `N` texts, some of which may be absent.
#[derive(Debug)]
pub(crate) struct DistinctTexts<const N: usize> {
    bytes: Vec<u8>,
    /// Where each row begins, and where the last one ends.
    starts: Vec<u64>,
    table: HashTable<Entry>,
    hasher: DefaultHashBuilder,
}

impl<const N: usize> Default for DistinctTexts<N> {
    fn default() -> Self {
        Self { bytes: Vec::new(), starts: vec![0], table: HashTable::new(), hasher: DefaultHashBuilder::default() }
    }
}

impl<const N: usize> DistinctTexts<N> {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The number of a row, which is kept if it is new; nothing when there are four thousand million.
    pub(crate) fn number(&mut self, row: &RowText) -> Option<u32> {
        let Self { bytes, starts, table, hasher } = self;
        let hash = half(hasher.hash_one(row.0.as_slice()));
        let length = row.0.len() as u64;
        let is_row = |start: u64| of_span(bytes, start, start + length) == Some(&row.0);
        // What begins with the same bytes is the same row: the length of every text stands before it.
        let known = table.find(spread(hash), |known| known.hash == hash && is_row(known.start));
        if let Some(known) = known {
            return Some(known.number);
        }
        let start = bytes.len() as u64;
        let number = u32::try_from(starts.len() - 1).ok()?;
        bytes.extend_from_slice(&row.0);
        starts.push(bytes.len() as u64);
        table.insert_unique(spread(hash), Entry { hash, number, start }, |known| spread(known.hash));
        Some(number)
    }

    /// Gives the memory back that only finds rows again: what comes from here on is taken for new.
    pub(crate) fn close(&mut self) {
        self.table = HashTable::new();
    }

    /// Only these rows, by new numbers in this order.
    pub(crate) fn only(&self, rows: &[u32]) -> Self {
        let mut only = Self::default();
        for row in rows {
            only.bytes.extend_from_slice(bytes_of(&self.bytes, &self.starts, *row));
            only.starts.push(only.bytes.len() as u64);
        }
        only
    }

    /// A row by its number.
    pub(crate) fn row(&self, number: u32) -> Option<[Option<&str>; N]> {
        let mut row = bytes_of(&self.bytes, &self.starts, number);
        (!row.is_empty()).then(|| std::array::from_fn(|_| take(&mut row)))
    }
}

/// The rows by one part of them: which have the same.
pub(crate) struct Groups {
    /// Per row, the number of its group.
    pub(crate) of_row: Vec<u32>,
    /// Per group, the first row of it.
    pub(crate) first: Vec<u32>,
}

/// Of which texts of a row a part is made.
#[derive(Debug, Clone, Copy)]
pub(crate) enum PartOfRow {
    /// The first so many.
    First(usize),
    /// All but the first so many.
    AllBut(usize),
}

impl PartOfRow {
    fn of(self, row: &[u8]) -> &[u8] {
        let (Self::First(count) | Self::AllBut(count)) = self;
        let mut rest = row;
        for _ in 0..count {
            take_bytes(&mut rest);
        }
        let (first, rest) = row.split_at(row.len() - rest.len());
        if matches!(self, Self::First(_)) { first } else { rest }
    }
}

impl<const N: usize> DistinctTexts<N> {
    /// Puts rows together that have the same in a part.
    pub(crate) fn groups(&self, part: PartOfRow) -> Groups {
        let part_of = |row: u32| part.of(bytes_of(&self.bytes, &self.starts, row));
        // As many as there may be: growing takes longer than the rest.
        let mut table: HashTable<(u32, u32)> = HashTable::with_capacity(self.len());
        let mut of_row = Vec::with_capacity(self.len());
        let mut first: Vec<u32> = Vec::new();
        for row in (0..).take(self.len()) {
            let text = part_of(row);
            let hash = half(self.hasher.hash_one(text));
            let of_group = |group: u32| first.get(group as usize).map_or(&[] as &[u8], |row| part_of(*row));
            let known = table.find(spread(hash), |(known, group)| *known == hash && of_group(*group) == text);
            let group = if let Some((_, group)) = known {
                *group
            } else {
                // There are no more groups than rows, whose numbers fit.
                let group = u32::try_from(first.len()).unwrap_or(u32::MAX);
                table.insert_unique(spread(hash), (hash, group), |(known, _)| spread(*known));
                first.push(row);
                group
            };
            of_row.push(group);
        }
        Groups { of_row, first }
    }
}

/// The bytes of a row; none of one that is not there.
fn bytes_of<'b>(bytes: &'b [u8], starts: &[u64], number: u32) -> &'b [u8] {
    let at = |number: usize| starts.get(number).copied();
    let span = at(number as usize).zip(at(number as usize + 1));
    span.and_then(|(from, to)| of_span(bytes, from, to)).unwrap_or_default()
}

fn of_span(bytes: &[u8], from: u64, to: u64) -> Option<&[u8]> {
    bytes.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row_text(row: &[Option<&str>]) -> RowText {
        let mut text = RowText::default();
        for field in row {
            text.push(*field).expect("a short text");
        }
        text
    }

    #[test]
    fn a_row_is_kept_once_and_comes_back_as_it_was() {
        let mut distinct: DistinctTexts<2> = DistinctTexts::default();
        let long = "x".repeat(70_000);
        let rows = [
            [Some("a"), None],
            [None, Some("a")],
            [Some(""), None],
            [None, None],
            [Some("a"), Some("a")],
            [Some(&long), Some(&long[..253])],
            [Some(&long[..254]), Some(&long[..255])],
        ];
        for (number, row) in (0..).zip(&rows) {
            assert_eq!(distinct.number(&row_text(row)), Some(number));
        }
        for many in 0..10_000 {
            distinct.number(&row_text(&[Some(&many.to_string()), Some("x")]));
        }
        for (number, row) in (0..).zip(&rows) {
            assert_eq!((distinct.number(&row_text(row)), distinct.row(number)), (Some(number), Some(*row)));
        }
        assert_eq!((distinct.len(), distinct.row(10_007)), (10_007, None));
    }

    #[test]
    fn rows_are_put_together_by_a_part() {
        let mut distinct: DistinctTexts<3> = DistinctTexts::default();
        let rows = [["a", "b", "x"], ["a", "b", "y"], ["ab", "", "x"], ["a", "c", "x"], ["ab", "", "y"]];
        for row in rows {
            distinct.number(&row_text(&row.map(Some)));
        }
        let software = distinct.groups(PartOfRow::First(2));
        assert_eq!((software.of_row, software.first), (vec![0, 0, 1, 2, 1], vec![0, 2, 3]));
        let place = distinct.groups(PartOfRow::AllBut(2));
        assert_eq!((place.of_row, place.first), (vec![0, 1, 0, 0, 1], vec![0, 1]));
    }

    proptest! {
        #[test]
        fn rows_are_the_same_where_their_texts_are(rows in prop::collection::vec(prop::array::uniform3(prop::option::of("[a\u{fe}\u{ff}]{0,3}")), 0..40)) {
            let mut distinct: DistinctTexts<3> = DistinctTexts::default();
            let mut known: Vec<[Option<String>; 3]> = Vec::new();
            for row in rows {
                let borrowed = row.each_ref().map(Option::as_deref);
                let number = distinct.number(&row_text(&borrowed));
                let expected = known.iter().position(|other| *other == row).unwrap_or_else(|| {
                    known.push(row.clone());
                    known.len() - 1
                });
                prop_assert_eq!(number.map(|number| number as usize), Some(expected));
                prop_assert_eq!(number.and_then(|number| distinct.row(number)), Some(borrowed));
            }
        }
    }
}
