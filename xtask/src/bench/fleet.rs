//! A fleet's log of installations, imported by us and, as a table, by the `sqlite3` shell: in turn, in one run.
//!
//! The peer keeps the rows in one plain table without any index. We read the log, join it to machines, identify, judge what
//! is new and keep a history; the aim is to take no more processor time than that.

#[path = "../../../tests/src/fleet/mod.rs"]
#[expect(unreachable_pub, reason = "the tests of the whole offer it, too")]
mod made_up;

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use super::scan::{Taken, build, median, run_with};
use crate::program::Program;
use crate::workspace::Workspace;

/// How many rows are imported where nothing is said.
const ROWS: u64 = 1_000_000;
/// How often each program runs; the median counts. A larger fleet is imported once.
const RUNS: usize = 3;
/// What an import may take of the peer's time.
const RATIO: f64 = 2.0;
/// What it should take of it.
const AIM: f64 = 1.0;
/// What reading the log, without keeping anything, may take of it.
const READING: f64 = 0.4;
/// How much memory it may take, in MiB.
const MEMORY: u64 = 300;
/// How many bytes an installation may take, without where it was found, of a fleet of [`LARGE`] rows or more: titles and
/// software are kept once, and weigh more where fewer machines share them.
const BYTES: f64 = 45.0;
const LARGE: u64 = 10_000_000;
/// What keeps where something was found: left out of what an installation takes.
const EVIDENCE: &[&str] = &["place", "detection_observation", "evidence"];
/// How many times as much a row of a larger fleet may cost.
const LINEAR: f64 = 1.25;

/// Imports a fleet of so many rows; one larger than usual is held against the usual one.
pub(super) fn fleet(workspace: &Workspace, rows: Option<u64>) -> anyhow::Result<()> {
    let rows = rows.unwrap_or(ROWS);
    build(workspace)?;
    for (package, example) in [("interdict-import", "read"), ("interdict-app", "pages")] {
        workspace.cargo(["build", "--quiet", "--release", "--package", package, "--example", example]).run()?;
    }
    let mut missed = Vec::new();
    let usual = measure(workspace, rows.min(ROWS), RUNS, &mut missed)?;
    if rows > ROWS {
        let large = measure(workspace, rows, 1, &mut missed)?;
        let per_row = large / usual;
        println!("a row of {rows} costs {per_row:.2} times one of {ROWS}; limit {LINEAR}");
        if per_row > LINEAR {
            missed.push(format!("a row of {rows} took more than {LINEAR} times one of {ROWS}"));
        }
    }
    if missed.is_empty() { Ok(()) } else { bail!("{}", missed.join("; ")) }
}

/// Measures one fleet and gives the seconds that a row took.
fn measure(workspace: &Workspace, rows: u64, runs: usize, missed: &mut Vec<String>) -> anyhow::Result<f64> {
    let files = Files::of(workspace, rows)?;
    for file in [&files.table, &files.log] {
        // A file that is not in memory yet charges whoever reads it first with fetching it.
        io::copy(&mut File::open(file)?, &mut io::sink())?;
    }
    let mut peer = Vec::new();
    let mut reading = Vec::new();
    let mut own = Vec::new();
    let mut again = Vec::new();
    for _ in 0..runs {
        peer.push(files.import_plainly()?);
        reading.push(run_with(&[workspace.target.join("release/examples/read"), files.log.clone()], &[])?);
        own.push(files.import(workspace, Database::Fresh)?);
        again.push(files.import(workspace, Database::Same)?);
    }
    let machines = files.answer("select count(*) from machine").unwrap_or_default();
    println!("{rows} rows of {machines} machines, median of {runs} in turn, processor time user and system");
    let [peer, reading, own, again] = [peer, reading, own, again].map(|taken| median(&taken));
    let of_peer = |taken: Taken| taken.processor.as_secs_f64() / peer.processor.as_secs_f64();
    for (name, taken, limit) in [
        ("sqlite3 .import of the table", peer, None),
        ("reading the log, keeping nothing", reading, Some(READING)),
        ("interdict import", own, Some(RATIO)),
        ("interdict import, the same file again", again, None),
    ] {
        let (seconds, ratio, memory) = (taken.processor.as_secs_f64(), of_peer(taken), taken.resident / 1024 / 1024);
        let against = limit.map_or_else(String::new, |limit| format!("  limit {limit} x"));
        println!("{name:<40} {seconds:>8.3} s  {ratio:>5.2} x  {memory:>5} MiB{against}");
        if let Some(limit) = limit.filter(|limit| ratio > *limit) {
            missed.push(format!("{name}: {rows} rows took {ratio:.2} times the peer, more than {limit}"));
        }
    }
    println!("aim {AIM} x; limit of memory {MEMORY} MiB");
    if own.resident / 1024 / 1024 > MEMORY {
        missed.push(format!("importing {rows} rows took more than {MEMORY} MiB"));
    }
    size(&files, rows, missed)?;
    // It prints its figures and their limits itself.
    let pages = workspace.target.join("release/examples/pages");
    if Program::new(pages.to_string_lossy()).args([files.database.to_string_lossy()]).run().is_err() {
        missed.push(format!("of what the window asks of {rows} rows something took too long"));
    }
    Ok(own.processor.as_secs_f64() / counted(rows))
}

/// What the database takes for an installation, and which tables take most of it.
fn size(files: &Files, rows: u64, missed: &mut Vec<String>) -> anyhow::Result<()> {
    let plain = fs::metadata(&files.plain)?.len();
    let whole = fs::metadata(&files.database)?.len();
    let each = |bytes: u64| counted(bytes) / counted(rows);
    println!("bytes of an installation: {:.1} (the peer's plain table {:.1})", each(whole), each(plain));
    let by_table = "select coalesce(s.tbl_name, d.name), sum(d.pgsize) from dbstat d left join sqlite_schema s on s.name = d.name \
                    group by 1 order by 2 desc";
    let mut evidence = 0;
    match files.answer(by_table) {
        None => println!("  the sqlite3 on the path does not tell the size of tables"),
        Some(answer) => {
            for (number, line) in answer.lines().enumerate() {
                let Some((table, bytes)) = line.split_once('|') else { continue };
                let bytes: u64 = bytes.parse().context("no size")?;
                if number < 10 {
                    println!("  {table:<38} {:>8.1}", each(bytes));
                }
                evidence += if EVIDENCE.contains(&table) { bytes } else { 0 };
            }
        }
    }
    let without = each(whole - evidence);
    println!("bytes of an installation without where it was found: {without:.1}; limit {BYTES} from {LARGE} rows on");
    if rows >= LARGE && without > BYTES {
        missed.push(format!("an installation of {rows} took {without:.1} bytes, more than {BYTES}"));
    }
    Ok(())
}

/// Whether an import meets an inventory.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Database {
    /// There is none.
    Fresh,
    /// It is the one of the import before.
    Same,
}

/// The files of one fleet.
struct Files {
    log: PathBuf,
    table: PathBuf,
    database: PathBuf,
    plain: PathBuf,
}

impl Files {
    /// Writes the fleet, unless it was written before.
    fn of(workspace: &Workspace, rows: u64) -> anyhow::Result<Self> {
        let folder = workspace.target.join(format!("bench/fleet/{rows}"));
        let in_folder = |name: &str| folder.join(name);
        let [log, table, database, plain] = ["log.jsonl", "table.csv", "interdict.db", "plain.db"].map(in_folder);
        fs::create_dir_all(&folder)?;
        if !table.exists() {
            let unfinished = in_folder("unfinished.csv");
            let [mut lines, mut rows_of_table] =
                [File::create(&log)?, File::create(&unfinished)?].map(|file| BufWriter::with_capacity(1 << 20, file));
            let written = made_up::write_fleet(rows, &mut lines, &mut rows_of_table)?;
            println!("wrote {} rows of {} machines to {}", written.rows, written.machines, folder.display());
            fs::rename(unfinished, &table)?;
        }
        Ok(Self { log, table, database, plain })
    }

    /// The peer: the table into one plain table of a new database.
    fn import_plainly(&self) -> anyhow::Result<Taken> {
        remove(&self.plain);
        let import = format!(".import \"{}\" installation", self.table.display());
        let command = ["sqlite3".into(), self.plain.clone(), ".mode csv".into(), import.into()];
        run_with(&command, &[]).context("the peer is the shell of SQLite; is it installed?")
    }

    fn import(&self, workspace: &Workspace, database: Database) -> anyhow::Result<Taken> {
        if database == Database::Fresh {
            remove(&self.database);
        }
        let program = workspace.target.join("release/interdict");
        let words = ["import", "--quiet", "--db"].map(PathBuf::from);
        let command = [vec![program], words.to_vec(), vec![self.database.clone(), self.log.clone()]].concat();
        run_with(&command, &[])
    }

    /// What our database says, by the peer.
    fn answer(&self, question: &str) -> Option<String> {
        let output = Command::new("sqlite3").arg(&self.database).arg(question).output().ok()?;
        let answer = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        output.status.success().then_some(answer)
    }
}

fn remove(database: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{suffix}", database.display()));
    }
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn counted(number: u64) -> f64 {
    number as f64
}
