//! Where an archive comes from: a folder, or a tar that is unpacked into a temporary one.

use crate::{
    Error, Result,
    layout::{self, is_sha256},
    manifest::Manifest,
    tables::TABLES,
};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read},
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// The longest manifest, in bytes.
const LONGEST_MANIFEST: u64 = 64 << 20;

/// An archive to import.
#[derive(Debug)]
pub struct Source {
    folder: PathBuf,
    /// Removes the unpacked archive when the import is over.
    _unpacked: Option<TempDir>,
}

impl Source {
    /// A folder that an export has written.
    ///
    /// # Errors
    /// [`Error::Refused`] if it is none.
    pub fn folder(path: &Path) -> Result<Self> {
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => Ok(Self { folder: path.to_owned(), _unpacked: None }),
            Ok(_) => Err(Error::refused(format_args!(
                "{} is a file: name the folder of an archive. If it is a tar, give it on standard \
                 input with --from -",
                path.display()
            ))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::refused(
                format_args!("there is no folder {}: name that of an archive", path.display()),
            )),
            Err(error) => Err(Error::of_file(path)(error)),
        }
    }

    /// Unpacks a tar into a temporary folder, because everything is checked before anything is
    /// written. The folder is where the system has its temporary files (`TMPDIR`).
    ///
    /// # Errors
    /// [`Error::Refused`] if the tar has anything that no archive has, such as other names, links
    /// and folders. Nothing outside the temporary folder is ever written.
    pub fn stream(stream: impl Read) -> Result<Self> {
        let unpacked = tempfile::Builder::new().prefix("memoranda-archive-").tempdir();
        let unpacked = unpacked.map_err(Error::of_file(&std::env::temp_dir()))?;
        let mut tar = tar::Archive::new(stream);
        let broken = |error: io::Error| {
            Error::refused(format_args!(
                "this is no tar of an archive, or its end is missing ({error}): take it from \
                 `memoranda export --to -` as it is"
            ))
        };
        for entry in tar.entries().map_err(broken)? {
            let mut entry = entry.map_err(broken)?;
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            if entry.header().entry_type() != tar::EntryType::Regular || !is_of_archive(&name) {
                return Err(Error::refused(format_args!(
                    "the tar has {name:?}, which no archive has: take it from `memoranda export \
                     --to -` as it is"
                )));
            }
            let path = unpacked.path().join(&name);
            let mut file = create(&path).map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => {
                    Error::refused(format_args!("the tar has {name:?} twice"))
                }
                _ => Error::of_file(&path)(error),
            })?;
            let (size, mut copied) = (entry.size(), 0);
            let mut buffer = vec![0; 1 << 16];
            loop {
                let read = entry.read(&mut buffer).map_err(broken)?;
                let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else {
                    break;
                };
                io::Write::write_all(&mut file, piece).map_err(Error::of_file(&path))?;
                copied += read as u64;
            }
            if copied != size {
                return Err(broken(io::ErrorKind::UnexpectedEof.into()));
            }
        }
        Ok(Self { folder: unpacked.path().to_owned(), _unpacked: Some(unpacked) })
    }

    /// The path of something in the archive.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Opens a file of the archive, which must be a file and no link.
    pub(super) fn open(&self, name: &str) -> Result<(File, u64)> {
        let path = self.path(name);
        let found = match fs::symlink_metadata(&path) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Error::refused(format_args!("the archive lacks {name}")));
            }
            Err(error) => return Err(Error::of_file(&path)(error)),
        };
        if !found.is_file() {
            return Err(Error::refused(format_args!("{name} is no file, but a link or a folder")));
        }
        let file = File::open(&path).map_err(Error::of_file(&path))?;
        Ok((file, found.len()))
    }

    /// Reads the manifest.
    pub(super) fn manifest(&self) -> Result<Manifest> {
        let path = self.path(layout::MANIFEST);
        if !path.exists() {
            return Err(Error::refused(format_args!(
                "{} is missing: this is no archive, or its export was interrupted, because the \
                 manifest is written last. Export again",
                path.display()
            )));
        }
        let (file, _) = self.open(layout::MANIFEST)?;
        let mut text = Vec::new();
        let read = file.take(LONGEST_MANIFEST).read_to_end(&mut text);
        read.map_err(Error::of_file(&path))?;
        Manifest::parse(&text)
    }

    /// Fails if the folder has anything that no archive has. Returns the number of contents.
    pub(super) fn check_names(&self) -> Result<u64> {
        let mut contents = 0;
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            let path = self.path(&folder);
            for entry in fs::read_dir(&path).map_err(Error::of_file(&path))? {
                let entry = entry.map_err(Error::of_file(&path))?;
                let file_name = entry.file_name();
                let separator = if folder.is_empty() { "" } else { "/" };
                let name = format!("{folder}{separator}{}", file_name.to_string_lossy());
                let kind = entry.file_type().map_err(Error::of_file(&path))?;
                if kind.is_dir() && is_folder_of_archive(&name) {
                    folders.push(name);
                } else if kind.is_file() && is_of_archive(&name) {
                    contents += u64::from(name.starts_with(layout::FILES));
                } else {
                    return Err(Error::refused(format_args!(
                        "the archive has {name:?}, which no archive has: remove it, or take the \
                         archive from `memoranda export` as it is"
                    )));
                }
            }
        }
        Ok(contents)
    }
}

fn is_folder_of_archive(name: &str) -> bool {
    let of_files = name.strip_prefix(layout::FILES).and_then(|rest| rest.strip_prefix('/'));
    name == layout::TABLES
        || name == layout::FILES
        || of_files.is_some_and(|two| two.len() == 2 && two.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Whether an archive has a file with this name.
fn is_of_archive(name: &str) -> bool {
    let is_content = name
        .rsplit('/')
        .next()
        .is_some_and(|sha256| is_sha256(sha256) && layout::of_content(sha256) == name);
    name == layout::MANIFEST
        || is_content
        || TABLES.iter().any(|table| layout::of_table(table) == name)
}

fn create(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).create(folder)?;
    }
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_an_archive_lead_nowhere_else() {
        let sha256 = "ab".repeat(32);
        let content = format!("files/ab/{sha256}");
        for name in ["manifest.json", "tables/users.ndjson", content.as_str()] {
            assert!(is_of_archive(name), "{name}");
        }
        let elsewhere = [
            "/manifest.json",
            "../manifest.json",
            "./manifest.json",
            "tables/../manifest.json",
            "tables/sessions.ndjson",
            "tables/users.ndjson/",
            "files/ab/../../x",
            "",
        ];
        for name in elsewhere {
            assert!(!is_of_archive(name), "{name}");
        }
        assert!(!is_of_archive(&content.replace("/ab/", "/cd/")));
        assert!(!is_of_archive(&format!("files/{content}")));
    }
}
