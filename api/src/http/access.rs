//! The access log and the count of operations: who ran what, from where, how it ended and how long
//! it took. Never what was asked and answered: a document, a variable, a token, a text.

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

/// Longest name of an operation that is logged and traced, in bytes: it is the client's.
const MAX_NAME: usize = 64;
/// Most fields of an operation that are logged.
const MAX_FIELDS: usize = 10;

/// How an operation came.
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

/// An operation, from its arrival until it is dropped: then it is logged and counted.
pub(super) struct Access {
    metrics: Metrics,
    /// The request's, for what runs in a task of its own.
    span: Span,
    /// Its own in a trace.
    traced: Span,
    transport: Transport,
    address: IpAddr,
    person: Option<Uuid>,
    arrived: Instant,
    kind: &'static str,
    name: Option<String>,
    fields: Option<String>,
    /// Of its errors, each once, in their order.
    codes: Vec<String>,
    /// The codes with which its mutations refused, each once, in their order.
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

    /// It is known what it is.
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

    /// What it does belongs to this span of its trace.
    pub(super) fn traced(&self) -> Span {
        self.traced.clone()
    }

    /// It is answered, perhaps not for the last time.
    pub(super) fn answered(&mut self, answer: &Answer) {
        self.answers += 1;
        answer.errors.iter().filter_map(code_of).for_each(|code| self.refused(code));
    }

    /// It, or a part of it, is refused with that code.
    pub(super) fn refused(&mut self, code: &str) {
        if !self.codes.iter().any(|known| known == code) {
            self.codes.push(code.to_owned());
        }
    }

    /// Its mutations refused with these codes.
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

/// A name has no other letters than those of ASCII.
fn short(name: &str) -> &str {
    name.get(..MAX_NAME).unwrap_or(name)
}
