//! apk's database of installed packages (Alpine, newer OpenWrt): records parted by empty lines, each line a letter, a
//! colon and a value (apk-v2(5), apk-package-db).
//!
//! Six letters are taken: name, version, architecture, maintainer and origin, and for packages that are asked for the
//! folders and files that belong to them. Everything else is stepped over. A package is never judged: what apk calls
//! broken is kept like any other. The files of apk's repositories and the list of wishes (`world`) are other formats.

use std::collections::BTreeSet;

use interdict_model::{Diagnostic, Observation, ObservationSource, raw_key};
use memchr::memchr;

use crate::notes::Notes;

/// The codes of this module's diagnostics.
pub mod code {
    /// A record has no package name.
    pub const NAMELESS: &str = "formats/apk-nameless";
    /// The file ends within a record.
    pub const TRUNCATED: &str = "formats/apk-truncated";
    /// Two records stand without an empty line between them.
    pub const RUN_TOGETHER: &str = "formats/apk-run-together";
    /// A line or a list of files is longer than is read.
    pub const TOO_LONG: &str = "formats/apk-too-long";
}

/// How many files of one package are read.
pub const MOST_FILES: usize = 200_000;
/// How long a line may be: a list of what a large package provides has some ten thousand letters.
const LONGEST_LINE: usize = 1 << 20;
/// How many bytes the paths of one package may have together.
const MOST_PATH_BYTES: usize = 64 << 20;

/// One installed package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// What is known of it; its path is the file it was read from.
    pub observation: Observation,
    /// Its files, if they were asked for.
    pub files: Option<Vec<String>>,
}

/// Reads a whole database at once; see [`InstalledReader`].
#[must_use]
pub fn parse_installed(
    bytes: &[u8],
    file_name: &str,
    with_files: &BTreeSet<String>,
) -> (Vec<Package>, Vec<Diagnostic>) {
    let mut reader = InstalledReader::new(file_name, with_files);
    reader.feed(bytes);
    reader.finish()
}

/// Reads the database, which is fed in pieces of any size.
///
/// A file that does not end with a line end, or whose last record has no version, is taken for cut off: the record is
/// kept and [`code::TRUNCATED`] says that more may be missing.
pub struct InstalledReader<'w> {
    /// The packages whose files are wanted.
    with_files: &'w BTreeSet<String>,
    packages: Vec<Package>,
    notes: Notes,
    /// The beginning of a line whose end was not fed yet.
    pending: Vec<u8>,
    /// Whether the rest of a line that is too long is stepped over.
    skips: bool,
    line: u32,
    record: Record,
}

/// The record that is being read.
#[derive(Default)]
struct Record {
    /// Its first line; 0 between records.
    start: u32,
    name: Option<String>,
    version: Option<String>,
    arch: Option<String>,
    maintainer: Option<String>,
    origin: Option<String>,
    /// The folder that the next files lie in.
    folder: String,
    files: Option<Vec<String>>,
    path_bytes: usize,
    has_too_many: bool,
}

impl<'w> InstalledReader<'w> {
    /// A reader that notes the files of these packages.
    #[must_use]
    pub fn new(file_name: &str, with_files: &'w BTreeSet<String>) -> Self {
        Self {
            with_files,
            packages: Vec::new(),
            notes: Notes::new(file_name),
            pending: Vec::new(),
            skips: false,
            line: 0,
            record: Record::default(),
        }
    }

    /// Reads the next piece.
    pub fn feed(&mut self, piece: &[u8]) {
        let mut rest = piece;
        while let Some(end) = memchr(b'\n', rest) {
            let (line, after) = (&rest[..end], &rest[end + 1..]);
            rest = after;
            if self.pending.is_empty() && !self.skips {
                self.take_line(line);
            } else {
                self.hold(line);
                let whole = std::mem::take(&mut self.pending);
                self.skips = false;
                self.take_line(&whole);
            }
        }
        self.hold(rest);
    }

    /// Everything that was read.
    #[must_use]
    pub fn finish(mut self) -> (Vec<Package>, Vec<Diagnostic>) {
        let rest = std::mem::take(&mut self.pending);
        if !rest.is_empty() {
            self.take_line(&rest);
        }
        let cut = if self.record.start == 0 {
            None
        } else if !rest.is_empty() {
            Some("the file ends in the middle of a line")
        } else if self.record.name.is_some() && self.record.version.is_none() {
            Some("the file ends before the version of its last record")
        } else {
            None
        };
        if let Some(cut) = cut {
            let hint = "the file looks cut off: packages after this place are not known";
            self.notes.push(self.line, Diagnostic::warning(code::TRUNCATED, cut).hint(hint));
        }
        self.end();
        (self.packages, self.notes.finish())
    }

    /// Keeps part of a line until its end comes.
    fn hold(&mut self, part: &[u8]) {
        if self.skips {
            return;
        }
        self.pending.extend_from_slice(part);
        if self.pending.len() > LONGEST_LINE {
            let message = format!("a line has more than the {LONGEST_LINE} bytes that are read");
            self.notes.push(self.line.saturating_add(1), Diagnostic::warning(code::TOO_LONG, message));
            self.pending.truncate(1);
            self.skips = true;
        }
    }

    fn take_line(&mut self, line: &[u8]) {
        self.line = self.line.saturating_add(1);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            self.end();
            return;
        }
        if self.record.start == 0 {
            self.record.start = self.line;
        }
        let [letter, b':', value @ ..] = line else { return };
        let value = value.trim_ascii();
        match letter {
            b'P' => self.name(value),
            b'V' => put(&mut self.record.version, &mut self.notes, self.line, "V", value),
            b'A' => put(&mut self.record.arch, &mut self.notes, self.line, "A", value),
            b'm' => put(&mut self.record.maintainer, &mut self.notes, self.line, "m", value),
            b'o' => put(&mut self.record.origin, &mut self.notes, self.line, "o", value),
            b'F' if self.record.files.is_some() => self.record.folder = self.notes.text(self.line, "F", value),
            b'R' if self.record.files.is_some() => self.file(value),
            _ => {}
        }
    }

    /// A second name within a record begins another one: the empty line between them got lost.
    fn name(&mut self, value: &[u8]) {
        if self.record.name.is_some() {
            let message = "a record begins without an empty line before it";
            self.notes.push(self.line, Diagnostic::warning(code::RUN_TOGETHER, message));
            self.end();
            self.record.start = self.line;
        }
        put(&mut self.record.name, &mut self.notes, self.line, "P", value);
        if self.record.name.as_ref().is_some_and(|name| self.with_files.contains(name)) {
            self.record.files = Some(Vec::new());
        }
    }

    fn file(&mut self, value: &[u8]) {
        let name = self.notes.text(self.line, "R", value);
        let Record { folder, files: Some(files), path_bytes, has_too_many, .. } = &mut self.record else { return };
        *path_bytes += folder.len() + name.len() + 2;
        if files.len() >= MOST_FILES || *path_bytes > MOST_PATH_BYTES {
            if !std::mem::replace(has_too_many, true) {
                let message = format!("the package has too many files; the first {} were read", files.len());
                self.notes.push(self.line, Diagnostic::warning(code::TOO_LONG, message));
            }
            return;
        }
        let separator = if folder.is_empty() { "" } else { "/" };
        files.push(format!("/{folder}{separator}{name}"));
    }

    fn end(&mut self) {
        let record = std::mem::take(&mut self.record);
        if record.start == 0 {
            return;
        }
        let Some(name) = record.name else {
            let message = "a record has no package name and was left out";
            self.notes.push(record.start, Diagnostic::warning(code::NAMELESS, message));
            return;
        };
        let mut observation = Observation::new(ObservationSource::ApkPackages);
        if let Some(origin) = record.origin.filter(|origin| *origin != name) {
            observation.raw.insert(raw_key::SOURCE_PACKAGE.to_owned(), origin);
        }
        observation.name = Some(name);
        observation.version = record.version;
        observation.arch = record.arch;
        observation.publisher = record.maintainer;
        observation.path = Some(self.notes.file_name().to_owned());
        self.packages.push(Package { observation, files: record.files });
    }
}

/// Keeps a value, if it is the first of its field and says something.
fn put(field: &mut Option<String>, notes: &mut Notes, line: u32, letter: &str, value: &[u8]) {
    if field.is_none() && !value.is_empty() {
        *field = Some(notes.text(line, letter, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "C:Q1zwvKMnYs1b6ZdPTBJ0Z7D5P3jyA=\nP:agent-libs\nV:1.2-r0\nA:x86_64\nT:An agent\nL:MIT\no:agent\n\
        m:Ada <ada@example.org>\nF:\nR:.hidden\nF:opt/agent\nF:opt/agent/bin\nR:agent\na:0:0:755\nZ:Q1x=\nR:ctl\n\nP:musl\nV:1\no:musl\n\n";

    fn read(text: &str, files_of: &[&str]) -> (Vec<Package>, Vec<String>) {
        let wanted = files_of.iter().map(|name| (*name).to_owned()).collect();
        let (packages, diagnostics) = parse_installed(text.as_bytes(), "/lib/apk/db/installed", &wanted);
        (packages, diagnostics.into_iter().map(|one| one.code.into_owned()).collect())
    }

    #[test]
    fn the_wanted_letters_are_taken() {
        let (packages, codes) = read(SOUND, &["agent-libs"]);
        assert!(codes.is_empty(), "{codes:?}");
        let one = &packages[0].observation;
        assert_eq!((one.name.as_deref(), one.version.as_deref()), (Some("agent-libs"), Some("1.2-r0")));
        assert_eq!((one.arch.as_deref(), one.publisher.as_deref()), (Some("x86_64"), Some("Ada <ada@example.org>")));
        assert_eq!(one.path.as_deref(), Some("/lib/apk/db/installed"));
        assert_eq!(one.raw(raw_key::SOURCE_PACKAGE), Some("agent"));
        let files = packages[0].files.as_deref().expect("asked for");
        assert_eq!(files, ["/.hidden", "/opt/agent/bin/agent", "/opt/agent/bin/ctl"]);
        assert_eq!((packages[1].files.as_ref(), packages[1].observation.raw.len()), (None, 0));
    }

    #[test]
    fn line_ends_do_not_matter() {
        assert_eq!(read(&SOUND.replace('\n', "\r\n"), &["agent-libs"]), read(SOUND, &["agent-libs"]));
    }

    #[test]
    fn what_is_wrong_with_a_record_is_said_and_the_record_kept() {
        let table: [(&str, &[&str], &[&str]); 9] = [
            ("P:a\nV:1\n", &["a"], &[]),
            ("P:a\n\nP:b\nV:1\n\n", &["a", "b"], &[]),
            ("P:a\nV:1", &["a"], &[code::TRUNCATED]),
            ("P:a\nA:x\n", &["a"], &[code::TRUNCATED]),
            ("P:a\nV:1\nP:b\nV:2\n\n", &["a", "b"], &[code::RUN_TOGETHER]),
            ("P:\nV:1\n\n", &[], &[code::NAMELESS]),
            ("asdf\n\nyolo\n", &[], &[code::NAMELESS, code::NAMELESS]),
            ("P:a\nV:1\nm:\u{fffd}\n\n\n\n", &["a"], &[]),
            ("", &[], &[]),
        ];
        for (text, names, expected) in table {
            let (packages, codes) = read(text, &[]);
            let found: Vec<_> = packages.iter().filter_map(|one| one.observation.name.as_deref()).collect();
            assert_eq!(found, names, "{text:?}");
            assert_eq!(codes, expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_without_end_takes_no_memory() {
        let long = format!("P:a\nV:1\nD:{}\nm:x\n\nP:b\nV:2\n\n", "d".repeat(LONGEST_LINE + 10));
        let nothing = BTreeSet::new();
        let mut reader = InstalledReader::new("f", &nothing);
        for piece in long.as_bytes().chunks(1 << 16) {
            reader.feed(piece);
            assert!(reader.pending.len() <= LONGEST_LINE + (1 << 16));
        }
        let (packages, diagnostics) = reader.finish();
        assert_eq!(packages.len(), 2);
        assert_eq!(packages[0].observation.publisher.as_deref(), Some("x"), "the record goes on behind the line");
        assert_eq!(diagnostics[0].to_string().split(": ").next(), Some("f:3"));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = parse_installed(&bytes, "f", &BTreeSet::new());
        }

        #[test]
        fn pieces_make_no_difference_and_every_name_is_kept(
            lines in proptest::collection::vec("[PVAmoFRx]: ?[a-c]{0,3}|P:a||[a-z:]{0,4}|\r", 0..40), size in 1_usize..30
        ) {
            let text = lines.join("\n");
            let wanted: BTreeSet<String> = [String::from("a"), String::from("b")].into();
            let whole = parse_installed(text.as_bytes(), "f", &wanted);
            let mut reader = InstalledReader::new("f", &wanted);
            text.as_bytes().chunks(size).for_each(|piece| reader.feed(piece));
            proptest::prop_assert_eq!(&reader.finish(), &whole);
            let names = lines.iter().filter(|line| line.strip_prefix("P:").is_some_and(|name| !name.trim().is_empty()));
            proptest::prop_assert_eq!(whole.0.len(), names.count());
        }
    }
}
