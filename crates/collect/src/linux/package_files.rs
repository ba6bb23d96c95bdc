//! Whether the files of a package are still there: a registration alone does not prove that the software is.

use interdict_model::{Observation, raw_key};

use crate::collector::{Cause, Gathering};
use crate::host::{Host, HostError, Kind};

/// How many files of one package are looked at.
const MOST_LOOKED_AT: usize = 20_000;

/// Looks which of a package's files exist, and notes their numbers and an executable among them.
pub(crate) fn check(host: &dyn Host, files: &[String], observation: &mut Observation, gathering: &mut Gathering) {
    let mut listed = 0;
    let mut present = 0;
    let mut hidden = 0;
    let mut best: Option<(u8, &str)> = None;
    host.expect(&files[..files.len().min(MOST_LOOKED_AT)]);
    for file in files.iter().take(MOST_LOOKED_AT) {
        match host.look(file).map(|found| found.kind) {
            // An empty folder of the package's; not a file of it.
            Ok(Kind::Folder) => continue,
            Ok(Kind::Executable) => {
                present += 1;
                let rank = rank(file);
                if rank < NO_PROGRAM && best.is_none_or(|(known, _)| rank < known) {
                    best = Some((rank, file));
                }
            }
            Ok(Kind::File | Kind::Special) => present += 1,
            Err(HostError::NotFound { .. }) => {}
            Err(_) => hidden += 1,
        }
        listed += 1;
    }
    let package = observation.name.clone().unwrap_or_default();
    if hidden > 0 {
        let user = host.describe_user();
        gathering.shortfall(Cause::NotAllowed, format!("{hidden} of the files of {package} cannot be seen as {user}"));
    }
    if files.len() > MOST_LOOKED_AT {
        gathering.shortfall(
            Cause::Broken,
            format!("only {MOST_LOOKED_AT} of the {} files of {package} were looked at", files.len()),
        );
    }
    if hidden > 0 && present == 0 {
        // What cannot be seen is not gone: without numbers the files count as not looked at.
        return;
    }
    let raw = &mut observation.raw;
    raw.insert(raw_key::FILES_LISTED.to_owned(), listed.to_string());
    raw.insert(raw_key::FILES_PRESENT.to_owned(), present.to_string());
    if let Some((_, executable)) = best {
        raw.insert(raw_key::EXECUTABLE.to_owned(), executable.to_owned());
    }
}

/// The rank of what carries the right to be executed but is no program.
const NO_PROGRAM: u8 = 9;

/// How likely an executable file is the package's program; 0 is the likeliest.
fn rank(path: &str) -> u8 {
    let in_any = |folders: &[&str]| folders.iter().any(|folder| path.contains(folder));
    if is_library(path) || in_any(&["/share/doc/", "/examples/", ".framework/"]) {
        NO_PROGRAM
    } else if in_any(&["/Contents/MacOS/"]) {
        // The program of a bundle of macOS; that of a bundle within another is a helper.
        u8::from(path.matches("/Contents/").count() > 1)
    } else if path.starts_with("/etc/") {
        5
    } else if path.starts_with("/opt/") {
        // Below /opt, too, what lies in a folder for programs is likelier than an uninstaller beside it.
        u8::from(!in_any(&["/bin/", "/sbin/", "/libexec/"]))
    } else if path.starts_with("/usr/sbin/") || path.starts_with("/usr/bin/") {
        2
    } else if in_any(&["/bin/", "/sbin/", "/libexec/"]) {
        3
    } else {
        4
    }
}

/// Libraries and kernel modules often carry the right to be executed.
pub(crate) fn is_library(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    [".so", ".a", ".la", ".ko", ".dylib"].iter().any(|end| name.ends_with(end)) || name.contains(".so.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use interdict_model::ObservationSource;

    fn checked(host: &FixtureHost, files: &[&str]) -> (Observation, Option<String>) {
        let files: Vec<String> = files.iter().map(|file| (*file).to_owned()).collect();
        let mut gathering = Gathering::default();
        let mut observation = Observation::new(ObservationSource::DebPackages);
        observation.name = Some("agent".to_owned());
        check(host, &files, &mut observation, &mut gathering);
        (observation, gathering.finish().reason)
    }

    #[test]
    fn what_exists_is_counted_and_the_likeliest_program_named() {
        let host = FixtureHost::new()
            .executable("/opt/agent/uninstall.sh")
            .executable("/opt/agent/bin/agent")
            .executable("/usr/bin/agentctl")
            .executable("/opt/agent/lib/libagent.so.1")
            .file("/etc/agent.conf", "")
            .folder("/var/log/agent");
        let files = [
            "/etc/agent.conf",
            "/opt/agent/bin/agent",
            "/opt/agent/gone",
            "/opt/agent/lib/libagent.so.1",
            "/opt/agent/uninstall.sh",
            "/usr/bin/agentctl",
            "/var/log/agent",
        ];
        let (observation, reason) = checked(&host, &files);
        assert_eq!(observation.raw(raw_key::FILES_LISTED), Some("6"));
        assert_eq!(observation.raw(raw_key::FILES_PRESENT), Some("5"));
        assert_eq!(observation.raw(raw_key::EXECUTABLE), Some("/opt/agent/bin/agent"));
        assert_eq!(reason, None);
    }

    #[test]
    fn a_package_without_files_has_no_executable() {
        let (observation, _) = checked(&FixtureHost::new(), &["/opt/agent/bin/agent"]);
        assert_eq!(observation.raw(raw_key::FILES_PRESENT), Some("0"));
        assert_eq!(observation.raw(raw_key::EXECUTABLE), None);
    }

    #[test]
    fn what_cannot_be_seen_is_said() {
        let host = FixtureHost::new().executable("/opt/agent/bin/agent").unreadable("/opt/agent");
        let (observation, reason) = checked(&host, &["/opt/agent/bin/agent"]);
        assert_eq!(reason.as_deref(), Some("1 of the files of agent cannot be seen as uid 65534"));
        assert_eq!(observation.raw(raw_key::FILES_PRESENT), None, "hidden files are not gone files");
    }
}
