//! dpkg's status database and its lists of files.
//!
//! The status file is `deb822` text: records parted by empty lines, fields of one line, continuation lines that begin
//! with a blank (deb-control(5)). Five fields are taken, everything else is stepped over line by line without a copy.
//! The source package is not one of them: no rule asks for it, and Debian's 50,000 would cost as much as all the rest.
//! Dependencies, configuration files and the order of versions are not understood here, and a record is never judged:
//! one that is removed or half installed is kept with its status.

use std::collections::HashSet;

use interdict_model::{Diagnostic, Observation, ObservationSource, raw_key};
use memchr::memchr;

use crate::notes::{Notes, lines};

/// The codes of this module's diagnostics.
pub mod code {
    /// A record has no package name.
    pub const NAMELESS: &str = "formats/dpkg-nameless";
    /// The file ends within a record.
    pub const TRUNCATED: &str = "formats/dpkg-truncated";
    /// Two records stand without an empty line between them.
    pub const RUN_TOGETHER: &str = "formats/dpkg-run-together";
    /// A record has a field twice.
    pub const FIELD_TWICE: &str = "formats/dpkg-field-twice";
    /// A list of files is longer than is read.
    pub const LIST_TOO_LONG: &str = "formats/dpkg-list-too-long";
    /// A record longer than is read.
    pub const RECORD_TOO_LONG: &str = "formats/dpkg-record-too-long";
}

/// How many lines of a list of files are read. The largest packages of Debian have some 60,000.
pub const MOST_FILES: usize = 200_000;

/// The longest record that is read: the longest real ones have some hundred kilobytes.
const LONGEST_RECORD: usize = 16 << 20;

/// The state of a package that is installed as it should be; any other goes to the raw status.
const INSTALLED: &[u8] = b"install ok installed";

/// Reads a whole status file at once; see [`StatusReader`].
#[must_use]
pub fn parse_status(bytes: &[u8], file_name: &str) -> (Vec<Observation>, Vec<Diagnostic>) {
    let mut reader = StatusReader::new(file_name, bytes.len());
    reader.feed(bytes);
    reader.finish()
}

/// Reads a package's list of files (`info/<package>.list`): the paths that are not folders of other listed paths. What
/// opkg writes behind a path, parted by a tab, is left out.
#[must_use]
pub fn parse_file_list(bytes: &[u8], file_name: &str) -> (Vec<String>, Vec<Diagnostic>) {
    let mut notes = Notes::new(file_name);
    let listed: Vec<(u32, &[u8])> =
        (1..).zip(lines(bytes).map(path_of)).filter(|(_, line)| line.starts_with(b"/")).take(MOST_FILES + 1).collect();
    if let Some((line, _)) = listed.get(MOST_FILES) {
        let message = format!("more than {MOST_FILES} files are listed; the rest was left out");
        notes.push(*line, Diagnostic::warning(code::LIST_TOO_LONG, message));
    }
    let folders: HashSet<&[u8]> =
        listed.iter().filter_map(|(_, path)| path.get(..memchr::memrchr(b'/', path)?)).collect();
    let files = listed
        .iter()
        .take(MOST_FILES)
        .filter(|(_, path)| !folders.contains(path) && *path != b"/.")
        .map(|(line, path)| notes.text(*line, "a path", path))
        .collect();
    (files, notes.finish())
}

/// Reads the checksums of a package's files, as images without dpkg keep them beside its record
/// (`status.d/<package>.md5sums`): on each line a checksum, two blanks and a path without its first stroke.
#[must_use]
pub fn parse_checksums(bytes: &[u8], file_name: &str) -> (Vec<String>, Vec<Diagnostic>) {
    let mut notes = Notes::new(file_name);
    let listed = (1_u32..).zip(lines(bytes)).filter_map(|(line, text)| {
        let path = text.get(memchr(b' ', text)?..)?.trim_ascii();
        let path = path.strip_prefix(b"./").or_else(|| path.strip_prefix(b"/")).unwrap_or(path);
        (!path.is_empty()).then_some((line, path))
    });
    let mut files = Vec::new();
    for (line, path) in listed {
        if files.len() >= MOST_FILES {
            let message = format!("more than {MOST_FILES} files are listed; the rest was left out");
            notes.push(line, Diagnostic::warning(code::LIST_TOO_LONG, message));
            break;
        }
        files.push(format!("/{}", notes.text(line, "a path", path)));
    }
    (files, notes.finish())
}

/// Reads a status file, or one file of `status.d`, whose records have no status. Every record with a package name
/// yields an observation whose path is the file it was read from.
///
/// The bytes are fed in pieces of any size, so that a large file never lies in memory as a whole: touching fresh memory
/// costs more than reading it.
///
/// A file that does not end with a line end, or whose last record lacks what the others have, is taken for cut off:
/// the record is kept and [`code::TRUNCATED`] says that more may be missing.
pub struct StatusReader {
    observations: Vec<Observation>,
    notes: Notes,
    /// The beginning of a record whose end was not fed yet.
    pending: Vec<u8>,
    /// Whether it is longer than is read; what is beyond was left out.
    is_overlong: bool,
    /// How many lines were read.
    line: u32,
    /// How many records have a status: the last one should have one, too, if any has.
    statuses: usize,
}

impl StatusReader {
    /// A reader of a file of about so many bytes.
    #[must_use]
    pub fn new(file_name: &str, expected_bytes: usize) -> Self {
        Self {
            // Debian's records have some 900 bytes; a guess on the large side spares the vector its growth.
            observations: Vec::with_capacity((expected_bytes / 700).min(1 << 17)),
            notes: Notes::new(file_name),
            pending: Vec::new(),
            is_overlong: false,
            line: 0,
            statuses: 0,
        }
    }

    /// Reads the next piece.
    pub fn feed(&mut self, piece: &[u8]) {
        let Some(last) = last_record_end(piece) else {
            self.hold(piece);
            return;
        };
        let first = if self.pending.is_empty() { 0 } else { first_record_end(piece) };
        if first > 0 {
            self.hold(&piece[..first]);
            let mut whole = std::mem::take(&mut self.pending);
            if self.note_overlong() {
                whole.extend_from_slice(b"\n\n");
            }
            self.records(&whole);
        }
        self.records(&piece[first..last]);
        self.hold(&piece[last..]);
    }

    /// Keeps the beginning of a record until its end is fed, as far as a record is read.
    fn hold(&mut self, bytes: &[u8]) {
        let room = LONGEST_RECORD.saturating_sub(self.pending.len());
        self.is_overlong |= bytes.len() > room;
        self.pending.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// Says of the record at hand that it is longer than is read, if it is; whether it is.
    fn note_overlong(&mut self) -> bool {
        let is_overlong = std::mem::take(&mut self.is_overlong);
        if is_overlong {
            let message = format!("a record is longer than the {LONGEST_RECORD} bytes that are read");
            let note =
                Diagnostic::warning(code::RECORD_TOO_LONG, message).hint("what follows in this record is not known");
            self.notes.push(self.line.saturating_add(1), note);
        }
        is_overlong
    }

    /// Everything that was read.
    #[must_use]
    pub fn finish(mut self) -> (Vec<Observation>, Vec<Diagnostic>) {
        let rest = std::mem::take(&mut self.pending);
        self.note_overlong();
        let record = self.records(&rest);
        if record.start.is_some() {
            if let Some(cut) = self.cut(&rest, &record) {
                let hint = "the file looks cut off: packages after this place are not known";
                self.notes.push(record.last_line, Diagnostic::warning(code::TRUNCATED, cut).hint(hint));
            }
            self.end(&record);
        }
        (self.observations, self.notes.finish())
    }

    /// Reads records; gives back the last one if no empty line ends it.
    fn records<'a>(&mut self, text: &'a [u8]) -> Record<'a> {
        let mut record = Record::default();
        let mut rest = text;
        while !rest.is_empty() {
            let length = memchr(b'\n', rest).unwrap_or(rest.len());
            let line = &rest[..length];
            rest = rest.get(length + 1..).unwrap_or_default();
            self.line = self.line.saturating_add(1);
            match line {
                [] | [b'\r'] => self.end(&std::mem::take(&mut record)),
                // The body of a folded field, such as a description: most of the file.
                [b' ' | b'\t', ..] => {}
                [first, ..] => {
                    record.start.get_or_insert(self.line);
                    record.last_line = self.line;
                    self.field(*first, line, &mut record);
                }
            }
        }
        record
    }

    /// Takes a line's value if it is one of the wanted fields, whose names are compared without case, as dpkg does.
    fn field<'a>(&mut self, first: u8, line: &'a [u8], record: &mut Record<'a>) {
        let field = match first | 0x20 {
            b'p' => return self.package(line, record),
            b'v' => value(line, b"Version").map(|value| (value, &mut record.version)),
            b'm' => value(line, b"Maintainer").map(|value| (value, &mut record.maintainer)),
            b'a' => value(line, b"Architecture").map(|value| (value, &mut record.architecture)),
            b's' => value(line, b"Status").map(|value| (value, &mut record.status)),
            _ => None,
        };
        let Some((value, field)) = field.filter(|(value, _)| !value.is_empty()) else { return };
        if field.is_some() {
            let message = "a field stands twice in one record; the first counts";
            self.notes.push(self.line, Diagnostic::warning(code::FIELD_TWICE, message));
        } else {
            *field = Some(value);
        }
    }

    /// A second package name within a record begins another one: the empty line between them got lost.
    fn package<'a>(&mut self, line: &'a [u8], record: &mut Record<'a>) {
        let Some(name) = value(line, b"Package") else { return };
        if record.package.is_some() {
            let message = "a record begins without an empty line before it";
            self.notes.push(self.line, Diagnostic::warning(code::RUN_TOGETHER, message));
            self.end(record);
            *record = Record { start: Some(self.line), last_line: self.line, ..Record::default() };
        }
        record.package = Some(name).filter(|name| !name.is_empty());
    }

    fn end(&mut self, record: &Record<'_>) {
        let Some(start) = record.start else { return };
        self.statuses += usize::from(record.status.is_some());
        let Some(package) = record.package else {
            let message = "a record has no package name and was left out";
            self.notes.push(start, Diagnostic::warning(code::NAMELESS, message));
            return;
        };
        let notes = &mut self.notes;
        let mut observation = Observation::new(ObservationSource::DebPackages);
        observation.name = Some(notes.text(start, "Package", package));
        observation.version = record.version.map(|value| notes.text(start, "Version", value));
        observation.publisher = record.maintainer.map(|value| notes.text(start, "Maintainer", value));
        observation.arch = record.architecture.map(|value| notes.text(start, "Architecture", value));
        observation.path = Some(notes.file_name().to_owned());
        if let Some(status) = record.status.filter(|status| *status != INSTALLED) {
            observation.raw.insert(raw_key::STATUS.to_owned(), notes.text(start, "Status", status));
        }
        self.observations.push(observation);
    }

    /// Why the last record, which no empty line ends, looks cut.
    fn cut(&self, text: &[u8], record: &Record<'_>) -> Option<&'static str> {
        if !text.ends_with(b"\n") {
            return Some("the file ends in the middle of a line");
        }
        if record.package.is_some() && record.version.is_none() {
            return Some("the file ends before the version of its last record");
        }
        if record.status.is_none() && self.statuses > 0 {
            return Some("the file ends before the status of its last record");
        }
        None
    }
}

/// The fields of the record that is being read.
#[derive(Default)]
struct Record<'a> {
    /// Its first line; absent between records.
    start: Option<u32>,
    /// Its last line that begins a field.
    last_line: u32,
    package: Option<&'a [u8]>,
    version: Option<&'a [u8]>,
    maintainer: Option<&'a [u8]>,
    architecture: Option<&'a [u8]>,
    status: Option<&'a [u8]>,
}

/// The path on a line of a list of files.
fn path_of(line: &[u8]) -> &[u8] {
    line.get(..memchr(b'\t', line).unwrap_or(line.len())).unwrap_or(line)
}

/// Where the first record ends: behind the first empty line; 0 when there is none.
fn first_record_end(text: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', text).find_map(|at| record_end(text, at)).unwrap_or(0)
}

/// Where the last whole record ends: behind the last empty line.
fn last_record_end(text: &[u8]) -> Option<usize> {
    memchr::memrchr_iter(b'\n', text).find_map(|at| record_end(text, at))
}

/// The place behind the empty line that follows the line end at `at`, if one does.
fn record_end(text: &[u8], at: usize) -> Option<usize> {
    match text.get(at + 1..)? {
        [b'\n', ..] => Some(at + 2),
        [b'\r', b'\n', ..] => Some(at + 3),
        _ => None,
    }
}

/// The value of a line, if it is that field.
fn value<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (field, rest) = line.split_at_checked(name.len())?;
    let value = rest.strip_prefix(b":")?;
    field.eq_ignore_ascii_case(name).then(|| value.trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "Package: kesl\nStatus: install ok installed\nMaintainer: AO Kaspersky Lab\nArchitecture: amd64\n\
        Version: 12.1.0-1508\nDescription: x\n Package: not this\n\n";

    fn codes(diagnostics: &[Diagnostic]) -> Vec<&str> {
        diagnostics.iter().map(|diagnostic| diagnostic.code.as_ref()).collect()
    }

    fn names(observations: &[Observation]) -> Vec<&str> {
        observations.iter().filter_map(|observation| observation.name.as_deref()).collect()
    }

    #[test]
    fn the_wanted_fields_are_taken() {
        let (observations, diagnostics) = parse_status(SOUND.as_bytes(), "/var/lib/dpkg/status");
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let [one] = observations.as_slice() else { panic!("{observations:?}") };
        assert_eq!(one.name.as_deref(), Some("kesl"));
        assert_eq!(one.version.as_deref(), Some("12.1.0-1508"));
        assert_eq!(one.publisher.as_deref(), Some("AO Kaspersky Lab"));
        assert_eq!(one.arch.as_deref(), Some("amd64"));
        assert_eq!(one.path.as_deref(), Some("/var/lib/dpkg/status"));
        assert!(one.raw.is_empty());
    }

    #[test]
    fn line_ends_and_the_case_of_fields_do_not_matter() {
        let windows = SOUND.replace('\n', "\r\n").replace("Version", "VERSION");
        assert_eq!(parse_status(windows.as_bytes(), "f"), parse_status(SOUND.as_bytes(), "f"));
    }

    #[test]
    fn what_is_wrong_with_a_record_is_said_and_the_record_kept() {
        let table: [(&str, &[&str], &[&str]); 10] = [
            ("Package: a\nVersion: 1\n", &["a"], &[]),
            ("Package: a\n\nPackage: b\nVersion: 1\n\n", &["a", "b"], &[]),
            ("Package: a\nVersion: 1", &["a"], &[code::TRUNCATED]),
            ("Package: a\nPriority: opt\n", &["a"], &[code::TRUNCATED]),
            (
                "Package: a\nStatus: install ok installed\nVersion: 1\n\nPackage: b\nVersion: 1\n",
                &["a", "b"],
                &[code::TRUNCATED],
            ),
            ("Package: a\nVersion: 1\nPackage: b\nVersion: 2\n\n", &["a", "b"], &[code::RUN_TOGETHER]),
            ("Package: a\nVersion: 1\nVersion: 2\n\n", &["a"], &[code::FIELD_TWICE]),
            ("Package:\nVersion: 1\n\n", &[], &[code::NAMELESS]),
            ("asdf\n\nyolo\n", &[], &[code::NAMELESS, code::NAMELESS]),
            ("\n\n\n", &[], &[]),
        ];
        for (text, expected_names, expected_codes) in table {
            let (observations, diagnostics) = parse_status(text.as_bytes(), "f");
            assert_eq!(names(&observations), expected_names, "{text:?}");
            assert_eq!(codes(&diagnostics), expected_codes, "{text:?}");
        }
    }

    #[test]
    fn a_record_without_end_is_read_as_far_as_records_are() {
        let mut reader = StatusReader::new("status", 0);
        reader.feed(b"Package: a\nStatus: install ok installed\nDescription: ");
        let endless = vec![b'x'; 1 << 20];
        for _ in 0..40 {
            reader.feed(&endless);
            assert!(reader.pending.len() <= LONGEST_RECORD);
        }
        reader.feed(b"\n\nPackage: b\nStatus: install ok installed\n\n");
        let (observations, diagnostics) = reader.finish();
        assert_eq!(names(&observations), ["a", "b"]);
        assert_eq!(codes(&diagnostics), [code::RECORD_TOO_LONG]);
    }

    #[test]
    fn a_nameless_record_is_named_by_its_line() {
        let (_, diagnostics) = parse_status(format!("{SOUND}Version: 2\n\n").as_bytes(), "f");
        assert!(diagnostics[0].to_string().starts_with("f:9: "), "{}", diagnostics[0]);
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced_and_said() {
        let (observations, diagnostics) = parse_status(b"Package: a\nMaintainer: Caf\xe9\nVersion: 1\n\n", "f");
        assert_eq!(observations[0].publisher.as_deref(), Some("Caf\u{fffd}"));
        assert_eq!(codes(&diagnostics), ["formats/not-utf8"]);
    }

    #[test]
    fn a_list_of_files_is_without_its_folders() {
        let list = b"/.\n/opt\n/opt/a\n/opt/a/bin\n/opt/a/bin/agent\n/opt/a/bin-extra\n/opt/a/LICENSE\r\nnot a path\n";
        let (files, diagnostics) = parse_file_list(list, "f");
        assert_eq!(files, ["/opt/a/bin/agent", "/opt/a/bin-extra", "/opt/a/LICENSE"]);
        assert!(diagnostics.is_empty());
    }

    #[test]
    fn what_opkg_notes_behind_a_path_is_left_out() {
        let list = b"/usr/bin/agent\t0100755\t\n/usr/bin/ctl\t0120777\tagent\n/usr/bin\t040755\t\n";
        assert_eq!(parse_file_list(list, "f").0, ["/usr/bin/agent", "/usr/bin/ctl"]);
    }

    #[test]
    fn checksums_name_the_files() {
        let sums = b"d41d8cd98f00b204e9800998ecf8427e  usr/share/zoneinfo/UTC\nd41d  ./etc/a b.conf\r\n\nd41d\n";
        let (files, diagnostics) = parse_checksums(sums, "f");
        assert_eq!(files, ["/usr/share/zoneinfo/UTC", "/etc/a b.conf"]);
        assert!(diagnostics.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = (parse_status(&bytes, "f"), parse_file_list(&bytes, "f"), parse_checksums(&bytes, "f"));
        }

        #[test]
        fn every_record_with_a_package_line_is_kept(
            text in "((Package|Version|Status|Source|package|X): ?[a-z ]{0,3}|[a-z]{0,4}| x|\r)?(\r?\n[ -~]?){0,3}"
        ) {
            kept(&text);
        }

        #[test]
        fn every_record_of_many_is_kept(
            lines in proptest::collection::vec("(Package|Version|Status|Maintainer|X): ?[a-z]{0,3}|| Package: a|[a-z:]{0,4}|\r", 0..40)
        ) {
            kept(&lines.join("\n"));
        }
    }

    fn kept(text: &str) {
        let whole = parse_status(text.as_bytes(), "f");
        let records = text
            .split('\n')
            .filter_map(|line| line.split_once(':'))
            .filter(|(field, value)| field.eq_ignore_ascii_case("package") && !value.trim().is_empty())
            .count();
        assert_eq!(whole.0.len(), records, "{text:?}");
        for size in [1, 2, 3, 7, 20] {
            let mut reader = StatusReader::new("f", 0);
            text.as_bytes().chunks(size).for_each(|piece| reader.feed(piece));
            assert_eq!(reader.finish(), whole, "{text:?} in pieces of {size}");
        }
    }
}
