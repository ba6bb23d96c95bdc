//! A Windows of its own for each test: a Wine prefix whose system files are shared and whose registry and files are not.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// How long one program may take; none takes more than a few seconds, so one that does hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// A made-up Windows.
pub(crate) struct Machine {
    wine: PathBuf,
    command: PathBuf,
    prefix: TempDir,
}

/// What a program came to.
pub(crate) struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Machine {
    /// A new one; nothing, with the reason printed, where the command was not built or there is no Wine.
    pub(crate) fn new() -> Option<Self> {
        let place = |variable: &str| {
            let place = std::env::var_os(variable).map(PathBuf::from);
            if place.is_none() {
                println!("skipped: {variable} is not set; `cargo xtask windows test` sets it");
            }
            place
        };
        let command = place("INTERDICT_WINDOWS_EXE")?;
        let (wine, from) = (place("INTERDICT_WINE")?, place("INTERDICT_WINE_PREFIX")?);
        // Beside the other one: files of another disk could not be shared.
        let beside = from.parent().unwrap();
        let prefix = tempfile::Builder::new().prefix("wine-test-").tempdir_in(beside).unwrap();
        share(&from, prefix.path()).unwrap();
        Some(Self { wine, command, prefix })
    }

    /// The place of a path of drive C, whatever the case of its letters.
    pub(crate) fn place(&self, path: &str) -> PathBuf {
        let below = path.get(3..).filter(|_| path[..3].eq_ignore_ascii_case(r"C:\"));
        let parts = below.unwrap_or_else(|| panic!("{path} is not on drive C")).split('\\');
        parts.fold(self.prefix.path().join("drive_c"), |folder, part| {
            let known = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
            let same = |name: &std::ffi::OsString| name.to_string_lossy().to_lowercase() == part.to_lowercase();
            folder.join(known.into_iter().find(same).unwrap_or_else(|| part.into()))
        })
    }

    /// Sees to it that a file is there, or a folder where the path ends in a backslash. What is there is left alone: system
    /// files are shared by all machines.
    pub(crate) fn file(&self, path: &str) {
        let place = self.place(path.trim_end_matches('\\'));
        if path.ends_with('\\') {
            fs::create_dir_all(place).unwrap();
        } else if !place.exists() {
            self.write(path, b"");
        }
    }

    /// Writes a file of this machine alone.
    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let place = self.place(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, bytes).unwrap();
    }

    /// Takes a registry export in, as the registry editor does.
    pub(crate) fn import(&self, text: &str) {
        // The editor takes what has no mark of UTF-16 for the code page of the system.
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        let file = self.place(r"C:\fixture.reg");
        fs::write(&file, units.flat_map(u16::to_le_bytes).collect::<Vec<_>>()).unwrap();
        self.run("regedit", ["/S", r"C:\fixture.reg"]).ended_with(0);
        fs::remove_file(file).unwrap();
    }

    /// Runs the command.
    pub(crate) fn interdict<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        self.run(&self.command, arguments)
    }

    /// Runs the command and interrupts it after a while, as a person does with Ctrl-C.
    #[cfg(unix)]
    pub(crate) fn interrupted<const N: usize>(&self, arguments: [&str; N], after: Duration) -> Ran {
        use std::os::unix::process::CommandExt as _;
        let mut command = self.within(&self.wine);
        // Of its own group, as in a terminal, so that nothing but it is interrupted.
        command.arg(&self.command).args(arguments).process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        std::thread::sleep(after);
        let group = format!("-{}", child.id());
        assert!(Command::new("kill").args(["-INT", "--", &group]).status().unwrap().success());
        Ran::of(child.wait_with_output().unwrap())
    }

    /// Runs a program of Windows.
    pub(crate) fn run<S: AsRef<OsStr>>(
        &self,
        program: impl AsRef<OsStr>,
        arguments: impl IntoIterator<Item = S>,
    ) -> Ran {
        let mut command = assert_cmd::Command::from_std(self.within(&self.wine));
        Ran::of(command.arg(program).args(arguments).timeout(PATIENCE).output().unwrap())
    }

    /// A program of this system, set up to work on this machine.
    fn within(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env("WINEPREFIX", self.prefix.path())
            .env("WINEDEBUG", "-all")
            .env("WINEDLLOVERRIDES", "mscoree=;mshtml=")
            // Wine takes arguments for what the locale says they are.
            .env("LC_ALL", "C.UTF-8")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .current_dir(self.prefix.path().join("drive_c"));
        command
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        for option in ["--kill", "--wait"] {
            // What could not be ended keeps a few megabytes until it ends by itself.
            let _ = self.within("wineserver").arg(option).stdout(Stdio::null()).stderr(Stdio::null()).status();
        }
    }
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap_or_else(|error| panic!("no UTF-8: {error}"));
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// The answer as one JSON document.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("no JSON ({error}):\n{}", self.shown()))
    }

    /// The answer as JSON lines.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let read = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("no JSON ({error}): {line}"));
        self.stdout.lines().map(read).collect()
    }

    /// The same, which must have ended with this code.
    pub(crate) fn ended_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.shown());
        self
    }

    /// Standard output.
    pub(crate) fn said(&self) -> String {
        self.stdout.clone()
    }

    /// Exit code, standard output and standard error, for messages.
    pub(crate) fn shown(&self) -> String {
        format!("exit code: {:?}\n----- stdout -----\n{}\n----- stderr -----\n{}", self.code, self.stdout, self.stderr)
    }
}

/// Copies a prefix: links to the files of its drive, which nothing changes in place, and copies of its registry.
fn share(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let (entry, kind) = entry.and_then(|entry| entry.file_type().map(|kind| (entry, kind)))?;
        let copy = to.join(entry.file_name());
        if kind.is_symlink() {
            #[cfg(unix)]
            std::os::unix::fs::symlink(fs::read_link(entry.path())?, copy)?;
        } else if kind.is_dir() {
            fs::create_dir(&copy)?;
            share(&entry.path(), &copy)?;
        } else if entry.path().extension().is_some_and(|extension| extension == "reg") {
            fs::copy(entry.path(), copy)?;
        } else {
            fs::hard_link(entry.path(), copy)?;
        }
    }
    Ok(())
}
