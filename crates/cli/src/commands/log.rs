//! `interdict log verify` and `interdict log list`. Neither writes to the log.

use anstyle::Style;
use interdict_app::AppError;
use interdict_app::store::{HeadAnswer, Verification};

use crate::Outcome;
use crate::arguments::{Format, LogCommand, LogListArguments, LogVerifyArguments};
use crate::commands::write_rows;
use crate::error::CliError;
use crate::output::{Answer, Column, DIM, Page, STRONG, Table, counted, plain, span, write_csv, write_json_lines};
use crate::session::Session;
use crate::wire::{LogList, LogRow, LogVerify};

pub(super) fn run(session: &Session, command: &LogCommand) -> Result<Outcome, CliError> {
    match command {
        LogCommand::Verify(arguments) => verify(session, arguments),
        LogCommand::List(arguments) => list(session, arguments),
    }
}

fn verify(session: &Session, arguments: &LogVerifyArguments) -> Result<Outcome, CliError> {
    let store = session.existing_store()?;
    let verification = store.verify_log(&arguments.heads).map_err(AppError::from)?;
    let document = || LogVerify::new(&verification, store.path().display().to_string());
    match session.format() {
        Format::Json => Answer::json(&document())?,
        Format::Jsonl => write_json_lines(Answer::raw(), document().rows().into_iter().map(Ok))?,
        Format::Csv => write_csv(Answer::raw(), document().rows().into_iter().map(Ok))?,
        Format::Text => {
            let mut page = Answer::page();
            tell(&verification, &mut page);
            session.answer.text(page)?;
        }
    }
    Ok(if verification.is_good() { Outcome::Done } else { Outcome::NotVerified })
}

fn tell(verification: &Verification, page: &mut Page) {
    if let Some(fault) = &verification.fault {
        page.paragraph(&[span("not good: ", STRONG)], &fault.to_string(), Style::new());
        let intact = match verification.intact {
            0 => "Nothing in the log can be relied on.".to_owned(),
            1 => "Entry 1 is as it was written; what comes after it cannot be relied on.".to_owned(),
            last => format!("Entries 1 to {last} are as they were written; what comes after them cannot be relied on."),
        };
        page.paragraph(&[], &intact, Style::new());
    } else {
        let entries = usize::try_from(verification.entries).unwrap_or_default();
        let head = verification.head.as_ref().map(|head| format!("; its head is {head}")).unwrap_or_default();
        let text = format!("{} in an unbroken chain{head}.", counted_entries(entries));
        page.paragraph(&[span("chain: ", STRONG)], &text, Style::new());
    }
    for check in &verification.heads {
        let is_confirmed = matches!(check.answer, HeadAnswer::Confirmed { .. });
        let lead = if is_confirmed { span("good: ", STRONG) } else { span("not good: ", STRONG) };
        page.paragraph(&[lead], &check.to_string(), Style::new());
    }
    if verification.is_good() && verification.heads.is_empty() {
        let advice =
            "Whether entries are missing at the end only a head tells that a report named: give it with --head.";
        page.paragraph(&[], advice, DIM);
    }
}

fn counted_entries(count: usize) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}

fn list(session: &Session, arguments: &LogListArguments) -> Result<Outcome, CliError> {
    let store = session.existing_store()?;
    let head = store.log_head().map_err(AppError::from)?;
    let entries = store.log_entries(arguments.after, arguments.limit).map_err(AppError::from)?;
    let rows: Vec<LogRow> = entries.into_iter().map(LogRow::from).collect();
    if let (Some(last), Some(head)) = (rows.last(), &head)
        && last.number < head.number
    {
        let more = usize::try_from(head.number.saturating_sub(last.number)).unwrap_or_default();
        session.notes.note(&format!("{}; continue with --after {}", counted(more, "more row"), last.number));
    }
    write_rows(
        session,
        rows,
        |rows| LogList::new(head.as_ref(), rows),
        |page, rows| {
            if rows.is_empty() {
                page.line(&[plain("No entries to list.")]);
                return;
            }
            let mut table = Table::new(&[
                Column::Number("number"),
                Column::Fixed("instant"),
                Column::Fixed("kind"),
                Column::Flexible("what"),
                Column::Fixed("hash"),
            ]);
            for row in rows {
                table.row(vec![
                    plain(row.number.to_string()),
                    plain(&row.instant),
                    plain(&row.kind),
                    plain(&row.says),
                    span(row.short_hash(), DIM),
                ]);
            }
            page.table(&table);
        },
    )?;
    Ok(Outcome::Done)
}
