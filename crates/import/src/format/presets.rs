//! Tables of tools whose columns are known, or mostly known: what each is called, by tool.
//!
//! Where a tool lets people choose the columns, only what it always calls by the same words is named here and the rest is
//! told by the titles. Columns about people (`UserName`, `EmailAddress`) are not read. Of Lansweeper, Jamf, `ConfigMgr`,
//! PDQ, Action1, `NinjaOne` and Kaspersky Security Center no file that a real one wrote was at hand: those fixtures are
//! written from documentation.

use interdict_model::{ObservationSource, OsFamily};

use super::{Format, table};
use crate::error::ImportError;
use crate::mapping::{Field, Mapping, RowsAre, normalised};
use crate::reading::Reading;
use crate::sample::{Sample, Shape};
use crate::table::Known;

/// What is known of a tool's tables.
#[derive(Default)]
struct Preset {
    /// Titles that tell the table from others, all of them.
    told_by: &'static [&'static str],
    /// The titles of fields, in the order they are asked.
    columns: &'static [(Field, &'static str)],
    /// Where the tool had read its rows, where all are of one place.
    source: Option<ObservationSource>,
    os: Option<OsFamily>,
    /// Whether its rows are products.
    is_of_products: bool,
    /// Whether the words of a name are joined by underscores.
    has_underscores: bool,
}

impl Preset {
    fn recognise(&self, sample: &Sample, sure: u8) -> u8 {
        if !self.told_by.is_empty() && sample.has_columns(self.told_by) { sure } else { 0 }
    }

    fn read(&self, reading: &mut Reading<'_>) -> Result<(), ImportError> {
        let Shape::Table { header, .. } = &reading.sample.shape else {
            let found = reading.sample.describe();
            return Err(ImportError::WrongFormat { expected: "table", found });
        };
        let mut mapping = Mapping::empty();
        (mapping.source, mapping.os) = (self.source, self.os);
        mapping.rows = if self.is_of_products { RowsAre::Products } else { RowsAre::Installations };
        let mut others = Vec::new();
        for (field, title) in self.columns {
            let Some(written) = header.iter().find(|written| normalised(written) == normalised(title)) else {
                continue;
            };
            if mapping.columns.contains_key(field) {
                others.push((*field, *title));
            } else {
                mapping.columns.insert(*field, written.clone());
            }
        }
        let known = Known { others: &others, has_underscores: self.has_underscores };
        table::read(reading, &mapping, &known)
    }
}

const CHOSEN: Option<&str> =
    Some("people choose its columns: those are read whose titles are known, or that a mapping names");

/// Advanced hunting's table, saved as CSV:
/// <https://learn.microsoft.com/defender-xdr/advanced-hunting-devicetvmsoftwareinventory-table>.
const DEFENDER: Preset = Preset {
    told_by: &["DeviceId", "DeviceName", "SoftwareVendor", "SoftwareName"],
    columns: &[
        (Field::DeviceId, "DeviceId"),
        (Field::DeviceName, "DeviceName"),
        (Field::Os, "OSPlatform"),
        (Field::OsVersion, "OSVersion"),
        (Field::Publisher, "SoftwareVendor"),
        (Field::Name, "SoftwareName"),
        (Field::Version, "SoftwareVersion"),
        (Field::Identifier, "ProductCodeCpe"),
        (Field::LastSeen, "Timestamp"),
    ],
    source: None,
    os: None,
    is_of_products: false,
    has_underscores: true,
};

pub(super) const DEFENDER_CSV: Format = Format {
    name: "defender-csv",
    title: "Microsoft Defender advanced hunting, DeviceTvmSoftwareInventory (CSV)",
    caveat: Some(
        "names are Defender's own, in small letters; a query may have asked for a part, and Defender cuts long answers",
    ),
    keeps_days: Some(30),
    recognise: |sample| DEFENDER.recognise(sample, 90),
    read: |reading| DEFENDER.read(reading),
};

/// `AppInvRawData` and the older `DiscoveredAppsRawData`:
/// <https://learn.microsoft.com/intune/fundamentals/reports-export-graph-available-reports>.
const INTUNE: Preset = Preset {
    told_by: &["ApplicationName", "ApplicationVersion", "DeviceId"],
    columns: &[
        (Field::DeviceId, "DeviceId"),
        (Field::DeviceName, "DeviceName"),
        (Field::Os, "Platform"),
        (Field::Os, "OSDescription"),
        (Field::OsVersion, "OSVersion"),
        (Field::Name, "ApplicationName"),
        (Field::Publisher, "ApplicationPublisher"),
        (Field::Version, "ApplicationVersion"),
        (Field::Version, "ApplicationShortVersion"),
    ],
    source: None,
    os: None,
    is_of_products: false,
    has_underscores: false,
};

pub(super) const INTUNE_RAW: Format = Format {
    name: "intune-raw",
    title: "Intune discovered apps by device (AppInvRawData, DiscoveredAppsRawData)",
    caveat: Some(
        "Intune asks a device every seven days or so; users, their addresses and telephone numbers are not read",
    ),
    keeps_days: Some(7),
    recognise: |sample| INTUNE.recognise(sample, 90),
    read: |reading| INTUNE.read(reading),
};

const INTUNE_PRODUCTS: Preset = Preset {
    told_by: &["ApplicationName", "ApplicationVersion", "DeviceCount"],
    columns: &[
        (Field::Name, "ApplicationName"),
        (Field::Publisher, "ApplicationPublisher"),
        (Field::Version, "ApplicationVersion"),
        (Field::Version, "ApplicationShortVersion"),
        (Field::DeviceCount, "DeviceCount"),
    ],
    source: None,
    os: None,
    is_of_products: true,
    has_underscores: false,
};

pub(super) const INTUNE_AGGREGATE: Format = Format {
    name: "intune-aggregate",
    title: "Intune discovered apps (AppInvAggregate)",
    caveat: Some("it says on how many devices a product is, not on which"),
    keeps_days: Some(7),
    recognise: |sample| INTUNE_PRODUCTS.recognise(sample, 85),
    read: |reading| INTUNE_PRODUCTS.read(reading),
};

/// Columns of reports over `tblAssets`, `tblSoftware` and `tblSoftwareUni`:
/// <https://www.lansweeper.com/resources/report/>.
const LANSWEEPER_TABLE: Preset = Preset {
    told_by: &["AssetName"],
    columns: &[
        (Field::DeviceId, "AssetID"),
        (Field::DeviceName, "AssetName"),
        (Field::Domain, "Domain"),
        (Field::Os, "OS"),
        (Field::Os, "OSname"),
        (Field::LastSeen, "Lastseen"),
        (Field::Name, "softwareName"),
        (Field::Name, "Software"),
        (Field::Version, "softwareVersion"),
        (Field::Version, "Version"),
        (Field::Publisher, "SoftwarePublisher"),
        (Field::Publisher, "Publisher"),
        (Field::InstallDate, "installDate"),
    ],
    source: None,
    os: None,
    is_of_products: false,
    has_underscores: false,
};

fn is_lansweeper(sample: &Sample) -> u8 {
    let names_software = sample.has_columns(&["Software"]) || sample.has_columns(&["softwareName"]);
    let is_typical = ["AssetID", "AssetType", "Lastseen", "Lasttried", "Lastchanged"];
    let typical = is_typical.iter().any(|title| sample.has_columns(&[title]));
    if names_software && typical { LANSWEEPER_TABLE.recognise(sample, 70) } else { 0 }
}

pub(super) const LANSWEEPER: Format = Format {
    name: "lansweeper",
    title: "Lansweeper report (CSV, workbook)",
    caveat: CHOSEN,
    keeps_days: None,
    recognise: is_lansweeper,
    read: |reading| LANSWEEPER_TABLE.read(reading),
};

/// An advanced computer search with applications among its columns.
const JAMF_TABLE: Preset = Preset {
    told_by: &["Computer Name", "Application Title"],
    columns: &[
        (Field::DeviceId, "Jamf Pro Computer ID"),
        (Field::DeviceId, "JSS Computer ID"),
        (Field::DeviceName, "Computer Name"),
        (Field::Serial, "Serial Number"),
        (Field::Uuid, "UDID"),
        (Field::OsVersion, "Operating System Version"),
        (Field::LastSeen, "Last Inventory Update"),
        (Field::Name, "Application Title"),
        (Field::Version, "Application Version"),
        (Field::Identifier, "Bundle ID"),
        (Field::Path, "Path"),
    ],
    source: Some(ObservationSource::Apps),
    os: Some(OsFamily::Macos),
    is_of_products: false,
    has_underscores: false,
};

pub(super) const JAMF: Format = Format {
    name: "jamf",
    title: "Jamf Pro advanced computer search (CSV)",
    caveat: CHOSEN,
    keeps_days: None,
    recognise: |sample| JAMF_TABLE.recognise(sample, 70),
    read: |reading| JAMF_TABLE.read(reading),
};

/// The views `v_GS_ADD_REMOVE_PROGRAMS` and `v_GS_ADD_REMOVE_PROGRAMS_64`, often joined with `v_R_System`:
/// <https://learn.microsoft.com/intune/configmgr/develop/core/understand/sqlviews/hardware-inventory-views-configuration-manager>.
const CONFIGMGR_TABLE: Preset = Preset {
    told_by: &["ResourceID", "DisplayName0"],
    columns: &[
        (Field::DeviceId, "ResourceID"),
        (Field::DeviceName, "Netbios_Name0"),
        (Field::DeviceName, "Name0"),
        (Field::Domain, "Resource_Domain_OR_Workgr0"),
        (Field::Name, "DisplayName0"),
        (Field::Version, "Version0"),
        (Field::Publisher, "Publisher0"),
        (Field::Identifier, "ProdID0"),
        (Field::InstallDate, "InstallDate0"),
        (Field::LastSeen, "TimeStamp"),
    ],
    source: Some(ObservationSource::Programs),
    os: Some(OsFamily::Windows),
    is_of_products: false,
    has_underscores: false,
};

pub(super) const CONFIGMGR: Format = Format {
    name: "configmgr",
    title: "Configuration Manager, v_GS_ADD_REMOVE_PROGRAMS (CSV, workbook)",
    caveat: Some(
        "a machine's list is as old as its last hardware inventory; 32-bit and 64-bit programs are in two views",
    ),
    keeps_days: None,
    recognise: |sample| CONFIGMGR_TABLE.recognise(sample, 90),
    read: |reading| CONFIGMGR_TABLE.read(reading),
};

/// Columns as the report designer titles them.
const PDQ_TABLE: Preset = Preset {
    columns: &[
        (Field::DeviceName, "Computer Name"),
        (Field::DeviceName, "Computer"),
        (Field::Name, "Application Name"),
        (Field::Name, "Application"),
        (Field::Version, "Application Version"),
        (Field::Publisher, "Application Publisher"),
        (Field::InstallDate, "Application Install Date"),
    ],
    os: Some(OsFamily::Windows),
    told_by: &[],
    source: None,
    is_of_products: false,
    has_underscores: false,
};

pub(super) const PDQ: Format = Format {
    name: "pdq",
    title: "PDQ Inventory report (CSV)",
    caveat: CHOSEN,
    keeps_days: None,
    // Its titles are those of many tools: only somebody who says so knows.
    recognise: |_| 0,
    read: |reading| PDQ_TABLE.read(reading),
};

const ACTION1_TABLE: Preset = Preset {
    columns: &[
        (Field::DeviceName, "Endpoint Name"),
        (Field::DeviceName, "Endpoint"),
        (Field::Name, "App Name"),
        (Field::Name, "Software Name"),
        (Field::Name, "Name"),
        (Field::Publisher, "Vendor"),
    ],
    told_by: &[],
    source: None,
    os: None,
    is_of_products: false,
    has_underscores: false,
};

pub(super) const ACTION1: Format = Format {
    name: "action1",
    title: "Action1 report (CSV)",
    caveat: CHOSEN,
    keeps_days: None,
    recognise: |_| 0,
    read: |reading| ACTION1_TABLE.read(reading),
};

/// The members that its interface has of an installed program are `name`, `publisher`, `version`, `productCode`,
/// `location` and `installDate`.
const NINJAONE_TABLE: Preset = Preset {
    columns: &[
        (Field::DeviceId, "Device ID"),
        (Field::DeviceName, "System Name"),
        (Field::DeviceName, "Device Name"),
        (Field::DeviceName, "Device"),
        (Field::Name, "Software Name"),
        (Field::Name, "Name"),
        (Field::Identifier, "Product Code"),
    ],
    told_by: &[],
    source: None,
    os: None,
    is_of_products: false,
    has_underscores: false,
};

pub(super) const NINJAONE: Format = Format {
    name: "ninjaone",
    title: "NinjaOne software inventory (CSV)",
    caveat: CHOSEN,
    keeps_days: None,
    recognise: |_| 0,
    read: |reading| NINJAONE_TABLE.read(reading),
};

const KSC_TABLE: Preset =
    Preset { columns: &[], told_by: &[], source: None, os: None, is_of_products: false, has_underscores: false };

fn is_ksc(sample: &Sample) -> u8 {
    let Shape::Table { preamble, .. } = &sample.shape else { return 0 };
    let lines = usize::try_from(*preamble).unwrap_or(0);
    let names_it = |line: &str| line.contains("Kaspersky Security Center");
    if sample.text.lines().take(lines).any(names_it) { 60 } else { 0 }
}

pub(super) const KSC_REGISTRY: Format = Format {
    name: "ksc-registry",
    title: "Kaspersky Security Center applications registry (CSV, text)",
    caveat: Some(
        "its server goes on telling for up to 30 days of what a machine no longer has; people choose its columns",
    ),
    keeps_days: Some(30),
    recognise: is_ksc,
    read: |reading| KSC_TABLE.read(reading),
};

/// Lists of licences, as its importer takes them.
const SNIPE_IT_LICENCES: Preset = Preset {
    told_by: &["Item name", "Licensed To Name", "seats"],
    columns: &[(Field::Name, "Item name"), (Field::Publisher, "manufacturer")],
    source: None,
    os: None,
    is_of_products: true,
    has_underscores: false,
};

/// Lists of things, as its importer takes them: a thing is known by its model and who makes it.
const SNIPE_IT_ASSETS: Preset = Preset {
    told_by: &["Asset Tag", "Manufacturer", "Model"],
    columns: &[(Field::Name, "Model"), (Field::Publisher, "Manufacturer"), (Field::Identifier, "Model Number")],
    source: None,
    os: None,
    is_of_products: true,
    has_underscores: false,
};

pub(super) const SNIPE_IT: Format = Format {
    name: "snipe-it",
    title: "Snipe-IT assets or licences (CSV)",
    caveat: Some("a list of things and licences: what is bought, not what is installed; people are not read"),
    keeps_days: None,
    recognise: |sample| SNIPE_IT_LICENCES.recognise(sample, 80).max(SNIPE_IT_ASSETS.recognise(sample, 75)),
    read: |reading| {
        let is_of_licences = SNIPE_IT_LICENCES.recognise(reading.sample, 1) > 0;
        if is_of_licences { SNIPE_IT_LICENCES.read(reading) } else { SNIPE_IT_ASSETS.read(reading) }
    },
};

#[cfg(test)]
mod tests {
    use interdict_model::Observation;
    use std::io::{Cursor, Write as _};

    use super::*;
    use crate::reading::Options;
    use crate::testing::{Gathered, bytes_of, fixture, gather, gather_with};

    fn told(format: &str, file: &str) -> Gathered {
        let options = Options { format: Some(format.to_owned()), ..Options::default() };
        gather_with(&bytes_of(format, file), file, &options).expect("is imported")
    }

    fn row(observation: &Observation) -> String {
        [
            &observation.name,
            &observation.version,
            &observation.publisher,
            &observation.identifier,
            &observation.install_date,
        ]
        .map(|field| field.as_deref().unwrap_or("-"))
        .join(" | ")
    }

    #[test]
    fn defender_names_devices_by_its_own_id() {
        let gathered = fixture("defender-csv", "hunting.csv");
        let first = &gathered.devices[0];
        assert_eq!(first.tool_id.as_deref(), Some("8f6a1c2e9b7d4c55a1b2c3d4e5f60718293a4b5c"));
        assert_eq!(
            (first.hostname.as_deref(), first.os_family),
            (Some("srv-files-01.example.org"), Some(OsFamily::Windows))
        );
        assert_eq!(
            row(&gathered.observations[0].2),
            "security_for_windows_server | 11.0.1.897 | kaspersky | \
             cpe:2.3:a:kaspersky:security_for_windows_server:11.0.1.897:*:*:*:*:*:*:* | -"
        );
        assert_eq!(gathered.observations[0].2.title(), "security for windows server");
        assert_eq!(row(&gathered.observations[1].2), ".net_framework | 4.8 | microsoft | - | -");
        assert_eq!(gathered.devices[1].os_family, Some(OsFamily::Macos));
        assert_eq!((gathered.imported.used, gathered.imported.rejected), (3, 0));
    }

    #[test]
    fn intune_lies_in_a_zip_and_its_people_are_not_read() {
        let gathered = fixture("intune-raw", "appinv.csv");
        let text = include_str!("../../fixtures/intune-raw/appinv.csv");
        assert!(gathered.observations.iter().all(|(_, _, one)| one.scope.is_none()));
        assert_eq!(
            row(&gathered.observations[1].2),
            "Safari | 17.5 | - | - | -",
            "the short version where there is no other"
        );
        assert_eq!(gathered.devices[2].hostname.as_deref(), Some("LAPTOP-3"));
        assert_eq!(gathered.imported.skipped["the row names a machine and no software"], 1);

        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in [("../../etc/AppInvRawData.csv", text), ("readme.txt", "nothing to see")] {
            writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("begins");
            writer.write_all(content.as_bytes()).expect("writes");
        }
        let zipped = gather(&writer.finish().expect("ends").into_inner(), "AppInvRawData.zip");
        assert_eq!((zipped.imported.format, zipped.observations), ("intune-raw", gathered.observations));
        assert_eq!(zipped.imported.layers, ["zip"]);
        assert_eq!(zipped.notes[0].message, "left out of the archive: readme.txt (plain text)");
    }

    #[test]
    fn products_without_devices_keep_their_count() {
        let gathered = fixture("intune-aggregate", "appinv.csv");
        let counts: Vec<Option<u64>> = gathered.titles.iter().map(|(_, count)| *count).collect();
        assert_eq!((counts, gathered.devices.len()), (vec![Some(17), Some(2)], 0));
        let gathered = fixture("ksc-registry", "report.csv");
        let titles: Vec<(&str, Option<u64>)> =
            gathered.titles.iter().map(|(title, count)| (title.title(), *count)).collect();
        assert_eq!(
            titles,
            [("Dr.Web Security Space", Some(3)), ("Kaspersky Endpoint Security для Windows", Some(1204))]
        );
    }

    #[test]
    fn tools_with_columns_of_their_own_are_told_by_them() {
        let gathered = fixture("lansweeper", "report.csv");
        assert_eq!(
            row(&gathered.observations[0].2),
            "Kaspersky Endpoint Security for Windows | 12.4.0.467 | AO Kaspersky Lab | - | -",
            "the manufacturer of the machine is not the software's"
        );
        assert_eq!(gathered.devices[0].seen.as_deref(), Some("2024-06-21T00:00:00Z"));
        assert_eq!((gathered.devices.len(), gathered.imported.skipped.len()), (2, 1));

        let gathered = fixture("jamf", "search.csv");
        assert_eq!(gathered.devices[0].serial.as_deref(), Some("C02XK1ZZJG5J"));
        assert_eq!(gathered.observations[0].2.source, ObservationSource::Apps);

        let gathered = fixture("configmgr", "view.csv");
        assert_eq!(
            row(&gathered.observations[0].2),
            "Kaspersky Security for Windows Server | 11.0.1.897 | AO Kaspersky Lab | \
             {E5F3B2A1-0000-4000-8000-00000000C0DE} | 2024-03-05"
        );
        assert_eq!(
            row(&gathered.observations[1].2),
            "Microsoft SQL Server 2019 | 15.0.2000.5 | Microsoft Corporation | - | -",
            "NULL is nothing"
        );
        assert_eq!(gathered.imported.made.as_deref(), Some("2024-06-20T22:10:05Z"));
    }

    #[test]
    fn tools_with_columns_of_anybody_are_told_by_the_person_and_read_the_same() {
        for (format, file) in [("pdq", "report.csv"), ("action1", "report.csv"), ("ninjaone", "inventory.csv")] {
            let gathered = told(format, file);
            assert_eq!(gathered.imported.format, format);
            assert_eq!(gathered.devices[0].hostname.as_deref(), Some("WS-01"), "{format}");
            let (_, _, one) = &gathered.observations[0];
            assert_eq!(
                [&one.name, &one.version, &one.publisher, &one.install_date]
                    .map(|field| field.as_deref().unwrap_or("-")),
                ["Kaspersky Endpoint Security for Windows", "12.4.0.467", "AO Kaspersky Lab", "2024-06-20"],
                "{format}"
            );
        }
        let gathered = told("ninjaone", "inventory.csv");
        assert_eq!(gathered.observations[0].2.identifier.as_deref(), Some("{E5F3B2A1-0000-4000-8000-00000000C0DE}"));
    }

    #[test]
    fn a_licence_is_a_product_and_its_holder_is_not_read() {
        let gathered = fixture("snipe-it", "licences.csv");
        assert_eq!(row(&gathered.titles[0].0), "Kaspersky Total Security | - | Kaspersky | - | -");
        assert_eq!((gathered.titles[0].1, gathered.devices.len()), (None, 0));
    }
}
