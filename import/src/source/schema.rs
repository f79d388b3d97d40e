//! The tables of a Django CRM that an import knows, and what it needs of them.
//!
//! They are those of the versions of 2026 (`tasks.0001_initial`, `chat.0001_initial`,
//! `common.0005_userprofile_avatar`, `crm.0011_contact_avatar_lead_avatar`). Further columns and
//! tables do no harm. A column that is needed and missing is a refusal.

use Kind::{ContentType, Day, Flag, Group, Moment, Number, Person, Reference, Text};

/// What a column contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The row's own id, which every dump has as `pk`.
    Key,
    /// The id of a row of another table.
    Reference,
    /// The id of a person. Dumps may have the username instead.
    Person,
    /// The id of a group. Dumps may have its name instead.
    Group,
    /// The id of a type of content. It is kept as `app.model`.
    ContentType,
    /// A whole number.
    Number,
    /// A text.
    Text,
    /// Yes or no.
    Flag,
    /// A moment.
    Moment,
    /// A day.
    Day,
}

/// How much an import needs a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// A row without a value is left out.
    Value,
    /// The column must exist. A row may have no value.
    Column,
    /// The column may be missing.
    Nothing,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) need: Need,
}

impl Column {
    /// Its name in a dump.
    pub(crate) fn field(&self) -> &'static str {
        match self.kind {
            Reference | Person | Group | ContentType => {
                self.name.strip_suffix("_id").unwrap_or(self.name)
            }
            _ => self.name,
        }
    }
}

/// How a table is in a dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InDump {
    /// Each row is an object of this model.
    Model(&'static str),
    /// The rows are lists in this field of objects of a model.
    List {
        /// The model.
        model: &'static str,
        /// The field.
        field: &'static str,
    },
}

/// A table that is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) in_dump: InDump,
    /// The column by which it is read in pages.
    pub(crate) key: &'static str,
    /// Whether a source may lack it.
    pub(crate) optional: bool,
    pub(crate) columns: &'static [Column],
}

impl Table {
    /// Whether its rows link two others, and have no id in a dump.
    pub(crate) fn is_link(&self) -> bool {
        matches!(self.in_dump, InDump::List { .. })
    }
}

const fn key(name: &'static str) -> Column {
    Column { name, kind: Kind::Key, need: Need::Value }
}
const fn needed(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, need: Need::Value }
}
const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, need: Need::Column }
}
const fn extra(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, need: Need::Nothing }
}

macro_rules! tables {
    ($($constant:ident = $name:literal $in_dump:expr, by $key:literal $(($optional:ident))?
        [$($column:expr),+ $(,)?];)+) => {
        $(
            pub(crate) const $constant: &str = $name;
        )+
        /// The tables that are read, each after those to which it refers.
        pub(crate) const TABLES: &[Table] = &[$(Table {
            name: $name,
            in_dump: $in_dump,
            key: $key,
            optional: tables!(@ $($optional)?),
            columns: &[$($column),+],
        }),+];
    };
    (@ optional) => { true };
    (@) => { false };
}

const fn model(name: &'static str) -> InDump {
    InDump::Model(name)
}
const fn list(model: &'static str, field: &'static str) -> InDump {
    InDump::List { model, field }
}

tables! {
    GROUPS = "auth_group" model("auth.group"), by "id" [key("id"), needed("name", Text)];
    USERS = "auth_user" model("auth.user"), by "id" [
        key("id"), needed("username", Text), column("first_name", Text), column("last_name", Text),
        column("email", Text), column("password", Text), column("is_superuser", Flag),
        column("is_staff", Flag), column("is_active", Flag), column("date_joined", Moment),
    ];
    USER_GROUPS = "auth_user_groups" list("auth.user", "groups"), by "id" [
        needed("user_id", Person), needed("group_id", Group),
    ];
    RESOLUTIONS = "tasks_resolution" model("tasks.resolution"), by "id" [
        key("id"), column("name", Text),
    ];
    TAGS = "tasks_tag" model("tasks.tag"), by "id" [
        key("id"), column("name", Text), extra("for_content_id", ContentType),
    ];
    DEAL_STAGES = "crm_stage" model("crm.stage"), by "id" (optional) [
        key("id"), column("name", Text), extra("default", Flag), extra("success_stage", Flag),
    ];
    CLOSING_REASONS = "crm_closingreason" model("crm.closingreason"), by "id" (optional) [
        key("id"), extra("success_reason", Flag),
    ];
    DEALS = "crm_deal" model("crm.deal"), by "id" (optional) [
        key("id"), column("name", Text), column("creation_date", Moment),
        extra("closing_date", Day), extra("active", Flag), extra("stage_id", Reference),
        extra("closing_reason_id", Reference),
    ];
    PROJECT_STAGES = "tasks_projectstage" model("tasks.projectstage"), by "id" [
        key("id"), column("name", Text), column("default", Flag), column("done", Flag),
        column("in_progress", Flag),
    ];
    PROJECTS = "tasks_project" model("tasks.project"), by "id" [
        key("id"), column("name", Text), column("description", Text), column("note", Text),
        column("creation_date", Moment), column("due_date", Day), column("active", Flag),
        extra("workflow", Text), column("owner_id", Person), extra("co_owner_id", Person),
        column("stage_id", Reference),
    ];
    PROJECT_RESPONSIBLE = "tasks_project_responsible" list("tasks.project", "responsible"),
        by "id" [needed("project_id", Reference), needed("user_id", Person)];
    PROJECT_SUBSCRIBERS = "tasks_project_subscribers" list("tasks.project", "subscribers"),
        by "id" [needed("project_id", Reference), needed("user_id", Person)];
    TASK_STAGES = "tasks_taskstage" model("tasks.taskstage"), by "id" [
        key("id"), column("name", Text), column("default", Flag), column("done", Flag),
        column("in_progress", Flag),
    ];
    TASKS = "tasks_task" model("tasks.task"), by "id" [
        key("id"), column("name", Text), column("description", Text), column("note", Text),
        column("creation_date", Moment), column("due_date", Day), column("active", Flag),
        extra("workflow", Text), column("owner_id", Person), extra("co_owner_id", Person),
        column("stage_id", Reference),
    ];
    TASK_RESPONSIBLE = "tasks_task_responsible" list("tasks.task", "responsible"),
        by "id" [needed("task_id", Reference), needed("user_id", Person)];
    TASK_SUBSCRIBERS = "tasks_task_subscribers" list("tasks.task", "subscribers"),
        by "id" [needed("task_id", Reference), needed("user_id", Person)];
    MEMOS = "tasks_memo" model("tasks.memo"), by "id" [
        key("id"), column("creation_date", Moment), column("update_date", Moment),
        column("name", Text), column("description", Text), column("note", Text),
        column("draft", Flag), column("review_date", Day), column("stage", Text),
        column("owner_id", Person), column("to_id", Person), extra("deal_id", Reference),
        column("task_id", Reference), column("project_id", Reference),
        column("resolution_id", Reference),
    ];
    MEMO_SUBSCRIBERS = "tasks_memo_subscribers" list("tasks.memo", "subscribers"), by "id" [
        needed("memo_id", Reference), needed("user_id", Person),
    ];
    MEMO_NOTIFIED = "tasks_memo_notified_subscribers" list("tasks.memo", "notified_subscribers"),
        by "id" [needed("memo_id", Reference), needed("user_id", Person)];
    MEMO_TAGS = "tasks_memo_tags" list("tasks.memo", "tags"), by "id" [
        needed("memo_id", Reference), needed("tag_id", Reference),
    ];
    FILES = "common_thefile" model("common.thefile"), by "id" [
        key("id"), column("file", Text), needed("object_id", Number),
        needed("content_type_id", ContentType),
    ];
    REMINDERS = "common_reminder" model("common.reminder"), by "id" [
        key("id"), needed("object_id", Number), column("subject", Text),
        column("description", Text), needed("reminder_date", Moment), column("active", Flag),
        column("creation_date", Moment), needed("content_type_id", ContentType),
        column("owner_id", Person),
    ];
    MESSAGES = "chat_chatmessage" model("chat.chatmessage"), by "id" [
        key("id"), needed("object_id", Number), column("content", Text),
        column("creation_date", Moment), needed("content_type_id", ContentType),
        column("answer_to_id", Reference), column("topic_id", Reference),
        column("owner_id", Person),
    ];
    MESSAGE_TO = "chat_chatmessage_to" list("chat.chatmessage", "to"), by "id" [
        needed("chatmessage_id", Reference), needed("user_id", Person),
    ];
    MESSAGE_UNREAD = "chat_chatmessage_recipients" list("chat.chatmessage", "recipients"),
        by "id" [needed("chatmessage_id", Reference), needed("user_id", Person)];
    LOG = "django_admin_log" model("admin.logentry"), by "id" (optional) [
        key("id"), column("object_id", Number), column("action_flag", Number),
        column("change_message", Text), column("content_type_id", ContentType),
        column("user_id", Person), column("action_time", Moment),
    ];
}

/// The table of the types of contents. It is read first, and not kept.
pub(crate) const CONTENT_TYPES: &str = "django_content_type";
/// Its model in a dump.
pub(crate) const CONTENT_TYPE_MODEL: &str = "contenttypes.contenttype";

/// Tables of the other system that have no place here, with their models or lists in a dump, and
/// why.
pub(crate) const NOT_TAKEN: &[(&str, InDump, &str)] = &[
    ("auth_group_permissions", list("auth.group", "permissions"), "rights are roles here"),
    ("auth_user_user_permissions", list("auth.user", "user_permissions"), "rights are roles here"),
    ("common_department", model("common.department"), "departments are groups: see --map"),
    ("common_userprofile", model("common.userprofile"), "people have no such profile here"),
    ("crm_deal_tags", list("crm.deal", "tags"), "deals have no tags here"),
    ("tasks_task_tags", list("tasks.task", "tags"), "tasks have no tags here"),
    ("tasks_project_tags", list("tasks.project", "tags"), "projects have no tags here"),
    (
        "tasks_task_notified_responsible",
        list("tasks.task", "notified_responsible"),
        "who was notified is not kept here",
    ),
    (
        "tasks_task_notified_subscribers",
        list("tasks.task", "notified_subscribers"),
        "who was notified is not kept here",
    ),
    (
        "tasks_project_notified_responsible",
        list("tasks.project", "notified_responsible"),
        "who was notified is not kept here",
    ),
    (
        "tasks_project_notified_subscribers",
        list("tasks.project", "notified_subscribers"),
        "who was notified is not kept here",
    ),
];

/// Why other tables are not taken.
pub(crate) const NO_PLACE: &str = "there is no place for it here";

/// The types of contents on which files, reminders and messages may be.
pub(crate) const MEMO: &str = "tasks.memo";
pub(crate) const TASK: &str = "tasks.task";
pub(crate) const PROJECT: &str = "tasks.project";

/// The table with this name.
pub(crate) fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}
