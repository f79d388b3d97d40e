//! The operation names that metrics count separately. Clients choose them, so there may be any
//! number.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

/// Most names that clients who are signed in can add. An office's clients together use a few dozen
/// operations.
const MAX_NAMES: usize = 200;
/// Most names that anonymous clients can add, since anybody can send any name.
const MAX_NAMES_OF_NOBODY: usize = 50;
/// Longest name, in bytes.
const MAX_LENGTH: usize = 64;

/// The label of an operation without a name. No GraphQL name contains these characters.
const UNNAMED: &str = "(unnamed)";
/// The label of every further name.
const OTHER: &str = "(other)";

/// The known names.
#[derive(Debug, Default)]
pub(super) struct Names(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    of_people: HashSet<String>,
    of_nobody: HashSet<String>,
}

impl Names {
    /// The label of an operation: its name, unless there are too many.
    pub(super) fn counted_as(&self, name: Option<&str>, signed_in: bool) -> String {
        let Some(name) = name else { return UNNAMED.to_owned() };
        if name.len() > MAX_LENGTH {
            return OTHER.to_owned();
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Known { of_people, of_nobody } = &mut *known;
        if of_people.contains(name) || of_nobody.contains(name) {
            return name.to_owned();
        }
        let (names, most) =
            if signed_in { (of_people, MAX_NAMES) } else { (of_nobody, MAX_NAMES_OF_NOBODY) };
        if names.len() >= most {
            return OTHER.to_owned();
        }
        names.insert(name.to_owned());
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn whoever_is_not_signed_in_cannot_take_the_names_of_those_who_are() {
        let names = Names::default();
        let counted: Vec<_> =
            (0..1000).map(|n| names.counted_as(Some(&format!("Made{n}")), false)).collect();
        assert_eq!(counted[49], "Made49");
        assert!(counted[50..].iter().all(|name| name == "(other)"));
        assert_eq!(names.counted_as(Some("Inbox"), true), "Inbox");
        assert_eq!(
            names.counted_as(Some("Inbox"), false),
            "Inbox",
            "a known name keeps its own count"
        );
        for n in 0..1000 {
            names.counted_as(Some(&format!("Own{n}")), true);
        }
        assert_eq!(names.counted_as(Some("OneMore"), true), "(other)");
        assert_eq!(names.counted_as(Some("Inbox"), true), "Inbox");
        assert_eq!(names.counted_as(Some(&"x".repeat(65)), true), "(other)");
        assert_eq!(names.counted_as(None, true), "(unnamed)");
    }
}
