//! `interdict software`: what is installed or told of, one row per name, version and publisher.

use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;

use interdict_app::store::Store;
use interdict_app::{AppError, ShownTitle, TitleTiers, Titles, Workbench, in_latin};
use interdict_model::{Subject, Tier, Verdict};

use crate::Outcome;
use crate::arguments::{Format, SoftwareArguments};
use crate::asked::Asked;
use crate::error::CliError;
use crate::output::{Answer, Column, DIM, Table, plain, span, tier_style, write_csv, write_json_lines};
use crate::session::Session;
use crate::wire::{SoftwareList, SoftwareRow};

/// How many titles are read from the database at a time.
const AT_A_TIME: usize = 1_000;

pub(super) fn run(session: &Session, arguments: &SoftwareArguments) -> Result<Outcome, CliError> {
    let workbench = session.workbench()?;
    let vendor = arguments.vendor.as_deref().map(|id| workbench.vendor(id).map(|_| id)).transpose()?;
    let store = session.existing_store()?;
    let asked = session.asked(&workbench, Some(&store))?;
    let mut worst = Tier::None;
    let mut any = false;
    let titles = workbench.read_titles(&store).map_err(AppError::from)?;
    let tiers = workbench.judge_titles(&titles, &asked.circumstances);
    let first = match &arguments.after {
        Some(after) => titles.place_after(&store, key(after)).map_err(AppError::from)?,
        None => 0,
    };
    let left = first..titles.len();
    let rows =
        Rows { workbench: &workbench, store: &store, titles: &titles, tiers: &tiers, left, ready: VecDeque::new() };
    let words: Vec<String> =
        in_latin(arguments.search.as_deref().unwrap_or_default()).split_whitespace().map(str::to_owned).collect();
    let wanted = |row: &SoftwareRow| is_wanted(row, arguments.tier, vendor) && has_words(row, &words);
    let rows = rows
        .filter(|row| row.as_ref().map_or(true, wanted))
        .take(arguments.limit.unwrap_or(usize::MAX))
        .inspect(|row| {
            if let Ok(row) = row {
                any = true;
                worst = worst.worst(row.tier.0);
            }
        });
    write(session, &workbench, &asked, rows)?;
    Ok(session.outcome(any.then_some(worst)))
}

/// The verdict on each product and vendor of the rows.
fn verdicts(workbench: &Workbench, asked: &Asked, rows: &[SoftwareRow]) -> Vec<Verdict> {
    let known: BTreeSet<(&str, Option<&str>)> =
        rows.iter().filter_map(|row| Some((row.vendor.as_deref()?, row.product.as_deref()))).collect();
    let subject = |(vendor, product): (&str, Option<&str>)| match product {
        Some(product) => Subject::Product { vendor: vendor.into(), product: product.into() },
        None => Subject::Vendor { vendor: vendor.into() },
    };
    known.into_iter().map(|ids| workbench.assess(&subject(ids), &asked.circumstances)).collect()
}

fn write(
    session: &Session,
    workbench: &Workbench,
    asked: &Asked,
    rows: impl Iterator<Item = Result<SoftwareRow, CliError>>,
) -> Result<(), CliError> {
    let answer = session.answer;
    match session.format() {
        Format::Jsonl => write_json_lines(Answer::raw(), rows),
        Format::Csv => write_csv(Answer::raw(), rows),
        Format::Json => Answer::json(&SoftwareList::new(asked, rows.collect::<Result<_, _>>()?)),
        Format::Text => {
            let rows: Vec<SoftwareRow> = rows.collect::<Result<_, _>>()?;
            let mut page = Answer::page();
            asked.heading(&mut page);
            asked.in_force_for_others(&mut page, &verdicts(workbench, asked, &rows));
            page.blank();
            if rows.is_empty() {
                page.line(&[plain("No software to list.")]);
                return answer.text(page);
            }
            let has_told = rows.iter().any(|row| !row.told_without_machine.is_empty());
            let mut table = Table::new(&[
                Column::Fixed("tier"),
                Column::Flexible("name"),
                Column::Flexible("version"),
                Column::Flexible("publisher"),
                Column::Fixed("vendor"),
                Column::Number("machines"),
                Column::Flexible(if has_told { "told without a machine" } else { "" }),
            ]);
            for row in &rows {
                table.row(vec![
                    span(row.tier.0.to_string(), tier_style(row.tier.0)),
                    plain(&row.name),
                    plain(row.version.as_deref().unwrap_or_default()),
                    plain(row.publisher.as_deref().unwrap_or_default()),
                    plain(row.vendor.as_deref().unwrap_or_default()),
                    if row.machines > 0 { plain(row.machines.to_string()) } else { span("none named", DIM) },
                    plain(row.told_in_words()),
                ]);
            }
            page.table(&table);
            answer.text(page)
        }
    }
}

fn is_wanted(row: &SoftwareRow, tier: Option<Tier>, vendor: Option<&str>) -> bool {
    tier.is_none_or(|tier| row.tier.0.rank() >= tier.rank())
        && vendor.is_none_or(|id| row.vendor.as_deref() == Some(id))
}

/// Whether its name or publisher has all of some words, which are in lower case and Latin letters.
fn has_words(row: &SoftwareRow, words: &[String]) -> bool {
    words.is_empty() || {
        let text = in_latin(&format!("{} {}", row.name, row.publisher.as_deref().unwrap_or_default()));
        words.iter().all(|word| text.contains(word.as_str()))
    }
}

/// A place in the list, from a name alone, which stands for all its versions, or with a version, or with a publisher, too;
/// tabs stand between them.
fn key(text: &str) -> (&str, Option<&str>, Option<&str>) {
    let mut parts = text.split('\t');
    (parts.next().unwrap_or_default(), parts.next(), parts.next())
}

/// The titles of the inventory as they are read, identified and judged.
struct Rows<'a> {
    workbench: &'a Workbench,
    store: &'a Store,
    titles: &'a Titles,
    tiers: &'a TitleTiers,
    /// The places that are still to be read.
    left: Range<usize>,
    ready: VecDeque<ShownTitle>,
}

impl Rows<'_> {
    fn read_more(&mut self) -> Result<(), CliError> {
        let places: Vec<usize> = self.left.by_ref().take(AT_A_TIME).collect();
        self.ready.extend(self.titles.read(self.store, &places).map_err(AppError::from)?);
        Ok(())
    }

    fn judged(&self, title: ShownTitle) -> SoftwareRow {
        let found = self.titles.identity(title.place).cloned().unwrap_or_default();
        let product = found.product.as_ref().and_then(|product| self.workbench.catalogue().product(product));
        let tier = self.tiers.of(self.titles, title.place).unwrap_or(Tier::Undetermined);
        SoftwareRow::new(title, &found, product.map(|product| product.category), tier)
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<SoftwareRow, CliError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() && !self.left.is_empty() {
            if let Err(error) = self.read_more() {
                self.left = 0..0;
                return Some(Err(error));
            }
        }
        let title = self.ready.pop_front()?;
        Some(Ok(self.judged(title)))
    }
}
