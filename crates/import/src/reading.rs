//! One import from the first byte to the last record.

use std::collections::BTreeMap;
use std::io::{BufRead, SeekFrom};

use interdict_model::{Diagnostic, ObservationRef, ObservationSource, OsFamily};

pub use crate::container::Input;
use crate::container::{self, Archive, Peeled};
use crate::encoding;
use crate::error::ImportError;
use crate::format::{self, Format};
use crate::mapping::Mapping;
use crate::sample::{Sample, Shape};
use crate::sink::{Completeness, Device, DeviceNumber, Place, Reject, Sink};
use crate::text;
use crate::workbook::{self, Opened, Sheet};

/// What the person who imports says beside the file.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The format, by name; found by content where it is not said.
    pub format: Option<String>,
    /// Which column of a table is what; suggested where it is not said.
    pub mapping: Option<Mapping>,
}

/// What came of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// The format's name, such as `osquery`.
    pub format: &'static str,
    /// The encoding, where the file is text, such as `UTF-16LE with byte order mark`.
    pub encoding: Option<String>,
    /// What was peeled off, outermost first, such as `zip`, `gzip`.
    pub layers: Vec<&'static str>,
    /// Records that were used: observations and titles.
    pub used: u64,
    /// Records that could not be used.
    pub rejected: u64,
    /// Records left out on purpose, by reason.
    pub skipped: BTreeMap<&'static str, u64>,
    /// Devices told of.
    pub devices: u64,
    /// When the tool made the export or its data, where the file says: RFC 3339, UTC.
    pub made: Option<String>,
    /// Which column of a table was read as what: the person's mapping, or what was made of the titles.
    pub mapping: Option<Mapping>,
}

/// What a format reads from and hands on to.
pub struct Reading<'r> {
    /// The text as UTF-8. Bytes that are none may still stand in it.
    pub(crate) text: Box<dyn BufRead + 'r>,
    /// The file's name without folders, as the person called it.
    pub(crate) file: &'r str,
    /// Its beginning.
    pub(crate) sample: &'r Sample,
    /// Which column is what, where the person said it.
    pub(crate) mapping: Option<&'r Mapping>,
    /// The sheet of a workbook, instead of a text.
    pub(crate) sheet: Option<Sheet<'r>>,
    sink: &'r mut dyn Sink,
    imported: &'r mut Imported,
    file_device: Option<DeviceNumber>,
}

/// Imports a file: finds out what it is and hands on what is in it.
///
/// `file` is its name, for formats that say of no device whose they are, and for people.
pub fn import(
    input: &mut dyn Input,
    file: &str,
    options: &Options,
    sink: &mut dyn Sink,
) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    import_into(input, file, options, sink, &mut imported)?;
    Ok(imported)
}

/// As [`import`]; what came of it is known even where it ended early.
pub(crate) fn import_into(
    input: &mut dyn Input,
    file: &str,
    options: &Options,
    sink: &mut dyn Sink,
    imported: &mut Imported,
) -> Result<(), ImportError> {
    input.seek(SeekFrom::Start(0))?;
    let mut beginning = [0; 8];
    let mut filled = 0;
    while filled < beginning.len() {
        match input.read(beginning.get_mut(filled..).unwrap_or_default())? {
            0 => break,
            count => filled += count,
        }
    }
    input.seek(SeekFrom::Start(0))?;
    if filled == 0 {
        return Err(ImportError::Empty);
    }
    // The container of old Office documents, and of those with a password.
    if beginning.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        let found = "an old workbook, or one with a password: save it as .xlsx without one".to_owned();
        return Err(ImportError::UnknownFormat { found });
    }
    if container::is_zip(&beginning) {
        import_archive(input, file, options, sink, imported)
    } else {
        import_text(container::peel(input)?, file, options, sink, imported)
    }
}

/// Every file of an archive that a format knows, as one import. What no format knows is noted.
fn import_archive(
    input: &mut dyn Input,
    file: &str,
    options: &Options,
    sink: &mut dyn Sink,
    imported: &mut Imported,
) -> Result<(), ImportError> {
    let mut archive = Archive::open(input)?;
    if archive.is_workbook() {
        drop(archive);
        return import_workbook(input, file, options, sink, imported);
    }
    imported.layers.push("zip");
    let entries = archive.entries()?;
    let mut read = 0;
    let mut unknown = Vec::new();
    let mut unsure = None;
    for entry in &entries {
        let peeled = container::peel(archive.read(entry)?)?;
        match import_text(peeled, file, options, sink, imported) {
            Ok(()) => read += 1,
            Err(ImportError::UnknownFormat { found }) => unknown.push(format!("{} ({found})", entry.name)),
            Err(ImportError::Empty) => unknown.push(format!("{} (empty)", entry.name)),
            Err(error @ (ImportError::NeedsMapping { .. } | ImportError::NoTitles { .. })) => {
                unknown.push(format!("{} ({error})", entry.name));
                unsure.get_or_insert(error);
            }
            Err(error) => return Err(error),
        }
    }
    if read == 0 {
        if let Some(unsure) = unsure {
            return Err(unsure);
        }
        let found = if unknown.is_empty() { "it is empty".to_owned() } else { unknown.join(", ") };
        return Err(ImportError::NothingInside { found });
    }
    for name in unknown {
        sink.note(Diagnostic::warning("import/unknown-format", format!("left out of the archive: {name}")))?;
    }
    Ok(())
}

/// The first sheet of a workbook that looks like a table.
fn import_workbook(
    input: &mut dyn Input,
    file: &str,
    options: &Options,
    sink: &mut dyn Sink,
    imported: &mut Imported,
) -> Result<(), ImportError> {
    let Opened { sample, sheet, kind, notes } = workbook::open(input, file)?;
    imported.layers.push(kind);
    for note in notes {
        sink.note(note)?;
    }
    let format = choose(&sample, options)?;
    imported.format = format.name;
    let text = Box::new(std::io::empty());
    let mapping = options.mapping.as_ref();
    let sheet = Some(sheet);
    let mut reading = Reading { text, file, sample: &sample, mapping, sheet, sink, imported, file_device: None };
    (format.read)(&mut reading)
}

fn import_text(
    peeled: Peeled<'_>,
    file: &str,
    options: &Options,
    sink: &mut dyn Sink,
    imported: &mut Imported,
) -> Result<(), ImportError> {
    let Peeled { beginning, is_all, reader, layers } = peeled;
    if beginning.iter().all(u8::is_ascii_whitespace) && is_all {
        return Err(ImportError::Empty);
    }
    let detected = encoding::detect(&beginning, is_all);
    let sample = Sample::of(encoding::decode_sample(&beginning, detected), is_all, file);
    let format = choose(&sample, options)?;
    for layer in layers {
        if !imported.layers.contains(&layer) {
            imported.layers.push(layer);
        }
    }
    imported.format = format.name;
    imported.encoding = Some(detected.name());
    let text = encoding::decoded(reader, detected)?;
    let mapping = options.mapping.as_ref();
    let mut reading = Reading { text, file, sample: &sample, mapping, sheet: None, sink, imported, file_device: None };
    (format.read)(&mut reading)
}

/// What the file looks like, or the first file of an archive that is a table or JSON: without importing anything.
pub(crate) fn look(input: &mut dyn Input, file: &str) -> Result<Option<Sample>, ImportError> {
    let mut beginning = [0; 4];
    input.seek(SeekFrom::Start(0))?;
    let is_zip = input.read_exact(&mut beginning).is_ok() && container::is_zip(&beginning);
    input.seek(SeekFrom::Start(0))?;
    let sample = |peeled: &Peeled<'_>| {
        let detected = encoding::detect(&peeled.beginning, peeled.is_all);
        Sample::of(encoding::decode_sample(&peeled.beginning, detected), peeled.is_all, file)
    };
    if !is_zip {
        return Ok(Some(sample(&container::peel(input)?)));
    }
    let mut archive = Archive::open(input)?;
    if archive.is_workbook() {
        drop(archive);
        return Ok(Some(workbook::open(input, file)?.sample));
    }
    for entry in archive.entries()? {
        let found = sample(&container::peel(archive.read(&entry)?)?);
        if matches!(found.shape, Shape::Table { .. } | Shape::Json(_) | Shape::JsonLines(_)) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn choose(sample: &Sample, options: &Options) -> Result<&'static Format, ImportError> {
    if let Some(name) = &options.format {
        return format::format_by_name(name)
            .ok_or_else(|| ImportError::UnknownFormat { found: format!("there is no format \"{name}\"") });
    }
    if options.mapping.is_some()
        && let Some(format) = format::mapped(sample)
    {
        return Ok(format);
    }
    format::recognise(sample).ok_or_else(|| match sample.columns_without_titles() {
        Some(columns) => ImportError::NoTitles { columns },
        None => ImportError::UnknownFormat { found: sample.describe() },
    })
}

impl Reading<'_> {
    /// Which column is read as what, for people to see.
    pub(crate) fn read_by(&mut self, mapping: &Mapping) {
        self.imported.mapping = Some(mapping.clone());
    }

    /// A device that was not told of before.
    pub(crate) fn device(&mut self, device: &Device<'_>) -> Result<DeviceNumber, ImportError> {
        self.imported.devices += 1;
        Ok(self.sink.device(device)?)
    }

    /// The device that the file is named for, where nothing in it says whose it is.
    pub(crate) fn file_device(&mut self) -> Result<DeviceNumber, ImportError> {
        self.file_device_with(&Device::default())
    }

    /// The device that the file is named for; of what system it is, is known from the format.
    pub(crate) fn file_device_of(&mut self, os_family: Option<OsFamily>) -> Result<DeviceNumber, ImportError> {
        self.file_device_with(&Device { os_family, ..Device::default() })
    }

    /// The device that the file is named for, of which it says something but not whose it is.
    pub(crate) fn file_device_with(&mut self, device: &Device<'_>) -> Result<DeviceNumber, ImportError> {
        if let Some(number) = self.file_device {
            return Ok(number);
        }
        let stem = self.file.split('.').next().and_then(text::known).unwrap_or("unnamed");
        let number = self.device(&Device { hostname: Some(stem), ..*device })?;
        let message =
            format!("the file says of no machine whose it is: \"{stem}\" is taken for one, from the file's name");
        self.note(Diagnostic::warning("import/machine-from-file-name", message))?;
        self.file_device = Some(number);
        Ok(number)
    }

    /// Something on a device.
    pub(crate) fn observation(
        &mut self,
        place: Place,
        device: DeviceNumber,
        observation: &ObservationRef<'_>,
    ) -> Result<(), ImportError> {
        self.imported.used += 1;
        Ok(self.sink.observation(place, device, observation)?)
    }

    /// Something on at most so many devices.
    pub(crate) fn title(
        &mut self,
        place: Place,
        observation: &ObservationRef<'_>,
        devices: Option<u64>,
    ) -> Result<(), ImportError> {
        self.imported.used += 1;
        Ok(self.sink.title(place, observation, devices)?)
    }

    /// How much of a source was told of a device.
    pub(crate) fn told(
        &mut self,
        device: DeviceNumber,
        source: ObservationSource,
        completeness: Completeness,
    ) -> Result<(), ImportError> {
        Ok(self.sink.told(device, source, completeness)?)
    }

    /// Something that could not be used.
    pub(crate) fn reject(&mut self, place: Place, reason: impl Into<String>, bytes: &[u8]) -> Result<(), ImportError> {
        self.imported.rejected += 1;
        Ok(self.sink.reject(Reject { place, reason: reason.into(), excerpt: text::excerpt(bytes) })?)
    }

    /// Something left out on purpose.
    pub(crate) fn skip(&mut self, place: Place, reason: &'static str) -> Result<(), ImportError> {
        *self.imported.skipped.entry(reason).or_default() += 1;
        Ok(self.sink.skip(place, reason)?)
    }

    /// Something worth saying.
    pub(crate) fn note(&mut self, diagnostic: Diagnostic) -> Result<(), ImportError> {
        Ok(self.sink.note(diagnostic)?)
    }

    /// When the data was made; the newest such word of a file counts.
    pub(crate) fn made(&mut self, instant: &str) {
        if let Some(instant) = text::instant(instant)
            && self.imported.made.as_ref().is_none_or(|made| *made < instant)
        {
            self.imported.made = Some(instant);
        }
    }
}
