//! The page of `glassmodes theory`.

use super::html::{self, escape, table};
use super::numbers::{count, estimate, interval, number, probability};
use super::{Destination, ReportError};
use crate::figures::format::FileKind;
use crate::figures::{self, Figure};
use crate::theory::TheoryResult;
use serde::Serialize;

#[derive(Serialize)]
struct TheorySummary<'a> {
    software_version: &'static str,
    #[serde(flatten)]
    result: &'a TheoryResult,
    figures: &'a [Figure],
}

/// Writes the page, the figures and `summary.json` of `result` into the folder `out`.
///
/// # Errors
/// [`ReportError`].
pub fn write_theory(result: &TheoryResult, out: impl Into<Destination>) -> Result<(), ReportError> {
    let out = out.into();
    out.check()?;
    let figures = [figures::theory::density(result), figures::theory::exponents(result)];
    let summary = TheorySummary { software_version: env!("CARGO_PKG_VERSION"), result, figures: &figures };
    out.write(&page(result, &figures, &out.kinds), &figures, &serde_json::to_string_pretty(&summary)?)
}

fn page(result: &TheoryResult, figures: &[Figure], kinds: &[FileKind]) -> String {
    let mut body = String::from("<h1 id=\"top\">Soft potentials: why ω³, and why ω⁴</h1>\n");
    body.push_str(
        "<p>U(s) = a₁s + a₂s² + a₃s³ + a₄s⁴ with random coefficients (eq. 3 of arXiv:2102.12368), expanded about its \
         minima (eq. 4). The density of minima with curvature b₂ is E[δ(U′)|U″|δ(U″ − b₂)] ∝ b₂ as b₂ → 0, hence \
         D(ω) ∝ ω³ (eq. 7). Of these, the lower ones have b₃² ≤ 3b₂b₄ (eq. 8), a window of width ∝ √b₂ = ω, hence \
         D(ω) ∝ ω⁴ (eq. 9).</p>\n",
    );
    body.push_str(&format!(
        "<p>{} draws of (a₂, a₃, a₄) from each distribution, seed {}; for each a Poisson number of tilts a₁, {} on \
         average, of which only those are drawn that make a minimum with ω &lt; {}. Exponents by maximum likelihood on \
         (0, {}], intervals of 95 % by resampling draws.</p>\n",
        count(result.samples),
        result.seed,
        number(result.tilts),
        number(crate::theory::OMEGA_KEPT),
        number(result.omega_cut)
    ));
    let mut rows = Vec::new();
    for distribution in &result.distributions {
        for minima in &distribution.minima {
            rows.push(vec![
                distribution.coefficients.name().to_owned(),
                escape(distribution.description),
                escape(minima.minima.name()),
                count(minima.fit.events),
                number(minima.expected),
                number(minima.fit.exponent.value),
                interval(minima.fit.bootstrap),
                probability(minima.fit.goodness.p_value),
            ]);
        }
    }
    for combined in &result.combined {
        rows.push(vec![
            "all together".to_owned(),
            "mean weighted by inverse variances".to_owned(),
            escape(combined.minima.name()),
            String::new(),
            number(combined.expected),
            number(combined.exponent.value),
            interval(combined.exponent.interval()),
            format!("z = {}", number(combined.z)),
        ]);
    }
    let header = ["distribution", "", "minima", "modes", "expected", "α̂", "95 %", "p of the fit"];
    body.push_str("<h2 id=\"exponents\">Exponents</h2>\n");
    body.push_str(&table(&header, &rows));
    figures.iter().for_each(|figure| body.push_str(&html::figure(figure, kinds)));
    body.push_str(
        "<h2 id=\"calibration\">Calibration of the estimator</h2>\n<p>Ensembles of known exponent, small as measured ones are: how often do \
         the intervals that should cover the truth in 95 of 100 cases do so, and how often does a test at 5 % reject the \
         true exponent? What is exact for independent modes is not for modes that come in clusters; resampling glasses \
         knows of clusters.</p>\n",
    );
    let rows: Vec<Vec<String>> = result
        .calibration
        .iter()
        .map(|c| {
            vec![
                number(c.alpha),
                c.modes.name().to_owned(),
                count(c.repetitions),
                number(c.events_mean),
                number(c.alpha_mean),
                estimate(c.exact),
                estimate(c.bootstrap),
                estimate(c.exact_rejects),
                estimate(c.bootstrap_rejects),
            ]
        })
        .collect();
    let header = [
        "true α",
        "modes",
        "ensembles",
        "modes in each",
        "mean of α̂",
        "exact interval covers",
        "bootstrap covers",
        "exact p < 0.05",
        "bootstrap p < 0.05",
    ];
    body.push_str(&table(&header, &rows));
    body.push_str("<p>Every number stands in <a href=\"summary.json\">summary.json</a>.</p>\n");
    let links =
        [("top", "Soft potentials"), ("exponents", "Exponents"), ("calibration", "Calibration of the estimator")];
    html::page("Soft potentials", &links.map(|(id, words)| (id.to_owned(), words.to_owned(), false)), &body)
}
