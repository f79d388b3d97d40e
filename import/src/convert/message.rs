//! Messages, which are comments here. A discussion here has no threads, so a comment begins with
//! those to whom it is addressed, and with a line of what it answers, as a mail does.

use super::text::{clean, cut, parts};
use service::text::MAX_COMMENT;

/// How many characters of an answered message are quoted.
const QUOTED: usize = 120;
/// How many people are named at the beginning. The others are counted.
const NAMED: usize = 10;

/// The texts of the comments that a message becomes. There is none if it has no text.
pub(crate) fn bodies(content: &str, answered: Option<&str>, to: &[&str]) -> Vec<String> {
    if content.trim().is_empty() {
        return Vec::new();
    }
    let mut body = String::new();
    if !to.is_empty() {
        let named: Vec<&str> = to.iter().take(NAMED).copied().collect();
        let others = to.len() - named.len();
        let others = if others > 0 { format!(" and {others} more") } else { String::new() };
        body.push_str(&format!("To: {}{others}\n", named.join(", ")));
    }
    let quoted = answered.map(clean).filter(|quoted| !quoted.is_empty());
    if let Some(quoted) = quoted {
        let shown = cut(&quoted, QUOTED);
        let dots = if shown.len() < quoted.len() { "…" } else { "" };
        body.push_str(&format!("> {shown}{dots}\n"));
    }
    if !body.is_empty() {
        body.push('\n');
    }
    body.push_str(content);
    let parts = parts(&body, MAX_COMMENT).into_iter().filter(|part| !part.trim().is_empty());
    parts.map(ToOwned::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_says_to_whom_it_is_and_what_it_answers() {
        assert_eq!(bodies("Done.", None, &[]), ["Done."]);
        assert_eq!(bodies(" \n", Some("x"), &["Ada"]), Vec::<String>::new());
        assert_eq!(
            bodies("Done.", Some("When?\nToday?"), &["Ada", "Bob"]),
            ["To: Ada, Bob\n> When? Today?\n\nDone."]
        );
        let long = "x".repeat(500);
        let [body] = bodies("Yes", Some(&long), &[]).try_into().unwrap();
        assert_eq!(body, format!("> {}…\n\nYes", "x".repeat(120)));
        let many = ["A"; 12];
        assert!(bodies("Hi", None, &many).concat().starts_with(
            "To: A, A, A, A, A, A, A, A, A, A \
            and 2 more\n"
        ));
    }

    #[test]
    fn a_long_message_is_several_comments() {
        let long = "ж".repeat(MAX_COMMENT * 2 + 1);
        let bodies = bodies(&long, None, &[]);
        assert_eq!(bodies.len(), 3);
        assert_eq!(bodies.concat(), long);
    }
}
