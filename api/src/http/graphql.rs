//! The GraphQL endpoint: `POST` with JSON; `GET` for queries, for subscriptions by server-sent events, over a WebSocket, and for people with a browser, GraphiQL.

use super::{
    App, assets,
    negotiation::{MediaType, negotiate},
    parameters::{Parameters, UrlParameters, read_body},
    presence::Here,
    refusal::Refusal,
    request_id::RequestId,
    run::{Operation, is_request_error},
    sse, websocket,
};
use crate::auth::client::Client;
use async_graphql::Response as Answer;
use axum::{
    Extension,
    body::Body,
    extract::{
        ConnectInfo, Query, State, WebSocketUpgrade, rejection::QueryRejection,
        ws::rejection::WebSocketUpgradeRejection,
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{future::pending, net::SocketAddr, sync::Arc};

/// Where a request comes from, if the server knows.
type Address = Option<Extension<ConnectInfo<SocketAddr>>>;

/// How a request came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Get,
    Post,
}

/// `POST /graphql`.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    Extension(request_id): Extension<RequestId>,
    address: Address,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let answered = async {
        let wanted = wanted(&headers)?;
        let parameters = read_body(&app, &headers, body).await?;
        let client = Arc::new(client(&app, &headers, &address, wanted != MediaType::EventStream));
        execute(&app, &headers, &client, &request_id, parameters, Method::Post, wanted).await
    };
    answered.await.unwrap_or_else(|refusal: Refusal| refusal.into_response(&request_id))
}

/// `GET /graphql`: a WebSocket, a query in the URL, or the page. A mutation by `GET` could be triggered by any link, so it is refused.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    Extension(request_id): Extension<RequestId>,
    address: Address,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    parameters: Result<Query<UrlParameters>, QueryRejection>,
) -> Response {
    if let Ok(upgrade) = upgrade {
        let client = client(&app, &headers, &address, false);
        return websocket::open(app, upgrade, &headers, client, request_id);
    }
    let answered = async {
        let Query(parameters) = parameters.map_err(|_| {
            Refusal::bad_input(StatusCode::BAD_REQUEST, "The URL's parameters cannot be read.")
        })?;
        if parameters.query.is_none() && accepts_html(&headers) {
            return Ok(assets::graphiql());
        }
        let wanted = wanted(&headers)?;
        let client = Arc::new(client(&app, &headers, &address, false));
        execute(&app, &headers, &client, &request_id, parameters.read()?, Method::Get, wanted).await
    };
    answered.await.unwrap_or_else(|refusal: Refusal| refusal.into_response(&request_id))
}

fn client(app: &App, headers: &HeaderMap, address: &Address, takes_cookies: bool) -> Client {
    let address = address.as_ref().map(|Extension(ConnectInfo(address))| address.ip());
    let is_trusted = websocket::is_same_origin(headers, &app.limits.allowed_origins);
    Client::new(headers, address, is_trusted, takes_cookies)
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.into_iter().any(|value| value.contains("text/html"))
}

fn wanted(headers: &HeaderMap) -> Result<MediaType, Refusal> {
    negotiate(headers).ok_or_else(|| {
        Refusal::bad_input(
            StatusCode::NOT_ACCEPTABLE,
            "Accept one of application/graphql-response+json, application/json and text/event-stream.",
        )
    })
}

async fn execute(
    app: &Arc<App>,
    headers: &HeaderMap,
    client: &Arc<Client>,
    request_id: &RequestId,
    parameters: Parameters,
    method: Method,
    wanted: MediaType,
) -> Result<Response, Refusal> {
    let header = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
    let mark = app.live.mark();
    let signed_in = app.sign_in.sign_in(&app.services, header).await?;
    let operation = match Operation::admit(app, signed_in.as_ref(), client, parameters, request_id) {
        Ok(operation) => operation,
        Err(refused) if wanted == MediaType::EventStream => return Ok(sse::one(*refused)),
        Err(refused) => return Ok(answer(&refused, wanted)),
    };
    if method == Method::Get && operation.admitted.is_mutation() {
        return Err(Refusal::method("POST", "GET is for queries only: send this by POST."));
    }
    if wanted == MediaType::EventStream {
        let here = signed_in.map(|signed_in| Here {
            presence: app.live.enter(mark, &signed_in.person, signed_in.session),
            authorization: header.map(<[u8]>::to_vec),
            signed_in,
        });
        let of_person = app.clone();
        let end = async move {
            match here {
                Some(here) => here.end(of_person).await,
                None => pending().await,
            }
        };
        return Ok(sse::stream(operation.stream(app.clone(), request_id.clone(), end)));
    }
    if operation.admitted.is_subscription() {
        return Err(Refusal::bad_input(
            StatusCode::BAD_REQUEST,
            "A subscription has many answers: ask with `Accept: text/event-stream`, or over a WebSocket (graphql-transport-ws) at this address.",
        ));
    }
    let mut response = answer(&operation.execute(app, request_id).await, wanted);
    if let Some(cookie) = client.set_cookie() {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

/// An answer in the form that the client wants. Where nothing ran, there is no `data`, and whoever knows the newer form is told by the status.
fn answer(answer: &Answer, wanted: MediaType) -> Response {
    let refused = is_request_error(answer);
    let status = match wanted {
        MediaType::GraphqlResponse if refused => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    let body = if refused {
        serde_json::to_vec(&serde_json::json!({ "errors": answer.errors }))
    } else {
        serde_json::to_vec(answer)
    };
    match body {
        Ok(body) => (status, [(header::CONTENT_TYPE, wanted.content_type())], body).into_response(),
        Err(error) => {
            tracing::error!(%error, "an answer has no JSON form");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
