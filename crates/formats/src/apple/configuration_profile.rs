//! Configuration profiles: who made them, and which developers and programs they let through.
//!
//! A profile is a property list of payloads. They are found wherever they stand in a list: in a `.mobileconfig` file, in
//! what `profiles show -output stdout-xml` prints (there by user), or in the files the system keeps of them. Payload
//! types and keys as Apple documents them: <https://developer.apple.com/documentation/devicemanagement/profile-specific-payload-keys>.
//! Of all settings in a payload only those are read that name a developer or a program.

use std::collections::BTreeSet;

use interdict_model::Diagnostic;

use crate::apple::is_team_identifier;
use crate::property_list::{Value, read_dictionary};

/// How many profiles one list may hold.
const MOST_PROFILES: usize = 10_000;
/// How many allowances one profile may hold.
const MOST_ALLOWANCES: usize = 10_000;
/// How deep profiles may stand in a list.
const DEEPEST: usize = 8;
/// The key under which the profiles of the whole machine are printed.
const MACHINE: &str = "_computerlevel";

/// A profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfigurationProfile {
    /// Its identifier, such as `com.example.profile`.
    pub identifier: Option<String>,
    /// Its name for people.
    pub display_name: Option<String>,
    /// The organisation that made it: as a rule the one whose machine this is, not the vendor of what it allows.
    pub organisation: Option<String>,
    /// When it was installed, as written.
    pub installed: Option<String>,
    /// The user it belongs to; the whole machine when absent.
    pub user: Option<String>,
    /// The types of its payloads.
    pub payload_types: BTreeSet<String>,
    /// What it lets through.
    pub allowances: BTreeSet<Allowance>,
}

/// What a profile lets through.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Allowance {
    /// In which respect.
    pub kind: AllowanceKind,
    /// The developer's team.
    pub team: Option<String>,
    /// The program: a bundle identifier or a path.
    pub program: Option<String>,
}

/// In which respect something is let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AllowanceKind {
    /// As a system extension.
    SystemExtension,
    /// As a kernel extension.
    KernelExtension,
    /// To data that the person would be asked about: files, keyboard, screen.
    Privacy,
    /// As a filter of network traffic.
    ContentFilter,
    /// As a virtual private network.
    Vpn,
    /// To start at login.
    BackgroundItem,
    /// To show notifications.
    Notifications,
}

impl AllowanceKind {
    /// The word for it in observations.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SystemExtension => "allows-system-extension",
            Self::KernelExtension => "allows-kernel-extension",
            Self::Privacy => "allows-access-to-data",
            Self::ContentFilter => "sets-content-filter",
            Self::Vpn => "sets-vpn",
            Self::BackgroundItem => "allows-background-item",
            Self::Notifications => "sets-notifications",
        }
    }
}

/// Reads every profile in a property list.
#[must_use]
pub fn parse_profiles(bytes: &[u8], file_name: &str) -> (Vec<ConfigurationProfile>, Vec<Diagnostic>) {
    let (value, diagnostics) = read_dictionary(bytes, file_name);
    let mut profiles = Vec::new();
    if value.get(MACHINE).is_some() {
        for (owner, of_owner) in value.dictionary().into_iter().flatten() {
            let user = (owner != MACHINE).then_some(owner.as_str());
            find(of_owner, user, 0, &mut profiles);
        }
    } else {
        find(&value, None, 0, &mut profiles);
    }
    (profiles, diagnostics)
}

fn find(value: &Value, user: Option<&str>, depth: usize, profiles: &mut Vec<ConfigurationProfile>) {
    if depth > DEEPEST || profiles.len() >= MOST_PROFILES {
        return;
    }
    if let Some(profile) = profile(value, user) {
        profiles.push(profile);
        return;
    }
    let below: Box<dyn Iterator<Item = &Value>> = match value {
        Value::List(values) => Box::new(values.iter()),
        Value::Dictionary(entries) => Box::new(entries.values()),
        _ => return,
    };
    below.for_each(|value| find(value, user, depth + 1, profiles));
}

/// A profile, where a dictionary is one; a payload that stands alone counts as a profile of one payload.
fn profile(value: &Value, user: Option<&str>) -> Option<ConfigurationProfile> {
    let of = |keys: [&str; 2]| keys.iter().find_map(|key| value.text_of(key));
    let identifier = of(["ProfileIdentifier", "PayloadIdentifier"])?;
    let mut profile = ConfigurationProfile {
        identifier: Some(identifier),
        display_name: of(["ProfileDisplayName", "PayloadDisplayName"]),
        organisation: of(["ProfileOrganization", "PayloadOrganization"]),
        installed: value.text_of("ProfileInstallDate"),
        user: user.map(str::to_owned),
        ..ConfigurationProfile::default()
    };
    let listed = ["ProfileItems", "PayloadContent"].iter().find_map(|key| value.get(key));
    let payloads = listed.map(Value::list).unwrap_or_default();
    for payload in if payloads.is_empty() { std::slice::from_ref(value) } else { payloads } {
        let kind = payload.text_of("PayloadType").unwrap_or_default();
        // What `profiles` prints has the settings one level down; a file has them beside the type.
        let settings = payload.get("PayloadContent").filter(|content| content.dictionary().is_some());
        for allowance in allowances(&kind, settings.unwrap_or(payload)).into_iter().take(MOST_ALLOWANCES) {
            profile.allowances.insert(allowance);
        }
        if !kind.is_empty() {
            profile.payload_types.insert(kind);
        }
    }
    Some(profile)
}

fn allowances(payload_type: &str, settings: &Value) -> Vec<Allowance> {
    match payload_type {
        "com.apple.system-extension-policy" => {
            extensions(AllowanceKind::SystemExtension, settings, "AllowedSystemExtensions")
        }
        "com.apple.syspolicy.kernel-extension-policy" => {
            extensions(AllowanceKind::KernelExtension, settings, "AllowedKernelExtensions")
        }
        "com.apple.TCC.configuration-profile-policy" => privacy(settings),
        "com.apple.webcontent-filter" => {
            let keys = ["PluginBundleID", "FilterDataProviderBundleIdentifier", "FilterPacketProviderBundleIdentifier"];
            named(AllowanceKind::ContentFilter, settings, &keys)
        }
        "com.apple.vpn.managed" | "com.apple.vpn.managed.applayer" => {
            let mut found = named(AllowanceKind::Vpn, settings, &["VPNSubType"]);
            if let Some(vpn) = settings.get("VPN") {
                found.extend(named(AllowanceKind::Vpn, vpn, &["ProviderBundleIdentifier"]));
            }
            found
        }
        "com.apple.notificationsettings" => {
            let entries = settings.get("NotificationSettings").map(Value::list).unwrap_or_default();
            entries.iter().flat_map(|entry| named(AllowanceKind::Notifications, entry, &["BundleIdentifier"])).collect()
        }
        "com.apple.servicemanagement" => {
            let rules = settings.get("Rules").map(Value::list).unwrap_or_default();
            rules.iter().filter_map(background_item).collect()
        }
        _ => Vec::new(),
    }
}

/// The teams that may load anything, and by team what else may be loaded.
fn extensions(kind: AllowanceKind, settings: &Value, by_team: &str) -> Vec<Allowance> {
    let teams = settings.texts_of("AllowedTeamIdentifiers").into_iter();
    let whole = teams.map(|team| Allowance { kind, team: Some(team), program: None });
    let single =
        settings.get(by_team).and_then(Value::dictionary).into_iter().flatten().flat_map(|(team, programs)| {
            // An empty key stands for unsigned extensions.
            let team = Some(team.clone()).filter(|team| !team.is_empty());
            let of_team = move |program| Allowance { kind, team: team.clone(), program: Some(program) };
            programs.list().iter().filter_map(Value::text).map(of_team)
        });
    whole.chain(single).collect()
}

fn privacy(settings: &Value) -> Vec<Allowance> {
    let services = settings.get("Services").and_then(Value::dictionary).into_iter().flatten();
    let entries = services.flat_map(|(_, entries)| entries.list());
    entries
        .filter(|entry| is_allowed(entry))
        .filter_map(|entry| Some(privacy_of(entry.text_of("Identifier")?, entry)))
        .collect()
}

fn privacy_of(program: String, entry: &Value) -> Allowance {
    let team = entry.text_of("CodeRequirement").as_deref().and_then(team_of_requirement);
    Allowance { kind: AllowanceKind::Privacy, team, program: Some(program) }
}

/// An entry says `Allowed`, or since macOS 11 `Authorization`; one that forbids is no allowance.
fn is_allowed(entry: &Value) -> bool {
    match entry.text_of("Authorization") {
        Some(word) => word != "Deny",
        None => entry.get("Allowed").and_then(Value::truth).unwrap_or_default(),
    }
}

fn named(kind: AllowanceKind, settings: &Value, keys: &[&str]) -> Vec<Allowance> {
    let programs = keys.iter().filter_map(|key| settings.text_of(key));
    programs.map(|program| Allowance { kind, team: None, program: Some(program) }).collect()
}

fn background_item(rule: &Value) -> Option<Allowance> {
    let value = rule.text_of("RuleValue")?;
    let kind = AllowanceKind::BackgroundItem;
    let team = rule.text_of("TeamIdentifier");
    Some(match rule.text_of("RuleType")?.as_str() {
        "TeamIdentifier" => Allowance { kind, team: Some(value), program: None },
        _ => Allowance { kind, team, program: Some(value) },
    })
}

/// The developer's team that a code requirement asks for: `certificate leaf[subject.OU] = "2Y8XE5CQ94"`.
#[must_use]
pub fn team_of_requirement(requirement: &str) -> Option<String> {
    let (_, rest) = requirement.split_once("subject.OU")?;
    let (_, value) = rest.split_once('=')?;
    let value = value.trim_start().trim_start_matches('"');
    let team: String = value.chars().take_while(char::is_ascii_alphanumeric).collect();
    is_team_identifier(&team).then_some(team)
}

/// Reads `/Library/Application Support/com.apple.TCC/MDMOverrides.plist`, where the system keeps what profiles let
/// through to data: by program, then by kind of data.
#[must_use]
pub fn parse_privacy_overrides(bytes: &[u8], file_name: &str) -> (BTreeSet<Allowance>, Vec<Diagnostic>) {
    let (value, diagnostics) = read_dictionary(bytes, file_name);
    let programs = value.dictionary().into_iter().flatten().take(MOST_ALLOWANCES);
    let allowances = programs.filter_map(|(program, services)| {
        let entries = services.dictionary()?.values();
        let allowed = entries.filter(|entry| is_allowed_anywhere(entry));
        let allowances: Vec<Allowance> = allowed.map(|entry| privacy_of(program.clone(), entry)).collect();
        // One is enough, best one that names the team.
        allowances.into_iter().max_by_key(|allowance| allowance.team.is_some())
    });
    (allowances.collect(), diagnostics)
}

/// What may be controlled by events is listed one level further down, by program.
fn is_allowed_anywhere(entry: &Value) -> bool {
    is_allowed(entry) || entry.dictionary().is_some_and(|below| below.values().any(is_allowed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::property_list::tests::{binary, xml};

    const TYPE: &str = "<key>PayloadType</key><string>com.apple.system-extension-policy</string>\
        <key>PayloadIdentifier</key><string>com.example.profile.1</string>";
    const SETTINGS: &str = "<key>AllowedTeamIdentifiers</key><array><string>AAAAAAAAAA</string></array>\
        <key>AllowedSystemExtensions</key><dict><key>BBBBBBBBBB</key><array><string>com.example.sysext</string></array></dict>";

    fn rows(profile: &ConfigurationProfile) -> Vec<String> {
        let row = |one: &Allowance| {
            let of = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
            format!("{} {} {}", one.kind.word(), of(&one.team), of(&one.program))
        };
        profile.allowances.iter().map(row).collect()
    }

    #[test]
    fn a_profile_reads_the_same_as_a_file_and_as_printed() {
        let file = xml(&format!(
            "<dict><key>PayloadIdentifier</key><string>com.example.profile</string><key>PayloadDisplayName</key>\
             <string>Agent</string><key>PayloadOrganization</key><string>Example</string>\
             <key>PayloadType</key><string>Configuration</string>\
             <key>PayloadContent</key><array><dict>{TYPE}{SETTINGS}</dict></array></dict>"
        ));
        let printed = xml(&format!(
            "<dict><key>_computerlevel</key><array><dict><key>ProfileIdentifier</key><string>com.example.profile</string>\
             <key>ProfileDisplayName</key><string>Agent</string><key>ProfileOrganization</key><string>Example</string>\
             <key>ProfileItems</key><array><dict>{TYPE}<key>PayloadContent</key><dict>{SETTINGS}</dict></dict></array>\
             </dict></array><key>ada</key><array><dict><key>ProfileIdentifier</key><string>of-ada</string></dict></array></dict>"
        ));
        let expected =
            ["allows-system-extension AAAAAAAAAA -", "allows-system-extension BBBBBBBBBB com.example.sysext"];
        for bytes in [file.clone(), binary(&file), printed.clone()] {
            let (profiles, diagnostics) = parse_profiles(&bytes, "f");
            assert_eq!(diagnostics, []);
            assert_eq!(profiles[0].identifier.as_deref(), Some("com.example.profile"));
            assert_eq!(profiles[0].organisation.as_deref(), Some("Example"));
            assert_eq!(rows(&profiles[0]), expected);
        }
        let users: Vec<_> = parse_profiles(&printed, "f").0.into_iter().map(|one| one.user).collect();
        assert_eq!(users, [None, Some("ada".to_owned())]);
    }

    #[test]
    fn every_payload_that_names_a_program_is_read() {
        let of = |kind: &str, settings: &str| {
            let text = format!(
                "<dict><key>PayloadIdentifier</key><string>p</string><key>PayloadType</key><string>{kind}</string>{settings}</dict>"
            );
            parse_profiles(&xml(&text), "f").0.iter().flat_map(rows).collect::<Vec<_>>()
        };
        assert_eq!(
            of(
                "com.apple.syspolicy.kernel-extension-policy",
                "<key>AllowedKernelExtensions</key><dict><key></key><array><string>com.example.old</string></array></dict>"
            ),
            ["allows-kernel-extension - com.example.old"]
        );
        assert_eq!(
            of(
                "com.apple.TCC.configuration-profile-policy",
                "<key>Services</key><dict><key>SystemPolicyAllFiles</key><array>\
                 <dict><key>Identifier</key><string>com.example.a</string><key>Allowed</key><true/><key>CodeRequirement</key>\
                 <string>identifier a and certificate leaf[subject.OU] = AAAAAAAAAA</string></dict>\
                 <dict><key>Identifier</key><string>com.example.b</string><key>Authorization</key><string>Deny</string></dict>\
                 <dict><key>Identifier</key><string>com.example.c</string><key>Allowed</key><false/></dict></array></dict>"
            ),
            ["allows-access-to-data AAAAAAAAAA com.example.a"]
        );
        assert_eq!(
            of("com.apple.webcontent-filter", "<key>PluginBundleID</key><string>com.example.f</string>"),
            ["sets-content-filter - com.example.f"]
        );
        assert_eq!(
            of(
                "com.apple.vpn.managed",
                "<key>VPN</key><dict><key>ProviderBundleIdentifier</key><string>com.example.v</string></dict>"
            ),
            ["sets-vpn - com.example.v"]
        );
        assert_eq!(
            of(
                "com.apple.servicemanagement",
                "<key>Rules</key><array><dict><key>RuleType</key><string>TeamIdentifier</string><key>RuleValue</key>\
                 <string>AAAAAAAAAA</string></dict></array>"
            ),
            ["allows-background-item AAAAAAAAAA -"]
        );
        assert_eq!(of("com.apple.wifi.managed", "<key>SSID_STR</key><string>x</string>"), Vec::<String>::new());
    }

    #[test]
    fn what_the_system_keeps_of_privacy_is_read() {
        let text = xml("<dict><key>com.example.a</key><dict><key>kTCCServiceSystemPolicyAllFiles</key><dict>\
            <key>Allowed</key><true/><key>CodeRequirement</key><string>leaf[subject.OU] = \"AAAAAAAAAA\"</string></dict></dict>\
            <key>com.example.b</key><dict><key>kTCCServiceCamera</key><dict><key>Authorization</key><string>Deny</string></dict></dict>\
            <key>com.example.c</key><dict><key>kTCCServiceAppleEvents</key><dict><key>com.apple.finder</key><dict>\
            <key>Allowed</key><true/></dict></dict></dict></dict>");
        let (allowed, _) = parse_privacy_overrides(&text, "f");
        let rows: Vec<_> = allowed.iter().map(|one| (one.team.as_deref(), one.program.as_deref())).collect();
        assert_eq!(rows, [(None, Some("com.example.c")), (Some("AAAAAAAAAA"), Some("com.example.a"))]);
    }

    #[test]
    fn the_team_is_found_in_a_requirement() {
        for (requirement, expected) in [
            ("anchor apple generic and certificate leaf[subject.OU] = \"2Y8XE5CQ94\"", Some("2Y8XE5CQ94")),
            ("certificate leaf[subject.OU]=X9E956P446)", Some("X9E956P446")),
            ("identifier \"com.example\" and anchor apple", None),
            ("subject.OU = short", None),
        ] {
            assert_eq!(team_of_requirement(requirement).as_deref(), expected, "{requirement}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, text: String) {
            let _ = (parse_profiles(&bytes, "f"), parse_privacy_overrides(&bytes, "f"));
            let _ = team_of_requirement(&format!("subject.OU{text}"));
        }
    }
}
