//! Other tools' exports, and scans made elsewhere, into the inventory.
//!
//! A file is read to its end before anything of it is kept, and kept in one transaction. The same file is taken once.
//! Which machine a device is stands in the store's `names`; what it comes to is worked out together with what is known of
//! the machine from elsewhere.

use std::cell::Cell;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use interdict_identify::consolidate;
use interdict_import::{Completeness, ImportError, Imported, Mapping, Options, Preview, format_by_name, preview};
use interdict_model::{
    CollectorReport, CollectorStatus, Diagnostic, Location, Machine, Observation, ObservationSource, OperatingSystem,
    OsFamily, ProbesStamp, ScanHeader,
};
use interdict_store::{Batch, BatchHeader, BatchRow, JoinRule, RecordedScan, Store, StoreError, ToldMachine};
use sha2::{Digest as _, Sha256};

use crate::audit::covered_by;
use crate::clock::now;
use crate::error::AppError;
use crate::import_progress::{Counted, ImportProgress};
use crate::intake::{ASKS_EVERY, Intake, Told};
use crate::own_rules::hexadecimal;
use crate::recognised::{Numbered, Recognised};
use crate::scan_file::read_scan_header;
use crate::spool::SpooledRow;
use crate::workbench::Workbench;

/// A file to import.
#[derive(Clone, Copy)]
pub struct ImportRequest<'a> {
    /// Where it is.
    pub path: &'a Path,
    /// Its format by name; found by content where it is not said.
    pub format: Option<&'a str>,
    /// Which column of a table is what. It is kept with the inventory for tables with the same columns.
    pub mapping: Option<&'a Mapping>,
    /// The mapping that was kept for a header, by the header's fingerprint.
    pub kept_mapping: &'a dyn Fn(&str) -> Option<Mapping>,
}

/// Under which key of the settings the mapping of a header is kept.
#[must_use]
pub fn mapping_key(fingerprint: &str) -> String {
    format!("mapping:{fingerprint}")
}

/// The first records of a file as they would be imported, with the mapping that is suggested for a table.
pub fn preview_import(
    path: &Path,
    format: Option<&str>,
    mapping: Option<&Mapping>,
    limit: usize,
) -> Result<Preview, AppError> {
    let mut file = open_regular(path)?;
    let options = Options { format: format.map(str::to_owned), mapping: mapping.cloned() };
    preview(&mut file, &file_name(path), &options, limit)
        .map_err(|source| AppError::Import { path: path.to_owned(), source })
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// What became of a file.
#[derive(Debug, Clone)]
pub struct ImportOutcome {
    /// The batch it came with, or came with before.
    pub batch: BatchRow,
    /// Whether the same file was imported before; then nothing was changed.
    pub is_known: bool,
    /// The machines it told of.
    pub machines: Vec<MachineImport>,
    /// What looked wrong.
    pub notes: Vec<Diagnostic>,
}

/// What was told of one machine.
#[derive(Debug, Clone)]
pub struct MachineImport {
    /// The machine.
    pub machine: Machine,
    /// By what it was taken for it.
    pub rule: JoinRule,
    /// How many observations were told.
    pub observations: usize,
    /// How many products and vendors the machine comes to now.
    pub detections: usize,
    /// What the database did with them.
    pub recorded: RecordedScan,
}

impl ImportOutcome {
    /// Observations of all machines.
    #[must_use]
    pub fn observations(&self) -> usize {
        self.machines.iter().map(|machine| machine.observations).sum()
    }

    /// The sum of something over all that was recorded.
    #[must_use]
    pub fn sum(&self, of: impl Fn(&RecordedScan) -> usize) -> usize {
        self.machines.iter().map(|machine| of(&machine.recorded)).sum()
    }
}

impl Workbench {
    /// Imports a file, whole or not at all. `store` is asked for, and made, only once the file could be read.
    pub fn import_file<'s, E: From<AppError>>(
        &self,
        request: &ImportRequest<'_>,
        store: impl FnOnce() -> Result<&'s mut Store, E>,
        cancelled: &dyn Fn() -> bool,
    ) -> Result<ImportOutcome, E> {
        self.import_file_watched(request, store, &|_| {}, cancelled)
    }

    /// As [`Workbench::import_file`]; how far it is, is told after every piece of the file.
    pub fn import_file_watched<'s, E: From<AppError>>(
        &self,
        request: &ImportRequest<'_>,
        store: impl FnOnce() -> Result<&'s mut Store, E>,
        progress: &dyn Fn(ImportProgress),
        cancelled: &dyn Fn() -> bool,
    ) -> Result<ImportOutcome, E> {
        let path = request.path;
        let (mut file, sha256, bytes) = open(path)?;
        let name = file_name(path);
        let records = Cell::new(0);
        let asked = || {
            records.set(records.get() + ASKS_EVERY);
            cancelled()
        };
        let mut intake = Intake::new(&asked);
        let failed = |source| match source {
            ImportError::Stopped => AppError::Cancelled,
            source => AppError::Import { path: path.to_owned(), source },
        };
        let mut options = Options { format: request.format.map(str::to_owned), mapping: request.mapping.cloned() };
        let fingerprint = preview(&mut file, &name, &options, 0).map_err(failed)?.fingerprint;
        if options.mapping.is_none() {
            options.mapping = fingerprint.as_deref().and_then(request.kept_mapping);
        }
        file.seek(SeekFrom::Start(0)).map_err(reading(path))?;
        let mut counted = Counted::new(&mut file, bytes, &records, progress);
        let imported = interdict_import::import(&mut counted, &name, &options, &mut intake);
        if let Some(source) = intake.failure.take() {
            return Err(AppError::File { doing: "put rows away in", path: std::env::temp_dir(), source }.into());
        }
        let imported = imported.map_err(failed)?;
        if file.metadata().map_err(reading(path))?.len() != bytes {
            return Err(AppError::FileChanged { path: path.to_owned() }.into());
        }
        let store = store()?;
        let known = store.batch_of(&sha256, Some(imported.format)).map_err(AppError::from)?;
        if let Some(batch) = known {
            return Ok(ImportOutcome { batch, is_known: true, machines: Vec::new(), notes: intake.notes });
        }
        let header = header_of(&name, sha256, bytes, &imported);
        let outcome = match self.keep(store, path, &header, &imported, intake, (progress, cancelled)) {
            // Somebody else may have imported the same file since we asked for it: the database keeps one of two.
            Err(error @ AppError::Store(StoreError::Query { .. })) => {
                let known = store.batch_of(&header.sha256, Some(imported.format)).map_err(AppError::from)?;
                let batch = known.ok_or(error)?;
                return Ok(ImportOutcome { batch, is_known: true, machines: Vec::new(), notes: Vec::new() });
            }
            outcome => outcome?,
        };
        if let (Some(mapping), Some(fingerprint)) = (request.mapping, fingerprint) {
            store.set_setting(&mapping_key(&fingerprint), &mapping.to_json()).map_err(AppError::from)?;
        }
        Ok(outcome)
    }

    fn keep(
        &self,
        store: &mut Store,
        path: &Path,
        header: &BatchHeader,
        imported: &Imported,
        mut intake: Intake<'_>,
        (progress, cancelled): (&dyn Fn(ImportProgress), &dyn Fn() -> bool),
    ) -> Result<ImportOutcome, AppError> {
        /// After how many machines it is told how far it is, and asked whether nothing is wanted any more.
        const TELLS_EVERY: usize = 32;
        self.begin_detections(store)?;
        let mut batch = store.begin_batch(header)?;
        let devices = std::mem::take(&mut intake.devices);
        let mut sorted = intake.take_rows();
        let mut machines = Vec::with_capacity(devices.len());
        let mut notes = told_rejects(path, imported, &intake);
        notes.append(&mut intake.notes);
        let mut things = std::mem::take(&mut intake.things);
        things.close();
        let shared = things.shared();
        let mut numbered = Numbered::register(&mut batch, things, &shared)?;
        let mut recognised = None;
        if imported.format != "scan" {
            recognised = Some(Recognised::of(self.identifier(), &numbered.things, &shared));
            // From here on only numbers are asked for.
            numbered.things.forget_texts();
        }
        drop(shared);
        let mut rows = Vec::new();
        for (device, number) in devices.iter().zip(0..) {
            if machines.len().is_multiple_of(TELLS_EVERY) {
                if cancelled() {
                    return Err(AppError::Cancelled);
                }
                progress(ImportProgress::Storing { done: machines.len(), of: devices.len() });
            }
            sorted.of_device(number, &mut rows).map_err(reading(path))?;
            let kept = if let Some(recognised) = &mut recognised {
                self.keep_device(&mut batch, header, device, &rows, &numbered, recognised)
            } else {
                let scan = read_scan_header(path)?;
                let observations: Vec<Observation> = rows.iter().filter_map(|row| numbered.things.told(*row)).collect();
                self.keep_scan(&mut batch, device, scan.clone(), &covered_by(&scan), &observations)
            };
            match kept {
                Ok(recorded) => machines.push(recorded),
                // The only machine: its error is the file's.
                Err(error @ AppError::Store(StoreError::OlderScan { .. })) if devices.len() == 1 => return Err(error),
                Err(AppError::Store(StoreError::OlderScan { .. })) => {
                    let name = device.claim.hostname.as_ref().or(device.claim.tool_id.as_ref());
                    let name = name.map_or("a machine", String::as_str);
                    let message = format!("of {name} newer data is known: this changes nothing");
                    notes.push(Diagnostic::warning("app/older-than-known", message));
                }
                Err(error) => return Err(error),
            }
        }
        for reject in &intake.rejects {
            batch.reject(reject)?;
        }
        for title in &intake.titles {
            batch.title(title)?;
        }
        let skipped: Vec<(&str, u64)> = imported.skipped.iter().map(|(reason, count)| (*reason, *count)).collect();
        let id = batch.finish(imported.used, imported.rejected, &skipped)?;
        let batch = store.batch(id)?.ok_or(StoreError::UnknownBatch { id })?;
        Ok(ImportOutcome { batch, is_known: false, machines, notes })
    }

    /// What is said of a device, as the header of a scan.
    fn header_of(
        &self,
        header: &BatchHeader,
        device: &Told,
        known: Option<String>,
        count: usize,
    ) -> (ScanHeader, Vec<ObservationSource>) {
        let claim = &device.claim;
        let name = claim.hostname.clone().or_else(|| claim.tool_id.clone()).unwrap_or_else(|| "unnamed".to_owned());
        let key = claim
            .tool_id
            .as_ref()
            .map_or_else(|| name.to_lowercase(), |tool_id| format!("{}:{}", header.format, tool_id.to_lowercase()));
        // Only our own files tell an id of ours: a machine that comes back keeps it.
        let known = known.or_else(|| claim.machine_id.clone());
        let machine = Machine {
            id: known.unwrap_or_else(|| format!("import:{key}")),
            hostname: name,
            os: OperatingSystem {
                family: device.os_family.unwrap_or_else(|| family_of(device)),
                name: device.os_name.clone().unwrap_or_default(),
                version: device.os_version.clone().unwrap_or_default(),
            },
            arch: device.arch.clone().unwrap_or_default(),
        };
        // What claims to be of the future would keep out what is told later.
        let told = device.seen.as_ref().or(header.made.as_ref()).filter(|told| **told <= header.imported);
        let is_whole = device.completeness.values().all(|told| *told == Completeness::Whole);
        let status = if is_whole { CollectorStatus::Complete } else { CollectorStatus::Partial };
        let reason = (!is_whole).then(|| "the export may tell only a part of what is there".to_owned());
        let name = format!("import/{}", header.format);
        let scan = ScanHeader {
            schema: ScanHeader::SCHEMA.to_owned(),
            machine,
            started: told.unwrap_or(&header.imported).clone(),
            probes: ProbesStamp { catalogue_version: self.catalogue().stamp().version.clone(), count: 0 },
            collectors: vec![CollectorReport { name, status, reason, count }],
            read_as: None,
            swept: Vec::new(),
            tool_version: header.format.clone(),
        };
        let whole =
            device.completeness.iter().filter(|(_, told)| **told == Completeness::Whole).map(|(source, _)| *source);
        (scan, whole.collect())
    }

    /// Keeps what a tool told of one device.
    fn keep_device(
        &self,
        batch: &mut Batch<'_>,
        header: &BatchHeader,
        device: &Told,
        rows: &[SpooledRow],
        numbered: &Numbered,
        recognised: &mut Recognised<'_>,
    ) -> Result<MachineImport, AppError> {
        let (known, mut rule) = batch.find_machine(&device.claim)?;
        let mut is_known = known.is_some();
        let (mut scan, covered) = self.header_of(header, device, known, rows.len());
        if !is_known && device.claim.machine_id.is_none() {
            (scan.machine.id, is_known) = batch.new_machine_id(&device.claim, &scan.machine.id)?;
            rule = if is_known { JoinRule::Hostname } else { rule };
        }
        let elsewhere = if is_known && batch.is_told_elsewhere(&scan.machine.id, &covered)? {
            Self::known_elsewhere(batch, &scan, &covered)?
        } else {
            Vec::new()
        };
        let detections = recognised.consolidate(rows, elsewhere);
        let (installed, sources) = (numbered.installed(rows), numbered.sources(rows));
        let told = ToldMachine {
            scan: &scan,
            covered: &covered,
            installed: &installed,
            sources: &sources,
            detections: &detections,
        };
        let recorded = batch.record_installed(&told, &header.imported, (&device.claim, rule))?;
        Ok(MachineImport {
            observations: rows.len(),
            detections: detections.len(),
            machine: scan.machine,
            rule,
            recorded,
        })
    }

    /// What stays known of a machine beside what is told now.
    fn known_elsewhere(
        batch: &Batch<'_>,
        scan: &ScanHeader,
        covered: &[ObservationSource],
    ) -> Result<Vec<Observation>, AppError> {
        let mut known = batch.told_of(&scan.machine.id)?;
        known.retain(|(teller, known)| {
            teller != batch.origin() || !covered.contains(&known.source) || !scan.looked_where(known)
        });
        Ok(known.into_iter().map(|(_, known)| known).collect())
    }

    fn keep_scan(
        &self,
        batch: &mut Batch<'_>,
        device: &Told,
        scan: ScanHeader,
        covered: &[ObservationSource],
        observations: &[Observation],
    ) -> Result<MachineImport, AppError> {
        let (_, rule) = batch.find_machine(&device.claim)?;
        let mut all = observations.to_vec();
        let known = Self::known_elsewhere(batch, &scan, covered)?;
        all.extend(known.into_iter().filter(|known| !observations.contains(known)));
        let detections = consolidate(self.identifier(), &all);
        let join = (&device.claim, rule);
        let recorded = batch.record(&scan, &now(), covered, observations, &detections, join)?;
        let (observations, detections) = (observations.len(), detections.len());
        Ok(MachineImport { machine: scan.machine, rule, observations, detections, recorded })
    }

    /// Takes an import back and works out anew what its machines come to.
    pub fn undo_import(&self, store: &mut Store, id: i64) -> Result<usize, AppError> {
        let machines = store.undo_batch(id, &now())?;
        let version = &self.catalogue().stamp().version;
        for machine in &machines {
            let observations = store.observations_of(machine)?;
            store.replace_detections(machine, version, &consolidate(self.identifier(), &observations))?;
        }
        Ok(machines.len())
    }
}

/// The first of what could not be used, each with its place; all of them are kept with the import.
fn told_rejects(path: &Path, imported: &Imported, intake: &Intake<'_>) -> Vec<Diagnostic> {
    const MOST_TOLD: usize = 10;
    let code = if imported.format == "scan" { "app/scan-line" } else { "app/import-record" };
    let file = path.display().to_string();
    let told = intake.rejects.iter().take(MOST_TOLD).map(|reject| {
        let line = reject.place.strip_prefix("line ").and_then(|line| line.parse().ok());
        let (message, place) = match line {
            Some(line) => (reject.reason.clone(), Location::line(file.clone(), line)),
            None => (format!("{}: {}", reject.place, reject.reason), Location::file(file.clone())),
        };
        Diagnostic::error(code, message).at(place)
    });
    told.collect()
}

fn header_of(name: &str, sha256: String, bytes: u64, imported: &Imported) -> BatchHeader {
    BatchHeader {
        file: name.to_owned(),
        sha256,
        bytes,
        format: imported.format.to_owned(),
        encoding: imported.encoding.clone(),
        layers: imported.layers.iter().map(|layer| (*layer).to_owned()).collect(),
        made: imported.made.clone(),
        imported: now(),
        keeps_days: format_by_name(imported.format).and_then(|format| format.keeps_days),
    }
}

/// The family of a device's system, from its name and from what only such systems have.
fn family_of(device: &Told) -> OsFamily {
    let name = device.os_name.as_deref().unwrap_or_default().to_lowercase();
    let by_name = [
        ("windows", OsFamily::Windows),
        ("macos", OsFamily::Macos),
        ("mac os", OsFamily::Macos),
        ("linux", OsFamily::Linux),
        ("ubuntu", OsFamily::Linux),
        ("debian", OsFamily::Linux),
        ("red hat", OsFamily::Linux),
        ("centos", OsFamily::Linux),
        ("fedora", OsFamily::Linux),
        ("suse", OsFamily::Linux),
    ];
    if let Some((_, family)) = by_name.into_iter().find(|(word, _)| name.contains(word)) {
        return family;
    }
    let of = |source: ObservationSource| match source {
        ObservationSource::Programs | ObservationSource::Msix | ObservationSource::Wsc => Some(OsFamily::Windows),
        ObservationSource::Apps | ObservationSource::PkgReceipts => Some(OsFamily::Macos),
        ObservationSource::DebPackages
        | ObservationSource::RpmPackages
        | ObservationSource::ApkPackages
        | ObservationSource::PacmanPackages => Some(OsFamily::Linux),
        _ => None,
    };
    device.completeness.keys().find_map(|source| of(*source)).unwrap_or(OsFamily::Unknown)
}

fn reading(path: &Path) -> impl Fn(std::io::Error) -> AppError {
    move |source| AppError::File { doing: "read", path: path.to_owned(), source }
}

/// Opens a regular file.
fn open_regular(path: &Path) -> Result<File, AppError> {
    let failed = reading(path);
    // Looked at first: opening a pipe would wait for somebody to write to it.
    let metadata = std::fs::metadata(path).map_err(&failed)?;
    if !metadata.is_file() {
        let what = if metadata.is_dir() { "it is a folder" } else { "it is no regular file" };
        return Err(failed(std::io::Error::new(std::io::ErrorKind::InvalidInput, what)));
    }
    File::open(path).map_err(&failed)
}

/// Opens a regular file; gives its hash and its size, and stands at its beginning again.
fn open(path: &Path) -> Result<(File, String, u64), AppError> {
    let failed = reading(path);
    let mut file = open_regular(path)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    let mut bytes = 0;
    loop {
        let count = file.read(&mut buffer).map_err(&failed)?;
        if count == 0 {
            break;
        }
        digest.update(buffer.get(..count).unwrap_or_default());
        bytes += count as u64;
    }
    file.seek(SeekFrom::Start(0)).map_err(&failed)?;
    Ok((file, hexadecimal(&digest.finalize()), bytes))
}
