"""Archives as tables: what ``report`` reads, for pandas."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from glassmodes import _checks, interaction
from glassmodes.minimum import InherentStructure, inherent_structure
from glassmodes.modes import GROUPS, quartic
from glassmodes.selection import Selection, select

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib

if TYPE_CHECKING:
    import ase
    from ovito.data import DataCollection

#: Latest version of the archive's format that is known here.
FORMAT_VERSION = 3

#: What is said where a thin archive has no data.
THIN = (
    "is thin and keeps no particles and no mode vectors; glassmodes revisit makes the realizations of selected modes "
    "again, in full"
)

#: Beginnings of the names of what a thin archive keeps of all its glasses together: no columns.
SUMS = ("staircase_sum", "series_sum")


@dataclass(frozen=True)
class Kept:
    """What a thin archive keeps; it has no mode vectors, no particles, no series.

    Attributes
    ----------
    modes_below : float
        Modes and eigenvalues with ω below this.
    participation_below : float
        Modes with participation ratios below this.
    """

    modes_below: float
    participation_below: float


@dataclass(frozen=True)
class Archive:
    """One archive of an ensemble.

    Attributes
    ----------
    path : str
    configuration : dict
        As resolved, by sections.
    planned : int
        Realizations planned in the campaign.
    attributes : dict
        All root attributes.
    thin : Kept or None
        What it keeps, if it is a thin archive.
    selected_by : str or None
        What a mode of a realization had to be for that to be in the archive, where ``revisit`` chose them; such an
        archive is no sample of its ensemble.
    """

    path: str
    configuration: dict[str, Any]
    planned: int
    attributes: dict[str, Any]

    @property
    def dimension(self) -> int:
        """2 or 3."""
        return int(self.attributes.get("dimension", 2))

    @property
    def thin(self) -> Kept | None:
        if not int(self.attributes.get("thin", 0)):
            return None
        return Kept(
            float(self.attributes["thin_modes_below"]), float(self.attributes["thin_participation_below"])
        )

    @property
    def selected_by(self) -> str | None:
        return self.attributes.get("selected_by")

    def key(self, section: str, name: str) -> Any:
        """A value of the configuration; None where it is not said."""
        return self.configuration.get(section, {}).get(name)


class Ensemble:
    """The glasses of one archive, or of several one after the other; :func:`open` makes one.

    Attributes
    ----------
    archives : list of Archive
    realizations : pandas.DataFrame
        One row a realization: ``archive`` (which, from 0), ``index``, and every number of
        ``/realizations`` and ``/spectrum`` (docs/archive-format.md has meanings and units).
    modes : pandas.DataFrame
        One row a described mode: ``archive``, ``realization``, ``mode``, ``omega``, ``participation``, ….
    failures : pandas.DataFrame
        One row a realization given up: ``archive``, ``index``, ``attempts``, ``reason``.
    """

    def __init__(self, paths: tuple[str | os.PathLike[str], ...]) -> None:
        if not paths:
            raise TypeError("open: at least one archive is expected")
        tables = [_read(os.fspath(path), number) for number, path in enumerate(paths)]
        self.archives = [archive for archive, *_ in tables]
        first = self.archives[0]
        for other in self.archives:
            if other.dimension != first.dimension:
                raise ValueError(
                    f"{other.path}: its glasses have {other.dimension} dimensions, those of {first.path} "
                    f"{first.dimension}; open them apart"
                )
        self.realizations, self.modes, self.failures = (
            pd.concat([table[part] for table in tables], ignore_index=True) for part in (1, 2, 3)
        )
        _refuse_copies(self.archives, self.realizations)
        self.modes["group"] = pd.Categorical(self.modes["group"], categories=GROUPS)

    @property
    def dimension(self) -> int:
        """d, 2 or 3."""
        return self.archives[0].dimension

    @property
    def particles(self) -> int | None:
        """N, if it is the same everywhere."""
        numbers = {archive.key("glass", "particles") for archive in self.archives}
        return numbers.pop() if len(numbers) == 1 else None

    def select(
        self,
        *,
        pr_max: float = 0.27,
        omega_max: float | None = None,
        omega_max_phonon: float | None = None,
        lowest: bool = False,
        group: str | None = None,
        counted: str = "all",
    ) -> Selection:
        """The modes that count, by the rule of ``glassmodes report``.

        Only modes of sound glasses count: minima with converged forces and no zero modes but the translations and
        those of nearly free particles.

        Parameters
        ----------
        pr_max : float
            Participation ratio below this.
        omega_max : float, optional
            Frequency up to this.
        omega_max_phonon : float, optional
            Or up to this fraction of the first transverse phonon of each glass; 1 by default.
        lowest : bool
            Of each glass only the lowest mode that passes.
        group : str, optional
            Only modes of one group: "A", "A-double", "B" or "unbounded".
        counted : str
            "all" (the paper's way), "without-single-particles": no modes of one nearly free particle, or
            "without-nearly-free-glasses": no glass that has such a particle.

        Returns
        -------
        Selection

        Raises
        ------
        ValueError
            For both cuts at once, a value outside what is accepted, or a selection that reaches beyond what a
            thin archive keeps.
        """
        return select(self, pr_max, omega_max, omega_max_phonon, lowest, group, counted)

    def vector(self, mode: int) -> NDArray[np.float64]:
        """The vector Ψ of a mode, shape (N, d), unit norm.

        Parameters
        ----------
        mode : int
            Label of its row in :attr:`modes`.

        Raises
        ------
        ValueError
            Where the archive does not keep it.
        """
        return self._snapshot(mode, "vector")

    def true_profile(self, mode: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The actual energy along a mode, U(q₀ + sΨ) − U(q₀): s and energy, as of :class:`Modes`."""
        s, energy = self._snapshot(mode, "profile_s"), self._snapshot(mode, "profile_energy")
        sampled = ~np.isnan(s)
        return s[sampled], energy[sampled]

    def quartic_profile(self, mode: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What the expansion to fourth order promises on the grid of :meth:`true_profile`."""
        s, _ = self.true_profile(mode)
        return s, quartic(s, *self.modes.loc[mode, ["b2", "b3", "b4"]])

    def glass(self, realization: int, archive: int = 0) -> InherentStructure:
        """The inherent structure of a realization.

        Parameters
        ----------
        realization : int
            Its index.
        archive : int
            Which archive, from 0.

        Raises
        ------
        ValueError
            Where the archive does not keep it: it keeps glasses of which it keeps a mode vector, a thin one none.
        """
        archive = _checks.whole("archive", archive, 0, len(self.archives) - 1)
        realization = _checks.whole("realization", realization, 0, 2**63 - 1)
        about = self.archives[archive]
        if about.thin is not None:
            raise ValueError(f"{about.path}: {THIN}")
        with h5py.File(about.path) as file:
            group = file["particles/glass"]
            steps = group["position/step"][:]
            frame = int(np.searchsorted(steps, realization))
            if frame == len(steps) or steps[frame] != realization:
                raise ValueError(
                    f"{about.path}: keeps no particles of realization {realization} (it keeps those of "
                    f"{len(steps)} realizations, of which it keeps a mode vector)"
                )
            positions, diameters = group["position/value"][frame], group["diameter/value"][frame]
            sides = group["box/edges/value"][frame]
        return inherent_structure(
            np.ascontiguousarray(positions, dtype=np.float64),
            np.ascontiguousarray(diameters, dtype=np.float64),
            sides,
            interaction.of_configuration(about.configuration),
            force_tolerance=about.key("quench", "force_tolerance"),
        )

    def to_ase(self, realization: int, archive: int = 0) -> ase.Atoms:
        """A glass with its kept mode vectors as an ASE object, arrays ``diameter`` and ``mode_2``, …."""
        return self.glass(realization, archive).to_ase(self._vectors_of(realization, archive))

    def to_ovito(self, realization: int, archive: int = 0) -> DataCollection:
        """A glass with its kept mode vectors for OVITO, properties ``Radius`` and ``mode_2``, …."""
        return self.glass(realization, archive).to_ovito(self._vectors_of(realization, archive))

    def spectrum(self, realization: int, archive: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """All eigenvalues λ = ω² kept of a realization, and their participation ratios."""
        table = self.realizations
        rows = table.index[(table["archive"] == archive) & (table["index"] == realization)]
        if len(rows) == 0:
            raise ValueError(f"realization {realization}: not in archive {archive}")
        row = int(rows[0] - table.index[table["archive"] == archive][0])
        with h5py.File(self.archives[archive].path) as file:
            eigenvalues = file["spectrum/eigenvalues"][row]
            found = ~np.isnan(eigenvalues)
            return eigenvalues[found], file["spectrum/participation"][row][found]

    def _vectors_of(self, realization: int, archive: int) -> dict[str, NDArray[np.float64]]:
        table = self.modes
        kept = (table["archive"] == archive) & (table["realization"] == realization) & (table["snapshot"] >= 0)
        return {f"mode_{table.loc[row, 'mode']}": self.vector(row) for row in table.index[kept]}

    def _snapshot(self, mode: int, name: str) -> NDArray[np.float64]:
        mode = _checks.whole("mode", mode, 0, len(self.modes) - 1)
        row = self.modes.loc[mode]
        about = self.archives[row["archive"]]
        if about.thin is not None:
            raise ValueError(f"mode {mode} of {about.path}: {THIN}")
        if row["snapshot"] < 0:
            raise ValueError(
                f"mode {mode}: its vector is not kept; modes.loc[modes.snapshot >= 0] are those whose vector is"
            )
        with h5py.File(about.path) as file:
            return file[f"snapshots/{name}"][row["snapshot"]]

    def __repr__(self) -> str:
        selections = sorted({archive.selected_by for archive in self.archives if archive.selected_by})
        return (
            f"<Ensemble of {len(self.realizations)} realizations with {len(self.modes)} described modes, "
            f"from {', '.join(archive.path for archive in self.archives)}"
            f"{', selected by ' + ', '.join(selections) if selections else ''}>"
        )


def open(*paths: str | os.PathLike[str]) -> Ensemble:
    """Open archives of ``glassmodes``, one after the other.

    Parameters
    ----------
    *paths : path-like
        Archives.

    Returns
    -------
    Ensemble

    Raises
    ------
    OSError
        Where a file cannot be read.
    ValueError
        Where it is no archive, or one of a later format, or where two have a realization in common.
    """
    return Ensemble(paths)


def _refuse_copies(archives: list[Archive], realizations: pd.DataFrame) -> None:
    """Raises ValueError if two archives of one campaign have a realization in common: it would count twice."""
    hashes = pd.Series([archive.attributes.get("config_hash") for archive in archives], dtype=object)
    keys = pd.DataFrame({"campaign": realizations["archive"].map(hashes), "index": realizations["index"]})
    copies = keys.duplicated()
    if copies.any():
        second = realizations.loc[copies.idxmax()]
        index = int(second["index"])
        same = (keys["campaign"] == keys["campaign"][copies.idxmax()]) & (keys["index"] == index)
        first = realizations.loc[same.idxmax()]
        raise ValueError(
            f"{archives[int(second['archive'])].path}: realization {index} is also in "
            f"{archives[int(first['archive'])].path}, and would count twice; glassmodes merge makes one archive of both"
        )


def _read(path: str, number: int) -> tuple[Archive, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    with h5py.File(path) as file:
        attributes = {name: _plain(value) for name, value in file.attrs.items()}
        if attributes.get("format") != "glassmodes":
            raise ValueError(f"{path}: no archive of glassmodes (its attribute 'format' does not say so)")
        if int(attributes.get("format_version", 0)) > FORMAT_VERSION:
            version = attributes["format_version"]
            raise ValueError(f"{path}: format version {version} is later than {FORMAT_VERSION}; update glassmodes")
        configuration = tomllib.loads(attributes.get("config", ""))
        about = Archive(path, configuration, int(attributes.get("realizations", 0)), attributes)
        realizations = pd.DataFrame(
            {"archive": number, **_columns(file["realizations"]), **_columns(file["spectrum"])}
        )
        if "chain" not in realizations:
            # Archives before format version 3: each glass is of a chain of its own.
            realizations["chain"] = realizations["index"]
        modes = pd.DataFrame({"archive": number, **_columns(file["modes"])})
        modes["group"] = np.array(GROUPS)[modes["group"].to_numpy()]
        failures = pd.DataFrame({"archive": number, **_columns(file["failures"])})
    return about, realizations, modes, failures


def _columns(group: h5py.Group) -> dict[str, Any]:
    """Every dataset of one number a realization or mode."""
    columns = {}
    for name, dataset in group.items():
        if isinstance(dataset, h5py.Dataset) and dataset.ndim == 1 and not name.startswith(SUMS):
            values = dataset[:]
            columns[name] = [_plain(value) for value in values] if values.dtype.kind in "SO" else values
    return columns


def _plain(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value
