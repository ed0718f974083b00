//! Particles that nothing holds in place.

use glass::Hessian;
use glass::space::contacts_min;

/// Particles with fewer than D + 1 contacts, removed one after the other until every particle left
/// has so many contacts with particles left; ascending. A contact is an interacting pair.
pub(crate) fn rattlers<const D: usize>(hessian: &Hessian<D>) -> Vec<u32> {
    let held = contacts_min(D);
    let mut neighbours: Vec<Vec<u32>> = vec![Vec::new(); hessian.particles()];
    for pair in hessian.pairs() {
        neighbours[pair.first as usize].push(pair.second);
        neighbours[pair.second as usize].push(pair.first);
    }
    let mut contacts: Vec<usize> = neighbours.iter().map(Vec::len).collect();
    let mut removed: Vec<bool> = contacts.iter().map(|&count| count < held).collect();
    let mut pending: Vec<usize> = (0..removed.len()).filter(|&i| removed[i]).collect();
    while let Some(i) = pending.pop() {
        for &j in &neighbours[i] {
            let j = j as usize;
            contacts[j] -= 1;
            if !removed[j] && contacts[j] < held {
                removed[j] = true;
                pending.push(j);
            }
        }
    }
    (0..removed.len()).filter(|&i| removed[i]).map(|i| i as u32).collect()
}
