//! Checks a backup by reading all of it and opening its database.

use crate::{
    contents,
    error::{Error, Result, at},
    format::{Digest, End, Head},
    reader::{self, Part, broken, damaged},
    snapshot::{close_copy, open_copy},
};
use migration::{Migrator, MigratorTrait};
use service::{
    database::Database,
    progress::{Progress, Unit},
};
use sha2::{Digest as _, Sha256};
use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// A backup that is whole, with its database open.
pub(crate) struct Checked {
    pub(crate) head: Head,
    pub(crate) end: End,
    pub(crate) database: Database,
    /// The file of the database.
    pub(crate) file: PathBuf,
    /// Migrations that the database lacks.
    pub(crate) pending: Vec<String>,
}

impl Checked {
    /// Closes the database.
    pub(crate) async fn close(self) -> Result<()> {
        close_copy(self.database, &self.file).await
    }
}

/// Reads the backup, and extracts its database to that file, which must not exist.
pub(crate) async fn check(
    backup: &Path,
    database: &Path,
    progress: &dyn Progress,
) -> Result<Checked> {
    let size = fs::metadata(backup).map_err(at(backup))?.len();
    progress.begin("Reading the backup", Some(size), Unit::Bytes);
    let (head, end, found) = read(backup, database, progress)?;
    progress.begin("Checking the database", None, Unit::Files);
    let copy = open_copy(database)
        .await
        .map_err(|error| damaged(backup, &format!("its database: {error}")))?;
    let pending = check_database(backup, &copy).await?;
    let lost: BTreeSet<Digest> = end.lost.iter().copied().collect();
    let (mut last, mut files) = (None, 0);
    loop {
        let page = contents::after(&copy, last).await?;
        let Some(end) = page.last() else { break };
        last = Some(end.digest);
        for content in &page {
            let digest = content.digest;
            if !found.contains(&digest) && !lost.contains(&digest) {
                let problem = format!("the bytes of a file, {digest}, are missing");
                return Err(damaged(backup, &problem));
            }
        }
        files += page.len() as u64;
        progress.advance(page.len() as u64);
    }
    if files != end.files {
        let problem = format!("it has {files} files instead of {}", end.files);
        return Err(damaged(backup, &problem));
    }
    Ok(Checked { head, end, database: copy, file: database.to_owned(), pending })
}

/// Reads all parts. Returns the hashes of the files whose bytes are right.
fn read(
    backup: &Path,
    database: &Path,
    progress: &dyn Progress,
) -> Result<(Head, End, BTreeSet<Digest>)> {
    let mut archive = reader::open(backup, progress)?;
    let (head, entries) = reader::parts(backup, &mut archive)?;
    let (mut found, mut wrong) = (BTreeSet::new(), BTreeSet::new());
    let (mut hash, mut end) = (None, None);
    for entry in entries {
        let mut entry = entry.map_err(broken(backup))?;
        if end.is_some() {
            return Err(damaged(backup, "a part follows the last one"));
        }
        match reader::part(backup, &mut entry)? {
            Part::Head => return Err(damaged(backup, "it begins twice")),
            Part::File(digest) => {
                let right = hash_of(backup, &mut entry, None)? == digest;
                if right {
                    found.insert(digest)
                } else {
                    wrong.insert(digest)
                };
            }
            Part::Database if hash.is_some() => {
                return Err(damaged(backup, "it has two databases"));
            }
            Part::Database => hash = Some(hash_of(backup, &mut entry, Some(database))?),
            Part::End(last) => end = Some(last),
        }
    }
    reader::finish(backup, archive)?;
    let end: End = end.ok_or_else(|| damaged(backup, "its end is missing"))?;
    if hash != Some(end.database) {
        return Err(damaged(backup, "its database is not what was written"));
    }
    if let Some(digest) = wrong.iter().find(|digest| !end.lost.contains(digest)) {
        return Err(damaged(backup, &format!("{digest} has other bytes")));
    }
    Ok((head, end, found))
}

/// Reads a part, writes it to that file, and returns its hash.
fn hash_of(backup: &Path, part: &mut impl Read, to: Option<&Path>) -> Result<Digest> {
    let mut file = to.map(|path| File::create_new(path).map_err(at(path))).transpose()?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; 256 * 1024];
    loop {
        let read = part.read(&mut piece).map_err(broken(backup))?;
        let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        hasher.update(bytes);
        if let (Some(file), Some(path)) = (&mut file, to) {
            file.write_all(bytes).map_err(at(path))?;
        }
    }
    if let (Some(file), Some(path)) = (file, to) {
        file.sync_all().or_else(ignore_unsupported).map_err(at(path))?;
    }
    Ok(Digest(hasher.finalize().into()))
}

/// Some file systems cannot make a file durable on request.
fn ignore_unsupported(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::Unsupported { Ok(()) } else { Err(error) }
}

/// Checks that SQLite finds nothing wrong, and that this program knows the schema. Returns the
/// pending migrations.
async fn check_database(backup: &Path, copy: &Database) -> Result<Vec<String>> {
    let problems = match copy.problems().await {
        Ok(problems) => problems,
        Err(error) => vec![error.to_string()],
    };
    if let Some(first) = problems.first() {
        return Err(damaged(backup, &format!("its database: {first}")));
    }
    let migrations = copy.migrations().await?;
    if !migrations.newer.is_empty() {
        return Err(Error::BadBackup(format!(
            "{}: a newer memoranda has migrated its database: use that version (unknown here: {})",
            backup.display(),
            migrations.newer.join(", ")
        )));
    }
    if migrations.pending.len() == Migrator::migrations().len() {
        return Err(damaged(backup, "its database is not one of memoranda"));
    }
    Ok(migrations.pending)
}
