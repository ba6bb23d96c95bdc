//! What one effect of an instrument is to the asker, whatever it is asked about.

use interdict_model::{Effect, Restriction, Tier};

use crate::circumstances::Circumstances;
use crate::phase::phase;
use crate::sentence;
use crate::touch::Touch;

/// How an effect touches the asker on the day asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearing {
    /// The tier that it would give a subject it covers, conditions aside.
    pub tier: Tier,
    /// The plain sentence: "Binds you because you are ...".
    pub because: String,
}

/// How an effect touches the asker; nothing where it touches others alone, is not public yet or is over.
#[must_use]
pub fn bearing(restriction: &Restriction, effect: &Effect, circumstances: &Circumstances) -> Option<Bearing> {
    let touch = Touch::of(effect, &circumstances.capacities)?;
    let phase = phase(restriction, effect, circumstances.as_of)?;
    Some(Bearing { tier: phase.tier, because: sentence::because(restriction, effect, phase.why, touch, None) })
}
