//! Pages of titles, and who has them: any place of a list of hundreds of thousands at once.
//!
//! A title is a name, version and publisher. Counts stand beside it, words are found through SQLite's full-text search,
//! and machines are sets; nothing here walks through installations, but of one machine.

use interdict_model::{Machine, OperatingSystem};
use roaring::RoaringBitmap;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row, params_from_iter};

use crate::error::StoreError;
use crate::query::{SoftwareRow, read_software};
use crate::rollup;
use crate::software::text;
use crate::store::Store;
use crate::value::{from_count, to_count, to_word};
use crate::words;

/// Above so many found titles it is quicker to walk along an order and pick than to pick and sort.
const FEW: usize = 4_000;

/// Which titles, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TitleQuery {
    /// Beginnings of words of the name or publisher, in any script.
    pub text: Option<String>,
    /// Of exactly this publisher.
    pub publisher: Option<String>,
    /// On this machine, by the id of its scans.
    pub on_machine: Option<String>,
    /// In which order.
    pub sort: TitleSort,
    /// The other way round.
    pub is_descending: bool,
}

/// Orders of titles. What is equal goes by name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TitleSort {
    /// By name, version and publisher.
    #[default]
    Name,
    /// By how many machines have it.
    Machines,
    /// By publisher.
    Publisher,
}

/// A title with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitleRow {
    /// Its number in this database, by which to ask for its machines.
    pub id: i64,
    /// What it is and where.
    pub software: SoftwareRow,
}

/// Some rows of a list and how many it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows asked for.
    pub rows: Vec<T>,
    /// The rows of the whole list.
    pub total: usize,
}

/// Whether machines that have something are meant, or those that have not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Those that have at least one of the titles.
    Has,
    /// Those that have none of them.
    HasNot,
}

pub(crate) const COLUMNS: &str = "t.name, t.version, t.publisher, \
    (SELECT json_group_array(DISTINCT s.source) FROM software s WHERE s.title = t.id AND s.machines IS NOT NULL), \
    t.machines, t.id";

impl Store {
    /// The titles that machines have now: `limit` of them from a place in the list on.
    pub fn titles(&self, query: &TitleQuery, offset: usize, limit: usize) -> Result<Page<TitleRow>, StoreError> {
        let transaction = self.read()?;
        let mut condition = Condition::default();
        if let Some(text) = &query.text {
            let Some(question) = words::question(text) else { return Ok(Page { rows: Vec::new(), total: 0 }) };
            condition.find(&transaction, &question)?;
        }
        if let Some(publisher) = &query.publisher {
            condition.add("t.publisher = ? COLLATE NOCASE AND t.publisher = ?", publisher);
            condition.values.push(Value::from(publisher.clone()));
        }
        if let Some(machine) = &query.on_machine {
            condition.add(
                "t.id IN (SELECT s.title FROM installation i JOIN software s ON s.id = i.software \
                 WHERE i.machine = (SELECT id FROM machine WHERE machine_id = ?) AND i.gone IS NULL)",
                machine,
            );
            condition.is_narrow = true;
        }
        let total = condition.total(&transaction)?;
        let rows = condition.rows(&transaction, query, offset, limit)?;
        Ok(Page { rows, total })
    }

    /// A title by its number.
    pub fn title(&self, id: i64) -> Result<Option<TitleRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM title t WHERE t.id = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let row = statement.query_row([id], |row| Ok(read_title(row))).optional()?;
        row.transpose()
    }

    /// Every version of what a title names, by version as written.
    pub fn versions_of(&self, id: i64) -> Result<Vec<TitleRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM title own JOIN title t ON t.name = own.name COLLATE NOCASE AND t.name = own.name \
             AND t.publisher = own.publisher WHERE own.id = ?1 AND t.machines > 0 ORDER BY t.version, t.id"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([id])?;
        let mut titles = Vec::new();
        while let Some(row) = rows.next()? {
            titles.push(read_title(row)?);
        }
        Ok(titles)
    }

    /// The machines that have one of some titles now, or those that have none of them, by host name.
    pub fn machines_with(
        &self,
        titles: &[i64],
        who: Who,
        offset: usize,
        limit: usize,
    ) -> Result<Page<Machine>, StoreError> {
        let transaction = self.read()?;
        let mut having = RoaringBitmap::new();
        for title in titles {
            having |= rollup::machines_of(&transaction, *title)?;
        }
        let sql = "SELECT id, machine_id, hostname, os_family, os_name, os_version, arch FROM machine \
                   ORDER BY hostname COLLATE NOCASE, machine_id";
        let mut statement = transaction.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut page = Page { rows: Vec::new(), total: 0 };
        while let Some(row) = rows.next()? {
            if having.contains(rollup::member(row.get(0)?)?) != (who == Who::Has) {
                continue;
            }
            if page.total >= offset && page.rows.len() < limit {
                page.rows.push(read_machine(row)?);
            }
            page.total += 1;
        }
        Ok(page)
    }
}

/// What titles have to be.
#[derive(Default)]
struct Condition {
    terms: Vec<String>,
    values: Vec<Value>,
    /// How many the words are found in, where words are asked for.
    found: Option<usize>,
    /// Whether few enough can fit that they are picked and sorted; else the order's index is walked along.
    is_narrow: bool,
}

impl Condition {
    fn add(&mut self, term: &str, value: &str) {
        self.terms.push(term.to_owned());
        self.values.push(Value::from(value.to_owned()));
    }

    fn find(&mut self, connection: &Connection, question: &str) -> Result<(), StoreError> {
        let sql = "SELECT count(*) FROM title_words WHERE title_words MATCH ?1";
        let found = connection.prepare_cached(sql)?.query_row([question], |row| row.get(0).map(to_count))?;
        self.add("t.id IN (SELECT rowid FROM title_words WHERE title_words MATCH ?)", question);
        self.found = Some(found);
        self.is_narrow |= found <= FEW;
        Ok(())
    }

    /// How SQLite finds the rows: it does not know how many fit.
    fn index(&self, query: &TitleQuery) -> &'static str {
        match query.sort {
            _ if self.is_narrow => "NOT INDEXED",
            _ if query.publisher.is_some() => "INDEXED BY title_by_publisher",
            TitleSort::Name => "INDEXED BY title_by_name",
            TitleSort::Machines => "INDEXED BY title_by_machines",
            TitleSort::Publisher => "INDEXED BY title_by_publisher",
        }
    }

    fn text(&self) -> String {
        let mut text = "t.machines > 0".to_owned();
        for term in &self.terms {
            text.push_str(" AND ");
            text.push_str(term);
        }
        text
    }

    fn total(&self, connection: &Connection) -> Result<usize, StoreError> {
        if let (Some(found), 1) = (self.found, self.terms.len()) {
            return Ok(found);
        }
        let sql = format!("SELECT count(*) FROM title t WHERE {}", self.text());
        let mut statement = connection.prepare_cached(&sql)?;
        Ok(statement.query_row(params_from_iter(&self.values), |row| row.get(0).map(to_count))?)
    }

    fn rows(
        &self,
        connection: &Connection,
        query: &TitleQuery,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<TitleRow>, StoreError> {
        let (order, index) = (order(query), self.index(query));
        // The columns are read of the rows of the page only, not of those before it.
        let sql = format!(
            "SELECT {COLUMNS} FROM (SELECT t.id AS wanted, row_number() OVER () AS place FROM \
             (SELECT t.id FROM title t {index} WHERE {} ORDER BY {order} LIMIT ? OFFSET ?) t) JOIN title t ON t.id = wanted \
             ORDER BY place",
            self.text()
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let mut values = self.values.clone();
        values.extend([Value::from(from_count(limit)), Value::from(from_count(offset))]);
        let mut rows = statement.query(params_from_iter(values))?;
        let mut titles = Vec::new();
        while let Some(row) = rows.next()? {
            titles.push(read_title(row)?);
        }
        Ok(titles)
    }
}

/// Each order and its opposite follows an index from one end or the other.
fn order(query: &TitleQuery) -> String {
    let columns: &[(&str, bool)] = match query.sort {
        TitleSort::Name => {
            &[("t.name COLLATE NOCASE", false), ("t.name", false), ("t.version", false), ("t.publisher", false)]
        }
        TitleSort::Machines => &[("t.machines", true), ("t.name COLLATE NOCASE", false), ("t.id", false)],
        TitleSort::Publisher => {
            &[("t.publisher COLLATE NOCASE", false), ("t.name COLLATE NOCASE", false), ("t.id", false)]
        }
    };
    // The index of counts begins with the largest: that is its way forward.
    let is_backward = match query.sort {
        TitleSort::Machines => !query.is_descending,
        TitleSort::Name | TitleSort::Publisher => query.is_descending,
    };
    let terms = columns.iter().map(|(column, falls)| {
        let direction = if *falls == is_backward { "ASC" } else { "DESC" };
        format!("{column} {direction}")
    });
    terms.collect::<Vec<_>>().join(", ")
}

pub(crate) fn read_title(row: &Row<'_>) -> Result<TitleRow, StoreError> {
    Ok(TitleRow { id: row.get(5)?, software: read_software(row)? })
}

fn read_machine(row: &Row<'_>) -> Result<Machine, StoreError> {
    let os = OperatingSystem {
        family: to_word("an operating-system family", text(row, 3)?.unwrap_or_default())?,
        name: row.get(4)?,
        version: row.get(5)?,
    };
    Ok(Machine { id: row.get(1)?, hostname: row.get(2)?, os, arch: row.get(6)? })
}
