//! Seconds to describe modes at N = 4000, landings apart, and for the elastic constants.
//!
//! Modes are made from a few transverse waves, as long as the lowest phonons: what a mode costs does
//! not depend on which it is, and eigenvectors of 4000 particles would take longer than the bench.

#![expect(clippy::expect_used, reason = "a bench")]

use divan::Bencher;
use glass::diameters::DiameterChoice;
use glass::quench::{QuenchSettings, quench};
use glass::{Configuration, InherentStructure, Potential, Seed};
use modes::ElasticConstants;
use modes::describe::along::Neighbourhood;
use modes::describe::expansion::Contacts;
use modes::describe::profile::Profile;
use modes::describe::quartic::Quartic;
use std::sync::LazyLock;

fn main() {
    divan::main();
}

const PARTICLES: usize = 4000;

static MINIMUM: LazyLock<InherentStructure> = LazyLock::new(|| {
    let seed = Seed::of_realization(1, 0);
    let start = Configuration::random(seed, PARTICLES, 1.0, DiameterChoice::Random).expect("valid");
    // Forces of 10⁻⁶ are enough to time an expansion.
    let settings = QuenchSettings { force_tolerance: 1e-6, ..QuenchSettings::default() };
    quench(&start, &Potential::new(2).expect("valid"), &settings).expect("converges")
});

/// Thirty modes of unit norm.
fn vectors() -> Vec<Vec<[f64; 2]>> {
    let configuration = MINIMUM.configuration();
    let wave = std::f64::consts::TAU / configuration.periodic_box().longest();
    (0..30)
        .map(|k| {
            let (a, b) = (f64::from(k % 6) - 2.0, f64::from(k / 6) - 1.5);
            let mut vector: Vec<[f64; 2]> = configuration
                .positions()
                .iter()
                .map(|r| {
                    let phase = (wave * (a * r[0] + b.round() * r[1]) + f64::from(k)).sin();
                    [-b * phase, a * phase]
                })
                .collect();
            let norm = vector.as_flattened().iter().map(|v| v * v).sum::<f64>().sqrt();
            vector.as_flattened_mut().iter_mut().for_each(|v| *v /= norm);
            vector
        })
        .collect()
}

/// What all modes share.
#[divan::bench(sample_count = 20)]
fn prepare(bencher: Bencher) {
    let (configuration, potential) = (MINIMUM.configuration(), MINIMUM.potential());
    bencher.bench(|| (Contacts::new(configuration, potential), Neighbourhood::new(configuration, potential)));
}

/// b₂, b₃, b₄ and cutoff shares of 30 modes.
#[divan::bench(sample_count = 20)]
fn expand_thirty(bencher: Bencher) {
    let contacts = Contacts::of(&MINIMUM);
    let vectors = vectors();
    bencher.bench(|| vectors.iter().map(|vector| contacts.expand(vector).b4).sum::<f64>());
}

/// The true profiles of 30 modes: search of a second minimum, and the energies on the grid.
#[divan::bench(sample_count = 20)]
fn profile_thirty(bencher: Bencher) {
    let contacts = Contacts::of(&MINIMUM);
    let neighbourhood = Neighbourhood::new(MINIMUM.configuration(), MINIMUM.potential());
    let modes: Vec<(Vec<[f64; 2]>, Quartic)> = vectors()
        .into_iter()
        .map(|vector| {
            let e = contacts.expand(&vector);
            (vector, Quartic::new(e.b2, e.b3, e.b4).expect("a minimum"))
        })
        .collect();
    bencher.bench(|| {
        let energies = modes.iter().map(|(vector, quartic)| {
            let profile = Profile::new(&neighbourhood, vector, quartic);
            profile.grid().iter().map(|&s| profile.energy(s)).sum::<f64>()
        });
        energies.sum::<f64>()
    });
}

/// Born and non-affine parts.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn elastic_constants(bencher: Bencher) {
    bencher.bench(|| ElasticConstants::compute(&MINIMUM).expect("a minimum"));
}
