//! The access log and the count of operations: who ran which operation, from where, with which
//! outcome, and how long it took. It never contains a document, a variable, a token or a text of
//! the request or the answer.

use super::{App, clients::ClientAddress, errors::code_of, request_id::milliseconds};
use crate::{
    auth::SignedIn,
    document::PreparedOperation,
    metrics::{GaugeGuard, Metrics, OperationSample},
    telemetry,
};
use async_graphql::Response as Answer;
use service::ids;
use std::{collections::BTreeSet, net::IpAddr};
use tokio::time::Instant;
use tracing::Span;
use uuid::Uuid;

/// Longest name of an operation in logs and traces, in bytes. Clients choose the name.
const MAX_NAME: usize = 64;
/// Most fields of an operation in the log.
const MAX_FIELDS: usize = 10;

/// How an operation arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    /// As a request with one answer.
    Http,
    /// As a request for a stream of events.
    EventStream,
    /// As a message.
    WebSocket,
}

impl Transport {
    fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::EventStream => "sse",
            Self::WebSocket => "websocket",
        }
    }
}

/// An operation, from its arrival until it is dropped. The drop logs and counts it.
pub(super) struct Access {
    metrics: Metrics,
    /// The span of the request, for work that runs in its own task.
    span: Span,
    /// The span of the operation in a trace.
    traced: Span,
    transport: Transport,
    address: IpAddr,
    person: Option<Uuid>,
    arrived: Instant,
    kind: &'static str,
    name: Option<String>,
    fields: Option<String>,
    /// The codes of its errors, each once, in order.
    codes: Vec<String>,
    /// The codes with which its mutations refused, each once, in order.
    refusals: Vec<&'static str>,
    answers: u64,
    listens: Option<GaugeGuard>,
    _running: Option<GaugeGuard>,
}

impl Access {
    /// An operation has arrived.
    pub(super) fn begin(
        app: &App,
        transport: Transport,
        address: ClientAddress,
        signed_in: Option<&SignedIn>,
    ) -> Self {
        Self {
            metrics: app.metrics.clone(),
            span: Span::current(),
            traced: Span::none(),
            transport,
            address: address.0,
            person: signed_in.map(|signed_in| signed_in.person.id),
            arrived: Instant::now(),
            kind: "none",
            name: None,
            fields: None,
            codes: Vec::new(),
            refusals: Vec::new(),
            answers: 0,
            listens: None,
            _running: Some(app.metrics.running()),
        }
    }

    /// Records what the operation is.
    pub(super) fn prepared(&mut self, prepared: &PreparedOperation) {
        self.kind = prepared.kind();
        self.name = prepared.name().map(str::to_owned);
        self.traced = telemetry::operation(self.kind, self.name.as_deref().map(short));
        let fields: BTreeSet<&str> = prepared.roots().collect();
        self.fields = Some(fields.into_iter().take(MAX_FIELDS).collect::<Vec<_>>().join(" "));
        if prepared.is_subscription() {
            self.listens = Some(self.metrics.subscribed(self.transport.as_str()));
            self._running = None;
        }
    }

    /// The span of its trace to which its work belongs.
    pub(super) fn traced(&self) -> Span {
        self.traced.clone()
    }

    /// Records an answer, which need not be the last one.
    pub(super) fn answered(&mut self, answer: &Answer) {
        self.answers += 1;
        answer.errors.iter().filter_map(code_of).for_each(|code| self.refused(code));
    }

    /// Records that the operation, or a part of it, is refused with that code.
    pub(super) fn refused(&mut self, code: &str) {
        if !self.codes.iter().any(|known| known == code) {
            self.codes.push(code.to_owned());
        }
    }

    /// Records the codes with which its mutations refused.
    pub(super) fn refused_as(&mut self, refusals: Vec<&'static str>) {
        self.refusals = refusals;
    }
}

impl Drop for Access {
    fn drop(&mut self) {
        let took = self.arrived.elapsed();
        if self.codes.is_empty() {
            let is_over = self.answers > 0 || self.listens.is_some();
            self.codes.push(if is_over { "OK" } else { "ABANDONED" }.to_owned());
        }
        telemetry::ended(&self.traced, &self.codes, self.person);
        self.span.in_scope(|| {
            tracing::info!(
                kind = self.kind,
                operation = self.name.as_deref().map(short),
                fields = self.fields,
                person = self.person.map(|person| tracing::field::display(ids::user(person))),
                address = %self.address,
                transport = self.transport.as_str(),
                outcome = self.codes.join(" "),
                refusals = (!self.refusals.is_empty()).then(|| self.refusals.join(" ")),
                answers = self.listens.is_some().then_some(self.answers),
                ms = milliseconds(took),
                "operation"
            );
        });
        self.metrics.operation(&OperationSample {
            kind: self.kind,
            name: self.name.as_deref(),
            signed_in: self.person.is_some(),
            outcome: self.codes.first().map_or("OK", String::as_str),
            took: self.listens.is_none().then_some(took),
        });
    }
}

/// A name consists of ASCII letters only.
fn short(name: &str) -> &str {
    name.get(..MAX_NAME).unwrap_or(name)
}
