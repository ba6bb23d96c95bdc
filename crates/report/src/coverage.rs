//! What was looked at, what was not and why.

use interdict_model::CollectorStatus;
use maud::{Markup, html};

use crate::marks::status;
use crate::text::{capitalised, counted, grouped, listed, some_listed};
use crate::view::{AuditReport, CollectorView, CoverageView};

/// Whether anything was not, or not fully, looked at.
pub(crate) fn has_gaps(coverage: &CoverageView) -> bool {
    !coverage.unread.is_empty()
        || coverage.collectors.iter().any(|collector| collector.status != CollectorStatus::Complete)
}

/// What the newest scans looked at.
pub(crate) fn section(report: &AuditReport) -> Markup {
    let (full, gaps): (Vec<&CollectorView>, Vec<&CollectorView>) =
        report.coverage.collectors.iter().partition(|one| one.status == CollectorStatus::Complete);
    let several = report.fleet.machines > 1;
    html! {
        section aria-labelledby="coverage" {
            h2 id="coverage" { "Coverage" }
            p class="cap" {
                "What the newest scan of each machine looked at. A place that was not looked at is not taken for empty: "
                "what an earlier scan saw there still counts."
            }
            @if report.fleet.machines == 0 { p { "No machine has been looked at." } }
            @if !gaps.is_empty() {
                h3 { "Not or not fully looked at" }
                (table(&gaps, several))
            }
            (unread(&report.coverage, several))
            @if !full.is_empty() {
                h3 { "Fully looked at" }
                (table(&full, several))
            }
        }
    }
}

fn table(rows: &[&CollectorView], several: bool) -> Markup {
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
                @if reasons { td { (capitalised(row.reason.as_deref().unwrap_or_default())) } }
                @if several { td { (machines(row)) } }
                td class="num" { (grouped(row.count)) }
            } } }
        }
    }
}

/// How many machines; by name where something is missing.
fn machines(row: &CollectorView) -> String {
    let count = counted(row.machines.count, "machine", "machines");
    if row.status == CollectorStatus::Complete {
        return count;
    }
    format!("{count}: {}", some_listed(&row.machines.first, row.machines.count))
}

/// Trace classes that nothing reads yet.
fn unread(coverage: &CoverageView, several: bool) -> Markup {
    html! {
        @if !coverage.unread.is_empty() {
            h3 { "Kinds of traces that no collector reads yet" }
            ul class="unread" { @for unread in &coverage.unread { li {
                (listed(&unread.classes)) "." @if several {
                    span class="dim" { " On " (some_listed(&unread.machines.first, unread.machines.count)) "." }
                }
            } } }
        }
    }
}
