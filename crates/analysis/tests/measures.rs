//! Numbers of ensembles, against what is planted in them or follows from their definition.

mod support;

use analysis::{FrequencyCut, Selection};
use archive::record::Record;
use support::{medium, selection, write};

#[test]
fn the_exponent_of_planted_modes_is_found() {
    // One mode a glass, D ∝ ω⁴ below 2, all localized: the whole way through the archive.
    let folder = tempfile::tempdir().expect("a folder");
    let mut records = medium(400);
    let mut stream = analysis::random::stream(5, 0);
    for record in &mut records {
        record.modes.truncate(1);
        for mode in &mut record.modes {
            mode.omega = 2.0 * analysis::random::uniform(&mut stream).powf(0.2);
            mode.b2 = mode.omega * mode.omega;
            mode.participation = 0.1;
        }
    }
    // A saddle is not searched: it must not count in the prefactor.
    records[7].spectrum.negative_modes = 1;
    let path = write(folder.path(), "planted", 400, &records, &[]);
    let ensemble = analysis::Ensemble::open(&path).expect("an archive");
    let measures = analysis::Measures::of(&ensemble, &selection(), 1).expect("measures");
    let all = &measures.density.families[2];
    assert!(all.fit.events > 300);
    assert!(all.fit.exponent.interval().contains(4.0), "{:?}", all.fit);
    assert!(all.fit.bootstrap.contains(4.0), "{:?}", all.fit);
    // n modes below 2 in R = 399 sound glasses of 2N = 200: A = 5n/(R · 200 · 2⁵).
    let prefactor = 5.0 * all.fit.events as f64 / (399.0 * 200.0 * 32.0);
    assert!((all.prefactor_4.value / prefactor - 1.0).abs() < 1e-9);
    // The histogram counts every one of them once.
    assert_eq!(all.bins.iter().map(|bin| bin.count).sum::<u64>(), all.fit.events);
    let shape = measures.lowest.fit.expect("a fit").law.shape;
    assert!(shape.value > 2.0 && shape.high.is_finite());
}

/// Sound does not know of the longest side: twice as long, in a box of the same volume, it halves ω_phonon and nothing else.
#[test]
fn debyes_law_is_that_of_the_volume() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut records = medium(60);
    let of = |records: &[Record], name: &str| {
        let ensemble = analysis::Ensemble::open(&write(folder.path(), name, 60, records, &[])).expect("an archive");
        analysis::Measures::of(&ensemble, &selection(), 1).expect("measures").beyond_debye
    };
    let square = of(&records, "square");
    records.iter_mut().for_each(|record| record.elastic.omega_phonon *= 0.5);
    let oblong = of(&records, "oblong");
    assert!((square.box_ratio - 1.0).abs() < 1e-9 && (oblong.box_ratio - 0.25).abs() < 1e-9, "{}", oblong.box_ratio);
    assert!(square.points.len() > 5);
    for (a, b) in square.points.iter().zip(&oblong.points) {
        assert!((a.debye / b.debye - 1.0).abs() < 1e-9, "{a:?} {b:?}");
    }
}

/// The lowest modes of all glasses below one ω_c, not those that are below the cut of each.
#[test]
fn exponents_of_the_lowest_modes_have_one_cut_for_all_glasses() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "lowest", 200, &medium(200), &[]);
    let ensemble = analysis::Ensemble::open(&path).expect("an archive");
    let of = |omega_max| {
        let selection = Selection { omega_max, lowest_only: true, ..selection() };
        analysis::Measures::of(&ensemble, &selection, 1).expect("measures").density
    };
    let own = of(FrequencyCut::OfPhonon(0.9));
    assert!(own.cuts_differ);
    let one = of(FrequencyCut::Omega(own.omega_cut));
    for (own, one) in own.families.iter().zip(&one.families) {
        assert!(own.fit.events > 10);
        assert_eq!(own.fit, one.fit, "{:?}", own.family);
    }
}

/// Every glass counts in the bins that it is described in, and in no other.
#[test]
fn modes_against_the_phonons_are_per_glass_that_is_described_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "phonons", 200, &medium(200), &[]);
    let ensemble = analysis::Ensemble::open(&path).expect("an archive");
    let phonons = analysis::Measures::of(&ensemble, &selection(), 1).expect("measures").phonons;
    let glasses = &phonons.glasses;
    assert_eq!((glasses.len(), glasses[0]), (phonons.localized.bins(), 200.0));
    assert!(glasses.windows(2).all(|pair| pair[1] <= pair[0]));
    let table = &ensemble.realizations;
    let ends = table.omega_complete.iter().zip(&table.omega_phonon).map(|(end, phonon)| end.min(2.5) / phonon);
    let (first, last) = ends.fold((f64::INFINITY, 0.0f64), |(low, high), end| (low.min(end), high.max(end)));
    for (bin, &count) in glasses.iter().enumerate() {
        let (low, high) = phonons.localized.edges(bin);
        assert!((high <= first) <= (count == 200.0) && (low >= last) <= (count == 0.0), "{low} {high} {count}");
    }
}

#[test]
fn the_count_map_is_drawn_through_the_papers_number() {
    // 403 per 60 000 are 2.7 of 400: the third softest of the modes below each PR_max.
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "counted", 400, &medium(400), &[]);
    let ensemble = analysis::Ensemble::open(&path).expect("an archive");
    let map = analysis::Measures::of(&ensemble, &selection(), 1).expect("measures").count_map;
    assert!(map.paper_line.len() > 10);
    for &(omega, limit) in &map.paper_line {
        let table = &ensemble.modes;
        let below = |k: &usize| table.participation[*k] < limit && table.omega[*k] <= omega;
        assert_eq!((0..table.omega.len()).filter(below).count(), 3, "PR < {limit}");
    }
    // Of so small glasses there are too few for the paper's number a particle: 0.07 of 400.
    assert!(map.paper_line_per_particle.is_empty() && map.paper_omega_max_per_particle.is_none());
    // Counts grow with both cuts.
    for row in map.counts.windows(2) {
        assert!(row[0].iter().zip(&row[1]).all(|(less, more)| less <= more));
        assert!(row[0].is_sorted());
    }
}

/// Modes of single particles have |b₃| a hundred times as large as the others: neither may take the axis from the other.
#[test]
fn the_cubic_coefficient_is_drawn_near_zero_and_everywhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut records = medium(200);
    let mut modes: Vec<_> = records.iter_mut().flat_map(|record| &mut record.modes).collect();
    modes.iter_mut().enumerate().for_each(|(k, mode)| {
        let single = k % 10 == 0;
        (mode.participation, mode.b3) = (0.1, if single { 100.0 } else { 0.01 * (k % 97 + 1) as f64 });
    });
    // What another program may have written must not ask for bins without end.
    modes[1].b3 = f64::INFINITY;
    let path = write(folder.path(), "cubic", 200, &records, &[]);
    let ensemble = analysis::Ensemble::open(&path).expect("an archive");
    let measures = analysis::Measures::of(&ensemble, &selection(), 1).expect("measures");
    let values: Vec<f64> = measures.shape.groups.iter().flat_map(|group| group.b3_values.iter().copied()).collect();
    assert!(values.contains(&100.0) && values.contains(&f64::INFINITY), "{} selected", values.len());

    let csv = analysis::figures::cubic::draw(&measures).csv;
    let rows = |scale: &str| -> Vec<(f64, usize)> {
        let of_scale = csv.lines().map(|line| line.split(',').collect::<Vec<_>>()).filter(|row| row[1] == scale);
        of_scale.map(|row| (row[3].parse().expect("an edge"), row[4].parse().expect("a count"))).collect()
    };
    let end = rows("linear").iter().fold(0.0f64, |end, (high, _)| end.max(*high));
    assert!((0.97..10.0).contains(&end), "{end}");
    let finite = values.iter().filter(|value| value.is_finite()).count();
    assert_eq!(rows("logarithmic").iter().map(|(_, count)| count).sum::<usize>(), finite);
    assert!(rows("logarithmic").len() < 200);
}
