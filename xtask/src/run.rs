//! `cargo xtask run`: from a fresh checkout to the open window; where there is no display, to an audit of this machine.
//!
//! Without a display neither node nor the web view libraries are looked for, let alone installed.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::{
    prerequisites::{self, Purpose},
    program::Program,
    ui,
    workspace::Workspace,
};

/// Opens the desktop app, or audits this machine where no window can be shown.
pub(crate) fn run(workspace: &Workspace) -> anyhow::Result<()> {
    if has_display() {
        open_window(workspace)
    } else {
        println!(
            "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): auditing this machine instead."
        );
        audit(workspace)
    }
}

/// Whether a window can be shown.
pub(crate) fn has_display() -> bool {
    shows_windows(std::env::consts::OS, |name| std::env::var(name).ok())
}

fn shows_windows(os: &str, variable: impl Fn(&str) -> Option<String>) -> bool {
    os != "linux" || ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(|name| variable(name).is_some_and(|v| !v.is_empty()))
}

fn open_window(workspace: &Workspace) -> anyhow::Result<()> {
    prerequisites::ensure(Purpose::Desktop)?;
    ui::install(workspace)?;
    ui::script(workspace, "build").run()?;
    workspace.cargo(["run", "--package", "interdict-desktop"]).run()
}

fn audit(workspace: &Workspace) -> anyhow::Result<()> {
    prerequisites::ensure(Purpose::CommandLine)?;
    workspace.cargo(["build", "--package", "interdict-cli", "--bin", "interdict"]).run()?;
    let report = report_path(&workspace.target, &host_name());
    if let Some(folder) = report.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let interdict = Program::new(workspace.built("interdict").to_string_lossy()).in_folder(&workspace.root);
    interdict.args(["audit", "--report"]).args([report.to_string_lossy()]).run()?;
    if !report.is_file() {
        bail!("`interdict audit` ended well, but wrote no report to {}", report.display());
    }
    println!("\nThe report: {}", report.display());
    Ok(())
}

fn report_path(target: &Path, host: &str) -> PathBuf {
    let plain = |c: char| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '-' };
    let host: String = host.trim().chars().map(plain).collect();
    let host = if host.is_empty() { "this-machine" } else { &host };
    target.join("report").join(format!("interdict-{host}.html"))
}

fn host_name() -> String {
    let known = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    known.or_else(|| Program::new("hostname").answer()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_display_is_what_the_environment_says_on_linux_and_a_given_elsewhere() {
        for (os, set, expected) in [
            ("linux", None, false),
            ("linux", Some(("DISPLAY", "")), false),
            ("linux", Some(("DISPLAY", ":0")), true),
            ("linux", Some(("WAYLAND_DISPLAY", "wayland-0")), true),
            ("macos", None, true),
            ("windows", None, true),
        ] {
            let variable = |name: &str| set.filter(|(set, _)| *set == name).map(|(_, value)| value.to_owned());
            assert_eq!(shows_windows(os, variable), expected, "{os} {set:?}");
        }
    }

    #[test]
    fn the_report_is_named_after_the_machine() {
        for (host, expected) in [
            ("web-01\n", "interdict-web-01.html"),
            ("", "interdict-this-machine.html"),
            ("a/../b c", "interdict-a-..-b-c.html"),
        ] {
            assert_eq!(report_path(Path::new("t"), host), Path::new("t/report").join(expected));
        }
    }
}
