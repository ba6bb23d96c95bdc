//! The Overview, Findings and Software, by the functions that the window calls. What it remembers between two questions is
//! worked out anew each time; what it reads once after a change of the inventory stands in a line of its own.

use interdict_app::assess::Circumstances;
use interdict_app::model::Tier;
use interdict_app::store::Store;
use interdict_app::{Chronicle, SoftwareQuery, SoftwareSort, Workbench, now};

use crate::figures::Figures;
use crate::{COUNT, PAGE, ROWS, RUNS};

/// How many of the worst machines, the newest changes and the last reasons why something was not seen the Overview shows.
const SHOWN: usize = 10;
/// Days on which more or less is forbidden.
const DAYS: [&str; 3] = ["2024-09-28", "2024-09-29", "2026-11-22"];

fn on(workbench: &Workbench, day: &str) -> Circumstances {
    workbench.circumstances(&["us-private".to_owned()], day.parse().expect("a day")).expect("a profile")
}

/// The Overview, the list of findings, and the first places of the finding on most machines.
pub(crate) fn overview_and_findings(figures: &mut Figures, store: &Store) {
    let workbench = Workbench::builtin().expect("the built-in catalogue");
    let chronicle = figures
        .measure("once after a change: every interval ever found", 1, None, || Chronicle::read(store).expect("reads"));
    figures
        .measure("once after a change: what could not be looked at", 1, None, || store.unseen(SHOWN).expect("answers"));
    let mut days = DAYS.iter().cycle();
    let mut another = || on(&workbench, days.next().expect("a day"));
    let exposure = figures.measure("all findings with their machines, another date", RUNS, Some(COUNT), || {
        workbench.exposure(store, &another()).expect("answers")
    });
    let asked = on(&workbench, "2026-11-22");
    figures.measure("Overview: the history of tiers, another date", RUNS, Some(COUNT), || {
        workbench.history(&chronicle, &another())
    });
    figures.measure("Overview: what the newest scans changed, another date", RUNS, Some(COUNT), || {
        workbench.changes(store, &chronicle, &another(), SHOWN).expect("answers")
    });
    figures.measure("Overview: machines by tier, vendors by machines", RUNS, Some(COUNT), || {
        (exposure.machine_tiers(), exposure.exposed_vendors())
    });
    figures.measure("Overview: the worst machines", RUNS, Some(PAGE), || {
        exposure.worst_machines(store, SHOWN).expect("answers")
    });
    figures.measure("Vendors: all of the catalogue, with what is here", RUNS, Some(COUNT), || {
        workbench.vendor_standings(&exposure, &asked)
    });
    figures.measure("Findings: when and in which versions each is seen", RUNS, Some(PAGE), || {
        exposure.spoken_of().map(|finding| chronicle.seen(finding).versions.len()).sum::<usize>()
    });
    let widespread = exposure.findings.iter().max_by_key(|finding| finding.machine_count()).expect("some finding");
    println!("  {} findings, the most widespread on {} machines", exposure.findings.len(), widespread.machine_count());
    for (name, offset) in [("first", 0), ("last", widespread.machine_count().saturating_sub(ROWS))] {
        let what = format!("a finding: the {name} hundred machines with evidence");
        figures.measure(&what, RUNS, Some(PAGE), || widespread.places(store, offset, ROWS).expect("answers"));
    }
    figures.measure("a finding: how sure it is, in which versions", RUNS, Some(PAGE), || {
        (chronicle.sureness(widespread).traces, chronicle.seen(widespread).versions)
    });
    let worst = exposure.worst_machines(store, 1).expect("answers");
    let id = worst.first().map(|worst| worst.machine.machine_id.clone()).expect("a machine with a finding");
    figures.measure("everything about the worst machine", RUNS, Some(PAGE), || {
        workbench.machine_page(store, &id, &asked).expect("answers")
    });
}

/// The list of software with its counts, in every order and by its filters, and the page of a title.
pub(crate) fn software(figures: &mut Figures, store: &Store) {
    let workbench = Workbench::builtin().expect("the built-in catalogue");
    let titles = figures.measure("once after a change: every title identified", 1, None, || {
        workbench.read_titles(store).expect("reads")
    });
    let mut days = DAYS.iter().cycle();
    let tiers = figures.measure("Software: tiers of all titles, another date", RUNS, Some(COUNT), || {
        workbench.judge_titles(&titles, &on(&workbench, days.next().expect("a day")))
    });
    let page = |query: &SoftwareQuery| {
        let chosen = titles.select(store, &workbench, &tiers, query).expect("answers");
        let shown = chosen.places.get(..ROWS.min(chosen.places.len())).unwrap_or_default();
        titles.read(store, shown).expect("reads").len()
    };
    for (sort, name) in [
        (SoftwareSort::Tier, "tier"),
        (SoftwareSort::Name, "name"),
        (SoftwareSort::Version, "version"),
        (SoftwareSort::Publisher, "publisher"),
        (SoftwareSort::Vendor, "vendor"),
        (SoftwareSort::Machines, "machines"),
    ] {
        for is_descending in [false, true] {
            let query = SoftwareQuery { sort, is_descending, ..SoftwareQuery::default() };
            let direction = if is_descending { "falling" } else { "rising" };
            let what = format!("Software by {name}, {direction}, with the counts of all filters");
            figures.measure(&what, RUNS, Some(PAGE), || page(&query));
        }
    }
    let unknown = SoftwareQuery {
        is_identified: Some(false),
        sort: SoftwareSort::Machines,
        is_descending: true,
        ..SoftwareQuery::default()
    };
    let restricted = SoftwareQuery { tiers: vec![Tier::Prohibited, Tier::Restricted], ..SoftwareQuery::default() };
    let of_vendor = SoftwareQuery { vendor: Some("kaspersky".to_owned()), ..SoftwareQuery::default() };
    for (name, query) in
        [("the shipped view, of unknown vendors", unknown), ("of two tiers", restricted), ("of a vendor", of_vendor)]
    {
        figures.measure(&format!("Software: {name}"), RUNS, Some(PAGE), || page(&query));
    }
    let words = SoftwareQuery { text: "Касперск".to_owned(), ..SoftwareQuery::default() };
    figures.measure("Software: with words", RUNS, Some(COUNT), || page(&words));
    let widespread = SoftwareQuery { sort: SoftwareSort::Machines, is_descending: true, ..SoftwareQuery::default() };
    let most = titles.select(store, &workbench, &tiers, &widespread).expect("answers");
    let row = titles.read(store, most.places.get(..1).unwrap_or_default()).expect("reads");
    let shown = row.first().expect("a title");
    let family = titles.family_id(shown.place, &shown.software.name, shown.software.publisher.as_deref());
    figures.measure("the page of the most widespread title, all versions", RUNS, Some(PAGE), || {
        titles.family(store, &family).expect("answers").map(|family| family.machines.len())
    });
}

/// The report about the whole fleet, written to a file that is removed again.
pub(crate) fn report(figures: &mut Figures, store: &Store) {
    let workbench = Workbench::builtin().expect("the built-in catalogue");
    let asked = on(&workbench, "2026-11-22");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.html");
    figures.measure("the report about the whole fleet", 1, None, || {
        let profiles = ["us-private".to_owned()];
        workbench.write_report(store, &asked, &profiles, None, &now(), &path).expect("writes");
    });
    let bytes = std::fs::metadata(&path).expect("is there").len();
    println!("  a page of {} kB", bytes / 1000);
    figures.check("the report is a page that a browser opens", bytes < 50_000_000);
}
