//! Masses that a file gives its particles. None is used; that they differ is said.

/// Masses of one file, as they come.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Masses {
    first: Option<f64>,
    differ: bool,
}

impl Masses {
    pub(crate) fn add(&mut self, mass: f64) {
        self.differ |= mass != *self.first.get_or_insert(mass);
    }

    /// Adds what may be one.
    pub(crate) fn add_word(&mut self, word: Option<&str>) {
        if let Some(mass) = word.and_then(crate::text::number) {
            self.add(mass);
        }
    }

    /// Whether two of them are not the same.
    pub(crate) fn differ(self) -> bool {
        self.differ
    }
}
