//! `cargo xtask score`: runs the labelled records and prints, per class, recall, precision and every miss.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for people prints")]

use std::process::ExitCode;

use interdict_identify::Identifier;
use interdict_tests::score;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every class reached its shares.
fn run() -> Result<bool, String> {
    let (catalogue, _) = interdict_catalogue::builtin();
    let identifier = Identifier::new(&catalogue);
    let (classes, skipped) = score::classes(&catalogue)?;
    for place in skipped {
        println!("skipped: no data at {place}");
    }
    let scores: Vec<score::Score> = classes.iter().map(|class| score::score(&catalogue, &identifier, class)).collect();
    for score in &scores {
        for miss in &score.misses {
            println!("{}: {miss}", score.name);
        }
    }
    println!(
        "\n{:<42} {:>7} {:>8} {:>7} {:>9} {:>10} {:>6}  target",
        "class", "records", "labelled", "recall", "precision", "attributed", "wrong"
    );
    for score in &scores {
        println!(
            "{:<42} {:>7} {:>8} {:>6.2}% {:>8.2}% {:>10} {:>6}  {}",
            score.name,
            score.records,
            score.labelled,
            score.recall() * 100.0,
            score.precision() * 100.0,
            score.attributed,
            score.wrong,
            if score.is_reached() { "reached" } else { "MISSED" },
        );
    }
    Ok(scores.iter().all(score::Score::is_reached))
}
