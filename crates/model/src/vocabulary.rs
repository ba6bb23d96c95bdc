//! The closed vocabularies of the domain, each value with what it means.
//!
//! These words appear in the catalogue's files, in the JSON promise and in the database, so a value is added, never
//! renamed. This module does not say how values act on each other; the rules are in `interdict-assess`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A word that is not in a closed vocabulary, with the words that are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {vocabulary} \"{word}\"")]
pub struct UnknownWord {
    /// Which vocabulary was asked.
    pub vocabulary: &'static str,
    /// The word that was given.
    pub word: String,
    /// Every word the vocabulary has, in its order.
    pub known: &'static [&'static str],
}

macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident, $label:literal, { $($(#[doc = $doc:literal])+ $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl $name {
            /// Every value, in the order of the vocabulary.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// Every word, in the order of the vocabulary.
            pub const WORDS: &'static [&'static str] = &[$($word,)+];

            /// The word as written in files and JSON.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// What the value means, in one sentence or two.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc,)+),)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownWord { vocabulary: $label, word: word.to_owned(), known: Self::WORDS }),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                word.parse().map_err(|error: UnknownWord| {
                    serde::de::Error::custom(format!("{error}, expected one of: {}", error.known.join(", ")))
                })
            }
        }
    };
}

vocabulary! {
    /// What somebody may want to do with a product, its vendor or a party.
    Activity, "activity", {
        /// Run or keep using it.
        Use = "use",
        /// Take it off the machines.
        Remove = "remove",
        /// Tell an authority or a contracting officer that it was found.
        Report = "report",
        /// Enter into a new agreement for it.
        Buy = "buy",
        /// Extend a licence or subscription.
        Renew = "renew",
        /// Receive updates or use its cloud services.
        Update = "update",
        /// Sell or license it on.
        Resell = "resell",
        /// Build it into a product or service of one's own.
        Embed = "embed",
        /// Export, re-export or transfer controlled items to the vendor or party.
        ExportTo = "export-to",
        /// Have any dealing with the vendor or party, payments included.
        DealWith = "deal-with",
    }
}

vocabulary! {
    /// What an effect does to an activity.
    Force, "force", {
        /// The activity is not allowed.
        Forbids = "forbids",
        /// The activity (remove or report) is a duty.
        Requires = "requires",
        /// The activity stays lawful but loses something or needs something.
        Limits = "limits",
        /// A warning that binds nobody.
        Warns = "warns",
    }
}

vocabulary! {
    /// The answer for one activity, worst first.
    Tier, "tier", {
        /// The activity cannot lawfully take place for this profile on this day.
        Prohibited = "prohibited",
        /// A duty to remove or to report is in force.
        Required = "required",
        /// Lawful, but an instrument in force takes something away or sets a condition.
        Restricted = "restricted",
        /// A warning that binds nobody is addressed to this profile.
        Advisory = "advisory",
        /// Announced and not yet in force, proposed, contested, reported, or close to the subject without reaching it.
        Watch = "watch",
        /// The subject or a fact the instruments depend on is not known.
        Undetermined = "undetermined",
        /// Identified and checked: no known restriction touches this profile.
        None = "none",
    }
}

impl Tier {
    /// How bad the tier is: prohibited and required rank alike at the top, none is 0.
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Self::Prohibited | Self::Required => 5,
            Self::Restricted => 4,
            Self::Advisory => 3,
            Self::Watch => 2,
            Self::Undetermined => 1,
            Self::None => 0,
        }
    }

    /// The worse of two tiers; of two that rank alike, `prohibited` is named rather than `required`.
    #[must_use]
    pub fn worst(self, other: Self) -> Self {
        if (other.rank(), other == Self::Prohibited) > (self.rank(), self == Self::Prohibited) { other } else { self }
    }
}

vocabulary! {
    /// What a restriction was on a span of days.
    Standing, "standing", {
        /// An authority has said that it means to do this; nothing binds yet.
        Proposed = "proposed",
        /// Only press reports say so.
        Reported = "reported",
        /// In force.
        InForce = "in-force",
        /// In force by its words, and fought over in court or between authorities.
        Contested = "contested",
        /// Put on hold by the issuer or a court.
        Suspended = "suspended",
        /// Once in force; whether it still is could not be confirmed.
        Unconfirmed = "unconfirmed",
        /// Replaced by another instrument.
        Superseded = "superseded",
        /// Over.
        Ended = "ended",
        /// A negative finding: looked for and not there.
        NotListed = "not-listed",
    }
}

vocabulary! {
    /// How well an entry of the catalogue is supported.
    Verification, "verification", {
        /// The official text or page was read.
        Primary = "primary",
        /// An official list was read through a copy.
        Mirror = "mirror",
        /// A law firm or the press says so.
        Secondary = "secondary",
        /// General knowledge; nothing was read.
        Unverified = "unverified",
    }
}

vocabulary! {
    /// Whose entry it is.
    Origin, "origin", {
        /// From the catalogue of public instruments.
        Catalogue = "catalogue",
        /// The organisation's own, from its `catalogue.d` folder.
        Own = "own",
    }
}

vocabulary! {
    /// What kind of document a source is.
    SourceKind, "kind of source", {
        /// The official text.
        Primary = "primary",
        /// A page of the issuer about it.
        IssuerPage = "issuer-page",
        /// A copy of an official text or list.
        Mirror = "mirror",
        /// A law firm, a trade site or the press.
        Secondary = "secondary",
    }
}

vocabulary! {
    /// Which part of an entry a source supports.
    Supports, "supported part", {
        /// The day it became public.
        Announced = "announced",
        /// The day of official publication.
        Published = "published",
        /// Who and what it is about.
        Scope = "scope",
        /// What it does from when.
        Effect = "effect",
        /// Where it stands.
        Standing = "standing",
        /// The persons it names.
        Persons = "persons",
        /// What it leaves alone.
        CarveOut = "carve-out",
        /// Whom it does not bind.
        NotBound = "not-bound",
        /// What somebody said about it.
        Statement = "statement",
        /// Its citation.
        Citation = "citation",
        /// When it ends or ended.
        Until = "until",
    }
}

vocabulary! {
    /// How exactly a day is known.
    Precision, "precision", {
        /// The very day.
        Day = "day",
        /// Some day of the month.
        Month = "month",
        /// Some day of the year.
        Year = "year",
    }
}

vocabulary! {
    /// Whether an instrument reaches another vendor's product that holds the restricted vendor's code.
    Embedded, "embedded answer", {
        /// It does.
        Covered = "covered",
        /// It does not.
        NotCovered = "not-covered",
        /// It does not say.
        Silent = "silent",
    }
}

vocabulary! {
    /// A class of goods that an instrument speaks of instead of naming vendors.
    Goods, "class of goods", {
        /// Routers of consumer grade that are produced abroad.
        ConsumerRouter = "consumer-router",
        /// Unmanned aircraft and their critical components that are produced abroad.
        UnmannedAircraft = "unmanned-aircraft",
        /// Power inverters that are produced abroad.
        PowerInverter = "power-inverter",
        /// Advanced robotic devices that are produced abroad.
        AdvancedRobot = "advanced-robot",
        /// Video surveillance equipment.
        VideoSurveillance = "video-surveillance",
        /// Telecommunications equipment and services.
        Telecommunications = "telecommunications",
        /// Software whose maker is foreign in the eyes of the issuer.
        ForeignSoftware = "foreign-software",
        /// Security tools whose maker belongs to a state that the issuer calls unfriendly.
        UnfriendlyStateSecurityTool = "unfriendly-state-security-tool",
    }
}

impl Goods {
    /// Whether it is software, which any vendor of an inventory may belong to. What is equipment never covers a program.
    #[must_use]
    pub const fn is_software(self) -> bool {
        matches!(self, Self::ForeignSoftware | Self::UnfriendlyStateSecurityTool)
    }

    /// The class as the object of a sentence: "reaches ...".
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::ConsumerRouter => "consumer routers produced abroad",
            Self::UnmannedAircraft => "unmanned aircraft and their critical components produced abroad",
            Self::PowerInverter => "power inverters produced abroad",
            Self::AdvancedRobot => "advanced robotic devices produced abroad",
            Self::VideoSurveillance => "video surveillance equipment",
            Self::Telecommunications => "telecommunications equipment and services",
            Self::ForeignSoftware => "software of foreign makers",
            Self::UnfriendlyStateSecurityTool => {
                "security tools whose makers belong to states the issuer calls unfriendly"
            }
        }
    }
}

vocabulary! {
    /// How a vendor stands to another company, from its own side.
    RelationKind, "relation", {
        /// It belongs to the other.
        OwnedBy = "owned-by",
        /// It is the same company under a new name.
        RenamedFrom = "renamed-from",
        /// It carries on a business of the other.
        SuccessorOf = "successor-of",
        /// It was a part of the other and went its own way.
        SplitFrom = "split-from",
        /// Customers of the other were moved to it.
        MigratedFrom = "migrated-from",
    }
}

vocabulary! {
    /// The legal form of a restriction.
    Instrument, "instrument", {
        /// A final decision after an investigation.
        FinalDetermination = "final-determination",
        /// An act of parliament or congress.
        Statute = "statute",
        /// A decree with the force of law.
        Decree = "decree",
        /// A general rule of an authority.
        Rule = "rule",
        /// A clause that contracts must carry.
        ContractClause = "contract-clause",
        /// An order to exclude or remove.
        ExclusionOrder = "exclusion-order",
        /// A binding direction to public bodies.
        Directive = "directive",
        /// A circular that carries out a law.
        Circular = "circular",
        /// A government decision that is not a law.
        GovernmentDecision = "government-decision",
        /// Parties to whom exports need a licence.
        EntityList = "entity-list",
        /// Parties whose property is blocked.
        SanctionsList = "sanctions-list",
        /// Equipment and services that a regulator does not support or authorise.
        CoveredList = "covered-list",
        /// A list of companies tied to a military.
        MilitaryCompanyList = "military-company-list",
        /// Removal from lists that public buyers order from.
        ScheduleRemoval = "schedule-removal",
        /// A ban on devices a government owns.
        DeviceBan = "device-ban",
        /// A block of apps for the public.
        AppBlock = "app-block",
        /// A warning of an authority.
        Warning = "warning",
        /// Guidance of an authority.
        Guidance = "guidance",
        /// A resolution that binds nobody.
        Resolution = "resolution",
        /// Something an authority means to do.
        Proposal = "proposal",
        /// What the press says an authority told companies in private.
        ReportedInstruction = "reported-instruction",
        /// A negative finding.
        NegativeFinding = "negative-finding",
        /// An authority's designation of a company as a risk.
        Designation = "designation",
        /// The outcome of a security review of a product.
        ReviewDecision = "review-decision",
    }
}

vocabulary! {
    /// Why an issuer acted, in its words.
    Ground, "ground", {
        /// Jurisdiction, control or direction of a foreign government.
        ForeignGovernmentControl = "foreign-government-control",
        /// Security software has deep access to systems and data.
        PrivilegedAccess = "privileged-access",
        /// National security.
        NationalSecurity = "national-security",
        /// Contrary to national security or foreign policy interests (the export-control standard).
        ForeignPolicy = "foreign-policy",
        /// Operating in a sanctioned sector.
        SanctionedSector = "sanctioned-sector",
        /// Supply-chain risk.
        SupplyChainRisk = "supply-chain-risk",
        /// Data could reach a foreign state.
        DataAccess = "data-access",
        /// Support of a war of aggression.
        AggressionSupport = "aggression-support",
        /// Malicious cyber activity.
        MaliciousCyberActivity = "malicious-cyber-activity",
        /// Human-rights abuse or surveillance.
        HumanRights = "human-rights",
        /// Protection of personal data.
        DataProtection = "data-protection",
        /// The source gives no ground.
        NotPublished = "not-published",
    }
}

vocabulary! {
    /// What an effect demands, one step nearer to the text than force and activity.
    Measure, "measure", {
        /// The vendor may not enter into new agreements.
        NoNewAgreements = "no-new-agreements",
        /// The vendor may not deliver updates nor run its cloud network.
        NoUpdatesAndNoCloudNetwork = "no-updates-and-no-cloud-network",
        /// Use stays lawful, without lawful updates.
        UseWithoutUpdates = "use-without-updates",
        /// Resale, integration and licensing for either are barred.
        NoResaleIntegrationOrLicensing = "no-resale-integration-or-licensing",
        /// Property is blocked and every dealing barred.
        Blocking = "blocking",
        /// Property of a person is blocked and dealings with that person are barred.
        BlockingOfPerson = "blocking-of-person",
        /// Exports, re-exports and transfers need a licence.
        LicenceRequired = "licence-required",
        /// Federal bodies may not use it.
        NoFederalUse = "no-federal-use",
        /// Public bodies may not use it.
        NoGovernmentUse = "no-government-use",
        /// It must be taken off.
        RemovalOrdered = "removal-ordered",
        /// Public bodies must move to something else.
        PhaseOut = "phase-out",
        /// It may not be provided to the government or used in performing a contract.
        NoProvisionOrUseInContract = "no-provision-or-use-in-contract",
        /// A finding must be reported within the clause's time.
        ReportWhenFound = "report-when-found",
        /// Bodies must report what they found and removed.
        ReportCompletion = "report-completion",
        /// The government may not contract with users of it.
        NoContractingWithUsers = "no-contracting-with-users",
        /// Sources are shut out of procurement.
        ProcurementExclusion = "procurement-exclusion",
        /// Public subsidies may not be spent on it.
        NoSubsidyFunds = "no-subsidy-funds",
        /// Equipment that holds it gets no authorisation.
        NoEquipmentAuthorisation = "no-equipment-authorisation",
        /// It may not be on devices a government owns.
        GovernmentDeviceBan = "government-device-ban",
        /// Access providers must block it.
        AccessBlocked = "access-blocked",
        /// Imports are barred.
        ImportBarred = "import-barred",
        /// Investment is barred.
        InvestmentBarred = "investment-barred",
        /// An authority recommends against it.
        Warning = "warning",
        /// App stores and hosts may not distribute or keep it.
        NoDistribution = "no-distribution",
        /// The company has to close its business in the country.
        CeaseOperations = "cease-operations",
        /// Operators of certain systems may not buy or use it.
        NoOperatorUse = "no-operator-use",
        /// Your organisation has decided so for itself.
        OwnRule = "own-rule",
    }
}

vocabulary! {
    /// A fact that decides whether an effect applies.
    Condition, "condition", {
        /// A phone or tablet.
        DeviceMobile = "device:mobile",
        /// A desktop or laptop.
        DeviceDesktop = "device:desktop",
        /// A server.
        DeviceServer = "device:server",
        /// Network equipment.
        DeviceNetwork = "device:network",
        /// In the performance of a federal contract.
        ContractFederal = "contract:federal",
        /// In the performance of a contract of an intelligence-community agency.
        ContractIntelligence = "contract:intelligence",
        /// Paid with Universal Service Fund money.
        FundsUsf = "funds:usf",
        /// A system that handles classified or compartmented information.
        SystemClassified = "system:classified",
        /// A system of critical infrastructure.
        SystemCritical = "system:critical",
        /// For public safety, government facilities, critical infrastructure or national security.
        PurposePublicSafety = "purpose:public-safety",
    }
}

impl Condition {
    /// The condition as the end of a sentence: "only ...".
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::DeviceMobile => "on mobile devices",
            Self::DeviceDesktop => "on desktops and laptops",
            Self::DeviceServer => "on servers",
            Self::DeviceNetwork => "on network equipment",
            Self::ContractFederal => "in the performance of a federal contract",
            Self::ContractIntelligence => "in the performance of a contract of an intelligence-community agency",
            Self::FundsUsf => "with Universal Service Fund money",
            Self::SystemClassified => "on systems that handle classified or compartmented information",
            Self::SystemCritical => "on systems of critical infrastructure",
            Self::PurposePublicSafety => "for public safety, government facilities or critical infrastructure",
        }
    }

    /// The condition as a question to the person who would know.
    #[must_use]
    pub const fn question(self) -> &'static str {
        match self {
            Self::DeviceMobile => "Is it a mobile device?",
            Self::DeviceDesktop => "Is it a desktop or laptop?",
            Self::DeviceServer => "Is it a server?",
            Self::DeviceNetwork => "Is it network equipment?",
            Self::ContractFederal => "Used for a federal contract?",
            Self::ContractIntelligence => "Used for a contract of an intelligence-community agency?",
            Self::FundsUsf => "Paid with Universal Service Fund money?",
            Self::SystemClassified => "Does the system handle classified or compartmented information?",
            Self::SystemCritical => "Is the system part of critical infrastructure?",
            Self::PurposePublicSafety => "Is it used for public safety or critical infrastructure?",
        }
    }
}

vocabulary! {
    /// What a product is, in the words that instruments use for their scope.
    ProductClass, "product class", {
        /// Finds and removes malicious software.
        AntiVirus = "anti-virus",
        /// Any product that protects systems, networks or data.
        Cybersecurity = "cybersecurity",
        /// Data and reports about threats.
        ThreatIntelligence = "threat-intelligence",
        /// Courses about security.
        SecurityTraining = "security-training",
        /// Advice that only informs or teaches.
        InformationalConsulting = "informational-consulting",
        /// A firewall in front of web applications.
        WebApplicationFirewall = "web-application-firewall",
        /// Backup and recovery.
        Backup = "backup",
        /// An operating system.
        OperatingSystem = "operating-system",
        /// Watches over child users.
        ParentalControl = "parental-control",
        /// Keeps passwords.
        PasswordManager = "password-manager",
        /// A tunnel to a private network.
        Vpn = "vpn",
        /// Looks after machines from afar.
        RemoteManagement = "remote-management",
        /// An app to send messages.
        Messaging = "messaging",
        /// Anything else.
        Other = "other",
        /// Endpoint detection and response.
        EndpointDetection = "endpoint-detection",
        /// Social media and content sharing.
        SocialMedia = "social-media",
        /// Assistants built on large language models.
        AiAssistant = "ai-assistant",
        /// Web browsers.
        Browser = "browser",
        /// Office suites and document tools.
        Office = "office",
        /// Video surveillance.
        VideoSurveillance = "video-surveillance",
        /// Unmanned aircraft and what controls them.
        Drone = "drone",
    }
}

vocabulary! {
    /// What a product does, for lists and filters.
    Category, "category", {
        /// Anti-virus for a person's computer.
        Antivirus = "antivirus",
        /// Anti-virus and more for an organisation's computers.
        EndpointProtection = "endpoint-protection",
        /// Endpoint or extended detection and response.
        Edr = "edr",
        /// Protects servers, containers or cloud workloads.
        WorkloadProtection = "workload-protection",
        /// The agent of a management server.
        ManagementAgent = "management-agent",
        /// The console or server that manages agents.
        ManagementServer = "management-server",
        /// Remote monitoring and device management.
        DeviceManagement = "device-management",
        /// Remote control and support.
        RemoteAccess = "remote-access",
        /// Firewall or host intrusion prevention.
        Firewall = "firewall",
        /// Filters web or domain-name traffic.
        WebFilter = "web-filter",
        /// Protects mail.
        MailSecurity = "mail-security",
        /// Watches network traffic.
        NetworkDetection = "network-detection",
        /// Protects web applications.
        WebApplicationFirewall = "web-application-firewall",
        /// Collects logs and events.
        LogAgent = "log-agent",
        /// Finds vulnerabilities or patches them.
        VulnerabilityManagement = "vulnerability-management",
        /// Keeps data from leaving.
        DataLossPrevention = "data-loss-prevention",
        /// Encrypts disks, files or messages.
        Encryption = "encryption",
        /// Backup and recovery.
        Backup = "backup",
        /// Virtual private network.
        Vpn = "vpn",
        /// Zero-trust network access and secure edges.
        ZeroTrustAccess = "zero-trust-access",
        /// Keeps passwords.
        PasswordManager = "password-manager",
        /// Identity, strong sign-in, privileged access.
        Identity = "identity",
        /// Watches over child users.
        ParentalControl = "parental-control",
        /// Watches employees.
        EmployeeMonitoring = "employee-monitoring",
        /// Controls which programs or devices may be used.
        ApplicationControl = "application-control",
        /// Security for industrial systems.
        IndustrialSecurity = "industrial-security",
        /// An engine other vendors build in.
        EngineSdk = "engine-sdk",
        /// Data and reports about threats.
        ThreatIntelligence = "threat-intelligence",
        /// A scanner or removal tool that is not installed for good.
        RemovalTool = "removal-tool",
        /// An add-on for a browser.
        BrowserExtension = "browser-extension",
        /// An operating system.
        OperatingSystem = "operating-system",
        /// Cleaners and other utilities.
        Utility = "utility",
        /// Not security software.
        Other = "other",
        /// Web browsers.
        Browser = "browser",
        /// Messengers and conferencing.
        Messaging = "messaging",
        /// Social media and content sharing.
        SocialMedia = "social-media",
        /// Assistants built on large language models.
        AiAssistant = "ai-assistant",
        /// Office suites and input tools.
        Office = "office",
        /// Video surveillance clients and servers.
        VideoSurveillance = "video-surveillance",
        /// Software that controls unmanned aircraft.
        DroneSoftware = "drone-software",
        /// Vaults and brokers of administrators' accounts.
        PrivilegedAccess = "privileged-access",
        /// Forensics and incident response.
        Forensics = "forensics",
        /// Admission of devices to a network.
        NetworkAccessControl = "network-access-control",
        /// Inventory of devices and software.
        AssetInventory = "asset-inventory",
        /// Detonation of suspicious files.
        Sandbox = "sandbox",
        /// Decoys for intruders.
        Deception = "deception",
        /// What one vendor ships for another vendor's product; never that product.
        Integration = "integration",
    }
}

vocabulary! {
    /// Where a product runs.
    Platform, "platform", {
        /// Microsoft Windows.
        Windows = "windows",
        /// Apple macOS.
        Macos = "macos",
        /// Linux.
        Linux = "linux",
        /// Phones and tablets.
        Mobile = "mobile",
        /// Appliances and other systems.
        Other = "other",
    }
}

vocabulary! {
    /// Whether a product is still made.
    ProductStatus, "product status", {
        /// Still made.
        Current = "current",
        /// No longer made.
        Discontinued = "discontinued",
    }
}

vocabulary! {
    /// Which field of an observation a fingerprint is compared with.
    FingerprintField, "fingerprint field", {
        /// The name a person sees.
        DisplayName = "display-name",
        /// The publisher or maintainer.
        Publisher = "publisher",
        /// The subject of the code signature.
        Signer = "signer",
        /// A Debian package name.
        DebPackage = "deb-package",
        /// An RPM package name.
        RpmPackage = "rpm-package",
        /// A Flatpak application id.
        Flatpak = "flatpak",
        /// A snap name.
        Snap = "snap",
        /// A Homebrew cask.
        HomebrewCask = "homebrew-cask",
        /// A Windows package manager id.
        WingetId = "winget-id",
        /// A systemd unit without `.service`.
        SystemdUnit = "systemd-unit",
        /// A Windows service's key name.
        Service = "service",
        /// A driver, minifilter or kernel module.
        Driver = "driver",
        /// A process's executable name.
        Process = "process",
        /// A file or folder, and all below it.
        Path = "path",
        /// The last part of a path.
        FileName = "file-name",
        /// A macOS bundle id.
        BundleId = "bundle-id",
        /// An Apple developer team id.
        TeamId = "team-id",
        /// A launch daemon's or agent's label.
        LaunchdLabel = "launchd-label",
        /// A macOS installer receipt.
        PackageReceipt = "package-receipt",
        /// A registry key, and all below it.
        RegistryKey = "registry-key",
        /// A browser extension's id.
        BrowserExtension = "browser-extension",
        /// The subject of a trusted root certificate.
        Certificate = "certificate",
        /// `vendor:product` of a CPE name.
        Cpe = "cpe",
    }
}

vocabulary! {
    /// How a fingerprint's value is compared.
    MatchKind, "match kind", {
        /// Equal, ignoring case and Unicode form.
        Exact = "exact",
        /// Equal, or followed by a space and a version or architecture.
        Versioned = "versioned",
        /// Starts with it, up to a word or path boundary.
        Prefix = "prefix",
        /// `*` stands for anything; a final `*` right after a letter stops at a word boundary.
        Glob = "glob",
    }
}

vocabulary! {
    /// How sure a fingerprint is.
    Confidence, "confidence", {
        /// The exact string stands in a cited source.
        Seen = "seen",
        /// General knowledge without a source.
        Known = "known",
    }
}

vocabulary! {
    /// The writing system of a name.
    Script, "script", {
        /// Latin letters.
        Latin = "latin",
        /// Cyrillic letters.
        Cyrillic = "cyrillic",
        /// Chinese characters.
        Han = "han",
        /// Japanese.
        Japanese = "japanese",
        /// Korean.
        Hangul = "hangul",
        /// Arabic or Persian letters.
        Arabic = "arabic",
        /// Any other.
        Other = "other",
    }
}

vocabulary! {
    /// Who speaks in a statement.
    Side, "side", {
        /// The authority that acted, or its government.
        Issuer = "issuer",
        /// The vendor.
        Vendor = "vendor",
        /// The government of the vendor's country.
        Government = "government",
    }
}

vocabulary! {
    /// Which figure a footprint gives.
    Figure, "figure", {
        /// Where the head office is.
        Headquarters = "headquarters",
        /// Countries with offices.
        OfficeCountries = "office-countries",
        /// People who use its products.
        Users = "users",
        /// Companies that are its clients.
        CorporateClients = "corporate-clients",
        /// Countries it operates in.
        Countries = "countries",
        /// People it employs.
        Employees = "employees",
    }
}

vocabulary! {
    /// What a profile is to a government: the second question of the first run.
    Relation, "relation to a government", {
        /// A private organisation.
        Private = "private",
        /// A contractor or supplier.
        Contractor = "contractor",
        /// A public body.
        Government = "government",
        /// None of these.
        None = "none",
    }
}

vocabulary! {
    /// Whether software found on a machine is really there.
    Presence, "presence", {
        /// Its executable exists and something starts it.
        Live = "live",
        /// Its executable exists and nothing starts it.
        Dormant = "dormant",
        /// Traces only.
        Residue = "residue",
        /// A registration without files.
        Ghost = "ghost",
    }
}

vocabulary! {
    /// Where an observation comes from; the names are osquery's tables where it has one.
    ObservationSource, "source", {
        /// A dpkg status database.
        DebPackages = "deb_packages",
        /// An RPM database.
        RpmPackages = "rpm_packages",
        /// An Alpine package database.
        ApkPackages = "apk_packages",
        /// A pacman database.
        PacmanPackages = "pacman_packages",
        /// A Flatpak installation.
        Flatpak = "flatpak",
        /// A snap.
        Snap = "snap",
        /// A Homebrew installation.
        Homebrew = "homebrew",
        /// A Windows uninstall key.
        Programs = "programs",
        /// A Windows app package.
        Msix = "msix",
        /// Windows Security Center.
        Wsc = "wsc",
        /// A service.
        Services = "services",
        /// A driver.
        Drivers = "drivers",
        /// A file-system minifilter.
        Minifilters = "minifilters",
        /// A Linux kernel module.
        KernelModules = "kernel_modules",
        /// A macOS application.
        Apps = "apps",
        /// A macOS installer receipt.
        PkgReceipts = "pkg_receipts",
        /// A macOS system extension.
        SystemExtensions = "system_extensions",
        /// A macOS launch daemon or agent.
        Launchd = "launchd",
        /// A browser extension.
        BrowserExtensions = "browser_extensions",
        /// A running process.
        Processes = "processes",
        /// A trusted certificate.
        Certificates = "certificates",
        /// A scheduled task.
        ScheduledTasks = "scheduled_tasks",
        /// A provider of the Windows Filtering Platform: what a firewall plugs in.
        WfpProviders = "wfp_providers",
        /// A vendor's own key of the Windows registry.
        Registry = "registry",
        /// A macOS configuration profile.
        ConfigurationProfiles = "configuration_profiles",
        /// A file or folder.
        Files = "files",
        /// Another tool's export.
        Import = "import",
    }
}

impl ObservationSource {
    /// Whether one such observation says that a piece of software was installed (rather than that a trace of it exists).
    #[must_use]
    pub const fn is_registration(self) -> bool {
        match self {
            Self::DebPackages
            | Self::RpmPackages
            | Self::ApkPackages
            | Self::PacmanPackages
            | Self::Flatpak
            | Self::Snap
            | Self::Homebrew
            | Self::Programs
            | Self::Msix
            | Self::Apps
            | Self::PkgReceipts
            | Self::Import => true,
            Self::Wsc
            | Self::Services
            | Self::Drivers
            | Self::Minifilters
            | Self::KernelModules
            | Self::SystemExtensions
            | Self::Launchd
            | Self::BrowserExtensions
            | Self::Processes
            | Self::Certificates
            | Self::ScheduledTasks
            | Self::WfpProviders
            | Self::Registry
            | Self::ConfigurationProfiles
            | Self::Files => false,
        }
    }
}

vocabulary! {
    /// How a collector's run went.
    CollectorStatus, "collector status", {
        /// Everything there was could be read.
        Complete = "complete",
        /// Something could not be read; the reason says what.
        Partial = "partial",
        /// This system or these rights do not allow it; the reason says why.
        NotPossible = "not-possible",
        /// It should have worked and did not; the reason says why.
        Failed = "failed",
    }
}

vocabulary! {
    /// The family of an operating system.
    OsFamily, "operating-system family", {
        /// Linux.
        Linux = "linux",
        /// Microsoft Windows.
        Windows = "windows",
        /// Apple macOS.
        Macos = "macos",
        /// Not told: an export may list a machine's software without its system.
        Unknown = "unknown",
    }
}
