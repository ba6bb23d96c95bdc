//! Whether a value that holds a rule's literal matches the rule: anchors, boundaries, patterns.

use interdict_model::{FingerprintField, MatchKind};

use crate::rules::Rule;

/// Whether the normal form of a value matches a rule whose literal it holds.
pub(crate) fn matches(rule: &Rule, value: &str) -> bool {
    match rule.kind {
        MatchKind::Exact => value == rule.value,
        MatchKind::Versioned => {
            value.strip_prefix(rule.value.as_str()).is_some_and(|rest| rest.is_empty() || is_version_tail(rest))
        }
        MatchKind::Prefix => value.strip_prefix(rule.value.as_str()).is_some_and(|rest| {
            if rule.field == FingerprintField::Path {
                rest.is_empty() || rest.starts_with('/') || rule.value.ends_with('/')
            } else if rule.field == FingerprintField::RegistryKey {
                rest.is_empty() || rest.starts_with('\\')
            } else {
                is_boundary(rule.value.chars().next_back(), rest.chars().next())
            }
        }),
        MatchKind::Glob => glob(&rule.value, value),
    }
}

/// ` 12.1`, ` (x64)`, ` x64`, ` version 3`, ` for ...` is no version.
fn is_version_tail(rest: &str) -> bool {
    let Some(tail) = rest.strip_prefix(' ') else { return false };
    let word = tail.trim_start_matches(['(', '[']);
    let word = word.strip_prefix("version ").or_else(|| word.strip_prefix("v")).unwrap_or(word);
    let architectures = ["x64", "x86", "amd64", "arm64", "64-bit", "32-bit", "64 bit", "32 bit", "en-us"];
    word.starts_with(|letter: char| letter.is_ascii_digit()) || architectures.iter().any(|arch| word.starts_with(arch))
}

/// Whether a word ends between two letters. Scripts without spaces between words have a boundary everywhere.
fn is_boundary(before: Option<char>, after: Option<char>) -> bool {
    match (before, after) {
        (_, None) => true,
        (Some(before), Some(after)) => {
            !(before.is_alphanumeric() && after.is_alphanumeric()) || is_spaceless(before) || is_spaceless(after)
        }
        (None, Some(_)) => false,
    }
}

fn is_spaceless(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}

/// `*` stands for anything; a final `*` right after a letter stops at a word boundary.
fn glob(pattern: &str, value: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(first) = parts.next() else { return false };
    let Some(mut rest) = value.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    let mut literal_before = first;
    for part in middle.iter().filter(|part| !part.is_empty()) {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
        literal_before = part;
    }
    if last.is_empty() {
        let before = literal_before.chars().next_back();
        return before.is_none_or(|letter| !letter.is_alphabetic()) || is_boundary(before, rest.chars().next());
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(kind: MatchKind, field: FingerprintField, value: &str) -> Rule {
        Rule {
            vendor: "v".into(),
            product: None,
            field,
            kind,
            literal: value.to_owned(),
            value: value.to_owned(),
            ambiguous: false,
            weight: 1.0,
            made_for: None,
            label: String::new(),
        }
    }

    #[test]
    fn each_kind_stops_where_it_says() {
        use FingerprintField::{DisplayName, Path, RegistryKey};
        use MatchKind::{Exact, Glob, Prefix, Versioned};
        let rows = [
            (Exact, DisplayName, "kaspersky", "kaspersky", true),
            (Exact, DisplayName, "kaspersky", "kaspersky lab", false),
            (Versioned, DisplayName, "wazuh agent", "wazuh agent 4.9.2", true),
            (Versioned, DisplayName, "wazuh agent", "wazuh agent (x64)", true),
            (Versioned, DisplayName, "wazuh agent", "wazuh agent manager", false),
            (Prefix, DisplayName, "eset", "eset endpoint", true),
            (Prefix, DisplayName, "eset", "esetup", false),
            (Prefix, DisplayName, "卡巴斯基", "卡巴斯基安全软件", true),
            (Prefix, Path, "/opt/kaspersky", "/opt/kaspersky/kesl", true),
            (Prefix, Path, "/opt/kaspersky", "/opt/kasperskyish", false),
            (Prefix, RegistryKey, "hklm\\software\\kasperskylab", "hklm\\software\\kasperskylab\\x", true),
            (Prefix, RegistryKey, "hklm\\software\\kasperskylab", "hklm\\software\\kasperskylabs", false),
            (Glob, DisplayName, "traps*", "traps 6.1", true),
            (Glob, DisplayName, "traps*", "trapster", false),
            (Glob, DisplayName, "антивирус касперского*", "антивирус касперского", true),
            (Glob, DisplayName, "*касперского*", "защита касперского 21", true),
            (Glob, DisplayName, "kaspersky * for linux", "kaspersky endpoint security for linux", true),
            (Glob, DisplayName, "kaspersky * for linux", "kaspersky endpoint security for mac", false),
        ];
        for (kind, field, pattern, value, expected) in rows {
            assert_eq!(matches(&rule(kind, field, pattern), value), expected, "{kind} {pattern} ~ {value}");
        }
    }
}
