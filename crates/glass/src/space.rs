//! Vectors of two or three components, and what depends on how many there are.
//!
//! A dimension is a constant D of the types, 2 where nothing is said. No trait stands for it: what two and three
//! dimensions do is the same loop over axes, and [`Configuration`](crate::Configuration), which everything else is
//! made from, cannot be compiled for any other D. Sums begin with the first component, so that in two dimensions they
//! are the bits of x · x′ + y · y′.

use serde::{Deserialize, Serialize};

/// Names of the axes.
pub const AXES: [&str; 3] = ["x", "y", "z"];

/// The dimensions there are, where one is chosen as the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Dimension {
    /// A plane.
    #[default]
    Two,
    /// Space.
    Three,
}

impl Dimension {
    /// All of them.
    pub const ALL: [Dimension; 2] = [Dimension::Two, Dimension::Three];

    /// The one of so many axes.
    pub const fn of(axes: usize) -> Option<Dimension> {
        match axes {
            2 => Some(Dimension::Two),
            3 => Some(Dimension::Three),
            _ => None,
        }
    }

    /// Its number of axes, d.
    pub const fn axes(self) -> usize {
        match self {
            Dimension::Two => 2,
            Dimension::Three => 3,
        }
    }
}

/// Contacts that hold a particle in place: one more than there are directions.
pub const fn contacts_min(dimension: usize) -> usize {
    dimension + 1
}

/// a · b.
#[inline(always)]
pub fn dot<const D: usize>(a: [f64; D], b: [f64; D]) -> f64 {
    let mut sum = a[0] * b[0];
    for axis in 1..D {
        sum += a[axis] * b[axis];
    }
    sum
}

/// |a|².
#[inline(always)]
pub fn square<const D: usize>(a: [f64; D]) -> f64 {
    dot(a, a)
}

/// a + `scale` b.
#[inline(always)]
pub fn plus<const D: usize>(a: [f64; D], scale: f64, b: [f64; D]) -> [f64; D] {
    std::array::from_fn(|axis| a[axis] + scale * b[axis])
}

/// a − b.
#[inline(always)]
pub fn minus<const D: usize>(a: [f64; D], b: [f64; D]) -> [f64; D] {
    std::array::from_fn(|axis| a[axis] - b[axis])
}

/// Length of the longest of these vectors; not a number, if one of them is not.
pub fn longest<const D: usize>(vectors: &[[f64; D]]) -> f64 {
    // `f64::max` would pass over what is not a number.
    let larger = |a: f64, b: f64| if a.is_nan() || b <= a { a } else { b };
    vectors.iter().map(|&vector| square(vector)).fold(0.0, larger).sqrt()
}

/// A position or vector with all three components; in the plane z = 0.
pub fn in_space<const D: usize>(vector: &[f64; D]) -> [f64; 3] {
    std::array::from_fn(|axis| vector.get(axis).copied().unwrap_or(0.0))
}

/// The cube root, by Newton's iteration from above: the same bits on every machine, which libraries do not promise.
pub(crate) fn cube_root(number: f64) -> f64 {
    if number.is_nan() || number <= 0.0 {
        return number;
    }
    let mut root = number.max(1.0);
    loop {
        let next = (2.0 * root + number / (root * root)) / 3.0;
        if next.is_nan() || next >= root {
            return root;
        }
        root = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cube_roots_are_those_of_the_library_to_the_last_bits() {
        for number in [1e-3, 0.4, 1.0, 1470.5882352941176, 2.7e7, 1e12] {
            assert!((cube_root(number) / number.cbrt() - 1.0).abs() < 4.0 * f64::EPSILON, "{number}");
        }
        assert_eq!(cube_root(0.0), 0.0);
    }

    #[test]
    fn the_longest_vector_is_not_a_number_where_one_is_not() {
        assert_eq!((longest::<2>(&[]), longest(&[[0.0, 1.0], [-3.0, 4.0], [2.0, 0.0]])), (0.0, 5.0));
        let unknown = [0.0, f64::NAN];
        for vectors in
            [[unknown, [3.0, 4.0], [1.0, 0.0]], [[3.0, 4.0], unknown, [9.0, 0.0]], [[1.0, 0.0], [3.0, 4.0], unknown]]
        {
            assert!(longest(&vectors).is_nan(), "{vectors:?}");
        }
    }

    #[test]
    fn dimensions_are_two_and_three() {
        assert!(Dimension::ALL.into_iter().all(|dimension| Dimension::of(dimension.axes()) == Some(dimension)));
        assert_eq!((Dimension::of(1), Dimension::of(4), Dimension::default().axes()), (None, None, 2));
    }

    #[test]
    fn sums_begin_with_the_first_component() {
        let (a, b) = ([0.1, 0.7, -0.3], [0.9, -0.2, 0.4]);
        assert_eq!(dot([a[0], a[1]], [b[0], b[1]]), a[0] * b[0] + a[1] * b[1]);
        assert_eq!(dot(a, b), (a[0] * b[0] + a[1] * b[1]) + a[2] * b[2]);
        assert_eq!(plus(a, 2.0, b), [0.1 + 2.0 * 0.9, 0.7 - 2.0 * 0.2, -0.3 + 2.0 * 0.4]);
        assert_eq!(minus(a, b), [0.1 - 0.9, 0.7 + 0.2, -0.3 - 0.4]);
    }
}
