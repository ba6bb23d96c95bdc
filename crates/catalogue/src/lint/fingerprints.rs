//! Fingerprints: none so short or general that it would hit other vendors' records, none shared without saying so.
//!
//! What a literal would hit is judged from the literal and from the other vendors' fingerprints. What it does hit on real
//! records is measured by `cargo xtask catalogue collisions`.

use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Diagnostic, Fingerprint, FingerprintField, MatchKind, Vendor};

use super::sheet::Sheet;

/// A literal of fewer letters and digits hits too much to decide alone.
const SHORT_LITERAL: usize = 3;

/// So many plain words in a row may be anybody's.
const MOST_GENERAL_WORDS: usize = 3;

/// What says nothing of who made it, alone or put together: the words that any vendor names its parts with.
const GENERAL_WORDS: &[&str] = &[
    "admin",
    "agent",
    "agents",
    "all",
    "and",
    "anti",
    "antimalware",
    "antivirus",
    "app",
    "application",
    "backup",
    "base",
    "browser",
    "business",
    "center",
    "chat",
    "client",
    "cloud",
    "common",
    "connect",
    "console",
    "control",
    "core",
    "daemon",
    "data",
    "desktop",
    "device",
    "driver",
    "edition",
    "encryption",
    "endpoint",
    "engine",
    "enterprise",
    "extension",
    "file",
    "files",
    "filter",
    "firewall",
    "for",
    "free",
    "gateway",
    "guard",
    "helper",
    "home",
    "host",
    "identity",
    "install",
    "installer",
    "internet",
    "launcher",
    "linux",
    "mac",
    "macos",
    "main",
    "malware",
    "management",
    "manager",
    "mobile",
    "module",
    "monitor",
    "net",
    "network",
    "password",
    "personal",
    "platform",
    "plugin",
    "premium",
    "privacy",
    "pro",
    "program",
    "protect",
    "protection",
    "proxy",
    "remote",
    "response",
    "safe",
    "scan",
    "scanner",
    "secure",
    "security",
    "sensor",
    "server",
    "service",
    "services",
    "setup",
    "shield",
    "software",
    "standard",
    "start",
    "support",
    "svc",
    "system",
    "the",
    "threat",
    "tool",
    "tools",
    "total",
    "tray",
    "ui",
    "ultimate",
    "uninstall",
    "uninstaller",
    "update",
    "updater",
    "user",
    "utilities",
    "utility",
    "vault",
    "virus",
    "vpn",
    "web",
    "win",
    "windows",
    "workstation",
];

/// Folders that everybody installs to.
const SHARED_FOLDERS: &[&str] = &[
    "/applications",
    "/bin",
    "/etc",
    "/etc/init.d",
    "/etc/systemd/system",
    "/home",
    "/lib",
    "/library",
    "/library/application support",
    "/library/launchdaemons",
    "/opt",
    "/sbin",
    "/srv",
    "/tmp",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/lib",
    "/usr/sbin",
    "/usr/share",
    "/var",
    "/var/lib",
    "/var/log",
    "/var/opt",
    "%appdata%",
    "%commonprogramfiles%",
    "%localappdata%",
    "%programdata%",
    "%programfiles%",
    "%programfiles(x86)%",
    "%systemroot%",
    "%systemroot%/system32",
    "%systemroot%/system32/drivers",
    "%windir%",
    "%windir%/system32",
    "%windir%/system32/drivers",
    "c:",
    "c:/program files",
    "c:/program files (x86)",
    "c:/programdata",
    "c:/windows",
    "c:/windows/system32",
    "c:/windows/system32/drivers",
];

/// Looks at each fingerprint of one vendor by itself.
pub(super) fn check_alone(sheet: &mut Sheet<'_>, vendor: &Vendor) {
    for held in held(vendor) {
        let (fingerprint, path) = (held.fingerprint, held.path.as_str());
        if !fingerprint.shared_with.is_empty() && !names_period(fingerprint.note.as_deref().unwrap_or_default()) {
            let message =
                format!("\"{}\" is shared, and its note does not say since when or until when", fingerprint.value);
            let hint = "name the years in note, or write \"period not known\" there";
            sheet.complain(path, Diagnostic::error("lint/shared-without-period", message).hint(hint));
        }
        if !fingerprint.ambiguous {
            let found = [short(fingerprint), catch_all(fingerprint, vendor), general(fingerprint)];
            found.into_iter().flatten().for_each(|diagnostic| sheet.complain(&format!("{path}.value"), diagnostic));
        }
    }
}

fn short(fingerprint: &Fingerprint) -> Option<Diagnostic> {
    let letters: usize = fingerprint.value.chars().filter(|letter| letter.is_alphanumeric()).map(weight).sum();
    let message = format!("\"{}\" is too short to decide alone", fingerprint.value);
    let hint = "mark it ambiguous = true, or take a longer literal";
    (letters < SHORT_LITERAL).then(|| Diagnostic::error("lint/short-literal", message).hint(hint))
}

/// The names of a vendor that are long enough to be no part of others' words.
fn names(vendor: &Vendor) -> impl Iterator<Item = String> {
    let all = std::iter::once(&vendor.name).chain(vendor.names.iter().map(|name| &name.text)).chain(&vendor.aliases);
    all.map(|name| normal(name)).filter(|name| name.chars().count() > SHORT_LITERAL)
}

/// What a letter says: an ideograph is a word of its own, and two of them are a name.
fn weight(letter: char) -> usize {
    if is_ideograph(letter) { 2 } else { 1 }
}

/// Han, kana and Hangul.
fn is_ideograph(letter: char) -> bool {
    matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn catch_all(fingerprint: &Fingerprint, vendor: &Vendor) -> Option<Diagnostic> {
    let is_pattern = fingerprint.kind == MatchKind::Glob;
    let message = format!("\"{}\" begins with anything and would hit other vendors' records", fingerprint.value);
    let hint = "name the vendor in it, or mark it ambiguous = true";
    let begins_with_anything = fingerprint.value.contains("**") || fingerprint.value.starts_with('*');
    // Companies put their city first; in ideographs there is not even a blank between.
    let is_name = fingerprint.value.chars().filter(|letter| is_ideograph(*letter)).count() > 1
        || names(vendor).any(|name| normal(&fingerprint.value).contains(&name));
    (is_pattern && begins_with_anything && !is_name).then(|| Diagnostic::warning("lint/catch-all", message).hint(hint))
}

fn general(fingerprint: &Fingerprint) -> Option<Diagnostic> {
    let is_folder = matches!(fingerprint.field, FingerprintField::Path);
    let is_general = if is_folder {
        SHARED_FOLDERS.contains(&normal(&fingerprint.value).trim_end_matches(['/', '*']))
    } else {
        may_be_general(fingerprint.field) && only_general_words(&fingerprint.value)
    };
    let message = format!("\"{}\" says nothing of the vendor and would hit other vendors' records", fingerprint.value);
    let hint = "take a literal that names the vendor or product, or mark it ambiguous = true";
    is_general.then(|| Diagnostic::error("lint/general-literal", message).hint(hint))
}

/// Fields in which anybody can write anything. Identifiers that are given once (package names, bundle ids) are taken by
/// whoever was first and may be plain words.
const fn may_be_general(field: FingerprintField) -> bool {
    match field {
        FingerprintField::DisplayName
        | FingerprintField::Publisher
        | FingerprintField::Signer
        | FingerprintField::SystemdUnit
        | FingerprintField::Service
        | FingerprintField::Driver
        | FingerprintField::Process
        | FingerprintField::FileName
        | FingerprintField::LaunchdLabel
        | FingerprintField::Certificate => true,
        FingerprintField::DebPackage
        | FingerprintField::RpmPackage
        | FingerprintField::Flatpak
        | FingerprintField::Snap
        | FingerprintField::HomebrewCask
        | FingerprintField::WingetId
        | FingerprintField::Path
        | FingerprintField::BundleId
        | FingerprintField::TeamId
        | FingerprintField::PackageReceipt
        | FingerprintField::RegistryKey
        | FingerprintField::BrowserExtension
        | FingerprintField::Cpe => false,
    }
}

fn only_general_words(value: &str) -> bool {
    let lower = value.to_lowercase();
    let endings = [".exe", ".sys", ".dll", ".service", ".app", ".ko"];
    let stem = endings.iter().find_map(|ending| lower.strip_suffix(ending)).unwrap_or(&lower);
    let words: Vec<&str> =
        stem.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    // A number of three digits or more may be a name; of a long row of plain words not every vendor has the same.
    let is_general = |word: &&str| GENERAL_WORDS.contains(word) || (word.len() < 3 && word.parse::<u32>().is_ok());
    (1..=MOST_GENERAL_WORDS).contains(&words.len()) && words.iter().all(is_general)
}

/// Whether a note names a year, or says that the years are not known.
fn names_period(note: &str) -> bool {
    let is_year = |word: &str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let mut numbers = note.split(|letter: char| !letter.is_ascii_digit());
    numbers.any(is_year) || note.to_lowercase().contains("period not known")
}

/// A fingerprint with who holds it and where it stands in the vendor's file.
struct Held<'v> {
    holder: &'v str,
    path: String,
    fingerprint: &'v Fingerprint,
}

fn held(vendor: &Vendor) -> Vec<Held<'_>> {
    let own = vendor.fingerprints.iter().enumerate().map(|(at, fingerprint)| Held {
        holder: vendor.id.as_str(),
        path: format!("fingerprint.{at}"),
        fingerprint,
    });
    let of_products = vendor.products.iter().enumerate().flat_map(|(product_at, product)| {
        product.fingerprints.iter().enumerate().map(move |(at, fingerprint)| Held {
            holder: product.id.as_str(),
            path: format!("product.{product_at}.fingerprints.{at}"),
            fingerprint,
        })
    });
    own.chain(of_products).collect()
}

/// Looks at the fingerprints of all vendors side by side.
pub(super) fn check_together(vendors: &mut [(Sheet<'_>, Vendor)]) {
    let mut found: Vec<(usize, String, Diagnostic)> = Vec::new();
    let held: Vec<(usize, Held<'_>)> = vendors
        .iter()
        .enumerate()
        .flat_map(|(at, (_, vendor))| held(vendor).into_iter().map(move |held| (at, held)))
        .collect();
    find_shared(&held, &mut found);
    find_covering(&held, &mut found);
    if vendors.len() > 1 {
        find_unknown_holders(&held, vendors, &mut found);
    }
    for (at, path, diagnostic) in found {
        if let Some((sheet, _)) = vendors.get_mut(at) {
            sheet.complain(&path, diagnostic);
        }
    }
}

/// Identifiers of two vendors or products that do not say so.
fn find_shared(held: &[(usize, Held<'_>)], found: &mut Vec<(usize, String, Diagnostic)>) {
    let mut holders: BTreeMap<(FingerprintField, String), Vec<&(usize, Held<'_>)>> = BTreeMap::new();
    for entry in held {
        holders.entry((entry.1.fingerprint.field, normal(&entry.1.fingerprint.value))).or_default().push(entry);
    }
    for list in holders.values().filter(|list| list.len() > 1) {
        for (at, one) in list {
            let others: BTreeSet<&str> = list.iter().map(|(_, other)| other.holder).collect();
            let undeclared: Vec<&str> = others
                .into_iter()
                .filter(|other| *other != one.holder && !declares(one.fingerprint, other) && !is_own(one.holder, other))
                .collect();
            if !undeclared.is_empty() && !one.fingerprint.ambiguous {
                let (field, value) = (one.fingerprint.field, &one.fingerprint.value);
                let message = format!("{field} \"{value}\" of {} is also {}'s", one.holder, undeclared.join("'s and "));
                let hint = "declare it with shared-with and the period in note on each, or mark it ambiguous = true";
                let diagnostic = Diagnostic::error("lint/undeclared-shared-identifier", message).hint(hint);
                found.push((*at, format!("{}.value", one.path), diagnostic));
            }
        }
    }
}

/// A literal in normal form, and who holds it.
type Literal<'h> = (String, &'h (usize, Held<'h>));

/// Patterns that hit what another vendor has as its own, longer literal.
fn find_covering(held: &[(usize, Held<'_>)], found: &mut Vec<(usize, String, Diagnostic)>) {
    let mut literals: BTreeMap<FingerprintField, Vec<Literal<'_>>> = BTreeMap::new();
    for entry in held {
        let fingerprint = entry.1.fingerprint;
        let text = normal(&fingerprint.value);
        let literal = if fingerprint.kind == MatchKind::Glob { text.trim_end_matches('*') } else { text.as_str() };
        if !literal.contains('*') {
            literals.entry(fingerprint.field).or_default().push((literal.to_owned(), entry));
        }
    }
    for list in literals.values_mut() {
        list.sort_by(|left, right| left.0.cmp(&right.0));
    }
    for (at, one) in held.iter().filter(|(_, one)| is_pattern(one.fingerprint) && !one.fingerprint.ambiguous) {
        let pattern = normal(&one.fingerprint.value);
        let Some(list) = literals.get(&one.fingerprint.field) else { continue };
        let lead = pattern.split('*').next().unwrap_or_default();
        let from = list.partition_point(|(literal, _)| literal.as_str() < lead);
        let candidates = list.iter().skip(from).take_while(|(literal, _)| literal.starts_with(lead));
        let hit: BTreeSet<String> = candidates
            .filter(|(_, (other_at, _))| other_at != at)
            .filter(|(literal, (_, other))| {
                pattern.trim_end_matches('*') != literal.as_str()
                    && !declares(one.fingerprint, other.holder)
                    && covers(one.fingerprint.kind, &pattern, literal)
            })
            .map(|(literal, (_, other))| format!("\"{literal}\" of {}", other.holder))
            .collect();
        if !hit.is_empty() {
            let some: Vec<&str> = hit.iter().map(String::as_str).take(3).collect();
            let message =
                format!("{} \"{}\" also hits {}", one.fingerprint.field, one.fingerprint.value, some.join(", "));
            let hint = "take a longer literal, or declare it with shared-with and the period in note";
            let diagnostic = Diagnostic::warning("lint/covers-another", message).hint(hint);
            found.push((*at, format!("{}.value", one.path), diagnostic));
        }
    }
}

/// Sharing with somebody who does not exist.
fn find_unknown_holders(
    held: &[(usize, Held<'_>)],
    vendors: &[(Sheet<'_>, Vendor)],
    found: &mut Vec<(usize, String, Diagnostic)>,
) {
    let ids = vendors.iter().flat_map(|(_, vendor)| {
        std::iter::once(vendor.id.as_str()).chain(vendor.products.iter().map(|product| product.id.as_str()))
    });
    let ids: BTreeSet<&str> = ids.collect();
    for (at, one) in held {
        for (position, other) in one.fingerprint.shared_with.iter().enumerate() {
            if !ids.contains(other.as_str()) {
                let message = format!("shared with \"{other}\", which is neither a vendor nor a product");
                let mut diagnostic = Diagnostic::error("lint/unknown-holder", message);
                if let Some(near) = crate::nearest(other, ids.iter().copied()) {
                    diagnostic = diagnostic.hint(format!("did you mean \"{near}\"?"));
                }
                found.push((*at, format!("{}.shared-with.{position}", one.path), diagnostic));
            }
        }
    }
}

const fn is_pattern(fingerprint: &Fingerprint) -> bool {
    match fingerprint.kind {
        MatchKind::Prefix | MatchKind::Glob => true,
        MatchKind::Exact | MatchKind::Versioned => false,
    }
}

/// Whether a pattern matches a text, both in normal form.
fn covers(kind: MatchKind, pattern: &str, text: &str) -> bool {
    match kind {
        MatchKind::Exact | MatchKind::Versioned => pattern == text,
        MatchKind::Prefix => text.strip_prefix(pattern).is_some_and(ends_word),
        MatchKind::Glob => {
            let parts: Vec<&str> = pattern.split('*').collect();
            let [first, middle @ .., last] = parts.as_slice() else { return pattern == text };
            let Some(mut rest) = text.strip_prefix(first) else { return false };
            for part in middle {
                let Some(at) = rest.find(part) else { return false };
                rest = rest.get(at + part.len()..).unwrap_or_default();
            }
            if last.is_empty() {
                // A final * right after a letter stops at a word boundary.
                let before = pattern.trim_end_matches('*').chars().next_back();
                !before.is_some_and(char::is_alphanumeric) || ends_word(rest)
            } else {
                rest.ends_with(last)
            }
        }
    }
}

/// Whether what follows a literal does not go on with its last word.
fn ends_word(rest: &str) -> bool {
    !rest.chars().next().is_some_and(char::is_alphanumeric)
}

fn normal(value: &str) -> String {
    value.to_lowercase().replace('\\', "/")
}

fn declares(fingerprint: &Fingerprint, other: &str) -> bool {
    fingerprint.shared_with.iter().any(|shared| shared == other || other.starts_with(&format!("{shared}.")))
}

/// A vendor and one of its own products may carry the same identifier.
fn is_own(holder: &str, other: &str) -> bool {
    other.starts_with(&format!("{holder}.")) || holder.starts_with(&format!("{other}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_any_vendor_uses_say_nothing() {
        for (value, expected) in [
            ("Endpoint Security", true),
            ("agent.exe", true),
            ("VPN Client 5", true),
            ("Sophos Endpoint", false),
            ("avp.exe", false),
            ("360 Total Security", false),
            ("System Center Endpoint Protection*", false),
            ("", false),
        ] {
            assert_eq!(only_general_words(value), expected, "{value}");
        }
    }

    #[test]
    fn patterns_cover_as_identification_matches() {
        for (kind, pattern, text, expected) in [
            (MatchKind::Glob, "traps*", "traps 6.1", true),
            (MatchKind::Glob, "traps*", "trapster", false),
            (MatchKind::Glob, "a * b", "a long b", true),
            (MatchKind::Glob, "a *", "a b", true),
            (MatchKind::Prefix, "/opt/kaspersky", "/opt/kaspersky/kesl", true),
            (MatchKind::Prefix, "/opt/kaspersky", "/opt/kasperskylab", false),
            (MatchKind::Exact, "a", "a b", false),
        ] {
            assert_eq!(covers(kind, pattern, text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn a_period_is_a_year_or_the_word_that_it_is_not_known() {
        for (note, expected) in [
            ("since the split of 2019", true),
            ("Period not known", true),
            ("both use it", false),
            ("port 20190", false),
            ("", false),
        ] {
            assert_eq!(names_period(note), expected, "{note}");
        }
    }
}
