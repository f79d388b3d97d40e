//! The fields of a memo that `updateMemo` can change. Synchronous functions of facts say who may
//! change which field.
//!
//! | field | who |
//! | --- | --- |
//! | name, description, deal, resolution | whoever may edit |
//! | recipient | whoever may edit, while it is a draft |
//! | conclusion, review date | whoever may conclude |

use super::policy::{self, ConcludeDenial, Denial, EditDenial};
use crate::access::MemoState;

/// A field that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemoField {
    /// The title.
    Name,
    /// The author's text.
    Description,
    /// The recipient of a draft.
    Recipient,
    /// The conclusion.
    Note,
    /// The day on which the recipient wants to look at it.
    ReviewDate,
    /// The deal that it is about.
    Deal,
    /// The resolution: what the author wants from the recipient.
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

    /// Asks the rules whether the viewer may change this field. The memo exists for them.
    ///
    /// # Errors
    /// Returns the reason of the denial.
    pub fn may_change(self, memo: &MemoState) -> Result<(), FieldDenial> {
        match self {
            Self::Name | Self::Description | Self::Deal | Self::Resolution => {
                policy::edit(memo).map_err(FieldDenial::Edit)
            }
            Self::Recipient => {
                policy::edit(memo).map_err(FieldDenial::Edit)?;
                if memo.draft { Ok(()) } else { Err(FieldDenial::AlreadySent) }
            }
            Self::Note | Self::ReviewDate => policy::conclude(memo).map_err(FieldDenial::Conclude),
        }
    }
}

/// Why a field must not be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldDenial {
    /// The field belongs to the author, who may not edit it.
    Edit(EditDenial),
    /// The field belongs to the recipient, who may not conclude.
    Conclude(ConcludeDenial),
    /// The memo has been sent, so its recipient is final.
    AlreadySent,
}

impl From<FieldDenial> for Denial {
    fn from(denial: FieldDenial) -> Self {
        match denial {
            FieldDenial::Edit(denial) => denial.into(),
            FieldDenial::Conclude(denial) => denial.into(),
            FieldDenial::AlreadySent => Self::AlreadySent,
        }
    }
}

/// The fields that the viewer may change.
pub fn updatable(memo: &MemoState) -> Vec<MemoField> {
    MemoField::ALL.into_iter().filter(|field| field.may_change(memo).is_ok()).collect()
}

/// Why the viewer may not change any field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpdateDenial {
    /// They are neither author nor recipient.
    NotAParticipant,
    /// They are the author, and the recipient has acted on the memo.
    RecipientHasActed,
    /// The memo is on hold.
    OnHold,
}

/// Asks the rules whether the viewer may change at least one field of the author or the recipient.
///
/// # Errors
/// Returns the reason of the denial.
pub fn may_update(memo: &MemoState) -> Result<(), UpdateDenial> {
    let (Err(edit), Err(conclude)) = (policy::edit(memo), policy::conclude(memo)) else {
        return Ok(());
    };
    Err(match (edit, conclude) {
        (EditDenial::NotTheAuthor, ConcludeDenial::NotTheRecipient) => {
            UpdateDenial::NotAParticipant
        }
        (EditDenial::RecipientHasActed(_), _) => UpdateDenial::RecipientHasActed,
        (EditDenial::OnHold, _) | (EditDenial::NotTheAuthor, ConcludeDenial::OnHold) => {
            UpdateDenial::OnHold
        }
    })
}
