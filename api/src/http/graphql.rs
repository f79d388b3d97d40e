//! The GraphQL endpoint: `POST` with JSON; `GET` for queries, for subscriptions by server-sent events, over a WebSocket, and for people with a browser, GraphiQL.

use super::{
    App, assets,
    negotiation::{MediaType, negotiate},
    parameters::{Parameters, UrlParameters, read_body},
    refusal::Refusal,
    request_id::RequestId,
    run::{Operation, is_request_error},
    sse, websocket,
};
use async_graphql::Response as Answer;
use axum::{
    Extension,
    body::Body,
    extract::{
        Query, State, WebSocketUpgrade, rejection::QueryRejection, ws::rejection::WebSocketUpgradeRejection,
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::sync::Arc;

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
    headers: HeaderMap,
    body: Body,
) -> Response {
    let answered = async {
        let wanted = wanted(&headers)?;
        let parameters = read_body(&app, &headers, body).await?;
        execute(&app, &headers, &request_id, parameters, Method::Post, wanted).await
    };
    answered.await.unwrap_or_else(|refusal: Refusal| refusal.into_response(&request_id))
}

/// `GET /graphql`: a WebSocket, a query in the URL, or the page. A mutation by `GET` could be triggered by any link, so it is refused.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    parameters: Result<Query<UrlParameters>, QueryRejection>,
) -> Response {
    if let Ok(upgrade) = upgrade {
        return websocket::open(app, upgrade, &headers, request_id);
    }
    let answered = async {
        let Query(parameters) = parameters.map_err(|_| {
            Refusal::bad_input(StatusCode::BAD_REQUEST, "The URL's parameters cannot be read.")
        })?;
        if parameters.query.is_none() && accepts_html(&headers) {
            return Ok(assets::graphiql());
        }
        let wanted = wanted(&headers)?;
        execute(&app, &headers, &request_id, parameters.read()?, Method::Get, wanted).await
    };
    answered.await.unwrap_or_else(|refusal: Refusal| refusal.into_response(&request_id))
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
    request_id: &RequestId,
    parameters: Parameters,
    method: Method,
    wanted: MediaType,
) -> Result<Response, Refusal> {
    let header = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
    let signed_in = app.keys.sign_in(&app.services, header).await?;
    let operation = match Operation::admit(app, signed_in.as_ref(), parameters, request_id) {
        Ok(operation) => operation,
        Err(refused) if wanted == MediaType::EventStream => return Ok(sse::one(*refused)),
        Err(refused) => return Ok(answer(&refused, wanted)),
    };
    if method == Method::Get && operation.admitted.is_mutation() {
        return Err(Refusal::method("POST", "GET is for queries only: send this by POST."));
    }
    if wanted == MediaType::EventStream {
        let expires = signed_in.map(|signed_in| signed_in.expires_in(app.services.now()));
        return Ok(sse::stream(operation.stream(app.clone(), request_id.clone(), expires)));
    }
    if operation.admitted.is_subscription() {
        return Err(Refusal::bad_input(
            StatusCode::BAD_REQUEST,
            "A subscription has many answers: ask with `Accept: text/event-stream`, or over a WebSocket (graphql-transport-ws) at this address.",
        ));
    }
    Ok(answer(&operation.execute(app, request_id).await, wanted))
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
