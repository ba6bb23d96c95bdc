//! Bytes of another tool's export to observations, and to rejects with their reasons.
//!
//! [`import`] takes a reader and a [`Sink`]: compression is peeled off, the encoding and the format are found by content,
//! and every record is handed on as it is read, so that a file of any size takes the memory of one record. What cannot
//! be used is rejected with its place and its reason; what is left out on purpose is skipped with a reason; nothing is
//! dropped in silence. Sizes, depths and counts are bounded.
//!
//! The crate touches no file and no clock, does not decide which machine of the inventory a device is, does not identify
//! or judge anything and keeps nothing. One format is one module below `format`, one fixture folder and one line in
//! [`FORMATS`].

mod bounded;
mod container;
mod delimited;
mod devices;
mod encoding;
mod error;
mod format;
mod json;
pub mod mapping;
mod platform;
mod preview;
mod reading;
mod sample;
mod sink;
mod table;
#[cfg(test)]
mod testing;
mod text;
mod workbook;
mod xml;

pub use error::{DIAGNOSTIC_CODES, ImportError};
pub use format::{FORMATS, Format, INSTALLATION_COLUMNS, format_by_name};
pub use mapping::Mapping;
pub use preview::{Preview, PreviewRecord, preview};
pub use reading::{Imported, Input, Options, Reading, import};
pub use sample::{Sample, Shape};
pub use sink::{Completeness, Device, DeviceNumber, Place, Reject, Sink, Stop};
