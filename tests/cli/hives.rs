//! `--hives` and `--root` of Windows: the same system from its registry's files, loose and on a disk.

use std::fs;

use interdict_formats::testing::hive::disk_of;
use serde_json::{Value, json};

use crate::support::Home;

/// A machine with an antivirus and a user with another vendor's program.
const EXPORT: &str = r#"Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Cryptography]
"MachineGuid"="0a1b2c3d-0000-4000-8000-0123456789ab"

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion]
"ProductName"="Windows 10 Pro"
"DisplayVersion"="23H2"
"CurrentBuild"="22631"
"UBR"=dword:00000bbf
"SystemRoot"="C:\\Windows"

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\S-1-5-21-1-2-3-1001]
"ProfileImagePath"="C:\\Users\\anna"

[HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\InstallWIX_{12345678-1234-1234-1234-123456789012}]
"DisplayName"="Kaspersky Endpoint Security for Windows"
"Publisher"="AO Kaspersky Lab"
"DisplayVersion"="12.3.0.493"

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName]
"ComputerName"="WS-FIN-014"

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Session Manager\Environment]
"PROCESSOR_ARCHITECTURE"="AMD64"

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\klif]
"Type"=dword:00000002
"Start"=dword:00000001
"ImagePath"="System32\\DRIVERS\\klif.sys"

[HKEY_USERS\S-1-5-21-1-2-3-1001\Environment]

[HKEY_USERS\S-1-5-21-1-2-3-1001\Software\Microsoft\Windows\CurrentVersion\Explorer\Shell Folders]
"AppData"="C:\\Users\\anna\\AppData\\Roaming"

[HKEY_USERS\S-1-5-21-1-2-3-1001\Software\Microsoft\Windows\CurrentVersion\Uninstall\ExampleTool]
"DisplayName"="Example Tool"
"Publisher"="Example"
"#;

fn scan(home: &Home, arguments: &str) -> Vec<Value> {
    let ran = home.line(&format!("scan {arguments}")).ended_with(0);
    ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn names(lines: &[Value], source: &str) -> Vec<String> {
    let of = lines.iter().filter(|line| line["source"] == source);
    of.map(|line| format!("{} {}", line["name"].as_str().unwrap(), line["scope"].as_str().unwrap())).collect()
}

#[test]
fn the_same_machine_is_found_in_loose_hives_and_on_its_disk() {
    let home = Home::new();
    fs::create_dir_all(home.path("disk/Windows/System32")).unwrap();
    fs::create_dir(home.path("loose")).unwrap();
    for (number, (path, bytes)) in disk_of(EXPORT).into_iter().enumerate() {
        let place = home.path(&format!("disk/{path}"));
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, &bytes).unwrap();
        fs::write(home.path(&format!("loose/{number}.bin")), bytes).unwrap();
    }
    let machine = json!({
        "id": "0a1b2c3d-0000-4000-8000-0123456789ab",
        "hostname": "WS-FIN-014",
        "os": { "family": "windows", "name": "Windows 11 Pro", "version": "23H2 (22631.3007)" },
        "arch": "x86_64",
    });
    for arguments in ["--root disk", "--hives loose"] {
        let lines = scan(&home, arguments);
        assert_eq!(lines[0]["machine"], machine, "{arguments}");
        let programs = ["Kaspersky Endpoint Security for Windows machine", "Example Tool user:anna"];
        assert_eq!(names(&lines, "programs"), programs, "{arguments}");
        assert_eq!(names(&lines, "drivers"), ["klif machine"], "{arguments}");
    }
    let audit = home.line("audit --hives loose --profile us-private --format json").ended_with(0).json();
    let findings: Vec<&str> =
        audit["findings"].as_array().unwrap().iter().filter_map(|finding| finding["vendor"].as_str()).collect();
    assert!(findings.contains(&"kaspersky"), "{findings:?}");
    let not_looked_at = audit["coverage"]["not_looked_at"].to_string();
    assert!(not_looked_at.contains("only registry hives are at hand"), "{not_looked_at}");
}

#[test]
fn a_folder_without_hives_is_an_error_that_says_what_to_do() {
    let home = Home::new();
    fs::create_dir(home.path("empty")).unwrap();
    fs::write(home.path("empty/SOFTWARE"), "not a hive").unwrap();
    home.line("scan --hives empty").complains_of(1, &["error[collect/no-hives]", "empty", "hint: ", "--root"]);
    home.line("audit --hives nowhere").complains_of(1, &["error[collect/not-found]"]);
    home.line("scan --hives empty --root empty").complains_of(2, &["--hives", "--root"]);
}
