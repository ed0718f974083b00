//! The multifrontal method's book-keeping: what [`super::counting`] goes through, shift after shift.
//!
//! Each supernode of L has a front: a dense symmetric matrix of its own columns and of the rows below
//! them. Eliminating the own columns leaves a Schur complement of the other rows, which is added to
//! the front of the parent, the supernode of the first of these rows (Duff and Reid,
//! doi:10.1145/356044.356047).

use super::substitution::Supernodes;
use faer::sparse::SymbolicSparseColMatRef;

/// The fronts in an order in which children come before their parents.
#[derive(Debug)]
pub(crate) struct Fronts {
    fronts: Vec<Front>,
    rows: Vec<u32>,
    entries: Vec<FrontEntry>,
    places: Vec<u32>,
    children: Vec<u32>,
}

#[derive(Debug)]
struct Front {
    columns: usize,
    rows: std::ops::Range<usize>,
    entries: std::ops::Range<usize>,
    places: std::ops::Range<usize>,
    children: std::ops::Range<usize>,
}

/// An entry of H in a front.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FrontEntry {
    pub(crate) row: u32,
    pub(crate) column: u32,
    /// Its place in the values of the lower triangle.
    pub(crate) value: u32,
}

/// One front.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FrontRef<'a> {
    /// How many of the rows are its own columns; they come first.
    pub(crate) columns: usize,
    /// Rows of the matrix.
    pub(crate) rows: &'a [u32],
    /// Entries of H in the own columns, by rows.
    pub(crate) entries: &'a [FrontEntry],
    /// For each row that is not its own, the position in the parent's rows.
    pub(crate) places: &'a [u32],
    /// Fronts whose Schur complements are added to this one.
    pub(crate) children: &'a [u32],
}

impl Fronts {
    /// Of the lower triangle of a matrix (compressed columns, ascending rows) and its supernodes.
    pub(crate) fn new(lower: SymbolicSparseColMatRef<'_, usize>, supernodes: &Supernodes) -> Self {
        let mut fronts = Fronts {
            fronts: Vec::new(),
            rows: Vec::new(),
            entries: Vec::new(),
            places: Vec::new(),
            children: Vec::new(),
        };
        // The supernode of each column, and the children of each supernode.
        let mut supernode = vec![0; lower.ncols()];
        let mut children: Vec<Vec<u32>> = Vec::new();
        for (s, (columns, rows)) in supernodes.shapes().enumerate() {
            rows[..columns].iter().for_each(|&column| supernode[column as usize] = s);
            children.push(Vec::new());
        }
        for (s, (columns, rows)) in supernodes.shapes().enumerate() {
            if let Some(&row) = rows.get(columns) {
                children[supernode[row as usize]].push(s as u32);
            }
        }
        let mut position = vec![0u32; lower.ncols()];
        for ((columns, rows), children) in supernodes.shapes().zip(children) {
            for (place, &row) in rows.iter().enumerate() {
                position[row as usize] = place as u32;
            }
            let first = fronts.entries.len();
            for (column, &j) in rows[..columns].iter().enumerate() {
                let values = lower.col_range(j as usize);
                let entries = values.clone().zip(&lower.row_idx()[values]);
                fronts.entries.extend(entries.map(|(value, &row)| FrontEntry {
                    row: position[row],
                    column: column as u32,
                    value: value as u32,
                }));
            }
            fronts.entries[first..].sort_by_key(|entry| entry.row);
            // Now that the parent is known, where its children's rows stand.
            for &child in &children {
                let child: &mut Front = &mut fronts.fronts[child as usize];
                let below = &fronts.rows[child.rows.start + child.columns..child.rows.end];
                let start = fronts.places.len();
                fronts.places.extend(below.iter().map(|&row| position[row as usize]));
                child.places = start..fronts.places.len();
            }
            let (start, start_of_children) = (fronts.rows.len(), fronts.children.len());
            fronts.rows.extend_from_slice(rows);
            fronts.children.extend(children);
            fronts.fronts.push(Front {
                columns,
                rows: start..fronts.rows.len(),
                entries: first..fronts.entries.len(),
                places: 0..0,
                children: start_of_children..fronts.children.len(),
            });
        }
        fronts
    }

    /// The fronts, children before their parents.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = FrontRef<'_>> {
        (0..self.fronts.len()).map(|front| self.get(front))
    }

    /// One of them.
    pub(crate) fn get(&self, front: usize) -> FrontRef<'_> {
        let front = &self.fronts[front];
        FrontRef {
            columns: front.columns,
            rows: &self.rows[front.rows.clone()],
            entries: &self.entries[front.entries.clone()],
            places: &self.places[front.places.clone()],
            children: &self.children[front.children.clone()],
        }
    }
}
