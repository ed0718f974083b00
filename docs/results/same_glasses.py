"""Whether an archive that `revisit` made has the numbers of the archive that it was made from.

    python same_glasses.py paper.h5 b.h5

Compares to the bit every column of /realizations, /spectrum and /modes that both have, of the glasses and modes of the second.
Left out is what a second computation or a thin archive makes different: seconds and attempts, and up to which ω modes are known.
Needs h5py and numpy.
"""

import argparse
import sys

import h5py
import numpy as np

DIFFERENT = {"attempts", "omega_complete", "snapshot"}


def differing(first, second, rows, others):
    """Names of the columns of two groups, compared in these rows, that differ, and how many numbers were compared."""
    names, compared = [], 0
    for name in sorted(set(first) & set(second) - DIFFERENT):
        column = first[name]
        # Sums over all glasses are no columns, and a thin archive has fewer eigenvalues of each.
        if name.startswith(("seconds", "series_sum")) or not isinstance(column, h5py.Dataset) or column.shape[1:] != second[name].shape[1:]:
            continue
        ours, theirs = column[:][rows], second[name][:][others]
        compared += ours.size
        same = np.array_equal(ours, theirs, equal_nan=True) if ours.dtype.kind == "f" else np.array_equal(ours, theirs)
        if not same:
            names.append(f"{first.name}/{name}")
    return names, compared


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("archive")
    parser.add_argument("revisited")
    arguments = parser.parse_args()
    with h5py.File(arguments.archive) as archive, h5py.File(arguments.revisited) as revisited:
        index, again = archive["realizations/index"][:], revisited["realizations/index"][:]
        order = np.argsort(index)
        rows = order[np.searchsorted(index, again, sorter=order)]
        glasses = [differing(archive[group], revisited[group], rows, np.arange(len(again))) for group in ("realizations", "spectrum")]
        # A thin archive has fewer modes of a glass: each of them is found by its ω.
        place = {mode: row for row, mode in enumerate(zip(revisited["modes/realization"][:], revisited["modes/omega"][:]))}
        known = np.isin(archive["modes/realization"][:], again)
        modes = np.flatnonzero(known)
        of = [place.get(mode) for mode in zip(archive["modes/realization"][:][modes], archive["modes/omega"][:][modes])]
        if None in of:
            sys.exit(f"{arguments.revisited}: {of.count(None)} of {len(of)} modes are not there with the same ω")
        glasses.append(differing(archive["modes"], revisited["modes"], modes, np.array(of, int)))
    names = [name for names, _ in glasses for name in names]
    print(f"{len(again)} glasses, {len(modes)} modes, {sum(compared for _, compared in glasses)} numbers; differ: {', '.join(names) or 'none'}")
    sys.exit(1 if names else 0)


if __name__ == "__main__":
    main()
