//! The interface of all errors of mutations.

use super::{
    accounts::passwords::{ChangePasswordErrorCode, SetPasswordErrorCode},
    accounts::sessions::{RefreshSessionErrorCode, SignInErrorCode, SignOutErrorCode},
    catalogue::deals::{CreateDealErrorCode, UpdateDealErrorCode},
    catalogue::deletion::{DeleteDealErrorCode, DeleteResolutionErrorCode, DeleteTagErrorCode},
    catalogue::names::{
        CreateResolutionErrorCode, CreateTagErrorCode, UpdateResolutionErrorCode,
        UpdateTagErrorCode,
    },
    deletion::delete::DeleteMemoErrorCode,
    deletion::delete_many::DeleteMemosErrorCode,
    deletion::erase::EraseMemoDeletionErrorCode,
    deletion::holds::{PlaceMemoHoldErrorCode, ReleaseMemoHoldErrorCode},
    deletion::many_holds::{PlaceMemoHoldsErrorCode, ReleaseMemoHoldsErrorCode},
    deletion::reassign::ReassignMemosErrorCode,
    deletion::restore::RestoreMemoErrorCode,
    discussion::comments::{AddCommentErrorCode, DeleteCommentErrorCode, UpdateCommentErrorCode},
    discussion::reminders::{
        ChangeReminderErrorCode, DismissReminderErrorCode, SetReminderErrorCode,
    },
    files::{AttachFilesErrorCode, DetachFilesErrorCode},
    memos::create::{CopyMemoErrorCode, CreateMemoErrorCode},
    memos::read_marks::{MarkMemosReadErrorCode, MarkMemosUnreadErrorCode},
    memos::send::SendMemoErrorCode,
    memos::stage::{PostponeMemoErrorCode, ReviewMemoErrorCode},
    memos::subscribers::{AddMemoSubscribersErrorCode, RemoveMemoSubscribersErrorCode},
    memos::tags::{AddMemoTagsErrorCode, RemoveMemoTagsErrorCode},
    memos::update::UpdateMemoErrorCode,
    notifications::mail_preferences::UpdateMailPreferencesErrorCode,
    notifications::read_marks::{
        MarkAllNotificationsReadErrorCode, MarkNotificationsReadErrorCode,
    },
    people::erase::ErasePersonErrorCode,
    people::lifecycle::{DeactivateUserErrorCode, DeleteUserErrorCode, ReactivateUserErrorCode},
    people::profiles::{CreateUserErrorCode, UpdateUserErrorCode},
    respond::MutationError,
    work::create::{
        CreateProjectErrorCode, CreateProjectFromMemoErrorCode, CreateTaskErrorCode,
        CreateTaskFromMemoErrorCode,
    },
    work::transfer::TransferFilesErrorCode,
    work::update::{
        CompleteProjectErrorCode, CompleteTaskErrorCode, DeleteProjectErrorCode,
        DeleteTaskErrorCode, UpdateProjectErrorCode, UpdateTaskErrorCode,
    },
};
use async_graphql::Interface;

macro_rules! user_errors {
    ($($mutation:ident($code:ident)),+ $(,)?) => {
        /// A reason why a mutation, or a part of it, was refused. Each mutation has its own type
        /// with its own codes.
        #[derive(Interface)]
        #[graphql(
            field(
                name = "field",
                ty = "&Option<Vec<String>>",
                desc = "The path to the input field, for example `[\"input\", \"reason\"]`.\n\
                    List items are numbered from 0. Null if the error is not about a\n\
                    single field."
            ),
            field(
                name = "message",
                ty = "&String",
                desc = "The reason and what to do instead, as English text for people."
            )
        )]
        pub enum UserError { $($mutation(MutationError<$code>)),+ }
    };
}

user_errors! {
    AddComment(AddCommentErrorCode),
    AddMemoSubscribers(AddMemoSubscribersErrorCode),
    AddMemoTags(AddMemoTagsErrorCode),
    AttachFiles(AttachFilesErrorCode),
    ChangePassword(ChangePasswordErrorCode),
    ChangeReminder(ChangeReminderErrorCode),
    CompleteProject(CompleteProjectErrorCode),
    CompleteTask(CompleteTaskErrorCode),
    CopyMemo(CopyMemoErrorCode),
    CreateDeal(CreateDealErrorCode),
    CreateMemo(CreateMemoErrorCode),
    CreateProject(CreateProjectErrorCode),
    CreateProjectFromMemo(CreateProjectFromMemoErrorCode),
    CreateResolution(CreateResolutionErrorCode),
    CreateTag(CreateTagErrorCode),
    CreateTask(CreateTaskErrorCode),
    CreateTaskFromMemo(CreateTaskFromMemoErrorCode),
    CreateUser(CreateUserErrorCode),
    DeactivateUser(DeactivateUserErrorCode),
    DeleteComment(DeleteCommentErrorCode),
    DeleteDeal(DeleteDealErrorCode),
    DeleteMemo(DeleteMemoErrorCode),
    DeleteMemos(DeleteMemosErrorCode),
    DeleteProject(DeleteProjectErrorCode),
    DeleteResolution(DeleteResolutionErrorCode),
    DeleteTag(DeleteTagErrorCode),
    DeleteTask(DeleteTaskErrorCode),
    DeleteUser(DeleteUserErrorCode),
    DetachFiles(DetachFilesErrorCode),
    DismissReminder(DismissReminderErrorCode),
    EraseMemoDeletion(EraseMemoDeletionErrorCode),
    ErasePerson(ErasePersonErrorCode),
    MarkAllNotificationsRead(MarkAllNotificationsReadErrorCode),
    MarkMemosRead(MarkMemosReadErrorCode),
    MarkMemosUnread(MarkMemosUnreadErrorCode),
    MarkNotificationsRead(MarkNotificationsReadErrorCode),
    PlaceMemoHold(PlaceMemoHoldErrorCode),
    PlaceMemoHolds(PlaceMemoHoldsErrorCode),
    PostponeMemo(PostponeMemoErrorCode),
    ReactivateUser(ReactivateUserErrorCode),
    ReassignMemos(ReassignMemosErrorCode),
    RefreshSession(RefreshSessionErrorCode),
    ReleaseMemoHold(ReleaseMemoHoldErrorCode),
    ReleaseMemoHolds(ReleaseMemoHoldsErrorCode),
    RemoveMemoSubscribers(RemoveMemoSubscribersErrorCode),
    RemoveMemoTags(RemoveMemoTagsErrorCode),
    RestoreMemo(RestoreMemoErrorCode),
    ReviewMemo(ReviewMemoErrorCode),
    SendMemo(SendMemoErrorCode),
    SetPassword(SetPasswordErrorCode),
    SetReminder(SetReminderErrorCode),
    SignIn(SignInErrorCode),
    SignOut(SignOutErrorCode),
    TransferFiles(TransferFilesErrorCode),
    UpdateComment(UpdateCommentErrorCode),
    UpdateDeal(UpdateDealErrorCode),
    UpdateMailPreferences(UpdateMailPreferencesErrorCode),
    UpdateMemo(UpdateMemoErrorCode),
    UpdateProject(UpdateProjectErrorCode),
    UpdateResolution(UpdateResolutionErrorCode),
    UpdateTag(UpdateTagErrorCode),
    UpdateTask(UpdateTaskErrorCode),
    UpdateUser(UpdateUserErrorCode),
}
