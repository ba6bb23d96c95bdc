//! Whom an effect touches: a profile that holds one of its capacities.

use std::collections::BTreeSet;

use interdict_model::{Capacity, Effect};

/// How an effect touches a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Touch {
    /// The profile must obey.
    Binds(Capacity),
    /// The other side must obey in dealing with the profile.
    Counterparty(Capacity),
    /// A warning is meant for the profile.
    Addressed(Capacity),
}

impl Touch {
    /// How the effect touches somebody of these capacities, if it does. A capacity of one's own is named before `anyone`.
    pub(crate) fn of(effect: &Effect, capacities: &BTreeSet<Capacity>) -> Option<Self> {
        let held = |wanted: &[Capacity]| {
            let mut found = wanted.iter().copied().filter(|capacity| capacities.contains(capacity));
            let first = found.next()?;
            if first == Capacity::ANYONE { found.next().or(Some(first)) } else { Some(first) }
        };
        held(&effect.binds)
            .map(Self::Binds)
            .or_else(|| held(&effect.counterparty).map(Self::Counterparty))
            .or_else(|| held(&effect.addressed).map(Self::Addressed))
    }

    /// The capacity through which it does.
    pub(crate) fn via(self) -> Capacity {
        match self {
            Self::Binds(capacity) | Self::Counterparty(capacity) | Self::Addressed(capacity) => capacity,
        }
    }
}
