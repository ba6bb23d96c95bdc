//! `interdict audit`: looks at a machine, keeps what is there, and says what it means.

use std::path::Path;

use anstyle::Style;
use interdict_app::collect::not_looked_at;
use interdict_app::store::{DetectionFilter, Store};
use interdict_app::{AppError, AuditOutcome, AuditProgress, Finding, Judged, Workbench, next_steps, now};
use interdict_model::{Activity, Origin, Reason, Tier};

use crate::Outcome;
use crate::arguments::{AuditArguments, Format};
use crate::asked::Asked;
use crate::commands::scan::options;
use crate::commands::ssh;
use crate::error::CliError;
use crate::interrupt;
use crate::output::{
    Answer, Column, DIM, Page, Progress, STRONG, Table, counted, plain, span, tier_style, write_csv, write_json_lines,
};
use crate::session::Session;
use crate::wire::{Audit, Kept};

pub(super) fn run(session: &Session, arguments: &AuditArguments) -> Result<Outcome, CliError> {
    if arguments.ssh.show_commands {
        return ssh::show_commands(&ssh::targets(&arguments.ssh, arguments.ssh.ssh.iter()));
    }
    let workbench = session.workbench()?;
    interrupt::watch();
    let target = ssh::target(arguments.root.as_deref(), arguments.hives.as_deref(), &arguments.ssh);
    ssh::announce(session, "audit", &target);
    let mut store = session.store()?;
    let asked = session.asked(&workbench, Some(&store))?;
    let progress = Progress::new(session.notes);
    let options = options(&target, &arguments.sweep);
    let tell = &mut |event| tell(&progress, &event);
    let outcome = workbench.audit(&mut store, &target, &options, tell, &interrupt::asked)?;
    drop(progress);
    let filter = DetectionFilter { machine_id: Some(outcome.header.machine.id.clone()), ..DetectionFilter::default() };
    let rows = store.detections(&filter).map_err(AppError::from)?;
    let found = workbench.findings_of(rows, &asked.circumstances);
    session.notes.diagnostics(&outcome.diagnostics);
    // A report that cannot be written does not take the answer away.
    let written = arguments.report.as_deref().map(|path| {
        let machine = outcome.header.machine.id.as_str();
        workbench.write_report(&store, &asked.circumstances, &asked.profiles, Some(machine), &now(), path)?;
        Ok::<&Path, AppError>(path)
    });
    let log_head = store.log_head().map_err(AppError::from)?;
    let audited = Audited {
        workbench: &workbench,
        asked: &asked,
        outcome: &outcome,
        found: &found,
        kept: Kept {
            database: store.path(),
            log_head: log_head.as_ref(),
            report: written.as_ref().and_then(|written| written.as_ref().ok()).copied(),
        },
        scans: scans_of(&store, &outcome)?,
    };
    audited.write(session)?;
    written.transpose()?;
    Ok(session.outcome(audited.spoken_of().map(Finding::tier)))
}

fn scans_of(store: &Store, outcome: &AuditOutcome) -> Result<usize, CliError> {
    let id = &outcome.header.machine.id;
    let called = store.machines_called(id).map_err(AppError::from)?;
    Ok(called.iter().find(|row| row.machine.id == *id).map_or(0, |row| row.scans))
}

fn tell(progress: &Progress, event: &AuditProgress) {
    match event {
        AuditProgress::Scan(event) => progress.scan(event),
        AuditProgress::Identifying { observations } => progress.say(format!("identifying {observations} observations")),
        AuditProgress::Storing => progress.say("storing"),
    }
}

/// A machine that was looked at, and what it comes to.
struct Audited<'a> {
    workbench: &'a Workbench,
    asked: &'a Asked,
    outcome: &'a AuditOutcome,
    found: &'a [Finding],
    kept: Kept<'a>,
    /// How many scans there are of the machine, this one counted.
    scans: usize,
}

impl Audited<'_> {
    fn spoken_of(&self) -> impl Iterator<Item = &Finding> {
        self.found.iter().filter(|finding| finding.is_spoken_of())
    }

    fn write(&self, session: &Session) -> Result<(), CliError> {
        let answer = session.answer;
        let document = || Audit::new(self.asked, self.outcome, self.found, self.kept);
        match session.format() {
            Format::Json => Answer::json(&document()),
            Format::Jsonl => write_json_lines(Answer::raw(), document().into_findings().into_iter().map(Ok)),
            Format::Csv => write_csv(Answer::raw(), document().into_findings().into_iter().map(Ok)),
            Format::Text => {
                let mut page = Answer::page();
                self.page(&mut page);
                answer.text(page)
            }
        }
    }

    fn page(&self, page: &mut Page) {
        let machine = &self.outcome.header.machine;
        let name = if machine.hostname.is_empty() { &machine.id } else { &machine.hostname };
        page.line(&[
            span(name, STRONG),
            plain(format!(", {} {}, {}", machine.os.name, machine.os.version, machine.arch)),
        ]);
        self.asked.heading(page);
        self.asked.in_force_for_others(page, self.found.iter().map(|finding| &finding.verdict));
        page.blank();
        page.paragraph(&[], &sentence(self.found), STRONG);
        page.line(&[span(self.counted(), DIM)]);
        self.table(page);
        self.next_steps(page);
        let not_looked_at = not_looked_at(&self.outcome.header.collectors);
        if !not_looked_at.is_empty() {
            page.blank();
            page.line(&[span("What was not looked at", STRONG)]);
            for sentence in not_looked_at {
                page.paragraph(&[plain("  ")], &sentence, Style::new());
            }
        }
        page.blank();
        page.line(&[plain(self.stored())]);
        if let Some(report) = self.kept.report {
            page.line(&[plain(format!("Report written to {}", report.display()))]);
        }
        self.asked.legal_note(page);
    }

    fn counted(&self) -> String {
        let recorded = &self.outcome.recorded;
        let observations = self.outcome.observations;
        let changed = match (recorded.new_installations, recorded.gone_installations) {
            _ if self.scans <= 1 => "the first scan of this machine".to_owned(),
            (0, 0) => "nothing new since the scan before".to_owned(),
            (new, gone) => format!("{new} new and {gone} gone since the scan before"),
        };
        let observations = counted(observations, "observation");
        format!("{observations}, {} known to the catalogue; {changed}.", counted(self.found.len(), "product"))
    }

    fn table(&self, page: &mut Page) {
        if self.spoken_of().next().is_none() {
            return;
        }
        page.blank();
        let mut table = Table::new(&[
            Column::Fixed("tier"),
            Column::Fixed("presence"),
            Column::Flexible("product"),
            Column::Flexible("version"),
            Column::Flexible("vendor"),
            Column::Flexible("why"),
        ]);
        for finding in self.spoken_of() {
            table.row(vec![
                span(finding.tier().to_string(), tier_style(finding.tier())),
                plain(finding.presence.to_string()),
                plain(finding.title()),
                plain(crate::wire::versions(finding).join(", ")),
                plain(&finding.vendor.name),
                plain(why(self.workbench, finding)),
            ]);
        }
        page.table(&table);
    }

    fn next_steps(&self, page: &mut Page) {
        let steps: Vec<(String, String)> = self
            .spoken_of()
            .flat_map(|finding| next_steps(finding).into_iter().map(|step| (finding.title(), step)))
            .collect();
        if steps.is_empty() {
            return;
        }
        page.blank();
        page.line(&[span("Next steps", STRONG)]);
        let mut said_of = String::new();
        for (title, step) in steps {
            if title != said_of {
                page.line(&[plain("  "), plain(&title)]);
            }
            page.paragraph(&[plain("    - ")], &step, Style::new());
            said_of = title;
        }
    }

    fn stored(&self) -> String {
        let head = self.kept.log_head.map(|head| format!("; the head of its log is {head}")).unwrap_or_default();
        format!("Kept in {} as scan {}{head}.", self.kept.database.display(), self.outcome.recorded.scan_id)
    }
}

/// The result in one sentence.
fn sentence(found: &[Finding]) -> String {
    let count = |is: &dyn Fn(&Finding) -> bool| found.iter().filter(|finding| is(finding)).count();
    let attention = count(&|finding| finding.needs_attention());
    let undecided = count(&|finding| finding.tier() == Tier::Undetermined);
    let watched = count(&|finding| finding.tier() == Tier::Watch);
    let mut parts = vec![match attention {
        0 => "Nothing that was found needs attention (see below what was not looked at)".to_owned(),
        1 => "1 product needs attention".to_owned(),
        more => format!("{more} products need attention"),
    }];
    if undecided > 0 {
        parts.push(format!("{undecided} cannot be decided yet"));
    }
    if watched > 0 {
        parts.push(format!("{watched} to be watched"));
    }
    let others = count(&|finding| finding.tier() == Tier::None && finding.is_spoken_of());
    if others > 0 {
        parts.push(match others {
            1 => "instruments speak of 1 more product without restricting your use of it".to_owned(),
            more => format!("instruments speak of {more} more products without restricting your use of them"),
        });
    }
    format!("{}.", parts.join("; "))
}

/// Why a finding has its tier, in a few words, and who has approved it all the same.
pub(super) fn why(workbench: &Workbench, finding: &Judged) -> String {
    let approved: Vec<String> =
        finding.approvals.iter().map(|approval| format!(" Approved by {} (own).", approval.by)).collect();
    format!("{}{}", because(workbench, finding), approved.concat())
}

/// The instrument and what it says.
fn because(workbench: &Workbench, finding: &Judged) -> String {
    let short_title = |reason: &Reason| {
        let restriction = workbench.catalogue().restriction(&reason.restriction);
        let own = if reason.restriction.origin() == Origin::Own { " (own rule)" } else { "" };
        let title = restriction.map_or(reason.restriction.as_str(), |restriction| restriction.short_title.as_str());
        format!("{title}{own}")
    };
    if let Some(reason) = leading(finding) {
        let only = reason.condition.map(|condition| format!(" Only {}.", condition.phrase())).unwrap_or_default();
        let meaning = reason.measure.meaning().trim();
        return format!("{}, from {}: {meaning}{only}", short_title(reason), reason.effect_from);
    }
    let beside: Vec<String> = finding
        .verdict
        .activities
        .iter()
        .filter(|(_, answer)| answer.tier != Tier::None)
        .map(|(activity, answer)| format!("{activity} {}", answer.tier))
        .collect();
    if beside.is_empty() {
        "Instruments speak of it, but to others.".to_owned()
    } else {
        format!("Nothing about use; beside it: {}.", beside.join(", "))
    }
}

/// The reason behind the installed headline.
fn leading(finding: &Judged) -> Option<&Reason> {
    if finding.tier() == Tier::None {
        return None;
    }
    let answers = [Activity::Use, Activity::Remove, Activity::Report].into_iter();
    let reasons =
        answers.filter_map(|activity| finding.verdict.activities.get(&activity)).flat_map(|answer| &answer.reasons);
    let mut reasons = reasons.filter(|reason| reason.tier.rank() == finding.tier().rank());
    reasons.next()
}
