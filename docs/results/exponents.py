"""Exponents of localized modes in several ensembles, from their columns: what `glassmodes report` says, side by side.

    python exponents.py NAME=FOLDER... [--below 0.7...] [--pr-max 0.27] [--figure FILE]

FOLDER holds the parts of one ensemble. Modes count up to ω_c = BELOW times the mean ω of the first transverse phonon of
the ensemble; of several such cuts, the rows that depend on them are printed below one another.
α is that of maximum likelihood for D(ω) ∝ ω^α on (0, ω_c], unbiased; its interval holds 95 % and comes from resampling
chains of the sampling, which are what is independent, studentized as those of the report; p of α = 3, 3.5 and 4 from the same
resamples, two-sided, that of the power law from how often samples of the law itself, each with its own fitted α, lie as far from it (Kolmogorov's distance).
Needs h5py, numpy and scipy, with --figure matplotlib, and nothing of glassmodes.
"""

import argparse
import pathlib
import tomllib

import h5py
import numpy as np
from scipy.stats import beta

GROUPS = {"A": (0, 1), "B": (2,), "all": (0, 1, 2)}  # One minimum or two of them, the glass the lower; the higher.
SINGLE, FREE = 4.0, 0.01  # N·PR, and own stiffness against the typical one, of a nearly free particle's mode.
LAWS = (3, 3.5, 4)
RESAMPLES = 4000
SIMULATED = 2000
# What is said at each of several cuts.
OF_CUTS = {"variance of these modes a chain, by their mean", "these modes in the earlier and in the later glasses of the chains", "α of all"} | {
    f"{what}, without single particles"
    for what in ["modes per 1000 particles, by ω_c⁴", "fraction of B", *(f"α of {group}" for group in GROUPS)]
}


class Ensemble:
    """The columns of the parts of one ensemble, glasses at saddles left out."""

    def __init__(self, folder, single=SINGLE, free=FREE):
        self.folder, columns, campaigns = folder, {}, set()
        self.complete = self.localized = np.inf
        paths = sorted(pathlib.Path(folder).glob("part-*.h5"))
        if not paths:
            raise SystemExit(f"{folder}: no part-*.h5 in it; NAME=FOLDER is expected")
        for path in paths:
            with h5py.File(path) as part:
                self.config = tomllib.loads(part.attrs["config"].decode())
                campaigns.add(part.attrs["config_hash"])
                # All modes below both are there.
                below = min(self.config["modes"]["omega_max"], part.attrs.get("thin_modes_below", np.inf))
                self.complete = min(self.complete, below)
                self.localized = min(self.localized, part.attrs.get("thin_participation_below", np.inf))
                if "transitions" in part:
                    found = part["transitions/outcome"][:] == b"found"
                    with_minimum = np.zeros(len(part["modes/omega"]), bool)
                    source = part["transitions/source"][:][found]
                    with_minimum[source[source >= 0]] = True
                    columns.setdefault(("modes", "adjacent"), []).append(with_minimum)
                for group, first in (("realizations", "index"), ("spectrum", "zero_modes"), ("modes", "omega")):
                    for name, column in part[group].items():
                        # Sums over the glasses have other lengths.
                        if isinstance(column, h5py.Dataset) and column.shape == part[group][first].shape:
                            columns.setdefault((group, name), []).append(column[:])
        column = {key: np.concatenate(parts) for key, parts in columns.items()}
        if len(campaigns) > 1 or len(np.unique(column["realizations", "index"])) < len(column["realizations", "index"]):
            raise SystemExit(f"{folder}: its parts are of several campaigns, or have glasses in common")
        self.particles = self.config["glass"]["particles"]
        sound = column["spectrum", "negative_modes"] == 0
        self.glass = {name: column[group, name][sound] for group, name in column if group != "modes"}
        row = {index: row for row, index in enumerate(self.glass["index"])}
        self.mode = {name: column[group, name] for group, name in column if group == "modes"}
        known = np.array([index in row for index in self.mode["realization"]], bool)
        self.mode = {name: values[known] for name, values in self.mode.items()}
        self.row_of_glass = of_glass = np.array([row[index] for index in self.mode["realization"]], int)
        self.mode["chain"] = self.glass["chain"][of_glass]
        self.mode["single"] = is_single(self.mode, self.particles, self.glass["own_stiffness_typical"][of_glass], single, free)
        # Of each glass, −1 or 1: whether it is of the first or the second half of its chain; 0 between them.
        order = np.lexsort((self.glass["index"], self.glass["chain"]))
        _, first, chain, count = np.unique(self.glass["chain"][order], return_index=True, return_inverse=True, return_counts=True)
        self.half = np.empty(len(order), int)
        self.half[order] = np.sign(2 * (np.arange(len(order)) - first[chain]) + 1 - count[chain])
        self.phonon = np.nanmean(self.glass["omega_phonon"])

    def __len__(self):
        return len(self.glass["index"])

    def selected(self, cut, pr_max, group="all", single=True):
        """Which modes count."""
        if cut > self.complete or pr_max > self.localized:
            raise SystemExit(f"{self.folder} has all modes below ω = {self.complete:g} and PR = {self.localized:g} only")
        mode = self.mode
        chosen = (mode["participation"] < pr_max) & (mode["omega"] <= cut) & np.isin(mode["group"], GROUPS[group])
        return chosen if single else chosen & ~mode["single"]

    def exponent(self, chosen, cut, random):
        """α with its interval, p of each law and of a power law at all, and of how many modes."""
        logarithms, chains = np.log(cut / self.mode["omega"][chosen]), self.mode["chain"][chosen]
        count = len(logarithms)
        if count < 8:
            return Exponent(count)
        alpha = (count - 1) / logarithms.sum() - 1
        # Chains without a mode count too: they are drawn and add nothing.
        names = np.unique(self.glass["chain"])
        place = np.searchsorted(names, chains)
        numbers, sums = np.bincount(place, minlength=len(names)), np.bincount(place, logarithms, len(names))
        if np.count_nonzero(numbers) < 8:
            return Exponent(count)
        rate, error = rate_of(np.ones(len(names)), numbers, sums)
        drawn = random.multinomial(len(names), np.full(len(names), 1 / len(names)), RESAMPLES)
        rates, errors = rate_of(drawn, numbers, sums)
        # In units of its own error each resample scatters as the truth does, also where modes are few.
        with np.errstate(divide="ignore", invalid="ignore"):
            scores = (np.log(rates) - np.log(rate)) / errors
        resampled = rate * np.exp(-scores[np.isfinite(scores)] * error) - 1
        low, high = np.quantile(resampled, [0.025, 0.975])
        of_laws = [2 * min(np.mean(resampled <= law), np.mean(resampled >= law), 0.5) for law in LAWS]
        simulated = distance(random.exponential(size=(SIMULATED, count)))
        fit = np.mean(simulated >= distance(logarithms[None])[0])
        return Exponent(count, alpha, low, high, [*of_laws, fit], resampled)


def is_single(mode, particles, typical, single=SINGLE, free=FREE):
    """Which modes are those of one nearly free particle; `typical` is the stiffness of a particle in the glass of each mode."""
    return (mode["participation"] * particles < single) & (mode["own_stiffness"] < free * typical)


def is_b_inside(mode):
    """Which modes are of group B without the pairs near the cutoff."""
    return (mode["b4_inside"] > 0) & (mode["b3_inside"] ** 2 > 3 * mode["b2"] * mode["b4_inside"])


def rate_of(weights, numbers, sums):
    """Of chains counted so often, the modes by the sum of their ln(ω_c/ω), and the error of its logarithm by linearization."""
    chains = len(numbers)
    n = weights @ numbers
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = n / (weights @ sums)
        squares = weights @ numbers**2 - 2 * rate * (weights @ (numbers * sums)) + rate**2 * (weights @ sums**2)
        return rate, np.sqrt(squares * chains / (chains - 1)) / n


def distance(logarithms):
    """Kolmogorov's distance of each row of ln(ω_c/ω) from the power law fitted to it, ω_c whatever."""
    count = logarithms.shape[1]
    power = (count - 1) / logarithms.sum(axis=1, keepdims=True)
    cumulative = np.sort(np.exp(-power * logarithms), axis=1)
    steps = np.arange(count + 1) / count
    return np.maximum((steps[1:] - cumulative).max(axis=1), (cumulative - steps[:-1]).max(axis=1))


class Exponent:
    def __init__(self, count, alpha=np.nan, low=np.nan, high=np.nan, probabilities=(), resampled=()):
        self.count, self.alpha, self.low, self.high = count, alpha, low, high
        self.probabilities, self.resampled = probabilities, np.asarray(resampled)

    def __str__(self):
        if np.isnan(self.alpha):
            return f"– ({self.count})"
        return f"{self.alpha:.2f} [{self.low:.2f}, {self.high:.2f}] ({self.count})".replace("-", "−")

    def refuted(self):
        return ", ".join("< 0.001" if p < 0.001 else f"{p:.3f}" for p in self.probabilities) or "–"


def share(part, whole):
    """A fraction with its exact interval, modes taken as independent."""
    if not whole:
        return "–"
    low = beta.ppf(0.025, part, whole - part + 1) if part else 0.0
    high = beta.ppf(0.975, part + 1, whole - part) if part < whole else 1.0
    return f"{part / whole:.3f} [{low:.3f}, {high:.3f}]"


def mean(values):
    values = values[np.isfinite(values)]
    return f"{values.mean():.4f}"


def halves(ensemble, name):
    """How the second half of a chain's glasses differs from the first in the mean over chains, with its standard error."""
    values = ensemble.glass[name]
    names, chain = np.unique(ensemble.glass["chain"], return_inverse=True)
    several = np.bincount(chain) > 1
    mean_of = lambda half: (np.bincount(chain[half], values[half], len(names))[several]
                            / np.bincount(chain[half], minlength=len(names))[several])
    changes = mean_of(ensemble.half > 0) - mean_of(ensemble.half < 0)
    if len(changes) < 2:
        return "–"
    change, error = np.mean(changes), np.std(changes, ddof=1) / len(changes) ** 0.5
    return f"{1e5 * change:.1f} ± {1e5 * error:.1f} ·10⁻⁵ (z = {change / error:.1f})".replace("-", "−")


def rows(ensemble, below, arguments, random):
    """What is said of one ensemble, in the order of the table."""
    glass, config = ensemble.glass, ensemble.config
    cut = below * ensemble.phonon
    potential, sampled = config["potential"], config["thermalize"]
    yield "N, q, x_c, T", f"{ensemble.particles}, {potential['smoothness']}, {potential['cutoff']}, {sampled['temperature']}"
    yield "glasses, chains", f"{len(ensemble)}, {len(np.unique(glass['chain']))}"
    for what, name in [("energy at T", "energy_thermal"), ("… of the inherent structure", "energy_inherent"),
                       ("pressure", "pressure"), ("shear modulus", "shear_modulus"), ("ω_phonon", "omega_phonon")]:
        yield what, mean(glass[name])
        if name == "energy_inherent":
            yield "… the same, later less earlier glasses of a chain", halves(ensemble, name)
    yield "ω_c", f"{cut:.4f}"
    for single in (True, False):
        counted = ensemble.selected(cut, arguments.pr_max, single=single).sum()
        density = 1000 * counted / len(ensemble) / ensemble.particles / cut**4
        what = "" if single else ", without single particles"
        yield f"modes per 1000 particles, by ω_c⁴{what}", f"{density:.2f} ± {density / counted**0.5:.2f}"
    chosen = ensemble.selected(cut, arguments.pr_max, single=False)
    per_chain = np.bincount(np.unique(ensemble.mode["chain"][chosen], return_inverse=True)[1])
    chains = len(np.unique(glass["chain"]))
    per_chain = np.append(per_chain, np.zeros(chains - len(per_chain)))
    yield "variance of these modes a chain, by their mean", f"{per_chain.var(ddof=1) / per_chain.mean():.2f} ± {(2 / chains) ** 0.5:.2f}"
    half = ensemble.half[ensemble.row_of_glass[chosen]]
    yield "these modes in the earlier and in the later glasses of the chains", f"{np.sum(half < 0)}, {np.sum(half > 0)}"
    for single in (True, False):
        what = "" if single else ", without single particles"
        b = ensemble.selected(cut, arguments.pr_max, "B", single).sum()
        yield f"fraction of B{what}", share(int(b), int(ensemble.selected(cut, arguments.pr_max, "all", single).sum()))
        for group in GROUPS:
            found = ensemble.exponent(ensemble.selected(cut, arguments.pr_max, group, single), cut, random)
            yield f"α of {group}{what}", str(found)
            yield "… p of 3, 3.5, 4, of the fit", found.refuted()
    mode = ensemble.mode
    b = ensemble.selected(cut, arguments.pr_max, "B", False)
    inside = is_b_inside(mode)
    counts = [np.sum(which) for which in (b, b & inside, b & (mode["true_depth"] < 0))]
    yield "B without single particles: all, B also without pairs near the cutoff, with a deeper true minimum", ", ".join(map(str, counts))
    a = ensemble.selected(cut, arguments.pr_max, "A", False)
    yield "A without single particles: all, B without pairs near the cutoff", f"{np.sum(a)}, {np.sum(a & inside)}"


def differences(ensembles, arguments, random):
    """α of all modes but those of single particles, less that of the first ensemble, with its interval."""
    found = []
    for ensemble in ensembles.values():
        cut = arguments.below[0] * ensemble.phonon
        found.append(ensemble.exponent(ensemble.selected(cut, arguments.pr_max, single=False), cut, random))
    for each in found:
        count = min(len(each.resampled), len(found[0].resampled))
        if each is found[0] or not count:
            yield "–"
            continue
        low, high = np.quantile(each.resampled[:count] - found[0].resampled[:count], [0.025, 0.975])
        yield f"{each.alpha - found[0].alpha:.2f} [{low:.2f}, {high:.2f}]".replace("-", "−")


def at_cuts(ensemble, arguments, random):
    """What of it depends on the cut, of one cut after the other."""
    for below in arguments.below:
        said = False
        for name, value in rows(ensemble, below, arguments, random):
            said = name in OF_CUTS or (name.startswith("…") and said)
            if name == "ω_c":
                yield f"**ω_c = {below:g} ω_phonon**", value
            elif said:
                yield name, value


def draw(ensembles, arguments, random):
    """α against q for each group, a full symbol an ensemble; an open one with modes of single nearly free particles."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "glassmodes"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(9, 3.6), sharey=True)
    kinds = {}
    for name in ensembles:
        kinds.setdefault(name.split("-", 1)[1] if "-" in name else "as the paper", []).append(name)
    for axis, group in zip(axes, GROUPS):
        for place, (kind, names) in enumerate(kinds.items()):
            for name, single in [(name, single) for name in names for single in (True, False)]:
                ensemble = ensembles[name]
                cut = arguments.below[0] * ensemble.phonon
                found = ensemble.exponent(ensemble.selected(cut, arguments.pr_max, group, single), cut, random)
                if np.isnan(found.alpha):
                    continue
                at = ensemble.config["potential"]["smoothness"] + 0.2 * (place - (len(kinds) - 1) / 2) + 0.04 * (1 - 2 * single)
                axis.errorbar(at, found.alpha, [[found.alpha - found.low], [found.high - found.alpha]],
                              color=f"C{place}", marker="osD^v"[place], capsize=2, markersize=5,
                              markerfacecolor="none" if single else f"C{place}",
                              label=None if single or name != names[0] else kind)
        for law in LAWS:
            axis.axhline(law, color="0.7", linewidth=0.8, zorder=0)
        axis.set_title(f"group {group}" if group != "all" else "both groups")
        axis.set_xlabel("q, derivatives that vanish at the cutoff")
        axis.set_xticks(sorted({ensemble.config["potential"]["smoothness"] for ensemble in ensembles.values()}))
    axes[0].set_ylabel("α of D(ω) ∝ ω^α")
    handles = {}
    for axis in axes:
        handles.update({label: handle for handle, label in zip(*axis.get_legend_handles_labels())})
    axes[-1].legend(handles.values(), handles.keys(), frameon=False, loc="lower left")
    figure.tight_layout()
    figure.savefig(arguments.figure, metadata=dict.fromkeys(["Date", "Creator", "Format", "Type"]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ensembles", nargs="+", metavar="NAME=FOLDER")
    parser.add_argument("--below", type=float, nargs="+", default=[0.7], help="ω_c in units of the mean ω_phonon; the figure is at the first")
    parser.add_argument("--pr-max", type=float, default=0.27)
    parser.add_argument("--single", type=float, default=SINGLE, help="N·PR below which a nearly free particle's mode is its own")
    parser.add_argument("--free", type=float, default=FREE, help="stiffness of such a particle, by the typical one")
    parser.add_argument("--figure")
    arguments = parser.parse_args()
    named = (each.rsplit("=", 1) for each in arguments.ensembles)
    ensembles = {name: Ensemble(folder, arguments.single, arguments.free) for name, folder in named}
    random = np.random.default_rng(1)
    if len(arguments.below) > 1:
        table = [list(at_cuts(ensemble, arguments, random)) for ensemble in ensembles.values()]
    else:
        table = [list(rows(ensemble, arguments.below[0], arguments, random)) for ensemble in ensembles.values()]
    print("| | " + " | ".join(ensembles) + " |")
    print("|---" * (len(ensembles) + 1) + "|")
    for row in zip(*table):
        print(f"| {row[0][0]} | " + " | ".join(value for _, value in row) + " |")
    if len(arguments.below) == 1:
        print("| α of all, without single particles, less that of the first | " + " | ".join(differences(ensembles, arguments, random)) + " |")
    if arguments.figure:
        draw(ensembles, arguments, random)


if __name__ == "__main__":
    main()
