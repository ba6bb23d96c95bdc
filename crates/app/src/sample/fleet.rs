//! The made-up computers: what they are called, what runs on them, since when they are known, what they hide.

use interdict_model::{CollectorStatus, Presence};

use super::security::{self as software, Software};

/// An operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum System {
    Windows11,
    Windows10,
    WindowsServer,
    Debian,
    Ubuntu,
}

impl System {
    pub(super) fn is_windows(self) -> bool {
        match self {
            Self::Windows11 | Self::Windows10 | Self::WindowsServer => true,
            Self::Debian | Self::Ubuntu => false,
        }
    }
}

/// One computer.
pub(super) struct Computer {
    pub(super) hostname: &'static str,
    pub(super) system: System,
    /// So many weeks ago it was first looked at.
    pub(super) known_for: u32,
    /// Its security software.
    pub(super) has: &'static [Item],
    /// A collector that could not look at everything, and why.
    pub(super) shortfall: Option<(&'static str, CollectorStatus, &'static str)>,
}

/// Some software on a computer during some weeks.
pub(super) struct Item {
    pub(super) software: &'static Software,
    pub(super) form: Presence,
    /// There since so many weeks ago.
    pub(super) from: u32,
    /// There until so many weeks ago; 0 for still there.
    pub(super) until: u32,
}

const fn item(software: &'static Software, form: Presence) -> Item {
    Item { software, form, from: u32::MAX, until: 0 }
}

const fn live(software: &'static Software) -> Item {
    item(software, Presence::Live)
}

const fn dormant(software: &'static Software) -> Item {
    item(software, Presence::Dormant)
}

const fn residue(software: &'static Software) -> Item {
    item(software, Presence::Residue)
}

const fn ghost(software: &'static Software) -> Item {
    item(software, Presence::Ghost)
}

impl Item {
    /// Not before so many weeks ago.
    const fn since(self, weeks: u32) -> Self {
        Self { from: weeks, ..self }
    }

    /// Gone for less than so many weeks.
    const fn until(self, weeks: u32) -> Self {
        Self { until: weeks, ..self }
    }
}

const fn computer(hostname: &'static str, system: System, known_for: u32, has: &'static [Item]) -> Computer {
    Computer { hostname, system, known_for, has, shortfall: None }
}

impl Computer {
    const fn hiding(self, collector: &'static str, status: CollectorStatus, reason: &'static str) -> Self {
        Self { shortfall: Some((collector, status, reason)), ..self }
    }
}

use System::{Debian, Ubuntu, Windows10, Windows11, WindowsServer};

const HIVES: &str = "2 of 5 user hives could not be opened without administrator rights";
const OTHERS: &str = "the executables of 61 processes of other users may not be read";

pub(super) static COMPUTERS: &[Computer] = &[
    computer(
        "WS-FIN-002",
        Windows11,
        10,
        &[live(&software::KES).until(6), live(&software::NETWORK_AGENT).until(6), live(&software::FALCON).since(5)],
    ),
    computer(
        "WS-FIN-007",
        Windows11,
        10,
        &[dormant(&software::KES), live(&software::NETWORK_AGENT), live(&software::ACRONIS)],
    ),
    computer(
        "WS-FIN-011",
        Windows11,
        10,
        &[
            live(&software::KES).until(3),
            live(&software::NETWORK_AGENT).until(3),
            live(&software::FALCON).since(2),
            live(&software::ACRONIS),
        ],
    ),
    computer(
        "WS-FIN-014",
        Windows11,
        10,
        &[live(&software::KES), live(&software::NETWORK_AGENT), live(&software::ACRONIS)],
    )
    .hiding("windows/uninstall", CollectorStatus::Partial, HIVES),
    computer(
        "WS-HR-019",
        Windows11,
        10,
        &[live(&software::KES_OLD).until(8), live(&software::FALCON), live(&software::SECURE_CLIENT)],
    ),
    computer("WS-HR-031", Windows11, 10, &[live(&software::KES_OLD).until(1), live(&software::FALCON).since(0)]),
    computer("WS-HR-033", Windows11, 10, &[live(&software::KES_OLD).until(4), live(&software::FALCON).since(3)]),
    computer("WS-ENG-101", Windows11, 10, &[live(&software::FALCON), live(&software::HARMONY)]),
    computer("WS-ENG-102", Windows11, 10, &[live(&software::FALCON), live(&software::HARMONY)]),
    computer("WS-ENG-104", Windows11, 10, &[live(&software::KES_OLD).until(5), live(&software::FALCON)]),
    computer("WS-ENG-107", Windows10, 10, &[live(&software::SOPHOS)]),
    computer("WS-ENG-112", Windows11, 8, &[live(&software::HARMONY), dormant(&software::ULTRAAV).since(2)]),
    computer("WS-ENG-207", Windows11, 10, &[live(&software::FALCON), dormant(&software::XSPIDER)]),
    computer("WS-ENG-208", Windows10, 10, &[live(&software::SOPHOS)]),
    computer(
        "WS-OPS-118",
        Windows10,
        10,
        &[live(&software::HARMONY), dormant(&software::ULTRAAV), ghost(&software::KVPN)],
    ),
    computer("WS-OPS-121", Windows10, 10, &[live(&software::ESET_AGENT), live(&software::SOPHOS)]),
    computer("WS-LEG-003", Windows11, 10, &[live(&software::FALCON), dormant(&software::TRUE_IMAGE)]),
    computer(
        "WS-SEC-02",
        Windows11,
        10,
        &[live(&software::FALCON), dormant(&software::XSPIDER), dormant(&software::MALWAREBYTES)],
    ),
    computer("WS-東京-021", Windows11, 10, &[live(&software::SENTINELONE), live(&software::SECURE_CLIENT)]),
    computer("WS-МСК-005", Windows10, 10, &[live(&software::KES_RUSSIAN), dormant(&software::DRWEB)]).hiding(
        "windows/uninstall",
        CollectorStatus::Partial,
        HIVES,
    ),
    computer("LT-EXEC-01", Windows11, 10, &[live(&software::FALCON), live(&software::SECURE_CLIENT)]),
    computer(
        "LT-EXEC-02",
        Windows11,
        10,
        &[live(&software::KES).until(2), live(&software::FALCON), live(&software::SECURE_CLIENT)],
    ),
    computer(
        "LT-SALES-44",
        Windows11,
        10,
        &[live(&software::HARMONY), live(&software::SECURE_CLIENT), live(&software::KPM).since(0)],
    ),
    computer("LT-SALES-45", Windows11, 10, &[live(&software::HARMONY), live(&software::SECURE_CLIENT)]),
    computer("LT-SALES-46", Windows11, 10, &[live(&software::HARMONY), live(&software::SECURE_CLIENT)]),
    computer("LT-SALES-47", Windows10, 10, &[dormant(&software::MALWAREBYTES), live(&software::SECURE_CLIENT)]),
    computer("LT-SALES-51", Windows11, 1, &[live(&software::HARMONY), live(&software::SECURE_CLIENT)]),
    computer("LT-SALES-52", Windows11, 0, &[live(&software::HARMONY), live(&software::SECURE_CLIENT)]),
    computer("SRV-DC-01", WindowsServer, 10, &[live(&software::DEEP_SECURITY), live(&software::ACRONIS)]),
    computer(
        "SRV-FILE-02",
        WindowsServer,
        10,
        &[residue(&software::KSWS), live(&software::DEEP_SECURITY), live(&software::ACRONIS)],
    ),
    computer("SRV-PRINT-01", WindowsServer, 10, &[live(&software::DEEP_SECURITY)]).hiding(
        "windows/drivers",
        CollectorStatus::NotPossible,
        "the driver store needs administrator rights",
    ),
    computer("SRV-CCTV-01", WindowsServer, 10, &[live(&software::DEEP_SECURITY), dormant(&software::MAXPATROL)])
        .hiding("windows/processes", CollectorStatus::Partial, OTHERS),
    computer(
        "SRV-MAIL-01",
        Debian,
        10,
        &[live(&software::KESL), live(&software::KLNAGENT64), live(&software::CLAMAV), live(&software::WAZUH)],
    ),
    computer(
        "SRV-SIEM-01",
        Debian,
        10,
        &[dormant(&software::CYBERTRACE), live(&software::WAZUH), live(&software::OSQUERY)],
    ),
    computer("SRV-WEB-01", Debian, 10, &[live(&software::FALCON_LINUX), live(&software::WAZUH)]),
    computer(
        "SRV-WEB-02",
        Debian,
        10,
        &[live(&software::KESL).until(4), live(&software::FALCON_LINUX), live(&software::WAZUH)],
    ),
    computer(
        "SRV-DB-01",
        Ubuntu,
        10,
        &[live(&software::FALCON_LINUX), live(&software::WAZUH), live(&software::ACRONIS_LINUX)],
    ),
    computer("SRV-DB-02", Ubuntu, 10, &[live(&software::FALCON_LINUX), live(&software::WAZUH)]).hiding(
        "linux/processes",
        CollectorStatus::Partial,
        OTHERS,
    ),
    computer("BLD-LNX-01", Ubuntu, 10, &[live(&software::OSQUERY), live(&software::FALCON_LINUX)]),
    computer("BLD-LNX-03", Ubuntu, 10, &[residue(&software::KLNAGENT64), live(&software::OSQUERY)]).hiding(
        "linux/systemd",
        CollectorStatus::Failed,
        "the folder of system units was changed while it was read",
    ),
];
