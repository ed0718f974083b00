//! What all processes of a campaign must have been given alike.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Named values that must be the same in every process: a campaign computed with two seeds is none.
///
/// The engine does not know what they mean; it compares them, and names those that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement(BTreeMap<String, String>);

impl Agreement {
    /// What differs, in alphabetic order: the name, the value here, the value there.
    pub fn differences<'a>(&'a self, there: &'a Agreement) -> impl Iterator<Item = (&'a str, &'a str, &'a str)> {
        let names = self.0.keys().chain(there.0.keys().filter(|name| !self.0.contains_key(*name)));
        let value = |agreement: &'a Agreement, name: &str| agreement.0.get(name).map_or("(absent)", String::as_str);
        names
            .map(move |name| (name.as_str(), value(self, name), value(there, name)))
            .filter(|(_, here, there)| here != there)
    }
}

impl<Name: Into<String>, Value: Into<String>> FromIterator<(Name, Value)> for Agreement {
    fn from_iter<Pairs: IntoIterator<Item = (Name, Value)>>(pairs: Pairs) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difference_is_named_with_both_values() {
        let here = Agreement::from_iter([("seed", "100"), ("slice", "1/2"), ("old", "x")]);
        let there = Agreement::from_iter([("seed", "101"), ("slice", "1/2"), ("new", "y")]);
        let differences: Vec<_> = here.differences(&there).collect();
        assert_eq!(differences, [("old", "x", "(absent)"), ("seed", "100", "101"), ("new", "(absent)", "y")]);
        assert_eq!(here.differences(&here).count(), 0);
    }
}
