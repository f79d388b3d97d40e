//! Copies the database and its files while servers write.
//!
//! The copy of the database is a snapshot, so it blocks no writer. Bytes of files are copied after
//! it, because a server places them before it commits the row of their file. Servers also remove
//! bytes: first the row goes, then the bytes, with no time between. If bytes are gone that the copy
//! of the database knows, the database is copied again, and whatever the new copy has besides is
//! added. If the new copy still has the file, its bytes were lost before.

use crate::{
    contents::{self, Content},
    error::{Error, Result, at},
    format::Digest,
    snapshot::{close_copy, open_copy},
    writer::Writer,
};
use futures_util::TryStreamExt;
use service::{
    blobs::FileStore,
    database::Database,
    progress::{Progress, Unit},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// How often the database is copied. Each time, only what has changed since is added.
const MAX_COPIES: u32 = 10;

/// What was copied.
pub(crate) struct Copied {
    /// How many contents the database has.
    pub(crate) files: u64,
    /// Their bytes.
    pub(crate) bytes: u64,
    /// Contents that the file store has lost, each with its problem.
    pub(crate) lost: BTreeMap<Digest, String>,
}

/// Copies the database and then its files, until every file is copied or known to be lost.
pub(crate) async fn copy_all(
    database: &Database,
    store: &FileStore,
    (writer, path): (&mut Writer, &Path),
    copy: &Path,
    progress: &dyn Progress,
) -> Result<Copied> {
    let (done, bad) = (BTreeSet::new(), BTreeMap::new());
    let mut files = Files { store, writer, path, progress, done, bad };
    let mut gone_before = BTreeMap::new();
    for _ in 0..MAX_COPIES {
        if copy.exists() {
            fs::remove_file(copy).map_err(at(copy))?;
        }
        progress.begin("Copying the database", None, Unit::Bytes);
        database.copy_to(copy).await.map_err(|error| {
            let room = "is there room for a copy of it?";
            Error::File(format!(
                "the database cannot be copied to {} ({error}): {room}",
                copy.display()
            ))
        })?;
        progress.advance(fs::metadata(copy).map_err(at(copy))?.len());
        let snapshot = open_copy(copy).await?;
        let round = files.copy(&snapshot).await?;
        close_copy(snapshot, copy).await?;
        let is_lost = |(location, _): (&String, _)| gone_before.contains_key(location);
        if round.gone.iter().all(is_lost) {
            let gone = round.gone.into_values();
            let lost = gone.chain(round.bad).collect();
            return Ok(Copied { files: round.files, bytes: round.bytes, lost });
        }
        gone_before = round.gone;
    }
    Err(Error::Refused(
        "files are erased faster than they are copied: repeat the command later".to_owned(),
    ))
}

/// Copies files into a backup.
struct Files<'a> {
    store: &'a FileStore,
    writer: &'a mut Writer,
    /// The backup, for messages.
    path: &'a Path,
    progress: &'a dyn Progress,
    /// What was copied already.
    done: BTreeSet<Digest>,
    /// Those of them whose bytes are not what they should be.
    bad: BTreeMap<Digest, String>,
}

/// The files of one copy of the database.
#[derive(Default)]
struct Round {
    files: u64,
    bytes: u64,
    /// The locations where nothing is, or not the right number of bytes.
    gone: BTreeMap<String, (Digest, String)>,
    /// Bytes that are not what they should be.
    bad: Vec<(Digest, String)>,
}

impl Files<'_> {
    /// Copies the files of this copy of the database, unless they were copied before.
    async fn copy(&mut self, snapshot: &Database) -> Result<Round> {
        let mut round = Round::default();
        let total = contents::bytes(snapshot).await?;
        self.progress.begin("Copying files", Some(total), Unit::Bytes);
        let mut last = None;
        loop {
            let page = contents::after(snapshot, last).await?;
            let Some(end) = page.last() else { break };
            last = Some(end.digest);
            for content in page {
                round.files += 1;
                round.bytes += content.size;
                if self.done.contains(&content.digest) {
                    self.progress.advance(content.size);
                } else if let Some(problem) = self.copy_one(&content).await? {
                    round.gone.insert(content.location, (content.digest, problem));
                    continue;
                }
                if let Some(problem) = self.bad.get(&content.digest) {
                    round.bad.push((content.digest, problem.clone()));
                }
            }
        }
        Ok(round)
    }

    /// Copies a file. Returns the problem if it is not there.
    async fn copy_one(&mut self, content: &Content) -> Result<Option<String>> {
        let Content { digest, size, location } = content;
        let mut bytes = match self.store.read(location, *size, 0..*size).await {
            Ok(bytes) => bytes,
            Err(error) if error.is_of_missing_bytes() => {
                return Ok(Some(format!("{location}: {error}")));
            }
            Err(error) => return Err(error.into()),
        };
        let to = self.path;
        let mut part = self.writer.file(*digest, *size).map_err(at(to))?;
        while let Some(piece) = bytes.try_next().await? {
            part.write(&piece).map_err(at(to))?;
            self.progress.advance(piece.len() as u64);
        }
        if part.end().map_err(at(to))? != *digest {
            self.bad.insert(*digest, format!("{location}: its bytes are not what was stored"));
        }
        self.done.insert(*digest);
        Ok(None)
    }
}
