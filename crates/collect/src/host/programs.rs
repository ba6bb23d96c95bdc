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

/// macOS: as whom this program runs.
pub(crate) const ID: Program =
    Program { path: "/usr/bin/id", arguments: &["-u"], tells: "the number of the user the program runs as" };
/// macOS: the id of the hardware.
pub(crate) const IOREG: Program = Program {
    path: "/usr/sbin/ioreg",
    arguments: &["-rd1", "-c", "IOPlatformExpertDevice"],
    tells: "the id of the hardware",
};
/// macOS: every process with its executable.
pub(crate) const PS: Program =
    Program { path: "/bin/ps", arguments: &["-axo", "pid=,comm="], tells: "running processes and their executables" };
/// macOS: the kernel extensions that are loaded.
pub(crate) const KMUTIL: Program =
    Program { path: "/usr/bin/kmutil", arguments: &["showloaded", "--list-only"], tells: "loaded kernel extensions" };
/// The same on systems before macOS 11.
pub(crate) const KEXTSTAT: Program =
    Program { path: "/usr/sbin/kextstat", arguments: &["-l"], tells: "loaded kernel extensions" };
/// macOS: the system extensions with their state.
pub(crate) const SYSTEM_EXTENSIONS: Program =
    Program { path: "/usr/bin/systemextensionsctl", arguments: &["list"], tells: "system extensions and their state" };
/// macOS: the certificates that software added for the whole machine.
pub(crate) const SECURITY: Program = Program {
    path: "/usr/bin/security",
    arguments: &["find-certificate", "-a", "-p", "/Library/Keychains/System.keychain"],
    tells: "certificates in the system's keychain",
};
/// macOS: the configuration profiles.
pub(crate) const PROFILES: Program = Program {
    path: "/usr/bin/profiles",
    arguments: &["show", "-output", "stdout-xml"],
    tells: "configuration profiles and what they allow",
};

/// Every program that may be run, by the systems that have it.
pub static PROGRAMS: &[Program] = &[ID, IOREG, PS, KMUTIL, KEXTSTAT, SYSTEM_EXTENSIONS, SECURITY, PROFILES];
