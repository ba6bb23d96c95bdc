//! `due`: what has to be looked at again, worst first.
//!
//! Worst is a day that came without anybody looking since; then what comes soon, what stands on open ground, what was last
//! read long ago, and what never was known exactly. Within a kind, what has waited longest stands first.

use std::fmt::Write as _;

use interdict_catalogue::{SourceFile, parse};
use interdict_model::{Day, Effect, Precision, Restriction, Standing, Vendor, Verification};

use crate::table::table;

/// From which day and how far to look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rhythm {
    pub(crate) as_of: Day,
    /// Effects that begin or end within so many days of that day.
    pub(crate) within: i64,
    /// Sources that were last read more than so many days before it.
    pub(crate) older_than: i64,
}

/// Why something is due, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// An effect began or ended, and no source was read since.
    NotLookedAtSince,
    /// An effect began or ended lately.
    JustPassed,
    /// An effect begins or ends soon.
    ComesSoon,
    /// The instrument may have changed any day.
    OpenStanding,
    /// It ends with an event that may have happened.
    OpenEvent,
    /// A source was last read long ago.
    OldCheck,
    /// Nobody has checked it.
    NeedsVerification,
    /// Only the month or year is known.
    UncertainDay,
    /// A statement has no date.
    NoDate,
}

impl Why {
    const ALL: [(Self, &'static str); 9] = [
        (Self::NotLookedAtSince, "passed unseen"),
        (Self::JustPassed, "just passed"),
        (Self::ComesSoon, "comes soon"),
        (Self::OpenStanding, "open standing"),
        (Self::OpenEvent, "open event"),
        (Self::OldCheck, "old check"),
        (Self::NeedsVerification, "needs verification"),
        (Self::UncertainDay, "uncertain day"),
        (Self::NoDate, "no date"),
    ];

    fn words(self) -> &'static str {
        Self::ALL.iter().find(|(why, _)| *why == self).map_or("", |(_, words)| words)
    }
}

/// One thing to look at.
#[derive(Debug, PartialEq, Eq)]
struct Due {
    why: Why,
    /// How long it has waited; of what comes, how many days it is away, as a negative number.
    days: i64,
    place: String,
    what: String,
}

/// Everything that is due, as a table with a line of counts below it.
pub(crate) fn list(files: &[SourceFile], rhythm: Rhythm) -> String {
    let due = everything(files, rhythm);
    let rows: Vec<[String; 4]> = due
        .iter()
        .map(|due| [due.why.words().to_owned(), due.days.to_string(), due.place.clone(), due.what.clone()])
        .collect();
    let mut text = table(["why", "days", "where", "what"], &rows);
    let counts = Why::ALL.iter().filter_map(|(why, words)| {
        let count = due.iter().filter(|due| due.why == *why).count();
        (count > 0).then(|| format!("{count} {words}"))
    });
    let counts: Vec<String> = counts.collect();
    let _ = writeln!(
        text,
        "\n{} due on {}{}{}",
        due.len(),
        rhythm.as_of,
        if counts.is_empty() { "" } else { ": " },
        counts.join(", ")
    );
    text
}

fn everything(files: &[SourceFile], rhythm: Rhythm) -> Vec<Due> {
    let (catalogue, _) = parse(files);
    let file = |path: String| {
        let found = files.iter().find(|file| file.path == path);
        Places { text: found.map_or("", |file| file.text.as_str()), path }
    };
    let mut due = Vec::new();
    for entry in catalogue.restrictions() {
        let places = file(format!("restrictions/{}/{}.md", entry.jurisdiction, entry.id));
        restriction(entry, &places, rhythm, &mut due);
    }
    for vendor in catalogue.vendors() {
        statements(vendor, &file(format!("vendors/{}.toml", vendor.id)), &mut due);
    }
    due.sort_by(|left, right| (left.why, -left.days, &left.place).cmp(&(right.why, -right.days, &right.place)));
    due
}

/// A file in which lines are looked up.
struct Places<'t> {
    path: String,
    text: &'t str,
}

impl Places<'_> {
    /// The line of the n-th place where the text stands; the file alone when it does not.
    fn line(&self, text: &str, nth: usize) -> String {
        let lines = self.text.lines().enumerate().filter(|(_, line)| line.contains(text) && !line.starts_with('#'));
        lines.map(|(at, _)| at + 1).nth(nth).map_or_else(|| self.path.clone(), |line| format!("{}:{line}", self.path))
    }
}

fn restriction(entry: &Restriction, places: &Places<'_>, rhythm: Rhythm, due: &mut Vec<Due>) {
    let looked_at = entry.sources.iter().map(|source| source.checked).max();
    let waited = looked_at.map_or(0, |day| rhythm.as_of.days_since(day));
    for (at, effect) in entry.effects.iter().enumerate() {
        let place = places.line("[[effect]]", at);
        effect_days(effect, looked_at, &place, rhythm, due);
        if let Some(event) = effect.until_event.as_ref().filter(|_| effect.until.is_none()) {
            let what = format!("effect {} ends with {event}: has it?", at + 1);
            due.push(Due { why: Why::OpenEvent, days: waited, place: place.clone(), what });
        }
        for (name, precision) in [("from", effect.from_precision), ("until", effect.until_precision)] {
            uncertain(&format!("effect {}'s {name}", at + 1), precision, &place, waited, due);
        }
        unverified(&format!("effect {}", at + 1), effect.verification, &place, waited, due);
    }
    if let Some(span) = entry.standing_on(rhythm.as_of).filter(|span| is_open(span.is)) {
        let at = entry.standing.iter().position(|one| one == span).unwrap_or_default();
        let what = format!("{} since {}: where does it stand today?", span.is, span.from);
        due.push(Due { why: Why::OpenStanding, days: waited, place: places.line("[[standing]]", at), what });
    }
    for source in &entry.sources {
        let age = rhythm.as_of.days_since(source.checked);
        if age > rhythm.older_than {
            let what = format!("{} was last read on {}", source.url, source.checked);
            due.push(Due { why: Why::OldCheck, days: age, place: places.line(&source.url, 0), what });
        }
    }
    let is_unverified = entry.verification == Verification::Unverified;
    unverified("the entry", Some(entry.verification), &places.line("verification", 0), waited, due);
    let persons = entry.scope.persons.iter().filter(|_| !is_unverified);
    for person in persons {
        unverified(person.id.as_str(), person.verification, &places.line(person.id.as_str(), 0), waited, due);
    }
    for (at, part) in entry.not_covered.iter().enumerate().filter(|_| !is_unverified) {
        unverified("what it leaves alone", part.verification, &places.line("[[not-covered]]", at), waited, due);
    }
    uncertain("announced", entry.announced_precision, &places.line("announced-precision", 0), waited, due);
}

fn effect_days(effect: &Effect, looked_at: Option<Day>, place: &str, rhythm: Rhythm, due: &mut Vec<Due>) {
    let days = [("begins", "began", Some(effect.from)), ("ends", "ended", effect.until)];
    for (comes, came, day) in days {
        let Some(day) = day else { continue };
        let passed = rhythm.as_of.days_since(day);
        let (why, verb) = if passed >= 0 && looked_at.is_some_and(|looked_at| looked_at < day) {
            (Why::NotLookedAtSince, came)
        } else if (0..=rhythm.within).contains(&passed) {
            (Why::JustPassed, came)
        } else if (-rhythm.within..0).contains(&passed) {
            (Why::ComesSoon, comes)
        } else {
            continue;
        };
        let what = effect.says.clone().unwrap_or_else(|| effect.measure.to_string());
        due.push(Due { why, days: passed, place: place.to_owned(), what: format!("{verb} on {day}: {what}") });
    }
}

/// Standings that may have changed since somebody looked.
const fn is_open(standing: Standing) -> bool {
    match standing {
        Standing::Proposed | Standing::Reported | Standing::Contested | Standing::Suspended | Standing::Unconfirmed => {
            true
        }
        Standing::InForce | Standing::Superseded | Standing::Ended | Standing::NotListed => false,
    }
}

fn unverified(what: &str, verification: Option<Verification>, place: &str, days: i64, due: &mut Vec<Due>) {
    if verification == Some(Verification::Unverified) {
        let what = format!("{what} is unverified: find a source, or take it out");
        due.push(Due { why: Why::NeedsVerification, days, place: place.to_owned(), what });
    }
}

fn uncertain(what: &str, precision: Precision, place: &str, days: i64, due: &mut Vec<Due>) {
    if precision != Precision::Day {
        let what = format!("of {what} only the {precision} is known");
        due.push(Due { why: Why::UncertainDay, days, place: place.to_owned(), what });
    }
}

fn statements(vendor: &Vendor, places: &Places<'_>, due: &mut Vec<Due>) {
    for (at, statement) in vendor.statements.iter().enumerate().filter(|(_, statement)| statement.date.is_none()) {
        let what = format!("the statement of {} has no date", statement.by);
        due.push(Due { why: Why::NoDate, days: 0, place: places.line("[[statement]]", at), what });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restriction(standing: &str, checked: &str, effect: &str) -> Vec<SourceFile> {
        let text = format!(
            "```toml\nid = \"us-x\"\nissuer = \"us-office\"\ninstrument = \"rule\"\nannounced = 2026-01-01\n\
             verification = \"primary\"\n\n[[standing]]\nfrom = 2026-01-01\nis = \"{standing}\"\n\n[scope]\nvendors = \
             [\"acme\"]\n\n[[effect]]\nforce = \"forbids\"\nactivities = [\"buy\"]\n{effect}binds = [\"us-person\"]\n\
             measure = \"procurement-exclusion\"\nsays = \"No purchases.\"\n\n[[source]]\nkind = \"primary\"\nurl = \
             \"https://example.org/x\"\nsupports = [\"scope\"]\nchecked = {checked}\n```\n# A title\nText.\n"
        );
        vec![SourceFile::new("restrictions/us/us-x.md", text)]
    }

    fn due(files: &[SourceFile], as_of: &str) -> Vec<String> {
        let rhythm = Rhythm { as_of: as_of.parse().unwrap(), within: 30, older_than: 180 };
        let due = everything(files, rhythm);
        due.into_iter().map(|due| format!("{} {} {}", due.why.words(), due.days, due.place)).collect()
    }

    /// Standing, last check, the effect's days, the day asked on, and what is due.
    #[test]
    fn what_is_due_follows_from_the_day() {
        let long_ago = "from = 2026-01-01\n";
        let place = "restrictions/us/us-x.md";
        for (standing, checked, effect, as_of, expected) in [
            ("in-force", "2026-02-01", long_ago, "2026-02-10", vec![]),
            ("in-force", "2026-02-01", long_ago, "2026-07-31", vec![]),
            ("in-force", "2026-02-01", long_ago, "2026-08-01", vec![format!("old check 181 {place}:25")]),
            ("contested", "2026-02-01", long_ago, "2026-02-11", vec![format!("open standing 10 {place}:8")]),
            ("in-force", "2026-02-01", "from = 2026-03-13\n", "2026-02-10", vec![]),
            ("in-force", "2026-02-01", "from = 2026-03-12\n", "2026-02-10", vec![format!("comes soon -30 {place}:15")]),
            (
                "in-force",
                "2026-02-01",
                "from = 2026-02-10\n",
                "2026-02-10",
                vec![format!("passed unseen 0 {place}:15")],
            ),
            ("in-force", "2026-02-11", "from = 2026-02-10\n", "2026-02-12", vec![format!("just passed 2 {place}:15")]),
            (
                "in-force",
                "2026-02-01",
                "from = 2026-01-01\nuntil = 2026-02-12\nfrom-precision = \"month\"\n",
                "2026-02-10",
                vec![format!("comes soon -2 {place}:15"), format!("uncertain day 9 {place}:15")],
            ),
            (
                "in-force",
                "2026-02-01",
                "from = 2026-01-01\nuntil-event = \"peace\"\nverification = \"unverified\"\n",
                "2026-02-10",
                vec![format!("open event 9 {place}:15"), format!("needs verification 9 {place}:15")],
            ),
        ] {
            assert_eq!(due(&restriction(standing, checked, effect), as_of), expected, "{standing} {checked} {as_of}");
        }
    }

    #[test]
    fn the_worst_stands_first_and_the_counts_last() {
        let mut files = restriction("reported", "2025-01-01", "from = 2025-02-01\n");
        let statement =
            "[[statement]]\nside = \"vendor\"\nby = \"Acme\"\nsays = \"No.\"\nsource = \"x\"\nkind = \"secondary\"\n";
        files.push(SourceFile::new("vendors/acme.toml", format!("id = \"acme\"\nname = \"Acme\"\n\n{statement}")));
        let rhythm = Rhythm { as_of: "2026-02-10".parse().unwrap(), within: 30, older_than: 180 };
        let text = list(&files, rhythm);
        let first_words: Vec<&str> = text.lines().map(|line| line.split("  ").next().unwrap_or_default()).collect();
        assert_eq!(first_words[..5], ["why", "passed unseen", "open standing", "old check", "no date"], "{text}");
        let counts = "4 due on 2026-02-10: 1 passed unseen, 1 open standing, 1 old check, 1 no date";
        assert_eq!(text.lines().last(), Some(counts));
        assert_eq!(list(&[], rhythm).lines().last(), Some("0 due on 2026-02-10"));
    }
}
