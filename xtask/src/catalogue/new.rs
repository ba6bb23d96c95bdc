//! `new`: a file at its place, and nothing that is there already touched.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use interdict_catalogue::FILL_IN;

use crate::NewKind;
use crate::skeleton::{self, Places};

/// Writes the file and says what comes next.
pub(crate) fn write(catalogue: &Path, kind: NewKind, id: &str) -> anyhow::Result<()> {
    let path = place(kind, id, &jurisdictions(catalogue)?)?;
    let text = match kind {
        NewKind::Restriction => skeleton::restriction(id, Places::Marked),
        NewKind::Vendor => skeleton::vendor(id, Places::Marked),
    };
    let path = catalogue.join(path);
    create(&path, &text)?;
    println!("wrote {}", path.display());
    println!("{} places are to be filled in; the linter names each:", text.matches(&format!("{FILL_IN}:")).count());
    println!("  interdict catalogue lint {}", path.display());
    Ok(())
}

/// The jurisdictions the catalogue has: those of its issuers, and the folders of restrictions.
fn jurisdictions(catalogue: &Path) -> anyhow::Result<BTreeSet<String>> {
    let mut known = BTreeSet::new();
    for file in super::files::read(catalogue)? {
        if let Some((jurisdiction, _)) = file.path.strip_prefix("restrictions/").and_then(|rest| rest.split_once('/')) {
            known.insert(jurisdiction.to_owned());
        }
        if file.path.starts_with("issuers/") {
            let values = file.text.lines().filter_map(|line| line.strip_prefix("jurisdiction = \""));
            known.extend(values.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
    }
    Ok(known)
}

/// Where the file belongs, below the catalogue's folder.
fn place(kind: NewKind, id: &str, jurisdictions: &BTreeSet<String>) -> anyhow::Result<PathBuf> {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    if id.is_empty() || !id.chars().all(is_plain) || id.starts_with('-') || id.ends_with('-') {
        bail!("\"{id}\" is no id: small letters, digits and hyphens, as in us-bis-2026-acme or acme");
    }
    if kind == NewKind::Vendor {
        return Ok(Path::new("vendors").join(format!("{id}.toml")));
    }
    let known: Vec<&str> = jurisdictions.iter().map(String::as_str).collect();
    let Some((jurisdiction, _)) = id.split_once('-') else {
        bail!("a restriction's id begins with its jurisdiction and a hyphen, one of: {}", known.join(", "));
    };
    if !jurisdictions.contains(jurisdiction) {
        bail!(
            "\"{jurisdiction}\" is no jurisdiction of this catalogue, which has: {}; for a new one write a file of its \
             issuer first, with jurisdiction = \"{jurisdiction}\"",
            known.join(", ")
        );
    }
    Ok(Path::new("restrictions").join(jurisdiction).join(format!("{id}.md")))
}

/// Creates the file; one that exists is left as it is.
fn create(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let mut file = match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{} exists already and was left as it is", path.display());
        }
        Err(error) => return Err(error).with_context(|| format!("cannot write {}", path.display())),
    };
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_belongs_where_its_id_says() {
        let known: BTreeSet<String> = ["us", "eu"].map(str::to_owned).into();
        let path = |kind, id: &str| place(kind, id, &known).map(|path| path.display().to_string());
        assert_eq!(path(NewKind::Vendor, "acme").unwrap(), "vendors/acme.toml");
        assert_eq!(path(NewKind::Restriction, "us-bis-2026-acme").unwrap(), "restrictions/us/us-bis-2026-acme.md");
        for (kind, id, says) in [
            (NewKind::Restriction, "xx-2026-acme", "\"xx\" is no jurisdiction of this catalogue, which has: eu, us"),
            (NewKind::Restriction, "acme", "begins with its jurisdiction"),
            (NewKind::Vendor, "../acme", "is no id"),
            (NewKind::Vendor, "Acme", "is no id"),
            (NewKind::Vendor, "", "is no id"),
        ] {
            let error = path(kind, id).unwrap_err().to_string();
            assert!(error.contains(says), "{id}: {error}");
        }
    }

    #[test]
    fn what_is_there_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vendors/acme.toml");
        create(&path, "first").unwrap();
        let error = create(&path, "second").unwrap_err().to_string();
        assert!(error.contains("exists already"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "first");
    }
}
