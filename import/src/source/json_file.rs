//! A file of objects: a JSON list, or JSON lines, compressed with gzip or not. It is read object by
//! object, because it may be larger than the memory.

use crate::{Result, error::ImportError};
use flate2::read::MultiGzDecoder;
use serde::{
    Deserializer,
    de::{Error, SeqAccess, Visitor},
};
use serde_json::Value as Json;
use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

/// Hands over each object of the file, until `false`.
pub(super) fn for_each(
    path: &Path,
    bytes: &AtomicU64,
    hand_over: impl FnMut(Json) -> bool,
) -> Result<()> {
    let mut reader = open(path, bytes)?;
    let damaged = |error: serde_json::Error| {
        ImportError::refused(format_args!(
            "--from: {} is no complete JSON as `manage.py dumpdata` writes it ({error}): nothing \
             was imported; write the dump again with `-o FILE`",
            path.display()
        ))
    };
    let first = first_byte(&mut reader).map_err(|error| unreadable(path, &error))?;
    let mut hand_over = hand_over;
    if first == Some(b'{') {
        for object in serde_json::Deserializer::from_reader(reader).into_iter::<Json>() {
            if !hand_over(object.map_err(damaged)?) {
                return Ok(());
            }
        }
        return Ok(());
    }
    let mut json = serde_json::Deserializer::from_reader(reader);
    let mut stopped = false;
    let parsed = json.deserialize_seq(Each { hand_over, stopped: &mut stopped });
    if stopped {
        return Ok(());
    }
    parsed.and_then(|()| json.end()).map_err(damaged)
}

/// Opens the file, and unpacks it if it is compressed.
fn open<'a>(path: &Path, bytes: &'a AtomicU64) -> Result<Box<dyn BufRead + 'a>> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut reader = BufReader::with_capacity(256 * 1024, Counted { file, bytes });
    let beginning = reader.fill_buf().map_err(|error| unreadable(path, &error))?;
    if beginning.starts_with(&[0x1f, 0x8b]) {
        let unpacked = MultiGzDecoder::new(reader);
        return Ok(Box::new(BufReader::with_capacity(256 * 1024, unpacked)));
    }
    Ok(Box::new(reader))
}

/// The first byte that is no white space and no mark of the byte order. It stays to be read.
fn first_byte(reader: &mut dyn BufRead) -> std::io::Result<Option<u8>> {
    loop {
        let buffer = reader.fill_buf()?;
        let skipped = match buffer {
            [] => return Ok(None),
            [0xef, 0xbb, 0xbf, ..] => 3,
            [b' ' | b'\t' | b'\r' | b'\n', ..] => 1,
            [first, ..] => return Ok(Some(*first)),
        };
        reader.consume(skipped);
    }
}

pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> ImportError {
    ImportError::io(&format!("--from: {} cannot be read", path.display()), error)
}

/// A file that counts the bytes that are read.
struct Counted<'a> {
    file: File,
    bytes: &'a AtomicU64,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.bytes.fetch_add(u64::try_from(read).unwrap_or_default(), Ordering::Relaxed);
        Ok(read)
    }
}

/// Takes the elements of a list one by one.
struct Each<'a, F> {
    hand_over: F,
    stopped: &'a mut bool,
}

impl<'de, F: FnMut(Json) -> bool> Visitor<'de> for Each<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(object) = list.next_element()? {
            if !(self.hand_over)(object) {
                *self.stopped = true;
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}
