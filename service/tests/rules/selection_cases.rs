//! The cases of the table of selections: every pair of memos × atomic × token. With neither of the
//! latter, memos are deleted one by one, so the rules of selections do not apply. These tests ask
//! the rules directly, and the end-to-end tests ask through HTTP.

/// A memo of a selection, as it is for the person who deletes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memo {
    Allowed,
    Discouraged,
    Denied,
    NotFound,
    /// This person has deleted it before.
    Deleted,
}

/// The token that the person sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    None,
    Current,
    Stale,
}

const MEMOS: [Memo; 5] =
    [Memo::Allowed, Memo::Discouraged, Memo::Denied, Memo::NotFound, Memo::Deleted];

/// A case of the table.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub memos: [Memo; 2],
    pub atomic: bool,
    pub token: Token,
}

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (n, one) in MEMOS.into_iter().enumerate() {
        for other in MEMOS.into_iter().skip(n) {
            let memos = [one, other];
            for token in [Token::Current, Token::Stale] {
                cases.push(Case { memos, atomic: false, token });
            }
            for token in [Token::None, Token::Current, Token::Stale] {
                cases.push(Case { memos, atomic: true, token });
            }
        }
    }
    cases
}

pub const HEAD: &str =
    "memos                    | atomic | token   | verdict     | what happens to each\n";

impl Case {
    pub fn row(self, verdict: &str, answer: &str) -> String {
        let [one, other] = self.memos.map(|memo| format!("{memo:?}"));
        let atomic = if self.atomic { "yes" } else { "no" };
        let (memos, token) = (format!("{one}, {other}"), format!("{:?}", self.token));
        format!("{memos:<24} | {atomic:<6} | {token:<7} | {verdict:<11} | {answer}\n")
    }
}
