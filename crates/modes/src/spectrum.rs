//! Normal modes of an inherent structure, with evidence of what was found and how well.
//!
//! Three methods with one result. `dense` is the reference. `low` and `sliced` are one algorithm:
//! the range asked for is divided into windows whose numbers of eigenvalues are known beforehand,
//! from the inertia of H − σ at their borders; shift-invert block Lanczos brings the eigenpairs of
//! each, and is not content before it has them all. `low` covers (−∞, ω²_max], `sliced` everything.

mod block;
mod checks;
mod counting;
mod dense;
mod dissection;
pub(crate) mod factorization;
mod fronts;
pub(crate) mod inertia;
mod lanczos;
mod low;
mod rattlers;
mod shift;
mod sliced;
mod solution;
mod substitution;
mod window;
mod windows;

pub(crate) use checks::participation_ratio;
use factorization::OrderedMatrix;
use faer::Mat;
use faer::sparse::SparseColMat;
use glass::random::Stage;
use glass::{Hessian, InherentStructure, Seed};
use inertia::Signature;
use serde::{Deserialize, Serialize};
use solution::{Kept, Solution};
use thiserror::Error;

/// How the eigenpairs are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SpectrumMethod {
    /// All DN by faer's dense self-adjoint solver: the reference.
    Dense,
    /// All DN by spectrum slicing: shift-invert block Lanczos per window, inertia at the borders.
    Sliced,
    /// All below `omega_max`, by shift-invert block Lanczos, certified by inertia.
    Low,
}

impl SpectrumMethod {
    /// Bytes of the matrices that exist at once for a glass of so many particles in so many dimensions; next to nothing
    /// where they are sparse.
    pub fn matrix_bytes(self, particles: usize, dimension: usize) -> f64 {
        let elements = (dimension as f64 * particles as f64).powi(2);
        match self {
            SpectrumMethod::Dense => (dense::MATRICES * size_of::<f64>()) as f64 * elements,
            SpectrumMethod::Sliced | SpectrumMethod::Low => 0.0,
        }
    }
}

/// What is asked of the spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpectrumSettings {
    /// Method.
    pub method: SpectrumMethod,
    /// `low` finds every mode with ω below this.
    pub omega_max: f64,
    /// `low` finds, and every method keeps the vectors of, at least this many of the lowest modes
    /// above zero, whatever their ω.
    pub lowest_vectors: usize,
    /// Vectors of all modes with ω below this are kept. (`low` keeps all that it finds.)
    pub omega_vectors: f64,
    /// Number of shifts of the integrated density of states by inertia; 0 for none.
    pub staircase_shifts: usize,
    /// Most Lanczos steps, of one block each, spent on one window; about 50 are usual.
    pub block_steps_max: usize,
    /// Solve windows on the threads of the current rayon pool; the bits are the same.
    pub parallel_windows: bool,
}

impl Default for SpectrumSettings {
    fn default() -> Self {
        SpectrumSettings {
            method: SpectrumMethod::Low,
            omega_max: 0.45,
            lowest_vectors: 1,
            omega_vectors: 0.45,
            staircase_shifts: 0,
            block_steps_max: 2000,
            parallel_windows: false,
        }
    }
}

/// Eigenpairs of the Hessian, ascending; only this module makes one.
#[derive(Debug, Clone)]
pub struct Spectrum<const D: usize = 2> {
    eigenvalues: Vec<f64>,
    participation: Vec<f64>,
    /// DN × (number kept): those of the lowest modes, unit norm, columns as eigenvalues.
    vectors: Mat<f64>,
    omega_complete: f64,
    zero_modes: usize,
    negative_modes: usize,
    rattlers: Vec<u32>,
    residual_max: f64,
    orthogonality_max: f64,
    staircase: Vec<(f64, u64)>,
}

/// Why there is no spectrum.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum SpectrumFailure {
    /// A factorization or the dense solver gave up.
    #[error("{stage} failed: {cause}")]
    Solver {
        /// What was being done.
        stage: &'static str,
        /// In faer's words, or ours.
        cause: String,
    },
    /// The count of modes found disagrees with the inertia.
    #[error("found {found} modes below omega = {omega}, but the inertia counts {counted}")]
    Incomplete {
        /// ω up to which was counted.
        omega: f64,
        /// Modes found.
        found: usize,
        /// Negative pivots.
        counted: usize,
    },
    /// Nothing to find modes of: a packing that holds no pressure.
    #[error(
        "not jammed: {without_contacts} particles without contacts, at least {zero_modes} zero modes, pressure \
         {pressure:.1e}; no rigid glass at this density: raise it, or compress the glass first"
    )]
    NotJammed {
        /// Particles that touch none.
        without_contacts: usize,
        /// A lower bound of the number of zero modes.
        zero_modes: usize,
        /// Pressure.
        pressure: f64,
    },
    /// An eigenpair is worse than the bound.
    #[error("largest residual {residual:.2e} exceeds {bound:.1e}")]
    Residual {
        /// max ‖Hv − λv‖.
        residual: f64,
        /// Bound.
        bound: f64,
    },
    /// Two eigenvectors are less orthogonal than the bound.
    #[error("largest deviation from orthonormality {deviation:.2e} exceeds {bound:.1e}")]
    Orthogonality {
        /// max |v_i·v_j − δ_ij|.
        deviation: f64,
        /// Bound.
        bound: f64,
    },
}

/// Below this pressure nothing holds a packing of repulsive particles together: what is left of forces is their rounding.
const UNJAMMED_PRESSURE: f64 = 1e-8;

/// What an inherent structure is that nothing holds together; `None` for a glass. Attraction holds one at any pressure, if
/// there are contacts enough.
fn not_jammed<const D: usize>(structure: &InherentStructure<D>) -> Option<SpectrumFailure> {
    if structure.pressure() > UNJAMMED_PRESSURE {
        return None;
    }
    let attractive = structure.potential().deepest() < 0.0;
    let hessian = structure.hessian();
    let mut alone = vec![true; hessian.particles()];
    for pair in hessian.pairs() {
        alone[pair.first as usize] = false;
        alone[pair.second as usize] = false;
    }
    let without_contacts = alone.iter().filter(|&&alone| alone).count();
    // Each contact holds one degree of freedom.
    let zero_modes = (D * hessian.particles()).saturating_sub(hessian.pairs().len()).max(D * without_contacts);
    if attractive && zero_modes <= D {
        return None;
    }
    Some(SpectrumFailure::NotJammed { without_contacts, zero_modes, pressure: structure.pressure() })
}

impl SpectrumFailure {
    pub(crate) fn solver(stage: &'static str, cause: impl std::fmt::Display) -> Self {
        SpectrumFailure::Solver { stage, cause: cause.to_string() }
    }
}

/// Largest ‖Hv − λv‖ accepted, in units of max(1, ‖H‖_∞/1000).
const RESIDUAL_BOUND: f64 = 1e-9;

/// Largest |v_i·v_j − δ_ij| accepted.
const ORTHOGONALITY_BOUND: f64 = 1e-7;

impl<const D: usize> Spectrum<D> {
    /// The modes of an inherent structure.
    ///
    /// # Errors
    /// [`SpectrumFailure`] when the structure is not jammed, a solver gives up, modes are missing, or a pair is not
    /// good enough.
    pub fn compute(
        structure: &InherentStructure<D>,
        seed: Seed,
        settings: &SpectrumSettings,
    ) -> Result<Self, SpectrumFailure> {
        match not_jammed(structure) {
            Some(failure) => Err(failure),
            None => Self::of_hessian(structure.hessian(), seed, settings),
        }
    }

    /// The modes of any Hessian, that of a saddle included. Start vectors come from the
    /// [`Stage::Spectrum`] stream of `seed`.
    ///
    /// # Errors
    /// As [`Spectrum::compute`].
    pub fn of_hessian(hessian: &Hessian<D>, seed: Seed, settings: &SpectrumSettings) -> Result<Self, SpectrumFailure> {
        let mut spectrum = Self::of_matrix(&hessian.to_sparse(), Some(hessian.positions()), seed, settings)?;
        spectrum.rattlers = rattlers::rattlers(hessian);
        Ok(spectrum)
    }

    /// The same for a symmetric matrix of DN rows, both triangles and the diagonal stored, of
    /// particles at `positions`.
    fn of_matrix(
        matrix: &SparseColMat<usize, f64>,
        positions: Option<&[[f64; D]]>,
        seed: Seed,
        settings: &SpectrumSettings,
    ) -> Result<Self, SpectrumFailure> {
        let ordered = OrderedMatrix::new(matrix.as_ref(), positions)?;
        let signature = Signature::of(&ordered)?;
        let lowest = signature.negative + signature.zero + settings.lowest_vectors;
        let kept = Kept { lambda: settings.omega_vectors * settings.omega_vectors, lowest };
        let everything = Kept { lambda: f64::INFINITY, lowest };
        let mut stream = seed.stream(Stage::Spectrum);
        let mut by_windows = |areas: &[window::Window], kept| {
            let (steps, parallel) = (settings.block_steps_max, settings.parallel_windows);
            windows::solve_windows(&ordered, areas, kept, steps, parallel, &mut stream)
        };
        let (solution, lambda_complete) = match settings.method {
            SpectrumMethod::Dense => (dense::dense(&ordered, kept)?, f64::INFINITY),
            SpectrumMethod::Sliced => (by_windows(&sliced::all_windows(&ordered, signature)?, kept)?, f64::INFINITY),
            SpectrumMethod::Low => {
                let areas = low::low_windows(&ordered, signature, settings.omega_max, settings.lowest_vectors)?;
                let found: usize = areas.iter().map(|window| window.count).sum();
                let high = areas.iter().map(|window| window.high).fold(0.0, f64::max);
                // Above the last mode there is none, however far.
                let complete = if found == ordered.size() { f64::INFINITY } else { high };
                (by_windows(&areas, everything)?, complete)
            }
        };
        let staircase = inertia::staircase(&ordered, settings.staircase_shifts)?;
        accept(solution, ordered.norm(), signature, lambda_complete.sqrt(), staircase)
    }

    /// λ = ω², ascending, the Goldstone modes included.
    pub fn eigenvalues(&self) -> &[f64] {
        &self.eigenvalues
    }

    /// Participation ratio 1/[N Σ_i (Ψ_i·Ψ_i)²] of each.
    pub fn participation(&self) -> &[f64] {
        &self.participation
    }

    /// Ψ of mode `k` (position in [`Spectrum::eigenvalues`]), N × D, unit norm; `None` if not kept.
    pub fn vector(&self, k: usize) -> Option<Vec<[f64; D]>> {
        (k < self.vectors.ncols()).then(|| {
            let (vectors, []) = self.vectors.col_as_slice(k).as_chunks::<D>() else { return Vec::new() };
            vectors.to_vec()
        })
    }

    /// Number of vectors kept: those of the lowest modes.
    pub fn vectors_kept(&self) -> usize {
        self.vectors.ncols()
    }

    /// Every mode with ω below this is among them; infinite when all DN are. At least `omega_max`.
    pub fn omega_complete(&self) -> f64 {
        self.omega_complete
    }

    /// Modes with |λ| ≤ 10⁻¹¹ ‖H‖_∞. D of them are the translations.
    pub fn zero_modes(&self) -> usize {
        self.zero_modes
    }

    /// Modes with λ < −10⁻¹¹ ‖H‖_∞: with any, the structure is a saddle.
    pub fn negative_modes(&self) -> usize {
        self.negative_modes
    }

    /// Particles that rattle: with fewer than D + 1 contacts, counting only contacts with
    /// particles that do not rattle themselves. Ascending.
    pub fn rattlers(&self) -> &[u32] {
        &self.rattlers
    }

    /// max ‖Hv − λv‖ over all modes.
    pub fn residual_max(&self) -> f64 {
        self.residual_max
    }

    /// max |v_i·v_j − δ_ij|, over all pairs kept and all close in λ.
    pub fn orthogonality_max(&self) -> f64 {
        self.orthogonality_max
    }

    /// The integrated density of states of all modes: (ω, number of modes with ω below it), from
    /// inertia counts at evenly spaced ω up to the first whole number above all of them.
    pub fn staircase(&self) -> &[(f64, u64)] {
        &self.staircase
    }
}

/// The last check: residuals, orthogonality, and the same zero and negative modes as by inertia.
fn accept<const D: usize>(
    solution: Solution,
    norm: f64,
    signature: Signature,
    omega_complete: f64,
    staircase: Vec<(f64, u64)>,
) -> Result<Spectrum<D>, SpectrumFailure> {
    let Solution { values, participation, residual_max, orthogonality_max, vectors } = solution;
    let bound = RESIDUAL_BOUND * (norm / 1000.0).max(1.0);
    if residual_max.is_nan() || residual_max > bound {
        return Err(SpectrumFailure::Residual { residual: residual_max, bound });
    }
    if orthogonality_max.is_nan() || orthogonality_max > ORTHOGONALITY_BOUND {
        let (deviation, bound) = (orthogonality_max, ORTHOGONALITY_BOUND);
        return Err(SpectrumFailure::Orthogonality { deviation, bound });
    }
    let unstable_or_zero = values.iter().filter(|&&value| value <= signature.tolerance).count();
    let counted = signature.negative + signature.zero;
    if unstable_or_zero != counted {
        return Err(SpectrumFailure::Incomplete { omega: 0.0, found: unstable_or_zero, counted });
    }
    Ok(Spectrum {
        eigenvalues: values,
        participation,
        vectors,
        omega_complete,
        zero_modes: signature.zero,
        negative_modes: signature.negative,
        rattlers: Vec::new(),
        residual_max,
        orthogonality_max,
        staircase,
    })
}

#[cfg(test)]
mod tests;
