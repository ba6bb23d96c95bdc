//! The watched folder itself: its lock, what lies in it, and moving files without ever replacing one.
//!
//! Every move is one renaming within the folder, so that a file is always in exactly one place.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempPath;

use super::LeftWhy;
use crate::error::AppError;

/// Where a file lies while it is imported.
const WORKING: &str = "working";
/// Where files lie that were imported.
pub(super) const DONE: &str = "done";
/// Where files lie that could not be.
pub(super) const REJECTED: &str = "rejected";
/// Below [`WORKING`]: who holds a lock on it takes files. It stays, since removing it would let two watchers hold one each.
const LOCK: &str = ".lock";

/// More entries than this are left for the next look.
const MOST_ENTRIES: usize = 100_000;
/// Names longer than this get a shorter one, since something may have to be added to them.
const LONGEST_NAME: usize = 180;

/// A folder with its sub-folders.
pub(super) struct Folder {
    root: PathBuf,
    /// The lock, and what was written into it.
    lock: Option<(File, String)>,
    /// Whether the file system knows locks.
    has_locks: bool,
}

/// Whose the lock is.
pub(super) enum LockState {
    Ours,
    Theirs,
    /// The file system knows no locks.
    Unknown(io::Error),
}

/// By what a change of a file is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) bytes: u64,
    pub(super) changed: Option<SystemTime>,
}

/// Something in the folder.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) name: OsString,
    pub(super) kind: Kind,
}

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A regular file.
    File(Stamp),
    /// Something else.
    Left(LeftWhy),
}

/// A file that this watcher alone has.
pub(super) struct Claim {
    pub(super) name: OsString,
    /// Where it lies.
    pub(super) place: PathBuf,
    pub(super) stamp: Stamp,
}

impl Claim {
    /// Whether the file is as it was when it was taken: who has it open may go on writing wherever it lies.
    pub(super) fn is_unchanged(&self) -> bool {
        // One that is gone is nothing to import again.
        fs::symlink_metadata(&self.place).map_or(true, |metadata| kind(&metadata) == Kind::File(self.stamp))
    }
}

/// How taking a file ended.
pub(super) enum ClaimEnd {
    Ours(Claim),
    /// It is no longer there.
    Gone,
    Left(LeftWhy),
}

/// A file that lies in `working`.
pub(super) struct Leftover {
    pub(super) name: OsString,
    pub(super) place: PathBuf,
    /// How often it was begun with.
    pub(super) attempt: u8,
}

/// Where a file was moved to.
pub(super) enum Moved {
    To(PathBuf),
    /// It was no longer there.
    Gone,
}

impl Folder {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), lock: None, has_locks: true }
    }

    /// Makes the sub-folders where they are missing.
    pub(super) fn prepare(&self) -> Result<(), AppError> {
        let metadata = fs::metadata(&self.root).map_err(|source| failed("read", &self.root, source))?;
        if !metadata.is_dir() {
            return Err(AppError::WatchFolder { path: self.root.clone(), problem: "it is no folder" });
        }
        for name in [WORKING, DONE, REJECTED] {
            let path = self.root.join(name);
            match fs::create_dir(&path) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(failed("make", &path, error)),
                Ok(()) | Err(_) => {}
            }
            // A link could lead files to where whoever dropped them may not write.
            let metadata = fs::symlink_metadata(&path).map_err(|source| failed("read", &path, source))?;
            if !metadata.is_dir() {
                return Err(AppError::WatchFolder { path, problem: "it is used to move files and must be a folder" });
            }
        }
        Ok(())
    }

    /// Tries to become the one who takes files.
    pub(super) fn lock(&mut self) -> Result<LockState, AppError> {
        if !self.has_locks {
            return Ok(LockState::Unknown(io::ErrorKind::Unsupported.into()));
        }
        let path = self.root.join(WORKING).join(LOCK);
        if fs::symlink_metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(AppError::WatchFolder { path, problem: "it is used as a lock and must be a file" });
        }
        let opened = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let file = opened.map_err(|source| failed("write", &path, source))?;
        match file.try_lock() {
            Ok(()) => {
                let sign = sign();
                write_over(&file, &sign).map_err(|source| failed("write", &path, source))?;
                self.lock = Some((file, sign));
                Ok(LockState::Ours)
            }
            Err(TryLockError::WouldBlock) => Ok(LockState::Theirs),
            Err(TryLockError::Error(problem)) => {
                self.has_locks = false;
                Ok(LockState::Unknown(problem))
            }
        }
    }

    /// Whether the lock still means something: somebody may have removed its file, and another watcher made a new one.
    pub(super) fn still_ours(&mut self) -> bool {
        let Some((_, sign)) = &self.lock else { return !self.has_locks };
        let is_ours = match fs::read(self.root.join(WORKING).join(LOCK)) {
            Ok(written) => written == sign.as_bytes(),
            // Windows lets nobody read what is locked.
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        };
        if !is_ours {
            self.lock = None;
        }
        is_ours
    }

    /// Whether nobody else takes files meanwhile.
    pub(super) fn is_locked(&self) -> bool {
        self.has_locks
    }

    /// As on a share that knows no locks.
    #[cfg(test)]
    pub(super) fn without_locks(&mut self) {
        self.has_locks = false;
        self.lock = None;
    }

    /// An error about a file of the folder.
    pub(super) fn failed(&self, doing: &'static str, name: &OsStr, source: io::Error) -> AppError {
        failed(doing, &self.root.join(name), source)
    }

    /// What lies in the folder, the oldest files first.
    pub(super) fn look(&self) -> Result<Vec<Entry>, AppError> {
        let mut entries = Vec::new();
        for name in names(&self.root)? {
            if [WORKING, DONE, REJECTED].iter().any(|own| name == *own) {
                continue;
            }
            // Not what the listing says of it, which Windows brings up to date only when a file is closed.
            let Ok(metadata) = fs::symlink_metadata(self.root.join(&name)) else { continue };
            entries.push(Entry { name, kind: kind(&metadata) });
        }
        // The exports of one machine go in oldest first.
        let age = |entry: &Entry| match entry.kind {
            Kind::File(stamp) => stamp.changed,
            Kind::Left(_) => None,
        };
        entries.sort_by(|one, other| age(one).cmp(&age(other)).then_with(|| one.name.cmp(&other.name)));
        Ok(entries)
    }

    /// Whether a file can be opened now.
    pub(super) fn can_be_read(&self, name: &OsStr) -> io::Result<()> {
        File::open(self.root.join(name)).map(drop)
    }

    /// Takes a file, so that no other watcher does.
    pub(super) fn claim(&self, name: &OsStr) -> Result<ClaimEnd, AppError> {
        let from = self.root.join(name);
        let place = self.root.join(WORKING).join(name);
        match move_to_new(&from, &place) {
            Ok(()) => {}
            Err(error) => {
                return match error.kind() {
                    io::ErrorKind::NotFound => Ok(ClaimEnd::Gone),
                    io::ErrorKind::AlreadyExists => Ok(ClaimEnd::Left(LeftWhy::SameName)),
                    _ => match reading_why(&error) {
                        Some(LeftWhy::InUse) => Ok(ClaimEnd::Left(LeftWhy::InUse)),
                        Some(_) => Ok(ClaimEnd::Left(LeftWhy::Unmovable)),
                        None => Err(failed("move", &from, error)),
                    },
                };
            }
        }
        let leftover = Leftover { name: name.to_owned(), place, attempt: 1 };
        Ok(self.claimed(leftover)?.map_or(ClaimEnd::Gone, ClaimEnd::Ours))
    }

    /// A file in `working` as one that is ours; nothing when it is gone. What was no regular file any more when it was moved
    /// goes back.
    pub(super) fn claimed(&self, leftover: Leftover) -> Result<Option<Claim>, AppError> {
        let Leftover { name, place, .. } = leftover;
        let metadata = match fs::symlink_metadata(&place) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed("read", &place, error)),
        };
        match kind(&metadata) {
            Kind::File(stamp) => Ok(Some(Claim { name, place, stamp })),
            Kind::Left(_) => {
                let claim = Claim { name, place, stamp: Stamp { bytes: 0, changed: None } };
                self.put_back(&claim)?;
                Ok(None)
            }
        }
    }

    /// Puts a file back where it was dropped; not so when another one of its name lies there.
    pub(super) fn put_back(&self, claim: &Claim) -> Result<bool, AppError> {
        match move_to_new(&claim.place, &self.root.join(&claim.name)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(failed("move", &claim.place, error)),
        }
    }

    /// What lies in `working`.
    pub(super) fn leftovers(&self) -> Result<Vec<Leftover>, AppError> {
        let mut leftovers = Vec::new();
        for attempt in 1..=super::MOST_ATTEMPTS {
            let folder = self.attempt(attempt);
            let names = match names(&folder) {
                Ok(names) => names,
                Err(AppError::File { source, .. }) if attempt > 1 && source.kind() == io::ErrorKind::NotFound => {
                    continue;
                }
                Err(error) => return Err(error),
            };
            for name in names {
                let place = folder.join(&name);
                let is_file = fs::symlink_metadata(&place).is_ok_and(|metadata| metadata.is_file());
                if is_file && name != LOCK {
                    leftovers.push(Leftover { name, place, attempt });
                }
            }
        }
        Ok(leftovers)
    }

    /// Notes by its place that a file is begun with once more; nothing when somebody else was quicker.
    pub(super) fn try_again(&self, leftover: Leftover) -> Result<Option<Leftover>, AppError> {
        let attempt = leftover.attempt + 1;
        let folder = self.attempt(attempt);
        fs::create_dir_all(&folder).map_err(|source| failed("make", &folder, source))?;
        let place = folder.join(&leftover.name);
        match move_to_new(&leftover.place, &place) {
            Ok(()) => Ok(Some(Leftover { name: leftover.name, place, attempt })),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists) => Ok(None),
            Err(error) => Err(failed("move", &leftover.place, error)),
        }
    }

    /// Where a file lies that was begun with so often.
    fn attempt(&self, attempt: u8) -> PathBuf {
        let working = self.root.join(WORKING);
        if attempt <= 1 { working } else { working.join(format!("attempt-{attempt}")) }
    }

    /// Moves a file to one of the sub-folders, under a name that nothing has there, with something written beside it first.
    pub(super) fn put_away(
        &self,
        claim: &Claim,
        folder: &str,
        beside: Option<(&str, &[u8])>,
        at: &str,
    ) -> Result<Moved, AppError> {
        let folder = self.root.join(folder);
        for name in free_names(&claim.name, at) {
            let target = folder.join(&name);
            if fs::symlink_metadata(&target).is_ok() {
                continue;
            }
            let companion = match beside {
                Some((ending, text)) => {
                    let mut name = name.clone();
                    name.push(ending);
                    let path = folder.join(name);
                    match write_new(&path, text) {
                        Ok(()) => Some(path),
                        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                        Err(error) => return Err(failed("write", &path, error)),
                    }
                }
                None => None,
            };
            let moved = move_to_new(&claim.place, &target);
            if let (Err(_), Some(companion)) = (&moved, companion) {
                // Written for nothing; what cannot be removed harms nobody.
                let _ = fs::remove_file(companion);
            }
            match moved {
                Ok(()) => return Ok(Moved::To(target)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Moved::Gone),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(failed("move", &claim.place, error)),
            }
        }
        Err(AppError::WatchFolder { path: folder, problem: "it is full of files of one name" })
    }
}

/// Why a file cannot be opened or moved now, where that may pass.
pub(super) fn reading_why(error: &io::Error) -> Option<LeftWhy> {
    /// Windows: `ERROR_SHARING_VIOLATION` and `ERROR_LOCK_VIOLATION`. On other systems these numbers (a closed pipe, a
    /// number too large) are nothing that opening or renaming a file answers.
    const IN_USE: [i32; 2] = [32, 33];
    if error.raw_os_error().is_some_and(|code| IN_USE.contains(&code)) {
        return Some(LeftWhy::InUse);
    }
    match error.kind() {
        io::ErrorKind::ResourceBusy | io::ErrorKind::ExecutableFileBusy | io::ErrorKind::WouldBlock => {
            Some(LeftWhy::InUse)
        }
        io::ErrorKind::PermissionDenied => Some(LeftWhy::Unreadable),
        _ => None,
    }
}

fn failed(doing: &'static str, path: &Path, source: io::Error) -> AppError {
    AppError::File { doing, path: path.to_owned(), source }
}

fn names(folder: &Path) -> Result<Vec<OsString>, AppError> {
    let listed = fs::read_dir(folder).map_err(|source| failed("read", folder, source))?;
    let mut names = Vec::new();
    for entry in listed.take(MOST_ENTRIES) {
        names.push(entry.map_err(|source| failed("read", folder, source))?.file_name());
    }
    Ok(names)
}

fn kind(metadata: &fs::Metadata) -> Kind {
    let kind = metadata.file_type();
    if kind.is_symlink() {
        Kind::Left(LeftWhy::Link)
    } else if kind.is_dir() {
        Kind::Left(LeftWhy::Folder)
    } else if kind.is_file() {
        Kind::File(Stamp { bytes: metadata.len(), changed: metadata.modified().ok() })
    } else {
        Kind::Left(LeftWhy::NoFile)
    }
}

/// Moves a file to where nothing is yet: never over another one, and by one of two who try at the same time.
fn move_to_new(from: &Path, to: &Path) -> io::Result<()> {
    let mut file = TempPath::try_from_path(from)?;
    // It is no temporary file, only moved like one.
    file.disable_cleanup(true);
    match file.persist_noclobber(to) {
        Ok(()) => Ok(()),
        Err(mut failed) => {
            failed.path.disable_cleanup(true);
            let error = failed.error;
            // A file system without both a renaming that spares what is there and hard links (exFAT, some shares).
            if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput)
                || (error.kind() == io::ErrorKind::PermissionDenied && fs::symlink_metadata(from).is_ok())
            {
                return move_to_reserved(from, to);
            }
            Err(error)
        }
    }
}

/// The same in two steps: an empty file holds the place until the right one is put over it.
fn move_to_reserved(from: &Path, to: &Path) -> io::Result<()> {
    File::create_new(to)?;
    fs::rename(from, to).inspect_err(|_| drop(fs::remove_file(to)))
}

/// What no other watcher writes.
fn sign() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    format!("{}-{}\n", std::process::id(), since.as_nanos())
}

fn write_over(mut file: &File, text: &str) -> io::Result<()> {
    file.set_len(0)?;
    file.write_all(text.as_bytes())
}

/// Writes a file that is there as a whole or not at all, and is new.
fn write_new(path: &Path, text: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".interdict-");
    // Whoever may see the folder may read why.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text)?;
    file.as_file().sync_all()?;
    let written = file.into_temp_path();
    match written.persist_noclobber(path) {
        Ok(()) => Ok(()),
        Err(failed) if matches!(failed.error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied) => {
            move_to_reserved(&failed.path, path)
        }
        Err(failed) => Err(failed.error),
    }
}

/// Names for a file, the best first: its own, then with the time, then with a number.
fn free_names(name: &OsStr, at: &str) -> impl Iterator<Item = OsString> {
    /// Files of one name that are put away within one second.
    const MOST: u32 = 1_000;
    let time: String = at.chars().take(19).filter(char::is_ascii_alphanumeric).collect();
    let name = shortened(name);
    let path = PathBuf::from(&name);
    let stem = path.file_stem().unwrap_or(&name).to_owned();
    let ending = path.extension().map(OsStr::to_owned);
    let with = move |addition: String| {
        let mut name = stem.clone();
        name.push(addition);
        if let Some(ending) = &ending {
            name.push(".");
            name.push(ending);
        }
        name
    };
    let numbered = (1..=MOST)
        .map(move |number| with(if number == 1 { format!("-{time}Z") } else { format!("-{time}Z-{number}") }));
    std::iter::once(name).chain(numbered)
}

/// A name to which something can be added.
fn shortened(name: &OsStr) -> OsString {
    if name.len() <= LONGEST_NAME {
        return name.to_owned();
    }
    let text = name.to_string_lossy();
    let ending = text.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ending = if ending.len() <= 16 { format!(".{ending}") } else { String::new() };
    let mut cut = LONGEST_NAME - ending.len();
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    format!("{}{ending}", text.get(..cut).unwrap_or_default()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Folder) {
        let root = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(root.path());
        folder.prepare().expect("makes its sub-folders");
        (root, folder)
    }

    #[test]
    fn a_file_is_never_moved_over_another() {
        for moves in [move_to_new, move_to_reserved] {
            let (root, _) = folder();
            let (from, to) = (root.path().join("a"), root.path().join("b"));
            fs::write(&from, "a").expect("writes");
            fs::write(&to, "b").expect("writes");
            assert_eq!(moves(&from, &to).map_err(|error| error.kind()), Err(io::ErrorKind::AlreadyExists));
            assert_eq!(
                (fs::read(&from).expect("is there"), fs::read(&to).expect("is there")),
                (b"a".into(), b"b".into())
            );
            fs::remove_file(&to).expect("removes");
            moves(&from, &to).expect("moves");
            assert!(!from.exists() && fs::read(&to).expect("is there") == b"a");
            assert_eq!(
                moves(&from, &root.path().join("c")).map_err(|error| error.kind()),
                Err(io::ErrorKind::NotFound)
            );
            assert!(!root.path().join("c").exists(), "nothing is left of a move that failed");
        }
    }

    #[test]
    fn of_many_who_take_a_file_one_gets_it() {
        let (root, _) = folder();
        let files = 200;
        for number in 0..files {
            fs::write(root.path().join(format!("{number}.csv")), "x").expect("writes");
        }
        let taken = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let folder = Folder::new(root.path());
                    for number in 0..files {
                        let end = folder.claim(format!("{number}.csv").as_ref()).expect("no trouble");
                        if matches!(end, ClaimEnd::Ours(_)) {
                            taken.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        assert_eq!(taken.into_inner(), files);
    }

    #[test]
    fn one_watcher_has_the_lock_until_it_is_gone() {
        let (root, mut one) = folder();
        let mut other = Folder::new(root.path());
        assert!(matches!(one.lock().expect("locks"), LockState::Ours));
        assert!(matches!(other.lock().expect("looks"), LockState::Theirs));
        fs::remove_file(root.path().join("working/.lock")).expect("removes");
        assert!(matches!(other.lock().expect("locks"), LockState::Ours), "a new file of that name");
        assert!(other.still_ours() && !one.still_ours(), "the older one notices");
        assert!(matches!(one.lock().expect("looks"), LockState::Theirs));
        drop(other);
        assert!(matches!(one.lock().expect("locks"), LockState::Ours));
    }

    #[test]
    fn names_get_longer_only_where_one_is_taken() {
        let names =
            |name: &str| -> Vec<OsString> { free_names(name.as_ref(), "2026-11-23T07:30:46.123Z").take(3).collect() };
        assert_eq!(names("a.csv"), ["a.csv", "a-20261123T073046Z.csv", "a-20261123T073046Z-2.csv"]);
        assert_eq!(names("noending"), ["noending", "noending-20261123T073046Z", "noending-20261123T073046Z-2"]);
        let long = names(&format!("{}.csv", "ж".repeat(120)));
        for name in long {
            assert!(name.len() < 210 && name.to_string_lossy().ends_with(".csv"), "{name:?}");
        }
    }

    #[test]
    fn a_name_that_is_taken_is_not_taken_again() {
        let (root, folder) = folder();
        for text in ["1", "2", "3"] {
            fs::write(root.path().join("a.csv"), text).expect("writes");
            let ClaimEnd::Ours(claim) = folder.claim("a.csv".as_ref()).expect("claims") else { panic!("not ours") };
            let beside = Some((".reason.txt", text.as_bytes()));
            let moved = folder.put_away(&claim, REJECTED, beside, "2026-11-23T07:30:46.123Z").expect("moves");
            let Moved::To(path) = moved else { panic!("gone") };
            let mut reason = path.clone().into_os_string();
            reason.push(".reason.txt");
            assert_eq!(fs::read_to_string(&path).expect("is there"), text);
            assert_eq!(fs::read_to_string(reason).expect("is there"), text);
        }
        assert_eq!(fs::read_dir(root.path().join(REJECTED)).expect("lists").count(), 6);
    }
}
