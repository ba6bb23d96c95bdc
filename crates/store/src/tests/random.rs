//! Random histories against a model that keeps every scan and reasons slowly.

use interdict_model::{Observation, ObservationSource};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;

use super::{observation, scan};
use crate::Store;

const SOURCES: [ObservationSource; 3] =
    [ObservationSource::DebPackages, ObservationSource::Services, ObservationSource::Import];

fn observations() -> impl Strategy<Value = Vec<Observation>> {
    let one = (0..SOURCES.len(), 0..4_u8, 0..2_u8, 0..2_u8).prop_map(|(source, name, version, path)| {
        let mut observation = observation(SOURCES[source], &format!("n{name}"), &version.to_string());
        observation.path = (path > 0).then(|| "/opt".to_owned());
        observation
    });
    vec(one, 0..8)
}

/// What is there after one more scan: everything seen, and what was there before in a source not covered and was not
/// among what was seen.
fn step(before: &[Observation], covered: &[ObservationSource], seen: &[Observation]) -> Vec<Observation> {
    let mut unmatched = seen.to_vec();
    let mut after = seen.to_vec();
    for old in before {
        if let Some(position) = unmatched.iter().position(|new| new == old) {
            unmatched.swap_remove(position);
        } else if !covered.contains(&old.source) {
            after.push(old.clone());
        }
    }
    after
}

fn sorted(observations: &[Observation]) -> Vec<String> {
    let mut texts: Vec<String> =
        observations.iter().map(|observation| serde_json::to_string(observation).expect("serialises")).collect();
    texts.sort();
    texts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_present_is_what_the_slow_model_says(
        scans in vec((subsequence(SOURCES.to_vec(), 0..=SOURCES.len()), observations()), 1..6)
    ) {
        let mut store = Store::open_in_memory().expect("opens");
        let mut present = Vec::new();
        for (number, (covered, seen)) in (1..).zip(&scans) {
            let recorded = scan(&mut store, number, covered, seen, &[]).expect("records");
            let before = present.len();
            present = step(&present, covered, seen);
            prop_assert_eq!(before + recorded.new_installations - recorded.gone_installations, present.len());
            prop_assert_eq!(sorted(&store.observations_of("m1").expect("reads")), sorted(&present));
            prop_assert_eq!(store.totals().expect("reads").installations, present.len());
            prop_assert_eq!(store.check().expect("checks").problems, Vec::<String>::new());
        }
    }
}
