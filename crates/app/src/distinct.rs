//! Distinct rows of texts, each held once in one piece of memory and named by its number.
//!
//! An export of ten million rows says a few hundred thousand different things; what is kept per row is a number.

use std::hash::{BuildHasher as _, Hasher as _};

use hashbrown::{DefaultHashBuilder, HashTable};

/// A text within the memory of a table; the length of an absent one is [`ABSENT`].
#[derive(Debug, Clone, Copy)]
struct Span {
    start: u32,
    length: u32,
}

const ABSENT: u32 = u32::MAX;

impl Span {
    fn bytes(self, texts: &str) -> Option<&[u8]> {
        let (start, length) = (self.start as usize, self.length as usize);
        if self.length == ABSENT { None } else { texts.as_bytes().get(start..start + length) }
    }
}

/// A hash over texts and their lengths, so that they cannot run into each other.
fn hash_of<'t>(hasher: &DefaultHashBuilder, row: impl Iterator<Item = Option<&'t [u8]>>) -> u64 {
    let mut state = hasher.build_hasher();
    for text in row {
        state.write_usize(text.map_or(usize::MAX, <[u8]>::len));
        state.write(text.unwrap_or_default());
    }
    state.finish()
}

/// Distinct rows of `N` texts, some of which may be absent.
#[derive(Debug, Default)]
pub(crate) struct DistinctTexts<const N: usize> {
    texts: String,
    rows: Vec<[Span; N]>,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl<const N: usize> DistinctTexts<N> {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The number of a row, which is kept if it is new; nothing when four gigabytes of texts are full.
    pub(crate) fn number(&mut self, row: &[Option<&str>; N]) -> Option<u32> {
        let hash = hash_of(&self.hasher, row.iter().map(|text| text.map(str::as_bytes)));
        if let Some(number) = self.table.find(hash, |number| self.is_same(*number, row)) {
            return Some(*number);
        }
        let number = u32::try_from(self.rows.len()).ok()?;
        let mut spans = [Span { start: 0, length: ABSENT }; N];
        for (span, text) in spans.iter_mut().zip(row) {
            let Some(text) = text else { continue };
            let start = u32::try_from(self.texts.len()).ok()?;
            let length = u32::try_from(text.len()).ok().filter(|length| *length != ABSENT)?;
            self.texts.push_str(text);
            *span = Span { start, length };
        }
        self.rows.push(spans);
        let Self { table, rows, texts, hasher, .. } = self;
        table.insert_unique(hash, number, |number| {
            let spans = rows.get(*number as usize).map_or(&[] as &[Span], |spans| spans);
            hash_of(hasher, spans.iter().map(|span| span.bytes(texts)))
        });
        Some(number)
    }

    /// Whether a kept row is this one: lengths first, they tell most apart.
    fn is_same(&self, number: u32, row: &[Option<&str>; N]) -> bool {
        let Some(spans) = self.rows.get(number as usize) else { return false };
        let pairs = || spans.iter().zip(row.iter().copied());
        pairs().all(|(span, text)| text.map_or(span.length == ABSENT, |text| span.length as usize == text.len()))
            && pairs().all(|(span, text)| span.bytes(&self.texts) == text.map(str::as_bytes))
    }

    /// A row by its number.
    pub(crate) fn row(&self, number: u32) -> Option<[Option<&str>; N]> {
        self.rows.get(number as usize).map(|_| texts_of(&self.texts, &self.rows, number))
    }
}

fn texts_of<'t, const N: usize>(texts: &'t str, rows: &[[Span; N]], number: u32) -> [Option<&'t str>; N] {
    let absent = [Span { start: 0, length: ABSENT }; N];
    rows.get(number as usize).unwrap_or(&absent).map(|Span { start, length }| {
        let (start, length) = (start as usize, length as usize);
        if length == ABSENT as usize { None } else { texts.get(start..start + length) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_kept_once_and_comes_back_as_it_was() {
        let mut distinct: DistinctTexts<2> = DistinctTexts::default();
        let rows = [[Some("a"), None], [None, Some("a")], [Some(""), None], [None, None], [Some("a"), Some("a")]];
        for (number, row) in (0..).zip(&rows) {
            assert_eq!(distinct.number(row), Some(number));
        }
        for many in 0..10_000 {
            distinct.number(&[Some(&many.to_string()), Some("x")]);
        }
        for (number, row) in (0..).zip(&rows) {
            assert_eq!((distinct.number(row), distinct.row(number)), (Some(number), Some(*row)));
        }
        assert_eq!((distinct.len(), distinct.row(10_005)), (10_005, None));
    }
}
