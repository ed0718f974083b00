"""Each picture returns its Axes, and shows what it was given."""

import os

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes

import glassmodes
from glassmodes import plot


@pytest.fixture(autouse=True)
def picture(request):
    """Closes what was drawn; keeps it where GLASSMODES_PICTURES says."""
    yield
    folder = os.environ.get("GLASSMODES_PICTURES")
    for number in plt.get_fignums():
        if folder:
            plt.figure(number).savefig(f"{folder}/{request.node.name}.png", dpi=110)
    plt.close("all")


def test_a_mode_shows_every_particle_and_its_images(minimum, modes):
    ax = plot.mode(minimum, modes.vectors[0])
    assert isinstance(ax, Axes)
    circles = ax.collections[0]
    assert len(circles.get_offsets()) >= len(minimum.diameters)
    places = {tuple(place) for place in np.asarray(circles.get_offsets())}
    assert all(tuple(position) in places for position in minimum.positions)
    with pytest.raises(ValueError, match="shape"):
        plot.mode(minimum, modes.vectors[0][:-1])


def test_a_profile_shows_both_energies(modes):
    ax = plot.profile(modes, 0)
    labels = [line.get_label() for line in ax.lines]
    assert "actual" in labels and "quartic" in labels


def test_participation_shows_every_mode(modes, archive):
    assert sum(len(line.get_xdata()) for line in plot.participation(modes).lines) == len(modes.eigenvalues) - 2
    ensemble = glassmodes.open(archive)
    assert sum(len(line.get_xdata()) for line in plot.participation(ensemble).lines) == len(ensemble.modes)


def test_a_density_of_states_counts_what_the_selection_has(modes, archive):
    assert isinstance(plot.density_of_states(modes), Axes)
    selection = glassmodes.open(archive).select(pr_max=0.5, omega_max=1.5)
    assert isinstance(plot.density_of_states(selection), Axes)
    omega, density, low, high = plot.density(selection, "A")
    assert np.all(low <= density) and np.all(density <= high)
    ax = plt.subplots()[1]
    assert plot.density_of_states(selection, ax=ax) is ax
