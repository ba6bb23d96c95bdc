//! A made-up fleet, as osquery's scheduler logs it: three quarters Windows, the rest Linux and macOS, some 200 installations a
//! machine, few titles on nearly every machine and many on a few, in many versions, with publishers in three scripts.
//!
//! Everything follows from numbers, without any chance: a machine is the same in a fleet of any size and on any system. The
//! well-known titles are real products as their vendors write them, all others and all machines are made up. Nothing is
//! held but the titles, so that a fleet of any size can be written. Depends on nothing, so that the benches can share it.

mod words;

use std::fmt::Write as _;
use std::io::{self, Write};

use words::{CHINESE, CYRILLIC, DEBIAN, Known, LATIN, MACOS, RED_HAT, WINDOWS};

/// How many installations a machine has: at least the first number, and below both together.
const INSTALLATIONS: (u64, u64) = (120, 160);
/// The instant at which the first machine was asked: 2025-06-01, seconds since 1970.
const ASKED: u64 = 1_748_736_000;

/// The columns of the rows as a table.
const COLUMNS: &str =
    "host,query,time,name,version,publisher,install_location,install_date,identifier,arch,release,status";

/// How much was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Machines, of which the last may have lost some of its installations.
    pub machines: u64,
    /// Installations.
    pub rows: u64,
}

/// Writes a fleet of so many installations twice: as osquery's log, one object a line and row, and as a table of the same
/// rows with a header.
pub fn write_fleet(rows: u64, log: &mut impl Write, table: &mut impl Write) -> io::Result<Written> {
    write_fleet_with(INSTALLATIONS, rows, log, table)
}

/// The same with other numbers of installations on a machine: at least the first, and below both together.
pub fn write_fleet_with(
    (least, spread): (u64, u64),
    rows: u64,
    log: &mut impl Write,
    table: &mut impl Write,
) -> io::Result<Written> {
    let systems = [System::Windows, System::Debian, System::RedHat, System::Macos].map(Titles::of);
    let [windows, debian, red_hat, macos] = &systems;
    writeln!(table, "{COLUMNS}")?;
    let mut line = String::new();
    let mut written = Written { machines: 0, rows: 0 };
    while written.rows < rows {
        written.machines += 1;
        let titles = match written.machines % 20 {
            0 | 7 => debian,
            13 => red_hat,
            5 | 11 => macos,
            _ => windows,
        };
        let machine = Machine::new(written.machines, titles);
        let count = (least + machine.chance(0) % spread).min(rows - written.rows);
        for row in machine.rows().take(usize::try_from(count).unwrap_or(usize::MAX)) {
            line.clear();
            row.log(&machine, &mut line);
            log.write_all(line.as_bytes())?;
            line.clear();
            row.table(&machine, &mut line);
            table.write_all(line.as_bytes())?;
            written.rows += 1;
        }
    }
    log.flush()?;
    table.flush()?;
    Ok(written)
}

/// Where a table of osquery comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum System {
    Windows,
    Debian,
    RedHat,
    Macos,
}

impl System {
    fn query(self) -> &'static str {
        match self {
            Self::Windows => "pack_inventory_programs",
            Self::Debian => "pack_inventory_deb_packages",
            Self::RedHat => "pack_inventory_rpm_packages",
            Self::Macos => "pack_inventory_apps",
        }
    }

    fn machine(self) -> &'static str {
        match self {
            Self::Windows => "WS",
            Self::Debian => "lx",
            Self::RedHat => "srv",
            Self::Macos => "MAC",
        }
    }
}

/// A title in all its versions.
struct Title {
    name: String,
    publisher: String,
    folder: String,
    identifier: String,
    /// How many versions of it are about.
    versions: u64,
    number: u64,
}

/// The titles of a system, the most widespread first.
struct Titles {
    system: System,
    by_rank: Vec<Title>,
    /// There are two to the power of it, less one.
    octaves: u64,
}

impl Titles {
    fn of(system: System) -> Self {
        let (known, octaves) = match system {
            System::Windows => (WINDOWS, 14),
            System::Debian => (DEBIAN, 12),
            System::RedHat => (RED_HAT, 12),
            System::Macos => (MACOS, 11),
        };
        let title = |rank: u64| {
            // The well-known ones stand ever farther apart.
            let index = rank.isqrt();
            let known =
                usize::try_from(index).ok().and_then(|index| known.get(index)).filter(|_| index * index == rank);
            let title = known.map_or_else(|| Title::made_up(system, rank), |known| Title::known(known, rank));
            Title { versions: 2 + mixed(rank ^ 0x5e) % (4 + 400 / (rank + 8)), ..title }
        };
        Self { system, by_rank: (0..(1 << octaves) - 1).map(title).collect(), octaves }
    }
}

impl Title {
    fn known([name, publisher, folder, identifier]: &Known, number: u64) -> Self {
        let [name, publisher, folder, identifier] =
            [name, publisher, folder, identifier].map(|text| (*text).to_owned());
        Self { name, publisher, folder, identifier, versions: 0, number }
    }

    fn made_up(system: System, number: u64) -> Self {
        let chance = mixed(number ^ (system as u64 + 1) << 40);
        match system {
            System::Windows => Self::program(number, chance),
            System::Debian => Self::package(number, chance, "<packages@example.org>"),
            System::RedHat => Self::package(number, chance, "Packaging Team"),
            System::Macos => {
                let program = Self::program(number, chance);
                let identifier = format!("org.example.application{number}");
                let folder = if chance.is_multiple_of(16) { "/Users/%/Applications/" } else { "/Applications/" };
                let name = format!("{}.app", program.name);
                Self { name, publisher: String::new(), folder: folder.to_owned(), identifier, ..program }
            }
        }
    }

    fn program(number: u64, chance: u64) -> Self {
        let script = match chance % 100 {
            0..78 => &LATIN,
            78..92 => &CYRILLIC,
            _ => &CHINESE,
        };
        // A firm has several products.
        let firm = mixed((chance % (1 << 11)) ^ 0xf1);
        let short = format!("{}{}", pick(script.first, firm), pick(script.second, firm >> 16));
        let product = pick(script.products, chance >> 12);
        let edition = match chance >> 20 & 7 {
            0 => " (x64)",
            1 => " {}",
            2 => " Professional",
            _ => "",
        };
        let name = format!("{short}{}{product}{edition}", script.between);
        let folder = match chance >> 24 & 15 {
            0 => format!(r"C:\Users\%\AppData\Local\Programs\{short} {product}\"),
            1..6 => String::new(),
            6..9 => format!(r"C:\Program Files (x86)\{short}\{product}\"),
            _ => format!(r"C:\Program Files\{short}\{product}\"),
        };
        let publisher = pick(script.forms, firm >> 32).replace("{}", &short);
        let identifier = if (chance >> 28).is_multiple_of(4) { name.replace(" {}", "") } else { String::new() };
        Self { name, publisher, folder, identifier, versions: 0, number }
    }

    fn package(number: u64, chance: u64, team: &str) -> Self {
        let (first, second) = (pick(LATIN.first, chance), pick(LATIN.second, chance >> 16));
        let kind = pick(&["", "lib", "python3-", "lib", "node-"], chance >> 32);
        let suffix = pick(&["", "-dev", "-common", "-utils", "-data", "1"], chance >> 40);
        let name = format!("{kind}{}{second}{}{suffix}", first.to_lowercase(), number % 61);
        let publisher = format!("{first} {team}");
        Self { name, publisher, folder: String::new(), identifier: String::new(), versions: 0, number }
    }

    /// The text of one of its versions, of which the first is the newest.
    fn version(&self, nth: u64, text: &mut String) {
        let age = self.versions - nth;
        let style = mixed(self.number ^ 0x7e);
        let major = 1 + style % 24 + age / 12;
        let _ = match style >> 8 & 3 {
            0 => write!(text, "{major}.{}", age % 12),
            1 => write!(text, "{major}.{}.{}", age % 12, style >> 16 & 15),
            2 => write!(text, "{major}.0.{}.{}", 1_000 + age * 37, style >> 20 & 255),
            _ => write!(text, "{major}.{}.{}", age % 12, 19_000 + age * 113),
        };
    }
}

/// A machine of the fleet.
struct Machine<'t> {
    number: u64,
    name: String,
    titles: &'t Titles,
    user: String,
    asked: u64,
}

impl<'t> Machine<'t> {
    fn new(number: u64, titles: &'t Titles) -> Self {
        let name = format!("{}-{number:05}", titles.system.machine());
        let user = format!("user{:05}", number * 7 % 100_000);
        // Within one day, so that its date stays the same.
        Self { number, name, titles, user, asked: ASKED + number * 11 % 86_400 }
    }

    fn chance(&self, of: u64) -> u64 {
        mixed(self.number << 20 ^ of)
    }

    /// What is installed on it, without end: every title once at most, the widespread ones likelier, as rank by rank in the
    /// law of Zipf: each octave of ranks has the same share.
    fn rows(&self) -> impl Iterator<Item = Row<'t>> + '_ {
        let mut is_taken = vec![false; self.titles.by_rank.len()];
        (1_u64..).filter_map(move |draw| {
            let chance = self.chance(draw);
            let octave = chance % self.titles.octaves;
            let rank = (1 << octave) - 1 + (chance >> 8) % (1 << octave);
            let index = usize::try_from(rank).ok()?;
            let title = self.titles.by_rank.get(index)?;
            if std::mem::replace(is_taken.get_mut(index)?, true) {
                return None;
            }
            let chance = mixed(chance);
            // The newer a version is, the likelier it is.
            let version = (chance % title.versions).min((chance >> 16) % title.versions);
            Some(Row { title, version, day: (chance >> 32) % 1_520, chance: chance >> 48 })
        })
    }
}

/// An installation.
struct Row<'t> {
    title: &'t Title,
    version: u64,
    day: u64,
    chance: u64,
}

/// The values of a row, in the order of the table's columns after host, query and time.
#[derive(Default)]
struct Values {
    name: String,
    version: String,
    publisher: String,
    place: String,
    date: String,
    identifier: String,
    arch: &'static str,
    release: String,
    status: &'static str,
}

impl Values {
    fn in_order(&self) -> [&str; 9] {
        let Self { name, version, publisher, place, date, identifier, arch, release, status } = self;
        [name, version, publisher, place, date, identifier, arch, release, status]
    }
}

impl Row<'_> {
    fn values(&self, machine: &Machine<'_>) -> Values {
        let mut version = String::new();
        self.title.version(self.version, &mut version);
        let filled = |text: &str| text.replace("{}", &version).replace('%', &machine.user);
        let (name, publisher) = (filled(&self.title.name), self.title.publisher.clone());
        let [place, identifier] = [&self.title.folder, &self.title.identifier].map(|text| filled(text));
        let values = Values { name, publisher, place, identifier, ..Values::default() };
        let for_any = self.title.number.is_multiple_of(3);
        match machine.titles.system {
            System::Windows => {
                let identifier = if values.identifier.is_empty() { self.product_code() } else { values.identifier };
                Values { version, date: self.date(), identifier, ..values }
            }
            System::Debian => {
                let revision = if self.version.is_multiple_of(2) { "-1" } else { "-2+deb12u1" };
                let (arch, status) = (if for_any { "all" } else { "amd64" }, "install ok installed");
                Values { version: version + revision, arch, status, ..values }
            }
            System::RedHat => {
                let (arch, release) =
                    (if for_any { "noarch" } else { "x86_64" }, format!("{}.el9", 1 + self.version % 7));
                Values { version, arch, release, ..values }
            }
            System::Macos => Values { version, place: format!("{}{}", values.place, values.name), ..values },
        }
    }

    /// The day of installation, which every fifth installer does not leave.
    fn date(&self) -> String {
        if self.chance.is_multiple_of(5) {
            return String::new();
        }
        let (year, month, day) = (2021 + self.day / 360, 1 + self.day % 360 / 30, 1 + self.day % 30 % 28);
        format!("{year}{month:02}{day:02}")
    }

    /// What identifies a version to the Windows Installer.
    fn product_code(&self) -> String {
        let code = mixed(self.title.number << 16 ^ self.version);
        let (first, second, third) = (code >> 32, code >> 16 & 0xffff, code & 0xfff);
        format!("{{{first:08X}-{second:04X}-4{third:03X}-9C0D-{:012X}}}", mixed(code) >> 16)
    }

    /// As osquery's scheduler logs it.
    fn log(&self, machine: &Machine<'_>, line: &mut String) {
        let system = machine.titles.system;
        let second = machine.asked % 86_400;
        let (hours, minutes, seconds) = (second / 3_600, second / 60 % 60, second % 60);
        let _ = write!(
            line,
            "{{\"name\":\"{}\",\"hostIdentifier\":\"{}\",\"calendarTime\":\"Sun Jun  1 {hours:02}:{minutes:02}:{seconds:02} 2025 \
             UTC\",\"unixTime\":{},\"epoch\":0,\"counter\":0,\"numerics\":false,\"columns\":{{",
            system.query(),
            machine.name,
            machine.asked,
        );
        for (column, value) in system.columns().iter().zip(self.values(machine).in_order()) {
            if !column.is_empty() {
                let _ = write!(line, "\"{column}\":\"");
                json_text(value, line);
                line.push_str("\",");
            }
        }
        line.pop();
        line.push_str("},\"action\":\"added\"}\n");
    }

    /// As a row of the table.
    fn table(&self, machine: &Machine<'_>, line: &mut String) {
        let _ = write!(line, "{},{},{}", machine.name, machine.titles.system.query(), machine.asked);
        for value in self.values(machine).in_order() {
            line.push(',');
            if value.contains([',', '"', '\n']) {
                let _ = write!(line, "\"{}\"", value.replace('"', "\"\""));
            } else {
                line.push_str(value);
            }
        }
        line.push('\n');
    }
}

impl System {
    /// What osquery calls the columns; what its table does not have is empty.
    fn columns(self) -> [&'static str; 9] {
        match self {
            Self::Windows => {
                ["name", "version", "publisher", "install_location", "install_date", "identifying_number", "", "", ""]
            }
            Self::Debian => ["name", "version", "maintainer", "", "", "", "arch", "", "status"],
            Self::RedHat => ["name", "version", "vendor", "", "", "", "arch", "release", ""],
            Self::Macos => ["name", "bundle_short_version", "", "path", "", "bundle_identifier", "", "", ""],
        }
    }
}

fn json_text(value: &str, line: &mut String) {
    for letter in value.chars() {
        if matches!(letter, '"' | '\\') {
            line.push('\\');
        }
        line.push(letter);
    }
}

fn pick(words: &[&'static str], chance: u64) -> &'static str {
    let count = words.len().max(1) as u64;
    usize::try_from(chance % count).ok().and_then(|index| words.get(index).copied()).unwrap_or_default()
}

/// A number without any visible order, from a number: the finaliser of `SplitMix64`.
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn written(rows: u64) -> (Written, String, String) {
        let (mut log, mut table) = (Vec::new(), Vec::new());
        let written = write_fleet(rows, &mut log, &mut table).unwrap();
        (written, String::from_utf8(log).unwrap(), String::from_utf8(table).unwrap())
    }

    #[test]
    fn a_fleet_is_the_same_every_time_and_a_larger_one_begins_like_it() {
        let (small, log, table) = written(3_000);
        let (large, longer, _) = written(5_000);
        assert_eq!((small.rows, large.rows), (3_000, 5_000));
        assert!(longer.starts_with(&log));
        assert_eq!((log.lines().count(), table.lines().count()), (3_000, 3_001));
    }

    #[test]
    fn a_fleet_looks_like_one() {
        let (fleet, log, _) = written(60_000);
        let per_machine = fleet.rows / fleet.machines;
        assert!((180..220).contains(&per_machine), "{per_machine} installations a machine");
        let mut machines: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut titles = BTreeSet::new();
        for line in log.lines() {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            let columns = row["columns"].as_object().unwrap();
            let name = columns["name"].as_str().unwrap().to_owned();
            let version = columns.get("version").or(columns.get("bundle_short_version")).unwrap().as_str().unwrap();
            titles.insert((name.clone(), version.to_owned()));
            let host = row["hostIdentifier"].as_str().unwrap().to_owned();
            machines.entry(host).or_default().insert(name);
        }
        let share = |begin: &str| {
            let all = machines.keys().filter(|name| name.starts_with(begin)).count();
            all * 100 / machines.len()
        };
        assert!((70..80).contains(&share("WS-")) && (8..12).contains(&share("MAC-")), "{}", share("WS-"));
        let having = |title: &str| machines.values().filter(|titles| titles.contains(title)).count();
        let protected = having("Kaspersky Endpoint Security for Windows");
        assert!(protected > machines.len() / 10 && protected < machines.len() * 7 / 10, "{protected}");
        assert!(having("Microsoft Edge") > machines.len() * 7 / 10);
        assert!(titles.len() > 15_000, "{} titles", titles.len());
    }
}
