//! A client that costs little: requests are made beforehand, and answers are read but not parsed.

use crate::{Result, load::Worker};
use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The longest head of an answer, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// A request to `POST /graphql`.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The value of the header `Authorization`.
    pub(crate) authorization: Arc<str>,
    /// JSON.
    pub(crate) body: String,
}

/// The request of each number; `None` if there are no more.
pub(crate) type Requests = Arc<dyn Fn(usize) -> Option<Request> + Send + Sync>;

/// A keep-alive connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    host: String,
    buffer: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer<'b> {
    pub(crate) status: u16,
    pub(crate) body: &'b [u8],
}

impl Connection {
    /// Connects to `http://host:port`.
    ///
    /// # Errors
    /// The error of the system.
    pub(crate) async fn open(address: &str) -> Result<Self> {
        let host = address.trim_start_matches("http://").to_owned();
        let stream = TcpStream::connect(&host).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, host, buffer: Vec::new() })
    }

    /// Asks `POST /graphql`.
    ///
    /// # Errors
    /// The connection broke, or the answer has no length.
    pub(crate) async fn ask(&mut self, request: &Request) -> Result<Answer<'_>> {
        let head = "POST /graphql";
        let body = request.body.as_bytes();
        self.send(head, &request.authorization, "application/json", &[body]).await
    }

    /// Sends any request: `line` is its method and path, `body` one of several equal parts.
    ///
    /// # Errors
    /// The connection broke, or the answer has no length.
    pub(crate) async fn send(
        &mut self,
        line: &str,
        authorization: &str,
        media_type: &str,
        body: &[&[u8]],
    ) -> Result<Answer<'_>> {
        let length: usize = body.iter().map(|part| part.len()).sum();
        let mut request = format!(
            "{line} HTTP/1.1\r\nhost: {}\r\nauthorization: {authorization}\r\ncontent-type: \
             {media_type}\r\ncontent-length: {length}\r\n\r\n",
            self.host
        )
        .into_bytes();
        if let [body] = body {
            request.extend_from_slice(body);
            self.stream.write_all(&request).await?;
        } else {
            self.stream.write_all(&request).await?;
            for part in body {
                self.stream.write_all(part).await?;
            }
        }
        self.read().await
    }

    async fn read(&mut self) -> Result<Answer<'_>> {
        self.buffer.clear();
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if self.buffer.len() > MAX_HEAD || self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the server closed a connection, or its answer has no head".into());
            }
        };
        let text = String::from_utf8_lossy(self.buffer.get(..head).unwrap_or_default()).to_string();
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
        let length = text.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        });
        let (Some(status), Some(length)) = (status, length) else {
            return Err(format!("an answer without status or length: {text}").into());
        };
        let length: usize = length;
        self.buffer.reserve(length);
        while self.buffer.len() < head + length {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the server closed a connection within an answer".into());
            }
        }
        Ok(Answer { status, body: self.buffer.get(head..).unwrap_or_default() })
    }
}

/// A client that sends requests of one kind.
pub(crate) struct Client {
    connection: Connection,
    requests: Requests,
    /// Text that every good answer contains.
    expected: &'static str,
}

impl Client {
    /// So many clients of the server at that address.
    ///
    /// # Errors
    /// The error of the system.
    pub(crate) async fn several(
        number: usize,
        address: &str,
        requests: &Requests,
        expected: &'static str,
    ) -> Result<Vec<Self>> {
        let mut clients = Vec::with_capacity(number);
        for _ in 0..number {
            let connection = Connection::open(address).await?;
            clients.push(Self { connection, requests: requests.clone(), expected });
        }
        Ok(clients)
    }
}

impl Worker for Client {
    async fn run(&mut self, number: usize) -> Result<bool> {
        let Some(request) = (self.requests)(number) else { return Ok(false) };
        let answer = self.connection.ask(&request).await?;
        let good = answer.status == 200
            && contains(answer.body, self.expected.as_bytes())
            && !contains(answer.body, b"\"errors\":");
        if good {
            return Ok(true);
        }
        let body = String::from_utf8_lossy(answer.body.get(..2_000).unwrap_or(answer.body));
        Err(format!("{} without {}, or with errors: {body}", answer.status, self.expected).into())
    }
}

/// Whether a text contains another. It looks only where the first byte is the same.
pub(crate) fn contains(text: &[u8], searched: &[u8]) -> bool {
    let Some(first) = searched.first() else { return true };
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        rest = rest.get(at..).unwrap_or_default();
        if rest.starts_with(searched) {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}
