//! G(z): the gradient of each cost's denominator, divided by its degree, so that D = z·G.
//!
//! With n the unit vector of a pair, ĉ = n turned by a quarter, δ = z_j − z_i, a = n·δ and t = ĉ·δ, the
//! derivatives of the energy along z contract to one vector a pair, + on j and − on i:
//!
//! - U‴zz = (φ‴a² + c₁t²) n + 2c₁ a t ĉ, c₁ = φ″/r − φ′/r²;
//! - U⁗zzz = (φ⁗a³ + 3c₂ a t²) n + (3c₂ a²t + 3c₃ t³) ĉ, c₂ = φ‴/r − 2φ″/r² + 2φ′/r³, c₃ = φ″/r² − φ′/r³.

use super::Kind;
use crate::describe::expansion::{Contact, Contacts};

/// G of `kind` at `z`; both N × 2.
pub(super) fn contraction(contacts: &Contacts, kind: Kind, z: &[[f64; 2]]) -> Vec<[f64; 2]> {
    match kind {
        Kind::PseudoHarmonic => sum_over_pairs(contacts, z, participation),
        Kind::Cubic => sum_over_pairs(contacts, z, cubic),
        Kind::Quartic => sum_over_pairs(contacts, z, quartic),
    }
}

fn sum_over_pairs(
    contacts: &Contacts,
    z: &[[f64; 2]],
    of_pair: impl Fn(&Contact, [f64; 2]) -> [f64; 2],
) -> Vec<[f64; 2]> {
    let mut sum = vec![[0.0; 2]; z.len()];
    for contact in contacts.iter() {
        let (i, j) = (contact.pair.first as usize, contact.pair.second as usize);
        let vector = of_pair(contact, [z[j][0] - z[i][0], z[j][1] - z[i][1]]);
        for axis in 0..2 {
            sum[i][axis] -= vector[axis];
            sum[j][axis] += vector[axis];
        }
    }
    sum
}

/// (δ·δ) δ, from S = Σ (δ·δ)² of degree four.
fn participation(_: &Contact, delta: [f64; 2]) -> [f64; 2] {
    let square = delta[0] * delta[0] + delta[1] * delta[1];
    [square * delta[0], square * delta[1]]
}

/// The pair's part of U‴zz; the contact keeps φ‴ and 3c₁.
fn cubic(contact: &Contact, delta: [f64; 2]) -> [f64; 2] {
    let (along, across) = components(contact, delta);
    let [third, c1] = [contact.third[0], contact.third[1] / 3.0];
    let radial = third * along * along + c1 * across * across;
    assemble(contact, radial, 2.0 * c1 * along * across)
}

/// The pair's part of U⁗zzz; the contact keeps φ⁗, 6c₂ and 3c₃.
fn quartic(contact: &Contact, delta: [f64; 2]) -> [f64; 2] {
    let (along, across) = components(contact, delta);
    let [fourth, three_c2, three_c3] = [contact.fourth[0], 0.5 * contact.fourth[1], contact.fourth[2]];
    let radial = (fourth * along * along + three_c2 * across * across) * along;
    assemble(contact, radial, (three_c2 * along * along + three_c3 * across * across) * across)
}

/// a and t.
fn components(contact: &Contact, delta: [f64; 2]) -> (f64, f64) {
    let [nx, ny] = contact.normal;
    (nx * delta[0] + ny * delta[1], nx * delta[1] - ny * delta[0])
}

/// `radial` n + `transverse` ĉ.
fn assemble(contact: &Contact, radial: f64, transverse: f64) -> [f64; 2] {
    let [nx, ny] = contact.normal;
    [radial * nx - transverse * ny, radial * ny + transverse * nx]
}
