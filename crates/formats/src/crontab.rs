//! Tables of cron and anacron: what runs when, as whom.
//!
//! When is kept as written and not understood. Of a command only the program is kept.

use interdict_model::Diagnostic;

use crate::notes::{Notes, lines};
use crate::unix_command::program_of_line;

/// The codes of this module's diagnostics.
pub mod code {
    /// A line of a table is neither a setting, a comment nor an entry.
    pub const LINE_UNREAD: &str = "formats/crontab-line-unread";
    /// A table has more entries than are read.
    pub const TOO_MANY: &str = "formats/crontab-too-many";
}

/// How many entries one table may have.
const MOST_ENTRIES: usize = 10_000;

/// The kinds of tables, by the columns before the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// A user's own: when, command (crontab(5)).
    OfUser,
    /// The system's: when, user, command.
    OfSystem,
    /// Of anacron: period, delay, name, command (anacrontab(5)).
    OfAnacron,
}

/// An entry of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// When it runs, as written.
    pub when: String,
    /// As whom, where the table says.
    pub user: Option<String>,
    /// The name anacron gives it.
    pub name: Option<String>,
    /// The program it starts; without a folder where the command names none, nothing where it starts none.
    pub program: Option<String>,
}

/// Reads a table.
#[must_use]
pub fn parse_crontab(bytes: &[u8], table: Table, file_name: &str) -> (Vec<Task>, Vec<Diagnostic>) {
    let mut notes = Notes::new(file_name);
    let mut tasks = Vec::new();
    for (number, line) in (1..).zip(lines(bytes)) {
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || is_setting(line) {
            continue;
        }
        if tasks.len() >= MOST_ENTRIES {
            let message = format!("the table has more than the {MOST_ENTRIES} entries that are read");
            notes.push(number, Diagnostic::warning(code::TOO_MANY, message));
            break;
        }
        if let Some(task) = task(line, table) {
            tasks.push(task);
        } else {
            let message = "a line is neither a setting, a comment nor an entry";
            notes.push(number, Diagnostic::warning(code::LINE_UNREAD, message));
        }
    }
    (tasks, notes.finish())
}

/// `NAME = value`, with or without quotes.
fn is_setting(line: &str) -> bool {
    let name = line.split_once('=').map(|(name, _)| name.trim_end().trim_matches(['"', '\'']));
    name.is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
}

fn task(line: &str, table: Table) -> Option<Task> {
    // A minus before the time asks that the entry be kept out of the log.
    let line = line.strip_prefix('-').unwrap_or(line);
    let columns = match table {
        Table::OfAnacron => 2,
        Table::OfUser | Table::OfSystem if line.starts_with('@') => 1,
        Table::OfUser | Table::OfSystem => 5,
    };
    let mut rest = line;
    let mut column = || {
        let (value, behind) = rest.trim_start().split_once(char::is_whitespace)?;
        rest = behind;
        Some(value.to_owned())
    };
    let when: Vec<String> = (0..columns).map_while(|_| column()).collect();
    if when.len() < columns {
        return None;
    }
    let user = if table == Table::OfSystem { Some(column()?) } else { None };
    let name = if table == Table::OfAnacron { Some(column()?) } else { None };
    // Behind a bare `%` stands what the command is given to read.
    let mut end = rest.len();
    for (at, _) in rest.match_indices('%') {
        if !rest[..at].ends_with('\\') {
            end = at;
            break;
        }
    }
    let command = rest[..end].trim();
    (!command.is_empty()).then(|| Task { when: when.join(" "), user, name, program: program_of_line(command) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, table: Table) -> Vec<String> {
        let (tasks, _) = parse_crontab(text.as_bytes(), table, "crontab");
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        tasks
            .into_iter()
            .map(|task| {
                format!("{} | {} {} {}", task.when, or_none(task.user), or_none(task.name), or_none(task.program))
            })
            .collect()
    }

    #[test]
    fn each_kind_of_table_has_its_columns() {
        let system = "SHELL=/bin/sh\nPATH = /usr/bin\n\"MAILTO\" = root\n# m h dom mon dow user command\n\
            17 *\t* * *\troot\tcd / && run-parts --report /etc/cron.hourly\n\
            */5 * * * * kl /opt/kaspersky/kesl/bin/kesl-control --update\n@reboot root A=1 /opt/a/run\n\
            -0 4 * * 1-5 root /opt/b/run \\% x%stdin /opt/no\n";
        assert_eq!(
            rows(system, Table::OfSystem),
            [
                "17 * * * * | root - -",
                "*/5 * * * * | kl - /opt/kaspersky/kesl/bin/kesl-control",
                "@reboot | root - /opt/a/run",
                "0 4 * * 1-5 | root - /opt/b/run",
            ]
        );
        assert_eq!(rows("0 1 * * * agent --x\n", Table::OfUser), ["0 1 * * * | - - agent"]);
        assert_eq!(
            rows(
                "START_HOURS_RANGE=3-22\n7\t25\tcron.weekly\tnice run-parts /etc/cron.weekly\n@monthly 45 a /opt/a/run\n",
                Table::OfAnacron
            ),
            ["7 25 | - cron.weekly -", "@monthly 45 | - a /opt/a/run"]
        );
    }

    #[test]
    fn a_line_that_is_none_is_named() {
        let (tasks, diagnostics) = parse_crontab(b"\nhello\n* * * * * root\n", Table::OfSystem, "crontab");
        assert!(tasks.is_empty());
        assert_eq!(diagnostics.len(), 2);
        assert!(diagnostics[0].to_string().starts_with("crontab:2: warning[formats/crontab-line-unread]"));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, text in "(@a|\\*|-|%|\\\\| |/a|=|\n){0,60}") {
            for table in [Table::OfUser, Table::OfSystem, Table::OfAnacron] {
                let _ = (parse_crontab(&bytes, table, "x"), parse_crontab(text.as_bytes(), table, "x"));
            }
        }
    }
}
