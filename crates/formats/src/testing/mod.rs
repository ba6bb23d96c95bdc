//! Writers of the formats that are read here, for tests and measurements only (feature `testing`).
//!
//! What a reader is tried on must not be written by code that could share its mistakes: writers follow the description of
//! the format and use nothing of the reader. No product is built with them.

pub mod hive;
