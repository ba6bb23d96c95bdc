//! What the remote shell is told: one fixed script, and calls of its functions.
//!
//! The script is read by a POSIX shell from its input. It defines functions that only read, each of which writes its
//! answer in parts; a part ends with a line that begins with a random word which nobody else on the host knows, so that no
//! content of a file can be taken for it. A call is a line of the same shell; every path in it stands in quotes within
//! which nothing has a meaning.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

/// The functions, and at their end the first answer.
pub(super) const SCRIPT: &str = include_str!("script.sh");

/// A call of one of the script's functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    text: String,
}

impl Call {
    pub(super) fn new(function: &str) -> Self {
        Self { text: function.to_owned() }
    }

    /// With one more argument.
    pub(super) fn with(mut self, argument: impl AsRef<str>) -> Self {
        self.text.push(' ');
        self.text.push_str(&quoted(argument.as_ref()));
        self
    }

    /// With more arguments.
    pub(super) fn with_all<A: AsRef<str>>(self, arguments: impl IntoIterator<Item = A>) -> Self {
        arguments.into_iter().fold(self, Self::with)
    }

    /// The line, with its end.
    pub(super) fn line(self) -> String {
        self.text + "\n"
    }
}

/// A word in which the shell sees no meaning: in single quotes, where only a single quote ends them
/// (<https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02>).
pub(super) fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A word of 32 hexadecimal digits that cannot be foreseen: hashes under keys that the system's random numbers give.
pub(super) fn nonce() -> String {
    let number = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", number(), number())
}

/// Everything that may be run on a host, for people: the script and the form of its calls.
#[must_use]
pub fn remote_commands() -> String {
    let programs: Vec<String> =
        crate::PROGRAMS.iter().map(|program| format!("#   {}: {}\n", program.line(), program.tells)).collect();
    let programs = if programs.is_empty() { "#   none\n".to_owned() } else { programs.concat() };
    format!(
        "# The shell there reads this from its input; nothing is stored.\n\n{}\n\
         # Then, as often as needed, calls of these functions:\n\
         #   list, spread, look, follow, whole, piece, small, processes, applications\n\
         # and `run` with these programs and no others:\n{programs}",
        format_args!("NONCE=(a random word)\n{SCRIPT}")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_of_a_file_has_a_meaning() {
        for (name, expected) in [
            ("/etc/a b", "'/etc/a b'"),
            ("$(rm -rf x)", "'$(rm -rf x)'"),
            ("it's", r"'it'\''s'"),
            ("'; id; '", r"''\''; id; '\'''"),
            ("a\nb", "'a\nb'"),
            (r"back\slash", r"'back\slash'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(name), expected);
        }
        assert_eq!(Call::new("list").with("10").with_all(["/a", "/b'"]).line(), "list '10' '/a' '/b'\\'''\n");
    }

    #[test]
    fn the_word_differs_each_time() {
        let (one, other) = (nonce(), nonce());
        assert_ne!(one, other);
        assert!(one.len() == 32 && one.bytes().all(|byte| byte.is_ascii_hexdigit()), "{one}");
    }

    #[test]
    fn what_is_run_is_shown_whole() {
        let shown = remote_commands();
        assert!(SCRIPT.lines().all(|line| shown.contains(line)));
        for writing in [">/etc", ">/tmp", " rm ", "mkdir", "mktemp", "tee ", "touch "] {
            assert!(!SCRIPT.contains(writing), "{writing}");
        }
    }
}
