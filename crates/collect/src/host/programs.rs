//! The programs of a system whose output is read where no file says the same: a closed list, each of them read-only.
//!
//! Everything that can be run on a machine stands here, with all its arguments, so that it can be shown beforehand and
//! nothing else can ever be run. No shell is involved.

/// A program and its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Program {
    /// The program's path.
    pub path: &'static str,
    /// Its arguments.
    pub arguments: &'static [&'static str],
    /// What its output tells, for people.
    pub tells: &'static str,
}

impl Program {
    /// The line a person would type.
    #[must_use]
    pub fn line(&self) -> String {
        std::iter::once(self.path).chain(self.arguments.iter().copied()).collect::<Vec<_>>().join(" ")
    }
}

/// Every program that may be run, by the systems that have it.
pub static PROGRAMS: &[Program] = &[];
