//! The fixed-point searches of one inherent structure, as many side by side as fit into one solve.

use super::contraction::contraction;
use super::flexibility::{Flexibility, SHIFT};
use super::translation::without_translation;
use super::{Kind, Unconverged};
use crate::describe::expansion::Contacts;
use crate::spectrum::SpectrumFailure;
use crate::spectrum::factorization::{LANES, OrderedMatrix};
use glass::Hessian;

/// A search has converged when its residual is below this, or below what rounding leaves of it.
pub const TOLERANCE: f64 = 1e-10;

/// Rounding of one component of H·z, as a multiple of ε times the stiffness of the stiffest particle.
const ROUNDING: f64 = 4.0;

/// One search to be made.
pub(super) struct Search<const D: usize> {
    pub(super) kind: Kind,
    /// Position of the mode it starts from.
    pub(super) source: usize,
    /// That mode, N × D.
    pub(super) start: Vec<[f64; D]>,
}

/// A search that ended in a mode.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Converged<const D: usize> {
    pub(super) kind: Kind,
    pub(super) source: usize,
    /// z, N × D, unit norm.
    pub(super) vector: Vec<[f64; D]>,
    /// κ = z·H·z.
    pub(super) curvature: f64,
    pub(super) iterations: u32,
    pub(super) residual: f64,
}

/// How each search ended, in the order of `searches`.
///
/// # Errors
/// [`SpectrumFailure::Solver`] when the Hessian cannot be factorized.
pub(super) fn run<const D: usize>(
    hessian: &Hessian<D>,
    contacts: &Contacts<D>,
    searches: Vec<Search<D>>,
    iterations_max: u32,
) -> Result<Vec<Result<Converged<D>, Unconverged>>, SpectrumFailure> {
    let matrix = OrderedMatrix::new(hessian.to_sparse().as_ref(), Some(hessian.positions()))?;
    let factorization =
        matrix.factorize(-SHIFT).map_err(|_| SpectrumFailure::solver("factorization", "a pivot of H is zero"))?;
    let mut flexibility = Flexibility::new(&matrix, factorization);
    let landscape = Landscape { hessian, contacts, rounding: ROUNDING * f64::EPSILON * contacts.stiffness() };

    let mut ended: Vec<Option<Result<Converged<D>, Unconverged>>> = searches.iter().map(|_| None).collect();
    let mut waiting = searches.into_iter().enumerate();
    let mut running: Vec<(usize, Walker<D>)> = Vec::new();
    loop {
        while running.len() < LANES {
            let Some((place, search)) = waiting.next() else { break };
            running.push((place, Walker::new(search)));
        }
        let mut fields = Vec::with_capacity(LANES);
        running.retain_mut(|(place, walker)| match walker.look(&landscape, iterations_max) {
            Look::Goes(field) => {
                fields.push(field);
                true
            }
            Look::Ends(end) => {
                ended[*place] = Some(end);
                false
            }
        });
        if running.is_empty() {
            // Those that waited may all have ended at their first look.
            if waiting.len() == 0 {
                return Ok(ended.into_iter().flatten().collect());
            }
            continue;
        }
        flexibility.solve(&mut fields);
        for ((_, walker), field) in running.iter_mut().zip(fields) {
            walker.step(field);
        }
    }
}

/// What every search of one inherent structure looks at.
pub(super) struct Landscape<'a, const D: usize> {
    pub(super) hessian: &'a Hessian<D>,
    pub(super) contacts: &'a Contacts<D>,
    /// Length that rounding gives each component of H·z.
    pub(super) rounding: f64,
}

/// Where one search stands.
pub(super) struct Walker<const D: usize> {
    kind: Kind,
    source: usize,
    vector: Vec<[f64; D]>,
    iterations: u32,
}

/// What a look at a direction says.
enum Look<const D: usize> {
    /// On with H⁻¹ of this field.
    Goes(Vec<[f64; D]>),
    Ends(Result<Converged<D>, Unconverged>),
}

/// κ, G and the residual of one direction.
pub(super) struct Stationarity<const D: usize> {
    pub(super) curvature: f64,
    pub(super) gradient: Vec<[f64; D]>,
    pub(super) residual: f64,
    /// The residual that rounding alone may leave.
    floor: f64,
}

impl<const D: usize> Stationarity<D> {
    pub(super) fn of(landscape: &Landscape<'_, D>, kind: Kind, z: &[[f64; D]]) -> Self {
        let mut product = vec![[0.0; D]; z.len()];
        landscape.hessian.apply(z.as_flattened(), product.as_flattened_mut());
        let gradient = contraction(landscape.contacts, kind, z);
        let (curvature, denominator) = (dot(z, &product), dot(z, &gradient));
        let ratio = curvature / denominator;
        let difference =
            product.as_flattened().iter().zip(gradient.as_flattened()).map(|(h, g)| (h - ratio * g).powi(2));
        // ∇(κ²/S) = 4(κ/S)(H·z − (κ/S) G); the other two are measured without their prefactor.
        let prefactor = if kind == Kind::PseudoHarmonic { 4.0 / denominator } else { 1.0 };
        let length = norm(&product);
        let residual = prefactor * difference.sum::<f64>().sqrt() / length;
        let floor = prefactor * landscape.rounding / length;
        Stationarity { curvature, gradient, residual, floor }
    }
}

impl<const D: usize> Walker<D> {
    pub(super) fn new(search: Search<D>) -> Self {
        let mut vector = search.start;
        without_translation(&mut vector);
        normalize(&mut vector);
        Walker { kind: search.kind, source: search.source, vector, iterations: 0 }
    }

    fn look(&mut self, landscape: &Landscape<'_, D>, iterations_max: u32) -> Look<D> {
        let (kind, source, iterations) = (self.kind, self.source, self.iterations);
        let here = Stationarity::of(landscape, kind, &self.vector);
        let residual = here.residual;
        if residual <= TOLERANCE.max(here.floor) && here.curvature > 0.0 {
            let (vector, curvature) = (std::mem::take(&mut self.vector), here.curvature);
            return Look::Ends(Ok(Converged { kind, source, vector, curvature, iterations, residual }));
        }
        if iterations >= iterations_max || !residual.is_finite() {
            return Look::Ends(Err(Unconverged { kind, source, iterations, residual }));
        }
        Look::Goes(here.gradient)
    }

    fn step(&mut self, mut field: Vec<[f64; D]>) {
        normalize(&mut field);
        self.vector = field;
        self.iterations += 1;
    }
}

/// a·b.
pub(super) fn dot<const D: usize>(a: &[[f64; D]], b: &[[f64; D]]) -> f64 {
    a.as_flattened().iter().zip(b.as_flattened()).map(|(x, y)| x * y).sum()
}

fn norm<const D: usize>(a: &[[f64; D]]) -> f64 {
    dot(a, a).sqrt()
}

/// Gives `field` unit length.
fn normalize<const D: usize>(field: &mut [[f64; D]]) {
    let length = norm(field);
    field.as_flattened_mut().iter_mut().for_each(|x| *x /= length);
}
