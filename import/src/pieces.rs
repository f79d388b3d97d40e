//! Cuts lists for statements.

/// The most rows of a statement.
const MOST: usize = 256;

/// Pieces of rows whose lengths are powers of two. So a statement has few different texts, and a
/// connection prepares each of them once.
pub(crate) fn pieces<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let length = 1 << rest.len().checked_ilog2()?;
        let (piece, others) = rest.split_at_checked(length.min(MOST))?;
        rest = others;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_rows_are_in_pieces_of_few_lengths() {
        for rows in 0..2_000 {
            let rows: Vec<usize> = (0..rows).collect();
            assert_eq!(pieces(&rows).flatten().copied().collect::<Vec<_>>(), rows);
            for piece in pieces(&rows) {
                assert!(piece.len().is_power_of_two() && piece.len() <= MOST, "{}", piece.len());
            }
        }
    }
}
