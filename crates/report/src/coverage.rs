//! What was looked at, what was not and why.

use std::collections::BTreeMap;

use interdict_model::CollectorStatus;
use maud::{Markup, html};

use crate::marks::status;
use crate::text::{capitalised, counted, first_listed, grouped, listed};
use crate::view::AuditReport;

/// At most so many machines are named that fared alike.
const MOST_NAMED: usize = 100;

/// Whether anything was not, or not fully, looked at.
pub(crate) fn has_gaps(report: &AuditReport) -> bool {
    report.machines.iter().any(|machine| {
        !machine.unread.is_empty()
            || machine.collectors.iter().any(|collector| collector.status != CollectorStatus::Complete)
    })
}

/// A collector that fared alike on some machines.
struct Fared<'r> {
    name: &'r str,
    looks_at: &'r str,
    status: CollectorStatus,
    reason: Option<&'r str>,
    count: usize,
    machines: Vec<&'r str>,
}

/// What the newest scans looked at.
pub(crate) fn section(report: &AuditReport) -> Markup {
    let fared = fared(report);
    let (full, gaps): (Vec<&Fared<'_>>, Vec<&Fared<'_>>) =
        fared.iter().partition(|one| one.status == CollectorStatus::Complete);
    let several = report.machines.len() > 1;
    html! {
        section aria-labelledby="coverage" {
            h2 id="coverage" { "Coverage" }
            p class="cap" {
                "What the newest scan of each machine looked at. A place that was not looked at is not taken for empty: "
                "what an earlier scan saw there still counts."
            }
            @if report.machines.is_empty() { p { "No machine has been looked at." } }
            @if !gaps.is_empty() {
                h3 { "Not or not fully looked at" }
                (table(&gaps, several))
            }
            (unread(report))
            @if !full.is_empty() {
                h3 { "Fully looked at" }
                (table(&full, several))
            }
        }
    }
}

/// Collectors with how they fared, those that fared alike in one line; in the order of the report.
fn fared(report: &AuditReport) -> Vec<Fared<'_>> {
    let mut fared: Vec<Fared<'_>> = Vec::new();
    for machine in &report.machines {
        for collector in &machine.collectors {
            let reason = collector.reason.as_deref();
            let alike = |one: &&mut Fared<'_>| {
                one.name == collector.name && one.status == collector.status && one.reason == reason
            };
            match fared.iter_mut().find(alike) {
                Some(one) => {
                    one.count += collector.count;
                    one.machines.push(&machine.hostname);
                }
                None => fared.push(Fared {
                    name: &collector.name,
                    looks_at: &collector.looks_at,
                    status: collector.status,
                    reason,
                    count: collector.count,
                    machines: vec![&machine.hostname],
                }),
            }
        }
    }
    fared
}

fn table(rows: &[&Fared<'_>], several: bool) -> Markup {
    let reasons = rows.iter().any(|row| row.reason.is_some());
    html! {
        table class="coverage" {
            thead { tr {
                th scope="col" { "Collector" } th scope="col" { "Result" }
                @if reasons { th scope="col" { "Why" } }
                @if several { th scope="col" { "Machines" } }
                th scope="col" class="num" { "Observations" }
            } }
            tbody { @for row in rows { tr {
                th scope="row" { code { (row.name) } span class="cap" { (row.looks_at) } }
                td { (status(row.status)) }
                @if reasons { td { (capitalised(row.reason.unwrap_or_default())) } }
                @if several { td { (machines(row)) } }
                td class="num" { (grouped(row.count)) }
            } } }
        }
    }
}

/// How many machines; by name where something is missing.
fn machines(row: &Fared<'_>) -> String {
    let count = counted(row.machines.len(), "machine", "machines");
    if row.status == CollectorStatus::Complete {
        return count;
    }
    format!("{count}: {}", first_listed(&row.machines, MOST_NAMED))
}

/// Trace classes that nothing reads yet.
fn unread(report: &AuditReport) -> Markup {
    let mut unread: BTreeMap<&[String], Vec<&str>> = BTreeMap::new();
    for machine in report.machines.iter().filter(|machine| !machine.unread.is_empty()) {
        unread.entry(&machine.unread).or_default().push(&machine.hostname);
    }
    html! {
        @if !unread.is_empty() {
            h3 { "Kinds of traces that no collector reads yet" }
            ul class="unread" { @for (classes, machines) in unread { li {
                (listed(classes)) "." @if report.machines.len() > 1 { span class="dim" { " On " (first_listed(&machines, MOST_NAMED)) "." } }
            } } }
        }
    }
}
