//! `identify`: a line in, a line out.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::Home;

const THREE: &str = "{\"source\":\"programs\",\"name\":\"Kaspersky Endpoint Security for Windows\"}\n\
                     {\"source\":\"programs\",\"name\":\"Autodesk Fusion 360\"}\n\
                     {\"source\":\"programs\",\"name\":\"Антивирус Касперского\"}\n";

fn nobody() -> Value {
    json!({ "product": null, "vendor": null, "category": null, "confidence": 0.0, "matched": [] })
}

#[test]
fn the_three_programs() {
    let home = Home::new();
    let lines = home.given(THREE, "identify").ended_with(0).lines();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["product"], "kaspersky.kes-win");
    assert_eq!(lines[0]["category"], "endpoint-protection");
    assert_eq!(lines[1], nobody());
    assert_eq!(lines[2]["vendor"], "kaspersky");
    for line in [&lines[0], &lines[2]] {
        assert!(line["confidence"].as_f64().unwrap() > 0.5, "{line}");
        assert_eq!(line["matched"][0]["field"], "name");
        assert!(line["matched"][0]["rule"].as_str().unwrap().contains("kaspersky"), "{line}");
    }
    assert!(!home.has_data());
}

#[test]
fn a_bad_line_keeps_its_place() {
    let home = Home::new();
    let long = format!("{{\"source\":\"programs\",\"name\":\"{}\"}}", "x".repeat(5 << 20));
    let input = format!(
        "{{\"source\":\"programs\",\"name\":\"Kaspersky Free\"}}\nnot json\n{{\"source\":\"nowhere\"}}\n\n\
         {{\"source\":\"programs\",\"nmae\":\"x\"}}\n{long}\n{{\"name\":\"Kaspersky Free\"}}"
    );
    let ran = home.given(input, "identify").complains_of(
        1,
        &[
            "standard input:2: error[cli/bad-line]: expected ident",
            "standard input:3: error[cli/bad-line]: unknown source \"nowhere\"",
            "standard input:5: error[cli/bad-line]: unknown field `nmae`",
            "standard input:6: error[cli/bad-line]: the line is longer than",
            "error[cli/bad-lines]: 4 of 6 lines could not be read",
        ],
    );
    let lines = ran.lines();
    assert_eq!(lines.len(), 6, "an empty line is no line");
    assert_eq!(lines[0]["product"], "kaspersky.free");
    assert_eq!(lines[1..5], [nobody(), nobody(), nobody(), nobody()]);
    assert_eq!(lines[5]["product"], "kaspersky.free", "a line that does not say where it was read is still read");
}

#[test]
fn a_whole_scan_can_be_piped_in() {
    let home = Home::new();
    let root = home.prepared_root();
    let scan = home.run(["scan", "--root", &root, "--quiet"]).ended_with(0);
    let lines = home.given(&scan.stdout, "identify --format json").ended_with(0).lines();
    assert_eq!(lines.len(), scan.lines().len() - 1, "the first line of a scan is no observation");
    assert!(lines.iter().any(|line| line["product"] == "kaspersky.kes-linux"));
}

#[test]
fn the_answer_comes_before_the_next_question() {
    let home = Home::new();
    let mut child = home.command().arg("identify").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in THREE.lines() {
        writeln!(input, "{line}").unwrap();
        input.flush().unwrap();
        assert!(output.next().unwrap().unwrap().starts_with("{\"product\":"));
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

#[test]
fn there_is_no_other_format() {
    let home = Home::new();
    home.given(THREE, "identify --format csv").complains_of(2, &["error[cli/format]", "hint: leave --format out"]);
}
