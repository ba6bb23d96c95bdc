//! Starts the built command in a home of its own.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use std::{env, fs, fs::File, io::Write as _, thread};

use interdict_tests::{checkout, prepared_root};
use serde_json::Value;
use tempfile::TempDir;

/// What the command came to.
pub(crate) struct Ran {
    /// Its exit code; none when a signal ended it.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl Ran {
    /// The answer as one JSON document.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("no JSON ({error}):\n{}", self.shown()))
    }

    /// The answer as JSON lines.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let read = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("no JSON ({error}): {line}"));
        self.stdout.lines().map(read).collect()
    }

    /// Exit code, standard output and standard error, for snapshots and messages.
    pub(crate) fn shown(&self) -> String {
        let code = self.code.map_or("none".to_owned(), |code| code.to_string());
        format!("exit code: {code}\n----- stdout -----\n{}\n----- stderr -----\n{}", self.stdout, self.stderr)
    }

    /// The same command, which must have ended with this code.
    pub(crate) fn ended_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.shown());
        self
    }

    /// Whether standard output tells this.
    pub(crate) fn tells(self, words: &str) -> Self {
        assert!(self.stdout.contains(words), "\"{words}\" is not told:\n{}", self.shown());
        self
    }

    /// Whether standard error says all of this.
    pub(crate) fn complains_of(self, code: i32, words: &[&str]) -> Self {
        let ran = self.ended_with(code);
        for word in words {
            assert!(ran.stderr.contains(word), "\"{word}\" is not said:\n{}", ran.shown());
        }
        ran
    }
}

/// A home folder, and the command in it.
pub(crate) struct Home {
    folder: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A path below the home folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A path below the home folder, as an argument.
    pub(crate) fn argument(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// The made-up Debian system, written anew below the home folder.
    pub(crate) fn prepared_root(&self) -> String {
        let root = self.path("root");
        fs::create_dir_all(&root).unwrap();
        prepared_root::write(&root).unwrap();
        root.to_str().unwrap().to_owned()
    }

    /// Writes a file below the home folder; its path as an argument.
    pub(crate) fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The command, ready to be given arguments.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(interdict());
        command.env_clear().current_dir(self.folder.path());
        command.env("HOME", self.folder.path()).env("XDG_DATA_HOME", self.path("data"));
        // Coverage and sanitizers say by environment where their files go.
        command.envs(env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LLVM_")));
        command.stdin(Stdio::null());
        command
    }

    /// Runs the command.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Ran {
        ran(self.command().args(arguments))
    }

    /// Runs the command with a line of arguments, which hold no blanks themselves.
    pub(crate) fn line(&self, arguments: &str) -> Ran {
        self.run(arguments.split_whitespace())
    }

    /// Runs the command with something on its standard input.
    pub(crate) fn given(&self, input: impl AsRef<[u8]>, arguments: &str) -> Ran {
        let mut command = self.command();
        command.args(arguments.split_whitespace());
        let output = assert_cmd::Command::from_std(command).write_stdin(input.as_ref()).output().unwrap();
        from_output(&output)
    }

    /// Whether the command made anything in the data folder.
    pub(crate) fn has_data(&self) -> bool {
        self.path("data").exists()
    }
}

/// Runs a prepared command.
pub(crate) fn ran(command: &mut Command) -> Ran {
    from_output(&command.output().unwrap())
}

/// What a finished command came to.
pub(crate) fn from_output(output: &std::process::Output) -> Ran {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("only UTF-8 is written");
    Ran { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

/// A command that was measured.
pub(crate) struct Measured {
    /// What it came to.
    pub(crate) ran: Ran,
    /// The most memory that it held, in KiB; 0 where the system does not say it as Linux does.
    pub(crate) memory: u64,
    /// How much of a processor's time it took, in hundredths of a second.
    pub(crate) time: u64,
}

/// Runs a command and measures it; one that takes longer than this is killed, and the test fails.
pub(crate) fn measured(home: &Home, command: &mut Command, longest: Duration) -> Measured {
    let begun = Instant::now();
    let [stdout, stderr] = ["stdout", "stderr"].map(|name| home.path(name));
    command.stdout(Stdio::from(File::create(&stdout).unwrap())).stderr(Stdio::from(File::create(&stderr).unwrap()));
    let mut child = command.spawn().unwrap();
    let [status, times] = ["status", "stat"].map(|name| format!("/proc/{}/{name}", child.id()));
    let (mut memory, mut time) = (0, 0);
    let code = loop {
        // The kernel keeps the highest mark itself, so that nothing between two looks is missed but the very end. What it
        // tells whoever waits for the process would count what the test held when it started the process, too.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let mark = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        memory = memory.max(mark.unwrap_or(0));
        // Behind the name in parentheses the time of the user is the twelfth, that of the system the thirteenth.
        let text = fs::read_to_string(&times).unwrap_or_default();
        let fields = text.rsplit_once(')').map(|(_, fields)| fields.split_whitespace().skip(11).take(2));
        time = time.max(fields.into_iter().flatten().filter_map(|ticks| ticks.parse::<u64>().ok()).sum());
        if let Some(ended) = child.try_wait().unwrap() {
            break ended.code();
        }
        if begun.elapsed() > longest {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("it took longer than {longest:?}: {command:?}");
        }
        thread::sleep(Duration::from_millis(2));
    };
    let [stdout, stderr] = [stdout, stderr].map(|file| fs::read_to_string(file).unwrap());
    Measured { ran: Ran { code, stdout, stderr }, memory, time }
}

/// Runs one of the system's own programs, which must end well; whether it did.
pub(crate) fn system(program: &str, arguments: &[&OsStr]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

/// Whether the tests run as root.
pub(crate) fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

/// Says why a test could not run here.
pub(crate) fn skipped(reason: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}

/// A snapshot that holds on any machine and day: places and instants are replaced.
#[macro_export]
macro_rules! snapshot {
    ($home:expr, $ran:expr, $name:literal) => {{
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.add_filter(&$home.path("").display().to_string(), "[HOME]/");
        settings.add_filter(&interdict_tests::checkout::root().display().to_string(), "[CHECKOUT]");
        settings.add_filter(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[INSTANT]");
        settings.add_filter(r"\b\d+:[0-9a-f]{12}\b", "[HEAD]");
        settings.bind(|| insta::assert_snapshot!($name, $ran.shown()));
    }};
}

/// The built command. Cargo builds it once for all tests, since it is another package's and may be out of date.
fn interdict() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let program = checkout::built("interdict");
        let profile = program.parent().unwrap();
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet", "--package", "interdict-cli", "--bin", "interdict", "--target-dir"]);
        cargo.arg(profile.parent().unwrap()).current_dir(checkout::root());
        if profile.file_name() == Some(OsStr::new("release")) {
            cargo.arg("--release");
        }
        let output = cargo.output().expect("cargo starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        program
    })
}
