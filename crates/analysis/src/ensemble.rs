//! An ensemble of glasses as analysis sees it: tables in memory, the rest of the archive at hand.

use archive::{
    Archive, ArchiveError, Dimension, FailureRow, ModeTable, NonlinearTable, RealizationTable, TransitionTable,
};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// One archive, finished or partial.
#[derive(Debug)]
pub struct Ensemble {
    /// Name in figures and tables: the campaign's, or the file's.
    pub label: String,
    /// What it is.
    pub about: About,
    /// One row a realization.
    pub realizations: RealizationTable,
    /// One row a described mode.
    pub modes: ModeTable,
    /// One row a nonlinear mode; none where none were searched.
    pub nonlinear: NonlinearTable,
    /// One row a way to an adjacent minimum; none where none were searched.
    pub transitions: TransitionTable,
    /// Quarantined realizations.
    pub failures: Vec<FailureRow>,
    /// Spectra, series and profiles, read when asked for.
    pub(crate) archive: Archive,
}

/// What an ensemble is, from the provenance of its archive. What the configuration does not say is absent.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct About {
    /// `campaign.name`.
    pub name: Option<String>,
    /// Dimension of space.
    #[serde(skip)]
    pub dimension: Dimension,
    /// `glass.particles`, N.
    pub particles: Option<u64>,
    /// `glass.density`, ρ.
    pub density: Option<f64>,
    /// `glass.diameters`; like temperature, sweeps and harvest absent of glasses made elsewhere.
    pub diameters: Option<String>,
    /// `potential.smoothness`, q.
    pub smoothness: Option<u64>,
    /// `thermalize.temperature`, T.
    pub temperature: Option<f64>,
    /// `thermalize.sweeps`.
    pub sweeps: Option<u64>,
    /// `thermalize.harvest`, where several glasses were taken from each chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub harvest: Option<Harvest>,
    /// `quench.force_tolerance`.
    pub force_tolerance: Option<f64>,
    /// `spectrum.method`.
    pub method: Option<String>,
    /// `spectrum.staircase_shifts`.
    #[serde(skip)]
    pub shifts: Option<u64>,
    /// `modes.omega_max`: every mode below it is described.
    pub described_omega_max: Option<f64>,
    /// `wells.hbar`, where wells were searched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hbar: Option<f64>,
    /// What it keeps, if it is a thin archive.
    pub thin: Option<Kept>,
    /// What a mode of a glass had to be for that to be in the archive; absent if nothing of the kind decided. What is said
    /// per glass is then not of the ensemble.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selected_by: Option<String>,
    /// Realizations planned for the whole campaign.
    pub planned: u64,
    /// Version of the program that computed it.
    pub software_version: String,
    /// Its commit.
    pub git_commit: String,
    /// When the campaign began.
    pub created: String,
    /// Hash of the configuration.
    pub config_hash: String,
}

/// How several glasses were taken from each chain of the sampling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Harvest {
    /// Glasses of each.
    pub count: u64,
    /// Sweeps between them.
    pub sweeps: u64,
}

/// The modes that a thin archive keeps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Kept {
    /// With ω below this.
    pub modes_below: f64,
    /// And participation ratios below this.
    pub participation_below: f64,
}

impl Ensemble {
    /// Reads the tables of the archive at `path`.
    ///
    /// # Errors
    /// [`ArchiveError`] when it is none or cannot be read.
    pub fn open(path: &Path) -> Result<Ensemble, ArchiveError> {
        let archive = archive::open_segment(path)?;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let provenance = archive.provenance();
        let config = provenance.config.parse::<toml::Table>().unwrap_or_default();
        let key = |section: &str, name: &str| config.get(section).and_then(|table| table.get(name)).cloned();
        let text = |section, name| key(section, name).and_then(|value| value.as_str().map(str::to_owned));
        let whole = |section, name| key(section, name).and_then(|v| v.as_integer()).and_then(|v| u64::try_from(v).ok());
        let number = |section, name| {
            key(section, name).and_then(|value| value.as_float().or_else(|| value.as_integer().map(|v| v as f64)))
        };
        // What their configuration says of sampling is of no glass made elsewhere.
        let made_here = !provenance.made_elsewhere();
        let mut about = About {
            name: text("campaign", "name"),
            dimension: provenance.dimension,
            particles: whole("glass", "particles"),
            density: number("glass", "density"),
            diameters: text("glass", "diameters").filter(|_| made_here),
            smoothness: whole("potential", "smoothness"),
            temperature: number("thermalize", "temperature").filter(|_| made_here),
            sweeps: whole("thermalize", "sweeps").filter(|_| made_here),
            harvest: key("thermalize", "harvest").filter(|_| made_here).and_then(|table| table.try_into().ok()),
            force_tolerance: number("quench", "force_tolerance"),
            method: text("spectrum", "method"),
            shifts: whole("spectrum", "staircase_shifts"),
            described_omega_max: number("modes", "omega_max"),
            hbar: number("wells", "hbar"),
            thin: provenance
                .thin
                .map(|cuts| Kept { modes_below: cuts.modes_below, participation_below: cuts.participation_below }),
            selected_by: provenance.selected_by.clone(),
            planned: provenance.realizations,
            software_version: provenance.software_version.clone(),
            git_commit: provenance.git_commit.clone(),
            created: provenance.created.clone(),
            config_hash: provenance.config_hash.clone(),
        };
        let (realizations, modes, failures) = (archive.realizations()?, archive.modes()?, archive.failures()?);
        let (nonlinear, transitions) = (archive.nonlinear()?, archive.transitions()?);
        if about.particles.is_none() {
            about.particles = particles_of_a_frame(&archive, &modes)?;
        }
        let label = about.name.clone().or(stem).unwrap_or_else(|| "archive".to_owned());
        Ok(Ensemble { label, about, realizations, modes, nonlinear, transitions, failures, archive })
    }

    /// Number of realizations R.
    pub fn len(&self) -> usize {
        self.realizations.index.len()
    }

    /// Whether there is no realization.
    pub fn is_empty(&self) -> bool {
        self.realizations.index.is_empty()
    }

    /// Of each realization, the chain of the sampling that it was taken from and its value in `column`.
    pub fn by_chain<'a>(&'a self, column: &'a [f64]) -> impl Iterator<Item = (u64, f64)> + 'a {
        self.realizations.chain.iter().copied().zip(column.iter().copied())
    }
}

impl About {
    /// Degrees of freedom dN; not a number where N is unknown.
    pub fn degrees_of_freedom(&self) -> f64 {
        self.particles.map_or(f64::NAN, |particles| self.dimension.axes() as f64 * particles as f64)
    }

    /// Their number as a formula, 2N or 3N.
    pub fn degrees(&self) -> String {
        format!("{}N", self.dimension.axes())
    }
}

/// N of the first kept frame, for archives whose configuration does not say it.
fn particles_of_a_frame(archive: &Archive, modes: &ModeTable) -> Result<Option<u64>, ArchiveError> {
    let Some(row) = modes.snapshot.iter().position(|&snapshot| snapshot >= 0) else { return Ok(None) };
    let frame = archive.frame(modes.realization[row])?;
    Ok(frame.map(|frame| frame.diameters.len() as u64))
}

/// Labels that tell ensembles of the same name apart: by N, q, T, ρ or method where these differ, else by
/// number. Takes the names and what the ensembles are.
pub fn distinct_labels(ensembles: &[(String, About)]) -> Vec<String> {
    let marked: Vec<String> = ensembles
        .iter()
        .map(|(name, about)| {
            let twins: Vec<&About> = ensembles.iter().filter(|(other, _)| other == name).map(|(_, a)| a).collect();
            let mut marks = Vec::new();
            let mut mark = |symbol: &str, value: fn(&About) -> Option<String>| {
                if twins.iter().any(|twin| value(twin) != value(about))
                    && let Some(text) = value(about)
                {
                    marks.push(format!("{symbol}{text}"));
                }
            };
            mark("N = ", |about| about.particles.map(|n| n.to_string()));
            mark("q = ", |about| about.smoothness.map(|q| q.to_string()));
            mark("T = ", |about| about.temperature.map(|t| t.to_string()));
            mark("ρ = ", |about| about.density.map(|d| d.to_string()));
            mark("", |about| about.method.clone());
            if marks.is_empty() { name.clone() } else { format!("{name}, {}", marks.join(", ")) }
        })
        .collect();
    let numbered = |k: usize| {
        let label = &marked[k];
        if marked.iter().filter(|other| *other == label).count() == 1 {
            return label.clone();
        }
        format!("{label} #{}", marked[..=k].iter().filter(|other| *other == label).count())
    };
    (0..marked.len()).map(numbered).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_name_what_differs() {
        let about = |q, n| About { smoothness: Some(q), particles: Some(n), ..About::default() };
        let named = |name: &str, about| (name.to_owned(), about);
        let ensembles = [
            named("paper", about(2, 4000)),
            named("paper", about(4, 4000)),
            named("quick", about(2, 256)),
            named("twin", about(2, 256)),
            named("twin", about(2, 256)),
        ];
        assert_eq!(distinct_labels(&ensembles), ["paper, q = 2", "paper, q = 4", "quick", "twin #1", "twin #2"]);
    }
}
