//! The page of one or several ensembles: what a person wants to know first, then the rest, folded.

use super::html::{self, escape, folded};
use super::numbers::{count, several};
use super::{compared, searched, tables, verdict};
use crate::figures::Figure;
use crate::figures::format::FileKind;
use crate::measures::Measures;
use crate::measures::comparison::Contrast;
use crate::selection::Selection;
use std::fmt::Write as _;

/// What a page is made of.
pub(super) struct Material<'a> {
    pub(super) measures: &'a [Measures],
    pub(super) differences: &'a [Contrast],
    pub(super) selection: &'a Selection,
    /// Of each ensemble.
    pub(super) figures: &'a [Vec<Figure>],
    /// Of all together.
    pub(super) comparison: &'a [Figure],
    /// Archives, as they are named in commands.
    pub(super) archives: &'a [String],
    /// Kinds of files beside the page.
    pub(super) kinds: &'a [FileKind],
}

/// Modes of each group that are seen before anything is unfolded.
const SEEN: u64 = 1;

/// The page.
pub(super) fn page(material: &Material<'_>) -> String {
    let names: Vec<&str> = material.measures.iter().map(|m| m.label.as_str()).collect();
    let title = match &names[..] {
        [] => "No archive".to_owned(),
        [one] => format!("Quasi-localized modes: {one}"),
        many => format!("Quasi-localized modes: {} ensembles", many.len()),
    };
    let mut contents = vec![("top".to_owned(), "Verdict".to_owned(), false)];
    let mut body = format!("<h1 id=\"top\">{}</h1>\n", escape(&title));
    if names.len() > 1 {
        let figures = |body: &mut String| {
            material.comparison.iter().for_each(|figure| body.push_str(&html::figure(figure, material.kinds)));
        };
        contents.push(("comparison".to_owned(), "Ensembles compared".to_owned(), false));
        body.push_str("<h2 id=\"comparison\">Ensembles compared</h2>\n");
        body.push_str(&compared::overview(material.measures));
        let mut rest = compared::compared(material.measures);
        rest.push_str(&compared::differing(material.differences));
        figures(&mut rest);
        body.push_str(&folded("compared", "Fractions, exponents and figures of all", "", &rest));
    }
    for k in 0..material.measures.len() {
        if names.len() > 1 {
            contents.push((format!("ensemble-{k}"), names[k].to_owned(), false));
        }
        body.push_str(&Ensemble { k, material, m: &material.measures[k] }.write(&mut contents));
    }
    contents.push(("methods".to_owned(), "How the numbers are made".to_owned(), false));
    body.push_str(&folded("methods", "How the numbers are made", "", &how_made(material.selection)));
    html::page(&title, &contents, &body)
}

fn how_made(selection: &Selection) -> String {
    format!(
        "<p>Selected: described modes with PR &lt; {} and {}{}, of glasses at a true minimum (no negative eigenvalue, no zero \
         modes but those of translations and nearly free particles, largest force ≤ {}), {}. Intervals are of 95 % \
         confidence.</p>\n<p>The same selection again: <code>glassmodes report ARCHIVE... --out DIR {}</code>. Another one \
         needs no new glasses: every described mode is in the archive, or of a thin one every mode within its cuts.</p>\n{METHODS}",
        super::numbers::number(selection.participation_max),
        selection.omega_max,
        selection.further(),
        super::numbers::number(selection.force_max),
        selection.counted.name(),
        selection.options()
    )
}

/// One ensemble of a page.
struct Ensemble<'a> {
    k: usize,
    material: &'a Material<'a>,
    m: &'a Measures,
}

impl Ensemble<'_> {
    fn write(&self, contents: &mut Vec<(String, String, bool)>) -> String {
        let (m, selection) = (self.m, self.material.selection);
        let mut body = String::new();
        let alone = self.material.measures.len() == 1;
        if !alone {
            let _ = writeln!(body, "<h2 id=\"ensemble-{}\">{}</h2>", self.k, escape(&m.label));
        }
        body.push_str(&verdict::verdict(m, selection));
        body.push_str(&tables::thin(m));
        body.push_str(&tables::harvested(m));
        let mut open = |body: &mut String, name: &str, title: &str| {
            let id = format!("{name}-{}", self.k);
            contents.push((id.clone(), title.to_owned(), !alone));
            let level = if alone { 2 } else { 3 };
            let _ = writeln!(body, "<h{level} id=\"{id}\">{title}</h{level}>");
        };
        open(&mut body, "looks", "What the softest look like");
        body.push_str(&self.gallery());
        open(&mut body, "density", "How many at which frequency");
        body.push_str(&self.drawn(&["density-of-states"]));
        let mut rest = String::new();
        let exponents =
            tables::exponents(m) + &self.drawn(&["exponents"]) + &tables::lowest(m) + &self.drawn(&["lowest"]);
        let exponents = if selection.lowest_only { ONLY_LOWEST.to_owned() + &exponents } else { exponents };
        let mut fold = |name: &str, title: &str, words: &str, inside: String| {
            let id = format!("{name}-{}", self.k);
            contents.push((id.clone(), title.to_owned(), !alone));
            rest.push_str(&folded(&id, title, words, &inside));
        };
        fold(
            "paper",
            "Beside the paper",
            "counts, which ω_max gives them at once, the map of all choices",
            tables::beside_paper(m, selection) + &self.drawn(&["against-cut", "count-map"]),
        );
        fold(
            "nearly-free-particles",
            "Group B, with and without nearly free particles",
            "",
            self.drawn(&["nearly-free"]) + &tables::ways(m),
        );
        fold("exponents-all", "Exponents", "against the cut, and from the lowest modes", exponents);
        fold("figures", "Figures of the paper", "U(s), P(β), P(b₃)", self.drawn(&["portraits", "beta", "cubic"]));
        fold(
            "shapes",
            "Shapes and barriers",
            "",
            tables::shapes(m) + &tables::barriers(m) + &self.drawn(&["ranges", "barriers"]),
        );
        fold(
            "real",
            "Is group B real?",
            "true profile, quench, cutoff",
            tables::reality(m) + &tables::inside(m) + &self.drawn(&["true-barriers", "landing", "cutoff-share"]),
        );
        let searched = searched::section(m);
        if !searched.is_empty() {
            let inside = searched + &self.drawn(&["directions", "transitions"]);
            fold("two-level", "Where are the two-level systems?", "nonlinear modes and wells", inside);
        }
        fold(
            "all-modes",
            "All modes and phonons",
            "participation ratio, density of states",
            self.drawn(&["participation", "phonons", "integrated-density", "beyond-debye"]),
        );
        fold(
            "equilibrium",
            "Equilibrium",
            "",
            tables::equilibrium(m) + &self.drawn(&["equilibrium-series", "equilibrium-distributions"]),
        );
        fold("left-out", "What was left out", "", tables::left_out(m));
        fold(
            "glasses",
            "Glasses and CPU time",
            "",
            self.provenance() + &tables::glasses(m) + &tables::timing(m) + &self.drawn(&["timing"]),
        );
        body + &rest
    }

    fn provenance(&self) -> String {
        let about = &self.m.about;
        format!(
            "<p class=\"note\">Computed by glassmodes {} ({}), begun {}, configuration {}.</p>\n",
            escape(&about.software_version),
            escape(&about.git_commit),
            escape(&about.created),
            escape(&about.config_hash)
        )
    }

    fn drawn(&self, kinds: &[&str]) -> String {
        let figures = &self.material.figures[self.k];
        let of_kind = kinds.iter().flat_map(|kind| figures.iter().filter(move |figure| figure.kind == *kind));
        of_kind.map(|figure| html::figure(figure, self.material.kinds)).collect()
    }

    /// The softest mode of each group, and further ones folded.
    fn gallery(&self) -> String {
        let shown: Vec<&Figure> = self.material.figures[self.k].iter().filter(|figure| figure.kind == "mode").collect();
        if shown.is_empty() {
            return if self.m.census.selected == 0 {
                "<p class=\"note\">No mode is selected.</p>\n".to_owned()
            } else {
                NOTHING_KEPT.to_owned()
            };
        }
        let (mut seen, mut further, mut of_group) = (String::new(), String::new(), [0u64; 4]);
        let portraits = self.m.portraits.iter().filter(|portrait| portrait.glass.is_some());
        let mut folded_away = 0u64;
        for (figure, portrait) in shown.iter().zip(portraits) {
            let command = format!(
                "<code>glassmodes picture {} --mode {} --out {}.pdf</code> ",
                escape(&self.material.archives[self.k]),
                portrait.row,
                figure.name
            );
            let picture = html::figure_with(figure, self.material.kinds, &command);
            let number = &mut of_group[portrait.group as usize];
            *number += 1;
            if *number <= SEEN {
                seen.push_str(&picture);
            } else {
                further.push_str(&picture);
                folded_away += 1;
            }
        }
        let mut html = format!("<div class=\"gallery\">\n{seen}</div>\n");
        if folded_away > 0 {
            let title = format!("{} of the softest", several(folded_away, "more picture", "more pictures"));
            let inside = format!("<div class=\"gallery\">\n{further}</div>\n");
            html.push_str(&folded(&format!("looks-more-{}", self.k), &title, "", &inside));
        }
        let kept: u64 = of_group.iter().sum();
        if kept < self.m.census.selected {
            let _ = writeln!(
                html,
                "<p class=\"note\">Particles to scale, around the core of the mode; arrows centred on the particles. {} of {} \
                 selected modes.</p>",
                count(kept),
                count(self.m.census.selected)
            );
        }
        html
    }
}

const NOTHING_KEPT: &str = "<p class=\"note\">No data for U(s) and pictures: the archive keeps the vector of no selected mode. \
<code>glassmodes revisit</code> makes their glasses again, and keeps it.</p>\n";

const ONLY_LOWEST: &str = "<p><span class=\"badge\">Only the lowest mode of each glass is selected: the lowest of several \
modes do not follow D(ω), and the exponents of this table are too small. Weibull's law below takes that into account; \
the scan over ω_c takes all modes.</span></p>\n";

const METHODS: &str = "<p><b>Groups.</b> Along a mode U(s) = b₂s²/2 + b₃s³/6 + b₄s⁴/24 and β = b₃/√(3b₂b₄). A: |β| ≤ √(8/9), one \
minimum. A-double: √(8/9) &lt; |β| ≤ 1, a second, higher minimum; the paper counts these as A. B: |β| &gt; 1, a second, \
deeper minimum. Unbounded: b₄ ≤ 0.</p>
<p><b>D(ω)</b> is the number of modes per glass, per degree of freedom (dN in d dimensions) and per unit of ω; A_g is its prefactor, \
D = A_g ω^α.</p>
<p><b>Exponents.</b> With x = ln(ω_c/ω) a power law becomes an exponential distribution of rate α + 1. α̂ = (n−1)/Σx − 1 \
has no bias. <i>Exact</i>: the interval from the χ² distribution of Σx, right when modes are independent. \
<i>Bootstrap</i>: studentized, resampling glasses (or chains, where several were taken from one) and not modes, right when modes of one glass are not independent. \
p of α = 3 or 4: two-sided, from the same resampling as the interval; beside it what it would be, exactly, were modes \
independent. p of the fit: Kolmogorov and Smirnov's distance with the rate fitted, against samples drawn from the fit. \
The slope of the histogram is given for comparison only. Of fewer than eight modes no exponent is given.</p>
<p><b>Lowest mode.</b> Weibull's law by maximum likelihood; a glass without a mode below its cut is censored there.</p>
<p><b>Counts</b> have Garwood's Poisson intervals, fractions Wilson's. Fractions take modes as independent.</p>
<p><b>Equilibrium.</b> Not equilibrated: a sign that 3 of 1000 equilibrated ensembles show (|z| &gt; 3); doubtful: one that 5 \
of 100 show (|z| &gt; 2), by Student's t of so many chains. Looked at: the drift of the energy in the last half and the last three \
quarters of the sweeps; where several glasses were taken from each chain, how the later ones differ from the earlier, and the \
former too if these are less than half as many sweeps apart as came before the first; the configurational temperature, and \
whether C_σ has fallen below 1/e. Of fewer than eight chains it is not known.</p>
<p>Every number stands in <a href=\"summary.json\">summary.json</a>.</p>
";
