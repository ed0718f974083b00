//! The shapes there are, and all of them as one shape.
//!
//! A kernel is compiled for the paper's inverse power, whose constants it keeps in registers, and once more for all other
//! shapes together, which it asks for eight pairs at a time which of them it is ([`for_shape!`](crate::for_shape)).

use super::harmonic::{Harmonic, HarmonicOver};
use super::hertzian::{Hertzian, HertzianOver};
use super::inverse_power::{InversePower, InversePowerOver};
use super::lennard_jones::{LennardJones, LennardJonesOver};
use super::shape::{PairDerivatives, Shape, ShapeOver};
use super::table::{Table, TableOver};
use crate::lanes::Number;

/// The shapes there are.
#[derive(Debug, Clone, PartialEq)]
pub enum Family {
    /// An inverse power of exponent 12, as in the paper: the kernels know the exponent.
    InversePower12(InversePower<12>),
    /// An inverse power of another exponent.
    InversePower(InversePower),
    /// Lennard-Jones, smoothed at the cutoff.
    LennardJones(LennardJones),
    /// Weeks-Chandler-Andersen.
    Wca(LennardJones),
    /// Harmonic spheres.
    Harmonic(Harmonic),
    /// Hertzian spheres.
    Hertzian(Hertzian),
    /// A table of φ.
    Table(Table),
}

/// Does `$work` with `$shape` the shape of the potential `$potential`: compiled twice, for the paper's and for any.
#[macro_export]
macro_rules! for_shape {
    ($potential:expr, $shape:ident => $work:expr) => {
        match $potential.family() {
            $crate::interaction::Family::InversePower12($shape) => $work,
            $shape => $work,
        }
    };
}

/// Does `$work` with `$shape` the concrete shape.
macro_rules! with_shape {
    ($family:expr, $shape:ident => $work:expr) => {
        match $family {
            Family::InversePower12($shape) => $work,
            Family::InversePower($shape) => $work,
            // One shape, whether its tail is kept or not.
            Family::LennardJones($shape) | Family::Wca($shape) => $work,
            Family::Harmonic($shape) => $work,
            Family::Hertzian($shape) => $work,
            Family::Table($shape) => $work,
        }
    };
}

impl Family {
    /// The inverse power, as the kernels like it best.
    pub fn inverse_power(shape: InversePower) -> Self {
        match shape.of_exponent::<12>() {
            Some(twelve) => Family::InversePower12(twelve),
            None => Family::InversePower(shape),
        }
    }
}

impl Shape for Family {
    type Over<N: Number> = FamilyOver<N>;

    #[inline(always)]
    fn over<N: Number>(&self, splat: impl Fn(f64) -> N) -> FamilyOver<N> {
        match self {
            Family::InversePower12(shape) => FamilyOver::InversePower12(shape.over(splat)),
            Family::InversePower(shape) => FamilyOver::InversePower(shape.over(splat)),
            Family::LennardJones(shape) | Family::Wca(shape) => FamilyOver::LennardJones(shape.over(splat)),
            Family::Harmonic(shape) => FamilyOver::Harmonic(shape.over(splat)),
            Family::Hertzian(shape) => FamilyOver::Hertzian(shape.over(splat)),
            Family::Table(shape) => FamilyOver::Table(shape.over(splat)),
        }
    }

    fn cutoff(&self) -> f64 {
        with_shape!(self, shape => shape.cutoff())
    }

    fn smoothness(&self) -> u32 {
        with_shape!(self, shape => shape.smoothness())
    }

    fn deepest(&self) -> f64 {
        with_shape!(self, shape => shape.deepest())
    }

    fn has_hard_core(&self) -> bool {
        with_shape!(self, shape => shape.has_hard_core())
    }

    #[inline]
    fn derivatives(&self, x: f64) -> PairDerivatives {
        with_shape!(self, shape => shape.derivatives(x))
    }

    #[inline(always)]
    fn value(&self, x_squared: f64) -> f64 {
        with_shape!(self, shape => shape.value(x_squared))
    }

    #[inline(always)]
    fn value_and_slope(&self, x_squared: f64) -> (f64, f64) {
        with_shape!(self, shape => shape.value_and_slope(x_squared))
    }
}

/// The constants of any shape in lanes.
#[derive(Debug, Clone)]
pub enum FamilyOver<N> {
    /// The paper's.
    InversePower12(InversePowerOver<N, 12>),
    /// Of another exponent.
    InversePower(InversePowerOver<N, 0>),
    /// With its tail or without.
    LennardJones(LennardJonesOver<N>),
    /// Spheres.
    Harmonic(HarmonicOver<N>),
    /// Spheres.
    Hertzian(HertzianOver<N>),
    /// Points.
    Table(TableOver),
}

/// Does `$work` with `$over` the concrete constants.
macro_rules! with_constants {
    ($family:expr, $over:ident => $work:expr) => {
        match $family {
            FamilyOver::InversePower12($over) => $work,
            FamilyOver::InversePower($over) => $work,
            FamilyOver::LennardJones($over) => $work,
            FamilyOver::Harmonic($over) => $work,
            FamilyOver::Hertzian($over) => $work,
            FamilyOver::Table($over) => $work,
        }
    };
}

impl<N: Number> ShapeOver<N> for FamilyOver<N> {
    #[inline(always)]
    fn value(&self, x_squared: N) -> N {
        with_constants!(self, over => over.value(x_squared))
    }

    #[inline(always)]
    fn value_and_slope(&self, x_squared: N) -> (N, N) {
        with_constants!(self, over => over.value_and_slope(x_squared))
    }

    #[inline(always)]
    fn value_sampled(&self, x_squared: N) -> N {
        with_constants!(self, over => over.value_sampled(x_squared))
    }
}
