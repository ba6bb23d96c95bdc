//! A paired measurement: our commands and a peer in turn, in one run, as a ratio of processor time.
//!
//! Absolute seconds drift with the machine; the ratio of two programs that took turns does not. Other tools are compared
//! where they are on the path.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};
use wait4::Wait4 as _;

use super::peers;
use crate::workspace::Workspace;

/// How many packages the generated system has.
const PACKAGES: usize = 50_000;
/// How often each command runs; the median counts.
const RUNS: usize = 5;
/// What a scan may take of the peer's time.
const SCAN_RATIO: f64 = 0.5;
/// What an audit may take, in seconds.
const AUDIT_SECONDS: f64 = 1.0;

/// What a scan of the machine itself may take, in seconds.
const MACHINE_SECONDS: f64 = 0.5;
/// How much memory a scan may take, in MiB.
const SCAN_MEMORY: u64 = 100;

/// What one run took.
#[derive(Clone, Copy)]
pub(super) struct Taken {
    pub(super) processor: Duration,
    pub(super) resident: u64,
}

/// Measures `scan` and `audit` of a generated system of 50,000 packages against `dpkg-query -W` on the same file.
pub(crate) fn scan(workspace: &Workspace) -> anyhow::Result<()> {
    let folder = workspace.target.join("bench/scan");
    let root = folder.join("root");
    write_system(&root).with_context(|| format!("could not write {}", root.display()))?;
    build(workspace)?;
    let interdict = workspace.target.join("release/interdict");
    let admin = root.join("var/lib/dpkg");
    let mut query = vec![PathBuf::from("dpkg-query"), "--admindir".into(), admin, "-W".into()];
    query.push("--showformat=${Package}\\t${Version}\\t${Architecture}\\t${Maintainer}\\t${Status}\\n".into());
    let out = folder.join("scan.jsonl");
    let scanned = |rest: Vec<PathBuf>| [vec![interdict.clone(), "scan".into(), "--quiet".into()], rest].concat();
    let scan = scanned(vec!["--root".into(), root.clone(), "--out".into(), out.clone()]);
    let own_machine = scanned(vec!["--out".into(), out]);
    let database = folder.join("audit.db");
    let audit = ["audit", "--quiet", "--db"].map(PathBuf::from);
    let audit =
        [vec![interdict.clone()], audit.to_vec(), vec![database.clone(), "--root".into(), root.clone()]].concat();
    let mut taken: [Vec<Taken>; 4] = Default::default();
    for _ in 0..RUNS {
        taken[0].push(run(&query)?);
        taken[1].push(run(&scan)?);
        // A first audit: the database is made anew each time.
        for suffix in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{suffix}", database.display()));
        }
        taken[2].push(run(&audit)?);
        taken[3].push(run(&own_machine)?);
    }
    let peer = median(&taken[0]);
    println!("{PACKAGES} packages, median of {RUNS} runs in turn, processor time user and system");
    for (name, list) in
        ["dpkg-query -W, 5 fields", "interdict scan", "interdict audit", "scan of this machine"].iter().zip(&taken)
    {
        let own = median(list);
        let ratio = own.processor.as_secs_f64() / peer.processor.as_secs_f64();
        let seconds = own.processor.as_secs_f64();
        println!("{name:<26} {seconds:>7.3} s  {ratio:>5.2} x  {:>5} MiB", own.resident / 1024 / 1024);
    }
    let seconds = |list: &[Taken]| median(list).processor.as_secs_f64();
    let mut missed = peers::compare(&root, seconds(&taken[1]))?;
    if seconds(&taken[1]) > SCAN_RATIO * seconds(&taken[0]) {
        missed.push(format!("a scan took more than {SCAN_RATIO} of what dpkg-query took"));
    }
    if median(&taken[1]).resident / 1024 / 1024 > SCAN_MEMORY {
        missed.push(format!("a scan took more than {SCAN_MEMORY} MiB"));
    }
    if seconds(&taken[2]) > AUDIT_SECONDS {
        missed.push(format!("an audit took more than {AUDIT_SECONDS} s"));
    }
    if seconds(&taken[3]) > MACHINE_SECONDS {
        missed.push(format!("a scan of this machine took more than {MACHINE_SECONDS} s"));
    }
    if missed.is_empty() { Ok(()) } else { bail!("{}", missed.join("; ")) }
}

/// Builds the command line in release.
pub(super) fn build(workspace: &Workspace) -> anyhow::Result<()> {
    let status = Command::new("cargo")
        .current_dir(&workspace.root)
        .args(["build", "--quiet", "--release", "--package", "interdict-cli", "--bin", "interdict"])
        .status()?;
    if !status.success() {
        bail!("the command line does not build");
    }
    Ok(())
}

fn run(command: &[PathBuf]) -> anyhow::Result<Taken> {
    run_with(command, &[])
}

/// Runs a command to its end, with these environment variables beside what it inherits.
pub(super) fn run_with(command: &[PathBuf], environment: &[(&str, &Path)]) -> anyhow::Result<Taken> {
    let Some((program, arguments)) = command.split_first() else { bail!("no command") };
    let child = Command::new(program)
        .args(arguments)
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("could not start {}", program.display()))?;
    let ended = child.wait4()?;
    if !ended.status.success() {
        bail!("{} ended with {}", program.display(), ended.status);
    }
    Ok(Taken { processor: ended.rusage.utime + ended.rusage.stime, resident: ended.rusage.maxrss })
}

pub(super) fn median(taken: &[Taken]) -> Taken {
    let mut sorted = taken.to_vec();
    sorted.sort_by_key(|one| one.processor);
    sorted[sorted.len() / 2]
}

/// A Debian system whose status file has as many packages as asked for, with the fields and sizes of real ones.
fn write_system(root: &Path) -> anyhow::Result<()> {
    let admin = root.join("var/lib/dpkg");
    if admin.join("status").exists() {
        return Ok(());
    }
    for folder in ["var/lib/dpkg/info", "var/lib/dpkg/updates", "etc"] {
        fs::create_dir_all(root.join(folder))?;
    }
    fs::write(root.join("etc/os-release"), "NAME=\"Debian GNU/Linux\"\nID=debian\nVERSION_ID=\"12\"\n")?;
    fs::write(root.join("etc/hostname"), "bench\n")?;
    fs::write(root.join("etc/machine-id"), "00000000000000000000000000000050\n")?;
    fs::write(admin.join("arch"), "amd64\n")?;
    let mut status = std::io::BufWriter::new(fs::File::create(admin.join("status"))?);
    for number in 0..PACKAGES {
        write_stanza(&mut status, number)?;
    }
    status.flush()?;
    Ok(())
}

/// About 900 bytes, as real stanzas have: long dependency lines and a description that nobody needs to read.
fn write_stanza(status: &mut impl std::io::Write, number: usize) -> std::io::Result<()> {
    let team = number % 400;
    writeln!(
        status,
        "Package: libexample{number}-dev\nStatus: install ok installed\nPriority: optional\nSection: libdevel"
    )?;
    writeln!(
        status,
        "Installed-Size: {}\nMaintainer: Example Team {team} <team{team}@example.org>",
        100 + number % 9000
    )?;
    writeln!(
        status,
        "Architecture: amd64\nMulti-Arch: same\nSource: example{}\nVersion: {}.{}.{}-1+deb12u{}",
        number / 3,
        number % 9,
        number % 37,
        number % 11,
        number % 4
    )?;
    write!(status, "Depends: libc6 (>= 2.34)")?;
    for other in 1..12 {
        write!(status, ", libexample{} (= {}.{}-1)", (number + other * 97) % PACKAGES, other, number % 13)?;
    }
    writeln!(status, "\nConffiles:\n /etc/example/{number}.conf 0123456789abcdef0123456789abcdef")?;
    writeln!(status, "Description: made-up package number {number}")?;
    for line in 0..4 {
        writeln!(status, " Line {line} of a description that is as long as descriptions of real packages are.")?;
    }
    writeln!(status, "Homepage: https://example.org/{number}\n")
}
