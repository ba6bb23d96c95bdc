//! Arguments: places, mistakes, helps.

use std::io::Read as _;
use std::process::Stdio;

use serde_json::json;

use crate::support::{Home, ran};

#[test]
fn an_unknown_id_names_the_nearest() {
    let home = Home::new();
    for (call, words) in [
        (
            "assess --vendor kaspersky --profile us-privat",
            ["error[app/unknown-id]: there is no profile \"us-privat\"", "us-private"],
        ),
        ("assess --vendor kasperksy", ["there is no vendor \"kasperksy\"", "did you mean kaspersky"]),
        ("assess --product kaspersky.kes-linus", ["there is no product", "kaspersky.kes-linux"]),
        ("assess --vendor zzz", ["there is no vendor \"zzz\"", "interdict catalogue list --kind vendor"]),
        ("audit --root / --profile us-privat", ["there is no profile", "us-private"]),
        ("scan --root / --profile us-privat", ["there is no profile", "us-private"]),
        ("machines --profile us-privat", ["there is no profile", "us-private"]),
        ("findings --vendor kasperksy", ["there is no vendor", "kaspersky"]),
    ] {
        home.line(call).complains_of(2, &words);
    }
    assert!(!home.has_data(), "wrong usage makes nothing");
}

#[test]
fn an_invalid_day_names_the_nearest() {
    let home = Home::new();
    for (day, hint) in [
        ("2024-02-30", "did you mean 2024-02-29?"),
        ("20.07.2024", "did you mean 2024-07-20?"),
        ("yesterday", "for example 2024-07-20"),
    ] {
        home.line(&format!("assess --vendor kaspersky --as-of {day}"))
            .complains_of(2, &["error[cli/day]", &format!("\"{day}\" is not a day"), hint]);
    }
}

#[test]
fn other_wrong_usage_is_2_too() {
    let home = Home::new();
    for call in [
        "",
        "assess",
        "assess --vendor kaspersky --product kaspersky.kes-linux",
        "assess --vendor kaspersky --activity buying",
        "assess --vendor kaspersky --fail-on bad",
        "assess --vendor kaspersky --format xml",
        "audit --hives x --root y",
        "import",
        "frobnicate",
    ] {
        home.line(call).ended_with(2);
    }
}

#[test]
fn global_options_stand_anywhere() {
    let home = Home::new();
    let expected =
        home.line("assess --vendor kaspersky --profile us-private --as-of 2024-07-20 --format json").ended_with(0);
    for call in [
        "--profile us-private --as-of 2024-07-20 --format json assess --vendor kaspersky",
        "--format json assess --profile us-private --vendor kaspersky --as-of 2024-07-20",
        "--as-of 2020-01-01 assess --vendor kaspersky --profile us-private --as-of 2024-07-20 --format json",
    ] {
        assert_eq!(home.line(call).ended_with(0).stdout, expected.stdout, "{call}");
    }
    let shown = home.line("catalogue show kaspersky --format json").ended_with(0);
    for call in [
        "--format json catalogue show kaspersky",
        "catalogue --format json show kaspersky",
        "catalogue show --format json kaspersky",
    ] {
        assert_eq!(home.line(call).ended_with(0).stdout, shown.stdout, "{call}");
    }
    let file = home.file("x.toml", "id = 1");
    home.run(["catalogue", "lint", &file, "--format", "json"]).ended_with(1).json();
}

#[test]
fn profiles_add_up_wherever_they_stand() {
    let home = Home::new();
    let call = "--profile us-private assess --profile pl-person --vendor kaspersky --profile us-private --as-of 2026-11-22 --format json";
    let document = home.line(call).ended_with(0).json();
    assert_eq!(document["profiles"], json!(["us-private", "pl-person"]));
    assert_eq!(document["activities"]["deal-with"]["tier"], "prohibited");
    assert_eq!(document["activities"]["buy"]["tier"], "prohibited");
}

#[test]
fn the_saved_profile_is_used_unless_another_is_named() {
    let home = Home::new();
    let root = home.prepared_root();
    home.run(["audit", "--root", &root, "--db", "own.db"]).ended_with(0);
    let now = "2026-11-22T00:00:00Z";
    let mut store = interdict_app::store::Store::open(&home.path("own.db"), now).unwrap();
    let mut settings = interdict_app::Settings::read(&store).unwrap();
    settings.profiles = Some(vec!["au-commonwealth".to_owned()]);
    settings.write(&mut store, now).unwrap();
    drop(store);
    let profiles =
        |call: &str| home.line(&format!("{call} --db own.db --format json")).ended_with(0).json()["profiles"].clone();
    assert_eq!(profiles("assess --vendor kaspersky"), json!(["au-commonwealth"]));
    assert_eq!(profiles("findings"), json!(["au-commonwealth"]));
    assert_eq!(profiles("assess --vendor kaspersky --profile us-private"), json!(["us-private"]));
    let text = home.line("assess --vendor kaspersky --db own.db").ended_with(0).stdout;
    assert!(text.contains("for au-commonwealth (saved) on ") && !text.contains("say who you are"), "{text}");
}

#[test]
fn fail_on_looks_at_what_is_shown() {
    let home = Home::new();
    let call = "assess --vendor kaspersky --profile us-private --as-of 2026-11-22";
    for (more, code) in [
        ("", 0),
        ("--fail-on prohibited", 10),
        ("--fail-on required", 10),
        ("--activity use --fail-on prohibited", 0),
        ("--activity use --fail-on restricted", 10),
        ("--activity remove --fail-on undetermined", 0),
        ("--activity remove --fail-on none", 10),
    ] {
        home.line(&format!("{call} {more}")).ended_with(code);
    }
}

#[test]
fn every_command_helps() {
    let home = Home::new();
    let commands = [
        "",
        "audit",
        "scan",
        "import",
        "identify",
        "assess",
        "catalogue",
        "catalogue lint",
        "catalogue list",
        "catalogue show",
        "machines",
        "software",
        "findings",
        "vendors",
        "verify-removed",
        "log verify",
        "log list",
    ];
    for command in commands {
        let help = home.line(&format!("{command} --help")).ended_with(0).stdout;
        for option in ["--db", "--catalogue", "--profile", "--as-of", "--format", "--fail-on", "--quiet", "--no-color"]
        {
            assert!(help.contains(option), "{command} --help does not speak of {option}");
        }
        assert!(command == "catalogue" || help.contains("Example"), "{command} --help has no example:\n{help}");
        let looks_at_machines = matches!(command, "audit" | "scan");
        assert_eq!(help.contains("--hives"), looks_at_machines, "{command} --help");
    }
    assert!(home.line("--version").ended_with(0).stdout.starts_with("interdict "));
}

#[test]
fn nothing_is_coloured_without_a_terminal_and_quiet_is_quiet() {
    let home = Home::new();
    let root = home.prepared_root();
    for call in [
        vec!["audit", "--root", &root],
        vec!["scan", "--root", &root],
        vec!["assess", "--vendor", "kaspersky"],
        vec!["catalogue", "list"],
    ] {
        let plain = home.run(&call).ended_with(0);
        assert!(!plain.stdout.contains('\u{1b}') && !plain.stderr.contains('\u{1b}'), "{}", plain.shown());
        let quiet = home.run(call.iter().chain(&["--quiet"])).ended_with(0);
        assert_eq!(quiet.stderr, "", "{call:?}");
    }
    let forced = |more: &[&str], no_color: &str| {
        let mut command = home.command();
        command.env("CLICOLOR_FORCE", "1").env("NO_COLOR", no_color);
        ran(command.args(["assess", "--vendor", "kaspersky", "--profile", "us-private"]).args(more)).stdout
    };
    assert!(forced(&[], "").contains("\u{1b}[1m\u{1b}[31mprohibited\u{1b}[0m"), "{}", forced(&[], ""));
    assert!(!forced(&["--no-color"], "").contains('\u{1b}'));
    assert!(!forced(&[], "1").contains('\u{1b}'));
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_read_enough_is_no_failure() {
    let home = Home::new();
    let mut child = home
        .command()
        .args(["catalogue", "list", "--format", "csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""));
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    if let Ok(full) = full {
        let output = home.command().args(["catalogue", "list"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(
            stderr.contains("error[cli/output]: the answer could not be written") && stderr.contains("cause: "),
            "{stderr}"
        );
    }
}
