//! The words of a text in folded form, for the word index and for searches.
//!
//! Spellings that people regard as the same fold to the same letters. Folding removes differences
//! of case ([Unicode's full case
//! folding](https://www.unicode.org/Public/UCD/latest/ucd/CaseFolding.txt)) and of composition and
//! width ([NFKD](https://www.unicode.org/reports/tr15/)). It also removes accents and points where
//! a script treats them as optional.

use icu_casemap::CaseMapper;
use icu_normalizer::DecomposingNormalizer;
use icu_properties::{
    CodePointMapData,
    props::{GeneralCategory, Script},
};

/// The maximum length of a word, in characters. Longer words with the same beginning count as
/// equal. PostgreSQL accepts words of up to 2,046 bytes.
const MAX_WORD: usize = 200;

/// The words of a text in order: sequences of letters, digits and their marks.
pub(crate) fn words(text: &str) -> Vec<String> {
    let spaced = text.chars().flat_map(|c| is_fraction(c).then_some(' ').into_iter().chain([c]));
    let decomposed: String = DecomposingNormalizer::new_nfkd().normalize_iter(spaced).collect();
    let mut words = Vec::new();
    let mut word = String::new();
    let mut length = 0;
    for c in CaseMapper::new().fold_string(&decomposed).chars() {
        match part(c) {
            Part::Left if length < MAX_WORD => {
                word.push(c);
                length += 1;
            }
            Part::Left | Part::Dropped => {}
            Part::Separator if word.is_empty() => {}
            Part::Separator => {
                words.push(std::mem::take(&mut word));
                length = 0;
            }
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// A fraction is a separate word after a number: `3½` is 3, 1 and 2, and not 31 and 2.
fn is_fraction(c: char) -> bool {
    matches!(c, '\u{bc}'..='\u{be}' | '\u{2150}'..='\u{215f}' | '\u{2189}')
}

/// How a character is handled.
enum Part {
    /// It is part of a word.
    Left,
    /// It is ignored, because it does not change the word.
    Dropped,
    Separator,
}

fn part(c: char) -> Part {
    match CodePointMapData::<GeneralCategory>::new().get(c) {
        GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark if is_optional(c) => {
            Part::Dropped
        }
        GeneralCategory::NonspacingMark
        | GeneralCategory::EnclosingMark
        | GeneralCategory::SpacingMark => Part::Left,
        // Soft hyphens and joiners, and the stroke that stretches an Arabic word.
        GeneralCategory::Format => Part::Dropped,
        _ if c == '\u{640}' => Part::Dropped,
        _ if c.is_alphanumeric() => Part::Left,
        _ => Part::Separator,
    }
}

/// Whether people may leave the mark out, such as accents and vowel points. Marks of Indic scripts
/// are real letters, and Japanese voicing marks change the syllable.
fn is_optional(mark: char) -> bool {
    let is_of_any_script = !matches!(mark, '\u{3099}' | '\u{309a}');
    match CodePointMapData::<Script>::new().get(mark) {
        Script::Inherited | Script::Common => is_of_any_script,
        Script::Latin
        | Script::Greek
        | Script::Cyrillic
        | Script::Hebrew
        | Script::Arabic
        | Script::Syriac => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_WORD, words};

    /// Each line contains spellings of the same words.
    const ALIKE: [&[&str]; 14] = [
        &["Größe", "GRÖSSE", "gro\u{308}ße", "grosse"],
        &["Йошкар-Ола", "и\u{306}ошкар ола", "йошкар ола"],
        &["Ёлка", "елка", "Е\u{308}ЛКА"],
        &["हिन्दी", "हिन\u{94d}दी"],
        &["שָׁלוֹם", "שלום"],
        &["مُحَمَّد", "محمد", "محـــمد"],
        &["أحمد", "احمد"],
        &["ｗｉｄｅ", "wide"],
        &["3½", "3 1/2", "3 ½"],
        &["ﬁne", "fine"],
        &["ΟΔΟΣ", "οδός", "οδοσ"],
        &["İstanbul", "istanbul"],
        &["co\u{ad}operate", "cooperate"],
        &["한국", "\u{1112}\u{1161}\u{11ab}국"],
    ];

    #[test]
    fn spellings_of_the_same_words_fold_alike() {
        for alike in ALIKE {
            for spelling in alike {
                assert_eq!(words(spelling), words(alike[0]), "{spelling}");
            }
        }
    }

    #[test]
    fn other_words_stay_others() {
        for (one, another) in [("हिन्दी", "हनद"), ("か", "が"), ("3½", "31/2"), ("ø", "o")]
        {
            assert_ne!(words(one), words(another), "{one}");
        }
    }

    #[test]
    fn signs_separate_words() {
        assert_eq!(
            words("ada@example.org, 3.14 (a_b)"),
            ["ada", "example", "org", "3", "14", "a", "b"]
        );
        assert_eq!(words(" *\"-!🚗\u{fe0f} "), Vec::<String>::new());
        assert_eq!(words("it's"), ["it", "s"]);
        assert_eq!(words(&"a".repeat(1_000)), ["a".repeat(MAX_WORD)]);
    }
}
