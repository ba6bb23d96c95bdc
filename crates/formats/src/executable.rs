//! What kind of program a file is, by its first bytes; its name and rights are not asked.
//!
//! Only the kinds that systems start by themselves are known: programs of Windows, Linux and macOS and scripts that name
//! their interpreter. What a program does is not looked at. Sources: Microsoft's "PE Format", elf(5), Apple's
//! `mach-o/loader.h`, the specification of `AppImage` (<https://github.com/AppImage/AppImageSpec>), execve(2).

/// How many bytes it takes.
pub const BYTES: usize = 64;

/// A kind of program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExecutableKind {
    /// A program, library or driver of Windows, or a program of DOS.
    Windows,
    /// A program or library of Linux and its relatives.
    Elf,
    /// A program of Linux that brings its files along.
    AppImage,
    /// A program or library of macOS.
    MachO,
    /// A script that names its interpreter.
    Script,
}

/// What kind of program begins with these bytes.
#[must_use]
pub fn executable_kind(start: &[u8]) -> Option<ExecutableKind> {
    match start {
        [b'M', b'Z', ..] if start.len() >= BYTES => Some(ExecutableKind::Windows),
        [0x7f, b'E', b'L', b'F', ..] => elf_kind(start),
        // Classes of Java begin as fat files do; where they have their version, at least 45, those have their parts' number.
        [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..]
        | [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..]
        | [0xca, 0xfe, 0xba, 0xbe | 0xbf, 0, 0, 0, 1..=32, ..] => Some(ExecutableKind::MachO),
        [b'#', b'!', rest @ ..] if rest.trim_ascii_start().starts_with(b"/") => Some(ExecutableKind::Script),
        _ => None,
    }
}

/// Programs and libraries; what a compiler leaves on the way is none.
fn elf_kind(start: &[u8]) -> Option<ExecutableKind> {
    const EXECUTABLE: u16 = 2;
    const SHARED: u16 = 3;
    let kind = *start.get(16..)?.first_chunk()?;
    let kind = if start.get(5) == Some(&2) { u16::from_be_bytes(kind) } else { u16::from_le_bytes(kind) };
    match kind {
        EXECUTABLE | SHARED if matches!(start.get(8..11), Some([b'A', b'I', 1 | 2])) => Some(ExecutableKind::AppImage),
        EXECUTABLE | SHARED => Some(ExecutableKind::Elf),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_known_by_their_first_bytes() {
        let elf = |order: u8, kind: [u8; 2], mark: &[u8]| {
            let mut bytes = [0; BYTES];
            bytes[..4].copy_from_slice(b"\x7fELF");
            bytes[5] = order;
            bytes[8..8 + mark.len()].copy_from_slice(mark);
            bytes[16..18].copy_from_slice(&kind);
            bytes.to_vec()
        };
        let table: [(Vec<u8>, Option<ExecutableKind>); 15] = [
            ([b"MZ".as_slice(), &[0; 62]].concat(), Some(ExecutableKind::Windows)),
            (b"MZ is how this letter begins".to_vec(), None),
            (elf(1, [2, 0], b""), Some(ExecutableKind::Elf)),
            (elf(1, [3, 0], b""), Some(ExecutableKind::Elf)),
            (elf(2, [0, 2], b""), Some(ExecutableKind::Elf)),
            (elf(1, [1, 0], b""), None),
            (elf(1, [2, 0], b"AI\x02"), Some(ExecutableKind::AppImage)),
            (b"\x7fELF".to_vec(), None),
            (vec![0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1], Some(ExecutableKind::MachO)),
            (vec![0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2], Some(ExecutableKind::MachO)),
            (vec![0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 52], None),
            (b"#!/bin/sh\n".to_vec(), Some(ExecutableKind::Script)),
            (b"#! /usr/bin/env python3\n".to_vec(), Some(ExecutableKind::Script)),
            (b"#!markdown".to_vec(), None),
            (Vec::new(), None),
        ];
        for (bytes, expected) in table {
            assert_eq!(executable_kind(&bytes), expected, "{bytes:02x?}");
        }
    }
}
