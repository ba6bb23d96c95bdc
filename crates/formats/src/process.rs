//! What `/proc/<pid>` says of a process: its name, its command line and its executable (proc(5)).
//!
//! A process may write what it likes into its name and command line; only the executable's link is the kernel's word.

/// The kernel cuts names of processes after so many bytes (`TASK_COMM_LEN` less one).
const NAME_LENGTH: usize = 15;
/// How many arguments of a command line are read.
const MOST_ARGUMENTS: usize = 4096;
/// What the kernel writes behind the path of an executable that no longer exists.
const DELETED: &str = " (deleted)";

/// Where the executable of a process is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executable {
    /// Its path; where it was, if it is gone.
    pub path: String,
    /// Whether it was deleted while the process runs.
    pub deleted: bool,
}

/// The name in `comm`.
#[must_use]
pub fn parse_comm(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.strip_suffix(b"\n").unwrap_or(bytes)).into_owned()
}

/// The arguments in `cmdline`; none for a kernel thread.
#[must_use]
pub fn parse_cmdline(bytes: &[u8]) -> Vec<String> {
    let bytes = bytes.strip_suffix(&[0]).unwrap_or(bytes);
    if bytes.is_empty() {
        return Vec::new();
    }
    bytes
        .split(|byte| *byte == 0)
        .take(MOST_ARGUMENTS)
        .map(|argument| String::from_utf8_lossy(argument).into_owned())
        .collect()
}

/// The target of the link `exe`.
#[must_use]
pub fn parse_exe(target: &str) -> Executable {
    target.strip_suffix(DELETED).map_or_else(
        || Executable { path: target.to_owned(), deleted: false },
        |path| Executable { path: path.to_owned(), deleted: true },
    )
}

/// The name of a process in full, where the kernel cut it and the executable's file name goes on.
#[must_use]
pub fn full_name<'a>(comm: &'a str, executable: Option<&'a str>) -> &'a str {
    let file = executable.and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    if comm.len() >= NAME_LENGTH && file.starts_with(comm) { file } else { comm }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_files_are_read() {
        assert_eq!(parse_comm(b"kesl\n"), "kesl");
        assert_eq!(parse_comm(b"bad\xff"), "bad\u{fffd}");
        assert_eq!(parse_cmdline(b"/opt/a/agent\0--x\0\0"), ["/opt/a/agent", "--x", ""]);
        assert_eq!(parse_cmdline(b""), Vec::<String>::new());
        assert_eq!(parse_cmdline(b"title set by hand"), ["title set by hand"]);
        assert_eq!(parse_exe("/opt/a/agent"), Executable { path: "/opt/a/agent".to_owned(), deleted: false });
        assert_eq!(parse_exe("/opt/a/agent (deleted)"), Executable { path: "/opt/a/agent".to_owned(), deleted: true });
    }

    #[test]
    fn a_cut_name_is_completed_from_the_executable_only() {
        for (comm, executable, expected) in [
            ("systemd-journal", Some("/usr/lib/systemd/systemd-journald"), "systemd-journald"),
            ("agent", Some("/opt/a/agent-long"), "agent"),
            ("renamed-process", Some("/opt/a/agent"), "renamed-process"),
            ("agent", None, "agent"),
        ] {
            assert_eq!(full_name(comm, executable), expected, "{comm}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, text: String) {
            let _ = (parse_comm(&bytes), parse_cmdline(&bytes), parse_exe(&text), full_name(&text, Some(&text)));
        }
    }
}
