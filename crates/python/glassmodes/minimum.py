"""Inherent structures: where a glass comes to rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glassmodes import _checks, _native
from glassmodes.interaction import Interaction, InversePower, keys_of

if TYPE_CHECKING:
    import ase
    from ovito.data import DataCollection
    from scipy.sparse import csr_array


class ElasticConstants(NamedTuple):
    """Moduli of one inherent structure, Born minus non-affine, in ε per area or volume.

    Attributes
    ----------
    shear_modulus, bulk_modulus : float
        G and K.
    omega_phonon : float
        Frequency of the first transverse phonon, (2π/L)√((G − P)/ρ); NaN where G < P.
    """

    shear_modulus: float
    bulk_modulus: float
    omega_phonon: float


class InherentStructure:
    """A local minimum of the potential energy; :func:`quench` and :func:`inherent_structure` make one.

    Attributes
    ----------
    positions : ndarray, shape (N, d)
        In the box, in d = 2 or 3 dimensions.
    diameters : ndarray, shape (N,)
    box : float, or tuple of d floats
        Side of the periodic square or cube; the d sides of the box where they differ.
    interaction : Interaction
        The pair potential.
    force_max : float
        Largest force left on a particle, in ε per length.
    iterations : int
        Force evaluations of the gradient stage.
    """

    def __init__(self, native: _native.Minimum, interaction: Interaction) -> None:
        self._native = native
        self.positions: NDArray[np.float64] = native.positions()
        self.diameters: NDArray[np.float64] = native.diameters()
        self._sides: list[float] = native.box_sides()
        self.box: float | tuple[float, ...] = self._sides[0] if len({*self._sides}) == 1 else tuple(self._sides)
        self.interaction = interaction
        self.force_max: float = native.force_max()
        self.iterations: int = native.iterations()
        self.positions.flags.writeable = False
        self.diameters.flags.writeable = False

    def energy(self) -> float:
        """Potential energy per particle, in ε."""
        return self._native.energy()

    def forces(self) -> NDArray[np.float64]:
        """Forces −∂U/∂r_i, shape (N, d), in ε per length: what rounding leaves of zero."""
        return self._native.forces()

    def pressure(self) -> float:
        """Pressure −Σ φ′r/(dV), in ε per area or volume V."""
        return self._native.pressure()

    def hessian(self) -> csr_array:
        """Hessian ∂²U/∂r∂r, symmetric, shape (dN, dN), in ε per square of a length.

        Row d·i is the x, row d·i + 1 the y coordinate of particle i, and in three dimensions row 3i + 2 its z coordinate.
        """
        from scipy.sparse import csr_array

        starts, indices, values = self._native.hessian()
        size = self.positions.size
        return csr_array((values, indices, starts), shape=(size, size))

    def elastic_constants(self) -> ElasticConstants:
        """Shear and bulk modulus, and the frequency of the first transverse phonon."""
        return ElasticConstants(*self._native.elastic_constants())

    def to_ase(self, vectors: Mapping[str, NDArray[np.float64]] | None = None) -> ase.Atoms:
        """The particles as an ASE object of "X" atoms, with the array ``diameter``; in two dimensions z is 0.

        Parameters
        ----------
        vectors : mapping of str to ndarray of shape (N, d), optional
            More arrays, such as mode vectors.
        """
        import ase

        atoms = ase.Atoms(
            ["X"] * len(self.diameters),
            positions=_in_space(self.positions),
            cell=self._cell(),
            pbc=[True, True, not self._is_flat()],
        )
        atoms.set_array("diameter", self.diameters)
        for name, vector in (vectors or {}).items():
            atoms.set_array(name, _in_space(vector))
        return atoms

    def to_ovito(self, vectors: Mapping[str, NDArray[np.float64]] | None = None) -> DataCollection:
        """The particles for OVITO, with the property ``Radius``; in two dimensions z is 0.

        Parameters
        ----------
        vectors : mapping of str to ndarray of shape (N, d), optional
            More properties, such as mode vectors.
        """
        from ovito.data import DataCollection

        data = DataCollection()
        cell = np.diag(self._cell())
        flat = self._is_flat()
        data.create_cell(np.column_stack([cell, np.zeros(3)]), pbc=(True, True, not flat)).is2D = flat
        particles = data.create_particles(count=len(self.diameters))
        particles.create_property("Position", data=_in_space(self.positions))
        particles.create_property("Radius", data=0.5 * self.diameters)
        for name, vector in (vectors or {}).items():
            particles.create_property(name, data=_in_space(vector))
        return data

    def _is_flat(self) -> bool:
        return self.positions.shape[1] == 2

    def _cell(self) -> list[float]:
        """Sides of the box for programs that know no other number than three."""
        return [*self._sides, 1.0][:3]

    def __repr__(self) -> str:
        sides = " × ".join(f"{side:.4g}" for side in ([self.box] if isinstance(self.box, float) else self.box))
        return (
            f"<InherentStructure of {len(self.diameters)} particles, box {sides}, "
            f"energy {self.energy():.6g} a particle, largest force {self.force_max:.1e}>"
        )


def _in_space(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """With three components, the third zero in two dimensions."""
    return np.column_stack([vectors, np.zeros((len(vectors), 3 - vectors.shape[1]))])


def quench(
    positions: NDArray[np.float64],
    diameters: NDArray[np.float64],
    box: float | Sequence[float],
    interaction: Interaction | None = None,
    *,
    force_tolerance: float | None = None,
    evaluations_max: int | None = None,
) -> InherentStructure:
    """Bring particles to the inherent structure below: conjugate gradient, then Newton.

    Parameters
    ----------
    positions : ndarray of float64, shape (N, 2) or (N, 3)
        In the box, from 0 to its side, C-contiguous.
    diameters : ndarray of float64, shape (N,)
        C-contiguous.
    box : float, or d floats
        Side of the periodic square or cube, or the d sides of the box; at least twice the largest interaction range.
    interaction : Interaction, optional
        The pair potential; ``InversePower()``, that of the paper, by default.
    force_tolerance : float, optional
        Largest force left, in ε per length; 10⁻¹² by default.
    evaluations_max : int, optional
        Most evaluations of the forces.

    Returns
    -------
    InherentStructure

    Raises
    ------
    TypeError
        For arrays that are not float64.
    ValueError
        For shapes, values and order in memory that are not accepted.
    RealizationError
        Where the quench does not converge, or ends at a saddle.
    """
    keys = {**keys_of(interaction), "quench.force_tolerance": force_tolerance, "quench.evaluations_max": evaluations_max}
    native = _native.quench(positions, diameters, _checks.box_sides(box), keys)
    return InherentStructure(native, interaction or InversePower())


def inherent_structure(
    positions: NDArray[np.float64],
    diameters: NDArray[np.float64],
    box: float | Sequence[float],
    interaction: Interaction | None = None,
    *,
    force_tolerance: float | None = None,
) -> InherentStructure:
    """Take particles that are at a minimum already as they are.

    Parameters
    ----------
    positions, diameters, box, interaction, force_tolerance
        As of :func:`quench`.

    Returns
    -------
    InherentStructure

    Raises
    ------
    TypeError, ValueError
        As :func:`quench`.
    RealizationError
        Where a force exceeds `force_tolerance`, or the particles are at a saddle.
    """
    keys = {**keys_of(interaction), "quench.force_tolerance": force_tolerance}
    native = _native.accept(positions, diameters, _checks.box_sides(box), keys)
    return InherentStructure(native, interaction or InversePower())
