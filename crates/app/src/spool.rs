//! The rows of an import, put in the order of their devices with little memory: beyond a million they lie in a
//! temporary file, each part sorted by itself, and are merged as they are read.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::iter::Peekable;

/// So many rows are held in memory, 12 bytes each; sorting them takes half as much again.
const MOST_HELD: usize = 1 << 20;
const ROW_BYTES: usize = 12;

/// A row: of which device, which distinct thing, since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SpooledRow {
    pub(crate) device: u32,
    pub(crate) thing: u32,
    pub(crate) date: i32,
}

/// Rows as they come.
#[derive(Debug)]
pub(crate) struct Spool {
    held: Vec<SpooledRow>,
    most_held: usize,
    parts: Vec<File>,
}

impl Default for Spool {
    fn default() -> Self {
        Self { held: Vec::new(), most_held: MOST_HELD, parts: Vec::new() }
    }
}

impl Spool {
    /// Takes a row.
    pub(crate) fn push(&mut self, row: SpooledRow) -> io::Result<()> {
        if self.held.is_empty() {
            // At once: growing would hold the rows twice for a while. What is not used takes no memory.
            self.held.reserve_exact(self.most_held);
        }
        if self.held.len() == self.most_held {
            self.put_away()?;
        }
        self.held.push(row);
        Ok(())
    }

    /// Writes what is held to a file of its own that nobody else sees and that goes with the process.
    fn put_away(&mut self) -> io::Result<()> {
        self.held.sort_by_key(|row| row.device);
        let mut writer = BufWriter::with_capacity(1 << 18, tempfile::tempfile()?);
        for row in self.held.drain(..) {
            let mut bytes = [0; ROW_BYTES];
            bytes[..4].copy_from_slice(&row.device.to_le_bytes());
            bytes[4..8].copy_from_slice(&row.thing.to_le_bytes());
            bytes[8..].copy_from_slice(&row.date.to_le_bytes());
            writer.write_all(&bytes)?;
        }
        let mut file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        self.parts.push(file);
        Ok(())
    }

    /// The rows by device; those of one device in the order they came.
    pub(crate) fn sorted(mut self) -> Sorted {
        self.held.sort_by_key(|row| row.device);
        let files = self.parts.into_iter().map(|file| Part::File(BufReader::with_capacity(1 << 16, file)).peekable());
        let held = Part::Held(self.held.into_iter()).peekable();
        Sorted { parts: files.chain([held]).collect() }
    }
}

/// A part that is sorted by device.
enum Part {
    File(BufReader<File>),
    Held(std::vec::IntoIter<SpooledRow>),
}

impl Iterator for Part {
    type Item = io::Result<SpooledRow>;

    fn next(&mut self) -> Option<Self::Item> {
        let file = match self {
            Self::Held(rows) => return rows.next().map(Ok),
            Self::File(file) => file,
        };
        let mut bytes = [0; ROW_BYTES];
        match file.read_exact(&mut bytes) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return None,
            Err(error) => return Some(Err(error)),
        }
        let word = |at: usize| [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        let (device, thing) = (u32::from_le_bytes(word(0)), u32::from_le_bytes(word(4)));
        Some(Ok(SpooledRow { device, thing, date: i32::from_le_bytes(word(8)) }))
    }
}

/// All rows, to be asked for device by device.
pub(crate) struct Sorted {
    parts: Vec<Peekable<Part>>,
}

impl Sorted {
    /// The rows of a device. Devices are asked for in the order of their numbers, each once.
    pub(crate) fn of_device(&mut self, device: u32, rows: &mut Vec<SpooledRow>) -> io::Result<()> {
        rows.clear();
        for part in &mut self.parts {
            while let Some(row) = part.next_if(|row| row.as_ref().map_or(true, |row| row.device <= device)) {
                rows.push(row?);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_by_device_in_their_order_whether_held_or_put_away() {
        for most_held in [1, 3, 7, 100] {
            let mut spool = Spool { most_held, ..Spool::default() };
            let rows: Vec<SpooledRow> =
                (0..50).map(|thing| SpooledRow { device: thing * 7 % 5, thing, date: -1 }).collect();
            for row in &rows {
                spool.push(*row).expect("takes");
            }
            let mut sorted = spool.sorted();
            let mut of_device = Vec::new();
            for device in 0..6 {
                sorted.of_device(device, &mut of_device).expect("reads");
                let expected: Vec<SpooledRow> = rows.iter().filter(|row| row.device == device).copied().collect();
                assert_eq!(of_device, expected, "device {device}, {most_held} held");
            }
        }
    }
}
