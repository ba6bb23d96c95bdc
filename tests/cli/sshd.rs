//! A real sshd of this machine's own, on the loopback interface, with keys and a home of its own.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::support::skipped;

/// Where distributions put it; it is not in every user's `PATH`.
const PLACES: &[&str] = &["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"];
/// What makes root's sessions possible; sshd takes nothing else (`sshd(8)`, "PRIVILEGE SEPARATION").
const PRIVILEGE_SEPARATION: &str = "/run/sshd";
/// How long it may take to listen.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running sshd; it ends with this value.
pub(crate) struct Sshd {
    folder: TempDir,
    child: Child,
    /// Where it listens.
    pub(crate) port: u16,
    /// Whom it lets in.
    pub(crate) user: String,
}

impl Sshd {
    /// Starts one with these lines in its configuration; nothing, and said why, where there is none.
    pub(crate) fn start(lines: &[&str]) -> Option<Self> {
        let Some(program) = PLACES.iter().find(|place| Path::new(place).exists()) else {
            skipped("no sshd is installed (openssh-server)");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        for key in ["host", "client", "stranger"] {
            keygen(&path(key));
        }
        fs::copy(path("client.pub"), path("authorized")).unwrap();
        fs::create_dir(path("home")).unwrap();
        if crate::support::is_root() {
            fs::create_dir_all(PRIVILEGE_SEPARATION).unwrap();
        }
        let user = answer("id", &["-un"]);
        let port = free_port();
        // What a session makes it would make in its home or among temporary files: both are this test's own.
        let configuration = format!(
            "ListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nStrictModes no\nUsePAM no\nPidFile none\n\
             PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\nMaxStartups 100\n\
             SetEnv HOME={home} TMPDIR={home}\n{}\n",
            path("host"),
            path("authorized"),
            lines.join("\n"),
            home = path("home"),
        );
        fs::write(path("configuration"), configuration).unwrap();
        let child = Command::new(program)
            .args(["-D", "-e", "-f", &path("configuration"), "-p", &port.to_string()])
            .stdin(Stdio::null())
            .stderr(fs::File::create(path("log")).unwrap())
            .spawn()
            .unwrap();
        let sshd = Self { folder, child, port, user };
        sshd.knows("known_hosts", &sshd.public("host"));
        sshd.wait_until_it_listens().then_some(sshd)
    }

    fn wait_until_it_listens(&self) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        skipped(&format!("sshd does not listen: {}", fs::read_to_string(self.path("log")).unwrap_or_default()));
        false
    }

    /// A file of this sshd's.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of known hosts that knows this one by a key.
    pub(crate) fn knows(&self, file: &str, key: &str) {
        let names = ["127.0.0.1", "localhost"].map(|name| format!("[{name}]:{} {key}\n", self.port));
        fs::write(self.path(file), names.concat()).unwrap();
    }

    /// Type and value of a public key.
    pub(crate) fn public(&self, key: &str) -> String {
        let text = fs::read_to_string(self.path(&format!("{key}.pub"))).unwrap();
        text.split(' ').take(2).collect::<Vec<_>>().join(" ")
    }

    /// Whom to connect to.
    pub(crate) fn destination(&self) -> String {
        format!("{}@127.0.0.1:{}", self.user, self.port)
    }

    /// The settings that let one in.
    pub(crate) fn settings(&self) -> Vec<String> {
        self.settings_with("client", "known_hosts")
    }

    /// The settings with another key or other known hosts.
    pub(crate) fn settings_with(&self, key: &str, known_hosts: &str) -> Vec<String> {
        let place = |name: &str| self.path(name).to_str().unwrap().to_owned();
        let settings = [
            format!("IdentityFile={}", place(key)),
            format!("UserKnownHostsFile={}", place(known_hosts)),
            "IdentitiesOnly=yes".to_owned(),
        ];
        settings.into_iter().flat_map(|setting| ["--ssh-option".to_owned(), setting]).collect()
    }

    /// What sessions left in their home and among temporary files.
    pub(crate) fn left_behind(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path("home")).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// Writes a script that a session runs in the place of its shell; the line of configuration for it.
    pub(crate) fn script(folder: &Path, name: &str, text: &str) -> String {
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        format!("ForceCommand {}", path.display())
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn keygen(path: &str) {
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", path]).status();
    assert!(made.unwrap().success());
}

fn answer(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
