//! The rim of the keeper's tools: files, the environment and the day.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail};
use interdict_catalogue::SourceFile;
use interdict_model::Day;

use crate::schema::schemas;

/// The files of a catalogue, in the order of their paths.
pub(crate) fn read(folder: &Path) -> anyhow::Result<Vec<SourceFile>> {
    if !folder.is_dir() {
        bail!("there is no folder {}; name the catalogue's with --catalogue", folder.display());
    }
    let mut files = Vec::new();
    read_below(folder, "", &mut files)?;
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(files)
}

fn read_below(folder: &Path, prefix: &str, files: &mut Vec<SourceFile>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            read_below(&path, &format!("{prefix}{name}/"), files)?;
        } else if path.extension().is_some_and(|extension| extension == "toml" || extension == "md") {
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            files.push(SourceFile::new(format!("{prefix}{name}"), text));
        }
    }
    Ok(())
}

/// Writes the schemas for editors.
pub(crate) fn write_schemas(root: &Path) -> anyhow::Result<()> {
    let folder = root.join("docs/schemas/catalogue");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (name, schema) in schemas() {
        let path = folder.join(name);
        let text = format!("{}\n", serde_json::to_string_pretty(&schema)?);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Where the public records lie, whether or not they are there.
pub(crate) fn data_folder(given: Option<&Path>) -> PathBuf {
    let named = given.map(Path::to_owned).or_else(|| std::env::var_os("INTERDICT_TEST_DATA").map(PathBuf::from));
    named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"))
}

/// Today, in coordinated universal time.
pub(crate) fn today() -> anyhow::Result<Day> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock stands before 1970")?.as_secs();
    let moment = chrono::DateTime::from_timestamp(i64::try_from(seconds)?, 0).context("the clock stands too late")?;
    Ok(moment.date_naive().into())
}
