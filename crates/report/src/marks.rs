//! The small signs that come again and again: tiers, presence, statuses, days. Each is a word with a drawing beside it, never
//! a drawing or a colour alone.

use interdict_model::{Activity, CollectorStatus, Day, Presence, SourceKind, Tier, Verification};
use maud::{Markup, PreEscaped, html};

use crate::text::{capitalised, day_of, instant};

/// The drawings, once for the whole page; lucide's, the octagon with sharp corners so that it is not taken for a circle.
pub(crate) fn sprite() -> Markup {
    PreEscaped(include_str!("sprite.svg").trim().to_owned())
}

/// A tier as a chip.
pub(crate) fn chip(tier: Tier) -> Markup {
    html! { span class={ "chip " (tint(tier)) } { (icon(tier)) (word(tier)) } }
}

/// A tier as word and mark without the pill.
pub(crate) fn bare(tier: Tier) -> Markup {
    html! { span class={ "chip bare " (tint(tier)) } { (icon(tier)) (word(tier)) } }
}

/// The class that sets a tier's colours.
pub(crate) fn tint(tier: Tier) -> &'static str {
    match tier {
        Tier::Prohibited | Tier::Required => "t-pro",
        Tier::Restricted => "t-res",
        Tier::Advisory => "t-adv",
        Tier::Watch => "t-wat",
        Tier::Undetermined => "t-und",
        Tier::None => "t-non",
    }
}

/// A tier's word.
pub(crate) fn word(tier: Tier) -> &'static str {
    match tier {
        Tier::Prohibited => "Prohibited",
        Tier::Required => "Required",
        Tier::Restricted => "Restricted",
        Tier::Advisory => "Advisory",
        Tier::Watch => "Watch",
        Tier::Undetermined => "Undetermined",
        Tier::None => "None",
    }
}

fn icon(tier: Tier) -> Markup {
    drawing(match tier {
        Tier::Prohibited => "#i-prohibited",
        Tier::Required => "#i-required",
        Tier::Restricted => "#i-restricted",
        Tier::Advisory => "#i-advisory",
        Tier::Watch => "#i-watch",
        Tier::Undetermined => "#i-undetermined",
        Tier::None => "#i-none",
    })
}

fn drawing(href: &str) -> Markup {
    html! { svg class="i" viewBox="0 0 24 24" aria-hidden="true" { use href=(href) {} } }
}

/// A presence: dot, ring, dashed ring or dotted outline, and the word.
pub(crate) fn presence(presence: Presence) -> Markup {
    let href = match presence {
        Presence::Live => "#p-live",
        Presence::Dormant => "#p-dormant",
        Presence::Residue => "#p-residue",
        Presence::Ghost => "#p-ghost",
    };
    html! {
        span class="presence" {
            svg class="p" viewBox="0 0 10 10" aria-hidden="true" { use href=(href) {} }
            (capitalised(presence.as_str()))
        }
    }
}

/// How a collector fared, as mark and word. No tier's colour: this is about the look, not about the law.
pub(crate) fn status(status: CollectorStatus) -> Markup {
    let (href, word) = match status {
        CollectorStatus::Complete => ("#i-none", "Complete"),
        CollectorStatus::Partial => ("#i-partial", "Partial"),
        CollectorStatus::NotPossible => ("#i-not-possible", "Not possible"),
        CollectorStatus::Failed => ("#i-failed", "Failed"),
    };
    html! { span class="status" { (drawing(href)) (word) } }
}

/// A day, with its ISO form for machines and on hover.
pub(crate) fn day(day: Day) -> Markup {
    html! { time datetime=(day) title=(day) { (day.for_reading()) } }
}

/// An instant, with its ISO form for machines and on hover.
pub(crate) fn moment(text: &str) -> Markup {
    html! {
        @if day_of(text).is_some() { time datetime=(text) title=(text) { (instant(text)) } } @else { (text) }
    }
}

/// An activity's word.
pub(crate) fn activity(activity: Activity) -> &'static str {
    match activity {
        Activity::Use => "use",
        Activity::Remove => "remove",
        Activity::Report => "report",
        Activity::Buy => "buy",
        Activity::Renew => "renew",
        Activity::Update => "update",
        Activity::Resell => "resell",
        Activity::Embed => "embed",
        Activity::ExportTo => "export to",
        Activity::DealWith => "deal with",
    }
}

/// Some activities as the head of a line: `Buy, renew, update`.
pub(crate) fn activities(some: &[Activity]) -> String {
    capitalised(&some.iter().map(|one| activity(*one)).collect::<Vec<_>>().join(", "))
}

/// What kind of document a source is.
pub(crate) fn source_kind(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Primary => "Official text",
        SourceKind::IssuerPage => "Page of the issuer",
        SourceKind::Mirror => "Copy of an official text or list",
        SourceKind::Secondary => "Law firm, trade site or press",
    }
}

/// How well an entry is supported.
pub(crate) fn verification(verification: Verification) -> &'static str {
    match verification {
        Verification::Primary => "We read the official text or page.",
        Verification::Mirror => "We read an official list through a copy.",
        Verification::Secondary => "A law firm or the press says so; we did not read the official text.",
        Verification::Unverified => "Reported, not verified by us: nothing was read.",
    }
}
