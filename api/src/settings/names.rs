//! Suggests names for unknown settings.

use super::{
    row::{PREFIX, Row},
    table::all,
};
use crate::similar_names::nearest;
use std::ffi::OsString;

/// A warning for each environment variable that looks like a setting but is not one.
pub fn unknown_variables(variables: impl Iterator<Item = OsString>) -> Vec<String> {
    let known: Vec<String> = all().map(Row::variable).collect();
    let mut problems: Vec<String> = variables
        .filter_map(|name| name.into_string().ok())
        .filter(|name| name.starts_with(PREFIX) && !known.contains(name))
        .map(|name| {
            let remedy = nearest(&name, known.iter()).map_or_else(
                || "`memoranda settings` lists the settings".to_owned(),
                |nearest| format!("did you mean {nearest}?"),
            );
            format!("the environment variable {name} is not a setting: {remedy}")
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
                "the environment variable MEMORANDA_LISTN is not a setting: did you mean \
                 MEMORANDA_LISTEN?",
                "the environment variable MEMORANDA_WHATEVER_ELSE_IT_MAY_BE is not a setting: \
                 `memoranda settings` lists the settings"
            ]
        );
    }
}
