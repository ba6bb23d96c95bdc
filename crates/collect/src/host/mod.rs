//! A machine as it can be read: files, folders, links and processes, by the paths of the system that is looked at.
//!
//! Paths are those of the system itself (`/var/lib/dpkg/status`), wherever its disk is mounted. Names that are not UTF-8
//! are listed with U+FFFD in the place of what is none, and cannot be asked for: that is not at hand, rather than not there. On Windows they are those of Windows, `C:\\Program Files\\...`, and case does not matter. Nothing
//! here can write.

mod blocks;
mod disk;
mod fixture;
mod hives;
mod links;
mod local_file;
pub(crate) mod programs;
mod rooted;
mod running_windows;
mod ssh;
mod unix;
mod windows;
mod windows_hives;
mod windows_path;

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

use interdict_model::{Fault, OsFamily};

use crate::registry::Registry;

pub(crate) use blocks::Blocks;
pub use disk::LiveHost;
pub use fixture::{FixtureHost, RecordedWindows};
pub use hives::HivesHost;
pub(crate) use hives::code;
pub(crate) use hives::{read_file, read_hive};
pub use local_file::LocalFile;
pub use programs::{PROGRAMS, Program};
pub use rooted::RootedHost;
pub use running_windows::{RunningWindows, SecurityProduct, SecurityProductKind};
pub use ssh::{SshArgumentError, SshDestination, SshHost, SshLimits, SshSetting, SshTarget, remote_commands};

/// A machine as it can be read.
pub trait Host {
    /// The family of its operating system; nothing when what is there does not look like a system at all.
    fn os_family(&self) -> Option<OsFamily>;
    /// Whether it is this machine, running; else its files lie still.
    fn is_live(&self) -> bool;
    /// What to call it where it has no name of its own: the folder it is mounted at.
    fn label(&self) -> String;
    /// As whom it is read, such as `root` or `uid 65534`.
    fn describe_user(&self) -> String;
    /// The name a running system goes by; a mounted one has only its files.
    fn live_hostname(&self) -> Option<String>;
    /// The processor architecture of a running system.
    fn live_arch(&self) -> Option<String>;
    /// What a path is, with links followed.
    fn look(&self, path: &str) -> Result<Found, HostError>;
    /// Hands over a file in pieces, at most so many bytes; a larger one is an error, at the latest at its end.
    /// Anything that is not a regular file is refused, since a pipe or device may never end.
    fn read_pieces(&self, path: &str, cap: u64, take: &mut dyn FnMut(&[u8])) -> Result<(), HostError>;
    /// Bytes of a regular file from an offset on, however large it is; fewer than asked for where it ends.
    fn read_at(&self, path: &str, offset: u64, length: usize) -> Result<Vec<u8>, HostError>;
    /// What is in a folder, by name; a folder of more than `cap` entries is an error.
    fn list(&self, folder: &str, cap: usize) -> Result<Vec<Entry>, HostError>;
    /// Where a link points to, as written.
    fn read_link(&self, path: &str) -> Result<String, HostError>;
    /// The path with all links resolved, as the system itself would name it.
    fn canonical(&self, path: &str) -> Result<String, HostError>;
    /// Where a file really is on this machine; nothing where there is no such place. Libraries that open files take
    /// [`local_file`](Self::local_file).
    fn real_path(&self, path: &str) -> Option<PathBuf>;
    /// The running processes, by id.
    fn processes(&self) -> Result<Vec<Process>, HostError>;
    /// What a process holds open that only security software and the like does, each kind once; [`HostError::NotAtHand`]
    /// where that is not asked for.
    fn holdings(&self, pid: u32) -> Result<BTreeSet<Holding>, HostError> {
        let why = "it is asked for on this machine only".to_owned();
        Err(HostError::NotAtHand { path: format!("/proc/{pid}/fd"), why })
    }
    /// What a program of the system prints; [`HostError::NotAtHand`] where nothing can be run.
    fn output_of(&self, program: &Program) -> Result<Vec<u8>, HostError>;
    /// Its registry; nothing on a system that has none.
    fn registry(&self) -> Option<&dyn Registry>;
    /// What only a running Windows system says; nothing on any other.
    fn running_windows(&self) -> Option<&dyn RunningWindows> {
        None
    }

    /// Says what will be looked at, listed or read next; a machine elsewhere then answers many questions at once. It
    /// changes no answer, and may be left out.
    fn expect(&self, _paths: &[String]) {}

    /// Says which files will be read as a whole next, likewise.
    fn expect_read(&self, _paths: &[String]) {}

    /// Why nothing more can be had from it: a machine elsewhere may break off while it is read. What was read before is
    /// then not to be used, since half a scan looks like a clean machine.
    fn lost(&self) -> Option<HostError> {
        None
    }

    /// How many files and folders the rights did not reach so far, where that is counted.
    fn hidden(&self) -> usize {
        0
    }

    /// A regular file of at most so many bytes, where libraries can open it: itself, or a copy of what lies elsewhere.
    fn local_file(&self, path: &str, cap: u64) -> Result<LocalFile, HostError> {
        self.real_path(path).map_or_else(|| local_file::copied(self, path, cap), |real| Ok(LocalFile::InPlace(real)))
    }

    /// The first bytes of a regular file, however large it is.
    fn read_start(&self, path: &str, length: usize) -> Result<Vec<u8>, HostError> {
        self.read_at(path, 0, length)
    }

    /// A file as a whole.
    fn read(&self, path: &str, cap: u64) -> Result<Vec<u8>, HostError> {
        let mut bytes = Vec::new();
        self.read_pieces(path, cap, &mut |piece| bytes.extend_from_slice(piece))?;
        Ok(bytes)
    }
}

/// What a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Its kind.
    pub kind: Kind,
    /// Its size in bytes, where that means something.
    pub size: u64,
}

/// The kinds of things a path can be, with links followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A folder.
    Folder,
    /// A regular file that somebody may execute.
    Executable,
    /// Any other regular file.
    File,
    /// A device, pipe or socket.
    Special,
}

impl Kind {
    /// Whether it is a regular file.
    #[must_use]
    pub const fn is_file(self) -> bool {
        match self {
            Self::Executable | Self::File => true,
            Self::Folder | Self::Special => false,
        }
    }
}

/// Something in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What it is itself, links not followed.
    pub kind: EntryKind,
}

/// What an entry of a folder is itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A folder.
    Folder,
    /// A regular file.
    File,
    /// A link to something.
    Link,
    /// A device, pipe or socket.
    Special,
}

/// A running process, as the kernel describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Its id.
    pub pid: u32,
    /// The bytes of `comm`.
    pub comm: Vec<u8>,
    /// The bytes of `cmdline`.
    pub cmdline: Vec<u8>,
    /// Its executable.
    pub executable: ExecutableLink,
}

/// What a process may hold open that few do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holding {
    /// A group of fanotify: it is told of, or may forbid, what others do with files (fanotify(7)).
    Fanotify,
    /// Programs or maps of eBPF in the kernel (bpf(2)).
    Bpf,
}

/// What can be known of a process's executable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExecutableLink {
    /// The target of the link, as the kernel writes it.
    Target(String),
    /// It has none: a thread of the kernel, or a process that has ended.
    None,
    /// It is another user's, and the rights do not reach.
    Denied,
}

/// Why something on a host could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// It does not exist.
    #[error("{path} does not exist")]
    NotFound {
        /// The path on the system.
        path: String,
    },
    /// It exists, or may, and the rights do not reach.
    #[error("{path} may not be read as {user}")]
    Denied {
        /// The path on the system.
        path: String,
        /// As whom it was tried.
        user: String,
    },
    /// It is larger than is read.
    #[error("{path} is larger than the {cap} bytes or entries that are read")]
    TooLarge {
        /// The path on the system.
        path: String,
        /// How much is read.
        cap: u64,
    },
    /// It is no part of what can be looked at, so nobody knows whether it exists.
    #[error("{path} cannot be looked at: {why}")]
    NotAtHand {
        /// The path on the system.
        path: String,
        /// Why not.
        why: String,
    },
    /// A machine elsewhere cannot be connected to, or is none that can be read.
    #[error("{host} cannot be read over ssh: {why}")]
    Unreachable {
        /// Which machine.
        host: String,
        /// Why not.
        why: String,
        /// What to do about it.
        hint: Option<&'static str>,
    },
    /// A machine elsewhere broke off while it was read.
    #[error("the connection to {host} was lost: {why}")]
    Lost {
        /// Which machine.
        host: String,
        /// Why.
        why: String,
    },
    /// A folder that was given for its registry hives holds none.
    #[error("no registry hive lies in {path}")]
    NoHives {
        /// The folder.
        path: String,
    },
    /// Anything else.
    #[error("{path} could not be read")]
    Other {
        /// The path on the system.
        path: String,
        /// What went wrong.
        source: io::Error,
    },
}

impl HostError {
    /// The message and its cause in one line, for a collector's reason.
    #[must_use]
    pub fn with_cause(&self) -> String {
        match self {
            Self::Other { source, .. } => format!("{self}: {source}"),
            Self::NotFound { .. }
            | Self::Denied { .. }
            | Self::TooLarge { .. }
            | Self::NotAtHand { .. }
            | Self::NoHives { .. }
            | Self::Unreachable { .. }
            | Self::Lost { .. } => self.to_string(),
        }
    }

    /// The same error about the path that was asked for, rather than one on the way to it.
    pub(crate) fn about(self, path: &str) -> Self {
        let path = path.to_owned();
        match self {
            Self::NotFound { .. } => Self::NotFound { path },
            Self::Denied { user, .. } => Self::Denied { path, user },
            Self::TooLarge { cap, .. } => Self::TooLarge { path, cap },
            Self::NotAtHand { why, .. } => Self::NotAtHand { path, why },
            Self::NoHives { .. } => Self::NoHives { path },
            Self::Other { source, .. } => Self::Other { path, source },
            // These are about the machine.
            Self::Unreachable { .. } | Self::Lost { .. } => self,
        }
    }

    /// Nothing is there. A name that stands for one that is no UTF-8 can never be there: of such a path nobody knows.
    pub(crate) fn missing(path: &str) -> Self {
        if is_garbled(path) { Self::garbled(path) } else { Self::NotFound { path: path.to_owned() } }
    }

    /// The path, or one that it leads to, has a name that is no UTF-8.
    pub(crate) fn garbled(path: &str) -> Self {
        Self::NotAtHand { path: path.to_owned(), why: "a name in it, or where it leads, is no UTF-8".to_owned() }
    }

    pub(crate) fn other(path: &str, kind: io::ErrorKind, message: &str) -> Self {
        Self::Other { path: path.to_owned(), source: io::Error::new(kind, message.to_owned()) }
    }
}

/// Whether a path has a name with something in the place of bytes that are no UTF-8.
pub(crate) fn is_garbled(path: &str) -> bool {
    path.contains(char::REPLACEMENT_CHARACTER)
}

impl Fault for HostError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "collect/not-found",
            Self::Denied { .. } => "collect/denied",
            Self::TooLarge { .. } => "collect/too-large",
            Self::NotAtHand { .. } => "collect/not-at-hand",
            Self::Unreachable { .. } => "collect/unreachable",
            Self::Lost { .. } => "collect/connection-lost",
            Self::NoHives { .. } => "collect/no-hives",
            Self::Other { .. } => "collect/unreadable",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Denied { .. } => Some("run it again as root or administrator to see the rest".to_owned()),
            Self::Unreachable { hint, .. } => hint.map(str::to_owned),
            Self::Lost { .. } => Some("scan it again; nothing of this scan was kept".to_owned()),
            Self::NoHives { .. } => Some(
                "give the folder that SOFTWARE, SYSTEM or NTUSER.DAT lie in; a whole system is looked at with --root"
                    .to_owned(),
            ),
            Self::NotFound { .. } | Self::TooLarge { .. } | Self::NotAtHand { .. } | Self::Other { .. } => None,
        }
    }
}
