//! How this process was started: alone, or as one of several ranks.

/// How this process was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Launch {
    /// Alone: the campaign runs on threads.
    Alone,
    /// By mpirun or srun, as one of so many processes as far as the environment tells.
    Ranks(Option<u32>),
}

/// What only an mpirun sets: Open MPI's; those of MPICH and Intel MPI; MVAPICH2's.
const RANKS_HERE: [&str; 3] = ["OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS", "MV2_COMM_WORLD_LOCAL_SIZE"];

impl Launch {
    /// Reads the variables that launchers leave in the environment.
    pub fn detect() -> Self {
        Self::from_environment(|name| std::env::var(name).ok(), std::process::id())
    }

    /// How many of the ranks share this machine, as far as the launcher tells; 1 if it does not.
    pub fn ranks_here() -> u32 {
        let number = |name: &str| std::env::var(name).ok()?.trim().parse::<u32>().ok();
        RANKS_HERE.into_iter().find_map(number).unwrap_or(1).max(1)
    }

    fn from_environment(variable: impl Fn(&str) -> Option<String>, process: u32) -> Self {
        let number = |name: &str| variable(name).and_then(|text| text.trim().parse::<u32>().ok());
        // In the shell of `srun --pty` all programs inherit what srun told that shell; srun did not start them.
        let in_a_shell = variable("SLURM_PTY_PORT").is_some() && number("SLURM_TASK_PID") != Some(process);
        if in_a_shell && RANKS_HERE.into_iter().find_map(number).is_none() {
            return Launch::Alone;
        }
        // Open MPI's mpirun; MPICH's, Intel MPI's and srun --mpi=pmi2; MVAPICH2's.
        let size = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MV2_COMM_WORLD_SIZE"].into_iter().find_map(number);
        // A step of srun. (Inside `mpirun` the daemons are a step of their own, but then the above is set.)
        let step = number("SLURM_STEP_NUM_TASKS");
        match size.or(step) {
            Some(1) => Launch::Alone,
            Some(size) => Launch::Ranks(Some(size)),
            None if variable("PMIX_RANK").is_some() || variable("PMI_RANK").is_some() => Launch::Ranks(None),
            None => Launch::Alone,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROCESS: u32 = 4711;

    fn with(pairs: &[(&str, &str)]) -> Launch {
        let variable = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Launch::from_environment(variable, PROCESS)
    }

    #[test]
    fn launchers_are_recognized() {
        assert_eq!(with(&[]), Launch::Alone);
        assert_eq!(with(&[("OMPI_COMM_WORLD_SIZE", "4")]), Launch::Ranks(Some(4)));
        assert_eq!(with(&[("OMPI_COMM_WORLD_SIZE", "1")]), Launch::Alone);
        assert_eq!(with(&[("PMI_SIZE", "3"), ("PMI_RANK", "0")]), Launch::Ranks(Some(3)));
        assert_eq!(with(&[("PMIX_RANK", "0")]), Launch::Ranks(None));
        // mpirun inside an allocation of two nodes: its daemons are a step of two tasks
        assert_eq!(with(&[("SLURM_STEP_NUM_TASKS", "2"), ("OMPI_COMM_WORLD_SIZE", "64")]), Launch::Ranks(Some(64)));
        // srun without PMI: the processes do not see one another, which `Session::start` then finds out
        assert_eq!(with(&[("SLURM_STEP_NUM_TASKS", "4"), ("SLURM_NTASKS", "4")]), Launch::Ranks(Some(4)));
        // in a batch script itself, nothing was launched yet
        assert_eq!(with(&[("SLURM_NTASKS", "4"), ("SLURM_JOB_ID", "7")]), Launch::Alone);
    }
    #[test]
    fn in_an_interactive_shell_of_srun_only_mpirun_starts_ranks() {
        let shell = [("SLURM_PTY_PORT", "35721"), ("SLURM_TASK_PID", "4700"), ("SLURM_STEP_NUM_TASKS", "2")];
        assert_eq!(with(&shell), Launch::Alone);
        assert_eq!(with(&[&shell[..], &[("PMI_SIZE", "2"), ("PMIX_RANK", "0")]].concat()), Launch::Alone);
        let by_mpirun = [("OMPI_COMM_WORLD_SIZE", "4"), ("OMPI_COMM_WORLD_LOCAL_SIZE", "4")];
        assert_eq!(with(&[&shell[..], &by_mpirun].concat()), Launch::Ranks(Some(4)));
        // Started by `srun --pty` itself.
        let task = [("SLURM_PTY_PORT", "35721"), ("SLURM_TASK_PID", "4711"), ("SLURM_STEP_NUM_TASKS", "2")];
        assert_eq!(with(&task), Launch::Ranks(Some(2)));
    }
}
