//! The home folders of a system's users: where a collector looks for what is installed for one of them.
//!
//! On Linux they are those of `/etc/passwd` and the folders below `/home` (accounts of a directory service have no line
//! there), on macOS the folders below `/Users`, on Windows the profiles that the registry names and the folders below
//! `C:\Users`. Homes on a network that are not mounted are not known. Homes of daemons that are the system's own
//! folders, such as `/bin`, are left out, and so is everything of which the folder does not exist.

use std::collections::BTreeSet;

use interdict_formats::system::parse_passwd;
use interdict_model::{OsFamily, Scope};

use crate::any::MOST_ENTRIES;
use crate::collector::{Cause, Gathering};
use crate::host::{EntryKind, Host, HostError, Kind};
use crate::registry::system_root;

/// How large `/etc/passwd` may be.
const LARGEST_PASSWD: u64 = 16 << 20;
/// How many homes are looked at.
const MOST_HOMES: usize = 10_000;
/// Folders that are homes of daemons and hold the system, not what is anybody's own.
const SYSTEM_FOLDERS: &[&str] =
    &["/bin", "/boot", "/dev", "/etc", "/lib", "/nonexistent", "/proc", "/run", "/sbin", "/sys", "/usr", "/var/run"];
/// Folders below `/Users` and `C:\Users` that are nobody's.
const NOBODYS: &[&str] = &["Shared", "Public", "Default", "Default User", "All Users"];

/// The home folder of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Home {
    /// The name of the account; that of the folder, where no account is known.
    pub(crate) name: String,
    /// The folder.
    pub(crate) path: String,
    separator: char,
}

impl Home {
    fn new(name: &str, path: &str, family: OsFamily) -> Self {
        let separator = if family == OsFamily::Windows { '\\' } else { '/' };
        Self { name: name.to_owned(), path: path.to_owned(), separator }
    }

    /// A path below it, given with `/` between its parts.
    pub(crate) fn below(&self, path: &str) -> String {
        let path = if self.separator == '\\' { path.replace('/', "\\") } else { path.to_owned() };
        format!("{}{}{path}", self.path.trim_end_matches(['/', '\\']), self.separator)
    }

    /// The scope of what is in it.
    pub(crate) fn scope(&self) -> Scope {
        Scope::User(self.name.clone())
    }
}

/// The homes that exist and may be entered, each once; those that may not are accounted for.
pub(crate) fn homes(host: &dyn Host, gathering: &mut Gathering) -> Vec<Home> {
    let Some(family) = host.os_family() else { return Vec::new() };
    let named = match family {
        OsFamily::Linux => linux(host, gathering),
        OsFamily::Macos => {
            let mut homes = below(host, "/Users", family, gathering);
            // Without the system's volume there is no link from /var.
            homes.extend(["/var/root", "/private/var/root"].map(|home| Home::new("root", home, family)));
            homes
        }
        OsFamily::Windows => windows(host, gathering),
        OsFamily::Unknown => Vec::new(),
    };
    host.expect(&named.iter().map(|home| home.below(".config")).collect::<Vec<_>>());
    let mut seen = BTreeSet::new();
    let mut homes = Vec::new();
    for home in named {
        // /home may be a link, and several accounts may share one folder.
        let Some(place) = gathering.ok(host.canonical(&home.path)) else { continue };
        let place = if family == OsFamily::Windows { place.to_lowercase() } else { place };
        if !seen.insert(place) || !may_be_entered(host, &home, gathering) {
            continue;
        }
        if homes.len() >= MOST_HOMES {
            gathering
                .shortfall(Cause::Broken, format!("there are more than the {MOST_HOMES} homes that are looked at"));
            break;
        }
        homes.push(home);
    }
    homes
}

fn linux(host: &dyn Host, gathering: &mut Gathering) -> Vec<Home> {
    let passwd = gathering.ok(host.read("/etc/passwd", LARGEST_PASSWD)).unwrap_or_default();
    let is_the_systems = |home: &str| {
        let within =
            |folder: &&str| home.strip_prefix(*folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        home.trim_matches('/').is_empty() || SYSTEM_FOLDERS.iter().any(within)
    };
    let accounts = parse_passwd(&passwd).filter(|account| !is_the_systems(&account.home));
    let mut homes: Vec<Home> =
        accounts.map(|account| Home::new(&account.name, &account.home, OsFamily::Linux)).collect();
    homes.push(Home::new("root", "/root", OsFamily::Linux));
    homes.extend(below(host, "/home", OsFamily::Linux, gathering).into_iter().filter(|home| home.name != "lost+found"));
    homes
}

fn windows(host: &dyn Host, gathering: &mut Gathering) -> Vec<Home> {
    let users = host.registry().map(|registry| gathering.ok(registry.users()).unwrap_or_default()).unwrap_or_default();
    let profile = |user: &crate::RegistryUser| Some(Home::new(&user.name, user.profile.as_deref()?, OsFamily::Windows));
    let mut homes: Vec<Home> = users.iter().filter_map(profile).collect();
    let drive = host.registry().map_or_else(|| "C:".to_owned(), |registry| system_root(registry)[..2].to_owned());
    homes.extend(below(host, &format!(r"{drive}\Users"), OsFamily::Windows, gathering));
    homes
}

/// The folders in a folder, each the home of somebody of its name.
fn below(host: &dyn Host, folder: &str, family: OsFamily, gathering: &mut Gathering) -> Vec<Home> {
    let of = Home::new("", folder, family);
    let entries = gathering.ok(host.list(folder, MOST_ENTRIES)).unwrap_or_default();
    let folders = entries.into_iter().filter(|entry| match entry.kind {
        EntryKind::Folder => true,
        // A home may have been moved to another disk; those of Windows that are links lead to another home.
        EntryKind::Link => family != OsFamily::Windows,
        EntryKind::File | EntryKind::Special => false,
    });
    let somebodys = folders.filter(|entry| family == OsFamily::Linux || !NOBODYS.contains(&entry.name.as_str()));
    somebodys.map(|entry| Home::new(&entry.name, &of.below(&entry.name), family)).collect()
}

/// Whether what lies below it can be asked for. A folder that may be entered need not be one that may be listed.
fn may_be_entered(host: &dyn Host, home: &Home, gathering: &mut Gathering) -> bool {
    match host.look(&home.path) {
        Ok(found) if found.kind == Kind::Folder => {}
        Ok(_) | Err(HostError::NotFound { .. }) => return false,
        Err(error) => {
            gathering.failed(&error);
            return false;
        }
    }
    match host.look(&home.below(".config")) {
        Err(HostError::Denied { .. }) => {
            let user = host.describe_user();
            gathering.shortfall(
                Cause::NotAllowed,
                format!("the home of {}, {}, may not be read as {user}", home.name, home.path),
            );
            false
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FixtureHost, MapRegistry};

    fn found(host: &FixtureHost) -> (Vec<String>, Option<String>) {
        let mut gathering = Gathering::default();
        let homes = homes(host, &mut gathering);
        (homes.iter().map(|home| format!("{} {}", home.name, home.path)).collect(), gathering.finish().reason)
    }

    #[test]
    fn homes_of_accounts_and_of_folders_are_found_once() {
        let host = FixtureHost::new()
            .file(
                "/etc/passwd",
                "root:x:0:0::/root:/bin/sh\nbin:x:2:2::/bin:/x\nada:x:1000:1000::/home/ada:/x\ndb:x:5:5::/var/lib/db:/x\n\
                 twin:x:1001:1001::/home/ada:/x\ngone:x:6:6::/var/lib/gone:/x\nnobody:x:7:7::/:/x\nbuild:x:8:8::/data/build:/x\n",
            )
            .folder("/root")
            .folder("/bin")
            .folder("/var/lib/db")
            .folder("/var/home/ada")
            .folder("/var/home/of-directory-service")
            .folder("/data/build")
            .link("/home", "var/home")
            .file("/var/home/file", "");
        let expected = [
            "root /root",
            "ada /home/ada",
            "db /var/lib/db",
            "build /data/build",
            "of-directory-service /home/of-directory-service",
        ];
        assert_eq!(found(&host), (expected.map(str::to_owned).to_vec(), None));
    }

    #[test]
    fn a_home_that_may_not_be_read_is_said_once() {
        let host = FixtureHost::new().folder("/root").folder("/home/ada").unreadable("/root");
        let reason = "the home of root, /root, may not be read as uid 65534";
        assert_eq!(found(&host), (vec!["ada /home/ada".to_owned()], Some(reason.to_owned())));
        let hidden = FixtureHost::new().folder("/home/ada").unreadable("/home");
        assert_eq!(found(&hidden), (Vec::new(), Some("/home may not be read as uid 65534".to_owned())));
    }

    #[test]
    fn homes_of_macos_and_windows_are_found() {
        let macos = FixtureHost::macos().folder("/Users/ada").folder("/Users/Shared").folder("/var/root");
        assert_eq!(found(&macos).0, ["ada /Users/ada", "root /var/root"]);
        let registry = MapRegistry::default()
            .user("S-1-5-21-1", "ada", Some(r"C:\Users\ada.DOMAIN"))
            .user("S-1-5-21-2", "gone", Some(r"C:\Users\gone"))
            .user("S-1-5-18", "SYSTEM", None);
        let windows = FixtureHost::windows(registry)
            .folder(r"C:\Users\Ada.Domain")
            .folder(r"C:\Users\Public")
            .folder(r"C:\Users\bob");
        assert_eq!(found(&windows).0, [r"ada C:\Users\ada.DOMAIN", r"bob C:\Users\bob"]);
        assert_eq!(Home::new("bob", r"C:\Users\bob", OsFamily::Windows).below("a/b"), r"C:\Users\bob\a\b");
    }
}
