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
        CreateReminderErrorCode, DeleteReminderErrorCode, DismissReminderErrorCode,
        UpdateReminderErrorCode,
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
    respond::{ErrorCode, MutationError},
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
use async_graphql::{
    ContextSelectionSet, Interface, OutputType, Positioned, ServerResult, Value,
    parser::types::Field, registry::Registry,
};
use std::borrow::Cow;

/// Describes the types that all mutations have in common, each with the name of its mutation. It is
/// registered as a type, since only types can change the schema's registry.
pub struct Descriptions;

#[async_trait::async_trait]
impl OutputType for Descriptions {
    fn type_name() -> Cow<'static, str> {
        <UserError as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        describe(registry);
        <UserError as OutputType>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        _: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        Ok(Value::Null)
    }
}

macro_rules! user_errors {
    ($($mutation:ident($field:literal, $code:ident)),+ $(,)?) => {
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

        fn describe(registry: &mut Registry) {
            $(
                registry.set_description(
                    format!("{}Payload", $code::MUTATION),
                    concat!("What `", $field, "` has done, and why it was refused if it was."),
                );
                registry.set_description(
                    format!("{}UserError", $code::MUTATION),
                    concat!("A reason why `", $field, "`, or a part of it, was refused."),
                );
            )+
        }
    };
}

user_errors! {
    AddComment("addComment", AddCommentErrorCode),
    AddMemoSubscribers("addMemoSubscribers", AddMemoSubscribersErrorCode),
    AddMemoTags("addMemoTags", AddMemoTagsErrorCode),
    AttachFiles("attachFiles", AttachFilesErrorCode),
    ChangePassword("changePassword", ChangePasswordErrorCode),
    CompleteProject("completeProject", CompleteProjectErrorCode),
    CompleteTask("completeTask", CompleteTaskErrorCode),
    CopyMemo("copyMemo", CopyMemoErrorCode),
    CreateDeal("createDeal", CreateDealErrorCode),
    CreateMemo("createMemo", CreateMemoErrorCode),
    CreateProject("createProject", CreateProjectErrorCode),
    CreateProjectFromMemo("createProjectFromMemo", CreateProjectFromMemoErrorCode),
    CreateReminder("createReminder", CreateReminderErrorCode),
    CreateResolution("createResolution", CreateResolutionErrorCode),
    CreateTag("createTag", CreateTagErrorCode),
    CreateTask("createTask", CreateTaskErrorCode),
    CreateTaskFromMemo("createTaskFromMemo", CreateTaskFromMemoErrorCode),
    CreateUser("createUser", CreateUserErrorCode),
    DeactivateUser("deactivateUser", DeactivateUserErrorCode),
    DeleteComment("deleteComment", DeleteCommentErrorCode),
    DeleteDeal("deleteDeal", DeleteDealErrorCode),
    DeleteMemo("deleteMemo", DeleteMemoErrorCode),
    DeleteMemos("deleteMemos", DeleteMemosErrorCode),
    DeleteProject("deleteProject", DeleteProjectErrorCode),
    DeleteReminder("deleteReminder", DeleteReminderErrorCode),
    DeleteResolution("deleteResolution", DeleteResolutionErrorCode),
    DeleteTag("deleteTag", DeleteTagErrorCode),
    DeleteTask("deleteTask", DeleteTaskErrorCode),
    DeleteUser("deleteUser", DeleteUserErrorCode),
    DetachFiles("detachFiles", DetachFilesErrorCode),
    DismissReminder("dismissReminder", DismissReminderErrorCode),
    EraseMemoDeletion("eraseMemoDeletion", EraseMemoDeletionErrorCode),
    ErasePerson("erasePerson", ErasePersonErrorCode),
    MarkAllNotificationsRead("markAllNotificationsRead", MarkAllNotificationsReadErrorCode),
    MarkMemosRead("markMemosRead", MarkMemosReadErrorCode),
    MarkMemosUnread("markMemosUnread", MarkMemosUnreadErrorCode),
    MarkNotificationsRead("markNotificationsRead", MarkNotificationsReadErrorCode),
    PlaceMemoHold("placeMemoHold", PlaceMemoHoldErrorCode),
    PlaceMemoHolds("placeMemoHolds", PlaceMemoHoldsErrorCode),
    PostponeMemo("postponeMemo", PostponeMemoErrorCode),
    ReactivateUser("reactivateUser", ReactivateUserErrorCode),
    ReassignMemos("reassignMemos", ReassignMemosErrorCode),
    RefreshSession("refreshSession", RefreshSessionErrorCode),
    ReleaseMemoHold("releaseMemoHold", ReleaseMemoHoldErrorCode),
    ReleaseMemoHolds("releaseMemoHolds", ReleaseMemoHoldsErrorCode),
    RemoveMemoSubscribers("removeMemoSubscribers", RemoveMemoSubscribersErrorCode),
    RemoveMemoTags("removeMemoTags", RemoveMemoTagsErrorCode),
    RestoreMemo("restoreMemo", RestoreMemoErrorCode),
    ReviewMemo("reviewMemo", ReviewMemoErrorCode),
    SendMemo("sendMemo", SendMemoErrorCode),
    SetPassword("setPassword", SetPasswordErrorCode),
    SignIn("signIn", SignInErrorCode),
    SignOut("signOut", SignOutErrorCode),
    TransferFiles("transferFiles", TransferFilesErrorCode),
    UpdateComment("updateComment", UpdateCommentErrorCode),
    UpdateDeal("updateDeal", UpdateDealErrorCode),
    UpdateMailPreferences("updateMailPreferences", UpdateMailPreferencesErrorCode),
    UpdateMemo("updateMemo", UpdateMemoErrorCode),
    UpdateProject("updateProject", UpdateProjectErrorCode),
    UpdateReminder("updateReminder", UpdateReminderErrorCode),
    UpdateResolution("updateResolution", UpdateResolutionErrorCode),
    UpdateTag("updateTag", UpdateTagErrorCode),
    UpdateTask("updateTask", UpdateTaskErrorCode),
    UpdateUser("updateUser", UpdateUserErrorCode),
}
