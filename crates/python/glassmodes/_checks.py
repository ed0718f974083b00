"""What the configuration does not check: arguments that are no configuration keys."""

from __future__ import annotations

import math
import operator
from typing import Any


def whole(name: str, value: Any, low: int, high: int) -> int:
    """A whole number from `low` to `high`."""
    if isinstance(value, bool):
        raise TypeError(f"{name}: a whole number is expected, not bool")
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name}: a whole number is expected, not {type(value).__name__}") from None
    if not low <= number <= high:
        raise ValueError(f"{name} = {number}: accepted: {low} to {high}")
    return number


def box_sides(value: Any) -> list[float]:
    """The sides of a box, or the one that holds for all."""
    if isinstance(value, (str, bytes)) or not hasattr(value, "__len__"):
        return [length("box", value)]
    return [length("box", side) for side in value]


def length(name: str, value: Any) -> float:
    """A positive number."""
    if isinstance(value, (bool, str, bytes)):
        raise TypeError(f"{name}: a number is expected, not {type(value).__name__}")
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(f"{name}: a number is expected, not {type(value).__name__}") from None
    if not (math.isfinite(number) and number > 0.0):
        raise ValueError(f"{name} = {number}: accepted: above 0")
    return number
