//! Names of countries and jurisdictions in sentences. The window names codes in the reader's language by itself; these
//! are for the sentences that are built here.

/// Code, name, and the adjective that stands before "list".
const PLACES: &[(&str, &str, &str)] = &[
    ("ae", "United Arab Emirates", "Emirati"),
    ("ar", "Argentina", "Argentinian"),
    ("at", "Austria", "Austrian"),
    ("au", "Australia", "Australian"),
    ("bd", "Bangladesh", "Bangladeshi"),
    ("be", "Belgium", "Belgian"),
    ("bg", "Bulgaria", "Bulgarian"),
    ("br", "Brazil", "Brazilian"),
    ("by", "Belarus", "Belarusian"),
    ("ca", "Canada", "Canadian"),
    ("ch", "Switzerland", "Swiss"),
    ("cl", "Chile", "Chilean"),
    ("cn", "China", "Chinese"),
    ("cu", "Cuba", "Cuban"),
    ("cy", "Cyprus", "Cypriot"),
    ("cz", "Czechia", "Czech"),
    ("de", "Germany", "German"),
    ("dk", "Denmark", "Danish"),
    ("ee", "Estonia", "Estonian"),
    ("es", "Spain", "Spanish"),
    ("eu", "European Union", "EU"),
    ("fi", "Finland", "Finnish"),
    ("fr", "France", "French"),
    ("gb", "United Kingdom", "UK"),
    ("gi", "Gibraltar", "Gibraltar"),
    ("gr", "Greece", "Greek"),
    ("hk", "Hong Kong", "Hong Kong"),
    ("hr", "Croatia", "Croatian"),
    ("hu", "Hungary", "Hungarian"),
    ("id", "Indonesia", "Indonesian"),
    ("ie", "Ireland", "Irish"),
    ("il", "Israel", "Israeli"),
    ("in", "India", "Indian"),
    ("ir", "Iran", "Iranian"),
    ("is", "Iceland", "Icelandic"),
    ("it", "Italy", "Italian"),
    ("jp", "Japan", "Japanese"),
    ("kp", "North Korea", "North Korean"),
    ("kr", "South Korea", "South Korean"),
    ("kz", "Kazakhstan", "Kazakh"),
    ("lt", "Lithuania", "Lithuanian"),
    ("lu", "Luxembourg", "Luxembourg"),
    ("lv", "Latvia", "Latvian"),
    ("mk", "North Macedonia", "North Macedonian"),
    ("mt", "Malta", "Maltese"),
    ("mx", "Mexico", "Mexican"),
    ("my", "Malaysia", "Malaysian"),
    ("nl", "Netherlands", "Dutch"),
    ("no", "Norway", "Norwegian"),
    ("nz", "New Zealand", "New Zealand"),
    ("pa", "Panama", "Panamanian"),
    ("pl", "Poland", "Polish"),
    ("pt", "Portugal", "Portuguese"),
    ("ro", "Romania", "Romanian"),
    ("rs", "Serbia", "Serbian"),
    ("ru", "Russia", "Russian"),
    ("sc", "Seychelles", "Seychellois"),
    ("se", "Sweden", "Swedish"),
    ("sg", "Singapore", "Singaporean"),
    ("si", "Slovenia", "Slovenian"),
    ("sk", "Slovakia", "Slovak"),
    ("th", "Thailand", "Thai"),
    ("tr", "Türkiye", "Turkish"),
    ("tw", "Taiwan", "Taiwanese"),
    ("ua", "Ukraine", "Ukrainian"),
    ("uk", "United Kingdom", "UK"),
    ("un", "United Nations", "UN"),
    ("us", "United States", "US"),
    ("vg", "British Virgin Islands", "British Virgin Islands"),
    ("vn", "Vietnam", "Vietnamese"),
    ("za", "South Africa", "South African"),
];

fn place(code: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    PLACES.iter().find(|(known, _, _)| code.eq_ignore_ascii_case(known))
}

/// The name of a country or union; its code in capitals where the name is not known.
pub(super) fn country(code: &str) -> String {
    place(code).map_or_else(|| code.to_uppercase(), |(_, name, _)| (*name).to_owned())
}

/// The word before "list": "US", "Polish".
pub(super) fn adjective(code: &str) -> String {
    place(code).map_or_else(|| code.to_uppercase(), |(_, _, adjective)| (*adjective).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_the_catalogue_has_a_name() {
        let workbench = interdict_app::Workbench::builtin().expect("the built-in catalogue");
        let catalogue = workbench.catalogue();
        let jurisdictions = catalogue.restrictions().iter().map(|restriction| restriction.jurisdiction.as_str());
        let seats = catalogue.vendors().iter().filter_map(|vendor| vendor.headquarters.as_ref());
        for code in jurisdictions.chain(seats.map(|seat| seat.country.as_str())) {
            assert!(place(code).is_some(), "{code}");
        }
    }
}
