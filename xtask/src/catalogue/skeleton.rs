//! New files: every key with what goes there, the places to fill in marked so that the linter names each.

use std::fmt::Write as _;

use interdict_catalogue::FILL_IN;

use super::format::{Key, Kind, Need, RESTRICTION, Table, VENDOR, Words};

/// Lists of at most so many words are given with what each means.
const EXPLAINED_WORDS: usize = 11;
const WIDTH: usize = 110;

/// What stands where somebody has to write something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Places {
    /// A mark that the linter names.
    Marked,
    /// The key's example.
    #[cfg(test)]
    Exemplified,
}

impl Places {
    fn are_marked(self) -> bool {
        self == Self::Marked
    }
}

/// A restriction's file.
pub(crate) fn restriction(id: &str, places: Places) -> String {
    let lead = "Write over every \"fill in\", delete the comments and what is not needed, and ask the linter:";
    let mut writer = Writer { text: String::from("```toml\n"), places, explained: Vec::new() };
    let _ =
        writeln!(writer.text, "# {lead}\n#   interdict catalogue lint catalogue\n# How to: docs/add-a-restriction.md");
    writer.file(&RESTRICTION, id);
    format!("{}```\n{}", writer.text, prose(places))
}

fn prose(places: Places) -> String {
    match places {
        Places::Marked => format!(
            "# {FILL_IN}: a title in plain, neutral words, who does what to whom\n\
             {FILL_IN}: two or three plain sentences, what it does, whom it binds, what it leaves alone\n"
        ),
        #[cfg(test)]
        Places::Exemplified => {
            "# An office bars purchases from Acme\nIt bars US persons. Use is left alone.\n".to_owned()
        }
    }
}

/// A vendor's file.
pub(crate) fn vendor(id: &str, places: Places) -> String {
    let lead = "Write over every \"fill in\", delete the comments and what is not needed, and ask the linter:";
    let mut writer = Writer { text: String::new(), places, explained: Vec::new() };
    let _ = writeln!(writer.text, "# {lead}\n#   interdict catalogue lint catalogue\n# How to: docs/add-a-product.md");
    writer.file(&VENDOR, id);
    writer.text
}

struct Writer {
    text: String,
    places: Places,
    /// Vocabularies whose words stand further up already.
    explained: Vec<&'static str>,
}

impl Writer {
    /// The top level: the id is known; tables of their own come last, as TOML wants it.
    fn file(&mut self, table: &Table, id: &str) {
        for key in table.keys {
            if key.name == "id" {
                let _ = writeln!(self.text, "id = \"{id}\"");
            } else {
                self.key(key);
            }
        }
    }

    fn key(&mut self, key: &Key) {
        match key.kind {
            Kind::One(table) => self.table(key, table, "[", "]"),
            Kind::Many(table) => self.table(key, table, "[[", "]]"),
            Kind::Lines(table) => self.lines(key, table),
            Kind::Line(table) => self.line(key, table),
            Kind::Text
            | Kind::Texts
            | Kind::Address
            | Kind::Country
            | Kind::Id(_)
            | Kind::Ids(_)
            | Kind::Day
            | Kind::Flag
            | Kind::Word(_)
            | Kind::ManyWords(_) => self.value(key),
        }
    }

    fn value(&mut self, key: &Key) {
        if key.need == Need::May {
            let _ = writeln!(self.text, "# {} = {}    # {}", key.name, key.example, key.says);
            self.words(key.kind);
            return;
        }
        self.words(key.kind);
        if !matches!(key.kind, Kind::Word(_) | Kind::ManyWords(_)) {
            let _ = writeln!(self.text, "# such as {}", key.example);
        }
        let _ = writeln!(self.text, "{} = {}", key.name, self.place(key));
    }

    fn table(&mut self, key: &Key, table: &Table, open: &str, close: &str) {
        let _ = writeln!(self.text, "\n# {}", first_upper(key.says));
        if key.need == Need::May {
            let _ = writeln!(self.text, "# {open}{}{close}", key.name);
            for inner in table.keys {
                self.commented(inner);
            }
        } else {
            let _ = writeln!(self.text, "{open}{}{close}", key.name);
            table.keys.iter().for_each(|inner| self.key(inner));
        }
    }

    /// A key of a table that is commented out as a whole.
    fn commented(&mut self, key: &Key) {
        let example = match key.kind {
            Kind::Line(table) => inline(table),
            Kind::Lines(table) => format!("[{}]", inline(table)),
            Kind::Text
            | Kind::Texts
            | Kind::Address
            | Kind::Country
            | Kind::Id(_)
            | Kind::Ids(_)
            | Kind::Day
            | Kind::Flag
            | Kind::Word(_)
            | Kind::ManyWords(_)
            | Kind::One(_)
            | Kind::Many(_) => key.example.to_owned(),
        };
        let _ = writeln!(self.text, "# {} = {example}    # {}", key.name, key.says);
        self.words(key.kind);
        if let Kind::Line(table) | Kind::Lines(table) = key.kind {
            table.keys.iter().for_each(|inner| self.words_of(inner));
        }
    }

    fn line(&mut self, key: &Key, table: &Table) {
        let _ = writeln!(self.text, "# {}: {}", first_upper(key.says), optional_keys(table));
        let _ = writeln!(self.text, "{} = {}", key.name, self.filled(table));
    }

    fn lines(&mut self, key: &Key, table: &Table) {
        if key.need == Need::May {
            self.commented(key);
            return;
        }
        let _ = writeln!(self.text, "# {}: {}", first_upper(key.says), optional_keys(table));
        table.keys.iter().for_each(|inner| self.words_of(inner));
        let _ = writeln!(self.text, "{} = [\n  {},\n]", key.name, self.filled(table));
    }

    /// The keys of a short table that have to be filled in.
    fn filled(&self, table: &Table) -> String {
        let live = table.keys.iter().filter(|key| key.need != Need::May || self.needs_source(table, key));
        let pairs: Vec<String> = live.map(|key| format!("{} = {}", key.name, self.place(key))).collect();
        format!("{{ {} }}", pairs.join(", "))
    }

    /// The example says that the string was seen, and so has to say where.
    fn needs_source(&self, table: &Table, key: &Key) -> bool {
        !self.places.are_marked() && key.name == "source" && table.keys.iter().any(|other| other.name == "match")
    }

    /// What stands after the equals sign.
    fn place(&self, key: &Key) -> String {
        if !self.places.are_marked() {
            return key.example.to_owned();
        }
        let says = key.says.replace('"', "'");
        let day = if matches!(key.kind, Kind::Day) { ", as in 2026-06-20 and without quotes" } else { "" };
        let mark = format!("\"{FILL_IN}: {says}{day}\"");
        if matches!(key.kind, Kind::Texts | Kind::Ids(_) | Kind::ManyWords(_)) { format!("[{mark}]") } else { mark }
    }

    fn words_of(&mut self, key: &Key) {
        if let Kind::Word(words) | Kind::ManyWords(words) = key.kind {
            let _ = writeln!(self.text, "#  {}:", key.name);
            self.explain(words);
        }
    }

    fn words(&mut self, kind: Kind) {
        match kind {
            Kind::Word(words) | Kind::ManyWords(words) => self.explain(words),
            Kind::Text
            | Kind::Texts
            | Kind::Address
            | Kind::Country
            | Kind::Id(_)
            | Kind::Ids(_)
            | Kind::Day
            | Kind::Flag
            | Kind::Line(_)
            | Kind::One(_)
            | Kind::Many(_)
            | Kind::Lines(_) => {}
        }
    }

    /// The words of a closed list, once in a file.
    fn explain(&mut self, words: Words) {
        if self.explained.contains(&words.name) {
            let _ = writeln!(self.text, "#   one of the words listed for {} above", words.name);
            return;
        }
        self.explained.push(words.name);
        let list = (words.list)();
        let _ = writeln!(self.text, "#   {}, one of:", words.name);
        if list.len() <= EXPLAINED_WORDS {
            for (word, meaning) in list {
                let _ = writeln!(self.text, "#     {word}: {meaning}");
            }
        } else {
            let names: Vec<&str> = list.into_iter().map(|(word, _)| word).collect();
            for line in wrapped(&names) {
                let _ = writeln!(self.text, "#     {line}");
            }
        }
        if words.pattern.is_some() {
            let _ = writeln!(self.text, "#     us-state-tx and the like, for the body of one state");
        }
    }
}

/// The optional keys of a short table, in words.
fn optional_keys(table: &Table) -> String {
    let optional: Vec<String> = table
        .keys
        .iter()
        .filter(|key| key.need == Need::May)
        .map(|key| format!("{} = {} ({})", key.name, key.example, key.says))
        .collect();
    if optional.is_empty() { "every key is needed".to_owned() } else { format!("optional {}", optional.join("; ")) }
}

/// A short table with its examples.
fn inline(table: &Table) -> String {
    let pairs: Vec<String> = table
        .keys
        .iter()
        .filter(|key| !key.example.is_empty())
        .map(|key| format!("{} = {}", key.name, key.example))
        .collect();
    format!("{{ {} }}", pairs.join(", "))
}

fn wrapped(words: &[&str]) -> Vec<String> {
    let mut lines = vec![String::new()];
    for (at, word) in words.iter().enumerate() {
        let comma = if at + 1 < words.len() { ", " } else { "" };
        if lines.last().is_some_and(|line| line.len() + word.len() > WIDTH) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
            line.push_str(comma);
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
}
