//! Reads a backup, part by part.

use crate::{
    error::{Error, Result, at},
    format::{DATABASE, Digest, END, End, FILES, FORMAT, HEAD, Head},
};
use serde::de::DeserializeOwned;
use service::progress::Progress;
use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};
use tar::{Archive, Entries, Entry};
use zstd::Decoder;

/// The first bytes of everything that Zstandard has compressed.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Longest first or last part, in bytes. The last one names lost files, and is short otherwise.
const MAX_TEXT: u64 = 64 << 20;

/// The bytes of a backup file.
pub(crate) type Input<'a> = Decoder<'static, BufReader<Counted<'a>>>;

/// A file that tells how much of it was read.
pub(crate) struct Counted<'a> {
    file: File,
    progress: &'a dyn Progress,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.progress.advance(read as u64);
        Ok(read)
    }
}

/// A part of a backup. The bytes of files and of the database follow.
pub(crate) enum Part {
    /// The first part, once more.
    Head,
    /// A file.
    File(Digest),
    /// The database.
    Database,
    /// The last part.
    End(End),
}

/// Opens a backup file. The progress is told of the compressed bytes.
pub(crate) fn open<'a>(path: &Path, progress: &'a dyn Progress) -> Result<Archive<Input<'a>>> {
    let file = File::open(path).map_err(at(path))?;
    if file.metadata().map_err(at(path))?.is_dir() {
        return Err(foreign(path));
    }
    let mut input = BufReader::new(Counted { file, progress });
    if !input.fill_buf().map_err(at(path))?.starts_with(&MAGIC) {
        return Err(foreign(path));
    }
    Ok(Archive::new(Decoder::with_buffer(input).map_err(at(path))?))
}

/// The parts of an open backup. The first one is checked to be the head of a known format.
pub(crate) fn parts<'a, 'b>(
    path: &Path,
    archive: &'b mut Archive<Input<'a>>,
) -> Result<(Head, Entries<'b, Input<'a>>)> {
    let mut entries = archive.entries().map_err(|_| foreign(path))?;
    let mut first = entries.next().and_then(Result::ok).ok_or_else(|| foreign(path))?;
    if first.path_bytes().as_ref() != HEAD.as_bytes() {
        return Err(foreign(path));
    }
    let head: Head = text(path, &mut first)?;
    if head.format > FORMAT {
        return Err(Error::BadBackup(format!(
            "{} was made by a newer memoranda ({}): restore it with that version",
            path.display(),
            head.version
        )));
    }
    Ok((head, entries))
}

/// The part that begins with this entry.
pub(crate) fn part(path: &Path, entry: &mut Entry<'_, Input<'_>>) -> Result<Part> {
    let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    match name.as_str() {
        HEAD => Ok(Part::Head),
        DATABASE => Ok(Part::Database),
        END => Ok(Part::End(text(path, entry)?)),
        name => {
            let digest = name.strip_prefix(FILES).and_then(Digest::parse);
            let unknown = || damaged(path, &format!("it has an unknown part {name:?}"));
            digest.map(Part::File).ok_or_else(unknown)
        }
    }
}

/// Reads what follows the last part, so that the checksum at the end of the file is verified.
pub(crate) fn finish(path: &Path, archive: Archive<Input<'_>>) -> Result<()> {
    let mut rest = archive.into_inner();
    let mut piece = [0; 4096];
    loop {
        let read = rest.read(&mut piece).map_err(broken(path))?;
        match piece.get(..read) {
            None | Some([]) => return Ok(()),
            Some(bytes) if bytes.iter().all(|byte| *byte == 0) => {}
            Some(_) => return Err(damaged(path, "something follows its end")),
        }
    }
}

/// Converts an error about the bytes of a backup.
pub(crate) fn broken(path: &Path) -> impl Fn(io::Error) -> Error {
    move |error| damaged(path, &error.to_string())
}

/// The error for a backup that is not what was written.
pub(crate) fn damaged(path: &Path, problem: &str) -> Error {
    Error::BadBackup(format!(
        "{} is cut off or damaged ({problem}): use another backup, or another copy of this one",
        path.display()
    ))
}

fn foreign(path: &Path) -> Error {
    Error::BadBackup(format!(
        "{} is no backup of memoranda: give a file that `memoranda backup` has written",
        path.display()
    ))
}

fn text<T: DeserializeOwned>(path: &Path, entry: &mut Entry<'_, Input<'_>>) -> Result<T> {
    let mut text = Vec::new();
    entry.take(MAX_TEXT).read_to_end(&mut text).map_err(broken(path))?;
    serde_json::from_slice(&text).map_err(|error| damaged(path, &error.to_string()))
}
