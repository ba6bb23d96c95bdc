//! What tools and people title their columns, in the languages they do it in.
//!
//! Written as [`super::normalised`] leaves them: small letters and digits alone.

use super::Field;

/// Titles that mean a field whatever stands beside them.
const CERTAIN: &[(Field, &[&str])] = &[
    (
        Field::DeviceName,
        &[
            "assetname",
            "computer",
            "computername",
            "device",
            "devicename",
            "dnshostname",
            "dnsname",
            "endpoint",
            "endpointname",
            "fqdn",
            "host",
            "hostname",
            "machine",
            "machinename",
            "managedcomputer",
            "netbiosname",
            "netbiosname0",
            "name0",
            "pcname",
            "servername",
            "systemname",
            "workstation",
            "pscomputername",
            // German
            "computername",
            "gerät",
            "gerätename",
            "geraet",
            "geraetename",
            "rechner",
            "rechnername",
            "hostname",
            "pcname",
            // Russian, Ukrainian
            "компьютер",
            "имякомпьютера",
            "имяустройства",
            "устройство",
            "хост",
            "имяхоста",
            "названиеустройства",
            "компютер",
            "імякомпютера",
            "імяпристрою",
            "пристрій",
            // French
            "ordinateur",
            "nomdelordinateur",
            "nomordinateur",
            "nomdelappareil",
            "appareil",
            "nomdelamachine",
            "poste",
            "nomduposte",
            "nomdhôte",
            "nomdhote",
            // Spanish, Portuguese
            "equipo",
            "nombredelequipo",
            "nombreequipo",
            "dispositivo",
            "nombredeldispositivo",
            "nombredispositivo",
            "ordenador",
            "nombredehost",
            "computador",
            "nomedocomputador",
            "nomedodispositivo",
            // Italian, Polish
            "nomecomputer",
            "nomedispositivo",
            "komputer",
            "nazwakomputera",
            "urządzenie",
            "nazwaurządzenia",
        ],
    ),
    (
        Field::DeviceId,
        &[
            "agentid",
            "assetid",
            "computerid",
            "deviceid",
            "endpointid",
            "hostid",
            "machineid",
            "resourceid",
            "jsscomputerid",
            "jamfprocomputerid",
            "managementid",
            "geräteid",
            "geraeteid",
            "идентификаторустройства",
            "iddelappareil",
            "iddeldispositivo",
        ],
    ),
    (
        Field::Domain,
        &[
            "domain",
            "domainname",
            "workgroup",
            "resourcedomainorworkgr0",
            "domäne",
            "domaene",
            "домен",
            "domaine",
            "dominio",
        ],
    ),
    (Field::Uuid, &["uuid", "biosuuid", "hardwareuuid", "smbiosuuid", "systemuuid", "udid", "endpointuuid"]),
    (
        Field::Serial,
        &[
            "serial",
            "serialnumber",
            "servicetag",
            "biosserialnumber",
            "systemserialnumber",
            "seriennummer",
            "серийныйномер",
            "numérodesérie",
            "numerodeserie",
            "númerodeserie",
            "numerseryjny",
        ],
    ),
    (
        Field::Os,
        &[
            "os",
            "operatingsystem",
            "osname",
            "osplatform",
            "platform",
            "osdescription",
            "oscaption",
            "betriebssystem",
            "операционнаясистема",
            "ос",
            "операційнасистема",
            "systèmedexploitation",
            "systemedexploitation",
            "sistemaoperativo",
            "sistemaoperacional",
            "systemoperacyjny",
        ],
    ),
    (
        Field::OsVersion,
        &[
            "osversion",
            "operatingsystemversion",
            "osbuild",
            "betriebssystemversion",
            "версияос",
            "версияоперационнойсистемы",
            "versiondusystème",
            "versiondelsistema",
        ],
    ),
    (
        Field::LastSeen,
        &[
            "lastseen",
            "lastcheckin",
            "lastcontact",
            "lastinventory",
            "lastinventoryupdate",
            "lastscan",
            "lastsync",
            "lastsyncdatetime",
            "lastreported",
            "lastonline",
            "lastsuccessfulscan",
            "zuletztgesehen",
            "letzterkontakt",
            "последняясвязь",
            "последнееподключение",
            "последнийконтакт",
            "dernièreconnexion",
            "dernierecommunication",
            "últimaconexión",
            "ultimaconexion",
        ],
    ),
    (
        Field::DeviceCount,
        &[
            "devicecount",
            "computercount",
            "hostcount",
            "hostscount",
            "installcount",
            "installations",
            "installs",
            "numberofdevices",
            "numberofcomputers",
            "numberofinstallations",
            "devices",
            "endpoints",
            "anzahlgeräte",
            "anzahlderinstallationen",
            "installationsanzahl",
            "количествоустройств",
            "числоустройств",
            "количествоустановок",
            "количествокомпьютеров",
            "nombredappareils",
            "nombredinstallations",
            "nombredordinateurs",
            "númerodeinstalaciones",
            "numerodeinstalaciones",
            "númerodedispositivos",
            "numerodedispositivos",
        ],
    ),
    (
        Field::Name,
        &[
            "app",
            "appname",
            "application",
            "applicationname",
            "applicationtitle",
            "apptitle",
            "arpdisplayname",
            "arpdisplayname0",
            "displayname0",
            "installedsoftware",
            "packagename",
            "program",
            "programname",
            "productname",
            "productname0",
            "software",
            "softwarename",
            "softwarepackage",
            "softwareproduct",
            "softwaretitle",
            // German
            "anwendung",
            "anwendungsname",
            "programm",
            "programmname",
            "softwarename",
            "softwareprodukt",
            "produktname",
            // Russian, Ukrainian
            "программа",
            "названиепрограммы",
            "приложение",
            "названиеприложения",
            "имяприложения",
            "имяпрограммы",
            "по",
            "программноеобеспечение",
            "названиепо",
            "наименованиепо",
            "наименованиепрограммы",
            "програма",
            "назвапрограми",
            "програмнезабезпечення",
            "назвапз",
            // French
            "logiciel",
            "nomdulogiciel",
            "nomdelapplication",
            "programme",
            "nomduprogramme",
            "nomduproduit",
            // Spanish, Portuguese
            "aplicación",
            "aplicacion",
            "nombredelaaplicación",
            "nombredelaaplicacion",
            "programa",
            "nombredelprograma",
            "nombredelsoftware",
            "aplicativo",
            "nomedoaplicativo",
            "nomedoprograma",
            "nombredelproducto",
            // Italian, Polish
            "applicazione",
            "nomeapplicazione",
            "programma",
            "nomeprogramma",
            "aplikacja",
            "nazwaaplikacji",
            "oprogramowanie",
            "nazwaoprogramowania",
            "nazwaprogramu",
        ],
    ),
    (
        Field::Version,
        &[
            "appversion",
            "applicationversion",
            "displayversion",
            "displayversion0",
            "productversion",
            "productversion0",
            "programversion",
            "softwareversion",
            "version0",
            "programmversion",
            "softwareversion",
            "anwendungsversion",
            "версияпрограммы",
            "версияприложения",
            "версияпо",
            "versiondulogiciel",
            "versióndelsoftware",
            "versiondelsoftware",
            "versióndelaaplicación",
        ],
    ),
    (
        Field::Publisher,
        &[
            "applicationpublisher",
            "apppublisher",
            "applicationvendor",
            "company0",
            "publisher",
            "publisher0",
            "publishername",
            "softwarepublisher",
            "softwarevendor",
            "softwaremanufacturer",
            "vendor",
            "vendorname",
            // German
            "herausgeber",
            "anbieter",
            "softwarehersteller",
            // Russian, Ukrainian
            "издатель",
            "вендор",
            "разработчик",
            "поставщикпо",
            "производительпо",
            "видавець",
            "розробник",
            // French, Spanish, Portuguese, Italian, Polish
            "éditeur",
            "editeur",
            "éditeurdulogiciel",
            "editor",
            "proveedor",
            "proveedordesoftware",
            "desarrollador",
            "editore",
            "wydawca",
        ],
    ),
    (
        Field::Identifier,
        &[
            "bundleid",
            "bundleidentifier",
            "applicationidentifier",
            "cpe",
            "identifyingnumber",
            "msiproductcode",
            "packageid",
            "prodid0",
            "productcode",
            "productcodecpe",
            "productid0",
            "softwarecode0",
            "produktcode",
            "кодпродукта",
            "codeproduit",
            "códigodeproducto",
        ],
    ),
    (
        Field::InstallLocation,
        &[
            "applicationinstallationpath",
            "applicationpath",
            "installdir",
            "installedlocation",
            "installfolder",
            "installlocation",
            "installationpath",
            "installationfolder",
            "installpath",
            "installpfad",
            "installationspfad",
            "installationsordner",
            "путьустановки",
            "папкаустановки",
            "chemindinstallation",
            "dossierdinstallation",
            "rutadeinstalación",
            "rutadeinstalacion",
        ],
    ),
    (Field::Path, &["diskpath", "executablepath", "filepath", "fullpath", "dateipfad", "путькфайлу"]),
    (
        Field::InstallDate,
        &[
            "applicationinstallationdate",
            "dateinstalled",
            "installdate",
            "installdate0",
            "installedon",
            "installationdate",
            "installed",
            "installtime",
            "installiertam",
            "installationsdatum",
            "датаустановки",
            "датавстановлення",
            "datedinstallation",
            "installéle",
            "fechadeinstalación",
            "fechadeinstalacion",
            "datadeinstalação",
        ],
    ),
    (Field::Arch, &["arch", "architecture", "bitness", "architektur", "разрядность", "архитектура", "arquitectura"]),
];

/// Titles that mean a field only if what stands beside them says so.
const LIKELY: &[(Field, &[&str])] = &[
    (
        Field::Name,
        &[
            "name",
            "displayname",
            "title",
            "product",
            "package",
            "itemname",
            "caption",
            "description0",
            "bezeichnung",
            "produkt",
            "название",
            "наименование",
            "имя",
            "продукт",
            "назва",
            "nom",
            "produit",
            "titre",
            "nombre",
            "producto",
            "nome",
            "nazwa",
            "nazev",
        ],
    ),
    (
        Field::Version,
        &["version", "ver", "release", "versionnumber", "версия", "версія", "versión", "versão", "versione", "wersja"],
    ),
    (
        Field::Publisher,
        &[
            "manufacturer",
            "company",
            "author",
            "developer",
            "maker",
            "hersteller",
            "firma",
            "entwickler",
            "производитель",
            "компания",
            "поставщик",
            "виробник",
            "fabricant",
            "fournisseur",
            "développeur",
            "fabricante",
            "empresa",
            "produttore",
            "producent",
        ],
    ),
    (
        Field::InstallLocation,
        &["location", "path", "folder", "pfad", "ordner", "путь", "папка", "chemin", "ruta", "carpeta"],
    ),
    (Field::DeviceCount, &["count", "quantity", "anzahl", "количество", "кількість", "quantité", "cantidad"]),
];

/// Of those, the ones that may be a machine's name as well.
const NAMES: &[&str] =
    &["name", "bezeichnung", "название", "наименование", "имя", "назва", "nom", "nombre", "nome", "nazwa"];

/// Titles of columns about people: never read.
const PERSONAL: &[&str] = &[
    "user",
    "username",
    "userid",
    "userdomain",
    "userprincipalname",
    "upn",
    "email",
    "emailaddress",
    "mail",
    "owner",
    "fullname",
    "firstname",
    "lastname",
    "primaryuser",
    "lastuser",
    "lastloggedonuser",
    "assignedto",
    "employee",
    "phone",
    "phonenumber",
    "imeinumber",
    "imei",
    "loggedinuser",
    "checkedouttousername",
    "checkedouttofirstname",
    "checkedouttolastname",
    "checkedouttoemail",
    "licensedtoname",
    "licensedtoemail",
    "benutzer",
    "benutzername",
    "anwender",
    "besitzer",
    "telefon",
    "пользователь",
    "имяпользователя",
    "владелец",
    "почта",
    "телефон",
    "сотрудник",
    "користувач",
    "utilisateur",
    "nomdutilisateur",
    "propriétaire",
    "adresseemail",
    "courriel",
    "usuario",
    "nombredeusuario",
    "propietario",
    "correo",
    "correoelectrónico",
    "utente",
    "użytkownik",
];

/// Titles beside which a list is one of products, licences or purchases, and not of installations.
const PURCHASE: &[&str] = &[
    "seats",
    "licenses",
    "licences",
    "licensecount",
    "purchasecost",
    "purchasedate",
    "purchaseorder",
    "ordernumber",
    "price",
    "cost",
    "contract",
    "contractnumber",
    "invoice",
    "supplier",
    "lizenzen",
    "lizenzanzahl",
    "preis",
    "kosten",
    "vertrag",
    "rechnung",
    "лицензии",
    "количестволицензий",
    "цена",
    "стоимость",
    "договор",
    "licencesachetées",
    "prix",
    "coût",
    "contrat",
    "facture",
    "licencias",
    "precio",
    "coste",
    "contrato",
    "factura",
];

/// Titles beside which a manufacturer is that of a machine.
const HARDWARE: &[&str] = &[
    "model",
    "modelname",
    "modelnumber",
    "chassis",
    "assettype",
    "modell",
    "modèle",
    "modelo",
    "модель",
    "motherboard",
];

fn among(table: &[(Field, &[&str])], title: &str) -> Option<Field> {
    table.iter().find(|(_, titles)| titles.contains(&title)).map(|(field, _)| *field)
}

/// The field that a title means whatever stands beside it.
pub(super) fn certain(title: &str) -> Option<Field> {
    among(CERTAIN, title)
}

/// The field that a title may mean.
pub(super) fn likely(title: &str) -> Option<Field> {
    among(LIKELY, title)
}

/// Whether a title is only "name".
pub(super) fn is_name(title: &str) -> bool {
    NAMES.contains(&title)
}

/// Whether a title is of a column about people.
pub(super) fn is_personal(title: &str) -> bool {
    PERSONAL.contains(&title)
}

/// Whether a title is one of lists of purchases.
pub(super) fn is_of_purchases(title: &str) -> bool {
    PURCHASE.contains(&title)
}

/// Whether a title is one of lists of machines.
pub(super) fn is_of_hardware(title: &str) -> bool {
    HARDWARE.contains(&title)
}

/// Whether a title is known at all.
pub(super) fn is_known(title: &str) -> bool {
    certain(title).or_else(|| likely(title)).is_some() || is_personal(title)
}

#[cfg(test)]
mod tests {
    use super::super::normalised;
    use super::*;

    #[test]
    fn titles_are_written_as_they_are_compared() {
        let fields = CERTAIN.iter().chain(LIKELY).flat_map(|(_, titles)| titles.iter());
        for title in fields.chain(PERSONAL).chain(PURCHASE).chain(HARDWARE) {
            assert_eq!(normalised(title), *title);
            assert!(!title.is_empty());
        }
    }

    #[test]
    fn no_title_means_two_fields() {
        for (field, titles) in CERTAIN.iter().chain(LIKELY) {
            for title in *titles {
                let meanings =
                    CERTAIN.iter().chain(LIKELY).filter(|(other, known)| other != field && known.contains(title));
                assert_eq!(meanings.count(), 0, "{title}");
                assert!(!is_personal(title), "{title}");
            }
        }
    }
}
