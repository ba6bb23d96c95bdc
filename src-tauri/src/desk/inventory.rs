//! What is asked of the inventory itself: machines and software, a page at a time, and lists written to files.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};

use interdict_app::store::Store;
use interdict_app::{
    Among, AppError, Cell, ChosenMachines, Family, MachineQuery, Removal, TableFile, TableFormat, Target, ViewList,
    free_place, write_table,
};

use super::{Answer, Desk, unexpected};
use crate::error::DeskError;
use crate::present::{self, Asked};
use crate::wire::{
    CompareRequest, ExportCancelRequest, ExportProgress, ExportRequest, Exported, ExportedList, FamilyPage,
    FamilyRequest, HoldersPage, HoldersQuery, HoldersRequest, InstalledPage, InstalledRequest, MachineDetail,
    MachineRequest, MachinesPage, MachinesQuery, MachinesRequest, Nothing, RecentLine, RemovalReply, RemovalRequest,
    ReportWritten, SavedView, SavedViews, SoftwarePage, SoftwareQuery, SoftwareRequest, WireError,
};

impl Desk {
    /// A part of the list of machines.
    pub fn machines_list(&self, request: &MachinesRequest) -> Answer<MachinesPage> {
        self.ask(&request.context, |asked, store| {
            let chosen = self.chosen(asked, store, &request.query, Among::All)?;
            Ok(present::machines(asked, &chosen, (request.offset, request.limit)))
        })
    }

    /// Everything about one machine but its installed software.
    pub fn machine_get(&self, request: &MachineRequest) -> Answer<MachineDetail> {
        self.ask(&request.context, |asked, store| {
            let page = asked.workbench.machine_page(store, &request.id, &asked.circumstances)?;
            let id = page.machine.machine.id.as_str();
            let (fleet, tiers) = self.lists.judged(asked.workbench, store, &asked.circumstances)?;
            let row = fleet.place_of(id).and_then(|place| present::machine_row(asked, &fleet, &tiers, place));
            let row = row.ok_or_else(|| unexpected(format!("no machine {id}")))?;
            let newest = store.newest_scan(id)?;
            let label = newest.as_ref().map(|scan| scan.source_label.as_str());
            let again = present::look_again(label, &page.tellers, matches!(self.target, Target::ThisComputer));
            Ok(present::machine(asked, &page, row, newest, again))
        })
    }

    /// How a machine differs between two of its scans or imports.
    pub fn machine_compare(&self, request: &CompareRequest) -> Answer<RecentLine> {
        self.ask(&request.context, |asked, store| {
            let scans = (i64::from(request.since), i64::from(request.until));
            let compared = asked.workbench.compare_scans(store, &request.id, scans, &asked.circumstances)?;
            Ok(present::recent(&compared))
        })
    }

    /// Whether something is gone from a machine, by every class of trace.
    pub fn removal_check(&self, request: &RemovalRequest) -> Answer<RemovalReply> {
        let workbench = self.workbench()?;
        let removal = self.removal(request)?;
        let machine = removal.machines.first().ok_or_else(|| unexpected(format!("no machine {}", request.id)))?;
        let title = workbench.removal_title(&removal.subject);
        Ok(present::removal(title, workbench.recognised_by(&removal.subject), machine))
    }

    /// Writes the same as a report, which is a certificate where everything is absent.
    pub fn removal_save(&self, request: &RemovalRequest) -> Answer<ReportWritten> {
        let folder = self.reports.as_ref().map_err(WireError::clone)?;
        let removal = self.removal(request)?;
        let now = (self.clock.now)();
        let letters = request.subject.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' });
        let instant: String = now.chars().take(19).filter(|letter| *letter != ':').collect();
        let name = format!("interdict-removal-{}-{instant}Z", letters.collect::<String>());
        let path = free_place(folder, &name, "html");
        self.workbench()?.write_removal_report(&removal, &now, &path)?;
        Ok(ReportWritten { path: path.display().to_string() })
    }

    fn removal(&self, request: &RemovalRequest) -> Answer<Removal> {
        let workbench = self.workbench()?;
        let subject = workbench.product(&request.subject).or_else(|_| workbench.vendor(&request.subject))?;
        let mut shelf = self.shelf();
        let store = match &mut shelf.sample {
            Some(sample) => sample,
            None => self.main(&mut shelf)?,
        };
        Ok(workbench.verify_removal(store, &subject, std::slice::from_ref(&request.id))?)
    }

    /// A part of what is installed on a machine.
    pub fn machine_software(&self, request: &InstalledRequest) -> Answer<InstalledPage> {
        self.ask(&request.context, |asked, store| {
            let number = store.machine_number(&request.id)?;
            let rows = number.map(|number| store.installed_on(number)).transpose()?.unwrap_or_default();
            let (titles, tiers) = self.lists.judged_titles(asked.workbench, store, &asked.circumstances)?;
            Ok(present::installed(&titles, &tiers, rows, request))
        })
    }

    /// A part of the list of software.
    pub fn software_list(&self, request: &SoftwareRequest) -> Answer<SoftwarePage> {
        self.ask(&request.context, |asked, store| {
            let query = present::software_query(&request.query);
            let chosen = self.lists.software(asked.workbench, store, &asked.circumstances, &query)?;
            let places = present::software_part(&chosen, (request.offset, request.limit));
            let rows = chosen.0.read(store, places)?;
            Ok(present::software(asked, store.machine_count()?, &chosen, &rows))
        })
    }

    /// The page of all versions of a product or title.
    pub fn software_get(&self, request: &FamilyRequest) -> Answer<FamilyPage> {
        self.ask(&request.context, |asked, store| {
            let found = self.lists.family(asked.workbench, store, &request.id)?;
            let family = known(&request.id, found.as_ref().as_ref())?;
            let fleet = self.lists.fleet(store)?;
            let (titles, tiers) = self.lists.judged_titles(asked.workbench, store, &asked.circumstances)?;
            let page = present::family(asked, &fleet, &titles, &tiers, (&request.id, family));
            page.ok_or_else(|| unexpected(format!("no titles of {}", request.id)))
        })
    }

    /// A part of the list of those who have something, or have not.
    pub fn holders_list(&self, request: &HoldersRequest) -> Answer<HoldersPage> {
        self.ask(&request.context, |asked, store| {
            let found = self.lists.family(asked.workbench, store, &request.query.family)?;
            let family = known(&request.query.family, found.as_ref().as_ref())?;
            let (chosen, all) = self.holders(asked, store, family, &request.query)?;
            Ok(present::holders(asked, family, &chosen, all, (request.offset, request.limit)))
        })
    }

    /// Writes a list to a file, all its rows as they are shown. Keeps the database to itself only while it chooses them.
    pub fn table_export(
        &self,
        request: &ExportRequest,
        path: &Path,
        tell: &mut dyn FnMut(ExportProgress),
    ) -> Answer<Exported> {
        let format = if request.format == "xlsx" { TableFormat::Xlsx } else { TableFormat::Csv };
        let turn = self.exporting(&request.id);
        let asked = self.asked(&request.context)?;
        let headers: Vec<String> = request.columns.iter().map(|column| column.header.clone()).collect();
        let file = TableFile { path, format, title: &request.title, headers: &headers };
        let mut write = |of: usize, rows: &mut dyn Iterator<Item = Result<Vec<Cell>, AppError>>| {
            let mut told = |written: usize| {
                tell(ExportProgress { written: present::count(written), of: present::count(of) });
            };
            write_table(&file, rows, &mut told, &|| turn.cancelled.load(Ordering::Relaxed))
        };
        let written = match &request.list {
            ExportedList::Machines(query) => {
                let chosen = self.with_store(|store| self.chosen(&asked, store, query, Among::All))?;
                write(chosen.2.places.len(), &mut present::machine_cells(&asked, &chosen, None, request))
            }
            ExportedList::Software(query) => {
                let (chosen, place) =
                    self.with_store(|store| Ok((self.chosen_titles(&asked, store, query)?, store.path().to_owned())))?;
                // A connection of its own, so that the window keeps being answered meanwhile.
                let store = Store::open(&place, &(self.clock.now)())?;
                write(chosen.2.places.len(), &mut present::software_cells(&asked, &store, &chosen, request))
            }
            ExportedList::Holders(query) => {
                let (found, chosen) = self.with_store(|store| {
                    let found = self.lists.family(asked.workbench, store, &query.family)?;
                    let family = known(&query.family, found.as_ref().as_ref())?;
                    let (chosen, _) = self.holders(&asked, store, family, query)?;
                    Ok((found, chosen))
                })?;
                let family = known(&query.family, found.as_ref().as_ref())?;
                write(chosen.2.places.len(), &mut present::machine_cells(&asked, &chosen, Some(family), request))
            }
        };
        let path = path.display().to_string();
        match written {
            Ok(rows) => {
                self.remember_export(&path);
                Ok(Exported { path, rows: present::count(rows), cancelled: false })
            }
            Err(AppError::Cancelled) => Ok(Exported { path, rows: 0, cancelled: true }),
            Err(error) => Err(error.into()),
        }
    }

    /// The place of an export where the person need not be asked.
    pub fn export_place(&self, name: &str, extension: &str) -> Option<std::path::PathBuf> {
        self.export_folder.as_deref().map(|folder| free_place(folder, name, extension))
    }

    /// Cancels an export; one that is over is left alone.
    pub fn table_export_cancel(&self, request: &ExportCancelRequest) -> Answer<Nothing> {
        let exports = self.exports.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cancelled) = exports.running.get(&request.id) {
            cancelled.store(true, Ordering::Relaxed);
        }
        Ok(Nothing {})
    }

    /// Whether a file may be shown in its folder: only those that were written by this program.
    pub fn check_exported(&self, path: &str) -> Answer<()> {
        let exports = self.exports.lock().unwrap_or_else(PoisonError::into_inner);
        if exports.written.contains(path) { Ok(()) } else { Err(DeskError::NotOurFile(path.to_owned()).into()) }
    }

    /// The saved views.
    pub fn views_list(&self) -> Answer<SavedViews> {
        self.with_store(|store| Ok(present::views(ViewList::read(store)?)))
    }

    /// Saves a view; one of the same list and name is replaced, and one without filters is taken away.
    pub fn view_save(&self, view: &SavedView) -> Answer<SavedViews> {
        let mut shelf = self.shelf();
        let store = match &mut shelf.sample {
            Some(sample) => sample,
            None => self.main(&mut shelf)?,
        };
        let mut views = ViewList::read(store)?;
        views.put(&view.list, &view.name, &view.search);
        views.write(store)?;
        Ok(present::views(views))
    }

    fn chosen(&self, asked: &Asked<'_>, store: &Store, query: &MachinesQuery, among: Among) -> Answer<ChosenMachines> {
        let query = MachineQuery { among, ..present::machine_query(query) };
        Ok(self.lists.machines(asked.workbench, store, &asked.circumstances, &query, asked.today)?)
    }

    fn chosen_titles(
        &self,
        asked: &Asked<'_>,
        store: &Store,
        query: &SoftwareQuery,
    ) -> Answer<interdict_app::ChosenTitles> {
        let query = present::software_query(query);
        Ok(self.lists.software(asked.workbench, store, &asked.circumstances, &query)?)
    }

    /// Those who have something, or have not, and how many there are before any filter.
    fn holders(
        &self,
        asked: &Asked<'_>,
        store: &Store,
        family: &Family,
        query: &HoldersQuery,
    ) -> Answer<(ChosenMachines, usize)> {
        let having = family.machines_with(&query.versions);
        let count = having.len();
        let (among, all) = if query.has {
            (Among::With(having), count)
        } else {
            (Among::Without(having), self.lists.fleet(store)?.len().saturating_sub(count))
        };
        Ok((self.chosen(asked, store, &query.machines, among)?, all))
    }

    fn remember_export(&self, path: &str) {
        self.exports.lock().unwrap_or_else(PoisonError::into_inner).written.insert(path.to_owned());
    }

    fn exporting(&self, id: &str) -> Exporting<'_> {
        let cancelled = Arc::new(AtomicBool::new(false));
        let mut exports = self.exports.lock().unwrap_or_else(PoisonError::into_inner);
        exports.running.insert(id.to_owned(), Arc::clone(&cancelled));
        Exporting { desk: self, id: id.to_owned(), cancelled }
    }
}

fn known<'f>(id: &str, family: Option<&'f Family>) -> Answer<&'f Family> {
    family.ok_or_else(|| DeskError::UnknownTitle(id.to_owned()).into())
}

/// The exports that run, and the files that were written.
#[derive(Default)]
pub(super) struct Exports {
    running: std::collections::HashMap<String, Arc<AtomicBool>>,
    written: std::collections::BTreeSet<String>,
}

/// A running export, forgotten however it ends.
struct Exporting<'d> {
    desk: &'d Desk,
    id: String,
    cancelled: Arc<AtomicBool>,
}

impl Drop for Exporting<'_> {
    fn drop(&mut self) {
        self.desk.exports.lock().unwrap_or_else(PoisonError::into_inner).running.remove(&self.id);
    }
}
