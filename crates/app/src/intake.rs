//! What an import tells, gathered until all of the file is read: only a file that could be read to its end is kept.
//!
//! Every distinct observation is held once, however many machines it is of, so that the memory of an import goes with
//! what is distinct in it and not with its rows.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use interdict_import::{Completeness, Device, DeviceNumber, Place, Reject, Sink, Stop};
use interdict_model::{Diagnostic, Observation, ObservationRef, ObservationSource, OsFamily, ScopeRef};
use interdict_store::{BatchReject, BatchTitle, Claim};

/// How many rejects are held; all of them are counted.
const MOST_REJECTS: usize = 10_000;
/// How many notes are held.
const MOST_NOTES: usize = 1_000;

/// A device and what was told of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    pub(crate) claim: Claim,
    pub(crate) os_family: Option<OsFamily>,
    pub(crate) os_name: Option<String>,
    pub(crate) os_version: Option<String>,
    pub(crate) arch: Option<String>,
    pub(crate) seen: Option<String>,
    /// Numbers of distinct observations.
    pub(crate) rows: Vec<u32>,
    pub(crate) completeness: BTreeMap<ObservationSource, Completeness>,
}

/// All that an import told.
pub(crate) struct Intake<'c> {
    pub(crate) devices: Vec<Told>,
    pub(crate) titles: Vec<BatchTitle>,
    pub(crate) rejects: Vec<BatchReject>,
    pub(crate) notes: Vec<Diagnostic>,
    distinct: Vec<Observation>,
    /// By hash, the first distinct observation that has it; the others follow in `next`.
    by_hash: HashMap<u64, u32>,
    next: Vec<Option<u32>>,
    cancelled: &'c dyn Fn() -> bool,
    rows: u64,
}

impl<'c> Intake<'c> {
    pub(crate) fn new(cancelled: &'c dyn Fn() -> bool) -> Self {
        Self {
            devices: Vec::new(),
            titles: Vec::new(),
            rejects: Vec::new(),
            notes: Vec::new(),
            distinct: Vec::new(),
            by_hash: HashMap::new(),
            next: Vec::new(),
            cancelled,
            rows: 0,
        }
    }

    /// What was told of a device, in the order of the file.
    pub(crate) fn observations(&self, device: &Told) -> Vec<Observation> {
        device.rows.iter().filter_map(|row| self.distinct.get(*row as usize)).cloned().collect()
    }

    /// The number of a distinct observation.
    fn number(&mut self, observation: &ObservationRef<'_>) -> Result<u32, Stop> {
        let hash = hash(observation);
        let first = self.by_hash.get(&hash).copied();
        let mut at = first;
        while let Some(number) = at {
            let known = self.distinct.get(number as usize).ok_or(Stop)?;
            if ObservationRef::from(known) == *observation {
                return Ok(number);
            }
            at = self.next.get(number as usize).copied().flatten();
        }
        let number = u32::try_from(self.distinct.len()).map_err(|_| Stop)?;
        self.distinct.push(observation.to_observation());
        self.next.push(first);
        self.by_hash.insert(hash, number);
        Ok(number)
    }

    /// Asks now and then whether the person wants no more.
    fn go_on(&mut self) -> Result<(), Stop> {
        self.rows += 1;
        if self.rows.is_multiple_of(1_000) && (self.cancelled)() { Err(Stop) } else { Ok(()) }
    }
}

fn hash(observation: &ObservationRef<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    observation.source.as_str().hash(&mut hasher);
    let fields =
        [observation.name, observation.version, observation.identifier, observation.path, observation.publisher];
    fields.hash(&mut hasher);
    if let Some(ScopeRef::User(user)) = observation.scope {
        user.hash(&mut hasher);
    }
    hasher.finish()
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
            rows: Vec::new(),
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
        let number = self.number(observation)?;
        let device = self.devices.get_mut(device.0 as usize).ok_or(Stop)?;
        device.rows.push(number);
        device.completeness.entry(observation.source).or_insert(Completeness::Part);
        Ok(())
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
