//! Which sources a collector accounts for, by its name: a scan file names its collectors and nothing else of them.

use interdict_model::ObservationSource;

use crate::COLLECTORS;

/// The sources of a collector's observations; none for a name this version does not know.
#[must_use]
pub fn sources_of(collector: &str) -> &'static [ObservationSource] {
    COLLECTORS.iter().find(|known| known.name() == collector).map_or(&[], |known| known.sources())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_collector_accounts_for_a_source_of_its_own() {
        let mut seen = Vec::new();
        for collector in COLLECTORS {
            let sources = sources_of(collector.name());
            assert!(!sources.is_empty(), "{}", collector.name());
            for source in sources {
                assert!(!seen.contains(source), "{source} stands twice");
                seen.push(*source);
            }
        }
    }
}
