//! Which part of a file the client wants ([RFC 9110,
//! 14](https://www.rfc-editor.org/rfc/rfc9110#section-14)).

use http_range_header::{RangeUnsatisfiableError, parse_range_header};
use std::ops::Range;

/// What a `Range` header asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The whole file: without the header, or if it has another unit, has several ranges or is
    /// malformed. The standard demands this.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Bytes beyond the end of the file.
    NotThere,
}

/// The range in the header, for a file of that size.
pub(super) fn wanted(header: Option<&str>, size: u64) -> Wanted {
    let Some(Ok(ranges)) = header.map(parse_range_header) else { return Wanted::Whole };
    if ranges.len() != 1 {
        return Wanted::Whole;
    }
    match ranges.validate(size).as_deref() {
        Ok([range]) => Wanted::Part(*range.start()..range.end().saturating_add(1)),
        // Only for an empty file: its last bytes.
        Ok(_) | Err(RangeUnsatisfiableError::Unsatisfiable) => Wanted::NotThere,
        Err(_) => Wanted::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::{Wanted, wanted};

    #[test]
    fn ranges_are_read_to_the_letter() {
        for (header, size, expected) in [
            ("bytes=0-3", 10, Wanted::Part(0..4)),
            ("bytes=4-", 10, Wanted::Part(4..10)),
            ("bytes=-3", 10, Wanted::Part(7..10)),
            ("bytes=-30", 10, Wanted::Part(0..10)),
            ("bytes=9-99999999999999999999999999", 10, Wanted::Part(9..10)),
            ("Bytes= 0-0", 10, Wanted::Part(0..1)),
            ("bytes=10-", 10, Wanted::NotThere),
            ("bytes=10-12", 10, Wanted::NotThere),
            ("bytes=99999999999999999999999999-", 10, Wanted::NotThere),
            ("bytes=-0", 10, Wanted::NotThere),
            ("bytes=0-", 0, Wanted::NotThere),
            ("bytes=-5", 0, Wanted::NotThere),
            ("bytes=3-2", 10, Wanted::Whole),
            ("bytes=-", 10, Wanted::Whole),
            ("bytes=", 10, Wanted::Whole),
            ("bytes=+1-2", 10, Wanted::Whole),
            ("bytes=0-1,4-5", 10, Wanted::Whole),
            ("lines=0-3", 10, Wanted::Whole),
            ("bytes 0-3", 10, Wanted::Whole),
        ] {
            assert_eq!(wanted(Some(header), size), expected, "{header} of {size}");
        }
        assert_eq!(wanted(None, 10), Wanted::Whole);
    }
}
