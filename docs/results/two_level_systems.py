"""Counts the two-level systems of two ensembles from their columns: what `glassmodes report` says, and ratios.

    python two_level_systems.py --cold PART... --hot PART...

Needs h5py, numpy and scipy, and nothing of glassmodes. Intervals hold 95 %: that of a number of systems is the exact one
of a Poisson mean, that of a ratio the exact one of the share that one ensemble has of both.
"""

import argparse

import h5py
import numpy as np
from scipy.stats import beta, chi2

HBAR, ONE_KELVIN = 0.030, 1 / 119.8  # Argon.
TUNNELS_BELOW = 1.6  # ε; over higher barriers E1 − E0 is the asymmetry.
GROUPS = {0: "A", 1: "A-double", 2: "B", 3: "unbounded"}


def poisson(count):
    """The exact interval of a mean of which `count` were seen."""
    return chi2.ppf(0.025, 2 * count) / 2 if count else 0.0, chi2.ppf(0.975, 2 * count + 2) / 2


def share(part, whole):
    """The exact interval of a fraction."""
    low = beta.ppf(0.025, part, whole - part + 1) if part else 0.0
    return low, beta.ppf(0.975, part + 1, whole - part) if part < whole else 1.0


class Ensemble:
    """The columns of some parts, one after the other."""

    def __init__(self, paths):
        self.glasses, columns, groups = 0, {}, []
        for path in paths:
            with h5py.File(path) as part:
                self.glasses += len(part["realizations/index"])
                of_mode, source = part["modes/group"][:], part["transitions/source"][:]
                groups.append(np.where(source >= 0, of_mode[source], -1))
                for name, column in part["transitions"].items():
                    columns.setdefault(name, []).append(column[:])
        column = {name: np.concatenate(parts) for name, parts in columns.items()}
        self.outcomes = column["outcome"]
        found = self.outcomes == b"found"
        self.group = np.concatenate(groups)[found]
        column = {name: values[found] for name, values in column.items()}
        self.difference = column["energy_difference"]
        self.barrier = column["barrier_forward"]
        curvature = np.where(self.difference < 0, column["curvature_end"], column["curvature_start"])
        alone = HBAR * np.sqrt(curvature)
        splitting = column["splitting"]
        self.systems = (splitting < np.minimum(ONE_KELVIN, 0.9 * alone)) & (
            np.abs(self.difference) < splitting + 0.5 * alone
        )
        self.tunnelling = self.systems & (self.barrier < TUNNELS_BELOW)

    def by_group(self):
        """Two-level systems by the group of the harmonic mode that led to them."""
        groups = self.group[self.systems]
        return ", ".join(f"{name} {np.sum(groups == code)}" for code, name in GROUPS.items())

    def by_outcome(self):
        outcomes, counts = np.unique(self.outcomes, return_counts=True)
        return ", ".join(f"{outcome.decode()} {count}" for outcome, count in zip(outcomes, counts))

    def print(self, name):
        systems, found = int(self.systems.sum()), len(self.difference)
        print(f"{name}: {self.glasses} glasses")
        print(f"  adjacent minima {found}, a glass {found / self.glasses:.2f}; "
              f"deeper {np.mean(self.difference < 0):.3f}")
        print(f"  barrier from the glass, median {np.median(self.barrier):.2g}, "
              f"{self.barrier.min():.2g} to {self.barrier.max():.2g}")
        for what, count in [("two-level systems", systems), ("  below 1.6", int(self.tunnelling.sum()))]:
            each, low, high = (number / self.glasses for number in (count, *poisson(count)))
            print(f"  {what} {count}, a glass {each:.3f} [{low:.3f}, {high:.3f}]")
        print(f"  by the group of the harmonic mode behind them: {self.by_group()}")
        print(f"  searches that left the basin: {self.by_outcome()}")


def ratio(cold, hot, of):
    """How many times fewer a glass, with its interval."""
    few, many = int(getattr(cold, of).sum()), int(getattr(hot, of).sum())
    times = lambda part: part / (1 - part) * cold.glasses / hot.glasses
    low, high = share(many, many + few)
    return f"{times(many / (many + few)):.2f} [{times(low):.2f}, {times(high):.2f}]"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cold", nargs="+", required=True)
    parser.add_argument("--hot", nargs="+", required=True)
    arguments = parser.parse_args()
    cold, hot = Ensemble(arguments.cold), Ensemble(arguments.hot)
    cold.print("cold")
    hot.print("hot")
    print(f"times fewer in the cold one: {ratio(cold, hot, 'systems')}, below 1.6 {ratio(cold, hot, 'tunnelling')}")


if __name__ == "__main__":
    main()
