//! The desktop shell: one window over `interdict-app`.
//!
//! One Tauri command per use case, each a line or two into the desk; the wire's own types; nothing is judged here.

#![expect(clippy::disallowed_methods, reason = "the rim reads its arguments")]

pub mod arguments;
pub mod bindings;
pub mod commands;
pub mod desk;
mod error;
mod handlers;
mod present;
pub mod wire;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use interdict_app::{Target, default_database, now, reports_folder, sample_database, today};
use tauri::{DragDropEvent, Manager as _, WindowEvent};

use crate::arguments::{Arguments, Asked};
use crate::desk::{Clock, Desk, Places};

pub use error::CODES as ERROR_CODES;

/// Reads the arguments and opens the window; ends when it is closed.
#[must_use]
pub fn run() -> ExitCode {
    let given: Vec<OsString> = std::env::args_os().skip(1).collect();
    match arguments::read(given) {
        Ok(Asked::Window(arguments)) => open_window(arguments),
        Ok(Asked::Say(text)) => say(&mut std::io::stdout(), &text, ExitCode::SUCCESS),
        Err(text) => say(&mut std::io::stderr(), &text, ExitCode::from(2)),
    }
}

fn say(to: &mut dyn std::io::Write, text: &str, code: ExitCode) -> ExitCode {
    // A closed stream is nobody listening.
    let _ = to.write_all(text.as_bytes());
    let _ = to.write_all(b"\n");
    code
}

fn open_window(arguments: Arguments) -> ExitCode {
    let Arguments { database, root, exports, open } = arguments;
    let mut builder = tauri::Builder::default();
    if database.is_none() {
        // One window per database. A named one is somebody's choice to have another beside it.
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, arguments, folder| {
            let given = arguments.into_iter().skip(1).map(OsString::from);
            if let Ok(Asked::Window(Arguments { open, .. })) = arguments::read(given) {
                handlers::offer(app, open.iter().map(|path| Path::new(&folder).join(path)).collect());
            }
            show(app);
        }));
    }
    let places = Places {
        main: database.map_or_else(default_database, Ok),
        sample: sample_database(),
        reports: reports_folder(),
        exports,
    };
    let desk = Desk::new(Clock { now, today }, places, root.map_or(Target::ThisComputer, Target::Root));
    desk.offer(open);
    let opened = builder
        .plugin(tauri_plugin_window_state::Builder::new().build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .manage(Arc::new(desk))
        .on_window_event(|window, event| {
            // The window itself is only told that something is dragged; which files were dropped is known here.
            if let WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) = event {
                handlers::offer(window.app_handle(), paths.clone());
            }
        })
        .invoke_handler(handlers::handler())
        .setup(|app| {
            let (desk, handle) = (Arc::clone(&app.state::<Arc<Desk>>()), app.handle().clone());
            // What is wrong with the database or the catalogue the window says by itself.
            std::thread::spawn(move || drop(desk.watch_resume(Box::new(move || handlers::tell_changed(&handle)))));
            Ok(())
        })
        .run(context());
    match opened {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&mut std::io::stderr(), &format!("the window could not be opened: {error}"), ExitCode::FAILURE)
        }
    }
}

/// What `tauri.conf.json`, the capability and the built front end say.
#[expect(clippy::exit, reason = "the macro's own way out where it cannot unpack its resources")]
fn context() -> tauri::Context {
    tauri::generate_context!()
}

/// Brings the window to the front.
fn show(app: &tauri::AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        // A window manager may refuse; then the window stays where it is.
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}
