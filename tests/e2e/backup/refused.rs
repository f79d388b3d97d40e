//! Files that are no whole backup are refused before anything is changed.

use super::{back_up, back_up_with, names, new_backup, places, restore, restored};
use memoranda_tests::{Office, dump_rows, is_postgres};
use sea_orm::{ConnectionTrait, Database as Connector};
use serde_json::{Value, json};
use service::progress::Silent;
use sha2::{Digest, Sha256};
use std::{
    io::Read,
    path::{Path, PathBuf},
};

/// A part of a backup, and its name.
type Part = (String, Vec<u8>);
type Parts = Vec<Part>;

/// An office with two files, and a backup of it.
async fn office_with_backup() -> (Office, PathBuf) {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    office.attach(&memo, "one.txt", "one").await;
    office.attach(&memo, "two.txt", &"two ".repeat(100_000)).await;
    let backup = back_up(&office).await;
    (office, backup)
}

/// Tries to restore that file. Returns the message, after a check that nothing was changed.
async fn refusal(backup: &Path) -> String {
    let home = tempfile::tempdir().unwrap();
    let now = "2026-03-02T09:00:00Z".parse().unwrap();
    let error = restore(backup, &places(home.path()), false, now).await.unwrap_err();
    assert_eq!(names(home.path()), [""; 0], "{error}");
    assert!(matches!(error, backup::Error::BadBackup(_)), "{error:?} is about the backup");
    error.to_string()
}

fn parts_of(backup: &Path) -> Parts {
    let tar = zstd::decode_all(std::fs::File::open(backup).unwrap()).unwrap();
    let mut archive = tar::Archive::new(tar.as_slice());
    let entries = archive.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        let name = String::from_utf8(entry.path_bytes().into_owned()).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (name, bytes)
    });
    entries.collect()
}

/// Writes a backup with those parts, as somebody could who knows the format.
fn pack(parts: &[Part], to: &Path) {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in parts {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        let raw = &mut header.as_old_mut().name;
        raw[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        archive.append(&header, bytes.as_slice()).unwrap();
    }
    let tar = archive.into_inner().unwrap();
    std::fs::write(to, zstd::encode_all(tar.as_slice(), 3).unwrap()).unwrap();
}

/// Replaces the database, with the hash that belongs to it.
fn replace_database(parts: &mut [Part], database: &[u8]) {
    let hash = hex::encode(Sha256::digest(database));
    for (name, bytes) in parts {
        match name.as_str() {
            "memoranda.db" => database.clone_into(bytes),
            "end.json" => {
                let mut end: Value = serde_json::from_slice(bytes).unwrap();
                end["database"] = json!(hash);
                *bytes = serde_json::to_vec(&end).unwrap();
            }
            _ => {}
        }
    }
}

/// The database of a backup after that SQL.
async fn changed_database(parts: &[Part], folder: &Path, sql: &str) -> Vec<u8> {
    let file = folder.join("changed.db");
    let (_, database) = parts.iter().find(|(name, _)| name == "memoranda.db").unwrap();
    std::fs::write(&file, database).unwrap();
    let url = format!("sqlite://{}", file.display());
    let connection = Connector::connect(&url).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
    std::fs::read(&file).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_was_cut_off_is_refused() {
    if is_postgres() {
        return;
    }
    let (office, backup) = office_with_backup().await;
    let whole = std::fs::read(&backup).unwrap();
    let cut = office.database().folder.join("cut");
    let steps = (0..20).map(|step| whole.len() * step / 20);
    for length in steps.chain((1..=8).map(|bytes| whole.len() - bytes)) {
        std::fs::write(&cut, &whole[..length]).unwrap();
        let message = refusal(&cut).await;
        let expected = ["is cut off or damaged", "is no backup of memoranda"];
        assert!(expected.iter().any(|text| message.contains(text)), "{length}: {message}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_bit_is_refused_or_means_nothing() {
    if is_postgres() {
        return;
    }
    let (office, backup) = office_with_backup().await;
    let whole = std::fs::read(&backup).unwrap();
    let flipped = office.database().folder.join("flipped");
    let mut refused = 0;
    for step in 0..64 {
        let mut bytes = whole.clone();
        let at = if step < 12 { step } else { whole.len() * step / 64 };
        bytes[at] ^= 1 << (step % 8);
        std::fs::write(&flipped, &bytes).unwrap();
        let home = tempfile::tempdir().unwrap();
        match restore(&flipped, &places(home.path()), false, office.services.now()).await {
            Err(_) => {
                assert_eq!(names(home.path()), [""; 0]);
                refused += 1;
            }
            // A bit in which the compressed form differs, but not its content.
            Ok(_) => assert_eq!(parts_of(&flipped), parts_of(&backup)),
        }
    }
    assert!(refused >= 60, "{refused}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_other_programs_are_refused() {
    if is_postgres() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("foreign");
    let other_tar = {
        let mut archive = tar::Builder::new(Vec::new());
        archive.append_dir_all("all", folder.path()).unwrap();
        archive.into_inner().unwrap()
    };
    let compressed = |bytes: &[u8]| zstd::encode_all(bytes, 3).unwrap();
    let long_text = vec![b'x'; 10_000];
    for bytes in [
        Vec::new(),
        b"a text".to_vec(),
        other_tar.clone(),
        compressed(b""),
        compressed(b"a text"),
        compressed(&long_text),
        compressed(&other_tar),
    ] {
        std::fs::write(&path, &bytes).unwrap();
        let message = refusal(&path).await;
        assert!(message.contains("is no backup of memoranda"), "{message}");
        assert!(message.contains("`memoranda backup`"), "{message}");
    }
    let message = refusal(folder.path()).await;
    assert!(message.contains("is no backup of memoranda"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_somebody_has_changed_is_refused() {
    if is_postgres() {
        return;
    }
    let (office, backup) = office_with_backup().await;
    let folder = &office.database().folder;
    let (original, path) = (parts_of(&backup), folder.join("changed"));
    pack(&original, &path);
    let (copy, _) = restored(&path, office.services.now()).await;
    let memos = |mut rows: std::collections::BTreeMap<String, Vec<String>>| rows.remove("memos");
    let rows = memos(dump_rows(&office.services.database, &[]).await);
    assert_eq!(memos(dump_rows(&copy.services.database, &[]).await), rows, "packed anew");
    copy.close().await;

    let of_files: Vec<usize> =
        (0..original.len()).filter(|at| original[*at].0.starts_with("files/")).collect();
    let at = |name: &str| original.iter().position(|(part, _)| part == name).unwrap();
    let (database, end) = (at("memoranda.db"), at("end.json"));
    let change = |change: &dyn Fn(&mut Parts)| {
        let mut parts = original.clone();
        change(&mut parts);
        parts
    };
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m2999_of_a_newer', 1)";
    let newer = changed_database(&original, folder, newer).await;
    let dangling = "PRAGMA foreign_keys = OFF; DELETE FROM users WHERE username = 'author'";
    let dangling = changed_database(&original, folder, dangling).await;
    std::fs::remove_file(folder.join("changed.db")).unwrap();
    let foreign = changed_database(
        &[("memoranda.db".to_owned(), Vec::new())],
        folder,
        "CREATE TABLE memos (id text)",
    )
    .await;
    let cases: Vec<(&str, Parts)> = vec![
        ("has other bytes", change(&|parts| parts[of_files[0]].1[0] ^= 1)),
        ("has other bytes", change(&|parts| parts[of_files[1]].1.truncate(2))),
        ("are missing", change(&|parts| drop(parts.remove(of_files[0])))),
        ("is not what was written", change(&|parts| parts[database].1[200] ^= 1)),
        ("is not what was written", change(&|parts| drop(parts.remove(database)))),
        ("has two databases", change(&|parts| parts.insert(database, parts[database].clone()))),
        ("its end is missing", change(&|parts| drop(parts.remove(end)))),
        ("follows the last one", change(&|parts| parts.push(parts[of_files[0]].clone()))),
        ("begins twice", change(&|parts| parts.insert(1, parts[0].clone()))),
        ("is no backup of memoranda", change(&|parts| drop(parts.remove(0)))),
        ("unknown part", change(&|parts| parts[of_files[0]].0 = "../../evil".to_owned())),
        ("unknown part", change(&|parts| parts[of_files[0]].0 = "files/../evil".to_owned())),
        (
            "was made by a newer memoranda",
            change(&|parts| parts[0].1 = json_of(&parts[0].1, "format", &json!(2))),
        ),
        (
            "instead of 3",
            change(&|parts| parts[end].1 = json_of(&parts[end].1, "files", &json!(3))),
        ),
        ("a newer memoranda has migrated", change(&|parts| replace_database(parts, &newer))),
        ("refers to a row", change(&|parts| replace_database(parts, &dangling))),
        ("is not one of memoranda", change(&|parts| replace_database(parts, &foreign))),
        ("its database", change(&|parts| replace_database(parts, b"no database"))),
        (
            "its database",
            change(&|parts| {
                let mut broken = parts[database].1.clone();
                let middle = broken.len() / 2;
                broken[middle..middle + 8192].fill(0x55);
                replace_database(parts, &broken);
            }),
        ),
    ];
    for (expected, parts) in cases {
        pack(&parts, &path);
        let message = refusal(&path).await;
        assert!(message.contains(expected), "{expected}: {message}");
    }
    office.close().await;
}

fn json_of(text: &[u8], key: &str, value: &Value) -> Vec<u8> {
    let mut changed: Value = serde_json::from_slice(text).unwrap();
    changed[key] = value.clone();
    serde_json::to_vec(&changed).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_files_are_named_and_left_out_only_on_request() {
    if is_postgres() {
        return;
    }
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let folder = office.database().folder.join("files");
    let mut places_of_files = Vec::new();
    for content in ["gone", "shorter", "changed", "good"] {
        let file = office.attach(&memo, "plan.txt", content).await;
        let (first, rest) = file.blob_sha256.split_at(2);
        let folder = folder.join("sha256").join(first).join(&rest[..2]);
        let name = names(&folder).into_iter().find(|name| name.starts_with(&file.blob_sha256));
        places_of_files.push(folder.join(name.unwrap()));
    }
    std::fs::remove_file(&places_of_files[0]).unwrap();
    std::fs::write(&places_of_files[1], "short").unwrap();
    std::fs::write(&places_of_files[2], "CHANGED").unwrap();

    let mut new = new_backup(&office);
    let error = back_up_with(&office, &new, &Silent).await.unwrap_err();
    let message = error.to_string();
    assert!(matches!(error, backup::Error::Refused(_)), "{message}");
    for place in &places_of_files[..3] {
        let name = place.file_name().unwrap().to_str().unwrap();
        assert!(message.contains(name), "{message}");
    }
    assert!(message.contains("--accept-lost-files"), "{message}");
    assert!(!new.path.exists());

    new.accept_lost_files = true;
    let created = back_up_with(&office, &new, &Silent).await.unwrap();
    assert_eq!((created.files, created.lost.len()), (4, 3));
    let (copy, told) = restored(&new.path, office.services.now()).await;
    assert_eq!((told.files, told.lost), (4, 3));
    let blobs = crate::files::objects(&copy);
    assert_eq!(blobs.len(), 1, "only the good one is there: {blobs:?}");
    copy.close().await;
    office.close().await;
}
