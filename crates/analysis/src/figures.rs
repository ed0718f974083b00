//! Figures: one file each, drawn from [`Measures`].
//!
//! A figure is a drawing, the CSV table behind it, a title and a caption that says what is drawn. Where there is
//! nothing to draw it has a sentence instead.

pub(crate) mod axis;
pub(crate) mod chart;
pub(crate) mod csv;
pub mod format;
pub(crate) mod render;
pub(crate) mod style;
pub(crate) mod svg;

pub mod convert;

pub mod nearly_free;

pub mod gallery;
pub mod portraits;

pub mod beta;
pub mod cubic;
pub mod density;
pub mod exponents;
pub mod lowest;

pub mod barriers;
pub mod cutoff;
pub mod landing;
pub mod ranges;
pub mod true_barriers;

pub mod against_cut;
pub mod beyond_debye;
pub mod count_map;
pub mod integrated;
pub mod participation;
pub mod phonons;

pub mod directions;
pub mod transitions;

pub mod ageing;
pub mod equilibrium;
pub mod timing;

pub mod comparison;
pub mod theory;

use crate::measures::Measures;
use crate::measures::portraits::Portrait;
use crate::selection::Selection;
use crate::statistics::Estimate;
use chart::Chart;
use csv::Csv;
use format::Format;
use serde::Serialize;

/// One figure, ready to be written.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// Which figure it is, whatever the ensemble.
    pub kind: &'static str,
    /// Name of its files, without extension.
    pub name: String,
    /// Title.
    pub title: String,
    /// What it shows, in one or two sentences; why it shows nothing, where it does not.
    pub caption: String,
    /// The data.
    #[serde(skip)]
    pub csv: String,
    #[serde(skip)]
    drawing: Drawing,
}

/// What is drawn.
#[derive(Debug, Clone)]
enum Drawing {
    Nothing,
    Charts { charts: Vec<Chart>, columns: usize },
    Mode(Box<Portrait>),
}

impl Figure {
    /// A figure of `charts` in rows of `columns`. Charts with nothing in them become a sentence of the caption.
    pub(crate) fn draw(
        kind: &'static str,
        title: impl Into<String>,
        caption: impl Into<String>,
        charts: &[Chart],
        columns: usize,
        csv: Csv,
    ) -> Figure {
        let mut caption: String = caption.into();
        let mut missing: Vec<String> = Vec::new();
        for chart in charts.iter().filter(|chart| chart.is_empty()) {
            let note = chart.note.as_deref().unwrap_or("no data");
            let words = if chart.title.is_empty() { format!("{note}.") } else { format!("{}: {note}.", chart.title) };
            if !missing.contains(&words) {
                missing.push(words);
            }
        }
        let charts: Vec<Chart> = charts.iter().filter(|chart| !chart.is_empty()).cloned().collect();
        let missing = missing.join(" ");
        let drawing = if charts.is_empty() {
            caption = capitalized(&missing);
            Drawing::Nothing
        } else {
            if !missing.is_empty() {
                caption = format!("{caption} Not drawn: {missing}");
            }
            Drawing::Charts { charts, columns }
        };
        Figure { kind, name: kind.to_owned(), title: title.into(), caption, csv: csv.into_text(), drawing }
    }

    /// The picture, unless there is nothing to draw.
    pub fn svg(&self, format: &Format) -> Option<String> {
        match &self.drawing {
            Drawing::Nothing => None,
            Drawing::Charts { charts, columns } => Some(render::svg(charts, *columns, format)),
            Drawing::Mode(portrait) => Some(gallery::svg(portrait, &self.name, format)),
        }
    }
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What of an error bar a logarithmic axis makes room for: the point, and of its bar at most a decade.
pub(crate) fn around_bar(estimate: Estimate) -> [f64; 3] {
    let value = estimate.value;
    [value, estimate.low.max(0.1 * value), estimate.high.min(10.0 * value)]
}

/// Most points that a scatter plot shows; the CSV has all.
const POINTS_MAX: usize = 2000;

/// At most [`POINTS_MAX`] of `points`, evenly taken, the first and the last among them.
pub(crate) fn thinned(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    if points.len() <= POINTS_MAX {
        return points;
    }
    let last = points.len() - 1;
    (0..POINTS_MAX).map(|k| points[k * last / (POINTS_MAX - 1)]).collect()
}

/// The cumulative distribution of the finite ones of `values` as a staircase of at most about 1000 steps.
pub(crate) fn cumulative(mut values: Vec<f64>) -> Vec<(f64, f64)> {
    values.retain(|value| value.is_finite());
    values.sort_unstable_by(f64::total_cmp);
    let count = values.len();
    let every = count.div_ceil(1000).max(1);
    let mut steps = Vec::new();
    let mut below = 0.0;
    for k in (0..count).filter(|k| (k + 1) % every == 0 || k + 1 == count) {
        let fraction = (k + 1) as f64 / count as f64;
        steps.extend([(values[k], below), (values[k], fraction)]);
        below = fraction;
    }
    steps
}

/// Unit of ω, for axes.
pub(crate) const OMEGA_UNIT: &str = "(√(ε/m)/length)";

/// All figures of one ensemble, in the order of the report.
pub fn of_ensemble(measures: &Measures, selection: &Selection) -> Vec<Figure> {
    let mut figures = gallery::draw(measures);
    figures.extend([
        nearly_free::draw(measures),
        portraits::draw(measures),
        density::draw(measures),
        beta::draw(measures),
        cubic::draw(measures),
        ranges::draw(measures),
        exponents::draw(measures),
        lowest::draw(measures),
        barriers::draw(measures),
        true_barriers::draw(measures),
        landing::draw(measures),
        cutoff::draw(measures),
        count_map::draw(measures, selection.participation_max),
        against_cut::draw(measures),
        participation::draw(measures, selection.participation_max),
        phonons::draw(measures),
        integrated::draw(measures),
        beyond_debye::draw(measures),
        equilibrium::series(measures),
        equilibrium::distributions(measures),
        timing::draw(measures),
    ]);
    figures.extend(measures.directions.as_ref().map(directions::draw));
    figures.extend(measures.wells.as_ref().map(transitions::draw));
    figures
}
