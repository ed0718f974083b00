//! Which periodic image of a particle a neighbour sees, as a small number.

/// Bits that hold an image.
pub(super) const IMAGE_BITS: u32 = 5;

/// Numbers of so many bits. The 9 images of the plane, or 27 of space, are the first of them: the box itself and those
/// around it.
pub(super) const IMAGES: usize = 1 << IMAGE_BITS;

/// The image so many boxes away along each axis, each −1, 0 or 1: the digits of a number of base 3, x the lowest.
#[inline(always)]
pub(super) fn image<const D: usize>(boxes: [i32; D]) -> u8 {
    let mut number = 0;
    for axis in (0..D).rev() {
        number = 3 * number + boxes[axis] + 1;
    }
    number as u8
}

/// If j's image seen by i is `image`, this is i's image seen by j.
#[inline(always)]
pub(super) fn opposite<const D: usize>(image: u8) -> u8 {
    3u8.pow(D as u32) - 1 - image
}

/// `image` moved by so many boxes along each axis.
#[inline(always)]
pub(super) fn moved<const D: usize>(seen: u8, boxes: [i32; D]) -> u8 {
    image::<D>(std::array::from_fn(|axis| i32::from(seen / 3u8.pow(axis as u32) % 3) - 1 + boxes[axis]))
}

/// What is added to a position to get each of its images.
pub(super) fn shifts<const D: usize>(length: f64) -> [[f64; D]; IMAGES] {
    std::array::from_fn(|number| {
        std::array::from_fn(|axis| (f64::from(number as u32 / 3u32.pow(axis as u32) % 3) - 1.0) * length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opposite_images_have_opposite_shifts<const D: usize>() {
        let shifts = shifts::<D>(3.0);
        for image in 0..3u8.pow(D as u32) {
            let (there, back) = (shifts[usize::from(image)], shifts[usize::from(opposite::<D>(image))]);
            assert!((0..D).all(|axis| there[axis] + back[axis] == 0.0));
        }
        assert_eq!(shifts[usize::from(image([0; D]))], [0.0; D]);
    }

    #[test]
    fn images_are_where_their_digits_say() {
        opposite_images_have_opposite_shifts::<2>();
        opposite_images_have_opposite_shifts::<3>();
        assert_eq!(shifts(3.0)[usize::from(image([1, -1]))], [3.0, -3.0]);
        assert_eq!(shifts(3.0)[usize::from(image([1, -1, 0]))], [3.0, -3.0, 0.0]);
        assert_eq!(moved(image([0, 1]), [-1, -1]), image([-1, 0]));
        assert_eq!(moved(image([0, 1, -1]), [-1, -1, 1]), image([-1, 0, 0]));
        assert_eq!((image([-1, -1]), image([1, -1]), image([-1, 0]), image([1, 1, 1])), (0, 2, 3, 26));
    }
}
