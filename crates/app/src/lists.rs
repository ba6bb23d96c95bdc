//! The lists of the window, kept in memory between questions: read anew when the database changed, judged anew for
//! another profile or day, filtered anew for another query. A page of a list that is known costs nothing but the page.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use interdict_assess::Circumstances;
use interdict_model::{Day, VendorId};
use interdict_store::{Page, Stamp, Store, StoreError, Unseen};

use crate::error::AppError;
use crate::exposure::Exposure;
use crate::history::{Chronicle, HistoryPoint};
use crate::lacking::Holdings;
use crate::machine_list::{Fleet, FleetTiers, MachineQuery, MachineSelection};
use crate::title_list::{Family, SoftwareQuery, SoftwareSelection, TitleTiers, Titles};
use crate::told::{ToldCounts, ToldFinding, ToldGroups, ToldVendor};
use crate::workbench::Workbench;

/// What was worked out last.
#[derive(Debug, Default)]
pub struct Lists {
    fleet: Last<Source, Fleet>,
    tiers: Last<(Source, Circumstances), FleetTiers>,
    machines: Last<(Source, Circumstances, MachineQuery, Day), MachineSelection>,
    holdings: Last<(Source, Day), Holdings>,
    titles: Last<Source, Titles>,
    title_tiers: Last<(Source, Circumstances), TitleTiers>,
    software: Last<(Source, Circumstances, SoftwareQuery), SoftwareSelection>,
    family: Last<(Source, String), Option<Family>>,
    exposure: Last<(Source, Circumstances), Exposure>,
    told: Last<Source, ToldGroups>,
    told_findings: Last<(Source, Circumstances), Vec<ToldFinding>>,
    told_counts: Last<Source, ToldCounts>,
    chronicle: Last<Source, Chronicle>,
    history: Last<(Source, Circumstances), Vec<HistoryPoint>>,
    unseen: Last<(Source, usize), Page<Unseen>>,
}

/// The fleet, what it comes to, and the machines that were chosen of it.
pub type ChosenMachines = (Arc<Fleet>, Arc<FleetTiers>, Arc<MachineSelection>);

/// The titles, what they come to, and those that were chosen.
pub type ChosenTitles = (Arc<Titles>, Arc<TitleTiers>, Arc<SoftwareSelection>);

/// Which database, in which state.
type Source = (PathBuf, Stamp);

/// The last value and what it was worked out from.
#[derive(Debug)]
struct Last<K, V>(Mutex<Option<(K, Arc<V>)>>);

impl<K, V> Default for Last<K, V> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<K: PartialEq, V> Last<K, V> {
    fn get<E>(&self, key: K, work_out: impl FnOnce() -> Result<V, E>) -> Result<Arc<V>, E> {
        // A panic while it was held left the last value or none.
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, value)) = last.as_ref()
            && *known == key
        {
            return Ok(Arc::clone(value));
        }
        let value = Arc::new(work_out()?);
        *last = Some((key, Arc::clone(&value)));
        Ok(value)
    }
}

impl Lists {
    /// The fleet as it stands, judged.
    pub fn exposure(
        &self,
        workbench: &Workbench,
        store: &Store,
        circumstances: &Circumstances,
    ) -> Result<Arc<Exposure>, AppError> {
        self.exposure.get((source(store)?, circumstances.clone()), || workbench.exposure(store, circumstances))
    }

    /// What is told of without a machine and some instrument speaks of, worst first.
    pub fn told_findings(
        &self,
        workbench: &Workbench,
        store: &Store,
        circumstances: &Circumstances,
    ) -> Result<Arc<Vec<ToldFinding>>, AppError> {
        let told = self.told(workbench, store)?;
        let key = (source(store)?, circumstances.clone());
        Ok(self.told_findings.get(key, || workbench.told_findings(store, &told, circumstances))?)
    }

    /// How much is told of each vendor and product without a machine, and by whom.
    pub fn told_counts(&self, workbench: &Workbench, store: &Store) -> Result<Arc<ToldCounts>, StoreError> {
        let told = self.told(workbench, store)?;
        self.told_counts.get(source(store)?, || workbench.count_told(store, &told))
    }

    /// What is told of a vendor without a machine; nothing where nobody tells of any of it.
    pub fn told_of_vendor(
        &self,
        workbench: &Workbench,
        store: &Store,
        vendor: &VendorId,
    ) -> Result<Option<ToldVendor>, StoreError> {
        workbench.told_of_vendor(store, &*self.told(workbench, store)?, vendor)
    }

    fn told(&self, workbench: &Workbench, store: &Store) -> Result<Arc<ToldGroups>, StoreError> {
        self.told.get(source(store)?, || workbench.read_told(store))
    }

    /// Everything that was ever found.
    pub fn chronicle(&self, store: &Store) -> Result<Arc<Chronicle>, AppError> {
        self.chronicle.get(source(store)?, || Chronicle::read(store))
    }

    /// Machines per tier after the scans of each day, oldest first.
    pub fn history(
        &self,
        workbench: &Workbench,
        store: &Store,
        circumstances: &Circumstances,
    ) -> Result<Arc<Vec<HistoryPoint>>, AppError> {
        let chronicle = self.chronicle(store)?;
        let key = (source(store)?, circumstances.clone());
        self.history.get(key, || Ok(workbench.history(&chronicle, circumstances)))
    }

    /// What the newest scan of each machine could not look at: so many lines, and how many there are.
    pub fn unseen(&self, store: &Store, most: usize) -> Result<Arc<Page<Unseen>>, AppError> {
        Ok(self.unseen.get((source(store)?, most), || store.unseen(most))?)
    }

    /// The fleet.
    pub fn fleet(&self, store: &Store) -> Result<Arc<Fleet>, StoreError> {
        self.fleet.get(source(store)?, || Fleet::read(store))
    }

    /// The fleet, judged.
    pub fn judged(
        &self,
        workbench: &Workbench,
        store: &Store,
        circumstances: &Circumstances,
    ) -> Result<(Arc<Fleet>, Arc<FleetTiers>), StoreError> {
        let fleet = self.fleet(store)?;
        let key = (source(store)?, circumstances.clone());
        let tiers = self.tiers.get(key, || Ok::<_, StoreError>(workbench.judge_fleet(&fleet, circumstances)))?;
        Ok((fleet, tiers))
    }

    /// The machines that a query chooses.
    pub fn machines(
        &self,
        workbench: &Workbench,
        store: &Store,
        circumstances: &Circumstances,
        query: &MachineQuery,
        today: Day,
    ) -> Result<ChosenMachines, AppError> {
        let (fleet, tiers) = self.judged(workbench, store, circumstances)?;
        let key = (source(store)?, circumstances.clone(), query.clone(), today);
        let selection = self.machines.get(key, || {
            let lacking = match query.without.as_slice() {
                [] => None,
                categories => Some(self.holdings(workbench, store, circumstances.as_of)?.lacking(categories)),
            };
            Ok::<_, AppError>(fleet.select(&tiers, query, lacking, today))
        })?;
        Ok((fleet, tiers, selection))
    }

    /// Who has which category, and who was looked at.
    pub fn holdings(&self, workbench: &Workbench, store: &Store, as_of: Day) -> Result<Arc<Holdings>, AppError> {
        self.holdings.get((source(store)?, as_of), || workbench.holdings(store, as_of))
    }

    /// The titles.
    pub fn titles(&self, workbench: &Workbench, store: &Store) -> Result<Arc<Titles>, StoreError> {
        self.titles.get(source(store)?, || workbench.read_titles(store))
    }

    /// The titles, judged.
    pub fn judged_titles(
        &self,
        workbench: &Workbench,
        store: &Store,
        circumstances: &Circumstances,
    ) -> Result<(Arc<Titles>, Arc<TitleTiers>), StoreError> {
        let titles = self.titles(workbench, store)?;
        let key = (source(store)?, circumstances.clone());
        let tiers =
            self.title_tiers.get(key, || Ok::<_, StoreError>(workbench.judge_titles(&titles, circumstances)))?;
        Ok((titles, tiers))
    }

    /// The titles that a query chooses.
    pub fn software(
        &self,
        workbench: &Workbench,
        store: &Store,
        circumstances: &Circumstances,
        query: &SoftwareQuery,
    ) -> Result<ChosenTitles, StoreError> {
        let (titles, tiers) = self.judged_titles(workbench, store, circumstances)?;
        let key = (source(store)?, circumstances.clone(), query.clone());
        let selection = self.software.get(key, || titles.select(store, workbench, &tiers, query))?;
        Ok((titles, tiers, selection))
    }

    /// All versions of a product or title, and who has them; nothing for an id that nothing here bears.
    pub fn family(&self, workbench: &Workbench, store: &Store, id: &str) -> Result<Arc<Option<Family>>, StoreError> {
        let titles = self.titles(workbench, store)?;
        self.family.get((source(store)?, id.to_owned()), || titles.family(store, id))
    }
}

fn source(store: &Store) -> Result<Source, StoreError> {
    Ok((store.path().to_owned(), store.stamp()?))
}
