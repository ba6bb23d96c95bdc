//! Subject, profile and day to verdict, with reasons.
//!
//! The rules are those of the product's definition ("how a tier comes about"), one module each: when an effect counts
//! ([`phase`](mod@phase)), whether it reaches the subject (`coverage`, over the names in `scope`), whom it touches (`touch`), and what is said about it
//! (`sentence`). The crate is pure: the day is given, nothing is read, nothing is remembered.

mod bearing;
mod circumstances;
mod coverage;
mod parties;
mod phase;
mod scope;
mod sentence;
mod tiers;
mod timeline;
mod touch;
mod verdict;

pub use bearing::{Bearing, bearing};
pub use circumstances::Circumstances;
pub use coverage::{ClassAnswer, class_answer};
pub use parties::listings;
pub use phase::{Phase, Why, effect_is_visible, phase};
pub use tiers::{SubjectTiers, TierTable, Tiers};
pub use timeline::{Lane, Span, effect_days, effect_spans, lanes};
pub use verdict::assess;
