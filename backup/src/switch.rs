//! Moves what was restored to its place, and keeps aside what was there.
//!
//! The database goes first and comes last. In between there is none, so no server starts with the
//! files of another database.

use crate::{
    error::{Result, at},
    places::{BESIDE, with_suffix},
    workspace::{folder_of, sync_folder},
};
use chrono::{DateTime, Utc};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What was there before, under its new names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept {
    pub(crate) database: Option<PathBuf>,
    pub(crate) files: Option<PathBuf>,
}

/// A move from one path to another.
struct Move(PathBuf, PathBuf);

/// Moves the restored database to its place, and the folder of files if it is not there yet.
pub(crate) fn switch(
    database: (&Path, &Path),
    folder: Option<(&Path, &Path)>,
    now: DateTime<Utc>,
) -> Result<Kept> {
    let mut kept = Kept::default();
    let mut moves = Vec::new();
    let (restored, place) = database;
    let aside = free_name(place, now);
    for suffix in [""].into_iter().chain(BESIDE) {
        let (from, to) = (with_suffix(place, suffix), with_suffix(&aside, suffix));
        if from.exists() {
            moves.push(Move(from, to));
            kept.database = Some(aside.clone());
        }
    }
    if let Some((staged, place)) = folder {
        if place.exists() {
            let aside = free_name(place, now);
            moves.push(Move(place.to_owned(), aside.clone()));
            kept.files = Some(aside);
        }
        moves.push(Move(staged.to_owned(), place.to_owned()));
    }
    moves.push(Move(restored.to_owned(), place.to_owned()));
    all_or_nothing(&moves)?;
    for folder in [Some(place), folder.map(|(_, place)| place)].into_iter().flatten() {
        sync_folder(&folder_of(folder))?;
    }
    Ok(kept)
}

/// Makes all the moves. If one fails, those before it are taken back.
fn all_or_nothing(moves: &[Move]) -> Result<()> {
    for (done, Move(from, to)) in moves.iter().enumerate() {
        let Err(error) = fs::rename(from, to) else { continue };
        for Move(from, to) in moves.iter().take(done).rev() {
            if let Err(error) = fs::rename(to, from) {
                let (from, to) = (from.display(), to.display());
                tracing::error!(%error, "{to} could not be moved back: rename it to {from}");
            }
        }
        return Err(at(from)(error));
    }
    Ok(())
}

/// A name that nothing has, for what is kept aside.
fn free_name(path: &Path, now: DateTime<Utc>) -> PathBuf {
    let name = format!(".before-restore-{}", now.format("%Y%m%dT%H%M%SZ"));
    let name = with_suffix(path, &name);
    let more = (2..).map(|number: u32| with_suffix(&name, &format!("-{number}")));
    let is_free = |path: &PathBuf| !path.exists();
    std::iter::once(name.clone()).chain(more).find(is_free).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_that_fails_takes_the_others_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["db", "db-wal", "restored"] {
            fs::write(path(name), name).unwrap();
        }
        fs::create_dir(path("files")).unwrap();
        // The restored folder is missing, so its move fails after three others.
        let (staged, files) = (path("files.restoring"), path("files"));
        let now = DateTime::UNIX_EPOCH;
        let database = (path("restored"), path("db"));
        let database = (database.0.as_path(), database.1.as_path());
        let error = switch(database, Some((&staged, &files)), now).unwrap_err();
        assert!(error.to_string().contains("files.restoring"), "{error}");
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["db", "db-wal", "files", "restored"]);

        fs::create_dir(&staged).unwrap();
        let kept = switch(database, Some((&staged, &files)), now).unwrap();
        assert_eq!(kept.database.unwrap(), path("db.before-restore-19700101T000000Z"));
        assert_eq!(kept.files.unwrap(), path("files.before-restore-19700101T000000Z"));
        assert_eq!(fs::read_to_string(path("db")).unwrap(), "restored");
        let log = path("db.before-restore-19700101T000000Z-wal");
        assert_eq!(fs::read_to_string(log).unwrap(), "db-wal");
    }
}
