//! Whether a product, or everything of a vendor, is really gone from machines: each class of trace answered for itself.
//!
//! A class is absent only when the newest scan of the machine looked at all of it with the probes of the catalogue in use,
//! and nothing there is identified as the subject. What was not looked at is never taken for absent, whatever older scans
//! saw. Nothing is judged here: a restriction plays no part.

use std::collections::{BTreeMap, BTreeSet};

use interdict_collect::{Collector, collectors, rules_out, sources_of};
use interdict_identify::{Identification, says};
use interdict_model::{
    CollectorReport, CollectorStatus, FingerprintField, Machine, Matched, Observation, ObservationSource, OsFamily,
    ProductId, Scope, Subject, VendorId,
};
use interdict_store::{DetectionFilter, EndedBy, LogHead, MachineRow, NewestScan, Span, Store};

use crate::error::AppError;
use crate::workbench::{Workbench, unknown};

/// What the inventory says about the removal of a subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Removal {
    /// The product or vendor.
    pub subject: Subject,
    /// Each machine that was asked about, by host name.
    pub machines: Vec<MachineRemoval>,
    /// The newest entry of the log.
    pub log_head: Option<LogHead>,
}

impl Removal {
    /// Whether the subject is gone from every machine, as far as each class of trace was looked at.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        !self.machines.is_empty() && self.machines.iter().all(MachineRemoval::is_certain)
    }
}

/// One machine's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct MachineRemoval {
    /// The machine.
    pub machine: Machine,
    /// Its newest scan.
    pub scan: NewestScan,
    /// When a scan last found the subject, and when one no longer did; nothing when no scan ever found it.
    pub before: Option<FoundBefore>,
    /// Every class of trace that such a system can keep.
    pub classes: Vec<ClassAnswer>,
}

impl MachineRemoval {
    /// Whether every class of trace is absent.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        !self.classes.is_empty() && self.classes.iter().all(|class| class.state == ClassState::Absent)
    }
}

/// That the subject was on a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundBefore {
    /// When the last scan that found it began.
    pub last_seen: String,
    /// When the scan began that no longer found it.
    pub gone: Option<String>,
}

/// One class of trace.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassAnswer {
    /// The class.
    pub source: ObservationSource,
    /// The answer.
    pub state: ClassState,
    /// Why it was not looked at, or what the answer rests on.
    pub because: String,
    /// What is there, or was there when it was last looked at.
    pub traces: Vec<RemovalTrace>,
}

/// The answer for one class of trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassState {
    /// All of it was looked at, and nothing there is of the subject.
    Absent,
    /// Something of the subject is there.
    Present,
    /// It was not, or not wholly, looked at.
    NotLookedAt,
}

impl ClassState {
    /// The word of the JSON promise.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Present => "present",
            Self::NotLookedAt => "not-looked-at",
        }
    }
}

/// One trace of the subject.
#[derive(Debug, Clone, PartialEq)]
pub struct RemovalTrace {
    /// Its name.
    pub title: String,
    /// Where it is.
    pub path: Option<String>,
    /// For whom it is there.
    pub scope: Option<Scope>,
    /// What it says about presence, in words.
    pub says: String,
    /// The product it was identified as; nothing when only the vendor is known.
    pub product: Option<ProductId>,
    /// Which rules matched.
    pub matched: Vec<Matched>,
}

/// The subject, taken apart.
struct Sought<'a> {
    vendor: &'a VendorId,
    product: Option<&'a ProductId>,
}

impl Workbench {
    /// What the inventory says about the removal of a product or vendor from some machines, by id or host name, or from
    /// all when none is named.
    pub fn verify_removal(
        &self,
        store: &mut Store,
        subject: &Subject,
        machines: &[String],
    ) -> Result<Removal, AppError> {
        self.refresh_detections(store)?;
        if self.fingerprint_counts(subject).is_empty() {
            return Err(AppError::NoFingerprints { subject: self.removal_title(subject) });
        }
        let log_head = store.log_head()?;
        let asked: Vec<MachineRow> = match machines {
            [] => store.machines()?,
            wanted => wanted.iter().map(|wanted| machine_named(store, wanted)).collect::<Result<_, _>>()?,
        };
        let sought = match subject {
            Subject::Product { vendor, product } => Sought { vendor, product: Some(product) },
            Subject::Vendor { vendor } => Sought { vendor, product: None },
            Subject::Party { .. } => return Ok(Removal { subject: subject.clone(), machines: Vec::new(), log_head }),
        };
        let machines = asked.iter().map(|row| self.removal_from(store, row, &sought));
        let machines = machines.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        Ok(Removal { subject: subject.clone(), machines, log_head })
    }

    /// One machine's answer; nothing for a machine that no scan looked at.
    fn removal_from(
        &self,
        store: &Store,
        row: &MachineRow,
        sought: &Sought<'_>,
    ) -> Result<Option<MachineRemoval>, AppError> {
        let Some(scan) = store.newest_scan(&row.machine.id)? else { return Ok(None) };
        let mut traces = self.traces_of(store, row, sought)?;
        let family = row.machine.os.family;
        let reports = Reports { reports: &row.collectors, has_probes: scan.probes_version == self.probes_version() };
        let mut classes: Vec<ClassAnswer> = sources_kept_by(family)
            .into_iter()
            .map(|source| reports.answer(source, traces.remove(&source).unwrap_or_default()))
            .collect();
        // What another tool said of the machine, or an earlier version of this one: present, whatever the scan says.
        classes.extend(traces.into_iter().map(|(source, traces)| ClassAnswer {
            source,
            state: ClassState::Present,
            because: "recorded by an import or an earlier scan, and not looked at since".to_owned(),
            traces,
        }));
        let before = found_before(store, &row.machine.id, sought)?;
        Ok(Some(MachineRemoval { machine: row.machine.clone(), scan, before, classes }))
    }

    /// The catalogue version that a scan's first line would name now.
    fn probes_version(&self) -> String {
        self.catalogue().stamp().version.clone()
    }

    /// The machine's traces of the subject, by class.
    fn traces_of(
        &self,
        store: &Store,
        row: &MachineRow,
        sought: &Sought<'_>,
    ) -> Result<BTreeMap<ObservationSource, Vec<RemovalTrace>>, AppError> {
        let id = &row.machine.id;
        let filter = DetectionFilter {
            machine_id: Some(id.clone()),
            vendor: Some(sought.vendor.clone()),
            ..DetectionFilter::default()
        };
        // Most machines of a fleet have nothing of the vendor; their observations need not be read again.
        if store.detections(&filter)?.is_empty() {
            return Ok(BTreeMap::new());
        }
        let observations = store.observations_of(id)?;
        let found: Vec<(&Observation, Identification)> = observations
            .iter()
            .map(|observation| (observation, self.identifier().identify(observation)))
            .filter(|(_, found)| found.vendor.as_ref() == Some(sought.vendor))
            .collect();
        let is_accounted_for = sought.accounted_for_by_another(&found);
        let mut traces: BTreeMap<ObservationSource, Vec<RemovalTrace>> = BTreeMap::new();
        for (observation, identification) in &found {
            if sought.is_met_by(identification, is_accounted_for) {
                traces.entry(observation.source).or_default().push(trace(observation, identification));
            }
        }
        Ok(traces)
    }
}

impl Sought<'_> {
    /// Whether another product of the vendor is on the machine, which accounts for traces that name only the vendor.
    fn accounted_for_by_another(&self, found: &[(&Observation, Identification)]) -> bool {
        let Some(wanted) = self.product else { return false };
        found.iter().any(|(_, found)| found.product.as_ref().is_some_and(|product| product != wanted))
    }

    /// Whether a trace is one of the subject: of a product also what names only its vendor, unless another product of
    /// the vendor accounts for it.
    fn is_met_by(&self, found: &Identification, is_accounted_for: bool) -> bool {
        match (self.product, &found.product) {
            (None, _) => true,
            (Some(wanted), Some(product)) => wanted == product,
            (Some(_), None) => !is_accounted_for,
        }
    }
}

/// How the collectors of a machine's newest scan fared.
struct Reports<'a> {
    reports: &'a [CollectorReport],
    /// Whether the scan was made with the probes of the catalogue in use.
    has_probes: bool,
}

impl Reports<'_> {
    fn answer(&self, source: ObservationSource, traces: Vec<RemovalTrace>) -> ClassAnswer {
        let gap = self.gap(source);
        let (state, because) = match (gap, traces.is_empty()) {
            (None, true) => (ClassState::Absent, self.basis(source)),
            (None, false) => (ClassState::Present, "found by the newest scan".to_owned()),
            (Some(gap), true) => (ClassState::NotLookedAt, gap),
            // Seen in part of what was looked at, or by an earlier scan: there until a full look says otherwise.
            (Some(gap), false) => (ClassState::Present, format!("not wholly looked at by the newest scan: {gap}")),
        };
        ClassAnswer { source, state, because, traces }
    }

    fn of(&self, source: ObservationSource) -> impl Iterator<Item = &CollectorReport> {
        self.reports.iter().filter(move |report| sources_of(&report.name).contains(&source))
    }

    /// Why a class was not wholly looked at; nothing when it was.
    fn gap(&self, source: ObservationSource) -> Option<String> {
        let mut is_read = false;
        for report in self.of(source) {
            is_read = true;
            if report.status != CollectorStatus::Complete && !rules_out(report) {
                let reason = report.reason.as_deref().unwrap_or("no reason was given");
                return Some(format!("{} was {}: {reason}", report.name, status_in_words(report.status)));
            }
        }
        if !is_read {
            return Some("the newest scan was made by a version that does not read it".to_owned());
        }
        let needs_probes = matches!(source, ObservationSource::Files | ObservationSource::Registry);
        (needs_probes && !self.has_probes)
            .then(|| "the newest scan was made with the probes of another catalogue; scan again".to_owned())
    }

    /// What it rests on that a class is absent.
    fn basis(&self, source: ObservationSource) -> String {
        let ruled_out = self.of(source).find(|report| rules_out(report)).and_then(|report| report.reason.clone());
        ruled_out.unwrap_or_else(|| {
            let read: usize = self.of(source).map(|report| report.count).sum();
            match source {
                ObservationSource::Files | ObservationSource::Registry => "every known place was looked at".to_owned(),
                _ if read == 0 => "none of any kind is there".to_owned(),
                _ => format!("all {read} were read"),
            }
        })
    }
}

const fn status_in_words(status: CollectorStatus) -> &'static str {
    match status {
        CollectorStatus::Complete => "complete",
        CollectorStatus::Partial => "partial",
        CollectorStatus::NotPossible => "not possible",
        CollectorStatus::Failed => "failed",
    }
}

/// The classes of trace that a family of systems keeps and this version reads, in the order of the vocabulary.
fn sources_kept_by(family: OsFamily) -> BTreeSet<ObservationSource> {
    let of_family = collectors().filter(|collector| collector.needs().os.contains(&family));
    of_family.flat_map(Collector::sources).copied().collect()
}

fn trace(observation: &Observation, found: &Identification) -> RemovalTrace {
    RemovalTrace {
        title: observation.title().to_owned(),
        path: observation.path.clone().or_else(|| observation.install_location.clone()),
        scope: observation.scope.clone(),
        says: says(observation),
        product: found.product.clone(),
        matched: found.matched.clone(),
    }
}

/// When scans found the subject on a machine.
fn found_before(store: &Store, machine: &str, sought: &Sought<'_>) -> Result<Option<FoundBefore>, AppError> {
    let filter = DetectionFilter {
        machine_id: Some(machine.to_owned()),
        vendor: Some(sought.vendor.clone()),
        product: sought.product.cloned(),
        span: Span::All,
    };
    // What a catalogue no longer identifies was not removed.
    let rows = store.detections(&filter)?.into_iter().filter(|row| row.ended_by != Some(EndedBy::Catalogue));
    let newest = rows.max_by(|left, right| left.last_seen.cmp(&right.last_seen));
    Ok(newest.map(|row| FoundBefore { last_seen: row.last_seen, gone: row.gone }))
}

/// The machine of an id or host name. The others are read only where none or more than one is called so, to say what there
/// is instead.
pub(crate) fn machine_named(store: &Store, wanted: &str) -> Result<MachineRow, AppError> {
    let called = store.machines_called(wanted)?;
    match named(&called, wanted) {
        Ok(row) => Ok(row.clone()),
        Err(_) => named(&store.machines()?, wanted).cloned(),
    }
}

/// The machine of an id or host name.
pub(crate) fn named<'m>(machines: &'m [MachineRow], wanted: &str) -> Result<&'m MachineRow, AppError> {
    let by_id = machines.iter().find(|row| row.machine.id == wanted);
    let lower = wanted.to_lowercase();
    let mut by_name = machines.iter().filter(|row| row.machine.hostname.to_lowercase() == lower);
    match (by_id, by_name.next(), by_name.next()) {
        (Some(row), _, _) | (None, Some(row), None) => Ok(row),
        (None, Some(one), Some(other)) => {
            let among = [one.machine.id.as_str(), other.machine.id.as_str()];
            Err(AppError::UnknownId {
                kind: "machine",
                id: wanted.to_owned(),
                nearest: among.map(str::to_owned).into(),
            })
        }
        (None, None, _) => {
            let known = machines.iter().flat_map(|row| [row.machine.id.as_str(), row.machine.hostname.as_str()]);
            Err(unknown("machine", wanted, known.filter(|name| !name.is_empty())))
        }
    }
}

impl MachineRemoval {
    /// When the subject was found before, in a sentence without its full stop.
    #[must_use]
    pub fn history(&self) -> String {
        match &self.before {
            None => "never found on this machine by a scan that was kept".to_owned(),
            Some(FoundBefore { last_seen, gone: None }) => format!("found by the scan of {last_seen}"),
            Some(FoundBefore { last_seen, gone: Some(gone) }) => {
                format!("last found by the scan of {last_seen}, no longer by that of {gone}")
            }
        }
    }
}

impl Workbench {
    /// A subject for people: `Kaspersky Endpoint Security for Linux (kaspersky.kes-linux), by Kaspersky`.
    #[must_use]
    pub fn removal_title(&self, subject: &Subject) -> String {
        let catalogue = self.catalogue();
        let vendor_name = |id| catalogue.vendor(id).map_or_else(|| id.to_string(), |vendor| vendor.name.clone());
        match subject {
            Subject::Product { vendor, product } => {
                let name = catalogue.product(product).map_or_else(|| product.to_string(), |found| found.name.clone());
                format!("{name} ({product}), by {}", vendor_name(vendor))
            }
            Subject::Vendor { vendor } => format!("anything of {} ({vendor})", vendor_name(vendor)),
            Subject::Party { party } => party.name.clone(),
        }
    }

    /// By what the catalogue recognises a subject, in a sentence.
    #[must_use]
    pub fn recognised_by(&self, subject: &Subject) -> String {
        let counts = self.fingerprint_counts(subject);
        let kinds: Vec<String> = counts.iter().map(|(field, count)| format!("{field} {count}")).collect();
        match counts.values().sum::<usize>() {
            0 => "The catalogue has no fingerprint of it, so no scan could recognise it.".to_owned(),
            1 => format!("The catalogue recognises it by 1 fingerprint: {}.", kinds.concat()),
            sum => format!("The catalogue recognises it by {sum} fingerprints: {}.", kinds.join(", ")),
        }
    }

    /// How many fingerprints of each kind the catalogue has for a subject: what a scan could recognise it by.
    #[must_use]
    pub fn fingerprint_counts(&self, subject: &Subject) -> BTreeMap<FingerprintField, usize> {
        let (vendor, product) = match subject {
            Subject::Product { vendor, product } => (vendor, Some(product)),
            Subject::Vendor { vendor } => (vendor, None),
            Subject::Party { .. } => return BTreeMap::new(),
        };
        let mut counts = BTreeMap::new();
        let Some(vendor) = self.catalogue().vendor(vendor) else { return counts };
        let products = vendor.products.iter().filter(|known| product.is_none_or(|wanted| known.id == *wanted));
        let of_products = products.flat_map(|product| &product.fingerprints);
        for fingerprint in vendor.fingerprints.iter().chain(of_products) {
            *counts.entry(fingerprint.field).or_default() += 1;
        }
        counts
    }
}
