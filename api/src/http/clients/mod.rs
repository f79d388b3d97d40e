//! Connections of clients, slow and greedy ones included: how many there may be, and how long each
//! may keep the server waiting.
//!
//! ```text
//! accept ─connection_permits.rs─▶ permit ─timed.rs─▶ deadlines ──▶ HTTP ─address.rs─▶ routes
//!                                                                  ◀─outgoing.rs── answers
//! ```

mod activity;
mod address;
mod connection_permits;
mod outgoing;
mod refusals;
mod timed;

pub(super) use address::{ClientAddress, identify};

use super::{
    End,
    pace::Pace,
    permits::{Held, Unsent},
};
use crate::{metrics::Metrics, settings::ClientLimits};
use activity::Activity;
use address::Peer;
use axum::{
    Router,
    http::{HeaderValue, Request, StatusCode, Version, header::CONNECTION},
};
use connection_permits::{ConnectionPermit, ConnectionPermits};
use hyper::service::{Service, service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use outgoing::Outgoing;
use refusals::Refusals;
#[cfg(target_os = "linux")]
use socket2::SockRef;
use std::{
    convert::Infallible, io::ErrorKind, net::SocketAddr, pin::pin, sync::Arc, time::Duration,
};
use timed::Timed;
use tokio::{
    net::{TcpListener, TcpStream},
    time::{Instant, sleep_until},
};
use tokio_util::task::TaskTracker;

/// The slowest pace at which a client may read.
fn reading_pace(limits: &ClientLimits) -> Pace {
    Pace::new(limits.write_timeout, limits.min_read_rate)
}

/// How often the server pings a client that speaks HTTP/2, and how long the client has to answer.
const HTTP2_PING: Duration = Duration::from_secs(20);
/// Most concurrent requests on an HTTP/2 connection.
const HTTP2_STREAMS: u32 = 100;
/// Most bytes of an answer that are buffered in an HTTP/2 connection, besides what the client has
/// agreed to receive.
const HTTP2_BUFFER: usize = 65_536;
#[cfg(target_os = "linux")]
/// Most bytes of a connection that the operating system accepts but has not sent. A slow client
/// only becomes visible when the system accepts no more.
const SYSTEM_BUFFER: u32 = 131_072;
/// The pause after the system refused a connection because it lacks files or memory.
const REFUSED_PAUSE: Duration = Duration::from_millis(200);

/// The answer to a client for which there is no permit. The client may be gone before it reads it.
const TURNED_AWAY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: \
    close\r\ncontent-type: text/plain; charset=utf-8\r\n\
    content-length: 49\r\n\r\nThere are too many connections. Try again later.\n";

/// Accepts connections and serves them until the end. Then it accepts no more, and waits until all
/// have ended.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ClientLimits,
    metrics: Metrics,
    end: End,
) {
    raise_file_limit();
    let limits = Arc::new(limits);
    let places = ConnectionPermits::new(&limits, metrics);
    let http = http(&limits);
    let connections = TaskTracker::new();
    let mut refusals = Refusals::default();
    loop {
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = refusals.due() => {
                refusals.log();
                continue;
            }
            () = end.stopping.cancelled() => break,
        };
        let Some(place) = places.take(peer.ip()) else {
            refusals.count(peer.ip());
            // The answer is optional: the server does not wait for a client that cannot read it at
            // once.
            let _ = stream.try_write(TURNED_AWAY);
            continue;
        };
        let (http, router, limits) = (http.clone(), router.clone(), limits.clone());
        let end = end.clone();
        connections.spawn(async move {
            connection(&http, stream, peer, place, router, &limits, end).await;
        });
    }
    refusals.log();
    drop(listener);
    connections.close();
    connections.wait().await;
}

fn http(limits: &ClientLimits) -> Builder<TokioExecutor> {
    let mut http = Builder::new(TokioExecutor::new());
    http.http1()
        .timer(TokioTimer::new())
        // Reading has its own deadlines. They only work while the connection is read, and this
        // timeout makes the library read from idle connections.
        .header_read_timeout(limits.idle_timeout + limits.header_timeout)
        .max_buf_size(limits.max_header_bytes);
    http.http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HTTP2_PING)
        .keep_alive_timeout(HTTP2_PING)
        .max_concurrent_streams(HTTP2_STREAMS)
        .max_send_buf_size(HTTP2_BUFFER)
        .max_header_list_size(u32::try_from(limits.max_header_bytes).unwrap_or(u32::MAX));
    http
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Each answer is written at once as a whole. Waiting for a full packet would only
                // delay it.
                let _ = stream.set_nodelay(true);
                #[cfg(target_os = "linux")]
                let _ = SockRef::from(&stream).set_tcp_notsent_lowat(SYSTEM_BUFFER);
                return (stream, peer);
            }
            // The client disconnected first.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::ConnectionAborted
                        | ErrorKind::ConnectionRefused
                        | ErrorKind::ConnectionReset
                ) => {}
            Err(error) => {
                tracing::error!(%error, "the system refuses a connection");
                tokio::time::sleep(REFUSED_PAUSE).await;
            }
        }
    }
}

async fn connection(
    http: &Builder<TokioExecutor>,
    stream: TcpStream,
    peer: SocketAddr,
    permit: ConnectionPermit,
    router: Router,
    limits: &ClientLimits,
    end: End,
) {
    let activity = Arc::new(Activity::new());
    let io = TokioIo::new(Timed::new(stream, permit, activity.clone(), limits));
    let routes = TowerToHyperService::new(router);
    let (spoken, draining, unsent) = (activity.clone(), end.draining.clone(), Unsent::default());
    let (patience, pace) = (limits.write_timeout, limits.clone());
    let service = service_fn(move |mut request: Request<hyper::body::Incoming>| {
        let is_http2 = request.version() == Version::HTTP_2;
        let busy = activity.begin(is_http2);
        let (draining, activity, pace) = (draining.clone(), activity.clone(), reading_pace(&pace));
        request.extensions_mut().insert(Peer(peer.ip()));
        request.extensions_mut().insert(unsent.clone());
        let answered = routes.call(request);
        async move {
            let mut response = answered.await?;
            if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                busy.for_good();
            } else if !is_http2 && draining.is_cancelled() {
                // A proxy must not keep a connection that might end during its next request.
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            let held = response.extensions_mut().remove::<Held>();
            Ok::<_, Infallible>(response.map(|body| {
                let outgoing = Outgoing::new(body, busy, held, pace);
                // For HTTP/1.1, the stream below notices slow clients.
                if is_http2 { outgoing.watched(activity, patience) } else { outgoing }
            }))
        }
    });
    let mut serving = pin!(http.serve_connection_with_upgrades(io, service));
    let mut notified = false;
    // After an answer was given up, the connection ends at this time at the latest.
    let mut ends_at = None;
    let result = loop {
        tokio::select! {
            result = serving.as_mut() => break result,
            () = spoken.given_up() => {
                if ends_at.is_none() {
                    tracing::info!(%peer, "an answer was given up: the client read too slowly");
                    ends_at = Some(Instant::now() + limits.idle_timeout);
                    // Answers that clients read are finished. No new requests are accepted.
                    serving.as_mut().graceful_shutdown();
                }
                if spoken.is_idle() {
                    break Ok(());
                }
            }
            () = sleep_until(ends_at.unwrap_or_else(Instant::now)), if ends_at.is_some() => {
                break Ok(());
            }
            () = end.draining.cancelled(), if !notified => {
                notified = true;
                // HTTP/2 can announce that no further request is accepted. An idle HTTP/1
                // connection could only be closed, perhaps while a request is on its way.
                if spoken.is_http2() {
                    serving.as_mut().graceful_shutdown();
                }
            }
            () = end.stopping.cancelled() => {
                serving.as_mut().graceful_shutdown();
                break serving.await;
            }
        }
    };
    if let Err(error) = result {
        tracing::debug!(%peer, %error, "a connection broke off");
    }
}

/// Lets the process hold as many connections as the system allows. The usual limit is for programs
/// that open a few dozen files.
fn raise_file_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return;
    }
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}
