//! From an archive to densities of states, exponents, distributions and figures.
