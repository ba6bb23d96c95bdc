//! Numbers as people read them.

/// `1 machine`, `2 machines`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// A size as people read it: `4.1 MB`, in powers of ten as file managers write it.
pub(crate) fn size(bytes: u64) -> String {
    let mut unit = "bytes";
    let mut whole = bytes;
    let mut tenths = 0;
    for larger in ["kB", "MB", "GB", "TB"] {
        if whole < 1_000 {
            break;
        }
        (unit, tenths, whole) = (larger, whole % 1_000 / 100, whole / 1_000);
    }
    if unit == "bytes" {
        counted(usize::try_from(bytes).unwrap_or(usize::MAX), "byte")
    } else {
        format!("{whole}.{tenths} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_written_as_people_read_them() {
        for (bytes, written) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1.0 kB"),
            (4_096, "4.0 kB"),
            (999_999, "999.9 kB"),
            (1_250_000, "1.2 MB"),
            (7_900_000_000, "7.9 GB"),
            (u64::MAX, "18446744.0 TB"),
        ] {
            assert_eq!(size(bytes), written);
        }
    }
}
