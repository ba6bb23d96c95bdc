//! The questions asked of a machine; answered by the live one, or on paper in tests.

use std::path::Path;

use crate::program::Program;

/// A machine that can be asked what it has.
pub(super) trait Machine {
    /// Whether a program of this name is in `PATH`.
    fn has_program(&self, name: &str) -> bool;
    /// Whether a file exists.
    fn has_file(&self, path: &str) -> bool;
    /// What a program says on standard output, when it can be started and ends well.
    fn answer(&self, line: &[&str]) -> Option<String>;
}

/// The machine we run on.
pub(super) struct LiveMachine;

impl LiveMachine {
    /// The text of `/etc/os-release`, empty where there is none.
    #[expect(clippy::unused_self, reason = "a question to this machine, like the others")]
    pub(super) fn os_release(&self) -> String {
        std::fs::read_to_string("/etc/os-release").unwrap_or_default()
    }
}

impl Machine for LiveMachine {
    fn has_program(&self, name: &str) -> bool {
        let endings: &[&str] = if std::env::consts::OS == "windows" { &[".exe", ".cmd"] } else { &[""] };
        let paths = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&paths)
            .any(|folder| endings.iter().any(|ending| folder.join(format!("{name}{ending}")).is_file()))
    }

    fn has_file(&self, path: &str) -> bool {
        Path::new(path).is_file()
    }

    fn answer(&self, line: &[&str]) -> Option<String> {
        let (program, arguments) = line.split_first()?;
        Program::new(*program).args(arguments.iter().copied()).answer()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A machine whose answers are written down.
    #[derive(Debug, Default)]
    pub(crate) struct Paper {
        programs: Vec<&'static str>,
        files: Vec<&'static str>,
        answers: Vec<(&'static str, &'static str)>,
    }

    impl Paper {
        pub(crate) fn with_program(mut self, name: &'static str) -> Self {
            self.programs.push(name);
            self
        }

        pub(crate) fn with_file(mut self, path: &'static str) -> Self {
            self.files.push(path);
            self
        }

        pub(crate) fn answering(mut self, line: &'static str, answer: &'static str) -> Self {
            self.answers.push((line, answer));
            self
        }
    }

    impl Machine for Paper {
        fn has_program(&self, name: &str) -> bool {
            self.programs.contains(&name)
        }

        fn has_file(&self, path: &str) -> bool {
            self.files.contains(&path)
        }

        fn answer(&self, line: &[&str]) -> Option<String> {
            let line = line.join(" ");
            self.answers.iter().find(|(asked, _)| *asked == line).map(|(_, answer)| (*answer).to_owned())
        }
    }

    #[test]
    fn the_live_machine_has_what_started_this_test() {
        assert!(LiveMachine.has_program("cargo") || std::env::var_os("CARGO").is_some());
        assert!(!LiveMachine.has_program("no-such-program-anywhere"));
        assert_eq!(LiveMachine.answer(&["no-such-program-anywhere"]), None);
    }
}
