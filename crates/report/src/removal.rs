//! The removal report: whether a subject is gone from machines, class of trace by class of trace, with a certificate for
//! each machine on which all of them are absent.

use maud::{Markup, html};

use crate::audit::document;
use crate::marks::{day, moment, sprite};
use crate::method::log_head;
use crate::text::counted;
use crate::view::{RemovalClassView, RemovalMachineView, RemovalReport, RemovalState};

/// The removal report as one self-contained HTML page. Everything foreign is escaped.
#[must_use]
pub fn removal_html(report: &RemovalReport) -> String {
    let body = html! {
        body {
            (sprite())
            main {
                header {
                    p class="brand" {
                        svg class="logo" viewBox="0 0 20 20" aria-hidden="true" { use href="#i-interdict" {} } "Interdict removal report"
                    }
                    h1 { "Removal of " bdi { (report.subject) } }
                    p class="say" { (result(report)) }
                    p class="under" { (report.recognised_by) }
                }
                (facts(report))
                @for machine in &report.machines { (section(report, machine)) }
                (method(report))
            }
        }
    };
    document(&format!("Interdict removal report: {}", report.subject), &body)
}

fn result(report: &RemovalReport) -> String {
    let certified = report.machines.iter().filter(|machine| machine.certified).count();
    match (report.machines.len(), certified) {
        (0, _) => "No machine was ever scanned, so nothing is verified.".to_owned(),
        (1, 1) => "Gone: every class of trace is absent.".to_owned(),
        (1, _) => "Not certified.".to_owned(),
        (all, certified) if all == certified => {
            format!("Gone from all {all} machines: every class of trace is absent.")
        }
        (all, certified) => format!("Certified for {certified} of {}.", counted(all, "machine", "machines")),
    }
}

fn facts(report: &RemovalReport) -> Markup {
    html! {
        dl class="facts" {
            div { dt { "Subject" } dd { (report.subject) } }
            div {
                dt { "Catalogue" }
                dd { (report.catalogue_version) span class="dim" { ", with what was known on " (day(report.catalogue_date)) } }
            }
            div { dt { "Made" } dd { (moment(&report.made_at)) span class="dim" { ", by Interdict " (report.tool_version) } } }
        }
    }
}

fn section(report: &RemovalReport, machine: &RemovalMachineView) -> Markup {
    html! {
        section {
            h2 { bdi { (machine.name) } }
            p class="cap" { @if !machine.system.is_empty() { (machine.system) ", " } code { (machine.id) } }
            dl class="facts" {
                div {
                    dt { "Scanned" }
                    dd {
                        (moment(&machine.scanned))
                        span class="dim" {
                            @if let Some(user) = &machine.read_as { ", as " (user) }
                            ", " (machine.scanned_from)
                        }
                    }
                }
                div { dt { "Before" } dd { (machine.history) } }
            }
            @if machine.certified { (certificate(report, machine)) } @else { (refusal(machine)) }
            table class="removal" {
                thead { tr { th scope="col" { "Class of trace" } th scope="col" { "Answer" } th scope="col" { "Because" } } }
                tbody { @for class in &machine.classes { (row(class)) } }
            }
        }
    }
}

fn certificate(report: &RemovalReport, machine: &RemovalMachineView) -> Markup {
    html! {
        div class="notice" {
            p { strong { "Certificate of removal" } }
            p {
                "No trace of " bdi { (report.subject) } " was found on " bdi { (machine.name) } " by the scan of "
                (moment(&machine.scanned)) ". All " (counted(machine.classes.len(), "class", "classes"))
                " of trace that such a system keeps and this version reads were looked at, and in none of them is "
                "anything identified as it."
            }
        }
    }
}

fn refusal(machine: &RemovalMachineView) -> Markup {
    let count = |state| machine.classes.iter().filter(|class| class.state == state).count();
    let (present, open) = (count(RemovalState::Present), count(RemovalState::NotLookedAt));
    html! {
        div class="notice" {
            p { strong { "Not certified." } " "
                @if present > 0 { "Traces in " (counted(present, "class", "classes")) ". " }
                @if open > 0 { (counted(open, "class", "classes")) " not looked at. " }
                "Remove what is left or look at the rest, and scan again."
            }
        }
    }
}

fn row(class: &RemovalClassView) -> Markup {
    let word = match class.state {
        RemovalState::Absent => "Absent",
        RemovalState::Present => "Present",
        RemovalState::NotLookedAt => "Not looked at",
    };
    html! {
        tr {
            th scope="row" { (class.name) }
            td { @if class.state == RemovalState::Absent { (word) } @else { strong { (word) } } }
            td {
                (class.because)
                @for trace in &class.traces {
                    span class="path" {
                        @if trace.title != trace.place { bdi { (trace.title) } ": " }
                        code { (trace.place) }
                        @if let Some(scope) = &trace.scope { ", " (scope) }
                        span class="dim" { " (" (trace.says) ")" }
                    }
                }
            }
        }
    }
}

fn method(report: &RemovalReport) -> Markup {
    html! {
        section aria-labelledby="method" {
            h2 id="method" { "Method" }
            p {
                "The answer for each class rests on the newest scan of the machine. A class is absent only when all of it was "
                "looked at with the fingerprints of catalogue " (report.catalogue_version) " and nothing there is identified "
                "as the subject. What was not looked at is never taken for absent."
            }
            (log_head(report.log_head.as_ref()))
            p {
                "The report says nothing of files that nobody registered in places no fingerprint names, of other disks, of "
                "containers and virtual machines kept as files, or of what changed since the scan. Information, not legal "
                "advice; ask counsel before acting."
            }
        }
    }
}
