//! What an export is wrapped in: gzip, zlib (OCS), bzip2, xz, Zstandard, zip.
//!
//! Known by the first bytes, never by the name. At most a few layers are peeled off, and what unpacks to far more than
//! it is ends with an error before it fills anything. Names inside an archive are only told, never used as paths.

use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};

use crate::error::ImportError;

/// How many layers are peeled off.
const LAYERS: usize = 4;
/// From here on the ratio is looked at.
const HARMLESS: u64 = 64 << 20;
/// No honest export unpacks to more than this many times its size; lines of JSON come to about 40.
const RATIO: u64 = 250;
/// How much of a text the formats are told by.
pub(crate) const SAMPLE: usize = 64 << 10;
/// How much is read of a file at once.
const BUFFER: usize = 256 << 10;
/// The most files of one archive.
const ENTRIES: usize = 10_000;

/// A file, as far as it can be read again from its beginning.
pub trait Input: Read + Seek {}

impl<T: Read + Seek> Input for T {}

/// The compression of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    Gzip,
    Zlib,
    Bzip2,
    Xz,
    Zstandard,
}

impl Compression {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zlib => "zlib",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Zstandard => "zstd",
        }
    }

    fn of(beginning: &[u8]) -> Option<Self> {
        match beginning {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, ..] => Some(Self::Bzip2),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstandard),
            [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] if unpacks_as_zlib(beginning) => Some(Self::Zlib),
            _ => None,
        }
    }
}

/// Whether something unpacks. Two bytes are little to know zlib by: text may begin with them, too.
fn unpacks_as_zlib(beginning: &[u8]) -> bool {
    flate2::bufread::ZlibDecoder::new(beginning).read(&mut [0; 64]).is_ok_and(|count| count > 0)
}

/// Whether the bytes are those of a zip archive (which a workbook is, too).
pub(crate) fn is_zip(beginning: &[u8]) -> bool {
    beginning.starts_with(b"PK\x03\x04") || beginning.starts_with(b"PK\x05\x06")
}

/// Bytes out of all their layers.
pub(crate) struct Peeled<'r> {
    /// The first bytes.
    pub(crate) beginning: Vec<u8>,
    /// Whether those are all.
    pub(crate) is_all: bool,
    /// All bytes, the first ones, too.
    pub(crate) reader: Box<dyn BufRead + 'r>,
    /// What was peeled off, outermost first.
    pub(crate) layers: Vec<&'static str>,
}

/// Peels off every compression.
pub(crate) fn peel<'r>(reader: impl Read + 'r) -> Result<Peeled<'r>, ImportError> {
    let mut reader: Box<dyn BufRead + 'r> = Box::new(BufReader::with_capacity(BUFFER, reader));
    let mut layers = Vec::new();
    loop {
        let mut beginning = Vec::with_capacity(SAMPLE);
        reader.by_ref().take(SAMPLE as u64).read_to_end(&mut beginning)?;
        let is_all = beginning.len() < SAMPLE;
        let compression = Compression::of(&beginning);
        let whole: Box<dyn BufRead + 'r> = Box::new(Cursor::new(beginning.clone()).chain(reader));
        let Some(compression) = compression.filter(|_| layers.len() < LAYERS) else {
            return Ok(Peeled { beginning, is_all, reader: whole, layers });
        };
        layers.push(compression.name());
        reader = unpacked(whole, compression)?;
    }
}

fn unpacked<'r>(packed: Box<dyn BufRead + 'r>, compression: Compression) -> Result<Box<dyn BufRead + 'r>, ImportError> {
    let counted = std::rc::Rc::new(std::cell::Cell::new(0));
    let packed = Counting { reader: packed, count: counted.clone() };
    let unpacked: Box<dyn Read + 'r> = match compression {
        Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
        Compression::Zlib => Box::new(flate2::bufread::ZlibDecoder::new(packed)),
        Compression::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(packed)),
        Compression::Xz => Box::new(lzma_rust2::XzReader::new(packed, true)),
        Compression::Zstandard => Box::new(
            ruzstd::decoding::StreamingDecoder::new(packed)
                .map_err(|error| ImportError::DamagedArchive { problem: error.to_string() })?,
        ),
    };
    Ok(Box::new(BufReader::with_capacity(SAMPLE, Guarded { unpacked, packed: counted, written: 0 })))
}

/// Counts what is read of the packed bytes.
struct Counting<'r> {
    reader: Box<dyn BufRead + 'r>,
    count: std::rc::Rc<std::cell::Cell<u64>>,
}

impl Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.count.set(self.count.get() + count as u64);
        Ok(count)
    }
}

impl BufRead for Counting<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.count.set(self.count.get() + amount as u64);
        self.reader.consume(amount);
    }
}

/// Ends with an error when far more comes out than goes in, and says of damaged data that it is damaged.
struct Guarded<'r> {
    unpacked: Box<dyn Read + 'r>,
    packed: std::rc::Rc<std::cell::Cell<u64>>,
    written: u64,
}

impl Read for Guarded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.unpacked.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::UnexpectedEof
            | io::ErrorKind::Other
                if error.get_ref().is_none_or(|inner| !inner.is::<ImportError>()) =>
            {
                ImportError::DamagedArchive { problem: error.to_string() }.into()
            }
            _ => error,
        })?;
        self.written += count as u64;
        let ratio = self.written / self.packed.get().max(1);
        if self.written > HARMLESS && ratio > RATIO {
            return Err(ImportError::Bomb { limit: self.written, ratio }.into());
        }
        Ok(count)
    }
}

/// One file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) index: usize,
    /// As it stands in the archive; never a path of ours.
    pub(crate) name: String,
}

/// The files of a zip archive.
pub(crate) struct Archive<'r> {
    archive: zip::ZipArchive<&'r mut dyn Input>,
}

impl<'r> Archive<'r> {
    pub(crate) fn open(input: &'r mut dyn Input) -> Result<Self, ImportError> {
        input.seek(SeekFrom::Start(0))?;
        let archive = zip::ZipArchive::new(input).map_err(|error| damaged(&error))?;
        if archive.len() > ENTRIES {
            return Err(ImportError::TooMany { what: "files in the archive", limit: ENTRIES });
        }
        Ok(Self { archive })
    }

    /// The files in it, without folders and what macOS adds for itself.
    pub(crate) fn entries(&mut self) -> Result<Vec<Entry>, ImportError> {
        let mut entries = Vec::new();
        for index in 0..self.archive.len() {
            let file = self.archive.by_index_raw(index).map_err(|error| damaged(&error))?;
            let name = String::from_utf8_lossy(file.name_raw()).into_owned();
            if file.encrypted() {
                return Err(ImportError::Encrypted);
            }
            let is_extra =
                name.starts_with("__MACOSX/") || name.rsplit('/').next().is_some_and(|last| last.starts_with('.'));
            if file.is_file() && !is_extra {
                entries.push(Entry { index, name });
            }
        }
        Ok(entries)
    }

    /// Whether it is a workbook: `Office Open XML` or `OpenDocument`.
    pub(crate) fn is_workbook(&self) -> bool {
        let has = |name: &str| self.archive.index_for_name(name).is_some();
        (has("[Content_Types].xml") && self.archive.file_names().flatten().any(|name| name.starts_with("xl/")))
            || (has("mimetype") && has("content.xml") && has("META-INF/manifest.xml"))
    }

    /// The bytes of one file in it.
    pub(crate) fn read(&mut self, entry: &Entry) -> Result<impl Read + '_, ImportError> {
        let file = self.archive.by_index(entry.index).map_err(|error| damaged(&error))?;
        let packed = std::rc::Rc::new(std::cell::Cell::new(file.compressed_size()));
        Ok(Guarded { unpacked: Box::new(file), packed, written: 0 })
    }
}

fn damaged(error: &zip::result::ZipError) -> ImportError {
    ImportError::DamagedArchive { problem: error.to_string() }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).expect("writes");
        encoder.finish().expect("ends")
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).expect("writes");
        encoder.finish().expect("ends")
    }

    fn text(bytes: &[u8]) -> Result<(Vec<&'static str>, String), ImportError> {
        let mut peeled = peel(bytes)?;
        let mut text = String::new();
        peeled.reader.read_to_string(&mut text)?;
        Ok((peeled.layers, text))
    }

    #[test]
    fn layers_are_peeled_off_one_by_one() {
        let plain = "x,y\n".repeat(50_000);
        let cases = [
            (plain.clone().into_bytes(), vec![]),
            (gzip(plain.as_bytes()), vec!["gzip"]),
            (zlib(plain.as_bytes()), vec!["zlib"]),
            (gzip(&zlib(plain.as_bytes())), vec!["gzip", "zlib"]),
        ];
        for (bytes, layers) in cases {
            assert_eq!(text(&bytes).expect("reads"), (layers, plain.clone()));
        }
        for plain in [&b"x\x01 is text that begins like zlib"[..], b"x^ is, too", b"x\x9c"] {
            assert_eq!(peel(plain).expect("reads").layers, Vec::<&str>::new());
        }
        for length in 1..300 {
            let packed = zlib(plain.get(..length).expect("longer").as_bytes());
            assert_eq!(text(&packed).expect("reads").0, ["zlib"], "whatever follows the first two bytes");
        }
    }

    #[test]
    fn bombs_and_damage_are_errors() {
        let bomb = gzip(&vec![0; 200 << 20]);
        assert!(matches!(text(&bomb), Err(ImportError::Bomb { .. })));
        let whole = gzip("name\n".repeat(9_000).as_bytes());
        let cut = whole.get(..whole.len() - 9).expect("longer");
        assert!(matches!(text(cut), Err(ImportError::DamagedArchive { .. })));
    }
}
