//! Ctrl-C while a machine is looked at: the first one asks to stop, the second one stops.

use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Takes over Ctrl-C and the signals that end a process.
pub(crate) fn watch() {
    // Where the system allows no handler the signal ends the process, as it would without us; nothing is half kept then.
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::SeqCst) {
            stop();
        }
    });
}

/// Whether somebody asked to stop.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}

#[expect(
    clippy::exit,
    reason = "a second Ctrl-C does not wait for a disk that hangs; a scan is stored whole or not at all"
)]
fn stop() -> ! {
    std::process::exit(1)
}
