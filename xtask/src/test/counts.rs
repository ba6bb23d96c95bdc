//! How many tests passed and failed, read from what the runners print.

/// Tests that passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u32,
    pub(super) failed: u32,
}

impl Counts {
    /// Adds those of another run.
    pub(super) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Reads one line of a runner's output; nothing when it is not one of its summary lines.
pub(super) type Reader = fn(&str) -> Option<Counts>;

/// The sum over all summary lines; nothing when there was none.
pub(super) fn sum(lines: &[String], reader: Reader) -> Option<Counts> {
    lines.iter().filter_map(|line| reader(line)).reduce(|mut sum, counts| {
        sum.add(counts);
        sum
    })
}

/// libtest, one line for each test program: `test result: ok. 5 passed; 0 failed; 1 ignored; ...`.
pub(super) fn libtest(line: &str) -> Option<Counts> {
    let rest = line.trim_start().strip_prefix("test result: ")?;
    let (_, rest) = rest.split_once(". ")?;
    Some(words(rest, ';'))
}

/// nextest, one line in all: `     Summary [   0.1s] 5 tests run: 4 passed (1 slow), 1 failed, 2 skipped`.
pub(super) fn nextest(line: &str) -> Option<Counts> {
    let rest = line.trim_start().strip_prefix("Summary [")?;
    let (_, rest) = rest.split_once("run: ")?;
    Some(words(rest, ','))
}

/// vitest, one line in all: `      Tests  1 failed | 2 passed | 1 skipped (4)`, and unhandled errors: `     Errors  1 error`.
pub(super) fn vitest(line: &str) -> Option<Counts> {
    let line = line.trim_start();
    if let Some(rest) = line.strip_prefix("Tests  ") {
        return Some(words(rest, '|'));
    }
    line.strip_prefix("Errors  ").map(|rest| words(rest, '|'))
}

/// Sums `5 passed`, `1 failed`, `2 timed out` ... between separators; other words count for nothing.
fn words(list: &str, separator: char) -> Counts {
    let mut counts = Counts::default();
    for part in list.split(separator) {
        let mut words = part.split_whitespace();
        let Some(number) = words.next().and_then(|word| word.parse::<u32>().ok()) else { continue };
        let what: Vec<_> = words.take_while(|word| !word.starts_with('(')).collect();
        match what.as_slice() {
            ["passed"] => counts.passed += number,
            ["failed" | "error" | "errors"] | ["timed", "out"] | ["exec", "failed"] => counts.failed += number,
            _ => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn counts(passed: u32, failed: u32) -> Counts {
        Counts { passed, failed }
    }

    #[test]
    fn summary_lines_are_read() {
        let table: [(Reader, &str, Option<Counts>); 17] = [
            (
                libtest,
                "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s",
                Some(counts(5, 0)),
            ),
            (
                libtest,
                "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out",
                Some(counts(1, 2)),
            ),
            (libtest, "test result_lines_are_read ... ok", None),
            (libtest, "running 3 tests", None),
            (nextest, "     Summary [   0.018s] 5 tests run: 5 passed, 0 skipped", Some(counts(5, 0))),
            (nextest, "     Summary [   1.2s] 1 test run: 1 passed (1 slow), 3 skipped", Some(counts(1, 0))),
            (
                nextest,
                "     Summary [  61.0s] 9 tests run: 4 passed (1 flaky), 2 failed, 2 timed out, 1 exec failed, 1 skipped",
                Some(counts(4, 5)),
            ),
            (nextest, "     Summary [   0.1s] 2/7 tests run: 1 passed, 1 failed, 0 skipped", Some(counts(1, 1))),
            (nextest, "     Summary [   0.0s] 0 tests run: 0 passed, 4 skipped", Some(counts(0, 0))),
            (nextest, "        PASS [   0.005s] xtask tests::summary", None),
            (vitest, "      Tests  3 passed (3)", Some(counts(3, 0))),
            (vitest, "      Tests  1 failed | 2 passed | 1 skipped (4)", Some(counts(2, 1))),
            (vitest, "      Tests  no tests", Some(counts(0, 0))),
            (vitest, " Test Files  2 passed (2)", None),
            (vitest, "     Errors  1 error", Some(counts(0, 1))),
            (vitest, "     Errors  2 errors", Some(counts(0, 2))),
            (vitest, " \u{2713} src/app.test.tsx (3 tests) 12ms", None),
        ];
        for (reader, line, expected) in table {
            assert_eq!(reader(line), expected, "{line}");
        }
    }

    #[test]
    fn programs_are_summed_and_silence_is_not_zero() {
        let lines = ["x", "test result: ok. 2 passed; 0 failed", "y", "test result: FAILED. 1 passed; 1 failed"];
        assert_eq!(sum(&lines.map(str::to_owned), libtest), Some(counts(3, 1)));
        assert_eq!(sum(&["nothing here".to_owned()], libtest), None);
    }
}
