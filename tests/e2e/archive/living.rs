//! Exports while people work, and of what a purge or an accident has taken.

use archive::{Mode, Target};
use chrono::TimeDelta;
use memoranda_tests::{ArchiveFolder, Office, TestDatabase, codes, import};
use serde_json::Value;
use service::progress::{Progress, Unit};
use std::fs;
use tokio::{runtime::Handle, task::block_in_place};

#[tokio::test(flavor = "multi_thread")]
async fn each_export_is_one_state_while_people_write_delete_restore_and_erase() {
    let office = Office::open().await;
    let mut memos = Vec::new();
    for n in 0..8 {
        let memo = office.memo().named(&format!("Memo {n}")).create().await;
        office.attach(&memo, "file.txt", &format!("the content of file {n}")).await;
        memos.push(memo);
    }
    let work = async {
        for memo in &memos {
            office.comment(memo, office.recipient().id, "A comment").await;
            let record = office.author().delete_confirmed(&memo.id).await["receipt"]["id"].clone();
            let record = record.as_str().unwrap();
            office.author().restore(record).await;
            let record = office.author().delete_confirmed(&memo.id).await["receipt"]["id"].clone();
            assert_eq!(
                codes(&office.admin().erase(record.as_str().unwrap(), "Now").await),
                [""; 0]
            );
            office.purger.deletions().await.unwrap();
        }
    };
    let export = async {
        let mut archives = Vec::new();
        for _ in 0..6 {
            archives.push(ArchiveFolder::of(&office).await);
        }
        archives
    };
    let ((), archives) = tokio::join!(work, export);
    for archive in archives {
        let database = TestDatabase::create_on_sqlite().await;
        // Keys and hashes hold, whatever happened meanwhile.
        let imported = import(&database, &archive.path(), Mode::Apply).await.unwrap();
        assert_eq!(imported.missing, archive.exported.missing);
        database.drop().await;
    }
    office.close().await;
}

/// Erases and purges at the moment when an export begins to read bytes: it has its state of the
/// database then.
struct PurgeMeanwhile<'a> {
    office: &'a Office,
    record: &'a str,
}

impl Progress for PurgeMeanwhile<'_> {
    fn begin(&self, step: &str, _: Option<u64>, _: Unit) {
        if step == "exporting files" {
            block_in_place(|| Handle::current().block_on(self.purge()));
        }
    }

    fn advance(&self, _: u64) {}
    fn end(&self) {}
}

impl PurgeMeanwhile<'_> {
    async fn purge(&self) {
        let erased = self.office.admin().erase(self.record, "Now").await;
        assert_eq!(codes(&erased), [""; 0], "{erased:#}");
        self.office.purger.deletions().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_a_purge_takes_from_an_export_are_named_and_the_next_export_is_whole() {
    let office = Office::open().await;
    let erased = office.memo().named("Erased").create().await;
    let gone = office.attach(&erased, "gone.txt", "these bytes go").await;
    let kept = office.memo().named("Kept").create().await;
    office.attach(&kept, "kept.txt", "these bytes stay").await;
    let record = office.author().delete_confirmed(&erased.id).await["receipt"]["id"].clone();
    let record = record.as_str().unwrap();
    // Bytes that somebody stored within the last hour stay.
    office.clock.advance(TimeDelta::hours(2));

    let backend = office.commands().await;
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("archive");
    let meanwhile = PurgeMeanwhile { office: &office, record };
    let target = Target::folder(&place).unwrap();
    let (services, store) = (&backend.services, &backend.file_store);
    let exported = archive::export(services, store, target, &meanwhile).await.unwrap();
    assert_eq!(exported.contents, 1);
    let [missing] = exported.missing.as_slice() else { panic!("{:?}", exported.missing) };
    assert_eq!(missing.sha256, gone.blob_sha256);
    assert_eq!(missing.files, [service::ids::file(gone.id).to_string()]);
    let manifest = fs::read_to_string(place.join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["missing"][0]["sha256"], gone.blob_sha256);

    // The archive has the memo as it was at that moment, and an import says what it lacks.
    let database = TestDatabase::create_on_sqlite().await;
    let imported = import(&database, &place, Mode::Apply).await.unwrap();
    assert_eq!(imported.missing, exported.missing);
    database.drop().await;

    let again = ArchiveFolder::of_backend(&backend).await;
    assert_eq!((again.exported.contents, again.exported.missing.len()), (1, 0));
    backend.services.database.close().await.unwrap();
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_gone_or_damaged_are_named_and_the_rest_is_there() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let gone = office.attach(&memo, "gone.txt", "these bytes go").await;
    let damaged = office.attach(&memo, "damaged.txt", "these bytes change").await;
    let kept = office.attach(&memo, "kept.txt", "these bytes stay").await;
    let place = |sha256: &str| {
        let folder = office.database().folder.join("files/sha256").join(&sha256[..2]);
        let folder = folder.join(&sha256[2..4]);
        let mut found = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        found.find(|path| path.display().to_string().contains(sha256)).unwrap()
    };
    fs::remove_file(place(&gone.blob_sha256)).unwrap();
    fs::write(place(&damaged.blob_sha256), "those bytes changd").unwrap();

    let archive = ArchiveFolder::of(&office).await;
    let mut missing: Vec<_> = archive.exported.missing.iter().collect();
    missing.sort_by_key(|missing| missing.sha256 != gone.blob_sha256);
    assert_eq!(missing.len(), 2, "{missing:?}");
    for (missing, file) in missing.iter().zip([&gone, &damaged]) {
        assert_eq!(missing.sha256, file.blob_sha256);
        assert_eq!(missing.files, [service::ids::file(file.id).to_string()]);
    }
    let files = archive.files();
    let contents: Vec<&Vec<u8>> =
        files.iter().filter(|(name, _)| name.starts_with("files/")).map(|(_, b)| b).collect();
    assert_eq!(contents, [b"these bytes stay"]);
    let manifest = String::from_utf8_lossy(&files["manifest.json"]);
    assert!(manifest.contains(&gone.blob_sha256) && !manifest.contains(&kept.blob_sha256));

    // The import says so as well, and the next export is the same.
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_no_file_has_are_left_out() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    office.attach(&memo, "plan.txt", "a plan").await;
    let record = office.author().delete_confirmed(&memo.id).await["receipt"]["id"].clone();
    let erased = office.admin().erase(record.as_str().unwrap(), "Now").await;
    assert_eq!(codes(&erased), [""; 0], "{erased:#}");
    // Somebody stored the bytes within the last hour, so the purge still keeps them.
    assert_eq!(office.row_counts().await["blobs"], 1);
    let archive = ArchiveFolder::of(&office).await;
    assert!(archive.files().keys().all(|name| !name.starts_with("files/")));
    office.clock.advance(TimeDelta::hours(2));
    office.purger.deletions().await.unwrap();
    let purged = ArchiveFolder::of(&office).await;
    assert_eq!(purged.files()["tables/blobs.ndjson"], archive.files()["tables/blobs.ndjson"]);
    office.close().await;
}
