//! A machine elsewhere, read over ssh without anything installed there.
//!
//! The system's own ssh is started without a shell and connects once. A POSIX shell on the host reads a fixed script from
//! its input ([`remote_commands`] shows it) and answers calls of its functions, which only read; nothing is written there
//! and nothing is left behind. What is asked for is remembered, and what will be asked for next comes along
//! (`ahead`), since each question costs the way there and back.
//!
//! A host that hangs, breaks off or talks nonsense is lost as a whole ([`Host::lost`]): half a scan looks like a clean
//! machine. Known hosts, keys and jumps are ssh's business. Windows hosts have no POSIX shell and are refused.

mod ahead;
mod connection;
mod destination;
mod listing;
mod processes;
mod script;
mod shell;
mod target;
#[cfg(test)]
#[cfg(unix)]
mod tests;
mod tree;
mod trouble;

use std::cell::{RefCell, RefMut};
use std::io;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use interdict_model::{OsFamily, Probes};

use self::connection::{Bounds, Connection, Loss};
use self::listing::{Failure, Node, Style};
use self::script::Call;
use self::shell::{SMALL, Shell, is_made_up};
use self::trouble::trouble;
use super::{Entry, EntryKind, Found, Host, HostError, Kind, Process, Program};
use crate::registry::Registry;

pub use destination::{SshArgumentError, SshDestination, SshSetting};
pub use script::remote_commands;
pub use target::{SshLimits, SshTarget};

/// How long the answer to a question about the system itself may be.
const LONGEST_FACT: usize = 4096;
/// The longest output of a program that is read, and how long one may take.
const LONGEST_OUTPUT: u64 = 64 << 20;
const LONGEST_RUN: u32 = 30;
/// The size of the blocks in which pieces of large files are read.
const BLOCK: u64 = 4096;
/// Places that every scan looks at; their folders are asked for in the first question.
const USUAL_PLACES: &[&str] = &[
    "/etc/modules-load.d/",
    "/etc/systemd/system/",
    "/home/",
    "/lib/modules/",
    "/opt/",
    "/root/",
    "/run/systemd/system/",
    "/usr/bin/",
    "/usr/lib/modules-load.d/",
    "/usr/lib/sysimage/rpm/",
    "/usr/lib/systemd/system/",
    "/usr/local/bin/",
    "/usr/local/sbin/",
    "/usr/local/lib/systemd/system/",
    "/usr/sbin/",
    "/var/lib/dpkg/info/",
    "/var/lib/rpm/",
    "/Applications/",
    "/Library/LaunchAgents/",
    "/Library/LaunchDaemons/",
    "/Users/",
];

/// Folders into each of whose folders some collector looks.
const FULL_FOLDERS: &[&str] = &["/Applications", "/etc", "/home", "/opt", "/usr/lib", "/usr/share"];

/// A machine elsewhere, as it can be read over ssh.
pub struct SshHost<'a> {
    family: OsFamily,
    hostname: String,
    arch: String,
    user: String,
    label: String,
    shell: RefCell<Shell<'a>>,
}

impl<'a> SshHost<'a> {
    /// Connects to a host. Where the probes point to comes along in the first answers; whether to stop is asked while a
    /// host is waited for.
    pub fn connect(target: &SshTarget, probes: &Probes, cancelled: &'a dyn Fn() -> bool) -> Result<Self, HostError> {
        let mut command = Command::new(target::SSH);
        command.args(target.arguments());
        Self::start(command, script::SCRIPT, target, probes, cancelled)
    }

    /// Starts the program that connects to the shell of the host, and has it read the script.
    fn start(
        command: Command,
        script: &str,
        target: &SshTarget,
        probes: &Probes,
        cancelled: &'a dyn Fn() -> bool,
    ) -> Result<Self, HostError> {
        let nonce = script::nonce();
        let until = Instant::now() + target.limits.whole;
        // Until it is ready there may be jumps on the way, each with a time of its own.
        let bounds = Bounds { idle: target.limits.connect * 2, until, whole: target.limits.whole };
        let started = Connection::start(command, script, &nonce, bounds, cancelled);
        let mut connection = started.map_err(|error| not_started(target, &error))?;
        connection.ready().map_err(|loss| trouble(target, &loss, false))?;
        connection.set_idle(target.limits.idle);
        let facts = Facts::read(&mut connection).map_err(|loss| trouble(target, &loss, false))?;
        let family = facts.family(target)?;
        let mut shell = Shell::new(connection, target.clone(), facts.style, facts.user.clone());
        let likely = probes.paths.iter().map(|path| path.split('*').next().unwrap_or_default());
        shell.expect_all(USUAL_PLACES.iter().copied().chain(likely))?;
        shell.expect_within(FULL_FOLDERS)?;
        Ok(Self {
            family,
            hostname: facts.hostname,
            arch: facts.arch,
            user: facts.user,
            label: format!("ssh {target}"),
            shell: RefCell::new(shell),
        })
    }

    fn shell(&self, path: &str) -> Result<RefMut<'_, Shell<'a>>, HostError> {
        // One who is handed a file in pieces may not ask for another meanwhile: there is one connection.
        let busy = |_| HostError::other(path, io::ErrorKind::ResourceBusy, "the connection is in use");
        self.shell.try_borrow_mut().map_err(busy)
    }

    /// The path without links and what is there.
    fn found(&self, path: &str) -> Result<(String, Node), HostError> {
        if !path.starts_with('/') {
            return Err(HostError::NotFound { path: path.to_owned() });
        }
        let mut shell = self.shell(path)?;
        let resolved = shell.resolve(path)?;
        let node = if is_made_up(&resolved) { shell.asked_itself("follow", &resolved) } else { shell.node(&resolved) };
        let node = node.map_err(|error| error.about(path))?.filter(|node| node.kind != EntryKind::Link);
        node.map(|node| (resolved, node)).ok_or_else(|| HostError::missing(path))
    }

    /// The same of something that must be a regular file.
    fn file(&self, path: &str) -> Result<(String, u64), HostError> {
        let (resolved, node) = self.found(path)?;
        if node.kind == EntryKind::File {
            Ok((resolved, node.size))
        } else {
            Err(HostError::other(path, io::ErrorKind::InvalidInput, "not a regular file"))
        }
    }

    fn pieces(&self, path: &str, cap: u64, take: &mut dyn FnMut(&[u8])) -> Result<(), HostError> {
        if is_made_up(path) {
            return self.shell(path)?.whole(path, cap, take);
        }
        let (resolved, size) = self.file(path)?;
        if size > cap {
            return Err(HostError::TooLarge { path: path.to_owned(), cap });
        }
        if size <= SMALL && !is_made_up(&resolved) {
            let bytes = self.shell(path)?.small(&resolved).map_err(|error| error.about(path))?;
            if let Some(bytes) = bytes {
                if bytes.len() as u64 > cap {
                    return Err(HostError::TooLarge { path: path.to_owned(), cap });
                }
                if !bytes.is_empty() {
                    take(&bytes);
                }
                return Ok(());
            }
        }
        self.shell(path)?.whole(&resolved, cap, take).map_err(|error| error.about(path))
    }

    fn piece(&self, path: &str, offset: u64, length: usize) -> Result<Vec<u8>, HostError> {
        let (resolved, size) = self.file(path)?;
        let made_up = is_made_up(&resolved);
        if offset >= size && !made_up {
            // Asked for all the same at the begin, since the rights may not reach.
            return if offset == 0 { self.whole_start(&resolved, length, path) } else { Ok(Vec::new()) };
        }
        if size <= SMALL && !made_up {
            let bytes = self.shell(path)?.small(&resolved).map_err(|error| error.about(path))?;
            if let Some(bytes) = bytes {
                return Ok(part_of(&bytes, offset, length));
            }
        }
        if offset < BLOCK {
            let start = usize::try_from(offset).unwrap_or_default();
            let bytes = self.whole_start(&resolved, length.saturating_add(start), path)?;
            return Ok(part_of(&bytes, offset, length));
        }
        let within = offset % BLOCK;
        let blocks = (within + length as u64).div_ceil(BLOCK);
        let call = Call::new("piece").with(&resolved).with((offset / BLOCK).to_string()).with(blocks.to_string());
        let mut shell = self.shell(path)?;
        shell.call(call)?;
        let most = usize::try_from(blocks * BLOCK).unwrap_or(usize::MAX);
        let (bytes, status, complaint) = shell.told(most)?;
        if status != "0" {
            return Err(shell.failed(path, Failure::of(&complaint), 0));
        }
        Ok(part_of(&bytes, within, length))
    }

    /// The first bytes of a file of any size.
    fn whole_start(&self, resolved: &str, length: usize, path: &str) -> Result<Vec<u8>, HostError> {
        let mut bytes = Vec::new();
        let cap = length as u64;
        let read = self.shell(path)?.whole(resolved, cap, &mut |piece| bytes.extend_from_slice(piece));
        match read {
            Ok(()) | Err(HostError::TooLarge { .. }) => Ok(bytes),
            Err(error) => Err(error.about(path)),
        }
    }

    fn listed(&self, folder: &str, cap: usize) -> Result<Vec<Entry>, HostError> {
        let (resolved, node) = self.found(folder)?;
        if node.kind != EntryKind::Folder {
            return Err(HostError::NotFound { path: folder.to_owned() });
        }
        let key = resolved.trim_end_matches('/');
        let mut shell = self.shell(folder)?;
        let known = shell.folder(key).map_err(|error| error.about(folder))?.clone();
        match known.failure {
            None => {}
            // One entry that may not be looked at does not take the others away.
            Some(Failure::Denied) if !known.entries.is_empty() => {
                shell.hidden.insert(format!("{key}/*"));
            }
            Some(failure) => return Err(shell.failed(folder, failure, cap as u64)),
        }
        if known.entries.len() > cap {
            return Err(HostError::TooLarge { path: folder.to_owned(), cap: cap as u64 });
        }
        Ok(known.entries.into_iter().map(|(name, node)| Entry { name, kind: node.kind }).collect())
    }

    fn output(&self, program: &Program) -> Result<Vec<u8>, HostError> {
        let path = program.path;
        let mut shell = self.shell(path)?;
        let call = Call::new("run").with(LONGEST_RUN.to_string()).with((LONGEST_OUTPUT + 1).to_string()).with(path);
        shell.call(call.with_all(program.arguments))?;
        let most = usize::try_from(LONGEST_OUTPUT).unwrap_or(usize::MAX);
        let (bytes, status) = shell.part(most.saturating_add(1))?;
        let failed = |words: &str| HostError::other(path, io::ErrorKind::Other, words);
        match status.as_str() {
            _ if bytes.len() > most => Err(HostError::TooLarge { path: path.to_owned(), cap: LONGEST_OUTPUT }),
            "0" => Ok(bytes),
            "126" => Err(shell.failed(path, Failure::Denied, 0)),
            "127" => Err(shell.failed(path, Failure::NotFound, 0)),
            "143" => Err(failed("the program did not end in time")),
            _ => Err(failed("the program ended with an error")),
        }
    }

    /// The same result; what the rights did not reach is counted.
    fn counted<T>(&self, result: Result<T, HostError>) -> Result<T, HostError> {
        if let Err(HostError::Denied { path, .. }) = &result
            && let Ok(mut shell) = self.shell.try_borrow_mut()
        {
            shell.hidden.insert(path.clone());
        }
        result
    }
}

impl Host for SshHost<'_> {
    fn os_family(&self) -> Option<OsFamily> {
        Some(self.family)
    }

    fn is_live(&self) -> bool {
        true
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn describe_user(&self) -> String {
        self.user.clone()
    }

    fn live_hostname(&self) -> Option<String> {
        interdict_formats::system::parse_hostname(self.hostname.as_bytes())
    }

    fn live_arch(&self) -> Option<String> {
        Some(self.arch.clone())
    }

    fn look(&self, path: &str) -> Result<Found, HostError> {
        let (_, node) = self.counted(self.found(path))?;
        let kind = match node.kind {
            EntryKind::Folder => Kind::Folder,
            EntryKind::File if node.executable => Kind::Executable,
            EntryKind::File => Kind::File,
            EntryKind::Link | EntryKind::Special => Kind::Special,
        };
        Ok(Found { kind, size: node.size })
    }

    fn read_pieces(&self, path: &str, cap: u64, take: &mut dyn FnMut(&[u8])) -> Result<(), HostError> {
        self.counted(self.pieces(path, cap, take))
    }

    fn read_at(&self, path: &str, offset: u64, length: usize) -> Result<Vec<u8>, HostError> {
        self.counted(self.piece(path, offset, length))
    }

    fn list(&self, folder: &str, cap: usize) -> Result<Vec<Entry>, HostError> {
        self.counted(self.listed(folder, cap))
    }

    fn read_link(&self, path: &str) -> Result<String, HostError> {
        let read = || {
            let trimmed = path.trim_end_matches('/');
            let (folder, name) = trimmed.rsplit_once('/').unwrap_or(("", trimmed));
            let mut shell = self.shell(path)?;
            let folder = if folder.is_empty() { String::new() } else { shell.resolve(folder)? };
            let whole = format!("{}/{name}", folder.trim_end_matches('/'));
            let node = if is_made_up(&whole) { shell.asked_itself("look", &whole) } else { shell.node(&whole) };
            match node.map_err(|error| error.about(path))? {
                Some(Node { target: Some(target), .. }) => Ok(target),
                Some(_) => Err(HostError::other(path, io::ErrorKind::InvalidInput, "not a link")),
                None => Err(HostError::missing(path)),
            }
        };
        self.counted(read())
    }

    fn canonical(&self, path: &str) -> Result<String, HostError> {
        self.counted(self.found(path)).map(|(resolved, _)| resolved)
    }

    fn real_path(&self, _: &str) -> Option<PathBuf> {
        None
    }

    fn processes(&self) -> Result<Vec<Process>, HostError> {
        let mut shell = self.shell("/proc")?;
        match self.family {
            OsFamily::Macos => processes::macos(&mut shell),
            OsFamily::Linux | OsFamily::Windows | OsFamily::Unknown => processes::linux(&mut shell),
        }
    }

    fn output_of(&self, program: &Program) -> Result<Vec<u8>, HostError> {
        self.counted(self.output(program))
    }

    fn registry(&self) -> Option<&dyn Registry> {
        None
    }

    fn expect(&self, paths: &[String]) {
        // What could not be asked for at once is asked for again, and then says why.
        if let Ok(mut shell) = self.shell.try_borrow_mut() {
            let _ = shell.expect_all(paths.iter().map(String::as_str));
        }
    }

    fn expect_read(&self, paths: &[String]) {
        if let Ok(mut shell) = self.shell.try_borrow_mut() {
            let _ = shell.expect_read(paths);
        }
    }

    fn lost(&self) -> Option<HostError> {
        let shell = self.shell.try_borrow().ok()?;
        shell.connection.loss().map(|loss| trouble(&shell.target, loss, true))
    }

    fn hidden(&self) -> usize {
        self.shell.try_borrow().map_or(0, |shell| shell.hidden.len())
    }
}

/// What a host says of itself.
struct Facts {
    system: String,
    hostname: String,
    arch: String,
    user: String,
    style: Style,
}

impl Facts {
    /// Reads what follows the begin of the script.
    fn read(connection: &mut Connection<'_>) -> Result<Self, Loss> {
        let mut fact = || {
            let (bytes, _) = connection.part_of(LONGEST_FACT)?;
            connection.part_of(LONGEST_FACT)?;
            Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
        };
        let (system, hostname, machine, number, name) = (fact()?, fact()?, fact()?, fact()?, fact()?);
        let (_, style) = connection.part_of(0)?;
        let style = Style::named(&style).ok_or(Loss::Nonsense("its shell does not answer as a shell does"))?;
        let user = match (number.as_str(), name.as_str()) {
            ("0", _) => "root".to_owned(),
            ("", "") => "this user".to_owned(),
            (number, "") => format!("uid {number}"),
            (number, name) => format!("{name} (uid {number})"),
        };
        Ok(Self { system, hostname, arch: arch(&machine).to_owned(), user, style })
    }

    /// The family of the host's system; an error where it is none that can be read so.
    fn family(&self, target: &SshTarget) -> Result<OsFamily, HostError> {
        let refused =
            |why: String, hint| Err(HostError::Unreachable { host: target.to_string(), why, hint: Some(hint) });
        let windows = ["CYGWIN", "MSYS", "MINGW", "Windows"].iter().any(|begin| self.system.starts_with(begin));
        match self.system.as_str() {
            "Linux" => Ok(OsFamily::Linux),
            "Darwin" => Ok(OsFamily::Macos),
            _ if windows => refused(
                "it is a Windows system, which is not read over ssh".to_owned(),
                "run the portable collector there (interdict scan --out FILE.jsonl) and import its file",
            ),
            other => refused(
                format!("its system is {other:?}, which is not known"),
                "Linux and macOS systems are read over ssh",
            ),
        }
    }
}

/// The architecture, as Rust names it.
fn arch(machine: &str) -> &str {
    match machine {
        "arm64" => "aarch64",
        "amd64" => "x86_64",
        "i386" | "i486" | "i586" | "i686" => "x86",
        machine if machine.starts_with("armv") => "arm",
        "ppc64" | "ppc64le" => "powerpc64",
        machine => machine,
    }
}

fn not_started(target: &SshTarget, error: &io::Error) -> HostError {
    let (why, hint) = if error.kind() == io::ErrorKind::NotFound {
        ("this machine has no ssh".to_owned(), Some("install the OpenSSH client"))
    } else {
        (format!("ssh could not be started: {error}"), None)
    };
    HostError::Unreachable { host: target.to_string(), why, hint }
}

/// A part of what was read: from an offset on, at most so many bytes.
fn part_of(bytes: &[u8], offset: u64, length: usize) -> Vec<u8> {
    let rest = usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..)).unwrap_or_default();
    rest[..rest.len().min(length)].to_vec()
}
