//! More vendors than there are: the catalogue's own again, with other names of the same shape.

use std::fmt::Write as _;

use interdict_catalogue::{Catalogue, SourceFile, builtin, builtin_files, parse};
use interdict_model::{Fingerprint, Vendor};

/// Words that vendors share; they stay as they are, so that copies begin and end like the originals.
const SHARED: &[&str] = &[
    "agent",
    "anti",
    "antivirus",
    "app",
    "applications",
    "bin",
    "c",
    "client",
    "com",
    "common",
    "daemon",
    "desktop",
    "drivers",
    "endpoint",
    "etc",
    "exe",
    "files",
    "firewall",
    "for",
    "hklm",
    "inc",
    "internet",
    "io",
    "lib",
    "library",
    "linux",
    "llc",
    "ltd",
    "mac",
    "microsoft",
    "net",
    "networks",
    "opt",
    "org",
    "plugin",
    "program",
    "programdata",
    "protection",
    "remote",
    "sbin",
    "security",
    "server",
    "service",
    "services",
    "sh",
    "software",
    "support",
    "sys",
    "system",
    "systems",
    "technologies",
    "the",
    "total",
    "update",
    "usr",
    "var",
    "vpn",
    "windows",
    "x86",
];

/// The built-in catalogue with every vendor so many times.
pub(crate) fn catalogue(times: u32) -> Catalogue {
    let original = builtin().0;
    let mut files = builtin_files();
    for copy in 1..times {
        files.extend(original.vendors().iter().map(|vendor| copied(vendor, copy)));
    }
    // Copies share identifiers with originals and with each other here and there; the linter's business, not ours.
    parse(&files).0
}

/// How many fingerprints a catalogue has.
pub(crate) fn fingerprints(catalogue: &Catalogue) -> usize {
    let of_vendor = |vendor: &Vendor| {
        vendor.fingerprints.len() + vendor.products.iter().map(|product| product.fingerprints.len()).sum::<usize>()
    };
    catalogue.vendors().iter().map(of_vendor).sum()
}

fn copied(vendor: &Vendor, copy: u32) -> SourceFile {
    let id = format!("{}-{copy}", vendor.id);
    let mut text = format!("id = {id:?}\nname = {:?}\n", shifted(&vendor.name, copy));
    for fingerprint in &vendor.fingerprints {
        text += "[[fingerprint]]\n";
        text += &fingerprint_text(fingerprint, copy);
    }
    for product in &vendor.products {
        let name = product.id.as_str().split_once('.').map_or("x", |(_, name)| name);
        let _ = write!(text, "[[product]]\nid = \"{id}.{name}\"\nname = {:?}\n", shifted(&product.name, copy));
        let _ = write!(text, "classes = []\ncategory = \"{}\"\n", product.category);
        for fingerprint in &product.fingerprints {
            text += "[[product.fingerprints]]\n";
            text += &fingerprint_text(fingerprint, copy);
        }
    }
    SourceFile::new(format!("vendors/{id}.toml"), text)
}

fn fingerprint_text(fingerprint: &Fingerprint, copy: u32) -> String {
    let value = shifted(&fingerprint.value, copy);
    let (field, kind, ambiguous) = (fingerprint.field, fingerprint.kind, fingerprint.ambiguous);
    format!(
        "field = \"{field}\"\nmatch = \"{kind}\"\nvalue = {value:?}\nconfidence = \"known\"\nambiguous = {ambiguous}\n"
    )
}

/// The text with every letter of its own words moved on in its alphabet.
fn shifted(text: &str, copy: u32) -> String {
    let mut shifted = String::with_capacity(text.len());
    let mut word = String::new();
    for letter in text.chars().chain([' ']) {
        if letter.is_alphanumeric() {
            word.push(letter);
            continue;
        }
        if SHARED.contains(&word.to_lowercase().as_str()) {
            shifted.push_str(&word);
        } else {
            shifted.extend(word.chars().map(|letter| moved(letter, copy)));
        }
        word.clear();
        shifted.push(letter);
    }
    shifted.pop();
    shifted
}

fn moved(letter: char, by: u32) -> char {
    let within = |first: char, count: u32| {
        let at = (u32::from(letter) - u32::from(first) + by) % count;
        char::from_u32(u32::from(first) + at).unwrap_or(letter)
    };
    match letter {
        'a'..='z' => within('a', 26),
        'A'..='Z' => within('A', 26),
        'а'..='я' => within('а', 32),
        'А'..='Я' => within('А', 32),
        '一'..='龠' => within('一', 20_000),
        _ => letter,
    }
}
