//! Starting other programs: by argument list, never through a shell.
//!
//! A program is run in one of three ways: handing it our terminal, listening in while its output streams through, or
//! asking it something quietly.

use std::{
    fmt,
    io::{self, BufRead as _, BufReader, IsTerminal as _, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Sender},
    },
    time::Duration,
};

use anyhow::{Context as _, bail};

/// How long output may still arrive after a program ended: a daemon it left behind can hold the pipe open for ever.
const GRACE: Duration = Duration::from_secs(5);

/// A program with its arguments, not started yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    name: String,
    arguments: Vec<String>,
    folder: Option<PathBuf>,
    environment: Vec<(String, String)>,
}

/// What a program said and how it ended.
#[derive(Debug)]
pub(crate) struct Heard {
    /// Every line of both streams, without colours, in the order in which they came.
    pub(crate) lines: Vec<String>,
    /// Whether it ended well.
    pub(crate) success: bool,
}

impl Program {
    /// A program found in `PATH`, or by its path.
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), arguments: Vec::new(), folder: None, environment: Vec::new() }
    }

    /// The cargo that started us, or the one in `PATH`.
    pub(crate) fn cargo<const N: usize>(arguments: [&str; N]) -> Self {
        Self::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())).args(arguments)
    }

    /// npm, which on Windows is a script and is not found without its ending.
    pub(crate) fn npm<const N: usize>(arguments: [&str; N]) -> Self {
        Self::new(if std::env::consts::OS == "windows" { "npm.cmd" } else { "npm" }).args(arguments)
    }

    /// Adds arguments.
    pub(crate) fn args<I: IntoIterator<Item: Into<String>>>(mut self, arguments: I) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Starts it in this folder.
    pub(crate) fn in_folder(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// Starts it with this variable set.
    pub(crate) fn with_environment(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Makes this program the argument of another one that starts it.
    pub(crate) fn under(self, wrapper: Self) -> Self {
        let mut wrapped = wrapper.args([self.name]).args(self.arguments);
        wrapped.folder = self.folder;
        wrapped.environment = self.environment;
        wrapped
    }

    /// Runs it on our own terminal.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        println!("$ {self}");
        let status = self.command().status().with_context(|| format!("cannot start `{}`", self.name))?;
        if !status.success() {
            bail!("`{self}` failed ({status})");
        }
        Ok(())
    }

    /// Runs it, passing on what it says line by line and keeping it for counting.
    pub(crate) fn listen(&self) -> anyhow::Result<Heard> {
        println!("$ {self}");
        let mut command = self.command();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if io::stdout().is_terminal() {
            // It sees a pipe, the person a terminal.
            command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
        }
        let child = command.spawn().with_context(|| format!("cannot start `{}`", self.name))?;
        listen_to(child)
    }

    /// Runs it like [`Program::listen`] and fails when it fails.
    pub(crate) fn must_succeed(&self) -> anyhow::Result<()> {
        if !self.listen()?.success {
            bail!("`{self}` failed");
        }
        Ok(())
    }

    /// Asks it quietly: its standard output, or nothing when it cannot be started or fails.
    pub(crate) fn answer(&self) -> Option<String> {
        let output = self.command().stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.name);
        command.args(&self.arguments);
        // What `cargo run` tells us about our own package must not reach another cargo and make it build anew.
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(is_about_our_package) {
                command.env_remove(name);
            }
        }
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

impl fmt::Display for Program {
    /// The line a person would type.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Path::new(&self.name).file_name().and_then(|name| name.to_str()).unwrap_or(&self.name);
        write!(formatter, "{}", quoted(name))?;
        self.arguments.iter().try_for_each(|argument| write!(formatter, " {}", quoted(argument)))
    }
}

fn is_about_our_package(variable: &str) -> bool {
    const PREFIXES: [&str; 2] = ["CARGO_PKG_", "CARGO_MANIFEST_"];
    PREFIXES.iter().any(|prefix| variable.starts_with(prefix)) || variable == "CARGO_BIN_NAME"
}

fn quoted(argument: &str) -> String {
    if argument.is_empty() || argument.contains(|c: char| c.is_whitespace() || "\"$&|;<>()*".contains(c)) {
        format!("'{argument}'")
    } else {
        argument.to_owned()
    }
}

fn listen_to(mut child: Child) -> anyhow::Result<Heard> {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let (ended, both_ended) = mpsc::channel();
    let mut streams = 0;
    if let Some(stdout) = child.stdout.take() {
        pass_on(stdout, io::stdout(), &lines, &ended);
        streams += 1;
    }
    if let Some(stderr) = child.stderr.take() {
        pass_on(stderr, io::stderr(), &lines, &ended);
        streams += 1;
    }
    let status = child.wait().context("cannot wait for a program")?;
    for _ in 0..streams {
        if both_ended.recv_timeout(GRACE).is_err() {
            eprintln!("note: something the program left behind still holds its output open; going on without it");
            break;
        }
    }
    let lines = std::mem::take(&mut *lines.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Heard { lines, success: status.success() })
}

/// Copies a stream line by line to ours and into `lines`, on a thread of its own.
fn pass_on(
    from: impl Read + Send + 'static,
    mut to: impl Write + Send + 'static,
    lines: &Arc<Mutex<Vec<String>>>,
    ended: &Sender<()>,
) {
    let (lines, ended) = (Arc::clone(lines), ended.clone());
    std::thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            // Our own output closed (a pipe into `head`) is no reason to stop counting.
            let _ = to.write_all(&line).and_then(|()| to.flush());
            let text = without_colours(&String::from_utf8_lossy(&line));
            lines.lock().unwrap_or_else(PoisonError::into_inner).push(text.trim_end().to_owned());
            line.clear();
        }
        let _ = ended.send(());
    });
}

/// Removes terminal escape sequences (ECMA-48 control sequences: `ESC [`, parameters, one final letter).
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' && rest.next_if_eq(&'[').is_some() {
            rest.by_ref().find(|c| ('\u{40}'..='\u{7e}').contains(c));
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_as_a_line_to_type() {
        let inner = Program::new("cargo").args(["test"]).in_folder(Path::new("/checkout"));
        let outer = Program::new("xvfb-run").args(["-a", "-s", "-screen 0 1x1x24"]);
        let wrapped = inner.under(outer);
        assert_eq!(wrapped.to_string(), "xvfb-run -a -s '-screen 0 1x1x24' cargo test");
        assert_eq!(wrapped.folder.as_deref(), Some(Path::new("/checkout")));
    }

    #[test]
    fn colours_are_removed() {
        for (given, expected) in [
            ("plain", "plain"),
            ("\u{1b}[32;1m   Summary\u{1b}[0m [ 0.1s] \u{1b}[1m2\u{1b}[0m passed", "   Summary [ 0.1s] 2 passed"),
            ("\u{1b}[2K\u{1b}[1Gx", "x"),
            ("ends in \u{1b}[", "ends in "),
        ] {
            assert_eq!(without_colours(given), expected);
        }
    }

    #[test]
    fn listening_keeps_both_streams_and_the_end() {
        let heard = Program::cargo(["--version"]).listen().unwrap();
        assert!(heard.success && heard.lines.iter().any(|line| line.starts_with("cargo ")), "{heard:?}");
        let heard = Program::cargo(["no-such-command-of-cargo"]).listen().unwrap();
        assert!(!heard.success && heard.lines.iter().any(|line| line.contains("no such command")), "{heard:?}");
        assert!(Program::new("no-such-program-anywhere").listen().is_err());
        assert_eq!(Program::new("no-such-program-anywhere").answer(), None);
    }

    #[test]
    fn only_what_is_about_our_package_is_withheld() {
        for (variable, withheld) in
            [("CARGO_PKG_NAME", true), ("CARGO_MANIFEST_DIR", true), ("CARGO_HOME", false), ("CARGO_TARGET_DIR", false)]
        {
            assert_eq!(is_about_our_package(variable), withheld, "{variable}");
        }
    }
}
