//! RPM headers, as the database keeps them: one blob for each package.
//!
//! A header is an index of tags and a store of data, all numbers big-endian: count of index entries, size of the store,
//! the entries (tag, type, offset, count; four bytes each), the store. See `lib/header.c` and `include/rpm/rpmtag.h` of
//! rpm, whose limits are kept here. Signatures are not checked and dependencies not read; which kind of database the
//! blobs come from does not matter here.

use chrono::{DateTime, SecondsFormat};
use interdict_model::{Diagnostic, Observation, ObservationSource};

/// The codes of this module's diagnostics.
pub mod code {
    /// A header contradicts itself.
    pub const MALFORMED: &str = "formats/rpm-malformed";
    /// A header has no name.
    pub const NAMELESS: &str = "formats/rpm-nameless";
    /// A file list contradicts itself, or is too long.
    pub const FILES_MALFORMED: &str = "formats/rpm-files-malformed";
}

/// How many files of one package are read.
pub const MOST_FILES: usize = 200_000;
/// How many bytes the paths of one package may have together: a hostile header can repeat one long folder name.
const MOST_PATH_BYTES: usize = 64 << 20;

/// The tags that are read; the numbers are rpm's.
mod tag {
    pub(super) const NAME: u32 = 1000;
    pub(super) const VERSION: u32 = 1001;
    pub(super) const RELEASE: u32 = 1002;
    pub(super) const EPOCH: u32 = 1003;
    pub(super) const INSTALLTIME: u32 = 1008;
    pub(super) const VENDOR: u32 = 1011;
    pub(super) const PACKAGER: u32 = 1015;
    pub(super) const ARCH: u32 = 1022;
    pub(super) const OLDFILENAMES: u32 = 1027;
    pub(super) const FILEMODES: u32 = 1030;
    pub(super) const FILEFLAGS: u32 = 1037;
    pub(super) const DIRINDEXES: u32 = 1116;
    pub(super) const BASENAMES: u32 = 1117;
    pub(super) const DIRNAMES: u32 = 1118;
}

/// The types of data that are read.
mod kind {
    pub(super) const INT16: u32 = 3;
    pub(super) const INT32: u32 = 4;
    pub(super) const INT64: u32 = 5;
    pub(super) const STRING: u32 = 6;
    pub(super) const STRING_ARRAY: u32 = 8;
    pub(super) const I18N_STRING: u32 = 9;
}

/// What a package file begins with; the database leaves it out.
const MAGIC: [u8; 8] = [0x8e, 0xad, 0xe8, 0x01, 0, 0, 0, 0];
const ENTRY_SIZE: usize = 16;
/// `HEADER_TAGS_MAX` and `HEADER_DATA_MAX` of rpm.
const MOST_TAGS: usize = 0xffff;
const MOST_DATA: usize = 0x0fff_ffff;
/// `RPMFILE_GHOST`: owned by the package but not put there by it.
const GHOST: u64 = 1 << 6;
/// The file type bits of a mode, and the type of a folder (inode(7)).
const TYPE_BITS: u64 = 0o170_000;
const FOLDER: u64 = 0o040_000;

/// Reads the header of one package. The version is written `[epoch:]version-release`, the publisher is the vendor or,
/// without one, the packager, and the install date is RFC 3339 in UTC.
pub fn parse_header(blob: &[u8]) -> Result<Observation, Diagnostic> {
    let header = Header::read(blob)?;
    let name = header
        .text(tag::NAME)
        .ok_or_else(|| Diagnostic::warning(code::NAMELESS, "an RPM header has no package name and was left out"))?;
    let mut observation = Observation::new(ObservationSource::RpmPackages);
    observation.name = Some(name);
    observation.version = version(&header);
    observation.publisher = header.text(tag::VENDOR).or_else(|| header.text(tag::PACKAGER));
    observation.arch = header.text(tag::ARCH);
    observation.install_date = header.number(tag::INSTALLTIME).and_then(instant);
    Ok(observation)
}

/// Reads which files a package put on the machine: folders and files it only lays claim to are left out.
#[must_use]
pub fn parse_files(blob: &[u8]) -> (Vec<String>, Vec<Diagnostic>) {
    let header = match Header::read(blob) {
        Ok(header) => header,
        Err(diagnostic) => return (Vec::new(), vec![diagnostic]),
    };
    let mut files = Vec::new();
    let mut diagnostics = Vec::new();
    let mut complain = |message: String| diagnostics.push(Diagnostic::warning(code::FILES_MALFORMED, message));
    let folders: Vec<&[u8]> = header.strings(tag::DIRNAMES).collect();
    let indexes = header.numbers(tag::DIRINDEXES);
    let modes = header.numbers(tag::FILEMODES);
    let flags = header.numbers(tag::FILEFLAGS);
    let mut bytes = 0;
    // rpm before 4 (2000) wrote whole paths instead.
    let whole = header.strings(tag::OLDFILENAMES).map(|path| Some((&b""[..], path)));
    let parts = header.strings(tag::BASENAMES).enumerate().map(|(position, base)| {
        let index = usize::try_from(*indexes.get(position)?).ok()?;
        Some((*folders.get(index)?, base))
    });
    for (position, path) in parts.chain(whole).enumerate() {
        let Some((folder, base)) = path else {
            complain(format!("file {position} is in a folder that the header does not have"));
            break;
        };
        bytes += folder.len() + base.len();
        if position >= MOST_FILES || bytes > MOST_PATH_BYTES {
            complain(format!("the package has too many files; the first {position} were read"));
            break;
        }
        let is_folder = modes.get(position).is_some_and(|mode| mode & TYPE_BITS == FOLDER);
        let is_ghost = flags.get(position).is_some_and(|flags| flags & GHOST != 0);
        if !is_folder && !is_ghost {
            files.push(format!("{}{}", String::from_utf8_lossy(folder), String::from_utf8_lossy(base)));
        }
    }
    (files, diagnostics)
}

/// An epoch of 0 says the same as none.
fn version(header: &Header<'_>) -> Option<String> {
    let version = header.text(tag::VERSION)?;
    let epoch = header.number(tag::EPOCH).filter(|epoch| *epoch != 0).map(|epoch| format!("{epoch}:"));
    let release = header.text(tag::RELEASE).map(|release| format!("-{release}"));
    Some(format!("{}{version}{}", epoch.unwrap_or_default(), release.unwrap_or_default()))
}

fn instant(seconds: u64) -> Option<String> {
    let instant = DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)?;
    Some(instant.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// One entry of the index.
#[derive(Clone, Copy)]
struct Entry {
    kind: u32,
    offset: usize,
    count: usize,
}

/// A header whose index and store lie within the blob.
struct Header<'a> {
    index: &'a [u8],
    store: &'a [u8],
}

impl<'a> Header<'a> {
    fn read(blob: &'a [u8]) -> Result<Self, Diagnostic> {
        let malformed = |message: String| Diagnostic::warning(code::MALFORMED, message);
        let blob = blob.strip_prefix(&MAGIC).unwrap_or(blob);
        let (Some(tags), Some(size)) = (number_at(blob, 0), number_at(blob, 4)) else {
            return Err(malformed(format!("an RPM header of {} bytes is too short", blob.len())));
        };
        if tags > MOST_TAGS || size > MOST_DATA {
            return Err(malformed(format!("an RPM header claims {tags} tags and {size} bytes of data")));
        }
        let store_at = 8 + tags * ENTRY_SIZE;
        match (blob.get(8..store_at), blob.get(store_at..store_at + size)) {
            (Some(index), Some(store)) => Ok(Self { index, store }),
            _ => Err(malformed(format!(
                "an RPM header of {} bytes claims {tags} tags and {size} bytes of data",
                blob.len()
            ))),
        }
    }

    fn entry(&self, wanted: u32) -> Option<Entry> {
        let wanted = wanted.to_be_bytes();
        let entry = self.index.chunks_exact(ENTRY_SIZE).find(|entry| entry.starts_with(&wanted))?;
        Some(Entry {
            kind: u32::try_from(number_at(entry, 4)?).ok()?,
            offset: number_at(entry, 8)?,
            count: number_at(entry, 12)?,
        })
    }

    /// The strings of a tag, as many as the index says and the store holds.
    fn strings(&self, wanted: u32) -> impl Iterator<Item = &'a [u8]> {
        let entry = self
            .entry(wanted)
            .filter(|entry| matches!(entry.kind, kind::STRING | kind::STRING_ARRAY | kind::I18N_STRING));
        let mut rest = entry.and_then(|entry| self.store.get(entry.offset..)).unwrap_or_default();
        let mut left = entry.map_or(0, |entry| entry.count);
        std::iter::from_fn(move || {
            left = left.checked_sub(1)?;
            let end = memchr::memchr(0, rest)?;
            let (text, after) = rest.split_at(end);
            rest = &after[1..];
            Some(text)
        })
    }

    /// The first string of a tag; of a translated one that is the untranslated text.
    fn text(&self, wanted: u32) -> Option<String> {
        let text = self.strings(wanted).next()?.trim_ascii();
        (!text.is_empty()).then(|| String::from_utf8_lossy(text).into_owned())
    }

    /// The numbers of a tag, as many as the index says and the store holds.
    fn numbers(&self, wanted: u32) -> Vec<u64> {
        let Some(entry) = self.entry(wanted) else { return Vec::new() };
        let size = match entry.kind {
            kind::INT16 => 2,
            kind::INT32 => 4,
            kind::INT64 => 8,
            _ => return Vec::new(),
        };
        let data = self.store.get(entry.offset..).unwrap_or_default();
        data.chunks_exact(size).take(entry.count.min(MOST_FILES)).map(big_endian).collect()
    }

    fn number(&self, wanted: u32) -> Option<u64> {
        self.numbers(wanted).first().copied()
    }
}

fn number_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(big_endian(bytes.get(at..at + 4)?)).ok()
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

#[cfg(test)]
#[path = "../tests/support/rpm_encoder.rs"]
mod rpm_encoder;

#[cfg(test)]
mod tests {
    use super::rpm_encoder::{Data, encode};
    use super::*;

    fn agent() -> Vec<(u32, Data<'static>)> {
        vec![
            (tag::NAME, Data::Text("kesl")),
            (tag::VERSION, Data::Text("12.1.0")),
            (tag::RELEASE, Data::Text("1508")),
            (tag::ARCH, Data::Text("x86_64")),
            (tag::VENDOR, Data::Text("AO Kaspersky Lab")),
            (tag::PACKAGER, Data::Text("somebody else")),
            (tag::INSTALLTIME, Data::Numbers(&[1_643_279_456])),
        ]
    }

    #[test]
    fn the_wanted_tags_are_taken() {
        let one = parse_header(&encode(&agent())).expect("a sound header");
        assert_eq!(one.name.as_deref(), Some("kesl"));
        assert_eq!(one.version.as_deref(), Some("12.1.0-1508"));
        assert_eq!(one.publisher.as_deref(), Some("AO Kaspersky Lab"));
        assert_eq!(one.arch.as_deref(), Some("x86_64"));
        assert_eq!(one.install_date.as_deref(), Some("2022-01-27T10:30:56Z"));
        let with_magic = [&MAGIC[..], &encode(&agent())].concat();
        assert_eq!(parse_header(&with_magic).expect("as in a package file"), one);
    }

    #[test]
    fn an_epoch_counts_unless_it_is_zero() {
        for (epoch, expected) in [(0, "12.1.0-1508"), (2, "2:12.1.0-1508")] {
            let mut tags = agent();
            let epochs = [epoch];
            tags.push((tag::EPOCH, Data::Numbers(&epochs)));
            assert_eq!(parse_header(&encode(&tags)).expect("sound").version.as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_header_without_version_or_vendor_is_kept() {
        let tags = [(tag::NAME, Data::Text("bare")), (tag::PACKAGER, Data::Translated(&["Verpacker", "Packer"]))];
        let one = parse_header(&encode(&tags)).expect("sound");
        assert_eq!((one.version, one.publisher.as_deref()), (None, Some("Verpacker")));
    }

    #[test]
    fn a_header_without_a_name_is_said() {
        let error = parse_header(&encode(&[(tag::VERSION, Data::Text("1"))])).expect_err("nameless");
        assert_eq!(error.code, code::NAMELESS);
    }

    #[test]
    fn a_header_that_claims_too_much_is_said() {
        let sound = encode(&agent());
        let cut = &sound[..sound.len() - 1];
        let many_tags = [&[0, 1, 0, 0][..], &sound[4..]].concat();
        let much_data = [&sound[..4], &[0x7f, 0xff, 0xff, 0xff], &sound[8..]].concat();
        for wrong in [&b""[..], b"\0\0\0\x01", cut, &many_tags, &much_data] {
            assert_eq!(parse_header(wrong).expect_err("malformed").code, code::MALFORMED);
        }
    }

    #[test]
    fn files_are_put_together_without_folders_and_ghosts() {
        let tags = [
            (tag::DIRNAMES, Data::Texts(&["/opt/", "/opt/kesl/bin/"])),
            (tag::BASENAMES, Data::Texts(&["kesl", "agent", "agent.log"])),
            (tag::DIRINDEXES, Data::Numbers(&[0, 1, 1])),
            (tag::FILEMODES, Data::Short(&[0o040_755, 0o100_755, 0o100_644])),
            (tag::FILEFLAGS, Data::Numbers(&[0, 0, 64])),
        ];
        assert_eq!(parse_files(&encode(&tags)), (vec!["/opt/kesl/bin/agent".to_owned()], Vec::new()));
    }

    #[test]
    fn a_folder_that_is_not_there_ends_the_list() {
        let tags = [
            (tag::DIRNAMES, Data::Texts(&["/opt/"])),
            (tag::BASENAMES, Data::Texts(&["a", "b"])),
            (tag::DIRINDEXES, Data::Numbers(&[0, 7])),
        ];
        let (files, diagnostics) = parse_files(&encode(&tags));
        assert_eq!(files, ["/opt/a"]);
        assert_eq!(diagnostics[0].code, code::FILES_MALFORMED);
    }

    #[test]
    fn old_headers_have_whole_paths() {
        let tags = [(tag::OLDFILENAMES, Data::Texts(&["/bin/a", "/etc/a.conf"]))];
        assert_eq!(parse_files(&encode(&tags)).0, ["/bin/a", "/etc/a.conf"]);
    }

    #[test]
    fn a_header_that_repeats_a_long_folder_is_bounded() {
        let folder = "x".repeat(1 << 20);
        let bases = vec!["a"; 1000];
        let indexes = vec![0; 1000];
        let folders = [folder.as_str()];
        let tags = [
            (tag::DIRNAMES, Data::Texts(&folders)),
            (tag::BASENAMES, Data::Texts(&bases)),
            (tag::DIRINDEXES, Data::Numbers(&indexes)),
        ];
        let (files, diagnostics) = parse_files(&encode(&tags));
        assert!(files.iter().map(String::len).sum::<usize>() <= MOST_PATH_BYTES);
        assert_eq!(diagnostics[0].code, code::FILES_MALFORMED);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = (parse_header(&bytes), parse_files(&bytes));
        }

        #[test]
        fn no_change_of_a_sound_header_makes_it_panic(position in 0_usize..400, byte: u8) {
            let mut tags = agent();
            tags.push((tag::DIRNAMES, Data::Texts(&["/opt/"])));
            tags.push((tag::BASENAMES, Data::Texts(&["a", "b"])));
            tags.push((tag::DIRINDEXES, Data::Numbers(&[0, 0])));
            let mut header = encode(&tags);
            let length = header.len();
            header[position % length] = byte;
            let _ = (parse_header(&header), parse_files(&header));
        }
    }
}
