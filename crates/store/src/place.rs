//! Where a database lies: on a drive of another machine, and who may read it. Nothing is changed, only said.

use std::fs;
use std::path::{Component, Path, PathBuf, Prefix};

use interdict_model::{Diagnostic, Location};

/// Every warning about the place of a database with what it means.
pub const WARNINGS: &[(&str, &str)] = &[
    ("store/network-drive", "The database lies on a network drive."),
    ("store/readable-by-others", "Other users of this machine may read the database."),
];

/// File systems of other machines, as Linux names them. Some of them cannot share memory between those who have a file
/// open, and none of them between machines.
const NETWORK: [&str; 17] = [
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "davfs",
    "fuse.ceph",
    "fuse.davfs2",
    "fuse.glusterfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.smbnetfs",
    "fuse.sshfs",
    "lustre",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
];

/// What is worth knowing about the place of a database, whether or not it is there yet.
#[must_use]
pub fn warnings(path: &Path) -> Vec<Diagnostic> {
    let place = || Location::file(path.display().to_string());
    let mut warnings = Vec::new();
    if let Some(kind) = network_drive(path) {
        let message =
            format!("the database is on a network drive ({kind}): slower, and reading waits for writing there");
        let hint = "keep it on a local disk and take copies to the drive with `interdict backup FILE`";
        warnings.push(Diagnostic::warning("store/network-drive", message).at(place()).hint(hint));
    }
    if others_may_read(path) {
        let message = "other users of this machine may read the database";
        let hint = format!("make it private with: chmod 600 \"{}\"", path.display());
        warnings.push(Diagnostic::warning("store/readable-by-others", message).at(place()).hint(hint));
    }
    warnings
}

/// The kind of network drive a path lies on, where that can be told; nothing for a local disk.
pub(crate) fn network_drive(path: &Path) -> Option<String> {
    let there = nearest_there(path)?;
    if is_share(&there) {
        return Some("a share".to_owned());
    }
    // There is no such file where the system is no Linux.
    let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
    let kind = file_system(&mounts, &there)?;
    NETWORK.contains(&kind).then(|| kind.to_owned())
}

/// The path with links followed, or the nearest folder above that is there.
fn nearest_there(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    absolute.ancestors().find_map(|path| path.canonicalize().ok())
}

/// Whether a path begins with `\\server\share`; drive letters of shares are written so once links are followed.
fn is_share(path: &Path) -> bool {
    let Some(Component::Prefix(prefix)) = path.components().next() else { return false };
    matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..))
}

/// The file system that a path lies on, from the table of mounts (`man 5 proc_pid_mountinfo`): fields, optional fields, a
/// dash, then the type. Of several mounts on one place the last one is on top.
fn file_system<'m>(mounts: &'m str, path: &Path) -> Option<&'m str> {
    let mount = |line: &'m str| {
        let (fields, rest) = line.split_once(" - ")?;
        let point = PathBuf::from(unescaped(fields.split(' ').nth(4)?));
        path.starts_with(&point).then_some((point.components().count(), rest.split(' ').next()?))
    };
    mounts.lines().filter_map(mount).max_by_key(|(depth, _)| *depth).map(|(_, kind)| kind)
}

/// A mount point as it is: blanks, tabs, line ends and backslashes are written as `\` and three octal digits.
fn unescaped(text: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

/// Whether the file's permissions let others read it, and those of its folder let them reach it.
#[cfg(unix)]
fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).ok().map(|metadata| metadata.permissions().mode());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Some(file) = mode(path).map(|mode| mode & 0o044) else { return false };
    // To reach a file its folder has to be searchable by the same people.
    let reach = mode(folder).map_or(0o011, |mode| mode & 0o011);
    (file & 0o040 != 0 && reach & 0o010 != 0) || (file & 0o004 != 0 && reach & 0o001 != 0)
}

/// On Windows the folder's access list decides, which is that of the person's own data folder unless another is named.
#[cfg(not(unix))]
fn others_may_read(_path: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 27 0:40 / /srv rw shared:7 master:1 - nfs4 files:/srv rw,vers=4.2
41 27 0:41 / /home/ada/My\\040Share rw - cifs //files/ada rw
42 40 254:1 / /srv/local rw - xfs /dev/vdb rw
43 27 0:43 / /mnt rw - tmpfs tmpfs rw
44 43 0:44 / /mnt rw - fuse.sshfs ada@files: rw
not a line of it
";

    #[test]
    fn the_deepest_and_last_mount_decides() {
        for (path, kind) in [
            ("/var/lib/x.db", "ext4"),
            ("/srv/x.db", "nfs4"),
            ("/srvx/x.db", "ext4"),
            ("/srv/local/a/x.db", "xfs"),
            ("/home/ada/My Share/x.db", "cifs"),
            ("/home/ada/My", "ext4"),
            ("/mnt/x.db", "fuse.sshfs"),
        ] {
            assert_eq!(file_system(MOUNTS, Path::new(path)), Some(kind), "{path}");
        }
        assert_eq!(file_system("", Path::new("/x")), None);
        let is_network = |kind: &str| NETWORK.contains(&kind);
        assert!(is_network("cifs") && is_network("nfs") && is_network("fuse.sshfs"));
        assert!(!is_network("ext4") && !is_network("tmpfs") && !is_network("fuse.ntfs-3g") && !is_network("overlay"));
    }

    #[cfg(unix)]
    #[test]
    fn only_who_can_reach_the_file_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("x.db");
        fs::write(&file, "x").expect("writes");
        let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("sets");
        for (of_folder, of_file, expected) in [
            (0o700, 0o600, false),
            (0o755, 0o600, false),
            (0o700, 0o644, false),
            (0o755, 0o644, true),
            (0o750, 0o640, true),
            (0o750, 0o604, false),
            (0o711, 0o604, true),
        ] {
            set(folder.path(), of_folder);
            set(&file, of_file);
            assert_eq!(others_may_read(&file), expected, "{of_folder:o} {of_file:o}");
        }
        set(folder.path(), 0o755);
        set(&file, 0o644);
        let codes: Vec<_> = warnings(&file).into_iter().map(|warning| warning.code).collect();
        assert_eq!(codes, ["store/readable-by-others"]);
        assert_eq!(warnings(&folder.path().join("none.db")), []);
    }
}
