"""How many modes of group B landed elsewhere from a quartic's second minimum that is far away.

    python far_landings.py FOLDER...

FOLDER holds the parts of one ensemble. Modes with PR < 0.27 and ω ≤ ω_phonon of their glass. Far: no true second minimum, and
the N·PR particles that move would each begin more than half a unit of length from where they are, |separation|/√(N·PR).
Needs what exponents.py needs.
"""

import sys

import numpy as np
from exponents import Ensemble

FAR, SAME_STRUCTURE = 0.5, 1e-4

if __name__ == "__main__":
    for folder in sys.argv[1:]:
        ensemble = Ensemble(folder)
        mode, phonon = ensemble.mode, ensemble.glass["omega_phonon"][ensemble.row_of_glass]
        elsewhere = (mode["group"] == 2) & (mode["participation"] < 0.27) & (mode["omega"] <= phonon)
        elsewhere &= mode["landing_distance"] > SAME_STRUCTURE
        away = mode["separation"] / np.sqrt(ensemble.particles * mode["participation"])
        far = elsewhere & np.isnan(mode["true_separation"]) & (away > FAR)
        most = f", up to {away[far].max():.2g} away" if far.any() else ""
        print(f"{folder}: {far.sum()} of {elsewhere.sum()} modes of B that landed elsewhere began far away{most}")
