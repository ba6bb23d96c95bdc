//! What the machine must have before anything can be built: found out cheaply, installed where that is ours to do.
//!
//! Packages are installed by the system's own manager when that needs nobody's password (as root, by `sudo -n`, by
//! Homebrew); otherwise the exact line to type is printed. Cargo itself is taken for granted: it runs this.

mod machine;
mod needs;

use anyhow::bail;

pub(crate) use self::needs::Purpose;
use self::{
    machine::{LiveMachine, Machine},
    needs::{Need, System},
};
use crate::program::Program;

/// How the package manager may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Privilege {
    /// As it is.
    Direct,
    /// Through `sudo`, which asks for no password.
    Sudo,
    /// Not by us: a person has to type the line.
    Nobody,
}

/// Makes sure that this machine has what the purpose needs.
pub(crate) fn ensure(purpose: Purpose) -> anyhow::Result<()> {
    let machine = LiveMachine;
    let system = needs::system(std::env::consts::OS, &machine.os_release());
    let lacking = needs::lacking(system, purpose, &machine);
    if lacking.is_empty() {
        println!("prerequisites: all there");
        return Ok(());
    }
    println!("prerequisites: {} lacking", list(&lacking));
    let packages = needs::packages(system, &lacking);
    let privilege = privilege(system, &machine);
    if !packages.is_empty() && privilege != Privilege::Nobody {
        install(&commands(system, &packages, privilege))?;
    }
    let lacking = needs::lacking(system, purpose, &machine);
    if lacking.is_empty() { Ok(()) } else { bail!("{}", advice(system, &lacking)) }
}

/// Fetches the lists of packages anew, where that is ours to do.
pub(crate) fn refresh_packages() -> anyhow::Result<()> {
    install_packages(&[])
}

/// Installs packages of this system; an error where that takes somebody's password, with the line to type.
pub(crate) fn install_packages(packages: &[&str]) -> anyhow::Result<()> {
    let machine = LiveMachine;
    let system = needs::system(std::env::consts::OS, &machine.os_release());
    let privilege = privilege(system, &machine);
    let commands = commands(system, packages, privilege);
    if privilege == Privilege::Nobody {
        let lines: Vec<_> = commands.iter().map(|command| format!("sudo {command}")).collect();
        bail!("packages can be installed by an administrator alone: {}", lines.join(" && "));
    }
    install(&commands)
}

/// Runs the commands; all but the last one only prepare and may fail (one broken package source of many, say).
fn install(commands: &[Program]) -> anyhow::Result<()> {
    let Some((last, preparing)) = commands.split_last() else { return Ok(()) };
    for program in preparing {
        if let Err(error) = program.must_succeed() {
            println!("note: {error:#}; trying to go on");
        }
    }
    last.must_succeed()
}

/// What a person has to do, with the lines to type.
fn advice(system: System, lacking: &[&Need]) -> String {
    let mut advice = vec![format!("this machine lacks {}. To install:", list(lacking))];
    let packages = needs::packages(system, lacking);
    if !packages.is_empty() {
        let by_hand = match system {
            System::MacOs | System::Windows => Privilege::Direct,
            System::Debian | System::Fedora | System::Arch | System::OtherLinux => Privilege::Sudo,
        };
        let lines = commands(system, &packages, by_hand).into_iter().map(|command| command.to_string());
        advice.extend(lines.map(|line| format!("    {}", line.replace("sudo -n ", "sudo "))));
    }
    let unpackaged = lacking.iter().filter(|need| need.package_names(system).is_empty());
    advice.extend(unpackaged.map(|need| format!("    {}: {}", need.what, need.otherwise)));
    advice.join("\n")
}

fn privilege(system: System, machine: &dyn Machine) -> Privilege {
    match system {
        System::Debian | System::Fedora | System::Arch => {
            if machine.answer(&["id", "-u"]).is_some_and(|id| id.trim() == "0") {
                Privilege::Direct
            } else if machine.answer(&["sudo", "-n", "true"]).is_some() {
                Privilege::Sudo
            } else {
                Privilege::Nobody
            }
        }
        System::MacOs if machine.has_program("brew") => Privilege::Direct,
        // Installers of Windows open dialogs and ask for elevation.
        System::MacOs | System::Windows | System::OtherLinux => Privilege::Nobody,
    }
}

/// The programs that install the packages, in order.
fn commands(system: System, packages: &[&str], privilege: Privilege) -> Vec<Program> {
    let manager = |program: &str, arguments: &[&str]| match privilege {
        Privilege::Direct | Privilege::Nobody => Program::new(program).args(arguments.iter().copied()),
        Privilege::Sudo => Program::new("sudo").args(["-n", program]).args(arguments.iter().copied()),
    };
    match system {
        System::Debian => {
            // `env`, because sudo drops the environment. The timeout waits for another apt instead of failing.
            let apt = ["DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"];
            let install = manager("env", &apt).args(["install", "--yes", "--no-install-recommends"]);
            vec![manager("env", &apt).args(["update"]), install.args(packages.iter().copied())]
        }
        System::Fedora => vec![manager("dnf", &["install", "--assumeyes"]).args(packages.iter().copied())],
        System::Arch => vec![manager("pacman", &["-S", "--needed", "--noconfirm"]).args(packages.iter().copied())],
        System::MacOs => vec![manager("brew", &["install"]).args(packages.iter().copied())],
        System::Windows => packages.iter().map(|package| winget(package)).collect(),
        System::OtherLinux => Vec::new(),
    }
}

fn winget(package: &str) -> Program {
    let program = Program::new("winget").args(["install", "--id", package]);
    if package == needs::BUILD_TOOLS {
        program
            .args(["--override", "--wait --passive --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended"])
    } else {
        program
    }
}

fn list(needs: &[&Need]) -> String {
    needs.iter().map(|need| need.what).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{machine::tests::Paper, *};

    fn lines(system: System, packages: &[&str], privilege: Privilege) -> Vec<String> {
        commands(system, packages, privilege).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_manager_is_called_its_way() {
        for (system, privilege, expected) in [
            (
                System::Debian,
                Privilege::Direct,
                vec![
                    "env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 update",
                    "env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends a b",
                ],
            ),
            (System::Fedora, Privilege::Sudo, vec!["sudo -n dnf install --assumeyes a b"]),
            (System::Arch, Privilege::Direct, vec!["pacman -S --needed --noconfirm a b"]),
            (System::MacOs, Privilege::Direct, vec!["brew install a b"]),
            (System::Windows, Privilege::Nobody, vec!["winget install --id a", "winget install --id b"]),
            (System::OtherLinux, Privilege::Nobody, vec![]),
        ] {
            assert_eq!(lines(system, &["a", "b"], privilege), expected, "{system:?}");
        }
    }

    #[test]
    fn nobody_is_asked_for_a_password() {
        let root = Paper::default().answering("id -u", "0\n");
        let sudoer = Paper::default().answering("id -u", "1000\n").answering("sudo -n true", "");
        let nobody = Paper::default().answering("id -u", "1000\n");
        let homebrew = Paper::default().with_program("brew");
        for (system, machine, expected) in [
            (System::Debian, &root, Privilege::Direct),
            (System::Debian, &sudoer, Privilege::Sudo),
            (System::Fedora, &nobody, Privilege::Nobody),
            (System::MacOs, &homebrew, Privilege::Direct),
            (System::MacOs, &nobody, Privilege::Nobody),
            (System::Windows, &root, Privilege::Nobody),
            (System::OtherLinux, &root, Privilege::Nobody),
        ] {
            assert_eq!(privilege(system, machine), expected, "{system:?} {machine:?}");
        }
    }

    #[test]
    fn advice_has_the_line_to_type_and_what_no_manager_gives() {
        let bare = Paper::default();
        let lacking = needs::lacking(System::Debian, Purpose::Desktop, &bare);
        let advice = advice(System::Debian, &lacking);
        assert!(advice.contains("\n    sudo env DEBIAN_FRONTEND=noninteractive apt-get"), "{advice}");
        assert!(advice.contains(" libwebkit2gtk-4.1-dev "), "{advice}");
        assert!(advice.contains("Node 20 or newer with npm: install it from nodejs.org"), "{advice}");
    }

    #[test]
    fn the_build_tools_come_with_their_workload() {
        let line = lines(System::Windows, &[needs::BUILD_TOOLS], Privilege::Nobody).remove(0);
        assert!(line.contains("--override '--wait --passive --add Microsoft.VisualStudio.Workload.VCTools"), "{line}");
    }
}
