//! The statements that fill the tables, in the order of their keys.

use super::{
    Size,
    dialect::{Dialect, memo_time},
    rows::{BEGUN, COMMENTS, Row, SUBSCRIBERS, TAGS, TAGS_A_MEMO, mixed_sql, salt},
};

/// What descriptions are cut from.
const TEXT: &str = "The customer asked for a revised offer before the end of the month; please \
    check the delivery terms, call the purchasing manager and agree on the discount. Contract \
    draft was sent for approval, the invoice is pending. ";

/// The texts of memos and of comments are cut from so many repetitions.
const REPETITIONS: usize = 6;

/// All rows of the memos of a range, which includes both ends. `before` is how many memos there
/// are already.
pub(super) fn of_memos(dialect: Dialect, size: Size, range: (i64, i64)) -> Vec<String> {
    let memo = dialect.memo("n");
    let person = |number: &str| dialect.old_id(Row::Person, number);
    let at = dialect.time(&memo_time("n"));
    let fresh = |row: Row| dialect.id(row, "(n * 10 + k)", &memo_time("n"));
    let sha256 = dialect.hex("(n * 10 + k)", 64);
    let bytes = format!("1000 + {} % 900000", mixed_sql("n", salt::SIZE));
    let subscriber =
        person(&format!("(({} + k * 37) % {})", mixed_sql("n", salt::SUBSCRIBER), size.people));
    let tag =
        dialect.old_id(Row::Tag, &format!("(({} + k * 7) % {TAGS})", mixed_sql("n", salt::TAG)));
    let people = People::of(size);
    let commenter = format!("CASE k WHEN 1 THEN {} ELSE {} END", people.recipient, people.author);
    let insert = |table: &str, columns: &[(&str, String)], times: i64| {
        dialect.insert(table, columns, range, times)
    };
    let mut statements = vec![memos(dialect, size, range)];
    statements.extend([
        insert(
            "memo_subscribers",
            &[("memo_id", memo.clone()), ("user_id", subscriber), ("created_at", at.clone())],
            SUBSCRIBERS,
        ),
        insert("memo_tags", &[("memo_id", memo.clone()), ("tag_id", tag)], TAGS_A_MEMO),
        insert(
            "blobs",
            &[
                ("sha256", sha256.clone()),
                ("size", bytes.clone()),
                ("location", "'bench/' || n || '/' || k".to_owned()),
                ("created_at", at.clone()),
            ],
            1,
        ),
        insert(
            "files",
            &[
                ("id", fresh(Row::File)),
                ("name", "'offer-' || n || '.pdf'".to_owned()),
                ("media_type", "'application/pdf'".to_owned()),
                ("size", bytes),
                ("blob_sha256", sha256),
                ("uploaded_by", person(&people.author)),
                ("created_at", at.clone()),
            ],
            1,
        ),
        insert(
            "memo_files",
            &[("memo_id", memo.clone()), ("file_id", fresh(Row::File)), ("created_at", at.clone())],
            1,
        ),
        insert(
            "comments",
            &[
                ("id", fresh(Row::Comment)),
                ("memo_id", memo.clone()),
                ("author_id", person(&commenter)),
                ("body", text(salt::TEXT, "120")),
                ("created_at", at.clone()),
            ],
            COMMENTS,
        ),
        // Their day has come and gone, so that the server does not notify everybody at once.
        insert(
            "reminders",
            &[
                ("id", fresh(Row::Reminder)),
                ("memo_id", memo),
                ("user_id", person(&people.recipient)),
                ("due_at", at.clone()),
                ("fired_at", at.clone()),
                ("created_at", at),
            ],
            1,
        ),
    ]);
    statements
}

/// Numbers of people, as expressions.
struct People {
    author: String,
    recipient: String,
}

impl People {
    fn of(size: Size) -> Self {
        let people = size.people;
        let author = format!("({} % {people})", mixed_sql("n", salt::AUTHOR));
        let other = mixed_sql("n", salt::RECIPIENT);
        let recipient = format!("(({author} + 1 + {other} % ({people} - 1)) % {people})");
        Self { author, recipient }
    }
}

fn memos(dialect: Dialect, size: Size, range: (i64, i64)) -> String {
    let people = People::of(size);
    let at = dialect.time(&memo_time("n"));
    let draft = format!("({} % 100 < 10)", mixed_sql("n", salt::DRAFT));
    let stage = format!("{} % 100", mixed_sql("n", salt::STAGE));
    let acted = format!("NOT {draft} AND {stage} >= 50");
    let acted_stage = format!("CASE WHEN {stage} < 75 THEN 'POSTPONED' ELSE 'REVIEWED' END");
    let link = |row: Row, has: i64, which: i64, percent: i64, many: i64| {
        let (has, which) = (mixed_sql("n", has), mixed_sql("n", which));
        let id = dialect.old_id(row, &format!("({which} % {many})"));
        format!("CASE WHEN {has} % 100 < {percent} THEN {id} END")
    };
    let length = format!("470 + {} % 60", mixed_sql("n", salt::LENGTH));
    let mut columns = vec![
        ("id", dialect.memo("n")),
        (
            "name",
            format!("'Memo ' || n || ' about the delivery k' || {}", dialect.hex("n / 50", 8)),
        ),
        ("description", text(salt::TEXT, &length)),
        ("note", format!("CASE WHEN {acted} THEN 'Done as discussed.' END")),
        ("author_id", dialect.old_id(Row::Person, &people.author)),
        ("recipient_id", dialect.old_id(Row::Person, &people.recipient)),
        ("stage", format!("CASE WHEN {acted} THEN {acted_stage} ELSE 'PENDING' END")),
        ("draft", draft.clone()),
        ("task_id", link(Row::Task, salt::HAS_TASK, salt::TASK, 50, size.tasks())),
        ("project_id", link(Row::Project, salt::HAS_PROJECT, salt::PROJECT, 30, size.projects())),
        ("deal_id", link(Row::Deal, salt::HAS_DEAL, salt::DEAL, 30, size.deals())),
        ("sent_at", format!("CASE WHEN NOT {draft} THEN {at} END")),
        ("acted_at", format!("CASE WHEN {acted} THEN {at} END")),
        ("acted_stage", format!("CASE WHEN {acted} THEN {acted_stage} END")),
        ("created_at", at.clone()),
        ("updated_at", at),
    ];
    if dialect.is_postgres() {
        // SQLite's triggers count them.
        columns.push(("comment_count", COMMENTS.to_string()));
        columns.push(("author_comment_count", "1".to_owned()));
        columns.push(("recipient_comment_count", "1".to_owned()));
    }
    dialect.insert("memos", &columns, range, 1)
}

/// A text of that length, which differs between neighbours.
fn text(salt: i64, length: &str) -> String {
    let text = TEXT.repeat(REPETITIONS);
    let first = format!("1 + {} % 400", mixed_sql("n", salt));
    format!("substr('{text}', CAST({first} AS integer), CAST({length} AS integer))")
}

/// What triggers do on every insertion of a memo, for PostgreSQL without its triggers.
pub(super) fn in_place_of_triggers(dialect: Dialect, range: (i64, i64)) -> [String; 2] {
    let (first, last) = (dialect.memo(&range.0.to_string()), dialect.memo(&range.1.to_string()));
    let words = |column: &str, weight: char| {
        format!("setweight(to_tsvector('simple', lower(coalesce({column}, ''))), '{weight}')")
    };
    let words = [words("name", 'A'), words("description", 'B'), words("note", 'C')].join(" || ");
    [
        dialect.insert("memo_ids", &[("id", dialect.memo("n"))], range, 1),
        format!(
            "INSERT INTO memo_search (memo_id, words, stale) SELECT id, {words}, FALSE FROM memos \
             WHERE id BETWEEN {first} AND {last}"
        ),
    ]
}

/// Tags, and the tasks, projects and deals that do not exist yet.
pub(super) fn of_catalogues(dialect: Dialect, before: Size, size: Size) -> Vec<String> {
    let at = dialect.time(&BEGUN.to_string());
    let creator = dialect.old_id(Row::Person, "0");
    let named = |row: Row, name: &str| {
        vec![("id", dialect.old_id(row, "n")), ("name", format!("'{name} ' || n"))]
    };
    let work = |row: Row, name: &str| {
        let mut columns = named(row, name);
        columns.push(("description", "''".to_owned()));
        columns.push(("stage", "'OPEN'".to_owned()));
        columns.push(("created_by", creator.clone()));
        columns.push(("created_at", at.clone()));
        columns
    };
    let mut deal = named(Row::Deal, "Deal");
    deal.push(("stage", "'OPEN'".to_owned()));
    deal.push(("created_at", at.clone()));
    let task_file = dialect.old_id(Row::TaskFile, "n");
    let sha256 = dialect.hex("n * 10", 64);
    let blob = vec![
        ("sha256", sha256.clone()),
        ("size", "1000 + n".to_owned()),
        ("location", "'bench/task/' || n".to_owned()),
        ("created_at", at.clone()),
    ];
    let file = vec![
        ("id", task_file.clone()),
        ("name", "'task-' || n || '.pdf'".to_owned()),
        ("media_type", "'application/pdf'".to_owned()),
        ("size", "1000 + n".to_owned()),
        ("blob_sha256", sha256),
        ("uploaded_by", creator.clone()),
        ("created_at", at.clone()),
    ];
    let attached = vec![
        ("task_id", dialect.old_id(Row::Task, "n")),
        ("file_id", task_file),
        ("created_at", at.clone()),
    ];
    let tasks = (before.tasks(), size.tasks());
    let tables = [
        ("tags", named(Row::Tag, "tag"), (before.tags(), size.tags())),
        ("deals", deal, (before.deals(), size.deals())),
        ("projects", work(Row::Project, "Project"), (before.projects(), size.projects())),
        ("tasks", work(Row::Task, "Task"), tasks),
        ("blobs", blob, tasks),
        ("files", file, tasks),
        ("task_files", attached, tasks),
    ];
    let missing = tables.iter().filter(|(_, _, (there, wanted))| there < wanted);
    missing
        .map(|(table, columns, (there, wanted))| {
            dialect.insert(table, columns, (*there, wanted - 1), 1)
        })
        .collect()
}

/// Everybody sees the tasks and projects of their own memos.
pub(super) fn of_members(dialect: Dialect, range: (i64, i64)) -> [String; 2] {
    let (first, last) = (dialect.memo(&range.0.to_string()), dialect.memo(&range.1.to_string()));
    ["task", "project"].map(|work| {
        let person = |column: &str| {
            format!(
                "SELECT {work}_id AS work_id, {column} AS user_id FROM memos \
                 WHERE {work}_id IS NOT NULL AND id BETWEEN {first} AND {last}"
            )
        };
        format!(
            "INSERT INTO {work}_members ({work}_id, user_id, part) \
             SELECT p.work_id, p.user_id, 'SUBSCRIBER' FROM ({} UNION {}) AS p WHERE TRUE \
             ON CONFLICT DO NOTHING",
            person("author_id"),
            person("recipient_id")
        )
    })
}
