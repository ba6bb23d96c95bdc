//! Writes small programs of Windows (PE) and macOS (Mach-O) as far as readers of versions and signatures look, for tests
//! only: from Microsoft's description and Apple's headers and not from the reader. They have no code.

use sha2::{Digest as _, Sha256};

/// A program of Windows.
pub(crate) struct Program {
    pub(crate) machine: u16,
    /// Whether it has 64 bits.
    pub(crate) wide: bool,
    /// Version resources, see [`version_resource`].
    pub(crate) versions: Vec<Vec<u8>>,
}

/// Makes a signature (CMS) over the digest of a program.
pub(crate) type Sign<'a> = &'a dyn Fn(&[u8]) -> Vec<u8>;

/// A program with one section, that of its resources, and with a signature.
pub(crate) fn portable_executable(program: &Program, sign: Option<Sign<'_>>) -> Vec<u8> {
    const OPTIONAL: usize = 64 + 24;
    const SECTION: usize = 0x200;
    const ADDRESS: u32 = 0x1000;
    let (magic, directories) = if program.wide { (0x20b_u16, 112) } else { (0x10b, 96) };
    let size = directories + 16 * 8;
    let resources = if program.versions.is_empty() { Vec::new() } else { resource_section(program, ADDRESS) };
    let mut bytes = vec![0; SECTION];
    let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
    put(0, b"MZ");
    put(60, &64_u32.to_le_bytes());
    put(64, b"PE\0\0");
    put(68, &program.machine.to_le_bytes());
    put(70, &1_u16.to_le_bytes());
    put(84, &u16::try_from(size).expect("small").to_le_bytes());
    put(OPTIONAL, &magic.to_le_bytes());
    put(OPTIONAL + directories - 4, &16_u32.to_le_bytes());
    if !resources.is_empty() {
        put(OPTIONAL + directories + 16, &ADDRESS.to_le_bytes());
        put(OPTIONAL + directories + 20, &small(resources.len()).to_le_bytes());
    }
    let section = OPTIONAL + size;
    put(section, b".rsrc");
    for (at, value) in [(8, small(resources.len())), (12, ADDRESS), (16, small(resources.len())), (20, small(SECTION))]
    {
        put(section + at, &value.to_le_bytes());
    }
    bytes.extend(resources);
    bytes.resize(bytes.len().next_multiple_of(8) + 64, 0);
    let Some(sign) = sign else { return bytes };
    let (checksum, entry) = (OPTIONAL + 64, OPTIONAL + directories + 32);
    let left_out = [&bytes[..checksum], &bytes[checksum + 4..entry], &bytes[entry + 8..]].concat();
    let mut signature = sign(&Sha256::digest(left_out));
    let length = small(signature.len() + 8);
    signature.resize(signature.len().next_multiple_of(8), 0);
    let place = [small(bytes.len()), small(signature.len() + 8)];
    bytes[entry..entry + 4].copy_from_slice(&place[0].to_le_bytes());
    bytes[entry + 4..entry + 8].copy_from_slice(&place[1].to_le_bytes());
    bytes.extend(length.to_le_bytes());
    bytes.extend([0, 2, 2, 0]);
    bytes.extend(signature);
    bytes
}

/// The section of resources: an icon's directory that leads nowhere and the version resources, one for each language.
fn resource_section(program: &Program, address: u32) -> Vec<u8> {
    const BELOW: u32 = 1 << 31;
    let directory = |entries: &[[u32; 2]]| {
        let mut bytes = vec![0; 14];
        bytes.extend(u16::try_from(entries.len()).expect("few").to_le_bytes());
        bytes.extend(entries.iter().flatten().flat_map(|number| number.to_le_bytes()));
        bytes
    };
    let count = program.versions.len();
    let (name, languages) = (32, 32 + 24);
    let entries = languages + 16 + 8 * count;
    let mut section = directory(&[[3, BELOW | 0xff_ffff], [16, BELOW | small(name)]]);
    section.extend(directory(&[[1, BELOW | small(languages)]]));
    let list: Vec<_> = (0..count).map(|index| [0x409 + small(index), small(entries + 16 * index)]).collect();
    section.extend(directory(&list));
    let mut at = entries + 16 * count;
    for version in &program.versions {
        for number in [address + small(at), small(version.len()), 0, 0] {
            section.extend(number.to_le_bytes());
        }
        at += version.len();
    }
    section.extend(program.versions.concat());
    section
}

/// A version resource: a version in numbers, and for each language (`040904b0`) its strings.
pub(crate) fn version_resource(numbers: [u16; 4], languages: &[(&str, &[(&str, &str)])]) -> Vec<u8> {
    let tables: Vec<_> = languages
        .iter()
        .map(|(language, strings)| {
            let strings: Vec<_> = strings
                .iter()
                .map(|(key, value)| {
                    let letters: Vec<u8> = value.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
                    version_node(key, 1, letters.len() / 2, &letters, &[])
                })
                .collect();
            version_node(language, 1, 0, &[], &strings)
        })
        .collect();
    let mut children = Vec::new();
    if !tables.is_empty() {
        children.push(version_node("StringFileInfo", 1, 0, &[], &tables));
    }
    let [a, b, c, d] = numbers.map(u32::from);
    let version = [(a << 16) | b, (c << 16) | d];
    let fixed = [0xfeef_04bd, 0x1_0000, version[0], version[1], version[0], version[1], 0x3f, 0, 4, 1, 0, 0, 0];
    let fixed: Vec<u8> = fixed.iter().flat_map(|number: &u32| number.to_le_bytes()).collect();
    let mut bytes = version_node("VS_VERSION_INFO", 0, fixed.len(), &fixed, &children);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes
}

fn version_node(key: &str, kind: u16, value_length: usize, value: &[u8], children: &[Vec<u8>]) -> Vec<u8> {
    let number = |number: usize| u16::try_from(number).expect("small").to_le_bytes();
    let pad = |bytes: &mut Vec<u8>| bytes.resize(bytes.len().next_multiple_of(4), 0);
    let mut bytes = [[0, 0], number(value_length), kind.to_le_bytes()].concat();
    bytes.extend(key.encode_utf16().chain([0]).flat_map(u16::to_le_bytes));
    pad(&mut bytes);
    bytes.extend(value);
    for child in children {
        pad(&mut bytes);
        bytes.extend(child);
    }
    let length = number(bytes.len());
    bytes[..2].copy_from_slice(&length);
    bytes
}

/// A part of a program for one processor, and what its signature says of it.
#[derive(Clone, Copy)]
pub(crate) struct MachPart<'a> {
    /// The processor, such as `0x0100_000c` for arm64.
    pub(crate) cpu: u32,
    /// Whether it has 64 bits.
    pub(crate) wide: bool,
    /// Whether its numbers have the least significant byte first.
    pub(crate) swapped: bool,
    pub(crate) identifier: &'a str,
    pub(crate) team: Option<&'a str>,
    /// `0x2`: signed by nobody.
    pub(crate) flags: u32,
}

fn small(number: usize) -> u32 {
    u32::try_from(number).expect("small")
}

fn big_endian(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// A program with one load command, that of its signature.
pub(crate) fn mach_o(part: &MachPart<'_>, cms: Option<&[u8]>) -> Vec<u8> {
    let blob = super_blob(part, cms);
    let head = if part.wide { 32 } else { 28 };
    let magic = if part.wide { 0xfeed_facf } else { 0xfeed_face };
    let mut numbers = vec![magic, part.cpu, 0, 2, 1, 16, 0];
    if part.wide {
        numbers.push(0);
    }
    numbers.extend([0x1d, 16, head + 16, small(blob.len())]);
    let number = |number: u32| if part.swapped { number.to_le_bytes() } else { number.to_be_bytes() };
    let mut bytes: Vec<u8> = numbers.into_iter().flat_map(number).collect();
    bytes.extend(blob);
    bytes
}

/// A signature: an index, a code directory, an entry of another kind, and the message if there is one.
pub(crate) fn super_blob(part: &MachPart<'_>, cms: Option<&[u8]>) -> Vec<u8> {
    let mut pieces = vec![(0_u32, code_directory(part)), (2, big_endian(&[0xfade_0c01, 12, 0]))];
    if let Some(cms) = cms {
        let mut wrapped = big_endian(&[0xfade_0b01, small(8 + cms.len())]);
        wrapped.extend(cms);
        pieces.push((0x1_0000, wrapped));
    }
    let mut at = 12 + 8 * pieces.len();
    let length = at + pieces.iter().map(|(_, piece)| piece.len()).sum::<usize>();
    let mut bytes = big_endian(&[0xfade_0cc0, small(length), small(pieces.len())]);
    for (kind, piece) in &pieces {
        bytes.extend(big_endian(&[*kind, small(at)]));
        at += piece.len();
    }
    bytes.extend(pieces.into_iter().flat_map(|(_, piece)| piece));
    bytes
}

fn code_directory(part: &MachPart<'_>) -> Vec<u8> {
    const HEAD: u32 = 52;
    let identifier_end = HEAD + small(part.identifier.len()) + 1;
    let team_at = part.team.map_or(0, |_| identifier_end);
    let texts = format!("{}\0{}", part.identifier, part.team.map(|team| format!("{team}\0")).unwrap_or_default());
    let length = HEAD + small(texts.len());
    let mut bytes = big_endian(&[0xfade_0c02, length, 0x2_0200, part.flags, length, HEAD, 0, 0, 0]);
    bytes.extend([32, 2, 0, 12]);
    bytes.extend(big_endian(&[0, 0, team_at]));
    bytes.extend(texts.into_bytes());
    bytes
}

/// A file of several parts.
pub(crate) fn fat(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut at = 8 + 20 * parts.len();
    let mut bytes = big_endian(&[0xcafe_babe, small(parts.len())]);
    for part in parts {
        bytes.extend(big_endian(&[0, 0, small(at), small(part.len()), 0]));
        at += part.len();
    }
    bytes.extend(parts.concat());
    bytes
}

/// The same with wide offsets.
pub(crate) fn fat_64(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut at = 8 + 32 * parts.len();
    let mut bytes = big_endian(&[0xcafe_babf, small(parts.len())]);
    for part in parts {
        bytes.extend(big_endian(&[0, 0, 0, small(at), 0, small(part.len()), 0, 0]));
        at += part.len();
    }
    bytes.extend(parts.concat());
    bytes
}
