//! Archives of a test's database, and databases from archives.

use crate::{
    database::TestDatabase,
    office::{OPENING, Office, at, backend},
};
use api::backend::Backend;
use archive::{Exported, Imported, Mode, Source, Target};
use service::{clock::ManualClock, progress::Silent};
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Cursor, Read, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};
use tempfile::TempDir;

/// An archive in a folder of its own, which goes with it.
#[derive(Debug)]
pub struct ArchiveFolder {
    folder: TempDir,
    /// What the export has said.
    pub exported: Exported,
}

impl ArchiveFolder {
    /// Exports what an office has.
    pub async fn of(office: &Office) -> Self {
        let backend = office.commands().await;
        let archive = Self::of_backend(&backend).await;
        backend.services.database.close().await.expect("closed");
        archive
    }

    /// Exports what is there.
    pub async fn of_backend(backend: &Backend) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let target = Target::folder(&folder.path().join("archive")).expect("a new folder");
        let Backend { services, file_store, .. } = backend;
        let exported =
            archive::export(services, file_store, target, &Silent).await.expect("an archive");
        Self { folder, exported }
    }

    /// The folder.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("archive")
    }

    /// Each file with its bytes.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.path()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name = path.strip_prefix(self.path()).expect("a path in the archive");
                files.insert(name.display().to_string(), fs::read(&path).expect("a file"));
            }
        }
        files
    }

    /// Asserts that the other archive has the same files with the same bytes.
    pub fn assert_same(&self, other: &Self) {
        assert_same(&self.files(), &other.files());
    }
}

/// The backend of a server on that database, with the files in its folder.
async fn backend_of(database: &TestDatabase) -> Backend {
    let clock = Arc::new(ManualClock::new(at(OPENING)));
    backend(database.connect().await, &database.folder, clock).0
}

/// Migrates the database, and imports the archive into it and into the folder `files` beside it.
/// Nothing is connected to it afterwards.
///
/// # Errors
/// Returns what the import says.
pub async fn import(
    database: &TestDatabase,
    folder: &Path,
    mode: Mode,
) -> archive::Result<Imported> {
    let backend = backend_of(database).await;
    backend.services.database.migrate().await.expect("migrated");
    let imported = match Source::folder(folder) {
        Ok(source) => {
            let Backend { services, file_store, .. } = &backend;
            archive::import(services, file_store, &source, mode, &Silent).await
        }
        Err(refused) => Err(refused),
    };
    backend.services.database.close().await.expect("closed");
    imported
}

/// Asserts that an export, imported into another database, is exported with the same bytes. It is a
/// tar, which nothing has to write to the disk.
pub(crate) async fn assert_round_trip(backend: &Backend) {
    let tar = tar_of(backend).await;
    let database = TestDatabase::create_migrated_on_sqlite().await;
    let imported = backend_of(&database).await;
    let source = Source::stream(Cursor::new(&tar)).expect("an archive");
    let Backend { services, file_store, .. } = &imported;
    archive::import(services, file_store, &source, Mode::Apply, &Silent).await.expect("an import");
    let again = tar_of(&imported).await;
    if again != tar {
        assert_same(&entries(&tar), &entries(&again));
        panic!("the archives differ in their order");
    }
    services.database.clone().close().await.expect("closed");
    database.drop().await;
}

/// Exports what is there as one tar.
pub async fn tar_of(backend: &Backend) -> Vec<u8> {
    let bytes = Bytes::default();
    let Backend { services, file_store, .. } = backend;
    let target = Target::stream(bytes.clone());
    archive::export(services, file_store, target, &Silent).await.expect("an archive");
    std::mem::take(&mut bytes.0.lock().expect("the only thread"))
}

/// The entries of a tar by their names.
fn entries(tar: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut tar = tar::Archive::new(Cursor::new(tar));
    let entries = tar.entries().expect("entries").map(|entry| {
        let mut entry = entry.expect("an entry");
        let name = entry.path().expect("a name").display().to_string();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its bytes");
        (name, bytes)
    });
    entries.collect()
}

/// A stream whose bytes the test gets.
#[derive(Clone, Default)]
struct Bytes(Arc<Mutex<Vec<u8>>>);

impl Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("the only thread").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Asserts that two archives have the same files with the same bytes.
fn assert_same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    assert!(one.keys().eq(other.keys()), "{:?}\n{:?}", one.keys(), other.keys());
    for (name, bytes) in one {
        let lines = bytes.split(|byte| *byte == b'\n');
        for (line, other) in lines.zip(other[name].split(|byte| *byte == b'\n')) {
            let text = |line| String::from_utf8_lossy(line).into_owned();
            assert_eq!(text(line), text(other), "{name}");
        }
        assert_eq!(bytes.len(), other[name].len(), "{name}");
    }
}
