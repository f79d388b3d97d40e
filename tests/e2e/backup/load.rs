//! Backups while people work.

use super::{
    OnStep, back_up_with, download, every_file_has_its_bytes, names, new_backup, restored,
};
use crate::files::uploaded;
use chrono::TimeDelta;
use memoranda_tests::{Actor, Office, codes, dump_rows, is_postgres};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

const CREATE: &str = "mutation ($input: CreateMemoInput!) { createMemo(input: $input) {
    memo { id } userErrors { code } } }";
const WORKERS: usize = 6;

/// What was acknowledged.
#[derive(Debug, Clone, Default)]
struct Acknowledged {
    /// Live memos, each with its file and the file's content.
    live: BTreeMap<String, (String, String)>,
    deleted: BTreeSet<String>,
    changes: usize,
}

/// People who work until they are stopped.
#[derive(Default)]
struct Load {
    acknowledged: Mutex<Acknowledged>,
    changed: Condvar,
    ends: AtomicBool,
}

impl Load {
    fn now(&self) -> Acknowledged {
        self.acknowledged.lock().unwrap().clone()
    }

    fn note(&self, change: impl FnOnce(&mut Acknowledged)) {
        let mut acknowledged = self.acknowledged.lock().unwrap();
        change(&mut acknowledged);
        acknowledged.changes += 1;
        self.changed.notify_all();
    }

    /// Blocks until that many more changes were acknowledged.
    fn wait_for(&self, more: usize) {
        let acknowledged = self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner);
        let target = acknowledged.changes + more;
        drop(self.changed.wait_while(acknowledged, |now| now.changes < target).unwrap());
    }

    /// Uploads files, writes memos with them, and deletes some.
    async fn work(&self, author: &Actor, recipient: &str, worker: usize) {
        let mut number = 0;
        while !self.ends.load(Ordering::Relaxed) {
            number += 1;
            let content = format!("content {number} of {worker}, {}", "x".repeat(number * 100));
            let file = uploaded(author, "plan.txt", &content).await;
            let file = file["id"].as_str().unwrap().to_owned();
            let input = json!({ "name": format!("Memo {number} of {worker}"), "draft": false,
                "recipientId": recipient, "fileIds": [file] });
            let created = author.data(CREATE, json!({ "input": input })).await;
            assert_eq!(codes(&created["createMemo"]), [""; 0], "{created:#}");
            let memo = created["createMemo"]["memo"]["id"].as_str().unwrap().to_owned();
            self.note(|now| drop(now.live.insert(memo.clone(), (file, content))));
            if number % 3 == 0 {
                let deleted = author.delete_confirmed(&memo).await;
                assert_eq!(deleted["deletedMemoId"], json!(memo), "{deleted:#}");
                self.note(|now| {
                    now.live.remove(&memo);
                    now.deleted.insert(memo);
                });
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_is_a_state_that_the_office_had() {
    if is_postgres() {
        return;
    }
    let office = Office::open().await;
    let load = Arc::new(Load::default());
    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| {
            let (load, author) = (load.clone(), office.author().clone());
            let recipient = office.recipient().user_id();
            tokio::spawn(async move { load.work(&author, &recipient, worker).await })
        })
        .collect();
    load.wait_for(60);
    let before = load.now();
    // People get on while the files are copied, and while the backup is read again.
    let progress = OnStep(|step: &str| {
        if ["Copying files", "Reading the backup"].contains(&step) {
            load.wait_for(40);
        }
    });
    let new = new_backup(&office);
    let created = back_up_with(&office, &new, &progress).await.unwrap();
    let after = load.now();
    load.ends.store(true, Ordering::Relaxed);
    for worker in workers {
        worker.await.unwrap();
    }
    assert!(after.changes >= before.changes + 80, "people could write meanwhile");
    assert!(after.deleted.len() > before.deleted.len());
    assert_eq!(created.lost, [""; 0]);

    let (copy, _) = restored(&new.path, office.services.now()).await;
    let author = copy.author();
    for (memo, (file, content)) in &before.live {
        if author.type_of(memo).await == "Memo" {
            assert_eq!(&download(author, file).await, content);
        } else {
            assert!(after.deleted.contains(memo), "{memo} was acknowledged, and is missing");
        }
    }
    for memo in &before.deleted {
        assert_eq!(author.type_of(memo).await, "DeletedMemo", "{memo} has come back");
    }
    assert!(every_file_has_its_bytes(&copy).await >= before.live.len());
    let counts = copy.row_counts().await;
    let memos = counts["memos"] + counts["deleted_memos"];
    assert_eq!(memos, counts["memo_files"], "each memo has its file");
    assert_eq!(counts["deleted_memos"], counts["memo_deletions"]);
    let folder = &office.database().folder;
    assert!(!names(folder).iter().any(|name| name.ends_with(".partial")), "{:?}", names(folder));
    copy.close().await;
    office.close().await;
}

/// Waits in the hook for work of another task.
fn in_task<F>(work: impl Fn() -> F + Send + 'static) -> impl Fn() + Send + Sync
where
    F: Future<Output = ()> + Send + 'static,
{
    let (ask, mut asked) = tokio::sync::mpsc::unbounded_channel::<()>();
    let (answer, answered) = std::sync::mpsc::channel();
    tokio::spawn(async move {
        while asked.recv().await.is_some() {
            work().await;
            answer.send(()).unwrap();
        }
    });
    let answered = Mutex::new(answered);
    move || {
        ask.send(()).unwrap();
        answered.lock().unwrap().recv().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_erased_while_files_are_copied_is_not_in_the_backup() {
    if is_postgres() {
        return;
    }
    let office = Office::open().await;
    let mut records: Vec<(String, Value)> = Vec::new();
    for name in ["erased", "kept"] {
        let memo = office.memo().named(name).create().await;
        let file = office.attach(&memo, "plan.txt", &format!("the {name} plan")).await;
        // The bytes of recent uploads are the purge's.
        office.clock.advance(TimeDelta::hours(2));
        let deleted = office.author().delete_confirmed(&memo.id).await;
        let record = deleted["receipt"]["id"].as_str().unwrap().to_owned();
        records.push((record, json!(api::graphql::Kind::File.id(file.id).0)));
    }
    let (admin, record) = (office.admin().clone(), records[0].0.clone());
    let erase = in_task(move || {
        let (admin, record) = (admin.clone(), record.clone());
        async move {
            let erased = admin.erase(&record, "At once").await;
            assert_eq!((codes(&erased), &erased["pending"]), (vec![], &json!(false)));
        }
    });
    let (copies, erasures) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let progress = OnStep(|step: &str| match step {
        "Copying the database" => {
            copies.fetch_add(1, Ordering::Relaxed);
        }
        "Copying files" if erasures.fetch_add(1, Ordering::Relaxed) == 0 => erase(),
        _ => {}
    });
    let new = new_backup(&office);
    let created = back_up_with(&office, &new, &progress).await.unwrap();
    assert_eq!((copies.into_inner(), created.files, created.lost.len()), (2, 1, 0));

    let (copy, _) = restored(&new.path, office.services.now()).await;
    assert_eq!(codes(&copy.author().restore(&records[0].0).await), ["ERASED"]);
    assert_eq!(codes(&copy.author().restore(&records[1].0).await), [""; 0]);
    let file = records[1].1.as_str().unwrap();
    assert_eq!(download(copy.author(), file).await, "the kept plan");
    assert_eq!(every_file_has_its_bytes(&copy).await, 1);
    copy.close().await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_office_has_every_row_but_open_sessions() {
    if is_postgres() {
        return;
    }
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    office.memo().named("On hold").on_hold().create().await;
    office.author().delete(&office.memo().create().await.id).await;
    let now = office.services.now();
    let session = entity::session::Model {
        id: office.services.new_id(),
        user_id: office.author().id,
        seed: "seed".to_owned(),
        generation: 3,
        refreshed_at: now,
        created_at: now,
        expires_at: now + TimeDelta::days(1),
        revoked_at: None,
        user_agent: None,
    };
    office.insert(session).await;
    office.index_words().await;
    let new = new_backup(&office);
    back_up_with(&office, &new, &OnStep(|_: &str| {})).await.unwrap();
    let mut before = dump_rows(&office.services.database, &[]).await;

    let (copy, told) = restored(&new.path, now).await;
    assert_eq!((told.sessions, told.pending, told.as_of), (1, vec![], now));
    let mut after = dump_rows(&copy.services.database, &[]).await;
    let sessions = after.remove("sessions").unwrap();
    assert_ne!(before.remove("sessions").unwrap(), sessions);
    assert!(sessions[0].contains("revoked_at '") && !sessions[0].contains("revoked_at NULL"));
    for dump in [&mut before, &mut after] {
        // It counts ended sessions.
        assert!(dump.remove("sign_in_counter").is_some());
        // The opened office has noted its own time.
        dump.get_mut("installation").unwrap().retain(|row| !row.contains("observed_time"));
    }
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (table, rows) in &before {
        assert_eq!(rows, &after[table], "{table}");
    }
    let found = "{ memos(box: SENT, filter: { text: \"renovate\" }) { nodes { id } } }";
    let found = copy.author().data(found, json!({})).await;
    assert_eq!(found["memos"]["nodes"][0]["id"], json!(memo.id), "the search index is there");
    copy.close().await;
    office.close().await;
}
