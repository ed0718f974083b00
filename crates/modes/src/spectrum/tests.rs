//! The three methods against each other, on real minima and on engineered matrices. (Larger ones:
//! `tests/low_finds_what_dense_finds.rs`.)

use super::inertia::{count_below, staircase};
use super::*;
use faer::sparse::Triplet;
use glass::diameters::DiameterChoice;
use glass::quench::{QuenchSettings, quench};
use glass::{Configuration, Potential};

glass::test_on_each_instruction_set! {
    low_and_sliced_find_what_dense_finds,
    vectors_are_normal_modes_in_the_order_of_the_particles,
    nearly_and_exactly_degenerate_levels_are_all_found,
    inertia_counts_what_dense_counts,
    the_staircase_counts_all_modes,
    the_staircase_steps_aside_where_no_factorization_is_sound,
    a_saddle_reports_its_unstable_modes,
    zero_modes_beyond_the_translations_are_reported,
    a_limit_on_an_eigenvalue_is_moved_into_a_gap,
    the_lowest_modes_come_whatever_their_frequency,
}

/// The inherent structure below a random start.
pub(crate) fn structure(particles: usize, index: u64) -> InherentStructure {
    structure_in(particles, index)
}

/// The same in D dimensions.
fn structure_in<const D: usize>(particles: usize, index: u64) -> InherentStructure<D> {
    let seed = Seed::of_realization(17, index);
    let start = Configuration::<D>::scattered(seed, particles, 1.0, DiameterChoice::Random).expect("valid");
    let settings = QuenchSettings { force_tolerance: 1e-11, ..QuenchSettings::default() };
    quench(&start, &Potential::new(2).expect("valid"), &settings).expect("converges")
}

/// Its Hessian.
pub(crate) fn minimum(particles: usize, index: u64) -> Hessian {
    structure(particles, index).hessian().clone()
}

fn seed() -> Seed {
    Seed::of_realization(17, 99)
}

fn by(method: SpectrumMethod) -> SpectrumSettings {
    SpectrumSettings { method, omega_max: 1.5, omega_vectors: 1.5, ..SpectrumSettings::default() }
}

/// Every value of `spectrum` is the reference's, and every vector kept lies in the reference's
/// space of nearly equal values.
fn assert_same<const D: usize>(spectrum: &Spectrum<D>, reference: &Spectrum<D>) {
    let scale = reference.eigenvalues.last().copied().expect("not empty");
    for (value, expected) in spectrum.eigenvalues.iter().zip(&reference.eigenvalues) {
        assert!((value - expected).abs() < 1e-12 * scale, "{value} {expected}");
    }
    let nearest = |k: usize| {
        let gap = |j: usize| (reference.eigenvalues[j] - reference.eigenvalues[k]).abs();
        (0..reference.eigenvalues.len()).filter(|&j| j != k).map(gap).fold(f64::INFINITY, f64::min)
    };
    for (k, (participation, expected)) in spectrum.participation.iter().zip(&reference.participation).enumerate() {
        // Mixing by residual/gap changes PR in first order.
        let allowed = 1e-9 + 1e-8 / nearest(k);
        assert!((participation - expected).abs() < allowed, "{k}: {participation} {expected}");
    }
    let kept = spectrum.vectors_kept().min(reference.vectors_kept());
    assert!(kept >= 3);
    for k in 0..kept {
        let close = |j: &usize| (reference.eigenvalues[*j] - reference.eigenvalues[k]).abs() < 1e-4;
        let inside: f64 = (0..reference.vectors_kept())
            .filter(close)
            .map(|j| (reference.vectors.col(j).transpose() * spectrum.vectors.col(k)).powi(2))
            .sum();
        assert!((inside - 1.0).abs() < 1e-9, "{k}: {inside}");
    }
}

fn of(matrix: &SparseColMat<usize, f64>, settings: &SpectrumSettings) -> Spectrum {
    Spectrum::of_matrix(matrix, None, seed(), settings).expect("solved")
}

/// Copies of a matrix side by side, and `extra` entries.
fn copies(matrix: &Hessian, count: usize, extra: &[Triplet<usize, usize, f64>]) -> SparseColMat<usize, f64> {
    let size = 2 * matrix.particles();
    let sparse = matrix.to_sparse();
    let entries = (1..count).flat_map(|copy| {
        sparse.triplet_iter().map(move |t| Triplet::new(copy * size + t.row, copy * size + t.col, *t.val))
    });
    let entries: Vec<_> = entries.chain(extra.iter().copied()).collect();
    extended(matrix, count * size, &entries)
}

/// A matrix in the corner of one of `size` rows, and `extra` entries.
fn extended(matrix: &Hessian, size: usize, extra: &[Triplet<usize, usize, f64>]) -> SparseColMat<usize, f64> {
    let sparse = matrix.to_sparse();
    let entries: Vec<_> =
        sparse.triplet_iter().map(|t| Triplet::new(t.row, t.col, *t.val)).chain(extra.iter().copied()).collect();
    SparseColMat::try_new_from_triplets(size, size, &entries).expect("valid")
}

fn low_and_sliced_find_what_dense_finds() {
    find_what_dense_finds::<2>(&[(64, 0), (100, 1), (144, 2), (256, 3)], 1.5);
    find_what_dense_finds::<3>(&[(80, 0), (200, 1)], 3.0);
}

fn find_what_dense_finds<const D: usize>(systems: &[(usize, u64)], omega_max: f64) {
    for &(particles, index) in systems {
        let structure = structure_in::<D>(particles, index);
        let by = |method| SpectrumSettings { omega_max, omega_vectors: omega_max, ..by(method) };
        let compute =
            |method| Spectrum::compute(&structure, seed(), &by(method)).unwrap_or_else(|e| panic!("{particles}: {e}"));
        let dense = compute(SpectrumMethod::Dense);
        let (low, sliced) = (compute(SpectrumMethod::Low), compute(SpectrumMethod::Sliced));
        assert_eq!(dense.eigenvalues.len(), D * particles);
        assert_eq!(sliced.eigenvalues.len(), D * particles);
        let complete = low.omega_complete();
        assert!(complete >= omega_max && low.eigenvalues.len() < particles);
        let expected = dense.eigenvalues.iter().filter(|&&value| value < complete * complete).count();
        assert_eq!(low.eigenvalues.len(), expected);
        assert_eq!(low.vectors_kept(), expected);
        assert_same(&low, &dense);
        assert_same(&sliced, &dense);
        // All of them: trace and Frobenius norm.
        let matrix = structure.hessian().to_sparse();
        let trace: f64 = matrix.triplet_iter().filter(|t| t.row == t.col).map(|t| *t.val).sum();
        let square: f64 = matrix.val().iter().map(|value| value * value).sum();
        for spectrum in [&dense, &low, &sliced] {
            assert_eq!((spectrum.zero_modes(), spectrum.negative_modes()), (D, 0));
            assert!(spectrum.residual_max() < 1e-9 && spectrum.orthogonality_max() < 1e-9);
            if spectrum.omega_complete() == f64::INFINITY {
                let sum: f64 = spectrum.eigenvalues.iter().sum();
                let squares: f64 = spectrum.eigenvalues.iter().map(|value| value * value).sum();
                assert!((sum / trace - 1.0).abs() < 1e-12 && (squares / square - 1.0).abs() < 1e-12);
            }
        }
    }
}

fn vectors_are_normal_modes_in_the_order_of_the_particles() {
    let structure = structure(144, 2);
    let spectrum = Spectrum::compute(&structure, seed(), &by(SpectrumMethod::Low)).expect("solved");
    assert!(spectrum.vector(spectrum.vectors_kept()).is_none());
    for k in 0..spectrum.vectors_kept() {
        let vector = spectrum.vector(k).expect("kept");
        assert_eq!(vector.len(), 144);
        let flat: Vec<f64> = vector.iter().flatten().copied().collect();
        let mut product = vec![0.0; flat.len()];
        structure.hessian().apply(&flat, &mut product);
        let residual: f64 = flat.iter().zip(&product).map(|(v, hv)| (hv - spectrum.eigenvalues[k] * v).powi(2)).sum();
        assert!(residual.sqrt() < 1e-10);
        let fourth: f64 = vector.iter().map(|v| (v[0] * v[0] + v[1] * v[1]).powi(2)).sum();
        assert!((spectrum.participation[k] - 1.0 / (144.0 * fourth)).abs() < 1e-12);
    }
}

fn nearly_and_exactly_degenerate_levels_are_all_found() {
    let one = minimum(100, 1);
    let size = 2 * one.particles();
    // Two copies split by 1e-9 at one entry; two coupled by 1e-9; six exactly equal ones, which is
    // more than a block has vectors.
    let split = copies(&one, 2, &[Triplet::new(7, 7, 1e-9)]);
    let link = [Triplet::new(7, size + 7, -1e-9), Triplet::new(size + 7, 7, -1e-9)];
    let coupled = copies(&one, 2, &link);
    let equal = copies(&one, 6, &[]);
    for (matrix, count) in [(split, 2), (coupled, 2), (equal, 6)] {
        let dense = of(&matrix, &by(SpectrumMethod::Dense));
        let low = of(&matrix, &by(SpectrumMethod::Low));
        let sliced = of(&matrix, &by(SpectrumMethod::Sliced));
        assert_eq!(dense.zero_modes(), 2 * count);
        let complete = low.omega_complete().powi(2);
        assert_eq!(low.eigenvalues.len(), dense.eigenvalues.iter().filter(|&&value| value < complete).count());
        assert_eq!(sliced.eigenvalues.len(), dense.eigenvalues.len());
        for spectrum in [&low, &sliced] {
            for (value, expected) in spectrum.eigenvalues.iter().zip(&dense.eigenvalues) {
                assert!((value - expected).abs() < 1e-11 * dense.eigenvalues.last().expect("some"));
            }
            assert!(spectrum.orthogonality_max() < 1e-9 && spectrum.residual_max() < 1e-9);
        }
    }
}

fn inertia_counts_what_dense_counts() {
    for index in 0..3 {
        let matrix = minimum(100, index).to_sparse();
        let dense = of(&matrix, &by(SpectrumMethod::Dense));
        let ordered = OrderedMatrix::new(matrix.as_ref(), None::<&[[f64; 2]]>).expect("ordered");
        let top = 1.01 * dense.eigenvalues.last().expect("some");
        for k in 0..200 {
            let shift = top * (f64::from(k) + 0.37) / 200.0;
            let expected = dense.eigenvalues.iter().filter(|&&value| value < shift).count();
            assert_eq!(count_below(&ordered, shift, 1e-6).expect("sound"), expected, "{shift}");
        }
    }
}

fn the_staircase_counts_all_modes() {
    let structure = structure(144, 2);
    let settings = SpectrumSettings { staircase_shifts: 60, ..by(SpectrumMethod::Dense) };
    let spectrum = Spectrum::compute(&structure, seed(), &settings).expect("solved");
    assert_eq!(spectrum.staircase().len(), 60);
    for &(omega, count) in spectrum.staircase() {
        let expected = spectrum.eigenvalues.iter().filter(|&&value| value < omega * omega).count();
        assert_eq!(count, expected as u64, "{omega}");
    }
    let (top, all) = spectrum.staircase()[59];
    assert_eq!((top.fract(), all), (0.0, 288));
}

fn the_staircase_steps_aside_where_no_factorization_is_sound() {
    // Pairs of rows with eigenvalues near 215 and −165, whose first rows have pivots too small for any shift within
    // 1.5e-5 ‖H‖ of 25.
    let entries: Vec<_> = (0..7)
        .flat_map(|k| {
            let (row, a) = (2 * k, 25.0 + 1e-3 * (k as f64 - 3.0));
            [(row, row, a), (row + 1, row, 190.0), (row, row + 1, 190.0), (row + 1, row + 1, 25.0)]
        })
        .map(|(row, column, value)| Triplet::new(row, column, value))
        .collect();
    let matrix = SparseColMat::try_new_from_triplets(14, 14, &entries).expect("valid");
    let matrix = OrderedMatrix::new(matrix.as_ref(), None::<&[[f64; 2]]>).expect("ordered");
    let steps = staircase(&matrix, 15).expect("counted");
    for (k, &(omega, count)) in steps.iter().enumerate() {
        assert!((omega - (k + 1) as f64).abs() < 1e-2, "{omega}");
        assert_eq!(omega == (k + 1) as f64, k != 4);
        assert_eq!(count, if k < 14 { 7 } else { 14 });
    }
}

fn a_saddle_reports_its_unstable_modes() {
    let minimum = structure(144, 2);
    let displacement: Vec<[f64; 2]> = (0..144).map(|i| [((i * 7) as f64).sin(), ((i * 5) as f64).cos()]).collect();
    let displaced = minimum.configuration().displaced(&displacement, 0.12);
    let hessian = Hessian::new(&displaced, minimum.potential());
    let compute = |method| Spectrum::of_hessian(&hessian, seed(), &by(method)).expect("solved");
    let dense = compute(SpectrumMethod::Dense);
    assert!(dense.negative_modes() >= 2, "{}", dense.negative_modes());
    assert_eq!(dense.negative_modes(), dense.eigenvalues.iter().filter(|&&value| value < -1e-6).count());
    for spectrum in [compute(SpectrumMethod::Low), compute(SpectrumMethod::Sliced)] {
        assert_eq!((spectrum.negative_modes(), spectrum.zero_modes()), (dense.negative_modes(), 2));
        assert_same(&spectrum, &dense);
    }
}

fn zero_modes_beyond_the_translations_are_reported() {
    // Three or fifty more particles that touch nothing; fifty are more than a window holds.
    let one = minimum(100, 1);
    for more in [3, 50] {
        let size = 200 + 2 * more;
        let free: Vec<_> = (200..size).map(|row| Triplet::new(row, row, 0.0)).collect();
        let matrix = extended(&one, size, &free);
        let dense = of(&matrix, &by(SpectrumMethod::Dense));
        assert_eq!(dense.zero_modes(), 2 + 2 * more);
        for spectrum in [of(&matrix, &by(SpectrumMethod::Low)), of(&matrix, &by(SpectrumMethod::Sliced))] {
            assert_eq!((spectrum.zero_modes(), spectrum.negative_modes()), (2 + 2 * more, 0));
            for (value, expected) in spectrum.eigenvalues.iter().zip(&dense.eigenvalues) {
                assert!((value - expected).abs() < 1e-9);
            }
        }
    }
}

#[test]
fn rattlers_are_what_repeated_removal_leaves_out() {
    // At random and dilute, so that many particles touch few others: three or four on average, or five in space.
    are_what_repeated_removal_leaves_out::<2>(0.75);
    are_what_repeated_removal_leaves_out::<3>(0.6);
}

fn are_what_repeated_removal_leaves_out<const D: usize>(density: f64) {
    let scattered = Configuration::<D>::scattered(seed(), 200, density, DiameterChoice::Random).expect("valid");
    let hessian = Hessian::new(&scattered, &Potential::new(2).expect("valid"));
    let mut rattles = vec![false; 200];
    loop {
        let mut contacts = vec![0; 200];
        for pair in hessian.pairs() {
            let (i, j) = (pair.first as usize, pair.second as usize);
            if !rattles[i] && !rattles[j] {
                contacts[i] += 1;
                contacts[j] += 1;
            }
        }
        let now: Vec<bool> = contacts.iter().map(|&count| count < D + 1).collect();
        if now == rattles {
            break;
        }
        rattles = now;
    }
    let expected: Vec<u32> = (0..200).filter(|&i| rattles[i as usize]).collect();
    assert!(!expected.is_empty() && expected.len() < 200, "{}", expected.len());
    assert_eq!(rattlers::rattlers(&hessian), expected);
}

fn a_limit_on_an_eigenvalue_is_moved_into_a_gap() {
    let matrix = minimum(100, 1).to_sparse();
    let dense = of(&matrix, &by(SpectrumMethod::Dense));
    for k in [2, 5, 9] {
        let omega_max = dense.eigenvalues[k].sqrt();
        let low = of(&matrix, &SpectrumSettings { omega_max, ..by(SpectrumMethod::Low) });
        let complete = low.omega_complete().powi(2);
        assert!(low.omega_complete() >= omega_max);
        let expected = dense.eigenvalues.iter().filter(|&&value| value < complete).count();
        assert_eq!(low.eigenvalues.len(), expected);
        // The gap: no eigenvalue at the border itself.
        assert!(dense.eigenvalues.iter().all(|value| (value - complete).abs() > 1e-4 * complete));
    }
}

fn the_lowest_modes_come_whatever_their_frequency() {
    let matrix = minimum(100, 1).to_sparse();
    let dense = of(&matrix, &by(SpectrumMethod::Dense));
    for lowest_vectors in [1, 5, 40, 1000] {
        let settings = SpectrumSettings { omega_max: 0.0, lowest_vectors, ..by(SpectrumMethod::Low) };
        let low = of(&matrix, &settings);
        let found = low.eigenvalues.len();
        assert!(found >= (2 + lowest_vectors).min(200), "{found}");
        let complete = low.omega_complete().powi(2);
        assert_eq!(dense.eigenvalues.iter().filter(|&&value| value < complete).count(), found);
    }
}

#[test]
fn threads_do_not_change_a_bit() {
    let matrix = minimum(256, 3).to_sparse();
    for method in [SpectrumMethod::Low, SpectrumMethod::Sliced] {
        let settings = SpectrumSettings { omega_max: 4.0, omega_vectors: 4.0, ..by(method) };
        let alone = of(&matrix, &settings);
        for threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            let settings = SpectrumSettings { parallel_windows: true, ..settings };
            let pooled = pool.install(|| of(&matrix, &settings));
            assert_eq!(pooled.eigenvalues, alone.eigenvalues);
            assert_eq!(pooled.participation, alone.participation);
            assert_eq!(pooled.vectors, alone.vectors);
            assert_eq!(pooled.residual_max, alone.residual_max);
        }
    }
}

#[test]
fn too_few_steps_are_a_failure_that_says_what_is_missing() {
    let matrix = minimum(256, 3).to_sparse();
    for block_steps_max in [0, 1, 5] {
        let settings = SpectrumSettings { block_steps_max, ..by(SpectrumMethod::Low) };
        match Spectrum::<2>::of_matrix(&matrix, None, seed(), &settings) {
            Err(SpectrumFailure::Incomplete { omega, found, counted }) => {
                assert!(omega >= 1.5 && found < counted, "{omega} {found} {counted}");
            }
            other => panic!("{other:?}"),
        }
    }
}
