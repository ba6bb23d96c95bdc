//! Lists of Linux kernel modules: the loaded, the installed, and those to be loaded at every start.
//!
//! Only names and paths are read; what is inside a module (its licence, author, signer) is not.

use crate::notes::lines;

/// How many modules one list may name; kernels ship some 6,000.
const MOST_MODULES: usize = 100_000;
/// The folders below `/lib/modules/<release>/` that hold what did not come with the kernel (depmod.d(5), dkms(8),
/// weak-modules of the Red Hat family).
const THIRD_PARTY: &[&str] = &["extra", "updates", "dkms", "weak-updates"];

/// The names of the loaded modules, from `/proc/modules` (`proc_modules(5)`).
#[must_use]
pub fn parse_proc_modules(bytes: &[u8]) -> Vec<String> {
    names(bytes)
}

/// The names in a file of `/etc/modules-load.d` or in `/etc/modules` (modules-load.d(5)).
#[must_use]
pub fn parse_modules_load(bytes: &[u8]) -> Vec<String> {
    names(bytes)
}

/// The paths in `modules.dep`, relative to its folder unless they begin with a slash (modules.dep(5)).
pub fn modules_in_dep(bytes: &[u8]) -> impl Iterator<Item = &str> {
    lines(bytes)
        .take(MOST_MODULES)
        .filter_map(|line| std::str::from_utf8(&line[..memchr::memchr(b':', line)?]).ok())
        .filter(|path| !path.is_empty())
}

/// The names of the modules that a `dkms.conf` builds (dkms(8), `BUILT_MODULE_NAME`).
#[must_use]
pub fn modules_of_dkms(bytes: &[u8]) -> Vec<String> {
    let names = lines(bytes).filter_map(|line| {
        let line = std::str::from_utf8(line).ok()?.trim().strip_prefix("BUILT_MODULE_NAME")?;
        let (index, value) = line.split_once('=')?;
        let is_setting = index.is_empty() || (index.starts_with('[') && index.ends_with(']'));
        let name = value.trim().trim_matches(['"', '\'']);
        (is_setting && !name.is_empty() && !name.contains('$')).then(|| name.replace('-', "_"))
    });
    names.take(MOST_MODULES).collect()
}

/// The name of the module in a file, as the kernel writes it: without the extension, with `_` for `-`.
#[must_use]
pub fn module_name(path: &str) -> Option<String> {
    let file = path.rsplit('/').next()?;
    let stem = [".ko", ".ko.xz", ".ko.gz", ".ko.zst"].into_iter().find_map(|end| file.strip_suffix(end))?;
    (!stem.is_empty()).then(|| stem.replace('-', "_"))
}

/// Whether a path relative to `/lib/modules/<release>/` is that of a module which did not come with the kernel.
#[must_use]
pub fn is_third_party(path: &str) -> bool {
    path.split('/').next().is_some_and(|folder| THIRD_PARTY.contains(&folder))
}

/// The folders that [`is_third_party`] knows.
#[must_use]
pub const fn third_party_folders() -> &'static [&'static str] {
    THIRD_PARTY
}

fn names(bytes: &[u8]) -> Vec<String> {
    lines(bytes)
        .map(<[u8]>::trim_ascii)
        .filter(|line| !matches!(line.first(), None | Some(b'#' | b';')))
        .filter_map(|line| line.split(u8::is_ascii_whitespace).next())
        .take(MOST_MODULES)
        .map(|name| String::from_utf8_lossy(name).replace('-', "_"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dkms_names_what_it_builds() {
        let conf = b"PACKAGE_NAME=\"agent\"\nBUILT_MODULE_NAME[0]=\"agent-fs\"\n  BUILT_MODULE_NAME[1]='agent_net'\nBUILT_MODULE_NAME=plain\n\
            BUILT_MODULE_NAME[2]=$NAME\nBUILT_MODULE_NAME_X=no\n";
        assert_eq!(modules_of_dkms(conf), ["agent_fs", "agent_net", "plain"]);
    }

    #[test]
    fn names_are_written_as_the_kernel_does() {
        let loaded = b"kfile_redirfs 40960 1 - Live 0x0000000000000000 (OE)\nxt_tcpudp 16384 0 - Live 0x0\n";
        assert_eq!(parse_proc_modules(loaded), ["kfile_redirfs", "xt_tcpudp"]);
        assert_eq!(parse_modules_load(b"# why\n\n; old\nbr-netfilter\r\n loop max_loop=8\n"), ["br_netfilter", "loop"]);
        for (path, name) in [
            ("extra/snap-api26.ko", Some("snap_api26")),
            ("updates/dkms/x.ko.zst", Some("x")),
            ("kernel/fs/ext4/ext4.ko.xz", Some("ext4")),
            ("modules.dep", None),
            (".ko", None),
        ] {
            assert_eq!(module_name(path).as_deref(), name, "{path}");
        }
    }

    #[test]
    fn only_what_did_not_come_with_the_kernel_is_third_party() {
        for (path, expected) in [
            ("extra/a.ko", true),
            ("updates/dkms/a.ko", true),
            ("weak-updates/a/a.ko", true),
            ("kernel/extra/a.ko", false),
            ("extras/a.ko", false),
        ] {
            assert_eq!(is_third_party(path), expected, "{path}");
        }
    }

    #[test]
    fn dependencies_are_left_alone() {
        let dep = b"kernel/a.ko: kernel/b.ko\nextra/c.ko:\nnot a line\n\xff.ko:\n:\n";
        assert_eq!(modules_in_dep(dep).collect::<Vec<_>>(), ["kernel/a.ko", "extra/c.ko"]);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = (parse_proc_modules(&bytes), parse_modules_load(&bytes), modules_in_dep(&bytes).count());
            let _ = module_name(&String::from_utf8_lossy(&bytes));
        }
    }
}
