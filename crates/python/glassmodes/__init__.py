"""Quasi-localized modes of computer glasses.

::

    positions, diameters, box ─► evaluate, quench, inherent_structure
    make_glass ─► Glass ─► quench ─► InherentStructure ─► soft_modes ─► Modes
    archive.h5 ─► open ─► Ensemble ─► select ─► Selection

Units: energy scale 1, mass 1, Boltzmann's constant 1, lengths as the diameters of the model. Arrays are
float64; positions and vectors are N × d.
"""

# In the order of the flow.
from glassmodes._native import RealizationError
from glassmodes.interaction import (
    KOB_ANDERSEN,
    Harmonic,
    Hertzian,
    Interaction,
    InversePower,
    LennardJones,
    Species,
    Table,
    WeeksChandlerAndersen,
)
from glassmodes.configuration import Evaluation, evaluate
from glassmodes.glass import Evidence, Glass, make_glass
from glassmodes.minimum import ElasticConstants, InherentStructure, inherent_structure, quench
from glassmodes.modes import GROUPS, Modes, soft_modes
from glassmodes.ensemble import Archive, Ensemble, open
from glassmodes.selection import Exponent, Selection
from glassmodes import plot

__all__ = [
    "GROUPS",
    "KOB_ANDERSEN",
    "Archive",
    "ElasticConstants",
    "Ensemble",
    "Evaluation",
    "Evidence",
    "Exponent",
    "Glass",
    "Harmonic",
    "Hertzian",
    "InherentStructure",
    "Interaction",
    "InversePower",
    "LennardJones",
    "Modes",
    "RealizationError",
    "Selection",
    "Species",
    "Table",
    "WeeksChandlerAndersen",
    "evaluate",
    "inherent_structure",
    "make_glass",
    "open",
    "plot",
    "quench",
    "soft_modes",
]
