//! Runs an operation for a client, in the same way for HTTP, server-sent events and WebSocket.

use super::{
    App,
    access::{Access, Transport},
    answer_size,
    clients::ClientAddress,
    cost,
    errors::{after_the_change, coded, is_overload_of, overloaded, passing, with_codes},
    idempotency,
    parameters::Parameters,
    permits::{Overload, Permit, Unsent},
    rates::Exceeded,
    request_id::RequestId,
};
use crate::{
    auth::{SignedIn, client::Client},
    document::{PreparedOperation, Refusal},
    feeds::LastIds,
    graphql::{
        CurrentPerson, CurrentSession, FIELD, KeyInHeader, Loaders, THROTTLED_FIELDS, execute,
        noted,
    },
};
use async_graphql::{Pos, Request, Response as Answer, ServerError};
use futures_util::{
    Stream, StreamExt,
    stream::{self, BoxStream},
};
use service::{Viewer, sign_in_check::SignInCheck};
use std::{net::IpAddr, sync::Arc};
use tracing::{Instrument, Span};

/// After how many seconds to try again when the server is overloaded.
const AGAIN: u64 = 1;

/// An operation that may run, with its client.
pub(super) struct Operation {
    pub(super) prepared: PreparedOperation,
    signed_in: Option<SignedIn>,
    client: Arc<Client>,
    last_ids: LastIds,
    idempotency_key: Option<String>,
    access: Access,
    address: IpAddr,
    connection: Unsent,
}

/// How the run of a query or a mutation ended.
struct Ended {
    answer: Answer,
    permit: Option<Permit>,
    /// The codes of the refusals in the answer.
    refusals: Vec<&'static str>,
}

/// The root fields whose first statement confirms that the viewer has access.
const CONFIRMING: [&str; 3] = ["memos", "memoDeletionPreview", "deleteMemo"];

/// An answer, and what it holds until it is sent.
pub(super) type Answered = (Answer, Option<Permit>);

/// The client, and how it asks.
pub(super) struct Caller<'a> {
    pub(super) address: ClientAddress,
    pub(super) connection: &'a Unsent,
    pub(super) client: &'a Arc<Client>,
    pub(super) signed_in: Option<&'a SignedIn>,
    pub(super) request_id: &'a RequestId,
    pub(super) transport: Transport,
    /// The last ids that the client named when it connected.
    pub(super) last_ids: LastIds,
    /// The key in the header `Idempotency-Key`.
    pub(super) idempotency_key: Option<&'a str>,
}

impl Operation {
    /// Checks the parameters, and that the person has not sent too many requests. Requests of an
    /// address are counted before anybody is signed in.
    ///
    /// # Errors
    /// An answer that says what is wrong.
    pub(super) fn prepare(
        app: &App,
        caller: &Caller<'_>,
        parameters: Parameters,
    ) -> Result<Self, Box<Answer>> {
        let mut access = Access::begin(app, caller.transport, caller.address, caller.signed_in);
        match Self::check(app, caller, parameters, &mut access) {
            Ok(prepared) => Ok(Self {
                prepared,
                signed_in: caller.signed_in.cloned(),
                client: caller.client.clone(),
                last_ids: caller.last_ids.clone(),
                idempotency_key: caller.idempotency_key.map(str::to_owned),
                access,
                address: caller.address.0,
                connection: caller.connection.clone(),
            }),
            Err(errors) => {
                let answer =
                    with_codes(Answer::from_errors(errors), &app.limits, caller.request_id);
                access.answered(&answer);
                Err(Box::new(answer))
            }
        }
    }

    fn check(
        app: &App,
        caller: &Caller<'_>,
        mut parameters: Parameters,
        access: &mut Access,
    ) -> Result<PreparedOperation, Vec<ServerError>> {
        let Caller { client, signed_in, .. } = *caller;
        let now = app.services.now();
        let exceeded =
            |Exceeded { message, retry_after }| vec![passing(message, "RATE_LIMITED", retry_after)];
        if let Some(signed_in) = signed_in {
            app.rates.operation_of(signed_in.person.id, now).map_err(exceeded)?;
        }
        let found = app.documents.find(&mut parameters).map_err(|error| vec![error])?;
        let Parameters { operation_name, variables, .. } = parameters;
        let variables = variables.unwrap_or_default().into();
        let prepared = app.document.prepare(&found.text, operation_name.as_deref(), variables);
        let prepared = prepared.map_err(|refusals| {
            let error = |Refusal { message, location, field }| {
                let mut error =
                    ServerError::new(message, location.map(|(line, column)| Pos { line, column }));
                if let Some(field) = field {
                    error.extensions.get_or_insert_default().set(FIELD, field);
                }
                error
            };
            refusals.into_iter().map(error).collect::<Vec<_>>()
        })?;
        access.prepared(&prepared);
        app.documents.remember(found);
        if caller.idempotency_key.is_some()
            && let Some(message) = idempotency::misplaced(&prepared)
        {
            return Err(vec![coded(message, "BAD_USER_INPUT")]);
        }
        if let Some(address) = client.address {
            for _ in prepared.roots().filter(|root| THROTTLED_FIELDS.contains(root)) {
                app.rates.sign_in_from(address, now).map_err(exceeded)?;
            }
        }
        if let Some(signed_in) = signed_in.filter(|_| prepared.is_mutation()) {
            let mutations = u32::try_from(prepared.roots().count()).unwrap_or(u32::MAX);
            app.rates.mutations_of(signed_in.person.id, mutations, now).map_err(exceeded)?;
        }
        Ok(prepared)
    }

    /// The request for the GraphQL library.
    fn request(&self, app: &App) -> Request {
        let check = self.signed_in.as_ref().map(|signed_in| signed_in.check.clone());
        let check = check.unwrap_or_default();
        let services = if self.prepared.is_query() {
            app.services.of_query(check)
        } else {
            app.services.of_operation(check)
        };
        let person = self.signed_in.as_ref().map(|signed_in| signed_in.person.clone());
        let session = self.signed_in.as_ref().and_then(|signed_in| signed_in.session);
        self.prepared
            .request()
            .data(services.clone())
            .data(app.deletion.clone())
            .data(app.file_store.clone())
            .data(app.feeds.clone())
            .data(Loaders::new(services, person.as_deref().map(Viewer::from)))
            .data(CurrentPerson(person))
            .data(CurrentSession(session))
            .data(app.sign_in.clone())
            .data(app.metrics.clone())
            .data(KeyInHeader(self.idempotency_key.clone()))
            .data(self.last_ids.clone())
            .data(self.client.clone())
    }

    /// Whether its first statement confirms that the viewer has access.
    pub(super) fn confirms_sign_in(&self) -> bool {
        let mut roots = self.prepared.roots();
        roots.next().is_some_and(|root| CONFIRMING.contains(&root)) && roots.next().is_none()
    }

    /// Runs for this person, who was read from the database.
    pub(super) fn set_signed_in(&mut self, signed_in: Option<SignedIn>) {
        self.signed_in = signed_in;
    }

    /// Does not run the operation, because its transport does not allow it. The client gets an
    /// error with that code.
    pub(super) fn decline(mut self, code: &str) {
        self.access.refused(code);
    }

    /// The one answer of a query or a mutation. The person was read from the database.
    pub(super) async fn execute(mut self, app: &App, request_id: &RequestId) -> Answered {
        let ended = self.run(app).await;
        self.finish(ended, app, request_id)
    }

    /// The same for a person whose access is not confirmed. `None` if the operation did not confirm
    /// it. Nothing was done then, and the operation can run again.
    pub(super) async fn execute_unconfirmed(
        &mut self,
        app: &App,
        request_id: &RequestId,
    ) -> Option<Answered> {
        let ended = self.run(app).await;
        let check = self.signed_in.as_ref().map(|signed_in| &signed_in.check);
        let has_run = ended.permit.is_some();
        if has_run && !check.is_none_or(SignInCheck::is_confirmed) {
            return None;
        }
        Some(self.finish(ended, app, request_id))
    }

    fn finish(&mut self, ended: Ended, app: &App, request_id: &RequestId) -> Answered {
        self.access.refused_as(ended.refusals);
        let answer = with_codes(ended.answer, &app.limits, request_id);
        self.access.answered(&answer);
        (answer, ended.permit)
    }

    async fn run(&self, app: &App) -> Ended {
        let mut permit = match app.permits.take(self.address, &self.connection) {
            Ok(permit) => permit,
            Err(overload) => {
                tracing::debug!(%overload, "an operation was refused");
                let message = format!("The server is busy: {overload}. Try again in a second.");
                let answer = Answer::from_errors(vec![passing(message, "OVERLOADED", AGAIN)]);
                return Ended { answer, permit: None, refusals: Vec::new() };
            }
        };
        let (limit, traced) = (app.limits.request_timeout, self.access.traced());
        let request = self.request(app);
        let running = tokio::time::timeout(limit, execute(&app.schema, request).instrument(traced));
        let (ended, refusals) = noted(running).await;
        let prepared = &self.prepared;
        let answer = match ended {
            Ok(mut answer) => {
                cost::say(&mut answer, app, self.signed_in.as_ref());
                let (answer, hold) = (prepared.complete(answer), |bytes| permit.hold(bytes));
                if prepared.is_mutation() {
                    let answer = kept_of_mutation(answer, app, hold);
                    if is_overload_of(&answer, prepared.roots().count()) {
                        overloaded(answer)
                    } else {
                        after_the_change(answer)
                    }
                } else {
                    overloaded(kept(answer, app, hold))
                }
            }
            Err(_) => {
                let seconds = limit.as_secs();
                tracing::error!(seconds, "a request took too long and was ended");
                let message = format!(
                    "The request took too long and was ended: at most {seconds} s are allowed. An \
                     unfinished change may still have happened. Repeating is safe, if it creates \
                     something with the same `idempotencyKey`."
                );
                Answer::from_errors(vec![coded(message, "TIMEOUT")])
            }
        };
        Ended { answer, permit: Some(permit), refusals }
    }

    /// All answers. A subscription answers until `end` or until the server stops. Other operations
    /// have one answer.
    pub(super) fn stream(
        self,
        app: Arc<App>,
        request_id: RequestId,
        end: impl Future<Output = ()> + Send + 'static,
    ) -> impl Stream<Item = Answered> + Send + 'static {
        let (span, traced) = (Span::current(), self.access.traced());
        let mut answers = self.answers(app, request_id, end);
        // Another task asks for the next answer. Its work still belongs to the span of the request.
        stream::poll_fn(move |context| {
            traced.in_scope(|| span.in_scope(|| answers.poll_next_unpin(context)))
        })
    }

    fn answers(
        self,
        app: Arc<App>,
        request_id: RequestId,
        end: impl Future<Output = ()> + Send + 'static,
    ) -> BoxStream<'static, Answered> {
        if !self.prepared.is_subscription() {
            return stream::once(async move { self.execute(&app, &request_id).await }).boxed();
        }
        let answers = app.schema.execute_stream(self.request(&app));
        let Self { prepared, mut access, connection, .. } = self;
        // If an answer is discarded, it is the last one: nobody must miss an answer without knowing
        // it.
        let mut is_over = false;
        answers
            .take_until(Box::pin(end))
            .map(move |answer| {
                let mut permit = None;
                let answer = kept(prepared.complete(answer), &app, |bytes| {
                    permit = Some(
                        app.permits.answer(&connection, bytes).inspect_err(|_| is_over = true)?,
                    );
                    Ok(())
                });
                let answer = with_codes(answer, &app.limits, &request_id);
                access.answered(&answer);
                (answer, permit, is_over)
            })
            .scan(false, |was_over, (answer, permit, is_over)| {
                let answered = (!*was_over).then_some((answer, permit));
                *was_over = is_over;
                std::future::ready(answered)
            })
            .boxed()
    }
}

/// The answer, if it is not too long and `hold` reserves space for it; otherwise an error.
fn kept(answer: Answer, app: &App, hold: impl FnOnce(usize) -> Result<(), Overload>) -> Answer {
    let max = app.limits.max_answer_bytes;
    let Some(length) = answer_size::length(&answer.data, max) else {
        // A mutation is done even if its answer is too long.
        let message = format!(
            "The answer is too long: at most {max} bytes are allowed. Ask for shorter pages or \
             fewer fields."
        );
        return Answer::from_errors(vec![coded(message, "BAD_USER_INPUT")]);
    };
    match hold(length) {
        Ok(()) => answer,
        Err(overload) => {
            let message = format!(
                "The answer was discarded: {overload}. Read the earlier answers, then ask again."
            );
            Answer::from_errors(vec![passing(message, "OVERLOADED", AGAIN)])
        }
    }
}

/// The same for a mutation, which is already done.
fn kept_of_mutation(
    answer: Answer,
    app: &App,
    hold: impl FnOnce(usize) -> Result<(), Overload>,
) -> Answer {
    let mut refused = false;
    let answer = kept(answer, app, |bytes| hold(bytes).inspect_err(|_| refused = true));
    if refused {
        let message = "This mutation is done, but its answer was discarded: too much waits to be \
            read. Read the earlier answers, then ask for what is missing here. Repeating is safe, \
            if it creates something with the same `idempotencyKey`.";
        return Answer::from_errors(vec![coded(message, "OUTCOME_UNKNOWN")]);
    }
    answer
}

/// Whether nothing of the request ran because something is wrong with it.
pub(super) fn is_request_error(answer: &Answer) -> bool {
    answer.data == async_graphql::Value::Null
        && !answer.errors.is_empty()
        && answer.errors.iter().all(|error| error.path.is_empty())
}
