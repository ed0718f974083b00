//! Where an archive comes from, as this program states it.

use crate::version;
use archive::Provenance;
use realization::config::{self, ConfigError, Plan};

/// Now, RFC 3339, to the second, in UTC.
pub fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The provenance of records of `plan` from a campaign begun at `created`.
pub fn of(plan: &Plan, created: &str) -> Provenance {
    Provenance {
        software_version: version::SHORT.to_owned(),
        git_commit: version::COMMIT.to_owned(),
        created: created.to_owned(),
        author: std::env::var("USER").unwrap_or_default(),
        config: plan.to_toml(),
        config_hash: plan.hash(),
        realizations: plan.campaign.realizations,
        dimension: plan.dimension,
        ..Provenance::default()
    }
}

/// How an archive is of another campaign or program than `here`, if it is. It may be of fewer or more realizations.
pub fn foreign(there: &Provenance, here: &Provenance) -> Option<String> {
    let (name, there, here) = there.foreign(here)?;
    Some(format!("{name} is {there} there and {here} here"))
}

/// The plan an archive was computed with, with these `--set` arguments.
///
/// # Errors
/// [`ConfigError`] when this program does not understand its configuration, or an argument.
pub fn plan_of(provenance: &Provenance, sets: &[String]) -> Result<Plan, ConfigError> {
    let (text, file) = (&provenance.config, "its configuration");
    if provenance.made_elsewhere() {
        config::parse_for_own_glasses(text, file, sets, None)
    } else {
        config::parse_stored(text, file, sets)
    }
}
