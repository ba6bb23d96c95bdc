//! The environment of a Windows system, from its registry: what `%ProgramFiles%` and the like stand for.
//!
//! What the registry does not say, or cannot be asked, is as Windows sets it up. Variables of single users are not read
//! from their registry; those that name folders of a profile follow from where the profile lies.

use std::collections::BTreeMap;

use crate::registry::{Registry, Values};
use crate::windows::VERSION;

/// As Windows is set up: variables by their names in small letters.
const USUAL: &[(&str, &str)] = &[
    ("programfiles", r"%SystemDrive%\Program Files"),
    ("programfiles(x86)", r"%SystemDrive%\Program Files (x86)"),
    ("commonprogramfiles", r"%SystemDrive%\Program Files\Common Files"),
    ("commonprogramfiles(x86)", r"%SystemDrive%\Program Files (x86)\Common Files"),
    ("programdata", r"%SystemDrive%\ProgramData"),
    ("public", r"%SystemDrive%\Users\Public"),
    ("profilesdirectory", r"%SystemDrive%\Users"),
];
/// Where the registry says otherwise: the key, the value, the variable.
const WRITTEN: &[(&str, &str, &str)] = &[
    (r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion", "ProgramFilesDir", "programfiles"),
    (r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion", "ProgramFilesDir (x86)", "programfiles(x86)"),
    (r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion", "CommonFilesDir", "commonprogramfiles"),
    (r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion", "CommonFilesDir (x86)", "commonprogramfiles(x86)"),
    (PROFILE_LIST, "ProgramData", "programdata"),
    (PROFILE_LIST, "Public", "public"),
    (PROFILE_LIST, "ProfilesDirectory", "profilesdirectory"),
];
/// Other names of the same.
const ALSO: &[(&str, &str)] = &[
    ("windir", "systemroot"),
    ("programw6432", "programfiles"),
    ("commonprogramw6432", "commonprogramfiles"),
    ("allusersprofile", "programdata"),
];
/// Where a profile's folders lie in it.
const OF_A_PROFILE: &[(&str, &str)] = &[
    ("userprofile", ""),
    ("appdata", r"\AppData\Roaming"),
    ("localappdata", r"\AppData\Local"),
    ("temp", r"\AppData\Local\Temp"),
    ("tmp", r"\AppData\Local\Temp"),
];
const PROFILE_LIST: &str = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList";
const VARIABLES: &str = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment";
/// How often what a variable stands for is looked through for further ones.
const DEEPEST: usize = 4;
/// How long a text with its variables put in may become; as long as Windows lets a variable be.
const LONGEST: usize = 32_767;

/// What variables stand for.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    variables: BTreeMap<String, String>,
}

impl Environment {
    /// That of a system, without any user's variables.
    pub(crate) fn of(registry: Option<&dyn Registry>) -> Self {
        let text = |key: &str, name: &str| Values::of(registry?, key).ok()?.text(name);
        let root = text(VERSION, "SystemRoot").filter(|root| is_on_a_drive(root));
        let root = root.unwrap_or_else(|| r"C:\Windows".to_owned());
        let drive = root.get(..2).unwrap_or("C:").to_owned();
        let mut variables = BTreeMap::new();
        variables.insert("systemdrive".to_owned(), drive);
        variables.insert("systemroot".to_owned(), root);
        let machine = registry.and_then(|registry| registry.values(VARIABLES).ok()).unwrap_or_default();
        for variable in machine {
            if let Some(value) = variable.data.text() {
                // windir is `%SystemRoot%` there; what would name itself is no help.
                variables.entry(variable.name.to_lowercase()).or_insert_with(|| value.to_owned());
            }
        }
        for (name, value) in USUAL {
            variables.insert((*name).to_owned(), (*value).to_owned());
        }
        for (key, value, name) in WRITTEN {
            if let Some(folder) = text(key, value) {
                variables.insert((*name).to_owned(), folder);
            }
        }
        for (name, same) in ALSO {
            if let Some(value) = variables.get(*same).cloned() {
                variables.insert((*name).to_owned(), value);
            }
        }
        let mut environment = Self { variables };
        environment.settle();
        environment
    }

    /// With the variables of the user whose profile lies there.
    pub(crate) fn of_profile(&self, folder: &str) -> Self {
        let mut variables = self.variables.clone();
        let folder = folder.trim_end_matches('\\');
        for (name, below) in OF_A_PROFILE {
            variables.insert((*name).to_owned(), format!("{folder}{below}"));
        }
        Self { variables }
    }

    /// Whether a text begins with a variable that names a folder of a user's profile.
    pub(crate) fn names_a_profile(text: &str) -> bool {
        let name = text.strip_prefix('%').and_then(|rest| rest.split_once('%')).map(|(name, _)| name.to_lowercase());
        name.is_some_and(|name| OF_A_PROFILE.iter().any(|(known, _)| *known == name))
    }

    /// What a variable stands for.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.variables.get(&name.to_lowercase()).map_or("", String::as_str)
    }

    /// A text with what its placeholders stand for; unknown ones stay.
    pub(crate) fn expand(&self, text: &str) -> String {
        if !text.contains('%') {
            return text.to_owned();
        }
        let mut expanded = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find('%') {
            let (before, from) = rest.split_at(start);
            expanded.push_str(before);
            let name = from[1..].find('%').map(|length| &from[1..=length]);
            if let Some(value) = name.and_then(|name| self.variables.get(&name.to_lowercase())) {
                expanded.push_str(value);
                rest = &from[name.map_or(0, str::len) + 2..];
            } else {
                expanded.push('%');
                rest = &from[1..];
            }
            if expanded.len() > LONGEST {
                return text.to_owned();
            }
        }
        expanded.push_str(rest);
        expanded
    }

    /// A file as services, drivers and other registrations write theirs, as programs name it: with variables put in, and
    /// with a drive where one can be known.
    ///
    /// The kernel's own spellings are `\SystemRoot\...` and `\??\C:\...`; drivers may be given from the Windows folder on
    /// (<https://learn.microsoft.com/windows-hardware/drivers/install/hklm-system-currentcontrolset-services-registry-tree>).
    pub(crate) fn file(&self, written: &str) -> String {
        let written = self.expand(written.trim().trim_matches('"')).replace('/', "\\");
        let path = [r"\??\", r"\\?\"].iter().find_map(|prefix| written.strip_prefix(prefix)).unwrap_or(&written);
        let root = self.get("systemroot");
        if let Some(below) = strip_prefix_any_case(path, r"\SystemRoot\") {
            return format!(r"{root}\{below}");
        }
        if let Some(below) = path.strip_prefix('\\').filter(|_| !path.starts_with(r"\\")) {
            let is_device = strip_prefix_any_case(below, r"Device\").is_some();
            return if is_device { path.to_owned() } else { format!(r"{}\{below}", self.get("systemdrive")) };
        }
        let is_below_windows = ["system32\\", "syswow64\\", "sysnative\\"]
            .iter()
            .any(|folder| strip_prefix_any_case(path, folder).is_some());
        if is_below_windows {
            return format!(r"{root}\{path}");
        }
        // A bare name is looked for in the system folder first.
        if !path.is_empty() && !path.contains(['\\', ':']) {
            return format!(r"{root}\System32\{path}");
        }
        self.long_named(path)
    }

    /// With the short names undone that the folders of all programs have on most systems.
    fn long_named(&self, path: &str) -> String {
        let folders = [("PROGRA~1", "programfiles"), ("PROGRA~2", "programfiles(x86)"), ("PROGRA~3", "programdata")];
        let drive = self.get("systemdrive");
        let below = strip_prefix_any_case(path, drive).and_then(|below| below.strip_prefix('\\')).unwrap_or_default();
        let long = folders.iter().find_map(|(short, name)| {
            let rest = strip_prefix_any_case(below, short).filter(|rest| rest.starts_with('\\'))?;
            Some(format!("{}{rest}", self.get(name)))
        });
        long.unwrap_or_else(|| path.to_owned())
    }

    /// Puts variables into the values of variables.
    fn settle(&mut self) {
        for _ in 0..DEEPEST {
            let settled = self.variables.iter().map(|(name, value)| (name.clone(), self.expand(value))).collect();
            if settled == self.variables {
                break;
            }
            self.variables = settled;
        }
    }
}

/// Whether a path begins with a drive.
pub(crate) fn is_on_a_drive(path: &str) -> bool {
    let mut bytes = path.bytes();
    bytes.next().is_some_and(|letter| letter.is_ascii_alphabetic()) && bytes.next() == Some(b':')
}

fn strip_prefix_any_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MapRegistry;

    const TEXT: &str = r#"Windows Registry Editor Version 5.00
[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion]
"SystemRoot"="D:\\WINNT"
[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList]
"ProgramData"="%SystemDrive%\\ProgramData"
[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion]
"ProgramFilesDir"="E:\\Programme"
[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Session Manager\Environment]
"windir"="%SystemRoot%"
"AGENT_HOME"="%ProgramFiles%\\Agent"
"LOOP"="%LOOP%x%LOOP%"
"#;

    #[test]
    fn variables_are_those_of_the_registry_or_the_usual_ones() {
        let usual = Environment::of(None);
        let own = Environment::of(Some(&MapRegistry::from_text(TEXT)));
        let ada = own.of_profile(r"C:\Users\ada\");
        for (environment, text, expected) in [
            (&usual, r"%programfiles(x86)%\X", r"C:\Program Files (x86)\X"),
            (&usual, r"%SystemRoot%\x %windir%", r"C:\Windows\x C:\Windows"),
            (&usual, "100% of %NOTHING%", "100% of %NOTHING%"),
            (&usual, r"%ALLUSERSPROFILE%\X", r"C:\ProgramData\X"),
            (&usual, r"%APPDATA%\X", r"%APPDATA%\X"),
            (&own, r"%SystemDrive%|%windir%|%ProgramData%", r"D:|D:\WINNT|D:\ProgramData"),
            (&own, r"%AGENT_HOME%\a.exe", r"E:\Programme\Agent\a.exe"),
            (&ada, r"%AppData%\X|%LocalAppData%", r"C:\Users\ada\AppData\Roaming\X|C:\Users\ada\AppData\Local"),
        ] {
            assert_eq!(environment.expand(text), expected, "{text}");
        }
        assert!(own.expand("%LOOP%").len() <= LONGEST);
    }

    #[test]
    fn every_spelling_of_a_file_comes_to_one() {
        let environment = Environment::of(None);
        for (written, expected) in [
            (r"\SystemRoot\System32\drivers\klif.sys", r"C:\Windows\System32\drivers\klif.sys"),
            (r"system32\DRIVERS\klif.sys", r"C:\Windows\system32\DRIVERS\klif.sys"),
            (r"\??\C:\Windows\x.sys", r"C:\Windows\x.sys"),
            (r"\\?\C:\Windows\x.sys", r"C:\Windows\x.sys"),
            (r"%SystemRoot%\system32\svchost.exe", r"C:\Windows\system32\svchost.exe"),
            (r"\Windows\x.sys", r"C:\Windows\x.sys"),
            (r"C:/X/y.exe", r"C:\X\y.exe"),
            ("svchost.exe", r"C:\Windows\System32\svchost.exe"),
            (r"\\server\share\x.exe", r"\\server\share\x.exe"),
            (r"\Device\HarddiskVolume2\x.sys", r"\Device\HarddiskVolume2\x.sys"),
            (r"c:\progra~2\X\x.exe", r"C:\Program Files (x86)\X\x.exe"),
            (r#""%ProgramFiles%\X\x.exe""#, r"C:\Program Files\X\x.exe"),
            ("", ""),
        ] {
            assert_eq!(environment.file(written), expected, "{written}");
        }
    }
}
