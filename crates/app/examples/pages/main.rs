//! What the window asks of a large inventory, timed: pages of titles and machines, counts by tier, vendors, searches, and
//! what the Overview, Findings and Software are made of. Drawing is left out.
//!
//! `cargo xtask bench fleet` runs it on the inventory that it imported: `pages DATABASE`.

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "an example reads the clock and prints figures")]
#![expect(clippy::expect_used, reason = "what cannot be prepared fails")]

#[path = "../../../catalogue/benches/figures/mod.rs"]
mod figures;
mod screens;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use figures::Figures;
use interdict_app::model::{Category, Tier};
use interdict_app::store::{Store, TitleQuery, TitleSort, Who};
use interdict_app::{Fleet, MachineQuery, MachineSort, Workbench, now};

/// What a page may take.
const PAGE: Duration = Duration::from_millis(30);
/// What counting anew, and finding words, may take.
const COUNT: Duration = Duration::from_millis(50);
/// How many rows a page has.
const ROWS: usize = 100;
/// How often each is asked; the median counts.
const RUNS: usize = 5;

fn main() -> ExitCode {
    let path = std::env::args().nth(1).expect("the path of a database");
    let store = Store::open(Path::new(&path), &now()).expect("opens");
    let totals = store.totals().expect("counts");
    let mut figures = Figures::new("what the window asks, processor time of one core, median of 5");
    println!("  {} machines, {} installations, {} titles", totals.machines, totals.installations, totals.titles);
    figures.check("there is something to ask for", totals.titles > 0 && totals.machines > 0);
    titles(&mut figures, &store);
    words(&mut figures, &store);
    machines(&mut figures, &store);
    screens::overview_and_findings(&mut figures, &store);
    screens::software(&mut figures, &store);
    screens::report(&mut figures, &store);
    figures.end()
}

/// Pages of the titles in every order, at the beginning, in the middle and at the end, and of each filter.
fn titles(figures: &mut Figures, store: &Store) {
    let totals = store.totals().expect("counts");
    let (all, machines) = (totals.titles, totals.machines);
    for (sort, name) in
        [(TitleSort::Name, "name"), (TitleSort::Machines, "machines"), (TitleSort::Publisher, "publisher")]
    {
        for is_descending in [false, true] {
            for (place, offset) in [("first", 0), ("middle", all / 2), ("last", all.saturating_sub(ROWS))] {
                let query = TitleQuery { sort, is_descending, ..TitleQuery::default() };
                let direction = if is_descending { "falling" } else { "rising" };
                let what = format!("titles by {name}, {direction}, {place} page");
                figures.measure(&what, RUNS, Some(PAGE), || store.titles(&query, offset, ROWS).expect("answers"));
            }
        }
    }
    for publisher in ["Microsoft Corporation", "AO Kaspersky Lab"] {
        let query = TitleQuery {
            publisher: Some(publisher.to_owned()),
            sort: TitleSort::Machines,
            is_descending: true,
            ..TitleQuery::default()
        };
        let what = format!("titles of {publisher} by machines");
        figures.measure(&what, RUNS, Some(PAGE), || store.titles(&query, 0, ROWS).expect("answers"));
    }
    let widespread = TitleQuery { sort: TitleSort::Machines, is_descending: true, ..TitleQuery::default() };
    let first = store.titles(&widespread, 0, 1).expect("answers");
    let most: Vec<i64> = first.rows.iter().map(|row| row.id).collect();
    for (who, name) in [(Who::Has, "have"), (Who::HasNot, "have not")] {
        for (place, offset) in [("first", 0), ("later", machines / 10)] {
            let what = format!("machines that {name} the most widespread title, {place} page");
            let page = || store.machines_with(&most, who, offset, ROWS).expect("answers");
            figures.measure(&what, RUNS, Some(PAGE), page);
        }
    }
    figures.measure("every version of the most widespread title", RUNS, Some(PAGE), || {
        most.iter().map(|id| store.versions_of(*id).expect("answers").len()).sum::<usize>()
    });
}

/// Words and their beginnings, in several scripts, rare and common.
fn words(figures: &mut Figures, store: &Store) {
    for text in ["kaspersky", "Касперск", "chrome", "s", "安全", "endpoint security", "no such thing"] {
        for sort in [TitleSort::Machines, TitleSort::Name] {
            let query = TitleQuery {
                text: Some(text.to_owned()),
                sort,
                is_descending: sort == TitleSort::Machines,
                ..TitleQuery::default()
            };
            let found = store.titles(&query, 0, ROWS).expect("answers").total;
            let what = format!("titles with \"{text}\" by {sort:?}: {found}");
            figures.measure(&what, RUNS, Some(COUNT), || store.titles(&query, 0, ROWS).expect("answers"));
        }
    }
}

/// The list of machines, which is read once and asked often.
fn machines(figures: &mut Figures, store: &Store) {
    let workbench = Workbench::builtin().expect("the built-in catalogue");
    let fleet = figures.measure("reading all machines once", 1, None, || Fleet::read(store).expect("reads"));
    let mut days = ["2024-09-28", "2024-09-29", "2026-11-22"].iter().cycle();
    let mut another = || {
        let day = days.next().and_then(|day| day.parse().ok()).expect("a day");
        workbench.circumstances(&["us-private".to_owned()], day).expect("a profile")
    };
    let standing = figures.measure("machines by tier and vendors by machines, another date", RUNS, Some(COUNT), || {
        workbench.standing(store, &another()).expect("answers")
    });
    println!("  {:?}, {} vendors", standing.tiers, standing.vendors.len());
    let tiers = figures.measure("tiers of every machine after another date", RUNS, Some(COUNT), || {
        workbench.judge_fleet(&fleet, &another())
    });
    let today = "2026-11-22".parse().expect("a day");
    for (sort, name) in [
        (MachineSort::Tier, "tier"),
        (MachineSort::Name, "name"),
        (MachineSort::Installations, "installations"),
        (MachineSort::LastSeen, "last seen"),
    ] {
        let query = MachineQuery { sort, is_descending: true, ..MachineQuery::default() };
        let what = format!("machines by {name}, with the counts of all filters");
        figures.measure(&what, RUNS, Some(PAGE), || fleet.select(&tiers, &query, None, today));
    }
    let query = MachineQuery { text: "ws-01".to_owned(), tiers: vec![Tier::Restricted], ..MachineQuery::default() };
    figures.measure("machines of a tier with words", RUNS, Some(PAGE), || fleet.select(&tiers, &query, None, today));
    let day = "2026-11-22".parse().expect("a day");
    let holdings = figures.measure("who has which category, and who was looked at", RUNS, Some(PAGE), || {
        workbench.holdings(store, day).expect("answers")
    });
    let query = MachineQuery { without: vec![Category::EndpointProtection], ..MachineQuery::default() };
    figures.measure("machines without any endpoint protection", RUNS, Some(PAGE), || {
        fleet.select(&tiers, &query, Some(holdings.lacking(&query.without)), today)
    });
    let one = fleet.machine(fleet.len() / 2).expect("not empty").machine.id.clone();
    let on_machine = TitleQuery { on_machine: Some(one), ..TitleQuery::default() };
    figures.measure("titles of one machine", RUNS, Some(PAGE), || store.titles(&on_machine, 0, ROWS).expect("answers"));
}
