//! systemd services that run for a user: those there for everybody, and those in the homes.
//!
//! What is there for everybody has the scope of the machine, what lies in one home or is enabled there that of its user.
//! A unit of the user's runs while the user is logged in; whether anybody is, or lingers, is not weighed.

use interdict_model::{ObservationSource, Scope};

use crate::any::homes::homes;
use crate::collector::{Collected, Collector, Gathering, Needs, Request};
use crate::host::Host;
use crate::linux::LINUX_FILES;
use crate::linux::systemd::Units;

/// Where units for all users lie, the strongest first (systemd.unit(5), "user unit search path").
const FOLDERS: &[&str] = &[
    "/etc/systemd/user",
    "/usr/local/lib/systemd/user",
    "/usr/local/share/systemd/user",
    "/usr/lib/systemd/user",
    "/usr/share/systemd/user",
];
/// The same below a home.
const HOME_FOLDERS: &[&str] = &[".config/systemd/user.control", ".config/systemd/user", ".local/share/systemd/user"];

/// Reads systemd services of users.
pub(crate) struct UserUnits;

impl Collector for UserUnits {
    fn name(&self) -> &'static str {
        "linux/user-units"
    }

    fn looks_at(&self) -> &'static str {
        "systemd services of users"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Services]
    }

    fn needs(&self) -> Needs {
        LINUX_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let mut gathering = Gathering::default();
        let of_everybody = Units::read(host, FOLDERS.iter().map(|folder| (*folder).to_owned()), &mut gathering);
        let mut services = of_everybody.services(host, &|_, _| true, &mut gathering);
        for service in &mut services {
            service.scope = Some(Scope::Machine);
        }
        for home in homes(host, &mut gathering) {
            let folders = HOME_FOLDERS.iter().map(|folder| home.below(folder));
            let units = Units::read_of_user(host, &home.path, folders, &of_everybody, &mut gathering);
            for mut service in units.services(host, &|_, _| true, &mut gathering) {
                service.scope = Some(home.scope());
                services.push(service);
            }
        }
        gathering.observations = services;
        gathering.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, rows};
    use interdict_model::{CollectorStatus, Probes, raw_key};

    fn collect(host: &FixtureHost) -> Collected {
        UserUnits.collect(host, &Request::of(&Probes::default()))
    }

    fn services(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            let raw = |key| one.raw(key).unwrap_or("-");
            format!(
                "{} {} {} exists:{} starts:{} {}",
                one.scope.as_ref().map(ToString::to_string).unwrap_or_default(),
                one.name.as_deref().unwrap_or("-"),
                one.path.as_deref().unwrap_or("-"),
                raw(raw_key::EXECUTABLE_EXISTS),
                raw(raw_key::AUTO_START),
                raw(raw_key::KIND),
            )
        })
    }

    #[test]
    fn units_for_everybody_and_of_one_user_are_read() {
        let collected = collect(&fixture("linux/user-units", "everybody-and-ada"));
        assert_eq!(
            services(&collected),
            [
                "machine agent /opt/agent/agent exists:true starts:false -",
                "machine nightly /opt/agent/nightly exists:false starts:false -",
                "machine tray /opt/agent/tray exists:false starts:true -",
                "user:ada agent /opt/agent/agent exists:true starts:true -",
                "user:ada nightly /opt/agent/nightly exists:false starts:true -",
                "user:ada own /home/ada/.local/bin/own exists:true starts:true -",
                "user:ada gone - exists:- starts:false broken-link",
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Complete, "{:?}", collected.reason);
    }

    #[test]
    fn a_home_that_may_not_be_read_is_said() {
        let collected = collect(&fixture("linux/user-units", "everybody-and-ada").unreadable("/home/ada"));
        assert_eq!(collected.reason.as_deref(), Some("the home of ada, /home/ada, may not be read as uid 65534"));
        assert_eq!((collected.status, collected.observations.len()), (CollectorStatus::Partial, 3));
    }
}
