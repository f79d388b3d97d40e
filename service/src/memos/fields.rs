//! The fields of a memo that `updateMemo` changes, and who may change which, as synchronous functions of facts.
//!
//! | field | who |
//! | --- | --- |
//! | name, description, deal, resolution | who may edit |
//! | recipient | who may edit, while it is a draft |
//! | conclusion, review date | who may conclude |

use super::policy::{Objection, Verb, objection};
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
    pub fn objection(self, standing: &Standing) -> Option<Objection> {
        match self {
            Self::Name | Self::Description | Self::Deal | Self::Resolution => objection(Verb::Edit, standing),
            Self::Recipient => objection(Verb::Edit, standing)
                .or_else(|| (!standing.draft).then_some(Objection::AlreadySent)),
            Self::Note | Self::ReviewDate => objection(Verb::Conclude, standing),
        }
    }
}

/// The fields that the viewer may change.
pub fn updatable(standing: &Standing) -> Vec<MemoField> {
    MemoField::ALL.into_iter().filter(|field| field.objection(standing).is_none()).collect()
}

/// Why the viewer may change no field at all, neither those of who edits nor those of who concludes;
/// `None` if they may change some.
pub fn objection_to_updating(standing: &Standing) -> Option<Objection> {
    let to_editing = objection(Verb::Edit, standing)?;
    let to_concluding = objection(Verb::Conclude, standing)?;
    Some(match (to_editing, to_concluding) {
        (Objection::NotTheAuthor, Objection::NotTheRecipient) => Objection::NotAParticipant,
        (Objection::NotTheAuthor, other) | (other, _) => other,
    })
}
