//! How presence and tiers come about, what the words mean, and what the report is not.

use interdict_model::{Presence, Tier};
use maud::{Markup, html};

use crate::marks::{chip, day, presence};
use crate::view::{AuditReport, LogHeadView};

/// Method, words and note.
pub(crate) fn section(report: &AuditReport) -> Markup {
    html! {
        section aria-labelledby="method" {
            h2 id="method" { "Method" }
            p {
                "Collectors read what a machine has on record: packages, services, kernel modules, processes, folders. Every record is kept "
                "with the place where it was read. The catalogue's rules compare its fields with names and identifiers of known products; "
                "each match is shown with its rule. Confidence is the weight of the strongest rule that matched. Presence follows from all "
                "traces of a product on a machine together: whether an executable of it exists, and whether anything starts it."
            }
            p {
                "The catalogue holds what each instrument says, with citation, sources, the days from which it counts, whom it binds and what it "
                "leaves alone. An answer is worked out for each product and activity: an effect touches those who asked when they are one of "
                "those it binds, when the other side is bound in dealing with them, or when a warning is addressed to them. Before an effect "
                "is announced it says nothing; announced and not yet in force it is watch; in force it forbids, requires, limits or warns. What "
                "is proposed, contested, suspended or not verified is never more than watch. Where a fact decides and is not known, the answer "
                "names it. The tier of a finding is the worst of use, remove and report: a ban on updates or purchases does not raise the tier of "
                "what may lawfully be kept, and a duty that something else sets off counts only when that is known to have happened."
            }
            p {
                "The as-of day, " (day(report.as_of)) ", is the day of the law. The catalogue's version, " (report.catalogue_version)
                ", is what was known: an instrument that became known later is not in it, even where it counts from an earlier day."
            }
            (log_head(report.log_head.as_ref()))
        }
        section aria-labelledby="note" {
            h2 id="note" { "Note" }
            p class="notice" {
                "This report holds information from public sources as of the catalogue's date, " (day(report.catalogue_date))
                ". It is not legal advice. Ask counsel before acting on it."
            }
        }
        section aria-labelledby="words" {
            h2 id="words" { "Words" }
            h3 { "Tiers, worst first" }
            dl class="words" { @for tier in Tier::ALL { div { dt { (chip(*tier)) } dd { (tier.meaning().trim()) } } } }
            h3 { "Presence" }
            dl class="words pair" { @for one in Presence::ALL { div { dt { (presence(*one)) } dd { (one.meaning().trim()) } } } }
        }
    }
}

/// Where the log stood, so that a reader can tell later whether what the report rests on was changed.
pub(crate) fn log_head(head: Option<&LogHeadView>) -> Markup {
    html! {
        @if let Some(head) = head {
            p {
                "What is recorded is kept in a log whose every entry carries the hash of the one before. When this report was made the "
                "newest was " code { (head.short) } ", in full " code class="url" { (head.hash) } ". With it "
                code { "interdict log verify --head " (head.short) } " tells whether anything recorded before was changed or removed since."
            }
        }
    }
}
