//! What a list of all titles is made of: each title once with what it is filtered and sorted by, and the texts of those
//! that are shown. Nobody has to hold the texts of all.

use std::collections::HashMap;

use interdict_model::ObservationSource;
use rusqlite::Connection;

use crate::error::StoreError;
use crate::rollup;
use crate::software::text;
use crate::store::Store;
use crate::subjects::MachineSet;
use crate::titles::{COLUMNS, TitleRow, read_title};
use crate::value::{to_count, to_json, to_word};
use crate::words;

/// A title as it passes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassingTitle<'a> {
    /// Its number in this database.
    pub id: i64,
    /// Its name.
    pub name: &'a str,
    /// Its version; empty where it has none.
    pub version: &'a str,
    /// Its publisher; empty where it has none.
    pub publisher: &'a str,
    /// Where it was read.
    pub sources: SourceSet,
    /// On how many machines it is.
    pub machines: usize,
}

/// Some sources.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct SourceSet(u64);

impl SourceSet {
    /// Puts one in.
    pub fn insert(&mut self, source: ObservationSource) {
        self.0 |= bit(source);
    }

    /// Whether one is in it.
    #[must_use]
    pub fn contains(self, source: ObservationSource) -> bool {
        self.0 & bit(source) != 0
    }

    /// Whether it has one in common with another.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its sources, in the order of the vocabulary.
    pub fn iter(self) -> impl Iterator<Item = ObservationSource> {
        ObservationSource::ALL.iter().copied().filter(move |source| self.contains(*source))
    }
}

impl FromIterator<ObservationSource> for SourceSet {
    fn from_iter<T: IntoIterator<Item = ObservationSource>>(sources: T) -> Self {
        let mut set = Self::default();
        for source in sources {
            set.insert(source);
        }
        set
    }
}

fn bit(source: ObservationSource) -> u64 {
    let place = ObservationSource::ALL.iter().position(|one| *one == source).unwrap_or_default();
    1 << place
}

impl Store {
    /// Shows every title that machines have now, by name, version and publisher.
    pub fn each_title(&self, mut take: impl FnMut(PassingTitle<'_>)) -> Result<(), StoreError> {
        let transaction = self.read()?;
        let sources = sources(&transaction)?;
        let sql = "SELECT id, name, version, publisher, machines FROM title WHERE machines > 0 \
                   ORDER BY name COLLATE NOCASE, name, version, publisher";
        let mut statement = transaction.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            take(PassingTitle {
                id,
                name: text(row, 1)?.unwrap_or_default(),
                version: text(row, 2)?.unwrap_or_default(),
                publisher: text(row, 3)?.unwrap_or_default(),
                sources: sources.get(&id).copied().unwrap_or_default(),
                machines: to_count(row.get(4)?),
            });
        }
        Ok(())
    }

    /// Titles by their numbers, in that order; those that are no more are left out.
    pub fn titles_by_id(&self, ids: &[i64]) -> Result<Vec<TitleRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM json_each(?1) wanted JOIN title t ON t.id = wanted.value ORDER BY wanted.key"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([to_json(&ids)?])?;
        let mut titles = Vec::with_capacity(ids.len());
        while let Some(row) = rows.next()? {
            titles.push(read_title(row)?);
        }
        Ok(titles)
    }

    /// The numbers of the titles whose name or publisher has all words of a text, each perhaps going on, in any script;
    /// none for a text without letters and digits.
    pub fn titles_with_words(&self, text: &str) -> Result<Vec<i64>, StoreError> {
        let Some(question) = words::question(text) else { return Ok(Vec::new()) };
        let mut statement =
            self.connection.prepare_cached("SELECT rowid FROM title_words WHERE title_words MATCH ?1")?;
        let rows = statement.query_map([question], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The numbers of the titles of exactly a name and publisher, by version; an empty publisher is none.
    pub fn titles_named(&self, name: &str, publisher: &str) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT id FROM title WHERE name = ?1 COLLATE NOCASE AND name = ?1 AND publisher = ?2 AND machines > 0 \
                   ORDER BY version, id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([name, publisher], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The machines that have a title now, by the title's number.
    pub fn machines_having(&self, title: i64) -> Result<MachineSet, StoreError> {
        Ok(rollup::machines_of(&self.connection, title)?.iter().collect())
    }
}

/// Where each title was read.
fn sources(connection: &Connection) -> Result<HashMap<i64, SourceSet>, StoreError> {
    let sql = "SELECT title, source FROM software WHERE title IS NOT NULL AND machines IS NOT NULL";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut sources: HashMap<i64, SourceSet> = HashMap::new();
    let mut last: Option<(String, ObservationSource)> = None;
    while let Some(row) = rows.next()? {
        let word = text(row, 1)?.unwrap_or_default();
        // Most rows are of the source of the row before.
        let source = match &last {
            Some((known, source)) if known == word => *source,
            _ => {
                let source = to_word("a source", word)?;
                last = Some((word.to_owned(), source));
                source
            }
        };
        sources.entry(row.get(0)?).or_default().insert(source);
    }
    Ok(sources)
}
