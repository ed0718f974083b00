"""Prints the tables of docs/results.md that come from the summary.json of a report.

    python tables.py report/summary.json

Needs nothing but Python.
"""

import argparse
import json

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value, places=3):
    if value is None:
        return "–"
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return (f"{value:.{places}g}" if abs(value) < 1e3 else f"{value:.0f}").replace("-", "−")
    mantissa, exponent = f"{value:.{places - 1}e}".replace("-", "−", value < 0).split("e")
    return f"{mantissa}·10{str(int(exponent)).translate(SUPERSCRIPTS)}"


def interval(estimate):
    return "–" if estimate is None else "{} [{}, {}]".format(*(number(estimate[key]) for key in ("value", "low", "high")))


def mean(distribution, places=5):
    return f"{number(distribution['mean'], places)} ± {number(distribution['standard_error'], 2)}"


def spread(distribution):
    if not distribution["count"]:
        return "–"
    return "{}, {}, {} ({})".format(*(number(distribution[key]) for key in ("minimum", "median", "maximum")), distribution["count"])


def probability(value):
    return "–" if value is None else "≤ 0.001" if value < 0.0015 else f"{value:.2g}"


def exponent(fit):
    if fit["bootstrap"]["low"] is None:
        return f"{number(fit['exponent']['value'])} [–] ({fit['events']})"
    return f"{number(fit['exponent']['value'])} [{number(fit['bootstrap']['low'])}, {number(fit['bootstrap']['high'])}] ({fit['events']})"


def probabilities(fit):
    found = fit["p_value_3"], fit["p_value_4"], fit["goodness"] and fit["goodness"]["p_value"]
    return ", ".join(map(probability, found))


def table(title, ensembles, rows):
    print(f"\n**{title}**\n")
    print("| | " + " | ".join(each["about"]["name"] for each in ensembles) + " |")
    print("|---" * (len(ensembles) + 1) + "|")
    for name, of in rows:
        print(f"| {name} | " + " | ".join(of(each) for each in ensembles) + " |")


def count(group):
    return lambda e: f"{e['census'][group]}: {interval(e['fractions'][group])}"


def of_way(way, found):
    return lambda e: found(e["classes"]["ways"][way])


def verdict(group, key):
    return lambda e: interval(e["reality"][group][key]) if e["reality"][group]["modes"] else "–"


def later(energy):
    def of(e):
        halves = e["equilibrium"]["halves"]
        return "–" if halves is None else f"{interval(halves[energy]['change'])}, z = {number(halves[energy]['z'], 2)}"

    return of


def shape(group, column, places=3):
    def of(e):
        found = e["shape"]["groups"][group][column]
        return f"{number(found['minimum'], places)} … {number(found['maximum'], places)}" if found["count"] else "–"

    return of


WAYS = ["all modes", "without single particles", "without glasses that have a nearly free particle"]
FAMILIES = ["A", "B", "all"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("summary")
    with open(parser.parse_args().summary) as file:
        ensembles = json.load(file)["ensembles"]

    table("The ensembles", ensembles, [
        ("N", lambda e: str(e["about"]["particles"])),
        ("diameters", lambda e: e["about"]["diameters"]),
        ("glasses (planned), chains", lambda e: f"{e['census']['realizations']} ({e['census']['planned']}), {e['census']['chains']}"),
        ("given up; saddles, extra zero modes, unconverged", lambda e: "{}; {}, {}, {}".format(*(e["census"][key] for key in ("failed", "saddles", "extra_zero_modes", "unconverged")))),
        ("glasses with a nearly free particle; without ω_phonon", lambda e: f"{e['census']['with_nearly_free']}; {e['census']['without_phonon']}"),
        ("core-hours", lambda e: number(e["timing"]["core_hours"])),
    ])
    table("How many, and of which group", ensembles, [
        ("selected", lambda e: str(e["census"]["selected"])),
        ("… of single particles", lambda e: str(e["census"]["single_particle"])),
        ("A, one minimum", count("group_a")), ("A-double", count("group_a_double")), ("B", count("group_b")),
        ("unbounded", lambda e: str(e["census"]["unbounded"])),
        ("B without single particles", of_way(1, lambda way: interval(way["fraction_b"]))),
        ("selected per 60 000 glasses", lambda e: interval({key: 60_000 * value for key, value in e["fractions"]["per_glass"].items()})),
        ("ω_max at which PR < 0.27 selects 403 per 60 000 glasses", lambda e: number(e["count_map"]["paper_omega_max"])),
        ("… as many a particle", lambda e: number(e["count_map"]["paper_omega_max_per_particle"])),
        ("cuts that agree with count, fraction of B, largest barrier", lambda e: "; ".join(" and ".join(f"{low:.3f} … {high:.3f}" for low, high in e["against_cut"][key]) or "none" for key in ("count_agrees", "fraction_agrees", "barrier_agrees"))),
        ("… with all three", lambda e: " and ".join(f"{low:.3f} … {high:.3f}" for low, high in e["against_cut"]["all_agree"]) or "none"),
        ("mean ω_phonon", lambda e: mean(e["bulk"]["omega_phonon"])),
    ])
    rows = [("ω_c", lambda e: number(e["classes"]["omega_cut"]))]
    for way, name in enumerate(WAYS[:2]):
        for family, group in enumerate(FAMILIES):
            rows.append((f"α of {group}, {name}", of_way(way, lambda found, family=family: exponent(found["fits"][family]))))
            rows.append(("… p of 3, of 4, of the fit", of_way(way, lambda found, family=family: probabilities(found["fits"][family]))))
    table("Exponents", ensembles, rows)
    table("Shapes and barriers", ensembles, [
        *((f"{name} of {group}", shape(place, column)) for column, name in (("omega", "ω"), ("b2", "b₂"), ("b4", "b₄"), ("b3", "\\|b₃\\|")) for place, group in ((0, "A"), (2, "B"))),
        ("largest \\|β\\|", lambda e: number(max(each["beta"]["maximum"] or 0 for each in e["shape"]["groups"][:3]))),
        ("barriers of A-double", lambda e: spread(e["barriers"]["quartic_a_double"])),
        ("barriers of B", lambda e: spread(e["barriers"]["quartic_b"])),
        ("… without single particles", of_way(1, lambda way: spread(way["barriers"]))),
        ("true barriers of B", lambda e: spread(e["barriers"]["true_b"])),
        ("true / quartic", lambda e: spread(e["barriers"]["ratio"])),
    ])
    table("Is group B real?", ensembles, [
        ("B: modes", lambda e: str(e["reality"]["b"]["modes"])),
        ("B that stay B without pairs near the cutoff", lambda e: str(e["classes"]["inside"]["modes"][2][2])),
        *((f"{group}: {what}", verdict(key, column))
          for group, key in (("B", "b"), ("A-double", "a_double"))
          for what, column in (("true profile has a second minimum", "true_minimum"), ("… a deeper one", "true_deeper"),
                               ("quench reaches another structure", "landed_elsewhere"), ("… of lower energy", "landed_lower"),
                               ("most of b₃ from the cutoff", "cutoff_dominated"), ("confirmed by all three", "confirmed"))),
    ])
    table("Is it equilibrium?", ensembles, [
        ("⟨e⟩ of the later less the earlier glasses of a chain", later("energy_thermal")),
        ("… of the inherent structures", later("energy_inherent")),
        ("C_σ of the last sweep, mean over glasses", lambda e: mean(e["equilibrium"]["diameter_correlation"])),
        ("sweeps to C_σ = 1/e", lambda e: number(e["equilibrium"]["sweeps_to_decorrelate"])),
        ("accepted displacements, swaps", lambda e: f"{number(e['equilibrium']['acceptance_displacement']['mean'])}, {number(e['equilibrium']['acceptance_swap']['mean'])}"),
        ("configurational temperature", lambda e: f"{mean(e['equilibrium']['configurational_temperature'])}, z = {number(e['equilibrium']['configurational_temperature_z'], 2)}"),
        ("energy per particle at T", lambda e: mean(e["bulk"]["energy_thermal"])),
        ("… of the inherent structure", lambda e: mean(e["bulk"]["energy_inherent"])),
        ("P, pressure", lambda e: mean(e["bulk"]["pressure"])),
        ("G, shear modulus", lambda e: mean(e["bulk"]["shear_modulus"])),
        ("K, bulk modulus", lambda e: mean(e["bulk"]["bulk_modulus"])),
    ])


if __name__ == "__main__":
    main()
