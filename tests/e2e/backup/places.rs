//! Where backups are written and restored to: nothing that is there is lost.

use super::{
    back_up, back_up_with, download, every_file_has_its_bytes, names, new_backup, places, restore,
    restored,
};
use backup::{FilePlace, Places};
use memoranda_tests::{Office, Options, S3Server, TestDatabase, at, dump_rows, is_postgres};
use serde_json::json;
use service::{blobs::MARKER, progress::Silent};
use std::{fs, os::unix::fs::MetadataExt};

/// An office with a file, and the file's id.
async fn office_with_file() -> (Office, String) {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let file = office.attach(&memo, "plan.txt", "the plan").await;
    (office, api::graphql::Kind::File.id(file.id).0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_replaces_only_what_it_may() {
    if is_postgres() {
        return;
    }
    let (office, _) = office_with_file().await;
    let mut new = new_backup(&office);
    fs::write(&new.path, "an earlier backup").unwrap();
    let error = back_up_with(&office, &new, &Silent).await.unwrap_err().to_string();
    assert!(error.contains("is there already") && error.contains("--overwrite"), "{error}");
    assert_eq!(fs::read_to_string(&new.path).unwrap(), "an earlier backup");

    // What a killed process has left goes with the next backup, and a running one's stays.
    let folder = office.database().folder.clone();
    let (dead, running) =
        (folder.join(".office.backup.dead.partial"), folder.join(".office.backup.run.partial"));
    let mut locks = Vec::new();
    for folder in [&dead, &running] {
        fs::create_dir(folder).unwrap();
        fs::write(folder.join("backup"), "half").unwrap();
        locks.push(fs::File::create(folder.join("lock")).unwrap());
    }
    locks[1].try_lock().unwrap();
    new.overwrite = true;
    back_up_with(&office, &new, &Silent).await.unwrap();
    assert!(!dead.exists() && running.exists());
    assert!(fs::metadata(&new.path).unwrap().len() > 1_000);
    let mode = fs::metadata(&new.path).unwrap().mode();
    assert_eq!(mode & 0o777, 0o600, "it has everybody's memos");

    new.path = folder.join("none").join("office.backup");
    let error = back_up_with(&office, &new, &Silent).await.unwrap_err().to_string();
    assert!(error.contains("there is no folder") && error.contains("none"), "{error}");
    new.path = folder;
    let error = back_up_with(&office, &new, &Silent).await.unwrap_err().to_string();
    assert!(error.contains("is a folder"), "{error}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_touches_nothing_that_is_there() {
    if is_postgres() {
        return;
    }
    let (office, _) = office_with_file().await;
    let backup = back_up(&office).await;
    let now = office.services.now();
    // A log without its database would be applied to the next one.
    for file in ["test.db", "test.db-wal", "test.db-journal", "files/some"] {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "what is there").unwrap();
        let before = names(home.path());
        let places = places(home.path());
        let error = restore(&backup, &places, false, now).await.unwrap_err().to_string();
        assert!(error.contains(home.path().to_str().unwrap()), "{error}");
        assert!(error.contains("--replace"), "{error}");
        assert_eq!(names(home.path()), before);
        assert_eq!(fs::read_to_string(&path).unwrap(), "what is there");
    }
    let home = tempfile::tempdir().unwrap();
    let nowhere = Places { database: home.path().join("none/test.db"), ..places(home.path()) };
    let error = restore(&backup, &nowhere, false, now).await.unwrap_err().to_string();
    assert!(error.contains("there is no folder"), "{error}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_replaces_keeps_what_was_there() {
    if is_postgres() {
        return;
    }
    let (office, file) = office_with_file().await;
    let backup = back_up(&office).await;
    let now = office.services.now();
    let later = office.memo().named("Written after the backup").create().await;
    let rows = dump_rows(&office.services.database, &[]).await;
    let database = office.leave().await;
    // Remains of an interrupted restore.
    fs::write(database.folder.join("test.db.restoring"), "half").unwrap();
    fs::create_dir(database.folder.join("files.restoring")).unwrap();

    let places = places(&database.folder);
    let told = restore(&backup, &places, true, now).await.unwrap();
    let (former, files) = (told.former_database.unwrap(), told.former_files.unwrap());
    assert_eq!(
        names(&database.folder),
        [
            "files",
            "files.before-restore-20260302T090000Z",
            "office.backup",
            "test.db",
            "test.db.before-restore-20260302T090000Z",
        ]
    );
    let former = memoranda_tests::open(&format!("sqlite://{}", former.display())).await;
    assert_eq!(dump_rows(&former, &[]).await, rows);
    former.close().await.unwrap();
    assert!(files.join(MARKER).exists());

    let office = Office::open_in(database, now, Options::default()).await;
    assert_eq!(office.author().type_of(&later.id).await, json!(null));
    assert_eq!(download(office.author(), &file).await, "the plan");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_folder_is_used_as_it_is() {
    if is_postgres() {
        return;
    }
    let (office, file) = office_with_file().await;
    let backup = back_up(&office).await;
    let now = office.services.now();
    let copy = TestDatabase::create().await;
    // It may be a disk of its own, which cannot be replaced by another folder.
    let folder = copy.folder.join("files");
    fs::create_dir(&folder).unwrap();
    let inode = || fs::metadata(&folder).unwrap().ino();
    let before = inode();
    let told = restore(&backup, &places(&copy.folder), false, now).await.unwrap();
    assert_eq!((told.former_database, told.former_files), (None, None));
    assert!(!names(&folder).contains(&"memoranda-restoring".to_owned()));
    assert_eq!(inode(), before);
    let copy = Office::open_in(copy, now, Options::default()).await;
    assert_eq!(download(copy.author(), &file).await, "the plan");
    copy.close().await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_from_a_bucket_and_go_to_an_empty_one() {
    if is_postgres() {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let s3 = S3Server::open(&scratch.path().join("one")).await;
    let options = Options { file_store: Some(s3.store_at(s3.address)), ..Options::default() };
    let office = Office::open_with(options).await;
    let memo = office.memo().create().await;
    let file = office.attach(&memo, "plan.txt", "the plan").await;
    let file = api::graphql::Kind::File.id(file.id).0;
    office.attach(&memo, "empty.txt", "").await;
    let backup = back_up(&office).await;
    let now = office.services.now();

    let copy = TestDatabase::create().await;
    let places =
        |store| Places { database: copy.folder.join("test.db"), files: FilePlace::Bucket(store) };
    let error = restore(&backup, &places(s3.store_at(s3.address)), true, now).await.unwrap_err();
    assert!(error.to_string().contains("a bucket that is not empty"), "{error}");
    let other = S3Server::open(&scratch.path().join("two")).await;
    let store = other.store_at(other.address);
    // An interrupted restore of the same backup is continued.
    store.write_text("memoranda-restoring", format!("{}\n", now.to_rfc3339())).await.unwrap();
    restore(&backup, &places(store.clone()), false, now).await.unwrap();
    assert_eq!(store.read_text("memoranda-restoring").await.unwrap(), None);
    let options = Options { file_store: Some(store), ..Options::default() };
    let copy = Office::open_in(copy, now, options).await;
    assert_eq!(download(copy.author(), &file).await, "the plan");
    assert_eq!(every_file_has_its_bytes(&copy).await, 2);
    copy.close().await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_version_is_backed_up_before_its_upgrade() {
    if is_postgres() {
        return;
    }
    let old = TestDatabase::create_of_version_0_1().await;
    let database = old.connect().await;
    let store = old.folder.join("files");
    let store = service::blobs::FileStore::open(store.to_str().unwrap()).unwrap();
    let now = at("2027-01-01T00:00:00Z");
    let new = backup::NewBackup {
        path: old.folder.join("old.backup"),
        overwrite: false,
        // The fixture has no files.
        accept_lost_files: true,
        version: "0.0.0".to_owned(),
        now,
    };
    let created = backup::create(&database, &store, &new, &Silent).await.unwrap();
    assert!(created.files > 0 && created.lost.len() as u64 == created.files);
    let pending = database.pending_migrations().await.unwrap();
    assert!(!pending.is_empty());
    let memos = dump_rows(&database, &[]).await.remove("memos").unwrap();
    database.close().await.unwrap();

    let copy = TestDatabase::create().await;
    let told = restore(&new.path, &places(&copy.folder), false, now).await.unwrap();
    assert_eq!(told.pending, pending);
    let database = copy.connect().await;
    assert_eq!(dump_rows(&database, &[]).await["memos"], memos);
    database.migrate().await.unwrap();
    database.close().await.unwrap();
    copy.drop().await;
    old.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_database_knows_its_backup() {
    if is_postgres() {
        return;
    }
    let (office, _) = office_with_file().await;
    let last = service::installation::last_backup;
    assert_eq!(last(&office.services.database).await.unwrap(), None);
    let backup = back_up(&office).await;
    let now = office.services.now();
    assert_eq!(last(&office.services.database).await.unwrap(), Some(now));
    let (copy, _) = restored(&backup, now).await;
    assert_eq!(last(&copy.services.database).await.unwrap(), Some(now));
    copy.close().await;
    office.close().await;
}
