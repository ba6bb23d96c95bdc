//! A made-up Debian system on disk, as the end-to-end tests audit it.
//!
//! It holds Kaspersky Endpoint Security for Linux (live: package, files, enabled unit), the Kaspersky Network Agent
//! (residue: the package was removed, its unit and a folder are left), the Wazuh agent, `ClamAV` and ordinary packages.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

/// The host name of the system.
pub const HOSTNAME: &str = "ws-fin-014";
/// How many packages its dpkg database lists as installed.
pub const INSTALLED_PACKAGES: usize = 10;

/// Package, version, maintainer, status.
const PACKAGES: &[(&str, &str, &str, &str)] = &[
    ("kesl", "12.1.0-1508", "AO Kaspersky Lab <support@kaspersky.com>", "install ok installed"),
    ("klnagent64", "15.1.0-20748", "AO Kaspersky Lab <support@kaspersky.com>", "deinstall ok config-files"),
    ("wazuh-agent", "4.9.2-1", "Wazuh, Inc <info@wazuh.com>", "install ok installed"),
    ("clamav", "1.0.7+dfsg-1~deb12u1", "ClamAV Team <clamav@packages.debian.org>", "install ok installed"),
    ("clamav-daemon", "1.0.7+dfsg-1~deb12u1", "ClamAV Team <clamav@packages.debian.org>", "install ok installed"),
    ("clamav-freshclam", "1.0.7+dfsg-1~deb12u1", "ClamAV Team <clamav@packages.debian.org>", "install ok installed"),
    ("bash", "5.2.15-2+b7", "Debian Bash Team <bash@packages.debian.org>", "install ok installed"),
    ("coreutils", "9.1-1", "Debian Coreutils Team <coreutils@packages.debian.org>", "install ok installed"),
    ("openssh-server", "1:9.2p1-2+deb12u3", "Debian OpenSSH Team <ssh@packages.debian.org>", "install ok installed"),
    ("python3-panda3d-viewer", "0.5.4-1", "Debian Science Team <science@packages.debian.org>", "install ok installed"),
    ("vim", "2:9.0.1378-2", "Debian Vim Team <vim@packages.debian.org>", "install ok installed"),
];

/// Files of packages; those below a `bin` or `sbin` folder are executable.
const FILES: &[(&str, &[&str])] = &[
    (
        "kesl",
        &[
            "/opt/kaspersky/kesl/bin/kesl-control",
            "/opt/kaspersky/kesl/libexec/kesl",
            "/opt/kaspersky/kesl/doc/license",
        ],
    ),
    ("wazuh-agent", &["/var/ossec/bin/wazuh-agentd", "/var/ossec/active-response/bin/kaspersky.py"]),
    ("clamav-daemon", &["/usr/sbin/clamd"]),
    ("clamav-freshclam", &["/usr/bin/freshclam"]),
    ("clamav", &["/usr/bin/clamscan"]),
];

/// Unit, description, executable, enabled.
const UNITS: &[(&str, &str, &str, bool)] = &[
    ("kesl", "Kaspersky Endpoint Security for Linux", "/opt/kaspersky/kesl/libexec/kesl", true),
    ("klnagent64", "Kaspersky Network Agent", "/opt/kaspersky/klnagent64/sbin/klnagent", true),
    ("wazuh-agent", "Wazuh agent", "/var/ossec/bin/wazuh-agentd", true),
    ("clamav-daemon", "Clam AntiVirus userspace daemon", "/usr/sbin/clamd", true),
    ("clamav-freshclam", "ClamAV virus database updater", "/usr/bin/freshclam", true),
    ("ssh", "OpenBSD Secure Shell server", "/usr/sbin/sshd", true),
];

/// Writes the system below a folder, which must exist.
pub fn write(root: &Path) -> io::Result<()> {
    file(
        root,
        "/etc/os-release",
        "NAME=\"Debian GNU/Linux\"\nID=debian\nVERSION_ID=\"12\"\nVERSION=\"12 (bookworm)\"\n",
        0o644,
    )?;
    file(root, "/etc/hostname", &format!("{HOSTNAME}\n"), 0o644)?;
    file(root, "/etc/machine-id", "6d0c9f6a7c3b4e59a1f2d3c4b5a69788\n", 0o444)?;
    file(root, "/var/lib/dpkg/arch", "amd64\n", 0o644)?;
    file(root, "/var/lib/dpkg/status", &status(), 0o644)?;
    for (package, files) in FILES {
        let list = files.join("\n");
        file(root, &format!("/var/lib/dpkg/info/{package}.list"), &format!("/.\n{list}\n"), 0o644)?;
        for path in *files {
            let runs = path.contains("/bin/") || path.contains("/sbin/") || path.contains("/libexec/");
            file(root, path, "#!/bin/sh\n", if runs { 0o755 } else { 0o644 })?;
        }
    }
    file(root, "/usr/sbin/sshd", "#!/bin/sh\n", 0o755)?;
    // What the removed agent left behind: its data, and a unit whose executable is gone.
    file(root, "/opt/kaspersky/klnagent64/share/license.txt", "left behind\n", 0o644)?;
    file(root, "/var/opt/kaspersky/klnagent/settings.dat", "left behind\n", 0o644)?;
    for unit in UNITS {
        write_unit(root, unit)?;
    }
    Ok(())
}

/// The dpkg status file.
fn status() -> String {
    let record = |(name, version, maintainer, status): &(&str, &str, &str, &str)| {
        format!(
            "Package: {name}\nStatus: {status}\nPriority: optional\nSection: utils\nInstalled-Size: 1024\n\
             Maintainer: {maintainer}\nArchitecture: amd64\nVersion: {version}\nDescription: {name}\n more words\n\n"
        )
    };
    PACKAGES.iter().map(record).collect::<Vec<_>>().concat()
}

fn write_unit(root: &Path, (name, description, executable, enabled): &(&str, &str, &str, bool)) -> io::Result<()> {
    let text = format!(
        "[Unit]\nDescription={description}\n\n[Service]\nExecStart={executable}\n\n[Install]\nWantedBy=multi-user.target\n"
    );
    let path = format!("/usr/lib/systemd/system/{name}.service");
    file(root, &path, &text, 0o644)?;
    if *enabled {
        let wants = root.join("etc/systemd/system/multi-user.target.wants");
        fs::create_dir_all(&wants)?;
        symlink(&path, wants.join(format!("{name}.service")))?;
    }
    Ok(())
}

fn file(root: &Path, path: &str, text: &str, mode: u32) -> io::Result<()> {
    let place = root.join(path.trim_start_matches('/'));
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&place, text)?;
    fs::set_permissions(&place, fs::Permissions::from_mode(mode))
}
