//! The potential along a path, V(s), continued beyond both minima by their curvature.

use super::descent::Route;
use super::ground::{difference, dot, norm};
use super::splitting::{Levels, SplittingFailure, levels};

/// The walls stand where ∫√(2V) ds/ħ̃ beyond a minimum, of a parabola, has reached this: ψ is e⁻³⁰ of itself there.
const ACTION: f64 = 30.0;

/// V on the nodes of a path.
pub(super) struct Line {
    /// Length from the first minimum to each node.
    arc: Vec<f64>,
    energies: Vec<f64>,
    /// dV/ds.
    slopes: Vec<f64>,
    curvatures: [f64; 2],
}

impl Line {
    pub(super) fn of<const D: usize>(route: &Route<D>) -> Line {
        let nodes = route.nodes();
        let last = nodes.len() - 1;
        let mut arc = vec![0.0];
        for pair in nodes.windows(2) {
            arc.push(arc[arc.len() - 1] + norm(&difference(&pair[1].place, &pair[0].place)));
        }
        let slope = |k: usize| {
            if k == 0 || k == last {
                return 0.0;
            }
            let along = difference(&nodes[k + 1].place, &nodes[k - 1].place);
            -dot(&nodes[k].force, &along) / norm(&along)
        };
        let energies: Vec<f64> = nodes.iter().map(|node| node.energy).collect();
        let slopes: Vec<f64> = (0..=last).map(slope).collect();
        // Of the parabola through the minimum and the next node.
        let curvature =
            |end: usize, next: usize| 2.0 * (energies[next] - energies[end]) / (arc[next] - arc[end]).powi(2);
        let curvatures = [curvature(0, 1), curvature(last, last - 1)];
        Line { arc, energies, slopes, curvatures }
    }

    /// From minimum to minimum.
    pub(super) fn length(&self) -> f64 {
        self.arc[self.arc.len() - 1]
    }

    /// Of the last minimum above the first.
    pub(super) fn end_energy(&self) -> f64 {
        self.energies[self.energies.len() - 1]
    }

    /// At the first and the last minimum.
    pub(super) fn curvatures(&self) -> [f64; 2] {
        self.curvatures
    }

    /// V(s): a cubic between nodes, parabolas beyond the minima.
    pub(super) fn value(&self, s: f64) -> f64 {
        let last = self.arc.len() - 1;
        if s <= 0.0 {
            return 0.5 * self.curvatures[0] * s * s;
        }
        if s >= self.length() {
            return self.end_energy() + 0.5 * self.curvatures[1] * (s - self.length()).powi(2);
        }
        let after = self.arc.partition_point(|&place| place < s).clamp(1, last);
        let before = after - 1;
        let width = self.arc[after] - self.arc[before];
        let x = (s - self.arc[before]) / width;
        let y = 1.0 - x;
        self.energies[before] * y * y * (1.0 + 2.0 * x)
            + self.energies[after] * x * x * (1.0 + 2.0 * y)
            + width * x * y * (self.slopes[before] * y - self.slopes[after] * x)
    }

    /// The two lowest levels for ħ̃ = `hbar`.
    pub(super) fn levels(&self, hbar: f64) -> Result<Levels, SplittingFailure> {
        let beyond = self.curvatures.map(|curvature| (2.0 * ACTION * hbar / curvature.sqrt()).sqrt());
        levels(|s| self.value(s), -beyond[0], self.length() + beyond[1], hbar)
    }
}
