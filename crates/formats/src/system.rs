//! Which system this is and whose: `os-release`, `machine-id`, `hostname`, `passwd`, and dpkg's word on the architecture.
//!
//! Each reader takes one small file and answers with what stands in it, or with nothing; what to do without is up to
//! the caller.

use crate::notes::lines;

/// The longest host name there is (hostname(7)).
const LONGEST_HOSTNAME: usize = 253;
/// How many accounts one file may name.
const MOST_ACCOUNTS: usize = 100_000;

/// What `os-release` says (os-release(5)).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OsRelease {
    /// `NAME`, such as `Debian GNU/Linux`.
    pub name: Option<String>,
    /// `VERSION_ID`, else `VERSION`, else `BUILD_ID`; rolling distributions have none of them.
    pub version: Option<String>,
}

/// Reads `os-release`.
#[must_use]
pub fn parse_os_release(bytes: &[u8]) -> OsRelease {
    let of = |wanted: &str| {
        // Like in a shell, which this format is made for, the last assignment counts.
        lines(bytes)
            .filter_map(|line| std::str::from_utf8(line).ok()?.trim().split_once('='))
            .filter(|(key, _)| *key == wanted)
            .last()
            .map(|(_, value)| unquoted(value))
            .filter(|value| !value.is_empty())
    };
    OsRelease { name: of("NAME"), version: of("VERSION_ID").or_else(|| of("VERSION")).or_else(|| of("BUILD_ID")) }
}

/// Reads `machine-id`: 32 hexadecimal digits, or nothing. Images ship it empty or with the word `uninitialized`.
#[must_use]
pub fn parse_machine_id(bytes: &[u8]) -> Option<String> {
    let id = std::str::from_utf8(bytes.trim_ascii()).ok()?;
    let is_id =
        id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) && id.bytes().any(|byte| byte != b'0');
    is_id.then(|| id.to_ascii_lowercase())
}

/// Reads `/etc/hostname`: its first line that is not a comment (hostname(5)).
#[must_use]
pub fn parse_hostname(bytes: &[u8]) -> Option<String> {
    let line = lines(bytes).map(<[u8]>::trim_ascii).find(|line| !matches!(line.first(), None | Some(b'#')))?;
    let name = std::str::from_utf8(line).ok()?;
    (name.len() <= LONGEST_HOSTNAME && !name.contains(char::is_control)).then(|| name.to_owned())
}

/// Reads `/var/lib/dpkg/arch`: the first line is the system's own architecture.
#[must_use]
pub fn parse_dpkg_arch(bytes: &[u8]) -> Option<String> {
    let line = lines(bytes).map(<[u8]>::trim_ascii).find(|line| !line.is_empty())?;
    std::str::from_utf8(line).ok().map(str::to_owned)
}

/// An account of the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its home folder, as an absolute path.
    pub home: String,
}

/// Reads `/etc/passwd` (passwd(5)): the accounts that have a home, in the order of the file. Lines that are no account
/// are left out, as the system leaves them out.
pub fn parse_passwd(bytes: &[u8]) -> impl Iterator<Item = Account> {
    let account = |line: &[u8]| {
        let line = String::from_utf8_lossy(line);
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty() && !name.starts_with(['#', '+', '-']))?;
        let home = fields.nth(4).filter(|home| home.starts_with('/'))?;
        Some(Account { name: name.to_owned(), home: home.to_owned() })
    };
    lines(bytes).filter_map(account).take(MOST_ACCOUNTS)
}

/// A shell word without its quotes and backslashes.
fn unquoted(value: &str) -> String {
    let value = value.trim();
    let inner = ['"', '\''].into_iter().find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
    let mut text = String::new();
    let mut characters = inner.unwrap_or(value).chars();
    while let Some(character) = characters.next() {
        if character == '\\' {
            text.extend(characters.next());
        } else {
            text.push(character);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_with_a_home_are_read() {
        let text = b"root:x:0:0:root:/root:/bin/bash\n# comment:x:1:1::/c:\n+::::::\nada:x:1000:1000:Ada,,,:/home/ada:/bin/sh\n\
            short:x:1\nrelative:x:1:1::home:\n\xff:x:1:1::/home/\xff:\n";
        let accounts: Vec<String> =
            parse_passwd(text).map(|account| format!("{} {}", account.name, account.home)).collect();
        assert_eq!(accounts, ["root /root", "ada /home/ada", "\u{fffd} /home/\u{fffd}"]);
    }

    #[test]
    fn os_release_is_read_as_a_shell_would() {
        let of = |name: &str, version: Option<&str>| OsRelease {
            name: Some(name.to_owned()),
            version: version.map(str::to_owned),
        };
        let table: [(&[u8], OsRelease); 5] = [
            (b"PRETTY_NAME=\"x\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\n", of("Debian GNU/Linux", Some("12"))),
            (b"NAME='RED OS'\r\nVERSION=8\r\n", of("RED OS", Some("8"))),
            (b"NAME=Arch\\ Linux\nBUILD_ID=rolling", of("Arch Linux", Some("rolling"))),
            (b"# NAME=no\nNAME=a\nNAME=b\n", of("b", None)),
            (b"\xff\xfe", OsRelease::default()),
        ];
        for (bytes, expected) in table {
            assert_eq!(parse_os_release(bytes), expected);
        }
    }

    #[test]
    fn an_image_has_no_machine_id() {
        assert_eq!(
            parse_machine_id(b"0123456789ABCDEF0123456789abcdef\n").as_deref(),
            Some("0123456789abcdef0123456789abcdef")
        );
        for nothing in [&b""[..], b"uninitialized\n", b"00000000000000000000000000000000\n", b"0123", b"\xff"] {
            assert_eq!(parse_machine_id(nothing), None);
        }
    }

    #[test]
    fn the_host_name_is_the_first_line_that_says_something() {
        assert_eq!(parse_hostname(b"# set by x\n\n web-01 \nother\n").as_deref(), Some("web-01"));
        for nothing in [&b""[..], b"# only this\n", b"\xff\n", b"a\x1bb"] {
            assert_eq!(parse_hostname(nothing), None);
        }
        assert_eq!(parse_hostname(&[b'a'; 254]), None);
    }

    #[test]
    fn dpkg_names_its_own_architecture_first() {
        assert_eq!(parse_dpkg_arch(b"amd64\ni386\n").as_deref(), Some("amd64"));
        assert_eq!(parse_dpkg_arch(b"\n"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = (parse_os_release(&bytes), parse_machine_id(&bytes), parse_hostname(&bytes), parse_dpkg_arch(&bytes));
        }
    }
}
