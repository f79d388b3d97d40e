//! The tables whose keys change. PostgreSQL replaces the key, and SQLite creates the table again.

use crate::dialect;
use sea_orm_migration::prelude::*;

/// A table's columns: name and type, as [`dialect`] writes types.
pub(super) type Columns = &'static [(&'static str, &'static str)];

/// The columns of `memos` and of `deleted_memos`.
pub(super) const MEMO: Columns = &[
    ("id", "{uuid}"),
    ("name", "text"),
    ("description", "text"),
    ("note", "text"),
    ("author_id", "{uuid}"),
    ("recipient_id", "{uuid}"),
    ("stage", "text"),
    ("draft", "{bool}"),
    ("review_date", "{date}"),
    ("deal_id", "{uuid}"),
    ("task_id", "{uuid}"),
    ("project_id", "{uuid}"),
    ("resolution_id", "{uuid}"),
    ("sent_at", "{timestamp}"),
    ("acted_at", "{timestamp}"),
    ("acted_stage", "text"),
    ("created_at", "{timestamp}"),
    ("updated_at", "{timestamp}"),
    ("revision", "{bigint}"),
    ("on_hold", "{bool}"),
    ("comment_count", "{bigint}"),
    ("author_comment_count", "{bigint}"),
    ("recipient_comment_count", "{bigint}"),
    ("version", "{bigint}"),
];

/// A table whose rows belong to memos.
struct Belonging {
    name: &'static str,
    /// The column that refers to the memo.
    memo: &'static str,
    columns: Columns,
    /// The definition. It contains `{parent}` for the table to which the memo's column refers.
    definition: &'static str,
    indexes: &'static str,
}

pub(super) const SUBSCRIBER: Columns =
    &[("memo_id", "{uuid}"), ("user_id", "{uuid}"), ("created_at", "{timestamp}")];
pub(super) const TAG: Columns = &[("memo_id", "{uuid}"), ("tag_id", "{uuid}")];
pub(super) const ATTACHMENT: Columns =
    &[("memo_id", "{uuid}"), ("file_id", "{uuid}"), ("created_at", "{timestamp}")];
pub(super) const COMMENT: Columns = &[
    ("id", "{uuid}"),
    ("memo_id", "{uuid}"),
    ("author_id", "{uuid}"),
    ("body", "text"),
    ("created_at", "{timestamp}"),
    ("edited_at", "{timestamp}"),
];
pub(super) const REMINDER: Columns = &[
    ("id", "{uuid}"),
    ("memo_id", "{uuid}"),
    ("user_id", "{uuid}"),
    ("due_at", "{timestamp}"),
    ("dismissed_at", "{timestamp}"),
    ("created_at", "{timestamp}"),
    ("fired_at", "{timestamp}"),
];
pub(super) const UNREAD_MARK: Columns =
    &[("memo_id", "{uuid}"), ("user_id", "{uuid}"), ("created_at", "{timestamp}")];
const HOLD: Columns = &[
    ("id", "{uuid}"),
    ("memo_id", "{uuid}"),
    ("held_memo_id", "{uuid}"),
    ("reason", "text"),
    ("placed_by", "{uuid}"),
    ("placed_at", "{timestamp}"),
    ("released_by", "{uuid}"),
    ("released_at", "{timestamp}"),
];

/// A hold has no cascade, so it forbids erasing the memo's id.
const BELONGINGS: [Belonging; 7] = [
    Belonging {
        name: "memo_subscribers",
        memo: "memo_id",
        columns: SUBSCRIBER,
        definition: "
    memo_id {uuid} NOT NULL REFERENCES {parent} (id) ON DELETE CASCADE,
    user_id {uuid} NOT NULL REFERENCES users (id),
    created_at {timestamp} NOT NULL,
    PRIMARY KEY (memo_id, user_id)",
        indexes: "
CREATE INDEX memo_subscribers_user ON memo_subscribers (user_id, memo_id);",
    },
    Belonging {
        name: "memo_tags",
        memo: "memo_id",
        columns: TAG,
        definition: "
    memo_id {uuid} NOT NULL REFERENCES {parent} (id) ON DELETE CASCADE,
    tag_id {uuid} NOT NULL REFERENCES tags (id),
    PRIMARY KEY (memo_id, tag_id)",
        indexes: "
CREATE INDEX memo_tags_tag ON memo_tags (tag_id, memo_id);",
    },
    Belonging {
        name: "memo_files",
        memo: "memo_id",
        columns: ATTACHMENT,
        definition: "
    memo_id {uuid} NOT NULL REFERENCES {parent} (id) ON DELETE CASCADE,
    file_id {uuid} NOT NULL REFERENCES files (id),
    created_at {timestamp} NOT NULL,
    PRIMARY KEY (memo_id, file_id)",
        indexes: "
CREATE INDEX memo_files_file ON memo_files (file_id, memo_id);",
    },
    Belonging {
        name: "comments",
        memo: "memo_id",
        columns: COMMENT,
        definition: "
    id {uuid} PRIMARY KEY,
    memo_id {uuid} NOT NULL REFERENCES {parent} (id) ON DELETE CASCADE,
    author_id {uuid} NOT NULL REFERENCES users (id),
    body text NOT NULL CHECK (length(body) >= 1),
    created_at {timestamp} NOT NULL,
    edited_at {timestamp}",
        indexes: "
CREATE INDEX comments_memo ON comments (memo_id, id);
CREATE INDEX comments_author ON comments (author_id);",
    },
    Belonging {
        name: "reminders",
        memo: "memo_id",
        columns: REMINDER,
        definition: "
    id {uuid} PRIMARY KEY,
    memo_id {uuid} NOT NULL REFERENCES {parent} (id) ON DELETE CASCADE,
    user_id {uuid} NOT NULL REFERENCES users (id),
    due_at {timestamp} NOT NULL,
    dismissed_at {timestamp},
    created_at {timestamp} NOT NULL,
    fired_at {timestamp}",
        indexes: "
CREATE INDEX reminders_memo ON reminders (memo_id, id);
CREATE INDEX reminders_user ON reminders (user_id, due_at);
CREATE INDEX reminders_due ON reminders (due_at) WHERE fired_at IS NULL AND dismissed_at IS NULL;",
    },
    Belonging {
        name: "unread_marks",
        memo: "memo_id",
        columns: UNREAD_MARK,
        definition: "
    memo_id {uuid} NOT NULL REFERENCES {parent} (id) ON DELETE CASCADE,
    user_id {uuid} NOT NULL REFERENCES users (id),
    created_at {timestamp} NOT NULL,
    PRIMARY KEY (memo_id, user_id)",
        indexes: "
CREATE INDEX unread_marks_user ON unread_marks (user_id, memo_id);",
    },
    Belonging {
        name: "memo_holds",
        memo: "held_memo_id",
        columns: HOLD,
        definition: "
    id {uuid} PRIMARY KEY,
    memo_id {uuid} NOT NULL,
    held_memo_id {uuid} {unique}REFERENCES {parent} (id),
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    placed_by {uuid} NOT NULL REFERENCES users (id),
    placed_at {timestamp} NOT NULL,
    released_by {uuid} REFERENCES users (id),
    released_at {timestamp},
    {matter}CHECK (held_memo_id IS NULL OR held_memo_id = memo_id),
    CHECK ((released_at IS NULL) = (held_memo_id IS NOT NULL)),
    CHECK ((released_at IS NULL) = (released_by IS NULL))",
        indexes: "
CREATE INDEX memo_holds_memo ON memo_holds (memo_id);
CREATE INDEX memo_holds_placed_by ON memo_holds (placed_by);
CREATE INDEX memo_holds_released_by ON memo_holds (released_by) WHERE released_by IS NOT NULL;",
    },
];

/// Several matters can hold a memo at the same time, each of them once.
const MATTER: &str = "matter text NOT NULL DEFAULT '' CHECK (length(matter) <= 250)";
const HOLDS_BY_MATTER: &str = "
CREATE UNIQUE INDEX memo_holds_active ON memo_holds (held_memo_id, matter)
    WHERE held_memo_id IS NOT NULL;
";

/// Makes the belongings refer to `parent`: `memo_ids`, or `memos` on the way down.
pub(super) async fn refer_to(manager: &SchemaManager<'_>, parent: &str) -> Result<(), DbErr> {
    let up = parent == "memo_ids";
    for belonging in BELONGINGS {
        if dialect::is_postgres(manager) {
            dialect::run(manager, &belonging.replace_key(parent)).await?;
        } else {
            dialect::run(manager, &belonging.rebuild(parent)).await?;
        }
    }
    if dialect::is_postgres(manager) {
        let holds = if up {
            format!(
                "ALTER TABLE memo_holds DROP CONSTRAINT memo_holds_held_memo_id_key;
                 ALTER TABLE memo_holds ADD COLUMN {MATTER};"
            )
        } else {
            "DROP INDEX memo_holds_active;
             ALTER TABLE memo_holds DROP COLUMN matter;
             ALTER TABLE memo_holds ADD UNIQUE (held_memo_id);"
                .to_owned()
        };
        dialect::run(manager, &holds).await?;
    }
    if up {
        dialect::run(manager, HOLDS_BY_MATTER).await?;
    }
    Ok(())
}

impl Belonging {
    fn replace_key(&self, parent: &str) -> String {
        let Self { name, memo, .. } = self;
        let cascade = if *name == "memo_holds" { "" } else { " ON DELETE CASCADE" };
        format!(
            "ALTER TABLE {name} DROP CONSTRAINT {name}_{memo}_fkey;
             ALTER TABLE {name} ADD FOREIGN KEY ({memo}) REFERENCES {parent} (id){cascade};"
        )
    }

    fn rebuild(&self, parent: &str) -> String {
        let Self { name, columns, definition, indexes, .. } = self;
        let (unique, matter) = if parent == "memo_ids" {
            ("", format!("{MATTER},\n    "))
        } else {
            ("UNIQUE ", String::new())
        };
        let definition = definition
            .replace("{parent}", parent)
            .replace("{unique}", unique)
            .replace("{matter}", &matter);
        let columns = names(columns);
        format!(
            "CREATE TABLE new_{name} ({definition}\n) {{strict}};
             INSERT INTO new_{name} ({columns}) SELECT {columns} FROM {name};
             DROP TABLE {name};
             ALTER TABLE new_{name} RENAME TO {name};
             {indexes}"
        )
    }
}

/// The names of the columns, separated by commas.
pub(super) fn names(columns: Columns) -> String {
    columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// The only definition of both tables. `id` and `people` are the keys of these columns.
fn memo_table(name: &str, id: &str, people: &str) -> String {
    format!(
        "CREATE TABLE {name} (
    id {{uuid}} PRIMARY KEY{id},
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 250),
    description text NOT NULL,
    note text,
    author_id {{uuid}} NOT NULL{people},
    recipient_id {{uuid}} NOT NULL{people},
    stage text NOT NULL CHECK (stage IN ('PENDING', 'POSTPONED', 'REVIEWED')),
    draft {{bool}} NOT NULL,
    review_date {{date}},
    deal_id {{uuid}} REFERENCES deals (id),
    task_id {{uuid}} REFERENCES tasks (id),
    project_id {{uuid}} REFERENCES projects (id),
    resolution_id {{uuid}} REFERENCES resolutions (id),
    sent_at {{timestamp}},
    acted_at {{timestamp}},
    acted_stage text CHECK (acted_stage IN ('POSTPONED', 'REVIEWED')),
    created_at {{timestamp}} NOT NULL,
    updated_at {{timestamp}} NOT NULL,
    revision {{bigint}} NOT NULL DEFAULT 1,
    on_hold {{bool}} NOT NULL DEFAULT FALSE,
    comment_count {{bigint}} NOT NULL DEFAULT 0,
    author_comment_count {{bigint}} NOT NULL DEFAULT 0,
    recipient_comment_count {{bigint}} NOT NULL DEFAULT 0,
    version {{bigint}} NOT NULL DEFAULT 1,
    CHECK (stage = 'PENDING' OR NOT draft),
    CHECK ((acted_at IS NULL) = (acted_stage IS NULL))
) {{strict}};
"
    )
}

/// `deleted_memos`. Author and recipient have no key here, because the record of the deletion has
/// one.
pub(super) fn deleted_memos() -> String {
    memo_table("deleted_memos", " REFERENCES memo_ids (id) ON DELETE CASCADE", "")
        + "
CREATE INDEX deleted_memos_deal ON deleted_memos (deal_id) WHERE deal_id IS NOT NULL;
CREATE INDEX deleted_memos_task ON deleted_memos (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX deleted_memos_project ON deleted_memos (project_id) WHERE project_id IS NOT NULL;
CREATE INDEX deleted_memos_resolution ON deleted_memos (resolution_id)
    WHERE resolution_id IS NOT NULL;
"
}

/// Makes the rows of `memos` refer to `memo_ids`, or to nothing on the way down.
pub(super) async fn rebuild_memos(manager: &SchemaManager<'_>, up: bool) -> Result<(), DbErr> {
    if dialect::is_postgres(manager) {
        let sql = if up {
            "ALTER TABLE memos ADD FOREIGN KEY (id) REFERENCES memo_ids (id);"
        } else {
            "ALTER TABLE memos DROP CONSTRAINT memos_id_fkey;"
        };
        return dialect::run(manager, sql).await;
    }
    let table = memo_table(
        "new_memos",
        if up { " REFERENCES memo_ids (id)" } else { "" },
        " REFERENCES users (id)",
    );
    let columns = names(MEMO);
    let sql = format!(
        "{table}
         INSERT INTO new_memos ({columns}) SELECT {columns} FROM memos;
         DROP TABLE memos;
         ALTER TABLE new_memos RENAME TO memos;
         {MEMO_INDEXES}"
    );
    dialect::run(manager, &sql).await
}

const MEMO_INDEXES: &str = "
CREATE INDEX memos_deal ON memos (deal_id, id) WHERE deal_id IS NOT NULL;
CREATE INDEX memos_task ON memos (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX memos_project ON memos (project_id) WHERE project_id IS NOT NULL;
CREATE INDEX memos_resolution ON memos (resolution_id) WHERE resolution_id IS NOT NULL;
CREATE INDEX memos_author_id ON memos (author_id, draft, id);
CREATE INDEX memos_author_updated ON memos (author_id, draft, updated_at, id);
CREATE INDEX memos_author_name ON memos (author_id, draft, name, id);
CREATE INDEX memos_author_review
    ON memos (author_id, draft, coalesce(review_date, '9999-12-31'), id);
CREATE INDEX memos_recipient_id ON memos (recipient_id, draft, id);
CREATE INDEX memos_recipient_updated ON memos (recipient_id, draft, updated_at, id);
CREATE INDEX memos_recipient_name ON memos (recipient_id, draft, name, id);
CREATE INDEX memos_recipient_review
    ON memos (recipient_id, draft, coalesce(review_date, '9999-12-31'), id);
CREATE INDEX memos_id ON memos (draft, id);
CREATE INDEX memos_updated ON memos (draft, updated_at, id);
CREATE INDEX memos_name ON memos (draft, name, id);
CREATE INDEX memos_review ON memos (draft, coalesce(review_date, '9999-12-31'), id);
";
