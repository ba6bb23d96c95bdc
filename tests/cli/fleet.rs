//! Made-up scan files, numbered, of a few machines; and what the database must hold after each.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use interdict_app::store::Store;

/// How many machines the scans are of, in turn.
pub(crate) const MACHINES: u32 = 3;

/// One scan: its number says when it began, of which machine it is, and what was on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Numbered {
    pub(crate) number: u32,
    pub(crate) packages: u32,
}

impl Numbered {
    pub(crate) fn machine(self) -> String {
        format!("machine-{}", self.number % MACHINES)
    }

    /// One minute after the scan with the number before.
    pub(crate) fn started(self) -> String {
        let (days, rest) = (self.number / 1_440, self.number % 1_440);
        format!("2026-01-{:02}T{:02}:{:02}:00Z", days + 1, rest / 60, rest % 60)
    }

    /// Names and versions: a third stays from scan to scan, a third gets another version, a third is new.
    fn software(self) -> Vec<(String, String)> {
        (0..self.packages)
            .map(|at| match at % 3 {
                0 => (format!("stays-{at}"), "1".to_owned()),
                1 => (format!("moves-{at}"), self.number.to_string()),
                _ => (format!("fresh-{at}-{}", self.number), "1".to_owned()),
            })
            .collect()
    }

    /// The scan as `interdict scan` writes it.
    pub(crate) fn text(self) -> String {
        let (machine, started, count) = (self.machine(), self.started(), self.packages);
        let mut text = format!(
            "{{\"schema\":\"interdict/scan/v1\",\"machine\":{{\"id\":\"{machine}\",\"hostname\":\"{machine}\",\
             \"os\":{{\"family\":\"linux\",\"name\":\"Debian GNU/Linux\",\"version\":\"12\"}},\"arch\":\"amd64\"}},\
             \"started\":\"{started}\",\"probes\":{{\"catalogue_version\":\"2026.1\",\"count\":1}},\
             \"collectors\":[{{\"name\":\"linux/dpkg\",\"status\":\"complete\",\"count\":{count}}}],\
             \"tool_version\":\"0.1.0\"}}\n"
        );
        for (name, version) in self.software() {
            writeln!(
                text,
                "{{\"source\":\"deb_packages\",\"name\":\"{name}\",\"version\":\"{version}\",\
                 \"publisher\":\"Example Maintainers <example@example.org>\",\"path\":\"/var/lib/dpkg/status\",\
                 \"arch\":\"amd64\",\"scope\":\"machine\"}}"
            )
            .unwrap();
        }
        text
    }

    /// Complains unless this scan is what is there of its machine now, in full and nothing beside it.
    pub(crate) fn must_be_there(self, store: &Store) {
        let mut found: Vec<(String, String)> = store
            .observations_of(&self.machine())
            .unwrap()
            .into_iter()
            .map(|seen| (seen.name.unwrap_or_default(), seen.version.unwrap_or_default()))
            .collect();
        let mut expected = self.software();
        found.sort();
        expected.sort();
        assert_eq!(found.len(), expected.len(), "{self:?} is there by half");
        assert_eq!(found, expected, "{self:?} is not there as it was");
    }
}

/// The newest scan of each machine in a database, by what it says of when it began.
pub(crate) fn newest(store: &Store, scans: &[Numbered]) -> BTreeMap<String, Numbered> {
    let by_start: BTreeMap<String, Numbered> = scans.iter().map(|scan| (scan.started(), *scan)).collect();
    let mut newest = BTreeMap::new();
    for row in store.scans().unwrap() {
        if let Some(scan) = by_start.get(&row.started) {
            newest.insert(row.machine_id, *scan);
        }
    }
    newest
}
