"""What several tests share: a glass, its modes, and a campaign made by the program."""

import os
import subprocess
from pathlib import Path

import matplotlib
import pytest

import glassmodes

matplotlib.use("Agg")

CAMPAIGN = """
[campaign]
name = "python"
realizations = {realizations}
seed = {seed}
[glass]
{glass}
[thermalize]
temperature = 0.3
sweeps = 30
[spectrum]
method = "low"
omega_max = 2.0
[modes]
omega_max = 2.0
snapshot_participation_max = 0.5
"""


@pytest.fixture(scope="session")
def program():
    """The command line; GLASSMODES_PROGRAM says where it is."""
    path = os.environ.get("GLASSMODES_PROGRAM")
    if path is None:
        pytest.skip("GLASSMODES_PROGRAM is not set")

    def run(*arguments):
        subprocess.run([path, *map(str, arguments)], check=True, capture_output=True)

    return run


@pytest.fixture(scope="session")
def campaign(program, tmp_path_factory):
    """Makes a campaign, returns its archive."""

    def make(seed=3, realizations=60, glass="particles = 100") -> Path:
        folder = tmp_path_factory.mktemp("campaign")
        (folder / "campaign.toml").write_text(CAMPAIGN.format(seed=seed, realizations=realizations, glass=glass))
        program("run", folder / "campaign.toml", "--out", folder / "out")
        return folder / "out" / "archive.h5"

    return make


@pytest.fixture(scope="session")
def archive(campaign):
    return campaign()


@pytest.fixture(scope="session")
def glass():
    return glassmodes.make_glass(particles=100, temperature=0.3, sweeps=30, seed=3)


@pytest.fixture(scope="session")
def minimum(glass):
    return glass.quench()


@pytest.fixture(scope="session")
def modes(minimum):
    return glassmodes.soft_modes(minimum, omega_max=2.0)
