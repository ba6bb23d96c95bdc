//! Links of a system that is not the running one: every one is followed inside that system.
//!
//! An absolute target begins at the system's own root, and `..` at the root stays there, so that no link of a mounted
//! disk leads to the machine it is mounted on.

use std::io;

use super::HostError;

/// How many links one path may lead over, as in the kernel (`path_resolution(7)`).
const MOST_LINKS: usize = 40;
/// How many parts a path may have: links may lengthen it.
const MOST_PARTS: usize = 4096;

/// The path with every link resolved, given what a single path links to. Parts that do not exist stay as they are.
pub(super) fn resolve(
    path: &str,
    link: &mut dyn FnMut(&str) -> Result<Option<String>, HostError>,
) -> Result<String, HostError> {
    let mut ahead: Vec<String> = parts_reversed(path).collect();
    let mut resolved: Vec<String> = Vec::new();
    let mut links = 0;
    while let Some(part) = ahead.pop() {
        if part == ".." {
            resolved.pop();
            continue;
        }
        resolved.push(part);
        let Some(target) = link(&joined(&resolved))? else { continue };
        links += 1;
        if links > MOST_LINKS || ahead.len() > MOST_PARTS {
            return Err(HostError::other(path, io::ErrorKind::InvalidInput, "too many links"));
        }
        if target.starts_with('/') {
            resolved.clear();
        } else {
            resolved.pop();
        }
        ahead.extend(parts_reversed(&target));
    }
    Ok(joined(&resolved))
}

fn parts_reversed(path: &str) -> impl Iterator<Item = String> {
    path.split('/').rev().filter(|part| !part.is_empty() && *part != ".").map(str::to_owned)
}

fn joined(parts: &[String]) -> String {
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stay_inside() {
        let links = |path: &str| {
            Ok(match path {
                "/lib" => Some("usr/lib".to_owned()),
                "/abs" => Some("/usr/share".to_owned()),
                "/up" => Some("../../../etc".to_owned()),
                "/loop" => Some("loop".to_owned()),
                "/usr/lib/deep" => Some("../../lib/x".to_owned()),
                _ => None,
            })
        };
        for (path, expected) in [
            ("/lib/systemd", "/usr/lib/systemd"),
            ("/abs/a", "/usr/share/a"),
            ("/up/passwd", "/etc/passwd"),
            ("/../../etc/./passwd", "/etc/passwd"),
            ("/lib/deep", "/usr/lib/x"),
            ("//a//b/", "/a/b"),
            ("/", "/"),
        ] {
            assert_eq!(resolve(path, &mut { links }).expect("resolves"), expected, "{path}");
        }
        assert!(resolve("/loop/x", &mut { links }).is_err());
    }
}
