//! Figures: one file each, drawn by plotters from [`Measures`].
//!
//! A figure is an SVG image, the CSV table behind it, a title and a caption that says what is drawn. Each
//! draws something sensible from an empty ensemble.

pub(crate) mod axis;
pub(crate) mod chart;
pub(crate) mod csv;
pub(crate) mod render;
pub(crate) mod style;

pub mod nearly_free;

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

pub mod directions;
pub mod transitions;

pub mod count_map;
pub mod integrated;
pub mod participation;
pub mod phonons;

pub mod ageing;
pub mod equilibrium;
pub mod timing;

pub mod comparison;
pub mod theory;

use crate::measures::Measures;
use crate::selection::Selection;
use crate::statistics::Estimate;
use chart::Chart;
use csv::Csv;
use serde::Serialize;
use thiserror::Error;

/// One figure, ready to be written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// Which figure it is, whatever the ensemble.
    pub kind: &'static str,
    /// Name of its files, without extension.
    pub name: String,
    /// Title.
    pub title: String,
    /// What it shows, in one or two sentences.
    pub caption: String,
    /// The image.
    #[serde(skip)]
    pub svg: String,
    /// The data.
    #[serde(skip)]
    pub csv: String,
}

/// A figure could not be drawn.
#[derive(Debug, Error)]
#[error("figure {figure} could not be drawn: {cause}")]
pub struct FigureError {
    /// Name of the figure.
    pub figure: String,
    /// What the drawing library said.
    #[source]
    pub cause: Box<dyn std::error::Error + Send + Sync>,
}

impl Figure {
    /// Draws `charts` in rows of `columns`.
    pub(crate) fn draw(
        kind: &'static str,
        title: impl Into<String>,
        caption: impl Into<String>,
        charts: &[Chart],
        columns: usize,
        csv: Csv,
    ) -> Result<Figure, FigureError> {
        let svg = render::svg(charts, columns).map_err(|cause| FigureError { figure: kind.to_owned(), cause })?;
        Ok(Figure {
            kind,
            name: kind.to_owned(),
            title: title.into(),
            caption: caption.into(),
            svg,
            csv: csv.into_text(),
        })
    }
}

/// What of an error bar a logarithmic axis makes room for: the point, and of its bar at most a decade.
pub(crate) fn around_bar(estimate: Estimate) -> [f64; 3] {
    let value = estimate.value;
    [value, estimate.low.max(0.1 * value), estimate.high.min(10.0 * value)]
}

/// Most points that a scatter plot shows; the CSV has all.
const POINTS_MAX: usize = 4000;

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
///
/// # Errors
/// [`FigureError`] when the drawing library fails.
pub fn of_ensemble(measures: &Measures, selection: &Selection) -> Result<Vec<Figure>, FigureError> {
    let mut figures = vec![
        nearly_free::draw(measures)?,
        portraits::draw(measures)?,
        density::draw(measures)?,
        beta::draw(measures)?,
        cubic::draw(measures)?,
        ranges::draw(measures)?,
        exponents::draw(measures)?,
        lowest::draw(measures)?,
        barriers::draw(measures)?,
        true_barriers::draw(measures)?,
        landing::draw(measures)?,
        cutoff::draw(measures)?,
        count_map::draw(measures, selection.participation_max)?,
        participation::draw(measures, selection.participation_max)?,
        phonons::draw(measures)?,
        integrated::draw(measures)?,
        equilibrium::series(measures)?,
        equilibrium::distributions(measures)?,
        timing::draw(measures)?,
    ];
    if let Some(directions) = &measures.directions {
        figures.push(directions::draw(directions)?);
    }
    if let Some(wells) = &measures.wells {
        figures.push(transitions::draw(wells)?);
    }
    Ok(figures)
}
