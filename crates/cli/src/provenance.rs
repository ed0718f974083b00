//! Where an archive comes from, as this program states it.

use crate::version;
use archive::Provenance;
use realization::config::Plan;

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
    }
}
