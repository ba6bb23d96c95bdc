//! How a host is connected to: the command line of the system's own ssh.

use std::fmt;
use std::time::Duration;

use super::destination::{STRICT, SshDestination, SshSetting};

/// The program; found in `PATH`.
pub(super) const SSH: &str = "ssh";
/// What the host's login shell is given: the shell that reads our script from its input.
const REMOTE: &str = "exec /bin/sh";

/// A host, how to connect to it, and how long it may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshTarget {
    /// Whom to connect to.
    pub destination: SshDestination,
    /// Settings beside those of the person's ssh configuration.
    pub settings: Vec<SshSetting>,
    /// How long it may take.
    pub limits: SshLimits,
}

/// How long a host may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SshLimits {
    /// Until it is connected.
    pub connect: Duration,
    /// Without a word while it is asked.
    pub idle: Duration,
    /// All in all.
    pub whole: Duration,
}

impl Default for SshLimits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(15), idle: Duration::from_mins(1), whole: Duration::from_mins(15) }
    }
}

impl SshLimits {
    /// The same with another limit on everything together, which no part exceeds.
    #[must_use]
    pub fn within(self, whole: Duration) -> Self {
        Self { connect: self.connect.min(whole), idle: self.idle.min(whole), whole }
    }
}

impl SshTarget {
    /// The host with nothing but the person's ssh configuration.
    #[must_use]
    pub fn of(destination: SshDestination) -> Self {
        Self { destination, settings: Vec::new(), limits: SshLimits::default() }
    }

    /// The arguments of ssh.
    ///
    /// Nothing may ask (`BatchMode`), no key that is not known is taken, nothing of ours or of the person's configuration
    /// reaches the host beside the connection itself (agent, display, ports), and no connection is left open. The first
    /// value of a setting counts, so what was asked for comes first. After `--` nothing is an option.
    pub(super) fn arguments(&self) -> Vec<String> {
        let mut arguments: Vec<String> = Vec::new();
        let mut set = |setting: String| arguments.extend(["-o".to_owned(), setting]);
        self.settings.iter().for_each(|setting| set(setting.to_string()));
        if let Some(port) = self.destination.port() {
            set(format!("Port={port}"));
        }
        if !self.settings.iter().any(|setting| setting.key() == STRICT) {
            set(format!("{STRICT}=yes"));
        }
        set("BatchMode=yes".to_owned());
        set(format!("ConnectTimeout={}", self.limits.connect.as_secs().max(1)));
        for setting in [
            "ServerAliveInterval=15",
            "ServerAliveCountMax=3",
            "ControlMaster=no",
            "ClearAllForwardings=yes",
            "PermitLocalCommand=no",
            "RemoteCommand=none",
            "UpdateHostKeys=no",
            "LogLevel=ERROR",
        ] {
            set(setting.to_owned());
        }
        arguments.extend(["-a", "-x", "-T", "--"].map(str::to_owned));
        arguments.extend([self.destination.argument(), REMOTE.to_owned()]);
        arguments
    }

    /// The line that a person would type to start the same.
    #[must_use]
    pub fn line(&self) -> String {
        let plain = |c: char| c.is_ascii_alphanumeric() || "@%_-+=:,./".contains(c);
        let word = |word: String| if word.chars().all(plain) { word } else { super::script::quoted(&word) };
        let words = std::iter::once(SSH.to_owned()).chain(self.arguments()).map(word);
        words.collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for SshTarget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.destination)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_comes_first_and_the_host_after_the_options() {
        let mut target = SshTarget::of("ada@web-01:2222".parse().expect("a destination"));
        target.settings = vec![
            "IdentityFile=/home/ada/audit key".parse().expect("allowed"),
            "StrictHostKeyChecking=accept-new".parse().expect("allowed"),
        ];
        let line = target.line();
        let first = "ssh -o 'IdentityFile=/home/ada/audit key' -o StrictHostKeyChecking=accept-new -o Port=2222 -o BatchMode=yes -o ConnectTimeout=15 ";
        assert!(line.starts_with(first), "{line}");
        assert!(line.ends_with(" -a -x -T -- ada@web-01 'exec /bin/sh'"), "{line}");
        assert_eq!(line.matches("StrictHostKeyChecking").count(), 1);
        let plain = SshTarget::of("web-01".parse().expect("a destination")).line();
        assert!(plain.starts_with("ssh -o StrictHostKeyChecking=yes -o BatchMode=yes "), "{plain}");
    }

    #[test]
    fn no_part_takes_longer_than_the_whole() {
        let limits = SshLimits::default().within(Duration::from_secs(3));
        assert_eq!(
            (limits.connect, limits.idle, limits.whole),
            (Duration::from_secs(3), Duration::from_secs(3), Duration::from_secs(3))
        );
    }
}
