//! Roughly where the ridge between two minima is lowest: a string of images falls to the valley.
//!
//! The string method (E, Ren and Vanden-Eijnden, doi:10.1063/1.2720838) with the Hessian of the first minimum as
//! preconditioner, so that stiff and soft directions relax alike. In that metric the string is no path of steepest
//! descent; its tops are saddles in any.

use super::ground::{Field, Ground, difference, longest, moved, norm};
use super::stiffness::Stiffness;
use crate::spectrum::factorization::LANES;
use glass::energy::ForceField;

/// Images between the minima: as many as one solve takes.
const IMAGES: usize = LANES;

/// Steps of all images.
const STEPS: usize = 40;

/// Added to the Hessian, ε/length²: beyond the minimum softer directions may be unstable.
const STIFFENING: f64 = 5.0;

/// Part of the way to the preconditioned minimum that one step goes.
const RELAXATION: f64 = 0.5;

/// No particle moves further in one step.
const REACH: f64 = 0.05;

/// The first top of the string, seen from the origin.
pub(super) struct Top {
    pub(super) place: Field,
    /// Length of the whole string.
    pub(super) length: f64,
}

/// The first top between the origin, whose Hessian is `stiff`, and the minimum at `target`.
pub(super) fn first_top(ground: &mut Ground<'_>, stiff: &Stiffness, target: &[[f64; 2]]) -> Option<Top> {
    let factorization = stiff.matrix.factorize(-STIFFENING).ok()?;
    let part = |image: usize| image as f64 / (IMAGES + 1) as f64;
    let mut string: Vec<Field> = (0..=IMAGES + 1).map(|image| moved(&ground.origin(), target, part(image))).collect();
    let mut fields: Vec<ForceField> = (0..IMAGES).map(|_| ground.another_field()).collect();
    for _ in 0..STEPS {
        let forces: Vec<Field> = (1..=IMAGES)
            .map(|image| {
                ground.swap_field(&mut fields[image - 1]);
                ground.evaluate(&string[image]);
                ground.swap_field(&mut fields[image - 1]);
                ground.forces().to_vec()
            })
            .collect();
        let forces: Vec<&[[f64; 2]]> = forces.iter().map(Vec::as_slice).collect();
        for (image, step) in stiff.solve(&factorization, &forces).into_iter().enumerate() {
            let length = longest(&step);
            if !length.is_finite() {
                return None;
            }
            let scale = RELAXATION.min(REACH / length.max(f64::MIN_POSITIVE));
            string[image + 1] = moved(&string[image + 1], &step, scale);
        }
        spread(&mut string);
    }
    let energies: Vec<f64> = string.iter().map(|place| ground.evaluate(place)).collect();
    let is_top = |image: &usize| energies[*image] >= energies[image - 1] && energies[*image] >= energies[image + 1];
    let top = (1..=IMAGES).find(is_top)?;
    let length = string.windows(2).map(|pair| norm(&difference(&pair[1], &pair[0]))).sum();
    Some(Top { place: string.swap_remove(top), length })
}

/// Puts the inner images at equal distances along the string.
fn spread(string: &mut Vec<Field>) {
    let mut arc = vec![0.0];
    for pair in string.windows(2) {
        arc.push(arc[arc.len() - 1] + norm(&difference(&pair[1], &pair[0])));
    }
    let last = string.len() - 1;
    let at = |wanted: f64| {
        let after = arc.partition_point(|&s| s < wanted).clamp(1, last);
        let width = arc[after] - arc[after - 1];
        let part = if width > 0.0 { (wanted - arc[after - 1]) / width } else { 0.0 };
        moved(&string[after - 1], &difference(&string[after], &string[after - 1]), part)
    };
    let inner: Vec<Field> = (1..last).map(|image| at(arc[last] * image as f64 / last as f64)).collect();
    let end = string.swap_remove(last);
    string.truncate(1);
    string.extend(inner);
    string.push(end);
}
