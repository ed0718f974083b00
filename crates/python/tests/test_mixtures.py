"""Mixtures of species: sigma and epsilon from a table."""

import numpy as np
import pytest

import glassmodes
from glassmodes import KOB_ANDERSEN, InversePower, LennardJones, Species
from glassmodes.interaction import of_configuration

CUTOFF = 2.5


def smoothing():
    """c0, c2, c4 with which 4(x^-12 - x^-6) and two derivatives vanish at the cutoff."""
    orders = [[1, CUTOFF**2, CUTOFF**4], [0, 2 * CUTOFF, 4 * CUTOFF**3], [0, 2, 12 * CUTOFF**2]]

    def power(k):
        return np.array([CUTOFF**-k, -k * CUTOFF ** -(k + 1), k * (k + 1) * CUTOFF ** -(k + 2)])

    return np.linalg.solve(orders, -4 * (power(12) - power(6)))


def pair_sums(positions, species, sides):
    """U, forces and virial of Kob and Andersen's mixture, pair by pair: the slow, obvious way."""
    sigma, epsilon = np.array(KOB_ANDERSEN.sigma), np.array(KOB_ANDERSEN.epsilon)
    c0, c2, c4 = smoothing()
    total, virial, forces = 0.0, 0.0, np.zeros_like(positions)
    for i in range(len(positions)):
        for j in range(i):
            between = positions[i] - positions[j]
            between -= sides * np.round(between / sides)
            r, s, e = np.linalg.norm(between), sigma[species[i], species[j]], epsilon[species[i], species[j]]
            x = r / s
            if x < CUTOFF:
                total += e * (4 * (x**-12 - x**-6) + c0 + c2 * x**2 + c4 * x**4)
                slope = e / s * (4 * (6 * x**-7 - 12 * x**-13) + 2 * c2 * x + 4 * c4 * x**3)
                virial += slope * r
                forces[i] -= slope * between / r
                forces[j] += slope * between / r
    return total, forces, virial


def mixture(sides, particles, seed=3):
    """Particles near the places of a lattice, four in five of A: positions, diameters, species."""
    rng = np.random.default_rng(seed)
    sides = np.array(sides)
    edges = np.ceil((particles / sides.prod()) ** (1 / len(sides)) * sides).astype(int)
    lattice = np.stack(np.meshgrid(*map(np.arange, edges), indexing="ij"), -1).reshape(-1, len(sides))
    positions = (lattice[:particles] + rng.uniform(0.35, 0.65, (particles, len(sides)))) * sides / edges
    species = (rng.random(particles) < 0.2).astype(int)
    return positions, np.array([1.0, 0.88])[species], species


@pytest.mark.parametrize("sides", [(9.0, 7.5), (5.5, 6.5, 5.0)])
def test_energy_forces_and_pressure_are_those_of_the_table_wherever_the_particles_are(sides):
    positions, diameters, species = mixture(sides, 80)
    interaction = LennardJones(species=KOB_ANDERSEN)
    energy, forces, virial = pair_sums(positions, species, np.array(sides))
    found = glassmodes.evaluate(positions, diameters, sides, interaction)
    assert found.energy == pytest.approx(energy / 80, rel=1e-12)
    assert np.abs(forces).max() > 1.0
    np.testing.assert_allclose(found.forces, forces, rtol=0, atol=1e-12 * np.abs(forces).max())
    assert found.pressure == pytest.approx(-virial / (len(sides) * np.prod(sides)), rel=1e-11)


def test_a_mixture_is_quenched_and_has_its_modes():
    positions, diameters, species = mixture((9.0, 7.5), 80)
    minimum = glassmodes.quench(
        positions, diameters, (9.0, 7.5), LennardJones(species=KOB_ANDERSEN), force_tolerance=1e-11
    )
    energy, _, _ = pair_sums(minimum.positions, species, np.array([9.0, 7.5]))
    assert minimum.energy() == pytest.approx(energy / 80, rel=1e-12)
    again = glassmodes.evaluate(minimum.positions, minimum.diameters, minimum.box, minimum.interaction)
    assert (again.energy, again.pressure) == (minimum.energy(), minimum.pressure())
    np.testing.assert_array_equal(again.forces, minimum.forces())
    modes = glassmodes.soft_modes(minimum, lowest=3)
    eigenvalues = np.linalg.eigvalsh(minimum.hessian().toarray())
    np.testing.assert_allclose(modes.omega[:3] ** 2, eigenvalues[2:5], rtol=1e-8)


def test_the_mixture_of_a_configuration_is_found_again():
    table = {"names": ["A", "B"], "sigma": [[1, 0.8], [0.8, 0.88]], "epsilon": [[1.0, 1.5], [1.5, 0.5]]}
    section = {"kind": "lennard-jones", "smoothness": 3, "cutoff": 2.5, "species": table}
    found = of_configuration({"potential": section})
    assert found == LennardJones(smoothness=3, species=KOB_ANDERSEN)
    assert found.species.diameters == {"A": 1.0, "B": 0.88}


FEW = {"particles": 64, "temperature": 0.3, "sweeps": 1, "seed": 1}


def of(interaction, diameters=(1.0, 0.88)):
    positions = np.array([[1.0, 1.0], [2.0, 1.0]])
    return glassmodes.evaluate(positions, np.array(diameters), 9.0, interaction)


@pytest.mark.parametrize(
    ("attempt", "kind", "said"),
    [
        (lambda: of(LennardJones(species=KOB_ANDERSEN), (1.0, 0.9)), ValueError, "particle 1.*0.9.*0.88"),
        (lambda: of(LennardJones(species=KOB_ANDERSEN, non_additivity=0.1)), ValueError, "has its sigma from"),
        (lambda: of(LennardJones(species=Species(["A"], [[1.0, 2.0]], [[1.0]]))), ValueError, "potential.species"),
        (lambda: of(LennardJones(species=Species(["A", "A"], *2 * [[[1, 2], [2, 3]]]))), ValueError, "no name twice"),
        (lambda: of(LennardJones(species={"A": 1.0})), TypeError, "species: a glassmodes.Species"),
        (lambda: of(LennardJones(species=Species([1], [[1]], [[1]]))), TypeError, "names: a text for each"),
        (lambda: Species(3, [[1]], [[1]]), TypeError, "names: a text for each species is expected, not int"),
        (lambda: Species("AB", 1.0, 1.0), TypeError, "sigma: a row of numbers for each species"),
        (lambda: glassmodes.make_glass(**FEW, interaction=InversePower(species=KOB_ANDERSEN)), ValueError, "swap Monte"),
        (lambda: of(None, (1.0, -1.0)), ValueError, "diameter"),
    ],
)
def test_what_is_no_mixture_is_refused_in_a_sentence(attempt, kind, said):
    with pytest.raises(kind, match=said):
        attempt()


def test_no_particles_at_all_are_refused():
    for axes in (2, 3):
        with pytest.raises(ValueError, match="at least one particle"):
            glassmodes.quench(np.zeros((0, axes)), np.zeros(0), 9.0)


def test_particles_at_one_place_are_refused():
    positions = np.array([[1.0, 1.0], [1.0, 1.0], [3.0, 3.0]])
    for interaction in [None, glassmodes.Harmonic()]:
        with pytest.raises(ValueError, match="at the same place"):
            glassmodes.evaluate(positions, np.ones(3), 9.0, interaction)
