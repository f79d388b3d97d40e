//! One connection: its person, its operations, its end.

use super::{
    PROTOCOL,
    message::{self, Closing, Incoming},
};
use crate::{
    auth::{SignInProblem, SignedIn, client::Client},
    feeds::{Feeds, LAST_EVENT_ID, LAST_NOTIFICATION_ID, LastIds},
    http::{
        App,
        access::{Access, Transport},
        clients::ClientAddress,
        errors::{coded, passing, with_codes},
        parameters::Parameters,
        permits::{Permit, Unsent},
        presence,
        rates::Exceeded,
        request_id::RequestId,
        run::{Caller, Operation, is_request_error},
    },
};
use async_graphql::{Response as Answer, ServerError};
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::{SinkExt, StreamExt, future::pending, stream::SplitSink};
use serde_json::{Map, Value};
use service::{Viewer, accounts::Presence, events, feed::seal_id, notifications};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};
use tokio_util::task::AbortOnDropHandle;

/// How often the server pings the client, and checks that its person may still be connected.
const PING_EVERY: Duration = Duration::from_secs(30);
/// How long a silent connection stays open.
const LONGEST_SILENCE: Duration = Duration::from_secs(75);
/// How many answers are queued for a slow client before its operations wait.
const WAITING_ANSWERS: usize = 16;

/// The state of a connection.
pub(super) struct Connection {
    app: Arc<App>,
    address: ClientAddress,
    unsent: Unsent,
    authorization: Option<Vec<u8>>,
    client: Arc<Client>,
    request_id: RequestId,
    /// Whether the client has identified itself.
    acknowledged: bool,
    signed_in: Option<SignedIn>,
    /// The last ids that the client knew when it connected.
    last_ids: LastIds,
    presence: Option<Presence>,
    operations: HashMap<String, Running>,
    /// The number of the next operation. An id may be reused after its operation has ended.
    next_number: u64,
    /// Boxed, because the channel reserves room for 32 of them.
    answers: mpsc::Sender<Box<OperationMessage>>,
    answered: Option<mpsc::Receiver<Box<OperationMessage>>>,
}

struct Running {
    number: u64,
    _task: AbortOnDropHandle<()>,
}

/// A message of an operation.
struct OperationMessage {
    id: String,
    number: u64,
    message: String,
    is_last: bool,
    /// Given back when the message is sent.
    _permit: Option<Permit>,
}

type Sink = SplitSink<WebSocket, Message>;

impl Connection {
    pub(super) fn new(
        app: Arc<App>,
        address: ClientAddress,
        unsent: Unsent,
        authorization: Option<Vec<u8>>,
        client: Client,
        request_id: RequestId,
    ) -> Self {
        let (answers, answered) = mpsc::channel(WAITING_ANSWERS);
        Self {
            app,
            address,
            unsent,
            authorization,
            client: Arc::new(client),
            request_id,
            acknowledged: false,
            signed_in: None,
            last_ids: LastIds::default(),
            presence: None,
            operations: HashMap::new(),
            next_number: 0,
            answers,
            answered: Some(answered),
        }
    }

    /// Serves until either side ends it.
    pub(super) async fn serve(mut self, socket: WebSocket) {
        let spoken = socket.protocol().is_some_and(|protocol| protocol == PROTOCOL);
        let (mut sink, mut incoming) = socket.split();
        let Some(mut answered) = self.answered.take() else { return };
        let stopping = self.app.end.stopping.clone();
        let initialised_by = Instant::now() + self.app.limits.websocket_init_timeout;
        let mut last_sign = Instant::now();
        let mut pings = tokio::time::interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        let mut expires = initialised_by;
        let closing = loop {
            if !spoken {
                break Some(Closing {
                    code: 4406,
                    reason: "Subprotocol not acceptable".to_owned(),
                });
            }
            let outcome = tokio::select! {
                message = incoming.next() => {
                    last_sign = Instant::now();
                    match message {
                        // Boxed, like the other rare steps: an idle connection keeps no room
                        // for them.
                        Some(Ok(message)) => Box::pin(self.receive(message, &mut sink)).await,
                        // The client is gone.
                        Some(Err(_)) | None => break None,
                    }
                }
                answer = answered.recv() => match answer {
                    Some(outgoing) => self.deliver(outgoing, &mut sink).await,
                    None => Ok(()),
                },
                () = sleep_until(expires) => Err(if self.acknowledged {
                    Closing::forbidden("Token expired")
                } else {
                    Closing::initialisation_timeout()
                }),
                _ = pings.tick(), if self.acknowledged => if last_sign.elapsed() > LONGEST_SILENCE {
                    Err(Closing::silence())
                } else {
                    Box::pin(self.ping(&mut sink)).await
                },
                () = invalidated(self.presence.as_ref()) => Box::pin(self.check_person()).await,
                () = stopping.cancelled() => Err(Closing::going_away()),
            };
            if let Err(closing) = outcome {
                break (closing.code != 0).then_some(closing);
            }
            // A client with a token may stay until the token expires. A client without a token may
            // stay as long as it likes.
            if self.acknowledged {
                let left = self
                    .signed_in
                    .as_ref()
                    .map(|signed_in| signed_in.expires_in(self.app.services.now()));
                expires = Instant::now() + left.unwrap_or(Duration::from_secs(30 * 24 * 60 * 60));
            }
        };
        self.operations.clear();
        if let Some(Closing { code, reason }) = closing {
            // The reason for closing may repeat the client's message.
            let why = (![4400, 4409].contains(&code)).then_some(reason.as_str());
            tracing::info!(code, why, "WebSocket closed");
            let frame = CloseFrame { code, reason: reason.into() };
            // The client may be gone already.
            let _ = sink.send(Message::Close(Some(frame))).await;
            let _ = sink.close().await;
        }
    }

    /// Handles a message of the client.
    async fn receive(&mut self, message: Message, sink: &mut Sink) -> Result<(), Closing> {
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(Closing::invalid("it is binary")),
            // The library answers WebSocket pings and closes itself.
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => return Ok(()),
        };
        let incoming =
            serde_json::from_str(&text).map_err(|error| Closing::invalid(&error.to_string()))?;
        match incoming {
            Incoming::ConnectionInit { payload } => {
                if self.acknowledged {
                    return Err(Closing::too_many_initialisations());
                }
                let payload = payload.unwrap_or_default();
                self.last_ids = LastIds {
                    event: id_at(LAST_EVENT_ID, &payload)?,
                    notification: id_at(LAST_NOTIFICATION_ID, &payload)?,
                };
                self.sign_in(payload).await?;
                self.acknowledged = true;
                send(sink, message::acknowledgement(self.newest_ids())).await
            }
            Incoming::Ping { .. } => send(sink, message::pong()).await,
            Incoming::Pong { .. } => Ok(()),
            Incoming::Subscribe { id, payload } => self.subscribe(id, payload, sink).await,
            Incoming::Complete { id } => {
                self.operations.remove(&id);
                Ok(())
            }
        }
    }

    /// Signs in with the token of the first message, or with the token of the request that opened
    /// the connection.
    async fn sign_in(&mut self, payload: Map<String, Value>) -> Result<(), Closing> {
        let given = payload.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        if let Some((_, value)) = given {
            let Some(value) = value.as_str() else {
                return Err(Closing::forbidden("authorization must read `Bearer <token>`"));
            };
            self.authorization = Some(value.as_bytes().to_vec());
        }
        let epoch = self.app.registry.epoch();
        self.check_person().await?;
        let enter = |signed_in: &SignedIn| presence::enter(&self.app, epoch, signed_in);
        let presence = self.signed_in.as_ref().map(enter).transpose();
        self.presence =
            presence.map_err(|_| Closing::too_many(self.app.limits.max_streams_per_person))?;
        Ok(())
    }

    /// The newest ids, for a client that is signed in.
    fn newest_ids(&self) -> LastIds {
        let Some(signed_in) = &self.signed_in else { return LastIds::default() };
        let viewer = Viewer::from(signed_in.person.as_ref());
        let key = &self.app.deletion.confirmation_key;
        let sealed = |sequence, position| Some(seal_id(key, sequence, viewer, position?));
        let Feeds { events, notifications } = &self.app.feeds;
        LastIds {
            event: sealed(events::SEQUENCE, events.last_position()),
            notification: sealed(notifications::SEQUENCE, notifications.last_position()),
        }
    }

    async fn check_person(&mut self) -> Result<(), Closing> {
        let signed_in =
            self.app.sign_in.sign_in(&self.app.services, self.authorization.as_deref()).await;
        let signed_in = signed_in.map_err(|problem| match problem {
            SignInProblem::Internal(error) if error.is_overload() => {
                tracing::warn!(%error, "sign-in failed: the server is overloaded");
                Closing::overloaded()
            }
            SignInProblem::Internal(error) => {
                tracing::error!(%error, "sign-in failed");
                Closing::internal()
            }
            SignInProblem::Expired => Closing::forbidden("Token expired"),
            problem => Closing::forbidden(&problem.to_string()),
        })?;
        let role = |signed_in: &Option<SignedIn>| {
            signed_in.as_ref().map(|signed_in| signed_in.person.role)
        };
        if self.acknowledged && role(&self.signed_in) != role(&signed_in) {
            // Running operations would continue with the old role.
            return Err(Closing::role_changed());
        }
        self.signed_in = signed_in;
        Ok(())
    }

    async fn subscribe(
        &mut self,
        id: String,
        parameters: Parameters,
        sink: &mut Sink,
    ) -> Result<(), Closing> {
        if !self.acknowledged {
            return Err(Closing::unauthorized());
        }
        if self.operations.contains_key(&id) {
            return Err(Closing::subscriber_exists(&id));
        }
        if !parameters.has_document() {
            return Err(Closing::invalid("missing field `query`"));
        }
        let most = self.app.limits.max_subscriptions;
        if self.operations.len() >= most {
            let message = format!(
                "This connection has too many operations: at most {most} are allowed at a time."
            );
            let refused = self.refused(coded(message, "BAD_USER_INPUT"));
            return send(sink, message::error(&id, &refused)).await;
        }
        if let Err(Exceeded { message, retry_after }) =
            self.app.rates.operation_from(self.address.0, self.app.services.now())
        {
            let refused = self.refused(passing(message, "RATE_LIMITED", retry_after));
            return send(sink, message::error(&id, &refused)).await;
        }
        // The person may have been deactivated in the meantime.
        self.check_person().await?;
        let caller = Caller {
            address: self.address,
            connection: &self.unsent,
            client: &self.client,
            signed_in: self.signed_in.as_ref(),
            request_id: &self.request_id,
            transport: Transport::WebSocket,
            last_ids: self.last_ids.clone(),
            // A header would hold for all operations of the connection.
            idempotency_key: None,
        };
        let operation = match Operation::prepare(&self.app, &caller, parameters) {
            Ok(operation) => operation,
            Err(refused) => return send(sink, message::error(&id, &refused)).await,
        };
        self.next_number += 1;
        let number = self.next_number;
        let (answers, name) = (self.answers.clone(), id.clone());
        let subscribes = operation.prepared.is_subscription();
        let stream = operation.stream(self.app.clone(), self.request_id.clone(), pending());
        let answering = async move {
            let mut stream = std::pin::pin!(stream);
            let mut first = true;
            while let Some((answer, permit)) = stream.next().await {
                // If nothing ran, it is an error of the operation. The first answer of a
                // subscription shows whether it runs.
                let refused = first && is_request_error(&answer)
                    || first
                        && subscribes
                        && answer.data == async_graphql::Value::Null
                        && !answer.errors.is_empty();
                first = false;
                let message = if refused {
                    message::error(&name, &answer)
                } else {
                    message::next(&name, &answer)
                };
                drop(answer);
                let outgoing = OperationMessage {
                    id: name.clone(),
                    number,
                    message,
                    is_last: refused,
                    _permit: permit,
                };
                if answers.send(Box::new(outgoing)).await.is_err() || refused {
                    return;
                }
            }
            let message = message::complete(&name);
            let outgoing =
                OperationMessage { id: name, number, message, is_last: true, _permit: None };
            // If this fails, the client is gone.
            let _ = answers.send(Box::new(outgoing)).await;
        };
        let task = AbortOnDropHandle::new(tokio::spawn(answering));
        self.operations.insert(id, Running { number, _task: task });
        Ok(())
    }

    fn refused(&self, error: ServerError) -> Answer {
        let mut access =
            Access::begin(&self.app, Transport::WebSocket, self.address, self.signed_in.as_ref());
        let answer = Answer::from_errors(vec![error]);
        let answer = with_codes(answer, &self.app.limits, &self.request_id);
        access.answered(&answer);
        answer
    }

    /// Sends a message of an operation, unless the client has completed the operation.
    async fn deliver(
        &mut self,
        outgoing: Box<OperationMessage>,
        sink: &mut Sink,
    ) -> Result<(), Closing> {
        if self.operations.get(&outgoing.id).is_none_or(|running| running.number != outgoing.number)
        {
            return Ok(());
        }
        if outgoing.is_last {
            self.operations.remove(&outgoing.id);
        }
        send(sink, outgoing.message).await
    }

    async fn ping(&mut self, sink: &mut Sink) -> Result<(), Closing> {
        self.check_person().await?;
        send(sink, message::ping()).await
    }
}

fn id_at(key: &str, payload: &Map<String, Value>) -> Result<Option<String>, Closing> {
    match payload.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id)) => Ok(Some(id.clone())),
        Some(_) => Err(Closing::invalid(&format!("{key} is not a string"))),
    }
}

/// Completes when the person may no longer be connected. It never completes for anonymous clients.
async fn invalidated(presence: Option<&Presence>) {
    match presence {
        Some(presence) => presence.invalidated().await,
        None => pending().await,
    }
}

/// Sends a message. If the client is gone, the connection ends silently.
async fn send(sink: &mut Sink, text: String) -> Result<(), Closing> {
    sink.send(Message::Text(text.into()))
        .await
        .map_err(|_| Closing { code: 0, reason: String::new() })
}
