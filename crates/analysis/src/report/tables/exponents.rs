//! Exponents of D(ω), and the lowest mode of each glass.

use crate::measures::Measures;
use crate::measures::density::FamilyDensity;
use crate::report::html::table;
use crate::report::numbers::{count, estimate, interval, mean, number, probability, several};
use crate::statistics::PowerLawFit;
use crate::statistics::power_law::{EVENTS_MIN, SIGNIFICANCE};
use std::fmt::Write as _;

pub(in crate::report) fn exponents(m: &Measures) -> String {
    let row = |density: &FamilyDensity, fit: &PowerLawFit, cut: &str| {
        if fit.events < EVENTS_MIN {
            let mut cells =
                vec![density.family.name().to_owned(), cut.to_owned(), count(fit.events), "too few".to_owned()];
            cells.resize(11, "–".to_owned());
            return cells;
        }
        vec![
            density.family.name().to_owned(),
            cut.to_owned(),
            count(fit.events),
            number(fit.exponent.value),
            interval(fit.bootstrap),
            interval(fit.exponent.interval()),
            number(fit.log_likelihood_ratio_4_over_3),
            probability(fit.p_value_3),
            probability(fit.p_value_4),
            format!("{}, {}", probability(fit.p_value_3_independent), probability(fit.p_value_4_independent)),
            probability(fit.goodness.p_value),
        ]
    };
    let header = [
        "family",
        "ω_c",
        "modes",
        "α̂",
        "bootstrap",
        "exact",
        "ln L(4) − ln L(3)",
        "p of α = 3",
        "p of α = 4",
        "… were modes independent",
        "p of the fit",
    ];
    let one = format!("{} for all", number(m.density.omega_cut));
    let families = &m.density.families;
    let mut rows: Vec<Vec<String>> = families.iter().map(|density| row(density, &density.fit, &one)).collect();
    if m.density.cuts_differ {
        rows.extend(families.iter().map(|density| row(density, &density.fit_own_cuts, "each glass's own")));
    }
    let mut html = String::from("<p>Maximum likelihood for D(ω) ∝ ω^α on (0, ω_c].</p>\n");
    html.push_str(&table(&header, &rows));
    for density in families.iter().filter(|density| density.fit.events >= EVENTS_MIN) {
        for (alpha, resampled, independent) in density.fit.disagreements() {
            let (counts, other) = if resampled < independent { ("refuted", "not") } else { ("not refuted", "refuted") };
            let _ = writeln!(
                html,
                "<p class=\"note\">{}: by resampling glasses α = {alpha} is {counts} (p = {}), were modes independent it \
                 would be {other} (p = {}). Modes of one glass are not; the former counts.</p>",
                density.family.name(),
                probability(resampled),
                probability(independent),
            );
        }
    }
    if m.density.cuts_differ {
        let _ = writeln!(
            html,
            "<p class=\"note\">The selection cuts each glass at its own frequency. A soft spot softens its glass: the mean \
             ω_phonon is {} in the {} glasses with a localized mode below {}, {} in the {} others. A cut at a fraction of \
             ω_phonon so knows of the modes below it, and exponents with each glass's own cut come out too large: the \
             first ones, with the median of the cuts as one ω_c for all, are the ones to quote.</p>",
            mean(&m.phonons.omega_phonon_with),
            count(m.phonons.omega_phonon_with.count),
            number(m.density.omega_cut),
            mean(&m.phonons.omega_phonon_without),
            count(m.phonons.omega_phonon_without.count),
        );
    }
    let prefactors = |density: &FamilyDensity| {
        vec![
            density.family.name().to_owned(),
            density.histogram_slope.map_or("–".to_owned(), estimate),
            if density.fit.events < EVENTS_MIN { "–".to_owned() } else { estimate(density.prefactor_fit) },
            estimate(density.prefactor_3),
            estimate(density.prefactor_4),
        ]
    };
    let header = ["family", "slope of the histogram below ω_c", "A_g at α̂", "A_g if α = 3", "A_g if α = 4"];
    html.push_str(&table(&header, &families.iter().map(prefactors).collect::<Vec<_>>()));
    html
}

pub(in crate::report) fn lowest(m: &Measures) -> String {
    let Some(fit) = &m.lowest.fit else {
        return "<p>Lowest localized mode of each glass: too few for a fit.</p>\n".to_owned();
    };
    let law = &fit.law;
    if law.observed < EVENTS_MIN {
        return format!(
            "<p>Lowest localized mode of each glass: {} with one, too few for Weibull's law.</p>\n",
            several(law.observed, "glass", "glasses")
        );
    }
    let mut words = format!(
        "<p>Lowest localized mode of each glass: Weibull shape k = α + 1 = {}, scale ω₀ = {}, fitted up to ω_c = {}; {} \
         with a mode, {} censored there; p of the fit {}.",
        estimate(law.shape),
        number(law.scale),
        number(fit.omega_cut),
        several(law.observed, "glass", "glasses"),
        count(law.censored),
        probability(fit.p_value)
    );
    if fit.lowered {
        words.push_str(
            " Up to the cut of the selection the law is refuted: it is one for ω → 0. ω_c was lowered until it is not, so \
             that p is no test any more.",
        );
    }
    if fit.p_value < SIGNIFICANCE {
        words.push_str(" The law does not describe these glasses: the line is drawn, and means little.");
    }
    words + "</p>\n"
}
