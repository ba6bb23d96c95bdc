//! Identification over the built-in catalogue: what must be found by any one trace, and what must never be.

use std::sync::OnceLock;

use interdict_catalogue::builtin;
use interdict_identify::{Identifier, consolidate, find_parties};
use interdict_model::{Observation, ObservationSource, Presence};

fn identifier() -> &'static Identifier {
    static IDENTIFIER: OnceLock<Identifier> = OnceLock::new();
    IDENTIFIER.get_or_init(|| Identifier::new(&builtin().0))
}

fn observation(json: &str) -> Observation {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

/// Observation, vendor, product; `-` for none.
const TABLE: &[(&str, &str, &str)] = &[
    (
        r#"{"source":"programs","name":"Kaspersky Endpoint Security for Windows","publisher":"AO Kaspersky Lab"}"#,
        "kaspersky",
        "kaspersky.kes-win",
    ),
    (
        r#"{"source":"programs","name":"Антивирус Касперского","publisher":"Лаборатория Касперского"}"#,
        "kaspersky",
        "kaspersky.kav",
    ),
    (r#"{"source":"programs","name":"АНТИВИРУС КАСПЕРСКОГО 2021"}"#, "kaspersky", "kaspersky.kav"),
    (r#"{"source":"deb_packages","name":"kesl","version":"11.4.0-1096"}"#, "kaspersky", "kaspersky.kes-linux"),
    (r#"{"source":"rpm_packages","name":"klnagent64","version":"15.1.0-20748"}"#, "kaspersky", "kaspersky.nagent"),
    (
        r#"{"source":"services","name":"klnagent64","path":"/opt/kaspersky/klnagent64/sbin/klnagent"}"#,
        "kaspersky",
        "kaspersky.nagent",
    ),
    (
        r#"{"source":"services","name":"kesl","display_name":"Kaspersky Endpoint Security"}"#,
        "kaspersky",
        "kaspersky.kes-linux",
    ),
    (r#"{"source":"files","path":"/opt/kaspersky"}"#, "kaspersky", "-"),
    (r#"{"source":"files","path":"/opt/kaspersky/kesl/bin/kesl-control"}"#, "kaspersky", "kaspersky.kes-linux"),
    (r#"{"source":"minifilters","name":"klam"}"#, "kaspersky", "-"),
    (r#"{"source":"drivers","name":"klif","path":"C:\\Windows\\System32\\drivers\\klif.sys"}"#, "kaspersky", "-"),
    (
        r#"{"source":"scheduled_tasks","name":"\\Vendor\\x","path":"C:\\Program Files (x86)\\Kaspersky Lab\\NetworkAgent\\klnagent.exe"}"#,
        "kaspersky",
        "kaspersky.nagent",
    ),
    (r#"{"source":"scheduled_tasks","name":"\\Tasks\\Kaspersky Upgrade Launcher"}"#, "kaspersky", "-"),
    (r#"{"source":"services","name":"x","path":"D:\\Tools\\kavfs.exe"}"#, "kaspersky", "kaspersky.ksws"),
    (
        r#"{"source":"programs","name":"ZoneAlarm Extreme Security","publisher":"Check Point Software","install_location":"C:\\Program Files (x86)\\CheckPoint\\ZoneAlarm"}"#,
        "checkpoint",
        "checkpoint.zonealarm",
    ),
    (r#"{"source":"programs","name":"Some unknown tool","publisher":"AO Kaspersky Lab"}"#, "kaspersky", "-"),
    (
        r#"{"source":"drivers","name":"x","signer":"CN=AO Kaspersky Lab, O=AO Kaspersky Lab, L=Moscow, C=RU"}"#,
        "kaspersky",
        "-",
    ),
    (r#"{"source":"programs","name":"Kaspersky™ Internet Security"}"#, "kaspersky", "kaspersky.kis"),
    (r#"{"source":"apps","name":"x","identifier":"com.kaspersky.kaspresso"}"#, "-", "-"),
    (r#"{"source":"files","path":"\"C:\\Program Files\\Kaspersky Lab\\x.exe\""}"#, "kaspersky", "-"),
    (r#"{"source":"programs","name":"Autodesk Fusion 360","publisher":"Autodesk, Inc."}"#, "-", "-"),
    (r#"{"source":"deb_packages","name":"panda3d"}"#, "-", "-"),
    (r#"{"source":"programs","name":"CasparCG Server"}"#, "-", "-"),
    (r#"{"source":"programs","name":"Casper Suite","publisher":"Jamf"}"#, "jamf", "-"),
    (r#"{"source":"drivers","name":"kavnsi","path":"C:\\Windows\\System32\\drivers\\kavnsi.sys"}"#, "-", "-"),
    (r#"{"source":"deb_packages","name":"wazuh-agent","version":"4.9.2-1"}"#, "wazuh", "wazuh.agent"),
    (r#"{"source":"deb_packages","name":"clamav-daemon"}"#, "cisco", "cisco.clamav"),
    (
        r#"{"source":"deb_packages","name":"clamav-freshclam","publisher":"ClamAV Team <pkg-clamav-devel@lists.alioth.debian.org>"}"#,
        "cisco",
        "cisco.clamav",
    ),
    (r#"{"source":"deb_packages","name":"bash","publisher":"Matthias Klose <doko@debian.org>"}"#, "-", "-"),
    (r#"{"source":"deb_packages","name":"mdatp","publisher":"Microsoft Corporation"}"#, "microsoft", "microsoft.mde"),
    (r#"{"source":"deb_packages","name":"falcon-sensor","version":"7.18.0"}"#, "crowdstrike", "crowdstrike.falcon"),
];

#[test]
fn each_trace_alone_names_the_product_or_the_vendor_and_near_names_do_not() {
    let mut wrong = Vec::new();
    for (json, vendor, product) in TABLE {
        let found = identifier().identify(&observation(json));
        let got_vendor = found.vendor.as_ref().map_or("-", |id| id.as_str());
        let got_product = found.product.as_ref().map_or("-", |id| id.as_str());
        if (got_vendor, got_product) != (*vendor, *product) {
            wrong.push(format!(
                "{json}\n  wanted {vendor} {product}, got {got_vendor} {got_product}: {:?}",
                found.matched
            ));
        }
        assert_eq!(found.vendor.is_some(), !found.matched.is_empty(), "{json}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn glue_of_another_vendor_is_never_the_product() {
    let found = identifier()
        .identify(&observation(r#"{"source":"files","path":"/var/ossec/active-response/bin/kaspersky.py"}"#));
    assert_ne!(found.vendor.as_ref().map(interdict_model::VendorId::as_str), Some("kaspersky"), "{:?}", found.matched);
}

#[test]
fn a_vendor_folder_beside_a_product_supports_it_and_says_nothing_of_presence() {
    let observations = [
        observation(
            r#"{"source":"services","name":"klnagent64","path":"/opt/kaspersky/klnagent64/sbin/klnagent","raw":{"auto_start":"true","executable_exists":"false"}}"#,
        ),
        observation(
            r#"{"source":"files","path":"/opt/kaspersky","raw":{"kind":"folder","executable_below":"/opt/kaspersky/x"}}"#,
        ),
    ];
    let found = consolidate(identifier(), &observations);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].product.as_ref().map(interdict_model::ProductId::as_str), Some("kaspersky.nagent"));
    assert_eq!(found[0].presence, Presence::Residue);
    assert_eq!(found[0].evidence.len(), 2);
}

#[test]
fn consolidation_does_not_depend_on_the_order_of_observations() {
    let mut observations: Vec<Observation> = TABLE.iter().map(|(json, ..)| observation(json)).collect();
    let forwards = consolidate(identifier(), &observations);
    observations.reverse();
    let backwards = consolidate(identifier(), &observations);
    let keys = |list: &[interdict_model::Detection]| {
        list.iter().map(|found| (found.vendor.clone(), found.product.clone(), found.presence)).collect::<Vec<_>>()
    };
    assert_eq!(keys(&forwards), keys(&backwards));
}

#[test]
fn parties_are_found_by_exact_name_only() {
    let catalogue = builtin().0;
    let one = |name: &str| {
        let found = find_parties(&catalogue, name);
        assert!(found.len() <= 1, "{name}: {found:?}");
        found.into_iter().next().and_then(|party| party.id)
    };
    for (name, id) in [
        ("Eugene Kaspersky", Some("eugene-kaspersky")),
        ("  eugene   KASPERSKY ", Some("eugene-kaspersky")),
        ("Евгений Касперский", Some("eugene-kaspersky")),
        ("Andrei Tikhonov", Some("andrei-tikhonov")),
        ("TIKHONOV, Andrei Gennadyevich", Some("andrei-tikhonov")),
        ("AO Kaspersky Lab", Some("ao-kaspersky-lab")),
        ("Kaspersky Lab, Inc.", Some("kaspersky-lab-inc")),
        ("Kirill Kudryavtsev", None),
        ("Kaspersky", None),
        ("", None),
    ] {
        assert_eq!(one(name).as_deref(), id, "{name}");
    }
}

#[test]
fn strange_texts_are_no_trouble() {
    for text in ["", "\u{0}", "İ", "ﬁ", "*", "💥".repeat(5000).as_str(), "\u{202e}gnol", "a\u{300}\u{301}\u{302}"]
    {
        let mut odd = Observation::new(ObservationSource::Programs);
        odd.name = Some(text.to_owned());
        odd.publisher = Some(text.to_owned());
        odd.path = Some(text.to_owned());
        odd.signer = Some(text.to_owned());
        assert_eq!(identifier().identify(&odd).vendor, None);
    }
}
