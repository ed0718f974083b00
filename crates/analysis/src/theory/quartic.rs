//! A quartic, its minima and the expansion about each (paper, eqs. 3 and 4).

/// U(s) = a₁s + a₂s² + a₃s³ + a₄s⁴.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quartic {
    /// a₁ … a₄.
    pub a: [f64; 4],
}

/// A minimum s* and the derivatives of U there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Minimum {
    /// Where.
    pub s: f64,
    /// U″(s*) = 2a₂ + 6a₃s* + 12a₄s*².
    pub b2: f64,
    /// U‴(s*) = 6a₃ + 24a₄s*.
    pub b3: f64,
    /// U⁗ = 24a₄.
    pub b4: f64,
}

impl Minimum {
    /// β = b₃/√(3b₂b₄).
    pub fn beta(&self) -> f64 {
        self.b3 / (3.0 * self.b2 * self.b4).sqrt()
    }
}

impl Quartic {
    /// U(s).
    pub fn energy(&self, s: f64) -> f64 {
        let [a1, a2, a3, a4] = self.a;
        s * (a1 + s * (a2 + s * (a3 + s * a4)))
    }

    /// Its one or two minima, ascending in s; none when a₄ ≤ 0 (unbounded) or the minimum is flat.
    pub fn minima(&self) -> impl Iterator<Item = Minimum> {
        let [a1, a2, a3, a4] = self.a;
        let slope = move |s: f64| a1 + s * (2.0 * a2 + s * (3.0 * a3 + s * 4.0 * a4));
        let curvature = move |s: f64| 2.0 * a2 + s * (6.0 * a3 + s * 12.0 * a4);
        let roots =
            if a4 > 0.0 { outer_roots(3.0 * a3 / (4.0 * a4), a2 / (2.0 * a4), a1 / (4.0 * a4)) } else { [None; 2] };
        roots.into_iter().flatten().filter_map(move |root| {
            // The closed form loses digits where roots nearly meet; Newton gives them back.
            let s = (0..2).fold(root, |s, _| {
                let step = slope(s) / curvature(s);
                if step.is_finite() && step.abs() < 0.1 * (1.0 + s.abs()) { s - step } else { s }
            });
            let b2 = curvature(s);
            (b2 > 0.0).then_some(Minimum { s, b2, b3: 6.0 * a3 + 24.0 * a4 * s, b4: 24.0 * a4 })
        })
    }
}

/// The smallest and the largest real root of s³ + c₂s² + c₁s + c₀; one alone if there is but one
/// (Viète's trigonometric form for three, Cardano's without cancellation for one).
fn outer_roots(c2: f64, c1: f64, c0: f64) -> [Option<f64>; 2] {
    let shift = c2 / 3.0;
    let p = c1 - c2 * shift;
    let q = c0 - shift * c1 + 2.0 * shift * shift * shift;
    let discriminant = (q / 2.0).powi(2) + (p / 3.0).powi(3);
    if discriminant < 0.0 {
        let radius = 2.0 * (-p / 3.0).sqrt();
        let angle = (3.0 * q / (p * radius)).clamp(-1.0, 1.0).acos() / 3.0;
        let root = |k: f64| radius * (angle - k * std::f64::consts::TAU / 3.0).cos() - shift;
        [Some(root(2.0)), Some(root(0.0))]
    } else {
        let big = -(q / 2.0).signum() * ((q / 2.0).abs() + discriminant.sqrt()).cbrt();
        let small = if big == 0.0 { 0.0 } else { -p / (3.0 * big) };
        [Some(big + small - shift), None]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{normal, stream};

    #[test]
    fn minima_are_where_the_slope_vanishes_and_none_is_missed() {
        let mut stream = stream(1, 0);
        for _ in 0..2000 {
            let a = [0; 3].map(|_| normal(&mut stream));
            let quartic = Quartic { a: [a[0], a[1], a[2], 0.1 + normal(&mut stream).abs()] };
            let minima: Vec<Minimum> = quartic.minima().collect();
            for minimum in &minima {
                let h = 1e-5;
                assert!(quartic.energy(minimum.s) <= quartic.energy(minimum.s + h));
                assert!(quartic.energy(minimum.s) <= quartic.energy(minimum.s - h));
            }
            // Sign changes of the slope from − to + on a fine grid.
            let slope = |s: f64| a[0] + s * (2.0 * a[1] + s * (3.0 * a[2] + s * 4.0 * quartic.a[3]));
            let grid = |k: i32| f64::from(k) * 0.01 + 0.0037;
            let counted = (-6000..6000).filter(|&k| slope(grid(k)) < 0.0 && slope(grid(k + 1)) >= 0.0).count();
            assert_eq!(minima.len(), counted, "{quartic:?}");
        }
    }

    #[test]
    fn beta_tells_which_of_two_minima_is_lower() {
        let mut stream = stream(2, 0);
        let mut pairs = 0;
        for _ in 0..20_000 {
            let a = [0; 3].map(|_| normal(&mut stream));
            let quartic = Quartic { a: [a[0], a[1], a[2], normal(&mut stream).abs()] };
            let minima: Vec<Minimum> = quartic.minima().collect();
            let [left, right] = minima[..] else { continue };
            pairs += 1;
            let left_is_lower = quartic.energy(left.s) <= quartic.energy(right.s);
            assert_eq!(left.beta().abs() <= 1.0, left_is_lower, "{quartic:?}");
            assert_eq!(right.beta().abs() > 1.0, left_is_lower, "{quartic:?}");
        }
        assert!(pairs > 1000);
    }

    #[test]
    fn the_expansion_about_a_minimum_is_the_quartic() {
        let quartic = Quartic { a: [0.3, -1.2, 0.7, 0.5] };
        for minimum in quartic.minima() {
            for t in [-1.3, 0.2, 0.9] {
                let expansion = t * t * (minimum.b2 / 2.0 + t * (minimum.b3 / 6.0 + t * minimum.b4 / 24.0));
                let difference = quartic.energy(minimum.s + t) - quartic.energy(minimum.s);
                assert!((expansion - difference).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn an_unbounded_quartic_has_no_modes() {
        assert_eq!(Quartic { a: [0.0, 1.0, 0.0, -1.0] }.minima().count(), 0);
        assert_eq!(Quartic { a: [0.0, 1.0, 0.0, 0.0] }.minima().count(), 0);
    }
}
