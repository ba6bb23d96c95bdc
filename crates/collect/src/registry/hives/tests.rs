//! Registries of hives that the encoder writes, in folders as people keep them and on a mounted disk.

use std::fs;
use std::path::Path;

use interdict_formats::hive::Hive;
use interdict_formats::registry::RegistryData;
use interdict_formats::testing::hive::{HiveKey, HiveValue, disk_of, encode, entry_log, hive_of, make_dirty};

use super::*;
use crate::{HivesHost, Host, RootedHost};

const SID: &str = "S-1-5-21-1-2-3-1001";
const SYSTEM_DRIVE: &str = r"[HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion]";

/// A machine with one user, as a registry export.
fn export() -> String {
    [
        "Windows Registry Editor Version 5.00",
        r"[HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Scanner]",
        r#""DisplayName"="Scanner""#,
        SYSTEM_DRIVE,
        r#""SystemRoot"="C:\\Windows""#,
        r"[HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\S-1-5-18]",
        r#""ProfileImagePath"="%systemroot%\\system32\\config\\systemprofile""#,
        &format!(r"[HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\{SID}]"),
        r#""ProfileImagePath"="%SystemDrive%\\Users\\Анна""#,
        r"[HKLM\SYSTEM\CurrentControlSet\Services\klif]",
        r#""Start"=dword:00000001"#,
        &format!(r"[HKU\{SID}\Software\Microsoft\Windows\CurrentVersion\Uninstall\Own]"),
        r#""DisplayName"="Own""#,
        &format!(r"[HKU\{SID}\Software\Microsoft\Windows\CurrentVersion\Explorer\Shell Folders]"),
        r#""AppData"="C:\\Users\\анна\\AppData\\Roaming""#,
        &format!(r"[HKU\{SID}\Environment]"),
        &format!(r"[HKU\{SID}_Classes\Local Settings\Software]"),
        "",
    ]
    .join("\n")
}

fn hive(root: &str) -> Vec<u8> {
    hive_of(&export(), root)
}

/// The hive of the user's classes, whose root is named as Windows does.
fn classes() -> Vec<u8> {
    let mut root = HiveKey::from_text(&export(), &format!(r"HKU\{SID}_Classes"));
    root.name = format!("{SID}_Classes");
    encode(&root).bytes
}

fn write(folder: &Path, files: &[(&str, &[u8])]) {
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, bytes).expect("written");
    }
}

/// A folder with these files, as a system.
fn given(files: &[(&str, &[u8])]) -> (tempfile::TempDir, HivesHost) {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), files);
    let host = HivesHost::open(folder.path()).expect("hives");
    (folder, host)
}

fn registry(host: &dyn Host) -> &dyn Registry {
    host.registry().expect("Windows")
}

fn text(registry: &dyn Registry, key: &str, name: &str) -> Option<String> {
    let data = registry.value(key, name).expect("sound");
    data.as_ref().and_then(RegistryData::text).map(str::to_owned)
}

fn users(registry: &dyn Registry) -> Vec<(String, String, Option<String>)> {
    registry.users().expect("known").into_iter().map(|user| (user.id, user.name, user.profile)).collect()
}

fn codes(registry: &dyn Registry) -> Vec<String> {
    registry.diagnostics().into_iter().map(|diagnostic| diagnostic.code.into_owned()).collect()
}

#[test]
fn hives_are_known_by_their_content() {
    let named = |keys: &[&str]| {
        let mut root = HiveKey::new("ROOT");
        for key in keys {
            root.at(key);
        }
        let hive = Hive::open(encode(&root).bytes, &[]).expect("a hive");
        HiveKind::of(&hive).expect("sound")
    };
    for (keys, expected) in [
        (&["Microsoft\\Windows NT\\CurrentVersion", "Classes", "WOW6432Node"][..], HiveKind::Software),
        (&["Microsoft\\Windows\\CurrentVersion\\Uninstall\\Test"], HiveKind::Software),
        (&["Select", "ControlSet001\\Services", "Software", "Setup"], HiveKind::System),
        (&["ControlSet002", "Software", "Keyboard Layout"], HiveKind::System),
        (&["Software\\Microsoft", "Control Panel"], HiveKind::User),
        (&["software", "ENVIRONMENT"], HiveKind::User),
        (&["Local Settings", "CLSID", ".txt"], HiveKind::UserClasses),
        (&["Root\\InventoryApplicationFile"], HiveKind::Amcache),
        (&["Root\\File\\{0}"], HiveKind::Amcache),
        (&["SAM\\Domains"], HiveKind::Other),
        (&["Software", "ControlSetX"], HiveKind::Other),
        (&[], HiveKind::Other),
    ] {
        assert_eq!(named(keys), expected, "{keys:?}");
    }
}

#[test]
fn a_folder_of_hives_is_a_registry_whatever_the_names() {
    let (_folder, host) = given(&[
        ("a.bin", &hive(r"HKLM\SYSTEM")),
        ("b", &hive(r"HKLM\SOFTWARE")),
        ("users/anna.hve", &hive(&format!(r"HKU\{SID}"))),
        ("users/classes", &classes()),
        ("notes.txt", b"no hive"),
    ]);
    let registry = registry(&host);
    let uninstall = r"HKLM\software\microsoft\WINDOWS\CurrentVersion\Uninstall";
    assert_eq!(registry.subkeys(uninstall).expect("there"), ["Scanner"]);
    assert_eq!(text(registry, &format!(r"{uninstall}\scanner"), "displayname").as_deref(), Some("Scanner"));
    assert_eq!(registry.subkeys("HKLM").expect("known"), ["SOFTWARE", "SYSTEM"]);
    let services = r"HKLM\SYSTEM\CurrentControlSet\Services";
    assert_eq!(registry.subkeys(services).expect("there"), ["klif"]);
    assert_eq!(registry.subkeys(r"HKLM\SYSTEM").expect("there"), ["ControlSet001", "CurrentControlSet", "Select"]);
    assert_eq!(
        registry.subkeys(&format!(r"HKU\{SID}\Software\Microsoft\Windows\CurrentVersion\Uninstall")).expect("there"),
        ["Own"]
    );
    assert_eq!(registry.subkeys(&format!(r"HKU\{SID}_Classes\Local Settings")).expect("there"), ["Software"]);
    let profile = r"C:\Users\анна".to_owned();
    assert_eq!(users(registry)[0], (SID.to_owned(), "анна".to_owned(), Some(profile)));
    // Whom the machine knows and whose hive is not there.
    assert_eq!(users(registry)[1].0, "S-1-5-18");
    assert!(matches!(registry.subkeys(r"HKU\S-1-5-18"), Err(HostError::NotAtHand { .. })));
    for (key, is_there) in [(r"HKLM\SOFTWARE\None", true), (r"HKLM\SAM", false), (r"HKCU\Software", false)] {
        match registry.values(key) {
            Err(HostError::NotFound { .. }) => assert!(is_there, "{key}"),
            Err(HostError::NotAtHand { .. }) => assert!(!is_there, "{key}"),
            other => panic!("{key}: {other:?}"),
        }
    }
    assert_eq!((registry.take_shortfalls(), codes(registry)), (vec![], vec![]));
    assert!(matches!(host.look(r"C:\Windows"), Err(HostError::NotAtHand { .. })));
}

#[test]
fn users_nobody_knows_go_by_their_files() {
    let user = hive(&format!(r"HKU\{SID}"));
    let (_folder, host) = given(&[("NTUSER.DAT", &user), ("old/NTUSER.DAT", &user), ("UsrClass.dat", &classes())]);
    let registry = registry(&host);
    let ids: Vec<String> = users(registry).into_iter().map(|(id, _, _)| id).collect();
    assert_eq!(ids, ["NTUSER.DAT", "NTUSER.DAT (2)", SID]);
    assert!(registry.subkeys(r"HKU\NTUSER.DAT (2)\Environment").is_ok());
    // The classes say whose they are, their user's own hive is not among those that do.
    assert!(registry.subkeys(&format!(r"HKU\{SID}_Classes")).is_ok());
    assert!(matches!(registry.subkeys(&format!(r"HKU\{SID}")), Err(HostError::NotAtHand { .. })));
    assert!(matches!(registry.subkeys(r"HKLM\SOFTWARE\Microsoft"), Err(HostError::NotAtHand { .. })));
}

#[test]
fn two_hives_of_one_kind_are_read_as_one() {
    let other = "Windows Registry Editor Version 5.00\n\
        [HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\scanner]\n\"DisplayName\"=\"Other\"\n\"Version\"=\"2\"\n\
        [HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Second]\n";
    let mut newer = hive(r"HKLM\SOFTWARE");
    // What was written last says what counts.
    newer[12..20].copy_from_slice(&u64::MAX.to_le_bytes());
    interdict_formats::testing::hive::seal(&mut newer);
    let (_folder, host) = given(&[("1", &hive_of(other, r"HKLM\SOFTWARE")), ("2", &newer)]);
    let registry = registry(&host);
    let uninstall = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall";
    assert_eq!(registry.subkeys(uninstall).expect("there"), ["Scanner", "Second"]);
    let values = registry.values(&format!(r"{uninstall}\Scanner")).expect("there");
    let values: Vec<_> = values.iter().map(|value| (value.name.as_str(), value.data.text())).collect();
    assert_eq!(values, [("DisplayName", Some("Scanner")), ("Version", Some("2"))]);
    assert_eq!(text(registry, &format!(r"{uninstall}\Scanner"), "Version").as_deref(), Some("2"));
    assert_eq!(codes(registry), ["collect/hives-alike"]);
}

#[test]
fn damage_is_an_error_for_who_asks_for_it_and_is_said_by_who_passes_over_it() {
    let mut root = HiveKey::from_text(&export(), r"HKLM\SOFTWARE");
    root.at(r"Microsoft\Windows\CurrentVersion\Uninstall\Zz");
    let sound = encode(&root);
    let uninstall = r"Microsoft\Windows\CurrentVersion\Uninstall";
    let broken_key = sound.clone().put(sound.place(&format!(r"{uninstall}\Scanner")).node, 0).bytes;
    let broken_list = sound.clone().put(sound.place(uninstall).subkeys, 0).bytes;
    let key = format!(r"HKLM\SOFTWARE\{uninstall}");
    let (_folder, host) = given(&[("software", &broken_key)]);
    let one = registry(&host);
    assert_eq!(one.subkeys(&key).expect("in part"), ["Zz"]);
    let said = one.take_shortfalls();
    assert!(said.len() == 1 && said[0].contains("software is damaged at byte"), "{said:?}");
    assert_eq!(one.take_shortfalls(), Vec::<String>::new());
    for name in ["Scanner", "None"] {
        assert!(matches!(one.values(&format!(r"{key}\{name}")), Err(HostError::Other { .. })), "{name}");
    }
    assert!(one.values(&format!(r"{key}\Zz")).is_ok());
    let (_folder, host) = given(&[("software", &broken_list)]);
    assert!(matches!(registry(&host).subkeys(&key), Err(HostError::Other { .. })));
    // A hive beside it that is sound knows better, and that one of them is damaged is said all the same.
    let (_folder, host) = given(&[("1", &broken_list), ("2", &sound.bytes)]);
    let both = registry(&host);
    assert_eq!(both.subkeys(&key).expect("there"), ["Scanner", "Zz"]);
    assert!(matches!(both.values(&format!(r"{key}\None")), Err(HostError::NotFound { .. })));
    assert_eq!(both.take_shortfalls().len(), 1);
}

#[test]
fn what_cannot_be_opened_is_never_taken_for_nothing() {
    let sound = encode(&HiveKey::from_text(&export(), r"HKLM\SOFTWARE"));
    let headless = sound.clone().put(sound.place("").node, 0).bytes;
    let (_folder, host) = given(&[("broken", &headless), ("system", &hive(r"HKLM\SYSTEM"))]);
    let registry = registry(&host);
    assert_eq!(codes(registry), ["collect/hive-left-out"]);
    assert!(matches!(registry.subkeys(r"HKLM\SOFTWARE"), Err(HostError::NotAtHand { .. })));
    assert!(registry.users().is_ok());
    assert_eq!(registry.take_shortfalls().len(), 1);

    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &[("text", b"nothing of ours")]);
    let error = HivesHost::open(folder.path()).expect_err("no hive");
    assert!(matches!(error, HostError::NoHives { .. }));
    assert!(matches!(HivesHost::open(&folder.path().join("none")), Err(HostError::NotFound { .. })));
    assert!(HivesHost::open(&folder.path().join("text")).is_err());
}

#[test]
fn transaction_logs_beside_a_hive_are_used() {
    let mut root = HiveKey::from_text(&export(), r"HKLM\SOFTWARE");
    let before = encode(&root).bytes;
    root.at(r"Microsoft\Windows\CurrentVersion\Uninstall\New");
    let log = entry_log(&[&before, &encode(&root).bytes]);
    let mut dirty = before;
    make_dirty(&mut dirty);
    let uninstall = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall";
    for (name, log_name, is_used) in [
        ("SOFTWARE", "SOFTWARE.LOG1", true),
        ("SOFTWARE", "software.log2", true),
        ("pc7.hve", "PC7.LOG1", true),
        ("pc7.hve", "pc7.hve.log", true),
        ("SOFTWARE", "SYSTEM.LOG1", false),
    ] {
        let (_folder, host) = given(&[(name, &dirty), (log_name, &log)]);
        let registry = registry(&host);
        let count = registry.subkeys(uninstall).expect("there").len();
        let code = if is_used { "formats/hive-recovered" } else { "formats/hive-dirty" };
        assert_eq!((count, codes(registry)), (if is_used { 2 } else { 1 }, vec![code.to_owned()]), "{name} {log_name}");
    }
}

#[test]
fn links_between_keys_are_followed() {
    let mut root = HiveKey::from_text(&export(), r"HKLM\SOFTWARE");
    root.at(r"Classes\WOW6432Node\CLSID");
    let mut link = |at: &str, to: &str| {
        let key = root.at(at);
        key.flags = 0x10;
        let bytes: Vec<u8> = to.encode_utf16().flat_map(u16::to_le_bytes).collect();
        key.values.push(HiveValue::new("SymbolicLinkValue", 6, bytes));
    };
    link(r"WOW6432Node\Classes", r"\REGISTRY\MACHINE\SOFTWARE\Classes\WOW6432Node");
    link("Setup", r"\Registry\Machine\System\Select");
    link("Loop", r"\Registry\Machine\Software\Loop");
    link("Outside", r"\Device\Somewhere");
    let (_folder, host) = given(&[("1", &encode(&root).bytes), ("2", &hive(r"HKLM\SYSTEM"))]);
    let registry = registry(&host);
    assert_eq!(registry.subkeys(r"HKLM\SOFTWARE\WOW6432Node\Classes").expect("there"), ["CLSID"]);
    assert!(registry.subkeys(r"HKLM\SOFTWARE\WOW6432Node\Classes\CLSID").is_ok());
    let current = registry.value(r"HKLM\SOFTWARE\Setup", "Current").expect("there");
    assert_eq!(current, Some(RegistryData::Number(1)));
    assert!(matches!(registry.subkeys(r"HKLM\SOFTWARE\Loop\x"), Err(HostError::Other { .. })));
    assert!(matches!(registry.subkeys(r"HKLM\SOFTWARE\Outside"), Err(HostError::NotAtHand { .. })));
}

#[test]
fn the_current_control_set_is_the_selected_one() {
    let system = |select: &[(&str, u32)]| {
        let mut root = HiveKey::new("ROOT");
        for number in ["001", "002", "003"] {
            root.at(&format!(r"ControlSet{number}\is{number}"));
        }
        let select = select.iter().map(|(name, number)| HiveValue::new(name, 4, number.to_le_bytes()));
        root.at("Select").values = select.collect();
        encode(&root).bytes
    };
    for (select, expected) in [
        (&[("Current", 2), ("Default", 1)][..], "is002"),
        (&[("Current", 9), ("Default", 3)], "is003"),
        (&[("LastKnownGood", 3)], "is003"),
        (&[], "is001"),
    ] {
        let (_folder, host) = given(&[("system", &system(select))]);
        let found = registry(&host).subkeys(r"HKLM\SYSTEM\currentcontrolset").expect("there");
        assert_eq!(found, [expected], "{select:?}");
    }
}

/// A mounted disk with these files.
fn mounted(files: &[(&str, &[u8])]) -> (tempfile::TempDir, RootedHost) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(folder.path().join("Windows/System32")).expect("made");
    write(folder.path(), files);
    let host = RootedHost::open(folder.path()).expect("a folder");
    (folder, host)
}

#[test]
fn a_mounted_disk_has_the_hives_of_the_machine_and_of_everybody() {
    let (software, system, user) = (hive(r"HKLM\SOFTWARE"), hive(r"HKLM\SYSTEM"), hive(&format!(r"HKU\{SID}")));
    let (_folder, host) = mounted(&[
        ("Windows/System32/config/SOFTWARE", &software),
        ("Windows/System32/config/system", &system),
        ("Windows/System32/config/DEFAULT", &user),
        ("Windows/System32/config/systemprofile/NTUSER.DAT", &user),
        ("Windows/ServiceProfiles/LocalService/NTUSER.DAT", &user),
        ("Users/анна/ntuser.dat", &user),
        ("Users/анна/AppData/Local/Microsoft/Windows/UsrClass.dat", &classes()),
        ("Users/old copy/NTUSER.DAT", &user),
        ("Users/Public/desktop.ini", b""),
    ]);
    let registry = registry(&host);
    assert_eq!(registry.subkeys(r"HKLM\SYSTEM\CurrentControlSet\Services").expect("there"), ["klif"]);
    let known = users(registry);
    let ids: Vec<&str> = known.iter().map(|(id, _, _)| id.as_str()).collect();
    assert_eq!(ids, ["S-1-5-18", SID, "old copy", "LocalService", "systemprofile"]);
    assert_eq!(known[1].1, "Анна");
    assert_eq!(known[2].2.as_deref(), Some(r"C:\Users\old copy"));
    for id in ids {
        assert!(registry.subkeys(&format!(r"HKU\{id}\Environment")).is_ok(), "{id}");
        let classes = registry.subkeys(&format!(r"HKU\{id}_Classes"));
        match classes {
            Ok(_) => assert_eq!(id, SID),
            // Who never had classes of their own has no file, so nothing is in it.
            Err(error) => assert!(matches!(error, HostError::NotFound { .. }) && id != SID, "{id}: {error}"),
        }
    }
    assert!(host.look(r"c:\users\АННА").is_ok());
    assert!(matches!(host.look(r"D:\Users"), Err(HostError::NotAtHand { .. })));
    assert_eq!(registry.take_shortfalls(), Vec::<String>::new());
}

#[test]
fn a_disk_is_written_from_a_registry_export() {
    let files = disk_of(&export());
    let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let [config, user] = ["Windows/System32/config", "Users/Анна"];
    let classes = format!("{user}/AppData/Local/Microsoft/Windows/UsrClass.dat");
    let expected = [format!("{config}/SOFTWARE"), format!("{config}/SYSTEM"), format!("{user}/NTUSER.DAT"), classes];
    assert_eq!(paths, expected);
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    let (_folder, host) = mounted(&files);
    assert!(registry(&host).subkeys(&format!(r"HKU\{SID}\Environment")).is_ok());
}

#[test]
fn the_system_drive_has_the_letter_that_the_registry_says() {
    let software = hive_of(&export().replace(r#""C:\\Windows""#, r#""E:\\Windows""#), r"HKLM\SOFTWARE");
    let (_folder, host) = mounted(&[("Windows/System32/config/SOFTWARE", &software), ("Users/Анна/NTUSER.DAT", b"x")]);
    assert!(host.look(r"E:\Windows\System32").is_ok());
    assert_eq!(host.canonical(r"e:\windows").expect("there"), r"E:\Windows");
    assert!(matches!(host.look(r"C:\Windows"), Err(HostError::NotAtHand { .. })));
    // A hive that is none is damaged, and its user is still one.
    assert_eq!(users(registry(&host))[1].2.as_deref(), Some(r"E:\Users\Анна"));
    assert!(matches!(registry(&host).subkeys(&format!(r"HKU\{SID}")), Err(HostError::Other { .. })));
}

#[test]
fn a_mounted_disk_without_hives_is_windows_all_the_same() {
    let (_folder, host) = mounted(&[("Users/a/x", b"")]);
    let registry = registry(&host);
    assert!(matches!(registry.subkeys(r"HKLM\SOFTWARE"), Err(HostError::NotAtHand { .. })));
    assert_eq!(users(registry), []);
    assert!(host.look(r"C:\Users\A\X").is_ok());
}

#[test]
#[cfg(unix)]
fn a_hive_that_may_not_be_read_is_denied() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, host) = mounted(&[("Windows/System32/config/SOFTWARE", &hive(r"HKLM\SOFTWARE"))]);
    let file = folder.path().join("Windows/System32/config/SOFTWARE");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).expect("set");
    // Whoever runs as root may read everything.
    if fs::read(&file).is_err() {
        assert!(matches!(registry(&host).subkeys(r"HKLM\SOFTWARE"), Err(HostError::Denied { .. })));
    }
}
