//! G(z): the gradient of each cost's denominator, divided by its degree, so that D = z·G.
//!
//! With n the unit vector of a pair, δ = z_j − z_i, a = n·δ, and ĉ a unit vector across the pair with δ = a n + t ĉ, the
//! derivatives of the energy along z contract to one vector a pair, + on j and − on i:
//!
//! - U‴zz = (φ‴a² + c₁t²) n + 2c₁ a t ĉ, c₁ = φ″/r − φ′/r²;
//! - U⁗zzz = (φ⁗a³ + 3c₂ a t²) n + (3c₂ a²t + 3c₃ t³) ĉ, c₂ = φ‴/r − 2φ″/r² + 2φ′/r³, c₃ = φ″/r² − φ′/r³.

use super::Kind;
use crate::describe::expansion::{Contact, Contacts};
use glass::space::{dot, minus, plus, square};

/// G of `kind` at `z`; both N × D.
pub(super) fn contraction<const D: usize>(contacts: &Contacts<D>, kind: Kind, z: &[[f64; D]]) -> Vec<[f64; D]> {
    match kind {
        Kind::PseudoHarmonic => sum_over_pairs(contacts, z, participation),
        Kind::Cubic => sum_over_pairs(contacts, z, cubic),
        Kind::Quartic => sum_over_pairs(contacts, z, quartic),
    }
}

fn sum_over_pairs<const D: usize>(
    contacts: &Contacts<D>,
    z: &[[f64; D]],
    of_pair: impl Fn(&Contact<D>, [f64; D]) -> [f64; D],
) -> Vec<[f64; D]> {
    let mut sum = vec![[0.0; D]; z.len()];
    for contact in contacts.iter() {
        let (i, j) = (contact.pair.first as usize, contact.pair.second as usize);
        let vector = of_pair(contact, minus(z[j], z[i]));
        for axis in 0..D {
            sum[i][axis] -= vector[axis];
            sum[j][axis] += vector[axis];
        }
    }
    sum
}

/// (δ·δ) δ, from S = Σ (δ·δ)² of degree four.
fn participation<const D: usize>(_: &Contact<D>, delta: [f64; D]) -> [f64; D] {
    let square = square(delta);
    delta.map(|component| square * component)
}

/// The pair's part of U‴zz; the contact keeps φ‴ and 3c₁.
fn cubic<const D: usize>(contact: &Contact<D>, delta: [f64; D]) -> [f64; D] {
    let Split { along, across, direction } = split(contact, delta);
    let [third, c1] = [contact.third[0], contact.third[1] / 3.0];
    let radial = third * along * along + c1 * across * across;
    assemble(contact, radial, 2.0 * c1 * along * across, direction)
}

/// The pair's part of U⁗zzz; the contact keeps φ⁗, 6c₂ and 3c₃.
fn quartic<const D: usize>(contact: &Contact<D>, delta: [f64; D]) -> [f64; D] {
    let Split { along, across, direction } = split(contact, delta);
    let [fourth, three_c2, three_c3] = [contact.fourth[0], 0.5 * contact.fourth[1], contact.fourth[2]];
    let radial = (fourth * along * along + three_c2 * across * across) * along;
    let transverse = (three_c2 * along * along + three_c3 * across * across) * across;
    assemble(contact, radial, transverse, direction)
}

/// δ = a n + t ĉ.
struct Split<const D: usize> {
    /// a.
    along: f64,
    /// t.
    across: f64,
    /// ĉ, n turned by a quarter in the plane; in space it has the direction of δ − a n, or is 0 with it.
    direction: [f64; D],
}

fn split<const D: usize>(contact: &Contact<D>, delta: [f64; D]) -> Split<D> {
    let normal = contact.normal;
    let along = dot(normal, delta);
    let mut direction = [0.0; D];
    if D == 2 {
        (direction[0], direction[1]) = (-normal[1], normal[0]);
        return Split { along, across: dot(direction, delta), direction };
    }
    let transverse = plus(delta, -along, normal);
    let across = square(transverse).sqrt();
    if across > 0.0 {
        direction = transverse.map(|component| component / across);
    }
    Split { along, across, direction }
}

/// `radial` n + `transverse` ĉ.
fn assemble<const D: usize>(contact: &Contact<D>, radial: f64, transverse: f64, direction: [f64; D]) -> [f64; D] {
    std::array::from_fn(|axis| radial * contact.normal[axis] + transverse * direction[axis])
}
