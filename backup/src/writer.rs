//! Writes a backup, part by part. The size of a part is known before its bytes.

use crate::format::{DATABASE, Digest, END, End, FILES, HEAD, Head};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::{
    fs::File,
    io::{self, BufWriter, Error, Read, Write},
    path::Path,
};
use tar::Header;
use zstd::Encoder;

/// How hard to compress: the default of the library, which writes as fast as a disk does.
const LEVEL: i32 = 3;
/// Parts of a tar file begin at multiples of this.
const BLOCK: u64 = 512;
/// How many bytes are read at a time.
const PIECE: usize = 256 * 1024;

/// A backup that is being written.
pub(crate) struct Writer {
    to: Encoder<'static, BufWriter<File>>,
    /// When its parts were changed, as the tar file says: when the backup began.
    time: u64,
}

/// A part that is being written.
pub(crate) struct Part<'a> {
    writer: &'a mut Writer,
    hasher: Sha256,
    size: u64,
    left: u64,
}

impl Writer {
    /// Begins a backup in that file, which must not exist.
    pub(crate) fn create(path: &Path, head: &Head) -> io::Result<Self> {
        let mut options = File::options();
        options.write(true).create_new(true);
        // It has hashes of passwords, and everybody's memos.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut to = Encoder::new(BufWriter::new(options.open(path)?), LEVEL)?;
        to.include_checksum(true)?;
        let time = u64::try_from(head.started_at.timestamp()).unwrap_or_default();
        let mut writer = Self { to, time };
        writer.text(HEAD, head)?;
        Ok(writer)
    }

    /// Begins the bytes of a file.
    pub(crate) fn file(&mut self, digest: Digest, size: u64) -> io::Result<Part<'_>> {
        self.part(&format!("{FILES}{digest}"), size)
    }

    /// Adds the database, and returns its hash.
    pub(crate) fn database(
        &mut self,
        path: &Path,
        mut each: impl FnMut(u64),
    ) -> io::Result<Digest> {
        let mut file = File::open(path)?;
        let mut part = self.part(DATABASE, file.metadata()?.len())?;
        let mut piece = vec![0; PIECE];
        loop {
            let read = file.read(&mut piece)?;
            let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
            part.write(bytes)?;
            each(bytes.len() as u64);
        }
        part.end()
    }

    /// Adds the last part. Afterwards, the backup is on the disk.
    pub(crate) fn finish(mut self, end: &End) -> io::Result<()> {
        self.text(END, end)?;
        self.to.write_all(&[0; 2 * BLOCK as usize])?;
        let file = self.to.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()
    }

    fn text(&mut self, name: &str, content: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(content)?;
        let mut part = self.part(name, text.len() as u64)?;
        part.write(&text)?;
        part.end().map(drop)
    }

    fn part(&mut self, name: &str, size: u64) -> io::Result<Part<'_>> {
        let mut header = Header::new_gnu();
        header.set_path(name)?;
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(self.time);
        header.set_cksum();
        self.to.write_all(header.as_bytes())?;
        Ok(Part { writer: self, hasher: Sha256::new(), size, left: size })
    }
}

impl Part<'_> {
    /// Adds bytes.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let left = self.left.checked_sub(bytes.len() as u64);
        self.left = left.ok_or_else(|| Error::other("it has become longer meanwhile"))?;
        self.hasher.update(bytes);
        self.writer.to.write_all(bytes)
    }

    /// Ends the part, and returns the hash of its bytes.
    pub(crate) fn end(self) -> io::Result<Digest> {
        if self.left > 0 {
            return Err(Error::other("it has become shorter meanwhile"));
        }
        let rest = self.size.next_multiple_of(BLOCK) - self.size;
        io::copy(&mut io::repeat(0).take(rest), &mut self.writer.to)?;
        Ok(Digest(self.hasher.finalize().into()))
    }
}
