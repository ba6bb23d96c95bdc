//! Made-up records as a fleet has them: packages, programs, services, apps and paths in several scripts, no two alike.
//!
//! Which record a number gives depends on nothing but the number. One in fifty bears an identifier of the catalogue.

use interdict_catalogue::Catalogue;
use interdict_model::{Fingerprint, FingerprintField, Observation, ObservationSource as Source};

/// One record in so many is of a product in the catalogue.
const ONE_KNOWN_IN: u64 = 50;

/// What records are made from.
pub(crate) struct Records {
    known: Vec<Fingerprint>,
}

impl Records {
    pub(crate) fn of(catalogue: &Catalogue) -> Self {
        let products = catalogue.products().flat_map(|product| &product.fingerprints);
        let vendors = catalogue.vendors().iter().flat_map(|vendor| &vendor.fingerprints);
        Self { known: products.chain(vendors).cloned().collect() }
    }

    /// Some records, from a number on.
    pub(crate) fn from(&self, first: u64, count: u64) -> Vec<Observation> {
        (first..first + count).map(|number| self.record(number)).collect()
    }

    fn record(&self, number: u64) -> Observation {
        let mut dice = Dice(number);
        match usize::try_from(number / ONE_KNOWN_IN).ok().filter(|_| number.is_multiple_of(ONE_KNOWN_IN)) {
            Some(at) if !self.known.is_empty() => known(&self.known[at % self.known.len()], number),
            _ => unknown(&mut dice, number),
        }
    }
}

/// A sequence of numbers that look thrown (splitmix64).
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let at = self.throw() % u64::try_from(words.len()).unwrap_or(1);
        usize::try_from(at).ok().and_then(|at| words.get(at)).copied().unwrap_or_default()
    }
}

const PARTS: &[&str] = &[
    "archive", "audio", "backup", "bridge", "browser", "build", "calendar", "client", "cloud", "codec", "color",
    "common", "compiler", "control", "core", "crypt", "data", "desktop", "device", "document", "editor", "engine",
    "font", "game", "graphics", "image", "index", "input", "java", "kernel", "label", "library", "manager", "math",
    "media", "meter", "monitor", "network", "office", "parser", "perl", "player", "plugin", "print", "protocol",
    "python", "reader", "render", "report", "runtime", "scanner", "search", "security", "server", "service", "shell",
    "socket", "sound", "storage", "studio", "suite", "sync", "table", "terminal", "text", "theme", "tools", "update",
    "utility", "vector", "video", "viewer", "web", "widget", "window", "wireless", "word", "xml",
];
const SUFFIXES: &[&str] = &["dev", "common", "doc", "data", "bin", "utils", "perl", "dbg", "tools", "extra"];
const MAINTAINERS: &[&str] = &[
    "Debian GNOME Maintainers <pkg-gnome-maintainers@lists.alioth.debian.org>",
    "Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>",
    "Debian Perl Group <pkg-perl-maintainers@lists.alioth.debian.org>",
    "Red Hat, Inc. <http://bugzilla.redhat.com/bugzilla>",
    "Fedora Project",
    "SUSE LLC <https://www.suse.com/>",
];
/// Program names in several scripts; `#` stands for a word or number of its own.
const PROGRAMS: &[&str] = &[
    "# Studio Professional",
    "Microsoft # Redistributable (x64)",
    "# für Windows",
    "# Éditeur de documents",
    "Редактор #",
    "Система учёта # Предприятие",
    "Бухгалтерия #",
    "# 输入法",
    "企业 # 客户端",
    "# オフィスツール",
    "印刷 # マネージャ",
    "# 보안 로그인",
    "Διαχείριση #",
    "برنامج #",
    "# Güncelleme Aracı",
    "Ovladač tiskárny #",
    "# Update Helper",
    "Driver Package - # (USB)",
    "# Runtime - 14.36.32532",
    "Oprogramowanie #",
];
const COMPANIES: &[&str] = &[
    "# Software GmbH",
    "# Corporation",
    "# Technologies, Inc.",
    "ООО «# Софт»",
    "ЗАО «#»",
    "北京#科技有限公司",
    "深圳市#软件有限公司",
    "株式会社#",
    "(주)#",
    "# S.A.",
    "# s.r.o.",
    "# Ltd.",
    "# Yazılım A.Ş.",
    "# Sp. z o.o.",
    "# AB",
    "The # Foundation",
];
const PLACES: &[&str] = &[
    "C:\\Program Files\\#\\",
    "C:\\Program Files (x86)\\#\\bin",
    "D:\\Programme\\#",
    "C:\\Users\\Бухгалтер\\AppData\\Local\\#",
    "C:\\ProgramData\\#",
    "C:\\Windows\\System32\\#.exe",
];
const PATHS: &[&str] = &[
    "/opt/#/bin/#d",
    "/usr/lib/#/#.so",
    "/usr/bin/#",
    "/usr/local/#/sbin/#",
    "/etc/#/#.conf",
    "/var/lib/#",
    "/srv/данные/#",
];

fn filled(pattern: &str, word: &str) -> String {
    pattern.replace('#', word)
}

/// A word nobody else has: two parts and the number in letters and digits.
fn own_word(dice: &mut Dice, number: u64) -> String {
    format!("{}{}{number:x}", dice.one_of(PARTS), dice.one_of(PARTS))
}

/// What most of a fleet is: software of which the catalogue does not speak.
fn unknown(dice: &mut Dice, number: u64) -> Observation {
    let word = own_word(dice, number);
    let version = Some(format!("{}.{}.{}", number % 9, number % 37, number % 1_013));
    let of = |source| Observation { version: version.clone(), ..Observation::new(source) };
    match dice.throw() % 100 {
        0..25 => Observation {
            name: Some(format!("lib{word}-{}", dice.one_of(SUFFIXES))),
            publisher: Some(dice.one_of(MAINTAINERS).to_owned()),
            ..of(Source::DebPackages)
        },
        25..40 => Observation {
            name: Some(format!("{word}-{}", dice.one_of(SUFFIXES))),
            publisher: Some(dice.one_of(MAINTAINERS).to_owned()),
            ..of(Source::RpmPackages)
        },
        40..65 => Observation {
            name: Some(filled(dice.one_of(PROGRAMS), &word)),
            publisher: Some(filled(dice.one_of(COMPANIES), dice.one_of(PARTS))),
            install_location: Some(filled(dice.one_of(PLACES), &word)),
            identifier: Some(format!(
                "{{{:08X}-{:04X}-4E5F-9A0B-{number:012X}}}",
                dice.throw() >> 32,
                dice.throw() >> 48
            )),
            ..of(Source::Programs)
        },
        65..77 => Observation {
            name: Some(format!("{word}.service")),
            display_name: Some(filled(dice.one_of(PROGRAMS), &word)),
            path: Some(filled(dice.one_of(PATHS), &word)),
            ..Observation::new(Source::Services)
        },
        77..85 => Observation { path: Some(filled(dice.one_of(PATHS), &word)), ..Observation::new(Source::Files) },
        85..92 => Observation {
            name: Some(filled(dice.one_of(PROGRAMS), &word)),
            identifier: Some(format!("com.{}.{word}", dice.one_of(PARTS))),
            signer: Some(format!(
                "{} ({:010X})",
                filled(dice.one_of(COMPANIES), dice.one_of(PARTS)),
                dice.throw() >> 24
            )),
            path: Some(format!("/Applications/{word}.app")),
            ..of(Source::Apps)
        },
        92..96 => Observation {
            name: Some(word.clone()),
            path: Some(format!("C:\\Windows\\System32\\drivers\\{word}.sys")),
            ..Observation::new(Source::Drivers)
        },
        _ => Observation {
            name: Some(format!("{word}.exe")),
            path: Some(format!("{}\\{word}.exe", filled(dice.one_of(PLACES), &word))),
            ..Observation::new(Source::Processes)
        },
    }
}

/// A record that bears an identifier of the catalogue.
fn known(fingerprint: &Fingerprint, number: u64) -> Observation {
    let value = fingerprint.value.replace('*', "x");
    let of = |source| Observation { version: Some(format!("{number}")), ..Observation::new(source) };
    let named = |source, name: String| Observation { name: Some(name), ..of(source) };
    match fingerprint.field {
        FingerprintField::DebPackage => named(Source::DebPackages, value),
        FingerprintField::RpmPackage => named(Source::RpmPackages, value),
        FingerprintField::Flatpak => Observation { identifier: Some(value), ..of(Source::Flatpak) },
        FingerprintField::Snap => named(Source::Snap, value),
        FingerprintField::HomebrewCask => named(Source::Homebrew, value),
        FingerprintField::SystemdUnit | FingerprintField::Service => named(Source::Services, value),
        FingerprintField::Driver => named(Source::Drivers, value),
        FingerprintField::Process => named(Source::Processes, value),
        FingerprintField::Path | FingerprintField::FileName => Observation { path: Some(value), ..of(Source::Files) },
        FingerprintField::BundleId => Observation { identifier: Some(value), ..of(Source::Apps) },
        FingerprintField::LaunchdLabel => named(Source::Launchd, value),
        FingerprintField::PackageReceipt => named(Source::PkgReceipts, value),
        FingerprintField::BrowserExtension => Observation { identifier: Some(value), ..of(Source::BrowserExtensions) },
        FingerprintField::Certificate => named(Source::Certificates, value),
        FingerprintField::Signer | FingerprintField::TeamId => {
            Observation { signer: Some(value), ..named(Source::Apps, format!("App {number}")) }
        }
        FingerprintField::Publisher => {
            Observation { publisher: Some(value), ..named(Source::Programs, format!("Program {number}")) }
        }
        FingerprintField::WingetId | FingerprintField::Cpe | FingerprintField::RegistryKey => {
            Observation { identifier: Some(value), ..named(Source::Programs, format!("Program {number}")) }
        }
        FingerprintField::DisplayName => named(Source::Programs, format!("{value} {number}")),
    }
}
