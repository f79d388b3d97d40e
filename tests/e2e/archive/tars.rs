//! An archive as one stream.

use archive::{Error, Mode, Source};
use memoranda_tests::{ArchiveFolder, Office, TestDatabase};
use service::progress::Silent;
use std::{
    io::{self, Cursor},
    sync::Arc,
};

async fn tar_of(office: &Office) -> Vec<u8> {
    memoranda_tests::tar_of(&office.commands().await).await
}

fn refused(tar: &[u8]) -> String {
    match Source::stream(Cursor::new(tar)) {
        Err(Error::Refused(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tar_has_the_same_files_and_is_imported_like_the_folder() {
    let office = Office::open().await;
    office.full_memo().await;
    let tar = tar_of(&office).await;
    assert_eq!(tar, tar_of(&office).await, "the same rows are the same bytes");
    let folder = ArchiveFolder::of(&office).await.files();
    let mut entries = tar::Archive::new(Cursor::new(&tar));
    let mut names = Vec::new();
    for entry in entries.entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().display().to_string();
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
        assert_eq!(bytes, folder[&name], "{name}");
        names.push(name);
    }
    assert_eq!(names.len(), folder.len());
    assert_eq!(names.last().unwrap(), "manifest.json", "the manifest is last");

    let database = TestDatabase::create().await;
    let clock = Arc::new(service::clock::ManualClock::new(office.services.now()));
    let (backend, _) = memoranda_tests::backend(database.connect().await, &database.folder, clock);
    backend.services.database.migrate().await.unwrap();
    let source = Source::stream(Cursor::new(&tar)).unwrap();
    let (services, store) = (&backend.services, &backend.file_store);
    archive::import(services, store, &source, Mode::Apply, &Silent).await.unwrap();
    assert_eq!(ArchiveFolder::of_backend(&backend).await.files(), folder);
    backend.services.database.close().await.unwrap();
    database.drop().await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tar_that_is_cut_off_anywhere_is_refused() {
    let office = Office::open().await;
    office.full_memo().await;
    let tar = tar_of(&office).await;
    for part in 1..40 {
        let cut = &tar[..tar.len() * part / 40];
        match Source::stream(Cursor::new(cut)) {
            Err(Error::Refused(_)) => {}
            // It ends between two entries, so the manifest is missing, which the import says.
            Ok(source) => {
                let database = TestDatabase::create().await;
                let clock = Arc::new(service::clock::ManualClock::new(office.services.now()));
                let pool = database.connect().await;
                let (backend, _) = memoranda_tests::backend(pool, &database.folder, clock);
                let (services, store) = (&backend.services, &backend.file_store);
                let import = archive::import(services, store, &source, Mode::Apply, &Silent).await;
                assert!(matches!(import, Err(Error::Refused(_))), "{part}: {import:?}");
                backend.services.database.close().await.unwrap();
                database.drop().await;
            }
            Err(other) => panic!("{part}: {other:?}"),
        }
    }
    office.close().await;
}

/// A tar with one entry.
fn tar_with(name: &str, kind: tar::EntryType, link: Option<&str>) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_size(0);
    header.set_mode(0o644);
    header.set_entry_type(kind);
    // The library refuses to write such names, so their bytes are written as they are.
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    if let Some(link) = link {
        header.as_old_mut().linkname[..link.len()].copy_from_slice(link.as_bytes());
    }
    header.set_cksum();
    let mut tar = tar::Builder::new(Vec::new());
    tar.append(&header, io::empty()).unwrap();
    tar.into_inner().unwrap()
}

#[test]
fn a_tar_writes_nothing_outside_its_folder_and_no_links() {
    use tar::EntryType;
    for (name, kind, link) in [
        ("../escaped", EntryType::Regular, None),
        ("tables/../../escaped", EntryType::Regular, None),
        ("/tmp/escaped", EntryType::Regular, None),
        ("./manifest.json", EntryType::Regular, None),
        ("tables/sessions.ndjson", EntryType::Regular, None),
        ("manifest.json", EntryType::Symlink, Some("/etc/passwd")),
        ("manifest.json", EntryType::Link, Some("/etc/passwd")),
        ("tables/users.ndjson", EntryType::Char, None),
        ("tables/users.ndjson", EntryType::Fifo, None),
        ("tables", EntryType::Directory, None),
    ] {
        let text = refused(&tar_with(name, kind, link));
        assert!(text.contains(&format!("the tar has {name:?}, which no archive has")), "{text}");
    }
    let one = tar_with("manifest.json", EntryType::Regular, None);
    let twice = [&one[..512], &one].concat();
    assert_eq!(refused(&twice), "the tar has \"manifest.json\" twice");
    assert!(refused(b"no tar at all, but longer than nothing").contains("this is no tar"));
}
