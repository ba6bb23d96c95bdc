//! What the tiers of all products for all profiles on a hundred days cost, reasons left out.

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a bench reads the clock and prints figures")]

#[path = "../../catalogue/benches/figures/mod.rs"]
mod figures;

use std::process::ExitCode;
use std::time::Duration;

use figures::Figures;
use interdict_assess::{Circumstances, TierTable, assess};
use interdict_catalogue::{Catalogue, builtin};
use interdict_model::{Day, Subject};

const LIMIT: Duration = Duration::from_millis(100);
const DAYS: usize = 100;
/// From the first instruments to the day after tomorrow.
const FIRST_DAY: (i32, u32, u32) = (2017, 9, 13);
const DAYS_BETWEEN: usize = 36;
/// As many questions are asked of `assess`, to compare.
const SAMPLE: usize = 2_000;

fn main() -> ExitCode {
    let (catalogue, _) = builtin();
    let (subjects, askers, days) = (products(&catalogue), profiles(&catalogue), days());
    let mut figures = Figures::new("tiers of all products for all profiles on 100 days, processor time of one core");
    let table = figures.measure("the table, median of 7", 7, None, || TierTable::new(&catalogue, &askers));
    figures.measure("looking up every answer, median of 7", 7, None, || sum(&table, &subjects, askers.len(), &days));
    figures.measure("both together, median of 7", 7, Some(LIMIT), || {
        let table = TierTable::new(&catalogue, &askers);
        sum(&table, &subjects, askers.len(), &days)
    });
    let question = |number: usize| {
        let day = days[number * 7 % days.len()];
        (&subjects[number * 101 % subjects.len()], number * 37 % askers.len(), day)
    };
    let (verdicts, taken) = figures.timed(|| {
        let verdict = |number| {
            let (subject, asker, day) = question(number);
            assess(&catalogue, subject, &askers[asker].clone().on(day))
        };
        (0..SAMPLE).map(verdict).collect::<Vec<_>>()
    });
    figures.row("one verdict with its reasons, mean of 2,000", taken / 2_000, None);
    let alike = verdicts.iter().enumerate().all(|(number, verdict)| {
        let (subject, asker, day) = question(number);
        let tiers = table.subject(subject).and_then(|subject| subject.on(asker, day));
        tiers.is_some_and(|tiers| tiers.worst() == verdict.tier && tiers.headline == verdict.headline)
    });
    figures.check("those 2,000 are what the table says", alike);
    println!(
        "  {} products x {} profiles x {DAYS} days = {} answers of {} tiers and 2 headlines",
        subjects.len(),
        askers.len(),
        subjects.len() * askers.len() * DAYS,
        interdict_model::Activity::ALL.len(),
    );
    figures.end()
}

/// Looks at every answer.
fn sum(table: &TierTable, subjects: &[Subject], askers: usize, days: &[Day]) -> u64 {
    let mut sum = 0;
    for subject in subjects.iter().filter_map(|subject| table.subject(subject)) {
        for asker in 0..askers {
            for tiers in days.iter().filter_map(|day| subject.on(asker, *day)) {
                sum += u64::from(tiers.headline.installed.rank()) + u64::from(tiers.headline.purchase.rank());
            }
        }
    }
    sum
}

fn products(catalogue: &Catalogue) -> Vec<Subject> {
    let subject = |product: &interdict_model::Product| Subject::Product {
        vendor: product.vendor.clone(),
        product: product.id.clone(),
    };
    catalogue.products().map(subject).collect()
}

fn profiles(catalogue: &Catalogue) -> Vec<Circumstances> {
    let alone = |profile: &interdict_model::Profile| {
        Circumstances::of_profiles(catalogue, std::slice::from_ref(&profile.id), Day::UNKNOWN)
    };
    catalogue.profiles().iter().map(alone).collect()
}

fn days() -> Vec<Day> {
    let (year, month, day) = FIRST_DAY;
    let first = Day::new(year, month, day).unwrap_or(Day::UNKNOWN);
    std::iter::successors(Some(first), |day| Some(day.next())).step_by(DAYS_BETWEEN).take(DAYS).collect()
}
