//! The table that `winget list` prints.
//!
//! Its columns are told by where their titles stand, in any language, and counted as a window counts them: letters of
//! Chinese or Japanese are two wide. What is too long for the window winget cuts off and ends with an ellipsis: a cut name
//! is kept as far as it goes, a cut identifier or version is not known. Lines below the table are left out.

use interdict_model::{Diagnostic, ObservationRef, ObservationSource, OsFamily, ScopeRef};
use unicode_width::UnicodeWidthChar;

use super::Format;
use crate::error::ImportError;
use crate::json;
use crate::reading::Reading;
use crate::sample::Sample;
use crate::sink::Place;
use crate::text;

pub(super) const FORMAT: Format = Format {
    name: "winget-list",
    title: "table of winget list",
    caveat: Some("what is too long for the window is cut off; publishers are not in it"),
    keeps_days: None,
    recognise,
    read,
};

/// The window's line: what a spinner wrote before it is overwritten.
fn shown(line: &str) -> &str {
    line.trim_end_matches(['\r', '\n']).rsplit('\r').next().unwrap_or_default()
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 20 && line.bytes().all(|byte| byte == b'-')
}

/// Where the titles of a line begin.
fn columns(titles: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let (mut at, mut is_blank) = (0, true);
    for letter in titles.chars() {
        if is_blank && letter != ' ' {
            starts.push(at);
        }
        is_blank = letter == ' ';
        at += letter.width().unwrap_or(0);
    }
    starts
}

fn recognise(sample: &Sample) -> u8 {
    let mut before = "";
    for line in sample.text.lines().take(50).map(shown) {
        if is_rule(line) && (3..=5).contains(&columns(before).len()) {
            return 75;
        }
        before = line;
    }
    0
}

fn read(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    let mut starts: Option<Vec<usize>> = None;
    let mut before: Vec<usize> = Vec::new();
    let mut cut = 0_u64;
    json::lines(reading, |reading, place, line| {
        let text = String::from_utf8_lossy(line);
        let text = shown(&text);
        if is_rule(text) {
            starts = Some(std::mem::take(&mut before));
            return Ok(());
        }
        before = columns(text);
        match &starts {
            Some(starts) => row(reading, place, text, starts, &mut cut),
            None => Ok(()),
        }
    })?;
    if cut > 0 {
        let message = format!(
            "winget cut off what was too long for its window, in {cut} rows; redirect it to a file from a wide window"
        );
        reading.note(Diagnostic::warning("import/cut-short", message))?;
    }
    Ok(())
}

/// The text between two places of a line.
fn cell<'l>(line: &'l str, starts: &[usize], column: usize) -> Option<&'l str> {
    let begin = *starts.get(column)?;
    let end = starts.get(column + 1).copied().unwrap_or(usize::MAX);
    let (mut at, mut from, mut to) = (0, None, line.len());
    for (index, letter) in line.char_indices() {
        if at >= begin && from.is_none() {
            from = Some(index);
        }
        if at >= end {
            to = index;
            break;
        }
        at += letter.width().unwrap_or(0);
    }
    text::known(line.get(from?..to)?)
}

fn row(
    reading: &mut Reading<'_>,
    place: Place,
    line: &str,
    starts: &[usize],
    cut: &mut u64,
) -> Result<(), ImportError> {
    let [name, identifier, version] = [0, 1, 2].map(|column| cell(line, starts, column));
    if identifier.is_none() && version.is_none() {
        return reading.skip(place, "what winget says beside its table");
    }
    let is_cut = |value: Option<&str>| value.is_some_and(|value| value.ends_with('…'));
    *cut += u64::from([name, identifier, version].into_iter().any(is_cut));
    let whole = |value: Option<&'_ str>| value.is_some_and(|value| !value.ends_with('…'));
    let identifier = identifier.filter(|value| whole(Some(value)));
    let unknown = ["Unknown", "Unbekannt", "Inconnu", "Desconocido", "Неизвестно"];
    let version = version.filter(|value| whole(Some(value)) && !unknown.contains(value));
    let name = name.map(|name| name.trim_end_matches('…').trim_end());
    if name.is_none() && identifier.is_none() {
        return reading.reject(place, "it names no software", line.as_bytes());
    }
    let device = reading.file_device_of(Some(OsFamily::Windows))?;
    let mut observation = ObservationRef::new(ObservationSource::Programs);
    observation.name = name;
    observation.version = version;
    observation.identifier = identifier;
    // What winget has no package for it names by where it found it: `ARP\Machine\X64\KEY`, `MSIX\FULL-NAME`.
    let parts: Vec<&str> = identifier.unwrap_or_default().splitn(4, '\\').collect();
    match parts.as_slice() {
        ["ARP", scope, arch, key] => {
            observation.identifier = Some(key);
            observation.arch = Some(arch);
            observation.scope = (*scope == "Machine").then_some(ScopeRef::Machine);
        }
        ["MSIX", package] => {
            observation.source = ObservationSource::Msix;
            observation.identifier = Some(package);
        }
        _ => {}
    }
    reading.observation(place, device, &observation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Gathered, fixture};

    fn rows(gathered: &Gathered) -> Vec<String> {
        let row = |one: &interdict_model::Observation| {
            let of = |field: &Option<String>| field.clone().unwrap_or_else(|| "-".to_owned());
            format!("{} {} {} {}", one.source.as_str(), of(&one.name), of(&one.version), of(&one.identifier))
        };
        gathered.observations.iter().map(|(_, _, one)| row(one)).collect()
    }

    #[test]
    fn columns_stand_where_their_titles_do() {
        let gathered = fixture("winget-list", "german-utf16.txt");
        assert_eq!(
            rows(&gathered),
            [
                "programs 7-Zip 24.05 (x64) 24.05 7zip.7zip",
                "programs Kaspersky Endpoint Security für Windows 12.4.0.467 {E5F3B2A1-0000-4000-8000-00000000C0DE}",
                "programs Ein Programm mit einem sehr langen N 1.0 -",
                "programs Ohne Version - Some.Package",
                "msix Windows-Rechner 11.2405.2.0 Microsoft.WindowsCalculator_11.2405.2.0_x64__8wekyb3d8bbwe",
            ]
        );
        assert_eq!(gathered.observations[1].2.arch.as_deref(), Some("X64"));
        assert!(gathered.imported.encoding.as_deref().is_some_and(|name| name.starts_with("UTF-16LE")));
        assert!(gathered.notes.iter().any(|note| note.code == "import/cut-short"), "{:?}", gathered.notes);
        assert_eq!(gathered.imported.skipped.len(), 1);
    }

    #[test]
    fn wide_letters_take_two_columns() {
        let starts = columns("名称          ID        版本");
        assert_eq!(starts, [0, 14, 24]);
        let line = "卡巴斯基      Kasp.KES  12.4";
        assert_eq!(
            [0, 1, 2].map(|column| cell(line, &starts, column)),
            [Some("卡巴斯基"), Some("Kasp.KES"), Some("12.4")]
        );
    }
}
