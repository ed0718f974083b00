//! The page of one or several ensembles.

use super::html::{self, escape, table};
use super::numbers::{count, estimate, interval, mean, number, probability, range};
use super::paper::Paper;
use crate::figures::Figure;
use crate::measures::density::FamilyDensity;
use crate::measures::reality::Verdict;
use crate::measures::{Family, Measures};
use crate::selection::Selection;
use crate::statistics::Distribution;
use std::fmt::Write as _;

/// The page.
pub(super) fn page(
    measures: &[Measures],
    selection: &Selection,
    figures: &[Vec<Figure>],
    comparison: &[Figure],
) -> String {
    let names: Vec<String> = measures.iter().map(|m| escape(&m.label)).collect();
    let title = match &names[..] {
        [] => "No archive".to_owned(),
        [one] => format!("Quasi-localized modes: {one}"),
        several => format!("Quasi-localized modes: {} ensembles", several.len()),
    };
    let mut body = format!("<h1>{title}</h1>\n");
    body.push_str(&how_selected(selection));
    body.push_str("<nav>");
    for (k, name) in names.iter().enumerate() {
        let _ = write!(body, "<a href=\"#ensemble-{k}\">{name}</a>");
    }
    body.push_str("<a href=\"#methods\">How the numbers are made</a></nav>\n");
    body.push_str("<h2>Ensembles</h2>\n");
    body.push_str(&overview(measures));
    if !comparison.is_empty() {
        body.push_str("<h2 id=\"comparison\">Ensembles compared</h2>\n");
        body.push_str(&compared(measures));
        comparison.iter().for_each(|figure| body.push_str(&html::figure(figure)));
    }
    for (k, (measures, figures)) in measures.iter().zip(figures).enumerate() {
        body.push_str(&ensemble(k, measures, figures));
    }
    body.push_str(METHODS);
    html::page(&title, &body)
}

fn how_selected(selection: &Selection) -> String {
    format!(
        "<p>Selected: described modes with participation ratio PR &lt; {} and {}{}, of glasses at a true minimum (no \
         negative eigenvalue, exactly two zero modes, largest force ≤ {}). Intervals are of 95 % confidence.</p>\n",
        number(selection.participation_max),
        selection.omega_max,
        if selection.lowest_only { ", of each glass only the lowest that passes" } else { "" },
        number(selection.force_max),
    )
}

/// One row an ensemble: what it is and how many modes.
fn overview(measures: &[Measures]) -> String {
    let text = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    let rows: Vec<Vec<String>> = measures
        .iter()
        .enumerate()
        .map(|(k, m)| {
            vec![
                format!("<a href=\"#ensemble-{k}\">{}</a>", escape(&m.label)),
                text(m.about.particles.map(count)),
                text(m.about.density.map(number)),
                text(m.about.smoothness.map(count)),
                text(m.about.temperature.map(number)),
                text(m.about.sweeps.map(count)),
                escape(m.about.method.as_deref().unwrap_or("–")),
                format!("{} of {}", count(m.census.realizations), count(m.census.planned)),
                count(m.census.failed),
                count(m.census.sound),
                count(m.census.selected),
            ]
        })
        .collect();
    let header =
        ["ensemble", "N", "ρ", "q", "T", "sweeps", "spectrum", "glasses", "given up", "sound", "modes selected"];
    table(&header, &rows)
}

/// The numbers that are compared between ensembles.
fn compared(measures: &[Measures]) -> String {
    let rows: Vec<Vec<String>> = measures
        .iter()
        .map(|m| {
            let exponent = |family: Family| {
                let found = m.density.families.iter().find(|density| density.family == family);
                found.map_or_else(String::new, |density| {
                    format!("{} {}", number(density.fit.exponent.value), interval(density.fit.bootstrap))
                })
            };
            vec![
                escape(&m.label),
                count(m.census.selected),
                estimate(m.fractions.group_b),
                estimate(m.fractions.group_a_double),
                exponent(Family::A),
                exponent(Family::B),
                estimate(m.reality.b.true_deeper),
                estimate(m.reality.b.cutoff_dominated),
                estimate(m.reality.b.confirmed),
            ]
        })
        .collect();
    let header = [
        "ensemble",
        "modes",
        "fraction B",
        "fraction A-double",
        "α of A",
        "α of B",
        "B: true profile deeper",
        "B: b₃ mostly from the cutoff",
        "B: confirmed",
    ];
    table(&header, &rows)
}

fn ensemble(k: usize, m: &Measures, figures: &[Figure]) -> String {
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
    let draw = |body: &mut String, kinds: &[&str]| {
        for kind in kinds {
            figures
                .iter()
                .filter(|figure| figure.kind == *kind)
                .for_each(|figure| body.push_str(&html::figure(figure)));
        }
    };
    body.push_str("<h3>Counts, beside the paper's</h3>\n");
    body.push_str(&beside_paper(m));
    body.push_str("<h3>What was left out</h3>\n");
    body.push_str(&left_out(m));
    draw(&mut body, &["count-map"]);
    body.push_str("<h3>Figures of the paper</h3>\n");
    draw(&mut body, &["portraits", "density-of-states", "beta", "cubic"]);
    body.push_str("<h3>Exponents</h3>\n");
    body.push_str(&exponents(m));
    draw(&mut body, &["exponents"]);
    body.push_str(&lowest(m));
    draw(&mut body, &["lowest"]);
    body.push_str("<h3>Shapes and barriers</h3>\n");
    body.push_str(&shapes(m));
    body.push_str(&barriers(m));
    draw(&mut body, &["ranges", "barriers"]);
    body.push_str("<h3>Is group B real?</h3>\n");
    body.push_str(&reality(m));
    draw(&mut body, &["true-barriers", "landing", "cutoff-share"]);
    body.push_str("<h3>All modes and phonons</h3>\n");
    draw(&mut body, &["participation", "phonons", "integrated-density"]);
    body.push_str("<h3>Equilibrium</h3>\n");
    body.push_str(&equilibrium(m));
    draw(&mut body, &["equilibrium-series", "equilibrium-distributions"]);
    body.push_str("<h3>Glasses and CPU time</h3>\n");
    body.push_str(&glasses(m));
    body.push_str(&timing(m));
    draw(&mut body, &["timing"]);
    body
}

fn beside_paper(m: &Measures) -> String {
    let paper = Paper::numbers();
    let exponent = |family: Family| {
        let found = m.density.families.iter().find(|density| density.family == family);
        found.map_or_else(String::new, |density| {
            format!("{} {}", number(density.fit.exponent.value), interval(density.fit.bootstrap))
        })
    };
    let fraction = |value, part| format!("{} ({})", count(value), estimate(part));
    let rows = vec![
        vec!["glasses".to_owned(), count(paper.realizations), format!("{} sound", count(m.census.sound))],
        vec!["modes selected".to_owned(), count(paper.modes), count(m.census.selected)],
        vec!["per 60 000 glasses".to_owned(), count(paper.modes), estimate(m.fractions.per_paper_ensemble)],
        vec!["group A, one minimum".to_owned(), String::new(), fraction(m.census.group_a, m.fractions.group_a)],
        vec![
            "group A-double, second minimum higher".to_owned(),
            String::new(),
            fraction(m.census.group_a_double, m.fractions.group_a_double),
        ],
        vec![
            "group B, second minimum deeper".to_owned(),
            String::new(),
            fraction(m.census.group_b, m.fractions.group_b),
        ],
        vec!["unbounded, b₄ ≤ 0".to_owned(), String::new(), fraction(m.census.unbounded, m.fractions.unbounded)],
        vec!["α of D(ω), A and A-double".to_owned(), number(paper.exponent_a), exponent(Family::A)],
        vec!["α of D(ω), B".to_owned(), number(paper.exponent_b), exponent(Family::B)],
    ];
    let mut html = table(&["", "paper (arXiv:2102.12368)", "this ensemble"], &rows);
    html.push_str(
        "<p class=\"note\">The paper's 403 modes in 60 000 glasses of N = 4000 imply a cut in frequency that it does not \
         state; the count map shows which cut selects as many here.</p>\n",
    );
    html
}

fn left_out(m: &Measures) -> String {
    let c = &m.census;
    let row = |what: &str, value: u64| vec![what.to_owned(), count(value)];
    let glasses = table(
        &["glasses", ""],
        &[
            row("planned", c.planned),
            row("in the archive", c.realizations),
            row("given up (reasons under /failures)", c.failed),
            row("left out: saddle", c.saddles),
            row("left out: not exactly two zero modes", c.extra_zero_modes),
            row("left out: not converged", c.unconverged),
            row("left out: no phonon frequency to cut at", c.without_phonon),
            row("sound", c.sound),
            row("of these: cut where the description ends, below the cut asked for", c.cut_by_description),
            row("of these: with rattlers", c.with_rattlers),
        ],
    );
    let modes = table(
        &["described modes", ""],
        &[
            row("in the archive", c.described),
            row("of glasses left out", c.in_unsound),
            row("not a number", c.invalid),
            row("PR too large", c.extended),
            row("localized, above the cut", c.above_cut),
            row("localized, not the lowest", c.not_lowest),
            row("selected", c.selected),
        ],
    );
    format!("{glasses}{modes}")
}

fn exponents(m: &Measures) -> String {
    let row = |density: &FamilyDensity| {
        let fit = &density.fit;
        vec![
            density.family.name().to_owned(),
            count(fit.events),
            number(fit.exponent.value),
            interval(fit.bootstrap),
            interval(fit.exponent.interval()),
            density.histogram_slope.map_or("–".to_owned(), estimate),
            number(fit.log_likelihood_ratio_4_over_3),
            probability(fit.p_value_3),
            probability(fit.p_value_4),
            probability(fit.goodness.p_value),
            estimate(density.prefactor_3),
            estimate(density.prefactor_4),
        ]
    };
    let header = [
        "family",
        "modes",
        "α̂",
        "bootstrap",
        "exact",
        "slope of the histogram",
        "ln L(4) − ln L(3)",
        "p of α = 3",
        "p of α = 4",
        "p of the fit",
        "A_g if α = 3",
        "A_g if α = 4",
    ];
    let mut html = format!(
        "<p>Maximum likelihood for D(ω) ∝ ω^α on (0, ω_c], ω_c = {} (median over glasses).</p>\n",
        number(m.density.omega_cut)
    );
    html.push_str(&table(&header, &m.density.families.iter().map(row).collect::<Vec<_>>()));
    html
}

fn lowest(m: &Measures) -> String {
    match &m.lowest.fit {
        Some(fit) => format!(
            "<p>Lowest localized mode of each glass: Weibull shape k = α + 1 = {}, scale ω₀ = {}; {} glasses with a mode, \
             {} censored at their cut.</p>\n",
            estimate(fit.shape),
            number(fit.scale),
            count(fit.observed),
            count(fit.censored)
        ),
        None => "<p>Lowest localized mode of each glass: too few for a fit.</p>\n".to_owned(),
    }
}

fn shapes(m: &Measures) -> String {
    let rows: Vec<Vec<String>> = m
        .shape
        .groups
        .iter()
        .map(|g| {
            vec![
                g.group.to_owned(),
                count(g.omega.count),
                range(&g.omega),
                range(&g.participation),
                range(&g.b2),
                range(&g.b3),
                range(&g.b4),
                range(&g.beta),
            ]
        })
        .collect();
    table(&["group", "modes", "ω", "PR", "b₂", "|b₃|", "b₄", "|β|"], &rows)
}

fn barriers(m: &Measures) -> String {
    let row = |name: &str, d: &Distribution| {
        vec![
            name.to_owned(),
            count(d.count),
            number(d.minimum),
            number(d.quantile_05),
            number(d.median),
            number(d.quantile_95),
            number(d.maximum),
        ]
    };
    let b = &m.barriers;
    table(
        &["barrier (ε)", "modes", "smallest", "5 %", "median", "95 %", "largest"],
        &[
            row("A-double, quartic", &b.quartic_a_double),
            row("A-double, true profile", &b.true_a_double),
            row("B, quartic", &b.quartic_b),
            row("B, true profile", &b.true_b),
            row("true / quartic", &b.ratio),
        ],
    )
}

fn reality(m: &Measures) -> String {
    let parts: [(&str, fn(&Verdict) -> String); 10] = [
        ("modes with a second minimum in the quartic", |v| count(v.modes)),
        ("the true profile has a second minimum", |v| estimate(v.true_minimum)),
        ("… and it is deeper than the first", |v| estimate(v.true_deeper)),
        ("quenches from the second minimum that converged", |v| count(v.landings)),
        ("… that reached another inherent structure", |v| estimate(v.landed_elsewhere)),
        ("… of lower energy", |v| estimate(v.landed_lower)),
        ("distance of the other structure, median", |v| number(v.landing_distance.median)),
        ("its energy, median", |v| number(v.landing_energy.median)),
        ("more than half of b₃ from pairs within 2 % of the cutoff", |v| estimate(v.cutoff_dominated)),
        ("confirmed by all three", |v| estimate(v.confirmed)),
    ];
    let rows: Vec<Vec<String>> = parts
        .iter()
        .map(|(name, part)| vec![(*name).to_owned(), part(&m.reality.a_double), part(&m.reality.b)])
        .collect();
    let mut html = String::from(
        "<p>The paper trusts the quartic. Here three witnesses are heard on each of its second minima: the energy that \
         the potential itself has along the mode; the inherent structure that a quench from there reaches; and how much \
         of b₃ comes from pairs near the cutoff. Fractions are of the modes of the column, or of the quenches that \
         converged, with Wilson's intervals. Confirmed: the true profile has a deeper second minimum, the quench reaches \
         another structure, and b₃ is not mostly from the cutoff.</p>\n",
    );
    html.push_str(&table(&["", "A-double", "B"], &rows));
    html
}

fn equilibrium(m: &Measures) -> String {
    let e = &m.equilibrium;
    let plateau = |name: String, drift: &crate::measures::equilibrium::Drift| {
        vec![name, format!("{} (z = {})", estimate(drift.change), number(drift.z))]
    };
    let rows = vec![
        plateau(format!("⟨e(end) − e(t)⟩ from t = {} sweeps", count(e.drift_half.from_sweeps)), &e.drift_half),
        plateau(format!("⟨e(end) − e(t)⟩ from t = {} sweeps", count(e.drift_quarter.from_sweeps)), &e.drift_quarter),
        vec!["C_σ at the end".to_owned(), mean(&e.diameter_correlation)],
        vec!["sweeps until ⟨C_σ⟩ = 1/e".to_owned(), e.sweeps_to_decorrelate.map_or("not reached".to_owned(), number)],
        vec!["accepted displacements".to_owned(), mean(&e.acceptance_displacement)],
        vec!["accepted swaps".to_owned(), mean(&e.acceptance_swap)],
        vec![
            "configurational temperature at the end".to_owned(),
            format!(
                "{} (T = {})",
                mean(&e.configurational_temperature),
                m.about.temperature.map_or("–".to_owned(), number)
            ),
        ],
    ];
    let mut html = table(&["", "mean over glasses"], &rows);
    html.push_str(
        "<p class=\"note\">Each glass is compared with itself, so that the spread between compositions cancels. On a \
         plateau |z| is below 2 in 95 of 100 cases; a z well below −2 says that the energy was still falling.</p>\n",
    );
    html
}

fn glasses(m: &Measures) -> String {
    let row = |name: &str, d: &Distribution| vec![name.to_owned(), mean(d), number(d.standard_deviation), range(d)];
    let b = &m.bulk;
    table(
        &["sound glasses", "mean ± standard error", "standard deviation", "range"],
        &[
            row("energy per particle at T, last sampled", &b.energy_thermal),
            row("energy per particle of the inherent structure", &b.energy_inherent),
            row("pressure", &b.pressure),
            row("shear modulus G", &b.shear_modulus),
            row("bulk modulus K", &b.bulk_modulus),
            row("first transverse phonon", &b.omega_phonon),
            row("largest force", &b.force_max),
            row("largest residual ‖Hv − λv‖", &b.residual_max),
        ],
    )
}

fn timing(m: &Measures) -> String {
    let rows: Vec<Vec<String>> = m
        .timing
        .stages()
        .iter()
        .map(|(stage, d)| {
            vec![(*stage).to_owned(), number(d.mean), number(d.median), number(d.quantile_95), number(d.maximum)]
        })
        .collect();
    let mut html = table(&["CPU seconds a glass", "mean", "median", "95 %", "largest"], &rows);
    let _ = writeln!(html, "<p>The archive took {} core-hours.</p>", number(m.timing.core_hours));
    html
}

const METHODS: &str = "<h2 id=\"methods\">How the numbers are made</h2>
<p><b>Groups.</b> Along a mode U(s) = b₂s²/2 + b₃s³/6 + b₄s⁴/24 and β = b₃/√(3b₂b₄). A: |β| ≤ √(8/9), one minimum. \
A-double: √(8/9) &lt; |β| ≤ 1, a second, higher minimum; the paper counts these as A. B: |β| &gt; 1, a second, deeper \
minimum. Unbounded: b₄ ≤ 0.</p>
<p><b>D(ω)</b> is the number of modes per glass, per degree of freedom (2N) and per unit of ω; A_g is its prefactor, \
D = A_g ω^α.</p>
<p><b>Exponents.</b> With x = ln(ω_c/ω) a power law becomes an exponential distribution of rate α + 1. α̂ = (n−1)/Σx − 1 \
has no bias. <i>Exact</i>: the interval from the χ² distribution of Σx, right when modes are independent. \
<i>Bootstrap</i>: studentized, resampling glasses and not modes, right when modes of one glass are not independent. \
p of α = 3 or 4: two-sided and exact, for that exponent. p of the fit: Kolmogorov and Smirnov's distance with the rate \
fitted, against samples drawn from the fit. The slope of the histogram is given for comparison only.</p>
<p><b>Lowest mode.</b> Weibull's law by maximum likelihood; a glass without a mode below its cut is censored there.</p>
<p><b>Counts</b> have Garwood's Poisson intervals, fractions Wilson's. Fractions take modes as independent.</p>
<p>Every number stands in <a href=\"summary.json\">summary.json</a>.</p>
";
