//! The text of `system_profiler SPApplicationsDataType`, in English.
//!
//! An application is a line ended by a colon; what is said of it stands below, further in. If the part about the system's
//! software stands in the same text, the machine's name is taken from it. When a bundle was last changed is not when it
//! was installed and is not read.

use interdict_model::{ObservationRef, ObservationSource, OsFamily};

use super::Format;
use crate::error::ImportError;
use crate::json;
use crate::reading::Reading;
use crate::sample::Sample;
use crate::sink::{Device, DeviceNumber, Place};

pub(super) const FORMAT: Format = Format {
    name: "system-profiler",
    title: "text of system_profiler SPApplicationsDataType",
    caveat: Some(
        "in English only; it says where an application was obtained, and names its publisher only as its signer",
    ),
    keeps_days: None,
    recognise,
    read,
};

fn recognise(sample: &Sample) -> u8 {
    let has = |wanted: &str| sample.text.lines().any(|line| line.starts_with(wanted));
    if has("Applications:") && (has("      Location: ") || has("      Obtained from: ") || has("      Version: ")) {
        90
    } else {
        0
    }
}

#[derive(Default)]
struct Application {
    begins: Option<Place>,
    name: String,
    fields: Vec<(String, String)>,
}

fn read(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    let mut device: Option<DeviceNumber> = None;
    let mut machine = Machine::default();
    let mut application = Application::default();
    let mut is_within = false;
    json::lines(reading, |reading, place, line| {
        let text = String::from_utf8_lossy(line);
        let text = text.trim_end();
        let depth = text.len() - text.trim_start().len();
        let text = text.trim_start();
        // What else begins at the margin is the rest of a value with line breaks.
        if depth == 0 && text.ends_with(':') {
            flush(reading, &mut device, &machine, &mut application)?;
            is_within = text == "Applications:";
            return Ok(());
        }
        match (text.split_once(": "), text.strip_suffix(':')) {
            (Some((key, value)), _) if !is_within => machine.note(key, value),
            (Some((key, value)), _) if application.begins.is_some() && depth >= 6 => {
                application.fields.push((key.to_owned(), value.trim().to_owned()));
            }
            (_, Some(name)) if is_within && depth < 6 => {
                flush(reading, &mut device, &machine, &mut application)?;
                application = Application { begins: Some(place), name: name.to_owned(), fields: Vec::new() };
            }
            // Values over several lines, such as copyrights, and keys without a value.
            _ => {}
        }
        Ok(())
    })?;
    flush(reading, &mut device, &machine, &mut application)
}

/// What the part about the system's software says.
#[derive(Default)]
struct Machine {
    name: Option<String>,
    version: Option<String>,
}

impl Machine {
    fn note(&mut self, key: &str, value: &str) {
        match key {
            "Computer Name" => self.name = Some(value.trim().to_owned()),
            "System Version" => self.version = Some(value.trim().to_owned()),
            _ => {}
        }
    }
}

fn flush(
    reading: &mut Reading<'_>,
    device: &mut Option<DeviceNumber>,
    machine: &Machine,
    application: &mut Application,
) -> Result<(), ImportError> {
    let Some(place) = application.begins.take() else { return Ok(()) };
    let number = match (*device, &machine.name) {
        (Some(number), _) => number,
        (None, Some(name)) => reading.device(&Device {
            hostname: Some(name),
            os_family: Some(OsFamily::Macos),
            os_name: Some("macOS"),
            os_version: machine.version.as_deref(),
            ..Device::default()
        })?,
        (None, None) => reading.file_device_of(Some(OsFamily::Macos))?,
    };
    *device = Some(number);
    let field = |key: &str| application.fields.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str());
    let mut observation = ObservationRef::new(ObservationSource::Apps);
    observation.name = Some(&application.name);
    observation.version = field("Version");
    observation.path = field("Location");
    observation.arch = field("Kind");
    // Who signed, without whom the signer's own certificate was signed by.
    let signer = field("Signed by").and_then(|chain| chain.split(", Developer ID Certification Authority").next());
    observation.signer = signer.and_then(|chain| chain.split(", Apple ").next());
    reading.observation(place, number, &observation)
}

#[cfg(test)]
mod tests {
    use crate::testing::{fixture, gather};

    #[test]
    fn applications_stand_below_each_other() {
        let gathered = fixture("system-profiler", "mac.txt");
        assert_eq!(gathered.devices[0].hostname.as_deref(), Some("Mac-17"));
        assert_eq!(gathered.names(0), ["Safari", "Kaspersky: VPN", "Nothing Known"]);
        let (_, _, vpn) = &gathered.observations[1];
        assert_eq!(vpn.version.as_deref(), Some("24.1"));
        assert_eq!(vpn.signer.as_deref(), Some("Developer ID Application: Kaspersky Lab UK Limited (2Y8XE5CQ94)"));
        assert_eq!(vpn.path.as_deref(), Some("/Applications/Kaspersky VPN.app"));
        assert_eq!(gathered.observations[0].2.signer.as_deref(), Some("Software Signing"));
        assert_eq!(gathered.observations[0].2.arch.as_deref(), Some("Universal"));
    }

    #[test]
    fn without_a_name_the_file_names_the_machine() {
        let text = "Applications:\n\n    X:\n\n      Version: 1\n";
        assert_eq!(gather(text.as_bytes(), "mac-9.txt").devices[0].hostname.as_deref(), Some("mac-9"));
    }
}
