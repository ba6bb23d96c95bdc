//! Whatever the bytes: an import ends, with records or with an error, and never with a panic; what no honest export has
//! is bounded.
#![expect(clippy::expect_used, reason = "a test")]

mod support;

use std::io::{Cursor, Write as _};

use interdict_import::{FORMATS, ImportError, Mapping, Options, import, mapping, preview};
use interdict_model::Fault as _;
use proptest::prelude::*;
use support::{Gathered, gather};

/// Pieces that formats look for, so that random texts come past the first look.
const PIECES: &[&str] = &[
    "Computer;Software;Version\n",
    "PC-1;\"One\";1\n",
    "PC-1;\"One;1\n",
    "\"",
    ";",
    "\t",
    "\0",
    "sep=;\n",
    "\u{feff}",
    "\r\n",
    "Windows Registry Editor Version 5.00\r\n",
    "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\x]\n",
    "\"DisplayName\"=\"x\"\n",
    "\"a\"=hex(2):41,00,\\\n",
    "+++-====-====-====-====\n",
    "ii  kesl  1 amd64 x\n",
    "iHR x\n",
    "rc\n",
    "kesl-1-2.noarch\n",
    "kesl\t1\n",
    "Name Id Version Source\n",
    "------------------------\n",
    "卡巴 x 1…\n",
    "Name Version Source ProviderName\n",
    "---- ------- ------ ------------\n",
    "Name : x...\n",
    "Version :\n",
    "    x\n",
    "Applications:\n",
    "    Safari:\n",
    "      Version: 1\n",
    "      Location: /x\n",
    "{\"hostname\":\"a\",\"app\":\"b\"}\n",
    "[{\"app\":",
    "]",
    "{",
    "é",
    "\n",
    " ",
    "DeviceId,DeviceName,SoftwareVendor,SoftwareName\n",
    "a,b,c,d\n",
    ",,,\n",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => proptest::sample::select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..8),
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

fn try_all(bytes: &[u8]) {
    let _ = gather(bytes, "file.csv");
    let _ = preview(&mut Cursor::new(bytes), "file.csv", &Options::default(), 5);
    for format in FORMATS {
        let options = Options { format: Some(format.name.to_owned()), ..Options::default() };
        let _ = import(&mut Cursor::new(bytes), "file.csv", &options, &mut Gathered::default());
    }
    let text = String::from_utf8_lossy(bytes);
    let _ = Mapping::from_json(&text);
    let header: Vec<String> = text.split(';').map(str::to_owned).collect();
    let suggestion = mapping::suggest(&header, std::slice::from_ref(&header));
    let options = Options { mapping: Some(suggestion.mapping), ..Options::default() };
    let _ = import(&mut Cursor::new(bytes), "file.csv", &options, &mut Gathered::default());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_end(bytes in text()) {
        try_all(&bytes);
    }

    #[test]
    fn any_bytes_end(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        try_all(&bytes);
    }
}

/// Bytes that repeat, far more than fit into memory, with something before them.
struct Endless {
    beginning: &'static [u8],
    repeated: &'static [u8],
    length: u64,
    at: u64,
}

impl std::io::Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let mut count = 0;
        for byte in buffer.iter_mut().take(1 << 16) {
            if self.at >= self.length {
                break;
            }
            let at = usize::try_from(self.at).expect("fits");
            *byte = match self.beginning.get(at) {
                Some(byte) => *byte,
                None => self.repeated[(at - self.beginning.len()) % self.repeated.len()],
            };
            self.at += 1;
            count += 1;
        }
        Ok(count)
    }
}

impl std::io::Seek for Endless {
    fn seek(&mut self, position: std::io::SeekFrom) -> std::io::Result<u64> {
        if let std::io::SeekFrom::Start(at) = position {
            self.at = at;
        }
        Ok(self.at)
    }
}

/// What it is, its beginning, what is repeated, the code of the error, and words of it.
type Case = (&'static str, &'static [u8], &'static [u8], &'static str, &'static str);

#[test]
fn what_no_honest_table_has_ends_early_and_says_why() {
    let table: &'static [u8] = b"Computer,Software,Version\nPC-1,One,1\nPC-2,Two,2\n";
    let quoted: &'static [u8] = b"Computer,Software,Version\nPC-1,One,1\nPC-2,Two,2\n\"";
    let cases: [Case; 5] = [
        ("a line of 1 GB", b"", b"x", "import/unknown-format", "a line of more than"),
        ("a line of 1 GB in a table", table, b"x", "import/too-large", "line 4"),
        ("100,000 columns", b"", b"a,", "import/unknown-format", "a line of more than"),
        ("100,000 columns in a table", table, b"a,", "import/unreadable", "more than 16384 columns"),
        ("a quote never closed", quoted, b"a\nb,c", "import/too-large", "is a quote never closed?"),
    ];
    for (what, beginning, repeated, code, says) in cases {
        let mut input = Endless { beginning, repeated, length: 1 << 30, at: 0 };
        let error = import(&mut input, "file.csv", &Options::default(), &mut Gathered::default()).expect_err(what);
        assert_eq!(error.code(), code, "{what}: {error}");
        assert!(error.to_string().contains(says), "{what}: {error}");
        assert!(error.hint().is_some(), "{what}");
        assert!(input.at < 64 << 20, "{what}: read {} bytes", input.at);
    }
}

#[test]
fn names_in_an_archive_are_only_told() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["../../../etc/passwd", "C:\\windows\\x.txt"] {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("begins");
        writer.write_all(b"root:x:0:0\n").expect("writes");
    }
    let error = gather(&writer.finish().expect("ends").into_inner(), "x.zip").expect_err("nothing to import");
    assert!(matches!(&error, ImportError::NothingInside { found } if found.contains("../../../etc/passwd")), "{error}");
}
