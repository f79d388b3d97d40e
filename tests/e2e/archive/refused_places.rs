//! An archive is imported into a database and a file store that nobody else uses.

use archive::{Error, Mode, Source, Target};
use memoranda_tests::{ArchiveFolder, Office, TestDatabase, import, is_postgres};
use service::progress::Silent;
use std::fs;

fn text(result: archive::Result<archive::Imported>) -> String {
    match result {
        Err(Error::Refused(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_with_people_and_a_second_import_are_refused() {
    let office = Office::open().await;
    let archive = ArchiveFolder::of(&office).await;
    let database = TestDatabase::create().await;
    import(&database, &archive.path(), Mode::Apply).await.unwrap();
    let again = text(import(&database, &archive.path(), Mode::Apply).await);
    assert!(again.contains("the database is not empty: its table users has rows"), "{again}");
    database.drop().await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_store_of_another_database_is_refused() {
    let office = Office::open().await;
    let archive = ArchiveFolder::of(&office).await;
    let database = TestDatabase::create().await;
    fs::create_dir(database.folder.join("files")).unwrap();
    let marker = "memoranda-store-id";
    let from = office.database().folder.join("files").join(marker);
    fs::copy(from, database.folder.join("files").join(marker)).unwrap();
    let refused = text(import(&database, &archive.path(), Mode::Apply).await);
    assert!(refused.contains("the files of another database"), "{refused}");
    database.drop().await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_a_server_uses_is_refused() {
    // A file of SQLite has a lock, which the program's own test tries.
    if !is_postgres() {
        return;
    }
    let office = Office::open().await;
    let archive = ArchiveFolder::of(&office).await;
    let database = TestDatabase::create().await;
    let other = database.connect().await;
    other.migrate().await.unwrap();
    let refused = text(import(&database, &archive.path(), Mode::Apply).await);
    assert!(refused.contains("is connected to the database: stop it first"), "{refused}");
    other.close().await.unwrap();
    database.drop().await;
    office.close().await;
}

#[test]
fn a_target_that_is_not_empty_and_a_source_that_is_no_folder_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("note.txt"), "").unwrap();
    let refused = |result: archive::Result<()>| match result {
        Err(Error::Refused(text)) => text,
        other => panic!("{other:?}"),
    };
    let not_empty = refused(Target::folder(folder.path()).map(drop));
    assert!(not_empty.contains("is not empty: name another folder"), "{not_empty}");
    let file = refused(Target::folder(&folder.path().join("note.txt")).map(drop));
    assert!(file.contains("is a file: name a folder"), "{file}");
    let tar = refused(Source::folder(&folder.path().join("note.txt")).map(drop));
    assert!(tar.contains("is a file: name the folder of an archive"), "{tar}");
    let nothing = refused(Source::folder(&folder.path().join("nothing")).map(drop));
    assert!(nothing.contains("there is no folder"), "{nothing}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_ends_early_leaves_no_manifest() {
    let office = Office::open().await;
    office.full_memo().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive");
    let target = Target::folder(&path).unwrap();
    // Something is where the last table would be.
    fs::create_dir_all(path.join("tables/directory_counter.ndjson/in the way")).unwrap();
    let backend = office.commands().await;
    let (services, store) = (&backend.services, &backend.file_store);
    let failed = archive::export(services, store, target, &Silent).await;
    assert!(matches!(failed, Err(Error::File { .. })), "{failed:?}");
    assert!(path.join("tables/users.ndjson").exists() && !path.join("manifest.json").exists());
    let database = TestDatabase::create().await;
    let refused = text(import(&database, &path, Mode::Apply).await);
    assert!(refused.contains("its export was interrupted"), "{refused}");
    database.drop().await;
    office.close().await;
}
