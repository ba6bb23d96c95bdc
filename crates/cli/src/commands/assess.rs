//! `interdict assess`: the verdict for a vendor, a product or a party.

use std::collections::{BTreeMap, BTreeSet};

use anstyle::Style;
use interdict_app::Workbench;
use interdict_model::{
    Activity, ActivityVerdict, Approval, ListedBy, Party, PartyKind, Reason, RestrictionId, Subject, Tier, Verdict,
};

use crate::Outcome;
use crate::arguments::{AssessArguments, Format};
use crate::asked::Asked;
use crate::error::CliError;
use crate::output::{Answer, DIM, Page, STRONG, plain, span, tier_style, write_csv, write_json_lines};
use crate::session::Session;
use crate::wire::Assess;

pub(super) fn run(session: &Session, arguments: &AssessArguments) -> Result<Outcome, CliError> {
    let workbench = session.workbench()?;
    let asked = session.asked(&workbench, None)?;
    let subject = subject(&workbench, arguments, &asked)?;
    let verdict = workbench.assess(&subject, &asked.circumstances);
    let not_listed_by = match &subject {
        Subject::Party { party } => workbench.not_listed_by(party, asked.as_of()),
        Subject::Vendor { .. } | Subject::Product { .. } => Vec::new(),
    };
    let approvals: Vec<&Approval> = workbench.catalogue().approvals_of(&subject, asked.as_of()).collect();
    let document = Assess::new(&asked, &verdict, &not_listed_by, &approvals, arguments.activity);
    let answer = session.answer;
    match session.format() {
        Format::Json => Answer::json(&document)?,
        Format::Jsonl => write_json_lines(Answer::raw(), [Ok(document)])?,
        Format::Csv => write_csv(Answer::raw(), document.rows().into_iter().map(Ok))?,
        Format::Text => {
            let mut page = Answer::page();
            let told = Told { workbench: &workbench, asked: &asked, verdict: &verdict, only: arguments.activity };
            told.page(&mut page, &not_listed_by);
            answer.text(page)?;
        }
    }
    let shown =
        verdict.activities.iter().filter(|(activity, _)| arguments.activity.is_none_or(|only| only == **activity));
    Ok(session.outcome(shown.map(|(_, answer)| answer.tier)))
}

fn subject(workbench: &Workbench, arguments: &AssessArguments, asked: &Asked) -> Result<Subject, CliError> {
    let wanted = &arguments.subject;
    let (vendor, product) = (wanted.vendor.as_deref(), wanted.product.as_deref());
    Ok(match (vendor, product, wanted.party.as_deref()) {
        (Some(vendor), _, _) => workbench.vendor(vendor)?,
        (_, Some(product), _) => workbench.product(product)?,
        (_, _, party) => workbench.party(party.unwrap_or_default(), asked.as_of()),
    })
}

/// A verdict told to people.
struct Told<'a> {
    workbench: &'a Workbench,
    asked: &'a Asked,
    verdict: &'a Verdict,
    only: Option<Activity>,
}

impl Told<'_> {
    fn page(&self, page: &mut Page, not_listed_by: &[RestrictionId]) {
        self.subject(page, not_listed_by);
        self.asked.heading(page);
        self.asked.in_force_for_others(page, [self.verdict]);
        page.blank();
        let mut told: Vec<(Activity, &Reason)> = Vec::new();
        for (activity, answer) in self.shown() {
            let leading = answer.reasons.first();
            let same = leading.and_then(|reason| told.iter().find(|(_, earlier)| is_same(earlier, reason)));
            activity_lines(page, activity, answer, same.map(|(activity, _)| *activity));
            told.extend(leading.filter(|_| same.is_none()).map(|reason| (activity, reason)));
        }
        page.blank();
        self.headline(page);
        self.approvals(page);
        self.others(page);
        self.sources(page);
        page.blank();
        self.asked.legal_note(page);
    }

    fn shown(&self) -> impl Iterator<Item = (Activity, &ActivityVerdict)> {
        let answers = self.verdict.activities.iter().map(|(activity, answer)| (*activity, answer));
        answers.filter(|(activity, _)| self.only.is_none_or(|only| only == *activity))
    }

    fn subject(&self, page: &mut Page, not_listed_by: &[RestrictionId]) {
        let catalogue = self.workbench.catalogue();
        match &self.verdict.subject {
            Subject::Vendor { vendor } => {
                let name = catalogue.vendor(vendor).map_or("", |vendor| vendor.name.as_str());
                page.line(&[span(name, STRONG), plain(format!(" (vendor {vendor})"))]);
            }
            Subject::Product { vendor, product } => {
                let name = catalogue.product(product).map_or("", |product| product.name.as_str());
                page.line(&[span(name, STRONG), plain(format!(" (product {product} of {vendor})"))]);
            }
            Subject::Party { party } => self.party(page, party, not_listed_by),
        }
    }

    fn party(&self, page: &mut Page, party: &Party, not_listed_by: &[RestrictionId]) {
        if party.kind == PartyKind::Unknown {
            page.line(&[span(&party.name, STRONG)]);
            if party.roles.is_empty() {
                page.line(&[plain("Nobody in the catalogue is known by this name.")]);
                page.line(&[plain("What is missing: who this is. Try other spellings, or ask the supplier.")]);
            } else {
                page.line(&[plain(format!("Several are known by this name: {}.", party.roles.join("; ")))]);
            }
            return;
        }
        let id = party.id.as_deref().unwrap_or_default();
        page.line(&[span(&party.name, STRONG), plain(format!(" (party {id}), {}", party.roles.join("; ")))]);
        for listed in &party.listed_by {
            page.paragraph(&[plain("  listed by ")], &listing(listed), Style::new());
        }
        if party.listed_by.is_empty() {
            page.line(&[plain(format!("  listed by nobody the catalogue knows of on {}.", self.asked.as_of()))]);
        }
        for restriction in not_listed_by {
            let found = self.workbench.catalogue().restriction(restriction);
            let issuer = found.and_then(|found| self.workbench.catalogue().issuer(&found.issuer));
            let issuer = issuer.map_or("the issuer", |issuer| issuer.short_name.as_str());
            let text = format!("{restriction}, in which {issuer} lists others of the same vendor.");
            page.paragraph(&[plain("  not listed by ")], &text, Style::new());
        }
    }

    fn headline(&self, page: &mut Page) {
        if self.only.is_some() {
            return;
        }
        let headline = self.verdict.headline;
        if matches!(self.verdict.subject, Subject::Party { .. }) {
            page.line(&[
                plain("In one word: "),
                span(self.verdict.tier.to_string(), tier_style(self.verdict.tier)),
                plain("."),
            ]);
            return;
        }
        page.line(&[
            plain("Who has it: "),
            span(headline.installed.to_string(), tier_style(headline.installed)),
            plain(" (the worst of use, remove and report). Who would get it: "),
            span(headline.purchase.to_string(), tier_style(headline.purchase)),
            plain("."),
        ]);
    }

    /// What the organisation itself has approved.
    fn approvals(&self, page: &mut Page) {
        let catalogue = self.workbench.catalogue();
        for approval in catalogue.approvals_of(&self.verdict.subject, self.asked.as_of()) {
            let lead = [span("Approved by your organisation: ", STRONG)];
            page.paragraph(&lead, &approval_text(approval), Style::new());
        }
    }

    /// What binds others: how many instruments, and their ids.
    fn others(&self, page: &mut Page) {
        let others: BTreeSet<&RestrictionId> =
            self.shown().flat_map(|(_, answer)| &answer.others).map(|reason| &reason.restriction).collect();
        if others.is_empty() {
            if self.verdict.activities.values().all(|answer| answer.reasons.is_empty()) {
                self.nothing_known(page);
            }
            return;
        }
        page.blank();
        let lead = match others.len() {
            1 => "1 instrument speaks to others".to_owned(),
            count => format!("{count} instruments speak to others"),
        };
        page.line(&[span(lead, STRONG), span(" (read one with: interdict catalogue show ID)", DIM)]);
        for id in others {
            let title = self.workbench.catalogue().restriction(id).map_or("", |found| found.title.as_str());
            page.paragraph(&[plain("  "), plain(id.to_string()), plain("  ")], title, DIM);
        }
    }

    /// "None" says what was checked.
    fn nothing_known(&self, page: &mut Page) {
        if self.verdict.tier != Tier::None {
            return;
        }
        let text = format!(
            "No known restriction: none of the catalogue's {} instruments speaks of it on {}.",
            self.workbench.catalogue().restrictions().len(),
            self.asked.as_of()
        );
        page.paragraph(&[], &text, Style::new());
    }

    fn sources(&self, page: &mut Page) {
        let mut sources: BTreeMap<&RestrictionId, &Reason> = BTreeMap::new();
        for reason in self.shown().flat_map(|(_, answer)| &answer.reasons) {
            sources.entry(&reason.restriction).or_insert(reason);
        }
        if sources.is_empty() {
            return;
        }
        page.blank();
        page.line(&[span("Sources", STRONG)]);
        for (id, reason) in sources {
            let title = self.workbench.catalogue().restriction(id).map_or("", |found| found.title.as_str());
            let citation = reason.citation.first().map(|first| format!(" ({first})")).unwrap_or_default();
            page.line(&[plain("  "), span(id.to_string(), STRONG), plain(format!("  {title}{citation}"))]);
            if let Some(url) = reason.sources.first() {
                page.line(&[plain("    "), span(url, DIM)]);
            }
        }
    }
}

fn approval_text(approval: &Approval) -> String {
    let until = approval.until.map(|until| format!(" until {until}")).unwrap_or_default();
    let note = approval.note.as_ref().map(|note| format!(" {}", note.trim())).unwrap_or_default();
    format!("by {} from {}{until}.{note} It changes no tier.", approval.by, approval.from)
}

fn listing(listed: &ListedBy) -> String {
    let until = listed.until.map(|until| format!(" until {until}")).unwrap_or_default();
    let role = listed.role.as_ref().map(|role| format!(" as {role}")).unwrap_or_default();
    let number = listed.list_id.as_ref().map(|id| format!(" (number {id} of the list)")).unwrap_or_default();
    format!("{} since {}{until}{role}{number}.", listed.restriction, listed.from)
}

/// Whether two activities are told the same.
fn is_same(left: &Reason, right: &Reason) -> bool {
    let told = |reason: &Reason| (reason.because.clone(), reason.not_covered.clone(), reason.reading.clone());
    left.restriction == right.restriction && left.tier == right.tier && told(left) == told(right)
}

/// One activity: its tier and the reason that gives it, unless it was told for another activity already.
fn activity_lines(page: &mut Page, activity: Activity, answer: &ActivityVerdict, same: Option<Activity>) {
    let lead = [
        plain(format!("  {activity:<10} ")),
        span(answer.tier.to_string(), tier_style(answer.tier)),
        plain(" ".repeat(14_usize.saturating_sub(answer.tier.as_str().len()))),
    ];
    let Some(reason) = answer.reasons.first() else {
        page.line(&lead[..2]);
        return;
    };
    if let Some(same) = same {
        page.line(&[lead.as_slice(), &[plain(format!("The same as {same}: {}.", reason.restriction))]].concat());
        return;
    }
    page.paragraph(&lead, &reason.because, Style::new());
    let indent = [plain(" ".repeat(27))];
    if let Some(not_covered) = &reason.not_covered {
        page.paragraph(&indent, not_covered, Style::new());
    }
    if let Some(reading) = &reason.reading {
        page.paragraph(&indent, &format!("Our reading: {reading}"), Style::new());
    }
    let more: BTreeSet<&str> = answer
        .reasons
        .iter()
        .map(|other| other.restriction.as_str())
        .filter(|id| *id != reason.restriction.as_str())
        .collect();
    let mut ids = format!("{}, {}", reason.restriction, since(reason));
    if !more.is_empty() {
        ids.push_str("; also ");
        ids.push_str(&more.into_iter().collect::<Vec<_>>().join(", "));
    }
    page.paragraph(&indent, &ids, DIM);
}

fn since(reason: &Reason) -> String {
    match reason.effect_until {
        Some(until) => format!("from {} until {until}", reason.effect_from),
        None => format!("from {}", reason.effect_from),
    }
}
