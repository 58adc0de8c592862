//! The parts of a PNG file.

const SIGNATURE: usize = 8;
/// Length and name before a part's content, a checksum after it.
const AROUND: usize = 12;

/// Leaves out the compressed parts that no pixel needs: the colour profile and texts.
///
/// A few kilobytes of them may unpack to hundreds of megabytes.
pub(super) fn leave_out_unused(bytes: &mut Vec<u8>) {
    let (mut at, mut kept) = (SIGNATURE, SIGNATURE);
    while let Some(&[a, b, c, d, ref name @ ..]) = bytes.get(at..at + 8) {
        let unused = [b"iCCP", b"zTXt", b"iTXt"].iter().any(|other| name == *other);
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        let end = (at + AROUND + length).min(bytes.len());
        if !unused {
            bytes.copy_within(at..end, kept);
            kept += end - at;
        }
        at = end;
    }
    if at >= kept && at <= bytes.len() {
        bytes.drain(kept..at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        [&(content.len() as u32).to_be_bytes(), &name[..], content, b"sum."].concat()
    }

    #[test]
    fn profile_and_texts_go_and_the_rest_stays_byte_for_byte() {
        let head = b"12345678".to_vec();
        let (size, data, end) = (part(b"IHDR", b"size"), part(b"IDAT", b"pixels"), b"cut".to_vec());
        let unused = [part(b"iCCP", &[7; 99]), part(b"zTXt", b""), part(b"iTXt", b"words")];
        let [a, b, c] = unused;
        let mut bytes = [&head[..], &size, &a, &b, &data, &c, &end].concat();
        leave_out_unused(&mut bytes);
        assert_eq!(bytes, [&head[..], &size, &data, &end].concat());
    }

    #[test]
    fn what_is_cut_short_stays_so() {
        let whole =
            [b"12345678".to_vec(), part(b"IDAT", b"pixels"), part(b"iCCP", b"much")].concat();
        for kept in 0..whole.len() {
            let mut bytes = whole[..kept].to_vec();
            leave_out_unused(&mut bytes);
            assert!(whole.starts_with(&bytes) && bytes.len() >= kept.min(26), "{kept}");
        }
    }
}
