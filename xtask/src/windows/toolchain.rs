//! Debian's compiler for web browsers, unpacked: the newest of the system's own packages, with its library's source.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, bail};

use super::{emptied, folder, wine};
use crate::{prerequisites, program::Program, workspace::Workspace};

/// What is unpacked, beside what these need of the same source.
const UNPACKED: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy"];
/// What packages of that source have in their names; they are unpacked, everything else is installed.
const SAME_SOURCE: [&str; 3] = ["rustc-web", "cargo-web", "rust-web"];
/// What links for Windows and runs its programs.
const INSTALLED: [&str; 4] = ["gcc-mingw-w64-x86-64-win32", "binutils-mingw-w64-x86-64", "wine", "wine64"];

/// The target, as the compiler names it.
const TARGET: &str = "x86_64-pc-windows-gnu";
/// How the linker is called.
const LINKER: &str = "x86_64-w64-mingw32-gcc";

/// A compiler for Windows.
pub(crate) struct Toolchain {
    /// Where it was unpacked.
    root: PathBuf,
    /// Where it builds to, apart from what is built for this system.
    target: PathBuf,
    workspace: PathBuf,
}

impl Toolchain {
    /// The toolchain, fetched and unpacked unless that was done before. An error says why it cannot be had here.
    pub(crate) fn prepare(workspace: &Workspace) -> anyhow::Result<Self> {
        let root = folder(workspace, "toolchain");
        let toolchain = Self { root, target: folder(workspace, "build"), workspace: workspace.root.clone() };
        if !toolchain.is_there() {
            toolchain.fetch()?;
        }
        Ok(toolchain)
    }

    /// A subcommand of cargo, building for Windows.
    pub(crate) fn cargo(&self, subcommand: &str, arguments: &[&str]) -> Program {
        // Called by its path, since cargo would rather take the clippy of another toolchain in the person's home.
        let cargo = if subcommand == "clippy" { "cargo-clippy" } else { "cargo" };
        self.program(cargo)
            .args([subcommand, "-Zbuild-std=std,panic_unwind", "--target", TARGET])
            .args(["--target-dir".to_owned(), self.target.to_string_lossy().into_owned()])
            // Optimised dependencies and information for debuggers would double the time that a build takes.
            .args(["--config", "profile.dev.package.\"*\".opt-level=0"])
            .args(arguments.iter().copied())
            .with_environment("CARGO_INCREMENTAL", "0")
            .with_environment("CARGO_PROFILE_DEV_DEBUG", "0")
            .with_environment("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", LINKER)
            .in_folder(&self.workspace)
    }

    /// A program of what was unpacked.
    fn program(&self, name: &str) -> Program {
        let own = |name: &str| self.root.join("usr/bin").join(name).to_string_lossy().into_owned();
        let libraries = self.root.join("usr/lib/x86_64-linux-gnu");
        Program::new(own(name))
            .with_environment("LD_LIBRARY_PATH", libraries.to_string_lossy())
            .with_environment("CARGO", own("cargo"))
            .with_environment("RUSTC", own("rustc"))
            .with_environment("RUSTDOC", own("rustdoc"))
            // Lets a stable compiler build its own library.
            .with_environment("RUSTC_BOOTSTRAP", "1")
    }

    /// The command of a profile's folder (`debug`, `release`).
    pub(crate) fn built(&self, profile: &str) -> PathBuf {
        self.target.join(TARGET).join(profile).join("interdict.exe")
    }

    /// Written last, so that what was interrupted is done again.
    fn stamp(&self) -> PathBuf {
        self.root.join("complete")
    }

    fn is_there(&self) -> bool {
        let starts = |program: Program| program.args(["--version"]).answer().is_some();
        self.stamp().is_file()
            && starts(Program::new(LINKER))
            && starts(self.program("cargo"))
            && wine::program().is_some()
    }

    fn fetch(&self) -> anyhow::Result<()> {
        if (std::env::consts::OS, std::env::consts::ARCH) != ("linux", "x86_64") {
            bail!("the packages of the compiler for Windows are those of Debian for x86-64");
        }
        if Program::new("apt-cache").args(["--version"]).answer().is_none() {
            bail!("this system has no apt, whose packages bring the compiler for Windows");
        }
        // Where nothing was ever installed there are no lists of packages yet.
        if depends(UNPACKED[0]).is_none() {
            prerequisites::refresh_packages()?;
        }
        let (unpacked, libraries) = closure(&depends)?;
        let installed: Vec<&str> = INSTALLED.into_iter().chain(libraries.iter().map(String::as_str)).collect();
        let missing: Vec<&str> = installed.into_iter().filter(|package| !is_installed(package)).collect();
        if !missing.is_empty() {
            prerequisites::install_packages(&missing)?;
        }
        self.unpack(&unpacked)
    }

    fn unpack(&self, packages: &[String]) -> anyhow::Result<()> {
        let archives = self.root.join("archives");
        emptied(&self.root)?;
        emptied(&archives)?;
        Program::new("apt-get").args(["download"]).args(packages).in_folder(&archives).must_succeed()?;
        for archive in fs::read_dir(&archives).context("cannot list what was fetched")? {
            let archive = archive?.path();
            let root = self.root.to_string_lossy();
            Program::new("dpkg").args(["-x".into(), archive.to_string_lossy(), root]).must_succeed()?;
        }
        fs::remove_dir_all(&archives).context("cannot remove the archives")?;
        fs::write(self.stamp(), packages.join("\n")).context("cannot write beside what was unpacked")
    }
}

/// The packages to unpack and the libraries to install: what the former need, directly or by one another.
fn closure(depends: &dyn Fn(&str) -> Option<Vec<String>>) -> anyhow::Result<(Vec<String>, Vec<String>)> {
    let mut unpacked: Vec<String> = UNPACKED.iter().map(ToString::to_string).collect();
    let mut libraries: Vec<String> = Vec::new();
    let mut next = 0;
    while let Some(package) = unpacked.get(next).cloned() {
        next += 1;
        let Some(needed) = depends(&package) else {
            bail!("no package source of this system has {package}");
        };
        for name in needed {
            let list = if SAME_SOURCE.iter().any(|part| name.contains(part)) {
                &mut unpacked
            } else if name.starts_with("lib") {
                &mut libraries
            } else {
                // Compilers and linkers for this system: cargo itself would not run without them.
                continue;
            };
            if !list.contains(&name) {
                list.push(name);
            }
        }
    }
    Ok((unpacked, libraries))
}

/// What a package needs, by name; nothing when there is no such package.
fn depends(package: &str) -> Option<Vec<String>> {
    let answer = Program::new("apt-cache").args(["depends", package]).answer()?;
    let names = answer.lines().filter_map(|line| line.trim().strip_prefix("Depends: "));
    // A virtual package stands in angle brackets.
    Some(names.filter(|name| !name.starts_with('<')).map(str::to_owned).collect())
}

fn is_installed(package: &str) -> bool {
    let status = Program::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", package]).answer();
    status.is_some_and(|status| status == "installed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shares_the_source_is_unpacked_and_libraries_are_installed() {
        let on_paper = |package: &str| {
            let needed: &[&str] = match package {
                "rustc-web" => &["libc6", "libstd-rust-web-dev", "gcc"],
                "libstd-rust-web-dev" => &["libstd-rust-web-1.96"],
                "libstd-rust-web-1.96" => &["libc6", "libllvm22"],
                "cargo-web" => &["rustc-web", "libgit2-1.5", "binutils"],
                "rust-web-src" | "rust-web-clippy" => &[],
                _ => return None,
            };
            Some(needed.iter().map(ToString::to_string).collect())
        };
        let (unpacked, libraries) = closure(&on_paper).unwrap();
        assert_eq!(unpacked[..4], UNPACKED.map(ToOwned::to_owned));
        assert_eq!(unpacked[4..], ["libstd-rust-web-dev", "libstd-rust-web-1.96"]);
        assert_eq!(libraries, ["libc6", "libgit2-1.5", "libllvm22"]);
        let error = closure(&|_| None).unwrap_err().to_string();
        assert_eq!(error, "no package source of this system has rustc-web");
    }
}
