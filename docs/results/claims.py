"""What an ensemble says where the paper's cut in ω may have been: as many modes a glass as its 403 in 60 000.

    python claims.py FOLDER [--omega-max 0.1522]

FOLDER holds the parts of one ensemble. There are two such cuts, with and without modes of single particles, and each is
described; with --omega-max only that one. Needs what exponents.py needs.
"""

import argparse

import numpy as np
from exponents import Ensemble, is_b_inside, share
from scipy.stats import binomtest, chi2, fisher_exact

PAPER = {"modes": 403, "glasses": 60_000, "A": 278, "B": 125}
PR_MAX = 0.27
LOW, SHALLOW = 0.02, 1e-15  # ω and barrier of most single particles.


def ends(values):
    return f"{values.min():.3g} to {values.max():.3g}" if len(values) else "–"


def listed(values):
    return ", ".join(f"{value:.3g}" for value in np.sort(values)) or "none"


def cuts_of(ensemble, single):
    """ω below which as many modes a glass lie as the paper has, and the ends of the interval of such a count."""
    omega = np.sort(ensemble.mode["omega"][ensemble.selected(ensemble.complete, PR_MAX, single=single)])
    count = PAPER["modes"] / PAPER["glasses"] * len(ensemble)
    return [omega[max(round(each), 1) - 1] for each in (count, chi2.ppf(0.025, 2 * count) / 2, chi2.ppf(0.975, 2 * count + 2) / 2)]


def agreement(ensemble, single):
    """Cuts at which number and fraction of B agree with the paper's at once, p > 0.05 each."""
    chosen = np.flatnonzero(ensemble.selected(ensemble.complete, PR_MAX, single=single))
    chosen = chosen[np.argsort(ensemble.mode["omega"][chosen])]
    omega, b = ensemble.mode["omega"][chosen], np.cumsum(ensemble.mode["group"][chosen] == 2)
    agree = []
    for number in range(8, len(chosen) + 1):
        # Of two Poisson numbers that of one is binomial; a glass is as likely of either ensemble as these have glasses.
        both = number + PAPER["modes"]
        rate = binomtest(number, both, len(ensemble) / (len(ensemble) + PAPER["glasses"])).pvalue
        if rate < 0.05:
            continue
        ours = [int(b[number - 1]), number - int(b[number - 1])]
        if fisher_exact([ours, [PAPER["B"], PAPER["A"]]]).pvalue >= 0.05:
            agree.append(omega[number - 1])
    return f"for ω_max from {min(agree):.3f} to {max(agree):.3f}" if agree else "at no ω_max"


def describe(ensemble, cut):
    chosen = ensemble.selected(cut, PR_MAX)
    mode = {name: values[chosen] for name, values in ensemble.mode.items()}
    single, b = mode["single"], mode["group"] == 2
    print(f"\n{chosen.sum()} modes of {len(ensemble)} glasses up to ω = {cut:.4f}")
    print(f"A {np.sum(mode['group'] == 0)}, A-double {np.sum(mode['group'] == 1)}, B {b.sum()}, single particles {single.sum()}")
    for what, which in [("", single | True), (" without single particles", ~single)]:
        ours = [int(np.sum(b & which)), int(np.sum(~b & which))]
        p = fisher_exact([ours, [PAPER["B"], PAPER["A"]]]).pvalue
        print(f"fraction of B{what} {share(ours[0], sum(ours))}, {ours[0]} of {sum(ours)}; equal to the paper's: p = {p:.2g}")
    double = mode["group"] == 1
    p = fisher_exact([[int(double.sum()), int((~b & ~double).sum())], [0, PAPER["A"]]]).pvalue
    print(f"A-double of A {share(int(double.sum()), int((~b).sum()))}, of {np.sum(~b)}; equal to the paper's 0 of {PAPER['A']}: p = {p:.2g}; "
          f"with a true second minimum {np.sum(np.isfinite(mode['true_separation'][double]))}")
    inside = is_b_inside(mode)
    for name, which in [("A", ~b & ~single), ("B", b & ~single), ("single particles", single)]:
        print(f"{name}: ω {ends(mode['omega'][which])}, |b₃| {ends(np.abs(mode['b3'][which]))}, "
              f"barriers {ends(mode['barrier'][which & b])}, deeper true minimum {np.sum(mode['true_depth'][which & b] < 0)}, "
              f"B without the cutoff too {np.sum(inside[which & b])} of {np.sum(which & b)}")
    omega, barrier = mode["omega"][single], mode["barrier"][single]
    per = single.sum() * PAPER["glasses"] / len(ensemble)
    print(f"single particles: {per:.0f} per {PAPER['glasses']} glasses, in B {np.sum(b[single])}; "
          f"{np.sum(omega < LOW)} with ω {ends(omega[omega < LOW])}, the others {listed(omega[omega >= LOW])}; "
          f"{np.sum(barrier < SHALLOW)} with barriers {ends(barrier[barrier < SHALLOW])}, the others {listed(barrier[barrier >= SHALLOW])}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--omega-max", type=float)
    arguments = parser.parse_args()
    ensemble = Ensemble(arguments.folder)
    cuts = []
    for what, single in [("all modes", True), ("modes without single particles", False)]:
        at, low, high = cuts_of(ensemble, single)
        cuts.append(at)
        print(f"{what}: as many a glass below ω = {at:.4f} [{low:.4f}, {high:.4f}]; number and fraction of B agree {agreement(ensemble, single)}")
    for cut in [arguments.omega_max] if arguments.omega_max else cuts:
        describe(ensemble, cut)


if __name__ == "__main__":
    main()
