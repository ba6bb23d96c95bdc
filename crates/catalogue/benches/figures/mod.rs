//! Figures of a bench: processor time of this thread, held against limits. Shared by the benches of several crates.

use std::fs;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The table that a bench prints, and whether all limits were kept.
pub(crate) struct Figures {
    begun: Instant,
    all_kept: bool,
}

impl Figures {
    pub(crate) fn new(title: &str) -> Self {
        println!("{title}");
        Self { begun: Instant::now(), all_kept: true }
    }

    /// Runs work some times and prints the median of what a run took.
    pub(crate) fn measure<T>(
        &mut self,
        what: &str,
        runs: usize,
        limit: Option<Duration>,
        mut work: impl FnMut() -> T,
    ) -> T {
        let (mut result, first) = self.timed(&mut work);
        let mut taken = vec![first];
        for _ in 1..runs {
            let (again, time) = self.timed(&mut work);
            taken.push(time);
            result = again;
        }
        taken.sort_unstable();
        self.row(what, taken[taken.len() / 2], limit);
        result
    }

    /// Does something once and says what it took.
    pub(crate) fn timed<T>(&self, work: impl FnOnce() -> T) -> (T, Duration) {
        let before = self.processor_time();
        let result = work();
        (result, self.processor_time().saturating_sub(before))
    }

    /// Prints what something took, and whether that is within the limit.
    pub(crate) fn row(&mut self, what: &str, taken: Duration, limit: Option<Duration>) {
        let against = match limit {
            None => String::new(),
            Some(limit) if taken <= limit => format!("  limit {}", readable(limit)),
            Some(limit) => format!("  limit {} MISSED", readable(limit)),
        };
        self.all_kept &= limit.is_none_or(|limit| taken <= limit);
        println!("  {what:<60} {:>10}{against}", readable(taken));
    }

    /// Prints whether something holds that must.
    pub(crate) fn check(&mut self, what: &str, holds: bool) {
        self.all_kept &= holds;
        println!("  {what:<60} {:>10}", if holds { "yes" } else { "NO" });
    }

    /// Fails when a limit was missed.
    pub(crate) fn end(self) -> ExitCode {
        if self.all_kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// Processor time of this thread, where the system tells it; else the time that went by.
    fn processor_time(&self) -> Duration {
        // Giving the processor away makes Linux bring the figure up to date, which otherwise happens every few milliseconds.
        std::thread::yield_now();
        let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
        let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse().ok());
        nanoseconds.map_or_else(|| self.begun.elapsed(), Duration::from_nanos)
    }
}

fn readable(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    match milliseconds {
        0.0..1.0 => format!("{:.2} µs", milliseconds * 1e3),
        1.0..1_000.0 => format!("{milliseconds:.1} ms"),
        _ => format!("{:.2} s", milliseconds / 1e3),
    }
}
