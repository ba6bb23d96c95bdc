//! What an import tells, gathered until all of the file is read: only a file that could be read to its end is kept.
//!
//! What is distinct is held once, however many machines it is of; a row is three numbers, and beyond a million rows
//! they are put away. So the memory of an import goes with what is distinct in it and not with its rows.

use std::collections::BTreeMap;
use std::io;

use interdict_import::{Completeness, Device, DeviceNumber, Place, Reject, Sink, Stop};
use interdict_model::{Diagnostic, ObservationRef, ObservationSource, OsFamily};
use interdict_store::{BatchReject, BatchTitle, Claim};

use crate::spool::{Sorted, Spool, SpooledRow};
use crate::things::Things;

/// How many rejects are held; all of them are counted.
const MOST_REJECTS: usize = 10_000;
/// How many notes are held.
const MOST_NOTES: usize = 1_000;
/// After how many records the person is asked whether they want no more.
pub(crate) const ASKS_EVERY: u64 = 1_000;

/// A device and what was told of it, but its rows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    pub(crate) claim: Claim,
    pub(crate) os_family: Option<OsFamily>,
    pub(crate) os_name: Option<String>,
    pub(crate) os_version: Option<String>,
    pub(crate) arch: Option<String>,
    pub(crate) seen: Option<String>,
    pub(crate) completeness: BTreeMap<ObservationSource, Completeness>,
}

/// All that an import told.
pub(crate) struct Intake<'c> {
    pub(crate) devices: Vec<Told>,
    pub(crate) titles: Vec<BatchTitle>,
    pub(crate) rejects: Vec<BatchReject>,
    pub(crate) notes: Vec<Diagnostic>,
    pub(crate) things: Things,
    rows: Spool,
    /// Why rows could not be put away.
    pub(crate) failure: Option<io::Error>,
    cancelled: &'c dyn Fn() -> bool,
    count: u64,
}

impl<'c> Intake<'c> {
    pub(crate) fn new(cancelled: &'c dyn Fn() -> bool) -> Self {
        Self {
            devices: Vec::new(),
            titles: Vec::new(),
            rejects: Vec::new(),
            notes: Vec::new(),
            things: Things::default(),
            rows: Spool::default(),
            failure: None,
            cancelled,
            count: 0,
        }
    }

    /// The rows, to be asked for device by device; none are left here.
    pub(crate) fn take_rows(&mut self) -> Sorted {
        std::mem::take(&mut self.rows).sorted()
    }

    /// Asks now and then whether the person wants no more.
    fn go_on(&mut self) -> Result<(), Stop> {
        self.count += 1;
        if self.count.is_multiple_of(ASKS_EVERY) && (self.cancelled)() { Err(Stop) } else { Ok(()) }
    }
}

impl Sink for Intake<'_> {
    fn device(&mut self, device: &Device<'_>) -> Result<DeviceNumber, Stop> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let number = u32::try_from(self.devices.len()).map_err(|_| Stop)?;
        self.devices.push(Told {
            claim: Claim {
                machine_id: owned(device.machine_id),
                tool_id: owned(device.tool_id),
                uuid: owned(device.uuid),
                serial: owned(device.serial),
                hostname: owned(device.hostname),
                domain: owned(device.domain),
            },
            os_family: device.os_family,
            os_name: owned(device.os_name),
            os_version: owned(device.os_version),
            arch: owned(device.arch),
            seen: owned(device.seen),
            completeness: BTreeMap::new(),
        });
        Ok(DeviceNumber(number))
    }

    fn observation(
        &mut self,
        _place: Place,
        device: DeviceNumber,
        observation: &ObservationRef<'_>,
    ) -> Result<(), Stop> {
        self.go_on()?;
        let thing = self.things.number(observation).ok_or(Stop)?;
        let date = self.things.date_number(observation.install_date).ok_or(Stop)?;
        let told = self.devices.get_mut(device.0 as usize).ok_or(Stop)?;
        told.completeness.entry(observation.source).or_insert(Completeness::Part);
        self.rows.push(SpooledRow { device: device.0, thing, date }).map_err(|error| {
            self.failure = Some(error);
            Stop
        })
    }

    fn title(&mut self, _place: Place, observation: &ObservationRef<'_>, devices: Option<u64>) -> Result<(), Stop> {
        self.go_on()?;
        self.titles.push(BatchTitle { observation: observation.to_observation(), devices });
        Ok(())
    }

    fn told(
        &mut self,
        device: DeviceNumber,
        source: ObservationSource,
        completeness: Completeness,
    ) -> Result<(), Stop> {
        let device = self.devices.get_mut(device.0 as usize).ok_or(Stop)?;
        device.completeness.insert(source, completeness);
        Ok(())
    }

    fn reject(&mut self, reject: Reject) -> Result<(), Stop> {
        self.go_on()?;
        if self.rejects.len() < MOST_REJECTS {
            let Reject { place, reason, excerpt } = reject;
            self.rejects.push(BatchReject { place: place.to_string(), reason, excerpt });
        }
        Ok(())
    }

    fn skip(&mut self, _place: Place, _reason: &'static str) -> Result<(), Stop> {
        self.go_on()
    }

    fn note(&mut self, diagnostic: Diagnostic) -> Result<(), Stop> {
        if self.notes.len() < MOST_NOTES {
            self.notes.push(diagnostic);
        }
        Ok(())
    }
}
