//! The audit report: the page, its head and the overview. The parts below are in their own modules.

use std::collections::{BTreeSet, HashMap};

use interdict_model::{Day, Tier};
use maud::{Markup, html};

use crate::finding::{self, decisive};
use crate::marks::{bare, chip, day, moment, presence, sprite, tint};
use crate::text::{approximate, counted, day_of, first_listed, grouped, slug, visible};
use crate::view::{AuditReport, FindingView, MachineView, RecognisedView, ToldView};
use crate::{coverage, method};

/// At most so many versions of a product are named.
pub(crate) const MOST_VERSIONS: usize = 30;

const STYLE: &str = include_str!("report.css");

/// The audit report as one self-contained HTML page.
///
/// Everything foreign is escaped, and characters that would act (controls, marks of writing direction) are made visible.
/// Every number and day on the page is in the report or counted from it.
#[must_use]
pub fn audit_html(report: &AuditReport) -> String {
    let title = format!("Interdict audit: {}, as of {}", subject(report), report.as_of);
    let anchors = finding_anchors(report);
    let machine_anchors = machine_anchors(report);
    let page = html! {
        body {
            (sprite())
            main {
                (opening(report))
                (findings_table(report))
                @if !report.findings.is_empty() {
                    section aria-labelledby="detail" {
                        h2 id="detail" { "Each finding" }
                        @for position in 0..report.findings.len() { (finding::section(position, report, &anchors, &machine_anchors)) }
                    }
                }
                (told(&report.told))
                (recognised(&report.recognised))
                (machines(report, &machine_anchors))
                (coverage::section(report))
                (method::section(report))
            }
        }
    };
    document(&title, &page)
}

/// A whole page: what every report begins with, and its body.
pub(crate) fn document(title: &str, body: &Markup) -> String {
    let head = html! { title { (title) } };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><meta name=\"referrer\" content=\"no-referrer\">\
         {}<style>{}</style></head>{}</html>\n",
        visible(&head.into_string()),
        STYLE.trim(),
        visible(&body.0),
    )
}

/// The anchors of the findings, in their order.
fn finding_anchors(report: &AuditReport) -> Vec<String> {
    anchors("finding", report.findings.iter().map(|finding| finding.id.as_str()))
}

/// Where the machines are linked to that have a row, by their ids.
pub(crate) type MachineAnchors<'r> = HashMap<&'r str, String>;

fn machine_anchors(report: &AuditReport) -> MachineAnchors<'_> {
    let ids = || report.machines.iter().map(|machine| machine.id.as_str());
    // One machine has no table, since the whole report is about it.
    if report.fleet.machines > 1 { ids().zip(anchors("machine", ids())).collect() } else { MachineAnchors::new() }
}

/// Anchors made of ids; where two would be alike, the later one gets a number.
fn anchors<'a>(prefix: &str, ids: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut free = |wish: String| {
        let mut name = wish.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{wish}-{number}");
            number += 1;
        }
        name
    };
    ids.map(|id| free(format!("{prefix}-{}", slug(id)))).collect()
}

/// What the report is about.
fn subject(report: &AuditReport) -> String {
    match report.machines.as_slice() {
        [machine] if report.fleet.machines == 1 => machine.hostname.clone(),
        _ => counted(report.fleet.machines, "machine", "machines"),
    }
}

/// The title, the sentence of result and who asked what.
fn opening(report: &AuditReport) -> Markup {
    html! {
        header {
            p class="brand" { svg class="logo" viewBox="0 0 20 20" aria-hidden="true" { use href="#i-interdict" {} } "Interdict audit report" }
            h1 { "Software audit of " bdi { (subject(report)) } }
            p class="say" { (result(report)) }
            p class="under" {
                @for sentence in beside(report) { (sentence) " " }
                @if coverage::has_gaps(&report.coverage) { "Not everything could be looked at: see " a href="#coverage" { "coverage" } "." }
            }
        }
        (day_notices(report))
        (facts(report))
        (tiles(report))
        nav aria-label="Contents" {
            a href="#findings" { "Findings" }
            @if !report.told.is_empty() { a href="#told" { "Told without a machine" } }
            @if !report.recognised.is_empty() { a href="#recognised" { "Also recognised" } }
            @if report.fleet.machines > 1 { a href="#machines" { "Machines" } }
            a href="#coverage" { "Coverage" } a href="#method" { "Method" } a href="#note" { "Note" } a href="#words" { "Words" }
        }
    }
}

/// The one sentence of result.
fn result(report: &AuditReport) -> String {
    let attention = products(report, |one| needs_attention(one.installed));
    let undecided = products(report, |one| one.installed == Tier::Undetermined);
    let watched = products(report, |one| one.installed == Tier::Watch);
    let on = match report.fleet.machines {
        0 => return "No machine has been looked at.".to_owned(),
        1 => String::new(),
        _ => format!(" on {}", counted(report.fleet.attention, "machine", "machines")),
    };
    let some = |count| counted(count, "product", "products");
    let need = format!("{}{on} {}", some(attention), verb(attention, "needs", "need"));
    match (attention, undecided, watched) {
        (0, 0, 0) if coverage::has_gaps(&report.coverage) || !report.told.is_empty() => {
            "Nothing needs attention in what was looked at.".to_owned()
        }
        (0, 0, 0) => "Nothing needs attention.".to_owned(),
        (0, 0, watched) => format!("Nothing needs attention yet, {} to be watched.", is_or_are(watched)),
        (0, undecided, _) => format!("{} cannot be decided yet, nothing else needs attention.", some(undecided)),
        (_, 0, _) => format!("{need} attention."),
        (_, undecided, _) => format!("{need} attention, and {undecided} cannot be decided yet."),
    }
}

/// What the sentence of result leaves out.
fn beside(report: &AuditReport) -> Vec<String> {
    let barred = products(report, |one| one.purchase == Tier::Prohibited && one.installed != Tier::Prohibited);
    let others = products(report, |one| one.installed == Tier::None && one.instruments.is_empty());
    let mut beside = Vec::new();
    if barred > 0 {
        beside.push(format!("For a purchase, {} prohibited.", is_or_are(barred)));
    }
    if others > 0 {
        beside.push(format!("For {}, instruments bind others only.", counted(others, "product", "products")));
    }
    if !report.told.is_empty() {
        beside.push(format!(
            "Tools tell of {} without saying on which machines.",
            counted(report.told.len(), "more product", "more products")
        ));
    }
    beside
}

/// Distinct products of some findings.
fn products(report: &AuditReport, wanted: impl Fn(&FindingView) -> bool) -> usize {
    let found = report.findings.iter().filter(|finding| wanted(finding));
    found.map(|finding| finding.subject.as_str()).collect::<BTreeSet<_>>().len()
}

fn needs_attention(tier: Tier) -> bool {
    tier.rank() >= Tier::Advisory.rank()
}

/// `1 product is`, `2 products are`.
fn is_or_are(count: usize) -> String {
    format!("{} {}", counted(count, "product", "products"), verb(count, "is", "are"))
}

fn verb(count: usize, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}

/// What a reader must not overlook about the days.
fn day_notices(report: &AuditReport) -> Markup {
    // The day asked for is a local one and the instant is in UTC, so neighbours may be the same day.
    let another = day_of(&report.made_at).is_some_and(|made| made.days_since(report.as_of).abs() > 1);
    html! {
        @if another {
            p class="notice asof" {
                strong { "As of " (day(report.as_of)) "." } " The law is that of this day; the software is what the newest scans found."
            }
        }
        @if report.as_of > report.catalogue_date {
            p class="notice" {
                strong { "The catalogue is older than the day asked for." } " It holds what was known on "
                (day(report.catalogue_date)) "; what became public later is not judged here."
            }
        }
    }
}

/// Who asked, when, with which catalogue, about which machines.
fn facts(report: &AuditReport) -> Markup {
    html! {
        dl class="facts" {
            div { dt { "Asked for" } dd { (profiles(report)) } }
            @if !report.known.is_empty() {
                div {
                    dt { "Taken as known" }
                    dd { @for fact in &report.known { span class="row" { (fact.question) " " strong { (if fact.holds { "Yes" } else { "No" }) } } } }
                }
            }
            div { dt { "As of" } dd { (day(report.as_of)) span class="dim" { ", the day of the law" } } }
            div {
                dt { "Catalogue" }
                dd { (report.catalogue_version) span class="dim" { ", with what was known on " (day(report.catalogue_date)) } }
            }
            div { dt { "Made" } dd { (moment(&report.made_at)) span class="dim" { ", by Interdict " (report.tool_version) } } }
            @match report.machines.as_slice() {
                [] => {}
                [machine] if report.fleet.machines == 1 => (machine_fact(machine)),
                _ => div { dt { "Machines" } dd { a href="#machines" { (counted(report.fleet.machines, "machine", "machines")) } ", " (installations(report.fleet.installations)) } },
            }
        }
        p class="cap" { "Information from public sources, not legal advice: see the " a href="#note" { "note" } "." }
    }
}

fn profiles(report: &AuditReport) -> Markup {
    html! {
        @if report.profiles.is_empty() { "Nobody in particular: every instrument stands under those that bind others" }
        @for profile in &report.profiles { span class="row" { (profile.title) " " code { (profile.id) } } }
    }
}

fn machine_fact(machine: &MachineView) -> Markup {
    html! {
        div {
            dt { "Machine" }
            dd {
                span class="row" { bdi { (machine.hostname) } @let told = system(machine); @if !told.is_empty() { span class="dim" { ", " (told) } } }
                span class="row dim" { "scanned " (moment(&machine.last_scan)) ", " (installations(machine.installations)) }
            }
        }
    }
}

fn installations(count: usize) -> String {
    format!("{} read", counted(count, "installation", "installations"))
}

/// How many findings have each tier.
fn tiles(report: &AuditReport) -> Markup {
    let findings = |tier: Tier| report.findings.iter().filter(|finding| finding.installed == tier).count();
    let machines = |tier: Tier| report.fleet.by_tier.get(&tier).copied().unwrap_or_default();
    html! {
        section aria-labelledby="counts" {
            h2 id="counts" class="quiet" { "Findings by tier" }
            ul class="tiles" {
                @for tier in Tier::ALL {
                    @let count = findings(*tier);
                    li class={ (tint(*tier)) @if count == 0 { " zero" } } {
                        (chip(*tier))
                        span class="figure" { (count) " " span { (verb(count, "finding", "findings")) } }
                        span class="cap" { @if count > 0 { "on " (counted(machines(*tier), "machine", "machines")) } }
                    }
                }
            }
        }
    }
}

/// One row per finding.
fn findings_table(report: &AuditReport) -> Markup {
    html! {
        section aria-labelledby="findings" {
            h2 id="findings" { "Findings" }
            @if report.findings.is_empty() {
                p { "No instrument in force or announced on this day speaks of anything that was recognised here." }
            } @else {
                p class="cap" {
                    "Everything here that an instrument in force or announced on this day speaks of, worst first. "
                    "The tier is for who has it: the worst of use, remove and report. Beside it stands what holds for who would get it."
                }
                div class="wide" role="region" aria-label="Table of findings" tabindex="0" {
                    table class="findings" {
                        thead { tr {
                            th scope="col" { "Tier" } th scope="col" { "Presence" } th scope="col" { "Product" }
                            th scope="col" class="num" { "Machines" } th scope="col" class="more" { "To get it" }
                            th scope="col" class="more" { "Instrument" } th scope="col" class="more" { "Since" }
                        } }
                        tbody {
                            @for (finding, anchor) in report.findings.iter().zip(finding_anchors(report)) { (finding_row(finding, &anchor, report.as_of)) }
                        }
                    }
                }
            }
        }
    }
}

fn finding_row(finding: &FindingView, anchor: &str, as_of: Day) -> Markup {
    let decisive = decisive(finding);
    html! {
        tr class=(tint(finding.installed)) {
            td class="edge" { (chip(finding.installed)) }
            td { (presence(finding.presence)) }
            th scope="row" {
                a href={ "#" (anchor) } { bdi { (finding.title) } }
                span class="cap" { bdi { (finding.vendor) } @if !finding.versions.is_empty() { ", " (first_listed(&finding.versions, MOST_VERSIONS)) } }
            }
            td class="num" { (finding.machines) }
            td class="more" { (bare(finding.purchase)) }
            @if let Some((instrument, line)) = decisive {
                td class="more" { (instrument.short_title) }
                td class="more since" { @if line.from > as_of { "from " } (approximate(line.from, line.from_precision)) }
            } @else {
                td class="more dim" colspan="2" {
                    @if finding.instruments.is_empty() { "binds others only" } @else { "see the reasons" }
                }
            }
        }
    }
}

/// What tools tell of without saying on which machines, and some instrument speaks of.
fn told(told: &[ToldView]) -> Markup {
    html! {
        @if !told.is_empty() {
            section aria-labelledby="told" {
                h2 id="told" { "Told of without a machine" }
                p class="cap" {
                    "Tools list these for a whole organisation. Nobody says on which machines they are, so they count for none; "
                    "the tier is what they would have where they are installed."
                }
                table {
                    thead { tr {
                        th scope="col" { "Tier" } th scope="col" { "Product" } th scope="col" { "Told as" } th scope="col" { "Told by" }
                    } }
                    tbody { @for view in told { tr class=(tint(view.installed)) {
                        td class="edge" { (chip(view.installed)) }
                        th scope="row" { bdi { (view.title) } span class="cap" { bdi { (view.vendor) } } }
                        td { bdi { (first_listed(&view.told_as, MOST_VERSIONS)) } }
                        td { @for teller in &view.tellers { span class="row" { (teller.name) ", " (moment(&teller.at)) } } }
                    } } }
                }
            }
        }
    }
}

/// What was recognised and no instrument speaks of.
fn recognised(recognised: &[RecognisedView]) -> Markup {
    html! {
        @if !recognised.is_empty() {
            section aria-labelledby="recognised" {
                h2 id="recognised" { "Also recognised" }
                p class="cap" { "Known to the catalogue. No instrument in it that is in force or announced on this day speaks of these." }
                table {
                    thead { tr {
                        th scope="col" { "Product" } th scope="col" class="more" { "Vendor" } th scope="col" class="more" { "Version" }
                        th scope="col" { "Presence" } th scope="col" class="num" { "Machines" }
                    } }
                    tbody { @for view in recognised { tr {
                        th scope="row" { bdi { (view.title) } }
                        td class="more" { bdi { (view.vendor) } }
                        td class="more" { (first_listed(&view.versions, MOST_VERSIONS)) }
                        td { (presence(view.presence)) }
                        td class="num" { (view.machines) }
                    } } }
                }
            }
        }
    }
}

/// The machines, where there are several.
fn machines(report: &AuditReport, anchors: &MachineAnchors<'_>) -> Markup {
    let (told, all) = (report.machines.len(), report.fleet.machines);
    html! {
        @if all > 1 {
            section aria-labelledby="machines" {
                h2 id="machines" { "Machines" }
                @if told < all {
                    p class="cap" {
                        "The worst " (grouped(told)) " of " (grouped(all)) ". "
                        "All of them: " code { "interdict machines --format csv" } "."
                    }
                }
                div class="wide" role="region" aria-label="Table of machines" tabindex="0" {
                    table {
                        thead { tr {
                            th scope="col" { "Machine" } th scope="col" { "Worst tier" } th scope="col" class="num" { "Findings" }
                            th scope="col" class="more" { "System" } th scope="col" class="num more" { "Installations" }
                            th scope="col" class="more" { "Scanned" } th scope="col" class="num more" { "Gaps" }
                        } }
                        tbody { @for machine in &report.machines { (machine_row(machine, anchors)) } }
                    }
                }
            }
        }
    }
}

fn machine_row(machine: &MachineView, anchors: &MachineAnchors<'_>) -> Markup {
    html! {
        tr id=[anchors.get(machine.id.as_str())] class=(tint(machine.worst)) {
            th scope="row" class="edge" { bdi { (machine.hostname) } }
            td { (bare(machine.worst)) }
            td class="num" { (machine.findings) }
            td class="more" { (system(machine)) }
            td class="num more" { (grouped(machine.installations)) }
            td class="more" { (moment(&machine.last_scan)) }
            td class="num more" { (machine.gaps) }
        }
    }
}

/// The system and its architecture, as far as they are told.
fn system(machine: &MachineView) -> String {
    let told = [machine.system.trim(), machine.arch.trim()].into_iter().filter(|text| !text.is_empty());
    told.collect::<Vec<_>>().join(", ")
}

/// A link for addresses that open a web page; anything else is only shown.
pub(crate) fn link(url: &str) -> Markup {
    let start: String = url.chars().take(8).collect::<String>().to_ascii_lowercase();
    let opens_a_page = start.starts_with("https://") || start.starts_with("http://");
    html! {
        @if opens_a_page { a href=(url) rel="noreferrer noopener" class="url" { (url) } } @else { span class="url" { (url) } }
    }
}
