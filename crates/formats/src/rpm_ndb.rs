//! RPM's own database format ndb, as SUSE's systems keep it: `Packages.db`.
//!
//! The file begins with a header and slots of 16 bytes, in pages of 4 KiB; a slot says which package lies where, in
//! blocks of 16 bytes. A package is a head, the RPM header, and a tail with an Adler-32 checksum. All numbers are
//! little-endian. The format is that of rpm's source
//! (<https://github.com/rpm-software-management/rpm/blob/rpm-4.18.x/lib/backend/ndb/rpmpkg.c>).
//!
//! Where a checksum does not fit, the header is handed over nevertheless and the damage said: rpm itself does not look
//! at it when it reads. The index beside it (`Index.db`) is not read, and nothing is searched for outside of the slots.

use interdict_model::Diagnostic;

use crate::rpm_database::{Complaints, DatabaseFile, LONGEST_HEADER, MOST_PACKAGES};

const HEADER_SIZE: usize = 32;
const PAGE_SIZE: usize = 4096;
const SLOT_SIZE: usize = 16;
const BLOCK_SIZE: u64 = 16;
const HEAD_SIZE: usize = 16;
const TAIL_SIZE: usize = 12;

/// Hands over the header of each package, and gives back what looks wrong. Only what [`DatabaseFile::read`] answers
/// ends it early.
pub fn read_packages<E>(mut file: DatabaseFile<'_, E>, take: &mut dyn FnMut(&[u8])) -> Result<Vec<Diagnostic>, E> {
    let mut complaints = Complaints::default();
    let Some(header) = file.exactly(0, HEADER_SIZE)? else {
        complaints.truncated(format!("it ends within its header, after {} bytes", file.size));
        return Ok(complaints.finish());
    };
    if !header.starts_with(b"RpmP") {
        complaints.malformed("it is no ndb file".to_owned());
        return Ok(complaints.finish());
    }
    let version = number(&header, 4);
    if version != 0 {
        complaints.malformed(format!("it is of version {version} of the format, which is not known"));
        return Ok(complaints.finish());
    }
    let pages = number(&header, 12);
    // No two packages lie in the same place, so together they are not larger than the file.
    let mut left = file.size;
    let mut packages = 0;
    for page in 0..pages {
        let Some(bytes) = file.exactly(u64::from(page) * PAGE_SIZE as u64, PAGE_SIZE)? else {
            complaints.truncated(format!("it ends after {page} of its {pages} pages of slots"));
            break;
        };
        let first = if page == 0 { HEADER_SIZE } else { 0 };
        for (index, slot) in bytes[first..].chunks_exact(SLOT_SIZE).enumerate() {
            let place = page as usize * PAGE_SIZE + first + index * SLOT_SIZE;
            match Slot::read(slot) {
                Ok(None) => {}
                Ok(Some(slot)) if packages < MOST_PACKAGES => {
                    packages += usize::from(slot.hand_over(&mut file, &mut left, &mut complaints, take)?);
                }
                Ok(Some(_)) => {
                    complaints.malformed(format!("it has more than the {MOST_PACKAGES} packages that are read"));
                    return Ok(complaints.finish());
                }
                Err(()) => complaints.malformed(format!("at byte {place} is no slot")),
            }
        }
    }
    Ok(complaints.finish())
}

/// Where a package lies.
struct Slot {
    package: u32,
    block: u32,
    blocks: u32,
}

impl Slot {
    /// A slot; nothing if it is free.
    fn read(slot: &[u8]) -> Result<Option<Self>, ()> {
        if !slot.starts_with(b"Slot") {
            return Err(());
        }
        let slot = Self { package: number(slot, 4), block: number(slot, 8), blocks: number(slot, 12) };
        Ok(Some(slot).filter(|slot| slot.block != 0))
    }

    /// Reads the package and hands its header over; `false` if that was not possible.
    fn hand_over<E>(
        &self,
        file: &mut DatabaseFile<'_, E>,
        left: &mut u64,
        complaints: &mut Complaints,
        take: &mut dyn FnMut(&[u8]),
    ) -> Result<bool, E> {
        let Self { package, block, blocks } = *self;
        let length = u64::from(blocks) * BLOCK_SIZE;
        let place = u64::from(block) * BLOCK_SIZE;
        if place + length > file.size {
            let message = format!("package {package}, {length} bytes at {place}, lies behind the end of the file");
            complaints.truncated(message);
            return Ok(false);
        }
        // What is at most as long as a header fits any memory that rpm runs in.
        let bounded = usize::try_from(length).ok().filter(|length| *length <= LONGEST_HEADER + HEAD_SIZE + TAIL_SIZE);
        let Some(bounded) = bounded.filter(|_| length <= *left) else {
            complaints.malformed(format!("package {package} cannot have {length} bytes"));
            return Ok(false);
        };
        *left -= length;
        let Some(bytes) = file.exactly(place, bounded)? else {
            complaints.truncated(format!("package {package}, {length} bytes at {place}, could not be read whole"));
            return Ok(false);
        };
        let Some(header) = header_of(&bytes, package) else {
            complaints.malformed(format!("at byte {place} is not package {package}"));
            return Ok(false);
        };
        let tail = &bytes[bytes.len() - TAIL_SIZE..];
        if number(tail, 4) as usize != header.len() || !tail.ends_with(b"BlbE") {
            complaints.malformed(format!("package {package}, at byte {place}, has no end"));
        } else if number(tail, 0) != adler32(&bytes[..bytes.len() - TAIL_SIZE]) {
            complaints.malformed(format!("the checksum of package {package}, at byte {place}, does not fit"));
        }
        take(header);
        Ok(true)
    }
}

/// The RPM header within the blocks of a package, if they are that package's.
fn header_of(bytes: &[u8], package: u32) -> Option<&[u8]> {
    let head = bytes.get(..HEAD_SIZE)?;
    if !head.starts_with(b"BlbS") || number(head, 4) != package {
        return None;
    }
    bytes.get(HEAD_SIZE..bytes.len().checked_sub(TAIL_SIZE)?)?.get(..number(head, 12) as usize)
}

fn number(bytes: &[u8], at: usize) -> u32 {
    let bytes = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    bytes.map(|bytes| u32::from_le_bytes(*bytes)).unwrap_or_default()
}

/// The checksum of RFC 1950, section 8.2.
fn adler32(bytes: &[u8]) -> u32 {
    const BASE: u32 = 65_521;
    // So many bytes can be added up before 32 bits run over.
    const UNREDUCED: usize = 5552;
    let (mut low, mut high) = (1_u32, 0_u32);
    for piece in bytes.chunks(UNREDUCED) {
        for byte in piece {
            low += u32::from(*byte);
            high += low;
        }
        low %= BASE;
        high %= BASE;
    }
    (high << 16) | low
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpm_database::code;
    use crate::rpm_database_encoder::ndb;

    fn read(bytes: &[u8]) -> (Vec<Vec<u8>>, Vec<Diagnostic>) {
        let mut headers = Vec::new();
        let mut read = |offset: u64, length: usize| {
            let offset = usize::try_from(offset).expect("small");
            Ok::<_, ()>(bytes.get(offset..bytes.len().min(offset + length)).unwrap_or_default().to_vec())
        };
        let file = DatabaseFile { size: bytes.len() as u64, read: &mut read };
        let diagnostics = read_packages(file, &mut |header| headers.push(header.to_vec())).expect("nothing fails");
        (headers, diagnostics)
    }

    /// Headers with every length of padding, and one longer than what a checksum is added up of at a time.
    fn headers() -> Vec<Vec<u8>> {
        let mut headers: Vec<Vec<u8>> = (40..57).map(|length| vec![b'x'; length]).collect();
        headers.push(vec![0xff; 20_000]);
        headers
    }

    fn file() -> Vec<u8> {
        let headers = headers();
        ndb(&headers.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    #[test]
    fn every_header_is_read() {
        let (found, diagnostics) = read(&file());
        assert_eq!(found, headers());
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(read(&ndb(&[])), (Vec::new(), Vec::new()));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place_and_costs_no_more_than_it_must() {
        type Change = (&'static str, fn(&mut Vec<u8>), usize, &'static str, &'static str);
        let table: &[Change] = &[
            ("no magic", |file| file[0] = 0, 0, code::MALFORMED, "no ndb file"),
            ("version", |file| file[4] = 1, 0, code::MALFORMED, "of version 1"),
            ("empty", Vec::clear, 0, code::TRUNCATED, "after 0 bytes"),
            ("cut in the slots", |file| file.truncate(4000), 0, code::TRUNCATED, "after 0 of its 1 pages"),
            ("cut in a package", |file| file.truncate(6000), 17, code::TRUNCATED, "package 18, 20032 bytes at 5520"),
            ("a broken slot", |file| file[32] = 0, 17, code::MALFORMED, "at byte 32 is no slot"),
            ("a slot too long", |file| file[32 + 15] = 0x7f, 17, code::TRUNCATED, "bytes at 4096, lies behind"),
            ("another package", |file| file[4096 + 4] = 9, 17, code::MALFORMED, "at byte 4096 is not package 1"),
            ("a length too long", |file| file[4096 + 14] = 9, 17, code::MALFORMED, "is not package 1"),
            ("no tail", |file| file[4096 + 79] = 0, 18, code::MALFORMED, "package 1, at byte 4096, has no end"),
            ("a changed byte", |file| file[4096 + 20] = 0, 18, code::MALFORMED, "checksum of package 1, at byte 4096"),
        ];
        for (what, change, headers, code, says) in table {
            let mut bytes = file();
            change(&mut bytes);
            let (found, diagnostics) = read(&bytes);
            assert_eq!(found.len(), *headers, "{what}: {diagnostics:?}");
            assert!(
                diagnostics.iter().any(|one| one.code == *code && one.message.contains(says)),
                "{what}: {diagnostics:?}"
            );
        }
    }

    #[test]
    fn slots_that_overlap_do_not_read_more_than_the_file() {
        let mut bytes = ndb(&[vec![b'x'; 20_000].as_slice()]);
        let slot = bytes[32..48].to_vec();
        for place in (48..4096).step_by(16) {
            bytes[place..place + 16].copy_from_slice(&slot);
        }
        let (headers, diagnostics) = read(&bytes);
        assert_eq!(headers.len(), 1);
        assert!(diagnostics.len() > 1);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = read(&bytes);
        }

        #[test]
        fn no_change_makes_it_panic_or_run_on(changes in proptest::collection::vec((0_usize..6000, 0_u8..), 1..20), cut in 0_usize..30_000) {
            let mut bytes = file();
            for (position, byte) in changes {
                bytes[position] = byte;
            }
            bytes.truncate(cut);
            let (headers, diagnostics) = read(&bytes);
            proptest::prop_assert!(headers.iter().map(Vec::len).sum::<usize>() <= bytes.len());
            proptest::prop_assert!(diagnostics.len() < 60);
        }
    }
}
