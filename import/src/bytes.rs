//! The bytes of files: a folder, or a tar archive of it, compressed with gzip or not. Of an
//! archive, the wanted files are unpacked first, under numbers instead of their names.

use crate::{Result, error::ImportError};
use entity::file;
use flate2::read::MultiGzDecoder;
use sea_orm::DatabaseTransaction;
use service::{
    Services,
    blobs::FileStore,
    files::{PlacedContent, Upload, keep_placed},
};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fs::File,
    io::{BufRead, BufReader, Read},
    path::{Component, Path, PathBuf},
};
use tokio::io::AsyncReadExt;

/// How many bytes are read at once.
const PIECE: usize = 256 * 1024;

/// Where the bytes are.
#[derive(Debug)]
pub(crate) enum Media {
    /// There are none.
    None,
    /// In a folder.
    Folder(PathBuf),
    /// Unpacked from an archive: their numbers by their paths.
    Unpacked {
        /// The folder.
        folder: PathBuf,
        /// The numbers.
        numbers: HashMap<PathBuf, usize>,
    },
}

impl Media {
    /// Opens a folder or an archive. Unpacks the wanted paths of an archive into the folder.
    pub(crate) async fn open(
        place: Option<&Path>,
        folder: &Path,
        wanted: HashSet<PathBuf>,
    ) -> Result<Self> {
        let Some(place) = place else { return Ok(Self::None) };
        if place.is_dir() {
            return Ok(Self::Folder(place.to_owned()));
        }
        if !place.is_file() {
            return Err(ImportError::refused(format_args!(
                "--media: {} is neither a folder nor a file: give MEDIA_ROOT of the CRM, or a tar \
                 archive of it",
                place.display()
            )));
        }
        let (archive, folder) = (place.to_owned(), folder.join("media"));
        let unpacking = tokio::task::spawn_blocking(move || unpack(&archive, folder, &wanted));
        unpacking.await.map_err(|error| ImportError::refused(error.to_string()))?
    }

    /// Whether there are any bytes.
    pub(crate) fn is_there(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The file with the bytes of a path of the source, if it is there.
    pub(crate) fn find(&self, path: &str) -> Option<PathBuf> {
        let path = below(path)?;
        match self {
            Self::None => None,
            Self::Folder(folder) => {
                // MEDIA_ROOT, or the folder in which it is.
                let places = [folder.join(&path), folder.join("media").join(&path)];
                places.into_iter().find(|file| is_file(file))
            }
            Self::Unpacked { folder, numbers } => {
                numbers.get(&path).map(|number| folder.join(number.to_string()))
            }
        }
    }

    /// Puts the bytes of a file in place.
    pub(crate) async fn place(
        services: &Services,
        store: &FileStore,
        file: &Path,
    ) -> Result<PlacedContent> {
        let failed = |error: std::io::Error| {
            ImportError::io(&format!("{} cannot be read", file.display()), &error)
        };
        let mut reader = tokio::fs::File::open(file).await.map_err(failed)?;
        let mut upload = Upload::begin(services, store).await?;
        let mut piece = vec![0; PIECE];
        loop {
            let read = match reader.read(&mut piece).await {
                Ok(read) => read,
                Err(error) => {
                    upload.discard().await;
                    return Err(failed(error));
                }
            };
            let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
            if let Err(error) = upload.write(bytes).await {
                upload.discard().await;
                return Err(error.into());
            }
        }
        Ok(upload.place(services).await?)
    }
}

/// Keeps the bytes that these new files have.
pub(crate) async fn keep_bytes(
    transaction: &DatabaseTransaction,
    files: &[file::Model],
) -> Result<()> {
    let contents: BTreeSet<&str> = files.iter().map(|file| file.blob_sha256.as_str()).collect();
    let contents: Vec<&str> = contents.into_iter().collect();
    if contents.is_empty() || keep_placed(transaction, &contents).await?.is_empty() {
        return Ok(());
    }
    let text = "bytes that were just stored are not there any more: run it again";
    Err(service::Error::Conflict(text.to_owned()).into())
}

/// Whether it is a file itself, and no link: a link could lead anywhere on this machine.
fn is_file(file: &Path) -> bool {
    std::fs::symlink_metadata(file).is_ok_and(|found| found.is_file())
}

/// The path below `MEDIA_ROOT`. `None` if it leads out of it.
pub(crate) fn below(path: &str) -> Option<PathBuf> {
    let mut parts = PathBuf::new();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(name) => parts.push(name),
            Component::CurDir => {}
            _ => return None,
        }
    }
    (!parts.as_os_str().is_empty()).then_some(parts)
}

fn unpack(archive: &Path, folder: PathBuf, wanted: &HashSet<PathBuf>) -> Result<Media> {
    let failed = |error: std::io::Error| {
        ImportError::io(
            &format!("--media: {} cannot be read as a tar archive", archive.display()),
            &error,
        )
    };
    let file = File::open(archive).map_err(failed)?;
    let mut reader = BufReader::with_capacity(PIECE, file);
    let compressed = reader.fill_buf().map_err(failed)?.starts_with(&[0x1f, 0x8b]);
    let reader: Box<dyn Read> =
        if compressed { Box::new(MultiGzDecoder::new(reader)) } else { Box::new(reader) };
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let mut numbers = HashMap::new();
    let mut archive = tar::Archive::new(reader);
    for entry in archive.entries().map_err(failed)? {
        let mut entry = entry.map_err(failed)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path().map_err(failed)?.to_string_lossy().into_owned();
        let Some(path) = below(&path).and_then(|path| wanted_part(&path, wanted)) else { continue };
        let number = numbers.len();
        let mut unpacked = File::create(folder.join(number.to_string())).map_err(failed)?;
        std::io::copy(&mut entry, &mut unpacked).map_err(failed)?;
        numbers.insert(path, number);
    }
    Ok(Media::Unpacked { folder, numbers })
}

/// The end of a path that is wanted. An archive may begin with `media/`, or with other folders.
fn wanted_part(path: &Path, wanted: &HashSet<PathBuf>) -> Option<PathBuf> {
    let mut rest = path;
    loop {
        if wanted.contains(rest) {
            return Some(rest.to_owned());
        }
        let mut parts = rest.components();
        parts.next()?;
        rest = parts.as_path();
        if rest.as_os_str().is_empty() {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        assert_eq!(below("docs/a.txt"), Some(PathBuf::from("docs/a.txt")));
        assert_eq!(below("./docs//a.txt"), Some(PathBuf::from("docs/a.txt")));
        for path in ["", ".", "/etc/passwd", "../secret", "docs/../../secret"] {
            assert_eq!(below(path), None, "{path}");
        }
    }

    #[test]
    fn an_archive_may_begin_with_folders() {
        let wanted: HashSet<PathBuf> = [PathBuf::from("docs/a.txt")].into();
        for path in ["docs/a.txt", "media/docs/a.txt", "srv/crm/media/docs/a.txt"] {
            let found = wanted_part(Path::new(path), &wanted);
            assert_eq!(found.as_deref(), Some(Path::new("docs/a.txt")), "{path}");
        }
        assert_eq!(wanted_part(Path::new("media/docs/b.txt"), &wanted), None);
    }
}
