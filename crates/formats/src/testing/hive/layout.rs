//! Where everything of a hive goes.

use std::collections::BTreeMap;

use super::{HiveKey, HiveValue};

/// How long the header is, and how long a block is at least.
const BLOCK: usize = 4096;
/// How long the header of a block is.
const BLOCK_HEADER: usize = 32;
/// Longer data goes in pieces.
const PIECE: usize = 16_344;
/// "No cell".
const NOWHERE: u32 = u32::MAX;
/// The name of a key is stored with one byte a letter.
const NARROW_KEY: u16 = 0x20;
/// How many subkeys one list takes before lists of lists are written.
const MOST_IN_LIST: usize = 500;

/// How lists of subkeys are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lists {
    /// With a hash of each name (`lh`), as Windows does since XP.
    Hashed,
    /// With the first letters of each name (`lf`).
    Hinted,
    /// Bare (`li`).
    Bare,
}

/// How a hive is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Its lists.
    pub lists: Lists,
    /// How many subkeys go into one list before there are lists of lists (`ri`).
    pub most_in_list: usize,
    /// The second number of the version: 3 knows no data in pieces, 5 is that of today.
    pub minor: u32,
    /// Whether names that would fit one byte a letter are written with two all the same.
    pub wide_names: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Self { lists: Lists::Hashed, most_in_list: MOST_IN_LIST, minor: 5, wide_names: false }
    }
}

/// Where a key's parts are, in bytes of the file; each is the begin of what the cell holds, behind its size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The key itself.
    pub node: usize,
    /// Its list of subkeys; 0 without one.
    pub subkeys: usize,
    /// Its list of values; 0 without one.
    pub values: usize,
    /// Each of its values.
    pub value: Vec<usize>,
}

impl Place {
    /// The key's place as hives count: from the first block, to the begin of the cell.
    #[must_use]
    pub fn offset(&self) -> u32 {
        offset(self.node)
    }
}

/// A hive and where its keys are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The file.
    pub bytes: Vec<u8>,
    /// By path; the root's is empty. Only of hives with at most 100,000 keys.
    pub places: BTreeMap<String, Place>,
}

impl Encoded {
    /// Where a key is.
    ///
    /// # Panics
    /// When there is none at this path.
    #[must_use]
    pub fn place(&self, path: &str) -> &Place {
        &self.places[path]
    }

    /// With a number written over what was there.
    #[must_use]
    pub fn put(mut self, at: usize, number: u32) -> Self {
        self.bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
        self
    }
}

/// A hive as Windows lays it out.
#[must_use]
pub fn encode(root: &HiveKey) -> Encoded {
    encode_as(root, Layout::default())
}

/// A hive laid out like this.
#[must_use]
pub fn encode_as(root: &HiveKey, layout: Layout) -> Encoded {
    let mut writer = Writer { bytes: vec![0; BLOCK], block: 0, used: 0, layout, places: BTreeMap::new() };
    writer.key(root, NOWHERE, "");
    writer.close_block();
    let mut bytes = writer.bytes;
    bytes[..4].copy_from_slice(b"regf");
    let length = to_u32(bytes.len() - BLOCK);
    let header = [(4, 7), (8, 7), (20, 1), (24, layout.minor), (32, 1), (36, 0x20), (40, length), (44, 1)];
    for (at, number) in header {
        bytes[at..at + 4].copy_from_slice(&u32::to_le_bytes(number));
    }
    // The same instant in the header and in the first block.
    let written = 133_000_000_000_000_000_u64.to_le_bytes();
    bytes[12..20].copy_from_slice(&written);
    bytes[BLOCK + 20..BLOCK + 28].copy_from_slice(&written);
    seal(&mut bytes);
    Encoded { bytes, places: writer.places }
}

/// Sets the checksum of the header.
pub fn seal(bytes: &mut [u8]) {
    let words = bytes[..508].chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]));
    let sum = match words.fold(0, |sum, word| sum ^ word) {
        0 => 1,
        u32::MAX => u32::MAX - 1,
        sum => sum,
    };
    bytes[508..512].copy_from_slice(&sum.to_le_bytes());
}

struct Writer {
    bytes: Vec<u8>,
    /// Where the block that is being filled begins; 0 before the first.
    block: usize,
    /// Where in the file the next cell goes.
    used: usize,
    layout: Layout,
    places: BTreeMap<String, Place>,
}

impl Writer {
    /// Room for a cell; the answer is where in the file its contents begin.
    fn cell(&mut self, length: usize) -> usize {
        let size = (length + 4).next_multiple_of(8);
        if self.block == 0 || self.used + size > self.bytes.len() {
            self.close_block();
            self.open_block(size);
        }
        let at = self.used;
        self.bytes[at..at + 4].copy_from_slice(&(-i32::try_from(size).unwrap_or(i32::MAX)).to_le_bytes());
        self.used += size;
        at + 4
    }

    fn open_block(&mut self, size: usize) {
        let block = self.bytes.len();
        let length = (size + BLOCK_HEADER).next_multiple_of(BLOCK);
        self.bytes.resize(block + length, 0);
        self.bytes[block..block + 4].copy_from_slice(b"hbin");
        self.bytes[block + 4..block + 8].copy_from_slice(&to_u32(block - BLOCK).to_le_bytes());
        self.bytes[block + 8..block + 12].copy_from_slice(&to_u32(length).to_le_bytes());
        (self.block, self.used) = (block, block + BLOCK_HEADER);
    }

    /// What is left of a block becomes a free cell.
    fn close_block(&mut self) {
        let left = self.bytes.len() - self.used.max(self.block);
        if self.block > 0 && left >= 8 {
            self.bytes[self.used..self.used + 4].copy_from_slice(&to_u32(left).to_le_bytes());
        }
    }

    /// A cell with these contents; where they begin.
    fn put(&mut self, contents: &[u8]) -> usize {
        let at = self.cell(contents.len());
        self.bytes[at..at + contents.len()].copy_from_slice(contents);
        at
    }

    fn set(&mut self, at: usize, number: u32) {
        self.bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
    }

    /// Writes a key and all below it; its offset.
    fn key(&mut self, key: &HiveKey, parent: u32, path: &str) -> u32 {
        let (name, is_narrow) = self.name(&key.name);
        let mut node = vec![0; 76];
        node[..2].copy_from_slice(b"nk");
        node[2..4].copy_from_slice(&(key.flags | if is_narrow { NARROW_KEY } else { 0 }).to_le_bytes());
        node[4..12].copy_from_slice(&133_000_000_000_000_000_u64.to_le_bytes());
        node[72..74].copy_from_slice(&to_u16(name.len()).to_le_bytes());
        node.extend(&name);
        let at = self.put(&node);
        let own = offset(at);
        for (field, number) in [(16, parent), (28, NOWHERE), (32, NOWHERE), (40, NOWHERE), (44, NOWHERE), (48, NOWHERE)]
        {
            self.set(at + field, number);
        }
        let mut place = Place { node: at, ..Place::default() };
        if !key.values.is_empty() {
            place.value = key.values.iter().map(|value| self.value(value)).collect();
            let list: Vec<u8> = place.value.iter().flat_map(|at| offset(*at).to_le_bytes()).collect();
            place.values = self.put(&list);
            self.set(at + 36, to_u32(key.values.len()));
            self.set(at + 40, offset(place.values));
        }
        if !key.subkeys.is_empty() {
            place.subkeys = self.subkeys(key, own, path);
            self.set(at + 20, to_u32(key.subkeys.len()));
            self.set(at + 28, offset(place.subkeys));
        }
        if self.places.len() < 100_000 {
            self.places.insert(path.to_owned(), place);
        }
        own
    }

    /// Writes the subkeys of a key, their lists before them.
    fn subkeys(&mut self, key: &HiveKey, own: u32, path: &str) -> usize {
        let mut sorted: Vec<&HiveKey> = key.subkeys.iter().collect();
        sorted.sort_by_cached_key(|key| key.name.to_uppercase());
        let parts: Vec<&[&HiveKey]> = sorted.chunks(self.layout.most_in_list.max(1)).collect();
        let root = (parts.len() > 1).then(|| self.cell(4 + 4 * parts.len()));
        let width = if self.layout.lists == Lists::Bare { 4 } else { 8 };
        let lists: Vec<usize> = parts.iter().map(|part| self.cell(4 + width * part.len())).collect();
        for (list, part) in lists.iter().zip(&parts) {
            self.list(*list, part, own, path);
        }
        let Some(root) = root else { return lists[0] };
        self.begin_list(root, *b"ri", lists.len());
        for (at, list) in lists.iter().enumerate() {
            self.set(root + 4 + 4 * at, offset(*list));
        }
        root
    }

    fn begin_list(&mut self, at: usize, kind: [u8; 2], count: usize) {
        self.bytes[at..at + 2].copy_from_slice(&kind);
        self.bytes[at + 2..at + 4].copy_from_slice(&to_u16(count).to_le_bytes());
    }

    fn list(&mut self, at: usize, keys: &[&HiveKey], own: u32, path: &str) {
        let kind = match self.layout.lists {
            Lists::Hashed => *b"lh",
            Lists::Hinted => *b"lf",
            Lists::Bare => *b"li",
        };
        self.begin_list(at, kind, keys.len());
        for (index, key) in keys.iter().enumerate() {
            let below = if path.is_empty() { key.name.clone() } else { format!("{path}\\{}", key.name) };
            let place = self.key(key, own, &below);
            match self.layout.lists {
                Lists::Bare => self.set(at + 4 + 4 * index, place),
                Lists::Hashed => self.element(at, index, place, hash(&key.name)),
                Lists::Hinted => {
                    let mut hint = [0; 4];
                    for (place, byte) in hint.iter_mut().zip(key.name.bytes()) {
                        *place = byte;
                    }
                    self.element(at, index, place, u32::from_le_bytes(hint));
                }
            }
        }
    }

    fn element(&mut self, list: usize, index: usize, place: u32, beside: u32) {
        self.set(list + 4 + 8 * index, place);
        self.set(list + 8 + 8 * index, beside);
    }

    fn value(&mut self, value: &HiveValue) -> usize {
        let (name, is_narrow) = self.name(&value.name);
        let mut cell = vec![0; 20];
        cell[..2].copy_from_slice(b"vk");
        cell[2..4].copy_from_slice(&to_u16(name.len()).to_le_bytes());
        cell[12..16].copy_from_slice(&value.kind.to_le_bytes());
        cell[16..18].copy_from_slice(&u16::from(is_narrow).to_le_bytes());
        let mut size = to_u32(value.data.len());
        match value.data.len() {
            0 => {}
            length @ 1..=4 => {
                size |= 0x8000_0000;
                cell[8..8 + length].copy_from_slice(&value.data);
            }
            length => {
                let is_long = length > PIECE && self.layout.minor >= 4;
                let data = if is_long { self.pieces(&value.data) } else { self.put(&value.data) };
                cell[8..12].copy_from_slice(&offset(data).to_le_bytes());
            }
        }
        cell[4..8].copy_from_slice(&size.to_le_bytes());
        cell.extend(&name);
        self.put(&cell)
    }

    fn pieces(&mut self, data: &[u8]) -> usize {
        // Each piece has four bytes behind it that are not used.
        let pieces: Vec<usize> = data.chunks(PIECE).map(|piece| self.put(&[piece, &[0; 4]].concat())).collect();
        let list: Vec<u8> = pieces.iter().flat_map(|piece| offset(*piece).to_le_bytes()).collect();
        let list = self.put(&list);
        let mut cell = b"db".to_vec();
        cell.extend(to_u16(pieces.len()).to_le_bytes());
        cell.extend(offset(list).to_le_bytes());
        self.put(&cell)
    }

    /// A name as it is stored, and whether with one byte a letter.
    fn name(&self, name: &str) -> (Vec<u8>, bool) {
        let narrow: Option<Vec<u8>> = name.chars().map(|letter| u8::try_from(letter).ok()).collect();
        match narrow {
            Some(narrow) if !self.layout.wide_names => (narrow, true),
            _ => (name.encode_utf16().flat_map(u16::to_le_bytes).collect(), false),
        }
    }
}

fn hash(name: &str) -> u32 {
    let units = name.to_uppercase();
    units.encode_utf16().fold(0, |hash: u32, unit| hash.wrapping_mul(37).wrapping_add(unit.into()))
}

/// The offset, as the format counts, of the cell whose contents begin here in the file.
#[must_use]
pub fn offset(at: usize) -> u32 {
    to_u32(at - 4 - BLOCK)
}

pub(super) fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn to_u16(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
