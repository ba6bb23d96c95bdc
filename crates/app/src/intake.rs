//! What an import tells, gathered until all of the file is read: only a file that could be read to its end is kept.
//!
//! What is distinct is held once, however many machines it is of; a row is three numbers, and beyond some millions of rows
//! they are put away. So the memory of an import goes with what is distinct in it and not with its rows.

use std::collections::{BTreeMap, HashMap};
use std::io;

use hashbrown::HashMap as QuickMap;
use interdict_import::{Completeness, Device, DeviceNumber, Place, Reject, Sink, Stop};
use interdict_model::{Diagnostic, Observation, ObservationRef, ObservationSource, OsFamily, ScopeRef};
use interdict_store::{BatchReject, BatchTitle, Claim, InstallDate};

use crate::distinct::DistinctTexts;
use crate::spool::{Sorted, Spool, SpooledRow};

/// How many rejects are held; all of them are counted.
const MOST_REJECTS: usize = 10_000;
/// How many notes are held.
const MOST_NOTES: usize = 1_000;
/// The date of a row that has none. The numbers after it stand for dates of unusual forms.
const NO_DATE: i32 = i32::MIN;

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

/// The distinct things of an import: which software, in which place.
#[derive(Default)]
pub(crate) struct Things {
    software: DistinctTexts<8>,
    sources: Vec<ObservationSource>,
    places: DistinctTexts<4>,
    /// By number: software and place.
    pairs: Vec<(u32, u32)>,
    numbers: QuickMap<(u32, u32), u32>,
    odd_dates: Vec<String>,
    odd_date_numbers: HashMap<String, i32>,
}

impl Things {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Software and place of a thing, as numbers below [`software`](Self::software) and [`places`](Self::places).
    pub(crate) fn parts(&self, thing: u32) -> Option<(u32, u32)> {
        self.pairs.get(thing as usize).copied()
    }

    /// Where a thing was read.
    pub(crate) fn source(&self, thing: u32) -> Option<ObservationSource> {
        let (software, _) = self.parts(thing)?;
        self.sources.get(software as usize).copied()
    }

    /// Every distinct software, by number.
    pub(crate) fn software(&self) -> impl Iterator<Item = ObservationRef<'_>> {
        (0..).zip(&self.sources).map(|(number, source)| {
            let mut observation = ObservationRef::new(*source);
            self.write_software(number, &mut observation);
            observation
        })
    }

    /// Every distinct place, by number.
    pub(crate) fn places(&self) -> impl Iterator<Item = ObservationRef<'_>> {
        (0..self.places.len()).map(|number| {
            let mut observation = ObservationRef::new(ObservationSource::Import);
            self.write_place(u32::try_from(number).unwrap_or(u32::MAX), &mut observation);
            observation
        })
    }

    fn write_software<'a>(&'a self, number: u32, observation: &mut ObservationRef<'a>) {
        let [_, name, version, publisher, identifier, signer, arch, display_name] =
            self.software.row(number).unwrap_or_default();
        observation.name = name;
        observation.version = version;
        observation.publisher = publisher;
        observation.identifier = identifier;
        observation.signer = signer;
        observation.arch = arch;
        observation.display_name = display_name;
    }

    fn write_place<'a>(&'a self, number: u32, observation: &mut ObservationRef<'a>) {
        let [path, install_location, scope, raw] = self.places.row(number).unwrap_or_default();
        observation.path = path;
        observation.install_location = install_location;
        observation.scope = scope.map(|scope| scope.strip_prefix("user:").map_or(ScopeRef::Machine, ScopeRef::User));
        observation.raw = raw.map(read_raw).unwrap_or_default();
    }

    /// A thing as an observation without its date.
    pub(crate) fn observation(&self, thing: u32) -> Option<Observation> {
        let (software, place) = self.parts(thing)?;
        let mut observation = ObservationRef::new(*self.sources.get(software as usize)?);
        self.write_software(software, &mut observation);
        self.write_place(place, &mut observation);
        Some(observation.to_observation())
    }

    /// A row as it was told.
    pub(crate) fn told(&self, row: SpooledRow) -> Option<Observation> {
        let mut observation = self.observation(row.thing)?;
        observation.install_date = self.date(row.date).text().map(std::borrow::Cow::into_owned);
        Some(observation)
    }

    /// The date of a row.
    pub(crate) fn date(&self, number: i32) -> InstallDate<'_> {
        if number == NO_DATE {
            return InstallDate::Unknown;
        }
        let odd = usize::try_from(i64::from(number) - i64::from(NO_DATE) - 1).unwrap_or(usize::MAX);
        match self.odd_dates.get(odd) {
            Some(text) => InstallDate::Written(text.as_str().into()),
            None => InstallDate::Day(number),
        }
    }

    fn date_number(&mut self, text: Option<&str>) -> Option<i32> {
        let Some(text) = text else { return Some(NO_DATE) };
        if let InstallDate::Day(day) = InstallDate::of(Some(text)) {
            return Some(day);
        }
        if let Some(number) = self.odd_date_numbers.get(text) {
            return Some(*number);
        }
        // Days of the usual form are small numbers; a hundred million odd ones would still be far below them.
        let number = NO_DATE + 1 + i32::try_from(self.odd_dates.len()).ok().filter(|count| *count < 100_000_000)?;
        self.odd_dates.push(text.to_owned());
        self.odd_date_numbers.insert(text.to_owned(), number);
        Some(number)
    }

    /// The number of the thing that was observed.
    fn number(&mut self, observation: &ObservationRef<'_>) -> Option<u32> {
        let software = self.software.number(&[
            Some(observation.source.as_str()),
            observation.name,
            observation.version,
            observation.publisher,
            observation.identifier,
            observation.signer,
            observation.arch,
            observation.display_name,
        ])?;
        if software as usize == self.sources.len() {
            self.sources.push(observation.source);
        }
        let user;
        let scope = match observation.scope {
            None => None,
            Some(ScopeRef::Machine) => Some("machine"),
            Some(ScopeRef::User(name)) => {
                user = format!("user:{name}");
                Some(user.as_str())
            }
        };
        let raw = write_raw(&observation.raw);
        let place = self.places.number(&[observation.path, observation.install_location, scope, raw.as_deref()])?;
        if let Some(number) = self.numbers.get(&(software, place)) {
            return Some(*number);
        }
        let number = u32::try_from(self.pairs.len()).ok()?;
        self.pairs.push((software, place));
        self.numbers.insert((software, place), number);
        Some(number)
    }
}

/// Raw fields as one text; nothing for none.
fn write_raw(raw: &[(&str, &str)]) -> Option<String> {
    if raw.is_empty() {
        return None;
    }
    let mut text = String::new();
    for (key, value) in raw {
        // The length tells where the value ends, whatever it holds.
        for piece in [key, "\n", value.len().to_string().as_str(), "\n", value] {
            text.push_str(piece);
        }
    }
    Some(text)
}

/// The opposite of [`write_raw`]. Keys are words of ours.
fn read_raw(mut text: &str) -> Vec<(&str, &str)> {
    let mut raw = Vec::new();
    while let Some((key, rest)) = text.split_once('\n') {
        let Some((length, rest)) = rest.split_once('\n') else { break };
        let Some((value, rest)) = length.parse().ok().and_then(|length| rest.split_at_checked(length)) else { break };
        raw.push((key, value));
        text = rest;
    }
    raw
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
