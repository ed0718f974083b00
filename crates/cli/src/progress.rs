//! How a campaign goes, as a bar for a person who watches, as lines for a log otherwise.

use crate::terminal::{coloured, duration, note, watched};
use campaign::{Entry, Observer, Progress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use realization::config::{Plan, printable};
use serde::Serialize;
use std::fmt;
use std::time::{Duration, Instant};

/// Time between two lines in a log; the first comes sooner.
const LINE_EVERY: Duration = Duration::from_secs(60);
const FIRST_LINE: Duration = Duration::from_secs(5);

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Realizations.
    Realization,
    /// Chains of several realizations.
    Chain,
}

impl Unit {
    /// That of `plan`.
    pub fn of(plan: &Plan) -> Unit {
        if plan.chain_length() == 1 { Unit::Realization } else { Unit::Chain }
    }

    /// What so many of them are called in "3 of 8 done", with a space before it; nothing for realizations.
    pub fn counted(self) -> &'static str {
        match self {
            Unit::Realization => "",
            Unit::Chain => " chains",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Unit::Realization => "realization",
            Unit::Chain => "chain",
        })
    }
}

/// Shows a campaign's progress on standard error.
pub struct ProgressLines {
    unit: Unit,
    /// What the positions that the engine counts stand for, if for something else.
    names: Vec<u64>,
    bar: Option<ProgressBar>,
    next_line: Instant,
    last: Option<Progress>,
    /// Realization and reason of the failure said last.
    said: Option<(u64, String)>,
}

/// Says lines that do not disturb the bar.
#[derive(Clone)]
pub struct Speaker {
    bar: Option<ProgressBar>,
}

impl Speaker {
    /// One line.
    pub fn line(&self, words: String) {
        match &self.bar {
            Some(bar) => bar.println(printable(&words)),
            None => note(words),
        }
    }
}

impl ProgressLines {
    /// Shows the progress of `total` of what is counted from now on.
    pub fn start(total: u64, unit: Unit) -> Self {
        let bar = watched().then(|| {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
            let shape = if coloured() { "{wide_bar:.cyan/blue}" } else { "{wide_bar}" };
            if let Ok(style) = ProgressStyle::with_template(&format!("{shape} {{pos}}/{{len}}  {{msg}}")) {
                bar.set_style(style);
            }
            bar
        });
        ProgressLines { unit, names: Vec::new(), bar, next_line: Instant::now() + FIRST_LINE, last: None, said: None }
    }

    /// The same, where the engine counts positions in this list.
    pub fn of_listed(self, indices: &[u64]) -> Self {
        ProgressLines { names: indices.to_vec(), ..self }
    }

    /// What to call a task of the engine.
    fn name(&self, task: u64) -> String {
        format!("{} {}", self.unit, self.names.get(task as usize).unwrap_or(&task))
    }

    /// Takes the bar away; what remains is said by others.
    pub fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    /// Says lines beside it, from whatever thread.
    pub fn speaker(&self) -> Speaker {
        Speaker { bar: self.bar.clone() }
    }

    fn line(&self, words: String) {
        self.speaker().line(words);
    }

    /// Rate and time to go.
    fn pace(&self, progress: &Progress) -> String {
        match progress.forecast {
            Some(forecast) if forecast.rate >= 1.0 => {
                format!("{:.1} a second, {} to go", forecast.rate, duration(forecast.seconds))
            }
            Some(forecast) if forecast.rate > 0.0 => {
                format!("one every {}, {} to go", duration(1.0 / forecast.rate), duration(forecast.seconds))
            }
            _ => format!("no {} has finished yet", self.unit),
        }
    }
}

impl Observer for ProgressLines {
    fn progress(&mut self, progress: &Progress) {
        if let Some(bar) = &self.bar {
            bar.set_position(progress.kept + progress.received + progress.quarantined);
            bar.set_message(self.pace(progress));
        } else if Instant::now() >= self.next_line && self.last.as_ref() != Some(progress) {
            self.next_line = Instant::now() + LINE_EVERY;
            // The words of `status`: done is what is safe.
            let Progress { kept, total, received, .. } = progress;
            let (counted, pace) = (self.unit.counted(), self.pace(progress));
            note(format_args!("{kept} of {total}{counted} done, {received} not yet safe, {pace}"));
        }
        self.last = Some(*progress);
    }

    fn entry(&mut self, entry: &Entry) {
        match entry {
            Entry::Failed { index, attempt, reason, .. } => {
                self.line(format!("{}, attempt {attempt}: {reason}", self.name(*index)));
                self.said = Some((*index, reason.clone()));
            }
            Entry::Lost { worker, host, reason, .. } => {
                self.line(format!("process {worker} on {host} is lost ({reason}); its work goes to others"));
            }
            Entry::Quarantined { index, attempts, reason } => {
                let attempts = if *attempts == 1 { "1 attempt".to_owned() } else { format!("{attempts} attempts") };
                let known = self.said.as_ref().is_some_and(|said| *said == (*index, reason.clone()));
                let why = if known { String::new() } else { format!(": {reason}") };
                self.line(format!("{} is quarantined after {attempts}{why}", self.name(*index)));
            }
            Entry::Stopping { reason } => self.line(format!("stopping ({reason}): nothing new is begun")),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_in_a_list_are_called_by_what_they_stand_for() {
        let plain = ProgressLines::start(3, Unit::Chain);
        assert_eq!(plain.name(1), "chain 1");
        let listed = ProgressLines::start(3, Unit::Realization).of_listed(&[4, 17, 90]);
        assert_eq!(listed.name(1), "realization 17");
    }
}
