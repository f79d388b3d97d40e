//! Uploads and downloads, beside a file that is written, hashed and read without a server.

use crate::{
    Result,
    gauge::Gauge,
    http::Connection,
    load::{self, Measured, Worker},
    operations::Tokens,
    options::Options,
    server::Process,
};
use sha2::{Digest, Sha256};
use std::{io::Write, path::PathBuf, sync::Arc};

const MIB: usize = 1 << 20;
/// The part of a file that is sent at a time.
const PIECE: usize = 256 << 10;
/// Connections, of which each sends or receives one file at a time.
const CONNECTIONS: usize = 2;

/// What files of one size cost, with the same of a file without a server.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) mebibytes: usize,
    pub(crate) upload: (Measured, Measured),
    pub(crate) download: (Measured, Measured),
}

/// Measures files of one size.
///
/// # Errors
/// The server refused a file.
pub(crate) async fn measure(
    options: &Options,
    mebibytes: usize,
    server: &Process,
    gauge: &Gauge,
    tokens: &Tokens,
) -> Result<Files> {
    let bytes: Arc<[u8]> = (0..=u8::MAX).cycle().take(PIECE).collect();
    let pieces = mebibytes * MIB / PIECE;
    let (mut uploads, mut downloads) = (Vec::new(), Vec::new());
    for one in 0..CONNECTIONS {
        let person = i64::try_from(one)?;
        let connection = Connection::open(&server.address).await?;
        let (bytes, authorization) = (bytes.clone(), tokens.of(person));
        let mut upload = Upload { connection, bytes, pieces, authorization };
        let id = upload.send(usize::MAX - one).await?;
        let connection = Connection::open(&server.address).await?;
        let authorization = upload.authorization.clone();
        let line = format!("GET /files/{id}");
        downloads.push(Download { connection, line, length: mebibytes * MIB, authorization });
        uploads.push(upload);
    }
    let folder = Arc::new(tempfile::Builder::new().prefix("memoranda-bench-").tempdir()?);
    let disks = |reads| {
        (0..CONNECTIONS)
            .map(|one| Disk {
                path: folder.path().join(format!("{one}")),
                bytes: bytes.clone(),
                pieces,
                reads,
            })
            .collect()
    };
    let upload = load::run(uploads, gauge, options.time()).await?;
    let written = load::run(disks(false), gauge, options.time()).await?;
    let download = load::run(downloads, gauge, options.time()).await?;
    let read = load::run(disks(true), gauge, options.time()).await?;
    Ok(Files { mebibytes, upload: (upload, written), download: (download, read) })
}

struct Upload {
    connection: Connection,
    bytes: Arc<[u8]>,
    pieces: usize,
    authorization: Arc<str>,
}

impl Upload {
    /// Sends a file that no other equals, since equal files are stored once. Returns its id.
    async fn send(&mut self, number: usize) -> Result<String> {
        let mut first = self.bytes.to_vec();
        first.iter_mut().zip(number.to_be_bytes()).for_each(|(byte, digit)| *byte = digit);
        let mut parts = vec![&*self.bytes; self.pieces];
        if let Some(part) = parts.first_mut() {
            *part = &first;
        }
        let line = format!("PUT /files?name=plan-{number}.bin");
        let media_type = "application/octet-stream";
        let answer = self.connection.send(&line, &self.authorization, media_type, &parts).await?;
        let text = String::from_utf8_lossy(answer.body);
        let id = text.split('"').find(|part| part.starts_with("file_"));
        id.map(str::to_owned).ok_or_else(|| format!("an upload was refused: {text}").into())
    }
}

impl Worker for Upload {
    async fn run(&mut self, number: usize) -> Result<bool> {
        self.send(number).await?;
        Ok(true)
    }
}

struct Download {
    connection: Connection,
    line: String,
    length: usize,
    authorization: Arc<str>,
}

impl Worker for Download {
    async fn run(&mut self, _: usize) -> Result<bool> {
        let answer = self.connection.send(&self.line, &self.authorization, "*/*", &[b""]).await?;
        if answer.body.len() == self.length {
            return Ok(true);
        }
        Err(format!("a download of {} bytes", answer.body.len()).into())
    }
}

/// Writes or reads a file without a server, and computes its hash when it writes.
struct Disk {
    path: PathBuf,
    bytes: Arc<[u8]>,
    pieces: usize,
    reads: bool,
}

impl Worker for Disk {
    async fn run(&mut self, _: usize) -> Result<bool> {
        let (path, bytes, pieces) = (self.path.clone(), self.bytes.clone(), self.pieces);
        if self.reads {
            std::hint::black_box(tokio::fs::read(path).await?);
            return Ok(true);
        }
        tokio::task::spawn_blocking(move || -> std::io::Result<()> {
            let (mut file, mut hash) = (std::fs::File::create(path)?, Sha256::new());
            for _ in 0..pieces {
                hash.update(&bytes);
                file.write_all(&bytes)?;
            }
            std::hint::black_box(hash.finalize());
            Ok(())
        })
        .await??;
        Ok(true)
    }
}
