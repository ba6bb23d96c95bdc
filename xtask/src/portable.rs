//! `cargo xtask portable`: the command as one file that needs nothing of the system it is carried to.
//!
//! On Linux it is linked statically, with musl where its standard library is installed and a compiler for it is there,
//! else with the C library of this machine. On Windows the runtime library goes in, too; macOS has nothing to link in.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};

use crate::{program::Program, workspace::Workspace};

/// The cargo profile, and the folder below the target folder.
const PROFILE: &str = "portable";
/// The compiler for musl that distributions have.
const MUSL_COMPILER: &str = "musl-gcc";

/// Builds it and gives its place.
pub(crate) fn build(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let target = target()?;
    let flags = format!("target.{target}.rustflags=[\"-Ctarget-feature=+crt-static\"]");
    let program = workspace.cargo(["build", "--package", "interdict-cli", "--bin", "interdict", "--profile", PROFILE]);
    program.args(["--target", &target, "--config", &flags]).must_succeed()?;
    let name = format!("interdict{}", std::env::consts::EXE_SUFFIX);
    let built = workspace.target.join(&target).join(PROFILE).join(&name);
    let folder = workspace.target.join(PROFILE);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let place = folder.join(&name);
    fs::copy(&built, &place).with_context(|| format!("cannot copy {}", built.display()))?;
    if std::env::consts::OS == "linux" && needs_libraries(&fs::read(&place)?)? {
        bail!("{} needs libraries of the system", place.display());
    }
    println!("{} ({} MiB, for {target})", place.display(), fs::metadata(&place)?.len() >> 20);
    Ok(place)
}

/// What is built for: this kind of machine, with musl where that can be had.
fn target() -> anyhow::Result<String> {
    let version = Program::new("rustc").args(["-vV"]).answer().context("cannot ask rustc for its version")?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let Some(musl) = host.strip_suffix("-gnu").map(|start| format!("{start}-musl")) else { return Ok(host.to_owned()) };
    let roots = Program::new("rustc").args(["--print", "sysroot"]).answer().unwrap_or_default();
    let library = Path::new(roots.trim()).join("lib/rustlib").join(&musl).join("lib");
    let has_compiler = Program::new(MUSL_COMPILER).args(["--version"]).answer().is_some();
    Ok(if library.is_dir() && has_compiler { musl } else { host.to_owned() })
}

/// Whether a program of Linux asks for a loader, and so for libraries: it has a segment that names one (`elf(5)`,
/// `PT_INTERP`).
fn needs_libraries(elf: &[u8]) -> anyhow::Result<bool> {
    const PT_INTERP: u64 = 3;
    let number = |at: usize, length: usize| {
        let bytes = elf.get(at..at + length)?;
        Some(bytes.iter().rev().fold(0_u64, |number, byte| number << 8 | u64::from(*byte)))
    };
    if !elf.starts_with(b"\x7fELF\x02\x01") {
        bail!("not a 64-bit little-endian program of Linux");
    }
    let header = |at, length| number(at, length).context("the program's header is cut off");
    let (begin, size, count) = (header(0x20, 8)?, header(0x36, 2)?, header(0x38, 2)?);
    let types = (0..count).map(|index| number(usize::try_from(begin + index * size).ok()?, 4));
    let types: Option<Vec<u64>> = types.collect();
    Ok(types.context("the program's segments are cut off")?.contains(&PT_INTERP))
}

/// Tries it where there is nothing: in a root with a package database and no library at all, without a home folder. What is
/// missing here, if that is why it could not be tried.
pub(crate) fn try_it(workspace: &Workspace) -> anyhow::Result<Option<String>> {
    if std::env::consts::OS != "linux" {
        return Ok(Some("a root without libraries is made on Linux only".to_owned()));
    }
    let program = build(workspace)?;
    let root = workspace.target.join(PROFILE).join("root");
    if root.exists() {
        fs::remove_dir_all(&root).with_context(|| format!("cannot empty {}", root.display()))?;
    }
    write_system(&root)?;
    fs::copy(&program, root.join("interdict"))?;
    let Some(inside) = inside(&root.to_string_lossy()) else {
        return Ok(Some("the root cannot be changed: neither root nor user name spaces".to_owned()));
    };
    inside.args(["/interdict", "scan", "--out", "/carried-home.jsonl"]).must_succeed()?;
    let scan = root.join("carried-home.jsonl");
    let written = fs::read_to_string(&scan).context("no scan was written")?;
    if !written.starts_with("{\"schema\":\"interdict/scan/v1\"") || !written.contains("\"name\":\"kesl\"") {
        bail!("the scan does not hold what is there:\n{written}");
    }
    let home = root.join("home.db");
    let import = Program::new(program.to_string_lossy()).args(["import".into(), scan.to_string_lossy()]);
    import.args(["--db".into(), home.to_string_lossy()]).must_succeed()?;
    Ok(None)
}

/// A small Debian system without a single program.
fn write_system(root: &Path) -> anyhow::Result<()> {
    let status = "Package: kesl\nStatus: install ok installed\nMaintainer: AO Kaspersky Lab <support@kaspersky.com>\n\
                  Architecture: amd64\nVersion: 12.1.0-1508\n\n";
    for (path, text) in [
        ("etc/os-release", "NAME=\"Debian GNU/Linux\"\nID=debian\nVERSION_ID=\"12\"\n"),
        ("etc/hostname", "carried-to\n"),
        ("var/lib/dpkg/status", status),
    ] {
        let place = root.join(path);
        fs::create_dir_all(place.parent().unwrap_or(root))?;
        fs::write(&place, text).with_context(|| format!("cannot write {}", place.display()))?;
    }
    Ok(())
}

/// What starts a program inside a root, with an empty environment; nothing where this user may not.
fn inside(root: &str) -> Option<Program> {
    let emptied = || Program::new("env").args(["-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"]);
    let ways = [emptied().args(["chroot", root]), emptied().args(["unshare", "--map-root-user", "chroot", root])];
    ways.into_iter().find(|way| way.clone().args(["/interdict", "--version"]).answer().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header with segments of these types.
    fn elf(types: &[u32]) -> Vec<u8> {
        let mut bytes = vec![0; 0x40];
        bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
        bytes[0x20] = 0x40;
        bytes[0x36] = 56;
        bytes[0x38] = u8::try_from(types.len()).unwrap();
        for kind in types {
            bytes.extend(kind.to_le_bytes());
            bytes.extend([0; 52]);
        }
        bytes
    }

    #[test]
    fn a_program_that_asks_for_a_loader_needs_libraries() {
        assert!(needs_libraries(&elf(&[6, 3, 1])).unwrap());
        assert!(!needs_libraries(&elf(&[1, 1, 2])).unwrap());
        assert!(needs_libraries(&elf(&[1, 1])[..0x60]).is_err());
        assert!(needs_libraries(b"#!/bin/sh\n").is_err());
    }

    #[test]
    fn the_test_itself_is_not_portable() {
        let own = std::env::current_exe().unwrap();
        if std::env::consts::OS == "linux" && cfg!(not(target_feature = "crt-static")) {
            assert!(needs_libraries(&fs::read(own).unwrap()).unwrap());
        }
    }
}
