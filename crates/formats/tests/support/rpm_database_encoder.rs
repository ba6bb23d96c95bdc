//! Writes RPM databases in the two formats that are rpm's own, for tests only: what the readers are tried on must not be
//! written by code that could share their mistakes, so this follows the descriptions of the formats and nothing of the
//! readers.

/// Byte order of a Berkeley DB file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Order {
    Little,
    Big,
}

impl Order {
    fn long(self, number: usize) -> [u8; 4] {
        let number = u32::try_from(number).expect("test data is small");
        match self {
            Self::Little => number.to_le_bytes(),
            Self::Big => number.to_be_bytes(),
        }
    }

    fn short(self, number: usize) -> [u8; 2] {
        let number = u16::try_from(number).expect("test data is small");
        match self {
            Self::Little => number.to_le_bytes(),
            Self::Big => number.to_be_bytes(),
        }
    }
}

/// A hash file of Berkeley DB with one bucket: page 0 describes the file, page 1 is the bucket, and what does not fit
/// into it lies on overflow pages. Like rpm, it keeps its counter under the key 0.
pub(crate) fn berkeley(order: Order, page_size: usize, headers: &[&[u8]]) -> Vec<u8> {
    const PAGE_HEADER: usize = 26;
    let mut overflow: Vec<Vec<u8>> = Vec::new();
    let mut items: Vec<Vec<u8>> = vec![[&[1][..], &[0; 4]].concat(), [&[1][..], &order.long(headers.len())].concat()];
    for (index, header) in headers.iter().enumerate() {
        items.push([&[1][..], &order.long(index + 1)].concat());
        if header.len() <= page_size / 4 {
            items.push([&[1][..], header].concat());
            continue;
        }
        let first = 2 + overflow.len();
        items.push([&[3, 0, 0, 0][..], &order.long(first), &order.long(header.len())].concat());
        let pieces: Vec<&[u8]> = header.chunks(page_size - PAGE_HEADER).collect();
        for (position, piece) in pieces.iter().enumerate() {
            let number = 2 + overflow.len();
            let next = if position + 1 < pieces.len() { number + 1 } else { 0 };
            let previous = if position > 0 { number - 1 } else { 0 };
            let mut page = page_head(order, number, previous, next, 1, piece.len(), 7);
            page.extend_from_slice(piece);
            page.resize(page_size, 0);
            overflow.push(page);
        }
    }
    let mut bucket = vec![0; page_size];
    let mut end = page_size;
    let mut index = Vec::new();
    for item in &items {
        end -= item.len();
        bucket[end..end + item.len()].copy_from_slice(item);
        index.extend(order.short(end));
    }
    assert!(PAGE_HEADER + index.len() <= end, "the bucket is full");
    bucket[..PAGE_HEADER].copy_from_slice(&page_head(order, 1, 0, 0, items.len(), end, 13));
    bucket[PAGE_HEADER..PAGE_HEADER + index.len()].copy_from_slice(&index);

    let mut file = Vec::new();
    // Log sequence number, page, magic, version, page size; encryption, type and flags; free list, last page.
    file.extend([0; 8]);
    file.extend([0, 0x0006_1561, 9, page_size].into_iter().flat_map(|number| order.long(number)));
    file.extend([0, 8, 0, 0]);
    file.extend([0, 1 + overflow.len(), 0, 0, 0, 0].into_iter().flat_map(|number| order.long(number)));
    file.extend([0; 20]);
    // Highest bucket, masks, fill factor, count of pairs, hash of a known key, the page that each doubling begins at.
    file.extend([0, 0, 0, 0, items.len() / 2, 0x5e68_8dd1, 1].into_iter().flat_map(|number| order.long(number)));
    file.resize(page_size, 0);
    file.extend(bucket);
    file.extend(overflow.concat());
    file
}

fn page_head(
    order: Order,
    number: usize,
    previous: usize,
    next: usize,
    entries: usize,
    free_or_length: usize,
    kind: u8,
) -> Vec<u8> {
    let mut head = vec![0; 8];
    head.extend([number, previous, next].into_iter().flat_map(|number| order.long(number)));
    head.extend([entries, free_or_length].into_iter().flat_map(|number| order.short(number)));
    head.extend([0, kind]);
    head
}

/// An ndb file with one page of slots, of which every second one is free.
pub(crate) fn ndb(headers: &[&[u8]]) -> Vec<u8> {
    let long = |number: usize| Order::Little.long(number);
    let mut slots = Vec::new();
    let mut packages: Vec<u8> = Vec::new();
    for (index, header) in headers.iter().enumerate() {
        let package = long(index + 1);
        let mut blob = [&b"BlbS"[..], &package, &long(1_600_000_000), &long(header.len()), header].concat();
        blob.resize((blob.len() + 12).next_multiple_of(16) - 12, 0);
        let checksum = adler(&blob);
        blob.extend(checksum.to_le_bytes());
        blob.extend([&long(header.len())[..], b"BlbE"].concat());
        slots.extend([&b"Slot"[..], &package, &long((4096 + packages.len()) / 16), &long(blob.len() / 16)].concat());
        slots.extend([&b"Slot"[..], &[0; 12]].concat());
        packages.extend(blob);
    }
    let mut file = [&b"RpmP"[..], &long(0), &long(7), &long(1), &long(headers.len() + 1), &[0; 12]].concat();
    file.extend(slots);
    assert!(file.len() <= 4096, "the page of slots is full");
    while file.len() < 4096 {
        file.extend([&b"Slot"[..], &[0; 12]].concat());
    }
    file.extend(packages);
    file
}

/// RFC 1950, word for word.
fn adler(bytes: &[u8]) -> u32 {
    let mut s1 = 1_u64;
    let mut s2 = 0_u64;
    for byte in bytes {
        s1 = (s1 + u64::from(*byte)) % 65_521;
        s2 = (s2 + s1) % 65_521;
    }
    u32::try_from(s2 * 65_536 + s1).expect("fits")
}
