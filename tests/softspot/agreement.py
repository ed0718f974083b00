"""Pseudo-harmonic modes of softspot (PyPI, Richard and Kapteijns) beside ours, on one glass of 400 particles.

    python agreement.py FILE            FILE: what the example `nonlinear` has printed

The Hessian, the pairs and the harmonic modes are computed here. From each of the softest harmonic modes softspot iterates
its map; from each of ours, disturbed, it minimizes its cost by conjugate gradients. Where it converges, both must be
ours.
"""

import sys

import numpy as np
import scipy.sparse
from softspot.softspot import SoftSpot

HARMONIC = 10
SAME = 1e-8
NOISE = 1e-3

particles, found = [], []
for line in open(sys.argv[1]):
    kind, *words = line.split()
    if kind == "side":
        side = float(words[0])
    elif kind == "particle":
        particles.append([float(word) for word in words])
    elif kind == "mode":
        found.append((words[0], int(words[1]), float(words[2]), np.array([float(word) for word in words[4:]])))
    else:
        sys.exit(f"a search of ours was given up: {line}")
position, diameter = np.array(particles)[:, :2], np.array(particles)[:, 2]
n = len(position)

# x⁻¹² + c₀ + c₂x² + c₄x⁴ with φ, φ′ and φ″ zero at the cutoff.
cutoff = 1.25
orders = np.array([[1, cutoff**2, cutoff**4], [0, 2 * cutoff, 4 * cutoff**3], [0, 2, 12 * cutoff**2]])
c = np.linalg.solve(orders, -np.array([cutoff**-12, -12 * cutoff**-13, 156 * cutoff**-14]))

first, second = np.triu_indices(n, 1)
separation = position[second] - position[first]
separation -= side * np.round(separation / side)
r = np.linalg.norm(separation, axis=1)
sigma = 0.5 * (diameter[first] + diameter[second]) * (1 - 0.2 * abs(diameter[first] - diameter[second]))
near = r < cutoff * sigma
first, second, separation, r, sigma = (a[near] for a in (first, second, separation, r, sigma))
x, along = r / sigma, separation / r[:, None]
slope = (-12 * x**-13 + 2 * c[1] * x + 4 * c[2] * x**3) / sigma
curvature = (156 * x**-14 + 2 * c[1] + 12 * c[2] * x**2) / sigma**2
outer = along[:, :, None] * along[:, None, :]
block = curvature[:, None, None] * outer + (slope / r)[:, None, None] * (np.eye(2) - outer)
hessian = np.zeros((n, 2, n, 2))
np.add.at(hessian, (first, slice(None), first), block)
np.add.at(hessian, (second, slice(None), second), block)
np.subtract.at(hessian, (first, slice(None), second), block)
np.subtract.at(hessian, (second, slice(None), first), block)
hessian = hessian.reshape(2 * n, 2 * n)
pairs = np.stack([first, second], axis=1)
soft_spot = SoftSpot(ndim=2, npart=n, hessian=scipy.sparse.csr_matrix(hessian), pair_lookup=pairs)
_, harmonic = np.linalg.eigh(hessian)

ours = [(source, kappa, z) for kind, source, kappa, z in found if kind == "pseudo-harmonic"]
assert len(ours) > 1, "too few modes to compare"
for source, kappa, z in ours:
    assert abs(z @ hessian @ z / kappa - 1) < 1e-9, f"kappa of the mode from {source}"


def nearest(z):
    return max(abs(z @ mode) for _, _, mode in ours)


compared = 0
for source in range(HARMONIC):
    result = soft_spot.find(harmonic[:, 2 + source].copy(), mode="mapping")
    if not result["converged"]:
        print(f"softspot does not converge from harmonic mode {source}")
        continue
    missed = 1 - nearest(result["pi"])
    print(f"from harmonic mode {source}: kappa {result['kappa']:.9f}, 1 - overlap {missed:.1e}")
    assert missed < SAME, "softspot has found a mode that we have not"
    compared += 1
random = np.random.default_rng(1)
for source, kappa, z in ours:
    disturbed = z + NOISE * random.standard_normal(2 * n)
    result = soft_spot.find(disturbed, mode="cg")
    if not result["converged"]:
        print(f"softspot does not converge near the mode from {source}")
        continue
    missed = 1 - abs(result["pi"] @ z)
    print(f"near the mode from {source}: kappa {result['kappa']:.9f}, ours {kappa:.9f}, 1 - overlap {missed:.1e}")
    assert missed < SAME, "softspot leaves our mode"
    compared += 1
print(f"{compared} of {HARMONIC + len(ours)} searches of softspot compared with {len(ours)} modes")
assert compared >= HARMONIC, "too few searches of softspot converge"
