//! The distinct things of an import: which software, in which place; and the days of installation of unusual forms.
//!
//! A thing and a date are numbers from here on. What is equal in every text is the same thing.

use std::collections::HashMap;

use interdict_model::{Observation, ObservationRef, ObservationSource, ScopeRef};
use interdict_store::InstallDate;

use crate::distinct::{DistinctTexts, Groups, PartOfRow, RowText};
use crate::spool::SpooledRow;

/// The date of a row that has none. The numbers after it stand for dates of unusual forms.
const NO_DATE: i32 = i32::MIN;
/// Of so many texts software is made, its source first; the others of a thing say where it stands.
const OF_SOFTWARE: usize = 8;
const OF_PLACE: usize = 4;

/// The distinct things of an import.
#[derive(Default)]
pub(crate) struct Things {
    texts: DistinctTexts<{ OF_SOFTWARE + OF_PLACE }>,
    sources: Vec<ObservationSource>,
    odd_dates: Vec<String>,
    odd_date_numbers: HashMap<String, i32>,
    /// The one at hand, and its raw fields, in memory that is used again.
    row: RowText,
    raw: String,
}

/// What things share: each is one software in one place.
pub(crate) struct Shared {
    /// Which are the same software.
    pub(crate) software: Groups,
    /// Which stand in the same place, with the same raw fields.
    pub(crate) place: Groups,
}

impl Things {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.sources.len()
    }

    /// Nothing more comes: gives the memory back that only finds things again.
    pub(crate) fn close(&mut self) {
        self.texts.close();
    }

    /// Some of them by themselves, numbered anew, without any dates.
    pub(crate) fn only(&self, things: &[u32]) -> Self {
        let sources = things.iter().filter_map(|thing| self.source(*thing)).collect();
        Self { texts: self.texts.only(things), sources, ..Self::default() }
    }

    /// Gives the memory of all texts back, but for dates: afterwards only [`source`](Self::source) and
    /// [`date`](Self::date) know anything.
    pub(crate) fn forget_texts(&mut self) {
        self.texts = DistinctTexts::default();
    }

    /// Where a thing was read.
    pub(crate) fn source(&self, thing: u32) -> Option<ObservationSource> {
        self.sources.get(thing as usize).copied()
    }

    /// What things share.
    pub(crate) fn shared(&self) -> Shared {
        Shared {
            software: self.texts.groups(PartOfRow::First(OF_SOFTWARE)),
            place: self.texts.groups(PartOfRow::AllBut(OF_SOFTWARE)),
        }
    }

    /// A thing without its date.
    pub(crate) fn borrowed(&self, thing: u32) -> Option<ObservationRef<'_>> {
        let [_, name, version, publisher, identifier, signer, arch, display_name, path, install_location, scope, raw] =
            self.texts.row(thing)?;
        Some(ObservationRef {
            name,
            version,
            publisher,
            identifier,
            signer,
            arch,
            display_name,
            path,
            install_location,
            scope: scope.map(|scope| scope.strip_prefix("user:").map_or(ScopeRef::Machine, ScopeRef::User)),
            raw: raw.map(read_raw).unwrap_or_default(),
            ..ObservationRef::new(self.source(thing)?)
        })
    }

    /// The software of a thing, wherever it stands.
    pub(crate) fn software_of(&self, thing: u32) -> Option<ObservationRef<'_>> {
        let of = self.borrowed(thing)?;
        Some(ObservationRef { path: None, install_location: None, scope: None, raw: Vec::new(), ..of })
    }

    /// Where a thing stands and its raw fields, whatever it is.
    pub(crate) fn place_of(&self, thing: u32) -> Option<ObservationRef<'_>> {
        let ObservationRef { source, path, install_location, scope, raw, .. } = self.borrowed(thing)?;
        Some(ObservationRef { path, install_location, scope, raw, ..ObservationRef::new(source) })
    }

    /// A thing as an observation without its date.
    pub(crate) fn observation(&self, thing: u32) -> Option<Observation> {
        self.borrowed(thing).map(|thing| thing.to_observation())
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

    /// The number of a date.
    pub(crate) fn date_number(&mut self, text: Option<&str>) -> Option<i32> {
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
    pub(crate) fn number(&mut self, observation: &ObservationRef<'_>) -> Option<u32> {
        let Self { texts, sources, row, raw, .. } = self;
        row.clear();
        let software = [
            Some(observation.source.as_str()),
            observation.name,
            observation.version,
            observation.publisher,
            observation.identifier,
            observation.signer,
            observation.arch,
            observation.display_name,
        ];
        let place = [observation.path, observation.install_location];
        for text in software.into_iter().chain(place) {
            row.push(text)?;
        }
        match observation.scope {
            None => row.push(None)?,
            Some(ScopeRef::Machine) => row.push(Some("machine"))?,
            Some(ScopeRef::User(name)) => row.push(Some(&format!("user:{name}")))?,
        }
        write_raw(&observation.raw, raw);
        row.push((!raw.is_empty()).then_some(raw))?;
        let number = texts.number(row)?;
        if number as usize == sources.len() {
            sources.push(observation.source);
        }
        Some(number)
    }
}

/// Raw fields as one text; an empty one for none.
fn write_raw(raw: &[(&str, &str)], text: &mut String) {
    text.clear();
    for (key, value) in raw {
        // The length tells where the value ends, whatever it holds.
        for piece in [key, "\n", value.len().to_string().as_str(), "\n", value] {
            text.push_str(piece);
        }
    }
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
