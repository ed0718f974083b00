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

/// The keys that are absent from configurations stored by earlier versions, and what was meant: swaps by version 0.1,
/// the dimension and the interaction up to 0.2.
const UNSAID: [(&str, &str); 6] = [
    ("glass.dimension", "2"),
    ("thermalize.swap", "\"uniform\""),
    (KIND, INVERSE_POWER),
    ("potential.exponent", "12"),
    ("potential.cutoff", "1.25"),
    ("potential.non_additivity", "0.2"),
];
const KIND: &str = "potential.kind";
const INVERSE_POWER: &str = "\"inverse-power\"";

/// A key with two values.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangedKey {
    /// Dotted key.
    pub key: String,
    /// Value in the first configuration, as TOML; `(absent)` when it has none.
    pub before: String,
    /// Value in the second.
    pub after: String,
}

impl fmt::Display for ChangedKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {} before, {} now", self.key, self.before, self.after)
    }
}

impl Plan {
    /// SHA-256, in hexadecimal, over the keys that decide what a realization is: all but
    /// [`FREE_KEYS`].
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for (key, value) in deciding(&self.to_toml()) {
            // What earlier versions did is no part of the hash, as it was none then.
            if !UNSAID.contains(&(key.as_str(), value.as_str())) {
                hash.update(format!("{key} = {value}\n"));
            }
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Every dotted key with its value, as TOML writes it.
    pub fn values(&self) -> BTreeMap<String, String> {
        flatten(&self.to_toml())
    }

    /// Every dotted key of a configuration.
    pub fn keys(&self) -> Vec<String> {
        flatten(&self.to_toml()).into_keys().collect()
    }
}

/// Deciding keys whose values differ between two resolved configurations, in alphabetic order.
pub fn deciding_differences(before: &str, after: &str) -> Vec<ChangedKey> {
    differing(deciding(before), deciding(after))
}

/// All keys whose values differ.
pub fn differences(before: &str, after: &str) -> Vec<ChangedKey> {
    differing(flatten(before), flatten(after))
}

/// The keys of which realizations are a function. Of a file of numbers these are the numbers, not its path.
fn deciding(text: &str) -> BTreeMap<String, String> {
    let mut keys = flatten(text);
    for (sha256, path) in [("glass.diameters_sha256", "glass.diameters"), ("potential.table_sha256", "potential.table")]
    {
        if keys.contains_key(sha256) {
            keys.remove(path);
        }
    }
    keys.retain(|key, _| !FREE_KEYS.contains(&key.as_str()));
    keys
}

fn differing(before: BTreeMap<String, String>, after: BTreeMap<String, String>) -> Vec<ChangedKey> {
    let absent = || "(absent)".to_owned();
    before
        .keys()
        .chain(after.keys().filter(|key| !before.contains_key(*key)))
        .filter(|key| before.get(*key) != after.get(*key))
        .map(|key| ChangedKey {
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
    if !flat.is_empty() {
        let other_kind = flat.get(KIND).is_some_and(|kind| kind != INVERSE_POWER);
        for (key, value) in UNSAID.iter().filter(|(key, _)| !(other_kind && key.starts_with("potential."))) {
            flat.entry((*key).to_owned()).or_insert_with(|| (*value).to_owned());
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
    fn a_configuration_stored_by_version_0_1_means_uniform_swaps() {
        let stored = crate::config::parse_stored(TEXT, "config.toml", &[]).expect("valid");
        let uniform = plan(&["thermalize.swap=uniform"]);
        assert_eq!(stored, uniform);
        // As version 0.1 computed it, for this very text.
        let mut lines = uniform.to_toml().replace("swap = \"uniform\"\n", "");
        let without = crate::config::parse_stored(&lines, "config.toml", &[]).expect("valid");
        assert_eq!(without.hash(), uniform.hash());
        assert!(deciding_differences(&lines, &uniform.to_toml()).is_empty());
        lines = plan(&["thermalize.swap=lifted"]).to_toml();
        assert_eq!(deciding_differences(&uniform.to_toml(), &lines)[0].key, "thermalize.swap");
    }

    #[test]
    fn a_configuration_stored_by_version_0_2_means_the_papers_interaction() {
        let now = plan(&[]);
        let said = ["kind = \"inverse-power\"\n", "exponent = 12\n", "cutoff = 1.25\n", "non_additivity = 0.2\n"];
        let stored = said.iter().fold(now.to_toml(), |text, line| {
            assert!(text.contains(line), "{line}");
            text.replace(line, "")
        });
        assert_eq!(crate::config::parse_stored(&stored, "config.toml", &[]).expect("valid"), now);
        assert!(deciding_differences(&stored, &now.to_toml()).is_empty());
        // As version 0.2 computed it, for this very text.
        assert_eq!(now.hash(), "9a01532b518ac40fd91d4875c8a4fc08610e463597a43f137fc6609ff909dbe3");
        let harmonic = plan(&["potential.kind=harmonic"]);
        assert_ne!(harmonic.hash(), now.hash());
        assert!(deciding_differences(&stored, &harmonic.to_toml()).iter().any(|d| d.key == "potential.kind"));
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
            "potential.exponent=10",
            "potential.cutoff=1.48",
            "potential.non_additivity=0.1",
            "thermalize.sweeps=11",
            "thermalize.swap=lifted",
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
            // Lifted swaps have a range, too.
            let keys = sets.len() + usize::from(deciding == "thermalize.swap=lifted");
            assert_eq!(differences.len(), keys);
            assert!(differences.iter().any(|d| deciding.starts_with(&d.key)), "{differences:?}");
        }
    }
}
