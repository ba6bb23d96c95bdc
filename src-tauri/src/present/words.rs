//! The domain's closed vocabularies as the wire's.

use interdict_app::FoundKind;
use interdict_model::{
    Activity, CollectorReport, CollectorStatus, Evidence, Figure, ObservationSource, Presence, Tier, Verification,
};

use super::count;
use crate::wire;

macro_rules! same_words {
    ($($name:ident { $($variant:ident),+ $(,)? })+) => {$(
        impl From<$name> for wire::$name {
            fn from(word: $name) -> Self {
                match word { $($name::$variant => Self::$variant,)+ }
            }
        }
    )+};
}

same_words! {
    Tier { Prohibited, Required, Restricted, Advisory, Watch, Undetermined, None }
    Activity { Use, Remove, Report, Buy, Renew, Update, Resell, Embed, ExportTo, DealWith }
    Presence { Live, Dormant, Residue, Ghost }
    Verification { Primary, Mirror, Secondary, Unverified }
    CollectorStatus { Complete, Partial, NotPossible, Failed }
}

/// A tier that the window asks for.
pub(super) fn asked_tier(tier: wire::Tier) -> Tier {
    match tier {
        wire::Tier::Prohibited => Tier::Prohibited,
        wire::Tier::Required => Tier::Required,
        wire::Tier::Restricted => Tier::Restricted,
        wire::Tier::Advisory => Tier::Advisory,
        wire::Tier::Watch => Tier::Watch,
        wire::Tier::Undetermined => Tier::Undetermined,
        wire::Tier::None => Tier::None,
    }
}

/// How a collector fared.
pub(super) fn collector_line(report: &CollectorReport) -> wire::CollectorLine {
    wire::CollectorLine {
        name: report.name.clone(),
        status: report.status.into(),
        reason: report.reason.clone(),
        count: count(report.count),
    }
}

/// What kind of trace it is, for people.
pub(super) fn evidence_label(evidence: &Evidence) -> &'static str {
    match evidence.source {
        ObservationSource::DebPackages
        | ObservationSource::RpmPackages
        | ObservationSource::ApkPackages
        | ObservationSource::PacmanPackages
        | ObservationSource::Flatpak
        | ObservationSource::Snap
        | ObservationSource::Homebrew
        | ObservationSource::Msix => "Package",
        ObservationSource::Programs => "Program",
        ObservationSource::Wsc => "Security Center",
        ObservationSource::Services => "Service",
        ObservationSource::Drivers => "Driver",
        ObservationSource::Minifilters => "File filter",
        ObservationSource::KernelModules => "Kernel module",
        ObservationSource::Apps => "App",
        ObservationSource::PkgReceipts => "Receipt",
        ObservationSource::SystemExtensions => "System extension",
        ObservationSource::Launchd => "Launch item",
        ObservationSource::BrowserExtensions => "Browser extension",
        ObservationSource::Processes => "Process",
        ObservationSource::Certificates => "Certificate",
        ObservationSource::ScheduledTasks => "Scheduled task",
        ObservationSource::WfpProviders => "Firewall provider",
        ObservationSource::Registry => "Registry key",
        ObservationSource::ConfigurationProfiles => "Configuration profile",
        ObservationSource::Files => place_label(evidence),
        ObservationSource::Import => "Imported row",
    }
}

/// What was found at a place: the evidence keeps the path and what it says, not the kind.
fn place_label(evidence: &Evidence) -> &'static str {
    let path = evidence.path.as_deref().unwrap_or(&evidence.title);
    if path.get(..4).is_some_and(|start| ["HKLM", "HKCU", "HKEY"].iter().any(|hive| start.eq_ignore_ascii_case(hive))) {
        "Registry key"
    } else if evidence.says.starts_with("folder") || evidence.says.contains("with the executable") {
        "Folder"
    } else {
        "File"
    }
}

/// A figure's name.
pub(super) fn figure_label(figure: Figure) -> &'static str {
    match figure {
        Figure::Headquarters => "headquarters",
        Figure::OfficeCountries => "countries with offices",
        Figure::Users => "users",
        Figure::CorporateClients => "corporate clients",
        Figure::Countries => "countries it works in",
        Figure::Employees => "employees",
    }
}

/// The word of the wire for what was found; a company leads to its vendor.
pub(super) fn found_word(kind: FoundKind) -> &'static str {
    match kind {
        FoundKind::Vendor | FoundKind::Entity => "vendor",
        FoundKind::Product => "product",
        FoundKind::Person => "person",
        FoundKind::Restriction => "restriction",
        FoundKind::Machine => "machine",
    }
}

/// A tier as the end of "use is ...".
pub(super) fn tier_phrase(tier: Tier) -> &'static str {
    match tier {
        Tier::Prohibited => "prohibited",
        Tier::Required => "required",
        Tier::Restricted => "restricted",
        Tier::Advisory => "warned against",
        Tier::Watch => "to be watched",
        Tier::Undetermined => "not decided",
        Tier::None => "not restricted",
    }
}
