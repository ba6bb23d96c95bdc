//! The commands: each hands its request to the desk, off the window's thread.

use std::path::PathBuf;
use std::sync::Arc;

use tauri::ipc::{Channel, Invoke};
use tauri::{AppHandle, Emitter as _, Manager as _, State};
use tauri_plugin_dialog::{DialogExt as _, FilePath};
use tauri_plugin_opener::OpenerExt as _;

use crate::desk::{Answer, Desk};
use crate::error::DeskError;
use crate::present;
use crate::wire::{
    AppStatus, AuditCancelRequest, AuditEvent, AuditOutcome, AuditRequest, CatalogueChanges, CatalogueCompareRequest,
    CompareRequest, Context, ExportCancelRequest, ExportProgress, ExportRequest, Exported, FamilyPage, FamilyRequest,
    FindingDetail, FindingMachines, FindingMachinesRequest, FindingRequest, FindingsReply, FindingsRequest,
    FolderShowRequest, FormatInfo, HoldersPage, HoldersRequest, ImportCancelRequest, ImportDecideRequest,
    ImportDecided, ImportDetail, ImportEvent, ImportPreview, ImportPreviewRequest, ImportRequest, ImportResult,
    ImportStartRequest, ImportUndone, ImportsReply, InstalledPage, InstalledRequest, MachineDetail, MachineRequest,
    MachinesPage, MachinesRequest, Nothing, OfferedFile, Overview, RecentLine, RemovalReply, RemovalRequest,
    ReportWritten, RestrictionDetail, RestrictionRequest, RestrictionsReply, RowsWritten, SavedView, SavedViews,
    SearchReply, SearchRequest, SettingsPatch, SoftwarePage, SoftwareRequest, SourceOpenRequest, VendorDossier,
    VendorRequest, VendorsReply, WatchStatus, WatchSwitch, WireError,
};

/// Told to the window unasked: what is stored has changed.
const DATA_CHANGED: &str = "data-changed";
/// Told to the window unasked: files lie on the tray.
const FILES_OFFERED: &str = "files-offered";

type Shared<'s> = State<'s, Arc<Desk>>;

macro_rules! commands {
    ($($name:ident($request:ty) -> $reply:ty;)+) => {
        /// Answers every command of the list; one without a body does not compile.
        pub(crate) fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name),+]
        }
    };
}

include!("commands.list");

/// Asks the desk on a thread that may wait, so that the window never does.
async fn ask<T: Send + 'static>(
    desk: &Shared<'_>,
    question: impl FnOnce(&Desk) -> Answer<T> + Send + 'static,
) -> Answer<T> {
    let desk = Arc::clone(desk);
    let asked = tauri::async_runtime::spawn_blocking(move || question(&desk)).await;
    asked.unwrap_or_else(|error| Err(DeskError::Unexpected(error.into()).into()))
}

/// Tells the window that what is stored has changed.
pub(crate) fn tell_changed(app: &AppHandle) {
    // Nobody listening is no failure: the window asks again when it is shown.
    let _ = app.emit(DATA_CHANGED, ());
}

/// Puts files on the tray, and tells the window.
pub(crate) fn offer(app: &AppHandle, paths: Vec<PathBuf>) {
    if !paths.is_empty() {
        app.state::<Arc<Desk>>().offer(paths);
        let _ = app.emit(FILES_OFFERED, ());
    }
}

#[tauri::command]
async fn app_status(desk: Shared<'_>, request: Nothing) -> Answer<AppStatus> {
    let Nothing {} = request;
    ask(&desk, Desk::app_status).await
}

#[tauri::command]
async fn settings_save(desk: Shared<'_>, request: SettingsPatch) -> Answer<AppStatus> {
    ask(&desk, move |desk| desk.settings_save(&request)).await
}

#[tauri::command]
async fn sample_open(app: AppHandle, desk: Shared<'_>, request: Nothing) -> Answer<AppStatus> {
    let Nothing {} = request;
    let status = ask(&desk, Desk::sample_open).await?;
    tell_changed(&app);
    Ok(status)
}

#[tauri::command]
async fn sample_close(app: AppHandle, desk: Shared<'_>, request: Nothing) -> Answer<AppStatus> {
    let Nothing {} = request;
    let status = ask(&desk, Desk::sample_close).await?;
    tell_changed(&app);
    Ok(status)
}

#[tauri::command]
async fn audit_start(
    app: AppHandle,
    desk: Shared<'_>,
    request: AuditRequest,
    on_event: Channel<AuditEvent>,
) -> Answer<AuditOutcome> {
    // A window that was closed meanwhile does not listen any more; the audit is still recorded.
    let mut tell = move |event| drop(on_event.send(event));
    let outcome = ask(&desk, move |desk| desk.audit_start(&request, &mut tell)).await?;
    if !outcome.cancelled {
        tell_changed(&app);
    }
    Ok(outcome)
}

#[tauri::command]
async fn audit_cancel(desk: Shared<'_>, request: AuditCancelRequest) -> Answer<Nothing> {
    ask(&desk, move |desk| desk.audit_cancel(&request)).await
}

#[tauri::command]
async fn import_choose(app: AppHandle, desk: Shared<'_>, request: Nothing) -> Answer<Vec<OfferedFile>> {
    let Nothing {} = request;
    // Known by content, whatever it is called: no filter.
    let dialog = app.dialog().file().set_title("Open exports or scans");
    ask(&desk, move |desk| {
        let picked = dialog.blocking_pick_files().unwrap_or_default();
        let paths: Result<Vec<_>, _> = picked.into_iter().map(FilePath::into_path).collect();
        desk.offer(paths.map_err(|error| WireError::from(DeskError::Unexpected(error.into())))?);
        desk.import_offered()
    })
    .await
}

#[tauri::command]
async fn import_offered(desk: Shared<'_>, request: Nothing) -> Answer<Vec<OfferedFile>> {
    let Nothing {} = request;
    ask(&desk, Desk::import_offered).await
}

#[tauri::command]
async fn import_formats(desk: Shared<'_>, request: Nothing) -> Answer<Vec<FormatInfo>> {
    let Nothing {} = request;
    ask(&desk, Desk::import_formats).await
}

#[tauri::command]
async fn import_preview(desk: Shared<'_>, request: ImportPreviewRequest) -> Answer<ImportPreview> {
    ask(&desk, move |desk| desk.import_preview(&request)).await
}

#[tauri::command]
async fn import_start(
    app: AppHandle,
    desk: Shared<'_>,
    request: ImportStartRequest,
    on_event: Channel<ImportEvent>,
) -> Answer<ImportResult> {
    // A window that was closed meanwhile does not listen any more; the import is still kept.
    let tell = move |event| drop(on_event.send(event));
    let result = ask(&desk, move |desk| desk.import_start(&request, &tell)).await?;
    if !result.cancelled && !result.known {
        tell_changed(&app);
    }
    Ok(result)
}

#[tauri::command]
async fn import_cancel(desk: Shared<'_>, request: ImportCancelRequest) -> Answer<Nothing> {
    ask(&desk, move |desk| desk.import_cancel(&request)).await
}

#[tauri::command]
async fn imports_list(desk: Shared<'_>, request: Nothing) -> Answer<ImportsReply> {
    let Nothing {} = request;
    ask(&desk, Desk::imports_list).await
}

#[tauri::command]
async fn import_get(desk: Shared<'_>, request: ImportRequest) -> Answer<ImportDetail> {
    ask(&desk, move |desk| desk.import_get(&request)).await
}

#[tauri::command]
async fn import_decide(app: AppHandle, desk: Shared<'_>, request: ImportDecideRequest) -> Answer<ImportDecided> {
    let is_trial = request.trial;
    let decided = ask(&desk, move |desk| desk.import_decide(&request)).await?;
    if !is_trial {
        tell_changed(&app);
    }
    Ok(decided)
}

#[tauri::command]
async fn import_undo(app: AppHandle, desk: Shared<'_>, request: ImportRequest) -> Answer<ImportUndone> {
    let undone = ask(&desk, move |desk| desk.import_undo(&request)).await?;
    tell_changed(&app);
    Ok(undone)
}

#[tauri::command]
async fn import_rejects_save(desk: Shared<'_>, request: ImportRequest) -> Answer<RowsWritten> {
    ask(&desk, move |desk| desk.import_rejects_save(&request)).await
}

#[tauri::command]
async fn watch_get(desk: Shared<'_>, request: Nothing) -> Answer<WatchStatus> {
    let Nothing {} = request;
    ask(&desk, Desk::watch_get).await
}

#[tauri::command]
async fn watch_choose(app: AppHandle, desk: Shared<'_>, request: Nothing) -> Answer<Option<WatchStatus>> {
    let Nothing {} = request;
    let dialog = app.dialog().file().set_title("Choose a folder to watch");
    let shared = Arc::clone(&desk);
    ask(&desk, move |_| {
        let Some(picked) = dialog.blocking_pick_folder() else { return Ok(None) };
        let path = picked.into_path().map_err(|error| WireError::from(DeskError::Unexpected(error.into())))?;
        shared.watch_choose(&path, Box::new(move || tell_changed(&app))).map(Some)
    })
    .await
}

#[tauri::command]
async fn watch_switch(app: AppHandle, desk: Shared<'_>, request: WatchSwitch) -> Answer<WatchStatus> {
    let shared = Arc::clone(&desk);
    ask(&desk, move |_| shared.watch_switch(&request, Box::new(move || tell_changed(&app)))).await
}

#[tauri::command]
async fn overview_get(desk: Shared<'_>, request: Context) -> Answer<Overview> {
    ask(&desk, move |desk| desk.overview_get(&request)).await
}

#[tauri::command]
async fn findings_list(desk: Shared<'_>, request: FindingsRequest) -> Answer<FindingsReply> {
    ask(&desk, move |desk| desk.findings_list(&request)).await
}

#[tauri::command]
async fn finding_get(desk: Shared<'_>, request: FindingRequest) -> Answer<FindingDetail> {
    ask(&desk, move |desk| desk.finding_get(&request)).await
}

#[tauri::command]
async fn finding_machines(desk: Shared<'_>, request: FindingMachinesRequest) -> Answer<FindingMachines> {
    ask(&desk, move |desk| desk.finding_machines(&request)).await
}

#[tauri::command]
async fn machines_list(desk: Shared<'_>, request: MachinesRequest) -> Answer<MachinesPage> {
    ask(&desk, move |desk| desk.machines_list(&request)).await
}

#[tauri::command]
async fn machine_get(desk: Shared<'_>, request: MachineRequest) -> Answer<MachineDetail> {
    ask(&desk, move |desk| desk.machine_get(&request)).await
}

#[tauri::command]
async fn machine_software(desk: Shared<'_>, request: InstalledRequest) -> Answer<InstalledPage> {
    ask(&desk, move |desk| desk.machine_software(&request)).await
}

#[tauri::command]
async fn machine_compare(desk: Shared<'_>, request: CompareRequest) -> Answer<RecentLine> {
    ask(&desk, move |desk| desk.machine_compare(&request)).await
}

#[tauri::command]
async fn removal_check(desk: Shared<'_>, request: RemovalRequest) -> Answer<RemovalReply> {
    ask(&desk, move |desk| desk.removal_check(&request)).await
}

#[tauri::command]
async fn removal_save(desk: Shared<'_>, request: RemovalRequest) -> Answer<ReportWritten> {
    ask(&desk, move |desk| desk.removal_save(&request)).await
}

#[tauri::command]
async fn software_list(desk: Shared<'_>, request: SoftwareRequest) -> Answer<SoftwarePage> {
    ask(&desk, move |desk| desk.software_list(&request)).await
}

#[tauri::command]
async fn software_get(desk: Shared<'_>, request: FamilyRequest) -> Answer<FamilyPage> {
    ask(&desk, move |desk| desk.software_get(&request)).await
}

#[tauri::command]
async fn holders_list(desk: Shared<'_>, request: HoldersRequest) -> Answer<HoldersPage> {
    ask(&desk, move |desk| desk.holders_list(&request)).await
}

#[tauri::command]
async fn table_export(
    app: AppHandle,
    desk: Shared<'_>,
    request: ExportRequest,
    on_event: Channel<ExportProgress>,
) -> Answer<Option<Exported>> {
    let (name, extension) = present::file_name(&request);
    let dialog = app.dialog().file().set_title("Save the list").set_file_name(format!("{name}.{extension}"));
    let dialog = dialog.add_filter(extension.to_uppercase(), &[extension]);
    let mut tell = move |event| drop(on_event.send(event));
    ask(&desk, move |desk| {
        let path = if let Some(path) = desk.export_place(&name, extension) {
            path
        } else {
            let Some(picked) = dialog.blocking_save_file() else { return Ok(None) };
            picked.into_path().map_err(|error| WireError::from(DeskError::Unexpected(error.into())))?
        };
        desk.table_export(&request, &path, &mut tell).map(Some)
    })
    .await
}

#[tauri::command]
async fn table_export_cancel(desk: Shared<'_>, request: ExportCancelRequest) -> Answer<Nothing> {
    ask(&desk, move |desk| desk.table_export_cancel(&request)).await
}

#[tauri::command]
async fn folder_show(app: AppHandle, desk: Shared<'_>, request: FolderShowRequest) -> Answer<Nothing> {
    ask(&desk, move |desk| {
        desk.check_exported(&request.path)?;
        app.opener().reveal_item_in_dir(&request.path).map_err(DeskError::Folder)?;
        Ok(Nothing {})
    })
    .await
}

#[tauri::command]
async fn views_list(desk: Shared<'_>, request: Nothing) -> Answer<SavedViews> {
    let Nothing {} = request;
    ask(&desk, Desk::views_list).await
}

#[tauri::command]
async fn view_save(desk: Shared<'_>, request: SavedView) -> Answer<SavedViews> {
    ask(&desk, move |desk| desk.view_save(&request)).await
}

#[tauri::command]
async fn vendors_list(desk: Shared<'_>, request: Context) -> Answer<VendorsReply> {
    ask(&desk, move |desk| desk.vendors_list(&request)).await
}

#[tauri::command]
async fn vendor_get(desk: Shared<'_>, request: VendorRequest) -> Answer<VendorDossier> {
    ask(&desk, move |desk| desk.vendor_get(&request)).await
}

#[tauri::command]
async fn restrictions_list(desk: Shared<'_>, request: Context) -> Answer<RestrictionsReply> {
    ask(&desk, move |desk| desk.restrictions_list(&request)).await
}

#[tauri::command]
async fn restriction_get(desk: Shared<'_>, request: RestrictionRequest) -> Answer<RestrictionDetail> {
    ask(&desk, move |desk| desk.restriction_get(&request)).await
}

#[tauri::command]
async fn catalogue_compare(
    app: AppHandle,
    desk: Shared<'_>,
    request: CatalogueCompareRequest,
) -> Answer<Option<CatalogueChanges>> {
    let dialog = app.dialog().file().set_title("Choose another catalogue");
    ask(&desk, move |desk| {
        let picked = if request.folder {
            dialog.blocking_pick_folder()
        } else {
            dialog.add_filter("Catalogue file", &["md", "toml"]).blocking_pick_file()
        };
        let Some(picked) = picked else { return Ok(None) };
        let path = picked.into_path().map_err(|error| WireError::from(DeskError::Unexpected(error.into())))?;
        desk.catalogue_compare(&request.context, &path).map(Some)
    })
    .await
}

#[tauri::command]
async fn search_find(desk: Shared<'_>, request: SearchRequest) -> Answer<SearchReply> {
    ask(&desk, move |desk| desk.search_find(&request)).await
}

#[tauri::command]
async fn source_open(app: AppHandle, desk: Shared<'_>, request: SourceOpenRequest) -> Answer<Nothing> {
    ask(&desk, move |desk| {
        desk.check_source(&request)?;
        app.opener().open_url(request.url, None::<&str>).map_err(DeskError::Browser)?;
        Ok(Nothing {})
    })
    .await
}

#[tauri::command]
async fn report_write(desk: Shared<'_>, request: Context) -> Answer<ReportWritten> {
    ask(&desk, move |desk| desk.report_write(&request)).await
}
