//! Whom to connect to, and which settings of ssh may be given with it.
//!
//! Both may come from a file that somebody else wrote, and both end up on a command line, so each has a closed grammar:
//! nothing that begins with `-`, nothing that a shell would take apart, no setting that runs a program.

use std::fmt;
use std::str::FromStr;

/// The longest name of a host (RFC 1035) or user that is taken.
const LONGEST_NAME: usize = 255;
/// The longest value of a setting that is taken.
const LONGEST_VALUE: usize = 4096;

/// A host as ssh is given it: `[user@]host[:port]`. The host may be a name of the person's ssh configuration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SshDestination {
    user: Option<String>,
    host: String,
    port: Option<u16>,
}

/// Why a text is no destination or no setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SshArgumentError {
    /// The destination begins with `-`, which ssh would take for an option.
    #[error("\"{0}\" begins with \"-\": that is an option of ssh, not a host")]
    Option(String),
    /// The destination has no host.
    #[error("\"{0}\" names no host")]
    NoHost(String),
    /// The destination has a character that no name of a host or user has.
    #[error("\"{text}\" has a character that names of hosts and users do not have: {character:?}")]
    Character {
        /// What was given.
        text: String,
        /// Which character.
        character: char,
    },
    /// The destination is longer than any name.
    #[error("a name of {0} characters is longer than any host's or user's")]
    TooLong(usize),
    /// The port is none.
    #[error("\"{0}\" is not a port")]
    Port(String),
    /// The setting is not of the form `KEY=VALUE`.
    #[error("\"{0}\" is not of the form KEY=VALUE")]
    NoSetting(String),
    /// The setting may not be given here.
    #[error("\"{0}\" may not be set here; what may be: {keys}", keys = allowed_keys())]
    Key(String),
    /// The value of the setting may not be given here.
    #[error("{key} may not be \"{value}\": {why}")]
    Value {
        /// Which setting.
        key: &'static str,
        /// What it was to be.
        value: String,
        /// Why not.
        why: &'static str,
    },
}

impl SshDestination {
    /// The user, where one is named; else ssh's configuration decides.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The host.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, where one is named; else ssh's configuration decides.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The argument of ssh: user and host, without the port.
    pub(super) fn argument(&self) -> String {
        self.user.as_ref().map_or_else(|| self.host.clone(), |user| format!("{user}@{}", self.host))
    }
}

impl FromStr for SshDestination {
    type Err = SshArgumentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with('-') {
            return Err(SshArgumentError::Option(text.to_owned()));
        }
        let (user, rest) = match text.rsplit_once('@') {
            Some((user, rest)) => (Some(user), rest),
            None => (None, text),
        };
        let (host, port) = host_and_port(rest);
        let port = port
            .map(|port| match port.parse() {
                Ok(0) | Err(_) => Err(SshArgumentError::Port(port.to_owned())),
                Ok(port) => Ok(port),
            })
            .transpose()?;
        if host.is_empty() || user == Some("") {
            return Err(SshArgumentError::NoHost(text.to_owned()));
        }
        for name in user.into_iter().chain([host]) {
            if name.starts_with('-') {
                return Err(SshArgumentError::Option(name.to_owned()));
            }
            if name.len() > LONGEST_NAME {
                return Err(SshArgumentError::TooLong(name.len()));
            }
        }
        // Names of hosts, addresses of either kind with a zone, and aliases of the configuration; accounts of a
        // directory may hold an `@` of their own.
        let odd = |name: &str, more: &str| name.chars().find(|c| !c.is_ascii_alphanumeric() && !more.contains(*c));
        match odd(host, ".-_:%").or_else(|| odd(user.unwrap_or_default(), ".-_+@")) {
            Some(character) => Err(SshArgumentError::Character { text: text.to_owned(), character }),
            None => Ok(Self { user: user.map(str::to_owned), host: host.to_owned(), port }),
        }
    }
}

/// Takes `host:port`, `[address]:port` and addresses with colons of their own apart.
fn host_and_port(text: &str) -> (&str, Option<&str>) {
    if let Some((address, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return if rest.is_empty() { (address, None) } else { (address, Some(rest.strip_prefix(':').unwrap_or(rest))) };
    }
    match text.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, Some(port)),
        _ => (text, None),
    }
}

impl fmt::Display for SshDestination {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(user) = &self.user {
            write!(formatter, "{user}@")?;
        }
        match self.port {
            Some(port) if self.host.contains(':') => write!(formatter, "[{}]:{port}", self.host),
            Some(port) => write!(formatter, "{}:{port}", self.host),
            None => formatter.write_str(&self.host),
        }
    }
}

/// The settings of ssh that may be given (`ssh_config(5)`). None of them runs a program or loads a library, and none
/// lets a host through whose key is not known. `ProxyCommand` is not among them: it is a line for a shell, and whoever
/// needs one writes it into the ssh configuration, where nobody else's list of hosts reaches.
const KEYS: &[&str] = &[
    "AddressFamily",
    "BindAddress",
    "BindInterface",
    "CertificateFile",
    "Ciphers",
    "Compression",
    "ConnectTimeout",
    "ConnectionAttempts",
    "GSSAPIAuthentication",
    "GlobalKnownHostsFile",
    "HostKeyAlgorithms",
    "HostKeyAlias",
    "IdentitiesOnly",
    "IdentityFile",
    "KexAlgorithms",
    "MACs",
    "Port",
    "PreferredAuthentications",
    "ProxyJump",
    "PubkeyAcceptedAlgorithms",
    "ServerAliveInterval",
    STRICT,
    "User",
    "UserKnownHostsFile",
];
/// Whether hosts are let through whose key is not known.
pub(super) const STRICT: &str = "StrictHostKeyChecking";

fn allowed_keys() -> String {
    KEYS.join(", ")
}

/// A setting of ssh, such as `IdentityFile=/home/ada/.ssh/audit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshSetting {
    key: &'static str,
    value: String,
}

impl SshSetting {
    /// Its name, as ssh writes it.
    #[must_use]
    pub fn key(&self) -> &'static str {
        self.key
    }
}

impl FromStr for SshSetting {
    type Err = SshArgumentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let no_setting = || SshArgumentError::NoSetting(text.to_owned());
        let (key, value) = text.split_once('=').ok_or_else(no_setting)?;
        let (key, value) = (key.trim(), value.trim());
        let known = KEYS.iter().find(|known| known.eq_ignore_ascii_case(key));
        let key = *known.ok_or_else(|| SshArgumentError::Key(key.to_owned()))?;
        let wrong = |why| Err(SshArgumentError::Value { key, value: value.to_owned(), why });
        if value.is_empty() || value.len() > LONGEST_VALUE || value.chars().any(char::is_control) {
            return wrong("it must be one line that says something");
        }
        match key {
            STRICT if !["yes", "accept-new"].iter().any(|allowed| allowed.eq_ignore_ascii_case(value)) => {
                wrong("a host whose key is another than the known one is never read; say yes or accept-new")
            }
            "UserKnownHostsFile" | "GlobalKnownHostsFile"
                if value.split([' ', '\t', '"']).any(|file| matches!(file, "/dev/null" | "none")) =>
            {
                wrong("the keys of hosts must be kept somewhere")
            }
            // OpenSSH makes a line for a shell of it.
            "ProxyJump" if value != "none" && value.split(',').any(|jump| jump.parse::<SshDestination>().is_err()) => {
                wrong("it must be a list of [user@]host[:port], with commas between them")
            }
            _ => Ok(Self { key, value: value.to_owned() }),
        }
    }
}

impl fmt::Display for SshSetting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}={}", self.key, self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_are_taken_apart() {
        for (text, user, host, port) in [
            ("web-01", None, "web-01", None),
            ("ada@web-01.example.org", Some("ada"), "web-01.example.org", None),
            ("ada@web-01:2222", Some("ada"), "web-01", Some(2222)),
            ("ada@example.org@web-01", Some("ada@example.org"), "web-01", None),
            ("::1", None, "::1", None),
            ("root@[::1]:22", Some("root"), "::1", Some(22)),
            ("fe80::1%eth0", None, "fe80::1%eth0", None),
        ] {
            let destination: SshDestination = text.parse().expect(text);
            assert_eq!((destination.user(), destination.host(), destination.port()), (user, host, port), "{text}");
            assert_eq!(destination.to_string(), text);
        }
    }

    #[test]
    fn what_ssh_or_a_shell_would_take_for_more_is_refused() {
        for text in [
            "-oProxyCommand=touch x",
            "ada@-oProxyCommand=x",
            "-l@web",
            "",
            "@web",
            "ada@",
            "ada@:22",
            "web:",
            "web:0",
            "web:65536",
            "web:ssh",
            "[::1]22x",
            "we b",
            "web;id",
            "web$(id)",
            "`id`@web",
            "a'b@web",
            "web\nother",
            "wéb",
            "ssh://web",
            "$HOME",
        ] {
            assert!(text.parse::<SshDestination>().is_err(), "{text}");
        }
        assert!("a".repeat(256).parse::<SshDestination>().is_err());
    }

    #[test]
    fn settings_that_run_something_or_let_anybody_through_are_refused() {
        for text in [
            "Port=2222",
            "identityfile=/home/ada/.ssh/audit key",
            "ProxyJump=ada@jump:2222,second",
            "ProxyJump=none",
            "StrictHostKeyChecking=accept-new",
            "UserKnownHostsFile=/etc/audit/known_hosts",
        ] {
            assert!(text.parse::<SshSetting>().is_ok(), "{text}");
        }
        for text in [
            "ProxyCommand=nc %h %p",
            "LocalCommand=id",
            "KnownHostsCommand=/bin/x",
            "PKCS11Provider=/tmp/x.so",
            "RemoteCommand=id",
            "SendEnv=X",
            "Include=/tmp/x",
            "Port",
            "Port=",
            "Port=22\nProxyCommand=id",
            "StrictHostKeyChecking=no",
            "StrictHostKeyChecking=off",
            "UserKnownHostsFile=/dev/null",
            "ProxyJump=$(id)",
            "ProxyJump=-oProxyCommand=id",
        ] {
            assert!(text.parse::<SshSetting>().is_err(), "{text}");
        }
        assert_eq!("identityfile=x".parse::<SshSetting>().expect("allowed").to_string(), "IdentityFile=x");
    }
}
