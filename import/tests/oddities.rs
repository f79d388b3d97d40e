//! What real databases have beside the sample. Nothing ends the import, and each oddity is listed.

use crate::{
    here::Here,
    there::{Copy, media},
};
use import::Options;
use serde_json::Value as Json;

/// A change of the sample, and what the import makes of it.
struct Case {
    /// The changes.
    sql: &'static str,
    /// The oddities: code, table and id.
    noted: &'static [(&'static str, &'static str, &'static str)],
    /// A query, for both databases, and its number after the import.
    here: (&'static str, i64),
}

const CASES: &[Case] = &[
    Case {
        sql: "UPDATE tasks_memo SET owner_id = NULL WHERE id = 1;
              UPDATE tasks_memo SET owner_id = 999 WHERE id = 7",
        noted: &[("no-author", "tasks_memo", "1"), ("no-author", "tasks_memo", "7")],
        here: (
            "SELECT count(*) FROM memos m JOIN users u ON u.id = m.author_id
             WHERE u.username = 'unknown-person' AND NOT u.active",
            2,
        ),
    },
    Case {
        sql: "UPDATE tasks_memo SET to_id = 999 WHERE id = 1",
        noted: &[("no-recipient", "tasks_memo", "1")],
        here: (
            "SELECT count(*) FROM memos m JOIN users u ON u.id = m.recipient_id
             WHERE u.username = 'unknown-person'",
            1,
        ),
    },
    Case {
        sql: "UPDATE auth_user SET is_active = 0 WHERE id = 22",
        noted: &[
            ("inactive", "auth_user", "22"),
            ("not-staff", "auth_user", "30"),
            ("no-group", "auth_user", "31"),
            ("no-full-name", "auth_user", "26"),
            ("no-email", "auth_user", "28"),
            ("no-password", "auth_user", "29"),
        ],
        here: ("SELECT count(*) FROM users WHERE NOT active", 3),
    },
    Case {
        sql: "UPDATE auth_user SET password = 'md5$salt$hash' WHERE id = 2;
              UPDATE auth_user SET username = 'ольга', email = 'adam.admin@example.com'
                WHERE id = 3",
        noted: &[
            ("password-not-taken", "auth_user", "2"),
            ("username-changed", "auth_user", "3"),
            ("no-email", "auth_user", "3"),
        ],
        here: ("SELECT count(*) FROM users WHERE username = 'person-3'", 1),
    },
    Case {
        sql: "UPDATE tasks_memo SET name = '' WHERE id = 1;
              UPDATE tasks_memo SET name = '', description = '' WHERE id = 7;
              UPDATE tasks_memo SET name = 'two' || char(10) || 'lines' || char(8238) WHERE id = 13;
              UPDATE tasks_memo SET name = printf('%.300c', 'x') WHERE id = 19;
              UPDATE tasks_memo SET name = printf('%.250c', 'y') WHERE id = 25",
        noted: &[
            ("empty-name", "tasks_memo", "1"),
            ("empty-name", "tasks_memo", "7"),
            ("name-cleaned", "tasks_memo", "13"),
            ("name-too-long", "tasks_memo", "19"),
        ],
        here: (
            "SELECT count(*) FROM memos WHERE name IN ('(no name)', 'two lines')
                OR length(name) = 250",
            4,
        ),
    },
    Case {
        sql: "UPDATE tasks_memo SET name = '<b>HTML</b> & \"quotes\"' WHERE id = 1;
              UPDATE tasks_memo SET name = 'Robert''); DROP TABLE memos;--' WHERE id = 7;
              UPDATE tasks_memo SET name = 'e' || char(769) || ' 👩‍👩‍👧 שלום' WHERE id = 13;
              UPDATE tasks_memo SET description = 'one' || char(13, 10) || 'two' WHERE id = 19",
        noted: &[],
        here: (
            "SELECT count(*) FROM memos WHERE name LIKE '<b>%' OR name LIKE 'Robert%DROP%'
                OR name LIKE 'e\u{301} 👩%' OR description LIKE 'one%two'",
            4,
        ),
    },
    Case {
        sql: "UPDATE tasks_memo SET description = printf('%.50000c', 'd') WHERE id = 1;
              UPDATE tasks_memo SET note = printf('%.30000c', 'n') WHERE id = 7;
              UPDATE tasks_memo SET note = printf('%.300000c', 'n') WHERE id = 13;
              UPDATE chat_chatmessage SET content = printf('%.25000c', 'm') WHERE id = 14",
        noted: &[
            ("text-too-long", "tasks_memo", "1"),
            ("long-text-kept", "tasks_memo", "7"),
            ("text-cut", "tasks_memo", "13"),
            ("long-message", "chat_chatmessage", "14"),
        ],
        here: (
            "SELECT (SELECT max(length(description)) + max(length(note)) FROM memos)
                + (SELECT sum(length(body)) FROM comments WHERE body LIKE 'dddd%')",
            250_000,
        ),
    },
    Case {
        sql: "UPDATE tasks_memo SET stage = 'xyz', creation_date = 'never' WHERE id = 1;
              UPDATE tasks_memo SET draft = 1 WHERE id = 13;
              UPDATE tasks_memo SET deal_id = 999, task_id = 999, project_id = 999,
                resolution_id = 999 WHERE id = 19",
        noted: &[
            ("unknown-stage", "tasks_memo", "1"),
            ("unreadable-value", "tasks_memo", "1"),
            ("no-date", "tasks_memo", "1"),
            ("draft-acted-on", "tasks_memo", "13"),
            ("dangling-reference", "tasks_memo", "19"),
        ],
        here: ("SELECT count(*) FROM memos", 34),
    },
    Case {
        sql: "UPDATE common_thefile SET file = NULL WHERE id = 16;
              UPDATE common_thefile SET file = 'docs/gone.txt' WHERE id = 17;
              UPDATE common_thefile SET file = '../../etc/passwd' WHERE id = 26;
              UPDATE common_thefile SET object_id = 999 WHERE id = 27;
              UPDATE common_thefile SET content_type_id = 16 WHERE id = 28;
              INSERT INTO common_thefile (id, file, attached_to_deal, object_id, content_type_id)
                SELECT 9001, file, 0, object_id, content_type_id FROM common_thefile WHERE id = 40",
        noted: &[
            ("no-path", "common_thefile", "16"),
            ("no-path", "common_thefile", "422"),
            ("file-missing", "common_thefile", "17"),
            ("file-missing", "common_thefile", "26"),
            ("dangling", "common_thefile", "27"),
            ("on-other", "common_thefile", "28"),
            ("file-twice", "common_thefile", "9001"),
        ],
        here: ("SELECT count(*) FROM files", 50),
    },
    Case {
        sql: "INSERT INTO tasks_memo_notified_subscribers (memo_id, user_id) VALUES (1, 2);
              INSERT INTO tasks_memo_subscribers (memo_id, user_id) VALUES
                (1, 22), (1, 999), (999, 2);
              INSERT INTO tasks_memo_tags (memo_id, tag_id) VALUES (7, 999)",
        noted: &[
            ("notified-only", "tasks_memo_notified_subscribers", "1/2"),
            ("sees-anyway", "tasks_memo_subscribers", "1/22"),
            ("dangling", "tasks_memo_subscribers", "1/999"),
            ("dangling", "tasks_memo_subscribers", "999/2"),
            ("dangling", "tasks_memo_tags", "7/999"),
        ],
        here: ("SELECT count(*) FROM memos", 34),
    },
    Case {
        sql: "UPDATE chat_chatmessage SET object_id = 999 WHERE id = 14;
              UPDATE chat_chatmessage SET owner_id = NULL WHERE id = 30;
              UPDATE chat_chatmessage SET answer_to_id = 999 WHERE id = 31;
              UPDATE common_reminder SET object_id = 999 WHERE id = 6;
              UPDATE common_reminder SET owner_id = NULL WHERE id = 23;
              UPDATE common_reminder SET owner_id = 19 WHERE id = 30;
              UPDATE common_reminder SET reminder_date = 'soon' WHERE id = 31",
        noted: &[
            ("dangling", "chat_chatmessage", "14"),
            ("no-author", "chat_chatmessage", "30"),
            ("empty-message", "chat_chatmessage", "63"),
            ("on-other", "chat_chatmessage", "308"),
            ("dangling", "common_reminder", "6"),
            ("no-owner-of-reminder", "common_reminder", "23"),
            ("reads-not", "common_reminder", "30"),
            ("unreadable-row", "common_reminder", "31"),
            ("reminder-text", "common_reminder", "30"),
        ],
        here: (
            "SELECT count(*) FROM comments c JOIN users u ON u.id = c.author_id
             WHERE u.username = 'unknown-person'",
            1,
        ),
    },
    Case {
        sql:
            "INSERT INTO django_admin_log (id, object_id, object_repr, action_flag, change_message,
                content_type_id, user_id, action_time) VALUES
                (9001, '500', 'Gone', 1, '', 46, 22, '2025-01-01 08:00:00'),
                (9002, '500', 'Gone', 3, '', 46, 7, '2025-01-02 08:00:00'),
                (9003, '501', 'Gone too', 3, '', 46, 22, '2025-01-03 08:00:00'),
                (9004, '1', 'There', 3, '', 46, 22, '2025-01-03 08:00:00'),
                (9005, 'no-number', 'Odd', 3, '', 46, 22, '2025-01-03 08:00:00')",
        noted: &[
            ("guessed-roles", "django_admin_log", "9002"),
            ("guessed-roles", "django_admin_log", "9003"),
            ("deleted-but-there", "django_admin_log", "9004"),
            ("unreadable-row", "django_admin_log", "9005"),
        ],
        here: (
            "SELECT count(*) FROM memo_deletions WHERE memo_name IS NULL AND purged_at IS NOT NULL",
            2,
        ),
    },
    Case {
        sql: "UPDATE tasks_task SET owner_id = NULL, active = 0, name = '' WHERE id = 1;
              UPDATE tasks_task SET description = printf('%.30000c', 't') WHERE id = 2;
              UPDATE tasks_project SET owner_id = 999, stage_id = 999 WHERE id = 1",
        noted: &[
            ("no-owner", "tasks_task", "1"),
            ("inactive-work", "tasks_task", "1"),
            ("empty-name", "tasks_task", "1"),
            ("long-text-kept", "tasks_task", "2"),
            ("no-owner", "tasks_project", "1"),
        ],
        here: ("SELECT count(*) FROM tasks", 18),
    },
    Case {
        sql: "UPDATE tasks_memo SET description = 'a' || char(0) || 'b' WHERE id = 1;
              UPDATE tasks_memo SET description = CAST(x'61ff62' AS TEXT) WHERE id = 7",
        noted: &[("replaced-text", "tasks_memo", "1"), ("replaced-text", "tasks_memo", "7")],
        here: ("SELECT count(*) FROM memos WHERE description = 'a\u{fffd}b'", 2),
    },
];

/// Each row of the report: code, table and id.
async fn noted(report: &import::Report) -> Vec<(String, String, String)> {
    let mut json = Vec::new();
    report.write_json(&mut json).await.unwrap();
    let json: Json = serde_json::from_slice(&json).unwrap();
    let text = |row: &Json, key: &str| row[key].as_str().unwrap().to_owned();
    let rows = json["rows"].as_array().unwrap();
    rows.iter().map(|row| (text(row, "code"), text(row, "table"), text(row, "id"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_oddity_is_listed_and_none_ends_the_import() {
    for case in CASES {
        let here = Here::open().await;
        let crm = Copy::in_folder(&here.folder()).await;
        crm.run(case.sql).await;
        let options = Options { media: Some(media()), ..Options::new(crm.address()) };
        let report = here.import(&options).await;
        let noted = noted(&report).await;
        for (code, table, id) in case.noted {
            let wanted = ((*code).to_owned(), (*table).to_owned(), (*id).to_owned());
            assert!(noted.contains(&wanted), "{wanted:?} of {}\n{noted:#?}", case.sql);
        }
        let (query, number) = case.here;
        assert_eq!(here.number(query).await, number, "{query} after {}", case.sql);
        // A second import finds the same and makes nothing.
        let again = here.import(&options).await;
        for counts in again.tables() {
            let counts = (counts.counts.made, counts.counts.changed, counts.table);
            assert_eq!((counts.0, counts.1), (0, 0), "{counts:?} after {}", case.sql);
        }
        here.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_on_two_memos_is_a_file_of_each_and_stays_with_the_task() {
    let here = Here::open().await;
    let crm = Copy::in_folder(&here.folder()).await;
    // The file of memo 19, which is also on its task 34, is on memo 25 too.
    crm.run(
        "INSERT INTO common_thefile (id, file, attached_to_deal, object_id, content_type_id)
            SELECT 9001, file, 0, 25, 46 FROM common_thefile WHERE id = 40",
    )
    .await;
    let options = Options { media: Some(media()), ..Options::new(crm.address()) };
    here.import(&options).await;
    let shared = "SELECT count(*) FROM (SELECT file_id FROM memo_files GROUP BY file_id
        HAVING count(*) > 1) AS shared";
    assert_eq!(here.number(shared).await, 0);
    let of_task = "SELECT count(*) FROM task_files t JOIN memo_files f ON f.file_id = t.file_id
        JOIN memos m ON m.id = f.memo_id AND m.task_id = t.task_id
        WHERE m.name = 'Business trip to courier services'";
    assert_eq!(here.number(of_task).await, 1);
    here.close().await;
}
