//! What PostgreSQL does without a server: for each operation, the best statement that we know, with
//! the same result, over the same tables, prepared, on connections of this program. Where the
//! server needs several statements, one does everything here, and nothing checks what it is given.

use crate::{
    Result,
    load::Worker,
    office::{Memo, code, person},
    operations::Operation,
    plan::Plan,
};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use service::database::Database;
use std::sync::Arc;

const INBOX: &str = "WITH m AS MATERIALIZED (
    SELECT id, name, stage, created_at, author_id, recipient_id, task_id FROM memos
    WHERE recipient_id = $1 AND draft = FALSE ORDER BY id DESC LIMIT 21),
 tg AS (
    SELECT mt.memo_id, array_agg(g.name ORDER BY g.name) n
    FROM m JOIN memo_tags mt ON mt.memo_id = m.id JOIN tags g ON g.id = mt.tag_id GROUP BY 1),
 sb AS (
    SELECT ms.memo_id, array_agg(u.id) i, array_agg(u.full_name) n
    FROM m JOIN memo_subscribers ms ON ms.memo_id = m.id JOIN users u ON u.id = ms.user_id
    GROUP BY 1)
SELECT m.*, o.full_name, r.full_name, t.id, t.name, tg.n, sb.i, sb.n
FROM m JOIN users o ON o.id = m.author_id JOIN users r ON r.id = m.recipient_id
 LEFT JOIN tasks t ON t.id = m.task_id AND (t.created_by = $1
    OR EXISTS (SELECT 1 FROM task_members w WHERE w.task_id = t.id AND w.user_id = $1))
 LEFT JOIN tg ON tg.memo_id = m.id LEFT JOIN sb ON sb.memo_id = m.id
ORDER BY m.id DESC";

const PAGE: &str = "WITH m AS MATERIALIZED (
    SELECT * FROM memos
    WHERE recipient_id = $1 AND draft = FALSE ORDER BY id DESC LIMIT 101),
 tg AS (
    SELECT mt.memo_id, array_agg(g.id ORDER BY g.name) i, array_agg(g.name ORDER BY g.name) n
    FROM m JOIN memo_tags mt ON mt.memo_id = m.id JOIN tags g ON g.id = mt.tag_id GROUP BY 1),
 sb AS (
    SELECT ms.memo_id, array_agg(u.id) i, array_agg(u.full_name) n
    FROM m JOIN memo_subscribers ms ON ms.memo_id = m.id JOIN users u ON u.id = ms.user_id
    GROUP BY 1),
 fl AS (
    SELECT mf.memo_id, array_agg(f.id) i, array_agg(f.name) n, array_agg(f.size) s,
        array_agg(f.media_type) t
    FROM m JOIN memo_files mf ON mf.memo_id = m.id JOIN files f ON f.id = mf.file_id GROUP BY 1),
 rm AS (
    SELECT r.memo_id, array_agg(r.id) i, array_agg(r.due_at) d
    FROM m JOIN reminders r ON r.memo_id = m.id
    WHERE r.user_id = $1 AND r.dismissed_at IS NULL GROUP BY 1)
SELECT m.*, o.full_name, o.username, r.full_name, r.username, t.id, t.name, t.stage, p.id, p.name,
    p.stage, d.id, d.name, d.stage, tg.i, tg.n, sb.i, sb.n, fl.i, fl.n, fl.s, fl.t, rm.i, rm.d,
    x.memo_id IS NOT NULL
FROM m JOIN users o ON o.id = m.author_id JOIN users r ON r.id = m.recipient_id
 LEFT JOIN tasks t ON t.id = m.task_id AND (t.created_by = $1
    OR EXISTS (SELECT 1 FROM task_members w WHERE w.task_id = t.id AND w.user_id = $1))
 LEFT JOIN projects p ON p.id = m.project_id AND (p.created_by = $1
    OR EXISTS (SELECT 1 FROM project_members w WHERE w.project_id = p.id AND w.user_id = $1))
 LEFT JOIN deals d ON d.id = m.deal_id
 LEFT JOIN tg ON tg.memo_id = m.id LEFT JOIN sb ON sb.memo_id = m.id
 LEFT JOIN fl ON fl.memo_id = m.id LEFT JOIN rm ON rm.memo_id = m.id
 LEFT JOIN unread_marks x ON x.memo_id = m.id AND x.user_id = $1
ORDER BY m.id DESC";

const MEMO: &str = "SELECT m.*, o.full_name, r.full_name, t.name, p.name, d.name, g.i, g.n, s.i,
    s.n, f.i, f.n, f.s, c.i, c.b, c.t, c.a, c.n, x.memo_id IS NOT NULL
 FROM memos m JOIN users o ON o.id = m.author_id JOIN users r ON r.id = m.recipient_id
 LEFT JOIN tasks t ON t.id = m.task_id AND (t.created_by = $2
    OR EXISTS (SELECT 1 FROM task_members w WHERE w.task_id = t.id AND w.user_id = $2))
 LEFT JOIN projects p ON p.id = m.project_id AND (p.created_by = $2
    OR EXISTS (SELECT 1 FROM project_members w WHERE w.project_id = p.id AND w.user_id = $2))
 LEFT JOIN deals d ON d.id = m.deal_id
 LEFT JOIN unread_marks x ON x.memo_id = m.id AND x.user_id = $2
 CROSS JOIN LATERAL (SELECT array_agg(u.id) i, array_agg(u.name) n FROM memo_tags y
    JOIN tags u ON u.id = y.tag_id WHERE y.memo_id = m.id) g
 CROSS JOIN LATERAL (SELECT array_agg(u.id) i, array_agg(u.full_name) n FROM memo_subscribers y
    JOIN users u ON u.id = y.user_id WHERE y.memo_id = m.id) s
 CROSS JOIN LATERAL (SELECT array_agg(u.id) i, array_agg(u.name) n, array_agg(u.size) s
    FROM memo_files y JOIN files u ON u.id = y.file_id WHERE y.memo_id = m.id) f
 CROSS JOIN LATERAL (SELECT array_agg(y.id) i, array_agg(y.body) b, array_agg(y.created_at) t,
    array_agg(u.id) a, array_agg(u.full_name) n FROM (
    SELECT * FROM comments WHERE memo_id = m.id ORDER BY id LIMIT 21) y
    JOIN users u ON u.id = y.author_id) c
 WHERE m.id = $1";

/// What contains the words $2. Without the barrier, PostgreSQL would look through the newest memos
/// until a page is full.
const HITS: &str = "WITH h AS MATERIALIZED (
    SELECT memo_id FROM memo_search WHERE words @@ CAST($2 AS tsquery))";

/// What the viewer $1 sees of it.
const FOUND: &str = "FROM h JOIN memos m ON m.id = h.memo_id
WHERE m.author_id = $1 OR (m.draft = FALSE
    AND (m.recipient_id = $1 OR EXISTS (
        SELECT 1 FROM memo_subscribers s WHERE s.memo_id = m.id AND s.user_id = $1)))";

const PREVIEW: &str = "SELECT m.*, (SELECT full_name FROM users WHERE id = m.author_id),
    (SELECT full_name FROM users WHERE id = m.recipient_id), s.i, s.n, g.i, g.n, c.i, c.n, e.i,
    f.i, f.n, f.k, t.name, p.name, d.name
 FROM memos m LEFT JOIN tasks t ON t.id = m.task_id LEFT JOIN projects p ON p.id = m.project_id
    LEFT JOIN deals d ON d.id = m.deal_id
 CROSS JOIN LATERAL (SELECT array_agg(u.id) i, array_agg(u.full_name) n FROM (
    SELECT user_id FROM memo_subscribers WHERE memo_id = m.id ORDER BY user_id LIMIT 21) x
    JOIN users u ON u.id = x.user_id) s
 CROSS JOIN LATERAL (SELECT array_agg(u.id) i, array_agg(u.name) n FROM (
    SELECT tag_id FROM memo_tags WHERE memo_id = m.id ORDER BY tag_id LIMIT 21) x
    JOIN tags u ON u.id = x.tag_id) g
 CROSS JOIN LATERAL (SELECT array_agg(x.id) i, array_agg(left(x.body, 80)) n FROM (
    SELECT id, body FROM comments WHERE memo_id = m.id ORDER BY id LIMIT 21) x) c
 CROSS JOIN LATERAL (SELECT array_agg(x.id) i FROM (
    SELECT id FROM reminders WHERE memo_id = m.id ORDER BY id LIMIT 21) x) e
 CROSS JOIN LATERAL (SELECT array_agg(x.id) i, array_agg(x.name) n, array_agg(
    EXISTS (SELECT 1 FROM task_files o WHERE o.file_id = x.id)
    OR EXISTS (SELECT 1 FROM project_files o WHERE o.file_id = x.id)
    OR EXISTS (SELECT 1 FROM memo_files o WHERE o.file_id = x.id AND o.memo_id <> m.id)) k FROM (
    SELECT fi.id, fi.name FROM memo_files y JOIN files fi ON fi.id = y.file_id
    WHERE y.memo_id = m.id LIMIT 21) x) f
 WHERE m.id = $1";

const DELETION: &str = "WITH m AS (DELETE FROM memos WHERE id = $1 RETURNING *),
 moved AS (INSERT INTO deleted_memos SELECT * FROM m),
 record AS (
    INSERT INTO memo_deletions (id, memo_id, memo_name, author_id, recipient_id, stage, draft,
        deleted_by, deleted_at, verdict, warnings, counts, bytes_freed, restorable_until)
    SELECT gen_random_uuid(), id, name, author_id, recipient_id, stage, draft, $2, now(),
        'DISCOURAGED', '[]', '[]', 0, now() + interval '30 days' FROM m RETURNING id, memo_id),
 told AS (
    INSERT INTO notifications (id, user_id, kind, actor_id, memo_id, deletion_id, created_at)
    SELECT gen_random_uuid(), m.author_id, 'MEMO_DELETED_BY_RECIPIENT', $2, m.id, r.id, now()
    FROM m, record r WHERE m.author_id <> $2)
 INSERT INTO memo_events (memo_id, kind, actor_id, author_id, recipient_id, draft, subscriber_ids,
    deletion_id, occurred_at)
 SELECT m.id, 'DELETED', $2, m.author_id, m.recipient_id, m.draft, (
    SELECT coalesce(jsonb_agg(s.user_id), '[]') FROM memo_subscribers s WHERE s.memo_id = m.id),
    r.id, now() FROM m, record r";

const CREATION: &str = "WITH m AS (
    INSERT INTO memos (id, name, description, author_id, recipient_id, stage, draft, sent_at,
        created_at, updated_at)
    VALUES (gen_random_uuid(), $4, $5, $1, $2, 'PENDING', FALSE, now(), now(), now())
    RETURNING *),
 w AS (
    INSERT INTO memo_search (memo_id, words, stale)
    SELECT m.id, setweight(to_tsvector('simple', lower(m.name)), 'A')
        || setweight(to_tsvector('simple', lower(m.description)), 'B'), FALSE FROM m),
 s AS (
    INSERT INTO memo_subscribers (memo_id, user_id, created_at)
    SELECT m.id, u.id, now() FROM m, unnest($3::uuid[]) u (id)),
 g AS (
    INSERT INTO memo_tags (memo_id, tag_id) SELECT m.id, u.id FROM m, unnest($6::uuid[]) u (id)),
 x AS (
    INSERT INTO unread_marks (memo_id, user_id, created_at)
    SELECT m.id, u.id, now() FROM m, unnest($3::uuid[] || $2::uuid) u (id)),
 n AS (
    INSERT INTO notifications (id, user_id, kind, actor_id, memo_id, created_at)
    SELECT gen_random_uuid(), u.id, 'MEMO_SENT', $1, m.id, now()
    FROM m, unnest($3::uuid[] || $2::uuid) u (id))
 INSERT INTO memo_events (memo_id, kind, actor_id, author_id, recipient_id, draft, subscriber_ids,
    occurred_at)
 SELECT m.id, 'SENT', $1, $1, $2, FALSE, to_jsonb($3::uuid[]), now() FROM m";

/// The people of the memo $1 but the actor $2.
const OTHERS: &str = "p AS (
    SELECT q.id FROM (
        SELECT author_id AS id FROM memos WHERE id = $1
        UNION SELECT recipient_id FROM memos WHERE id = $1
        UNION SELECT user_id FROM memo_subscribers WHERE memo_id = $1) q
    WHERE q.id <> $2)";

const COMMENT: &str = "x AS (
    INSERT INTO unread_marks (memo_id, user_id, created_at)
    SELECT $1, p.id, now() FROM p ON CONFLICT DO NOTHING),
 c AS (
    INSERT INTO comments (id, memo_id, author_id, body, created_at)
    VALUES (gen_random_uuid(), $1, $2, $4, now()))";

const REVIEW: &str = "n AS (
    INSERT INTO notifications (id, user_id, kind, actor_id, memo_id, created_at)
    SELECT gen_random_uuid(), p.id, 'MEMO_REVIEWED', $2, $1, now() FROM p),
 r AS (
    UPDATE memos SET stage = 'REVIEWED', acted_at = now(), acted_stage = 'REVIEWED', note = $4,
        updated_at = now(), version = version + 1 WHERE id = $1)";

/// Something of the kind $3 happened to the memo $1.
const EVENT: &str = "INSERT INTO memo_events (memo_id, kind, actor_id, author_id, recipient_id,
    draft, subscriber_ids, occurred_at)
 SELECT m.id, $3, $2, m.author_id, m.recipient_id, m.draft, (
    SELECT coalesce(jsonb_agg(s.user_id), '[]') FROM memo_subscribers s WHERE s.memo_id = m.id),
    now() FROM memos m WHERE m.id = $1";

/// The statement of each number; `None` if there are no more.
pub(crate) type Statements = Arc<dyn Fn(usize) -> Option<Statement> + Send + Sync>;

/// The statement of an operation. Operations of the same kind work on other memos than the
/// server's.
pub(crate) fn of(operation: Operation, plan: &Arc<Plan>) -> Statements {
    let plan = plan.clone();
    let sql = match operation {
        Operation::Inbox => INBOX.to_owned(),
        Operation::Page => PAGE.to_owned(),
        Operation::Memo => MEMO.to_owned(),
        Operation::Search => {
            format!("{HITS} SELECT m.* {FOUND} ORDER BY m.id DESC LIMIT 21")
        }
        Operation::SearchCount => format!(
            "{HITS}, f AS MATERIALIZED (SELECT m.* {FOUND}) \
             SELECT f.*, (SELECT count(*) FROM f) AS total FROM f ORDER BY f.id DESC LIMIT 21"
        ),
        Operation::Preview => PREVIEW.to_owned(),
        Operation::Deletion => DELETION.to_owned(),
        Operation::Create => CREATION.to_owned(),
        Operation::Comment => format!("WITH {OTHERS}, {COMMENT} {EVENT}"),
        Operation::Review => format!("WITH {OTHERS}, {REVIEW} {EVENT}"),
    };
    Arc::new(move |number| {
        let values = values(operation, &plan, number)?;
        Some(Statement::from_sql_and_values(DbBackend::Postgres, sql.as_str(), values))
    })
}

fn values(operation: Operation, plan: &Plan, number: usize) -> Option<Vec<Value>> {
    Some(match operation {
        Operation::Inbox | Operation::Page => vec![person(plan.viewer(number)).into()],
        Operation::Search | Operation::SearchCount => {
            let memo = plan.sent(number);
            vec![person(memo.recipient).into(), format!("{}:*", code(memo.number)).into()]
        }
        Operation::Memo => {
            let memo = plan.sent(number);
            vec![memo.id.into(), person(memo.recipient).into()]
        }
        Operation::Preview => vec![plan.sent(number).id.into()],
        Operation::Deletion => {
            let memo = plan.removed_by_floor(number)?;
            vec![memo.id.into(), person(memo.deleter()).into()]
        }
        Operation::Create => {
            let new = plan.new_memo(number);
            vec![
                new.author.into(),
                new.recipient.into(),
                new.subscribers.into(),
                new.name.into(),
                new.description.into(),
                new.tags.into(),
            ]
        }
        Operation::Comment => {
            let memo = plan.sent(number);
            acted(memo, "COMMENTED", Plan::comment(number))
        }
        Operation::Review => {
            let memo = plan.reviewed_by_floor(number)?;
            acted(memo, "STAGE_CHANGED", "Done as discussed.".to_owned())
        }
    })
}

fn acted(memo: Memo, event: &str, text: String) -> Vec<Value> {
    vec![memo.id.into(), person(memo.recipient).into(), event.into(), text.into()]
}

/// A connection that runs statements of one kind.
pub(crate) struct Direct {
    database: Database,
    statements: Statements,
}

impl Direct {
    /// So many connections of the pool.
    pub(crate) fn several(number: u32, database: &Database, statements: &Statements) -> Vec<Self> {
        let one = |_| Self { database: database.clone(), statements: statements.clone() };
        (0..number).map(one).collect()
    }
}

impl Worker for Direct {
    async fn run(&mut self, number: usize) -> Result<bool> {
        let Some(statement) = (self.statements)(number) else { return Ok(false) };
        self.database.connection().query_all_raw(statement).await?;
        Ok(true)
    }
}
