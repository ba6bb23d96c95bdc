//! Where a watcher's time comes from, so that tests need not wait.

use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};

/// The time, and waiting.
pub trait WatchClock {
    /// The time since some moment; it never goes back.
    fn elapsed(&self) -> Duration;
    /// What the machine's clock shows.
    fn wall(&self) -> SystemTime;
    /// Waits, unless somebody asks to stop meanwhile.
    fn wait(&self, time: Duration, cancelled: &dyn Fn() -> bool);

    /// What the machine's clock shows: RFC 3339, UTC, with milliseconds.
    fn instant(&self) -> String {
        DateTime::<Utc>::from(self.wall()).to_rfc3339_opts(SecondsFormat::Millis, true)
    }
}

/// The machine's own time.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    began: Instant,
}

impl SystemClock {
    /// Counts from now.
    #[must_use]
    pub fn new() -> Self {
        Self { began: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl WatchClock for SystemClock {
    fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }

    fn wait(&self, time: Duration, cancelled: &dyn Fn() -> bool) {
        /// How long somebody who asks to stop waits at most.
        const STEP: Duration = Duration::from_millis(100);
        let began = Instant::now();
        while !cancelled() {
            let Some(left) = time.checked_sub(began.elapsed()).filter(|left| !left.is_zero()) else { return };
            std::thread::sleep(left.min(STEP));
        }
    }
}
