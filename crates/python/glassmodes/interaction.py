"""How particles interact: one class a kind of pair potential, its fields the keys of ``[potential]``."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Interaction:
    """A pair potential; use one of its kinds."""

    def keys(self) -> dict[str, Any]:
        """The configuration keys that stand for it."""
        return {f"potential.{field.name}": getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class InversePower(Interaction):
    """The inverse power law of arXiv:2102.12368, smoothed at its cutoff.

    φ(x) = x⁻¹² + Σ c₂ₗ x²ˡ for x = r/σ_ij < 1.25, and zero beyond.

    Parameters
    ----------
    smoothness : int
        2, 3 or 4: so many derivatives vanish at the cutoff.
    """

    smoothness: int = 2


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
    known = {field.name for field in fields(InversePower)}
    if kind != "inverse-power" or not set(section) <= known:
        keys = ", ".join(["kind", *sorted(set(section) - known)])
        raise ValueError(f"a potential of kind {kind!r} with keys this version does not know ({keys})")
    return InversePower(**section)
