"""The actual energy along each mode of group B beside what its quartic says, as a figure.

    glassmodes revisit paper.h5 --out b.h5 --pr-max 0.27 --omega-max-phonon 0.7 --group B --set modes.snapshot_participation_max=0.27
    python profiles.py b.h5 --figure b-profiles.svg

The modes are those with PR < 0.27 and ω ≤ 0.7 ω_phonon of their glass. Each is drawn to scale with its own quartic: s in units of where
that has its second minimum, energy in units of how high it climbs from there back to its barrier. Needs what exponents.py needs.
"""

import argparse
import tomllib

import h5py
import numpy as np
from exponents import is_single

PR_MAX, BELOW = 0.27, 0.7


def quartic(b2, b3, b4, s):
    return s**2 * (b2 / 2 + s * (b3 / 6 + s * b4 / 24))


def second_minimum(b2, b3, b4):
    """Of b₂s²/2 + b₃s³/6 + b₄s⁴/24: where the minimum next to s = 0 is, its energy, and that of the barrier between them."""
    root = np.sqrt(b3**2 / 4 - 2 * b2 * b4 / 3)
    # On the side to which b₃ falls; the barrier is the nearer root, and far apart they must not cancel.
    far = -np.sign(b3) * (np.abs(b3) / 2 + root) * 3 / b4
    near = 6 * b2 / (b4 * far)
    return far, quartic(b2, b3, b4, far), quartic(b2, b3, b4, near)


def read(path):
    """The selected modes of group B with their profiles."""
    with h5py.File(path) as archive:
        particles = tomllib.loads(archive.attrs["config"].decode())["glass"]["particles"]
        mode = {name: column[:] for name, column in archive["modes"].items()}
        glass = {name: archive[name][:] for name in ("realizations/index", "realizations/omega_phonon", "spectrum/own_stiffness_typical")}
        order = np.argsort(glass["realizations/index"])
        row = order[np.searchsorted(glass["realizations/index"], mode["realization"], sorter=order)]
        chosen = (mode["group"] == 2) & (mode["participation"] < PR_MAX) & (mode["omega"] <= BELOW * glass["realizations/omega_phonon"][row])
        if np.any(mode["snapshot"][chosen] < 0):
            raise SystemExit(f"{path}: modes of B without a profile; revisit with --set modes.snapshot_participation_max={PR_MAX}")
        mode["single"] = is_single(mode, particles, glass["spectrum/own_stiffness_typical"][row])
        mode = {name: values[chosen] for name, values in mode.items()}
        for name in ("profile_s", "profile_energy"):
            mode[name] = archive["snapshots"][name][:][mode["snapshot"]]
    return mode


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("archive")
    parser.add_argument("--figure", required=True)
    arguments = parser.parse_args()
    mode = read(arguments.archive)
    at, bottom, top = second_minimum(mode["b2"], mode["b3"], mode["b4"])
    # Barriers of single particles are tiny: nothing absolute.
    same = np.isclose(np.abs(at), mode["separation"], rtol=1e-6, atol=0) & np.isclose(top, mode["barrier"], rtol=1e-6, atol=0)
    if not same.all():
        raise SystemExit(f"{arguments.archive}: its quartics have other minima than b₂, b₃ and b₄ say, in {np.sum(~same)} modes")
    deeper = mode["true_depth"] < 0
    second = np.isfinite(mode["true_depth"])
    if deeper.any():
        part = mode["true_depth"][deeper] / bottom[deeper]
        print(f"deeper minima have {np.median(part):.2g} of the quartic's depth in the median, {part.min():.2g} to {part.max():.2g}")
    kinds = {
        "single particles": mode["single"],
        "no second minimum in truth": ~mode["single"] & ~second,
        "one that is not deeper": ~mode["single"] & second & ~deeper,
        "a deeper one": ~mode["single"] & deeper,
    }

    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "glassmodes", "path.simplify_threshold": 0.4})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(kinds), figsize=(11, 3.4), sharey=True)
    for axis, (what, which) in zip(axes, kinds.items()):
        span = f", ω {mode['omega'][which].min():.3g} to {mode['omega'][which].max():.3g}" if which.any() else ""
        print(f"{what}: {which.sum()} modes of B{span}")
        for k in np.flatnonzero(which):
            s, scale = np.linspace(-0.5, 1.5, 201), top[k] - bottom[k]
            expected = quartic(mode["b2"][k], mode["b3"][k], mode["b4"][k], s * at[k])
            axis.plot(s, expected / scale, color="0.8", linewidth=0.6, zorder=0)
            axis.plot(mode["profile_s"][k] / at[k], mode["profile_energy"][k] / scale, color="C3", linewidth=0.6)
        axis.set_title(f"{what} ({which.sum()})", fontsize=9)
        axis.set_xlabel("s / s₂")
        axis.set_xlim(-0.5, 1.5)
        axis.set_ylim(-1.2, 2)
        axis.axhline(0, color="0.5", linewidth=0.5, zorder=0)
    for what, colour in [("true", "C3"), ("quartic", "0.8")]:
        axes[0].plot([], [], color=colour, label=what)
    axes[0].legend(fontsize=8, loc="lower left")
    axes[0].set_ylabel("energy / (barrier − second minimum)")
    figure.tight_layout()
    figure.savefig(arguments.figure, metadata=dict.fromkeys(["Date", "Creator", "Format", "Type"]))


if __name__ == "__main__":
    main()
