//! Which sources a collector accounts for, by its name: a scan file names its collectors and nothing else of them.
//!
//! Several collectors may account for one source on a system; it was looked at when all of them were complete.

use interdict_model::ObservationSource;

use crate::collector;
use crate::collector::Collector;

/// The sources of a collector's observations; none for a name this version does not know.
#[must_use]
pub fn sources_of(collector: &str) -> &'static [ObservationSource] {
    self::collector(collector).map_or(&[], Collector::sources)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collectors;

    #[test]
    fn every_collector_accounts_for_a_source_under_a_name_of_its_own() {
        for collector in collectors() {
            // What only completes the observations of others, or only looks into some folders, has none.
            let only_completes = collector.name().ends_with("/signatures") || crate::any::is_sweep(collector.name());
            assert_eq!(sources_of(collector.name()).is_empty(), only_completes, "{}", collector.name());
            let of_that_name = collectors().filter(|other| other.name() == collector.name());
            assert_eq!(of_that_name.count(), 1, "{}", collector.name());
        }
    }
}
