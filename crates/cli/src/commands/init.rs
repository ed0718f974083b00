//! `glassmodes init`: a shipped configuration to begin with.

use super::exit::{CommandFailure, Exit};
use super::output::Output;
use crate::arguments::InitArguments;
use crate::terminal::say;
use std::path::PathBuf;

/// The configurations that come with the program, from the smallest campaign to the largest.
pub const SHIPPED: [(&str, &str); 11] = [
    ("quick", include_str!("../../shipped/quick.toml")),
    ("laptop", include_str!("../../shipped/laptop.toml")),
    ("wells", include_str!("../../shipped/wells.toml")),
    ("wells-hot", include_str!("../../shipped/wells-hot.toml")),
    ("three-dimensions-quick", include_str!("../../shipped/three-dimensions-quick.toml")),
    ("three-dimensions", include_str!("../../shipped/three-dimensions.toml")),
    ("three-dimensions-hot", include_str!("../../shipped/three-dimensions-hot.toml")),
    ("three-dimensions-cold", include_str!("../../shipped/three-dimensions-cold.toml")),
    ("paper-fast", include_str!("../../shipped/paper-fast.toml")),
    ("paper", include_str!("../../shipped/paper.toml")),
    ("paper-ensemble", include_str!("../../shipped/paper-ensemble.toml")),
];

/// Writes the configuration of this name, or says which there are.
///
/// # Errors
/// [`CommandFailure`] when there is none of this name, the file is there already, or cannot be written.
pub fn init(arguments: &InitArguments) -> Result<Exit, CommandFailure> {
    let Some(name) = &arguments.name else {
        for (name, text) in SHIPPED {
            say(format_args!("{name:<24}{}", about(text)));
        }
        return Ok(Exit::Complete);
    };
    let Some((name, text)) = SHIPPED.iter().find(|(known, _)| known == name) else {
        let known: Vec<&str> = SHIPPED.iter().map(|(name, _)| *name).collect();
        return Err(CommandFailure::Usage(format!(
            "no shipped configuration {name:?}; there are {}",
            known.join(", ")
        )));
    };
    let path = arguments.out.clone().unwrap_or_else(|| PathBuf::from(format!("{name}.toml")));
    Output::out(&path).check_text(&[])?;
    if path.is_file() {
        return Err(CommandFailure::Usage(format!("{}: is there; name another file with --out", path.display())));
    }
    durable::write(&path, text.as_bytes())?;
    say(format_args!("{}: run it with glassmodes run {0} --out {name}", path.display()));
    Ok(Exit::Complete)
}

/// The first sentence of the comment it begins with.
fn about(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix('#'));
    let words = lines.map(str::trim).collect::<Vec<_>>().join(" ");
    words.split_inclusive(". ").next().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use realization::config;

    #[test]
    fn every_shipped_configuration_is_one_and_says_what_it_is() {
        for (name, text) in SHIPPED {
            let plan = config::parse(text, name, &[]).expect(name);
            assert!(plan.campaign.realizations > 0);
            let about = about(text);
            assert!(about.len() > 10 && about.len() < 260, "{name}: {about}");
        }
    }
}
