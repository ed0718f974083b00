//! "Where are the two-level systems?": what was searched beyond the quartic along harmonic modes.

use super::html::{escape, table};
use super::numbers::{count, estimate, interval, mean, number, range};
use crate::measures::Measures;
use crate::measures::directions::Directions;
use crate::measures::wells::Wells;
use crate::statistics::PowerLawFit;
use crate::statistics::interval::fraction;
use std::fmt::Write as _;

/// The section; empty for ensembles without nonlinear modes and wells.
pub(super) fn section(m: &Measures) -> String {
    if m.directions.is_none() && m.wells.is_none() {
        return String::new();
    }
    let mut html = m.directions.as_ref().map_or_else(String::new, directions);
    html.push_str(&m.wells.as_ref().map_or_else(String::new, wells));
    html
}

fn exponent(fit: Option<&PowerLawFit>) -> String {
    fit.map_or("too few".to_owned(), |fit| {
        format!("{} {} of {}", number(fit.exponent.value), interval(fit.bootstrap), count(fit.events))
    })
}

fn directions(directions: &Directions) -> String {
    let rows: Vec<Vec<String>> = directions
        .each
        .iter()
        .map(|direction| {
            vec![
                direction.name.to_owned(),
                count(direction.selected),
                estimate(direction.group_b),
                estimate(direction.double),
                estimate(direction.unbounded),
                number(direction.beta_distribution.median),
                number(direction.softening.median),
                exponent(direction.exponent.as_ref()),
                count(direction.given_up),
            ]
        })
        .collect();
    let header = [
        "direction",
        "selected",
        "B, |β| &gt; 1",
        "two minima",
        "b₄ ≤ 0",
        "median |β|",
        "median κ/λ",
        "α of D(ω)",
        "given up",
    ];
    table(&header, &rows)
        + "<p class=\"note\">The quartic is that of a direction, and other directions have others. Nonlinear modes are searched \
           from every described harmonic mode; here they are selected as those are, by their own ω and PR; exponents are below one ω_c for all glasses. Fractions have \
           Wilson's intervals; directions of one glass are not independent.</p>\n"
}

fn wells(wells: &Wells) -> String {
    let mut html = String::new();
    let _ = writeln!(
        html,
        "<p>From each glass along ± every described and nonlinear mode, until the most-moved particle has moved one mean \
         diameter: {} adjacent minima in {} glasses, each over one saddle with one negative eigenvalue. A way counts as a \
         two-level system when E₁ − E₀ along it is below k_B · 1 K of {} ({} ε, ħ̃ = {}) and both minima are involved: E₁ \
         lies above the higher one, and E₁ − E₀ is smaller than the excitation within the lower well: <b>{} two-level systems</b>.</p>",
        count(wells.ways.len() as u64),
        count(wells.glasses),
        escape(wells.material),
        number(wells.temperature),
        number(wells.hbar),
        count(wells.systems)
    );
    let row = |what: &str, value: String| vec![what.to_owned(), value];
    html.push_str(&table(
        &["", ""],
        &[
            row("adjacent minima per glass", estimate(wells.neighbours)),
            row("two-level systems per glass", estimate(wells.systems_per_glass)),
            row("two-level systems per particle", estimate(wells.systems_per_particle)),
            row("adjacent minima deeper than the glass", estimate(wells.deeper)),
            row("barrier (ε)", format!("{}, median {}", range(&wells.barrier), number(wells.barrier.median))),
            row(
                "length of the way",
                format!("{}, median {}", range(&wells.path_length), number(wells.path_length.median)),
            ),
            row("PR of the displacement", format!("median {}", number(wells.participation.median))),
            row("E₁ − E₀ (ε)", format!("{}, median {}", range(&wells.splitting), number(wells.splitting.median))),
            row("overlap of two-level systems with their direction", mean(&wells.overlap_of_systems)),
            row("α of D(ω) below ω_c, modes with an adjacent minimum", exponent(wells.exponent_with_way.as_ref())),
            row("α of D(ω) below ω_c, modes without", exponent(wells.exponent_without_way.as_ref())),
        ],
    ));
    let along: Vec<Vec<String>> = wells
        .by_direction
        .iter()
        .map(|(name, found, systems)| vec![escape(name), count(*found), count(*systems)])
        .collect();
    html.push_str(&table(&["found along", "ways", "two-level systems"], &along));
    let groups: Vec<Vec<String>> = wells
        .by_group
        .iter()
        .map(|(name, modes, ways, systems)| {
            let part = |some: u64| format!("{} ({})", count(some), estimate(fraction(some, *modes)));
            vec![(*name).to_owned(), count(*modes), part(*ways), part(*systems)]
        })
        .collect();
    html.push_str(&table(
        &["group of the harmonic mode", "selected modes", "with an adjacent minimum", "with a two-level system"],
        &groups,
    ));
    let outcomes: Vec<Vec<String>> =
        wells.outcomes.iter().map(|(name, searches)| vec![escape(name), count(*searches)]).collect();
    html.push_str(&table(&["searches that left the basin", ""], &outcomes));
    html.push_str(
        "<p class=\"note\">A neighbour is listed by the first direction that leads to it, harmonic ones first. Searches that \
         found no saddle, one of another minimum, or one with more negative eigenvalues are counted above and in nothing \
         else: the numbers of neighbours and two-level systems are lower bounds. Lengths of the ways are about 1 % too \
         large (docs/physics.md).</p>\n",
    );
    html
}
