//! The lines of `rpm -qa`: name, version, release and architecture in one word each.
//!
//! Publishers are not in it. The keys that rpm keeps as if they were packages are left out.

use interdict_model::{ObservationRef, ObservationSource, OsFamily};

use super::Format;
use crate::error::ImportError;
use crate::json;
use crate::reading::Reading;
use crate::sample::Sample;
use crate::sink::Place;

pub(super) const FORMAT: Format = Format {
    name: "rpm-qa",
    title: "lines of rpm -qa",
    caveat: Some("it names no publishers"),
    keeps_days: None,
    recognise,
    read: |reading| json::lines(reading, line),
};

fn recognise(sample: &Sample) -> u8 {
    let mut lines: Vec<&str> = sample.text.lines().filter(|line| !line.trim().is_empty()).collect();
    if !sample.is_all {
        lines.pop();
    }
    let fit = lines.iter().filter(|line| package(line).is_some_and(|package| package.arch.is_some())).count();
    let keys = lines.iter().filter(|line| is_key(line)).count();
    if fit > 0 && (fit + keys) * 10 >= lines.len() * 9 { 80 } else { 0 }
}

/// A package's name in rpm's own order.
#[derive(Debug, PartialEq, Eq)]
struct Package<'l> {
    name: &'l str,
    /// Version and release.
    version: &'l str,
    arch: Option<&'l str>,
}

fn package(line: &str) -> Option<Package<'_>> {
    const ARCHITECTURES: &[&str] = &[
        "noarch",
        "x86_64",
        "i386",
        "i486",
        "i586",
        "i686",
        "aarch64",
        "armv7hl",
        "armv7hnl",
        "ppc64",
        "ppc64le",
        "s390",
        "s390x",
        "riscv64",
        "ia64",
        "e2k",
        "e2kv4",
        "loongarch64",
        "mips64el",
        "(none)",
    ];
    let line = line.trim();
    if line.contains(char::is_whitespace) {
        return None;
    }
    let (rest, arch) = match line.rsplit_once('.') {
        Some((rest, arch)) if ARCHITECTURES.contains(&arch) => (rest, Some(arch)),
        _ => (line, None),
    };
    let (before, release) = rest.rsplit_once('-')?;
    let (name, version) = before.rsplit_once('-')?;
    let is_sound = !name.is_empty() && !release.is_empty() && version.contains(|letter: char| letter.is_ascii_digit());
    is_sound.then(|| Package { name, version: rest.get(name.len() + 1..).unwrap_or_default(), arch })
}

fn is_key(line: &str) -> bool {
    line.trim().starts_with("gpg-pubkey-")
}

fn line(reading: &mut Reading<'_>, place: Place, line: &[u8]) -> Result<(), ImportError> {
    let text = String::from_utf8_lossy(line);
    if is_key(&text) {
        return reading.skip(place, "a key, which is no package");
    }
    let Some(package) = package(&text) else {
        return reading.reject(place, "it is no name-version-release of a package", line);
    };
    let device = reading.file_device_of(Some(OsFamily::Linux))?;
    let mut observation = ObservationRef::new(ObservationSource::RpmPackages);
    observation.name = Some(package.name);
    observation.version = Some(package.version);
    observation.arch = package.arch.filter(|arch| *arch != "(none)");
    reading.observation(place, device, &observation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixture;

    #[test]
    fn names_are_taken_apart_from_their_ends() {
        let of = |name, version, arch| Some(Package { name, version, arch });
        let cases = [
            ("kesl-12.1.0-1543.x86_64", of("kesl", "12.1.0-1543", Some("x86_64"))),
            (
                "java-1.8.0-openjdk-1.8.0.412.b08-2.el8.x86_64",
                of("java-1.8.0-openjdk", "1.8.0.412.b08-2.el8", Some("x86_64")),
            ),
            ("bash-3.2-33.el5", of("bash", "3.2-33.el5", None)),
            ("a b-1-2.noarch", None),
            ("plain", None),
            ("-1-2.noarch", None),
        ];
        for (line, expected) in cases {
            assert_eq!(package(line), expected, "{line}");
        }
    }

    #[test]
    fn keys_are_left_out_and_complaints_rejected() {
        let gathered = fixture("rpm-qa", "server.txt");
        assert_eq!(
            gathered.names(0),
            ["bash", "kesl", "klnagent64", "glibc-langpack-en", "tzdata", "filesystem", "setup", "basesystem"]
        );
        assert_eq!(gathered.imported.skipped["a key, which is no package"], 2);
        assert_eq!(gathered.rejects[0].place, Place::Line(1));
    }
}
