//! The commands: each hands its request to the desk, off the window's thread.

use std::sync::Arc;

use tauri::ipc::{Channel, Invoke};
use tauri::{AppHandle, Emitter as _, State};
use tauri_plugin_dialog::DialogExt as _;
use tauri_plugin_opener::OpenerExt as _;

use crate::desk::{Answer, Desk};
use crate::error::DeskError;
use crate::wire::{
    AppStatus, AuditCancelRequest, AuditEvent, AuditOutcome, AuditRequest, CatalogueChanges, CatalogueCompareRequest,
    Context, FindingDetail, FindingRequest, FindingsReply, MachinesPage, MachinesRequest, Nothing, Overview,
    ReportWritten, RestrictionDetail, RestrictionRequest, RestrictionsReply, SearchReply, SearchRequest, SettingsPatch,
    SourceOpenRequest, VendorDossier, VendorRequest, VendorsReply, WireError,
};

/// The one event that is told to the window unasked: what is stored has changed.
const DATA_CHANGED: &str = "data-changed";

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
fn tell_changed(app: &AppHandle) {
    // Nobody listening is no failure: the window asks again when it is shown.
    let _ = app.emit(DATA_CHANGED, ());
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
async fn scan_open(app: AppHandle, desk: Shared<'_>, request: Nothing) -> Answer<Option<AuditOutcome>> {
    let Nothing {} = request;
    // Known by content, whatever it is called: no filter.
    let dialog = app.dialog().file().set_title("Open a scan or an export");
    let outcome = ask(&desk, move |desk| {
        let Some(picked) = dialog.blocking_pick_file() else { return Ok(None) };
        let path = picked.into_path().map_err(|error| WireError::from(DeskError::Unexpected(error.into())))?;
        desk.scan_open(&path).map(Some)
    })
    .await?;
    if outcome.is_some() {
        tell_changed(&app);
    }
    Ok(outcome)
}

#[tauri::command]
async fn overview_get(desk: Shared<'_>, request: Context) -> Answer<Overview> {
    ask(&desk, move |desk| desk.overview_get(&request)).await
}

#[tauri::command]
async fn findings_list(desk: Shared<'_>, request: Context) -> Answer<FindingsReply> {
    ask(&desk, move |desk| desk.findings_list(&request)).await
}

#[tauri::command]
async fn finding_get(desk: Shared<'_>, request: FindingRequest) -> Answer<FindingDetail> {
    ask(&desk, move |desk| desk.finding_get(&request)).await
}

#[tauri::command]
async fn machines_list(desk: Shared<'_>, request: MachinesRequest) -> Answer<MachinesPage> {
    ask(&desk, move |desk| desk.machines_list(&request)).await
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
