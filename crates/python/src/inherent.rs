//! Inherent structures of two and three dimensions behind one type, because a class of Python has no parameters.

use glass::energy::evaluate;
use glass::space::Dimension;
use glass::{Hessian, InherentStructure, Seed};
use modes::{ElasticConstants, Mode, ModeSettings, Spectrum, SpectrumSettings, describe};
use realization::RealizationFailure;
use realization::config::GlassesFound;
use realization::particles::Particles;
use realization::record::InherentSummary;
use std::sync::Arc;

/// One of them.
pub(crate) type AnyInherent = Arc<dyn Inherent>;

/// What is asked of an inherent structure, whatever its dimension.
pub(crate) trait Inherent: Send + Sync {
    fn dimension(&self) -> Dimension;
    fn found(&self) -> GlassesFound;
    fn particles(&self) -> Particles;
    fn summary(&self) -> InherentSummary;
    /// F_i, d coordinates a particle.
    fn forces(&self) -> Vec<f64>;
    fn hessian(&self) -> CompressedColumns;
    fn elastic_constants(&self) -> Result<ElasticConstants, RealizationFailure>;
    /// ω and the number of modes below it.
    fn staircase(&self, seed: Seed, settings: &SpectrumSettings) -> Result<Vec<(f64, u64)>, RealizationFailure>;
    fn modes(
        &self,
        seed: Seed,
        settings: &SpectrumSettings,
        described: &ModeSettings,
    ) -> Result<FoundModes, RealizationFailure>;
}

/// A symmetric matrix: where its columns start, the rows of their entries, the entries.
pub(crate) struct CompressedColumns {
    pub(crate) starts: Vec<i64>,
    pub(crate) indices: Vec<i64>,
    pub(crate) values: Vec<f64>,
}

/// A spectrum, and its modes described.
pub(crate) struct FoundModes {
    pub(crate) eigenvalues: Vec<f64>,
    pub(crate) participation: Vec<f64>,
    pub(crate) complete_below: f64,
    pub(crate) zero_modes: usize,
    pub(crate) rattlers: Vec<u32>,
    pub(crate) modes: Vec<Mode>,
    /// ‖HΨ − ω²Ψ‖ of each mode.
    pub(crate) residuals: Vec<f64>,
}

impl<const D: usize> Inherent for InherentStructure<D> {
    fn dimension(&self) -> Dimension {
        Dimension::of(D).unwrap_or_default()
    }

    fn found(&self) -> GlassesFound {
        let configuration = self.configuration();
        let (particles, density) = (configuration.particles(), configuration.density());
        GlassesFound { dimension: Inherent::dimension(self), particles, density }
    }

    fn particles(&self) -> Particles {
        Particles::of(self.configuration())
    }

    fn summary(&self) -> InherentSummary {
        InherentSummary::of(self)
    }

    fn forces(&self) -> Vec<f64> {
        evaluate(self.configuration(), self.potential()).forces.into_flattened()
    }

    fn hessian(&self) -> CompressedColumns {
        let (symbolic, values) = self.hessian().to_sparse().into_parts();
        let whole = |indices: &[usize]| indices.iter().map(|&index| index as i64).collect::<Vec<i64>>();
        CompressedColumns { starts: whole(symbolic.col_ptr()), indices: whole(symbolic.row_idx()), values }
    }

    fn elastic_constants(&self) -> Result<ElasticConstants, RealizationFailure> {
        Ok(ElasticConstants::compute(self)?)
    }

    fn staircase(&self, seed: Seed, settings: &SpectrumSettings) -> Result<Vec<(f64, u64)>, RealizationFailure> {
        Ok(Spectrum::compute(self, seed, settings)?.staircase().to_vec())
    }

    fn modes(
        &self,
        seed: Seed,
        settings: &SpectrumSettings,
        described: &ModeSettings,
    ) -> Result<FoundModes, RealizationFailure> {
        let spectrum = Spectrum::compute(self, seed, settings)?;
        let modes = describe(self, &spectrum, described)?;
        let residuals = modes.iter().map(|mode| residual(self.hessian(), mode)).collect();
        Ok(FoundModes {
            eigenvalues: spectrum.eigenvalues().to_vec(),
            participation: spectrum.participation().to_vec(),
            complete_below: spectrum.omega_complete(),
            zero_modes: spectrum.zero_modes(),
            rattlers: spectrum.rattlers().to_vec(),
            modes,
            residuals,
        })
    }
}

fn residual<const D: usize>(hessian: &Hessian<D>, mode: &Mode) -> f64 {
    let vector = mode.vector.as_deref().unwrap_or_default();
    let mut product = vec![0.0; vector.len()];
    hessian.apply(vector, &mut product);
    let lambda = mode.omega * mode.omega;
    product.iter().zip(vector).map(|(h, v)| (h - lambda * v) * (h - lambda * v)).sum::<f64>().sqrt()
}
