//! What a person wants to know first, in five to eight lines.

use super::html::escape;
use super::numbers::{count, count_and_part, exponent, number, several};
use crate::measures::equilibrium::Equilibrated;
use crate::measures::{Family, Measures};
use crate::selection::{Census, Counted, Selection};
use std::fmt::Write as _;

/// The lines of one ensemble.
pub(super) fn verdict(m: &Measures, selection: &Selection) -> String {
    let c = &m.census;
    let mut lines = vec![("Glasses", glasses(m))];
    lines.push((
        "Modes",
        format!(
            "<b>{}</b> selected of {} described: PR &lt; {} and {}{}",
            count(c.selected),
            count(c.described),
            number(selection.participation_max),
            selection.omega_max,
            selection.further()
        ),
    ));
    if c.selected > 0 {
        let unbounded = if c.unbounded > 0 {
            format!("; unbounded {}", count_and_part(c.unbounded, m.fractions.unbounded))
        } else {
            String::new()
        };
        lines.push((
            "Groups",
            format!(
                "A <b>{}</b>; A-double (a second, higher minimum) {}; B <b>{}</b>{unbounded}",
                count_and_part(c.group_a, m.fractions.group_a),
                count_and_part(c.group_a_double, m.fractions.group_a_double),
                count_and_part(c.group_b, m.fractions.group_b)
            ),
        ));
        let of = |family: Family| {
            let found = m.density.families.iter().find(|density| density.family == family);
            found.map_or_else(|| "–".to_owned(), |density| exponent(&density.fit))
        };
        lines.push((
            "Exponents",
            format!("D(ω) ∝ ω^α below ω = {}: A {}, B {}", number(m.density.omega_cut), of(Family::A), of(Family::B)),
        ));
    }
    if m.barriers.quartic_b.count > 0 {
        let barriers = &m.barriers.quartic_b;
        lines.push((
            "Barriers of B",
            format!(
                "{} to {} ε, median {}",
                number(barriers.minimum),
                number(barriers.maximum),
                number(barriers.median)
            ),
        ));
    }
    lines.extend(without_nearly_free(m).map(|line| ("Without nearly free particles", line)));
    if c.realizations > 0 {
        let verdict = m.equilibrium.verdict();
        lines.push(("Equilibrium", format!("{} {}", badge(verdict.equilibrated), escape(&verdict.reasons.join("; ")))));
        lines.push(("Left out", left_out(c)));
    }
    let mut html = String::from("<dl class=\"verdict\">\n");
    for (name, line) in lines {
        let _ = writeln!(html, "<dt>{name}</dt><dd>{line}</dd>");
    }
    html.push_str("</dl>\n");
    html
}

/// Group B without the modes of single nearly free particles, where there are any.
fn without_nearly_free(m: &Measures) -> Option<String> {
    let way = m.classes.ways.iter().find(|way| way.counted == Counted::WithoutSingleParticles)?;
    (m.census.single_particle > 0).then(|| {
        let barriers = if way.barriers.count > 0 {
            format!(", barriers {} to {} ε", number(way.barriers.minimum), number(way.barriers.maximum))
        } else {
            String::new()
        };
        format!("B <b>{}</b> of {}{barriers}", count_and_part(way.group_b, way.fraction_b), count(way.selected))
    })
}

fn glasses(m: &Measures) -> String {
    let c = &m.census;
    if c.realizations == 0 {
        return "<span class=\"badge\">No realization in this archive yet.</span>".to_owned();
    }
    let mut line = format!("<b>{}</b> count", count(c.sound));
    if let Some(particles) = m.about.particles {
        let _ = write!(line, ", of {} particles", count(particles));
    }
    if let Some(temperature) = m.about.temperature {
        let _ = write!(line, ", from T = {}", number(temperature));
    }
    if let Some(smoothness) = m.about.smoothness {
        let _ = write!(line, ", q = {smoothness}");
    }
    if let Some(selection) = &m.about.selected_by {
        let _ = write!(
            line,
            " <span class=\"badge\">Selected: only glasses with a mode within {}.</span> Whatever is said per glass or per \
             particle, the height of D(ω), the lowest modes and the moduli are theirs, and not the ensemble's.",
            escape(selection)
        );
    } else if c.realizations + c.failed < c.planned {
        let _ = write!(
            line,
            " <span class=\"badge\">Partial: {} of {} realizations, {} given up.</span>",
            count(c.realizations),
            count(c.planned),
            count(c.failed)
        );
    }
    line
}

fn badge(equilibrated: Equilibrated) -> &'static str {
    match equilibrated {
        Equilibrated::Yes => "<span class=\"badge yes\">equilibrated</span>",
        Equilibrated::Doubtful => "<span class=\"badge\">doubtful</span>",
        Equilibrated::No => "<span class=\"badge no\">not equilibrated</span>",
        Equilibrated::Unknown => "<span class=\"badge\">not known</span>",
    }
}

fn left_out(c: &Census) -> String {
    let parts = [
        (c.failed, "given up"),
        (c.saddles, "at a saddle"),
        (c.extra_zero_modes, "with unexplained zero modes"),
        (c.unconverged, "not converged"),
        (c.nearly_free_left_out, "with nearly free particles"),
        (c.without_cut, "without a phonon to cut at"),
    ];
    let named: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, why)| format!("{} {why}", count(*number)))
        .collect();
    let lost = parts.iter().map(|(number, _)| number).sum();
    let mut line = if named.is_empty() {
        "no glass".to_owned()
    } else {
        format!("{}: {}", several(lost, "glass", "glasses"), named.join(", "))
    };
    if c.single_particle > 0 {
        let _ = write!(
            line,
            "; counted here: {} of single nearly free particles",
            several(c.single_particle, "mode", "modes")
        );
    }
    if c.without_phonon > 0 {
        let _ = write!(line, "; {} without a phonon (G &lt; P), cut at the median", count(c.without_phonon));
    }
    line
}
