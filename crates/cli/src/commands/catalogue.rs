//! `interdict catalogue`: lint, list, show.

use std::path::{Path, PathBuf};

use anstyle::Style;
use interdict_app::catalogue as facts;
use interdict_app::{OWN_FOLDER, Workbench, lint_own_rules, look_at_catalogue_files};
use interdict_model::{Diagnostic, Origin, Severity};

use crate::Outcome;
use crate::arguments::{
    CatalogueArguments, CatalogueCommand, Format, Kind, LintArguments, ListArguments, ShowArguments,
};
use crate::commands::diff;
use crate::commands::paging::paged;
use crate::commands::write_rows;
use crate::error::CliError;
use crate::output::{Answer, Column, DIM, Page, STRONG, Table, counted, plain, span, write_json_lines};
use crate::session::Session;
use crate::wire::{CatalogueEntry, Entry, EntryDocument, EntryList, Lint, RestrictionEntry, VendorEntry};

pub(super) fn run(session: &Session, arguments: CatalogueArguments) -> Result<Outcome, CliError> {
    match arguments.command {
        CatalogueCommand::Lint(arguments) => lint(session, &arguments),
        CatalogueCommand::List(arguments) => list(session, &arguments),
        CatalogueCommand::Show(arguments) => show(session, &arguments),
        CatalogueCommand::Diff(arguments) => diff::run(session, &arguments),
    }
}

fn lint(session: &Session, arguments: &LintArguments) -> Result<Outcome, CliError> {
    let diagnostics = match arguments.path.as_deref().or(session.catalogue_path()) {
        _ if arguments.own => lint_own_folder(session)?,
        Some(path) => match own_folder_of(path) {
            Some(folder) => lint_own(session, &folder, Some(path))?,
            None => lint_path(path)?,
        },
        None => facts::lint(&facts::builtin_files()),
    };
    let result = Lint::new(&diagnostics);
    let outcome = if result.errors() > 0 { Outcome::NotGood } else { Outcome::Done };
    let count = format!("{}, {}", counted(result.errors(), "error"), counted(result.warnings(), "warning"));
    let answer = session.answer;
    match session.format() {
        Format::Json => Answer::json(&result)?,
        Format::Jsonl | Format::Csv => write_rows(session, result.into_rows(), |rows| rows, |_, _| {})?,
        Format::Text => {
            let mut page = Answer::page();
            for diagnostic in &diagnostics {
                diagnostic_lines(&mut page, diagnostic);
            }
            page.line(&[plain(count)]);
            answer.text(page)?;
        }
    }
    Ok(outcome)
}

/// The own rules that are used, or a note on where they would stand.
fn lint_own_folder(session: &Session) -> Result<Vec<Diagnostic>, CliError> {
    if let Some(folder) = session.own_rules_folder() {
        return lint_own(session, &folder, None);
    }
    let place = session.database()?.with_file_name(OWN_FOLDER);
    session.notes.note(&format!("there are no own rules; they would stand in {}", place.display()));
    Ok(Vec::new())
}

/// The folder of own rules that a path is or lies in.
fn own_folder_of(path: &Path) -> Option<PathBuf> {
    let real = path.canonicalize().ok()?;
    let found = real.ancestors().find(|folder| folder.file_name().is_some_and(|name| name == OWN_FOLDER));
    // The folder is named as the person who asked named it.
    found.map(|folder| if folder == real { path.to_owned() } else { folder.to_owned() })
}

/// Own rules over the catalogue in use: all of them, or one file among them.
fn lint_own(session: &Session, folder: &Path, only: Option<&Path>) -> Result<Vec<Diagnostic>, CliError> {
    let base = Workbench::open(session.catalogue_path())?;
    let mut found = lint_own_rules(base, folder);
    if let Some(only) = only.filter(|only| only.is_file()) {
        let real = only.canonicalize().unwrap_or_else(|_| only.to_owned());
        let is_its = |found: &Diagnostic| found.location.as_ref().is_some_and(|place| folder.join(&place.file) == real);
        found.retain(is_its);
    }
    let name = |file: &str| match only.filter(|only| only.is_file()) {
        Some(only) => only.display().to_string(),
        None => folder.join(file).display().to_string(),
    };
    Ok(found.into_iter().map(|found| placed(found, name)).collect())
}

/// A whole folder, or one file by itself. A file that is no text is one more complaint, so that the others are said too.
fn lint_path(path: &Path) -> Result<Vec<Diagnostic>, CliError> {
    let (files, unread) = look_at_catalogue_files(path)?;
    let is_folder = path.is_dir();
    let found = match files.as_slice() {
        [file] if !is_folder => facts::lint_alone(file),
        [] if !is_folder => Vec::new(),
        files => facts::lint(files),
    };
    let name = |file: &str| if is_folder { path.join(file) } else { path.to_owned() }.display().to_string();
    Ok(unread.into_iter().chain(found).map(|found| placed(found, name)).collect())
}

/// The diagnostic with its file as the person who asked would name it.
fn placed(mut diagnostic: Diagnostic, name: impl Fn(&str) -> String) -> Diagnostic {
    if let Some(place) = &mut diagnostic.location {
        place.file = name(&place.file);
    }
    diagnostic
}

fn diagnostic_lines(page: &mut Page, diagnostic: &Diagnostic) {
    let (word, style) = match diagnostic.severity {
        Severity::Error => ("error", Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into()))),
        Severity::Warning => ("warning", Style::new().bold().fg_color(Some(anstyle::AnsiColor::Yellow.into()))),
    };
    let place = diagnostic.location.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
    page.line(&[
        plain(place),
        span(format!("{word}[{}]", diagnostic.code), style),
        plain(format!(": {}", diagnostic.message)),
    ]);
    if let Some(hint) = &diagnostic.hint {
        page.line(&[plain(format!("  hint: {hint}"))]);
    }
}

fn list(session: &Session, arguments: &ListArguments) -> Result<Outcome, CliError> {
    let workbench = session.workbench()?;
    let as_of = session.as_of()?;
    let catalogue = workbench.catalogue();
    let mut rows: Vec<CatalogueEntry> = Vec::new();
    let wants = |kind| arguments.kind.is_none_or(|wanted| wanted == kind);
    if wants(Kind::Restriction) {
        rows.extend(catalogue.restrictions().iter().map(|entry| CatalogueEntry::restriction(catalogue, entry, as_of)));
    }
    if wants(Kind::Vendor) {
        rows.extend(catalogue.vendors().iter().map(|entry| CatalogueEntry::vendor(catalogue, entry)));
    }
    if wants(Kind::Product) {
        rows.extend(catalogue.products().map(|entry| CatalogueEntry::product(catalogue, entry)));
    }
    if wants(Kind::Issuer) {
        rows.extend(catalogue.issuers().map(|entry| CatalogueEntry::issuer(catalogue, entry)));
    }
    if wants(Kind::Profile) {
        rows.extend(catalogue.profiles().iter().map(|entry| CatalogueEntry::profile(catalogue, entry)));
    }
    if wants(Kind::Approval) {
        rows.extend(catalogue.approvals().iter().map(|entry| CatalogueEntry::approval(catalogue, entry)));
    }
    let rows = paged(rows, &arguments.page, |row| &row.id, session.notes)?;
    let stamp = catalogue.stamp();
    write_rows(
        session,
        rows,
        |rows| EntryList::new(as_of, stamp.into(), rows),
        |page, rows| {
            page.line(&[plain(format!("catalogue {} of {}, standing on {as_of}", stamp.version, stamp.date))]);
            page.blank();
            let mut columns =
                vec![Column::Fixed("kind"), Column::Fixed("id"), Column::Flexible("title"), Column::Fixed("standing")];
            // Most people have no rules of their own; the column would say nothing to them.
            let has_own = rows.iter().any(|row| row.origin.0 == Origin::Own);
            columns.extend(has_own.then_some(Column::Fixed("origin")));
            let mut table = Table::new(&columns);
            for row in rows {
                let standing = row.standing.map(|word| word.0.to_string()).unwrap_or_default();
                let origin = has_own.then(|| plain(row.origin.0.as_str()));
                let cells = [span(row.kind, DIM), span(&row.id, STRONG), plain(&row.title), plain(standing)];
                table.row(cells.into_iter().chain(origin).collect());
            }
            page.table(&table);
        },
    )?;
    Ok(Outcome::Done)
}

fn show(session: &Session, arguments: &ShowArguments) -> Result<Outcome, CliError> {
    let workbench = session.workbench()?;
    let catalogue = workbench.catalogue();
    let Some(document) = EntryDocument::find(catalogue, &arguments.id) else {
        let ids = catalogue.restrictions().iter().map(|entry| entry.id.as_str());
        let ids = ids.chain(catalogue.vendors().iter().map(|entry| entry.id.as_str()));
        let ids = ids.chain(catalogue.products().map(|entry| entry.id.as_str()));
        let ids = ids.chain(catalogue.issuers().map(|entry| entry.id.as_str()));
        let ids = ids.chain(catalogue.profiles().iter().map(|entry| entry.id.as_str()));
        let ids = ids.chain(catalogue.approvals().iter().map(|entry| entry.id.as_str()));
        let nearest = facts::nearest_all(&arguments.id, ids).into_iter().map(str::to_owned).collect();
        return Err(CliError::UnknownEntry { id: arguments.id.clone(), nearest });
    };
    let answer = session.answer;
    match session.format() {
        Format::Json => Answer::json(&document)?,
        Format::Jsonl => write_json_lines(Answer::raw(), [Ok(document)])?,
        Format::Csv => return Err(CliError::Format { command: "catalogue show" }),
        Format::Text => {
            let mut page = Answer::page();
            if document.is_own() {
                page.line(&[span("Your organisation's own entry, from catalogue.d", STRONG)]);
            }
            entry_page(&mut page, document.entry());
            answer.text(page)?;
        }
    }
    Ok(Outcome::Done)
}

fn entry_page(page: &mut Page, entry: &Entry) {
    match entry {
        Entry::Restriction(entry) => restriction_page(page, entry),
        Entry::Vendor(entry) => vendor_page(page, entry),
        Entry::Product(entry) => {
            page.line(&[span(&entry.name, STRONG), plain(format!(" (product {})", entry.id))]);
            fact(page, "vendor", &entry.vendor);
            fact(page, "category", entry.category.0.as_str());
            fact(page, "classes", &words(entry.classes.iter().map(|word| word.0.as_str())));
            fact(page, "platforms", &words(entry.platforms.iter().map(|word| word.0.as_str())));
            fact(page, "status", entry.status.0.as_str());
            fact(page, "note", entry.note.as_deref().unwrap_or_default());
            heading(page, "Recognised by");
            for print in &entry.fingerprints {
                page.line(&[plain(format!("  {print}"))]);
            }
        }
        Entry::Issuer(entry) => {
            page.line(&[span(&entry.name, STRONG), plain(format!(" (issuer {})", entry.id))]);
            fact(page, "short name", &entry.short_name);
            fact(page, "jurisdiction", &entry.jurisdiction);
            fact(page, "website", entry.website.as_deref().unwrap_or_default());
        }
        Entry::Profile(entry) => {
            page.line(&[span(&entry.title, STRONG), plain(format!(" (profile {})", entry.id))]);
            let capacities: Vec<String> = entry.capacities.iter().map(|capacity| capacity.0.to_string()).collect();
            fact(page, "is bound as", &capacities.join(", "));
            fact(page, "jurisdiction", entry.jurisdiction.as_deref().unwrap_or_default());
        }
        Entry::Approval(entry) => {
            page.line(&[span(&entry.subject, STRONG), plain(format!(" (approval {})", entry.id))]);
            fact(page, "approved by", &entry.by);
            fact(page, "from", &entry.from.0.to_string());
            fact(page, "until", &entry.until.map(|day| day.0.to_string()).unwrap_or_default());
            fact(page, "note", entry.note.as_deref().unwrap_or_default());
        }
    }
}

fn restriction_page(page: &mut Page, entry: &RestrictionEntry) {
    page.line(&[span(&entry.title, STRONG)]);
    page.line(&[span(format!("restriction {}", entry.id), DIM)]);
    page.blank();
    page.paragraph(&[], &entry.text.split_whitespace().collect::<Vec<_>>().join(" "), Style::new());
    page.blank();
    fact(page, "issuer", &entry.issuer);
    fact(page, "instrument", entry.instrument.0.as_str());
    fact(page, "authority", &entry.authority.join("; "));
    fact(page, "cited as", &entry.citations.join("; "));
    fact(page, "announced", &entry.announced.0.to_string());
    fact(page, "supported", entry.verification.0.as_str());
    fact(page, "note", entry.verification_note.as_deref().unwrap_or_default());
    fact(page, "about", &entry.scope.named().join(", "));
    for span in &entry.standing {
        let note = span.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
        fact(page, "stands", &format!("{} from {}{note}", span.is.0, span.from.0));
    }
    heading(page, "What it does");
    for effect in &entry.effects {
        let activities = words(effect.activities.iter().map(|word| word.0.as_str()));
        let until = effect.until.map(|day| format!(" until {}", day.0)).unwrap_or_default();
        let about = effect.from_precision.map(|precision| format!(" (some day of that {})", precision.0));
        let lead =
            format!("{} {activities} from {}{}{until}", effect.force.0, effect.from.0, about.unwrap_or_default());
        page.line(&[plain("  "), span(lead, STRONG)]);
        if !effect.only.is_empty() {
            page.paragraph(&[plain("    ")], &format!("Only {}.", effect.only.join(", ")), Style::new());
        }
        let bound: Vec<String> = effect.binds.iter().map(|capacity| capacity.0.to_string()).collect();
        let with: Vec<String> = effect.counterparty.iter().map(|capacity| capacity.0.to_string()).collect();
        let addressed: Vec<String> = effect.addressed.iter().map(|capacity| capacity.0.to_string()).collect();
        for (label, capacities) in [("binds", bound), ("in dealing with", with), ("addressed to", addressed)] {
            if !capacities.is_empty() {
                page.paragraph(&[plain("    ")], &format!("{label} {}", capacities.join(", ")), Style::new());
            }
        }
        let says = effect.says.as_deref().unwrap_or_else(|| effect.measure.0.meaning().trim());
        page.paragraph(&[plain("    ")], says, Style::new());
        if let Some(reading) = &effect.reading {
            page.paragraph(&[plain("    ")], &format!("Our reading: {reading}"), Style::new());
        }
    }
    let left_alone: Vec<&String> = entry.not_bound.iter().chain(&entry.not_covered).collect();
    if !left_alone.is_empty() {
        heading(page, "What it leaves alone");
        for says in left_alone {
            page.paragraph(&[plain("  ")], says, Style::new());
        }
    }
    heading(page, "Sources");
    for source in &entry.sources {
        let supports = words(source.supports.iter().map(|part| part.0.as_str()));
        page.line(&[plain(format!("  {}  for {supports}  checked {}", source.kind.0, source.checked.0))]);
        page.line(&[plain("    "), span(&source.url, DIM)]);
        if let Some(note) = &source.note {
            page.paragraph(&[plain("    ")], note, Style::new());
        }
    }
}

fn vendor_page(page: &mut Page, entry: &VendorEntry) {
    page.line(&[span(&entry.name, STRONG), plain(format!(" (vendor {})", entry.id))]);
    fact(page, "also", &entry.names.join(", "));
    fact(page, "head office", entry.country.as_deref().unwrap_or_default());
    fact(page, "owner", entry.parent.as_deref().unwrap_or_default());
    fact(page, "website", entry.website.as_deref().unwrap_or_default());
    fact(page, "note", entry.note.as_deref().unwrap_or_default());
    if !entry.relations.is_empty() || !entry.goods.is_empty() {
        heading(page, "What it was, came from and belongs to");
        let relations = entry.relations.iter().map(|relation| (&relation.says, &relation.source));
        for (says, source) in relations.chain(entry.goods.iter().map(|claim| (&claim.says, &claim.source))) {
            page.paragraph(&[plain("  ")], says, Style::new());
            let source = source.as_deref().unwrap_or("general knowledge, no source");
            page.line(&[plain("    "), span(source, DIM)]);
        }
    }
    named(page, "Companies", entry.entities.iter().map(|entity| (entity.id.as_str(), entity.name.clone())));
    let people = entry.people.iter().map(|person| (person.id.as_str(), format!("{}, {}", person.name, person.role)));
    named(page, "People", people);
    named(page, "Products", entry.products.iter().map(|product| (product.id.as_str(), product.name.clone())));
    if !entry.restrictions.is_empty() {
        heading(page, "Spoken of by");
        for id in &entry.restrictions {
            page.line(&[plain(format!("  {id}"))]);
        }
    }
}

fn named<'e>(page: &mut Page, title: &str, entries: impl Iterator<Item = (&'e str, String)>) {
    let mut entries = entries.peekable();
    if entries.peek().is_none() {
        return;
    }
    heading(page, title);
    for (id, name) in entries {
        page.line(&[plain("  "), plain(name), plain("  "), span(id, DIM)]);
    }
}

fn heading(page: &mut Page, title: &str) {
    page.blank();
    page.line(&[span(title, STRONG)]);
}

/// A labelled line; nothing where nothing is known.
fn fact(page: &mut Page, label: &str, value: &str) {
    if !value.is_empty() {
        page.paragraph(&[span(format!("  {label:<13} "), DIM)], value, Style::new());
    }
}

fn words<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}
