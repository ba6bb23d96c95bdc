//! The store as a whole, on real files. Tables beside the code test what needs no database.

mod backup;
mod batches;
mod figures;
mod history;
mod joins;
mod log;
mod machine_pages;
mod opening;
mod past;
mod questions;
mod random;
mod subjects;
mod tellers;
mod titles;
mod told;
mod upkeep;

use interdict_model::{
    CollectorReport, CollectorStatus, Detection, Evidence, Machine, Matched, Observation, ObservationSource,
    OperatingSystem, OsFamily, Presence, ProbesStamp, ProductId, ScanHeader, VendorId,
};

use crate::{RecordedScan, Store, StoreError};

const NOW: &str = "2026-11-22T18:00:00Z";

/// The instant a test's scan of a day began.
fn day(day: u32) -> String {
    format!("2026-11-{day:02}T08:00:00Z")
}

fn header(machine: &str, day_of_month: u32) -> ScanHeader {
    let os = OperatingSystem { family: OsFamily::Linux, name: "Debian GNU/Linux".to_owned(), version: "13".to_owned() };
    ScanHeader {
        swept: Vec::new(),
        read_as: Some("root".to_owned()),
        schema: ScanHeader::SCHEMA.to_owned(),
        machine: Machine { id: machine.to_owned(), hostname: format!("host-{machine}"), os, arch: "x86_64".to_owned() },
        started: day(day_of_month),
        probes: ProbesStamp { catalogue_version: "2026.11".to_owned(), count: 12 },
        collectors: vec![
            collector("linux/dpkg", CollectorStatus::Complete, None),
            collector("linux/systemd", CollectorStatus::Partial, Some("no rights")),
        ],
        tool_version: "0.1.0".to_owned(),
    }
}

fn collector(name: &str, status: CollectorStatus, reason: Option<&str>) -> CollectorReport {
    CollectorReport { name: name.to_owned(), status, reason: reason.map(str::to_owned), count: 2 }
}

fn observation(source: ObservationSource, name: &str, version: &str) -> Observation {
    let mut observation = Observation::new(source);
    observation.name = Some(name.to_owned());
    observation.version = Some(version.to_owned());
    observation.publisher = Some("AO Kaspersky Lab".to_owned());
    observation
}

fn package(name: &str) -> Observation {
    observation(ObservationSource::DebPackages, name, "1.0")
}

fn detection(product: &str, presence: Presence, source: ObservationSource) -> Detection {
    Detection {
        product: Some(ProductId::new(product)),
        vendor: VendorId::new("kaspersky"),
        version: Some("12.1".to_owned()),
        presence,
        confidence: 0.9,
        evidence: vec![Evidence {
            source,
            title: "kesl".to_owned(),
            path: Some("/opt/kaspersky".to_owned()),
            says: "executable exists".to_owned(),
            matched: vec![Matched {
                field: "name".to_owned(),
                value: "kesl".to_owned(),
                rule: "kaspersky.kes-linux: deb-package exact \"kesl\"".to_owned(),
            }],
        }],
    }
}

/// Records a scan of the only machine of a test.
fn scan(
    store: &mut Store,
    day_of_month: u32,
    covered: &[ObservationSource],
    observations: &[Observation],
    detections: &[Detection],
) -> Result<RecordedScan, StoreError> {
    store.record_scan(
        &header("m1", day_of_month),
        &day(day_of_month),
        "this computer",
        covered,
        observations,
        detections,
    )
}
