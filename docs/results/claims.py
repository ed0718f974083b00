"""What an ensemble says where the paper's cut in ω may have been: as many modes a glass as its 403 in 60 000.

    python claims.py FOLDER [--omega-max 0.1522]

FOLDER holds the parts of one ensemble. Needs what exponents.py needs.
"""

import argparse

import numpy as np
from exponents import Ensemble, share


def ends(values):
    return f"{values.min():.3g} to {values.max():.3g}" if len(values) else "–"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--omega-max", type=float)
    arguments = parser.parse_args()
    ensemble = Ensemble(arguments.folder)
    omega = np.sort(ensemble.mode["omega"][ensemble.selected(ensemble.complete, 0.27)])
    cut = arguments.omega_max or omega[round(403 / 60_000 * len(ensemble)) - 1]
    chosen = ensemble.selected(cut, 0.27)
    mode = {name: values[chosen] for name, values in ensemble.mode.items()}
    single, b = mode["single"], mode["group"] == 2
    print(f"{chosen.sum()} modes of {len(ensemble)} glasses up to ω = {cut:.4f}")
    print(f"A {np.sum(mode['group'] == 0)}, A-double {np.sum(mode['group'] == 1)}, B {b.sum()}, single particles {single.sum()}")
    print(f"fraction of B {share(int(b.sum()), len(b))}, without single particles {share(int((b & ~single).sum()), int((~single).sum()))}")
    inside = mode["b3_inside"] ** 2 > 3 * mode["b2"] * mode["b4_inside"]
    for name, which in [("A", ~b & ~single), ("B", b & ~single), ("single particles", single)]:
        print(f"{name}: ω {ends(mode['omega'][which])}, |b₃| {ends(np.abs(mode['b3'][which]))}, "
              f"barriers {ends(mode['barrier'][which & b])}, deeper true minimum {np.sum(mode['true_depth'][which & b] < 0)}, "
              f"B without the cutoff too {np.sum(inside[which & b])} of {np.sum(which & b)}")


if __name__ == "__main__":
    main()
