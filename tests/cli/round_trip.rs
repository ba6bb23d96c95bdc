//! A fleet is imported, searched, asked for two days, written out as comma-separated values and imported again: the content
//! stays the same. Small in the usual run; with 1,500,000 installations on 5,000 machines by `cargo xtask test --long`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{BufRead as _, BufReader, BufWriter};
use std::path::Path;
use std::time::Instant;

use interdict_tests::fleet;

use crate::support::{Home, Ran, ran};

/// How many installations a machine has, at least and in what range: 5,000 machines have 1,500,000.
const INSTALLATIONS: (u64, u64) = (220, 160);

#[test]
fn a_small_fleet_goes_out_and_comes_back() {
    round_trip(3_000);
}

/// 5,000 machines with 300 installations each on average. What it takes is printed; run it as
/// `cargo test --release -p interdict-tests --test cli a_whole_fleet -- --ignored --nocapture`.
#[test]
#[ignore = "long: imports 1,500,000 installations twice"]
fn a_whole_fleet_goes_out_and_comes_back() {
    round_trip(1_500_000);
}

/// What the generator says of a fleet, taken from its table: nothing here comes from what is tested.
#[derive(Default)]
struct Expected {
    rows: u64,
    /// Installations by machine.
    machines: BTreeMap<String, u64>,
    /// Names, versions and publishers of programs, with their machines, in any order.
    programs: Sum,
    /// Distinct names, versions and publishers that a search for Kaspersky must find.
    kaspersky: BTreeSet<[String; 3]>,
}

/// A sum of hashes: equal for equal rows in whatever order, and each row counts as often as it is there.
#[derive(Debug, Default, PartialEq, Eq, Clone, Copy)]
struct Sum(u64);

impl Sum {
    fn add(&mut self, row: &[&str]) {
        let mut hasher = DefaultHasher::new();
        row.hash(&mut hasher);
        self.0 = self.0.wrapping_add(hasher.finish());
    }
}

fn round_trip(rows: u64) {
    let home = Home::new();
    let mut clock = Clock::start();
    let [log, table] = ["log.jsonl", "table.csv"].map(|name| home.path(name));
    let file = |path: &Path| BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    let written = fleet::write_fleet_with(INSTALLATIONS, rows, &mut file(&log), &mut file(&table)).unwrap();
    let expected = expected(&table);
    assert_eq!((expected.rows, written.rows), (rows, rows));
    clock.say(&format!("{rows} installations on {} machines made up", written.machines));

    let imported = home.line("import log.jsonl --format json --db fleet.db").ended_with(0).json();
    let file = &imported["import"][0];
    assert_eq!((file["observations"].as_u64(), file["rejected"].as_u64()), (Some(rows), Some(0)), "{file}");
    fs::remove_file(&log).unwrap();
    clock.say("imported");

    searched(&home, &expected);
    clock.say("searched in two scripts");
    judged_on_two_days(&home);
    clock.say("asked for two days");
    without_protection(&home, &table);
    fs::remove_file(&table).unwrap();
    clock.say("asked for machines without endpoint protection");

    let columns = exported(&home, "fleet.db", "fleet.csv");
    same_as_made_up(&home.path("fleet.csv"), &columns, &expected);
    clock.say("written as comma-separated values, and held against what was made up");
    let again = home.line("import fleet.csv --format json --db copy.db").ended_with(0).json();
    let file = &again["import"][0];
    assert_eq!(file["format"], "interdict-csv");
    assert_eq!((file["observations"].as_u64(), file["rejected"].as_u64()), (Some(rows), Some(0)), "{file}");
    clock.say("imported again");
    exported(&home, "copy.db", "copy.csv");
    same_lines(&home.path("fleet.csv"), &home.path("copy.csv"));
    clock.say("written again, and held against the first file");
    for database in ["fleet.db", "copy.db"] {
        home.line(&format!("log verify --db {database}")).ended_with(0);
        home.line(&format!("database check --db {database}")).ended_with(0);
    }
    clock.say("both inventories checked");
}

fn expected(table: &Path) -> Expected {
    let mut expected = Expected::default();
    let mut reader = csv::Reader::from_path(table).unwrap();
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).unwrap() {
        let [host, query, name, version, publisher] = [0, 1, 3, 4, 5].map(|column| row[column].to_owned());
        expected.rows += 1;
        if query.ends_with("programs") {
            expected.programs.add(&[&host, &name, &version, &publisher, &row[6], &row[8]]);
        }
        let text = format!("{name} {publisher}").to_lowercase();
        if text.contains("kaspersk") || text.contains("касперск") {
            expected.kaspersky.insert([name, version, publisher]);
        }
        *expected.machines.entry(host).or_default() += 1;
    }
    expected
}

/// The same titles are found in either script, and all that there are.
fn searched(home: &Home, expected: &Expected) {
    assert!(expected.kaspersky.len() > 5, "the fleet has some of it");
    let found = |words: &str| -> BTreeSet<[String; 3]> {
        let titles = home.run(["software", "--db", "fleet.db", "--format", "jsonl", "--search", words]).ended_with(0);
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        titles.lines().iter().map(|row| ["name", "version", "publisher"].map(|key| text(&row[key]))).collect()
    };
    for words in ["Касперск", "kaspersk"] {
        // Of packages and bundles the importer reads a release and an identifier, too: those are held against by name.
        let names = |titles: &BTreeSet<[String; 3]>| -> BTreeSet<String> {
            titles.iter().map(|[name, ..]| name.trim_end_matches(".app").to_owned()).collect()
        };
        let found = found(words);
        assert_eq!(names(&found), names(&expected.kaspersky), "{words}");
        assert_eq!(found.len(), expected.kaspersky.len(), "{words}");
    }
}

/// On 2024-09-29 updates of what is there became prohibited, and what was to be watched is restricted.
fn judged_on_two_days(home: &Home) {
    let tiers = |day: &str| -> HashMap<String, (String, u64)> {
        let call =
            format!("findings --db fleet.db --profile us-private --vendor kaspersky --as-of {day} --format jsonl");
        let rows = home.line(&call).ended_with(0).lines();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        rows.iter().map(|row| (text(&row["id"]), (text(&row["tier"]), row["machines"].as_u64().unwrap()))).collect()
    };
    let (before, after) = (tiers("2024-09-28"), tiers("2024-09-29"));
    assert!(!before.is_empty());
    let (before_ids, after_ids): (BTreeSet<_>, BTreeSet<_>) = (before.keys().collect(), after.keys().collect());
    assert_eq!(before_ids, after_ids, "what is found does not depend on the day");
    for (id, (tier, machines)) in &before {
        let (later, still) = &after[id];
        assert_eq!(machines, still, "{id}");
        assert_eq!((tier.as_str(), later.as_str()), ("watch", "restricted"), "{id}");
    }
}

/// The machines on which nothing protects the endpoint are all but those that the table names with a title of that category.
fn without_protection(home: &Home, table: &Path) {
    // Everything that does its work.
    const CATEGORIES: [&str; 4] = ["endpoint-protection", "antivirus", "edr", "workload-protection"];
    // Its title alone tells the vendor only; on a machine its folder tells the product.
    const BY_FOLDER: &str = "Huorong Internet Security";
    let titles = home.line("software --db fleet.db --format jsonl").ended_with(0).lines();
    let protects = titles.iter().filter(|row| CATEGORIES.iter().any(|category| row["category"] == *category));
    let protects: BTreeSet<&str> = protects.filter_map(|row| row["name"].as_str()).chain([BY_FOLDER]).collect();
    assert!(protects.contains("Kaspersky Endpoint Security for Windows"), "{protects:?}");
    let mut without = BTreeSet::new();
    let mut with = BTreeSet::new();
    let mut reader = csv::Reader::from_path(table).unwrap();
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).unwrap() {
        if protects.contains(&row[3]) {
            with.insert(row[0].to_owned());
        } else if !without.contains(&row[0]) {
            without.insert(row[0].to_owned());
        }
    }
    let without: BTreeSet<String> = without.difference(&with).cloned().collect();
    assert!(!without.is_empty() && !with.is_empty());
    let call = "machines --without-category endpoint-protection --db fleet.db --format jsonl";
    let told = home.line(call).ended_with(0).lines();
    let told: BTreeSet<String> = told.iter().map(|row| row["hostname"].as_str().unwrap().to_owned()).collect();
    let differing: Vec<&String> = told.symmetric_difference(&without).take(10).collect();
    assert!(differing.is_empty(), "{} are told, {} expected; differing: {differing:?}", told.len(), without.len());
}

/// Writes every installation to a file; gives the titles of its columns.
fn exported(home: &Home, database: &str, to: &str) -> Vec<String> {
    let file = File::create(home.path(to)).unwrap();
    let mut command = home.command();
    let status = command
        .args(["installations", "--format", "csv", "--db", database])
        .stdout(file)
        .spawn()
        .unwrap()
        .wait()
        .unwrap();
    assert!(status.success());
    let mut first = String::new();
    BufReader::new(File::open(home.path(to)).unwrap()).read_line(&mut first).unwrap();
    first.trim().split(',').map(str::to_owned).collect()
}

fn same_as_made_up(file: &Path, columns: &[String], expected: &Expected) {
    let at = |title: &str| columns.iter().position(|column| column == title).unwrap();
    let of_program = ["hostname", "name", "version", "publisher", "install_location", "identifier"].map(at);
    let (host, source) = (at("hostname"), at("source"));
    let (mut machines, mut programs) = (BTreeMap::new(), Sum::default());
    let mut reader = csv::Reader::from_path(file).unwrap();
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).unwrap() {
        *machines.entry(row[host].to_owned()).or_insert(0) += 1;
        if &row[source] == "programs" {
            programs.add(&of_program.map(|column| &row[column]));
        }
    }
    assert_eq!(machines, expected.machines, "installations by machine");
    assert_eq!(programs, expected.programs, "programs as they were made up");
}

/// Line by line the same, but for who told of it.
fn same_lines(first: &Path, second: &Path) {
    let lines = |path: &Path| BufReader::new(File::open(path).unwrap()).lines().map(Result::unwrap);
    let (mut first, mut second) = (lines(first), lines(second));
    for number in 1.. {
        match (first.next(), second.next()) {
            (None, None) => return,
            (one, other) => {
                let told = one.as_deref().map(|line| line.replacen(",osquery,", ",interdict-csv,", 1));
                assert_eq!(told, other, "line {number}");
            }
        }
    }
}

/// Says how long each step took.
struct Clock(Instant);

impl Clock {
    fn start() -> Self {
        Self(Instant::now())
    }

    #[expect(clippy::print_stdout, reason = "figures for whoever runs it")]
    fn say(&mut self, what: &str) {
        println!("{:>7.1} s  {what}", self.0.elapsed().as_secs_f64());
        self.0 = Instant::now();
    }
}

#[test]
fn what_a_spreadsheet_would_calculate_comes_back_as_it_was() {
    let home = Home::new();
    home.file("list.csv", "Hostname,Software name,Version,Publisher\nPC-1,=1+1,-2,'@x\nPC-1,\"a, b\",+3,''=y\n");
    home.line("import list.csv --db one.db").ended_with(0);
    let one = listed(&home, "one.db");
    assert!(one.contains(",'=1+1,") && one.contains(",'-2,") && one.contains(",''@x,"), "{one}");
    home.file("again.csv", &one);
    home.line("import again.csv --db two.db").ended_with(0);
    assert_eq!(listed(&home, "two.db"), one.replace(",table,", ",interdict-csv,"));
    let names = home.line("installations --db two.db --format json").ended_with(0).json();
    crate::schemas::holds("installations", &names);
    let names: BTreeSet<&str> =
        names["installations"].as_array().unwrap().iter().filter_map(|row| row["name"].as_str()).collect();
    assert_eq!(names, BTreeSet::from(["=1+1", "a, b"]));
    let text = home.line("installations --db two.db --machine pc-1 --limit 1").ended_with(0).stdout;
    assert!(text.contains("PC-1") && text.contains("2 here") && text.contains("=1+1"), "{text}");
    home.line("installations --db two.db --machine pc-2").complains_of(2, &["PC-1"]);
}

fn listed(home: &Home, database: &str) -> String {
    let Ran { stdout, .. } = ran(home.command().args(["installations", "--format", "csv", "--db", database]));
    stdout
}
