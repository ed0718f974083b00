//! What crosses crates, in one binary: one is linked instead of thirty, and no core waits for the last test of each.
//!
//! `cargo test --package glassmodes-tests thin::` runs those of `thin.rs`.

mod addresses;
mod batch;
mod browser;
mod campaign_script;
mod clean;
mod command_line;
mod configuration;
mod damage;
mod damage_trials;
mod disk;
mod documentation;
mod failing_files;
mod figures;
mod going_on;
mod harvest;
mod hostile_archives;
mod hostile_inputs;
mod kill_trials;
mod old_archives;
mod other_programs;
mod outputs;
mod own_glass;
mod own_glass_h5md;
mod revisit;
mod same_bits;
mod thin;
mod three_dimensions;
mod tools;
mod wells;
