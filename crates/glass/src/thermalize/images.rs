//! Which periodic image of a particle a neighbour sees, as a small number.

/// Number of images: the box itself and the eight around it.
pub(super) const IMAGES: usize = 9;

/// The image `across` boxes to the right and `up` boxes above, each −1, 0 or 1.
#[inline(always)]
pub(super) fn image(across: i32, up: i32) -> u8 {
    (3 * (up + 1) + across + 1) as u8
}

/// If j's image seen by i is `image`, this is i's image seen by j.
#[inline(always)]
pub(super) fn opposite(image: u8) -> u8 {
    8 - image
}

/// `image` moved by boxes to the right and above.
#[inline(always)]
pub(super) fn moved(seen: u8, across: i32, up: i32) -> u8 {
    image(i32::from(seen % 3) - 1 + across, i32::from(seen / 3) - 1 + up)
}

/// What is added to a position to get each of its images.
pub(super) fn shifts(length: f64) -> [[f64; 2]; IMAGES] {
    let mut shifts = [[0.0; 2]; IMAGES];
    for up in -1..=1 {
        for across in -1..=1 {
            shifts[usize::from(image(across, up))] = [f64::from(across) * length, f64::from(up) * length];
        }
    }
    shifts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opposite_images_have_opposite_shifts() {
        let shifts = shifts(3.0);
        for image in 0..IMAGES as u8 {
            let (there, back) = (shifts[usize::from(image)], shifts[usize::from(opposite(image))]);
            assert_eq!([there[0] + back[0], there[1] + back[1]], [0.0, 0.0]);
        }
        assert_eq!(shifts[usize::from(image(0, 0))], [0.0, 0.0]);
        assert_eq!(shifts[usize::from(image(1, -1))], [3.0, -3.0]);
        assert_eq!(moved(image(0, 1), -1, -1), image(-1, 0));
    }
}
