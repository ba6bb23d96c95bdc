//! The steps of `cargo xtask test`, in order. To add one: a line in [`STEPS`] and its function below.

use anyhow::bail;

use super::counts::{self, Counts, Reader};
use crate::{
    fuzz, generate, portable,
    prerequisites::{self, Purpose},
    program::Program,
    run, ui,
    windows::{self, Toolchain, Wine},
    workspace::Workspace,
};

/// One step.
pub(super) struct Step {
    /// For `--only` and the table.
    pub(super) name: &'static str,
    /// In a few words.
    pub(super) what: &'static str,
    /// Steps before it without which it makes no sense.
    pub(super) needs: &'static [&'static str],
    pub(super) when: When,
    pub(super) run: fn(&Workspace) -> anyhow::Result<Ended>,
}

/// When a step runs unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Always,
    WithLong,
}

/// How a step that did not fail as a whole ended.
pub(super) enum Ended {
    /// It is one check, and it passed.
    Checked,
    /// It ran tests.
    Counted(Counts),
    /// It could not run here, with the reason.
    Skipped(String),
}

/// Every step.
pub(super) const STEPS: &[Step] = &[
    step("prerequisites", "system libraries and tools are there", &[], prerequisites),
    step("format", "cargo fmt changes nothing", &[], format),
    step("lint", "clippy finds nothing", &["prerequisites"], lint),
    step("rust-tests", "unit and integration tests", &["prerequisites"], rust_tests),
    step("doc-tests", "the examples in the documentation", &["prerequisites"], doc_tests),
    step("catalogue", "the catalogue's facts are well-formed", &[], catalogue),
    step("collisions", "no fingerprint takes another vendor's public record", &["prerequisites"], collisions),
    step("generated", "generated files are as committed", &["prerequisites"], generated),
    step("deny", "bans, licences and sources of dependencies", &[], deny),
    step("advisories", "security advisories on dependencies", &["deny"], advisories),
    step("ui-install", "front-end packages of the lock file", &[], ui_install),
    step("ui-lint", "Biome finds nothing", &["ui-install"], |workspace| ui_check(workspace, "lint")),
    step("ui-types", "the front end type-checks", &["ui-install"], |workspace| ui_check(workspace, "check")),
    step("ui-tests", "the front end's unit tests", &["ui-install"], ui_tests),
    step("ui-build", "the front end builds", &["ui-install"], |workspace| ui_check(workspace, "build")),
    step("window", "end-to-end tests in the real window", &["prerequisites", "ui-build"], window),
    step("windows-build", "the command builds for Windows", &["prerequisites"], windows_build),
    step("windows-check", "the desktop type-checks for Windows", &["windows-build"], windows_check),
    step("windows-tests", "the command and the live host under Wine", &["windows-build"], windows_tests),
    Step { when: When::WithLong, ..step("long-tests", "ignored tests, optimised", &["prerequisites"], long_tests) },
    Step {
        when: When::WithLong,
        ..step("portable", "the portable collector runs where no library is", &["prerequisites"], portable)
    },
    Step {
        when: When::WithLong,
        ..step("fuzz", "readers of foreign bytes, one minute each", &["prerequisites"], fuzz)
    },
];

const fn step(
    name: &'static str,
    what: &'static str,
    needs: &'static [&'static str],
    run: fn(&Workspace) -> anyhow::Result<Ended>,
) -> Step {
    Step { name, what, needs, when: When::Always, run }
}

fn prerequisites(_: &Workspace) -> anyhow::Result<Ended> {
    prerequisites::ensure(Purpose::Tests).map(|()| Ended::Checked)
}

fn format(workspace: &Workspace) -> anyhow::Result<Ended> {
    check(&workspace.cargo(["fmt", "--all", "--check"]))
}

fn lint(workspace: &Workspace) -> anyhow::Result<Ended> {
    check(&workspace.cargo(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
}

/// The package and the name of the test program that needs a window.
const WINDOW: (&str, &str) = ("interdict-tests", "window");
/// The test programs of that package that have a step of their own.
const WITH_OWN_STEP: [&str; 2] = [WINDOW.1, windows::END_TO_END.1];

fn rust_tests(workspace: &Workspace) -> anyhow::Result<Ended> {
    if has_nextest() {
        let run = |how| workspace.cargo(["nextest", "run", "--workspace", how]).args(without_own_steps(workspace));
        run("--no-run").must_succeed()?;
        settle();
        return tests(&run("--no-fail-fast"), counts::nextest);
    }
    println!("cargo-nextest is not installed: using cargo test");
    let rest =
        workspace.cargo(["test", "--workspace", "--exclude", WINDOW.0, "--lib", "--bins", "--tests", "--no-fail-fast"]);
    let own = workspace.cargo(["test", "--package", WINDOW.0, "--lib", "--no-fail-fast"]);
    let names = workspace.target_names(WINDOW.0, "test").into_iter().filter(|name| !WITH_OWN_STEP.contains(name));
    let own = own.args(names.flat_map(|name| ["--test", name]));
    Ok(Ended::Counted(both([tests(&rest, counts::libtest), tests(&own, counts::libtest)])))
}

fn doc_tests(workspace: &Workspace) -> anyhow::Result<Ended> {
    tests(&workspace.cargo(["test", "--workspace", "--doc", "--no-fail-fast"]), counts::libtest)
}

fn catalogue(workspace: &Workspace) -> anyhow::Result<Ended> {
    workspace.cargo(["build", "--package", "interdict-cli", "--bin", "interdict"]).must_succeed()?;
    let interdict = Program::new(workspace.built("interdict").to_string_lossy()).in_folder(&workspace.root);
    check(&interdict.args(["catalogue", "lint", "catalogue"]))
}

/// Without the public records the keeper's tool says so and is done.
fn collisions(workspace: &Workspace) -> anyhow::Result<Ended> {
    let keeper = ["run", "--quiet", "--package", "xtask", "--example", "catalogue", "--", "collisions"];
    let heard = workspace.cargo(keeper).listen()?;
    let skipped = heard.lines.iter().find_map(|line| line.strip_prefix("skipped: "));
    match skipped {
        Some(why) => Ok(Ended::Skipped(why.to_owned())),
        None if heard.success => Ok(Ended::Checked),
        None => bail!("some fingerprints take other vendors' records"),
    }
}

fn generated(workspace: &Workspace) -> anyhow::Result<Ended> {
    let not_there_yet = generate::check(workspace, &[])?;
    Ok(if not_there_yet.is_empty() { Ended::Checked } else { Ended::Skipped(not_there_yet.join("; ")) })
}

fn deny(workspace: &Workspace) -> anyhow::Result<Ended> {
    if Program::cargo(["deny", "--version"]).answer().is_none() {
        println!("cargo-deny is not installed: installing it, which takes some minutes");
        let install = Program::cargo(["install", "--locked", "--version", "^0.20", "cargo-deny"]);
        if let Err(error) = install.must_succeed() {
            return Ok(Ended::Skipped(format!("cargo-deny cannot be installed: {error:#}")));
        }
    }
    check(&workspace.cargo(["deny", "check", "bans", "licenses", "sources"]))
}

fn advisories(workspace: &Workspace) -> anyhow::Result<Ended> {
    // A fetch would make the outcome depend on the day and on the network.
    if !has_advisories() {
        return Ok(Ended::Skipped("no local advisory database; `cargo deny fetch db` gets one".to_owned()));
    }
    check(&workspace.cargo(["deny", "check", "--disable-fetch", "advisories"]))
}

fn ui_install(workspace: &Workspace) -> anyhow::Result<Ended> {
    if ui::folder(workspace).is_none() {
        return Ok(Ended::Skipped("ui/package.json is not there yet".to_owned()));
    }
    ui::install(workspace).map(|()| Ended::Checked)
}

fn ui_check(workspace: &Workspace, script: &str) -> anyhow::Result<Ended> {
    check(&ui::script(workspace, script))
}

fn ui_tests(workspace: &Workspace) -> anyhow::Result<Ended> {
    tests(&ui::script(workspace, "test"), counts::vitest)
}

fn window(workspace: &Workspace) -> anyhow::Result<Ended> {
    if std::env::consts::OS != "linux" {
        return Ok(Ended::Skipped("the window is driven by WebKitWebDriver, which Linux alone has".to_owned()));
    }
    if !workspace.has_target(WINDOW.0, "test", WINDOW.1) {
        return Ok(Ended::Skipped(format!("{} has no test `{}` yet", WINDOW.0, WINDOW.1)));
    }
    // The command fills the inventories that the window is opened on.
    workspace.cargo(["build", "--package", "interdict-desktop", "--package", "interdict-cli"]).must_succeed()?;
    // One window after the other: two drivers that start at once may take each other's app for their own.
    let program = workspace.cargo(["test", "--package", WINDOW.0, "--test", WINDOW.1, "--", "--test-threads", "1"]);
    settle();
    if run::has_display() {
        return tests(&program, counts::libtest);
    }
    // The session bus of its own leaves no daemons behind, and single-instance works only with one.
    let display = Program::new("dbus-run-session").args(["--", "xvfb-run", "-a", "-s", "-screen 0 2200x1300x24"]);
    tests(&program.under(display), counts::libtest)
}

fn windows_build(workspace: &Workspace) -> anyhow::Result<Ended> {
    with_windows(workspace, |toolchain| check(&windows::build(toolchain)))
}

fn windows_check(workspace: &Workspace) -> anyhow::Result<Ended> {
    with_windows(workspace, |toolchain| check(&windows::check_desktop(toolchain)))
}

fn windows_tests(workspace: &Workspace) -> anyhow::Result<Ended> {
    with_windows(workspace, |toolchain| {
        let wine = Wine::prepare(workspace)?;
        let units = tests(&windows::unit_tests(toolchain, &wine), counts::libtest);
        let whole = tests(&windows::end_to_end(workspace, toolchain, &wine), counts::libtest);
        Ok(Ended::Counted(both([units, whole])))
    })
}

/// Where the compiler for Windows cannot be had, the reason is said and nothing is tried.
fn with_windows(
    workspace: &Workspace,
    step: impl FnOnce(&Toolchain) -> anyhow::Result<Ended>,
) -> anyhow::Result<Ended> {
    match Toolchain::prepare(workspace) {
        Ok(toolchain) => step(&toolchain),
        Err(why) => Ok(Ended::Skipped(format!("{why:#}"))),
    }
}

/// Long tests are `#[ignore = "long: ..."]`.
fn long_tests(workspace: &Workspace) -> anyhow::Result<Ended> {
    let release = ["--workspace", "--exclude", "interdict-desktop", "--release", "--no-fail-fast"];
    if has_nextest() {
        let program = workspace.cargo(["nextest", "run", "--run-ignored", "only", "--no-tests", "pass"]);
        return tests(&program.args(release).args(without_own_steps(workspace)), counts::nextest);
    }
    let rest = workspace.cargo(["test", "--lib", "--bins", "--tests", "--exclude", WINDOW.0]).args(release);
    let own = workspace.cargo(["test", "--package", WINDOW.0, "--release", "--lib", "--no-fail-fast"]);
    let names = workspace.target_names(WINDOW.0, "test").into_iter().filter(|name| !WITH_OWN_STEP.contains(name));
    let own = own.args(names.flat_map(|name| ["--test", name]));
    let ignored = |program: Program| tests(&program.args(["--", "--ignored"]), counts::libtest);
    Ok(Ended::Counted(both([ignored(rest), ignored(own)])))
}

fn fuzz(workspace: &Workspace) -> anyhow::Result<Ended> {
    if !fuzz::is_installed() {
        return Ok(Ended::Skipped(
            "cargo-fuzz is not installed; `cargo install --locked cargo-fuzz` gets it".to_owned(),
        ));
    }
    fuzz::fuzz(workspace, None, 60).map(|()| Ended::Checked)
}

fn portable(workspace: &Workspace) -> anyhow::Result<Ended> {
    Ok(portable::try_it(workspace)?.map_or(Ended::Checked, Ended::Skipped))
}

/// Lets the disk take in what a build left in memory. Until then each flush of a test's database would wait for all of it,
/// which on a slow disk is longer than any patience a test has.
fn settle() {
    if cfg!(unix) {
        // Without it the tests only run slower.
        let _ = Program::new("sync").answer();
    }
}

/// Runs a program whose success is the check.
fn check(program: &Program) -> anyhow::Result<Ended> {
    program.must_succeed().map(|()| Ended::Checked)
}

/// Runs tests and counts them.
fn tests(program: &Program, reader: Reader) -> anyhow::Result<Ended> {
    let heard = program.listen()?;
    judged(counts::sum(&heard.lines, reader), heard.success).map(Ended::Counted)
}

/// What the counts of a run are worth, given how it ended.
fn judged(counts: Option<Counts>, success: bool) -> anyhow::Result<Counts> {
    match counts {
        None if success => bail!("the tests ended well, but no line said how many there were"),
        None => bail!("the tests ended before any could be counted"),
        // It failed beside its tests: a program that did not compile, a leak, an error between tests.
        Some(counts) if !success && counts.failed == 0 => Ok(Counts { failed: 1, ..counts }),
        Some(counts) => Ok(counts),
    }
}

/// Two runs that belong to one step.
fn both(runs: [anyhow::Result<Ended>; 2]) -> Counts {
    let mut sum = Counts::default();
    for run in runs {
        match run {
            Ok(Ended::Counted(counts)) => sum.add(counts),
            Ok(Ended::Checked | Ended::Skipped(_)) => {}
            Err(error) => {
                println!("error: {error:#}");
                sum.add(Counts { passed: 0, failed: 1 });
            }
        }
    }
    sum
}

fn has_nextest() -> bool {
    Program::cargo(["nextest", "--version"]).answer().is_some()
}

/// nextest's filter that leaves out what has a step of its own; without the test program the filter would be an error.
fn without_own_steps(workspace: &Workspace) -> Vec<String> {
    let there = WITH_OWN_STEP.iter().filter(|name| workspace.has_target(WINDOW.0, "test", name));
    let filters: Vec<_> = there.map(|name| format!("not binary_id({}::{name})", WINDOW.0)).collect();
    if filters.is_empty() { Vec::new() } else { vec!["--filterset".to_owned(), filters.join(" and ")] }
}

fn has_advisories() -> bool {
    let home = std::env::var_os("CARGO_HOME").map(std::path::PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let databases = home.and_then(|home| std::fs::read_dir(home.join("advisory-dbs")).ok());
    databases.is_some_and(|databases| databases.flatten().any(|entry| entry.path().join("crates").is_dir()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::workspace::tests::made_up;

    #[test]
    fn a_run_is_never_better_than_its_end() {
        let counts = |passed, failed| Counts { passed, failed };
        assert_eq!(judged(Some(counts(3, 0)), true).unwrap(), counts(3, 0));
        assert_eq!(judged(Some(counts(3, 2)), false).unwrap(), counts(3, 2));
        assert_eq!(judged(Some(counts(3, 0)), false).unwrap(), counts(3, 1));
        assert!(judged(None, true).is_err());
        assert!(judged(None, false).is_err());
    }

    #[test]
    fn two_runs_are_one_step() {
        let counted = |passed, failed| Ok(Ended::Counted(Counts { passed, failed }));
        let sum = both([counted(3, 1), Err(anyhow::anyhow!("did not compile"))]);
        assert_eq!(sum, Counts { passed: 3, failed: 2 });
    }

    #[test]
    fn what_has_its_own_step_is_left_to_it() {
        let workspace = made_up(Path::new("/checkout"));
        assert_eq!(
            without_own_steps(&workspace),
            ["--filterset", "not binary_id(interdict-tests::window) and not binary_id(interdict-tests::wine)"]
        );
    }

    #[test]
    fn names_are_unique_and_short_enough_for_the_table() {
        let mut names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        assert!(names.iter().all(|name| name.len() < 14));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STEPS.len());
    }
}
