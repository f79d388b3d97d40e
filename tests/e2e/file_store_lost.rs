//! The file store is not in its place: its disk is not mounted, or it is another folder. Then the
//! server writes nothing there, and does not treat files as removed.

use crate::files::{put, uploaded};
use chrono::TimeDelta;
use memoranda_tests::{Actor, Office, Options, TestDatabase, at, refusal};
use reqwest::StatusCode;
use service::{
    Error,
    blobs::{self, MARKER, StoreState},
};
use std::fs;

async fn upload(person: &Actor) -> (u16, String) {
    let (status, code, _) =
        refusal(put(person, Some(person.token()), "new.txt", None, "new").await).await;
    (status, code)
}

async fn readiness(office: &Office) -> (StatusCode, String) {
    let answer = reqwest::get(format!("{}/readyz", office.address)).await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

fn is_lost<T>(result: &service::Result<T>) -> bool {
    matches!(result, Err(Error::FileStoreLost(_)))
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_place_that_is_not_the_store_nothing_is_written_and_nothing_taken_for_removed() {
    // What is in the folder's place.
    let gone: fn(&std::path::Path) = |_| {};
    let not_mounted: fn(&std::path::Path) = |folder| fs::create_dir(folder).unwrap();
    let another: fn(&std::path::Path) = |folder| {
        fs::create_dir(folder).unwrap();
        fs::write(folder.join(MARKER), "0198a1b2-0000-7000-8000-000000000000\n").unwrap();
    };
    for (n, place) in [gone, not_mounted, another].into_iter().enumerate() {
        let office = Office::open().await;
        uploaded(office.author(), "forgotten.txt", "forgotten").await;
        office.clock.advance(TimeDelta::days(2));
        let (folder, elsewhere) =
            (office.database().folder.join("files"), office.database().folder.join("elsewhere"));
        fs::rename(&folder, &elsewhere).unwrap();
        place(&folder);

        assert_eq!(upload(office.author()).await, (503, "FILES_UNAVAILABLE".to_owned()), "{n}");
        assert!(is_lost(&office.purger.uploads(TimeDelta::days(1)).await), "{n}");
        assert!(is_lost(&office.purger.deletions().await), "{n}");
        assert_eq!(
            office.row_counts().await["blob_removals"],
            1,
            "it is still to be removed ({n})"
        );
        let (status, text) = readiness(&office).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{n}");
        assert_eq!(text, "not ready: the file store is not the right one\n");
        let state = blobs::inspect(&office.services.database, &office.backend.file_store).await;
        assert_eq!(state.unwrap(), StoreState::Lost, "{n}");
        let written = fs::read_dir(&folder).map(Iterator::count).unwrap_or_default();
        assert_eq!(written, usize::from(n == 2), "nothing but what was there is there ({n})");

        let _ = fs::remove_dir_all(&folder);
        fs::rename(&elsewhere, &folder).unwrap();
        assert_eq!(readiness(&office).await.0, StatusCode::OK, "{n}");
        assert_eq!(office.purger.deletions().await.unwrap().blobs, 1, "{n}");
        uploaded(office.author(), "new.txt", "new").await;
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_vanishes_while_bytes_are_removed_keeps_what_is_left_to_do() {
    let office = Office::open().await;
    uploaded(office.author(), "forgotten.txt", "forgotten").await;
    office.clock.advance(TimeDelta::days(2));
    office.purger.uploads(TimeDelta::days(1)).await.unwrap();
    let (folder, elsewhere) =
        (office.database().folder.join("files"), office.database().folder.join("elsewhere"));
    let moved = (folder.clone(), elsewhere.clone());
    office.observe(Some(Box::new(move |statement| {
        if statement.sql.starts_with("SELECT \"blob_removals\".\"location\"") {
            let _ = fs::rename(&moved.0, &moved.1);
        }
    })));
    assert!(is_lost(&office.purger.deletions().await));
    office.observe(None);
    fs::rename(&elsewhere, &folder).unwrap();
    assert_eq!(office.purger.deletions().await.unwrap().blobs, 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_and_a_store_of_version_0_1_become_each_others_own_at_the_first_use() {
    let database = TestDatabase::create_of_version_0_1().await;
    let folder = database.folder.join("files");
    fs::create_dir_all(folder.join("sha256")).unwrap();
    let office = Office::open_in(database, at("2026-11-25T00:00:00Z"), Options::default()).await;
    let marker = fs::read_to_string(folder.join(MARKER)).unwrap();
    blobs::verify(&office.services, &office.backend.file_store).await.unwrap();
    uploaded(office.author(), "new.txt", "new").await;
    assert_eq!(fs::read_to_string(folder.join(MARKER)).unwrap(), marker);
    // An operator who has moved the files confirms this, and the database keeps its known id.
    fs::remove_file(folder.join(MARKER)).unwrap();
    assert!(is_lost(&blobs::verify(&office.services, &office.backend.file_store).await));
    blobs::confirm(&office.services, &office.backend.file_store).await.unwrap();
    blobs::verify(&office.services, &office.backend.file_store).await.unwrap();
    assert_eq!(fs::read_to_string(folder.join(MARKER)).unwrap(), marker);
    office.close().await;
}
