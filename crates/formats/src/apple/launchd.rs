//! launchd: what a job runs and what starts it, and which jobs were switched off.
//!
//! Keys as launchd.plist(5) has them. A job is *started by the system* when something in its file makes launchd start it
//! without a person asking: at load (`RunAtLoad`, `KeepAlive`), at times (`StartInterval`, `StartCalendarInterval`), or
//! on demand of others (`MachServices`, `Sockets`, `LaunchEvents`, `WatchPaths`, `QueueDirectories`, `StartOnMount`).
//! A job without any of them waits for `launchctl kickstart`.

use std::collections::BTreeMap;

use interdict_model::Diagnostic;

use crate::property_list::{Value, read_dictionary, unexpected};

/// How many jobs one file of overrides may speak of.
const MOST_OVERRIDES: usize = 100_000;

/// A job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LaunchdJob {
    /// `Label`: its name.
    pub label: Option<String>,
    /// `Program`, else the first of `ProgramArguments`, else `BundleProgram`.
    pub program: Option<String>,
    /// Whether the program is given relative to the application the job lies in (`BundleProgram`).
    pub is_within_bundle: bool,
    /// All arguments, the program first, where they are given.
    pub arguments: Vec<String>,
    /// `Disabled`: whether it starts out switched off.
    pub disabled: bool,
    /// What in the file makes the system start it: the first such key.
    pub started_by: Option<&'static str>,
    /// `AssociatedBundleIdentifiers`: the applications it says it belongs to.
    pub associated: Vec<String>,
}

/// Reads a job.
#[must_use]
pub fn parse_job(bytes: &[u8], file_name: &str) -> (LaunchdJob, Vec<Diagnostic>) {
    let (value, mut diagnostics) = read_dictionary(bytes, file_name);
    let arguments = value.texts_of("ProgramArguments");
    let within_bundle = value.text_of("BundleProgram");
    let plain = value.text_of("Program").or_else(|| arguments.first().cloned());
    let job = LaunchdJob {
        label: value.text_of("Label"),
        is_within_bundle: plain.is_none() && within_bundle.is_some(),
        program: plain.or(within_bundle),
        arguments,
        disabled: value.get("Disabled").and_then(Value::truth).unwrap_or_default(),
        started_by: STARTERS.iter().find(|(key, starts)| value.get(key).is_some_and(starts)).map(|(key, _)| *key),
        associated: match value.text_of("AssociatedBundleIdentifiers") {
            Some(one) => vec![one],
            None => value.texts_of("AssociatedBundleIdentifiers"),
        },
    };
    if job.label.is_none() && diagnostics.is_empty() {
        diagnostics.push(unexpected("the job has no Label, so launchd does not load it", file_name));
    }
    (job, diagnostics)
}

type Starts = fn(&Value) -> bool;

/// The keys that make launchd start a job, with what their value must be.
const STARTERS: &[(&str, Starts)] = &[
    ("RunAtLoad", is_yes),
    ("KeepAlive", is_yes_or_has_conditions),
    ("StartInterval", is_yes),
    ("StartCalendarInterval", is_something),
    ("MachServices", is_something),
    ("Sockets", is_something),
    ("LaunchEvents", is_something),
    ("WatchPaths", is_something),
    ("QueueDirectories", is_something),
    ("StartOnMount", is_yes),
];

fn is_yes(value: &Value) -> bool {
    value.truth() == Some(true)
}

/// `KeepAlive` may be a dictionary of conditions under which the job is kept running.
fn is_yes_or_has_conditions(value: &Value) -> bool {
    is_yes(value) || value.dictionary().is_some_and(|conditions| !conditions.is_empty())
}

fn is_something(value: &Value) -> bool {
    !value.list().is_empty() || value.dictionary().is_some_and(|entries| !entries.is_empty())
}

/// Reads `disabled.plist` or `disabled.<uid>.plist`: for each label whether it is switched off, which counts more than
/// the job's own word.
#[must_use]
pub fn parse_overrides(bytes: &[u8], file_name: &str) -> (BTreeMap<String, bool>, Vec<Diagnostic>) {
    let (value, diagnostics) = read_dictionary(bytes, file_name);
    let entries = value.dictionary().into_iter().flatten();
    let overrides = entries.filter_map(|(label, value)| {
        // Before macOS 10.10 the value was a dictionary with the key `Disabled`.
        let disabled = value.truth().or_else(|| value.get("Disabled")?.truth())?;
        Some((label.clone(), disabled))
    });
    (overrides.take(MOST_OVERRIDES).collect(), diagnostics)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::property_list::code;
    use crate::property_list::tests::{binary, xml};

    fn job(inner: &str) -> LaunchdJob {
        parse_job(&xml(&format!("<dict><key>Label</key><string>a</string>{inner}</dict>")), "f").0
    }

    #[test]
    fn a_job_names_its_program() {
        let text = xml("<dict><key>Label</key><string>com.example.agent</string><key>ProgramArguments</key><array>\
            <string>/Library/A/agent</string><string>--x</string></array><key>Disabled</key><true/></dict>");
        let expected = LaunchdJob {
            label: Some("com.example.agent".to_owned()),
            program: Some("/Library/A/agent".to_owned()),
            arguments: vec!["/Library/A/agent".to_owned(), "--x".to_owned()],
            disabled: true,
            ..LaunchdJob::default()
        };
        assert_eq!(parse_job(&text, "f"), (expected.clone(), Vec::new()));
        assert_eq!(parse_job(&binary(&text), "f"), (expected, Vec::new()));
        let both =
            job("<key>Program</key><string>/p</string><key>ProgramArguments</key><array><string>q</string></array>");
        assert_eq!(both.program.as_deref(), Some("/p"));
        let within = job("<key>BundleProgram</key><string>Contents/MacOS/a</string>");
        assert_eq!((within.program.as_deref(), within.is_within_bundle), (Some("Contents/MacOS/a"), true));
    }

    #[test]
    fn what_starts_a_job_is_told_from_what_does_not() {
        for (inner, expected) in [
            ("<key>RunAtLoad</key><true/>", Some("RunAtLoad")),
            ("<key>RunAtLoad</key><false/>", None),
            ("<key>RunAtLoad</key><integer>1</integer>", Some("RunAtLoad")),
            ("<key>KeepAlive</key><false/>", None),
            ("<key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>", Some("KeepAlive")),
            ("<key>KeepAlive</key><dict/>", None),
            ("<key>StartInterval</key><integer>3600</integer>", Some("StartInterval")),
            (
                "<key>StartCalendarInterval</key><dict><key>Hour</key><integer>0</integer></dict>",
                Some("StartCalendarInterval"),
            ),
            ("<key>StartCalendarInterval</key><array><dict/></array>", Some("StartCalendarInterval")),
            ("<key>MachServices</key><dict><key>m</key><true/></dict>", Some("MachServices")),
            ("<key>WatchPaths</key><array/>", None),
            ("<key>Nice</key><integer>1</integer>", None),
        ] {
            assert_eq!(job(inner).started_by, expected, "{inner}");
        }
    }

    #[test]
    fn a_job_without_a_label_is_said() {
        let (job, diagnostics) = parse_job(&xml("<dict><key>Program</key><string>/p</string></dict>"), "f");
        assert_eq!((job.program.as_deref(), diagnostics[0].code.as_ref()), (Some("/p"), code::UNEXPECTED));
    }

    #[test]
    fn overrides_of_both_kinds_are_read() {
        let text =
            xml("<dict><key>a</key><true/><key>b</key><false/><key>c</key><dict><key>Disabled</key><true/></dict>\
            <key>d</key><string>x</string></dict>");
        let expected = [("a", true), ("b", false), ("c", true)].map(|(label, off)| (label.to_owned(), off));
        assert_eq!(parse_overrides(&text, "f"), (BTreeMap::from(expected), Vec::new()));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = (parse_job(&bytes, "f"), parse_overrides(&bytes, "f"));
        }
    }
}
