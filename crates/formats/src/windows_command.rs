//! Command lines of Windows: which program one starts.
//!
//! Quoted and unquoted ones are read (`"C:\Program Files\X\x.exe" /s`, `C:\Program Files\X\x.exe /s`), with or without
//! arguments. What the arguments mean is not known here, and placeholders stay as they are.

/// What programs and their parts end in.
const ENDINGS: &[&str] =
    &[".exe", ".com", ".bat", ".cmd", ".scr", ".sys", ".dll", ".cpl", ".msi", ".ps1", ".vbs", ".js", ".jar", ".msc"];
/// How many places are tried where an unquoted command line may be cut.
const MOST_CUTS: usize = 16;
/// How much of a command line is read: as much as Windows lets one be
/// (<https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-createprocessw>).
const LONGEST: usize = 32_767;

/// Programs of Windows that run what others hand them, by file name without its ending: that they exist says nothing of
/// whose command line it is.
const HOSTS: &[&str] = &[
    "cmd",
    "conhost",
    "control",
    "cscript",
    "dllhost",
    "explorer",
    "hh",
    "mmc",
    "mshta",
    "msiexec",
    "net",
    "powershell",
    "pwsh",
    "reg",
    "regsvr32",
    "rundll32",
    "sc",
    "schtasks",
    "svchost",
    "taskhostw",
    "wscript",
    "wusa",
];

/// The programs a command line may start, the likeliest first. More than one only where it is not quoted and names with
/// spaces leave it open where the program ends.
#[must_use]
pub fn programs(command: &str) -> Vec<String> {
    let command = command.trim();
    let command = &command[..command.floor_char_boundary(LONGEST)];
    if let Some(rest) = command.strip_prefix('"') {
        let quoted = rest.split('"').next().unwrap_or_default().trim();
        return if quoted.is_empty() { Vec::new() } else { vec![quoted.to_owned()] };
    }
    let mut found: Vec<String> = Vec::new();
    let mut push = |program: &str| {
        if !program.is_empty() && found.len() < MOST_CUTS && !found.iter().any(|known| known == program) {
            found.push(program.to_owned());
        }
    };
    let small = command.to_ascii_lowercase();
    for (at, _) in small.match_indices('.') {
        let ending = ENDINGS.iter().find(|ending| small[at..].starts_with(**ending));
        let Some(end) = ending.map(|ending| at + ending.len()) else { continue };
        if small[end..].chars().next().is_none_or(|next| next.is_whitespace() || matches!(next, ',' | '"')) {
            push(&command[..end]);
        }
    }
    if found.is_empty() {
        // As Windows looks for it: cut at each space in turn.
        let cuts = command.match_indices(char::is_whitespace).map(|(at, _)| at).chain([command.len()]);
        for end in cuts.take(MOST_CUTS) {
            let program = command[..end].trim_end();
            if !program.is_empty() && found.last().is_none_or(|last| last != program) {
                found.push(program.to_owned());
            }
        }
    }
    found
}

/// The file of a reference to an icon: `"C:\X\x.exe",0` or `C:\X\x.ico,-101`.
#[must_use]
pub fn icon_file(reference: &str) -> Option<&str> {
    let reference = reference.trim();
    let file = match reference.rsplit_once(',') {
        Some((file, index)) if index.trim().trim_start_matches('-').chars().all(|digit| digit.is_ascii_digit()) => file,
        _ => reference,
    };
    Some(file.trim().trim_matches('"').trim()).filter(|file| !file.is_empty())
}

/// The last part of a path, without its ending, in small letters.
#[must_use]
pub fn stem(path: &str) -> String {
    let name = path.trim_matches('"').rsplit(['\\', '/']).next().unwrap_or_default();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase()
}

/// Whether a program is one of Windows' own that runs what it is handed.
#[must_use]
pub fn is_host(program: &str) -> bool {
    HOSTS.contains(&stem(program).as_str())
}

/// Whether a program by its name sets up or removes software, rather than being it.
#[must_use]
pub fn is_installer(program: &str) -> bool {
    let stem = stem(program);
    let words = ["uninst", "setup", "install"];
    words.iter().any(|word| stem.contains(word)) || stem.strip_prefix("unins").is_some_and(is_number)
}

fn is_number(text: &str) -> bool {
    text.chars().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_of_a_command_line_is_found() {
        let table: &[(&str, &[&str])] = &[
            (r#""C:\Program Files\X\x.exe" -service"#, &[r"C:\Program Files\X\x.exe"]),
            (r#""C:\X\unclosed.exe"#, &[r"C:\X\unclosed.exe"]),
            (r"C:\Program Files\X\unins000.exe /SILENT", &[r"C:\Program Files\X\unins000.exe"]),
            (r"C:\X\X.EXE", &[r"C:\X\X.EXE"]),
            (r"system32\drivers\klif.sys", &[r"system32\drivers\klif.sys"]),
            (r"C:\old.exe folder\new.exe /x", &[r"C:\old.exe", r"C:\old.exe folder\new.exe"]),
            (r"C:\X\files.exedata\run -s", &[r"C:\X\files.exedata\run", r"C:\X\files.exedata\run -s"]),
            (r"MsiExec.exe /X{00000000-0000-0000-0000-000000000000}", &["MsiExec.exe"]),
            (r"rundll32.exe C:\X\x.dll,Remove", &["rundll32.exe", r"rundll32.exe C:\X\x.dll"]),
            ("", &[]),
            ("\"\"", &[]),
        ];
        for (command, expected) in table {
            assert_eq!(programs(command), *expected, "{command}");
        }
    }

    #[test]
    fn icons_and_kinds_of_programs_are_told() {
        assert_eq!(icon_file(r#""C:\X\x.exe",0"#), Some(r"C:\X\x.exe"));
        assert_eq!(icon_file(r"C:\X, Y\x.ico,-101"), Some(r"C:\X, Y\x.ico"));
        assert_eq!(icon_file(r"C:\X, Y\x.ico"), Some(r"C:\X, Y\x.ico"));
        assert_eq!(icon_file(" "), None);
        assert!(is_host(r"C:\Windows\System32\MsiExec.exe") && !is_host(r"C:\X\avp.exe"));
        for (name, expected) in [
            ("unins000.exe", true),
            ("Uninstall.exe", true),
            ("setup.exe", true),
            ("unison.exe", false),
            ("avp.exe", false),
        ] {
            assert_eq!(is_installer(name), expected, "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String) {
            let _ = (programs(&text), icon_file(&text), is_host(&text), is_installer(&text));
        }

        #[test]
        fn programs_are_parts_of_the_line(text in "[ -~é]{0,40}") {
            for program in programs(&text) {
                proptest::prop_assert!(text.contains(&program));
            }
        }
    }
}
