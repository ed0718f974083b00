"""Localized modes below one ω in glasses of several sizes, with the cut in PR and with one in the number of particles.

    python sizes.py NAME=FOLDER... [--omega 0.172 0.29] [--pr-max 0.27]

Modes of single nearly free particles do not count. Needs what exponents.py needs.
"""

import argparse

import numpy as np
from exponents import Ensemble


def per_million(count, ensemble):
    particles = len(ensemble) * ensemble.particles / 1e6
    return f"{count / particles:.2f} ± {max(count, 1) ** 0.5 / particles:.2f}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ensembles", nargs="+", metavar="NAME=FOLDER")
    parser.add_argument("--omega", type=float, nargs="+", default=[0.172, 0.29])
    parser.add_argument("--pr-max", type=float, default=0.27)
    arguments = parser.parse_args()
    ensembles = {name: Ensemble(folder) for name, folder in (each.rsplit("=", 1) for each in arguments.ensembles)}
    # As many particles as the cut in PR lets through in the smallest glass.
    participating = arguments.pr_max * min(ensemble.particles for ensemble in ensembles.values())
    print("| modes per 10⁶ particles | " + " | ".join(ensembles) + " |")
    print("|---" * (len(ensembles) + 1) + "|")
    for omega in arguments.omega:
        for what, pr_max in [
            (f"PR < {arguments.pr_max:g}", lambda ensemble: arguments.pr_max),
            (f"N·PR < {participating:g}", lambda ensemble: participating / ensemble.particles),
        ]:
            counts = {name: each.selected(omega, pr_max(each), single=False).sum() for name, each in ensembles.items()}
            cells = [per_million(counts[name], each) for name, each in ensembles.items()]
            print(f"| ω < {omega:g}, {what} | " + " | ".join(cells) + " |")
        taking_part = [
            each.mode["participation"][each.selected(omega, arguments.pr_max, single=False)] * each.particles
            for each in ensembles.values()
        ]
        print(f"| … median N·PR of those with PR < {arguments.pr_max:g} | " + " | ".join(f"{np.median(each):.0f}" if len(each) else "–" for each in taking_part) + " |")


if __name__ == "__main__":
    main()
