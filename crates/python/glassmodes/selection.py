"""Which of the described modes count, and what was left out: the rule of ``report``, once more.

The tests compare every count and the exponents with those of ``summary.json``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from glassmodes import _checks
from glassmodes.modes import GROUPS

if TYPE_CHECKING:
    from glassmodes.ensemble import Ensemble

#: Largest force of a glass that counts as converged, in ε per length.
FORCE_MAX = 1e-10

#: A particle is nearly free when its own stiffness is below this fraction of the typical one of its glass.
NEARLY_FREE = 0.01

#: Modes with N·PR below this have most of their weight on one particle.
SINGLE_PARTICLE = 4.0

#: Which modes and glasses with nearly free particles count.
COUNTED = ("all", "without-single-particles", "without-nearly-free-glasses")

#: Groups of modes as densities and fits take them together.
FAMILIES = {"A": ("A", "A-double"), "B": ("B",), "all": GROUPS}


class Exponent(NamedTuple):
    """The exponent α of D(ω) ∝ ω^α below a cut, by maximum likelihood.

    Attributes
    ----------
    value : float
        (n − 1)/Σ ln(ω_c/ω) − 1; NaN with fewer than two modes.
    low, high : float
        Exact 95 % interval for independent modes.
    events : int
        Number of modes n.
    omega_cut : float
        ω_c.
    """

    value: float
    low: float
    high: float
    events: int
    omega_cut: float


@dataclass(frozen=True)
class Selection:
    """The modes of an :class:`Ensemble` that count.

    Attributes
    ----------
    ensemble : Ensemble
    modes : pandas.DataFrame
        Rows of ``ensemble.modes`` that count, with their labels there.
    localized : pandas.DataFrame
        Localized modes of sound glasses up to the end of the description, below the cut or not.
    census : dict of str to int
        How many realizations and modes were left out and why, as in ``summary.json`` of ``report``.
    cut : ndarray, shape (R,)
        For each realization the ω up to which it was searched; NaN where it is left out.
    described : ndarray, shape (R,)
        For each realization the ω up to which every mode is described; NaN likewise.
    lowest : bool
        Whether only the lowest mode of each glass was asked for.
    """

    ensemble: Ensemble
    modes: pd.DataFrame
    localized: pd.DataFrame
    census: dict[str, int]
    cut: NDArray[np.float64]
    described: NDArray[np.float64]
    lowest: bool

    @property
    def omega_cut(self) -> float:
        """The median of the cuts of all sound glasses."""
        cuts = self.cut[np.isfinite(self.cut)]
        return float(np.median(cuts)) if len(cuts) else math.nan

    def exponent(self, family: str = "all") -> Exponent:
        """The exponent of the density of states with one cut for all glasses.

        Parameters
        ----------
        family : str
            "A" (with A-double, \\|β\\| ≤ 1), "B" or "all".
        """
        from scipy.special import gammaincinv

        localized = self.localized
        if self.lowest:
            localized = localized[~localized["row"].duplicated()]
        table = of_family(localized, family)
        ends = np.minimum(self.omega_cut, self.described[table["row"].to_numpy()])
        logarithms = np.log(ends / table["omega"].to_numpy())
        logarithms = logarithms[np.isfinite(logarithms) & (logarithms >= 0.0)]
        n, total = len(logarithms), float(logarithms.sum())
        if n < 2 or total <= 0.0:
            return Exponent(math.nan, math.nan, math.nan, n, self.omega_cut)
        low, high = (float(gammaincinv(n, tail)) / total - 1.0 for tail in (0.025, 0.975))
        return Exponent((n - 1) / total - 1.0, low, high, n, self.omega_cut)

    def __repr__(self) -> str:
        return f"<Selection of {len(self.modes)} modes from {self.census['sound']} sound glasses>"


def _planned(ensemble: Ensemble) -> int:
    """Realizations planned; parts of one campaign plan the same ones."""
    planned: dict[str, int] = {}
    for archive in ensemble.archives:
        campaign = str(archive.attributes.get("config_hash"))
        planned[campaign] = max(planned.get(campaign, 0), archive.planned)
    return sum(planned.values())


def of_family(table: pd.DataFrame, family: str) -> pd.DataFrame:
    """The rows whose group belongs to a family."""
    if family not in FAMILIES:
        raise ValueError(f"family = {family!r}: accepted: {', '.join(map(repr, FAMILIES))}")
    return table[table["group"].isin(FAMILIES[family])]


def left_out(realizations: pd.DataFrame, dimension: int) -> dict[str, NDArray[np.bool_]]:
    """Of each rule that leaves realizations out, in their order, those for which it holds first."""
    force, zero_modes = realizations["force_max"].to_numpy(), realizations["zero_modes"].to_numpy()
    reasons = {
        "saddles": realizations["negative_modes"].to_numpy() > 0,
        # The translations, and those of nearly free particles.
        "extra_zero_modes": (zero_modes < dimension) | (zero_modes > dimension * (1 + nearly_free(realizations))),
        "unconverged": np.isnan(force) | (force > FORCE_MAX),
    }
    seen = np.zeros(len(realizations), dtype=bool)
    for name, holds in reasons.items():
        reasons[name] = holds & ~seen
        seen |= holds
    return reasons


def nearly_free(realizations: pd.DataFrame) -> NDArray[np.int64]:
    """Nearly free particles of each glass: by stiffness, or by contacts where an archive knows no stiffness."""
    by_contacts = realizations["rattlers"].to_numpy().astype(np.int64)
    known = ~np.isnan(_numbers(realizations, "own_stiffness_typical"))
    by_stiffness = np.nan_to_num(_numbers(realizations, "nearly_free")).astype(np.int64)
    return np.where(known, by_stiffness, by_contacts)


def single_particle(ensemble: Ensemble, row: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each mode is one nearly free particle; ``row`` is that of its realization."""
    modes, realizations = ensemble.modes, ensemble.realizations
    particles = [archive.key("glass", "particles") for archive in ensemble.archives]
    particles = np.array([math.nan if count is None else count for count in particles], dtype=float)
    on_one = modes["participation"].to_numpy() * particles[modes["archive"].to_numpy()] < SINGLE_PARTICLE
    own = _numbers(modes, "own_stiffness")
    typical = _numbers(realizations, "own_stiffness_typical")
    typical = np.where(row >= 0, typical[row], math.nan) if len(typical) else own
    return on_one & (np.isnan(own) | np.isnan(typical) | (own < NEARLY_FREE * typical))


def _numbers(table: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """A column as floats; NaN where an archive of an earlier format has none."""
    return table[name].to_numpy(dtype=float) if name in table else np.full(len(table), math.nan)


def select(
    ensemble: Ensemble,
    pr_max: float,
    omega_max: float | None,
    omega_max_phonon: float | None,
    lowest: bool,
    group: str | None,
    counted: str,
) -> Selection:
    """See :meth:`Ensemble.select`."""
    if omega_max is not None and omega_max_phonon is not None:
        raise ValueError("omega_max and omega_max_phonon are two ways to say one thing; give one")
    if group is not None and group not in GROUPS:
        raise ValueError(f"group = {group!r}: accepted: {', '.join(map(repr, GROUPS))}")
    if counted not in COUNTED:
        raise ValueError(f"counted = {counted!r}: accepted: {', '.join(map(repr, COUNTED))}")
    pr_max = _checks.length("pr_max", pr_max)
    realizations, table = ensemble.realizations, ensemble.modes
    if omega_max is not None:
        asked = np.full(len(realizations), _checks.length("omega_max", omega_max))
    else:
        fraction = _checks.length("omega_max_phonon", 1.0 if omega_max_phonon is None else omega_max_phonon)
        asked = fraction * realizations["omega_phonon"].to_numpy()

    reasons = left_out(realizations, ensemble.dimension)
    unsound = np.logical_or.reduce(list(reasons.values()))
    # A glass softer against shear than its own pressure has no phonon: its cut is the median of the others' cuts.
    has_phonon = np.isfinite(asked) & (asked > 0.0)
    of_archive = realizations["archive"].to_numpy()
    for archive in range(len(ensemble.archives)):
        own = of_archive == archive
        others = asked[own & has_phonon & ~unsound]
        asked = np.where(own & ~has_phonon, np.median(others) if len(others) else math.nan, asked)
    free = nearly_free(realizations) > 0
    without_free = counted == "without-nearly-free-glasses"
    reasons["nearly_free_left_out"] = free & ~unsound if without_free else np.zeros(len(free), dtype=bool)
    unsound = unsound | reasons["nearly_free_left_out"]
    reasons["without_cut"] = ~unsound & ~(np.isfinite(asked) & (asked > 0.0))
    unsound = unsound | reasons["without_cut"]
    _refuse_wider(ensemble, pr_max, omega_max, asked, unsound)
    ends = [archive.key("modes", "omega_max") for archive in ensemble.archives]
    ends = np.array([math.inf if end is None else end for end in ends], dtype=float)
    described = np.minimum(ends[of_archive], realizations["omega_complete"].to_numpy())
    described[unsound] = np.nan
    cut = np.where(unsound, np.nan, np.minimum(asked, described))

    row = _rows(realizations, table)
    known = row >= 0
    limit = np.where(known, described[row], np.nan) if len(described) else np.full(len(table), np.nan)
    own_cut = np.where(known, cut[row], np.nan) if len(cut) else limit
    omega, participation, b2 = (table[name].to_numpy() for name in ("omega", "participation", "b2"))
    sound = ~np.isnan(limit)
    valid = sound & (omega > 0.0) & (participation > 0.0) & np.isfinite(b2)
    groups = table["group"].to_numpy()
    narrow = valid & ~(participation >= pr_max)
    of_group = np.ones(len(table), dtype=bool) if group is None else groups == group
    single = single_particle(ensemble, row)
    single_left_out = narrow & of_group & single & (counted == "without-single-particles")
    localized = narrow & of_group & ~single_left_out
    above = localized & (omega > own_cut)
    chosen = localized & ~above
    passed = chosen.copy()
    if lowest:
        # Modes ascend in ω within a realization: the first that passes is the lowest.
        chosen &= ~pd.Series(row).where(chosen).duplicated().to_numpy()
    not_lowest = int(np.count_nonzero(passed & ~chosen))

    census = {
        "planned": _planned(ensemble),
        "realizations": len(realizations),
        "failed": len(ensemble.failures),
        **{name: int(np.count_nonzero(holds)) for name, holds in reasons.items()},
        "sound": int(np.count_nonzero(~unsound)),
        "with_nearly_free": int(np.count_nonzero(~unsound & free)),
        "without_phonon": int(np.count_nonzero(~unsound & ~has_phonon)),
        "cut_by_description": int(np.count_nonzero(~unsound & (described < asked))),
        "described": len(table),
        "in_unsound": int(np.count_nonzero(~sound)),
        "invalid": int(np.count_nonzero(sound & ~valid)),
        "extended": int(np.count_nonzero(valid & ~narrow)),
        "other_group": int(np.count_nonzero(narrow & ~of_group)),
        "single_particle_left_out": int(np.count_nonzero(single_left_out)),
        "above_cut": int(np.count_nonzero(above)),
        "not_lowest": not_lowest,
        "selected": int(np.count_nonzero(chosen)),
        "single_particle": int(np.count_nonzero(chosen & single)),
        **{
            name: int(np.count_nonzero(chosen & (groups == of)))
            for name, of in zip(("group_a", "group_a_double", "group_b", "unbounded"), GROUPS, strict=True)
        },
    }
    table = table.assign(row=row)
    return Selection(
        ensemble,
        table[chosen],
        table[localized & (omega <= limit)],
        census,
        cut,
        described,
        lowest,
    )


def _refuse_wider(
    ensemble: Ensemble,
    pr_max: float,
    omega_max: float | None,
    asked: NDArray[np.float64],
    unsound: NDArray[np.bool_],
) -> None:
    """Refuse what reaches beyond a thin archive: it would count too few modes in silence."""
    realizations = ensemble.realizations
    for number, archive in enumerate(ensemble.archives):
        kept = archive.thin
        if kept is None:
            continue
        if pr_max > kept.participation_below:
            raise ValueError(
                f"pr_max = {pr_max}: {archive.path} is thin and keeps modes with participation ratios below "
                f"{kept.participation_below} only"
            )
        described = archive.key("modes", "omega_max")
        ended_by_the_cut = (
            (realizations["archive"].to_numpy() == number)
            & (realizations["omega_complete"].to_numpy() >= kept.modes_below)
            & ~unsound
        )
        highest = max([*asked[ended_by_the_cut], 0.0]) if omega_max is None else omega_max
        if highest > kept.modes_below and (described is None or described > kept.modes_below):
            raise ValueError(
                f"modes with omega up to {highest} are asked for: {archive.path} is thin and keeps those below "
                f"{kept.modes_below} only; give omega_max={kept.modes_below} at most"
            )


def _rows(realizations: pd.DataFrame, modes: pd.DataFrame) -> NDArray[np.intp]:
    """Row in the realization table of each mode; −1 where its realization is not there."""
    index = pd.MultiIndex.from_frame(realizations[["archive", "index"]])
    return index.get_indexer(pd.MultiIndex.from_frame(modes[["archive", "realization"]]))
