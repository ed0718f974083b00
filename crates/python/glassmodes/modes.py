"""Soft modes of an inherent structure and what they look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glassmodes import _checks, _native
from glassmodes.minimum import InherentStructure

if TYPE_CHECKING:
    import pandas as pd

#: Names of the groups, in the order of the archive's codes.
GROUPS = ("A", "A-double", "B", "unbounded")

#: One number a mode, in the order of the tables.
COLUMNS = (
    "omega",
    "participation",
    "b2",
    "b3",
    "b4",
    "beta",
    "group",
    "barrier",
    "depth",
    "separation",
    "true_barrier",
    "true_depth",
    "true_separation",
    "cutoff_share_b3",
    "cutoff_share_b4",
    "landing_energy",
    "landing_distance",
)

#: Below every mode of every glass: asks for the `lowest` alone.
_NOTHING_BELOW = 1e-6


class Modes:
    """Described modes of one inherent structure, ascending in ω; :func:`soft_modes` finds them.

    Attributes
    ----------
    omega : ndarray, shape (K,)
        Frequencies.
    participation : ndarray, shape (K,)
        Participation ratios 1/[N Σ (Ψ_i·Ψ_i)²].
    b2, b3, b4 : ndarray, shape (K,)
        Derivatives of U along the mode: U(s) = b₂s²/2 + b₃s³/6 + b₄s⁴/24.
    beta : ndarray, shape (K,)
        b₃/√(3b₂b₄); NaN where b₄ ≤ 0.
    group : ndarray of str, shape (K,)
        "A", "A-double", "B" or "unbounded".
    barrier, depth, separation : ndarray, shape (K,)
        Of the second minimum of the quartic, in ε and lengths; NaN without one.
    true_barrier, true_depth, true_separation : ndarray, shape (K,)
        The same of the actual potential along the mode.
    cutoff_share_b3, cutoff_share_b4 : ndarray, shape (K,)
        Parts of b₃ and b₄ from pairs within 2 % of the cutoff.
    landing_energy, landing_distance : ndarray, shape (K,)
        Of the inherent structure reached from the second minimum, relative to this one.
    mode : ndarray of uint32, shape (K,)
        Position in the spectrum, zero modes included.
    vectors : ndarray, shape (K, N, d)
        Ψ, of unit norm.
    residuals : ndarray, shape (K,)
        ‖HΨ − ω²Ψ‖.
    complete_below : float
        Every mode with ω below this is among those found.
    eigenvalues, eigenvalue_participation : ndarray, shape (M,)
        λ = ω² and participation ratio of all modes found, described or not, zero modes included.
    zero_modes : int
        As many as there are dimensions are the translations.
    rattlers : ndarray of uint32
        Particles with too few contacts.
    structure : InherentStructure
        Whose modes they are.
    """

    omega: NDArray[np.float64]
    participation: NDArray[np.float64]
    b2: NDArray[np.float64]
    b3: NDArray[np.float64]
    b4: NDArray[np.float64]
    beta: NDArray[np.float64]
    group: NDArray[np.str_]
    barrier: NDArray[np.float64]
    depth: NDArray[np.float64]
    separation: NDArray[np.float64]
    true_barrier: NDArray[np.float64]
    true_depth: NDArray[np.float64]
    true_separation: NDArray[np.float64]
    cutoff_share_b3: NDArray[np.float64]
    cutoff_share_b4: NDArray[np.float64]
    landing_energy: NDArray[np.float64]
    landing_distance: NDArray[np.float64]
    mode: NDArray[np.uint32]
    vectors: NDArray[np.float64]
    residuals: NDArray[np.float64]
    complete_below: float
    eigenvalues: NDArray[np.float64]
    eigenvalue_participation: NDArray[np.float64]
    zero_modes: int
    rattlers: NDArray[np.uint32]

    def __init__(self, columns: dict[str, Any], structure: InherentStructure) -> None:
        self._profile_s = columns.pop("profile_s")
        self._profile_energy = columns.pop("profile_energy")
        columns["group"] = np.array(GROUPS)[columns["group"]]
        for name, column in columns.items():
            setattr(self, name, column)
        self.structure = structure

    def __len__(self) -> int:
        return len(self.omega)

    def true_profile(self, k: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The actual energy along mode `k`, U(q₀ + sΨ) − U(q₀).

        Parameters
        ----------
        k : int
            Which of these modes, from 0.

        Returns
        -------
        s : ndarray, shape (S,)
            Lengths along the mode, 0 in the middle.
        energy : ndarray, shape (S,)
            In ε.
        """
        k = _checks.whole("k", k, 0, len(self) - 1)
        return self._profile_s[k], self._profile_energy[k]

    def quartic_profile(self, k: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What the expansion to fourth order promises on the grid of :meth:`true_profile`.

        Returns
        -------
        s, energy : ndarray, shape (S,)
        """
        k = _checks.whole("k", k, 0, len(self) - 1)
        s = self._profile_s[k]
        return s, quartic(s, self.b2[k], self.b3[k], self.b4[k])

    def dos(self, shifts: int = 200) -> tuple[NDArray[np.float64], NDArray[np.uint64]]:
        """The integrated density of states of all dN modes of the structure, by inertia counts.

        Parameters
        ----------
        shifts : int
            Number of frequencies, even steps from 0 to above all modes.

        Returns
        -------
        omega : ndarray, shape (shifts,)
        count : ndarray of uint64, shape (shifts,)
            Number of modes with a frequency below, the translations included.
        """
        keys = {
            "spectrum.method": "low",
            "spectrum.omega_max": _NOTHING_BELOW,
            "spectrum.staircase_shifts": _checks.whole("shifts", shifts, 1, 10_000),
            "modes.omega_max": _NOTHING_BELOW,
            "modes.lowest": 0,
        }
        return _native.density_of_states(self.structure._native, keys)

    def to_pandas(self) -> pd.DataFrame:
        """The descriptors as a table, one row a mode, columns as in an archive."""
        import pandas as pd

        return pd.DataFrame({"mode": self.mode, **{name: getattr(self, name) for name in COLUMNS}})

    def __repr__(self) -> str:
        if len(self) == 0:
            return f"<no Modes, complete below {self.complete_below:.4g}>"
        return (
            f"<{len(self)} Modes, omega {self.omega[0]:.4g} to {self.omega[-1]:.4g}, "
            f"complete below {self.complete_below:.4g}>"
        )


def quartic(s: NDArray[np.float64], b2: float, b3: float, b4: float) -> NDArray[np.float64]:
    """b₂s²/2 + b₃s³/6 + b₄s⁴/24."""
    return s * s * (b2 / 2 + s * (b3 / 6 + s * b4 / 24))


def soft_modes(
    structure: InherentStructure,
    *,
    omega_max: float | None = None,
    lowest: int | None = None,
    method: str = "low",
    threads: int = 1,
) -> Modes:
    """Find and describe the soft modes of an inherent structure.

    Parameters
    ----------
    structure : InherentStructure
        From :meth:`Glass.quench`, :func:`quench` or :func:`inherent_structure`.
    omega_max : float, optional
        Every mode with a frequency below.
    lowest : int, optional
        And so many of the lowest, whatever their frequency; 1 by default. At least one of the two must
        be given.
    method : str
        ``"low"`` finds what is asked for, certified by inertia; ``"sliced"`` and ``"dense"`` find the
        whole spectrum.
    threads : int
        Threads to solve parts of the spectrum on; the bits do not depend on it.

    Returns
    -------
    Modes
        The same bits as ``glassmodes run`` with ``spectrum.omega_max`` and ``modes.omega_max`` equal to
        `omega_max`.

    Raises
    ------
    ValueError, TypeError
        For an argument outside what is accepted.
    RealizationError
        Where the spectrum cannot be found or is not good enough.
    """
    if not isinstance(structure, InherentStructure):
        raise TypeError(
            "structure: an InherentStructure is expected, from glass.quench() or glassmodes.quench(...), "
            f"not {type(structure).__name__}"
        )
    if omega_max is None and lowest is None:
        raise ValueError("which modes? give omega_max, lowest or both")
    if omega_max is None:
        omega_max = _NOTHING_BELOW
    keys = {
        "spectrum.method": method,
        "spectrum.omega_max": omega_max,
        "modes.omega_max": omega_max,
        "modes.lowest": lowest,
    }
    columns = _native.soft_modes(structure._native, keys, _checks.whole("threads", threads, 1, 1024))
    return Modes(columns, structure)
