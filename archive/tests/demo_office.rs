//! The demonstration office moves from one database to another. The end-to-end tests show the rest.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use archive::{Mode, Source, Target, export, import, tables::TABLES};
use service::{
    Services,
    blobs::FileStore,
    clock::{SystemClock, SystemRandomness},
    database::{DatabaseSettings, connect},
    demo_office,
    progress::Silent,
};
use std::{fs, path::Path, sync::Arc};

async fn open(folder: &Path) -> (Services, FileStore) {
    let url = format!("sqlite://{}", folder.join("memoranda.db").display());
    let database = connect(&DatabaseSettings::new(url)).await.unwrap();
    database.migrate().await.unwrap();
    let services = Services::new(database, Arc::new(SystemClock), Arc::new(SystemRandomness));
    (services, FileStore::open(folder.join("files").to_str().unwrap()).unwrap())
}

#[tokio::test]
async fn the_demonstration_office_is_the_same_after_a_move() {
    let folder = tempfile::tempdir().unwrap();
    let [old, new] = ["old", "new"].map(|name| folder.path().join(name));
    for place in [&old, &new] {
        fs::create_dir(place).unwrap();
    }
    let (services, store) = open(&old).await;
    demo_office::furnish(&services, &store).await.unwrap();
    let first = folder.path().join("first");
    let exported =
        export(&services, &store, Target::folder(&first).unwrap(), &Silent).await.unwrap();
    assert!(exported.rows > 100 && exported.contents > 5, "{exported:?}");
    assert!(exported.missing.is_empty());
    services.database.close().await.unwrap();

    let (services, store) = open(&new).await;
    let source = Source::folder(&first).unwrap();
    for mode in [Mode::DryRun, Mode::Apply] {
        let imported = import(&services, &store, &source, mode, &Silent).await.unwrap();
        assert_eq!((imported.rows, imported.contents), (exported.rows, exported.contents));
    }
    let second = folder.path().join("second");
    export(&services, &store, Target::folder(&second).unwrap(), &Silent).await.unwrap();
    services.database.close().await.unwrap();
    let names = TABLES.iter().map(|table| format!("tables/{}.ndjson", table.name));
    for name in names.chain(["manifest.json".to_owned()]) {
        let [one, other] = [&first, &second].map(|folder| fs::read(folder.join(&name)).unwrap());
        assert!(one == other, "{name} has changed");
    }
}
