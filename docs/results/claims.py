"""What an ensemble says where the paper's cut in ω may have been: as many modes a glass as its 403 in 60 000.

    python claims.py FOLDER [--omega-max 0.1522]

FOLDER holds the parts of one ensemble. Needs what exponents.py needs.
"""

import argparse

import numpy as np
from exponents import Ensemble, share
from scipy.stats import binomtest, chi2, fisher_exact

PAPER = {"modes": 403, "glasses": 60_000, "A": 278, "B": 125}


def ends(values):
    return f"{values.min():.3g} to {values.max():.3g}" if len(values) else "–"


def agreement(ensemble, count):
    """Cuts at which number and fraction of B agree with the paper's at once, p > 0.05 each, with and without single particles."""
    for what, single in [("all modes", True), ("modes without single particles", False)]:
        chosen = np.flatnonzero(ensemble.selected(ensemble.complete, 0.27, single=single))
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
        at = omega[round(count) - 1]
        ends = f"for ω_max from {min(agree):.3f} to {max(agree):.3f}" if agree else "at no ω_max"
        print(f"{what}: as many a glass below {at:.4f}; number and fraction of B agree {ends}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--omega-max", type=float)
    arguments = parser.parse_args()
    ensemble = Ensemble(arguments.folder)
    omega = np.sort(ensemble.mode["omega"][ensemble.selected(ensemble.complete, 0.27)])
    # Of as many modes as the paper's 403 would be here, and of the ends of the interval of such a count.
    count = PAPER["modes"] / PAPER["glasses"] * len(ensemble)
    at = [omega[max(round(each), 1) - 1] for each in (count, chi2.ppf(0.025, 2 * count) / 2, chi2.ppf(0.975, 2 * count + 2) / 2)]
    print("ω below which as many modes lie: {:.4f} [{:.4f}, {:.4f}]".format(*at))
    cut = arguments.omega_max or at[0]
    chosen = ensemble.selected(cut, 0.27)
    mode = {name: values[chosen] for name, values in ensemble.mode.items()}
    single, b = mode["single"], mode["group"] == 2
    print(f"{chosen.sum()} modes of {len(ensemble)} glasses up to ω = {cut:.4f}")
    print(f"A {np.sum(mode['group'] == 0)}, A-double {np.sum(mode['group'] == 1)}, B {b.sum()}, single particles {single.sum()}")
    for what, which in [("", single | True), (" without single particles", ~single)]:
        ours = [int(np.sum(b & which)), int(np.sum(~b & which))]
        p = fisher_exact([ours, [PAPER["B"], PAPER["A"]]]).pvalue
        print(f"fraction of B{what} {share(ours[0], sum(ours))}, of {sum(ours)}; equal to the paper's: p = {p:.2g}")
    double = mode["group"] == 1
    p = fisher_exact([[int(double.sum()), int((~b & ~double).sum())], [0, PAPER["A"]]]).pvalue
    print(f"A-double of A {share(int(double.sum()), int((~b).sum()))}, of {np.sum(~b)}; equal to the paper's 0 of {PAPER['A']}: p = {p:.2g}")
    agreement(ensemble, count)
    inside = mode["b3_inside"] ** 2 > 3 * mode["b2"] * mode["b4_inside"]
    for name, which in [("A", ~b & ~single), ("B", b & ~single), ("single particles", single)]:
        print(f"{name}: ω {ends(mode['omega'][which])}, |b₃| {ends(np.abs(mode['b3'][which]))}, "
              f"barriers {ends(mode['barrier'][which & b])}, deeper true minimum {np.sum(mode['true_depth'][which & b] < 0)}, "
              f"B without the cutoff too {np.sum(inside[which & b])} of {np.sum(which & b)}")


if __name__ == "__main__":
    main()
