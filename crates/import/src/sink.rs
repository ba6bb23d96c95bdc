//! What an importer hands on, and to whom.

use std::fmt;

use interdict_model::{Diagnostic, ObservationRef, ObservationSource, OsFamily};

/// A machine as an export tells of it. What is not known is absent; nothing here is made up, and placeholders that
/// factories and tools write instead of a value ("To be filled by O.E.M.", "N/A") are taken for absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Device<'a> {
    /// The exporting tool's own id of it.
    pub tool_id: Option<&'a str>,
    /// The id Interdict itself gave it; only in our own files.
    pub machine_id: Option<&'a str>,
    /// Host name, with or without a domain, as written.
    pub hostname: Option<&'a str>,
    /// Domain or workgroup.
    pub domain: Option<&'a str>,
    /// The system's UUID (SMBIOS), as written.
    pub uuid: Option<&'a str>,
    /// The manufacturer's serial number.
    pub serial: Option<&'a str>,
    /// The family of its operating system.
    pub os_family: Option<OsFamily>,
    /// The name of its operating system.
    pub os_name: Option<&'a str>,
    /// The version of its operating system.
    pub os_version: Option<&'a str>,
    /// Processor architecture as written.
    pub arch: Option<&'a str>,
    /// When the tool last looked at it: RFC 3339, UTC.
    pub seen: Option<&'a str>,
}

/// A device of one import, in the order of their first appearance, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceNumber(pub u32);

/// Where in the file something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A line of text, from 1.
    Line(u64),
    /// An element of a list, from 1.
    Item(u64),
    /// The file as a whole.
    File,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(number) => write!(formatter, "line {number}"),
            Self::Item(number) => write!(formatter, "item {number}"),
            Self::File => formatter.write_str("the file"),
        }
    }
}

/// Something in an export that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Where it stands.
    pub place: Place,
    /// Why it could not be used: lower case, no full stop.
    pub reason: String,
    /// Its beginning as written, at most 200 characters.
    pub excerpt: String,
}

/// How much of a source an export tells about a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Completeness {
    /// All there is: what is not told is not there.
    Whole,
    /// Some of it: what is not told may be there.
    Part,
}

/// Why reading ends early: whoever takes the records wants no more, and knows why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop;

/// Takes what an importer reads, in the order of the file.
pub trait Sink {
    /// A device that was not told of before; its number is what [`Sink::observation`] names.
    fn device(&mut self, device: &Device<'_>) -> Result<DeviceNumber, Stop>;

    /// Something on a device.
    fn observation(&mut self, place: Place, device: DeviceNumber, observation: &ObservationRef<'_>)
    -> Result<(), Stop>;

    /// Something of which the export says at most on how many devices it is, not on which.
    fn title(&mut self, place: Place, observation: &ObservationRef<'_>, devices: Option<u64>) -> Result<(), Stop>;

    /// How much of a source the export told of a device. What is never said of is taken for [`Completeness::Part`].
    fn told(&mut self, device: DeviceNumber, source: ObservationSource, completeness: Completeness)
    -> Result<(), Stop>;

    /// Something that could not be used.
    fn reject(&mut self, reject: Reject) -> Result<(), Stop>;

    /// Something that is left out on purpose; the reason is one of a few.
    fn skip(&mut self, place: Place, reason: &'static str) -> Result<(), Stop>;

    /// Something worth saying of the file or of a record that was used.
    fn note(&mut self, diagnostic: Diagnostic) -> Result<(), Stop>;
}
