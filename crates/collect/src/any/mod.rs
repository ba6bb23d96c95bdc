//! Collectors that work alike on every kind of system; each family lists its own of them.

mod browser_extensions;
pub(crate) mod homes;
pub(crate) mod install_folders;
pub(crate) mod program_file;
mod signatures;

pub(crate) use browser_extensions::BrowserExtensions;
pub(crate) use install_folders::InstallFolders;
pub(crate) use signatures::Signatures;

/// How large the small text files of a system may be: units, manifests, links.
pub(crate) const SMALL_FILE: u64 = 1 << 20;
/// How many entries a folder of a system may have.
pub(crate) const MOST_ENTRIES: usize = 200_000;
