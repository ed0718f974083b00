//! The minimum-energy path between two minima on any surface: a nudged elastic band whose highest image climbs. The
//! slow twin of saddle and descent, tried on surfaces with known saddles.
//!
//! Images are held apart by springs along the path and fall to it across the path (Henkelman and Jónsson,
//! doi:10.1063/1.1323224: the tangent points to the higher neighbour); the highest image feels no spring,
//! and the force along the path reversed, so that it climbs to the saddle (Henkelman, Uberuaga and Jónsson,
//! doi:10.1063/1.1329672). All images move together by FIRE (Bitzek et al.,
//! doi:10.1103/PhysRevLett.97.170201).

use thiserror::Error;

/// An energy as a function of coordinates.
pub(super) trait PlainSurface {
    /// The energy at `position`; −∂U/∂position goes to `force`, which is as long.
    fn evaluate(&mut self, position: &[f64], force: &mut [f64]) -> f64;
}

/// How a path is searched for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PathSettings {
    /// Images between the two minima.
    pub(super) images: usize,
    /// The band has converged when the force across it is below this everywhere (largest coordinate), and
    /// so is the whole force on the climbing image.
    pub(super) force_tolerance: f64,
    /// Steps after which the search is given up.
    pub(super) steps_max: u32,
}

impl Default for PathSettings {
    fn default() -> Self {
        PathSettings { images: 11, force_tolerance: 1e-4, steps_max: 5000 }
    }
}

/// A path from one minimum to another: the two ends and the images between them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Path {
    /// Coordinates of each image, the two minima first and last.
    pub(super) images: Vec<Vec<f64>>,
    /// Energy of each.
    pub(super) energies: Vec<f64>,
    /// Length of the path from the first minimum to each image, straight between images. It is too short by
    /// an error of first order in the spacing: 1.2 % with 11 images on a strongly bent path.
    pub(super) arc: Vec<f64>,
    /// dU/ds along the path at each image.
    pub(super) slopes: Vec<f64>,
    /// Which image is the highest; the first or the last if the path falls all the way.
    pub(super) highest: usize,
    /// Steps taken.
    pub(super) steps: u32,
}

/// Why there is no path.
#[derive(Debug, Error, Clone, Copy, PartialEq)]
pub(super) enum PathFailure {
    /// The two ends are the same point, or have different numbers of coordinates.
    #[error("the two ends of a path must be two points of the same space")]
    SamePoint,
    /// The energy of an image is not finite.
    #[error("the energy of image {image} of the path is not finite")]
    NotFinite {
        /// Which.
        image: usize,
    },
    /// The band did not come to rest.
    #[error("the path did not converge in {steps} steps: a force of {force:.1e} is left")]
    NotConverged {
        /// Steps taken.
        steps: u32,
        /// Largest component left.
        force: f64,
    },
}

/// The minimum-energy path from `start` to `end`, two minima of `surface`, from a straight line on.
///
/// # Errors
/// [`PathFailure`] when the ends coincide, the energy is not finite somewhere, or the band does not come to
/// rest.
pub(super) fn minimum_energy_path(
    surface: &mut impl PlainSurface,
    start: &[f64],
    end: &[f64],
    settings: &PathSettings,
) -> Result<Path, PathFailure> {
    let length = distance(start, end);
    if start.len() != end.len() || length == 0.0 || !length.is_finite() {
        return Err(PathFailure::SamePoint);
    }
    let last = settings.images.max(1) + 1;
    let on_line = |image: usize| {
        let part = image as f64 / last as f64;
        start.iter().zip(end).map(|(a, b)| a + part * (b - a)).collect()
    };
    let mut band = Band::new((0..=last).map(on_line).collect());
    for image in [0, last] {
        band.evaluate(surface, image)?;
    }
    let mut fire = Fire::new(&band, 0.02 * length);
    for step in 0..settings.steps_max {
        for image in 1..last {
            band.evaluate(surface, image)?;
        }
        // The band finds its shape before one image climbs.
        let largest = band.nudge(step > CLIMBS_AFTER);
        if largest <= settings.force_tolerance && step > CLIMBS_AFTER {
            return Ok(band.finish(step));
        }
        fire.step(&mut band);
    }
    let force = band.nudge(true);
    Err(PathFailure::NotConverged { steps: settings.steps_max, force })
}

/// Steps before the highest image begins to climb.
const CLIMBS_AFTER: u32 = 50;

/// Images, what the surface says of them, and the force that moves them.
struct Band {
    images: Vec<Vec<f64>>,
    energies: Vec<f64>,
    forces: Vec<Vec<f64>>,
    /// The force of the surface without its part along the path, plus the springs.
    nudged: Vec<Vec<f64>>,
    /// Unit tangents.
    tangents: Vec<Vec<f64>>,
}

impl Band {
    fn new(images: Vec<Vec<f64>>) -> Self {
        let empty = || vec![vec![0.0; images[0].len()]; images.len()];
        let (energies, forces, nudged, tangents) = (vec![0.0; images.len()], empty(), empty(), empty());
        Band { images, energies, forces, nudged, tangents }
    }

    fn evaluate(&mut self, surface: &mut impl PlainSurface, image: usize) -> Result<(), PathFailure> {
        self.energies[image] = surface.evaluate(&self.images[image], &mut self.forces[image]);
        if self.energies[image].is_finite() { Ok(()) } else { Err(PathFailure::NotFinite { image }) }
    }

    /// The highest image.
    fn highest(&self) -> usize {
        (0..self.energies.len()).max_by(|&a, &b| self.energies[a].total_cmp(&self.energies[b])).unwrap_or_default()
    }

    /// Forces of the nudged elastic band on the inner images. Returns the largest component of the force
    /// across the path, and of the whole force on the image that climbs.
    fn nudge(&mut self, climbing: bool) -> f64 {
        let (last, highest) = (self.images.len() - 1, self.highest());
        let mut largest = 0.0f64;
        for image in 1..last {
            self.tangents[image] = self.tangent(image);
            let tangent = &self.tangents[image];
            let along = dot(&self.forces[image], tangent);
            let climbs = climbing && image == highest;
            let stretch = distance(&self.images[image + 1], &self.images[image])
                - distance(&self.images[image], &self.images[image - 1]);
            // Springs as stiff as the path: they only space the images evenly.
            let pull = if climbs { -along } else { SPRING * stretch };
            for ((nudged, force), t) in self.nudged[image].iter_mut().zip(&self.forces[image]).zip(tangent) {
                let across = force - along * t;
                largest = largest.max(across.abs());
                *nudged = across + pull * t;
            }
            if climbs {
                largest = largest.max(along.abs());
            }
        }
        largest
    }

    /// Towards the higher neighbour; at a maximum or minimum both, weighted by their heights.
    fn tangent(&self, image: usize) -> Vec<f64> {
        let [below, here, above] = [image - 1, image, image + 1].map(|k| self.energies[k]);
        let forward = difference(&self.images[image + 1], &self.images[image]);
        let backward = difference(&self.images[image], &self.images[image - 1]);
        let (up, down) = ((above - here).abs(), (below - here).abs());
        let [forward_weight, backward_weight] = if above > here && here > below {
            [1.0, 0.0]
        } else if above < here && here < below {
            [0.0, 1.0]
        } else if above > below {
            [up.max(down), up.min(down)]
        } else {
            [up.min(down), up.max(down)]
        };
        let mut tangent: Vec<f64> =
            forward.iter().zip(&backward).map(|(f, b)| forward_weight * f + backward_weight * b).collect();
        let mut length = dot(&tangent, &tangent).sqrt();
        if length == 0.0 {
            // On level ground: between the neighbours.
            tangent = difference(&self.images[image + 1], &self.images[image - 1]);
            length = dot(&tangent, &tangent).sqrt().max(f64::MIN_POSITIVE);
        }
        tangent.iter_mut().for_each(|t| *t /= length);
        tangent
    }

    fn finish(self, steps: u32) -> Path {
        let mut arc = vec![0.0];
        for pair in self.images.windows(2) {
            arc.push(arc[arc.len() - 1] + distance(&pair[0], &pair[1]));
        }
        // The ends are minima: no slope.
        let slopes = self.forces.iter().zip(&self.tangents).map(|(force, tangent)| -dot(force, tangent)).collect();
        Path { highest: self.highest(), images: self.images, energies: self.energies, arc, slopes, steps }
    }
}

/// Stiffness of the springs, ε/length².
const SPRING: f64 = 1.0;

/// Damped dynamics of all images together.
struct Fire {
    velocities: Vec<Vec<f64>>,
    time_step: f64,
    time_step_max: f64,
    mixing: f64,
    downhill: u32,
    /// No coordinate moves further than this in one step.
    reach: f64,
}

impl Fire {
    fn new(band: &Band, reach: f64) -> Self {
        let velocities = vec![vec![0.0; band.images[0].len()]; band.images.len()];
        Fire { velocities, time_step: 0.01, time_step_max: 0.1, mixing: 0.1, downhill: 0, reach }
    }

    fn step(&mut self, band: &mut Band) {
        let inner = 1..band.images.len() - 1;
        let sum = |a: &[Vec<f64>], b: &[Vec<f64>]| inner.clone().map(|image| dot(&a[image], &b[image])).sum::<f64>();
        let power = sum(&self.velocities, &band.nudged);
        let lengths = (sum(&self.velocities, &self.velocities) / sum(&band.nudged, &band.nudged)).sqrt();
        if power > 0.0 {
            self.downhill += 1;
            if self.downhill > 5 {
                self.time_step = (1.1 * self.time_step).min(self.time_step_max);
                self.mixing *= 0.99;
            }
        } else {
            self.downhill = 0;
            self.time_step *= 0.5;
            self.mixing = 0.1;
            self.velocities.iter_mut().for_each(|velocity| velocity.fill(0.0));
        }
        for image in inner {
            let motions = self.velocities[image].iter_mut().zip(&band.nudged[image]).zip(&mut band.images[image]);
            for ((velocity, force), coordinate) in motions {
                if power > 0.0 && lengths.is_finite() {
                    *velocity += self.mixing * (lengths * force - *velocity);
                }
                *velocity += self.time_step * force;
                *coordinate += (self.time_step * *velocity).clamp(-self.reach, self.reach);
            }
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// `a` − `b`.
fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(x, y)| x - y).collect()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum::<f64>().sqrt()
}

/// Müller and Brown, doi:10.1007/BF00547608, over 100, so that its forces are of order one.
pub(super) struct MuellerBrown;

impl PlainSurface for MuellerBrown {
    fn evaluate(&mut self, position: &[f64], force: &mut [f64]) -> f64 {
        let (x, y) = (position[0], position[1]);
        let terms = [
            (-2.0, [-1.0, 0.0, -10.0], [1.0, 0.0]),
            (-1.0, [-1.0, 0.0, -10.0], [0.0, 0.5]),
            (-1.7, [-6.5, 11.0, -6.5], [-0.5, 1.5]),
            (0.15, [0.7, 0.6, 0.7], [-1.0, 1.0]),
        ];
        force.fill(0.0);
        let mut energy = 0.0;
        for (height, [a, b, c], [x0, y0]) in terms {
            let (dx, dy) = (x - x0, y - y0);
            let value = height * (a * dx * dx + b * dx * dy + c * dy * dy).exp();
            energy += value;
            force[0] -= value * (2.0 * a * dx + b * dy);
            force[1] -= value * (b * dx + 2.0 * c * dy);
        }
        energy
    }
}

// Minima and saddles of this surface, by Newton's method on its gradient in another program.
pub(super) const DEEP: [f64; 2] = [-0.558223634633024, 1.441725841804669];
pub(super) const MIDDLE: [f64; 2] = [-0.050010822998206, 0.466694104871972];
pub(super) const RIGHT: [f64; 2] = [0.623499404930877, 0.028037758528686];
pub(super) const HIGH_SADDLE: [f64; 2] = [-0.822001558732732, 0.624312802814871];
pub(super) const LOW_SADDLE: [f64; 2] = [0.212486582000662, 0.292988325107368];

/// How much larger the surface is on which a particle moves: then ways are as long as in a glass.
const SCALE: f64 = 4.0;

/// The same surface, larger, seen from one of its minima, as one particle moves on it.
pub(super) struct MuellerBrownAround {
    minimum: [f64; 2],
    energy: f64,
    forces: Vec<[f64; 2]>,
    hessian: [[f64; 2]; 2],
}

impl MuellerBrownAround {
    pub(super) fn new(minimum: [f64; 2]) -> Self {
        let energy = MuellerBrown.evaluate(&minimum, &mut [0.0; 2]);
        MuellerBrownAround { minimum, energy, forces: vec![[0.0; 2]], hessian: hessian(minimum) }
    }

    /// Where the particle is at `point` of the surface.
    pub(super) fn place(&self, point: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|axis| SCALE * (point[axis] - self.minimum[axis]))
    }

    fn point(&self, place: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|axis| self.minimum[axis] + place[axis] / SCALE)
    }

    /// The lower eigenvalue of the Hessian at `place`, and its vector.
    pub(super) fn lowest(&self, place: &[[f64; 2]]) -> (f64, [f64; 2]) {
        let [[a, b], [_, c]] = hessian(self.point(place[0]));
        let value = 0.5 * (a + c) - (0.25 * (a - c) * (a - c) + b * b).sqrt();
        let length = b.hypot(value - a);
        (value, [b / length, (value - a) / length])
    }
}

/// Of the larger surface, by differences of the forces.
fn hessian(at: [f64; 2]) -> [[f64; 2]; 2] {
    let step = 1e-5;
    let force = |axis: usize, by: f64| {
        let mut place = at;
        place[axis] += by;
        let mut force = [0.0; 2];
        MuellerBrown.evaluate(&place, &mut force);
        force
    };
    [0, 1].map(|axis| {
        let (above, below) = (force(axis, step), force(axis, -step));
        [0, 1].map(|other| (below[other] - above[other]) / (2.0 * step * SCALE * SCALE))
    })
}

impl super::ground::Surface<2> for MuellerBrownAround {
    fn evaluate(&mut self, place: &[[f64; 2]]) -> f64 {
        let energy = MuellerBrown.evaluate(&self.point(place[0]), &mut self.forces[0]) - self.energy;
        self.forces[0].iter_mut().for_each(|force| *force /= SCALE);
        energy
    }

    fn forces(&self) -> &[[f64; 2]] {
        &self.forces
    }

    fn pull(&self, place: &[[f64; 2]]) -> Vec<[f64; 2]> {
        vec![self.hessian.map(|row| row[0] * place[0][0] + row[1] * place[0][1])]
    }

    fn stiffness(&self) -> f64 {
        self.hessian.iter().map(|row| row[0].abs() + row[1].abs()).fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> PathSettings {
        PathSettings { force_tolerance: 1e-7, steps_max: 20_000, ..PathSettings::default() }
    }

    #[test]
    fn the_stationary_points_of_the_test_surface_are_stationary() {
        for point in [DEEP, MIDDLE, RIGHT, HIGH_SADDLE, LOW_SADDLE] {
            let mut force = [0.0; 2];
            MuellerBrown.evaluate(&point, &mut force);
            assert!(force[0].hypot(force[1]) < 1e-9, "{point:?}: {force:?}");
        }
    }

    #[test]
    fn the_climbing_image_stands_on_the_saddle() {
        for (start, end, saddle) in [(DEEP, MIDDLE, HIGH_SADDLE), (MIDDLE, RIGHT, LOW_SADDLE)] {
            let path = minimum_energy_path(&mut MuellerBrown, &start, &end, &settings()).expect("converges");
            let found = &path.images[path.highest];
            assert!(distance(found, &saddle) < 1e-6, "{found:?}, not {saddle:?}");
            let height = MuellerBrown.evaluate(&saddle, &mut [0.0; 2]);
            assert!((path.energies[path.highest] - height).abs() < 1e-10);
            // Backwards it is the same path.
            let back = minimum_energy_path(&mut MuellerBrown, &end, &start, &settings()).expect("converges");
            assert!((back.arc.last().expect("images") - path.arc.last().expect("images")).abs() < 1e-3);
            assert!(path.slopes[path.highest].abs() < 1e-6);
        }
    }

    /// Twenty times as many images that only slide downhill across the path, spaced evenly after each step:
    /// the string method (E, Ren and Vanden-Eijnden, doi:10.1063/1.2720838) is the slow twin.
    #[test]
    fn the_path_agrees_with_its_slow_twin() {
        let fine = PathSettings { images: 31, ..settings() };
        let path = minimum_energy_path(&mut MuellerBrown, &MIDDLE, &RIGHT, &fine).expect("converges");
        let count = 200;
        let mut string: Vec<[f64; 2]> = (0..=count)
            .map(|k| {
                let part = k as f64 / count as f64;
                [0, 1].map(|axis| MIDDLE[axis] + part * (RIGHT[axis] - MIDDLE[axis]))
            })
            .collect();
        for _ in 0..4000 {
            for point in &mut string {
                let mut force = [0.0; 2];
                MuellerBrown.evaluate(point, &mut force);
                (point[0], point[1]) = (point[0] + 0.005 * force[0], point[1] + 0.005 * force[1]);
            }
            let mut arc = vec![0.0];
            for pair in string.windows(2) {
                arc.push(arc[arc.len() - 1] + distance(&pair[0], &pair[1]));
            }
            let length = arc[count];
            string = (0..=count)
                .map(|k| {
                    let wanted = length * k as f64 / count as f64;
                    let after = arc.partition_point(|&s| s < wanted).clamp(1, count);
                    let part = (wanted - arc[after - 1]) / (arc[after] - arc[after - 1]);
                    [0, 1].map(|axis| string[after - 1][axis] + part * (string[after][axis] - string[after - 1][axis]))
                })
                .collect();
        }
        let length: f64 = string.windows(2).map(|pair| distance(&pair[0], &pair[1])).sum();
        let straight = path.arc.last().expect("images");
        // The one-sided tangent costs an error of first order: 1.2 % of the length with 11 images, 0.5 % with 31.
        assert!((length - straight) / length < 0.006 && length > straight * (1.0 - 1e-4), "{straight} {length}");
        let on_string = |image: &[f64]| string.iter().map(|point| distance(point, image)).fold(f64::INFINITY, f64::min);
        assert!(path.images.iter().all(|image| on_string(image) < 0.01));
    }

    #[test]
    fn what_is_no_pair_of_ends_is_refused() {
        let mut surface = MuellerBrown;
        let refused =
            |surface: &mut MuellerBrown, a: &[f64], b: &[f64]| minimum_energy_path(surface, a, b, &settings());
        assert_eq!(refused(&mut surface, &DEEP, &DEEP), Err(PathFailure::SamePoint));
        assert_eq!(refused(&mut surface, &DEEP, &[0.0]), Err(PathFailure::SamePoint));
        assert!(refused(&mut surface, &DEEP, &[f64::NAN, 0.0]).is_err());
        let short = PathSettings { steps_max: 3, ..settings() };
        let ended = minimum_energy_path(&mut surface, &DEEP, &MIDDLE, &short);
        assert!(matches!(ended, Err(PathFailure::NotConverged { steps: 3, .. })), "{ended:?}");
    }
}
