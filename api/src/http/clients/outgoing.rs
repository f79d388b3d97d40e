//! The body of an answer. It is sent in small pieces, and given up if its client reads too slowly.
//!
//! Over HTTP/1.1 and `WebSocket`, the stream below sees how fast a client reads. Over HTTP/2, a
//! client announces for each answer how much it accepts. This shows only here: the library does not
//! ask for the next piece.

use super::activity::{Activity, Busy};
use crate::http::{pace::Pace, permits::Held};
use axum::body::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    task::AbortHandle,
    time::{Instant, sleep_until},
};

/// Most bytes of a piece. A piece that was handed out cannot be taken back.
const PIECE: usize = 16_384;

/// The body of an answer. Dropping it ends the request.
pub(super) struct Outgoing<B> {
    /// `None` after the answer was given up.
    content: Arc<Mutex<Option<Content<B>>>>,
    watch: Option<AbortHandle>,
}

/// What an answer holds until it is sent or given up.
struct Content<B> {
    body: B,
    /// The part of the body's last piece that has not been handed out.
    rest: Bytes,
    /// The length of the piece that was handed out last.
    handed: usize,
    pace: Pace,
    _busy: Busy,
    _held: Option<Held>,
}

impl<B: Send + 'static> Outgoing<B> {
    /// The body. Its client must keep that pace.
    pub(super) fn new(body: B, busy: Busy, held: Option<Held>, pace: Pace) -> Self {
        let content =
            Content { body, rest: Bytes::new(), handed: 0, pace, _busy: busy, _held: held };
        Self { content: Arc::new(Mutex::new(Some(content))), watch: None }
    }

    /// Gives up the answer as soon as its client does not keep the pace, and notifies the
    /// connection.
    pub(super) fn watched(mut self, activity: Arc<Activity>, patience: Duration) -> Self {
        if let Some(content) = lock(&self.content).as_mut() {
            content.pace.wait(Instant::now());
        }
        let watching = watch(Arc::downgrade(&self.content), activity, patience);
        self.watch = Some(tokio::spawn(watching).abort_handle());
        self
    }
}

impl<B> Drop for Outgoing<B> {
    fn drop(&mut self) {
        if let Some(watch) = &self.watch {
            watch.abort();
        }
    }
}

fn lock<T>(content: &Mutex<T>) -> MutexGuard<'_, T> {
    content.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn watch<B>(
    content: Weak<Mutex<Option<Content<B>>>>,
    activity: Arc<Activity>,
    patience: Duration,
) {
    loop {
        let until = {
            let Some(content) = content.upgrade() else { return };
            let mut content = lock(&content);
            let now = Instant::now();
            match content.as_ref().map(|content| content.pace.deadline()) {
                None => return,
                Some(Some(until)) if until <= now => {
                    let given_up = content.take();
                    drop(content);
                    activity.give_up();
                    drop(given_up);
                    return;
                }
                Some(until) => until.unwrap_or(now + patience),
            }
        };
        sleep_until(until).await;
    }
}

impl<B: Body<Data = Bytes, Error = axum::Error> + Send + Unpin> Body for Outgoing<B> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut content = lock(&self.content);
        let Some(content) = content.as_mut() else {
            let given_up = io::Error::new(io::ErrorKind::TimedOut, "the client read too slowly");
            return Poll::Ready(Some(Err(axum::Error::new(given_up))));
        };
        // The library only asks for more after it has sent the last piece.
        let handed = std::mem::take(&mut content.handed);
        content.pace.advance(handed, Instant::now());
        if content.rest.is_empty() {
            let frame = match Pin::new(&mut content.body).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => frame,
                other => return other,
            };
            match frame.into_data() {
                Ok(bytes) => content.rest = bytes,
                Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
            }
        }
        let length = content.rest.len().min(PIECE);
        let piece = content.rest.split_to(length);
        content.handed = length;
        content.pace.wait(Instant::now());
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        lock(&self.content)
            .as_ref()
            .is_some_and(|content| content.rest.is_empty() && content.body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        let content = lock(&self.content);
        let Some(content) = content.as_ref() else { return SizeHint::default() };
        let (rest, body) = (content.rest.len() as u64, content.body.size_hint());
        let mut hint = SizeHint::new();
        hint.set_lower(rest + body.lower());
        if let Some(upper) = body.upper() {
            hint.set_upper(rest + upper);
        }
        hint
    }
}
