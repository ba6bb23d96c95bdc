//! Other inventory tools on the same package database: those that are on the path take turns with ours.
//!
//! None of them is needed, and none is installed here; one that is missing is said. Where they come from and how they are
//! called is written in `docs/performance.md`.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::scan::{Taken, median, run_with};

/// Another tool that lists the packages of a dpkg database.
struct Peer {
    /// For people.
    name: &'static str,
    /// The program, looked up on the path.
    program: &'static str,
    /// Its arguments, where `{admin}` stands for the dpkg folder and `{root}` for the system.
    arguments: &'static [&'static str],
    /// An environment variable that names the dpkg folder.
    variable: Option<&'static str>,
    /// What it takes to start and do nothing, which is taken off.
    idle: Option<&'static [&'static str]>,
    /// How often it runs; the median counts.
    runs: usize,
    /// How many times less a scan must take.
    at_least: f64,
}

const PEERS: &[Peer] = &[
    Peer {
        name: "osqueryi, 5 columns, unpacked",
        program: "osqueryi",
        arguments: &[
            "--json",
            "select name, version, arch, maintainer, status from deb_packages where admindir = '{admin}'",
        ],
        variable: None,
        idle: Some(&["-S", "select 1"]),
        runs: 5,
        at_least: 4.0,
    },
    Peer {
        name: "FusionInventory, software only",
        program: "fusioninventory-inventory",
        arguments: &["--no-category=accesslog,antivirus,battery,bios,controller,cpu,drive,environment,firewall,input,\
             licenseinfo,local_group,local_user,lvm,memory,modem,monitor,network,port,printer,process,remote_mgmt,\
             rudder,slot,sound,storage,usb,user,video,virtualmachine"],
        variable: Some("DPKG_ADMINDIR"),
        idle: None,
        runs: 3,
        at_least: 20.0,
    },
    Peer {
        name: "syft",
        program: "syft",
        arguments: &["dir:{root}", "-q", "-o", "json"],
        variable: None,
        idle: None,
        runs: 1,
        at_least: 200.0,
    },
];

/// Lets every peer that is there list the packages, prints what it took as multiples of our scan, and returns the limits
/// that were missed.
pub(super) fn compare(root: &Path, scan: f64) -> anyhow::Result<Vec<String>> {
    let admin = root.join("var/lib/dpkg");
    let mut missed = Vec::new();
    for peer in PEERS {
        if Command::new(peer.program).arg("--version").output().is_err() {
            println!("{:<32} not on the path: not compared", peer.name);
            continue;
        }
        let place = |argument: &&str| {
            let admin = admin.to_string_lossy();
            PathBuf::from(argument.replace("{admin}", &admin).replace("{root}", &root.to_string_lossy()))
        };
        let command = |arguments: &[&str]| -> Vec<PathBuf> {
            std::iter::once(PathBuf::from(peer.program)).chain(arguments.iter().map(place)).collect()
        };
        let environment: Vec<(&str, &Path)> = peer.variable.iter().map(|name| (*name, admin.as_path())).collect();
        let mut listing = Vec::new();
        let mut idle: Vec<Taken> = Vec::new();
        for _ in 0..peer.runs {
            listing.push(run_with(&command(peer.arguments), &environment)?);
            if let Some(arguments) = peer.idle {
                idle.push(run_with(&command(arguments), &environment)?);
            }
        }
        let start = if idle.is_empty() { 0.0 } else { median(&idle).processor.as_secs_f64() };
        let taken = median(&listing);
        let seconds = taken.processor.as_secs_f64() - start;
        let ratio = seconds / scan;
        let memory = taken.resident / 1024 / 1024;
        println!("{:<32} {seconds:>7.3} s  {ratio:>6.1} x our scan  {memory:>5} MiB", peer.name);
        if ratio < peer.at_least {
            missed.push(format!("{} took only {ratio:.1} times our scan, {} wanted", peer.name, peer.at_least));
        }
    }
    Ok(missed)
}
