//! What triggers maintain for others, the import writes itself on PostgreSQL. It must be the same.

use crate::{here::Here, there::media};
use import::Options;
use sea_orm::DbBackend;
use service::memos::index_stale;

/// An import of the sample, in portions of two memos.
async fn imported() -> Here {
    let here = Here::open().await;
    let from = format!("sqlite://{}", crate::there::database().display());
    let options = Options { media: Some(media()), memos_at_once: 2, ..Options::new(from) };
    here.import(&options).await;
    here
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_are_counted() {
    let here = imported().await;
    let wrong = "SELECT count(*) FROM memos m
        WHERE (m.comment_count, m.author_comment_count, m.recipient_comment_count) <> (
            (SELECT count(*) FROM comments c WHERE c.memo_id = m.id),
            (SELECT count(*) FROM comments c
                WHERE c.memo_id = m.id AND c.author_id = m.author_id),
            (SELECT count(*) FROM comments c
                WHERE c.memo_id = m.id AND c.author_id = m.recipient_id))";
    assert_eq!(here.number(wrong).await, 0);
    let counted = "SELECT count(*) FROM memos WHERE author_comment_count > 0";
    assert!(here.number(counted).await > 0);
    here.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_those_that_a_server_would_index() {
    let here = imported().await;
    let stale = "SELECT count(*) FROM memos m
        LEFT JOIN memo_search s ON s.memo_id = m.id WHERE coalesce(s.stale, TRUE)";
    assert_eq!(here.number(stale).await, 0);
    let words = match here.services.database.backend() {
        DbBackend::Postgres => {
            "SELECT CAST(memo_id AS text) || CAST(words AS text) FROM memo_search ORDER BY 1"
        }
        _ => {
            "SELECT hex(s.memo_id) || ' ' || (SELECT group_concat(v.term || v.col || v.offset)
                FROM memo_terms v WHERE v.doc = s.entry) FROM memo_search s ORDER BY 1"
        }
    };
    if here.services.database.backend() == DbBackend::Sqlite {
        here.run("CREATE VIRTUAL TABLE memo_terms USING fts5vocab(memo_words, instance)").await;
    }
    let before = here.texts(words).await;
    assert!(before.len() > 30 && before.iter().all(|words| words.len() > 40), "{before:#?}");
    here.run("UPDATE memo_search SET stale = TRUE").await;
    index_stale(&here.services.database, None).await.unwrap();
    assert_eq!(here.texts(words).await, before);
    here.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn afterwards_triggers_follow_each_change_again() {
    let here = imported().await;
    let of_memo = |column: &str| format!("SELECT {column} FROM memos ORDER BY id LIMIT 1");
    let revision = here.number(&of_memo("revision")).await;
    let comments = here.number(&of_memo("comment_count")).await;
    let id = match here.services.database.backend() {
        DbBackend::Postgres => "gen_random_uuid()",
        _ => "randomblob(16)",
    };
    // Each connection of the pool may be the one that has imported.
    let added = 8;
    for _ in 0..added {
        here.run(&format!(
            "INSERT INTO comments (id, memo_id, author_id, body, created_at)
            SELECT {id}, id, author_id, 'One more', created_at FROM memos ORDER BY id LIMIT 1"
        ))
        .await;
    }
    assert_eq!(here.number(&of_memo("comment_count")).await, comments + added);
    assert!(here.number(&of_memo("revision")).await >= revision + added);
    here.close().await;
}
