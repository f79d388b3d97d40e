//! A larger source, in bounded memory.
//!
//! The last two tests are ignored, because they take minutes. They import a million memos, or as
//! many as `MEMOS` says, and print how long that took and how much memory. The other one is
//! `an_archive`:
//!
//! ```sh
//! MEMORANDA_TEST_POSTGRES_URL=postgres://… \
//!     cargo test -p import --release -- a_million --ignored --nocapture
//! ```

use crate::{here::Here, there::Copy};
use chrono::TimeDelta;
use import::Options;
use peak_alloc::PeakAlloc;
use service::progress::Silent;
use std::io::Write;
use tokio::process::Command;

/// How many memos a process imports.
const MEMOS: &str = "MEMOS";
/// How many of them it writes at a time, if not the usual number.
const AT_ONCE: &str = "AT_ONCE";

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

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
#[ignore = "run by another test, as a process of its own"]
async fn growing_process() {
    let memos = std::env::var(MEMOS).unwrap().parse().unwrap();
    let here = Here::open().await;
    let crm = Copy::in_folder(&here.folder()).await;
    grow(&crm, memos).await;
    MEMORY.reset_peak_usage();
    let defaults = Options::new(crm.address());
    let memos_at_once = std::env::var(AT_ONCE).map(|number| number.parse().unwrap());
    let memos_at_once = memos_at_once.unwrap_or(defaults.memos_at_once);
    let options = Options { memos_at_once, ..defaults };
    here.import(&options).await;
    let peak = MEMORY.peak_usage();
    assert_eq!(here.number("SELECT count(*) FROM memos").await, i64::from(memos) + 34);
    here.close().await;
    writeln!(std::io::stdout(), "\npeak {peak}").unwrap();
}

/// The most bytes that an import of so many memos has at a time. SQLite's own are not counted: it
/// has a fixed share.
async fn peak_of(memos: u32, at_once: Option<u32>) -> usize {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["large::growing_process", "--exact", "--ignored", "--nocapture"])
        .env(MEMOS, memos.to_string())
        .envs(at_once.map(|at_once| (AT_ONCE, at_once.to_string())))
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = String::from_utf8(output.stdout).unwrap();
    let peak = output.lines().find_map(|line| line.strip_prefix("peak ")).unwrap();
    peak.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn twice_as_many_memos_take_no_more_memory() {
    // More than a page of the source, which has 2,000 rows.
    let (few, many) = (peak_of(2_200, Some(20)).await, peak_of(4_400, Some(20)).await);
    assert!(many < few + few / 4, "{few} bytes for 2,200 memos, {many} for 4,400");
}

/// The most memory of an import, whatever its size: a portion of memos with all that belongs to
/// them, and what is known of people and catalogue.
const CEILING: usize = 64 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn forty_thousand_memos_take_little_memory() {
    if std::env::var_os("MEMORANDA_TEST_POSTGRES_URL").is_some() {
        // It takes most of a minute, so it runs once; the test above compares on both databases.
        return;
    }
    let peak = peak_of(40_000, None).await;
    assert!(peak < CEILING, "{peak} bytes");
}

/// Says how long something took, and the most memory that this process has used since it began.
fn say(here: &Here, began: TimeDelta, what: &str) {
    let took = here.services.clock.steady() - began;
    let seconds = took.as_seconds_f64();
    eprintln!("{what}: {seconds:.1} s, at most {} MiB", peak());
}

fn many() -> u32 {
    let memos = std::env::var(MEMOS).ok().and_then(|memos| memos.parse().ok());
    memos.unwrap_or(1_000_000)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: run it by hand, as the head of this file says"]
async fn a_million_memos() {
    let here = Here::open().await;
    let crm = Copy::in_folder(&here.folder()).await;
    grow(&crm, many()).await;
    let began = here.services.clock.steady();
    let report = here.import(&Options::new(crm.address())).await;
    let rows: u64 = report.tables().iter().map(|table| table.counts.read).sum();
    say(&here, began, &format!("{} memos, {rows} rows", many()));
    here.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: run it by hand, as the head of this file says"]
async fn an_archive_of_many_memos() {
    let (here, there) = (Here::open().await, Here::open().await);
    let crm = Copy::in_folder(&here.folder()).await;
    grow(&crm, many()).await;
    here.import(&Options::new(crm.address())).await;
    let place = here.folder().join("archive");
    let began = here.services.clock.steady();
    let target = archive::Target::folder(&place).unwrap();
    let exported = archive::export(&here.services, &here.store, target, &Silent).await.unwrap();
    say(&here, began, &format!("{} memos, export of {} rows", many(), exported.rows));
    let began = here.services.clock.steady();
    let source = archive::Source::folder(&place).unwrap();
    let mode = archive::Mode::Apply;
    let imported = archive::import(&there.services, &there.store, &source, mode, &Silent).await;
    assert_eq!(imported.unwrap().rows, exported.rows);
    say(&here, began, "their import");
    let files = std::fs::read_dir(place.join("tables")).unwrap();
    let bytes: u64 = files.map(|file| file.unwrap().metadata().unwrap().len()).sum();
    eprintln!("{} MiB in tables", bytes >> 20);
    here.close().await;
    there.close().await;
}
