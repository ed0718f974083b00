//! Transitions of small glasses against the slow twin: a nudged elastic band of many images.

#![expect(clippy::expect_used, reason = "tests")]

use super::path::{PathSettings, PlainSurface, minimum_energy_path};
use super::*;
use crate::describe::samples::{double_well, minimum_in, modes};
use crate::spectrum::SpectrumSettings;
use crate::spectrum::factorization::OrderedMatrix;
use glass::Seed;
use glass::energy::evaluate;

const QUENCH: QuenchSettings = QuenchSettings { force_tolerance: 1e-12, evaluations_max: 100_000 };

/// The landscape again, without anything that is kept between evaluations.
struct Plain<'a, const D: usize>(&'a InherentStructure<D>);

impl<const D: usize> PlainSurface for Plain<'_, D> {
    fn evaluate(&mut self, position: &[f64], force: &mut [f64]) -> f64 {
        let place = position.as_chunks::<D>().0;
        let evaluation = evaluate(&self.0.configuration().displaced(place, 1.0), self.0.potential());
        force.copy_from_slice(evaluation.forces.as_flattened());
        evaluation.energy
    }
}

/// The ways found both ways along the lowest modes of a minimum, and how many searches failed.
fn ways<const D: usize>(minimum: &InherentStructure<D>, count: usize) -> (Vec<Route<D>>, usize) {
    let mut surroundings = Surroundings::of(minimum).expect("factorizes");
    let (mut found, mut failed): (Vec<Route<D>>, usize) = (Vec::new(), 0);
    for mode in modes(minimum).into_iter().take(count) {
        let vector = mode.vector;
        let searched = SearchedDirection { source: 0, along: Along::Harmonic, second_minimum: f64::NAN, vector };
        for (_, way) in surroundings.search(&searched, &QUENCH).expect("factorizes") {
            match way {
                Ok(way) if way.neighbour < found.len() => found[way.neighbour] = way.route,
                Ok(way) => found.push(way.route),
                Err(_) => failed += 1,
            }
        }
    }
    (found, failed)
}

/// The way to the second well of [`double_well`]: the shortest.
fn second_well(routes: &[Route<2>]) -> &Route<2> {
    let by_distance = |a: &&Route<2>, b: &&Route<2>| norm(a.end_place()).total_cmp(&norm(b.end_place()));
    routes.iter().min_by(by_distance).expect("its second well")
}

/// Longer ways take the band too many steps.
const LENGTH_MAX: f64 = 2.6;

#[test]
fn barriers_and_lengths_are_those_of_a_dense_elastic_band() {
    are_those_of_a_dense_elastic_band::<2>(64);
}

#[test]
fn barriers_and_lengths_in_space_are_those_of_a_dense_elastic_band() {
    are_those_of_a_dense_elastic_band::<3>(150);
}

fn are_those_of_a_dense_elastic_band<const D: usize>(particles: usize) {
    let settings = PathSettings { images: 31, force_tolerance: 1e-4, steps_max: 2500 };
    let (mut compared, mut others, mut found, mut failures) = (0, 0, 0, 0);
    for index in 0..10 {
        let minimum = minimum_in::<D>(100 + index, particles, 2);
        let (routes, failed) = ways(&minimum, 1);
        failures += failed;
        found += routes.len();
        for route in &routes {
            let line = Line::of(route);
            if line.length() > LENGTH_MAX {
                continue;
            }
            let end = route.end_place().as_flattened();
            // A band that does not come to rest proves nothing.
            let Ok(band) = minimum_energy_path(&mut Plain(&minimum), &vec![0.0; end.len()], end, &settings) else {
                continue;
            };
            let (barrier, length) = (band.energies[band.highest] - band.energies[0], band.arc[band.images.len() - 1]);
            // Between two minima there may be more saddles than one: then the band finds one that is lower, or higher.
            if (route.saddle_energy() - barrier).abs() > 1e-3 {
                others += 1;
                continue;
            }
            compared += 1;
            // The band stops at forces of 10⁻⁴, which are F²/2|λ| of energy.
            assert!((route.saddle_energy() - barrier).abs() < 1e-6, "{index}: {} {barrier}", route.saddle_energy());
            // The band is too short by 0.5 %, the way too long by 1.5 %, of first order in their spacing; more where ways bend
            // more.
            let apart = [0.03, 0.04][D - 2];
            assert!((line.length() / length - 1.0).abs() < apart, "{index}: {} {length}", line.length());
        }
    }
    let counts = format!("{compared} compared, {others} over other saddles, {found} found, {failures} failed");
    assert!(compared >= 5 && compared > 3 * others && found > 2 * failures, "{counts}");
}

#[test]
fn a_transition_is_the_way_between_two_minima_and_back() {
    let minimum = double_well();
    let (routes, _) = ways(&minimum, 1);
    let route = second_well(&routes);
    let end = Ground::new(&minimum).configuration(route.end_place());
    let there = glass::quench::quench(&end, minimum.potential(), &QUENCH).expect("converges");
    let (back, _) = ways(&there, 3);
    let back = back.iter().find(|back| {
        (back.saddle_energy() - route.nodes().iter().map(|node| node.energy).fold(f64::NEG_INFINITY, f64::max)
            + Line::of(route).end_energy())
        .abs()
            < 1e-9
    });
    assert!(back.is_some(), "the same saddle from the other side");
}

#[test]
fn the_line_confines_and_its_splitting_is_that_of_its_wells() {
    let minimum = double_well();
    let (routes, _) = ways(&minimum, 1);
    let line = Line::of(second_well(&routes));
    let [start, end] = line.curvatures();
    assert!(start > 0.0 && end > 0.0);
    // Continuous where cubics and parabolas meet.
    for s in [0.0, line.length()] {
        assert!((line.value(s - 1e-9) - line.value(s + 1e-9)).abs() < 1e-9);
    }
    // So small an ħ̃ that the deeper well, which is at the end, keeps both levels.
    let levels = line.levels(1e-5).expect("confined");
    let spacing = 1e-5 * end.sqrt();
    assert!((levels.splitting / spacing - 1.0).abs() < 0.2, "{levels:?} {spacing}");
}

/// In a glass of 1800 particles or more a saddle of the patch relaxes in a larger one before all particles are free. What
/// comes of it is a saddle of the whole glass, between two of its minima.
#[test]
fn ways_of_a_large_glass_lead_over_saddles_of_the_whole_glass() {
    let minimum = minimum_in::<2>(200, 1800, 2);
    let settings = SpectrumSettings { lowest_vectors: 4, ..SpectrumSettings::default() };
    let spectrum = Spectrum::compute(&minimum, Seed::of_realization(200, 0), &settings).expect("converges");
    let mut surroundings = Surroundings::of(&minimum).expect("factorizes");
    let mut found = 0;
    for index in spectrum.zero_modes()..spectrum.zero_modes() + 4 {
        let vector = spectrum.vector(index).expect("kept");
        let searched = SearchedDirection { source: 0, along: Along::Harmonic, second_minimum: f64::NAN, vector };
        for way in
            surroundings.search(&searched, &QUENCH).expect("factorizes").into_iter().filter_map(|(_, way)| way.ok())
        {
            found += 1;
            let nodes = way.route.nodes();
            let top = (0..nodes.len()).max_by(|&a, &b| nodes[a].energy.total_cmp(&nodes[b].energy)).expect("nodes");
            let saddle = minimum.configuration().displaced(&nodes[top].place, 1.0);
            let there = evaluate(&saddle, minimum.potential());
            let here = evaluate(minimum.configuration(), minimum.potential());
            assert!((there.energy - here.energy - way.route.saddle_energy()).abs() < 1e-8);
            assert!(glass::energy::force_max(&there.forces) < 1e-8);
            let hessian = glass::Hessian::new(&saddle, minimum.potential());
            let matrix = OrderedMatrix::new::<2>(hessian.to_sparse().as_ref(), None).expect("ordered");
            let factors = matrix.factorize(-1e-7).map_err(|_| "a pivot is zero").expect("factorizes");
            assert_eq!(factors.negative_pivots(), 1);
            // From halfway down each side a quench ends in the minimum of that side.
            for (node, end) in
                [(&nodes[top / 2], &nodes[0]), (&nodes[(top + nodes.len()) / 2], &nodes[nodes.len() - 1])]
            {
                let start = minimum.configuration().displaced(&node.place, 1.0);
                let reached = glass::quench::quench(&start, minimum.potential(), &QUENCH).expect("converges");
                let energy = evaluate(reached.configuration(), minimum.potential()).energy - here.energy;
                assert!((energy - end.energy).abs() < 1e-8, "{energy} {}", end.energy);
            }
        }
    }
    assert!(found >= 2, "{found} ways");
}
