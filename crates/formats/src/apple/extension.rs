//! System extensions and kernel extensions: what the system's database of them says, and what its tools print.
//!
//! The database is `/Library/SystemExtensions/db.plist`; Apple documents neither it nor the words it uses for states, so
//! both are taken as they are found on machines, and a word that is not known is handed on as it is.

use interdict_model::Diagnostic;

use crate::apple::{is_team_identifier, path_of_address};
use crate::notes::lines;
use crate::property_list::{Value, read_dictionary};

/// How many extensions one database may list.
const MOST_EXTENSIONS: usize = 10_000;

/// A system extension.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SystemExtension {
    /// Its bundle identifier.
    pub identifier: Option<String>,
    /// Its developer's team.
    pub team: Option<String>,
    /// Its version as people see it, else the one of the build.
    pub version: Option<String>,
    /// Its state in the system's word, such as `activated_enabled`.
    pub state: Option<String>,
    /// What it is for, such as `com.apple.system_extension.endpoint_security`.
    pub categories: Vec<String>,
    /// The copy that the system runs, below `/Library/SystemExtensions`.
    pub staged: Option<String>,
    /// Where it was activated from, within the application.
    pub origin: Option<String>,
    /// The application it belongs to.
    pub container: Option<String>,
    /// The name of the folder below `/Library/SystemExtensions` that holds its copy.
    pub unique: Option<String>,
    /// Its name for people, where known.
    pub display_name: Option<String>,
}

/// What a rule of a management system lets run without asking.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AllowedExtension {
    /// The developer's team.
    pub team: String,
    /// The extension; all of the team when absent.
    pub identifier: Option<String>,
}

/// What the database of system extensions holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SystemExtensions {
    /// The extensions, those that are being removed among them.
    pub extensions: Vec<SystemExtension>,
    /// What management allows.
    pub allowed: Vec<AllowedExtension>,
}

/// Reads `/Library/SystemExtensions/db.plist`.
#[must_use]
pub fn parse_system_extensions(bytes: &[u8], file_name: &str) -> (SystemExtensions, Vec<Diagnostic>) {
    let (value, diagnostics) = read_dictionary(bytes, file_name);
    let extensions = value.get("extensions").map(Value::list).unwrap_or_default();
    let policies = value.get("extensionPolicies").map(Value::list).unwrap_or_default();
    let found = SystemExtensions {
        extensions: extensions.iter().take(MOST_EXTENSIONS).map(extension).collect(),
        allowed: policies.iter().flat_map(allowed).take(MOST_EXTENSIONS).collect(),
    };
    (found, diagnostics)
}

fn extension(entry: &Value) -> SystemExtension {
    let within = |outer: &str, inner: &str| entry.get(outer).and_then(|value| value.text_of(inner));
    let version = |key: &str| within("bundleVersion", key);
    SystemExtension {
        identifier: entry.text_of("identifier"),
        team: entry.text_of("teamID"),
        version: version("CFBundleShortVersionString").or_else(|| version("CFBundleVersion")),
        state: entry.text_of("state"),
        categories: entry.texts_of("categories"),
        staged: within("stagedBundleURL", "relative").as_deref().and_then(path_of_address),
        origin: entry.text_of("originPath"),
        container: within("container", "bundlePath"),
        unique: entry.text_of("uniqueID"),
        display_name: None,
    }
}

fn allowed(policy: &Value) -> Vec<AllowedExtension> {
    let whole = policy.texts_of("allowedTeamIDs").into_iter().map(|team| AllowedExtension { team, identifier: None });
    let entries = policy.get("allowedExtensions").and_then(Value::dictionary).into_iter().flatten();
    let single = entries.flat_map(|(team, identifiers)| {
        let of_team = |identifier: String| AllowedExtension { team: team.clone(), identifier: Some(identifier) };
        identifiers.list().iter().filter_map(Value::text).map(of_team)
    });
    whole.chain(single).collect()
}

/// Reads what `systemextensionsctl list` prints: below a line for each category, one for each extension with fields
/// between tabs. The heading and lines of any other form are left out.
#[must_use]
pub fn parse_extension_list(bytes: &[u8]) -> Vec<SystemExtension> {
    let mut category = None;
    let mut extensions = Vec::new();
    for line in lines(bytes).take(MOST_EXTENSIONS) {
        let line = String::from_utf8_lossy(line);
        if let Some(rest) = line.strip_prefix("--- ") {
            category = rest.split_whitespace().next().map(str::to_owned);
            continue;
        }
        let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
        let [_, _, team, bundle, name, state, ..] = fields.as_slice() else { continue };
        let Some(state) = state.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else { continue };
        if *team == "teamID" {
            continue;
        }
        let (identifier, version) = bundle.split_once(" (").unwrap_or((bundle, ""));
        let version = version.trim_end_matches(')').split('/').next().unwrap_or_default();
        extensions.push(SystemExtension {
            identifier: filled(identifier),
            team: filled(team).filter(|team| is_team_identifier(team)),
            version: filled(version),
            // The tool prints the database's words with spaces.
            state: filled(&state.replace(' ', "_")),
            categories: category.clone().into_iter().collect(),
            display_name: filled(name),
            ..SystemExtension::default()
        });
    }
    extensions
}

fn filled(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// Whether a system extension in this state is run by the system; nothing for a state that is not known.
#[must_use]
pub fn is_active(state: &str) -> Option<bool> {
    match state {
        // The old copy runs on until the new one can take over.
        "activated_enabled"
        | "activated_enabling"
        | "activated_waiting_to_upgrade"
        | "activated_waiting_to_upgrade_on_reboot"
        | "terminating_for_upgrade_via_delegate" => Some(true),
        "activated_disabled" | "activated_waiting_for_user" => Some(false),
        _ if state.ends_with("_but_still_running") => Some(true),
        _ if is_being_removed(state) || state.starts_with("terminating_for_disable") => Some(false),
        _ => None,
    }
}

/// Whether a system extension in this state is on its way out, or gone but for the next start.
#[must_use]
pub fn is_being_removed(state: &str) -> bool {
    state.starts_with("terminated") || state.starts_with("terminating_for_uninstall") || state.starts_with("uninstall")
}

/// A kernel extension that is loaded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoadedKernelExtension {
    /// Its bundle identifier.
    pub identifier: String,
    /// Its version.
    pub version: Option<String>,
}

/// Reads what `kmutil showloaded --list-only` or `kextstat -l` prints: the name and, behind it in parentheses, the
/// version stand behind five numbers.
pub fn parse_loaded_kernel_extensions(bytes: &[u8]) -> impl Iterator<Item = LoadedKernelExtension> {
    let loaded = |line: &[u8]| {
        let line = String::from_utf8_lossy(line);
        let mut words = line.split_whitespace();
        let mut numbers = words.by_ref().take(5);
        if numbers.by_ref().any(|word| !word.starts_with("0x") && word.parse::<u64>().is_err()) {
            return None;
        }
        let identifier = words.next().filter(|word| word.contains('.'))?.to_owned();
        let version = words.next().and_then(|word| word.strip_prefix('(')?.strip_suffix(')')).map(str::to_owned);
        Some(LoadedKernelExtension { identifier, version })
    };
    lines(bytes).filter_map(loaded).take(MOST_EXTENSIONS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::property_list::tests::{binary, xml};

    #[test]
    fn the_database_names_extensions_and_what_is_allowed() {
        let text = xml("<dict><key>extensions</key><array><dict>\
            <key>identifier</key><string>com.example.agent.sysext</string><key>teamID</key><string>AAAAAAAAAA</string>\
            <key>state</key><string>activated_enabled</string>\
            <key>bundleVersion</key><dict><key>CFBundleShortVersionString</key><string>1.2</string></dict>\
            <key>categories</key><array><string>com.apple.system_extension.endpoint_security</string></array>\
            <key>stagedBundleURL</key><dict><key>relative</key><string>file:///Library/SystemExtensions/U/x.systemextension/</string></dict>\
            <key>originPath</key><string>/Applications/A.app/Contents/Library/SystemExtensions/x.systemextension</string>\
            <key>container</key><dict><key>bundlePath</key><string>/Applications/A.app</string></dict></dict>\
            <string>odd</string></array>\
            <key>extensionPolicies</key><array><dict><key>allowedTeamIDs</key><array><string>BBBBBBBBBB</string></array>\
            <key>allowedExtensions</key><dict><key>AAAAAAAAAA</key><array><string>com.example.agent.sysext</string></array>\
            </dict></dict></array></dict>");
        let (found, diagnostics) = parse_system_extensions(&binary(&text), "f");
        assert_eq!((found.extensions.len(), diagnostics.len()), (2, 0));
        let one = &found.extensions[0];
        assert_eq!(one.version.as_deref(), Some("1.2"));
        assert_eq!(one.staged.as_deref(), Some("/Library/SystemExtensions/U/x.systemextension"));
        assert_eq!(one.container.as_deref(), Some("/Applications/A.app"));
        assert_eq!(found.extensions[1], SystemExtension::default());
        let allowed: Vec<_> = found.allowed.iter().map(|one| (one.team.as_str(), one.identifier.as_deref())).collect();
        assert_eq!(allowed, [("BBBBBBBBBB", None), ("AAAAAAAAAA", Some("com.example.agent.sysext"))]);
    }

    #[test]
    fn the_tools_list_says_the_same() {
        let printed = b"1 extension(s)\n--- com.apple.system_extension.network_extension (Go to Settings)\n\
            enabled\tactive\tteamID\tbundleID (version)\tname\t[state]\n\
            *\t*\tAAAAAAAAAA\tcom.example.net (1.2/34)\tThe Agent\t[activated enabled]\n\
            \t\tAAAAAAAAAA\tcom.example.net (1.1/33)\tThe Agent\t[terminated waiting to uninstall on reboot]\n";
        let list = parse_extension_list(printed);
        let rows: Vec<_> = list.iter().map(|one| (one.version.as_deref(), one.state.as_deref())).collect();
        assert_eq!(
            rows,
            [
                (Some("1.2"), Some("activated_enabled")),
                (Some("1.1"), Some("terminated_waiting_to_uninstall_on_reboot"))
            ]
        );
        assert_eq!(list[0].identifier.as_deref(), Some("com.example.net"));
        assert_eq!(list[0].categories, ["com.apple.system_extension.network_extension"]);
    }

    #[test]
    fn states_say_whether_it_runs() {
        for (state, active, removed) in [
            ("activated_enabled", Some(true), false),
            ("activated_waiting_for_user", Some(false), false),
            ("activated_disabled", Some(false), false),
            ("terminated_waiting_to_uninstall_on_reboot", Some(false), true),
            ("terminating_for_uninstall_but_still_running", Some(true), true),
            ("terminating_for_upgrade_via_delegate", Some(true), false),
            ("uninstalled", Some(false), true),
            ("validating_by_category", None, false),
        ] {
            assert_eq!((is_active(state), is_being_removed(state)), (active, removed), "{state}");
        }
    }

    #[test]
    fn loaded_kernel_extensions_are_read_from_either_tool() {
        let printed = b"Index Refs Address            Size       Wired      Name (Version) UUID <Linked Against>\n\
            \x20   1  142 0                  0          0          com.apple.kpi.bsd (23.5.0) 0123 <>\n\
            \x20 210    0 0xffffff7f8b0a4000 0x2000     0x2000     com.example.kext (1.0) 4567 <8 6 5>\n";
        let loaded: Vec<_> = parse_loaded_kernel_extensions(printed).collect();
        assert_eq!(loaded.len(), 2);
        assert_eq!((loaded[1].identifier.as_str(), loaded[1].version.as_deref()), ("com.example.kext", Some("1.0")));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, state: String) {
            let _ = (parse_system_extensions(&bytes, "f"), parse_extension_list(&bytes), is_active(&state));
            let _ = parse_loaded_kernel_extensions(&bytes).count();
        }
    }
}
