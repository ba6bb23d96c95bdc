//! Collectors that work alike on every kind of system; each family lists its own of them.

mod browser_extensions;
pub(crate) mod certificates;
mod cron;
pub(crate) mod expected;
mod homebrew;
pub(crate) mod homes;
pub(crate) mod install_folders;
pub(crate) mod program_file;
mod signatures;
mod sweep;

pub(crate) use browser_extensions::BrowserExtensions;
pub(crate) use cron::Cron;
pub(crate) use homebrew::Homebrew;
pub(crate) use install_folders::InstallFolders;
pub(crate) use signatures::Signatures;
pub(crate) use sweep::{Sweeper, is_sweep};

/// How large the small text files of a system may be: units, manifests, links.
pub(crate) const SMALL_FILE: u64 = 1 << 20;
/// How many entries a folder of a system may have.
pub(crate) const MOST_ENTRIES: usize = 200_000;

/// Whether a name fits a pattern in which `*` stands for anything.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let mut last = None;
    for part in parts {
        if let Some(middle) = last.replace(part) {
            let Some(at) = rest.find(middle) else { return false };
            rest = &rest[at + middle.len()..];
        }
    }
    last.map_or(rest.is_empty(), |last| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything_in_a_name() {
        for (pattern, name, expected) in [
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*b*c", "axbxc", true),
            ("a*b", "abc", false),
            ("*", "", true),
            ("aa*a", "aa", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
