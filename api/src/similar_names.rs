//! Suggests names for unknown ones.

/// The most similar of the names, if it is similar enough.
pub(crate) fn nearest(
    name: &str,
    names: impl Iterator<Item = impl Into<String>>,
) -> Option<String> {
    let distances = names.map(Into::into).map(|known| (strsim::levenshtein(name, &known), known));
    let (distance, nearest) = distances.min()?;
    (distance <= 1 + nearest.len() / 4).then_some(nearest)
}
