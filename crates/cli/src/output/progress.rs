//! How far it is, on standard error, where somebody is watching.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use interdict_app::collect::{ScanProgress, collector};

use super::notes::Notes;

/// How often the sign of life turns.
const TICK: Duration = Duration::from_millis(120);

/// One line that comes and goes; nothing where standard error is no terminal.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub(crate) fn new(notes: Notes) -> Self {
        let watched = std::io::stderr().is_terminal() && !notes.is_quiet();
        let target = if watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        if watched {
            bar.enable_steady_tick(TICK);
        }
        Self { bar }
    }

    /// What is being done now.
    pub(crate) fn say(&self, text: impl Into<String>) {
        self.bar.set_message(text.into());
    }

    /// Writes something else meanwhile, without the line in between.
    pub(crate) fn aside(&self, write: impl FnOnce()) {
        self.bar.suspend(write);
    }

    /// How far a scan is.
    pub(crate) fn scan(&self, event: &ScanProgress) {
        match event {
            ScanProgress::Started { collector: name, index, of } => {
                let what = collector(name).map_or(*name, |collector| collector.looks_at());
                self.say(format!("{}/{of} {what}", index + 1));
            }
            ScanProgress::Finished { .. } => {}
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
