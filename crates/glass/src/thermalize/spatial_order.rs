//! The order in which particles have their trials: row by row through the box.
//!
//! What is near in space is then near in memory, and the neighbours an accepted trial updates are in
//! the cache. The order is fixed when a sampler is made.

use crate::configuration::Configuration;

/// Height of a row, about one particle.
const ROW: f64 = 2.0;

/// Particles by row, and from left to right within each.
pub(super) fn spatial_order(configuration: &Configuration) -> Vec<u32> {
    let positions = configuration.positions();
    let mut order: Vec<u32> = (0..positions.len() as u32).collect();
    let row = |i: u32| (positions[i as usize][1] / ROW) as u64;
    order.sort_by(|&a, &b| {
        row(a).cmp(&row(b)).then(positions[a as usize][0].total_cmp(&positions[b as usize][0])).then(a.cmp(&b))
    });
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diameters::DiameterChoice;
    use crate::random::Seed;

    #[test]
    fn every_particle_is_there_once_and_neighbours_in_the_order_are_near() {
        let seed = Seed::of_realization(6, 6);
        let configuration = Configuration::random(seed, 900, 1.0, DiameterChoice::Random).expect("valid");
        let order = spatial_order(&configuration);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert!(sorted.iter().enumerate().all(|(i, &particle)| i == particle as usize));
        let side = configuration.periodic_box();
        let near = order
            .windows(2)
            .filter(|pair| {
                let [a, b] = [pair[0], pair[1]].map(|i| configuration.positions()[i as usize]);
                let [x, y] = side.separation(a, b);
                x * x + y * y < 9.0
            })
            .count();
        assert!(near > 850, "{near}");
    }
}
