//! Rules of the Windows firewall, as the registry keeps them: `v2.30|Action=Allow|Active=TRUE|App=C:\...|Name=...|`
//! (<https://learn.microsoft.com/openspecs/windows_protocols/ms-gpfas/2efe0b76-7b4a-41ff-9050-1023f8196d16>).
//!
//! Only the program and the name are read; what a rule allows or blocks says nothing of what is installed.

/// A rule of the firewall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirewallRule<'a> {
    /// The program it is about, as written; none for a rule about ports or services.
    pub app: Option<&'a str>,
    /// Its name, unless it stands for a text in a file.
    pub name: Option<&'a str>,
}

/// A rule; nothing for what is none.
#[must_use]
pub fn parse_rule(text: &str) -> Option<FirewallRule<'_>> {
    let (version, rest) = text.split_once('|')?;
    let is_version =
        version.strip_prefix('v').is_some_and(|number| number.starts_with(|digit: char| digit.is_ascii_digit()));
    let field = |name: &str| {
        let found = rest.split('|').find_map(|field| field.strip_prefix(name)?.strip_prefix('='));
        found.map(str::trim).filter(|value| !value.is_empty())
    };
    is_version.then(|| FirewallRule { app: field("App"), name: field("Name").filter(|name| !name.starts_with('@')) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_and_the_name_are_read() {
        let rule = |app, name| Some(FirewallRule { app, name });
        for (text, expected) in [
            (
                r"v2.30|Action=Allow|Active=TRUE|Dir=In|App=C:\Program Files\Vendor\a.exe|Name=Vendor agent|Desc=x|",
                rule(Some(r"C:\Program Files\Vendor\a.exe"), Some("Vendor agent")),
            ),
            (r"v2.10|Action=Block|Name=@FirewallAPI.dll,-28502|App=|", rule(None, None)),
            ("v2.10|", rule(None, None)),
            ("Action=Allow|App=x", None),
            ("", None),
        ] {
            assert_eq!(parse_rule(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String) {
            let _ = parse_rule(&text);
        }
    }
}
