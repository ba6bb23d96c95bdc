//! The list of what is needed, by system: how to tell that it is there, and the packages that bring it.

use self::{
    Purpose::{CommandLine, Desktop, Tests},
    System::{Arch, Debian, Fedora, MacOs, Windows},
};
use super::machine::Machine;

/// What is to be done; each later one needs what the earlier ones need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// Build and run the command line.
    CommandLine,
    /// Build and open the desktop app.
    Desktop,
    /// Run every test, in the real window too.
    Tests,
}

/// A system whose packages we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum System {
    /// Debian, Ubuntu and what derives from them.
    Debian,
    /// Fedora and what derives from it.
    Fedora,
    /// Arch and what derives from it.
    Arch,
    /// A Linux whose package names we do not know.
    OtherLinux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

/// One thing that is needed.
#[derive(Debug)]
pub(super) struct Need {
    /// In a person's words.
    pub(super) what: &'static str,
    /// The first purpose that needs it.
    from: Purpose,
    probe: Probe,
    packages: &'static [(System, &'static [&'static str])],
    /// What to do where no package brings it.
    pub(super) otherwise: &'static str,
}

/// How to tell that something is there.
#[derive(Debug)]
enum Probe {
    /// Any one of these programs is in `PATH`.
    Program(&'static [&'static str]),
    /// pkg-config knows the library.
    Library(&'static str),
    /// The file exists.
    File(&'static str),
    /// The program ends well and says something.
    Answer(&'static [&'static str]),
    /// Node of at least this version, and npm.
    Node(u32),
}

/// The winget id of the Visual Studio Build Tools.
pub(super) const BUILD_TOOLS: &str = "Microsoft.VisualStudio.2022.BuildTools";

const NODE: Need = Need {
    what: "Node 20 or newer with npm",
    from: Desktop,
    probe: Probe::Node(20),
    // Not on Debian: the Node of Debian 12 and Ubuntu 24.04 is older than 20.
    packages: &[
        (Fedora, &["nodejs", "npm"]),
        (Arch, &["nodejs", "npm"]),
        (MacOs, &["node"]),
        (Windows, &["OpenJS.NodeJS.LTS"]),
    ],
    otherwise: "install it from nodejs.org",
};

const LINUX: &[Need] = &[
    Need {
        what: "a C compiler",
        from: CommandLine,
        probe: Probe::Program(&["cc", "gcc", "clang"]),
        packages: &[(Debian, &["build-essential"]), (Fedora, &["gcc", "gcc-c++", "make"]), (Arch, &["base-devel"])],
        otherwise: "install gcc or clang",
    },
    Need {
        what: "pkg-config",
        from: Desktop,
        probe: Probe::Program(&["pkg-config"]),
        packages: &[(Debian, &["pkg-config"]), (Fedora, &["pkgconf-pkg-config"]), (Arch, &["pkgconf"])],
        otherwise: "install pkg-config or pkgconf",
    },
    Need {
        what: "the web view (WebKitGTK 4.1)",
        from: Desktop,
        probe: Probe::Library("webkit2gtk-4.1"),
        packages: &[
            (Debian, &["libwebkit2gtk-4.1-dev", "at-spi2-core", "libgl1-mesa-dri"]),
            (Fedora, &["webkit2gtk4.1-devel", "at-spi2-core", "mesa-dri-drivers"]),
            (Arch, &["webkit2gtk-4.1", "at-spi2-core", "mesa"]),
        ],
        otherwise: "install the development files of webkit2gtk-4.1",
    },
    Need {
        what: "libxdo",
        from: Desktop,
        probe: Probe::File("/usr/include/xdo.h"),
        packages: &[(Debian, &["libxdo-dev"]), (Fedora, &["libxdo-devel"]), (Arch, &["xdotool"])],
        otherwise: "install the development files of libxdo (xdotool)",
    },
    Need {
        what: "Ayatana app indicators",
        from: Desktop,
        probe: Probe::Library("ayatana-appindicator3-0.1"),
        packages: &[
            (Debian, &["libayatana-appindicator3-dev"]),
            (Fedora, &["libayatana-appindicator-gtk3-devel"]),
            (Arch, &["libayatana-appindicator"]),
        ],
        otherwise: "install the development files of ayatana-appindicator3",
    },
    Need {
        what: "librsvg",
        from: Desktop,
        probe: Probe::Library("librsvg-2.0"),
        packages: &[(Debian, &["librsvg2-dev"]), (Fedora, &["librsvg2-devel"]), (Arch, &["librsvg"])],
        otherwise: "install the development files of librsvg 2",
    },
    Need {
        what: "OpenSSL",
        from: Desktop,
        probe: Probe::Library("openssl"),
        packages: &[(Debian, &["libssl-dev"]), (Fedora, &["openssl-devel"]), (Arch, &["openssl"])],
        otherwise: "install the development files of OpenSSL",
    },
    NODE,
    Need {
        what: "a virtual display (Xvfb)",
        from: Tests,
        probe: Probe::Program(&["Xvfb"]),
        packages: &[
            (Debian, &["xvfb", "xauth"]),
            (Fedora, &["xorg-x11-server-Xvfb", "xorg-x11-xauth"]),
            (Arch, &["xorg-server-xvfb", "xorg-xauth"]),
        ],
        otherwise: "install Xvfb and xauth",
    },
    Need {
        what: "xvfb-run",
        from: Tests,
        probe: Probe::Program(&["xvfb-run"]),
        // Files, where it is not certain which package holds them: dnf takes a path as well.
        packages: &[(Debian, &["xvfb"]), (Fedora, &["/usr/bin/xvfb-run"]), (Arch, &["xorg-server-xvfb"])],
        otherwise: "install xvfb-run",
    },
    Need {
        what: "the web view's driver (WebKitWebDriver)",
        from: Tests,
        probe: Probe::Program(&["WebKitWebDriver"]),
        packages: &[
            (Debian, &["webkit2gtk-driver"]),
            (Fedora, &["/usr/bin/WebKitWebDriver"]),
            (Arch, &["webkitgtk-6.0"]),
        ],
        otherwise: "install the WebDriver of WebKitGTK",
    },
    Need {
        what: "a session bus (dbus-run-session)",
        from: Tests,
        probe: Probe::Program(&["dbus-run-session"]),
        packages: &[(Debian, &["dbus"]), (Fedora, &["dbus-daemon"]), (Arch, &["dbus"])],
        otherwise: "install D-Bus",
    },
    Need {
        what: "an SSH server",
        from: Tests,
        probe: Probe::File("/usr/sbin/sshd"),
        packages: &[
            (Debian, &["openssh-server", "openssh-client"]),
            (Fedora, &["openssh-server", "openssh-clients"]),
            (Arch, &["openssh"]),
        ],
        otherwise: "install the OpenSSH server and client",
    },
    Need {
        what: "busybox",
        from: Tests,
        probe: Probe::Program(&["busybox"]),
        // The one that needs no libraries: it is tried where there are none.
        packages: &[(Debian, &["busybox-static"]), (Fedora, &["busybox"]), (Arch, &["busybox"])],
        otherwise: "install a static busybox",
    },
    Need {
        what: "a Latin font",
        from: Tests,
        probe: Probe::Answer(&["fc-list", ":lang=en", "family"]),
        packages: &[(Debian, &["fonts-dejavu-core"]), (Fedora, &["dejavu-sans-fonts"]), (Arch, &["ttf-dejavu"])],
        otherwise: "install the DejaVu fonts",
    },
    Need {
        what: "a Chinese font",
        from: Tests,
        probe: Probe::Answer(&["fc-list", ":lang=zh", "family"]),
        packages: &[
            (Debian, &["fonts-noto-cjk"]),
            (Fedora, &["google-noto-sans-cjk-vf-fonts"]),
            (Arch, &["noto-fonts-cjk"]),
        ],
        otherwise: "install the Noto CJK fonts",
    },
];

const MACOS: &[Need] = &[
    Need {
        what: "the Xcode command line tools",
        from: CommandLine,
        probe: Probe::Answer(&["xcode-select", "-p"]),
        packages: &[],
        otherwise: "run `xcode-select --install`",
    },
    NODE,
];

const WINDOWS: &[Need] = &[
    Need {
        what: "the C++ build tools",
        from: CommandLine,
        probe: Probe::Answer(&[
            r"C:\Program Files (x86)\Microsoft Visual Studio\Installer\vswhere.exe",
            "-products",
            "*",
            "-requires",
            "Microsoft.VisualStudio.Component.VC.Tools.x86.x64",
            "-property",
            "installationPath",
        ]),
        packages: &[(Windows, &[BUILD_TOOLS])],
        otherwise: "install the Visual Studio Build Tools with the C++ workload",
    },
    Need {
        what: "the WebView2 runtime",
        from: Desktop,
        // The runtime's client id; Microsoft documents this key for telling whether it is installed.
        probe: Probe::Answer(&[
            "reg",
            "query",
            r"HKLM\SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}",
            "/v",
            "pv",
        ]),
        packages: &[(Windows, &["Microsoft.EdgeWebView2Runtime"])],
        otherwise: "install the WebView2 runtime",
    },
    NODE,
];

/// The system, by what the compiler calls it and by the text of `/etc/os-release`.
pub(super) fn system(os: &str, os_release: &str) -> System {
    match os {
        "macos" => return MacOs,
        "windows" => return Windows,
        _ => {}
    }
    let value = |key: &str| {
        let line = os_release.lines().find_map(|line| line.trim().strip_prefix(key)?.strip_prefix('='));
        line.unwrap_or_default().trim_matches(['"', '\'']).to_ascii_lowercase()
    };
    let ids = format!("{} {}", value("ID"), value("ID_LIKE"));
    // The own name comes first, then what it is like, nearest first.
    ids.split_whitespace()
        .find_map(|id| match id {
            "debian" | "ubuntu" => Some(Debian),
            "fedora" => Some(Fedora),
            "arch" => Some(Arch),
            _ => None,
        })
        .unwrap_or(System::OtherLinux)
}

/// What is needed for the purpose and not there.
pub(super) fn lacking(system: System, purpose: Purpose, machine: &dyn Machine) -> Vec<&'static Need> {
    let needs = match system {
        Debian | Fedora | Arch | System::OtherLinux => LINUX,
        MacOs => MACOS,
        Windows => WINDOWS,
    };
    needs.iter().filter(|need| need.from <= purpose && !need.probe.finds(machine)).collect()
}

/// The packages that bring what is lacking, each once, in the order of the needs.
pub(super) fn packages(system: System, lacking: &[&Need]) -> Vec<&'static str> {
    let mut packages: Vec<&str> = Vec::new();
    for package in lacking.iter().flat_map(|need| need.package_names(system)) {
        if !packages.contains(package) {
            packages.push(package);
        }
    }
    packages
}

impl Need {
    /// The packages that bring it on a system; none where it has to be installed by hand.
    pub(super) fn package_names(&self, system: System) -> &'static [&'static str] {
        self.packages.iter().find(|(of, _)| *of == system).map_or(&[], |(_, names)| names)
    }
}

impl Probe {
    fn finds(&self, machine: &dyn Machine) -> bool {
        match self {
            Self::Program(names) => names.iter().any(|name| machine.has_program(name)),
            Self::Library(name) => machine.answer(&["pkg-config", "--exists", name]).is_some(),
            Self::File(path) => machine.has_file(path),
            Self::Answer(line) => machine.answer(line).is_some_and(|answer| !answer.trim().is_empty()),
            Self::Node(least) => {
                let npm = machine.has_program("npm");
                npm && machine
                    .answer(&["node", "--version"])
                    .and_then(|v| major_version(&v))
                    .is_some_and(|v| v >= *least)
            }
        }
    }
}

/// The first number of `v20.20.2`.
fn major_version(version: &str) -> Option<u32> {
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{super::machine::tests::Paper, *};

    #[test]
    fn systems_are_told_by_their_release_file() {
        for (os, release, expected) in [
            ("linux", "PRETTY_NAME=\"Debian\"\nID=debian\n", Debian),
            ("linux", "ID=ubuntu\nID_LIKE=debian\n", Debian),
            ("linux", "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", Debian),
            ("linux", "ID=\"fedora\"\n", Fedora),
            ("linux", "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", Fedora),
            ("linux", "ID=manjaro\nID_LIKE=arch\n", Arch),
            ("linux", "ID=nixos\n", System::OtherLinux),
            ("linux", "VERSION_ID=debian\n", System::OtherLinux),
            ("linux", "", System::OtherLinux),
            ("macos", "", MacOs),
            ("windows", "", Windows),
        ] {
            assert_eq!(system(os, release), expected, "{release:?}");
        }
    }

    /// Everything the tests need on Linux.
    fn complete() -> Paper {
        ["cc", "pkg-config", "npm", "Xvfb", "xvfb-run", "WebKitWebDriver", "dbus-run-session", "busybox"]
            .into_iter()
            .fold(Paper::default(), Paper::with_program)
            .with_file("/usr/include/xdo.h")
            .with_file("/usr/sbin/sshd")
            .answering("pkg-config --exists webkit2gtk-4.1", "")
            .answering("pkg-config --exists ayatana-appindicator3-0.1", "")
            .answering("pkg-config --exists librsvg-2.0", "")
            .answering("pkg-config --exists openssl", "")
            .answering("fc-list :lang=en family", "DejaVu Sans\n")
            .answering("fc-list :lang=zh family", "Noto Sans CJK SC\n")
    }

    #[test]
    fn a_complete_machine_lacks_nothing() {
        let machine = complete().answering("node --version", "v20.20.2\n");
        for purpose in [CommandLine, Desktop, Tests] {
            assert!(lacking(Debian, purpose, &machine).is_empty(), "{purpose:?}");
        }
    }

    #[test]
    fn an_old_node_is_lacking_and_debian_has_no_package_for_it() {
        let machine = complete().answering("node --version", "v18.19.0\n");
        let lacking = lacking(Debian, Tests, &machine);
        assert_eq!(lacking.iter().map(|need| need.what).collect::<Vec<_>>(), [NODE.what]);
        assert!(packages(Debian, &lacking).is_empty());
        assert_eq!(packages(Fedora, &lacking), ["nodejs", "npm"]);
    }

    #[test]
    fn packages_of_a_bare_machine() {
        const DESKTOP: [&str; 9] = [
            "build-essential",
            "pkg-config",
            "libwebkit2gtk-4.1-dev",
            "at-spi2-core",
            "libgl1-mesa-dri",
            "libxdo-dev",
            "libayatana-appindicator3-dev",
            "librsvg2-dev",
            "libssl-dev",
        ];
        const MORE_FOR_TESTS: [&str; 9] = [
            "xvfb",
            "xauth",
            "webkit2gtk-driver",
            "dbus",
            "openssh-server",
            "openssh-client",
            "busybox-static",
            "fonts-dejavu-core",
            "fonts-noto-cjk",
        ];
        let bare = Paper::default();
        let on = |system, purpose| packages(system, &lacking(system, purpose, &bare));
        assert_eq!(on(Debian, CommandLine), ["build-essential"]);
        assert_eq!(on(Debian, Desktop), DESKTOP);
        assert_eq!(on(Debian, Tests), [DESKTOP.as_slice(), &MORE_FOR_TESTS].concat());
        assert_eq!(on(Fedora, CommandLine), ["gcc", "gcc-c++", "make"]);
        assert_eq!(on(MacOs, Tests), ["node"]);
        assert_eq!(on(Windows, Desktop), [BUILD_TOOLS, "Microsoft.EdgeWebView2Runtime", "OpenJS.NodeJS.LTS"]);
        assert!(on(System::OtherLinux, Tests).is_empty());
    }

    #[test]
    fn every_need_of_linux_has_its_packages_or_says_what_to_do() {
        for need in LINUX.iter().chain(MACOS).chain(WINDOWS) {
            assert!(!need.otherwise.is_empty(), "{}", need.what);
        }
        for need in LINUX.iter().filter(|need| need.what != NODE.what) {
            for system in [Debian, Fedora, Arch] {
                assert!(!need.package_names(system).is_empty(), "{} on {system:?}", need.what);
            }
        }
    }

    #[test]
    fn an_answer_that_says_nothing_is_no_answer() {
        let machine = Paper::default().answering("xcode-select -p", "\n");
        assert_eq!(lacking(MacOs, CommandLine, &machine).len(), 1);
    }

    #[test]
    fn versions_are_read() {
        for (version, expected) in [("v20.20.2\n", Some(20)), ("22.1.0", Some(22)), ("", None), ("vx", None)] {
            assert_eq!(major_version(version), expected, "{version:?}");
        }
    }
}
