//! Everything about one machine: what it is called, who tells of it and how old that is, its findings, where those who
//! tell disagree, and what the newest scan or import changed.

use std::collections::BTreeMap;

use interdict_assess::Circumstances;
use interdict_model::{ObservationSource, Tier};
use interdict_store::{
    DetectionFilter, LastTold, MachineName, MachineRow, Moment, ScanRow, Span, Store, StoreError, Teller, ToldSource,
};

use crate::differences::{Breadth, Difference, DifferenceQuery, DifferenceSummary};
use crate::disagreements::Disagreement;
use crate::error::AppError;
use crate::findings::Finding;
use crate::freshness::{Age, MachineFreshness};
use crate::removal::machine_named;
use crate::workbench::Workbench;

/// At most so many scans and imports are listed, newest first.
const MOST_SCANS: usize = 20;
/// At most so many recent changes are listed; all are counted.
const MOST_RECENT: usize = 500;

/// Everything about one machine.
#[derive(Debug, Clone)]
pub struct MachinePage {
    /// The machine, how often it was looked at, and how its collectors fared.
    pub machine: MachineRow,
    /// The worst installed headline of its findings.
    pub tier: Tier,
    /// What some instrument speaks of, worst first; rows of this machine only.
    pub findings: Vec<Finding>,
    /// The names and numbers it is known by.
    pub names: Vec<MachineName>,
    /// How old what is known of it is.
    pub freshness: MachineFreshness,
    /// Who tells of it: our own looking first, then the newest.
    pub tellers: Vec<TellerStanding>,
    /// How many installations and traces it has, by source.
    pub installations: BTreeMap<ObservationSource, usize>,
    /// Where those that tell of it disagree, the worst first.
    pub disagreements: Vec<Disagreement>,
    /// The newest scans and imports of it, newest first, with who told.
    pub scans: Vec<(String, ScanRow)>,
    /// What the newest of them changed; nothing where there is only one.
    pub recent: Option<RecentChanges>,
    /// What is or was on it and some instrument speaks of: what its removal can be certified of.
    pub removable: Vec<Removable>,
}

/// A product, or a vendor without a known product, that is or was on a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removable {
    /// The id of the product or vendor.
    pub subject: String,
    /// Its name.
    pub title: String,
    /// Whether no scan finds it any more.
    pub is_gone: bool,
}

/// One that tells of a machine, with its age.
#[derive(Debug, Clone)]
pub struct TellerStanding {
    /// Who tells, of what, since when.
    pub teller: Teller,
    /// How old what it tells is.
    pub age: Age,
    /// What it told of, each with its own age.
    pub sources: Vec<(ToldSource, Age)>,
}

/// What the newest scan or import of a machine changed.
#[derive(Debug, Clone)]
pub struct RecentChanges {
    /// The scan or import before.
    pub since: ScanRow,
    /// The newest one.
    pub until: ScanRow,
    /// What changed, traces left out; at most 500.
    pub differences: Vec<Difference>,
    /// How much changed.
    pub summary: DifferenceSummary,
}

impl Workbench {
    /// Everything about one machine, by its id or host name; an unknown one is an error that names the nearest.
    pub fn machine_page(
        &self,
        store: &Store,
        machine: &str,
        circumstances: &Circumstances,
    ) -> Result<MachinePage, AppError> {
        let machine = machine_named(store, machine)?;
        let id = machine.machine.id.as_str();
        let filter = DetectionFilter { machine_id: Some(id.to_owned()), ..DetectionFilter::default() };
        let mut findings = self.findings_of(store.detections(&filter)?, circumstances);
        findings.retain(Finding::is_spoken_of);
        let removable = self.removable(store, id, circumstances)?;
        let told = store.told_of(id)?;
        let tellers = store.tellers_of(id)?;
        let disagreements = self.disagreements(&told, &tellers, circumstances);
        let mut installations: BTreeMap<ObservationSource, usize> = BTreeMap::new();
        for (_, observation) in &told {
            *installations.entry(observation.source).or_default() += 1;
        }
        let last: Vec<LastTold> = tellers.iter().map(last_told).collect();
        let scans = store.scans_of(id, MOST_SCANS)?;
        let recent = self.recent_changes(store, id, &scans, circumstances)?;
        Ok(MachinePage {
            tier: findings.iter().map(Finding::tier).fold(Tier::None, Tier::worst),
            findings,
            names: store.names_of(id)?,
            freshness: MachineFreshness::of(&last, circumstances.as_of),
            tellers: tellers.into_iter().map(|teller| standing(teller, circumstances)).collect(),
            installations,
            disagreements,
            scans,
            recent,
            removable,
            machine,
        })
    }

    fn recent_changes(
        &self,
        store: &Store,
        id: &str,
        scans: &[(String, ScanRow)],
        circumstances: &Circumstances,
    ) -> Result<Option<RecentChanges>, AppError> {
        let [(_, newest), (_, before), ..] = scans else { return Ok(None) };
        self.compare_scans(store, id, (before.id, newest.id), circumstances).map(Some)
    }

    /// What is on a machine at one moment and was at the other, or the other way round, each product once.
    fn removable(&self, store: &Store, id: &str, circumstances: &Circumstances) -> Result<Vec<Removable>, AppError> {
        let filter = DetectionFilter { machine_id: Some(id.to_owned()), span: Span::All, ..DetectionFilter::default() };
        let mut removable: Vec<Removable> = Vec::new();
        for finding in self.findings_of(store.detections(&filter)?, circumstances) {
            let is_gone = finding.rows.iter().all(|row| row.gone.is_some());
            let subject = finding.subject_id().to_owned();
            match removable.iter_mut().find(|known| known.subject == subject) {
                Some(known) => known.is_gone &= is_gone,
                None if finding.is_spoken_of() => {
                    removable.push(Removable { subject, title: finding.title(), is_gone });
                }
                None => {}
            }
        }
        Ok(removable)
    }

    /// How a machine differs between two of its scans or imports, by their numbers in either order.
    pub fn compare_scans(
        &self,
        store: &Store,
        id: &str,
        (one, other): (i64, i64),
        circumstances: &Circumstances,
    ) -> Result<RecentChanges, AppError> {
        let scan = |number: i64| -> Result<(Moment, ScanRow), AppError> {
            let found = store.past()?.scan(number)?;
            if found.machine_id != id {
                return Err(StoreError::UnknownScan { id: number, newest: None }.into());
            }
            let row = ScanRow { id: number, machine_id: found.machine_id, started: found.started, observations: 0 };
            Ok((found.moment, row))
        };
        let mut both = [scan(one)?, scan(other)?];
        both.sort_by(|(left, _), (right, _)| left.cmp(right));
        let [(since, before), (until, newest)] = both;
        let query =
            DifferenceQuery { since: &since, until: &until, machines: &[id.to_owned()], breadth: Breadth::Software };
        let mut differences = Vec::new();
        let summary = self.differences(store, &query, circumstances, |difference| {
            if differences.len() < MOST_RECENT {
                differences.push(difference);
            }
            Ok::<(), AppError>(())
        })?;
        Ok(RecentChanges { since: before, until: newest, differences, summary })
    }
}

fn last_told(teller: &Teller) -> LastTold {
    LastTold { origin: teller.origin.clone(), at: teller.last_told.clone(), keeps_days: teller.keeps_days }
}

fn standing(teller: Teller, circumstances: &Circumstances) -> TellerStanding {
    let age = |told: &str| Age::of(told, teller.keeps_days, circumstances.as_of);
    let sources = teller.sources.iter().map(|source| (source.clone(), age(&source.last_told))).collect();
    TellerStanding { age: age(&teller.last_told), sources, teller }
}

#[cfg(test)]
mod tests {
    use interdict_model::Fault as _;

    use super::*;
    use crate::differences::DifferenceOf;
    use crate::freshness::Freshness;

    #[test]
    fn a_page_is_one_machine_of_the_inventory() {
        let workbench = Workbench::builtin().expect("the built-in catalogue");
        let mut store = Store::open_in_memory().expect("opens");
        workbench.build_sample(&mut store, "2026-11-22T12:00:00Z").expect("builds");
        let day = "2026-11-25".parse().expect("a day");
        let circumstances = workbench.circumstances(&["us-private".to_owned()], day).expect("a profile");
        let inventory = workbench.inventory(&store, &circumstances).expect("reads");
        for standing in inventory.machine_standings() {
            let page = workbench
                .machine_page(&store, &standing.machine.machine.hostname.to_lowercase(), &circumstances)
                .expect("is there");
            assert_eq!(&page.machine, standing.machine);
            assert_eq!((page.tier, page.findings.len()), (standing.tier, standing.findings.len()));
            assert!(page.findings.iter().all(|finding| finding.rows.len() == 1));
            assert_eq!(page.installations.values().sum::<usize>(), page.machine.installations);
            assert_eq!((page.freshness.freshness, page.freshness.days), (Freshness::Fresh, 3));
            assert_eq!((page.tellers.len(), page.disagreements.len()), (1, 0));
            assert_eq!(page.scans.len(), page.machine.scans);
            assert_eq!(page.recent.is_some(), page.machine.scans > 1);
        }
        let page = workbench.machine_page(&store, "LT-SALES-44", &circumstances).expect("is there");
        let recent = page.recent.expect("was looked at before");
        let is_new = |difference: &&Difference| {
            difference.of == DifferenceOf::Finding && difference.title == "Kaspersky Password Manager"
        };
        assert_eq!(recent.differences.iter().filter(is_new).count(), 1, "{recent:?}");
        let id = page.machine.machine.id.as_str();
        let (first, last) = (page.scans.last().expect("some").1.id, page.scans[0].1.id);
        let compared = workbench.compare_scans(&store, id, (last, first), &circumstances).expect("compares");
        assert!(compared.since.started < compared.until.started, "whichever is named first");
        let other = workbench.compare_scans(&store, "another", (last, first), &circumstances).expect_err("not its");
        assert_eq!(other.code(), "store/unknown-scan");
        assert!(page.removable.iter().any(|each| each.title == "Kaspersky Password Manager" && !each.is_gone));
        let page = workbench.machine_page(&store, "WS-HR-031", &circumstances).expect("is there");
        assert!(page.removable.iter().any(|each| each.subject.starts_with("kaspersky.kes") && each.is_gone));
        let error = workbench.machine_page(&store, "LT-SALES-4", &circumstances).expect_err("there is none");
        assert!(matches!(error, AppError::UnknownId { nearest, .. } if nearest.contains(&"LT-SALES-44".to_owned())));
    }
}
