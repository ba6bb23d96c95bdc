//! What is new, gone or changed between two moments, on one machine or on all: told machine by machine, never all at once.
//!
//! The past is judged for today's question (the same profiles and day), so that what is told happened on the machines and
//! not in the law. What was merely looked at for the first time, and what the catalogue only learned to recognise since,
//! is told as such and never as new.

use std::collections::{BTreeMap, BTreeSet};

use interdict_assess::Circumstances;
use interdict_identify::consolidate;
use interdict_model::{Evidence, Observation, ObservationSource, Presence, Tier};
use interdict_store::{DetectionChange, DetectionRow, InstallationChanges, Interval, MachineSpan, Moment, Past, Store};

use crate::error::AppError;
use crate::pairing::{Direction, FieldChange, differing_fields, paired};
use crate::removal::machine_named;
use crate::verdicts::Verdicts;
use crate::workbench::Workbench;

/// What a difference is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DifferenceOf {
    /// A machine.
    Machine,
    /// A product or vendor that some instrument speaks of, on a machine.
    Finding,
    /// One installation, or one trace of software, on a machine.
    Software,
}

impl DifferenceOf {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::Finding => "finding",
            Self::Software => "software",
        }
    }
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// It was not there at the earlier moment.
    New,
    /// It is not there at the later moment.
    Gone,
    /// It is there at both and not the same.
    Changed,
    /// A machine of which nobody told in between.
    NotSeen,
}

impl DifferenceKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::New, Self::Gone, Self::Changed, Self::NotSeen];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Gone => "gone",
            Self::Changed => "changed",
            Self::NotSeen => "not-seen",
        }
    }
}

/// How sure it is that something new was not there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Newness {
    /// It was looked for before, and was not there.
    New,
    /// Nobody had looked there before: it may have been there for long.
    FirstLook,
    /// It was there before, and the catalogue recognises it now.
    RecognisedSince,
}

impl Newness {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::FirstLook => "first-look",
            Self::RecognisedSince => "recognised-since",
        }
    }
}

/// One difference between two moments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is about.
    pub of: DifferenceOf,
    /// What became of it.
    pub kind: DifferenceKind,
    /// How sure it is that something new is new.
    pub newness: Option<Newness>,
    /// The machine's id.
    pub machine_id: String,
    /// The machine's present name.
    pub hostname: String,
    /// When the scan or import began that told of it; of a machine not seen when it was last: RFC 3339, UTC.
    pub at: String,
    /// The product, the software or the machine, for people.
    pub title: String,
    /// Its version, at the later moment unless it is gone.
    pub version: Option<String>,
    /// Its version at the earlier moment, of what changed.
    pub was_version: Option<String>,
    /// Where the version moved to.
    pub direction: Option<Direction>,
    /// Whether a finding is really there, at the later moment unless it is gone.
    pub presence: Option<Presence>,
    /// Whether it really was there, of what changed.
    pub was_presence: Option<Presence>,
    /// The vendor in the catalogue.
    pub vendor: Option<String>,
    /// The product in the catalogue.
    pub product: Option<String>,
    /// The installed headline; undetermined where nobody knows what it is, nothing for a machine.
    pub tier: Option<Tier>,
    /// Where software was read.
    pub source: Option<ObservationSource>,
    /// Who told of software: the name of a format, `interdict` for our own looking.
    pub origin: Option<String>,
    /// Every field that changed, of software.
    pub fields: Vec<FieldChange>,
}

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breadth {
    /// Machines and findings.
    Findings,
    /// Also installed software.
    Software,
    /// Also traces of software: services, processes, files and the like.
    Everything,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct DifferenceQuery<'a> {
    /// The earlier moment.
    pub since: &'a Moment,
    /// The later moment, not before the earlier one.
    pub until: &'a Moment,
    /// The machines, by id or host name; all when none is named.
    pub machines: &'a [String],
    /// How much is told; all is counted.
    pub breadth: Breadth,
}

/// How many there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DifferenceCounts {
    /// Surely new.
    pub new: usize,
    /// Seen for the first time where nobody had looked before.
    pub first_look: usize,
    /// There before, and recognised since.
    pub recognised_since: usize,
    /// Gone.
    pub gone: usize,
    /// Changed, of which so many to a higher version and so many to a lower one.
    pub changed: usize,
    /// To a higher version.
    pub upgraded: usize,
    /// To a lower version.
    pub downgraded: usize,
}

/// What the differences come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DifferenceSummary {
    /// Machines that were compared.
    pub machines: usize,
    /// Of those, known at the later moment only.
    pub new_machines: usize,
    /// Of those, nobody told of in between.
    pub not_seen_machines: usize,
    /// Findings.
    pub findings: DifferenceCounts,
    /// Installed software.
    pub software: DifferenceCounts,
    /// Traces of software.
    pub traces: DifferenceCounts,
    /// What was gone before this instant is forgotten; the earlier moment is before it, so that something may be missing.
    pub forgotten_before: Option<String>,
}

impl DifferenceCounts {
    fn count(&mut self, difference: &Difference) {
        let slot = match (difference.kind, difference.newness) {
            (DifferenceKind::New, Some(Newness::FirstLook)) => &mut self.first_look,
            (DifferenceKind::New, Some(Newness::RecognisedSince)) => &mut self.recognised_since,
            (DifferenceKind::New, Some(Newness::New) | None) => &mut self.new,
            (DifferenceKind::Gone, _) => &mut self.gone,
            (DifferenceKind::Changed, _) => &mut self.changed,
            (DifferenceKind::NotSeen, _) => return,
        };
        *slot += 1;
        match difference.direction {
            Some(Direction::Upgraded) => self.upgraded += 1,
            Some(Direction::Downgraded) => self.downgraded += 1,
            None => {}
        }
    }
}

impl Workbench {
    /// Tells what differs between two moments: machine by machine in the order of their names, of each the machine, its
    /// findings worst first, its software by name. What does not fit `query.breadth` is counted and not told.
    pub fn differences<E: From<AppError>>(
        &self,
        store: &Store,
        query: &DifferenceQuery<'_>,
        circumstances: &Circumstances,
        mut tell: impl FnMut(Difference) -> Result<(), E>,
    ) -> Result<DifferenceSummary, E> {
        let wanted = wanted_machines(store, query.machines)?;
        let past = store.past().map_err(AppError::from)?;
        let only = match wanted.as_ref().map(BTreeSet::len) {
            Some(1) => wanted.as_ref().and_then(BTreeSet::first).map(String::as_str),
            _ => None,
        };
        let mut detections = past.detection_changes(only, query.since, query.until).map_err(AppError::from)?;
        let mut comparison = Comparison {
            workbench: self,
            past: &past,
            since: query.since,
            until: query.until,
            verdicts: Verdicts::new(self, circumstances),
        };
        let mut summary = DifferenceSummary { forgotten_before: forgotten(&past, query.since)?, ..Default::default() };
        for span in past.machines(query.since, query.until).map_err(AppError::from)? {
            if wanted.as_ref().is_some_and(|wanted| !wanted.contains(&span.machine_id)) {
                continue;
            }
            summary.machines += 1;
            let found = detections.remove(&span.machine_id).unwrap_or_default();
            for difference in comparison.machine(&span, found)? {
                let counts = match (difference.of, difference.source) {
                    (DifferenceOf::Machine, _) => {
                        match difference.kind {
                            DifferenceKind::New => summary.new_machines += 1,
                            DifferenceKind::NotSeen => summary.not_seen_machines += 1,
                            DifferenceKind::Gone | DifferenceKind::Changed => {}
                        }
                        None
                    }
                    (DifferenceOf::Finding, _) => Some((&mut summary.findings, Breadth::Findings)),
                    (DifferenceOf::Software, Some(source)) if !source.is_registration() => {
                        Some((&mut summary.traces, Breadth::Everything))
                    }
                    (DifferenceOf::Software, _) => Some((&mut summary.software, Breadth::Software)),
                };
                if let Some((counts, breadth)) = counts {
                    counts.count(&difference);
                    if breadth > query.breadth {
                        continue;
                    }
                }
                tell(difference)?;
            }
        }
        Ok(summary)
    }
}

/// The ids of the machines that were named; nothing where none was, so that all are meant.
fn wanted_machines(store: &Store, machines: &[String]) -> Result<Option<BTreeSet<String>>, AppError> {
    if machines.is_empty() {
        return Ok(None);
    }
    let ids = machines.iter().map(|wanted| Ok(machine_named(store, wanted)?.machine.id));
    ids.collect::<Result<_, AppError>>().map(Some)
}

/// When what is asked for reaches back behind what was forgotten.
fn forgotten(past: &Past<'_>, since: &Moment) -> Result<Option<String>, AppError> {
    let before = past.forgotten_before()?;
    Ok(before.filter(|before| Moment::at(before).is_ok_and(|forgotten| *since < forgotten)))
}

/// Two moments being compared.
struct Comparison<'a, 's> {
    workbench: &'a Workbench,
    past: &'a Past<'s>,
    since: &'a Moment,
    until: &'a Moment,
    verdicts: Verdicts<'a>,
}

impl Comparison<'_, '_> {
    fn machine(&mut self, span: &MachineSpan, found: Vec<DetectionChange>) -> Result<Vec<Difference>, AppError> {
        let mut differences = Vec::new();
        let is_new = span.scans_before == 0;
        if is_new {
            differences.push(of_machine(span, DifferenceKind::New, &span.first_seen));
        } else if span.scans_between == 0 {
            // Nothing of it can have changed.
            return Ok(vec![of_machine(span, DifferenceKind::NotSeen, &span.last_seen)]);
        }
        let changes = self.past.installation_changes(&span.machine_id, self.since, self.until)?;
        let mut findings = self.findings(span, found, &changes)?;
        findings.sort_by(|left, right| {
            let rank = |difference: &Difference| difference.tier.map_or(0, Tier::rank);
            (rank(right), left.kind, &left.title).cmp(&(rank(left), right.kind, &right.title))
        });
        differences.extend(findings);
        let mut software = self.software(span, changes);
        software.sort_by_cached_key(|difference| {
            (difference.title.to_lowercase(), difference.kind, difference.version.clone())
        });
        differences.extend(software);
        Ok(differences)
    }

    fn findings(
        &mut self,
        span: &MachineSpan,
        found: Vec<DetectionChange>,
        changes: &InstallationChanges,
    ) -> Result<Vec<Difference>, AppError> {
        let mut findings = Vec::new();
        let mut before: Option<BTreeSet<String>> = None;
        for change in found {
            let Some(row) = change.after.as_ref().or(change.before.as_ref()) else { continue };
            let (vendor, product) = (&row.detection.vendor, row.detection.product.as_ref());
            let told = self.verdicts.of(Some(vendor), product);
            let Some(title) = told.title.filter(|_| told.is_spoken_of) else { continue };
            let Some(kind) = kind_of(&change) else { continue };
            let newness = match kind {
                DifferenceKind::New if span.scans_before == 0 => Some(Newness::FirstLook),
                DifferenceKind::New => {
                    let before = match &mut before {
                        Some(before) => before,
                        none => none.insert(self.recognised_at(&span.machine_id)?),
                    };
                    Some(newness(row, before, changes))
                }
                DifferenceKind::Gone | DifferenceKind::Changed | DifferenceKind::NotSeen => None,
            };
            let was = change.before.as_ref().filter(|_| kind == DifferenceKind::Changed);
            let was_version = was.and_then(|was| was.detection.version.clone());
            findings.push(Difference {
                of: DifferenceOf::Finding,
                kind,
                newness,
                machine_id: span.machine_id.clone(),
                hostname: span.hostname.clone(),
                at: change.changed.as_deref().unwrap_or_else(|| at(row, kind)).to_owned(),
                title,
                direction: Direction::between(was_version.as_deref(), row.detection.version.as_deref()),
                version: row.detection.version.clone(),
                was_version,
                presence: Some(row.detection.presence),
                was_presence: was.map(|was| was.detection.presence),
                vendor: Some(vendor.to_string()),
                product: product.map(ToString::to_string),
                tier: Some(told.tier),
                source: None,
                origin: None,
                fields: Vec::new(),
            });
        }
        Ok(findings)
    }

    /// What the catalogue in use recognises in what stood on a machine at the earlier moment.
    fn recognised_at(&self, machine_id: &str) -> Result<BTreeSet<String>, AppError> {
        let there: Vec<Observation> =
            self.past.installations_at(machine_id, self.since)?.into_iter().map(|told| told.observation).collect();
        Ok(consolidate(self.workbench.identifier(), &there)
            .into_iter()
            .map(|found| key(&found.vendor.to_string(), found.product.as_ref().map(ToString::to_string).as_deref()))
            .collect())
    }

    fn software(&mut self, span: &MachineSpan, changes: InstallationChanges) -> Vec<Difference> {
        let InstallationChanges { new, gone, first_looks, .. } = changes;
        let paired = paired(new, gone);
        let mut differences = Vec::new();
        for (was, is) in paired.changed {
            let fields = differing_fields(&was.observation, &is.observation);
            if fields.is_empty() {
                continue;
            }
            let at = is.first_seen.clone();
            let (was_version, version) = (was.observation.version, is.observation.version.clone());
            differences.push(Difference {
                direction: Direction::between(was_version.as_deref(), version.as_deref()),
                was_version,
                fields,
                ..self.installation(span, DifferenceKind::Changed, &is, at)
            });
        }
        for interval in paired.new {
            let place = (interval.origin.clone(), interval.observation.source);
            let newness = if first_looks.contains(&place) { Newness::FirstLook } else { Newness::New };
            let at = interval.first_seen.clone();
            let new = self.installation(span, DifferenceKind::New, &interval, at);
            differences.push(Difference { newness: Some(newness), ..new });
        }
        for interval in paired.gone {
            let at = interval.gone.clone().unwrap_or_default();
            differences.push(self.installation(span, DifferenceKind::Gone, &interval, at));
        }
        differences
    }

    fn installation(&mut self, span: &MachineSpan, kind: DifferenceKind, told: &Interval, at: String) -> Difference {
        let known = self.workbench.identifier().identify(&told.observation);
        let verdict = self.verdicts.of(known.vendor.as_ref(), known.product.as_ref());
        Difference {
            of: DifferenceOf::Software,
            kind,
            newness: None,
            machine_id: span.machine_id.clone(),
            hostname: span.hostname.clone(),
            at,
            title: told.observation.title().to_owned(),
            version: told.observation.version.clone(),
            was_version: None,
            direction: None,
            presence: None,
            was_presence: None,
            vendor: known.vendor.map(|id| id.to_string()),
            product: known.product.map(|id| id.to_string()),
            tier: Some(verdict.tier),
            source: Some(told.observation.source),
            origin: Some(told.origin.clone()),
            fields: Vec::new(),
        }
    }
}

fn key(vendor: &str, product: Option<&str>) -> String {
    product.map_or_else(|| vendor.to_owned(), |product| format!("{vendor}\0{product}"))
}

/// What became of a finding; nothing where it is as it was.
fn kind_of(change: &DetectionChange) -> Option<DifferenceKind> {
    match (&change.before, &change.after) {
        (None, Some(_)) => Some(DifferenceKind::New),
        (Some(_), None) => Some(DifferenceKind::Gone),
        (Some(before), Some(after)) => {
            let (before, after) = (&before.detection, &after.detection);
            let is_same = (before.presence, &before.version) == (after.presence, &after.version);
            (!is_same).then_some(DifferenceKind::Changed)
        }
        (None, None) => None,
    }
}

fn at(row: &DetectionRow, kind: DifferenceKind) -> &str {
    match kind {
        DifferenceKind::Gone => row.gone.as_deref().unwrap_or_default(),
        DifferenceKind::New | DifferenceKind::Changed | DifferenceKind::NotSeen => &row.first_seen,
    }
}

/// How sure it is that a finding was not there at the earlier moment.
fn newness(row: &DetectionRow, before: &BTreeSet<String>, changes: &InstallationChanges) -> Newness {
    let product = row.detection.product.as_ref().map(ToString::to_string);
    if before.contains(&key(row.detection.vendor.as_str(), product.as_deref())) {
        return Newness::RecognisedSince;
    }
    // By trace, whether all who tell of it anew had not looked there before.
    let mut traces: BTreeMap<(ObservationSource, &str), bool> = BTreeMap::new();
    for Interval { origin, observation, .. } in &changes.new {
        let is_first = changes.first_looks.contains(&(origin.clone(), observation.source));
        let all = traces.entry((observation.source, observation.title())).or_insert(true);
        *all = *all && is_first;
    }
    let evidence = &row.detection.evidence;
    let is_first = |evidence: &Evidence| traces.get(&(evidence.source, evidence.title.as_str())).copied();
    let is_unlooked = |evidence: &Evidence| !changes.looked_at.contains(&evidence.source);
    if !evidence.is_empty() && evidence.iter().all(|evidence| is_unlooked(evidence) && is_first(evidence) == Some(true))
    {
        Newness::FirstLook
    } else {
        Newness::New
    }
}

fn of_machine(span: &MachineSpan, kind: DifferenceKind, at: &str) -> Difference {
    Difference {
        of: DifferenceOf::Machine,
        kind,
        newness: None,
        machine_id: span.machine_id.clone(),
        hostname: span.hostname.clone(),
        at: at.to_owned(),
        title: span.hostname.clone(),
        version: None,
        was_version: None,
        direction: None,
        presence: None,
        was_presence: None,
        vendor: None,
        product: None,
        tier: None,
        source: None,
        origin: None,
        fields: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use interdict_model::{Machine, ObservationSource, OperatingSystem, OsFamily, ProbesStamp, ScanHeader};
    use interdict_store::ForgetScope;

    use super::*;

    const DEB: &[ObservationSource] = &[ObservationSource::DebPackages];

    struct Trial {
        workbench: Workbench,
        store: Store,
    }

    fn package(name: &str, version: &str) -> Observation {
        let mut observation = Observation::new(ObservationSource::DebPackages);
        observation.name = Some(name.to_owned());
        observation.version = Some(version.to_owned());
        if name == "kesl" {
            observation.publisher = Some("AO Kaspersky Lab <support@kaspersky.com>".to_owned());
        }
        observation
    }

    fn instant(day: u32) -> String {
        format!("2026-11-{day:02}T08:00:00Z")
    }

    impl Trial {
        fn new() -> Self {
            let workbench = Workbench::builtin().expect("the built-in catalogue");
            Self { workbench, store: Store::open_in_memory().expect("opens") }
        }

        fn scan(&mut self, machine: &str, day: u32, covered: &[ObservationSource], seen: &[Observation]) {
            let os = OperatingSystem { family: OsFamily::Linux, name: "Debian".to_owned(), version: "13".to_owned() };
            let header = ScanHeader {
                schema: ScanHeader::SCHEMA.to_owned(),
                machine: Machine {
                    id: machine.to_owned(),
                    hostname: format!("host-{machine}"),
                    os,
                    arch: "x".to_owned(),
                },
                started: instant(day),
                probes: ProbesStamp { catalogue_version: "1".to_owned(), count: 0 },
                collectors: Vec::new(),
                read_as: None,
                swept: Vec::new(),
                tool_version: "1".to_owned(),
            };
            let found = consolidate(self.workbench.identifier(), seen);
            self.store.record_scan(&header, &instant(day), "x", covered, seen, &found).expect("records");
        }

        fn between(
            &self,
            since: u32,
            until: u32,
            machines: &[&str],
            breadth: Breadth,
        ) -> (Vec<Difference>, DifferenceSummary) {
            let moment = |day| Moment::at(&instant(day)).expect("an instant");
            let circumstances = self
                .workbench
                .circumstances(&["us-private".to_owned()], "2026-11-22".parse().expect("a day"))
                .expect("a profile");
            let machines: Vec<String> = machines.iter().map(|&name| name.to_owned()).collect();
            let query = DifferenceQuery { since: &moment(since), until: &moment(until), machines: &machines, breadth };
            let mut told = Vec::new();
            let tell = |difference| {
                told.push(difference);
                Ok::<(), AppError>(())
            };
            let summary = self.workbench.differences(&self.store, &query, &circumstances, tell).expect("compares");
            (told, summary)
        }
    }

    fn brief(differences: &[Difference]) -> Vec<String> {
        let word = |difference: &Difference| {
            let newness = difference.newness.map_or("", Newness::as_str);
            let direction = difference.direction.map_or("", Direction::as_str);
            let of = difference.of.as_str();
            let text = format!("{of} {} {newness} {direction} {}", difference.kind.as_str(), difference.title);
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        differences.iter().map(word).collect()
    }

    #[test]
    fn what_happened_is_told_with_what_it_means() {
        let mut trial = Trial::new();
        trial.scan("m1", 1, DEB, &[package("vim", "9.0"), package("old", "1")]);
        trial.scan("m1", 3, DEB, &[package("vim", "9.1"), package("kesl", "12.1")]);
        trial.scan("m1", 5, DEB, &[package("vim", "9.0")]);
        let (told, summary) = trial.between(1, 3, &[], Breadth::Everything);
        assert_eq!(
            brief(&told),
            [
                "finding new new Kaspersky Endpoint Security for Linux",
                "software new new kesl",
                "software gone old",
                "software changed upgraded vim",
            ]
        );
        assert_eq!((told[0].tier, told[1].tier), (Some(Tier::Restricted), Some(Tier::Restricted)));
        assert_eq!((told[3].was_version.as_deref(), told[3].version.as_deref()), (Some("9.0"), Some("9.1")));
        assert_eq!((summary.machines, summary.new_machines, summary.software.upgraded), (1, 0, 1));
        let (told, summary) = trial.between(3, 5, &[], Breadth::Findings);
        assert_eq!(brief(&told), ["finding gone Kaspersky Endpoint Security for Linux"]);
        assert_eq!(told[0].at, instant(5));
        assert_eq!((summary.software.gone, summary.software.downgraded), (1, 1), "counted and not told");
        assert_eq!(trial.between(5, 9, &[], Breadth::Everything).0.len(), 1, "only that nobody looked");
    }

    #[test]
    fn what_stays_and_is_another_version_or_presence_is_told_as_changed() {
        let mut trial = Trial::new();
        let removed = |version| {
            let mut package = package("kesl", version);
            package.raw.insert(interdict_model::raw_key::STATUS.to_owned(), "deinstall ok config-files".to_owned());
            package
        };
        trial.scan("m1", 1, DEB, &[package("kesl", "12.0")]);
        trial.scan("m1", 3, DEB, &[package("kesl", "12.1")]);
        trial.scan("m1", 5, DEB, &[package("kesl", "12.1")]);
        trial.scan("m1", 7, DEB, &[removed("12.1")]);
        let title = "Kaspersky Endpoint Security for Linux";
        let (told, summary) = trial.between(1, 3, &[], Breadth::Findings);
        assert_eq!(brief(&told), [format!("finding changed upgraded {title}")]);
        assert_eq!((told[0].was_version.as_deref(), told[0].version.as_deref()), (Some("12.0"), Some("12.1")));
        assert_eq!((told[0].at.clone(), summary.findings.changed), (instant(3), 1));
        assert_eq!(brief(&trial.between(3, 5, &[], Breadth::Findings).0), Vec::<String>::new());
        let (told, _) = trial.between(5, 9, &[], Breadth::Findings);
        assert_eq!(brief(&told), [format!("finding changed {title}")]);
        assert_eq!((told[0].was_presence, told[0].presence), (Some(Presence::Dormant), Some(Presence::Residue)));
        let (told, _) = trial.between(2, 9, &[], Breadth::Findings);
        assert_eq!((told[0].was_version.as_deref(), told[0].at.clone()), (Some("12.0"), instant(7)));
    }

    #[test]
    fn machines_appear_and_are_not_seen_and_can_be_chosen() {
        let mut trial = Trial::new();
        trial.scan("m1", 1, DEB, &[]);
        trial.scan("m2", 3, DEB, &[package("kesl", "1")]);
        let (told, summary) = trial.between(2, 4, &[], Breadth::Findings);
        assert_eq!(
            brief(&told),
            [
                "machine not-seen host-m1",
                "machine new host-m2",
                "finding new first-look Kaspersky Endpoint Security for Linux"
            ]
        );
        assert_eq!((summary.machines, summary.new_machines, summary.not_seen_machines), (2, 1, 1));
        assert_eq!((summary.findings.new, summary.findings.first_look, summary.software.first_look), (0, 1, 1));
        let (told, _) = trial.between(2, 4, &["HOST-M1"], Breadth::Findings);
        assert_eq!(brief(&told), ["machine not-seen host-m1"]);
    }

    #[test]
    fn what_the_catalogue_learned_since_is_not_new() {
        let mut trial = Trial::new();
        trial.scan("m1", 1, DEB, &[package("kesl", "1")]);
        trial.store.replace_detections("m1", "2", &[]).expect("replaces");
        trial.scan("m1", 3, DEB, &[package("kesl", "1")]);
        let (told, _) = trial.between(1, 3, &[], Breadth::Everything);
        assert_eq!(brief(&told), ["finding new recognised-since Kaspersky Endpoint Security for Linux"]);
    }

    #[test]
    fn a_source_looked_at_for_the_first_time_makes_nothing_new() {
        let mut trial = Trial::new();
        trial.scan("m1", 1, &[ObservationSource::Services], &[]);
        trial.scan("m1", 3, DEB, &[package("kesl", "1")]);
        let (told, summary) = trial.between(1, 3, &[], Breadth::Everything);
        assert_eq!(
            brief(&told),
            ["finding new first-look Kaspersky Endpoint Security for Linux", "software new first-look kesl"]
        );
        assert_eq!((summary.software.new, summary.software.first_look), (0, 1));
    }

    #[test]
    fn what_was_forgotten_is_said_where_it_matters() {
        let mut trial = Trial::new();
        trial.scan("m1", 1, DEB, &[]);
        trial.scan("m1", 9, DEB, &[]);
        let done = interdict_store::Trial::Done;
        trial.store.forget(&instant(5), ForgetScope::PAST, done, &instant(10)).expect("forgets");
        assert_eq!(trial.between(1, 9, &[], Breadth::Findings).1.forgotten_before, Some(instant(5)));
        assert_eq!(trial.between(5, 9, &[], Breadth::Findings).1.forgotten_before, None);
    }
}
