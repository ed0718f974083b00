"""How particles interact: one class a kind of pair potential, its fields the keys of ``[potential]``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Species:
    """The table of a mixture: each particle is of the species whose σ_aa is its diameter.

    Parameters
    ----------
    names : sequence of str
        What the species are called.
    sigma, epsilon : rows of floats
        σ_ab and ε_ab, symmetric, a row and a column for each species.
    """

    names: Sequence[str]
    sigma: Sequence[Sequence[float]]
    epsilon: Sequence[Sequence[float]]

    def __post_init__(self) -> None:
        try:
            names = tuple(self.names)
        except TypeError:
            raise TypeError(f"names: a text for each species is expected, not {type(self.names).__name__}") from None
        if not all(isinstance(name, str) for name in names):
            raise TypeError(f"names: a text for each species is expected, not {names}")
        object.__setattr__(self, "names", names)
        for name in ("sigma", "epsilon"):
            try:
                rows = tuple(tuple(float(number) for number in row) for row in getattr(self, name))
            except (TypeError, ValueError):
                raise TypeError(f"{name}: a row of numbers for each species is expected") from None
            object.__setattr__(self, name, rows)

    @property
    def diameters(self) -> dict[str, float]:
        """σ_aa by name."""
        return {name: self.sigma[a][a] for a, name in enumerate(self.names)}


KOB_ANDERSEN = Species(names=("A", "B"), sigma=((1.0, 0.8), (0.8, 0.88)), epsilon=((1.0, 1.5), (1.5, 0.5)))
"""The mixture of Kob and Andersen, for ``LennardJones(species=KOB_ANDERSEN)``."""


@dataclass(frozen=True)
class Interaction:
    """A pair potential; use one of its kinds.

    Parameters
    ----------
    species : Species, optional
        σ_ij and ε_ij of a mixture, in place of ``non_additivity``; for glasses made elsewhere.
    """

    species: Species | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if not (self.species is None or isinstance(self.species, Species)):
            raise TypeError(f"species: a glassmodes.Species is expected, not {type(self.species).__name__}")

    def keys(self) -> dict[str, Any]:
        """The configuration keys that stand for it."""
        values = {part.name: getattr(self, part.name) for part in fields(self)}
        if self.species is not None:
            values["species"] = asdict(self.species)
            # What nobody gave; anything else is refused beside a table.
            if values["non_additivity"] == type(self).non_additivity:
                del values["non_additivity"]
        given = {f"potential.{name}": value for name, value in values.items() if value is not None}
        return {"potential.kind": _NAMES[type(self)], **given}


@dataclass(frozen=True)
class InversePower(Interaction):
    """The inverse power law of arXiv:2102.12368, smoothed at its cutoff.

    φ(x) = x⁻ᵏ + Σ c₂ₗ x²ˡ for x = r/σ_ij < x_c, and zero beyond; σ_ij = ½(σ_i + σ_j)(1 − η|σ_i − σ_j|).

    Parameters
    ----------
    smoothness : int
        2, 3 or 4: so many derivatives vanish at the cutoff.
    exponent : int
        k, an even number from 4 to 36.
    cutoff : float
        x_c, 1 to 4.
    non_additivity : float
        η, 0 to 0.2.
    """

    smoothness: int = 2
    exponent: int = 12
    cutoff: float = 1.25
    non_additivity: float = 0.2


@dataclass(frozen=True)
class LennardJones(Interaction):
    """Lennard-Jones, smoothed at its cutoff: φ(x) = 4(x⁻¹² − x⁻⁶) + Σ c₂ₗ x²ˡ.

    It is attractive, so :func:`make_glass` refuses it; glasses made elsewhere have their modes with it.

    Parameters
    ----------
    smoothness : int
        2, 3 or 4: so many derivatives vanish at the cutoff.
    cutoff : float
        x_c, 1.2 to 5.
    non_additivity : float
        η, 0 to 0.2.
    """

    smoothness: int = 2
    cutoff: float = 2.5
    non_additivity: float = 0.0


@dataclass(frozen=True)
class WeeksChandlerAndersen(Interaction):
    """The repulsive part of Lennard-Jones: φ(x) = 4(x⁻¹² − x⁻⁶) + 1 for x < 2^(1/6).

    Parameters
    ----------
    non_additivity : float
        η, 0 to 0.2.
    """

    non_additivity: float = 0.0


@dataclass(frozen=True)
class Harmonic(Interaction):
    """Harmonic spheres: φ(x) = ½(1 − x)² for x < 1.

    Parameters
    ----------
    non_additivity : float
        η, 0 to 0.2.
    """

    non_additivity: float = 0.0


@dataclass(frozen=True)
class Hertzian(Interaction):
    """Hertzian spheres: φ(x) = ⅖(1 − x)^(5/2) for x < 1.

    Parameters
    ----------
    non_additivity : float
        η, 0 to 0.2.
    """

    non_additivity: float = 0.0


@dataclass(frozen=True)
class Table(Interaction):
    """Any other interaction, from a table of φ(x), x = r/σ_ij: a spline with four continuous derivatives.

    Parameters
    ----------
    table : str
        Path of a text file with two numbers a line, x and φ/ε_ij. The last x is the cutoff, where φ, φ′ and φ″ must
        vanish.
    table_sha256 : str, optional
        What an archive says of the numbers it was made with; a file with others is refused.
    non_additivity : float
        η, 0 to 0.2.
    """

    table: str
    table_sha256: str | None = None
    non_additivity: float = 0.0


_NAMES: dict[type[Interaction], str] = {
    InversePower: "inverse-power",
    LennardJones: "lennard-jones",
    WeeksChandlerAndersen: "wca",
    Harmonic: "harmonic",
    Hertzian: "hertzian",
    Table: "table",
}


def keys_of(interaction: Interaction | None) -> dict[str, Any]:
    """The configuration keys of an interaction, or none for that of the paper."""
    if interaction is None:
        return {}
    if not isinstance(interaction, Interaction):
        raise TypeError(
            "interaction: an interaction is expected, for example glassmodes.InversePower(smoothness=2), "
            f"not {type(interaction).__name__}"
        )
    return interaction.keys()


def of_configuration(configuration: dict[str, Any]) -> Interaction:
    """The interaction that the section ``[potential]`` of a configuration describes."""
    section = dict(configuration.get("potential", {}))
    kind = section.pop("kind", "inverse-power")
    of_kind = next((of_kind for of_kind, name in _NAMES.items() if name == kind), None)
    known = {part.name for part in fields(of_kind)} if of_kind else set()
    if of_kind is None or not set(section) <= known:
        keys = ", ".join(["kind", *sorted(set(section) - known)])
        raise ValueError(f"a potential of kind {kind!r} with keys this version does not know ({keys})")
    if "species" in section:
        section["species"] = Species(**section["species"])
    return of_kind(**section)
