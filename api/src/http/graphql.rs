//! The GraphQL endpoint. `POST` takes JSON. `GET` takes queries, opens subscriptions by server-sent
//! events or a WebSocket, and shows GraphiQL in a browser.

use super::{
    App,
    access::Transport,
    body,
    clients::ClientAddress,
    errors::{code_of, coded, retry_after_of, with_codes},
    idempotency,
    negotiation::{MediaType, negotiate},
    origins, pages,
    parameters::{Asked, Parameters, UrlParameters, read_body},
    permits::{Held, Permit, Unsent},
    presence::StreamSession,
    refusal::Refusal,
    request_id::{Logged, RequestId},
    run::{Caller, Operation, is_request_error},
    sse, websocket,
};
use crate::{
    auth::{SignedIn, client::Client},
    document,
    feeds::LastIds,
};
use async_graphql::Response as Answer;
use async_graphql_axum::GraphQLResponse;
use axum::{
    Extension, Json,
    body::Body,
    extract::{
        Query, State, WebSocketUpgrade, rejection::QueryRejection,
        ws::rejection::WebSocketUpgradeRejection,
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{future::pending, sync::Arc};

/// How a request arrived.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Get,
    Post,
}

/// The client, and how it asks.
struct Asker<'r> {
    address: ClientAddress,
    connection: &'r Unsent,
    client: Arc<Client>,
    headers: &'r HeaderMap,
    request_id: &'r RequestId,
    method: Method,
    wanted: MediaType,
}

/// `POST /graphql`.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    Extension(address): Extension<ClientAddress>,
    Extension(connection): Extension<Unsent>,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    mut body: Body,
) -> Response {
    let answered = async {
        let wanted = wanted(&headers)?;
        let asker =
            Asker::new(&app, address, &connection, &headers, &request_id, Method::Post, wanted);
        let mut response = match read_body(&app, &headers, &mut body).await? {
            Asked::One(parameters) => asker.execute(&app, parameters).await?,
            Asked::Batch(batch) => asker.execute_all(&app, batch).await?,
        };
        if let Some(cookie) = asker.client.set_cookie() {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
            response
                .headers_mut()
                .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        Ok(of_operations(response))
    };
    answered
        .await
        .unwrap_or_else(|refusal: Refusal| body::refuse(refusal, body, &headers, &request_id))
}

/// `GET /graphql`: a WebSocket, a query in the URL, or the page. Any link could trigger a mutation
/// by `GET`, so it is refused.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    Extension(address): Extension<ClientAddress>,
    Extension(connection): Extension<Unsent>,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    parameters: Result<Query<UrlParameters>, QueryRejection>,
) -> Response {
    if let Ok(upgrade) = upgrade {
        let client = client(&app, address, &headers, false);
        return websocket::open(app, upgrade, &headers, address, connection, client, request_id);
    }
    let answered = async {
        let Query(parameters) = parameters.map_err(|_| {
            Refusal::bad_input(StatusCode::BAD_REQUEST, "The URL's parameters cannot be read.")
        })?;
        // The page shows a query that a link brings along, and does not run it.
        if accepts_html(&headers) {
            return Ok(pages::graphiql::page(&headers));
        }
        let wanted = wanted(&headers)?;
        let asker =
            Asker::new(&app, address, &connection, &headers, &request_id, Method::Get, wanted);
        asker.execute(&app, parameters.read()?).await.map(of_operations).map(unstored)
    };
    answered.await.unwrap_or_else(|refusal: Refusal| unstored(refusal.into_response(&request_id)))
}

/// An answer that depends on the person and the time. Without this header, caches may store the
/// answer to a `GET`.
fn unstored(mut response: Response) -> Response {
    let private = HeaderValue::from_static("private, no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, private);
    response
}

/// An answer that holds permits until it is sent or given up.
fn holding(mut response: Response, permits: impl IntoIterator<Item = Permit>) -> Response {
    response.extensions_mut().insert(Held::from_iter(permits));
    response
}

/// An answer of operations that log themselves.
fn of_operations(mut response: Response) -> Response {
    response.extensions_mut().insert(Logged);
    response
}

/// What the account mutations know about the client. Pages of other origins may not use its cookie.
fn client(app: &App, address: ClientAddress, headers: &HeaderMap, takes_cookies: bool) -> Client {
    let is_trusted = origins::is_trusted(headers, &app.limits.allowed_origins);
    Client::new(headers, Some(address.0), is_trusted, takes_cookies)
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.into_iter().any(|value| value.contains("text/html"))
}

fn wanted(headers: &HeaderMap) -> Result<MediaType, Refusal> {
    negotiate(headers).ok_or_else(|| {
        Refusal::bad_input(
            StatusCode::NOT_ACCEPTABLE,
            "Accept one of application/graphql-response+json, application/json and \
             text/event-stream.",
        )
    })
}

impl<'r> Asker<'r> {
    fn new(
        app: &App,
        address: ClientAddress,
        connection: &'r Unsent,
        headers: &'r HeaderMap,
        request_id: &'r RequestId,
        method: Method,
        wanted: MediaType,
    ) -> Self {
        let takes_cookies = method == Method::Post && wanted != MediaType::EventStream;
        let client = Arc::new(client(app, address, headers, takes_cookies));
        Self { address, connection, client, headers, request_id, method, wanted }
    }

    /// Runs one operation.
    async fn execute(&self, app: &Arc<App>, parameters: Parameters) -> Result<Response, Refusal> {
        let epoch = app.registry.epoch();
        let key = idempotency::key(self.headers)?;
        let mut signed_in = self.remembered_or_sign_in(app).await?;
        let is_unconfirmed = signed_in.as_ref().is_some_and(|one| !one.check.is_confirmed());
        let prepared = self.prepare(app, signed_in.as_ref(), parameters, key.as_deref());
        if prepared.is_err() && is_unconfirmed {
            // Whoever has lost access learns only that.
            self.sign_in(app).await?;
        }
        let mut operation = match prepared {
            Ok(operation) => operation,
            Err(refused)
                if self.wanted == MediaType::EventStream && status_of(&refused).is_none() =>
            {
                return Ok(sse::one(*refused));
            }
            Err(refused) => return Ok(answer(*refused, self.wanted)),
        };
        if self.method == Method::Get && operation.prepared.is_mutation() {
            operation.decline("BAD_USER_INPUT");
            return Err(Refusal::method("POST", "GET is for queries only: send this by POST."));
        }
        if is_unconfirmed {
            if self.wanted != MediaType::EventStream && operation.confirms_sign_in() {
                let ended = operation.execute_unconfirmed(app, self.request_id).await;
                if let Some((executed, permit)) = ended {
                    return Ok(holding(answer(executed, self.wanted), permit));
                }
            }
            signed_in = match self.sign_in(app).await {
                Ok(signed_in) => signed_in,
                Err(refusal) => {
                    operation.decline("UNAUTHENTICATED");
                    return Err(refusal);
                }
            };
            operation.set_signed_in(signed_in.clone());
        }
        if self.wanted == MediaType::EventStream {
            let authorization = self.authorization().map(<[u8]>::to_vec);
            let enter = |signed_in| StreamSession::enter(app, epoch, authorization, signed_in);
            let here = match signed_in.map(enter).transpose() {
                Ok(here) => here,
                Err(exceeded) => {
                    operation.decline("RATE_LIMITED");
                    return Err(exceeded.into());
                }
            };
            let of_person = app.clone();
            let end = async move {
                match here {
                    Some(here) => here.end(of_person).await,
                    None => pending().await,
                }
            };
            return Ok(sse::stream(operation.stream(app.clone(), self.request_id.clone(), end)));
        }
        if operation.prepared.is_subscription() {
            operation.decline("BAD_USER_INPUT");
            return Err(Refusal::bad_input(
                StatusCode::BAD_REQUEST,
                "A subscription has many answers: send it with `Accept: text/event-stream`, or \
                 over a WebSocket (graphql-transport-ws) at this address.",
            ));
        }
        let (executed, permit) = operation.execute(app, self.request_id).await;
        Ok(holding(answer(executed, self.wanted), permit))
    }

    /// Runs the operations of a batch, one after the other.
    async fn execute_all(
        &self,
        app: &Arc<App>,
        batch: Vec<Parameters>,
    ) -> Result<Response, Refusal> {
        if self.wanted == MediaType::EventStream {
            let message = "A batch has one answer: accept application/json.";
            return Err(Refusal::bad_input(StatusCode::BAD_REQUEST, message));
        }
        if idempotency::key(self.headers)?.is_some() {
            return Err(idempotency::in_a_batch());
        }
        self.count(app, batch.len())?;
        let signed_in = self.sign_in(app).await?;
        let mut answers = Vec::with_capacity(batch.len());
        let mut held = Vec::new();
        for parameters in batch {
            let answer = match self.prepare(app, signed_in.as_ref(), parameters, None) {
                // The operations before it have run: their answers must not be lost.
                Ok(operation) if operation.prepared.is_subscription() => {
                    operation.decline("BAD_USER_INPUT");
                    let message = "A subscription cannot be part of a batch.";
                    let error = coded(message, "BAD_USER_INPUT");
                    with_codes(Answer::from_errors(vec![error]), &app.limits, self.request_id)
                }
                Ok(operation) => {
                    let (answer, permit) = operation.execute(app, self.request_id).await;
                    held.extend(permit);
                    answer
                }
                Err(refused) => *refused,
            };
            answers.push(json(&answer));
        }
        let content_type = [(header::CONTENT_TYPE, self.wanted.content_type())];
        let response = (StatusCode::OK, content_type, Json(answers)).into_response();
        Ok(holding(response, held))
    }

    fn prepare(
        &self,
        app: &App,
        signed_in: Option<&SignedIn>,
        parameters: Parameters,
        idempotency_key: Option<&str>,
    ) -> Result<Operation, Box<Answer>> {
        let transport = match self.wanted {
            MediaType::EventStream => Transport::EventStream,
            MediaType::GraphqlResponse | MediaType::Json => Transport::Http,
        };
        let Self { address, connection, ref client, request_id, .. } = *self;
        let caller = Caller {
            address,
            connection,
            client,
            signed_in,
            request_id,
            transport,
            last_ids: LastIds::default(),
            idempotency_key,
        };
        Operation::prepare(app, &caller, parameters)
    }

    fn authorization(&self) -> Option<&[u8]> {
        self.headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes)
    }

    /// Counts the operations of the address, before the database is asked.
    fn count(&self, app: &App, operations: usize) -> Result<(), Refusal> {
        let now = app.services.now();
        for _ in 0..operations {
            app.rates.operation_from(self.address.0, now)?;
        }
        Ok(())
    }

    /// Finds out who sends an operation. Who has signed in lately is remembered; their access is
    /// then still to be confirmed.
    async fn remembered_or_sign_in(&self, app: &App) -> Result<Option<SignedIn>, Refusal> {
        self.count(app, 1)?;
        match app.sign_in.remembered(&app.services, self.authorization()) {
            Some(remembered) => Ok(Some(remembered)),
            None => self.sign_in(app).await,
        }
    }

    /// Finds out who sends an operation.
    async fn sign_in(&self, app: &App) -> Result<Option<SignedIn>, Refusal> {
        Ok(app.sign_in.sign_in(&app.services, self.authorization()).await?)
    }
}

/// The status of an answer that every client must notice, in every form of answer.
fn status_of(answer: &Answer) -> Option<StatusCode> {
    let error = answer.errors.first().filter(|_| is_request_error(answer))?;
    Some(match code_of(error)? {
        "RATE_LIMITED" => StatusCode::TOO_MANY_REQUESTS,
        "OVERLOADED" => StatusCode::SERVICE_UNAVAILABLE,
        "TIMEOUT" => StatusCode::GATEWAY_TIMEOUT,
        // This is no error: the client then sends the document.
        "PERSISTED_QUERY_NOT_FOUND" => StatusCode::OK,
        _ => return None,
    })
}

/// An answer in the form that the client wants. In the newer form, the status shows that nothing
/// ran.
fn answer(answer: Answer, wanted: MediaType) -> Response {
    let is_refused = is_request_error(&answer);
    let status = status_of(&answer).unwrap_or(match wanted {
        MediaType::GraphqlResponse if is_refused => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    });
    let content_type =
        if wanted == MediaType::EventStream { MediaType::Json } else { wanted }.content_type();
    let retry_after = answer.errors.first().and_then(retry_after_of);
    let mut response = if is_refused {
        Json(json(&answer)).into_response()
    } else if let Some(json) = only_data(&answer) {
        Response::new(json.into())
    } else {
        GraphQLResponse::from(answer).into_response()
    };
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Some(seconds) = retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// An answer as JSON, if it has nothing but data. Such answers are frequent and can be long. The
/// library writes all of them, but it parses what is written already once more.
fn only_data(answer: &Answer) -> Option<Vec<u8>> {
    let Answer { data, extensions, cache_control, errors, http_headers, .. } = answer;
    let is_plain = extensions.is_empty() && errors.is_empty() && http_headers.is_empty();
    if !is_plain || cache_control.value().is_some() {
        return None;
    }
    let mut json = br#"{"data":"#.to_vec();
    document::write(data, &mut json)?;
    json.push(b'}');
    Some(json)
}

/// An answer as JSON. It has no `data` if nothing ran.
fn json(answer: &Answer) -> serde_json::Value {
    if is_request_error(answer) {
        serde_json::json!({ "errors": answer.errors })
    } else {
        serde_json::json!(answer)
    }
}
