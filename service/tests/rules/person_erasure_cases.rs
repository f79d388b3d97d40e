//! The cases of the table of erasing people: every person × what speaks against it. These tests ask
//! the rules directly, and the end-to-end tests ask through HTTP.

/// Whom an administrator wants to erase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Person {
    /// The administrator, who is the only one.
    OneselfAlone,
    /// The administrator, while there is another one.
    Oneself,
    /// Another administrator.
    Admin,
    /// Company management.
    Chief,
    /// A member.
    Member,
    /// A member who has left.
    Inactive,
    /// Somebody who is erased.
    Erased,
}

impl Person {
    pub const ALL: [Self; 7] = [
        Self::OneselfAlone,
        Self::Oneself,
        Self::Admin,
        Self::Chief,
        Self::Member,
        Self::Inactive,
        Self::Erased,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::OneselfAlone => "oneself, the last administrator",
            Self::Oneself => "oneself",
            Self::Admin => "another administrator",
            Self::Chief => "company management",
            Self::Member => "member",
            Self::Inactive => "inactive member",
            Self::Erased => "erased",
        }
    }

    pub fn is_oneself(self) -> bool {
        matches!(self, Self::OneselfAlone | Self::Oneself)
    }
}

/// A case of the table.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub person: Person,
    /// The person has a part in a memo on hold.
    pub hold: bool,
    /// A memo waits for the person.
    pub open_memo: bool,
    /// Nobody else is responsible for a task.
    pub open_work: bool,
}

pub fn cases() -> impl Iterator<Item = Case> {
    let yes_and_no = [false, true];
    Person::ALL.into_iter().flat_map(move |person| {
        yes_and_no.into_iter().flat_map(move |hold| {
            yes_and_no.into_iter().flat_map(move |open_memo| {
                yes_and_no.into_iter().map(move |open_work| Case {
                    person,
                    hold,
                    open_memo,
                    open_work,
                })
            })
        })
    })
}

impl Case {
    pub fn row(self, verdict: &str, blockers: &[&str]) -> String {
        let yes = |condition: bool| if condition { "yes" } else { "no" };
        let blockers = if blockers.is_empty() { "-".to_owned() } else { blockers.join(" ") };
        format!(
            "{:<31} | {:<4} | {:<9} | {:<9} | {verdict}, {blockers}\n",
            self.person.name(),
            yes(self.hold),
            yes(self.open_memo),
            yes(self.open_work)
        )
    }
}

pub const HEAD: &str =
    "person                          | hold | open memo | open work | verdict, blockers\n";
