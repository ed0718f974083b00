"""CPU seconds of `make_glass` beside the command line, and of `soft_modes` beside scipy, for docs/performance.md.

    python crates/python/benchmarks/compare.py PROGRAM [PAIRS]
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from scipy.sparse.linalg import eigsh

import glassmodes

SWEEPS = 6000
LOWEST = 40

CAMPAIGN = f"""
[campaign]
name = "compare"
realizations = 1
seed = 1
[glass]
particles = 4000
[thermalize]
temperature = 0.1
sweeps = {SWEEPS}
[spectrum]
method = "low"
omega_max = 0.3
[modes]
omega_max = 0.3
"""


def cpu(work):
    """CPU seconds of all threads, and what `work` returns."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def by_program(program):
    """CPU seconds of the sampling, as the archive says."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        (path / "campaign.toml").write_text(CAMPAIGN)
        run = [program, "run", path / "campaign.toml", "--out", path / "out", "--threads", "1"]
        subprocess.run(run, check=True, capture_output=True)
        return glassmodes.open(path / "out" / "archive.h5").realizations["seconds_thermalize"][0]


def main(program, pairs=5):
    ratios, eigsh_ratios = [], []
    for _ in range(pairs):
        # One after the other, so that both meet the same machine.
        theirs = by_program(program)
        ours, glass = cpu(lambda: glassmodes.make_glass(particles=4000, temperature=0.1, sweeps=SWEEPS, seed=1))
        ratios.append(ours / theirs)
        print(f"make_glass {ours:.3f} s, run {theirs:.3f} s: {ours / theirs:.3f}")

        minimum = glass.quench()
        soft, modes = cpu(lambda: glassmodes.soft_modes(minimum, lowest=LOWEST))
        hessian = minimum.hessian().tocsc()
        shifted, (values, _) = cpu(lambda: eigsh(hessian, k=LOWEST + 2, sigma=0.0))
        np.testing.assert_allclose(np.sort(values)[2:], modes.omega[:LOWEST] ** 2, rtol=1e-6)
        eigsh_ratios.append(shifted / soft)
        print(f"soft_modes {soft:.3f} s, eigsh {shifted:.3f} s: {shifted / soft:.2f}", flush=True)
    print(f"medians: make_glass/run {np.median(ratios):.3f}, eigsh/soft_modes {np.median(eigsh_ratios):.2f}")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
