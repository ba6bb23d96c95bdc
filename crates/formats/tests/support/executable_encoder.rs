//! Writes small programs of macOS (Mach-O) as far as readers of signatures look, for tests only: from Apple's headers
//! and not from the reader. They have no code.

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
