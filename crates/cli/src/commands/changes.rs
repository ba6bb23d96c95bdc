//! `interdict changes`: what is new, gone or changed between two days, instants or scans.

use std::collections::BTreeMap;

use interdict_app::store::{Moment, Past, ScanOf, Store};
use interdict_app::{
    Breadth, Difference, DifferenceCounts, DifferenceKind, DifferenceOf, DifferenceQuery, DifferenceSummary, Direction,
    Newness, Workbench, now, today,
};
use interdict_model::{Day, Tier};

use crate::Outcome;
use crate::arguments::{ChangesArguments, Format};
use crate::asked::Asked;
use crate::error::CliError;
use crate::nearest_day::nearest_day;
use crate::output::{Answer, Column, DIM, Page, Row, STRONG, Table, counted, plain, span, tier_style, write_csv_with};
use crate::session::Session;
use crate::wire::{ChangeList, ChangeRow, Point, Telling};

pub(super) fn run(session: &Session, arguments: &ChangesArguments) -> Result<Outcome, CliError> {
    let workbench = session.workbench()?;
    let mut store = session.existing_store()?;
    let asked = session.asked(&workbench, Some(&store))?;
    let span = Asking::new(&store, arguments)?;
    session.refresh(&workbench, &mut store)?;
    let mut new_tiers = Vec::new();
    let compare = Compare { workbench: &workbench, store: &store, asked: &asked, span: &span, arguments };
    match session.format() {
        Format::Json => compare.json(&mut new_tiers)?,
        Format::Jsonl | Format::Csv => compare.rows(session.format(), &mut new_tiers)?,
        Format::Text => {
            let mut found = Found::default();
            let summary = compare.each(&mut new_tiers, |difference| {
                found.take(difference);
                Ok(())
            })?;
            let mut page = Answer::page();
            compare.page(&mut page, &found, &summary);
            session.answer.text(page)?;
        }
    }
    Ok(session.outcome(new_tiers))
}

/// Between which moments, and on which machines.
struct Asking {
    since: Moment,
    until: Moment,
    /// The scans that were named.
    scans: [Option<ScanOf>; 2],
    machines: Vec<String>,
}

impl Asking {
    fn new(store: &Store, arguments: &ChangesArguments) -> Result<Self, CliError> {
        let past = store.past()?;
        let (since, first) = moment(&past, &arguments.since, End::Since)?;
        let (until, second) = match &arguments.until {
            Some(text) => moment(&past, text, End::Until)?,
            None => (Moment::at(&now())?, None),
        };
        let mut machines = arguments.machines.clone();
        for scan in [&first, &second].into_iter().flatten() {
            let is_same =
                |name: &String| *name == scan.machine_id || name.to_lowercase() == scan.hostname.to_lowercase();
            match machines.as_slice() {
                [] => machines.push(scan.machine_id.clone()),
                [one] if is_same(one) => {}
                [other, ..] => {
                    let error =
                        CliError::ScanOfOther { scan: scan.id, of: scan.hostname.clone(), other: other.clone() };
                    return Err(error);
                }
            }
        }
        let days = [Some(&arguments.since), arguments.until.as_ref()].map(|text| text?.parse::<Day>().ok());
        // A day ends where the next one begins: as moments, those two are one.
        let are_days_exchanged = matches!(days, [Some(since), Some(until)] if since > until);
        if since > until || are_days_exchanged {
            let until = arguments.until.clone().unwrap_or_else(|| "now".to_owned());
            return Err(CliError::SinceAfterUntil { since: arguments.since.clone(), until });
        }
        Ok(Self { since, until, scans: [first, second], machines })
    }

    fn points(&self) -> [Point; 2] {
        let [first, second] = &self.scans;
        [(&self.since, first), (&self.until, second)]
            .map(|(moment, scan)| Point { instant: moment.instant(), scan: scan.as_ref().map(|scan| scan.id) })
    }
}

/// Which end of a span is named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Since,
    Until,
}

/// The moment that somebody named: a day, an instant or the number of a scan. What happened on a day lies between its
/// beginning, for `--since`, and its end, for `--until`.
fn moment(past: &Past<'_>, text: &str, end: End) -> Result<(Moment, Option<ScanOf>), CliError> {
    if let Ok(number) = text.parse::<i64>() {
        let scan = past.scan(number)?;
        return Ok((scan.moment.clone(), Some(scan)));
    }
    if let Ok(day) = text.parse::<Day>() {
        if day > today() {
            return Err(CliError::DayAhead { day });
        }
        let last = if end == End::Since { day.previous() } else { day };
        return Ok((Moment::at(&format!("{last}T23:59:59Z"))?, None));
    }
    let Ok(moment) = Moment::at(text) else {
        return Err(CliError::Moment { text: text.to_owned(), nearest: nearest_day(text) });
    };
    if moment > Moment::at(&now())? {
        return Err(CliError::MomentAhead { text: text.to_owned() });
    }
    Ok((moment, None))
}

/// One comparison.
#[derive(Clone, Copy)]
struct Compare<'a> {
    workbench: &'a Workbench,
    store: &'a Store,
    asked: &'a Asked,
    span: &'a Asking,
    arguments: &'a ChangesArguments,
}

impl Compare<'_> {
    /// Hands on what was asked for, and keeps the tiers of findings that are new.
    fn each(
        &self,
        new_tiers: &mut Vec<Tier>,
        mut take: impl FnMut(Difference) -> Result<(), CliError>,
    ) -> Result<DifferenceSummary, CliError> {
        let arguments = self.arguments;
        let breadth = match (arguments.all, arguments.software) {
            (true, _) => Breadth::Everything,
            (false, true) => Breadth::Software,
            (false, false) => Breadth::Findings,
        };
        let query = DifferenceQuery {
            since: &self.span.since,
            until: &self.span.until,
            machines: &self.span.machines,
            breadth,
        };
        self.workbench.differences(self.store, &query, &self.asked.circumstances, |difference| {
            if difference.of == DifferenceOf::Finding && difference.kind == DifferenceKind::New {
                new_tiers.extend(difference.tier.filter(|tier| !new_tiers.contains(tier)));
            }
            let is_wanted = arguments.only.is_empty() || arguments.only.contains(&difference.kind);
            if is_wanted { take(difference) } else { Ok(()) }
        })
    }

    fn json(&self, new_tiers: &mut Vec<Tier>) -> Result<(), CliError> {
        let tiers = std::cell::RefCell::new(Vec::new());
        let telling = Telling::new(|write| {
            let mut new = Vec::new();
            let summary = self.each(&mut new, |difference| write(&ChangeRow::from(&difference)));
            tiers.replace(new);
            summary
        });
        let written = Answer::json(&ChangeList::new(self.asked, self.span.points(), &telling));
        let failure = telling.into_failure();
        new_tiers.extend(tiers.into_inner());
        failure.map_or(written, Err)
    }

    fn rows(&self, format: Format, new_tiers: &mut Vec<Tier>) -> Result<(), CliError> {
        if format == Format::Csv {
            return write_csv_with(Answer::raw(), ChangeRow::COLUMNS, |write| {
                self.each(new_tiers, |difference| write(ChangeRow::from(&difference).values())).map(drop)
            });
        }
        let mut out = Answer::raw();
        self.each(new_tiers, |difference| crate::output::write_json_line(&mut out, &ChangeRow::from(&difference)))?;
        std::io::Write::flush(&mut out).map_err(CliError::Output)
    }

    fn page(&self, page: &mut Page, found: &Found, summary: &DifferenceSummary) {
        self.asked.heading(page);
        page.line(&[plain("from "), span(self.named(0), STRONG), plain(" to "), span(self.named(1), STRONG)]);
        page.blank();
        page.paragraph(&[span("In short: ", STRONG)], &in_short(summary), anstyle::Style::new());
        if let Some(before) = &summary.forgotten_before {
            let note =
                format!("What was gone before {before} was forgotten: of the time before, something may be missing.");
            page.paragraph(&[], &note, anstyle::Style::new());
        }
        machine_table(page, &found.machines);
        finding_table(page, &found.findings);
        software_table(page, &found.software);
        let hidden = !self.arguments.all && !self.arguments.software && summary.software != DifferenceCounts::default();
        if hidden {
            page.blank();
            page.line(&[plain("Every program that came, went or changed is listed with "), span("--software", STRONG)]);
        }
        page.blank();
        self.asked.legal_note(page);
    }

    /// A moment for people.
    fn named(&self, end: usize) -> String {
        let given = [Some(self.arguments.since.as_str()), self.arguments.until.as_deref()];
        match (self.span.scans.get(end).and_then(Option::as_ref), given.get(end).copied().flatten()) {
            (Some(scan), _) => format!("scan {} of {} ({})", scan.id, scan.hostname, brief(&scan.started)),
            (None, Some(given)) => given.to_owned(),
            (None, None) => "now".to_owned(),
        }
    }
}

/// An instant as far as people want it.
pub(super) fn brief(instant: &str) -> String {
    instant.get(..16).unwrap_or(instant).replace('T', " ")
}

/// The whole in a sentence or two.
pub(super) fn in_short(summary: &DifferenceSummary) -> String {
    let mut machines = vec![format!("{} compared", counted(summary.machines, "machine"))];
    if summary.new_machines > 0 {
        machines.push(format!("{} new", summary.new_machines));
    }
    if summary.not_seen_machines > 0 {
        machines.push(format!("{} not seen in between", summary.not_seen_machines));
    }
    let findings = counts(&summary.findings).unwrap_or_else(|| "nothing changed".to_owned());
    let software = counts(&summary.software).unwrap_or_else(|| "nothing changed".to_owned());
    format!("{}. Findings: {findings}. Software: {software}.", machines.join(", "))
}

/// `2 new, 1 gone`; nothing where there is nothing.
fn counts(counts: &DifferenceCounts) -> Option<String> {
    let other = counts.changed.saturating_sub(counts.upgraded + counts.downgraded);
    let parts: Vec<String> = [
        (counts.new, "new"),
        (counts.gone, "gone"),
        (counts.upgraded, "upgraded"),
        (counts.downgraded, "downgraded"),
        (other, "changed otherwise"),
        (counts.first_look, "seen at a first look"),
        (counts.recognised_since, "recognised since"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// What is shown on a page. Software is put together over machines, so that a fleet's page stays readable.
#[derive(Default)]
struct Found {
    machines: Vec<Difference>,
    findings: Vec<Difference>,
    software: BTreeMap<(String, &'static str, String, String), SoftwareLine>,
}

/// The same change of the same software on some machines.
struct SoftwareLine {
    word: &'static str,
    tier: Option<Tier>,
    hostname: String,
    installations: usize,
}

impl Found {
    fn take(&mut self, difference: Difference) {
        match difference.of {
            DifferenceOf::Machine => self.machines.push(difference),
            DifferenceOf::Finding => self.findings.push(difference),
            DifferenceOf::Software => {
                let word = word(&difference);
                let versions = versions(&difference);
                let source = difference.source.map(|source| source.to_string()).unwrap_or_default();
                let Difference { title, tier, hostname, .. } = difference;
                let line = self.software.entry((title, word, versions, source));
                line.and_modify(|line| line.installations += 1).or_insert(SoftwareLine {
                    word,
                    tier,
                    hostname,
                    installations: 1,
                });
            }
        }
    }
}

/// What became of it, in a word or two.
pub(super) fn word(difference: &Difference) -> &'static str {
    match (difference.kind, difference.newness, difference.direction) {
        (DifferenceKind::New, Some(Newness::FirstLook), _) => "first look",
        (DifferenceKind::New, Some(Newness::RecognisedSince), _) => "recognised",
        (DifferenceKind::New, Some(Newness::New) | None, _) => "new",
        (DifferenceKind::Gone, ..) => "gone",
        (DifferenceKind::Changed, _, Some(Direction::Upgraded)) => "upgraded",
        (DifferenceKind::Changed, _, Some(Direction::Downgraded)) => "downgraded",
        (DifferenceKind::Changed, _, None) => "changed",
        (DifferenceKind::NotSeen, ..) => "not seen",
    }
}

/// `1.0`, `1.0 → 2.0`, or which fields changed where the version did not.
fn versions(difference: &Difference) -> String {
    let version = difference.version.clone().unwrap_or_default();
    if difference.kind != DifferenceKind::Changed {
        return version;
    }
    if difference.was_version != difference.version {
        return format!("{} → {version}", difference.was_version.as_deref().unwrap_or("none"));
    }
    let fields: Vec<&str> = difference.fields.iter().map(|change| change.field).collect();
    if fields.is_empty() { version } else { format!("{version} (other {})", fields.join(", ")) }
}

fn machine_table(page: &mut Page, machines: &[Difference]) {
    if machines.is_empty() {
        return;
    }
    page.blank();
    let mut table = Table::new(&[Column::Fixed("change"), Column::Flexible("machine"), Column::Fixed("when")]);
    for difference in machines {
        let at = difference.at.get(..10).unwrap_or(&difference.at);
        let when = if difference.kind == DifferenceKind::NotSeen { format!("last {at}") } else { at.to_owned() };
        table.row(vec![plain(word(difference)), plain(&difference.hostname), plain(when)]);
    }
    page.table(&table);
}

pub(super) fn finding_table(page: &mut Page, findings: &[Difference]) {
    if findings.is_empty() {
        return;
    }
    page.blank();
    let mut table = Table::new(&[
        Column::Fixed("change"),
        Column::Fixed("tier"),
        Column::Flexible("finding"),
        Column::Flexible("version"),
        Column::Fixed("presence"),
        Column::Flexible("machine"),
        Column::Fixed("when"),
    ]);
    for difference in findings {
        let tier = difference.tier.unwrap_or(Tier::None);
        let is = difference.presence.map(|presence| presence.to_string()).unwrap_or_default();
        let presence = match difference.was_presence.filter(|was| Some(*was) != difference.presence) {
            Some(was) => format!("{was} → {is}"),
            None => is,
        };
        table.row(vec![
            plain(word(difference)),
            span(tier.to_string(), tier_style(tier)),
            plain(&difference.title),
            plain(versions(difference)),
            plain(presence),
            plain(&difference.hostname),
            plain(difference.at.get(..10).unwrap_or(&difference.at)),
        ]);
    }
    page.table(&table);
}

fn software_table(page: &mut Page, software: &BTreeMap<(String, &'static str, String, String), SoftwareLine>) {
    if software.is_empty() {
        return;
    }
    page.blank();
    let mut table = Table::new(&[
        Column::Fixed("change"),
        Column::Fixed("tier"),
        Column::Flexible("software"),
        Column::Flexible("version"),
        Column::Fixed("source"),
        Column::Flexible("where"),
    ]);
    for ((title, _, versions, source), line) in software {
        let tier = line.tier.unwrap_or(Tier::None);
        let place = if line.installations == 1 {
            line.hostname.clone()
        } else {
            format!("{} and {} more", line.hostname, line.installations - 1)
        };
        table.row(vec![
            plain(line.word),
            span(tier.to_string(), tier_style(tier)),
            plain(title),
            plain(versions),
            span(source, DIM),
            plain(place),
        ]);
    }
    page.table(&table);
}

/// A list of software changes of one machine, for its page.
pub(super) fn software_of_one(page: &mut Page, differences: &[Difference]) {
    let mut found = Found::default();
    for difference in differences.iter().filter(|difference| difference.of == DifferenceOf::Software) {
        found.take(difference.clone());
    }
    software_table(page, &found.software);
}
