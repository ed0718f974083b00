//! The page of one or several ensembles.

use super::html::{self, escape};
use super::numbers::{count, number};
use super::{compared, searched, tables};
use crate::figures::Figure;
use crate::measures::Measures;
use crate::measures::comparison::Difference;
use crate::selection::Selection;
use std::fmt::Write as _;

/// The page.
pub(super) fn page(
    measures: &[Measures],
    differences: &[Difference],
    selection: &Selection,
    figures: &[Vec<Figure>],
    comparison: &[Figure],
) -> String {
    let names: Vec<&str> = measures.iter().map(|m| m.label.as_str()).collect();
    let title = match &names[..] {
        [] => "No archive".to_owned(),
        [one] => format!("Quasi-localized modes: {one}"),
        several => format!("Quasi-localized modes: {} ensembles", several.len()),
    };
    let mut body = format!("<h1>{}</h1>\n", escape(&title));
    body.push_str(&how_selected(selection));
    body.push_str("<nav>");
    for (k, name) in names.iter().enumerate() {
        let _ = write!(body, "<a href=\"#ensemble-{k}\">{}</a>", escape(name));
    }
    body.push_str("<a href=\"#methods\">How the numbers are made</a></nav>\n");
    body.push_str("<h2>Group B, with and without nearly free particles</h2>\n");
    for (measures, figures) in measures.iter().zip(figures) {
        if names.len() > 1 {
            let _ = writeln!(body, "<h3>{}</h3>", escape(&measures.label));
        }
        figures.iter().filter(|f| f.kind == "nearly-free").for_each(|figure| body.push_str(&html::figure(figure)));
        body.push_str(&tables::ways(measures));
    }
    body.push_str("<h2>Ensembles</h2>\n");
    body.push_str(&compared::overview(measures));
    if !comparison.is_empty() {
        body.push_str("<h2 id=\"comparison\">Ensembles compared</h2>\n");
        body.push_str(&compared::compared(measures));
        body.push_str(&compared::differing(differences));
        comparison.iter().for_each(|figure| body.push_str(&html::figure(figure)));
    }
    for (k, (measures, figures)) in measures.iter().zip(figures).enumerate() {
        body.push_str(&ensemble(k, measures, selection, figures));
    }
    body.push_str(METHODS);
    html::page(&title, &body)
}

fn how_selected(selection: &Selection) -> String {
    format!(
        "<p>Selected: described modes with participation ratio PR &lt; {} and {}{}, of glasses at a true minimum (no \
         negative eigenvalue, no zero modes but those of translations and nearly free particles, largest force ≤ {}), {}. Intervals are of 95 % confidence.</p>\n",
        number(selection.participation_max),
        selection.omega_max,
        if selection.lowest_only { ", of each glass only the lowest that passes" } else { "" },
        number(selection.force_max),
        selection.counted.name(),
    ) + &format!(
        "<p class=\"note\">The same selection again: <code>glassmodes report ARCHIVE... --out DIR {}</code>. Another one \
         needs no new glasses: every described mode is in the archive, or of a thin one every mode within its cuts.</p>\n",
        selection.options()
    )
}

fn ensemble(k: usize, m: &Measures, selection: &Selection, figures: &[Figure]) -> String {
    let mut body = format!("<h2 id=\"ensemble-{k}\">{}</h2>\n", escape(&m.label));
    if m.census.realizations == 0 {
        body.push_str("<p><span class=\"badge\">No realization in this archive yet.</span></p>\n");
    } else if m.census.realizations + m.census.failed < m.census.planned {
        let _ = writeln!(
            body,
            "<p><span class=\"badge\">Partial: {} of {} realizations, {} given up.</span></p>",
            count(m.census.realizations),
            count(m.census.planned),
            count(m.census.failed)
        );
    }
    let _ = writeln!(
        body,
        "<p class=\"note\">Computed by glassmodes {} ({}), begun {}, configuration {}.</p>",
        escape(&m.about.software_version),
        escape(&m.about.git_commit),
        escape(&m.about.created),
        escape(&m.about.config_hash)
    );
    body.push_str(&tables::thin(m));
    let draw = |body: &mut String, kinds: &[&str]| {
        for kind in kinds {
            figures
                .iter()
                .filter(|figure| figure.kind == *kind)
                .for_each(|figure| body.push_str(&html::figure(figure)));
        }
    };
    body.push_str("<h3>Counts, beside the paper's</h3>\n");
    body.push_str(&tables::beside_paper(m, selection));
    body.push_str("<h3>What was left out</h3>\n");
    body.push_str(&tables::left_out(m));
    draw(&mut body, &["count-map"]);
    body.push_str("<h3>Figures of the paper</h3>\n");
    if m.portraits.is_empty() && m.census.selected > 0 {
        body.push_str(NO_PROFILES);
    }
    draw(&mut body, &["portraits", "density-of-states", "beta", "cubic"]);
    body.push_str("<h3>Exponents</h3>\n");
    if selection.lowest_only {
        body.push_str(ONLY_LOWEST);
    }
    body.push_str(&tables::exponents(m));
    draw(&mut body, &["exponents"]);
    body.push_str(&tables::lowest(m));
    draw(&mut body, &["lowest"]);
    body.push_str("<h3>Shapes and barriers</h3>\n");
    body.push_str(&tables::shapes(m));
    body.push_str(&tables::barriers(m));
    draw(&mut body, &["ranges", "barriers"]);
    body.push_str("<h3>Is group B real?</h3>\n");
    body.push_str(&tables::reality(m));
    body.push_str(&tables::inside(m));
    draw(&mut body, &["true-barriers", "landing", "cutoff-share"]);
    body.push_str(&searched::section(m));
    draw(&mut body, &["directions", "transitions"]);
    body.push_str("<h3>All modes and phonons</h3>\n");
    draw(&mut body, &["participation", "phonons", "integrated-density"]);
    body.push_str("<h3>Equilibrium</h3>\n");
    body.push_str(&tables::equilibrium(m));
    draw(&mut body, &["equilibrium-series", "equilibrium-distributions"]);
    body.push_str("<h3>Glasses and CPU time</h3>\n");
    body.push_str(&tables::glasses(m));
    body.push_str(&tables::timing(m));
    draw(&mut body, &["timing"]);
    body
}

const NO_PROFILES: &str = "<p class=\"note\">No data for U(s): the archive keeps the true profile of no selected mode. \
<code>glassmodes revisit</code> makes their glasses again, and keeps it.</p>\n";

const ONLY_LOWEST: &str = "<p><span class=\"badge\">Only the lowest mode of each glass is selected: the lowest of several \
modes do not follow D(ω), and the exponents of this table are too small. Weibull's law below takes that into account; \
the scan over ω_c takes all modes.</span></p>\n";

const METHODS: &str = "<h2 id=\"methods\">How the numbers are made</h2>
<p><b>Groups.</b> Along a mode U(s) = b₂s²/2 + b₃s³/6 + b₄s⁴/24 and β = b₃/√(3b₂b₄). A: |β| ≤ √(8/9), one minimum. \
A-double: √(8/9) &lt; |β| ≤ 1, a second, higher minimum; the paper counts these as A. B: |β| &gt; 1, a second, deeper \
minimum. Unbounded: b₄ ≤ 0.</p>
<p><b>D(ω)</b> is the number of modes per glass, per degree of freedom (2N) and per unit of ω; A_g is its prefactor, \
D = A_g ω^α.</p>
<p><b>Exponents.</b> With x = ln(ω_c/ω) a power law becomes an exponential distribution of rate α + 1. α̂ = (n−1)/Σx − 1 \
has no bias. <i>Exact</i>: the interval from the χ² distribution of Σx, right when modes are independent. \
<i>Bootstrap</i>: studentized, resampling glasses and not modes, right when modes of one glass are not independent. \
p of α = 3 or 4: two-sided, from the same resampling as the interval; beside it what it would be, exactly, were modes \
independent. p of the fit: Kolmogorov and Smirnov's distance with the rate \
fitted, against samples drawn from the fit. The slope of the histogram is given for comparison only.</p>
<p><b>Lowest mode.</b> Weibull's law by maximum likelihood; a glass without a mode below its cut is censored there.</p>
<p><b>Counts</b> have Garwood's Poisson intervals, fractions Wilson's. Fractions take modes as independent.</p>
<p>Every number stands in <a href=\"summary.json\">summary.json</a>.</p>
";
