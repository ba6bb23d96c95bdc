//! App packages of Windows (MSIX, Appx): their full names, and their manifests.
//!
//! A full name has five parts
//! (<https://learn.microsoft.com/windows/apps/desktop/modernize/package-identity-overview>); of a manifest the identity, the
//! names for people and the programs are read
//! (<https://learn.microsoft.com/uwp/schemas/appxpackage/uapmanifestschema/schema-root>). Names that stand for texts in
//! other languages (`ms-resource:`) are no names here.

use interdict_model::{Diagnostic, Location};

use crate::xml::{Element, elements};

/// The diagnostic codes of this module.
pub(crate) mod code {
    /// A file is not, or not all, the manifest of a package.
    pub(crate) const MALFORMED: &str = "formats/app-manifest";
}

/// How many programs of one package are read.
const MOST_PROGRAMS: usize = 64;

/// The parts of a package's full name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageName<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its version, of four numbers.
    pub version: &'a str,
    /// The processors it is for, such as `x64` or `neutral`.
    pub arch: &'a str,
    /// What stands for its publisher: 13 letters and digits worked out from the certificate's subject.
    pub publisher_id: &'a str,
}

impl PackageName<'_> {
    /// The name of the family: of all versions of the package for all processors.
    #[must_use]
    pub fn family(&self) -> String {
        format!("{}_{}", self.name, self.publisher_id)
    }
}

/// The parts of a full name; nothing for what is none.
#[must_use]
pub fn parse_full_name(full_name: &str) -> Option<PackageName<'_>> {
    let mut parts = full_name.split('_');
    let (name, version, arch) = (parts.next()?, parts.next()?, parts.next()?);
    let (_resource, publisher_id) = (parts.next()?, parts.next()?);
    let is_version = version.split('.').count() == 4 && version.split('.').all(|number| number.parse::<u32>().is_ok());
    let is_publisher = publisher_id.len() == 13 && publisher_id.bytes().all(|letter| letter.is_ascii_alphanumeric());
    let is_one = !name.is_empty() && is_version && is_publisher && parts.next().is_none();
    is_one.then_some(PackageName { name, version, arch, publisher_id })
}

/// A text that is a name itself, and does not stand for one in other languages.
#[must_use]
pub fn plain_name(text: &str) -> Option<&str> {
    let text = text.trim();
    let stands_for_another =
        text.starts_with("@{") || text.get(..12).is_some_and(|start| start.eq_ignore_ascii_case("ms-resource:"));
    (!text.is_empty() && !stands_for_another).then_some(text)
}

/// What a manifest says of its package.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppManifest {
    /// The subject of the publisher's certificate.
    pub publisher: Option<String>,
    /// The package's name for people.
    pub display_name: Option<String>,
    /// The publisher's name for people.
    pub publisher_display_name: Option<String>,
    /// The programs of its apps, as paths in the package.
    pub programs: Vec<String>,
}

/// What `AppxManifest.xml` says.
#[must_use]
pub fn parse_manifest(bytes: &[u8], file: &str) -> (AppManifest, Vec<Diagnostic>) {
    let mut manifest = AppManifest::default();
    let mut is_manifest = false;
    let whole = elements(bytes, &mut |element: &Element<'_>| {
        is_manifest |= element.path.first().is_some_and(|root| root == "Package");
        if element.is(&["Package", "Identity"]) {
            manifest.publisher = element.attribute("Publisher").map(str::to_owned);
        } else if element.is(&["Package", "Properties", "DisplayName"]) {
            manifest.display_name = plain_name(element.text).map(str::to_owned);
        } else if element.is(&["Package", "Properties", "PublisherDisplayName"]) {
            manifest.publisher_display_name = plain_name(element.text).map(str::to_owned);
        } else if element.is(&["Package", "Applications", "Application"])
            && let Some(program) = element.attribute("Executable")
            && manifest.programs.len() < MOST_PROGRAMS
        {
            manifest.programs.push(program.to_owned());
        }
    });
    let what = match (is_manifest, whole) {
        (true, true) => return (manifest, Vec::new()),
        (true, false) => "the manifest of a package breaks off; what stood before was kept",
        (false, _) => "not the manifest of a package",
    };
    (manifest, vec![Diagnostic::warning(code::MALFORMED, what).at(Location::file(file))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names_are_told_from_other_names() {
        let name = parse_full_name("Vendor.App_1.2.3.4_x64__8wekyb3d8bbwe").expect("a full name");
        assert_eq!((name.name, name.version, name.arch), ("Vendor.App", "1.2.3.4", "x64"));
        assert_eq!(name.family(), "Vendor.App_8wekyb3d8bbwe");
        assert!(parse_full_name("Vendor.App_1.2.3.4_neutral_~_8wekyb3d8bbwe").is_some());
        for other in
            ["", "Vendor.App_8wekyb3d8bbwe", "Vendor_App_1.2.3.4_x64__8wekyb3d8bbwe", "A_1.2_x64__8wekyb3d8bbwe"]
        {
            assert_eq!(parse_full_name(other), None, "{other}");
        }
    }

    #[test]
    fn a_manifest_names_the_publisher_and_the_programs() {
        let text = r#"<?xml version="1.0" encoding="utf-8"?>
<Package xmlns="http://schemas.microsoft.com/appx/manifest/foundation/windows10">
  <Identity Name="Vendor.App" Publisher="CN=Vendor, O=&quot;Vendor, Ltd&quot;, C=DE" Version="1.2.3.4"/>
  <Properties><DisplayName>ms-resource:AppName</DisplayName><PublisherDisplayName>Vendor</PublisherDisplayName></Properties>
  <Applications><Application Id="App" Executable="bin\app.exe"><VisualElements DisplayName="x"/></Application></Applications>
</Package>"#;
        let (manifest, diagnostics) = parse_manifest(text.as_bytes(), "m");
        assert_eq!(manifest.publisher.as_deref(), Some("CN=Vendor, O=\"Vendor, Ltd\", C=DE"));
        assert_eq!(manifest.display_name, None);
        assert_eq!(manifest.publisher_display_name.as_deref(), Some("Vendor"));
        assert_eq!(manifest.programs, [r"bin\app.exe"]);
        assert_eq!(diagnostics, []);
        assert_eq!(parse_manifest(&text.as_bytes()[..300], "m").1.len(), 1);
        assert_eq!(parse_manifest(b"{}", "m"), (AppManifest::default(), parse_manifest(b"", "m").1));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, text: String) {
            let _ = (parse_manifest(&bytes, "m"), parse_full_name(&text), plain_name(&text));
        }
    }
}
