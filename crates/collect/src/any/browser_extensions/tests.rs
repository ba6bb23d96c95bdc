//! Extensions, policies and hosts of made-up browsers.

use super::*;
use crate::testing::{fixture, rows};
use crate::{FixtureHost, MapRegistry};
use interdict_model::{CollectorStatus, Probes};

fn collect(collector: &BrowserExtensions, host: &FixtureHost) -> Collected {
    collector.collect(host, &Request::of(&Probes::default()))
}

fn linux(name: &str) -> Collected {
    collect(&BrowserExtensions::LINUX, &fixture("linux/browser-extensions", name))
}

/// Id, name, version, publisher; browser, scope and kind; whether it is on and there; the path.
fn found(collected: &Collected) -> Vec<String> {
    rows(collected, |one| {
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let raw = |key| one.raw(key).unwrap_or("-");
        format!(
            "{} {} {} {} | {} {} {} | on:{} there:{} | {}",
            or_none(&one.identifier),
            or_none(&one.name),
            or_none(&one.version),
            or_none(&one.publisher),
            raw(raw_key::BROWSER),
            one.scope.as_ref().map(ToString::to_string).unwrap_or_default(),
            raw(raw_key::KIND),
            raw(raw_key::ENABLED),
            raw(raw_key::EXECUTABLE_EXISTS),
            or_none(&one.path),
        )
    })
}

#[test]
fn a_profile_of_chromium_is_read() {
    let collected = linux("chromium-profile");
    assert_eq!(
        found(&collected),
        [
            "bfpaejahkkpiploojebbbpdjclmokkhc In the making 0.1 - | Chromium user:ada unpacked | on:false there:true | \
             /home/ada/dev",
            "nkoipeljocbcgaophleacfjjjnkabenf Try Me 1.2.3 Example | Chromium user:ada external | on:true there:true | \
             /home/ada/.config/chromium/Default/Extensions/nkoipeljocbcgaophleacfjjjnkabenf/1.2.3_0",
        ]
    );
    assert_eq!(collected.status, CollectorStatus::Complete, "{:?}", collected.reason);
}

#[test]
fn an_extension_without_preferences_is_named_from_its_highest_version() {
    assert_eq!(
        found(&linux("unlisted-versions")),
        ["aaaabbbbccccddddeeeeffffgggghhhh Защита 1.10.0 - | Brave user:ada - | on:- there:true | \
          /home/ada/.config/BraveSoftware/Brave-Browser/Profile 2/Extensions/aaaabbbbccccddddeeeeffffgggghhhh/1.10.0_0"]
    );
}

#[test]
fn cut_preferences_are_said_and_what_lies_there_is_kept() {
    let collected = linux("cut-preferences");
    assert_eq!(
        found(&collected),
        ["aaaabbbbccccddddeeeeffffgggghhhh Shield 1.0 - | Chromium user:ada - | on:- there:true | \
          /home/ada/snap/chromium/common/chromium/Default/Extensions/aaaabbbbccccddddeeeeffffgggghhhh/1.0_0"]
    );
    assert_eq!(collected.status, CollectorStatus::Partial);
    let reason = collected.reason.expect("partial");
    assert!(reason.contains("Default/Preferences could not be read: the file ends within its JSON"), "{reason}");
}

#[test]
fn a_profile_of_firefox_is_read() {
    let folder = "/home/ada/.mozilla/firefox/x1.default-release/extensions";
    assert_eq!(
        found(&linux("firefox-profile")),
        [
            format!(
                "shield@vendor.example Shield 2.0 Vendor | Firefox user:ada - | on:true there:true | {folder}/shield@vendor.example.xpi"
            ),
            format!(
                "gone@vendor.example Gone 1.0 - | Firefox user:ada - | on:false there:false | {folder}/gone@vendor.example.xpi"
            ),
            format!(
                "dropped@vendor.example - - - | Firefox user:ada - | on:- there:true | {folder}/dropped@vendor.example.xpi"
            ),
        ]
    );
}

#[test]
fn policies_external_extensions_and_native_hosts_are_read() {
    let collected = linux("policies-and-hosts");
    assert_eq!(
        found(&collected),
        [
            "com.vendor.host com.vendor.host - - | Vivaldi user:ada native-messaging-host | on:- there:- | \
             /home/ada/.config/vivaldi/NativeMessagingHosts/com.vendor.host.json",
            "com.vendor.host com.vendor.host - - | Chromium machine native-messaging-host | on:- there:true | /opt/vendor/host",
            "com.vendor.host com.vendor.host - - | Firefox machine native-messaging-host | on:- there:false | /opt/vendor/gone",
            "aaaabbbbccccddddeeeeffffgggghhhh - - - | Chrome machine policy | on:- there:- | \
             /etc/opt/chrome/policies/managed/security.json",
            "nkoipeljocbcgaophleacfjjjnkabenf - - - | Chrome machine external | on:- there:- | \
             /usr/share/google-chrome/extensions/nkoipeljocbcgaophleacfjjjnkabenf.json",
            "shield@vendor.example - - - | Firefox machine policy | on:- there:- | /etc/firefox/policies/policies.json",
        ]
    );
    assert_eq!(collected.observations[1].raw(raw_key::EXTENSIONS), Some("aaaabbbbccccddddeeeeffffgggghhhh"));
    assert_eq!(collected.observations[1].display_name.as_deref(), Some("Shield helper"));
    assert_eq!(collected.status, CollectorStatus::Partial, "the host's manifest that is cut");
}

#[test]
fn what_may_not_be_read_is_named_once() {
    let host = fixture("linux/browser-extensions", "chromium-profile");
    let profile = collect(&BrowserExtensions::LINUX, &host.clone().unreadable("/home/ada/.config/chromium/Default"));
    assert_eq!(profile.reason.as_deref(), Some("/home/ada/.config/chromium/Default may not be read as uid 65534"));
    let home = collect(&BrowserExtensions::LINUX, &host.unreadable("/home/ada"));
    assert_eq!(home.reason.as_deref(), Some("the home of ada, /home/ada, may not be read as uid 65534"));
    assert_eq!(home.status, CollectorStatus::NotPossible);
}

#[test]
fn folders_of_macos_are_known() {
    let profile = "/Users/ada/Library/Application Support/Google/Chrome/Profile 1/Extensions";
    let host = FixtureHost::macos()
        .file(&format!("{profile}/aaaabbbbccccddddeeeeffffgggghhhh/1_0/manifest.json"), r#"{"name":"Shield"}"#)
        .file("/Users/ada/Library/Application Support/Google/Chrome/Local State", "{}")
        .file("/Users/ada/Library/Application Support/Firefox/Profiles/x.default/extensions/a@b.xpi", "PK")
        .file(
            "/Library/Managed Preferences/com.google.Chrome.plist",
            "<plist version=\"1.0\"><dict><key>ExtensionInstallForcelist</key><array><string>bbbb</string></array></dict></plist>",
        )
        .file(
            "/Library/Google/Chrome/NativeMessagingHosts/com.vendor.host.json",
            r#"{"path":"/Applications/V.app/h"}"#,
        );
    assert_eq!(
        found(&collect(&BrowserExtensions::MACOS, &host)),
        [
            format!(
                "aaaabbbbccccddddeeeeffffgggghhhh Shield - - | Chrome user:ada - | on:- there:true | {profile}/aaaabbbbccccddddeeeeffffgggghhhh/1_0"
            ),
            "a@b - - - | Firefox user:ada - | on:- there:true | \
             /Users/ada/Library/Application Support/Firefox/Profiles/x.default/extensions/a@b.xpi"
                .to_owned(),
            "com.vendor.host com.vendor.host - - | Chrome machine native-messaging-host | on:- there:false | /Applications/V.app/h"
                .to_owned(),
            "bbbb - - - | Chrome machine policy | on:- there:- | /Library/Managed Preferences/com.google.Chrome.plist".to_owned(),
        ]
    );
}

#[test]
fn a_home_whose_browser_cannot_be_read_is_read_in_part() {
    let host = FixtureHost::new()
        .special("/home/ada/.config/chromium/Default/Preferences")
        .link("/home/ada/.config/loop", "loop");
    let collected = collect(&BrowserExtensions::LINUX, &host);
    assert_eq!(collected.status, CollectorStatus::Partial);
    let reason = collected.reason.expect("partial");
    for expected in
        ["Default/Preferences could not be read: not a regular file", "loop could not be read: too many links"]
    {
        assert!(reason.contains(expected), "{reason}");
    }
}

#[test]
fn folders_and_keys_of_windows_are_known() {
    let registry = MapRegistry::from_text(
        r#"REGEDIT4
[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Google\Chrome\ExtensionInstallForcelist]
"1"="aaaabbbbccccddddeeeeffffgggghhhh;https://clients2.google.com/service/update2/crx"
[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Edge]
"ExtensionSettings"="{\"bbbb\":{\"installation_mode\":\"force_installed\"}}"
[HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Google\Chrome\Extensions\ccccbbbbccccddddeeeeffffgggghhhh]
"update_url"="https://clients2.google.com/service/update2/crx"
[HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Google\Chrome\NativeMessagingHosts\com.vendor.host]
@="C:\\Program Files\\Vendor\\host.json"
[HKEY_USERS\S-1-5-21-1\Software\Mozilla\Firefox\Extensions]
"a@b"="C:\\Program Files\\Vendor\\a.xpi"
"#,
    )
    .user("S-1-5-21-1", "ada", Some(r"C:\Users\ada"))
    .user("S-1-5-21-2", "bob", None)
    .missing(r"HKU\S-1-5-21-2");
    let profile = r"C:\Users\ada\AppData\Local\Microsoft\Edge\User Data\Default\Extensions";
    let host = FixtureHost::windows(registry)
        .file(&format!(r"{profile}\aaaabbbbccccddddeeeeffffgggghhhh\1_0\manifest.json"), r#"{"name":"Shield"}"#)
        .file(r"C:\Program Files\Vendor\host.json", r#"{"name":"com.vendor.host","path":"host.exe"}"#)
        .executable(r"C:\Program Files\Vendor\host.exe")
        .file(r"C:\Program Files\Vendor\a.xpi", "PK");
    let collected = collect(&BrowserExtensions::WINDOWS, &host);
    assert_eq!(
        found(&collected),
        [
            format!(
                r"aaaabbbbccccddddeeeeffffgggghhhh Shield - - | Edge user:ada - | on:- there:true | {profile}\aaaabbbbccccddddeeeeffffgggghhhh\1_0"
            ),
            r"aaaabbbbccccddddeeeeffffgggghhhh - - - | Chrome machine policy | on:- there:- | HKLM\SOFTWARE\Policies\Google\Chrome".to_owned(),
            r"bbbb - - - | Edge machine policy | on:- there:- | HKLM\SOFTWARE\Policies\Microsoft\Edge".to_owned(),
            r"ccccbbbbccccddddeeeeffffgggghhhh - - - | Chrome machine external | on:- there:- | HKLM\SOFTWARE\WOW6432Node\Google\Chrome\Extensions\ccccbbbbccccddddeeeeffffgggghhhh".to_owned(),
            r"com.vendor.host com.vendor.host - - | Chrome machine native-messaging-host | on:- there:true | C:\Program Files\Vendor\host.exe".to_owned(),
            r"a@b - - - | Firefox user:ada external | on:- there:true | C:\Program Files\Vendor\a.xpi".to_owned(),
        ]
    );
    assert_eq!(collected.reason.as_deref(), Some(r"HKU\S-1-5-21-2\Software cannot be looked at: its hive is missing"));
}
