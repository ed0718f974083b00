"""Swap Monte Carlo: a seed becomes a glass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassmodes import _checks, _native
from glassmodes.interaction import Interaction, InversePower, keys_of
from glassmodes.minimum import InherentStructure


@dataclass(frozen=True)
class Evidence:
    """What the sampling leaves as evidence that it reached equilibrium.

    Attributes
    ----------
    sweeps : ndarray of uint64, shape (K,)
        Sweeps after which the three following were taken, log-spaced, the last = all sweeps.
    energy : ndarray, shape (K,)
        Potential energy per particle, in ε.
    diameter_correlation : ndarray, shape (K,)
        Autocorrelation of the diameters since the start of the sampling.
    configurational_temperature : ndarray, shape (K,)
        ⟨\\|∇U\\|²⟩/⟨∇²U⟩, in ε.
    acceptance_displacement, acceptance_swap : float
        Fractions of the trials accepted; 0 without such trials.
    """

    sweeps: NDArray[np.uint64]
    energy: NDArray[np.float64]
    diameter_correlation: NDArray[np.float64]
    configurational_temperature: NDArray[np.float64]
    acceptance_displacement: float
    acceptance_swap: float


class Glass:
    """A glass at temperature T, sampled and not yet quenched; :func:`make_glass` makes one.

    Attributes
    ----------
    positions : ndarray, shape (N, d)
        In [0, box), in d = 2 or 3 dimensions.
    diameters : ndarray, shape (N,)
    box : float
        Side of the periodic square or cube.
    energy : float
        Potential energy per particle after the last sweep, in ε.
    evidence : Evidence
        Evidence of equilibration.
    interaction : Interaction
        The pair potential it was sampled with.
    """

    def __init__(self, native: _native.Glass, interaction: Interaction) -> None:
        self._native = native
        self.positions: NDArray[np.float64] = native.positions()
        self.diameters: NDArray[np.float64] = native.diameters()
        self.box: float = native.box_sides()[0]
        self.evidence = Evidence(**native.evidence())
        self.energy = float(self.evidence.energy[-1])
        self.interaction = interaction
        self.positions.flags.writeable = False
        self.diameters.flags.writeable = False

    def quench(self) -> InherentStructure:
        """The inherent structure below, as ``glassmodes run`` finds it.

        Raises
        ------
        RealizationError
            Where the quench does not converge.
        """
        return InherentStructure(self._native.quench(), self.interaction)

    def __repr__(self) -> str:
        return f"<Glass of {len(self.diameters)} particles, box {self.box:.4g}, energy {self.energy:.6g} a particle>"


def make_glass(
    *,
    particles: int,
    temperature: float,
    sweeps: int,
    seed: int,
    index: int = 0,
    dimension: int = 2,
    interaction: Interaction | None = None,
    density: float | None = None,
    diameters: str | None = None,
    swap_fraction: float | None = None,
    max_displacement: float | None = None,
    swap: str | None = None,
    swap_range: float | None = None,
    harvest: dict[str, int] | None = None,
    force_tolerance: float | None = None,
) -> Glass:
    """Make a glass by swap Monte Carlo: the same bits as realization `index` of ``glassmodes run``.

    Arguments are named as the keys of the configuration, whose defaults and ranges hold
    (``config/README.md``).

    Parameters
    ----------
    particles : int
        N.
    temperature : float
        T, in ε.
    sweeps : int
        Sweeps at T; one sweep is N trials.
    seed : int
        Seed of the campaign.
    index : int
        Index of the realization in the campaign.
    dimension : int
        2 or 3.
    interaction : Interaction, optional
        The pair potential; ``InversePower()``, that of the paper, by default.
    density : float, optional
        Number density, particles per area or volume.
    diameters : str, optional
        ``"random"``, ``"quantile"``, or the path of a file with one diameter a particle.
    swap_fraction : float, optional
        Fraction of trials that exchange two diameters.
    max_displacement : float, optional
        Largest displacement along each axis, in lengths.
    swap : str, optional
        ``"lifted"`` or ``"uniform"``: how the partners of a swap are chosen.
    swap_range : float, optional
        Largest step of a swap in size rank, as a fraction of N.
    harvest : dict, optional
        ``{"count": m, "sweeps": h}``: m realizations are taken from each chain, h sweeps from one to the next, so
        that realization `index` is glass ``index % m`` of chain ``index // m``.
    force_tolerance : float, optional
        Largest force that :meth:`Glass.quench` leaves, in ε per length.

    Returns
    -------
    Glass

    Raises
    ------
    ValueError, TypeError
        For an argument outside what is accepted.
    RealizationError
        Where the sampling fails.

    Notes
    -----
    Other Python threads go on meanwhile; Ctrl-C raises ``KeyboardInterrupt``.

    Examples
    --------
    >>> glass = glassmodes.make_glass(particles=256, temperature=0.3, sweeps=100, seed=7)
    >>> glass.positions.shape
    (256, 2)
    """
    keys: dict[str, Any] = {
        "campaign.seed": seed,
        "glass.dimension": dimension,
        "glass.particles": particles,
        "glass.density": density,
        "glass.diameters": diameters,
        **keys_of(interaction),
        "thermalize.temperature": temperature,
        "thermalize.sweeps": sweeps,
        "thermalize.swap_fraction": swap_fraction,
        "thermalize.max_displacement": max_displacement,
        "thermalize.swap": swap,
        "thermalize.swap_range": swap_range,
        "thermalize.harvest": harvest,
        "quench.force_tolerance": force_tolerance,
    }
    for name in ("particles", "temperature", "sweeps", "seed"):
        if locals()[name] is None:
            raise TypeError(f"{name}: a number is expected, not None")
    if isinstance(harvest, dict):
        # One chain will do.
        keys["campaign.realizations"] = harvest.get("count")
    native = _native.make_glass(keys, _checks.whole("index", index, 0, 2**63 - 1))
    return Glass(native, interaction or InversePower())
