//! Where an archive goes: a folder, or a stream that gets a tar.

use crate::{Error, Result, layout};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, BufWriter, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tempfile::SpooledTempFile;

/// So much of an entry is in memory before it goes to a temporary file.
const IN_MEMORY: usize = 1 << 20;

/// The name of the stream in messages.
const STREAM: &str = "the archive's stream";

/// Where an archive goes.
pub struct Target {
    place: Place,
    drafts: Drafts,
}

enum Place {
    Folder(PathBuf),
    Stream(Box<tar::Builder<Box<dyn Write + Send>>>),
}

impl Target {
    /// A folder, which is created. Only its owner can read it, because an archive has everything.
    ///
    /// # Errors
    /// [`Error::Refused`] if it exists and is not an empty folder.
    pub fn folder(path: &Path) -> Result<Self> {
        match fs::read_dir(path) {
            Ok(mut entries) => {
                if entries.next().is_some() {
                    return Err(Error::refused(format_args!(
                        "{} is not empty: name another folder. If an earlier export into it was \
                         interrupted, it has no {}: remove it",
                        path.display(),
                        layout::MANIFEST
                    )));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => create_folder(path)?,
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                return Err(Error::refused(format_args!(
                    "{} is a file: name a folder, or - for one tar on standard output",
                    path.display()
                )));
            }
            Err(error) => return Err(Error::of_file(path)(error)),
        }
        let unfinished = path.join(layout::UNFINISHED);
        create_folder(&unfinished)?;
        let drafts = Drafts { folder: Some(unfinished), begun: Arc::default() };
        Ok(Self { place: Place::Folder(path.to_owned()), drafts })
    }

    /// A stream, such as standard output. Each entry is written when it is complete, so those that
    /// do not fit into memory are temporary files before.
    pub fn stream(stream: impl Write + Send + 'static) -> Self {
        let tar = tar::Builder::new(Box::new(stream) as Box<dyn Write + Send>);
        let drafts = Drafts { folder: None, begun: Arc::default() };
        Self { place: Place::Stream(Box::new(tar)), drafts }
    }

    /// What makes new entries.
    pub(super) fn drafts(&self) -> Drafts {
        self.drafts.clone()
    }

    /// Gives an entry its name.
    pub(super) fn keep(&mut self, draft: Draft, name: &str) -> Result<()> {
        match (&mut self.place, draft) {
            (Place::Folder(folder), Draft::File { mut file, path }) => {
                let place = folder.join(name);
                file.flush().map_err(Error::of_file(&path))?;
                file.get_ref().sync_data().map_err(Error::of_file(&path))?;
                if let Some(parent) = place.parent().filter(|parent| !parent.is_dir()) {
                    create_folder(parent)?;
                }
                fs::rename(&path, &place).map_err(Error::of_file(&place))
            }
            (Place::Stream(tar), Draft::Spooled(spooled)) => {
                let spooled = spooled.into_inner().map_err(io::IntoInnerError::into_error);
                let appended = spooled.and_then(|spooled| append(tar, name, spooled));
                appended.map_err(Error::of_file(Path::new(STREAM)))
            }
            _ => Err(Error::refused("an entry of another archive")),
        }
    }

    /// Ends the archive.
    pub(super) fn finish(self) -> Result<()> {
        match self.place {
            Place::Folder(folder) => {
                let unfinished = folder.join(layout::UNFINISHED);
                fs::remove_dir_all(&unfinished).map_err(Error::of_file(&unfinished))
            }
            Place::Stream(tar) => {
                let ended = tar.into_inner().and_then(|mut stream| stream.flush());
                ended.map_err(Error::of_file(Path::new(STREAM)))
            }
        }
    }
}

/// Makes entries that have no name yet.
#[derive(Clone)]
pub(super) struct Drafts {
    /// The folder for them. `None` for a stream.
    folder: Option<PathBuf>,
    /// How many were begun.
    begun: Arc<AtomicU64>,
}

/// An entry that is being written.
pub(super) enum Draft {
    /// A file in the folder of the archive.
    File {
        /// The file.
        file: BufWriter<File>,
        /// Its path.
        path: PathBuf,
    },
    /// For a stream.
    Spooled(BufWriter<SpooledTempFile>),
}

impl Drafts {
    /// Begins an entry.
    pub(super) fn begin(&self) -> Result<Draft> {
        let Some(folder) = &self.folder else {
            return Ok(Draft::Spooled(BufWriter::new(SpooledTempFile::new(IN_MEMORY))));
        };
        let number = self.begun.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(number.to_string());
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(Error::of_file(&path))?;
        Ok(Draft::File { file: BufWriter::new(file), path })
    }
}

impl Draft {
    /// An error of writing it.
    pub(super) fn failure(&self, error: io::Error) -> Error {
        let path = match self {
            Self::File { path, .. } => path,
            Self::Spooled(_) => Path::new("a temporary file"),
        };
        Error::of_file(path)(error)
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File { file, .. } => file.write(bytes),
            Self::Spooled(spooled) => spooled.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File { file, .. } => file.flush(),
            Self::Spooled(spooled) => spooled.flush(),
        }
    }
}

fn create_folder(path: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(Error::of_file(path))
}

/// Adds an entry. It has no time and no owner, so that the same rows are the same bytes.
fn append(
    tar: &mut tar::Builder<impl Write>,
    name: &str,
    mut entry: SpooledTempFile,
) -> io::Result<()> {
    let size = entry.seek(SeekFrom::End(0))?;
    entry.rewind()?;
    let mut header = tar::Header::new_ustar();
    header.set_size(size);
    header.set_mode(0o600);
    header.set_entry_type(tar::EntryType::Regular);
    tar.append_data(&mut header, name, entry)
}
