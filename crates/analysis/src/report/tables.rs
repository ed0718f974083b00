//! Tables of one ensemble.

mod exponents;

pub(super) use exponents::{exponents, lowest};

use super::html::table;
use super::numbers::{count, count_and_part, estimate, exponent, mean, number, part, probability, range};
use super::paper::Paper;
use crate::measures::classes::{Inside, Way};
use crate::measures::equilibrium::{Change, Drift, Halves};
use crate::measures::reality::Verdict;
use crate::measures::{Family, Measures};
use crate::selection::Selection;
use crate::selection::classes::SINGLE_PARTICLE;
use crate::statistics::interval::fraction;
use crate::statistics::power_law::EVENTS_MIN;
use crate::statistics::{Distribution, Estimate, PowerLawFit};
use archive::Group;
use std::fmt::Write as _;

pub(super) fn beside_paper(m: &Measures, selection: &Selection) -> String {
    let paper = Paper::numbers();
    let exponent = |family: Family| {
        let found = m.density.families.iter().find(|density| density.family == family);
        found.map_or_else(String::new, |density| exponent(&density.fit))
    };
    // The paper's numbers of modes are of all groups.
    let of_all = |ours: String| if selection.group.is_some() { "–".to_owned() } else { ours };
    let fraction = count_and_part;
    let rows = vec![
        vec!["glasses".to_owned(), count(paper.realizations), format!("{} sound", count(m.census.sound))],
        vec!["particles N".to_owned(), count(paper.particles), m.about.particles.map_or("–".to_owned(), count)],
        vec!["smoothness q".to_owned(), count(paper.smoothness), m.about.smoothness.map_or("–".to_owned(), count)],
        vec![
            "participation ratio below".to_owned(),
            number(paper.participation_max),
            number(selection.participation_max),
        ],
        vec!["frequency".to_owned(), "not stated".to_owned(), selection.omega_max.to_string()],
        vec!["modes selected".to_owned(), count(paper.modes), of_all(count(m.census.selected))],
        vec!["modes a glass".to_owned(), number(paper.modes_per_glass()), of_all(estimate(m.fractions.per_glass))],
        vec![
            "modes a million particles".to_owned(),
            number(paper.modes_per_glass() * 1e6 / paper.particles as f64),
            of_all(estimate(m.fractions.per_million_particles)),
        ],
        vec![
            "ω_max that selects as many a glass, of PR &lt; 0.27".to_owned(),
            "–".to_owned(),
            m.count_map.paper_omega_max.map_or("–".to_owned(), number),
        ],
        vec![
            "… that selects as many a particle".to_owned(),
            "–".to_owned(),
            m.count_map.paper_omega_max_per_particle.map_or("–".to_owned(), number),
        ],
        vec![
            "group A, one minimum".to_owned(),
            fraction(paper.group_a, crate::statistics::interval::fraction(paper.group_a, paper.modes)),
            of_all(fraction(m.census.group_a, m.fractions.group_a)),
        ],
        vec![
            "group A-double, second minimum higher".to_owned(),
            fraction(0, crate::statistics::interval::fraction(0, paper.modes)),
            of_all(fraction(m.census.group_a_double, m.fractions.group_a_double)),
        ],
        vec![
            "group B, second minimum deeper".to_owned(),
            fraction(paper.group_b, crate::statistics::interval::fraction(paper.group_b, paper.modes)),
            of_all(fraction(m.census.group_b, m.fractions.group_b)),
        ],
        vec![
            "unbounded, b₄ ≤ 0".to_owned(),
            "–".to_owned(),
            of_all(fraction(m.census.unbounded, m.fractions.unbounded)),
        ],
        vec![
            "barriers of B (ε)".to_owned(),
            format!("{} … {}", number(paper.barrier_smallest), number(paper.barrier_largest)),
            range(&m.barriers.quartic_b),
        ],
        vec!["α of D(ω), A and A-double".to_owned(), number(paper.exponent_a), exponent(Family::A)],
        vec!["α of D(ω), B".to_owned(), number(paper.exponent_b), exponent(Family::B)],
    ];
    let mut html = table(&["", "paper (arXiv:2102.12368)", "this ensemble"], &rows);
    html.push_str(
        "<p class=\"note\">The paper's 403 modes in 60 000 glasses of N = 4000 imply a cut in frequency that it does not \
         state; the count map shows which cut selects as many here. A dash: the paper gives no number.</p>\n",
    );
    html
}

/// What a thin archive has not.
pub(super) fn thin(m: &Measures) -> String {
    let Some(kept) = m.about.thin else { return String::new() };
    format!(
        "<p><span class=\"badge\">Thin archive.</span> It keeps eigenvalues with ω &lt; {omega} and described modes with \
         ω &lt; {omega} and PR &lt; {participation}; those beyond are in no count and no figure of this ensemble. Staircases \
         and series are kept as sums over the glasses (the integrated density is at the commonest shifts, between those of glasses that \
         have others), vectors, profiles and particles not at all.</p>\n",
        omega = number(kept.modes_below),
        participation = number(kept.participation_below),
    )
}

/// That glasses of one chain are not independent.
pub(super) fn harvested(m: &Measures) -> String {
    let (glasses, chains) = (m.census.sound, m.census.chains);
    if glasses == chains {
        return String::new();
    }
    format!(
        "<p><span class=\"badge\">Several glasses of each chain.</span> The {} sound glasses were taken from {} chains of the \
         sampling. Intervals and p-values of exponents come from resampling chains, errors of means over glasses from \
         the scatter of chains. All other intervals, errors and p-values, as those of counts and fractions, of the number of modes \
         below ω and of Weibull's law, take glasses or modes for \
         independent: they are too small as far as glasses of a chain resemble each other (docs/physics.md).</p>\n",
        count(glasses),
        count(chains)
    )
}

pub(super) fn left_out(m: &Measures) -> String {
    let c = &m.census;
    let row = |what: &str, value: u64| vec![what.to_owned(), count(value)];
    let glasses = table(
        &["glasses", ""],
        &[
            row("planned", c.planned),
            row("in the archive", c.realizations),
            row("given up (reasons under /failures)", c.failed),
            row("left out: saddle", c.saddles),
            row("left out: zero modes beside translations and those of nearly free particles", c.extra_zero_modes),
            row("left out: not converged", c.unconverged),
            row("left out on demand: nearly free particles", c.nearly_free_left_out),
            row("left out: no glass has a phonon frequency to cut at", c.without_cut),
            row("sound", c.sound),
            row("of these: with nearly free particles", c.with_nearly_free),
            row("of these: without a phonon (G < P), cut at the median of the others' cuts", c.without_phonon),
            row("of these: cut where the description ends, below the cut asked for", c.cut_by_description),
        ],
    );
    let modes = table(
        &["described modes", ""],
        &[
            row("in the archive", c.described),
            row("of glasses left out", c.in_unsound),
            row("not a number", c.invalid),
            row("PR too large", c.extended),
            row("localized, of another group than asked for", c.other_group),
            row("localized, left out on demand: one nearly free particle", c.single_particle_left_out),
            row("localized, above the cut", c.above_cut),
            row("localized, not the lowest", c.not_lowest),
            row("selected", c.selected),
            row("of these: one nearly free particle", c.single_particle),
        ],
    );
    let exponent_independent = |family: Family| {
        let found = m.density.families.iter().find(|density| density.family == family);
        found.map_or_else(
            || "–".to_owned(),
            |density| {
                if density.fit.events < EVENTS_MIN { exponent(&density.fit) } else { estimate(density.fit.exponent) }
            },
        )
    };
    let mut rows = vec![vec![
        "as everywhere on this page".to_owned(),
        String::new(),
        count(c.sound),
        exponent_independent(Family::A),
        exponent_independent(Family::B),
    ]];
    rows.extend(m.classes.rules.iter().map(|effect| {
        let [a, b] = effect.otherwise.map_or_else(|| ["–", "–"].map(str::to_owned), |fits| fits.map(estimate));
        vec![effect.rule.to_owned(), effect.treatment.to_owned(), count(effect.glasses), a, b]
    }));
    let rules =
        table(&["rule", "such glasses are", "glasses", "α of A, done otherwise", "α of B, done otherwise"], &rows);
    format!(
        "{glasses}{modes}<p>No glass is left out but by these rules. What each does to the exponents on (0, {}] (intervals \
         exact for independent modes):</p>\n{rules}",
        number(m.classes.omega_cut)
    )
}

/// Group B and the exponents, the three ways of counting side by side.
pub(super) fn ways(m: &Measures) -> String {
    let parts: [(&str, &dyn Fn(&Way) -> String); 8] = [
        ("glasses", &|way| count(way.glasses)),
        ("modes selected", &|way| count(way.selected)),
        ("group B", &|way| count_and_part(way.group_b, way.fraction_b)),
        ("smallest barrier of B (ε)", &|way| number(way.barriers.minimum)),
        ("median", &|way| number(way.barriers.median)),
        ("largest", &|way| number(way.barriers.maximum)),
        ("α of A", &|way| exponent_of(&way.fits[0])),
        ("α of B", &|way| exponent_of(&way.fits[1])),
    ];
    let rows: Vec<Vec<String>> = parts
        .iter()
        .map(|(name, part)| std::iter::once((*name).to_owned()).chain(m.classes.ways.iter().map(part)).collect())
        .collect();
    let header: Vec<&str> = std::iter::once("").chain(m.classes.ways.iter().map(|way| way.counted.name())).collect();
    let mut html = table(&header, &rows);
    let known = if m.classes.stiffness_known {
        ""
    } else {
        " This archive is older than the stiffness of single particles: N·PR and the count of contacts decide alone, and \
         particles with infinitesimal contacts are missed."
    };
    let _ = writeln!(
        html,
        "<p class=\"note\">Nearly free: a particle whose own stiffness (the smallest eigenvalue of its own block of the \
         Hessian) is below {} of the median of its glass. A single-particle mode has N·PR &lt; {} and moves such a particle \
         most. Exponents on (0, {}] with intervals by resampling glasses.{known}</p>",
        number(archive::NEARLY_FREE),
        number(SINGLE_PARTICLE),
        number(m.classes.omega_cut)
    );
    html
}

fn exponent_of(fit: &PowerLawFit) -> String {
    if fit.events < EVENTS_MIN { exponent(fit) } else { format!("{} ({})", exponent(fit), count(fit.events)) }
}

/// The groups without pairs near the cutoff.
pub(super) fn inside(m: &Measures) -> String {
    let inside = &m.classes.inside;
    let known: u64 = inside.modes.iter().flatten().sum();
    if known == 0 {
        return "<p class=\"note\">No selected mode of this archive has b₃ and b₄ without the cutoff region.</p>\n"
            .to_owned();
    }
    let groups = Inside::groups();
    let rows: Vec<Vec<String>> = (0..4)
        .map(|group| {
            let cells = inside.modes[group].iter().map(|&modes| count(modes));
            std::iter::once(groups[group].to_owned()).chain(cells).collect()
        })
        .collect();
    let header: Vec<&str> = std::iter::once("with all pairs \\ without those beyond 0.98 x_c").chain(groups).collect();
    let (all, staying) = inside.staying(Group::B);
    let mut html = table(&header, &rows);
    let _ = writeln!(
        html,
        "<p>Of {} modes of group B {} are in B still when b₃ and b₄ are summed without pairs within 2 % of the cutoff: \
         {}.</p>",
        count(all),
        count(staying),
        part(fraction(staying, all))
    );
    html
}

pub(super) fn shapes(m: &Measures) -> String {
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

pub(super) fn barriers(m: &Measures) -> String {
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

pub(super) fn reality(m: &Measures) -> String {
    let parts: [(&str, fn(&Verdict) -> String); 10] = [
        ("modes with a second minimum in the quartic", |v| count(v.modes)),
        ("the true profile has a second minimum", |v| part(v.true_minimum)),
        ("… and it is deeper than the first", |v| part(v.true_deeper)),
        ("quenches from the second minimum that converged", |v| count(v.landings)),
        ("… that reached another inherent structure", |v| part(v.landed_elsewhere)),
        ("… of lower energy", |v| part(v.landed_lower)),
        ("distance of the other structure, median", |v| number(v.landing_distance.median)),
        ("its energy, median", |v| number(v.landing_energy.median)),
        ("more than half of b₃ from pairs within 2 % of the cutoff", |v| part(v.cutoff_dominated)),
        ("confirmed by all three", |v| part(v.confirmed)),
    ];
    let rows: Vec<Vec<String>> =
        parts.iter().map(|(name, of)| vec![(*name).to_owned(), of(&m.reality.a_double), of(&m.reality.b)]).collect();
    let mut html = String::from(
        "<p>The paper trusts the quartic. Here three witnesses are heard on each of its second minima: the energy that \
         the potential itself has along the mode; the inherent structure that a quench from there reaches; and how much \
         of b₃ comes from pairs near the cutoff. Fractions are of the modes of the column, or of the quenches that \
         converged, with Wilson's intervals. Confirmed: the true profile has a deeper second minimum, the quench reaches \
         another structure, and b₃ is not mostly from the cutoff.</p>\n",
    );
    html.push_str(&table(&["", "A-double", "B"], &rows));
    let _ = writeln!(
        html,
        "<p class=\"note\">For comparison: in group A more than half of b₃ comes from pairs near the cutoff in {} of the modes. \
         A share above one half so decides nothing by itself; what is left of the group without such pairs does (next \
         table).</p>",
        part(m.reality.cutoff_dominated[0])
    );
    html
}

pub(super) fn equilibrium(m: &Measures) -> String {
    let e = &m.equilibrium;
    let change =
        |name: String, change: Estimate, z: f64| vec![name, format!("{} (z = {})", estimate(change), number(z))];
    let end = if e.halves.is_some() { "first glass" } else { "end" };
    let mut rows: Vec<Vec<String>> = [e.drift_half, e.drift_quarter]
        .map(|Drift { from_sweeps, change: to_end, z }| {
            change(format!("⟨e({end}) − e(t)⟩ from t = {} sweeps", count(from_sweeps)), to_end, z)
        })
        .into();
    if let Some(Halves { chains, sweeps_apart, energy_thermal, energy_inherent }) = e.halves {
        let apart =
            if sweeps_apart.is_nan() { String::new() } else { format!(", {} sweeps apart", number(sweeps_apart)) };
        let later = |what: &str, Change { change: later, z }: Change| {
            let name = format!("⟨{what}⟩ of the later less the earlier glasses of {} chains{apart}", count(chains));
            change(name, later, z)
        };
        rows.extend([later("e", energy_thermal), later("e of the inherent structure", energy_inherent)]);
    }
    rows.extend([
        vec!["C_σ at the end".to_owned(), mean(&e.diameter_correlation)],
        vec!["sweeps until ⟨C_σ⟩ = 1/e".to_owned(), e.sweeps_to_decorrelate.map_or("not reached".to_owned(), number)],
        vec!["accepted displacements".to_owned(), mean(&e.acceptance_displacement)],
        vec!["accepted swaps".to_owned(), mean(&e.acceptance_swap)],
        vec![
            "configurational temperature at the end".to_owned(),
            format!(
                "{} (T = {}, z = {})",
                mean(&e.configurational_temperature),
                m.about.temperature.map_or("–".to_owned(), number),
                number(e.configurational_temperature_z)
            ),
        ],
        vec![
            format!("diameters of {} glasses against P(σ)", count(e.frames)),
            format!(
                "χ² = {} of {} degrees of freedom, p = {}",
                number(e.diameters_chi_square.value),
                count(e.diameters_chi_square.degrees_of_freedom),
                probability(e.diameters_chi_square.p_value)
            ),
        ],
    ]);
    let mut html = table(&["", "mean over glasses"], &rows);
    if e.series.is_empty() && m.census.realizations > 0 {
        html.push_str("<p class=\"note\">No data on the way to equilibrium: the archive keeps no series.</p>\n");
    }
    if e.frames == 0 && m.census.realizations > 0 {
        html.push_str(match e.diameters_are_drawn {
            true => {
                "<p class=\"note\">No data on the diameters: the archive keeps no glasses. <code>glassmodes revisit</code> \
                 makes them again.</p>\n"
            }
            false => "<p class=\"note\">Diameters are not compared with P(σ), of which they were not drawn.</p>\n",
        });
    }
    html.push_str(
        "<p class=\"note\">Each glass is compared with itself, so that the spread between compositions cancels. On a \
         plateau |z| is below 2 in 95 of 100 cases; a z well below −2 says that the energy was still falling.</p>\n",
    );
    html
}

pub(super) fn glasses(m: &Measures) -> String {
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

pub(super) fn timing(m: &Measures) -> String {
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
