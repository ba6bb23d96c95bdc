//! The devices of an export whose every row names one: each is told once.

use std::collections::{HashMap, HashSet};

use crate::error::ImportError;
use crate::reading::Reading;
use crate::sink::{Device, DeviceNumber};

/// The most devices of one export.
const LIMIT: usize = 1_000_000;

/// The numbers of devices by the words a row names them with.
#[derive(Default)]
pub(crate) struct Devices {
    numbers: HashMap<String, DeviceNumber>,
    /// Rows of one device mostly follow each other.
    last: Option<(String, DeviceNumber)>,
    /// Names of devices of which no row has said more yet.
    bare: HashSet<String>,
}

impl Devices {
    /// The number of the device that a row calls `key`, if it was told of.
    pub(crate) fn known(&mut self, key: &str) -> Option<DeviceNumber> {
        if let Some((last, number)) = &self.last
            && last == key
        {
            return Some(*number);
        }
        let number = self.numbers.get(key).copied()?;
        self.remember(key, number);
        Some(number)
    }

    /// The number of the device that a row calls `key`; `device` says what is known of it when it is new.
    pub(crate) fn number(
        &mut self,
        reading: &mut Reading<'_>,
        key: &str,
        device: &Device<'_>,
    ) -> Result<DeviceNumber, ImportError> {
        if let Some(number) = self.known(key) {
            return Ok(number);
        }
        if self.numbers.len() >= LIMIT {
            let what = "the number of devices in one file".to_owned();
            return Err(ImportError::TooLarge { what, limit: LIMIT as u64 });
        }
        let number = reading.device(device)?;
        self.numbers.insert(key.to_owned(), number);
        self.remember(key, number);
        Ok(number)
    }

    /// Remembers that of the device that rows call `name` nothing more is known yet.
    pub(crate) fn is_bare(&mut self, name: &str) {
        self.bare.insert(name.to_owned());
    }

    /// The device that rows called `name` and nothing more, if there is one; from now on it is `key`, and no other.
    pub(crate) fn known_as(&mut self, name: &str, key: &str) -> Option<DeviceNumber> {
        if !self.bare.remove(name) {
            return None;
        }
        let number = self.known(name)?;
        self.numbers.insert(key.to_owned(), number);
        Some(number)
    }

    /// Lets rows that say `name` and nothing more mean a device, unless they mean another one.
    pub(crate) fn also(&mut self, name: &str, number: DeviceNumber) {
        if !self.numbers.contains_key(name) {
            self.numbers.insert(name.to_owned(), number);
        }
    }

    fn remember(&mut self, key: &str, number: DeviceNumber) {
        match &mut self.last {
            Some((last, known)) => {
                last.clear();
                last.push_str(key);
                *known = number;
            }
            None => self.last = Some((key.to_owned(), number)),
        }
    }

    /// Every device there was.
    pub(crate) fn all(&self) -> impl Iterator<Item = DeviceNumber> {
        self.numbers.values().copied()
    }
}
