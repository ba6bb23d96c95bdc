//! Who asks, for which day, with which catalogue: what every answer begins with.

use std::collections::BTreeSet;

use interdict_app::assess::Circumstances;
use interdict_model::{CatalogueStamp, Day, RestrictionId, Verdict};

use crate::output::{DIM, Page, STRONG, plain, span};

/// Where the profile comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// From the arguments.
    Given,
    /// From the database.
    Saved,
    /// Nobody said who asks.
    Nobody,
}

/// Who asks, for which day, with which catalogue.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) profiles: Vec<String>,
    pub(crate) origin: Origin,
    pub(crate) circumstances: Circumstances,
    pub(crate) catalogue: CatalogueStamp,
}

impl Asked {
    pub(crate) const fn as_of(&self) -> Day {
        self.circumstances.as_of
    }

    /// `for us-private on 2024-09-29, with catalogue 2026.48.1 of 2026-11-23`.
    pub(crate) fn heading(&self, page: &mut Page) {
        let saved = if self.origin == Origin::Saved { " (saved)" } else { "" };
        let catalogue = &self.catalogue;
        page.line(&[
            plain("for "),
            span(self.profiles.join(", "), STRONG),
            plain(format!("{saved} on ")),
            span(self.as_of().to_string(), STRONG),
            plain(format!(", with catalogue {} of {}", catalogue.version, catalogue.date)),
        ]);
    }

    /// What is in force for others, when nobody said who asks.
    pub(crate) fn in_force_for_others<'v>(&self, page: &mut Page, verdicts: impl IntoIterator<Item = &'v Verdict>) {
        if self.origin != Origin::Nobody {
            return;
        }
        let count = self.others_in_force(verdicts).len();
        if count == 0 {
            return;
        }
        let instruments = if count == 1 { "instrument" } else { "instruments" };
        page.line(&[
            plain(format!("in force for others: {count} {instruments}; say who you are with ")),
            span("--profile", STRONG),
        ]);
    }

    /// The instruments that bind or address others on that day.
    fn others_in_force<'v>(&self, verdicts: impl IntoIterator<Item = &'v Verdict>) -> BTreeSet<&'v RestrictionId> {
        let others =
            verdicts.into_iter().flat_map(|verdict| verdict.activities.values()).flat_map(|answer| &answer.others);
        let in_force = others.filter(|reason| {
            reason.effect_from <= self.as_of() && reason.effect_until.is_none_or(|until| self.as_of() < until)
        });
        in_force.map(|reason| &reason.restriction).collect()
    }

    /// The sentence under every answer.
    pub(crate) fn legal_note(&self, page: &mut Page) {
        let text = format!(
            "Information from public sources as of the catalogue's date ({}); not legal advice. Ask counsel before acting.",
            self.catalogue.date
        );
        page.paragraph(&[], &text, DIM);
    }
}
