//! N(ω_max, PR_max), and where it is the paper's number a glass.

use super::Figure;
use super::axis::Axis;
use super::chart::{Cell, Chart, Item, Scale};
use super::csv::Csv;
use super::style::{self, Dash, Look};
use crate::measures::Measures;

/// Draws the map.
pub fn draw(measures: &Measures, participation_max: f64) -> Figure {
    let map = &measures.count_map;
    let mut csv = Csv::new(&["omega_max", "participation_max", "modes"]);
    let largest = map.counts.iter().flatten().copied().max().unwrap_or(0);
    let scale = Scale::logarithmic("modes", 1.0, (largest as f64).max(2.0));
    let mut boxes = Vec::new();
    let step = |values: &[f64], k: usize| if k > 0 { values[k] - values[k - 1] } else { values[1] - values[0] };
    for (row, counts) in map.counts.iter().enumerate() {
        for (column, &count) in counts.iter().enumerate() {
            let (omega, limit) = (map.omega_max[column], map.participation_max[row]);
            csv.row([omega.into(), limit.into(), count.into()]);
            if count > 0 {
                let x = (omega - step(&map.omega_max, column), omega);
                let y = (limit - step(&map.participation_max, row), limit);
                boxes.push(Cell { x, y, colour: scale.shade(count as f64) });
            }
        }
    }
    // Cells end at their value, so the first begins one step before it.
    let ends = |values: &[f64]| match values {
        [first, second, .., last] => [2.0 * first - second, *last],
        _ => [f64::NAN; 2],
    };
    let [x_low, x_high] = ends(&map.omega_max);
    let [y_low, y_high] = ends(&map.participation_max);
    let mut chart = Chart::new(
        "",
        Axis::linear(format!("ω_max  {}", super::OMEGA_UNIT), x_low, x_high),
        Axis::linear("PR_max", y_low, y_high),
    );
    chart.note = Some("no described modes".to_owned());
    if !boxes.is_empty() {
        chart.items.push(Item::Boxes { boxes });
        chart.items.push(Item::Scale(scale));
        let colour = style::BLACK;
        chart.outlined(
            "as many a glass as in the paper, 403 of 60 000",
            map.paper_line.clone(),
            Look { colour, ..style::reference(Dash::Solid) },
        );
        chart.outlined(
            "as many a particle",
            map.paper_line_per_particle.clone(),
            Look { colour, ..style::reference(Dash::Dashed) },
        );
        chart.horizontal(
            format!("PR_max = {participation_max}"),
            participation_max,
            Look { colour: style::BLACK, ..style::reference(Dash::Dotted) },
        );
    }
    let paper = match map.paper_omega_max {
        Some(omega) => {
            let per_particle = match map.paper_omega_max_per_particle {
                Some(omega) if !map.paper_line_per_particle.is_empty() => {
                    format!(", as many a particle at {omega:.3}")
                }
                _ => String::new(),
            };
            format!("With PR < 0.27 the paper's number is reached at ω_max = {omega:.3}{per_particle}.")
        }
        None => "This ensemble is too small, or too stiff, for the paper's number to fall inside the map.".to_owned(),
    };
    Figure::draw(
        "count-map",
        "How many modes each choice selects",
        format!("Modes with ω ≤ ω_max and PR < PR_max of the {} sound glasses. {paper}", measures.census.sound),
        &[chart],
        1,
        csv,
    )
}
