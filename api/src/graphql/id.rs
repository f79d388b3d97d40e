//! Global ids: [TypeIDs](https://github.com/jetify-com/typeid), which consist of a readable kind
//! and a UUID in base 32.

use async_graphql::ID;
use service::{ids, mail::LinkTarget};
use type_safe_id::{DynamicType, TypeSafeId};
use uuid::Uuid;

/// The kind of object that an id refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A memo, live or deleted.
    Memo,
    /// What remains of a deleted memo.
    DeletedMemo,
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
    /// The record of a person's erasure.
    PersonErasure,
}

/// Every kind with its prefix and its type in the schema.
const KINDS: [(Kind, &str, &str); 17] = [
    (Kind::Memo, ids::MEMO, "Memo"),
    (Kind::DeletedMemo, ids::DELETED_MEMO, "DeletedMemo"),
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
    (Kind::PersonErasure, ids::PERSON_ERASURE, "PersonErasure"),
];

impl Kind {
    fn names(self) -> (&'static str, &'static str) {
        KINDS
            .iter()
            .find(|(kind, ..)| *kind == self)
            .map_or(("", ""), |(_, prefix, name)| (prefix, name))
    }

    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|(kind, ..)| *kind)
    }

    /// The part of its ids before the last `_`.
    pub fn prefix(self) -> &'static str {
        self.names().0
    }

    /// The kind whose ids have this prefix.
    pub fn of_prefix(prefix: &str) -> Option<Self> {
        Self::all().find(|kind| kind.prefix() == prefix)
    }

    /// The kind and the UUID of a well-formed id.
    pub fn parse_exact(id: &str) -> Option<(Self, Uuid)> {
        let kind = Self::of_prefix(id.rsplit_once('_')?.0)?;
        Some((kind, id.parse::<TypeSafeId<DynamicType>>().ok()?.uuid()))
    }

    /// The global id of an object of this kind.
    pub fn id(self, uuid: Uuid) -> ID {
        let (prefix, _) = self.names();
        ID(ids::typed(prefix, uuid).to_string())
    }

    /// The UUID in an id that must be of this kind. `path` is the place of the id in the client's
    /// input.
    ///
    /// # Errors
    /// The id is of another kind, or it is not an id of this API.
    pub fn parse(self, path: &str, id: &ID) -> Result<Uuid, WrongId> {
        let (kind, uuid) = parse(path, id)?;
        if kind == self {
            return Ok(uuid);
        }
        let ((_, wanted), (_, given)) = (self.names(), kind.names());
        let message =
            format!("{path} must be the id of a {wanted}; {:?} is the id of a {given}.", id.0);
        Err(WrongId { path: path.to_owned(), message })
    }

    /// The UUIDs of a list of ids, all of this kind.
    ///
    /// # Errors
    /// The first id that [`Self::parse`] refuses. The path ends with its place in the list.
    pub fn parse_all(self, path: &str, ids: &[ID]) -> Result<Vec<Uuid>, WrongId> {
        ids.iter().enumerate().map(|(n, id)| self.parse(&element(path, n), id)).collect()
    }

    /// The UUID of an id that may be left out.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_optional(self, path: &str, id: Option<&ID>) -> Result<Option<Uuid>, WrongId> {
        id.map(|id| self.parse(path, id)).transpose()
    }
}

/// An id that its field does not accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongId {
    /// The place of the id in the client's input, such as `memoIds.2`.
    pub path: String,
    /// What is wrong with it, as a text for people.
    pub message: String,
}

/// The path of an element of a list.
pub fn element(path: &str, n: usize) -> String {
    format!("{path}.{n}")
}

/// The kind and the UUID in an id. If the kind is known and the rest is malformed, the result is a
/// UUID that no object has. So the client gets the same answer as for any unknown id.
///
/// # Errors
/// The text is not an id of this API.
pub fn parse(path: &str, id: &ID) -> Result<(Kind, Uuid), WrongId> {
    let prefix = id.rsplit_once('_').map_or("", |(prefix, _)| prefix);
    let Some(kind) = Kind::of_prefix(prefix) else {
        let shown: String = id.chars().take(60).collect();
        let message = format!(
            "{path} {shown:?} is not an id of this API. Give one that the API returned, such \
             as `memo_…`."
        );
        return Err(WrongId { path: path.to_owned(), message });
    };
    let uuid = id.parse::<TypeSafeId<DynamicType>>().map_or(Uuid::max(), |id| id.uuid());
    Ok((kind, uuid))
}

/// The global id of the object that a mail links to.
pub fn link_id(target: LinkTarget) -> String {
    let (kind, uuid) = match target {
        LinkTarget::Memo(uuid) => (Kind::Memo, uuid),
        LinkTarget::Task(uuid) => (Kind::Task, uuid),
        LinkTarget::Project(uuid) => (Kind::Project, uuid),
    };
    kind.id(uuid).0
}
