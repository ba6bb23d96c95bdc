//! Inventories of the agents of OCS Inventory as XML, plain or as `.ocs` files, which are compressed with zlib.
//!
//! The same sections as those of [`super::glpi_xml`], with some members of their own: what was read from the registry has
//! the `SOURCE` 1, and how many bits a program is made for stands in `BITSWIDTH`. The agents tell of no security products.

use super::{Format, glpi_xml};
use crate::sample::Sample;

pub(super) const FORMAT: Format = Format {
    name: "ocs-xml",
    title: "OCS Inventory (XML)",
    caveat: Some("the agents tell of no security products but those that are installed as programs"),
    keeps_days: None,
    recognise,
    read: glpi_xml::read,
};

fn recognise(sample: &Sample) -> u8 {
    const OWN: &[&str] = &["SOURCE", "BITSWIDTH", "FILENAME", "LANGUAGE"];
    let has_own = OWN.iter().any(|name| sample.has(&format!("REQUEST/CONTENT/SOFTWARES/{name}")));
    let is_agent = ["OCS-NG", "OCS_NG", "OCSInventory"].iter().any(|name| sample.text.contains(name));
    if sample.has("REQUEST/CONTENT") && (has_own || is_agent) { 92 } else { 0 }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use interdict_model::ObservationSource;

    use crate::testing::{fixture, gather};

    #[test]
    fn what_stands_in_the_registry_is_a_program() {
        let gathered = fixture("ocs-xml", "registry.xml");
        let sources: Vec<ObservationSource> = gathered.observations.iter().map(|(_, _, one)| one.source).collect();
        assert_eq!(sources, [ObservationSource::Programs, ObservationSource::Import]);
        let (_, _, kes) = &gathered.observations[0];
        assert_eq!(kes.install_location.as_deref(), Some(r"C:\Program Files (x86)\Kaspersky Lab\KES.12.6.0\"));
        assert_eq!((kes.install_date.as_deref(), kes.arch.as_deref()), (Some("2025-12-31"), Some("32")));
        assert_eq!(gathered.devices[0].serial, None, "a placeholder");
    }

    #[test]
    fn what_the_agent_of_unix_makes_of_dpkg_is_taken_for_what_it_is() {
        let gathered = fixture("ocs-xml", "unix-deb.xml");
        let (_, _, package) = &gathered.observations[0];
        assert_eq!((package.source, package.name.as_deref()), (ObservationSource::DebPackages, Some("libkesl")));
        assert_eq!((package.publisher.as_deref(), package.install_date.as_deref()), (None, None));
        assert_eq!(package.arch.as_deref(), Some("amd64"));
        assert_eq!(gathered.devices[0].arch.as_deref(), Some("x86_64"));
    }

    #[test]
    fn an_ocs_file_is_compressed() {
        let text = include_bytes!("../../fixtures/ocs-xml/registry.xml");
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).expect("writes");
        let gathered = gather(&encoder.finish().expect("ends"), "PC-ADA.ocs");
        assert_eq!((gathered.imported.format, &*gathered.imported.layers), ("ocs-xml", &["zlib"][..]));
        assert_eq!(gathered.observations.len(), 2);
    }
}
