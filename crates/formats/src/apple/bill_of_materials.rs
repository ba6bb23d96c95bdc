//! Bills of materials: which files an installer package put where.
//!
//! A store of numbered blocks, all numbers big-endian. The variable `Paths` names the block of a tree, whose leaves pair
//! the id of an entry with its parent and name. Apple does not document the format; this follows what lsbom(8) prints of
//! such files and the layout that public readers agree on. Sizes, rights and checksums are not read.

use std::collections::BTreeMap;

use interdict_model::{Diagnostic, Location};

/// Codes of this format's diagnostics.
pub mod code {
    /// Not a bill of materials, or one that contradicts itself.
    pub const MALFORMED: &str = "formats/bom-malformed";
}

const MAGIC: &[u8] = b"BOMStore";
/// How many entries one bill may have: several times those of the largest packages.
const MOST_ENTRIES: usize = 500_000;
/// How deep the tree may be.
const DEEPEST_TREE: usize = 32;
/// How deep folders may be nested.
const DEEPEST_PATH: usize = 256;
/// The longest path: four times what macOS takes (`PATH_MAX`).
const LONGEST_PATH: usize = 4096;
/// The type of an entry that is a folder.
const TYPE_FOLDER: u8 = 2;

/// Reads a bill of materials: the paths of everything in it but folders, relative to where the package was installed,
/// without a slash at the begin. What could be read of a damaged one is given.
#[must_use]
pub fn parse_bill_of_materials(bytes: &[u8], file_name: &str) -> (Vec<String>, Vec<Diagnostic>) {
    let mut entries = BTreeMap::new();
    let read = read_entries(bytes, &mut entries);
    let diagnostics = read.err().map(|message| {
        Diagnostic::error(code::MALFORMED, format!("not a bill of materials, or a damaged one: {message}"))
            .at(Location::file(file_name))
    });
    let files = entries.values().filter(|entry| entry.kind != TYPE_FOLDER);
    let paths = files.filter_map(|entry| path_of(entry, &entries));
    (paths.collect(), diagnostics.into_iter().collect())
}

/// A file or folder of the bill.
struct Entry<'b> {
    parent: u32,
    name: &'b [u8],
    kind: u8,
}

type Entries<'b> = BTreeMap<u32, Entry<'b>>;

fn read_entries<'b>(bytes: &'b [u8], entries: &mut Entries<'b>) -> Result<(), &'static str> {
    let store = Store::new(bytes).ok_or("the header is missing or points outside the file")?;
    let tree = store.variable(b"Paths").ok_or("there is no variable named Paths")?;
    let tree = tree.strip_prefix(b"tree").ok_or("the variable Paths is no tree")?;
    let mut node = number(tree, 4).and_then(|child| store.block(child)).ok_or("the tree has no root")?;
    for _ in 0..DEEPEST_TREE {
        if is_leaf(node) {
            break;
        }
        node = number(node, 12).and_then(|first| store.block(first)).ok_or("a branch of the tree leads nowhere")?;
    }
    // A leaf names the next one; a chain longer than there are blocks would be a circle.
    let mut left = MOST_ENTRIES;
    for _ in 0..store.blocks {
        if !is_leaf(node) {
            return Err("a leaf of the tree is none");
        }
        read_leaf(&store, node, &mut left, entries)?;
        match number(node, 4) {
            Some(0) | None => return Ok(()),
            Some(next) => node = store.block(next).ok_or("a leaf of the tree leads nowhere")?,
        }
    }
    Err("the leaves of the tree form a circle")
}

/// Reads a leaf. Entries count each time they are read, so that leaves that lie on each other end, too.
fn read_leaf<'b>(
    store: &Store<'b>,
    leaf: &'b [u8],
    left: &mut usize,
    entries: &mut Entries<'b>,
) -> Result<(), &'static str> {
    let count = usize::from(short(leaf, 2).unwrap_or_default());
    for at in 0..count {
        *left = left.checked_sub(1).ok_or("it has more entries than are read")?;
        let pair = 12 + at * 8;
        let entry = (|| {
            let about = store.block(number(leaf, pair)?)?;
            let named = store.block(number(leaf, pair + 4)?)?;
            let kind = *store.block(number(about, 4)?)?.first()?;
            let name = named.get(4..)?;
            let end = memchr::memchr(0, name).unwrap_or(name.len());
            Some((number(about, 0)?, Entry { parent: number(named, 0)?, name: name.get(..end)?, kind }))
        })();
        let (id, entry) = entry.ok_or("an entry points outside the file")?;
        entries.entry(id).or_insert(entry);
    }
    Ok(())
}

/// The path of an entry; nothing where its folders form a circle or a name is no name.
fn path_of(entry: &Entry<'_>, entries: &Entries<'_>) -> Option<String> {
    let mut names: Vec<&[u8]> = Vec::new();
    let mut length = 0;
    let mut next = Some(entry);
    while let Some(entry) = next {
        // The root is named "." in every bill.
        if entry.name != b"." {
            if entry.name.is_empty() || entry.name == b".." || entry.name.contains(&b'/') {
                return None;
            }
            length += entry.name.len() + 1;
            names.push(entry.name);
        }
        if names.len() > DEEPEST_PATH || length > LONGEST_PATH {
            return None;
        }
        next = match entry.parent {
            0 => None,
            parent => {
                let parent = entries.get(&parent)?;
                // An entry that is its own ancestor under the name of the root would never get longer.
                if parent.name == b"." && parent.parent != 0 {
                    return None;
                }
                Some(parent)
            }
        };
    }
    names.reverse();
    Some(String::from_utf8_lossy(&names.join(&b'/')).into_owned()).filter(|path| !path.is_empty())
}

/// The blocks of a store.
struct Store<'b> {
    bytes: &'b [u8],
    table: &'b [u8],
    variables: &'b [u8],
    blocks: usize,
}

impl<'b> Store<'b> {
    fn new(bytes: &'b [u8]) -> Option<Self> {
        let header = bytes.strip_prefix(MAGIC)?;
        let part = |offset: usize, length: usize| slice(bytes, number(header, offset)?, number(header, length)?);
        let index = part(8, 12)?;
        let table = index.get(4..)?;
        // The number that stands there is anybody's; more blocks than the table has room for there are not.
        let blocks = usize::try_from(number(index, 0)?).ok()?.min(table.len() / 8);
        Some(Self { bytes, table, variables: part(16, 20)?, blocks })
    }

    fn block(&self, index: u32) -> Option<&'b [u8]> {
        let at = usize::try_from(index).ok()?.checked_mul(8)?;
        slice(self.bytes, number(self.table, at)?, number(self.table, at.checked_add(4)?)?)
    }

    fn variable(&self, wanted: &[u8]) -> Option<&'b [u8]> {
        let mut left = self.variables.get(4..)?;
        while !left.is_empty() {
            let index = number(left, 0)?;
            let length = usize::from(*left.get(4)?);
            let name = left.get(5..5 + length)?;
            if name == wanted {
                return self.block(index);
            }
            left = left.get(5 + length..)?;
        }
        None
    }
}

fn is_leaf(node: &[u8]) -> bool {
    short(node, 0).is_some_and(|flag| flag != 0)
}

fn slice(bytes: &[u8], offset: u32, length: u32) -> Option<&[u8]> {
    let offset = usize::try_from(offset).ok()?;
    bytes.get(offset..offset.checked_add(usize::try_from(length).ok()?)?)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(two.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A bill with these entries (id, parent, name, type), in leaves of so many.
    fn bill(entries: &[(u32, u32, &str, u8)], per_leaf: usize) -> Vec<u8> {
        // Block 0 is never used, 1 is the tree, 2 its only branch, then leaves, then three blocks for each entry.
        let leaves = entries.len().div_ceil(per_leaf).max(1);
        let number = |value: usize| u32::try_from(value).expect("small").to_be_bytes();
        let mut blocks: Vec<Vec<u8>> = vec![Vec::new()];
        blocks.push([b"tree".to_vec(), number(1).to_vec(), number(2).to_vec(), vec![0; 9]].concat());
        blocks.push([vec![0, 0, 0, 1], vec![0; 8], number(3).to_vec(), number(0).to_vec()].concat());
        let first = 3 + leaves;
        for leaf in 0..leaves {
            let mine: Vec<usize> = (leaf * per_leaf..entries.len().min((leaf + 1) * per_leaf)).collect();
            let next = if leaf + 1 < leaves { leaf + 4 } else { 0 };
            let count = u16::try_from(mine.len()).expect("small").to_be_bytes();
            let mut block = [vec![0, 1], count.to_vec(), number(next).to_vec(), number(0).to_vec()].concat();
            for at in mine {
                block.extend([number(first + 3 * at), number(first + 3 * at + 1)].concat());
            }
            blocks.push(block);
        }
        for (at, (id, parent, name, kind)) in entries.iter().enumerate() {
            blocks.push([id.to_be_bytes().to_vec(), number(first + 3 * at + 2).to_vec()].concat());
            blocks.push([parent.to_be_bytes().to_vec(), name.as_bytes().to_vec(), vec![0]].concat());
            blocks.push(vec![*kind, 1, 0, 0]);
        }
        let mut bytes = [MAGIC.to_vec(), vec![0; 24]].concat();
        let mut table = number(blocks.len()).to_vec();
        for block in &blocks {
            table.extend([number(bytes.len()), number(block.len())].concat());
            bytes.extend(block);
        }
        let variables = [number(1).to_vec(), number(1).to_vec(), vec![5], b"Paths".to_vec()].concat();
        let header = [1, blocks.len(), bytes.len(), table.len(), bytes.len() + table.len(), variables.len()];
        bytes[8..32].copy_from_slice(&header.map(number).concat());
        [bytes, table, variables].concat()
    }

    const ENTRIES: &[(u32, u32, &str, u8)] =
        &[(1, 0, ".", 2), (2, 1, "Library", 2), (3, 2, "agent", 1), (4, 2, "link", 3), (5, 1, "top", 1)];

    #[test]
    fn files_are_named_with_their_folders() {
        for per_leaf in [1, 2, 10] {
            let (paths, diagnostics) = parse_bill_of_materials(&bill(ENTRIES, per_leaf), "f");
            assert_eq!(
                (paths, diagnostics),
                (["Library/agent", "Library/link", "top"].map(str::to_owned).to_vec(), Vec::new())
            );
        }
        assert_eq!(parse_bill_of_materials(&bill(&[], 1), "f"), (Vec::new(), Vec::new()));
    }

    #[test]
    fn folders_in_a_circle_and_names_that_lead_elsewhere_are_left_out() {
        let odd = [(1, 2, "a", 2), (2, 1, "b", 2), (3, 1, "c", 1), (4, 0, "..", 1), (5, 0, "x/y", 1), (6, 99, "d", 1)];
        let dots = [(1, 2, ".", 2), (2, 1, ".", 2), (3, 1, "c", 1)];
        for entries in [&odd[..], &dots] {
            assert_eq!(parse_bill_of_materials(&bill(entries, 10), "f").0, Vec::<String>::new());
        }
    }

    #[test]
    fn what_could_be_read_of_a_damaged_one_is_kept() {
        let whole = bill(ENTRIES, 1);
        // The second leaf's only entry points to a block that is not there.
        let leaf = [0, 1, 0, 1, 0, 0, 0, 5, 0, 0, 0, 0].map(u8::from);
        let at = whole.windows(12).position(|window| window == leaf).expect("the second leaf") + 12;
        let mut damaged = whole;
        damaged[at] = 0xff;
        let (paths, diagnostics) = parse_bill_of_materials(&damaged, "f");
        assert_eq!((paths.len(), diagnostics[0].code.as_ref()), (0, code::MALFORMED));
        for bytes in [&b""[..], b"BOMStore", b"not one"] {
            assert_eq!(parse_bill_of_materials(bytes, "f").1[0].code, code::MALFORMED);
        }
    }

    #[test]
    fn leaves_in_a_circle_end() {
        let mut bytes = bill(ENTRIES, 10);
        // The table says that there are as many blocks as a number can say.
        let table = u32::from_be_bytes(bytes[16..20].try_into().expect("four")) as usize;
        bytes[table..table + 4].copy_from_slice(&[0xff; 4]);
        let leaf = [0, 1, 0, 5, 0, 0, 0, 0];
        let at = bytes.windows(8).position(|window| window == leaf).expect("the leaf");
        bytes[at + 7] = 3;
        let (paths, diagnostics) = parse_bill_of_materials(&bytes, "f");
        assert_eq!((paths.len(), diagnostics.len()), (3, 1));
    }

    proptest! {
        #[test]
        fn no_mutation_makes_it_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<prop::sample::Index>()) {
            let whole = bill(ENTRIES, 2);
            let mut bytes = whole.clone();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let _ = parse_bill_of_materials(&bytes, "f");
            let _ = parse_bill_of_materials(&whole[..cut.index(whole.len())], "f");
        }
    }
}
