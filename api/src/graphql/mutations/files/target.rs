//! What both mutations take and refuse.

use crate::graphql::{
    id::{self, Kind},
    mutations::answer::{Refused, Stop, Word, ids},
    sentences,
};
use async_graphql::ID;
use service::{
    files::{MAX_FILES, Refusal, Target},
    memos::policy::Denial,
};
use uuid::Uuid;

/// Which files, and of what.
///
/// # Errors
/// Too many ids, and ids of something else.
pub fn read(target_id: &ID, file_ids: &[ID]) -> Result<(Target, Vec<Uuid>), Stop> {
    let files = ids(Kind::File, "fileIds", file_ids)?;
    let target = match id::parse("targetId", target_id)? {
        (Kind::Memo, id) => Target::Memo(id),
        (Kind::Task, id) => Target::Task(id),
        (Kind::Project, id) => Target::Project(id),
        _ => {
            let message =
                format!("targetId must be the id of a memo, a task or a project; {:?} is not.", target_id.0);
            return Err(Refused::input("targetId", message).into());
        }
    };
    Ok((target, files))
}

/// The service's refusal.
pub fn refused(refusal: Refusal) -> Stop {
    let refused = match refusal {
        Refusal::NoSuchTarget => Refused::at(
            "targetId",
            Word::NotFound,
            "There is no memo, task or project with this id that you can see. Check the id, or whether somebody has deleted it.",
        ),
        Refusal::NotResponsible => Refused::at(
            "targetId",
            Word::NotResponsible,
            "Only those responsible for it can do this. Ask one of them.",
        ),
        Refusal::NoSuchFile => Refused::at(
            "fileIds",
            Word::NotFound,
            "One of these files does not exist, or you did not upload it. Upload it again; a memo's file goes to work with `transferFiles`.",
        ),
        Refusal::TooMany => Refused::input(
            "fileIds",
            format!("At most {MAX_FILES} files can be attached. Take some off first, with `detachFiles`."),
        ),
        Refusal::Memo(denial) => {
            let word = match denial {
                Denial::NotTheAuthor => Word::NotTheAuthor,
                Denial::NotAParticipant => Word::NotAParticipant,
                Denial::RecipientHasActed(_) => Word::RecipientHasActed,
                Denial::OnHold => Word::OnHold,
                other => {
                    let fault = format!("files are not refused as {other:?}");
                    return service::Error::Inconsistent(fault).into();
                }
            };
            Refused::at("targetId", word, sentences::denial(denial))
        }
    };
    refused.into()
}
