//! Who computes what, when: coordinator, workers, transports, walltime, ledger.
