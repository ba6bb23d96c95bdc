//! What starts services where systemd does not: scripts of System V (with or without the header of the Linux Standard
//! Base), of `OpenRC`, runit and s6, and the jobs of Upstart.
//!
//! Read is what the text says of itself: a description, and the program it names. What starts a script is in the links
//! around it, which `interdict-collect` reads. Scripts that call another script's functions name no program.

use std::collections::BTreeMap;

use crate::notes::lines;
use crate::unix_command::{program_in, program_of_line};

/// How many lines of a script are looked at for its description.
const MOST_LINES: usize = 2_000;

/// What a start script says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StartScript {
    /// Which kind of script it is.
    pub kind: ScriptKind,
    /// What it starts, in words.
    pub description: Option<String>,
    /// The names of the services it provides.
    pub provides: Vec<String>,
    /// The program it starts, by its path.
    pub program: Option<String>,
}

/// The kinds of start scripts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ScriptKind {
    /// A script for any shell, called with `start` and `stop`.
    #[default]
    SystemV,
    /// A script that is run by `OpenRC`'s own shell (<https://github.com/OpenRC/openrc/blob/master/service-script-guide.md>).
    OpenRc,
    /// No script at all: a library of functions, a note.
    None,
}

/// Reads a script of `/etc/init.d` that goes by a name.
#[must_use]
pub fn parse_start_script(bytes: &[u8], name: &str) -> StartScript {
    let text = String::from_utf8_lossy(bytes);
    let first = text.lines().next().unwrap_or_default();
    let kind = match first.strip_prefix("#!") {
        Some(interpreter) if interpreter.contains("openrc-run") || interpreter.contains("runscript") => {
            ScriptKind::OpenRc
        }
        Some(_) => ScriptKind::SystemV,
        None => return StartScript { kind: ScriptKind::None, ..StartScript::default() },
    };
    let mut script = StartScript { kind, ..StartScript::default() };
    let mut in_header = false;
    let mut described = None;
    for line in text.lines().take(MOST_LINES).map(str::trim) {
        match line {
            "### BEGIN INIT INFO" => in_header = true,
            "### END INIT INFO" => in_header = false,
            _ => {}
        }
        if let Some(comment) = line.strip_prefix('#') {
            let Some((key, value)) = comment.split_once(':') else { continue };
            let value = value.trim();
            match key.trim() {
                "Provides" if in_header => {
                    script.provides = value.split_ascii_whitespace().take(64).map(str::to_owned).collect();
                }
                "Short-Description" if in_header => script.description = not_empty(value),
                // The header that chkconfig of the Red Hat family reads; continued lines are left out.
                "description" => described = not_empty(value.trim_end_matches('\\')),
                "processname" if value.starts_with('/') => script.program = not_empty(value),
                _ => {}
            }
        } else if let Some(value) = line.strip_prefix("description=").filter(|_| kind == ScriptKind::OpenRc) {
            described = not_empty(value.trim_matches(['"', '\'']));
        }
    }
    script.description = script.description.or(described);
    let own = ["RC_SVCNAME", "SVCNAME", "RC_SERVICE_NAME"].map(|variable| (variable.to_owned(), name.to_owned()));
    script.program = script.program.or_else(|| program_in(&text, BTreeMap::from(own)));
    script
}

/// What a job of Upstart says of itself (init(5) of Upstart).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpstartJob {
    /// What it starts, in words.
    pub description: Option<String>,
    /// Whether an event starts it.
    pub starts: bool,
    /// The program it starts.
    pub program: Option<String>,
}

/// Reads a job of Upstart, and what an override file of the same name adds.
#[must_use]
pub fn parse_upstart(bytes: &[u8], overriding: Option<&[u8]>) -> UpstartJob {
    let mut job = UpstartJob::default();
    for bytes in [Some(bytes), overriding].into_iter().flatten() {
        let mut script = None;
        for line in lines(bytes).take(MOST_LINES) {
            let line = String::from_utf8_lossy(line);
            let line = line.trim();
            let (stanza, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let rest = rest.trim_start();
            match stanza {
                "end" if rest == "script" => {
                    let text: Vec<String> = script.take().unwrap_or_default();
                    if job.program.is_none() {
                        job.program = program_in(&text.join("\n"), BTreeMap::new());
                    }
                }
                _ if script.is_some() => script.get_or_insert_default().push(line.to_owned()),
                "script" => script = Some(Vec::new()),
                "description" => job.description = not_empty(rest.trim_matches('"')),
                "start" if rest.starts_with("on") => job.starts = true,
                "manual" => job.starts = false,
                "exec" => job.program = program_of_line(rest).or(job.program),
                _ => {}
            }
        }
    }
    job
}

fn not_empty(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_with_the_standard_header_is_read() {
        let text = b"#! /bin/sh\n### BEGIN INIT INFO\n# Provides:\t\tagent agentd\n# Required-Start: $all\n\
            # Short-Description: Endpoint agent\n# Description: long\n### END INIT INFO\nDAEMON=\"/opt/a/libexec/agent\"\n\
            case \"$1\" in\n  start)\n    start-stop-daemon --start --exec $DAEMON\n    ;;\nesac\n";
        let script = parse_start_script(text, "agent");
        assert_eq!(script.kind, ScriptKind::SystemV);
        assert_eq!(script.provides, ["agent", "agentd"]);
        assert_eq!(script.description.as_deref(), Some("Endpoint agent"));
        assert_eq!(script.program.as_deref(), Some("/opt/a/libexec/agent"));
    }

    #[test]
    fn older_and_other_headers_are_read() {
        let red_hat = b"#!/bin/bash\n# chkconfig: 2345 80 20\n# description: The agent\\\n# of a vendor\n# processname: /opt/a/agent\n";
        let script = parse_start_script(red_hat, "agent");
        assert_eq!(script.description.as_deref(), Some("The agent"));
        assert_eq!(script.program.as_deref(), Some("/opt/a/agent"));
        let open_rc = b"#!/sbin/openrc-run\nname=agent\ndescription=\"The agent\"\ncommand=\"/opt/a/${RC_SVCNAME}\"\ncommand_args=-x\n";
        let script = parse_start_script(open_rc, "agent");
        assert_eq!(script.kind, ScriptKind::OpenRc);
        assert_eq!(script.description.as_deref(), Some("The agent"));
        assert_eq!(script.program.as_deref(), Some("/opt/a/agent"));
        assert_eq!(parse_start_script(b"# functions\nstart() {\n}\n", "functions").kind, ScriptKind::None);
        assert_eq!(parse_start_script(b"#!/bin/sh\n. /lib/x\n", "x").program, None);
    }

    #[test]
    fn jobs_of_upstart_are_read_with_their_override() {
        let text = b"description \"The agent\"\nstart on runlevel [2345]\nscript\n  [ -r /etc/default/a ] && . /etc/default/a\n  exec /opt/a/agent $ARGS\nend script\n";
        let job = parse_upstart(text, None);
        assert_eq!((job.description.as_deref(), job.starts), (Some("The agent"), true));
        assert_eq!(job.program.as_deref(), Some("/opt/a/agent"));
        assert!(!parse_upstart(text, Some(b"manual\n")).starts);
        assert_eq!(parse_upstart(b"exec /opt/a/b -d\n", None).program.as_deref(), Some("/opt/a/b"));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = (parse_start_script(&bytes, "x"), parse_upstart(&bytes, Some(&bytes)));
        }
    }
}
