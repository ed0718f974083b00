"""Pictures with matplotlib, in the colours of ``report``; each function returns the Axes it drew on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glassmodes import _checks
from glassmodes.ensemble import Ensemble
from glassmodes.minimum import InherentStructure
from glassmodes.modes import GROUPS, Modes
from glassmodes.selection import Selection, of_family

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Okabe and Ito's colours, as the report's: the same group looks the same everywhere.
COLOURS = {"A": "#0072b2", "A-double": "#56b4e9", "B": "#d55e00", "unbounded": "#787878"}
MARKERS = {"A": "o", "A-double": "^", "B": "s", "unbounded": "x"}
DASHES = {"A": "-", "B": "--"}
BLACK, GREY = "#1e1e1e", "#787878"
#: The two ends of the report's scale from light to dark.
PARTICLE, DARK = "#d9e4ef", "#08285f"

#: A power law is drawn for so many modes.
EVENTS_MIN = 5

#: Fewest bins of a density of states, and most.
BINS = (5, 24)


def mode(
    structure: InherentStructure, vector: NDArray[np.float64], *, scale: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw a mode: particles to scale, with the displacement field as arrows, across the periodic border.

    Parameters
    ----------
    structure : InherentStructure
        Of two dimensions.
    vector : ndarray, shape (N, 2)
        A vector of ``Modes.vectors``, or ``Ensemble.vector(mode)``.
    scale : float, optional
        Length of the longest arrow; 2.5 mean diameters by default.
    ax : Axes, optional
        Where to draw; new Axes by default.
    """
    from matplotlib.collections import EllipseCollection

    vector = np.asarray(vector, dtype=np.float64)
    if vector.shape != structure.positions.shape:
        raise ValueError(f"vector: shape {vector.shape}, but the structure has particles {structure.positions.shape}")
    if vector.shape[1] != 2:
        raise ValueError("structure: it has three dimensions; pictures show two (to_ovito hands it to OVITO)")
    ax = _axes(ax, (6.0, 6.0))
    sizes = np.linalg.norm(vector, axis=1)
    longest = 2.5 * float(structure.diameters.mean()) if scale is None else _checks.length("scale", scale)
    arrows = vector * (longest / sizes.max() if sizes.max() > 0.0 else 0.0)

    # What reaches over a border is drawn on the other side, too.
    margin = max(0.5 * structure.diameters.max(), longest)
    sides = np.broadcast_to(structure.box, 2)
    places, numbers = _images(structure.positions, sides, margin)
    diameters = structure.diameters[numbers]
    circles = EllipseCollection(
        diameters, diameters, np.zeros(len(diameters)), units="xy", offsets=places, offset_transform=ax.transData,
        facecolor=PARTICLE, edgecolor="white", linewidth=0.3,
    )  # fmt: skip
    ax.add_collection(circles)
    seen = sizes[numbers] > 0.02 * sizes.max()
    ax.quiver(
        *places[seen].T, *arrows[numbers[seen]].T, angles="xy", scale_units="xy", scale=1.0, color=DARK,
        width=0.0035, headwidth=4.0, headlength=5.0, headaxislength=4.5, minlength=0.1,
    )  # fmt: skip
    ax.set(xlim=(0.0, sides[0]), ylim=(0.0, sides[1]), aspect="equal", xlabel="x", ylabel="y")
    return ax


def profile(source: Modes | Ensemble, mode: int, *, ax: Axes | None = None) -> Axes:
    """Draw the energy along a mode: the actual one as a line, what the quartic promises dashed.

    Parameters
    ----------
    source : Modes or Ensemble
    mode : int
        Which: position in the :class:`Modes`, or label in ``Ensemble.modes``.
    ax : Axes, optional
    """
    ax = _axes(ax)
    s, energy = source.true_profile(mode)
    _, promised = source.quartic_profile(mode)
    group = str(source.group[mode] if isinstance(source, Modes) else source.modes.loc[mode, "group"])
    ax.axhline(0.0, color=GREY, linewidth=0.6)
    ax.plot(s, promised, color=BLACK, linestyle="--", linewidth=1.0, label="quartic")
    ax.plot(s, energy, color=COLOURS[group], linewidth=1.8, label="actual")
    # The walls of the actual potential are steep: beyond twice what the quartic reaches they are cut.
    low, high = min(energy.min(), promised.min(), 0.0), min(energy.max(), 2.0 * promised.max())
    ax.set_ylim(low - 0.08 * (high - low), high + 0.05 * (high - low))
    ax.set(xlabel="s", ylabel=r"$U(q_0 + s\Psi) - U(q_0)$", title=f"group {group}")
    ax.legend(frameon=False)
    return ax


def participation(source: Modes | Ensemble | Selection, *, ax: Axes | None = None) -> Axes:
    """Draw participation ratios against frequencies, coloured by group.

    Parameters
    ----------
    source : Modes, Ensemble or Selection
        Of :class:`Modes`, modes found and not described are grey.
    ax : Axes, optional
    """
    ax = _axes(ax)
    if isinstance(source, Modes):
        table = source.to_pandas()
        others = source.eigenvalues[source.zero_modes :]
        ratios = source.eigenvalue_participation[source.zero_modes :]
        beyond = ~np.isin(np.arange(len(others)) + source.zero_modes, source.mode)
        if beyond.any():
            ax.plot(np.sqrt(others[beyond]), ratios[beyond], ".", color=GREY, markersize=3, label="not described")
    else:
        table = source.modes
    for group in GROUPS:
        rows = table[table["group"] == group]
        if len(rows):
            ax.plot(rows["omega"], rows["participation"], label=f"{group} ({len(rows)})", **_points(group))
    ax.set(xlabel=r"$\omega$", ylabel="participation ratio", ylim=(0.0, None))
    ax.legend(frameon=False)
    return ax


def density_of_states(source: Selection | Modes, *, ax: Axes | None = None) -> Axes:
    """Draw the density of states.

    Of a :class:`Selection`: D(ω) of its localized modes per glass, degree of freedom and unit of ω, in
    log bins, with the power laws fitted below the cut. Of :class:`Modes`: the part of all dN modes of the
    structure below ω, by inertia.

    Parameters
    ----------
    source : Selection or Modes
    ax : Axes, optional
    """
    ax = _axes(ax)
    if isinstance(source, Modes):
        omega, count = source.dos()
        below = (count.astype(float) - source.zero_modes) / source.structure.positions.size
        ax.plot(omega, below, color=BLACK)
        ax.set(xlabel=r"$\omega$", ylabel=r"part of all modes below $\omega$", xlim=(0.0, None), ylim=(0.0, 1.02))
        return ax
    for family in ("A", "B"):
        omega, value, low, high = density(source, family)
        if len(omega) == 0:
            continue
        points = _points(family)
        fit = source.exponent(family)
        errors = [value - low, high - value]
        ax.errorbar(omega, value, yerr=errors, capsize=2, elinewidth=0.8, label=f"{family} ({fit.events})", **points)
        if fit.events >= EVENTS_MIN:
            x = np.geomspace(omega[0], fit.omega_cut, 2)
            y = _prefactor(source, family, fit.value) * x**fit.value
            label = rf"$\omega^{{{fit.value:.2f}}}$"
            ax.plot(x, y, color=points["color"], linestyle=DASHES[family], label=label)
    if np.isfinite(source.omega_cut):
        ax.axvline(source.omega_cut, color=GREY, linewidth=0.6)
    ax.set(xscale="log", yscale="log", xlabel=r"$\omega$", ylabel=r"$D(\omega)$")
    if ax.get_legend_handles_labels()[1]:
        ax.legend(frameon=False, loc="lower right")
    return ax


def density(selection: Selection, family: str) -> tuple[NDArray[np.float64], ...]:
    """D(ω) of a family: middles of the bins that have modes, D, and its 95 % Poisson interval."""
    from scipy.special import gammaincinv

    all_omega = selection.localized["omega"].to_numpy()
    omega = of_family(selection.localized, family)["omega"].to_numpy()
    if len(omega) == 0 or all_omega.min() == all_omega.max():
        return (np.empty(0),) * 4
    bins = int(np.clip(int(np.sqrt(len(all_omega))), *BINS))
    edges = np.geomspace(all_omega.min() * 0.999, all_omega.max() * 1.001, bins + 1)
    counts, _ = np.histogram(omega, edges)
    # Only glasses described that far were searched there.
    ends = selection.described[~np.isnan(selection.described)]
    searched = np.clip(np.minimum(ends[:, None], edges[1:]) - edges[:-1], 0.0, None).sum(axis=0)
    searched *= _degrees_of_freedom(selection)
    there = counts > 0
    counts, searched = counts[there], searched[there]
    low, high = gammaincinv(counts, 0.025), gammaincinv(counts + 1, 0.975)
    return np.sqrt(edges[1:] * edges[:-1])[there], counts / searched, low / searched, high / searched


def _prefactor(selection: Selection, family: str, exponent: float) -> float:
    cuts = selection.described[~np.isnan(selection.described)]
    cuts = np.minimum(cuts, selection.omega_cut)
    events = selection.exponent(family).events
    return events * (exponent + 1.0) / (_degrees_of_freedom(selection) * float((cuts ** (exponent + 1.0)).sum()))


def _degrees_of_freedom(selection: Selection) -> int:
    particles = selection.ensemble.particles
    if particles is None:
        raise ValueError("archives of glasses of different size: a density of states needs one size")
    return selection.ensemble.dimension * particles


def _points(group: str) -> dict[str, Any]:
    hollow = group == "B"
    return {
        "color": COLOURS[group], "marker": MARKERS[group], "linestyle": "none", "markersize": 4,
        "markerfacecolor": "none" if hollow else COLOURS[group],
    }  # fmt: skip


def _images(
    positions: NDArray[np.float64], sides: NDArray[np.float64], margin: float
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """All periodic images within `margin` of the box, and the particles they are of."""
    steps = np.array([[x, y] for x in (-1, 0, 1) for y in (-1, 0, 1)], dtype=float) * sides
    places = (positions[None, :, :] + steps[:, None, :]).reshape(-1, 2)
    numbers = np.tile(np.arange(len(positions)), len(steps))
    near = np.all((places > -margin) & (places < sides + margin), axis=1)
    return places[near], numbers[near]


def _axes(ax: Axes | None, size: tuple[float, float] = (5.0, 3.6)) -> Axes:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=size, layout="constrained")[1]
