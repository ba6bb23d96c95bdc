//! What dpkg prints: the list of `dpkg -l`, the lines of `dpkg-query -W`, and the records of `dpkg -s`, which are those of
//! its database.
//!
//! The list begins each line with a letter for what is wanted, one for what is, and one where something is wrong:
//! <https://manpages.debian.org/bookworm/dpkg/dpkg-query.1.en.html>. It may be in any language; only the rule below its
//! titles is looked at. Either may have been asked of some packages only, so nothing is taken for whole.

use interdict_formats::dpkg::{code, parse_status};
use interdict_model::{Diagnostic, ObservationRef, ObservationSource, OsFamily, raw_key};

use super::Format;
use crate::error::ImportError;
use crate::json;
use crate::reading::Reading;
use crate::sample::Sample;
use crate::sink::Place;
use crate::text;

pub(super) const LIST: Format = Format {
    name: "dpkg-l",
    title: "list of dpkg -l",
    caveat: Some("old versions of dpkg cut long names to the width of the window"),
    keeps_days: None,
    recognise: |sample| if rule(sample).is_some() { 95 } else { 0 },
    read: read_list,
};

pub(super) const QUERY: Format = Format {
    name: "dpkg-query",
    title: "lines of dpkg-query -W",
    caveat: None,
    keeps_days: None,
    recognise: recognise_query,
    read: |reading| json::lines(reading, query_line),
};

pub(super) const STATUS: Format = Format {
    name: "dpkg-status",
    title: "records of dpkg -s, or dpkg's database (/var/lib/dpkg/status)",
    caveat: None,
    keeps_days: None,
    recognise: recognise_status,
    read: read_status,
};

/// The rule between titles and packages, such as `+++-=====-=====-`.
fn rule(sample: &Sample) -> Option<&str> {
    sample.text.lines().take(20).find(|line| line.starts_with("+++-="))
}

fn read_list(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    // Before 1.16.2 the list had no architectures.
    let columns = rule(reading.sample).map_or(4, |rule| rule.split('-').filter(|part| part.starts_with('=')).count());
    let mut is_below = false;
    json::lines(reading, |reading, place, line| {
        if line.starts_with(b"+++-") {
            is_below = true;
            return Ok(());
        }
        if is_below { list_line(reading, place, line, columns >= 4) } else { Ok(()) }
    })
}

fn list_line(reading: &mut Reading<'_>, place: Place, line: &[u8], has_arch: bool) -> Result<(), ImportError> {
    let text = String::from_utf8_lossy(line);
    let Some((status, is_there)) = status(&text) else {
        return reading.reject(place, "it does not begin with the letters of dpkg's list", line);
    };
    let mut words = text.get(3..).unwrap_or_default().split_whitespace();
    let Some(name) = words.next() else {
        return reading.reject(place, "it names no package", line);
    };
    if !is_there {
        return reading.skip(place, "the package is known and not installed");
    }
    let said = |word: &&str| *word != "<none>";
    let version = words.next().filter(said);
    let arch = words.next().filter(|_| has_arch).filter(said);
    let device = reading.file_device_of(Some(OsFamily::Linux))?;
    let mut observation = ObservationRef::new(ObservationSource::DebPackages);
    observation.name = Some(without_arch(name));
    observation.version = version;
    observation.arch = arch.or_else(|| arch_of(name));
    if status != "install ok installed" {
        observation.raw.push((raw_key::STATUS, &status));
    }
    reading.observation(place, device, &observation)
}

/// dpkg's three words for its three letters, and whether anything of the package is there.
fn status(line: &str) -> Option<(String, bool)> {
    let mut letters = line.chars();
    let wanted = match letters.next()? {
        'u' => "unknown",
        'i' => "install",
        'h' => "hold",
        'r' => "deinstall",
        'p' => "purge",
        _ => return None,
    };
    let state = match letters.next()? {
        'n' => "not-installed",
        'c' => "config-files",
        'H' => "half-installed",
        'U' => "unpacked",
        'F' => "half-configured",
        'W' => "triggers-awaited",
        't' => "triggers-pending",
        'i' => "installed",
        _ => return None,
    };
    let flag = match letters.next()? {
        'R' => "reinstreq",
        ' ' => "ok",
        _ => return None,
    };
    Some((format!("{wanted} {flag} {state}"), state != "not-installed"))
}

fn without_arch(name: &str) -> &str {
    name.split_once(':').map_or(name, |(name, _)| name)
}

fn arch_of(name: &str) -> Option<&str> {
    name.split_once(':').map(|(_, arch)| arch)
}

fn recognise_query(sample: &Sample) -> u8 {
    let mut lines: Vec<&str> = sample.text.lines().filter(|line| !line.trim().is_empty()).collect();
    if !sample.is_all {
        lines.pop();
    }
    let is_line = |line: &&str| {
        let Some((name, rest)) = line.split_once('\t') else { return false };
        let version = rest.split('\t').next().unwrap_or_default();
        is_package(name) && (version.is_empty() || version.starts_with(|letter: char| letter.is_ascii_digit()))
    };
    let is_query = !lines.is_empty() && lines.iter().all(is_line) && lines.iter().any(|line| !line.ends_with('\t'));
    if is_query { 70 } else { 0 }
}

/// Whether a word may be the name of a package: <https://www.debian.org/doc/debian-policy/ch-controlfields.html>.
fn is_package(name: &str) -> bool {
    let name = without_arch(name);
    name.len() >= 2
        && name.starts_with(|letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte))
}

fn query_line(reading: &mut Reading<'_>, place: Place, line: &[u8]) -> Result<(), ImportError> {
    let text = String::from_utf8_lossy(line);
    let mut columns = text.trim_end_matches(['\r', '\n']).split('\t');
    let name = columns.next().unwrap_or_default();
    if !is_package(name) {
        return reading.reject(place, "it does not begin with the name of a package", line);
    }
    let Some(version) = columns.next() else {
        return reading.reject(place, "it has no version beside the name", line);
    };
    let Some(version) = text::known(version) else {
        return reading.skip(place, "the package is known and not installed");
    };
    let device = reading.file_device_of(Some(OsFamily::Linux))?;
    let mut observation = ObservationRef::new(ObservationSource::DebPackages);
    observation.name = Some(without_arch(name));
    observation.version = Some(version);
    observation.arch = arch_of(name);
    // People ask for more columns as they like; these two tell themselves.
    for more in columns.filter_map(text::known) {
        if more.contains('@') {
            observation.publisher = observation.publisher.or(Some(more));
        } else if matches!(
            more,
            "all" | "amd64" | "i386" | "arm64" | "armhf" | "armel" | "ppc64el" | "riscv64" | "s390x"
        ) {
            observation.arch = observation.arch.or(Some(more));
        }
    }
    reading.observation(place, device, &observation)
}

/// Whether the text begins with a package, and one of its first records has a name and a version, a status or a machine
/// type.
fn recognise_status(sample: &Sample) -> u8 {
    let mut lines = sample.text.lines().map(str::trim_end).skip_while(|line| line.is_empty()).take(200).peekable();
    let begins = lines.peek().is_some_and(|line| line.starts_with("Package:"));
    let mut is_named = false;
    let is_told = lines.any(|line| {
        if let Some(name) = line.strip_prefix("Package: ") {
            is_named = is_package_name(name);
        } else if line.is_empty() {
            is_named = false;
        }
        is_named && ["Version:", "Status:", "Architecture:"].iter().any(|field| line.starts_with(field))
    });
    if begins && is_told { 75 } else { 0 }
}

/// As [`is_package`], and with what tests and other systems allow themselves.
fn is_package_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-._~:".contains(&byte))
}

/// Hands on record by record: what parts them is a line without anything on it, which [`json::lines`] passes over.
fn read_status(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    let mut record: Vec<u8> = Vec::new();
    let (mut begin, mut last) = (1, 0);
    json::lines(reading, |reading, place, line| {
        let Place::Line(number) = place else { return Ok(()) };
        if number > last + 1 && !record.is_empty() {
            // Only the last record may have been cut.
            record.extend_from_slice(b"\n\n");
            status_record(reading, begin, &record)?;
            record.clear();
        }
        if record.is_empty() {
            begin = number;
        }
        last = number;
        record.extend_from_slice(line);
        if record.len() > json::LONGEST {
            let what = format!("the record that begins on line {begin}");
            return Err(ImportError::TooLarge { what, limit: json::LONGEST as u64 });
        }
        Ok(())
    })?;
    status_record(reading, begin, &record)
}

/// One record, or several without an empty line between them, which is said.
fn status_record(reading: &mut Reading<'_>, begin: u64, record: &[u8]) -> Result<(), ImportError> {
    let (observations, notes) = parse_status(record, reading.file);
    for note in notes {
        if note.code == code::NAMELESS {
            reading.reject(Place::Line(begin), "it names no package", record)?;
        } else {
            let message = format!("line {begin}: {}", note.message);
            reading.note(Diagnostic { message, ..note })?;
        }
    }
    for one in &observations {
        let status = one.raw(raw_key::STATUS).unwrap_or_default();
        if status.ends_with(" not-installed") {
            reading.skip(Place::Line(begin), "the package is known and not installed")?;
            continue;
        }
        let device = reading.file_device_of(Some(OsFamily::Linux))?;
        let mut observation = ObservationRef::from(one);
        // Where the database lay is not where the package is.
        observation.path = None;
        reading.observation(Place::Line(begin), device, &observation)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Gathered, fixture, gather};

    fn rows(gathered: &Gathered) -> Vec<String> {
        let row = |one: &interdict_model::Observation| {
            let of = |field: &Option<String>| field.clone().unwrap_or_else(|| "-".to_owned());
            let status = one.raw(raw_key::STATUS).unwrap_or("-");
            format!("{} {} {} {} {status}", of(&one.name), of(&one.version), of(&one.arch), of(&one.publisher))
        };
        gathered.observations.iter().map(|(_, _, one)| row(one)).collect()
    }

    #[test]
    fn a_list_says_what_is_wanted_and_what_is() {
        let gathered = fixture("dpkg-l", "german.txt");
        assert_eq!(
            rows(&gathered),
            [
                "adduser 3.134 all - -",
                "kesl 12.1.0-1543 amd64 - -",
                "klnagent64 15.1.0-20748 amd64 - deinstall ok config-files",
                "libc6 2.36-9+deb12u7 amd64 - hold ok installed",
                "drweb-workstations 11.1.7 amd64 - install reinstreq half-installed",
            ]
        );
        assert_eq!(gathered.imported.skipped["the package is known and not installed"], 1);
        assert_eq!(gathered.devices[0].hostname.as_deref(), Some("german"));
        assert_eq!(gathered.devices[0].os_family, Some(OsFamily::Linux));
        assert_eq!(gathered.imported.rejected, 0);
    }

    #[test]
    fn a_list_of_old_has_no_architectures() {
        let text =
            "||/ Name  Version  Description\n+++-=====-=======-===========\nii  kesl  11.2  Kaspersky\nnonsense\n";
        let gathered = gather(text.as_bytes(), "old-server.txt");
        assert_eq!(rows(&gathered), ["kesl 11.2 - - -"]);
        assert_eq!(gathered.rejects[0].place, Place::Line(4));
    }

    #[test]
    fn lines_of_a_query_may_have_more_columns() {
        let gathered = fixture("dpkg-query", "packages.txt");
        assert_eq!(
            rows(&gathered),
            [
                "adduser 3.134 - - -",
                "libc6 2.36-9+deb12u7 amd64 - -",
                "kesl 12.1.0-1543 amd64 Kaspersky Lab <support@example.org> -",
            ]
        );
        assert_eq!(gathered.imported.skipped.len(), 1);
        assert_eq!(gather(b"name\tversion\nkesl\t1\n", "x").imported.format, "table", "titles are no package");
    }

    #[test]
    fn records_are_parted_by_empty_lines_and_kept_with_their_status() {
        let gathered = fixture("dpkg-status", "nameless.status");
        assert_eq!(
            rows(&gathered),
            [
                "kesl 12.1.0-1508 amd64 AO Kaspersky Lab -",
                "klnagent64 15.1 amd64 - deinstall ok config-files",
                "old - - - -",
            ]
        );
        assert_eq!(
            gathered.observations.iter().map(|(place, ..)| *place).collect::<Vec<_>>(),
            [1, 9, 18].map(Place::Line)
        );
        let rejects: Vec<(Place, &str)> =
            gathered.rejects.iter().map(|reject| (reject.place, reject.reason.as_str())).collect();
        assert_eq!(rejects, [(Place::Line(15), "it names no package")]);
        assert_eq!(gathered.imported.skipped["the package is known and not installed"], 1);
        assert_eq!(gathered.devices[0].os_family, Some(OsFamily::Linux));
        assert!(gathered.observations.iter().all(|(_, _, one)| one.path.is_none()));
    }

    #[test]
    fn other_texts_that_speak_of_packages_are_no_records() {
        for text in
            ["Package: the\nmail said\n", "Package: two words\nVersion: 1\n", "Package:\n", "Paket: x\nVersion: 1\n"]
        {
            assert!(crate::testing::try_gather(text.as_bytes(), "x").is_err(), "{text}");
        }
    }
}
