//! Texts of the source that have other rules here.

use crate::oddity::Oddity;
use service::text::{MAX_NAME, TextProblem, is_control, name, turns_direction};

/// The most characters of a text that is kept whole although it is longer than what can be written
/// here. The word index takes no more.
pub(crate) const MAX_KEPT: usize = 200_000;

/// How many characters of a text stand for a missing name.
const NAME_FROM_TEXT: usize = 80;

/// What stands for a name of something without name and text.
pub(crate) const NO_NAME: &str = "(no name)";

/// A name as it can be here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) name: String,
    pub(crate) oddity: Option<Oddity>,
    /// The name before it was cut.
    pub(crate) whole: Option<String>,
}

impl Name {
    fn new(name: String, oddity: Option<Oddity>) -> Self {
        Self { name, oddity, whole: None }
    }
}

/// The name, or one made from the text.
pub(crate) fn name_of(given: Option<&str>, text: Option<&str>) -> Name {
    let given = given.unwrap_or_default();
    match name(given) {
        Ok(name) => return Name::new(name, None),
        Err(TextProblem::TooLong { .. }) => {
            let cleaned = clean(given);
            let cut = cut(&cleaned, MAX_NAME).trim_end().to_owned();
            let whole = Some(given.trim().to_owned());
            return Name { name: cut, oddity: Some(Oddity::NameTooLong), whole };
        }
        Err(_) => {}
    }
    if let Ok(name) = name(&clean(given)) {
        return Name::new(name, Some(Oddity::NameCleaned));
    }
    let lines = text.unwrap_or_default().lines();
    let words = lines.map(clean).find_map(|line| name(cut(&line, NAME_FROM_TEXT)).ok());
    Name::new(words.unwrap_or_else(|| NO_NAME.to_owned()), Some(Oddity::EmptyName))
}

/// The text on one line, without characters that turn its direction.
pub(crate) fn clean(text: &str) -> String {
    let kept = text.chars().filter(|c| !turns_direction(*c));
    let kept: String = kept.map(|c| if is_control(c) { ' ' } else { c }).collect();
    kept.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The first characters of a text.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

/// The first characters of a text, and the rest.
fn split(text: &str, most: usize) -> (&str, &str) {
    let first = cut(text, most);
    (first, text.get(first.len()..).unwrap_or_default())
}

/// A text in parts of at most so many characters each.
pub(crate) fn parts(mut text: &str, most: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    while !text.is_empty() {
        let (part, rest) = split(text, most);
        parts.push(part);
        text = rest;
    }
    parts
}

/// A long text that is kept whole, and what is odd about it.
pub(crate) fn kept_whole(text: String, usual: usize) -> (String, Option<Oddity>) {
    let count = text.chars().count();
    if count <= usual {
        return (text, None);
    }
    if count <= MAX_KEPT {
        return (text, Some(Oddity::LongTextKept));
    }
    (cut(&text, MAX_KEPT).to_owned(), Some(Oddity::TextCut))
}

/// A text. White space alone is none.
pub(crate) fn some(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty()).map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_what_it_is_if_it_can() {
        for good in ["Plan", "<b>HTML</b>", "Robert'); DROP TABLE", "שלום", "e\u{301}", "👩‍👩‍👧"]
        {
            assert_eq!(name_of(Some(good), None), Name::new(good.to_owned(), None));
        }
        let longest = "x".repeat(250);
        assert_eq!(name_of(Some(&longest), None), Name::new(longest.clone(), None));
    }

    #[test]
    fn a_name_that_cannot_be_here_is_cleaned_cut_or_taken_from_the_text() {
        let cleaned = name_of(Some("a\r\nb\u{202e}c \u{200f}"), None);
        assert_eq!(cleaned, Name::new("a bc".to_owned(), Some(Oddity::NameCleaned)));
        let long = format!("é{}", "x".repeat(300));
        let cut = name_of(Some(&long), None);
        assert_eq!(cut.name.chars().count(), 250);
        assert_eq!((cut.oddity, cut.whole), (Some(Oddity::NameTooLong), Some(long)));
        let from_text = name_of(Some(" \n"), Some("\n  First line.\nSecond"));
        assert_eq!(from_text, Name::new("First line.".to_owned(), Some(Oddity::EmptyName)));
        assert_eq!(name_of(None, Some("\u{200b}")).name, NO_NAME);
        assert_eq!(name_of(Some("\u{200b}"), None).name, NO_NAME);
    }

    #[test]
    fn parts_of_a_text_are_the_whole_text() {
        let text = "añb👍c".repeat(5);
        let split = parts(&text, 4);
        assert!(split.iter().all(|part| part.chars().count() <= 4));
        assert_eq!(split.concat(), text);
        assert_eq!(parts("", 4), Vec::<&str>::new());
    }

    #[test]
    fn long_texts_are_kept_up_to_a_limit() {
        assert_eq!(kept_whole("ab".to_owned(), 2), ("ab".to_owned(), None));
        assert_eq!(kept_whole("abc".to_owned(), 2).1, Some(Oddity::LongTextKept));
        let (text, oddity) = kept_whole("x".repeat(MAX_KEPT + 1), 2);
        assert_eq!((text.len(), oddity), (MAX_KEPT, Some(Oddity::TextCut)));
    }
}
