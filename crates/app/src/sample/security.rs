//! The security software of the made-up computers: its traces in each presence, as a scan would read them.

use std::collections::BTreeMap;

use interdict_model::{Observation, ObservationSource, Presence, Scope, raw_key};

use super::fingerprint;
use super::fleet::System;

/// Software on Windows or Linux.
pub(super) struct Software {
    /// What its traces have to be identified as.
    #[cfg(test)]
    pub(super) product: &'static str,
    /// Empty where no list of installed software knows it: unpacked, not installed.
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) publisher: &'static str,
    pub(super) folder: &'static str,
    /// Below the folder.
    pub(super) executable: &'static str,
    /// The Windows service or systemd unit that starts it; none starts with a session.
    pub(super) service: Option<&'static str>,
}

impl Software {
    /// What a scan reads of it.
    pub(super) fn traces(&self, form: Presence) -> Vec<Observation> {
        let mut traces = if self.folder.starts_with('/') { self.on_linux(form) } else { self.on_windows(form) };
        traces.retain(|trace| trace.name.as_deref() != Some(""));
        traces
    }

    fn path(&self) -> String {
        let separator = if self.folder.starts_with('/') { '/' } else { '\\' };
        format!("{}{separator}{}", self.folder, self.executable)
    }

    fn on_windows(&self, form: Presence) -> Vec<Observation> {
        let hash = fingerprint(&[self.name, self.version]);
        let mut program = Observation::new(ObservationSource::Programs);
        program.name = Some(self.name.to_owned());
        program.version = Some(self.version.to_owned());
        program.publisher = Some(self.publisher.to_owned());
        program.install_location = Some(self.folder.to_owned());
        program.path = Some(uninstall_key(hash));
        program.scope = Some(Scope::Machine);
        match form {
            Presence::Live => {
                let mut traces = vec![program, self.folder_trace(true)];
                traces.extend(self.service_trace("true"));
                traces.push(self.process());
                traces
            }
            Presence::Dormant => {
                let mut traces = vec![program, self.folder_trace(true)];
                traces.extend(self.service_trace("false"));
                traces
            }
            Presence::Residue => vec![self.folder_trace(false)],
            Presence::Ghost => {
                program.raw = files(14, 0);
                vec![program]
            }
        }
    }

    fn on_linux(&self, form: Presence) -> Vec<Observation> {
        let mut package = Observation::new(ObservationSource::DebPackages);
        package.name = Some(self.name.to_owned());
        package.version = Some(self.version.to_owned());
        package.publisher = Some(self.publisher.to_owned());
        package.arch = Some("amd64".to_owned());
        match form {
            Presence::Live => {
                package.raw = files(212, 212);
                package.raw.insert(raw_key::EXECUTABLE.to_owned(), self.path());
                let mut traces = vec![package, self.folder_trace(true)];
                traces.extend(self.service_trace("true"));
                traces.push(self.process());
                traces
            }
            Presence::Dormant => {
                package.raw = files(212, 212);
                package.raw.insert(raw_key::EXECUTABLE.to_owned(), self.path());
                let mut traces = vec![package, self.folder_trace(true)];
                traces.extend(self.service_trace("false"));
                traces
            }
            Presence::Residue => {
                package.raw.insert(raw_key::STATUS.to_owned(), "deinstall ok config-files".to_owned());
                vec![package, self.folder_trace(false)]
            }
            Presence::Ghost => {
                package.raw = files(212, 0);
                vec![package]
            }
        }
    }

    fn folder_trace(&self, has_executable: bool) -> Observation {
        let mut folder = Observation::new(ObservationSource::Files);
        folder.path = Some(self.folder.to_owned());
        folder.raw.insert(raw_key::KIND.to_owned(), "folder".to_owned());
        if has_executable {
            folder.raw.insert(raw_key::EXECUTABLE_BELOW.to_owned(), self.path());
        }
        folder
    }

    fn service_trace(&self, auto_start: &str) -> Option<Observation> {
        let mut service = Observation::new(ObservationSource::Services);
        service.name = Some(self.service?.to_owned());
        service.path = Some(self.path());
        service.raw.insert(raw_key::AUTO_START.to_owned(), auto_start.to_owned());
        service.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), "true".to_owned());
        if auto_start == "true" && self.folder.starts_with('/') {
            service.raw.insert(raw_key::ENABLED_BY.to_owned(), "multi-user.target".to_owned());
        }
        Some(service)
    }

    fn process(&self) -> Observation {
        let mut process = Observation::new(ObservationSource::Processes);
        let name = self.executable.rsplit(['/', '\\']).next().unwrap_or(self.executable);
        process.name = Some(name.to_owned());
        process.path = Some(self.path());
        process
    }
}

/// The key of an entry among installed programs.
pub(super) fn uninstall_key(hash: u64) -> String {
    let (high, low) = (hash >> 32, hash & 0xffff_ffff);
    format!(
        "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\{{{high:08X}-{:04X}-4{:03X}-A{:03X}-{low:08X}{:04X}}}",
        high & 0xffff,
        low & 0xfff,
        high & 0xfff,
        low >> 16
    )
}

fn files(listed: u32, present: u32) -> BTreeMap<String, String> {
    BTreeMap::from([
        (raw_key::FILES_LISTED.to_owned(), listed.to_string()),
        (raw_key::FILES_PRESENT.to_owned(), present.to_string()),
    ])
}

/// What comes with the operating system.
pub(super) fn of_system(system: System) -> Vec<Observation> {
    if system.is_windows() {
        let mut traces: Vec<Observation> = DEFENDER.service_trace("true").into_iter().collect();
        traces.push(DEFENDER.process());
        traces
    } else {
        Vec::new()
    }
}

const DEFENDER: Software = Software {
    #[cfg(test)]
    product: "microsoft.defender-av",
    name: "Microsoft Defender Antivirus",
    version: "4.18.26100.9",
    publisher: "Microsoft Corporation",
    folder: "C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.26100.9-0",
    executable: "MsMpEng.exe",
    service: Some("WinDefend"),
};

macro_rules! software {
    ($($id:ident = $product:literal, $name:literal, $version:literal, $publisher:literal, $folder:literal, $executable:literal, $service:expr;)+) => {$(
        pub(super) static $id: Software = Software {
            #[cfg(test)]
            product: $product,
            name: $name,
            version: $version,
            publisher: $publisher,
            folder: $folder,
            executable: $executable,
            service: $service,
        };
    )+};
}

software! {
    KES = "kaspersky.kes-win", "Kaspersky Endpoint Security for Windows", "12.8.0.505", "AO Kaspersky Lab",
        "C:\\Program Files (x86)\\Kaspersky Lab\\KES.12.8.0", "avp.exe", Some("AVP.KES.21.20");
    KES_OLD = "kaspersky.kes-win", "Kaspersky Endpoint Security for Windows", "11.11.0.452", "AO Kaspersky Lab",
        "C:\\Program Files (x86)\\Kaspersky Lab\\KES.11.11.0", "avp.exe", Some("AVP.KES.21.9");
    KES_RUSSIAN = "kaspersky.kes-win", "Kaspersky Endpoint Security для Windows", "12.6.0.438", "АО «Лаборатория Касперского»",
        "C:\\Program Files (x86)\\Kaspersky Lab\\KES.12.6.0", "avp.exe", Some("AVP.KES.21.18");
    NETWORK_AGENT = "kaspersky.nagent", "Kaspersky Security Center Network Agent", "15.1.0.20748", "AO Kaspersky Lab",
        "C:\\Program Files (x86)\\Kaspersky Lab\\NetworkAgent", "klnagent.exe", Some("klnagent");
    KSWS = "kaspersky.ksws", "Kaspersky Security 11.0.1 for Windows Server", "11.0.1.897", "AO Kaspersky Lab",
        "C:\\Program Files (x86)\\Kaspersky Lab\\Kaspersky Security for Windows Server", "kavfs.exe", Some("KAVFS");
    KPM = "kaspersky.kpm", "Kaspersky Password Manager", "24.1.0.304", "Kaspersky",
        "C:\\Program Files (x86)\\Kaspersky Lab\\Kaspersky Password Manager 24.1", "kpm.exe", None;
    KVPN = "kaspersky.kvpn", "Kaspersky VPN Secure Connection", "21.20.8.505", "Kaspersky",
        "C:\\Program Files (x86)\\Kaspersky Lab\\Kaspersky VPN 5.20", "ksde.exe", None;
    KESL = "kaspersky.kes-linux", "kesl", "12.1.0-1508", "Kaspersky Lab <support@kaspersky.com>",
        "/opt/kaspersky/kesl", "libexec/kesl", Some("kesl.service");
    KLNAGENT64 = "kaspersky.nagent", "klnagent64", "15.1.0-20748", "AO Kaspersky Lab <info@kaspersky.com>",
        "/opt/kaspersky/klnagent64", "sbin/klnagent", Some("klnagent64.service");
    CYBERTRACE = "kaspersky.kdl", "", "4.4.0", "",
        "/opt/kaspersky/ktfs", "bin/kl_feed_service", Some("cybertrace.service");
    ACRONIS = "acronis.cyberprotect", "Acronis Cyber Protect", "16.0.39169", "Acronis",
        "C:\\Program Files\\Acronis\\CyberProtect", "cyber-protect-service.exe", Some("AcronisCyberProtectionService");
    ACRONIS_LINUX = "acronis.cyberprotect", "", "16.0.39169", "",
        "/usr/lib/Acronis/BackupAndRecovery", "mms", Some("acronis_mms.service");
    TRUE_IMAGE = "acronis.trueimage", "Acronis True Image", "29.1.41904", "Acronis",
        "C:\\Program Files (x86)\\Acronis\\TrueImageHome", "TrueImage.exe", None;
    XSPIDER = "ptsecurity.xspider", "XSpider 7.8.25", "7.8.25.1450", "Positive Technologies",
        "C:\\Program Files (x86)\\Positive Technologies\\XSpider 7.8", "XSpider.exe", None;
    MAXPATROL = "ptsecurity.mp-siem", "MaxPatrol SIEM Agent", "8.2.1.3310", "Positive Technologies",
        "C:\\Program Files\\Positive Technologies\\MaxPatrol SIEM Agent", "CoreAgent.exe", None;
    HARMONY = "checkpoint.harmony", "Check Point Endpoint Security", "88.50.0213", "Check Point Software Technologies Ltd.",
        "C:\\Program Files (x86)\\CheckPoint\\Endpoint Security\\Endpoint Common", "cpda.exe", Some("CPDA");
    ULTRAAV = "pango.ultraav", "UltraAV", "1.7.4", "Pango Inc.",
        "C:\\Program Files\\UltraAV", "UltraAV.exe", None;
    DRWEB = "drweb.ss", "Dr.Web Security Space", "12.0.9.11120", "Doctor Web, Ltd.",
        "C:\\Program Files\\DrWeb", "spideragent.exe", None;
    SOPHOS = "sophos.intercept-x", "Sophos Endpoint Agent", "2024.3.2.3.0", "Sophos Limited",
        "C:\\Program Files\\Sophos\\Endpoint Defense", "SEDService.exe", Some("Sophos Endpoint Defense Service");
    ESET_AGENT = "eset.agent", "ESET Management Agent", "12.4.1103.0", "ESET, spol. s r.o.",
        "C:\\Program Files\\ESET\\RemoteAdministrator\\Agent", "ERAAgent.exe", Some("EraAgentSvc");
    FALCON = "crowdstrike.falcon", "CrowdStrike Windows Sensor", "7.29.19606.0", "CrowdStrike, Inc.",
        "C:\\Program Files\\CrowdStrike", "CSFalconService.exe", Some("CSFalconService");
    FALCON_LINUX = "crowdstrike.falcon", "falcon-sensor", "7.29.0-18202", "CrowdStrike, Inc.",
        "/opt/CrowdStrike", "falcon-sensor", Some("falcon-sensor.service");
    SECURE_CLIENT = "cisco.secure-client", "Cisco Secure Client - AnyConnect VPN", "5.1.11.388", "Cisco Systems, Inc.",
        "C:\\Program Files (x86)\\Cisco\\Cisco Secure Client", "csc_ui.exe", Some("csc_vpnagent");
    CLAMAV = "cisco.clamav", "clamav-daemon", "1.4.3+dfsg-1~deb12u1", "ClamAV Team <pkg-clamav-devel@lists.alioth.debian.org>",
        "/usr/share/clamav", "clamd", Some("clamav-daemon.service");
    WAZUH = "wazuh.agent", "wazuh-agent", "4.14.1-1", "Wazuh, Inc <info@wazuh.com>",
        "/var/ossec", "bin/wazuh-agentd", Some("wazuh-agent.service");
    OSQUERY = "osquery.osquery", "osquery", "5.19.0-1.linux", "osquery@osquery.io",
        "/opt/osquery", "bin/osqueryd", Some("osqueryd.service");
    SENTINELONE = "sentinelone.agent", "SentinelOne Agent", "24.2.3.471", "SentinelOne, Inc.",
        "C:\\Program Files\\SentinelOne\\Sentinel Agent 24.2.3.471", "SentinelAgent.exe", Some("SentinelAgent");
    DEEP_SECURITY = "trendmicro.deepsecurity", "Trend Micro Deep Security Agent", "20.0.2.14610", "Trend Micro Inc.",
        "C:\\Program Files\\Trend Micro\\Deep Security Agent", "dsa.exe", Some("ds_agent");
    MALWAREBYTES = "malwarebytes.mbam", "Malwarebytes version 5.2.4.157", "5.2.4.157", "Malwarebytes",
        "C:\\Program Files\\Malwarebytes\\Anti-Malware", "MBAMService.exe", Some("MBAMService");
}
