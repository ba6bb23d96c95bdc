//! What an import would become, from its first records: for whoever must say which column is what.

use interdict_model::{Diagnostic, Observation, ObservationRef, ObservationSource};

use crate::error::ImportError;
use crate::format::table;
use crate::mapping::{self, Mapping, Suggestion};
use crate::reading::{Imported, Input, Options, import_into, look};
use crate::sample::Shape;
use crate::sink::{Completeness, Device, DeviceNumber, Place, Reject, Sink, Stop};

/// The beginning of an import, as it would be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// What is known of the file: format, encoding, layers. The counts are those of the preview.
    pub imported: Imported,
    /// The titles of a table's columns, or the keys of the objects of some JSON; none where the file is neither.
    pub header: Vec<String>,
    /// The first rows of a table, or the first objects of some JSON, as written.
    pub rows: Vec<Vec<String>>,
    /// The name of the header, by which its mapping is kept; see [`mapping::fingerprint`].
    pub fingerprint: Option<String>,
    /// The mapping that the titles and the first values suggest.
    pub suggestion: Option<Suggestion>,
    /// Whether somebody must say which column is what: nothing would be imported.
    pub needs_mapping: bool,
    /// The first records.
    pub records: Vec<PreviewRecord>,
    /// What could not be used among them.
    pub rejects: Vec<Reject>,
    /// What was left out on purpose among them.
    pub skips: Vec<(Place, &'static str)>,
    /// What was said of the file.
    pub notes: Vec<Diagnostic>,
}

/// A record as it would be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewRecord {
    /// Where it stands.
    pub place: Place,
    /// The machine it is on, by its name or else its id; none for what is only said to be somewhere.
    pub machine: Option<String>,
    /// On how many machines it is said to be.
    pub devices: Option<u64>,
    /// What it is.
    pub observation: Observation,
}

/// The first `limit` records of a file, with the mapping that is suggested. With [`Options::mapping`] it shows what that
/// makes of them.
pub fn preview(input: &mut dyn Input, file: &str, options: &Options, limit: usize) -> Result<Preview, ImportError> {
    let mut preview = Preview::default();
    if let Some(sample) = look(input, file)? {
        let keys = match &sample.shape {
            Shape::Table { header, rows, .. } => Some((header.clone(), rows.clone(), mapping::suggest(header, rows))),
            Shape::Json(_) | Shape::JsonLines(_) => table::keys(&sample).map(|keys| {
                let rows = table::first_rows(&sample, &keys, limit);
                let suggestion = table::suggest_keys(&sample, &keys);
                (keys, rows, suggestion)
            }),
            Shape::Xml(_) | Shape::Text => None,
        };
        if let Some((header, rows, suggestion)) = keys {
            preview.fingerprint = Some(mapping::fingerprint(&header));
            preview.suggestion = Some(suggestion);
            preview.rows = rows.into_iter().take(limit).collect();
            preview.header = header;
        }
    }
    let mut first = First { preview, machines: Vec::new(), limit };
    let mut imported = Imported::default();
    match import_into(input, file, options, &mut first, &mut imported) {
        Ok(()) | Err(ImportError::Stopped) => {}
        Err(ImportError::NeedsMapping { .. }) => first.preview.needs_mapping = true,
        Err(error) => return Err(error),
    }
    first.preview.imported = imported;
    Ok(first.preview)
}

impl Preview {
    /// The mapping to begin with.
    #[must_use]
    pub fn mapping(&self) -> Option<&Mapping> {
        self.suggestion.as_ref().map(|suggestion| &suggestion.mapping)
    }
}

/// Takes the first records and wants no more.
struct First {
    preview: Preview,
    machines: Vec<String>,
    limit: usize,
}

impl First {
    fn go_on(&self) -> Result<(), Stop> {
        let preview = &self.preview;
        let count = preview.records.len() + preview.rejects.len() + preview.skips.len();
        if count < self.limit { Ok(()) } else { Err(Stop) }
    }
}

impl Sink for First {
    fn device(&mut self, device: &Device<'_>) -> Result<DeviceNumber, Stop> {
        let names = [device.hostname, device.tool_id, device.uuid, device.serial, device.machine_id];
        self.machines.push(names.into_iter().flatten().next().unwrap_or_default().to_owned());
        u32::try_from(self.machines.len() - 1).map(DeviceNumber).map_err(|_| Stop)
    }

    fn observation(
        &mut self,
        place: Place,
        device: DeviceNumber,
        observation: &ObservationRef<'_>,
    ) -> Result<(), Stop> {
        let machine = self.machines.get(device.0 as usize).cloned();
        let observation = observation.to_observation();
        self.preview.records.push(PreviewRecord { place, machine, devices: None, observation });
        self.go_on()
    }

    fn title(&mut self, place: Place, observation: &ObservationRef<'_>, devices: Option<u64>) -> Result<(), Stop> {
        let observation = observation.to_observation();
        self.preview.records.push(PreviewRecord { place, machine: None, devices, observation });
        self.go_on()
    }

    fn told(&mut self, _: DeviceNumber, _: ObservationSource, _: Completeness) -> Result<(), Stop> {
        Ok(())
    }

    fn reject(&mut self, reject: Reject) -> Result<(), Stop> {
        self.preview.rejects.push(reject);
        self.go_on()
    }

    fn skip(&mut self, place: Place, reason: &'static str) -> Result<(), Stop> {
        self.preview.skips.push((place, reason));
        self.go_on()
    }

    fn note(&mut self, diagnostic: Diagnostic) -> Result<(), Stop> {
        self.preview.notes.push(diagnostic);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::mapping::Field;

    fn of(text: &str, options: &Options) -> Preview {
        preview(&mut Cursor::new(text.as_bytes()), "list.csv", options, 2).expect("is shown")
    }

    #[test]
    fn a_preview_shows_what_would_come_of_the_first_rows() {
        let text = "Computer;Software;Version\na;One;1\n;Two;2\nc;Three;3\n";
        let preview = of(text, &Options::default());
        assert_eq!(preview.header, ["Computer", "Software", "Version"]);
        assert_eq!(preview.rows.len(), 2);
        assert_eq!((preview.records.len(), preview.rejects.len()), (1, 1));
        assert_eq!(preview.records[0].machine.as_deref(), Some("a"));
        assert_eq!((preview.imported.format, preview.needs_mapping), ("table", false));
        assert_eq!(preview.fingerprint, Some(mapping::fingerprint(&preview.header)));
    }

    #[test]
    fn what_needs_a_mapping_is_shown_with_the_guesses_and_then_with_what_was_said() {
        let text = "A;B;C\nPC-1;Antivirus;1.2\nPC-1;Other;2.3\n";
        let unsure = of(text, &Options::default());
        assert!(unsure.needs_mapping && unsure.records.is_empty());
        let mut mapping = unsure.mapping().expect("a suggestion").clone();
        assert_eq!(mapping.columns.get(&Field::Version).map(String::as_str), Some("C"));
        mapping.columns.insert(Field::Name, "B".to_owned());
        mapping.columns.insert(Field::DeviceName, "A".to_owned());
        let said = of(text, &Options { mapping: Some(mapping), ..Options::default() });
        assert_eq!(said.records.len(), 2);
        assert_eq!(said.records[1].observation.name.as_deref(), Some("Other"));
    }
}
