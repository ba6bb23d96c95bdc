//! One finding: what it is, what it means, what to do, where it is and how we know.

use std::collections::BTreeSet;

use interdict_model::{Activity, Day, Precision, Standing, Tier, Verification};
use maud::{Markup, html};

use crate::audit::{MOST_VERSIONS, MachineAnchors, link};
use crate::marks::{activities, activity, bare, chip, day, moment, presence, source_kind, tint, verification};
use crate::text::{approximate, capitalised, counted, first_listed, listed};
use crate::view::{
    AnswerView, AuditReport, EvidenceView, FindingView, InstrumentView, LineView, OtherView, PlaceView, SeenView,
    SourceView,
};

/// Of one rule at most so many values are told.
const MOST_VALUES: usize = 50;

/// The instrument and the line of it that give the headline for who has it.
pub(crate) fn decisive(finding: &FindingView) -> Option<(&InstrumentView, &LineView)> {
    let holds = |line: &LineView| {
        line.tier == finding.installed
            && line.activities.iter().any(|one| matches!(one, Activity::Use | Activity::Remove | Activity::Report))
    };
    let lines = || finding.instruments.iter().flat_map(|one| one.lines.iter().map(move |line| (one, line)));
    lines().find(|(_, line)| holds(line) && finding.installed != Tier::None)
}

/// Everything about one finding.
///
/// What an earlier finding already says in the same words is not said again in full but referred to.
pub(crate) fn section(
    position: usize,
    report: &AuditReport,
    anchors: &[String],
    machine_anchors: &MachineAnchors<'_>,
) -> Markup {
    let (Some(finding), Some(anchor)) = (report.findings.get(position), anchors.get(position)) else { return html! {} };
    let earlier: Earlier<'_> = report.findings.iter().zip(anchors).take(position).collect();
    html! {
        article id=(anchor) aria-labelledby={ (anchor) "-title" } {
            header {
            h3 id={ (anchor) "-title" } { bdi { (finding.title) } @if !finding.versions.is_empty() { span class="version" { (first_listed(&finding.versions, MOST_VERSIONS)) } } }
            p class="heads" {
                (chip(finding.installed)) (presence(finding.presence))
                span { bdi { (finding.vendor) } }
                @if report.fleet.machines > 1 { span { (counted(finding.machines, "machine", "machines")) } }
            }
            dl class="lead" {
                div { dt { "What it is" } dd { @for sentence in &finding.what { (sentence) " " } } }
                div { dt { "Presence" } dd { strong { (capitalised(finding.presence.as_str())) "." } " " (finding.presence.meaning().trim()) } }
            }
            }
            (meaning(finding, report.as_of, &earlier))
            (others(finding, report.as_of, &earlier))
            (next(&finding.next_steps))
            (places(finding, machine_anchors))
            (rules(finding))
        }
    }
}

/// The findings before one, with their anchors.
type Earlier<'r> = Vec<(&'r FindingView, &'r String)>;

/// A link to an earlier finding.
fn reference((finding, anchor): (&FindingView, &String)) -> Markup {
    html! { a href={ "#" (anchor) } { bdi { (finding.title) } ", " (finding.presence) } }
}

/// The ten answers, and what each instrument says.
fn meaning(finding: &FindingView, as_of: Day, earlier: &Earlier<'_>) -> Markup {
    html! {
        h4 { "What it means for you" }
        ul class="answers" {
            @for answer in &finding.answers {
                li { span { (capitalised(activity(answer.activity))) } (bare(answer.tier)) }
            }
        }
        @if let Some(duty) = duty_apart(finding) {
            p class="cap" {
                "The finding is " (finding.installed) ", not " (duty.tier) ": the duty to " (activity(duty.activity))
                " arises only when its trigger occurs, which is not known here."
            }
        }
        @if finding.instruments.is_empty() { p class="cap" { "No instrument of the catalogue touches those who asked." } }
        @for instrument in &finding.instruments {
            (block(instrument, as_of, earlier.iter().copied().find(|(before, _)| before.instruments.contains(instrument))))
        }
    }
}

/// A duty that is worse than the finding's tier, because its trigger is not known to be met.
fn duty_apart(finding: &FindingView) -> Option<&AnswerView> {
    let is_duty = |one: Activity| matches!(one, Activity::Remove | Activity::Report);
    finding.answers.iter().find(|one| is_duty(one.activity) && one.tier.rank() > finding.installed.rank())
}

fn block(instrument: &InstrumentView, as_of: Day, before: Option<(&FindingView, &String)>) -> Markup {
    html! {
        section class={ "block " (tint(instrument.tier)) } {
            h5 { (instrument.title) }
            p class="cap" { (instrument.issuer) @for citation in &instrument.citations { " · " (citation) } }
            @if let Some(before) = before {
                @for line in &instrument.lines { (head_of(line, as_of)) }
                p class="support" { "In the same words as for " (reference(before)) "." }
            } @else {
                @for line in &instrument.lines { (line_of(line, as_of)) }
                p class="support" {
                    "Verification: " (verification(instrument.verification))
                    @if let Some(note) = &instrument.verification_note { " " (note) }
                }
                @if !instrument.sources.is_empty() {
                    ul class="sources" { @for source in &instrument.sources { li { (source_of(source)) } } }
                }
            }
        }
    }
}

/// The activities, their tier and since when.
fn head_of(line: &LineView, as_of: Day) -> Markup {
    html! {
        p class="what" {
            strong { (activities(&line.activities)) } (bare(line.tier))
            span class="dim" { (span_of(line, as_of)) }
        }
    }
}

fn line_of(line: &LineView, as_of: Day) -> Markup {
    html! {
        div class="line" {
            (head_of(line, as_of))
            p { (capitalised(&line.because)) }
            @if let Some(question) = &line.condition { p { strong { "To find out: " } (question) } }
            @if let Some(left_alone) = &line.not_covered { p { (scope_of(left_alone)) } }
            @if let Some(reading) = &line.reading { p { strong { "Our reading: " } (reading) } }
        }
    }
}

/// What an instrument leaves alone; the text may bring its own first words.
fn scope_of(left_alone: &str) -> Markup {
    let own = ["Not covered:", "Cannot be decided:"]
        .into_iter()
        .find_map(|head| Some((head, left_alone.strip_prefix(head)?)));
    let (head, rest) = own.unwrap_or(("Scope:", left_alone));
    html! { strong { (head) } " " (rest.trim_start()) }
}

/// From when until when.
fn span_of(line: &LineView, as_of: Day) -> String {
    let from = since(line.from, line.from_precision, as_of);
    let until = line
        .until
        .map_or_else(String::new, |until| format!(", up to and including {}", until.previous().for_reading()));
    format!("{from}{until}")
}

fn since(from: Day, precision: Precision, as_of: Day) -> String {
    format!("{} {}", if from > as_of { "from" } else { "since" }, approximate(from, precision))
}

fn source_of(source: &SourceView) -> Markup {
    html! { (source_kind(source.kind)) ", looked at " (day(source.checked)) ": " (link(&source.url)) }
}

/// Instruments that bind others, in short.
fn others(finding: &FindingView, as_of: Day, earlier: &Earlier<'_>) -> Markup {
    let before = earlier.iter().copied().find(|(before, _)| before.others == finding.others);
    html! {
        @if !finding.others.is_empty() {
            h4 { "Instruments that bind others" }
            @if let Some(before) = before {
                p { "The same " (counted(finding.others.len(), "instrument", "instruments")) " as for " (reference(before)) "." }
            } @else {
                table class="others" {
                    thead { tr { th scope="col" { "Instrument" } th scope="col" { "Whom" } th scope="col" { "Activities" } th scope="col" { "Since" } } }
                    tbody { @for other in &finding.others { (other_row(other, as_of)) } }
                }
            }
        }
    }
}

fn other_row(other: &OtherView, as_of: Day) -> Markup {
    html! {
        tr {
            th scope="row" {
                (other.short_title)
                span class="cap" { (other.issuer) @if let Some(citation) = other.citations.first() { ", " (citation) } }
            }
            td {
                (capitalised(&listed(&other.whom))) "."
                @if other.standing != Standing::InForce { " Its standing on this day: " (other.standing) "." }
                @if other.verification == Verification::Unverified { " Reported, not verified by us." }
            }
            td { (activities(&other.activities)) }
            td { @if other.from > as_of { "from " } (approximate(other.from, other.from_precision)) }
        }
    }
}

fn next(steps: &[String]) -> Markup {
    html! {
        h4 { "What to do next" }
        ol class="steps" { @for step in steps { li { (step) } } }
    }
}

/// The evidence; machines that are alike in every trace stand together. Of a large fleet the first machines are told, and
/// how many more there are.
fn places(finding: &FindingView, anchors: &MachineAnchors<'_>) -> Markup {
    let left_out = left_out(finding);
    html! {
        h4 { "Where it is" }
        @for place in &finding.places { (place_of(place, anchors)) }
        @if left_out > 0 {
            p class="cap" {
                "It is on " (counted(left_out, "more machine", "more machines")) ". All machines with something of a vendor: "
                code { "interdict machines --vendor ID --format csv" } "; one of them with all its evidence: "
                code { "interdict machine NAME" } "."
            }
        }
    }
}

/// On how many machines it is besides those that are told.
fn left_out(finding: &FindingView) -> usize {
    let seen = finding.places.iter().flat_map(|place| &place.machines);
    let told: BTreeSet<&str> = seen.map(|seen| seen.machine.as_str()).collect();
    finding.machines.saturating_sub(told.len())
}

/// A machine, or machines that are alike, with the evidence.
fn place_of(place: &PlaceView, anchors: &MachineAnchors<'_>) -> Markup {
    html! {
        @if let [machine] = place.machines.as_slice() {
            h5 class="place" { (machine_of(machine, anchors)) }
            p class="cap" { (version_of(place)) "Identified with confidence " (confidence(place.confidence)) ". " (seen(machine)) "." }
        } @else {
            h5 class="place" { (counted(place.machines.len(), "machine", "machines")) ", alike in every trace" }
            p class="cap" { (version_of(place)) "Identified with confidence " (confidence(place.confidence)) "." }
            ul class="alike cap" { @for machine in &place.machines { li { (machine_of(machine, anchors)) ": " (seen(machine)) "." } } }
        }
        table class="evidence" {
            thead { tr { th scope="col" { "Trace" } th scope="col" { "Name and place" } th scope="col" { "What it says" } } }
            tbody { @for evidence in &place.evidence { (evidence_row(evidence)) } }
        }
    }
}

fn machine_of(seen: &SeenView, anchors: &MachineAnchors<'_>) -> Markup {
    html! {
        @if let Some(anchor) = anchors.get(seen.machine.as_str()) {
            a href={ "#" (anchor) } { bdi { (seen.hostname) } }
        } @else { bdi { (seen.hostname) } }
    }
}

fn version_of(place: &PlaceView) -> Markup {
    html! { @if let Some(version) = &place.version { "Version " (version) ". " } }
}

fn seen(seen: &SeenView) -> Markup {
    html! { "First seen " (moment(&seen.first_seen)) ", last seen " (moment(&seen.last_seen)) }
}

/// A share of one in per cent.
fn confidence(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn evidence_row(evidence: &EvidenceView) -> Markup {
    html! {
        tr {
            th scope="row" { (evidence.kind) }
            td {
                @if evidence.path.as_ref() != Some(&evidence.title) { bdi { (evidence.title) } }
                @if let Some(path) = &evidence.path { code class="path" { (path) } }
            }
            td { (capitalised(&evidence.says)) }
        }
    }
}

/// Which rules matched which values, each once over the machines that are told.
fn rules(finding: &FindingView) -> Markup {
    let evidence = finding.places.iter().flat_map(|place| &place.evidence);
    let mut rules: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    for one in evidence.flat_map(|evidence| &evidence.matched) {
        match rules.iter_mut().find(|(rule, field, _)| *rule == one.rule && *field == one.field) {
            Some((_, _, values)) if values.len() > MOST_VALUES || values.contains(&one.value.as_str()) => {}
            Some((_, _, values)) => values.push(&one.value),
            None => rules.push((&one.rule, &one.field, vec![&one.value])),
        }
    }
    html! {
        h4 { "How we know" }
        @if left_out(finding) > 0 { p class="cap" { "On the machines told above." } }
        @if rules.is_empty() { p { "No rule is on record for this finding." } } @else {
            table class="rules" {
                thead { tr { th scope="col" { "Rule of the catalogue" } th scope="col" { "Field" } th scope="col" { "Value found" } } }
                tbody { @for (rule, field, values) in rules { tr {
                    th scope="row" { code { (rule) } }
                    td { code { (field) } }
                    td {
                        @for value in values.iter().take(MOST_VALUES) { code class="row" { (value) } }
                        @if values.len() > MOST_VALUES { span class="dim" { "and more" } }
                    }
                } } }
            }
        }
    }
}
