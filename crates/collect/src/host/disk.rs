//! This machine while it runs, and the only place that touches files.
//!
//! The functions take real paths and say what they mean in terms of the system's own; [`RootedHost`](super::RootedHost)
//! uses them, too. What differs more than a little between systems is in `unix.rs` and `windows.rs`.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use interdict_model::OsFamily;

#[cfg(unix)]
use super::unix::{self as system, System};
#[cfg(windows)]
use super::windows::{self as system, System};
use super::windows_hives::Disk;
use super::{Entry, EntryKind, Found, Holding, Host, HostError, Kind, Process, Program, RunningWindows, windows_path};
use crate::registry::Registry;

/// How much is read at a time: enough to make calls rare, little enough to stay in the processor's cache.
const PIECE: usize = 256 * 1024;
/// How many descriptors of one process are looked at.
const MOST_DESCRIPTORS: usize = 50_000;
/// The longest output of a program that is read.
const LONGEST_OUTPUT: u64 = 64 << 20;
/// How long a program may take.
const LONGEST_RUN: Duration = Duration::from_secs(30);

/// This machine, running.
#[derive(Debug)]
pub struct LiveHost {
    user: String,
    system: System,
}

impl LiveHost {
    /// This machine, as the user the program runs as.
    #[must_use]
    pub fn new() -> Self {
        let user = current_user();
        Self { system: System::new(&user), user }
    }
}

impl Default for LiveHost {
    fn default() -> Self {
        Self::new()
    }
}

impl Host for LiveHost {
    fn os_family(&self) -> Option<OsFamily> {
        if cfg!(target_os = "linux") {
            Some(OsFamily::Linux)
        } else if cfg!(windows) {
            Some(OsFamily::Windows)
        } else if cfg!(target_os = "macos") {
            Some(OsFamily::Macos)
        } else {
            None
        }
    }

    fn is_live(&self) -> bool {
        true
    }

    fn label(&self) -> String {
        "this machine".to_owned()
    }

    fn describe_user(&self) -> String {
        self.user.clone()
    }

    fn live_hostname(&self) -> Option<String> {
        system::hostname()
    }

    fn live_arch(&self) -> Option<String> {
        Some(std::env::consts::ARCH.to_owned())
    }

    fn look(&self, path: &str) -> Result<Found, HostError> {
        look(&place(path)?).map_err(|error| self.error(path, error))
    }

    fn read_pieces(&self, path: &str, cap: u64, take: &mut dyn FnMut(&[u8])) -> Result<(), HostError> {
        read_pieces(&place(path)?, cap, take).map_err(|error| error.on(path, cap, &self.user))
    }

    fn read_at(&self, path: &str, offset: u64, length: usize) -> Result<Vec<u8>, HostError> {
        read_at(&place(path)?, offset, length).map_err(|error| self.error(path, error))
    }

    fn list(&self, folder: &str, cap: usize) -> Result<Vec<Entry>, HostError> {
        list(&place(folder)?, cap).map_err(|error| error.on(folder, cap as u64, &self.user))
    }

    fn read_link(&self, path: &str) -> Result<String, HostError> {
        read_link(&place(path)?).map_err(|error| self.error(path, error))
    }

    fn canonical(&self, path: &str) -> Result<String, HostError> {
        let real = fs::canonicalize(place(path)?).map_err(|error| self.error(path, error))?;
        Ok(windows_path::without_prefix(&real.to_string_lossy()).to_owned())
    }

    fn real_path(&self, path: &str) -> Option<PathBuf> {
        place(path).ok()
    }

    fn processes(&self) -> Result<Vec<Process>, HostError> {
        self.system.processes(self)
    }

    fn holdings(&self, pid: u32) -> Result<BTreeSet<Holding>, HostError> {
        let folder = format!("/proc/{pid}/fd");
        holdings(Path::new(&folder)).map_err(|error| error.on(&folder, MOST_DESCRIPTORS as u64, &self.user))
    }

    fn output_of(&self, program: &Program) -> Result<Vec<u8>, HostError> {
        run(program).map_err(|error| error.on(program.path, LONGEST_OUTPUT, &self.user))
    }

    fn registry(&self) -> Option<&dyn Registry> {
        self.system.registry()
    }

    fn running_windows(&self) -> Option<&dyn RunningWindows> {
        self.system.running_windows()
    }
}

impl Disk for LiveHost {
    fn place_of(&self, path: &str) -> Option<PathBuf> {
        place(path).ok()
    }
}

impl LiveHost {
    fn error(&self, path: &str, error: io::Error) -> HostError {
        on_path(path, error, &self.user)
    }
}

/// What the links among a process's descriptors lead to (`proc_pid_fd(5)`).
fn holdings(folder: &Path) -> Result<BTreeSet<Holding>, DiskError> {
    let mut holdings = BTreeSet::new();
    for (number, entry) in fs::read_dir(folder)?.enumerate() {
        if number >= MOST_DESCRIPTORS {
            return Err(DiskError::TooLarge);
        }
        // One that was closed since is no loss.
        let Ok(target) = fs::read_link(entry?.path()) else { continue };
        let Some(kind) = target.to_str().and_then(|target| target.strip_prefix("anon_inode:")) else { continue };
        let kind = kind.trim_matches(['[', ']']);
        if kind == "fanotify" {
            holdings.insert(Holding::Fanotify);
        } else if kind.starts_with("bpf") {
            holdings.insert(Holding::Bpf);
        }
    }
    Ok(holdings)
}

/// Where a path of the running system is. On Windows, what lies on another computer is not asked for.
pub(super) fn place(path: &str) -> Result<PathBuf, HostError> {
    let plain = if cfg!(windows) { windows_path::on_a_drive(path)? } else { path };
    if system::is_elsewhere(plain) { Err(windows_path::elsewhere(path)) } else { Ok(PathBuf::from(plain)) }
}

/// As whom this program runs.
pub(super) fn current_user() -> String {
    system::current_user()
}

/// An error of the operating system, or a bound that was passed.
pub(super) enum DiskError {
    Io(io::Error),
    TooLarge,
}

impl From<io::Error> for DiskError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl DiskError {
    pub(super) fn on(self, path: &str, cap: u64, user: &str) -> HostError {
        match self {
            Self::Io(error) => on_path(path, error, user),
            Self::TooLarge => HostError::TooLarge { path: path.to_owned(), cap },
        }
    }
}

/// An error of the operating system about a path.
pub(super) fn on_path(path: &str, error: io::Error, user: &str) -> HostError {
    match error.kind() {
        // A path below a file does not exist either.
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => HostError::missing(path),
        io::ErrorKind::PermissionDenied => HostError::Denied { path: path.to_owned(), user: user.to_owned() },
        _ => HostError::Other { path: path.to_owned(), source: error },
    }
}

/// What a real path is, with links followed.
pub(super) fn look(path: &Path) -> io::Result<Found> {
    let metadata = fs::metadata(path)?;
    let kind = if metadata.is_dir() {
        Kind::Folder
    } else if !metadata.is_file() {
        Kind::Special
    } else if is_executable(path, &metadata) {
        Kind::Executable
    } else {
        Kind::File
    };
    Ok(Found { kind, size: metadata.len() })
}

#[cfg(unix)]
fn is_executable(_: &Path, metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(path: &Path, _: &fs::Metadata) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("exe"))
}

/// What a path is, if it is a regular file. Asked before opening: to open a pipe waits for its other end.
fn regular(path: &Path) -> io::Result<Found> {
    let found = look(path)?;
    if found.kind.is_file() {
        Ok(found)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"))
    }
}

/// Bytes of a real file from an offset on.
pub(super) fn read_at(path: &Path, offset: u64, length: usize) -> io::Result<Vec<u8>> {
    let found = regular(path)?;
    let mut file = fs::File::open(path)?;
    if offset > 0 {
        file.seek(SeekFrom::Start(offset))?;
    }
    // Files of /proc say they are empty, so this is only a hint.
    let there = usize::try_from(found.size.saturating_sub(offset)).unwrap_or(usize::MAX);
    let mut bytes = Vec::with_capacity(there.min(length));
    file.take(length as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Hands over a real file in pieces.
pub(super) fn read_pieces(path: &Path, cap: u64, take: &mut dyn FnMut(&[u8])) -> Result<(), DiskError> {
    let found = regular(path)?;
    if found.size > cap {
        return Err(DiskError::TooLarge);
    }
    let mut file = fs::File::open(path)?;
    // Files of /proc say they are empty, so the size is only a hint.
    let hint = usize::try_from(found.size).unwrap_or(PIECE).saturating_add(1);
    let mut piece = vec![0; hint.clamp(4096, PIECE)];
    let mut total = 0;
    loop {
        let length = match file.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        total += length as u64;
        if total > cap {
            return Err(DiskError::TooLarge);
        }
        take(&piece[..length]);
    }
}

/// What a program prints. One that does not end in time, or prints more than is read, is ended.
pub(super) fn run(program: &Program) -> Result<Vec<u8>, DiskError> {
    let mut child = Command::new(program.path)
        .args(program.arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let output = child.stdout.take();
    let reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.map_or(Ok(0), |output| output.take(LONGEST_OUTPUT + 1).read_to_end(&mut bytes));
        read.map(|_| bytes)
    });
    let begun = Instant::now();
    let ended = loop {
        if let Some(status) = child.try_wait()? {
            break status.success();
        }
        if begun.elapsed() > LONGEST_RUN || reader.is_finished() && begun.elapsed() > LONGEST_RUN / 2 {
            child.kill()?;
            child.wait()?;
            return Err(io::Error::new(io::ErrorKind::TimedOut, "the program did not end in time").into());
        }
        thread::sleep(Duration::from_millis(5));
    };
    let bytes = reader.join().map_err(|_| io::Error::other("its output could not be read"))??;
    if bytes.len() as u64 > LONGEST_OUTPUT {
        return Err(DiskError::TooLarge);
    }
    if !ended {
        return Err(io::Error::other("the program ended with an error").into());
    }
    Ok(bytes)
}

/// What is in a real folder, by name.
pub(super) fn list(folder: &Path, cap: usize) -> Result<Vec<Entry>, DiskError> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entries.len() >= cap {
            return Err(DiskError::TooLarge);
        }
        let Some(kind) = entry_kind(entry.file_type())? else { continue };
        entries.push(Entry { name: entry.file_name().to_string_lossy().into_owned(), kind });
    }
    entries.sort_unstable();
    Ok(entries)
}

/// What an entry is; nothing where it is gone since the folder was read, as processes go from `/proc`, which then does not
/// say what they were.
fn entry_kind(kind: io::Result<fs::FileType>) -> io::Result<Option<EntryKind>> {
    let kind = match kind {
        Ok(kind) => kind,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some(if kind.is_dir() {
        EntryKind::Folder
    } else if kind.is_symlink() {
        EntryKind::Link
    } else if kind.is_file() {
        EntryKind::File
    } else {
        EntryKind::Special
    }))
}

/// Where a real link points to, as written.
pub(super) fn read_link(path: &Path) -> io::Result<String> {
    /// What Windows answers for anything that is no link; Linux and macOS have no such number.
    const NO_LINK: i32 = 4390;
    match fs::read_link(path) {
        Ok(target) => Ok(target.to_string_lossy().into_owned()),
        Err(error) if error.raw_os_error() == Some(NO_LINK) => Err(io::ErrorKind::InvalidInput.into()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_while_a_folder_is_listed_is_no_error() {
        let failed = |kind: io::ErrorKind| entry_kind(Err(kind.into()));
        assert_eq!(failed(io::ErrorKind::NotFound).expect("no error"), None);
        assert!(failed(io::ErrorKind::PermissionDenied).is_err());
        let folder = fs::metadata(std::env::temp_dir()).expect("there").file_type();
        assert_eq!(entry_kind(Ok(folder)).expect("known"), Some(EntryKind::Folder));
    }

    #[test]
    fn a_file_over_the_cap_is_told_from_a_missing_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        fs::write(&path, b"12345").expect("written");
        let path = path.to_str().expect("text");
        let host = LiveHost::new();
        assert_eq!(host.read(path, 5).expect("fits"), b"12345");
        assert!(matches!(host.read(path, 4), Err(HostError::TooLarge { cap: 4, .. })));
        assert!(matches!(host.read(&format!("{path}/below"), 4), Err(HostError::NotFound { .. })));
        assert!(matches!(host.read(&format!("{path}x"), 4), Err(HostError::NotFound { .. })));
        assert!(matches!(host.read(folder.path().to_str().expect("text"), 4), Err(HostError::Other { .. })));
    }
}
