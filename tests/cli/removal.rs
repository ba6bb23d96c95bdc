//! `verify-removed`: absent, present and not looked at are three different answers, and only the first is certified.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use interdict_tests::prepared_root::HOSTNAME;
use serde_json::Value;

use crate::schemas::holds;
use crate::support::Home;

const ASK: &str = "verify-removed --vendor kaspersky --format json";

/// The answer's classes of the only machine: source to state.
fn states(document: &Value) -> BTreeMap<String, String> {
    let classes = document["machines"][0]["classes"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    classes.iter().map(|class| (text(&class["source"]), text(&class["state"]))).collect()
}

fn class<'d>(document: &'d Value, source: &str) -> &'d Value {
    let classes = document["machines"][0]["classes"].as_array().unwrap();
    classes.iter().find(|class| class["source"] == source).unwrap()
}

/// Takes everything of Kaspersky's off the prepared system, as a careful person would.
fn remove_everything(root: &Path) {
    let status = fs::read_to_string(root.join("var/lib/dpkg/status")).unwrap();
    let of_kaspersky = |record: &&str| record.contains("Package: kesl\n") || record.contains("Package: klnagent64\n");
    let kept: Vec<&str> = status.split_inclusive("\n\n").filter(|record| !of_kaspersky(record)).collect();
    fs::write(root.join("var/lib/dpkg/status"), kept.concat()).unwrap();
    for folder in ["opt/kaspersky", "var/opt/kaspersky"] {
        fs::remove_dir_all(root.join(folder)).unwrap();
    }
    for unit in ["kesl", "klnagent64"] {
        fs::remove_file(root.join(format!("usr/lib/systemd/system/{unit}.service"))).unwrap();
        fs::remove_file(root.join(format!("etc/systemd/system/multi-user.target.wants/{unit}.service"))).unwrap();
    }
    fs::remove_file(root.join("var/lib/dpkg/info/kesl.list")).unwrap();
}

#[test]
fn what_is_left_is_named_with_its_place() {
    let home = Home::new();
    let root = home.prepared_root();
    home.line(&format!("audit --root {root}")).ended_with(0);
    let document = home.line("verify-removed --product kaspersky.kes-linux --format json").ended_with(10).json();
    holds("verify-removed", &document);
    assert_eq!(document["certified"], false);
    assert_eq!(class(&document, "deb_packages")["state"], "present");
    assert_eq!(class(&document, "deb_packages")["traces"][0]["title"], "kesl");
    let unit = &class(&document, "services")["traces"][0];
    assert_eq!(unit["path"], "/opt/kaspersky/kesl/libexec/kesl");
    assert_eq!(class(&document, "kernel_modules")["state"], "absent");
    let text = home.line("verify-removed --product kaspersky.kes-linux --report left.html").ended_with(10).stdout;
    let report = fs::read_to_string(home.path("left.html")).unwrap();
    assert!(report.contains("Not certified") && !report.contains("Certificate of removal"), "{report}");
    if let Some(folder) = std::env::var_os("INTERDICT_SCREENS") {
        fs::create_dir_all(&folder).unwrap();
        fs::copy(home.path("left.html"), Path::new(&folder).join("removal.html")).unwrap();
    }
    assert!(text.contains("Not certified: traces in") && !text.contains("CERTIFICATE"), "{text}");
    assert!(text.contains("/opt/kaspersky/kesl/libexec/kesl (started by the"), "{text}");
}

#[test]
fn a_system_with_everything_removed_is_certified_and_one_trace_undoes_it() {
    let home = Home::new();
    let root = home.prepared_root();
    home.line(&format!("audit --root {root}")).ended_with(0);
    remove_everything(Path::new(&root));
    home.line(&format!("audit --root {root}")).ended_with(0);
    let document = home.line(ASK).ended_with(0).json();
    holds("verify-removed", &document);
    assert!(states(&document).values().all(|state| state == "absent"), "{document:#}");
    assert!(document["machines"][0]["no_longer_found"].is_string(), "{document:#}");
    let processes = class(&document, "processes")["because"].as_str().unwrap().to_owned();
    assert_eq!(processes, "a mounted system runs no processes");
    let asked = format!("verify-removed --vendor kaspersky --machine {HOSTNAME} --report gone.html");
    let text = home.line(&asked).ended_with(0).stdout;
    let report = fs::read_to_string(home.path("gone.html")).unwrap();
    assert!(report.contains("Certificate of removal") && !report.contains("Not certified"), "{report}");
    assert!(text.contains("CERTIFICATE OF REMOVAL") && text.contains("last found by the scan of"), "{text}");

    fs::create_dir_all(home.path("root/var/opt/kaspersky")).unwrap();
    home.line(&format!("audit --root {root}")).ended_with(0);
    let document = home.line(ASK).ended_with(10).json();
    assert_eq!(class(&document, "files")["state"], "present");
    assert_eq!(class(&document, "files")["traces"][0]["path"], "/var/opt/kaspersky");
}

#[test]
fn what_could_not_be_looked_at_is_never_clean() {
    let home = Home::new();
    let root = home.prepared_root();
    remove_everything(Path::new(&root));
    fs::create_dir_all(home.path("root/var/lib/rpm")).unwrap();
    fs::write(home.path("root/var/lib/rpm/rpmdb.sqlite"), "no database").unwrap();
    home.line(&format!("audit --root {root}")).ended_with(0);
    let document = home.line(ASK).ended_with(10).json();
    assert_eq!(class(&document, "rpm_packages")["state"], "not-looked-at");
    assert!(class(&document, "rpm_packages")["because"].as_str().unwrap().contains("rpmdb.sqlite"), "{document:#}");
    let text = home.line("verify-removed --vendor kaspersky").ended_with(10).stdout;
    assert!(text.contains("Not certified: 1 class not looked at"), "{text}");
}

#[test]
fn probes_of_another_catalogue_looked_for_something_else() {
    let home = Home::new();
    let root = home.prepared_root();
    remove_everything(Path::new(&root));
    home.line(&format!("scan --root {root} --out old.jsonl")).ended_with(0);
    let scan = fs::read_to_string(home.path("old.jsonl")).unwrap();
    let header: Value = serde_json::from_str(scan.lines().next().unwrap()).unwrap();
    let version = header["probes"]["catalogue_version"].as_str().unwrap();
    fs::write(home.path("old.jsonl"), scan.replacen(version, "2020.1.1", 1)).unwrap();
    home.line("import old.jsonl").ended_with(0);
    let document = home.line(ASK).ended_with(10).json();
    assert_eq!(class(&document, "files")["state"], "not-looked-at");
    assert_eq!(class(&document, "deb_packages")["state"], "absent");
}

#[test]
fn traces_of_another_product_of_the_vendor_are_not_this_ones() {
    let home = Home::new();
    let root = home.prepared_root();
    home.line(&format!("audit --root {root}")).ended_with(0);
    // Of Small Office Security nothing was ever there; the folders are accounted for by what is.
    let document = home.line("verify-removed --product kaspersky.ksos --format json").ended_with(0).json();
    assert_eq!(document["certified"], true, "{document:#}");
    assert!(document["machines"][0].get("last_found").is_none());
}

#[test]
fn unknown_machines_and_empty_inventories_are_told() {
    let home = Home::new();
    home.line("verify-removed --vendor kaspersky").complains_of(1, &["cli/no-inventory"]);
    let root = home.prepared_root();
    home.line(&format!("audit --root {root}")).ended_with(0);
    home.line("verify-removed --vendor kaspersky --machine ws-fin-015")
        .complains_of(2, &["there is no machine", HOSTNAME]);
    home.line("verify-removed --vendor kasperski").complains_of(2, &["kaspersky"]);
    // Nothing is known by which a scan could recognise it, so nothing of it can be shown to be gone.
    home.line("verify-removed --vendor autel").complains_of(1, &["app/no-fingerprints"]);
    home.line("verify-removed").complains_of(2, &["--vendor", "--product"]);
}
