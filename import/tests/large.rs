//! A larger source, in bounded memory. The ignored test takes a million memos.

use crate::{here::Here, there::Copy};
use import::Options;

/// Adds that many memos to the sample, with subscribers, tags, comments and reminders.
async fn grow(crm: &Copy, memos: u32) {
    crm.run(&format!(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
         CREATE TEMP TABLE n AS WITH RECURSIVE n(n) AS (
            SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {memos}) SELECT n FROM n;
         INSERT INTO tasks_memo SELECT 100000 + n,
            strftime('%Y-%m-%d %H:%M:%S', 1600000000 + n * 60, 'unixepoch'),
            strftime('%Y-%m-%d %H:%M:%S', 1600000000 + n * 60 + 3600, 'unixepoch'),
            'Memo ' || n || ' about ' || (n % 977),
            'The details and the estimated costs are given below, in part ' || (n % 7919) || '. '
                || 'I ask you to make a decision before the end of the month.',
            CASE n % 3 WHEN 0 THEN 'Agreed, see task' ELSE '' END, 0, 1, NULL,
            CASE n % 3 WHEN 0 THEN 'rev' WHEN 1 THEN 'pen' ELSE 'pos' END,
            NULL, NULL, 1 + n % 28, 1 + (n * 7) % 28, NULL, 1 + n % 6, NULL FROM n;
         INSERT INTO tasks_memo_subscribers (memo_id, user_id)
            SELECT 100000 + n, 1 + (n * 3 + 1) % 28 FROM n
            UNION SELECT 100000 + n, 1 + (n * 5 + 2) % 28 FROM n;
         INSERT INTO tasks_memo_tags (memo_id, tag_id) SELECT 100000 + n, 1 + n % 8 FROM n;
         INSERT INTO chat_chatmessage SELECT 100000 + n, 100000 + n, 'Please see part ' || n,
            strftime('%Y-%m-%d %H:%M:%S', 1600000000 + n * 60 + 600, 'unixepoch'), NULL, 46,
            1 + (n * 7) % 28, NULL FROM n WHERE n % 2 = 0;
         INSERT INTO common_reminder SELECT 100000 + n, 100000 + n, 'Check', '',
            '2028-01-01 08:00:00', 1, 1, '2026-01-01 08:00:00', 46, 1 + n % 28
            FROM n WHERE n % 4 = 0;"
    ))
    .await;
}

/// The most memory that this process has used, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    let kib = line.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_memos_take_little_memory() {
    let here = Here::open().await;
    let crm = Copy::in_folder(&here.folder()).await;
    grow(&crm, 20_000).await;
    here.import(&Options::new(crm.address())).await;
    assert_eq!(here.number("SELECT count(*) FROM memos").await, 20_034);
    // Other tests of this process use memory too. All rows at once would take much more.
    assert!(peak() < 600, "{} MiB", peak());
    here.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: run it by hand, with --release and MEMORANDA_TEST_POSTGRES_URL"]
async fn a_million_memos() {
    let memos = std::env::var("MEMOS").ok().and_then(|memos| memos.parse().ok());
    let memos = memos.unwrap_or(1_000_000);
    let here = Here::open().await;
    let crm = Copy::in_folder(&here.folder()).await;
    grow(&crm, memos).await;
    let began = here.services.clock.steady();
    let report = here.import(&Options::new(crm.address())).await;
    let took = here.services.clock.steady() - began;
    let rows: u64 = report.tables().iter().map(|table| table.counts.read).sum();
    eprintln!("{memos} memos, {rows} rows: {} s, at most {} MiB", took.num_seconds(), peak());
    here.close().await;
}
