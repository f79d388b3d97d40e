//! The folder of a demo: its database, its files and its secret.

use super::{Failure, output};
use crate::settings::{
    Origin, Values, sqlite_file,
    table::{database::DATABASE_URL, files::FILE_STORE, limits::DESK, tokens::JWT_SECRET},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use service::{
    blobs::MARKER,
    clock::{Randomness, SystemRandomness},
    database::sqlite_url,
};
use std::{
    fmt::{self, Display},
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

/// The default folder.
pub(super) const DEFAULT: &str = "memoranda-demo";

/// The folder of a demo.
pub(super) struct DemoFolder(PathBuf);

impl Display for DemoFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.display().fmt(f)
    }
}

impl DemoFolder {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(super) fn create(&self) -> Result<(), Failure> {
        fs::create_dir_all(&self.0).map_err(|error| {
            Failure::failed(format_args!(
                "the folder {self} cannot be created ({error}): choose another with --folder"
            ))
        })
    }

    pub(super) fn has_demo(&self) -> bool {
        self.database().exists() || self.secret().exists()
    }

    pub(super) fn no_demo(&self) -> Failure {
        Failure::usage(format_args!(
            "--folder is {:?}, which has no demo. Start one there with `memoranda demo --folder \
             FOLDER`, or name another",
            self.0
        ))
    }

    /// Uses the demo's database and files where no others are set.
    pub(super) fn set_missing_places(&self, values: &mut Values) {
        values.or_set(&DATABASE_URL, sqlite_url(&self.database()), self.origin());
        values.or_set(&FILE_STORE, self.files().display().to_string(), self.origin());
    }

    /// The same, unless flags name others. Variables and the settings file are ignored: they belong
    /// to a server, and a demo must not write its data into that server's database.
    pub(super) fn set_own_places(&self, values: &mut Values) {
        values.set_unless_by_flag(&DATABASE_URL, sqlite_url(&self.database()), self.origin());
        values.set_unless_by_flag(&FILE_STORE, self.files().display().to_string(), self.origin());
    }

    /// Turns the desk on, unless a setting turns it off.
    pub(super) fn set_desk(&self, values: &mut Values) {
        values.or_set(&DESK, "on".to_owned(), self.origin());
    }

    /// Uses the demo's saved secret if no other is set.
    pub(super) fn set_saved_secret(&self, values: &mut Values) -> Result<(), Failure> {
        if values.given(&JWT_SECRET)?.is_some() {
            return Ok(());
        }
        match fs::read_to_string(self.secret()) {
            Ok(secret) if !secret.trim().is_empty() => {
                values.or_set(&JWT_SECRET, secret.trim().to_owned(), self.origin());
            }
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(self.secret_fails("read", &error)),
        }
        Ok(())
    }

    /// The same, and creates a secret if none is saved.
    pub(super) fn set_or_create_secret(&self, values: &mut Values) -> Result<(), Failure> {
        self.set_saved_secret(values)?;
        if values.given(&JWT_SECRET)?.is_none() {
            let secret = new_secret();
            write_private(&self.secret(), &secret)
                .map_err(|error| self.secret_fails("written", &error))?;
            values.or_set(&JWT_SECRET, secret, self.origin());
        }
        Ok(())
    }

    /// Says where the data is kept, and how to delete it.
    pub(super) fn data_note(&self, values: &Values) -> String {
        let place = values.shown(&DATABASE_URL);
        if self.own_database(values).is_none() {
            return format!("The data stays in {place}.");
        }
        let folder = if self.0 == Path::new(DEFAULT) {
            String::new()
        } else {
            format!(" --folder {:?}", self.0)
        };
        format!("The data stays in {place} until `memoranda demo{folder} --reset`.")
    }

    /// Deletes the database and the files, if they belong to this demo.
    pub(super) fn reset(&self, values: &Values) -> Result<(), Failure> {
        let database = self.own_database(values).ok_or_else(|| {
            let problem = format!(
                "--reset deletes nothing outside the demo's folder, {self}: leave \
                out --reset, or do not set database-url"
            );
            Failure::usage(values.refuse(&DATABASE_URL, problem))
        })?;
        // The log goes first. Otherwise, the next database could use the old log as its own.
        for suffix in ["-wal", "-shm", ""] {
            let mut file = database.clone().into_os_string();
            file.push(suffix);
            deleted(&file, fs::remove_file(&file))?;
        }
        let store = values.get(&FILE_STORE)?;
        let folder = Path::new(store.strip_prefix("file://").unwrap_or(&store));
        if store.starts_with("s3://") || !self.contains(folder) {
            output::note(&format!(
                "note: files in {store} are kept: --reset deletes nothing outside the demo's \
                 folder, {self}"
            ));
            return Ok(());
        }
        // Only what a store writes is deleted. Other files stay, and the folder with them.
        let stored = folder.join("sha256");
        deleted(stored.as_os_str(), fs::remove_dir_all(&stored))?;
        let marker = folder.join(MARKER);
        deleted(marker.as_os_str(), fs::remove_file(&marker))?;
        let _ = fs::remove_dir(folder);
        Ok(())
    }

    fn own_database(&self, values: &Values) -> Option<PathBuf> {
        sqlite_file(&values.get(&DATABASE_URL).ok()?).filter(|file| self.contains(file))
    }

    fn database(&self) -> PathBuf {
        self.0.join("demo.db")
    }

    fn files(&self) -> PathBuf {
        self.0.join("demo-files")
    }

    fn secret(&self) -> PathBuf {
        self.0.join("jwt-secret")
    }

    fn origin(&self) -> Origin {
        Origin::Demo(self.0.clone())
    }

    fn secret_fails(&self, verb: &str, error: &io::Error) -> Failure {
        let file = self.secret();
        Failure::failed(format_args!(
            "the demo's secret {} cannot be {verb} ({error}): make it accessible, or set \
             jwt-secret",
            file.display()
        ))
    }

    /// Whether a path is inside the folder, after links are followed. The path need not exist.
    fn contains(&self, path: &Path) -> bool {
        let (Some(folder), Some(path)) = (resolved(&self.0), resolved(path)) else { return false };
        path != folder && path.starts_with(folder)
    }
}

fn resolved(path: &Path) -> Option<PathBuf> {
    if let Ok(path) = path.canonicalize() {
        return Some(path);
    }
    let parent =
        path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.is_symlink() || parent == path {
        None
    } else {
        Some(resolved(parent)?.join(path.file_name()?))
    }
}

fn deleted(path: &std::ffi::OsStr, removed: io::Result<()>) -> Result<(), Failure> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Failure::failed(format_args!("{} cannot be deleted: {error}", path.display())))
        }
        _ => Ok(()),
    }
}

fn new_secret() -> String {
    let bytes: Vec<u8> = (0..4).flat_map(|_| SystemRandomness.bytes()).collect();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Writes a file that other users of this machine cannot read.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}
