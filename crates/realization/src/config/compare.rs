//! Which keys decide the results, their hash, and what differs between two configurations.

use super::plan::Plan;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use toml::{Table, Value};

/// Keys that may change between two runs into the same folder: no realization depends on them.
pub const FREE_KEYS: [&str; 5] = [
    "campaign.name",
    "campaign.realizations",
    "campaign.segment_records",
    "campaign.segment_seconds",
    "campaign.attempts_max",
];

/// A key with two values.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Dotted key.
    pub key: String,
    /// Value in the first configuration, as TOML; `(absent)` when it has none.
    pub before: String,
    /// Value in the second.
    pub after: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {} before, {} now", self.key, self.before, self.after)
    }
}

impl Plan {
    /// SHA-256, in hexadecimal, over the keys that decide what a realization is: all but
    /// [`FREE_KEYS`].
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for (key, value) in flatten(&self.to_toml()) {
            if !FREE_KEYS.contains(&key.as_str()) {
                hash.update(format!("{key} = {value}\n"));
            }
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Every dotted key of a configuration.
    pub fn keys(&self) -> Vec<String> {
        flatten(&self.to_toml()).into_keys().collect()
    }
}

/// Deciding keys whose values differ between two resolved configurations, in alphabetic order.
pub fn deciding_differences(before: &str, after: &str) -> Vec<Difference> {
    differences(before, after).into_iter().filter(|d| !FREE_KEYS.contains(&d.key.as_str())).collect()
}

/// All keys whose values differ.
pub fn differences(before: &str, after: &str) -> Vec<Difference> {
    let (before, after) = (flatten(before), flatten(after));
    let absent = || "(absent)".to_owned();
    before
        .keys()
        .chain(after.keys().filter(|key| !before.contains_key(*key)))
        .filter(|key| before.get(*key) != after.get(*key))
        .map(|key| Difference {
            key: key.clone(),
            before: before.get(key).cloned().unwrap_or_else(absent),
            after: after.get(key).cloned().unwrap_or_else(absent),
        })
        .collect()
}

/// Dotted keys and their values as TOML writes them; empty for what is not TOML.
fn flatten(text: &str) -> BTreeMap<String, String> {
    let mut flat = BTreeMap::new();
    for (section, value) in text.parse::<Table>().unwrap_or_default() {
        if let Value::Table(entries) = value {
            for (key, value) in entries {
                flat.insert(format!("{section}.{key}"), value.to_string());
            }
        }
    }
    flat
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::parse;

    const TEXT: &str = "[campaign]\nname = 'a'\nrealizations = 4\nseed = 1\n[glass]\nparticles = 64\n\
        [thermalize]\ntemperature = 0.1\nsweeps = 10\n[spectrum]\nmethod = 'dense'\n[modes]\nomega_max = 1.0\n";

    fn plan(sets: &[&str]) -> Plan {
        parse(TEXT, "test.toml", &sets.iter().map(ToString::to_string).collect::<Vec<_>>()).expect("valid")
    }

    #[test]
    fn the_resolved_text_is_a_fixed_point() {
        let plan = plan(&["quench.force_tolerance=3e-13", "glass.density=0.987654321"]);
        let again = parse(&plan.to_toml(), "again", &[]).expect("valid");
        assert_eq!(plan, again);
        assert_eq!(plan.to_toml(), again.to_toml());
    }

    #[test]
    fn the_hash_covers_what_decides_the_results_and_nothing_else() {
        let reference = plan(&[]);
        for free in [
            "campaign.name=b",
            "campaign.realizations=9",
            "campaign.segment_records=3",
            "campaign.segment_seconds=1",
            "campaign.attempts_max=5",
        ] {
            assert_eq!(plan(&[free]).hash(), reference.hash(), "{free}");
            assert!(deciding_differences(&reference.to_toml(), &plan(&[free]).to_toml()).is_empty());
        }
        for deciding in [
            "campaign.seed=2",
            "glass.density=1.1",
            "glass.diameters=quantile",
            "modes.lowest=2",
            "potential.smoothness=3",
            "thermalize.sweeps=11",
            "quench.force_tolerance=1e-11",
            "spectrum.method=low",
            "spectrum.omega_max=1.5",
        ] {
            let mut sets = vec![deciding];
            if deciding == "spectrum.method=low" {
                sets.push("spectrum.omega_max=2");
            }
            let changed = plan(&sets);
            assert_ne!(changed.hash(), reference.hash(), "{deciding}");
            let differences = deciding_differences(&reference.to_toml(), &changed.to_toml());
            assert_eq!(differences.len(), sets.len());
            assert!(differences.iter().any(|d| deciding.starts_with(&d.key)), "{differences:?}");
        }
    }
}
