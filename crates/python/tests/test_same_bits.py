"""A glass and its modes are the same bits as the command line's."""

import h5py
import numpy as np
import pytest

import glassmodes
from glassmodes.modes import COLUMNS, GROUPS


def test_a_glass_and_its_modes_are_those_of_the_command_line(archive):
    with h5py.File(archive) as file:
        frames = file["particles/glass/position/step"][:]
        for index in (0, 7):
            glass = glassmodes.make_glass(particles=100, temperature=0.3, sweeps=30, seed=3, index=index)
            energies = file["realizations/series_energy"][index]
            np.testing.assert_array_equal(glass.evidence.energy, energies[~np.isnan(energies)])
            assert glass.energy == file["realizations/energy_thermal"][index]

            minimum = glass.quench()
            frame = np.flatnonzero(frames == index)[0]
            np.testing.assert_array_equal(minimum.positions, file["particles/glass/position/value"][frame])
            np.testing.assert_array_equal(minimum.diameters, file["particles/glass/diameter/value"][frame])
            assert minimum.energy() == file["realizations/energy_inherent"][index]
            assert minimum.pressure() == file["realizations/pressure"][index]
            elastic = minimum.elastic_constants()
            assert elastic.shear_modulus == file["realizations/shear_modulus"][index]
            assert elastic.omega_phonon == file["realizations/omega_phonon"][index]

            modes = glassmodes.soft_modes(minimum, omega_max=2.0)
            rows = file["modes/realization"][:] == index
            np.testing.assert_array_equal(modes.mode, file["modes/mode"][rows])
            for name in COLUMNS:
                column = file[f"modes/{name}"][rows]
                if name == "group":
                    column = np.array(GROUPS)[column]
                np.testing.assert_array_equal(getattr(modes, name), column, err_msg=name)
            eigenvalues = file["spectrum/eigenvalues"][index]
            np.testing.assert_array_equal(modes.eigenvalues, eigenvalues[~np.isnan(eigenvalues)])
            for mode, snapshot in zip(modes.vectors, file["modes/snapshot"][rows], strict=True):
                if snapshot >= 0:
                    np.testing.assert_array_equal(mode, file["snapshots/vector"][snapshot])


def test_a_glass_further_on_in_its_chain_is_that_of_so_many_sweeps():
    keys = {"particles": 64, "temperature": 0.3, "seed": 3}
    harvest = {"count": 3, "sweeps": 7}
    last = glassmodes.make_glass(**keys, sweeps=20, index=5, harvest=harvest)
    whole = glassmodes.make_glass(**keys, sweeps=34, index=1)
    np.testing.assert_array_equal(last.positions, whole.positions)
    np.testing.assert_array_equal(last.diameters, whole.diameters)
    assert last.evidence.sweeps[0] == 28 and last.energy == whole.energy
    with pytest.raises(ValueError, match="a count of 2"):
        glassmodes.make_glass(**keys, sweeps=20, harvest={"count": 1, "sweeps": 7})


def test_threads_change_no_bit(minimum):
    one, two = (glassmodes.soft_modes(minimum, omega_max=3.0, method="sliced", threads=n) for n in (1, 2))
    np.testing.assert_array_equal(one.eigenvalues, two.eigenvalues)
    np.testing.assert_array_equal(one.vectors, two.vectors)


def test_a_quench_of_arrays_is_that_of_the_glass(glass, minimum):
    again = glassmodes.quench(glass.positions, glass.diameters, glass.box, glassmodes.InversePower(smoothness=2))
    np.testing.assert_array_equal(again.positions, minimum.positions)
    taken = glassmodes.inherent_structure(minimum.positions, minimum.diameters, minimum.box)
    np.testing.assert_array_equal(taken.positions, minimum.positions)
    assert taken.energy() == minimum.energy()
