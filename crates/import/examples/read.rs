//! Reads an export and counts what is in it, without keeping anything: what reading alone costs.
//!
//! `cargo xtask bench fleet` measures it.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "an example opens a file and prints what it found"
)]

use std::fs::File;

use interdict_import::{Completeness, Device, DeviceNumber, ImportError, Options, Place, Reject, Sink, Stop, import};
use interdict_model::{Diagnostic, ObservationRef, ObservationSource};

/// Counts.
#[derive(Debug, Default)]
struct Count {
    devices: u32,
    observations: u64,
    /// So that nothing of a row can be left unread.
    letters: usize,
    rejects: u64,
}

impl Count {
    fn add(&mut self, observation: &ObservationRef<'_>) {
        self.observations += 1;
        let texts = [observation.name, observation.version, observation.publisher, observation.path];
        self.letters += texts.into_iter().flatten().map(str::len).sum::<usize>();
    }
}

impl Sink for Count {
    fn device(&mut self, _: &Device<'_>) -> Result<DeviceNumber, Stop> {
        self.devices += 1;
        Ok(DeviceNumber(self.devices - 1))
    }

    fn observation(&mut self, _: Place, _: DeviceNumber, observation: &ObservationRef<'_>) -> Result<(), Stop> {
        self.add(observation);
        Ok(())
    }

    fn title(&mut self, _: Place, observation: &ObservationRef<'_>, _: Option<u64>) -> Result<(), Stop> {
        self.add(observation);
        Ok(())
    }

    fn told(&mut self, _: DeviceNumber, _: ObservationSource, _: Completeness) -> Result<(), Stop> {
        Ok(())
    }

    fn reject(&mut self, _: Reject) -> Result<(), Stop> {
        self.rejects += 1;
        Ok(())
    }

    fn skip(&mut self, _: Place, _: &'static str) -> Result<(), Stop> {
        Ok(())
    }

    fn note(&mut self, _: Diagnostic) -> Result<(), Stop> {
        Ok(())
    }
}

fn main() -> Result<(), ImportError> {
    let mut count = Count::default();
    for path in std::env::args().skip(1) {
        let imported = import(&mut File::open(&path)?, &path, &Options::default(), &mut count)?;
        println!("{path}: {}, {count:?}", imported.format);
    }
    Ok(())
}
