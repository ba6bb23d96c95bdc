//! Operating systems and package managers as other tools call them.

use interdict_model::{ObservationSource, OsFamily};

/// The family of an operating system, from any word for it: `Windows10`, `darwin`, `ubuntu`, `Fedora release 25`.
pub(crate) fn family(written: &str) -> Option<OsFamily> {
    const LINUX: &[&str] = &[
        "linux",
        "ubuntu",
        "debian",
        "fedora",
        "centos",
        "rhel",
        "red hat",
        "redhat",
        "rocky",
        "alma",
        "suse",
        "sles",
        "amzn",
        "arch",
        "alpine",
        "gentoo",
        "mint",
        "manjaro",
        "kali",
        "astra",
        "altlinux",
        "mariner",
        "tumbleweed",
    ];
    let lower = written.to_lowercase();
    if lower.contains("android") || lower.contains("ios") || lower.contains("ipados") || lower.contains("chromeos") {
        return None;
    }
    // The kernel of macOS holds the word for Windows in its name.
    if lower.contains("darwin") || lower.contains("macos") || lower.contains("mac os") || lower.contains("os x") {
        return Some(OsFamily::Macos);
    }
    if lower.contains("win") {
        return Some(OsFamily::Windows);
    }
    LINUX.iter().any(|name| lower.contains(name)).then_some(OsFamily::Linux)
}

/// What a package manager or an inventory's word for where it found a piece of software stands for. Languages' own
/// packages and words unknown here are of another tool.
pub(crate) fn source(written: &str) -> ObservationSource {
    match written.to_ascii_lowercase().as_str() {
        "deb" | "dpkg" | "deb_packages" => ObservationSource::DebPackages,
        "rpm" | "rpm_packages" => ObservationSource::RpmPackages,
        "apk" | "apk_packages" => ObservationSource::ApkPackages,
        "alpm" | "pacman" | "pacman_packages" => ObservationSource::PacmanPackages,
        "flatpak" => ObservationSource::Flatpak,
        "snap" => ObservationSource::Snap,
        "brew" | "homebrew" | "homebrew_packages" => ObservationSource::Homebrew,
        "win" | "registry" | "programs" => ObservationSource::Programs,
        "uwp" | "msix" | "appx" => ObservationSource::Msix,
        "apps" | "applications" => ObservationSource::Apps,
        "pkg_packages" | "package_receipts" => ObservationSource::PkgReceipts,
        "chrome_extensions" | "firefox_addons" | "safari_extensions" | "ie_extensions" => {
            ObservationSource::BrowserExtensions
        }
        _ => ObservationSource::Import,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_known_by_any_of_their_names() {
        let cases = [
            ("Windows10", Some(OsFamily::Windows)),
            ("MSWin32", Some(OsFamily::Windows)),
            ("darwin", Some(OsFamily::Macos)),
            ("Mac OS X", Some(OsFamily::Macos)),
            ("Fedora release 25 (Twenty Five)", Some(OsFamily::Linux)),
            ("Q Android 10.0", None),
            ("ios", None),
            ("FreeBSD", None),
        ];
        for (written, expected) in cases {
            assert_eq!(family(written), expected, "{written}");
        }
    }
}
