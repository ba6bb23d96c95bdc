//! Observation to product and vendor, with the rule and the field that matched.
//!
//! [`Identifier`] compiles all fingerprints of a catalogue into one automaton and asks it once per field; no rule is tried
//! by itself. [`consolidate`] turns one machine's observations into detections with presence and evidence, and
//! [`find_parties`] finds people and companies by exact name. Nothing here judges, and nothing here is fuzzy: a near-name is
//! not a match.

mod company;
mod consolidate;
mod fields;
mod identifier;
mod matching;
mod normalise;
mod parties;
mod presence;
mod rules;

pub use consolidate::{consolidate, consolidate_identified, says_something};
pub use identifier::{Identification, Identifier};
pub use normalise::normalise;
pub use parties::find_parties;
pub use presence::says;
