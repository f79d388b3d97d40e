//! Global ids: [TypeIDs](https://github.com/jetify-com/typeid), a readable kind, then the UUID in base 32.

use super::error::{ApiError, ApiResult};
use async_graphql::ID;
use service::{ids, mail::Thing};
use type_safe_id::{DynamicType, TypeSafeId};
use uuid::Uuid;

/// The kind of thing that an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A memo, or what remains of it.
    Memo,
    /// A person.
    User,
    /// A task.
    Task,
    /// A project.
    Project,
    /// A deal.
    Deal,
    /// A tag.
    Tag,
    /// A resolution.
    Resolution,
    /// A file.
    File,
    /// A comment.
    Comment,
    /// A reminder.
    Reminder,
    /// A hold.
    MemoHold,
    /// A deletion record.
    MemoDeletion,
    /// A refused attempt.
    RefusedDeletion,
    /// A notification.
    Notification,
    /// The record of memos that were passed on.
    MemoReassignment,
}

/// Every kind with its prefix and its type in the schema.
const KINDS: [(Kind, &str, &str); 15] = [
    (Kind::Memo, ids::MEMO, "Memo"),
    (Kind::User, ids::USER, "User"),
    (Kind::Task, ids::TASK, "Task"),
    (Kind::Project, ids::PROJECT, "Project"),
    (Kind::Deal, ids::DEAL, "Deal"),
    (Kind::Tag, ids::TAG, "Tag"),
    (Kind::Resolution, ids::RESOLUTION, "Resolution"),
    (Kind::File, ids::FILE, "File"),
    (Kind::Comment, ids::COMMENT, "Comment"),
    (Kind::Reminder, ids::REMINDER, "Reminder"),
    (Kind::MemoHold, ids::MEMO_HOLD, "MemoHold"),
    (Kind::MemoDeletion, ids::MEMO_DELETION, "MemoDeletion"),
    (Kind::RefusedDeletion, ids::REFUSED_DELETION, "RefusedMemoDeletion"),
    (Kind::Notification, ids::NOTIFICATION, "Notification"),
    (Kind::MemoReassignment, ids::MEMO_REASSIGNMENT, "MemoReassignment"),
];

impl Kind {
    fn names(self) -> (&'static str, &'static str) {
        KINDS.iter().find(|(kind, ..)| *kind == self).map_or(("", ""), |(_, prefix, name)| (prefix, name))
    }

    /// The global id of a thing of this kind.
    pub fn id(self, uuid: Uuid) -> ID {
        let (prefix, _) = self.names();
        ID(ids::typed(prefix, uuid).to_string())
    }

    /// The UUID in an id that must be of this kind; `argument` is how the client named it.
    ///
    /// # Errors
    /// [`ApiError::BadUserInput`] for an id of another kind, and for what is no id of this API at all.
    pub fn parse(self, argument: &str, id: &ID) -> ApiResult<Uuid> {
        let (kind, uuid) = parse(argument, id)?;
        if kind == self {
            return Ok(uuid);
        }
        let ((_, wanted), (_, given)) = (self.names(), kind.names());
        Err(ApiError::BadUserInput(format!(
            "{argument} must be the id of a {wanted}; {:?} is the id of a {given}.",
            id.0
        )))
    }
}

/// The kind and the UUID in an id. One whose kind is known and whose rest is malformed names nothing: it gets a UUID that nothing has, so that
/// the answer is that to any unknown id.
///
/// # Errors
/// [`ApiError::BadUserInput`] for what is no id of this API.
pub fn parse(argument: &str, id: &ID) -> ApiResult<(Kind, Uuid)> {
    let prefix = id.rsplit_once('_').map_or("", |(prefix, _)| prefix);
    let Some((kind, ..)) = KINDS.iter().find(|(_, known, _)| *known == prefix) else {
        let shown: String = id.chars().take(60).collect();
        return Err(ApiError::BadUserInput(format!(
            "{argument} {shown:?} is no id of this API: give one that it has answered, such as `memo_…`."
        )));
    };
    let uuid = id.parse::<TypeSafeId<DynamicType>>().map_or(Uuid::max(), |id| id.uuid());
    Ok((*kind, uuid))
}

/// The global id of what a mail leads to.
pub fn link_id(thing: Thing) -> String {
    let (kind, uuid) = match thing {
        Thing::Memo(uuid) => (Kind::Memo, uuid),
        Thing::Task(uuid) => (Kind::Task, uuid),
        Thing::Project(uuid) => (Kind::Project, uuid),
    };
    kind.id(uuid).0
}
