//! What identifying a million records costs, and whether more fingerprints make a record dearer.

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a bench reads the clock and prints figures")]

mod copies;
#[path = "../../../catalogue/benches/figures/mod.rs"]
mod figures;
mod records;

use std::process::ExitCode;
use std::time::Duration;

use figures::Figures;
use interdict_catalogue::builtin;
use interdict_identify::Identifier;
use interdict_model::Observation;
use records::Records;

/// A million at once would measure the memory that the bench itself takes.
const BATCH: u64 = 20_000;
const BATCHES: u32 = 50;
const LIMIT: Duration = Duration::from_secs(3);
/// Batches for each size of catalogue.
const CURVE_BATCHES: u32 = 10;
/// How many times the fingerprints, the smallest first.
const TIMES: [u32; 3] = [1, 3, 10];
/// What a record may cost with the most fingerprints, as a multiple: memory is dearer the more of it there is.
const DEAREST: f64 = 1.25;

fn main() -> ExitCode {
    let mut figures = Figures::new("identifying 1,000,000 distinct records, processor time of one core");
    let catalogue = builtin().0;
    let records = Records::of(&catalogue);
    let identifier =
        figures.measure("compiling the fingerprints, median of 5", 5, None, || Identifier::new(&catalogue));
    let (mut taken, mut identified) = (Duration::ZERO, 0);
    for batch in 0..BATCHES {
        let batch = records.from(u64::from(batch) * BATCH, BATCH);
        let (found, time) = figures.timed(|| identify(&identifier, &batch));
        taken += time;
        identified += found;
    }
    figures.row("identifying them", taken, Some(LIMIT));
    println!("  {identified} of them have a vendor; {} fingerprints", copies::fingerprints(&catalogue));
    curve(&mut figures, &records);
    figures.end()
}

/// The same records with catalogues of several sizes, which take turns.
fn curve(figures: &mut Figures, records: &Records) {
    let catalogues = TIMES.map(copies::catalogue);
    let identifiers: Vec<Identifier> = catalogues.iter().map(Identifier::new).collect();
    let mut taken = [Duration::ZERO; TIMES.len()];
    for batch in 0..CURVE_BATCHES {
        let batch = records.from(u64::from(batch) * BATCH, BATCH);
        for (identifier, taken) in identifiers.iter().zip(&mut taken) {
            *taken += figures.timed(|| identify(identifier, &batch)).1;
        }
    }
    let per_record = |taken: Duration| taken / CURVE_BATCHES / u32::try_from(BATCH).unwrap_or(1);
    for ((times, catalogue), taken) in TIMES.iter().zip(&catalogues).zip(taken) {
        let what = format!("a record with {times} times the fingerprints: {}", copies::fingerprints(catalogue));
        figures.row(&what, per_record(taken), None);
    }
    let ratio = taken[TIMES.len() - 1].as_secs_f64() / taken[0].as_secs_f64();
    figures
        .check(&format!("10 times the fingerprints: {ratio:.2} times the cost, at most {DEAREST}"), ratio <= DEAREST);
}

fn identify(identifier: &Identifier, batch: &[Observation]) -> usize {
    batch.iter().filter(|observation| identifier.identify(observation).vendor.is_some()).count()
}
