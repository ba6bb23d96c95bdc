//! Real exports of other tools, where they are at hand: all of each is used, and as much as a count that knows nothing
//! of the formats finds in the text.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a test reads the data it is about, and says when there is none"
)]

mod support;

use std::fs;
use std::path::PathBuf;

use interdict_import::Completeness;
use interdict_model::ObservationSource;
use support::{Gathered, gather};

/// A file of the real data, which lies beside the workspace (or where `INTERDICT_TEST_DATA` says) and is not part of it;
/// without it a test says so and passes.
fn real(below: &str) -> Option<PathBuf> {
    let base = std::env::var_os("INTERDICT_TEST_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")), PathBuf::from);
    let path = base.join(below);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no test data at {}", path.display());
    None
}

fn read(below: &str) -> Option<Gathered> {
    let path = real(below)?;
    let bytes = fs::read(&path).expect("readable");
    let name = path.file_name().expect("a file").to_string_lossy().into_owned();
    let gathered = gather(&bytes, &name).unwrap_or_else(|error| panic!("{below}: {error}"));
    assert_eq!(gathered.rejects, [], "{below}");
    let handed_on = gathered.observations.len() + gathered.titles.len();
    assert_eq!(usize::try_from(gathered.imported.used), Ok(handed_on), "{below}");
    Some(gathered)
}

/// How often a text stands in a file.
fn count(below: &str, text: &str) -> usize {
    let path = real(below).expect("was there");
    fs::read_to_string(path).expect("is text").matches(text).count()
}

#[test]
fn glpi_inventories_as_json() {
    for (file, source, softwares, others) in [
        ("computer_1.json", ObservationSource::RpmPackages, 6, 1),
        ("computer_3.json", ObservationSource::RpmPackages, 3033, 0),
        ("phone_1.json", ObservationSource::Import, 3, 0),
    ] {
        let below = format!("glpi-inventory/examples/{file}");
        let Some(gathered) = read(&below) else { return };
        assert_eq!(gathered.imported.format, "glpi-json");
        let found = gathered.observations.iter().filter(|one| one.source == source).count();
        assert_eq!(found, softwares, "{file}");
        assert_eq!(gathered.observations.len(), softwares + others, "{file}");
        let froms = count(&below, "\"from\": \"");
        assert_eq!(froms, softwares, "{file}");
        assert!(gathered.told.contains(&(source, Completeness::Whole)));
        assert_eq!(gathered.devices.len(), 1);
    }
}

#[test]
fn a_glpi_inventory_says_whose_it_is() {
    let Some(gathered) = read("glpi-inventory/examples/computer_3.json") else { return };
    let [tool_id, hostname, uuid, serial] = &gathered.devices[0];
    assert_eq!(tool_id.as_deref(), Some("LF014-2017-02-20-12-19-56"));
    assert_eq!(hostname.as_deref(), Some("LF014"));
    assert_eq!(uuid.as_deref(), Some("0055ADC9-1D3A-E411-8043-B05D95113232"));
    assert_eq!(serial.as_deref(), Some("8C554721F"));
    assert!(gathered.imported.made.is_some());
    let without_publisher = gathered.observations.iter().filter(|one| one.publisher.is_none()).count();
    assert_eq!(without_publisher, 12, "kept all the same");
}

#[test]
fn fleet_s_lists_of_software() {
    for (file, titles, source) in [
        ("windows_11-software.json.bz2", 141, ObservationSource::Import),
        ("ubuntu_2204-software.json.bz2", 1690, ObservationSource::Import),
        ("macos_vulnerable-software.json.bz2", 113, ObservationSource::Apps),
    ] {
        let Some(gathered) = read(&format!("other-tools-exports/fleet/cmd/osquery-perf/{file}")) else { return };
        assert_eq!(gathered.imported.format, "fleet", "{file}");
        assert_eq!(gathered.imported.layers, ["bzip2"]);
        assert_eq!(gathered.titles.len(), titles, "{file}");
        // A bare list says of nothing what it is of; the vulnerable software is nearly all applications.
        let found = gathered.titles.iter().filter(|title| title.source == source).count();
        assert!(found * 10 >= titles * 9, "{file}: {found} of {titles}");
        assert!(gathered.devices.is_empty());
    }
}

#[test]
fn wazuh_s_answer() {
    let Some(gathered) = read("other-tools-exports/wazuh-4.9.2-syscollector-packages-example.json") else { return };
    assert_eq!(gathered.imported.format, "wazuh");
    let names: Vec<&str> = gathered.observations.iter().map(interdict_model::Observation::title).collect();
    assert_eq!(names, ["libquadmath0", "openssh-client", "lpython-cffi-backend"]);
    assert_eq!(gathered.devices, [[Some("002".to_owned()), None, None, None]]);
}

#[test]
fn inventories_as_xml() {
    for (file, source, softwares, others, name) in [
        ("1.xml", ObservationSource::RpmPackages, 42, 0, "LF014"),
        ("3.xml", ObservationSource::Apps, 40, 0, "MacBook-de-teclib"),
        ("4.xml", ObservationSource::Apps, 7, 1, "iMac de Marie"),
    ] {
        let below = format!("glpi-inventory/tests/data/{file}");
        let Some(gathered) = read(&below) else { return };
        assert_eq!(gathered.imported.format, "glpi-xml", "{file}");
        assert_eq!(count(&below, "<SOFTWARES>"), softwares, "{file}");
        let found = gathered.observations.iter().filter(|one| one.source == source).count();
        assert_eq!(found, softwares, "{file}");
        assert_eq!(gathered.observations.len(), softwares + others, "{file}");
        assert_eq!(gathered.devices[0][1].as_deref(), Some(name), "{file}");
        let days = gathered.observations.iter().filter_map(|one| one.install_date.as_deref());
        let is_day = |day: &str| day.len() == 10 && day.as_bytes()[4] == b'-';
        assert!(days.into_iter().all(is_day), "{file}");
    }
}

#[test]
fn bills_of_materials() {
    // How many components the text holds, by a mark that each has; the application itself is one in XML's count already.
    for (below, mark, components, itself) in [
        ("sbom/OBOM/Example-1-Decoupled/obom.json", "\"cpe\":", 1, 1),
        ("sbom/SaaSBOM/apigateway-microservices-datastores/bom.json", "\"cpe\":", 0, 1),
        ("sbom/SBOM/laravel-7.12.0/bom.1.4.json", "\"type\": \"library\"", 62, 1),
        ("sbom/SBOM/proton-bridge/proton-bridge-v1.8.0.bom.xml", "<component ", 202, 0),
    ] {
        let Some(gathered) = read(below) else { return };
        assert_eq!(gathered.imported.format, "cyclonedx", "{below}");
        assert_eq!(count(below, mark), components, "{below}");
        assert_eq!(gathered.titles.len(), components + itself, "{below}");
        assert!(gathered.devices.is_empty(), "{below}");
    }
}
