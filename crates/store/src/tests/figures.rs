//! What recording costs. Ignored: `cargo test --release -p interdict-store figures -- --ignored --nocapture`.

use std::time::Instant;

use interdict_model::ObservationSource::{DebPackages, Files};
use interdict_model::{Observation, Scope};

use super::{NOW, day, header, observation};
use crate::{ForgetScope, Options, Replace, Store, Trial};

/// Processor time of this thread, where the system tells it.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|text| text.parse::<f64>().ok());
    nanoseconds.unwrap_or_default() / 1e9
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (begun, processor) = (Instant::now(), processor_seconds());
    let result = work();
    println!(
        "{what}: {:.3} s processor, {:.3} s elapsed",
        processor_seconds() - processor,
        begun.elapsed().as_secs_f64()
    );
    result
}

fn machine(count: usize) -> Vec<Observation> {
    (0..count)
        .map(|number| {
            let source = if number % 10 == 0 { Files } else { DebPackages };
            let mut observation = observation(source, &format!("libexample-{number}-dev"), "1.2.3-4+deb13u1");
            observation.publisher = Some("Debian Example Maintainers <example@lists.debian.org>".to_owned());
            observation.arch = Some("amd64".to_owned());
            observation.path = Some("/var/lib/dpkg/status".to_owned());
            observation.scope = Some(Scope::Machine);
            if number % 20 == 0 {
                observation.raw.insert("source_package".to_owned(), format!("example-{number}"));
            }
            observation
        })
        .collect()
}

#[test]
#[ignore = "measures"]
fn fifty_thousand_observations() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("interdict.db"), NOW).expect("opens");
    let mut observations = machine(50_000);
    let covered = [DebPackages, Files];
    let mut record = |what: &str, machine: &str, day_of_month, observations: &[Observation]| {
        let header = header(machine, day_of_month);
        let recorded = timed(what, || store.record_scan(&header, &day(2), "x", &covered, observations, &[]));
        println!("  {:?}", recorded.expect("records"));
    };
    timed("of it, their hash for the log", || crate::log::observations_digest(&observations)).expect("hashes");
    record("first scan", "m1", 1, &observations);
    record("the same again", "m1", 2, &observations);
    for observation in observations.iter_mut().step_by(100) {
        observation.version = Some("2".to_owned());
    }
    record("one in a hundred changed", "m1", 3, &observations);
    record("another machine with the same", "m2", 3, &observations);
    timed("observations_of", || store.observations_of("m1")).expect("reads");
    timed("totals", || store.totals()).expect("reads");
    timed("software, all", || store.software(None, None)).expect("reads");
    timed("software, a page", || store.software(Some(100), None)).expect("reads");
}

#[test]
#[ignore = "measures"]
fn a_fleet_of_a_million_installations() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("interdict.db");
    let mut store = Store::open(&path, NOW).expect("opens");
    let observations = machine(20_000);
    let mut fleet = |what: &str, day_of_month| {
        timed(what, || {
            for number in 0..1_000 {
                let part: Vec<_> = observations.iter().skip(number % 20).step_by(20).cloned().collect();
                let header = header(&format!("m{number}"), day_of_month);
                store.record_scan(&header, &day(2), "x", &[DebPackages, Files], &part, &[]).expect("records");
            }
        });
    };
    fleet("1,000 machines of 1,000", 1);
    fleet("the same again", 2);
    timed("totals", || store.totals()).expect("reads");
    timed("machines", || store.machines()).expect("reads");
    timed("software, all", || store.software(None, None)).expect("reads");
    timed("software, a page", || store.software(Some(100), None)).expect("reads");
    let copy = folder.path().join("copy.db");
    timed("back up", || store.back_up(&copy, Replace::Nothing)).expect("backs up");
    timed("check", || store.check()).expect("checks");
    timed("restore", || crate::restore(&folder.path().join("fresh.db"), &copy, NOW, Options::default()))
        .expect("restores");
    timed("compact", || store.compact()).expect("compacts");
    let mut forget = |what: &str, machines, trial| {
        timed(what, || store.forget("2026-12-01T00:00:00Z", machines, trial, NOW)).expect("forgets")
    };
    forget("forget, nothing to forget", ForgetScope::PAST, Trial::Done);
    forget("forget, all machines, tried", ForgetScope::UNSEEN_MACHINES, Trial::Tried);
    let path = path.clone();
    drop(store);
    println!("{} bytes a row", std::fs::metadata(path).expect("exists").len() / 1_000_000);
}
