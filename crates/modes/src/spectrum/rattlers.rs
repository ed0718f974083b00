//! Particles that nothing holds in place.

use glass::Hessian;

/// Contacts that hold a particle in two dimensions.
const CONTACTS_MIN: usize = 3;

/// Particles with fewer than three contacts, removed one after the other until every particle left
/// has three contacts with particles left; ascending. A contact is an interacting pair.
pub(crate) fn rattlers(hessian: &Hessian) -> Vec<u32> {
    let mut neighbours: Vec<Vec<u32>> = vec![Vec::new(); hessian.particles()];
    for pair in hessian.pairs() {
        neighbours[pair.first as usize].push(pair.second);
        neighbours[pair.second as usize].push(pair.first);
    }
    let mut contacts: Vec<usize> = neighbours.iter().map(Vec::len).collect();
    let mut removed: Vec<bool> = contacts.iter().map(|&count| count < CONTACTS_MIN).collect();
    let mut pending: Vec<usize> = (0..removed.len()).filter(|&i| removed[i]).collect();
    while let Some(i) = pending.pop() {
        for &j in &neighbours[i] {
            let j = j as usize;
            contacts[j] -= 1;
            if !removed[j] && contacts[j] < CONTACTS_MIN {
                removed[j] = true;
                pending.push(j);
            }
        }
    }
    (0..removed.len()).filter(|&i| removed[i]).map(|i| i as u32).collect()
}
