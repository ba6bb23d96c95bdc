//! What inventories of the GLPI, `FusionInventory` and OCS family have in common, in JSON and in XML: the same sections and
//! the same members under names that differ in case only.
//!
//! <https://github.com/glpi-project/inventory_format> is the JSON form's schema; the XML forms are older and have none.
//! Processes, users, printers and hardware are not read, and remote-management ids are not kept.

use std::collections::BTreeSet;

use interdict_model::{ObservationRef, ObservationSource, OsFamily, ScopeRef, raw_key};

use crate::error::ImportError;
use crate::json::Fields;
use crate::platform;
use crate::reading::Reading;
use crate::sink::{Completeness, Device, DeviceNumber, Place};
use crate::text::{self, DateOrder};

/// What both forms leave out.
pub(super) const CAVEAT: &str = "the agent lists what is installed in users' profiles only where it is told to, and on \
    Windows Server no security products but those it has a check for";

/// The sections that say whose inventory it is.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The agent's id of the machine.
    pub(super) id: Option<String>,
    /// Whether it tells of changes only.
    pub(super) is_partial: bool,
    pub(super) hardware: Fields,
    pub(super) bios: Fields,
    pub(super) system: Fields,
    pub(super) log: Fields,
}

/// A machine's inventory that is being handed on.
pub(super) struct Inventory {
    device: DeviceNumber,
    family: Option<OsFamily>,
    system: Option<String>,
    is_partial: bool,
    sources: BTreeSet<ObservationSource>,
}

impl Inventory {
    /// Tells of the machine.
    pub(super) fn begin(reading: &mut Reading<'_>, facts: &Facts) -> Result<Self, ImportError> {
        let (hardware, system) = (&facts.hardware, &facts.system);
        let words = [system.get("kernel_name"), system.first(&["full_name", "name"]), hardware.get("osname")];
        // Phones run Linux, too, and are none of the machines that the catalogue's Linux packages are for.
        let is_phone = words.iter().flatten().any(|word| word.contains("Android"));
        let family = words.into_iter().flatten().find_map(platform::family).filter(|_| !is_phone);
        let seen = facts.log.get("logdate").and_then(text::instant);
        if let Some(seen) = &seen {
            reading.made(seen);
        }
        let identity = |value: Option<&str>| value.and_then(text::identity).map(str::to_owned);
        let uuid = identity(hardware.get("uuid"));
        let serial = identity(facts.bios.first(&["ssn", "msn"]));
        let hostname = identity(hardware.get("name").or_else(|| system.get("fqdn")));
        let device = Device {
            tool_id: facts.id.as_deref().and_then(text::known),
            hostname: hostname.as_deref(),
            domain: hardware.get("workgroup").or_else(|| system.get("dns_domain")),
            uuid: uuid.as_deref(),
            serial: serial.as_deref(),
            os_family: family,
            os_name: system.first(&["full_name", "name"]).or_else(|| hardware.get("osname")),
            os_version: system.get("version").or_else(|| hardware.get("osversion")),
            arch: system.get("arch").or_else(|| hardware.get("arch")),
            seen: seen.as_deref(),
            ..Device::default()
        };
        let is_known = device.tool_id.or(device.hostname).or(device.uuid).or(device.serial).is_some();
        let number = if is_known { reading.device(&device)? } else { reading.file_device_with(&device)? };
        let system = device.os_name.map(plain);
        Ok(Self { device: number, family, system, is_partial: facts.is_partial, sources: BTreeSet::new() })
    }

    /// A piece of software.
    pub(super) fn software(
        &mut self,
        reading: &mut Reading<'_>,
        place: Place,
        fields: &Fields,
        bytes: &[u8],
    ) -> Result<(), ImportError> {
        let source = self.source_of(fields);
        let mut observation = ObservationRef::new(source);
        observation.name = fields.get("name").map(|name| match source {
            // dpkg puts the architecture behind the names of libraries.
            ObservationSource::DebPackages => name.split(':').next().unwrap_or(name),
            _ => name,
        });
        observation.identifier = fields.get("guid");
        if fields.get("from") == Some("Android") {
            observation.identifier = fields.get("comments");
        }
        if observation.name.is_none() && observation.identifier.is_none() {
            return reading.reject(place, "a piece of software without a name", bytes);
        }
        // The agent of OCS for Unix counts the months of these from zero.
        let is_off = source == ObservationSource::DebPackages && fields.get("architecture").is_some();
        let date = fields.first(&["install_date", "installdate"]).filter(|_| !is_off);
        let date = date.and_then(|date| text::day(date, DateOrder::DayFirst));
        observation.version = fields.get("version");
        observation.publisher = fields.get("publisher").filter(|publisher| !self.is_no_publisher(source, publisher));
        observation.arch = fields.first(&["arch", "architecture", "bitswidth"]);
        observation.install_location = fields.get("folder");
        observation.install_date = date.as_deref();
        observation.scope = fields.get("username").map(ScopeRef::User);
        reading.observation(place, self.device, &observation)?;
        self.sources.insert(source);
        Ok(())
    }

    /// Whether a publisher is none: GLPI's agent gives the name of the system to every package of dpkg, that of OCS the
    /// package's page on the web.
    fn is_no_publisher(&self, source: ObservationSource, publisher: &str) -> bool {
        let is_system = |system: &String| system.starts_with(&plain(publisher));
        source == ObservationSource::DebPackages
            && (publisher.contains("://") || self.system.as_ref().is_some_and(is_system))
    }

    /// Where the agent found it; the agents of macOS and the oldest ones do not say.
    fn source_of(&self, fields: &Fields) -> ObservationSource {
        if let Some(from) = fields.get("from") {
            return platform::source(from);
        }
        let is_registered = fields.first(&["uninstall_string", "guid"]).is_some();
        match self.family {
            Some(OsFamily::Macos) => ObservationSource::Apps,
            // OCS says with a number that it read the registry.
            Some(OsFamily::Windows) if is_registered || fields.get("source").is_none_or(|source| source == "1") => {
                ObservationSource::Programs
            }
            _ => ObservationSource::Import,
        }
    }

    /// A product that the agent knows as an antivirus: what Security Center tells of it on Windows, what the agent found
    /// out by itself on other systems.
    pub(super) fn antivirus(
        &mut self,
        reading: &mut Reading<'_>,
        place: Place,
        fields: &Fields,
        bytes: &[u8],
    ) -> Result<(), ImportError> {
        let Some(name) = fields.get("name") else {
            return reading.reject(place, "an antivirus without a name", bytes);
        };
        let yes = |name: &str| match fields.get(name).map(str::to_ascii_lowercase)?.as_str() {
            "1" | "true" | "on" | "yes" => Some(true),
            "0" | "false" | "off" | "no" => Some(false),
            _ => None,
        };
        let day = |name: &str| fields.get(name).and_then(|date| text::day(date, DateOrder::DayFirst));
        // Of some products, Kaspersky's among them, the agent writes the day of the definitions for their version.
        let is_day = |version: &&str| version.len() == 8 && version.starts_with("20");
        let version = fields.get("base_version").filter(is_day).and_then(|day| text::day(day, DateOrder::DayFirst));
        let created = day("base_creation").or(version.filter(|day| day.contains('-')));
        let end = day("expiration");
        let raw = [
            (raw_key::KIND, Some("anti-virus")),
            (raw_key::STATE, yes("enabled").map(|on| if on { "on" } else { "off" })),
            (raw_key::UP_TO_DATE, yes("uptodate").map(|current| if current { "true" } else { "false" })),
            (raw_key::DEFINITIONS_VERSION, fields.get("base_version")),
            (raw_key::DEFINITIONS_DATE, created.as_deref()),
            (raw_key::LICENCE_END, end.as_deref()),
        ];
        let mut observation = ObservationRef::new(ObservationSource::Wsc);
        observation.name = Some(name);
        observation.publisher = fields.get("company");
        observation.version = fields.get("version");
        observation.identifier = fields.get("guid");
        observation.raw = raw.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
        reading.observation(place, self.device, &observation)?;
        self.sources.insert(ObservationSource::Wsc);
        Ok(())
    }

    /// A tool for remote control, by its kind.
    pub(super) fn remote_control(
        &mut self,
        reading: &mut Reading<'_>,
        place: Place,
        fields: &Fields,
        bytes: &[u8],
    ) -> Result<(), ImportError> {
        let Some(kind) = fields.get("type") else {
            return reading.reject(place, "a tool for remote control without its kind", bytes);
        };
        let mut observation = ObservationRef::new(ObservationSource::Import);
        observation.name = Some(kind);
        observation.version = fields.get("version");
        reading.observation(place, self.device, &observation)?;
        self.sources.insert(ObservationSource::Import);
        Ok(())
    }

    /// Says how much of each source that came was told.
    pub(super) fn end(self, reading: &mut Reading<'_>) -> Result<(), ImportError> {
        let completeness = if self.is_partial { Completeness::Part } else { Completeness::Whole };
        for source in self.sources {
            reading.told(self.device, source, completeness)?;
        }
        Ok(())
    }
}

/// A name as it compares: small letters without blanks.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}
