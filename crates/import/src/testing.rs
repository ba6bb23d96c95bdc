//! What the tests of the formats share: everything an import hands on, gathered.
#![expect(clippy::disallowed_methods, reason = "a test reads the fixtures it is about")]

use std::fs;
use std::io::Cursor;
use std::path::Path;

use interdict_model::{Diagnostic, Observation, ObservationRef, ObservationSource, OsFamily};

use crate::error::ImportError;
use crate::reading::{Imported, Options, import};
use crate::sink::{Completeness, Device, DeviceNumber, Place, Reject, Sink, Stop};

/// A device of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OwnedDevice {
    pub(crate) tool_id: Option<String>,
    pub(crate) machine_id: Option<String>,
    pub(crate) hostname: Option<String>,
    pub(crate) domain: Option<String>,
    pub(crate) uuid: Option<String>,
    pub(crate) serial: Option<String>,
    pub(crate) os_family: Option<OsFamily>,
    pub(crate) os_name: Option<String>,
    pub(crate) os_version: Option<String>,
    pub(crate) arch: Option<String>,
    pub(crate) seen: Option<String>,
}

/// All that an import handed on.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub(crate) imported: Imported,
    pub(crate) devices: Vec<OwnedDevice>,
    pub(crate) observations: Vec<(Place, usize, Observation)>,
    pub(crate) titles: Vec<(Observation, Option<u64>)>,
    pub(crate) told: Vec<(usize, ObservationSource, Completeness)>,
    pub(crate) rejects: Vec<Reject>,
    pub(crate) skips: Vec<(Place, &'static str)>,
    pub(crate) notes: Vec<Diagnostic>,
}

impl Gathered {
    /// The names of what was seen on a device, in the order of the file.
    pub(crate) fn names(&self, device: usize) -> Vec<&str> {
        let of = self.observations.iter().filter(|(_, number, _)| *number == device);
        of.map(|(_, _, observation)| observation.title()).collect()
    }
}

/// Imports bytes that must be importable.
pub(crate) fn gather(bytes: &[u8], file: &str) -> Gathered {
    try_gather(bytes, file).expect("is imported")
}

/// Imports a fixture: `fixtures/FORMAT/FILE`.
pub(crate) fn fixture(format: &str, file: &str) -> Gathered {
    let gathered = gather(&bytes_of(format, file), file);
    assert_eq!(gathered.imported.format, format, "found by content");
    gathered
}

/// The bytes of a fixture.
pub(crate) fn bytes_of(format: &str, file: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(format).join(file);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Imports bytes.
pub(crate) fn try_gather(bytes: &[u8], file: &str) -> Result<Gathered, ImportError> {
    gather_with(bytes, file, &Options::default())
}

/// Imports bytes as somebody says.
pub(crate) fn gather_with(bytes: &[u8], file: &str, options: &Options) -> Result<Gathered, ImportError> {
    let mut gathered = Gathered::default();
    let imported = import(&mut Cursor::new(bytes), file, options, &mut gathered)?;
    gathered.imported = imported;
    Ok(gathered)
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

impl Sink for Gathered {
    fn device(&mut self, device: &Device<'_>) -> Result<DeviceNumber, Stop> {
        self.devices.push(OwnedDevice {
            tool_id: owned(device.tool_id),
            machine_id: owned(device.machine_id),
            hostname: owned(device.hostname),
            domain: owned(device.domain),
            uuid: owned(device.uuid),
            serial: owned(device.serial),
            os_family: device.os_family,
            os_name: owned(device.os_name),
            os_version: owned(device.os_version),
            arch: owned(device.arch),
            seen: owned(device.seen),
        });
        Ok(DeviceNumber(u32::try_from(self.devices.len() - 1).expect("few")))
    }

    fn observation(
        &mut self,
        place: Place,
        device: DeviceNumber,
        observation: &ObservationRef<'_>,
    ) -> Result<(), Stop> {
        self.observations.push((place, device.0 as usize, observation.to_observation()));
        Ok(())
    }

    fn title(&mut self, _place: Place, observation: &ObservationRef<'_>, devices: Option<u64>) -> Result<(), Stop> {
        self.titles.push((observation.to_observation(), devices));
        Ok(())
    }

    fn told(
        &mut self,
        device: DeviceNumber,
        source: ObservationSource,
        completeness: Completeness,
    ) -> Result<(), Stop> {
        self.told.push((device.0 as usize, source, completeness));
        Ok(())
    }

    fn reject(&mut self, reject: Reject) -> Result<(), Stop> {
        self.rejects.push(reject);
        Ok(())
    }

    fn skip(&mut self, place: Place, reason: &'static str) -> Result<(), Stop> {
        self.skips.push((place, reason));
        Ok(())
    }

    fn note(&mut self, diagnostic: Diagnostic) -> Result<(), Stop> {
        self.notes.push(diagnostic);
        Ok(())
    }
}
