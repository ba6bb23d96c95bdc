//! Whether software is really there: live, dormant, residue or ghost, from all its traces together.

use interdict_model::{Observation, ObservationSource, Presence, raw_key};

/// What one observation says about presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Trace {
    /// An executable of it exists.
    pub(crate) executable: bool,
    /// Something starts it, or it runs.
    pub(crate) started: bool,
    /// A registration says it is installed.
    pub(crate) registered: bool,
    /// What it names was looked for and is gone.
    pub(crate) files_gone: bool,
    /// What it names was not looked for, or could not be.
    pub(crate) files_unknown: bool,
    /// Something of it is on the disk besides the registration.
    pub(crate) on_disk: bool,
}

/// What an observation says about presence.
pub(crate) fn trace(observation: &Observation) -> Trace {
    match observation.source {
        ObservationSource::Processes => Trace { executable: true, started: true, on_disk: true, ..Trace::default() },
        ObservationSource::Services
        | ObservationSource::Drivers
        | ObservationSource::Minifilters
        | ObservationSource::Launchd => started_by(observation),
        ObservationSource::SystemExtensions => system_extension(observation),
        ObservationSource::KernelModules => Trace { executable: true, on_disk: true, ..started_by(observation) },
        ObservationSource::Files => {
            let kind = observation.raw(raw_key::KIND);
            let executable = kind == Some("executable") || observation.raw(raw_key::EXECUTABLE_BELOW).is_some();
            let files_gone = kind == Some("folder") && !executable;
            Trace { executable, files_gone, on_disk: true, ..Trace::default() }
        }
        // A browser runs what is enabled in it; a policy's demand alone says nothing of files.
        ObservationSource::BrowserExtensions | ObservationSource::ScheduledTasks => {
            started_when(observation, raw_key::ENABLED, "true")
        }
        // Security Center keeps what was registered long after it is gone: its word counts with the program.
        ObservationSource::Wsc => started_when(observation, raw_key::STATE, "on"),
        // What plugs into a firewall, or a rule of one, starts nothing.
        ObservationSource::WfpProviders => Trace { started: false, ..started_when(observation, raw_key::STATE, "on") },
        ObservationSource::Certificates | ObservationSource::Registry | ObservationSource::ConfigurationProfiles => {
            Trace { on_disk: true, ..Trace::default() }
        }
        ObservationSource::DebPackages
        | ObservationSource::RpmPackages
        | ObservationSource::ApkPackages
        | ObservationSource::PacmanPackages
        | ObservationSource::Flatpak
        | ObservationSource::Snap
        | ObservationSource::Homebrew
        | ObservationSource::Programs
        | ObservationSource::Msix
        | ObservationSource::Apps
        | ObservationSource::PkgReceipts
        | ObservationSource::Import => registration(observation),
    }
}

fn started_by(observation: &Observation) -> Trace {
    let exists = observation.raw(raw_key::EXECUTABLE_EXISTS);
    let files_unknown = exists.is_none() && observation.path.is_some();
    Trace { files_unknown, ..started_when(observation, raw_key::AUTO_START, "true") }
}

/// Started when its executable exists and a field says so.
fn started_when(observation: &Observation, key: &str, value: &str) -> Trace {
    let exists = observation.raw(raw_key::EXECUTABLE_EXISTS);
    let executable = exists == Some("true");
    let started = executable && observation.raw(key) == Some(value);
    Trace { executable, started, files_gone: exists == Some("false"), on_disk: true, ..Trace::default() }
}

/// An extension of macOS. One on its way out is left until the next start, and nothing starts it again.
fn system_extension(observation: &Observation) -> Trace {
    let is_being_removed = observation.raw(raw_key::STATE).is_some_and(|state| {
        let removing = ["terminated", "terminating_for_uninstall", "uninstall"];
        removing.iter().any(|word| state.starts_with(word)) && !state.ends_with("_but_still_running")
    });
    if is_being_removed { Trace { on_disk: true, ..Trace::default() } } else { started_by(observation) }
}

fn registration(observation: &Observation) -> Trace {
    let is_installed = observation.raw(raw_key::STATUS).is_none_or(|status| status.ends_with(" installed"));
    if !is_installed {
        // Removed, with its configuration left behind: a trace, no registration.
        return Trace { on_disk: true, ..Trace::default() };
    }
    if observation.raw(raw_key::EXECUTABLE_EXISTS) == Some("false") {
        // A bundle without its program: the folder is there, what could run is not.
        return Trace { files_gone: true, on_disk: true, ..Trace::default() };
    }
    let number = |key| observation.raw(key).and_then(|text| text.parse::<u64>().ok());
    let executable = observation.raw(raw_key::EXECUTABLE).is_some();
    match (number(raw_key::FILES_LISTED), number(raw_key::FILES_PRESENT)) {
        (Some(listed), Some(0)) if listed > 0 => Trace { registered: true, files_gone: true, ..Trace::default() },
        (Some(_), Some(present)) => Trace { registered: true, executable, on_disk: present > 0, ..Trace::default() },
        _ => Trace { registered: true, executable, files_unknown: !executable, ..Trace::default() },
    }
}

/// What all traces of one product come to.
pub(crate) fn presence(traces: &[Trace]) -> Presence {
    let any = |test: fn(&Trace) -> bool| traces.iter().any(test);
    let executable = any(|trace| trace.executable);
    if executable && any(|trace| trace.started) {
        Presence::Live
    } else if executable {
        Presence::Dormant
    } else if any(|trace| trace.files_unknown) && !any(|trace| trace.files_gone) {
        // What was not looked for is taken at its word.
        Presence::Dormant
    } else if any(|trace| trace.registered) && !any(|trace| trace.on_disk) {
        Presence::Ghost
    } else {
        Presence::Residue
    }
}

/// What an observation says about presence, in words for people, and a warning where a signature is not to be believed.
#[must_use]
pub fn says(observation: &Observation) -> String {
    let said = says_of_presence(observation);
    match observation.raw(raw_key::SIGNATURE) {
        Some("embedded, digest differs") => format!("{said}; its signature does not fit the file"),
        Some("embedded, not trusted by Windows") => format!("{said}; Windows does not trust its signature"),
        Some(_) | None => said,
    }
}

fn says_of_presence(observation: &Observation) -> String {
    let raw = |key| observation.raw(key);
    match observation.source {
        ObservationSource::Processes => "running".to_owned(),
        ObservationSource::Services
        | ObservationSource::Drivers
        | ObservationSource::Minifilters
        | ObservationSource::Launchd
        | ObservationSource::SystemExtensions
        | ObservationSource::KernelModules => {
            let starts = if raw(raw_key::AUTO_START) == Some("true") {
                "started by the system"
            } else {
                "not started by the system"
            };
            let state = match (observation.source, raw(raw_key::STATE)) {
                (ObservationSource::SystemExtensions, Some(state)) => format!("{}, ", state.replace('_', " ")),
                _ => String::new(),
            };
            match raw(raw_key::EXECUTABLE_EXISTS) {
                Some("true") => format!("{state}{starts}, executable exists"),
                Some(_) => format!("{state}{starts}, executable is gone"),
                None => format!("{state}{starts}"),
            }
        }
        ObservationSource::Wsc | ObservationSource::ScheduledTasks => {
            let what = match raw(raw_key::STATE) {
                Some(state) => format!("registered as {state}"),
                None if raw(raw_key::ENABLED) == Some("false") => "registered, disabled".to_owned(),
                None => "registered".to_owned(),
            };
            match raw(raw_key::EXECUTABLE_EXISTS) {
                Some("true") => format!("{what}, executable exists"),
                Some(_) => format!("{what}, executable is gone"),
                None => what,
            }
        }
        ObservationSource::ConfigurationProfiles => match raw(raw_key::KIND) {
            Some("profile") | None => "configuration profile".to_owned(),
            Some("consent-to-kernel-extension") => "may be loaded into the kernel".to_owned(),
            Some("refusal-of-kernel-extension") => "was refused to be loaded into the kernel".to_owned(),
            Some(rule) => format!("configured by management ({})", rule.replace('-', " ")),
        },
        ObservationSource::Files => match (raw(raw_key::KIND), raw(raw_key::EXECUTABLE_BELOW)) {
            (_, Some(path)) => format!("exists, with the executable {path}"),
            (Some("folder"), None) => "folder exists, no executable found in it".to_owned(),
            _ => "exists".to_owned(),
        },
        ObservationSource::BrowserExtensions => browser_extension_says(observation),
        _ if observation.source.is_registration() => registration_says(observation),
        _ => "registered".to_owned(),
    }
}

fn browser_extension_says(observation: &Observation) -> String {
    let raw = |key| observation.raw(key);
    let what = match (raw(raw_key::KIND), raw(raw_key::ENABLED)) {
        (Some("policy"), _) => return "demanded by a policy".to_owned(),
        (Some("native-messaging-host"), _) => "program that browser extensions may start",
        (_, Some("true")) => "enabled in the browser",
        (_, Some(_)) => "disabled in the browser",
        (_, None) => "registered with the browser",
    };
    if raw(raw_key::EXECUTABLE_EXISTS) == Some("false") { format!("{what}, files are gone") } else { what.to_owned() }
}

fn registration_says(observation: &Observation) -> String {
    if let Some(status) = observation.raw(raw_key::STATUS).filter(|status| !status.ends_with(" installed")) {
        return format!("not installed any more ({status})");
    }
    match (observation.raw(raw_key::EXECUTABLE_EXISTS), observation.raw(raw_key::EXECUTABLE)) {
        (Some("false"), _) => return "its folder exists, its executable is gone".to_owned(),
        (_, Some(_)) if observation.source == ObservationSource::Apps => return "executable exists".to_owned(),
        _ => {}
    }
    match (observation.raw(raw_key::FILES_LISTED), observation.raw(raw_key::FILES_PRESENT)) {
        (Some("0"), Some("0")) => "registered, and no list of its files is there".to_owned(),
        (Some(listed), Some("0")) => format!("registered, none of its {listed} files exists"),
        (Some(listed), Some(present)) => format!("registered, {present} of {listed} files exist"),
        _ => "registered; its files were not looked at".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observation(source: ObservationSource, raw: &[(&str, &str)]) -> Observation {
        let mut observation = Observation::new(source);
        observation.raw = raw.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        observation
    }

    #[test]
    fn a_signature_that_does_not_fit_is_said() {
        let mut observation = Observation::new(ObservationSource::Files);
        for (how, expected) in [
            ("embedded, digest matches", "exists"),
            ("embedded, digest differs", "exists; its signature does not fit the file"),
            ("embedded, not trusted by Windows", "exists; Windows does not trust its signature"),
        ] {
            observation.raw.insert(raw_key::SIGNATURE.to_owned(), how.to_owned());
            assert_eq!(says(&observation), expected);
        }
    }

    #[test]
    fn presence_is_worked_out_from_all_traces_together() {
        use ObservationSource::{
            BrowserExtensions, DebPackages, Files, Import, Processes, Programs, Registry, ScheduledTasks, Services, Wsc,
        };
        let package = |listed, present| {
            observation(
                DebPackages,
                &[("files_listed", listed), ("files_present", present), ("executable", "/opt/x/bin/x")],
            )
        };
        let without_files = || observation(DebPackages, &[("files_listed", "5"), ("files_present", "0")]);
        let without_list = || observation(DebPackages, &[("files_listed", "0"), ("files_present", "0")]);
        let unit = |starts, exists| observation(Services, &[("auto_start", starts), ("executable_exists", exists)]);
        let extension =
            |enabled, exists| observation(BrowserExtensions, &[("enabled", enabled), ("executable_exists", exists)]);
        let folder = || observation(Files, &[("kind", "folder")]);
        let folder_with_executable = || observation(Files, &[("kind", "folder"), ("executable_below", "/opt/x/bin/x")]);
        let center = |state, exists| observation(Wsc, &[("state", state), ("executable_exists", exists)]);
        let task =
            |enabled, exists| observation(ScheduledTasks, &[("enabled", enabled), ("executable_exists", exists)]);
        let program = || observation(Programs, &[]);
        // As hives alone give it: the key is there, whether its program is cannot be known.
        let unseen =
            || Observation { path: Some(r"C:\X\x.exe".to_owned()), ..observation(Services, &[("auto_start", "true")]) };
        let deinstalled = || observation(DebPackages, &[("status", "deinstall ok config-files")]);
        let rows = [
            ("package, enabled unit", vec![package("5", "5"), unit("true", "true")], Presence::Live),
            ("running process alone", vec![observation(Processes, &[])], Presence::Live),
            ("no package, enabled unit with executable", vec![unit("true", "true")], Presence::Live),
            ("package, disabled unit", vec![package("5", "5"), unit("false", "true")], Presence::Dormant),
            ("package alone", vec![package("5", "4")], Presence::Dormant),
            ("folder with executable", vec![folder_with_executable()], Presence::Dormant),
            ("unit without executable, folder", vec![unit("true", "false"), folder()], Presence::Residue),
            ("folder alone", vec![folder()], Presence::Residue),
            ("configuration left", vec![deinstalled()], Presence::Residue),
            ("Security Center alone", vec![observation(Wsc, &[])], Presence::Residue),
            ("Security Center, program gone", vec![center("on", "false")], Presence::Residue),
            ("Security Center, program there and on", vec![center("on", "true")], Presence::Live),
            ("Security Center, program there and off", vec![center("off", "true")], Presence::Dormant),
            ("task whose program is gone", vec![task("true", "false")], Presence::Residue),
            ("task that starts a program", vec![task("true", "true")], Presence::Live),
            ("disabled task", vec![task("false", "true")], Presence::Dormant),
            ("program that names no file", vec![program()], Presence::Dormant),
            (
                "program that names no file, vendor's key",
                vec![program(), observation(Registry, &[])],
                Presence::Dormant,
            ),
            ("program that names no file, service gone", vec![program(), unit("true", "false")], Presence::Residue),
            ("service that could not be looked for", vec![unseen()], Presence::Dormant),
            ("program without files, service unknown", vec![without_files(), unseen()], Presence::Residue),
            ("package without files", vec![without_files()], Presence::Ghost),
            ("package whose list of files is missing", vec![without_list()], Presence::Ghost),
            ("package whose files were not looked at", vec![observation(DebPackages, &[])], Presence::Dormant),
            ("package without files, folder left", vec![without_files(), folder()], Presence::Residue),
            ("enabled extension", vec![extension("true", "true")], Presence::Live),
            ("disabled extension", vec![extension("false", "true")], Presence::Dormant),
            ("extension without files", vec![extension("true", "false")], Presence::Residue),
            ("policy alone", vec![observation(BrowserExtensions, &[("kind", "policy")])], Presence::Residue),
            ("a row of another tool", vec![observation(Import, &[])], Presence::Dormant),
        ];
        for (what, observations, expected) in rows {
            let traces: Vec<Trace> = observations.iter().map(trace).collect();
            assert_eq!(presence(&traces), expected, "{what}");
        }
    }

    #[test]
    fn traces_of_macos_say_what_their_state_says() {
        use ObservationSource::{Apps, ConfigurationProfiles, PkgReceipts, SystemExtensions};
        let of_macos = |state, starts, exists| {
            observation(SystemExtensions, &[("state", state), ("auto_start", starts), ("executable_exists", exists)])
        };
        let gone = observation(PkgReceipts, &[("files_listed", "3"), ("files_present", "0")]);
        let rows = [
            ("application with its program", vec![observation(Apps, &[("executable", "/a")])], Presence::Dormant),
            (
                "application without its program",
                vec![observation(Apps, &[("executable_exists", "false")])],
                Presence::Residue,
            ),
            (
                "application in the trash",
                vec![observation(Apps, &[("status", "in the trash"), ("executable", "/a")])],
                Presence::Residue,
            ),
            ("active extension", vec![of_macos("activated_enabled", "true", "true")], Presence::Live),
            (
                "active extension without its copy",
                vec![of_macos("activated_enabled", "true", "false")],
                Presence::Residue,
            ),
            (
                "extension that waits for the person",
                vec![of_macos("activated_waiting_for_user", "false", "true")],
                Presence::Dormant,
            ),
            (
                "extension on its way out",
                vec![of_macos("terminated_waiting_to_uninstall_on_reboot", "false", "true")],
                Presence::Residue,
            ),
            (
                "extension on its way out and running",
                vec![of_macos("terminating_for_uninstall_but_still_running", "true", "true")],
                Presence::Live,
            ),
            (
                "rule of a profile",
                vec![observation(ConfigurationProfiles, &[("kind", "allows-system-extension")])],
                Presence::Residue,
            ),
            (
                "receipt without files, application in the trash",
                vec![gone, observation(Apps, &[("status", "in the trash"), ("executable", "/a")])],
                Presence::Residue,
            ),
        ];
        for (what, observations, expected) in rows {
            let traces: Vec<Trace> = observations.iter().map(trace).collect();
            assert_eq!(presence(&traces), expected, "{what}");
        }
    }
}
