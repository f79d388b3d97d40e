//! Full-text search, by the text index of each database.

use crate::{database::Parameters, search_words::words};
use sea_orm::DbBackend;

/// The maximum length of a searched text, in characters.
const MAX_SEARCH: usize = 200;
/// The maximum number of words and phrases in a searched text.
const MAX_TERMS: usize = 10;

/// A searched text. Each word must be the beginning of a word in the memo. Words in double quotes
/// must occur in the memo in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchText(Vec<Term>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Term {
    Prefix(String),
    Phrase(Vec<String>),
}

/// Why a text cannot be searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchProblem {
    /// It contains neither a letter nor a digit.
    NoWord,
    /// It has more than 200 characters.
    TooLong,
    /// It has more than 10 words and phrases.
    TooMany,
}

impl std::fmt::Display for SearchProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoWord => write!(f, "has no word: give at least one letter or digit"),
            Self::TooLong => write!(f, "is too long: give at most {MAX_SEARCH} characters"),
            Self::TooMany => write!(f, "has too many words: give at most {MAX_TERMS}"),
        }
    }
}

impl SearchText {
    /// Parses the text that a person has typed. All characters except letters, digits and pairs of
    /// double quotes only separate words.
    ///
    /// # Errors
    /// [`SearchProblem`]
    pub fn parse(text: &str) -> Result<Self, SearchProblem> {
        if text.chars().count() > MAX_SEARCH {
            return Err(SearchProblem::TooLong);
        }
        let mut terms = Vec::new();
        let quotes = text.matches('"').count();
        for (n, piece) in text.split('"').enumerate() {
            let is_quoted = n % 2 == 1 && n < quotes;
            let words = words(piece);
            if is_quoted && !words.is_empty() {
                terms.push(Term::Phrase(words));
            } else {
                terms.extend(words.into_iter().map(Term::Prefix));
            }
        }
        match terms.len() {
            0 => Err(SearchProblem::NoWord),
            n if n > MAX_TERMS => Err(SearchProblem::TooMany),
            _ => Ok(Self(terms)),
        }
    }

    /// A subquery for `memo_id` and `rank` of all matches, without regard to visibility.
    pub(super) fn found(&self, parameters: &mut Parameters) -> &'static str {
        let is_postgres = parameters.backend() == DbBackend::Postgres;
        let [by_name, by_open_text, by_any] = if is_postgres {
            ["A", "AB", "ABC"].map(|weights| self.on_postgres(weights))
        } else {
            ["name", "name description", "name description note"]
                .map(|columns| self.on_sqlite(columns))
        };
        parameters.bind("by_name", by_name).bind("by_open_text", by_open_text);
        parameters.bind("by_any", by_any);
        if is_postgres { FOUND_ON_POSTGRES } else { FOUND_ON_SQLITE }
    }

    /// A query in [FTS5's language](https://sqlite.org/fts5.html#full_text_query_syntax). Words
    /// consist of letters, digits and marks only, so a quoted word contains no operator.
    fn on_sqlite(&self, columns: &str) -> String {
        let terms: Vec<String> = self
            .0
            .iter()
            .map(|term| match term {
                Term::Prefix(word) => format!("\"{word}\"*"),
                Term::Phrase(words) => format!("\"{}\"", words.join(" ")),
            })
            .collect();
        format!("{{{columns}}} : ({})", terms.join(" AND "))
    }

    /// A query for [PostgreSQL's text
    /// search](https://www.postgresql.org/docs/current/textsearch-controls.html). The name has the
    /// weight A, the description B and the conclusion C.
    fn on_postgres(&self, weights: &str) -> String {
        let all: Vec<String> = self
            .0
            .iter()
            .map(|term| match term {
                Term::Prefix(word) => format!("'{word}':*{weights}"),
                // All words of a phrase must be in the same field.
                Term::Phrase(words) => {
                    let in_each: Vec<String> = weights
                        .chars()
                        .map(|weight| {
                            let words: Vec<String> =
                                words.iter().map(|word| format!("'{word}':{weight}")).collect();
                            format!("({})", words.join(" <-> "))
                        })
                        .collect();
                    format!("({})", in_each.join(" | "))
                }
            })
            .collect();
        all.join(" & ")
    }
}

const FOUND_ON_SQLITE: &str = "
    SELECT
        e.memo_id,
        CASE
            WHEN e.entry IN (SELECT rowid FROM memo_words WHERE memo_words MATCH :by_name) THEN 2
            WHEN e.entry IN (SELECT rowid FROM memo_words WHERE memo_words MATCH :by_open_text)
            THEN 1
            ELSE 0
        END AS rank
    FROM memo_search e
    WHERE e.entry IN (SELECT rowid FROM memo_words WHERE memo_words MATCH :by_any)";

/// `MATERIALIZED` makes the queries be built once instead of once per row.
const FOUND_ON_POSTGRES: &str = "
    WITH searched AS MATERIALIZED (
        SELECT
            CAST(CAST(:by_name AS text) AS tsquery) AS by_name,
            CAST(CAST(:by_open_text AS text) AS tsquery) AS by_open_text,
            CAST(CAST(:by_any AS text) AS tsquery) AS by_any
    )
    SELECT
        e.memo_id,
        CASE
            WHEN e.words @@ searched.by_name THEN 2
            WHEN e.words @@ searched.by_open_text THEN 1
            ELSE 0
        END AS rank
    FROM searched
    JOIN memo_search e ON e.words @@ searched.by_any";

#[cfg(test)]
mod tests {
    use super::{SearchProblem, SearchText, Term};

    fn parse(text: &str) -> Vec<Term> {
        SearchText::parse(text).map(|text| text.0).unwrap_or_default()
    }

    fn prefixes(words: &[&str]) -> Vec<Term> {
        words.iter().map(|word| Term::Prefix((*word).to_owned())).collect()
    }

    #[test]
    fn words_are_letters_and_digits() {
        assert_eq!(parse("wri des"), prefixes(&["wri", "des"]));
        assert_eq!(
            parse("  Anna-Maria's 2nd* OR (NEAR:x) "),
            prefixes(&["anna", "maria", "s", "2nd", "or", "near", "x"])
        );
        assert_eq!(
            parse("cafe\u{301} Größe Привет 椅子"),
            prefixes(&["cafe", "grosse", "привет", "椅子"])
        );
    }

    #[test]
    fn quotes_make_phrases_and_a_lone_one_does_not() {
        let phrase = Term::Phrase(vec!["writing".to_owned(), "desks".to_owned()]);
        assert_eq!(parse("\"writing desks\""), std::slice::from_ref(&phrase));
        assert_eq!(
            parse("oak \"writing, desks\" now"),
            [prefixes(&["oak"]), vec![phrase], prefixes(&["now"])].concat()
        );
        assert_eq!(parse("oak \"writing desks"), prefixes(&["oak", "writing", "desks"]));
        assert_eq!(parse("\"\" oak"), prefixes(&["oak"]));
    }

    #[test]
    fn what_cannot_be_searched_is_refused() {
        assert_eq!(SearchText::parse(" *\"-!🚗 "), Err(SearchProblem::NoWord));
        assert_eq!(SearchText::parse(&"a".repeat(201)), Err(SearchProblem::TooLong));
        assert_eq!(SearchText::parse(&"a ".repeat(11)), Err(SearchProblem::TooMany));
        assert!(SearchText::parse(&"a ".repeat(10)).is_ok());
    }
}
