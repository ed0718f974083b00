"""Exponents of localized modes with and without an adjacent minimum, and of nonlinear ones, below several ω.

    python adjacent_minima.py NAME=FOLDER... [--below 0.7 1] [--pr-max 0.35]

The ensembles are some that were searched for wells. Modes of single nearly free particles do not count. BELOW is in units
of the mean ω of the first transverse phonon. A mode has an adjacent minimum if a search from it, or from a nonlinear mode
that came from it, found one that no other mode had found before. p of the difference is two-sided, both exponents resampled.
Needs what exponents.py needs.
"""

import argparse
import pathlib

import h5py
import numpy as np
from exponents import Ensemble, share

KINDS = ["pseudo-harmonic", "cubic", "quartic"]


def difference(one, other):
    if np.isnan(one.alpha) or np.isnan(other.alpha):
        return "–"
    count = min(len(one.resampled), len(other.resampled))
    changes = one.resampled[:count] - other.resampled[:count]
    p = 2 * min(np.mean(changes <= 0), np.mean(changes >= 0), 0.5)
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def nonlinear(folder, ensemble):
    """The nonlinear modes as columns of an ensemble of their own."""
    columns = {}
    for path in sorted(pathlib.Path(folder).glob("part-*.h5")):
        with h5py.File(path) as part:
            for name in ("kind", "omega", "participation", "group", "realization"):
                columns.setdefault(name, []).append(part["nonlinear"][name][:])
    mode = {name: np.concatenate(parts) for name, parts in columns.items()}
    row = {index: row for row, index in enumerate(ensemble.glass["index"])}
    known = np.array([index in row for index in mode["realization"]], bool)
    mode = {name: values[known] for name, values in mode.items()}
    mode["chain"] = ensemble.glass["chain"][[row[index] for index in mode["realization"]]]
    mode["single"] = np.zeros(len(mode["omega"]), bool)
    return mode


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ensembles", nargs="+", metavar="NAME=FOLDER")
    parser.add_argument("--below", type=float, nargs="+", default=[0.7, 1])
    parser.add_argument("--pr-max", type=float, default=0.35)
    arguments = parser.parse_args()
    random = np.random.default_rng(1)
    table = {}
    folders = dict(each.rsplit("=", 1) for each in arguments.ensembles)
    for name, folder in folders.items():
        ensemble = Ensemble(folder)
        harmonic, directions = ensemble.mode, nonlinear(folder, ensemble)
        for below in arguments.below:
            cut = below * ensemble.phonon
            said = table.setdefault(name, [])
            said.append((f"**ω_c = {below:g} ω_phonon**", f"{cut:.4f}"))
            chosen = ensemble.selected(cut, arguments.pr_max, single=False)
            adjacent = harmonic["adjacent"]
            said.append(("above its own glass's ω_phonon", share(
                int(np.sum(harmonic["omega"][chosen] > ensemble.glass["omega_phonon"][ensemble.row_of_glass[chosen]])), int(chosen.sum()))))
            said.append(("with an adjacent minimum", share(int(np.sum(chosen & adjacent)), int(chosen.sum()))))
            found = {"with": ensemble.exponent(chosen & adjacent, cut, random), "without": ensemble.exponent(chosen & ~adjacent, cut, random)}
            for which, exponent in found.items():
                said += [(f"α of modes {which} one", str(exponent)), ("… p of 3, 3.5, 4, of the fit", exponent.refuted())]
            said.append(("p of their difference", difference(*found.values())))
            ensemble.mode = directions
            for kind, what in enumerate(KINDS):
                chosen = ensemble.selected(cut, arguments.pr_max) & (directions["kind"] == kind)
                exponent = ensemble.exponent(chosen, cut, random)
                said.append((f"α of {what} modes", str(exponent)))
                said.append(("… p of 3, 3.5, 4, of the fit", exponent.refuted()))
                said.append(("… fraction of B", share(int(np.sum(chosen & (directions["group"] == 2))), int(chosen.sum()))))
            ensemble.mode = harmonic
    print("| | " + " | ".join(folders) + " |")
    print("|---" * (len(folders) + 1) + "|")
    for row in zip(*table.values()):
        print(f"| {row[0][0]} | " + " | ".join(value for _, value in row) + " |")


if __name__ == "__main__":
    main()
