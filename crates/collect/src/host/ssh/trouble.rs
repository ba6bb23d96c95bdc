//! What ssh complains of, in words that say what to do.
//!
//! The phrases are OpenSSH's (`sshconnect.c`, `sshconnect2.c`), in English on every system. What is not known is passed on
//! as it came.

use super::connection::Loss;
use super::target::SshTarget;
use crate::host::HostError;

/// The longest passage of somebody else's words.
const LONGEST: usize = 300;

/// The phrase, what it means, and what to do.
const KNOWN: &[(&str, &str, &str)] = &[
    (
        "REMOTE HOST IDENTIFICATION HAS CHANGED",
        "its host key is not the one that is known",
        "the host was set up anew, or somebody answers in its place: ask who runs it before changing known_hosts",
    ),
    (
        "Host key verification failed",
        "its host key is not known",
        "connect once by hand with ssh and compare the key, or say --ssh-option StrictHostKeyChecking=accept-new",
    ),
    (
        "Permission denied (",
        "it does not let this user in",
        "no password is asked for: load a key with ssh-add, or name one with --ssh-option IdentityFile=FILE",
    ),
    (
        "is not recognized as",
        "it seems to be a Windows system, whose shell is not a POSIX one",
        "run the portable collector there (interdict scan --out FILE.jsonl) and import its file",
    ),
];

/// Why a host cannot be read: it was never connected, or the connection is gone.
pub(super) fn trouble(target: &SshTarget, loss: &Loss, connected: bool) -> HostError {
    let host = target.to_string();
    let (why, hint) = explained(loss);
    if connected { HostError::Lost { host, why } } else { HostError::Unreachable { host, why, hint } }
}

fn explained(loss: &Loss) -> (String, Option<&'static str>) {
    match loss {
        Loss::Cancelled => ("the scan was cancelled".to_owned(), None),
        Loss::Silent(time) => (format!("it said nothing for {} s", time.as_secs_f32()), None),
        Loss::TooSlow(time) => (
            format!("it took longer than the {} s it may take", time.as_secs_f32()),
            Some("give it longer with --timeout SECONDS"),
        ),
        Loss::Nonsense(what) => ((*what).to_owned(), Some("see what a login prints with: ssh HOST true")),
        Loss::Ended(said) => {
            let known = KNOWN.iter().find(|(phrase, _, _)| said.contains(phrase));
            let last = last_words(said);
            match known {
                Some((_, means, hint)) => (format!("{means} ({last})"), Some(hint)),
                None if last.is_empty() => ("the connection ended without a word".to_owned(), None),
                None => (last, None),
            }
        }
    }
}

/// The last line that says something.
fn last_words(said: &str) -> String {
    let line = said.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
    line.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use interdict_model::Fault as _;

    #[test]
    fn what_ssh_says_is_explained() {
        let target = SshTarget::of("ada@web-01".parse().expect("a destination"));
        for (said, message, hint) in [
            (
                "@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.\r\n",
                "ada@web-01 cannot be read over ssh: its host key is not the one that is known (Host key verification failed.)",
                "ask who runs it",
            ),
            (
                "No ED25519 host key is known for web-01 and you have requested strict checking.\nHost key verification failed.",
                "ada@web-01 cannot be read over ssh: its host key is not known (Host key verification failed.)",
                "by hand",
            ),
            (
                "ada@web-01: Permission denied (publickey).\r\n",
                "ada@web-01 cannot be read over ssh: it does not let this user in (ada@web-01: Permission denied (publickey).)",
                "ssh-add",
            ),
            (
                "'exec' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n",
                "ada@web-01 cannot be read over ssh: it seems to be a Windows system, whose shell is not a POSIX one (operable program or batch file.)",
                "portable collector",
            ),
            (
                "ssh: connect to host web-01 port 22: Connection refused\r\n",
                "ada@web-01 cannot be read over ssh: ssh: connect to host web-01 port 22: Connection refused",
                "",
            ),
            ("\n\n", "ada@web-01 cannot be read over ssh: the connection ended without a word", ""),
        ] {
            let error = trouble(&target, &Loss::Ended(said.to_owned()), false);
            assert_eq!(error.to_string(), message);
            assert!(error.hint().unwrap_or_default().contains(hint), "{:?}", error.hint());
        }
        let lost = trouble(&target, &Loss::Ended("Killed by signal 15.".to_owned()), true);
        assert_eq!(lost.to_string(), "the connection to ada@web-01 was lost: Killed by signal 15.");
    }
}
