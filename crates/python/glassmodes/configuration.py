"""Particles anywhere: their energy, forces and pressure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glassmodes import _checks, _native
from glassmodes.interaction import Interaction, keys_of


class Evaluation(NamedTuple):
    """Energy and its derivatives at one configuration.

    Attributes
    ----------
    energy : float
        Potential energy per particle, in ε.
    forces : ndarray, shape (N, d)
        −∂U/∂r_i, in ε per length.
    pressure : float
        −Σ φ′r/(dV), in ε per area or volume V.
    """

    energy: float
    forces: NDArray[np.float64]
    pressure: float


def evaluate(
    positions: NDArray[np.float64],
    diameters: NDArray[np.float64],
    box: float | Sequence[float],
    interaction: Interaction | None = None,
) -> Evaluation:
    """Energy, forces and pressure of particles where they are, at a minimum or not.

    Parameters
    ----------
    positions, diameters, box, interaction
        As of :func:`quench`.

    Returns
    -------
    Evaluation

    Raises
    ------
    TypeError, ValueError
        As :func:`quench`, and where two particles are at the same place.
    """
    native = _native.evaluate(positions, diameters, _checks.box_sides(box), keys_of(interaction))
    return Evaluation(*native)
