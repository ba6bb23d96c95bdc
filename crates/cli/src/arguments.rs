//! The arguments: one struct per command, and the options that every command takes.
//!
//! Global options stand before the command, after it and after its arguments. Clap's own `global` would let the inner
//! place silently replace the outer one, so that `interdict --profile a assess --profile b` forgets a profile; here the
//! places are joined by [`GlobalArguments::within`].

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Parser, Subcommand};
use interdict_app::collect::{SshDestination, SshSetting};
use interdict_app::store::ExpectedHead;
use interdict_app::{DifferenceKind, LackAnswer};
use interdict_model::{Activity, Category, Tier};

const EXAMPLES: &str = "\
Examples:
  interdict audit                                   look at this computer
  interdict audit --root /mnt/disk --report disk.html
  interdict audit --ssh ada@web-01                  look at a machine elsewhere
  interdict assess --vendor kaspersky --profile us-private
  interdict assess --party \"Eugene Kaspersky\" --profile pl-person --as-of 2024-06-21
  interdict catalogue list --kind profile           who can ask

Exit codes: 0 done · 1 failed · 2 wrong usage · 10 something is at or above --fail-on.
Information from public sources as of the catalogue's date; not legal advice.";

/// Finds restricted vendors' software on machines and says what every restriction means for you on a day.
#[derive(Debug, Parser)]
#[command(name = "interdict", version, arg_required_else_help = true, after_help = EXAMPLES, max_term_width = 120)]
pub(crate) struct Arguments {
    #[command(flatten)]
    global: GlobalArguments,
    #[command(subcommand)]
    command: Command,
}

impl Arguments {
    /// The command, and the global options of all places joined.
    pub(crate) fn taken_apart(self) -> (GlobalArguments, Command) {
        let Self { global, mut command } = self;
        let mut global = std::mem::take(command.global()).within(global);
        let inner = match &mut command {
            Command::Catalogue(catalogue) => Some(catalogue.command.global()),
            Command::Database(database) => Some(database.command.global()),
            Command::Log(log) => Some(log.command.global()),
            _ => None,
        };
        if let Some(inner) = inner {
            global = std::mem::take(inner).within(global);
        }
        (global, command)
    }
}

/// The options that every command takes.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArguments {
    /// Use this database instead of the one in your data folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) db: Option<PathBuf>,
    /// Use the catalogue in this folder or file instead of the built-in one.
    #[arg(long = "catalogue", id = "catalogue_path", value_name = "DIR|FILE")]
    pub(crate) catalogue: Option<PathBuf>,
    /// Who asks, such as us-private; repeat it to be several [default: the saved profile, else research].
    #[arg(long = "profile", value_name = "ID")]
    pub(crate) profiles: Vec<String>,
    /// The day the question is asked for, as YYYY-MM-DD [default: today].
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text].
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    pub(crate) format: Option<Format>,
    /// End with exit code 10 when something has this tier or a worse one [default: never].
    #[arg(long, value_name = "TIER", value_parser = tier_parser())]
    pub(crate) fail_on: Option<Tier>,
    /// Wait so many seconds while another process writes to the database [default: 5].
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=86_400))]
    pub(crate) wait: Option<u64>,
    /// Say nothing on standard error but errors.
    #[arg(long)]
    pub(crate) quiet: bool,
    /// Write without colours; the variable `NO_COLOR` does the same.
    #[arg(long)]
    pub(crate) no_color: bool,
}

impl GlobalArguments {
    /// These options, which stand further in, and the outer ones where these say nothing. Profiles add up.
    fn within(self, outer: Self) -> Self {
        Self {
            db: self.db.or(outer.db),
            catalogue: self.catalogue.or(outer.catalogue),
            profiles: [outer.profiles, self.profiles].concat(),
            as_of: self.as_of.or(outer.as_of),
            format: self.format.or(outer.format),
            fail_on: self.fail_on.or(outer.fail_on),
            wait: self.wait.or(outer.wait),
            quiet: self.quiet || outer.quiet,
            no_color: self.no_color || outer.no_color,
        }
    }
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One JSON document.
    Json,
    /// One JSON object a line: the rows alone.
    Jsonl,
    /// The rows as comma-separated values.
    Csv,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look at a machine, keep what is there and say what it means.
    Audit(AuditArguments),
    /// Look at a machine and write down what is there, without judging it or keeping it.
    Scan(ScanArguments),
    /// Put other tools' exports, and scans made elsewhere, into the inventory.
    Import(ImportArguments),
    /// List what was imported, with what could not be used; take an import back.
    Imports(ImportsArguments),
    /// Say what software is: one JSON line in, one JSON line out.
    Identify(IdentifyArguments),
    /// Say what the restrictions mean for a vendor, a product or a party.
    Assess(AssessArguments),
    /// Read and check the facts that answers rest on.
    Catalogue(CatalogueArguments),
    /// List the machines of the inventory.
    Machines(MachinesArguments),
    /// Say everything about one machine: who tells of it, how old that is, what is on it, where tools disagree.
    Machine(MachineArguments),
    /// Say what is new, gone or changed between two days, instants or scans.
    Changes(ChangesArguments),
    /// List the installed software of the inventory.
    Software(SoftwareArguments),
    /// List every installation of every machine; as comma-separated values they can be imported again.
    Installations(InstallationsArguments),
    /// List what some instrument speaks of, across all machines.
    Findings(FindingsArguments),
    /// List the vendors of which something is here, or is told of.
    Vendors(VendorsArguments),
    /// Say for every class of trace whether a product or vendor is gone; certify its removal when all are absent.
    VerifyRemoved(VerifyRemovedArguments),
    /// Copy the database to a file, while it is in use.
    Backup(BackupArguments),
    /// Put a backup in the place of what is in the database, which is kept.
    Restore(RestoreArguments),
    /// Look after the database: check it, give space back, forget what is long over.
    Database(DatabaseArguments),
    /// Read and verify the log of what was recorded and changed.
    Log(LogArguments),
}

impl Command {
    fn global(&mut self) -> &mut GlobalArguments {
        match self {
            Self::Audit(arguments) => &mut arguments.global,
            Self::Scan(arguments) => &mut arguments.global,
            Self::Import(arguments) => &mut arguments.global,
            Self::Imports(arguments) => arguments.global(),
            Self::Identify(arguments) => &mut arguments.global,
            Self::Assess(arguments) => &mut arguments.global,
            Self::Catalogue(arguments) => &mut arguments.global,
            Self::Machines(arguments) => &mut arguments.global,
            Self::Machine(arguments) => &mut arguments.global,
            Self::Changes(arguments) => &mut arguments.global,
            Self::Software(arguments) => &mut arguments.global,
            Self::Installations(arguments) => &mut arguments.global,
            Self::Findings(arguments) => &mut arguments.global,
            Self::Vendors(arguments) => &mut arguments.global,
            Self::VerifyRemoved(arguments) => &mut arguments.global,
            Self::Backup(arguments) => &mut arguments.global,
            Self::Restore(arguments) => &mut arguments.global,
            Self::Database(arguments) => &mut arguments.global,
            Self::Log(arguments) => &mut arguments.global,
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
Needs no administrator rights, and says what could not be looked at without them. Ctrl-C stops it; nothing is kept \
then. A product is a finding when any instrument speaks of it, even if none binds you. Over ssh nothing is installed or \
left on the other machine; --show-commands shows what is run there, without connecting.

Examples:
  interdict audit --profile us-federal-contractor
  interdict audit --root /mnt/disk --report disk.html
  interdict audit --ssh ada@web-01 --show-commands
  interdict audit --hives evidence/config
  interdict audit --format json --fail-on restricted")]
pub(crate) struct AuditArguments {
    /// Look at the system mounted at this folder instead of this computer.
    #[arg(long, value_name = "DIR", conflicts_with = "ssh")]
    pub(crate) root: Option<PathBuf>,
    /// Look at the Windows system whose registry hives lie in this folder, whatever their names.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["root", "ssh", "folders"])]
    pub(crate) hives: Option<PathBuf>,
    /// Also write the result as one HTML file that needs nothing else.
    #[arg(long, value_name = "FILE.html")]
    pub(crate) report: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) ssh: SshArguments,
    #[command(flatten)]
    pub(crate) sweep: SweepArguments,
    #[command(flatten)]
    global: GlobalArguments,
}

/// A search for programs that nothing registers.
#[derive(Debug, Args)]
#[command(next_help_heading = "Searching folders")]
pub(crate) struct SweepArguments {
    /// Also search this folder of the system looked at for programs that nothing registers, such as tools that are run
    /// from where they lie; may be given several times. Links are not followed.
    #[arg(long = "sweep", value_name = "DIR", conflicts_with = "elsewhere")]
    pub(crate) folders: Vec<PathBuf>,
    /// How much the search may read in all.
    #[arg(long = "sweep-bytes", value_name = "SIZE", default_value = "2GB", value_parser = size, requires = "folders")]
    pub(crate) bytes: u64,
    /// How many seconds the search may take.
    #[arg(long = "sweep-time", value_name = "SECONDS", default_value_t = 300, requires = "folders")]
    pub(crate) seconds: u64,
}

/// A number of bytes: `500MB`, `2 GiB`, `1000000`.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        "t" | "tb" => 1_000_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1 << 40,
        _ => return Err("write a number of bytes, such as 500MB or 2GiB".to_owned()),
    };
    let number: u64 = number.parse().map_err(|_| "write a number of bytes, such as 500MB or 2GiB".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "that is more than any disk has".to_owned())
}

#[derive(Debug, Args)]
#[command(after_help = "\
The first line says who was looked at and how well; every other line is one observation. Needs no database. \
Carry the file to where the inventory is, and read it there with: interdict import FILE

Over ssh nothing is installed or left on the other machine: a fixed script is read by its shell, which --show-commands \
shows without connecting. Keys, ports and jumps are those of your ssh configuration; nothing is asked, and a host whose \
key is not in known_hosts is refused. A machine that breaks off is not kept. With --ssh-hosts each machine gets a file \
of its own in the folder, which appears when it is complete; started again, machines that have one are passed over.

Examples:
  interdict scan --out web-01.jsonl
  interdict scan --root /mnt/disk | interdict identify
  interdict scan --hives evidence/config --out pc-7.jsonl
  interdict scan --ssh ada@web-01 --show-commands
  interdict scan --ssh ada@web-01:2222 --ssh-option IdentityFile=audit_key --out web-01.jsonl
  interdict scan --ssh-hosts servers.txt --out scans && interdict import scans/*.jsonl")]
pub(crate) struct ScanArguments {
    /// Look at the system mounted at this folder instead of this computer.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["ssh", "ssh_hosts"])]
    pub(crate) root: Option<PathBuf>,
    /// Look at the Windows system whose registry hives lie in this folder, whatever their names.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["root", "ssh", "ssh_hosts", "folders"])]
    pub(crate) hives: Option<PathBuf>,
    /// Write to this file instead of standard output; an older file stays until the new one is complete. With
    /// --ssh-hosts the folder for the files of all machines.
    #[arg(long, value_name = "FILE.jsonl|DIR")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) ssh: SshArguments,
    #[command(flatten)]
    pub(crate) hosts: SshHostsArguments,
    #[command(flatten)]
    pub(crate) sweep: SweepArguments,
    #[command(flatten)]
    global: GlobalArguments,
}

/// How a machine elsewhere is read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Over ssh")]
pub(crate) struct SshArguments {
    /// Look at this machine over ssh, as this user: [user@]host[:port]. Nothing is installed or written there.
    #[arg(long, value_name = "HOST", group = "elsewhere")]
    pub(crate) ssh: Option<SshDestination>,
    /// Give ssh a setting beside those of your configuration; repeat it for more. What would run a program, such as a
    /// proxy command, belongs into your configuration.
    #[arg(long = "ssh-option", value_name = "KEY=VALUE", requires = "elsewhere")]
    pub(crate) settings: Vec<SshSetting>,
    /// Show everything that would be run on the other machine, connect to none, and stop.
    #[arg(long, requires = "elsewhere")]
    pub(crate) show_commands: bool,
    /// Give a machine up that takes longer than this [default: 900].
    #[arg(long, value_name = "SECONDS", requires = "elsewhere", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) timeout: Option<u64>,
}

/// Which machines are read one beside the other.
#[derive(Debug, Args)]
#[command(next_help_heading = "Over ssh")]
pub(crate) struct SshHostsArguments {
    /// Look at every machine of this file, one [user@]host[:port] a line, and write a file for each into the folder
    /// named with --out.
    #[arg(long, value_name = "FILE", group = "elsewhere")]
    pub(crate) ssh_hosts: Option<PathBuf>,
    /// Read so many machines at a time.
    #[arg(long, value_name = "N", default_value_t = 8, requires = "ssh_hosts", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) parallel: u16,
    /// Read also machines whose file is there already.
    #[arg(long, requires = "ssh_hosts")]
    pub(crate) again: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
The format is found by content, whatever the file is called; gzip, zlib, bzip2, xz, Zstandard and zip are unpacked. \
`interdict imports formats` lists what can be read. A file is kept whole or not at all, and the same file changes nothing \
the second time. What could not be used is kept with its place and reason: see `interdict imports rejects`. Exports and \
scans of one machine go in oldest first. A file that cannot be read does not keep the others out.

With --watch each file dropped into a folder is imported once, when it has stayed as it is for a while, and then lies in \
its sub-folder done or, with the reason beside it, in rejected. Several watchers of one folder do not harm each other. \
Ctrl-C ends it; the file at hand goes back. A line is written for every file as it comes; --format json needs --once.

Examples:
  interdict import scans/*.jsonl
  interdict import glpi/*.json wazuh-packages.json.gz
  interdict import results.log --from osquery
  interdict import inventory.csv --preview
  interdict import inventory.csv --mapping inventory.mapping.json
  interdict import --watch /srv/inventory
  interdict import --watch /srv/inventory --once --quiet --format jsonl")]
pub(crate) struct ImportArguments {
    /// The files.
    #[arg(value_name = "FILE", required_unless_present = "watch", conflicts_with = "watch")]
    pub(crate) files: Vec<PathBuf>,
    /// The format, where it should not be found by content.
    #[arg(long, value_name = "FORMAT", default_value = "auto")]
    pub(crate) from: String,
    /// A file that says which column of a table is what; it is kept for tables with the same columns.
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: Option<PathBuf>,
    /// Show what the first records would become, and the mapping that is suggested for a table; keep nothing.
    #[arg(long, conflicts_with = "watch")]
    pub(crate) preview: bool,
    #[command(flatten)]
    pub(crate) watching: WatchArguments,
    #[command(flatten)]
    global: GlobalArguments,
}

/// A folder into which files are dropped.
#[derive(Debug, Args)]
#[command(next_help_heading = "Watching a folder")]
pub(crate) struct WatchArguments {
    /// Import what is dropped into this folder, until you stop it.
    #[arg(long, value_name = "DIR")]
    pub(crate) watch: Option<PathBuf>,
    /// Take what lies in the folder now and stays as it is, then end: for a scheduler.
    #[arg(long, requires = "watch", conflicts_with = "files")]
    pub(crate) once: bool,
    /// Take a file when its size and time have not changed for so long.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, requires = "watch", conflicts_with = "files", value_parser = clap::value_parser!(u64).range(0..=86_400))]
    pub(crate) settle: u64,
    /// Look at the folder so often.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, requires = "watch", conflicts_with = "files", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) every: u64,
}

#[derive(Debug, Args)]
pub(crate) struct ImportsArguments {
    #[command(subcommand)]
    pub(crate) command: ImportsCommand,
}

impl ImportsArguments {
    fn global(&mut self) -> &mut GlobalArguments {
        match &mut self.command {
            ImportsCommand::List(arguments) | ImportsCommand::Formats(arguments) => &mut arguments.global,
            ImportsCommand::Decide(arguments) => &mut arguments.global,
            ImportsCommand::Machines(arguments)
            | ImportsCommand::Rejects(arguments)
            | ImportsCommand::Undo(arguments) => &mut arguments.global,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImportsCommand {
    /// Every import, newest first.
    List(ImportsListArguments),
    /// What of an import could not be used: place, reason and beginning, at most 10,000.
    Rejects(ImportNumberArguments),
    /// Which machines the devices of an import were taken for, and by which rule.
    Machines(ImportNumberArguments),
    /// Decide whether a device of an import is a machine: later imports of the tool follow it, and two machines that are one
    /// by it become one.
    Decide(ImportsDecideArguments),
    /// Take an import back, as if it had never been.
    Undo(ImportNumberArguments),
    /// The formats that can be read.
    Formats(ImportsListArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ImportsListArguments {
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
A decision is about what one tool calls a device, and later imports of the tool follow it. Where the device was taken for \
another machine than the one named with --same, the two become one: every scan, import, installation and finding of either, \
now and past. That is not taken back, neither by --not-same nor by --forget, which hold for later imports only: look with --dry-run \
first, and make a backup. Where others tell of that machine, too, --join or --later is needed. With --not-same what was \
imported stays where it is: take it back with `interdict imports undo` and import the file again. Each is an entry of the log.

Examples:
  interdict imports machines 3                            see what was taken for which machine
  interdict imports decide 3 web-01 --not-same            it is another machine than that
  interdict imports decide 3 web-01 --same web-01.example.org --dry-run
  interdict imports decide 3 web-01 --forget              by the usual rule again")]
#[group(id = "choice", required = true, multiple = false, args = ["same", "not_same", "forget"])]
pub(crate) struct ImportsDecideArguments {
    /// The number of the import, as `interdict imports list` has it.
    #[arg(value_name = "NUMBER")]
    pub(crate) number: i64,
    /// What the export calls the device, as `interdict imports machines` has it.
    #[arg(value_name = "DEVICE")]
    pub(crate) device: String,
    /// It is this machine, by its host name or id.
    #[arg(long, value_name = "NAME")]
    pub(crate) same: Option<String>,
    /// It is not this machine; without a name, not the one that it was taken for, or none of its namesakes.
    #[arg(long, value_name = "NAME", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) not_same: Option<String>,
    /// Forget what was decided about it.
    #[arg(long)]
    pub(crate) forget: bool,
    /// Join the two machines also where others tell of the one that it was taken for.
    #[arg(long, conflicts_with_all = ["later", "not_same", "forget"])]
    pub(crate) join: bool,
    /// Join nothing: only later imports follow.
    #[arg(long, conflicts_with_all = ["not_same", "forget"])]
    pub(crate) later: bool,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ImportNumberArguments {
    /// The number of the import, as `interdict imports list` has it.
    #[arg(value_name = "NUMBER")]
    pub(crate) number: i64,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Reads observations as JSON lines from standard input; the names of the columns are osquery's where it has one. \
The first line of a scan file is passed over. A line that cannot be read is answered with nulls, so that the order \
holds.

Example:
  echo '{\"source\":\"programs\",\"name\":\"Kaspersky Endpoint Security for Windows\"}' | interdict identify")]
pub(crate) struct IdentifyArguments {
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
A name that nobody is known by is answered with tier undetermined, not with an error.

Examples:
  interdict assess --vendor kaspersky --profile us-private --as-of 2024-09-28
  interdict assess --product kaspersky.kes-linux --profile us-federal-civilian --activity use
  interdict assess --party \"Andrei Tikhonov\" --as-of 2024-06-21")]
pub(crate) struct AssessArguments {
    #[command(flatten)]
    pub(crate) subject: SubjectArguments,
    /// Show this activity only.
    #[arg(long, value_name = "ACTIVITY", value_parser = activity_parser())]
    pub(crate) activity: Option<Activity>,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Answers from the newest scan of each machine: scan again after removing something. A class of trace is absent only when \
all of it was looked at. The certificate is written only when every class is absent; what was not looked at is never \
taken for clean. Ends with 0 when the removal is certified for every machine asked about, with 10 otherwise.

Examples:
  interdict verify-removed --product kaspersky.kes-linux
  interdict verify-removed --vendor kaspersky --machine web-01 --format json")]
pub(crate) struct VerifyRemovedArguments {
    #[command(flatten)]
    pub(crate) subject: RemovedArguments,
    /// Ask about this machine only, by its id or host name; repeat it for several [default: every machine].
    #[arg(long = "machine", value_name = "ID")]
    pub(crate) machines: Vec<String>,
    /// Also write the answer, with the certificates, as one HTML file that needs nothing else.
    #[arg(long, value_name = "FILE.html")]
    pub(crate) report: Option<PathBuf>,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct RemovedArguments {
    /// Everything of this vendor, by its id.
    #[arg(long, value_name = "ID")]
    pub(crate) vendor: Option<String>,
    /// This product, by its id.
    #[arg(long, value_name = "ID")]
    pub(crate) product: Option<String>,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct SubjectArguments {
    /// A vendor, by its id.
    #[arg(long, value_name = "ID")]
    pub(crate) vendor: Option<String>,
    /// A product, by its id.
    #[arg(long, value_name = "ID")]
    pub(crate) product: Option<String>,
    /// A person or company, by its exact name in any spelling the catalogue knows.
    #[arg(long, value_name = "NAME")]
    pub(crate) party: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CatalogueArguments {
    #[command(subcommand)]
    pub(crate) command: CatalogueCommand,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CatalogueCommand {
    /// Check a catalogue and say everything that is wrong with it at once.
    Lint(LintArguments),
    /// List what is in the catalogue.
    List(ListArguments),
    /// Show one entry with its sources.
    Show(ShowArguments),
    /// Say what another catalogue changes, for you and for what is in the inventory.
    Diff(DiffArguments),
}

impl CatalogueCommand {
    fn global(&mut self) -> &mut GlobalArguments {
        match self {
            Self::Lint(arguments) => &mut arguments.global,
            Self::List(arguments) => &mut arguments.global,
            Self::Show(arguments) => &mut arguments.global,
            Self::Diff(arguments) => &mut arguments.global,
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
A single file is compared as if it stood in the other catalogue, of two files each as if it stood in the built-in one. \
A folder of your own rules (catalogue.d) is compared as it lies over the built-in catalogue. Where there is a database, \
what is in it is judged with both; nothing in it is changed, and none is made.

Examples:
  interdict catalogue diff builtin ../new-catalogue --profile au-commonwealth
  interdict catalogue diff catalogue-2026.40 builtin --format json
  interdict catalogue diff builtin us-bis-icts-2024-kaspersky.md --as-of 2026-12-31")]
pub(crate) struct DiffArguments {
    /// What is compared with: a catalogue's folder, one file, or the word builtin.
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// What is compared: a catalogue's folder, one file, or the word builtin.
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// List every name where otherwise only a number is given.
    #[arg(long)]
    pub(crate) names: bool,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Ends with 0 when there are no errors (warnings are allowed), with 1 otherwise. The strict checks run once \
every file can be read.

Examples:
  interdict catalogue lint catalogue
  interdict catalogue lint catalogue/vendors/kaspersky.toml
  interdict catalogue lint --own")]
pub(crate) struct LintArguments {
    /// A catalogue's folder, or one file by itself [default: --catalogue, else the built-in catalogue].
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,
    /// Check your own rules: the folder catalogue.d beside the database, over the catalogue in use.
    #[arg(long, conflicts_with = "path")]
    pub(crate) own: bool,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  interdict catalogue list --kind profile
  interdict catalogue list --kind restriction --as-of 2022-03-01 --format csv")]
pub(crate) struct ListArguments {
    /// List this kind only.
    #[arg(long, value_name = "KIND", value_parser = kind_parser())]
    pub(crate) kind: Option<Kind>,
    #[command(flatten)]
    pub(crate) page: PageArguments,
    #[command(flatten)]
    global: GlobalArguments,
}

/// The kinds of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Instruments of an issuer.
    Restriction,
    /// Vendors.
    Vendor,
    /// Products.
    Product,
    /// Authorities.
    Issuer,
    /// Answers to "who are we".
    Profile,
    /// What the organisation has approved.
    Approval,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  interdict catalogue show us-bis-icts-2024-kaspersky
  interdict catalogue show kaspersky --format json")]
pub(crate) struct ShowArguments {
    /// The id of a restriction, vendor, product, issuer, profile or approval.
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[command(flatten)]
    global: GlobalArguments,
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PageArguments {
    /// List at most so many rows.
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// List what comes after the row with this id.
    #[arg(long, value_name = "ID")]
    pub(crate) after: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
A machine has a category when a live or dormant product of it is there. Without one, nothing-there is said only where \
everything was read that would show such a product, at most 30 days before the day given with --as-of; everywhere else it is \
not-looked-at, with what is missing. endpoint-protection stands for antivirus, edr and workload-protection, too. \
docs/history.md has the rules.

Examples:
  interdict machines --tier restricted --profile us-private
  interdict machines --without-category endpoint-protection
  interdict machines --without-category endpoint-protection --without-answer nothing-there --format csv")]
pub(crate) struct MachinesArguments {
    /// List machines with a finding of this tier or a worse one.
    #[arg(long, value_name = "TIER", value_parser = tier_parser())]
    pub(crate) tier: Option<Tier>,
    /// List machines with a finding of this vendor.
    #[arg(long, value_name = "ID")]
    pub(crate) vendor: Option<String>,
    /// List machines without any product of this category; of several, without any of them.
    #[arg(long, value_name = "CATEGORY", value_parser = category_parser())]
    pub(crate) without_category: Vec<Category>,
    /// Of those, list only the ones with this answer.
    #[arg(long, value_name = "ANSWER", requires = "without_category", value_parser = answer_parser())]
    pub(crate) without_answer: Option<LackAnswer>,
    #[command(flatten)]
    pub(crate) page: PageArguments,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Freshness is fresh (at most 7 days old), aging (at most 30) or stale, on the day given with --as-of. A tool that goes on \
telling of what is gone for longer than 7 days is never fresh. Tools disagree where they tell of one program in different \
versions, or where one tells of it and another, which lists everything of that kind, does not. docs/history.md has the \
rules.

Examples:
  interdict machine web-01
  interdict machine web-01 --format json | jq .disagreements")]
pub(crate) struct MachineArguments {
    /// The machine, by its host name or id.
    #[arg(value_name = "NAME")]
    pub(crate) machine: String,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Machines and findings are listed; what else changed is counted, and listed with --software. What was looked at for the \
first time, or was there and is recognised only since, is told as such and not as new. A machine of which nobody told in \
between is not seen, and nothing is said to be gone from it.

--since and --until take a day (both days are included; days are those of UTC), an instant such as 2026-11-01T08:00:00Z, or \
the number of a scan or import of one machine, which `interdict machine NAME` lists: what is compared then is that machine as \
the scan left it. With --fail-on the command ends with 10 when a finding of that tier is new. Catalogues are compared by \
`interdict catalogue diff`.

Examples:
  interdict changes --since 2026-11-01
  interdict changes --since 2026-11-01 --until 2026-11-15 --only new,gone --format csv
  interdict changes --since 41 --until 57 --software
  interdict changes --since 2026-11-22 --profile us-private --fail-on restricted --quiet")]
pub(crate) struct ChangesArguments {
    /// From this day, instant or scan on.
    #[arg(long, value_name = "DATE|SCAN")]
    pub(crate) since: String,
    /// Up to this day, instant or scan [default: now].
    #[arg(long, value_name = "DATE|SCAN")]
    pub(crate) until: Option<String>,
    /// Compare this machine only, by its host name or id; repeat it for several [default: every machine].
    #[arg(long = "machine", value_name = "NAME")]
    pub(crate) machines: Vec<String>,
    /// List only what is new, gone, changed or not seen; several are separated by commas.
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = difference_parser())]
    pub(crate) only: Vec<DifferenceKind>,
    /// Also list programs and packages that came, went or changed.
    #[arg(long)]
    pub(crate) software: bool,
    /// Also list programs, packages and every trace of software: services, processes, files and the like.
    #[arg(long, conflicts_with = "software")]
    pub(crate) all: bool,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Software that the catalogue does not know has no vendor and tier undetermined.

Examples:
  interdict software --vendor kaspersky
  interdict software --search касперск
  interdict software --format csv > software.csv")]
pub(crate) struct SoftwareArguments {
    /// List software of this tier or a worse one.
    #[arg(long, value_name = "TIER", value_parser = tier_parser())]
    pub(crate) tier: Option<Tier>,
    /// List software of this vendor.
    #[arg(long, value_name = "ID")]
    pub(crate) vendor: Option<String>,
    /// List software with all of these words in its name or publisher, in whatever script and case.
    #[arg(long, value_name = "WORDS")]
    pub(crate) search: Option<String>,
    /// List at most so many rows.
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// List what comes after this name, or after this name, version and publisher with tabs between them.
    #[arg(long, value_name = "NAME")]
    pub(crate) after: Option<String>,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
One row for each thing on each machine, machine by machine, with all that is known of it: where it was read, who told of \
it, its places and raw fields. Says nothing of the past or of what it means. As csv or jsonl the rows come as they are \
read, so that a whole fleet needs no more memory than a machine. `interdict import` knows the comma-separated file again \
and loses nothing of it; values that a spreadsheet would take for a formula have a ' before them there.

Examples:
  interdict installations --format csv > fleet.csv && interdict import fleet.csv --db copy.db
  interdict installations --machine web-01
  interdict installations --format jsonl | jq -r 'select(.name == \"openssl\") | .machine.hostname'")]
pub(crate) struct InstallationsArguments {
    /// List this machine only, by its host name or id; repeat it for several [default: every machine].
    #[arg(long = "machine", value_name = "NAME")]
    pub(crate) machines: Vec<String>,
    /// List at most so many rows.
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  interdict findings --profile us-private
  interdict findings --tier restricted --format jsonl")]
pub(crate) struct FindingsArguments {
    /// List findings of this tier or a worse one.
    #[arg(long, value_name = "TIER", value_parser = tier_parser())]
    pub(crate) tier: Option<Tier>,
    /// List findings of this vendor.
    #[arg(long, value_name = "ID")]
    pub(crate) vendor: Option<String>,
    #[command(flatten)]
    pub(crate) page: PageArguments,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
The tier is the vendor's own: the worst of all activities, whatever of it is installed. Vendors of which tools tell without \
saying on which machines, such as lists of a whole tenant and bills of materials, follow by themselves: they are counted on \
no machine. Of one vendor every such title is listed.

Examples:
  interdict vendors --profile us-private
  interdict vendors --vendor kaspersky --format json")]
pub(crate) struct VendorsArguments {
    /// List vendors of this tier or a worse one.
    #[arg(long, value_name = "TIER", value_parser = tier_parser())]
    pub(crate) tier: Option<Tier>,
    /// List this vendor only.
    #[arg(long, value_name = "ID")]
    pub(crate) vendor: Option<String>,
    #[command(flatten)]
    pub(crate) page: PageArguments,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
The copy is of one moment; others read and write meanwhile. It is written beside its place, checked, and put there when \
it is complete. It is one file by itself, readable by its owner alone. A copy that fails its check is not kept.

Examples:
  interdict backup /media/stick/interdict-2026-11-22.db
  interdict backup nightly.db --replace --format json")]
pub(crate) struct BackupArguments {
    /// The file to write; its folder must be there.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Put it in the place of an older file of that name.
    #[arg(long)]
    pub(crate) replace: bool,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
The backup is checked first, and only read. One of an older version is upgraded, one of a newer version refused. What is \
in the database now is kept in a file beside it, which is named; restoring that file undoes this. Others may have the \
database open: they read the old content until it is done. While another process writes, nothing is done.

Examples:
  interdict restore nightly.db
  interdict restore nightly.db --db elsewhere.db")]
pub(crate) struct RestoreArguments {
    /// The backup.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
pub(crate) struct DatabaseArguments {
    #[command(subcommand)]
    pub(crate) command: DatabaseCommand,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DatabaseCommand {
    /// Read all of it and say whether it is sound, and how much is in it.
    Check(CheckArguments),
    /// Give the space back that nothing uses any more.
    Compact(CompactArguments),
    /// Forget what was over before a day, and machines not seen since.
    Forget(ForgetArguments),
}

impl DatabaseCommand {
    fn global(&mut self) -> &mut GlobalArguments {
        match self {
            Self::Check(arguments) => &mut arguments.global,
            Self::Compact(arguments) => &mut arguments.global,
            Self::Forget(arguments) => &mut arguments.global,
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
Nothing is changed. Ends with 0 when it is sound, with 10 when something is wrong with it.

Example:
  interdict database check --format json")]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Needs room for the content twice over while it works, and no other process that writes. Killed at any moment it leaves \
the database as it was.

Example:
  interdict database compact")]
pub(crate) struct CompactArguments {
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Forgets installations and findings that were gone before the day, and the scans that nothing refers to any more. What is \
there now stays, also when it was first seen earlier. With --machines also machines go that no scan has seen since the \
day, with everything of them. What tools tell of without a machine has no end that anybody knows: it stays, unless --told \
says that what was told before the day goes. Days begin at midnight UTC. It cannot be undone but by a backup; the space is given back by \
`interdict database compact`.

Examples:
  interdict database forget --before 2024-01-01 --dry-run
  interdict backup before-forgetting.db && interdict database forget --before 2024-01-01 --machines")]
pub(crate) struct ForgetArguments {
    /// The day, as YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub(crate) before: String,
    /// Also forget machines that no scan has seen since that day.
    #[arg(long)]
    pub(crate) machines: bool,
    /// Also forget what tools told of without a machine before the day, and the titles of which none has told since.
    #[arg(long)]
    pub(crate) told: bool,
    /// Say what would be forgotten, and forget nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
pub(crate) struct LogArguments {
    #[command(flatten)]
    global: GlobalArguments,
    #[command(subcommand)]
    pub(crate) command: LogCommand,
}

/// The commands about the log.
#[derive(Debug, Subcommand)]
pub(crate) enum LogCommand {
    /// Check that no entry was altered, moved or removed, and that the log still holds what it held when a report was made.
    Verify(LogVerifyArguments),
    /// List the entries, oldest first.
    List(LogListArguments),
}

impl LogCommand {
    fn global(&mut self) -> &mut GlobalArguments {
        match self {
            Self::Verify(arguments) => &mut arguments.global,
            Self::List(arguments) => &mut arguments.global,
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
Every entry carries the hash of the one before, so a change shows in itself. Entries cut off at the end, or all made anew \
from some entry on, show only against a head that was printed before: every report names the head of its day, and so \
does the window. Exit code 0: good; 10: not good, and the first entry that is wrong is named.

Examples:
  interdict log verify
  interdict log verify --head 42:0123456789ab --head 57:ba9876543210")]
pub(crate) struct LogVerifyArguments {
    /// A head as a report names it, such as 42:0123456789ab, or at least 12 digits of its hash; repeat it for more.
    #[arg(long = "head", value_name = "HASH")]
    pub(crate) heads: Vec<ExpectedHead>,
    #[command(flatten)]
    global: GlobalArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  interdict log list --after 100 --limit 20")]
pub(crate) struct LogListArguments {
    /// List at most so many entries.
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// List what comes after the entry with this number.
    #[arg(long, value_name = "NUMBER", default_value_t = 0, hide_default_value = true)]
    pub(crate) after: i64,
    #[command(flatten)]
    global: GlobalArguments,
}

fn format_parser() -> impl clap::builder::TypedValueParser<Value = Format> {
    PossibleValuesParser::new(["text", "json", "jsonl", "csv"]).map(|word| match word.as_str() {
        "json" => Format::Json,
        "jsonl" => Format::Jsonl,
        "csv" => Format::Csv,
        _ => Format::Text,
    })
}

fn kind_parser() -> impl clap::builder::TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(["restriction", "vendor", "product", "issuer", "profile", "approval"]).map(|word| {
        match word.as_str() {
            "vendor" => Kind::Vendor,
            "product" => Kind::Product,
            "issuer" => Kind::Issuer,
            "profile" => Kind::Profile,
            "approval" => Kind::Approval,
            _ => Kind::Restriction,
        }
    })
}

fn difference_parser() -> impl clap::builder::TypedValueParser<Value = DifferenceKind> {
    PossibleValuesParser::new(DifferenceKind::ALL.map(DifferenceKind::as_str)).map(|word| {
        let known = DifferenceKind::ALL.into_iter().find(|kind| kind.as_str() == word);
        known.unwrap_or(DifferenceKind::New)
    })
}

fn tier_parser() -> impl clap::builder::TypedValueParser<Value = Tier> {
    PossibleValuesParser::new(Tier::WORDS).try_map(|word| word.parse::<Tier>())
}

fn activity_parser() -> impl clap::builder::TypedValueParser<Value = Activity> {
    PossibleValuesParser::new(Activity::WORDS).try_map(|word| word.parse::<Activity>())
}

fn category_parser() -> impl clap::builder::TypedValueParser<Value = Category> {
    PossibleValuesParser::new(Category::WORDS).try_map(|word| word.parse::<Category>())
}

fn answer_parser() -> impl clap::builder::TypedValueParser<Value = LackAnswer> {
    PossibleValuesParser::new(LackAnswer::ALL.map(LackAnswer::as_str)).map(|word| {
        let said = LackAnswer::ALL.into_iter().find(|answer| answer.as_str() == word);
        // The parser before this one lets no other word through.
        said.unwrap_or(LackAnswer::NotLookedAt)
    })
}
