//! `interdict catalogue diff`: what another catalogue changes for whoever asks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anstyle::Style;
use interdict_app::catalogue::diff::{Group, What, place_name};
use interdict_app::{CatalogueChanges, CatalogueName, ChangeHere, Comparison, InventoryChange};
use interdict_model::{CatalogueStamp, ProfileId, Tier};

use crate::Outcome;
use crate::arguments::{DiffArguments, Format};
use crate::asked::{Asked, Origin};
use crate::commands::write_rows;
use crate::error::CliError;
use crate::output::{Answer, Column, DIM, Page, STRONG, Span, Table, counted, plain, span, tier_style};
use crate::session::Session;
use crate::wire::CatalogueDiff;

/// Groups of which more entries than these are only counted, unless the names are asked for.
const MOST_LISTED: usize = 12;
/// More sentences, profiles or machines than these are counted.
const MOST_TOLD: usize = 4;

pub(super) fn run(session: &Session, arguments: &DiffArguments) -> Result<Outcome, CliError> {
    let comparison = Comparison::open(&CatalogueName::new(&arguments.old), &CatalogueName::new(&arguments.new))?;
    let store = session.store_if_there()?;
    let asked = session
        .asked(comparison.after(), store.as_ref())
        .or_else(|error| session.asked(comparison.before(), store.as_ref()).map_err(|_| error))?;
    let found = comparison.changes(&asked.profiles, asked.as_of(), store.as_ref())?;
    let named = (arguments.old.as_path(), arguments.new.as_path());
    let answer = session.answer;
    match session.format() {
        Format::Json => Answer::json(&CatalogueDiff::new(&found, named, &asked.profiles))?,
        Format::Jsonl | Format::Csv => {
            let rows = CatalogueDiff::new(&found, named, &asked.profiles).into_rows();
            write_rows(session, rows, |rows| rows, |_, _| {})?;
        }
        Format::Text => {
            let mut page = Answer::page();
            Told { found: &found, asked: &asked, named, names: arguments.names }.page(&mut page);
            answer.text(page)?;
        }
    }
    let products = found.inventory.iter().flat_map(|inventory| &inventory.changed_products);
    Ok(session.outcome(products.filter_map(|product| product.is)))
}

/// Changes told to people.
struct Told<'a> {
    found: &'a CatalogueChanges,
    asked: &'a Asked,
    /// What the person called the two.
    named: (&'a Path, &'a Path),
    names: bool,
}

impl Told<'_> {
    fn page(&self, page: &mut Page) {
        self.heading(page);
        page.blank();
        page.paragraph(&[span("In short: ", STRONG)], &self.in_short(), Style::new());
        if let Some(inventory) = &self.found.inventory {
            inventory_lines(page, inventory);
        }
        for group in Group::ALL {
            let of_group: Vec<&ChangeHere> =
                self.found.changes.iter().filter(|here| here.change.group() == group).collect();
            if !of_group.is_empty() {
                page.blank();
                page.line(&[span(group.title(), STRONG)]);
                self.group(page, group, &of_group);
            }
        }
        page.blank();
        self.asked.legal_note(page);
    }

    fn heading(&self, page: &mut Page) {
        let name = |stamp: &CatalogueStamp| format!(" (catalogue {} of {})", stamp.version, stamp.date);
        page.line(&[
            plain("from "),
            span(self.named.0.display().to_string(), STRONG),
            plain(name(&self.found.old)),
            plain(" to "),
            span(self.named.1.display().to_string(), STRONG),
            plain(name(&self.found.new)),
        ]);
        let saved = if self.asked.origin == Origin::Saved { " (saved)" } else { "" };
        let inventory = match &self.found.inventory {
            Some(inventory) => format!(", with an inventory of {}", counted(inventory.machines, "machine")),
            None => ", without an inventory".to_owned(),
        };
        page.line(&[
            plain("for "),
            span(self.asked.profiles.join(", "), STRONG),
            plain(format!("{saved} on ")),
            span(self.found.as_of.to_string(), STRONG),
            plain(inventory),
        ]);
    }

    /// The whole in one sentence.
    fn in_short(&self) -> String {
        if self.found.changes.is_empty() {
            return "the catalogues say the same.".to_owned();
        }
        let mut counts: BTreeMap<Group, usize> = BTreeMap::new();
        for here in &self.found.changes {
            *counts.entry(here.change.group()).or_default() += 1;
        }
        let clauses: Vec<String> = counts.iter().map(|(group, count)| group.counted(*count)).collect();
        let restrictions: BTreeSet<&str> = self.found.changes.iter().filter_map(affecting).collect();
        let affect = match (self.asked.origin, restrictions.len()) {
            (Origin::Nobody, _) => "say who you are with --profile to see what affects you".to_owned(),
            (_, 0) => "nothing of it affects you".to_owned(),
            (_, 1) => "what changes in 1 restriction affects you".to_owned(),
            (_, count) => format!("what changes in {count} restrictions affects you"),
        };
        format!("{}. {}.", clauses.join("; "), capitalised(&affect))
    }

    fn group(&self, page: &mut Page, group: Group, changes: &[&ChangeHere]) {
        let may_be_counted = matches!(group, Group::Vendors | Group::Products | Group::Fingerprints | Group::Issuers);
        if may_be_counted && changes.len() > MOST_LISTED && !self.names {
            page.line(&[plain("  "), plain(summary(group, changes)), span(" (list them with --names)", DIM)]);
            return;
        }
        for here in changes {
            self.change(page, here);
        }
    }

    fn change(&self, page: &mut Page, here: &ChangeHere) {
        let entry = &here.change.entry;
        let mut says = here.change.says();
        let lead = match &entry.jurisdiction {
            Some(jurisdiction) => {
                says.push_str(&affects(here));
                place_name(jurisdiction)
            }
            None => entry.title.clone(),
        };
        page.paragraph(&[plain("  "), span(lead, STRONG), plain(": ")], &ended(says), Style::new());
        if entry.jurisdiction.is_some() {
            page.paragraph(&[plain("    ")], &format!("{} ({})", entry.title, entry.id), DIM);
        }
        if !here.change.is_wording() {
            if let Some(explanation) = here.change.explanation().filter(|_| here.touches.is_empty()) {
                page.paragraph(&[plain("    ")], explanation, Style::new());
            }
            self.touches(page, here);
        }
        if self.names {
            for name in here.change.names() {
                page.line(&[plain("    "), plain(name)]);
            }
        }
    }

    /// Why it touches who asks, or whom else it touches.
    fn touches(&self, page: &mut Page, here: &ChangeHere) {
        for touch in &here.touches {
            let lead: Vec<Span> = match self.asked.profiles.len() {
                1 => vec![plain("    ")],
                _ => vec![plain(format!("    {}: ", touch.profile))],
            };
            for because in touch.because.iter().take(MOST_TOLD) {
                page.paragraph(&lead, &capitalised(because), Style::new());
            }
            if touch.because.len() > MOST_TOLD {
                let more = counted(touch.because.len() - MOST_TOLD, "more sentence");
                page.line(&[plain("    "), span(format!("... and {more}"), DIM)]);
            }
        }
        if here.touches.is_empty() && !here.profiles.is_empty() {
            let mut profiles: Vec<&str> = here.profiles.iter().map(ProfileId::as_str).collect();
            let more = profiles.len().saturating_sub(MOST_TOLD);
            profiles.truncate(MOST_TOLD);
            let and_more = if more > 0 { format!(" and {}", counted(more, "more profile")) } else { String::new() };
            page.paragraph(&[plain("    ")], &format!("touches {}{and_more}", profiles.join(", ")), DIM);
        }
    }
}

/// The restriction of a change that affects who asks.
fn affecting(here: &ChangeHere) -> Option<&str> {
    (!here.touches.is_empty() && !here.change.is_wording()).then_some(here.change.entry.id.as_str())
}

/// With a full stop, unless it ends with one.
fn ended(text: String) -> String {
    if text.ends_with('.') { text } else { text + "." }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `; affects us: 2 machines`.
fn affects(here: &ChangeHere) -> String {
    if here.change.is_wording() {
        return String::new();
    }
    match (here.machines, here.touches.is_empty()) {
        (Some(0), false) => "; affects us: nothing of it is here".to_owned(),
        (Some(count), false) => format!("; affects us: {}", counted(count, "machine")),
        (None, false) => "; affects us".to_owned(),
        (Some(count), true) if count > 0 => format!("; does not touch us: it speaks of {}", counted(count, "machine")),
        (_, true) => String::new(),
    }
}

/// A group in numbers.
fn summary(group: Group, changes: &[&ChangeHere]) -> String {
    let count = |is: &dyn Fn(&What) -> bool| changes.iter().filter(|here| is(&here.change.what)).count();
    if group == Group::Fingerprints {
        let total = |pick: &dyn Fn(&What) -> usize| changes.iter().map(|here| pick(&here.change.what)).sum::<usize>();
        let added = total(&|what| if let What::Fingerprints { added, .. } = what { added.len() } else { 0 });
        let removed = total(&|what| if let What::Fingerprints { removed, .. } = what { removed.len() } else { 0 });
        return format!("{added} added and {removed} removed, of {} vendors and products.", changes.len());
    }
    let added = count(&|what| matches!(what, What::Added(_)));
    let removed = count(&|what| matches!(what, What::Removed));
    let different = changes.len() - added - removed;
    format!("{added} added, {removed} removed, {different} different.")
}

fn inventory_lines(page: &mut Page, inventory: &InventoryChange) {
    page.blank();
    page.line(&[span("What becomes of the inventory", STRONG)]);
    let changed = &inventory.changed_machines;
    if changed.is_empty() && inventory.changed_products.is_empty() {
        page.line(&[plain("  No machine and no product has another tier.")]);
        return;
    }
    let of = match changed.len() {
        0 => "  No machine has another worst tier.".to_owned(),
        1 => format!("  1 of {} has another worst tier.", counted(inventory.machines, "machine")),
        count => format!("  {count} of {} have another worst tier.", counted(inventory.machines, "machine")),
    };
    page.line(&[plain(of)]);
    for machine in changed.iter().take(MOST_LISTED) {
        page.line(&[plain(format!("    {}: ", machine.hostname)), tier(machine.was), plain(" -> "), tier(machine.is)]);
    }
    if let Some(more) = changed.len().checked_sub(MOST_LISTED).filter(|more| *more > 0) {
        page.line(&[span(format!("    ... and {}", counted(more, "more machine")), DIM)]);
    }
    if inventory.changed_products.is_empty() {
        return;
    }
    page.blank();
    let mut table = Table::new(&[
        Column::Flexible("product"),
        Column::Number("machines"),
        Column::Fixed("was"),
        Column::Fixed("is"),
    ]);
    for product in &inventory.changed_products {
        let cell = |known: Option<Tier>| known.map_or_else(|| span("not known", DIM), tier);
        let count = plain(product.machines.to_string());
        table.row(vec![plain(&product.title), count, cell(product.was), cell(product.is)]);
    }
    page.table(&table);
}

fn tier(tier: Tier) -> Span {
    span(tier.to_string(), tier_style(tier))
}
