//! `interdict software`: what is installed, one row per name, version and publisher.

use std::collections::{BTreeSet, HashMap, VecDeque};

use interdict_app::AppError;
use interdict_app::Workbench;
use interdict_app::assess::Circumstances;
use interdict_app::identify::Identification;
use interdict_app::in_latin;
use interdict_app::store::{SoftwareKey, Store};
use interdict_model::{Observation, Subject, Tier, Verdict};

use crate::Outcome;
use crate::arguments::{Format, SoftwareArguments};
use crate::asked::Asked;
use crate::error::CliError;
use crate::output::{Answer, Column, Table, plain, span, tier_style, write_csv, write_json_lines};
use crate::session::Session;
use crate::wire::{SoftwareList, SoftwareRow};

/// How many titles are read from the database at a time.
const AT_A_TIME: usize = 5_000;

pub(super) fn run(session: &Session, arguments: &SoftwareArguments) -> Result<Outcome, CliError> {
    let workbench = session.workbench()?;
    let vendor = arguments.vendor.as_deref().map(|id| workbench.vendor(id).map(|_| id)).transpose()?;
    let store = session.existing_store()?;
    let asked = session.asked(&workbench, Some(&store))?;
    let mut worst = Tier::None;
    let mut any = false;
    let titles = Titles::new(&workbench, &store, &asked.circumstances, arguments.after.as_deref().map(key));
    let words: Vec<String> =
        in_latin(arguments.search.as_deref().unwrap_or_default()).split_whitespace().map(str::to_owned).collect();
    let wanted = |row: &SoftwareRow| is_wanted(row, arguments.tier, vendor) && has_words(row, &words);
    let rows = titles
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
            let mut table = Table::new(&[
                Column::Fixed("tier"),
                Column::Flexible("name"),
                Column::Flexible("version"),
                Column::Flexible("publisher"),
                Column::Fixed("vendor"),
                Column::Number("machines"),
            ]);
            for row in &rows {
                table.row(vec![
                    span(row.tier.0.to_string(), tier_style(row.tier.0)),
                    plain(&row.name),
                    plain(row.version.as_deref().unwrap_or_default()),
                    plain(row.publisher.as_deref().unwrap_or_default()),
                    plain(row.vendor.as_deref().unwrap_or_default()),
                    plain(row.machines.to_string()),
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

/// A place in the list, from a name alone or from name, version and publisher with tabs between them.
fn key(text: &str) -> SoftwareKey {
    // A name alone stands for all its versions: what sorts behind every version and publisher comes next.
    let behind = || Some(char::MAX.to_string());
    let mut parts = text.split('\t');
    let name = parts.next().unwrap_or_default().to_owned();
    match (parts.next(), parts.next()) {
        (None, _) => SoftwareKey { name, version: behind(), publisher: behind() },
        (Some(version), publisher) => {
            SoftwareKey { name, version: Some(version.to_owned()), publisher: publisher.map(str::to_owned) }
        }
    }
}

/// The titles of the inventory as they are read, identified and judged.
struct Titles<'a> {
    workbench: &'a Workbench,
    store: &'a Store,
    circumstances: &'a Circumstances,
    ready: VecDeque<interdict_app::store::SoftwareRow>,
    after: Option<SoftwareKey>,
    is_over: bool,
    tiers: HashMap<String, Tier>,
}

impl<'a> Titles<'a> {
    fn new(
        workbench: &'a Workbench,
        store: &'a Store,
        circumstances: &'a Circumstances,
        after: Option<SoftwareKey>,
    ) -> Self {
        Self { workbench, store, circumstances, ready: VecDeque::new(), after, is_over: false, tiers: HashMap::new() }
    }

    fn read_more(&mut self) -> Result<(), CliError> {
        let rows = self.store.software(Some(AT_A_TIME), self.after.as_ref()).map_err(AppError::from)?;
        self.is_over = rows.len() < AT_A_TIME;
        self.after = rows.last().map(interdict_app::store::SoftwareRow::key);
        self.ready.extend(rows);
        Ok(())
    }

    fn judged(&mut self, row: interdict_app::store::SoftwareRow) -> SoftwareRow {
        let found = self.identified(&row);
        let tier = self.tier(&found);
        SoftwareRow::new(row, &found, tier)
    }

    /// What the first of its registrations that says something is identified as.
    fn identified(&self, row: &interdict_app::store::SoftwareRow) -> Identification {
        let identified = |source: &interdict_model::ObservationSource| {
            let mut observation = Observation::new(*source);
            observation.name = Some(row.name.clone());
            observation.version.clone_from(&row.version);
            observation.publisher.clone_from(&row.publisher);
            self.workbench.identifier().identify(&observation)
        };
        row.sources.iter().map(identified).find(|found| found.vendor.is_some()).unwrap_or_default()
    }

    fn tier(&mut self, found: &Identification) -> Tier {
        let subject = match (&found.vendor, &found.product) {
            (None, _) => return Tier::Undetermined,
            (Some(vendor), Some(product)) => Subject::Product { vendor: vendor.clone(), product: product.clone() },
            (Some(vendor), None) => Subject::Vendor { vendor: vendor.clone() },
        };
        let id =
            found.product.as_ref().map(ToString::to_string).or_else(|| found.vendor.as_ref().map(ToString::to_string));
        let assess = || self.workbench.assess(&subject, self.circumstances).headline.installed;
        *self.tiers.entry(id.unwrap_or_default()).or_insert_with(assess)
    }
}

impl Iterator for Titles<'_> {
    type Item = Result<SoftwareRow, CliError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty()
            && !self.is_over
            && let Err(error) = self.read_more()
        {
            self.is_over = true;
            return Some(Err(error));
        }
        let row = self.ready.pop_front()?;
        Some(Ok(self.judged(row)))
    }
}
