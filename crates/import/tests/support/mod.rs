//! Everything an import hands on, gathered.

use std::io::Cursor;

use interdict_import::{
    Completeness, Device, DeviceNumber, ImportError, Imported, Options, Place, Reject, Sink, Stop, import,
};
use interdict_model::{Diagnostic, Observation, ObservationRef, ObservationSource};

/// A device's id of the tool, host name, UUID and serial number.
pub(crate) type Identity = [Option<String>; 4];

/// All that an import handed on.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub(crate) imported: Imported,
    pub(crate) devices: Vec<Identity>,
    pub(crate) observations: Vec<Observation>,
    pub(crate) titles: Vec<Observation>,
    pub(crate) told: Vec<(ObservationSource, Completeness)>,
    pub(crate) rejects: Vec<Reject>,
    pub(crate) notes: Vec<Diagnostic>,
}

/// Imports bytes, the format found by content.
pub(crate) fn gather(bytes: &[u8], file: &str) -> Result<Gathered, ImportError> {
    let mut gathered = Gathered::default();
    let imported = import(&mut Cursor::new(bytes), file, &Options::default(), &mut gathered)?;
    gathered.imported = imported;
    Ok(gathered)
}

impl Sink for Gathered {
    fn device(&mut self, device: &Device<'_>) -> Result<DeviceNumber, Stop> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let known = [device.tool_id, device.hostname, device.uuid, device.serial];
        self.devices.push(known.map(owned));
        Ok(DeviceNumber(u32::try_from(self.devices.len() - 1).unwrap_or(u32::MAX)))
    }

    fn observation(&mut self, _: Place, _: DeviceNumber, observation: &ObservationRef<'_>) -> Result<(), Stop> {
        self.observations.push(observation.to_observation());
        Ok(())
    }

    fn title(&mut self, _: Place, observation: &ObservationRef<'_>, _: Option<u64>) -> Result<(), Stop> {
        self.titles.push(observation.to_observation());
        Ok(())
    }

    fn told(&mut self, _: DeviceNumber, source: ObservationSource, completeness: Completeness) -> Result<(), Stop> {
        self.told.push((source, completeness));
        Ok(())
    }

    fn reject(&mut self, reject: Reject) -> Result<(), Stop> {
        self.rejects.push(reject);
        Ok(())
    }

    fn skip(&mut self, _: Place, _: &'static str) -> Result<(), Stop> {
        Ok(())
    }

    fn note(&mut self, diagnostic: Diagnostic) -> Result<(), Stop> {
        self.notes.push(diagnostic);
        Ok(())
    }
}
