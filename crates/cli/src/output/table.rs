//! Columns side by side, wrapped where the page is too narrow.

use anstyle::Style;
use unicode_width::UnicodeWidthStr as _;

use super::clean::clean;
use super::page::{Span, span, wrapping};
use super::style::DIM;

/// Blanks between columns.
const GAP: usize = 2;
/// No column is made narrower than this.
const NARROWEST: usize = 10;

/// Whether a column may be wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// Never.
    Fixed(&'static str),
    /// When the page is too narrow.
    Flexible(&'static str),
    /// Never, and numbers stand under each other.
    Number(&'static str),
}

impl Column {
    const fn title(self) -> &'static str {
        match self {
            Self::Fixed(title) | Self::Flexible(title) | Self::Number(title) => title,
        }
    }
}

/// Columns and rows.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Span>>,
}

impl Table {
    pub(crate) fn new(columns: &[Column]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row: one span per column.
    pub(crate) fn row(&mut self, cells: Vec<Span>) {
        let clean_cell = |cell: Span| span(clean(&cell.text).into_owned(), cell.style);
        self.rows.push(cells.into_iter().map(clean_cell).collect());
    }

    /// The lines, the titles first, as wide as the page allows.
    pub(crate) fn lines(&self, page: usize) -> Vec<Vec<Span>> {
        let widths = self.widths(page);
        let titles: Vec<Span> = self.columns.iter().map(|column| span(column.title(), DIM)).collect();
        std::iter::once(&titles).chain(&self.rows).flat_map(|row| self.row_lines(row, &widths)).collect()
    }

    /// As wide as the widest cell; what is too much is taken from the widest flexible columns.
    fn widths(&self, page: usize) -> Vec<usize> {
        let widest = |(at, column): (usize, &Column)| {
            let cells = self.rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.text.width());
            cells.max().unwrap_or(0).max(column.title().width())
        };
        let mut widths: Vec<usize> = self.columns.iter().enumerate().map(widest).collect();
        let gaps = GAP * self.columns.len().saturating_sub(1);
        let room = page.saturating_sub(gaps);
        while widths.iter().sum::<usize>() > room {
            let flexible =
                widths.iter_mut().zip(&self.columns).filter(|(_, column)| matches!(column, Column::Flexible(_)));
            let Some((width, _)) = flexible.max_by_key(|(width, _)| **width).filter(|(width, _)| **width > NARROWEST)
            else {
                break;
            };
            *width -= 1;
        }
        widths
    }

    fn row_lines(&self, row: &[Span], widths: &[usize]) -> Vec<Vec<Span>> {
        let cells: Vec<Vec<String>> = row.iter().zip(widths).map(|(cell, width)| wrapped(&cell.text, *width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        (0..height).map(|line| self.line(row, &cells, widths, line)).collect()
    }

    fn line(&self, row: &[Span], cells: &[Vec<String>], widths: &[usize], line: usize) -> Vec<Span> {
        let mut pieces = Vec::with_capacity(row.len() * 2);
        for (at, (cell, lines)) in row.iter().zip(cells).enumerate() {
            let text = lines.get(line).map_or("", String::as_str);
            let blanks = " ".repeat(widths.get(at).copied().unwrap_or(0).saturating_sub(text.width()));
            let gap = if at + 1 == row.len() { "" } else { "  " };
            let is_number = matches!(self.columns.get(at), Some(Column::Number(_)));
            if is_number {
                pieces.push(span(blanks, Style::new()));
                pieces.push(span(text, cell.style));
                pieces.push(span(gap, Style::new()));
            } else {
                pieces.push(span(text, cell.style));
                pieces.push(span(format!("{blanks}{gap}"), Style::new()));
            }
        }
        pieces
    }
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    textwrap::wrap(text, wrapping(width.max(1))).into_iter().map(std::borrow::Cow::into_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::super::page::{Page, plain};
    use super::*;

    fn shown(table: &Table, width: usize) -> String {
        let mut page = Page::new(width);
        page.table(table);
        page.into_text()
    }

    #[test]
    fn wide_letters_are_counted_and_the_widest_flexible_column_gives_way() {
        let mut table = Table::new(&[Column::Fixed("tier"), Column::Flexible("name"), Column::Number("machines")]);
        table.row(vec![plain("none"), plain("卡巴斯基"), plain("7")]);
        table.row(vec![plain("watch"), plain("one two three four five six seven eight nine ten"), plain("1200")]);
        assert_eq!(
            anstream::adapter::strip_str(&shown(&table, 44)).to_string(),
            "tier   name                         machines\n\
             none   卡巴斯基                            7\n\
             watch  one two three four five six      1200\n       seven eight nine ten\n"
        );
    }

    #[test]
    fn nothing_that_was_read_steers_the_terminal() {
        let mut table = Table::new(&[Column::Flexible("name")]);
        table.row(vec![plain("a\u{1b}[31m\nb")]);
        assert_eq!(anstream::adapter::strip_str(&shown(&table, 80)).to_string(), "name\na\\u{1b}[31m\\u{a}b\n");
    }
}
