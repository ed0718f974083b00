//! The sign of a mode, which an eigenvector leaves open.

/// Components this close to the largest, relatively, count as equal to it.
const TIE: f64 = 1e-6;

/// The sign (±1) that makes the component of largest magnitude positive; among components that tie
/// to 10⁻⁶ the first decides (x before y before z, lower particle first). So the sign of b₃ and β is the same
/// for every solver, and across an ensemble as good as random.
pub fn orientation<const D: usize>(mode: &[[f64; D]]) -> f64 {
    let largest = mode.as_flattened().iter().fold(0.0, |largest: f64, v| largest.max(v.abs()));
    let decides = mode.as_flattened().iter().find(|v| v.abs() >= (1.0 - TIE) * largest);
    if decides.is_some_and(|&v| v < 0.0) { -1.0 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_component_becomes_positive() {
        assert_eq!(orientation(&[[0.1, -0.9], [0.3, 0.2]]), -1.0);
        assert_eq!(orientation(&[[0.1, 0.9], [-0.3, 0.2]]), 1.0);
        // A tie but for rounding: the first decides, whichever is larger by a bit.
        let half = 0.5f64;
        assert_eq!(orientation(&[[0.0, -half], [half.next_up(), 0.0]]), -1.0);
        assert_eq!(orientation(&[[0.0, -half.next_up()], [half, 0.0]]), -1.0);
        assert_eq!(orientation::<3>(&[]), 1.0);
        assert_eq!(orientation(&[[0.1, 0.3, -0.9], [0.3, 0.2, 0.1]]), -1.0);
    }
}
