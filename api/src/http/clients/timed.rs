//! A connection that ends when its client makes the server wait too long.

use super::{activity::Activity, connection_permits::ConnectionPermit, reading_pace};
use crate::{http::pace::Pace, settings::ClientLimits};
use std::{
    io::{Error, ErrorKind, IoSlice, Result},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

/// A stream with deadlines: for the head of a request, for idle times, and for reading what the
/// server sends. Bodies have their own deadlines where they are read.
pub(super) struct Timed<S> {
    stream: S,
    /// Given back with the stream, in whatever protocol the stream ended.
    _permit: ConnectionPermit,
    activity: Arc<Activity>,
    header_timeout: Duration,
    idle_timeout: Duration,
    pace: Pace,
    /// Since when a head arrives.
    head_since: Option<Instant>,
    /// The number of requests at that time.
    requests: u64,
    reading: Alarm,
    writing: Alarm,
}

impl<S> Timed<S> {
    pub(super) fn new(
        stream: S,
        permit: ConnectionPermit,
        activity: Arc<Activity>,
        limits: &ClientLimits,
    ) -> Self {
        Self {
            stream,
            _permit: permit,
            activity,
            header_timeout: limits.header_timeout,
            idle_timeout: limits.idle_timeout,
            pace: reading_pace(limits),
            head_since: None,
            requests: 0,
            reading: Alarm::default(),
            writing: Alarm::default(),
        }
    }

    /// When the client must have sent something; `None` while a request runs. `heard` is whether
    /// bytes have just arrived.
    fn read_deadline(&mut self, heard: bool) -> Option<Instant> {
        let Some(quiet) = self.activity.quiet() else {
            self.head_since = None;
            return None;
        };
        if self.requests != quiet.requests {
            self.requests = quiet.requests;
            self.head_since = None;
        }
        // Over HTTP/2, bytes between requests need not be a head.
        if heard && !quiet.is_http2 && self.head_since.is_none() {
            self.head_since = Some(Instant::now());
        }
        Some(match self.head_since {
            Some(began) => began + self.header_timeout,
            None if quiet.requests == 0 => quiet.since + self.header_timeout,
            None => quiet.since + self.idle_timeout,
        })
    }

    /// The result of writing, unless the client reads too slowly.
    fn written(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<Result<usize>>,
    ) -> Poll<Result<usize>> {
        let now = Instant::now();
        if let Poll::Ready(written) = written {
            self.pace.advance(written.as_ref().copied().unwrap_or_default(), now);
            self.writing.disarm();
            return Poll::Ready(written);
        }
        self.writing.arm(self.pace.wait(now));
        ready!(self.writing.poll(context));
        Poll::Ready(Err(Error::new(ErrorKind::TimedOut, "the client read too slowly")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Timed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let heard = buffer.filled().len() > before;
        let over = match self.read_deadline(heard) {
            None => {
                self.reading.disarm();
                false
            }
            Some(deadline) if read.is_ready() => deadline <= Instant::now(),
            Some(deadline) => {
                self.reading.arm(deadline);
                self.reading.poll(context).is_ready()
            }
        };
        if over {
            return Poll::Ready(Err(Error::new(
                ErrorKind::TimedOut,
                "the client sent nothing for too long",
            )));
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Timed<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.written(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// A deadline that can be moved at any time.
#[derive(Default)]
struct Alarm {
    /// Created once.
    sleep: Option<Pin<Box<Sleep>>>,
    deadline: Option<Instant>,
}

impl Alarm {
    fn arm(&mut self, deadline: Instant) {
        if self.deadline == Some(deadline) {
            return;
        }
        self.deadline = Some(deadline);
        match &mut self.sleep {
            Some(sleep) => sleep.as_mut().reset(deadline),
            None => self.sleep = Some(Box::pin(sleep_until(deadline))),
        }
    }

    fn disarm(&mut self) {
        self.deadline = None;
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        match (&mut self.sleep, self.deadline) {
            (Some(sleep), Some(_)) => sleep.as_mut().poll(context),
            _ => Poll::Pending,
        }
    }
}
