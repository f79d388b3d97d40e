//! The interfaces `Node` and `Deletable`, and finding a node by its id.

use super::{
    Comment, Deal, DeletedMemo, File, Memo, MemoDeletion, MemoHold, MemoReassignment, Notification,
    PersonErasure, Project, RefusedMemoDeletion, Reminder, Resolution, Tag, Task, User,
};
use crate::graphql::{
    enums::MemoDeletionBlockerCode,
    error::ApiResult,
    id::Kind,
    loaders::{
        CommentById, DealById, FileById, HoldById, MemoById, NotificationById, PersonErasureById,
        ProjectById, ReassignmentById, RecordById, RecordOfMemo, RefusalById, ReminderById,
        ResolutionById, TagById, TaskById, UserById, loaders,
    },
};
use async_graphql::{Context, ID, Interface};
use entity::memo_deletion;
use uuid::Uuid;

/// An object with a global id, for refetching with `node`.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The global id."))]
pub enum Node {
    /// A memo.
    Memo(Memo),
    /// What remains of a deleted memo.
    DeletedMemo(DeletedMemo),
    /// A deletion record.
    MemoDeletion(MemoDeletion),
    /// A person.
    User(User),
    /// A task.
    Task(Task),
    /// A project.
    Project(Project),
    /// A deal.
    Deal(Deal),
    /// A tag.
    Tag(Tag),
    /// A resolution.
    Resolution(Resolution),
    /// A file.
    File(File),
    /// A comment.
    Comment(Comment),
    /// A reminder.
    Reminder(Reminder),
    /// A notification.
    Notification(Notification),
    /// A hold, for administrators.
    MemoHold(MemoHold),
    /// A refused attempt to delete a memo, for administrators.
    RefusedMemoDeletion(RefusedMemoDeletion),
    /// The record of memos that were passed on, for administrators.
    MemoReassignment(MemoReassignment),
    /// The record of a person's erasure, for administrators.
    PersonErasure(PersonErasure),
}

/// An object that a viewer may be able to delete.
#[derive(Interface)]
#[graphql(
    field(
        name = "viewer_can_delete",
        ty = "bool",
        desc = "Whether the viewer may delete it now. Use this to show or hide a button: the\n\
            mutation checks again."
    ),
    field(
        name = "viewer_cannot_delete_reasons",
        ty = "Vec<MemoDeletionBlockerCode>",
        desc = "Why the viewer may not delete it; empty if they may."
    )
)]
pub enum Deletable {
    /// A memo.
    Memo(Memo),
}

/// The object with this id, if it exists for the viewer. For a deleted memo, this is what remains
/// of it.
///
/// # Errors
/// What went wrong inside.
pub async fn find_node(ctx: &Context<'_>, kind: Kind, id: Uuid) -> ApiResult<Option<Node>> {
    let loaders = loaders(ctx)?;
    Ok(match kind {
        Kind::Memo => match loaders.load(MemoById(id)).await? {
            Some(memo) => Some(Node::Memo(Memo::from(memo))),
            None => loaders.load(RecordOfMemo(id)).await?.map(deleted_memo),
        },
        Kind::DeletedMemo => loaders.load(RecordOfMemo(id)).await?.map(deleted_memo),
        Kind::MemoDeletion => {
            loaders.load(RecordById(id)).await?.map(|row| Node::MemoDeletion(MemoDeletion(row)))
        }
        Kind::User => loaders.load(UserById(id)).await?.map(|row| Node::User(User::from(row))),
        Kind::Task => loaders.load(TaskById(id)).await?.map(|row| Node::Task(Task(row))),
        Kind::Project => {
            loaders.load(ProjectById(id)).await?.map(|row| Node::Project(Project(row)))
        }
        Kind::Deal => loaders.load(DealById(id)).await?.map(|row| Node::Deal(Deal::from(row))),
        Kind::Tag => loaders.load(TagById(id)).await?.map(|row| Node::Tag(Tag::from(row))),
        Kind::Resolution => loaders
            .load(ResolutionById(id))
            .await?
            .map(|row| Node::Resolution(Resolution::from(row))),
        Kind::File => loaders.load(FileById(id)).await?.map(|row| Node::File(File(row))),
        Kind::Comment => {
            loaders.load(CommentById(id)).await?.map(|row| Node::Comment(Comment(row)))
        }
        Kind::Reminder => {
            loaders.load(ReminderById(id)).await?.map(|row| Node::Reminder(Reminder(row)))
        }
        Kind::Notification => loaders
            .load(NotificationById(id))
            .await?
            .map(|row| Node::Notification(Notification(row))),
        Kind::MemoHold => {
            loaders.load(HoldById(id)).await?.map(|row| Node::MemoHold(MemoHold(row)))
        }
        Kind::RefusedDeletion => loaders
            .load(RefusalById(id))
            .await?
            .map(|row| Node::RefusedMemoDeletion(RefusedMemoDeletion(row))),
        Kind::MemoReassignment => loaders
            .load(ReassignmentById(id))
            .await?
            .map(|row| Node::MemoReassignment(MemoReassignment(row))),
        Kind::PersonErasure => loaders
            .load(PersonErasureById(id))
            .await?
            .map(|row| Node::PersonErasure(PersonErasure(row))),
    })
}

fn deleted_memo(record: memo_deletion::Model) -> Node {
    Node::DeletedMemo(DeletedMemo(record))
}
