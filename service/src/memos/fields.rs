//! The fields of a memo that `updateMemo` changes, and who may change which, as synchronous functions of facts.
//!
//! | field | who |
//! | --- | --- |
//! | name, description, deal, resolution | who may edit |
//! | recipient | who may edit, while it is a draft |
//! | conclusion, review date | who may conclude |

use super::policy::{Action, Denial, denial};
use crate::memo_deletion::policy::Standing;

/// A field that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemoField {
    /// The title.
    Name,
    /// What the author writes.
    Description,
    /// To whom it will be sent.
    Recipient,
    /// The conclusion.
    Note,
    /// The day on which the recipient wants to look at it.
    ReviewDate,
    /// The deal that it is about.
    Deal,
    /// The resolution: what its author wants it for.
    Resolution,
}

impl MemoField {
    /// Every field that can be changed.
    pub const ALL: [Self; 7] = [
        Self::Name,
        Self::Description,
        Self::Recipient,
        Self::Note,
        Self::ReviewDate,
        Self::Deal,
        Self::Resolution,
    ];

    /// What the rules have against the viewer changing this field of a memo that exists for them; `None` if they may.
    pub fn denial(self, standing: &Standing) -> Option<Denial> {
        match self {
            Self::Name | Self::Description | Self::Deal | Self::Resolution => denial(Action::Edit, standing),
            Self::Recipient => {
                denial(Action::Edit, standing).or_else(|| (!standing.draft).then_some(Denial::AlreadySent))
            }
            Self::Note | Self::ReviewDate => denial(Action::Conclude, standing),
        }
    }
}

/// The fields that the viewer may change.
pub fn updatable(standing: &Standing) -> Vec<MemoField> {
    MemoField::ALL.into_iter().filter(|field| field.denial(standing).is_none()).collect()
}

/// Why the viewer may change no field at all, neither those of who edits nor those of who concludes;
/// `None` if they may change some.
pub fn denial_of_updating(standing: &Standing) -> Option<Denial> {
    let to_editing = denial(Action::Edit, standing)?;
    let to_concluding = denial(Action::Conclude, standing)?;
    Some(match (to_editing, to_concluding) {
        (Denial::NotTheAuthor, Denial::NotTheRecipient) => Denial::NotAParticipant,
        (Denial::NotTheAuthor, other) | (other, _) => other,
    })
}
