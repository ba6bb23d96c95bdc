//! `cargo xtask test`: everything CI runs, step by step, with one line of counts at the end.
//!
//! A failing step does not stop those that do not need it. Nothing is left out silently: what could not run is named with
//! its reason.

mod counts;
mod steps;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::bail;

use self::{
    counts::Counts,
    steps::{Ended, STEPS, Step, When},
};
use crate::workspace::Workspace;

/// Which steps to run.
pub(crate) struct Selection {
    /// Also the long ones.
    pub(crate) long: bool,
    /// These alone, when not empty.
    pub(crate) only: Vec<String>,
}

/// How a step came out.
#[derive(Debug)]
struct Line {
    step: &'static str,
    result: StepResult,
    took: Duration,
}

#[derive(Debug, PartialEq, Eq)]
enum StepResult {
    /// It ran; what it counted.
    Ran(Counts),
    /// It could not run here.
    Skipped(String),
    /// Something it needs did not succeed.
    Blocked(&'static str),
}

/// Runs the steps and prints what came of them.
pub(crate) fn test(workspace: &Workspace, selection: &Selection, list: bool) -> anyhow::Result<ExitCode> {
    let steps = chosen(selection)?;
    if list {
        for step in steps {
            println!("{:<14}{}", step.name, step.what);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let lines = conduct(&steps, |step| (step.run)(workspace));
    let (table, total) = summary(&lines);
    println!("{table}");
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn chosen(selection: &Selection) -> anyhow::Result<Vec<&'static Step>> {
    let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
    if let Some(unknown) = selection.only.iter().find(|name| !names.contains(&name.as_str())) {
        bail!("there is no step `{unknown}`; there are: {}", names.join(", "));
    }
    let wanted = |step: &&Step| {
        if selection.only.is_empty() {
            selection.long || step.when == When::Always
        } else {
            selection.only.iter().any(|name| name == step.name)
        }
    };
    Ok(STEPS.iter().filter(wanted).collect())
}

/// Runs one step after the other, leaving out those whose needs did not succeed.
fn conduct(steps: &[&Step], mut run: impl FnMut(&Step) -> anyhow::Result<Ended>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for step in steps {
        let unmet = |need: &&&str| lines.iter().any(|line| line.step == **need && !line.result.succeeded());
        if let Some(need) = step.needs.iter().find(unmet) {
            println!("\n== {}: not run, it needs {need}", step.name);
            lines.push(Line { step: step.name, result: StepResult::Blocked(need), took: Duration::ZERO });
            continue;
        }
        println!("\n== {}: {}", step.name, step.what);
        let start = Instant::now();
        let result = match run(step) {
            Ok(Ended::Checked) => StepResult::Ran(Counts { passed: 1, failed: 0 }),
            Ok(Ended::Counted(counts)) => StepResult::Ran(counts),
            Ok(Ended::Skipped(why)) => StepResult::Skipped(why),
            Err(error) => {
                println!("error: {error:#}");
                StepResult::Ran(Counts { passed: 0, failed: 1 })
            }
        };
        let took = start.elapsed();
        println!("== {}: {} in {:.1} s", step.name, result.word(), took.as_secs_f64());
        lines.push(Line { step: step.name, result, took });
    }
    lines
}

impl StepResult {
    fn succeeded(&self) -> bool {
        matches!(self, Self::Ran(counts) if counts.failed == 0)
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Ran(counts) if counts.failed == 0 => "ok",
            Self::Ran(_) => "FAILED",
            Self::Skipped(_) => "skipped",
            Self::Blocked(_) => "not run",
        }
    }
}

/// The table of steps, what was left out and why, and the line of counts.
fn summary(lines: &[Line]) -> (String, Counts) {
    let mut total = Counts::default();
    let mut text = vec![String::new(), row("step", "result", "seconds", "passed", "failed")];
    for line in lines {
        let seconds = format!("{:.1}", line.took.as_secs_f64());
        let (passed, failed) = match &line.result {
            StepResult::Ran(counts) => {
                total.add(*counts);
                (counts.passed.to_string(), counts.failed.to_string())
            }
            StepResult::Skipped(_) | StepResult::Blocked(_) => ("-".to_owned(), "-".to_owned()),
        };
        text.push(row(line.step, line.result.word(), &seconds, &passed, &failed));
    }
    let together: Duration = lines.iter().map(|line| line.took).sum();
    text.push(row("together", "", &format!("{:.1}", together.as_secs_f64()), "", ""));
    text.push(String::new());
    text.extend(lines.iter().filter_map(|line| match &line.result {
        StepResult::Skipped(why) => Some(format!("skipped: {}: {why}", line.step)),
        StepResult::Blocked(need) => Some(format!("not run: {}: it needs {need}", line.step)),
        StepResult::Ran(_) => None,
    }));
    text.push(format!("{} passed, {} failed", total.passed, total.failed));
    (text.join("\n"), total)
}

fn row(step: &str, result: &str, seconds: &str, passed: &str, failed: &str) -> String {
    format!("{step:<14} {result:<8} {seconds:>8} {passed:>7} {failed:>7}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    fn step(name: &'static str, needs: &'static [&'static str]) -> Step {
        Step { name, what: "made up", needs, when: When::Always, run: |_| Ok(Ended::Checked) }
    }

    #[test]
    fn a_failure_stops_only_what_needs_it_and_every_line_is_counted() {
        let steps = [
            step("format", &[]),
            step("install", &[]),
            step("build", &["install"]),
            step("window", &["build"]),
            step("tests", &["format"]),
            step("deny", &[]),
            step("later", &["not-chosen"]),
        ];
        let steps: Vec<_> = steps.iter().collect();
        let lines = conduct(&steps, |step| match step.name {
            "install" => Err(anyhow!("no network")),
            "tests" => Ok(Ended::Counted(Counts { passed: 40, failed: 2 })),
            "deny" => Ok(Ended::Skipped("not installed".to_owned())),
            _ => Ok(Ended::Checked),
        });
        let words: Vec<_> = lines.iter().map(|line| (line.step, line.result.word())).collect();
        assert_eq!(
            words,
            [
                ("format", "ok"),
                ("install", "FAILED"),
                ("build", "not run"),
                ("window", "not run"),
                ("tests", "FAILED"),
                ("deny", "skipped"),
                ("later", "ok"),
            ]
        );
        let (text, total) = summary(&lines);
        assert_eq!(total, Counts { passed: 42, failed: 3 });
        assert_eq!(text.lines().last(), Some("42 passed, 3 failed"));
        assert!(text.contains("skipped: deny: not installed\n"), "{text}");
        assert!(text.contains("not run: build: it needs install\n"), "{text}");
    }

    #[test]
    fn steps_are_chosen_by_name_and_length() {
        let names = |long, only: &[&str]| {
            let selection = Selection { long, only: only.iter().map(ToString::to_string).collect() };
            chosen(&selection).map(|steps| steps.iter().map(|step| step.name).collect::<Vec<_>>())
        };
        assert!(!names(false, &[]).unwrap().contains(&"long-tests"));
        assert!(names(true, &[]).unwrap().contains(&"long-tests"));
        assert_eq!(names(false, &["long-tests", "format"]).unwrap(), ["format", "long-tests"]);
        assert!(names(false, &["nothing"]).unwrap_err().to_string().contains("ui-build"));
    }

    #[test]
    fn needs_name_earlier_steps() {
        for (position, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                assert!(STEPS[..position].iter().any(|earlier| earlier.name == *need), "{} needs {need}", step.name);
            }
        }
    }
}
