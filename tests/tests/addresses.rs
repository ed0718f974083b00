//! Every web address in the repository leads to a place that is known to exist.

use glassmodes_tests::root;
use std::process::Command;

/// Hosts that were looked at. The project itself has no address yet: an invented one helps nobody.
const HOSTS: [&str; 8] = [
    "arxiv.org",
    "doi.org",
    "keepachangelog.com",
    "no-color.org",
    "rustup.rs",
    "semver.org",
    "www.apache.org",
    "www.w3.org",
];

/// Hosts of the addresses in `text`, in their order.
fn hosts(text: &str) -> impl Iterator<Item = &str> {
    let ends = |c: char| !(c.is_ascii_alphanumeric() || ".-_".contains(c));
    text.split("://").skip(1).map(move |rest| rest.split(ends).next().unwrap_or_default())
}

#[test]
fn no_address_is_invented() {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output().expect("git runs");
    if !listed.status.success() {
        return; // A package without its repository.
    }
    let names = String::from_utf8(listed.stdout).expect("names are UTF-8");
    let mut read = 0;
    for name in names.split('\0').filter(|name| !name.is_empty() && *name != "Cargo.lock") {
        // Pictures and archives are no text; a file deleted but not yet committed is none either.
        let Ok(text) = std::fs::read_to_string(root().join(name)) else { continue };
        read += 1;
        for host in hosts(&text) {
            let known = host.is_empty() || HOSTS.contains(&host);
            assert!(known, "{name}: the address of {host} was never looked at (tests/tests/addresses.rs)");
        }
    }
    assert!(read > 100, "only {read} files were looked at");
}

#[test]
fn hosts_end_where_names_end() {
    let text = "(https://arxiv.org/abs/2102.12368), file:///tmp and http://www.w3.org:80";
    assert_eq!(hosts(text).collect::<Vec<_>>(), ["arxiv.org", "", "www.w3.org"]);
}
