//! RPM's database as Berkeley DB wrote it until rpm 4.16: `Packages`, a file of the hash access method.
//!
//! The file is a row of pages of equal size. The first describes the others; pages of records hold pairs of a package's
//! number and its header, or where the header's chain of overflow pages begins. Numbers are in the byte order of the
//! machine that wrote them. The format is that of `src/dbinc/db_page.h` of Berkeley DB 4.3 to 6, as rpm's own read-only
//! reader takes it (<https://github.com/rpm-software-management/rpm/blob/rpm-4.18.x/lib/backend/bdb_ro.c>).
//!
//! Pages are read one after the other instead of bucket by bucket: a broken link then costs one header, not all that
//! come after it. No page counts for two headers, so that no loop of links can keep the reader busy. B-trees (rpm's
//! indexes), encrypted files and the environment (`__db.*`) are not read.

use interdict_model::Diagnostic;

use crate::rpm_database::{Complaints, DatabaseFile, LONGEST_HEADER, MOST_PACKAGES};

/// The magic number of a hash file.
const HASH_MAGIC: u32 = 0x0006_1561;
/// The versions of the format that rpm reads, too.
const VERSIONS: std::ops::RangeInclusive<u32> = 8..=10;
/// The part of the first page that is read.
const META_SIZE: usize = 96;
/// What every page begins with.
const PAGE_HEADER: usize = 26;
/// The same where pages have checksums.
const PAGE_HEADER_WITH_CHECKSUM: usize = 32;
/// `DBMETA_CHKSUM`: pages have checksums.
const HAS_CHECKSUMS: u8 = 1;
/// Of how many pages it is noted that they were used: those of a file of 64 GiB with the usual pages.
const MOST_PAGES: u32 = 1 << 24;

/// The types of pages that are read.
mod page_type {
    pub(super) const HASH_UNSORTED: u8 = 2;
    pub(super) const OVERFLOW: u8 = 7;
    pub(super) const HASH_META: u8 = 8;
    pub(super) const HASH: u8 = 13;
}

/// The types of items in a page.
mod item {
    pub(super) const HERE: u8 = 1;
    pub(super) const ON_OVERFLOW_PAGES: u8 = 3;
    /// How long an item is that says where its data begins.
    pub(super) const OVERFLOW_LENGTH: usize = 12;
}

/// Hands over the header of each package, and gives back what looks wrong. Only what [`DatabaseFile::read`] answers
/// ends it early.
pub fn read_packages<E>(mut file: DatabaseFile<'_, E>, take: &mut dyn FnMut(&[u8])) -> Result<Vec<Diagnostic>, E> {
    let mut complaints = Complaints::default();
    let Some(meta) = file.exactly(0, META_SIZE)? else {
        complaints.truncated(format!("it ends within its first page, after {} bytes", file.size));
        return Ok(complaints.finish());
    };
    match Meta::read(&meta) {
        Ok(meta) => Reader::new(file, meta, complaints).read(take),
        Err(why) => {
            complaints.malformed(why);
            Ok(complaints.finish())
        }
    }
}

/// What the first page says of the file.
struct Meta {
    order: Order,
    page_size: usize,
    /// The number of the last page; the first one is 0.
    last_page: u32,
    /// How long the header of a page is.
    page_header: usize,
    /// How many pairs there are, where that is kept.
    pairs: u32,
}

/// The byte order of the machine that wrote the file.
#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn long(self, bytes: &[u8], at: usize) -> Option<u32> {
        let bytes = bytes.get(at..)?.first_chunk::<4>()?;
        Some(match self {
            Self::Little => u32::from_le_bytes(*bytes),
            Self::Big => u32::from_be_bytes(*bytes),
        })
    }

    fn short(self, bytes: &[u8], at: usize) -> Option<usize> {
        let bytes = bytes.get(at..)?.first_chunk::<2>()?;
        Some(usize::from(match self {
            Self::Little => u16::from_le_bytes(*bytes),
            Self::Big => u16::from_be_bytes(*bytes),
        }))
    }
}

impl Meta {
    fn read(meta: &[u8]) -> Result<Self, String> {
        let order = [Order::Little, Order::Big].into_iter().find(|order| order.long(meta, 12) == Some(HASH_MAGIC));
        let (Some(order), Some([encryption, kind, flags])) = (order, meta.get(24..27)) else {
            return Err("it is no hash file of Berkeley DB".to_owned());
        };
        let number = |at| order.long(meta, at).unwrap_or_default();
        let (version, page_size) = (number(16), number(20));
        if *kind != page_type::HASH_META {
            return Err(format!("its first page is of type {kind}, not that of a hash file"));
        }
        if !VERSIONS.contains(&version) {
            return Err(format!("it is of version {version} of the format, which is not known"));
        }
        if *encryption != 0 {
            return Err("it is encrypted".to_owned());
        }
        if !page_size.is_power_of_two() || !(512..=65_536).contains(&page_size) {
            return Err(format!("its pages cannot have {page_size} bytes"));
        }
        let has_checksums = flags & HAS_CHECKSUMS != 0;
        Ok(Self {
            order,
            page_size: page_size as usize,
            last_page: number(32),
            page_header: if has_checksums { PAGE_HEADER_WITH_CHECKSUM } else { PAGE_HEADER },
            pairs: number(88),
        })
    }
}

struct Reader<'r, E> {
    file: DatabaseFile<'r, E>,
    meta: Meta,
    complaints: Complaints,
    /// One bit for each page that counted for a header.
    used: Vec<u64>,
    pairs: u32,
    packages: usize,
}

/// What became of a header that lies on overflow pages.
enum Chain {
    Whole(Vec<u8>),
    Broken(String),
}

impl<'r, E> Reader<'r, E> {
    const fn new(file: DatabaseFile<'r, E>, meta: Meta, complaints: Complaints) -> Self {
        Self { file, meta, complaints, used: Vec::new(), pairs: 0, packages: 0 }
    }

    fn read(mut self, take: &mut dyn FnMut(&[u8])) -> Result<Vec<Diagnostic>, E> {
        let there = self.pages_there();
        self.used = vec![0; there as usize / 64 + 1];
        for number in 1..there {
            let Some(start) = self.page(number, PAGE_HEADER)? else { break };
            if !matches!(start[25], page_type::HASH | page_type::HASH_UNSORTED) {
                continue;
            }
            let Some(page) = self.page(number, self.meta.page_size)? else { break };
            self.records(number, &page, take)?;
            if self.packages >= MOST_PACKAGES {
                let message = format!("it has more than the {MOST_PACKAGES} packages that are read");
                self.complaints.malformed(message);
                break;
            }
        }
        if self.pairs < self.meta.pairs {
            let (found, said) = (self.pairs, self.meta.pairs);
            self.complaints.malformed(format!("it says it has {said} records, but only {found} are there"));
        }
        Ok(self.complaints.finish())
    }

    /// How many pages are there, with a complaint if it should be more.
    fn pages_there(&mut self) -> u32 {
        let should = u64::from(self.meta.last_page) + 1;
        let there = self.file.size / self.meta.page_size as u64;
        if there < should {
            self.complaints.truncated(format!("it ends after {there} of its {should} pages"));
        }
        if there.min(should) > u64::from(MOST_PAGES) {
            self.complaints.malformed(format!("it has more than the {MOST_PAGES} pages that are read"));
        }
        u32::try_from(there.min(should)).unwrap_or(u32::MAX).min(MOST_PAGES)
    }

    /// The first bytes of a page.
    fn page(&mut self, number: u32, length: usize) -> Result<Option<Vec<u8>>, E> {
        self.file.exactly(u64::from(number) * self.meta.page_size as u64, length)
    }

    /// Reads the pairs of one page.
    fn records(&mut self, number: u32, page: &[u8], take: &mut dyn FnMut(&[u8])) -> Result<(), E> {
        let order = self.meta.order;
        let entries = order.short(page, 20).unwrap_or_default();
        // A page that was set aside for records and has none yet need not know its own number.
        if entries == 0 {
            return Ok(());
        }
        if order.long(page, 8) != Some(number) {
            self.complaints.malformed(format!("page {number} says it is another one"));
            return Ok(());
        }
        let begin = |index: usize| order.short(page, self.meta.page_header + 2 * index);
        let items: Vec<Option<&[u8]>> = (0..entries.min(page.len() / 2))
            .map(|index| {
                // Items lie from the end of the page to its begin.
                let end = if index == 0 { page.len() } else { begin(index - 1)? };
                page.get(begin(index)?..end).filter(|item| !item.is_empty())
            })
            .collect();
        // Items do not lie on each other, so together they are not longer than the page.
        let mut left = page.len();
        for (index, pair) in items.chunks(2).enumerate() {
            let [Some(key), Some(value)] = pair else {
                self.complaints.malformed(format!("record {index} of page {number} lies outside of the page"));
                continue;
            };
            let Some(rest) = left.checked_sub(key.len() + value.len()) else {
                self.complaints.malformed(format!("from record {index} on, those of page {number} lie on each other"));
                break;
            };
            left = rest;
            self.pairs = self.pairs.saturating_add(1);
            match self.record(key, value)? {
                Ok(Some(header)) => {
                    self.packages += 1;
                    take(&header);
                }
                Ok(None) => {}
                Err(why) => self.complaints.malformed(format!("record {index} of page {number}: {why}")),
            }
        }
        Ok(())
    }

    /// The header of one record; nothing for the one with rpm's counter, whose key is 0.
    fn record(&mut self, key: &[u8], value: &[u8]) -> Result<Result<Option<Vec<u8>>, String>, E> {
        let [item::HERE, number @ ..] = key else {
            return Ok(Err("its key is not in the page".to_owned()));
        };
        if number.len() != 4 {
            return Ok(Err(format!("its key has {} bytes, not the 4 of a package's number", number.len())));
        }
        if number == [0; 4] {
            return Ok(Ok(None));
        }
        match value {
            [item::HERE, header @ ..] => Ok(Ok(Some(header.to_vec()))),
            [item::ON_OVERFLOW_PAGES, ..] if value.len() == item::OVERFLOW_LENGTH => {
                let of = |at| self.meta.order.long(value, at).unwrap_or_default();
                Ok(match self.chain(of(4), of(8) as usize)? {
                    Chain::Whole(header) => Ok(Some(header)),
                    Chain::Broken(why) => Err(why),
                })
            }
            [kind, ..] => Ok(Err(format!("its data is of type {kind}, which headers are not"))),
            [] => Ok(Err("it has no data".to_owned())),
        }
    }

    /// Data that lies on a chain of overflow pages.
    fn chain(&mut self, first: u32, length: usize) -> Result<Chain, E> {
        if length > LONGEST_HEADER || length as u64 > self.file.size {
            return Ok(Chain::Broken(format!("its header cannot have {length} bytes")));
        }
        let mut bytes = Vec::with_capacity(length);
        let mut number = first;
        while bytes.len() < length {
            if !self.use_page(number) {
                return Ok(Chain::Broken(format!(
                    "{} of {length} bytes of its header were read, then page {number} is outside of the file or used twice",
                    bytes.len()
                )));
            }
            let page = self.page(number, self.meta.page_size)?.unwrap_or_default();
            let on_page = self.meta.order.short(&page, 22).unwrap_or_default();
            let data = page.get(self.meta.page_header..).and_then(|rest| rest.get(..on_page));
            let is_next = page.get(25) == Some(&page_type::OVERFLOW) && self.meta.order.long(&page, 8) == Some(number);
            match data.filter(|data| is_next && !data.is_empty() && data.len() <= length - bytes.len()) {
                Some(data) => bytes.extend_from_slice(data),
                None => return Ok(Chain::Broken(format!("page {number} does not go on with its header"))),
            }
            number = self.meta.order.long(&page, 16).unwrap_or_default();
        }
        Ok(Chain::Whole(bytes))
    }

    /// Notes that a page counts for a header; `false` if it cannot.
    fn use_page(&mut self, number: u32) -> bool {
        let bit = 1 << (number % 64);
        let is_there = number > 0 && u64::from(number) < self.file.size / self.meta.page_size as u64;
        match self.used.get_mut(number as usize / 64).filter(|_| is_there) {
            Some(word) if *word & bit == 0 => {
                *word |= bit;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpm_database::code;
    use crate::rpm_database_encoder::{Order as Written, berkeley};

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

    /// Headers of which one fits into the page of records, one onto one more page and one onto several.
    fn three() -> [Vec<u8>; 3] {
        [vec![b'a'; 30], vec![b'b'; 400], (0..=255).cycle().take(3000).collect()]
    }

    fn file(order: Written) -> Vec<u8> {
        let three = three();
        berkeley(order, 512, &[&three[0], &three[1], &three[2]])
    }

    #[test]
    fn headers_are_read_in_both_byte_orders_wherever_they_lie() {
        for order in [Written::Little, Written::Big] {
            let (headers, diagnostics) = read(&file(order));
            assert_eq!(headers, three(), "{order:?}");
            assert!(diagnostics.is_empty(), "{order:?}: {diagnostics:?}");
        }
        assert_eq!(read(&berkeley(Written::Little, 4096, &[])), (Vec::new(), Vec::new()));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place_and_costs_no_more_than_it_must() {
        // Page 1 has the records; 2 the second header, 3 to 9 the third.
        type Change = (&'static str, fn(&mut Vec<u8>), usize, &'static str, &'static str);
        let table: &[Change] = &[
            ("no magic", |file| file[12] = 0, 0, code::MALFORMED, "no hash file"),
            ("version", |file| file[16] = 5, 0, code::MALFORMED, "of version 5"),
            ("encrypted", |file| file[24] = 1, 0, code::MALFORMED, "encrypted"),
            ("a b-tree's type", |file| file[25] = 9, 0, code::MALFORMED, "type 9"),
            ("page size", |file| file[20] = 1, 0, code::MALFORMED, "513 bytes"),
            ("cut in the middle", |file| file.truncate(512 * 5), 2, code::TRUNCATED, "after 5 of its 10 pages"),
            ("cut in the first page", |file| file.truncate(50), 0, code::TRUNCATED, "after 50 bytes"),
            ("empty", Vec::clear, 0, code::TRUNCATED, "after 0 bytes"),
            (
                "a loop",
                |file| file[512 * 4 + 16] = 3,
                2,
                code::MALFORMED,
                "page 3 is outside of the file or used twice",
            ),
            ("an end too early", |file| file[512 * 4 + 16] = 0, 2, code::MALFORMED, "972 of 3000 bytes"),
            ("a page of another kind", |file| file[512 * 5 + 25] = 0, 2, code::MALFORMED, "page 5 does not go on"),
            ("an empty page", |file| file[512 * 5 + 22..][..2].fill(0), 2, code::MALFORMED, "page 5 does not go on"),
            ("too long a header", |file| file[512 + 512 - 81 + 10] = 0xff, 2, code::MALFORMED, "cannot have"),
            ("lost records", |file| file[512 + 20] = 6, 2, code::MALFORMED, "4 records, but only 3 are there"),
            (
                "an item outside",
                |file| file[512 + 26 + 5] = 0xff,
                2,
                code::MALFORMED,
                "record 1 of page 1 lies outside",
            ),
            ("a wrong page", |file| file[512 + 8] = 9, 0, code::MALFORMED, "page 1 says it is another one"),
        ];
        for (what, change, headers, code, says) in table {
            let mut bytes = file(Written::Little);
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
    fn records_that_lie_on_each_other_are_not_read_again_and_again() {
        let mut bytes = berkeley(Written::Little, 512, &[&[b'x'; 100]]);
        // The pair of the header, and between its repetitions one that is no pair: where it begins lies before its end.
        let [key, value] = [30, 32].map(|at| u16::from_le_bytes([bytes[512 + at], bytes[512 + at + 1]]));
        let begins = [[508, 503], [key, value]].concat().repeat(20);
        bytes[512 + 20] = 80;
        for (index, begin) in begins.iter().enumerate() {
            bytes[512 + 26 + 2 * index..][..2].copy_from_slice(&begin.to_le_bytes());
        }
        let (headers, diagnostics) = read(&bytes);
        assert!(headers.len() <= 5, "{}", headers.len());
        assert!(diagnostics.iter().any(|one| one.message.contains("lie on each other")), "{diagnostics:?}");
    }

    #[test]
    fn a_page_serves_one_header_only() {
        let mut bytes = file(Written::Little);
        // The second header is said to begin where the third does: whichever comes first has the pages.
        let second = bytes.windows(8).position(|bytes| bytes == [2, 0, 0, 0, 0x90, 1, 0, 0]).expect("its place");
        bytes[second] = 3;
        let (headers, diagnostics) = read(&bytes);
        assert_eq!(headers.len(), 1, "{diagnostics:?}");
        assert_eq!(diagnostics.len(), 2);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = read(&bytes);
        }

        #[test]
        fn no_change_makes_it_panic_or_run_on(changes in proptest::collection::vec((0_usize..5120, 0_u8..), 1..20), cut in 0_usize..6000) {
            let mut bytes = file(Written::Big);
            for (position, byte) in changes {
                bytes[position] = byte;
            }
            bytes.truncate(cut);
            let (headers, diagnostics) = read(&bytes);
            let total: usize = headers.iter().map(Vec::len).sum();
            proptest::prop_assert!(total <= 2 * bytes.len());
            proptest::prop_assert!(diagnostics.len() < 60);
        }
    }
}
