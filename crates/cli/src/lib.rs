//! The `glassmodes` program: arguments, configuration, one realization end to end, printing.
