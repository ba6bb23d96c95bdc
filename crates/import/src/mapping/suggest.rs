//! A mapping from the titles of a table and its first values.

use std::collections::BTreeMap;

use super::{DateOrder, Field, Mapping, RowsAre, aliases, normalised};
use crate::text;

/// How sure it is what a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// From its values alone, or from a title that may mean another thing. Such columns are shown and not used unasked.
    Guess,
    /// From its title and those beside it.
    Likely,
    /// From its title.
    Certain,
}

impl Confidence {
    /// In a word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Guess => "guess",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// What is thought of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its title, as written.
    pub title: String,
    /// What it holds, where something is thought of it, and how surely.
    pub field: Option<(Field, Confidence)>,
    /// Whether it is about people: such columns are never read unless a mapping asks for it.
    pub is_personal: bool,
}

/// A mapping that may fit a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What would be read with: everything that is thought of, guesses too.
    pub mapping: Mapping,
    /// Every column, in order.
    pub columns: Vec<Column>,
    /// Whether it can be used unasked: the column of the name, or of an identifier, is no guess.
    pub is_sure: bool,
}

impl Suggestion {
    /// The mapping without what is only guessed.
    #[must_use]
    pub fn without_guesses(&self) -> Mapping {
        let is_guess =
            |field: &Field| self.columns.iter().any(|column| column.field == Some((*field, Confidence::Guess)));
        let mut mapping = self.mapping.clone();
        mapping.columns.retain(|field, _| !is_guess(field));
        mapping
    }
}

/// What the columns of a table hold, from their titles and the first rows.
#[must_use]
pub fn suggest(header: &[String], rows: &[Vec<String>]) -> Suggestion {
    let titles: Vec<String> = header.iter().map(|title| normalised(title)).collect();
    let mut found = Found { titles: &titles, rows, fields: BTreeMap::new(), is_contradicted: false };
    found.by_titles();
    found.by_neighbours();
    found.without_contradictions();
    found.by_values();
    let Found { fields, is_contradicted, .. } = found;
    let is_personal = |title: &String| aliases::is_personal(title);
    let columns: Vec<Column> = header
        .iter()
        .enumerate()
        .map(|(number, title)| Column {
            title: title.trim().to_owned(),
            field: fields.iter().find(|(_, (column, _))| *column == number).map(|(field, (_, sure))| (*field, *sure)),
            is_personal: titles.get(number).is_some_and(is_personal),
        })
        .collect();
    let mut mapping = Mapping::empty();
    for (field, (column, _)) in &fields {
        mapping.columns.insert(*field, header.get(*column).map(|title| title.trim().to_owned()).unwrap_or_default());
    }
    let has = |wanted: &[Field]| wanted.iter().any(|field| fields.contains_key(field));
    let has_machine = has(&[Field::DeviceName, Field::DeviceId, Field::Uuid, Field::Serial]);
    let is_of_purchases = titles.iter().any(|title| aliases::is_of_purchases(title));
    if !has_machine && (fields.contains_key(&Field::DeviceCount) || is_of_purchases) {
        mapping.rows = RowsAre::Products;
    }
    let mut dates = [Field::InstallDate, Field::LastSeen].iter().filter_map(|field| fields.get(field));
    mapping.date_order = dates.find_map(|(column, _)| order_of_dates(rows, *column));
    let is_sure = !is_contradicted
        && [Field::Name, Field::Identifier]
            .iter()
            .any(|field| fields.get(field).is_some_and(|(_, confidence)| *confidence >= Confidence::Likely));
    Suggestion { mapping, columns, is_sure }
}

/// Whether a value looks like one of a field.
type Looks = fn(&str) -> bool;

struct Found<'t> {
    titles: &'t [String],
    rows: &'t [Vec<String>],
    fields: BTreeMap<Field, (usize, Confidence)>,
    /// Whether the values say that the titles do not mean what they seem to.
    is_contradicted: bool,
}

impl Found<'_> {
    fn has(&self, field: Field) -> bool {
        self.fields.contains_key(&field)
    }

    fn is_taken(&self, column: usize) -> bool {
        self.fields.values().any(|(taken, _)| *taken == column)
    }

    fn by_titles(&mut self) {
        for (column, title) in self.titles.iter().enumerate() {
            if let Some(field) = aliases::certain(title) {
                self.fields.entry(field).or_insert((column, Confidence::Certain));
            }
        }
    }

    /// Titles whose values are something else: "Installed" may be a yes or a no, "Devices" a list of names, and the serial
    /// number in a list of purchases is that of a licence.
    fn without_contradictions(&mut self) {
        let is_count = |value: &str| value.starts_with(|letter: char| letter.is_ascii_digit());
        let has_digit = |value: &str| value.contains(|letter: char| letter.is_ascii_digit());
        let checks: [(Field, Looks); 3] =
            [(Field::DeviceCount, is_count), (Field::InstallDate, has_digit), (Field::LastSeen, has_digit)];
        for (field, looks_like) in checks {
            if let Some(&(column, _)) = self.fields.get(&field)
                && self.values(column).next().is_some()
                && !self.values(column).any(looks_like)
            {
                self.fields.remove(&field);
            }
        }
        let is_of_purchases = self.titles.iter().any(|title| aliases::is_of_purchases(title));
        if is_of_purchases && ![Field::DeviceName, Field::DeviceId, Field::Uuid].iter().any(|field| self.has(*field)) {
            self.fields.remove(&Field::Serial);
        }
    }

    /// Titles that mean something only in company: a "Name" beside a "Software" is a machine's, a "Manufacturer" beside
    /// a "Model" is that of the machine. Where such names are words, as those of companies or of the software itself are,
    /// the "Software" is something else, such as a programme of sanctions: nobody but a person can tell.
    fn by_neighbours(&mut self) {
        let of = |field: Field| self.titles.iter().position(|title| aliases::likely(title) == Some(field));
        let (name, version, publisher) = (of(Field::Name), of(Field::Version), of(Field::Publisher));
        let (location, count) = (of(Field::InstallLocation), of(Field::DeviceCount));
        let is_of_hardware = self.titles.iter().any(|title| aliases::is_of_hardware(title));
        if let Some(name) = name {
            let describes_software = version.is_some()
                || (publisher.is_some() && !is_of_hardware)
                || [Field::Version, Field::Publisher, Field::Identifier, Field::DeviceCount, Field::InstallDate]
                    .iter()
                    .any(|field| self.has(*field));
            match () {
                () if !self.has(Field::Name) && describes_software => {
                    self.fields.insert(Field::Name, (name, Confidence::Likely));
                }
                () if !self.has(Field::Name) => {
                    self.fields.insert(Field::Name, (name, Confidence::Guess));
                }
                () if !self.has(Field::DeviceName)
                    && self.titles.get(name).is_some_and(|title| aliases::is_name(title)) =>
                {
                    let confidence = if self.most(name, has_blank) { Confidence::Guess } else { Confidence::Likely };
                    self.is_contradicted = confidence == Confidence::Guess;
                    self.fields.insert(Field::DeviceName, (name, confidence));
                }
                () => {}
            }
        }
        if let Some(version) = version
            && !self.has(Field::Version)
        {
            self.fields.insert(Field::Version, (version, Confidence::Likely));
        }
        if let Some(publisher) = publisher
            && !self.has(Field::Publisher)
            && !is_of_hardware
        {
            self.fields.insert(Field::Publisher, (publisher, Confidence::Likely));
        }
        if let Some(location) = location
            && !self.has(Field::InstallLocation)
            && self.most(location, |value| value.contains(['\\', '/']))
        {
            self.fields.insert(Field::InstallLocation, (location, Confidence::Likely));
        }
        if let Some(count) = count
            && !self.has(Field::DeviceCount)
            && !self.has(Field::DeviceName)
            && self.most(count, |value| value.parse::<u64>().is_ok())
        {
            self.fields.insert(Field::DeviceCount, (count, Confidence::Likely));
        }
    }

    /// What the values look like, where no title says anything.
    fn by_values(&mut self) {
        let looks: [(Field, Looks); 4] = [
            (Field::Version, is_version),
            (Field::Identifier, is_product_code),
            (Field::InstallLocation, |value| value.contains(":\\") || value.starts_with("/Applications/")),
            (Field::Publisher, is_company),
        ];
        for (field, looks_like) in looks {
            let column = self.free().find(|column| self.most(*column, looks_like));
            if let Some(column) = column.filter(|_| !self.has(field)) {
                self.fields.insert(field, (column, Confidence::Guess));
            }
        }
        let texts = self.free().filter(|column| self.most(*column, is_words));
        let column = texts.max_by_key(|column| self.letters(*column));
        if let Some(column) = column.filter(|_| !self.has(Field::Name)) {
            self.fields.insert(Field::Name, (column, Confidence::Guess));
        }
    }

    /// The columns of whose titles nothing is known.
    fn free(&self) -> impl Iterator<Item = usize> {
        let is_unknown = |title: &String| !aliases::is_known(title);
        (0..self.titles.len())
            .filter(move |column| self.titles.get(*column).is_some_and(is_unknown) && !self.is_taken(*column))
    }

    fn values(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().filter_map(move |row| text::known(row.get(column)?))
    }

    /// Whether that is so of four values in five.
    fn most(&self, column: usize, is: impl Fn(&str) -> bool) -> bool {
        let (count, all) =
            self.values(column).fold((0, 0), |(count, all), value| (count + u32::from(is(value)), all + 1));
        count > 0 && count * 10 >= all * 8
    }

    fn letters(&self, column: usize) -> usize {
        self.values(column).map(|value| value.chars().count()).sum()
    }
}

/// Names of machines have no blanks, but for some that people gave.
fn has_blank(value: &str) -> bool {
    value.contains(' ')
}

fn is_version(value: &str) -> bool {
    value.contains('.') && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && value.len() <= 32
}

fn is_product_code(value: &str) -> bool {
    value.len() == 38 && value.starts_with('{') && value.ends_with('}')
}

fn is_company(value: &str) -> bool {
    const FORMS: &[&str] = &[
        "inc",
        "inc.",
        "ltd",
        "ltd.",
        "llc",
        "gmbh",
        "ag",
        "corp",
        "corp.",
        "corporation",
        "ооо",
        "ао",
        "зао",
        "тов",
        "s.a.",
        "sas",
        "s.r.o.",
        "b.v.",
        "co.,",
        "foundation",
        "limited",
    ];
    let lower = value.to_lowercase();
    lower.split_whitespace().any(|word| FORMS.contains(&word))
}

fn is_words(value: &str) -> bool {
    value.chars().filter(|letter| letter.is_alphabetic()).count() >= 3
}

/// The order of day and month that the dates of a column leave no doubt of.
fn order_of_dates(rows: &[Vec<String>], column: usize) -> Option<DateOrder> {
    let values = rows.iter().filter_map(|row| row.get(column));
    let mut orders = values.filter_map(|value| {
        let date = value.trim().split(' ').next()?;
        let mut numbers = date.split('/').map(|part| part.parse::<u32>().ok());
        match (numbers.next()??, numbers.next()??) {
            (first, second) if first > 12 && first <= 31 && second <= 12 => Some(DateOrder::DayFirst),
            (first, second) if second > 12 && second <= 31 && first <= 12 => Some(DateOrder::MonthFirst),
            _ => None,
        }
    });
    let first = orders.next()?;
    orders.all(|order| order == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Suggestion {
        let mut lines = text.lines().map(|line| line.split(';').map(str::to_owned).collect::<Vec<String>>());
        let header = lines.next().expect("a header");
        suggest(&header, &lines.collect::<Vec<_>>())
    }

    fn described(suggestion: &Suggestion) -> String {
        let column = |column: &Column| match (column.field, column.is_personal) {
            (Some((field, confidence)), _) => format!("{} {}", field.name(), confidence.name()),
            (None, true) => "personal".to_owned(),
            (None, false) => "-".to_owned(),
        };
        suggestion.columns.iter().map(column).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn titles_mean_the_same_in_every_language() {
        let expected = "device_name certain, name certain, version likely, publisher certain, install_date certain";
        for header in [
            "Computer;Software;Version;Publisher;Install Date",
            "Rechnername;Anwendung;Version;Herausgeber;Installationsdatum",
            "Имя компьютера;Программа;Версия;Издатель;Дата установки",
            "Nom de l'ordinateur;Logiciel;Version;Éditeur;Date d'installation",
            "Nombre del equipo;Aplicación;Versión;Editor;Fecha de instalación",
        ] {
            let suggestion = table(header);
            assert_eq!(described(&suggestion), expected, "{header}");
            assert!(suggestion.is_sure && suggestion.mapping.rows == RowsAre::Installations);
        }
    }

    #[test]
    fn titles_that_stand_beside_others_mean_what_those_leave() {
        let cases = [
            ("Name;Version;Manufacturer", "name likely, version likely, publisher likely", true),
            ("Name;Software;Version", "device_name likely, name certain, version likely", true),
            ("Computer;Name;Version", "device_name certain, name likely, version likely", true),
            ("Name;Model;Manufacturer;Serial Number", "name guess, -, -, serial certain", false),
            (
                "AssetName;Manufacturer;Model;Software;Publisher",
                "device_name certain, -, -, name certain, publisher certain",
                true,
            ),
            ("Host;UserName;Email;App", "device_name certain, personal, personal, name certain", true),
            ("Name;Anzahl\nx;4", "name guess, device_count likely", false),
            ("Software;Vendor;Devices\nx;y;4", "name certain, publisher certain, device_count certain", true),
            ("Name;Location;Version\nx;C:\\y;1", "name likely, install_location likely, version likely", true),
            ("Software;Product;Version", "name certain, -, version likely", true),
            ("Software;Installed\nx;yes\ny;no", "name certain, -", true),
            ("Software;Devices\nx;PC-1, PC-2", "name certain, -", true),
            ("Software;Serial Number;Seats\nx;AAAA-BBBB;5", "name certain, -, -", true),
            ("Name;Location;Version\nx;Berlin;1", "name likely, -, version likely", true),
        ];
        for (text, expected, is_sure) in cases {
            let suggestion = table(text);
            assert_eq!((described(&suggestion).as_str(), suggestion.is_sure), (expected, is_sure), "{text}");
        }
        assert_eq!(table("Software;Vendor;Devices").mapping.rows, RowsAre::Products);
        assert_eq!(table("Software;Vendor;Seats").mapping.rows, RowsAre::Products);
        assert_eq!(table("Software;Device;Seats").mapping.rows, RowsAre::Installations);
    }

    #[test]
    fn names_of_companies_and_software_are_no_machines() {
        let cases = [
            ("Name;Software;Version\nPC-1;x;1\nIMac of Marie;y;2", true),
            (
                "name;program;authority\nDahua Technology Company;Section 889;Congress\nHuawei Technologies;Section 889;Congress",
                false,
            ),
            (
                "label;name;appName\na;4K Video Downloader;4K.app\nb;Adobe Reader;Reader.app\nc;Android Studio;Studio.app",
                false,
            ),
            ("Computer;Name;Version\nPC-1;Adobe Reader;1", true),
        ];
        for (text, is_sure) in cases {
            assert_eq!(table(text).is_sure, is_sure, "{text}");
        }
    }

    #[test]
    fn values_alone_are_guesses_and_not_used_unasked() {
        let suggestion = table("A;B;C\nAntivirus for Servers;11.0.1.897;Kaspersky Lab Ltd\nWeb Shield;2.1;ООО Веб");
        assert_eq!(described(&suggestion), "name guess, version guess, publisher guess");
        assert!(!suggestion.is_sure);
        assert!(suggestion.without_guesses().columns.is_empty());
    }

    #[test]
    fn the_order_of_dates_is_told_where_values_leave_no_doubt() {
        let order = |values: &str| table(&format!("Software;Installed\n{values}")).mapping.date_order;
        assert_eq!(order("x;20/06/2024\ny;05/06/2024"), Some(DateOrder::DayFirst));
        assert_eq!(order("x;06/20/2024"), Some(DateOrder::MonthFirst));
        assert_eq!(order("x;05/06/2024"), None);
        assert_eq!(order("x;20/06/2024\ny;06/20/2024"), None);
    }
}
