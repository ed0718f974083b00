"""Bad arguments raise ValueError or TypeError with a sentence, never worse."""

import math
import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import glassmodes

#: Random arguments tried; the nightly tests ask for 10 000.
EXAMPLES = int(os.environ.get("GLASSMODES_EXAMPLES", "500"))

ACCEPTED = (ValueError, TypeError, glassmodes.RealizationError)

fuzz = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)


def good(n=40, box=12.0):
    return np.random.default_rng(1).uniform(0, box, (n, 2)), np.linspace(0.7, 1.6, n), box


def change(name, value):
    arguments = dict(zip(("positions", "diameters", "box"), good(), strict=True))
    arguments[name] = value(arguments[name]) if callable(value) else value
    return arguments


def with_value(index, value):
    def changed(array):
        array = array.copy()
        array[index] = value
        return array

    return changed


@pytest.mark.parametrize(
    ("name", "value", "error", "words"),
    [
        ("positions", lambda a: a.astype(np.float32), TypeError, "float64 is expected, not float32"),
        ("positions", lambda a: a.astype(">f8"), TypeError, "float64 is expected"),
        ("positions", lambda a: a.tolist(), TypeError, "a numpy array of float64 is expected, not list"),
        ("positions", lambda a: None, TypeError, "not NoneType"),
        ("positions", lambda a: np.asfortranarray(a), ValueError, "not C-contiguous; numpy.ascontiguousarray"),
        ("positions", lambda a: np.repeat(a, 2, axis=1)[:, ::2], ValueError, "not C-contiguous"),
        ("positions", lambda a: np.zeros((40, 4)), ValueError, r"accepted: \(40, 2\) or \(40, 3\), two or three dim"),
        ("positions", lambda a: a.ravel(), ValueError, r"an array of shape \(N, 2\) or \(N, 3\)"),
        ("positions", lambda a: np.empty((0, 2)), ValueError, "."),
        ("positions", lambda a: a[:-1], ValueError, "39 positions but 40 diameters"),
        ("positions", with_value((3, 1), math.nan), ValueError, "particle 3: y is NaN"),
        ("positions", with_value((3, 1), math.inf), ValueError, "particle 3: y = inf is outside"),
        ("positions", with_value((5, 0), -0.1), ValueError, "particle 5: x = -0.1 is outside the box, 0 to 12"),
        ("diameters", lambda a: a.astype(int), TypeError, "float64 is expected, not int64"),
        ("diameters", with_value(2, -1.0), ValueError, "particle 2: diameter is -1"),
        ("diameters", lambda a: np.repeat(a, 2)[::2], ValueError, "diameters: not C-contiguous"),
        ("box", 2.0, ValueError, "outside the box"),
        ("box", lambda a: math.nan, ValueError, "box = nan: accepted: above 0"),
        ("box", lambda a: "12", TypeError, "box: a number is expected, not str"),
        ("interaction", 2, TypeError, "an interaction is expected"),
        ("interaction", glassmodes.InversePower(smoothness=5), ValueError, "accepted: 2, 3 or 4"),
        ("force_tolerance", 1.0, ValueError, "quench.force_tolerance = 1: accepted"),
    ],
)
def test_a_bad_argument_of_quench_is_named(name, value, error, words):
    arguments = change(name, value) if name in ("positions", "diameters", "box") else {**change("box", 12.0), name: value}
    with pytest.raises(error, match=words):
        glassmodes.quench(**arguments)


def test_a_box_too_small_is_named():
    with pytest.raises(ValueError, match="less than twice the largest cutoff"):
        glassmodes.quench(np.array([[0.5, 0.5], [1.5, 1.5]]), np.ones(2), 2.0)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"dimension": 4}, ValueError, "glass.dimension = 4: accepted: 2 or 3"),
        ({"dimension": "3"}, ValueError, "a whole number"),
        ({"particles": 4}, ValueError, "glass.particles = 4: the potential's range"),
        ({"particles": -5}, ValueError, "a whole number, 0 or more"),
        ({"particles": 64.5}, ValueError, "a whole number"),
        ({"particles": None}, TypeError, "particles: a number is expected, not None"),
        ({"temperature": math.nan}, ValueError, "thermalize.temperature"),
        ({"temperature": [0.1]}, TypeError, "thermalize.temperature: a number or a text is expected, not list"),
        ({"sweeps": 2**80}, ValueError, "thermalize.sweeps: more than 64 bits"),
        ({"seed": -1}, ValueError, "a whole number, 0 or more"),
        ({"index": -1}, ValueError, "index = -1: accepted"),
        ({"index": "0"}, TypeError, "index: a whole number is expected, not str"),
        ({"diameters": "equal"}, ValueError, "random"),
        ({"max_displacement": 2.0}, ValueError, "thermalize.max_displacement"),
    ],
)
def test_a_bad_argument_of_make_glass_is_named(change, error, words):
    arguments = {"particles": 64, "temperature": 0.3, "sweeps": 1, "seed": 1, **change}
    with pytest.raises(error, match=words):
        glassmodes.make_glass(**arguments)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({}, ValueError, "give omega_max, lowest or both"),
        ({"omega_max": -1.0}, ValueError, "omega_max = -1"),
        ({"omega_max": 1.0, "method": "quick"}, ValueError, "quick"),
        ({"lowest": 10**6}, ValueError, "modes.lowest"),
        ({"lowest": 1, "threads": 0}, ValueError, "threads = 0"),
    ],
)
def test_a_bad_argument_of_soft_modes_is_named(minimum, arguments, error, words):
    with pytest.raises(error, match=words):
        glassmodes.soft_modes(minimum, **arguments)


def test_what_is_no_minimum_is_refused(glass):
    with pytest.raises(TypeError, match="an InherentStructure is expected"):
        glassmodes.soft_modes(glass, lowest=1)
    with pytest.raises(glassmodes.RealizationError, match="quench: largest force"):
        glassmodes.inherent_structure(glass.positions, glass.diameters, glass.box)


numbers = st.one_of(
    st.floats(), st.integers(), st.text(max_size=3), st.none(), st.booleans(), st.just([]), st.floats(0.5, 40.0)
)
shapes = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=9)
kinds = st.sampled_from(["f8", "f4", ">f8", "i8", "O", "c16", "U1", "?"])
any_array = st.one_of(numbers, kinds.flatmap(lambda kind: arrays.arrays(kind if kind != "O" else "f8", shapes)))


@st.composite
def particles(draw):
    """Often nearly right."""
    n = draw(st.integers(0, 12))
    box = draw(st.floats(0.01, 100.0))
    inside = st.one_of(st.floats(0, box), st.floats()) if draw(st.booleans()) else st.floats(0, box)
    axes = draw(st.sampled_from([2, 3]))
    positions = draw(arrays.arrays("f8", (n, axes), elements=inside))
    sizes = st.one_of(st.floats(1e-3, 3.0), st.floats()) if draw(st.booleans()) else st.floats(0.5, 1.6)
    diameters = draw(arrays.arrays("f8", (draw(st.sampled_from([n, n, n, n + 1])),), elements=sizes))
    if draw(st.integers(0, 9)) == 0:
        positions = np.asfortranarray(positions)
    return positions, diameters, box


@fuzz
@given(st.one_of(particles(), st.tuples(any_array, any_array, numbers)), st.sampled_from([None, 2, 3, 4, 0, -1, 1.5]))
def test_random_particles_never_crash(arguments, smoothness):
    interaction = None if smoothness is None else glassmodes.InversePower(smoothness=smoothness)
    try:
        minimum = glassmodes.quench(*arguments, interaction, evaluations_max=200)
        glassmodes.soft_modes(minimum, lowest=1)
    except ACCEPTED as error:
        assert len(str(error)) > 10


@fuzz
@given(
    st.fixed_dictionaries(
        {
            "particles": st.one_of(numbers, st.integers(17, 40)),
            "temperature": st.one_of(numbers, st.floats(0.05, 1.0)),
            "sweeps": st.one_of(st.integers(-5, 5), st.text(max_size=2), st.none(), st.floats(allow_infinity=False)),
            "seed": numbers,
        },
        optional={
            "index": numbers,
            "dimension": st.sampled_from([2, 2, 3, 4, "2", None]),
            "density": numbers,
            "diameters": st.sampled_from(["random", "quantile", "none", 3]),
            "swap_fraction": numbers,
            "max_displacement": numbers,
            "force_tolerance": numbers,
        },
    )
)
def test_random_settings_never_crash(arguments):
    # Large glasses are no bad argument, but take long.
    if isinstance(arguments["particles"], (int, float)) and arguments["particles"] > 1000:
        arguments["particles"] = -1
    try:
        glassmodes.make_glass(**arguments)
    except ACCEPTED as error:
        assert len(str(error)) > 10
