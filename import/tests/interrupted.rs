//! An import that is killed at any moment goes on, and the result is that of one in one go.

use crate::{
    here::{Here, services},
    there::{database, media},
};
use import::Options;
use service::progress::{Progress, Unit};
use std::{io::Write, path::PathBuf, process::Stdio};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

const URL: &str = "MEMORANDA_IMPORT_URL";
const FILES: &str = "MEMORANDA_IMPORT_FILES";

/// Says on standard output whenever something is done.
struct Loud;

impl Progress for Loud {
    fn begin(&self, step: &str, _: Option<u64>, _: Unit) {
        say(format_args!("\nstep {step}"));
    }

    fn advance(&self, count: u64) {
        say(format_args!("\nstep {count}"));
    }

    fn end(&self) {
        say(format_args!("\ncomplete"));
    }
}

fn options() -> Options {
    // Many small transactions, so that there are many moments.
    let from = format!("sqlite://{}", database().display());
    Options { media: Some(media()), memos_at_once: 4, ..Options::new(from) }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by another test, as a process of its own"]
async fn import_process() {
    let files = PathBuf::from(std::env::var(FILES).unwrap());
    let (services, store) = services(&std::env::var(URL).unwrap(), &files).await;
    import::run(&services, &store, &options(), &Loud).await.unwrap();
}

/// Starts an import and kills it after it has said that often that something is done. Returns
/// whether it was complete before.
async fn kill_after(here: &Here, steps: usize) -> bool {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["interrupted::import_process", "--exact", "--ignored", "--nocapture"])
        .env(URL, &here.url)
        .env(FILES, here.files())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut seen = 0;
    while let Some(line) = lines.next_line().await.unwrap() {
        if line == "complete" {
            process.wait().await.unwrap();
            return true;
        }
        seen += usize::from(line.starts_with("step "));
        if seen >= steps {
            process.kill().await.unwrap();
            return false;
        }
    }
    panic!("the process ended after {seen} steps");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_ten_moments_it_goes_on_to_the_same_result() {
    let whole = Here::open().await;
    whole.import(&options()).await;
    let expected = whole.rows().await;
    whole.close().await;

    let here = Here::open().await;
    // The steps that read the source are the first sixty or so.
    for steps in [1, 40, 62, 64, 66, 68, 70, 72, 74, 76] {
        if kill_after(&here, steps).await {
            break;
        }
        // Whatever is there is whole: each memo that is noted is there with its comments.
        let parts = here
            .number(
                "SELECT count(*) FROM memos m WHERE m.comment_count
                    <> (SELECT count(*) FROM comments c WHERE c.memo_id = m.id)",
            )
            .await;
        let noted = "SELECT count(*) FROM imported_rows WHERE source_table = 'tasks_memo'";
        let memos = here.number("SELECT count(*) FROM memos").await;
        assert_eq!((parts, here.number(noted).await), (0, memos), "after {steps}");
    }
    here.import(&options()).await;
    let found = here.rows().await;
    for (table, rows) in &expected {
        assert_eq!(&found[table], rows, "{table}");
    }
    here.close().await;
}

/// Writes a line for the process that waits.
fn say(line: std::fmt::Arguments<'_>) {
    let mut output = std::io::stdout();
    writeln!(output, "{line}").unwrap();
}
