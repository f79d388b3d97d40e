//! Names that are none of a setting's: which one may have been meant.

use super::{groups::in_file, table::CONFIG};
use std::ffi::OsString;

/// How the names of all environment variables begin.
const PREFIX: &str = "MEMORANDA_";

/// The nearest of the names, if it is near.
pub(super) fn nearest(
    name: &str,
    names: impl Iterator<Item = &'static str>,
) -> Option<&'static str> {
    let (distance, nearest) = names.map(|known| (strsim::levenshtein(name, known), known)).min()?;
    (distance <= 1 + nearest.len() / 4).then_some(nearest)
}

/// What is wrong with the names of those environment variables that look like settings and are
/// none: what they should set is not set.
pub fn unknown_variables(variables: impl Iterator<Item = OsString>) -> Vec<String> {
    let known = || in_file().map(|about| about.variable).chain([CONFIG.about.variable]);
    let mut problems: Vec<String> = variables
        .filter_map(|name| name.into_string().ok())
        .filter(|name| name.starts_with(PREFIX) && !known().any(|variable| variable == name))
        .map(|name| {
            let remedy = nearest(&name, known()).map_or_else(
                || "`memoranda settings` lists the settings".to_owned(),
                |nearest| format!("did you mean {nearest}?"),
            );
            format!("the environment variable {name} is no setting: {remedy}")
        })
        .collect();
    problems.sort();
    problems
}

#[cfg(test)]
mod tests {
    use super::unknown_variables;

    #[test]
    fn a_misspelt_variable_is_told_with_the_nearest_name() {
        let of = |names: &[&str]| unknown_variables(names.iter().map(Into::into));
        assert_eq!(of(&["MEMORANDA_LISTEN", "MEMORANDA_CONFIG", "PATH", "MEMORANDUM"]), [""; 0]);
        assert_eq!(
            of(&["MEMORANDA_LISTN", "MEMORANDA_WHATEVER_ELSE_IT_MAY_BE"]),
            [
                "the environment variable MEMORANDA_LISTN is no setting: did you mean \
                 MEMORANDA_LISTEN?",
                "the environment variable MEMORANDA_WHATEVER_ELSE_IT_MAY_BE is no setting: \
                 `memoranda settings` lists the settings"
            ]
        );
    }
}
